/*
 * The RIB against a naive one: random announcements, withdrawals, session losses, sweeps in slices,
 * peers dropped, over sparse, dense and ADD-PATH tables, IPv4, IPv6 and keys. After every few steps
 * the two must hold the same routes, and at the end nothing.
 */
#include "tests/unit/support/harness.h"

#include "collector/rib/rib.h"

enum { TABLES = 7, PREFIXES = 9000, BLOCKS = 40, PATHS = 3, STEPS = 60000 };

/* The naive RIB: block number + 1 per table, prefix and path, and whether the route is stale. */
static uint8_t oracle[TABLES][PREFIXES][PATHS];
static uint8_t stale[TABLES][PREFIXES][PATHS];
static uint16_t rules[TABLES][PREFIXES][PATHS];

struct fixture {
	struct rib rib;
	struct routes tables[TABLES];
	uint32_t kind[TABLES];
	bool addpath[TABLES];
	uint64_t seed;
	uint64_t held;
	uint32_t sweep_cursor[TABLES];
};

/* The attributes of block number n: a path, maybe communities, an OTC for some. */
static void
make_update(struct bgp_update *u, uint8_t *buf, unsigned n)
{
	uint8_t *at = buf;
	struct faults f = { .n = 0 };
	uint16_t len;

	at += 4;
	memcpy(at, (const uint8_t[]){ 0x40, 1, 1, (uint8_t)(n % 3) }, 4);
	at += 4;
	memcpy(at,
	    (const uint8_t[]){ 0x40, 2, 10, 2, 2, 0, 0, 1, (uint8_t)(n / 4), 0, 0, 2, (uint8_t)n },
	    13);
	at += 13;
	memcpy(at, (const uint8_t[]){ 0x40, 3, 4, 192, 0, 2, 1 }, 7);
	at += 7;
	if (n % 2 == 0) {
		memcpy(at, (const uint8_t[]){ 0xc0, 8, 4, 1, 2, 3, (uint8_t)(n % 5) }, 7);
		at += 7;
	}
	if (n % 5 == 0) {
		memcpy(at, (const uint8_t[]){ 0xc0, 35, 4, 0, 0, 1, (uint8_t)n }, 7);
		at += 7;
	}
	len = (uint16_t)(at - buf - 4);
	memcpy(buf, (const uint8_t[]){ 0, 0, (uint8_t)(len >> 8), (uint8_t)len }, 4);
	ck_assert(bgp_update_split(cur_of(buf, (size_t)len + 4), u, &f));
	ck_assert_uint_eq(f.n, 0);
}

static void
probe_block(struct fixture *w, struct attrs_probe *q, unsigned n)
{
	struct bgp_update u;
	static uint8_t buf[256];

	make_update(&u, buf, n);
	attrs_probe_make(&w->rib.attrs, q, &u, &(struct attrs_extra){ 0 }, true);
}

/* The block n, when it is there. */
static attrs_block
block_of(struct fixture *w, unsigned n)
{
	struct attrs_probe q;

	probe_block(w, &q, n);
	return attrs_find(&w->rib.attrs, &q);
}

/* The block n with a reference, made for an account unless it is there; 0 when that is over its
 * limit. */
static attrs_block
block_for(struct fixture *w, unsigned n, uint32_t account)
{
	struct attrs_probe q;

	probe_block(w, &q, n);
	return attrs_intern(&w->rib.attrs, &q, account);
}

static void
probe_of(struct fixture *w, struct net_probe *q, uint32_t kind, unsigned n)
{
	static uint8_t key[16];
	uint8_t addr[16] = { 0 };
	struct ip_prefix p;

	if (kind == NET_KEY) {
		key[1] = (uint8_t)(n >> 8);
		key[2] = (uint8_t)n;
		net_probe_key(&w->rib.nets, q, key, (uint8_t)(3 + n % 13));
		return;
	}

	/* few buckets' worth of difference, several lengths */
	addr[0] = kind == NET_V6 ? 0x20 : 10;
	addr[1] = (uint8_t)(n >> 8);
	addr[2] = (uint8_t)n;
	ip_prefix_make(&p, kind == NET_V6 ? IP_V6 : IP_V4, addr, n % 7 == 0 ? 24 : 25 + n % 7);
	net_probe_make(&w->rib.nets, q, &p);
}

static void
announce(struct fixture *w, unsigned t, unsigned p, unsigned path, unsigned n)
{
	attrs_block block = block_for(w, n, 0);
	uint32_t prefix;
	struct net_probe q;
	struct change c;

	ck_assert_uint_ne(block, 0);
	probe_of(w, &q, w->kind[t], p);
	prefix = net_intern(&w->rib.nets, &q);
	ck_assert(rib_announce(
	    &w->rib, &w->tables[t], prefix, w->addpath[t] ? path + 100 : 0, block, 1, &c));
	ck_assert_int_eq(c.before != 0, oracle[t][p][path] != 0);
	ck_assert_int_eq(c.same, oracle[t][p][path] == n + 1);
	ck_assert_uint_eq(c.rules_true, rules[t][p][path]);
	if (n % 8 == 3)
		ck_assert(routes_set_rules_true(
		    &w->tables[t], c.route, prefix, c.path_id, (uint16_t)(n + 1)));
	else
		ck_assert(routes_set_rules_true(&w->tables[t], c.route, prefix, c.path_id, 0));
	rules[t][p][path] = n % 8 == 3 ? (uint16_t)(n + 1) : 0;
	rib_change_done(&w->rib, &c);
	attrs_unref(&w->rib.attrs, block);
	w->held += oracle[t][p][path] == 0;
	oracle[t][p][path] = (uint8_t)(n + 1);
	stale[t][p][path] = 0;
}

static void
withdraw(struct fixture *w, unsigned t, unsigned p, unsigned path)
{
	struct net_probe q;
	struct change c;
	uint32_t prefix;
	bool had;

	probe_of(w, &q, w->kind[t], p);
	prefix = net_find(&w->rib.nets, &q);
	had = prefix != 0 &&
	      rib_withdraw(&w->rib, &w->tables[t], prefix, w->addpath[t] ? path + 100 : 0, &c);
	ck_assert_int_eq(had, oracle[t][p][path] != 0);
	if (had) {
		ck_assert_uint_eq(c.rules_true, rules[t][p][path]);
		rib_change_done(&w->rib, &c);
		w->held--;
	}
	oracle[t][p][path] = 0;
	rules[t][p][path] = 0;
}

struct gone {
	struct fixture *w;
	unsigned t;
	bool only_stale;
};

static void
swept(void *ctx, struct change *c)
{
	struct gone *g = ctx;
	struct ip_prefix ip;
	unsigned p, path = g->w->addpath[g->t] ? c->path_id - 100 : 0;

	if (c->net & NET_KEY)
		memcpy(ip.b, net_key(&g->w->rib.nets, c->net).pos, 3);
	else
		net_prefix(&g->w->rib.nets, c->net, &ip);
	p = (unsigned)ip.b[1] << 8 | ip.b[2];
	ck_assert_uint_lt(p, PREFIXES);
	ck_assert_uint_ne(oracle[g->t][p][path], 0);
	ck_assert_msg(!g->only_stale || stale[g->t][p][path], "a fresh route was swept");
	ck_assert_uint_eq(c->rules_true, rules[g->t][p][path]);
	oracle[g->t][p][path] = 0;
	rules[g->t][p][path] = 0;
	g->w->held--;
}

static void
sweep(struct fixture *w, unsigned t, bool only_stale, uint32_t budget)
{
	struct gone g = { w, t, only_stale };

	rib_sweep(&w->rib, &w->tables[t], only_stale, &w->sweep_cursor[t], budget, swept, &g);
}

static void
compare(struct fixture *w)
{
	uint64_t total = 0;

	for (unsigned t = 0; t < TABLES; t++) {
		uint32_t n = 0, old = 0;

		for (unsigned p = 0; p < PREFIXES; p++) {
			for (unsigned path = 0; path < PATHS; path++) {
				struct net_probe q;
				struct route *r = NULL;
				uint32_t prefix;

				if (!w->addpath[t] && path > 0)
					continue;
				probe_of(w, &q, w->kind[t], p);
				prefix = net_find(&w->rib.nets, &q);
				if (prefix != 0)
					r = routes_find(
					    &w->tables[t], prefix, w->addpath[t] ? path + 100 : 0);
				ck_assert_int_eq(r != NULL, oracle[t][p][path] != 0);
				if (r == NULL)
					continue;
				ck_assert_uint_eq(r->attrs, block_of(w, oracle[t][p][path] - 1U));
				ck_assert_int_eq(r->epoch != w->tables[t].epoch, stale[t][p][path]);
				ck_assert_uint_eq(routes_rules_true(&w->tables[t], r, prefix,
						      w->addpath[t] ? path + 100 : 0),
				    rules[t][p][path]);
				n++;
				old += stale[t][p][path];
			}
		}
		ck_assert_uint_eq(w->tables[t].n, n);
		ck_assert_uint_eq(routes_stale(&w->tables[t]), old);
		total += n;
	}
	ck_assert_uint_eq(w->rib.routes_n, total);
	ck_assert_uint_eq(w->held, total);
}

/* One step: mostly routes; sometimes a lost session, a slice of sweeping, a peer that goes. */
static void
step(struct fixture *w)
{
	unsigned t = rnd(&w->seed) % TABLES, p = rnd(&w->seed) % PREFIXES,
		 path = w->addpath[t] ? rnd(&w->seed) % PATHS : 0;
	unsigned what = rnd(&w->seed) % 4000;

	if (what < 2400) {
		announce(w, t, p, path, rnd(&w->seed) % BLOCKS);
	} else if (what < 3990) {
		withdraw(w, t, p, path);
	} else if (what < 3993) {
		routes_advance(&w->tables[t]);
		for (unsigned i = 0; i < PREFIXES; i++)
			for (unsigned k = 0; k < PATHS; k++)
				stale[t][i][k] = oracle[t][i][k] != 0;
		w->sweep_cursor[t] = 0;
	} else if (what < 3999) {
		sweep(w, t, true, 1 + rnd(&w->seed) % 5000);
	} else {
		do
			sweep(w, t, false, 1000);
		while (w->tables[t].n > 0);
		w->sweep_cursor[t] = 0;
	}
}

static void
start(struct fixture *w, uint64_t seed)
{
	struct rib_limits limits = rib_limits_default(200000);

	memset(w, 0, sizeof(*w));
	memset(oracle, 0, sizeof(oracle));
	memset(stale, 0, sizeof(stale));
	memset(rules, 0, sizeof(rules));
	w->seed = seed;
	ck_assert(rib_init(&w->rib, &limits, seed));
	for (unsigned t = 0; t < TABLES; t++) {
		w->kind[t] = t == 3 ? NET_V6 : t >= 5 ? NET_KEY : 0;
		w->addpath[t] = t == 2 || t == 6;
		routes_init(&w->tables[t], w->kind[t], w->addpath[t]);
	}
}

START_TEST(test_against_oracle)
{
	struct fixture *w = malloc(sizeof(*w));
	struct attrs_sizes sizes;

	ck_assert_ptr_nonnull(w);
	start(w, 0x9e3779b97f4a7c15ULL + (uint64_t)_i * 77);
	/* fill two tables, so that one of them turns dense */
	for (unsigned p = 0; p < PREFIXES; p++) {
		announce(w, 0, p, 0, p % BLOCKS);
		if (p % 3 == 0)
			announce(w, 1, p, 0, p % BLOCKS);
	}
	ck_assert(w->tables[0].dense);
	ck_assert(!w->tables[2].dense);
	compare(w);
	for (unsigned i = 0; i < STEPS; i++) {
		step(w);
		if (i % 6000 == 0)
			compare(w);
	}
	compare(w);
	for (unsigned t = 0; t < TABLES; t++) {
		w->sweep_cursor[t] = 0;
		while (w->tables[t].n > 0)
			sweep(w, t, false, 777);
		routes_free(&w->tables[t]);
		ck_assert_uint_eq(w->tables[t].bytes, 0);
	}
	/* announce, then withdraw: no trace */
	attrs_sizes(&w->rib.attrs, &sizes);
	ck_assert_uint_eq(w->rib.routes_n, 0);
	ck_assert_uint_eq(nets_count(&w->rib.nets), 0);
	ck_assert_uint_eq(w->rib.nets.keys.live, 0);
	for (int k = 0; k < ATTRS_PARTS; k++) {
		ck_assert_uint_eq(sizes.parts[k], 0);
		ck_assert_uint_eq(w->rib.attrs.part[k].slab.live, 0);
	}
	rib_fini(&w->rib);
	free(w);
}
END_TEST

START_TEST(test_limits_are_counted)
{
	struct rib_limits limits = { .prefixes_v4 = 50,
		.prefixes_v6 = 10,
		.keys = 10,
		.blocks = 20,
		.part_octets = 1 << 20,
		.routes = 30 };
	struct fixture *w = malloc(sizeof(*w));
	struct attrs_sizes sizes;
	unsigned refused = 0, kept = 0;

	ck_assert_ptr_nonnull(w);
	memset(w, 0, sizeof(*w));
	ck_assert(rib_init(&w->rib, &limits, 1));
	for (unsigned p = 0; p < 100; p++) {
		attrs_block block = block_for(w, p % BLOCKS, 0);
		uint32_t prefix;
		struct net_probe q;
		struct change c;

		probe_of(w, &q, 0, p);
		prefix = block != 0 ? net_intern(&w->rib.nets, &q) : 0;
		if (prefix != 0 && rib_announce(&w->rib, &w->tables[0], prefix, 0, block, 1, &c)) {
			rib_change_done(&w->rib, &c);
			kept++;
		} else {
			refused++;
			if (prefix != 0)
				net_drop_unused(&w->rib.nets, prefix);
		}
		if (block != 0)
			attrs_unref(&w->rib.attrs, block);
	}
	ck_assert_uint_le(kept, 30);
	ck_assert_uint_gt(kept, 0);
	ck_assert_uint_eq(refused, 100 - kept);
	ck_assert_uint_eq(w->rib.refused + w->rib.attrs.refused + w->rib.nets.refused, refused);
	attrs_sizes(&w->rib.attrs, &sizes);
	ck_assert_uint_le(sizes.parts[ATTRS_PATH], 20);
	ck_assert_uint_le(sizes.parts[ATTRS_REST], 20);
	ck_assert_uint_eq(nets_count(&w->rib.nets), kept);
	routes_free(&w->tables[0]);
	rib_fini(&w->rib);
	free(w);
}
END_TEST

/* A net of which there are as many routes as can be counted takes no more of them; what is there is
 * replaced, held and withdrawn as before, and then there is room again. */
START_TEST(test_routes_of_one_net_are_bounded)
{
	struct rib_limits limits = rib_limits_default(1000);
	struct fixture *w = calloc(1, sizeof(*w));
	struct nets *nets;
	struct net_probe q;
	struct change c;
	attrs_block a, b;
	uint32_t net, n = 1;

	ck_assert_ptr_nonnull(w);
	ck_assert(rib_init(&w->rib, &limits, 1));
	nets = &w->rib.nets;
	routes_init(&w->tables[0], 0, true);
	a = block_for(w, 1, 0);
	b = block_for(w, 2, 0);
	probe_of(w, &q, 0, 1);
	net = net_intern(nets, &q);
	ck_assert(rib_announce(&w->rib, &w->tables[0], net, 1, a, 1, &c));
	rib_change_done(&w->rib, &c);
	for (; net_has_room(nets, net); n++)
		net_ref(nets, net);
	ck_assert_uint_gt(n, 2000000);
	for (unsigned i = 0; i < NET_HOLDS_MAX; i++)
		net_ref(nets, net);
	ck_assert(!rib_announce(&w->rib, &w->tables[0], net, 2, a, 1, &c));
	ck_assert_uint_eq(w->rib.refused, 1);
	ck_assert_uint_eq(w->tables[0].n, 1);
	ck_assert(rib_announce(&w->rib, &w->tables[0], net, 1, b, 1, &c));
	ck_assert_uint_eq(c.before, a);
	rib_change_done(&w->rib, &c);
	for (unsigned i = 0; i < NET_HOLDS_MAX; i++)
		net_unref(nets, net);
	ck_assert(rib_withdraw(&w->rib, &w->tables[0], net, 1, &c));
	rib_change_done(&w->rib, &c);
	ck_assert(rib_announce(&w->rib, &w->tables[0], net, 2, a, 1, &c));
	rib_change_done(&w->rib, &c);
	ck_assert_uint_eq(w->rib.refused, 1);
	routes_free(&w->tables[0]);
	rib_fini(&w->rib);
	free(w);
}
END_TEST

/* Short keys take less room than usual ones, but there are no more of them. */
START_TEST(test_keys_are_counted)
{
	struct rib_limits limits = rib_limits_default(3000);
	struct fixture *w = calloc(1, sizeof(*w));
	unsigned kept = 0;

	ck_assert_ptr_nonnull(w);
	ck_assert(rib_init(&w->rib, &limits, 1));
	for (unsigned n = 0; n < 10000; n++) {
		uint8_t key[2] = { (uint8_t)(n >> 8), (uint8_t)n };
		struct net_probe q;

		net_probe_key(&w->rib.nets, &q, key, sizeof(key));
		kept += net_intern(&w->rib.nets, &q) != 0;
	}
	ck_assert_uint_eq(kept, limits.keys);
	ck_assert_uint_eq(w->rib.nets.refused, 10000 - kept);
	rib_fini(&w->rib);
	free(w);
}
END_TEST

/* The block comes out as it went in, and its parts are shared. */
START_TEST(test_blocks)
{
	struct fixture *w = malloc(sizeof(*w));
	struct attrs_sizes sizes;
	uint8_t out[256], buf[256];
	uint32_t otc, origin;
	attrs_block a, b;

	start(w, 5);
	ck_assert_uint_eq(block_of(w, 10), 0);
	a = block_for(w, 10, 0);
	b = block_for(w, 8, 0);
	ck_assert_uint_ne(a, b);
	ck_assert_uint_eq(block_for(w, 10, 0), a);
	ck_assert_uint_eq(block_of(w, 10), a);
	attrs_unref(&w->rib.attrs, a);
	ck_assert_uint_eq(block_of(w, 10), a);
	attrs_unref(&w->rib.attrs, a);
	ck_assert_uint_eq(block_of(w, 10), 0);
	ck_assert_uint_eq(block_of(w, 8), b);
	for (unsigned n = 0; n < BLOCKS; n++) {
		struct bgp_update u;
		struct cursor value;
		attrs_block h = block_for(w, n, 0);

		make_update(&u, buf, n);
		ck_assert_uint_eq(
		    attrs_rebuild(&w->rib.attrs, h, out, sizeof(out)), cur_left(&u.attrs));
		ck_assert_mem_eq(out, u.attrs.pos, cur_left(&u.attrs));
		ck_assert_uint_eq(attrs_rebuild(&w->rib.attrs, h, out, 5), 0);
		ck_assert(path_origin(&w->rib.attrs, attrs_path(&w->rib.attrs, h), &origin));
		ck_assert_uint_eq(origin, 0x200 + n);
		ck_assert_int_eq(attrs_otc(&w->rib.attrs, h, &otc), n % 5 == 0);
		ck_assert_uint_eq(otc, n % 5 == 0 ? 0x100 + n : 0);
		value = attrs_value(&w->rib.attrs, h, ATTR_COMMUNITIES);
		ck_assert_uint_eq(cur_left(&value), n % 2 == 0 ? 4 : 0);
		ck_assert_uint_eq(path_find(&w->rib.attrs,
				      path_value(&w->rib.attrs, attrs_path(&w->rib.attrs, h))),
		    attrs_path(&w->rib.attrs, h));
	}
	attrs_sizes(&w->rib.attrs, &sizes);
	ck_assert_uint_eq(sizes.parts[ATTRS_PATH], BLOCKS);
	ck_assert_uint_le(sizes.parts[ATTRS_REST], BLOCKS);
	ck_assert_uint_gt(sizes.parts[ATTRS_REST], 5);
	rib_fini(&w->rib);
	free(w);
}
END_TEST

/* An account pays for the blocks that it brought in until they are gone, and only its own limit
 * stops it. */
START_TEST(test_accounts)
{
	struct rib_limits limits = rib_limits_default(1000);
	struct fixture *w = calloc(1, sizeof(*w));
	attrs_block of_one[BLOCKS] = { 0 }, of_other[BLOCKS] = { 0 };
	uint32_t one, other, third;
	unsigned kept = 0;

	ck_assert_ptr_nonnull(w);
	limits.account_octets = 1000;
	ck_assert(rib_init(&w->rib, &limits, 1));
	one = attrs_account_open(&w->rib.attrs);
	other = attrs_account_open(&w->rib.attrs);
	ck_assert(one != 0 && other != 0 && one != other);
	for (unsigned n = 0; n < BLOCKS; n++)
		kept += (of_one[n] = block_for(w, n, one)) != 0;
	ck_assert_uint_gt(kept, 4);
	ck_assert_uint_lt(kept, BLOCKS);
	ck_assert_uint_le(attrs_account(&w->rib.attrs, one)->octets, 1000);
	ck_assert_uint_eq(attrs_account(&w->rib.attrs, one)->refused, BLOCKS - kept);
	ck_assert_uint_eq(w->rib.attrs.refused, BLOCKS - kept);
	/* what is there costs the other one nothing; it has its own room, and nobody's has no end
	 */
	for (unsigned n = 0; n < kept; n++)
		of_other[n] = block_for(w, n, other);
	ck_assert_uint_eq(attrs_account(&w->rib.attrs, other)->octets, 0);
	ck_assert_uint_ne(of_other[kept] = block_for(w, kept, other), 0);
	for (unsigned n = kept + 1; n < BLOCKS; n++)
		ck_assert_uint_ne(of_one[n] = block_for(w, n, 0), 0);
	/* closed, it pays on for what others use; its number is not given away before */
	for (unsigned n = 0; n < BLOCKS; n++)
		if (of_one[n] != 0)
			attrs_unref(&w->rib.attrs, of_one[n]);
	attrs_account_close(&w->rib.attrs, one);
	ck_assert_uint_gt(attrs_account(&w->rib.attrs, one)->octets, 0);
	ck_assert_uint_ne(third = attrs_account_open(&w->rib.attrs), one);
	for (unsigned n = 0; n <= kept; n++)
		attrs_unref(&w->rib.attrs, of_other[n]);
	ck_assert_uint_eq(attrs_account(&w->rib.attrs, one)->octets, 0);
	ck_assert_uint_eq(attrs_account(&w->rib.attrs, other)->octets, 0);
	ck_assert_uint_eq(attrs_account_open(&w->rib.attrs), one);
	attrs_account_close(&w->rib.attrs, third);
	rib_fini(&w->rib);
	free(w);
}
END_TEST

HARNESS_MAIN("rib")
{
	TIMEOUT(120);
	LOOP(test_against_oracle, 4);
	TEST(test_limits_are_counted);
	TEST(test_routes_of_one_net_are_bounded);
	TEST(test_keys_are_counted);
	TEST(test_accounts);
	TEST(test_blocks);
}

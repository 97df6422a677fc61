/*
 * VRPs that are tried out: what a trial counts is what a naive judge finds in the same routes,
 * router by router, whatever the views and neighbours, and it changes nothing; routers may go
 * while it is under way.
 */
#include "tests/unit/support/harness.h"

#include "collector/engine/engine.h"
#include "parsers/bgp/message.h"
#include "parsers/bmp/write.h"

enum { SEEDS = 40, ROUTERS = 3, PEERS = 2, PREFIXES = 24, OUR_AS = 64500, ORIGINS = 4 };

static int64_t now;
static const uint32_t own_as[] = { OUR_AS };
static uint64_t rng;

static struct {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *sessions[ROUTERS];
	struct vrp_set *vrps;
	uint32_t origin[ROUTERS][PEERS][PREFIXES]; /* what the tables have; 0: nothing */
	unsigned findings;
} w;

static void
on_finding(void *ctx, const struct finding *f)
{
	(void)ctx;
	(void)f;
	w.findings++;
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	(void)ctx;
	(void)ev;
}

static const struct engine_ops ops = { on_finding, on_event };

static struct ip_prefix
prefix_n(unsigned k)
{
	uint8_t b[16] = { 198, 51, (uint8_t)k };
	struct ip_prefix p;

	ip_prefix_make(&p, IP_V4, b, 24);
	return p;
}

static void
feed(unsigned router, const uint8_t *buf, size_t n)
{
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(engine_session_feed(w.sessions[router], buf, n, now), n);
}

/* The first is in pre-policy view, the second in post-policy. */
static struct bmp_peer_spec
peer_n(unsigned n)
{
	struct bmp_peer_spec p = { .flags = n == 0 ? 0 : BMP_FLAG_L,
		.as = 64510 + n,
		.address = { IP_V4, { 192, 0, 2, (uint8_t)(10 + n) } },
		.sec = 1700000000 };

	return p;
}

static void
connect_router(unsigned r)
{
	static const struct ip_addr local = { .family = IP_NONE };
	char address[32], name[8];
	uint8_t buf[512];

	snprintf(address, sizeof(address), "192.0.2.%u", 100 + r);
	snprintf(name, sizeof(name), "r%u", r);
	w.sessions[r] = engine_session_open(w.engine, address, NULL, now);
	feed(r, buf, bmp_write_initiation(buf, sizeof(buf), name, "test"));
	for (unsigned p = 0; p < PEERS; p++) {
		struct bmp_peer_spec spec = peer_n(p);
		struct bgp_open_spec sent = { .as = OUR_AS, .role = BGP_ROLE_NONE },
				     got = { .as = spec.as, .role = BGP_ROLE_NONE };

		feed(r, buf, bmp_write_peer_up(buf, sizeof(buf), &spec, &local, &sent, &got, NULL));
	}
}

/* origin 0: withdraw. */
static void
say(unsigned r, unsigned p, unsigned prefix, uint32_t origin)
{
	static const uint8_t before[] = { 0x40, 1, 1, 0, 0x40, 3, 4, 192, 0, 2, 1 };
	struct bmp_peer_spec spec = peer_n(p);
	struct ip_prefix ip = prefix_n(prefix);
	uint8_t bgp[512], buf[1024];
	struct writer o = wr_of(bgp, sizeof(bgp));
	size_t at = bgp_write_begin(&o, BGP_UPDATE), attrs;

	w.origin[r][p][prefix] = origin;
	wr_u16(&o, origin == 0 ? 4 : 0);
	if (origin == 0) {
		wr_u8(&o, 24);
		wr_bytes(&o, ip.b, 3);
	}
	attrs = wr_here(&o);
	wr_u16(&o, 0);
	if (origin != 0) {
		wr_bytes(&o, before, sizeof(before));
		wr_bytes(&o, (const uint8_t[]){ 0x40, ATTR_AS_PATH, 10, AS_SEQUENCE, 2 }, 5);
		wr_u32(&o, spec.as);
		wr_u32(&o, origin);
		wr_patch_u16(&o, attrs, attrs + 2);
		wr_u8(&o, 24);
		wr_bytes(&o, ip.b, 3);
	}
	wr_patch_u16(&o, at, 0);
	feed(r, buf, bmp_write_route_monitoring(buf, sizeof(buf), &spec, bgp, wr_len(&o)));
}

static uint32_t
random_origin(void)
{
	return rnd(&rng) % 5 == 0 ? OUR_AS : 1000 + rnd(&rng) % ORIGINS;
}

static struct vrp_set *
random_vrps(uint64_t generation)
{
	struct vrp_list l = { 0 };
	struct vrp_set *set;

	for (uint32_t k = rnd(&rng) % 8; k > 0; k--) {
		struct ip_prefix p = prefix_n(rnd(&rng) % PREFIXES);
		struct vrp v;

		memset(&v, 0, sizeof(v));
		ip_prefix_make(&v.prefix, IP_V4, p.b, (uint8_t)(18 + rnd(&rng) % 7));
		v.max_len = (uint8_t)(v.prefix.len + rnd(&rng) % (25u - v.prefix.len));
		v.asn = random_origin();
		ck_assert(vrp_list_add(&l, &v));
	}
	vrp_list_sort_unique(&l);
	set = vrp_set_new(&l, generation);
	vrp_list_free(&l);
	ck_assert_ptr_nonnull(set);
	return set;
}

static void
work(void)
{
	while (engine_work(w.engine, 1 + rnd(&rng) % 9, now)) {
	}
}

static void
use(struct vrp_set *set)
{
	struct vrp_delta d;

	ck_assert(vrp_delta_between(w.vrps, set, &d));
	engine_set_rpki(w.engine, set, vrp_cover_new(&d), REASON_RPKI);
	vrp_delta_free(&d);
	vrp_set_unref(w.vrps);
	w.vrps = set;
}

static void
try_out(struct vrp_set *set)
{
	struct vrp_trial *t;
	struct vrp_delta d;

	ck_assert(vrp_delta_between(w.vrps, set, &d));
	t = vrp_trial_new(set, &d);
	ck_assert_ptr_nonnull(t);
	vrp_delta_free(&d);
	engine_try_rpki(w.engine, t);
}

static void
setup(void)
{
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 100,
		.stale_s = 300,
		.settle_s = 120,
		.seed = 1 };
	struct detect_config c = { .own_asns = own_as, .own_asns_n = 1 };

	memset(&w, 0, sizeof(w));
	now = 1700000000LL * 1000000;
	w.detect = detect_new(&c, 1);
	w.engine = engine_new(&config, w.detect, &ops, NULL);
	ck_assert(w.detect != NULL && w.engine != NULL);
	for (unsigned r = 0; r < ROUTERS; r++)
		connect_router(r);
}

static void
teardown(void)
{
	for (unsigned r = 0; r < ROUTERS; r++)
		if (w.sessions[r] != NULL)
			engine_session_close(w.sessions[r], "end", now);
	engine_free(w.engine);
	vrp_set_unref(w.vrps);
	detect_free(w.detect);
}

/* --- the naive judge */

static bool
turns(const struct vrp_set *after, unsigned prefix, uint32_t origin)
{
	struct ip_prefix p = prefix_n(prefix);

	return origin != 0 && vrp_validate(w.vrps, &p, true, origin).state != ROV_INVALID &&
	       vrp_validate(after, &p, true, origin).state == ROV_INVALID;
}

static void
check(const struct vrp_trial *t, const struct vrp_set *after)
{
	uint32_t most = 0;

	for (unsigned r = 0; r < ROUTERS; r++) {
		uint32_t n = 0;

		for (unsigned k = 0; k < PREFIXES; k++) {
			bool any = false;

			for (unsigned p = 0; p < PEERS; p++)
				any |= turns(after, k, w.origin[r][p][k]);
			n += any;
		}
		most = n > most ? n : most;
	}
	for (unsigned k = 0; k < PREFIXES; k++) {
		bool mine = false, named = false;

		for (unsigned r = 0; r < ROUTERS; r++)
			for (unsigned p = 0; p < PEERS; p++)
				mine |= w.origin[r][p][k] == OUR_AS && turns(after, k, OUR_AS);
		for (unsigned i = 0; i < t->ours_n; i++)
			named |= t->ours[i].prefix.b[2] == k;
		require(mine == named || t->ours_n == VRP_TRIAL_OURS_MAX, "prefix %u is %sours", k,
		    mine ? "" : "not ");
	}
	require(t->all == most, "%u routes, and not %u", t->all, most);
	for (uint32_t i = 0; i < vrp_trial_count(t); i++)
		require(t->routes[i] <= t->all, "VRP %u has more than there are", i);
}

START_TEST(as_a_naive_judge_counts)
{
	rng = seed_of(_i);
	use(random_vrps(1));
	for (uint64_t step = 2; step < 30; step++) {
		struct vrp_set *next = random_vrps(step);
		struct vrp_trial *t;
		unsigned findings;
		bool worked;

		for (uint32_t k = rnd(&rng) % 20; k > 0; k--)
			say(rnd(&rng) % ROUTERS, rnd(&rng) % PEERS, rnd(&rng) % PREFIXES,
			    rnd(&rng) % 4 == 0 ? 0 : random_origin());
		/* or while routes are still evaluated for the VRPs before */
		if ((worked = rnd(&rng) % 3 > 0))
			work();
		findings = w.findings;
		try_out(next);
		ck_assert_ptr_null(engine_tried(w.engine));
		work();
		t = engine_tried(w.engine);
		require(t != NULL && engine_tried(w.engine) == NULL, "done, and given once");
		require(!worked || w.findings == findings, "a trial finds nothing");
		check(t, next);
		vrp_trial_free(t);
		if (rnd(&rng) % 2 == 0)
			use(next); /* evaluated before, or while, the next one is tried out */
		else
			vrp_set_unref(next);
	}
}
END_TEST

/* --- what if: the same, prefix by prefix and origin by origin */

struct flips {
	uint32_t routes[PREFIXES][ORIGINS + 1]; /* the last origin is ours */
	bool ours;
	unsigned pauses;
};

static unsigned
origin_index(uint32_t origin)
{
	return origin == OUR_AS ? ORIGINS : origin - 1000;
}

static bool
each_flip(void *ctx, const struct engine_flip *x)
{
	struct flips *f = ctx;

	ck_assert(x->has_origin && x->before.state != x->after.state);
	ck_assert_uint_ge(x->routers_n, 1);
	ck_assert_uint_eq(f->routes[x->prefix.b[2]][origin_index(x->origin)], 0);
	f->routes[x->prefix.b[2]][origin_index(x->origin)] = x->routes;
	require(x->ours == (x->origin == OUR_AS), "AS%u is ours, or not", x->origin);
	return rnd(&rng) % 2 == 0;
}

static struct flips
naive_flips(const struct vrp_set *after)
{
	struct flips f;

	memset(&f, 0, sizeof(f));
	for (unsigned r = 0; r < ROUTERS; r++)
		for (unsigned p = 0; p < PEERS; p++)
			for (unsigned k = 0; k < PREFIXES; k++) {
				uint32_t origin = w.origin[r][p][k];
				struct ip_prefix ip = prefix_n(k);

				if (origin != 0 && vrp_validate(w.vrps, &ip, true, origin).state !=
						       vrp_validate(after, &ip, true, origin).state)
					f.routes[k][origin_index(origin)]++;
			}
	return f;
}

START_TEST(what_if_is_what_comes)
{
	rng = seed_of(_i);
	use(random_vrps(1));
	for (uint64_t step = 2; step < 20; step++) {
		struct vrp_set *next = random_vrps(step);
		struct vrp_edits edits = { .n = 0 };
		struct engine_place at = { 0 };
		struct flips got, want;
		unsigned findings;
		struct vrp_delta d;

		for (uint32_t k = rnd(&rng) % 40; k > 0; k--)
			say(rnd(&rng) % ROUTERS, rnd(&rng) % PEERS, rnd(&rng) % PREFIXES,
			    rnd(&rng) % 4 == 0 ? 0 : random_origin());
		work();
		findings = w.findings;
		ck_assert(vrp_delta_between(w.vrps, next, &d));
		ck_assert_uint_le(d.added.n + d.removed.n, VRP_EDITS_MAX);
		for (size_t k = 0; k < d.added.n; k++)
			edits.v[edits.n++].vrp = d.added.v[k];
		for (size_t k = 0; k < d.removed.n; k++, edits.n++) {
			edits.v[edits.n].vrp = d.removed.v[k];
			edits.v[edits.n].gone = true;
		}
		vrp_delta_free(&d);
		memset(&got, 0, sizeof(got));
		while (engine_what_if(w.engine, &edits, &at, each_flip, &got))
			got.pauses++;
		want = naive_flips(next);
		ck_assert_int_eq(memcmp(got.routes, want.routes, sizeof(got.routes)), 0);
		ck_assert_uint_eq(w.findings, findings);
		use(next);
		work();
	}
}
END_TEST

/* The second router goes, and is forgotten, while its routes are counted. */
START_TEST(a_router_goes_meanwhile)
{
	struct vrp_list l = { 0 };
	struct vrp v = { .max_len = 24, .asn = 64499 };
	struct vrp_set *next;
	struct vrp_trial *t;

	rng = seed_of(_i);
	ip_prefix_parse("198.51.0.0/16", true, &v.prefix);
	ck_assert(vrp_list_add(&l, &v));
	for (unsigned k = 0; k < PREFIXES; k++)
		for (unsigned r = 0; r < ROUTERS; r++)
			if (k < 8 * (r + 1))
				say(r, 0, k, 1000);
	work();
	next = vrp_set_new(&l, 1);
	try_out(next);
	for (int k = 0; k < _i; k++)
		engine_work(w.engine, 5, now);
	engine_session_close(w.sessions[1], "gone", now);
	w.sessions[1] = NULL;
	for (int s = 0; s < 3; s++) {
		now += 400 * INT64_C(1000000);
		engine_tick(w.engine, now);
		engine_work(w.engine, 3, now);
	}
	work();
	t = engine_tried(w.engine);
	ck_assert_ptr_nonnull(t);
	ck_assert_uint_eq(t->all, PREFIXES);
	vrp_trial_free(t);
	vrp_set_unref(next);
	vrp_list_free(&l);
}
END_TEST

/* One that nobody waits for any more, done or not. */
START_TEST(a_trial_that_is_dropped)
{
	struct vrp_set *next = random_vrps(1);

	rng = seed_of(1);
	for (unsigned k = 0; k < PREFIXES; k++)
		say(0, 0, k, 1000);
	work();
	try_out(next);
	for (int k = 0; k < _i; k++)
		engine_work(w.engine, 4, now);
	try_out(next);
	if (_i % 2 == 0)
		work();
	vrp_set_unref(next);
}
END_TEST

HARNESS_MAIN("trial")
{
	FIXTURE(setup, teardown);
	LOOP(as_a_naive_judge_counts, SEEDS);
	LOOP(what_if_is_what_comes, SEEDS);
	LOOP(a_router_goes_meanwhile, 24);
	LOOP(a_trial_that_is_dropped, 8);
}

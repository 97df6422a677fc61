/* Permit lists on random topologies, against what the definitions say read by brute force. */
#include "tests/unit/support/harness.h"

#include "collector/sav/sav.h"

enum { ASES = 16, US = 3, BLOCKS = 256, ROUTES_MAX = 8192, HOPS = ASES, TOPOLOGIES = 200 };

static uint64_t seed;

static uint32_t
below(uint32_t n)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(seed >> 33) % n;
}

/* --- a topology: AS i buys from those of smaller numbers only */

enum link { NONE, CUSTOMER, PEER, PROVIDER }; /* what the second is to the first */

struct path {
	uint8_t n, hop[HOPS]; /* from who has it to the origin */
};

static uint8_t links[ASES][ASES];
static bool cone[ASES][ASES]; /* the second is behind the first, or is it */

static struct {
	struct ip_prefix prefix;
	uint8_t from;
	struct path path;
} heard[ROUTES_MAX];
static size_t heard_n;

static struct ip_prefix
block(unsigned at, unsigned bits)
{
	uint8_t octets[4] = { 10, 0, (uint8_t)at, 0 };
	struct ip_prefix p;

	if (!ip_prefix_make(&p, IP_V4, octets, bits))
		abort();
	return p;
}

static void
join(unsigned above, unsigned under)
{
	links[above][under] = CUSTOMER;
	links[under][above] = PROVIDER;
}

static void
make_topology(void)
{
	memset(links, 0, sizeof(links));
	memset(cone, 0, sizeof(cone));
	for (unsigned i = 1; i < ASES; i++)
		for (unsigned k = 0; k <= below(3); k++)
			join(below(i), i);
	for (unsigned k = 0; k < 2 * ASES; k++) {
		unsigned a = below(ASES), b = below(ASES);

		if (a != b && links[a][b] == NONE)
			links[a][b] = links[b][a] = PEER;
	}
	for (unsigned i = ASES; i-- > 0;) {
		cone[i][i] = true;
		for (unsigned c = i + 1; c < ASES; c++)
			for (unsigned x = 0; links[i][c] == CUSTOMER && x < ASES; x++)
				cone[i][x] |= cone[c][x];
	}
}

static bool
is_on(const struct path *p, unsigned as)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->hop[i] == as)
			return true;
	return false;
}

/* Does `from`, whose best path this is, give it to `to`? quiet: to whom the origin does not. */
static bool
exports(const struct path *p, unsigned from, unsigned to, const bool quiet[ASES])
{
	if (p->n == 0 || links[from][to] == NONE || is_on(p, to))
		return false;
	if (p->n == 1)
		return !quiet[to];
	return links[from][p->hop[1]] == CUSTOMER || links[from][to] == CUSTOMER;
}

static bool
is_better(unsigned at, const struct path *a, const struct path *b)
{
	uint8_t x, y;

	if (b->n == 0)
		return true;
	x = links[at][a->hop[1]], y = links[at][b->hop[1]];
	return x != y ? x < y : a->n < b->n;
}

static void
spread(const struct ip_prefix *p, unsigned origin, const bool quiet[ASES])
{
	struct path best[ASES] = { { .n = 0 } };
	bool changed = true;

	best[origin] = (struct path){ .n = 1, .hop = { (uint8_t)origin } };
	for (unsigned round = 0; changed && round < 4 * ASES; round++) {
		struct path next[ASES] = { { .n = 0 } };

		next[origin] = best[origin];
		for (unsigned to = 0; to < ASES; to++)
			for (unsigned from = 0; to != origin && from < ASES; from++) {
				struct path got = { .n = 1, .hop = { (uint8_t)to } };

				if (!exports(&best[from], from, to, quiet))
					continue;
				memcpy(got.hop + 1, best[from].hop, best[from].n);
				got.n = (uint8_t)(best[from].n + 1);
				if (is_better(to, &got, &next[to]))
					next[to] = got;
			}
		changed = memcmp(next, best, sizeof(best)) != 0;
		memcpy(best, next, sizeof(best));
	}
	for (unsigned from = 0; from < ASES; from++)
		if (from != US && exports(&best[from], from, US, quiet)) {
			ck_assert(heard_n < ROUTES_MAX);
			heard[heard_n].prefix = *p;
			heard[heard_n].from = (uint8_t)from;
			heard[heard_n++].path = best[from];
		}
}

/* --- what is published */

static struct vrp_list vrps;
static struct aspa_list aspas;
static bool has_aspa[ASES];

/* AS numbers are 100 + place: AS 0 is none. */
#define ASN(i) (100U + (uint32_t)(i))

static void
announce_and_publish(void)
{
	heard_n = 0;
	for (unsigned as = 0; as < ASES; as++) {
		has_aspa[as] = below(3) == 0 && as > 0;
		for (unsigned p = 0; has_aspa[as] && p < ASES; p++)
			if (links[as][p] == PROVIDER && below(4) != 0) /* some are forgotten */
				ck_assert(aspa_list_add(&aspas, ASN(as), ASN(p)));
		if (has_aspa[as])
			ck_assert(aspa_list_add(&aspas, ASN(as), 0));
		for (unsigned n = below(4); n > 0; n--) {
			unsigned bits = 22 + below(3);
			struct ip_prefix p = block(below(BLOCKS), bits);
			bool quiet[ASES];
			struct vrp v = { .prefix = p, .max_len = 24, .asn = ASN(as) };

			for (unsigned i = 0; i < ASES; i++)
				quiet[i] = below(3) == 0;
			if (below(2) == 0)
				ck_assert(vrp_list_add(&vrps, &v));
			if (as != US && below(8) != 0)
				spread(&p, as, quiet);
		}
	}
	aspa_list_sort_unique(&aspas);
	vrp_list_sort_unique(&vrps);
}

/* --- the definitions, as they are written: sets of blocks of /24 */

struct wanted {
	bool block[BLOCKS];
	bool z[ASES];
};

static void
permit(struct wanted *w, const struct ip_prefix *p)
{
	for (unsigned at = 0; at < BLOCKS; at++) {
		struct ip_prefix b = block(at, 24);

		w->block[at] |= ip_prefix_covers(p, &b);
	}
}

static unsigned
origin_of(size_t route)
{
	return heard[route].path.hop[heard[route].path.n - 1];
}

static bool
names_as_provider(unsigned customer, unsigned provider)
{
	for (size_t i = 0; i < aspas.n; i++)
		if (aspas.v[i].customer == ASN(customer) && aspas.v[i].provider == ASN(provider))
			return true;
	return false;
}

static bool
path_shows(unsigned above, unsigned under)
{
	for (size_t r = 0; r < heard_n; r++)
		for (unsigned i = 0; i + 1U < heard[r].path.n; i++)
			if (heard[r].path.hop[i] == above && heard[r].path.hop[i + 1] == under)
				return true;
	return false;
}

static void
bar_of(unsigned k, struct wanted *w)
{
	bool next[ASES] = { false };

	memset(w, 0, sizeof(*w));
	next[k] = true;
	while (memcmp(next, w->z, sizeof(next)) != 0) {
		memcpy(w->z, next, sizeof(next));
		for (unsigned x = 0; x < ASES; x++)
			for (unsigned m = 0; m < ASES; m++)
				if (w->z[m] && x != US)
					next[x] |= names_as_provider(x, m) ||
						   (!has_aspa[x] && path_shows(m, x));
	}
	for (size_t r = 0; r < heard_n; r++)
		if (w->z[origin_of(r)])
			permit(w, &heard[r].prefix);
	for (size_t i = 0; i < vrps.n; i++)
		if (w->z[vrps.v[i].asn - 100])
			permit(w, &vrps.v[i].prefix);
}

static bool
comes_in(const struct ip_prefix *p, unsigned from)
{
	for (size_t r = 0; r < heard_n; r++)
		if (heard[r].from == from && ip_prefix_cmp(&heard[r].prefix, p) == 0)
			return true;
	return false;
}

static bool
is_customers_origin(unsigned as)
{
	for (size_t r = 0; r < heard_n; r++)
		if (links[US][heard[r].from] == CUSTOMER && origin_of(r) == as)
			return true;
	return false;
}

static void
efp_a_of(unsigned k, struct wanted *w)
{
	memset(w, 0, sizeof(*w));
	for (unsigned as = 0; as < ASES; as++) {
		bool any = false;

		if (!is_customers_origin(as))
			continue;
		for (size_t r = 0; r < heard_n; r++)
			any |= origin_of(r) == as && comes_in(&heard[r].prefix, k);
		for (size_t r = 0; any && r < heard_n; r++)
			if (origin_of(r) == as)
				permit(w, &heard[r].prefix);
	}
}

static void
efp_b_of(unsigned k, struct wanted *w)
{
	(void)k;
	memset(w, 0, sizeof(*w));
	for (size_t r = 0; r < heard_n; r++)
		if (links[US][heard[r].from] == CUSTOMER || is_customers_origin(origin_of(r)))
			permit(w, &heard[r].prefix);
}

/* --- the module, fed in pieces of whatever size */

static void
feed(struct sav *s, const struct sav_fact *f)
{
	const char *octets = (const char *)f;
	size_t n = sav_fact_size(f->piece);

	for (size_t at = 0, k; at < n; at += k) {
		k = 1 + below(40);
		k = k < n - at ? k : n - at;
		sav_take(s, octets + at, k);
	}
}

static void
feed_route(struct sav *s, size_t r, unsigned k)
{
	const struct path *p = &heard[r].path;
	struct sav_fact f = { .piece = SAV_ROUTE,
		.route = { .prefix = heard[r].prefix, .origin = ASN(origin_of(r)) } };

	if (links[US][heard[r].from] == CUSTOMER)
		f.route.seen |= SAV_ON_CUSTOMER;
	if (heard[r].from == k)
		f.route.seen |= SAV_ON_TARGET;
	if (sav_wants(s) != SAV_WALK_ORIGINS || (f.route.seen & SAV_ON_CUSTOMER))
		feed(s, &f);
	for (unsigned i = 0; i + 1U < p->n; i++) {
		struct sav_fact e = { .piece = SAV_EDGE,
			.edge = { ASN(p->hop[i]), ASN(p->hop[i + 1]) } };

		feed(s, &e);
	}
}

static struct sav *
made(enum sav_method method, unsigned k, const struct vrp_set *v, const struct aspa_set *a)
{
	struct sav_target target = { .asn = ASN(k) };
	struct sav *s = sav_new(method, &target);

	ck_assert_ptr_nonnull(s);
	sav_never(s, ASN(US));
	while (sav_wants(s) != SAV_WALK_NONE) {
		size_t from = heard_n > 0 ? below((uint32_t)heard_n) : 0;

		for (size_t r = 0; r < heard_n; r++)
			feed_route(s, (from + r) % heard_n, k);
		sav_walked(s, v, a);
	}
	return s;
}

static void
check_list(const struct sav *s, const struct wanted *w)
{
	size_t n, fewer;
	const struct ip_prefix *list = sav_prefixes(s, &n);
	struct ip_prefix *again = (struct ip_prefix *)exact_copy(list, n * sizeof(*list));
	unsigned wrong = 0;

	for (unsigned at = 0; at < BLOCKS; at++) {
		struct ip_prefix b = block(at, 24);

		wrong += sav_permits(list, n, &b) != w->block[at];
	}
	ck_assert_uint_eq(wrong, 0);
	fewer = sav_smallest(again, n);
	ck_assert_uint_eq(fewer, n);
	free(again);
}

static void
check_customer(unsigned k, const struct vrp_set *v, const struct aspa_set *a)
{
	static void (*const by_definition[SAV_METHODS])(unsigned, struct wanted *) = {
		[SAV_BAR] = bar_of, [SAV_EFP_A] = efp_a_of, [SAV_EFP_B] = efp_b_of
	};

	for (int m = 0; m < SAV_METHODS; m++) {
		struct sav *s = made((enum sav_method)m, k, v, a);
		unsigned wrong = 0;
		struct wanted w;

		by_definition[m](k, &w);
		check_list(s, &w);
		for (unsigned as = 0; m == SAV_BAR && as < ASES; as++) {
			wrong += (sav_member(s, ASN(as)) != NULL) != w.z[as];
			/* what is concluded of paths is true of the topology */
			wrong += w.z[as] && !cone[k][as];
		}
		ck_assert_uint_eq(wrong, 0);
		sav_free(s);
	}
}

START_TEST(lists_are_as_defined)
{
	unsigned customers = 0;

	for (unsigned t = 0; t < TOPOLOGIES; t++) {
		struct vrp_set *v;
		struct aspa_set *a;

		seed = 77 + t;
		make_topology();
		announce_and_publish();
		v = vrp_set_new(&vrps, 1);
		a = aspa_set_new(&aspas, 1);
		for (unsigned k = 0; k < ASES; k++)
			if (links[US][k] == CUSTOMER) {
				check_customer(k, v, a);
				customers++;
			}
		vrp_set_unref(v);
		aspa_set_unref(a);
		vrp_list_free(&vrps);
		aspa_list_free(&aspas);
	}
	ck_assert_uint_gt(customers, TOPOLOGIES);
}
END_TEST

/* --- the smallest list, against a bitmap: no shorter list has the same addresses */

/* How few prefixes make exactly this piece of the bitmap. all: it is all there. */
static unsigned
fewest(const bool *there, unsigned n, bool *all)
{
	bool left, right;
	unsigned few;

	if (n == 1) {
		*all = there[0];
		return there[0];
	}
	few = fewest(there, n / 2, &left) + fewest(there + n / 2, n / 2, &right);
	*all = left && right;
	return *all ? 1 : few;
}

START_TEST(no_list_is_shorter)
{
	for (seed = 1; seed < 2000; seed += 7) {
		struct ip_prefix v[64];
		struct wanted w = { .block = { false } };
		unsigned n = below(64), wrong = 0;
		bool all;
		size_t few;

		for (unsigned i = 0; i < n; i++) {
			v[i] = block(below(BLOCKS), 16 + below(3) * 3 + below(3));
			permit(&w, &v[i]);
		}
		few = sav_smallest(v, n);
		ck_assert_uint_eq(few, fewest(w.block, BLOCKS, &all));
		for (unsigned at = 0; at < BLOCKS; at++) {
			struct ip_prefix b = block(at, 24);

			wrong += sav_permits(v, few, &b) != w.block[at];
		}
		ck_assert_uint_eq(wrong, 0);
	}
}
END_TEST

START_TEST(both_families_lie_apart)
{
	struct ip_prefix v[4];

	ck_assert(ip_prefix_parse("0.0.0.0/1", true, &v[0]));
	ck_assert(ip_prefix_parse("::/1", true, &v[1]));
	ck_assert(ip_prefix_parse("2001:db8:8000::/33", true, &v[2]));
	ck_assert(ip_prefix_parse("8000::/1", true, &v[3]));
	ck_assert_uint_eq(sav_smallest(v, 4), 2);
	ck_assert_uint_eq(v[0].family, IP_V4);
	ck_assert_uint_eq(v[1].family, IP_V6);
	ck_assert_uint_eq(v[1].len, 0);
}
END_TEST

static size_t
list_of(struct ip_prefix *v, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ck_assert(ip_prefix_parse(texts[i], true, &v[i]));
	return sav_smallest(v, n);
}

START_TEST(what_is_another_in_the_next_list)
{
	static const char *const was[] = { "20.0.0.0/23", "21.0.0.0/24", "2001:db8::/32" },
				 *const is[] = { "20.0.1.0/24", "21.0.0.0/24", "22.0.0.0/24",
					 "2001:db8::/33", "2001:db8:8000::/33" };
	struct ip_prefix before[3], now[5];
	size_t before_n = list_of(before, was, 3), now_n = list_of(now, is, 5);
	struct sav_difference d;

	ck_assert_uint_eq(now_n, 4);
	sav_compare(before, before_n, now, now_n, &d);
	ck_assert_uint_eq(d.gone, 1);
	ck_assert_int_eq(ip_prefix_cmp(&d.gone_first[0], &before[0]), 0);
	ck_assert_uint_eq(d.come, 1);
	ck_assert_int_eq(ip_prefix_cmp(&d.come_first[0], &now[2]), 0);
	ck_assert(d.lost > 0.33 && d.lost < 0.34);
	sav_compare(now, now_n, now, now_n, &d);
	ck_assert(d.gone == 0 && d.come == 0 && d.lost == 0);
	sav_compare(before, before_n, now, 0, &d);
	ck_assert(d.gone == before_n && d.lost == 1);
	sav_compare(NULL, 0, now, now_n, &d);
	ck_assert(d.come == now_n && d.lost == 0);
}
END_TEST

/* --- what is no customer, and what is missing */

static void
feed_edge(struct sav *s, uint32_t above, uint32_t under)
{
	struct sav_fact e = { .piece = SAV_EDGE, .edge = { above, under } };

	feed(s, &e);
}

START_TEST(who_provides_for_us_is_not_behind)
{
	static const struct sav_target target = { .asn = 64501 };
	struct sav_fact provider = { .piece = SAV_SESSION,
		.session = { .router = "r1",
		    .asn = 64510,
		    .local_as = 64500,
		    .upstream = true,
		    .relation_known = true,
		    .router_up = true,
		    .synced = true,
		    .up = true,
		    .heard = true } };
	struct sav *s = sav_new(SAV_BAR, &target);

	feed(s, &provider);
	sav_never(s, 64599);
	feed_edge(s, 64501, 64510); /* a leak that no rule has seen */
	feed_edge(s, 64510, 64511);
	feed_edge(s, 64501, 64599);
	feed_edge(s, 64501, 64500);
	feed_edge(s, 64501, 64502);
	sav_walked(s, NULL, NULL);
	ck_assert_int_eq(sav_wants(s), SAV_WALK_ROUTES);
	sav_walked(s, NULL, NULL);
	ck_assert_ptr_nonnull(sav_member(s, 64502));
	ck_assert_uint_eq(sav_member(s, 64502)->provider, 64501);
	ck_assert_int_eq(sav_member(s, 64502)->why, SAV_BY_PATH);
	ck_assert_ptr_null(sav_member(s, 64510));
	ck_assert_ptr_null(sav_member(s, 64511));
	ck_assert_ptr_null(sav_member(s, 64599));
	ck_assert_ptr_null(sav_member(s, 64500));
	sav_free(s);
}
END_TEST

static bool
says(const struct sav_gaps *g, const char *what)
{
	for (unsigned i = 0; i < g->n; i++)
		if (strstr(g->text[i], what) != NULL)
			return true;
	return false;
}

static struct sav_gaps
gaps_of(const struct sav_session *session, enum rpki_state state, bool empty)
{
	static const struct sav_target target = { .asn = 64501 };
	struct sav *s = sav_new(SAV_BAR, &target);
	struct sav_fact f = { .piece = SAV_SESSION };
	struct sav_gaps g = { 0 };

	f.session = *session;
	feed(s, &f);
	f.piece = SAV_ROUTE;
	f.route.prefix = block(1, 24);
	f.route.origin = empty ? 64999 : 64501;
	f.route.seen = 0;
	while (feed(s, &f), sav_wants(s) != SAV_WALK_NONE)
		sav_walked(s, NULL, NULL);
	sav_gaps(s, state, &g);
	sav_free(s);
	return g;
}

START_TEST(what_is_missing_is_said)
{
	struct sav_session good = { .router = "r1",
		.asn = 64501,
		.local_as = 64500,
		.target = true,
		.customer = true,
		.relation_known = true,
		.router_up = true,
		.synced = true,
		.up = true,
		.heard = true },
			   x;
	struct sav_gaps g = gaps_of(&good, RPKI_WHOLE, false);

	ck_assert_uint_eq(g.n, 0);
	g = gaps_of(&good, RPKI_STALE, false);
	ck_assert(g.n == 1 && says(&g, "too old"));
	x = good, x.router_up = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "router r1 is away"));
	x = good, x.synced = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "not told all"));
	x = good, x.up = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "is down"));
	x = good, x.heard = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "not monitored"));
	x = good, x.customer = x.relation_known = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "taken for a customer") && !says(&g, "not monitored"));
	x.heard = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "taken for a customer") && says(&g, "not monitored"));
	x = good, x.target = false;
	g = gaps_of(&x, RPKI_WHOLE, false);
	ck_assert(says(&g, "no router has a session"));
	g = gaps_of(&good, RPKI_WHOLE, true);
	ck_assert(g.n == 1 && says(&g, "the list is empty"));
}
END_TEST

HARNESS_MAIN("sav")
{
	TEST(lists_are_as_defined);
	TEST(no_list_is_shorter);
	TEST(both_families_lie_apart);
	TEST(what_is_another_in_the_next_list);
	TEST(who_provides_for_us_is_not_behind);
	TEST(what_is_missing_is_said);
}

/* Bogons, black holes and their like, from bytes to findings: whatever the order in which the views
 * tell of a route and withdraw it, nothing is left. */
#include "tests/unit/support/findings_fixture.h"

enum { VIEWS_OF_A_ROUTE = 4, ORDERS = 24 };

static const uint32_t drop[] = { 0xffff029a }, keep[] = { 0xffffff01 };

static const struct {
	const char *prefix;
	uint32_t path[4];
	const uint32_t *community;
	bool covered;	    /* by a VRP of somebody else */
	unsigned in, rules; /* bit per view in which the rule is true: pre, post, Loc-RIB, out */
} routes[] = {
	{ "5bce:6e00::/23", { 64510, 64511 }, NULL, false, 15, 1 << RULE_BOGON_PREFIX },
	{ "10.1.0.0/16", { 64510, 64511 }, NULL, false, 15, 1 << RULE_BOGON_PREFIX },
	{ "20.0.0.0/25", { 64510, 64511 }, NULL, false, 11, 1 << RULE_TOO_SPECIFIC },
	{ "20.0.0.0/24", { 64510, 23456, 64511 }, NULL, false, 15, 1 << RULE_BOGON_ASN },
	{ "20.0.0.0/24", { 64511, 64505 }, NULL, false, 3, 1 << RULE_FIRST_AS },
	{ "20.0.0.0/24", { 64510, 64511 }, keep, false, 8, 1 << RULE_NO_EXPORT },
	{ "20.0.0.1/32", { 64510, 64511 }, drop, true, 14, 1 << RULE_BLACKHOLE },
	/* of nobody by VRPs: where it comes in the session says that a provider sends it */
	{ "20.0.0.1/32", { 64510, 64511 }, drop, false, 2, 1 << RULE_BLACKHOLE },
	{ "20.0.0.0/24", { 64510, 64511 }, NULL, false, 0, 0 },
};

/* The same route as a view has it: sent on, our AS is in front. */
static void
tell(struct fixture *w, unsigned row, unsigned view, bool announce)
{
	const struct bmp_peer_spec peers[VIEWS_OF_A_ROUTE] = { peer(64510, 0),
		peer(64510, BMP_FLAG_L), loc_rib(), peer(64501, BMP_FLAG_L | BMP_FLAG_O) };
	uint32_t path[5] = { 64500 };
	struct bgp_prefix_spec x = { .path_id = 0 };
	struct bgp_route_spec spec = { .as_path = view == 3 ? path : path + 1,
		.as_path_n = view == 3,
		.communities = routes[row].community,
		.communities_n = routes[row].community != NULL };
	uint8_t bgp[1024], buf[2048];
	size_t n;

	memcpy(path + 1, routes[row].path, sizeof(routes[row].path));
	for (unsigned k = 0; k < 4 && routes[row].path[k] != 0; k++)
		spec.as_path_n++;
	ck_assert(ip_prefix_parse(routes[row].prefix, true, &x.prefix));
	spec.next_hop.family = x.prefix.family;
	n = announce ? bgp_write_update(bgp, sizeof(bgp), &spec, &x, 1, NULL, 0, false)
		     : bgp_write_update(bgp, sizeof(bgp), &spec, NULL, 0, &x, 1, false);
	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peers[view], bgp, n));
}

/* What is in force from now on: one VRP of somebody who has nothing to do with the routes, of the
 * space above the black hole or another one; or, prefix NULL, none. */
static void
give_vrps(struct fixture *w, struct vrp_set **held, const char *prefix)
{
	struct vrp v = { .max_len = 24, .asn = 64496 };
	struct vrp_list l = { 0 };
	struct vrp_set *next;
	struct vrp_delta d;

	if (prefix != NULL) {
		ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
		ck_assert(vrp_list_add(&l, &v));
		vrp_list_sort_unique(&l);
	}
	next = vrp_set_new(&l, 1);
	ck_assert(vrp_delta_between(*held, next, &d));
	engine_set_rpki(w->engine, next, vrp_cover_new(&d), REASON_RPKI);
	work(w);
	vrp_delta_free(&d);
	vrp_list_free(&l);
	vrp_set_unref(*held);
	*held = next;
}

static void
order_of(unsigned n, unsigned out[VIEWS_OF_A_ROUTE])
{
	unsigned left[VIEWS_OF_A_ROUTE] = { 0, 1, 2, 3 };

	for (unsigned i = 0, size = VIEWS_OF_A_ROUTE; i < VIEWS_OF_A_ROUTE; i++, size--) {
		unsigned at = n % size;

		n /= size;
		out[i] = left[at];
		memmove(left + at, left + at + 1, (size - at - 1) * sizeof(*left));
	}
}

/* What is true now in a view, by the last finding of it. */
static unsigned
rules_in(const struct fixture *w, unsigned view)
{
	static const uint8_t views[] = { VIEW_IN_PRE, VIEW_IN_POST, VIEW_LOC_RIB, VIEW_OUT_POST };

	for (unsigned k = w->findings_n; k-- > 0;)
		if (w->findings[k].view == views[view])
			return w->findings[k].rules;
	return 0;
}

START_TEST(any_order_ends_with_nothing)
{
	unsigned come[VIEWS_OF_A_ROUTE], go[VIEWS_OF_A_ROUTE];
	struct vrp_set *held = NULL;
	struct fixture w;

	setup(&w);
	start(&w);
	give_vrps(&w, &held, routes[_i].covered ? "20.0.0.0/16" : "30.0.0.0/16");
	for (unsigned a = 0; a < ORDERS; a++)
		for (unsigned b = 0; b < ORDERS; b++) {
			w.findings_n = w.on = w.off = 0;
			order_of(a, come);
			order_of(b, go);
			for (unsigned k = 0; k < VIEWS_OF_A_ROUTE; k++)
				tell(&w, (unsigned)_i, come[k], true);
			for (unsigned v = 0; v < VIEWS_OF_A_ROUTE; v++)
				require((rules_in(&w, v) & routes[_i].rules) ==
					    (routes[_i].in >> v & 1 ? routes[_i].rules : 0),
				    "view %u of %s", v, routes[_i].prefix);
			for (unsigned k = 0; k < VIEWS_OF_A_ROUTE; k++)
				tell(&w, (unsigned)_i, go[k], false);
			require(w.on == w.off, "%u and %u", w.on, w.off);
			for (unsigned v = 0; v < VIEWS_OF_A_ROUTE; v++)
				require(rules_in(&w, v) == 0, "view %u is left", v);
		}
	teardown(&w);
	vrp_set_unref(held);
}
END_TEST

/* Whether VRPs or the black hole come first, and whether they were there before: the same is
 * true. */
START_TEST(black_hole_and_vrps_in_any_order)
{
	enum { HOLE = 6 };
	struct vrp_set *held = NULL;
	struct fixture w;

	setup(&w);
	start(&w);
	tell(&w, HOLE, 1, true);
	ck_assert_uint_eq(rules_in(&w, 1), 0); /* nobody knows whose it is */
	give_vrps(&w, &held, "30.0.0.0/16");
	ck_assert_uint_eq(rules_in(&w, 1), 1U << RULE_BLACKHOLE); /* not theirs, by any VRP */
	give_vrps(&w, &held, "20.0.0.0/16");
	ck_assert_uint_eq(rules_in(&w, 1), 1U << RULE_BLACKHOLE | 1U << RULE_ROV_ASN);
	tell(&w, HOLE, 1, false);
	ck_assert_uint_eq(rules_in(&w, 1), 0);
	tell(&w, HOLE, 1, true);
	ck_assert_uint_eq(rules_in(&w, 1), 1U << RULE_BLACKHOLE | 1U << RULE_ROV_ASN);
	give_vrps(&w, &held, NULL);
	ck_assert_uint_eq(rules_in(&w, 1), 0);
	teardown(&w);
	vrp_set_unref(held);
}
END_TEST

/* Whose doing it is, where it is not the origin's. */
START_TEST(who_did_it)
{
	struct fixture w;

	setup(&w);
	start(&w);
	tell(&w, 4, 0, true);
	ck_assert_uint_eq(w.findings[0].leaker_as, 64510);
	tell(&w, 5, 3, true);
	ck_assert_uint_eq(w.findings[1].rules, 1U << RULE_NO_EXPORT);
	ck_assert(w.findings[1].by_us);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("syntax_findings")
{
	TIMEOUT(120);
	ROWS(any_order_ends_with_nothing, routes);
	TEST(black_hole_and_vrps_in_any_order);
	TEST(who_did_it);
}

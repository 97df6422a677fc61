/* Whose routes a rule looks at: all, those of customers and ours, ours only. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"

enum {
	US = 64500,
	CUSTOMER = 64501,
	BY_ROLE = 64502,
	CLIENT = 64503,
	PROVIDER = 64510,
	OTHER = 64666
};

enum {
	ASN = 1 << RULE_ROV_ASN,
	OTC = 1 << RULE_LEAK_OTC,
	EXACT = 1 << RULE_HIJACK_EXACT,
	ALL_OF_THEM = ASN | OTC | EXACT,
};
enum { IN = BMP_VIEW_IN_PRE, LOC = BMP_VIEW_LOC_RIB, OUT = BMP_VIEW_OUT_POST };

static const uint32_t own_as[] = { US };

static struct detect *
made(enum whose whose, bool own_known)
{
	static const struct detect_neighbor neighbors[] = {
		{ .has_asn = true, .asn = CUSTOMER, .relation = NEIGHBOR_CUSTOMER },
		{ .has_asn = true, .asn = CLIENT, .relation = NEIGHBOR_RS_CLIENT },
		{ .has_asn = true, .asn = PROVIDER, .relation = NEIGHBOR_PROVIDER },
	};
	struct detect_own own = { .max_length = 24 };
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = own_known,
		.own = &own,
		.own_n = 1,
		.neighbors = neighbors,
		.neighbors_n = 3 };

	memset(c.whose, (int)whose, sizeof(c.whose));
	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &own.prefix));
	return detect_new(&c, 1);
}

/* A router that knows a customer by the roles of its session. */
static bool
has_customer(void *router, uint32_t asn)
{
	(void)router;
	return asn == BY_ROLE;
}

static const struct {
	const char *what, *prefix;
	uint32_t path[3]; /* the last is the origin */
	uint32_t remote;
	uint8_t view, relation;
	unsigned own, customers; /* rules that are left of all three */
} routes[] = {
	{ "a stranger's, from a provider", "198.51.100.0/24", { PROVIDER, OTHER }, PROVIDER, IN,
	    NEIGHBOR_PROVIDER, 0, 0 },
	{ "of an own prefix", "203.0.113.0/24", { PROVIDER, OTHER }, PROVIDER, IN,
	    NEIGHBOR_PROVIDER, ALL_OF_THEM, ALL_OF_THEM },
	{ "inside an own prefix", "203.0.113.128/25", { PROVIDER, OTHER }, PROVIDER, IN,
	    NEIGHBOR_PROVIDER, ALL_OF_THEM, ALL_OF_THEM },
	{ "around an own prefix", "203.0.112.0/22", { PROVIDER, OTHER }, PROVIDER, IN,
	    NEIGHBOR_PROVIDER, 0, 0 },
	{ "originated by us", "198.51.100.0/24", { US }, PROVIDER, OUT, NEIGHBOR_PROVIDER,
	    ALL_OF_THEM, ALL_OF_THEM },
	{ "originated by us, from a provider", "198.51.100.0/24", { PROVIDER, US }, PROVIDER, IN,
	    NEIGHBOR_PROVIDER, ALL_OF_THEM, ALL_OF_THEM },
	{ "from a customer", "198.51.100.0/24", { CUSTOMER, OTHER }, CUSTOMER, IN,
	    NEIGHBOR_CUSTOMER, 0, ALL_OF_THEM },
	{ "from a customer, in use", "198.51.100.0/24", { CUSTOMER, OTHER }, US, LOC,
	    NEIGHBOR_UNKNOWN, 0, ALL_OF_THEM },
	{ "from a customer by its role, in use", "198.51.100.0/24", { BY_ROLE, OTHER }, US, LOC,
	    NEIGHBOR_UNKNOWN, 0, ALL_OF_THEM },
	{ "from a customer that hides its AS", "198.51.100.0/24", { OTHER }, BY_ROLE, IN,
	    NEIGHBOR_CUSTOMER, 0, ALL_OF_THEM },
	{ "from a client of ours", "198.51.100.0/24", { CLIENT, OTHER }, CLIENT, IN,
	    NEIGHBOR_RS_CLIENT, 0, ALL_OF_THEM },
	{ "originated by a customer", "198.51.100.0/24", { PROVIDER, CUSTOMER }, PROVIDER, IN,
	    NEIGHBOR_PROVIDER, 0, ALL_OF_THEM },
	{ "behind a customer of somebody else's", "198.51.100.0/24", { PROVIDER, CUSTOMER, OTHER },
	    PROVIDER, IN, NEIGHBOR_PROVIDER, 0, 0 },
	/* what goes out and did not come in as a leak is our doing */
	{ "from a customer, passed on", "198.51.100.0/24", { US, CUSTOMER, OTHER }, PROVIDER, OUT,
	    NEIGHBOR_PROVIDER, OTC, ALL_OF_THEM },
	{ "a stranger's, passed on", "198.51.100.0/24", { US, OTHER }, PROVIDER, OUT,
	    NEIGHBOR_PROVIDER, OTC, OTC },
	{ "to a customer", "198.51.100.0/24", { US, OTHER }, CUSTOMER, OUT, NEIGHBOR_CUSTOMER, OTC,
	    OTC },
};

/* The rules that d leaves of all three, were they true of row i. */
static unsigned
left(const struct detect *d, unsigned i, uint16_t inherited)
{
	uint8_t path[2 + 4 * 3] = { 2 };
	struct ip_prefix prefix;
	struct route_facts f = { .prefix = &prefix,
		.view = routes[i].view,
		.relation = routes[i].relation,
		.local_as = US,
		.remote_as = routes[i].remote,
		.has_origin = true,
		.inherited = inherited,
		.has_customer = has_customer };

	for (unsigned k = 0; k < 3 && routes[i].path[k] != 0; k++) {
		f.origin = routes[i].path[k];
		path[1]++;
		path[2 + 4 * k + 2] = (uint8_t)(f.origin >> 8);
		path[2 + 4 * k + 3] = (uint8_t)f.origin;
	}
	f.as_path = cur_of(path, 2U + 4U * path[1]);
	ck_assert(ip_prefix_parse(routes[i].prefix, true, &prefix));
	return detect_admitted(d, &f, ALL_OF_THEM);
}

START_TEST(whose)
{
	const unsigned expected[WHOSES] = { ALL_OF_THEM, routes[_i].customers, routes[_i].own };

	for (unsigned w = 0; w < WHOSES; w++)
		for (int own_known = 0; own_known < 2; own_known++) {
			struct detect *d = made((enum whose)w, own_known);

			ck_assert_msg(left(d, (unsigned)_i, 0) == expected[w], "%s, for %s: %x",
			    routes[_i].what, whose_name((uint8_t)w), left(d, (unsigned)_i, 0));
			ck_assert(detect_wants_paths(d) == (w == WHOSE_CUSTOMERS));
			detect_free(d);
		}
}
END_TEST

/* A leak that came in as one is not ours for being passed on. */
START_TEST(leaks_of_others_passed_on)
{
	struct detect *d = made(WHOSE_OWN, true);

	for (unsigned i = 0; i < sizeof(routes) / sizeof(*routes); i++)
		if (routes[i].view == OUT && routes[i].path[1] != 0)
			ck_assert_uint_eq(left(d, i, OTC), 0);
	detect_free(d);
}
END_TEST

HARNESS_MAIN("whose")
{
	ROWS(whose, routes);
	TEST(leaks_of_others_passed_on);
}

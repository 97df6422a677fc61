/* The rules on facts of one route, and what an AS path says by itself. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"
#include "tests/unit/support/as_paths.h"

static const uint32_t own_as[] = { 64500, 64498 }, members[] = { 65001, 65002 },
		      own_siblings[] = { 64499 }, provider_free[] = { 174, 1299, 2914, 3356, 4134 },
		      lumen[] = { 3356, 3549, 209 }, ntt[] = { 2914, 4713 },
		      listed[] = { 64500, 65010 }, other[] = { 64511 };
static const struct detect_siblings siblings[] = { { lumen, 3 }, { ntt, 2 } };
static const struct detect_community blackholes[] = { { 2, { 64500, 666, 0 } },
	{ 3, { 64500, 0, 666 } } };
static const char *const vrfs[] = { "internet", "64500:7" };

/* with: what it has beside, of off and exceptions. */
static struct detect *
made_with(bool confederation, const struct detect_config *with)
{
	struct detect_own own[5] = { { .has_max_length = true, .max_length = 24 },
		{ .origins = listed, .origins_n = 2 }, { .origins = NULL },
		{ .origins = other, .origins_n = 1 },
		{ .has_max_length = true, .max_length = 48 } };
	static const char *const prefixes[] = { "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24",
		"192.0.2.0/24", "2001:db8::/32" };
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = 2,
		.confederation = members,
		.confederation_n = confederation ? 2 : 0,
		.own_siblings = own_siblings,
		.own_siblings_n = 1,
		.blackholes = blackholes,
		.blackholes_n = 2,
		.provider_free = provider_free,
		.provider_free_n = 5,
		.siblings = siblings,
		.siblings_n = 2,
		.vrfs = vrfs,
		.vrfs_n = 2,
		.own = own,
		.own_n = 5,
		.today = with->today,
		.off = with->off,
		.off_n = with->off_n,
		.exceptions = with->exceptions,
		.exceptions_n = with->exceptions_n };

	for (int i = 0; i < 5; i++)
		ck_assert(ip_prefix_parse(prefixes[i], true, &own[i].prefix));
	return detect_new(&c, 1);
}

static struct detect *
made(bool confederation)
{
	return made_with(confederation, &(struct detect_config){ 0 });
}

/* --- the neighbour by its number */

static const struct {
	bool confederation;
	uint32_t local, remote;
	enum relation relation;
} sessions[] = {
	{ false, 64500, 64500, NEIGHBOR_INTERNAL },
	{ false, 64777, 64777, NEIGHBOR_INTERNAL }, /* whatever the configuration says is ours */
	{ false, 64500, 64498, NEIGHBOR_INTERNAL }, /* both ours */
	{ false, 0, 64498, NEIGHBOR_INTERNAL },
	{ false, 64777, 64500, NEIGHBOR_UNKNOWN }, /* somebody else's router */
	{ false, 65001, 65002, NEIGHBOR_UNKNOWN },
	{ true, 65001, 65002, NEIGHBOR_INTERNAL },
	{ true, 64500, 65002, NEIGHBOR_INTERNAL },
	{ false, 64500, 64510, NEIGHBOR_UNKNOWN },
	{ false, 0, 0, NEIGHBOR_UNKNOWN },
	{ false, 64500, 12654, NEIGHBOR_COLLECTOR },
	{ false, 64500, 6447, NEIGHBOR_COLLECTOR },
	{ false, 12654, 12654, NEIGHBOR_INTERNAL },
};

START_TEST(what_a_neighbour_is_by_its_number)
{
	struct detect *d = made(sessions[_i].confederation);

	ck_assert_int_eq(detect_relation_by_as(d, sessions[_i].local, sessions[_i].remote),
	    sessions[_i].relation);
	detect_free(d);
}
END_TEST

/* --- origin of what comes from within */

static const struct {
	uint32_t session_as;
	bool members_named, by_confederation, known;
	uint32_t origin;
} locals[] = {
	{ 64500, false, false, true, 64500 },
	{ 64498, false, false, true, 64498 }, /* of ours it stays the one it is */
	{ 64777, false, false, false, 0 },    /* private: seen by nobody */
	{ 4200000001, false, false, false, 0 },
	{ 3356, false, false, true, 3356 }, /* somebody else's Loc-RIB */
	{ 0, false, false, false, 0 },
	{ 65001, false, false, false, 0 },
	{ 65001, true, false, true, 64500 }, /* a member stands for its confederation */
	{ 65001, false, true, true, 64500 }, /* confederation segments say that it is one */
	{ 0, false, true, true, 64500 },
	{ 64498, true, true, true, 64498 },
};

START_TEST(origin_of_what_comes_from_within)
{
	struct detect *d = made(locals[_i].members_named);
	uint32_t origin;
	bool known =
	    detect_local_origin(d, locals[_i].session_as, locals[_i].by_confederation, &origin);

	ck_assert(known == locals[_i].known);
	if (known)
		ck_assert_uint_eq(origin, locals[_i].origin);
	detect_free(d);
}
END_TEST

/* Nothing is configured: an AS that everybody sees is taken at its word, another is not. */
START_TEST(origin_without_configuration)
{
	struct detect_config none = { 0 };
	struct detect *d = detect_new(&none, 1);
	uint32_t origin;

	ck_assert(detect_local_origin(d, 64500, true, &origin) && origin == 64500);
	ck_assert(!detect_local_origin(d, 65001, true, &origin));
	ck_assert(!detect_local_origin(d, 0, true, &origin));
	ck_assert(detect_may_be_member(d, 64510));
	detect_free(d);
}
END_TEST

START_TEST(members_and_tables)
{
	struct detect *d = made(true);

	ck_assert(detect_may_be_member(d, 65001) && detect_may_be_member(d, 64500));
	ck_assert(!detect_may_be_member(d, 64510));
	ck_assert(detect_judges_vrf(d, "internet", "64500:1"));
	ck_assert(detect_judges_vrf(d, "", "64500:7"));
	ck_assert(!detect_judges_vrf(d, "red", "64500:1"));
	ck_assert(!detect_judges_vrf(d, "", "64500:1"));
	detect_free(d);
}
END_TEST

START_TEST(blackhole_communities)
{
	static const uint8_t rfc7999[] = { 0, 1, 0, 2, 0xff, 0xff, 0x02, 0x9a },
			     ours[] = { 0xfb, 0xf4, 0x02, 0x9a }, no[] = { 0xfb, 0xf4, 0x02, 0x9b },
			     large[] = { 0, 0, 0xfb, 0xf4, 0, 0, 0, 0, 0, 0, 0x02, 0x9a };
	struct detect *d = made(false);
	struct cursor none = cur_of("", 0);

	ck_assert(detect_is_blackhole(d, cur_of(rfc7999, sizeof(rfc7999)), none));
	ck_assert(detect_is_blackhole(d, cur_of(ours, sizeof(ours)), none));
	ck_assert(detect_is_blackhole(d, none, cur_of(large, sizeof(large))));
	ck_assert(!detect_is_blackhole(d, cur_of(no, sizeof(no)), none));
	ck_assert(!detect_is_blackhole(d, none, none));
	ck_assert(!detect_is_blackhole(d, cur_of(rfc7999, 5), cur_of(large, 11)));
	detect_free(d);
}
END_TEST

/* --- rules */

enum {
	ASN = 1 << RULE_ROV_ASN,
	LENGTH = 1 << RULE_ROV_LENGTH,
	OTC = 1 << RULE_LEAK_OTC,
	PEERLOCK = 1 << RULE_LEAK_PEERLOCK,
	EXACT = 1 << RULE_HIJACK_EXACT,
	SPECIFIC = 1 << RULE_HIJACK_SPECIFIC,
	TOO_LONG = 1 << RULE_OWN_SPECIFIC,
	FIRST_AS = 1 << RULE_FIRST_AS,
	SET = 1 << RULE_AS_SET
};
enum {
	IN = BMP_VIEW_IN_PRE,
	LOC = BMP_VIEW_LOC_RIB,
	OUT_PRE = BMP_VIEW_OUT_PRE,
	OUT = BMP_VIEW_OUT_POST
};
enum { NO_ROV, BAD_ASN, BAD_LENGTH };
enum { LOCAL = 1, UNKNOWN = 2, DROP = 4, NO_ORIGIN = 8 };

static const struct {
	const char *what;
	const char *prefix, *path;
	unsigned view, relation, remote, rov, flags, rules;
} routes[] = {
	/* whose routes: the session decides */
	{ "invalid from a provider", "20.0.0.0/24", "64510 64666", IN, NEIGHBOR_PROVIDER, 64510,
	    BAD_ASN, 0, ASN },
	{ "the same by iBGP", "20.0.0.0/24", "64510 64666", IN, NEIGHBOR_INTERNAL, 64500, BAD_ASN,
	    0, ASN },
	{ "passed on to a peer", "20.0.0.0/24", "64500 64666", OUT, NEIGHBOR_PEER, 64520, BAD_ASN,
	    0, ASN },
	{ "to our own reflector", "20.0.0.0/24", "64666", OUT, NEIGHBOR_INTERNAL, 64500, BAD_ASN, 0,
	    0 },
	{ "to a route collector", "20.0.0.0/24", "64500 64666", OUT, NEIGHBOR_COLLECTOR, 12654,
	    BAD_ASN, 0, 0 },
	{ "a hijack to our own reflector", "203.0.113.0/24", "64666", OUT, NEIGHBOR_INTERNAL, 64500,
	    NO_ROV, 0, 0 },
	{ "a hijack by iBGP", "203.0.113.0/24", "64510 64666", IN, NEIGHBOR_INTERNAL, 64500, NO_ROV,
	    0, EXACT },
	/* more-specifics of our own */
	{ "in Loc-RIB", "203.0.113.7/32", "", LOC, NEIGHBOR_UNKNOWN, 64500, BAD_LENGTH, LOCAL, 0 },
	{ "by iBGP", "203.0.113.7/32", "", IN, NEIGHBOR_INTERNAL, 64500, BAD_LENGTH, LOCAL, 0 },
	{ "before the export policy", "203.0.113.7/32", "64500", OUT_PRE, NEIGHBOR_PEER, 64520,
	    BAD_LENGTH, 0, 0 },
	{ "to a peer", "203.0.113.7/32", "64500", OUT, NEIGHBOR_PEER, 64520, BAD_LENGTH, 0,
	    LENGTH | TOO_LONG },
	{ "seen from outside", "203.0.113.7/32", "64510 64500", IN, NEIGHBOR_UNKNOWN, 64510,
	    BAD_LENGTH, 0, LENGTH | TOO_LONG },
	{ "to our own reflector", "203.0.113.7/32", "", OUT, NEIGHBOR_INTERNAL, 64500, BAD_LENGTH,
	    LOCAL, 0 },
	{ "as long as it may be", "203.0.113.0/24", "64510 64500", IN, NEIGHBOR_UNKNOWN, 64510,
	    NO_ROV, 0, 0 },
	{ "of an own prefix without max_length", "198.51.100.64/26", "64510 64500", IN,
	    NEIGHBOR_UNKNOWN, 64510, NO_ROV, 0, 0 },
	{ "too long, IPv6", "2001:db8:1:1::/64", "64500", OUT, NEIGHBOR_PROVIDER, 64510, NO_ROV, 0,
	    TOO_LONG },
	{ "somebody else's too long in Loc-RIB", "20.0.0.7/32", "64510 64666", LOC,
	    NEIGHBOR_UNKNOWN, 64500, BAD_LENGTH, 0, LENGTH },
	{ "ours by a wrong ROA, in Loc-RIB", "203.0.113.0/24", "", LOC, NEIGHBOR_UNKNOWN, 64500,
	    BAD_ASN, LOCAL, ASN },
	{ "a link under a customer's ROA, in Loc-RIB", "20.0.0.4/30", "", LOC, NEIGHBOR_UNKNOWN,
	    64500, BAD_ASN, LOCAL, 0 },
	{ "the same to a peer", "20.0.0.4/30", "64500", OUT, NEIGHBOR_PEER, 64520, BAD_ASN, 0,
	    ASN },
	{ "somebody else's link in Loc-RIB", "20.0.0.4/30", "64510 64666", LOC, NEIGHBOR_UNKNOWN,
	    64500, BAD_ASN, 0, ASN },
	/* who may originate */
	{ "an own AS, not the first", "203.0.113.0/24", "64510 64498", IN, NEIGHBOR_UNKNOWN, 64510,
	    NO_ROV, 0, 0 },
	{ "a sibling", "203.0.113.0/24", "64510 64499", IN, NEIGHBOR_UNKNOWN, 64510, NO_ROV, 0, 0 },
	{ "a sibling where others are listed", "198.51.100.0/24", "64510 64499", IN,
	    NEIGHBOR_UNKNOWN, 64510, NO_ROV, 0, 0 },
	{ "a stranger", "203.0.113.0/24", "64510 64666", IN, NEIGHBOR_UNKNOWN, 64510, NO_ROV, 0,
	    EXACT },
	{ "a set", "203.0.113.0/25", "64510 {64500,64666}", IN, NEIGHBOR_UNKNOWN, 64510, NO_ROV,
	    NO_ORIGIN, SPECIFIC | SET },
	{ "nobody knows", "203.0.113.0/24", "", LOC, NEIGHBOR_UNKNOWN, 0, NO_ROV, UNKNOWN, 0 },
	{ "listed twice: ours", "192.0.2.0/24", "64510 64500", IN, NEIGHBOR_UNKNOWN, 64510, NO_ROV,
	    0, 0 },
	{ "listed twice: the other", "192.0.2.0/24", "64510 64511", IN, NEIGHBOR_UNKNOWN, 64510,
	    NO_ROV, 0, 0 },
	{ "listed twice: a stranger", "192.0.2.128/25", "64510 64666", IN, NEIGHBOR_UNKNOWN, 64510,
	    NO_ROV, 0, SPECIFIC },
	{ "a site with a private AS", "198.51.100.0/24", "65010", IN, NEIGHBOR_UNKNOWN, 65010,
	    BAD_ASN, 0, 0 },
	{ "its AS on the way out", "198.51.100.0/24", "64500 65010", OUT, NEIGHBOR_PEER, 64520,
	    BAD_ASN, 0, ASN },
	{ "a private AS that is not listed", "203.0.113.0/24", "65010", IN, NEIGHBOR_UNKNOWN, 65010,
	    BAD_ASN, 0, ASN | EXACT },
	/* traffic to be dropped */
	{ "our host route", "203.0.113.7/32", "64500", OUT, NEIGHBOR_PROVIDER, 64510, BAD_LENGTH,
	    DROP, 0 },
	{ "a customer's", "20.0.0.7/32", "64501", IN, NEIGHBOR_CUSTOMER, 64501, BAD_LENGTH, DROP,
	    0 },
	{ "a customer's of somebody else's", "20.0.0.7/32", "64501", IN, NEIGHBOR_CUSTOMER, 64501,
	    BAD_ASN, DROP, ASN },
	{ "a stranger's of ours", "203.0.113.7/32", "64510 64666", IN, NEIGHBOR_UNKNOWN, 64510,
	    BAD_ASN, DROP, ASN | SPECIFIC },
	/* networks without providers */
	{ "behind a customer", "20.0.0.0/24", "64501 1299 64511", IN, NEIGHBOR_CUSTOMER, 64501,
	    NO_ROV, 0, PEERLOCK },
	{ "a customer that is one", "20.0.0.0/24", "4134 4134 64511", IN, NEIGHBOR_CUSTOMER, 4134,
	    NO_ROV, 0, 0 },
	{ "a customer that is one, with another", "20.0.0.0/24", "4134 3356 64511", IN,
	    NEIGHBOR_CUSTOMER, 4134, NO_ROV, 0, PEERLOCK },
	{ "a customer of such an organisation", "20.0.0.0/24", "209 3356 64511", IN,
	    NEIGHBOR_CUSTOMER, 209, NO_ROV, 0, 0 },
	{ "a customer that hides its AS", "20.0.0.0/24", "3356 64511", IN, NEIGHBOR_CUSTOMER, 64501,
	    NO_ROV, 0, PEERLOCK | FIRST_AS },
	{ "a peer that is one", "20.0.0.0/24", "1299 64511", IN, NEIGHBOR_PEER, 1299, NO_ROV, 0,
	    0 },
	{ "a peer that is one, with another", "20.0.0.0/24", "1299 3356 64511", IN, NEIGHBOR_PEER,
	    1299, NO_ROV, 0, PEERLOCK },
	{ "behind a provider", "20.0.0.0/24", "64510 1299 64511", IN, NEIGHBOR_PROVIDER, 64510,
	    NO_ROV, 0, 0 },
	{ "a sandwich behind a provider", "20.0.0.0/24", "64510 1299 64666 3356 64511", IN,
	    NEIGHBOR_PROVIDER, 64510, NO_ROV, 0, PEERLOCK },
	{ "siblings behind a provider", "20.0.0.0/24", "1299 3549 3356 64511", IN,
	    NEIGHBOR_PROVIDER, 1299, NO_ROV, 0, 0 },
	{ "by iBGP what is behind a customer of another router", "20.0.0.0/24", "64501 1299 64511",
	    IN, NEIGHBOR_INTERNAL, 64500, NO_ROV, 0, 0 },
	{ "a member of a route server", "20.0.0.0/24", "4134 64511", IN, NEIGHBOR_RS, 64600, NO_ROV,
	    0, 0 },
	{ "behind a member", "20.0.0.0/24", "64511 4134 64512", IN, NEIGHBOR_RS, 64600, NO_ROV, 0,
	    PEERLOCK },
	{ "a member of a route server in the path", "20.0.0.0/24", "64600 4134 64511", IN,
	    NEIGHBOR_RS, 64600, NO_ROV, 0, 0 },
	{ "behind a member of such a server", "20.0.0.0/24", "64600 64511 4134", IN, NEIGHBOR_RS,
	    64600, NO_ROV, 0, PEERLOCK },
};

/* Facts of row i, judged by d. */
static unsigned
judged(const struct detect *d, unsigned i)
{
	static const struct rov_result rov[] = { { ROV_NOT_FOUND, ROV_REASON_NONE },
		{ ROV_INVALID, ROV_REASON_ASN }, { ROV_INVALID, ROV_REASON_LENGTH } };
	struct route_facts f = { .view = (uint8_t)routes[i].view,
		.relation = (uint8_t)routes[i].relation,
		.remote_as = routes[i].remote,
		.local_as = 64500,
		.rov = rov[routes[i].rov],
		.local_origin = routes[i].flags & (LOCAL | UNKNOWN),
		.origin_unknown = routes[i].flags & UNKNOWN,
		.blackhole = routes[i].flags & DROP,
		.has_origin = !(routes[i].flags & (UNKNOWN | NO_ORIGIN)) };
	const char *last = strrchr(routes[i].path, ' ');
	struct ip_prefix prefix;
	uint8_t buf[256];

	ck_assert(ip_prefix_parse(routes[i].prefix, true, &prefix));
	f.prefix = &prefix;
	f.as_path = path_of(routes[i].path, buf, sizeof(buf));
	f.path = detect_path(d, f.as_path);
	f.origin = f.local_origin
		       ? 64500
		       : (uint32_t)strtoul(last != NULL ? last + 1 : routes[i].path, NULL, 10);
	return detect_route(d, &f);
}

START_TEST(rules)
{
	struct detect *d = made(false);

	ck_assert_msg(judged(d, (unsigned)_i) == routes[_i].rules, "%s: %s by \"%s\": %x",
	    routes[_i].what, routes[_i].prefix, routes[_i].path, judged(d, (unsigned)_i));
	detect_free(d);
}
END_TEST

/* A rule that is off is true of nothing; the others are what they were. */
START_TEST(rule_off)
{
	static const uint8_t off[] = { RULE_HIJACK_EXACT, RULE_LEAK_PEERLOCK };
	struct detect *d =
	    made_with(false, &(struct detect_config){ .off = off, .off_n = sizeof(off) });

	ck_assert_uint_eq(
	    judged(d, (unsigned)_i), routes[_i].rules & ~(unsigned)(EXACT | PEERLOCK));
	detect_free(d);
}
END_TEST

/* --- exceptions */

static const struct {
	const char *what;
	struct detect_exception x;
	const char *prefix; /* of the exception, or NULL */
	const char *route;  /* name of the row above */
	unsigned rules;	    /* that are left */
} exceptions[] = {
	{ "the prefix", { .why = "" }, "20.0.0.0/24", "invalid from a provider", 0 },
	{ "above it", { .why = "" }, "20.0.0.0/8", "invalid from a provider", 0 },
	{ "everything", { .why = "" }, "0.0.0.0/0", "invalid from a provider", 0 },
	{ "below it", { .why = "" }, "20.0.0.0/25", "invalid from a provider", ASN },
	{ "beside it", { .why = "" }, "20.0.1.0/24", "invalid from a provider", ASN },
	{ "of another family", { .why = "" }, "::/0", "invalid from a provider", ASN },
	{ "IPv6", { .why = "" }, "2001:db8:1::/48", "too long, IPv6", 0 },
	{ "the origin", { .has_origin = true, .origin = 64666 }, NULL, "invalid from a provider",
	    0 },
	{ "another origin", { .has_origin = true, .origin = 64510 }, NULL,
	    "invalid from a provider", ASN },
	{ "no origin", { .has_origin = true, .origin = 0 }, NULL, "a set", SPECIFIC | SET },
	{ "the neighbor", { .has_neighbor = true, .neighbor = 64510 }, NULL,
	    "invalid from a provider", 0 },
	{ "another neighbor", { .has_neighbor = true, .neighbor = 64666 }, NULL,
	    "invalid from a provider", ASN },
	{ "of the neighbor, in Loc-RIB", { .has_neighbor = true, .neighbor = 64510 }, NULL,
	    "somebody else's link in Loc-RIB", 0 },
	{ "of the neighbor, by iBGP", { .has_neighbor = true, .neighbor = 64510 }, NULL,
	    "the same by iBGP", 0 },
	{ "to the neighbor", { .has_neighbor = true, .neighbor = 64520 }, NULL,
	    "passed on to a peer", 0 },
	{ "the rule", { .has_rule = true, .rule = RULE_ROV_ASN }, "203.0.113.0/24",
	    "a private AS that is not listed", EXACT },
	{ "another rule", { .has_rule = true, .rule = RULE_LEAK_OTC }, "203.0.113.0/24",
	    "a private AS that is not listed", ASN | EXACT },
	{ "all that is named",
	    { .has_origin = true, .origin = 64666, .has_neighbor = true, .neighbor = 64510 },
	    "20.0.0.0/16", "invalid from a provider", 0 },
	{ "one of them not",
	    { .has_origin = true, .origin = 64666, .has_neighbor = true, .neighbor = 64511 },
	    "20.0.0.0/16", "invalid from a provider", ASN },
	{ "on its last day", { .has_until = true, .until = 20000 }, "20.0.0.0/16",
	    "invalid from a provider", 0 },
	{ "behind it", { .has_until = true, .until = 19999 }, "20.0.0.0/16",
	    "invalid from a provider", ASN },
};

START_TEST(exception)
{
	struct detect_exception x[3] = { exceptions[_i].x,
		{ .has_rule = true, .rule = RULE_OWN_SPECIFIC, .has_prefix = true },
		{ .has_rule = true, .rule = RULE_ROV_LENGTH, .has_origin = true, .origin = 7 } };
	struct detect_config c = { .today = 20000, .exceptions = x, .exceptions_n = 3 };
	struct detect *d;
	unsigned row = 0;

	if ((x[0].has_prefix = exceptions[_i].prefix != NULL))
		ck_assert(ip_prefix_parse(exceptions[_i].prefix, true, &x[0].prefix));
	ck_assert(ip_prefix_parse("20.0.0.0/16", true, &x[1].prefix));
	d = made_with(false, &c);
	while (strcmp(routes[row].what, exceptions[_i].route) != 0)
		row++;
	ck_assert_msg(
	    judged(d, row) == exceptions[_i].rules, "%s: %x", exceptions[_i].what, judged(d, row));
	ck_assert(detect_wants_paths(d) == x[0].has_neighbor);
	detect_free(d);
}
END_TEST

/* The next one that ends says when to look again. */
START_TEST(exceptions_end)
{
	struct detect_exception x[] = { { .has_origin = true, .origin = 1 },
		{ .has_origin = true, .origin = 2, .has_until = true, .until = 110 },
		{ .has_origin = true, .origin = 3, .has_until = true, .until = 105 },
		{ .has_origin = true, .origin = 4, .has_until = true, .until = 99 } };
	static const uint32_t days[][2] = { { 100, 106 }, { 105, 106 }, { 106, 111 },
		{ 111, UINT32_MAX } };

	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		struct detect_config c = {
			.today = days[i][0], .exceptions = x, .exceptions_n = 4
		};
		struct detect *d = detect_new(&c, 1);

		ck_assert_uint_eq(detect_good_before(d), days[i][1]);
		detect_free(d);
	}
}
END_TEST

/* What stays true while origin validation stands still does not for an exception. */
START_TEST(admitted)
{
	static const uint8_t off[] = { RULE_ROV_LENGTH };
	struct detect_exception x = { .has_origin = true, .origin = 64666 };
	struct detect *d = made_with(false,
	    &(struct detect_config){ .off = off, .off_n = 1, .exceptions = &x, .exceptions_n = 1 });
	struct ip_prefix prefix = { .family = IP_V4, .len = 24, .b = { 20 } };
	struct route_facts f = { .prefix = &prefix, .has_origin = true, .origin = 64665 };

	ck_assert_uint_eq(detect_admitted(d, &f, ASN | LENGTH), ASN);
	f.origin = 64666;
	ck_assert_uint_eq(detect_admitted(d, &f, ASN | LENGTH), 0);
	detect_free(d);
}
END_TEST

HARNESS_MAIN("detect")
{
	ROWS(what_a_neighbour_is_by_its_number, sessions);
	ROWS(origin_of_what_comes_from_within, locals);
	TEST(origin_without_configuration);
	TEST(members_and_tables);
	TEST(blackhole_communities);
	ROWS(rules, routes);
	ROWS(rule_off, routes);
	ROWS(exception, exceptions);
	TEST(exceptions_end);
	TEST(admitted);
}

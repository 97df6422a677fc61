/* Why a rule is not true of a route: what is switched off, limited or excepted, and what is
 * missing. A rule is never both true and said not to be. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"

enum { US = 64500, CUSTOMER = 64501, NOBODY = 64502, OTHER = 64666, PROVIDER_FREE = 174 };

static const uint32_t own_as[] = { US }, provider_free[] = { PROVIDER_FREE };
static struct detect_own own;
static struct ip_prefix inside;

static struct detect_config
config(void)
{
	ck_assert(ip_prefix_parse("203.0.112.0/23", true, &own.prefix));
	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &inside));
	return (struct detect_config){ .own_asns = own_as,
		.own_asns_n = 1,
		.own = &own,
		.own_n = 1,
		.provider_free = provider_free,
		.provider_free_n = 1 };
}

/* A leak with OTC of a prefix of ours, invalid: all that can be wrong. */
static struct route_facts
facts(uint8_t relation, uint32_t remote)
{
	return (struct route_facts){ .prefix = &inside,
		.has_origin = true,
		.origin = OTHER,
		.path = PATH_PROVIDER_FREE | PATH_PROVIDER_FREE_INSIDE,
		.rov = { ROV_INVALID, ROV_REASON_ASN },
		.has_otc = true,
		.otc = PROVIDER_FREE,
		.view = BMP_VIEW_IN_PRE,
		.relation = relation,
		.local_as = US,
		.remote_as = remote };
}

static const char *
why(const struct detect_config *c, const struct route_facts *f, enum rule rule)
{
	static const uint8_t octets[] = { 2, 3, 0, 0, 0xfb, 0xf5, 0, 0, 0, 174, 0, 0, 0xfc, 0x9a };
	static struct detect_why v[DETECT_WHY_MAX];
	struct detect *d = detect_new(c, 1);
	uint32_t is;
	unsigned n;

	ck_assert_ptr_nonnull(d);
	is = detect_route(d, f);
	n = detect_why_not(d, f, cur_of(octets, sizeof(octets)), is, v);
	detect_free(d);
	ck_assert_uint_le(n, DETECT_WHY_MAX);
	for (unsigned i = 0; i < n; i++)
		ck_assert_msg(!(is >> v[i].rule & 1), "%s is true", rule_info[v[i].rule].name);
	for (unsigned i = 0; i < n; i++)
		if (v[i].rule == rule)
			return v[i].text;
	return "";
}

START_TEST(why_all_is_true)
{
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_CUSTOMER, CUSTOMER);

	for (int rule = 0; rule < RULES; rule++)
		if (rule == RULE_ROV_ASN || rule == RULE_LEAK_OTC || rule == RULE_LEAK_PEERLOCK ||
		    rule == RULE_HIJACK_SPECIFIC || rule == RULE_HIJACK_EXACT)
			ck_assert_str_eq(why(&c, &f, (enum rule)rule), "");
}
END_TEST

START_TEST(why_configuration)
{
	static const uint8_t off[] = { RULE_ROV_ASN };
	struct detect_exception x = {
		.has_rule = true, .rule = RULE_HIJACK_SPECIFIC, .has_origin = true, .origin = OTHER
	};
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_CUSTOMER, CUSTOMER);

	c.off = off;
	c.off_n = 1;
	c.exceptions = &x;
	c.exceptions_n = 1;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_ROV_ASN), "rules.off"));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_HIJACK_SPECIFIC), "rules.exceptions"));
	c.whose[RULE_LEAK_OTC] = WHOSE_OWN;
	c.own_n = 0;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OTC), "what is ours only (rules.for)"));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_HIJACK_EXACT), "no prefix of ours"));
}
END_TEST

START_TEST(why_relation)
{
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_UNKNOWN, NOBODY);

	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OTC), "nobody says what AS64502 is"));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_PEERLOCK), "provider-free AS174"));
	f.relation = NEIGHBOR_PROVIDER;
	ck_assert_ptr_nonnull(
	    strstr(why(&c, &f, RULE_LEAK_OTC), "as it should be from this provider"));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_PEERLOCK), "from this provider"));
	f.view = BMP_VIEW_LOC_RIB;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OTC), "where the route comes in"));
	f.view = BMP_VIEW_OUT_POST;
	f.relation = NEIGHBOR_INTERNAL;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_ROV_ASN), "every other rule"));
}
END_TEST

/* What of a path that may be a way around a direct one is missing. */
START_TEST(why_no_detour)
{
	static const uint8_t far[] = { 2, 5, 0, 0, 0xfb, 0xf5, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 4,
		0, 0, 0, 174 };
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_PROVIDER, NOBODY);
	struct detect_why v[DETECT_WHY_MAX];
	struct detect *d;
	unsigned n;

	ck_assert_ptr_nonnull(
	    strstr(why(&c, &f, RULE_LEAK_DETOUR), "the path has 3 networks; a way around a"));
	f.view = BMP_VIEW_OUT_POST;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_DETOUR), "where the route comes in"));
	f.view = BMP_VIEW_IN_POST;
	d = detect_new(&c, 1);
	for (int k = 0; k < 2; k++) {
		static const char *const said[] = { "everybody is near to, but no route",
			"no route of the prefix is known" };
		bool found = false;

		f.path = k == 0 ? PATH_FAR : 0;
		n = detect_why_not(d, &f, cur_of(far, sizeof(far)), 0, v);
		for (unsigned i = 0; i < n; i++)
			found |= v[i].rule == RULE_LEAK_DETOUR &&
				 strstr(v[i].text, said[k]) != NULL;
		ck_assert(found);
	}
	detect_free(d);
	f.detour = true;
	ck_assert_str_eq(why(&c, &f, RULE_LEAK_DETOUR), "");
}
END_TEST

static const char *
because(const struct detect_config *c, const struct route_facts *f, enum rule rule)
{
	static const uint8_t octets[] = { 2, 3, 0, 0, 0xfb, 0xf5, 0, 0, 0, 174, 0, 0, 0xfc, 0x9a };
	static struct detect_why v[DETECT_WHY_MAX];
	struct detect *d = detect_new(c, 1);

	ck_assert_ptr_nonnull(d);
	ck_assert_uint_eq(detect_why_true(d, f, cur_of(octets, sizeof(octets)), 1U << rule, v), 1);
	detect_free(d);
	ck_assert_uint_eq(v[0].rule, rule);
	return v[0].text;
}

/* Each rule that is true says by what; one that is inherited, where it was found. */
START_TEST(why_true)
{
	static const struct {
		enum rule rule;
		const char *says;
	} rows[] = {
		{ RULE_ROV_ASN, "VRPs cover the prefix, and none names AS64666" },
		{ RULE_ROV_LENGTH, "no VRP allows a length of 24 to AS64666" },
		{ RULE_LEAK_OTC, "AS174 marked it (OTC) to go to customers only, and it comes from "
				 "this customer" },
		{ RULE_LEAK_PEERLOCK, "AS174, who is in the path, buys from nobody" },
		{ RULE_HIJACK_SPECIFIC,
		    "inside of our 203.0.112.0/23, and may not be originated by "
		    "AS64666" },
		{ RULE_FIRST_AS, "the path does not begin with AS64501, who sends it" },
		{ RULE_TOO_SPECIFIC, "a length of 24" },
		{ RULE_BOGON_PREFIX, "documentation" },
	};
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_CUSTOMER, CUSTOMER);

	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
		ck_assert_msg(strstr(because(&c, &f, rows[k].rule), rows[k].says) != NULL, "%s: %s",
		    rule_info[rows[k].rule].name, because(&c, &f, rows[k].rule));
	for (int rule = 0; rule < RULES; rule++)
		ck_assert_uint_gt(strlen(because(&c, &f, (enum rule)rule)), 10);
	f.inherited = 1U << RULE_LEAK_OTC;
	ck_assert_ptr_nonnull(strstr(because(&c, &f, RULE_LEAK_OTC), "where it came in"));
}
END_TEST

START_TEST(why_own_leak)
{
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_PEER, NOBODY);
	uint8_t of[] = { 2, 2, 0, 0, 0xfb, 0xf4, 0, 0, 0xfb, 0xf5 }; /* us, the customer */
	struct detect_why v[DETECT_WHY_MAX];
	struct detect *d = detect_new(&c, 1);
	unsigned n;

	f.view = BMP_VIEW_OUT_POST;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OWN), "nobody says what AS64501 is"));
	f.sender_relation = NEIGHBOR_CUSTOMER;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OWN), "from AS64501 (customer)"));
	f.inherited = 1U << RULE_LEAK_OTC;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OWN), "came in as a leak"));
	f.inherited = 0;
	f.sender_relation = NEIGHBOR_PROVIDER; /* true, and counted as an exception */
	n = detect_why_not(d, &f, cur_of(of, sizeof(of)), 0, v);
	for (unsigned k = 0; k < n; k++)
		if (v[k].rule == RULE_LEAK_OWN)
			ck_assert_ptr_nonnull(strstr(v[k].text, "fewer than 5"));
	f.origin = US;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OWN), "we originate it"));
	f.relation = NEIGHBOR_CUSTOMER;
	ck_assert_str_eq(why(&c, &f, RULE_LEAK_OWN), "");
	detect_free(d);
}
END_TEST

/* A prefix that would be a bogon elsewhere. */
START_TEST(why_no_bogon)
{
	static const uint32_t real_as[] = { 3320 };
	struct ip_prefix private, allowed;
	struct detect_config c = { .own_asns = real_as, .own_asns_n = 1 };
	struct route_facts f = { .prefix = &private,
		.has_origin = true,
		.origin = 65010,
		.view = BMP_VIEW_IN_PRE,
		.relation = NEIGHBOR_PROVIDER,
		.local_as = 3320,
		.remote_as = 65010 };

	ck_assert(ip_prefix_parse("10.1.0.0/16", true, &private));
	ck_assert(ip_prefix_parse("10.0.0.0/8", true, &allowed));
	ck_assert_str_eq(why(&c, &f, RULE_BOGON_PREFIX), ""); /* it is one */
	f.relation = NEIGHBOR_UNKNOWN;
	ck_assert_ptr_nonnull(
	    strstr(why(&c, &f, RULE_BOGON_PREFIX), "private (RFC 1918), but the"));
	f.relation = NEIGHBOR_INTERNAL;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_BOGON_PREFIX), "stays inside"));
	f.relation = NEIGHBOR_PROVIDER;
	c.bogons_allowed = &allowed;
	c.bogons_allowed_n = 1;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_BOGON_PREFIX), "rules.bogons_allowed"));
	f.prefix = &inside; /* of documentation */
	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &inside));
	ck_assert_str_eq(why(&c, &f, RULE_BOGON_PREFIX), "");
	f.remote_as = NOBODY;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_BOGON_PREFIX), "as in a lab"));
	ck_assert(ip_prefix_parse("20.0.0.0/24", true, &private));
	f.prefix = &private;
	ck_assert_str_eq(why(&c, &f, RULE_BOGON_PREFIX), "");
}
END_TEST

START_TEST(why_right)
{
	struct detect_config c = config();
	struct route_facts f = facts(NEIGHBOR_CUSTOMER, CUSTOMER);
	struct detect *d = detect_new(&c, 1);

	ck_assert(!detect_own_allows(d, &f));
	f.origin = US;
	f.has_otc = false;
	f.path = 0;
	f.rov = (struct rov_result){ ROV_VALID, ROV_REASON_NONE };
	ck_assert(detect_own_allows(d, &f));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_ROV_ASN), "a VRP allows AS64500"));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_OTC), "no OTC"));
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_LEAK_PEERLOCK), "no provider-free"));
	ck_assert_ptr_nonnull(
	    strstr(why(&c, &f, RULE_HIJACK_EXACT), "may originate our 203.0.112"));
	f.rov.state = ROV_NOT_FOUND;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_ROV_ASN), "no VRP covers"));
	f.has_origin = false;
	f.origin_unknown = true;
	ck_assert_ptr_nonnull(strstr(why(&c, &f, RULE_ROV_ASN), "nobody knows the origin"));
	detect_free(d);
}
END_TEST

HARNESS_MAIN("why")
{
	TEST(why_all_is_true);
	TEST(why_configuration);
	TEST(why_relation);
	TEST(why_true);
	TEST(why_no_detour);
	TEST(why_own_leak);
	TEST(why_no_bogon);
	TEST(why_right);
}

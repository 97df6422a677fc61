/* Who stands next to us in a path, and routes of ours behind somebody who is no neighbour. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"
#include "tests/unit/support/as_paths.h"

static const uint32_t own_as[] = { 64500, 64498 }, members[] = { 65001 },
		      own_siblings[] = { 64499 }, upstreams[] = { 64512 };

static struct detect *
made(void)
{
	static const struct detect_neighbor neighbors[] = { { .has_asn = true, .asn = 64513 } };
	struct detect_own own = { .has_max_length = true, .max_length = 25 };
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = 2,
		.confederation = members,
		.confederation_n = 1,
		.own_siblings = own_siblings,
		.own_siblings_n = 1,
		.upstreams = upstreams,
		.upstreams_n = 1,
		.neighbors = neighbors,
		.neighbors_n = 1,
		.own = &own,
		.own_n = 1 };

	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &own.prefix));
	return detect_new(&c, 1);
}

static const struct {
	const char *path;
	uint32_t asn, sender;
} hops[] = {
	{ "", 0, 0 },
	{ "64500", 0, 0 },
	{ "64500 64500", 0, 0 },
	{ "64510", 0, 0 },
	{ "64510 64511", 0, 0 },
	/* whoever sends it is a neighbour, or breaks another rule */
	{ "64510 64500", 0, 0 },
	{ "64510 64510 64500 64500", 0, 0 },
	{ "64510 64511 64500", 64511, 0 },
	{ "64510 64511 64511 64500 64498 64500", 64511, 0 },
	{ "64510 64509 64511 64500", 64511, 0 },
	/* on its way in a confederation, and on its way out */
	{ "(65001) 64510 64511 64500", 64511, 0 },
	{ "64510 64511 65001 64500", 64511, 0 },
	{ "64500 64500 64510 64511 64500", 64511, 64510 },
	{ "64500 64510 64500", 0, 0 },
	/* a sibling has neighbours of its own */
	{ "64510 64511 64499 64500", 0, 0 },
	/* put there by us */
	{ "64510 64511 64500 64512 64500", 0, 0 },
	{ "64500 64511 64512 64500", 64512, 64511 },
	/* in a set nobody is next to anybody */
	{ "64510 {64511,64500}", 0, 0 },
	{ "64510 64511 {64500}", 0, 0 },
};

START_TEST(first_hop_of_a_path)
{
	struct detect *d = made();
	uint8_t buf[256];
	struct first_hop hop = detect_first_hop(d, path_of(hops[_i].path, buf, sizeof(buf)));

	ck_assert_msg(hop.asn == hops[_i].asn && hop.sender == hops[_i].sender, "%s: %u, %u",
	    hops[_i].path, hop.asn, hop.sender);
	detect_free(d);
}
END_TEST

START_TEST(named_neighbors)
{
	struct detect *d = made();

	ck_assert(detect_names_neighbor(d, 64512));
	ck_assert(detect_names_neighbor(d, 64513));
	ck_assert(!detect_names_neighbor(d, 64514));
	detect_free(d);
}
END_TEST

static const struct {
	const char *prefix;
	uint32_t origin, stranger;
	uint32_t rules;
} routes[] = {
	{ "203.0.113.0/24", 64500, 0, 0 },
	{ "203.0.113.0/24", 64500, 64511, 1U << RULE_FIRST_HOP },
	{ "203.0.113.128/25", 64500, 64511, 1U << RULE_FIRST_HOP },
	/* it is no more-specific that we announce */
	{ "203.0.113.128/26", 64500, 64511, 1U << RULE_FIRST_HOP },
	{ "203.0.113.128/26", 64500, 0, 1U << RULE_OWN_SPECIFIC },
	{ "203.0.113.0/24", 64666, 64511, 1U << RULE_HIJACK_EXACT },
	{ "198.51.100.0/24", 64500, 64511, 0 },
};

START_TEST(behind_a_stranger)
{
	struct detect *d = made();
	struct ip_prefix p;
	struct route_facts f = { .prefix = &p,
		.has_origin = true,
		.origin = routes[_i].origin,
		.stranger = routes[_i].stranger,
		.view = BMP_VIEW_IN_PRE,
		.remote_as = 64510,
		.local_as = 64500 };

	ck_assert(ip_prefix_parse(routes[_i].prefix, true, &p));
	ck_assert_uint_eq(detect_route(d, &f), routes[_i].rules);
	detect_free(d);
}
END_TEST

static const struct {
	const char *prefix;
	uint32_t origin;
	uint8_t rov; /* enum rov_state */
	bool covers_gone;
	uint32_t rules;
} covers[] = {
	{ "203.0.112.0/23", 64666, ROV_NOT_FOUND, true, 1U << RULE_COVERING },
	{ "203.0.112.0/23", 64666, ROV_NOT_FOUND, false, 0 },
	/* of who may announce it, of us, of a sibling, of a set */
	{ "203.0.112.0/23", 64666, ROV_VALID, true, 0 },
	{ "203.0.112.0/23", 64500, ROV_NOT_FOUND, true, 0 },
	{ "203.0.112.0/23", 64499, ROV_NOT_FOUND, true, 0 },
	{ "203.0.112.0/23", 0, ROV_NOT_FOUND, true, 0 },
};

START_TEST(above_ours)
{
	struct detect *d = made();
	struct ip_prefix p;
	struct route_facts f = { .prefix = &p,
		.has_origin = covers[_i].origin != 0,
		.origin = covers[_i].origin,
		.rov = { covers[_i].rov, ROV_REASON_NONE },
		.covers_gone = covers[_i].covers_gone,
		.view = BMP_VIEW_LOC_RIB };

	ck_assert(ip_prefix_parse(covers[_i].prefix, true, &p));
	ck_assert_uint_eq(detect_route(d, &f), covers[_i].rules);
	detect_free(d);
}
END_TEST

START_TEST(near_and_own)
{
	static const struct {
		const char *prefix;
		bool near, own;
	} rows[] = { { "203.0.113.0/24", true, true }, { "203.0.113.0/25", true, false },
		{ "203.0.112.0/23", true, false }, { "192.0.0.0/3", true, false },
		{ "198.51.100.0/24", false, false }, { "2001:db8::/32", false, false } };
	struct detect *d = made();
	struct ip_prefix p;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ck_assert(ip_prefix_parse(rows[i].prefix, true, &p));
		ck_assert_msg(detect_is_near_own(d, &p) == rows[i].near, "%s", rows[i].prefix);
		ck_assert_msg(detect_is_own_prefix(d, &p) == rows[i].own, "%s", rows[i].prefix);
	}
	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &p));
	ck_assert(detect_may_originate(d, &p, 64500) && detect_may_originate(d, &p, 64499) &&
		  !detect_may_originate(d, &p, 64666));
	detect_free(d);
}
END_TEST

static const struct {
	uint32_t origin;
	const char *path;
	uint8_t rov; /* enum rov_state */
	uint32_t rules;
} shared[] = {
	{ 65551, "64510 65551", ROV_NOT_FOUND, 1U << RULE_HIJACK_SPECIFIC },
	{ 65551, "65551", ROV_NOT_FOUND, 1U << RULE_HIJACK_SPECIFIC },
	{ 65551, "64510 65551", ROV_VALID, 0 },
	{ 65010, "65010 65010", ROV_NOT_FOUND, 0 },
	{ 65010, "64510 65010", ROV_NOT_FOUND, 1U << RULE_HIJACK_SPECIFIC },
	{ 65010, "65010", ROV_INVALID, 0 }, /* our ROA does not name it, and need not */
	{ 65010, "64510 65010", ROV_INVALID, 1U << RULE_HIJACK_SPECIFIC | 1U << RULE_ROV_ASN },
	{ 64700, "64510 64700", ROV_NOT_FOUND, 0 },
	{ 64500, "64510 64500", ROV_NOT_FOUND, 0 },
};

START_TEST(in_derived_space)
{
	static const struct detect_neighbor neighbors[] = {
		{ .has_asn = true, .asn = 64700, .relation = NEIGHBOR_CUSTOMER }
	};
	struct detect_own own = { .derived = true };
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = 2,
		.neighbors = neighbors,
		.neighbors_n = 1,
		.own = &own,
		.own_n = 1 };
	struct ip_prefix p;
	uint8_t buf[64];
	struct route_facts f = { .prefix = &p,
		.has_origin = true,
		.origin = shared[_i].origin,
		.as_path = path_of(shared[_i].path, buf, sizeof(buf)),
		.rov = { shared[_i].rov,
		    shared[_i].rov == ROV_INVALID ? ROV_REASON_ASN : ROV_REASON_NONE },
		.view = BMP_VIEW_LOC_RIB };
	struct detect *d;

	ck_assert(ip_prefix_parse("203.0.112.0/22", true, &own.prefix));
	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &p));
	d = detect_new(&c, 1);
	ck_assert_uint_eq(detect_route(d, &f) & (RULES_HIJACK | RULES_ROV), shared[_i].rules);
	detect_free(d);
}
END_TEST

/* However many there are and however they lie in each other. */
START_TEST(the_longest_above)
{
	static const char *const prefixes[] = { "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24",
		"10.0.1.0/24", "10.1.0.0/16", "10.1.0.0/16", "192.0.2.0/24" };
	static const char *const rows[][2] = { { "10.0.0.0/25", "10.0.0.0/24" },
		{ "10.0.2.0/24", "10.0.0.0/16" }, { "10.1.255.0/24", "10.1.0.0/16" },
		{ "10.2.0.0/16", "10.0.0.0/8" }, { "10.0.0.0/7", NULL }, { "11.0.0.0/8", NULL },
		{ "192.0.2.0/24", "192.0.2.0/24" }, { "192.0.3.0/24", NULL } };
	struct detect_own own[7] = { { .origins = NULL } };
	struct detect_config c = { .own_asns = own_as, .own_asns_n = 2, .own = own, .own_n = 7 };
	struct detect *d;

	for (int i = 0; i < 7; i++)
		ck_assert(ip_prefix_parse(prefixes[i], true, &own[i].prefix));
	d = detect_new(&c, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct detect_own *found;
		struct ip_prefix p;
		char text[IP_PREFIX_TEXT_MAX];

		ck_assert(ip_prefix_parse(rows[i][0], true, &p));
		found = detect_own_of(d, &p);
		ck_assert((found != NULL) == (rows[i][1] != NULL));
		if (found != NULL)
			ck_assert_str_eq(ip_prefix_format(&found->prefix, text), rows[i][1]);
	}
	detect_free(d);
}
END_TEST

HARNESS_MAIN("own")
{
	ROWS(in_derived_space, shared);
	TEST(the_longest_above);
	ROWS(above_ours, covers);
	TEST(near_and_own);
	ROWS(first_hop_of_a_path, hops);
	TEST(named_neighbors);
	ROWS(behind_a_stranger, routes);
}

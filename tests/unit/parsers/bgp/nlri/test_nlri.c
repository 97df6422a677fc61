/* NLRI of every family: golden text and fields, every length cut, path ids, what is unknown. */
#include "tests/unit/support/nlri_log.h"

#include "parsers/bgp/update.h"

/* --- the examples */

START_TEST(test_example)
{
	const struct nlri_example *e = &examples[_i];
	struct bgp_family family = family_of(e);
	uint8_t octets[FIELD_MAX], *copy;
	size_t len = hex_octets(e->octets, octets, sizeof(octets));
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	char text[DISSECTED_MAX];
	struct line line;
	struct cursor r;

	copy = exact_copy(octets, len);
	r = cur_of(copy, len);
	ck_assert(bgp_nlri_next(&r, family, written(false, e->withdraw), copy, &n, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert(n.known && !n.malformed && !n.has_path_id);
	ck_assert_uint_eq(n.path_id, 0);
	ck_assert_ptr_eq(n.octets.pos, copy);
	ck_assert_ptr_eq(n.octets.end, copy + len);
	ck_assert_str_eq(text_of(text, sizeof(text), family, &n), e->text);
	ck_assert_str_eq(dissected(&line, family, &n), e->fields);
	ck_assert(!bgp_nlri_next(&r, family, written(false, e->withdraw), copy, &n, &f));
	ck_assert(!r.failed);
	free(copy);
}
END_TEST

/* Cut at each length: a fault, never a route. */
START_TEST(test_cut)
{
	const struct nlri_example *e = &examples[_i];
	struct bgp_family family = family_of(e);
	uint8_t octets[FIELD_MAX];
	size_t len = hex_octets(e->octets, octets, sizeof(octets));

	for (size_t cut = 1; cut < len; cut++) {
		uint8_t *copy = exact_copy(octets, cut);
		struct cursor r = cur_of(copy, cut);
		struct faults f = { .n = 0 };
		struct bgp_nlri n;

		require(!bgp_nlri_next(&r, family, written(false, e->withdraw), copy, &n, &f),
		    "short, cut at %zu", cut);
		require(f.n == 1 && f.v[0].code == FAULT_NLRI_OVERRUN && f.v[0].offset == 0,
		    "overrun, cut at %zu", cut);
		require(r.failed && cur_left(&r) == 0, "cursor at its end, cut at %zu", cut);
		require(!bgp_nlri_fits(cur_of(copy, cut), family, written(false, e->withdraw)),
		    "does not fit, cut at %zu", cut);
		require(bgp_nlri_count(cur_of(copy, cut), family, written(false, e->withdraw), NULL,
			    NULL) == 0,
		    "no count, cut at %zu", cut);
		free(copy);
	}
}
END_TEST

/* --- the prefixes that routes lead to, for those who look for them */

static const struct {
	const char *name, *prefix;
} leads_to[] = {
	{ "ipv4 multicast", "203.0.113.128/25" },
	{ "ipv6 labelled", "2001:db8:1::/48" },
	{ "vpnv4", "203.0.113.0/24" },
	{ "vpnv6", "2001:db8:1::/48" },
	{ "vpnv4 multicast", "203.0.113.0/24" },
	{ "evpn 1", NULL },
	{ "evpn 2", "192.0.2.77/32" },
	{ "evpn 2 without ip", NULL },
	{ "evpn 2 ipv6, two labels", "2001:db8::1/128" },
	{ "evpn 3", NULL },
	{ "evpn 5", "203.0.113.0/24" },
	{ "evpn 5 ipv6", "2001:db8:1::/48" },
	{ "evpn 6", NULL },
	{ "mcast-vpn 5", NULL },
	{ "mup 1", "203.0.113.0/24" },
	{ "mup 2", NULL },
	{ "mup 3", "192.0.2.1/32" },
	{ "rtc", NULL },
	{ "sr policy", NULL },
	{ "vpls", NULL },
	{ "l2vpn circuits", NULL },
	{ "flowspec", "192.0.2.0/24" },
	{ "flowspec ranges and bits", NULL }, /* a source */
	{ "flowspec ipv6", "2001:db8::/32" },
	{ "flowspec ipv6 with an offset", NULL },
	{ "bgp-ls link", NULL },
	{ "bgp-ls prefix", "203.0.113.0/24" },
	{ "bgp-ls prefix ipv6", "2001:db8:1::/48" },
};

START_TEST(test_leads_to)
{
	const struct nlri_example *e = examples;
	struct faults f = { .n = 0 };
	uint8_t octets[FIELD_MAX];
	struct bgp_nlri n;
	char text[64];
	struct txt x = txt_of(text, sizeof(text));
	struct cursor r;

	while (strcmp(e->name, leads_to[_i].name) != 0)
		e++;
	r = cur_of(octets, hex_octets(e->octets, octets, sizeof(octets)));
	ck_assert(bgp_nlri_next(&r, family_of(e), written(false, false), octets, &n, &f));
	ck_assert((n.prefix.family != IP_NONE) == (leads_to[_i].prefix != NULL));
	if (n.prefix.family != IP_NONE) {
		txt_ip_prefix(&x, &n.prefix);
		ck_assert_str_eq(text, leads_to[_i].prefix);
	}
}
END_TEST

/* --- path ids: twice each example, under two of them */

static size_t
twice(const struct nlri_example *e, bool path_ids, uint8_t *out)
{
	static const uint8_t ids[2][4] = { { 0, 0, 0, 1 }, { 0x80, 0, 0, 9 } };
	size_t n = 0;

	for (unsigned i = 0; i < 2; i++) {
		if (path_ids) {
			memcpy(out + n, ids[i], 4);
			n += 4;
		}
		n += hex_octets(e->octets, out + n, FIELD_MAX - n);
	}
	return n;
}

START_TEST(test_path_ids)
{
	const struct nlri_example *e = &examples[_i];
	struct bgp_family family = family_of(e);
	uint8_t octets[FIELD_MAX];
	size_t len = twice(e, true, octets);
	uint8_t *copy = exact_copy(octets, len);
	struct cursor r = cur_of(copy, len);
	struct faults f = { .n = 0 };
	char text[DISSECTED_MAX], first[DISSECTED_MAX];
	struct bgp_nlri n;
	struct line line;

	for (unsigned i = 0; i < 2; i++) {
		ck_assert(bgp_nlri_next(&r, family, written(true, e->withdraw), copy, &n, &f));
		ck_assert(n.has_path_id);
		ck_assert_uint_eq(n.path_id, i == 0 ? 1 : 0x80000009);
		ck_assert_uint_eq(cur_left(&n.octets), len / 2 - 4);
		ck_assert_str_eq(text_of(text, sizeof(text), family, &n), e->text);
		snprintf(first, sizeof(first), "path_id=%u %s", n.path_id, e->fields);
		ck_assert_str_eq(dissected(&line, family, &n), first);
	}
	ck_assert(!bgp_nlri_next(&r, family, written(true, e->withdraw), copy, &n, &f));
	ck_assert_uint_eq(f.n, 0);
	r = cur_of(copy, len);
	ck_assert(bgp_nlri_fits(r, family, written(true, e->withdraw)));
	ck_assert_uint_eq(bgp_nlri_count(r, family, written(true, e->withdraw), NULL, NULL), 2);
	free(copy);
}
END_TEST

/* Read against the negotiation, a field of any family but those of bare prefixes does not fit. */
START_TEST(test_path_ids_unexpected)
{
	const struct nlri_example *e = &examples[_i];
	struct bgp_family family = family_of(e);
	bool bare = e->safi == SAFI_UNICAST || e->safi == SAFI_MULTICAST || e->safi == SAFI_RTC;
	uint8_t octets[FIELD_MAX];
	size_t len = twice(e, true, octets);
	struct cursor r = cur_of(octets, len);

	if (!bare)
		ck_assert(!bgp_nlri_fits(r, family, written(false, e->withdraw)));
	len = twice(e, false, octets);
	r = cur_of(octets, len);
	ck_assert(bgp_nlri_fits(r, family, written(false, e->withdraw)));
	ck_assert_uint_eq(bgp_nlri_count(r, family, written(false, e->withdraw), NULL, NULL), 2);
	if (!bare)
		ck_assert(!bgp_nlri_fits(r, family, written(true, e->withdraw)));
}
END_TEST

/* --- what is not known: kept, dissected, and no fault */

static const struct nlri_example unknown[] = {
	{ "evpn 12", 25, 70, false, "0c 03 010203", "[12]:unknown 0c03010203",
	    "route_type=12 octets=0x0c03010203" },
	{ "evpn 0", 25, 70, false, "00 00", "[0]:unknown 0000", "route_type=0 octets=0x0000" },
	{ "mcast-vpn 8", 1, 5, false, "08 01 ff", "[8]:unknown 0801ff",
	    "route_type=8 octets=0x0801ff" },
	{ "mup 5", 1, 85, false, "01 0005 01 ff", "[5]:unknown 01000501ff",
	    "architecture_type=1 route_type=5 octets=0x01000501ff" },
	{ "mup of architecture 2", 1, 85, false, "02 0001 01 ff", "[1]:unknown 02000101ff",
	    "architecture_type=2 route_type=1 octets=0x02000101ff" },
	{ "bgp-ls 7", 16388, 71, false, "0007 0001 ff", "[7]:unknown 00070001ff",
	    "route_type=7 octets=0x00070001ff" },
	{ "bgp-ls vpn 257", 16388, 72, false, "0101 0001 ff", "[257]:unknown 01010001ff",
	    "route_type=257 octets=0x01010001ff" },
};

START_TEST(test_unknown_type)
{
	const struct nlri_example *e = &unknown[_i];
	struct bgp_family family = family_of(e);
	uint8_t octets[FIELD_MAX];
	size_t len = twice(e, false, octets);
	uint8_t *copy = exact_copy(octets, len);
	struct cursor r = cur_of(copy, len);
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	char text[DISSECTED_MAX];
	struct line line;

	for (unsigned i = 0; i < 2; i++) {
		ck_assert(bgp_nlri_next(&r, family, written(false, false), copy, &n, &f));
		ck_assert(!n.known && !n.malformed && !n.has_rd && n.prefix.family == IP_NONE);
		ck_assert_str_eq(text_of(text, sizeof(text), family, &n), e->text);
		ck_assert_str_eq(dissected(&line, family, &n), e->fields);
		ck_assert_uint_eq(n.key_len, len / 2);
		ck_assert_mem_eq(n.key, octets, len / 2);
	}
	ck_assert_uint_eq(f.n, 0);
	ck_assert_uint_eq(
	    bgp_nlri_count(cur_of(copy, len), family, written(false, false), NULL, NULL), 2);
	ck_assert(!bgp_nlri_fits(cur_of(copy, len), family, written(false, false)));
	free(copy);
}
END_TEST

static const struct bgp_family strangers[] = { { 1, 200 }, { 25, 1 }, { 1, 70 }, { 25, 128 },
	{ 16388, 1 }, { 1, 71 }, { 2, 66 }, { 3, 133 }, { 0, 0 } };

/* A family without a row is one NLRI, whatever is in it and whatever was negotiated. */
START_TEST(test_unknown_family)
{
	static const uint8_t octets[] = { 0, 0, 0, 1, 0x18, 0xcb, 0, 0x71 };
	uint8_t *copy = exact_copy(octets, sizeof(octets));
	struct cursor r = cur_of(copy, sizeof(octets));
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	char text[DISSECTED_MAX];
	struct line line;

	ck_assert(bgp_family_row(strangers[_i]) == NULL);
	ck_assert(!bgp_nlri_fits(r, strangers[_i], written(false, false)));
	ck_assert_uint_eq(bgp_nlri_count(r, strangers[_i], written(false, false), NULL, NULL), 0);
	ck_assert(bgp_nlri_next(&r, strangers[_i], written(true, false), copy, &n, &f));
	ck_assert(!n.known && !n.malformed && !n.has_path_id);
	ck_assert_str_eq(
	    text_of(text, sizeof(text), strangers[_i], &n), "unknown 0000000118cb0071");
	ck_assert_str_eq(dissected(&line, strangers[_i], &n), "octets=0x0000000118cb0071");
	ck_assert(!bgp_nlri_next(&r, strangers[_i], written(true, false), copy, &n, &f));
	ck_assert_uint_eq(f.n, 0);
	free(copy);
}
END_TEST

START_TEST(test_empty_field)
{
	struct bgp_family family = { AFI_L2VPN, SAFI_EVPN };
	struct faults f = { .n = 0 };
	struct cursor r = cur_of(NULL, 0);
	struct bgp_nlri n;

	ck_assert(!bgp_nlri_next(&r, family, written(false, false), NULL, &n, &f));
	ck_assert(!r.failed);
	ck_assert(bgp_nlri_fits(r, family, written(true, false)));
	ck_assert_uint_eq(bgp_nlri_count(r, family, written(true, false), NULL, NULL), 0);
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

/* The walker of any family and the one of the hot path read the same prefixes. */
START_TEST(test_same_as_hot_path)
{
	uint64_t seed = seed_of(_i);
	bool v6 = rnd(&seed) % 2 == 0, path_ids = rnd(&seed) % 2 == 0;
	struct bgp_family family = { v6 ? AFI_IPV6 : AFI_IPV4, SAFI_UNICAST };
	struct faults f = { .n = 0 }, g = { .n = 0 };
	uint8_t octets[256], *copy;
	struct bgp_nlri n;
	struct bgp_prefix h;
	struct cursor r, s;
	bool more;

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(rnd(&seed) % 4 == 0 ? rnd(&seed) : rnd(&seed) % 34);
	copy = exact_copy(octets, sizeof(octets));
	r = s = cur_of(copy, sizeof(octets));
	do {
		more = bgp_prefix_next(&s, family.afi, path_ids, copy, &h, &g);
		require(bgp_nlri_next(&r, family, written(path_ids, false), copy, &n, &f) == more,
		    "both");
		require(r.pos == s.pos && r.failed == s.failed, "in step");
		if (more)
			require(n.path_id == h.path_id && n.prefix.family == (v6 ? IP_V6 : IP_V4) &&
				    ip_prefix_cmp(&n.prefix, &h.prefix) == 0,
			    "the same prefix");
	} while (more);
	require(f.n == g.n && f.v[0].offset == g.v[0].offset, "the same fault");
	free(copy);
}
END_TEST

HARNESS_MAIN("nlri")
{
	ROWS(test_example, examples);
	ROWS(test_cut, examples);
	ROWS(test_leads_to, leads_to);
	ROWS(test_path_ids, examples);
	ROWS(test_path_ids_unexpected, examples);
	ROWS(test_unknown_type, unknown);
	ROWS(test_unknown_family, strangers);
	TEST(test_empty_field);
	LOOP(test_same_as_hot_path, 200);
}

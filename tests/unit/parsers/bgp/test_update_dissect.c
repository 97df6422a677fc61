/* What is dissected of an UPDATE apart from its single attributes: next hops, path ids, values too
 * long for a line. */
#include "tests/unit/support/dissect_log.h"

#include "parsers/bgp/dissect.h"
#include "parsers/bgp/update.h"
#include "tests/unit/support/updates.h"

/* --- next hops */

/* Every length of a next hop in every family: which ones are allowed. */
START_TEST(test_next_hop_lengths)
{
	static const struct {
		struct bgp_family family;
		unsigned allowed[8]; /* ends with a length of 99 */
	} cases[] = {
		{ { AFI_IPV4, SAFI_UNICAST }, { 4, 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_MULTICAST }, { 4, 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_LABELLED }, { 4, 16, 32, 99 } },
		{ { AFI_IPV6, SAFI_UNICAST }, { 16, 32, 99 } },
		{ { AFI_IPV6, SAFI_LABELLED }, { 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_VPN }, { 12, 16, 24, 32, 48, 99 } },
		{ { AFI_IPV6, SAFI_VPN_MULTICAST }, { 12, 16, 24, 32, 48, 99 } },
		{ { AFI_L2VPN, SAFI_EVPN }, { 4, 16, 32, 99 } },
		{ { AFI_L2VPN, SAFI_VPLS }, { 4, 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_MCAST_VPN }, { 4, 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_MDT }, { 4, 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_RTC }, { 4, 16, 32, 99 } },
		{ { AFI_IPV4, SAFI_MUP }, { 4, 16, 32, 99 } },
		{ { AFI_IPV6, SAFI_SR_POLICY }, { 4, 16, 32, 99 } },
		{ { AFI_BGP_LS, SAFI_BGP_LS }, { 4, 16, 32, 99 } },
		{ { AFI_BGP_LS, SAFI_BGP_LS_VPN }, { 4, 12, 16, 24, 32, 48, 99 } },
		{ { AFI_IPV4, SAFI_FLOWSPEC }, { 0, 4, 12, 16, 24, 32, 48, 99 } },
	};
	struct bgp_context ctx = { .encoding.as4 = true };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const unsigned *allowed = cases[i].allowed;

		for (unsigned n = 0; n < 64; n++) {
			uint8_t value[128] = { (uint8_t)(cases[i].family.afi >> 8),
				(uint8_t)cases[i].family.afi, cases[i].family.safi, (uint8_t)n };
			bool fault = false;
			struct faults f;

			f = faults_with(ATTR_OPTIONAL, ATTR_MP_REACH, value, 4 + n + 2, &ctx);
			for (uint32_t k = 0; k < f.n; k++)
				fault |= f.v[k].code == FAULT_MP_NEXT_HOP &&
					 f.v[k].item == ATTR_MP_REACH &&
					 f.v[k].offset == VALUE_AT + 3;
			while (*allowed < n)
				allowed++;
			require(fault == (*allowed != n), "family %u/%u, next hop of %u",
			    cases[i].family.afi, cases[i].family.safi, n);
		}
	}
}
END_TEST

START_TEST(test_next_hop_text)
{
	static const struct {
		const char *hex, *fields, *text;
	} cases[] = {
		{ "", "next_hop=\"none\"", "none" },
		{ "c0000201", "next_hop=\"192.0.2.1\"", "192.0.2.1" },
		{ "0000000000000000 c0000201", "next_hop=\"192.0.2.1\"", "192.0.2.1" },
		{ "0000fbf400000064 c0000201", "next_hop_rd=\"64500:100\" next_hop=\"192.0.2.1\"",
		    "64500:100 192.0.2.1" },
		{ "20010db8000000000000000000000001", "next_hop=\"2001:db8::1\"", "2001:db8::1" },
		{ "20010db8000000000000000000000001 fe800000000000000000000000000001",
		    "next_hop=\"2001:db8::1\" next_hop_link_local=\"fe80::1\"",
		    "2001:db8::1 fe80::1" },
		{ "0000000000000000 20010db8000000000000000000000001", "next_hop=\"2001:db8::1\"",
		    "2001:db8::1" },
		{ "0000000000000000 20010db8000000000000000000000001 0000000000000000 "
		  "fe800000000000000000000000000001",
		    "next_hop=\"2001:db8::1\" next_hop_link_local=\"fe80::1\"",
		    "2001:db8::1 fe80::1" },
		{ "c00002", "next_hop=0xc00002", "0xc00002" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dissect_log *l = dissect_log_new();
		char text[128];
		struct txt x = txt_of(text, sizeof(text));
		size_t n;
		uint8_t *octets = unhex(cases[i].hex, &n);

		bgp_next_hop_dissect(&l->sink, cur_of(octets, n));
		bgp_next_hop_text(&x, cur_of(octets, n));
		ck_assert_str_eq(l->text, cases[i].fields);
		ck_assert_str_eq(text, cases[i].text);
		free(octets);
	}
}
END_TEST

/* The RIB entries of MRT have a next hop alone (RFC 6396 4.3.4), or everything. */
START_TEST(test_next_hop_alone)
{
	static const struct {
		const char *attrs, *fields;
		bool next_hop_alone;
	} cases[] = {
		{ "80 0e 05 04 c0000201", "mp_reach_nlri{next_hop=\"192.0.2.1\"}", true },
		{ "80 0e 05 04 c0000201", "mp_reach_nlri=0x04c0000201", false },
		{ "80 0e 09 0001 01 04 c0000201 00",
		    "mp_reach_nlri{family=\"ipv4-unicast\" next_hop=\"192.0.2.1\"}", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_encoding encoding = { .as4 = true,
			.next_hop_alone = cases[i].next_hop_alone };
		struct dissect_log *l = dissect_log_new();
		size_t n;
		uint8_t *attrs = unhex(cases[i].attrs, &n);

		bgp_attrs_dissect(&l->sink, cur_of(attrs, n), &encoding);
		ck_assert_str_eq(l->text, cases[i].fields);
		free(attrs);
	}
}
END_TEST

/* Path ids are dissected where the encoding has them. */
START_TEST(test_path_ids)
{
	struct bgp_encoding encoding = { .as4 = true,
		.path_ids_classic = true,
		.path_ids_reach = true,
		.path_ids_unreach = true };
	struct dissect_log *l = dissect_log_new();
	size_t n;
	uint8_t *body =
	    unhex("0006 00000001 08 0a 0022 80 0e 13 0002 01 04 c0000201 00 00000002 28 "
		  "20010db800 80 0f 09 0001 01 00000003 08 0b 00000004 00",
		&n);

	bgp_update_dissect(&l->sink, cur_of(body, n), &encoding);
	ck_assert_str_eq(l->text,
	    "withdrawn[{path_id=1 prefix=\"10.0.0.0/8\"}] "
	    "attributes{mp_reach_nlri{family=\"ipv6-unicast\" "
	    "next_hop=\"192.0.2.1\" nlri[{path_id=2 "
	    "prefix=\"2001:db8::/40\"}]} mp_unreach_nlri{"
	    "family=\"ipv4-unicast\" withdrawn[{path_id=3 "
	    "prefix=\"11.0.0.0/8\"}]}} nlri[{path_id=4 prefix=\"0.0.0.0/0\"}]");
	free(body);
}
END_TEST

/* --- long values */

/* What is too long for a line is shown in part, and whole as octets. */
START_TEST(test_long_lines)
{
	static const struct {
		uint8_t code;
		const char *name;
		size_t unit;
	} cases[] = { { 2, "as_path", 0 }, { 8, "communities", 4 }, { 10, "cluster_list", 4 },
		{ 16, "extended_communities", 8 }, { 25, "ipv6_extended_communities", 20 },
		{ 32, "large_communities", 12 } };
	struct bgp_context ctx = { .encoding.as4 = true };
	static uint8_t value[60000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dissect_log *l = dissect_log_new();
		struct bgp_attr a = { .value = value,
			.len = 60000,
			.code = cases[i].code,
			.flags = ATTR_OPTIONAL | ATTR_TRANSITIVE };
		const char *end, *last, *before;
		char octets[64];

		memset(value, 1, sizeof(value));
		if (cases[i].unit == 0)
			for (size_t at = 0; at < sizeof(value); at += 1000) {
				value[at] = AS_SEQUENCE;
				value[at + 1] = 248; /* and one more */
				memcpy(value + at + 994, "\x02\x01\x01\x01\x01\x01", 6);
			}
		bgp_attr_dissect(&l->sink, &a, &ctx.encoding);
		snprintf(octets, sizeof(octets), " ...\" %s_octets=0x", cases[i].name);
		end = strstr(l->text, octets);
		ck_assert_msg(end != NULL, "%s: %.80s", cases[i].name, l->text);
		/* nearly as long as a line may be, and its last item is like the one before */
		ck_assert_int_gt(end - l->text, 4000);
		for (last = end; last[-1] != ' ';)
			last--;
		for (before = last - 1; before[-1] != ' ';)
			before--;
		ck_assert_msg(end - last == last - 1 - before &&
				  memcmp(before, last, (size_t)(end - last)) == 0,
		    "%s: %.60s", cases[i].name, before);
		ck_assert_uint_gt(l->n, 120000);
	}
}
END_TEST

HARNESS_MAIN("update_dissect")
{
	TEST(test_next_hop_lengths);
	TEST(test_next_hop_text);
	TEST(test_next_hop_alone);
	TEST(test_path_ids);
	TEST(test_long_lines);
}

/* BGP and BMP parsers: the attribute table row by row, every length cut short, round trips with the
 * writers. */
#include "parsers/bgp/message.h"
#include "tests/unit/support/harness.h"

#include "parsers/bgp/update.h"
#include "parsers/bmp/bmp.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/updates.h"

/* --- a valid UPDATE to start from */

static const uint32_t path[] = { 64501, 64510, 4200000001 };
static const uint32_t communities[] = { 64501U << 16 | 1, 0xffffff01 };
static const uint32_t large[] = { 64501, 1, 2 };

static struct bgp_route_spec
base_route(void)
{
	struct bgp_route_spec r = { .as_path = path,
		.as_path_n = 3,
		.next_hop = { 192, 0, 2, 1 },
		.has_med = true,
		.med = 0,
		.communities = communities,
		.communities_n = 2,
		.large = large,
		.large_n = 1,
		.has_otc = true,
		.otc = 64510 };

	return r;
}

static const struct bgp_prefix_spec v4_prefixes[] = {
	{ .family = 4, .len = 24, .addr = { 203, 0, 113 } },
	{ .family = 4, .len = 25, .addr = { 198, 51, 100, 128 } }, { .family = 4, .len = 0 }
};
static const struct bgp_prefix_spec v6_prefixes[] = {
	{ .family = 6, .len = 48, .addr = { 0x20, 1, 0xd, 0xb8, 0, 1 } }
};

static bool
parse_update(const uint8_t *msg, size_t n, struct bgp_update *u, const struct bgp_context *ctx,
    struct faults *f)
{
	struct cursor r = cur_of(msg, n), body;
	size_t total;

	f->n = 0;
	f->action = FAULT_IGNORE;
	if (bgp_message(&r, &body, &total, f) != BGP_UPDATE || !bgp_update_split(body, u, f))
		return false;
	bgp_update_check(u, ctx, f);
	return true;
}

START_TEST(test_update_round_trip)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .as4 = true };
	struct bgp_update u;
	struct bgp_prefix n;
	struct faults f;
	uint8_t buf[1024];
	size_t len = bgp_write_update(buf, sizeof(buf), &r, v4_prefixes, 3, NULL, 0, false);
	const struct bgp_attr *a;

	ck_assert_uint_gt(len, 0);
	ck_assert(parse_update(buf, len, &u, &ctx, &f));
	ck_assert_uint_eq(f.n, 0);
	a = bgp_update_attr(&u, ATTR_OTC);
	ck_assert_ptr_nonnull(a);
	ck_assert_uint_eq(be32(a->value), 64510);
	a = bgp_update_attr(&u, ATTR_MED); /* MED 0 is not "no MED" */
	ck_assert_ptr_nonnull(a);
	for (int i = 0; i < 3; i++) {
		ck_assert(bgp_prefix_next(&u.nlri, AFI_IPV4, false, u.start, &n, &f));
		ck_assert_uint_eq(n.len, v4_prefixes[i].len);
		ck_assert_mem_eq(n.addr, v4_prefixes[i].addr, 4);
	}
	ck_assert(!bgp_prefix_next(&u.nlri, AFI_IPV4, false, u.start, &n, &f));
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

START_TEST(test_both_encodings_in_one)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .as4 = true };
	struct bgp_update u;
	struct faults f;
	uint8_t buf[1024];
	size_t len;

	r.next_hop_v6 = true;
	len = bgp_write_update(buf, sizeof(buf), &r, v6_prefixes, 1, v6_prefixes, 1, false);

	ck_assert(parse_update(buf, len, &u, &ctx, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert(u.reach.present && u.unreach.present);
	ck_assert_uint_eq(cur_left(&u.reach.next_hop), 16);
}
END_TEST

/* Every prefix of every valid message is short, and never read past. */
START_TEST(test_update_cut)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .as4 = true };
	uint8_t buf[1024];
	size_t len = bgp_write_update(buf, sizeof(buf), &r, v4_prefixes, 3, NULL, 0, false);

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = exact_copy(buf, cut);
		struct bgp_update u;
		struct faults f;

		ck_assert_msg(!parse_update(copy, cut, &u, &ctx, &f), "cut at %zu", cut);
		ck_assert_uint_gt(f.n, 0);
		free(copy);
	}
}
END_TEST

/* The same with the lengths made to fit: the body is cut, the header says so. */
START_TEST(test_update_body_cut)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .as4 = true };
	uint8_t buf[1024];
	size_t len = bgp_write_update(buf, sizeof(buf), &r, v4_prefixes, 3, NULL, 0, false);

	for (size_t cut = BGP_HEADER_LEN; cut < len; cut++) {
		uint8_t *copy = exact_copy(buf, cut);
		struct bgp_update u;
		struct bgp_prefix n;
		struct faults f;

		copy[16] = (uint8_t)(cut >> 8);
		copy[17] = (uint8_t)cut;
		if (parse_update(copy, cut, &u, &ctx, &f))
			while (bgp_prefix_next(&u.nlri, AFI_IPV4, false, u.start, &n, &f)) {
			}
		free(copy);
	}
}
END_TEST

/* --- the attribute table */

enum { D = FAULT_ATTRIBUTE_DISCARD, T = FAULT_TREAT_AS_WITHDRAW, OK = FAULT_IGNORE };

static const struct attr_case {
	const char *name;
	uint8_t flags, code;
	uint8_t len;
	uint8_t value[24];
	int action;
	bool ebgp, as2;
} attr_cases[] = {
	{ "origin fine", 0x40, 1, 1, { 2 }, OK, false, false },
	{ "origin value 9", 0x40, 1, 1, { 9 }, T, false, false },
	{ "origin 5 octets", 0x40, 1, 5, { 0 }, T, false, false },
	{ "origin empty", 0x40, 1, 0, { 0 }, T, false, false },
	{ "origin optional", 0xc0, 1, 1, { 0 }, T, false, false },
	{ "as_path empty", 0x40, 2, 0, { 0 }, OK, false, false },
	{ "as_path one as", 0x40, 2, 6, { 2, 1, 0, 0, 0xfb, 0xf5 }, OK, false, false },
	{ "as_path segment type 5", 0x40, 2, 6, { 5, 1, 0, 0, 0xfb, 0xf5 }, T, false, false },
	{ "as_path count 0", 0x40, 2, 2, { 2, 0 }, T, false, false },
	{ "as_path overrun", 0x40, 2, 6, { 2, 2, 0, 0, 0xfb, 0xf5 }, T, false, false },
	{ "as_path one octet left", 0x40, 2, 7, { 2, 1, 0, 0, 0xfb, 0xf5, 2 }, T, false, false },
	{ "as_path as 0", 0x40, 2, 6, { 2, 1, 0, 0, 0, 0 }, T, false, false },
	{ "as_path 2-octet", 0x40, 2, 4, { 2, 1, 0xfb, 0xf5 }, OK, false, true },
	{ "next_hop 3 octets", 0x40, 3, 3, { 1, 2, 3 }, T, false, false },
	{ "med 3 octets", 0x80, 4, 3, { 0 }, T, false, false },
	{ "med transitive", 0xc0, 4, 4, { 0 }, T, false, false },
	{ "local_pref 4", 0x40, 5, 4, { 0 }, OK, false, false },
	{ "local_pref 3", 0x40, 5, 3, { 0 }, T, false, false },
	{ "local_pref external", 0x40, 5, 4, { 0 }, D, true, false },
	{ "atomic with octets", 0x40, 6, 1, { 0 }, D, false, false },
	{ "aggregator 8", 0xc0, 7, 8, { 0, 0, 0, 1, 1, 1, 1, 1 }, OK, false, false },
	{ "aggregator 6 at 4-octet", 0xc0, 7, 6, { 0, 1, 1, 1, 1, 1 }, D, false, false },
	{ "aggregator 6 at 2-octet", 0xc0, 7, 6, { 0, 1, 1, 1, 1, 1 }, OK, false, true },
	{ "aggregator as 0", 0xc0, 7, 8, { 0, 0, 0, 0, 1, 1, 1, 1 }, D, false, false },
	{ "communities 4", 0xc0, 8, 4, { 0 }, OK, false, false },
	{ "communities empty", 0xc0, 8, 0, { 0 }, T, false, false },
	{ "communities 6", 0xc0, 8, 6, { 0 }, T, false, false },
	{ "originator external", 0x80, 9, 4, { 0 }, D, true, false },
	{ "originator 5", 0x80, 9, 5, { 0 }, T, false, false },
	{ "cluster empty", 0x80, 10, 0, { 0 }, T, false, false },
	{ "ext communities 8", 0xc0, 16, 8, { 0 }, OK, false, false },
	{ "ext communities 9", 0xc0, 16, 9, { 0 }, T, false, false },
	{ "as4_path bad", 0xc0, 17, 6, { 9, 1, 0, 0, 0, 1 }, D, false, false },
	{ "as4_aggregator 7", 0xc0, 18, 7, { 0 }, D, false, false },
	{ "aigp fine", 0x80, 26, 11, { 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9 }, OK, false, false },
	{ "aigp transitive", 0xc0, 26, 11, { 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9 }, D, false, false },
	{ "aigp short tlv", 0x80, 26, 11, { 1, 0, 12, 0, 0, 0, 0, 0, 0, 0, 9 }, D, false, false },
	{ "large 12", 0xc0, 32, 12, { 0 }, OK, false, false },
	{ "large 13", 0xc0, 32, 13, { 0 }, T, false, false },
	{ "otc 4", 0xc0, 35, 4, { 0, 0, 0xfb, 0xf5 }, OK, false, false },
	{ "otc 5", 0xc0, 35, 5, { 0 }, T, false, false },
	{ "otc flags", 0x80, 35, 4, { 0, 0, 0xfb, 0xf5 }, T, false, false },
	{ "prefix_sid tlv over", 0xc0, 40, 4, { 1, 0, 7, 0 }, D, false, false },
	{ "unknown optional", 0xc0, 99, 3, { 1, 2, 3 }, OK, false, false },
	{ "unknown well-known", 0x40, 99, 3, { 1, 2, 3 }, FAULT_DROP_REST, false, false },
};

START_TEST(test_attribute_row)
{
	const struct attr_case *c = &attr_cases[_i];
	struct bgp_context ctx = { .as4 = !c->as2, .ebgp = c->ebgp };
	struct faults f = { .n = 0 };
	struct bgp_update u;
	size_t n;
	uint8_t *body = route_of(c->flags, c->code, c->value, c->len, &n);
	uint8_t *copy = exact_copy(body, n);

	ck_assert(bgp_update_split(cur_of(copy, n), &u, &f));
	bgp_update_check(&u, &ctx, &f);
	ck_assert_msg(f.action == c->action, "%s: action %d, not %d (%s)", c->name, f.action,
	    c->action, f.n > 0 ? fault_name((enum fault_code)f.v[0].code) : "no fault");
	if (c->action == OK)
		ck_assert_ptr_nonnull(bgp_update_attr(&u, c->code));
	if (c->action == D)
		ck_assert_msg(bgp_update_attr(&u, c->code) == NULL, "%s: still there", c->name);
	if (f.n > 0)
		ck_assert_uint_eq(f.v[0].item, c->code);
	free(copy);
	free(body);
}
END_TEST

START_TEST(test_missing_and_duplicates)
{
	struct bgp_context ctx = { .as4 = true };
	/* ORIGIN twice, no AS_PATH, no NEXT_HOP, one prefix */
	static const uint8_t body[] = { 0, 0, 0, 8, 0x40, 1, 1, 0, 0x40, 1, 1, 2, 8, 10 };
	struct faults f = { .n = 0 };
	struct bgp_update u;

	ck_assert(bgp_update_split(cur_of(body, sizeof(body)), &u, &f));
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].code, FAULT_ATTR_DUPLICATE);
	ck_assert_uint_eq(bgp_update_attr(&u, ATTR_ORIGIN)->value[0], 0); /* the first is kept */
	bgp_update_check(&u, &ctx, &f);
	ck_assert_uint_eq(f.action, FAULT_TREAT_AS_WITHDRAW);
	ck_assert_uint_eq(f.n, 3);
}
END_TEST

/* --- prefixes */

START_TEST(test_nlri_bad)
{
	static const uint8_t over[] = { 33, 1, 2, 3, 4, 5 }, shrt[] = { 24, 1, 2 };
	struct faults f = { .n = 0 };
	struct bgp_prefix n;
	struct cursor r = cur_of(over, sizeof(over));

	ck_assert(!bgp_prefix_next(&r, AFI_IPV4, false, over, &n, &f));
	ck_assert_uint_eq(f.v[0].code, FAULT_NLRI_LENGTH);
	ck_assert_uint_eq(cur_left(&r), 0);
	r = cur_of(shrt, sizeof(shrt));
	ck_assert(!bgp_prefix_next(&r, AFI_IPV4, false, shrt, &n, &f));
	ck_assert_uint_eq(f.v[1].code, FAULT_NLRI_OVERRUN);
}
END_TEST

START_TEST(test_nlri_host_bits_and_path_id)
{
	static const uint8_t octets[] = { 0, 0, 0, 7, 20, 10, 1, 0xff };
	struct faults f = { .n = 0 };
	struct bgp_prefix n;
	struct cursor r = cur_of(octets, sizeof(octets));

	ck_assert(bgp_prefix_next(&r, AFI_IPV4, true, octets, &n, &f));
	ck_assert_uint_eq(n.path_id, 7);
	ck_assert_uint_eq(n.len, 20);
	ck_assert_uint_eq(n.addr[2], 0xf0);
}
END_TEST

START_TEST(test_end_of_rib)
{
	static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
		{ AFI_IPV6, SAFI_UNICAST }, { AFI_L2VPN, SAFI_EVPN } };
	struct bgp_context ctx = { .as4 = true };

	for (int i = 0; i < 3; i++) {
		struct bgp_family got;
		struct bgp_update u;
		struct faults f;
		uint8_t buf[64];
		size_t n = bgp_write_end_of_rib(buf, sizeof(buf), families[i]);

		ck_assert(parse_update(buf, n, &u, &ctx, &f));
		ck_assert(bgp_update_end_of_rib(&u, &got));
		ck_assert_uint_eq(got.afi, families[i].afi);
		ck_assert_uint_eq(got.safi, families[i].safi);
	}
	{ /* a withdrawal alone is none */
		struct bgp_route_spec r = { .origin = 0 };
		struct bgp_family got;
		struct bgp_update u;
		struct faults f;
		uint8_t buf[64];
		size_t n = bgp_write_update(buf, sizeof(buf), &r, NULL, 0, v4_prefixes, 1, false);

		ck_assert(parse_update(buf, n, &u, &ctx, &f));
		ck_assert(!bgp_update_end_of_rib(&u, &got));
	}
}
END_TEST

/* --- AS paths */

START_TEST(test_widen)
{
	/* 2-octet: 64501 23456 23456; AS4_PATH: 4200000001 64999 */
	static const uint8_t two[] = { 2, 3, 0xfb, 0xf5, 0x5b, 0xa0, 0x5b, 0xa0 };
	static const uint8_t four[] = { 2, 2, 0xfa, 0x56, 0xea, 0x01, 0, 0, 0xfd, 0xe7 };
	static const uint8_t longer[] = { 2, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4 };
	uint8_t out[64];
	struct as_segment s;
	struct cursor r;
	size_t n;

	n = as_path_widen(cur_of(two, sizeof(two)), cur_of(four, sizeof(four)), out, sizeof(out));
	r = cur_of(out, n);
	ck_assert(as_path_next(&r, 4, &s));
	ck_assert_uint_eq(s.count, 1);
	ck_assert_uint_eq(as_segment_at(&s, 4, 0), 64501);
	ck_assert(as_path_next(&r, 4, &s));
	ck_assert_uint_eq(as_segment_at(&s, 4, 0), 4200000001U);
	ck_assert_uint_eq(as_segment_at(&s, 4, 1), 64999);
	/* an AS4_PATH that is longer says nothing (RFC 6793 4.2.3) */
	n = as_path_widen(
	    cur_of(two, sizeof(two)), cur_of(longer, sizeof(longer)), out, sizeof(out));
	r = cur_of(out, n);
	ck_assert(as_path_next(&r, 4, &s));
	ck_assert_uint_eq(s.count, 3);
	ck_assert_uint_eq(as_segment_at(&s, 4, 2), BGP_AS_TRANS);
}
END_TEST

/* --- BMP */

static size_t
make_peer_up(uint8_t *buf, size_t size)
{
	static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
		{ AFI_IPV6, SAFI_UNICAST } };
	static const struct bgp_addpath receive[] = { { { AFI_IPV4, SAFI_UNICAST },
	    BGP_ADDPATH_RECEIVE } };
	static const uint8_t local[16] = { 192, 0, 2, 254 };
	struct bmp_peer_spec p = {
		.address = { 192, 0, 2, 1 }, .as = 64501, .sec = 1700000000, .usec = 250000
	};
	struct bgp_open_spec sent = { .as = 4200000000,
		.hold_time_s = 180,
		.role = BGP_ROLE_PROVIDER,
		.families = families,
		.families_n = 2,
		.addpaths = receive,
		.addpaths_n = 1 };
	struct bgp_open_spec received = { .as = 64501,
		.hold_time_s = 90,
		.role = BGP_ROLE_CUSTOMER,
		.families = families,
		.families_n = 1 };

	return bmp_write_peer_up(buf, size, &p, local, &sent, &received, "red");
}

START_TEST(test_peer_up)
{
	uint8_t buf[1024];
	size_t len = make_peer_up(buf, sizeof(buf));
	struct faults f = { .n = 0 };
	struct bmp_peer_up up;
	struct bmp_msg m;
	struct bmp_tlv tlv;

	ck_assert_int_eq(bmp_frame(buf, len, 1 << 20, &f), (int64_t)len);
	ck_assert(bmp_parse(buf, len, &m, &f));
	ck_assert(bmp_peer_up_parse(&m, &up, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert_uint_eq(up.sent.as, 4200000000U);
	ck_assert_uint_eq(up.sent.my_as, BGP_AS_TRANS);
	ck_assert_uint_eq(up.sent.role, BGP_ROLE_PROVIDER);
	ck_assert_uint_eq(up.received.role, BGP_ROLE_CUSTOMER);
	ck_assert_uint_eq(up.sent.families_n, 2);
	ck_assert_uint_eq(bgp_open_addpath(&up.sent, (struct bgp_family){ AFI_IPV4, SAFI_UNICAST }),
	    BGP_ADDPATH_RECEIVE);
	ck_assert(bmp_tlv_next(&up.tlvs, m.start, &tlv, &f));
	ck_assert_uint_eq(tlv.type, BMP_PEER_TABLE_NAME);
	ck_assert_mem_eq(tlv.value.pos, "red", 3);
}
END_TEST

/* A frame cut short with its length made to fit: each body parser says so, or reads less. */
START_TEST(test_bmp_cut)
{
	struct bmp_peer_spec p = { .address = { 192, 0, 2, 1 }, .as = 64501 };
	struct bmp_stat_spec stats[] = { { .type = 7, .value = 1000 },
		{ .type = 9, .value = 5, .per_family = true, .family = { 1, 1 } } };
	uint8_t buf[4][1024];
	size_t len[4] = { make_peer_up(buf[0], 1024), bmp_write_peer_down(buf[1], 1024, &p, 3, 0),
		bmp_write_statistics(buf[2], 1024, &p, stats, 2),
		bmp_write_initiation(buf[3], 1024, "r1", "a router") };

	for (int k = 0; k < 4; k++) {
		for (size_t cut = BMP_HEADER_LEN; cut <= len[k]; cut++) {
			uint8_t *copy = exact_copy(buf[k], cut);
			struct faults f = { .n = 0 };
			struct bmp_peer_up up;
			struct bmp_peer_down down;
			struct bmp_stats st;
			struct bmp_stat one;
			struct bmp_tlv tlv;
			struct bmp_msg m;
			struct cursor r;

			copy[3] = (uint8_t)(cut >> 8);
			copy[4] = (uint8_t)cut;
			if (bmp_parse(copy, cut, &m, &f)) {
				if (k == 0)
					bmp_peer_up_parse(&m, &up, &f);
				if (k == 1)
					bmp_peer_down_parse(&m, &down, &f);
				bmp_stats_begin(&m, &st, &f);
				while (k == 2 && bmp_stats_next(&m, &st, &one, &f)) {
				}
				r = m.body;
				while (k == 3 && bmp_tlv_next(&r, m.start, &tlv, &f)) {
				}
			}
			if (cut == len[k] && k != 3 && k != 0 && k != 1)
				ck_assert_msg(f.n == 0, "whole message %d has faults", k);
			if (cut < len[k] && k == 2)
				ck_assert_msg(f.n > 0, "statistics cut at %zu pass", cut);
			free(copy);
		}
	}
}
END_TEST

START_TEST(test_frame_limits)
{
	static const uint8_t v2[6] = { 2, 0, 0, 0, 6, 4 }, tiny[6] = { 3, 0, 0, 0, 5, 4 },
			     huge[6] = { 3, 0x7f, 0, 0, 0, 4 }, zero[6] = { 3, 0, 0, 0, 0, 4 };
	const uint8_t *bad[] = { v2, tiny, huge, zero };

	for (int i = 0; i < 4; i++) {
		struct faults f = { .n = 0 };

		ck_assert_int_eq(bmp_frame(bad[i], 6, 1 << 20, &f), -1);
		ck_assert_uint_eq(f.action, FAULT_CLOSE);
		f.n = 0;
		ck_assert_int_eq(bmp_frame(bad[i], 5, 1 << 20, &f), 0);
	}
}
END_TEST

START_TEST(test_views)
{
	static const struct {
		uint8_t type, flags, view;
	} cases[] = { { 0, 0, BMP_VIEW_IN_PRE }, { 0, 0x40, BMP_VIEW_IN_POST },
		{ 0, 0x10, BMP_VIEW_OUT_PRE }, { 0, 0x50, BMP_VIEW_OUT_POST },
		{ 3, 0x80, BMP_VIEW_LOC_RIB }, { 3, 0x50, BMP_VIEW_LOC_RIB },
		{ 1, 0xc0, BMP_VIEW_IN_POST } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_peer_header h = { .type = cases[i].type, .flags = cases[i].flags };

		ck_assert_uint_eq(bmp_view_of(&h), cases[i].view);
	}
	/* 0x80 of a Loc-RIB peer is F, not V */
	ck_assert(!bmp_peer_is_v6(&(struct bmp_peer_header){ .type = 3, .flags = 0x80 }));
}
END_TEST

START_TEST(test_open_extended_length)
{
	/* RFC 9072: marker 255, then a 2-octet total; a parameter with a 2-octet length holding one
	 * capability */
	static const uint8_t body[] = { 4, 0xfb, 0xf5, 0, 90, 1, 2, 3, 4, 255, 255, 0, 9, 2, 0, 6,
		65, 4, 0xfa, 0x56, 0xea, 0 };
	struct faults f = { .n = 0 };
	struct bgp_open o;

	bgp_open_parse(cur_of(body, sizeof(body)), &o, &f);
	ck_assert_uint_eq(f.n, 0);
	ck_assert(o.as4);
	ck_assert_uint_eq(o.as, 4200000000U);
	for (size_t cut = 0; cut < sizeof(body); cut++) {
		uint8_t *copy = exact_copy(body, cut);

		bgp_open_parse(cur_of(copy, cut), &o, &f);
		free(copy);
	}
}
END_TEST

HARNESS_MAIN("parsers")
{
	TEST(test_update_round_trip);
	TEST(test_both_encodings_in_one);
	TEST(test_update_cut);
	TEST(test_update_body_cut);
	ROWS(test_attribute_row, attr_cases);
	TEST(test_missing_and_duplicates);
	TEST(test_nlri_bad);
	TEST(test_nlri_host_bits_and_path_id);
	TEST(test_end_of_rib);
	TEST(test_widen);
	TEST(test_peer_up);
	TEST(test_bmp_cut);
	TEST(test_frame_limits);
	TEST(test_views);
	TEST(test_open_extended_length);
}

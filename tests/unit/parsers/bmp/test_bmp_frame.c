/* BMP messages of the writers, parsed: framing, Peer Up, views, and every body cut short. */
#include "tests/unit/support/harness.h"

#include "parsers/bmp/bmp.h"
#include "parsers/bmp/write.h"

static size_t
make_peer_up(uint8_t *buf, size_t size)
{
	static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
		{ AFI_IPV6, SAFI_UNICAST } };
	static const struct bgp_addpath receive[] = { { { AFI_IPV4, SAFI_UNICAST },
	    BGP_ADDPATH_RECEIVE } };
	static const struct ip_addr local = { IP_V4, { 192, 0, 2, 254 } };
	struct bmp_peer_spec p = { .address = { IP_V4, { 192, 0, 2, 1 } },
		.as = 64501,
		.sec = 1700000000,
		.usec = 250000 };
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

	return bmp_write_peer_up(buf, size, &p, &local, &sent, &received, "red");
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
	struct bmp_peer_spec p = { .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64501 };
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
	struct bmp_peer_spec p = { .type = BMP_PEER_LOC_RIB, .flags = BMP_FLAG_F };
	static const struct {
		uint8_t type, flags, view;
	} cases[] = { { 0, 0, BMP_VIEW_IN_PRE }, { 0, 0x40, BMP_VIEW_IN_POST },
		{ 0, 0x10, BMP_VIEW_OUT_PRE }, { 0, 0x50, BMP_VIEW_OUT_POST },
		{ 3, 0x80, BMP_VIEW_LOC_RIB }, { 3, 0x50, BMP_VIEW_LOC_RIB },
		{ 1, 0xc0, BMP_VIEW_IN_POST } };
	struct faults f = { .n = 0 };
	struct bmp_msg m;
	uint8_t b[64];
	size_t n;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_peer_header h = { .type = cases[i].type, .flags = cases[i].flags };

		ck_assert_uint_eq(bmp_view_of(&h), cases[i].view);
	}
	/* 0x80 of a Loc-RIB peer is F, not V */
	n = bmp_write_statistics(b, sizeof(b), &p, NULL, 0);
	ck_assert(bmp_parse(b, n, &m, &f));
	ck_assert_uint_eq(m.peer.flags, 0x80);
	ck_assert_uint_eq(m.peer.address.family, IP_V4);
}
END_TEST

HARNESS_MAIN("bmp_frame")
{
	TEST(test_peer_up);
	TEST(test_bmp_cut);
	TEST(test_frame_limits);
	TEST(test_views);
}

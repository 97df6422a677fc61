/* BMP version 4: an exporter's revision, the NLRI of a TLV, path status, and the examples. */
#include "collector/bmp_stream/bmp_stream.h"
#include "tests/unit/support/bmp_messages.h"
#include "tests/unit/support/bmp_octets.h"

START_TEST(test_example_v4)
{
	static const struct bmp_tlv_spec tlv = {
		.kind = BMP_V4_STATELESS, .value = "\x45\4\0\1\1\3", .len = 6
	};
	uint8_t b[MESSAGE_MAX], again[256];
	size_t n = octets(
	    "04 00000079 00 " HEADER "0003 0006 0000 45 04 0001 01 03 0004 0037 0000 " UPDATE_2, b);
	struct bmp_peer_spec p = peer_1();
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_eq(n, 121);
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert_int_eq(v4.revision, BMP_V4_REVISION_21);
	ck_assert(v4.revision_proved && v4.stateless && bmp_v4_addpath(&v4, ipv4));
	ck_assert(!bmp_v4_addpath(&v4, (struct bgp_family){ AFI_IPV6, SAFI_UNICAST }));
	ck_assert_uint_eq(cur_left(&v4.message), 55);
	ck_assert_uint_eq(bmp_write_v4_routes(again, sizeof(again), &p, BMP_V4_REVISION_21, &tlv, 1,
			      v4.message.pos, 55),
	    121);
	ck_assert_mem_eq(b, again, n);
}
END_TEST

/* The TLVs of the one public capture, around an UPDATE of ours. */
START_TEST(test_example_v4_capture)
{
	uint8_t b[2 * MESSAGE_MAX], bgp[256];
	size_t n = octets("04 00000000 00 " HEADER
			  "0002 0004 8001 0001 0002 0003 0006 0000 676c6f62616c 0004 003d 0000",
		   b),
	       len = update_of(bgp, sizeof(bgp), 2, false);
	struct bmp_path_status st;
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;

	memcpy(b + n, bgp, len);
	b[n - 3] = (uint8_t)len;
	n += len;
	n += octets("0005 0004 0001 0000008a", b + n);
	set_length(b, n);
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert_int_eq(v4.revision, BMP_V4_REVISION_19);
	ck_assert_uint_eq(cur_left(&v4.table_name), 6);
	ck_assert(bmp_v4_path_status(&v4, 1, &st));
	ck_assert_uint_eq(st.status, 0x8a); /* best, primary, add-path */
	ck_assert(!st.has_reason);
	ck_assert(!bmp_v4_path_status(&v4, 2, &st));
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 2), 0);
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 1), 1); /* the group holds a second */
}
END_TEST

/* --- version 4 */

/* Its own status comes before its group's, and that before all NLRI's. */
START_TEST(test_path_status)
{
	static const struct bmp_tlv_spec tlvs[] = {
		{ .type = 5, .value = "\0\0\0\4", .len = 4 },
		{ .kind = BMP_V4_GROUP, .index = 0x8001, .value = "\0\1\0\2", .len = 4 },
		{ .type = 5, .index = 1, .value = "\0\0\0\2", .len = 4 },
		{ .type = 5, .index = 0x8001, .value = "\0\0\0\x10\0\4", .len = 6 },
	};
	static const uint32_t want[] = { 2, 0x10, 4 };

	for (int set = BMP_V4_REVISION_17; set < BMP_V4_REVISIONS; set++) {
		uint8_t b[MESSAGE_MAX];
		size_t n = make_routes_v4(b, (enum bmp_v4_revision)set, tlvs, 4, 3, false);
		struct bmp_path_status st;
		struct bmp_v4 v4;
		struct faults f;
		struct bmp_msg m;

		ck_assert(
		    parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_UNKNOWN, &v4, &f));
		ck_assert_int_eq(v4.revision, set);
		ck_assert_uint_eq(v4.status_n, 3);
		for (unsigned i = 0; i < 3; i++) {
			ck_assert(bmp_v4_path_status(&v4, i + 1, &st));
			ck_assert_uint_eq(st.status, want[i]);
			ck_assert(st.has_reason == (i == 1));
		}
	}
}
END_TEST

/* One TLV is enough to distinguish -19 from -21; none leaves it to what was proved, else to the
 * newest. */
START_TEST(test_code_points)
{
	static const struct {
		struct bmp_tlv_spec tlv;
		uint8_t flags;
		enum bmp_v4_revision known, want;
		bool proved;
	} cases[] = {
		{ { .type = 77, .value = "", .len = 0 }, 0, BMP_V4_REVISION_UNKNOWN,
		    BMP_V4_REVISION_21, false },
		{ { .type = 77, .value = "", .len = 0 }, 0, BMP_V4_REVISION_19, BMP_V4_REVISION_19,
		    false },
		{ { .type = 77, .value = "", .len = 0 }, 0, BMP_V4_REVISION_20, BMP_V4_REVISION_21,
		    false },
		{ { .type = 1, .value = "\x41\4\0\0\0\1", .len = 6 }, 0, BMP_V4_REVISION_21,
		    BMP_V4_REVISION_19, true },
		{ { .type = 1, .index = 0x8001, .value = "\0\1\0\2", .len = 4 }, 0,
		    BMP_V4_REVISION_19, BMP_V4_REVISION_21, true },
		/* a name may be anything: it says who speaks, and does not undo what was proved */
		{ { .type = 2, .value = "red", .len = 3 }, 0, BMP_V4_REVISION_UNKNOWN,
		    BMP_V4_REVISION_21, true },
		{ { .type = 3, .value = "red", .len = 3 }, 0, BMP_V4_REVISION_UNKNOWN,
		    BMP_V4_REVISION_19, true },
		{ { .type = 2, .value = "red", .len = 3 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_19, false },
		{ { .type = 3, .value = "red", .len = 3 }, 0, BMP_V4_REVISION_21,
		    BMP_V4_REVISION_21, false },
		{ { .type = 3, .value = "red", .len = 3 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_19, true },
		/* 0x22 octets behind "v\"": no capability is all text */
		{ { .type = 3, .value = "v\"0123456789012345678901234567890123", .len = 36 }, 0,
		    BMP_V4_REVISION_UNKNOWN, BMP_V4_REVISION_19, true },
		{ { .type = 3, .value = "v\"0123456789012345678901234567890123", .len = 36 }, 0,
		    BMP_V4_REVISION_19, BMP_V4_REVISION_19, true },
		{ { .type = 3, .value = "\x45\0", .len = 2 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_21, true },
		{ { .type = 5, .value = "\0\0\0\0\0\0\0\1", .len = 8 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_21, true },
		{ { .type = 5, .value = "\0\0\0\2", .len = 4 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_19, false },
		{ { .type = 6, .value = "\0\0\0\2", .len = 4 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_19, false },
		/* a path status, with a bit in the header that meant nothing then */
		{ { .type = 6, .index = 1, .value = "\0\0\0\2", .len = 4 }, BMP_FLAG_X,
		    BMP_V4_REVISION_19, BMP_V4_REVISION_19, false },
		{ { .type = 6, .value = "\x40", .len = 1 }, BMP_FLAG_X, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_21, true },
		{ { .type = 7, .value = "\0\x65\x53\xf1\0", .len = 5 }, 0, BMP_V4_REVISION_19,
		    BMP_V4_REVISION_21, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_peer_spec p = peer_1();
		uint8_t b[MESSAGE_MAX], bgp[256];
		struct bmp_v4 v4;
		struct faults f;
		struct bmp_msg m;
		size_t n;

		p.flags = cases[i].flags;
		n = bmp_write_v4_routes(b, sizeof(b), &p, BMP_V4_REVISION_21, &cases[i].tlv, 1, bgp,
		    update_of(bgp, sizeof(bgp), 2, false));
		ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, cases[i].known, &v4, &f));
		ck_assert_msg(v4.revision == cases[i].want && v4.revision_proved == cases[i].proved,
		    "case %zu: %s", i, bmp_v4_revision_name(v4.revision));
	}
}
END_TEST

/* As many groups as a message can hold are all found, in a walk or two. */
START_TEST(test_many_groups)
{
	enum { MANY = 20000 };
	size_t size = 512 + (size_t)MANY * 20, n;
	uint8_t *b = malloc(size), bgp[256];
	size_t len = update_of(bgp, sizeof(bgp), 2, false);
	struct bmp_peer_spec p = peer_1();
	struct bmp_path_status st;
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;
	struct writer w;

	ck_assert_ptr_nonnull(b);
	w = bmp_write_begin(b, size, 4, BMP_ROUTE_MONITORING, &p);
	for (unsigned i = 0; i < MANY; i++) {
		uint16_t index = (uint16_t)(BMP_V4_GROUP_BIT | (i + 1));

		bmp_put_indexed(&w, &(struct bmp_tlv_spec){
					.type = 1, .index = index, .value = "\0\1\0\2", .len = 4 });
		bmp_put_indexed(&w, &(struct bmp_tlv_spec){
					.type = 5, .index = index, .value = "\0\0\0\2", .len = 4 });
	}
	bmp_put_indexed(&w, &(struct bmp_tlv_spec){ .type = 4, .value = bgp, .len = len });
	n = bmp_write_finish(&w);
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(v4.groups_n, BMP_V4_GROUPS);
	ck_assert(bmp_v4_path_status(&v4, 2, &st) && !bmp_v4_path_status(&v4, 3, &st));
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 2), 0);
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 1), MANY);
	free(b);
}
END_TEST

/* Two names in one message are no accident. */
START_TEST(test_names_overturn)
{
	static const struct bmp_tlv_spec tlvs[] = {
		{ .type = 2, .value = "red", .len = 3 },
		{ .type = 2, .index = 1, .value = "blue", .len = 4 },
	};
	uint8_t b[MESSAGE_MAX];
	size_t n = make_routes_v4(b, BMP_V4_REVISION_21, tlvs, 2, 1, false);
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;

	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_19, &v4, &f));
	ck_assert(v4.revision == BMP_V4_REVISION_21 && v4.revision_proved);
}
END_TEST

/* Nor are names in one message after another. */
START_TEST(test_doubts)
{
	static const struct bmp_tlv_spec proof = { .type = 1,
		.index = 0x8001,
		.value = "\0\1\0\2",
		.len = 4 },
					 hint = { .type = 3, .value = "red", .len = 3 };
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);
	uint8_t b[MESSAGE_MAX];
	size_t n = make_routes_v4(b, BMP_V4_REVISION_21, &proof, 1, 2, false);

	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	n = make_routes_v4(b, BMP_V4_REVISION_21, &hint, 1, 2, false);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
		ck_assert_int_eq(bmp_stream_v4_revision(s), BMP_V4_REVISION_21);
	}
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	ck_assert_int_eq(bmp_stream_v4_revision(s), BMP_V4_REVISION_19);
	bmp_stream_free(s);
}
END_TEST

/* A path status of one NLRI is none of the peer's flags. */
START_TEST(test_flags_and_status)
{
	static const struct bmp_tlv_spec tlvs[] = {
		{ .type = 6, .index = 1, .value = "\0\0\0\2", .len = 4 },
		{ .kind = BMP_V4_EXTENDED_FLAGS, .value = "\x50", .len = 1 },
	};
	uint8_t b[MESSAGE_MAX];
	size_t n = make_routes_v4(b, BMP_V4_REVISION_21, tlvs, 2, 1, false);
	struct bmp_path_status st;
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;

	b[7] |= BMP_FLAG_X;
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(v4.flags, 0x50);
	ck_assert(bmp_v4_path_status(&v4, 1, &st) && st.status == 2);
}
END_TEST

/* A message that proves nothing is dissected by what its session proved; the view is by the
 * extended flags. */
START_TEST(test_dissected_by_session)
{
	static const struct bmp_dissect_context context = { .v4_revision = BMP_V4_REVISION_19 };
	static const struct bmp_tlv_spec unproved = { .type = 77, .value = "", .len = 0 }, flags = {
		.kind = BMP_V4_EXTENDED_FLAGS, .value = "\x50", .len = 1
	};
	uint8_t b[MESSAGE_MAX];
	size_t n = make_routes_v4(b, BMP_V4_REVISION_21, &unproved, 1, 1, false);
	struct faults f;
	struct bmp_msg m;

	ck_assert(parse(b, n, &m, &f));
	ck_assert_ptr_nonnull(strstr(dissected_as(&m, NULL), "bmp-tlv-21"));
	ck_assert_ptr_nonnull(strstr(dissected_as(&m, &context), "bmp-tlv-19"));
	n = make_routes_v4(b, BMP_V4_REVISION_21, &flags, 1, 1, false);
	b[7] |= BMP_FLAG_X;
	ck_assert(parse(b, n, &m, &f));
	ck_assert_ptr_nonnull(strstr(dissected_message(&m),
	    "flags[\"extended_flags\"] extended_flags[\"post_policy\" \"adj_rib_out\"] "
	    "view=\"adj-rib-out-post\""));
}
END_TEST

/* Only one BGP message is read; that there is another is said. */
START_TEST(test_second_message)
{
	uint8_t b[MESSAGE_MAX], bgp[256];
	size_t len = update_of(bgp, sizeof(bgp), 1, false), n;
	struct bmp_tlv_spec tlv = { .kind = BMP_V4_MESSAGE, .value = bgp, .len = len };
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;

	n = make_routes_v4(b, BMP_V4_REVISION_21, &tlv, 1, 2, false);
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_REVISION_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(cur_left(&v4.message), len);
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].code, FAULT_BMP_SECOND_MESSAGE);
	ck_assert_uint_eq(f.v[0].offset, 48 + 6 + len + 6);
}
END_TEST

/* An index is held against the NLRI only where all of them can be read. */
START_TEST(test_index)
{
	static const struct bmp_tlv_spec tlv = {
		.type = 5, .index = 3, .value = "\0\0\0\2", .len = 4
	};

	for (int damaged = 0; damaged < 2; damaged++) {
		struct bmp_stream *s =
		    bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);
		uint8_t b[MESSAGE_MAX];
		size_t n = make_routes_v4(b, BMP_V4_REVISION_21, &tlv, 1, 2, false);

		if (damaged)
			b[n - 4] = 33; /* the length of the last prefix */
		ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
		ck_assert_uint_eq(bmp_stream_counters(s)->quirks[QUIRK_V4_INDEX], !damaged);
		bmp_stream_free(s);
	}
}
END_TEST

START_TEST(test_no_message)
{
	uint8_t b[MESSAGE_MAX];
	struct bmp_peer_spec p = peer_1();
	size_t n = bmp_write_v4_routes(b, sizeof(b), &p, BMP_V4_REVISION_21, v4_tlvs, 2, NULL, 0);
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);

	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	ck_assert_uint_eq(bmp_stream_counters(s)->faults[FAULT_BMP_NO_MESSAGE], 1);
	ck_assert_uint_eq(bmp_stream_counters(s)->skipped, 1);
	ck_assert_uint_eq(bmp_stream_counters(s)->v4, 1);
	bmp_stream_free(s);
}
END_TEST

HARNESS_MAIN("bmp_v4")
{
	TEST(test_example_v4);
	TEST(test_example_v4_capture);
	TEST(test_path_status);
	TEST(test_code_points);
	TEST(test_many_groups);
	TEST(test_names_overturn);
	TEST(test_doubts);
	TEST(test_flags_and_status);
	TEST(test_dissected_by_session);
	TEST(test_second_message);
	TEST(test_index);
	TEST(test_no_message);
}

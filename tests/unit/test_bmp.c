/*
 * BMP messages of both versions: written, read, told; cut at every length; the examples of the
 * documents octet by octet; the registries row by row.
 */
#include "collector/bmp_stream/bmp_stream.h"
#include "tests/unit/bmp_messages.h"

#define PEER                                                                                       \
	"peer{type=0 type_name=\"Global Instance Peer\" flags[] view=\"adj-rib-in-pre\" "          \
	"distinguisher=\"0:0\" address=\"192.0.2.1\" as=64501 bgp_id=\"192.0.2.1\" "               \
	"time=\"2023-11-14T22:13:20.250000Z\"}"

static const struct {
	const char *name;
	size_t (*make)(uint8_t *);
	enum fault_code fault; /* of the whole message */
	const char *told;
} messages[] = {
#include "tests/unit/bmp_told.inc"
};

static bool
parse(const uint8_t *at, size_t n, struct bmp_msg *m, struct faults *f)
{
	*f = (struct faults){ .n = 0 };
	return bmp_parse(at, n, m, f);
}

START_TEST(test_told)
{
	static struct told told;
	uint8_t b[MESSAGE_MAX];
	size_t n = messages[_i].make(b);
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_gt(n, 0);
	ck_assert_int_eq(bmp_frame(b, n, MESSAGE_MAX, &f), (int64_t)n);
	ck_assert(parse(b, n, &m, &f) == (messages[_i].fault == FAULT_NONE));
	told_message(&told, &m);
	ck_assert_msg(strcmp(told.text, messages[_i].told) == 0, "%s is told as\n%s\nnot\n%s",
	    messages[_i].name, told.text, messages[_i].told);
}
END_TEST

/* --- cut short
 * --------------------------------------------------------------------------------- */

static void
set_length(uint8_t *b, size_t n)
{
	b[1] = (uint8_t)(n >> 24);
	b[2] = (uint8_t)(n >> 16);
	b[3] = (uint8_t)(n >> 8);
	b[4] = (uint8_t)n;
}

/* All body parsers over anything that has headers. */
static void
read_all(const struct bmp_msg *m)
{
	struct faults f = { .n = 0 };
	struct bmp_peer_down down;
	struct bmp_mirror mirror;
	struct bmp_path_status status;
	struct bmp_peer_up up;
	struct bmp_v4 v4;

	bmp_peer_up_parse(m, &up, &f);
	bmp_peer_down_parse(m, &down, &f);
	bmp_mirror_parse(m, &mirror, &f);
	if (bmp_v4_parse(m, BMP_V4_SET_UNKNOWN, &v4, &f))
		bmp_v4_path_status(&v4, 1, &status);
	bmp_v4_bad_indexes(&v4, 2);
}

/* The length says so: it reads less, or a fault says why not; nothing is read past its end, and the
 * message behind it is read as ever. */
START_TEST(test_cut)
{
	static struct told told;
	uint8_t b[MESSAGE_MAX], after[MESSAGE_MAX];
	size_t n = messages[_i].make(b), after_n = make_initiation(after);

	for (size_t cut = BMP_HEADER_LEN; cut < n; cut++) {
		struct bmp_stream *s =
		    bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);
		uint8_t *copy = exact_copy(b, cut), *both;
		struct faults f;
		struct bmp_msg m;

		set_length(copy, cut);
		if (parse(copy, cut, &m, &f))
			read_all(&m);
		else
			require(f.n > 0, "%s cut at %zu: no reason", messages[_i].name, cut);
		told_message(&told, &m);
		both = malloc(cut + after_n);
		require(both != NULL && s != NULL, "no memory");
		memcpy(both, copy, cut);
		memcpy(both + cut, after, after_n);
		require(bmp_stream_feed(s, both, cut + after_n, 0) == cut + after_n && !s->broken,
		    "%s cut at %zu ends the stream", messages[_i].name, cut);
		require(
		    s->initiated, "%s cut at %zu hides the next message", messages[_i].name, cut);
		free(both);
		free(copy);
		bmp_stream_free(s);
	}
}
END_TEST

/* The length says there is more to come: the stream waits, and says nothing. */
START_TEST(test_waits)
{
	uint8_t b[MESSAGE_MAX];
	size_t n = messages[_i].make(b);
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);

	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *copy = exact_copy(b, cut);

		require(bmp_stream_feed(s, copy, cut, 0) == 0 && !s->broken, "cut at %zu", cut);
		free(copy);
	}
	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	for (int c = 0; c < FAULT_CODES; c++)
		ck_assert_msg(s->counters.faults[c] == (c != 0 && c == (int)messages[_i].fault),
		    "%s: fault %s", messages[_i].name, fault_name((enum fault_code)c));
	bmp_stream_free(s);
}
END_TEST

/* --- statistics
 * -------------------------------------------------------------------------------- */

START_TEST(test_statistics_registry)
{
	unsigned known = 0;

	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		const struct bmp_stat_info *info = bmp_stat_info((uint16_t)type);
		struct bmp_stat_spec spec = {
			.type = (uint16_t)type, .value = 0xfffffff0U, .family = { AFI_IPV6, 2 }
		};
		struct bmp_peer_spec p = peer_1();
		struct bmp_stats all;
		struct bmp_stat one;
		uint8_t b[128];
		struct faults f;
		struct bmp_msg m;

		require((info != NULL) == (type <= 43 && type != 24 && type != 25), "%u", type);
		if (info == NULL)
			continue;
		known++;
		ck_assert(parse(b, bmp_write_statistics(b, sizeof(b), &p, &spec, 1), &m, &f));
		bmp_stats_begin(&m, &all, &f);
		ck_assert(bmp_stats_next(&m, &all, &one, &f));
		ck_assert_uint_eq(rd_left(&one.raw), info->len);
		ck_assert_uint_eq(one.value, 0xfffffff0U);
		ck_assert(one.per_family == (info->len == 11));
		ck_assert(!one.per_family || one.family.afi == AFI_IPV6);
		ck_assert(one.per_family == (strstr(info->name, "per family") != NULL));
		ck_assert_str_eq(bmp_stat_name((uint16_t)type), info->name);
		ck_assert(!bmp_stats_next(&m, &all, &one, &f));
		ck_assert_uint_eq(f.n, 0);
	}
	ck_assert_uint_eq(known, 42);
}
END_TEST

/* Version 3 and 4, more and fewer counters than the count says. */
START_TEST(test_statistics_count)
{
	for (int v4 = 0; v4 < 2; v4++)
		for (int off = -1; off <= 1; off++) {
			static const struct bmp_stat_spec two[2] = { { .type = 0 }, { .type = 1 } };
			struct bmp_peer_spec p = peer_1();
			struct bmp_stats all;
			struct bmp_stat one;
			uint8_t b[256];
			struct faults f;
			struct bmp_msg m;
			unsigned n = 0;

			ck_assert(parse(b,
			    v4 ? bmp_write_v4_statistics(b, sizeof(b), &p, two, 2)
			       : bmp_write_statistics(b, sizeof(b), &p, two, 2),
			    &m, &f));
			b[48 + (v4 ? 4 : 0) + 3] = (uint8_t)(2 + off);
			bmp_stats_begin(&m, &all, &f);
			ck_assert(all.v4 == (v4 == 1));
			while (bmp_stats_next(&m, &all, &one, &f))
				n++;
			ck_assert_uint_eq(n, off < 0 ? 1 : 2);
			ck_assert_uint_eq(f.n, off != 0);
			if (off != 0)
				ck_assert_uint_eq(f.v[0].code, FAULT_BMP_STATS);
		}
}
END_TEST

/* --- names
 * ------------------------------------------------------------------------------------- */

START_TEST(test_names)
{
	ck_assert_str_eq(bmp_fsm_event_name(0), "none applies");
	ck_assert_str_eq(bmp_fsm_event_name(10), "HoldTimer_Expires");
	ck_assert_str_eq(bmp_fsm_event_name(18), "TcpConnectionFails");
	ck_assert_str_eq(bmp_fsm_event_name(28), "UpdateMsgErr");
	ck_assert_str_eq(bmp_fsm_event_name(29), "SendHoldTimer_Expires");
	ck_assert_str_eq(bmp_fsm_event_name(30), "unknown event");
	ck_assert_str_eq(bmp_termination_reason_name(3), "redundant connection");
	ck_assert_str_eq(bmp_mirror_info_name(0), "errored PDU");
	ck_assert_str_eq(bmp_mirror_info_name(65534), "experimental");
	ck_assert_str_eq(bmp_peer_type_name(3), "Loc-RIB Instance Peer");
	ck_assert_str_eq(bmp_peer_type_name(255), "reserved");
	ck_assert_str_eq(bmp_peer_down_reason_name(252), "experimental");
	ck_assert_str_eq(bmp_path_status_name(11), "suppressed");
	ck_assert_ptr_null(bmp_path_status_name(12));
	ck_assert_str_eq(bmp_path_reason_name(11), "not preferred for AIGP");
	for (int r = 0; r < BMP_REGISTRIES; r++)
		ck_assert_ptr_null(bmp_tlv_name((enum bmp_registry)r, 5));
}
END_TEST

struct seen {
	unsigned updates;
	enum bmp_view view;
	bool addpath, as4;
	char table[BMP_TABLE_NAME_MAX];
	uint32_t status;
	uint64_t sequence;
};

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct seen *seen = ctx;
	struct bmp_path_status st;

	(void)s;
	seen->updates++;
	seen->view = u->view;
	seen->addpath = u->addpath_classic;
	seen->as4 = u->context.as4;
	snprintf(seen->table, sizeof(seen->table), "%s", p->table_name);
	if (u->v4 != NULL && bmp_v4_path_status(u->v4, 1, &st))
		seen->status = st.status;
	if (u->v4 != NULL && u->v4->has_sequence)
		seen->sequence = u->v4->sequence;
}

/* --- what the documents show, octet by octet
 * --------------------------------------------------- */

static size_t
unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned octet;

	for (; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		ck_assert_int_eq(sscanf(hex, "%2x", &octet), 1);
		out[n++] = (uint8_t)octet;
		hex++;
	}
	return n;
}

#define ONES "ffffffffffffffffffffffffffffffff"
#define HEADER                                                                                     \
	"00 00 0000000000000000 000000000000000000000000c0000201 0000fbf5 c0000201 6553f100 "      \
	"0003d090 "
#define UPDATE_2                                                                                   \
	ONES "0037 02 0000 0018 40010100 40020a02020000fbf50000fbfe 400304c0000201 00000001 18 "   \
	     "c63364"
#define EXAMPLE_UP                                                                                 \
	"03 000000a6 03 " HEADER "000000000000000000000000c00002fe 00b3 c350 " ONES                \
	"0031 01 04 fbf4 00b4 c00002fe 14 02 12 01 04 00010001 41 04 0000fbf4 45 04 00010101" ONES \
	"0031 01 04 fbf5 005a c0000201 14 02 12 01 04 00010001 41 04 0000fbf5 45 04 00010102"

static const struct {
	const char *octets, *told;
	size_t len;
} examples[] = {
	{ "03 00000015 04 0001 0005 5231207631 0002 0002 7231",
	    "tlvs[{type=1 name=\"sys_descr\" value=\"R1 v1\"} "
	    "{type=2 name=\"sys_name\" value=\"r1\"}]",
	    21 },
	{ EXAMPLE_UP, PEER " local_address=\"192.0.2.254\" local_port=179 remote_port=50000", 166 },
	{ "03 00000038 02 03 80 0000fde800000064 00000000000000000000000000000000 0000fbf4 "
	  "c00002fe 6553f100 00000000 06 0003 0003 726564",
	    "peer{type=3 type_name=\"Loc-RIB Instance Peer\" flags[\"filtered\"] view=\"loc-rib\" "
	    "distinguisher=\"65000:100\" address=\"0.0.0.0\" as=64500 bgp_id=\"192.0.2.254\" "
	    "time=\"2023-11-14T22:13:20.000000Z\"} reason=6 "
	    "reason_name=\"local system closed, TLVs follow\" "
	    "tlvs[{type=3 name=\"table_name\" value=\"red\"}]",
	    56 },
	{ "03 0000004f 01 " HEADER
	  "00000002 0007 0008 00000000000003e8 0009 000b 0001 01 00000000000003e8",
	    PEER " statistics[{type=7 name=\"routes in Adj-RIBs-In\" value=1000 unit=\"routes\"} "
		 "{type=9 name=\"routes in Adj-RIB-In per family\" family=\"ipv4-unicast\" "
		 "value=1000 unit=\"routes\"}]",
	    79 },
};

START_TEST(test_example)
{
	static struct told told;
	uint8_t b[256];
	size_t n = unhex(examples[_i].octets, b);
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_eq(n, examples[_i].len);
	ck_assert_int_eq(bmp_frame(b, n, 4096, &f), (int64_t)n);
	ck_assert(parse(b, n, &m, &f));
	ck_assert_str_eq(told_message(&told, &m), examples[_i].told);
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

/* After that Peer Up an UPDATE has path ids in Adj-RIB-In, and none in Adj-RIB-Out; and our writer
 * makes the same octets of it. */
START_TEST(test_example_routes)
{
	static const struct bmp_stream_ops stream_ops = { .update = on_update };
	struct bmp_peer_spec p = peer_1();
	struct seen seen = { 0 };
	struct bmp_stream *s = bmp_stream_new(&stream_ops, &seen, MESSAGE_MAX, 10);
	uint8_t up[256], b[256], again[256];
	size_t up_n = unhex(EXAMPLE_UP, up), n = unhex("03 00000067 00 " HEADER UPDATE_2, b);

	ck_assert_uint_eq(n, 103);
	ck_assert_uint_eq(
	    bmp_write_route_monitoring(again, sizeof(again), &p, b + 48, n - 48), 103);
	ck_assert_mem_eq(b, again, n);
	ck_assert_uint_eq(bmp_stream_feed(s, up, up_n, 0), up_n);
	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	ck_assert(seen.updates == 1 && seen.addpath);
	ck_assert_uint_eq(s->peers->local_as, 64500);
	ck_assert_uint_eq(s->counters.quirks[QUIRK_ADDPATH_UNEXPECTED], 0);
	b[7] = BMP_FLAG_O;
	bmp_stream_feed(s, b, n, 0);
	ck_assert_uint_eq(s->counters.quirks[QUIRK_ADDPATH_UNEXPECTED], 1);
	ck_assert_uint_eq(s->peers_n, 1);
	bmp_stream_free(s);
}
END_TEST

START_TEST(test_example_v4)
{
	static const struct bmp_tlv_spec tlv = {
		.kind = BMP_V4_STATELESS, .value = "\x45\4\0\1\1\3", .len = 6
	};
	uint8_t b[256], again[256];
	size_t n = unhex(
	    "04 00000079 00 " HEADER "0003 0006 0000 45 04 0001 01 03 0004 0037 0000 " UPDATE_2, b);
	struct bmp_peer_spec p = peer_1();
	struct bmp_v4 v4;
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_eq(n, 121);
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_SET_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert_int_eq(v4.set, BMP_V4_SET_21);
	ck_assert(v4.set_proved && v4.stateless && bmp_v4_addpath(&v4, ipv4));
	ck_assert(!bmp_v4_addpath(&v4, (struct bgp_family){ AFI_IPV6, SAFI_UNICAST }));
	ck_assert_uint_eq(rd_left(&v4.message), 55);
	ck_assert_uint_eq(bmp_write_v4_routes(
			      again, sizeof(again), &p, BMP_V4_SET_21, &tlv, 1, v4.message.pos, 55),
	    121);
	ck_assert_mem_eq(b, again, n);
}
END_TEST

/* The TLVs of the one public capture, around an UPDATE of ours. */
START_TEST(test_example_v4_capture)
{
	uint8_t b[512], bgp[256];
	size_t n = unhex("04 00000000 00 " HEADER
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
	n += unhex("0005 0004 0001 0000008a", b + n);
	set_length(b, n);
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_SET_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert_int_eq(v4.set, BMP_V4_SET_19);
	ck_assert_uint_eq(rd_left(&v4.table_name), 6);
	ck_assert(bmp_v4_path_status(&v4, 1, &st));
	ck_assert_uint_eq(st.status, 0x8a); /* best, primary, add-path */
	ck_assert(!st.has_reason);
	ck_assert(!bmp_v4_path_status(&v4, 2, &st));
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 2), 0);
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 1), 1); /* the group holds a second */
}
END_TEST

/* --- version 4
 * --------------------------------------------------------------------------------- */

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

	for (int set = BMP_V4_SET_17; set < BMP_V4_SETS; set++) {
		uint8_t b[MESSAGE_MAX];
		size_t n = make_routes_v4(b, (enum bmp_v4_set)set, tlvs, 4, 3, false);
		struct bmp_path_status st;
		struct bmp_v4 v4;
		struct faults f;
		struct bmp_msg m;

		ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_SET_UNKNOWN, &v4, &f));
		ck_assert_int_eq(v4.set, set);
		ck_assert_uint_eq(v4.status_n, 3);
		for (unsigned i = 0; i < 3; i++) {
			ck_assert(bmp_v4_path_status(&v4, i + 1, &st));
			ck_assert_uint_eq(st.status, want[i]);
			ck_assert(st.has_reason == (i == 1));
		}
	}
}
END_TEST

/* One TLV is enough to tell -19 from -21; none leaves it to what was proved, else to the newest. */
START_TEST(test_code_points)
{
	static const struct {
		struct bmp_tlv_spec tlv;
		uint8_t flags;
		enum bmp_v4_set known, want;
		bool proved;
	} cases[] = {
		{ { .type = 77, .value = "", .len = 0 }, 0, BMP_V4_SET_UNKNOWN, BMP_V4_SET_21,
		    false },
		{ { .type = 77, .value = "", .len = 0 }, 0, BMP_V4_SET_19, BMP_V4_SET_19, false },
		{ { .type = 77, .value = "", .len = 0 }, 0, BMP_V4_SET_20, BMP_V4_SET_21, false },
		{ { .type = 1, .value = "\x41\4\0\0\0\1", .len = 6 }, 0, BMP_V4_SET_21,
		    BMP_V4_SET_19, true },
		{ { .type = 1, .index = 0x8001, .value = "\0\1\0\2", .len = 4 }, 0, BMP_V4_SET_19,
		    BMP_V4_SET_21, true },
		{ { .type = 2, .value = "red", .len = 3 }, 0, BMP_V4_SET_19, BMP_V4_SET_21, true },
		{ { .type = 3, .value = "red", .len = 3 }, 0, BMP_V4_SET_21, BMP_V4_SET_19, true },
		{ { .type = 3, .value = "\x45\0", .len = 2 }, 0, BMP_V4_SET_19, BMP_V4_SET_21,
		    true },
		{ { .type = 5, .value = "\0\0\0\0\0\0\0\1", .len = 8 }, 0, BMP_V4_SET_19,
		    BMP_V4_SET_21, true },
		{ { .type = 5, .value = "\0\0\0\2", .len = 4 }, 0, BMP_V4_SET_19, BMP_V4_SET_19,
		    false },
		{ { .type = 6, .value = "\0\0\0\2", .len = 4 }, 0, BMP_V4_SET_19, BMP_V4_SET_19,
		    false },
		{ { .type = 6, .value = "\x40", .len = 1 }, BMP_FLAG_X, BMP_V4_SET_19,
		    BMP_V4_SET_21, true },
		{ { .type = 7, .value = "\0\x65\x53\xf1\0", .len = 5 }, 0, BMP_V4_SET_19,
		    BMP_V4_SET_21, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_peer_spec p = peer_1();
		uint8_t b[MESSAGE_MAX], bgp[256];
		struct bmp_v4 v4;
		struct faults f;
		struct bmp_msg m;
		size_t n;

		p.flags = cases[i].flags;
		n = bmp_write_v4_routes(b, sizeof(b), &p, BMP_V4_SET_21, &cases[i].tlv, 1, bgp,
		    update_of(bgp, sizeof(bgp), 2, false));
		ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, cases[i].known, &v4, &f));
		ck_assert_msg(v4.set == cases[i].want && v4.set_proved == cases[i].proved,
		    "case %zu: %s", i, bmp_v4_set_name(v4.set));
	}
}
END_TEST

/* As many groups as a message can hold cost no more than a few: those over the limit are none. */
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
	struct wr w;

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
	ck_assert(parse(b, n, &m, &f) && bmp_v4_parse(&m, BMP_V4_SET_UNKNOWN, &v4, &f));
	ck_assert_uint_eq(v4.groups_n, BMP_V4_GROUPS);
	ck_assert(bmp_v4_path_status(&v4, 2, &st) && !bmp_v4_path_status(&v4, 3, &st));
	ck_assert_uint_eq(bmp_v4_bad_indexes(&v4, 2), MANY - BMP_V4_GROUPS);
	free(b);
}
END_TEST

START_TEST(test_no_message)
{
	uint8_t b[MESSAGE_MAX];
	struct bmp_peer_spec p = peer_1();
	size_t n = bmp_write_v4_routes(b, sizeof(b), &p, BMP_V4_SET_21, v4_tlvs, 2, NULL, 0);
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);

	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	ck_assert_uint_eq(s->counters.faults[FAULT_BMP_NO_MESSAGE], 1);
	ck_assert_uint_eq(s->counters.skipped, 1);
	ck_assert_uint_eq(s->counters.v4, 1);
	bmp_stream_free(s);
}
END_TEST

/* Version 4 reaches the same callback, with all that it says. */
START_TEST(test_v4_stream)
{
	static const struct bmp_stream_ops ops = { .update = on_update };
	struct seen seen = { 0 };
	struct bmp_stream *s = bmp_stream_new(&ops, &seen, MESSAGE_MAX, 10);
	uint8_t b[MESSAGE_MAX];

	bmp_stream_feed(s, b, make_initiation(b), 0);
	bmp_stream_feed(s, b, make_peer_up_v4(b), 0);
	bmp_stream_feed(s, b, make_routes_v4_19(b), 0);
	ck_assert_uint_eq(seen.updates, 1);
	ck_assert_uint_eq(seen.view, BMP_VIEW_IN_PRE);
	ck_assert(seen.addpath && seen.as4); /* the OPENs say nothing of path ids, the TLV does */
	ck_assert_str_eq(seen.table, "global");
	ck_assert_uint_eq(seen.status, 0x8a);
	bmp_stream_feed(s, b, make_routes_v4_21(b), 0);
	ck_assert_uint_eq(seen.updates, 2);
	ck_assert_uint_eq(seen.view, BMP_VIEW_IN_POST); /* by the Extended Flags */
	ck_assert(!seen.addpath);
	ck_assert_uint_eq(seen.sequence, 256);
	ck_assert_uint_eq(s->peers_n, 1);
	ck_assert_uint_eq(s->counters.v4, 3);
	for (int c = 0; c < FAULT_CODES; c++)
		ck_assert_uint_eq(s->counters.faults[c], 0);
	bmp_stream_free(s);
}
END_TEST

/* A mirrored message of any type is found, also when its header is nonsense. */
START_TEST(test_mirrored)
{
	struct bmp_peer_spec p = peer_1();
	uint8_t b[MESSAGE_MAX], pdu[64] = { 0 };
	struct bmp_mirror mirror;
	struct faults f;
	struct bmp_msg m;

	for (unsigned type = 1; type <= 6; type++) {
		struct wr w = wr_of(pdu, sizeof(pdu));
		size_t at = bgp_write_begin(&w, (enum bgp_type)type);

		wr_u32(&w, 0);
		wr_patch_u16(&w, at, 0);
		ck_assert(parse(
		    b, bmp_write_mirroring(b, sizeof(b), &p, (int)type - 2, pdu, 23), &m, &f));
		bmp_mirror_parse(&m, &mirror, &f);
		ck_assert_uint_eq(mirror.bgp_type, type);
		ck_assert_uint_eq(rd_left(&mirror.pdu), 23);
		ck_assert(mirror.has_info == (type > 1));
		ck_assert_uint_eq(mirror.info, type > 1 ? type - 2 : 0);
		ck_assert_uint_eq(f.n, 0);
	}
	pdu[0] = 0;
	ck_assert(parse(b, bmp_write_mirroring(b, sizeof(b), &p, 0, pdu, 23), &m, &f));
	bmp_mirror_parse(&m, &mirror, &f);
	ck_assert_uint_eq(mirror.bgp_type, 0);
	ck_assert_uint_eq(rd_left(&mirror.pdu), 23); /* kept all the same */
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

/* Dates: a leap day, the turn of a century, the last second that fits. */
START_TEST(test_times)
{
	static const struct {
		uint32_t sec;
		const char *text;
	} cases[] = { { 1, "1970-01-01T00:00:01.000000Z" },
		{ 951827696, "2000-02-29T12:34:56.000000Z" },
		{ 1709164800, "2024-02-29T00:00:00.000000Z" },
		{ 4107542400U, "2100-03-01T00:00:00.000000Z" },
		{ UINT32_MAX, "2106-02-07T06:28:15.000000Z" } };
	static struct told told;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_peer_spec p = peer_1();
		uint8_t b[128];
		struct faults f;
		struct bmp_msg m;

		p.sec = cases[i].sec;
		p.usec = 0;
		ck_assert(parse(b, bmp_write_peer_down(b, sizeof(b), &p, 4, 0), &m, &f));
		ck_assert_msg(
		    strstr(told_message(&told, &m), cases[i].text) != NULL, "%s", told.text);
	}
}
END_TEST

/* A peer is its type, distinguisher and address; flags but V are none of it, F is not V. */
START_TEST(test_peer_identity)
{
	static const struct {
		struct bmp_peer_spec p;
		unsigned peers; /* after this one */
	} cases[] = {
		{ { .address = { 192, 0, 2, 1 } }, 1 },
		{ { .address = { 192, 0, 2, 1 }, .flags = BMP_FLAG_L | BMP_FLAG_A }, 1 },
		{ { .address = { 192, 0, 2, 1 }, .flags = BMP_FLAG_O, .as = 7, .sec = 1 }, 1 },
		{ { .address = { 192, 0, 2, 1 }, .address_v6 = true }, 2 },
		{ { .address = { [10] = 0xff, 0xff, 192, 0, 2, 1 }, .address_v6 = true }, 3 },
		{ { .address = { 192, 0, 2, 1 }, .type = 1 }, 4 },
		{ { .address = { 192, 0, 2, 1 }, .type = 1, .distinguisher = { 1 } }, 5 },
		{ { .address = { 192, 0, 2, 1 }, .type = 2 }, 6 },
		{ { .type = 3, .bgp_id = { 1 } }, 7 },
		{ { .type = 3, .bgp_id = { 1 }, .flags = BMP_FLAG_F }, 7 },
		{ { .type = 3, .bgp_id = { 2 } }, 8 },
		{ { .type = 3, .bgp_id = { 2 }, .distinguisher = { 1 } }, 9 },
		{ { .address = { 192, 0, 2, 1 } }, 9 },
	};
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 20);
	uint8_t b[MESSAGE_MAX], bgp[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bmp_stream_feed(s, b,
		    bmp_write_route_monitoring(
			b, sizeof(b), &cases[i].p, bgp, update_of(bgp, sizeof(bgp), 1, false)),
		    0);
		ck_assert_msg(s->peers_n == cases[i].peers, "case %zu: %u", i, s->peers_n);
	}
	bmp_stream_free(s);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("bmp");
	TCase *t = tcase_create("all");

	harness_add_rows(t, test_told, messages);
	harness_add_rows(t, test_cut, messages);
	harness_add_rows(t, test_waits, messages);
	tcase_add_test(t, test_statistics_registry);
	tcase_add_test(t, test_statistics_count);
	tcase_add_test(t, test_names);
	harness_add_rows(t, test_example, examples);
	tcase_add_test(t, test_example_routes);
	tcase_add_test(t, test_example_v4);
	tcase_add_test(t, test_example_v4_capture);
	tcase_add_test(t, test_path_status);
	tcase_add_test(t, test_code_points);
	tcase_add_test(t, test_many_groups);
	tcase_add_test(t, test_no_message);
	tcase_add_test(t, test_v4_stream);
	tcase_add_test(t, test_mirrored);
	tcase_add_test(t, test_peer_identity);
	tcase_add_test(t, test_times);
	suite_add_tcase(s, t);
	return harness_run(s);
}

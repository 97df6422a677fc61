/*
 * BMP messages of both versions: written, read, dissected; cut at every length; the examples of the
 * documents octet by octet; the registries row by row.
 */
#include "collector/bmp_stream/bmp_stream.h"
#include "tests/unit/support/bmp_malformed.h"
#include "tests/unit/support/bmp_messages.h"
#include "tests/unit/support/bmp_octets.h"

#define PEER                                                                                       \
	"peer{type=0 type_name=\"Global Instance Peer\" flags[] view=\"adj-rib-in-pre\" "          \
	"distinguisher=\"0:0\" address=\"192.0.2.1\" as=64501 bgp_id=\"192.0.2.1\" "               \
	"time=\"2023-11-14T22:13:20.250000Z\"}"

static const struct {
	const char *name;
	size_t (*make)(uint8_t *);
	enum fault_code fault; /* of the whole message */
	const char *fields;
} messages[] = {
#include "tests/unit/support/bmp_expected.inc"
};

START_TEST(test_dissected)
{
	uint8_t b[MESSAGE_MAX];
	size_t n = messages[_i].make(b);
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_gt(n, 0);
	ck_assert_int_eq(bmp_frame(b, n, MESSAGE_MAX, &f), (int64_t)n);
	ck_assert(parse(b, n, &m, &f) == (messages[_i].fault == FAULT_NONE));
	ck_assert_msg(strcmp(dissected_message(&m), messages[_i].fields) == 0,
	    "%s is dissected as\n%s\nnot\n%s", messages[_i].name, dissected_message(&m),
	    messages[_i].fields);
}
END_TEST

/* --- cut short */

/* All body parsers over anything that has headers. */
static void
read_all(const struct bmp_msg *m)
{
	struct faults f = { .n = 0 };
	struct bmp_peer_down down;
	struct bmp_path_status status;
	struct cursor body = m->body;
	struct bmp_peer_up up;
	struct bmp_tlv tlv;
	struct bmp_v4 v4;

	bmp_peer_up_parse(m, &up, &f);
	bmp_peer_down_parse(m, &down, &f);
	while (bmp_tlv_next(&body, m->start, &tlv, &f)) {
	}
	if (bmp_v4_parse(m, BMP_V4_REVISION_UNKNOWN, &v4, &f))
		bmp_v4_path_status(&v4, 1, &status);
	bmp_v4_bad_indexes(&v4, 2);
}

/* The length says so: it reads less, or a fault says why not; nothing is read past its end, and the
 * message behind it is read as ever. */
START_TEST(test_cut)
{
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
		dissected_message(&m);
		both = malloc(cut + after_n);
		require(both != NULL && s != NULL, "no memory");
		memcpy(both, copy, cut);
		memcpy(both + cut, after, after_n);
		require(bmp_stream_feed(s, both, cut + after_n, 0) == cut + after_n &&
			    bmp_stream_broken(s) == NULL,
		    "%s cut at %zu ends the stream", messages[_i].name, cut);
		require(bmp_stream_initiated(s), "%s cut at %zu hides the next message",
		    messages[_i].name, cut);
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

		require(bmp_stream_feed(s, copy, cut, 0) == 0 && bmp_stream_broken(s) == NULL,
		    "cut at %zu", cut);
		free(copy);
	}
	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	for (int c = 0; c < FAULT_CODES; c++)
		ck_assert_msg(
		    bmp_stream_counters(s)->faults[c] == (c != 0 && c == (int)messages[_i].fault),
		    "%s: fault %s", messages[_i].name, fault_name((enum fault_code)c));
	bmp_stream_free(s);
}
END_TEST

/* --- not as it should be */

static const struct {
	const char *name;
	size_t (*make)(uint8_t *);
	enum fault_code fault; /* of the stream */
	const char *fields;    /* a part of it */
} malformed[] = {
	{ "IPv6 peer", malformed_ipv6_peer, FAULT_NONE, "flags[\"ipv6\"]" },
	{ "IPv6 address", malformed_ipv6_peer, FAULT_NONE, "address=\"2001:db8::1\"" },
	{ "V flag is missing", malformed_ipv4_address, FAULT_NONE,
	    "address=\"100::c000:201\" address_octets=0x010000000000000000000000c0000201" },
	{ "reason", malformed_reason, FAULT_BMP_REASON, "name=\"reason\" value=0x000102" },
	{ "long string", malformed_long_string, FAULT_NONE, "aaaa\" octets=0x6161" },
	{ "no OPEN", malformed_open, FAULT_PDU_TYPE,
	    "unreadable=0xffffffffffffffffffffffffffffffff001304" },
	{ "no NOTIFICATION", malformed_notification, FAULT_NOTIFICATION,
	    "unreadable=0xffffffffffffffffffffffffffffffff001304" },
	{ "half an event", malformed_event, FAULT_BMP_EVENT,
	    "reason=2 reason_name=\"local system closed\" trailing=0x07" },
	{ "broken marker", malformed_marker, FAULT_PDU_MARKER, "unreadable=0xff00ff" },
	{ "OPEN cut", malformed_open_cut, FAULT_PDU_LENGTH, "unreadable=0xffffffff" },
	{ "TLVs instead of a NOTIFICATION", malformed_down_tlvs, FAULT_NONE,
	    "reason=1 reason_name=\"local system closed with NOTIFICATION\" "
	    "tlvs[{type=3 name=\"table_name\" value=\"red\"}]" },
	{ "neither NOTIFICATION nor TLVs", malformed_down_neither, FAULT_PDU_LENGTH,
	    "unreadable=0x0003ff" },
	{ "TLV before statistics", malformed_stats_behind, FAULT_NONE,
	    "statistics[{type=7 name=\"routes in Adj-RIBs-In\" value=1000 unit=\"routes\"}] "
	    "tlvs[{type=7 value=0x01} {type=9 value=0x02}]" },
	{ "no Stats TLV", malformed_stats_first_draft, FAULT_NONE,
	    "statistics[{type=0 name=\"prefixes rejected by inbound policy\" value=0 "
	    "unit=\"prefixes\"} {type=1" },
	{ "no UPDATE", malformed_update, FAULT_BGP_TYPE, "peer{" },
	{ "stat without PEN", malformed_pen_of_stat, FAULT_BMP_TLV,
	    "{type=7 enterprise=0 value=0xabcd}" },
	{ "TLV without PEN", malformed_pen_of_tlv, FAULT_NONE,
	    "{type=7 enterprise=0 value=0xabcd}" },
	{ "indexed without PEN", malformed_indexed_pen, FAULT_BMP_TLV,
	    "{type=7 enterprise=0 index=0 value=0xabcd}" },
	{ "message in a longer TLV", malformed_v4_message, FAULT_BMP_TRAILING,
	    "{type=4 name=\"bgp_message\" index=0 length=54}" },
	{ "counters left", malformed_stats_count, FAULT_BMP_STATS, "unreadable=0x00010003010203" },
	{ "TLV over the end", malformed_tlv_overrun, FAULT_BMP_TLV,
	    "tlvs[] cut_tlvs=0x000000ff627965000100020004" },
};

START_TEST(test_malformed)
{
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 10);
	uint8_t b[MESSAGE_MAX], *copy;
	size_t n = malformed[_i].make(b);
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_gt(n, 0);
	copy = exact_copy(b, n);
	ck_assert(parse(copy, n, &m, &f));
	ck_assert_msg(strstr(dissected_message(&m), malformed[_i].fields) != NULL, "%s: %s",
	    malformed[_i].name, dissected_message(&m));
	ck_assert_uint_eq(bmp_stream_feed(s, copy, n, 0), n);
	for (int c = 1; c < FAULT_CODES; c++)
		ck_assert_msg(
		    (bmp_stream_counters(s)->faults[c] > 0) == (c == (int)malformed[_i].fault),
		    "%s: %s", malformed[_i].name, fault_name((enum fault_code)c));
	free(copy);
	bmp_stream_free(s);
}
END_TEST

/* The offset of a fault in a BGP message counts from the BMP message: the text is at octet 70. */
START_TEST(test_offsets)
{
	static const struct {
		size_t (*make)(uint8_t *);
		enum fault_code fault;
		uint32_t offset;
	} cases[] = {
		{ malformed_shutdown, FAULT_SHUTDOWN, 48 + 1 + 19 + 2 },
		{ malformed_notification, FAULT_NOTIFICATION, 48 + 1 + 18 },
		{ malformed_marker, FAULT_PDU_MARKER, 48 + 1 },
		{ malformed_open, FAULT_PDU_TYPE, 48 + 20 + 18 },
		{ malformed_open_cut, FAULT_PDU_LENGTH, 48 + 20 + 16 },
		{ malformed_event, FAULT_BMP_EVENT, 48 + 1 },
		{ malformed_reason, FAULT_BMP_REASON, 6 + 4 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t b[MESSAGE_MAX];
		size_t n = cases[i].make(b);
		struct bmp_peer_down down;
		struct bmp_peer_up up;
		struct faults f;
		struct bmp_msg m;

		ck_assert(parse(b, n, &m, &f));
		if (m.type == BMP_PEER_UP)
			bmp_peer_up_parse(&m, &up, &f);
		else if (m.type == BMP_PEER_DOWN)
			bmp_peer_down_parse(&m, &down, &f);
		else
			bmp_termination_reason(&m, &f);
		ck_assert_uint_eq(f.n, 1);
		ck_assert_uint_eq(f.v[0].code, cases[i].fault);
		ck_assert_uint_eq(f.v[0].offset, cases[i].offset);
		ck_assert_int_lt(f.action, FAULT_DROP_MESSAGE);
	}
}
END_TEST

START_TEST(test_termination_reason)
{
	static const struct {
		const char *hex;
		uint16_t reason;
		unsigned faults;
	} cases[] = { { "", 1, 0 }, { "0000 0003 627965", 1, 0 }, { "0001 0002 0003", 3, 0 },
		{ "0001 0001 04", 1, 1 }, { "0001 0000", 1, 1 }, { "0001 0003 000400", 1, 1 },
		{ "0001 0002 0000 0001 0002 0004", 4, 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t b[64] = { 3, 0, 0, 0, 0, BMP_TERMINATION };
		size_t n = BMP_HEADER_LEN + octets(cases[i].hex, b + BMP_HEADER_LEN);
		struct faults f;
		struct bmp_msg m;

		set_length(b, n);
		ck_assert(parse(b, n, &m, &f));
		ck_assert_uint_eq(bmp_termination_reason(&m, &f), cases[i].reason);
		ck_assert_uint_eq(f.n, cases[i].faults);
	}
}
END_TEST

/* --- statistics */

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
		ck_assert_uint_eq(cur_left(&one.raw), info->len);
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
			ck_assert(!bmp_stats_next(&m, &all, &one, &f)); /* said once */
			ck_assert_uint_eq(f.n, off != 0);
			if (off != 0)
				ck_assert_uint_eq(f.v[0].code, FAULT_BMP_STATS);
		}
}
END_TEST

/* --- names */

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

/* --- the documents' examples */

static const struct {
	const char *hex, *fields;
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
	uint8_t b[MESSAGE_MAX];
	size_t n = octets(examples[_i].hex, b);
	struct faults f;
	struct bmp_msg m;

	ck_assert_uint_eq(n, examples[_i].len);
	ck_assert_int_eq(bmp_frame(b, n, 4096, &f), (int64_t)n);
	ck_assert(parse(b, n, &m, &f));
	ck_assert_str_eq(dissected_message(&m), examples[_i].fields);
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

struct mirrored {
	unsigned n, type;
	size_t octets;
};

static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m,
    unsigned type, struct cursor message, struct bmp_update *u)
{
	struct mirrored *seen = ctx;

	(void)s, (void)p, (void)m, (void)u;
	seen->n++;
	seen->type = type;
	seen->octets = cur_left(&message);
}

/* The Information TLV in front of the mirrored message, -1 when there is none. */
static int
mirror_info(const struct bmp_msg *m)
{
	struct faults f = { .n = 0 };
	struct cursor r = m->body;
	struct bmp_tlv tlv;

	ck_assert(bmp_tlv_next(&r, m->start, &tlv, &f));
	return tlv.type == BMP_MIRROR_INFO ? cur_u16(&tlv.value) : -1;
}

/* A mirrored message of any type is found, also when its header is nonsense. */
START_TEST(test_mirrored)
{
	static const struct bmp_stream_ops ops = { .mirrored = on_mirrored };
	struct bmp_peer_spec p = peer_1();
	struct mirrored seen = { 0 };
	struct bmp_stream *s = bmp_stream_new(&ops, &seen, MESSAGE_MAX, 10);
	uint8_t b[MESSAGE_MAX], pdu[64] = { 0 };
	struct faults f;
	struct bmp_msg m;
	size_t n;

	for (unsigned type = 1; type <= 6; type++) {
		struct writer w = wr_of(pdu, sizeof(pdu));
		size_t at = bgp_write_begin(&w, (enum bgp_type)type);

		wr_u32(&w, 0);
		wr_patch_u16(&w, at, 0);
		n = bmp_write_mirroring(b, sizeof(b), &p, (int)type - 2, pdu, 23);
		ck_assert(parse(b, n, &m, &f));
		ck_assert_int_eq(mirror_info(&m), (int)type - 2);
		ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
		ck_assert_uint_eq(seen.n, type);
		ck_assert_uint_eq(seen.type, type);
		ck_assert_uint_eq(seen.octets, 23);
	}
	pdu[0] = 0;
	n = bmp_write_mirroring(b, sizeof(b), &p, 0, pdu, 23);
	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	ck_assert_uint_eq(seen.n, 7);
	ck_assert_uint_eq(seen.type, 0);
	ck_assert_uint_eq(seen.octets, 23); /* kept all the same */
	bmp_stream_free(s);
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

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_peer_spec p = peer_1();
		uint8_t b[128];
		struct faults f;
		struct bmp_msg m;

		p.sec = cases[i].sec;
		p.usec = 0;
		ck_assert(parse(b, bmp_write_peer_down(b, sizeof(b), &p, 4, 0), &m, &f));
		ck_assert_msg(strstr(dissected_message(&m), cases[i].text) != NULL, "%s",
		    dissected_message(&m));
	}
}
END_TEST

HARNESS_MAIN("bmp")
{
	ROWS(test_dissected, messages);
	ROWS(test_cut, messages);
	ROWS(test_waits, messages);
	ROWS(test_malformed, malformed);
	TEST(test_offsets);
	TEST(test_termination_reason);
	TEST(test_statistics_registry);
	TEST(test_statistics_count);
	TEST(test_names);
	ROWS(test_example, examples);
	TEST(test_mirrored);
	TEST(test_times);
}

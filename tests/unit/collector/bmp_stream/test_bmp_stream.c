/* One router's conversation: peers, listeners, limits, and both versions on one stream. */
#include "collector/bmp_stream/bmp_stream.h"
#include "parsers/bgp/message.h"
#include "tests/unit/support/bmp_messages.h"
#include "tests/unit/support/bmp_octets.h"

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
	seen->addpath = u->context.encoding.path_ids_classic;
	seen->as4 = u->context.encoding.as4;
	snprintf(seen->table, sizeof(seen->table), "%s", p->table_name);
	if (u->v4 != NULL && bmp_v4_path_status(u->v4, 1, &st))
		seen->status = st.status;
	if (u->v4 != NULL && u->v4->has_sequence)
		seen->sequence = u->v4->sequence;
}

/* After that Peer Up an UPDATE has path ids in Adj-RIB-In, and none in Adj-RIB-Out; and our writer
 * makes the same octets of it. */
START_TEST(test_example_routes)
{
	static const struct bmp_stream_ops stream_ops = { .update = on_update };
	struct bmp_peer_spec p = peer_1();
	struct seen seen = { 0 };
	struct bmp_stream *s = bmp_stream_new(&stream_ops, &seen, MESSAGE_MAX, 10);
	uint8_t up[MESSAGE_MAX], b[MESSAGE_MAX], again[256];
	size_t up_n = octets(EXAMPLE_UP, up), n = octets("03 00000067 00 " HEADER UPDATE_2, b);

	ck_assert_uint_eq(n, 103);
	ck_assert_uint_eq(
	    bmp_write_route_monitoring(again, sizeof(again), &p, b + 48, n - 48), 103);
	ck_assert_mem_eq(b, again, n);
	ck_assert_uint_eq(bmp_stream_feed(s, up, up_n, 0), up_n);
	ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
	ck_assert(seen.updates == 1 && seen.addpath);
	ck_assert_uint_eq(bmp_stream_next_peer(s, NULL)->local_as, 64500);
	ck_assert_uint_eq(bmp_stream_counters(s)->quirks[QUIRK_ADDPATH_UNEXPECTED], 0);
	b[7] = BMP_FLAG_O;
	bmp_stream_feed(s, b, n, 0);
	ck_assert_uint_eq(bmp_stream_counters(s)->quirks[QUIRK_ADDPATH_UNEXPECTED], 1);
	ck_assert_uint_eq(bmp_stream_peers(s), 1);
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
	ck_assert_uint_eq(bmp_stream_peers(s), 1);
	ck_assert_uint_eq(bmp_stream_counters(s)->v4, 3);
	for (int c = 0; c < FAULT_CODES; c++)
		ck_assert_uint_eq(bmp_stream_counters(s)->faults[c], 0);
	bmp_stream_free(s);
}
END_TEST

/* A peer is its type, distinguisher and address; flags but V are none of it, F is not V. */
START_TEST(test_peer_identity)
{
	static const struct {
		struct bmp_peer_spec p;
		unsigned peers; /* after this one */
	} cases[] = {
		{ { .address = { IP_V4, { 192, 0, 2, 1 } } }, 1 },
		{ { .address = { IP_V4, { 192, 0, 2, 1 } }, .flags = BMP_FLAG_L | BMP_FLAG_A }, 1 },
		{ { .address = { IP_V4, { 192, 0, 2, 1 } },
		      .flags = BMP_FLAG_O,
		      .as = 7,
		      .sec = 1 },
		    1 },
		{ { .address = { IP_V6, { 192, 0, 2, 1 } } }, 2 },
		{ { .address = { IP_V6, { [10] = 0xff, 0xff, 192, 0, 2, 1 } } }, 3 },
		{ { .address = { IP_V4, { 192, 0, 2, 1 } }, .type = 1 }, 4 },
		{ { .address = { IP_V4, { 192, 0, 2, 1 } }, .type = 1, .distinguisher = { 1 } },
		    5 },
		{ { .address = { IP_V4, { 192, 0, 2, 1 } }, .type = 2 }, 6 },
		{ { .type = 3, .bgp_id = { 1 } }, 7 },
		{ { .type = 3, .bgp_id = { 1 }, .flags = BMP_FLAG_F }, 7 },
		{ { .type = 3, .bgp_id = { 2 } }, 8 },
		{ { .type = 3, .bgp_id = { 2 }, .distinguisher = { 1 } }, 9 },
		{ { .address = { IP_V4, { 192, 0, 2, 1 } } }, 9 },
	};
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 20);
	uint8_t b[MESSAGE_MAX], bgp[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bmp_stream_feed(s, b,
		    bmp_write_route_monitoring(
			b, sizeof(b), &cases[i].p, bgp, update_of(bgp, sizeof(bgp), 1, false)),
		    0);
		ck_assert_msg(
		    bmp_stream_peers(s) == cases[i].peers, "case %zu: %u", i, bmp_stream_peers(s));
	}
	bmp_stream_free(s);
}
END_TEST

static void
on_address(void *ctx, struct bmp_stream *s, struct bmp_peer *p, int64_t router_us)
{
	(void)s;
	(void)router_us;
	ip_addr_format(&p->key.address, ctx);
}

/* The 16 octets tell peers apart, whatever V says; each is shown as it can be read, none as another
 * that is there. */
START_TEST(test_peer_address)
{
	static const struct {
		uint8_t flags;
		const char *octets, *shown;
		unsigned peers; /* after this one */
		unsigned v_wrong, left;
	} cases[] = {
		{ 0, "00000000000000000000000000000000", "0.0.0.0", 1, 0, 0 },
		{ 0, "000000000000000000000000c0000209", "192.0.2.9", 2, 0, 0 },
		{ BMP_FLAG_V, "20010db8000100000000000000000009", "2001:db8:1::9", 3, 0, 0 },
		/* without V */
		{ 0, "20010db8000100000000000000000009", "2001:db8:1::9", 3, 0, 0 },
		{ 0, "20010db8000200000000000000000009", "2001:db8:2::9", 4, 1, 0 },
		{ 0, "20010db80002000000000000c0000209", "2001:db8:2::c000:209", 5, 2, 0 },
		{ 0, "fe800000000000000000000000000009", "fe80::9", 6, 3, 0 },
		{ 0, "00000000000000000000ffffc0000209", "::ffff:192.0.2.9", 7, 4, 0 },
		/* with V, although it is IPv4; not a loopback address */
		{ BMP_FLAG_V, "000000000000000000000000c000020a", "192.0.2.10", 8, 5, 0 },
		{ BMP_FLAG_V | BMP_FLAG_L, "000000000000000000000000c0000209", "192.0.2.9", 8, 5,
		    0 },
		{ BMP_FLAG_V, "00000000000000000000000000000001", "::1", 9, 5, 0 },
		/* in front */
		{ 0, "c0000208000000000000000000000000", "192.0.2.8", 10, 5, 1 },
		{ 0, "c0000209000000000000000000000000", "c000:209::", 11, 5, 2 },
		{ 0, "000000000000000000000000c0000208", "::192.0.2.8", 12, 5, 2 },
		{ 0, "c0000208000000000000000000000000", "192.0.2.8", 12, 5, 2 },
	};
	static const struct bmp_stream_ops stream_ops = { .peer_up = on_address };
	char shown[IP_ADDR_TEXT_MAX];
	struct bmp_stream *s = bmp_stream_new(&stream_ops, shown, MESSAGE_MAX, 20);
	const uint64_t *quirks = bmp_stream_counters(s)->quirks;
	uint8_t b[MESSAGE_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = make_peer_up(b);

		b[BMP_HEADER_LEN + 1] = cases[i].flags;
		ck_assert_uint_eq(octets(cases[i].octets, b + BMP_HEADER_LEN + 10), 16);
		bmp_stream_feed(s, b, n, 0);
		ck_assert_str_eq(shown, cases[i].shown);
		ck_assert_msg(
		    bmp_stream_peers(s) == cases[i].peers, "case %zu: %u", i, bmp_stream_peers(s));
		ck_assert_uint_eq(quirks[QUIRK_PEER_V_FLAG_WRONG], cases[i].v_wrong);
		ck_assert_uint_eq(quirks[QUIRK_PEER_ADDRESS_LEFT], cases[i].left);
	}
	ck_assert_uint_eq(quirks[QUIRK_PEER_TYPE_0_NULL], 1);
	bmp_stream_free(s);
}
END_TEST

static void
on_any(void *ctx, struct bmp_stream *s, const struct bmp_msg *m, const struct faults *f)
{
	(void)s;
	(void)f;
	((unsigned *)ctx)[m->type < BMP_TYPES ? m->type : BMP_TYPES]++;
}

static void
on_stats(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m)
{
	(void)s;
	(void)p;
	((unsigned *)ctx)[BMP_TYPES + 1 + m->type]++;
}

static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m,
    unsigned type, struct cursor message, struct bmp_update *u)
{
	(void)s;
	(void)p;
	ck_assert_uint_eq(type, BGP_ROUTE_REFRESH);
	ck_assert_uint_ge(cur_left(&message), 23);
	ck_assert_ptr_null(u);
	((unsigned *)ctx)[BMP_TYPES + 1 + m->type]++;
}

static void
on_termination(void *ctx, struct bmp_stream *s, unsigned reason)
{
	(void)s;
	((unsigned *)ctx)[BMP_TYPES + 1 + BMP_TERMINATION] += reason;
}

/* Each message of each type reaches its listener, and the one that hears all. */
START_TEST(test_listeners)
{
	static size_t (*const makers[])(uint8_t *) = { make_routes, make_statistics, make_down_2,
		make_peer_up, make_initiation, make_termination, make_mirroring, make_unknown_type,
		make_routes_v4_21, make_statistics_v4 };
	static const struct bmp_stream_ops all = { .message = on_any,
		.statistics = on_stats,
		.mirrored = on_mirrored,
		.termination = on_termination };
	unsigned heard[2 * BMP_TYPES + 2] = { 0 };
	struct bmp_stream *s = bmp_stream_new(&all, heard, MESSAGE_MAX, 10);
	uint8_t b[MESSAGE_MAX];
	uint64_t n = 0;

	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		bmp_stream_feed(s, b, makers[i](b), 0);
	for (int type = 0; type <= BMP_TYPES; type++) {
		ck_assert_uint_gt(heard[type], 0);
		ck_assert_uint_eq(heard[type], bmp_stream_counters(s)->messages[type]);
		n += heard[type];
	}
	ck_assert_uint_eq(n, sizeof(makers) / sizeof(makers[0]));
	ck_assert_uint_eq(heard[BMP_TYPES + 1 + BMP_STATISTICS], heard[BMP_STATISTICS]);
	ck_assert_uint_eq(heard[BMP_TYPES + 1 + BMP_ROUTE_MIRRORING], heard[BMP_ROUTE_MIRRORING]);
	ck_assert_uint_eq(heard[BMP_TYPES + 1 + BMP_TERMINATION], 4);
	bmp_stream_free(s);
}
END_TEST

/* More peers than allowed: theirs is counted and skipped, the others' goes on. */
START_TEST(test_peer_limit)
{
	struct bmp_stream *s = bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 2);
	uint8_t b[MESSAGE_MAX];

	for (int round = 0; round < 2; round++)
		for (uint8_t i = 0; i < 5; i++) {
			struct bmp_peer_spec p = peer_1();

			p.address.b[3] = i;
			bmp_stream_feed(s, b, bmp_write_peer_down(b, sizeof(b), &p, 4, 0), 0);
		}
	ck_assert_uint_eq(bmp_stream_peers(s), 2);
	ck_assert_uint_eq(bmp_stream_peers_refused(s), 6);
	ck_assert_uint_eq(bmp_stream_counters(s)->messages[BMP_PEER_DOWN], 10);
	bmp_stream_free(s);
}
END_TEST

/* Loc-RIB: an ADD-PATH tuple is enough, whatever its direction (RFC 9069 5.2); Peer Ups add tuples
 * up; Junos says the name in a String. */
START_TEST(test_loc_rib)
{
	static const struct bmp_stream_ops stream_ops = { .update = on_update };
	static const struct bgp_addpath receive[] = { { { AFI_IPV4, SAFI_UNICAST },
	    BGP_ADDPATH_RECEIVE } };
	static const struct ip_addr none = { .family = IP_NONE };
	struct bmp_peer_spec p = peer_loc_rib();
	struct bgp_open_spec o = open_of(64500);
	struct seen seen = { 0 };
	struct bmp_stream *s = bmp_stream_new(&stream_ops, &seen, MESSAGE_MAX, 2);
	uint8_t b[MESSAGE_MAX], bgp[256];
	struct writer w;

	bmp_stream_feed(s, b, bmp_write_peer_up(b, sizeof(b), &p, &none, &o, &o, NULL), 0);
	o.addpaths = receive;
	o.addpaths_n = 1;
	w = bmp_write_begin(b, sizeof(b), 3, BMP_PEER_UP, &p);
	bmp_put_peer_up(&w, &p, &none, &o, &o);
	bmp_put_tlv(&w, BMP_PEER_STRING, "inet.0", 6);
	bmp_stream_feed(s, b, bmp_write_finish(&w), 0);
	bmp_stream_feed(s, b,
	    bmp_write_route_monitoring(b, sizeof(b), &p, bgp, update_of(bgp, sizeof(bgp), 1, true)),
	    0);
	ck_assert(seen.updates == 1 && seen.addpath && seen.view == BMP_VIEW_LOC_RIB);
	ck_assert_str_eq(seen.table, "inet.0");
	ck_assert_uint_eq(bmp_stream_counters(s)->quirks[QUIRK_ADDPATH_UNEXPECTED], 0);
	bmp_stream_free(s);
}
END_TEST

/* Why a router ends its session: reason and words, whatever of them it says. */
START_TEST(test_termination)
{
	static const struct {
		const char *hex, *text;
	} cases[] = { { "", "unspecified reason" }, { "0001 0002 0002", "out of resources" },
		{ "0000 0005 6572726f72 0001 0002 0000",
		    "session administratively closed (error)" },
		{ "0001 0002 0003 0000 0002 6279 0000 0000 0000 0003 65ff65",
		    "redundant connection (by, e?e)" },
		{ "0000 0001 61", "unspecified reason (a)" },
		{ "0001 0002 1234", "unknown reason 4660" } };
	char text[2 * BMP_TEXT_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bmp_stream *s =
		    bmp_stream_new(&(struct bmp_stream_ops){ 0 }, NULL, MESSAGE_MAX, 1);
		uint8_t b[64] = { 3, 0, 0, 0, 0, BMP_TERMINATION };
		size_t n = BMP_HEADER_LEN + octets(cases[i].hex, b + BMP_HEADER_LEN);

		ck_assert_str_eq(bmp_stream_termination(s, text, sizeof(text)), "");
		set_length(b, n);
		ck_assert_uint_eq(bmp_stream_feed(s, b, n, 0), n);
		ck_assert_str_eq(bmp_stream_termination(s, text, sizeof(text)), cases[i].text);
		ck_assert_uint_eq(strlen(bmp_stream_termination(s, text, 5)), 4);
		bmp_stream_free(s);
	}
}
END_TEST

HARNESS_MAIN("bmp_stream")
{
	TEST(test_example_routes);
	TEST(test_v4_stream);
	TEST(test_peer_identity);
	TEST(test_peer_address);
	TEST(test_listeners);
	TEST(test_peer_limit);
	TEST(test_loc_rib);
	TEST(test_termination);
}

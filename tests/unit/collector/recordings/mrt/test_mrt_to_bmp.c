/* MRT files come out as the BMP that routers with those sessions would have sent. */
#include "collector/recordings/recordings.h"

#include "collector/bmp_stream/bmp_stream.h"
#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"
#include "tests/unit/support/hex.h"
#include "tests/unit/support/recording_fixture.h"

/* --- what a stream says */

/* What a stream of BMP says, in short. */
struct facts {
	unsigned up, down;
	uint64_t announced, withdrawn, end_of_rib, faults, quirks;
	unsigned peers;
	char last_reason[64], last_quirk[64];
	uint8_t view, flags_as4;
	uint32_t path_id;
	int64_t router_us;
};

static void
fact_up(void *ctx, struct bmp_stream *s, struct bmp_peer *p, int64_t us)
{
	(void)s;
	(void)p;
	(void)us;
	((struct facts *)ctx)->up++;
}

static void
fact_down(
    void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_down *d, int64_t us)
{
	struct facts *x = ctx;

	(void)s;
	(void)p;
	(void)us;
	x->down++;
	snprintf(x->last_reason, sizeof(x->last_reason), "%u%s", d->reason,
	    d->has_notification ? " with NOTIFICATION" : "");
}

static void
fact_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct facts *x = ctx;
	const struct bgp_mp *reach = &u->bgp->reach, *unreach = &u->bgp->unreach;
	struct cursor none = cur_of(NULL, 0);
	struct cursor fields[4] = { u->bgp->nlri, reach->present ? reach->nlri : none,
		u->bgp->withdrawn, unreach->present ? unreach->nlri : none };
	uint16_t afis[4] = { AFI_IPV4, reach->family.afi, AFI_IPV4, unreach->family.afi };
	bool ids[4] = { u->context.encoding.path_ids_classic, u->context.encoding.path_ids_reach,
		u->context.encoding.path_ids_classic, u->context.encoding.path_ids_unreach };
	struct bgp_prefix n;

	(void)s;
	(void)p;
	x->view = (uint8_t)u->view;
	x->flags_as4 = u->context.encoding.as4;
	x->router_us = u->router_us;
	x->end_of_rib += u->is_end_of_rib;
	for (int i = 0; i < 4; i++) {
		while (bgp_prefix_next(&fields[i], afis[i], ids[i], u->bgp->start, &n, u->faults)) {
			if (i < 2)
				x->announced++;
			else
				x->withdrawn++;
			x->path_id = n.path_id;
		}
	}
}

static struct facts
facts_of(const struct received *g, unsigned i, char *sys_name)
{
	static const struct bmp_stream_ops ops = {
		.peer_up = fact_up, .peer_down = fact_down, .update = fact_update
	};
	struct facts x = { .up = 0 };
	struct bmp_stream *s = bmp_stream_new(&ops, &x, 1 << 24, 100000);

	ck_assert_uint_eq(bmp_stream_feed(s, (const uint8_t *)g->bytes[i].data, g->bytes[i].len, 0),
	    g->bytes[i].len);
	ck_assert(bmp_stream_broken(s) == NULL);
	for (int k = 0; k < FAULT_CODES; k++)
		x.faults += bmp_stream_counters(s)->faults[k];
	for (int k = 0; k < BMP_QUIRKS; k++)
		if (bmp_stream_counters(s)->quirks[k] > 0) {
			x.quirks += bmp_stream_counters(s)->quirks[k];
			snprintf(x.last_quirk, sizeof(x.last_quirk), "%s",
			    bmp_quirk_name((enum bmp_quirk)k));
		}
	x.peers = bmp_stream_peers(s);
	if (sys_name != NULL)
		snprintf(sys_name, 256, "%s", bmp_stream_sys_name(s));
	bmp_stream_free(s);
	return x;
}

static void
put_bgp4mp(FILE *f, struct mrt_record m, struct mrt_bgp4mp t, const void *bgp, size_t n)
{
	uint8_t buf[8192];

	t.message = cur_of(bgp, n);
	n = mrt_write_bgp4mp(buf, sizeof(buf), &m, &t);
	ck_assert_uint_gt(n, 0);
	fwrite(buf, 1, n, f);
}

/* A session from begin to end: up, routes both ways, NOTIFICATION, up by a route, down by state. */
START_TEST(mrt_life)
{
	static const uint32_t as_path[] = { 64501, 64510 };
	struct bgp_route_spec route = { .as_path = as_path, .as_path_n = 2, .as2 = _i == 1 };
	struct bgp_prefix_spec prefix = { .prefix = { IP_V4, 24, { 198, 51, 100 } },
		.path_id = 77 };
	struct mrt_record m = { .sec = 1700000000, .usec = 7, .as4 = _i != 1 };
	struct mrt_bgp4mp t = { .peer_as = 64501,
		.local_as = 64500,
		.peer_address = { IP_V4, { 192, 0, 2, 1 } },
		.local_address = { IP_V4, { 192, 0, 2, 254 } },
		.old_state = 5,
		.new_state = 6 };
	uint8_t bgp[512], notification[21] = { 0 };
	bool path_ids = _i == 2;
	FILE *f = scratch();
	struct facts x;
	struct received *g;
	char name[256];
	size_t n;

	memset(notification, 0xff, 16);
	notification[17] = 21;
	notification[18] = BGP_NOTIFICATION;
	notification[19] = 6;
	notification[20] = 2;
	m.kind = MRT_KIND_STATE_CHANGE;
	put_bgp4mp(f, m, t, NULL, 0);
	m.kind = MRT_KIND_MESSAGE;
	m.path_ids = path_ids;
	n = bgp_write_update(bgp, sizeof(bgp), &route, &prefix, 1, NULL, 0, path_ids);
	put_bgp4mp(f, m, t, bgp, n);
	m.local = true;
	put_bgp4mp(f, m, t, bgp, n);
	m.local = m.path_ids = false;
	put_bgp4mp(f, m, t, notification, sizeof(notification));
	t.old_state = 6;
	t.new_state = 1;
	m.kind = MRT_KIND_STATE_CHANGE;
	put_bgp4mp(f, m, t, NULL, 0); /* down already */
	m.kind = MRT_KIND_MESSAGE;
	m.path_ids = path_ids;
	n = bgp_write_update(bgp, sizeof(bgp), &route, NULL, 0, &prefix, 1, path_ids);
	put_bgp4mp(f, m, t, bgp, n);
	fflush(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.format, RECORDING_MRT);
	x = facts_of(g, 0, name);
	ck_assert_str_eq(name, strrchr(path, '/') + 1);
	/* path ids are a surprise after the state change: Peer Up is said again */
	ck_assert_uint_eq(x.up, path_ids ? 3 : 2);
	ck_assert_uint_eq(x.down, 1);
	ck_assert_str_eq(x.last_reason, "3 with NOTIFICATION");
	ck_assert_uint_eq(x.announced, 2);
	ck_assert_uint_eq(x.withdrawn, 1);
	ck_assert_uint_eq(x.faults, 0);
	/* Adj-RIB-Out post-policy after a Peer Up without L, which says nothing of it */
	ck_assert_msg(x.quirks == (path_ids ? 2 : 1), "%s", x.last_quirk);
	ck_assert_str_eq(x.last_quirk, "peer-flags-differ");
	ck_assert_uint_eq(x.path_id, path_ids ? 77 : 0);
	ck_assert_int_eq(x.router_us, 1700000000000007);
	ck_assert_uint_eq(x.flags_as4, _i != 1);
	ck_assert_int_eq(g->first_us[0], 1700000000000007);
	received_free(g);
	m.kind = MRT_KIND_STATE_CHANGE;
	m.path_ids = false;
	put_bgp4mp(f, m, t, NULL, 0);
	fclose(f);
	g = read_all(path, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.down, 2);
	ck_assert_str_eq(x.last_reason, "2");
	received_free(g);
	forget();
}
END_TEST

/* A dump: every peer up, routes with their own times, End-of-RIB at the end. Two peers have one
 * address.
 */
START_TEST(mrt_dump)
{
	static const uint8_t id[4] = { 10, 0, 0, 1 };
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb, 0xf5, 0x40, 3,
		4, 192, 0, 2, 1 };
	bool path_ids = _i == 1;
	struct mrt_peer peers[3] = { { .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64501 },
		{ .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64502 },
		{ .address = { IP_V6, { 0x20, 1 } }, .as = 64503 } };
	uint8_t buf[4096], nlri[4] = { 24, 198, 51, 100 };
	struct mrt_rib_writer w;
	FILE *f = scratch();
	struct facts x;
	struct received *g;

	fwrite(buf, 1, mrt_write_peer_index(buf, sizeof(buf), 1700000100, id, "v", peers, 3), f);
	for (uint8_t i = 0; i < 10; i++) {
		nlri[3] = i;
		mrt_rib_begin(&w, buf, sizeof(buf), 1700000100, i,
		    (struct bgp_family){ AFI_IPV4, SAFI_UNICAST }, path_ids, 0, cur_of(nlri, 4));
		for (uint16_t p = 0; p < 4; p++) { /* one of a peer that is not there */
			struct mrt_entry e = { p, 1699999999, 5, cur_of(attrs, sizeof(attrs)) };

			ck_assert(mrt_rib_put(&w, &e));
		}
		fwrite(buf, 1, mrt_rib_finish(&w), f);
	}
	fclose(f);
	g = read_all(path, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.up, 3);
	ck_assert_uint_eq(x.peers, 3);
	ck_assert_uint_eq(x.announced, 30);
	ck_assert_uint_eq(x.end_of_rib, 3);
	ck_assert_uint_eq(x.faults, 0);
	ck_assert_uint_eq(x.quirks, 0);
	ck_assert_uint_eq(x.path_id, path_ids ? 5 : 0);
	ck_assert_int_eq(g->last_us[0], 1700000100000000);
	ck_assert_uint_eq(g->counts.skipped, 10);
	ck_assert_ptr_nonnull(strstr(g->words, "10 RIB entries refer to a peer that no table has"));
	received_free(g);
	forget();
}
END_TEST

/* A dump of these peers, one route for each of them. */
static void
put_dump(FILE *f, const struct mrt_peer *peers, uint16_t n, struct bgp_family family)
{
	static const uint8_t id[4] = { 10, 0, 0, 1 }, nlri[4] = { 24, 198, 51, 100 };
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb, 0xf5, 0x40, 3,
		4, 192, 0, 2, 1 };
	uint8_t buf[4096];
	struct mrt_rib_writer w;

	fwrite(buf, 1, mrt_write_peer_index(buf, sizeof(buf), 1700000100, id, "v", peers, n), f);
	mrt_rib_begin(
	    &w, buf, sizeof(buf), 1700000100, 0, family, false, 0, cur_of(nlri, sizeof(nlri)));
	for (uint16_t i = 0; i < n; i++) {
		struct mrt_entry e = { i, 1699999999, 0, cur_of(attrs, sizeof(attrs)) };

		ck_assert(mrt_rib_put(&w, &e));
	}
	fwrite(buf, 1, mrt_rib_finish(&w), f);
}

/* Peers that differ only in their BGP ID are two, in each dump the same two; one that was known
 * by its messages alone is the one that the table names. */
START_TEST(mrt_same_address_and_as)
{
	static const struct mrt_peer peers[2] = {
		{ .bgp_id = { 1, 1, 1, 1 }, .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64501 },
		{ .bgp_id = { 9, 9, 9, 9 }, .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64501 }
	};
	struct mrt_record m = { .sec = 1700000000, .as4 = true, .kind = MRT_KIND_STATE_CHANGE };
	struct mrt_bgp4mp t = { .peer_as = 64501,
		.local_as = 64500,
		.peer_address = { IP_V4, { 192, 0, 2, 1 } },
		.local_address = { IP_V4, { 192, 0, 2, 254 } },
		.old_state = 5,
		.new_state = 6 };
	FILE *f = scratch();
	struct facts x;
	struct received *g;

	if (_i == 1)
		put_bgp4mp(f, m, t, NULL, 0);
	for (int i = 0; i < 2; i++)
		put_dump(f, peers, 2, (struct bgp_family){ AFI_IPV4, SAFI_UNICAST });
	fclose(f);
	g = read_all(path, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.peers, 2);
	ck_assert_uint_eq(x.up, 2);
	ck_assert_uint_eq(x.announced, 4);
	ck_assert_uint_eq(x.faults, 0);
	received_free(g);
	forget();
}
END_TEST

/* A family that nobody here knows is no error of the file. */
START_TEST(mrt_unknown_family)
{
	static const struct mrt_peer peer = { .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64501 };
	FILE *f = scratch();
	struct received *g;

	put_dump(f, &peer, 1, (struct bgp_family){ 57, 65 });
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.skipped, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "1 RIB records are of address families"));
	ck_assert_ptr_null(strstr(g->words, "malformed"));
	received_free(g);
	forget();
}
END_TEST

/* What is wrong with a record is given as data, behind the BMP that was made of it. */
START_TEST(mrt_faults)
{
	static const struct mrt_peer peer = { .address = { IP_V4, { 192, 0, 2, 1 } }, .as = 64501 };
	static const char *const records[] = {
		/* a KEEPALIVE of 20 octets, one with octets behind it, one without its marker */
		"6553f100 0010 0004 00000028 0000fbf5 0000fbf4 0000 0001 c0000201 c00002fe "
		"ffffffffffffffffffffffffffffffff 0014 04 00",
		"6553f100 0010 0004 00000029 0000fbf5 0000fbf4 0000 0001 c0000201 c00002fe "
		"ffffffffffffffffffffffffffffffff 0013 04 0000",
		"6553f100 0010 0004 00000027 0000fbf5 0000fbf4 0000 0001 c0000201 c00002fe "
		"ffffffffffffffffffffffffffffff00 0013 04",
		/* three octets of nothing; an entry of peer 7, one whose attribute overruns it */
		"010203", "6553f100 000d 0002 00000012 00000001 18 c63364 0001 0007 6553f100 0000",
		"6553f100 000d 0002 00000016 00000001 18 c63364 0001 0000 6553f100 0004 400105 00",
		/* the file ends inside this one */
		"6553f100 000d 0002 00000099 00000001 18 c63364 0001 0000 6553f100 0000"
	};
	static const char want[] = "3 bgp-keepalive at 84 +51 of 52 after 409\n"
				   "4 mrt-trailing at 136 +51 of 53 after 409\n"
				   "5 bgp-marker at 189 +32 of 51 after 409\n"
				   "0 mrt-lost at 240 +0 of 3 after 409\n"
				   "6 mrt-peer-index at 243 +22 of 30 after 409\n"
				   "7 attr-overrun at 273 +30 of 34 after 484\n"
				   "8 mrt-cut at 307 +30 of 30 after 559\n";
	FILE *f = scratch();
	struct received *g;

	put_dump(f, &peer, 1, BGP_IPV4_UNICAST);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		uint8_t b[128];

		fwrite(b, 1, hex_octets(records[i], b, sizeof(b)), f);
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_str_eq(g->faults, want);
	received_free(g);
	forget();
}
END_TEST

/* --- what others recorded */

static const struct {
	const char *file;
	uint64_t announced, withdrawn;
	unsigned peers; /* 0: not compared, a dump has peers without routes */
} recorded[] = {
	/* mrt/expected.json: lines of bgpdump -m by kind */
	{ "bview.20020722.2337.gz", 115521, 0, 36 },
	{ "bview.64k_stream_overflow.gz", 23, 0, 0 },
	{ "bview.ipv4_unicast_add_path.gz", 62, 0, 3 },
	{ "bview.ipv6_unicast_add_path.gz", 62, 0, 3 },
	{ "updates.20020722.2238.gz", 825, 2419, 3 },
	{ "updates.20070211.0141.gz", 51329, 2328, 31 },
	{ "updates.20071015.1505.gz", 10111, 385, 14 },
	{ "updates.20100722.2015.gz", 5067, 547, 14 },
	{ "updates.20160811.1600.gz", 39256, 1956, 35 },
	{ "updates.et-header.2015.gz", 577737, 3, 1 },
	{ "updates.long_withdrawal.gz", 0, 4096, 1 },
	{ "updates.nlri_mask_trailing_bits.gz", 1, 0, 1 },
};

START_TEST(mrt_of_others)
{
	char what[256];
	const char *file;
	struct facts x;
	struct received *g;

	snprintf(what, sizeof(what), "mrt/ripe-bgpdump/test_data/%s", recorded[_i].file);
	file = shared_data(what);
	if (file == NULL)
		return;
	g = read_all(file, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.announced, recorded[_i].announced);
	ck_assert_uint_eq(x.withdrawn, recorded[_i].withdrawn);
	if (recorded[_i].peers != 0)
		ck_assert_uint_eq(x.peers, recorded[_i].peers);
	ck_assert_str_eq(g->counts.packing, "gzip");
	received_free(g);
}
END_TEST

HARNESS_MAIN("mrt_to_bmp")
{
	CASE("made here");
	LOOP(mrt_life, 3);
	LOOP(mrt_dump, 2);
	LOOP(mrt_same_address_and_as, 2);
	TEST(mrt_unknown_family);
	TEST(mrt_faults);
	CASE("recorded by others");
	TIMEOUT(30);
	ROWS(mrt_of_others, recorded);
}

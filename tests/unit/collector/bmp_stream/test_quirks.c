/*
 * Known deviations of routers, each made by hand: it is named, counted at the stream and at the
 * peer, and what is done about it is done. A quirk without an example fails the last test.
 */
#include "parsers/bgp/message.h"
#include "tests/unit/support/stream_fixture.h"

/* --- a router each */

static void
routes_before_up(struct stream_fixture *t)
{
	send_routes(t, 1, false);
	ck_assert(t->seen.updates == 1 && t->seen.peer->up && t->seen.peer->implicit);
	send_peer_up(t);
	ck_assert(!t->seen.peer->implicit);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_PEER_UP_REPEATED], 0);
}

static void
loc_rib_without_up(struct stream_fixture *t)
{
	t->p = peer_loc_rib();
	send_routes(t, 1, false);
	ck_assert_uint_eq(t->seen.updates, 1);
	ck_assert_uint_eq(t->seen.peer->local_as, 64500);
}

static void
two_ups_add_up(struct stream_fixture *t)
{
	static const struct bgp_family ipv6 = { AFI_IPV6, SAFI_UNICAST };

	t->p = peer_loc_rib();
	send_peer_up(t);
	t->sent.families = t->received.families = &ipv6;
	send_peer_up(t);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 1);
	ck_assert(bgp_open_has_family(&t->seen.peer->sent, ipv4));
	ck_assert(bgp_open_has_family(&t->seen.peer->sent, ipv6));
}

/* Huawei: one per L flag. */
static void
two_ups_of_a_peer(struct stream_fixture *t)
{
	send_peer_up(t);
	t->p.flags = BMP_FLAG_L;
	send_peer_up(t);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 1);
	send_routes(t, 1, false); /* either flag was announced */
	t->p.flags = 0;
	send_routes(t, 1, false);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_FLAGS_DIFFER], 0);
}

/* 2-octet AS path of two segments that fills the attribute with four octets an AS, too. */
static void
as_path_either_way(struct stream_fixture *t)
{
	static const uint32_t path[] = { 64501, 64510, 64511 };

	send_peer_up(t);
	send_hex(t, "", "40010100 40020a 0202fbf5fbfe 0101fbff 400304c0000201", "18c63364");
	ck_assert(t->seen.as4);	     /* as the flag says */
	send_path(t, path, 3, true); /* proves that they are two octets wide */
	send_hex(t, "", "40010100 40020a 0202fbf5fbfe 0101fbff 400304c0000201", "18c63364");
	ck_assert(!t->seen.as4);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_AS_AMBIGUOUS], 1);
}

/* Of the paths of a whole table a few read either way; the others have shown how wide they are. */
static void
as_path_either_way_no_doubt(struct stream_fixture *t)
{
	static const uint32_t path[] = { 64501, 64510, 64511 };

	send_peer_up(t);
	send_path(t, path, 3, false);
	send_hex(t, "", "40010100 40020a 0202fbf5fbfe 0101fbff 400304c0000201", "18c63364");
	ck_assert(t->seen.as4);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_AS_AMBIGUOUS], 0);
	send_path(t, path, 3, true); /* one that is otherwise is read as it is, and turns nothing */
	ck_assert(!t->seen.as4);
	send_hex(t, "", "40010100 40020a 0202fbf5fbfe 0101fbff 400304c0000201", "18c63364");
	ck_assert(t->seen.as4);
}

static void
messages_lost(struct stream_fixture *t)
{
	send_peer_up(t);
	feed(t, bmp_write_mirroring(t->b, sizeof(t->b), &t->p, 1, NULL, 0));
	ck_assert_uint_eq(t->seen.mirrored, 0);
}

static void
down_of_never_up(struct stream_fixture *t)
{
	send_peer_down(t, 2);
	ck_assert_uint_eq(t->seen.downs, 1);
	ck_assert(!t->seen.peer->up);
}

static void
down_twice(struct stream_fixture *t)
{
	send_peer_up(t);
	send_peer_down(t, 4);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_PEER_DOWN_REPEATED], 0);
	send_peer_down(t, 4);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_PEER_DOWN_UNKNOWN], 0);
}

static void
routes_after_down(struct stream_fixture *t)
{
	send_peer_up(t);
	send_peer_down(t, 4);
	send_routes(t, 1, false);
	ck_assert_uint_eq(t->seen.updates, 1);
	ck_assert(t->seen.peer->implicit);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_PEER_IMPLICIT], 0);
}

static void
down_without_notification(struct stream_fixture *t)
{
	struct writer w;

	send_peer_up(t);
	w = bmp_write_begin(t->b, sizeof(t->b), 3, BMP_PEER_DOWN, &t->p);
	wr_u8(&w, BMP_DOWN_LOCAL_NOTIFICATION);
	feed(t, bmp_write_finish(&w));
	ck_assert_uint_eq(t->seen.downs, 1);
}

static void
open_of_19_octets(struct stream_fixture *t)
{
	t->received.bare = true;
	send_peer_up(t);
	ck_assert(t->seen.peer->up && t->seen.peer->local_as == 64500);
	send_routes(t, 1, false);
	ck_assert_uint_eq(t->seen.updates, 1);
}

static void
open_without_capabilities(struct stream_fixture *t)
{
	t->received.no_capabilities = true;
	send_peer_up(t);
	ck_assert(t->seen.peer->up);
	ck_assert_uint_eq(t->seen.peer->received.as, 64501);
}

static void
as2_unflagged(struct stream_fixture *t)
{
	static const uint32_t path[] = { 64501, 64510, 64511 };

	send_peer_up(t);
	send_path(t, path, 3, true);
	ck_assert(!t->seen.as4);
}

static void
as4_flagged(struct stream_fixture *t)
{
	static const uint32_t path[] = { 64501, 4200000001, 64511 };

	send_peer_up(t);
	t->p.flags = BMP_FLAG_A;
	send_path(t, path, 3, false);
	ck_assert(t->seen.as4);
}

static void
path_ids_absent(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_routes(t, 1, false);
	ck_assert(!t->seen.addpath);
	send_routes(t, 1, false);
	send_routes(t, 2, false); /* reads either way: what was proved counts */
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_ADDPATH_AMBIGUOUS], 0);
}

static void
path_ids_unexpected(struct stream_fixture *t)
{
	send_peer_up(t);
	send_routes(t, 1, true);
	ck_assert(t->seen.addpath);
}

/* What rivals show as 0.0.0.0/0 and 24.0.0.0/1: it reads as prefixes, but for the run of 0/0. */
static void
path_ids_that_read_as_defaults(struct stream_fixture *t)
{
	send_peer_up(t);
	send_prefix_10(t, 24, true, 0x080a); /* or else: 0/0, 0/0, 10/8, 10.1.2.0/24 */
	ck_assert(t->seen.addpath);
	send_routes(t, 2, false); /* reads either way: one message is no proof against two OPENs */
	ck_assert(!t->seen.addpath);
	send_prefix_10(t, 24, true, 0x080b);
	send_routes(t, 2, false); /* two are */
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_ADDPATH_UNEXPECTED], 3);
}

/* MX204: only one side announces ADD-PATH, and yet the ids are there. */
static void
path_ids_of_one_side(struct stream_fixture *t)
{
	t->received.addpaths = both_ways;
	t->received.addpaths_n = 1;
	send_peer_up(t);
	send_routes(t, 2, true);
	ck_assert(t->seen.addpath);
}

static void
path_ids_in_loc_rib(struct stream_fixture *t)
{
	t->p = peer_loc_rib();
	send_peer_up(t);
	send_routes(t, 1, true);
	ck_assert(t->seen.addpath);
}

/* Two /24 are as well one /24 with a path id: the negotiation is all there is. */
static void
path_ids_ambiguous(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_routes(t, 2, false);
	ck_assert(t->seen.addpath);
	send_routes(t, 1, true); /* proves that they are there */
	send_routes(t, 2, false);
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_ADDPATH_AMBIGUOUS], 1);
}

static void
time_zero(struct stream_fixture *t)
{
	t->p.sec = t->p.usec = 0;
	send_peer_up(t);
	ck_assert_int_eq(t->seen.router_us, 0);
}

static void
time_of_boot(struct stream_fixture *t)
{
	t->p.sec = 4711;
	send_peer_up(t);
	ck_assert_int_eq(t->seen.router_us, 0);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_TIMESTAMP_OFF], 0);
}

static void
time_far_off(struct stream_fixture *t)
{
	t->p.sec = NOW_S - 90000;
	send_peer_up(t);
	ck_assert_int_eq(t->seen.router_us, 0);
}

static void
time_over_a_second(struct stream_fixture *t)
{
	t->p.usec = 1000000;
	send_peer_up(t);
	ck_assert_int_eq(t->seen.router_us, INT64_C(1700000000999999));
}

static void
flags_differ(struct stream_fixture *t)
{
	send_peer_up(t);
	t->p.flags = BMP_FLAG_L;
	send_routes(t, 1, false);
	send_routes(t, 1, false);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 1); /* the flag makes no other peer */
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_FLAGS_DIFFER], 1);
}

static void
loc_rib_flag_differs(struct stream_fixture *t)
{
	t->p = peer_loc_rib();
	send_peer_up(t);
	t->p.flags = 0;
	send_routes(t, 1, false);
}

static void
trailing_octets(struct stream_fixture *t)
{
	uint8_t bgp[256] = { 0 };
	size_t n = bgp_write_end_of_rib(bgp, sizeof(bgp), ipv4);

	send_peer_up(t);
	send_bgp(t, bgp, n + 3);
	ck_assert_uint_eq(t->seen.updates, 1);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->families[0].end_of_rib, 1);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->faults[FAULT_BMP_TRAILING], 1);
}

static void
length_zero(struct stream_fixture *t)
{
	static const uint8_t header[6] = { 3, 0, 0, 0, 0, 0 };

	ck_assert_uint_eq(bmp_stream_feed(t->s, header, 6, 0), 0);
	ck_assert(bmp_stream_broken(t->s) != NULL);
	ck_assert_uint_eq(bmp_stream_broken(t->s)->code, FAULT_BMP_LENGTH);
}

static void
null_address(struct stream_fixture *t)
{
	t->p.address = (struct ip_addr){ .family = IP_V4 };
	t->p.as = 0;
	memset(t->p.bgp_id, 0, 4);
	send_peer_up(t);
	ck_assert_uint_eq(t->seen.ups, 1);
}

static void
null_address_without_up(struct stream_fixture *t)
{
	t->p.address = (struct ip_addr){ .family = IP_V4 };
	t->p.flags = BMP_FLAG_L;
	send_routes(t, 1, false);
	ck_assert_uint_eq(t->seen.updates, 1);
}

static void
next_hop_absent(struct stream_fixture *t)
{
	/* ORIGIN, AS_PATH 64501, and 10.0.0.0/8 */
	static const uint8_t body[] = { 0, 0, 0, 13, 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb,
		0xf5, 8, 10 };
	uint8_t bgp[64];
	struct writer w = wr_of(bgp, sizeof(bgp));
	size_t at = bgp_write_begin(&w, BGP_UPDATE);

	wr_bytes(&w, body, sizeof(body));
	wr_patch_u16(&w, at, 0);
	t->p = peer_loc_rib();
	send_peer_up(t);
	send_bgp(t, bgp, wr_len(&w));
	ck_assert_uint_eq(t->seen.updates, 1);
}

static void
name_changes(struct stream_fixture *t)
{
	feed(t, bmp_write_initiation(t->b, sizeof(t->b), "r1", "R1 v1"));
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_SYS_NAME_CHANGED], 0);
	feed(t, bmp_write_initiation(t->b, sizeof(t->b), "r2", "R1 v2"));
	feed(t, bmp_write_initiation(t->b, sizeof(t->b), "r3", "R1 v2"));
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_SYS_NAME_CHANGED], 2);
	ck_assert_str_eq(bmp_stream_sys_name(t->s), "r3");
	ck_assert_uint_eq(t->seen.initiations, 4);
}

/* IPv6 without V, IPv4 with it: the octets are the peer. */
static void
v_flag_wrong(struct stream_fixture *t)
{
	size_t n = make_peer_up(t->b);

	t->b[BMP_HEADER_LEN + 10] = 0x20;
	feed(t, n);
	ck_assert_uint_eq(t->seen.peer->key.address.family, IP_V6);
	n = make_peer_up(t->b);
	t->b[BMP_HEADER_LEN + 1] |= BMP_FLAG_V;
	feed(t, n);
	ck_assert_uint_eq(t->seen.peer->key.address.family, IP_V4);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 2);
}

static void
address_left(struct stream_fixture *t)
{
	size_t n = make_peer_up(t->b);

	memcpy(t->b + BMP_HEADER_LEN + 10, "\xc0\0\2\1\0\0\0\0\0\0\0\0\0\0\0", 16);
	feed(t, n);
	ck_assert_mem_eq(t->seen.peer->key.address.b, "\xc0\0\2\1", 4);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_PEER_TYPE_0_NULL], 0);
}

static void
name_empty(struct stream_fixture *t)
{
	feed(t, bmp_write_initiation(t->b, sizeof(t->b), "", "R1 v1"));
	ck_assert_str_eq(bmp_stream_sys_name(t->s), "r1"); /* what is known stays */
	ck_assert_uint_eq(t->seen.initiations, 2);
}

static void
after_termination(struct stream_fixture *t)
{
	feed(t, bmp_write_termination(t->b, sizeof(t->b), 0));
	send_peer_up(t);
	ck_assert_uint_eq(t->seen.ups, 1);
}

static void
before_initiation(struct stream_fixture *t)
{
	bmp_stream_free(t->s);
	t->s = bmp_stream_new(&ops, &t->seen, MESSAGE_MAX, 10);
	send_peer_up(t);
	ck_assert_uint_eq(t->seen.ups, 1);
}

static void
send_stat(struct stream_fixture *t, const struct bmp_stat_spec *st)
{
	send_peer_up(t);
	feed(t, bmp_write_statistics(t->b, sizeof(t->b), &t->p, st, 1));
	for (int c = 0; c < FAULT_CODES; c++)
		ck_assert_uint_eq(bmp_stream_counters(t->s)->faults[c], 0);
}

static void
stat_private(struct stream_fixture *t)
{
	send_stat(t, &(struct bmp_stat_spec){ .type = 65531, .value = 1 });
}

static void
stat_unknown(struct stream_fixture *t)
{
	send_stat(t, &(struct bmp_stat_spec){ .type = 25, .value = 1 });
}

static void
stat_length(struct stream_fixture *t)
{
	send_stat(t, &(struct bmp_stat_spec){ .type = 7, .value = 1, .len = 4 });
}

/* GoBGP: announced without an id, routes with it. They are one peer, also when it goes. */
static void
loc_rib_null_id(struct stream_fixture *t)
{
	const struct bmp_peer *p;

	t->p = peer_loc_rib();
	t->p.as = 0;
	memset(t->p.bgp_id, 0, 4);
	send_peer_up(t);
	p = t->seen.peer;
	t->p = peer_loc_rib();
	send_routes(t, 1, false);
	ck_assert(t->seen.peer == p && bmp_stream_peers(t->s) == 1);
	ck_assert_uint_eq(t->seen.peer->as, 64500);
	ck_assert_mem_eq(t->seen.peer->bgp_id, t->p.bgp_id, 4);
	send_peer_down(t, 6);
	ck_assert(!p->up);
	send_peer_up(t); /* one that says its id is its own peer */
	ck_assert(t->seen.peer != p && bmp_stream_peers(t->s) == 2);
}

/* Also while the other is up. */
static void
loc_rib_null_id_beside(struct stream_fixture *t)
{
	t->p = peer_loc_rib();
	memset(t->p.bgp_id, 0, 4);
	send_peer_up(t);
	t->p = peer_loc_rib();
	send_peer_up(t);
	send_routes(t, 1, false);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 2);
	ck_assert_mem_eq(t->seen.peer->key.bgp_id, t->p.bgp_id, 4);
}

static void
table_name_absent(struct stream_fixture *t)
{
	t->p = peer_loc_rib();
	feed(t, bmp_write_peer_up(t->b, sizeof(t->b), &t->p, &local_v4, &t->sent, &t->sent, NULL));
	ck_assert_str_eq(t->seen.peer->table_name, "");
}

static void
withdrawals_only(struct stream_fixture *t)
{
	struct bgp_route_spec r = { .origin = 0 };
	struct bgp_prefix_spec p = { .prefix = { IP_V4, 24, { 198, 51, 100 } } };
	uint8_t bgp[64];
	size_t n = bgp_write_update(bgp, sizeof(bgp), &r, NULL, 0, &p, 1, false);

	send_peer_up(t);
	send_routes(t, 1, false); /* of the other view: says nothing of this one */
	t->p.flags = BMP_FLAG_L;
	for (int i = 0; i < 300; i++) {
		ck_assert_uint_eq(
		    bmp_stream_counters(t->s)->quirks[QUIRK_WITHDRAWALS_ONLY], i >= 100);
		send_bgp(t, bgp, n);
	}
	ck_assert_uint_eq(t->seen.updates, 301);
}

static void
own_as_first(struct stream_fixture *t)
{
	static const uint32_t path[] = { 64500, 64501, 64510 }, fine[] = { 64501, 64500 };

	send_peer_up(t);
	send_path(t, fine, 2, false);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_OWN_AS_FIRST], 0);
	send_path(t, path, 3, false);
}

/* Routes of 64500:1 behind labels 100 and 200, and behind a label without its bottom bit. */
#define VPN_ATTRS "40010100 40020602010000fbf5 "
#define VPN_ROUTE "0000fbf400000001 20010db80002"
static const struct bgp_labels two_labels[] = { { { AFI_IPV6, SAFI_VPN }, 2 } };

static void
stack_unexpected(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "",
	    VPN_ATTRS "800e32 0002 80 18 0000000000000000 20010db8000000000000000000000001 00 "
		      "a0 000640 000c81 " VPN_ROUTE,
	    "");
	ck_assert_uint_eq(t->seen.updates, 1);
}

static void
stack_withdrawn(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "", "800f15 0002 80 88 800000 " VPN_ROUTE, "");
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_LABEL_STACK_WITHDRAWN], 0);
	send_hex(t, "", "800f18 0002 80 a0 000640 000c81 " VPN_ROUTE, "");
	ck_assert_uint_eq(bmp_stream_counters(t->s)->families[0].withdrawn, 2);
}

static void
bottom_missing(struct stream_fixture *t)
{
	t->sent.labels = t->received.labels = two_labels;
	t->sent.labels_n = t->received.labels_n = 1;
	send_peer_up(t);
	send_hex(t, "",
	    VPN_ATTRS "800e2f 0002 80 18 0000000000000000 20010db8000000000000000000000001 00 "
		      "88 000640 " VPN_ROUTE,
	    "");
	ck_assert_uint_eq(t->seen.updates, 1);
}

static void
v4_older(struct stream_fixture *t)
{
	send_peer_up(t);
	feed(t, make_routes_v4(t->b, BMP_V4_REVISION_19, v4_tlvs, 4, 2, true));
	feed(t, make_routes_v4(t->b, BMP_V4_REVISION_19, v4_tlvs, 4, 2, true));
	ck_assert(t->seen.addpath && t->seen.updates == 2);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_V4_CODE_POINTS], 1);
}

static void
v4_inline(struct stream_fixture *t)
{
	uint8_t bgp[256];
	size_t n = update_of(bgp, sizeof(bgp), 1, false);
	struct writer w;

	send_peer_up(t);
	w = bmp_write_begin(t->b, sizeof(t->b), 4, BMP_ROUTE_MONITORING, &t->p);
	wr_bytes(&w, bgp, n);
	bmp_put_indexed(&w, &(struct bmp_tlv_spec){ .type = 9, .value = "?", .len = 1 });
	feed(t, bmp_write_finish(&w));
	ck_assert_uint_eq(t->seen.updates, 1);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->faults[FAULT_BMP_TRAILING], 0);
}

static void
v4_index(struct stream_fixture *t)
{
	static const struct bmp_tlv_spec tlv = {
		.type = 5, .index = 3, .value = "\0\0\0\2", .len = 4
	};

	send_peer_up(t);
	feed(t, make_routes_v4(t->b, BMP_V4_REVISION_21, &tlv, 1, 3, false));
	ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_V4_INDEX], 0);
	feed(t, make_routes_v4(t->b, BMP_V4_REVISION_21, &tlv, 1, 2, false));
	ck_assert_uint_eq(t->seen.updates, 2);
}

static void
v4_unknown(struct stream_fixture *t)
{
	static const struct bmp_tlv_spec tlv = { .type = 77, .pen = 32473, .value = "?", .len = 1 };

	send_peer_up(t);
	feed(t, make_routes_v4(t->b, BMP_V4_REVISION_21, &tlv, 1, 1, false));
	ck_assert_uint_eq(t->seen.updates, 1);
}

static const struct {
	const char *name;
	void (*play)(struct stream_fixture *);
	enum bmp_quirk quirk;
	bool of_peer; /* a peer does it, not the session */
} cases[] = {
	{ "routes before Peer Up", routes_before_up, QUIRK_PEER_IMPLICIT, true },
	{ "Loc-RIB without Peer Up", loc_rib_without_up, QUIRK_PEER_IMPLICIT, true },
	{ "two Peer Ups", two_ups_of_a_peer, QUIRK_PEER_UP_REPEATED, true },
	{ "Peer Ups of a Loc-RIB", two_ups_add_up, QUIRK_PEER_UP_REPEATED, true },
	{ "Peer Down of never up", down_of_never_up, QUIRK_PEER_DOWN_UNKNOWN, true },
	{ "Peer Down twice", down_twice, QUIRK_PEER_DOWN_REPEATED, true },
	{ "routes after Peer Down", routes_after_down, QUIRK_ROUTES_AFTER_DOWN, true },
	{ "no NOTIFICATION", down_without_notification, QUIRK_NOTIFICATION_MISSING, true },
	{ "bare OPEN", open_of_19_octets, QUIRK_OPEN_EMPTY, true },
	{ "no capabilities", open_without_capabilities, QUIRK_OPEN_NO_CAPABILITIES, true },
	{ "2-octet AS path", as2_unflagged, QUIRK_AS2_UNFLAGGED, true },
	{ "4-octet AS path", as4_flagged, QUIRK_AS4_FLAGGED, true },
	{ "AS path either way", as_path_either_way, QUIRK_AS_AMBIGUOUS, true },
	{ "AS path either way, and others do not", as_path_either_way_no_doubt, QUIRK_AS2_UNFLAGGED,
	    true },
	{ "messages lost", messages_lost, QUIRK_MIRROR_LOST, true },
	{ "path ids absent", path_ids_absent, QUIRK_ADDPATH_ABSENT, true },
	{ "path ids unexpected", path_ids_unexpected, QUIRK_ADDPATH_UNEXPECTED, true },
	{ "as 0/0", path_ids_that_read_as_defaults, QUIRK_ADDPATH_UNEXPECTED, true },
	{ "one side", path_ids_of_one_side, QUIRK_ADDPATH_UNEXPECTED, true },
	{ "in Loc-RIB", path_ids_in_loc_rib, QUIRK_ADDPATH_UNEXPECTED, true },
	{ "path ids ambiguous", path_ids_ambiguous, QUIRK_ADDPATH_AMBIGUOUS, true },
	{ "time 0", time_zero, QUIRK_TIMESTAMP_ZERO, true },
	{ "uptime", time_of_boot, QUIRK_TIMESTAMP_ANCIENT, true },
	{ "time far off", time_far_off, QUIRK_TIMESTAMP_OFF, true },
	{ "microseconds", time_over_a_second, QUIRK_TIMESTAMP_MICROS, true },
	{ "L flag", flags_differ, QUIRK_FLAGS_DIFFER, true },
	{ "F flag", loc_rib_flag_differs, QUIRK_FLAGS_DIFFER, true },
	{ "trailing octets", trailing_octets, QUIRK_TRAILING, true },
	{ "length 0", length_zero, QUIRK_LENGTH_ZERO, false },
	{ "null address", null_address, QUIRK_PEER_TYPE_0_NULL, true },
	{ "pseudo peer", null_address_without_up, QUIRK_PEER_TYPE_0_NULL, true },
	{ "V flag", v_flag_wrong, QUIRK_PEER_V_FLAG_WRONG, true },
	{ "address in front", address_left, QUIRK_PEER_ADDRESS_LEFT, true },
	{ "no NEXT_HOP", next_hop_absent, QUIRK_NEXT_HOP_ABSENT, true },
	{ "other names", name_changes, QUIRK_SYS_NAME_CHANGED, false },
	{ "no name", name_empty, QUIRK_SYS_NAME_EMPTY, false },
	{ "after Termination", after_termination, QUIRK_AFTER_TERMINATION, false },
	{ "before Initiation", before_initiation, QUIRK_BEFORE_INITIATION, false },
	{ "private statistics", stat_private, QUIRK_STAT_PRIVATE, true },
	{ "unknown statistics", stat_unknown, QUIRK_STAT_UNKNOWN, true },
	{ "statistics length", stat_length, QUIRK_STAT_LENGTH, true },
	{ "Loc-RIB without id", loc_rib_null_id, QUIRK_LOC_RIB_NULL_ID, true },
	{ "Loc-RIB beside it", loc_rib_null_id_beside, QUIRK_LOC_RIB_NULL_ID, true },
	{ "no table name", table_name_absent, QUIRK_TABLE_NAME_ABSENT, true },
	{ "withdrawals only", withdrawals_only, QUIRK_WITHDRAWALS_ONLY, true },
	{ "own AS first", own_as_first, QUIRK_OWN_AS_FIRST, true },
	{ "stack not agreed on", stack_unexpected, QUIRK_LABEL_STACK_UNEXPECTED, true },
	{ "stack in a withdrawal", stack_withdrawn, QUIRK_LABEL_STACK_WITHDRAWN, true },
	{ "no bottom bit", bottom_missing, QUIRK_LABEL_BOTTOM_MISSING, true },
	{ "older code points", v4_older, QUIRK_V4_CODE_POINTS, true },
	{ "UPDATE inline", v4_inline, QUIRK_V4_UPDATE_INLINE, true },
	{ "index past the NLRI", v4_index, QUIRK_V4_INDEX, true },
	{ "unknown TLV", v4_unknown, QUIRK_V4_TLV_UNKNOWN, true },
};

START_TEST(test_quirk)
{
	enum bmp_quirk q = cases[_i].quirk;
	struct stream_fixture *t = stream_fixture_new();
	uint64_t of_peers = 0;

	for (int i = 0; i < BMP_QUIRKS; i++)
		ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[i], 0);
	cases[_i].play(t);
	ck_assert_msg(bmp_stream_counters(t->s)->quirks[q] > 0, "%s: no %s", cases[_i].name,
	    bmp_quirk_name(q));
	for (const struct bmp_peer *p = NULL; (p = bmp_stream_next_peer(t->s, p)) != NULL;)
		of_peers |= p->quirks;
	ck_assert((of_peers >> q & 1) == cases[_i].of_peer);
	bmp_stream_free(t->s);
	free(t);
}
END_TEST

/* A peer that keeps to the rules has no quirk on it. */
START_TEST(test_clean)
{
	struct stream_fixture *t = stream_fixture_new();
	static const uint32_t path[] = { 64501, 64510 };
	uint8_t bgp[64];

	negotiate_path_ids(t);
	send_peer_up(t);
	send_routes(t, 1, true);
	send_prefix_10(t, 24, true, 1);
	send_bgp(t, bgp, bgp_write_end_of_rib(bgp, sizeof(bgp), ipv4));
	feed(t, bmp_write_statistics(t->b, sizeof(t->b), &t->p, some_stats, 3));
	send_peer_down(t, 1);
	negotiate_path_ids(t);
	t->sent.addpaths_n = t->received.addpaths_n = 0;
	send_peer_up(t);
	send_path(t, path, 2, false);
	send_routes(t, 2, false);
	send_prefix_10(t, 0, false, 0); /* a default route is no path id */
	send_prefix_10(t, 24, false, 0);
	ck_assert(!t->seen.addpath);
	for (int q = 0; q < BMP_QUIRKS; q++)
		ck_assert_msg(bmp_stream_counters(t->s)->quirks[q] == 0, "%s",
		    bmp_quirk_name((enum bmp_quirk)q));
	for (int c = 0; c < FAULT_CODES; c++)
		ck_assert_uint_eq(bmp_stream_counters(t->s)->faults[c], 0);
	bmp_stream_free(t->s);
	free(t);
}
END_TEST

/* The last column of a quirk's row names examples of that quirk, with "; " between them. */
static void
require_examples(enum bmp_quirk q, const char *row)
{
	const char *end = strstr(row, " |\n"), *at = end;
	char names[256];

	while (at[-1] != '|')
		at--;
	snprintf(names, sizeof(names), "%.*s", (int)(end - at), at);
	for (char *name = strtok(names, ";"); name != NULL; name = strtok(NULL, ";")) {
		bool found = false;

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			found |= cases[i].quirk == q && strcmp(cases[i].name, name + 1) == 0;
		ck_assert_msg(found, "no example \"%s\" of %s, which docs/QUIRKS.md names",
		    name + 1, bmp_quirk_name(q));
	}
}

/* Each quirk has an example above and a row in the document; no two have one name. */
START_TEST(test_every_quirk)
{
	static char page[65536];
	FILE *f = fopen("docs/QUIRKS.md", "r");

	ck_assert_msg(f != NULL, "docs/QUIRKS.md is not there");
	page[fread(page, 1, sizeof(page) - 1, f)] = '\0';
	fclose(f);
	for (int q = 0; q < BMP_QUIRKS; q++) {
		const char *name = bmp_quirk_name((enum bmp_quirk)q);
		char row[64];
		bool found = false;
		const char *at;

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			found |= cases[i].quirk == (enum bmp_quirk)q;
		ck_assert_msg(found, "no example of %s", name);
		ck_assert_uint_gt(strlen(bmp_quirk_text((enum bmp_quirk)q)), 0);
		snprintf(row, sizeof(row), "| `%s` |", name);
		at = strstr(page, row);
		ck_assert_msg(at != NULL, "docs/QUIRKS.md has no row of %s", name);
		require_examples((enum bmp_quirk)q, at);
		for (int other = 0; other < q; other++)
			ck_assert_str_ne(name, bmp_quirk_name((enum bmp_quirk)other));
	}
}
END_TEST

HARNESS_MAIN("quirks")
{
	ROWS(test_quirk, cases);
	TEST(test_clean);
	TEST(test_every_quirk);
}

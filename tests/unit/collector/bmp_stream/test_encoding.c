/* How UPDATEs are read when what is said, what was proved and what the octets allow differ. */
#include "parsers/bgp/message.h"
#include "tests/unit/support/stream_fixture.h"

#include "parsers/bgp/nlri/nlri.h"

#define PATH "40010100 40020602010000fbf5 400304c0000201"

static uint64_t
quirk(const struct stream_fixture *t, enum bmp_quirk q)
{
	return bmp_stream_counters(t->s)->quirks[q];
}

static uint64_t
fault(const struct stream_fixture *t, enum fault_code c)
{
	return bmp_stream_counters(t->s)->faults[c];
}

/* Read with path ids, what follows one damaged prefix is a default route: that is no proof. */
static void
damaged_prefix(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "", PATH, "210a000100");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_UNEXPECTED), 0);
	send_hex(t, "210a000100", "", "");
	send_hex(t, "", PATH, "180a0001 180a0002");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_AMBIGUOUS), 0);
}

/* A damaged prefix that reads with a path id, where two OPENs know of none. */
static void
one_accident_proves_nothing(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "", PATH, "180a0001");
	send_hex(t, "", PATH, "210a0001 180a0002");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_UNEXPECTED), 0);
	send_hex(t, "", PATH, "180a0001 180a0002"); /* reads either way: as said */
	ck_assert(!t->seen.addpath);
	send_hex(t, "", PATH, "180a0003");
	send_hex(t, "", PATH, "180a0001 180a0002");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(t->seen.encodings_proved, 0);
}

/* A damaged route of EVPN that is as long as a path id, in front of a good one. */
static void
damaged_evpn(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "",
	    "40010100 40020602010000fbf5 "
	    "800e20 0019 46 04 c0000201 00 03020102 0311 0000fbf400000064 00000000 20 c0000201",
	    "");
	ck_assert(!t->seen.addpath_reach);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_UNEXPECTED), 0);
}

/* Path ids that nobody spoke of, and that are large numbers: the second message is believed. */
static void
large_ids_that_come_again(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "", PATH, "210a0001 180a0002");
	ck_assert(!t->seen.addpath);
	send_hex(t, "", PATH, "210a0003 180a0004");
	ck_assert(t->seen.addpath);
	send_hex(t, "", PATH, "180a0001 180a0002"); /* reads either way: as proved */
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_UNEXPECTED), 2);
}

/* A default route of a peer that sends no path ids, though they were negotiated. */
static void
default_route_alone(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "", PATH, "00");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(fault(t, FAULT_NLRI_OVERRUN), 0);
	send_hex(t, "", PATH, "07 0a 18c00002");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_ABSENT), 2);
}

/* A default route over two paths, whose ids look like prefixes. */
static void
default_route_over_two_paths(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "", PATH, "10010203 00 10010204 00");
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_ABSENT), 0);
}

/* Back to what was negotiated: that is no deviation. */
static void
as_negotiated_again(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "", PATH, "18c00002");
	send_hex(t, "", PATH, "00000001 18c00003 00000002 18c00003");
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_ABSENT), 1);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_UNEXPECTED), 0);
}

/* Nor does one where nobody's OPENs are known. */
static void
accident_of_an_implicit_peer(struct stream_fixture *t)
{
	send_hex(t, "", PATH, "180a0001");
	send_hex(t, "", PATH, "21df0101 18df0102");
	for (int i = 0; i < 4; i++) {
		send_hex(t, "", PATH, "180a0001 180a0002");
		ck_assert(!t->seen.addpath);
	}
}

/* Path ids that were negotiated, look like prefixes, and are cut once. */
static void
accident_with_path_ids(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "", PATH, "18010203 180a0001");
	send_hex(t, "", PATH, "18010203");
	send_hex(t, "", PATH, "18010203 180a0002");
	ck_assert(t->seen.addpath);
}

/* After one accident the look of the next message still counts. */
static void
look_after_an_accident(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "", PATH, "18df0101");
	send_hex(t, "", PATH, "00000001 00 00000002 100a00 00000003 080b");
	ck_assert(t->seen.addpath);
}

/* GoBGP: the first message has a default route in it, and is read as said. */
static void
first_message_in_doubt(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "", PATH, "00000001 18c00002 00000001 00");
	ck_assert_uint_eq(t->seen.encodings_proved, 0);
	send_hex(t, "", PATH, "00000001 18c00002");
	send_hex(t, "", PATH, "00000001 18c00003");
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(t->seen.encodings_proved, 1);
}

/* Whose path ids are absent is certain after some messages: doubt and damage do not shake it. */
static void
certain_of_no_path_ids(struct stream_fixture *t)
{
	send_peer_up(t);
	for (int i = 0; i < 10; i++)
		send_hex(t, "", PATH, "180a0001");
	send_hex(
	    t, "", PATH, "00 180a0000"); /* a default route and another, or one with a path id */
	ck_assert(!t->seen.addpath);
	for (int i = 0; i < 2; i++)
		send_hex(t, "", PATH, "21df0101 18df0102");
	send_hex(t, "", PATH, "180a0001 180a0002");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(t->seen.encodings_proved, 0);
}

/* encoding_proved is called for what was read in doubt, once the truth is proved and only then. */
static void
doubt_is_resolved(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_routes(t, 2, false); /* reads either way: with path ids, as negotiated */
	ck_assert(t->seen.addpath);
	send_routes(t, 1, false);
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(t->seen.encodings_proved, 0);
	send_routes(t, 1, false);
	ck_assert_uint_eq(t->seen.encodings_proved, 1);
	send_routes(t, 1, false);
	ck_assert_uint_eq(t->seen.encodings_proved, 1);
}

/* Whoever does not speak of path ids, or only of receiving them, is not suspected. */
static void
no_false_doubt(struct stream_fixture *t)
{
	static const struct bgp_addpath receive[] = { { { AFI_IPV4, SAFI_UNICAST }, 1 } };

	t->sent.addpaths = receive;
	t->sent.addpaths_n = 1;
	send_peer_up(t);
	send_routes(t, 2, false);
	ck_assert(!t->seen.addpath);
	for (int q = 0; q < BMP_QUIRKS; q++)
		ck_assert_uint_eq(quirk(t, (enum bmp_quirk)q), 0);
}

/* A default route with a large path id, as negotiated. */
static void
default_route_with_a_large_id(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "", PATH, "20010203 00");
	ck_assert(t->seen.addpath);
	ck_assert_uint_eq(quirk(t, QUIRK_ADDPATH_AMBIGUOUS), 1);
}

/* What is withdrawn says how to read what is announced. */
static void
both_fields_are_weighed(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	send_peer_up(t);
	send_hex(t, "18cb0071", PATH, "18c00002 18c63364");
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(fault(t, FAULT_NLRI_OVERRUN), 0);
}

/* The former session's path ids and roles are gone with it, also when an End-of-RIB is between. */
static void
session_ends(struct stream_fixture *t)
{
	uint8_t bgp[64];

	negotiate_path_ids(t);
	t->sent.role = BGP_ROLE_PROVIDER;
	t->received.role = BGP_ROLE_CUSTOMER;
	send_peer_up(t);
	send_routes(t, 1, true);
	ck_assert(t->seen.addpath);
	send_peer_down(t, 4);
	send_bgp(t, bgp, bgp_write_end_of_rib(bgp, sizeof(bgp), ipv4));
	t->sent = open_of(64500);
	t->received = open_of(64501);
	send_peer_up(t);
	send_routes(t, 2, false);
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(t->seen.peer->sent_role, BGP_ROLE_NONE);
	ck_assert_uint_eq(t->seen.peer->received_role, BGP_ROLE_NONE);
}

/* Other OPENs for a peer that is up: its Peer Down was not seen. */
static void
session_is_replaced(struct stream_fixture *t)
{
	negotiate_path_ids(t);
	t->sent.role = BGP_ROLE_PROVIDER;
	send_peer_up(t);
	send_routes(t, 1, true);
	t->sent = open_of(64999);
	t->received = open_of(64501);
	send_peer_up(t);
	send_routes(t, 2, false);
	ck_assert(!t->seen.addpath);
	ck_assert_uint_eq(t->seen.peer->local_as, 64999);
	ck_assert_uint_eq(t->seen.peer->sent_role, BGP_ROLE_NONE);
}

/* What routes without a Peer Up have proved still holds when it comes. */
static void
proved_before_peer_up(struct stream_fixture *t)
{
	send_routes(t, 1, true);
	send_routes(t, 1, true);
	send_peer_up(t);
	send_routes(t, 2, false); /* reads either way */
	ck_assert(t->seen.addpath);
}

static void
aggregator_shows_the_width(struct stream_fixture *t)
{
	send_peer_up(t);
	t->p.flags = BMP_FLAG_A;
	send_hex(t, "", "40010100 400200 400304c0000201 c007080000fbf5c0000201", "18c63364");
	ck_assert(t->seen.as4);
	ck_assert_uint_eq(quirk(t, QUIRK_AS4_FLAGGED), 1);
}

/* A member of the confederation is another AS, and no stranger (RFC 5065). */
static void
confederation(struct stream_fixture *t)
{
	send_peer_up(t);
	send_hex(t, "", PATH, "18c63364");
	ck_assert(t->seen.ebgp);
	send_hex(t, "", "40010100 40020603010000fbf5 400304c0000201", "18c63364");
	ck_assert(!t->seen.ebgp);
}

/* One label, whatever its bits say, but where both can have several (RFC 8277 2.1). */
static void
labels_as_negotiated(struct stream_fixture *t)
{
	static const char reach[] = "40010100 40020602010000fbf5 "
				    "800e11 0001 04 04 c0000201 00 38 000640 0a010101";
	static const struct bgp_labels three[] = { { { AFI_IPV4, SAFI_LABELLED }, 3 } };

	send_hex(t, "", reach, "");
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_UNKNOWN);
	send_peer_up(t);
	send_hex(t, "", reach, "");
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_ONE);
	send_peer_down(t, 4);
	t->sent.labels = t->received.labels = three;
	t->sent.labels_n = t->received.labels_n = 1;
	send_peer_up(t);
	send_hex(t, "", reach, "");
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_STACK);
}

/* AS path, next hop and NLRI of a labelled route; the same withdrawn. */
#define LABELLED  "40010100 40020602010000fbf5 800e11 0001 04 04 c0000201 00 38 "
#define WITHDRAWN "800f0b 0001 04 38 "
#define LABELLED_V6                                                                                \
	"40010100 40020602010000fbf5 800e22 0002 04 10 20010db8000000000000000000000001 00 60 "
#define WITHDRAWN_V6 "800f10 0002 04 60 "

/* What cannot be read as agreed on proves how this peer does it; what can be read both ways is read
 * so afterwards. Label 144470 looks like an address in front of one. */
static void
labels_proved(struct stream_fixture *t)
{
	static const char doubtful[] = LABELLED_V6 "000640 234561 20010db80001";

	send_peer_up(t);
	send_hex(t, "", doubtful, ""); /* 2345:6120:10d:b800:100::/72? */
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_ONE);
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_UNEXPECTED), 0);
	for (int i = 0; i < 3; i++)
		send_hex(t, "", LABELLED_V6 "000640 000c81 20010db80002", "");
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_UNEXPECTED), 3);
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_STACK);
	send_hex(t, "", doubtful, "");
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_UNEXPECTED), 4);
	/* a withdrawal as RFC 8277 has it, and one that repeats the stack */
	send_hex(t, "", "800f0d 0002 04 48 800000 20010db80001", "");
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_WITHDRAWN), 0);
	send_hex(t, "", WITHDRAWN_V6 "000640 234561 20010db80001", "");
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_WITHDRAWN), 1);
	/* another session begins as agreed on */
	send_peer_down(t, 4);
	send_peer_up(t);
	send_hex(t, "", doubtful, "");
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_ONE);
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_UNEXPECTED), 4);
}

/* Who sends one label and no bottom bit is not taken for one who repeats stacks. */
static void
labels_without_bottom(struct stream_fixture *t)
{
	static const struct bgp_labels two[] = { { { AFI_IPV4, SAFI_LABELLED }, 2 } };

	t->sent.labels = t->received.labels = two;
	t->sent.labels_n = t->received.labels_n = 1;
	send_peer_up(t);
	for (int i = 0; i < 3; i++)
		send_hex(t, "", LABELLED "000640 0a010101", "");
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_BOTTOM_MISSING), 3);
	ck_assert_uint_eq(t->seen.labels, BGP_LABELS_ONE);
	send_hex(t, "", WITHDRAWN "000640 0a010101", "");
	ck_assert_uint_eq(quirk(t, QUIRK_LABEL_STACK_WITHDRAWN), 0);
	ck_assert_uint_eq(bmp_stream_counters(t->s)->families_n, 1);
}

/* --- mirrored messages */

static void
mirrored_as_negotiated(struct stream_fixture *t)
{
	uint8_t bgp[512];

	negotiate_path_ids(t);
	send_peer_up(t);
	send_mirrored(t, bgp, raw_update(bgp, sizeof(bgp), "", PATH, "00000001 18c00002"));
	ck_assert(t->seen.addpath && t->seen.as4);
	ck_assert_uint_eq(t->seen.mirrored, 1);
	ck_assert_uint_eq(
	    bmp_stream_counters(t->s)->families_n, 0); /* counted where they are monitored */
}

/* In a recorded session there is no Peer Up, and one direction's OPEN at most. */
static void
mirrored_by_its_open(struct stream_fixture *t)
{
	uint8_t bgp[512];
	struct writer w = wr_of(bgp, sizeof(bgp));
	size_t length;

	length = bgp_write_begin(&w, BGP_OPEN); /* version 4, AS 64501, ADD-PATH to be sent */
	for (const char *at = "04fbf5005ac00002010a02084504000101020200"; *at != '\0'; at += 2) {
		unsigned octet;

		sscanf(at, "%2x", &octet);
		wr_u8(&w, (uint8_t)octet);
	}
	wr_patch_u16(&w, length, 0);
	send_mirrored(t, bgp, wr_len(&w));
	send_mirrored(t, bgp,
	    raw_update(bgp, sizeof(bgp), "", "40010100 4002040201fbf5 400304c0000201",
		"00000007 180a0001"));
	ck_assert(t->seen.addpath && !t->seen.as4);
	for (int q = 0; q < BMP_QUIRKS; q++)
		ck_assert_uint_eq(quirk(t, (enum bmp_quirk)q), 0);
}

/* A Peer Up knows better than OPENs that were mirrored before it. */
static void
mirrored_open_before_peer_up(struct stream_fixture *t)
{
	uint8_t bgp[512];
	struct writer w = wr_of(bgp, sizeof(bgp));

	negotiate_path_ids(t);
	t->received.role = BGP_ROLE_CUSTOMER;
	bgp_put_open(&w, &t->received);
	send_mirrored(t, bgp, wr_len(&w));
	t->received = open_of(64501);
	t->sent = open_of(64500);
	send_peer_up(t);
	ck_assert_uint_eq(t->seen.peer->received_role, BGP_ROLE_NONE);
	ck_assert_uint_eq(t->seen.peer->received.addpaths_n, 0);
}

static void
mirrored_without_any_open(struct stream_fixture *t)
{
	uint8_t bgp[512];

	send_mirrored(t, bgp,
	    raw_update(bgp, sizeof(bgp), "", "40010100 4002060202fbf5fbfe 400304c0000201",
		"00000001 18c00002"));
	ck_assert(t->seen.addpath && !t->seen.as4);
}

/* Its faults are the message's; those of another's message are not the peer's. */
static void
faults_are_of_who_caused_them(struct stream_fixture *t)
{
	uint8_t bgp[512];

	send_peer_up(t);
	t->p.type = 251;
	send_hex(t, "", PATH, "18c63364");
	ck_assert_uint_eq(fault(t, FAULT_BMP_PEER_TYPE), 1);
	ck_assert_uint_eq(bmp_stream_next_peer(t->s, NULL)->faults, 0);
	t->p.type = BMP_PEER_GLOBAL;
	send_mirrored(t, bgp, raw_update(bgp, sizeof(bgp), "", "4001", ""));
	ck_assert_uint_eq(bmp_stream_next_peer(t->s, NULL)->faults, 1);
}

/* A mirrored message of a length that its type cannot have, of any type, and octets behind one. */
static void
mirrored_lengths(struct stream_fixture *t)
{
	static const struct {
		uint8_t type, body, behind;
		enum fault_code code;
	} cases[] = { { BGP_KEEPALIVE, 1, 0, FAULT_KEEPALIVE },
		{ BGP_NOTIFICATION, 1, 0, FAULT_NOTIFICATION },
		{ BGP_ROUTE_REFRESH, 3, 0, FAULT_REFRESH }, { BGP_OPEN, 0, 0, FAULT_OPEN },
		{ BGP_OPEN, 9, 0, FAULT_OPEN }, { BGP_UPDATE, 3, 0, FAULT_UPDATE_LENGTH },
		{ BGP_KEEPALIVE, 0, 2, FAULT_BMP_TRAILING } };

	send_peer_up(t);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bgp[64];
		struct writer w = wr_of(bgp, sizeof(bgp));
		size_t length = bgp_write_begin(&w, cases[i].type);

		for (unsigned n = cases[i].body; n > 0; n--)
			wr_u8(&w, 0);
		wr_patch_u16(&w, length, 0);
		for (unsigned n = cases[i].behind; n > 0; n--)
			wr_u8(&w, 0);
		send_mirrored(t, bgp, wr_len(&w));
		ck_assert_uint_eq(fault(t, cases[i].code), 1 + (cases[i].body == 9));
	}
	ck_assert_uint_eq(t->seen.mirrored, sizeof(cases) / sizeof(cases[0]));
}

/* --- names and clocks */

static void
table_names(struct stream_fixture *t)
{
	static const char *const names[] = { "red",
		"a name of some length, as operators like them" };
	struct writer w;

	t->p = peer_loc_rib();
	w = bmp_write_begin(t->b, sizeof(t->b), 3, BMP_PEER_UP, &t->p);
	bmp_put_peer_up(&w, &t->p, &local_v4, &t->sent, &t->received);
	for (int i = 0; i < 2; i++)
		bmp_put_tlv(&w, BMP_PEER_TABLE_NAME, names[i], strlen(names[i]));
	feed(t, bmp_write_finish(&w));
	ck_assert_str_eq(
	    t->seen.peer->table_name, "red, a name of some length, as operators like them");
	send_peer_down(t, 6);
	w = bmp_write_begin(t->b, sizeof(t->b), 3, BMP_PEER_UP, &t->p);
	bmp_put_peer_up(&w, &t->p, &local_v4, &t->sent, &t->received);
	feed(t, bmp_write_finish(&w));
	ck_assert_str_eq(t->seen.peer->table_name, "");
	ck_assert_uint_eq(quirk(t, QUIRK_TABLE_NAME_ABSENT), 1);
}

/* Clocks are looked at whether somebody listens or not. */
static void
clocks_without_listeners(struct stream_fixture *t)
{
	static const struct bmp_stream_ops nobody = { .peer_up = NULL };

	bmp_stream_free(t->s);
	t->s = bmp_stream_new(&nobody, NULL, MESSAGE_MAX, 10);
	t->p.sec = t->p.usec = 0;
	send_peer_up(t);
	send_peer_down(t, 4);
	ck_assert_uint_eq(quirk(t, QUIRK_TIMESTAMP_ZERO), 2);
}

/* GoBGP, when routes come before the Peer Up that has no BGP ID. */
static void
loc_rib_routes_first(struct stream_fixture *t)
{
	t->p = peer_loc_rib();
	send_routes(t, 1, false);
	memset(t->p.bgp_id, 0, 4);
	send_peer_up(t);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 1);
	send_peer_down(t, 6);
	ck_assert_uint_eq(bmp_stream_peers(t->s), 1);
	ck_assert(!t->seen.peer->up);
}

/* And when its last routes come after the Peer Down. */
static void
loc_rib_routes_last(struct stream_fixture *t)
{
	uint8_t id[4];

	t->p = peer_loc_rib();
	memcpy(id, t->p.bgp_id, 4);
	for (int session = 0; session < 2; session++) {
		memset(t->p.bgp_id, 0, 4);
		send_peer_up(t);
		memcpy(t->p.bgp_id, id, 4);
		send_routes(t, 1, false);
		memset(t->p.bgp_id, 0, 4);
		send_peer_down(t, 6);
		memcpy(t->p.bgp_id, id, 4);
		if (session == 0)
			send_routes(t, 1, false);
	}
	ck_assert_uint_eq(bmp_stream_peers(t->s), 1);
	ck_assert(!t->seen.peer->up);
}

static const struct {
	const char *name;
	void (*play)(struct stream_fixture *);
} plays[] = {
	{ "damaged prefix", damaged_prefix },
	{ "one accident proves nothing", one_accident_proves_nothing },
	{ "damaged EVPN", damaged_evpn },
	{ "large ids that come again", large_ids_that_come_again },
	{ "default route alone", default_route_alone },
	{ "default route over two paths", default_route_over_two_paths },
	{ "as negotiated again", as_negotiated_again },
	{ "accident of an implicit peer", accident_of_an_implicit_peer },
	{ "accident with path ids", accident_with_path_ids },
	{ "look after an accident", look_after_an_accident },
	{ "first message in doubt", first_message_in_doubt },
	{ "certain of no path ids", certain_of_no_path_ids },
	{ "doubt is resolved", doubt_is_resolved },
	{ "no false doubt", no_false_doubt },
	{ "default route with a large id", default_route_with_a_large_id },
	{ "both fields are weighed", both_fields_are_weighed },
	{ "session ends", session_ends },
	{ "session is replaced", session_is_replaced },
	{ "proved before Peer Up", proved_before_peer_up },
	{ "AGGREGATOR shows the width", aggregator_shows_the_width },
	{ "confederation", confederation },
	{ "labels as negotiated", labels_as_negotiated },
	{ "labels proved", labels_proved },
	{ "labels without bottom", labels_without_bottom },
	{ "mirrored as negotiated", mirrored_as_negotiated },
	{ "mirrored by its OPEN", mirrored_by_its_open },
	{ "mirrored OPEN before Peer Up", mirrored_open_before_peer_up },
	{ "mirrored without any OPEN", mirrored_without_any_open },
	{ "mirrored lengths", mirrored_lengths },
	{ "faults are of who caused them", faults_are_of_who_caused_them },
	{ "table names", table_names },
	{ "clocks without listeners", clocks_without_listeners },
	{ "Loc-RIB routes first", loc_rib_routes_first },
	{ "Loc-RIB routes last", loc_rib_routes_last },
};

START_TEST(test_play)
{
	struct stream_fixture *t = stream_fixture_new();

	plays[_i].play(t);
	bmp_stream_free(t->s);
	free(t);
}
END_TEST

HARNESS_MAIN("encoding")
{
	ROWS(test_play, plays);
}

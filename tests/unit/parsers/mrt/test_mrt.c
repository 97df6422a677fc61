/* MRT: records by hand, dissected, and cut at each length. */
#include "parsers/mrt/mrt.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/hex.h"

/* --- a listener that writes one line */

struct line {
	struct field_sink sink;
	char text[8192];
	size_t n;
};

static void
say(struct field_sink *to, const char *name, const char *value)
{
	struct line *l = (struct line *)(void *)to;

	l->n += (size_t)snprintf(l->text + l->n, sizeof(l->text) - l->n, "%s%s%s ",
	    name != NULL ? name : "", name != NULL && value[0] != '{' ? "=" : "", value);
}
static void
on_open(struct field_sink *to, const char *name)
{
	say(to, name, "{");
}
static void
on_close(struct field_sink *to)
{
	say(to, NULL, "}");
}
static void
on_list(struct field_sink *to, const char *name)
{
	say(to, name, "[");
}
static void
on_list_end(struct field_sink *to)
{
	say(to, NULL, "]");
}
static void
on_number(struct field_sink *to, const char *name, uint64_t v)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	say(to, name, text);
}
static void
on_hex(struct field_sink *to, const char *name, struct cursor r)
{
	char text[512] = "";
	size_t n = 0;

	while (cur_left(&r) > 0 && n + 3 < sizeof(text))
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%02x", cur_u8(&r));
	say(to, name, text);
}

static const char *
dissected_with(
    const struct mrt_record *m, const struct mrt_peer *peers, size_t peers_n, struct faults *f)
{
	static struct line l;

	l = (struct line){ .sink = {
			       on_open, on_close, on_list, on_list_end, say, on_number, on_hex } };
	mrt_dissect_known(&l.sink, m, peers, peers_n, f);
	return l.text;
}

static const char *
dissected(const struct mrt_record *m, struct faults *f)
{
	return dissected_with(m, NULL, 0, f);
}

/* --- every kind of record, by hand */

#define ATTRS	"400101 00 400206 0201 0000fbf5 400304 c0000201"
#define UPDATE	"ffffffffffffffffffffffffffffffff 002f 02 0000 0014" ATTRS "18 c63364"
#define V4_PAIR "c0000201 c00002fe"
#define V6_PAIR "20010db8000000000000000000000001 20010db8000000000000000000000002"

static const struct {
	const char *name, *hex, *fields;
	uint8_t kind;
} records[] = {
	{ "peer index",
	    "6553f100 000d 0001 00000016 0a000001 0001 76 0001 02 c0000201 c0000201 0000fbf5",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=1 "
	    "PEER_INDEX_TABLE "
	    "collector_bgp_id=10.0.0.1 view_name=v peer_count=1 peers=[ { type=0x02 "
	    "bgp_id=192.0.2.1 address=192.0.2.1 as=64501 } ] ",
	    MRT_KIND_PEER_INDEX },
	{ "peer index, all four types",
	    "6553f100 000d 0001 00000050 0a000001 0000 0004 00 c0000201 c0000201 fbf5 02 c0000202 "
	    "c0000202 00010000 01 c0000203 20010db8000000000000000000000003 fbf7 03 c0000204 "
	    "20010db8000000000000000000000004 fffffffe",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=1 "
	    "PEER_INDEX_TABLE "
	    "collector_bgp_id=10.0.0.1 view_name= peer_count=4 peers=[ { type=0x00 "
	    "bgp_id=192.0.2.1 address=192.0.2.1 as=64501 } { type=0x02 bgp_id=192.0.2.2 "
	    "address=192.0.2.2 as=65536 } { type=0x01 bgp_id=192.0.2.3 address=2001:db8::3 "
	    "as=64503 } { type=0x03 bgp_id=192.0.2.4 address=2001:db8::4 as=4294967294 } ] ",
	    MRT_KIND_PEER_INDEX },
	{ "rib ipv4",
	    "6553f100 000d 0002 00000026 00000000 18 c63364 0001 0000 6553f100 0014" ATTRS,
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=2 "
	    "RIB_IPV4_UNICAST "
	    "sequence_number=0 family=ipv4-unicast nlri{ prefix=198.51.100.0/24 } entry_count=1 "
	    "entries=[ { peer_index=0 originated_time=2023-11-14T22:13:20.000000Z attributes{ "
	    "origin=igp "
	    "as_path=64501 next_hop=192.0.2.1 } } ] ",
	    MRT_KIND_RIB },
	{ "rib ipv4 multicast, default route, no entries",
	    "6553f100 000d 0003 00000007 00000005 00 0000",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=3 "
	    "RIB_IPV4_MULTICAST "
	    "sequence_number=5 family=ipv4-multicast nlri{ prefix=0.0.0.0/0 } entry_count=0 "
	    "entries=[ ] ",
	    MRT_KIND_RIB },
	{ "rib ipv4 add-path",
	    "6553f100 000d 0008 0000002a 00000001 18 c63364 0001 0000 6553f100 00000001 0014" ATTRS,
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=8 "
	    "RIB_IPV4_UNICAST_ADDPATH "
	    "sequence_number=1 family=ipv4-unicast nlri{ prefix=198.51.100.0/24 } entry_count=1 "
	    "entries=[ { peer_index=0 originated_time=2023-11-14T22:13:20.000000Z "
	    "path_identifier=1 attributes{ "
	    "origin=igp as_path=64501 next_hop=192.0.2.1 } } ] ",
	    MRT_KIND_RIB },
	{ "rib ipv6",
	    "6553f100 000d 0004 00000036 00000002 30 20010db80001 0001 0000 6553f100 0021 800e11 "
	    "10 20010db8000000000000000000000001 400101 00 400206 0201 0000fbf5",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=4 "
	    "RIB_IPV6_UNICAST "
	    "sequence_number=2 family=ipv6-unicast nlri{ prefix=2001:db8:1::/48 } entry_count=1 "
	    "entries=[ { peer_index=0 originated_time=2023-11-14T22:13:20.000000Z attributes{ "
	    "mp_reach_nlri{ "
	    "next_hop=2001:db8::1 } origin=igp as_path=64501 } } ] ",
	    MRT_KIND_RIB },
	{ "rib generic, vpn",
	    "6553f100 000d 0006 0000002b 00000003 0001 80 70 000011 0000fde800000064 c63364 0001 "
	    "0000 6553f100 000b 400101 00 800e04 03 010203",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=6 RIB_GENERIC "
	    "sequence_number=3 "
	    "family=ipv4-vpn nlri{ labels=[ { label=1 bottom_of_stack=1 } ] rd=65000:100 "
	    "prefix=198.51.100.0/24 } entry_count=1 entries=[ { peer_index=0 "
	    "originated_time=2023-11-14T22:13:20.000000Z attributes{ origin=igp mp_reach_nlri{ "
	    "next_hop=010203 } } "
	    "} ] ",
	    MRT_KIND_RIB },
	{ "rib generic add-path, vpn",
	    "6553f100 000d 000c 0000002f 00000003 0001 80 00000007 70 000011 0000fde800000064 "
	    "c63364 0001 0000 6553f100 000b 400101 00 800e04 03 010203",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=12 "
	    "RIB_GENERIC_ADDPATH "
	    "sequence_number=3 family=ipv4-vpn path_identifier=7 nlri{ labels=[ { label=1 "
	    "bottom_of_stack=1 } ] rd=65000:100 prefix=198.51.100.0/24 } entry_count=1 entries=[ { "
	    "peer_index=0 originated_time=2023-11-14T22:13:20.000000Z attributes{ origin=igp "
	    "mp_reach_nlri{ "
	    "next_hop=010203 } } } ] ",
	    MRT_KIND_RIB },
	{ "geo peers",
	    "6553f100 000d 0007 0000001b 0a000001 42480000 7fc00000 0001 00 c0000201 c2480000 "
	    "41200000",
	    "timestamp=2023-11-14T22:13:20.000000Z type=13 TABLE_DUMP_V2 subtype=7 GEO_PEER_TABLE "
	    "collector_bgp_id=10.0.0.1 collector_latitude=50.000000 collector_longitude=private "
	    "peer_count=1 peers=[ { type=0x00 bgp_id=192.0.2.1 latitude=-50.000000 "
	    "longitude=10.000000 } ] ",
	    MRT_KIND_GEO_PEERS },
	{ "table dump ipv4",
	    "3d3b3b00 000c 0001 00000028 0000 0001 c6336400 18 01 3d3b3b00 c0000201 fbf5 0012 "
	    "400101 00 400204 0201 fbf5 400304 c0000201",
	    "timestamp=2002-07-21T22:51:44.000000Z type=12 TABLE_DUMP subtype=1 AFI_IPv4 "
	    "view_number=0 "
	    "sequence_number=1 prefix=198.51.100.0/24 status=1 "
	    "originated_time=2002-07-21T22:51:44.000000Z "
	    "peer_address=192.0.2.1 peer_as=64501 attributes{ origin=igp as_path=64501 "
	    "next_hop=192.0.2.1 } ",
	    MRT_KIND_TABLE_DUMP },
	{ "table dump ipv6",
	    "3d3b3b00 000c 0002 0000002e 0000 0001 20010db8000000000000000000000000 20 01 3d3b3b00 "
	    "20010db8000000000000000000000001 fbf5 0000",
	    "timestamp=2002-07-21T22:51:44.000000Z type=12 TABLE_DUMP subtype=2 AFI_IPv6 "
	    "view_number=0 "
	    "sequence_number=1 prefix=2001:db8::/32 status=1 "
	    "originated_time=2002-07-21T22:51:44.000000Z "
	    "peer_address=2001:db8::1 peer_as=64501 attributes{ } ",
	    MRT_KIND_TABLE_DUMP },
	{ "state change", "6553f100 0010 0000 00000014 fbf5 fbf4 0000 0001" V4_PAIR "0006 0001",
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=0 STATE_CHANGE "
	    "peer_as=64501 "
	    "local_as=64500 interface_index=0 peer_address=192.0.2.1 local_address=192.0.2.254 "
	    "old_state=6 Established new_state=1 Idle ",
	    MRT_KIND_STATE_CHANGE },
	{ "state change as4, ipv6, unknown state",
	    "6553f100 0010 0005 00000030 0000fbf5 0000fbf4 0003 0002" V6_PAIR "0005 0007",
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=5 STATE_CHANGE_AS4 "
	    "peer_as=64501 "
	    "local_as=64500 interface_index=3 peer_address=2001:db8::1 local_address=2001:db8::2 "
	    "old_state=5 OpenConfirm new_state=7 ",
	    MRT_KIND_STATE_CHANGE },
	{ "message",
	    "6553f100 0010 0001 00000023 fbf5 fbf4 0000 0001" V4_PAIR
	    "ffffffffffffffffffffffffffffffff 0013 04",
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=1 MESSAGE peer_as=64501 "
	    "local_as=64500 "
	    "interface_index=0 peer_address=192.0.2.1 local_address=192.0.2.254 message{ "
	    "type=keepalive length=19 } ",
	    MRT_KIND_MESSAGE },
	{ "message as4, microseconds",
	    "6553f100 0011 0004 00000047 0003d090 0000fbf5 0000fbf4 0000 0001" V4_PAIR UPDATE,
	    "timestamp=2023-11-14T22:13:20.250000Z type=17 BGP4MP_ET subtype=4 MESSAGE_AS4 "
	    "peer_as=64501 "
	    "local_as=64500 interface_index=0 peer_address=192.0.2.1 local_address=192.0.2.254 "
	    "message{ type=update length=47 attributes{ origin=igp as_path=64501 "
	    "next_hop=192.0.2.1 } nlri=[ { prefix=198.51.100.0/24 } ] } ",
	    MRT_KIND_MESSAGE },
	{ "message as4 add-path, without path ids",
	    "6553f100 0010 0009 00000043 0000fbf5 0000fbf4 0000 0001" V4_PAIR UPDATE,
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=9 MESSAGE_AS4_ADDPATH "
	    "peer_as=64501 local_as=64500 interface_index=0 peer_address=192.0.2.1 "
	    "local_address=192.0.2.254 message{ type=update length=47 attributes{ origin=igp "
	    "as_path=64501 next_hop=192.0.2.1 } nlri=[ { prefix=198.51.100.0/24 } ] "
	    "path_identifiers=not as the subtype says } ",
	    MRT_KIND_MESSAGE },
	{ "message as4, path of two octets",
	    "6553f100 0010 0004 00000041 0000fbf5 0000fbf4 0000 0001" V4_PAIR
	    "ffffffffffffffffffffffffffffffff 002d 02 0000 0012 400101 00 400204 0201 fbf5 400304 "
	    "c0000201 18 c63364",
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=4 MESSAGE_AS4 "
	    "peer_as=64501 local_as=64500 interface_index=0 peer_address=192.0.2.1 "
	    "local_address=192.0.2.254 message{ type=update length=45 attributes{ origin=igp "
	    "as_path=64501 next_hop=192.0.2.1 } nlri=[ { prefix=198.51.100.0/24 } ] as_numbers=not "
	    "of the width that the subtype says } ",
	    MRT_KIND_MESSAGE },
	{ "message as4, end of rib",
	    "6553f100 0010 0004 0000002b 0000fbf5 0000fbf4 0000 0001" V4_PAIR
	    "ffffffffffffffffffffffffffffffff 0017 02 0000 0000",
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=4 MESSAGE_AS4 "
	    "peer_as=64501 local_as=64500 interface_index=0 peer_address=192.0.2.1 "
	    "local_address=192.0.2.254 message{ type=update length=23 end_of_rib=ipv4-unicast } ",
	    MRT_KIND_MESSAGE },
	{ "message as4 add-path, ipv6 without path ids",
	    "6553f100 0010 0009 00000044 0000fbf5 0000fbf4 0000 0001" V4_PAIR
	    "ffffffffffffffffffffffffffffffff 0030 02 0000 0019 800e16 0002 01 10 "
	    "20010db8000000000000000000000001 00 00",
	    "timestamp=2023-11-14T22:13:20.000000Z type=16 BGP4MP subtype=9 MESSAGE_AS4_ADDPATH "
	    "peer_as=64501 local_as=64500 interface_index=0 peer_address=192.0.2.1 "
	    "local_address=192.0.2.254 message{ type=update length=48 attributes{ mp_reach_nlri{ "
	    "family=ipv6-unicast next_hop=2001:db8::1 nlri=[ { prefix=::/0 } ] } } "
	    "path_identifiers=not as the subtype says } ",
	    MRT_KIND_MESSAGE },
	{ "deprecated update",
	    "37bbe000 0005 0001 00000026 fbf5 c0000201 fbf4 c00002fe 0000 0012 400101 00 400204 "
	    "0201 fbf5 400304 c0000201 18 c63364",
	    "timestamp=1999-08-19T10:44:16.000000Z type=5 BGP subtype=1 BGP_UPDATE peer_as=64501 "
	    "local_as=64500 interface_index=0 peer_address=192.0.2.1 local_address=192.0.2.254 "
	    "message{ type=update length=45 attributes{ origin=igp as_path=64501 "
	    "next_hop=192.0.2.1 } nlri=[ { prefix=198.51.100.0/24 } ] } ",
	    MRT_KIND_MESSAGE },
	{ "deprecated notification between IPv6 addresses",
	    "37bbe000 0009 0006 00000026 fbf5 20010db8000000000000000000000001 fbf4 "
	    "20010db8000000000000000000000002 0602",
	    "timestamp=1999-08-19T10:44:16.000000Z type=9 BGP4PLUS subtype=6 BGP_NOTIFY "
	    "peer_as=64501 local_as=64500 interface_index=0 peer_address=2001:db8::1 "
	    "local_address=2001:db8::2 message{ type=notification length=21 error=Cease/"
	    "Administrative Shutdown code=6 subcode=2 } ",
	    MRT_KIND_MESSAGE },
	{ "deprecated state change", "37bbe000 0005 0003 0000000a fbf5 c0000201 0006 0001",
	    "timestamp=1999-08-19T10:44:16.000000Z type=5 BGP subtype=3 BGP_STATE_CHANGE "
	    "peer_as=64501 local_as=0 interface_index=0 peer_address=192.0.2.1 "
	    "local_address=0.0.0.0 old_state=6 Established new_state=1 Idle ",
	    MRT_KIND_STATE_CHANGE },
};

/* A message in a record of the types up to 10 has no header, and so no length of its own. */
static bool
has_own_length(const struct mrt_record *m)
{
	return m->type > MRT_BGP4PLUS_01 || m->kind != MRT_KIND_MESSAGE;
}

START_TEST(dissects)
{
	struct bytes b = bytes_of(records[_i].hex);
	uint8_t *exact = exact_copy(b.b, b.n);
	struct faults f = { .n = 0 };
	struct mrt_record m;

	ck_assert_msg(mrt_frame(exact, b.n, MRT_RECORD_MAX, &f) == (int64_t)b.n, "%s: length %zu",
	    records[_i].name, b.n);
	ck_assert(mrt_parse(exact, b.n, &m, &f));
	ck_assert_uint_eq(m.kind, records[_i].kind);
	ck_assert_str_eq(dissected(&m, &f), records[_i].fields);
	ck_assert_uint_eq(f.n, 0);
	free(exact);
}
END_TEST

/* Entries name their peer when its table is known. */
START_TEST(has_peers)
{
	static const struct mrt_peer peers[2] = { { .address = { IP_V4, { 192, 0, 2, 1 } },
						      .as = 64501 },
		{ .address = { IP_V6, { 0x20, 1 } }, .as = 64502 } };
	struct bytes b = bytes_of(
	    "6553f100 000d 0002 0000001f 00000000 18 c63364 0003 0000 6553f100 "
	    "0000 0001 6553f100 0000 0002 00000000 0000");
	struct faults f = { .n = 0 };
	struct mrt_record m;

	b.b[11] = (uint8_t)(b.n - MRT_HEADER_LEN);
	ck_assert(mrt_parse(b.b, b.n, &m, &f));
	ck_assert_ptr_nonnull(strstr(dissected_with(&m, peers, 2, &f),
	    "entries=[ { peer_index=0 peer_address=192.0.2.1 peer_as=64501 "
	    "originated_time=2023-11-14T22:13:20.000000Z attributes{ } } { peer_index=1 "
	    "peer_address=2001:: peer_as=64502 originated_time=2023-11-14T22:13:20.000000Z "
	    "attributes{ } } { peer_index=2 originated_time=1970-01-01T00:00:00.000000Z "
	    "attributes{ } } ]"));
	ck_assert_uint_eq(f.n, 1); /* the table has no third peer */
	ck_assert_uint_eq(f.v[0].code, FAULT_MRT_PEER);
	ck_assert_uint_eq(f.v[0].offset, b.n - 8);
}
END_TEST

/* Cut short, with a header's length to match: the walkers note it and read nothing past it. */
START_TEST(cut)
{
	struct bytes b = bytes_of(records[_i].hex);

	for (size_t n = 0; n < b.n; n++) {
		uint8_t *exact = exact_copy(b.b, n);
		struct faults f = { .n = 0 };
		struct mrt_record m;

		if (n < MRT_HEADER_LEN) {
			require(mrt_frame(exact, n, MRT_RECORD_MAX, &f) == 0, "%zu", n);
		} else {
			require(mrt_frame(exact, n, MRT_RECORD_MAX, &f) == (int64_t)b.n, "%zu", n);
			if (mrt_parse(exact, n, &m, &f)) {
				require(m.cut && faults_have(&f, FAULT_MRT_CUT), "whole at %zu", n);
				dissected(&m, &f);
			}
			require(f.n > 0, "nothing said at %zu", n);
			require(!mrt_is_exact(exact, n), "exact at %zu", n);
			faults_begin(&f);
			exact[10] = (uint8_t)((n - MRT_HEADER_LEN) >> 8);
			exact[11] = (uint8_t)(n - MRT_HEADER_LEN);
			if (mrt_parse(exact, n, &m, &f))
				dissected(&m, &f);
			/* a message may end anywhere: its own length counts, not MRT's */
			require(f.n > 0 || (m.kind == MRT_KIND_MESSAGE && n + 48 >= b.n),
			    "%s at %zu", records[_i].name, n);
		}
		free(exact);
	}
}
END_TEST

START_TEST(trailing)
{
	struct bytes b = bytes_of(records[_i].hex);
	struct faults f = { .n = 0 };
	struct mrt_record m;

	ck_assert(mrt_is_exact(b.b, b.n));
	b.b[b.n++] = 0xee;
	b.b[11]++;
	ck_assert(mrt_parse(b.b, b.n, &m, &f));
	ck_assert_ptr_nonnull(strstr(dissected(&m, &f), "ee"));
	if (!has_own_length(&m))
		return;
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].code, FAULT_MRT_TRAILING);
	ck_assert_uint_eq(f.v[0].offset, b.n - 1);
	ck_assert_uint_eq(f.action, FAULT_IGNORE);
	ck_assert(!mrt_is_exact(b.b, b.n));
}
END_TEST

START_TEST(unknown)
{
	static const char *const hex[] = { "6553f100 000b 0000 00000001 aa",
		"6553f100 000d 000d 00000001 aa", "6553f100 000d 0000 00000001 aa",
		"6553f100 0010 0002 00000001 aa", "6553f100 0010 ffff 00000001 aa",
		"6553f100 000c 0003 00000001 aa", "6553f100 0021 0000 00000005 00000000 aa",
		"6553f100 ffff 0000 00000001 aa" };
	struct bytes b = bytes_of(hex[_i]);
	struct faults f = { .n = 0 };
	struct mrt_record m;

	ck_assert(!mrt_parse(b.b, b.n, &m, &f));
	ck_assert_uint_eq(f.v[0].code, FAULT_MRT_TYPE);
	ck_assert_uint_eq(m.kind, MRT_KIND_OTHER);
	ck_assert_ptr_nonnull(strstr(dissected(&m, &f), "rest=aa"));
}
END_TEST

START_TEST(frame_limits)
{
	struct bytes b = bytes_of("6553f100 000d 0002 00000100");
	struct faults f = { .n = 0 };

	ck_assert_int_eq(mrt_frame(b.b, b.n, 0x100 + 12, &f), 0x100 + 12);
	ck_assert_int_eq(mrt_frame(b.b, b.n, 0x100 + 11, &f), -1);
	ck_assert_uint_eq(f.v[0].code, FAULT_MRT_LENGTH);
	b = bytes_of("6553f100 000d 0002 ffffffff");
	ck_assert_int_eq(mrt_frame(b.b, b.n, UINT32_MAX, &f), -1);
}
END_TEST

START_TEST(bad_values)
{
	static const struct {
		const char *hex;
		enum fault_code code;
	} rows[] = {
		{ "6553f100 000d 0002 0000000c 00000000 21 c633640000 0000", FAULT_NLRI_LENGTH },
		{ "6553f100 000d 0004 00000018 00000000 81 20010db800000000000000000000000000 0000",
		    FAULT_NLRI_LENGTH },
		{ "6553f100 000d 0006 0000000a 00000000 4004 47 00 0000", FAULT_NLRI_OVERRUN },
		{ "6553f100 000d 0006 0000000a 00000000 4000 01 00 0000", FAULT_MRT_RIB_FAMILY },
		{ "6553f100 0010 0001 0000000c fbf5 fbf4 0000 0003 00000000", FAULT_MRT_FAMILY },
		{ "3d3b3b00 000c 0001 00000016 0000 0001 c6336400 21 01 3d3b3b00 c0000201 fbf5 "
		  "0000",
		    FAULT_NLRI_LENGTH },
		/* two entries said, one there: the one is read */
		{ "6553f100 000d 0002 00000012 00000000 18 c63364 0002 0000 6553f100 0000",
		    FAULT_MRT_ENTRY },
	};
	struct bytes b = bytes_of(rows[_i].hex);
	struct faults f = { .n = 0 };
	struct mrt_record m;

	ck_assert(mrt_parse(b.b, b.n, &m, &f));
	dissected(&m, &f);
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].code, rows[_i].code);
}
END_TEST
enum { BAD_VALUES = 7 };

START_TEST(reach_forms)
{
	static const struct {
		const char *hex;
		bool ok, whole;
		size_t next_hop, nlri;
	} rows[] = {
		{ "10 20010db8000000000000000000000001", true, false, 16, 0 },
		{ "04 c0000201", true, false, 4, 0 },
		{ "0002 01 10 20010db8000000000000000000000001 00 20 20010db8", true, true, 16, 5 },
		{ "0002 01 10 20010db8000000000000000000000001 00", true, true, 16, 0 },
		{ "00", true, false, 0, 0 },
		{ "10 20010db8", false, false, 0, 0 },
		{ "0002 01 10 2001", false, true, 0, 0 },
		{ "", false, false, 0, 0 },
	};
	struct bytes b = bytes_of(rows[_i].hex);
	uint8_t *exact = exact_copy(b.b, b.n);
	struct mrt_reach r;

	ck_assert(mrt_reach_parse(cur_of(exact, b.n), &r) == rows[_i].ok);
	if (rows[_i].ok) {
		ck_assert(r.whole == rows[_i].whole);
		ck_assert_uint_eq(cur_left(&r.next_hop), rows[_i].next_hop);
		ck_assert_uint_eq(cur_left(&r.nlri), rows[_i].nlri);
	}
	free(exact);
}
END_TEST
enum { REACH_ROWS = 8 };

HARNESS_MAIN("mrt")
{
	ROWS(dissects, records);
	TEST(has_peers);
	ROWS(cut, records);
	ROWS(trailing, records);
	LOOP(unknown, 8);
	TEST(frame_limits);
	LOOP(bad_values, BAD_VALUES);
	LOOP(reach_forms, REACH_ROWS);
}

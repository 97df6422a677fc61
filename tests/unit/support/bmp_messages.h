/* Every message type of BMP versions 3 and 4, made by our writers, and dissected to one line. */
#pragma once

#include "parsers/bgp/message.h"
#include "tests/unit/support/dissect_log.h"

#include "parsers/bmp/dissect.h"
#include "parsers/bmp/write.h"

enum { MESSAGE_MAX = 2048 };

/* Everything of a message in one line, valid until the next one. */
static inline const char *
dissected_as(const struct bmp_msg *m, const struct bmp_dissect_context *context)
{
	static struct dissect_log *l;

	if (l == NULL)
		l = dissect_log_new();
	l->n = l->depth = 0;
	l->text[0] = '\0';
	bmp_message_dissect(&l->sink, m, context);
	require(l->depth == 0, "left open");
	return l->text;
}

static inline const char *
dissected_message(const struct bmp_msg *m)
{
	return dissected_as(m, NULL);
}

/* --- octets */

static inline bool
parse(const uint8_t *at, size_t n, struct bmp_msg *m, struct faults *f)
{
	*f = (struct faults){ .n = 0 };
	return bmp_parse(at, n, m, f);
}

static inline void
set_length(uint8_t *b, size_t n)
{
	b[1] = (uint8_t)(n >> 24);
	b[2] = (uint8_t)(n >> 16);
	b[3] = (uint8_t)(n >> 8);
	b[4] = (uint8_t)n;
}

/* Into a buffer of MESSAGE_MAX octets. */
static inline size_t
octets(const char *hex, uint8_t *out)
{
	size_t n;
	uint8_t *exact = unhex(hex, &n);

	ck_assert_uint_le(n, MESSAGE_MAX);
	memcpy(out, exact, n);
	free(exact);
	return n;
}

/* --- what the messages are made of */

static const struct bgp_family ipv4 = { AFI_IPV4, SAFI_UNICAST };
static const struct bgp_addpath both_ways[] = { { { AFI_IPV4, SAFI_UNICAST }, 3 } };
static const struct ip_addr local_v4 = { IP_V4, { 192, 0, 2, 254 } };

static inline struct bmp_peer_spec
peer_1(void)
{
	return (struct bmp_peer_spec){ .address = { IP_V4, { 192, 0, 2, 1 } },
		.as = 64501,
		.bgp_id = { 192, 0, 2, 1 },
		.sec = 1700000000,
		.usec = 250000 };
}

static inline struct bmp_peer_spec
peer_loc_rib(void)
{
	return (struct bmp_peer_spec){ .type = BMP_PEER_LOC_RIB,
		.flags = BMP_FLAG_F,
		.distinguisher = { 0, 0, 0xfd, 0xe8, 0, 0, 0, 100 },
		.as = 64500,
		.bgp_id = { 192, 0, 2, 254 },
		.sec = 1700000000 };
}

static inline struct bgp_open_spec
open_of(uint32_t as)
{
	return (struct bgp_open_spec){ .as = as,
		.hold_time_s = 90,
		.bgp_id = { 192, 0, 2, (uint8_t)as },
		.role = BGP_ROLE_NONE,
		.families = &ipv4,
		.families_n = 1 };
}

/* An UPDATE of n /24 from 198.51.100.0 on; path ids from 1 on. */
static inline size_t
update_of(uint8_t *buf, size_t size, unsigned n, bool path_ids)
{
	static const uint32_t path[] = { 64501, 64510 };
	struct bgp_route_spec r = {
		.as_path = path, .as_path_n = 2, .next_hop = { IP_V4, { 192, 0, 2, 1 } }
	};
	struct bgp_prefix_spec p[8];

	for (unsigned i = 0; i < n; i++)
		p[i] = (struct bgp_prefix_spec){
			.prefix = { IP_V4, 24, { 198, 51, (uint8_t)(100 + i) } }, .path_id = i + 1
		};
	return bgp_write_update(buf, size, &r, p, n, NULL, 0, path_ids);
}

static inline size_t
make_initiation(uint8_t *b)
{
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_INITIATION, NULL);

	bmp_put_tlv(&w, BMP_INIT_SYS_DESCR, "R1 v1", 5);
	bmp_put_tlv(&w, BMP_INIT_SYS_NAME, "r1\x01", 3);
	bmp_put_tlv(&w, BMP_INIT_STRING, "", 0);
	bmp_put_tlv(&w, 65531, "\x01\x02", 2);
	return bmp_write_finish(&w);
}

static inline size_t
make_termination(uint8_t *b)
{
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_TERMINATION, NULL);

	bmp_put_tlv(&w, BMP_TERM_STRING, "bye", 3);
	bmp_put_tlv(&w, BMP_TERM_REASON, "\0\x04", 2);
	return bmp_write_finish(&w);
}

static inline size_t
make_peer_up_v(uint8_t *b, unsigned version)
{
	struct bmp_peer_spec p = peer_1();
	struct bgp_open_spec sent = open_of(64500), received = open_of(64501);
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, version, BMP_PEER_UP, &p);

	bmp_put_peer_up(&w, &p, &local_v4, &sent, &received);
	bmp_put_tlv(&w, BMP_PEER_STRING, "to R2", 5);
	bmp_put_tlv(&w, BMP_PEER_ADMIN_LABEL, "gold", 4);
	bmp_put_tlv(&w, 1, "\xff", 1);
	if (version == 4)
		bmp_put_tlv_pen(&w, 7, 32473, "mine", 4);
	return bmp_write_finish(&w);
}

static inline size_t
make_peer_up(uint8_t *b)
{
	return make_peer_up_v(b, 3);
}

static inline size_t
make_peer_up_v4(uint8_t *b)
{
	return make_peer_up_v(b, 4);
}

static inline size_t
make_peer_up_loc_rib(uint8_t *b)
{
	static const struct ip_addr none = { .family = IP_NONE };
	struct bmp_peer_spec p = peer_loc_rib();
	struct bgp_open_spec o = open_of(64500);

	return bmp_write_peer_up(b, MESSAGE_MAX, &p, &none, &o, &o, "red");
}

static inline size_t
make_down(uint8_t *b, unsigned version, uint8_t reason, const char *table)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, version, BMP_PEER_DOWN, &p);

	bmp_put_peer_down(&w, reason, 29);
	if (table != NULL)
		bmp_put_tlv(&w, BMP_PEER_TABLE_NAME, table, strlen(table));
	return bmp_write_finish(&w);
}

static inline size_t
make_down_1(uint8_t *b)
{
	return make_down(b, 3, 1, NULL);
}

static inline size_t
make_down_2(uint8_t *b)
{
	return make_down(b, 3, 2, NULL);
}

static inline size_t
make_down_3_v4(uint8_t *b)
{
	return make_down(b, 4, 3, "red");
}

static inline size_t
make_down_4(uint8_t *b)
{
	return make_down(b, 3, 4, NULL);
}

static inline size_t
make_down_5_trailing(uint8_t *b)
{
	return make_down(b, 3, 5, "red");
}

static inline size_t
make_down_6(uint8_t *b)
{
	return make_down(b, 3, 6, "red");
}

static const struct bmp_stat_spec some_stats[] = { { .type = 0, .value = 7 },
	{ .type = 7, .value = UINT64_C(1) << 40 },
	{ .type = 9, .value = 1000, .per_family = true, .family = { AFI_IPV4, SAFI_UNICAST } },
	{ .type = 24, .value = 5 }, { .type = 65531, .value = 3 },
	{ .type = 1, .value = 0x010203, .len = 3 } };

static inline size_t
make_statistics(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();

	return bmp_write_statistics(b, MESSAGE_MAX, &p, some_stats, 6);
}

static inline size_t
make_statistics_v4(uint8_t *b)
{
	static const struct bmp_stat_spec stats[] = { { .type = 8, .value = 9 },
		{ .type = 4, .value = 5, .pen = 32473, .len = 8 } };
	struct bmp_peer_spec p = peer_1();

	return bmp_write_v4_statistics(b, MESSAGE_MAX, &p, stats, 2);
}

static inline size_t
make_mirroring(uint8_t *b)
{
	uint8_t pdu[64];
	struct writer w = wr_of(pdu, sizeof(pdu));
	struct bmp_peer_spec p = peer_1();
	size_t at = bgp_write_begin(&w, BGP_ROUTE_REFRESH);

	wr_u32(&w, 0x00010001);
	wr_patch_u16(&w, at, 0);
	return bmp_write_mirroring(b, MESSAGE_MAX, &p, 1, pdu, wr_len(&w));
}

static inline size_t
make_routes(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	uint8_t bgp[MESSAGE_MAX];

	p.flags = BMP_FLAG_L | BMP_FLAG_O | 0x08;
	return bmp_write_route_monitoring(
	    b, MESSAGE_MAX, &p, bgp, update_of(bgp, sizeof(bgp), 1, false));
}

static inline size_t
make_routes_v4(uint8_t *b, enum bmp_v4_revision set, const struct bmp_tlv_spec *tlvs, unsigned n,
    unsigned nlri, bool path_ids)
{
	struct bmp_peer_spec p = peer_1();
	uint8_t bgp[MESSAGE_MAX];

	return bmp_write_v4_routes(
	    b, MESSAGE_MAX, &p, set, tlvs, n, bgp, update_of(bgp, sizeof(bgp), nlri, path_ids));
}

static const struct bmp_tlv_spec v4_tlvs[] = {
	{ .kind = BMP_V4_GROUP, .index = 0x8001, .value = "\0\1\0\2", .len = 4 },
	{ .kind = BMP_V4_TABLE_NAME, .value = "global", .len = 6 },
	{ .kind = BMP_V4_STATELESS, .value = "\x45\4\0\1\1\3", .len = 6 },
	{ .type = 5, .index = 1, .value = "\0\0\0\x8a", .len = 4 },
	{ .type = 5, .index = 0x8001, .value = "\0\0\x10\4\0\6", .len = 6 },
	{ .type = 77, .index = 2, .value = "?", .len = 1 },
	{ .type = 77, .index = 0, .pen = 32473, .value = "!", .len = 1 },
};

static inline size_t
make_routes_v4_19(uint8_t *b)
{
	return make_routes_v4(b, BMP_V4_REVISION_19, v4_tlvs, 7, 2, true);
}

static inline size_t
make_routes_v4_17(uint8_t *b)
{
	return make_routes_v4(b, BMP_V4_REVISION_17, v4_tlvs, 4, 2, true);
}

/* Sequence number, timestamps and flags came with -20. */
static const struct bmp_tlv_spec v4_new_tlvs[] = {
	{ .kind = BMP_V4_SEQUENCE, .value = "\0\0\0\0\0\0\1\0", .len = 8 },
	{ .kind = BMP_V4_EXTENDED_FLAGS, .value = "\x40\x80", .len = 2 },
	{ .kind = BMP_V4_TIMESTAMP, .value = "\1\x65\x53\xf1\0\0\0\0\7", .len = 9 },
	{ .kind = BMP_V4_GROUP, .index = 0x8002, .value = "\0\1\0\2", .len = 4 },
	{ .kind = BMP_V4_TABLE_NAME, .value = "red", .len = 3 },
	{ .kind = BMP_V4_STATELESS, .value = "\x41\4\0\0\xfb\xf4", .len = 6 },
};

static inline size_t
make_new_v4(uint8_t *b, enum bmp_v4_revision set)
{
	struct bmp_peer_spec p = peer_1();
	uint8_t bgp[MESSAGE_MAX];

	p.flags = BMP_FLAG_X;
	return bmp_write_v4_routes(
	    b, MESSAGE_MAX, &p, set, v4_new_tlvs, 6, bgp, update_of(bgp, sizeof(bgp), 2, false));
}

static inline size_t
make_routes_v4_20(uint8_t *b)
{
	return make_new_v4(b, BMP_V4_REVISION_20);
}

static inline size_t
make_routes_v4_21(uint8_t *b)
{
	return make_new_v4(b, BMP_V4_REVISION_21);
}

/* A type without a number of its own: Route Event Logging, say. */
static inline size_t
make_unknown_type(uint8_t *b)
{
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 4, 100, NULL);

	wr_bytes(&w, "\1\2\3", 3);
	return bmp_write_finish(&w);
}

static inline size_t
make_unknown_peer_type(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w;

	p.type = 251;
	w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_PEER_DOWN, &p);
	wr_u8(&w, 4);
	return bmp_write_finish(&w);
}

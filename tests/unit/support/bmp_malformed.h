/* Malformed messages. Each is read as far as it goes, and dissected. */
#pragma once

#include "parsers/bgp/message.h"
#include "tests/unit/support/bmp_messages.h"

static inline size_t
malformed_ipv6_peer(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();

	ip_addr_parse("2001:db8::1", &p.address);
	return bmp_write_peer_down(b, MESSAGE_MAX, &p, 4, 0);
}

static inline size_t
malformed_ipv4_address(uint8_t *b)
{
	size_t n = make_down_4(b);

	b[16] = 1; /* the twelve octets before an IPv4 address are zero */
	return n;
}

static inline size_t
malformed_reason(uint8_t *b)
{
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_TERMINATION, NULL);

	bmp_put_tlv(&w, BMP_TERM_REASON, "\0\1\2", 3);
	return bmp_write_finish(&w);
}

static inline size_t
malformed_long_string(uint8_t *b)
{
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_INITIATION, NULL);
	char text[1500];

	memset(text, 'a', sizeof(text));
	bmp_put_tlv(&w, BMP_INIT_SYS_NAME, text, sizeof(text));
	return bmp_write_finish(&w);
}

static inline void
put_keepalive(struct writer *w)
{
	size_t start = wr_here(w), at = bgp_write_begin(w, BGP_KEEPALIVE);

	wr_patch_u16(w, at, start);
}

static inline size_t
malformed_open(uint8_t *b)
{
	static const uint8_t local[20];
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_PEER_UP, &p);

	wr_bytes(&w, local, sizeof(local));
	put_keepalive(&w);
	return bmp_write_finish(&w);
}

static inline size_t
malformed_notification(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_PEER_DOWN, &p);

	wr_u8(&w, BMP_DOWN_REMOTE_NOTIFICATION);
	put_keepalive(&w);
	return bmp_write_finish(&w);
}

static inline size_t
malformed_event(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_PEER_DOWN, &p);

	wr_u16(&w, BMP_DOWN_LOCAL << 8 | 7); /* half an event */
	return bmp_write_finish(&w);
}

/* A Peer Down of reason 3, and behind it these octets. */
static inline size_t
malformed_down(uint8_t *b, unsigned version, const char *hex)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, version, BMP_PEER_DOWN, &p);
	uint8_t after[256];

	wr_u8(&w, BMP_DOWN_REMOTE_NOTIFICATION);
	wr_bytes(&w, after, octets(hex, after));
	return bmp_write_finish(&w);
}

static inline size_t
malformed_marker(uint8_t *b)
{
	return malformed_down(b, 3, "ff00ff ffffffffffffffffffffffffff 0015 03 0602");
}

/* The words are longer than the NOTIFICATION. */
static inline size_t
malformed_shutdown(uint8_t *b)
{
	return malformed_down(b, 3, "ffffffffffffffffffffffffffffffff 0017 03 0602 05 61");
}

static inline size_t
malformed_down_tlvs(uint8_t *b)
{
	size_t n = malformed_down(b, 4, "0003 0003 726564");

	b[48] = BMP_DOWN_LOCAL_NOTIFICATION;
	return n;
}

static inline size_t
malformed_down_neither(uint8_t *b)
{
	return malformed_down(b, 4, "0003 ff03 726564");
}

static inline size_t
malformed_open_cut(uint8_t *b)
{
	static const uint8_t local[20];
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_PEER_UP, &p);

	wr_bytes(&w, local, sizeof(local));
	wr_u64(&w, UINT64_MAX);
	return bmp_write_finish(&w);
}

/* Other TLVs before and behind the Stats TLV. */
static inline size_t
malformed_stats_behind(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 4, BMP_STATISTICS, &p);

	bmp_put_tlv(&w, 7, "\1", 1);
	bmp_put_tlv(&w, 1, "\0\0\0\1\0\7\0\x08\0\0\0\0\0\0\3\xe8", 16);
	bmp_put_tlv(&w, 9, "\2", 1);
	return bmp_write_finish(&w);
}

/* The layout of version 3 in version 4: these counters read as TLVs, too, one of them of type 1. */
static inline size_t
malformed_stats_first_draft(uint8_t *b)
{
	static const struct bmp_stat_spec zeros[] = { { .type = 0 }, { .type = 1 }, { .type = 2 },
		{ .type = 3 } };
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 4, BMP_STATISTICS, &p);

	bmp_put_stats(&w, zeros, 4);
	return bmp_write_finish(&w);
}

static inline size_t
malformed_update(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 3, BMP_ROUTE_MONITORING, &p);

	put_keepalive(&w);
	return bmp_write_finish(&w);
}

/* A Stat and a TLV of an enterprise that have no room for its number. */
static inline size_t
malformed_pen_of_stat(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 4, BMP_STATISTICS, &p);

	bmp_put_tlv(&w, 1, "\0\0\0\1\x80\x07\0\2\xab\xcd", 10);
	return bmp_write_finish(&w);
}

static inline size_t
malformed_pen_of_tlv(uint8_t *b)
{
	struct writer w = bmp_write_begin(b, MESSAGE_MAX, 4, BMP_INITIATION, NULL);

	bmp_put_tlv(&w, 0x8007, "\xab\xcd", 2);
	return bmp_write_finish(&w);
}

static inline size_t
malformed_indexed_pen(uint8_t *b)
{
	static const struct bmp_tlv_spec tlv = { .type = 0x8007, .value = "\xab\xcd", .len = 2 };

	return make_routes_v4(b, BMP_V4_REVISION_21, &tlv, 1, 1, false);
}

/* The BGP Message TLV is longer than the message. */
static inline size_t
malformed_v4_message(uint8_t *b)
{
	struct bmp_peer_spec p = peer_1();
	uint8_t bgp[256] = { 0 };
	size_t n = update_of(bgp, sizeof(bgp), 1, false);

	return bmp_write_v4_routes(b, MESSAGE_MAX, &p, BMP_V4_REVISION_21, NULL, 0, bgp, n + 2);
}

/* Counters behind the last that was counted. */
static inline size_t
malformed_stats_count(uint8_t *b)
{
	size_t n = make_statistics(b);

	b[51] = 5;
	return n;
}

static inline size_t
malformed_tlv_overrun(uint8_t *b)
{
	size_t n = make_termination(b);

	b[9] = 0xff;
	return n;
}

/* Captures made at test time: TCP segments in frames of every kind, in the order a test wants. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "parsers/bmp/write.h"

enum cap_kind { CAP_ETHER, CAP_VLAN, CAP_QINQ, CAP_MPLS, CAP_SLL, CAP_SLL2, CAP_RAW, CAP_NULL };

struct cap {
	FILE *f;
	enum cap_kind kind;
	bool v6, padding, ng, nano;
	uint8_t host; /* last octet of the sender */
	uint16_t from_port, to_port;
	uint32_t sec, snap; /* snap: captured octets at most, 0 all */
};

static inline void
cap_u32(FILE *f, uint32_t v)
{
	fwrite(&v, 4, 1, f); /* pcap is of the machine's own order */
}

static inline struct cap
cap_open(FILE *f, enum cap_kind kind, bool v6)
{
	static const uint32_t link[] = { 1, 1, 1, 1, 113, 276, 101, 0 };

	cap_u32(f, 0xa1b2c3d4);
	cap_u32(f, 2 | 4 << 16);
	cap_u32(f, 0);
	cap_u32(f, 0);
	cap_u32(f, 262144);
	cap_u32(f, link[kind]);
	return (struct cap){ .f = f,
		.kind = kind,
		.v6 = v6,
		.host = 1,
		.from_port = 40000,
		.to_port = 1790,
		.sec = 1700000000 };
}

static inline void
cap_link(struct writer *w, const struct cap *c)
{
	static const uint8_t zero[16];
	uint16_t type = c->v6 ? 0x86dd : 0x0800;

	switch (c->kind) {
	case CAP_ETHER:
	case CAP_VLAN:
	case CAP_QINQ:
	case CAP_MPLS:
		wr_bytes(w, zero, 12);
		if (c->kind == CAP_QINQ)
			wr_u32(w, 0x88a80064);
		if (c->kind == CAP_QINQ || c->kind == CAP_VLAN)
			wr_u32(w, 0x81000065);
		wr_u16(w, c->kind == CAP_MPLS ? 0x8847 : type);
		if (c->kind == CAP_MPLS) {
			wr_u32(w, 0x00010040);
			wr_u32(w, 0x00011140);
		}
		break;
	case CAP_SLL:
		wr_bytes(w, zero, 14);
		wr_u16(w, type);
		break;
	case CAP_SLL2:
		wr_u16(w, type);
		wr_bytes(w, zero, 16);
		wr_u16(w, 0);
		break;
	case CAP_NULL:
		wr_u32(w, c->v6 ? 10 : 2);
		break;
	default:
		break;
	}
}

/* The same as pcapng: section header, interface description; segments become enhanced packets. */
static inline struct cap
cap_open_ng(FILE *f, enum cap_kind kind)
{
	struct cap c = cap_open(f, kind, false);
	static const uint32_t link[] = { 1, 1, 1, 1, 113, 276, 101, 0 };

	rewind(f);
	for (int i = 0; i < 2; i++) { /* a block without anybody's interest comes first */
		cap_u32(f, i == 0 ? 0x0a0d0d0a : 0x00000bad);
		cap_u32(f, i == 0 ? 28 : 16);
		cap_u32(f, i == 0 ? 0x1a2b3c4d : 7);
		if (i == 0) {
			cap_u32(f, 1);
			cap_u32(f, 0xffffffff);
			cap_u32(f, 0xffffffff);
		}
		cap_u32(f, i == 0 ? 28 : 16);
	}
	cap_u32(f, 1);
	cap_u32(f, 20);
	cap_u32(f, link[kind]);
	cap_u32(f, 262144);
	cap_u32(f, 20);
	c.ng = true;
	return c;
}

static inline void
cap_frame(const struct cap *c, const uint8_t *frame, uint32_t held, uint32_t len)
{
	uint64_t us = (uint64_t)c->sec * 1000000 + 500000;
	uint32_t padded = (held + 3) & ~3U;

	if (!c->ng) {
		cap_u32(c->f, c->sec);
		cap_u32(c->f, c->nano ? 500000000 : 500000);
	} else {
		cap_u32(c->f, 6);
		cap_u32(c->f, 32 + padded);
		cap_u32(c->f, 0);
		cap_u32(c->f, (uint32_t)(us >> 32));
		cap_u32(c->f, (uint32_t)us);
	}
	cap_u32(c->f, held);
	cap_u32(c->f, len);
	fwrite(frame, 1, c->ng ? padded : held, c->f);
	if (c->ng)
		cap_u32(c->f, 32 + padded);
}

/* The IP packet of one segment, in its frame; returns its octets. */
static inline uint32_t
cap_make(const struct cap *c, uint8_t *frame, size_t size, uint32_t seq, uint8_t flags,
    const void *data, size_t n)
{
	static const uint8_t net6[15] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct writer w = wr_of(frame, size);

	cap_link(&w, c);
	if (c->v6) {
		wr_u32(&w, 0x60000000);
		wr_u16(&w, (uint16_t)(20 + n + 8)); /* an empty hop-by-hop header before TCP */
		wr_u8(&w, 0);
		wr_u8(&w, 64);
		wr_bytes(&w, net6, 15);
		wr_u8(&w, c->host);
		wr_bytes(&w, net6, 15);
		wr_u8(&w, 254);
		wr_u8(&w, 6);
		wr_u8(&w, 0);
		wr_u16(&w, 0x0104);
		wr_u32(&w, 0);
	} else {
		wr_u16(&w, 0x4500);
		wr_u16(&w, (uint16_t)(40 + n));
		wr_u32(&w, 0);
		wr_u16(&w, 0x4006);
		wr_u16(&w, 0);
		wr_u32(&w, 0xc0000200U | c->host);
		wr_u32(&w, 0xc00002feU);
	}
	wr_u16(&w, c->from_port);
	wr_u16(&w, c->to_port);
	wr_u32(&w, seq);
	wr_u32(&w, 0);
	wr_u8(&w, 0x50);
	wr_u8(&w, flags);
	wr_u16(&w, 1024);
	wr_u32(&w, 0);
	wr_bytes(&w, data, n);
	while (c->padding && wr_len(&w) < 60)
		wr_u8(&w, 0xee);
	return (uint32_t)wr_len(&w);
}

/* One segment. */
static inline void
cap_segment(const struct cap *c, uint32_t seq, uint8_t flags, const void *data, size_t n)
{
	uint8_t frame[70000];
	uint32_t len = cap_make(c, frame, sizeof(frame), seq, flags, data, n);

	cap_frame(c, frame, c->snap != 0 && c->snap < len ? c->snap : len, len);
}

/*
 * The generator's messages, written straight into a buffer: BMP (RFC 7854) around UPDATEs made from
 * bundles. Faster than the general writers of parsers/bmp/write.h, and apart from them on purpose:
 * two hands that agree. Only bmpgen includes this.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#include "gen_table.h"

enum { GEN_MESSAGE_MAX = 8192 };

struct gen_out {
	uint8_t *pos;
	uint8_t start[GEN_MESSAGE_MAX];
};

/* What the messages of one peer say about it. */
struct gen_speaker {
	uint8_t address[16];
	uint32_t as, bgp_id;
	uint32_t sec, usec;
	uint64_t key; /* of its policies: communities, MED, what it leaves out */
	bool v6;
};

static inline void
out_u8(struct gen_out *o, uint32_t v)
{
	*o->pos++ = (uint8_t)v;
}

static inline void
out_u16(struct gen_out *o, uint32_t v)
{
	out_u8(o, v >> 8);
	out_u8(o, v);
}

static inline void
out_u32(struct gen_out *o, uint32_t v)
{
	out_u16(o, v >> 16);
	out_u16(o, v);
}

static inline void
out_bytes(struct gen_out *o, const void *data, size_t n)
{
	memcpy(o->pos, data, n);
	o->pos += n;
}

static inline void
out_patch_u16(uint8_t *at, size_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void
out_begin(struct gen_out *o, unsigned type)
{
	o->pos = o->start;
	out_u8(o, 3);
	out_u32(o, 0);
	out_u8(o, type);
}

static size_t
out_finish(struct gen_out *o)
{
	size_t n = (size_t)(o->pos - o->start);

	out_patch_u16(o->start + 1, n >> 16);
	out_patch_u16(o->start + 3, n);
	return n;
}

/* Per-peer header; the peer's clock moves on a little with each message. */
static void
out_peer(struct gen_out *o, struct gen_speaker *p, bool post)
{
	p->usec += 40;
	p->sec += p->usec / 1000000;
	p->usec %= 1000000;
	out_u8(o, 0);
	out_u8(o, (p->v6 ? 0x80u : 0) | (post ? 0x40u : 0));
	out_u32(o, 0);
	out_u32(o, 0);
	out_bytes(o, p->address, 16);
	out_u32(o, p->as);
	out_u32(o, p->bgp_id);
	out_u32(o, p->sec);
	out_u32(o, p->usec);
}

/* BGP header; out_bgp_end needs what it returns. */
static uint8_t *
out_bgp(struct gen_out *o, unsigned type)
{
	uint8_t *at = o->pos;

	memset(o->pos, 0xff, 16);
	o->pos += 16;
	out_u16(o, 0);
	out_u8(o, type);
	return at;
}

static void
out_bgp_end(struct gen_out *o, uint8_t *at)
{
	out_patch_u16(at + 16, (size_t)(o->pos - at));
}

static void
out_open(struct gen_out *o, uint32_t as, uint32_t bgp_id)
{
	static const uint8_t caps[] = { 2, 6, 1, 4, 0, 1, 0, 1, 2, 6, 1, 4, 0, 2, 0, 1, 2, 2, 2, 0,
		2, 4, 64, 2, 0x40, 0x78, 2, 6, 65, 4 };
	uint8_t *at = out_bgp(o, 1);

	out_u8(o, 4);
	out_u16(o, as > 0xffff ? 23456 : as);
	out_u16(o, 180);
	out_u32(o, bgp_id);
	out_u8(o, sizeof caps + 4);
	out_bytes(o, caps, sizeof caps);
	out_u32(o, as);
	out_bgp_end(o, at);
}

static void
out_prefix(struct gen_out *o, const struct gen_prefix *p)
{
	uint64_t addr = p->addr;

	out_u8(o, p->len);
	for (unsigned n = (p->len + 7u) / 8; n > 0; n--, addr <<= 8)
		out_u8(o, (uint32_t)(addr >> 56));
}

/* Attribute header with one octet of length; out_attr_end fills it, and widens it when needed. */
static uint8_t *
out_attr(struct gen_out *o, unsigned flags, unsigned code)
{
	out_u8(o, flags);
	out_u8(o, code);
	out_u8(o, 0);
	return o->pos;
}

static void
out_attr_end(struct gen_out *o, uint8_t *value)
{
	size_t n = (size_t)(o->pos - value);

	if (n < 256) {
		value[-1] = (uint8_t)n;
		return;
	}
	memmove(value + 1, value, n);
	value[-3] |= 0x10;
	out_patch_u16(value - 1, n);
	o->pos++;
}

static void
out_communities(struct gen_out *o, const struct gen_graph *g, const struct gen_speaker *p,
    const struct gen_bundle *b, uint32_t h, uint32_t second_as)
{
	unsigned n = 1 + gen_scale(h, 3);
	uint8_t *at = out_attr(o, 0xc0, 8);
	uint32_t origin_asn = g->as[b->origin].asn;

	if (gen_chance(hash_u64(h, 1, 0), 350))
		n += gen_scale(hash_u64(h, 2, 0), 9);
	out_u16(o, p->as);
	out_u16(o, 100 + gen_scale(hash_u64(p->key, second_as, 1), 30));
	for (unsigned i = 1; i < n; i++) {
		out_u16(o, i & 1 ? second_as : origin_asn);
		out_u16(o, i & 1 ? 10 * gen_scale(hash_u64(b->origin, i, 2), 50)
				 : gen_scale(hash_u64(h, i, 3), 700));
	}
	out_attr_end(o, at);
}

static void
out_large_communities(struct gen_out *o, const struct gen_graph *g, const struct gen_speaker *p,
    const struct gen_bundle *b, uint32_t h, uint32_t second_as)
{
	unsigned n = 1 + gen_scale(h, 4);
	uint8_t *at = out_attr(o, 0xc0, 32);

	for (unsigned i = 0; i < n; i++) {
		out_u32(o, i == 0 ? p->as : g->as[b->origin].asn);
		out_u32(o, i == 0 ? 1 : 1 + gen_scale(hash_u64(h, i, 4), 300));
		out_u32(o, gen_scale(hash_u64(p->key, second_as, i), 80));
	}
	out_attr_end(o, at);
}

/* Does the path of this variant of the bundle end in an AS_SET? Then the route has no origin. */
static inline bool
gen_has_as_set(const struct gen_bundle *b, unsigned variant)
{
	return gen_chance(hash_u64(b->attrs, b->origin, 0x5e7 + variant), 1);
}

static void
out_as_path(struct gen_out *o, const uint32_t *path, unsigned n, const uint32_t *set)
{
	uint8_t *at = out_attr(o, 0x40, 2);

	out_u8(o, 2);
	out_u8(o, n);
	for (unsigned i = 0; i < n; i++)
		out_u32(o, path[i]);
	if (set != NULL) {
		out_u8(o, 1);
		out_u8(o, 2);
		out_u32(o, set[0]);
		out_u32(o, set[1]);
	}
	out_attr_end(o, at);
}

/*
 * All attributes but the MP ones. variant: 0 as in the table, others after churn. leak: a stub
 * between two provider-free networks, or one that nobody else can distinguish.
 */
static void
out_attrs(struct gen_out *o, const struct gen_graph *g, const uint32_t *toward,
    const struct gen_speaker *p, const struct gen_bundle *b, unsigned variant, bool post, bool leak)
{
	uint32_t h = hash_u64(b->attrs, b->origin, variant), hp = hash_u64(h, p->key, 5);
	uint32_t path[GEN_PATH_MAX + 4], set[2] = { 64496 + (h & 7), g->as[b->origin].asn };
	unsigned n = gen_path(g, toward, b->origin, h & 31, path);
	uint32_t second = path[n > 1], kind = gen_scale(hash_u64(h, 6, 0), 100);
	uint8_t *at = out_attr(o, 0x40, 1);

	out_u8(o, kind < 90 ? 0 : kind < 91 ? 1 : 2);
	out_attr_end(o, at);
	if (leak && n < GEN_PATH_MAX) { /* provider-free, stub, provider-free: RFC
					   7908 type 1 */
		memmove(path + 4, path + 1, (n - 1) * sizeof *path);
		path[1] = g->as[1].asn;
		path[2] = g->as[g->n - 1 - (h & 63)].asn;
		path[3] = g->as[2].asn;
		n += 3;
	}
	out_as_path(o, path, n, gen_has_as_set(b, variant) ? set : NULL);
	if (!b->v6) {
		at = out_attr(o, 0x40, 3);
		out_u32(o, 0xc6120000 | (p->bgp_id & 0xffff));
		out_attr_end(o, at);
	}
	if (gen_chance(hash_u64(hp, 7, 0), 250)) {
		at = out_attr(o, 0x80, 4);
		out_u32(o, 10 * gen_scale(hash_u64(hp, 8, 0), 16));
		out_attr_end(o, at);
	}
	if (post) {
		at = out_attr(o, 0x40, 5);
		out_u32(o, 100 + 10 * gen_scale(hash_u64(p->key, second, 9), 8));
		out_attr_end(o, at);
	}
	if (gen_chance(hash_u64(h, 10, 0), 20))
		out_attr_end(o, out_attr(o, 0x40, 6));
	if (gen_chance(hash_u64(h, 11, 0), 50)) {
		at = out_attr(o, 0xc0, 7);
		out_u32(o, g->as[b->origin].asn);
		out_u32(o, 0x0a000000 | (b->origin & 0xffffff));
		out_attr_end(o, at);
	}
	if (gen_chance(hash_u64(h, 12, 0), 600))
		out_communities(o, g, p, b, hash_u64(h, 13, 0), second);
	if (gen_chance(hash_u64(h, 14, 0), 50)) {
		at = out_attr(o, 0xc0, 16);
		out_u32(o, 0x00020000 | (p->as & 0xffff));
		out_u32(o, 100 + gen_scale(hash_u64(h, 15, 0), 60));
		out_attr_end(o, at);
	}
	if (gen_chance(hash_u64(h, 16, 0), 200))
		out_large_communities(o, g, p, b, hash_u64(h, 17, 0), second);
}

/* MP_REACH_NLRI or MP_UNREACH_NLRI of IPv6 unicast with these prefixes (RFC 4760). */
static void
out_mp(struct gen_out *o, const struct gen_speaker *p, bool reach, const struct gen_prefix *v,
    unsigned n)
{
	uint8_t *at;

	out_u8(o, 0x90);
	out_u8(o, reach ? 14 : 15);
	out_u16(o, 0);
	at = o->pos;
	out_u16(o, 2);
	out_u8(o, 1);
	if (reach) {
		bool link_local = p->bgp_id % 3 == 0;

		out_u8(o, link_local ? 32 : 16);
		out_u32(o, 0x20010db8);
		out_u32(o, 0);
		out_u32(o, 0);
		out_u32(o, p->bgp_id);
		if (link_local) {
			out_u32(o, 0xfe800000);
			out_u32(o, 0);
			out_u32(o, 0x021122ff);
			out_u32(o, 0xfe000000 | (p->bgp_id & 0xffffff));
		}
		out_u8(o, 0);
	}
	for (unsigned i = 0; i < n; i++)
		out_prefix(o, &v[i]);
	out_patch_u16(at - 2, (size_t)(o->pos - at));
}

/* Statistics Report: five counters of 32 bits, two gauges of 64. */
static void
out_statistics(struct gen_out *o, struct gen_speaker *p, uint64_t updates, uint64_t routes)
{
	static const uint8_t counters[] = { 0, 1, 2, 11, 13 };

	out_begin(o, 1);
	out_peer(o, p, false);
	out_u32(o, sizeof counters + 2);
	for (unsigned i = 0; i < sizeof counters; i++) {
		out_u16(o, counters[i]);
		out_u16(o, 4);
		out_u32(o, (uint32_t)(updates >> (counters[i] + 4)));
	}
	for (unsigned type = 7; type <= 8; type++) {
		out_u16(o, type);
		out_u16(o, 8);
		out_u32(o, (uint32_t)(routes >> 32));
		out_u32(o, (uint32_t)routes);
	}
}

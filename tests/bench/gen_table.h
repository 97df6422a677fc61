/*
 * The generator's routing table: prefixes with the length mix of the real one, in bundles (one
 * origin, one set of attributes, one UPDATE). Only bmpgen includes this.
 */
#pragma once

#include <math.h>
#include <stdint.h>

#include "gen_graph.h"

enum { GEN_BUNDLE_MAX = 150 };

struct gen_prefix {
	uint64_t addr; /* the upper 64 bits of the address, IPv4 in the highest 32 */
	uint32_t bundle;
	uint8_t len;
};

struct gen_bundle {
	uint32_t first;	 /* prefix */
	uint32_t origin; /* AS */
	uint32_t attrs;	 /* seed of its attributes: equal seeds and origins, equal blocks */
	uint16_t n;	 /* prefixes, at most GEN_BUNDLE_MAX */
	bool v6;
};

struct gen_table {
	struct gen_prefix *prefix;
	struct gen_bundle *bundle;
	uint32_t prefixes_n, bundles_n, v4_bundles_n;
	uint64_t *seen; /* open hash of (addr, len): every prefix is there once */
	uint64_t seen_mask;
};

/* Shares of prefix lengths in 1/10,000, the most frequent first (from public tables of 2026). */
static const struct {
	uint8_t len;
	uint16_t share;
} gen_mix4[] = { { 24, 6140 }, { 22, 1110 }, { 23, 985 }, { 21, 505 }, { 20, 445 }, { 19, 255 },
	{ 18, 140 }, { 16, 135 }, { 17, 82 }, { 15, 20 }, { 14, 12 }, { 13, 6 }, { 12, 3 },
	{ 11, 1 }, { 10, 1 }, { 8, 1 }, { 24, UINT16_MAX } },
  gen_mix6[] = { { 48, 4700 }, { 32, 1150 }, { 44, 1000 }, { 40, 960 }, { 36, 420 }, { 46, 350 },
	  { 47, 290 }, { 29, 270 }, { 42, 160 }, { 45, 140 }, { 33, 120 }, { 34, 90 }, { 38, 90 },
	  { 35, 60 }, { 43, 60 }, { 41, 40 }, { 39, 30 }, { 37, 25 }, { 56, 20 }, { 30, 20 },
	  { 28, 12 }, { 31, 10 }, { 64, 8 }, { 24, 4 }, { 20, 2 }, { 48, UINT16_MAX } };

static uint8_t
gen_length(bool v6, struct gen_rng *rng)
{
	uint32_t at = gen_below(rng, 10000), i = 0;

	if (v6) {
		for (; at >= gen_mix6[i].share; i++)
			at -= gen_mix6[i].share;
		return gen_mix6[i].len;
	}
	for (; at >= gen_mix4[i].share; i++)
		at -= gen_mix4[i].share;
	return gen_mix4[i].len;
}

static inline uint64_t
gen_mask(unsigned len)
{
	return len == 0 ? 0 : ~UINT64_C(0) << (64 - len);
}

/* One number per prefix; lengths never reach into the lowest octet's upper bits. */
static inline uint64_t
gen_key(uint64_t addr, unsigned len, bool v6)
{
	return (uint64_t)hash_u64(addr, len, v6) << 32 | hash_u64(addr + 1, len, v6 ? 3 : 2) | 1;
}

/* Usable unicast space and nothing that is reserved, private or for documentation. */
static bool
gen_usable(uint64_t addr, bool v6)
{
	uint32_t a = (uint32_t)(addr >> 32);

	if (v6)
		return addr >> 61 == 1 && a != 0x20010db8 && a != 0x20010000;
	return a >> 24 != 0 && a >> 24 != 10 && a >> 24 != 127 && a >> 24 < 224 &&
	       a >> 20 != 0xac1 && a >> 16 != 0xc0a8 && a >> 22 != 0x191 && a >> 16 != 0xa9fe &&
	       a >> 17 != 0x6309 && a >> 16 != 0xc000 && a >> 8 != 0xc63364 && a >> 8 != 0xcb0071;
}

/* true when it was not there yet. */
static bool
gen_take(struct gen_table *t, uint64_t addr, unsigned len, bool v6)
{
	uint64_t key = gen_key(addr, len, v6), at = key >> 8 & t->seen_mask;

	for (; t->seen[at] != 0; at = (at + 1) & t->seen_mask)
		if (t->seen[at] == key)
			return false;
	t->seen[at] = key;
	return true;
}

/* A place in the neighbourhood of its origin: registries hand out blocks, holders split them. */
static uint64_t
gen_place(uint32_t origin, unsigned block, unsigned len, bool v6, struct gen_rng *rng)
{
	static const uint16_t registry6[] = { 0x2001, 0x2400, 0x2402, 0x2600, 0x2620, 0x2800,
		0x2804, 0x2a00, 0x2a10, 0x2c0f };
	uint32_t home = hash_u64(origin, block, v6);
	uint64_t random = (uint64_t)gen_next(rng) << 32 | gen_next(rng);

	if (v6) {
		uint64_t registry = registry6[gen_scale(home, 10)];
		uint64_t base = registry << 48 | (uint64_t)(home & 0x0fff) << 36;

		return ((len < 32 ? registry << 48 : base) | random >> (len < 32 ? 16 : 28)) &
		       gen_mask(len);
	}
	return (((uint64_t)home << 32 & gen_mask(len < 14 ? 3 : 14)) |
		   random >> (len < 14 ? 3 : 14)) &
	       gen_mask(len);
}

/* A few hold very much, most hold little. */
static uint32_t
gen_holder(const struct gen_graph *g, struct gen_rng *rng)
{
	double u = (double)gen_next(rng) / 4294967296.0;
	uint32_t rank = (uint32_t)(u * u * u * g->n);
	uint32_t as = gen_scale(hash_u64(g->n, rank, 0x401de2), g->n);

	return as < GEN_CLIQUE ? as + GEN_CLIQUE : as;
}

static uint16_t
gen_bundle_size(struct gen_rng *rng)
{
	double u = ((double)gen_next(rng) + 1.0) / 4294967297.0;
	double size =
	    pow(u, -1.0 / 1.2); /* P(n > k) = (k + 1)^-1.2: 3.8 on average when cut at the cap */

	return size > GEN_BUNDLE_MAX ? GEN_BUNDLE_MAX : (uint16_t)size;
}

static void
gen_bundle_fill(struct gen_table *t, struct gen_bundle *b, uint16_t wanted, struct gen_rng *rng)
{
	uint64_t last = 0;
	unsigned last_len = 0, block = gen_below(rng, 3), tries = 0;

	while (b->n < wanted) {
		bool more_of_it = last_len != 0 && gen_chance(gen_next(rng), 500);
		unsigned len = more_of_it ? last_len : gen_length(b->v6, rng);
		uint64_t addr = more_of_it && tries == 0
				    ? last + (UINT64_C(1) << (64 - len)) /* its neighbour */
				    : gen_place(b->origin, block, len, b->v6, rng);

		if (++tries > 8) { /* crowded: go elsewhere */
			block = gen_next(rng) >> 8;
			last_len = 0;
		}
		if (!gen_usable(addr, b->v6) || !gen_take(t, addr, len, b->v6))
			continue;
		t->prefix[t->prefixes_n++] = (struct gen_prefix){
			.addr = addr, .bundle = t->bundles_n, .len = (uint8_t)len
		};
		b->n++;
		last = addr;
		last_len = len;
		tries = 0;
	}
}

/* v4_n and v6_n distinct prefixes. */
static void
gen_table_fill(struct gen_table *t, const struct gen_graph *g, uint32_t v4_n, uint32_t v6_n,
    struct gen_rng *rng)
{
	uint64_t slots = 4096;

	while (slots < 2 * ((uint64_t)v4_n + v6_n))
		slots *= 2;
	*t = (struct gen_table){ .prefix = gen_alloc((size_t)v4_n + v6_n, sizeof *t->prefix),
		.bundle = gen_alloc((size_t)v4_n + v6_n, sizeof *t->bundle),
		.seen = gen_alloc(slots, sizeof *t->seen),
		.seen_mask = slots - 1 };
	for (unsigned v6 = 0; v6 < 2; v6++) {
		uint32_t end = v6 ? v4_n + v6_n : v4_n;

		while (t->prefixes_n < end) {
			struct gen_bundle *b = &t->bundle[t->bundles_n];
			uint16_t wanted = gen_bundle_size(rng);

			if (wanted > end - t->prefixes_n)
				wanted = (uint16_t)(end - t->prefixes_n);
			*b = (struct gen_bundle){
				.first = t->prefixes_n, .origin = gen_holder(g, rng), .v6 = v6 != 0
			};
			/* some bundles of an origin have the attributes of another: twice an
			 * UPDATE with one block */
			b->attrs = gen_chance(gen_next(rng), 110) ? b->origin % 3
								  : 16 + gen_below(rng, 1u << 24);
			gen_bundle_fill(t, b, wanted, rng);
			t->bundles_n++;
		}
		if (v6 == 0)
			t->v4_bundles_n = t->bundles_n;
	}
	free(t->seen);
	t->seen = NULL;
}

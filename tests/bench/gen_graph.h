/*
 * The generator's Internet: an AS graph grown by preferential attachment, and valley-free paths
 * (RFC 7908 has the terms) from any AS to a vantage. Everything follows from the seed. Only bmpgen
 * includes this.
 *
 * ASes are numbered by age, 0 is the oldest; the first GEN_CLIQUE have no provider and peer with
 * each other. A provider is always older than its customer, so that climbing ends.
 */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { GEN_CLIQUE = 14, GEN_UPS = 3, GEN_SIDES = 4, GEN_PATH_MAX = 40 };
#define GEN_NONE UINT32_MAX

struct gen_rng {
	uint64_t seed, drawn;
};

static inline uint32_t
gen_next(struct gen_rng *r)
{
	return hash_u64(r->seed, r->drawn++, 0x9216d5d98979fb1bULL);
}

/* 32 random bits scaled to 0..n-1. */
static inline uint32_t
gen_scale(uint32_t bits, uint32_t n)
{
	return (uint32_t)((uint64_t)bits * n >> 32);
}

static inline uint32_t
gen_below(struct gen_rng *r, uint32_t n)
{
	return gen_scale(gen_next(r), n);
}

/* True for `permille` of all draws. */
static inline bool
gen_chance(uint32_t bits, uint32_t permille)
{
	return gen_scale(bits, 1000) < permille;
}

struct gen_as {
	uint32_t asn;
	uint32_t up[GEN_UPS];	  /* providers */
	uint32_t side[GEN_SIDES]; /* lateral peers; the provider-free networks' mesh is implied */
	uint8_t up_n, side_n;
};

struct gen_graph {
	struct gen_as *as;
	uint32_t n, transit_n; /* the oldest transit_n have customers */
};

static void *
gen_alloc(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL) {
		fputs("bmpgen: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

/* AS numbers: the provider-free networks' real ones, else about half of them in 16 bits and all of
 * them distinct.
 */
static void
gen_number_ases(struct gen_graph *g, struct gen_rng *rng)
{
	static const uint32_t provider_free[GEN_CLIQUE] = { 174, 701, 1299, 2914, 3257, 3320, 3356,
		3491, 5511, 6453, 6461, 6762, 6830, 7018 };
	uint32_t narrow = 1, wide = 196608;

	for (uint32_t i = 0; i < g->n; i++) {
		if (i < GEN_CLIQUE) {
			g->as[i].asn = provider_free[i];
			continue;
		}
		if (gen_chance(gen_next(rng), 500) && narrow < 64000) {
			bool taken;

			do {
				narrow++;
				taken = narrow == 23456;
				for (unsigned c = 0; c < GEN_CLIQUE; c++)
					taken |= narrow == provider_free[c];
			} while (taken);
			g->as[i].asn = narrow;
		} else {
			wide += 1 + gen_below(rng, 5);
			g->as[i].asn = wide;
		}
	}
}

static void
gen_attach(struct gen_as *as, uint32_t to)
{
	for (unsigned k = 0; k < as->up_n; k++)
		if (as->up[k] == to)
			return;
	as->up[as->up_n++] = to;
}

/* By degree, now and then by age alone; of two candidates the one seen earlier: real paths are
 * short, because networks buy near the top. */
static uint32_t
gen_provider(struct gen_rng *rng, const uint32_t *ends, uint32_t ends_n, uint32_t older)
{
	uint32_t a = gen_below(rng, gen_below(rng, ends_n) + 1), b = gen_below(rng, ends_n);

	if (gen_chance(gen_next(rng), 60))
		return gen_below(rng, gen_below(rng, older) + 1);
	return gen_chance(gen_next(rng), 700) ? ends[a < b ? a : b] : ends[a];
}

static void
gen_graph_grow(struct gen_graph *g, uint32_t n, struct gen_rng *rng)
{
	/* each customer link puts its provider in once more: drawing from here prefers the big */
	uint32_t *ends = gen_alloc((size_t)n * GEN_UPS + GEN_CLIQUE, sizeof *ends);
	uint32_t ends_n = 0;

	*g = (struct gen_graph){ .as = gen_alloc(n, sizeof *g->as), .n = n, .transit_n = n / 6 };
	gen_number_ases(g, rng);
	for (uint32_t i = 0; i < GEN_CLIQUE; i++)
		ends[ends_n++] = i;
	for (uint32_t i = GEN_CLIQUE; i < n; i++) {
		struct gen_as *as = &g->as[i];
		uint32_t older = i < g->transit_n ? i : g->transit_n;
		uint32_t wanted = gen_below(rng, 100);

		wanted = wanted < 40 ? 1 : wanted < 80 ? 2 : 3;
		for (uint32_t k = 0; k < wanted; k++)
			gen_attach(as, gen_provider(rng, ends, ends_n, older));
		for (unsigned k = 0; k < as->up_n && i < g->transit_n; k++)
			ends[ends_n++] = as->up[k];
		if (i < g->transit_n) {
			ends[ends_n++] = i;
			as->side_n = (uint8_t)gen_below(rng, GEN_SIDES + 1);
			for (unsigned k = 0; k < as->side_n; k++)
				as->side[k] = gen_below(rng, i);
		}
	}
	free(ends);
}

/*
 * A vantage: for each AS from which a route can reach it without a further climb, the next AS on
 * the way (its customer, or across one lateral link), else GEN_NONE. The vantage points at itself.
 */
static uint32_t *
gen_vantage(const struct gen_graph *g, uint32_t vantage)
{
	uint32_t *toward = gen_alloc(g->n, sizeof *toward), *queue = gen_alloc(g->n, sizeof *queue);
	uint32_t head = 0, tail = 0;
	uint32_t provider_free_member = GEN_NONE;

	memset(toward, 0xff, (size_t)g->n * sizeof *toward);
	toward[vantage] = vantage;
	queue[tail++] = vantage;
	while (head < tail) {
		uint32_t x = queue[head++];

		if (x < GEN_CLIQUE && provider_free_member == GEN_NONE)
			provider_free_member = x;
		for (unsigned k = 0; k < g->as[x].up_n; k++) {
			uint32_t up = g->as[x].up[k];

			if (toward[up] != GEN_NONE)
				continue;
			toward[up] = x;
			queue[tail++] = up;
		}
	}
	for (uint32_t i = 0; i < tail; i++)
		for (unsigned k = 0; k < g->as[queue[i]].side_n; k++)
			if (toward[g->as[queue[i]].side[k]] == GEN_NONE)
				toward[g->as[queue[i]].side[k]] = queue[i];
	for (uint32_t i = 0; i < GEN_CLIQUE; i++)
		if (toward[i] == GEN_NONE)
			toward[i] = provider_free_member;
	free(queue);
	return toward;
}

/*
 * The AS_PATH of a route of `origin` at the vantage, neighbour first. variety: which of the
 * possible ways up. Returns the number of ASNs in out (GEN_PATH_MAX).
 */
static unsigned
gen_path(const struct gen_graph *g, const uint32_t *toward, uint32_t origin, uint32_t variety,
    uint32_t *out)
{
	uint32_t way[GEN_PATH_MAX], x = origin;
	unsigned n = 0, made = 0;

	while (toward[x] == GEN_NONE && n < GEN_PATH_MAX / 2) {
		way[n++] = x;
		x = g->as[x].up[gen_scale(hash_u64(variety, x, 1), g->as[x].up_n)];
	}
	while (n < GEN_PATH_MAX - 4) {
		way[n++] = x;
		if (toward[x] == x)
			break;
		x = toward[x];
	}
	while (n > 0)
		out[made++] = g->as[way[--n]].asn;
	if (gen_chance(hash_u64(variety, origin, 2), 120)) { /* prepended by its origin */
		unsigned more = 1 + gen_scale(hash_u64(variety, origin, 3), 3);

		for (; more > 0 && made < GEN_PATH_MAX; more--)
			out[made++] = g->as[origin].asn;
	}
	return made;
}

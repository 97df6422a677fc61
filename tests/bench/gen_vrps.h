/*
 * VRPs that fit the generator's table, and origin validation against them in the simplest way that
 * is right (RFC 6811 section 2): the second opinion that the collector's counts are compared with.
 * Only bmpgen includes this.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/pure/ip.h"
#include "gen_table.h"

struct gen_vrp {
	uint64_t addr;
	uint32_t asn, next; /* next with the same prefix, GEN_NONE at the end */
	uint8_t len, max_len;
	bool v6;
};

struct gen_vrps {
	struct gen_vrp *v;
	uint32_t n;
	uint32_t *head; /* open hash of prefixes: first VRP, GEN_NONE when empty */
	uint32_t mask;
	uint64_t lens[2]; /* bit per length that any VRP has, by family */
};

enum gen_rov { GEN_NOT_FOUND, GEN_VALID, GEN_INVALID_ASN, GEN_INVALID_LENGTH, GEN_ROVS };

static uint32_t
gen_vrp_slot(const struct gen_vrps *s, uint64_t addr, unsigned len, bool v6)
{
	uint32_t at = hash_u64(addr, len, v6) & s->mask;

	for (; s->head[at] != GEN_NONE; at = (at + 1) & s->mask) {
		const struct gen_vrp *v = &s->v[s->head[at]];

		if (v->addr == addr && v->len == len && v->v6 == v6)
			break;
	}
	return at;
}

static void
gen_vrp_add(struct gen_vrps *s, const struct gen_prefix *p, bool v6, uint32_t asn, uint8_t max_len)
{
	uint32_t at = gen_vrp_slot(s, p->addr, p->len, v6);

	s->v[s->n] = (struct gen_vrp){ .addr = p->addr,
		.asn = asn,
		.next = s->head[at],
		.len = p->len,
		.max_len = max_len,
		.v6 = v6 };
	s->head[at] = s->n++;
	s->lens[v6] |= UINT64_C(1) << (p->len - 1);
}

static enum gen_rov
gen_validate(
    const struct gen_vrps *s, const struct gen_prefix *p, bool v6, bool has_origin, uint32_t origin)
{
	enum gen_rov state = GEN_NOT_FOUND;

	for (unsigned len = 1; len <= p->len; len++) {
		uint32_t i;

		if ((s->lens[v6] >> (len - 1) & 1) == 0)
			continue;
		i = s->head[gen_vrp_slot(s, p->addr & gen_mask(len), len, v6)];
		for (; i != GEN_NONE; i = s->v[i].next) {
			bool names_it = has_origin && s->v[i].asn == origin;

			if (names_it && p->len <= s->v[i].max_len)
				return GEN_VALID;
			if (names_it)
				state = GEN_INVALID_LENGTH;
			else if (state == GEN_NOT_FOUND)
				state = GEN_INVALID_ASN;
		}
	}
	return state;
}

/* Sign the table: who signs does so for all it holds; who lies inside somebody else's signed prefix
 * signs nearly always. */
static void
gen_vrps_make(
    struct gen_vrps *s, const struct gen_graph *g, const struct gen_table *t, uint32_t seed)
{
	uint32_t slots = 4096;

	while (slots < 2 * t->prefixes_n)
		slots *= 2;
	*s = (struct gen_vrps){ .v = gen_alloc(t->prefixes_n, sizeof *s->v),
		.head = gen_alloc(slots, sizeof *s->head),
		.mask = slots - 1 };
	memset(s->head, 0xff, (size_t)slots * sizeof *s->head);
	for (unsigned pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < t->prefixes_n; i++) {
			const struct gen_prefix *p = &t->prefix[i];
			const struct gen_bundle *b = &t->bundle[p->bundle];
			bool signer = gen_chance(hash_u64(seed, b->origin, 0x516e), 470);
			uint32_t h = hash_u64(seed, i, 0x40a), asn = g->as[b->origin].asn;
			uint8_t most = b->v6 ? 48 : 24, max_len = p->len;

			if (signer != (pass == 0))
				continue;
			if (!signer && (gen_validate(s, p, b->v6, true, asn) < GEN_INVALID_ASN ||
					   gen_chance(hash_u64(seed, i, 0x40b), 30)))
				continue;
			if (gen_chance(h, 7)) /* signed for somebody else: a mistake */
				asn = g->as[gen_scale(hash_u64(seed, i, 0x40c), g->n)].asn;
			else if (gen_chance(h, 350) && max_len < most)
				max_len = most;
			gen_vrp_add(s, p, b->v6, asn, max_len);
		}
}

/* One network in ten says who its providers are. */
static void
gen_aspas_write(const struct gen_graph *g, uint32_t seed, FILE *f)
{
	const char *between = "";

	for (uint32_t i = GEN_CLIQUE; i < g->n; i++) {
		const struct gen_as *a = &g->as[i];

		if (a->up_n == 0 || !gen_chance(hash_u64(seed, i, 0xa5ba), 100))
			continue;
		fprintf(f, "%s{\"customer_asid\":%u,\"providers\":[", between, a->asn);
		for (unsigned k = 0; k < a->up_n; k++)
			fprintf(f, "%s%u", k > 0 ? "," : "", g->as[a->up[k]].asn);
		fputs("]}", f);
		between = ",\n";
	}
}

/* As validators export it. */
static bool
gen_vrps_write(const struct gen_vrps *s, const struct gen_graph *g, uint32_t seed, const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return false;
	fputs("{\"metadata\":{\"generated\":1767225600,\"generatedTime\":\"2026-01-01T00:00:00Z\"},"
	      "\"roas\":[\n",
	    f);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct gen_vrp *v = &s->v[i];
		uint8_t octets[16] = { 0 };
		char text[IP_PREFIX_TEXT_MAX];
		struct ip_prefix p;

		for (unsigned k = 0; k < 8; k++)
			octets[k] = (uint8_t)(v->addr >> (56 - 8 * k));
		if (!ip_prefix_make(&p, v->v6 ? IP_V6 : IP_V4, octets, v->len))
			abort();
		fprintf(f, "{\"asn\":%u,\"prefix\":\"%s\",\"maxLength\":%u,\"ta\":\"bench\"}%s\n",
		    v->asn, ip_prefix_format(&p, text), v->max_len, i + 1 < s->n ? "," : "");
	}
	fputs("],\"aspas\":[\n", f);
	gen_aspas_write(g, seed, f);
	fputs("]}\n", f);
	return fclose(f) == 0;
}

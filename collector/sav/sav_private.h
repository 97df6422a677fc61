/* What the files of this room share. */
#pragma once

#include "base/probe.h"
#include "base/sbuf.h"
#include "collector/sav/sav.h"

enum { SAV_FIRST = 256 };

static inline uint32_t
sav_hash(uint64_t x)
{
	x = (x ^ x >> 29) * 0x9e3779b97f4a7c15U;
	return (uint32_t)(x >> 32);
}

static inline uint64_t
sav_octets(const uint8_t b[8])
{
	uint64_t x;

	memcpy(&x, b, sizeof(x));
	return x;
}

static inline uint32_t
sav_prefix_hash(const struct ip_prefix *p)
{
	return sav_hash(sav_octets(p->b) * 31 + sav_hash(sav_octets(p->b + 8)) + p->len);
}

struct sav_edge {
	uint32_t above, below;
};
PROBE_DEFINE(edge, struct sav_edge, e->above == 0, sav_hash((uint64_t)e->above << 32 | e->below));

/* An AS: of the cone, an origin, or none that a path makes a customer. */
struct sav_as {
	uint32_t asn; /* 0: empty slot */
	uint32_t provider;
	uint8_t why; /* enum sav_why */
	bool in;
};
PROBE_DEFINE(known_as, struct sav_as, e->asn == 0, sav_hash(e->asn));

struct sav_as_set {
	struct sav_as *v;
	uint32_t n, max;
};

struct sav_route {
	struct ip_prefix prefix; /* family IP_NONE: empty slot */
	uint32_t origin;
	uint8_t seen;
};
PROBE_DEFINE(
    route, struct sav_route, e->prefix.family == IP_NONE, sav_prefix_hash(&e->prefix) + e->origin);

struct sav {
	uint8_t method, walk; /* enum sav_method, enum sav_walk */
	bool failed;	      /* out of memory */
	bool no_invalid;
	struct sav_target target;
	uint32_t asn;
	struct sbuf part; /* of a fact that was cut */
	struct sav_session *sessions;
	size_t sessions_n, sessions_max, targets_n; /* those of the target come first at the end */
	struct sav_edge *edges;
	uint32_t edges_n, edges_max;
	struct sav_as_set never, cone;
	struct sav_route *routes;
	uint32_t routes_n, routes_max;
	struct ip_prefix explain;
	struct sav_witness *witnesses;
	size_t witnesses_n;
	/* what comes out */
	struct sav_member *members;
	size_t members_n;
	struct sav_entry *entries;
	size_t entries_n, entries_max;
	struct ip_prefix *prefixes;
	size_t prefixes_n;
	struct ip_prefix lacking; /* the first of them */
	size_t lacking_n;
};

/* --- sav.c, cone.c, permit.c: each calls only those after it; these are of the last two */

/* The AS in the set, NULL: it is not there; made when missing, NULL when out of memory. */
struct sav_as *sav_as_find(const struct sav_as_set *, uint32_t asn);
struct sav_as *sav_as_make(struct sav_as_set *, uint32_t asn);

/* Everybody who is behind the target, by edges and ASPAs, into the cone. false: out of memory. */
bool sav_cone(struct sav *, const struct aspa_set *);
/* The list, of all that was taken. false: out of memory. */
bool sav_permit(struct sav *, const struct vrp_set *);

/* What the files of the rules share: the configuration, prepared. */
#pragma once

#include "collector/detect/detect.h"

/* A network that is provider-free, or has siblings. */
struct network {
	uint32_t asn;
	uint32_t group; /* number of its organisation; 0: by itself */
	bool provider_free;
};

struct detect {
	uint16_t generation;
	uint32_t seen_as; /* the AS of ours that the world sees; 0 when none is configured */
	/* sorted; own_asns with the members of the confederation */
	uint32_t *own_asns, *confederation, *own_siblings;
	size_t own_asns_n, confederation_n, own_siblings_n;
	struct network *networks; /* sorted, none of ours */
	size_t networks_n;
	uint64_t perhaps[4]; /* a bit per last octet of an AS that is among them */
	struct detect_community *blackholes;
	size_t blackholes_n;
	char **vrfs;
	size_t vrfs_n;
	struct detect_own *own; /* sorted by prefix */
	size_t own_n;
	struct detect_neighbor *neighbors;
	size_t neighbors_n;
	/* which first 16 bits lie in or below an own prefix, per family: turns most routes away
	 * with one load */
	uint64_t near4[65536 / 64], near6[65536 / 64];
};

bool detect_in_sorted(const uint32_t *v, size_t n, uint32_t key);
bool detect_is_private_as(uint32_t asn); /* RFC 6996 */

/* path.c */

/* NULL when it is none of them. */
const struct network *detect_network(const struct detect *, uint32_t asn);
/* Does a member of the route server send what it has of a provider-free AS? */
bool detect_behind_member(const struct detect *, struct cursor path, uint32_t rs_as);

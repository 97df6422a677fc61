/* What the files of the rules share: the configuration, prepared. */
#pragma once

#include "collector/detect/detect.h"

struct sibling {
	uint32_t asn, group;
};

struct detect {
	uint16_t generation;
	uint32_t seen_as; /* the AS of ours that the world sees; 0 when none is configured */
	/* sorted; own_asns with the members of the confederation, provider_free without ours */
	uint32_t *own_asns, *confederation, *own_siblings, *provider_free;
	size_t own_asns_n, confederation_n, own_siblings_n, provider_free_n;
	struct sibling *siblings; /* sorted by AS */
	size_t siblings_n;
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

/* Have they a provider-free AS between them, or are they of one organisation? */
bool detect_is_provider_free(const struct detect *, uint32_t asn);
/* Number of its group, 0 for none. */
uint32_t detect_sibling_group(const struct detect *, uint32_t asn);
/* Does a member of the route server send what it has of a provider-free AS? */
bool detect_behind_member(const struct detect *, struct cursor path, uint32_t rs_as);

/*
 * vrp_edit: origin validation by VRPs that nobody has published: those in force, with some more or
 * fewer. Nothing is built for it, and nothing changes.
 */
#pragma once

#include "collector/rpki/vrp.h"

enum { VRP_EDITS_MAX = 16 };

struct vrp_edits {
	unsigned n;
	struct {
		struct vrp vrp;
		bool gone; /* else it is there */
	} v[VRP_EDITS_MAX];
};

/* Is the prefix one that any of them covers? Others are judged as before. */
bool vrp_edits_touch(const struct vrp_edits *, const struct ip_prefix *);
/* As vrp_validate, of the set with the edits; out of memory: as without them. */
struct rov_result vrp_validate_edited(const struct vrp_set *, const struct vrp_edits *,
    const struct ip_prefix *, bool has_origin, uint32_t origin);

/*
 * own_derived: own prefixes that nobody has to list, those of VRPs that name an AS of ours. They
 * are a function of the configuration and of VRPs that are whole; until these are there after a
 * restart, and while they are not whole, they are what they were.
 */
#pragma once

#include "collector/daemon/records.h"
#include "collector/detect/detect.h"
#include "collector/rpki/vrp.h"

struct own_derived {
	struct ip_prefix *v; /* sorted */
	size_t n;
};

/* What is kept of before. */
void own_derived_restore(struct own_derived *, struct records *);
void own_derived_free(struct own_derived *);
/* VRPs are whole: returns whether they say something else than before, which is then kept. */
bool own_derived_update(
    struct own_derived *, struct records *, const struct detect_config *, const struct vrp_set *);
/* own.prefixes of the configuration, which win, and the derived ones that lie in none of them; to
 * be freed, what they point to is borrowed. NULL when out of memory. */
struct detect_own *own_derived_join(
    const struct own_derived *, const struct detect_config *, size_t *n);

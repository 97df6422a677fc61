/*
 * own_derived: own prefixes that nobody has to list, those of VRPs that name an AS of ours. They
 * are a function of the configuration, of VRPs that are whole, and of those of the last days: a
 * prefix whose ROA is gone is ours for a week more, unless a ROA of somebody else covers it by
 * then. Just who takes away our ROA is one to be seen. Until VRPs are there after a restart, and
 * while they are not whole, they are what they were.
 */
#pragma once

#include "collector/daemon/records.h"
#include "collector/detect/detect.h"
#include "collector/rpki/vrp.h"

enum { OWN_DERIVED_DAYS = 7 };

struct own_derived_one {
	struct ip_prefix prefix;
	uint32_t asn;  /* ours that a VRP names, or named last; 0 not known */
	uint32_t gone; /* day, since 1970 UTC, since when none names us; 0: one does */
};

struct own_derived {
	struct own_derived_one *v; /* sorted */
	size_t n;
};

/* Who keeps one over a restart; value NULL: no longer. */
struct own_derived_keeper {
	void (*keep)(void *ctx, const char *key, const char *value, size_t len);
	void *ctx;
};

/* What is kept of before. */
void own_derived_restore(struct own_derived *, struct records *);
/* One of them. false when out of memory. */
bool own_derived_restore_one(struct own_derived *, const char *key, const void *value, size_t len);
/* Keeps in the state of the journal; ctx: the struct records. */
void own_derived_keep(void *records, const char *key, const char *value, size_t len);
void own_derived_free(struct own_derived *);
/* VRPs are whole: returns whether something else is ours than before. today: in days since 1970
 * UTC. */
bool own_derived_update(struct own_derived *, const struct own_derived_keeper *,
    const struct detect_config *, const struct vrp_set *, uint32_t today);
/* own.prefixes of the configuration, which win, and the derived ones that lie in none of them; to
 * be freed, what they point to is borrowed. NULL when out of memory. */
struct detect_own *own_derived_join(
    const struct own_derived *, const struct detect_config *, size_t *n);

/*
 * vrp_expiry: when VRPs are about to expire, where their source says so: `expires` of rpki-client,
 * which is the first end of anything on the way to the trust anchor, and of Routinator's jsonext
 * the same by `chainValidity` and `stale`. In health all of it is renewed long before; hence only
 * what ends soon is kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/rpki/vrp.h"

enum {
	VRP_EXPIRY_SOON_S = 6 * 3600, /* from then on it is told */
	VRP_EXPIRY_KEPT_S = 12 * 3600 /* of a file that may be read again as late as that */
};

struct vrp_expiry {
	struct vrp vrp;
	int64_t at_s; /* Unix time */
};

struct vrp_expiries {
	struct vrp_expiry *v;
	size_t n, cap;
	size_t untimed; /* entries of the file that do not say when */
};

/* Noted when that is soon enough after now_s. false: out of memory. */
bool vrp_expiries_add(struct vrp_expiries *, const struct vrp *, int64_t at_s, int64_t now_s);
void vrp_expiries_sort(struct vrp_expiries *);
/* Of a sorted list: when the last of these VRPs expires; 0: not soon, or nobody says it. */
int64_t vrp_expiries_find(const struct vrp_expiries *, const struct vrp *);
void vrp_expiries_free(struct vrp_expiries *);

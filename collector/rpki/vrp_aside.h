/*
 * vrp_aside: VRPs that would turn a great part of the table invalid at once, kept out of the data
 * for a while. No registry gives so much in one block, or it is new and covers what nothing covered
 * before: more likely a mistake of a source than a ROA. What is in force already is never taken
 * out, and what is still there when the time is over is let in.
 */
#pragma once

#include "collector/rpki/vrp.h"

enum vrp_aside_kind {
	VRP_ASIDE_DEFAULT, /* wider than a /8, or than a /12 of what is given out of IPv6 */
	VRP_ASIDE_MASS,	   /* new, wide (a /8, a /19) or AS 0 and together so wide */
	VRP_ASIDE_KINDS
};

struct vrp_held {
	struct vrp vrp;
	uint8_t kind;
	int64_t since_us;
	bool seen; /* in the data of now */
};

struct vrp_aside {
	struct vrp_held *v; /* sorted by VRP */
	size_t n, cap;
};

/*
 * Take out of `next` (sorted, unique) what is to be held, remember it, and forget what is no longer
 * there. in_force: NULL for nothing yet. growth: is what is new news, and not of a source that has
 * just been added? Without either only VRP_ASIDE_DEFAULT is held. Held for hold_us.
 * false: out of memory; then `next` may hold what it should not.
 */
bool vrp_aside_apply(struct vrp_aside *, struct vrp_list *next, const struct vrp_set *in_force,
    bool growth, int64_t hold_us, int64_t now_us);
/* When the first of them is to be let in; 0: none is held. */
int64_t vrp_aside_due(const struct vrp_aside *, int64_t hold_us);
size_t vrp_aside_count(const struct vrp_aside *, enum vrp_aside_kind);
/* The first of this kind; NULL for none. */
const struct vrp *vrp_aside_first(const struct vrp_aside *, enum vrp_aside_kind);
void vrp_aside_free(struct vrp_aside *);

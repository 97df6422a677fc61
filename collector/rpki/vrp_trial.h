/*
 * vrp_trial: what other VRPs would turn invalid, found out before they are used. Whoever has routes
 * gets one of its own, and counts in it; what several have counted is added up afterwards.
 *
 * What counts are prefixes in the table of one router, of the router that has most: that is the
 * same whatever the number of routers, peers, views and workers. A prefix counts when one of its
 * routes is not invalid now and would be. To blame are, where the route is valid now, the VRPs that
 * make it so and would be gone, and else the new ones that cover it.
 */
#pragma once

#include "collector/rpki/vrp.h"

enum {
	VRP_TRIAL_BLAMED_MAX = 32, /* VRPs for one route */
	VRP_TRIAL_OURS_MAX = 64,
};

/* A prefix of ours that would be invalid, and a VRP that is to blame, by number. */
struct vrp_trial_ours {
	struct ip_prefix prefix;
	uint32_t vrp;
};

struct vrp_trial {
	struct vrp_set *after;
	struct vrp_cover *cover; /* of the difference */
	struct vrp_delta delta;	 /* VRPs are numbered: those that come, then those that go */
	uint32_t *routes;	 /* that a VRP is to blame for */
	uint32_t all;		 /* that would be invalid, whoever is to blame */
	uint32_t *of_router, all_of_router; /* the same of the router that is being counted */
	struct vrp_trial_ours ours[VRP_TRIAL_OURS_MAX]; /* sorted by prefix, then number */
	unsigned ours_n;
};

/* after: a reference is taken; delta: copied. NULL when out of memory. */
struct vrp_trial *vrp_trial_new(struct vrp_set *after, const struct vrp_delta *delta);
void vrp_trial_free(struct vrp_trial *); /* NULL is fine */

static inline uint32_t
vrp_trial_count(const struct vrp_trial *t)
{
	return (uint32_t)(t->delta.added.n + t->delta.removed.n);
}
/* By number; *gone: it would be gone. */
const struct vrp *vrp_trial_vrp(const struct vrp_trial *, uint32_t number, bool *gone);

/*
 * Would a route become invalid that is not? now: what it is by the VRPs in force, which are
 * `before`. The numbers of the VRPs to blame are put to those in blamed[0..*n-1], each once.
 */
bool vrp_trial_turns(const struct vrp_trial *, const struct vrp_set *before, struct rov_result now,
    const struct ip_prefix *, bool has_origin, uint32_t origin,
    uint32_t blamed[VRP_TRIAL_BLAMED_MAX], unsigned *n);
/* A prefix of the router would be invalid, through these. ours: a route for it is our own. */
void vrp_trial_add(
    struct vrp_trial *, const struct ip_prefix *, bool ours, const uint32_t *blamed, unsigned n);
/* All prefixes of this router have been counted. */
void vrp_trial_end_router(struct vrp_trial *);

/* Add what another one of the same VRPs has counted. */
void vrp_trial_join(struct vrp_trial *, const struct vrp_trial *);
/*
 * From how many routes on a VRP is set aside, so that the rest together turn no more than `most`
 * invalid; 0: none has to be.
 */
uint32_t vrp_trial_limit(const struct vrp_trial *, uint32_t most);

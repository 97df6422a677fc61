/*
 * delegated_keeper: the files that say what registries have not handed out (bogons.delegated,
 * delegated.h): each is kept (kept_file.h); one that is old says nothing new; one that says so much
 * more than before that it is more likely a mistake waits until it does not, or for a reload. The
 * coordinator's thread only.
 */
#pragma once

#include <uv.h>

#include "collector/daemon/alarms.h"
#include "collector/daemon/rules_keeper.h"

struct delegated_config {
	const char *const *files;
	size_t files_n;
	uint32_t max_age_days; /* of a file that says something new; 0: any */
};

struct delegated_keeper;

/* NULL when out of memory. */
struct delegated_keeper *delegated_keeper_new(uv_loop_t *, const struct delegated_config *);
/* alarms: borrowed, and told from now on. */
void delegated_keeper_tells(struct delegated_keeper *, struct alarms *);
/* Another configuration; what is held is let in, and what is in force stays until the files that
 * are new have been taken. false when out of memory. */
bool delegated_keeper_set(struct delegated_keeper *, const struct delegated_config *);
/* About once a second: what is new goes to the rules, when they are not busy. */
void delegated_keeper_tick(struct delegated_keeper *, struct rules_keeper *, struct workers *);
/* Is every route evaluated by all of the files, and is none of these too old? */
bool delegated_keeper_is_whole(const struct delegated_keeper *, const struct rules_keeper *);
/* Before the loop's end: lets go of its handles. NULL is fine. */
void delegated_keeper_stop(struct delegated_keeper *);
/* The loop has ended, or was never begun. NULL is fine. */
void delegated_keeper_free(struct delegated_keeper *);

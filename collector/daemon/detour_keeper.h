/*
 * detour_keeper: direct ways that were left (engine/detours.c), over restarts and for all workers:
 * what one engine finds out every other one knows, should the router come back there.
 */
#pragma once

#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"

/* Tell the workers what is kept. */
void detour_keeper_begin(struct records *, struct workers *);
/* EVENT_DETOUR, EVENT_DETOUR_OVER. */
void detour_keeper_saw(struct records *, struct workers *, const struct engine_event *);

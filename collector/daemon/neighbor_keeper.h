/*
 * neighbor_keeper: who our neighbours are, what of ours they all have lost (own_presence.h), and
 * which direct ways were left (detour_keeper.h), over all workers and over restarts. A worker sees
 * the sessions of its own routers only; what it says goes to all. Whom nobody has seen for two
 * weeks is forgotten. The coordinator's thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"
#include "collector/incident/incident.h"

struct neighbor_keeper;

/* With what was kept before. records: borrowed. NULL when out of memory. */
struct neighbor_keeper *neighbor_keeper_new(struct records *);
void neighbor_keeper_free(struct neighbor_keeper *); /* NULL is fine */
/* The workers are there, and know nobody yet. */
void neighbor_keeper_begin(struct neighbor_keeper *, struct workers *);
/* A network of this AS is a neighbour. */
void neighbor_keeper_saw(struct neighbor_keeper *, uint32_t asn);
/* Those of them who left a direct way (EVENT_DETOUR, EVENT_DETOUR_OVER). */
void neighbor_keeper_detour(struct neighbor_keeper *, const struct engine_event *);
/* A worker has a route of ours, or no longer (EVENT_OWN_THERE, EVENT_OWN_GONE). */
void neighbor_keeper_own(struct neighbor_keeper *, const struct engine_event *);
/* At the first start nobody is called a stranger until every router that came has shown all it has.
 */
void neighbor_keeper_router(struct neighbor_keeper *, const char *router, enum feed_state);
/* Call about once a second. now_us: as clock_mono_us(). */
void neighbor_keeper_tick(struct neighbor_keeper *, int64_t now_us);

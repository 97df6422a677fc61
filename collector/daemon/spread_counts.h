/*
 * spread_counts: how many prefixes of each neighbour each router uses and passes on, as the workers
 * tell it (engine/spread.c). What a router that is away used is not known. The coordinator's thread
 * only.
 */
#pragma once

#include "collector/engine/engine.h"
#include "collector/incident/incident.h"

struct spread_counts;

struct spread_counts *spread_counts_new(void);	 /* NULL when out of memory */
void spread_counts_free(struct spread_counts *); /* NULL is fine */
void spread_counts_event(struct spread_counts *, const struct engine_event *); /* EVENT_SPREAD */
/* A router comes and goes; nothing of it is known until it is told anew. */
void spread_counts_router(struct spread_counts *, const char *router, enum feed_state);
/* It is forgotten, or called otherwise. */
void spread_counts_gone(struct spread_counts *, const char *router);
/* What is known now. */
void spread_counts_each(const struct spread_counts *,
    void (*each)(
	void *ctx, const char *router, uint32_t asn, bool ipv6, const struct engine_spread *),
    void *ctx);

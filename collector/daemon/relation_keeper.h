/*
 * relation_keeper: what neighbours are to us by the sizes of their tables, over all workers and
 * over restarts: the worker to which a router comes next time knows it from the first route on. Of
 * whom nothing was heard for two weeks it is forgotten. The coordinator's thread only.
 */
#pragma once

#include <stdint.h>

#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"

struct relation_keeper;

/* With what was kept before. records: borrowed. NULL when out of memory. */
struct relation_keeper *relation_keeper_new(struct records *);
void relation_keeper_free(struct relation_keeper *); /* NULL is fine */
/* The workers are there, and know nothing yet. */
void relation_keeper_begin(struct relation_keeper *, struct workers *);
/* A worker has inferred it, or still says so (EVENT_INFERRED). */
void relation_keeper_saw(struct relation_keeper *, const struct engine_event *);

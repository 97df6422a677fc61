/*
 * own_watch: what is to be said of our own prefixes beyond what single routes show: their ROAs
 * (roa_watch.h), and whether they are where they were (collector/incident/visibility.h; room
 * "visible" of the state). The coordinator's thread only.
 */
#pragma once

#include "collector/daemon/roa_watch.h"
#include "collector/daemon/rules_keeper.h"
#include "collector/engine/engine.h"
#include "collector/incident/visibility.h"

struct own_watch;

/* With what was kept. Both borrowed; now_us: of a clock that is never set and near the wall clock
 * at the start, as wherever it follows. NULL when out of memory. */
struct own_watch *own_watch_new(struct records *, struct alarms *, int64_t now_us);
void own_watch_free(struct own_watch *); /* NULL is fine */
void own_watch_configure(struct own_watch *, const struct visibility_config *);
/* An event of a worker, of any type. */
void own_watch_event(struct own_watch *, const struct engine_event *, int64_t now_us);
void own_watch_rename(struct own_watch *, const char *from, const char *to);
/* What is missing now is as it should be. */
void own_watch_accept(struct own_watch *);
/* As roa_watch_sources. */
void own_watch_sources(struct own_watch *, const struct rpki_sources *);
/* As roa_watch_each. */
void own_watch_roas(const struct own_watch *, const struct vrp_set *,
    void (*each)(void *ctx, const struct own_roa *), void *ctx);
/* Call about once a second, with the rules and the RPKI data that are in force (borrowed for the
 * call, NULL: none is). */
void own_watch_tick(struct own_watch *, const struct rules_keeper *, const struct vrp_set *,
    enum rpki_state, int64_t now_us);

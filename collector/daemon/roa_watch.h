/*
 * roa_watch: what the RPKI data says of our own prefixes: a ROA that is gone, none at all, one that
 * is looser than what we announce, one that names nobody. Only while the data is whole. What a
 * route turns invalid by is the rules'. The coordinator's thread only.
 */
#pragma once

#include "collector/control/control.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"
#include "collector/daemon/rpki_sources.h"
#include "collector/detect/detect.h"
#include "collector/rpki/rpki_state.h"
#include "collector/rpki/vrp.h"

struct roa_watch;

/* Both borrowed. What had a ROA before a restart is known. NULL when out of memory. */
struct roa_watch *roa_watch_new(struct records *, struct alarms *);
void roa_watch_free(struct roa_watch *); /* NULL is fine */
/* Other prefixes may be ours from now on. */
void roa_watch_configure(struct roa_watch *, const struct detect_config *);
/* Who knows when VRPs expire; borrowed. */
void roa_watch_sources(struct roa_watch *, const struct rpki_sources *);
/* What it says of each own prefix by these VRPs (NULL: none). */
void roa_watch_each(const struct roa_watch *, const struct vrp_set *,
    void (*each)(void *ctx, const struct own_roa *), void *ctx);
/* Call about once a second, with what is in force (borrowed for the call, NULL: nothing is). */
void roa_watch_tick(struct roa_watch *, const struct vrp_set *, enum rpki_state, int64_t now_us);

/*
 * contact_watch: at which neighbours nobody knows whom to call, or only by something old: listed
 * for who asks, and told as conditions, contacts.missing and contacts.stale. Who has never said
 * whom to call anywhere is told nothing: he does not want it. A condition is over when of each
 * neighbour it was told of somebody knows it, or the router that had it is back, also after a
 * restart. The coordinator's thread only.
 */
#pragma once

#include "collector/control/control.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/contact_keeper.h"
#include "collector/daemon/neighbor_watch.h"

struct contact_watch;

/* All is borrowed. NULL when out of memory. */
struct contact_watch *contact_watch_new(struct records *, const struct contact_keeper *,
    const struct neighbor_watch *, struct alarms *);
void contact_watch_free(struct contact_watch *); /* NULL is fine */
/* Our own AS numbers, of which others know by the files what we have published; copied. false when
 * out of memory. */
bool contact_watch_configure(struct contact_watch *, const struct detect_config *);
/* Call each for our AS numbers, and then for each network that is a neighbour of ours, by number;
 * what it gets is borrowed for the call. wall_us: as clock_wall_us(). */
void contact_watch_each(const struct contact_watch *, int64_t wall_us,
    void (*each)(void *ctx, const struct contact_seen *), void *ctx);
/* A router is away, or back with all it has; FEED_SYNCED also when it is forgotten. */
void contact_watch_router(
    struct contact_watch *, const char *router, enum feed_state, int64_t now_us);
void contact_watch_rename(struct contact_watch *, const char *from, const char *to);
/* Call about once a second. */
void contact_watch_tick(struct contact_watch *, int64_t wall_us, int64_t now_us);

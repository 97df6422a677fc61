/*
 * router_watch: what is wrong with routers and their sessions, told as it is now: a name that two
 * have, two sessions of one router, limits that are reached.
 */
#pragma once

#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"
#include "collector/daemon/sessions.h"
#include "collector/engine/engine.h"

struct router_watch;

/* Both are borrowed. NULL when out of memory. */
struct router_watch *router_watch_new(struct records *, struct alarms *);
void router_watch_free(struct router_watch *);
/* For sessions_new, with the watch as ctx. */
extern const struct sessions_ops router_watch_sessions;
/* EVENT_LIMIT_REACHED or EVENT_LIMIT_OVER. */
void router_watch_limit(struct router_watch *, const struct engine_event *);
/* Call about once a second. */
void router_watch_tick(struct router_watch *);
/* The collector stops: that sessions end is no evidence that anything is well. */
void router_watch_stop(struct router_watch *);

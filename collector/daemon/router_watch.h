/*
 * router_watch: what is wrong with routers and their sessions, told as it is now: a name that two
 * have, two sessions of one router, limits that are reached, a feed that is worth less than it
 * seems, neighbours whose roles do not fit.
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
/* EVENT_TROUBLE or EVENT_TROUBLE_OVER; EVENT_ROLES_MISFIT or EVENT_ROLES_FIT. */
void router_watch_trouble(struct router_watch *, const struct engine_event *);
void router_watch_roles(struct router_watch *, const struct engine_event *);
/* EVENT_ASPA_MISFIT or EVENT_ASPA_FITS. */
void router_watch_aspa(struct router_watch *, const struct engine_event *);
/* Its feed is complete: of its neighbours all is told that is wrong. */
void router_watch_synced(struct router_watch *, const char *router);
/* It is no longer known, and so is nothing that is wrong with it. */
void router_watch_gone(struct router_watch *, const char *router);
/* Call about once a second. */
void router_watch_tick(struct router_watch *);
/* The collector stops: that sessions end is no evidence that anything is well. */
void router_watch_stop(struct router_watch *);

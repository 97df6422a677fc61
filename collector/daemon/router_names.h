/*
 * router_names: the routers as the coordinator knows them: who they are (identities.h), kept in the
 * journal's file, and their numbers in the incident table (feeds.h). When the configuration gives
 * one another name, its worker and the incidents follow.
 */
#pragma once

#include "collector/daemon/alarms.h"
#include "collector/daemon/contact_watch.h"
#include "collector/daemon/feeds.h"
#include "collector/daemon/identities.h"
#include "collector/daemon/neighbor_watch.h"
#include "collector/daemon/own_watch.h"
#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"
#include "collector/incident/incident.h"

struct router_names {
	struct records *records; /* borrowed, as the next two */
	struct incidents *incidents;
	struct alarms *alarms;		       /* borrowed; NULL: none is raised yet */
	struct neighbor_watch *neighbor_watch; /* the same */
	struct contact_watch *contact_watch;   /* the same */
	struct own_watch *own_watch;	       /* the same */
	struct workers *workers;	       /* NULL: they are not there yet */
	int64_t steady_base_us; /* what the incident table's time is ahead of clock_mono_us */
	struct identities *identities;
	struct feeds *feeds;
};

/* With what was kept of them. false when out of memory; router_names_fini is still due. */
bool router_names_init(struct router_names *, struct records *, struct incidents *);
void router_names_fini(struct router_names *);
/* An incident of before the restart: routers that are called otherwise by now are called so. */
void router_names_follow(const struct router_names *, struct record_incident *);
/* The worker has forgotten a router. */
void router_names_forget(struct router_names *, unsigned worker, const struct engine_event *);

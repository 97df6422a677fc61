/*
 * feed_events: what the workers say of routers, neighbours and routes without rules goes on as
 * records, to the incident table as what is known of its sources, and to those who watch routers.
 */
#pragma once

#include "collector/daemon/contact_watch.h"
#include "collector/daemon/expected_routers.h"
#include "collector/daemon/neighbor_keeper.h"
#include "collector/daemon/neighbor_watch.h"
#include "collector/daemon/spread_counts.h"
#include "collector/daemon/own_watch.h"
#include "collector/daemon/records.h"
#include "collector/daemon/relation_keeper.h"
#include "collector/daemon/router_names.h"
#include "collector/daemon/router_watch.h"
#include "collector/engine/engine.h"
#include "collector/incident/incident.h"

/* Who is told; all borrowed. */
struct feed_events {
	struct records *records;
	struct router_names *names;
	struct incidents *incidents;
	struct router_watch *router_watch;
	struct neighbor_keeper *neighbors;
	struct relation_keeper *relations;
	struct neighbor_watch *neighbor_watch;
	struct contact_watch *contact_watch;
	struct spread_counts *spread;
	struct own_watch *own_watch;
	struct expected_routers *expected; /* NULL: the collector stops, nobody is expected */
	int64_t now_us;			   /* the incident table's */
};

void feed_events_take(const struct feed_events *, unsigned worker, const struct engine_event *);

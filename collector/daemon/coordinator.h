/*
 * coordinator: the one thread behind the workers, and what it owns.
 *
 *   accept          listens, and gives each connection to the worker that knows the router
 *   workers         findings and events come from them, commands go to them
 *   incidents       what findings mean together
 *   records         numbers what goes to journal and Kafka
 *   rpki_sources    VRPs from caches and files, for the workers
 *   recording_feeds recorded files, as if they were routers
 *   control         the operators' socket
 *   http            the same for monitoring systems and browsers
 *
 * It owns one libuv loop; coordinator_run is the main thread's life.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/daemon/accept.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/contact_keeper.h"
#include "collector/daemon/delegated_keeper.h"
#include "collector/daemon/neighbor_watch.h"
#include "collector/daemon/recording_feeds.h"
#include "collector/daemon/records.h"
#include "collector/daemon/reloader.h"
#include "collector/daemon/rpki_sources.h"
#include "collector/daemon/sav_watch.h"
#include "collector/daemon/worker.h"
#include "collector/detect/detect.h"
#include "collector/http/http.h"
#include "collector/incident/incident.h"
#include "collector/incident/visibility.h"

/* Everything is borrowed for the call it is given to; detect until another one is applied, or
 * coordinator_free. */
struct coordinator_config {
	const char *control_path;
	unsigned workers; /* at least 1 */
	struct worker_config worker;
	const struct listen_address *listen;
	size_t listen_n;
	struct accept_access access;
	struct sessions_config sessions;
	uint32_t router_forget_s; /* so long a router that is away keeps its name */
	uint32_t behind_s;	  /* later than that with its work the collector says so */
	const struct recording_file *files;
	size_t files_n;
	struct detect_config detect;
	struct neighbor_watch_config watch;
	struct sav_watch_config sav;
	bool has_neighbors_file;
	struct delegated_config delegated;
	uint32_t lists_max_age_days; /* of files of neighbors.lists; 0: any */
	bool has_as_rel;
	const char *as_rel;	    /* file of relations of networks (as_rel.h); "" none */
	const char *neighbors_file; /* of names and contacts (contacts.h); "" none */
	struct contacts_config contacts;
	struct incident_config incident;
	struct visibility_config visibility;
	struct rpki_config rpki;
	struct records_config records;
	struct http_config http;
};

struct coordinator;

/* reload: what happens on SIGHUP, borrowed as ctx is until coordinator_free; its `apply` may call
 * coordinator_reconfigure. NULL with the reason in error. */
struct coordinator *coordinator_new(const struct coordinator_config *,
    const struct reload_ops *reload, void *ctx, char *error, size_t size);
/* Until SIGTERM or SIGINT. Then listeners, sessions, engines, sinks are stopped in this order. 0,
 * or 1 on failure. */
int coordinator_run(struct coordinator *);
void coordinator_free(struct coordinator *);

/* Apply what can be changed while running: access, routers, rules, incidents, RPKI sources, Kafka.
 * false with the reason in error. */
bool coordinator_reconfigure(
    struct coordinator *, const struct coordinator_config *, char *error, size_t size);
/* There was to be another configuration, and the former one stays: log it, and raise the alarm that
 * the next one that is applied ends. */
void coordinator_reload_refused(struct coordinator *, const char *why);

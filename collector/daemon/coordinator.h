/*
 * coordinator: the one thread behind the workers. It accepts connections and gives them to workers,
 * keeps the incident table, numbers records and hands them to the journal, runs the RTR clients and
 * watches the VRP files, and answers at the control socket. It owns one libuv loop; coordinator_run
 * is the main thread's life.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "collector/daemon/worker.h"
#include "collector/detect/detect.h"
#include "collector/incident/incident.h"
#include "sinks/kafka.h"

struct coordinator_listen {
	struct ip_addr address;
	uint16_t port;
};

struct coordinator_router {
	const char *name;
	struct ip_addr address;
};

struct coordinator_cache {
	const char *name, *host;
	uint16_t port;
	uint8_t version;
};

struct coordinator_recording {	 /* a recorded file, read at the start as if routers had sent it */
	const char *path, *name; /* name: of the router, "" for what the file says */
};

/* Everything is borrowed for the call it is given to. */
struct coordinator_config {
	const char *collector;
	const char *journal_path, *control_path;
	unsigned workers; /* at least 1 */
	struct worker_config worker;
	const struct coordinator_listen *listen;
	size_t listen_n;
	uint32_t routers_max;
	const struct ip_prefix *allow; /* empty: everybody */
	size_t allow_n;
	const struct coordinator_router *routers;
	size_t routers_n;
	const struct coordinator_recording *files;
	size_t files_n;
	struct detect_config detect;
	struct incident_config incident;
	const char *const *vrp_files;
	size_t vrp_files_n;
	const struct coordinator_cache *caches;
	size_t caches_n;
	uint32_t retain_days;
	uint64_t retain_octets;
	bool kafka_enabled;
	struct kafka_config kafka;
};

struct coordinator;

/* on_reload: called on SIGHUP, on the coordinator's thread; it may call coordinator_reconfigure.
 * NULL with the reason in error. */
struct coordinator *coordinator_new(const struct coordinator_config *,
    void (*on_reload)(void *ctx, struct coordinator *), void *ctx, char *error, size_t size);
/* Until SIGTERM or SIGINT. Then listeners, sessions, engines, sinks are stopped in this order. 0,
 * or 1 on failure. */
int coordinator_run(struct coordinator *);
void coordinator_free(struct coordinator *);

/* Apply what can be changed while running: access, routers, rules, incidents, RPKI sources, Kafka.
 */
bool coordinator_reconfigure(
    struct coordinator *, const struct coordinator_config *, char *error, size_t size);

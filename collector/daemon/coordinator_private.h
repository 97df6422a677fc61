/* What the files of the coordinator share; nobody else includes it. */
#pragma once

#include <pthread.h>
#include <uv.h>

#include "base/sbuf.h"
#include "collector/control/control.h"
#include "collector/daemon/coordinator.h"
#include "collector/daemon/rtr_client.h"
#include "collector/daemon/vrp_file.h"
#include "collector/rpki/vrp_union.h"
#include "collector/show/show.h"
#include "sinks/journal.h"
#include "sinks/journal_writer.h"

/* One numbering of routers over all workers: the incident table's feeds. */
struct coordinator_feed {
	uint16_t worker;
	uint32_t router;
	bool up;
	char name[ENGINE_NAME_MAX];
};

struct listener {
	uv_tcp_t tcp;
	struct coordinator *coordinator;
	struct coordinator_listen at;
};

struct coordinator_source;
struct coordinator_feed_recording;

struct coordinator {
	uv_loop_t loop;
	uv_async_t wake;
	uv_signal_t sig_term, sig_int, sig_hup;
	uv_timer_t tick;
	struct worker **workers;
	unsigned workers_n, stopped_n;
	unsigned *sessions_n; /* per worker */
	uint32_t sessions;
	struct listener *listeners;
	size_t listeners_n;
	struct newcomer *newcomers; /* connections whose worker is not chosen yet */
	struct control *control;
	struct incidents *incidents;
	struct journal_writer *writer;
	struct journal *reader; /* what the journal had at the start, and history */
	struct kafka *kafka;	/* guarded by kafka_lock */
	pthread_mutex_t kafka_lock;
	uint64_t seq;
	struct coordinator_feed *feeds;
	size_t feeds_n;
	struct detect *detect, *detect_old;
	uint16_t detect_generation;
	unsigned detect_waiting; /* workers that still judge under the old one */
	/* access and names; owned copies */
	char *collector;
	struct ip_prefix *allow;
	size_t allow_n;
	struct coordinator_router *routers;
	size_t routers_n;
	uint32_t routers_max;
	uint64_t refused;
	struct coordinator_feed_recording *files; /* recorded files that feed sessions */
	size_t files_n;
	/* RPKI */
	struct coordinator_source *sources;
	size_t sources_n;
	struct vrp_set *vrps;
	uint64_t vrp_generation;
	uv_timer_t vrp_settle;
	bool vrp_due;
	void (*on_reload)(void *ctx, struct coordinator *);
	void *ctx;
	bool stopping;
	int64_t started_us;
};

/* daemon/coordinator.c */
void coordinator_emit(
    struct coordinator *, struct record *); /* numbers it and sends it everywhere */
void coordinator_event(struct coordinator *, const char *type, uint8_t severity, const char *router,
    const char *peer, uint32_t peer_as, const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* Send a command to a worker, waiting (bounded) while its ring is full. */
void coordinator_command(struct coordinator *, unsigned worker, const void *cmd, size_t len);

/* accept.c */
bool coordinator_listen_all(
    struct coordinator *, const struct coordinator_listen *, size_t n, char *error, size_t size);
void coordinator_listen_stop(struct coordinator *);
bool coordinator_set_access(struct coordinator *, const struct coordinator_config *);
/* A session's descriptor, wherever it comes from: to the worker of its identity, or closed when
 * there are too many. configured: its name in the configuration, or "". */
void coordinator_welcome(struct coordinator *, int fd, const char *address, const char *configured);

/* files.c */
bool coordinator_recordings_start(
    struct coordinator *, const struct coordinator_config *, char *error, size_t size);
void coordinator_recordings_take(
    struct coordinator *); /* streams that have begun become sessions */
void coordinator_recordings_stop(struct coordinator *);

/* daemon/rpki_sources.c */
bool coordinator_sources_start(struct coordinator *, const struct coordinator_config *);
void coordinator_sources_stop(struct coordinator *);
void coordinator_sources_show(const struct coordinator *, struct printer *);

#include "collector/daemon/coordinator.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/coordinator_private.h"

enum {
	TICK_MS = 100,
	DRAIN_MAX = 4096,     /* messages per worker and wake-up, before the loop is served again */
	PENDING_MAX = 200000, /* records in memory while the disk does not take them */
	STOP_MS = 10000,
	COMMAND_TRIES = 2000, /* of a millisecond each: a worker that does not take a command for so
				 long is stuck */
};

/* --- records */

void
coordinator_emit(struct coordinator *d, struct record *r)
{
	r->seq = ++d->seq;
	text_copy(r->collector, sizeof(r->collector), d->collector);
	journal_writer_add(d->writer, r);
	if (d->control != NULL)
		control_record(d->control, r);
}

static void
on_incident(void *ctx, const struct record *r)
{
	struct record copy = *r;

	coordinator_emit(ctx, &copy);
}

void
coordinator_event(struct coordinator *d, const char *type, uint8_t severity, const char *router,
    const char *peer, uint32_t peer_as, const char *fmt, ...)
{
	struct record r = { .kind = RECORD_EVENT, .at_us = clock_wall_us() };
	va_list ap;
	int n;

	text_copy(r.event.type, sizeof(r.event.type), type);
	r.event.severity = severity;
	text_copy(r.event.router, sizeof(r.event.router), router);
	text_copy(r.event.peer, sizeof(r.event.peer), peer);
	r.event.peer_as = peer_as;
	va_start(ap, fmt);
	n = vsnprintf(r.event.summary, sizeof(r.event.summary), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(r.event.summary))
		engine_text_cut(r.event.summary, sizeof(r.event.summary), "…");
	coordinator_emit(d, &r);
}

/* --- workers */

void
coordinator_command(struct coordinator *d, unsigned worker, const void *cmd, size_t len)
{
	for (int i = 0; i < COMMAND_TRIES; i++) {
		if (worker_command(d->workers[worker], cmd, len))
			return;
		uv_sleep(1);
	}
	log_error("coordinator", "worker=%u takes no commands; this is a defect", worker);
	abort();
}

/* The incident table's number of a worker's router. */
static uint32_t
feed_number(struct coordinator *d, unsigned worker, uint32_t router, const char *name)
{
	for (size_t i = 0; i < d->feeds_n; i++)
		if (d->feeds[i].worker == worker && d->feeds[i].router == router)
			return (uint32_t)i;
	if (d->feeds_n % 64 == 0) {
		struct coordinator_feed *v = realloc(d->feeds, (d->feeds_n + 64) * sizeof(*v));

		if (v == NULL)
			abort(); /* nothing sensible can go on without it */
		d->feeds = v;
	}
	d->feeds[d->feeds_n] =
	    (struct coordinator_feed){ .worker = (uint16_t)worker, .router = router };
	text_copy(d->feeds[d->feeds_n].name, sizeof(d->feeds[0].name), name);
	return (uint32_t)d->feeds_n++;
}

/* A route of a family that has no rules and no table of its own to look it up in. */
static void
apply_route_event(struct coordinator *d, const struct engine_event *ev)
{
	bool announced = ev->type == EVENT_ROUTE_ANNOUNCED;
	char family[32], text[RECORD_TEXT_MAX], tail[ENGINE_DIGEST_MAX];
	int n = snprintf(text, sizeof(text), "%s %s by %s AS%u (%s): %s",
	    bgp_family_name(ev->family, family, sizeof(family)),
	    announced ? "announced" : "withdrawn", ev->address, ev->peer_as,
	    bmp_view_name(ev->view), ev->text);

	engine_digest_text(tail, ev->digest);
	if (n >= (int)sizeof(text))
		engine_text_cut(text, sizeof(text), tail);
	coordinator_event(d, announced ? "route.announced" : "route.withdrawn", SEVERITY_INFO,
	    ev->router_name, ev->address, ev->peer_as, "%s", text);
}

static void
apply_event(struct coordinator *d, unsigned worker, const struct engine_event *ev)
{
	uint32_t feed = feed_number(d, worker, ev->router, ev->router_name);
	int64_t now = clock_wall_us();

	switch (ev->type) {
	case EVENT_ROUTER_UP:
		incidents_feed(
		    d->incidents, feed, ev->router_name, FEED_UP, ev->views_monitored, now);
		coordinator_event(d, "session.up", SEVERITY_INFO, ev->router_name, "", 0,
		    "BMP session of %s from %s is up", ev->router_name, ev->address);
		break;
	case EVENT_ROUTER_DOWN:
		incidents_feed(
		    d->incidents, feed, ev->router_name, FEED_DOWN, ev->views_monitored, now);
		coordinator_event(d, "session.down", SEVERITY_WARNING, ev->router_name, "", 0,
		    "BMP session of %s is lost: %s", ev->router_name, ev->text);
		break;
	case EVENT_ROUTER_SYNCED:
		incidents_feed(
		    d->incidents, feed, ev->router_name, FEED_SYNCED, ev->views_monitored, now);
		coordinator_event(d, "session.synced", SEVERITY_INFO, ev->router_name, "", 0,
		    "%s has told its whole table", ev->router_name);
		break;
	case EVENT_PEER_UP:
		coordinator_event(d, "peer.up", SEVERITY_INFO, ev->router_name, ev->address,
		    ev->peer_as, "BGP session of %s with AS%u is up: %s", ev->address, ev->peer_as,
		    ev->text);
		break;
	case EVENT_PEER_DOWN:
		coordinator_event(d, "peer.down", SEVERITY_NOTICE, ev->router_name, ev->address,
		    ev->peer_as, "BGP session of %s with AS%u is down: %s", ev->address,
		    ev->peer_as, ev->text);
		break;
	case EVENT_ROUTE_ANNOUNCED:
	case EVENT_ROUTE_WITHDRAWN:
		apply_route_event(d, ev);
		break;
	default:
		break;
	}
}

static void
apply_finding(struct coordinator *d, unsigned worker, const void *data, size_t len)
{
	struct finding f;

	memset(&f, 0, sizeof(f));
	memcpy(&f, (const uint8_t *)data + offsetof(struct msg_finding, finding),
	    len - offsetof(struct msg_finding, finding));
	f.router = feed_number(d, worker, f.router, "");
	incidents_finding(d->incidents, &f, clock_wall_us());
}

static void
detect_done(struct coordinator *d)
{
	if (d->detect_waiting > 0 && --d->detect_waiting == 0) {
		detect_free(d->detect_old);
		d->detect_old = NULL;
	}
}

static void workers_stopped(struct coordinator *);

static void
apply_message(struct coordinator *d, unsigned worker, const void *data, size_t len)
{
	const struct msg_reply *reply = data;
	uint32_t type;

	memcpy(&type, data, sizeof(type));
	switch (type) {
	case MSG_FINDING:
		apply_finding(d, worker, data, len);
		break;
	case MSG_EVENT:
		apply_event(d, worker, &((const struct msg_event *)data)->event);
		break;
	case MSG_SESSION_CLOSED:
		d->sessions--;
		d->sessions_n[worker]--;
		break;
	case MSG_DETECT_DONE:
		detect_done(d);
		break;
	case MSG_REPLY:
		if (d->control != NULL)
			control_reply(d->control, reply->id,
			    (const uint8_t *)data + offsetof(struct msg_reply, text), reply->len);
		break;
	case MSG_REPLY_END:
		if (d->control != NULL)
			control_reply_end(d->control, reply->id);
		break;
	case MSG_STOPPED:
		d->stopped_n++;
		break;
	default:
		break;
	}
}

/* true when something is left. */
static bool
drain(struct coordinator *d, unsigned worker)
{
	const void *data;
	size_t len;

	for (int i = 0; i < DRAIN_MAX; i++) {
		data = worker_message(d->workers[worker], &len);
		if (data == NULL)
			return false;
		apply_message(d, worker, data, len);
		worker_done(d->workers[worker]);
	}
	return true;
}

static void
on_wake(uv_async_t *async)
{
	struct coordinator *d = async->data;
	bool more = false;

	for (unsigned w = 0; w < d->workers_n; w++)
		more |= drain(d, w);
	coordinator_recordings_take(d);
	if (more)
		uv_async_send(&d->wake);
	if (d->stopping && d->stopped_n == d->workers_n && !more)
		workers_stopped(d);
}

static void
wake_coordinator(void *ctx)
{
	struct coordinator *d = ctx;

	uv_async_send(&d->wake);
}

static void
on_tick(uv_timer_t *timer)
{
	struct coordinator *d = timer->data;

	incidents_tick(d->incidents, clock_wall_us());
}

/* --- Kafka */

static void
journal_written(void *ctx)
{
	struct coordinator *d = ctx;

	pthread_mutex_lock(&d->kafka_lock);
	if (d->kafka != NULL)
		kafka_wake(d->kafka);
	pthread_mutex_unlock(&d->kafka_lock);
}

/* The journal's thread wakes the sink: it must not do so while the sink goes away. */
static struct kafka *
swap_kafka(struct coordinator *d, struct kafka *next)
{
	struct kafka *before;

	pthread_mutex_lock(&d->kafka_lock);
	before = d->kafka;
	d->kafka = next;
	pthread_mutex_unlock(&d->kafka_lock);
	return before;
}

static bool
start_kafka(struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	struct kafka *k;

	if (!c->kafka_enabled)
		return true;
	k = kafka_start(&c->kafka, error, size);
	swap_kafka(d, k);
	return k != NULL;
}

/* --- what the control socket asks */

static unsigned
ask_workers(void *ctx, uint32_t id, const struct show_query *query)
{
	struct coordinator *d = ctx;
	struct cmd_query cmd = { .type = CMD_QUERY, .id = id, .query = *query };

	for (unsigned w = 0; w < d->workers_n; w++)
		coordinator_command(d, w, &cmd, sizeof(cmd));
	return d->workers_n;
}

static bool
open_incident(void *ctx, uint32_t index, struct record *out)
{
	struct coordinator *d = ctx;

	return incidents_get(d->incidents, index, out);
}

static void
rpki_sources(void *ctx, struct printer *p)
{
	coordinator_sources_show(ctx, p);
}

static const struct vrp_set *
vrps_in_force(void *ctx)
{
	struct coordinator *d = ctx;

	return d->vrps;
}

static void
figures(void *ctx, struct control_figures *out)
{
	struct coordinator *d = ctx;

	out->collector = d->collector;
	out->sessions = d->sessions;
	out->sessions_refused = d->refused;
	out->journal_seq = d->seq;
	out->vrps_v4 = vrp_set_count(d->vrps, IP_V4);
	out->vrps_v6 = vrp_set_count(d->vrps, IP_V6);
	out->started_us = d->started_us;
	incidents_stats(d->incidents, &out->incidents);
	journal_writer_stats(d->writer, &out->journal);
	if (d->kafka != NULL)
		kafka_stats(d->kafka, &out->kafka);
}

static const struct control_ops control_ops = {
	.ask_workers = ask_workers,
	.incident = open_incident,
	.rpki_sources = rpki_sources,
	.vrps = vrps_in_force,
	.figures = figures,
};

/* --- stopping: listeners, sessions, engines, sinks */

static void
on_stop(uv_signal_t *sig, int number)
{
	struct coordinator *d = sig->data;
	uint32_t stop = CMD_STOP;

	if (d->stopping)
		return;
	log_notice("coordinator", "stopping signal=%s", strsignal(number));
	d->stopping = true;
	coordinator_listen_stop(d);
	coordinator_recordings_stop(d);
	coordinator_sources_stop(d);
	for (unsigned w = 0; w < d->workers_n; w++)
		coordinator_command(d, w, &stop, sizeof(stop));
}

static void
workers_stopped(struct coordinator *d)
{
	if (uv_is_closing((uv_handle_t *)&d->wake))
		return;
	/* the sessions' ends are told as session.down; the incidents stay open: nothing was
	 * withdrawn */
	coordinator_event(
	    d, "collector.stopped", SEVERITY_INFO, "", "", 0, "collector %s stops", d->collector);
	control_close(d->control);
	d->control = NULL;
	uv_close((uv_handle_t *)&d->wake, NULL);
	uv_close((uv_handle_t *)&d->tick, NULL);
	uv_close((uv_handle_t *)&d->vrp_settle, NULL);
	uv_close((uv_handle_t *)&d->sig_term, NULL);
	uv_close((uv_handle_t *)&d->sig_int, NULL);
	uv_close((uv_handle_t *)&d->sig_hup, NULL);
}

static void
on_hup(uv_signal_t *sig, int number)
{
	struct coordinator *d = sig->data;

	(void)number;
	if (!d->stopping)
		d->on_reload(d->ctx, d);
}

/* --- starting */

static bool
restore_one(void *ctx, const struct record *r)
{
	struct coordinator *d = ctx;

	incidents_restore(d->incidents, r, clock_wall_us());
	return true;
}

static bool
start_journal(struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	struct journal_writer_config wc = { .path = c->journal_path,
		.pending_max = PENDING_MAX,
		.retain_days = c->retain_days,
		.retain_octets = c->retain_octets,
		.written = journal_written,
		.ctx = d };
	int restored;

	d->writer = journal_writer_start(&wc, error, size); /* makes the file */
	if (d->writer == NULL)
		return false;
	d->reader = journal_open(c->journal_path, false, error, size);
	if (d->reader == NULL)
		return false;
	d->seq = journal_last(d->reader);
	restored = journal_read_open_incidents(d->reader, restore_one, d);
	log_info("journal", "path=%s last=%llu open_incidents=%d", c->journal_path,
	    (unsigned long long)d->seq, restored);
	return true;
}

static bool
start_workers(struct coordinator *d, const struct coordinator_config *c)
{
	d->workers = calloc(c->workers, sizeof(struct worker *));
	d->sessions_n = calloc(c->workers, sizeof(unsigned));
	if (d->workers == NULL || d->sessions_n == NULL)
		return false;
	for (unsigned w = 0; w < c->workers; w++) {
		d->workers[w] = worker_start(w, &c->worker, d->detect, wake_coordinator, d);
		if (d->workers[w] == NULL)
			return false;
		d->workers_n++;
	}
	return true;
}

static void
start_handles(struct coordinator *d)
{
	uv_async_init(&d->loop, &d->wake, on_wake);
	uv_timer_init(&d->loop, &d->tick);
	uv_timer_init(&d->loop, &d->vrp_settle);
	uv_signal_init(&d->loop, &d->sig_term);
	uv_signal_init(&d->loop, &d->sig_int);
	uv_signal_init(&d->loop, &d->sig_hup);
	d->wake.data = d->tick.data = d->vrp_settle.data = d->sig_term.data = d->sig_int.data =
	    d->sig_hup.data = d;
	uv_timer_start(&d->tick, on_tick, TICK_MS, TICK_MS);
	uv_signal_start(&d->sig_term, on_stop, SIGTERM);
	uv_signal_start(&d->sig_int, on_stop, SIGINT);
	uv_signal_start(&d->sig_hup, on_hup, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
}

struct coordinator *
coordinator_new(const struct coordinator_config *c,
    void (*on_reload)(void *ctx, struct coordinator *), void *ctx, char *error, size_t size)
{
	struct coordinator *d = calloc(1, sizeof(*d));

	snprintf(error, size, "out of memory");
	if (d == NULL)
		return NULL;
	d->on_reload = on_reload;
	d->ctx = ctx;
	d->started_us = clock_mono_us();
	pthread_mutex_init(&d->kafka_lock, NULL);
	uv_loop_init(&d->loop);
	start_handles(d);
	d->collector = strdup(c->collector);
	d->detect_generation = 1;
	d->detect = detect_new(&c->detect, d->detect_generation);
	d->incidents = incidents_new(&c->incident, on_incident, d);
	if (d->collector == NULL || d->detect == NULL || d->incidents == NULL ||
	    !coordinator_set_access(d, c) || !start_journal(d, c, error, size) ||
	    !start_kafka(d, c, error, size) || !start_workers(d, c) ||
	    (d->control = control_new(
		 &d->loop, c->control_path, d->reader, &control_ops, d, error, size)) == NULL ||
	    !coordinator_sources_start(d, c) ||
	    !coordinator_listen_all(d, c->listen, c->listen_n, error, size) ||
	    !coordinator_recordings_start(d, c, error, size)) {
		coordinator_free(d);
		return NULL;
	}
	coordinator_event(d, "collector.started", SEVERITY_INFO, "", "", 0,
	    "collector %s started, Bellman %s, %u workers", d->collector, BELLMAN_VERSION,
	    d->workers_n);
	return d;
}

int
coordinator_run(struct coordinator *d)
{
	uv_run(&d->loop, UV_RUN_DEFAULT);
	return d->stopping ? 0 : 1;
}

static void
close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

/* Also for a coordinator that came only half into being: then the loop is run until what was opened
 * is closed. */
void
coordinator_free(struct coordinator *d)
{
	struct kafka *k;

	if (d == NULL)
		return;
	if (!d->stopping) {
		uint32_t stop = CMD_STOP;

		d->stopping = true;
		coordinator_listen_stop(d);
		coordinator_recordings_stop(d);
		coordinator_sources_stop(d);
		for (unsigned w = 0; w < d->workers_n; w++)
			coordinator_command(d, w, &stop, sizeof(stop));
		while (d->stopped_n < d->workers_n) {
			for (unsigned w = 0; w < d->workers_n; w++)
				drain(d, w);
			uv_sleep(1);
		}
		control_close(d->control);
		d->control = NULL;
		close_handle((uv_handle_t *)&d->wake, NULL);
		close_handle((uv_handle_t *)&d->tick, NULL);
		close_handle((uv_handle_t *)&d->vrp_settle, NULL);
		close_handle((uv_handle_t *)&d->sig_term, NULL);
		close_handle((uv_handle_t *)&d->sig_int, NULL);
		close_handle((uv_handle_t *)&d->sig_hup, NULL);
		uv_run(&d->loop, UV_RUN_DEFAULT);
	}
	for (unsigned w = 0; w < d->workers_n; w++)
		worker_join(d->workers[w]);
	journal_writer_stop(d->writer, STOP_MS);
	k = swap_kafka(d, NULL);
	if (k != NULL)
		kafka_stop(k, STOP_MS);
	if (d->reader != NULL)
		journal_close(d->reader);
	if (uv_loop_close(&d->loop) != 0)
		log_error("coordinator", "handles are still open at the end; this is a defect");
	incidents_free(d->incidents);
	vrp_set_unref(d->vrps);
	detect_free(d->detect);
	detect_free(d->detect_old);
	for (size_t i = 0; i < d->routers_n; i++)
		free((void *)(uintptr_t)d->routers[i].name);
	free(d->routers);
	free(d->allow);
	free(d->listeners);
	free(d->feeds);
	free(d->workers);
	free(d->sessions_n);
	free(d->collector);
	pthread_mutex_destroy(&d->kafka_lock);
	free(d);
}

/* --- reload */

static bool
reload_detect(struct coordinator *d, const struct coordinator_config *c)
{
	struct cmd_detect cmd = { .type = CMD_DETECT };

	if (++d->detect_generation == 0)
		d->detect_generation++;
	cmd.detect = detect_new(&c->detect, d->detect_generation);
	if (cmd.detect == NULL)
		return false;
	d->detect_old = d->detect;
	d->detect = cmd.detect;
	d->detect_waiting = d->workers_n;
	for (unsigned w = 0; w < d->workers_n; w++)
		coordinator_command(d, w, &cmd, sizeof(cmd));
	return true;
}

bool
coordinator_reconfigure(
    struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	struct kafka *k;

	snprintf(error, size, "out of memory");
	if (d->detect_waiting > 0) {
		snprintf(
		    error, size, "the former reload is still being applied; try again in a moment");
		return false;
	}
	if (c->kafka_enabled && !kafka_check(&c->kafka, error, size))
		return false;
	if (!coordinator_set_access(d, c) || !reload_detect(d, c))
		return false;
	incidents_configure(d->incidents, &c->incident);
	coordinator_sources_stop(d);
	if (!coordinator_sources_start(d, c))
		return false;
	k = swap_kafka(d, NULL);
	if (k != NULL)
		kafka_stop(k, STOP_MS);
	if (!start_kafka(d, c, error, size))
		return false;
	coordinator_event(d, "collector.reloaded", SEVERITY_INFO, "", "", 0,
	    "collector %s has a new configuration", d->collector);
	return true;
}

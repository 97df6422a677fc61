#include "collector/daemon/coordinator.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/coordinator_private.h"
#include "collector/daemon/service.h"

enum {
	TICK_MS = 100,
	LOOK_S = 1,
	HUNG_S = 600, /* a worker that answers nothing for so long will not do so again */
};

/* --- what the incident table says */

/* What the record of an incident passes on its way out. */
static void
complete_record(void *ctx, struct record *r)
{
	struct coordinator *d = ctx;

	incident_notes_apply(d->notes, r);
	mute_keeper_apply(d->mutes, r);
}

static void
on_incident(void *ctx, const struct record *r)
{
	struct coordinator *d = ctx;
	struct record copy = *r;

	complete_record(d, &copy);
	records_emit(d->records, &copy);
}

static void
on_kept(void *ctx, const struct record *r, unsigned part)
{
	incident_store_keep(((struct coordinator *)ctx)->records, r, part);
}

static void
on_baseline(void *ctx, const char *key, const char *value, size_t len)
{
	baseline_keeper_keep(((struct coordinator *)ctx)->records, key, value, len);
}

static const struct incidents_ops incidents_ops = {
	.emit = on_incident, .keep = on_kept, .keep_baseline = on_baseline
};

static struct sav_sources
sav_sources(const struct coordinator *d)
{
	return (struct sav_sources){ d->workers, d->rules.detect, rpki_sources_vrps(d->rpki),
		rpki_sources_aspas(d->rpki), rpki_sources_state(d->rpki), clock_mono_us() };
}

/* --- what the workers say */

static void
on_finding(void *ctx, unsigned worker, struct finding *f)
{
	struct coordinator *d = ctx;

	latency_add(&d->finding_latency, clock_wall_us() - f->at_us);
	f->router = feeds_of(d->names.feeds, worker, f->router)->number;
	incidents_finding(d->incidents, f, steady_us(d));
}

static void
on_event(void *ctx, unsigned worker, const struct engine_event *ev)
{
	struct coordinator *d = ctx;
	const struct feed_events to = { .records = d->records,
		.names = &d->names,
		.incidents = d->incidents,
		.router_watch = d->router_watch,
		.neighbors = d->neighbors,
		.relations = d->relations,
		.neighbor_watch = d->neighbor_watch,
		.contact_watch = d->contact_watch,
		.spread = d->spread,
		.own_watch = d->own_watch,
		.expected = d->stopping ? NULL : d->expected,
		.now_us = steady_us(d) };

	feed_events_take(&to, worker, ev);
}

static void
on_session_tells(void *ctx, uint32_t id)
{
	sessions_tells(((struct coordinator *)ctx)->sessions, id);
}

static void
on_session_lives(void *ctx, uint32_t id, bool lives)
{
	sessions_lives(((struct coordinator *)ctx)->sessions, id, lives);
}

static void
on_session_closed(void *ctx, uint32_t id)
{
	sessions_closed(((struct coordinator *)ctx)->sessions, id);
}

static void
on_detect_done(void *ctx)
{
	rules_keeper_done(&((struct coordinator *)ctx)->rules);
}

/* What origin validation can say may have changed: the workers judge by it, and the incidents. */
static void
update_verdicts(struct coordinator *d)
{
	const struct vrp_set *vrps = rpki_sources_vrps(d->rpki);
	enum verdicts verdicts = verdict_watch_state(d->verdict_watch, rpki_sources_state(d->rpki),
	    d->rpki_configured, vrps != NULL ? vrp_set_generation(vrps) : 0);
	struct cmd_freeze cmd = { .type = CMD_FREEZE, .frozen = verdicts == VERDICTS_FROZEN };

	if (d->rov_frozen != cmd.frozen) {
		d->rov_frozen = cmd.frozen;
		workers_command_all(d->workers, &cmd, sizeof(cmd));
	}
	if (d->verdicts != verdicts)
		incidents_verdicts(d->incidents, verdicts, steady_us(d));
	d->verdicts = verdicts;
}

static void
on_rpki_done(void *ctx, unsigned worker, uint64_t generation, bool frozen)
{
	struct coordinator *d = ctx;

	verdict_watch_done(d->verdict_watch, worker, generation, frozen);
	update_verdicts(d);
}

static void
on_rpki_tried(void *ctx, struct vrp_trial *trial)
{
	rpki_sources_tried(((struct coordinator *)ctx)->rpki, trial);
}

static void
on_load(void *ctx, unsigned worker, const struct msg_load *m)
{
	load_watch_answer(((struct coordinator *)ctx)->load_watch, worker, m);
}

static void
on_reply(void *ctx, uint32_t id, const void *data, uint32_t len)
{
	struct coordinator *d = ctx;

	if (!sav_watch_reply(d->sav_watch, id, data, len) && d->control != NULL)
		control_reply(d->control, id, data, len);
}

static void
on_reply_end(void *ctx, uint32_t id, const struct engine_place *next)
{
	struct coordinator *d = ctx;

	if (!sav_watch_reply_end(d->sav_watch, id, next) && d->control != NULL)
		control_reply_end(d->control, id, next);
}

static const struct workers_ops workers_ops = {
	.finding = on_finding,
	.event = on_event,
	.session_tells = on_session_tells,
	.session_lives = on_session_lives,
	.session_closed = on_session_closed,
	.detect_done = on_detect_done,
	.rpki_done = on_rpki_done,
	.rpki_tried = on_rpki_tried,
	.load = on_load,
	.reply = on_reply,
	.reply_end = on_reply_end,
};

/* From any thread. */
static void
wake_coordinator(void *ctx)
{
	uv_async_send(&((struct coordinator *)ctx)->wake);
}

static void close_handles(struct coordinator *);

static void
on_wake(uv_async_t *async)
{
	struct coordinator *d = async->data;
	bool more;

	if (d->workers == NULL) /* they are being started */
		return;
	more = workers_drain(d->workers);
	records_show(d->records);
	if (d->recordings != NULL)
		recording_feeds_take(d->recordings);
	if (more)
		uv_async_send(&d->wake);
	else if (d->stopping && workers_stopped(d->workers))
		close_handles(d);
}

/* Findings were refused for want of room, which there is again. */
static void
tell_again(struct coordinator *d)
{
	uint32_t cmd = CMD_TELL_AGAIN;

	workers_command_all(d->workers, &cmd, sizeof(cmd));
}

static void
look_at_registries(struct coordinator *d)
{
	incidents_registries(
	    d->incidents, delegated_keeper_is_whole(d->delegated, &d->rules), steady_us(d));
	incidents_lists(d->incidents, list_keeper_is_whole(d->lists, &d->rules), steady_us(d));
}

static void
look(struct coordinator *d)
{
	int64_t now_us = clock_mono_us();

	if (now_us < d->look_us)
		return;
	d->look_us = now_us + (int64_t)LOOK_S * 1000000;
	identities_tick(d->names.identities, clock_wall_us());
	mute_keeper_tick(d->mutes, control_next_incident, d);
	neighbor_keeper_tick(d->neighbors, now_us);
	sessions_tick(d->sessions);
	router_watch_tick(d->router_watch);
	if (d->stopping)
		return;
	http_tick(d->http);
	neighbor_watch_tick(d->neighbor_watch, steady_us(d));
	norm_keeper_tick(d->norms, clock_wall_us());
	contact_watch_tick(d->contact_watch, clock_wall_us(), steady_us(d));
	expected_routers_tick(d->expected);
	test_alert_tick(d->test_alert);
	load_watch_tick(d->load_watch, d->workers);
	rules_keeper_tick(&d->rules, d->workers, d->records);
	delegated_keeper_tick(d->delegated, &d->rules, d->workers);
	list_keeper_tick(d->lists, &d->rules, d->workers);
	look_at_registries(d);
	rules_keeper_derive(&d->rules, d->workers, d->records, rpki_sources_vrps(d->rpki),
	    rpki_sources_state(d->rpki));
	own_watch_tick(d->own_watch, &d->rules, rpki_sources_vrps(d->rpki),
	    rpki_sources_state(d->rpki), steady_us(d));
}

/* Say to the service manager that work is done, and how much there is of it. */
static void
tell_service(const struct coordinator *d)
{
	int64_t now_us = clock_mono_us();
	struct incidents_stats stats;
	char status[128], open[64];

	incidents_stats(d->incidents, &stats);
	snprintf(status, sizeof(status), "%u BMP session%s, incidents open: %s",
	    sessions_count(d->sessions), sessions_count(d->sessions) == 1 ? "" : "s",
	    incidents_said(open, sizeof(open), stats.open, stats.unknown, stats.critical));
	service_tick(
	    now_us, load_watch_silent_us(d->load_watch, now_us) < HUNG_S * 1000000LL, status);
}

static void
on_tick(uv_timer_t *timer)
{
	struct coordinator *d = timer->data;
	const struct sav_sources from = sav_sources(d);

	if (!d->stopping)
		sav_watch_tick(d->sav_watch, &from);
	incidents_set_clock(d->incidents, clock_wall_us() - steady_us(d));
	incidents_tick(d->incidents, steady_us(d));
	if (incidents_want_again(d->incidents))
		tell_again(d);
	records_show(d->records);
	look(d);
	alarms_watch_log(d->alarms);
	records_tick(d->records);
	kafka_watch_tick(d->kafka_watch);
	journal_watch_tick(d->journal_watch);
	alarms_tick(d->alarms);
	if (!d->stopping)
		tell_service(d);
}

/* --- who the routers are */

static bool
configure_sessions(struct coordinator *d, const struct coordinator_config *c)
{
	const struct identities_config names = { .routers = c->access.routers,
		.routers_n = c->access.routers_n,
		.forget_s = c->router_forget_s };

	if (!identities_configure(d->names.identities, &names))
		return false;
	if (d->sessions != NULL)
		sessions_configure(d->sessions, &c->sessions);
	return true;
}

static bool
expect_routers(struct coordinator *d, const struct coordinator_config *c)
{
	return expected_routers_set(
	    d->expected, c->access.routers, c->access.routers_n, c->incident.settle_s);
}

static void
show_record(void *ctx, const struct record *r)
{
	control_record(ctx, r);
}

static void
show_written(void *ctx, uint64_t seq)
{
	control_written(ctx, seq);
}

/* --- what RPKI data is worth */

static void
on_rpki_state(void *ctx, enum rpki_state state)
{
	struct coordinator *d = ctx;

	(void)state; /* it is asked for */
	if (d->verdict_watch != NULL && d->rpki != NULL)
		update_verdicts(d);
}

static const struct rpki_sources_ops rpki_sources_ops = { .state = on_rpki_state };

/* --- stopping: listeners, sessions, engines, sinks */

/* Stop what feeds the workers, and then the workers. */
static void
stop_inputs(struct coordinator *d)
{
	d->stopping = true;
	http_stop(d->http);
	d->http = NULL;
	sav_watch_stop(d->sav_watch);
	if (d->norms != NULL)
		norm_keeper_stop(d->norms, clock_wall_us());
	if (d->incidents != NULL)
		incidents_stop(d->incidents, steady_us(d));
	if (d->router_watch != NULL)
		router_watch_stop(d->router_watch);
	if (d->acceptor != NULL)
		acceptor_stop(d->acceptor);
	if (d->sessions != NULL)
		sessions_stop(d->sessions);
	recording_feeds_stop(d->recordings);
	d->recordings = NULL;
	if (d->rpki != NULL)
		rpki_sources_stop(d->rpki);
	if (d->workers != NULL)
		workers_stop(d->workers);
}

/* The workers have stopped: nothing may keep the loop from ending. */
static void
close_handles(struct coordinator *d)
{
	if (uv_is_closing((uv_handle_t *)&d->wake))
		return;
	if (d->control != NULL) {
		/* the sessions' ends were reported as session.down; the incidents stay open:
		 * nothing was withdrawn */
		records_event(d->records, "collector.stopped", SEVERITY_INFO, "", "", 0,
		    "collector %s stops", records_collector(d->records));
		records_flush(d->records);
		records_listen(d->records, NULL, NULL, NULL);
		control_close(d->control);
		d->control = NULL;
	}
	uv_close((uv_handle_t *)&d->wake, NULL);
	uv_close((uv_handle_t *)&d->tick, NULL);
	incident_notes_stop(d->notes);
	delegated_keeper_stop(d->delegated);
	list_keeper_stop(d->lists);
	uv_close((uv_handle_t *)&d->sig_term, NULL);
	uv_close((uv_handle_t *)&d->sig_int, NULL);
	reloader_stop(d->reloader);
}

static void
on_stop(uv_signal_t *sig, int number)
{
	struct coordinator *d = sig->data;

	if (d->stopping)
		return;
	log_notice("coordinator", "stopping signal=%s", strsignal(number));
	service_stopping();
	stop_inputs(d);
}

/* --- starting */

static void
start_handles(struct coordinator *d)
{
	uv_async_init(&d->loop, &d->wake, on_wake);
	uv_timer_init(&d->loop, &d->tick);
	uv_signal_init(&d->loop, &d->sig_term);
	uv_signal_init(&d->loop, &d->sig_int);
	d->wake.data = d->tick.data = d->sig_term.data = d->sig_int.data = d;
	uv_timer_start(&d->tick, on_tick, TICK_MS, TICK_MS);
	uv_signal_start(&d->sig_term, on_stop, SIGTERM);
	uv_signal_start(&d->sig_int, on_stop, SIGINT);
}

static bool
set_lists(struct coordinator *d, const struct coordinator_config *c)
{
	return list_keeper_set(
	    d->lists, c->detect.neighbors, c->detect.neighbors_n, c->lists_max_age_days);
}

/* What is behind the workers. */
static bool
start_outputs(struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	d->incidents = incidents_new(&c->incident, &incidents_ops, d);
	if (d->incidents == NULL ||
	    (d->records = records_new(&c->records, wake_coordinator, d, error, size)) == NULL)
		return false;
	d->mutes = mute_keeper_new(d->records);
	d->neighbors = neighbor_keeper_new(d->records);
	d->relations = relation_keeper_new(d->records);
	d->notes = incident_notes_new(&d->loop, c);
	d->delegated = delegated_keeper_new(&d->loop, &c->delegated);
	if (d->mutes == NULL || d->neighbors == NULL || d->relations == NULL || d->notes == NULL ||
	    d->delegated == NULL || (d->lists = list_keeper_new(&d->loop, d->records)) == NULL)
		return false;
	d->alarms = alarms_new(d->records, complete_record, d);
	if (d->alarms == NULL || (d->kafka_watch = kafka_watch_new(d->records, d->alarms)) == NULL)
		return false;
	d->router_watch = router_watch_new(d->records, d->alarms);
	d->neighbor_watch = neighbor_watch_new(d->records, d->alarms, d->incidents);
	d->spread = spread_counts_new();
	d->norms = norm_keeper_new(d->records, d->neighbor_watch, d->incidents, d->spread);
	if (d->router_watch == NULL || d->neighbor_watch == NULL || d->norms == NULL ||
	    d->spread == NULL || !router_names_init(&d->names, d->records, d->incidents))
		return false;
	d->names.steady_base_us = d->steady_base_us;
	d->names.alarms = d->alarms;
	d->names.neighbor_watch = d->neighbor_watch;
	incident_notes_tell(d->notes, d->alarms);
	delegated_keeper_tells(d->delegated, d->alarms);
	list_keeper_tells(d->lists, d->alarms);
	if (!set_lists(d, c))
		return false;
	d->expected = expected_routers_new(d->alarms);
	if (d->expected == NULL || !configure_sessions(d, c))
		return false;
	baseline_keeper_restore(d->records, d->incidents);
	incident_store_restore(&(struct incident_store){ d->records, &d->names, d->incidents,
	    d->alarms, c->records.journal_path, steady_us(d) });
	look_at_registries(d);
	d->test_alert = test_alert_new(d->alarms);
	if (d->test_alert == NULL || !expect_routers(d, c))
		return false;
	d->journal_watch = journal_watch_new(d->records, d->alarms);
	d->load_watch = load_watch_new(d->alarms, c->workers);
	d->sav_watch = sav_watch_new(&d->loop, d->records, d->alarms);
	d->contact_watch = contact_watch_new(
	    d->records, incident_notes_contacts(d->notes), d->neighbor_watch, d->alarms);
	d->names.contact_watch = d->contact_watch;
	if (d->journal_watch == NULL || d->load_watch == NULL || d->sav_watch == NULL ||
	    d->contact_watch == NULL || !contact_watch_configure(d->contact_watch, &c->detect) ||
	    !sav_watch_configure(d->sav_watch, &c->sav))
		return false;
	load_watch_configure(d->load_watch, c->behind_s);
	return neighbor_watch_configure(d->neighbor_watch, &c->watch, &c->detect);
}

static bool
set_rpki(struct coordinator *d, const struct coordinator_config *c)
{
	d->rpki_configured = c->rpki.files_n + c->rpki.caches_n > 0;
	if (!rpki_sources_set(d->rpki, &c->rpki))
		return false;
	own_watch_configure(d->own_watch, &c->visibility);
	update_verdicts(d);
	return true;
}

/* The workers, and what feeds them. */
static bool
start_inputs(struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	if (!rules_keeper_init(&d->rules, &c->detect, d->records))
		return false;
	d->workers = workers_start(
	    c->workers, &c->worker, d->rules.detect, &workers_ops, wake_coordinator, d);
	if (d->workers == NULL) {
		workers_explain(c->workers, &c->worker, error, size);
		return false;
	}
	snprintf(error, size, "out of memory");
	neighbor_keeper_begin(d->neighbors, d->workers);
	relation_keeper_begin(d->relations, d->workers);
	d->names.workers = d->workers;
	d->sessions = sessions_new(
	    &d->loop, d->workers, d->names.identities, &router_watch_sessions, d->router_watch);
	if (d->sessions == NULL)
		return false;
	sessions_configure(d->sessions, &c->sessions);
	d->verdict_watch = verdict_watch_new(c->workers);
	if (d->verdict_watch == NULL)
		return false;
	d->acceptor = acceptor_new(&d->loop, d->sessions, d->names.identities);
	d->rpki = rpki_sources_new(
	    &d->loop, d->workers, d->records, d->alarms, c->rpki.memory_path, &rpki_sources_ops, d);
	d->own_watch = d->names.own_watch = own_watch_new(d->records, d->alarms, steady_us(d));
	if (d->acceptor == NULL || d->rpki == NULL || d->own_watch == NULL ||
	    !acceptor_set_access(d->acceptor, &c->access))
		return false;
	own_watch_sources(d->own_watch, d->rpki);
	if (!set_rpki(d, c) || !acceptor_listen(d->acceptor, c->listen, c->listen_n, error, size))
		return false;
	/* After the listeners: who finds the control socket may take it that routers are let in. */
	d->control = control_new(
	    &d->loop, c->control_path, c->records.journal_path, &control_answers, d, error, size);
	if (d->control == NULL)
		return false;
	records_listen(d->records, show_record, show_written, d->control);
	d->http = http_start(&c->http, error, size);
	if (d->http == NULL)
		return false;
	d->recordings = recording_feeds_start(
	    c->files, c->files_n, d->sessions, wake_coordinator, d, error, size);
	return d->recordings != NULL;
}

struct coordinator *
coordinator_new(const struct coordinator_config *c, const struct reload_ops *reload, void *ctx,
    char *error, size_t size)
{
	struct coordinator *d = calloc(1, sizeof(*d));

	snprintf(error, size, "out of memory");
	if (d == NULL)
		return NULL;
	d->started_us = clock_mono_us();
	d->steady_base_us = clock_wall_us() - clock_mono_us();
	uv_loop_init(&d->loop);
	start_handles(d);
	d->reloader = reloader_start(&d->loop, reload, ctx);
	if (d->reloader == NULL || !start_outputs(d, c, error, size) ||
	    !start_inputs(d, c, error, size)) {
		coordinator_free(d);
		return NULL;
	}
	records_event(d->records, "collector.started", SEVERITY_INFO, "", "", 0,
	    "collector %s started, Bellman %s, %u worker%s", records_collector(d->records),
	    BELLMAN_VERSION, workers_count(d->workers), workers_count(d->workers) == 1 ? "" : "s");
	return d;
}

int
coordinator_run(struct coordinator *d)
{
	uv_run(&d->loop, UV_RUN_DEFAULT);
	return d->stopping ? 0 : 1;
}

/* Close what a coordinator opened that could not be made as a whole. It emits no event. */
static void
abandon(struct coordinator *d)
{
	stop_inputs(d);
	while (d->workers != NULL && !workers_stopped(d->workers)) {
		workers_drain(d->workers);
		uv_sleep(1);
	}
	if (d->control != NULL) {
		records_listen(d->records, NULL, NULL, NULL);
		control_close(d->control);
		d->control = NULL;
	}
	close_handles(d);
	uv_run(&d->loop, UV_RUN_DEFAULT);
}

void
coordinator_free(struct coordinator *d)
{
	if (d == NULL)
		return;
	if (!d->stopping)
		abandon(d);
	reloader_free(d->reloader);
	workers_free(d->workers);
	records_free(d->records);
	if (uv_loop_close(&d->loop) != 0)
		log_error("coordinator", "handles are still open at the end; this is a defect");
	acceptor_free(d->acceptor);
	sessions_free(d->sessions);
	router_names_fini(&d->names);
	rpki_sources_free(d->rpki);
	own_watch_free(d->own_watch);
	sav_watch_free(d->sav_watch);
	contact_watch_free(d->contact_watch);
	verdict_watch_free(d->verdict_watch);
	incidents_free(d->incidents);
	journal_watch_free(d->journal_watch);
	load_watch_free(d->load_watch);
	router_watch_free(d->router_watch);
	norm_keeper_free(d->norms);
	spread_counts_free(d->spread);
	neighbor_watch_free(d->neighbor_watch);
	expected_routers_free(d->expected);
	test_alert_free(d->test_alert);
	alarms_free(d->alarms);
	mute_keeper_free(d->mutes);
	neighbor_keeper_free(d->neighbors);
	relation_keeper_free(d->relations);
	incident_notes_free(d->notes);
	delegated_keeper_free(d->delegated);
	list_keeper_free(d->lists);
	kafka_watch_free(d->kafka_watch);
	rules_keeper_fini(&d->rules);
	free(d);
}

/* --- reload */

void
coordinator_reload_refused(struct coordinator *d, const char *why)
{
	log_error("main", "reload refused: %s", why);
	alarm_on(d->alarms, "collector.reload-refused", "configuration", SEVERITY_WARNING,
	    "the new configuration is not in force, the former one is: %s", why);
}

bool
coordinator_reconfigure(
    struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	snprintf(error, size, "out of memory");
	if (rules_keeper_busy(&d->rules)) {
		snprintf(
		    error, size, "the former reload is still being applied; try again in a moment");
		return false;
	}
	/* What can fail comes first, Kafka before all: librdkafka refuses for reasons of its own.
	 * Nothing of a configuration that fails may be borrowed: it is freed. */
	if (!records_set_kafka(d->records, &c->records, error, size) || !set_rpki(d, c) ||
	    !configure_sessions(d, c) || !expect_routers(d, c) ||
	    !acceptor_set_access(d->acceptor, &c->access) ||
	    !neighbor_watch_configure(d->neighbor_watch, &c->watch, &c->detect) ||
	    !sav_watch_configure(d->sav_watch, &c->sav) || !incident_notes_set(d->notes, c) ||
	    !delegated_keeper_set(d->delegated, &c->delegated) || !set_lists(d, c) ||
	    !contact_watch_configure(d->contact_watch, &c->detect) ||
	    !rules_keeper_change(&d->rules, d->workers, &c->detect))
		return false;
	incidents_configure(d->incidents, &c->incident);
	load_watch_configure(d->load_watch, c->behind_s);
	http_configure(d->http, &c->http);
	incident_notes_keep(d->notes, c);
	rules_keeper_keep(&d->rules, &c->detect);
	alarm_off(d->alarms, "collector.reload-refused", "configuration",
	    "a new configuration is in force");
	records_event(d->records, "collector.reloaded", SEVERITY_INFO, "", "", 0,
	    "collector %s has a new configuration", records_collector(d->records));
	return true;
}

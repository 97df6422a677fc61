#include "collector/daemon/worker_private.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "base/ring.h"
#include "collector/show/show.h"

enum {
	TICK_MS = 250,
	SLICE_US = 2000, /* of queued work, before sockets are served again */
	SLICE_STEPS = 2048,
	/* One BMP message has up to 64 KiB of prefixes, each of 3 octets or more; each route can
	   end and begin up to RULES findings, half a KiB each. Of answers to queries there are
	   some pieces at a time. */
	OUTBOX_MAX = 512 * 1024 * 1024,
};

/* The ring is full: no further message before the coordinator has caught up. */
static void
pause_when_full(struct worker *w)
{
	if (w->outbox.len > w->outbox_at && w->feeding != NULL)
		engine_session_pause(w->feeding->engine);
}

static void
on_finding(void *ctx, const struct finding *f)
{
	struct worker *w = ctx;
	struct msg_finding m = { .type = MSG_FINDING };
	size_t n = finding_size(f);

	memcpy(&m.finding, f, n);
	worker_put(w, &m, offsetof(struct msg_finding, finding) + n);
	pause_when_full(w);
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	struct worker *w = ctx;
	struct msg_event m = { .type = MSG_EVENT, .event = *ev };

	worker_put(w, &m, sizeof(m));
	pause_when_full(w);
}

/* What the engines of other workers are to know. */
static void
on_shared(void *ctx, const struct engine_shared *shared)
{
	struct worker *w = ctx;
	struct message_shared m = { .type = MSG_SHARED, .shared = *shared };

	worker_put(w, &m, sizeof(m));
	pause_when_full(w);
}

static const struct engine_ops engine_ops = { .finding = on_finding, .event = on_event };

/* --- queued work, timers */

/* What was to be evaluated by other VRPs is. */
static void
report_rpki_done(struct worker *w)
{
	struct msg_rpki_done m = {
		.type = MSG_RPKI_DONE, .frozen = w->frozen, .generation = w->rpki_generation
	};

	if (w->rpki_pending)
		worker_put(w, &m, sizeof(m));
	w->rpki_pending = false;
}

static void
report_rpki_tried(struct worker *w)
{
	struct message_trial m = { .type = MSG_RPKI_TRIED, .trial = engine_tried(w->engine) };

	if (m.trial != NULL)
		worker_put(w, &m, sizeof(m));
}

static void
on_work(uv_idle_t *idle)
{
	struct worker *w = idle->data;
	int64_t start = clock_mono_us();
	bool more = true;

	if (w->blocked)
		return;
	while (more && !worker_behind(w) && clock_mono_us() - start < SLICE_US)
		more = engine_work(w->engine, SLICE_STEPS, clock_wall_us());
	if (worker_behind(w))
		worker_block(w);
	if (!more) {
		uv_idle_stop(&w->work);
		if (w->detect_pending) {
			uint32_t msg = MSG_DETECT_DONE;

			w->detect_pending = false;
			worker_put(w, &msg, sizeof(msg));
		}
		report_rpki_done(w);
		report_rpki_tried(w);
	}
	worker_notify(w);
}

static void
on_tick(uv_timer_t *timer)
{
	struct worker *w = timer->data;
	int64_t now = clock_mono_us();
	struct session *next;

	engine_tick(w->engine, clock_wall_us());
	for (struct session *s = w->sessions; s != NULL; s = next) {
		next = s->next;
		if (!s->closing) {
			session_judge(s, now);
			session_note_behind(s, now);
		}
		if (s->closing || w->blocked)
			continue;
		if (!s->any && w->config.initiation_s > 0 &&
		    now - s->opened_us > (int64_t)w->config.initiation_s * 1000000)
			session_close(s, "no BMP message after connecting");
		else if (w->config.idle_s > 0 &&
			 now - s->last_us > (int64_t)w->config.idle_s * 1000000)
			session_close(s, "silent for longer than limits.idle_s");
	}
	/* whatever asked for work (a peer that went down, an End-of-RIB) is picked up here at the
	 * latest */
	uv_idle_start(&w->work, on_work);
	worker_notify(w);
}

/* --- commands */

/* One piece. The coordinator asks for the next when the reader has taken this one. */
static void
answer(struct worker *w, const struct cmd_query *q)
{
	struct msg_reply_end end = { .type = MSG_REPLY_END, .id = q->id };
	struct show_query query = q->query;
	struct sbuf text = sbuf_of(SHOW_MAX);

	if (query.what == SHOW_STATS) {
		struct msg_stats m = { .type = MSG_REPLY, .id = q->id, .len = sizeof(m.stats) };

		engine_stats(w->engine, &m.stats);
		worker_put(w, &m, sizeof(m));
	} else {
		end.more = show_rows(w->engine, &query, &text);
		end.at = query.at;
	}
	for (size_t at = 0, n; at < text.len; at += n) {
		struct msg_reply m = { .type = MSG_REPLY, .id = q->id };

		n = text.len - at < REPLY_CHUNK ? text.len - at : REPLY_CHUNK;
		m.len = (uint32_t)n;
		memcpy(m.text, text.data + at, n);
		worker_put(w, &m, offsetof(struct msg_reply, text) + n);
	}
	sbuf_free(&text);
	worker_put(w, &end, sizeof(end));
}

static void
answer_load(struct worker *w)
{
	struct msg_load m = { .type = MSG_LOAD, .leaks_full = engine_leaks_full(w->engine) };
	int64_t now = clock_mono_us();

	for (const struct session *s = w->sessions; s != NULL; s = s->next) {
		if (s->closing || s->behind_us == 0)
			continue;
		m.sessions++;
		if (now - s->behind_us <= m.behind_us)
			continue;
		m.behind_us = now - s->behind_us;
		text_copy(m.router, sizeof(m.router), engine_session_name(s->engine));
	}
	worker_put(w, &m, sizeof(m));
}

static void
stop(struct worker *w)
{
	w->stopping = true;
	for (struct session *s = w->sessions; s != NULL; s = s->next)
		session_close(s, "collector stops");
	uv_close((uv_handle_t *)&w->tick, NULL);
	uv_close((uv_handle_t *)&w->blocked_timer, NULL);
	uv_close((uv_handle_t *)&w->work, NULL);
	uv_close((uv_handle_t *)&w->turns, NULL);
	uv_close((uv_handle_t *)&w->wake, NULL);
}

static void
set_neighbors(struct worker *w, const struct cmd_neighbors *m)
{
	const struct engine_neighbors all = {
		.anew = m->anew, .more = m->more, .judged = m->judged, .n = m->n, .asns = m->asns
	};

	engine_set_neighbors(w->engine, &all);
}

static void
set_inferred(struct worker *w, const struct cmd_inferred *cmd)
{
	const struct engine_inference i = { cmd->router, cmd->address, cmd->distinguisher, cmd->asn,
		cmd->inferred };

	engine_set_inferred(w->engine, &i);
}

static void
set_own_gone(struct worker *w, const struct cmd_own_gone *m)
{
	const struct engine_own_gone all = {
		.anew = m->anew, .more = m->more, .n = m->n, .prefixes = m->prefixes
	};

	engine_set_own_gone(w->engine, &all);
}

static void
set_rpki(struct worker *w, const struct cmd_rpki *m)
{
	engine_set_rpki(w->engine, m->set, m->cover, m->cause);
	w->rpki_generation = m->set != NULL ? vrp_set_generation(m->set) : 0;
	w->rpki_pending = true;
	vrp_set_unref(m->set);
}

static void
freeze(struct worker *w, bool frozen)
{
	w->frozen = frozen;
	w->rpki_pending = true;
	engine_freeze_rov(w->engine, frozen);
}

static void
know_detour(struct worker *w, const struct cmd_detour *m)
{
	const struct engine_detour d = {
		.router = m->router, .prefix = m->prefix, .way = m->way, .there = m->there
	};

	engine_know_detour(w->engine, &d);
}

static void
command(struct worker *w, const void *data)
{
	const struct cmd_rename *rename = data;
	struct session *s;
	uint32_t type;

	memcpy(&type, data, sizeof(type));
	switch (type) {
	case CMD_SESSION:
		session_open(w, data);
		break;
	case CMD_CLOSE:
		if ((s = worker_session(w, ((const struct cmd_close *)data)->id)) != NULL)
			session_close(s, ((const struct cmd_close *)data)->why);
		break;
	case CMD_CHALLENGE:
		if ((s = worker_session(w, ((const struct cmd_challenge *)data)->id)) != NULL)
			session_challenge(s);
		break;
	case CMD_RENAME:
		engine_rename(w->engine, rename->from, rename->to);
		break;
	case CMD_RPKI:
		set_rpki(w, data);
		break;
	case CMD_ASPAS:
		engine_set_aspas(w->engine, ((const struct cmd_aspas *)data)->set);
		aspa_set_unref(((const struct cmd_aspas *)data)->set);
		break;
	case CMD_TRY_RPKI:
		engine_try_rpki(w->engine, ((const struct message_trial *)data)->trial);
		break;
	case CMD_FREEZE:
		freeze(w, ((const struct cmd_freeze *)data)->frozen);
		break;
	case CMD_HEAR:
		engine_hear(w->engine, &((const struct message_shared *)data)->shared);
		break;
	case CMD_NEIGHBORS:
		set_neighbors(w, data);
		break;
	case CMD_OWN_GONE:
		set_own_gone(w, data);
		break;
	case CMD_INFERRED:
		set_inferred(w, data);
		break;
	case CMD_DETOUR:
		know_detour(w, data);
		break;
	case CMD_TELL_AGAIN:
		engine_tell_again(w->engine);
		break;
	case CMD_DETECT:
		engine_set_detect(w->engine, ((const struct cmd_detect *)data)->detect);
		w->detect_pending = true;
		break;
	case CMD_QUERY:
		answer(w, data);
		break;
	case CMD_LOAD:
		answer_load(w);
		break;
	case CMD_STOP:
		stop(w);
		break;
	default:
		assert(0 && "unknown command");
	}
}

static void
on_wake(uv_async_t *async)
{
	struct worker *w = async->data;
	const void *data;
	size_t len;

	while (!w->stopping && (data = ring_peek(w->in, &len)) != NULL) {
		command(w, data);
		ring_done(w->in);
	}
	if (!w->stopping && w->blocked)
		worker_look_again(w);
	if (!w->stopping)
		uv_idle_start(&w->work, on_work);
	worker_notify(w);
}

/* --- life */

static void *
run(void *arg)
{
	struct worker *w = arg;
	uint32_t msg = MSG_STOPPED;
	sigset_t all;

	/* signals are the coordinator's */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	worker_put(w, &msg, sizeof(msg));
	while (!worker_flush(w)) {
		w->wake_coordinator(w->ctx);
		uv_sleep(1);
	}
	w->wake_coordinator(w->ctx);
	return NULL;
}

struct worker *
worker_start(unsigned number, const struct worker_config *config, const struct detect *detect,
    void (*wake_coordinator)(void *ctx), void *ctx)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->number = number;
	w->config = *config;
	w->wake_coordinator = wake_coordinator;
	w->ctx = ctx;
	w->detect = detect;
	w->outbox = sbuf_of(OUTBOX_MAX);
	w->buffer = malloc(READ_OCTETS);
	w->in = ring_new(config->ring_octets);
	w->out = ring_new(config->ring_octets);
	w->engine = engine_new(&config->engine, detect, &engine_ops, w);
	if (w->buffer == NULL || w->in == NULL || w->out == NULL || w->engine == NULL ||
	    uv_loop_init(&w->loop) != 0)
		goto fail;
	engine_set_share(w->engine, on_shared);
	uv_async_init(&w->loop, &w->wake, on_wake);
	uv_timer_init(&w->loop, &w->tick);
	uv_timer_init(&w->loop, &w->blocked_timer);
	uv_idle_init(&w->loop, &w->work);
	uv_idle_init(&w->loop, &w->turns);
	w->ready_last = &w->ready;
	w->wake.data = w->tick.data = w->blocked_timer.data = w->work.data = w->turns.data = w;
	uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
	if (pthread_create(&w->thread, NULL, run, w) == 0)
		return w;
	uv_close((uv_handle_t *)&w->wake, NULL);
	uv_close((uv_handle_t *)&w->tick, NULL);
	uv_close((uv_handle_t *)&w->blocked_timer, NULL);
	uv_close((uv_handle_t *)&w->work, NULL);
	uv_close((uv_handle_t *)&w->turns, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	uv_loop_close(&w->loop);
fail:
	engine_free(w->engine);
	ring_free(w->in);
	ring_free(w->out);
	free(w->buffer);
	free(w);
	return NULL;
}

bool
worker_command(struct worker *w, const void *cmd, size_t len)
{
	uint32_t type;

	if (!ring_put(w->in, cmd, len))
		return false;
	memcpy(&type, cmd, sizeof(type));
	w->leaving |= type == CMD_STOP;
	uv_async_send(&w->wake);
	return true;
}

const void *
worker_message(struct worker *w, size_t *len)
{
	return ring_peek(w->out, len);
}

void
worker_done(struct worker *w)
{
	ring_done(w->out);
	if (!w->leaving && atomic_load_explicit(&w->waiting, memory_order_relaxed) &&
	    ring_used(w->out) <= CAUGHT_UP_OCTETS && atomic_exchange(&w->waiting, false))
		uv_async_send(&w->wake);
}

void
worker_join(struct worker *w)
{
	int rc;

	pthread_join(w->thread, NULL);
	rc = uv_loop_close(&w->loop);
	assert(rc == 0); /* every handle was closed */
	(void)rc;
	engine_free(w->engine);
	ring_free(w->in);
	ring_free(w->out);
	sbuf_free(&w->outbox);
	free(w->buffer);
	free(w);
}

#include "collector/daemon/worker.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "base/ring.h"
#include "base/sbuf.h"
#include "collector/show/show.h"

enum {
	READ_OCTETS = 256 * 1024, /* per wake-up: big reads, one system call */
	TICK_MS = 250,
	/* a worker that waits for the coordinator looks again, if nobody wakes it */
	BLOCKED_MS = 5,
	SLICE_US = 2000, /* of queued work, before sockets are served again */
	SLICE_STEPS = 2048,
	/* One BMP message has up to 64 KiB of prefixes, each of 3 octets or more; each route can
	   end and begin up to RULES findings, half a KiB each. Of answers to queries there are
	   some pieces at a time. */
	OUTBOX_MAX = 512 * 1024 * 1024,
	/* A connection that has said nothing for so long and is asked is taken for dead at once;
	   of another one what arrives after the first of these times, and before the second, shows
	   that it lives: by then nothing is on its way any more. */
	DEAD_SILENT_US = 10 * 1000000,
	IN_FLIGHT_US = 500000,
	LIVE_WITHIN_US = 1000000,
};

struct session {
	struct worker *worker;
	uv_tcp_t tcp;
	struct engine_session *engine;
	struct sbuf held; /* octets of a message not yet whole, or not yet taken */
	uint32_t id;
	char address[ENGINE_NAME_MAX];
	int64_t opened_us, last_us;
	uint64_t octets; /* read so far */
	/* When it was asked whether it lives, 0 not; what it had sent a moment later, 0 not yet. */
	int64_t challenged_us;
	uint64_t challenged_octets;
	bool reading, closing, any, tells, refusal_reported;
	struct session *next, **prev;
};

struct worker {
	unsigned number;
	struct worker_config config;
	pthread_t thread;
	uv_loop_t loop;
	uv_async_t wake;
	uv_timer_t tick, blocked_timer;
	uv_idle_t work;
	struct engine *engine;
	struct ring *in, *out;
	struct sbuf outbox; /* length-prefixed records that did not fit into the ring */
	size_t outbox_at;
	bool blocked, stopping, stopped;
	atomic_bool waiting; /* the coordinator is to wake it once the ring is a quarter full */
	bool leaving;	     /* the coordinator's: CMD_STOP was sent, its handles may be gone */
	const struct detect *detect;
	bool detect_pending;
	struct session *sessions, *feeding;
	uint8_t *buffer;
	void (*wake_coordinator)(void *ctx);
	void *ctx;
	bool news;
};

/* --- to the coordinator */

static void
notify_coordinator(struct worker *w)
{
	if (w->news) {
		w->news = false;
		w->wake_coordinator(w->ctx);
	}
}

static void
put(struct worker *w, const void *msg, size_t len)
{
	w->news = true;
	if (w->outbox.len == w->outbox_at && ring_put(w->out, msg, len))
		return;
	sbuf_add(&w->outbox, &len, sizeof(len));
	sbuf_add(&w->outbox, msg, len);
	assert(!w->outbox.failed); /* bounded by what one message of BMP can cause */
}

/* true when nothing is left. */
static bool
flush_outbox(struct worker *w)
{
	while (w->outbox_at < w->outbox.len) {
		size_t len;

		memcpy(&len, w->outbox.data + w->outbox_at, sizeof(len));
		if (!ring_put(w->out, w->outbox.data + w->outbox_at + sizeof(len), len))
			return false;
		w->outbox_at += sizeof(len) + len;
		w->news = true;
	}
	sbuf_free(&w->outbox);
	w->outbox_at = 0;
	return true;
}

static bool
coordinator_behind(const struct worker *w)
{
	return w->outbox.len > w->outbox_at || ring_used(w->out) > ring_capacity(w->out) / 2;
}

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
	put(w, &m, offsetof(struct msg_finding, finding) + n);
	pause_when_full(w);
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	struct worker *w = ctx;
	struct msg_event m = { .type = MSG_EVENT, .event = *ev };

	put(w, &m, sizeof(m));
	pause_when_full(w);
}

static const struct engine_ops engine_ops = { .finding = on_finding, .event = on_event };

/* --- sessions */

static void block(struct worker *);

static void
session_closed(uv_handle_t *h)
{
	struct session *s = h->data;
	struct msg_session msg = { MSG_SESSION_CLOSED, s->id };

	*s->prev = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	put(s->worker, &msg, sizeof(msg));
	sbuf_free(&s->held);
	free(s);
}

static void
session_close(struct session *s, const char *why)
{
	const char *name;

	if (s->closing)
		return;
	s->closing = true;
	name = engine_session_name(s->engine);
	log_info("session", "closed router=%s address=%s reason=\"%s\"",
	    name[0] != '\0' ? name : "-", s->address, why);
	engine_session_close(s->engine, why, clock_wall_us());
	s->engine = NULL;
	uv_close((uv_handle_t *)&s->tcp, session_closed);
}

/* Peers over the limit are left out. This is logged once, since their messages may be most of the
 * feed. */
static void
report_refusal(struct session *s)
{
	if (s->refusal_reported || engine_session_refused(s->engine) == 0)
		return;
	s->refusal_reported = true;
	log_warning("session",
	    "router=%s has more peers than limits.peers_per_router: the others are left out",
	    engine_session_name(s->engine));
}

/* From its first peer on, something may depend on the router. */
static void
report_peers(struct session *s)
{
	struct msg_session msg = { MSG_SESSION_TELLS, s->id };

	if (s->tells || engine_session_peers(s->engine) == 0)
		return;
	s->tells = true;
	put(s->worker, &msg, sizeof(msg));
}

/* The whole messages among these octets. What is left is kept. false: the session is over. */
static bool
session_consume(struct session *s, const uint8_t *data, size_t len)
{
	char why[BMP_TEXT_MAX + 128], text[BMP_TEXT_MAX + 160];
	size_t used;

	s->worker->feeding = s;
	used = engine_session_feed(s->engine, data, len, clock_wall_us());
	s->worker->feeding = NULL;
	s->any |= used > 0;
	report_peers(s);
	report_refusal(s);
	if (data == (const uint8_t *)s->held.data)
		sbuf_drop(&s->held, used);
	else if (used < len)
		sbuf_add(&s->held, data + used, len - used);
	if (engine_session_broken(s->engine, why, sizeof(why)) != NULL) {
		snprintf(text, sizeof(text), "framing lost: %s", why);
		session_close(s, text);
		return false;
	}
	if (engine_session_terminated(s->engine, why, sizeof(why)) != NULL) {
		session_close(s, why);
		return false;
	}
	if (coordinator_behind(s->worker))
		block(s->worker);
	return true;
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct session *s = h->data;

	(void)hint;
	if (s->held.len == 0) {
		*buf = uv_buf_init((char *)s->worker->buffer, READ_OCTETS);
		return;
	}
	*buf = uv_buf_init(sbuf_reserve(&s->held, READ_OCTETS), READ_OCTETS);
	if (buf->base == NULL)
		*buf = uv_buf_init(NULL, 0);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct session *s = stream->data;

	if (n == 0)
		return;
	if (n < 0) {
		session_close(s, n == UV_EOF ? "closed by the router" : uv_strerror((int)n));
		notify_coordinator(s->worker);
		return;
	}
	s->last_us = clock_mono_us();
	s->octets += (uint64_t)n;
	if (buf->base == (char *)s->worker->buffer) {
		session_consume(s, s->worker->buffer, (size_t)n);
	} else {
		s->held.len += (size_t)n;
		session_consume(s, (const uint8_t *)s->held.data, s->held.len);
	}
	/* a quiet router costs no buffer */
	if (!s->closing && s->held.len == 0)
		sbuf_free(&s->held);
	notify_coordinator(s->worker);
}

static void
session_read(struct session *s, bool on)
{
	if (s->closing || s->reading == on)
		return;
	s->reading = on;
	if (on)
		uv_read_start((uv_stream_t *)&s->tcp, on_alloc, on_read);
	else
		uv_read_stop((uv_stream_t *)&s->tcp);
}

static void
session_open(struct worker *w, const struct cmd_session *cmd)
{
	struct session *s = calloc(1, sizeof(*s));
	struct msg_session closed = { MSG_SESSION_CLOSED, cmd->id };
	int ms;

	if (s == NULL)
		goto refuse;
	s->worker = w;
	s->id = cmd->id;
	s->held = sbuf_of((size_t)w->config.engine.message_max + 2 * (size_t)READ_OCTETS);
	text_copy(s->address, sizeof(s->address), cmd->address);
	s->engine = engine_session_open(w->engine, cmd->address, cmd->name, clock_wall_us());
	if (s->engine == NULL)
		goto refuse;
	s->opened_us = s->last_us = clock_mono_us();
	uv_tcp_init(&w->loop, &s->tcp);
	s->tcp.data = s;
	s->next = w->sessions;
	s->prev = &w->sessions;
	if (s->next != NULL)
		s->next->prev = &s->next;
	w->sessions = s;
	if (uv_tcp_open(&s->tcp, cmd->fd) != 0) {
		close(cmd->fd);
		session_close(s, "cannot use the connection");
		return;
	}
	if (w->config.keepalive_s > 0) {
		uv_tcp_keepalive(&s->tcp, 1, w->config.keepalive_s);
		ms = (int)w->config.keepalive_s * 2000;
		setsockopt(cmd->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
	}
	log_info("session", "accepted address=%s worker=%u", s->address, w->number);
	session_read(s, !w->blocked);
	return;
refuse:
	log_error("session", "refused address=%s: out of memory", cmd->address);
	free(s);
	close(cmd->fd);
	put(w, &closed, sizeof(closed));
}

/* --- back-pressure */

/* Take what was held back while the coordinator was behind; stops when it is behind again. */
static void
resume(struct worker *w)
{
	struct session *next;

	w->blocked = false;
	uv_timer_stop(&w->blocked_timer);
	for (struct session *s = w->sessions; s != NULL && !w->blocked; s = next) {
		next = s->next;
		if (s->closing)
			continue;
		if (s->held.len > 0 &&
		    !session_consume(s, (const uint8_t *)s->held.data, s->held.len))
			continue;
		if (!w->blocked)
			session_read(s, true);
	}
}

static void
look_again(struct worker *w)
{
	if (flush_outbox(w) && ring_used(w->out) <= ring_capacity(w->out) / 4)
		resume(w);
	else
		atomic_store(&w->waiting, true);
	w->news = true;
	notify_coordinator(w);
}

static void
on_blocked(uv_timer_t *timer)
{
	look_again(timer->data);
}

static void
block(struct worker *w)
{
	if (w->blocked)
		return;
	w->blocked = true;
	for (struct session *s = w->sessions; s != NULL; s = s->next)
		session_read(s, false);
	atomic_store(&w->waiting, true);
	uv_timer_start(&w->blocked_timer, on_blocked, BLOCKED_MS, BLOCKED_MS);
}

/* --- does a session live, or does its connection only look open? */

/* What has come, read or not. */
static uint64_t
octets_received(const struct session *s)
{
	uv_os_fd_t fd;
	int unread = 0;

	if (uv_fileno((const uv_handle_t *)&s->tcp, &fd) != 0 || ioctl(fd, FIONREAD, &unread) != 0)
		unread = 0;
	return s->octets + (uint64_t)unread;
}

static void
answer_challenge(struct session *s, bool lives)
{
	struct msg_session_lives msg = { .type = MSG_SESSION_LIVES, .id = s->id, .lives = lives };

	s->challenged_us = 0;
	put(s->worker, &msg, sizeof(msg));
}

static void
challenge(struct session *s)
{
	int64_t now = clock_mono_us();

	if (s->closing || s->challenged_us != 0)
		return;
	s->challenged_us = now;
	s->challenged_octets = 0;
	if (now - s->last_us > DEAD_SILENT_US && octets_received(s) == s->octets)
		answer_challenge(s, false);
}

static void
judge_challenge(struct session *s, int64_t now)
{
	int64_t waited = now - s->challenged_us;
	uint64_t received;

	if (s->challenged_us == 0 || waited < IN_FLIGHT_US)
		return;
	received = octets_received(s);
	if (s->challenged_octets == 0)
		s->challenged_octets = received + 1;
	else if (received >= s->challenged_octets)
		answer_challenge(s, true);
	else if (waited >= LIVE_WITHIN_US)
		answer_challenge(s, false);
}

/* --- queued work, timers */

static void
on_work(uv_idle_t *idle)
{
	struct worker *w = idle->data;
	int64_t start = clock_mono_us();
	bool more = true;

	if (w->blocked)
		return;
	while (more && !coordinator_behind(w) && clock_mono_us() - start < SLICE_US)
		more = engine_work(w->engine, SLICE_STEPS, clock_wall_us());
	if (coordinator_behind(w))
		block(w);
	if (!more) {
		uv_idle_stop(&w->work);
		if (w->detect_pending) {
			uint32_t msg = MSG_DETECT_DONE;

			w->detect_pending = false;
			put(w, &msg, sizeof(msg));
		}
	}
	notify_coordinator(w);
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
		if (!s->closing)
			judge_challenge(s, now);
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
	notify_coordinator(w);
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
		put(w, &m, sizeof(m));
	} else {
		end.more = show_rows(w->engine, &query, &text);
		end.at = query.at;
	}
	for (size_t at = 0, n; at < text.len; at += n) {
		struct msg_reply m = { .type = MSG_REPLY, .id = q->id };

		n = text.len - at < REPLY_CHUNK ? text.len - at : REPLY_CHUNK;
		m.len = (uint32_t)n;
		memcpy(m.text, text.data + at, n);
		put(w, &m, offsetof(struct msg_reply, text) + n);
	}
	sbuf_free(&text);
	put(w, &end, sizeof(end));
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
	uv_close((uv_handle_t *)&w->wake, NULL);
}

static struct session *
session_of(struct worker *w, uint32_t id)
{
	struct session *s = w->sessions;

	while (s != NULL && s->id != id)
		s = s->next;
	return s;
}

static void
command(struct worker *w, const void *data)
{
	const struct cmd_rpki *rpki = data;
	const struct cmd_rename *rename = data;
	struct session *s;
	uint32_t type;

	memcpy(&type, data, sizeof(type));
	switch (type) {
	case CMD_SESSION:
		session_open(w, data);
		break;
	case CMD_CLOSE:
		if ((s = session_of(w, ((const struct cmd_close *)data)->id)) != NULL)
			session_close(s, ((const struct cmd_close *)data)->why);
		break;
	case CMD_CHALLENGE:
		if ((s = session_of(w, ((const struct cmd_challenge *)data)->id)) != NULL)
			challenge(s);
		break;
	case CMD_RENAME:
		engine_rename(w->engine, rename->from, rename->to);
		break;
	case CMD_RPKI:
		engine_set_rpki(w->engine, rpki->set, rpki->cover);
		vrp_set_unref(rpki->set);
		break;
	case CMD_DETECT:
		engine_set_detect(w->engine, ((const struct cmd_detect *)data)->detect);
		w->detect_pending = true;
		break;
	case CMD_QUERY:
		answer(w, data);
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
		look_again(w);
	if (!w->stopping)
		uv_idle_start(&w->work, on_work);
	notify_coordinator(w);
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
	put(w, &msg, sizeof(msg));
	while (!flush_outbox(w)) {
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
	uv_async_init(&w->loop, &w->wake, on_wake);
	uv_timer_init(&w->loop, &w->tick);
	uv_timer_init(&w->loop, &w->blocked_timer);
	uv_idle_init(&w->loop, &w->work);
	w->wake.data = w->tick.data = w->blocked_timer.data = w->work.data = w;
	uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
	if (pthread_create(&w->thread, NULL, run, w) == 0)
		return w;
	uv_close((uv_handle_t *)&w->wake, NULL);
	uv_close((uv_handle_t *)&w->tick, NULL);
	uv_close((uv_handle_t *)&w->blocked_timer, NULL);
	uv_close((uv_handle_t *)&w->work, NULL);
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
	    ring_used(w->out) <= ring_capacity(w->out) / 4 && atomic_exchange(&w->waiting, false))
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

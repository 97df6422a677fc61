/* The sessions of a worker: their turns, what is held back, and whether they live. */
#include "collector/daemon/worker_private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "base/ring.h"

enum {
	/* a worker that waits for the coordinator looks again, if nobody wakes it */
	BLOCKED_MS = 5,
	/* A session's turn ends after so much time, or so many octets for the coordinator; the
	   clock is looked at after so many octets of BMP. */
	TURN_US = 1000,
	TURN_PUT = 64 * 1024,
	TURN_SLICE = 16 * 1024,
	/* of turns of those that wait for one, before sockets are served again */
	ROUND_US = 4000,
	/* A connection that has said nothing for so long and is asked is taken for dead at once;
	   of another one what arrives after the first of these times, and before the second, shows
	   that it lives: by then nothing is on its way any more. */
	DEAD_SILENT_US = 10 * 1000000,
	IN_FLIGHT_US = 500000,
	LIVE_WITHIN_US = 1000000,
};

struct session *
worker_session(struct worker *w, uint32_t id)
{
	struct session *s = w->sessions;

	while (s != NULL && s->id != id)
		s = s->next;
	return s;
}

/* --- turns */

static void on_turns(uv_idle_t *);

static void
wait_for_turn(struct session *s)
{
	struct worker *w = s->worker;

	if (s->ready_prev != NULL)
		return;
	s->ready_next = NULL;
	s->ready_prev = w->ready_last;
	*w->ready_last = s;
	w->ready_last = &s->ready_next;
	uv_idle_start(&w->turns, on_turns);
}

static void
wait_no_longer(struct session *s)
{
	if (s->ready_prev == NULL)
		return;
	*s->ready_prev = s->ready_next;
	if (s->ready_next != NULL)
		s->ready_next->ready_prev = s->ready_prev;
	else
		s->worker->ready_last = s->ready_prev;
	s->ready_prev = NULL;
}

/* What has come and is not read: held back, or still in the kernel. The latter is asked only of one
 * that was behind a moment ago: who is up to date costs nothing. */
static bool
is_behind(const struct session *s)
{
	int fd, unread = 0;

	if (s->recorded) /* it comes as fast as it is read */
		return false;
	if (s->ready_prev != NULL || (s->worker->blocked && !s->reading))
		return true;
	return s->behind_us != 0 && uv_fileno((const uv_handle_t *)&s->tcp, &fd) == 0 &&
	       ioctl(fd, FIONREAD, &unread) == 0 && unread > 0;
}

void
session_note_behind(struct session *s, int64_t now_us)
{
	if (!is_behind(s))
		s->behind_us = 0;
	else if (s->behind_us == 0)
		s->behind_us = now_us;
}

/* --- sessions */

static void session_read(struct session *, bool on);

static void
session_closed(uv_handle_t *h)
{
	struct session *s = h->data;
	struct msg_session msg = { MSG_SESSION_CLOSED, s->id };

	*s->prev = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	worker_put(s->worker, &msg, sizeof(msg));
	sbuf_free(&s->held);
	free(s);
}

void
session_close(struct session *s, const char *why)
{
	const char *name;

	if (s->closing)
		return;
	s->closing = true;
	wait_no_longer(s);
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
	worker_put(s->worker, &msg, sizeof(msg));
}

/* Is the session over, by what it said? why: in words. */
static bool
is_over(struct session *s, char *why, size_t size)
{
	char text[BMP_TEXT_MAX + 128];

	if (engine_session_broken(s->engine, text, sizeof(text)) != NULL) {
		snprintf(why, size, "framing lost: %s", text);
		return true;
	}
	return engine_session_terminated(s->engine, why, size) != NULL;
}

/* The whole messages among these octets, as far as a turn goes. Returns the octets used; *rest:
 * there may be further messages. */
static size_t
take_turn(struct session *s, const uint8_t *data, size_t len, bool *rest)
{
	struct worker *w = s->worker;
	int64_t end = clock_mono_us() + TURN_US;
	uint64_t put_max = w->put_octets + TURN_PUT;
	size_t at = 0, slice = TURN_SLICE, n, used;

	w->feeding = s;
	do {
		n = len - at < slice ? len - at : slice;
		used = engine_session_feed(s->engine, data + at, n, clock_wall_us());
		at += used;
		slice = used > 0 ? TURN_SLICE : 2 * slice;
		*rest = at < len && (used > 0 || n < len - at);
	} while (*rest && clock_mono_us() < end && w->put_octets < put_max && !worker_behind(w));
	w->feeding = NULL;
	return at;
}

/* Take the whole messages among these octets. What is left is kept, and when messages are among it,
 * the session waits for its next turn. */
static void
session_consume(struct session *s, const uint8_t *data, size_t len)
{
	char why[BMP_TEXT_MAX + 160];
	bool rest = true;
	size_t used = s->worker->blocked ? 0 : take_turn(s, data, len, &rest);

	s->any |= used > 0;
	report_peers(s);
	report_refusal(s);
	if (data == (const uint8_t *)s->held.data)
		sbuf_drop(&s->held, used);
	else if (used < len)
		sbuf_add(&s->held, data + used, len - used);
	if (is_over(s, why, sizeof(why))) {
		session_close(s, why);
		return;
	}
	if (rest)
		wait_for_turn(s);
	session_read(s, !rest);
	if (worker_behind(s->worker))
		worker_block(s->worker);
}

/* One turn each, in order. */
static void
on_turns(uv_idle_t *idle)
{
	struct worker *w = idle->data;
	int64_t end = clock_mono_us() + ROUND_US;

	while (w->ready != NULL && !w->blocked) {
		struct session *s = w->ready;

		wait_no_longer(s);
		session_consume(s, (const uint8_t *)s->held.data, s->held.len);
		if (!s->closing && s->held.len == 0)
			sbuf_free(&s->held);
		if (clock_mono_us() >= end)
			break;
	}
	if (w->ready == NULL || w->blocked)
		uv_idle_stop(&w->turns);
	worker_notify(w);
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
		worker_notify(s->worker);
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
	worker_notify(s->worker);
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

/* A recorded stream comes through a pair of sockets. */
static bool
is_recorded(int fd)
{
	struct sockaddr_storage name;
	socklen_t n = sizeof(name);

	return getsockname(fd, (struct sockaddr *)&name, &n) == 0 && name.ss_family == AF_UNIX;
}

void
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
	s->recorded = is_recorded(cmd->fd);
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
	session_read(s, true);
	return;
refuse:
	log_error("session", "refused address=%s: out of memory", cmd->address);
	free(s);
	close(cmd->fd);
	worker_put(w, &closed, sizeof(closed));
}

/* --- back-pressure */

/* The coordinator has caught up: those that wait have their turns. */
static void
resume(struct worker *w)
{
	w->blocked = false;
	uv_timer_stop(&w->blocked_timer);
	if (w->ready != NULL)
		uv_idle_start(&w->turns, on_turns);
}

void
worker_look_again(struct worker *w)
{
	if (worker_flush(w) && ring_used(w->out) <= CAUGHT_UP_OCTETS)
		resume(w);
	else
		atomic_store(&w->waiting, true);
	w->news = true;
	worker_notify(w);
}

static void
on_blocked(uv_timer_t *timer)
{
	worker_look_again(timer->data);
}

void
worker_block(struct worker *w)
{
	if (w->blocked)
		return;
	w->blocked = true; /* who has something to say meanwhile waits for his turn with it */
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
	worker_put(s->worker, &msg, sizeof(msg));
}

void
session_challenge(struct session *s)
{
	int64_t now = clock_mono_us();

	if (s->closing || s->challenged_us != 0)
		return;
	s->challenged_us = now;
	s->challenged_octets = 0;
	if (now - s->last_us > DEAD_SILENT_US && octets_received(s) == s->octets)
		answer_challenge(s, false);
}

void
session_judge(struct session *s, int64_t now)
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

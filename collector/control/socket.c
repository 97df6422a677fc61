/*
 * The socket and its clients: each sends one line and gets one answer, in pieces: the next is made
 * when the reader has taken the last, and clients take turns. So an answer may have any length, and
 * a reader may be as slow as it likes.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "base/pure/utf8.h"
#include "collector/control/control_private.h"

enum {
	CLIENTS_MAX = 256,
	FOLLOWERS_MAX = 192, /* of these; the others come and go, so that there is always a place */
	SILENT_S = 10,	     /* for the request to come */
	YOUNG_US = 250000,   /* so long nobody is closed who asks nothing, or reads nothing */
	STUCK_US = 3000000,  /* so long nobody is closed whose answer is being made */
	TICK_MS = 100,
	TURNS_US = 2000, /* of making pieces, before the owner's loop goes on */
	BACKLOG = 1024,
};

/* --- queues */

void
queue_put(struct queue *q, struct client *c)
{
	if (c->queue != NULL)
		return;
	c->queue = q;
	c->next_queued = NULL;
	if (q->first == NULL)
		q->end = &q->first;
	*q->end = c;
	q->end = &c->next_queued;
}

struct client *
queue_take(struct queue *q)
{
	struct client *c = q->first;

	if (c != NULL)
		queue_leave(c);
	return c;
}

void
queue_leave(struct client *c)
{
	struct queue *q = c->queue;
	struct client **at;

	if (q == NULL)
		return;
	for (at = &q->first; *at != c; at = &(*at)->next_queued) {
	}
	*at = c->next_queued;
	if (q->end == &c->next_queued)
		q->end = at;
	c->queue = NULL;
}

/* --- writing */

struct write_req {
	uv_write_t req;
	struct client *client;
	char data[];
};

static void
client_closed(uv_handle_t *h)
{
	struct client *c = h->data;

	record_filter_free(c->filter);
	free(c);
}

static void on_turns(uv_idle_t *);

static void
client_close(struct client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	c->control->clients_n--;
	c->control->followers_n -= c->follow;
	queue_leave(c);
	if (c->gone != NULL)
		c->gone(c);
	if (c->control->someone_waits)
		uv_idle_start(&c->control->turns, on_turns);
	uv_close((uv_handle_t *)&c->pipe, client_closed);
}

/* Octets that the reader has not taken yet. */
static size_t
client_behind(const struct client *c)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);
}

static void let_in(struct control *);

static void
on_turns(uv_idle_t *idle)
{
	struct control *control = idle->data;
	int64_t start = clock_mono_us();
	struct client *c;

	if (control->someone_waits && control->clients_n < CLIENTS_MAX)
		let_in(control);
	while ((c = queue_take(&control->ready)) != NULL) {
		c->wants_turn = false;
		c->more(c);
		if (clock_mono_us() - start > TURNS_US)
			break;
	}
	if (control->ready.first == NULL)
		uv_idle_stop(idle);
}

void
client_turn(struct client *c)
{
	c->wants_turn = true;
	if (c->closing || client_behind(c) > 0)
		return;
	queue_put(&c->control->ready, c);
	uv_idle_start(&c->control->turns, on_turns);
}

static void
on_written(uv_write_t *req, int status)
{
	struct write_req *w = (struct write_req *)(void *)req;
	struct client *c = w->client;

	free(w);
	c->active_us = clock_mono_us();
	if (status != 0 || (c->finishing && client_behind(c) == 0))
		client_close(c);
	else if (c->wants_turn)
		client_turn(c);
}

void
client_put(struct client *c, const char *data, size_t n)
{
	struct write_req *w;
	uv_buf_t buf;

	if (c->closing || n == 0)
		return;
	w = malloc(sizeof(*w) + n);
	if (w == NULL) {
		client_close(c);
		return;
	}
	w->client = c;
	memcpy(w->data, data, n);
	buf = uv_buf_init(w->data, (unsigned)n);
	if (uv_write(&w->req, (uv_stream_t *)&c->pipe, &buf, 1, on_written) != 0) {
		free(w);
		client_close(c);
	}
}

void
client_put_buffer(struct client *c, struct sbuf *b)
{
	client_put(c, b->data, b->len);
	sbuf_free(b);
}

void
client_begin(struct client *c)
{
	const char *ok = c->says_end ? CONTROL_OK_TO_END : CONTROL_OK;

	client_put(c, ok, strlen(ok));
}

void
client_done(struct client *c)
{
	if (c->says_end)
		client_put(c, CONTROL_END, strlen(CONTROL_END));
	c->finishing = true;
	if (!c->closing && client_behind(c) == 0)
		client_close(c);
}

void
client_refuse(struct client *c, const char *why)
{
	char text[512], line[600];
	int n;

	snprintf(text, sizeof(text), "%s", why);
	utf8_make_visible(text); /* it may repeat what was asked */
	n = snprintf(line, sizeof(line), CONTROL_ERROR "%s\n", text);
	client_put(c, line, (size_t)n);
	c->says_end = false;
	client_done(c);
}

bool
client_follow(struct client *c)
{
	char text[128];

	if (c->control->followers_n >= FOLLOWERS_MAX) {
		snprintf(text, sizeof(text),
		    "%d readers follow already, more are not served; ask without -f, or close one",
		    FOLLOWERS_MAX);
		client_refuse(c, text);
		return false;
	}
	c->follow = true;
	c->control->followers_n++;
	return true;
}

/* --- reading */

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct client *c = h->data;
	static char waste[256];

	(void)hint;
	if (c->answered || c->request_n >= CONTROL_REQUEST_MAX - 1)
		*buf = uv_buf_init(waste, sizeof(waste));
	else
		*buf = uv_buf_init(
		    c->request + c->request_n, (unsigned)(CONTROL_REQUEST_MAX - 1 - c->request_n));
}

/* Has the reader closed its end, and not only said that it has no more to say? */
static bool
is_gone(const struct client *c)
{
	struct pollfd p = { .events = 0 };

	return uv_fileno((const uv_handle_t *)&c->pipe, &p.fd) != 0 ||
	       (poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR)) != 0);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	(void)buf;
	if (n < 0) {
		/* one that only shut down its side still gets its answer */
		if (!c->answered || c->follow || n != UV_EOF || is_gone(c))
			client_close(c);
		else
			uv_read_stop(stream);
		return;
	}
	if (c->answered || n == 0)
		return;
	c->request_n += (size_t)n;
	c->request[c->request_n] = '\0';
	if (strchr(c->request, '\n') != NULL) {
		c->answered = true;
		c->control->request(c, c->request);
	} else if (c->request_n >= CONTROL_REQUEST_MAX - 1) {
		c->answered = true;
		client_refuse(c, "request too long");
	}
}

/* --- connections */

/* How small a loss it is: who asked nothing, whose reader stopped, whose answer has an end and does
 * not come. 0: none is closed for another's sake. */
static unsigned
rank(const struct client *c)
{
	int64_t idle_us = clock_mono_us() - c->active_us;

	if (!c->answered)
		return idle_us > YOUNG_US ? 3 : 0;
	if (c->follow)
		return 0;
	if (client_behind(c) > 0)
		return idle_us > YOUNG_US ? 2 : 0;
	return idle_us > STUCK_US ? 1 : 0;
}

/* All places are taken: one gives way, and its answer ends early, which its reader can tell. false:
 * all of them follow, have just come, or are being answered. */
static bool
make_room(struct control *control)
{
	struct client *least = NULL;

	for (struct client *c = control->clients; c != NULL; c = c->next)
		if (rank(c) > 0 && (least == NULL || rank(c) > rank(least) ||
				       (rank(c) == rank(least) && c->active_us < least->active_us)))
			least = c;
	if (least != NULL)
		client_close(least);
	return least != NULL;
}

static void
let_in(struct control *control)
{
	struct client *c = calloc(1, sizeof(*c));

	control->someone_waits = c == NULL;
	if (c == NULL)
		return;
	c->control = control;
	c->active_us = clock_mono_us();
	uv_pipe_init(control->pipe.loop, &c->pipe, 0);
	c->pipe.data = c;
	c->next = control->clients;
	c->prev = &control->clients;
	if (c->next != NULL)
		c->next->prev = &c->next;
	control->clients = c;
	control->clients_n++;
	if (uv_accept((uv_stream_t *)&control->pipe, (uv_stream_t *)&c->pipe) != 0)
		client_close(c);
	else
		uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

/* Who finds no place waits to be let in, and all behind it. */
static void
on_connection(uv_stream_t *server, int status)
{
	struct control *control = server->data;

	if (status != 0)
		return;
	if (control->clients_n < CLIENTS_MAX || make_room(control))
		let_in(control);
	else
		control->someone_waits = true;
}

static void
on_tick(uv_timer_t *timer)
{
	struct control *control = timer->data;
	int64_t silent_since = clock_mono_us() - (int64_t)SILENT_S * 1000000;
	struct client *next;

	for (struct client *c = control->clients; c != NULL; c = next) {
		next = c->next;
		if (!c->answered && c->active_us < silent_since) {
			c->answered = true;
			client_refuse(c, "no request came");
		}
	}
	if (control->someone_waits && make_room(control))
		let_in(control);
}

/* --- listening */

static bool
wrong(char *error, size_t size, const char *path, const char *what)
{
	snprintf(error, size, "control socket %s: %s", path, what);
	return false;
}

/* The folder that the socket is to be in is made where its own folder is there. */
static bool
make_folder(const char *path, char *error, size_t size)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)], text[256];
	char *slash;
	struct stat st;

	text_copy(folder, sizeof(folder), path);
	slash = strrchr(folder, '/');
	if (slash == NULL || slash == folder)
		return true;
	*slash = '\0';
	if (stat(folder, &st) == 0 || mkdir(folder, 0755) == 0)
		return true;
	snprintf(text, sizeof(text), "its folder %s cannot be made: %s", folder, strerror(errno));
	return wrong(error, size, path, text);
}

/* A killed collector leaves a socket without a listener: only that is removed. */
static bool
remove_left_over(const char *path, char *error, size_t size)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct stat st;
	bool used;
	int fd;

	if (lstat(path, &st) != 0)
		return errno == ENOENT || wrong(error, size, path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return wrong(error, size, path,
		    "there is something else of this name, which is left alone; name another "
		    "path, or remove it");
	text_copy(un.sun_path, sizeof(un.sun_path), path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	used = fd >= 0 && (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0 || errno == EAGAIN);
	if (fd >= 0)
		close(fd);
	if (used)
		return wrong(error, size, path, "it belongs to a running collector");
	return unlink(path) == 0 || wrong(error, size, path, strerror(errno));
}

/* A bound socket that its group may use, -1 on failure. libuv's own would remove its file by name
 * when it is closed, whosever that is by then. */
static int
bind_at(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	text_copy(un.sun_path, sizeof(un.sun_path), path);
	if (fd >= 0 && fchmod(fd, 0660) == 0 && bind(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

bool
socket_listen(struct control *control, uv_loop_t *loop, const char *path, char *error, size_t size)
{
	int fd, rc;

	uv_pipe_init(loop, &control->pipe, 0);
	uv_timer_init(loop, &control->tick);
	uv_idle_init(loop, &control->turns);
	control->pipe.data = control->tick.data = control->turns.data = control;
	control->handles += 3;
	if (strlen(path) >= sizeof(control->path)) {
		snprintf(error, size, "control socket path %s is longer than %zu", path,
		    sizeof(control->path) - 1);
		return false;
	}
	if (!make_folder(path, error, size) || !remove_left_over(path, error, size))
		return false;
	fd = bind_at(path);
	if (fd < 0)
		return wrong(error, size, path, strerror(errno));
	chmod(path, 0660); /* whatever the umask says */
	lstat(path, &control->made);
	text_copy(control->path, sizeof(control->path), path);
	rc = uv_pipe_open(&control->pipe, fd);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&control->pipe, BACKLOG, on_connection);
	if (rc != 0)
		return wrong(error, size, path, uv_strerror(rc));
	uv_timer_start(&control->tick, on_tick, TICK_MS, TICK_MS);
	return true;
}

void
socket_close(struct control *control, uv_close_cb closed)
{
	struct stat st;

	while (control->clients != NULL)
		client_close(control->clients);
	/* the file that we made, and not one that took its place */
	if (control->path[0] != '\0' && lstat(control->path, &st) == 0 &&
	    st.st_dev == control->made.st_dev && st.st_ino == control->made.st_ino)
		unlink(control->path);
	uv_close((uv_handle_t *)&control->pipe, closed);
	uv_close((uv_handle_t *)&control->tick, closed);
	uv_close((uv_handle_t *)&control->turns, closed);
}

/*
 * The socket and its clients: each sends one line and gets one answer. What a reader does not take
 * waits in memory; a verb that writes without end (tail) checks how far behind the reader is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/pure/text.h"
#include "collector/control/control_private.h"

enum { CLIENTS_MAX = 256 };

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
	uv_close((uv_handle_t *)&c->pipe, client_closed);
}

size_t
client_behind(const struct client *c)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);
}

static void
on_written(uv_write_t *req, int status)
{
	struct write_req *w = (struct write_req *)(void *)req;
	struct client *c = w->client;

	free(w);
	if (status != 0 || (c->finishing && client_behind(c) == 0))
		client_close(c);
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
client_done(struct client *c)
{
	c->finishing = true;
	if (!c->closing && client_behind(c) == 0)
		client_close(c);
}

void
client_finish(struct client *c, struct sbuf *answer)
{
	client_put(c, answer->data, answer->len);
	sbuf_free(answer);
	client_done(c);
}

void
client_refuse(struct client *c, const char *why)
{
	struct sbuf text = sbuf_of(4096);

	sbuf_printf(&text, CONTROL_ERROR "%s\n", why);
	client_finish(c, &text);
}

/* --- connections */

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

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	(void)buf;
	if (n < 0) {
		/* The reader is gone. One that only shut down its side still gets its answer. */
		if (!c->answered || c->follow || n != UV_EOF)
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
		client_refuse(c, "request too long");
	}
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct control *control = server->data;
	struct client *c;

	if (status != 0 || (c = calloc(1, sizeof(*c))) == NULL)
		return;
	c->control = control;
	uv_pipe_init(server->loop, &c->pipe, 0);
	c->pipe.data = c;
	c->next = control->clients;
	c->prev = &control->clients;
	if (c->next != NULL)
		c->next->prev = &c->next;
	control->clients = c;
	control->clients_n++;
	if (uv_accept(server, (uv_stream_t *)&c->pipe) != 0 || control->clients_n > CLIENTS_MAX) {
		client_close(c);
		return;
	}
	uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

/* A killed collector leaves a socket file without a listener: remove it. */
static bool
in_use(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool used;

	text_copy(un.sun_path, sizeof(un.sun_path), path);
	used = fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0;
	if (fd >= 0)
		close(fd);
	return used;
}

static int
bind_and_listen(uv_pipe_t *pipe, const char *path)
{
	int rc = uv_pipe_bind(pipe, path);

	if (rc != 0)
		return rc;
	chmod(path, 0660);
	return uv_listen((uv_stream_t *)pipe, 64, on_connection);
}

bool
socket_listen(struct control *control, uv_loop_t *loop, const char *path, char *error, size_t size)
{
	int rc;

	uv_pipe_init(loop, &control->pipe, 0);
	control->pipe.data = control;
	if (strlen(path) >= sizeof(control->path)) {
		snprintf(error, size, "control socket path %s is longer than %zu", path,
		    sizeof(control->path) - 1);
		return false;
	}
	if (in_use(path)) {
		snprintf(error, size, "control socket %s belongs to a running collector", path);
		return false;
	}
	unlink(path);
	rc = bind_and_listen(&control->pipe, path);
	if (rc != 0) {
		snprintf(error, size, "control socket %s: %s", path, uv_strerror(rc));
		return false;
	}
	text_copy(control->path, sizeof(control->path), path);
	return true;
}

void
socket_close(struct control *control, uv_close_cb closed)
{
	while (control->clients != NULL)
		client_close(control->clients);
	if (control->path[0] != '\0')
		unlink(control->path);
	uv_close((uv_handle_t *)&control->pipe, closed);
}

#include "cli/control_client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/pure/text.h"
#include "cli/cli.h"
#include "proto/control_request.h"

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

static const char *
default_path(void)
{
	const char *path = getenv("BELLMAN_SOCKET");

	return path != NULL && *path != '\0' ? path : "/run/bellman/control.sock";
}

/* --- options */

struct control_options
control_options(void)
{
	return (struct control_options){ default_path(), "auto", "text" };
}

bool
control_option(struct control_options *o, int opt, const char *argument)
{
	if (opt == 'o')
		o->format = argument;
	else if (opt == 'C')
		o->when = argument;
	else if (opt == 's')
		o->path = argument;
	else
		return false;
	return true;
}

bool
control_options_add(
    const struct control_options *o, const char *command, struct sbuf *request, bool *json)
{
	bool colour;

	if (!cli_colour(command, o->when, &colour) || !cli_format(command, o->format, json))
		return false;
	control_request_word(request, "format", o->format);
	control_request_word(request, "colour", colour ? "1" : "0");
	return true;
}

/* The last filter that was asked for, for who has to say what is wrong with it. */
static char asked_filter[CONTROL_REQUEST_MAX];

void
control_arguments_add(struct sbuf *request, const char *key, int argc, char **argv)
{
	struct sbuf all = sbuf_of(CONTROL_REQUEST_MAX);

	for (int i = 0; i < argc; i++)
		sbuf_printf(&all, "%s%s", i > 0 ? " " : "", argv[i]);
	control_request_word(request, key, sbuf_text(&all));
	if (strcmp(key, "filter") == 0)
		text_copy(asked_filter, sizeof(asked_filter), sbuf_text(&all));
	sbuf_free(&all);
}

/* --- the connection */

int
control_connect(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(un.sun_path)) {
		fprintf(stderr, "bellman: the path of the control socket is too long: %s\n", path);
		return -1;
	}
	text_copy(un.sun_path, sizeof(un.sun_path), path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	fprintf(stderr, "bellman: no daemon at %s: %s\n", path, strerror(errno));
	fputs(errno == EACCES ? "  You may not open it: join its group, or become root.\n"
			      : "  Is bellmand running? With another control socket say so: "
				"--socket PATH, or BELLMAN_SOCKET=PATH.\n",
	    stderr);
	if (fd >= 0)
		close(fd);
	return -1;
}

bool
control_listens(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes;

	text_copy(un.sun_path, sizeof(un.sun_path), path);
	yes = fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0;
	if (fd >= 0)
		close(fd);
	return yes;
}

bool
control_wait(const char *path)
{
	enum { AGAIN_MS = 500 };
	struct pollfd reader = { .fd = STDOUT_FILENO };

	while (!interrupted && !control_listens(path)) {
		if (poll(&reader, 1, AGAIN_MS) < 0)
			continue;
		if (reader.revents & (POLLERR | POLLHUP)) {
			raise(SIGPIPE); /* as writing to it would */
			return false;
		}
	}
	return !interrupted;
}

static bool
send_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t w = send(fd, data, n, MSG_NOSIGNAL);

		if (w <= 0 && errno != EINTR)
			return false;
		if (w > 0) {
			data += w;
			n -= (size_t)w;
		}
	}
	return true;
}

/* Interruptible by design: no SA_RESTART, so that poll returns. */
static void
catch_interrupt(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

/* --- the answer */

struct answer {
	int fd;
	struct sbuf held; /* what is not a whole line yet */
	bool begun;	  /* the first line was "ok" */
	bool has_end;	  /* and said that the last is CONTROL_END */
	bool complete;
	unsigned long lines;
	const char *filter;			   /* that was sent; NULL: none */
	bool (*take)(void *ctx, const char *line); /* NULL: to stdout */
	void *ctx;
	int rc;
};

/* Where the error says a column of a filter: the filter, and a caret below the column. */
static void
point_at(const struct answer *a, const char *error)
{
	unsigned column;
	const char *filter = a->filter;

	if (filter == NULL || *filter == '\0' || strchr(filter, '\n') != NULL ||
	    sscanf(error, "filter, column %u:", &column) != 1 || column == 0 ||
	    column > strlen(filter) + 1)
		return;
	fprintf(stderr, "  %s\n  %*s^\n", filter, (int)column - 1, "");
}

/* The first line: "ok", or "error<TAB>reason". */
static void
take_verdict(struct answer *a, const char *line)
{
	const char *text = strchr(line, '\t');

	a->begun = strncmp(line, "ok", 2) == 0;
	a->has_end = a->begun && text != NULL && strcmp(text + 1, "end") == 0;
	if (a->begun)
		return;
	fprintf(stderr, "bellman: %s\n", text != NULL ? text + 1 : line);
	point_at(a, text != NULL ? text + 1 : line);
	a->complete = true;
	a->rc = CLI_REFUSED;
}

/* Take the whole lines of what is held. */
static void
take_lines(struct answer *a)
{
	size_t at = 0;
	char *end;

	while (!a->complete && at < a->held.len &&
	       (end = memchr(a->held.data + at, '\n', a->held.len - at)) != NULL) {
		const char *line = a->held.data + at;
		size_t n = (size_t)(end + 1 - line);

		if (!a->begun) {
			*end = '\0';
			take_verdict(a, line);
		} else if (a->has_end && n == strlen(CONTROL_END) &&
			   memcmp(line, CONTROL_END, n) == 0) {
			a->complete = true;
		} else if (a->take != NULL) {
			*end = '\0';
			a->complete = !a->take(a->ctx, line);
		} else {
			a->lines += fwrite(line, 1, n, stdout) == n;
		}
		at += n;
	}
	sbuf_drop(&a->held, at);
	fflush(stdout);
}

/* Wait until there is something to read. false: interrupted, or whoever reads us is gone. */
static bool
wait_for_answer(const struct answer *a)
{
	struct pollfd p[2] = { { .fd = a->fd, .events = POLLIN }, { .fd = STDOUT_FILENO } };

	while (!interrupted && !ferror(stdout)) {
		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents & (POLLERR | POLLHUP))
			raise(SIGPIPE); /* as writing to it would */
		if (p[1].revents & (POLLERR | POLLHUP))
			return false;
		if (p[0].revents != 0)
			return true;
	}
	return false;
}

static void
read_answer(struct answer *a)
{
	enum { READ_OCTETS = 65536 };
	ssize_t n = 1;

	while (!a->complete && n != 0 && wait_for_answer(a)) {
		char *to = sbuf_reserve(&a->held, READ_OCTETS);

		n = to != NULL ? read(a->fd, to, READ_OCTETS) : 0;
		if (n < 0 && errno != EINTR)
			n = 0;
		if (n > 0)
			a->held.len += (size_t)n;
		if (n > 0)
			take_lines(a);
	}
	if (n != 0 || a->complete || (a->begun && !a->has_end))
		return;
	fputs(a->begun ? "bellman: the daemon ended before its answer was complete\n"
		       : "bellman: the daemon closed the connection without an answer\n",
	    stderr);
	a->rc = CLI_NO_DAEMON;
}

static int
run(const char *path, struct sbuf *request, struct answer *a)
{
	a->fd = control_connect(path);
	if (a->fd < 0)
		return CLI_NO_DAEMON;
	catch_interrupt();
	control_request_word(request, "end", "1");
	control_request_end(request);
	if (send_all(a->fd, request->data, request->len)) {
		read_answer(a);
	} else {
		fprintf(
		    stderr, "bellman: the daemon does not take the request: %s\n", strerror(errno));
		a->rc = CLI_NO_DAEMON;
	}
	sbuf_free(&a->held);
	close(a->fd);
	return interrupted ? CLI_INTERRUPTED : a->rc;
}

int
control_run(const char *path, struct sbuf *request, unsigned long *lines)
{
	struct answer a = { .held = sbuf_of(1 << 30), .filter = asked_filter };
	int rc = run(path, request, &a);

	*lines = a.lines;
	return rc;
}

int
control_ask(
    const char *path, struct sbuf *request, bool (*take)(void *ctx, const char *line), void *ctx)
{
	struct answer a = {
		.held = sbuf_of(1 << 30), .filter = asked_filter, .take = take, .ctx = ctx
	};

	return run(path, request, &a);
}

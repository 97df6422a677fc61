#include "collector/http/ask.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "proto/control_request.h"

enum { READ_OCTETS = 65536, HELD_MAX = 256 * 1024 * 1024 };

static int
connect_to(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	text_copy(un.sun_path, sizeof(un.sun_path), path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Wait until there is something to read. false: it is late, or we are to stop (*stopped). */
static bool
wait_for(const struct ask *a, int64_t until_us, bool *stopped)
{
	struct pollfd p[2] = { { .fd = a->fd, .events = POLLIN }, { .fd = a->stop_fd } };

	*stopped = false;
	for (;;) {
		int64_t left_us = until_us - clock_mono_us();
		int rc = poll(p, 2, left_us > 0 ? (int)(left_us / 1000) + 1 : 0);

		if (rc > 0 && p[1].revents != 0)
			*stopped = true;
		if (rc > 0)
			return !*stopped;
		if (rc == 0 || errno != EINTR)
			return false;
	}
}

/* Any line, also the first and the last. */
static enum ask_got
read_line(struct ask *a, char **line, size_t *n, int timeout_ms)
{
	int64_t until_us = clock_mono_us() + (int64_t)timeout_ms * 1000;
	size_t seen = 0;

	for (;;) {
		char *from = a->held.data != NULL ? a->held.data + a->at : NULL, *to;
		char *end = a->held.len > a->at + seen
				? memchr(from + seen, '\n', a->held.len - a->at - seen)
				: NULL;
		bool stopped;
		ssize_t got;

		if (end != NULL) {
			*end = '\0';
			*line = from;
			*n = (size_t)(end - from);
			a->at += *n + 1;
			return ASK_LINE;
		}
		sbuf_drop(&a->held, a->at); /* what is left is a part of a line */
		a->at = 0;
		seen = a->held.len;
		if (!wait_for(a, until_us, &stopped))
			return stopped ? ASK_BROKEN : ASK_LATE;
		to = sbuf_reserve(&a->held, READ_OCTETS);
		got = to != NULL ? read(a->fd, to, READ_OCTETS) : 0;
		if (got == 0 || (got < 0 && errno != EINTR))
			return ASK_BROKEN;
		if (got > 0)
			a->held.len += (size_t)got;
	}
}

static enum ask_got
failed(enum ask_got how, char why[ASK_WHY_MAX], const char *text)
{
	text_copy(why, ASK_WHY_MAX, text);
	return how;
}

enum ask_got
ask_open(struct ask *a, const char *path, int stop_fd, struct sbuf *request, int timeout_ms,
    char why[ASK_WHY_MAX])
{
	enum ask_got got;
	const char *text;
	char *line;
	size_t n;

	*a = (struct ask){ .fd = connect_to(path), .stop_fd = stop_fd, .held = sbuf_of(HELD_MAX) };
	if (a->fd < 0)
		return failed(
		    ASK_BROKEN, why, "the collector does not answer: it is starting or stopping");
	control_request_word(request, "end", "1");
	control_request_end(request);
	if (request->failed || request->len >= CONTROL_REQUEST_MAX)
		return failed(ASK_REFUSED, why, "the question is too long");
	if (send(a->fd, request->data, request->len, MSG_NOSIGNAL) != (ssize_t)request->len)
		return failed(ASK_BROKEN, why, "the collector takes no question");
	got = read_line(a, &line, &n, timeout_ms);
	if (got == ASK_LATE)
		return failed(
		    got, why, "the collector has not answered in time: it is busy, or stuck");
	if (got != ASK_LINE)
		return failed(got, why, "the collector broke off: it is busy, or stopping");
	text = strchr(line, '\t');
	if (strncmp(line, "ok", 2) != 0)
		return failed(ASK_REFUSED, why, text != NULL ? text + 1 : line);
	a->has_end = text != NULL && strcmp(text + 1, "end") == 0;
	return ASK_LINE;
}

enum ask_got
ask_line(struct ask *a, char **line, size_t *n, int timeout_ms)
{
	enum ask_got got = read_line(a, line, n, timeout_ms);

	if (got == ASK_LINE && a->has_end && *n == strlen(CONTROL_END) - 1 &&
	    memcmp(*line, CONTROL_END, *n) == 0)
		return ASK_END;
	return got;
}

void
ask_close(struct ask *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	sbuf_free(&a->held);
}

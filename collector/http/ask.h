/*
 * ask: a question on the control socket (proto/control_request.h) from a thread that may wait. The
 * answer is read a line at a time, as its reader goes on; the collector makes no more of it than
 * that. Whoever asks waits for nobody who has been told to stop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/sbuf.h"

enum { ASK_WHY_MAX = 512 };

struct ask {
	int fd, stop_fd;
	struct sbuf held; /* what has been read; what lies before `at` was given */
	size_t at;
	bool has_end;
};

enum ask_got {
	ASK_LINE,
	ASK_END,     /* the answer is complete */
	ASK_REFUSED, /* the collector says why */
	ASK_LATE,    /* nothing came in time */
	ASK_BROKEN   /* it ended before it was complete; or nobody answers */
};

/*
 * End the request, send it, and wait for the first line of the answer. stop_fd: whoever waits is to
 * stop when its other end is closed, which is ASK_BROKEN; -1: none. Returns ASK_LINE when there is
 * an answer; else why is what happened. ask_close is due either way.
 */
enum ask_got ask_open(struct ask *, const char *path, int stop_fd, struct sbuf *request,
    int timeout_ms, char why[ASK_WHY_MAX]);
/* The next line, without its end and terminated; valid until the next call. */
enum ask_got ask_line(struct ask *, char **line, size_t *n, int timeout_ms);
void ask_close(struct ask *);

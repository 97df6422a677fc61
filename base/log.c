#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/pure/utf8.h"
#include "base/sbuf.h"

enum {
	TEXT_MAX = 4096,
	/* JSON writes an octet as three at most here: the line never loses its end */
	LINE_MAX_OCTETS = 3 * TEXT_MAX + 1024,
	WAITING_MAX = 1024 * 1024, /* octets that standard error has not taken yet */
};

/* Read by every thread, set anew by a reload: each is one word of its own. */
static struct {
	_Atomic enum log_level most;
	_Atomic enum log_format format;
	_Atomic bool journald;
} settings = { .most = LOG_INFO, .format = LOG_TEXT };

static const struct {
	const char *name;
	int syslog; /* RFC 5424 severity */
} levels[] = {
	[LOG_ERROR] = { "error", 3 },
	[LOG_WARNING] = { "warning", 4 },
	[LOG_NOTICE] = { "notice", 5 },
	[LOG_INFO] = { "info", 6 },
	[LOG_DEBUG] = { "debug", 7 },
};

void
log_setup(enum log_level most, enum log_format format)
{
	settings.most = most;
	settings.format = format;
	settings.journald = getenv("JOURNAL_STREAM") != NULL;
}

const char *
log_level_name(enum log_level level)
{
	return levels[level].name;
}

/* --- standard error, which may be a pipe or terminal that nobody reads */

static struct {
	pthread_mutex_t lock; /* held while something is written that cannot block */
	int fd;		      /* standard error opened again so that it does not block; -1: not */
	dev_t device;	      /* what it is open for */
	ino_t inode;
	struct sbuf waiting;   /* whole lines, but for the first one's beginning */
	unsigned long dropped; /* lines for which there was no room, and nobody was told */
} output = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1, .waiting = { .max = WAITING_MAX } };

/*
 * Standard error is shared with whoever started us: its flags are not ours to change. A pipe or a
 * terminal can be opened again. false: it cannot.
 */
static bool
open_again(const struct stat *st)
{
	if (output.fd >= 0 && output.device == st->st_dev && output.inode == st->st_ino)
		return true;
	if (output.fd >= 0)
		close(output.fd);
	output.fd =
	    open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	output.device = st->st_dev;
	output.inode = st->st_ino;
	return output.fd >= 0;
}

/* As much as standard error takes at once; -1 with EAGAIN when that is nothing. */
static ssize_t
write_at_once(const char *data, size_t n)
{
	struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
	struct stat st;

	if (fstat(STDERR_FILENO, &st) != 0)
		return -1;
	if (S_ISSOCK(st.st_mode))
		return send(STDERR_FILENO, data, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return write(STDERR_FILENO, data, n);
	if (open_again(&st))
		return write(output.fd, data, n);
	/* a pipe that is ready takes so much without blocking (pipe(7)) */
	if (poll(&ready, 1, 0) == 1)
		return write(STDERR_FILENO, data, n < PIPE_BUF ? n : PIPE_BUF);
	errno = EAGAIN;
	return -1;
}

/* Write what waits. What standard error refuses for good is lost: there is nowhere left to say it.
 */
static void
flush(void)
{
	size_t at = 0;

	while (at < output.waiting.len) {
		ssize_t n = write_at_once(output.waiting.data + at, output.waiting.len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		at = n < 0 ? output.waiting.len : at + (size_t)n;
	}
	if (at == output.waiting.len)
		sbuf_free(&output.waiting);
	else
		sbuf_drop(&output.waiting, at);
}

static void
put_line(enum log_level level, const char *subject, const char *text, struct sbuf *line)
{
	char when[CLOCK_TEXT_MAX];

	clock_format_us(clock_wall_us(), 3, when);
	if (settings.journald)
		sbuf_printf(line, "<%d>", levels[level].syslog);
	if (settings.format == LOG_JSON) {
		struct jw j = jw_to(line);

		jw_object(&j, NULL);
		jw_string(&j, "time", when);
		jw_string(&j, "level", levels[level].name);
		jw_string(&j, "subject", subject);
		jw_string(&j, "msg", text);
		jw_end_object(&j);
		sbuf_putc(line, '\n');
	} else {
		sbuf_printf(line, "%s %-7s %s: %s\n", when, levels[level].name, subject, text);
	}
}

/* There is room again: say what is missing here. */
static void
report_dropped(void)
{
	char text[128];

	if (output.dropped == 0 || output.waiting.len > WAITING_MAX / 2)
		return;
	snprintf(text, sizeof(text), "lines were dropped: nobody read standard error dropped=%lu",
	    output.dropped);
	output.dropped = 0;
	put_line(LOG_WARNING, "log", text, &output.waiting);
}

static void
send_line(const struct sbuf *line)
{
	pthread_mutex_lock(&output.lock);
	flush();
	report_dropped();
	if (output.dropped > 0 || line->failed || output.waiting.len + line->len > WAITING_MAX)
		output.dropped++;
	else
		sbuf_add(&output.waiting, line->data, line->len);
	flush();
	pthread_mutex_unlock(&output.lock);
}

unsigned long
log_flush(void)
{
	unsigned long dropped;

	pthread_mutex_lock(&output.lock);
	flush();
	report_dropped();
	flush();
	dropped = output.dropped;
	pthread_mutex_unlock(&output.lock);
	return dropped;
}

void
log_finish(int deadline_ms)
{
	int64_t end = clock_mono_us() + (int64_t)deadline_ms * 1000;
	const struct timespec pause = { .tv_nsec = 5 * 1000000 };

	for (log_flush(); output.waiting.len > 0 && clock_mono_us() < end; log_flush())
		nanosleep(&pause, NULL);
}

void
log_msg(enum log_level level, const char *subject, const char *fmt, ...)
{
	char text[TEXT_MAX];
	struct sbuf line = sbuf_of(LINE_MAX_OCTETS);
	va_list ap;

	if (level > settings.most)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	utf8_make_visible(text); /* what routers say may reach the log: a line stays a line */
	put_line(level, subject, text, &line);
	send_line(&line);
	sbuf_free(&line);
}

bool
log_allowed(struct log_limit *l, int64_t now_us, uint32_t *suppressed)
{
	*suppressed = 0;
	if (now_us - l->since_us >= l->period_us) {
		l->since_us = now_us;
		l->n = 0;
	}
	if (l->n >= l->burst) {
		l->suppressed++;
		return false;
	}
	l->n++;
	*suppressed = l->suppressed;
	l->suppressed = 0;
	return true;
}

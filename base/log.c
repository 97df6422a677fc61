#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/sbuf.h"

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

void
log_msg(enum log_level level, const char *subject, const char *fmt, ...)
{
	char when[CLOCK_TEXT_MAX], text[4096];
	/* JSON writes an octet as three at most here: the line never loses its end */
	struct sbuf line = sbuf_of(3 * sizeof(text) + 1024);
	va_list ap;

	if (level > settings.most)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* what routers say may reach the log: keep a line a line */
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	clock_format_us(clock_wall_us(), 3, when);
	if (settings.journald)
		sbuf_printf(&line, "<%d>", levels[level].syslog);
	if (settings.format == LOG_JSON) {
		struct jw j = jw_to(&line);

		jw_object(&j, NULL);
		jw_string(&j, "time", when);
		jw_string(&j, "level", levels[level].name);
		jw_string(&j, "subject", subject);
		jw_string(&j, "msg", text);
		jw_end_object(&j);
		sbuf_putc(&line, '\n');
	} else {
		sbuf_printf(&line, "%s %-7s %s: %s\n", when, levels[level].name, subject, text);
	}
	if (line.len > 0 && write(STDERR_FILENO, line.data, line.len) < 0) {
		/* nowhere left to say it */
	}
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

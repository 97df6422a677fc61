/*
 * Log: a fact with keys, one line an event, to standard error. "TIME LEVEL subject: what happened
 * key=value ..." or JSON; under systemd the priority prefix "<N>" is added. Thread-safe.
 *
 * Nobody waits for whoever reads standard error: lines that it does not take at once wait in memory
 * (1 MiB), those for which there is no room are dropped, and a line says how many when there is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_TEXT, LOG_JSON };

/* Before the first thread starts, and whenever the configuration is read again. */
void log_setup(enum log_level most, enum log_format);
const char *log_level_name(enum log_level);

/* One line. subject: the module's word ("server", "rtr", "kafka"). fmt: what happened, then
 * key=value pairs. */
void log_msg(enum log_level, const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Write what still waits, as far as standard error takes it at once: call it now and then. Returns
 * how many lines were dropped and could not be told yet. */
unsigned long log_flush(void);
/* The same before the end, waiting for standard error for a while. */
void log_finish(int deadline_ms);

#define log_error(subject, ...)	  log_msg(LOG_ERROR, subject, __VA_ARGS__)
#define log_warning(subject, ...) log_msg(LOG_WARNING, subject, __VA_ARGS__)
#define log_notice(subject, ...)  log_msg(LOG_NOTICE, subject, __VA_ARGS__)
#define log_info(subject, ...)	  log_msg(LOG_INFO, subject, __VA_ARGS__)
#define log_debug(subject, ...)	  log_msg(LOG_DEBUG, subject, __VA_ARGS__)

/* Lets at most `burst` lines through in `period_us`. The first line let through after a silence
 * says how many were held back. */
struct log_limit {
	int64_t since_us;
	uint32_t burst, n, suppressed;
	int64_t period_us;
};
/* true when a line may go out now; *suppressed gets the number of lines held back before it. */
bool log_allowed(struct log_limit *, int64_t now_us, uint32_t *suppressed);

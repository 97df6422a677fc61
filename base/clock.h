/*
 * Time. Microseconds everywhere. Reading a clock is for the daemon, the commands and
 * the log. The engine gets the time as an input.
 */
#pragma once

#include <stdint.h>

enum { CLOCK_TEXT_MAX = 36 };

/* Wall clock, microseconds since 1970 UTC. */
int64_t clock_wall_us(void);
/* Monotonic clock, microseconds since some start. */
int64_t clock_mono_us(void);
/* CPU time of this process, all threads, microseconds. */
int64_t clock_cpu_us(void);
/* RFC 3339 in UTC with 0, 3 or 6 decimals, "2026-11-24T11:00:00.000000Z", into buf
 * (CLOCK_TEXT_MAX); returns buf. */
const char *clock_format_us(int64_t us, int decimals, char *buf);

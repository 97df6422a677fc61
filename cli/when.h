/* Times and durations as people write them. */
#pragma once

#include <stdbool.h>

/* "90s", "10m", "2h", "1d", "1w", "1h30m", "5" (seconds), as seconds. Negative when it is none. */
double cli_duration(const char *text);
/* RFC 3339, of which seconds, and the time of day, may be left out, with its zone, or without it in
 * UTC: "2026-11-27T04:44:00Z", "2026-11-27 04:44", "2026-11-27". Seconds since 1970. false: it is
 * none. */
bool cli_time(const char *text, double *at);
/* In the past: a duration ago; a time of day in UTC, "04:44" or "04:44:30", the last that was; or
 * as cli_time. false: it is none of these. */
bool cli_moment(const char *text, double *at);
#define CLI_MOMENTS "90s, 1h30m, 1w, 04:44, 2026-11-27 or 2026-11-27T04:44:00Z"

/*
 * score: the metrics of MANRS (Mutually Agreed Norms for Routing Security) that events have, by the
 * rules of its measurement framework: M1 route leaks, M2 hijacks, M3 bogon prefixes, M4 bogon AS
 * numbers, each as the culprit, who does it, and as the accomplice (C), who passes on what a
 * neighbour does.
 *
 * Events of one metric that touch or overlap are one incident. An incident of less than 30 minutes
 * weighs 0.5, one of less than 24 hours 1, and each further day that has begun 1 more; what lasted
 * no time weighs nothing. So 29 minutes, 13 hours and 25 hours are 0.5 + 1 + 2 = 3.5. The sum is of
 * a calendar month in UTC; an incident over its end is cut there, and goes on in the next.
 *
 * Pure: times come in, in seconds since 1970 UTC.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/detect/detect.h"

/* In the order of their names. */
enum norm_metric {
	METRIC_M1,
	METRIC_M1C,
	METRIC_M2,
	METRIC_M2C,
	METRIC_M3,
	METRIC_M3C,
	METRIC_M4,
	METRIC_M4C,
	METRICS
};

struct norm_metric_info {
	const char *name;  /* "M1C" */
	const char *title; /* "route leaks of neighbours that we passed on" */
};
extern const struct norm_metric_info norm_metric_info[METRICS];

/* What a route that breaks a rule of this norm counts as; METRICS for NORM_NONE. culprit: it is our
 * doing. */
enum norm_metric norm_metric_of(uint8_t norm, bool culprit);

/* From the first second to the one behind the last. */
struct norm_span {
	int64_t from_s, to_s;
};

/* Sort them, leave out what lasted no time, and make one of what touches or overlaps; in place.
 * Returns how many there are. */
size_t norm_merge(struct norm_span *, size_t n);
/* Cut them to what lies within, in place; what does not is left out. Returns how many there are. */
size_t norm_cut(struct norm_span *, size_t n, struct norm_span within);
/* The weight of an incident in halves: 3.5 is 7. */
uint32_t norm_halves(int64_t seconds);
/* Of all of them; those of norm_merge. */
uint32_t norm_score(const struct norm_span *, size_t n);

/* The days of a month: the first second of it, and that of the next. month: "2026-10". false when
 * it is none. */
bool norm_month(const char *month, struct norm_span *out);
/* "2026-10-31" of a second; into buf (NORM_DAY_MAX). Returns buf. */
enum { NORM_DAY_S = 86400, NORM_DAY_MAX = 24 };
const char *norm_day_text(int64_t at_s, char buf[NORM_DAY_MAX]);

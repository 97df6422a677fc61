#include "collector/norms/score.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_S = 1800, DAYS_OF_ERA = 146097, EPOCH_DAYS = 719468 };

const struct norm_metric_info norm_metric_info[METRICS] = {
	[METRIC_M1] = { "M1", "route leaks of our own" },
	[METRIC_M1C] = { "M1C", "route leaks of neighbours that we passed on" },
	[METRIC_M2] = { "M2", "prefixes of others that we originated" },
	[METRIC_M2C] = { "M2C", "hijacks by neighbours that we passed on" },
	[METRIC_M3] = { "M3", "bogon prefixes that we announced" },
	[METRIC_M3C] = { "M3C", "bogon prefixes of neighbours that we passed on" },
	[METRIC_M4] = { "M4", "bogon AS numbers next to us in what we announced" },
	[METRIC_M4C] = { "M4C", "bogon AS numbers behind neighbours that we passed on" },
};

enum norm_metric
norm_metric_of(uint8_t norm, bool culprit)
{
	static const uint8_t by[NORMS] = { [NORM_NONE] = METRICS,
		[NORM_LEAK] = METRIC_M1,
		[NORM_HIJACK] = METRIC_M2,
		[NORM_BOGON_PREFIX] = METRIC_M3,
		[NORM_BOGON_ASN] = METRIC_M4 };
	uint8_t m = norm < NORMS ? by[norm] : METRICS;

	return m == METRICS || culprit ? (enum norm_metric)m : (enum norm_metric)(m + 1);
}

static int
by_time(const void *x, const void *y)
{
	const struct norm_span *a = x, *b = y;

	return a->from_s != b->from_s ? (a->from_s > b->from_s) - (a->from_s < b->from_s)
				      : (a->to_s > b->to_s) - (a->to_s < b->to_s);
}

size_t
norm_merge(struct norm_span *v, size_t n)
{
	size_t to = 0;

	if (n == 0)
		return 0;
	qsort(v, n, sizeof(*v), by_time);
	for (size_t i = 0; i < n; i++) {
		if (v[i].to_s <= v[i].from_s)
			continue;
		if (to > 0 && v[i].from_s <= v[to - 1].to_s) {
			if (v[i].to_s > v[to - 1].to_s)
				v[to - 1].to_s = v[i].to_s;
			continue;
		}
		v[to++] = v[i];
	}
	return to;
}

size_t
norm_cut(struct norm_span *v, size_t n, struct norm_span within)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		struct norm_span s = v[i];

		if (s.from_s < within.from_s)
			s.from_s = within.from_s;
		if (s.to_s > within.to_s)
			s.to_s = within.to_s;
		if (s.to_s > s.from_s)
			v[to++] = s;
	}
	return to;
}

uint32_t
norm_halves(int64_t seconds)
{
	if (seconds <= 0)
		return 0;
	if (seconds < SHORT_S)
		return 1;
	return 2 * (uint32_t)(seconds / NORM_DAY_S + 1);
}

uint32_t
norm_score(const struct norm_span *v, size_t n)
{
	uint32_t halves = 0;

	for (size_t i = 0; i < n; i++)
		halves += norm_halves(v[i].to_s - v[i].from_s);
	return halves;
}

/* --- the calendar (proleptic Gregorian, years from March on) */

static int64_t
days_from_civil(int64_t y, int64_t m, int64_t d)
{
	int64_t era, of_era, of_year;

	y -= m <= 2;
	era = y / 400;
	of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	of_era = y % 400 * 365 + y % 400 / 4 - y % 400 / 100 + of_year;
	return era * DAYS_OF_ERA + of_era - EPOCH_DAYS;
}

bool
norm_month(const char *text, struct norm_span *out)
{
	unsigned y, m;
	int n = 0;

	if (strlen(text) != 7 || strspn(text, "0123456789") != 4 || text[4] != '-' ||
	    strspn(text + 5, "0123456789") != 2 || sscanf(text, "%4u-%2u%n", &y, &m, &n) != 2 ||
	    n != 7 || y < 1970 || m < 1 || m > 12)
		return false;
	out->from_s = days_from_civil(y, m, 1) * NORM_DAY_S;
	out->to_s = days_from_civil(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) * NORM_DAY_S;
	return true;
}

const char *
norm_day_text(int64_t at_s, char buf[NORM_DAY_MAX])
{
	int64_t days = at_s / NORM_DAY_S - (at_s % NORM_DAY_S < 0) + EPOCH_DAYS;
	int64_t era = days / DAYS_OF_ERA, of_era = days % DAYS_OF_ERA;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	y += era * 400 + (m >= 10);
	snprintf(buf, NORM_DAY_MAX, "%04" PRId64 "-%02d-%02d", y % 10000,
	    (int)(m < 10 ? m + 3 : m - 9), (int)(of_year - (153 * m + 2) / 5 + 1));
	return buf;
}

/*
 * What the files of the report share:
 *
 *   report        takes rows, and adds them up
 *   report_print  says them as JSON
 */
#pragma once

#include "collector/norms/report.h"

enum { REPORT_DAYS_MAX = 31 };

struct report_day {
	uint64_t watched_s, left_out, fate_s[FATES];
};

/* Of a month; in the order of neighbour, family, name. */
struct report_session {
	uint32_t asn;
	bool ipv6;
	char name[LEDGER_NAME_MAX];
	int day; /* whose relation and limit these are */
	uint8_t relation;
	uint32_t limit, most[LEDGER_COUNTS];
	uint64_t known_s, down_s, count_s[LEDGER_COUNTS], sum[LEDGER_COUNTS];
};

/* Of a month; in the order of neighbour, family, router. */
struct report_use {
	uint32_t asn;
	bool ipv6;
	char router[LEDGER_NAME_MAX];
	uint32_t most[LEDGER_USES];
	uint64_t known_s, count_s[LEDGER_USES], sum[LEDGER_USES];
};

struct report_wrong {
	uint32_t asn;
	bool ipv6;
	uint8_t rule;
	uint32_t most[FATES];
	uint64_t fate_s[FATES];
};

struct report_way {
	char id[LEDGER_ID_MAX];
	uint32_t occurrence, asn;
	bool ipv6, ours, doubtful;
	uint8_t rule, metric; /* METRICS: it counts for none */
	uint64_t more, reach_s[REACHES];
	size_t spans_n; /* its own, merged; 0: it was never passed on */
	int64_t from_s, to_s;
	uint32_t halves;
};

/* When something was passed on. */
struct report_event {
	struct norm_span span;
	uint32_t way; /* before they are sorted: of which row */
	uint32_t asn;
	uint8_t metric;
};

struct norm_report {
	struct norm_span month;
	int64_t now_s;
	uint32_t asn; /* the only one; 0: all */
	struct report_day days[REPORT_DAYS_MAX];
	struct report_session *sessions;
	struct report_wrong *wrongs;
	struct report_use *uses;
	struct report_way *ways;
	struct report_event *events;
	size_t sessions_n, wrongs_n, uses_n, ways_n, events_n;
	size_t sessions_max, wrongs_max, uses_max, ways_max, events_max;
	bool added_up;
	struct norm_span *room; /* for as many spans as there are events */
};

/* Add up; nothing more may be added. */
void report_add_up(struct norm_report *);
/* Spans of a metric (METRICS: all), of one neighbour or, with any, of all, within a time, merged,
 * in r->room. Returns how many. */
size_t report_spans(
    struct norm_report *, uint8_t metric, bool any, uint32_t asn, struct norm_span within);
uint64_t report_passed_s(const struct norm_report *);
uint64_t report_watched_s(const struct norm_report *);

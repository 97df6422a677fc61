/*
 * report: a month of the ledger (ledger.h) as what a person looks at: the scores, the trend by day,
 * the incidents behind each point, and the neighbours, the worst first. Takes rows in any order,
 * gives rows of JSON, each an object with a member "row" that says what it is:
 *
 *   month     what was looked at, and how much of it was watched
 *   score     of each metric (score.h)
 *   day       scores and wrong routes of each day that has begun
 *   incident  what the scores are made of, and what our filter held
 *   neighbor  with "families", and in them "rules"
 *
 * Points are in halves: 7 is 3.5. Counts of routes are means over the time in which they were
 * known, in hundredths: what the name ends with _x100.
 *
 * Pure: no clock, no I/O.
 */
#pragma once

#include "base/sbuf.h"
#include "collector/norms/ledger.h"

struct norm_report;

/* now_s: what is behind it has not been yet. asn: of what this neighbour does only; 0: of all. NULL
 * when out of memory. */
struct norm_report *norm_report_new(struct norm_span month, int64_t now_s, uint32_t asn);
void norm_report_free(struct norm_report *); /* NULL is fine */
/* A row of the ledger, each once. What is none, or of another month, is left out. */
void norm_report_add(
    struct norm_report *, const char *day, const char *key, const char *value, size_t len);

/* What a neighbour is called and whom to call there; RECORD_NAME_MAX octets each, "" not known. */
typedef void (*norm_who)(void *ctx, uint32_t asn, const char *session, char *name, char *contact);
struct norm_asked {
	norm_who who;
	/* Is what shows an incident gone? Asked of those that have points; NULL: nobody knows. */
	bool (*evidence_gone)(void *ctx, const char *id);
	void *ctx;
	unsigned incidents_max; /* the gravest; 0: all */
};
/* After the last row, once. */
void norm_report_print(struct norm_report *, const struct norm_asked *, struct sbuf *out);

/* A traffic light: what is not known is grey. */
enum norm_light { LIGHT_GREY, LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED, LIGHTS };
const char *norm_light_name(uint8_t); /* "grey" ... "red" */
/*
 * Action 1 by the worst metric. MANRS publishes that 0 points are 100 %, 0.5 are 60 % and 1 is
 * about 49 % (FAQ of 2026): so none is green, one short incident yellow, more red. Without points
 * it is green when at least 95 % of the time was watched, else grey.
 */
enum norm_light norm_light_of_score(uint32_t halves, uint64_t watched_s, uint64_t passed_s);
struct norm_action_1 {
	uint8_t light;
	uint32_t halves; /* of the worst metric */
	uint8_t metric;	 /* which; METRICS: none has any */
	uint64_t watched_s, passed_s;
	uint64_t sent_s, held_s, spread_s, unproved_s; /* wrong routes times seconds */
};
void norm_report_action_1(struct norm_report *, struct norm_action_1 *out);
/* The neighbours that were customers when they were seen last, each once. */
void norm_report_customers(struct norm_report *, void (*each)(void *ctx, uint32_t asn), void *ctx);
/* Sessions in order of AS number, family and name, with the limit on their routes that is
 * configured (0: none) and the most that they sent at once. */
struct norm_session {
	uint32_t asn;
	const char *name;
	bool ipv6;
	uint8_t relation; /* enum relation */
	uint32_t limit, most;
};
void norm_report_sessions(
    struct norm_report *, void (*each)(void *ctx, const struct norm_session *), void *ctx);
/* Of the limit, from which on a session is near it. */
enum { NORM_NEAR_PERCENT = 80 };

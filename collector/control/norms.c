/* A month of the norms of routing security (MANRS), as JSON, for `bellman manrs`: what is kept by
 * day (norms/report.h), and what is so now (norms_now.c). */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/control/control_private.h"
#include "collector/norms/report.h"

enum { SECOND_US = 1000000, INCIDENTS_MAX = 1000, ANSWER_MAX = 256 * 1024 * 1024 };

/* What an answer is made of; days are read one at a time. */
struct norms_asked {
	struct norm_report *report;
	struct norm_span month;
	int64_t day_s; /* the next one */
	uint32_t asn;
};

static void
gone(struct client *c)
{
	norm_report_free(c->norms->report);
	free(c->norms);
	c->norms = NULL;
}

static void
take(void *ctx, const char *day, const char *key, const char *value, size_t len)
{
	norm_report_add(ctx, day, key, value, len);
}

/* --- the actions */

static void
put_action_1(struct norms_asked *a, struct sbuf *out)
{
	struct norm_action_1 of;
	struct jw j;

	norm_report_action_1(a->report, &of);
	j = norms_action(out, 1, of.light);
	jw_string(&j, "metric", of.metric < METRICS ? norm_metric_info[of.metric].name : "");
	jw_uint(&j, "halves", of.halves);
	jw_uint(&j, "watched_s", of.watched_s);
	jw_uint(&j, "passed_s", of.passed_s);
	jw_uint(&j, "wrong_sent_s", of.sent_s);
	jw_uint(&j, "wrong_held_s", of.held_s);
	jw_uint(&j, "wrong_spread_s", of.spread_s);
	jw_uint(&j, "wrong_unproved_s", of.unproved_s);
	norms_action_end(&j);
}

/* --- the request */

static void
print(struct client *c)
{
	const struct control *control = c->control;
	struct norms_asked *a = c->norms;
	const struct norm_asked q = { .who = control->ops->who,
		.evidence_gone = control->ops->evidence_gone,
		.ctx = control->ctx,
		.incidents_max = INCIDENTS_MAX };
	struct control_figures figures = { 0 };
	struct sbuf out = sbuf_of(ANSWER_MAX);
	struct jw j = jw_to(&out);

	control->ops->figures(control->ctx, &figures);
	jw_object(&j, NULL);
	jw_string(&j, "row", "collector");
	jw_string(&j, "collector", figures.collector);
	jw_uint(&j, "neighbor", a->asn);
	jw_end_object(&j);
	sbuf_putc(&out, '\n');
	norm_report_print(a->report, &q, &out);
	put_action_1(a, &out);
	norms_put_filters(control, a->report, &out);
	norms_put_sav(control, a->report, &out);
	norms_now(control, &out);
	client_put_buffer(c, &out);
}

/* A day at a time: a month of a large network is long to read. */
static void
more_days(struct client *c)
{
	struct norms_asked *a = c->norms;
	char day[NORM_DAY_MAX];

	if (a->day_s >= a->month.to_s) {
		print(c);
		client_done(c);
		return;
	}
	norm_day_text(a->day_s, day);
	a->day_s += NORM_DAY_S;
	c->control->ops->norm_rows(c->control->ctx, day, take, a->report);
	client_turn(c);
}

void
norms_request(struct client *c, const struct control_request *r)
{
	int64_t now_s = clock_wall_us() / SECOND_US;
	const char *asn = control_request_value(r, "neighbor", "0");
	char today[NORM_DAY_MAX];
	struct norms_asked *a;
	struct norm_span month;
	char *end;
	unsigned long long as = strtoull(asn, &end, 10);

	norm_day_text(now_s, today);
	today[7] = '\0'; /* the month */
	if (!norm_month(control_request_value(r, "month", today), &month)) {
		client_refuse(c, "not a month; right would be 2026-10");
		return;
	}
	if (*end != '\0' || asn[0] < '0' || asn[0] > '9' || as > UINT32_MAX) {
		client_refuse(c, "not an AS number; right would be 64501");
		return;
	}
	if (month.from_s > now_s) {
		client_refuse(c, "that month has not begun");
		return;
	}
	a = calloc(1, sizeof(*a));
	if (a == NULL || (a->report = norm_report_new(month, now_s, (uint32_t)as)) == NULL) {
		free(a);
		client_refuse(c, "out of memory");
		return;
	}
	a->month = month;
	a->day_s = month.from_s;
	a->asn = (uint32_t)as;
	c->norms = a;
	c->gone = gone;
	client_begin(c);
	c->more = more_days;
	client_turn(c);
}

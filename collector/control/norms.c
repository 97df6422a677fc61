/* A month of the norms of routing security (MANRS), as JSON, for `bellman manrs`: what is kept by
 * day (norms/report.h), whom nobody knows to call, and what the RPKI data says of our prefixes. */
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

/* --- what is not kept, but so now */

struct own_counts {
	struct sbuf *out;
	unsigned n, by[OWN_ROA_COVERED + 1];
};

static void
put_own(void *ctx, const struct own_roa *o)
{
	static const char *const names[] = { [OWN_ROA_UNKNOWN] = "unknown",
		[OWN_ROA_NONE] = "none",
		[OWN_ROA_OTHERS] = "others",
		[OWN_ROA_LOOSE] = "loose",
		[OWN_ROA_COVERED] = "covered" };
	struct own_counts *counts = ctx;
	char text[IP_PREFIX_TEXT_MAX];
	struct jw j = jw_to(counts->out);

	counts->n++;
	counts->by[o->state]++;
	jw_object(&j, NULL);
	jw_string(&j, "row", "own");
	jw_string(&j, "prefix", ip_prefix_format(&o->prefix, text));
	jw_string(&j, "state", names[o->state]);
	jw_string(&j, "roa", o->roa);
	jw_end_object(&j);
	sbuf_putc(counts->out, '\n');
}

/* Own AS numbers, and whether they have an ASPA. Returns how many have none. */
static unsigned
put_asns(const struct control *control, struct sbuf *out)
{
	const struct aspa_set *aspas = control->ops->aspas(control->ctx);
	const uint32_t *asns;
	size_t n = detect_own_asns(control->ops->detect(control->ctx), &asns), providers;
	unsigned without = 0;

	for (size_t i = 0; i < n; i++) {
		struct jw j = jw_to(out);
		bool has = aspas != NULL && aspa_providers(aspas, asns[i], &providers) != NULL;

		without += !has;
		jw_object(&j, NULL);
		jw_string(&j, "row", "asn");
		jw_uint(&j, "asn", asns[i]);
		jw_bool(&j, "aspa", has);
		jw_uint(&j, "providers", has ? providers : 0);
		jw_end_object(&j);
		sbuf_putc(out, '\n');
	}
	return without;
}

/* --- the actions */

static struct jw
begin_action(struct sbuf *out, unsigned action, enum norm_light light)
{
	struct jw j = jw_to(out);

	jw_object(&j, NULL);
	jw_string(&j, "row", "action");
	jw_uint(&j, "action", action);
	jw_string(&j, "light", norm_light_name((uint8_t)light));
	return j;
}

static void
end_action(struct jw *j)
{
	jw_end_object(j);
	sbuf_putc(j->out, '\n');
}

static void
put_action_1(struct norms_asked *a, struct sbuf *out)
{
	struct norm_action_1 of;
	struct jw j;

	norm_report_action_1(a->report, &of);
	j = begin_action(out, 1, of.light);
	jw_string(&j, "metric", of.metric < METRICS ? norm_metric_info[of.metric].name : "");
	jw_uint(&j, "halves", of.halves);
	jw_uint(&j, "watched_s", of.watched_s);
	jw_uint(&j, "passed_s", of.passed_s);
	jw_uint(&j, "wrong_sent_s", of.sent_s);
	jw_uint(&j, "wrong_held_s", of.held_s);
	jw_uint(&j, "wrong_unproved_s", of.unproved_s);
	end_action(&j);
}

static void
put_action_3(struct norms_asked *a, const struct norm_asked *q, struct sbuf *out)
{
	struct norm_contacts of;
	struct jw j;

	norm_report_contacts(a->report, q, &of);
	j = begin_action(out, 3,
	    of.neighbors == 0		? LIGHT_GREY
	    : of.without == 0		? LIGHT_GREEN
	    : of.without < of.neighbors ? LIGHT_YELLOW
					: LIGHT_RED);
	jw_uint(&j, "neighbors", of.neighbors);
	jw_uint(&j, "without_contact", of.without);
	end_action(&j);
}

static void
put_action_4(const struct control *control, struct sbuf *out)
{
	struct own_counts n = { .out = out };
	enum rpki_state state = control->ops->rpki_state(control->ctx);
	unsigned without;
	struct jw j;

	control->ops->own_roas(control->ctx, put_own, &n);
	without = put_asns(control, out);
	j = begin_action(out, 4,
	    n.n == 0 || n.by[OWN_ROA_UNKNOWN] > 0 || state != RPKI_WHOLE ? LIGHT_GREY
	    : n.by[OWN_ROA_OTHERS] > 0					 ? LIGHT_RED
	    : n.by[OWN_ROA_NONE] + n.by[OWN_ROA_LOOSE] > 0		 ? LIGHT_YELLOW
									 : LIGHT_GREEN);
	jw_string(&j, "rpki_state", rpki_state_name(state));
	jw_uint(&j, "prefixes", n.n);
	jw_uint(&j, "covered", n.by[OWN_ROA_COVERED] + n.by[OWN_ROA_LOOSE]);
	jw_uint(&j, "loose", n.by[OWN_ROA_LOOSE]);
	jw_uint(&j, "uncovered", n.by[OWN_ROA_NONE]);
	jw_uint(&j, "wrong", n.by[OWN_ROA_OTHERS]);
	jw_uint(&j, "asns_without_aspa", without);
	end_action(&j);
}

/* --- the request */

static void
print(struct client *c)
{
	const struct control *control = c->control;
	struct norms_asked *a = c->norms;
	const struct norm_asked q = {
		.who = control->ops->who, .ctx = control->ctx, .incidents_max = INCIDENTS_MAX
	};
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
	put_action_3(a, &q, &out);
	put_action_4(control, &out);
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

/* A month as rows of JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "collector/norms/report_private.h"
#include "proto/record.h"

static struct jw
begin(struct sbuf *out, const char *row)
{
	struct jw j = jw_to(out);

	jw_object(&j, NULL);
	jw_string(&j, "row", row);
	return j;
}

static void
end(struct jw *j)
{
	jw_end_object(j);
	sbuf_putc(j->out, '\n');
}

/* A second as RFC 3339. */
static void
put_time(struct jw *j, const char *key, int64_t at_s)
{
	char day[NORM_DAY_MAX];
	int64_t of_day = at_s % NORM_DAY_S;

	jw_stringf(j, key, "%sT%02d:%02d:%02dZ", norm_day_text(at_s, day), (int)(of_day / 3600),
	    (int)(of_day / 60 % 60), (int)(of_day % 60));
}

static void
put_month(struct norm_report *r, struct sbuf *out)
{
	struct jw j = begin(out, "month");
	char day[NORM_DAY_MAX];
	uint64_t left_out = 0;

	for (int k = 0; k < REPORT_DAYS_MAX; k++)
		left_out += r->days[k].left_out;
	norm_day_text(r->month.from_s, day);
	jw_string_n(&j, "month", day, 7);
	put_time(&j, "from", r->month.from_s);
	put_time(&j, "to", r->month.to_s);
	put_time(&j, "now", r->now_s);
	jw_uint(&j, "passed_s", report_passed_s(r));
	jw_uint(&j, "watched_s", report_watched_s(r));
	jw_uint(&j, "left_out", left_out);
	end(&j);
}

static void
put_scores(struct norm_report *r, struct sbuf *out)
{
	for (unsigned m = 0; m < METRICS; m++) {
		size_t n = report_spans(r, (uint8_t)m, true, 0, r->month);
		struct jw j = begin(out, "score");
		int64_t seconds = 0;

		for (size_t i = 0; i < n; i++)
			seconds += r->room[i].to_s - r->room[i].from_s;
		jw_string(&j, "metric", norm_metric_info[m].name);
		jw_string(&j, "title", norm_metric_info[m].title);
		jw_bool(&j, "culprit", m % 2 == 0);
		jw_uint(&j, "halves", norm_score(r->room, n));
		jw_uint(&j, "incidents", n);
		jw_uint(&j, "seconds", (uint64_t)seconds);
		end(&j);
	}
}

static void
put_fates(struct jw *j, const char *key, const uint64_t fate_s[FATES])
{
	jw_object(j, key);
	for (unsigned k = 0; k < FATES; k++)
		jw_uint(j, ledger_fate_names[k], fate_s[k]);
	jw_end_object(j);
}

static void
put_days(struct norm_report *r, struct sbuf *out)
{
	for (int k = 0; k < REPORT_DAYS_MAX; k++) {
		struct norm_span day = { r->month.from_s + (int64_t)k * NORM_DAY_S,
			r->month.from_s + (int64_t)(k + 1) * NORM_DAY_S };
		int64_t passed_s = r->now_s < day.to_s ? r->now_s - day.from_s : NORM_DAY_S;
		char text[NORM_DAY_MAX];
		struct jw j;

		if (passed_s <= 0 || day.from_s >= r->month.to_s)
			continue;
		j = begin(out, "day");
		jw_string(&j, "day", norm_day_text(day.from_s, text));
		jw_uint(&j, "passed_s", (uint64_t)passed_s);
		jw_uint(&j, "watched_s", r->days[k].watched_s);
		jw_object(&j, "halves");
		for (unsigned m = 0; m < METRICS; m++) {
			size_t n = report_spans(r, (uint8_t)m, true, 0, day);

			if (n > 0)
				jw_uint(&j, norm_metric_info[m].name, norm_score(r->room, n));
		}
		jw_end_object(&j);
		put_fates(&j, "wrong_s", r->days[k].fate_s);
		end(&j);
	}
}

/* --- incidents */

static int
gravest_first(const void *x, const void *y)
{
	const struct report_way *a = *(const struct report_way *const *)x,
				*b = *(const struct report_way *const *)y;

	if (a->halves != b->halves)
		return a->halves > b->halves ? -1 : 1;
	for (int k = REACH_PASSED_ON; k >= 0; k--)
		if (a->reach_s[k] != b->reach_s[k])
			return a->reach_s[k] > b->reach_s[k] ? -1 : 1;
	return strcmp(a->id, b->id);
}

static void
put_incident(const struct report_way *w, const struct norm_asked *q, struct sbuf *out)
{
	struct jw j = begin(out, "incident");

	jw_string(&j, "id", w->id);
	jw_uint(&j, "occurrence", w->occurrence);
	jw_string(&j, "rule", rule_info[w->rule].name);
	jw_string(&j, "metric", w->metric < METRICS ? norm_metric_info[w->metric].name : "");
	jw_uint(&j, "asn", w->asn);
	jw_string(&j, "family", w->ipv6 ? "ipv6" : "ipv4");
	jw_bool(&j, "ours", w->ours);
	jw_bool(&j, "doubtful", w->doubtful);
	jw_uint(&j, "halves", w->halves);
	if (w->spans_n > 0) {
		put_time(&j, "from", w->from_s);
		put_time(&j, "to", w->to_s);
		jw_uint(&j, "times", w->spans_n);
	}
	if (w->halves > 0 && q->evidence_gone != NULL && q->evidence_gone(q->ctx, w->id))
		jw_bool(&j, "evidence_gone", true);
	jw_uint(&j, "not_counted", w->more);
	jw_object(&j, "seconds");
	for (unsigned k = 0; k < REACHES; k++)
		jw_uint(&j, ledger_reach_names[k], w->reach_s[k]);
	jw_end_object(&j);
	end(&j);
}

static void
put_incidents(struct norm_report *r, const struct norm_asked *q, struct sbuf *out)
{
	const struct report_way **v = calloc(r->ways_n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; v != NULL && i < r->ways_n; i++)
		v[n++] = &r->ways[i];
	if (n > 0)
		qsort(v, n, sizeof(*v), gravest_first);
	for (size_t i = 0; i < n && (q->incidents_max == 0 || i < q->incidents_max); i++)
		put_incident(v[i], q, out);
	free(v);
}

/* --- neighbours */

struct neighbor {
	uint32_t asn, halves;
	uint64_t bad_s, sent_s;	     /* wrong routes that we accepted, that it sent */
	size_t sessions, sessions_n; /* from where, in r->sessions */
};

static int
worst_first(const void *x, const void *y)
{
	const struct neighbor *a = x, *b = y;

	if (a->halves != b->halves)
		return a->halves > b->halves ? -1 : 1;
	if (a->bad_s != b->bad_s)
		return a->bad_s > b->bad_s ? -1 : 1;
	if (a->sent_s != b->sent_s)
		return a->sent_s > b->sent_s ? -1 : 1;
	return (a->asn > b->asn) - (a->asn < b->asn);
}

static struct neighbor *
neighbors_of(struct norm_report *r, size_t *n)
{
	struct neighbor *v = calloc(r->sessions_n + 1, sizeof(*v));

	*n = 0;
	for (size_t i = 0; v != NULL && i < r->sessions_n; i++) {
		if (*n == 0 || v[*n - 1].asn != r->sessions[i].asn)
			v[(*n)++] = (struct neighbor){ .asn = r->sessions[i].asn, .sessions = i };
		v[*n - 1].sessions_n++;
	}
	for (size_t k = 0; k < *n; k++) {
		for (size_t i = 0; i < r->wrongs_n; i++)
			if (r->wrongs[i].asn == v[k].asn) {
				v[k].bad_s += r->wrongs[i].fate_s[FATE_ACCEPTED];
				v[k].sent_s += r->wrongs[i].fate_s[FATE_SENT];
			}
		for (unsigned m = 0; m < METRICS; m++)
			v[k].halves += norm_score(
			    r->room, report_spans(r, (uint8_t)m, false, v[k].asn, r->month));
	}
	if (*n > 0)
		qsort(v, *n, sizeof(*v), worst_first);
	return v;
}

/* The mean over the time in which it was known, in hundredths. */
static uint64_t
mean_x100(uint64_t sum, uint64_t seconds)
{
	return seconds > 0 ? (sum * 100 + seconds / 2) / seconds : 0;
}

static void
put_counts(struct jw *j, const struct report_session *s)
{
	static const char *const names[LEDGER_COUNTS] = { "sent", "accepted", "told" };
	char key[32];

	for (unsigned k = 0; k < LEDGER_COUNTS; k++) {
		if (s->count_s[k] == 0)
			continue;
		snprintf(key, sizeof(key), "%s_x100", names[k]);
		jw_uint(j, key, mean_x100(s->sum[k], s->count_s[k]));
		snprintf(key, sizeof(key), "%s_most", names[k]);
		jw_uint(j, key, s->most[k]);
	}
	if (s->limit > 0)
		jw_uint(j, "limit", s->limit);
}

static void
put_sessions(struct norm_report *r, struct jw *j, const struct neighbor *n)
{
	uint64_t passed_s = report_passed_s(r);

	jw_array(j, "sessions");
	for (size_t i = n->sessions; i < n->sessions + n->sessions_n; i++) {
		const struct report_session *s = &r->sessions[i];
		uint64_t seen_s = s->known_s + s->down_s;

		jw_object(j, NULL);
		jw_string(j, "session", s->name);
		jw_string(j, "family", s->ipv6 ? "ipv6" : "ipv4");
		jw_uint(j, "known_s", s->known_s);
		jw_uint(j, "down_s", s->down_s);
		jw_uint(j, "gap_s", seen_s < passed_s ? passed_s - seen_s : 0);
		put_counts(j, s);
		jw_end_object(j);
	}
	jw_end_array(j);
}

/* Where its routes are in use, and go on from. */
static void
put_routers(struct norm_report *r, struct jw *j, uint32_t asn)
{
	static const char *const names[LEDGER_USES] = { "used", "spread" };
	char key[32];

	jw_array(j, "routers");
	for (size_t i = 0; i < r->uses_n; i++) {
		const struct report_use *u = &r->uses[i];

		if (u->asn != asn)
			continue;
		jw_object(j, NULL);
		jw_string(j, "router", u->router);
		jw_string(j, "family", u->ipv6 ? "ipv6" : "ipv4");
		jw_uint(j, "known_s", u->known_s);
		for (unsigned k = 0; k < LEDGER_USES; k++) {
			if (u->count_s[k] == 0)
				continue;
			snprintf(key, sizeof(key), "%s_x100", names[k]);
			jw_uint(j, key, mean_x100(u->sum[k], u->count_s[k]));
			snprintf(key, sizeof(key), "%s_most", names[k]);
			jw_uint(j, key, u->most[k]);
		}
		jw_end_object(j);
	}
	jw_end_array(j);
}

static void
put_rules(struct norm_report *r, struct jw *j, uint32_t asn)
{
	jw_array(j, "wrong");
	for (size_t i = 0; i < r->wrongs_n; i++) {
		const struct report_wrong *w = &r->wrongs[i];

		if (w->asn != asn)
			continue;
		jw_object(j, NULL);
		jw_string(j, "rule", rule_info[w->rule].name);
		jw_string(j, "family", w->ipv6 ? "ipv6" : "ipv4");
		put_fates(j, "route_s", w->fate_s);
		jw_object(j, "most");
		for (unsigned k = 0; k < FATES; k++)
			jw_uint(j, ledger_fate_names[k], w->most[k]);
		jw_end_object(j);
		jw_end_object(j);
	}
	jw_end_array(j);
}

static void
put_neighbors(struct norm_report *r, const struct norm_asked *q, struct sbuf *out)
{
	size_t n;
	struct neighbor *v = neighbors_of(r, &n);

	for (size_t k = 0; k < n; k++) {
		const struct report_session *s = &r->sessions[v[k].sessions];
		char name[RECORD_NAME_MAX] = "", contact[RECORD_NAME_MAX] = "";
		struct jw j = begin(out, "neighbor");

		if (q->who != NULL)
			q->who(q->ctx, v[k].asn, s->name, name, contact);
		jw_uint(&j, "asn", v[k].asn);
		jw_string(&j, "relation", relation_name(s->relation));
		jw_string(&j, "name", name);
		jw_string(&j, "contact", contact);
		jw_uint(&j, "halves", v[k].halves);
		put_sessions(r, &j, &v[k]);
		put_routers(r, &j, v[k].asn);
		put_rules(r, &j, v[k].asn);
		end(&j);
	}
	free(v);
}

void
norm_report_print(struct norm_report *r, const struct norm_asked *q, struct sbuf *out)
{
	report_add_up(r);
	put_month(r, out);
	put_scores(r, out);
	put_days(r, out);
	put_incidents(r, q, out);
	put_neighbors(r, q, out);
}

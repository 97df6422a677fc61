#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/norms/report_private.h"

enum { SEEN_PERCENT = 95, YELLOW_HALVES = 1 };

struct norm_report *
norm_report_new(struct norm_span month, int64_t now_s, uint32_t asn)
{
	struct norm_report *r = calloc(1, sizeof(*r));

	if (r != NULL) {
		r->month = month;
		r->now_s = now_s;
		r->asn = asn;
	}
	return r;
}

void
norm_report_free(struct norm_report *r)
{
	if (r == NULL)
		return;
	free(r->sessions);
	free(r->wrongs);
	free(r->uses);
	free(r->ways);
	free(r->events);
	free(r->room);
	free(r);
}

/* --- taking rows */

/* Room for one more at the end, zeroed; NULL when out of memory. */
static void *
grow(void **v, size_t *n, size_t *max, size_t size)
{
	if (*n == *max) {
		size_t more = *max == 0 ? 64 : *max * 2;
		void *bigger = realloc(*v, more * size);

		if (bigger == NULL)
			return NULL;
		*v = bigger;
		*max = more;
	}
	return memset((char *)*v + (*n)++ * size, 0, size);
}

#define GROW(r, what)                                                                              \
	grow((void **)&(r)->what, &(r)->what##_n, &(r)->what##_max, sizeof(*(r)->what))

static void
add_session(struct norm_report *r, int day, const struct ledger_row_read *row)
{
	struct report_session *s = GROW(r, sessions);
	const uint64_t *v = row->v;

	if (s == NULL)
		return;
	s->asn = row->asn;
	s->ipv6 = row->ipv6;
	s->day = day;
	text_copy(s->name, sizeof(s->name), row->text);
	s->relation = (uint8_t)v[0];
	s->limit = (uint32_t)v[1];
	s->known_s = v[2];
	s->down_s = v[3];
	for (unsigned k = 0; k < LEDGER_COUNTS; k++) {
		s->count_s[k] = v[4 + 3 * k];
		s->sum[k] = v[5 + 3 * k];
		s->most[k] = (uint32_t)v[6 + 3 * k];
	}
}

static void
add_use(struct norm_report *r, const struct ledger_row_read *row)
{
	struct report_use *u = GROW(r, uses);

	if (u == NULL)
		return;
	u->asn = row->asn;
	u->ipv6 = row->ipv6;
	text_copy(u->router, sizeof(u->router), row->text);
	u->known_s = row->v[0];
	for (unsigned k = 0; k < LEDGER_USES; k++) {
		u->count_s[k] = row->v[1 + 3 * k];
		u->sum[k] = row->v[2 + 3 * k];
		u->most[k] = (uint32_t)row->v[3 + 3 * k];
	}
}

static void
add_wrong(struct norm_report *r, int day, const struct ledger_row_read *row)
{
	struct report_wrong *w = GROW(r, wrongs);

	if (w == NULL)
		return;
	w->asn = row->asn;
	w->ipv6 = row->ipv6;
	w->rule = row->rule;
	for (unsigned k = 0; k < FATES; k++) {
		w->fate_s[k] = row->v[k];
		w->most[k] = (uint32_t)row->v[FATES + k];
		r->days[day].fate_s[k] += row->v[k];
	}
}

static void
add_way(struct norm_report *r, const struct ledger_row_read *row)
{
	struct report_way *w = GROW(r, ways);
	struct report_event *e;

	if (w == NULL)
		return;
	text_copy(w->id, sizeof(w->id), row->text);
	w->occurrence = row->occurrence;
	w->asn = row->asn;
	w->ipv6 = row->ipv6;
	w->ours = row->ours;
	w->doubtful = row->doubtful;
	w->rule = row->rule;
	w->metric = row->doubtful ? METRICS
				  : (uint8_t)norm_metric_of(rule_info[row->rule].norm, row->ours);
	w->more = row->v[REACHES];
	for (unsigned k = 0; k < REACHES; k++)
		w->reach_s[k] = row->v[k];
	for (unsigned at = REACHES + 1; at + 1 < row->n; at += 2) {
		if (w->metric == METRICS || (e = GROW(r, events)) == NULL)
			continue;
		e->span = (struct norm_span){ (int64_t)row->v[at], (int64_t)row->v[at + 1] };
		e->asn = w->asn;
		e->metric = w->metric;
		e->way = (uint32_t)(r->ways_n - 1);
	}
}

void
norm_report_add(
    struct norm_report *r, const char *day, const char *key, const char *value, size_t len)
{
	struct ledger_row_read row;
	char text[NORM_DAY_MAX];
	int at = 0, n = (int)((r->month.to_s - r->month.from_s) / NORM_DAY_S);

	while (at < n && at < REPORT_DAYS_MAX &&
	       strcmp(norm_day_text(r->month.from_s + (int64_t)at * NORM_DAY_S, text), day) != 0)
		at++;
	if (at == n || at == REPORT_DAYS_MAX || !ledger_row_parse(key, value, len, &row))
		return;
	if (r->asn != 0 && row.kind != 'c' && row.asn != r->asn)
		return;
	if (row.kind == 's')
		add_session(r, at, &row);
	else if (row.kind == 'u')
		add_use(r, &row);
	else if (row.kind == 'w')
		add_wrong(r, at, &row);
	else if (row.kind == 'i')
		add_way(r, &row);
	else {
		r->days[at].watched_s = row.v[0];
		r->days[at].left_out = row.v[1];
	}
}

/* --- adding up */

#define CMP(a, b) (((a) > (b)) - ((a) < (b)))

static int
cmp_sessions(const void *x, const void *y)
{
	const struct report_session *a = x, *b = y;
	int c = CMP(a->asn, b->asn);

	c = c != 0 ? c : CMP(a->ipv6, b->ipv6);
	return c != 0 ? c : strcmp(a->name, b->name);
}

static int
cmp_uses(const void *x, const void *y)
{
	const struct report_use *a = x, *b = y;
	int c = CMP(a->asn, b->asn);

	c = c != 0 ? c : CMP(a->ipv6, b->ipv6);
	return c != 0 ? c : strcmp(a->router, b->router);
}

static int
cmp_wrongs(const void *x, const void *y)
{
	const struct report_wrong *a = x, *b = y;
	int c = CMP(a->asn, b->asn);

	c = c != 0 ? c : CMP(a->ipv6, b->ipv6);
	return c != 0 ? c : CMP(a->rule, b->rule);
}

static int
cmp_ways(const void *x, const void *y)
{
	const struct report_way *a = x, *b = y;
	int c = strcmp(a->id, b->id);

	c = c != 0 ? c : CMP(a->occurrence, b->occurrence);
	c = c != 0 ? c : CMP(a->asn, b->asn);
	c = c != 0 ? c : CMP(a->ipv6, b->ipv6);
	c = c != 0 ? c : CMP(a->rule, b->rule);
	c = c != 0 ? c : CMP(a->ours, b->ours);
	return c != 0 ? c : CMP(a->doubtful, b->doubtful);
}

static void
fold_session(void *x, const void *y)
{
	struct report_session *to = x;
	const struct report_session *s = y;

	if (s->day > to->day) {
		to->day = s->day;
		to->relation = s->relation;
		to->limit = s->limit;
	}
	to->known_s += s->known_s;
	to->down_s += s->down_s;
	for (unsigned k = 0; k < LEDGER_COUNTS; k++) {
		to->count_s[k] += s->count_s[k];
		to->sum[k] += s->sum[k];
		to->most[k] = s->most[k] > to->most[k] ? s->most[k] : to->most[k];
	}
}

static void
fold_use(void *x, const void *y)
{
	struct report_use *to = x;
	const struct report_use *u = y;

	to->known_s += u->known_s;
	for (unsigned k = 0; k < LEDGER_USES; k++) {
		to->count_s[k] += u->count_s[k];
		to->sum[k] += u->sum[k];
		to->most[k] = u->most[k] > to->most[k] ? u->most[k] : to->most[k];
	}
}

static void
fold_wrong(void *x, const void *y)
{
	struct report_wrong *to = x;
	const struct report_wrong *w = y;

	for (unsigned k = 0; k < FATES; k++) {
		to->fate_s[k] += w->fate_s[k];
		to->most[k] = w->most[k] > to->most[k] ? w->most[k] : to->most[k];
	}
}

static void
fold_way(void *x, const void *y)
{
	struct report_way *to = x;
	const struct report_way *w = y;

	to->more += w->more;
	for (unsigned k = 0; k < REACHES; k++)
		to->reach_s[k] += w->reach_s[k];
}

/* Sort, and make one of those that are equal. Returns how many there are. */
static size_t
fold(void *v, size_t n, size_t size, int (*cmp)(const void *, const void *),
    void (*add)(void *to, const void *from))
{
	char *at = v, *to = v;

	if (n == 0)
		return 0;
	qsort(v, n, size, cmp);
	for (size_t i = 1; i < n; i++) {
		if (cmp(to, at + i * size) == 0) {
			add(to, at + i * size);
			continue;
		}
		to += size;
		if (to != at + i * size)
			memcpy(to, at + i * size, size);
	}
	return (size_t)(to - at) / size + 1;
}

/* Events know their way by its place among the rows, which is another when they are sorted. */
static void
name_ways(struct norm_report *r, const struct report_way *rows)
{
	for (size_t i = 0; i < r->events_n; i++) {
		const struct report_way *w =
		    bsearch(&rows[r->events[i].way], r->ways, r->ways_n, sizeof(*w), cmp_ways);

		r->events[i].way = (uint32_t)(w - r->ways);
	}
}

static int
cmp_events(const void *x, const void *y)
{
	const struct report_event *a = x, *b = y;
	int c = CMP(a->way, b->way);

	return c != 0 ? c : CMP(a->span.from_s, b->span.from_s);
}

/* When each was passed on, and what it weighs by itself. */
static void
weigh(struct norm_report *r)
{
	for (size_t i = 0, next; i < r->events_n; i = next) {
		struct report_way *w = &r->ways[r->events[i].way];
		size_t n = 0;

		for (next = i; next < r->events_n && r->events[next].way == r->events[i].way;
		     next++)
			r->room[n++] = r->events[next].span;
		w->spans_n = n = norm_cut(r->room, norm_merge(r->room, n), r->month);
		w->halves = norm_score(r->room, n);
		w->from_s = n > 0 ? r->room[0].from_s : 0;
		w->to_s = n > 0 ? r->room[n - 1].to_s : 0;
	}
}

void
report_add_up(struct norm_report *r)
{
	struct report_way *rows;

	if (r->added_up)
		return;
	r->added_up = true;
	r->sessions_n =
	    fold(r->sessions, r->sessions_n, sizeof(*r->sessions), cmp_sessions, fold_session);
	r->uses_n = fold(r->uses, r->uses_n, sizeof(*r->uses), cmp_uses, fold_use);
	r->wrongs_n = fold(r->wrongs, r->wrongs_n, sizeof(*r->wrongs), cmp_wrongs, fold_wrong);
	rows = malloc(r->ways_n * sizeof(*rows) + 1);
	r->room = calloc(r->events_n + 1, sizeof(*r->room));
	if (rows == NULL || r->room == NULL)
		r->events_n = 0;
	else if (r->ways_n > 0)
		memcpy(rows, r->ways, r->ways_n * sizeof(*rows));
	r->ways_n = fold(r->ways, r->ways_n, sizeof(*r->ways), cmp_ways, fold_way);
	name_ways(r, rows);
	free(rows);
	if (r->events_n > 0)
		qsort(r->events, r->events_n, sizeof(*r->events), cmp_events);
	weigh(r);
}

size_t
report_spans(struct norm_report *r, uint8_t metric, bool any, uint32_t asn, struct norm_span within)
{
	size_t n = 0;

	for (size_t i = 0; i < r->events_n; i++)
		if ((metric == METRICS || r->events[i].metric == metric) &&
		    (any || r->events[i].asn == asn))
			r->room[n++] = r->events[i].span;
	return norm_cut(r->room, norm_merge(r->room, n), within);
}

uint64_t
report_passed_s(const struct norm_report *r)
{
	int64_t to_s = r->now_s < r->month.to_s ? r->now_s : r->month.to_s;

	return to_s > r->month.from_s ? (uint64_t)(to_s - r->month.from_s) : 0;
}

uint64_t
report_watched_s(const struct norm_report *r)
{
	uint64_t s = 0;

	for (int k = 0; k < REPORT_DAYS_MAX; k++)
		s += r->days[k].watched_s;
	return s;
}

/* --- lights */

const char *
norm_light_name(uint8_t light)
{
	static const char *const names[LIGHTS] = { "grey", "green", "yellow", "red" };

	return light < LIGHTS ? names[light] : "";
}

enum norm_light
norm_light_of_score(uint32_t halves, uint64_t watched_s, uint64_t passed_s)
{
	if (halves > 0)
		return halves <= YELLOW_HALVES ? LIGHT_YELLOW : LIGHT_RED;
	return passed_s > 0 && watched_s * 100 >= passed_s * SEEN_PERCENT ? LIGHT_GREEN
									  : LIGHT_GREY;
}

void
norm_report_action_1(struct norm_report *r, struct norm_action_1 *out)
{
	*out = (struct norm_action_1){ .metric = METRICS };
	report_add_up(r);
	for (unsigned m = 0; m < METRICS; m++) {
		size_t n = report_spans(r, (uint8_t)m, true, 0, r->month);
		uint32_t halves = norm_score(r->room, n);

		if (halves <= out->halves)
			continue;
		out->halves = halves;
		out->metric = (uint8_t)m;
	}
	out->watched_s = report_watched_s(r);
	out->passed_s = report_passed_s(r);
	out->light = (uint8_t)norm_light_of_score(out->halves, out->watched_s, out->passed_s);
	for (int k = 0; k < REPORT_DAYS_MAX; k++) {
		out->sent_s += r->days[k].fate_s[FATE_SENT];
		out->held_s += r->days[k].fate_s[FATE_HELD];
		out->spread_s += r->days[k].fate_s[FATE_SPREAD];
		out->unproved_s += r->days[k].fate_s[FATE_UNPROVED];
	}
}

void
norm_report_customers(struct norm_report *r, void (*each)(void *ctx, uint32_t asn), void *ctx)
{
	report_add_up(r);
	for (size_t i = 0, next; i < r->sessions_n; i = next) {
		bool customer = false;

		for (next = i; next < r->sessions_n && r->sessions[next].asn == r->sessions[i].asn;
		     next++)
			customer |= relation_is_customer(r->sessions[next].relation);
		if (customer)
			each(ctx, r->sessions[i].asn);
	}
}

void
norm_report_sessions(
    struct norm_report *r, void (*each)(void *ctx, const struct norm_session *), void *ctx)
{
	report_add_up(r);
	for (size_t i = 0; i < r->sessions_n; i++) {
		const struct report_session *s = &r->sessions[i];
		const struct norm_session of = { .asn = s->asn,
			.name = s->name,
			.ipv6 = s->ipv6,
			.relation = s->relation,
			.limit = s->limit,
			.most = s->most[LEDGER_SENT] > s->most[LEDGER_ACCEPTED]
				    ? s->most[LEDGER_SENT]
				    : s->most[LEDGER_ACCEPTED] };

		each(ctx, &of);
	}
}

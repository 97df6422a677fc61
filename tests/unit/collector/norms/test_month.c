/*
 * A month by seed: neighbours send wrong routes, filters hold them or do not, feeds are lost, the
 * collector is away and comes back with what was kept. What was sent, held and spread is known here
 * minute by minute; the page has to say the same.
 */
#include <jansson.h>

#include "tests/unit/support/harness.h"

#include "collector/norms/ledger.h"
#include "collector/norms/report.h"
#include "proto/record.h"

enum {
	STEP_S = 60,
	DAYS = 33, /* from two days before the month to behind it */
	STEPS = DAYS * 86400 / STEP_S,
	NEIGHBORS = 5,
	EPISODES = 40,
	AWAYS = 4, /* times that the collector was away */
	LOSSES = 6,
	ROWS_MAX = 20000,
	PUT_STEPS = 10,
};

/* Somebody sends wrong routes for a while. */
struct episode {
	char id[LEDGER_ID_MAX];
	uint32_t asn;
	uint8_t rule;
	bool ipv6, ours, doubtful;
	int from, to; /* steps */
	uint32_t n[FATE_SPREAD + 1], unproved;
};

struct kept {
	char day[NORM_DAY_MAX], key[LEDGER_KEY_MAX], *value;
};

struct world {
	uint64_t seed;
	int64_t start_s;
	struct episode episodes[EPISODES];
	bool away[STEPS + 1], lost[NEIGHBORS][STEPS + 1], down[NEIGHBORS][STEPS + 1];
	uint32_t sent[NEIGHBORS];
	struct kept kept[ROWS_MAX];
	unsigned kept_n;
};

static const enum rule rules[] = { RULE_LEAK_OTC, RULE_LEAK_OWN, RULE_ROV_ASN, RULE_BOGON_PREFIX,
	RULE_BOGON_ASN, RULE_LONG_PATH };

static void
keep(void *ctx, const char *day, const char *key, const char *value, size_t len)
{
	struct world *w = ctx;
	unsigned i = 0;

	while (
	    i < w->kept_n && (strcmp(w->kept[i].key, key) != 0 || strcmp(w->kept[i].day, day) != 0))
		i++;
	ck_assert_uint_lt(i, ROWS_MAX);
	ck_assert_uint_eq(strlen(value), len);
	if (i == w->kept_n) {
		w->kept_n++;
		snprintf(w->kept[i].day, sizeof(w->kept[i].day), "%s", day);
		snprintf(w->kept[i].key, sizeof(w->kept[i].key), "%s", key);
	}
	free(w->kept[i].value);
	w->kept[i].value = strdup(value);
}

/* --- what happens */

static void
make_episode(struct world *w, int k)
{
	static const int lengths[] = { 3, 29, 30, 31, 700, 1439, 1440, 1500, 4000 };
	struct episode *e = &w->episodes[k];
	unsigned how = rnd(&w->seed) % 5;

	snprintf(e->id, sizeof(e->id), "%032x", (unsigned)k + 1);
	e->rule = (uint8_t)rules[rnd(&w->seed) % 6];
	e->ours = e->rule == RULE_LEAK_OWN;
	e->asn = e->ours ? 0 : 64501 + rnd(&w->seed) % NEIGHBORS;
	e->ipv6 = rnd(&w->seed) % 3 == 0;
	e->doubtful = rnd(&w->seed) % 8 == 0;
	e->from = (int)(rnd(&w->seed) % STEPS);
	e->to = e->from + lengths[rnd(&w->seed) % 9];
	e->n[FATE_SENT] = e->ours ? 0 : 1 + rnd(&w->seed) % 50;
	if (how == 0)
		e->unproved = e->n[FATE_SENT]; /* nobody looks behind the filter */
	else if (how >= 2)
		e->n[FATE_ACCEPTED] = e->n[FATE_SENT] - rnd(&w->seed) % (e->n[FATE_SENT] + 1);
	if (how >= 3)
		e->n[FATE_USED] = 1;
	if (how == 4 || e->ours)
		e->n[FATE_SPREAD] = 1 + rnd(&w->seed) % 3;
}

static void
make_times(struct world *w, bool *v, unsigned times, const int *lengths, unsigned n)
{
	while (times-- > 0) {
		int from = 5 + (int)(rnd(&w->seed) % (STEPS - 5)), len = lengths[rnd(&w->seed) % n];

		for (int i = from; i < from + len && i < STEPS; i++)
			v[i] = true;
	}
}

static struct world *
make_world(uint64_t seed)
{
	static const int away[] = { 5, 20, 45, 400 }, lost[] = { 2, 60, 3000 };
	struct world *w = calloc(1, sizeof(*w));
	struct norm_span nov;

	ck_assert_ptr_nonnull(w);
	ck_assert(norm_month("2026-11", &nov));
	w->seed = seed;
	w->start_s = nov.from_s - 2 * NORM_DAY_S;
	for (int k = 0; k < EPISODES; k++)
		make_episode(w, k);
	make_times(w, w->away, AWAYS, away, 4);
	for (int i = 0; i < NEIGHBORS; i++) {
		w->sent[i] = 100 + rnd(&w->seed) % 1000;
		make_times(w, w->lost[i], LOSSES, lost, 3);
		make_times(w, w->down[i], 3, lost, 3);
	}
	return w;
}

/* How many routes it sends; it is another number each hour. */
static uint32_t
sends(const struct world *w, int i, int step)
{
	return w->sent[i] + (uint32_t)(step / 60 % 7);
}

static uint8_t
state_at(const struct world *w, int i, int step)
{
	return w->lost[i][step] ? LEDGER_UNKNOWN : w->down[i][step] ? LEDGER_DOWN : LEDGER_KNOWN;
}

/* Two routers: the second is away when the first neighbour is lost, and shows no Adj-RIB-Out. */
enum { ROUTERS = 2, STRANGER = 65551 };

static bool
is_router_here(const struct world *w, int router, int step)
{
	return router == 0 || !w->lost[0][step];
}

static uint32_t
uses(const struct world *w, int i, int router, int step)
{
	return sends(w, i, step) / 2 + 10 * (uint32_t)router;
}

static uint32_t
passes_on(const struct world *w, int i, int step)
{
	return sends(w, i, step) / 3;
}

/* Of all routes, right or wrong; of who has no session nothing is kept. */
static void
tell_uses(struct ledger *l, const struct world *w, int step)
{
	for (int router = 0; router < ROUTERS; router++)
		for (int i = 0; i <= NEIGHBORS && is_router_here(w, router, step); i++) {
			struct ledger_use u = { .router = router == 0 ? "edge 0" : "edge 1",
				.asn = i < NEIGHBORS ? 64501 + (uint32_t)i : STRANGER,
				.has = { true, router == 0 },
				.n = { uses(w, i % NEIGHBORS, router, step),
				    passes_on(w, i % NEIGHBORS, step) } };

			ledger_use(l, &u);
		}
}

static void
tell(struct ledger *l, const struct world *w, int step)
{
	ledger_begin(l);
	for (int i = 0; i < NEIGHBORS; i++) {
		char name[32];
		struct ledger_session s = { .name = name,
			.asn = 64501 + (uint32_t)i,
			.relation = NEIGHBOR_PEER,
			.state = state_at(w, i, step),
			.has = { true, true, false },
			.n = { sends(w, i, step), sends(w, i, step) - 7, 0 } };

		snprintf(name, sizeof(name), "edge %d 192.0.2.%d", i % 2, i + 1);
		ledger_session(l, &s);
	}
	tell_uses(l, w, step);
	for (int k = 0; k < EPISODES; k++) {
		const struct episode *e = &w->episodes[k];
		struct ledger_way way = { .id = e->id,
			.occurrence = 1,
			.asn = e->asn,
			.rule = e->rule,
			.ipv6 = e->ipv6,
			.ours = e->ours,
			.doubtful = e->doubtful,
			.unproved = e->unproved };

		memcpy(way.n, e->n, sizeof(way.n));
		if (step >= e->from && step < e->to)
			ledger_way(l, &way);
	}
	ledger_end(l);
}

static struct ledger *
come_back(struct world *w, int64_t now_s)
{
	struct ledger *l = ledger_new(keep, w);
	char day[NORM_DAY_MAX];

	norm_day_text(now_s, day);
	for (unsigned i = 0; i < w->kept_n; i++)
		if (strcmp(w->kept[i].day, day) == 0)
			ledger_restore(
			    l, now_s, w->kept[i].key, w->kept[i].value, strlen(w->kept[i].value));
	return l;
}

static void
live(struct world *w)
{
	struct ledger *l = NULL;

	for (int step = 0; step < STEPS; step++) {
		int64_t now_s = w->start_s + (int64_t)step * STEP_S;

		if (w->away[step]) {
			if (l != NULL) {
				ledger_advance(l, now_s);
				ledger_put(l);
			}
			ledger_free(l);
			l = NULL;
			continue;
		}
		if (l == NULL)
			l = come_back(w, now_s);
		ledger_advance(l, now_s);
		tell(l, w, step);
		if (step % PUT_STEPS == 0)
			ledger_put(l);
	}
	if (l != NULL) {
		ledger_advance(l, w->start_s + (int64_t)STEPS * STEP_S);
		ledger_put(l);
	}
	ledger_free(l);
}

/* --- what the page says */

static json_t *
page_of(struct world *w, struct norm_span month, int64_t now_s)
{
	struct norm_report *r = norm_report_new(month, now_s, 0);
	struct norm_asked q = { 0 };
	struct sbuf out = sbuf_of(1 << 26);
	json_t *rows = json_array();

	for (unsigned i = 0; i < w->kept_n; i++)
		norm_report_add(
		    r, w->kept[i].day, w->kept[i].key, w->kept[i].value, strlen(w->kept[i].value));
	norm_report_print(r, &q, &out);
	ck_assert(!out.failed);
	for (const char *at = sbuf_text(&out); *at != '\0'; at = strchr(at, '\n') + 1)
		json_array_append_new(
		    rows, json_loadb(at, (size_t)(strchr(at, '\n') - at), 0, NULL));
	sbuf_free(&out);
	norm_report_free(r);
	return rows;
}

/* The row of this kind whose member is that text or number. */
static const json_t *
row_of(const json_t *rows, const char *row, const char *key, const char *text, json_int_t number)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *r = json_array_get(rows, i), *v = json_object_get(r, key);

		if (strcmp(json_string_value(json_object_get(r, "row")), row) == 0 &&
		    (text != NULL ? json_is_string(v) && strcmp(json_string_value(v), text) == 0
				  : json_integer_value(v) == number))
			return r;
	}
	return NULL;
}

static long long
number(const json_t *row, const char *key)
{
	ck_assert_msg(json_is_integer(json_object_get(row, key)), "%s", key);
	return (long long)json_integer_value(json_object_get(row, key));
}

/* --- what is true, minute by minute */

static bool
is_seen(const struct world *w, const struct episode *e, int step)
{
	return step >= e->from && step < e->to && step < STEPS && !w->away[step];
}

/* Nobody watched, but not for long, and it was there before and after, on the same day. */
static bool
is_bridged(const struct world *w, const struct episode *e, int step)
{
	int before = step, after = step, day = 86400 / STEP_S;

	if (step < e->from || step >= e->to || step >= STEPS || !w->away[step])
		return false;
	while (before >= 0 && w->away[before])
		before--;
	while (after < STEPS && w->away[after])
		after++;
	return before >= e->from && after < e->to && after < STEPS &&
	       (after - before - 1) * STEP_S <= LEDGER_BRIDGE_S &&
	       (before + 1) / day == after / day;
}

static unsigned
naive_halves(const struct world *w, enum norm_metric m, const uint32_t *asn, int from, int to)
{
	unsigned halves = 0;
	int run = 0;

	for (int step = from; step <= to; step++) {
		bool there = false;

		for (int k = 0; k < EPISODES && step < to; k++) {
			const struct episode *e = &w->episodes[k];

			there |= e->n[FATE_SPREAD] > 0 && !e->doubtful &&
				 norm_metric_of(rule_info[e->rule].norm, e->ours) == m &&
				 (asn == NULL || e->asn == *asn) &&
				 (is_seen(w, e, step) || is_bridged(w, e, step));
		}
		if (there) {
			run++;
			continue;
		}
		if (run > 0)
			halves += run * STEP_S < 1800	 ? 1
				  : run * STEP_S < 86400 ? 2
							 : 2 + 2 * (unsigned)(run * STEP_S / 86400);
		run = 0;
	}
	return halves;
}

static void
check_scores(const struct world *w, const json_t *page, int from, int to)
{
	for (unsigned m = 0; m < METRICS; m++) {
		const json_t *row = row_of(page, "score", "metric", norm_metric_info[m].name, 0);

		ck_assert_ptr_nonnull(row);
		ck_assert_msg(number(row, "halves") == naive_halves(w, m, NULL, from, to),
		    "%s: %lld, not %u", norm_metric_info[m].name, number(row, "halves"),
		    naive_halves(w, m, NULL, from, to));
	}
}

static void
check_incidents(const struct world *w, const json_t *page, int from, int to)
{
	for (int k = 0; k < EPISODES; k++) {
		const struct episode *e = &w->episodes[k];
		const json_t *row = row_of(page, "incident", "id", e->id, 0), *seconds;
		const char *reach = e->n[FATE_SPREAD] > 0     ? "passed-on"
				    : e->n[FATE_USED] > 0     ? "in-use"
				    : e->n[FATE_ACCEPTED] > 0 ? "accepted"
				    : e->unproved > 0	      ? "received"
							      : "filtered";
		long long seen = 0;

		for (int step = from; step < to; step++)
			seen += is_seen(w, e, step) ? STEP_S : 0;
		if (seen == 0)
			continue;
		ck_assert_ptr_nonnull(row);
		seconds = json_object_get(row, "seconds");
		for (unsigned i = 0; i < REACHES; i++)
			ck_assert_int_eq(number(seconds, ledger_reach_names[i]),
			    strcmp(ledger_reach_names[i], reach) == 0 ? seen : 0);
	}
}

/* Is it in the time in which all that the neighbour sends is known? None has a session of IPv6. */
static bool
is_counted(const struct world *w, const struct episode *e, int step)
{
	return is_seen(w, e, step) &&
	       (e->ipv6 || e->asn == 0 || state_at(w, (int)(e->asn - 64501), step) == LEDGER_KNOWN);
}

/* Of each neighbour and rule: routes times seconds of each fate. */
static void
check_wrong(const struct world *w, const json_t *neighbor, uint32_t asn, int from, int to)
{
	const json_t *list = json_object_get(neighbor, "wrong");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i), *got = json_object_get(row, "route_s");
		const char *rule = json_string_value(json_object_get(row, "rule"));
		bool ipv6 = strcmp(json_string_value(json_object_get(row, "family")), "ipv6") == 0;
		long long want[FATES] = { 0 };

		for (int k = 0; k < EPISODES; k++) {
			const struct episode *e = &w->episodes[k];
			uint32_t proved = e->n[FATE_SENT] - e->unproved;
			long long s = 0;

			if (e->asn != asn || e->ipv6 != ipv6 ||
			    strcmp(rule_info[e->rule].name, rule) != 0)
				continue;
			for (int step = from; step < to; step++)
				s += is_counted(w, e, step) ? STEP_S : 0;
			for (unsigned f = 0; f <= FATE_SPREAD; f++)
				want[f] += s * e->n[f];
			want[FATE_HELD] += s * (proved - (e->unproved ? 0 : e->n[FATE_ACCEPTED]));
			want[FATE_UNPROVED] += s * e->unproved;
		}
		for (unsigned f = 0; f < FATES; f++)
			ck_assert_int_eq(number(got, ledger_fate_names[f]), want[f]);
	}
}

/* Of each router: of its routes those that are used, and passed on. */
static void
check_uses(const struct world *w, const json_t *neighbor, int i, int from, int to)
{
	const json_t *list = json_object_get(neighbor, "routers");

	ck_assert_uint_eq(json_array_size(list), ROUTERS);
	for (int router = 0; router < ROUTERS; router++) {
		const json_t *row = json_array_get(list, (size_t)router);
		long long known = 0, used = 0, on = 0, most = 0;

		for (int step = from; step < to; step++) {
			if (w->away[step] || !is_router_here(w, router, step))
				continue;
			known += STEP_S;
			used += (long long)uses(w, i, router, step) * STEP_S;
			on += (long long)passes_on(w, i, step) * STEP_S;
			most = uses(w, i, router, step) > most ? uses(w, i, router, step) : most;
		}
		ck_assert_str_eq(json_string_value(json_object_get(row, "router")),
		    router == 0 ? "edge 0" : "edge 1");
		ck_assert_int_eq(number(row, "known_s"), known);
		ck_assert_int_eq(number(row, "used_x100"), (used * 100 + known / 2) / known);
		ck_assert_int_eq(number(row, "used_most"), most);
		ck_assert((json_object_get(row, "spread_x100") != NULL) == (router == 0));
		if (router == 0)
			ck_assert_int_eq(
			    number(row, "spread_x100"), (on * 100 + known / 2) / known);
	}
}

static void
check_neighbors(const struct world *w, const json_t *page, int from, int to)
{
	for (int i = 0; i < NEIGHBORS; i++) {
		uint32_t asn = 64501 + (uint32_t)i;
		const json_t *row = row_of(page, "neighbor", "asn", NULL, asn), *session;
		long long known = 0, down = 0, sum = 0;
		unsigned halves = 0;

		for (int step = from; step < to; step++) {
			uint8_t state = w->away[step] ? LEDGER_UNKNOWN : state_at(w, i, step);

			known += state == LEDGER_KNOWN ? STEP_S : 0;
			down += state == LEDGER_DOWN ? STEP_S : 0;
			sum += state == LEDGER_KNOWN ? (long long)sends(w, i, step) * STEP_S : 0;
		}
		ck_assert_ptr_nonnull(row);
		session = json_array_get(json_object_get(row, "sessions"), 0);
		ck_assert_int_eq(number(session, "known_s"), known);
		ck_assert_int_eq(number(session, "down_s"), down);
		ck_assert_int_eq(
		    number(session, "gap_s"), (long long)(to - from) * STEP_S - known - down);
		ck_assert_int_eq(number(session, "sent_x100"), (sum * 100 + known / 2) / known);
		ck_assert_int_eq(number(session, "accepted_x100"),
		    ((sum - 7 * known) * 100 + known / 2) / known);
		for (unsigned m = 0; m < METRICS; m++)
			halves += naive_halves(w, m, &asn, from, to);
		ck_assert_int_eq(number(row, "halves"), halves);
		check_wrong(w, row, asn, from, to);
		check_uses(w, row, i, from, to);
	}
	ck_assert_ptr_null(row_of(page, "neighbor", "asn", NULL, STRANGER));
}

static void
check_days(const struct world *w, const json_t *page, int from, int to)
{
	const int day = 86400 / STEP_S;

	for (int at = from; at < to; at += day) {
		char text[NORM_DAY_MAX];
		const json_t *row = row_of(
		    page, "day", "day", norm_day_text(w->start_s + (int64_t)at * STEP_S, text), 0);
		long long watched = 0;

		ck_assert_ptr_nonnull(row);
		for (int step = at; step < at + day; step++)
			watched += w->away[step] ? 0 : STEP_S;
		ck_assert_int_eq(number(row, "watched_s"), watched);
		for (unsigned m = 0; m < METRICS; m++) {
			const json_t *v = json_object_get(
			    json_object_get(row, "halves"), norm_metric_info[m].name);

			ck_assert_int_eq(
			    json_integer_value(v), naive_halves(w, m, NULL, at, at + day));
		}
	}
}

START_TEST(the_page_is_the_truth)
{
	struct world *w = make_world(seed_of(_i));
	struct norm_span month;
	int from, to;
	json_t *page;

	ck_assert(norm_month("2026-11", &month));
	from = (int)((month.from_s - w->start_s) / STEP_S);
	to = (int)((month.to_s - w->start_s) / STEP_S);
	live(w);
	page = page_of(w, month, w->start_s + (int64_t)STEPS * STEP_S);
	check_scores(w, page, from, to);
	check_incidents(w, page, from, to);
	check_neighbors(w, page, from, to);
	check_days(w, page, from, to);
	json_decref(page);
	for (unsigned i = 0; i < w->kept_n; i++)
		free(w->kept[i].value);
	free(w);
}
END_TEST

HARNESS_MAIN("month")
{
	LOOP(the_page_is_the_truth, 6);
}

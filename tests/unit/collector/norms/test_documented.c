/*
 * Events of the kinds that were in the news, scored by hand by the rules of MANRS, beside what the
 * collector scores: from the octets of the routes, through the rules, the incidents and the days,
 * to the page. We are AS64500; AS64510 is our provider, AS64501 a customer, AS64509 a peer.
 *
 * By hand: who does it (M, culprit) or has it from a neighbour and passes it on (MC, accomplice);
 * less than 30 minutes are one half of a point, less than a day two halves, and two more for each
 * further day that has begun. What nobody passes on, and what is probably as it should be, is none.
 */
#include "tests/unit/support/every_order_world.h"

#include "collector/norms/ledger.h"
#include "collector/norms/report.h"

enum { PARTS = 4, MINUTE = 60, HOURS = 60, DAYS = 24 * HOURS, KEPT_MAX = 200 };
enum { CUSTOMER = 64501, PEER = 64509, PROVIDER = 64510 };
#define TO_ALL	  1U << OUT_PEER | 1U << OUT_CUSTOMER
#define ALL_VIEWS (1U << IN_PRE | 1U << IN_POST | 1U << IN_LOC)
#define TEN_TIMES "64666 64666 64666 64666 64666 64666 64666 64666 64666 64666 "

struct part {
	uint32_t from;
	struct told_routes routes;
	unsigned views;		/* bit per enum step */
	unsigned begins, lasts; /* minutes */
};
struct row {
	const char *what;
	struct part parts[PARTS];
	uint32_t halves[METRICS]; /* by hand */
};

static const struct row rows[] = {
	{ "half of our prefix by a stranger, for 2 h 14 min, sent on to a customer",
	    { { PROVIDER, { "203.0.113.128/25", 1, "64510 64666", 0, 0 },
		ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 134 } },
	    { [METRIC_M2C] = 2 } },
	{ "a content network tells our provider the routes of others, for 8 min",
	    { { PROVIDER, { "30.1.0.0/24", 20, "64510 1299 15169 3356 64995", 0, 0 },
		ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 8 } },
	    { [METRIC_M1C] = 1 } },
	{ "a network leaks between two large ones behind our provider, for 29 min",
	    { { PROVIDER, { "30.1.0.0/24", 20, "64510 1299 65551 3356 64995", 0, 0 },
		ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 29 } },
	    { [METRIC_M1C] = 1 } },
	{ "the same as a way of life, for 3 days and 2 hours",
	    { { PROVIDER, { "30.1.0.0/24", 3, "64510 1299 65551 3356 64995", 0, 0 },
		ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 3 * DAYS + 2 * HOURS } },
	    { [METRIC_M1C] = 8 } },
	{ "a peer leaks what it has of a large network, for 74 min",
	    { { PEER, { "30.1.0.0/24", 20, "64509 3356 64995", 0, 0 },
		ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 74 } },
	    { [METRIC_M1C] = 2 } },
	{ "a hoster leaks with prepends, for 2 h, and some of it an hour longer",
	    { { PROVIDER, { "30.1.0.0/24", 20, "64510 1299 " TEN_TIMES "3356 64995", 0, 0 },
		  ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 120 },
		{ PROVIDER, { "30.2.0.0/24", 5, "64510 1299 " TEN_TIMES "174 64994", 0, 0 },
		    ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 180 } },
	    { [METRIC_M1C] = 2 } },
	{ "a customer leaks more-specifics of a large network's, for 2 h 3 min, to everybody",
	    { { CUSTOMER, { "30.1.0.0/24", 20, "64501 65551 3356 64995", 0, 0 }, ALL_VIEWS | TO_ALL,
		0, 123 } },
	    { [METRIC_M1C] = 2 } },
	{ "a customer originates what ROAs say is another's, for 8 min",
	    { { CUSTOMER, { "20.1.0.0/24", 20, "64501", 0, 0 }, ALL_VIEWS | TO_ALL, 0, 8 } },
	    { [METRIC_M2C] = 1 } },
	{ "an optimiser's routes come by a customer, for 22 min",
	    { { CUSTOMER, { "30.1.0.0/25", 20, "64501 65551 1299 64995", 0, 0 }, ALL_VIEWS | TO_ALL,
		0, 22 } },
	    { [METRIC_M1C] = 1 } },
	{ "a network originates much of others', some with ROAs, for 10 min",
	    { { PROVIDER, { "20.1.0.0/24", 10, "64510 64666", 0, 0 },
		  ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 10 },
		{ PROVIDER, { "30.1.0.0/24", 20, "64510 64666", 0, 0 },
		    ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 10 } },
	    { [METRIC_M2C] = 1 } },
	{ "our prefix and origin behind a stranger, for 3 h",
	    { { PROVIDER, { "203.0.113.0/24", 1, "64510 64666 64500", 0, 0 },
		ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 180 } },
	    { [METRIC_M2C] = 2 } },
	{ "a stranger's host route to be dropped is accepted; the network leaks later, for 7 h 37 "
	  "min",
	    { { PEER, { "20.1.0.1/32", 1, "64509 64666", 0, 0xffff029a },
		  1U << IN_PRE | 1U << IN_POST, 0, 500 },
		{ PEER, { "30.1.0.0/24", 1, "64509 1299 64995", 0, 0 },
		    ALL_VIEWS | 1U << OUT_CUSTOMER, 20, 457 } },
	    { [METRIC_M1C] = 2 } },
	{ "a leak changes its path and goes on, 40 min each",
	    { { PROVIDER, { "30.1.0.0/24", 8, "64510 1299 " TEN_TIMES "3356 64995", 0, 0 },
		  ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 40 },
		{ PROVIDER, { "30.1.0.0/24", 8, "64510 174 " TEN_TIMES "3356 64995", 0, 0 },
		    ALL_VIEWS | 1U << OUT_CUSTOMER, 40, 40 } },
	    { [METRIC_M1C] = 2 } },
	{ "a policy of ours lets the provider's routes out to a peer, for 25 min",
	    { { PROVIDER, { "30.1.0.0/24", 20, "64510 64995", 0, 0 }, ALL_VIEWS | 1U << OUT_PEER, 0,
		25 } },
	    { [METRIC_M1] = 1 } },
	{ "space that is nobody's, for 25 h",
	    { { PROVIDER, { "10.1.0.0/16", 1, "64510 64995", 0, 0 }, ALL_VIEWS | 1U << OUT_CUSTOMER,
		0, 25 * HOURS } },
	    { [METRIC_M3C] = 4 } },
	{ "an origin that marks what it sends, as a peer has it: as it should be",
	    { { PEER, { "30.1.0.0/24", 1, "64509 64995", 64995, 0 }, ALL_VIEWS | 1U << OUT_CUSTOMER,
		0, 120 } },
	    { 0 } },
	{ "a number that is nobody's in the path, for 29 min, 13 h and 25 h",
	    { { PROVIDER, { "30.1.0.0/24", 1, "64510 23456 64995", 0, 0 },
		  ALL_VIEWS | 1U << OUT_CUSTOMER, 0, 29 },
		{ PROVIDER, { "30.1.0.0/24", 1, "64510 23456 64995", 0, 0 },
		    ALL_VIEWS | 1U << OUT_CUSTOMER, 100, 13 * HOURS },
		{ PROVIDER, { "30.1.0.0/24", 1, "64510 23456 64995", 0, 0 },
		    ALL_VIEWS | 1U << OUT_CUSTOMER, 1000, 25 * HOURS } },
	    { [METRIC_M4C] = 7 } },
	{ "ROAs of others make our own routes invalid, for 3 h 40 min: it is our prefix",
	    { { PROVIDER, { "203.0.113.0/24", 1, "", 0, 0 }, 1U << IN_LOC | TO_ALL, 0, 220 } },
	    { 0 } },
	/* and what costs nothing, or us */
	{ "a leak that the filter holds",
	    { { CUSTOMER, { "30.1.0.0/24", 20, "64501 65551 3356 64995", 0, 0 }, 1U << IN_PRE, 0,
		123 } },
	    { 0 } },
	{ "a leak that is used, and goes to nobody",
	    { { CUSTOMER, { "30.1.0.0/24", 20, "64501 65551 3356 64995", 0, 0 }, ALL_VIEWS, 0,
		123 } },
	    { 0 } },
	{ "private space of our own goes to a peer, for 31 min",
	    { { PROVIDER, { "10.1.0.0/16", 1, "", 0, 0 }, 1U << IN_LOC | 1U << OUT_PEER, 0, 31 } },
	    { [METRIC_M3] = 2 } },
};

/* --- the days, and the page */

struct kept {
	char day[NORM_DAY_MAX], key[LEDGER_KEY_MAX], value[4096];
};
struct days {
	struct kept v[KEPT_MAX];
	unsigned n;
};

static void
keep(void *ctx, const char *day, const char *key, const char *value, size_t len)
{
	struct days *d = ctx;
	unsigned i = 0;

	while (i < d->n && (strcmp(d->v[i].day, day) != 0 || strcmp(d->v[i].key, key) != 0))
		i++;
	ck_assert_uint_lt(i, KEPT_MAX);
	ck_assert_uint_lt(len, sizeof(d->v[i].value));
	d->n += i == d->n;
	snprintf(d->v[i].day, sizeof(d->v[i].day), "%s", day);
	snprintf(d->v[i].key, sizeof(d->v[i].key), "%s", key);
	snprintf(d->v[i].value, sizeof(d->v[i].value), "%.*s", (int)len, value);
}

static void
tell_way(void *ctx, const struct incidents_way *w)
{
	struct ledger_way to = { .id = w->id,
		.occurrence = w->occurrence,
		.asn = w->asn,
		.rule = w->rule,
		.ipv6 = w->ipv6,
		.ours = w->ours,
		.doubtful = w->doubtful,
		.unknown = w->unknown,
		.n = { w->n[WAY_SENT], w->n[WAY_ACCEPTED], w->n[WAY_USED], w->n[WAY_SPREAD] },
		.unproved = w->unproved };

	ledger_way(ctx, &to);
}

static void
look(struct world *w, struct ledger *l)
{
	ledger_advance(l, w->now / SECOND);
	ledger_begin(l);
	incidents_each_way(w->table, tell_way, l);
	ledger_end(l);
}

/* Its views, as a router has them one after the other. */
static void
tell(struct world *w, const struct part *p, bool announce)
{
	for (unsigned step = 0; step < STEPS; step++)
		if (p->views >> step & 1)
			say(w, 0, p->from, (enum step)step, &p->routes, announce);
	work(w);
}

static void
live(struct world *w, const struct row *r, struct ledger *l)
{
	unsigned end = 0;

	for (unsigned k = 0; k < PARTS; k++)
		if (r->parts[k].begins + r->parts[k].lasts > end)
			end = r->parts[k].begins + r->parts[k].lasts;
	for (unsigned minute = 0; minute <= end; minute++) {
		/* what takes the place of another replaces it */
		for (unsigned k = 0; k < PARTS; k++)
			if (r->parts[k].lasts > 0 && minute == r->parts[k].begins)
				tell(w, &r->parts[k], true);
		for (unsigned k = 0; k < PARTS; k++)
			if (r->parts[k].lasts > 0 &&
			    minute == r->parts[k].begins + r->parts[k].lasts &&
			    (k + 1 == PARTS || r->parts[k + 1].lasts == 0 ||
				r->parts[k + 1].begins != minute))
				tell(w, &r->parts[k], false);
		look(w, l);
		pass(w, MINUTE);
	}
	look(w, l);
	ledger_put(l);
}

/* What the page has of a metric. */
static unsigned
halves_of(const char *page, unsigned metric)
{
	char row[64];
	const char *at;

	snprintf(row, sizeof(row), "\"metric\":\"%s\",\"title\"", norm_metric_info[metric].name);
	ck_assert_ptr_nonnull(at = strstr(page, row));
	ck_assert_ptr_nonnull(at = strstr(at, "\"halves\":"));
	return (unsigned)strtoul(at + strlen("\"halves\":"), NULL, 10);
}

/* 203.0.113.0/24, ours, is AS64999's by all that ROAs say. */
static void
give_roa_of_others(struct world *w)
{
	struct vrp v = { .max_len = 24, .asn = 64999 };
	struct vrp_set *before = w->vrps;
	struct vrp_list l = { 0 };
	struct vrp_delta d;

	ip_prefix_parse("203.0.113.0/24", true, &v.prefix);
	ck_assert(vrp_list_add(&l, &v));
	w->vrps = vrp_set_new(&l, 2);
	ck_assert(vrp_delta_between(before, w->vrps, &d));
	engine_set_rpki(w->engine, w->vrps, vrp_cover_new(&d), REASON_RPKI);
	work(w);
	vrp_delta_free(&d);
	vrp_list_free(&l);
	vrp_set_unref(before);
}

START_TEST(by_hand_and_by_the_program)
{
	const struct row *r = &rows[_i];
	struct days *days = calloc(1, sizeof(*days));
	struct ledger *l = ledger_new(keep, days);
	struct norm_span month;
	struct norm_report *report;
	struct sbuf out = sbuf_of(1 << 20);
	struct norm_asked q = { 0 };
	struct world w;

	begin(&w);
	if (strncmp(r->what, "ROAs of others", 14) == 0)
		give_roa_of_others(&w);
	look(&w, l);
	live(&w, r, l);
	ck_assert(norm_month("2023-11", &month));
	report = norm_report_new(month, w.now / SECOND, 0);
	for (unsigned i = 0; i < days->n; i++)
		norm_report_add(report, days->v[i].day, days->v[i].key, days->v[i].value,
		    strlen(days->v[i].value));
	norm_report_print(report, &q, &out);
	for (unsigned m = 0; m < METRICS; m++)
		ck_assert_msg(halves_of(sbuf_text(&out), m) == r->halves[m],
		    "%s: %s is %u halves by hand, %u by the program", r->what,
		    norm_metric_info[m].name, r->halves[m], halves_of(sbuf_text(&out), m));
	sbuf_free(&out);
	norm_report_free(report);
	ledger_free(l);
	free(days);
	end(&w);
}
END_TEST

HARNESS_MAIN("documented")
{
	TIMEOUT(120);
	ROWS(by_hand_and_by_the_program, rows);
}

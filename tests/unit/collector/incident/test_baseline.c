/* The first day: what third parties did before we looked is told as one, and what is new at once.
 */
#include "tests/unit/support/incident_fixture.h"

#include "base/pure/text.h"

enum { MANY = 40, KEPT_MAX = 512, KEY_MAX = 80 };

/* What the table wants kept, as the journal has it. */
static struct kept {
	char key[KEY_MAX], *value;
	size_t len;
} kept[KEPT_MAX];
static unsigned kept_n;

static void
on_kept_baseline(void *ctx, const char *key, const char *value, size_t len)
{
	unsigned k = 0;

	(void)ctx;
	while (k < kept_n && strcmp(kept[k].key, key) != 0)
		k++;
	ck_assert_uint_lt(k, KEPT_MAX);
	if (k == kept_n)
		text_copy(kept[kept_n++].key, KEY_MAX, key);
	free(kept[k].value);
	kept[k].value = value != NULL ? strndup(value, len) : NULL;
	kept[k].len = len;
}

static void
forget_kept(void)
{
	while (kept_n > 0)
		free(kept[--kept_n].value);
	memset(kept, 0, sizeof(kept));
}

static const struct incidents_ops keeping = { on_record, on_kept, on_kept_baseline };

/* A table with what is kept, and the incidents that the log says are open. */
static void
begin(struct fixture *w, const struct record *open, unsigned open_n)
{
	struct incident_config c = usual;
	int64_t now = w->now != 0 ? w->now : 1700000000LL * SECOND;

	memset(w, 0, sizeof(*w));
	w->now = now;
	c.baseline = 1;
	w->table = incidents_new(&c, &keeping, w);
	for (unsigned k = 0; k < kept_n; k++)
		if (kept[k].value != NULL)
			incidents_baseline_restore(
			    w->table, kept[k].key, kept[k].value, kept[k].len);
	for (unsigned k = 0; k < open_n; k++)
		incidents_restore(w->table, &open[k], NULL, w->now);
	incidents_verdicts(w->table, VERDICTS_WHOLE, w->now);
}

static void
feed(struct fixture *w, uint32_t number, const char *name, enum feed_state state)
{
	incidents_feed(
	    w->table, number, name, state, state == FEED_UP ? (1U << VIEWS) - 1 : 0, w->now);
}

/* An invalid route of a third party: prefix k of the world, by an origin of its own. */
static struct finding
foreign(uint32_t router, unsigned k, uint8_t view)
{
	char prefix[32];
	struct finding f;

	snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", k / 256, k % 256);
	f = make(RULE_ROV_ASN, view, prefix, 65000 + k);
	f.router = router;
	f.own = (struct ip_prefix){ 0 };
	f.relation = NEIGHBOR_PROVIDER;
	f.peer_as = f.via_as = 64510;
	f.vrps_n = 1;
	f.vrps[0] = (struct vrp){ .prefix = f.prefix, .max_len = 24, .asn = 64000 + k };
	return f;
}

static void
table(struct fixture *w, uint32_t router, unsigned from, unsigned to, uint8_t view)
{
	for (unsigned k = from; k < to; k++)
		on(w, foreign(router, k, view));
}

/* Nothing is kept, and the first router of all begins to tell its table. */
static void
first_router(struct fixture *w)
{
	forget_kept();
	begin(w, NULL, 0);
	feed(w, 0, "r1", FEED_UP);
}

/* A first day with MANY of one router. */
static void
first_day(struct fixture *w)
{
	first_router(w);
	table(w, 0, 0, MANY, VIEW_IN_PRE);
	table(w, 0, 0, MANY, VIEW_LOC_RIB);
	pass(w, 5);
	ck_assert_uint_eq(w->n, 0); /* the first table is not complete */
	feed(w, 0, "r1", FEED_SYNCED);
	pass(w, 5);
}

static void
over(struct fixture *w)
{
	incidents_free(w->table);
	forget_kept();
}

START_TEST(many_are_told_as_one)
{
	struct incidents_baseline b;
	struct fixture w = { 0 };

	first_day(&w);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_OPENED);
	ck_assert_uint_eq(last(&w)->prefixes_n, MANY);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	ck_assert_str_eq(last(&w)->summary,
	    "40 prefixes by 40 networks were wrong already before we looked (rov.invalid.asn 40; "
	    "40 RPKI-invalid ones accepted; from AS64510 40; by AS65000 1, AS65001 1, AS65002 1, "
	    "...); what is new is told");
	incidents_baseline(w.table, &b);
	ck_assert(b.taken);
	ck_assert_uint_eq(b.known, MANY);
	ck_assert_uint_eq(b.rules[RULE_ROV_ASN], MANY);
	ck_assert_uint_eq(b.vias_n, 1);
	ck_assert_uint_eq(b.vias[0].asn, 64510);
	/* they come and go, and are told again: no news */
	off(&w, foreign(0, 3, VIEW_LOC_RIB), REASON_WITHDRAWN);
	off(&w, foreign(0, 3, VIEW_IN_PRE), REASON_WITHDRAWN);
	pass(&w, 60);
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	table(&w, 0, 0, MANY, VIEW_LOC_RIB);
	pass(&w, 400);
	ck_assert_uint_eq(w.n, 1);
	over(&w);
}
END_TEST

static unsigned names_dropped;
static bool first_is_kept;

static void
on_kept_name(void *ctx, const char *key, const char *value, size_t len)
{
	(void)ctx;
	(void)len;
	if (strncmp(key, "router/", 7) != 0)
		return;
	names_dropped += value == NULL;
	if (strcmp(key, "router/r1") == 0)
		first_is_kept = value != NULL;
}

/* Whoever makes up names does not fill the disk, and does not have a router that is there
 * forgotten. */
START_TEST(names_are_bounded)
{
	enum { NAMES = 10100, MOST = 10000 };
	static const struct incidents_ops counting = { on_record, on_kept, on_kept_name };
	struct incident_config c = usual;
	struct incidents_baseline b;
	struct fixture w = { .now = 1700000000LL * SECOND };
	char name[32];

	c.baseline = 1;
	names_dropped = 0;
	w.table = incidents_new(&c, &counting, &w);
	incidents_verdicts(w.table, VERDICTS_WHOLE, w.now);
	feed(&w, 0, "r1", FEED_UP);
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 1);
	for (unsigned k = 0; k < NAMES; k++) {
		snprintf(name, sizeof(name), "made-up-%u", k);
		feed(&w, 1, name, FEED_UP);
		feed(&w, 1, name, FEED_SYNCED);
		pass(&w, 0.1);
	}
	incidents_baseline(w.table, &b);
	ck_assert_uint_eq(b.routers, MOST);
	ck_assert_uint_eq(names_dropped, NAMES + 1 - MOST);
	ck_assert(first_is_kept);
	incidents_free(w.table);
}
END_TEST

/* The same as a leak, which no VRP contradicts. */
static void
leaks(struct fixture *w, unsigned from, unsigned to, uint8_t view)
{
	for (unsigned k = from; k < to; k++) {
		struct finding f = foreign(0, k, view);

		f.rules = 1U << RULE_LEAK_PEERLOCK;
		f.leaker_as = 65000 + k;
		f.vrps_n = 0;
		on(w, f);
	}
}

static uint8_t
first_day_severity(struct fixture *w)
{
	uint8_t severity;

	feed(w, 0, "r1", FEED_SYNCED);
	pass(w, 5);
	ck_assert_uint_eq(w->n, 1);
	severity = last(w)->severity;
	over(w);
	return severity;
}

/* That others do wrong since before we looked is no work for anybody; that the network takes what
 * is invalid is. */
START_TEST(what_is_accepted_makes_it_a_warning)
{
	struct fixture w = { 0 };

	first_router(&w); /* the filter works */
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	ck_assert_uint_eq(first_day_severity(&w), SEVERITY_INFO);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "; RPKI-invalid ones dropped; from"));

	first_router(&w); /* and what it is not for is in use */
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	leaks(&w, 100, 100 + MANY, VIEW_IN_PRE);
	leaks(&w, 100, 100 + MANY, VIEW_IN_POST);
	leaks(&w, 100, 100 + MANY, VIEW_LOC_RIB);
	ck_assert_uint_eq(first_day_severity(&w), SEVERITY_NOTICE);

	first_router(&w); /* whatever came first */
	leaks(&w, 100, 100 + MANY, VIEW_IN_POST);
	table(&w, 0, 0, MANY, VIEW_IN_POST);
	ck_assert_uint_eq(first_day_severity(&w), SEVERITY_WARNING);
}
END_TEST

/* A filter that begins to work is told, when it has done so for an hour; and again when it ends. */
START_TEST(what_is_enforced_now_makes_it_milder)
{
	struct fixture w = { 0 };

	first_router(&w);
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	table(&w, 0, 0, MANY, VIEW_IN_POST);
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	for (int k = 0; k < 2; k++) { /* a session that goes and comes is none */
		for (unsigned i = 0; i < MANY; i++)
			off(&w, foreign(0, i, VIEW_IN_POST), REASON_WITHDRAWN);
		pass(&w, k == 0 ? 600 : 3500);
		ck_assert_uint_eq(w.n, 1);
		if (k == 0)
			table(&w, 0, 0, MANY, VIEW_IN_POST);
		pass(&w, 60);
	}
	pass(&w, 120);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UPDATED);
	ck_assert_uint_eq(last(&w)->reason, REASON_SEVERITY);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_INFO);
	table(&w, 0, 0, MANY, VIEW_IN_POST);
	pass(&w, 3700);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	over(&w);
}
END_TEST

/* What comes in, and no view of its session says what becomes of it. */
static void
offers(struct fixture *w, uint8_t monitored)
{
	forget_kept();
	begin(w, NULL, 0);
	incidents_feed(w->table, 0, "r1", FEED_UP, monitored, w->now);
	for (unsigned k = 0; k < MANY; k++) {
		struct finding f = foreign(0, k, VIEW_IN_PRE);

		f.views_monitored = 1U << VIEW_IN_PRE;
		on(w, f);
	}
}

/* Where nobody looks nothing is known; a Loc-RIB that has none of them shows the filter. */
START_TEST(unseen_is_accepted_but_for_what_the_loc_rib_shows)
{
	struct fixture w = { 0 };

	offers(&w, 1U << VIEW_IN_PRE);
	ck_assert_uint_eq(first_day_severity(&w), SEVERITY_WARNING);
	offers(&w, 1U << VIEW_IN_PRE | 1U << VIEW_LOC_RIB);
	ck_assert_uint_lt(first_day_severity(&w), SEVERITY_WARNING);
}
END_TEST

START_TEST(few_are_told_one_by_one)
{
	struct fixture w = { 0 };

	first_router(&w);
	table(&w, 0, 0, 3, VIEW_IN_PRE);
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	over(&w);
}
END_TEST

/* Of a table of the Internet nobody expects anything else. */
START_TEST(few_of_a_full_table_are_told_as_one)
{
	struct fixture w = { 0 };

	first_router(&w);
	leaks(&w, 100, 103, VIEW_LOC_RIB);
	leaks(&w, 100, 103, VIEW_OUT_POST);
	feed(&w, 0, "r1", FEED_SYNCED);
	incidents_full_table(w.table, 0, true);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->prefixes_n, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_NOTICE);
	leaks(&w, 103, 104, VIEW_LOC_RIB); /* what is new is news all the same */
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	over(&w);
}
END_TEST

START_TEST(what_is_new_is_news)
{
	struct fixture w = { 0 };
	struct finding f;

	first_day(&w);
	f = foreign(0, 3, VIEW_IN_PRE); /* a new prefix of an old origin */
	ip_prefix_parse("192.0.2.0/24", true, &f.prefix);
	on(&w, f);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->prefixes_n, 1);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "192.0.2.0/24"));
	f = foreign(0, 5, VIEW_IN_PRE); /* an old prefix by a new origin */
	f.origin = f.path_id = 64999;
	on(&w, f);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	f = foreign(0, 6, VIEW_IN_PRE); /* it is somebody else's now */
	f.vrps[0].asn = 63000;
	on(&w, f);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 4);
	ck_assert_uint_eq(last(&w)->victims[0], 63000);
	on(&w, foreign(0, 7, VIEW_OUT_POST)); /* it gets further than it did */
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 5);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
	off(&w, foreign(0, 7, VIEW_OUT_POST), REASON_WITHDRAWN);
	pass(&w, 5);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	over(&w);
}
END_TEST

/* Which of the routes that no filter stops is in use, and goes to customers, is what other routes
 * make of it from minute to minute. That one is told to others, and that a filter lets one through,
 * is news. */
START_TEST(what_is_chosen_is_no_news)
{
	struct fixture w = { 0 };
	struct finding f = foreign(0, 7, VIEW_OUT_POST);

	first_router(&w);
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	table(&w, 0, 0, MANY - 1, VIEW_IN_POST);
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 1);
	on(&w, foreign(0, 7, VIEW_LOC_RIB));
	f.relation = NEIGHBOR_CUSTOMER;
	f.peer = 1;
	on(&w, f);
	pass(&w, 5);
	f.relation = NEIGHBOR_INTERNAL;
	f.peer = 2;
	on(&w, f);
	pass(&w, 400);
	for (unsigned k = 1; k < w.n; k++) /* the one is in use now */
		ck_assert_uint_eq(w.log[k].incident.prefixes_n, MANY);
	f.relation = NEIGHBOR_PEER;
	f.peer = 3;
	on(&w, f);
	pass(&w, 5);
	ck_assert_uint_eq(last(&w)->prefixes_n, 1);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 60);
	on(&w, foreign(0, MANY - 1, VIEW_IN_POST));
	pass(&w, 5);
	ck_assert_uint_eq(last(&w)->prefixes_n, 1);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_OPENED);
	over(&w);
}
END_TEST

START_TEST(ours_and_customers_are_never_in_it)
{
	struct finding own = make(RULE_HIJACK_EXACT, VIEW_IN_PRE, "203.0.113.0/24", 64999),
		       customer = foreign(0, 200, VIEW_IN_PRE);
	struct fixture w = { 0 };

	first_router(&w);
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	on(&w, own);
	customer.of_customers = true;
	on(&w, customer);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2); /* they wait for nothing */
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(last(&w)->prefixes_n, MANY);
	/* one that is known becomes a customer's */
	customer = foreign(0, 4, VIEW_IN_PRE);
	customer.of_customers = true;
	on(&w, customer);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 4);
	over(&w);
}
END_TEST

START_TEST(a_restart_keeps_it)
{
	struct fixture w = { 0 };
	struct record open;

	first_day(&w);
	open = w.log[0];
	incidents_free(w.table);
	begin(&w, &open, 1);
	feed(&w, 0, "r1", FEED_UP);
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	on(&w, foreign(0, MANY, VIEW_IN_PRE));
	table(&w, 0, 0, MANY, VIEW_LOC_RIB);
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 400);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->prefixes_n, 1);
	ck_assert_uint_eq(last(&w)->origin, 65000 + MANY);
	over(&w);
}
END_TEST

START_TEST(another_router_is_compared)
{
	struct fixture w = { 0 };

	first_day(&w);
	pass(&w, 200); /* longer than the time to settle */
	feed(&w, 1, "r2", FEED_UP);
	table(&w, 1, 0, MANY, VIEW_IN_PRE);
	table(&w, 1, 0, 2, VIEW_OUT_POST); /* further, but nobody looked there before */
	on(&w, foreign(1, MANY, VIEW_IN_PRE));
	feed(&w, 1, "r2", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->origin, 65000 + MANY);
	on(&w, foreign(1, 7, VIEW_OUT_POST));
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	over(&w);
}
END_TEST

START_TEST(two_routers_are_one_first_day)
{
	struct fixture w = { 0 };

	first_router(&w);
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	feed(&w, 1, "r2", FEED_UP);
	feed(&w, 0, "r1", FEED_SYNCED);
	table(&w, 1, MANY / 2, MANY + MANY, VIEW_IN_PRE);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 0);
	feed(&w, 1, "r2", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->prefixes_n, 2 * MANY);
	/* one that comes a moment later adds its own */
	feed(&w, 2, "r3", FEED_UP);
	table(&w, 2, 2 * MANY, 3 * MANY, VIEW_IN_PRE);
	feed(&w, 2, "r3", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UPDATED);
	ck_assert_uint_eq(last(&w)->prefixes_n, 3 * MANY);
	over(&w);
}
END_TEST

START_TEST(what_comes_behind_the_first_table_is_news)
{
	struct fixture w = { 0 };
	struct finding f;

	first_router(&w);
	feed(&w, 1, "r2", FEED_UP); /* is waited for */
	table(&w, 0, 0, MANY, VIEW_IN_PRE);
	feed(&w, 0, "r1", FEED_SYNCED);
	on(&w, foreign(0, MANY, VIEW_IN_PRE));
	on(&w, foreign(0, 3, VIEW_IN_PRE)); /* told again, it is as old as before */
	f = foreign(1, MANY + 1, VIEW_IN_PRE);
	f.behind = true; /* of this table End-of-RIB has come, of others not */
	on(&w, f);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(w.log[0].incident.origin, 65000 + MANY);
	ck_assert_uint_eq(w.log[1].incident.origin, 65000 + MANY + 1);
	feed(&w, 1, "r2", FEED_SYNCED);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(last(&w)->prefixes_n, MANY);
	over(&w);
}
END_TEST

START_TEST(vrps_come_late)
{
	struct fixture w = { 0 };

	forget_kept();
	begin(&w, NULL, 0);
	incidents_verdicts(w.table, VERDICTS_PENDING, w.now);
	feed(&w, 0, "r1", FEED_UP);
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 1000);
	for (unsigned k = 0; k < MANY; k++) {
		struct finding f = foreign(0, k, VIEW_LOC_RIB);

		f.cause = REASON_RPKI;
		on(&w, f);
	}
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 0);
	incidents_verdicts(w.table, VERDICTS_WHOLE, w.now);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->prefixes_n, MANY);
	over(&w);
}
END_TEST

START_TEST(one_vrp_that_makes_them_invalid_is_the_news)
{
	struct fixture w = { 0 };

	first_router(&w);
	for (unsigned k = 0; k < MANY; k++) {
		struct finding f = foreign(0, k, VIEW_IN_PRE);

		ip_prefix_parse("10.0.0.0/8", true, &f.vrps[0].prefix);
		f.vrps[0].asn = 63000;
		on(&w, f);
	}
	feed(&w, 0, "r1", FEED_SYNCED);
	pass(&w, 15);
	for (unsigned k = 0; k < w.n; k++)
		ck_assert_ptr_nonnull(strstr(w.log[k].incident.summary, "ROA 10.0.0.0/8"));
	ck_assert_uint_eq(last(&w)->prefixes_n, MANY);
	over(&w);
}
END_TEST

START_TEST(gone_for_long_is_news_again)
{
	struct incidents_baseline b;
	struct fixture w = { 0 };

	first_day(&w);
	off(&w, foreign(0, 3, VIEW_LOC_RIB), REASON_WITHDRAWN);
	off(&w, foreign(0, 3, VIEW_IN_PRE), REASON_WITHDRAWN);
	pass(&w, 300);
	incidents_baseline(w.table, &b);
	ck_assert_uint_eq(b.gone, 1);
	w.now += 6 * 86400LL * SECOND;
	pass(&w, 70);
	on(&w, foreign(0, 3, VIEW_IN_PRE));
	pass(&w, 70);
	ck_assert_uint_eq(w.n, 1);
	incidents_baseline(w.table, &b);
	ck_assert_uint_eq(b.gone, 0);
	off(&w, foreign(0, 3, VIEW_IN_PRE), REASON_WITHDRAWN);
	pass(&w, 70);
	w.now += 8 * 86400LL * SECOND;
	pass(&w, 70);
	on(&w, foreign(0, 3, VIEW_IN_PRE));
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	over(&w);
}
END_TEST

START_TEST(reset_takes_what_is_there)
{
	struct incidents_baseline b;
	struct fixture w = { 0 };
	struct finding own = make(RULE_HIJACK_EXACT, VIEW_IN_PRE, "203.0.113.0/24", 64999);

	first_day(&w);
	pass(&w, 200);
	on(&w, own);
	on(&w, foreign(0, MANY, VIEW_IN_PRE));
	off(&w, foreign(0, 3, VIEW_LOC_RIB), REASON_WITHDRAWN);
	off(&w, foreign(0, 3, VIEW_IN_PRE), REASON_WITHDRAWN);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	incidents_baseline_reset(w.table, w.now);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 4); /* the foreign one is closed; as many as before are known */
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	ck_assert_uint_eq(last(&w)->reason, REASON_BASELINE);
	ck_assert_uint_eq(last(&w)->origin, 65000 + MANY);
	incidents_baseline(w.table, &b);
	ck_assert_uint_eq(b.known, MANY);
	on(&w, foreign(0, MANY, VIEW_IN_PRE));
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 4);
	on(&w, foreign(0, 3, VIEW_IN_PRE));
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 5); /* it was not there */
	over(&w);
}
END_TEST

START_TEST(a_collector_of_before_has_no_first_day)
{
	struct fixture w = { 0 };
	struct record open;

	first_day(&w);
	on(&w, foreign(0, MANY, VIEW_IN_PRE));
	pass(&w, 5);
	open = w.log[1];
	incidents_free(w.table);
	forget_kept();
	begin(&w, &open, 1);
	pass(&w, 1);
	feed(&w, 0, "r1", FEED_UP);
	table(&w, 0, 0, 3, VIEW_IN_PRE);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 3);
	over(&w);
}
END_TEST

START_TEST(what_is_kept_may_be_damaged)
{
	static const char *const lines[] = { "", "\n\n", "rov.invalid.asn", "x y z",
		"rov.invalid.asn 10.0.0.0/33 1 1 1 0 - -\n",
		"hijack.exact 10.0.0.0/8 1 1 1 0 - -\n",
		"rov.invalid.asn 10.0.0.0/8 1 1 1 0 1,2,3,4,5,6 x\n" };
	struct incidents_baseline b;
	struct fixture w = { 0 };

	forget_kept();
	begin(&w, NULL, 0);
	for (unsigned k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
		incidents_baseline_restore(w.table, "known/00", lines[k], strlen(lines[k]));
		incidents_baseline_restore(w.table, "state", lines[k], strlen(lines[k]));
		incidents_baseline_restore(w.table, "nothing", lines[k], strlen(lines[k]));
	}
	incidents_baseline(w.table, &b);
	ck_assert_uint_eq(b.known, 1);
	over(&w);
}
END_TEST

HARNESS_MAIN("baseline")
{
	TIMEOUT(60);
	TEST(many_are_told_as_one);
	TEST(what_is_accepted_makes_it_a_warning);
	TEST(what_is_enforced_now_makes_it_milder);
	TEST(unseen_is_accepted_but_for_what_the_loc_rib_shows);
	TEST(few_are_told_one_by_one);
	TEST(few_of_a_full_table_are_told_as_one);
	TEST(what_is_new_is_news);
	TEST(what_is_chosen_is_no_news);
	TEST(ours_and_customers_are_never_in_it);
	TEST(a_restart_keeps_it);
	TEST(another_router_is_compared);
	TEST(two_routers_are_one_first_day);
	TEST(what_comes_behind_the_first_table_is_news);
	TEST(vrps_come_late);
	TEST(one_vrp_that_makes_them_invalid_is_the_news);
	TEST(gone_for_long_is_news_again);
	TEST(reset_takes_what_is_there);
	TEST(a_collector_of_before_has_no_first_day);
	TEST(what_is_kept_may_be_damaged);
	TEST(names_are_bounded);
}

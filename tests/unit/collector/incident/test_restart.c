/* Incidents back from the journal: each waits for all who had it, and is not told twice. */
#include "tests/unit/support/incident_fixture.h"

/* A collector that told of this, for longer than it is held. */
static void
setup_open(struct fixture *w, struct finding f)
{
	setup(w);
	on(w, f);
	pass(w, 3);
}

/* The collector after a restart: what it told is restored, and its router is not there yet. */
static void
restore(struct fixture *again, const struct fixture *w)
{
	incidents_feed(again->table, 0, "r1", FEED_DOWN, 0, again->now);
	for (unsigned i = 0; i < w->n; i++)
		incidents_restore(again->table, &w->log[i], NULL, again->now);
}

static void
setup_again(struct fixture *again, const struct fixture *w)
{
	setup(again);
	restore(again, w);
}

static void
over(struct fixture *w, struct fixture *again)
{
	incidents_free(w->table);
	incidents_free(again->table);
}

/* Restored from the journal: silent while the table comes in again, whatever the order of the
 * views. */
START_TEST(test_restart)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666), loc = pre,
		       other = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64667);
	struct fixture w, again;

	setup(&w);
	loc.view = VIEW_LOC_RIB;
	on(&w, pre);
	on(&w, loc);
	on(&w, other);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	setup_again(&again, &w);
	pass(&again, 5);
	incidents_feed(again.table, 0, "r1", FEED_UP, 0, again.now);
	on(&again, pre);
	pass(&again, 5);
	on(&again, loc);
	pass(&again, 5);
	ck_assert_uint_eq(again.n, 0);
	told_all(&again);
	pass(&again, 2);
	ck_assert_uint_eq(again.n, 1); /* 64667 is gone */
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_uint_eq(last(&again)->origin, 64667);
	ck_assert_uint_eq(last(&again)->revision, 2);
	over(&w, &again);
}
END_TEST

/* A filtered route is told after a restart before the router has shown that it tells the views in
 * which the route is not: it is as filtered as it was. */
START_TEST(test_restart_of_what_is_filtered)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup_open(&w, pre);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_INFO);
	setup_again(&again, &w);
	incidents_feed(again.table, 0, "r1", FEED_UP, 1 << VIEW_IN_PRE, again.now);
	pre.views_monitored = 1 << VIEW_IN_PRE;
	on(&again, pre);
	pass(&again, 5);
	incidents_monitored(
	    again.table, 0, pre.peer, SOURCE_V4, 1 << VIEW_IN_PRE | 1 << VIEW_IN_POST, again.now);
	incidents_feed(
	    again.table, 0, "r1", FEED_SYNCED, 1 << VIEW_IN_PRE | 1 << VIEW_IN_POST, again.now);
	pass(&again, 5);
	ck_assert_uint_eq(again.n, 0);
	over(&w, &again);
}
END_TEST

/* The view is told no more: nobody knows whether the route is accepted. */
START_TEST(test_restart_without_the_view)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup_open(&w, pre);
	setup_again(&again, &w);
	incidents_feed(again.table, 0, "r1", FEED_UP, 1 << VIEW_IN_PRE, again.now);
	pre.views_monitored = 1 << VIEW_IN_PRE;
	on(&again, pre);
	incidents_feed(again.table, 0, "r1", FEED_SYNCED, 1 << VIEW_IN_PRE, again.now);
	pass(&again, usual.settle_s + 5);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_uint_eq(last(&again)->severity, SEVERITY_WARNING);
	over(&w, &again);
}
END_TEST

/* A bogon by the file of a registry, which is not there yet: that the router does not tell it again
 * says nothing. One that every list has is over. */
START_TEST(test_restart_without_the_registry)
{
	static const struct {
		const char *prefix, *path;
		enum rule rule;
		bool waits;
	} rows[] = {
		{ "45.66.0.0/16", "64501 3333", RULE_BOGON_PREFIX, true },
		{ "10.1.0.0/16", "64501 3333", RULE_BOGON_PREFIX, false },
		{ "45.66.0.0/16", "64501 402000", RULE_BOGON_ASN, true },
		{ "45.66.0.0/16", "64501 {3333,64666}", RULE_BOGON_ASN, false },
		{ "45.66.0.0/16", "64501 3333", RULE_ROV_ASN, false },
	};
	struct finding f = make(rows[_i].rule, VIEW_LOC_RIB, rows[_i].prefix, 64666);
	struct incidents_stats s;
	struct fixture w, again;

	setup_open(&w, f);
	strcpy(w.log[0].incident.as_path, rows[_i].path);
	for (unsigned there = 0; there < 2; there++) {
		setup_again(&again, &w);
		incidents_registries(again.table, false, again.now);
		told_all(&again);
		pass(&again, 10);
		ck_assert_uint_eq(again.n, !rows[_i].waits);
		if (!rows[_i].waits)
			break;
		pass(&again, usual.settle_s);
		incidents_stats(again.table, &s);
		ck_assert_uint_eq(s.unknown, 1);
		again.n = 0;
		if (there)
			on(&again, f);
		incidents_registries(again.table, true, again.now);
		pass(&again, 10);
		incidents_stats(again.table, &s);
		ck_assert_uint_eq(s.open, there);
		ck_assert_uint_eq(s.unknown, 0);
		if (there)
			break;
		ck_assert_uint_eq(last(&again)->transition, TRANSITION_CLOSED);
		incidents_free(again.table);
	}
	over(&w, &again);
}
END_TEST

/* What it is judged by may be away for longer than anybody would wait for a router: that it is over
 * nobody knows all the same. */
START_TEST(test_what_is_judged_by_is_away_for_long)
{
	struct finding f =
	    make(_i == 0 ? RULE_BOGON_PREFIX : RULE_ROV_ASN, VIEW_LOC_RIB, "45.66.0.0/16", 64666);
	struct incidents_stats s;
	struct fixture w, again;

	setup_open(&w, f);
	setup_unjudged(&again);
	if (_i == 0)
		incidents_verdicts(again.table, VERDICTS_WHOLE, again.now);
	restore(&again, &w);
	incidents_registries(again.table, _i != 0, again.now);
	told_all(&again);
	pass(&again, usual.settle_s + usual.forget_s + 60);
	incidents_stats(again.table, &s);
	ck_assert_uint_eq(s.unknown, 1);
	ck_assert(again.n == 0 || last(&again)->transition != TRANSITION_CLOSED);
	incidents_registries(again.table, true, again.now);
	incidents_verdicts(again.table, VERDICTS_WHOLE, again.now);
	pass(&again, 10);
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_uint_ne(last(&again)->reason, REASON_FEED_GONE);
	over(&w, &again);
}
END_TEST

/* The same of a router that is away for so long that its routes are forgotten. */
START_TEST(test_outage_without_the_registry)
{
	struct finding f = make(RULE_BOGON_PREFIX, VIEW_LOC_RIB, "45.66.0.0/16", 64666);
	struct fixture w;

	setup_open(&w, f);
	incidents_registries(w.table, false, w.now);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 40);
	off(&w, f, REASON_FEED_LOST);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now);
	told_all(&w);
	pass(&w, 10);
	ck_assert_uint_ne(last(&w)->transition, TRANSITION_CLOSED);
	incidents_registries(w.table, true, w.now);
	pass(&w, 10);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	/* what is withdrawn is over, whatever the file says */
	on(&w, f);
	pass(&w, 3);
	incidents_registries(w.table, false, w.now);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 600);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_restart_without_the_router)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup_open(&w, f);
	setup(&again);
	incidents_feed(again.table, 0, "another", FEED_SYNCED, 0xff, again.now);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	pass(&again, 100);
	ck_assert_uint_eq(again.n, 0);
	pass(&again, 30);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_UNKNOWN);
	over(&w, &again);
}
END_TEST

/* After a restart an incident has the same texts. */
START_TEST(test_restart_keeps_the_words)
{
	struct finding f = make(RULE_LEAK_OTC, VIEW_LOC_RIB, "198.51.100.0/24", 64501);
	struct fixture w, again;

	f.has_otc = true;
	f.otc = 64510;
	setup_open(&w, f);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "AS64501 (customer) leaks"));
	setup(&again);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	told_all(&again);
	pass(&again, 2);
	ck_assert_int_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_str_eq(last(&again)->summary, last(&w)->summary);
	over(&w, &again);
}
END_TEST

/* Who had it is waited for by itself: neither another peer, family, view or VRF, nor the feed as a
 * whole says that it is over. */
START_TEST(test_each_is_waited_for)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_IN_POST, "203.0.113.0/24", 64666);
	struct ip_addr peer, other, none = { 0 };
	struct fixture w, again;

	ip_addr_parse("192.0.2.1", &peer);
	ip_addr_parse("192.0.2.2", &other);
	setup(&w);
	on(&w, f);
	pass(&w, 1);
	setup(&again);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	incidents_feed(again.table, 0, "r1", FEED_SYNCED, 0xff, again.now);
	incidents_feed(again.table, 1, "r2", FEED_SYNCED, 0xff, again.now);
	incidents_complete(again.table, 0, &peer, "", SOURCE_V6, 0xff, again.now);
	incidents_complete(again.table, 0, &peer, "64500:1", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 0, &other, "", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 0, &none, "", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 1, &peer, "", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 0, &peer, "", SOURCE_V4, 1 << VIEW_IN_PRE, again.now);
	pass(&again, 10);
	ck_assert_uint_eq(again.n, 0);
	incidents_complete(again.table, 0, &peer, "", SOURCE_V4, 1 << VIEW_IN_POST, again.now);
	pass(&again, 2);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_CLOSED);
	over(&w, &again);
}
END_TEST

enum { PARTS = 3 };
static struct record parts[PARTS];

static void
keep_part(void *ctx, const struct record *r, unsigned part)
{
	(void)ctx;
	ck_assert_uint_lt(part, PARTS);
	parts[part] = *r;
}

/* Forty neighbours have it, of whom a record names sixteen: what is kept names all, and each is
 * waited for. */
START_TEST(test_more_holders_than_a_record_names)
{
	const struct incidents_ops keeping = { .emit = on_record, .keep = keep_part };
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_IN_PRE, "203.0.113.0/24", 64666);
	struct fixture w, again;

	setup(&w);
	incidents_free(w.table);
	w.table = incidents_new(&usual, &keeping, &w);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0xff, w.now);
	for (uint8_t k = 0; k < 40; k++) {
		f.peer = k;
		f.address.b[3] = k;
		on(&w, f);
	}
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_OPENED);
	for (int broken = 0; broken < 2; broken++) {
		setup(&again);
		parts[2].incident.revision += (uint32_t)broken; /* of another time */
		incidents_restore(again.table, &w.log[w.n - 1], &parts[0], again.now);
		ck_assert(incidents_restore_part(again.table, &parts[1]));
		ck_assert(incidents_restore_part(again.table, &parts[2]) == !broken);
		if (!broken) /* none is missing */
			ck_assert(!incidents_restore_part(again.table, &w.log[0]));
		for (uint8_t k = 0; k < 40; k++) {
			ck_assert_uint_eq(again.n, 0);
			f.address.b[3] = k;
			incidents_complete(
			    again.table, 0, &f.address, "", SOURCE_V4, 0xff, again.now);
			pass(&again, 1);
		}
		pass(&again, 2);
		ck_assert_uint_eq(again.n, !broken);
		incidents_free(again.table);
	}
	incidents_free(w.table);
}
END_TEST

/* A router that is gone for good does not leave its incidents behind for ever; a restart in between
 * does not make them younger. */
START_TEST(test_forgotten)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup_open(&w, f);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 40);
	ck_assert_int_eq(last(&w)->transition, TRANSITION_UNKNOWN);
	setup(&again);
	incidents_feed(again.table, 0, "r1", FEED_DOWN, 0, again.now);
	again.now = w.now;
	pass(&again, 1800);
	incidents_restore(again.table, &w.log[w.n - 1], NULL, again.now);
	pass(&again, 1700);
	ck_assert_uint_eq(again.n, 0);
	pass(&again, 110);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_int_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_str_eq(reason_name(last(&again)->reason), "feed-gone");
	over(&w, &again);
}
END_TEST

HARNESS_MAIN("restart")
{
	TIMEOUT(30);
	TEST(test_restart);
	TEST(test_restart_of_what_is_filtered);
	TEST(test_restart_without_the_view);
	LOOP(test_restart_without_the_registry, 5);
	LOOP(test_what_is_judged_by_is_away_for_long, 2);
	TEST(test_outage_without_the_registry);
	TEST(test_restart_without_the_router);
	TEST(test_restart_keeps_the_words);
	TEST(test_each_is_waited_for);
	TEST(test_more_holders_than_a_record_names);
	TEST(test_forgotten);
}

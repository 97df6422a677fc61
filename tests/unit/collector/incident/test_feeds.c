/* Routers lost and back, VRPs that come late: what becomes unknown, and what says nothing. */
#include "tests/unit/support/incident_fixture.h"

START_TEST(test_unknown_on_feed_loss)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 1);
	ck_assert_uint_eq(w.n, 1);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 20);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now); /* back within the grace: nothing */
	pass(&w, 5);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0xff, w.now);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 1);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 35);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UNKNOWN);
	off(&w, f, REASON_FEED_LOST); /* its routes are forgotten: no evidence */
	pass(&w, 600);
	ck_assert_uint_eq(w.n, 2);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now);
	pass(&w, 5);
	told_all(&w); /* and it does not have it */
	pass(&w, 1);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_one_feed_of_two_is_enough)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666), g = f;
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 1, "r2", FEED_SYNCED, 0xff, w.now);
	g.router = 1;
	on(&w, f);
	on(&w, g);
	pass(&w, 3);
	ck_assert_uint_eq(w.log[w.n - 1].incident.prefixes_n, 1);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 60);
	for (unsigned i = 0; i < w.n; i++)
		ck_assert_uint_ne(w.log[i].incident.transition, TRANSITION_UNKNOWN);
	incidents_free(w.table);
}
END_TEST

/* The routes of a peer were forgotten, and one of two is told again: of the other nobody knows. */
START_TEST(test_one_of_two_is_told_again)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_IN_PRE, "203.0.113.0/24", 64666),
		       g = make(RULE_HIJACK_SPECIFIC, VIEW_IN_PRE, "203.0.113.128/25", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	on(&w, g);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 35);
	off(&w, f, REASON_FEED_LOST);
	off(&w, g, REASON_FEED_LOST);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now);
	on(&w, f);
	pass(&w, 3);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 20);
	for (unsigned i = 0; i < w.n; i++)
		ck_assert_uint_ne(w.log[i].incident.transition, TRANSITION_CLOSED);
	told_all(&w);
	pass(&w, 20);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

/* What VRPs make of routes of another session, which the router does not tell again, never was. */
START_TEST(test_stale_routes_are_no_blink)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	incidents_feed(w.table, 0, "r1", FEED_UP, 1 << VIEW_LOC_RIB, w.now);
	f.cause = REASON_RPKI;
	on(&w, f);
	pass(&w, 1);
	off(&w, f, REASON_WITHDRAWN);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0, w.now);
	pass(&w, 10);
	ck_assert_uint_eq(w.n, 0);
	/* one that it tells, and takes back at once, is told */
	f.cause = REASON_ANNOUNCED;
	on(&w, f);
	pass(&w, 1);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 10);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

/* VRPs that are whole again say nothing of a router that is away. */
START_TEST(test_verdicts_bring_back_no_router)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 35);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UNKNOWN);
	ck_assert_uint_eq(w.n, 2);
	incidents_verdicts(w.table, VERDICTS_PENDING, w.now);
	incidents_verdicts(w.table, VERDICTS_WHOLE, w.now);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	incidents_free(w.table);
}
END_TEST

/* VRPs that come for the first time change nothing: the route is what happened, however late they
 * are. */
START_TEST(test_first_vrps_are_no_change)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct finding other = make(RULE_ROV_ASN, VIEW_IN_PRE, "192.0.2.0/24", 64777);
	struct fixture w;

	setup_unjudged(&w);
	f.cause = other.cause = REASON_RPKI;
	on(&w, f);
	pass(&w, 3);
	ck_assert_str_eq(reason_name(last(&w)->reason), "announced");
	ck_assert_str_eq(reason_name(last(&w)->facts.cause), "announced");
	incidents_verdicts(w.table, VERDICTS_WHOLE, w.now);
	incidents_verdicts(w.table, VERDICTS_PENDING, w.now);
	on(&w, other);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_str_eq(reason_name(last(&w)->reason), "rpki");
	ck_assert_str_eq(reason_name(last(&w)->facts.cause), "rpki");
	off(&w, f, REASON_RPKI);
	pass(&w, 3);
	ck_assert_str_eq(reason_name(last(&w)->reason), "rpki");
	ck_assert_str_eq(reason_name(last(&w)->facts.cause), "announced");
	incidents_free(w.table);
}
END_TEST

/* A router that never says that its table is complete: what VRPs make of its routes is told all the
 * same. */
START_TEST(test_vrps_before_the_table_is_complete)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 1, "r2", FEED_UP, 1 << VIEW_LOC_RIB, w.now);
	f.router = 1;
	f.cause = REASON_RPKI;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	off(&w, f, REASON_RPKI);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	/* back after it was away: what it has not told again is not known */
	incidents_feed(w.table, 1, "r2", FEED_DOWN, 0, w.now);
	incidents_feed(w.table, 1, "r2", FEED_UP, 1 << VIEW_LOC_RIB, w.now);
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	incidents_feed(w.table, 1, "r2", FEED_SYNCED, 0, w.now);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 3);
	incidents_free(w.table);
}
END_TEST

HARNESS_MAIN("feeds")
{
	TIMEOUT(30);
	TEST(test_unknown_on_feed_loss);
	TEST(test_one_feed_of_two_is_enough);
	TEST(test_one_of_two_is_told_again);
	TEST(test_stale_routes_are_no_blink);
	TEST(test_verdicts_bring_back_no_router);
	TEST(test_first_vrps_are_no_change);
	TEST(test_vrps_before_the_table_is_complete);
}

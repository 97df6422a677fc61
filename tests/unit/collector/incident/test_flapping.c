/* What comes and goes: within the time that it is held, for a moment, and again and again. */
#include "tests/unit/support/incident_fixture.h"

/* Replaced for a moment: neither closed nor opened. */
START_TEST(test_blink)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	for (int i = 0; i < 20; i++) {
		off(&w, f, REASON_REPLACED);
		pass(&w, 0.3);
		on(&w, f);
		pass(&w, 0.3);
	}
	ck_assert_uint_eq(w.n, 1);
	incidents_free(w.table);
}
END_TEST

/* What comes and goes within the hold is reported all the same. */
START_TEST(test_short_lived)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(w.log[0].incident.transition, TRANSITION_OPENED);
	ck_assert_uint_eq(w.log[0].incident.views, 1 << VIEW_LOC_RIB);
	ck_assert_str_eq(w.log[0].incident.summary,
	    "AS64666 originates 198.51.100.0/24 without authorisation (RPKI-invalid)");
	ck_assert_uint_eq(w.log[0].incident.origin, 64666);
	ck_assert_uint_eq(w.log[0].incident.examples_n, 1);
	ck_assert_uint_eq(w.log[1].incident.transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

/* What comes and goes within the time that it is held is rationed like any other. */
START_TEST(test_blinks)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	for (int k = 0; k < 60; k++) {
		on(&w, f);
		pass(&w, 1.5);
		off(&w, f, REASON_WITHDRAWN);
		pass(&w, 2.5);
	}
	ck_assert(last(&w)->flapping);
	ck_assert_uint_ge(last(&w)->flaps, 10);
	ck_assert_uint_le(w.n, 10);
	pass(&w, 70);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	ck_assert_uint_eq(last(&w)->flaps, 59);
	ck_assert_uint_eq(last(&w)->occurrence, 1);
	incidents_free(w.table);
}
END_TEST

/* What was held and is taken for something else meanwhile is told as that, and as nothing else. */
START_TEST(test_held_and_seen_otherwise)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	f.rules = 1U << RULE_HIJACK_EXACT;
	f.cause = REASON_CONFIG;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(w.log[0].incident.transition, TRANSITION_OPENED);
	ck_assert_str_eq(w.log[0].incident.kind, "hijack.exact");
	incidents_free(w.table);
}
END_TEST

HARNESS_MAIN("flapping")
{
	TIMEOUT(30);
	TEST(test_blink);
	TEST(test_short_lived);
	TEST(test_blinks);
	TEST(test_held_and_seen_otherwise);
}

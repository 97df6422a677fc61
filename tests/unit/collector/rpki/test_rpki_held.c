/* What a source says that is held back: much less than before, and a VRP for everything. */
#include "tests/unit/support/rpki_data_fixture.h"

START_TEST(a_shrunken_source)
{
	static const uint32_t left[] = { 0, 100, 899 };
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 1000);
	say(a, 1, left[_i]);
	ck_assert(seen.sets == 1 && rpki_source_is_held(a) && seen.state == RPKI_WHOLE);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a"));
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_SHRUNKEN], "of 1000 VRPs"));
	after(3599);
	ck_assert_uint_eq(seen.sets, 1);
	after(1); /* so it means it */
	ck_assert(seen.in_force.n == left[_i] && !rpki_source_is_held(a));
	ck_assert(!open(RPKI_ALARM_SHRUNKEN, "a"));
	ck_assert_int_eq(seen.state, left[_i] == 0 ? RPKI_NONE : RPKI_WHOLE);
	if (left[_i] == 0)
		ck_assert_str_eq(seen.order, "s20s"); /* no judgement by an empty set */
}
END_TEST

START_TEST(whole_again)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 200);
	say(a, 1, 0);
	after(600);
	say(a, 1, 20);
	after(600);
	ck_assert(seen.sets == 1 && open(RPKI_ALARM_SHRUNKEN, "a"));
	say(a, 1, 195); /* five went meanwhile: ordinary */
	ck_assert(seen.sets == 2 && seen.in_force.n == 195 && open_alarms() == 0);
	after(10000);
	ck_assert_uint_eq(seen.sets, 2);
}
END_TEST

/* It fell silent after it had said less: nobody confirms that. */
START_TEST(held_and_lost)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 200);
	say(a, 1, 0);
	report(a, false, false, false);
	after(5000);
	ck_assert_uint_eq(seen.in_force.n, 200);
	report(a, true, false, false);
	after(1);
	ck_assert_uint_eq(seen.in_force.n, 0);
}
END_TEST

START_TEST(ordinary_changes_are_taken_at_once)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 3);
	say(a, 1, 2);
	ck_assert_uint_eq(seen.in_force.n, 2);
	say(a, 7, 1);
	ck_assert_uint_eq(seen.in_force.n, 1);
	say(a, 100, 3000);
	ck_assert_uint_eq(seen.in_force.n, 3000);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(a_reload_lets_in_what_is_held)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 200);
	say(a, 1, 0);
	after(60);
	ck_assert_uint_eq(seen.sets, 1);
	limits.hold_s = 0;
	configured();
	ck_assert(seen.in_force.n == 0 && open_alarms() == 0);
	say(a, 1, 200);
	say(a, 1, 5);
	ck_assert_msg(seen.in_force.n == 5, "nothing is held back any more");
}
END_TEST

START_TEST(a_vrp_for_everything)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 1);
	say_one(a, _i == 0 ? "0.0.0.0/0" : "53.0.0.0/8", 64666, "ripe");
	ck_assert(seen.sets == 1 && seen.in_force.n == 1);
	ck_assert(open(_i == 0 ? RPKI_ALARM_DEFAULT_VRP : RPKI_ALARM_MASS_CHANGE, "rpki"));
	ck_assert_ptr_nonnull(
	    strstr(seen.text[_i == 0 ? RPKI_ALARM_DEFAULT_VRP : RPKI_ALARM_MASS_CHANGE],
		"AS64666 (VRP file a, trust anchor ripe)"));
	if (_i == 0)
		say(a, 1, 2); /* gone, with other news */
	else
		after(3600);
	ck_assert(seen.in_force.n == 2 && open_alarms() == 0);
}
END_TEST

/* --- less than before a restart */

/* The collector restarts while a source has lost half: what it says is in force, and in doubt. */
START_TEST(much_less_than_before_a_restart)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	rpki_source_remember(a, 1000);
	configured();
	ck_assert_uint_eq(rpki_source_to_remember(a).all, 1000);
	say(a, 1, 500);
	ck_assert(seen.in_force.n == 500 && seen.state == RPKI_PARTIAL);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a") && strstr(seen.text[RPKI_ALARM_SHRUNKEN], "1000"));
	ck_assert_uint_eq(rpki_source_to_remember(a).all, 1000);
	if (_i == 0)
		say(a, 1, 990);
	else
		after(3600);
	ck_assert(seen.state == RPKI_WHOLE && open_alarms() == 0);
	ck_assert_uint_eq(rpki_source_to_remember(a).all, _i == 0 ? 990 : 500);
}
END_TEST

START_TEST(about_as_much_as_before_a_restart)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	rpki_source_remember(a, 1000);
	configured();
	say(a, 1, 960);
	ck_assert(seen.state == RPKI_WHOLE && open_alarms() == 0);
	say(a, 1, 920); /* the limits are for what was said last */
	ck_assert(seen.state == RPKI_WHOLE && seen.in_force.n == 920);
}
END_TEST

/* The same of a trust anchor, which is a small part of all. */
START_TEST(an_anchor_less_than_before_a_restart)
{
	struct rpki_source *a = source(RPKI_FILE, "a");
	struct vrp_counts counts;

	rpki_source_remember(a, 3);
	rpki_source_remember_anchor(a, "ripe", 1);
	rpki_source_remember_anchor(a, _i == 2 ? "arin" : "apnic", _i == 1 ? 5 : 6);
	configured();
	if (_i == 2)
		say(a, 1, 2); /* it tells of no anchors any more */
	else
		say_one(a, "192.0.2.0/24", 64500, "ripe");
	ck_assert_int_eq(seen.state, _i == 0 ? RPKI_PARTIAL : RPKI_WHOLE);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a") == (_i == 0));
	counts = rpki_source_to_remember(a);
	if (_i > 0)
		return;
	ck_assert_ptr_nonnull(
	    strstr(seen.text[RPKI_ALARM_SHRUNKEN], "of the trust anchor apnic none is left"));
	ck_assert(counts.all == 3 && counts.tas.n == 2 && counts.of[1] == 6);
	after(3600); /* it means so */
	ck_assert(seen.state == RPKI_WHOLE && open_alarms() == 0);
	counts = rpki_source_to_remember(a);
	ck_assert(counts.all == 2 && counts.tas.n == 1 && counts.of[0] == 1);
	ck_assert_str_eq(counts.tas.name[0], "ripe");
}
END_TEST

HARNESS_MAIN("rpki_held")
{
	FIXTURE(setup, teardown);
	LOOP(a_shrunken_source, 3);
	TEST(whole_again);
	TEST(held_and_lost);
	TEST(ordinary_changes_are_taken_at_once);
	TEST(a_reload_lets_in_what_is_held);
	LOOP(a_vrp_for_everything, 2);
	LOOP(much_less_than_before_a_restart, 2);
	TEST(about_as_much_as_before_a_restart);
	LOOP(an_anchor_less_than_before_a_restart, 3);
}

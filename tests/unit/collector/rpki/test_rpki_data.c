/* The RPKI data as a whole: when something is put in force, and what stays when a source is in
 * trouble. */
#include "tests/unit/support/rpki_data_fixture.h"

/* --- when something is put in force */

START_TEST(nothing_before_all_have_answered)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_FILE, "b");

	configured();
	say(a, 1, 10);
	after(119);
	ck_assert(seen.sets == 0 && seen.state == RPKI_NONE);
	say(b, 11, 3);
	ck_assert_msg(seen.in_force.n == 13 && seen.state == RPKI_WHOLE, "%zu", seen.in_force.n);
	ck_assert_str_eq(seen.order, "s2"); /* the set, and then judgement may go on */
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(what_there_is_after_the_time)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b");

	configured();
	say(a, 1, 10);
	after(29);
	ck_assert(!open(RPKI_ALARM_MISSING, "b"));
	after(1);
	ck_assert(open(RPKI_ALARM_MISSING, "b") && !seen.grave[RPKI_ALARM_MISSING]);
	ck_assert_int_eq(rpki_source_state(b), RPKI_SOURCE_WAITING);
	after(90);
	ck_assert(seen.in_force.n == 10 && seen.state == RPKI_PARTIAL);
	ck_assert(open(RPKI_ALARM_MISSING, "b") && seen.grave[RPKI_ALARM_MISSING]);
	ck_assert_int_eq(rpki_source_state(b), RPKI_SOURCE_NEVER);
	after(1000);
	say(b, 11, 10);
	ck_assert(seen.in_force.n == 20 && seen.state == RPKI_WHOLE);
	ck_assert_uint_eq(open_alarms(), 0);
	ck_assert_str_eq(seen.order, "s1s2");
}
END_TEST

START_TEST(no_source_and_none_that_answers)
{
	struct rpki_source *a;

	configured();
	after(1000);
	ck_assert(seen.sets == 0 && seen.state == RPKI_NONE && open_alarms() == 0);
	a = source(RPKI_CACHE, "a");
	configured();
	report(a, false, false, false); /* refused */
	after(12);
	ck_assert_uint_eq(open_alarms(), 0);
	after(1);
	ck_assert(open(RPKI_ALARM_MISSING, "a") && !seen.grave[RPKI_ALARM_MISSING]);
	after(1000);
	ck_assert(seen.sets == 0 && seen.state == RPKI_NONE);
	ck_assert(open(RPKI_ALARM_MISSING, "a") && strstr(seen.text[RPKI_ALARM_MISSING], "a"));
}
END_TEST

/* One that answered before a restart is given the time to be back. */
START_TEST(known_before_and_not_there)
{
	struct rpki_source *a;

	limits.settle_s = 5;
	a = source(RPKI_CACHE, "a");
	rpki_source_remember(a, 10);
	configured();
	report(a, false, false, false);
	after(29);
	ck_assert_uint_eq(open_alarms(), 0);
	after(1);
	ck_assert(open(RPKI_ALARM_MISSING, "a"));
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_MISSING], "since the start"));
}
END_TEST

/* A cache that has not validated yet; a file without VRPs beside another source, and alone. */
START_TEST(an_empty_answer_at_first)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *f = source(RPKI_FILE, "f");

	configured();
	say(f, 1, 0);
	say(a, 1, 0);
	after(10);
	ck_assert(seen.sets == 0 && rpki_source_state(a) == RPKI_SOURCE_WAITING);
	say(a, 1, 5);
	ck_assert(seen.in_force.n == 5 && seen.state == RPKI_WHOLE && open_alarms() == 0);
	rpki_data_remove(d, a);
	configured();
	ck_assert_msg(seen.state == RPKI_NONE, "no VRP at all is no data");
	after(300);
	ck_assert(open(RPKI_ALARM_MISSING, "f"));
}
END_TEST

/* --- sources in trouble */

static const struct {
	const char *name;
	bool in_step, broken, expired;
	enum rpki_source_state state;
	enum rpki_state all;
	enum rpki_alarm alarm;
} troubles[] = {
	{ "lost", false, false, false, RPKI_SOURCE_LOST, RPKI_WHOLE, RPKI_ALARM_LOST },
	{ "garbage", false, true, false, RPKI_SOURCE_BROKEN, RPKI_WHOLE, RPKI_ALARM_BROKEN },
	{ "expired", false, false, true, RPKI_SOURCE_EXPIRED, RPKI_STALE, RPKI_ALARM_STALE },
	{ "garbage for long", false, true, true, RPKI_SOURCE_EXPIRED, RPKI_STALE,
	    RPKI_ALARM_STALE },
	{ "old data in a file", true, false, true, RPKI_SOURCE_EXPIRED, RPKI_STALE,
	    RPKI_ALARM_STALE },
};

START_TEST(trouble_is_no_statement_about_a_roa)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b");

	configured();
	say(a, 1, 3);
	say(b, 4, 3);
	report(a, troubles[_i].in_step, troubles[_i].broken, troubles[_i].expired);
	after(6);
	ck_assert_int_eq(rpki_source_state(a), troubles[_i].state);
	ck_assert_msg(seen.state == troubles[_i].all, "%s", troubles[_i].name);
	ck_assert(open(troubles[_i].alarm, "a") && seen.sets == 1 && seen.in_force.n == 6);
	after(100000);
	ck_assert(seen.sets == 1 && open(troubles[_i].alarm, "a"));
	report(a, true, false, false);
	after(1);
	ck_assert(seen.state == RPKI_WHOLE && seen.sets == 1 && open_alarms() == 0);
}
END_TEST

START_TEST(a_short_loss_is_not_told)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 3);
	report(a, false, false, false);
	after(5);
	ck_assert_uint_eq(open_alarms(), 0);
	report(a, true, false, false);
	after(10);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

/* Two caches of the same data, one away for long: the other can be relied on, and what it takes
 * back is taken back. */
START_TEST(expired_but_others_say_the_same)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b");

	configured();
	say(a, 1, 300);
	say(b, 1, 299);
	report(a, false, false, true);
	after(5);
	ck_assert(seen.state == RPKI_WHOLE && seen.in_force.n == 299);
	ck_assert(open(RPKI_ALARM_STALE, "a") && !seen.grave[RPKI_ALARM_STALE]);
	say(b, 1, 290);
	ck_assert_uint_eq(seen.in_force.n, 290);
	report(b, false, false, true);
	after(5);
	ck_assert_msg(seen.state == RPKI_STALE && seen.in_force.n == 290, "nobody is left");
	say(a, 1, 300);
	ck_assert_msg(seen.in_force.n == 300 && seen.state == RPKI_WHOLE, "%zu %d", seen.in_force.n,
	    seen.state);
}
END_TEST

/* An alarm that was open before a restart: nobody may say that it is over before that is known. */
START_TEST(nothing_is_over_before_it_is_known)
{
	static const enum rpki_alarm of_source[] = { RPKI_ALARM_MISSING, RPKI_ALARM_LOST,
		RPKI_ALARM_BROKEN, RPKI_ALARM_REJECTED, RPKI_ALARM_STALE, RPKI_ALARM_SHRUNKEN,
		RPKI_ALARM_DIVERGING };
	struct rpki_source *a = source(RPKI_CACHE, "a");

	for (size_t i = 0; i < sizeof(of_source) / sizeof(of_source[0]); i++)
		seen.open[of_source[i]][about_number("a")] = true;
	seen.open[RPKI_ALARM_DEFAULT_VRP][about_number("rpki")] = true;
	seen.open[RPKI_ALARM_MASS_CHANGE][about_number("rpki")] = true;
	seen.open[RPKI_ALARM_SHRUNKEN][about_number("rpki")] = true;
	configured();
	report(a, false, false, false);
	after(100);
	ck_assert_uint_eq(open_alarms(), 10);
	say(a, 1, 100);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

/* --- sources that disagree */

START_TEST(diverging)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b"),
			   *own = source(RPKI_FILE, "own");

	configured();
	say(a, 1, 1000);
	say(b, 1, 800);
	say(own, 5000, 60); /* no copy of the RPKI: that is no disagreement */
	after(60);
	ck_assert_uint_eq(open_alarms(), 0);
	after(61);
	ck_assert(open(RPKI_ALARM_DIVERGING, "b") && open_alarms() == 1);
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_DIVERGING], "differ in 200"));
	say(b, 1, 990);
	ck_assert_uint_eq(open_alarms(), 0);
	say(b, 1, 900);
	after(1000);
	ck_assert_msg(open_alarms() == 0, "a tenth is within the limits");
}
END_TEST

HARNESS_MAIN("rpki_data")
{
	FIXTURE(setup, teardown);
	TEST(nothing_before_all_have_answered);
	TEST(what_there_is_after_the_time);
	TEST(no_source_and_none_that_answers);
	TEST(known_before_and_not_there);
	TEST(an_empty_answer_at_first);
	ROWS(trouble_is_no_statement_about_a_roa, troubles);
	TEST(a_short_loss_is_not_told);
	TEST(expired_but_others_say_the_same);
	TEST(nothing_is_over_before_it_is_known);
	TEST(diverging);
}

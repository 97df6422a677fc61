/* Two sources that disagree: what one alone says, and would turn too much, is held back. */
#include "tests/unit/support/rpki_force_fixture.h"

static void
lose(struct rpki_source *s)
{
	struct rpki_source_report r = { .why = "hung up", .first_rejected = "" };

	rpki_source_report(s, &r, now);
	tick();
}

/* One says what the other does not: both orders, and all ends. */
START_TEST(what_one_alone_says_is_held)
{
	struct rpki_source *b = two_sources(), *first = _i % 2 == 0 ? source : b,
			   *second = _i % 2 == 0 ? b : source;

	some_routes(10, 0);
	routes[3].ours = true;
	say_many(first, 40, 0);
	say_many(second, 40, 0);
	ck_assert(seen.sets == 1 && !seen.open[RPKI_ALARM_DIVERGING]);
	say_many(first, 40, 10);
	ck_assert_msg(seen.sets == 1, "nothing of it is in force");
	ck_assert(
	    tells(RPKI_ALARM_DIVERGING, "10 new ones that one source alone says would turn 10 "
					"routes invalid, 1 of ours (10.0.3.0/24)"));
	ck_assert(seen.grave[RPKI_ALARM_DIVERGING] && !seen.open[RPKI_ALARM_MASS_CHANGE]);
	switch (_i / 2) {
	case 0: /* the other says so, too */
		say_many(second, 40, 10);
		ck_assert(in_force("10.0.0.0/24", 24, 0) && in_force("10.0.9.0/24", 24, 0));
		break;
	case 1: /* taken back */
		say_many(first, 40, 0);
		ck_assert(seen.sets == 1);
		break;
	case 2: /* its time is over: told on, but in force */
		after(HOLD_S);
		ck_assert(in_force("10.0.0.0/24", 24, 0) && seen.open[RPKI_ALARM_DIVERGING]);
		ck_assert(!seen.grave[RPKI_ALARM_DIVERGING]);
		return;
	case 3: /* the other says nearly all of it: no more than they may differ */
		say_many(second, 40, 7);
		ck_assert(in_force("10.0.9.0/24", 24, 0));
		break;
	default: /* the other is lost: that is no agreement; then it is back, and agrees */
		lose(_i % 4 == 0 ? second : first);
		after(100);
		say_many(_i % 4 == 0 ? first : second, 40, _i % 4 == 0 ? 10 : 0);
		ck_assert(seen.sets == 1 && seen.open[RPKI_ALARM_DIVERGING]);
		say_many(second, 40, 10);
		if (_i % 4 != 0)
			say_many(first, 40, 10);
		ck_assert(in_force("10.0.0.0/24", 24, 0));
	}
	ck_assert(!seen.open[RPKI_ALARM_DIVERGING]);
}
END_TEST

/* The operator adds a source that disagrees with the one there is: both orders of names. */
START_TEST(an_added_source_that_disagrees)
{
	struct rpki_source *b;

	some_routes(10, 0);
	say_many(source, 40, 0);
	b = two_sources();
	say_many(b, 40, 10);
	ck_assert(in_force("100.0.0.0/24", 24, 64500) && !in_force("10.0.0.0/24", 24, 0));
	ck_assert(tells(RPKI_ALARM_DIVERGING, "10 new ones"));
	rpki_data_remove(d, _i == 0 ? source : b);
	rpki_data_configured(d, &limits, now);
	tick();
	ck_assert_msg(in_force("10.0.0.0/24", 24, 0) == (_i == 0), "the one that is left is right");
}
END_TEST

/* From the start they disagree: what either says is in force, as nothing tells who is right. */
START_TEST(disagreed_from_the_start)
{
	struct rpki_source *b = two_sources();

	some_routes(10, 0);
	say_many(_i == 0 ? source : b, 40, 0);
	ck_assert_uint_eq(seen.sets, 0);
	say_many(_i == 0 ? b : source, 40, 10);
	ck_assert(seen.sets == 1 && in_force("10.0.0.0/24", 24, 0));
	ck_assert(in_force("100.0.0.0/24", 24, 64500) && !seen.open[RPKI_ALARM_DIVERGING]);
	after(120);
	ck_assert(
	    seen.open[RPKI_ALARM_DIVERGING] && !strstr(seen.text[RPKI_ALARM_DIVERGING], "held"));
}
END_TEST

HARNESS_MAIN("rpki_disagree")
{
	FIXTURE(setup, teardown);
	LOOP(what_one_alone_says_is_held, 10);
	LOOP(an_added_source_that_disagrees, 2);
	LOOP(disagreed_from_the_start, 2);
}

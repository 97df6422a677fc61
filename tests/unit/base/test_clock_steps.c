/* base/clock_steps: a wall clock that jumps ahead, back, and drifts. */
#include "base/clock_steps.h"
#include "tests/unit/support/harness.h"

static const int64_t S = 1000000, HOUR = 3600000000, DAY = 86400000000, WALL = 1764000000000000;

START_TEST(steps)
{
	struct clock_steps c = { 0 };

	ck_assert_int_eq(clock_steps_look(&c, WALL, 5 * S), 0);
	ck_assert_int_eq(clock_steps_look(&c, WALL + 60 * S, 65 * S), 0);
	ck_assert_int_eq(clock_steps_look(&c, WALL + 61 * S + 40 * DAY, 66 * S), 40 * DAY);
	ck_assert_int_eq(clock_steps_look(&c, WALL + 62 * S + 40 * DAY, 67 * S), 0);
	ck_assert_int_eq(clock_steps_look(&c, WALL + 63 * S, 68 * S), -40 * DAY);
	/* less than two seconds is none, but they add up */
	ck_assert_int_eq(clock_steps_look(&c, WALL + 64 * S - 1500000, 69 * S), 0);
	ck_assert_int_eq(clock_steps_look(&c, WALL + 65 * S - 3000000, 70 * S), -3000000);
}
END_TEST

/* The time that is believed each minute while the wall clock is `ahead` for so many minutes. */
static int64_t
minutes(struct clock_trust *c, int64_t *mono, int64_t ahead, int n)
{
	int64_t t = 0;

	for (int i = 0; i < n; i++) {
		*mono += 60 * S;
		t = clock_trust_now(c, WALL + *mono + ahead, *mono);
	}
	return t;
}

START_TEST(the_start_is_believed_after_an_hour)
{
	struct clock_trust c = { 0 };
	int64_t mono = 0;

	ck_assert_int_eq(minutes(&c, &mono, 40 * DAY, 30), 0);
	ck_assert_int_eq(minutes(&c, &mono, 0, 60), 0); /* put right: the hour begins anew */
	ck_assert_int_eq(minutes(&c, &mono, 0, 1), WALL + mono);
}
END_TEST

START_TEST(ahead_is_not_believed_for_a_day)
{
	struct clock_trust c = { 0 };
	int64_t mono = 0;

	minutes(&c, &mono, 0, 120);
	ck_assert_int_eq(minutes(&c, &mono, 40 * DAY, 1440), WALL + mono);
	ck_assert_int_eq(minutes(&c, &mono, 40 * DAY, 1), WALL + mono + 40 * DAY);
	/* and back at once */
	ck_assert_int_eq(minutes(&c, &mono, 0, 1), WALL + mono);
	ck_assert_int_eq(minutes(&c, &mono, -HOUR, 1), WALL + mono - HOUR);
	/* there and back again within the day, twice: each time it begins anew */
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(minutes(&c, &mono, 0, 1000), WALL + mono - HOUR);
		ck_assert_int_eq(minutes(&c, &mono, -HOUR, 10), WALL + mono - HOUR);
	}
}
END_TEST

HARNESS_MAIN("clock_steps")
{
	TEST(steps);
	TEST(the_start_is_believed_after_an_hour);
	TEST(ahead_is_not_believed_for_a_day);
}

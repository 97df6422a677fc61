/* Time in text, and clocks. */
#include "base/clock.h"

#include "tests/unit/support/harness.h"

static const struct {
	int64_t us;
	int decimals;
	const char *want;
} times[] = {
	{ 0, 0, "1970-01-01T00:00:00Z" },
	{ 999999, 0, "1970-01-01T00:00:00Z" },
	{ 999999, 3, "1970-01-01T00:00:00.999Z" },
	{ 999999, 6, "1970-01-01T00:00:00.999999Z" },
	{ -1, 6, "1969-12-31T23:59:59.999999Z" },
	{ -1000000, 6, "1969-12-31T23:59:59.000000Z" },
	{ 1709210096789000, 3, "2024-02-29T12:34:56.789Z" },
	{ 253402300799999999, 6, "9999-12-31T23:59:59.999999Z" },
	{ INT64_MAX, 6, "294247-01-10T04:00:54.775807Z" },
	{ INT64_MIN, 6, "-290308-12-21T19:59:05.224192Z" },
};

START_TEST(clock_rows)
{
	char buf[CLOCK_TEXT_MAX];

	ck_assert_str_eq(clock_format_us(times[_i].us, times[_i].decimals, buf), times[_i].want);
}
END_TEST

START_TEST(clocks_run_forward)
{
	int64_t mono = clock_mono_us(), cpu = clock_cpu_us();

	ck_assert_int_gt(clock_wall_us(), 1600000000000000);
	ck_assert_int_ge(clock_mono_us(), mono);
	ck_assert_int_ge(clock_cpu_us(), cpu);
}
END_TEST

HARNESS_MAIN("clock")
{
	ROWS(clock_rows, times);
	TEST(clocks_run_forward);
}

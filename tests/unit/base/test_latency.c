/* How long something took, by bounds. */
#include "tests/unit/support/harness.h"

#include "base/latency.h"

START_TEST(bounds)
{
	struct latency l = { .sum_us = 0 };

	for (unsigned i = 1; i < LATENCY_BOUNDS; i++)
		ck_assert_int_gt(latency_bounds[i], latency_bounds[i - 1]);
	latency_add(&l, -5);
	latency_add(&l, 0);
	latency_add(&l, latency_bounds[0]);
	latency_add(&l, latency_bounds[0] + 1);
	latency_add(&l, INT64_MAX / 2);
	ck_assert_uint_eq(l.n[0], 3);
	ck_assert_uint_eq(l.n[1], 1);
	ck_assert_uint_eq(l.n[LATENCY_BOUNDS], 1);
	ck_assert_uint_eq(latency_count(&l), 5);
	ck_assert_uint_eq(
	    l.sum_us, (uint64_t)latency_bounds[0] * 2 + 1 + (uint64_t)(INT64_MAX / 2));
}
END_TEST

HARNESS_MAIN("latency")
{
	TEST(bounds);
}

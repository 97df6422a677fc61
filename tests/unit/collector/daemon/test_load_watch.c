/* When the collector counts as behind, and when no longer. */
#include "tests/unit/support/harness.h"

#include "collector/daemon/load_watch.h"

enum { SECOND = 1000000 };

static enum load_verdict
each(struct load_judge *j, int64_t *now, unsigned seconds, int64_t late_us)
{
	enum load_verdict last = LOAD_AS_BEFORE;

	for (; seconds > 0; seconds--) {
		*now += SECOND;
		last = load_judge(j, late_us, *now);
	}
	return last;
}

START_TEST(hysteresis)
{
	struct load_judge j = { .limit_us = 60LL * SECOND };
	int64_t now = SECOND;

	ck_assert_int_eq(
	    each(&j, &now, 1, 0), LOAD_AS_BEFORE); /* after a restart nothing is known */
	ck_assert_int_eq(each(&j, &now, 31, SECOND), LOAD_CALM);
	ck_assert_int_eq(each(&j, &now, 100, 60LL * SECOND), LOAD_AS_BEFORE);
	ck_assert_int_eq(each(&j, &now, 1, 61LL * SECOND), LOAD_LATE);
	/* less, and not much less: still */
	ck_assert_int_eq(each(&j, &now, 1000, 30LL * SECOND), LOAD_LATE);
	/* calm for too short a while, and late again */
	ck_assert_int_eq(each(&j, &now, 29, SECOND), LOAD_LATE);
	ck_assert_int_eq(each(&j, &now, 1, 16LL * SECOND), LOAD_LATE);
	ck_assert_int_eq(each(&j, &now, 30, SECOND), LOAD_LATE);
	ck_assert_int_eq(each(&j, &now, 1, SECOND), LOAD_CALM);
	/* what is neither changes nothing */
	ck_assert_int_eq(each(&j, &now, 100, 30LL * SECOND), LOAD_AS_BEFORE);
}
END_TEST

START_TEST(a_limit_of_a_second)
{
	struct load_judge j = { .limit_us = SECOND };
	int64_t now = SECOND;

	ck_assert_int_eq(each(&j, &now, 1, SECOND + 1), LOAD_LATE);
	ck_assert_int_eq(each(&j, &now, 1, 0), LOAD_LATE);
	ck_assert_int_eq(each(&j, &now, 1, 0), LOAD_CALM);
}
END_TEST

HARNESS_MAIN("load_watch")
{
	TEST(hysteresis);
	TEST(a_limit_of_a_second);
}

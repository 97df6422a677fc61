/* Sessions that come and go. */
#include "tests/unit/support/harness.h"

#include "collector/incident/flaps.h"

enum { SECOND = 1000000 };

static const struct flap_limits limits = {
	.flaps = 3, .window_s = 600, .quiet_s = 600, .down_s = 120
};

struct session {
	struct flaps f;
	int64_t now;
	unsigned changes;
};

static void
pass(struct session *s, unsigned seconds)
{
	for (; seconds > 0; seconds--) {
		s->now += SECOND;
		s->changes += flaps_judge(&s->f, &limits, s->now);
	}
}

static void
down_and_up(struct session *s, unsigned down_s, unsigned up_s)
{
	flaps_down(&s->f, s->now);
	pass(s, down_s);
	flaps_up(&s->f, s->now);
	pass(s, up_s);
}

static struct session
up(void)
{
	struct session s = { .now = 1000 * (int64_t)SECOND };

	flaps_up(&s.f, s.now);
	return s;
}

START_TEST(once_is_nothing)
{
	struct session s = up();

	for (int day = 0; day < 5; day++)
		down_and_up(&s, 10, 400);
	ck_assert_uint_eq(s.changes, 0);
}
END_TEST

START_TEST(again_and_again_is_flapping)
{
	struct session s = up();

	down_and_up(&s, 10, 20);
	down_and_up(&s, 10, 20);
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
	for (int i = 0; i < 50; i++)
		down_and_up(&s, 10, 20);
	ck_assert_uint_eq(s.f.state, SESSION_FLAPPING);
	ck_assert_uint_eq(s.f.downs - s.f.downs_before, 52);
	pass(&s, 569);
	ck_assert_uint_eq(s.f.state, SESSION_FLAPPING);
	pass(&s, 1);
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
	ck_assert_uint_eq(s.changes, 2);
}
END_TEST

START_TEST(flapping_and_then_down_is_flapping)
{
	struct session s = up();

	for (int i = 0; i < 5; i++)
		down_and_up(&s, 10, 20);
	flaps_down(&s.f, s.now);
	pass(&s, 86400);
	ck_assert_uint_eq(s.f.state, SESSION_FLAPPING);
	flaps_up(&s.f, s.now);
	pass(&s, 1);
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
}
END_TEST

START_TEST(what_stays_down_is_away)
{
	struct session s = up();

	flaps_down(&s.f, s.now);
	pass(&s, 119);
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
	pass(&s, 1);
	ck_assert_uint_eq(s.f.state, SESSION_AWAY);
	flaps_up(&s.f, s.now);
	pass(&s, 59);
	ck_assert_uint_eq(s.f.state, SESSION_AWAY);
	flaps_down(&s.f, s.now); /* not for good yet */
	pass(&s, 10);
	flaps_up(&s.f, s.now);
	pass(&s, 60);
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
	ck_assert_uint_eq(s.changes, 2);
}
END_TEST

START_TEST(who_was_not_seen_is_not_quiet)
{
	struct session s = up();

	for (int i = 0; i < 5; i++)
		down_and_up(&s, 10, 20);
	s.now += 3600 * (int64_t)SECOND; /* the router was away */
	flaps_resume(&s.f, s.now);
	pass(&s, 599);
	ck_assert_uint_eq(s.f.state, SESSION_FLAPPING);
	pass(&s, 1);
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
}
END_TEST

/* Quiet for less long than the window: what was flapping is not so again before it goes down. */
START_TEST(quiet_within_the_window_is_quiet)
{
	const struct flap_limits short_quiet = {
		.flaps = 3, .window_s = 600, .quiet_s = 60, .down_s = 120
	};
	struct session s = up();

	for (int i = 0; i < 4; i++)
		down_and_up(&s, 10, 20);
	ck_assert_uint_eq(s.f.state, SESSION_FLAPPING);
	s.changes = 0;
	for (int i = 0; i < 300; i++) {
		s.now += SECOND;
		s.changes += flaps_judge(&s.f, &short_quiet, s.now);
	}
	ck_assert_uint_eq(s.f.state, SESSION_FINE);
	ck_assert_uint_eq(s.changes, 1);
	flaps_down(&s.f, s.now);
	ck_assert(flaps_judge(&s.f, &short_quiet, s.now));
	ck_assert_uint_eq(s.f.state, SESSION_FLAPPING);
}
END_TEST

START_TEST(said_twice_is_once)
{
	struct session s = up();

	for (int i = 0; i < 5; i++)
		flaps_down(&s.f, s.now);
	ck_assert_uint_eq(s.f.downs, 1);
}
END_TEST

HARNESS_MAIN("flaps")
{
	TEST(once_is_nothing);
	TEST(again_and_again_is_flapping);
	TEST(flapping_and_then_down_is_flapping);
	TEST(what_stays_down_is_away);
	TEST(who_was_not_seen_is_not_quiet);
	TEST(quiet_within_the_window_is_quiet);
	TEST(said_twice_is_once);
}

/* Own prefixes that are there and gone, and what covers them then. */
#include "tests/unit/support/findings_fixture.h"

static const struct update_run ours = { "203.0.113.0/24", { 64510, 64500 }, 0 },
			       taken = { "203.0.113.0/24", { 64510, 64666 }, 0 },
			       cover = { "203.0.112.0/23", { 64510, 64666 }, 0 },
			       of_provider = { "203.0.112.0/22", { 64510 }, 0 },
			       aggregate = { "202.0.0.0/7", { 64510, 64666 }, 0 },
			       all = { "0.0.0.0/0", { 64510, 64666 }, 0 };
static unsigned there, gone;

static void
count(void *ctx, const struct engine_event *ev)
{
	there += ev->type == EVENT_OWN_THERE;
	gone += ev->type == EVENT_OWN_GONE;
	on_event(ctx, ev);
}

static void
begin(struct fixture *w)
{
	static const struct engine_ops counted = { on_finding, count };

	setup_with(w, &counted);
	there = gone = 0;
	start(w);
}

static void
tell_gone(struct fixture *w, bool is)
{
	struct ip_prefix p;

	ck_assert(ip_prefix_parse("203.0.113.0/24", true, &p));
	engine_set_own_gone(
	    w->engine, &(struct engine_own_gone){ .anew = true, .n = is, .prefixes = &p });
	work(w);
}

START_TEST(gone_when_the_last_one_is)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &ours, true);
	say(&w, loc_rib(), &ours, true);
	ck_assert_uint_eq(there, 1);
	say(&w, peer(64510, 0), &ours, false);
	ck_assert_uint_eq(gone, 0);
	say(&w, loc_rib(), &taken, true); /* somebody else's is none of ours */
	ck_assert_uint_eq(gone, 1);
	say(&w, peer(64510, 0), &ours, true);
	ck_assert_uint_eq(there, 2);
	teardown(&w);
}
END_TEST

START_TEST(a_forged_path_is_none_of_ours)
{
	static const struct update_run forged = { "203.0.113.0/24", { 64510, 64666, 64500 }, 0 };
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &forged, true); /* nobody knows who our neighbours are yet */
	ck_assert_uint_eq(there, 0);
	up(&w, peer(64666, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, peer(64510, 0), &forged, true);
	say(&w, peer(64510, BMP_FLAG_L), &forged, true);
	ck_assert_uint_eq(there, 1);
	teardown(&w);
}
END_TEST

/* Who is not there to say it says nothing. */
START_TEST(a_lost_feed_shows_nothing)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &ours, true);
	lose(&w);
	wait_s(&w, 400);
	ck_assert_uint_eq(routes_now(&w), 0);
	ck_assert_uint_eq(gone, 0);
	teardown(&w);
}
END_TEST

START_TEST(what_covers_it)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &cover, true);
	say(&w, peer(64510, 0), &of_provider, true);
	say(&w, peer(64510, 0), &aggregate, true);
	say(&w, peer(64510, 0), &all, true);
	ck_assert_uint_eq(w.findings_n, 0);
	tell_gone(&w, true);
	ck_assert_uint_eq(w.findings_n, 1);
	ck_assert_uint_eq(w.findings[0].rules, 1U << RULE_COVERING);
	ck_assert_uint_eq(w.findings[0].prefix.len, 23);
	ck_assert_uint_eq(w.findings[0].own.len, 24);
	tell_gone(&w, false);
	ck_assert_uint_eq(w.findings_n, 2);
	ck_assert_uint_eq(w.findings[1].rules, 0);
	teardown(&w);
}
END_TEST

/* --- every order of the views, and of ours being gone */

static void
step(struct fixture *w, unsigned what, bool on)
{
	static const struct update_run out = { "203.0.112.0/23", { 64500, 64510, 64666 }, 0 };

	if (what == 0)
		say(w, peer(64510, 0), &cover, on);
	else if (what == 1)
		say(w, loc_rib(), &cover, on);
	else if (what == 2)
		say(w, peer(64501, BMP_FLAG_O | BMP_FLAG_L), &out, on);
	else
		tell_gone(w, on);
}

static void
in_order(struct fixture *w, unsigned order, bool on)
{
	unsigned left[] = { 0, 1, 2, 3 };

	for (unsigned n = 4; n > 0; n--) {
		unsigned k = order % n;

		order /= n;
		step(w, left[k], on);
		left[k] = left[n - 1];
	}
}

START_TEST(every_order_ends_empty)
{
	struct fixture w;

	for (unsigned back = 0; back < 24; back++) {
		begin(&w);
		in_order(&w, (unsigned)_i, true);
		ck_assert_uint_eq(w.on, 3);
		in_order(&w, back, false);
		ck_assert_uint_eq(w.off, 3);
		teardown(&w);
	}
}
END_TEST

HARNESS_MAIN("presence")
{
	TEST(gone_when_the_last_one_is);
	TEST(a_forged_path_is_none_of_ours);
	TEST(a_lost_feed_shows_nothing);
	TEST(what_covers_it);
	LOOP(every_order_ends_empty, 24);
}

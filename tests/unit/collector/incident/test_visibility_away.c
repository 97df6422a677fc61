/* What is said of own prefixes while a feed or the collector was away, and after it. */
#include "tests/unit/support/visibility_world.h"

START_TEST(who_says_nothing_says_nothing)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source s = at(0, OUT);
	struct fixture w;

	settled(&w, 1);
	visibility_router(w.v, "edge1", FEED_DOWN, w.now);
	visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, false, REASON_FEED_LOST, w.now + SECOND);
	wait_s(&w, 500);
	ck_assert_uint_eq(w.changes, 0);
	/* what the other one loses meanwhile leaves nobody of whom it is known */
	session(&w, 1, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_MAJOR);
	ck_assert_ptr_nonnull(
	    strstr(w.open[0].text, "not known whether still to 192.0.2.1 AS64510 of edge1"));
	visibility_router(w.v, "edge1", FEED_UP, w.now);
	session(&w, 0, OUT, true);
	say(&w, 0, OUT, &p, true);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	/* its monitoring ends, and not the session */
	s.unmonitored = true;
	visibility_peer(w.v, &s, false, "", w.now);
	visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, false, REASON_PEER_DOWN, w.now);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	end(&w);
}
END_TEST

/* What is lost at a router that goes away is not known to be so any more, and not to be over. */
START_TEST(lost_and_then_the_feed_is_away)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert(!w.open[0].unknown);
	visibility_router(w.v, "edge1", FEED_DOWN, w.now);
	wait_s(&w, 1);
	ck_assert(!w.open[0].unknown); /* it may be back at once */
	w.changes = 0;
	wait_s(&w, 500);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert(w.open[0].unknown);
	ck_assert_uint_eq(w.changes, 1);
	visibility_router(w.v, "edge1", FEED_UP, w.now);
	session(&w, 0, OUT, true);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert(!w.open[0].unknown);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

/* Away for so long that its routes are forgotten; then it is back. */
static void
away(struct fixture *w, const struct ip_prefix *p)
{
	static const uint8_t views[] = { VIEW_OUT_POST, VIEW_LOC_RIB, VIEW_IN_POST };

	visibility_router(w->v, "edge1", FEED_DOWN, w->now);
	for (int k = 0; k < 3; k++) {
		struct visibility_source s = at(0, (enum place)k);

		visibility_at(w->v, &s, p, views[k], false, false, REASON_FEED_LOST, w->now);
	}
	wait_s(w, 500);
	visibility_router(w->v, "edge1", FEED_UP, w->now);
	session(w, 0, LOC, true);
	session(w, 0, IN, true);
	say(w, 0, LOC, p, true);
	say(w, 0, IN, p, true);
}

/* What it has no more when it is back was withdrawn, which is certain when all is told. */
START_TEST(lost_while_the_feed_was_away)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source s = at(0, OUT);
	struct fixture w;

	settled(&w, 1);
	away(&w, &p);
	session(&w, 0, OUT, true);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	visibility_complete(w.v, &s, 1U << VIEW_OUT_POST, true, w.now);
	visibility_complete(w.v, &s, 1U << VIEW_IN_POST, false, w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.changes, 0);
	visibility_complete(w.v, &s, 1U << VIEW_OUT_POST, false, w.now);
	wait_s(&w, HOLD - 1);
	ck_assert_uint_eq(w.changes, 0);
	wait_s(&w, 2);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "edge1 has withdrawn it from 192.0.2.1"));
	say(&w, 0, OUT, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

/* A session that it does not name when it is back is down. */
START_TEST(down_while_the_feed_was_away)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	away(&w, &p);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "session edge1 192.0.2.1");
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "went down"));
	end(&w);
}
END_TEST

/* All is where it was when it is back; a view that it does not show any more says nothing. */
START_TEST(nothing_was_lost_while_the_feed_was_away)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source s = at(0, OUT);
	struct fixture w;

	settled(&w, 1);
	away(&w, &p);
	session(&w, 0, OUT, true);
	say(&w, 0, OUT, &p, true);
	visibility_complete(w.v, &s, 1U << VIEW_OUT_POST, false, w.now);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	visibility_router(w.v, "edge1", FEED_DOWN, w.now);
	visibility_router(w.v, "edge1", FEED_UP, w.now);
	visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, false, REASON_FEED_LOST, w.now);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	visibility_complete(w.v, &s, 1U << VIEW_LOC_RIB, false, w.now);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	/* and counts for nothing */
	session(&w, 1, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_MAJOR);
	ck_assert_ptr_nonnull(
	    strstr(w.open[0].text, "not known whether still to 192.0.2.1 AS64510 of edge1"));
	end(&w);
}
END_TEST

/* As a new process: what was kept, and nothing else. */
static void
restart(struct fixture *w)
{
	visibility_free(w->v);
	w->v = visibility_new(&ops, w);
	visibility_configure(w->v, &w->config);
	for (unsigned i = 0; i < w->kept_n; i++)
		visibility_restore(
		    w->v, w->kept[i].key, w->kept[i].value, strlen(w->kept[i].value), w->now);
}

static void
come_back(struct fixture *w, bool up1, bool up2)
{
	const bool up[] = { up1, up2 };

	for (unsigned r = 0; r < 2; r++) {
		for (unsigned i = 0; i < 2; i++) {
			struct ip_prefix p = prefix_at(i);

			say(w, r, LOC, &p, true);
			say(w, r, IN, &p, true);
			if (!up[r])
				continue;
			session(w, r, OUT, true);
			say(w, r, OUT, &p, true);
		}
		visibility_router(w->v, at(r, LOC).router, FEED_SYNCED, w->now);
		wait_s(w, 1);
	}
}

START_TEST(a_restart_says_nothing_new)
{
	struct fixture w;
	unsigned before;

	settled(&w, 2);
	session(&w, 0, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	before = w.changes;
	for (int again = 0; again < 2; again++) {
		restart(&w);
		wait_s(&w, 5);
		come_back(&w, false, true);
		wait_s(&w, 3 * HOLD);
		ck_assert_uint_eq(w.open_n, 1);
		ck_assert_uint_eq(w.changes, before);
		ck_assert_uint_eq(w.ends, 0);
	}
	/* the other way round meanwhile: the one is over, the other is told */
	restart(&w);
	come_back(&w, true, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.ends, 1);
	ck_assert_str_eq(w.open[0].about, "session edge2 192.0.2.2");
	end(&w);
}
END_TEST

HARNESS_MAIN("visibility_away")
{
	TEST(who_says_nothing_says_nothing);
	TEST(lost_and_then_the_feed_is_away);
	TEST(lost_while_the_feed_was_away);
	TEST(down_while_the_feed_was_away);
	TEST(nothing_was_lost_while_the_feed_was_away);
	TEST(a_restart_says_nothing_new);
}

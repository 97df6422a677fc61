/* A feed that is lost and is back: loss says nothing of routes, and what the router no longer tells
 * of when its feed is complete again is forgotten, routes and peers. */
#include "tests/unit/support/engine_look.h"
#include "tests/unit/support/findings_fixture.h"

/* A router that comes back changes nothing; what it no longer sends is swept after End-of-RIB. */
START_TEST(test_reconnect)
{
	static const struct update_run second = { "203.0.113.0/25", { 64510, 64666 }, 0 };
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	say(&w, peer(64510, 0), &second, true);
	ck_assert_uint_eq(w.on, 2);
	for (int round = 0; round < 6; round++) {
		engine_session_close(w.session, "lost", w.now);
		w.now += 10 * 1000000;
		start(&w);
		ck_assert_uint_eq(
		    w.findings_n, 2); /* neither loss nor return says anything of a route */
		say(&w, peer(64510, 0), &hijack, true);
		if (round < 5)
			say(&w, peer(64510, 0), &second, true);
		eor(&w, peer(64510, 0));
		work(&w);
	}
	ck_assert_uint_eq(w.on, 2);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.router_up, 7);
	w.now += 2 * 1000000;
	engine_tick(w.engine, w.now);
	work(&w);
	ck_assert_uint_ge(w.synced, 1);
	teardown(&w);
}
END_TEST

START_TEST(test_expiry_says_nothing)
{
	struct engine_stats st;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	engine_session_close(w.session, "lost", w.now);
	w.session = NULL;
	w.now += 301LL * 1000000;
	engine_tick(w.engine, w.now);
	work(&w);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.findings[1].cause, REASON_FEED_LOST);
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.routes, 0);
	teardown(&w);
}
END_TEST

/* A sweep that the loss of the session overtakes does not take what the next session has not sent
 * yet. */
START_TEST(test_lost_while_swept)
{
	static const struct update_run second = { "203.0.113.0/25", { 64510, 64666 }, 0 };
	struct engine_stats stats;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &plain, true);
	say(&w, peer(64510, 0), &hijack, true);
	say(&w, peer(64510, 0), &second, true);
	lose(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	eor(&w, peer(64510, 0)); /* the sweep is due, and nobody has had the time */
	lose(&w);
	start(&w);
	work(&w);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, 3);
	ck_assert_uint_eq(w.off, 0);
	/* nor is what was not sent twice forgotten to be swept */
	say(&w, peer(64510, 0), &hijack, true);
	eor(&w, peer(64510, 0));
	work(&w);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, 1);
	ck_assert_uint_eq(w.off, 1);
	teardown(&w);
}
END_TEST

/* A router that comes and goes without sending its routes withdraws none: loss says nothing. */
START_TEST(test_flapping_session)
{
	struct engine_stats stats;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	for (int i = 0; i < 9; i++) {
		lose(&w);
		start(&w);
		if (i % 3 == 1)
			say(&w, peer(64510, 0), &plain, true);
		engine_stats(w.engine, &stats);
		ck_assert_uint_eq(stats.routes, 1 + (i > 0));
	}
	ck_assert_uint_eq(w.off, 0);
	eor(&w, peer(64510, 0));
	work(&w);
	ck_assert_uint_eq(w.off, 1);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, 0);
	teardown(&w);
}
END_TEST

static unsigned
peers_of(const struct fixture *w)
{
	return first_router(w->engine).peers;
}

static void
later(struct fixture *w, int s)
{
	w->now += (int64_t)s * 1000000;
	engine_tick(w->engine, w->now);
	work(w);
	engine_tick(w->engine, w->now);
}

/* A peer that a router no longer names when it is back is down, and one that does not come back
 * leaves nothing. */
START_TEST(test_peers_forgotten)
{
	static const struct update_run its = { "203.0.113.128/25", { 64520, 64666 }, 0 };
	struct bmp_peer_spec gone = peer(64520, 0);
	struct fixture w;
	uint8_t buf[256];

	setup(&w);
	start(&w);
	up(&w, gone, BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, gone, &its, true);
	ck_assert_uint_eq(peers_of(&w), 4);
	lose(&w);
	later(&w, 10);
	ck_assert_uint_eq(peers_of(&w), 4);
	start(&w);
	ck_assert_uint_eq(w.peer_down, 0);
	eor(&w, peer(64510, 0));
	later(&w, 60);
	ck_assert_uint_eq(w.synced, 0); /* it may be late */
	ck_assert_uint_eq(w.off, 0);
	later(&w, 70);
	ck_assert_uint_eq(w.synced, 1);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(
	    w.findings[w.findings_n - 1].cause, REASON_FEED_LOST); /* nobody says so */
	ck_assert_uint_eq(w.peer_down, 1);
	ck_assert_uint_eq(peers_of(&w), 3);
	/* one with a Peer Down is there to be seen */
	gone = peer(64501, 0);
	feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &gone, 3, 0));
	later(&w, 10);
	ck_assert_uint_eq(peers_of(&w), 3);
	lose(&w);
	later(&w, 301);
	ck_assert_uint_eq(peers_of(&w), 0);
	start(&w);
	ck_assert_uint_eq(peers_of(&w), 3);
	teardown(&w);
}
END_TEST

/* Other peers in each session: no more are kept than a session may have, but for those with
 * routes. */
START_TEST(test_peers_ever_new)
{
	struct bmp_peer_spec p = peer(64520, 0);
	struct fixture w;

	setup(&w);
	start(&w);
	for (int i = 0; i < 300; i++) {
		p.distinguisher[6] = (uint8_t)(i >> 8);
		p.distinguisher[7] = (uint8_t)i;
		up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE);
		if (i == 7)
			say(&w, p, &hijack, true);
		if (i % 20 == 19) {
			lose(&w);
			start(&w);
		}
	}
	ck_assert_uint_lt(peers_of(&w), 150);
	ck_assert_uint_eq(w.off, 0);
	eor(&w, peer(64510, 0));
	work(&w);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("feed_lost")
{
	TEST(test_reconnect);
	TEST(test_expiry_says_nothing);
	TEST(test_lost_while_swept);
	TEST(test_flapping_session);
	TEST(test_peers_forgotten);
	TEST(test_peers_ever_new);
}

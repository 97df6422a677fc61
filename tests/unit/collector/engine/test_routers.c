/* Routers: their names, how long they are known, and how much each may hold. */
#include "tests/unit/support/engine_look.h"
#include "tests/unit/support/findings_fixture.h"

START_TEST(test_two_sessions_of_one_name)
{
	struct engine_session *other;
	uint8_t buf[256];
	struct fixture w;

	setup(&w);
	start(&w);
	other = engine_session_open(w.engine, "192.0.2.253", NULL, w.now);
	engine_session_feed(
	    other, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "the same name"), w.now);
	ck_assert_str_eq(engine_session_name(other), "r1#2");
	engine_session_close(w.session, "gone", w.now);
	w.session = engine_session_open(
	    w.engine, "192.0.2.252", NULL, w.now); /* another address, the same name */
	engine_session_feed(
	    w.session, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "back"), w.now);
	ck_assert_str_eq(engine_session_name(w.session), "r1");
	engine_session_close(other, "end", w.now);
	teardown(&w);
}
END_TEST

/* A router of that name comes, tells of a peer and of a hijack if it is to, and goes. */
static void
pass_by(struct fixture *w, const char *name, bool tells)
{
	uint8_t buf[256];

	w->session = engine_session_open(w->engine, "192.0.2.253", name, w->now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "x", "test"));
	ck_assert_uint_eq(engine_session_peers(w->session), 0);
	if (tells) {
		up(w, peer(64510, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
		say(w, peer(64510, 0), &hijack, true);
		ck_assert_uint_eq(engine_session_peers(w->session), 1);
	}
	engine_session_close(w->session, "gone", w->now);
	w->session = NULL;
}

static uint64_t
routers_now(struct fixture *w)
{
	struct engine_stats stats;

	engine_stats(w->engine, &stats);
	return stats.routers;
}

/* At once when it never had a peer; else its routes after stale_s, which says nothing about them,
 * and the rest after forget_s. What was counted stays counted. */
START_TEST(test_router_forgotten)
{
	struct engine_stats stats;
	struct fixture w;

	setup(&w);
	pass_by(&w, "silent", false);
	pass_by(&w, "r2", true);
	ck_assert_uint_eq(routers_now(&w), 2);
	wait_s(&w, 1);
	ck_assert_uint_eq(routers_now(&w), 1);
	ck_assert_uint_eq(w.forgotten, 1);
	ck_assert_uint_eq(w.forgotten_number, 0);
	wait_s(&w, 305);
	ck_assert_uint_eq(routers_now(&w), 1);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.findings[1].cause, REASON_FEED_LOST);
	wait_s(&w, 700);
	ck_assert_uint_eq(routers_now(&w), 0);
	ck_assert_uint_eq(w.forgotten_number, 1);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.counters.messages[BMP_INITIATION], 2);
	pass_by(&w, "r2", true); /* it is another one now */
	ck_assert_uint_eq(w.findings[2].router, 2);
	teardown(&w);
}
END_TEST

/* When too many are away, the routes of those that left first are forgotten, and never those of a
 * router that is there. */
START_TEST(test_too_many_lost)
{
	char name[16];
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &plain, true);
	for (int i = 0; i < 40; i++) {
		struct engine_session *mine = w.session;

		snprintf(name, sizeof(name), "n%d", i);
		pass_by(&w, name, true);
		w.session = mine;
		wait_s(&w, 1);
	}
	wait_s(&w, 20);
	ck_assert_uint_le(routers_now(&w), 21);
	ck_assert_uint_eq(routes_now(&w), 11);
	for (unsigned i = 0; i < w.findings_n; i++)
		ck_assert(w.findings[i].rules != 0 || w.findings[i].cause == REASON_FEED_LOST);
	teardown(&w);
}
END_TEST

/* A router is called otherwise while it is away: its next session finds its routes. */
START_TEST(test_renamed)
{
	struct engine_router_info info;
	struct fixture w;

	setup(&w);
	pass_by(&w, "old", true);
	engine_rename(w.engine, "nobody", "x");
	engine_rename(w.engine, "old", "new");
	pass_by(&w, "new", true);
	ck_assert_uint_eq(routers_now(&w), 1);
	info = first_router(w.engine);
	ck_assert_str_eq(info.name, "new");
	ck_assert_uint_eq(info.sessions, 2);
	ck_assert_uint_eq(w.on, 1);
	teardown(&w);
}
END_TEST

/* Routes there is no room for: that is told of the router that sends them, until there is. */
START_TEST(test_routes_limit)
{
	struct update_run r = { "20.0.0.0/24", { 64510, 64998, 64999 }, 0 };
	char prefix[32];
	struct fixture w;

	room_for_routes = 10;
	setup(&w);
	room_for_routes = 100000;
	start(&w);
	r.prefix = prefix;
	for (unsigned i = 0; i < 10; i++) {
		snprintf(prefix, sizeof(prefix), "20.1.%u.0/24", i);
		say(&w, peer(64510, 0), &r, true);
	}
	wait_s(&w, 1);
	ck_assert_uint_eq(w.limits_reached, 0);
	snprintf(prefix, sizeof(prefix), "20.2.0.0/24");
	say(&w, peer(64510, 0), &r, true);
	ck_assert_uint_eq(routes_now(&w), 10);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.limits_reached, 1);
	ck_assert_str_eq(w.limit, "limits.routes");
	wait_s(&w, 400);
	ck_assert_uint_eq(w.limits_over, 1);
	teardown(&w);
}
END_TEST

/* Unique attributes without end: the router that sends them has so much, it is told, and another
 * one has its own room. */
START_TEST(test_attributes_limit)
{
	static const struct update_run other = { "20.0.9.0/24", { 64510, 64998, 64997 }, 0 };
	struct engine_session *mine;
	struct update_run r = { "20.0.0.0/24", { 64510, 0, 64999 }, 0 };
	char prefix[32];
	struct fixture w;

	setup(&w);
	start(&w);
	mine = w.session;
	r.prefix = prefix;
	for (unsigned i = 0; i < 200; i++) {
		r.path[1] = 100000 + i;
		snprintf(prefix, sizeof(prefix), "20.1.%u.0/24", i);
		say(&w, peer(64510, 0), &r, true);
	}
	ck_assert_uint_gt(routes_now(&w), 20);
	ck_assert_uint_lt(routes_now(&w), 100);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.limits_reached, 1);
	ck_assert_str_eq(w.text, "limits.attributes_mb");
	w.session = engine_session_open(w.engine, "192.0.2.2", "r2", w.now);
	up(&w, peer(64510, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, peer(64510, 0), &other, true);
	ck_assert_uint_eq(w.limits_reached, 1);
	engine_session_close(w.session, "end", w.now);
	w.session = mine;
	wait_s(&w, 400);
	ck_assert_uint_eq(w.limits_over, 1);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("routers")
{
	TEST(test_two_sessions_of_one_name);
	TEST(test_router_forgotten);
	TEST(test_too_many_lost);
	TEST(test_renamed);
	TEST(test_attributes_limit);
	TEST(test_routes_limit);
}

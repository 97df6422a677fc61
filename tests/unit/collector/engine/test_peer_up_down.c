/* Peers that come and go while their router is there: a Peer Up that is late, one of a peer that is
 * up, and a Peer Down. */
#include "tests/unit/support/findings_fixture.h"

/* Routes, or their end, of a peer before its Peer Up: it is up by then, and reported with the Peer
 * Up. */
START_TEST(test_peer_up_late)
{
	struct bmp_peer_spec p = peer(64520, 0);
	uint8_t buf[256];
	struct fixture w;

	for (int routes = 0; routes < 2; routes++) {
		setup(&w);
		start(&w);
		ck_assert_uint_eq(w.peer_up, 3);
		for (unsigned round = 1; round < 3; round++) {
			if (routes)
				say(&w, p, &plain, true);
			else
				eor(&w, p);
			ck_assert_uint_eq(w.peer_up, 2 + round);
			up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE);
			up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE); /* again: nothing new */
			ck_assert_uint_eq(w.peer_up, 3 + round);
			ck_assert_str_eq(w.text, "local AS 64500, relation unknown");
			feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &p, 3, 0));
			ck_assert_uint_eq(w.peer_down, round);
		}
		/* a session that is lost and is back says nothing of the peer */
		up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE);
		ck_assert_uint_eq(w.peer_up, 6);
		ck_assert_uint_eq(w.still_up, 2); /* what came before its Peer Ups showed it */
		engine_session_close(w.session, "lost", w.now);
		start(&w);
		ck_assert_uint_eq(w.still_up, 2 + 3);
		eor(&w, p);
		up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE);
		ck_assert_uint_eq(w.peer_up, 6);
		ck_assert_uint_eq(w.still_up, 2 + 4);
		teardown(&w);
	}
}
END_TEST

START_TEST(test_peer_down_withdraws)
{
	struct bmp_peer_spec p = peer(64510, 0);
	struct engine_stats st;
	struct fixture w;
	uint8_t buf[256];

	setup(&w);
	start(&w);
	say(&w, p, &plain, true);
	say(&w, p, &hijack, true);
	p.flags = BMP_FLAG_L;
	say(&w, p, &hijack, true);
	ck_assert_uint_eq(w.on, 2);
	feed(&w, buf,
	    bmp_write_peer_down(buf, sizeof(buf), &p, 3,
		0)); /* flags differ from the routes': one peer all the same */
	work(&w);
	ck_assert_uint_eq(w.off, 2);
	ck_assert_uint_eq(w.findings[3].cause, REASON_PEER_DOWN);
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.routes, 0);
	ck_assert_uint_eq(st.prefixes, 0);
	ck_assert_uint_eq(st.blocks, 0);
	teardown(&w);
}
END_TEST

/* --- a Peer Up of a peer that is up */

struct session_spec {
	uint16_t port;
	uint32_t second;
	uint8_t flags;
	bool add_path;
};

static void
up_again(struct fixture *w, const struct session_spec *x)
{
	static const struct ip_addr local = { .family = IP_NONE };
	static const struct bgp_addpath both[] = { { { AFI_IPV4, SAFI_UNICAST },
	    BGP_ADDPATH_SEND | BGP_ADDPATH_RECEIVE } };
	struct bmp_peer_spec p = peer(64510, x->flags);
	struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
			     received = { .as = p.as, .role = BGP_ROLE_NONE };
	uint8_t buf[512];
	size_t n;

	p.sec = x->second;
	if (x->add_path) {
		sent.addpaths = received.addpaths = both;
		sent.addpaths_n = received.addpaths_n = 1;
	}
	n = bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL);
	buf[BMP_HEADER_LEN + BMP_PEER_HEADER_LEN + 18] = (uint8_t)(x->port >> 8);
	buf[BMP_HEADER_LEN + BMP_PEER_HEADER_LEN + 19] = (uint8_t)x->port;
	feed(w, buf, n);
}

static const struct session_spec first_session = { 50000, 1700000000, 0, false };

/* A hijack and a plain route, told in a session that is whole. */
static void
start_first_session(struct fixture *w)
{
	uint8_t buf[256];

	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, w->now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up_again(w, &first_session);
	say(w, peer(64510, 0), &hijack, true);
	say(w, peer(64510, 0), &plain, true);
	eor(w, peer(64510, 0));
	wait_s(w, 5);
	ck_assert_uint_eq(w->on, 1);
	ck_assert_uint_eq(w->peer_up, 1);
	ck_assert_uint_eq(w->synced, 1);
}

/* Whatever shows that it is a new session: its table is whole with the End-of-RIB, and what the
 * former one had is gone then, not before. */
static const struct session_spec another_session[] = {
	{ 50001, 1700000100, 0, false }, /* another connection */
	{ 50000, 1700000100, 0, true },	 /* other OPENs, with path ids from now on */
	{ 50000, 1700000100, 0, false }, /* at another time: its End-of-RIB shows it */
};

START_TEST(test_peer_up_again)
{
	const struct session_spec *x = &another_session[_i];
	struct fixture w;

	setup(&w);
	start_first_session(&w);
	up_again(&w, x);
	ck_assert_uint_eq(w.peer_up, 2);
	ck_assert_uint_eq(w.peer_down, 0);
	if (!x->add_path)
		say(&w, peer(64510, 0), &plain, true);
	work(&w);
	ck_assert_uint_eq(w.off, 0);
	ck_assert_uint_eq(routes_now(&w), 2);
	eor(&w, peer(64510, 0));
	work(&w);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.findings[1].cause, REASON_WITHDRAWN);
	ck_assert_uint_eq(routes_now(&w), x->add_path ? 0 : 1);
	teardown(&w);
}
END_TEST

/* Without an End-of-RIB it is whole after settle_s; while routes come it is not waited for less. */
START_TEST(test_peer_up_again_without_end_of_rib)
{
	struct fixture w;

	setup(&w);
	start_first_session(&w);
	up_again(&w, &another_session[0]);
	say(&w, peer(64510, 0), &plain, true);
	wait_s(&w, 119);
	ck_assert_uint_eq(w.off, 0);
	wait_s(&w, 3);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(routes_now(&w), 1);
	teardown(&w);
}
END_TEST

/* The same session told again, for another view or once more: nothing is withdrawn by it, ever. */
static const struct session_spec repeated_up[] = {
	{ 50000, 1700000000, 0, false }, { 50000, 1700000000, BMP_FLAG_L, false },
	{ 50000, 1700000100, BMP_FLAG_L, false },
	{ 50000, 1700000100, 0, false }, /* perhaps a new one, but no route comes */
};

START_TEST(test_peer_up_repeated)
{
	struct fixture w;

	setup(&w);
	start_first_session(&w);
	up_again(&w, &repeated_up[_i]);
	ck_assert_uint_eq(w.peer_up, (_i < 3 ? 1 : 2));
	wait_s(&w, 300);
	ck_assert_uint_eq(w.off, 0);
	ck_assert_uint_eq(routes_now(&w), 2);
	teardown(&w);
}
END_TEST

/* The BMP session is lost while the new BGP session's table is still to come: the router's next
 * session is waited for, nothing is swept before. */
START_TEST(test_peer_up_again_and_lost)
{
	struct fixture w;

	setup(&w);
	start_first_session(&w);
	up_again(&w, &another_session[0]);
	engine_session_close(w.session, "lost", w.now);
	w.session = NULL;
	wait_s(&w, 200);
	ck_assert_uint_eq(w.off, 0);
	ck_assert_uint_eq(routes_now(&w), 2);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("peer_up_down")
{
	TEST(test_peer_up_late);
	TEST(test_peer_down_withdraws);
	ROWS(test_peer_up_again, another_session);
	TEST(test_peer_up_again_without_end_of_rib);
	ROWS(test_peer_up_repeated, repeated_up);
	TEST(test_peer_up_again_and_lost);
}

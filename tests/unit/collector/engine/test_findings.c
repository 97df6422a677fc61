/* The engine from bytes to findings: what becomes true of a route as it comes, is replaced and
 * goes, and what is known of it in other views. */
#include "parsers/bgp/dissect.h"
#include "tests/unit/support/findings_fixture.h"

static void
assert_path(const struct finding *f, const char *path)
{
	char buf[RECORD_PATH_MAX];
	struct txt text = txt_of(buf, sizeof(buf));

	bgp_as_path_text(&text, cur_of(f->path, f->path_len), 4);
	ck_assert_str_eq(buf, path);
}

START_TEST(test_hijack_edges)
{
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &plain, true);
	ck_assert_uint_eq(w.findings_n, 0);
	say(&w, peer(64510, 0), &hijack, true);
	ck_assert_uint_eq(w.on, 1);
	ck_assert_uint_eq(w.findings[0].rules, 1U << RULE_HIJACK_SPECIFIC);
	ck_assert_uint_eq(w.findings[0].origin, 64666);
	assert_path(&w.findings[0], "64510 64666");
	say(&w, peer(64510, 0), &hijack, true); /* again: nothing new */
	ck_assert_uint_eq(w.findings_n, 1);
	say(&w, peer(64510, 0), &hijack, false);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.findings[1].cause, REASON_WITHDRAWN);
	say(&w, peer(64510, 0), &hijack, false); /* of what is not there */
	ck_assert_uint_eq(w.findings_n, 2);
	teardown(&w);
}
END_TEST

START_TEST(test_replaced_by_another_origin)
{
	static const struct update_run other = { "203.0.113.128/25", { 64510, 64667 }, 0 },
				       ours = { "203.0.113.128/25", { 64510, 64500 }, 0 };
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	say(&w, peer(64510, 0), &other, true);
	ck_assert_uint_eq(w.findings_n, 2); /* of the same route, another origin */
	ck_assert_uint_eq(w.findings[0].origin, 64666);
	ck_assert_uint_eq(w.findings[1].origin, 64667);
	say(&w, peer(64510, 0), &ours, true);
	ck_assert_uint_eq(w.findings_n, 3);
	ck_assert_uint_eq(w.findings[2].rules, 0);
	ck_assert_uint_eq(w.findings[2].cause, REASON_REPLACED);
	teardown(&w);
}
END_TEST

/* RFC 7606: a malformed announcement withdraws what was there, and costs no session. */
START_TEST(test_treat_as_withdraw)
{
	struct bmp_peer_spec p = peer(64510, 0);
	/* ORIGIN 9 for the hijacked prefix */
	static const uint8_t body[] = { 0, 0, 0, 21, 0x40, 1, 1, 9, 0x40, 2, 10, 2, 2, 0, 0, 0xfb,
		0xfe, 0, 0, 0xfc, 0x9a, 0x40, 3, 4, 1, 1, 1, 1, 25, 203, 0, 113, 128 };
	struct engine_stats st;
	uint8_t bgp[128], buf[256];
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, p, &hijack, true);
	memset(bgp, 0xff, 16);
	bgp[16] = 0;
	bgp[17] = (uint8_t)(19 + sizeof(body));
	bgp[18] = 2;
	memcpy(bgp + 19, body, sizeof(body));
	bgp[19 + 3] = 24;
	feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, 19 + sizeof(body)));
	ck_assert_uint_eq(w.off, 1);
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.routes, 0);
	ck_assert_uint_eq(st.treated_as_withdraw, 1);
	ck_assert_ptr_null(engine_session_broken(w.session, (char *)buf, sizeof(buf)));
	teardown(&w);
}
END_TEST

/* The neighbour's role decides; Loc-RIB and Adj-RIB-Out know the same route again, with our AS in
 * front. */
START_TEST(test_leak_joined_over_views)
{
	static const struct update_run out = { "20.0.1.0/24", { 64500, 64500, 64501, 64510, 64999 },
		64510 };
	struct bmp_peer_spec to_provider = peer(64510, BMP_FLAG_O | BMP_FLAG_L),
			     from = peer(64501, 0);
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, loc_rib(), &leak, true); /* before the leak is known as one */
	ck_assert_uint_eq(w.findings_n, 0);
	say(&w, from, &leak, true);
	ck_assert_uint_eq(w.on, 2);
	ck_assert_uint_eq(w.findings[0].view, BMP_VIEW_IN_PRE);
	ck_assert_uint_eq(w.findings[1].view, BMP_VIEW_LOC_RIB);
	ck_assert_uint_eq(w.findings[1].leaker_as, 64501);
	ck_assert(!w.findings[1].by_us);
	say(&w, to_provider, &out, true);
	ck_assert_uint_eq(w.on, 3);
	ck_assert_uint_eq(w.findings[2].leaker_as, 64501);
	say(&w, from, &leak, false);
	/* in-pre and loc-rib end; towards a provider the OTC alone makes it our own leak */
	ck_assert_uint_ge(w.off, 2);
	say(&w, to_provider, &out, false);
	say(&w, loc_rib(), &leak, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

START_TEST(test_peerlock)
{
	static const struct update_run by_customer = { "20.2.0.0/24", { 64501, 3356, 64999 }, 0 },
				       beyond_stranger = { "20.3.0.0/24",
					       { 64510, 174, 64777, 1299, 64999 }, 0 },
				       fine = { "20.4.0.0/24", { 64510, 174, 1299, 64999 }, 0 };
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64501, 0), &by_customer, true);
	ck_assert_uint_eq(w.on, 1);
	ck_assert_uint_eq(w.findings[0].rules, 1U << RULE_LEAK_PEERLOCK);
	ck_assert_uint_eq(w.findings[0].provider_free_as, 3356);
	say(&w, peer(64510, 0), &fine, true); /* a provider may have them */
	ck_assert_uint_eq(w.on, 1);
	say(&w, peer(64510, 0), &beyond_stranger, true);
	ck_assert_uint_eq(w.on, 2);
	ck_assert_uint_eq(w.findings[1].provider_free_as, 1299);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("findings")
{
	TEST(test_hijack_edges);
	TEST(test_replaced_by_another_origin);
	TEST(test_treat_as_withdraw);
	TEST(test_leak_joined_over_views);
	TEST(test_peerlock);
}

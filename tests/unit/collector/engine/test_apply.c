/* An UPDATE of several fields, some of them damaged: what can be read is applied, in whatever order
 * the fields come. */
#include "tests/unit/support/engine_fixture.h"

static bool
count_one(void *ctx, const struct engine_route *r)
{
	(void)r;
	++*(unsigned *)ctx;
	return true;
}

static unsigned
routes_for(struct engine_fixture *w, const char *prefix)
{
	struct engine_place at = { 0 };
	struct ip_prefix p;
	unsigned n = 0;

	ck_assert(ip_prefix_parse(prefix, true, &p));
	ck_assert(!engine_lookup(w->engine, &p, &at, count_one, &n));
	return n;
}

/* Routes: 20.0.0.0/24 in the classic field; in MP fields 2001:db8::/32, and 30.0.0.0/24 with a
 * label.
 */
#define PATH		   "40010100 400206 0201 0000fbf5 400304 c0000201"
#define BAD_ORIGIN	   "40010109 400206 0201 0000fbf5 400304 c0000201"
#define CLASSIC		   "18 140000"
#define HALF		   " 20 1400"
#define REACH_V6	   "800e1a 0002 01 10 20010db8000000000000000000000001 00 20 20010db8"
#define REACH_V6_HALF	   "800e1d 0002 01 10 20010db8000000000000000000000001 00 20 20010db8 40 2001"
#define UNREACH_V6_HALF	   "800f06 0002 01 40 2001"
#define UNREACH_V6_CUT	   "800f02 0002"
#define REACH_LABEL	   "800e10 0001 04 04 c0000201 00 30 000011 1e0000"
#define REACH_LABEL_HALF   "800e13 0001 04 04 c0000201 00 30 000011 1e0000 30 0000"
#define UNREACH_LABEL_HALF "800f06 0001 04 30 8000"

static const struct {
	const char *name, *withdrawn, *attrs, *nlri;
	unsigned classic, v6, label, treated;
} cases[] = {
	{ "all good", "", PATH REACH_V6, CLASSIC, 1, 1, 0, 0 },
	{ "classic cut, IPv6 good", "", PATH REACH_V6, CLASSIC HALF, 1, 1, 0, 0 },
	{ "classic cut, labelled good", "", PATH REACH_LABEL, CLASSIC HALF, 1, 0, 1, 0 },
	{ "IPv6 cut, classic good", "", PATH REACH_V6_HALF, CLASSIC, 1, 1, 0, 0 },
	{ "labelled cut, classic good", "", PATH REACH_LABEL_HALF, CLASSIC, 1, 0, 1, 0 },
	{ "withdrawn cut, classic good", "18 150000 20 15", PATH, CLASSIC, 1, 0, 0, 0 },
	{ "withdrawn cut, IPv6 good", "20 15", PATH REACH_V6, "", 0, 1, 0, 0 },
	{ "withdrawn cut, labelled good", "20 15", PATH REACH_LABEL, "", 0, 0, 1, 0 },
	{ "IPv6 withdrawal cut, classic good", "", PATH UNREACH_V6_HALF, CLASSIC, 1, 0, 0, 0 },
	{ "IPv6 withdrawal cut, labelled good", "", PATH UNREACH_V6_HALF REACH_LABEL, "", 0, 0, 1,
	    0 },
	{ "labelled withdrawal cut, classic good", "", PATH UNREACH_LABEL_HALF, CLASSIC, 1, 0, 0,
	    0 },
	{ "labelled withdrawal cut, IPv6 good", "", PATH REACH_V6 UNREACH_LABEL_HALF, "", 0, 1, 0,
	    0 },
	{ "no whole MP_UNREACH, classic good", "", PATH UNREACH_V6_CUT, CLASSIC, 1, 0, 0, 0 },
	{ "attributes bad", "", BAD_ORIGIN REACH_V6, CLASSIC, 0, 0, 0, 1 },
	{ "attributes bad, labelled", "", BAD_ORIGIN REACH_LABEL, CLASSIC, 0, 0, 0, 1 },
	{ "attributes bad, withdrawn cut", "20 15", BAD_ORIGIN REACH_V6, CLASSIC, 0, 0, 0, 1 },
};

/* Once on an empty table, once over the same routes. */
START_TEST(test_fields)
{
	uint8_t bgp[512], buf[1024];
	struct engine_stats st;
	struct engine_fixture w;
	size_t n;

	for (int again = 0; again < 2; again++) {
		setup(&w);
		n = update(bgp, sizeof(bgp), "", PATH REACH_V6, CLASSIC);
		if (again)
			feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peer, bgp, n));
		n = update(bgp, sizeof(bgp), cases[_i].withdrawn, cases[_i].attrs, cases[_i].nlri);
		feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peer, bgp, n));
		engine_stats(w.engine, &st);
		ck_assert_msg(st.treated_as_withdraw == cases[_i].treated, "%s: treated %llu",
		    cases[_i].name, (unsigned long long)st.treated_as_withdraw);
		if (!again)
			ck_assert_msg(routes_for(&w, "20.0.0.0/24") == cases[_i].classic &&
					  routes_for(&w, "2001:db8::/32") == cases[_i].v6 &&
					  routes_for(&w, "30.0.0.0/24") == cases[_i].label,
			    "%s: %u classic, %u IPv6, %u labelled", cases[_i].name,
			    routes_for(&w, "20.0.0.0/24"), routes_for(&w, "2001:db8::/32"),
			    routes_for(&w, "30.0.0.0/24"));
		else
			ck_assert_msg(routes_for(&w, "20.0.0.0/24") == !cases[_i].treated,
			    "%s: is the route gone?", cases[_i].name);
		teardown(&w);
	}
}
END_TEST

/* A second BGP message, and a TLV that runs past the message: neither is of the routes read. */
START_TEST(test_tlv_cut)
{
	uint8_t bgp[512], buf[1024];
	struct engine_stats st;
	struct engine_fixture w;
	struct writer m;
	size_t n;

	setup(&w);
	n = update(bgp, sizeof(bgp), "", PATH, CLASSIC);
	m = bmp_write_begin(buf, sizeof(buf), 4, BMP_ROUTE_MONITORING, &peer);
	bmp_put_indexed(&m, &(struct bmp_tlv_spec){ .type = 4, .value = bgp, .len = n });
	bmp_put_indexed(&m, &(struct bmp_tlv_spec){ .type = 4, .value = bgp, .len = n });
	wr_u32(&m, 0x000200ff);
	feed(&w, buf, bmp_write_finish(&m));
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.counters.faults[FAULT_BMP_TLV], 1);
	ck_assert_uint_eq(st.counters.faults[FAULT_BMP_SECOND_MESSAGE], 1);
	ck_assert_uint_eq(st.treated_as_withdraw, 0);
	ck_assert_uint_eq(routes_for(&w, "20.0.0.0/24"), 1);
	teardown(&w);
}
END_TEST

/* Attributes that came with nothing to announce are checked, too; no route depends on them. */
static const struct {
	const char *name, *withdrawn, *attrs;
	enum fault_code fault; /* FAULT_NONE: none at all */
} idle[] = {
	{ "withdrawal", CLASSIC, "", FAULT_NONE },
	{ "IPv6 withdrawal", "", "800f08 0002 01 20 20010db8", FAULT_NONE },
	{ "flags of MP_UNREACH", "", "c00f08 0002 01 20 20010db8", FAULT_ATTR_FLAGS },
	{ "withdrawal and ORIGIN", CLASSIC, "40010109", FAULT_ATTR_VALUE },
	{ "IPv6 withdrawal and ORIGIN", "", "40010109 800f08 0002 01 20 20010db8",
	    FAULT_ATTR_VALUE },
	{ "empty MP_REACH", "", "40010109 800e15 0002 01 10 20010db8000000000000000000000001 00",
	    FAULT_ATTR_VALUE },
	{ "unknown family", "", "40010109 800e09 0063 63 04 c0000201 00", FAULT_ATTR_VALUE },
};

START_TEST(test_nothing_announced)
{
	uint8_t bgp[512], buf[1024];
	struct engine_stats st;
	struct engine_fixture w;
	size_t n;

	setup(&w);
	n = update(bgp, sizeof(bgp), idle[_i].withdrawn, idle[_i].attrs, "");
	feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peer, bgp, n));
	engine_stats(w.engine, &st);
	for (int c = 1; c < FAULT_CODES; c++) {
		/* what would withdraw the routes, had it any, is said besides (RFC 7606 5.2) */
		bool also = c == FAULT_NO_NLRI && idle[_i].fault == FAULT_ATTR_VALUE;

		ck_assert_msg(st.counters.faults[c] == (c == (int)idle[_i].fault || also), "%s: %s",
		    idle[_i].name, fault_name((enum fault_code)c));
	}
	ck_assert_uint_eq(st.treated_as_withdraw, 0);
	teardown(&w);
}
END_TEST

/* Two prefixes that read as one with a path id, as negotiated; then one that does not: what was
 * read with path ids was never sent. */
START_TEST(test_misread)
{
	static const struct bgp_addpath both = { { AFI_IPV4, SAFI_UNICAST }, 3 };
	static const struct bgp_open_spec
	    sent = { .as = 64500, .role = BGP_ROLE_NONE, .addpaths = &both, .addpaths_n = 1 },
	    received = { .as = 64501, .role = BGP_ROLE_NONE, .addpaths = &both, .addpaths_n = 1 };
	static const struct ip_addr local = { .family = IP_NONE };
	struct engine_stats st;
	uint8_t buf[512];
	struct engine_fixture w;

	setup(&w);
	feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &peer, 4, 0));
	feed(&w, buf, bmp_write_peer_up(buf, sizeof(buf), &peer, &local, &sent, &received, NULL));
	send_update(&w, "", PATH, "18c00002 18c63364");
	ck_assert_uint_eq(routes_for(&w, "198.51.100.0/24"), 1);
	send_update(&w, "", PATH, "18cb0071");
	send_update(&w, "", PATH, "18cb0072");
	while (engine_work(w.engine, 10, now)) {
	}
	ck_assert_uint_eq(routes_for(&w, "203.0.113.0/24"), 1);
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.routes, 2);
	ck_assert_uint_eq(st.queued, 0);
	teardown(&w);
}
END_TEST

/* Damaged prefixes that read with path ids: the routes that are there stay. */
START_TEST(test_accidents)
{
	struct engine_stats st;
	char nlri[16];
	struct engine_fixture w;

	setup(&w);
	for (unsigned i = 0; i < 200; i++) {
		snprintf(nlri, sizeof(nlri), "18 14%02x00", i);
		send_update(&w, "", PATH, nlri);
	}
	for (int i = 0; i < 4; i++) {
		send_update(&w, "", PATH, "210a0001 180a0002");
		send_update(&w, "", PATH, "18 140001");
	}
	while (engine_work(w.engine, 10, now)) {
	}
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.routes, 201);
	ck_assert_uint_gt(st.counters.faults[FAULT_NLRI_LENGTH], 0);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("apply")
{
	ROWS(test_fields, cases);
	TEST(test_tlv_cut);
	TEST(test_misread);
	TEST(test_accidents);
	ROWS(test_nothing_announced, idle);
}

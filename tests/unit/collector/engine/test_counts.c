/* What a router counts against what is kept of it, how many routes a neighbour sends, and what a
 * router makes of invalid routes. */
#include "tests/unit/support/findings_fixture.h"

enum { REPORT_S = 300, LEAST = 4, VALID_ONES = 10 << 16 /* 30.0.0.0/24 and so on */ };

static void
report(struct fixture *w, struct bmp_peer_spec p, const struct bmp_stat_spec *s, unsigned n)
{
	uint8_t buf[512];

	feed(w, buf, bmp_write_statistics(buf, sizeof(buf), &p, s, n));
}

/* A report now and then. */
static void
reports(struct fixture *w, struct bmp_peer_spec p, const struct bmp_stat_spec *s, unsigned times)
{
	for (; times > 0; times--) {
		report(w, p, s, 1);
		wait_s(w, REPORT_S);
	}
}

static void
announce(struct fixture *w, struct bmp_peer_spec p, unsigned from, unsigned n, const uint8_t *extra,
    size_t extra_len)
{
	static const uint32_t path[] = { 64510, 64999 };
	struct bgp_route_spec spec = { .as_path = path,
		.as_path_n = 2,
		.next_hop = { IP_V4, { 192, 0, 2, 1 } },
		.extra = extra,
		.extra_len = extra_len };
	uint8_t bgp[1024], buf[2048];

	for (unsigned k = from; k < from + n; k++) {
		struct bgp_prefix_spec x = {
			.prefix = { IP_V4, 24,
			    { (uint8_t)(20 + (k >> 16)), (uint8_t)(k >> 8), (uint8_t)k } }
		};
		size_t len = bgp_write_update(bgp, sizeof(bgp), &spec, &x, 1, NULL, 0, false);

		feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, len));
	}
}

/* Its BGP session goes for a while. */
static void
flap(struct fixture *w, struct bmp_peer_spec p, unsigned seconds)
{
	uint8_t buf[512];

	feed(w, buf, bmp_write_peer_down(buf, sizeof(buf), &p, 4, 0));
	wait_s(w, seconds);
	up(w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
}

/* A router with a provider that sends twenty routes; the customer and Loc-RIB have none. */
static void
begin(struct fixture *w, uint8_t flags)
{
	differ_least = LEAST;
	setup(w);
	start(w);
	announce(w, peer(64510, flags), 0, 20, NULL, 0);
	eor(w, peer(64510, flags));
	wait_s(w, 200);
}

static const struct bmp_stat_spec same = { .type = 18, .value = 20 },
				  more = { .type = 18, .value = 24 },
				  nothing = { .type = 18, .value = 0 };

START_TEST(lasting_difference_is_told)
{
	struct fixture w;

	begin(&w, 0);
	reports(&w, peer(64510, 0), &same, 10);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 0);
	reports(&w, peer(64510, 0), &more, 5);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 0);
	reports(&w, peer(64510, 0), &more, 6);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 1);
	ck_assert_str_eq(w.trouble,
	    "it counts otherwise than it has told in 1 case, first 192.0.2.254 AS64510, "
	    "adj-rib-in-pre: it says 24 routes, we hold 20");
	w.trouble_off[TROUBLE_DIFFERS] = 0;
	announce(&w, peer(64510, 0), 20, 4, NULL, 0);
	reports(&w, peer(64510, 0), &more, 1);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 1);
	teardown(&w);
}
END_TEST

START_TEST(passing_difference_is_nothing)
{
	struct fixture w;

	begin(&w, 0);
	for (int k = 0; k < 10; k++) {
		reports(&w, peer(64510, 0), &more, 5);
		reports(&w, peer(64510, 0), &same, 1);
	}
	reports(&w, peer(64510, 0), &nothing, 20);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 0);
	teardown(&w);
}
END_TEST

START_TEST(lost_session_says_nothing_of_it)
{
	struct fixture w;

	begin(&w, 0);
	reports(&w, peer(64510, 0), &more, 12);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 1);
	w.trouble_off[TROUBLE_DIFFERS] = 0;
	lose(&w);
	wait_s(&w, 20);
	start(&w);
	announce(&w, peer(64510, 0), 0, 20, NULL, 0);
	eor(&w, peer(64510, 0));
	wait_s(&w, 300);
	reports(&w, peer(64510, 0), &more, 2);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 0); /* it is not known yet */
	reports(&w, peer(64510, 0), &same, 1);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 1);
	teardown(&w);
}
END_TEST

START_TEST(nothing_here_and_there_agrees)
{
	struct fixture w;

	begin(&w, 0);
	reports(&w, peer(64510, 0), &more, 12);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 1);
	w.trouble_off[TROUBLE_DIFFERS] = 0;
	reports(&w, peer(64510, 0), &nothing, 2);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 0);
	for (unsigned k = 0; k < 20; k++) {
		struct update_run gone = { .path = { 64510, 64999 } };
		char prefix[24];

		snprintf(prefix, sizeof(prefix), "20.0.%u.0/24", k);
		gone.prefix = prefix;
		say(&w, peer(64510, 0), &gone, false);
	}
	reports(&w, peer(64510, 0), &nothing, 1);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 1);
	teardown(&w);
}
END_TEST

/* In the session that follows the gauge says nothing that can be compared. */
START_TEST(what_cannot_be_compared_any_longer_is_over)
{
	struct fixture w;

	begin(&w, 0);
	reports(&w, peer(64510, 0), &more, 12);
	w.trouble_off[TROUBLE_DIFFERS] = 0;
	lose(&w);
	wait_s(&w, 20);
	start(&w);
	announce(&w, peer(64510, 0), 0, 20, NULL, 0);
	eor(&w, peer(64510, 0));
	reports(&w, peer(64510, 0), &nothing, 6);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 0);
	reports(&w, peer(64510, 0), &nothing, 1);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_DIFFERS], 1);
	reports(&w, peer(64510, 0), &more, 12);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 2);
	teardown(&w);
}
END_TEST

/* Gauges that are about another view, another kind of peer, or families that are not there. */
static const struct bmp_stat_spec others[] = {
	{ .type = 20, .value = 500 },
	{ .type = 8, .value = 500 },
	{ .type = 15, .value = 500 },
	{ .type = 0, .value = 500 },
	{ .type = 29, .value = 500 },
	{ .type = 19, .value = 500, .per_family = true, .family = { AFI_IPV6, SAFI_UNICAST } },
};

START_TEST(other_gauges_say_nothing)
{
	struct fixture w;

	begin(&w, 0);
	reports(&w, peer(64510, 0), &others[_i], 20);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 0);
	teardown(&w);
}
END_TEST

static const struct {
	struct bmp_stat_spec stat;
	uint8_t flags;
} gauges[] = {
	{ { .type = 7, .value = 500 }, 0 },
	{ { .type = 9, .value = 500, .per_family = true, .family = { AFI_IPV4, SAFI_UNICAST } },
	    0 },
	{ { .type = 18, .value = 500 }, 0 },
	{ { .type = 20, .value = 500 }, 0x40 },
	{ { .type = 21, .value = 5, .per_family = true, .family = { AFI_IPV4, SAFI_UNICAST } },
	    0x40 },
	{ { .type = 14, .value = 500 }, 0x10 },
	{ { .type = 15, .value = 500 }, 0x50 },
	{ { .type = 17, .value = 500, .per_family = true, .family = { AFI_IPV4, SAFI_UNICAST } },
	    0x50 },
};

START_TEST(every_view_has_its_gauges)
{
	struct fixture w;

	begin(&w, gauges[_i].flags);
	reports(&w, peer(64510, 0), &gauges[_i].stat, 20);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_DIFFERS], 1);
	teardown(&w);
}
END_TEST

START_TEST(volume_is_told_when_it_is_news)
{
	struct fixture w;
	unsigned told;

	begin(&w, 0);
	ck_assert_uint_eq(w.volume.routes, 20);
	ck_assert(w.volume.settled);
	told = w.volumes;
	wait_s(&w, 600);
	ck_assert_uint_eq(w.volumes, told);
	announce(&w, peer(64510, 0), 20, 30, NULL, 0);
	announce(&w, peer(64510, 0), 0, 50, NULL, 0); /* again */
	wait_s(&w, 3);
	ck_assert_uint_eq(w.volumes, told + 1);
	ck_assert_uint_eq(w.volume.routes, 50);
	ck_assert(!w.volume.anew);
	lose(&w);
	start(&w);
	announce(&w, peer(64510, 0), 0, 10, NULL, 0);
	wait_s(&w, 3);
	ck_assert(!w.volume.settled);
	eor(&w, peer(64510, 0));
	wait_s(&w, 200);
	ck_assert(w.volume.settled);
	ck_assert_uint_eq(w.volume.routes, 10);
	teardown(&w);
}
END_TEST

/* --- what it makes of invalid routes */

static const uint8_t says_valid[] = { 0xc0, 16, 8, 0x43, 0, 0, 0, 0, 0, 0, 0 },
		     says_invalid[] = { 0xc0, 16, 8, 0x43, 0, 0, 0, 0, 0, 0, 2 };

/* All that the provider sends is invalid. */
static struct vrp_set *
make_invalid(struct fixture *w)
{
	struct vrp v = { .prefix = { IP_V4, 8, { 20 } }, .max_len = 8, .asn = 64498 };
	struct vrp_list l = { 0 };
	struct vrp_set *set;
	struct vrp_delta d;

	vrp_list_add(&l, &v);
	set = vrp_set_new(&l, 1);
	ck_assert(vrp_delta_between(NULL, set, &d));
	engine_set_rpki(w->engine, set, vrp_cover_new(&d), REASON_RPKI);
	vrp_delta_free(&d);
	vrp_list_free(&l);
	work(w);
	return set;
}

START_TEST(router_calls_valid_what_is_invalid)
{
	const uint8_t *marks = _i == 0 ? says_valid : says_invalid;
	struct vrp_set *set;
	struct fixture w;

	begin(&w, 0x40);
	announce(&w, peer(64510, 0x40), 0, 20, marks, sizeof(says_valid));
	set = make_invalid(&w);
	wait_s(&w, 3500);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], 0);
	wait_s(&w, 200);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], _i == 0);
	if (_i == 0) {
		ck_assert_ptr_nonnull(strstr(w.trouble, "20 routes"));
		ck_assert_ptr_nonnull(strstr(w.trouble, "/24 in what 192.0.2.254 AS64510 sends"));
		w.trouble_off[TROUBLE_ROV] = 0;
		announce(&w, peer(64510, 0x40), 0, 20, says_invalid, sizeof(says_invalid));
		wait_s(&w, 20);
		ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV], 1);
	}
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* What was found in a table is so until the table is there again, and was looked at. */
START_TEST(flap_says_nothing_of_invalid_ones)
{
	const bool told = _i % 2 == 0, reconnect = _i >= 2;
	struct vrp_set *set;
	struct fixture w;

	begin(&w, 0x40);
	announce(&w, peer(64510, 0x40), 0, 20, says_valid, sizeof(says_valid));
	set = make_invalid(&w);
	wait_s(&w, told ? 3700 : 3000);
	w.trouble_on[TROUBLE_ROV] = w.trouble_off[TROUBLE_ROV] = 0;
	if (reconnect) { /* and while it is away the neighbour goes, too */
		lose(&w);
		wait_s(&w, 20);
		w.session = engine_session_open(w.engine, "192.0.2.254", "r1", w.now);
		up(&w, peer(64501, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
		eor(&w, peer(64501, 0));
		wait_s(&w, 400);
		up(&w, peer(64510, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	} else {
		flap(&w, peer(64510, 0), 10);
		wait_s(&w, 10);
	}
	announce(&w, peer(64510, 0x40), 0, 20, says_valid, sizeof(says_valid));
	eor(&w, peer(64510, 0x40));
	wait_s(&w, 500);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV], 0);
	if (told)
		ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], 0);
	wait_s(&w, 200);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], !told);
	flap(&w, peer(64510, 0), 1);
	announce(&w, peer(64510, 0x40), 0, 20, says_invalid, sizeof(says_invalid));
	eor(&w, peer(64510, 0x40));
	ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV], 0);
	wait_s(&w, 60);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV], 1);
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* The same of what the walk finds. */
START_TEST(flap_says_nothing_of_marks)
{
	const enum engine_trouble k = _i == 0 ? TROUBLE_ROV_STRICTER : TROUBLE_ROV_STATE;
	const uint8_t flags = _i == 0 ? 0x40 : 0x50;
	struct vrp_set *set;
	struct fixture w;

	begin(&w, flags);
	set = make_invalid(&w);
	announce(&w, peer(64510, flags), VALID_ONES, 12, says_invalid, sizeof(says_invalid));
	wait_s(&w, 3800);
	ck_assert_uint_eq(w.trouble_on[k], 1);
	w.trouble_on[k] = w.trouble_off[k] = 0;
	flap(&w, peer(64510, 0), 10);
	announce(&w, peer(64510, flags), VALID_ONES, 12, says_invalid, sizeof(says_invalid));
	eor(&w, peer(64510, flags));
	wait_s(&w, 100);
	ck_assert_uint_eq(w.trouble_off[k] + w.trouble_on[k], 0);
	flap(&w, peer(64510, 0), 10);
	eor(&w, peer(64510, flags));
	wait_s(&w, 100);
	ck_assert_uint_eq(w.trouble_off[k], 1);
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* So many that they are looked at in parts. */
START_TEST(many_invalid_ones)
{
	struct vrp_set *set;
	struct fixture w;

	begin(&w, 0x40);
	announce(&w, peer(64510, 0x40), 0, 3000, says_valid, sizeof(says_valid));
	set = make_invalid(&w);
	wait_s(&w, 3700);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], 1);
	ck_assert_ptr_nonnull(strstr(w.trouble, "3000 routes"));
	w.trouble_off[TROUBLE_ROV] = w.findings_n = 0;
	announce(&w, peer(64510, 0x40), 0, 3000, says_invalid, sizeof(says_invalid));
	wait_s(&w, 60);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV], 1);
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

START_TEST(router_counts_no_invalid_ones)
{
	const struct bgp_family ipv4 = { AFI_IPV4, SAFI_UNICAST };
	const uint64_t invalid = _i == 0 ? 1 : 18;
	const struct bmp_stat_spec s[] = {
		{ .type = 35, .value = invalid, .per_family = true, .family = ipv4 },
		{ .type = 36, .value = 15, .per_family = true, .family = ipv4 },
		{ .type = 37, .value = 4, .per_family = true, .family = ipv4 },
	};
	struct vrp_set *set;
	struct fixture w;

	begin(&w, 0x40);
	set = make_invalid(&w);
	for (int k = 0; k < 20; k++) {
		report(&w, peer(64510, 0), s, 3);
		wait_s(&w, REPORT_S);
	}
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], _i == 0);
	if (_i == 0)
		ck_assert_ptr_nonnull(strstr(w.trouble, "19 routes"));
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* One that is stricter than our VRPs, by what it says of routes; of what it says in its reports. */
START_TEST(router_calls_invalid_what_is_not)
{
	struct vrp_set *set;
	struct fixture w;

	begin(&w, 0x40);
	set = make_invalid(&w); /* 20.0.0.0/8; these are none of it */
	announce(&w, peer(64510, 0x40), VALID_ONES, 12, says_invalid, sizeof(says_invalid));
	wait_s(&w, 3500);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV_STRICTER], 0);
	wait_s(&w, 300);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV_STRICTER], 1);
	ck_assert_ptr_nonnull(strstr(w.trouble, "12 routes"));
	ck_assert_ptr_nonnull(strstr(w.trouble, "30.0."));
	w.trouble_off[TROUBLE_ROV_STRICTER] = 0;
	announce(&w, peer(64510, 0x40), VALID_ONES, 12, says_valid, sizeof(says_valid));
	wait_s(&w, 60);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV_STRICTER], 1);
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* Gauges of what it accepts, and of what it sends. */
static const struct {
	uint16_t first;
	uint8_t flags;
	uint64_t invalid;
	bool stricter;
} counts_of_invalid[] = {
	{ 35, 0x40, 40, true },
	{ 35, 0x40, 20, false },
	{ 35, 0x40, 23, false }, /* few */
	{ 41, 0x50, 40, true },
	{ 41, 0x50, 20, false },
};

static void
report_rov(struct fixture *w, struct bmp_peer_spec p, uint16_t first, uint64_t invalid)
{
	const struct bgp_family ipv4 = { AFI_IPV4, SAFI_UNICAST };
	const struct bmp_stat_spec s[] = {
		{ .type = first, .value = invalid, .per_family = true, .family = ipv4 },
		{ .type = first + 1, .value = 15, .per_family = true, .family = ipv4 },
		{ .type = first + 2, .value = 4, .per_family = true, .family = ipv4 },
	};

	report(w, p, s, 3);
	wait_s(w, REPORT_S);
}

START_TEST(router_counts_more_invalid_ones)
{
	struct vrp_set *set;
	struct fixture w;

	begin(&w, counts_of_invalid[_i].flags);
	set = make_invalid(&w);
	for (int k = 0; k < 20; k++)
		report_rov(
		    &w, peer(64510, 0), counts_of_invalid[_i].first, counts_of_invalid[_i].invalid);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV_STRICTER], counts_of_invalid[_i].stricter);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV], 0);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_SENDS_INVALID], 0); /* it is monitored, or nothing */
	if (counts_of_invalid[_i].stricter)
		ck_assert_ptr_nonnull(strstr(w.trouble, "20 routes"));
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* What goes out of what it calls invalid, where nobody sees what goes out. */
START_TEST(router_sends_invalid_ones_by_its_count)
{
	struct fixture w;

	begin(&w, 0x40);
	for (int k = 0; k < 14; k++)
		report_rov(&w, peer(64510, 0), 41, 11);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_SENDS_INVALID], 1);
	ck_assert_str_eq(w.trouble,
	    "by its own count it sends 11 routes that it takes for invalid to other networks, "
	    "such as to 192.0.2.254 AS64510");
	w.trouble_off[TROUBLE_SENDS_INVALID] = 0;
	report_rov(&w, peer(64510, 0), 41, 0);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_SENDS_INVALID], 1);
	teardown(&w);
}
END_TEST

/* A table, or its first report, may come while the walk is past what it has: that counts nothing.
 */
START_TEST(half_a_walk_counts_nothing)
{
	struct vrp_set *set;
	struct fixture w;

	rov_mismatch_s = 2;
	begin(&w, 0x40);
	announce(&w, loc_rib(), VALID_ONES, 20000, NULL, 0);
	set = make_invalid(&w);
	wait_s(&w, 60);
	if (_i == 0) {
		flap(&w, peer(64510, 0), 1);
		announce(&w, peer(64510, 0x40), 0, 20, NULL, 0);
		eor(&w, peer(64510, 0x40));
	}
	for (int n = 0; n < 2; n++)
		report_rov(&w, peer(64510, 0), 35, 20);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV_STRICTER], 0);
	report_rov(&w, peer(64510, 0), 35, 40);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV_STRICTER], 1);
	vrp_set_unref(set);
	teardown(&w);
	rov_mismatch_s = 3600;
}
END_TEST

/* What a report of a session before said is so until one of this session says otherwise. */
START_TEST(flap_says_nothing_of_counts)
{
	const bool sends = _i == 0;
	const enum engine_trouble k = sends	? TROUBLE_SENDS_INVALID
				      : _i == 1 ? TROUBLE_ROV_STRICTER
						: TROUBLE_ROV;
	const uint16_t first = sends ? 41 : 35;
	const uint64_t bad = sends ? 11 : _i == 1 ? 40 : 1, good = sends ? 0 : 20;
	struct vrp_set *set;
	struct fixture w;

	begin(&w, 0x40);
	set = make_invalid(&w);
	for (int n = 0; n < 14; n++)
		report_rov(&w, peer(64510, 0), first, bad);
	ck_assert_uint_eq(w.trouble_on[k], 1);
	w.trouble_off[k] = w.trouble_on[k] = 0;
	flap(&w, peer(64510, 0), 10);
	announce(&w, peer(64510, 0x40), 0, 20, NULL, 0);
	eor(&w, peer(64510, 0x40));
	wait_s(&w, 200);
	ck_assert_uint_eq(w.trouble_off[k], 0);
	report_rov(&w, peer(64510, 0), first, bad);
	ck_assert_uint_eq(w.trouble_off[k] + w.trouble_on[k], 0);
	flap(&w, peer(64510, 0), 1);
	announce(&w, peer(64510, 0x40), 0, 20, NULL, 0);
	eor(&w, peer(64510, 0x40));
	wait_s(&w, 20);
	report_rov(&w, peer(64510, 0), first, good);
	ck_assert_uint_eq(w.trouble_off[k], 1);
	vrp_set_unref(set);
	teardown(&w);
}
END_TEST

/* The state of a route stays inside. */
START_TEST(router_shows_what_it_makes_of_routes)
{
	struct fixture w;

	begin(&w, 0);
	announce(&w, peer(64510, 0x50), VALID_ONES, 12, says_valid, sizeof(says_valid));
	announce(&w, peer(64510, 0x40), VALID_ONES, 12, says_valid, sizeof(says_valid));
	wait_s(&w, 3800);
	ck_assert_uint_eq(w.trouble_on[TROUBLE_ROV_STATE], 1);
	ck_assert_ptr_nonnull(strstr(w.trouble, "in 12 routes"));
	ck_assert_ptr_nonnull(strstr(w.trouble, "in what goes to 192.0.2.254 AS64510"));
	w.trouble_off[TROUBLE_ROV_STATE] = 0;
	announce(&w, peer(64510, 0x50), VALID_ONES, 12, NULL, 0);
	wait_s(&w, 60);
	ck_assert_uint_eq(w.trouble_off[TROUBLE_ROV_STATE], 1);
	teardown(&w);
}
END_TEST

START_TEST(survey_counts_what_is_no_incident)
{
	static const struct update_run routes[] = {
		{ "20.0.0.0/24", { 64510, 64998 }, 0 },		      /* another origin */
		{ "20.0.1.0/24", { 64510, 64999, 64999, 64999 }, 0 }, /* prepended */
		{ "20.0.2.0/24", { 64510, 64500 }, 0 },		      /* ours, and another's */
		{ "20.0.3.0/24", { 64510, 64999 }, 0 },
	};
	struct engine_stats stats;
	struct fixture w;

	begin(&w, 0);
	for (size_t k = 0; k < sizeof(routes) / sizeof(routes[0]); k++)
		say(&w, peer(64501, 0), &routes[k], true);
	wait_s(&w, 3);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.survey.moas, 1);
	ck_assert_uint_eq(stats.survey.prepended, 1);
	ck_assert_uint_eq(stats.survey.long_paths, 0);
	ck_assert_uint_eq(stats.survey.many_communities, 0);
	say(&w, peer(64501, 0), &routes[0], false);
	wait_s(&w, 3);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.survey.moas, 0);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("counts")
{
	TIMEOUT(60);
	TEST(router_calls_invalid_what_is_not);
	LOOP(router_counts_more_invalid_ones,
	    sizeof(counts_of_invalid) / sizeof(counts_of_invalid[0]));
	TEST(router_sends_invalid_ones_by_its_count);
	TEST(router_shows_what_it_makes_of_routes);
	TEST(survey_counts_what_is_no_incident);
	TEST(lasting_difference_is_told);
	TEST(passing_difference_is_nothing);
	TEST(lost_session_says_nothing_of_it);
	TEST(nothing_here_and_there_agrees);
	TEST(what_cannot_be_compared_any_longer_is_over);
	LOOP(other_gauges_say_nothing, sizeof(others) / sizeof(others[0]));
	LOOP(every_view_has_its_gauges, sizeof(gauges) / sizeof(gauges[0]));
	TEST(volume_is_told_when_it_is_news);
	LOOP(router_calls_valid_what_is_invalid, 2);
	TEST(many_invalid_ones);
	LOOP(flap_says_nothing_of_invalid_ones, 4);
	LOOP(flap_says_nothing_of_marks, 2);
	LOOP(flap_says_nothing_of_counts, 3);
	LOOP(half_a_walk_counts_nothing, 2);
	LOOP(router_counts_no_invalid_ones, 2);
}

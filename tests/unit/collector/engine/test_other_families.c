/* Routes that are known by a key: labelled, VPN and EVPN ones sent in bytes and found again by
 * prefix; those of other families as events. */
#include "tests/unit/support/harness.h"

#include "collector/engine/engine.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/engine_look.h"

enum { FOUND_MAX = 8 };

struct found {
	char text[128];
	uint32_t label;
};

struct fixture {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *session;
	unsigned findings;
	struct engine_event event; /* the last about a route */
	unsigned events;
	struct found found[FOUND_MAX];
	unsigned found_n;
};

static const struct bmp_peer_spec peer = {
	.as = 64501, .address = { IP_V4, { 192, 0, 2, 1 } }, .sec = 1700000000
};
static const int64_t now = 1700000000LL * 1000000;

static void
on_finding(void *ctx, const struct finding *f)
{
	struct fixture *w = ctx;

	(void)f;
	w->findings++;
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	struct fixture *w = ctx;

	if (ev->type != EVENT_ROUTE_ANNOUNCED && ev->type != EVENT_ROUTE_WITHDRAWN)
		return;
	w->event = *ev;
	w->events++;
}

static void
feed(struct fixture *w, const uint8_t *buf, size_t n)
{
	uint8_t *copy = exact_copy(buf, n);

	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(engine_session_feed(w->session, copy, n, now), n);
	free(copy);
}

static void
setup(struct fixture *w)
{
	static const struct engine_ops ops = { on_finding, on_event };
	static const struct bgp_open_spec open = { .as = 64501, .role = BGP_ROLE_NONE };
	static const struct ip_addr local = { .family = IP_NONE };
	static const uint32_t own_as[] = { 64999 };
	struct detect_own own[1] = { { .origins = NULL } };
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 10,
		.stale_s = 300,
		.settle_s = 120,
		.seed = 1 };
	/* everything here lies in an own prefix, and would be a hijack if it were not in a VPN */
	struct detect_config dc = { .own_asns = own_as, .own_asns_n = 1, .own = own, .own_n = 1 };
	uint8_t buf[512];

	ip_prefix_parse("0.0.0.0/0", true, &own[0].prefix);
	memset(w, 0, sizeof(*w));
	w->detect = detect_new(&dc, 1);
	w->engine = engine_new(&config, w->detect, &ops, w);
	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "pe1", "test"));
	feed(w, buf, bmp_write_peer_up(buf, sizeof(buf), &peer, &local, &open, &open, NULL));
}

static struct engine_stats
stats(const struct fixture *w)
{
	struct engine_stats s;

	engine_stats(w->engine, &s);
	return s;
}

/* All withdrawn: no trace of anything. */
static void
teardown(struct fixture *w)
{
	ck_assert_uint_eq(stats(w).routes, 0);
	ck_assert_uint_eq(stats(w).prefixes, 0);
	ck_assert_uint_eq(stats(w).blocks, 0);
	ck_assert_uint_eq(w->findings, 0);
	engine_session_close(w->session, "end", now);
	engine_free(w->engine);
	detect_free(w->detect);
}

/* An UPDATE with one MP attribute: ORIGIN and AS_PATH are added to an announcement. */
static void
say(struct fixture *w, bool announce, const void *mp, size_t mp_len)
{
	static const uint8_t path[] = { 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb, 0xf5 };
	size_t path_len = announce ? sizeof(path) : 0, attrs = path_len + 3 + mp_len;
	uint8_t bgp[512], buf[1024];
	struct writer o = wr_of(bgp, sizeof(bgp));

	for (int i = 0; i < 16; i++)
		wr_u8(&o, 0xff);
	wr_u16(&o, (uint16_t)(23 + attrs));
	wr_u8(&o, 2);
	wr_u16(&o, 0);
	wr_u16(&o, (uint16_t)attrs);
	wr_bytes(&o, path, path_len);
	wr_u8(&o, 0x80);
	wr_u8(&o, announce ? ATTR_MP_REACH : ATTR_MP_UNREACH);
	wr_u8(&o, (uint8_t)mp_len);
	wr_bytes(&o, mp, mp_len);
	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peer, bgp, wr_len(&o)));
}

static bool
on_route(void *ctx, const struct engine_route *r)
{
	struct fixture *w = ctx;
	struct found *f = &w->found[w->found_n++];
	struct txt t = txt_of(f->text, sizeof(f->text));

	ck_assert_uint_le(w->found_n, FOUND_MAX);
	ck_assert_ptr_nonnull(r->nlri);
	ck_assert_uint_eq(r->rules_true, 0);
	bgp_nlri_text(&t, r->family, r->nlri);
	f->label = r->nlri->labels_n > 0 ? r->nlri->labels[0] >> 4 : 0;
	return true;
}

static unsigned
look(struct fixture *w, const char *prefix)
{
	struct engine_place at = { 0 };
	struct ip_prefix ip;

	ck_assert(ip_prefix_parse(prefix, true, &ip));
	w->found_n = 0;
	ck_assert(!engine_lookup(w->engine, &ip, &at, on_route, w));
	return w->found_n;
}

#define VPN_HEAD 0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 9, 0
#define RD_100	 0, 0, 0xfb, 0xf4, 0, 0, 0, 100
#define RD_200	 0, 0, 0xfb, 0xf4, 0, 0, 0, 200
#define LABEL(n) (n) >> 12 & 255, (n) >> 4 & 255, ((n) << 4 & 255) | 1

START_TEST(test_vpn)
{
	static const uint8_t two[] = { VPN_HEAD, 112, LABEL(100), RD_100, 203, 0, 113, 112,
		LABEL(100), RD_200, 203, 0, 113 },
			     moved[] = { VPN_HEAD, 112, LABEL(4099), RD_100, 203, 0, 113 },
			     gone[] = { 0, 1, 128, 112, 0x80, 0, 0, RD_100, 203, 0, 113 },
			     gone2[] = { 0, 1, 128, 112, 0, 0, 0, RD_200, 203, 0, 113 };
	struct fixture w;

	setup(&w);
	say(&w, true, two, sizeof(two));
	ck_assert_uint_eq(stats(&w).routes, 2);
	ck_assert_uint_eq(stats(&w).blocks, 1); /* equal labels share their attributes */
	ck_assert_uint_eq(look(&w, "203.0.113.0/24"), 2);
	ck_assert_uint_eq(look(&w, "203.0.113.0/25"), 0);
	say(&w, true, moved, sizeof(moved));
	ck_assert_uint_eq(stats(&w).routes, 2);
	ck_assert_uint_eq(stats(&w).blocks, 2);
	say(&w, false, gone2, sizeof(gone2));
	ck_assert_uint_eq(look(&w, "203.0.113.0/24"), 1);
	ck_assert_str_eq(w.found[0].text, "64500:100 203.0.113.0/24");
	ck_assert_uint_eq(w.found[0].label, 4099);
	say(&w, false, gone, sizeof(gone));
	teardown(&w);
}
END_TEST

START_TEST(test_labelled)
{
	static const uint8_t v6[] = { 0, 2, 4, 16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 1, 0, 72, LABEL(30), 0x20, 1, 0xd, 0xb8, 0, 5 },
			     gone[] = { 0, 2, 4, 72, 0x80, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 5 };
	struct fixture w;

	setup(&w);
	say(&w, true, v6, sizeof(v6));
	ck_assert_uint_eq(look(&w, "2001:db8:5::/48"), 1);
	ck_assert_str_eq(w.found[0].text, "2001:db8:5::/48");
	ck_assert_uint_eq(w.found[0].label, 30);
	say(&w, false, gone, sizeof(gone));
	teardown(&w);
}
END_TEST

#define EVPN_HEAD 0, 25, 70, 4, 192, 0, 2, 9, 0
#define ESI(n)	  0, 0, 0, 0, 0, 0, 0, 0, 0, n
#define MAC_IP	  48, 2, 0, 0, 0, 0, 1, 32, 192, 0, 2, 77

START_TEST(test_evpn)
{
	static const uint8_t one[] = { EVPN_HEAD, 2, 37, RD_100, ESI(0), 0, 0, 0, 0, MAC_IP, 0, 39,
		16 },
			     other_esi[] = { EVPN_HEAD, 2, 37, RD_100, ESI(7), 0, 0, 0, 0, MAC_IP,
				     0, 39, 16 },
			     /* a route type of the future, a broken one, and one that is good */
	    three[] = { EVPN_HEAD, 200, 2, 1, 2, 2, 3, 9, 9, 9, 3, 17, RD_100, 0, 0, 0, 0, 32, 192,
		    0, 2, 9 },
			     gone[] = { 0, 25, 70, 2, 37, RD_100, ESI(0), 0, 0, 0, 0, MAC_IP, 0, 0,
				     0, 3, 17, RD_100, 0, 0, 0, 0, 32, 192, 0, 2, 9 };
	struct fixture w;

	setup(&w);
	say(&w, true, one, sizeof(one));
	ck_assert_uint_eq(look(&w, "192.0.2.77/32"), 1);
	ck_assert_str_eq(
	    w.found[0].text, "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[192.0.2.77]");
	say(&w, true, other_esi, sizeof(other_esi)); /* ESI is no part of the key (RFC 7432 7.2) */
	ck_assert_uint_eq(stats(&w).routes, 1);
	say(&w, true, three, sizeof(three));
	ck_assert_uint_eq(stats(&w).routes, 2);
	say(&w, false, gone, sizeof(gone));
	teardown(&w);
}
END_TEST

/* The default routes of IPv4 and IPv6 in one VRF: neither replaces the other, or goes with it. */
START_TEST(test_evpn_defaults)
{
#define ANY4	 0, 0, 0, 0
#define ANY6	 ANY4, ANY4, ANY4, ANY4
#define DEFAULT4 5, 34, RD_100, ESI(0), 0, 0, 0, 0, 0, ANY4, ANY4, 0, 39, 16
#define DEFAULT6 5, 58, RD_100, ESI(0), 0, 0, 0, 0, 0, ANY6, ANY6, 0, 39, 16
	static const uint8_t v4[] = { EVPN_HEAD, DEFAULT4 }, v6[] = { EVPN_HEAD, DEFAULT6 },
			     gone4[] = { 0, 25, 70, DEFAULT4 }, gone6[] = { 0, 25, 70, DEFAULT6 };
	struct fixture w;

	setup(&w);
	say(&w, true, v4, sizeof(v4));
	say(&w, true, v6, sizeof(v6));
	ck_assert_uint_eq(stats(&w).routes, 2);
	ck_assert_uint_eq(look(&w, "0.0.0.0/0"), 1);
	ck_assert_str_eq(w.found[0].text, "64500:100 [5]:[0]:[0]:[0.0.0.0]");
	say(&w, false, gone4, sizeof(gone4));
	ck_assert_uint_eq(look(&w, "0.0.0.0/0"), 0);
	ck_assert_uint_eq(look(&w, "::/0"), 1);
	ck_assert_str_eq(w.found[0].text, "64500:100 [5]:[0]:[0]:[::]");
	say(&w, false, gone6, sizeof(gone6));
	teardown(&w);
}
END_TEST

/* FlowSpec has no table to be looked up in: changes are events, and nothing else is. */
START_TEST(test_flowspec)
{
#define RULE 11, 1, 24, 192, 0, 2, 3, 0x81, 6, 4, 0x81, 25
	static const uint8_t one[] = { 0, 1, 133, 0, 0, RULE }, gone[] = { 0, 1, 133, RULE };
	uint8_t buf[256];
	struct fixture w;

	setup(&w);
	say(&w, true, one, sizeof(one));
	ck_assert_uint_eq(w.events, 1);
	ck_assert_uint_eq(w.event.type, EVENT_ROUTE_ANNOUNCED);
	ck_assert_str_eq(w.event.text, "dst 192.0.2.0/24 proto =6 port =25");
	ck_assert_uint_eq(w.event.family.safi, 133);
	say(&w, true, one, sizeof(one));
	ck_assert_uint_eq(w.events, 1);
	say(&w, false, gone, sizeof(gone));
	ck_assert_uint_eq(w.events, 2);
	ck_assert_uint_eq(w.event.type, EVENT_ROUTE_WITHDRAWN);
	ck_assert_str_eq(w.event.text, "dst 192.0.2.0/24 proto =6 port =25");
	/* the end of a session is one event, not one for each rule */
	say(&w, true, one, sizeof(one));
	feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &peer, 4, 0));
	while (engine_work(w.engine, 7, now)) {
	}
	ck_assert_uint_eq(w.events, 3);
	teardown(&w);
}
END_TEST

/* Routes of classful transport are those of a VPN in shape (RFC 9832 8). */
START_TEST(test_classful_transport)
{
	static const uint8_t one[] = { 0, 1, 76, 4, 192, 0, 2, 9, 0, 120, LABEL(100), RD_100, 192,
		0, 2, 77 },
			     gone[] = { 0, 1, 76, 120, 0x80, 0, 0, RD_100, 192, 0, 2, 77 };
	struct fixture w;

	setup(&w);
	say(&w, true, one, sizeof(one));
	ck_assert_uint_eq(look(&w, "192.0.2.77/32"), 1);
	ck_assert_str_eq(w.found[0].text, "64500:100 192.0.2.77/32");
	ck_assert_uint_eq(w.found[0].label, 100);
	say(&w, false, gone, sizeof(gone));
	teardown(&w);
}
END_TEST

/* A peer that goes takes its VPN routes with it. */
START_TEST(test_peer_down)
{
	static const uint8_t one[] = { VPN_HEAD, 112, LABEL(100), RD_100, 203, 0, 113 };
	uint8_t buf[256];
	struct fixture w;

	setup(&w);
	say(&w, true, one, sizeof(one));
	ck_assert_uint_eq(stats(&w).routes, 1);
	feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &peer, 4, 0));
	while (engine_work(w.engine, 7, now)) {
	}
	teardown(&w);
}
END_TEST

/* Plain routes and routes with a key, the same malformed attributes: one fault, one treatment. */
START_TEST(test_one_check)
{
	static const uint8_t body[] = { 0, 0, 0, 40, 0x40, 1, 1, 9, 0x40, 2, 6, 2, 1, 0, 0, 0xfb,
		0xf5, 0x40, 3, 4, 192, 0, 2, 1, 0x80, ATTR_MP_REACH, 17, 0, 1, 133, 0, 0, RULE, 24,
		198, 51, 100 };
	uint8_t bgp[128], buf[256];
	struct writer o = wr_of(bgp, sizeof(bgp));
	struct fixture w;

	setup(&w);
	for (int i = 0; i < 16; i++)
		wr_u8(&o, 0xff);
	wr_u16(&o, (uint16_t)(19 + sizeof(body)));
	wr_u8(&o, 2);
	wr_bytes(&o, body, sizeof(body));
	feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peer, bgp, wr_len(&o)));
	ck_assert_uint_eq(first_router(w.engine).counters.faults[FAULT_ATTR_VALUE], 1);
	ck_assert_uint_eq(stats(&w).treated_as_withdraw, 1);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("other_families")
{
	TEST(test_vpn);
	TEST(test_labelled);
	TEST(test_evpn);
	TEST(test_evpn_defaults);
	TEST(test_flowspec);
	TEST(test_classful_transport);
	TEST(test_peer_down);
	TEST(test_one_check);
}

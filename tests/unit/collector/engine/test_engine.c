/* The engine from bytes to findings: scenarios made with the project's own writers, checked by what
 * comes out. */
#include "tests/unit/support/harness.h"

#include "collector/engine/engine.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/engine_look.h"

enum { LOG_MAX = 4096 };

struct fixture {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *session;
	struct finding findings[LOG_MAX];
	unsigned findings_n;
	unsigned forgotten, limits_reached, limits_over;
	uint32_t forgotten_number; /* the last one */
	unsigned on, off, synced, peer_up, peer_down, router_up, router_down;
	char text[ENGINE_TEXT_MAX]; /* of the last event */
	int64_t now;
};

/* As whoever keeps the findings: what has become true of a route, and what has ceased to be. */
static void
count_flips(struct fixture *w, const struct finding *f)
{
	unsigned was = 0, before = w->findings_n - 1;

	for (unsigned k = 0; k < before; k++) {
		const struct finding *o = &w->findings[k];

		if (o->router == f->router && o->peer == f->peer && o->view == f->view &&
		    o->path_id == f->path_id && ip_prefix_cmp(&o->prefix, &f->prefix) == 0)
			was = o->rules;
	}
	w->on += (unsigned)__builtin_popcount(f->rules & ~was);
	w->off += (unsigned)__builtin_popcount(was & ~(unsigned)f->rules);
}

static void
on_finding(void *ctx, const struct finding *f)
{
	struct fixture *w = ctx;

	ck_assert_uint_lt(w->findings_n, LOG_MAX);
	w->findings[w->findings_n++] = *f;
	count_flips(w, f);
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	struct fixture *w = ctx;

	w->limits_reached += ev->type == EVENT_LIMIT_REACHED;
	w->limits_over += ev->type == EVENT_LIMIT_OVER;
	if (ev->type == EVENT_ROUTER_FORGOTTEN) {
		w->forgotten++;
		w->forgotten_number = ev->router;
	}
	w->synced += ev->type == EVENT_ROUTER_SYNCED;
	w->peer_up += ev->type == EVENT_PEER_UP;
	w->peer_down += ev->type == EVENT_PEER_DOWN;
	w->router_up += ev->type == EVENT_ROUTER_UP;
	w->router_down += ev->type == EVENT_ROUTER_DOWN;
	memcpy(w->text, ev->text, sizeof(w->text));
}

static const struct engine_ops ops = { on_finding, on_event };

static const uint32_t own_as[] = { 64500 }, provider_free[] = { 174, 1299, 3356 };

static struct detect *
detect_as_ever(uint16_t generation)
{
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as,
		.own_asns_n = 1,
		.provider_free = provider_free,
		.provider_free_n = 3,
		.own = own,
		.own_n = 1 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	return detect_new(&dc, generation);
}

static void
setup(struct fixture *w)
{
	struct engine_config config = { .rib = rib_limits_default(100000),
		.message_max = 1 << 20,
		.peers_per_router = 100,
		.stale_s = 300,
		.settle_s = 120,
		.forget_s = 1000,
		.lost_max = 10,
		.seed = 12345 };

	config.rib.account_octets = 10000;
	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * 1000000;
	w->detect = detect_as_ever(1);
	w->engine = engine_new(&config, w->detect, &ops, w);
	ck_assert_ptr_nonnull(w->engine);
}

static void
teardown(struct fixture *w)
{
	if (w->session != NULL)
		engine_session_close(w->session, "end", w->now);
	engine_free(w->engine);
	detect_free(w->detect);
}

static void
work(struct fixture *w)
{
	while (engine_work(w->engine, 7, w->now)) {
	}
}

static void
feed(struct fixture *w, const uint8_t *buf, size_t n)
{
	/* in two pieces: a stream may be cut anywhere */
	size_t half = n / 2, used = engine_session_feed(w->session, buf, half, w->now);
	uint8_t *rest = exact_copy(buf + used, n - used);

	ck_assert_uint_eq(engine_session_feed(w->session, rest, n - used, w->now), n - used);
	free(rest);
}

static struct bmp_peer_spec
peer(uint32_t as, uint8_t flags)
{
	struct bmp_peer_spec p = { .flags = flags,
		.as = as,
		.address = { IP_V4, { 192, 0, 2, (uint8_t)as } },
		.sec = 1700000000 };

	return p;
}

static struct bmp_peer_spec
loc_rib(void)
{
	struct bmp_peer_spec p = {
		.type = BMP_PEER_LOC_RIB, .as = 64500, .bgp_id = { 1, 1, 1, 1 }, .sec = 1700000000
	};

	return p;
}

static void
up(struct fixture *w, struct bmp_peer_spec p, uint8_t our_role, uint8_t their_role)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = 64500, .role = our_role },
			     received = { .as = p.as, .role = their_role };
	uint8_t buf[512];

	feed(w, buf, bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
}

static void
start(struct fixture *w)
{
	uint8_t buf[256];

	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, w->now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up(w, peer(64501, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	up(w, peer(64510, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	up(w, loc_rib(), BGP_ROLE_NONE, BGP_ROLE_NONE);
}

struct update_run {
	const char *prefix;
	uint32_t path[8];
	uint32_t otc;
};

static void
say(struct fixture *w, struct bmp_peer_spec p, const struct update_run *r, bool announce)
{
	struct bgp_route_spec spec = { .as_path = r->path,
		.next_hop = { IP_V4, { 192, 0, 2, 1 } },
		.has_otc = r->otc != 0,
		.otc = r->otc };
	struct bgp_prefix_spec x = { .path_id = 0 };
	uint8_t bgp[1024], buf[2048];
	size_t n;

	ck_assert(ip_prefix_parse(r->prefix, true, &x.prefix));
	spec.next_hop.family = x.prefix.family;
	while (r->path[spec.as_path_n] != 0)
		spec.as_path_n++;
	n = announce ? bgp_write_update(bgp, sizeof(bgp), &spec, &x, 1, NULL, 0, false)
		     : bgp_write_update(bgp, sizeof(bgp), &spec, NULL, 0, &x, 1, false);
	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

static void
eor(struct fixture *w, struct bmp_peer_spec p)
{
	uint8_t bgp[64], buf[256];
	size_t n =
	    bgp_write_end_of_rib(bgp, sizeof(bgp), (struct bgp_family){ AFI_IPV4, SAFI_UNICAST });

	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

static void
set_vrps(struct fixture *w, struct vrp_set **held, const char *const *prefixes, const uint8_t *max,
    const uint32_t *asns, size_t n, uint64_t gen)
{
	struct vrp_list l = { 0 };
	struct vrp_set *next;
	struct vrp_delta d;

	for (size_t i = 0; i < n; i++) {
		struct vrp v = { .max_len = max[i], .asn = asns[i] };

		ip_prefix_parse(prefixes[i], true, &v.prefix);
		vrp_list_add(&l, &v);
	}
	vrp_list_sort_unique(&l);
	next = vrp_set_new(&l, gen);
	ck_assert(vrp_delta_between(*held, next, &d));
	engine_set_rpki(w->engine, next, vrp_cover_new(&d), REASON_RPKI);
	vrp_delta_free(&d);
	vrp_set_unref(*held);
	*held = next;
	vrp_list_free(&l);
	work(w);
}

/* --- scenarios */

static const struct update_run hijack = { "203.0.113.128/25", { 64510, 64666 }, 0 };
static const struct update_run plain = { "20.0.0.0/24", { 64510, 64999 }, 0 };
static const struct update_run leak = { "20.0.1.0/24", { 64501, 64510, 64999 }, 64510 };

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

/* An RPKI delta flips just what it touches, with its cause; the end is the same as with a fresh
 * start. */
START_TEST(test_rpki_delta)
{
	static const char *const one[] = { "20.0.0.0/16" }, *const two[] = { "20.0.0.0/16",
		"20.0.0.0/24" };
	static const uint8_t max1[] = { 16 }, max2[] = { 16, 24 };
	static const uint32_t as1[] = { 64999 }, as2[] = { 64999, 64999 };
	static const struct update_run elsewhere = { "21.0.0.0/24", { 64510, 64999 }, 0 };
	struct vrp_set *held = NULL;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &plain, true);
	say(&w, peer(64510, 0), &elsewhere, true);
	set_vrps(&w, &held, one, max1, as1, 1, 1);
	ck_assert_uint_eq(w.on, 1);
	ck_assert_uint_eq(w.findings[0].rules, 1U << RULE_ROV_LENGTH);
	ck_assert_uint_eq(w.findings[0].cause, REASON_RPKI);
	ck_assert_uint_eq(w.findings[0].vrps_n, 1);
	ck_assert(w.findings[0].cause_vrps_n == 1 && w.findings[0].cause_vrps_went == 0);
	ck_assert_uint_eq(w.findings[0].cause_vrps[0].prefix.len, 16);
	set_vrps(&w, &held, two, max2, as2, 2, 2);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.findings[1].cause, REASON_RPKI);
	set_vrps(&w, &held, one, max1, as1, 1, 3);
	ck_assert_uint_eq(w.on, 2);
	ck_assert(w.findings[2].cause_vrps_n == 1 && w.findings[2].cause_vrps_went == 1);
	ck_assert_uint_eq(w.findings[2].cause_vrps[0].prefix.len, 24);
	say(&w, peer(64511, 0), &plain, true);
	ck_assert(w.on == 3 && w.findings[3].cause_vrps_n == 0);
	say(&w, peer(64511, 0), &plain, false);
	ck_assert_uint_eq(w.off, 2);
	set_vrps(&w, &held, NULL, NULL, NULL, 0, 4);
	ck_assert_uint_eq(w.off, 3);
	vrp_set_unref(held);
	teardown(&w);
}
END_TEST

START_TEST(test_new_configuration)
{
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as, .own_asns_n = 1, .own = own, .own_n = 1 };
	struct detect *next;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	say(&w, peer(64510, 0), &plain, true);
	ck_assert_uint_eq(w.on, 1);
	ip_prefix_parse("20.0.0.0/16", true, &own[0].prefix);
	next = detect_new(&dc, 2);
	engine_set_detect(w.engine, next);
	work(&w);
	ck_assert(!engine_work(w.engine, 7, w.now)); /* the old one may be freed */
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.on, 2);
	detect_free(w.detect);
	w.detect = next;
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
			ck_assert_str_eq(w.text, "local AS 64500, neighbour is unknown");
			feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &p, 3, 0));
			ck_assert_uint_eq(w.peer_down, round);
		}
		/* a session that is lost and is back says nothing of the peer */
		up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE);
		ck_assert_uint_eq(w.peer_up, 6);
		engine_session_close(w.session, "lost", w.now);
		start(&w);
		eor(&w, p);
		up(&w, p, BGP_ROLE_NONE, BGP_ROLE_NONE);
		ck_assert_uint_eq(w.peer_up, 6);
		teardown(&w);
	}
}
END_TEST

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

static void
lose(struct fixture *w)
{
	engine_session_close(w->session, "lost", w->now);
	w->session = NULL;
	w->now += 1000000;
}

static void
reload_unchanged(struct fixture *w, uint16_t generation)
{
	struct detect *next = detect_as_ever(generation);

	engine_set_detect(w->engine, next);
	work(w);
	detect_free(w->detect);
	w->detect = next;
}

/* What the OPENs said of a neighbour holds while its router is away, also for a configuration that
 * is loaded meanwhile: its leaks are neither ended by that nor opened anew. */
START_TEST(test_reload_while_lost)
{
	static const struct update_run provider_free_leak = { "20.2.0.0/24", { 64501, 3356, 64999 },
		0 };
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64501, 0), &leak, true);
	say(&w, peer(64501, 0), &provider_free_leak, true);
	say(&w, loc_rib(), &leak, true);
	ck_assert_uint_eq(w.on, 3);
	lose(&w);
	reload_unchanged(&w, 2);
	ck_assert_uint_eq(w.off, 0);
	start(&w);
	say(&w, peer(64501, 0), &leak, true);
	say(&w, peer(64501, 0), &provider_free_leak, true);
	say(&w, loc_rib(), &leak, true);
	work(&w);
	ck_assert_uint_eq(w.on, 3);
	ck_assert_uint_eq(w.off, 0);
	say(&w, peer(64501, 0), &leak, false);
	say(&w, peer(64501, 0), &provider_free_leak, false);
	ck_assert_uint_eq(w.off, 3);
	teardown(&w);
}
END_TEST

/* Other roles than before: the routes of the peer are evaluated again, in whatever order roles and
 * routes come. */
START_TEST(test_roles_change)
{
	struct bmp_peer_spec p = peer(64501, 0);
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, loc_rib(), &leak, true);
	say(&w, p, &leak, true);
	ck_assert_uint_eq(w.on, 2);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER); /* a provider may pass it on */
	work(&w);
	ck_assert_uint_eq(w.off, 2);
	ck_assert_uint_eq(w.findings[2].cause, REASON_ROLES);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER); /* nothing new */
	work(&w);
	ck_assert_uint_eq(w.findings_n, 4);
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.on, 4);
	ck_assert_uint_eq(w.findings[4].cause, REASON_ROLES);

	p = peer(64502, 0); /* its routes come before its OPENs */
	say(&w, p, &leak, true);
	ck_assert_uint_eq(w.on, 4);
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.on, 5);
	say(&w, p, &leak, false);
	say(&w, peer(64501, 0), &leak, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

/* Roles that change while another change of them waits, or while stale routes wait for the sweep:
 * what is left in the end is as the last ones have it. */
START_TEST(test_roles_change_while_working)
{
	struct bmp_peer_spec p = peer(64501, 0);
	struct update_run r[40];
	char prefix[40][32];
	struct engine_stats stats;
	struct fixture w;

	setup(&w);
	start(&w);
	for (int i = 0; i < 40; i++) {
		snprintf(prefix[i], sizeof(prefix[i]), "20.9.%d.0/24", i);
		r[i] = leak;
		r[i].prefix = prefix[i];
		say(&w, p, &r[i], true);
	}
	ck_assert_uint_eq(w.on, 40);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	for (int i = 0; i < 2; i++)
		ck_assert(engine_work(w.engine, 7, w.now));
	for (int i = 0; i < 20; i++) /* the table closes its ranks under the work */
		say(&w, p, &r[2 * i], false);
	work(&w);
	ck_assert_uint_eq(w.on, w.off);
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	ck_assert(engine_work(w.engine, 7, w.now));
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	ck_assert(engine_work(w.engine, 7, w.now));
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.on - w.off, 20);
	lose(&w);
	start(&w);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	for (int i = 0; i < 5; i++)
		say(&w, p, &r[2 * i + 1], true);
	eor(&w, p);
	work(&w);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, 5);
	ck_assert_uint_eq(w.on, w.off);
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

static uint64_t
routes_now(struct fixture *w)
{
	struct engine_stats stats;

	engine_stats(w->engine, &stats);
	return stats.routes;
}

static void
wait_s(struct fixture *w, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		w->now += 1000000;
		engine_tick(w->engine, w->now);
		work(w);
	}
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

/* --- routers that are no longer known */

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
	struct bmp_peer_spec gone = peer(64520, 0);
	struct fixture w;
	uint8_t buf[256];

	setup(&w);
	start(&w);
	up(&w, gone, BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, gone, &hijack, true);
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

/* Every path of a prefix is evaluated again, and more paths than a prefix may have are refused and
 * counted. */
START_TEST(test_addpath_many_paths)
{
	static const struct bgp_addpath both = { { AFI_IPV4, SAFI_UNICAST }, 3 };
	static const char *const vrp[] = { "20.0.0.0/24" };
	static const struct ip_addr local = { .family = IP_NONE };
	static const uint8_t max[] = { 24 };
	static const uint32_t as[] = { 64998 }, path[] = { 64520, 64999 };
	struct bmp_peer_spec p = peer(64520, 0);
	struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
			     received = { .as = 64520, .role = BGP_ROLE_NONE };
	struct bgp_route_spec route = {
		.as_path = path, .as_path_n = 2, .next_hop = { IP_V4, { 1 } }
	};
	struct bgp_prefix_spec x = { .prefix = { IP_V4, 24, { 20 } } };
	struct vrp_set *held = NULL;
	struct engine_stats stats;
	uint8_t bgp[256], buf[512];
	struct fixture w;

	setup(&w);
	start(&w);
	sent.addpaths = received.addpaths = &both;
	sent.addpaths_n = received.addpaths_n = 1;
	feed(&w, buf, bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
	for (x.path_id = 1; x.path_id <= ROUTE_PATHS_MAX + 3; x.path_id++) {
		size_t n = bgp_write_update(bgp, sizeof(bgp), &route, &x, 1, NULL, 0, true);

		feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
	}
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, ROUTE_PATHS_MAX);
	ck_assert_uint_eq(stats.refused, 3);
	set_vrps(&w, &held, vrp, max, as, 1, 1);
	ck_assert_uint_eq(w.on, ROUTE_PATHS_MAX);
	set_vrps(&w, &held, NULL, NULL, NULL, 0, 2);
	ck_assert_uint_eq(w.off, ROUTE_PATHS_MAX);
	vrp_set_unref(held);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("engine")
{
	TEST(test_hijack_edges);
	TEST(test_replaced_by_another_origin);
	TEST(test_reconnect);
	TEST(test_reload_while_lost);
	TEST(test_roles_change);
	TEST(test_roles_change_while_working);
	ROWS(test_peer_up_again, another_session);
	TEST(test_peer_up_again_without_end_of_rib);
	ROWS(test_peer_up_repeated, repeated_up);
	TEST(test_peer_up_again_and_lost);
	TEST(test_router_forgotten);
	TEST(test_too_many_lost);
	TEST(test_attributes_limit);
	TEST(test_renamed);
	TEST(test_lost_while_swept);
	TEST(test_flapping_session);
	TEST(test_peers_forgotten);
	TEST(test_peers_ever_new);
	TEST(test_peer_down_withdraws);
	TEST(test_expiry_says_nothing);
	TEST(test_leak_joined_over_views);
	TEST(test_peerlock);
	TEST(test_rpki_delta);
	TEST(test_addpath_many_paths);
	TEST(test_new_configuration);
	TEST(test_treat_as_withdraw);
	TEST(test_peer_up_late);
	TEST(test_two_sessions_of_one_name);
}

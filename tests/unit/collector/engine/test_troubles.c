/* What is wrong with a feed: told when it begins, once, and when it is over. */
#include "tests/unit/support/harness.h"

#include "collector/engine/engine.h"
#include "parsers/bgp/message.h"
#include "parsers/bmp/write.h"

enum { SECOND = 1000000, SETTLE_S = 20 };

struct fixture {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *session;
	int64_t now;
	unsigned on[ENGINE_TROUBLES], off[ENGINE_TROUBLES], misfit, fit;
	unsigned aspa_misfit, aspa_fits;
	char text[ENGINE_TEXT_MAX];
};

static void
on_finding(void *ctx, const struct finding *f)
{
	(void)ctx;
	(void)f;
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	struct fixture *w = ctx;

	switch (ev->type) {
	case EVENT_TROUBLE:
		w->on[ev->trouble]++;
		break;
	case EVENT_TROUBLE_OVER:
		w->off[ev->trouble]++;
		break;
	case EVENT_ROLES_MISFIT:
		w->misfit++;
		break;
	case EVENT_ROLES_FIT:
		w->fit++;
		break;
	case EVENT_ASPA_MISFIT:
		w->aspa_misfit++;
		break;
	case EVENT_ASPA_FITS:
		w->aspa_fits++;
		break;
	default:
		return;
	}
	ck_assert_str_eq(ev->router_name, "r1");
	memcpy(w->text, ev->text, sizeof(w->text));
}

static const struct bmp_peer_spec peer = { .as = 64501, .address = { IP_V4, { 192, 0, 2, 1 } } };

static void
feed(struct fixture *w, const uint8_t *buf, size_t n)
{
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(engine_session_feed(w->session, buf, n, w->now), n);
}

static void
pass(struct fixture *w, unsigned seconds)
{
	for (; seconds > 0; seconds--) {
		w->now += SECOND;
		engine_tick(w->engine, w->now);
		while (engine_work(w->engine, 100, w->now))
			;
	}
}

static void
connect(struct fixture *w)
{
	uint8_t buf[512];

	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, w->now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
}

static void
setup(struct fixture *w, enum relation configured)
{
	static const struct engine_ops ops = { on_finding, on_event };
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 10,
		.stale_s = 300,
		.settle_s = SETTLE_S,
		.forget_s = 600,
		.seed = 1 };
	struct detect_neighbor n = {
		.has_asn = true, .asn = 64501, .relation = (uint8_t)configured
	};
	struct detect_config dc = { .neighbors = &n, .neighbors_n = configured != 0 };

	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * SECOND;
	w->detect = detect_new(&dc, 1);
	w->engine = engine_new(&config, w->detect, &ops, w);
	connect(w);
}

static void
teardown(struct fixture *w)
{
	engine_session_close(w->session, "end", w->now);
	engine_free(w->engine);
	detect_free(w->detect);
}

static struct bmp_peer_spec
timed(const struct fixture *w, uint8_t flags)
{
	struct bmp_peer_spec p = peer;

	p.flags = flags;
	p.sec = (uint32_t)(w->now / SECOND);
	return p;
}

static void
up(struct fixture *w, uint8_t our_role, uint8_t their_role)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = 64500, .role = our_role },
			     received = { .as = 64501, .role = their_role };
	struct bmp_peer_spec p = timed(w, 0);
	uint8_t buf[512];

	feed(w, buf, bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
}

static void
end_of_rib(struct fixture *w, uint8_t flags)
{
	struct bmp_peer_spec p = timed(w, flags);
	uint8_t bgp[64], buf[256];
	size_t n =
	    bgp_write_end_of_rib(bgp, sizeof(bgp), (struct bgp_family){ AFI_IPV4, SAFI_UNICAST });

	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

static void
announce(struct fixture *w, struct bmp_peer_spec p)
{
	static const uint32_t path[] = { 64501 };
	struct bgp_prefix_spec prefix = { .path_id = 0 };
	struct bgp_route_spec r = { .as_path = path, .as_path_n = 1 };
	uint8_t bgp[512], buf[1024];
	size_t n;

	ip_prefix_parse("198.51.100.0/24", true, &prefix.prefix);
	r.next_hop = (struct ip_addr){ IP_V4, { 192, 0, 2, 1 } };
	n = bgp_write_update(bgp, sizeof(bgp), &r, &prefix, 1, NULL, 0, false);
	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

START_TEST(roles)
{
	static const struct {
		uint8_t ours, theirs, configured;
		bool fit;
	} rows[] = {
		{ BGP_ROLE_NONE, BGP_ROLE_NONE, NEIGHBOR_PEER, true },
		{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, NEIGHBOR_UNKNOWN, true },
		{ BGP_ROLE_RS_CLIENT, BGP_ROLE_RS, NEIGHBOR_UNKNOWN, true },
		{ BGP_ROLE_NONE, BGP_ROLE_PROVIDER, NEIGHBOR_PROVIDER, true },
		{ BGP_ROLE_PROVIDER, BGP_ROLE_PROVIDER, NEIGHBOR_UNKNOWN, false },
		{ BGP_ROLE_PEER, BGP_ROLE_CUSTOMER, NEIGHBOR_UNKNOWN, false },
		{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, NEIGHBOR_PROVIDER, false },
		{ BGP_ROLE_NONE, BGP_ROLE_PROVIDER, NEIGHBOR_CUSTOMER, false },
	};
	struct fixture w;

	setup(&w, rows[_i].configured);
	up(&w, rows[_i].ours, rows[_i].theirs);
	pass(&w, 10);
	ck_assert_uint_eq(w.misfit, !rows[_i].fit);
	ck_assert_uint_eq(w.fit, 0);
	if (!rows[_i].fit) {
		ck_assert_uint_gt(strlen(w.text), 10);
		engine_session_close(w.session, "lost", w.now);
		pass(&w, 10);
		ck_assert_uint_eq(w.fit, 0); /* who is away says nothing */
		connect(&w);
		up(&w, BGP_ROLE_NONE, BGP_ROLE_NONE);
		pass(&w, 10);
		ck_assert_uint_eq(w.fit, 1);
	}
	teardown(&w);
}
END_TEST

static void
set_aspa(struct fixture *w, uint32_t customer, uint32_t provider)
{
	struct aspa_list l = { 0 };
	struct aspa_set *s;

	ck_assert(aspa_list_add(&l, customer, provider));
	s = aspa_set_new(&l, 1);
	engine_set_aspas(w->engine, s);
	aspa_set_unref(s);
	aspa_list_free(&l);
	pass(w, 3);
}

START_TEST(our_aspa)
{
	static const struct {
		uint8_t ours, theirs;
		uint32_t customer, provider;
		bool fits;
	} rows[] = {
		{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, 64500, 64501, true },
		{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, 64500, 64502, false },
		{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, 64500, 0, false },
		{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, 64501, 64502, true }, /* not ours */
		{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, 64500, 64502, true },
		{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, 64500, 64501, false },
		{ BGP_ROLE_PEER, BGP_ROLE_PEER, 64500, 64501, false },
		{ BGP_ROLE_NONE, BGP_ROLE_NONE, 64500, 64501, true },
	};
	struct fixture w;

	setup(&w, NEIGHBOR_UNKNOWN);
	up(&w, rows[_i].ours, rows[_i].theirs);
	pass(&w, 3);
	ck_assert(w.aspa_misfit == 0 && w.aspa_fits == 0); /* ASPAs are not known */
	set_aspa(&w, rows[_i].customer, rows[_i].provider);
	ck_assert_uint_eq(w.aspa_misfit, !rows[_i].fits);
	ck_assert_uint_eq(w.aspa_fits, rows[_i].fits);
	pass(&w, 10);
	engine_session_close(w.session, "lost", w.now);
	pass(&w, 3);
	connect(&w);
	ck_assert_uint_eq(w.aspa_misfit + w.aspa_fits, 1); /* told once; who is away says nothing */
	up(&w, rows[_i].ours, rows[_i].theirs);
	set_aspa(&w, 64999, 64998); /* ours is gone */
	ck_assert_uint_eq(w.aspa_fits, 1);
	teardown(&w);
}
END_TEST

START_TEST(a_table_without_end)
{
	struct fixture w;

	setup(&w, NEIGHBOR_UNKNOWN);
	up(&w, BGP_ROLE_NONE, BGP_ROLE_NONE);
	announce(&w, timed(&w, 0));
	end_of_rib(&w, 0);
	announce(&w, timed(&w, BMP_FLAG_L));
	pass(&w, SETTLE_S - 1);
	ck_assert_uint_eq(w.on[TROUBLE_INCOMPLETE], 0);
	pass(&w, 20);
	ck_assert_uint_eq(w.on[TROUBLE_INCOMPLETE], 1);
	ck_assert_uint_eq(w.on[TROUBLE_NO_END_OF_RIB], 0);
	ck_assert_uint_eq(w.on[TROUBLE_NO_PEERS], 0);
	end_of_rib(&w, BMP_FLAG_L);
	pass(&w, 3);
	ck_assert_uint_eq(w.off[TROUBLE_INCOMPLETE], 1);
	/* a table that had no route when its end came is whole */
	end_of_rib(&w, BMP_FLAG_O);
	announce(&w, timed(&w, BMP_FLAG_O));
	pass(&w, 60);
	ck_assert_uint_eq(w.on[TROUBLE_INCOMPLETE], 1);
	teardown(&w);
}
END_TEST

START_TEST(no_end_anywhere)
{
	struct fixture w;

	setup(&w, NEIGHBOR_UNKNOWN);
	up(&w, BGP_ROLE_NONE, BGP_ROLE_NONE);
	announce(&w, timed(&w, 0));
	pass(&w, 60);
	ck_assert_uint_eq(w.on[TROUBLE_NO_END_OF_RIB], 1);
	ck_assert_uint_eq(w.on[TROUBLE_INCOMPLETE], 0);
	end_of_rib(&w, 0);
	pass(&w, 3);
	ck_assert_uint_eq(w.off[TROUBLE_NO_END_OF_RIB], 1);
	teardown(&w);
}
END_TEST

START_TEST(no_peers)
{
	struct fixture w;

	setup(&w, NEIGHBOR_UNKNOWN);
	pass(&w, 60);
	ck_assert_uint_eq(w.on[TROUBLE_NO_PEERS], 1);
	engine_session_close(w.session, "lost", w.now);
	connect(&w);
	pass(&w, 3);
	ck_assert_uint_eq(w.off[TROUBLE_NO_PEERS], 0); /* nothing is known yet */
	up(&w, BGP_ROLE_NONE, BGP_ROLE_NONE);
	end_of_rib(&w, 0);
	pass(&w, 60);
	ck_assert_uint_eq(w.off[TROUBLE_NO_PEERS], 1);
	ck_assert_uint_eq(w.on[TROUBLE_NO_PEERS], 1);
	teardown(&w);
}
END_TEST

START_TEST(doubt_and_its_end)
{
	struct fixture w;

	setup(&w, NEIGHBOR_UNKNOWN);
	announce(&w, timed(&w, 0)); /* no Peer Up */
	pass(&w, 5);
	ck_assert_uint_eq(w.on[TROUBLE_DOUBTFUL], 1);
	ck_assert(strstr(w.text, "192.0.2.1 AS64501") != NULL);
	up(&w, BGP_ROLE_NONE, BGP_ROLE_NONE);
	end_of_rib(&w, 0);
	pass(&w, 60);
	ck_assert_uint_eq(w.off[TROUBLE_DOUBTFUL], 1);
	teardown(&w);
}
END_TEST

START_TEST(a_clock_that_is_wrong)
{
	struct bmp_peer_spec p = peer;
	struct fixture w;

	setup(&w, NEIGHBOR_UNKNOWN);
	up(&w, BGP_ROLE_NONE, BGP_ROLE_NONE);
	p.sec = 1234567890;
	announce(&w, p);
	end_of_rib(&w, 0);
	pass(&w, 120);
	ck_assert_uint_eq(w.on[TROUBLE_CLOCK], 1);
	announce(&w, timed(&w, 0));
	pass(&w, 120);
	ck_assert_uint_eq(w.off[TROUBLE_CLOCK], 1);
	ck_assert_uint_eq(w.on[TROUBLE_CLOCK], 1);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("troubles")
{
	LOOP(roles, 8);
	LOOP(our_aspa, 8);
	TEST(a_table_without_end);
	TEST(no_end_anywhere);
	TEST(no_peers);
	TEST(doubt_and_its_end);
	TEST(a_clock_that_is_wrong);
}

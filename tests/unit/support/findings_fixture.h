/*
 * An engine whose router has a customer, a provider and a Loc-RIB, UPDATEs to send to it, and what
 * it found and told. From bytes to findings: messages are made with the project's own writers.
 */
#pragma once

#include "collector/engine/engine.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/harness.h"

enum { LOG_MAX = 4096 };

struct fixture {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *session;
	struct finding findings[LOG_MAX];
	unsigned findings_n;
	unsigned forgotten, limits_reached, limits_over;
	char limit[ENGINE_TEXT_MAX]; /* the text of the last one that was reached */
	uint32_t forgotten_number;   /* the last one */
	unsigned on, off, synced, peer_up, still_up, peer_down, router_up, router_down;
	char text[ENGINE_TEXT_MAX]; /* of the last event */
	unsigned trouble_on[ENGINE_TROUBLES], trouble_off[ENGINE_TROUBLES];
	char trouble[ENGINE_TEXT_MAX]; /* the text of the last one */
	struct engine_volume volume;   /* that was told last */
	unsigned volumes;
	int64_t now;
};

/* As whoever keeps the findings: what has become true of a route, and what has ceased to be. */
static inline void
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

static inline void
on_finding(void *ctx, const struct finding *f)
{
	struct fixture *w = ctx;

	ck_assert_uint_lt(w->findings_n, LOG_MAX);
	w->findings[w->findings_n++] = *f;
	count_flips(w, f);
}

static inline void
on_event(void *ctx, const struct engine_event *ev)
{
	struct fixture *w = ctx;

	w->limits_reached += ev->type == EVENT_LIMIT_REACHED;
	w->limits_over += ev->type == EVENT_LIMIT_OVER;
	if (ev->type == EVENT_LIMIT_REACHED)
		memcpy(w->limit, ev->text, sizeof(w->limit));
	if (ev->type == EVENT_ROUTER_FORGOTTEN) {
		w->forgotten++;
		w->forgotten_number = ev->router;
	}
	w->synced += ev->type == EVENT_ROUTER_SYNCED;
	w->peer_up += ev->type == EVENT_PEER_UP;
	w->still_up += ev->type == EVENT_PEER_STILL_UP;
	w->peer_down += ev->type == EVENT_PEER_DOWN;
	w->router_up += ev->type == EVENT_ROUTER_UP;
	w->router_down += ev->type == EVENT_ROUTER_DOWN;
	memcpy(w->text, ev->text, sizeof(w->text));
	if (ev->type == EVENT_TROUBLE)
		memcpy(w->trouble, ev->text, sizeof(w->trouble));
	if (ev->type == EVENT_TROUBLE)
		w->trouble_on[ev->trouble]++;
	if (ev->type == EVENT_TROUBLE_OVER)
		w->trouble_off[ev->trouble]++;
	if (ev->type == EVENT_VOLUME) {
		w->volume = ev->volume;
		w->volumes++;
	}
}

static const struct engine_ops ops = { on_finding, on_event };

static const uint32_t own_as[] = { 64500 }, provider_free[] = { 174, 1299, 3356 };

/* The configuration that setup() has, of a generation. A leak that OTC shows is nothing more. */
static inline struct detect *
detect_as_ever(uint16_t generation)
{
	static const uint8_t off[] = { RULE_LEAK_UPSTREAM };
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as,
		.own_asns_n = 1,
		.off = off,
		.off_n = 1,
		.provider_free = provider_free,
		.provider_free_n = 3,
		.own = own,
		.own_n = 1 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	return detect_new(&dc, generation);
}

/* For the engine that setup() makes; 0: as ever, and differences are not looked for. */
static uint32_t room_for_leaks, differ_least, rov_mismatch_s = 3600;
static uint64_t room_for_attributes = 2000; /* of a router */
static uint64_t room_for_routes = 100000;

/* An engine that tells these. */
static inline void
setup_with(struct fixture *w, const struct engine_ops *told)
{
	struct engine_config config = { .rib = rib_limits_default(100000),
		.message_max = 1 << 20,
		.peers_per_router = 100,
		.stale_s = 300,
		.settle_s = 120,
		.forget_s = 1000,
		.lost_max = 10,
		.leaks_max = room_for_leaks,
		.differ_least = differ_least,
		.differ_percent = 5,
		.differ_s = 1800,
		.rov_mismatch_least = differ_least,
		.rov_mismatch_s = rov_mismatch_s,
		.seed = 12345 };

	config.rib.account_octets = room_for_attributes;
	config.rib.routes = room_for_routes;
	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * 1000000;
	w->detect = detect_as_ever(1);
	w->engine = engine_new(&config, w->detect, told, w);
	ck_assert_ptr_nonnull(w->engine);
}

static inline void
setup(struct fixture *w)
{
	setup_with(w, &ops);
}

static inline void
teardown(struct fixture *w)
{
	if (w->session != NULL)
		engine_session_close(w->session, "end", w->now);
	engine_free(w->engine);
	detect_free(w->detect);
}

/* All that waits to be done. */
static inline void
work(struct fixture *w)
{
	while (engine_work(w->engine, 7, w->now)) {
	}
}

static inline void
feed(struct fixture *w, const uint8_t *buf, size_t n)
{
	/* in two pieces: a stream may be cut anywhere */
	size_t half = n / 2, used = engine_session_feed(w->session, buf, half, w->now);
	uint8_t *rest = exact_copy(buf + used, n - used);

	ck_assert_uint_eq(engine_session_feed(w->session, rest, n - used, w->now), n - used);
	free(rest);
}

static inline struct bmp_peer_spec
peer(uint32_t as, uint8_t flags)
{
	struct bmp_peer_spec p = { .flags = flags,
		.as = as,
		.address = { IP_V4, { 192, 0, 2, (uint8_t)as } },
		.sec = 1700000000 };

	return p;
}

static inline struct bmp_peer_spec
loc_rib(void)
{
	struct bmp_peer_spec p = {
		.type = BMP_PEER_LOC_RIB, .as = 64500, .bgp_id = { 1, 1, 1, 1 }, .sec = 1700000000
	};

	return p;
}

/* A Peer Up, with the roles of the OPENs (RFC 9234). */
static inline void
up(struct fixture *w, struct bmp_peer_spec p, uint8_t our_role, uint8_t their_role)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = 64500, .role = our_role },
			     received = { .as = p.as, .role = their_role };
	uint8_t buf[512];

	feed(w, buf, bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
}

/* The router is there: a customer, a provider and its Loc-RIB are up. */
static inline void
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

/* An UPDATE with that route, or with its withdrawal. */
static inline void
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

/* The End-of-RIB of IPv4 unicast. */
static inline void
eor(struct fixture *w, struct bmp_peer_spec p)
{
	uint8_t bgp[64], buf[256];
	size_t n =
	    bgp_write_end_of_rib(bgp, sizeof(bgp), (struct bgp_family){ AFI_IPV4, SAFI_UNICAST });

	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

/* The BMP session is lost, and a second passes. */
static inline void
lose(struct fixture *w)
{
	engine_session_close(w->session, "lost", w->now);
	w->session = NULL;
	w->now += 1000000;
}

static inline uint64_t
routes_now(struct fixture *w)
{
	struct engine_stats stats;

	engine_stats(w->engine, &stats);
	return stats.routes;
}

/* Time passes, a second at a time. */
static inline void
wait_s(struct fixture *w, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		w->now += 1000000;
		engine_tick(w->engine, w->now);
		work(w);
	}
}

static const struct update_run hijack = { "203.0.113.128/25", { 64510, 64666 }, 0 };
static const struct update_run plain = { "20.0.0.0/24", { 64510, 64999 }, 0 };
static const struct update_run leak = { "20.0.1.0/24", { 64501, 64510, 64999 }, 64510 };

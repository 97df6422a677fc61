/*
 * The world of test_every_order.c: an engine with two routers, each with a provider, a customer, a
 * peer and a Loc-RIB, and the table of incidents that hears of its findings. In it something is
 * wrong by every rule, as soon as somebody announces it.
 */
#pragma once

#include "collector/engine/engine.h"
#include "collector/incident/incident.h"
#include "parsers/bgp/write.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/as_paths.h"
#include "tests/unit/support/harness.h"

enum { ROUTERS = 2, CAUGHT_AT = 8, SECOND = 1000000 };
enum step { IN_PRE, IN_POST, IN_LOC, OUT_PEER, OUT_CUSTOMER, STEPS };

struct world {
	struct engine *engine;
	struct detect *detect;
	struct incidents *table;
	struct engine_session *sessions[ROUTERS];
	struct vrp_set *vrps;
	struct aspa_set *aspas;
	int64_t now;
	uint32_t seen; /* rules that were true of any route */
	unsigned told; /* incidents that were opened */
};

static inline void
on_finding(void *ctx, const struct finding *f)
{
	struct world *w = ctx;

	w->seen |= f->rules;
	incidents_finding(w->table, f, w->now);
}

static inline void
on_event(void *ctx, const struct engine_event *ev)
{
	struct world *w = ctx;

	if (ev->type == EVENT_ROUTER_UP || ev->type == EVENT_ROUTER_SYNCED)
		incidents_feed(w->table, ev->router, ev->router_name,
		    ev->type == EVENT_ROUTER_UP ? FEED_UP : FEED_SYNCED, ev->views_monitored,
		    w->now);
	else if (ev->type == EVENT_PEER_COMPLETE)
		incidents_complete(w->table, ev->router, &ev->neighbor, ev->distinguisher,
		    SOURCE_V4, ev->views_monitored, w->now);
	else if (ev->type == EVENT_PEER_MONITORED)
		incidents_monitored(
		    w->table, ev->router, ev->peer, SOURCE_V4, ev->views_monitored, w->now);
}

static inline void
on_record(void *ctx, const struct record *r)
{
	struct world *w = ctx;

	w->told += r->kind == RECORD_INCIDENT && r->incident.transition == TRANSITION_OPENED;
}

static inline void
on_kept(void *ctx, const struct record *r, unsigned part)
{
	(void)ctx;
	(void)r;
	(void)part;
}

static inline void
work(struct world *w)
{
	while (engine_work(w->engine, 1000, w->now)) {
	}
}

/* Seconds pass at once. */
static inline void
pass(struct world *w, unsigned seconds)
{
	w->now += (int64_t)seconds * SECOND;
	engine_tick(w->engine, w->now);
	work(w);
	incidents_tick(w->table, w->now);
}

/* --- messages */

static inline struct bmp_peer_spec
peer_of(unsigned router, uint32_t as, uint8_t flags)
{
	return (struct bmp_peer_spec){ .flags = flags,
		.as = as,
		.address = { IP_V4, { 192, 0, (uint8_t)(2 + router), (uint8_t)as } },
		.sec = 1700000000 };
}

static inline struct bmp_peer_spec
loc_rib_of(unsigned router)
{
	return (struct bmp_peer_spec){ .type = BMP_PEER_LOC_RIB,
		.as = 64500,
		.bgp_id = { 1, 1, 1, (uint8_t)router },
		.sec = 1700000000 };
}

static inline void
feed(struct world *w, unsigned router, const uint8_t *buf, size_t n)
{
	ck_assert_uint_eq(engine_session_feed(w->sessions[router], buf, n, w->now), n);
}

static inline void
up(struct world *w, unsigned router, struct bmp_peer_spec p, uint8_t ours, uint8_t theirs)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = 64500, .role = ours },
			     received = { .as = p.as, .role = theirs };
	uint8_t buf[512];

	feed(w, router, buf,
	    bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
}

/* Some prefixes of a length that follow each other. */
struct told_routes {
	const char *first;
	unsigned n;
	const char *path; /* as it comes in, written as people do */
	uint32_t otc, community;
};

static inline void
put_prefixes(struct writer *w, const struct told_routes *r)
{
	struct ip_prefix p;

	ck_assert(ip_prefix_parse(r->first, true, &p));
	for (unsigned k = 0; k < r->n; k++) {
		wr_u8(w, p.len);
		wr_bytes(w, p.b, (p.len + 7U) / 8);
		p.b[(p.len - 1) / 8] =
		    (uint8_t)(p.b[(p.len - 1) / 8] + (1U << (7 - (p.len - 1) % 8)));
	}
}

static inline void
put_attributes(struct writer *w, const struct told_routes *r, bool sent_on)
{
	uint8_t value[1024];
	char text[1024];
	struct cursor path;

	snprintf(text, sizeof(text), "%s%s", sent_on ? "64500 " : "", r->path);
	path = path_of(text, value, sizeof(value));
	wr_bytes(w, "\x40\x01\x01\x00\x50\x02", 6);
	wr_u16(w, (uint16_t)cur_left(&path));
	wr_bytes(w, value, cur_left(&path));
	wr_bytes(w, "\x40\x03\x04\xc0\x00\x02\x01", 7);
	if (r->community != 0) {
		wr_bytes(w, "\xc0\x08\x04", 3);
		wr_u32(w, r->community);
	}
	if (r->otc != 0) {
		wr_bytes(w, "\xc0\x23\x04", 3);
		wr_u32(w, r->otc);
	}
}

/* The routes as a view of a router has them, announced or withdrawn. from: who sends them. */
static inline void
say(struct world *w, unsigned router, uint32_t from, enum step step, const struct told_routes *r,
    bool announce)
{
	const struct bmp_peer_spec views[STEPS] = { peer_of(router, from, 0),
		peer_of(router, from, BMP_FLAG_L), loc_rib_of(router),
		peer_of(router, 64509, BMP_FLAG_O | BMP_FLAG_L),
		peer_of(router, 64501, BMP_FLAG_O | BMP_FLAG_L) };
	uint8_t bgp[4096], buf[4200];
	struct writer out = wr_of(bgp, sizeof(bgp));
	size_t at = bgp_write_begin(&out, BGP_UPDATE), field = wr_here(&out);

	wr_u16(&out, 0);
	if (!announce)
		put_prefixes(&out, r);
	wr_patch_u16(&out, field, field + 2);
	field = wr_here(&out);
	wr_u16(&out, 0);
	if (announce)
		put_attributes(&out, r, step >= OUT_PEER);
	wr_patch_u16(&out, field, field + 2);
	if (announce)
		put_prefixes(&out, r);
	wr_patch_u16(&out, at, 0);
	feed(w, router, buf,
	    bmp_write_route_monitoring(buf, sizeof(buf), &views[step], bgp, wr_len(&out)));
}

static inline void
say_complete(struct world *w, unsigned router, struct bmp_peer_spec p)
{
	uint8_t bgp[64], buf[256];
	size_t n =
	    bgp_write_end_of_rib(bgp, sizeof(bgp), (struct bgp_family){ AFI_IPV4, SAFI_UNICAST });

	feed(w, router, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

/* --- what there is */

/* 20.1/16 is somebody's, 20.2/16 as a whole somebody else's. */
static inline void
give_vrps(struct world *w)
{
	struct vrp v[] = { { .max_len = 24, .asn = 64496 }, { .max_len = 16, .asn = 64998 } };
	struct vrp_list l = { 0 };
	struct vrp_delta d;

	ip_prefix_parse("20.1.0.0/16", true, &v[0].prefix);
	ip_prefix_parse("20.2.0.0/16", true, &v[1].prefix);
	ck_assert(vrp_list_add(&l, &v[0]) && vrp_list_add(&l, &v[1]));
	vrp_list_sort_unique(&l);
	w->vrps = vrp_set_new(&l, 1);
	ck_assert(vrp_delta_between(NULL, w->vrps, &d));
	engine_set_rpki(w->engine, w->vrps, vrp_cover_new(&d), REASON_RPKI);
	vrp_delta_free(&d);
	vrp_list_free(&l);
	incidents_verdicts(w->table, VERDICTS_WHOLE, w->now);
}

/* AS64997 buys of AS64996 only; our neighbours are known; 198.51.100.0/24 is ours, and gone. */
static inline void
give_the_rest(struct world *w)
{
	struct aspa_list l = { 0 };
	struct ip_prefix gone;

	ck_assert(aspa_list_add(&l, 64997, 64996));
	aspa_list_sort_unique(&l);
	w->aspas = aspa_set_new(&l, 1);
	aspa_list_free(&l);
	engine_set_aspas(w->engine, w->aspas);
	engine_set_neighbors(w->engine, &(struct engine_neighbors){ .anew = true, .judged = true });
	ip_prefix_parse("198.51.100.0/24", true, &gone);
	engine_set_own_gone(
	    w->engine, &(struct engine_own_gone){ .anew = true, .n = 1, .prefixes = &gone });
}

static inline struct detect *
made(void)
{
	static const uint32_t ours[] = { 64500 }, large[] = { 174, 1299, 3356 },
			      content[] = { 15169 };
	struct detect_own own[2] = { { .has_max_length = true, .max_length = 24 },
		{ .origins = NULL } };
	/* AS64501 may announce 20.0.0.0/8, whatever the length, and no more */
	struct customer_prefix listed = { .least = 8, .most = 32 };
	struct customer_entries entries = { .prefixes = &listed, .prefixes_n = 1 };
	struct customer_part part = { .asn = 64501, .entries = &entries };
	struct detect *d;
	struct detect_config c = { .own_asns = ours,
		.own_asns_n = 1,
		.provider_free = large,
		.provider_free_n = 3,
		.no_transit = content,
		.no_transit_n = 1,
		.burst_at = CAUGHT_AT,
		.own = own,
		.own_n = 2 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	ip_prefix_parse("198.51.100.0/24", true, &own[1].prefix);
	ip_prefix_parse("20.0.0.0/8", true, &listed.prefix);
	c.lists = customer_lists_new(&part, 1);
	d = detect_new(&c, 1);
	customer_lists_unref(c.lists);
	return d;
}

static inline void
router_up(struct world *w, unsigned router)
{
	static const char *const names[ROUTERS] = { "r1", "r2" };
	static const uint32_t asns[] = { 64510, 64501, 64509 };
	uint8_t buf[256];

	w->sessions[router] = engine_session_open(w->engine, names[router], NULL, w->now);
	feed(w, router, buf, bmp_write_initiation(buf, sizeof(buf), names[router], "test"));
	up(w, router, peer_of(router, 64510, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	up(w, router, peer_of(router, 64501, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	up(w, router, peer_of(router, 64509, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	up(w, router, loc_rib_of(router), BGP_ROLE_NONE, BGP_ROLE_NONE);
	for (unsigned k = 0; k < 3; k++) {
		say_complete(w, router, peer_of(router, asns[k], 0));
		say_complete(w, router, peer_of(router, asns[k], BMP_FLAG_L));
		say_complete(w, router, peer_of(router, asns[k], BMP_FLAG_O | BMP_FLAG_L));
	}
	say_complete(w, router, loc_rib_of(router));
}

static inline void
begin(struct world *w)
{
	static const struct engine_ops ops = { .finding = on_finding, .event = on_event };
	static const struct incidents_ops table_ops = { .emit = on_record, .keep = on_kept };
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 10,
		.stale_s = 300,
		.settle_s = 20,
		.forget_s = 1000,
		.lost_max = 10,
		.seed = 1 };
	struct incident_config ic = { .collector = "t",
		.hold_ms = 2000,
		.update_s = 300,
		.feed_grace_s = 30,
		.forget_s = 3600,
		.settle_s = 20,
		.max = 1000 };

	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * SECOND;
	w->detect = made();
	w->table = incidents_new(&ic, &table_ops, w);
	w->engine = engine_new(&config, w->detect, &ops, w);
	ck_assert(w->table != NULL && w->engine != NULL);
	give_vrps(w);
	give_the_rest(w);
	for (unsigned r = 0; r < ROUTERS; r++)
		router_up(w, r);
	pass(w, 60);
	pass(w, 60);
}

static inline void
end(struct world *w)
{
	for (unsigned r = 0; r < ROUTERS; r++)
		engine_session_close(w->sessions[r], "end", w->now);
	engine_free(w->engine);
	incidents_free(w->table);
	detect_free(w->detect);
	vrp_set_unref(w->vrps);
	aspa_set_unref(w->aspas);
}

/* An engine with one router and one peer that is up, and UPDATEs in hex to send to it. */
#pragma once

#include "parsers/bgp/message.h"
#include "tests/unit/support/dissect_log.h"

#include "collector/engine/engine.h"
#include "parsers/bmp/write.h"

static const int64_t now = 1700000000LL * 1000000;
static const struct bmp_peer_spec peer = {
	.as = 64501, .address = { IP_V4, { 192, 0, 2, 1 } }, .sec = 1700000000
};

struct engine_fixture {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *session;
};

static inline void
no_finding(void *ctx, const struct finding *f)
{
	(void)ctx;
	(void)f;
}

static inline void
no_event(void *ctx, const struct engine_event *ev)
{
	(void)ctx;
	(void)ev;
}

static inline void
feed(struct engine_fixture *w, const uint8_t *buf, size_t n)
{
	uint8_t *copy = exact_copy(buf, n);

	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(engine_session_feed(w->session, copy, n, now), n);
	free(copy);
}

static inline void
setup(struct engine_fixture *w)
{
	static const struct engine_ops ops = { no_finding, no_event };
	static const struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
					  received = { .as = 64501, .role = BGP_ROLE_NONE };
	static const struct ip_addr local = { .family = IP_NONE };
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 10,
		.stale_s = 300,
		.settle_s = 120,
		.seed = 1 };
	struct detect_config dc = { 0 };
	uint8_t buf[512];

	w->detect = detect_new(&dc, 1);
	w->engine = engine_new(&config, w->detect, &ops, w);
	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	feed(w, buf, bmp_write_peer_up(buf, sizeof(buf), &peer, &local, &sent, &received, NULL));
}

static inline void
teardown(struct engine_fixture *w)
{
	engine_session_close(w->session, "end", now);
	engine_free(w->engine);
	detect_free(w->detect);
}

static inline void
put_hex(struct writer *w, const char *hex)
{
	size_t n;
	uint8_t *octets = unhex(hex, &n);

	wr_bytes(w, octets, n);
	free(octets);
}

/* An UPDATE of three fields. */
static inline size_t
update(uint8_t *buf, size_t size, const char *withdrawn, const char *attrs, const char *nlri)
{
	struct writer w = wr_of(buf, size);
	size_t at = bgp_write_begin(&w, BGP_UPDATE), field;

	field = wr_here(&w);
	wr_u16(&w, 0);
	put_hex(&w, withdrawn);
	wr_patch_u16(&w, field, field + 2);
	field = wr_here(&w);
	wr_u16(&w, 0);
	put_hex(&w, attrs);
	wr_patch_u16(&w, field, field + 2);
	put_hex(&w, nlri);
	wr_patch_u16(&w, at, 0);
	return wr_len(&w);
}

static inline void
send_update(struct engine_fixture *w, const char *withdrawn, const char *attrs, const char *nlri)
{
	uint8_t bgp[512], buf[1024];
	size_t n = update(bgp, sizeof(bgp), withdrawn, attrs, nlri);

	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &peer, bgp, n));
}

/* A router that sends to a stream, message by message, and what the owner of the stream saw. */
#pragma once

#include "collector/bmp_stream/bmp_stream.h"
#include "parsers/bgp/message.h"
#include "tests/unit/support/bmp_messages.h"

enum { NOW_S = 1700000100 };

/* The callbacks: how often each was called, and with what the last time. */
struct seen {
	unsigned ups, downs, updates, initiations, mirrored, encodings_proved;
	bool addpath, addpath_reach, as4, ebgp;
	unsigned labels;
	int64_t router_us;
	const struct bmp_peer *peer;
};

static void
on_initiation(void *ctx, struct bmp_stream *s)
{
	(void)s;
	((struct seen *)ctx)->initiations++;
}

static void
on_up(void *ctx, struct bmp_stream *s, struct bmp_peer *p, int64_t router_us)
{
	struct seen *seen = ctx;

	(void)s;
	seen->ups++;
	seen->peer = p;
	seen->router_us = router_us;
}

static void
on_down(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_down *d,
    int64_t router_us)
{
	struct seen *seen = ctx;

	(void)s;
	(void)d;
	seen->downs++;
	seen->peer = p;
	seen->router_us = router_us;
}

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct seen *seen = ctx;

	(void)s;
	seen->updates++;
	seen->peer = p;
	seen->addpath = u->context.encoding.path_ids_classic;
	seen->as4 = u->context.encoding.as4;
	seen->ebgp = u->context.ebgp;
	seen->labels = u->context.encoding.labels;
	seen->addpath_reach = u->context.encoding.path_ids_reach;
	seen->router_us = u->router_us;
}

static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m,
    unsigned type, struct cursor message, struct bmp_update *u)
{
	struct seen *seen = ctx;

	(void)s;
	(void)m;
	(void)message;
	seen->mirrored++;
	seen->peer = p;
	ck_assert(u == NULL || type == BGP_UPDATE);
	if (u != NULL) {
		seen->addpath = u->context.encoding.path_ids_classic;
		seen->as4 = u->context.encoding.as4;
	}
}

static void
on_encoding_proved(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, bool path_ids)
{
	(void)s;
	(void)p;
	(void)u;
	(void)family;
	(void)path_ids;
	((struct seen *)ctx)->encodings_proved++;
}

static const struct bmp_stream_ops ops = { .initiation = on_initiation,
	.peer_up = on_up,
	.peer_down = on_down,
	.update = on_update,
	.mirrored = on_mirrored,
	.encoding_proved = on_encoding_proved };

struct stream_fixture {
	struct bmp_stream *s;
	struct seen seen;
	uint8_t b[MESSAGE_MAX];
	struct bmp_peer_spec p;
	struct bgp_open_spec sent, received;
};

static void
feed(struct stream_fixture *t, size_t n)
{
	uint8_t *copy = exact_copy(t->b, n);

	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(bmp_stream_feed(t->s, copy, n, (int64_t)NOW_S * 1000000), n);
	free(copy);
}

/* A router that has sent its name, and a peer's OPENs at hand. */
static struct stream_fixture *
stream_fixture_new(void)
{
	struct stream_fixture *t = calloc(1, sizeof(*t));

	ck_assert_ptr_nonnull(t);
	t->s = bmp_stream_new(&ops, &t->seen, MESSAGE_MAX, 10);
	ck_assert_ptr_nonnull(t->s);
	t->p = peer_1();
	t->sent = open_of(64500);
	t->received = open_of(64501);
	feed(t, bmp_write_initiation(t->b, sizeof(t->b), "r1", "R1 v1"));
	return t;
}

static void
send_peer_up(struct stream_fixture *t)
{
	bool loc_rib = t->p.type == BMP_PEER_LOC_RIB;

	feed(t, bmp_write_peer_up(t->b, sizeof(t->b), &t->p, &local_v4, &t->sent, &t->received,
		    loc_rib ? "global" : NULL));
}

static void
send_bgp(struct stream_fixture *t, const uint8_t *bgp, size_t n)
{
	feed(t, bmp_write_route_monitoring(t->b, sizeof(t->b), &t->p, bgp, n));
}

static inline void
send_routes(struct stream_fixture *t, unsigned n, bool path_ids)
{
	uint8_t bgp[512];

	send_bgp(t, bgp, update_of(bgp, sizeof(bgp), n, path_ids));
}

/* One prefix of 10.0.0.0/8 and longer: its octets are small, as lengths are. */
static inline void
send_prefix_10(struct stream_fixture *t, unsigned len, bool path_ids, uint32_t id)
{
	static const uint32_t path[] = { 64501, 64510 };
	struct bgp_route_spec r = {
		.as_path = path, .as_path_n = 2, .next_hop = { IP_V4, { 192, 0, 2, 1 } }
	};
	struct bgp_prefix_spec p = { .prefix = { IP_V4, (uint8_t)len, { 10, 1, 2 } },
		.path_id = id };
	uint8_t bgp[256];

	send_bgp(t, bgp, bgp_write_update(bgp, sizeof(bgp), &r, &p, 1, NULL, 0, path_ids));
}

static inline void
send_path(struct stream_fixture *t, const uint32_t *path, unsigned n, bool as2)
{
	struct bgp_route_spec r = {
		.as_path = path, .as_path_n = n, .as2 = as2, .next_hop = { IP_V4, { 192, 0, 2, 1 } }
	};
	struct bgp_prefix_spec p = { .prefix = { IP_V4, 24, { 198, 51, 100 } } };
	uint8_t bgp[256];

	send_bgp(t, bgp, bgp_write_update(bgp, sizeof(bgp), &r, &p, 1, NULL, 0, false));
}

/* An UPDATE with the NLRI (and withdrawn routes) as they are in hex. */
static size_t
raw_update(uint8_t *bgp, size_t size, const char *withdrawn, const char *attrs, const char *nlri)
{
	size_t wn, an, nn;
	uint8_t *w = unhex(withdrawn, &wn), *a = unhex(attrs, &an), *n = unhex(nlri, &nn);
	struct writer out = wr_of(bgp, size);
	size_t length = bgp_write_begin(&out, BGP_UPDATE);

	wr_u16(&out, (uint16_t)wn);
	wr_bytes(&out, w, wn);
	wr_u16(&out, (uint16_t)an);
	wr_bytes(&out, a, an);
	wr_bytes(&out, n, nn);
	wr_patch_u16(&out, length, 0);
	free(w);
	free(a);
	free(n);
	ck_assert(!out.failed);
	return 19 + 4 + wn + an + nn;
}

static inline void
send_hex(struct stream_fixture *t, const char *withdrawn, const char *attrs, const char *nlri)
{
	uint8_t bgp[512];

	send_bgp(t, bgp, raw_update(bgp, sizeof(bgp), withdrawn, attrs, nlri));
}

static inline void
send_mirrored(struct stream_fixture *t, const uint8_t *bgp, size_t n)
{
	feed(t, bmp_write_mirroring(t->b, sizeof(t->b), &t->p, -1, bgp, n));
}

static inline void
send_peer_down(struct stream_fixture *t, uint8_t reason)
{
	feed(t, bmp_write_peer_down(t->b, sizeof(t->b), &t->p, reason, 0));
}

static inline void
negotiate_path_ids(struct stream_fixture *t)
{
	t->sent.addpaths = t->received.addpaths = both_ways;
	t->sent.addpaths_n = t->received.addpaths_n = 1;
}

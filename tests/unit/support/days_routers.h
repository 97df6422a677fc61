/* The routers of a simulated day: what they say to the collector, connected or back. */
#pragma once

#include "parsers/bmp/write.h"
#include "tests/unit/support/days_collector.h"

static inline struct bmp_peer_spec
peer_spec(unsigned p, unsigned view)
{
	return (struct bmp_peer_spec){ .flags = view == 1 ? BMP_FLAG_L : 0,
		.as = neighbors[p],
		.address = { IP_V4, { 192, 0, 2, (uint8_t)(p + 1) } },
		.sec = 1700000000 };
}

static inline void
feed(struct day *d, struct router *r, const uint8_t *buf, size_t n)
{
	ck_assert_uint_eq(engine_session_feed(r->session, buf, n, d->wall), n);
}

static inline void
say(struct day *d, struct router *r, unsigned p, unsigned v, unsigned k, uint8_t origin)
{
	uint32_t path[] = { neighbors[p], origin != 0 ? origins[origin - 1] : 0 };
	struct bgp_route_spec spec = {
		.as_path = path, .as_path_n = 2, .next_hop = { IP_V4, { 192, 0, 2, 1 } }
	};
	struct bgp_prefix_spec x = { .path_id = 0 };
	struct bmp_peer_spec ps = peer_spec(p, v);
	uint8_t bgp[1024], buf[2048];
	size_t n;

	ip_prefix_parse(prefixes[k], true, &x.prefix);
	n = origin != 0 ? bgp_write_update(bgp, sizeof(bgp), &spec, &x, 1, NULL, 0, false)
			: bgp_write_update(bgp, sizeof(bgp), &spec, NULL, 0, &x, 1, false);
	if (r->told[p][v][k] != origin || r->forgotten[p][v][k])
		r->judged[p][v][k] = d->set != NULL && !d->stale;
	r->told[p][v][k] = origin;
	r->forgotten[p][v][k] = 0;
	note_truth(d);
	feed(d, r, buf, bmp_write_route_monitoring(buf, sizeof(buf), &ps, bgp, n));
}

static inline void
say_up(struct day *d, struct router *r, unsigned p)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
			     received = { .as = neighbors[p], .role = BGP_ROLE_NONE };
	struct bmp_peer_spec ps = peer_spec(p, 0);
	uint8_t buf[512];

	feed(d, r, buf, bmp_write_peer_up(buf, sizeof(buf), &ps, &local, &sent, &received, NULL));
}

static inline void
say_end(struct day *d, struct router *r, unsigned p)
{
	const struct bgp_family family = { AFI_IPV4, SAFI_UNICAST };
	uint8_t bgp[64], buf[256];

	for (unsigned v = 0; v < VIEWS_TOLD; v++) {
		struct bmp_peer_spec ps = peer_spec(p, v);
		size_t n = bgp_write_end_of_rib(bgp, sizeof(bgp), family);

		feed(d, r, buf, bmp_write_route_monitoring(buf, sizeof(buf), &ps, bgp, n));
	}
}

static inline void
connect(struct day *d, unsigned which)
{
	struct router *r = &d->routers[which];
	char name[16], address[32];
	uint8_t buf[256];

	if (r->connected)
		return;
	snprintf(name, sizeof(name), "r%u", which);
	snprintf(address, sizeof(address), "192.0.2.%u", 200 + which);
	/* a router's connection lives on one engine, which may be another after a restart */
	r->engine %= d->engines_n;
	r->session = engine_session_open(d->engines[r->engine], address, NULL, d->wall);
	r->connected = true;
	r->complete = false;
	r->eor_us = d->now + pick(d, 15) * (int64_t)SECOND;
	feed(d, r, buf, bmp_write_initiation(buf, sizeof(buf), name, "test"));
	for (unsigned p = 0; p < PEERS; p++) {
		if (!r->up[p])
			continue;
		say_up(d, r, p);
		for (unsigned v = 0; v < VIEWS_TOLD; v++)
			for (unsigned k = 0; k < PREFIXES; k++)
				if (r->has[p][v][k] != 0)
					say(d, r, p, v, k, r->has[p][v][k]);
	}
}

static inline void
end_dump(struct day *d, struct router *r)
{
	memcpy(r->told, r->has, sizeof(r->told));
	for (unsigned p = 0; p < PEERS; p++) {
		if (!r->up[p])
			memset(r->told[p], 0, sizeof(r->told[p]));
		else
			say_end(d, r, p);
	}
	memset(r->forgotten, 0, sizeof(r->forgotten));
	r->complete = true;
}

static inline void
lose(struct day *d, unsigned which)
{
	struct router *r = &d->routers[which];

	if (!r->connected)
		return;
	engine_session_close(r->session, "lost", d->wall);
	r->session = NULL;
	r->connected = r->complete = false;
	r->lost_us = d->now;
}

static inline void
toggle_peer(struct day *d, struct router *r, unsigned p)
{
	struct bmp_peer_spec ps = peer_spec(p, 0);
	uint8_t buf[256];

	r->up[p] = !r->up[p];
	memset(r->has[p], 0, sizeof(r->has[p]));
	if (!r->connected)
		return;
	if (!r->up[p] || r->complete) { /* else only the end of the dump says that they are gone */
		memset(r->told[p], 0, sizeof(r->told[p]));
		memset(r->forgotten[p], 0, sizeof(r->forgotten[p]));
	}
	if (!r->up[p]) {
		feed(d, r, buf, bmp_write_peer_down(buf, sizeof(buf), &ps, 4, 0));
	} else {
		say_up(d, r, p);
		if (r->complete)
			say_end(d, r, p);
	}
}

static inline void
change_route(struct day *d, struct router *r)
{
	unsigned p = pick(d, PEERS), v = pick(d, VIEWS_TOLD), k = pick(d, PREFIXES);
	uint8_t origin = (uint8_t)(pick(d, 2) == 0 ? 0 : 1 + pick(d, ORIGINS));

	if (!r->up[p])
		return;
	r->has[p][v][k] = origin;
	if (r->connected)
		say(d, r, p, v, k, origin);
}

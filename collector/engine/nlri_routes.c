/*
 * Routes that are known by a key. What identifies a route is the key of its net; what else its NLRI
 * says (labels; outside of labelled and VPN families all of it) is kept with its attributes, so
 * that routes with equal labels share them.
 */
#include "collector/engine/engine_private.h"

#include <string.h>

enum { RD_OCTETS = 8, SCAN_BUDGET = 256 };

bool
nlri_is_kept_whole(struct bgp_family f)
{
	return bgp_family_row(f)->shape == BGP_SHAPE_KEY;
}

/* Length and octets of a prefix, as a key has them. */
static struct cursor
prefix_key(const struct engine *e, uint32_t net, uint8_t room[1 + 16])
{
	struct ip_prefix ip;

	net_prefix(&e->rib.nets, net, &ip);
	room[0] = ip.len;
	memcpy(room + 1, ip.b, 16);
	return cur_of(room, 1 + (ip.len + 7u) / 8);
}

bool
nlri_of_route(const struct engine *e, const struct table *t, uint32_t net, attrs_block block,
    uint8_t room[NLRI_ROOM], struct bgp_nlri *out)
{
	uint8_t prefix[1 + 16];
	struct cursor key = t->routes.kind == NET_KEY ? net_key(&e->rib.nets, net)
						      : prefix_key(e, net, prefix),
		      octets, data = attrs_nlri(&e->rib.attrs, block), rd;
	struct faults ignored = { .n = 0 };
	size_t labels = cur_left(&data), at = 1;
	struct bgp_nlri_encoding encoding = { .labels = BGP_LABELS_UNKNOWN };

	if (nlri_is_kept_whole(t->family)) {
		octets = data;
	} else {
		/* length, labels, distinguisher, prefix: as it was sent */
		encoding.labels = (uint8_t)(labels / 3);
		rd = cur_sub(&key, bgp_family_has(t->family, BGP_FAMILY_RD) ? RD_OCTETS : 0);
		if (labels + cur_left(&rd) + cur_left(&key) > NLRI_ROOM)
			return false;
		memcpy(room + at, data.pos, labels);
		at += labels;
		memcpy(room + at, rd.pos, cur_left(&rd));
		at += cur_left(&rd);
		room[0] = (uint8_t)(8 * (at - 1) + cur_u8(&key));
		memcpy(room + at, key.pos, cur_left(&key));
		octets = cur_of(room, at + cur_left(&key));
	}
	return bgp_nlri_next(&octets, t->family, encoding, octets.pos, out, &ignored);
}

void
nlri_route_changed(struct engine *e, const struct table *t, const struct change *c, uint8_t cause,
    int64_t router_us)
{
	bool announced = c->after != 0;
	uint8_t room[NLRI_ROOM];
	struct bgp_nlri n;

	if (c->same || !bgp_family_has(t->family, BGP_FAMILY_EVENTS) ||
	    (cause != REASON_ANNOUNCED && cause != REASON_WITHDRAWN) ||
	    !nlri_of_route(e, t, c->net, announced ? c->after : c->before, room, &n))
		return;
	emit_route(e, t, announced ? EVENT_ROUTE_ANNOUNCED : EVENT_ROUTE_WITHDRAWN, &n, router_us);
}

void
nlri_routes_find(struct engine *e, struct table *t, const struct ip_prefix *ip, uint32_t *cursor,
    uint32_t *budget, void (*each)(void *ctx, uint32_t net, uint32_t path_id), void *ctx)
{
	uint32_t batch = *budget < SCAN_BUDGET ? *budget : SCAN_BUDGET, net, path_id;
	uint8_t room[NLRI_ROOM];
	struct bgp_nlri n;
	struct route *r;

	*budget -= batch;
	while (routes_next(&t->routes, cursor, &batch, &net, &path_id, &r)) {
		if (!nlri_of_route(e, t, net, r->attrs, room, &n) || n.prefix.family == IP_NONE)
			continue;
		if (ip_prefix_cmp(&n.prefix, ip) == 0)
			each(ctx, net, path_id);
	}
	*budget += batch;
}

#include "collector/rib/rib.h"

#include <assert.h>
#include <string.h>

struct rib_limits
rib_limits_default(uint64_t routes)
{
	struct rib_limits l = { .routes = routes };
	uint64_t n = routes < 1U << 26
			 ? routes
			 : 1U << 26; /* there are no more prefixes and blocks than routes */

	if (n < 1024)
		n = 1024;
	l.prefixes_v4 = l.prefixes_v6 = l.keys = l.blocks = (uint32_t)n;
	l.part_octets = n * 128 > 1U << 20 ? n * 128 : 1U << 20;
	return l;
}

bool
rib_init(struct rib *r, const struct rib_limits *limits, uint64_t seed)
{
	struct attrs_limits al = { .blocks = limits->blocks,
		.part_octets = limits->part_octets,
		.account_octets = limits->account_octets };

	memset(r, 0, sizeof(*r));
	r->routes_max = limits->routes;
	if (!nets_init(&r->nets, limits->prefixes_v4, limits->prefixes_v6, limits->keys, seed))
		return false;
	if (!attrs_init(&r->attrs, &al, seed)) {
		nets_fini(&r->nets);
		return false;
	}
	return true;
}

void
rib_fini(struct rib *r)
{
	nets_fini(&r->nets);
	attrs_fini(&r->attrs);
}

bool
rib_announce_held(struct rib *r, struct routes *t, struct route *slot, uint32_t net,
    uint32_t path_id, attrs_block block, uint32_t now_s, struct change *c)
{
	struct route *route = slot;

	assert(net != 0 && block != 0 && t->kind == (net & NET_KIND));
	*c = (struct change){ .net = net, .path_id = path_id, .after = block };
	if (slot == NULL)
		route = routes_put(t, net, path_id, nets_top(&r->nets, net & NET_V6));
	if (route != NULL && route->attrs == 0 &&
	    (r->routes_n >= r->routes_max || !net_has_room(&r->nets, net))) {
		routes_remove(t, net, path_id);
		route = NULL;
	}
	if (route == NULL) {
		r->refused++;
		return false;
	}
	c->route = route;
	c->before = route->attrs;
	c->same = c->before == block;
	if (!c->same) {
		route->attrs = block; /* the old block's reference moves into the change */
		route->seen_s = now_s & 0x1fffffff;
	}
	if (c->before != 0)
		c->rules_true = routes_rules_true(t, route, net, path_id);
	else
		r->routes_n++;
	routes_freshen(t, route, c->before == 0);
	return true;
}

bool
rib_announce(struct rib *r, struct routes *t, uint32_t net, uint32_t path_id, attrs_block block,
    uint32_t now_s, struct change *c)
{
	if (!rib_announce_held(r, t, NULL, net, path_id, block, now_s, c))
		return false;
	attrs_ref(&r->attrs, block);
	if (c->before == 0)
		net_ref(&r->nets, net);
	return true;
}

/* Take the route out; the reference it held to its block moves into the change. */
static void
take_out(struct rib *r, struct routes *t, struct route *route, struct change *c)
{
	assert(route->attrs != 0 && r->routes_n > 0);
	c->before = route->attrs;
	c->rules_true = routes_rules_true(t, route, c->net, c->path_id);
	routes_remove(t, c->net, c->path_id);
	r->routes_n--;
}

bool
rib_withdraw(struct rib *r, struct routes *t, uint32_t net, uint32_t path_id, struct change *c)
{
	struct route *route = routes_find(t, net, path_id);

	*c = (struct change){ .net = net, .path_id = path_id };
	if (route == NULL)
		return false;
	take_out(r, t, route, c);
	return true;
}

void
rib_change_done(struct rib *r, struct change *c)
{
	if (c->before != 0)
		attrs_unref(&r->attrs, c->before);
	if (c->after == 0 && c->before != 0)
		net_unref(&r->nets, c->net);
	c->before = 0;
}

bool
rib_sweep(struct rib *r, struct routes *t, bool only_stale, uint32_t *cursor, uint32_t budget,
    void (*each)(void *ctx, struct change *), void *ctx)
{
	struct change c;
	struct route *route;
	uint32_t net, path_id;

	while (routes_next(t, cursor, &budget, &net, &path_id, &route)) {
		if (only_stale && route->epoch == t->epoch)
			continue;
		c = (struct change){ .net = net, .path_id = path_id };
		take_out(r, t, route, &c);
		each(ctx, &c);
		rib_change_done(r, &c);
		/* in a sparse table the gap may have been filled with a route not yet seen: look
		 * again */
		if (!t->dense)
			(*cursor)--;
		if (budget > 0)
			budget--; /* a removal costs more than a look */
	}
	if (*cursor != UINT32_MAX)
		return false;
	*cursor = 0;
	return true;
}

size_t
rib_bytes(const struct rib *r)
{
	struct attrs_sizes sizes;

	attrs_sizes(&r->attrs, &sizes);
	return sizes.bytes + nets_bytes(&r->nets);
}

/*
 * How many prefixes of each neighbour a router uses, and how many it passes on to other networks:
 * of all routes, right or wrong. A slow walk over all prefixes counts what is in Loc-RIB and in
 * Adj-RIB-Out after the policy; whose a route is says the first AS of its path that is none of
 * ours. A prefix that goes to several networks counts once. What goes back to the neighbour has not
 * been passed on. Nothing is kept with a route, and a change costs nothing; the numbers are those
 * of the last walk that came to its end, and told when they are others.
 *
 * By router, for a worker has only some of them, and what two have together nobody could say
 * without asking both for every prefix.
 */
#include "base/probe.h"
#include "collector/engine/engine_private.h"

enum { LOOKUPS = 4000 /* in a tick */, SPREAD_FIRST = 16 };
static const int64_t WALKS_US = 2000000; /* apart, at least */

static inline uint32_t
hash_of(uint32_t asn, bool ipv6)
{
	return (uint32_t)(((uint64_t)asn << 1 | ipv6) * 0x9e3779b97f4a7c15U >> 32);
}
PROBE_DEFINE(spread, struct spread_count, e->asn == 0, hash_of(e->asn, e->ipv6));

/* Its count, made when missing; NULL when out of memory. */
static struct spread_count *
count_of(struct router *r, uint32_t asn, bool ipv6)
{
	struct router_spread *s = &r->spread;
	uint32_t hash = hash_of(asn, ipv6);
	struct spread_count *c;

	for (uint32_t i = hash & (s->max - 1); s->max > 0 && s->v[i].asn != 0;
	     i = (i + 1) & (s->max - 1))
		if (s->v[i].asn == asn && s->v[i].ipv6 == ipv6)
			return &s->v[i];
	if (s->n >= s->max / 2 && !spread_grow(&s->v, &s->max, SPREAD_FIRST))
		return NULL;
	c = spread_place(s->v, s->max, hash);
	*c = (struct spread_count){ .asn = asn, .ipv6 = ipv6 };
	s->n++;
	return c;
}

static bool
goes_out(const struct engine *e, const struct peer *p)
{
	return p->outside && p->relation != NEIGHBOR_COLLECTOR &&
	       p->relation != NEIGHBOR_INTERNAL && !detect_is_own_sibling(e->detect, p->as);
}

static bool
is_counted(const struct engine *e, const struct table *t)
{
	return t->view == BMP_VIEW_LOC_RIB ||
	       (t->view == BMP_VIEW_OUT_POST && goes_out(e, t->peer));
}

static void
count_route(struct engine *e, struct router *r, const struct table *t, uint32_t net,
    const struct route *route)
{
	uint32_t path = attrs_path(&e->rib.attrs, route->attrs), asn;
	struct spread_count *c;

	if (path == 0)
		return;
	asn = detect_path_sender(e->detect, path_value(&e->rib.attrs, path), t->peer->local_as);
	if (asn == 0 || (t->view == BMP_VIEW_OUT_POST && asn == t->peer->as))
		return;
	c = count_of(r, asn, t->family.afi == AFI_IPV6);
	if (c == NULL)
		return;
	if (t->view == BMP_VIEW_LOC_RIB && c->used_net != net) {
		c->used_net = net;
		c->used_now++;
	}
	if (t->view == BMP_VIEW_OUT_POST && c->spread_net != net) {
		c->spread_net = net;
		c->spread_now++;
	}
}

/* Returns how many tables were looked at. */
static uint32_t
count_net(struct engine *e, uint32_t net)
{
	uint32_t ids[ROUTE_PATHS_MAX], lookups = 0;

	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->session != NULL ? r->peers : NULL; p != NULL; p = p->next)
			for (struct table *t = p->judged ? p->tables : NULL; t != NULL;
			     t = t->next) {
				unsigned n;

				if (t->routes.kind != (net & NET_KIND) || !is_counted(e, t))
					continue;
				lookups++;
				n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);
				for (unsigned i = 0; i < n; i++)
					count_route(
					    e, r, t, net, routes_find(&t->routes, net, ids[i]));
			}
	return lookups;
}

/* --- at the end of a walk */

/* Which of the two can be seen, of a family. */
static void
find_views(const struct engine *e, struct router *r, bool ipv6, struct engine_spread *out)
{
	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (const struct table *t = p->judged ? p->tables : NULL; t != NULL; t = t->next)
			if ((t->family.afi == AFI_IPV6) == ipv6 && is_counted(e, t)) {
				out->has_used |= t->view == BMP_VIEW_LOC_RIB;
				out->has_spread |= t->view == BMP_VIEW_OUT_POST;
			}
}

static void
tell(
    struct engine *e, struct router *r, struct spread_count *c, const struct engine_spread views[2])
{
	struct engine_spread now = views[c->ipv6];
	bool same = c->told && c->used == c->used_now && c->spread == c->spread_now &&
		    c->has_used == now.has_used && c->has_spread == now.has_spread;

	now.used = c->used = c->used_now;
	now.spread = c->spread = c->spread_now;
	c->has_used = now.has_used;
	c->has_spread = now.has_spread;
	c->told = true;
	if (!same)
		emit_spread(e, r, c->asn, c->ipv6, &now);
}

static void
end_of_router(struct engine *e, struct router *r)
{
	struct router_spread *s = &r->spread;
	struct engine_spread views[2] = { { .used = 0 }, { .used = 0 } };
	bool whole = r->session != NULL && r->synced;

	find_views(e, r, false, &views[0]);
	find_views(e, r, true, &views[1]);
	for (uint32_t i = 0; i < s->max; i++) {
		struct spread_count *c = &s->v[i];

		if (c->asn == 0)
			continue;
		if (!whole)
			c->told = false;
		else if (s->walks > 0) /* this one began when it had told all */
			tell(e, r, c, views);
		c->used_now = c->spread_now = c->used_net = c->spread_net = 0;
	}
	s->walks = whole ? 1 : 0;
}

void
spread_tick(struct engine *e)
{
	uint32_t lookups = 0;

	if (e->now_us < e->spread.next_us && e->spread.next_us - e->now_us <= WALKS_US)
		return;
	while (lookups < LOOKUPS) {
		uint32_t budget = LOOKUPS - lookups,
			 net = nets_next(&e->rib.nets, &e->spread.at, &budget);

		if (net != 0) {
			lookups += 1 + count_net(e, net);
			continue;
		}
		if (e->spread.at == NETS_END) {
			for (struct router *r = e->routers; r != NULL; r = r->next)
				end_of_router(e, r);
			e->spread.at = 0;
			e->spread.next_us = e->now_us + WALKS_US;
		}
		return;
	}
}

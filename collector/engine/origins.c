/*
 * What neighbours originate themselves, and what origin validation says of it: how far they are
 * with their ROAs. A walk over all nets, in slices; nothing changes. Only the origin of a path is
 * looked at, which is kept with it.
 */
#include "collector/engine/engine_private.h"

enum {
	LOOK_BUDGET = 65536, /* nets and tables that are looked at before the walk pauses */
	NEIGHBORS_MAX = 32,  /* that originate one prefix */
};

/* Does it show what a neighbour of another network sends? */
static bool
shows_neighbor(const struct table *t)
{
	return t->peer->judged && t->peer->outside && t->peer->as != 0 &&
	       (t->view == BMP_VIEW_IN_PRE || t->view == BMP_VIEW_IN_POST);
}

static bool
originates(struct engine *e, const struct table *t, uint32_t net, uint32_t *cost)
{
	uint32_t ids[ROUTE_PATHS_MAX], origin;
	unsigned n = 0;

	if (t->routes.kind == (net & NET_KIND))
		n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);
	*cost += 1 + n;
	for (unsigned i = 0; i < n; i++) {
		const struct route *r = routes_find(&t->routes, net, ids[i]);

		if (engine_origin(e, t, r->attrs, &origin) && origin == t->peer->as)
			return true;
	}
	return false;
}

static unsigned
add(uint32_t *asns, unsigned n, uint32_t asn)
{
	for (unsigned i = 0; i < n; i++)
		if (asns[i] == asn)
			return n;
	if (n < NEIGHBORS_MAX)
		asns[n++] = asn;
	return n;
}

bool
engine_neighbor_origins(struct engine *e, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_neighbor_origin *), void *ctx)
{
	uint32_t budget = LOOK_BUDGET, net, asns[NEIGHBORS_MAX];
	bool go_on = true;

	while (go_on && (net = nets_next(&e->rib.nets, &at->route_at, &budget)) != 0) {
		uint32_t cost = 0;
		unsigned n = 0;
		struct engine_neighbor_origin o;

		for (const struct router *r = e->routers; r != NULL; r = r->next)
			for (const struct peer *p = r->peers; p != NULL; p = p->next)
				for (const struct table *t = p->tables; t != NULL; t = t->next)
					if (shows_neighbor(t) && originates(e, t, net, &cost))
						n = add(asns, n, p->as);
		budget = budget > cost ? budget - cost : 0;
		net_prefix(&e->rib.nets, net, &o.prefix);
		for (unsigned i = 0; i < n; i++) {
			o.asn = asns[i];
			o.rov = engine_rov(e, net, &o.prefix, true, o.asn);
			go_on &= each(ctx, &o);
		}
	}
	if (at->route_at != NETS_END)
		return true;
	*at = (struct engine_place){ 0 };
	return false;
}

/*
 * Where our own prefixes are: in which Loc-RIB, out to which network, and who brings them to us.
 * Each change is told, and judged where all routers are known (collector/incident/visibility.h).
 * What stands for an own prefix is told, too: an aggregate of ours above it, and its halves and
 * quarters.
 */
#include "collector/engine/engine_private.h"

enum { SHORT4 = 8, SHORT6 = 16, PARTS = 2 };

/* One that stands for own prefixes. */
static bool
stands_for_own(const struct engine *e, const struct ip_prefix *p)
{
	const struct detect_own *own = detect_own_of(e->detect, p);

	if (own != NULL && p->len <= own->prefix.len + PARTS)
		return true;
	return p->len >= (p->family == IP_V4 ? SHORT4 : SHORT6) && detect_covers_own(e->detect, p);
}

/* Out to a customer, or within our network, it is not announced to the world. Who sends us what is
 * our own from outside has it from us. */
static bool
is_watched(const struct engine *e, const struct table *t, const struct ip_prefix *p)
{
	const struct peer *q = t->peer;

	if (bmp_view_is_inbound(t->view))
		return (!q->outside || relation_is_customer(q->relation) ||
			   q->relation == NEIGHBOR_UNKNOWN) &&
		       detect_is_own_prefix(e->detect, p);
	if (t->view != BMP_VIEW_LOC_RIB &&
	    (!q->outside || relation_is_customer(q->relation) || q->relation == NEIGHBOR_COLLECTOR))
		return false;
	return stands_for_own(e, p);
}

static bool
is_ours(struct engine *e, const struct table *t, attrs_block block, const struct ip_prefix *p)
{
	uint32_t origin;

	if (!engine_origin(e, t, block, &origin))
		return false;
	if (bmp_view_is_inbound(t->view) && t->peer->outside && detect_is_ours(e->detect, origin))
		return false;
	return detect_own_of(e->detect, p) != NULL ? presence_is_ours(e, t, block, p)
						   : detect_is_of_us(e->detect, origin);
}

static bool
table_has(struct engine *e, const struct table *t, uint32_t net, const struct ip_prefix *p)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);

	for (unsigned i = 0; i < n; i++) {
		const struct route *r = routes_find(&t->routes, net, ids[i]);

		if (r != NULL && r->attrs != 0 && is_ours(e, t, r->attrs, p))
			return true;
	}
	return false;
}

/* Also by another path; and when its table is taken out behind the peer, in its new one. */
static bool
view_has(struct engine *e, const struct table *t, uint32_t net, const struct ip_prefix *p)
{
	if (!t->detached)
		return table_has(e, t, net, p);
	for (const struct table *x = t->peer->tables; x != NULL; x = x->next)
		if (x->view == t->view && bgp_family_equal(x->family, t->family) &&
		    table_has(e, x, net, p))
			return true;
	return false;
}

void
visible_changed(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *p, uint8_t cause)
{
	bool again = c->before == c->after, was, is;

	/* what only others have learnt changes nothing here */
	if (again && cause != REASON_CONFIG && cause != REASON_ROLES)
		return;
	if (!is_watched(e, t, p))
		return;
	was = c->before != 0 && is_ours(e, t, c->before, p);
	is = c->after != 0 && (again ? was : is_ours(e, t, c->after, p));
	if (is == was && !again)
		return;
	emit_own_at(e, t, p, is || view_has(e, t, c->net, p), cause);
}

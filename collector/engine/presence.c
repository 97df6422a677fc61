/* What of ours the routers of this engine have from us. What one engine no longer has others may:
 * the collector knows when it is gone everywhere, and says so to all (own_gone.c). */
#include "collector/engine/engine_private.h"

enum { SMALL4 = 28, SMALL6 = 64 };

/* Behind who is no neighbour of ours it is not, whatever the origin. */
bool
presence_is_ours(
    struct engine *e, const struct table *t, attrs_block block, const struct ip_prefix *p)
{
	uint32_t path = attrs_path(&e->rib.attrs, block), origin, beside;

	if (!engine_origin(e, t, block, &origin) || !detect_may_originate(e->detect, p, origin))
		return false;
	if (!(engine_path_bits(e, path) & PATH_ENDS_WITH_US))
		return true;
	beside = detect_first_hop(e->detect, path_value(&e->rib.attrs, path)).asn;
	return beside == 0 || neighbor_is(e, beside);
}

static bool
table_has(struct engine *e, const struct table *t, uint32_t net, const struct ip_prefix *p)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);

	for (unsigned i = 0; i < n; i++) {
		const struct route *r = routes_find(&t->routes, net, ids[i]);

		if (r != NULL && presence_is_ours(e, t, r->attrs, p))
			return true;
	}
	return false;
}

static bool
is_there(struct engine *e, uint32_t net, const struct ip_prefix *p)
{
	for (const struct router *r = e->routers; r != NULL; r = r->next)
		for (const struct peer *q = r->peers; q != NULL; q = q->next)
			for (const struct table *t = q->judged ? q->tables : NULL; t != NULL;
			     t = t->next)
				if (t->routes.kind == (net & NET_KIND) && table_has(e, t, net, p))
					return true;
	return false;
}

static void
tell(struct engine *e, enum engine_event_type type, const struct ip_prefix *p)
{
	const struct engine_event ev = { .type = (uint8_t)type,
		.prefix = *p,
		.own_prefix = detect_is_own_prefix(e->detect, p),
		.at_us = e->now_us };

	e->ops->event(e->ctx, &ev);
}

/* A link, a loopback: there are many in our network, and nobody outside has them. */
static bool
is_small(const struct ip_prefix *p)
{
	return p->len > (p->family == IP_V4 ? SMALL4 : SMALL6);
}

/* Only a withdrawal shows that it is gone: whoever is no longer there to say it says nothing. */
static bool
shows_absence(uint8_t cause)
{
	return cause == REASON_WITHDRAWN || cause == REASON_ANNOUNCED;
}

void
presence_changed(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *p, uint8_t cause)
{
	bool was, is;

	if (is_small(p) && !detect_is_own_prefix(e->detect, p))
		return;
	was = prefixes_have(&e->own_there, p);
	is = c->after != 0 && presence_is_ours(e, t, c->after, p);
	if (is == was || (!is && (!shows_absence(cause) || is_there(e, c->net, p))))
		return;
	if (is && prefixes_add(&e->own_there, p))
		tell(e, EVENT_OWN_THERE, p);
	if (was) {
		prefixes_take_out(&e->own_there, p);
		tell(e, EVENT_OWN_GONE, p);
	}
}

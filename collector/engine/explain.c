/* Why a route is what it is to the rules, for a person; and what there is near a prefix that has
 * no routes. */
#include "collector/engine/engine_private.h"

#include <string.h>

/* Numbers of nets that are looked at before a walk pauses: a millisecond or two. */
enum { NEAR_BUDGET = 65536 };

static void
explain_path(struct engine *e, const struct engine_route *r, struct engine_explanation *x)
{
	x->path = r->facts != NULL ? r->facts->path : detect_path(e->detect, r->path);
	if (x->path & PATH_PROVIDER_FREE)
		x->provider_free = detect_path_provider_free(e->detect, r->path, false);
	if (x->path & PATH_BEYOND_STRANGER)
		x->beyond = detect_path_provider_free(e->detect, r->path, true);
	x->sender = detect_path_sender(e->detect, r->path, r->peer->local_as);
}

/* The ways that were left for others; the one to us is to be seen in the path. */
static void
explain_ways(struct engine *e, const struct engine_route *r, struct engine_explanation *x)
{
	struct path_detour back;

	x->ways_n = detours_left(e, r->router, &r->prefix, r->path, x->ways, EXPLAIN_WAYS_MAX);
	if (!r->facts->comes_back || x->ways_n == EXPLAIN_WAYS_MAX ||
	    !detect_path_back(e->detect, r->path, &back))
		return;
	memmove(x->ways + 1, x->ways, x->ways_n * sizeof(x->ways[0]));
	x->ways[0] = (struct engine_way_left){ { back.left, back.leaker, back.right }, true };
	x->ways_n++;
}

void
engine_explain(struct engine *e, const struct engine_route *r, struct engine_explanation *x)
{
	const struct detect_own *own = detect_own_of(e->detect, &r->prefix);

	memset(x, 0, sizeof(*x));
	explain_path(e, r, x);
	if (r->facts == NULL)
		return;
	x->has_aspa = engine_aspa_verdict(e->aspas, r->path, &x->aspa);
	explain_ways(e, r, x);
	x->rov_frozen = e->rov_frozen;
	x->vrps_n = (unsigned)vrp_covering(e->vrps, &r->prefix, x->vrps, EXPLAIN_VRPS_MAX);
	x->dry_run = detect_dry_run(e->detect);
	x->why_n = detect_why_true(e->detect, r->facts, r->path, r->rules_true, x->why);
	x->why_not_n = detect_why_not(e->detect, r->facts, r->path, r->rules_true, x->why_not);
	if (own != NULL) {
		x->own = own->prefix;
		x->own_derived = own->derived;
		x->own_allowed = detect_own_allows(e->detect, r->facts);
	}
}

size_t
engine_route_octets(const struct engine *e, const struct engine_route *r, uint8_t *out, size_t size)
{
	return attrs_rebuild(&e->rib.attrs, r->block, out, size);
}

/* --- what is near */

static bool
has_routes(const struct engine *e, const struct ip_prefix *p)
{
	struct net_probe q;
	uint32_t net;

	net_probe_make(&e->rib.nets, &q, p);
	net = net_find(&e->rib.nets, &q);
	return net != 0 && net_in_use(&e->rib.nets, net);
}

static void
give_covering(const struct engine *e, const struct ip_prefix *ip,
    bool (*each)(void *ctx, const struct ip_prefix *), void *ctx)
{
	struct ip_prefix p;
	unsigned given = 0;

	for (unsigned len = ip->len; len-- > 0 && given < EXPLAIN_NEAR_MAX;) {
		if (!ip_prefix_make(&p, ip->family, ip->b, len) || !has_routes(e, &p))
			continue;
		given++;
		each(ctx, &p);
	}
}

bool
engine_near(const struct engine *e, const struct ip_prefix *ip, struct engine_place *at,
    bool (*each)(void *ctx, const struct ip_prefix *), void *ctx)
{
	uint32_t budget = NEAR_BUDGET, net;
	struct ip_prefix p;

	if (at->route_at == 0)
		give_covering(e, ip, each, ctx);
	while (at->listed < EXPLAIN_NEAR_MAX &&
	       (net = nets_next(&e->rib.nets, &at->route_at, &budget)) != 0) {
		net_prefix(&e->rib.nets, net, &p);
		if (p.len <= ip->len || !ip_prefix_covers(ip, &p))
			continue;
		at->listed++;
		each(ctx, &p);
	}
	if (at->listed < EXPLAIN_NEAR_MAX && at->route_at != NETS_END)
		return true;
	*at = (struct engine_place){ 0 };
	return false;
}

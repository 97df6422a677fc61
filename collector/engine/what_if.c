/*
 * What other VRPs would make of the routes there are, and which prefixes are originated by us: both
 * walk over all nets, in slices, and change nothing.
 */
#include "collector/engine/engine_private.h"

#include <string.h>

enum {
	/* nets and tables that are looked at before a walk pauses: a few milliseconds */
	LOOK_BUDGET = 65536,
	ORIGINS_MAX = 16, /* of one net that are told apart */
	PATHS_KNOWN = 4096,
};

struct looking {
	struct engine *e;
	const struct vrp_edits *edits; /* NULL: ASPAs */
	const struct aspa_edits *aspa_edits;
	const struct aspa_set *aspas_after;
	/* which of the paths that were looked at last have one of the customers: by handle */
	struct {
		uint32_t path;
		bool touched;
	} paths[PATHS_KNOWN];
	uint32_t net;
	struct ip_prefix ip;
	uint32_t cost;
	struct engine_flip flips[ORIGINS_MAX];
	unsigned flips_n;
};

static bool
is_of_customer(struct engine *e, const struct table *t, const struct route_facts *f)
{
	bool in = bmp_view_is_inbound(t->view);

	return (in && relation_is_customer(f->relation)) ||
	       (f->has_origin && (detect_is_customer(e->detect, f->origin) ||
				     relation_has_customer(e, f->origin)));
}

/* The entry of this origin and states; the last one when there are too many. */
static struct engine_flip *
flip_of(struct looking *l, const struct route_facts *f, struct rov_result after, bool aspa_invalid)
{
	struct engine_flip *x;

	for (unsigned i = 0; i < l->flips_n; i++) {
		x = &l->flips[i];
		if (x->has_origin == f->has_origin && x->origin == f->origin &&
		    x->before.state == f->rov.state && x->before.reason == f->rov.reason &&
		    x->aspa_invalid == aspa_invalid)
			return x;
	}
	if (l->flips_n == ORIGINS_MAX)
		return &l->flips[ORIGINS_MAX - 1];
	x = &l->flips[l->flips_n++];
	*x = (struct engine_flip){ .prefix = l->ip,
		.has_origin = f->has_origin,
		.origin = f->origin,
		.before = f->rov,
		.after = after,
		.aspa = l->aspa_edits != NULL,
		.aspa_invalid = aspa_invalid };
	return x;
}

static void
note_router(struct engine_flip *x, const struct router *r)
{
	if (x->routers_n > 0 && x->last_router == r->number)
		return;
	if (x->routers_n < ENGINE_FLIP_ROUTERS_MAX)
		x->routers[x->routers_n] = r->name;
	x->routers_n++;
	x->last_router = r->number;
}

static void
note(struct looking *l, const struct table *t, const struct route_facts *f, uint32_t rules_true,
    struct engine_flip *x)
{
	x->routes++;
	x->ours |= route_is_ours(l->e, t, f, rules_true);
	x->of_customer |= is_of_customer(l->e, t, f);
	note_router(x, t->peer->router);
}

/* --- by ASPA */

static bool
has_customer(const struct aspa_edits *e, struct cursor path)
{
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg))
		for (unsigned i = 0; i < seg.count; i++)
			if (aspa_edits_touch(e, as_segment_at(&seg, 4, i)))
				return true;
	return false;
}

static bool
is_touched(struct looking *l, uint32_t path)
{
	unsigned at = path % PATHS_KNOWN;

	if (path == 0)
		return false;
	if (l->paths[at].path != path) {
		l->paths[at].path = path;
		l->paths[at].touched =
		    has_customer(l->aspa_edits, path_value(&l->e->rib.attrs, path));
	}
	return l->paths[at].touched;
}

static void
look_at_path(struct looking *l, const struct table *t, const struct route *r, uint32_t path_id)
{
	uint32_t path = attrs_path(&l->e->rib.attrs, r->attrs), was, is;
	struct aspa_broken broken;
	struct route_facts f;

	if (!is_touched(l, path))
		return;
	engine_facts(l->e, t, l->net, &l->ip, r->attrs, &f);
	if (!f.has_origin)
		f.origin = 0;
	f.inherited = 0; /* it is counted where it comes in */
	was = detect_route(l->e->detect, &f) & 1U << RULE_ASPA;
	f.path &= (uint16_t) ~(PATH_ASPA_UPSTREAM | PATH_ASPA_DOWNSTREAM);
	f.path |= engine_aspa_bits(l->aspas_after, path_value(&l->e->rib.attrs, path), &broken);
	is = detect_route(l->e->detect, &f) & 1U << RULE_ASPA;
	if (was != is)
		note(l, t, &f, routes_rules_true(&t->routes, r, l->net, path_id),
		    flip_of(l, &f, f.rov, is != 0));
}

/* --- by origin validation */

static void
look_at_origin(struct looking *l, const struct table *t, const struct route *r, uint32_t path_id)
{
	struct rov_result after;
	struct route_facts f;

	engine_facts(l->e, t, l->net, &l->ip, r->attrs, &f);
	if (f.origin_unknown)
		return;
	if (!f.has_origin)
		f.origin = 0;
	after = vrp_validate_edited(l->e->vrps, l->edits, &l->ip, f.has_origin, f.origin);
	if (after.state != f.rov.state)
		note(l, t, &f, routes_rules_true(&t->routes, r, l->net, path_id),
		    flip_of(l, &f, after, false));
}

static void
look_at_route(struct looking *l, const struct table *t, uint32_t path_id)
{
	const struct route *r = routes_find(&t->routes, l->net, path_id);

	if (r == NULL)
		return;
	if (l->edits != NULL)
		look_at_origin(l, t, r, path_id);
	else
		look_at_path(l, t, r, path_id);
}

static void
look_at_net(struct looking *l)
{
	uint32_t ids[ROUTE_PATHS_MAX];

	l->flips_n = 0;
	for (const struct router *r = l->e->routers; r != NULL; r = r->next)
		for (const struct peer *p = r->peers; p != NULL; p = p->next)
			for (const struct table *t = p->judged ? p->tables : NULL; t != NULL;
			     t = t->next) {
				unsigned n = 0;

				if (t->routes.kind == (l->net & NET_KIND))
					n = routes_paths(&t->routes, l->net, ids, ROUTE_PATHS_MAX);
				for (unsigned i = 0; i < n; i++)
					look_at_route(l, t, ids[i]);
				l->cost += 1 + n;
			}
}

static bool
walk(struct looking *l, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_flip *), void *ctx)
{
	uint32_t budget = LOOK_BUDGET;
	bool go_on = true;

	while (go_on && (l->net = nets_next(&l->e->rib.nets, &at->route_at, &budget)) != 0) {
		net_prefix(&l->e->rib.nets, l->net, &l->ip);
		if (l->edits != NULL && !vrp_edits_touch(l->edits, &l->ip))
			continue;
		l->cost = 0;
		look_at_net(l);
		budget = budget > l->cost ? budget - l->cost : 0;
		for (unsigned i = 0; i < l->flips_n; i++)
			go_on &= each(ctx, &l->flips[i]);
	}
	if (at->route_at != NETS_END)
		return true;
	*at = (struct engine_place){ 0 };
	return false;
}

bool
engine_what_if(struct engine *e, const struct vrp_edits *edits, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_flip *), void *ctx)
{
	struct looking l = { .e = e, .edits = edits };

	return walk(&l, at, each, ctx);
}

bool
engine_what_if_aspa(struct engine *e, const struct aspa_edits *edits, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_flip *), void *ctx)
{
	struct aspa_set *after = aspa_set_edited(e->aspas, edits);
	struct looking l = { .e = e, .aspa_edits = edits, .aspas_after = after };
	bool more = false;

	if (after != NULL)
		more = walk(&l, at, each, ctx);
	aspa_set_unref(after);
	return more;
}

/* --- what we originate */

/* Does the table show what is ours as we send it, or use it? */
static bool
shows_ours(const struct table *t)
{
	return t->peer->judged &&
	       (t->view == BMP_VIEW_LOC_RIB ||
		   (t->view == BMP_VIEW_OUT_POST && t->peer->relation != NEIGHBOR_INTERNAL &&
		       t->peer->relation != NEIGHBOR_COLLECTOR));
}

static bool
originates(struct looking *l, const struct table *t, struct engine_originated *o)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = 0;

	if (t->routes.kind == (l->net & NET_KIND))
		n = routes_paths(&t->routes, l->net, ids, ROUTE_PATHS_MAX);
	l->cost += 1 + n;
	for (unsigned i = 0; i < n; i++) {
		const struct route *r = routes_find(&t->routes, l->net, ids[i]);
		struct route_facts f;

		engine_facts(l->e, t, l->net, &l->ip, r->attrs, &f);
		if (!f.has_origin || !(f.local_origin || f.origin == t->peer->local_as ||
					 detect_is_ours(l->e->detect, f.origin)))
			continue;
		o->origin = f.origin;
		o->passed_on |= t->view == BMP_VIEW_OUT_POST;
		return true;
	}
	return false;
}

bool
engine_originated(struct engine *e, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_originated *), void *ctx)
{
	struct looking l = { .e = e };
	uint32_t budget = LOOK_BUDGET;
	bool go_on = true;

	while (go_on && (l.net = nets_next(&e->rib.nets, &at->route_at, &budget)) != 0) {
		struct engine_originated o = { .own = false };
		bool any = false;

		l.cost = 0;
		net_prefix(&e->rib.nets, l.net, &l.ip);
		for (const struct router *r = e->routers; r != NULL; r = r->next)
			for (const struct peer *p = r->peers; p != NULL; p = p->next)
				for (const struct table *t = p->tables; t != NULL; t = t->next)
					any |= shows_ours(t) && originates(&l, t, &o);
		budget = budget > l.cost ? budget - l.cost : 0;
		if (!any)
			continue;
		o.prefix = l.ip;
		o.own = detect_own_of(e->detect, &l.ip) != NULL;
		o.rov = engine_rov(e, l.net, &l.ip, true, o.origin);
		o.vrps_n = e->vrps != NULL
			       ? vrp_covering(e->vrps, &l.ip, o.vrps, ENGINE_ORIGINATED_VRPS_MAX)
			       : 0;
		go_on = each(ctx, &o);
	}
	if (at->route_at != NETS_END)
		return true;
	*at = (struct engine_place){ 0 };
	return false;
}

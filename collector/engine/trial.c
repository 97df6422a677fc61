/*
 * What VRPs that are not used yet would turn invalid (vrp_trial.h): the nets they touch, and then
 * router by router the routes for these. Between two slices a router is known by its number; one
 * that is forgotten meanwhile counts as far as it was looked at.
 */
#include "collector/engine/engine_private.h"

/* What is found of one net in the tables of one router. */
struct look {
	const struct vrp_trial *trial;
	uint32_t net;
	struct ip_prefix ip;
	/* the origin that was looked at last: most routes for a net have the same */
	bool any, has_origin, turned;
	uint32_t origin;
	bool turns, ours;
	uint32_t blamed[VRP_TRIAL_BLAMED_MAX];
	unsigned blamed_n;
};

static void
look_at_route(struct engine *e, const struct table *t, struct look *l, uint32_t path_id)
{
	const struct route *r = routes_find(&t->routes, l->net, path_id);
	struct route_facts f;

	if (r == NULL)
		return;
	engine_facts(e, t, l->net, &l->ip, r->attrs, &f);
	if (f.origin_unknown)
		return;
	if (!l->any || f.has_origin != l->has_origin || f.origin != l->origin)
		l->turned = vrp_trial_turns(l->trial, e->vrps, f.rov, &l->ip, f.has_origin,
		    f.origin, l->blamed, &l->blamed_n);
	l->any = true;
	l->has_origin = f.has_origin;
	l->origin = f.origin;
	if (!l->turned)
		return;
	l->turns = true;
	l->ours |= route_is_ours(e, t, &f, routes_rules_true(&t->routes, r, l->net, path_id));
}

/* Returns what it cost. */
static uint32_t
look_at_net(struct engine *e, const struct router *r, struct vrp_trial *trial, uint32_t net)
{
	struct look l = { .trial = trial, .net = net };
	uint32_t ids[ROUTE_PATHS_MAX], cost = 1;

	net_prefix(&e->rib.nets, net, &l.ip);
	for (const struct peer *p = r->peers; p != NULL; p = p->next) {
		if (!p->judged)
			continue;
		for (const struct table *t = p->tables; t != NULL; t = t->next) {
			unsigned n = 0;

			if (t->routes.kind == (net & NET_KIND))
				n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);
			for (unsigned i = 0; i < n; i++)
				look_at_route(e, t, &l, ids[i]);
			cost += 1 + n;
		}
	}
	if (l.turns)
		vrp_trial_add(trial, &l.ip, l.ours, l.blamed, l.blamed_n);
	return cost;
}

/* The router that is being counted: the list is in the order of their numbers. */
static const struct router *
router_at(const struct engine *e, uint32_t number)
{
	const struct router *r = e->routers;

	while (r != NULL && r->number < number)
		r = r->next;
	return r;
}

static void
count_routes(struct engine *e, struct trial *t, uint32_t budget)
{
	const struct router *r = router_at(e, t->router);
	struct touched *nets = &t->touched;

	if (r == NULL || nets->n == 0) {
		vrp_trial_end_router(t->trial);
		t->done = true;
		return;
	}
	if (r->number != t->router) { /* the one before is gone */
		vrp_trial_end_router(t->trial);
		nets->at = 0;
	}
	t->router = r->number;
	while (nets->at < nets->n && budget > 0) {
		uint32_t net = nets->v[nets->at++], cost = 1;

		if (net_in_use(&e->rib.nets, net))
			cost = look_at_net(e, r, t->trial, net);
		budget = budget > cost ? budget - cost : 0;
	}
	if (nets->at < nets->n)
		return;
	vrp_trial_end_router(t->trial);
	t->router = r->number + 1;
	nets->at = 0;
}

void
trial_step(struct engine *e, struct trial *t, uint32_t budget)
{
	if (!t->found)
		t->found = touched_find(e, &t->touched, t->trial->cover, false, budget);
	else
		count_routes(e, t, budget);
	if (t->done)
		touched_free(&t->touched);
}

void
trial_free(struct trial *t)
{
	vrp_trial_free(t->trial);
	touched_free(&t->touched);
	*t = (struct trial){ .trial = NULL };
}

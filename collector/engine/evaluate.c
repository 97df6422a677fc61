/*
 * From a change to findings. Which rules are true of a route is kept with it in the RIB; only what
 * differs is sent, so a dump that is repeated sends nothing.
 */
#include "collector/engine/engine_private.h"

/* Is this where a leak comes in, and can the neighbour's role show it? */
static bool
is_inbound(const struct table *t)
{
	return t->view == BMP_VIEW_IN_PRE || t->view == BMP_VIEW_IN_POST;
}

static void
send(struct engine *e, const struct edge *edge)
{
	struct finding f;

	finding_build(e, edge, &f);
	if (edge->on)
		e->findings_on++;
	else
		e->findings_off++;
	e->ops->finding(e->ctx, &f);
}

/* Do the two blocks put a true rule into the same scope? Of what makes a scope only the origin can
 * differ between routes of one slot. */
static bool
same_scope(const struct engine *e, const struct table *t, uint32_t before, uint32_t after)
{
	uint32_t a = 0, b = 0;
	bool has_a, has_b;

	if (before == after)
		return true;
	has_a = engine_origin(e, t, before, &a);
	has_b = engine_origin(e, t, after, &b);
	return has_a == has_b && (!has_a || a == b);
}

/* Send what became false, then what became true. A rule that stays true is sent as both when the
 * route has moved to another scope; that of a leak is its neighbour's, which cannot change. */
static void
send_edges(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *ip, uint16_t rules_true, uint8_t cause, int64_t router_us)
{
	bool moved = c->before != 0 && c->after != 0 && !same_scope(e, t, c->before, c->after);
	uint16_t was = c->rules_true, is = rules_true;
	unsigned both = moved ? was & is & ~(unsigned)RULES_LEAK : 0;
	struct edge edge = { .table = t,
		.net = c->net,
		.path_id = c->path_id,
		.prefix = ip,
		.router_us = router_us };

	edge.on = false;
	edge.block = c->before;
	edge.cause = cause == REASON_ANNOUNCED ? REASON_REPLACED : cause;
	for (edge.rule = 0; edge.rule < RULES; edge.rule++)
		if (((was & ~is) | both) >> edge.rule & 1)
			send(e, &edge);
	edge.on = true;
	edge.block = c->after;
	edge.cause = cause;
	for (edge.rule = 0; edge.rule < RULES; edge.rule++)
		if (((is & ~was) | both) >> edge.rule & 1)
			send(e, &edge);
}

/* --- leaks */

/* Evaluate the same net in the views in which the rules cannot see a leak by themselves. Those
 * views count no leak, so this does not go on from there. */
static void
evaluate_elsewhere(struct engine *e, const struct router *r, uint32_t net, uint8_t cause)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next)
		for (struct table *t = p->tables; t != NULL; t = t->next)
			if (!is_inbound(t) && t->routes.kind == (net & NET_KIND))
				engine_reevaluate(e, t, net, cause);
}

static void
count_leak(struct engine *e, const struct table *t, uint32_t net, uint32_t path, unsigned begin,
    unsigned cease)
{
	struct leak *l = leak_count(e, t, net, path, (uint16_t)begin, (uint16_t)cease);

	if (l == NULL)
		return;
	evaluate_elsewhere(
	    e, t->peer->router, net, begin != 0 ? REASON_ANNOUNCED : REASON_WITHDRAWN);
	leak_settle(e, l);
}

/* Leaks on their way in are remembered, so that the other views know the route again. */
static void
count_leaks(struct engine *e, const struct table *t, const struct change *c, uint16_t rules_true)
{
	uint32_t before = c->before != 0 ? attrs_path(&e->rib.attrs, c->before) : 0;
	uint32_t after = c->after != 0 ? attrs_path(&e->rib.attrs, c->after) : 0;
	unsigned was = c->rules_true & RULES_LEAK, is = rules_true & RULES_LEAK;

	if (before == after) {
		count_leak(e, t, c->net, after, is & ~was, was & ~is);
	} else {
		count_leak(e, t, c->net, after, is, 0);
		count_leak(e, t, c->net, before, 0, was);
	}
}

/* --- a route */

void
engine_evaluate(
    struct engine *e, struct table *t, struct change *c, uint8_t cause, int64_t router_us)
{
	struct ip_prefix ip;
	struct route_facts facts;
	uint16_t rules_true = 0;

	if (c->same || (c->after == 0 && c->rules_true == 0))
		return;
	net_prefix(&e->rib.nets, c->net, &ip);
	if (c->after != 0 && t->peer->judged) {
		engine_facts(e, t, c->net, &ip, c->after, &facts);
		rules_true = detect_route(e->detect, &facts);
	}
	if (rules_true == 0 && c->rules_true == 0)
		return;
	send_edges(e, t, c, &ip, rules_true, cause, router_us);
	if (c->route != NULL && rules_true != c->rules_true)
		routes_set_rules_true(&t->routes, c->route, c->net, c->path_id, rules_true);
	if (is_inbound(t) && (rules_true | c->rules_true) & RULES_LEAK)
		count_leaks(e, t, c, rules_true);
}

/* A path of a net, as it is. */
static void
evaluate_path(struct engine *e, struct table *t, uint32_t net, uint32_t path_id, uint8_t cause)
{
	struct route *r = routes_find(&t->routes, net, path_id);
	struct change c = { .route = r, .net = net, .path_id = path_id };

	if (r == NULL)
		return;
	c.before = c.after = r->attrs;
	c.rules_true = routes_rules_true(&t->routes, r, net, path_id);
	engine_evaluate(e, t, &c, cause, 0);
}

unsigned
engine_reevaluate(struct engine *e, struct table *t, uint32_t net, uint8_t cause)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);

	for (unsigned i = 0; i < n; i++)
		evaluate_path(e, t, net, ids[i], cause);
	return n;
}

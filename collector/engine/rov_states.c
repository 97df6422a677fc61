/*
 * What a router makes of routes that our VRPs call invalid. It says so in an extended community
 * (RFC 8097) of what it accepts and uses, and in gauges of its reports (RFC 9972: invalid, valid
 * and not-found of what it accepts). A router whose validator is stale, or that has local
 * exceptions, takes for valid what it should not: where that lasts, it is told (troubles.c).
 *
 * Only routes of which the rules of origin validation are true are looked at, and these are few: a
 * table with every look at the router, or a part of one that has many, one after the other.
 */
#include "base/pure/text.h"
#include "collector/engine/engine_private.h"

enum {
	TYPE_INVALID = 35, /* of a family, post-policy Adj-RIB-In */
	TYPE_VALID = 36,
	TYPE_NOT_FOUND = 37,
	STATE_INVALID = 2, /* RFC 8097 2 */
	STATES = 3,
	LOOK_MAX = 20000, /* invalid routes of a table that are looked at */
	/* with a look, of all routers together, but at least; what a route costs */
	LOOK_SLOTS = 65536,
	LOOK_LEAST = 2048,
	ROUTE_COSTS = 32,
};

/* The state in the communities; STATES for none. */
static unsigned
state_of(struct cursor communities)
{
	while (cur_left(&communities) >= 8) {
		const uint8_t *one = cur_take(&communities, 8);

		if (one[0] == 0x43 && one[1] == 0x00)
			return one[7] < STATES ? one[7] : STATES;
	}
	return STATES;
}

/* Is it one of the tables in which the router says what it makes of a route? */
static bool
is_looked_at(const struct table *t)
{
	return t->peer->judged && t->peer->live != NULL && t->routes.kind != NET_KEY &&
	       (t->view == BMP_VIEW_LOC_RIB || (t->view == BMP_VIEW_IN_POST && t->peer->outside));
}

static bool
statistic(const struct table *t, uint16_t type, uint64_t *value)
{
	const struct peer_statistics *kept = t->peer->statistics;

	for (unsigned k = 0; kept != NULL && k < kept->n; k++)
		if (kept->v[k].type == type && kept->v[k].per_family &&
		    bgp_family_equal(kept->v[k].family, t->family)) {
			*value = kept->v[k].value;
			return true;
		}
	return false;
}

/* How many of our invalid ones it does not count as such; more than we have says nothing of ours.
 */
static uint32_t
uncounted(const struct table *t, uint32_t invalid)
{
	uint64_t its, valid, not_found;

	if (t->view != BMP_VIEW_IN_POST || t->peer->statistics->at_us < t->peer->live_us)
		return 0;
	if (!statistic(t, TYPE_INVALID, &its) || !statistic(t, TYPE_VALID, &valid) ||
	    !statistic(t, TYPE_NOT_FOUND, &not_found) || its + valid + not_found == 0)
		return 0;
	return its < invalid ? invalid - (uint32_t)its : 0;
}

static void
look_at_route(const struct engine *e, const struct table *t, struct rov_look *l, uint32_t net,
    uint32_t path_id)
{
	const struct route *r = routes_find(&t->routes, net, path_id);

	if (r == NULL)
		return;
	l->invalid++;
	if (state_of(attrs_other(&e->rib.attrs, r->attrs, ATTR_EXT_COMMUNITIES)) >= STATE_INVALID)
		return;
	l->found.n++;
	l->found.net = net;
	l->found.marked = true;
}

static uint32_t
budget_of(const struct engine *e)
{
	uint32_t each = LOOK_SLOTS / (e->routers_n != 0 ? e->routers_n : 1);

	return each < LOOK_LEAST ? LOOK_LEAST : each;
}

/* false: there is more of it. */
static bool
look_at_table(const struct engine *e, struct table *t)
{
	struct rov_look *l = &t->rov_look;
	uint32_t budget = budget_of(e), net, path_id, rules, n;

	if (l->size != t->routes.rules_max)
		*l = (struct rov_look){ .size = t->routes.rules_max };
	while (l->invalid < LOOK_MAX &&
	       routes_rules_next(&t->routes, &l->at, &budget, &net, &path_id, &rules)) {
		if ((rules & RULES_ROV) == 0)
			continue;
		look_at_route(e, t, l, net, path_id);
		budget -= budget < ROUTE_COSTS ? budget : ROUTE_COSTS;
	}
	if (l->invalid < LOOK_MAX && l->at != UINT32_MAX)
		return false;
	t->rov_states = l->found;
	if (t->peer->statistics != NULL && (n = uncounted(t, l->invalid)) > l->found.n) {
		t->rov_states.n = n;
		t->rov_states.marked = false;
	}
	*l = (struct rov_look){ .size = 0 };
	return true;
}

bool
rov_mismatch_is_told(const struct engine *e, const struct router *r)
{
	return r->rov_since_us != 0 &&
	       e->now_us - r->rov_since_us >= (int64_t)e->config.rov_mismatch_s * 1000000;
}

/* The number that is told follows when it is twice as many, or half. */
static void
take_sum(const struct engine *e, struct router *r, uint32_t n)
{
	if (n < e->config.rov_mismatch_least)
		r->rov_since_us = 0;
	else if (r->rov_since_us == 0)
		r->rov_since_us = e->now_us;
	if (rov_mismatch_is_told(e, r) && n < 2 * r->rov_n && n > r->rov_n / 2)
		return;
	r->rov_n = n;
	r->rov_example[0] = '\0';
}

void
rov_states_look(struct engine *e, struct router *r)
{
	uint32_t at = 0, n[2] = { 0, 0 };
	bool looked = false, whole = true;

	if (e->vrps == NULL || e->rov_frozen || !r->synced || e->config.rov_mismatch_least == 0)
		return;
	for (struct peer *p = r->peers; p != NULL; p = p->next)
		for (struct table *t = p->tables; t != NULL; t = t->next) {
			if (!is_looked_at(t))
				continue;
			if (at++ == r->rov_at) {
				whole = look_at_table(e, t);
				looked = true;
			}
			n[t->view == BMP_VIEW_LOC_RIB] += t->rov_states.n;
		}
	r->rov_at = looked ? r->rov_at + whole : 0;
	r->rov_looked |= !looked; /* at all of them */
	take_sum(e, r, n[0] > n[1] ? n[0] : n[1]);
}

/* A table with such routes, one that marks them first; NULL for none. */
static const struct table *
example(const struct router *r)
{
	const struct table *found = NULL;

	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (const struct table *t = p->tables; t != NULL; t = t->next)
			if (is_looked_at(t) && t->rov_states.n > 0 &&
			    (found == NULL || (t->rov_states.marked && !found->rov_states.marked)))
				found = t;
	return found;
}

const char *
rov_mismatch_example(const struct engine *e, struct router *r)
{
	struct txt t = txt_of(r->rov_example, sizeof(r->rov_example));
	const struct table *x = r->rov_example[0] == '\0' ? example(r) : NULL;
	char prefix[IP_PREFIX_TEXT_MAX], address[IP_ADDR_TEXT_MAX];
	struct ip_prefix ip;

	if (x == NULL)
		return r->rov_example;
	if (x->rov_states.marked && net_in_use(&e->rib.nets, x->rov_states.net)) {
		net_prefix(&e->rib.nets, x->rov_states.net, &ip);
		txt_putf(&t, "%s in ", ip_prefix_format(&ip, prefix));
	}
	if (x->peer->key.type == BMP_PEER_LOC_RIB)
		txt_puts(&t, "the Loc-RIB");
	else
		txt_putf(&t, "what %s AS%u sends", ip_addr_format(&x->peer->address, address),
		    x->peer->as);
	return r->rov_example;
}

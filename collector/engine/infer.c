/*
 * What a neighbour is to us by how much it sends and gets, where nothing else says it: all in and
 * little out is a provider, little in and all out a customer, little both ways a peer.
 *
 * It is a guess, so it takes much to be made and more to be another: a table of the Internet's size
 * at the router, all of both directions come, the same guess for a time, and routes that fit it: as
 * they are now they would break hardly any rule by it. What is unclear later changes nothing, since
 * that is what a leak looks like. Only another clear guess does, which has lasted for a week. And
 * it is kept over restarts: by name, since numbers mean nothing then.
 *
 * Whether routes fit is looked at of one neighbour at a time, some with each tick.
 */
#include "collector/engine/engine_private.h"

enum {
	FULL_PERCENT = 50,   /* of the largest table, at least */
	LITTLE_PERCENT = 10, /* at most */
	LOOK_SLOTS = 65536,  /* of a table, for routes that do not fit */
	LOOK_ROUTES = 8192,
	LOOK_TABLES = 64, /* of others, and so many routes of each */
	LOOK_OTHERS = 1024,
	FEW_IN_100 = 1, /* that may not fit */
	/* with a tick; what a route costs that is judged, and one whose path is looked at */
	TICK_SLOTS = 65536,
	JUDGED_COSTS = 32,
	PATH_COSTS = 8,
};
static const int64_t look_us = (int64_t)10 * 1000000, other_us = (int64_t)7 * 86400 * 1000000,
		     told_us = (int64_t)6 * 3600 * 1000000;

/* --- sizes */

enum { FAMILIES = 2 };

/* Of each family. */
struct sizes {
	uint32_t in[FAMILIES], out[FAMILIES], full[FAMILIES];
};

static unsigned
family_of(const struct table *t)
{
	if (t->family.safi != SAFI_UNICAST)
		return FAMILIES;
	return t->family.afi == AFI_IPV4 ? 0 : t->family.afi == AFI_IPV6 ? 1 : FAMILIES;
}

static void
take_more(uint32_t *n, uint32_t other)
{
	*n = *n < other ? other : *n;
}

static void
find_largest(const struct router *r, struct sizes *s)
{
	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (const struct table *t = p->tables; p->judged && t != NULL; t = t->next)
			if (family_of(t) < FAMILIES)
				take_more(&s->full[family_of(t)], t->routes.n);
}

bool
infer_is_full(const struct engine *e, const struct router *r)
{
	struct sizes s = { 0 };

	find_largest(r, &s);
	for (unsigned f = 0; f < FAMILIES; f++)
		if (s.full[f] >= detect_infer(e->detect)->table_at)
			return true;
	return false;
}

/* Has all of the family come, before or after the policy, in both directions? */
static bool
has_come(const struct peer *p, struct bgp_family f)
{
	const struct router *r = p->router;
	bool in = peer_has_end(p, BMP_VIEW_IN_PRE, f) || peer_has_end(p, BMP_VIEW_IN_POST, f),
	     out = peer_has_end(p, BMP_VIEW_OUT_PRE, f) || peer_has_end(p, BMP_VIEW_OUT_POST, f);

	return (in && out) || (r->settled && !p->late);
}

/* What it sends and gets; false: that is not known just now. The larger of before and after the
 * policy: what is kept of it says less. */
static bool
measure(const struct peer *p, struct sizes *s)
{
	for (const struct table *t = p->tables; t != NULL; t = t->next) {
		unsigned f = family_of(t);

		if (f == FAMILIES || t->view == BMP_VIEW_LOC_RIB || t->routes.n == 0)
			continue;
		if (routes_stale(&t->routes) > 0 || t->queued || !has_come(p, t->family))
			return false;
		take_more(bmp_view_is_inbound(t->view) ? &s->in[f] : &s->out[f], t->routes.n);
	}
	return true;
}

static bool
is_full(uint32_t n, uint32_t full)
{
	return (uint64_t)n * 100 >= (uint64_t)full * FULL_PERCENT;
}

static bool
is_little(uint32_t n, uint32_t full)
{
	return n > 0 && (uint64_t)n * 100 <= (uint64_t)full * LITTLE_PERCENT;
}

/* NEIGHBOR_UNKNOWN: they do not say. One who sends nothing may be a collector. */
static uint8_t
guess_by(uint32_t in, uint32_t out, uint32_t full)
{
	if (is_full(in, full) && is_little(out, full))
		return NEIGHBOR_PROVIDER;
	if (is_little(in, full) && is_full(out, full))
		return NEIGHBOR_CUSTOMER;
	return is_little(in, full) && is_little(out, full) ? NEIGHBOR_PEER : NEIGHBOR_UNKNOWN;
}

/* Families that disagree say nothing together. */
static struct engine_inferred
guess(const struct engine *e, const struct peer *p, const struct sizes *largest)
{
	struct engine_inferred g = { 0 };
	struct sizes s = *largest;

	if (!measure(p, &s))
		return g;
	for (unsigned f = 0; f < FAMILIES; f++) {
		struct engine_inferred one = { guess_by(s.in[f], s.out[f], s.full[f]), s.in[f],
			s.out[f], s.full[f] };

		if (s.in[f] == 0 && s.out[f] == 0)
			continue;
		if (s.full[f] < detect_infer(e->detect)->table_at)
			one.relation = NEIGHBOR_UNKNOWN;
		if (g.full != 0 && g.relation != one.relation)
			return (struct engine_inferred){ 0 };
		if (one.full > g.full)
			g = one;
	}
	return g;
}

/* --- routes that do not fit */

/* What a tick looks through. */
struct look {
	struct engine *e;
	struct peer *peer;
	struct infer_trial *trial;
	uint32_t budget; /* slots */
};

static uint32_t
less(uint32_t n, uint32_t by)
{
	return n < by ? 0 : n - by;
}

/* Some of a table; false: the budget is spent, and there is more of it. */
static bool
look_through(struct look *l, struct table *t, uint32_t most, uint32_t cost,
    bool (*is_odd)(struct look *, struct table *, uint32_t net, const struct route *))
{
	struct infer_trial *x = l->trial;
	uint32_t net, path_id;
	struct route *r;

	while (x->routes < most && x->slots < LOOK_SLOTS && x->at != UINT32_MAX) {
		uint32_t most_slots = LOOK_SLOTS - x->slots, slots, left;
		bool found;

		if (l->budget == 0)
			return false;
		left = slots = l->budget < most_slots ? l->budget : most_slots;
		found = routes_next(&t->routes, &x->at, &left, &net, &path_id, &r);
		x->slots += slots - left;
		l->budget -= slots - left;
		if (!found)
			continue;
		l->budget = less(l->budget, cost);
		x->routes++;
		x->odd += is_odd(l, t, net, r);
	}
	return true;
}

static void
next_table(struct infer_trial *x)
{
	x->table++;
	x->at = x->slots = x->routes = x->odd = 0;
}

/* May that be of who is what it looks like? */
static bool
is_fit(const struct infer_trial *x, const struct table *t)
{
	if (t->view == BMP_VIEW_OUT_POST)
		return x->odd < LEAK_OWN_LEAST;
	return (uint64_t)x->odd * 100 <= (uint64_t)x->routes * FEW_IN_100;
}

/* Of its own tables: a leak as things are; what it has of others, as a route server does; a path
 * within a confederation. */
static bool
is_odd_of_it(struct look *l, struct table *t, uint32_t net, const struct route *r)
{
	struct route_facts f;
	struct ip_prefix ip;

	net_prefix(&l->e->rib.nets, net, &ip);
	engine_facts(l->e, t, net, &ip, r->attrs, &f);
	if (f.path & PATH_MEMBERS)
		return true;
	if (bmp_view_is_inbound(t->view) &&
	    detect_path_sender(l->e->detect, f.as_path, f.local_as) != l->peer->as)
		return true;
	return detect_is_inferred(l->e->detect, &f, detect_route(l->e->detect, &f));
}

/* Of those of others: with it behind a customer, or from it and on its way to a provider or peer.
 */
static bool
is_odd_of_others(struct look *l, struct table *t, uint32_t net, const struct route *r)
{
	uint32_t path = attrs_path(&l->e->rib.attrs, r->attrs), sender;
	struct cursor value;

	(void)net;
	if (path == 0)
		return false;
	value = path_value(&l->e->rib.attrs, path);
	sender = detect_path_sender(l->e->detect, value, t->peer->local_as);
	if (!bmp_view_is_inbound(t->view))
		return sender == l->peer->as;
	return sender != l->peer->as && detect_path_left_of(value, l->peer->as) != 0;
}

enum fit { FIT_MORE, FIT_NOT, FIT_YES }; /* more: nobody knows yet */

static enum fit
look_at_table(struct look *l, struct table *t)
{
	bool whole = l->trial->others
			 ? look_through(l, t, LOOK_OTHERS, PATH_COSTS, is_odd_of_others)
			 : look_through(l, t, LOOK_ROUTES, JUDGED_COSTS, is_odd_of_it);

	return !whole ? FIT_MORE : is_fit(l->trial, t) ? FIT_YES : FIT_NOT;
}

/* May it be a provider by what others send and get? */
static enum fit
others_fit(struct look *l)
{
	uint32_t at = 0;

	for (struct router *r = l->e->routers; r != NULL; r = r->next)
		for (struct peer *q = r->peers; q != NULL; q = q->next)
			for (struct table *t = q->tables; t != NULL; t = t->next) {
				enum fit fit;

				if (q->as == l->peer->as || !table_looks_at_relations(l->e, t) ||
				    t->routes.kind == NET_KEY || t->routes.n == 0)
					continue;
				if (at++ < l->trial->table)
					continue;
				if (l->trial->table == LOOK_TABLES)
					return FIT_YES;
				if ((fit = look_at_table(l, t)) != FIT_YES)
					return fit;
				next_table(l->trial);
			}
	return FIT_YES;
}

static enum fit
own_fit(struct look *l)
{
	uint32_t at = 0;

	for (struct table *t = l->peer->tables; t != NULL; t = t->next) {
		enum fit fit;

		if (family_of(t) == FAMILIES || at++ < l->trial->table)
			continue;
		if ((fit = look_at_table(l, t)) != FIT_YES)
			return fit;
		next_table(l->trial);
	}
	return FIT_YES;
}

/* Would it break hardly any rule as things are? */
static enum fit
fits(struct engine *e, struct infer_trial *x)
{
	struct look l = { e, x->peer, x, TICK_SLOTS };
	struct engine_inferred before = x->peer->inferred;
	enum fit fit = FIT_YES;

	if (!x->others) {
		x->peer->inferred.relation = x->guess.relation;
		fit = own_fit(&l);
		x->peer->inferred = before;
	}
	if (fit != FIT_YES || x->guess.relation != NEIGHBOR_PROVIDER)
		return fit;
	if (!x->others) {
		x->others = true;
		next_table(x);
		x->table = 0;
	}
	return others_fit(&l);
}

/* --- over time */

/* Is there a session of which nobody says what the neighbour is? A private AS number is a site of
 * ours, or says nothing. */
static bool
is_open_question(const struct engine *e, const struct peer *p)
{
	return p->relation == NEIGHBOR_UNKNOWN && p->judged && p->up && !p->implicit &&
	       p->live != NULL && p->anew_us == 0 && p->key.type != BMP_PEER_LOC_RIB &&
	       p->as != 0 && p->local_as != 0 && !detect_is_private_as(p->as) &&
	       !detect_is_ours(e->detect, p->as) && !detect_is_own_sibling(e->detect, p->as);
}

static void
take(struct engine *e, struct peer *p, const struct engine_inferred *g)
{
	p->inferred = *g;
	peer_count_inferred(e, p);
	emit_inferred(e, p);
}

/* What is tried is looked at for a while, as long as it is the question. */
static void
try_on(struct engine *e)
{
	struct infer_trial *x = &e->infer_trial;
	struct peer *p = x->peer;
	enum fit fit = FIT_NOT;

	if (p->router->session != NULL && p->router->synced && is_open_question(e, p) &&
	    p->looks_like == x->guess.relation)
		fit = fits(e, x);
	if (fit == FIT_MORE)
		return;
	x->peer = NULL;
	if (fit == FIT_YES)
		take(e, p, &x->guess);
}

/* Only one is tried at a time, for the sake of those who wait; more: another one is due. */
struct turn {
	bool taken, more;
};

static void
look_at(struct engine *e, struct peer *p, const struct sizes *largest, struct turn *turn)
{
	const struct detect_infer *c = detect_infer(e->detect);
	struct engine_inferred g = guess(e, p, largest);
	int64_t wait_us = (int64_t)c->after_s * 1000000;

	if (g.relation != p->looks_like) {
		p->looks_like = g.relation;
		p->looks_like_us = e->now_us;
		return;
	}
	if (p->inferred.relation != NEIGHBOR_UNKNOWN && wait_us < other_us)
		wait_us = other_us;
	if (g.relation == NEIGHBOR_UNKNOWN || g.relation == p->inferred.relation ||
	    e->now_us - p->looks_like_us < wait_us)
		return;
	turn->more |= turn->taken;
	if (turn->taken)
		return;
	turn->taken = true;
	p->looks_like_us = e->now_us; /* when it does not fit, look again after that time */
	if (c->mode == INFER_ON)
		e->infer_trial = (struct infer_trial){ .peer = p, .guess = g };
	else
		take(e, p, &g);
}

void
infer_tick(struct engine *e)
{
	bool tell = e->now_us >= e->inferred_told_us + told_us;
	struct turn turn = { 0 };

	if (detect_infer(e->detect)->mode != INFER_ON)
		e->infer_trial.peer = NULL;
	if (e->infer_trial.peer != NULL) {
		try_on(e);
		return;
	}
	if (detect_infer(e->detect)->mode == INFER_OFF || e->now_us < e->inferred_us + look_us)
		return;
	e->inferred_us = e->now_us;
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		struct sizes largest = { { 0 }, { 0 }, { 0 } };

		if (r->session == NULL || !r->synced)
			continue;
		find_largest(r, &largest);
		for (struct peer *p = r->peers; p != NULL; p = p->next) {
			if (is_open_question(e, p))
				look_at(e, p, &largest, &turn);
			else
				p->looks_like = NEIGHBOR_UNKNOWN;
			if (tell && p->up && p->inferred.relation != NEIGHBOR_UNKNOWN)
				emit_inferred(e, p);
		}
	}
	if (e->infer_trial.peer != NULL)
		try_on(e);
	if (turn.more)
		e->inferred_us -= look_us; /* the next one at once */
	if (tell)
		e->inferred_told_us = e->now_us;
}

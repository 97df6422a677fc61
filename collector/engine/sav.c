/*
 * What permit lists are made of (collector/sav): routes that other networks send, as they come in
 * and as they are accepted, the hops of their paths, and the sessions they come by.
 *
 * A walk by tables, since most of them are small. A small one is looked at in one go; a large one
 * by nets, which keep their numbers while routes move in their table, so that nothing is passed
 * over between two pieces.
 *
 * A leak is no word about who is behind whom, nor are addresses that are nobody's: such routes are
 * left out (sav.h says why), and so is what internal sessions carry, where no rule sees a leak.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

#include "base/pure/text.h"

enum {
	SAV_BUDGET = 16384, /* routes that are looked at before a walk pauses: a millisecond there,
			       and where their facts go */
	SAV_SMALL = 32768,  /* slots of a table that is looked at in one go */
	SAV_PATHS = 16384,
	SAV_EDGES = 16384,
};

static const uint32_t left_out = RULES_LEAK | 1U << RULE_BOGON_PREFIX;

struct looking {
	struct engine *e;
	const struct sav_ask *ask;
	void (*each)(void *ctx, const struct sav_fact *);
	void *ctx;
	const struct table *table;
	uint8_t seen; /* routes of the table are */
	uint32_t budget;
	/* paths and edges of this piece, the last ones by hash: what is told need not be again */
	uint32_t paths[SAV_PATHS];
	uint64_t edges[SAV_EDGES];
};

/* --- sessions */

static bool
is_target(const struct sav_target *t, const struct peer *p)
{
	if (t->asn != 0 && p->as != t->asn)
		return false;
	return t->neighbor.family == IP_NONE || ip_addr_equal(&t->neighbor, &p->address);
}

/* Of another network, or of who is asked about, whatever it is. */
static bool
counts(const struct sav_target *t, const struct peer *p)
{
	return p->judged && p->key.type != BMP_PEER_LOC_RIB && p->relation != NEIGHBOR_INTERNAL &&
	       p->relation != NEIGHBOR_COLLECTOR && (p->outside || is_target(t, p));
}

static uint8_t
seen_by(const struct sav_target *t, const struct peer *p)
{
	if (is_target(t, p))
		return SAV_ON_TARGET | SAV_ON_CUSTOMER;
	return relation_is_customer(p->relation) ? SAV_ON_CUSTOMER : 0;
}

static void
tell_session(struct looking *l, const struct peer *p)
{
	const struct router *r = p->router;
	struct sav_fact f = { .piece = SAV_SESSION };
	struct sav_session *s = &f.session;

	text_copy(s->router, sizeof(s->router), r->name);
	s->neighbor = p->address;
	s->asn = p->as;
	s->local_as = p->local_as;
	s->target = is_target(&l->ask->target, p);
	s->customer = relation_is_customer(p->relation);
	s->relation_known = p->relation != NEIGHBOR_UNKNOWN;
	s->upstream = p->relation == NEIGHBOR_PROVIDER || p->relation == NEIGHBOR_PEER ||
		      p->relation == NEIGHBOR_RS;
	s->lateral = p->relation == NEIGHBOR_PEER;
	s->router_up = r->session != NULL;
	s->synced = r->synced;
	s->up = p->up && p->anew_us == 0;
	for (unsigned k = 0; k < PEER_FAMILIES; k++)
		s->heard |= p->monitored[k] >> BMP_VIEW_IN_PRE & 1 ||
			    p->monitored[k] >> BMP_VIEW_IN_POST & 1;
	for (const struct table *t = p->tables; t != NULL; t = t->next)
		if (bmp_view_is_inbound(t->view))
			s->stale += routes_stale(&t->routes);
	l->each(l->ctx, &f);
}

static void
tell_sessions(struct looking *l)
{
	for (const struct router *r = l->e->routers; r != NULL; r = r->next)
		for (const struct peer *p = r->peers; p != NULL; p = p->next)
			if (counts(&l->ask->target, p))
				tell_session(l, p);
}

/* --- paths */

static void
tell_edge(struct looking *l, uint32_t above, uint32_t below)
{
	uint64_t edge = (uint64_t)above << 32 | below;
	uint64_t *told = &l->edges[(edge * 0x9e3779b97f4a7c15U >> 32) % SAV_EDGES];
	struct sav_fact f = { .piece = SAV_EDGE, .edge = { above, below } };

	if (*told == edge)
		return;
	*told = edge;
	l->each(l->ctx, &f);
}

/* Hops between sequences only: who is next to whom in a set, or in a confederation, is not said. */
static void
tell_path(struct looking *l, uint32_t path)
{
	struct cursor value = path_value(&l->e->rib.attrs, path);
	struct as_segment seg;
	uint32_t last = 0;

	while (as_path_next(&value, 4, &seg)) {
		if (seg.type != AS_SEQUENCE)
			last = 0;
		for (unsigned i = 0; seg.type == AS_SEQUENCE && i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (last != 0 && asn != last)
				tell_edge(l, last, asn);
			last = asn;
		}
	}
}

/* --- routes */

static void
tell_witness(struct looking *l, const struct ip_prefix *p, uint32_t path, uint32_t origin, bool out,
    bool invalid)
{
	const struct peer *peer = l->table->peer;
	struct sav_fact f = { .piece = SAV_WITNESS };
	struct sav_witness *w = &f.witness;
	struct cursor value;
	struct as_segment seg;

	if (!ip_prefix_covers(p, &l->ask->explain) && !ip_prefix_covers(&l->ask->explain, p))
		return;
	text_copy(w->router, sizeof(w->router), peer->router->name);
	w->neighbor = peer->address;
	w->asn = peer->as;
	w->origin = origin;
	w->prefix = *p;
	w->customer = l->seen & SAV_ON_CUSTOMER;
	w->target = l->seen & SAV_ON_TARGET;
	w->left_out = out;
	w->invalid = invalid;
	value = path != 0 ? path_value(&l->e->rib.attrs, path) : cur_of("", 0);
	while (as_path_next(&value, 4, &seg))
		for (unsigned i = 0; i < seg.count && w->path_n < SAV_PATH_MAX; i++)
			w->path[w->path_n++] = as_segment_at(&seg, 4, i);
	l->each(l->ctx, &f);
}

static void
look_at_path(struct looking *l, attrs_block block)
{
	uint32_t path = attrs_path(&l->e->rib.attrs, block), *told = &l->paths[path % SAV_PATHS];

	if (path == 0 || *told == path)
		return;
	*told = path;
	tell_path(l, path);
}

/* By RFC 6811, where that is asked for. */
static bool
is_invalid(struct looking *l, uint32_t net, attrs_block block)
{
	struct ip_prefix p;
	uint32_t origin = 0;
	bool has;

	if (!l->ask->no_invalid)
		return false;
	has = engine_origin(l->e, l->table, block, &origin);
	net_prefix(&l->e->rib.nets, net, &p);
	return engine_rov(l->e, net, &p, has, origin).state == ROV_INVALID;
}

static void
look_at_route(struct looking *l, uint32_t net, uint32_t path_id, const struct route *r)
{
	bool invalid = is_invalid(l, net, r->attrs);
	bool out = invalid ||
		   (r->any_rule &&
		       (routes_rules_true(&l->table->routes, r, net, path_id) & left_out) != 0);
	struct sav_fact f = { .piece = SAV_ROUTE, .route = { .seen = l->seen } };

	if (l->ask->walk == SAV_WALK_EDGES) {
		if (!out)
			look_at_path(l, r->attrs);
		return;
	}
	if (!engine_origin(l->e, l->table, r->attrs, &f.route.origin))
		f.route.origin = 0;
	if (l->ask->explain.family != IP_NONE) {
		net_prefix(&l->e->rib.nets, net, &f.route.prefix);
		tell_witness(l, &f.route.prefix, attrs_path(&l->e->rib.attrs, r->attrs),
		    f.route.origin, out, invalid);
	}
	if (out ||
	    (l->ask->walk == SAV_WALK_ROUTES && l->seen == 0 && !sav_asked(l->ask, f.route.origin)))
		return;
	net_prefix(&l->e->rib.nets, net, &f.route.prefix);
	l->each(l->ctx, &f);
}

/* --- tables */

static void
look_in_one_go(struct looking *l)
{
	uint32_t cursor = 0, budget = UINT32_MAX, net, path_id;
	struct route *r;

	while (routes_next(&l->table->routes, &cursor, &budget, &net, &path_id, &r)) {
		look_at_route(l, net, path_id, r);
		l->budget -= l->budget > 0;
	}
}

/* true at the end of the table. */
static bool
look_by_nets(struct looking *l, uint32_t *at)
{
	const struct routes *t = &l->table->routes;
	uint32_t ids[ROUTE_PATHS_MAX], net;

	if (*at == 0)
		*at = t->kind;
	while ((net = nets_next(&l->e->rib.nets, at, &l->budget)) != 0) {
		unsigned n;

		if ((net & NET_KIND) != t->kind)
			return true;
		n = routes_paths(t, net, ids, ROUTE_PATHS_MAX);
		for (unsigned i = 0; i < n; i++)
			look_at_route(l, net, ids[i], routes_find(t, net, ids[i]));
	}
	return *at == NETS_END;
}

static bool
is_small(const struct routes *t)
{
	return !t->dense && t->slots_max <= SAV_SMALL;
}

/* Through the tables of a peer; false when it pauses among them. */
static bool
look_at_peer(struct looking *l, const struct peer *p, struct engine_place *at)
{
	const struct table *t = p->tables;

	l->seen = seen_by(&l->ask->target, p);
	if (!counts(&l->ask->target, p) || (l->ask->walk == SAV_WALK_ORIGINS && l->seen == 0))
		return true;
	for (uint32_t skip = at->tables_done; skip > 0 && t != NULL; skip--)
		t = t->next;
	for (; t != NULL && l->budget > 0; t = t->next) {
		l->table = t;
		if (!bmp_view_is_inbound(t->view) || !bgp_family_is_plain(t->family))
			l->budget--;
		else if (at->route_at == 0 && is_small(&t->routes))
			look_in_one_go(l);
		else if (!look_by_nets(l, &at->route_at))
			return false;
		at->tables_done++;
		at->route_at = 0;
	}
	return t == NULL;
}

static bool
walk(struct looking *l, struct engine_place *at)
{
	for (const struct router *r = place_router(l->e, at); r != NULL; r = r->next) {
		for (const struct peer *p = place_peer(r, at); p != NULL; p = p->next) {
			bool done = look_at_peer(l, p, at);

			if (done)
				place_pass_peer(at, r);
			if (!done || l->budget == 0)
				return true;
		}
		place_pass_router(at, r);
	}
	*at = (struct engine_place){ 0 };
	return false;
}

bool
engine_sav(struct engine *e, const struct sav_ask *ask, struct engine_place *at,
    void (*each)(void *ctx, const struct sav_fact *), void *ctx)
{
	struct looking *l = calloc(1, sizeof(*l));
	bool more;

	if (l == NULL) {
		struct sav_fact failed = { .piece = SAV_FAILED };

		each(ctx, &failed);
		return false;
	}
	l->e = e;
	l->ask = ask;
	l->each = each;
	l->ctx = ctx;
	l->budget = SAV_BUDGET;
	if (at->listed == 0 && ask->walk != SAV_WALK_ROUTES)
		tell_sessions(l);
	at->listed = 1;
	more = walk(l, at);
	free(l);
	return more;
}

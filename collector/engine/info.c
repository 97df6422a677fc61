/* What can be seen of an engine: routers, peers, routes, sums. */
#include "collector/engine/engine_private.h"

#include <string.h>
#include <strings.h>

/* Tables and slots that a lookup looks at before it pauses. */
enum { LOOKUP_BUDGET = 4096 };

static void
fill_router(const struct router *r, struct engine_router_info *out)
{
	memset(out, 0, sizeof(*out));
	out->number = r->number;
	out->name = r->name;
	out->address = r->address;
	out->sys_name = r->sys_name;
	out->sys_descr = r->sys_descr;
	out->up = r->session != NULL;
	out->synced = r->synced;
	out->sessions = r->sessions;
	out->since_us = r->since_us;
	out->down_reason = r->down_reason;
	out->peers = r->peers_n;
	out->views_monitored = r->views_monitored;
	for (const struct peer *p = r->peers; p != NULL; p = p->next) {
		out->peers_up += p->up && r->session != NULL;
		for (const struct table *t = p->tables; t != NULL; t = t->next) {
			out->routes += t->routes.n;
			out->stale += out->up ? routes_stale(&t->routes) : t->routes.n;
		}
	}
	out->counters = r->counters;
	out->peers_refused = r->peers_refused;
	if (r->session != NULL) {
		bmp_counters_add(&out->counters, bmp_stream_counters(r->session->stream));
		out->peers_refused += bmp_stream_peers_refused(r->session->stream);
	}
}

static void
fill_peer(const struct peer *p, struct engine_peer_info *out)
{
	memset(out, 0, sizeof(*out));
	out->key = &p->key;
	out->address = p->address;
	bgp_rd_format(p->key.distinguisher, out->distinguisher);
	peer_distinguisher(p, out->vrf);
	out->table_name = peer_table_name(p);
	out->as = p->as;
	out->local_as = p->local_as;
	out->inferred = p->relation == NEIGHBOR_UNKNOWN ? p->inferred
							: (struct engine_inferred){ 0 };
	out->relation = p->relation;
	out->relation_configured = p->relation_configured;
	out->up = p->up && p->router->session != NULL;
	out->implicit = p->implicit;
	out->judged = p->judged;
	out->quirks = p->quirks;
	out->updates = p->updates;
	out->announced = p->announced;
	out->withdrawn = p->withdrawn;
	out->faults = p->faults;
	if (p->live != NULL) {
		out->quirks |= p->live->quirks;
		out->updates += p->live->updates;
		out->announced += p->live->announced;
		out->withdrawn += p->live->withdrawn;
		out->faults += p->live->faults;
	}
	if (p->statistics != NULL) {
		out->statistics = p->statistics->v;
		out->statistics_n = p->statistics->n;
		out->statistics_us = p->statistics->at_us;
	}
	for (const struct table *t = p->tables; t != NULL; t = t->next) {
		if (out->tables_n == sizeof(out->tables) / sizeof(out->tables[0]))
			break;
		out->tables[out->tables_n++] = (struct engine_table_info){ .view = t->view,
			.family = t->family,
			.routes = t->routes.n,
			.stale = routes_stale(&t->routes),
			.path_ids = t->routes.addpath,
			.end_of_rib = t->end_of_rib };
	}
}

/* --- walks, a piece at a time */

bool
engine_routers(const struct engine *e, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_router_info *), void *ctx)
{
	struct engine_router_info info;

	for (const struct router *r = place_router(e, at); r != NULL; r = r->next) {
		fill_router(r, &info);
		place_pass_router(at, r);
		if (!each(ctx, &info))
			return true;
	}
	*at = (struct engine_place){ 0 };
	return false;
}

bool
engine_peers(const struct engine *e, struct engine_place *at,
    bool (*each)(void *ctx, const char *router, const struct engine_peer_info *), void *ctx)
{
	struct engine_peer_info info;

	for (const struct router *r = place_router(e, at); r != NULL; r = r->next) {
		for (const struct peer *p = place_peer(r, at); p != NULL; p = p->next) {
			fill_peer(p, &info);
			place_pass_peer(at, r);
			if (!each(ctx, r->name, &info))
				return true;
		}
		place_pass_router(at, r);
	}
	*at = (struct engine_place){ 0 };
	return false;
}

/* --- routes */

static void
show_route(struct engine *e, struct table *t, uint32_t net, uint32_t path_id,
    struct route_facts *facts, struct engine_route *out)
{
	const struct route *r = routes_find(&t->routes, net, path_id);
	uint32_t path = attrs_path(&e->rib.attrs, r->attrs);

	out->router = t->peer->router->name;
	out->view = t->view;
	out->family = t->family;
	out->path_id = path_id;
	out->since_us = (e->base_s + r->seen_s) * 1000000;
	out->stale = r->epoch != t->routes.epoch || t->peer->router->session == NULL;
	out->rules_true = routes_rules_true(&t->routes, r, net, path_id) & ~RULE_NOTES;
	out->judged = t->peer->judged && t->routes.kind != NET_KEY;
	if (out->judged) {
		engine_facts(e, t, net, &out->prefix, r->attrs, facts);
		out->rov = facts->rov;
	}
	out->facts = out->judged ? facts : NULL;
	out->block = r->attrs;
	out->has_origin = engine_origin(e, t, r->attrs, &out->origin);
	out->has_otc = attrs_otc(&e->rib.attrs, r->attrs, &out->otc);
	out->path = path != 0 ? path_value(&e->rib.attrs, path) : cur_of("", 0);
	out->communities = attrs_value(&e->rib.attrs, r->attrs, ATTR_COMMUNITIES);
	out->large = attrs_value(&e->rib.attrs, r->attrs, ATTR_LARGE_COMMUNITIES);
	out->extended = attrs_value(&e->rib.attrs, r->attrs, ATTR_EXT_COMMUNITIES);
	out->next_hop = attrs_value(&e->rib.attrs, r->attrs, ATTR_MP_REACH);
	if (cur_left(&out->next_hop) == 0)
		out->next_hop = attrs_value(&e->rib.attrs, r->attrs, ATTR_NEXT_HOP);
}

struct lookup {
	struct engine *e;
	const struct ip_prefix *ip;
	uint32_t net; /* of plain routes; 0: none has this prefix */
	struct table *table;
	struct engine_peer_info peer;
	struct engine_route out;
	struct route_facts facts;
	bool (*each)(void *ctx, const struct engine_route *);
	void *ctx;
	uint32_t budget; /* what may still be looked at in this call */
	bool paused;
	const struct engine_wanted *wanted; /* of a walk over all; NULL: everything */
};

static bool
is_wanted(const struct engine_wanted *w, const struct engine_route *r)
{
	return (w->rules == 0 || (r->rules_true & w->rules) != 0) &&
	       (!w->has_origin || (r->has_origin && r->origin == w->origin)) &&
	       (!w->has_rov || (r->judged && r->rov.state == w->rov));
}

static void
give_route(void *ctx, uint32_t net, uint32_t path_id)
{
	struct lookup *l = ctx;
	const struct route *r = routes_find(&l->table->routes, net, path_id);
	uint8_t room[NLRI_ROOM];
	struct bgp_nlri n;

	l->out.nlri = NULL;
	if (!bgp_family_is_plain(l->table->family)) {
		if (!nlri_of_route(l->e, l->table, net, r->attrs, room, &n))
			return;
		l->out.nlri = &n;
	}
	if (l->wanted != NULL && l->out.nlri != NULL)
		l->out.prefix = n.prefix;
	if (l->wanted != NULL && l->wanted->within.family != IP_NONE &&
	    (l->out.prefix.family != l->wanted->within.family ||
		!ip_prefix_covers(&l->wanted->within, &l->out.prefix)))
		return;
	show_route(l->e, l->table, net, path_id, &l->facts, &l->out);
	if (l->wanted == NULL || is_wanted(l->wanted, &l->out))
		l->paused |= !l->each(l->ctx, &l->out);
}

/* All paths of the net are one piece. */
static void
look_up_net(struct lookup *l)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = 0;

	if (l->net != 0 && l->table->routes.kind == (l->net & NET_KIND))
		n = routes_paths(&l->table->routes, l->net, ids, ROUTE_PATHS_MAX);
	for (unsigned i = 0; i < n; i++)
		give_route(l, l->net, ids[i]);
}

/* Look through one table from the place on. */
static void
look_in_table(struct lookup *l, struct engine_place *at)
{
	bool keys = l->table->routes.kind == NET_KEY;

	l->budget--;
	l->out.rov = (struct rov_result){ 0 };
	if (!keys)
		look_up_net(l);
	while (keys && at->route_at != UINT32_MAX && l->budget > 0 && !l->paused)
		nlri_routes_find(l->e, l->table, l->ip, &at->route_at, &l->budget, give_route, l);
	l->paused |= l->budget == 0;
	if (keys && at->route_at != UINT32_MAX)
		return;
	at->tables_done++;
	at->route_at = 0;
}

/* Look through the tables of a peer; false when it pauses among them. */
static bool
look_at_peer(struct lookup *l, const struct peer *p, struct engine_place *at)
{
	struct table *t = p->tables;

	fill_peer(p, &l->peer);
	for (uint32_t skip = at->tables_done; skip > 0 && t != NULL; skip--)
		t = t->next;
	for (; t != NULL && !l->paused; t = t->next) {
		l->table = t;
		look_in_table(l, at);
	}
	return t == NULL && at->route_at == 0;
}

bool
engine_lookup(struct engine *e, const struct ip_prefix *ip, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_route *), void *ctx)
{
	struct lookup l = { .e = e,
		.ip = ip,
		.out = { .prefix = *ip, .peer = &l.peer },
		.each = each,
		.ctx = ctx,
		.budget = LOOKUP_BUDGET };
	struct net_probe q;

	net_probe_make(&e->rib.nets, &q, ip);
	l.net = net_find(&e->rib.nets, &q);
	for (struct router *r = place_router(e, at); r != NULL; r = r->next) {
		for (struct peer *p = place_peer(r, at); p != NULL; p = p->next) {
			if (look_at_peer(&l, p, at))
				place_pass_peer(at, r);
			if (l.paused)
				return true;
		}
		place_pass_router(at, r);
	}
	*at = (struct engine_place){ 0 };
	return false;
}

/* --- all routes that are wanted */

/* What showing a route costs, in slots that are looked at. */
enum { WALK_BUDGET = 32768, WALK_COST = 16 };

/* Whether it is worth being shown, by what is cheap to see. */
static bool
may_be_wanted(struct lookup *l, uint32_t net, attrs_block attrs)
{
	const struct engine_wanted *w = l->wanted;
	uint32_t origin;

	if (w->has_origin &&
	    (!engine_origin(l->e, l->table, attrs, &origin) || origin != w->origin))
		return false;
	if (l->table->routes.kind == NET_KEY)
		return true; /* its prefix is in the NLRI */
	net_prefix(&l->e->rib.nets, net, &l->out.prefix);
	return w->within.family == IP_NONE || (l->out.prefix.family == w->within.family &&
						  ip_prefix_covers(&w->within, &l->out.prefix));
}

/* The next route of the table of which rules are true, or the next of all. */
static bool
next_route(
    struct lookup *l, struct engine_place *at, uint32_t *net, uint32_t *path_id, struct route **r)
{
	uint32_t rules;

	if (l->wanted->rules == 0)
		return routes_next(&l->table->routes, &at->route_at, &l->budget, net, path_id, r);
	if (!routes_rules_next(&l->table->routes, &at->route_at, &l->budget, net, path_id, &rules))
		return false;
	*r = routes_find(&l->table->routes, *net, *path_id);
	return *r != NULL;
}

static void
walk_table(struct lookup *l, struct engine_place *at)
{
	const struct engine_wanted *w = l->wanted;
	uint32_t net, path_id;
	struct route *r;

	l->out.rov = (struct rov_result){ 0 };
	l->budget -= l->budget > 0;
	if (w->views == 0 || w->views & 1U << l->table->view) {
		while (at->route_at != UINT32_MAX && l->budget > 0 && !l->paused &&
		       next_route(l, at, &net, &path_id, &r)) {
			if (!may_be_wanted(l, net, r->attrs))
				continue;
			give_route(l, net, path_id);
			l->budget -= l->budget > WALK_COST ? WALK_COST : l->budget;
		}
		l->paused |= l->budget == 0;
		if (at->route_at != UINT32_MAX)
			return;
	}
	at->tables_done++;
	at->route_at = 0;
}

static bool
peer_is_wanted(const struct engine_wanted *w, const struct peer *p)
{
	if (w->loc_rib && p->key.type != BMP_PEER_LOC_RIB)
		return false;
	return w->peer.family == IP_NONE ||
	       (p->key.type != BMP_PEER_LOC_RIB && ip_addr_equal(&p->address, &w->peer));
}

/* false when it pauses among its tables. */
static bool
walk_peer(struct lookup *l, const struct peer *p, struct engine_place *at)
{
	struct table *t = p->tables;

	if (!peer_is_wanted(l->wanted, p))
		return true;
	fill_peer(p, &l->peer);
	for (uint32_t skip = at->tables_done; skip > 0 && t != NULL; skip--)
		t = t->next;
	while (t != NULL && !l->paused) {
		uint32_t done = at->tables_done;

		l->table = t;
		walk_table(l, at);
		if (at->tables_done != done)
			t = t->next;
	}
	return t == NULL && at->route_at == 0;
}

bool
engine_walk_routes(struct engine *e, const struct engine_wanted *wanted, struct engine_place *at,
    bool (*each)(void *ctx, const struct engine_route *), void *ctx)
{
	struct lookup l = { .e = e,
		.out = { .peer = &l.peer },
		.each = each,
		.ctx = ctx,
		.budget = WALK_BUDGET,
		.wanted = wanted };
	size_t name = wanted->router != NULL ? strlen(wanted->router) : 0;

	for (struct router *r = place_router(e, at); r != NULL; r = r->next) {
		struct peer *p = place_peer(r, at);

		for (; p != NULL && (name == 0 || strncasecmp(r->name, wanted->router, name) == 0);
		     p = p->next) {
			if (walk_peer(&l, p, at))
				place_pass_peer(at, r);
			if (l.paused)
				return true;
		}
		place_pass_router(at, r);
	}
	*at = (struct engine_place){ 0 };
	return false;
}

struct cursor
engine_route_attribute(const struct engine *e, const struct engine_route *r, uint8_t code)
{
	return attrs_value(&e->rib.attrs, r->block, code);
}

/* --- sums */

static void
add_router(const struct router *r, struct engine_stats *out)
{
	struct engine_router_info info;

	fill_router(r, &info);
	out->routers_up += info.up;
	out->peers_up += info.peers_up;
	out->peers_refused += info.peers_refused;
	bmp_counters_add(&out->counters, &info.counters);
	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (const struct table *t = p->tables; t != NULL; t = t->next) {
			out->rules_broken += t->routes.rules_n;
			out->bytes += t->routes.bytes;
			out->bytes_routes += t->routes.bytes;
		}
}

void
engine_stats(const struct engine *e, struct engine_stats *out)
{
	struct attrs_sizes sizes;

	memset(out, 0, sizeof(*out));
	attrs_sizes(&e->rib.attrs, &sizes);
	out->routers = e->routers_n;
	out->routes = e->rib.routes_n;
	out->prefixes = nets_count(&e->rib.nets);
	out->blocks = sizes.parts[ATTRS_REST];
	out->paths = sizes.parts[ATTRS_PATH];
	out->findings_on = e->findings_on;
	out->findings_off = e->findings_off;
	out->treated_as_withdraw = e->treated_as_withdraw;
	out->refused = e->rib.refused + e->rib.attrs.refused + e->rib.nets.refused;
	out->bytes = rib_bytes(&e->rib);
	out->bytes_attrs = sizes.bytes;
	out->bytes_nets = nets_bytes(&e->rib.nets);
	out->queued = e->jobs.tables_n;
	out->leaks = e->known_n;
	out->leaks_refused = e->leaks_refused;
	out->survey = e->survey.last;
	out->rpki_generation = vrp_set_generation(e->vrps);
	out->counters = e->forgotten;
	out->peers_refused = e->peers_refused;
	for (const struct router *r = e->routers; r != NULL; r = r->next)
		add_router(r, out);
}

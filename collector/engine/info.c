/* What can be seen of an engine: routers, peers, routes, sums. */
#include "collector/engine/engine_private.h"

#include <string.h>

static const struct router *
router_at(const struct engine *e, uint32_t index)
{
	const struct router *r = e->routers;

	while (r != NULL && index-- > 0)
		r = r->next;
	return r;
}

bool
engine_router_info(const struct engine *e, uint32_t index, struct engine_router_info *out)
{
	const struct router *r = router_at(e, index);

	if (r == NULL)
		return false;
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
	return true;
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

bool
engine_peer_info(
    const struct engine *e, uint32_t router, uint32_t index, struct engine_peer_info *out)
{
	const struct router *r = router_at(e, router);
	const struct peer *p = r != NULL ? r->peers : NULL;

	while (p != NULL && index-- > 0)
		p = p->next;
	if (p == NULL)
		return false;
	fill_peer(p, out);
	return true;
}

static void
show_route(
    struct engine *e, struct table *t, uint32_t net, uint32_t path_id, struct engine_route *out)
{
	const struct route *r = routes_find(&t->routes, net, path_id);
	uint32_t path = attrs_path(&e->rib.attrs, r->attrs);

	out->router = t->peer->router->name;
	out->view = t->view;
	out->family = t->family;
	out->path_id = path_id;
	out->since_us = (e->base_s + r->seen_s) * 1000000;
	out->stale = r->epoch != t->routes.epoch || t->peer->router->session == NULL;
	out->rules_true = routes_rules_true(&t->routes, r, net, path_id);
	out->has_origin = engine_origin(e, t, r->attrs, &out->origin);
	if (out->nlri == NULL && t->peer->judged)
		out->rov = engine_rov(e, net, &out->prefix, out->has_origin, out->origin);
	out->has_otc = attrs_otc(&e->rib.attrs, r->attrs, &out->otc);
	out->path = path != 0 ? path_value(&e->rib.attrs, path) : cur_of("", 0);
	out->communities = attrs_value(&e->rib.attrs, r->attrs, ATTRS_COMM);
	out->large = attrs_value(&e->rib.attrs, r->attrs, ATTRS_LARGE);
	out->extended = attrs_other(&e->rib.attrs, r->attrs, ATTR_EXT_COMMUNITIES);
	out->next_hop = attrs_other(&e->rib.attrs, r->attrs, ATTR_MP_REACH);
	if (cur_left(&out->next_hop) == 0)
		out->next_hop = attrs_other(&e->rib.attrs, r->attrs, ATTR_NEXT_HOP);
}

struct lookup {
	struct engine *e;
	struct table *table;
	struct engine_route out;
	void (*each)(void *ctx, const struct engine_route *);
	void *ctx;
};

static void
show_key_route(void *ctx, uint32_t net, uint32_t path_id, const struct bgp_nlri *n)
{
	struct lookup *l = ctx;

	l->out.nlri = n;
	show_route(l->e, l->table, net, path_id, &l->out);
	l->each(l->ctx, &l->out);
}

static void
look_in_table(struct lookup *l, const struct ip_prefix *ip, uint32_t net)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n;

	fill_peer(l->table->peer, l->out.peer);
	if (l->table->routes.kind == NET_KEY) {
		l->out.rov = (struct rov_result){ 0 };
		nlri_routes_find(l->e, l->table, ip, show_key_route, l);
		return;
	}
	l->out.nlri = NULL;
	if (net == 0 || l->table->routes.kind != (net & NET_KIND))
		return;
	n = routes_paths(&l->table->routes, net, ids, ROUTE_PATHS_MAX);
	for (unsigned i = 0; i < n; i++) {
		show_route(l->e, l->table, net, ids[i], &l->out);
		l->each(l->ctx, &l->out);
	}
}

void
engine_lookup(struct engine *e, const struct ip_prefix *ip,
    void (*each)(void *ctx, const struct engine_route *), void *ctx)
{
	struct engine_peer_info info;
	struct lookup l = {
		.e = e, .out = { .prefix = *ip, .peer = &info }, .each = each, .ctx = ctx
	};
	struct net_probe q;
	uint32_t net;

	net_probe_make(&e->rib.nets, &q, ip);
	net = net_find(&e->rib.nets, &q);
	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			for (struct table *t = p->tables; t != NULL; t = t->next) {
				l.table = t;
				look_in_table(&l, ip, net);
			}
}

void
engine_stats(const struct engine *e, struct engine_stats *out)
{
	struct attrs_sizes sizes;
	struct engine_router_info info;

	memset(out, 0, sizeof(*out));
	attrs_sizes(&e->rib.attrs, &sizes);
	out->routers = e->routers_n;
	out->routes = e->rib.routes_n;
	out->prefixes = nets_count(&e->rib.nets);
	out->blocks = sizes.blocks;
	out->paths = sizes.parts[ATTRS_PATH];
	out->findings_on = e->findings_on;
	out->findings_off = e->findings_off;
	out->treated_as_withdraw = e->treated_as_withdraw;
	out->refused = e->rib.refused + e->rib.attrs.refused + e->rib.nets.refused;
	out->bytes = rib_bytes(&e->rib);
	out->queued = e->jobs.tables_n;
	out->rpki_generation = vrp_set_generation(e->vrps);
	for (uint32_t i = 0; engine_router_info(e, i, &info); i++) {
		out->routers_up += info.up;
		out->peers_up += info.peers_up;
		out->peers_refused += info.peers_refused;
		bmp_counters_add(&out->counters, &info.counters);
	}
	for (const struct router *r = e->routers; r != NULL; r = r->next)
		for (const struct peer *p = r->peers; p != NULL; p = p->next)
			for (const struct table *t = p->tables; t != NULL; t = t->next) {
				out->rules_broken += t->routes.rules_n;
				out->bytes += t->routes.bytes;
			}
}

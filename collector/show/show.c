/* Routers and peers, and what an engine is asked by name. */
#include "collector/show/show.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/pure/text.h"
#include "collector/show/show_private.h"

/* A row has been added: may the piece have another? */
static bool
has_room(const struct printer *p)
{
	return p->out->len < SHOW_PIECE;
}

/* --- routers */

static void
put_views(struct jw *j, uint8_t views)
{
	jw_array(j, "views");
	for (unsigned v = 0; v < BMP_VIEWS; v++)
		if (views >> v & 1)
			jw_string(j, NULL, bmp_view_name(v));
	jw_end_array(j);
}

static void
put_router(struct printer *p, const struct engine_router_info *r)
{
	uint64_t messages = 0;
	struct jw *j;

	for (unsigned i = 0; i <= BMP_TYPES; i++)
		messages += r->counters.messages[i];
	printer_row(p, show_verbs[SHOW_ROUTERS].columns, r->up ? PRINTER_GREEN : PRINTER_RED);
	printer_string(p, "router", r->name);
	printer_string(p, "state", r->up ? "up" : "down");
	if (r->up && !r->synced)
		printer_cell(p, "state", "sync");
	printer_bool(p, "synced", r->synced);
	printer_time(p, "since", r->since_us);
	printer_string(p, "down_reason", r->down_reason);
	if (r->up)
		printer_cell(p, "down_reason", "%s", "");
	printer_string(p, "address", r->address);
	printer_string(p, "sys_name", r->sys_name);
	printer_string(p, "sys_descr", r->sys_descr);
	printer_uint(p, "sessions", r->sessions);
	printer_uint(p, "peers", r->peers);
	printer_uint(p, "peers_up", r->peers_up);
	printer_cell(p, "up/peers", "%5u/%-5u", r->peers_up, r->peers);
	printer_uint(p, "refused_peer_messages", r->peers_refused);
	printer_uint(p, "routes", r->routes);
	printer_uint(p, "stale", r->stale);
	printer_cell(p, "all messages", "%llu", (unsigned long long)messages);
	if ((j = printer_json(p)) != NULL) {
		put_views(j, r->views_monitored);
		show_counters_json(j, &r->counters);
	}
	printer_end(p);
}

static bool
each_router(void *ctx, const struct engine_router_info *r)
{
	put_router(ctx, r);
	return has_room(ctx);
}

static bool
router_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	return engine_routers(e, &q->at, each_router, p);
}

/* --- peers */

/* Their names, as many as there is room for and how many more there are. */
static void
quirks_text(uint64_t quirks, char *buf, size_t size)
{
	enum { MORE = 16 };
	struct txt t = txt_of(buf, size - MORE);
	unsigned more = 0;

	for (int i = 0; i < BMP_QUIRKS; i++) {
		const char *name = bmp_quirk_name((enum bmp_quirk)i);

		if (!(quirks >> i & 1))
			continue;
		if (more > 0 || strlen(name) + 1 > (size_t)(t.end - t.at)) {
			more++;
			continue;
		}
		txt_sep(&t, ",");
		txt_puts(&t, name);
	}
	if (more > 0)
		snprintf(t.at, MORE, "%s+%u", t.at > buf ? "," : "", more);
}

/* What the router itself counts. */
static void
put_statistics(struct jw *j, const struct engine_peer_info *p)
{
	char text[48];

	if (p->statistics == NULL)
		return;
	jw_string(j, "statistics_at", clock_format_us(p->statistics_us, 6, text));
	jw_array(j, "statistics");
	for (unsigned i = 0; i < p->statistics_n; i++) {
		const struct engine_statistic *s = &p->statistics[i];
		const struct bmp_stat_info *info = bmp_stat_info(s->type);

		jw_object(j, NULL);
		jw_uint(j, "type", s->type);
		if (info != NULL)
			jw_string(j, "name", info->name);
		if (s->per_family)
			jw_string(j, "family", bgp_family_name(s->family, text, sizeof(text)));
		jw_uint(j, "value", s->value);
		jw_end_object(j);
	}
	jw_end_array(j);
}

static void
put_tables(struct jw *j, const struct engine_peer_info *p)
{
	char text[48];

	jw_array(j, "tables");
	for (unsigned i = 0; i < p->tables_n; i++) {
		jw_object(j, NULL);
		jw_string(j, "view", bmp_view_name(p->tables[i].view));
		jw_string(j, "family", bgp_family_name(p->tables[i].family, text, sizeof(text)));
		jw_uint(j, "routes", p->tables[i].routes);
		jw_uint(j, "stale", p->tables[i].stale);
		jw_bool(j, "add_path", p->tables[i].path_ids);
		jw_bool(j, "end_of_rib", p->tables[i].end_of_rib);
		jw_end_object(j);
	}
	jw_end_array(j);
}

/* Every view is a column: its routes, or "-" when there is no table of it. */
static void
put_view_cells(struct printer *p, const struct engine_peer_info *peer)
{
	uint64_t routes[BMP_VIEWS] = { 0 };
	bool seen[BMP_VIEWS] = { false };

	for (unsigned i = 0; i < peer->tables_n; i++) {
		routes[peer->tables[i].view] += peer->tables[i].routes;
		seen[peer->tables[i].view] = true;
	}
	for (unsigned v = 0; v < BMP_VIEWS; v++)
		if (seen[v])
			printer_cell(p, bmp_view_name(v), "%llu", (unsigned long long)routes[v]);
		else
			printer_cell(p, bmp_view_name(v), "-");
}

static void
put_quirks(struct printer *p, uint64_t quirks)
{
	struct jw *j = printer_json(p);
	char text[PRINTER_CELL_MAX];

	if (j == NULL) {
		quirks_text(quirks, text, sizeof(text));
		printer_cell(p, "quirks", "%s", text);
		return;
	}
	jw_array(j, "quirks");
	for (int i = 0; i < BMP_QUIRKS; i++)
		if (quirks >> i & 1)
			jw_string(j, NULL, bmp_quirk_name((enum bmp_quirk)i));
	jw_end_array(j);
}

static void
put_peer(struct printer *p, const char *router, const struct engine_peer_info *peer)
{
	struct jw *j;

	printer_row(p, show_verbs[SHOW_PEERS].columns, peer->up ? PRINTER_GREEN : PRINTER_RED);
	printer_string(p, "router", router);
	show_peer_name(p, peer);
	printer_uint(p, "peer_type", peer->key->type);
	printer_string(p, "distinguisher", peer->distinguisher);
	printer_string(p, "table", peer->table_name);
	printer_uint(p, "peer_as", peer->as);
	printer_uint(p, "local_as", peer->local_as);
	printer_string(p, "state", peer->up ? "up" : "down");
	printer_string(p, "relation", relation_name(peer->relation));
	printer_string(p, "relation_from", show_relation_from(peer));
	if (peer->inferred.relation != NEIGHBOR_UNKNOWN)
		printer_cell(p, "relation", "%s?", relation_name(peer->inferred.relation));
	if (printer_json(p) != NULL)
		show_inferred(printer_json(p), peer);
	printer_bool(p, "judged", peer->judged);
	printer_bool(p, "implicit", peer->implicit);
	put_view_cells(p, peer);
	printer_uint(p, "updates", peer->updates);
	printer_uint(p, "announced", peer->announced);
	printer_uint(p, "withdrawn", peer->withdrawn);
	printer_uint(p, "faults", peer->faults);
	put_quirks(p, peer->quirks);
	if ((j = printer_json(p)) != NULL) {
		put_tables(j, peer);
		put_statistics(j, peer);
	}
	printer_end(p);
}

static bool
each_peer(void *ctx, const char *router, const struct engine_peer_info *peer)
{
	put_peer(ctx, router, peer);
	return has_room(ctx);
}

static bool
peer_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	return engine_peers(e, &q->at, each_peer, p);
}

/* --- routes */

struct showing {
	const struct engine *engine;
	struct printer *printer;
};

static bool
each_route(void *ctx, const struct engine_route *r)
{
	const struct showing *to = ctx;

	show_route(to->printer, to->engine, r, false);
	return has_room(to->printer);
}

static bool
route_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	struct showing to = { e, p };

	return q->walk ? show_walk_rows(e, q, p)
		       : engine_lookup(e, &q->prefix, &q->at, each_route, &to);
}

/* --- by name; stats are sums, which show_stats prints */

static bool (*const rows[SHOW_VERBS])(struct engine *, struct show_query *, struct printer *) = {
	[SHOW_ROUTERS] = router_rows,
	[SHOW_PEERS] = peer_rows,
	[SHOW_ROUTES] = route_rows,
	[SHOW_EXPLAIN] = show_explain_rows,
	[SHOW_NEAR] = show_near_rows,
	[SHOW_WHAT_IF] = show_what_if_rows,
	[SHOW_ORIGINATED] = show_originated_rows,
	[SHOW_NEIGHBOR_ORIGINS] = show_neighbor_origin_rows,
	[SHOW_SAV] = show_sav_facts,
};

bool
show_rows(struct engine *e, struct show_query *q, struct sbuf *out)
{
	bool json = show_verbs[q->what].asked_by != NULL;
	struct printer p;

	printer_init(&p, out, json ? PRINTER_JSON : (enum printer_format)q->format);
	return rows[q->what] != NULL && rows[q->what](e, q, &p);
}

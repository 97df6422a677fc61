#include "collector/show/show.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/pure/text.h"
#include "collector/show/route.h"

/* --- counters, shared by all */

static void
json_family_counts(struct jw *j, const struct bmp_counters *c, const char *key, unsigned which)
{
	jw_object(j, key);
	for (unsigned i = 0; i < c->families_n; i++) {
		const struct bmp_family_count *f = &c->families[i];
		uint64_t n = which == 0 ? f->announced : which == 1 ? f->withdrawn : f->end_of_rib;
		char name[24];

		snprintf(name, sizeof(name), "%u/%u", f->family.afi, f->family.safi);
		if (n > 0)
			jw_uint(j, name, n);
	}
	jw_end_object(j);
}

/* The words are those of `bellman decode --summary`. */
static void
json_counters(struct jw *j, const struct bmp_counters *c)
{
	jw_uint(j, "bytes", c->bytes);
	jw_object(j, "messages");
	for (unsigned i = 0; i <= BMP_TYPES; i++)
		jw_uint(j, bmp_type_name(i), c->messages[i]);
	jw_end_object(j);
	json_family_counts(j, c, "announced", 0);
	json_family_counts(j, c, "withdrawn", 1);
	json_family_counts(j, c, "end_of_rib", 2);
	jw_object(j, "faults");
	for (int i = 0; i < FAULT_CODES; i++)
		if (c->faults[i] > 0)
			jw_uint(j, fault_name((enum fault_code)i), c->faults[i]);
	jw_end_object(j);
	jw_object(j, "quirks");
	for (int i = 0; i < BMP_QUIRKS; i++)
		if (c->quirks[i] > 0)
			jw_uint(j, bmp_quirk_name((enum bmp_quirk)i), c->quirks[i]);
	jw_end_object(j);
	jw_uint(j, "skipped", c->skipped);
}

static void
json_views(struct jw *j, const char *key, uint8_t views)
{
	jw_array(j, key);
	for (unsigned v = 0; v < BMP_VIEWS; v++)
		if (views >> v & 1)
			jw_string(j, NULL, bmp_view_name(v));
	jw_end_array(j);
}

/* --- routers */

static void
router_json(const struct engine_router_info *r, struct sbuf *out)
{
	struct jw j = jw_to(out);

	jw_object(&j, NULL);
	jw_string(&j, "router", r->name);
	jw_string(&j, "state", r->up ? "up" : "down");
	jw_bool(&j, "synced", r->synced);
	jw_time_us(&j, "since", r->since_us);
	jw_string(&j, "address", r->address);
	jw_string(&j, "sys_name", r->sys_name);
	jw_string(&j, "sys_descr", r->sys_descr);
	jw_uint(&j, "sessions", r->sessions);
	jw_uint(&j, "peers", r->peers);
	jw_uint(&j, "peers_up", r->peers_up);
	jw_uint(&j, "refused_peer_messages", r->peers_refused);
	jw_uint(&j, "routes", r->routes);
	jw_uint(&j, "stale", r->stale);
	json_views(&j, "views", r->views_monitored);
	json_counters(&j, &r->counters);
	jw_end_object(&j);
	sbuf_putc(out, '\n');
}

static const char routers_format[] = "%-24.24s %-6s %-21.21s %5u/%-5u %10llu %8llu %10llu  %-20s\n";

static void
router_text(const struct engine_router_info *r, bool colour, struct sbuf *out)
{
	char since[CLOCK_TEXT_MAX];
	uint64_t messages = 0;

	for (unsigned i = 0; i <= BMP_TYPES; i++)
		messages += r->counters.messages[i];
	if (colour)
		sbuf_puts(out, r->up ? "\033[32m" : "\033[31m");
	sbuf_printf(out, routers_format, r->name,
	    !r->up	? "down"
	    : r->synced ? "up"
			: "sync",
	    r->address, r->peers_up, r->peers, (unsigned long long)r->routes,
	    (unsigned long long)r->stale, (unsigned long long)messages,
	    clock_format_us(r->since_us, 0, since));
	if (colour) {
		out->len--;
		sbuf_puts(out, "\033[0m\n");
	}
}

/* --- peers */

/* What the router itself counts. */
static void
statistics_json(struct jw *j, const struct engine_peer_info *p)
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
peer_json(const char *router, const struct engine_peer_info *p, struct sbuf *out)
{
	struct jw j = jw_to(out);
	char text[48];

	jw_object(&j, NULL);
	jw_string(&j, "router", router);
	jw_string(&j, "peer",
	    p->key->type == BMP_PEER_LOC_RIB ? "loc-rib" : ip_addr_format(&p->address, text));
	jw_uint(&j, "peer_type", p->key->type);
	jw_string(&j, "distinguisher", p->distinguisher);
	jw_string(&j, "table", p->table_name);
	jw_uint(&j, "peer_as", p->as);
	jw_uint(&j, "local_as", p->local_as);
	jw_string(&j, "state", p->up ? "up" : "down");
	jw_string(&j, "relation", relation_name(p->relation));
	jw_string(&j, "relation_from",
	    p->relation == NEIGHBOR_UNKNOWN ? ""
	    : p->relation_configured	    ? "configured"
					    : "roles");
	jw_bool(&j, "implicit", p->implicit);
	jw_uint(&j, "updates", p->updates);
	jw_uint(&j, "announced", p->announced);
	jw_uint(&j, "withdrawn", p->withdrawn);
	jw_uint(&j, "faults", p->faults);
	jw_array(&j, "quirks");
	for (int i = 0; i < BMP_QUIRKS; i++)
		if (p->quirks >> i & 1)
			jw_string(&j, NULL, bmp_quirk_name((enum bmp_quirk)i));
	jw_end_array(&j);
	jw_array(&j, "tables");
	for (unsigned i = 0; i < p->tables_n; i++) {
		jw_object(&j, NULL);
		jw_string(&j, "view", bmp_view_name(p->tables[i].view));
		jw_string(&j, "family", bgp_family_name(p->tables[i].family, text, sizeof(text)));
		jw_uint(&j, "routes", p->tables[i].routes);
		jw_uint(&j, "stale", p->tables[i].stale);
		jw_bool(&j, "add_path", p->tables[i].addpath);
		jw_bool(&j, "end_of_rib", p->tables[i].end_of_rib);
		jw_end_object(&j);
	}
	jw_end_array(&j);
	statistics_json(&j, p);
	jw_end_object(&j);
	sbuf_putc(out, '\n');
}

static const char peers_format[] =
    "%-24.24s %-30.30s %10u %-5s %-10s %9s %9s %9s %9s %9s %8llu  %s\n";

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

static void
peer_text(const char *router, const struct engine_peer_info *p, bool colour, struct sbuf *out)
{
	char name[80], addr[IP_ADDR_TEXT_MAX], n[BMP_VIEWS][16], quirks[256];
	uint64_t routes[BMP_VIEWS] = { 0 };
	bool seen[BMP_VIEWS] = { false };

	if (p->key->type == BMP_PEER_LOC_RIB)
		snprintf(name, sizeof(name), "loc-rib %s",
		    p->table_name[0] != '\0' ? p->table_name : p->distinguisher);
	else if (p->key->type != BMP_PEER_GLOBAL)
		snprintf(name, sizeof(name), "%s %s", ip_addr_format(&p->address, addr),
		    p->distinguisher);
	else
		snprintf(name, sizeof(name), "%s", ip_addr_format(&p->address, addr));
	for (unsigned i = 0; i < p->tables_n; i++) {
		routes[p->tables[i].view] += p->tables[i].routes;
		seen[p->tables[i].view] = true;
	}
	for (int v = 0; v < BMP_VIEWS; v++)
		if (seen[v])
			snprintf(n[v], sizeof(n[v]), "%llu", (unsigned long long)routes[v]);
		else
			snprintf(n[v], sizeof(n[v]), "-");
	quirks_text(p->quirks, quirks, sizeof(quirks));
	if (colour)
		sbuf_puts(out, p->up ? "\033[32m" : "\033[31m");
	sbuf_printf(out, peers_format, router, name, p->as, p->up ? "up" : "down",
	    relation_name(p->relation), n[BMP_VIEW_IN_PRE], n[BMP_VIEW_IN_POST],
	    n[BMP_VIEW_LOC_RIB], n[BMP_VIEW_OUT_PRE], n[BMP_VIEW_OUT_POST],
	    (unsigned long long)p->updates, quirks);
	if (colour) {
		out->len--;
		sbuf_puts(out, "\033[0m\n");
	}
}

/* --- entrances */

struct route_rows {
	const struct show_query *q;
	struct sbuf *out;
};

static void
each_route(void *ctx, const struct engine_route *r)
{
	struct route_rows *rows = ctx;

	if (rows->q->json)
		show_route_json(r, rows->out);
	else
		show_route_text(r, rows->q->colour, rows->out);
}

static void
peer_rows(struct engine *e, const struct show_query *q, uint32_t router, const char *name,
    struct sbuf *out)
{
	struct engine_peer_info p;

	for (uint32_t k = 0; engine_peer_info(e, router, k, &p); k++) {
		if (q->json)
			peer_json(name, &p, out);
		else
			peer_text(name, &p, q->colour, out);
	}
}

void
show_rows(struct engine *e, const struct show_query *q, struct sbuf *out)
{
	struct route_rows rows = { q, out };
	struct engine_router_info r;

	if (q->what == SHOW_ROUTES) {
		engine_lookup(e, &q->prefix, each_route, &rows);
		return;
	}
	for (uint32_t i = 0; engine_router_info(e, i, &r); i++) {
		if (q->what == SHOW_PEERS)
			peer_rows(e, q, i, r.name, out);
		else if (q->json)
			router_json(&r, out);
		else
			router_text(&r, q->colour, out);
	}
}

void
show_header(const struct show_query *q, struct sbuf *out)
{
	if (q->json)
		return;
	if (q->what == SHOW_ROUTERS)
		sbuf_printf(out, "%-24s %-6s %-21s %11s %10s %8s %10s  %-20s\n", "ROUTER", "STATE",
		    "ADDRESS", "PEERS", "ROUTES", "STALE", "MESSAGES", "SINCE");
	else if (q->what == SHOW_PEERS)
		sbuf_printf(out, "%-24s %-30s %10s %-5s %-10s %9s %9s %9s %9s %9s %8s  %s\n",
		    "ROUTER", "PEER", "AS", "STATE", "RELATION", "IN-PRE", "IN-POST", "LOC-RIB",
		    "OUT-PRE", "OUT-POST", "UPDATES", "QUIRKS");
	else if (q->what == SHOW_ROUTES)
		sbuf_printf(out, "%-24s %-28s %10s %-16s %-9s %-5s %s\n", "ROUTER", "PEER", "AS",
		    "VIEW", "ROV", "", "AS PATH, NEXT HOP");
}

void
show_stats_add(struct engine_stats *to, const struct engine_stats *s)
{
	to->routers += s->routers;
	to->routers_up += s->routers_up;
	to->peers_up += s->peers_up;
	to->peers_refused += s->peers_refused;
	to->routes += s->routes;
	to->prefixes += s->prefixes;
	to->blocks += s->blocks;
	to->paths += s->paths;
	to->findings_on += s->findings_on;
	to->findings_off += s->findings_off;
	to->rules_broken += s->rules_broken;
	to->treated_as_withdraw += s->treated_as_withdraw;
	to->refused += s->refused;
	to->bytes += s->bytes;
	to->queued += s->queued;
	if (s->rpki_generation > to->rpki_generation)
		to->rpki_generation = s->rpki_generation;
	bmp_counters_add(&to->counters, &s->counters);
}

void
show_stats(const struct engine_stats *s, struct jw *j, struct sbuf *out)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "routers", s->routers },
		{ "routers_up", s->routers_up },
		{ "peers_up", s->peers_up },
		{ "refused_peer_messages", s->peers_refused },
		{ "routes", s->routes },
		{ "prefixes", s->prefixes },
		{ "attribute_blocks", s->blocks },
		{ "as_paths", s->paths },
		{ "table_bytes", s->bytes },
		{ "findings_on", s->findings_on },
		{ "findings_off", s->findings_off },
		{ "routes_marked", s->rules_broken },
		{ "treated_as_withdraw", s->treated_as_withdraw },
		{ "refused_by_limit", s->refused },
		{ "tables_queued", s->queued },
		{ "rpki_generation", s->rpki_generation },
	};

	if (j == NULL) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			sbuf_printf(
			    out, "%-28s %14llu\n", rows[i].name, (unsigned long long)rows[i].value);
		for (unsigned i = 0; i <= BMP_TYPES; i++)
			sbuf_printf(out, "messages.%-19s %14llu\n", bmp_type_name(i),
			    (unsigned long long)s->counters.messages[i]);
		return;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		jw_uint(j, rows[i].name, rows[i].value);
	json_counters(j, &s->counters);
}

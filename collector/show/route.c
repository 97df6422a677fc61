/* One route, found by its prefix. Attributes are written as `bellman decode` writes them. */
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/show/show_private.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/rd.h"
#include "parsers/bgp/tunnel_type.h"

enum { ROUTE_TEXT_MAX = 1024, NEXT_HOP_TEXT_MAX = 160 };

/* Room for the text of n octets of an AS path or of communities: up to 27 for each four of them. */
static struct txt
txt_for(struct sbuf *buf, size_t n)
{
	size_t max = 7 * n + 8;
	char *at = sbuf_reserve(buf, max);

	return at != NULL ? txt_of(at, max) : (struct txt){ .cut = true };
}

static void
put_path(struct sbuf *out, struct cursor path)
{
	struct txt t = txt_for(out, cur_left(&path));

	if (t.cut)
		return;
	bgp_as_path_text(&t, path, 4);
	out->len += (size_t)(t.at - t.start);
}

static void
put_communities(struct jw *j, struct cursor communities)
{
	struct sbuf names = sbuf_of(SHOW_MAX);
	struct cursor c = communities;
	struct txt t = txt_for(&names, cur_left(&c));

	jw_array(j, "communities");
	while (cur_left(&c) >= 4) {
		uint32_t v = cur_u32(&c);

		jw_stringf(j, NULL, "%u:%u", v >> 16, v & 0xffff);
	}
	jw_end_array(j);
	if (cur_left(&communities) > 0 && !t.cut) {
		bgp_communities_text(&t, communities);
		jw_string(j, "communities_text", t.start);
	}
	sbuf_free(&names);
}

static void
put_large_communities(struct jw *j, struct cursor c)
{
	char text[48];

	jw_array(j, "large_communities");
	while (cur_left(&c) >= 12) {
		struct txt t = txt_of(text, sizeof(text));

		bgp_large_communities_text(&t, cur_sub(&c, 12));
		jw_string(j, NULL, text);
	}
	jw_end_array(j);
}

/* --- what labelled, VPN and EVPN routes have in addition */

/* Of EVPN the encapsulation says it (RFC 8365 5.1.3). Nothing said means MPLS, but many exporters
 * of VXLAN leave it out, too. */
static enum bgp_encapsulation
label_fields(const struct engine_route *r)
{
	return r->family.safi == SAFI_EVPN ? bgp_encapsulation(r->extended)
					   : BGP_ENCAPSULATION_MPLS;
}

static void
put_labels(const struct engine_route *r, bool vni, struct sbuf *out)
{
	for (unsigned i = 0; i < r->nlri->labels_n; i++)
		sbuf_printf(out, "%s%u",
		    i > 0 ? "/"
		    : vni ? " vni "
			  : " label ",
		    vni ? r->nlri->labels[i] : r->nlri->labels[i] >> 4);
}

static void
nlri_text(const struct engine_route *r, struct sbuf *out)
{
	enum bgp_encapsulation fields = label_fields(r);
	char route[ROUTE_TEXT_MAX], family[32];

	engine_route_text(route, sizeof(route), r->family, r->nlri);
	sbuf_printf(out, "  %s %s", bgp_family_name(r->family, family, sizeof(family)), route);
	if (fields != BGP_ENCAPSULATION_VNI)
		put_labels(r, false, out);
	if (fields == BGP_ENCAPSULATION_UNKNOWN && r->nlri->labels_n > 0)
		sbuf_puts(out, " or");
	if (fields != BGP_ENCAPSULATION_MPLS)
		put_labels(r, true, out);
}

static void
nlri_json(const struct engine_route *r, struct jw *j)
{
	static const char *const names[] = {
		[BGP_ENCAPSULATION_UNKNOWN] = "labels or VNIs",
		[BGP_ENCAPSULATION_MPLS] = "labels",
		[BGP_ENCAPSULATION_VNI] = "VNIs",
	};
	char text[ROUTE_TEXT_MAX];
	struct txt x;

	engine_route_text(text, sizeof(text), r->family, r->nlri);
	jw_string(j, "route", text);
	if (r->nlri->has_rd) {
		x = txt_of(text, sizeof(text));
		bgp_rd_text(&x, r->nlri->rd);
		jw_string(j, "rd", text);
	}
	jw_array(j, "labels");
	for (unsigned i = 0; i < r->nlri->labels_n; i++)
		jw_uint(j, NULL, r->nlri->labels[i] >> 4);
	jw_end_array(j);
	/* all 24 bits: a VNI where the encapsulation is VXLAN (RFC 8365 5.1.3) */
	jw_array(j, "label_fields");
	for (unsigned i = 0; i < r->nlri->labels_n; i++)
		jw_uint(j, NULL, r->nlri->labels[i]);
	jw_end_array(j);
	if (r->family.safi == SAFI_EVPN)
		jw_string(j, "label_fields_are", names[label_fields(r)]);
}

/* --- the row */

/* What few routes have, and nobody asks for but by the whole of it. */
static void
put_other_attributes(struct jw *j, const struct engine *e, const struct engine_route *r)
{
	static const char *const codes[] = { "igp", "egp", "incomplete" };
	struct cursor c = engine_route_attribute(e, r, ATTR_ORIGIN);
	char text[ROUTE_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));
	uint8_t code = cur_left(&c) == 1 ? cur_u8(&c) : 3;

	if (code < 3)
		jw_string(j, "origin_code", codes[code]);
	c = engine_route_attribute(e, r, ATTR_MED);
	if (cur_left(&c) == 4)
		jw_uint(j, "med", cur_u32(&c));
	c = engine_route_attribute(e, r, ATTR_LOCAL_PREF);
	if (cur_left(&c) == 4)
		jw_uint(j, "local_pref", cur_u32(&c));
	if (cur_left(&r->extended) > 0) {
		bgp_ext_communities_text(&t, r->extended);
		jw_string(j, "extended_communities", text);
	}
	c = engine_route_attribute(e, r, ATTR_AGGREGATOR);
	if (cur_left(&c) == 8 || cur_left(&c) == 6) {
		uint32_t asn = cur_left(&c) == 8 ? cur_u32(&c) : cur_u16(&c);

		t = txt_of(text, sizeof(text));
		txt_address(&t, c);
		jw_stringf(j, "aggregator", "AS%u %s", asn, text);
	}
	c = engine_route_attribute(e, r, ATTR_ORIGINATOR_ID);
	if (cur_left(&c) == 4) {
		t = txt_of(text, sizeof(text));
		txt_address(&t, c);
		jw_string(j, "originator_id", text);
	}
	c = engine_route_attribute(e, r, ATTR_CLUSTER_LIST);
	if (cur_left(&c) < 4)
		return;
	jw_array(j, "cluster_list");
	while (cur_left(&c) >= 4) {
		t = txt_of(text, sizeof(text));
		txt_address(&t, cur_sub(&c, 4));
		jw_string(j, NULL, text);
	}
	jw_end_array(j);
}

/* Attributes, as JSON has them. */
static void
put_attributes(struct jw *j, const struct engine *e, const struct engine_route *r, const char *path)
{
	if (r->has_origin)
		jw_uint(j, "origin", r->origin);
	else
		jw_null(j, "origin");
	jw_string(j, "as_path", path);
	put_communities(j, r->communities);
	put_large_communities(j, r->large);
	if (r->has_otc)
		jw_uint(j, "otc", r->otc);
	put_other_attributes(j, e, r);
}

/* There is no origin validation in a VPN, nor in a VRF that does not carry the Internet. */
static void
put_rov(struct printer *p, const struct engine_route *r)
{
	if (!r->judged) {
		printer_cell(p, "rov", "-");
		return;
	}
	printer_string(p, "rov", rov_state_name(r->rov.state));
	if (r->rov.state == ROV_INVALID)
		printer_string(p, "rov_reason", rov_reason_name(r->rov.reason));
}

void
show_attributes(struct jw *j, const struct engine *e, const struct engine_route *r)
{
	char next_hop[NEXT_HOP_TEXT_MAX] = "";
	struct txt t = txt_of(next_hop, sizeof(next_hop));
	struct sbuf path = sbuf_of(SHOW_MAX);

	put_path(&path, r->path);
	if (cur_left(&r->next_hop) > 0)
		bgp_next_hop_text(&t, r->next_hop);
	jw_string(j, "next_hop", next_hop);
	put_attributes(j, e, r, sbuf_text(&path));
	if (r->nlri != NULL)
		nlri_json(r, j);
	sbuf_free(&path);
}

static void
put_rules(struct jw *j, uint32_t rules_true)
{
	jw_array(j, "rules");
	for (int i = 0; i < RULES; i++)
		if (rules_true >> i & 1)
			jw_string(j, NULL, rule_info[i].name);
	jw_end_array(j);
}

/* What text has behind the columns. */
static void
put_rest(struct sbuf *out, const struct engine_route *r, const char *path, const char *next_hop)
{
	sbuf_puts(out, path);
	if (next_hop[0] != '\0')
		sbuf_printf(out, "  via %s", next_hop);
	if (r->path_id != 0)
		sbuf_printf(out, "  path %u", r->path_id);
	if (r->nlri != NULL)
		nlri_text(r, out);
	for (int i = 0; i < RULES; i++)
		if (r->rules_true >> i & 1)
			sbuf_printf(out, "  [%s]", rule_info[i].name);
}

static const char *
colour_of(const struct engine_route *r)
{
	return r->rules_true != 0 ? PRINTER_RED : r->rov.state == ROV_VALID ? PRINTER_GREEN : NULL;
}

void
show_route(struct printer *p, const struct engine *e, const struct engine_route *r, bool octets)
{
	char text[IP_PREFIX_TEXT_MAX], next_hop[NEXT_HOP_TEXT_MAX];
	struct txt t = txt_of(next_hop, sizeof(next_hop));
	struct sbuf path = sbuf_of(SHOW_MAX);
	struct jw *j = printer_json(p);

	put_path(&path, r->path);
	if (cur_left(&r->next_hop) > 0)
		bgp_next_hop_text(&t, r->next_hop);
	printer_row(p, show_verbs[SHOW_ROUTES].columns, colour_of(r));
	printer_string(p, "prefix", ip_prefix_format(&r->prefix, text));
	printer_string(p, "family", bgp_family_name(r->family, text, sizeof(text)));
	if (j != NULL && r->nlri != NULL)
		nlri_json(r, j);
	printer_string(p, "router", r->router);
	show_peer_name(p, r->peer);
	printer_uint(p, "peer_as", r->peer->as);
	printer_string(p, "distinguisher", r->peer->distinguisher);
	printer_string(p, "table", r->peer->table_name);
	printer_string(p, "view", bmp_view_name(r->view));
	printer_uint(p, "path_id", r->path_id);
	printer_string(p, "next_hop", next_hop);
	printer_time(p, "since", r->since_us);
	printer_bool(p, "stale", r->stale);
	if (j != NULL)
		put_attributes(j, e, r, sbuf_text(&path));
	put_rov(p, r);
	if (j != NULL && octets)
		show_octets(j, e, r);
	if (j != NULL)
		put_rules(j, r->rules_true);
	else
		put_rest(printer_text(p), r, sbuf_text(&path), next_hop);
	printer_end(p);
	sbuf_free(&path);
}

/* --- a walk over many */

struct walking {
	const struct engine *engine;
	struct printer *printer;
	bool count, octets;
	/* the table that is being counted */
	bool any;
	char router[ENGINE_NAME_MAX];
	struct engine_peer_info peer;
	uint8_t view;
	struct bgp_family family;
	uint64_t routes, stale, rov[ROV_INVALID + 1], marked;
};

static void
put_count(struct walking *w)
{
	struct printer *p = w->printer;
	char family[32];

	if (!w->any)
		return;
	printer_row(p, NULL, NULL);
	printer_string(p, "router", w->router);
	show_peer_name(p, &w->peer);
	printer_uint(p, "peer_as", w->peer.as);
	printer_string(p, "distinguisher", w->peer.distinguisher);
	printer_string(p, "table", w->peer.table_name);
	printer_string(p, "view", bmp_view_name(w->view));
	printer_string(p, "family", bgp_family_name(w->family, family, sizeof(family)));
	printer_uint(p, "routes", w->routes);
	printer_uint(p, "stale", w->stale);
	printer_uint(p, "valid", w->rov[ROV_VALID]);
	printer_uint(p, "invalid", w->rov[ROV_INVALID]);
	printer_uint(p, "not_found", w->rov[ROV_NOT_FOUND]);
	printer_uint(p, "marked", w->marked);
	printer_end(p);
}

/* Routes come a table at a time. */
static void
count_route(struct walking *w, const struct engine_route *r)
{
	if (w->any && (w->peer.key != r->peer->key || w->view != r->view ||
			  w->family.afi != r->family.afi || w->family.safi != r->family.safi)) {
		put_count(w);
		w->any = false;
	}
	if (!w->any) {
		w->any = true;
		text_copy(w->router, sizeof(w->router), r->router);
		w->peer = *r->peer;
		w->view = r->view;
		w->family = r->family;
		w->routes = w->stale = w->marked = 0;
		memset(w->rov, 0, sizeof(w->rov));
	}
	w->routes++;
	w->stale += r->stale;
	w->marked += r->rules_true != 0;
	if (r->judged)
		w->rov[r->rov.state]++;
}

static bool
each_of_walk(void *ctx, const struct engine_route *r)
{
	struct walking *w = ctx;

	if (w->count)
		count_route(w, r);
	else
		show_route(w->printer, w->engine, r, w->octets);
	return w->printer->out->len < SHOW_PIECE;
}

bool
show_walk_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	struct walking w = { .engine = e, .printer = p, .count = q->count, .octets = q->octets };
	struct engine_wanted wanted = q->wanted;
	bool more;

	wanted.router = q->router[0] != '\0' ? q->router : NULL;
	more = engine_walk_routes(e, &wanted, &q->at, each_of_walk, &w);
	put_count(&w);
	return more;
}

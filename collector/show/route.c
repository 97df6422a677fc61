/* One route, found by its prefix: a JSON object, or a row with what differs from route to route. */
#include "collector/show/route.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/pure/text.h"
#include "parsers/bgp/rd.h"
#include "parsers/bgp/update.h"

enum { ROUTE_TEXT_MAX = 1024, NEXT_HOP_TEXT_MAX = 96 };

static void
put_path(struct cursor path, struct sbuf *out)
{
	struct as_segment seg;
	size_t start = out->len;

	while (as_path_next(&path, 4, &seg)) {
		if (out->len > start)
			sbuf_putc(out, ' ');
		if (seg.type != AS_SEQUENCE)
			sbuf_putc(out, seg.type == AS_SET ? '{' : '(');
		for (unsigned i = 0; i < seg.count; i++)
			sbuf_printf(out, "%s%u",
			    i == 0		 ? ""
			    : seg.type == AS_SET ? ","
						 : " ",
			    as_segment_at(&seg, 4, i));
		if (seg.type != AS_SEQUENCE)
			sbuf_putc(out, seg.type == AS_SET ? '}' : ')');
	}
}

/* Of a VPN without its distinguisher, which is zero (RFC 4364 4.3.2); a link-local address behind
 * the global one (RFC 2545 3). What has no such length: hex. */
static void
next_hop_text(struct cursor next_hop, char *buf, size_t size)
{
	struct txt t = txt_of(buf, size);
	size_t n = cur_left(&next_hop);
	bool vpn = n == 12 || n == 24 || n == 48;
	size_t len = n == 4 || n == 12 ? 4 : 16;

	if (n != 4 && n != 16 && n != 32 && !vpn) {
		txt_hex(&t, next_hop);
		return;
	}
	while (cur_left(&next_hop) > 0) {
		cur_take(&next_hop, vpn ? 8 : 0);
		txt_sep(&t, " ");
		txt_address(&t, cur_sub(&next_hop, len));
	}
}

/* What the label fields of an EVPN route are, its Encapsulation communities say (RFC 9012 4.1, RFC
 * 8365 5.1.3). Nothing said means MPLS, but many exporters of VXLAN leave it out, too. */
enum fields { FIELDS_EITHER, FIELDS_LABELS, FIELDS_VNIS };
static const char *const field_names[] = { "labels or VNIs", "labels", "VNIs" };

static enum fields
evpn_fields(const struct engine_route *r)
{
	enum { VXLAN = 8, NVGRE = 9, MPLS = 10, MPLS_GRE = 11, VXLAN_GPE = 12, GENEVE = 19 };
	struct cursor c = r->extended;
	unsigned said = 0;

	while (cur_left(&c) >= 8) {
		uint16_t type = cur_u16(&c);
		uint32_t reserved = cur_u32(&c);
		uint16_t tunnel = cur_u16(&c);

		(void)reserved;
		if (type != 0x030c)
			continue;
		if (tunnel == VXLAN || tunnel == NVGRE || tunnel == VXLAN_GPE || tunnel == GENEVE)
			said |= 1U << FIELDS_VNIS;
		else if (tunnel == MPLS || tunnel == MPLS_GRE)
			said |= 1U << FIELDS_LABELS;
	}
	return said == 1U << FIELDS_VNIS     ? FIELDS_VNIS
	       : said == 1U << FIELDS_LABELS ? FIELDS_LABELS
					     : FIELDS_EITHER;
}

static void
put_fields(const struct engine_route *r, bool vni, struct sbuf *out)
{
	for (unsigned i = 0; i < r->nlri->labels_n; i++)
		sbuf_printf(out, "%s%u",
		    i > 0 ? "/"
		    : vni ? " vni "
			  : " label ",
		    vni ? r->nlri->labels[i] : r->nlri->labels[i] >> 4);
}

static void
put_nlri(const struct engine_route *r, struct sbuf *out)
{
	enum fields fields = r->family.safi == SAFI_EVPN ? evpn_fields(r) : FIELDS_LABELS;
	char route[ROUTE_TEXT_MAX], family[32];

	engine_route_text(route, sizeof(route), r->family, r->nlri);
	sbuf_printf(out, "  %s %s", bgp_family_name(r->family, family, sizeof(family)), route);
	if (fields != FIELDS_VNIS)
		put_fields(r, false, out);
	if (fields == FIELDS_EITHER && r->nlri->labels_n > 0)
		sbuf_puts(out, " or");
	if (fields != FIELDS_LABELS)
		put_fields(r, true, out);
}

/* What a labelled, VPN or EVPN route has more. */
static void
nlri_json(const struct engine_route *r, struct jw *j)
{
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
		jw_string(j, "label_fields_are", field_names[evpn_fields(r)]);
}

void
show_route_json(const struct engine_route *r, struct sbuf *out)
{
	struct jw j = jw_to(out);
	struct sbuf path = sbuf_of(65536);
	struct cursor c = r->communities, l = r->large;
	char text[IP_PREFIX_TEXT_MAX], next_hop[NEXT_HOP_TEXT_MAX];

	put_path(r->path, &path);
	jw_object(&j, NULL);
	jw_string(&j, "prefix", ip_prefix_format(&r->prefix, text));
	jw_string(&j, "family", bgp_family_name(r->family, text, sizeof(text)));
	if (r->nlri != NULL)
		nlri_json(r, &j);
	jw_string(&j, "router", r->router);
	jw_string(&j, "peer",
	    r->peer->key->type == BMP_PEER_LOC_RIB ? "loc-rib"
						   : ip_addr_format(&r->peer->address, text));
	jw_uint(&j, "peer_as", r->peer->as);
	jw_string(&j, "distinguisher", r->peer->distinguisher);
	jw_string(&j, "view", bmp_view_name(r->view));
	jw_uint(&j, "path_id", r->path_id);
	next_hop_text(r->next_hop, next_hop, sizeof(next_hop));
	jw_string(&j, "next_hop", next_hop);
	jw_time_us(&j, "since", r->since_us);
	jw_bool(&j, "stale", r->stale);
	if (r->has_origin)
		jw_uint(&j, "origin", r->origin);
	else
		jw_null(&j, "origin");
	jw_string(&j, "as_path", sbuf_text(&path));
	jw_array(&j, "communities");
	while (cur_left(&c) >= 4) {
		uint32_t v = cur_u32(&c);

		jw_stringf(&j, NULL, "%u:%u", v >> 16, v & 0xffff);
	}
	jw_end_array(&j);
	jw_array(&j, "large_communities");
	while (cur_left(&l) >= 12) {
		uint32_t a = cur_u32(&l), b = cur_u32(&l), d = cur_u32(&l);

		jw_stringf(&j, NULL, "%u:%u:%u", a, b, d);
	}
	jw_end_array(&j);
	if (r->has_otc)
		jw_uint(&j, "otc", r->otc);
	if (r->nlri == NULL) /* no origin validation in a VPN */
		jw_string(&j, "rov", rov_state_name(r->rov.state));
	if (r->nlri == NULL && r->rov.state == ROV_INVALID)
		jw_string(&j, "rov_reason", rov_reason_name(r->rov.reason));
	jw_array(&j, "rules");
	for (int i = 0; i < RULES; i++)
		if (r->rules_true >> i & 1)
			jw_string(&j, NULL, rule_info[i].name);
	jw_end_array(&j);
	jw_end_object(&j);
	sbuf_putc(out, '\n');
	sbuf_free(&path);
}

void
show_route_text(const struct engine_route *r, bool colour, struct sbuf *out)
{
	char addr[IP_ADDR_TEXT_MAX], next_hop[NEXT_HOP_TEXT_MAX];
	const char *tint = !colour		       ? ""
			   : r->rules_true != 0	       ? "\033[31m"
			   : r->rov.state == ROV_VALID ? "\033[32m"
						       : "";

	sbuf_printf(out, "%s%-24.24s %-28.28s %10u %-16s %-9s %-5s ", tint, r->router,
	    r->peer->key->type == BMP_PEER_LOC_RIB ? "loc-rib"
						   : ip_addr_format(&r->peer->address, addr),
	    r->peer->as, bmp_view_name(r->view),
	    r->nlri == NULL ? rov_state_name(r->rov.state) : "-", r->stale ? "stale" : "");
	put_path(r->path, out);
	next_hop_text(r->next_hop, next_hop, sizeof(next_hop));
	if (next_hop[0] != '\0')
		sbuf_printf(out, "  via %s", next_hop);
	if (r->path_id != 0)
		sbuf_printf(out, "  path %u", r->path_id);
	if (r->nlri != NULL)
		put_nlri(r, out);
	for (int i = 0; i < RULES; i++)
		if (r->rules_true >> i & 1)
			sbuf_printf(out, "  [%s]", rule_info[i].name);
	sbuf_puts(out, tint[0] != '\0' ? "\033[0m\n" : "\n");
}

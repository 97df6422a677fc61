/*
 * Extended communities as text: a row per type and sub-type with the name and the layout of the six
 * octets of value (RFC 4360 and the registries it founded). Unknown ones are 0x and 16 digits.
 */
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/tunnel_type.h"
#include "parsers/wire/tlv.h"

typedef void layout_fn(struct txt *, const uint8_t v[6]);

/* --- layouts: ":" and what follows the name */

static void
put_as2(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u:%u", be16(v), be32(v + 2));
}

/* Where two octets would do for the AS an L says that it has four: it is another community. */
static void
put_as4(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u%s:%u", be32(v), be32(v) <= UINT16_MAX ? "L" : "", be16(v + 4));
}

static void
put_ipv4(struct txt *t, const uint8_t v[6])
{
	txt_puts(t, ":");
	txt_ipv4(t, v);
	txt_putf(t, ":%u", be16(v + 4));
}

static void
put_hex(struct txt *t, const uint8_t v[6])
{
	txt_puts(t, ":0x");
	txt_hex(t, cur_of(v, 6));
}

static void
put_mac(struct txt *t, const uint8_t v[6])
{
	txt_puts(t, ":");
	txt_colons(t, v, 6);
}

/* Bits that are in no field of the layout, when any is set. shown: the bits that are, of 48. */
static void
put_others(struct txt *t, const uint8_t v[6], uint64_t shown)
{
	uint64_t others = ((uint64_t)be16(v) << 32 | be32(v + 2)) & ~shown;

	if (others != 0)
		txt_putf(t, "/0x%012llx", (unsigned long long)others);
}

/* AS and octets (packets) per second (RFC 8955 7.1, 7.2, link bandwidth) */
static void
put_rate(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u:%.9g", be16(v), be_float(v + 2));
}

/* point of insertion, id, cost (draft-retana-bgp-custom-decision) */
static void
put_cost(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u:%u:%u", v[0], v[1], be32(v + 2));
}

/* area, route type, options (RFC 4577 4.2.6) */
static void
put_ospf_route(struct txt *t, const uint8_t v[6])
{
	txt_puts(t, ":");
	txt_ipv4(t, v);
	txt_putf(t, ":%u:%u", v[4], v[5]);
}

/* flags are most often zero, and then not shown (RFC 9012 4.3) */
static void
put_color(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u", be32(v + 2));
	if (be16(v) != 0)
		txt_putf(t, "/0x%04x", be16(v));
}

static void
put_encapsulation(struct txt *t, const uint8_t v[6])
{
	char buf[8];

	txt_putf(t, ":%s", bgp_tunnel_type_name(be16(v + 4), buf, sizeof(buf)));
	if (be32(v) != 0)
		txt_putf(t, "/0x%08x", be32(v));
}

/* A reserved value: shown only when it is not zero. */
static void
put_flag(struct txt *t, const uint8_t v[6])
{
	if (!is_zero(v, 6))
		put_hex(t, v);
}

/* RFC 8097 2 */
static void
put_validation(struct txt *t, const uint8_t v[6])
{
	static const char *const states[] = { "valid", "not-found", "invalid" };
	char buf[8];

	txt_putf(t, ":%s", CODE_NAME(states, v[5], buf));
	put_others(t, v, 0xff);
}

/* flags, reserved, sequence (RFC 7432 7.7) */
static void
put_mobility(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u%s", be32(v + 2), v[0] & 1 ? ":sticky" : "");
	put_others(t, v, 0x0100ffffffff);
}

static uint32_t
label_of(const uint8_t p[3])
{
	return (uint32_t)p[0] << 12 | (uint32_t)p[1] << 4 | (uint32_t)p[2] >> 4;
}

/* flags, reserved 2, label (RFC 7432 7.5) */
static void
put_esi_label(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u%s", label_of(v + 3), v[0] & 1 ? ":single-active" : "");
	put_others(t, v, 0x010000ffffff);
}

/* flags, reserved 2, label (RFC 8317 5.1) */
static void
put_e_tree(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u%s", label_of(v + 3), v[0] & 1 ? ":leaf" : "");
	put_others(t, v, 0x010000ffffff);
}

/* flags, MTU (RFC 8214 3.1) */
static void
put_l2(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":0x%04x:%u", be16(v), be16(v + 2));
	put_others(t, v, 0xffffffff0000);
}

/* algorithm, capabilities (RFC 8584 2.2) */
static void
put_df_election(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u:0x%04x", v[0] & 0x1f, be16(v + 1));
	put_others(t, v, 0x1fffff000000);
}

/* flags: immutable, override, router (RFC 9047 2) */
static void
put_nd_arp(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, "%s%s%s", v[0] & 8 ? ":immutable" : "", v[0] & 2 ? ":override" : "",
	    v[0] & 1 ? ":router" : "");
	put_others(t, v, 0x0b0000000000);
}

static void
put_flags16(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":0x%04x", be16(v));
	put_others(t, v, 0xffff00000000);
}

/* reserved 2, class (RFC 9832) */
static void
put_class(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u", be32(v + 2));
	put_others(t, v, 0x0000ffffffff);
}

/* Bit 46: sample; bit 47: go on with the rules behind this one, which is else the last (RFC 8955
 * 7.3). */
static void
put_action(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%s%s%s", v[5] & 2 ? "sample" : "", (v[5] & 3) == 3 ? "," : "",
	    v[5] & 1 ? "continue" : "");
	if ((v[5] & 3) == 0)
		txt_puts(t, "none");
	put_others(t, v, 3);
}

static void
put_dscp(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u", v[5] & 0x3f);
	put_others(t, v, 0x3f);
}

/* encapsulation, flags, MTU, preference (RFC 4761 3.2.4) */
static void
put_l2_info(struct txt *t, const uint8_t v[6])
{
	txt_putf(t, ":%u:0x%02x:%u:%u", v[0], v[1], be16(v + 2), be16(v + 4));
}

/* copy bit (draft-ietf-idr-flowspec-redirect-ip) */
static void
put_copy(struct txt *t, const uint8_t v[6])
{
	txt_puts(t, v[5] & 1 ? ":copy" : "");
	put_others(t, v, 1);
}

/* --- the table */

struct row {
	uint8_t type, sub;
	const char *name;
	layout_fn *put;
};

/* Types 00, 01, 02, 03 also stand for the same types without the transitive bit, 40, 41, 42, 43. */
static const struct row rows[] = {
	{ 0x00, 0x02, "rt", put_as2 },
	{ 0x00, 0x03, "soo", put_as2 },
	{ 0x00, 0x05, "ospf-domain-id", put_as2 },
	{ 0x00, 0x08, "bgp-data-collection", put_as2 },
	{ 0x00, 0x09, "source-as", put_as2 },
	{ 0x00, 0x0a, "l2vpn-id", put_as2 },
	{ 0x00, 0x10, "cisco-vpn-distinguisher", put_as2 },
	{ 0x00, 0x13, "rt-record", put_as2 },
	{ 0x00, 0x15, "rt-derived", put_as2 },
	{ 0x00, 0x80, "vni", put_as2 },
	{ 0x40, 0x04, "link-bandwidth", put_rate },
	{ 0x00, 0x04, "link-bandwidth-transitive", put_rate },
	{ 0x01, 0x02, "rt", put_ipv4 },
	{ 0x01, 0x03, "soo", put_ipv4 },
	{ 0x01, 0x05, "ospf-domain-id", put_ipv4 },
	{ 0x01, 0x07, "ospf-router-id", put_ipv4 },
	{ 0x01, 0x0a, "l2vpn-id", put_ipv4 },
	{ 0x01, 0x0b, "vrf-route-import", put_ipv4 },
	{ 0x01, 0x10, "cisco-vpn-distinguisher", put_ipv4 },
	{ 0x01, 0x12, "inter-area-p2mp-next-hop", put_ipv4 },
	{ 0x02, 0x02, "rt", put_as4 },
	{ 0x02, 0x03, "soo", put_as4 },
	{ 0x02, 0x04, "generic", put_as4 },
	{ 0x02, 0x05, "ospf-domain-id", put_as4 },
	{ 0x02, 0x08, "bgp-data-collection", put_as4 },
	{ 0x02, 0x09, "source-as", put_as4 },
	{ 0x02, 0x10, "cisco-vpn-distinguisher", put_as4 },
	{ 0x02, 0x13, "rt-record", put_as4 },
	{ 0x43, 0x00, "origin-validation", put_validation },
	{ 0x03, 0x01, "cost", put_cost },
	{ 0x03, 0x06, "ospf-route-type", put_ospf_route },
	{ 0x03, 0x0b, "color", put_color },
	{ 0x03, 0x0c, "encapsulation", put_encapsulation },
	{ 0x03, 0x0d, "default-gateway", put_flag },
	{ 0x06, 0x00, "mac-mobility", put_mobility },
	{ 0x06, 0x01, "esi-label", put_esi_label },
	{ 0x06, 0x02, "es-import", put_mac },
	{ 0x06, 0x03, "router-mac", put_mac },
	{ 0x06, 0x04, "l2-attributes", put_l2 },
	{ 0x06, 0x05, "e-tree", put_e_tree },
	{ 0x06, 0x06, "df-election", put_df_election },
	{ 0x06, 0x07, "i-sid", put_hex },
	{ 0x06, 0x08, "nd-arp", put_nd_arp },
	{ 0x06, 0x09, "multicast-flags", put_flags16 },
	{ 0x06, 0x0a, "evi-rt", put_as2 },
	{ 0x06, 0x0b, "evi-rt", put_ipv4 },
	{ 0x06, 0x0c, "evi-rt", put_as4 },
	{ 0x06, 0x0d, "evi-rt-ipv6", put_hex },
	{ 0x06, 0x0e, "attachment-circuit", put_hex },
	{ 0x08, 0x00, "redirect-to-next-hop", put_copy },
	{ 0x0a, 0x02, "transport-class", put_class },
	{ 0x0c, 0x00, "mup", put_as2 },
	{ 0x80, 0x06, "traffic-rate", put_rate },
	{ 0x80, 0x07, "traffic-action", put_action },
	{ 0x80, 0x08, "redirect", put_as2 },
	{ 0x80, 0x09, "traffic-marking", put_dscp },
	{ 0x80, 0x0a, "l2-info", put_l2_info },
	{ 0x80, 0x0b, "redirect-ipv6-old", put_hex },
	{ 0x80, 0x0c, "traffic-rate-packets", put_rate },
	{ 0x81, 0x08, "redirect", put_ipv4 },
	{ 0x82, 0x08, "redirect", put_as4 },
};

/* Types whose sub-types have no row: a name and eight octets less the type. */
static const struct {
	uint8_t type;
	const char *name;
} families[] = {
	{ 0x04, "qos-marking" },
	{ 0x05, "cos-capability" },
	{ 0x06, "evpn" },
	{ 0x07, "flowspec" },
	{ 0x09, "redirect-to-indirection-id" },
	{ 0x0a, "transport-class" },
	{ 0x0b, "sfc" },
	{ 0x0c, "mup" },
	{ 0x88, "eigrp" },
};

static const struct row *
row_of(uint8_t type, uint8_t sub)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type && rows[i].sub == sub)
			return &rows[i];
	return NULL;
}

/* c: 8 octets */
static void
put_one(struct txt *t, const uint8_t *c)
{
	const struct row *row = row_of(c[0], c[1]);
	bool kin = row == NULL && (c[0] & 0xc0) == 0x40; /* non-transitive */

	if (kin)
		row = row_of(c[0] & 0xbf, c[1]);
	if (row != NULL) {
		txt_putf(t, "%s%s", kin ? "non-transitive-" : "", row->name);
		row->put(t, c + 2);
		return;
	}
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].type == (c[0] & 0xbf)) {
			txt_putf(t, "%s%s:%u:0x", (c[0] & 0x40) != 0 ? "non-transitive-" : "",
			    families[i].name, c[1]);
			txt_hex(t, cur_of(c + 2, 6));
			return;
		}
	txt_puts(t, "0x");
	txt_hex(t, cur_of(c, 8));
}

static void
put_list(struct txt *t, struct cursor r, size_t size, void (*put)(struct txt *, const uint8_t *))
{
	while (cur_left(&r) >= size && !t->cut) {
		txt_sep(t, " ");
		put(t, cur_take(&r, size));
	}
	if (cur_left(&r) > 0 && !t->cut) {
		txt_sep(t, " ");
		txt_puts(t, "0x");
		txt_hex(t, r);
	}
}

void
bgp_ext_communities_text(struct txt *t, struct cursor r)
{
	put_list(t, r, 8, put_one);
}

/* type, sub-type, address, number (RFC 5701 2, RFC 8956 6.1) */
static void
put_one_of_20(struct txt *t, const uint8_t *c)
{
	const char *name = c[1] == 0x02	  ? "rt"
			   : c[1] == 0x03 ? "soo"
			   : c[1] == 0x0b ? "vrf-route-import"
			   : c[1] == 0x0d ? "redirect"
					  : NULL;

	if ((c[0] & 0xbf) != 0 || name == NULL) {
		txt_puts(t, "0x");
		txt_hex(t, cur_of(c, 20));
		return;
	}
	txt_putf(t, "%s%s:[", c[0] & 0x40 ? "non-transitive-" : "", name);
	txt_ipv6(t, c + 2);
	txt_putf(t, "]:%u", be16(c + 18));
}

void
bgp_ipv6_ext_communities_text(struct txt *t, struct cursor r)
{
	put_list(t, r, 20, put_one_of_20);
}

/*
 * TUNNEL_ENCAP (RFC 9012): tunnels, and the sub-TLVs that say how to use them. Those of SR policies
 * (tunnel type 15) are in attr/sr_policy.c.
 */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/tunnel_type.h"

enum { SUB_EGRESS_ENDPOINT = 6 };
enum { COLOR_COMMUNITY = 0x030b }; /* RFC 9012 4.3, the only one that the Color sub-TLV holds */

/* Reserved 4, family 2, an address of that family or none (RFC 9012 3.1). */
static bool
endpoint_ok(struct cursor v)
{
	uint16_t afi;

	cur_u32(&v);
	afi = cur_u16(&v);
	if (v.failed)
		return false;
	return cur_left(&v) == (afi == AFI_IPV4	     ? 4U
				   : afi == AFI_IPV6 ? 16U
						     : 0U) &&
	       afi <= AFI_IPV6;
}

/* Does it come with routes of a family in which a tunnel has exactly one endpoint (RFC 9012 6)? In
 * others, as those of SR policies, it may have none. */
static bool
wants_endpoint(const struct bgp_update *u)
{
	return cur_left(&u->nlri) > 0 ||
	       (u->reach.present && bgp_family_has(u->reach.family, BGP_FAMILY_ENDPOINT));
}

/* Tunnel types that are tunnels, not policies. */
static bool
known_tunnel(uint16_t type)
{
	return bgp_tunnel_type_known(type) && type != TUNNEL_SR_POLICY;
}

/* A sub-TLV that cannot be read is ignored, a bad endpoint, none or a second one makes its tunnel
 * ignored, and an attribute without a tunnel to use is malformed (RFC 9012 3.1, 13). */
enum fault_code
attr_check_tunnel(struct attr_check *c)
{
	struct cursor r = c->value;
	struct tlv tunnel, sub;
	bool any = false, strict = wants_endpoint(c->u);

	while (tlv_next(&r, TLV_2_2, &tunnel)) {
		unsigned endpoints = 0;
		bool good = true;

		while (tlv_next(&tunnel.value, TLV_SPLIT, &sub)) {
			if (sub.type != SUB_EGRESS_ENDPOINT)
				continue;
			good = good && endpoint_ok(sub.value);
			endpoints++;
		}
		if (strict && endpoints != 1 && known_tunnel(tunnel.type))
			good = false;
		if (tunnel.value.failed) {
			c->at = sub.at;
			return FAULT_ATTR_VALUE;
		}
		any |= good;
	}
	if (r.failed)
		c->at = tunnel.at;
	return r.failed || !any ? FAULT_ATTR_VALUE : FAULT_NONE;
}

/* --- sub-TLVs */

static void
dissect_endpoint(struct field_sink *to, const char *name, struct cursor v)
{
	if (!endpoint_ok(v) || be32(v.pos) != 0) { /* what is reserved would not be shown */
		field_hex(to, name, v);
		return;
	}
	cur_take(&v, 6);
	if (cur_left(&v) == 0) /* it stands for the route's next hop */
		field_text(to, name, "next_hop");
	else
		tlv_dissect_address(to, name, v);
}

static void
dissect_color(struct field_sink *to, const char *name, struct cursor v)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	if (cur_left(&v) != 8 || be16(v.pos) != COLOR_COMMUNITY) {
		field_hex(to, name, v);
		return;
	}
	bgp_ext_communities_text(&x, v);
	field_text(to, name, text);
}

static void
dissect_label_stack(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) % 4 != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0)
		sr_dissect_label(to, NULL, cur_sub(&v, 4));
	field_list_end(to);
}

/* RFC 9012 3.2.1, 3.2.3 */
static const struct tlv_field vxlan[] = { TLV_FLAGS(1), TLV_NUMBER("vn_id", 3),
	{ "mac", 6, tlv_dissect_colons }, TLV_NUMBER("reserved", 2), TLV_END };
/* 3.2.4 */
static const struct tlv_field l2tpv3[] = { TLV_NUMBER("session_id", 4),
	{ "cookie", TLV_REST, tlv_dissect_hex }, TLV_END };
/* 3.2.5 */
static const struct tlv_field gre[] = { TLV_NUMBER("key", 4), TLV_END };

/* Sub-TLVs that mean the same in every tunnel type. */
static const struct tlv_row rows[] = {
	{ 2, "protocol_type", tlv_dissect_u16, NULL },
	{ 3, "ipsec_authenticator", tlv_dissect_hex, NULL },
	{ 4, "color", dissect_color, NULL },
	{ 5, "load_balancing_block", tlv_dissect_u16, NULL },
	{ SUB_EGRESS_ENDPOINT, "egress_endpoint", dissect_endpoint, NULL },
	{ 7, "ds_field", tlv_dissect_u8, NULL },
	{ 8, "udp_destination_port", tlv_dissect_u16, NULL },
	{ 9, "embedded_label_handling", tlv_dissect_u8, NULL },
	{ 10, "mpls_label_stack", dissect_label_stack, NULL },
	{ 11, "prefix_sid", prefix_sid_dissect_tlvs, NULL },
	{ 12, "preference", sr_dissect_preference, NULL },
	{ 13, "binding_sid", sr_dissect_binding_sid, NULL },
	{ 14, "enlp", sr_dissect_enlp, NULL },
	{ 15, "priority", sr_dissect_priority, NULL },
	{ 20, "srv6_binding_sid", sr_dissect_srv6_binding_sid, NULL },
	{ 128, "segment_list", sr_dissect_segment_list, NULL },
	{ 129, "candidate_path_name", sr_dissect_name, NULL },
	{ 130, "policy_name", sr_dissect_name, NULL },
};

/* The Encapsulation sub-TLV, whose layout depends on the tunnel type. */
static const struct tlv_row vxlan_rows[] = { { 1, "encapsulation", NULL, vxlan } };
static const struct tlv_row l2tpv3_rows[] = { { 1, "encapsulation", NULL, l2tpv3 } };
static const struct tlv_row gre_rows[] = { { 1, "encapsulation", NULL, gre } };
static const struct tlv_row other_rows[] = { { 1, "encapsulation", tlv_dissect_hex, NULL } };

static const struct tlv_table of_all = TLV_TABLE(rows, NULL);
static const struct tlv_table of_vxlan = TLV_TABLE(vxlan_rows, &of_all);
static const struct tlv_table of_l2tpv3 = TLV_TABLE(l2tpv3_rows, &of_all);
static const struct tlv_table of_gre = TLV_TABLE(gre_rows, &of_all);
static const struct tlv_table of_others = TLV_TABLE(other_rows, &of_all);

static const struct tlv_table *
table_of(uint16_t type)
{
	switch (type) {
	case TUNNEL_VXLAN:
	case TUNNEL_NVGRE:
		return &of_vxlan;
	case TUNNEL_L2TPV3:
		return &of_l2tpv3;
	case TUNNEL_GRE:
	case TUNNEL_MPLS_IN_GRE:
		return &of_gre;
	default:
		return &of_others;
	}
}

void
attr_dissect_tunnel(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	struct tlv tunnel;

	field_list(a->to, a->name);
	while (tlv_next(&r, TLV_2_2, &tunnel)) {
		char buf[8];

		field_group(a->to, NULL);
		field_text(
		    a->to, "tunnel_type", bgp_tunnel_type_name(tunnel.type, buf, sizeof(buf)));
		tlv_dissect_list(a->to, "sub_tlvs", tunnel.value, TLV_SPLIT, table_of(tunnel.type));
		field_group_end(a->to);
	}
	if (r.failed) {
		field_group(a->to, NULL);
		field_hex(a->to, "cut", cur_of(tunnel.at, (size_t)(r.end - tunnel.at)));
		field_group_end(a->to);
	}
	field_list_end(a->to);
}

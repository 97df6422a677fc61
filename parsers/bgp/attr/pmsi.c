/* PMSI_TUNNEL and PE_DISTINGUISHER_LABELS (RFC 6514 5, 8), TRAFFIC_ENGINEERING (RFC 5543). */
#include "parsers/bgp/attr/attr.h"

enum pmsi_type {
	PMSI_NONE = 0,
	PMSI_RSVP_TE = 1,
	PMSI_MLDP_P2MP = 2,
	PMSI_PIM_SSM = 3,
	PMSI_PIM_SM = 4,
	PMSI_BIDIR_PIM = 5,
	PMSI_INGRESS_REPLICATION = 6,
	PMSI_MLDP_MP2MP = 7,
	PMSI_BIER = 11,
};

static const char *const pmsi_names[] = { "none", "rsvp_te_p2mp_lsp", "mldp_p2mp_lsp",
	"pim_ssm_tree", "pim_sm_tree", "bidir_pim_tree", "ingress_replication", "mldp_mp2mp_lsp",
	"transport_tunnel", NULL, "assisted_replication", "bier", "sr_mpls_p2mp_tree",
	"srv6_p2mp_tree" };

/* Is the identifier of the size its type asks for (RFC 6514 5, RFC 8556 2)? */
static bool
pmsi_id_fits(uint8_t type, size_t n)
{
	switch (type) {
	case PMSI_NONE:
		return true; /* ignored on receipt */
	case PMSI_RSVP_TE:
		/* extended tunnel id 4 or 16, zero 2, tunnel id 2, P2MP id 4 */
		return n == 12 || n == 24;
	case PMSI_PIM_SSM:
	case PMSI_PIM_SM:
	case PMSI_BIDIR_PIM:
		return n == 8 || n == 32; /* two addresses */
	case PMSI_INGRESS_REPLICATION:
		return n == 4 || n == 16;
	default:
		return true;
	}
}

enum fault_code
attr_check_pmsi(struct attr_check *c)
{
	struct cursor r = c->value;
	uint8_t type;

	cur_u8(&r);
	type = cur_u8(&r);
	cur_take(&r, 3);
	/* types of later documents than RFC 6514 are defined, too; the high bit makes a tunnel
	 * composite (RFC 9574 11), and what is left for experiments is not undefined */
	if ((type >= 14 && type < 0x7b) || type == 9 || type == 0xff) {
		c->at++;
		return FAULT_ATTR_VALUE;
	}
	if (!pmsi_id_fits(type, cur_left(&r))) {
		c->at = r.pos;
		return FAULT_ATTR_VALUE;
	}
	return FAULT_NONE;
}

/* A FEC element: type, family, root, and opaque values (RFC 6388 2.2, 2.3, 3.2). false: it has not
 * that shape, and nothing was shown. */
static bool
dissect_mldp_fec(struct field_sink *to, struct cursor v)
{
	static const struct tlv_row opaque_rows[] = { { 1, "generic_lsp_id", tlv_dissect_u32,
	    NULL } };
	uint8_t type = cur_u8(&v);
	uint16_t afi = cur_u16(&v);
	struct cursor root = cur_sub(&v, cur_u8(&v)), opaque = cur_sub(&v, cur_u16(&v));

	if (v.failed || cur_left(&v) > 0 || cur_left(&root) != (afi == AFI_IPV6 ? 16 : 4) ||
	    (afi != AFI_IPV4 && afi != AFI_IPV6))
		return false;
	field_number(to, "fec_type", type);
	tlv_dissect_address(to, "root", root);
	TLV_DISSECT_LIST(to, "opaque_values", opaque, TLV_1_2, opaque_rows);
	return true;
}

/* Sub-domain, number and address of who sends (RFC 8556 2). false as above. */
static bool
dissect_bier_id(struct field_sink *to, struct cursor v)
{
	if (cur_left(&v) != 7 && cur_left(&v) != 19)
		return false;
	field_number(to, "sub_domain_id", cur_u8(&v));
	field_number(to, "bfr_id", cur_u16(&v));
	tlv_dissect_address(to, "bfr_prefix", v);
	return true;
}

static void
dissect_pmsi_id(struct field_sink *to, uint8_t type, struct cursor id)
{
	/* "tunnel_id" is a part of that of RSVP-TE */
	static const char whole[] = "tunnel_identifier";
	size_t half = cur_left(&id) / 2;

	if (cur_left(&id) == 0)
		return;
	if (!pmsi_id_fits(type, cur_left(&id))) {
		field_hex(to, whole, id);
		return;
	}
	switch (type) {
	case PMSI_RSVP_TE:
		tlv_dissect_address(to, "extended_tunnel_id", cur_sub(&id, cur_left(&id) - 8));
		field_number(to, "reserved", cur_u16(&id));
		field_number(to, "tunnel_id", cur_u16(&id));
		field_number(to, "p2mp_id", cur_u32(&id));
		break;
	case PMSI_PIM_SSM:
	case PMSI_PIM_SM:
	case PMSI_BIDIR_PIM:
		tlv_dissect_address(
		    to, type == PMSI_PIM_SSM ? "root" : "sender", cur_sub(&id, half));
		tlv_dissect_address(to, "p_multicast_group", id);
		break;
	case PMSI_INGRESS_REPLICATION:
		tlv_dissect_address(to, "endpoint", id);
		break;
	case PMSI_MLDP_P2MP:
	case PMSI_MLDP_MP2MP:
		if (!dissect_mldp_fec(to, id))
			field_hex(to, whole, id);
		break;
	case PMSI_BIER:
		if (!dissect_bier_id(to, id))
			field_hex(to, whole, id);
		break;
	default:
		field_hex(to, whole, id);
	}
}

void
attr_dissect_pmsi(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	uint8_t flags = cur_u8(&r), type = cur_u8(&r);
	uint32_t label = tlv_u24(&r);
	char buf[8];

	if (r.failed) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	field_textf(
	    a->to, "flags", "0x%02x%s", flags, flags & 1 ? " leaf_information_required" : "");
	field_text(a->to, "tunnel_type", CODE_NAME(pmsi_names, type, buf));
	/* which of the two it is, the encapsulation says (RFC 8365 5.1.3) */
	field_number(a->to, "mpls_label", label >> 4);
	field_number(a->to, "vni", label);
	dissect_pmsi_id(a->to, type, r);
	field_group_end(a->to);
}

/* --- PE distinguisher labels: address and label, again and again; all addresses of one family */

/* Octets of an address, 0 when the length fits neither. */
static size_t
pe_address_size(size_t len)
{
	return len % 7 == 0 ? 4 : len % 19 == 0 ? 16 : 0;
}

enum fault_code
attr_check_pe_labels(struct attr_check *c)
{
	if (pe_address_size(c->attr->len) != 0)
		return FAULT_NONE;
	c->at = attr_length(c->attr);
	return FAULT_ATTR_LENGTH;
}

void
attr_dissect_pe_labels(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	size_t size = pe_address_size(cur_left(&r));

	if (size == 0) {
		attr_dissect_hex(a);
		return;
	}
	field_list(a->to, a->name);
	while (cur_left(&r) > 0) {
		char text[80];
		struct txt x = txt_of(text, sizeof(text));
		uint32_t label;

		txt_address(&x, cur_sub(&r, size));
		label = tlv_u24(&r);
		txt_putf(&x, " label %u exp %u s %u", label >> 4, label >> 1 & 7, label & 1);
		field_text(a->to, NULL, text);
	}
	field_list_end(a->to);
}

/* --- traffic engineering: interface switching capability descriptor (RFC 5543 3, RFC 4203 1.4) */

void
attr_dissect_te(const struct attr_dissect *a)
{
	struct cursor r = a->value;

	if (cur_left(&r) < 36) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	field_number(a->to, "switching_capability", cur_u8(&r));
	field_number(a->to, "encoding", cur_u8(&r));
	field_number(a->to, "reserved", cur_u16(&r));
	tlv_dissect_floats(a->to, "max_lsp_bandwidth", cur_sub(&r, 32));
	dissect_rest(a->to, "specific", r);
	field_group_end(a->to);
}

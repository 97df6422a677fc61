/*
 * BGP_LS attribute (RFC 9552 5.3, RFC 9085, RFC 9086, RFC 8571, RFC 9514, RFC 9351 and others):
 * the check, and the TLVs that have others inside. What has none is in attr/ls_leaves.c, SR
 * policies are in attr/ls_policy.c. The tables have the main ones; all others are shown by type and
 * octets.
 */
#include "parsers/bgp/attr/ls.h"

#include "parsers/bgp/attr/attr.h"

enum fault_code
attr_check_ls(struct attr_check *c)
{
	struct cursor r = c->value;
	struct tlv tlv;

	while (tlv_next(&r, TLV_2_2, &tlv)) {
	}
	if (r.failed)
		c->at = tlv.at;
	return r.failed ? FAULT_ATTR_DISCARD : FAULT_NONE;
}

/* --- values that have TLVs inside */

/* behaviour 2, flags, algorithm, weight, reserved, neighbour, SID 16, sub-TLVs (RFC 9514 4.2) */
static void
dissect_lan_end_x(struct field_sink *to, const char *name, struct cursor v, size_t neighbor)
{
	if (cur_left(&v) < 6 + neighbor + 16) {
		field_hex(to, name, v);
		return;
	}
	field_group(to, name);
	srv6_dissect_behavior(to, "endpoint_behavior", cur_sub(&v, 2));
	tlv_dissect_flags(to, "flags", cur_sub(&v, 1));
	field_number(to, "algorithm", cur_u8(&v));
	field_number(to, "weight", cur_u8(&v));
	field_number(to, "reserved", cur_u8(&v));
	ls_dissect_neighbor(to, &v, neighbor);
	tlv_dissect_address(to, "sid", cur_sub(&v, 16));
	if (cur_left(&v) > 0)
		ls_dissect_sub_tlvs(to, "sub_tlvs", v);
	field_group_end(to);
}

static void
dissect_lan_end_x_isis(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_lan_end_x(to, name, v, 6);
}

static void
dissect_lan_end_x_ospf(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_lan_end_x(to, name, v, 4);
}

/* Two masks, lengths in front, and the attributes of those applications (RFC 9294 2). */
static void
dissect_application_specific(struct field_sink *to, const char *name, struct cursor v)
{
	struct cursor whole = v, standard, user;
	uint8_t standard_n = cur_u8(&v), user_n = cur_u8(&v);
	uint16_t reserved;

	reserved = cur_u16(&v);
	standard = cur_sub(&v, standard_n);
	user = cur_sub(&v, user_n);
	if (v.failed) {
		field_hex(to, name, whole);
		return;
	}
	field_group(to, name);
	field_number(to, "reserved", reserved);
	field_hex(to, "standard_applications", standard);
	field_hex(to, "user_defined_applications", user);
	ls_dissect_sub_tlvs(to, "sub_tlvs", v);
	field_group_end(to);
}

static const struct tlv_field srv6_capabilities[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
	SUB_TLVS, TLV_END };
static const struct tlv_field flex_algorithm[] = { TLV_NUMBER("flex_algorithm", 1),
	TLV_NUMBER("metric_type", 1), TLV_NUMBER("calculation_type", 1), TLV_NUMBER("priority", 1),
	SUB_TLVS, TLV_END };
static const struct tlv_field end_x[] = { { "endpoint_behavior", 2, srv6_dissect_behavior },
	TLV_FLAGS(1), TLV_NUMBER("algorithm", 1), TLV_NUMBER("weight", 1),
	TLV_NUMBER("reserved", 1), TLV_ADDRESS("sid", 16), SUB_TLVS, TLV_END };
static const struct tlv_field bundle_member[] = { TLV_NUMBER("descriptor", 4), SUB_TLVS, TLV_END };
static const struct tlv_field sid_range[] = { TLV_FLAGS(1), TLV_NUMBER("reserved", 1),
	TLV_NUMBER("range_size", 2), SUB_TLVS, TLV_END };
static const struct tlv_field locator[] = { TLV_FLAGS(1), TLV_NUMBER("algorithm", 1),
	TLV_NUMBER("reserved", 2), TLV_NUMBER("metric", 4), SUB_TLVS, TLV_END };

/* --- the table */

static const struct tlv_row rows[] = {
	{ 1038, "srv6_capabilities", NULL, srv6_capabilities },
	{ 1039, "flex_algorithm_definition", NULL, flex_algorithm },
	{ 1106, "srv6_end_x_sid", NULL, end_x },
	{ 1107, "srv6_lan_end_x_sid_isis", dissect_lan_end_x_isis, NULL },
	{ 1108, "srv6_lan_end_x_sid_ospf", dissect_lan_end_x_ospf, NULL },
	{ 1122, "application_specific_link_attributes", dissect_application_specific, NULL },
	{ 1159, "range", NULL, sid_range },
	{ 1162, "srv6_locator", NULL, locator },
	{ 1172, "l2_bundle_member", NULL, bundle_member },
	{ 1201, "sr_binding_sid", ls_dissect_binding_sid, NULL },
	{ 1202, "sr_candidate_path_state", ls_dissect_path_state, NULL },
	{ 1203, "sr_candidate_path_name", tlv_dissect_string, NULL },
	{ 1204, "sr_candidate_path_constraints", ls_dissect_constraints, NULL },
	{ 1205, "sr_segment_list", ls_dissect_segment_list, NULL },
	{ 1212, "srv6_binding_sid", ls_dissect_srv6_binding_sid, NULL },
	{ 1213, "sr_policy_name", tlv_dissect_string, NULL },
};

void
attr_dissect_ls(const struct attr_dissect *a)
{
	static const struct tlv_table all = TLV_TABLE(rows, &ls_leaves);

	tlv_dissect_list(a->to, a->name, a->value, TLV_2_2, &all);
}

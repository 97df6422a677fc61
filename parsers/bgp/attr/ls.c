/*
 * BGP_LS attribute (RFC 9552 5.3, RFC 9085, RFC 9086, RFC 8571, RFC 9514, RFC 9351 and others):
 * TLVs of nodes, links and prefixes; those of SR policies are told in attr/ls_policy.c. The table
 * has the main ones; all others are told by type and octets.
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

enum { LS_ISIS_L1 = 1, LS_ISIS_L2 = 2 }; /* protocol ids (RFC 9552 5.2) */

/* --- values */

/* n x (type 1, value 1): "1 10" (RFC 8814 3) */
static void
tell_msd(struct tell *t, const char *name, struct cursor v)
{
	if (cur_left(&v) % 2 != 0) {
		tell_hex(t, name, v);
		return;
	}
	tell_list(t, name);
	while (cur_left(&v) > 0) {
		uint8_t type = cur_u8(&v);

		tell_textf(t, NULL, "type %u value %u", type, cur_u8(&v));
	}
	tell_list_end(t);
}

/* n x (range 3, a sub-TLV 1161 with the first of them) (RFC 9085 2.1.2) */
static void
tell_label_ranges(struct tell *t, const char *name, struct cursor v)
{
	tell_list(t, name);
	while (cur_left(&v) > 0) {
		struct cursor before = v, first;
		uint32_t range = tlv_u24(&v);
		uint16_t type;

		type = cur_u16(&v);
		first = cur_sub(&v, cur_u16(&v));
		if (v.failed || type != 1161) {
			tell_hex(t, NULL, before);
			break;
		}
		tell_open(t, NULL);
		tell_number(t, "range", range);
		tlv_tell_label_or_index(t, "first", first);
		tell_close(t);
	}
	tell_list_end(t);
}

/* Neighbour (6 octets: IS-IS system, 4: OSPF router) and what follows it, whose size is known. */
static void
tell_neighbor(struct tell *t, struct cursor *v, size_t size)
{
	struct cursor id = cur_sub(v, size);

	if (size == 4)
		tlv_tell_address(t, "neighbor", id);
	else
		tlv_tell_colons(t, "neighbor", id);
}

/* flags, weight, reserved 2, neighbour, SID (RFC 9085 2.2.2) */
static void
tell_lan_adjacency(struct tell *t, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);

	if (n != 11 && n != 12 && n != 13 && n != 14) {
		tell_hex(t, name, v);
		return;
	}
	tell_open(t, name);
	tlv_tell_flags(t, "flags", cur_sub(&v, 1));
	tell_number(t, "weight", cur_u8(&v));
	tell_number(t, "reserved", cur_u16(&v));
	tell_neighbor(t, &v, n <= 12 ? 4 : 6);
	tlv_tell_label_or_index(t, "sid", v);
	tell_close(t);
}

/* behaviour 2, flags, algorithm, weight, reserved, neighbour, SID 16, sub-TLVs (RFC 9514 4.2) */
static void
tell_lan_end_x(struct tell *t, const char *name, struct cursor v, size_t neighbor)
{
	if (cur_left(&v) < 6 + neighbor + 16) {
		tell_hex(t, name, v);
		return;
	}
	tell_open(t, name);
	srv6_tell_behavior(t, "endpoint_behavior", cur_sub(&v, 2));
	tlv_tell_flags(t, "flags", cur_sub(&v, 1));
	tell_number(t, "algorithm", cur_u8(&v));
	tell_number(t, "weight", cur_u8(&v));
	tell_number(t, "reserved", cur_u8(&v));
	tell_neighbor(t, &v, neighbor);
	tlv_tell_address(t, "sid", cur_sub(&v, 16));
	if (cur_left(&v) > 0)
		ls_tell_sub_tlvs(t, "sub_tlvs", v);
	tell_close(t);
}

static void
tell_lan_end_x_isis(struct tell *t, const char *name, struct cursor v)
{
	tell_lan_end_x(t, name, v, 6);
}

static void
tell_lan_end_x_ospf(struct tell *t, const char *name, struct cursor v)
{
	tell_lan_end_x(t, name, v, 4);
}

/* Two masks of so many octets as is said, and the attributes of those applications (RFC 9294 2). */
static void
tell_application_specific(struct tell *t, const char *name, struct cursor v)
{
	struct cursor whole = v, standard, user;
	uint8_t standard_n = cur_u8(&v), user_n = cur_u8(&v);
	uint16_t reserved;

	reserved = cur_u16(&v);
	standard = cur_sub(&v, standard_n);
	user = cur_sub(&v, user_n);
	if (v.failed) {
		tell_hex(t, name, whole);
		return;
	}
	tell_open(t, name);
	tell_number(t, "reserved", reserved);
	tell_hex(t, "standard_applications", standard);
	tell_hex(t, "user_defined_applications", user);
	ls_tell_sub_tlvs(t, "sub_tlvs", v);
	tell_close(t);
}

/* Extended tags, 8 octets each (RFC 9552 5.3.3.3) */
static void
tell_tags64(struct tell *t, const char *name, struct cursor v)
{
	if (cur_left(&v) % 8 != 0) {
		tell_hex(t, name, v);
		return;
	}
	tell_list(t, name);
	while (cur_left(&v) > 0)
		tell_number(t, NULL, cur_u64(&v));
	tell_list_end(t);
}

/* Protocol, and types of its sub-TLVs: of IS-IS in one octet, of OSPF in two (RFC 9351 3.6). */
static void
tell_unsupported(struct tell *t, const char *name, struct cursor v)
{
	unsigned protocol = cur_u8(&v);

	if (v.failed) {
		tell_hex(t, name, v);
		return;
	}
	tell_open(t, name);
	tell_number(t, "protocol_id", protocol);
	if (protocol == LS_ISIS_L1 || protocol == LS_ISIS_L2)
		tlv_tell_number_list(t, "sub_tlv_types", v);
	else
		tlv_tell_numbers16(t, "sub_tlv_types", v);
	tell_close(t);
}

#define END                                                                                        \
	{                                                                                          \
		NULL, 0, NULL                                                                      \
	}
#define SUB_TLVS                                                                                   \
	{                                                                                          \
		"sub_tlvs", TLV_REST, ls_tell_sub_tlvs                                             \
	}
#define FLAGS(n)                                                                                   \
	{                                                                                          \
		"flags", n, tlv_tell_flags                                                         \
	}
#define NUMBER(name, n)                                                                            \
	{                                                                                          \
		name, n, tlv_tell_number                                                           \
	}

static const struct tlv_field sr_ranges[] = { FLAGS(1), NUMBER("reserved", 1),
	{ "ranges", TLV_REST, tell_label_ranges }, END };
static const struct tlv_field srv6_capabilities[] = { FLAGS(2), NUMBER("reserved", 2), SUB_TLVS,
	END };
static const struct tlv_field flex_algorithm[] = { NUMBER("flex_algorithm", 1),
	NUMBER("metric_type", 1), NUMBER("calculation_type", 1), NUMBER("priority", 1), SUB_TLVS,
	END };
static const struct tlv_field flex_metric[] = { NUMBER("flex_algorithm", 1), FLAGS(1),
	NUMBER("reserved", 2), NUMBER("metric", 4), END };
static const struct tlv_field link_ids[] = { NUMBER("local", 4), NUMBER("remote", 4), END };
static const struct tlv_field adjacency_sid[] = { FLAGS(1), NUMBER("weight", 1),
	NUMBER("reserved", 2), { "sid", TLV_REST, tlv_tell_label_or_index }, END };
static const struct tlv_field end_x[] = { { "endpoint_behavior", 2, srv6_tell_behavior }, FLAGS(1),
	NUMBER("algorithm", 1), NUMBER("weight", 1), NUMBER("reserved", 1),
	{ "sid", 16, tlv_tell_address }, SUB_TLVS, END };
static const struct tlv_field delay[] = { FLAGS(1), NUMBER("microseconds", 3), END };
static const struct tlv_field min_max_delay[] = { FLAGS(1), NUMBER("min_microseconds", 3),
	NUMBER("reserved", 1), NUMBER("max_microseconds", 3), END };
static const struct tlv_field delay_variation[] = { NUMBER("reserved", 1),
	NUMBER("microseconds", 3), END };
static const struct tlv_field loss[] = { FLAGS(1), NUMBER("loss_3_millionths_percent", 3), END };
static const struct tlv_field bundle_member[] = { NUMBER("descriptor", 4), SUB_TLVS, END };
static const struct tlv_field prefix_sid[] = { FLAGS(1), NUMBER("algorithm", 1),
	NUMBER("reserved", 2), { "sid", TLV_REST, tlv_tell_label_or_index }, END };
static const struct tlv_field sid_range[] = { FLAGS(1), NUMBER("reserved", 1),
	NUMBER("range_size", 2), SUB_TLVS, END };
static const struct tlv_field locator[] = { FLAGS(1), NUMBER("algorithm", 1), NUMBER("reserved", 2),
	NUMBER("metric", 4), SUB_TLVS, END };
static const struct tlv_field behavior[] = { { "endpoint_behavior", 2, srv6_tell_behavior },
	FLAGS(1), NUMBER("algorithm", 1), END };
static const struct tlv_field peer_node[] = { FLAGS(1), NUMBER("weight", 1), NUMBER("reserved", 2),
	NUMBER("peer_as", 4), { "peer_bgp_id", 4, tlv_tell_address }, END };
static const struct tlv_field sid_structure[] = { NUMBER("locator_block_length", 1),
	NUMBER("locator_node_length", 1), NUMBER("function_length", 1),
	NUMBER("argument_length", 1), END };

/* --- the tables: what has no sub-TLVs, and everything */

/* clang-format off */
#define LEAVES \
	{ 258, "link_local_remote_identifiers", NULL, link_ids }, \
	{ 263, "multi_topology_id", tlv_tell_numbers16, NULL }, \
	{ 266, "node_msd", tell_msd, NULL }, \
	{ 267, "link_msd", tell_msd, NULL }, \
	{ 1024, "node_flags", tlv_tell_flags, NULL }, \
	{ 1025, "opaque_node", tlv_tell_hex, NULL }, \
	{ 1026, "node_name", tlv_tell_string, NULL }, \
	{ 1027, "isis_area", tlv_tell_hex, NULL }, \
	{ 1028, "local_ipv4_router_id", tlv_tell_address, NULL }, \
	{ 1029, "local_ipv6_router_id", tlv_tell_address, NULL }, \
	{ 1030, "remote_ipv4_router_id", tlv_tell_address, NULL }, \
	{ 1031, "remote_ipv6_router_id", tlv_tell_address, NULL }, \
	{ 1032, "sbfd_discriminators", tlv_tell_numbers32, NULL }, \
	{ 1034, "sr_capabilities", NULL, sr_ranges }, \
	{ 1035, "sr_algorithms", tlv_tell_number_list, NULL }, \
	{ 1036, "sr_local_block", NULL, sr_ranges }, \
	{ 1037, "srms_preference", tlv_tell_number, NULL }, \
	{ 1040, "flex_algorithm_exclude_any", tlv_tell_hex, NULL }, \
	{ 1041, "flex_algorithm_include_any", tlv_tell_hex, NULL }, \
	{ 1042, "flex_algorithm_include_all", tlv_tell_hex, NULL }, \
	{ 1043, "flex_algorithm_flags", tlv_tell_hex, NULL }, \
	{ 1044, "flex_algorithm_prefix_metric", NULL, flex_metric }, \
	{ 1045, "flex_algorithm_exclude_srlg", tlv_tell_numbers32, NULL }, \
	{ 1046, "flex_algorithm_unsupported", tell_unsupported, NULL }, \
	{ 1088, "admin_group", tlv_tell_flags, NULL }, \
	{ 1089, "max_link_bandwidth", tlv_tell_float, NULL }, \
	{ 1090, "max_reservable_bandwidth", tlv_tell_float, NULL }, \
	{ 1091, "unreserved_bandwidth", tlv_tell_floats, NULL }, \
	{ 1092, "te_default_metric", tlv_tell_number, NULL }, \
	{ 1093, "link_protection_type", tlv_tell_flags, NULL }, \
	{ 1094, "mpls_protocol_mask", tlv_tell_flags, NULL }, \
	{ 1095, "igp_metric", tlv_tell_number, NULL }, \
	{ 1096, "srlg", tlv_tell_numbers32, NULL }, \
	{ 1097, "opaque_link", tlv_tell_hex, NULL }, \
	{ 1098, "link_name", tlv_tell_string, NULL }, \
	{ 1099, "adjacency_sid", NULL, adjacency_sid }, \
	{ 1100, "lan_adjacency_sid", tell_lan_adjacency, NULL }, \
	{ 1101, "peer_node_sid", NULL, adjacency_sid }, \
	{ 1102, "peer_adjacency_sid", NULL, adjacency_sid }, \
	{ 1103, "peer_set_sid", NULL, adjacency_sid }, \
	{ 1114, "unidirectional_link_delay", NULL, delay }, \
	{ 1115, "min_max_unidirectional_link_delay", NULL, min_max_delay }, \
	{ 1116, "unidirectional_delay_variation", NULL, delay_variation }, \
	{ 1117, "unidirectional_link_loss", NULL, loss }, \
	{ 1118, "unidirectional_residual_bandwidth", tlv_tell_float, NULL }, \
	{ 1119, "unidirectional_available_bandwidth", tlv_tell_float, NULL }, \
	{ 1120, "unidirectional_utilized_bandwidth", tlv_tell_float, NULL }, \
	{ 1121, "graceful_link_shutdown", tlv_tell_hex, NULL }, \
	{ 1152, "igp_flags", tlv_tell_flags, NULL }, \
	{ 1153, "igp_route_tag", tlv_tell_numbers32, NULL }, \
	{ 1154, "igp_extended_route_tag", tell_tags64, NULL }, \
	{ 1155, "prefix_metric", tlv_tell_number, NULL }, \
	{ 1156, "ospf_forwarding_address", tlv_tell_address, NULL }, \
	{ 1157, "opaque_prefix", tlv_tell_hex, NULL }, \
	{ 1158, "prefix_sid", NULL, prefix_sid }, \
	{ 1161, "sid_label", tlv_tell_label_or_index, NULL }, \
	{ 1170, "prefix_attribute_flags", tlv_tell_flags, NULL }, \
	{ 1171, "source_router_id", tlv_tell_address, NULL }, \
	{ 1173, "extended_admin_group", tlv_tell_hex, NULL }, \
	{ 1174, "source_ospf_router_id", tlv_tell_address, NULL }, \
	{ 1250, "srv6_endpoint_behavior", NULL, behavior }, \
	{ 1251, "srv6_bgp_peer_node_sid", NULL, peer_node }, \
	{ 1252, "srv6_sid_structure", NULL, sid_structure }
/* clang-format on */

static const struct tlv_row leaves[] = { LEAVES };

static const struct tlv_row rows[] = {
	LEAVES,
	{ 1038, "srv6_capabilities", NULL, srv6_capabilities },
	{ 1039, "flex_algorithm_definition", NULL, flex_algorithm },
	{ 1106, "srv6_end_x_sid", NULL, end_x },
	{ 1107, "srv6_lan_end_x_sid_isis", tell_lan_end_x_isis, NULL },
	{ 1108, "srv6_lan_end_x_sid_ospf", tell_lan_end_x_ospf, NULL },
	{ 1122, "application_specific_link_attributes", tell_application_specific, NULL },
	{ 1159, "range", NULL, sid_range },
	{ 1162, "srv6_locator", NULL, locator },
	{ 1172, "l2_bundle_member", NULL, bundle_member },
	{ 1201, "sr_binding_sid", ls_tell_binding_sid, NULL },
	{ 1202, "sr_candidate_path_state", ls_tell_path_state, NULL },
	{ 1203, "sr_candidate_path_name", tlv_tell_string, NULL },
	{ 1204, "sr_candidate_path_constraints", ls_tell_constraints, NULL },
	{ 1205, "sr_segment_list", ls_tell_segment_list, NULL },
	{ 1212, "srv6_binding_sid", ls_tell_srv6_binding_sid, NULL },
	{ 1213, "sr_policy_name", tlv_tell_string, NULL },
};

/* Sub-TLVs are of the same registry. They have none themselves here, so that nothing can nest
 * without end: those that could are told by type and octets. */
void
ls_tell_sub_tlvs(struct tell *t, const char *name, struct cursor v)
{
	TLV_TELL_LIST(t, name, v, TLV_2_2, leaves);
}

void
attr_tell_ls(const struct attr_tell *a)
{
	TLV_TELL_LIST(a->to, a->name, a->value, TLV_2_2, rows);
}

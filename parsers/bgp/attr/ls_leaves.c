/*
 * BGP_LS attribute: TLVs of nodes, links and prefixes that have none inside. They are at the top of
 * the attribute, and are the sub-TLVs of all others.
 */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/attr/ls.h"

enum { LS_ISIS_L1 = 1, LS_ISIS_L2 = 2 }; /* protocol ids (RFC 9552 5.2) */

/* --- values */

/* n x (type 1, value 1): "1 10" (RFC 8814 3) */
static void
dissect_msd(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) % 2 != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0) {
		uint8_t type = cur_u8(&v);

		field_textf(to, NULL, "type %u value %u", type, cur_u8(&v));
	}
	field_list_end(to);
}

/* n x (range 3, a sub-TLV 1161 with the first of them) (RFC 9085 2.1.2) */
static void
dissect_label_ranges(struct field_sink *to, const char *name, struct cursor v)
{
	field_list(to, name);
	while (cur_left(&v) > 0) {
		struct cursor before = v, first;
		uint32_t range = tlv_u24(&v);
		uint16_t type;

		type = cur_u16(&v);
		first = cur_sub(&v, cur_u16(&v));
		if (v.failed || type != 1161) {
			field_hex(to, NULL, before);
			break;
		}
		field_group(to, NULL);
		field_number(to, "range", range);
		tlv_dissect_label_or_index(to, "first", first);
		field_group_end(to);
	}
	field_list_end(to);
}

/* Neighbour (6 octets: IS-IS system, 4: OSPF router) and what follows it, whose size is known. */
void
ls_dissect_neighbor(struct field_sink *to, struct cursor *v, size_t size)
{
	struct cursor id = cur_sub(v, size);

	if (size == 4)
		tlv_dissect_address(to, "neighbor", id);
	else
		tlv_dissect_colons(to, "neighbor", id);
}

/* flags, weight, reserved 2, neighbour, SID (RFC 9085 2.2.2) */
static void
dissect_lan_adjacency(struct field_sink *to, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);

	if (n != 11 && n != 12 && n != 13 && n != 14) {
		field_hex(to, name, v);
		return;
	}
	field_group(to, name);
	tlv_dissect_flags(to, "flags", cur_sub(&v, 1));
	field_number(to, "weight", cur_u8(&v));
	field_number(to, "reserved", cur_u16(&v));
	ls_dissect_neighbor(to, &v, n <= 12 ? 4 : 6);
	tlv_dissect_label_or_index(to, "sid", v);
	field_group_end(to);
}

/* Extended tags, 8 octets each (RFC 9552 5.3.3.3) */
static void
dissect_tags64(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) % 8 != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0)
		field_number(to, NULL, cur_u64(&v));
	field_list_end(to);
}

/* Protocol, and types of its sub-TLVs: of IS-IS in one octet, of OSPF in two (RFC 9351 3.6). */
static void
dissect_unsupported(struct field_sink *to, const char *name, struct cursor v)
{
	unsigned protocol = cur_u8(&v);

	if (v.failed) {
		field_hex(to, name, v);
		return;
	}
	field_group(to, name);
	field_number(to, "protocol_id", protocol);
	if (protocol == LS_ISIS_L1 || protocol == LS_ISIS_L2)
		tlv_dissect_number_list(to, "sub_tlv_types", v);
	else
		tlv_dissect_numbers16(to, "sub_tlv_types", v);
	field_group_end(to);
}

static const struct tlv_field sr_ranges[] = { TLV_FLAGS(1), TLV_NUMBER("reserved", 1),
	{ "ranges", TLV_REST, dissect_label_ranges }, TLV_END };
static const struct tlv_field flex_metric[] = { TLV_NUMBER("flex_algorithm", 1), TLV_FLAGS(1),
	TLV_NUMBER("reserved", 2), TLV_NUMBER("metric", 4), TLV_END };
static const struct tlv_field link_ids[] = { TLV_NUMBER("local", 4), TLV_NUMBER("remote", 4),
	TLV_END };
static const struct tlv_field adjacency_sid[] = { TLV_FLAGS(1), TLV_NUMBER("weight", 1),
	TLV_NUMBER("reserved", 2), { "sid", TLV_REST, tlv_dissect_label_or_index }, TLV_END };
static const struct tlv_field delay[] = { TLV_FLAGS(1), TLV_NUMBER("microseconds", 3), TLV_END };
static const struct tlv_field min_max_delay[] = { TLV_FLAGS(1), TLV_NUMBER("min_microseconds", 3),
	TLV_NUMBER("reserved", 1), TLV_NUMBER("max_microseconds", 3), TLV_END };
static const struct tlv_field delay_variation[] = { TLV_NUMBER("reserved", 1),
	TLV_NUMBER("microseconds", 3), TLV_END };
static const struct tlv_field loss[] = { TLV_FLAGS(1), TLV_NUMBER("loss_3_millionths_percent", 3),
	TLV_END };
static const struct tlv_field prefix_sid[] = { TLV_FLAGS(1), TLV_NUMBER("algorithm", 1),
	TLV_NUMBER("reserved", 2), { "sid", TLV_REST, tlv_dissect_label_or_index }, TLV_END };
static const struct tlv_field behavior[] = { { "endpoint_behavior", 2, srv6_dissect_behavior },
	TLV_FLAGS(1), TLV_NUMBER("algorithm", 1), TLV_END };
static const struct tlv_field peer_node[] = { TLV_FLAGS(1), TLV_NUMBER("weight", 1),
	TLV_NUMBER("reserved", 2), TLV_NUMBER("peer_as", 4), TLV_ADDRESS("peer_bgp_id", 4),
	TLV_END };
static const struct tlv_field sid_structure[] = { TLV_NUMBER("locator_block_length", 1),
	TLV_NUMBER("locator_node_length", 1), TLV_NUMBER("function_length", 1),
	TLV_NUMBER("argument_length", 1), TLV_END };

/* --- the table */

static const struct tlv_row rows[] = {
	{ 258, "link_local_remote_identifiers", NULL, link_ids },
	{ 263, "multi_topology_id", tlv_dissect_numbers16, NULL },
	{ 266, "node_msd", dissect_msd, NULL },
	{ 267, "link_msd", dissect_msd, NULL },
	{ 1024, "node_flags", tlv_dissect_flags, NULL },
	{ 1025, "opaque_node", tlv_dissect_hex, NULL },
	{ 1026, "node_name", tlv_dissect_string, NULL },
	{ 1027, "isis_area", tlv_dissect_hex, NULL },
	{ 1028, "local_ipv4_router_id", tlv_dissect_address, NULL },
	{ 1029, "local_ipv6_router_id", tlv_dissect_address, NULL },
	{ 1030, "remote_ipv4_router_id", tlv_dissect_address, NULL },
	{ 1031, "remote_ipv6_router_id", tlv_dissect_address, NULL },
	{ 1032, "sbfd_discriminators", tlv_dissect_numbers32, NULL },
	{ 1034, "sr_capabilities", NULL, sr_ranges },
	{ 1035, "sr_algorithms", tlv_dissect_number_list, NULL },
	{ 1036, "sr_local_block", NULL, sr_ranges },
	{ 1037, "srms_preference", tlv_dissect_number, NULL },
	{ 1040, "flex_algorithm_exclude_any", tlv_dissect_hex, NULL },
	{ 1041, "flex_algorithm_include_any", tlv_dissect_hex, NULL },
	{ 1042, "flex_algorithm_include_all", tlv_dissect_hex, NULL },
	{ 1043, "flex_algorithm_flags", tlv_dissect_hex, NULL },
	{ 1044, "flex_algorithm_prefix_metric", NULL, flex_metric },
	{ 1045, "flex_algorithm_exclude_srlg", tlv_dissect_numbers32, NULL },
	{ 1046, "flex_algorithm_unsupported", dissect_unsupported, NULL },
	{ 1088, "admin_group", tlv_dissect_flags, NULL },
	{ 1089, "max_link_bandwidth", tlv_dissect_float, NULL },
	{ 1090, "max_reservable_bandwidth", tlv_dissect_float, NULL },
	{ 1091, "unreserved_bandwidth", tlv_dissect_floats, NULL },
	{ 1092, "te_default_metric", tlv_dissect_number, NULL },
	{ 1093, "link_protection_type", tlv_dissect_flags, NULL },
	{ 1094, "mpls_protocol_mask", tlv_dissect_flags, NULL },
	{ 1095, "igp_metric", tlv_dissect_number, NULL },
	{ 1096, "srlg", tlv_dissect_numbers32, NULL },
	{ 1097, "opaque_link", tlv_dissect_hex, NULL },
	{ 1098, "link_name", tlv_dissect_string, NULL },
	{ 1099, "adjacency_sid", NULL, adjacency_sid },
	{ 1100, "lan_adjacency_sid", dissect_lan_adjacency, NULL },
	{ 1101, "peer_node_sid", NULL, adjacency_sid },
	{ 1102, "peer_adjacency_sid", NULL, adjacency_sid },
	{ 1103, "peer_set_sid", NULL, adjacency_sid },
	{ 1114, "unidirectional_link_delay", NULL, delay },
	{ 1115, "min_max_unidirectional_link_delay", NULL, min_max_delay },
	{ 1116, "unidirectional_delay_variation", NULL, delay_variation },
	{ 1117, "unidirectional_link_loss", NULL, loss },
	{ 1118, "unidirectional_residual_bandwidth", tlv_dissect_float, NULL },
	{ 1119, "unidirectional_available_bandwidth", tlv_dissect_float, NULL },
	{ 1120, "unidirectional_utilized_bandwidth", tlv_dissect_float, NULL },
	{ 1121, "graceful_link_shutdown", tlv_dissect_hex, NULL },
	{ 1152, "igp_flags", tlv_dissect_flags, NULL },
	{ 1153, "igp_route_tag", tlv_dissect_numbers32, NULL },
	{ 1154, "igp_extended_route_tag", dissect_tags64, NULL },
	{ 1155, "prefix_metric", tlv_dissect_number, NULL },
	{ 1156, "ospf_forwarding_address", tlv_dissect_address, NULL },
	{ 1157, "opaque_prefix", tlv_dissect_hex, NULL },
	{ 1158, "prefix_sid", NULL, prefix_sid },
	{ 1161, "sid_label", tlv_dissect_label_or_index, NULL },
	{ 1170, "prefix_attribute_flags", tlv_dissect_flags, NULL },
	{ 1171, "source_router_id", tlv_dissect_address, NULL },
	{ 1173, "extended_admin_group", tlv_dissect_hex, NULL },
	{ 1174, "source_ospf_router_id", tlv_dissect_address, NULL },
	{ 1250, "srv6_endpoint_behavior", NULL, behavior },
	{ 1251, "srv6_bgp_peer_node_sid", NULL, peer_node },
	{ 1252, "srv6_sid_structure", NULL, sid_structure },
};

const struct tlv_table ls_leaves = TLV_TABLE(rows, NULL);

/* Nothing can nest without end: those that have sub-TLVs themselves are shown by type and octets
 * here. */
void
ls_dissect_sub_tlvs(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_list(to, name, v, TLV_2_2, &ls_leaves);
}

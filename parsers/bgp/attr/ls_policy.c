/* SR policies in the BGP_LS attribute: state, constraints and segment lists of a candidate path
 * (RFC 9857 5). */
#include "parsers/bgp/attr/ls.h"

#include "parsers/bgp/attr/attr.h"

/* --- the path itself */

/* Two SIDs, in use and asked for: labels, or SRv6 SIDs by the D flag (RFC 9857 5.1). */
void
ls_dissect_binding_sid(struct field_sink *to, const char *name, struct cursor v)
{
	static const struct tlv_field labels[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
		{ "sid", 4, sr_dissect_label }, { "specified_sid", 4, sr_dissect_label }, TLV_END };
	static const struct tlv_field sids[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
		TLV_ADDRESS("sid", 16), TLV_ADDRESS("specified_sid", 16), TLV_END };
	bool srv6 = cur_left(&v) > 0 && (v.pos[0] & 0x80);

	tlv_dissect_fields(to, name, v, srv6 ? sids : labels);
}

void
ls_dissect_srv6_binding_sid(struct field_sink *to, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
		TLV_ADDRESS("sid", 16), TLV_ADDRESS("specified_sid", 16), SUB_TLVS, TLV_END };

	tlv_dissect_fields(to, name, v, fields);
}

void
ls_dissect_path_state(struct field_sink *to, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { TLV_NUMBER("priority", 1),
		TLV_NUMBER("reserved", 1), TLV_FLAGS(2), TLV_NUMBER("preference", 4), TLV_END };

	tlv_dissect_fields(to, name, v, fields);
}

/* --- constraints of its computation (RFC 9857 5.6) */

/* Three lists of link colours; three octets in front give their lengths in words of 4 octets. */
static void
dissect_affinity(struct field_sink *to, const char *name, struct cursor v)
{
	struct cursor whole = v, colours[3];
	size_t words[3];
	unsigned reserved;

	for (unsigned i = 0; i < 3; i++)
		words[i] = cur_u8(&v);
	reserved = cur_u8(&v);
	for (unsigned i = 0; i < 3; i++)
		colours[i] = cur_sub(&v, 4 * words[i]);
	if (v.failed) {
		field_hex(to, name, whole);
		return;
	}
	field_group(to, name);
	field_number(to, "reserved", reserved);
	field_hex(to, "exclude_any", colours[0]);
	field_hex(to, "include_any", colours[1]);
	field_hex(to, "include_all", colours[2]);
	dissect_rest(to, "rest", v);
	field_group_end(to);
}

static const struct tlv_field disjoint_group[] = { { "request_flags", 1, tlv_dissect_flags },
	{ "status_flags", 1, tlv_dissect_flags }, TLV_NUMBER("reserved", 2),
	{ "group", TLV_REST, tlv_dissect_hex }, TLV_END };
static const struct tlv_field bidirectional_group[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
	{ "group", TLV_REST, tlv_dissect_hex }, TLV_END };
static const struct tlv_field metric_constraint[] = { TLV_NUMBER("metric_type", 1), TLV_FLAGS(1),
	TLV_NUMBER("reserved", 2), TLV_NUMBER("margin", 4), TLV_NUMBER("bound", 4), TLV_END };

static const struct tlv_row constraints[] = {
	{ 1208, "affinity", dissect_affinity, NULL },
	{ 1209, "srlg", tlv_dissect_numbers32, NULL },
	{ 1210, "bandwidth", tlv_dissect_float, NULL },
	{ 1211, "disjoint_group", NULL, disjoint_group },
	{ 1214, "bidirectional_group", NULL, bidirectional_group },
	{ 1215, "metric", NULL, metric_constraint },
};

static void
dissect_each_constraint(struct field_sink *to, const char *name, struct cursor v)
{
	TLV_DISSECT_LIST(to, name, v, TLV_2_2, constraints);
}

void
ls_dissect_constraints(struct field_sink *to, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
		TLV_NUMBER("multi_topology_id", 2), TLV_NUMBER("algorithm", 1),
		TLV_NUMBER("reserved_2", 1), { "sub_tlvs", TLV_REST, dissect_each_constraint },
		TLV_END };

	tlv_dissect_fields(to, name, v, fields);
}

/* --- segment lists (RFC 9857 5.7) */

/* A label stack entry or an SRv6 SID, and the fields after it (RFC 9857 5.7.1.1). */
struct segment {
	const char *name;
	uint8_t sid; /* octets */
	struct tlv_field fields[6];
};

#define TWO_ENDS                                                                                   \
	{                                                                                          \
		TLV_ADDRESS("local_node_address", 16), TLV_NUMBER("local_interface_id", 4),        \
		    TLV_ADDRESS("remote_node_address", 16), TLV_NUMBER("remote_interface_id", 4),  \
		    SUB_TLVS, TLV_END                                                              \
	}
#define TWO_ADDRESSES(n)                                                                           \
	{                                                                                          \
		TLV_ADDRESS("local_address", n), TLV_ADDRESS("remote_address", n), SUB_TLVS,       \
		    TLV_END                                                                        \
	}
#define NODE(n)                                                                                    \
	{                                                                                          \
		TLV_NUMBER("algorithm", 1), TLV_ADDRESS("node_address", n), SUB_TLVS, TLV_END      \
	}
#define ALGORITHM                                                                                  \
	{                                                                                          \
		TLV_NUMBER("algorithm", 1), SUB_TLVS, TLV_END                                      \
	}

static const struct segment segments[] = {
	[1] = { "type_a", 4, ALGORITHM },
	[2] = { "type_b", 16, ALGORITHM },
	[3] = { "type_c", 4, NODE(4) },
	[4] = { "type_d", 4, NODE(16) },
	[5] = { "type_e", 4,
	    { TLV_ADDRESS("node_address", 4), TLV_NUMBER("local_interface_id", 4), SUB_TLVS,
		TLV_END } },
	[6] = { "type_f", 4, TWO_ADDRESSES(4) },
	[7] = { "type_g", 4, TWO_ENDS },
	[8] = { "type_h", 4, TWO_ADDRESSES(16) },
	[9] = { "type_i", 16, NODE(16) },
	[10] = { "type_j", 16, TWO_ENDS },
	[11] = { "type_k", 16, TWO_ADDRESSES(16) },
};

/* type, reserved, flags 2, SID, descriptor, sub-TLVs */
static void
dissect_segment(struct field_sink *to, const char *name, struct cursor v)
{
	struct cursor whole = v, flags, sid;
	unsigned type = cur_u8(&v), reserved = cur_u8(&v);
	const struct segment *s = type < sizeof(segments) / sizeof(segments[0]) ? &segments[type]
										: NULL;

	flags = cur_sub(&v, 2);
	if (v.failed || s == NULL || s->name == NULL) {
		field_hex(to, name, whole);
		return;
	}
	sid = cur_sub(&v, s->sid);
	if (v.failed) {
		field_hex(to, name, whole);
		return;
	}
	field_group(to, name);
	field_number(to, "reserved", reserved);
	tlv_dissect_flags(to, "flags", flags);
	if (s->sid == 4)
		sr_dissect_label(to, "sid", sid);
	else
		tlv_dissect_address(to, "sid", sid);
	tlv_dissect_fields(to, s->name, v, s->fields);
	field_group_end(to);
}

static const struct tlv_field list_metric[] = { TLV_NUMBER("metric_type", 1), TLV_FLAGS(1),
	TLV_NUMBER("reserved", 2), TLV_NUMBER("margin", 4), TLV_NUMBER("bound", 4),
	TLV_NUMBER("value", 4), TLV_END };

static const struct tlv_row list_rows[] = {
	{ 1206, "segment", dissect_segment, NULL },
	{ 1207, "metric", NULL, list_metric },
	{ 1216, "bandwidth", tlv_dissect_float, NULL },
	{ 1217, "identifier", tlv_dissect_u32, NULL },
};

static void
dissect_each_of_list(struct field_sink *to, const char *name, struct cursor v)
{
	TLV_DISSECT_LIST(to, name, v, TLV_2_2, list_rows);
}

void
ls_dissect_segment_list(struct field_sink *to, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { TLV_FLAGS(2), TLV_NUMBER("reserved", 2),
		TLV_NUMBER("multi_topology_id", 2), TLV_NUMBER("algorithm", 1),
		TLV_NUMBER("reserved_2", 1), TLV_NUMBER("weight", 4),
		{ "sub_tlvs", TLV_REST, dissect_each_of_list }, TLV_END };

	tlv_dissect_fields(to, name, v, fields);
}

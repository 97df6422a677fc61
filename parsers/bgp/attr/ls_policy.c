/* SR policies in the BGP_LS attribute: state, constraints and segment lists of a candidate path
 * (RFC 9857 5). */
#include "parsers/bgp/attr/ls.h"

#include "parsers/bgp/attr/attr.h"

#define END                                                                                        \
	{                                                                                          \
		NULL, 0, NULL                                                                      \
	}
#define FLAGS(n)                                                                                   \
	{                                                                                          \
		"flags", n, tlv_tell_flags                                                         \
	}
#define NUMBER(name, n)                                                                            \
	{                                                                                          \
		name, n, tlv_tell_number                                                           \
	}
#define ADDRESS(name, n)                                                                           \
	{                                                                                          \
		name, n, tlv_tell_address                                                          \
	}
#define SUB_TLVS(tell)                                                                             \
	{                                                                                          \
		"sub_tlvs", TLV_REST, tell                                                         \
	}

/* --- the path itself */

/* Two SIDs, in use and asked for: labels, or SRv6 SIDs by the D flag (RFC 9857 5.1). */
void
ls_tell_binding_sid(struct tell *t, const char *name, struct cursor v)
{
	static const struct tlv_field labels[] = { FLAGS(2), NUMBER("reserved", 2),
		{ "sid", 4, sr_tell_label }, { "specified_sid", 4, sr_tell_label }, END };
	static const struct tlv_field sids[] = { FLAGS(2), NUMBER("reserved", 2),
		ADDRESS("sid", 16), ADDRESS("specified_sid", 16), END };
	bool srv6 = cur_left(&v) > 0 && (v.pos[0] & 0x80);

	tlv_tell_fields(t, name, v, srv6 ? sids : labels);
}

void
ls_tell_srv6_binding_sid(struct tell *t, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { FLAGS(2), NUMBER("reserved", 2),
		ADDRESS("sid", 16), ADDRESS("specified_sid", 16), SUB_TLVS(ls_tell_sub_tlvs), END };

	tlv_tell_fields(t, name, v, fields);
}

void
ls_tell_path_state(struct tell *t, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { NUMBER("priority", 1), NUMBER("reserved", 1),
		FLAGS(2), NUMBER("preference", 4), END };

	tlv_tell_fields(t, name, v, fields);
}

/* --- constraints of its computation (RFC 9857 5.6) */

/* Three lists of link colours of so many words as is said. */
static void
tell_affinity(struct tell *t, const char *name, struct cursor v)
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
		tell_hex(t, name, whole);
		return;
	}
	tell_open(t, name);
	tell_number(t, "reserved", reserved);
	tell_hex(t, "exclude_any", colours[0]);
	tell_hex(t, "include_any", colours[1]);
	tell_hex(t, "include_all", colours[2]);
	tell_rest(t, "rest", v);
	tell_close(t);
}

static const struct tlv_field disjoint_group[] = { { "request_flags", 1, tlv_tell_flags },
	{ "status_flags", 1, tlv_tell_flags }, NUMBER("reserved", 2),
	{ "group", TLV_REST, tlv_tell_hex }, END };
static const struct tlv_field bidirectional_group[] = { FLAGS(2), NUMBER("reserved", 2),
	{ "group", TLV_REST, tlv_tell_hex }, END };
static const struct tlv_field metric_constraint[] = { NUMBER("metric_type", 1), FLAGS(1),
	NUMBER("reserved", 2), NUMBER("margin", 4), NUMBER("bound", 4), END };

static const struct tlv_row constraints[] = {
	{ 1208, "affinity", tell_affinity, NULL },
	{ 1209, "srlg", tlv_tell_numbers32, NULL },
	{ 1210, "bandwidth", tlv_tell_float, NULL },
	{ 1211, "disjoint_group", NULL, disjoint_group },
	{ 1214, "bidirectional_group", NULL, bidirectional_group },
	{ 1215, "metric", NULL, metric_constraint },
};

static void
tell_each_constraint(struct tell *t, const char *name, struct cursor v)
{
	TLV_TELL_LIST(t, name, v, TLV_2_2, constraints);
}

void
ls_tell_constraints(struct tell *t, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { FLAGS(2), NUMBER("reserved", 2),
		NUMBER("multi_topology_id", 2), NUMBER("algorithm", 1), NUMBER("reserved_2", 1),
		SUB_TLVS(tell_each_constraint), END };

	tlv_tell_fields(t, name, v, fields);
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
		ADDRESS("local_node_address", 16), NUMBER("local_interface_id", 4),                \
		    ADDRESS("remote_node_address", 16), NUMBER("remote_interface_id", 4),          \
		    SUB_TLVS(ls_tell_sub_tlvs), END                                                \
	}
#define TWO_ADDRESSES(n)                                                                           \
	{                                                                                          \
		ADDRESS("local_address", n), ADDRESS("remote_address", n),                         \
		    SUB_TLVS(ls_tell_sub_tlvs), END                                                \
	}
#define NODE(n)                                                                                    \
	{                                                                                          \
		NUMBER("algorithm", 1), ADDRESS("node_address", n), SUB_TLVS(ls_tell_sub_tlvs),    \
		    END                                                                            \
	}
#define ALGORITHM                                                                                  \
	{                                                                                          \
		NUMBER("algorithm", 1), SUB_TLVS(ls_tell_sub_tlvs), END                            \
	}

static const struct segment segments[] = {
	[1] = { "type_a", 4, ALGORITHM },
	[2] = { "type_b", 16, ALGORITHM },
	[3] = { "type_c", 4, NODE(4) },
	[4] = { "type_d", 4, NODE(16) },
	[5] = { "type_e", 4,
	    { ADDRESS("node_address", 4), NUMBER("local_interface_id", 4),
		SUB_TLVS(ls_tell_sub_tlvs), END } },
	[6] = { "type_f", 4, TWO_ADDRESSES(4) },
	[7] = { "type_g", 4, TWO_ENDS },
	[8] = { "type_h", 4, TWO_ADDRESSES(16) },
	[9] = { "type_i", 16, NODE(16) },
	[10] = { "type_j", 16, TWO_ENDS },
	[11] = { "type_k", 16, TWO_ADDRESSES(16) },
};

/* type, reserved, flags 2, SID, descriptor, sub-TLVs */
static void
tell_segment(struct tell *t, const char *name, struct cursor v)
{
	struct cursor whole = v, flags, sid;
	unsigned type = cur_u8(&v), reserved = cur_u8(&v);
	const struct segment *s = type < sizeof(segments) / sizeof(segments[0]) ? &segments[type]
										: NULL;

	flags = cur_sub(&v, 2);
	if (v.failed || s == NULL || s->name == NULL) {
		tell_hex(t, name, whole);
		return;
	}
	sid = cur_sub(&v, s->sid);
	if (v.failed) {
		tell_hex(t, name, whole);
		return;
	}
	tell_open(t, name);
	tell_number(t, "reserved", reserved);
	tlv_tell_flags(t, "flags", flags);
	if (s->sid == 4)
		sr_tell_label(t, "sid", sid);
	else
		tlv_tell_address(t, "sid", sid);
	tlv_tell_fields(t, s->name, v, s->fields);
	tell_close(t);
}

static const struct tlv_field list_metric[] = { NUMBER("metric_type", 1), FLAGS(1),
	NUMBER("reserved", 2), NUMBER("margin", 4), NUMBER("bound", 4), NUMBER("value", 4), END };

static const struct tlv_row list_rows[] = {
	{ 1206, "segment", tell_segment, NULL },
	{ 1207, "metric", NULL, list_metric },
	{ 1216, "bandwidth", tlv_tell_float, NULL },
	{ 1217, "identifier", tlv_tell_u32, NULL },
};

static void
tell_each_of_list(struct tell *t, const char *name, struct cursor v)
{
	TLV_TELL_LIST(t, name, v, TLV_2_2, list_rows);
}

void
ls_tell_segment_list(struct tell *t, const char *name, struct cursor v)
{
	static const struct tlv_field fields[] = { FLAGS(2), NUMBER("reserved", 2),
		NUMBER("multi_topology_id", 2), NUMBER("algorithm", 1), NUMBER("reserved_2", 1),
		NUMBER("weight", 4), SUB_TLVS(tell_each_of_list), END };

	tlv_tell_fields(t, name, v, fields);
}

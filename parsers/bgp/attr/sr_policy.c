/*
 * The sub-TLVs of an SR policy in TUNNEL_ENCAP (RFC 9830 2.4), and its segments (RFC 9831 2). Old
 * code numbers segment types B and I to K in another way; both are read.
 */
#include "parsers/bgp/attr/attr.h"

/* A label stack entry (RFC 3032 2.1). */
void
sr_dissect_label(struct field_sink *to, const char *name, struct cursor v)
{
	uint32_t e;

	if (cur_left(&v) != 4) {
		field_hex(to, name, v);
		return;
	}
	e = cur_u32(&v);
	field_textf(
	    to, name, "label %u tc %u s %u ttl %u", e >> 12, e >> 9 & 7, e >> 8 & 1, e & 255);
}

static const struct tlv_field preference[] = { TLV_FLAGS(1), TLV_NUMBER("reserved", 1),
	TLV_NUMBER("preference", 4), TLV_END };
static const struct tlv_field enlp[] = { TLV_FLAGS(1), TLV_NUMBER("reserved", 1),
	TLV_NUMBER("enlp", 1), TLV_END };
static const struct tlv_field priority[] = { TLV_NUMBER("priority", 1), TLV_NUMBER("reserved", 1),
	TLV_END };
static const struct tlv_field name_of[] = { TLV_NUMBER("reserved", 1),
	{ "name", TLV_REST, tlv_dissect_string }, TLV_END };
static const struct tlv_field weight[] = { TLV_FLAGS(1), TLV_NUMBER("reserved", 1),
	TLV_NUMBER("weight", 4), TLV_END };

/* Endpoint behaviour and SID structure (RFC 9830 2.4.4.2.4) */
static const struct tlv_field behaviour[] = { { "endpoint_behavior", 2, srv6_dissect_behavior },
	TLV_NUMBER("reserved", 2), TLV_NUMBER("locator_block_length", 1),
	TLV_NUMBER("locator_node_length", 1), TLV_NUMBER("function_length", 1),
	TLV_NUMBER("argument_length", 1), TLV_END };

static void
dissect_behaviour(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_fields(to, name, v, behaviour);
}

static const struct tlv_field srv6_binding_sid[] = { TLV_FLAGS(1), TLV_NUMBER("reserved", 1),
	TLV_ADDRESS("sid", 16), { "structure", TLV_REST, dissect_behaviour }, TLV_END };

void
sr_dissect_preference(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_fields(to, name, v, preference);
}

void
sr_dissect_enlp(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_fields(to, name, v, enlp);
}

void
sr_dissect_priority(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_fields(to, name, v, priority);
}

void
sr_dissect_name(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_fields(to, name, v, name_of);
}

void
sr_dissect_srv6_binding_sid(struct field_sink *to, const char *name, struct cursor v)
{
	tlv_dissect_fields(to, name, v, srv6_binding_sid);
}

/* Flags, reserved, and a label, an SRv6 SID or nothing (RFC 9830 2.4.2) */
void
sr_dissect_binding_sid(struct field_sink *to, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);

	if (n != 2 && n != 6 && n != 18) {
		field_hex(to, name, v);
		return;
	}
	field_group(to, name);
	tlv_dissect_flags(to, "flags", cur_sub(&v, 1));
	field_number(to, "reserved", cur_u8(&v));
	if (n == 6)
		sr_dissect_label(to, "sid", v);
	else if (n == 18)
		tlv_dissect_address(to, "sid", v);
	field_group_end(to);
}

/* --- segments */

/* What follows flags and the octet after them, and the SID that may follow that. */
struct segment {
	uint8_t type, old_type; /* old_type 0: none */
	const char *name, *second;
	struct tlv_field fields[5];
	/* octets of the SID: 4 a label stack entry, 16 an SRv6 SID; at the end, may be left out */
	uint8_t sid;
};

#define ADDRESS4(name)                                                                             \
	{                                                                                          \
		name, 4, tlv_dissect_address                                                       \
	}
#define ADDRESS6(name)                                                                             \
	{                                                                                          \
		name, 16, tlv_dissect_address                                                      \
	}
#define NUMBER4(name)                                                                              \
	{                                                                                          \
		name, 4, tlv_dissect_number                                                        \
	}

static const struct segment segments[] = {
	{ 1, 0, "type_a", "reserved", { TLV_END }, 4 },
	{ 13, 2, "type_b", "reserved", { TLV_END }, 16 },
	{ 3, 0, "type_c", "algorithm", { ADDRESS4("node_address") }, 4 },
	{ 4, 0, "type_d", "algorithm", { ADDRESS6("node_address") }, 4 },
	{ 5, 0, "type_e", "reserved", { NUMBER4("local_interface_id"), ADDRESS4("node_address") },
	    4 },
	{ 6, 0, "type_f", "reserved", { ADDRESS4("local_address"), ADDRESS4("remote_address") },
	    4 },
	{ 7, 0, "type_g", "reserved",
	    { NUMBER4("local_interface_id"), ADDRESS6("local_node_address"),
		NUMBER4("remote_interface_id"), ADDRESS6("remote_node_address") },
	    4 },
	{ 8, 0, "type_h", "reserved", { ADDRESS6("local_address"), ADDRESS6("remote_address") },
	    4 },
	{ 14, 10, "type_i", "algorithm", { ADDRESS6("node_address") }, 16 },
	{ 15, 11, "type_j", "algorithm",
	    { NUMBER4("local_interface_id"), ADDRESS6("local_node_address"),
		NUMBER4("remote_interface_id"), ADDRESS6("remote_node_address") },
	    16 },
	{ 16, 12, "type_k", "algorithm", { ADDRESS6("local_address"), ADDRESS6("remote_address") },
	    16 },
};

static const struct segment *
segment_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		if (segments[i].type == type ||
		    (segments[i].old_type != 0 && segments[i].old_type == type))
			return &segments[i];
	return NULL;
}

static void
dissect_segment(struct field_sink *to, const struct segment *s, struct cursor v)
{
	struct cursor whole = v;

	cur_take(&whole, 2);
	for (const struct tlv_field *f = s->fields; f->name != NULL; f++)
		cur_take(&whole, f->size);
	if (whole.failed) {
		field_hex(to, s->name, v);
		return;
	}
	field_group(to, s->name);
	tlv_dissect_flags(to, "flags", cur_sub(&v, 1));
	field_number(to, s->second, cur_u8(&v));
	for (const struct tlv_field *f = s->fields; f->name != NULL; f++)
		f->dissect(to, f->name, cur_sub(&v, f->size));
	if (s->sid == 4 && cur_left(&v) == 4) {
		sr_dissect_label(to, "sid", v);
	} else if (s->sid == 16 && cur_left(&v) >= 16) {
		tlv_dissect_address(to, "sid", cur_sub(&v, 16));
		if (cur_left(&v) > 0)
			dissect_behaviour(to, "structure", v);
	} else {
		dissect_rest(to, "rest", v);
	}
	field_group_end(to);
}

void
sr_dissect_segment_list(struct field_sink *to, const char *name, struct cursor v)
{
	struct tlv tlv;

	if (cur_left(&v) == 0) {
		field_hex(to, name, v);
		return;
	}
	field_group(to, name);
	field_number(to, "reserved", cur_u8(&v));
	field_list(to, "segments");
	while (tlv_next(&v, TLV_1_1, &tlv)) {
		const struct segment *s = segment_of(tlv.type);

		field_group(to, NULL);
		if (s != NULL) {
			dissect_segment(to, s, tlv.value);
		} else if (tlv.type == 9) {
			tlv_dissect_fields(to, "weight", tlv.value, weight);
		} else {
			field_number(to, "type", tlv.type);
			field_hex(to, "octets", tlv.value);
		}
		field_group_end(to);
	}
	field_list_end(to);
	if (v.failed)
		field_hex(to, "cut", cur_of(tlv.at, (size_t)(v.end - tlv.at)));
	field_group_end(to);
}

/*
 * The sub-TLVs of an SR policy in TUNNEL_ENCAP (RFC 9830 2.4), and its segments (RFC 9831 2). Old
 * code numbers segment types B and I to K in another way; both are read.
 */
#include "parsers/bgp/attr/attr.h"

/* A label stack entry (RFC 3032 2.1). */
void
sr_tell_label(struct tell *t, const char *name, struct cursor v)
{
	uint32_t e;

	if (cur_left(&v) != 4) {
		tell_hex(t, name, v);
		return;
	}
	e = cur_u32(&v);
	tell_textf(t, name, "label %u tc %u s %u ttl %u", e >> 12, e >> 9 & 7, e >> 8 & 1, e & 255);
}

static const struct tlv_field preference[] = { { "flags", 1, tlv_tell_flags },
	{ "reserved", 1, tlv_tell_number }, { "preference", 4, tlv_tell_number },
	{ NULL, 0, NULL } };
static const struct tlv_field enlp[] = { { "flags", 1, tlv_tell_flags },
	{ "reserved", 1, tlv_tell_number }, { "enlp", 1, tlv_tell_number }, { NULL, 0, NULL } };
static const struct tlv_field priority[] = { { "priority", 1, tlv_tell_number },
	{ "reserved", 1, tlv_tell_number }, { NULL, 0, NULL } };
static const struct tlv_field name_of[] = { { "reserved", 1, tlv_tell_number },
	{ "name", TLV_REST, tlv_tell_string }, { NULL, 0, NULL } };
static const struct tlv_field weight[] = { { "flags", 1, tlv_tell_flags },
	{ "reserved", 1, tlv_tell_number }, { "weight", 4, tlv_tell_number }, { NULL, 0, NULL } };

/* Endpoint behaviour and SID structure (RFC 9830 2.4.4.2.4) */
static const struct tlv_field behaviour[] = { { "endpoint_behavior", 2, srv6_tell_behavior },
	{ "reserved", 2, tlv_tell_number }, { "locator_block_length", 1, tlv_tell_number },
	{ "locator_node_length", 1, tlv_tell_number }, { "function_length", 1, tlv_tell_number },
	{ "argument_length", 1, tlv_tell_number }, { NULL, 0, NULL } };

static void
tell_behaviour(struct tell *t, const char *name, struct cursor v)
{
	tlv_tell_fields(t, name, v, behaviour);
}

static const struct tlv_field srv6_binding_sid[] = { { "flags", 1, tlv_tell_flags },
	{ "reserved", 1, tlv_tell_number }, { "sid", 16, tlv_tell_address },
	{ "structure", TLV_REST, tell_behaviour }, { NULL, 0, NULL } };

void
sr_tell_preference(struct tell *t, const char *name, struct cursor v)
{
	tlv_tell_fields(t, name, v, preference);
}

void
sr_tell_enlp(struct tell *t, const char *name, struct cursor v)
{
	tlv_tell_fields(t, name, v, enlp);
}

void
sr_tell_priority(struct tell *t, const char *name, struct cursor v)
{
	tlv_tell_fields(t, name, v, priority);
}

void
sr_tell_name(struct tell *t, const char *name, struct cursor v)
{
	tlv_tell_fields(t, name, v, name_of);
}

void
sr_tell_srv6_binding_sid(struct tell *t, const char *name, struct cursor v)
{
	tlv_tell_fields(t, name, v, srv6_binding_sid);
}

/* Flags, reserved, and a label, an SRv6 SID or nothing (RFC 9830 2.4.2) */
void
sr_tell_binding_sid(struct tell *t, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);

	if (n != 2 && n != 6 && n != 18) {
		tell_hex(t, name, v);
		return;
	}
	tell_open(t, name);
	tlv_tell_flags(t, "flags", cur_sub(&v, 1));
	tell_number(t, "reserved", cur_u8(&v));
	if (n == 6)
		sr_tell_label(t, "sid", v);
	else if (n == 18)
		tlv_tell_address(t, "sid", v);
	tell_close(t);
}

/* --- segments */

/* What follows flags and the octet after them, and the SID that may follow that. */
struct segment {
	uint8_t type, old_type; /* old_type 0: none */
	const char *name, *second;
	struct tlv_field fields[5];
	uint8_t
	    sid; /* octets: 4 a label stack entry, 16 an SRv6 SID; at the end, may be left out */
};

#define ADDRESS4(name)                                                                             \
	{                                                                                          \
		name, 4, tlv_tell_address                                                          \
	}
#define ADDRESS6(name)                                                                             \
	{                                                                                          \
		name, 16, tlv_tell_address                                                         \
	}
#define NUMBER4(name)                                                                              \
	{                                                                                          \
		name, 4, tlv_tell_number                                                           \
	}

static const struct segment segments[] = {
	{ 1, 0, "type_a", "reserved", { { NULL, 0, NULL } }, 4 },
	{ 13, 2, "type_b", "reserved", { { NULL, 0, NULL } }, 16 },
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
tell_segment(struct tell *t, const struct segment *s, struct cursor v)
{
	struct cursor whole = v;

	cur_take(&whole, 2);
	for (const struct tlv_field *f = s->fields; f->name != NULL; f++)
		cur_take(&whole, f->size);
	if (whole.failed) {
		tell_hex(t, s->name, v);
		return;
	}
	tell_open(t, s->name);
	tlv_tell_flags(t, "flags", cur_sub(&v, 1));
	tell_number(t, s->second, cur_u8(&v));
	for (const struct tlv_field *f = s->fields; f->name != NULL; f++)
		f->tell(t, f->name, cur_sub(&v, f->size));
	if (s->sid == 4 && cur_left(&v) == 4) {
		sr_tell_label(t, "sid", v);
	} else if (s->sid == 16 && cur_left(&v) >= 16) {
		tlv_tell_address(t, "sid", cur_sub(&v, 16));
		if (cur_left(&v) > 0)
			tell_behaviour(t, "structure", v);
	} else {
		tell_rest(t, "rest", v);
	}
	tell_close(t);
}

void
sr_tell_segment_list(struct tell *t, const char *name, struct cursor v)
{
	struct tlv tlv;

	if (cur_left(&v) == 0) {
		tell_hex(t, name, v);
		return;
	}
	tell_open(t, name);
	tell_number(t, "reserved", cur_u8(&v));
	tell_list(t, "segments");
	while (tlv_next(&v, TLV_1_1, &tlv)) {
		const struct segment *s = segment_of(tlv.type);

		tell_open(t, NULL);
		if (s != NULL) {
			tell_segment(t, s, tlv.value);
		} else if (tlv.type == 9) {
			tlv_tell_fields(t, "weight", tlv.value, weight);
		} else {
			tell_number(t, "type", tlv.type);
			tell_hex(t, "octets", tlv.value);
		}
		tell_close(t);
	}
	tell_list_end(t);
	if (v.failed)
		tell_hex(t, "cut", cur_of(tlv.at, (size_t)(v.end - tlv.at)));
	tell_close(t);
}

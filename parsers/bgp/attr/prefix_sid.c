/* PREFIX_SID (RFC 8669), with the SRv6 services of RFC 9252. */
#include "parsers/bgp/attr/attr.h"

enum { TLV_LABEL_INDEX = 1, TLV_SRGB = 3, TLV_SRV6_L3 = 5, TLV_SRV6_L2 = 6 };
enum { SUB_SID_INFORMATION = 1, SUB_SUB_STRUCTURE = 1 };
enum { SID_INFORMATION_LEN = 21, STRUCTURE_LEN = 6 };

/* --- check */

/* Reserved octet, then sub-TLVs; the SID information may hold its structure (RFC 9252 2, 3). The
 * place of a fault, or NULL. */
static const uint8_t *
srv6_service_fault(struct cursor v)
{
	const uint8_t *start = v.pos;
	struct tlv sub, subsub;

	cur_u8(&v);
	if (v.failed)
		return start;
	while (tlv_next(&v, TLV_1_2, &sub)) {
		struct cursor info = sub.value;

		if (sub.type != SUB_SID_INFORMATION)
			continue;
		if (cur_take(&info, SID_INFORMATION_LEN) == NULL)
			return sub.at;
		while (tlv_next(&info, TLV_1_2, &subsub))
			if (subsub.type == SUB_SUB_STRUCTURE &&
			    cur_left(&subsub.value) != STRUCTURE_LEN)
				return subsub.at;
		if (info.failed)
			return subsub.at;
	}
	return v.failed ? sub.at : NULL;
}

/* RFC 8669 6 discards the attribute; RFC 9252 7 withdraws when an SRv6 service is malformed, which
 * weighs more. */
enum fault_code
attr_check_prefix_sid(struct attr_check *c)
{
	enum fault_code fault = FAULT_NONE;
	struct cursor r = c->value;
	struct tlv tlv;

	while (tlv_next(&r, TLV_1_2, &tlv)) {
		size_t n = cur_left(&tlv.value);
		const uint8_t *at;

		if ((tlv.type == TLV_LABEL_INDEX && n != 7) ||
		    (tlv.type == TLV_SRGB && (n < 8 || n % 6 != 2))) {
			if (fault == FAULT_NONE)
				c->at = tlv.at;
			fault = FAULT_ATTR_DISCARD;
		}
		if (tlv.type != TLV_SRV6_L3 && tlv.type != TLV_SRV6_L2)
			continue;
		at = srv6_service_fault(tlv.value);
		if (at != NULL) {
			c->at = at;
			return FAULT_ATTR_VALUE;
		}
	}
	if (r.failed && fault == FAULT_NONE) {
		c->at = tlv.at;
		fault = FAULT_ATTR_DISCARD;
	}
	return fault;
}

/* --- dissecting */

static const struct tlv_field label_index[] = { TLV_NUMBER("reserved", 1), TLV_FLAGS(2),
	TLV_NUMBER("label_index", 4), TLV_END };

/* n x (base 3, range 3): "16000 8000" */
static void
dissect_ranges(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) % 6 != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0) {
		uint32_t base = tlv_u24(&v), range = tlv_u24(&v);

		field_textf(to, NULL, "base %u range %u", base, range);
	}
	field_list_end(to);
}

static const struct tlv_field srgb[] = { TLV_FLAGS(2), { "ranges", TLV_REST, dissect_ranges },
	TLV_END };

static const struct tlv_field structure[] = { TLV_NUMBER("locator_block_length", 1),
	TLV_NUMBER("locator_node_length", 1), TLV_NUMBER("function_length", 1),
	TLV_NUMBER("argument_length", 1), TLV_NUMBER("transposition_length", 1),
	TLV_NUMBER("transposition_offset", 1), TLV_END };

static const struct tlv_row sub_sub_rows[] = { { SUB_SUB_STRUCTURE, "sid_structure", NULL,
    structure } };

static void
dissect_sub_sub_tlvs(struct field_sink *to, const char *name, struct cursor v)
{
	TLV_DISSECT_LIST(to, name, v, TLV_1_2, sub_sub_rows);
}

static const struct tlv_field sid_information[] = { TLV_NUMBER("reserved", 1),
	TLV_ADDRESS("sid", 16), TLV_FLAGS(1), { "endpoint_behavior", 2, srv6_dissect_behavior },
	TLV_NUMBER("reserved_2", 1), { "sub_sub_tlvs", TLV_REST, dissect_sub_sub_tlvs }, TLV_END };

static const struct tlv_row sub_rows[] = { { SUB_SID_INFORMATION, "srv6_sid_information", NULL,
    sid_information } };

static void
dissect_sub_tlvs(struct field_sink *to, const char *name, struct cursor v)
{
	TLV_DISSECT_LIST(to, name, v, TLV_1_2, sub_rows);
}

static const struct tlv_field srv6_service[] = { TLV_NUMBER("reserved", 1),
	{ "sub_tlvs", TLV_REST, dissect_sub_tlvs }, TLV_END };

static const struct tlv_row rows[] = {
	{ TLV_LABEL_INDEX, "label_index", NULL, label_index },
	{ TLV_SRGB, "originator_srgb", NULL, srgb },
	{ TLV_SRV6_L3, "srv6_l3_service", NULL, srv6_service },
	{ TLV_SRV6_L2, "srv6_l2_service", NULL, srv6_service },
};

void
prefix_sid_dissect_tlvs(struct field_sink *to, const char *name, struct cursor v)
{
	TLV_DISSECT_LIST(to, name, v, TLV_1_2, rows);
}

void
attr_dissect_prefix_sid(const struct attr_dissect *a)
{
	prefix_sid_dissect_tlvs(a->to, a->name, a->value);
}

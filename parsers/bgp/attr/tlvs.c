/* Attributes that are a plain row of TLVs: AIGP (RFC 7311), SFP (RFC 9015), BFD_DISCRIMINATOR
 * (RFC 9026), BIER (RFC 9793). */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/rd.h"

/* Walks to the end; where one is cut, c->at is there and the fault is returned. */
static enum fault_code
check_frames(struct attr_check *c, struct cursor r, enum tlv_form form, enum fault_code fault)
{
	struct tlv tlv;

	while (tlv_next(&r, form, &tlv)) {
	}
	if (!r.failed)
		return FAULT_NONE;
	c->at = tlv.at;
	return fault;
}

/* --- AIGP */

enum { AIGP_METRIC = 1, AIGP_METRIC_LEN = 8 };

enum fault_code
attr_check_aigp(struct attr_check *c)
{
	struct cursor r = c->value;
	struct tlv tlv;

	while (tlv_next(&r, TLV_1_WHOLE2, &tlv)) {
		if (tlv.type == AIGP_METRIC && cur_left(&tlv.value) != AIGP_METRIC_LEN) {
			c->at = tlv.at;
			return FAULT_ATTR_DISCARD;
		}
	}
	return check_frames(c, c->value, TLV_1_WHOLE2, FAULT_ATTR_DISCARD);
}

/* Of several metrics the first one counts (RFC 7311 3). */
void
attr_dissect_aigp(const struct attr_dissect *a)
{
	static const struct tlv_row rows[] = { { AIGP_METRIC, "metric", tlv_dissect_u64, NULL } };

	TLV_DISSECT_LIST(a->to, a->name, a->value, TLV_1_WHOLE2, rows);
}

/* --- SFP */

enum { SFP_ASSOCIATION = 1, SFP_HOP = 2, SFP_SFT = 3, SFP_MPLS = 4, SFP_TRAVERSAL = 5 };

enum fault_code
attr_check_sfp(struct attr_check *c)
{
	struct cursor r = c->value;
	struct tlv tlv;

	while (tlv_next(&r, TLV_1_2, &tlv)) {
		struct cursor hop = tlv.value;

		if (tlv.type != SFP_HOP)
			continue;
		cur_u8(&hop); /* service index */
		if (hop.failed || check_frames(c, hop, TLV_1_2, FAULT_ATTR_VALUE) != FAULT_NONE) {
			c->at = hop.failed ? tlv.at : c->at;
			return FAULT_ATTR_VALUE;
		}
	}
	return check_frames(c, c->value, TLV_1_2, FAULT_ATTR_VALUE);
}

static void
dissect_distinguisher(struct field_sink *to, const char *name, struct cursor v)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	bgp_rd_text(&x, v.pos);
	field_text(to, name, text);
}

static void
dissect_distinguishers(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) % 8 != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0)
		dissect_distinguisher(to, NULL, cur_sub(&v, 8));
	field_list_end(to);
}

static const struct tlv_field sfp_association[] = { TLV_NUMBER("association_type", 1),
	{ "associated_sfpr_rd", 8, dissect_distinguisher }, TLV_NUMBER("associated_spi", 3),
	TLV_END };
static const struct tlv_field sfp_sft[] = { TLV_NUMBER("service_function_type", 2),
	{ "sfir_rd", TLV_REST, dissect_distinguishers }, TLV_END };
static const struct tlv_row sfp_hop_rows[] = { { SFP_SFT, "sft", NULL, sfp_sft },
	{ SFP_MPLS, "mpls_swapping_stacking", tlv_dissect_hex, NULL } };

static void
dissect_hop_details(struct field_sink *to, const char *name, struct cursor v)
{
	TLV_DISSECT_LIST(to, name, v, TLV_1_2, sfp_hop_rows);
}

static const struct tlv_field sfp_hop[] = { TLV_NUMBER("service_index", 1),
	{ "hop_details", TLV_REST, dissect_hop_details }, TLV_END };

void
attr_dissect_sfp(const struct attr_dissect *a)
{
	static const struct tlv_row rows[] = {
		{ SFP_ASSOCIATION, "association", NULL, sfp_association },
		{ SFP_HOP, "hop", NULL, sfp_hop },
		{ SFP_TRAVERSAL, "sfp_traversal_with_mpls_label_stack", tlv_dissect_hex, NULL },
	};

	TLV_DISSECT_LIST(a->to, a->name, a->value, TLV_1_2, rows);
}

/* --- BFD discriminator */

enum { BFD_P2MP = 1, BFD_SOURCE = 1, BFD_HEADER_LEN = 5 };

/* A point-to-multipoint session needs the address it is from (RFC 9026 3.1.6). */
enum fault_code
attr_check_bfd(struct attr_check *c)
{
	struct cursor r = c->value, tlvs;
	bool source = false;
	struct tlv tlv;
	uint8_t mode = cur_u8(&r);

	cur_u32(&r);
	tlvs = r;
	while (tlv_next(&r, TLV_1_1, &tlv)) {
		size_t n = cur_left(&tlv.value);

		if (tlv.type != BFD_SOURCE)
			continue;
		if (n != 4 && n != 16) {
			c->at = tlv.at;
			return FAULT_ATTR_DISCARD;
		}
		source = true;
	}
	if (mode == BFD_P2MP && !source && !r.failed)
		return FAULT_ATTR_DISCARD;
	return check_frames(c, tlvs, TLV_1_1, FAULT_ATTR_DISCARD);
}

void
attr_dissect_bfd(const struct attr_dissect *a)
{
	static const struct tlv_row rows[] = { { BFD_SOURCE, "source_address", tlv_dissect_address,
	    NULL } };
	static const char *const modes[] = { NULL, "p2mp" };
	struct cursor r = a->value;
	uint8_t mode = cur_u8(&r);
	uint32_t discriminator = cur_u32(&r);
	char buf[8];

	if (r.failed) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	field_text(a->to, "mode", CODE_NAME(modes, mode, buf));
	field_number(a->to, "discriminator", discriminator);
	if (cur_left(&r) > 0)
		TLV_DISSECT_LIST(a->to, "tlvs", r, TLV_1_1, rows);
	field_group_end(a->to);
}

/* --- BIER */

enum fault_code
attr_check_bier(struct attr_check *c)
{
	return check_frames(c, c->value, TLV_2_2, FAULT_ATTR_DISCARD);
}

/* Types and octets: the values have no names here. */
void
attr_dissect_bier(const struct attr_dissect *a)
{
	tlv_dissect_list(a->to, a->name, a->value, TLV_2_2, NULL);
}

/* What BMP version 4 adds, dissected: indexed TLVs, groups, path status. */
#include "parsers/bmp/dissect.h"

#include "parsers/bmp/dissect_parts.h"

/* --- version 4 */

/* Path Status and reason: a group of that name, as in bmp_v4_tlvs_dissect. */
static void
bmp_path_status_dissect(struct field_sink *to, const char *name, const struct bmp_path_status *s)
{
	uint32_t rest = s->status;

	field_group(to, name);
	field_list(to, "status");
	for (unsigned bit = 0; bit < BMP_PATH_STATUS_BITS; bit++)
		if (rest >> bit & 1) {
			field_text(to, NULL, bmp_path_status_name(bit));
			rest &= ~(UINT32_C(1) << bit);
		}
	if (rest != 0)
		field_textf(to, NULL, "unknown 0x%08x", rest);
	field_list_end(to);
	if (s->has_reason) {
		field_number(to, "reason", s->reason);
		field_text(to, "reason_name", bmp_path_reason_name(s->reason));
	}
	field_group_end(to);
}

static void
group_dissect(struct field_sink *to, struct cursor members)
{
	field_list(to, "nlri");
	while (cur_left(&members) > 0)
		field_number(to, NULL, cur_u16(&members));
	field_list_end(to);
}

static void
capability_dissect(struct field_sink *to, struct cursor value)
{
	uint8_t code = cur_u8(&value);

	cur_u8(&value);
	field_number(to, "capability", code);
	field_hex(to, "value", value);
}

static void
timestamp_dissect(struct field_sink *to, enum bmp_v4_revision revision, struct cursor value)
{
	static const char *const names[] = { "trigger", "message export", "adj-rib-in", "loc-rib",
		"adj-rib-out" };
	uint8_t what = cur_u8(&value);
	uint32_t sec = cur_u32(&value);

	field_number(to, "timestamp_type", what);
	/* the types have numbers in -20 only */
	if (revision == BMP_V4_REVISION_20 && what < sizeof(names) / sizeof(names[0]))
		field_text(to, "timestamp_name", names[what]);
	bmp_dissect_time(to, "time", sec, cur_left(&value) > 0 ? cur_u32(&value) : 0);
}

static void
v4_value_dissect(
    struct field_sink *to, const struct bmp_v4 *v, enum bmp_v4_kind kind, struct cursor value)
{
	struct bmp_path_status status;

	switch (kind) {
	case BMP_V4_MESSAGE:
		field_number(to, "length", cur_left(&value));
		break;
	case BMP_V4_GROUP:
		group_dissect(to, value);
		break;
	case BMP_V4_TABLE_NAME:
		bmp_dissect_string(to, "value", value);
		break;
	case BMP_V4_STATELESS:
		capability_dissect(to, value);
		break;
	case BMP_V4_PATH_STATUS:
		status = bmp_path_status_read(value);
		bmp_path_status_dissect(to, "path_status", &status);
		break;
	case BMP_V4_SEQUENCE:
		field_number(to, "value", cur_u64(&value));
		break;
	case BMP_V4_TIMESTAMP:
		timestamp_dissect(to, v->revision, value);
		break;
	default:
		field_hex(to, "value", value);
	}
}

static void
v4_tlv_dissect(struct field_sink *to, const struct bmp_v4 *v, const struct bmp_v4_tlv *tlv)
{
	enum bmp_v4_kind kind = bmp_v4_kind_of(v, tlv);

	field_group(to, NULL);
	field_number(to, "type", tlv->type);
	if (tlv->enterprise)
		field_number(to, "enterprise", tlv->pen);
	else
		field_text(to, "name", bmp_v4_kind_name(kind));
	if (tlv->index & BMP_V4_GROUP_BIT)
		field_number(to, "group", tlv->index & (BMP_V4_GROUP_BIT - 1U));
	else
		field_number(to, "index", tlv->index);
	v4_value_dissect(to, v, kind, tlv->value);
	field_group_end(to);
}

void
bmp_v4_tlvs_dissect(struct field_sink *to, const struct bmp_v4 *v)
{
	struct cursor r = v->tlvs, left;
	struct bmp_v4_tlv tlv;

	field_text(to, "code_points", bmp_v4_revision_name(v->revision));
	if (cur_left(&r) == 0)
		return;
	field_list(to, "tlvs");
	while (bmp_dissect_next(&r, 4, true, &tlv, &left))
		v4_tlv_dissect(to, v, &tlv);
	field_list_end(to);
	if (cur_left(&left) > 0)
		field_hex(to, "cut_tlvs", left);
}

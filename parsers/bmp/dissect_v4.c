/* What BMP version 4 adds, told: indexed TLVs, groups, path status. */
#include "parsers/bmp/dissect.h"

#include "parsers/bmp/dissect_parts.h"

/* --- version 4 */

void
bmp_path_status_tell(struct tell *t, const char *name, const struct bmp_path_status *s)
{
	uint32_t rest = s->status;

	tell_open(t, name);
	tell_list(t, "status");
	for (unsigned bit = 0; bit < BMP_PATH_STATUS_BITS; bit++)
		if (rest >> bit & 1) {
			tell_text(t, NULL, bmp_path_status_name(bit));
			rest &= ~(UINT32_C(1) << bit);
		}
	if (rest != 0)
		tell_textf(t, NULL, "unknown 0x%08x", rest);
	tell_list_end(t);
	if (s->has_reason) {
		tell_number(t, "reason", s->reason);
		tell_text(t, "reason_name", bmp_path_reason_name(s->reason));
	}
	tell_close(t);
}

static void
group_tell(struct tell *t, struct cursor members)
{
	tell_list(t, "nlri");
	while (cur_left(&members) > 0)
		tell_number(t, NULL, cur_u16(&members));
	tell_list_end(t);
}

static void
capability_tell(struct tell *t, struct cursor value)
{
	uint8_t code = cur_u8(&value);

	cur_u8(&value);
	tell_number(t, "capability", code);
	tell_hex(t, "value", value);
}

static void
timestamp_tell(struct tell *t, enum bmp_v4_set set, struct cursor value)
{
	static const char *const names[] = { "trigger", "message export", "adj-rib-in", "loc-rib",
		"adj-rib-out" };
	uint8_t what = cur_u8(&value);
	uint32_t sec = cur_u32(&value);

	tell_number(t, "timestamp_type", what);
	/* the types have numbers in -20 only */
	if (set == BMP_V4_SET_20 && what < sizeof(names) / sizeof(names[0]))
		tell_text(t, "timestamp_name", names[what]);
	bmp_tell_time(t, "time", sec, cur_left(&value) > 0 ? cur_u32(&value) : 0);
}

static void
v4_value_tell(struct tell *t, const struct bmp_v4 *v, enum bmp_v4_kind kind, struct cursor value)
{
	struct bmp_path_status status;

	switch (kind) {
	case BMP_V4_MESSAGE:
		tell_number(t, "length", cur_left(&value));
		break;
	case BMP_V4_GROUP:
		group_tell(t, value);
		break;
	case BMP_V4_TABLE_NAME:
		bmp_tell_string(t, "value", value);
		break;
	case BMP_V4_STATELESS:
		capability_tell(t, value);
		break;
	case BMP_V4_PATH_STATUS:
		status = bmp_path_status_read(value);
		bmp_path_status_tell(t, "path_status", &status);
		break;
	case BMP_V4_SEQUENCE:
		tell_number(t, "value", cur_u64(&value));
		break;
	case BMP_V4_TIMESTAMP:
		timestamp_tell(t, v->set, value);
		break;
	default:
		tell_hex(t, "value", value);
	}
}

static void
v4_tlv_tell(struct tell *t, const struct bmp_v4 *v, const struct bmp_v4_tlv *tlv)
{
	enum bmp_v4_kind kind = bmp_v4_kind_of(v, tlv);

	tell_open(t, NULL);
	tell_number(t, "type", tlv->type);
	if (tlv->enterprise)
		tell_number(t, "enterprise", tlv->pen);
	else
		tell_text(t, "name", bmp_v4_kind_name(kind));
	if (tlv->index & BMP_V4_GROUP_BIT)
		tell_number(t, "group", tlv->index & (BMP_V4_GROUP_BIT - 1U));
	else
		tell_number(t, "index", tlv->index);
	v4_value_tell(t, v, kind, tlv->value);
	tell_close(t);
}

void
bmp_v4_tlvs_tell(struct tell *t, const struct bmp_v4 *v)
{
	struct cursor r = v->tlvs, left;
	struct bmp_v4_tlv tlv;

	tell_text(t, "code_points", bmp_v4_set_name(v->set));
	if (cur_left(&r) == 0)
		return;
	tell_list(t, "tlvs");
	while (bmp_tell_next(&r, 4, true, &tlv, &left))
		v4_tlv_tell(t, v, &tlv);
	tell_list_end(t);
	if (cur_left(&left) > 0)
		tell_hex(t, "cut_tlvs", left);
}

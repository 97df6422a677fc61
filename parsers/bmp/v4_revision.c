/* Which revision of the draft an exporter speaks, and what its TLVs are (see bmp/v4.h). */
#include "parsers/bmp/v4_revision.h"
#include "parsers/bgp/message.h"

static const uint8_t codes[BMP_V4_REVISIONS][BMP_V4_KINDS] = {
	[BMP_V4_REVISION_17] = { [BMP_V4_MESSAGE] = 1,
	    [BMP_V4_GROUP] = 2,
	    [BMP_V4_TABLE_NAME] = 3,
	    [BMP_V4_STATELESS] = 4,
	    [BMP_V4_PATH_STATUS] = 5 },
	[BMP_V4_REVISION_19] = { [BMP_V4_STATELESS] = 1,
	    [BMP_V4_GROUP] = 2,
	    [BMP_V4_TABLE_NAME] = 3,
	    [BMP_V4_MESSAGE] = 4,
	    [BMP_V4_PATH_STATUS] = 5 },
	[BMP_V4_REVISION_20] = { [BMP_V4_SEQUENCE] = 1,
	    [BMP_V4_EXTENDED_FLAGS] = 2,
	    [BMP_V4_TIMESTAMP] = 3,
	    [BMP_V4_GROUP] = 4,
	    [BMP_V4_TABLE_NAME] = 5,
	    [BMP_V4_STATELESS] = 6,
	    [BMP_V4_MESSAGE] = 7 },
	[BMP_V4_REVISION_21] = { [BMP_V4_GROUP] = 1,
	    [BMP_V4_TABLE_NAME] = 2,
	    [BMP_V4_STATELESS] = 3,
	    [BMP_V4_MESSAGE] = 4,
	    [BMP_V4_SEQUENCE] = 5,
	    [BMP_V4_EXTENDED_FLAGS] = 6,
	    [BMP_V4_TIMESTAMP] = 7 },
};

const char *
bmp_v4_revision_name(enum bmp_v4_revision revision)
{
	static const char *const names[BMP_V4_REVISIONS] = { "unknown",
		"draft-ietf-grow-bmp-tlv-17", "draft-ietf-grow-bmp-tlv-19",
		"draft-ietf-grow-bmp-tlv-20", "draft-ietf-grow-bmp-tlv-21" };

	return (unsigned)revision < BMP_V4_REVISIONS ? names[revision] : "unknown";
}

const char *
bmp_v4_kind_name(enum bmp_v4_kind kind)
{
	static const char *const names[BMP_V4_KINDS] = { "unknown", "bgp_message", "group",
		"table_name", "stateless_parsing", "path_status", "sequence_number",
		"extended_flags", "timestamp" };

	return (unsigned)kind < BMP_V4_KINDS ? names[kind] : "unknown";
}

uint16_t
bmp_v4_code(enum bmp_v4_revision revision, enum bmp_v4_kind kind)
{
	return (unsigned)revision < BMP_V4_REVISIONS && (unsigned)kind < BMP_V4_KINDS
		   ? codes[revision][kind]
		   : 0;
}

/* --- shapes: what a value of a kind looks like */

static bool
is_message(struct cursor v)
{
	size_t n = cur_left(&v);
	bool marker = bmp_v4_has_marker(v);

	cur_take(&v, 16);
	return marker && n >= BGP_HEADER_LEN && cur_u16(&v) == n;
}

static bool
is_group(const struct bmp_v4_tlv *t)
{
	struct cursor v = t->value;

	if (!(t->index & BMP_V4_GROUP_BIT) || cur_left(&v) < 4 || cur_left(&v) % 2 != 0)
		return false;
	while (cur_left(&v) > 0) {
		uint16_t n = cur_u16(&v);

		if (n == 0 || (n & BMP_V4_GROUP_BIT))
			return false;
	}
	return true;
}

/* A name: some octets of text, none of them a control character. */
static bool
is_table_name(struct cursor v)
{
	size_t n = cur_left(&v);

	if (n < 1 || n > 255)
		return false;
	while (cur_left(&v) > 0)
		if (cur_u8(&v) < 0x20)
			return false;
	return true;
}

/* A capability is not a text: its length, or what its numbers begin with, is a control character
 * (and a name may well look as if its second character were a length). */
static bool
is_capability(const struct bmp_v4_tlv *t)
{
	struct cursor v = t->value;
	size_t n = cur_left(&v);

	cur_u8(&v);
	return t->index == 0 && n >= 2 && cur_u8(&v) + 2U == n && !is_table_name(t->value);
}

/* Of the bits only the lower twelve have a meaning, and other TLVs with these numbers are no
 * four or six octets with two zeros in front. */
static bool
is_path_status(struct cursor v)
{
	size_t n = cur_left(&v);

	return (n == 4 || n == 6) && cur_u16(&v) == 0;
}

static bool
is_timestamp(struct cursor v)
{
	size_t n = cur_left(&v);

	cur_u8(&v);
	return (n == 5 || n == 9) && cur_u32(&v) != 0;
}

/* Extended Flags are about the peer, so their index is 0. */
static bool
is_extended_flags(const struct bmp_v4_tlv *t, bool x_flag)
{
	return cur_left(&t->value) > 0 && (!is_path_status(t->value) || (x_flag && t->index == 0));
}

static bool
has_shape(enum bmp_v4_kind kind, const struct bmp_v4_tlv *t, bool x_flag)
{
	switch (kind) {
	case BMP_V4_MESSAGE:
		return bmp_v4_has_marker(t->value);
	case BMP_V4_GROUP:
		return is_group(t);
	case BMP_V4_TABLE_NAME:
		return is_table_name(t->value);
	case BMP_V4_STATELESS:
		return is_capability(t);
	case BMP_V4_PATH_STATUS:
		return is_path_status(t->value);
	case BMP_V4_SEQUENCE:
		return cur_left(&t->value) == 8;
	case BMP_V4_EXTENDED_FLAGS:
		return is_extended_flags(t, x_flag);
	case BMP_V4_TIMESTAMP:
		return is_timestamp(t->value);
	default:
		return false;
	}
}

static enum bmp_v4_kind
kind_in(enum bmp_v4_revision revision, const struct bmp_v4_tlv *t, bool x_flag)
{
	if (t->enterprise)
		return BMP_V4_UNKNOWN;
	for (unsigned k = 1; k < BMP_V4_KINDS; k++)
		if (codes[revision][k] == t->type && t->type != 0 &&
		    has_shape((enum bmp_v4_kind)k, t, x_flag))
			return (enum bmp_v4_kind)k;
	/* 5 is what the path marking draft took for itself, 6 what one vendor sends; both collide
	 * with other revisions' numbers */
	if ((t->type == 5 || t->type == 6) && is_path_status(t->value))
		return BMP_V4_PATH_STATUS;
	return BMP_V4_UNKNOWN;
}

enum bmp_v4_kind
bmp_v4_kind_of(const struct bmp_v4 *v, const struct bmp_v4_tlv *t)
{
	return kind_in(v->revision, t, v->x_flag);
}

/* --- which revision */

uint16_t
bmp_v4_find_message(struct cursor tlvs, const uint8_t *start, struct cursor *message)
{
	struct faults ignored = { .n = 0 };
	struct bmp_v4_tlv t;
	uint16_t second = 0;

	while (bmp_v4_tlv_next(&tlvs, start, true, &t, &ignored)) {
		if (t.enterprise || !bmp_v4_has_marker(t.value))
			continue;
		if (is_message(t.value)) {
			*message = t.value;
			return t.type;
		}
		if (second == 0) {
			*message = t.value;
			second = t.type;
		}
	}
	return second;
}

/*
 * -19 and -21 have the same number for the BGP message: others distinguish them, > 0 what only -21
 * allows, < 0 what only -19 does. A name is weak evidence, because nearly any octets may be one.
 */
enum { WEAK = 1, STRONG = 16 };

static int
evidence_of(const struct bmp_v4_tlv *t, bool x_flag)
{
	bool group = is_group(t);

	if (t->enterprise)
		return 0;
	switch (t->type) {
	case 1:
		return group ? STRONG : is_capability(t) ? -STRONG : 0;
	case 2:
		return group ? -STRONG : is_table_name(t->value) ? WEAK : 0;
	case 3:
		return is_capability(t) ? STRONG : is_table_name(t->value) ? -WEAK : 0;
	case 5:
		return cur_left(&t->value) == 8 ? STRONG : 0;
	case 6:
		return x_flag && is_extended_flags(t, false) ? STRONG : 0;
	case 7:
		return is_timestamp(t->value) ? STRONG : 0;
	default:
		return 0;
	}
}

/* A single weak hint does not overturn what was proved; several, or a strong one, do. */
static void
choose_revision(struct bmp_v4 *v, int evidence, enum bmp_v4_revision known)
{
	bool told_apart = known == BMP_V4_REVISION_19 || known == BMP_V4_REVISION_21;

	v->revision = evidence < 0				     ? BMP_V4_REVISION_19
		      : evidence == 0 && known == BMP_V4_REVISION_19 ? BMP_V4_REVISION_19
								     : BMP_V4_REVISION_21;
	v->revision_doubted = told_apart && v->revision != known && evidence >= -WEAK &&
			      evidence <= WEAK;
	v->revision_proved = evidence != 0 && !v->revision_doubted;
	if (v->revision_doubted)
		v->revision = known;
}

void
bmp_v4_find_revision(
    struct bmp_v4 *v, uint16_t code, const uint8_t *start, bool x_flag, enum bmp_v4_revision known)
{
	struct faults ignored = { .n = 0 };
	struct cursor r = v->tlvs;
	struct bmp_v4_tlv t;
	int evidence = 0;

	v->revision_proved = true;
	if (code == codes[BMP_V4_REVISION_17][BMP_V4_MESSAGE]) {
		v->revision = BMP_V4_REVISION_17;
	} else if (code == codes[BMP_V4_REVISION_20][BMP_V4_MESSAGE]) {
		v->revision = BMP_V4_REVISION_20;
	} else if (code != codes[BMP_V4_REVISION_21][BMP_V4_MESSAGE]) {
		v->revision = code == 0 ? known : BMP_V4_REVISION_UNKNOWN;
		v->revision_proved = false;
	} else {
		while (bmp_v4_tlv_next(&r, start, true, &t, &ignored))
			evidence += evidence_of(&t, x_flag);
		choose_revision(v, evidence, known);
	}
}

#include "parsers/bmp/v4_revision.h"

#include "parsers/bgp/capability_table.h"

/* --- the message */

static void
parse_capability(struct bmp_v4 *v, struct cursor value)
{
	uint8_t code = cur_u8(&value);

	cur_u8(&value);
	v->stateless = true;
	if (code == CAP_AS4)
		v->stateless_as4 = true;
	while (code == CAP_ADDPATH && cur_left(&value) >= 4 && v->addpaths_n < BMP_V4_ADDPATHS) {
		struct bgp_addpath *a = &v->addpaths[v->addpaths_n++];

		a->family.afi = cur_u16(&value);
		a->family.safi = cur_u8(&value);
		a->mode = cur_u8(&value);
	}
}

static void
parse_tlv(struct bmp_v4 *v, struct bmp_v4_tlv *t, enum bmp_v4_kind kind)
{
	if (t->index != 0)
		v->indexed_n++;
	switch (kind) {
	case BMP_V4_TABLE_NAME:
		if (t->index == 0 && cur_left(&v->table_name) == 0)
			v->table_name = t->value;
		break;
	case BMP_V4_GROUP:
		if (v->groups_n < BMP_V4_GROUPS) {
			v->groups[v->groups_n].index = t->index;
			v->groups[v->groups_n++].members = t->value;
		} else {
			v->groups_more = true;
		}
		break;
	case BMP_V4_STATELESS:
		parse_capability(v, t->value);
		break;
	case BMP_V4_PATH_STATUS:
		v->status_n++;
		break;
	case BMP_V4_SEQUENCE:
		v->has_sequence = true;
		v->sequence = cur_u64(&t->value);
		break;
	case BMP_V4_EXTENDED_FLAGS:
		if (v->x_flag)
			v->flags = cur_u8(&t->value);
		break;
	case BMP_V4_UNKNOWN:
		v->unknown_n++;
		break;
	default:
		break;
	}
}

/* First drafts left the UPDATE where version 3 has it, with TLVs behind. */
static void
parse_inline(struct bmp_v4 *v)
{
	struct cursor r = v->tlvs;

	cur_take(&r, 16);
	v->update_inline = true;
	v->message = v->tlvs;
	v->message = cur_sub(&v->tlvs, cur_u16(&r));
	if (v->message.failed) /* whoever parses the message notes the fault */
		v->message = (struct cursor){ r.pos - 18, r.end, false };
}

bool
bmp_v4_parse(
    const struct bmp_msg *m, enum bmp_v4_revision known, struct bmp_v4 *v, struct faults *f)
{
	bool x_flag = m->peer.flags & BMP_FLAG_X;
	struct bmp_v4_tlv t;
	uint16_t code = 0;
	struct cursor r;

	memset(v, 0, offsetof(struct bmp_v4, groups));
	v->tlvs = m->body;
	v->flags = m->peer.flags;
	v->x_flag = x_flag;
	v->message = v->table_name = cur_of(m->body.end, 0);
	if (bmp_v4_has_marker(m->body))
		parse_inline(v);
	else
		code = bmp_v4_find_message(v->tlvs, m->start, &v->message);
	bmp_v4_find_revision(v, code, m->start, x_flag, known);
	r = v->tlvs;
	while (bmp_v4_tlv_next(&r, m->start, true, &t, f)) {
		enum bmp_v4_kind kind = bmp_v4_kind_of(v, &t);

		parse_tlv(v, &t, kind);
		if (kind == BMP_V4_MESSAGE && t.value.pos != v->message.pos)
			fault_add(
			    f, FAULT_BMP_SECOND_MESSAGE, t.type, (size_t)(t.value.pos - m->start));
	}
	if (code == 0 && !v->update_inline)
		fault_add(f, FAULT_BMP_NO_MESSAGE, m->type, (size_t)(m->body.pos - m->start));
	return code != 0 || v->update_inline;
}

bool
bmp_v4_addpath(const struct bmp_v4 *v, struct bgp_family family)
{
	for (unsigned i = 0; i < v->addpaths_n; i++)
		if (bgp_family_equal(v->addpaths[i].family, family))
			return true;
	return false;
}

/* --- which NLRI */

static bool
holds(struct cursor members, unsigned n)
{
	while (cur_left(&members) > 0)
		if (cur_u16(&members) == n)
			return true;
	return false;
}

/* Groups of a message, a bit each. */
struct group_set {
	uint8_t bits[(BMP_V4_GROUP_BIT >> 3)];
};

static void
set_add(struct group_set *s, uint16_t index)
{
	index &= (uint16_t)~BMP_V4_GROUP_BIT;
	s->bits[index / 8] |= (uint8_t)(1U << index % 8);
}

/* Finds all groups, or (n > 0) those that hold the n-th NLRI, in one walk over the message. Does
 * nothing when v has all groups. */
static void
set_make(struct group_set *s, const struct bmp_v4 *v, unsigned n)
{
	struct faults ignored = { .n = 0 };
	struct cursor r = v->tlvs;
	struct bmp_v4_tlv t;

	if (!v->groups_more)
		return;
	memset(s, 0, sizeof(*s));
	while (bmp_v4_tlv_next(&r, r.pos, true, &t, &ignored))
		if (bmp_v4_kind_of(v, &t) == BMP_V4_GROUP && (n == 0 || holds(t.value, n)))
			set_add(s, t.index);
}

/* Is it a group of this message, and (n > 0) does it hold the n-th NLRI? s: of set_make with the
 * same n. */
static bool
in_group(const struct group_set *s, const struct bmp_v4 *v, uint16_t index, unsigned n)
{
	uint16_t bit = index & (uint16_t)~BMP_V4_GROUP_BIT;

	if (v->groups_more)
		return s->bits[bit / 8] >> bit % 8 & 1;
	for (unsigned i = 0; i < v->groups_n; i++)
		if (v->groups[i].index == index && (n == 0 || holds(v->groups[i].members, n)))
			return true;
	return false;
}

struct bmp_path_status
bmp_path_status_read(struct cursor value)
{
	struct bmp_path_status s = { .status = cur_u32(&value) };

	s.has_reason = cur_left(&value) >= 2;
	s.reason = s.has_reason ? cur_u16(&value) : 0;
	return s;
}

bool
bmp_v4_path_status(const struct bmp_v4 *v, unsigned n, struct bmp_path_status *out)
{
	enum { NONE, ALL, GROUP, OWN } best = NONE;
	struct faults ignored = { .n = 0 };
	struct cursor r = v->tlvs;
	struct group_set groups;
	struct bmp_v4_tlv t;

	set_make(&groups, v, n);
	while (v->status_n > 0 && bmp_v4_tlv_next(&r, r.pos, true, &t, &ignored)) {
		unsigned is = NONE;

		if (bmp_v4_kind_of(v, &t) != BMP_V4_PATH_STATUS)
			continue;
		if (t.index == 0)
			is = ALL;
		else if (t.index == n)
			is = OWN;
		else if ((t.index & BMP_V4_GROUP_BIT) && in_group(&groups, v, t.index, n))
			is = GROUP;
		if (is > (unsigned)best) {
			best = is;
			*out = bmp_path_status_read(t.value);
		}
	}
	return best != NONE;
}

unsigned
bmp_v4_bad_indexes(const struct bmp_v4 *v, unsigned nlri_n)
{
	struct faults ignored = { .n = 0 };
	struct cursor r = v->tlvs;
	struct group_set groups;
	struct bmp_v4_tlv t;
	unsigned bad = 0;

	set_make(&groups, v, 0);
	while (v->indexed_n > 0 && bmp_v4_tlv_next(&r, r.pos, true, &t, &ignored)) {
		if (bmp_v4_kind_of(v, &t) == BMP_V4_GROUP) {
			bool over = false;

			while (cur_left(&t.value) > 0)
				over |= cur_u16(&t.value) > nlri_n;
			bad += over;
		} else if (t.index & BMP_V4_GROUP_BIT) {
			bad += !in_group(&groups, v, t.index, 0);
		} else {
			bad += t.index > nlri_n;
		}
	}
	return bad;
}

/* --- names */

const char *
bmp_path_status_name(unsigned bit)
{
	static const char *const names[BMP_PATH_STATUS_BITS] = { "invalid", "best", "non_selected",
		"primary", "backup", "non_installed", "best_external", "add_path",
		"filtered_inbound", "filtered_outbound", "stale", "suppressed" };

	return bit < BMP_PATH_STATUS_BITS ? names[bit] : NULL;
}

const char *
bmp_path_reason_name(uint16_t reason)
{
	static const char *const names[] = { "invalid, unknown cause", "AS loop",
		"next hop not resolvable", "not preferred for local preference",
		"not preferred for AS path length", "not preferred for origin",
		"not preferred for MED", "not preferred for peer type",
		"not preferred for IGP cost", "not preferred for router id",
		"not preferred for peer address", "not preferred for AIGP" };

	return reason < sizeof(names) / sizeof(names[0]) ? names[reason] : "unknown";
}

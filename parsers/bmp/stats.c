/* Statistics Reports of both versions: where the counters are, and each of them. */
#include "parsers/bmp/bmp.h"

enum { V4_STATS_TLV = 1 };

/* Count and exactly as many counters, at least one. */
static bool
is_counters(struct cursor r)
{
	uint32_t n = cur_u32(&r), found = 0;

	while (cur_left(&r) > 0 && found < n) {
		cur_u16(&r);
		cur_take(&r, cur_u16(&r));
		found++;
	}
	return !r.failed && found > 0 && found == n && cur_left(&r) == 0;
}

/* A Stats TLV that stands behind others; only where all of them can be walked over. */
static bool
find_stats(const struct bmp_msg *m, struct bmp_stats *s)
{
	struct faults f = { .n = 0 };
	struct cursor r = m->body, here = r;
	struct bmp_tlv tlv;
	bool found = false;

	while (bmp_tlv_next(&r, m->start, &tlv, &f)) {
		if (tlv.type == V4_STATS_TLV && !found) {
			found = true;
			s->before = cur_of(m->body.pos, (size_t)(here.pos - m->body.pos));
			s->rest = tlv.value;
			s->tlvs = cur_of(r.pos, cur_left(&r));
		}
		here = r;
	}
	return found && f.n == 0;
}

/*
 * In version 4 count and counters are the value of a Stats TLV, type 1, mostly the first. As a
 * count, the first two octets of such a message would mean more counters than it can hold: what
 * starts otherwise may be laid out as in version 3, as exporters of the first drafts do.
 */
static bool
begins_v4(const struct bmp_msg *m, struct bmp_stats *s, struct faults *f)
{
	struct cursor r = m->body;
	struct bmp_tlv tlv;

	if (m->version < 4 || cur_left(&r) < 4)
		return false;
	if (be16(r.pos) != V4_STATS_TLV)
		return !is_counters(r) && find_stats(m, s);
	if (bmp_tlv_next(&r, m->start, &tlv, f)) {
		s->rest = tlv.value;
		s->tlvs = r;
	} else {
		s->rest = r; /* at its end, and failed */
	}
	return true;
}

void
bmp_stats_begin(const struct bmp_msg *m, struct bmp_stats *s, struct faults *f)
{
	memset(s, 0, sizeof(*s));
	s->before = s->tlvs = cur_of(m->body.end, 0);
	s->v4 = begins_v4(m, s, f);
	if (!s->v4) {
		s->before = s->tlvs = cur_of(m->body.end, 0);
		s->rest = m->body;
	} else if (s->rest.failed) {
		return;
	}
	s->left = cur_u32(&s->rest);
	if (s->rest.failed)
		fault_add(f, FAULT_BMP_SHORT, m->type, (size_t)(s->rest.end - m->start));
}

bool
bmp_stats_next(const struct bmp_msg *m, struct bmp_stats *s, struct bmp_stat *out, struct faults *f)
{
	size_t at = (size_t)(s->rest.pos - m->start);
	struct cursor v;

	if (s->left == 0 || cur_left(&s->rest) == 0) {
		if ((s->left == 0) != (cur_left(&s->rest) == 0) && !s->rest.failed)
			fault_add(f, FAULT_BMP_STATS, m->type, at);
		s->rest.pos = s->rest.end; /* said once */
		s->left = 0;
		return false;
	}
	s->left--;
	memset(out, 0, sizeof(*out));
	out->type = cur_u16(&s->rest);
	v = cur_sub(&s->rest, cur_u16(&s->rest));
	if (s->rest.failed) {
		fault_add(f, FAULT_BMP_TLV, out->type, at);
		return false;
	}
	if (s->v4 && out->type != UINT16_MAX && (out->type & 0x8000)) {
		out->enterprise = true;
		out->type &= 0x7fff;
		out->raw = v;
		out->pen = cur_u32(&v);
		if (v.failed) { /* too short for an enterprise number: kept as it is */
			fault_add(f, FAULT_BMP_TLV, out->type, at);
			return true;
		}
	}
	out->raw = v;
	/* decided by length: 4 a counter, 8 a gauge, 11 a gauge per family (RFC 7854 4.8) */
	out->has_value = true;
	if (cur_left(&v) == 4) {
		out->value = cur_u32(&v);
	} else if (cur_left(&v) == 8) {
		out->value = cur_u64(&v);
	} else if (cur_left(&v) == 11) {
		out->per_family = true;
		out->family.afi = cur_u16(&v);
		out->family.safi = cur_u8(&v);
		out->value = cur_u64(&v);
	} else {
		out->has_value = false;
	}
	return true;
}

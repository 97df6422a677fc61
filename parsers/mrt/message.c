/* The BGP message of a record, made whole where the record leaves its header out, or its end. */
#include "parsers/bgp/message.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bgp/update.h"
#include "parsers/bgp/write.h"
#include "parsers/mrt/mrt.h"

/* What of an UPDATE is written anew. */
struct mending {
	struct writer w;
	bool path_ids; /* by the record's subtype */
	bool announces;
	bool any; /* a route: without any, it would be an End-of-RIB */
};

/* Are bits set behind the prefix? Then octets are missing in front of it, rather. */
static bool
is_unclean(struct bgp_family family, const struct bgp_nlri *n)
{
	unsigned len;

	if (!bgp_family_is_plain(family) || cur_left(&n->octets) < 2)
		return false;
	len = n->octets.pos[0];
	return len % 8 != 0 && (n->octets.end[-1] & (0xff >> len % 8)) != 0;
}

/* The NLRI in front of the cut, whole ones only. ok: none of them is one that cannot be. */
static struct cursor
whole_nlri(
    struct cursor field, struct bgp_family family, struct bgp_nlri_encoding encoding, bool *ok)
{
	struct faults f = { .n = 0 };
	const uint8_t *start = field.pos, *end = start;
	bool unclean = false;
	struct bgp_nlri n;

	while (bgp_nlri_next(&field, family, encoding, start, &n, &f)) {
		end = field.pos;
		unclean |= is_unclean(family, &n);
	}
	*ok = !unclean && !faults_have(&f, FAULT_NLRI_LENGTH) &&
	      !faults_have(&f, FAULT_NLRI_MALFORMED) && bgp_family_row(family) != NULL;
	return cur_of(start, (size_t)(end - start));
}

/* The same of a field that ends where the octets do; path ids are there or not as it can be read.
 */
static struct cursor
mend_nlri(struct mending *x, struct cursor field, struct bgp_family family, bool withdrawn)
{
	struct bgp_nlri_encoding e = { .path_ids = x->path_ids, .withdrawn = withdrawn };
	bool ok;
	struct cursor whole = whole_nlri(field, family, e, &ok);

	if (!ok) {
		e.path_ids = !e.path_ids;
		whole = whole_nlri(field, family, e, &ok);
	}
	if (!ok)
		return cur_of(field.pos, 0);
	x->any |= cur_left(&whole) > 0;
	return whole;
}

static void
put_attribute(struct mending *x, uint8_t flags, uint8_t code, struct cursor value)
{
	wr_u8(&x->w, flags | ATTR_EXTENDED);
	wr_u8(&x->w, code);
	wr_u16(&x->w, (uint16_t)cur_left(&value));
	wr_bytes(&x->w, value.pos, cur_left(&value));
}

/* MP_REACH_NLRI or MP_UNREACH_NLRI, with the whole NLRI of a value that is cut. */
static void
put_mp(struct mending *x, uint8_t flags, uint8_t code, struct cursor value, bool cut)
{
	struct cursor r = value, nlri;
	struct bgp_family family;

	family.afi = cur_u16(&r);
	family.safi = cur_u8(&r);
	if (code == ATTR_MP_REACH) {
		cur_sub(&r, cur_u8(&r));
		cur_u8(&r);
	}
	if (r.failed)
		return;
	nlri = cut ? mend_nlri(x, r, family, code == ATTR_MP_UNREACH) : r;
	x->any |= cur_left(&nlri) > 0;
	if (cur_left(&nlri) > 0)
		put_attribute(x, flags, code, cur_of(value.pos, (size_t)(nlri.end - value.pos)));
}

/* The attributes as far as they are whole. Without ORIGIN and AS_PATH in front of the cut there is
 * nothing to be said of the routes announced, and they are left out. */
static void
mend_attributes(struct mending *x, struct cursor r, bool cut)
{
	enum { MANDATORY = 1U << ATTR_ORIGIN | 1U << ATTR_AS_PATH };
	struct cursor mp[2] = { { .pos = NULL }, { .pos = NULL } };
	uint8_t mp_flags[2] = { 0, 0 };
	bool mp_cut[2] = { false, false };
	unsigned seen = 0;

	while (cur_left(&r) > 0) {
		uint8_t flags = cur_u8(&r), code = cur_u8(&r);
		size_t n = flags & ATTR_EXTENDED ? cur_u16(&r) : cur_u8(&r);
		bool whole = n <= cur_left(&r),
		     is_mp = code == ATTR_MP_REACH || code == ATTR_MP_UNREACH;
		struct cursor value = cur_sub(&r, whole ? n : cur_left(&r));

		if (r.failed || value.failed)
			break;
		if (is_mp) {
			mp[code == ATTR_MP_UNREACH] = value;
			mp_flags[code == ATTR_MP_UNREACH] = flags;
			mp_cut[code == ATTR_MP_UNREACH] = !whole;
		} else if (whole) {
			put_attribute(x, flags, code, value);
			seen |= code < 32 ? 1U << code : 0;
		}
	}
	x->announces = !cut || (seen & MANDATORY) == MANDATORY;
	if (mp[0].pos != NULL && x->announces)
		put_mp(x, mp_flags[0], ATTR_MP_REACH, mp[0], mp_cut[0]);
	if (mp[1].pos != NULL)
		put_mp(x, mp_flags[1], ATTR_MP_UNREACH, mp[1], mp_cut[1]);
}

/* An UPDATE of what is whole of this body, which is longer than its octets. 0: nothing is. */
static size_t
mend_update(void *buf, struct cursor body, bool path_ids)
{
	struct mending x = { .w = wr_of(buf, BGP_MESSAGE_MAX), .path_ids = path_ids };
	size_t length_at = bgp_write_begin(&x.w, BGP_UPDATE), at, n = cur_u16(&body);
	bool cut = n > cur_left(&body);
	struct cursor field = cur_sub(&body, cut ? cur_left(&body) : n);

	if (cut)
		field = mend_nlri(&x, field, BGP_IPV4_UNICAST, true);
	x.any |= cur_left(&field) > 0;
	wr_u16(&x.w, (uint16_t)cur_left(&field));
	wr_bytes(&x.w, field.pos, cur_left(&field));
	n = cur_u16(&body);
	cut |= body.failed || n > cur_left(&body);
	field = cur_sub(&body, cut ? cur_left(&body) : n);
	at = wr_here(&x.w);
	wr_u16(&x.w, 0);
	mend_attributes(&x, field, cut);
	wr_patch_u16(&x.w, at, at + 2);
	if (!cut) {
		field = mend_nlri(&x, body, BGP_IPV4_UNICAST, false);
		wr_bytes(&x.w, field.pos, cur_left(&field));
	}
	wr_patch_u16(&x.w, length_at, 0);
	return x.any ? wr_len(&x.w) : 0;
}

/* The deprecated types: a header in front of what is there. */
static struct cursor
put_header(const struct mrt_record *m, const struct mrt_bgp4mp *t, uint8_t *buf, struct faults *f)
{
	struct writer w = wr_of(buf, BGP_MESSAGE_MAX);
	size_t length_at = bgp_write_begin(&w, (enum bgp_type)t->bare);

	if (m->cut && t->bare == BGP_UPDATE)
		return cur_of(buf, mend_update(buf, t->message, false));
	wr_bytes(&w, t->message.pos, cur_left(&t->message));
	wr_patch_u16(&w, length_at, 0);
	if (wr_len(&w) == 0)
		fault_add(f, FAULT_BGP_LENGTH, t->bare, (size_t)(t->message.pos - m->start));
	return cur_of(buf, wr_len(&w));
}

struct cursor
mrt_bgp4mp_message(const struct mrt_record *m, const struct mrt_bgp4mp *t, void *buf, size_t *used,
    struct faults *f)
{
	size_t at = (size_t)(t->message.pos - m->start), total;
	struct cursor r = t->message, body, header = t->message;
	struct faults own = { .n = 0 };
	const uint8_t *marker;
	uint32_t before = f->n;
	uint16_t length;
	uint8_t type;

	if (used != NULL)
		*used = cur_left(&t->message);
	if (t->bare != 0)
		return put_header(m, t, buf, f);
	if (bgp_message(&r, &body, &total, &own) != 0) {
		if (cur_left(&r) > 0)
			fault_add(f, FAULT_MRT_TRAILING, m->subtype, (size_t)(r.pos - m->start));
		if (used != NULL)
			*used = total;
		return cur_of(t->message.pos, total);
	}
	marker = cur_take(&header, BGP_MARKER_LEN);
	length = cur_u16(&header);
	type = cur_u8(&header);
	if (!header.failed && length > cur_left(&t->message) && type == BGP_UPDATE &&
	    memcmp(marker, bgp_marker, BGP_MARKER_LEN) == 0) {
		fault_add(f, FAULT_MRT_MESSAGE, type, at + BGP_MARKER_LEN);
		return cur_of(buf, mend_update(buf, header, m->path_ids));
	}
	faults_join(f, &own);
	faults_shift(f, before, at);
	return cur_of(t->message.pos, 0);
}

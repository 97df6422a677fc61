#include "parsers/bgp/update.h"
#include "parsers/bgp/message.h"

/* Where the attribute begins whose value is at v. */
static size_t
header_at(const struct bgp_update *u, uint8_t flags, const struct cursor *v)
{
	return (size_t)(v->pos - u->start) - (flags & ATTR_EXTENDED ? 4 : 3);
}

static void
parse_reach(struct bgp_update *u, uint8_t flags, struct cursor v, struct faults *f)
{
	size_t at = header_at(u, flags, &v) + 2; /* its length is what is wrong */
	struct bgp_mp *mp = &u->reach;

	mp->value = v.pos;
	mp->family.afi = cur_u16(&v);
	mp->family.safi = cur_u8(&v);
	mp->next_hop = cur_sub(&v, cur_u8(&v));
	cur_u8(&v); /* reserved, once a count of SNPAs */
	if (v.failed) {
		fault_add(f, FAULT_MP_SHORT, ATTR_MP_REACH, at);
		return;
	}
	mp->nlri = v;
	mp->flags = flags;
	mp->present = true;
}

static void
parse_unreach(struct bgp_update *u, uint8_t flags, struct cursor v, struct faults *f)
{
	size_t at = header_at(u, flags, &v) + 2;
	struct bgp_mp *mp = &u->unreach;

	mp->value = v.pos;
	mp->family.afi = cur_u16(&v);
	mp->family.safi = cur_u8(&v);
	if (v.failed) {
		fault_add(f, FAULT_MP_SHORT, ATTR_MP_UNREACH, at);
		return;
	}
	mp->nlri = v;
	mp->flags = flags;
	mp->present = true;
}

/* A bit for each code seen, which finds duplicates without a look at the list. Nearly all codes are
 * low. */
struct seen {
	uint64_t low, high[3];
};

static inline bool
first_of(struct seen *s, uint8_t code)
{
	uint64_t *word = code < 64 ? &s->low : &s->high[code / 64 - 1], bit = 1ULL << (code % 64);
	bool first = !(*word & bit);

	*word |= bit;
	return first;
}

static void
parse_attribute(struct bgp_update *u, struct seen *seen, uint8_t flags, uint8_t code,
    struct cursor v, struct faults *f)
{
	bool first = first_of(seen, code);

	if (code == ATTR_MP_REACH || code == ATTR_MP_UNREACH) {
		if (!first)
			fault_add(f, FAULT_MP_DUPLICATE, code, header_at(u, flags, &v));
		else if (code == ATTR_MP_REACH)
			parse_reach(u, flags, v, f);
		else
			parse_unreach(u, flags, v, f);
		return;
	}
	if (!first) {
		fault_add(f, FAULT_ATTR_DUPLICATE, code, header_at(u, flags, &v));
		return;
	}
	if (u->attrs_n == BGP_ATTRS_MAX) {
		fault_add(f, FAULT_ATTR_LIMIT, code, header_at(u, flags, &v));
		return;
	}
	if (code < 32)
		u->known |= 1U << code;
	u->attr[u->attrs_n++] = (struct bgp_attr){
		.value = v.pos, .len = (uint16_t)cur_left(&v), .code = code, .flags = flags
	};
}

/* r is u->attrs, handed over in registers: u->attrs has just been stored in two halves, and loading
 * it whole would wait for both. */
static inline void
split_attributes(struct bgp_update *u, struct cursor r, struct faults *f)
{
	struct seen seen = { .low = 0 };

	while (cur_left(&r) > 0) {
		size_t at = (size_t)(r.pos - u->start);
		uint8_t flags = cur_u8(&r), code = cur_u8(&r);
		struct cursor value = cur_sub(&r, flags & ATTR_EXTENDED ? cur_u16(&r) : cur_u8(&r));

		if (r.failed) {
			fault_add(f, FAULT_ATTR_OVERRUN, code, at);
			return;
		}
		parse_attribute(u, &seen, flags, code, value, f);
	}
}

/* The offset of the length that runs past the end: that of the withdrawn routes, or of the
 * attributes. */
static size_t
bad_length_at(const struct bgp_update *u, size_t len)
{
	return len < 2 || u->withdrawn.failed ? 0 : (size_t)(u->withdrawn.end - u->start);
}

bool
bgp_update_split_octets(const uint8_t *at, size_t len, struct bgp_update *u, struct faults *f)
{
	struct cursor body = cur_of(at, len);
	struct cursor attrs;

	u->start = body.pos;
	u->reach.present = u->unreach.present = false;
	u->known = 0;
	u->attrs_n = 0;
	u->withdrawn = cur_sub(&body, cur_u16(&body));
	attrs = cur_sub(&body, cur_u16(&body));
	u->attrs = attrs;
	if (body.failed) {
		fault_add(f, FAULT_UPDATE_LENGTH, BGP_UPDATE, bad_length_at(u, len));
		return false;
	}
	u->nlri = cur_of(body.pos, cur_left(&body)); /* member by member, as the attributes */
	split_attributes(u, attrs, f);
	return true;
}

const struct bgp_attr *
bgp_update_attr(const struct bgp_update *u, uint8_t code)
{
	if (code < 32 && !(u->known >> code & 1))
		return NULL;
	for (unsigned i = 0; i < u->attrs_n; i++)
		if (u->attr[i].code == code)
			return &u->attr[i];
	return NULL;
}

bool
bgp_update_end_of_rib(const struct bgp_update *u, struct bgp_family *family)
{
	if (cur_left(&u->withdrawn) > 0 || cur_left(&u->nlri) > 0 || u->attrs_n > 0 ||
	    u->reach.present)
		return false;
	if (cur_left(&u->attrs) == 0) {
		*family = BGP_IPV4_UNICAST;
		return true;
	}
	*family = u->unreach.family;
	return u->unreach.present && cur_left(&u->unreach.nlri) == 0;
}

static void
add_field(struct bgp_nlri_field *f, enum bgp_update_field which, struct bgp_family family,
    struct cursor nlri, const struct bgp_encoding *e)
{
	*f = (struct bgp_nlri_field){ which, family, nlri, bgp_encoding_of(e, which) };
}

unsigned
bgp_update_fields(const struct bgp_update *u, const struct bgp_encoding *e,
    struct bgp_nlri_field fields[BGP_UPDATE_FIELDS])
{
	unsigned n = 0;

	if (cur_left(&u->withdrawn) > 0)
		add_field(&fields[n++], BGP_WITHDRAWN, BGP_IPV4_UNICAST, u->withdrawn, e);
	if (u->unreach.present)
		add_field(&fields[n++], BGP_UNREACH, u->unreach.family, u->unreach.nlri, e);
	if (u->reach.present)
		add_field(&fields[n++], BGP_REACH, u->reach.family, u->reach.nlri, e);
	if (cur_left(&u->nlri) > 0)
		add_field(&fields[n++], BGP_ANNOUNCED, BGP_IPV4_UNICAST, u->nlri, e);
	return n;
}

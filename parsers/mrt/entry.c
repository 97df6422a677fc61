/* Between the attributes of an UPDATE and those of a RIB entry (RFC 6396 4.3.4). */
#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"

enum { AS_PATH_MAX = 65535 };

static void
put_attr(struct writer *w, uint8_t flags, uint8_t code, const void *value, size_t n)
{
	if (n > UINT16_MAX) {
		w->failed = true;
		return;
	}
	if (n > 255)
		flags |= ATTR_EXTENDED;
	wr_u8(w, flags);
	wr_u8(w, code);
	if (flags & ATTR_EXTENDED) /* keep the extended length bit, also where it is not needed */
		wr_u16(w, (uint16_t)n);
	else
		wr_u8(w, (uint8_t)n);
	wr_bytes(w, value, n);
}

/* --- UPDATE to entry */

static void
put_as_path(struct writer *w, const struct bgp_update *u, const struct bgp_attr *a, bool as4)
{
	const struct bgp_attr *path4 = bgp_update_as4_path(u);
	struct cursor two = cur_of(a->value, a->len),
		      four = path4 != NULL ? cur_of(path4->value, path4->len) : cur_of(NULL, 0);
	uint8_t wide[AS_PATH_MAX];
	size_t n;

	if (as4 || a->len == 0) {
		put_attr(w, a->flags, a->code, a->value, a->len);
		return;
	}
	n = as_path_widen(two, four, wide, sizeof(wide));
	if (n == 0)
		w->failed = true;
	else
		put_attr(w, a->flags, a->code, wide, n);
}

static void
put_aggregator(struct writer *w, const struct bgp_update *u, const struct bgp_attr *a, bool as4)
{
	struct bgp_aggregator by;
	uint8_t wide[8];

	if (as4 || !bgp_update_aggregator(u, false, &by)) { /* as it is, or not to be read */
		put_attr(w, a->flags, a->code, a->value, a->len);
		return;
	}
	for (int i = 0; i < 4; i++)
		wide[i] = (uint8_t)(by.as >> (24 - 8 * i));
	memcpy(wide + 4, by.id, 4);
	put_attr(w, a->flags, a->code, wide, sizeof(wide));
}

size_t
mrt_entry_from_update(void *buf, size_t size, const struct bgp_update *u, bool as4, bool mp)
{
	struct writer w = wr_of(buf, size);

	for (unsigned i = 0; i < u->attrs_n; i++) {
		const struct bgp_attr *a = &u->attr[i];

		if (a->code == ATTR_AS4_PATH || a->code == ATTR_AS4_AGGREGATOR)
			continue;
		if (a->code == ATTR_AS_PATH)
			put_as_path(&w, u, a, as4);
		else if (a->code == ATTR_AGGREGATOR)
			put_aggregator(&w, u, a, as4);
		else if (a->code != ATTR_NEXT_HOP || !mp) /* not the next hop of this route */
			put_attr(&w, a->flags, a->code, a->value, a->len);
	}
	if (mp && u->reach.present) {
		size_t n = cur_left(&u->reach.next_hop);

		wr_u8(&w, ATTR_OPTIONAL);
		wr_u8(&w, ATTR_MP_REACH);
		wr_u8(&w, (uint8_t)(n + 1));
		wr_u8(&w, (uint8_t)n);
		wr_bytes(&w, u->reach.next_hop.pos, n);
		if (n > 254)
			w.failed = true;
	}
	return wr_len(&w);
}

/* --- entry to UPDATE */

struct attr {
	uint8_t flags, code;
	struct cursor value;
};

static bool
next_attr(struct cursor *r, const uint8_t *start, struct attr *a, struct faults *f)
{
	size_t at = (size_t)(r->pos - start);

	if (cur_left(r) == 0)
		return false;
	a->flags = cur_u8(r);
	a->code = cur_u8(r);
	a->value = cur_sub(r, a->flags & ATTR_EXTENDED ? cur_u16(r) : cur_u8(r));
	if (r->failed || a->value.failed) {
		fault_add(f, FAULT_ATTR_OVERRUN, a->code, at);
		return false;
	}
	return true;
}

static void
put_nlri(struct writer *w, struct cursor nlri, bool path_ids, uint32_t path_id)
{
	if (path_ids)
		wr_u32(w, path_id);
	wr_bytes(w, nlri.pos, cur_left(&nlri));
}

static void
put_reach(struct writer *w, struct bgp_family family, struct cursor next_hop, struct cursor nlri,
    bool path_ids, uint32_t path_id)
{
	size_t n = 5 + cur_left(&next_hop) + (path_ids ? 4U : 0U) + cur_left(&nlri);

	wr_u8(w, ATTR_OPTIONAL | ATTR_EXTENDED);
	wr_u8(w, ATTR_MP_REACH);
	wr_u16(w, (uint16_t)n);
	wr_u16(w, family.afi);
	wr_u8(w, family.safi);
	wr_u8(w, (uint8_t)cur_left(&next_hop));
	wr_bytes(w, next_hop.pos, cur_left(&next_hop));
	wr_u8(w, 0);
	put_nlri(w, nlri, path_ids, path_id);
}

/* Next hop of an entry that has none, which some dumpers write: "::" or "0.0.0.0" of the family's
 * length, so that the route can be shown all the same. */
static struct cursor
no_next_hop(struct bgp_family family)
{
	static const uint8_t zero[24];
	bool rd = bgp_family_has(family, BGP_FAMILY_RD);

	return cur_of(zero, (family.afi == AFI_IPV6 ? 16 : 4) + (rd ? 8U : 0U));
}

/* The next hop of an entry in MP_REACH_NLRI, or, which IPv4 may have instead, in NEXT_HOP. false:
 * it has no MP_REACH_NLRI that can be read. */
static bool
find_reach(struct cursor attrs, struct bgp_family family, struct mrt_reach *reach)
{
	struct faults none = { .n = 0 };
	const uint8_t *start = attrs.pos;
	struct cursor next_hop = no_next_hop(family);
	struct attr a;

	while (next_attr(&attrs, start, &a, &none)) {
		if (a.code == ATTR_MP_REACH && mrt_reach_parse(a.value, reach))
			return true;
		if (a.code == ATTR_NEXT_HOP && cur_left(&a.value) == 4 && cur_left(&next_hop) == 4)
			next_hop = a.value;
	}
	memset(reach, 0, sizeof(*reach));
	reach->next_hop = next_hop;
	return false;
}

size_t
mrt_entry_to_update(void *buf, size_t size, struct bgp_family family, struct cursor nlri,
    bool path_ids, uint32_t path_id, struct cursor attrs, struct faults *f)
{
	struct writer w = wr_of(buf, size);
	const uint8_t *start = attrs.pos;
	struct mrt_reach reach;
	bool mp = find_reach(attrs, family, &reach) || !bgp_family_equal(family, BGP_IPV4_UNICAST);
	size_t attrs_at, n;
	struct attr a;

	for (int i = 0; i < 16; i++)
		wr_u8(&w, 0xff);
	wr_u16(&w, 0);
	wr_u8(&w, BGP_UPDATE);
	wr_u16(&w, 0); /* nothing withdrawn */
	wr_u16(&w, 0);
	attrs_at = (size_t)(w.pos - w.start);
	if (mp)
		put_reach(&w, family, reach.next_hop, nlri, path_ids, path_id);
	while (next_attr(&attrs, start, &a, f))
		if (a.code != ATTR_MP_REACH && a.code != ATTR_MP_UNREACH)
			put_attr(&w, a.flags, a.code, a.value.pos, cur_left(&a.value));
	n = (size_t)(w.pos - w.start);
	if (!mp)
		put_nlri(&w, nlri, path_ids, path_id);
	if (w.failed || (size_t)(w.pos - w.start) > BGP_MESSAGE_MAX)
		return 0;
	w.start[21] = (uint8_t)((n - attrs_at) >> 8);
	w.start[22] = (uint8_t)(n - attrs_at);
	n = (size_t)(w.pos - w.start);
	w.start[16] = (uint8_t)(n >> 8);
	w.start[17] = (uint8_t)n;
	return n;
}

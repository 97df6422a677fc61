/* AS_PATH: segments, widths, and the merge of a 2-octet path with AS4_PATH (RFC 4271 4.3, RFC 5065,
 * RFC 6793). */
#include "parsers/bgp/update.h"

#include "parsers/bgp/message.h"

bool
as_path_fits(struct cursor value, unsigned width)
{
	struct as_segment s;

	while (as_path_next(&value, width, &s)) {
	}
	return !value.failed;
}

static bool
is_confed(uint8_t type)
{
	return type == AS_CONFED_SEQUENCE || type == AS_CONFED_SET;
}

/* Counts the ASes of a path (RFC 6793 4.2.3): a set counts as one, confederation segments do not
 * count. */
static size_t
path_count(struct cursor r, unsigned width)
{
	struct as_segment s;
	size_t n = 0;

	while (as_path_next(&r, width, &s))
		n += s.type == AS_SEQUENCE ? s.count : s.type == AS_SET;
	return n;
}

struct out {
	uint8_t *pos, *end;
	bool full;
};

static void
put_segment(struct out *o, const struct as_segment *s, unsigned width, unsigned count)
{
	if ((size_t)(o->end - o->pos) < 2 + 4 * (size_t)count) {
		o->full = true;
		return;
	}
	*o->pos++ = s->type;
	*o->pos++ = (uint8_t)count;
	for (unsigned i = 0; i < count; i++)
		o->pos = put_be32(o->pos, as_segment_at(s, width, i));
}

size_t
as_path_widen(struct cursor path2, struct cursor path4, uint8_t *out, size_t out_max)
{
	struct out o = { out, out + out_max, false };
	size_t n2 = path_count(path2, 2), n4 = as_path_fits(path4, 4) ? path_count(path4, 4) : 0;
	size_t keep = n2;
	struct as_segment s;
	bool torn = false;

	/* ignore an AS4_PATH that is longer than AS_PATH; else it takes the place of the tail */
	if (n4 > 0 && n4 <= n2)
		keep = n2 - n4;
	else
		n4 = 0;
	while (as_path_next(&path2, 2, &s)) {
		unsigned copied = s.count;

		if (is_confed(s.type) && !torn) {
			/* leading or next to a segment that is kept whole */
		} else if (keep == 0) {
			break;
		} else if (s.type == AS_SET) {
			keep--;
		} else {
			torn = copied > keep;
			if (torn)
				copied = (unsigned)keep;
			keep -= copied;
		}
		put_segment(&o, &s, 2, copied);
	}
	while (n4 > 0 && as_path_next(&path4, 4, &s))
		if (!is_confed(s.type))
			put_segment(&o, &s, 4, s.count);
	return o.full ? 0 : (size_t)(o.pos - out);
}

/* Reads AGGREGATOR, or AS4_AGGREGATOR, with an AS number of that width. false: absent, or of
 * another length. */
static bool
read_aggregator(const struct bgp_attr *a, unsigned width, struct bgp_aggregator *out)
{
	struct cursor r;
	const uint8_t *id;

	if (a == NULL || a->len != width + 4)
		return false;
	r = cur_of(a->value, a->len);
	out->as = width == 4 ? cur_u32(&r) : cur_u16(&r);
	id = cur_take(&r, 4);
	if (id == NULL)
		return false;
	memcpy(out->id, id, 4);
	return true;
}

const struct bgp_attr *
bgp_update_as4_path(const struct bgp_update *u)
{
	struct bgp_aggregator by, by4;

	if (read_aggregator(bgp_update_attr(u, ATTR_AGGREGATOR), 2, &by) && by.as != BGP_AS_TRANS &&
	    read_aggregator(bgp_update_attr(u, ATTR_AS4_AGGREGATOR), 4, &by4))
		return NULL;
	return bgp_update_attr(u, ATTR_AS4_PATH);
}

bool
bgp_update_aggregator(const struct bgp_update *u, bool as4, struct bgp_aggregator *out)
{
	if (!read_aggregator(bgp_update_attr(u, ATTR_AGGREGATOR), as4 ? 4 : 2, out))
		return false;
	if (!as4 && out->as == BGP_AS_TRANS)
		read_aggregator(bgp_update_attr(u, ATTR_AS4_AGGREGATOR), 4, out);
	return true;
}

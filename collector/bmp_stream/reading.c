/*
 * How to read an UPDATE. The A flag and the OPENs tell the width of AS numbers and the presence of
 * path ids, but several exporters do otherwise than they say. What is said is tried first; when the
 * bytes do not read that way and do read the other way, the bytes are right, the deviation gets its
 * name, and is remembered for that peer, view and family.
 */
#include "collector/bmp_stream/internal.h"

enum { STATE_UNKNOWN, STATE_WITHOUT, STATE_WITH };

/* RFC 7911 4: ids are there when the sender can send and the receiver can receive them. */
static bool
negotiated(const struct bmp_peer *p, enum bmp_view view, struct bgp_family family)
{
	uint8_t sent = bgp_open_addpath(&p->sent, family),
		received = bgp_open_addpath(&p->received, family);

	if (view == BMP_VIEW_LOC_RIB) /* fabricated OPENs: presence alone counts (RFC 9069 5.2) */
		return sent != 0 || received != 0;
	if (view == BMP_VIEW_OUT_PRE || view == BMP_VIEW_OUT_POST)
		return (sent & BGP_ADDPATH_SEND) && (received & BGP_ADDPATH_RECEIVE);
	return (received & BGP_ADDPATH_SEND) && (sent & BGP_ADDPATH_RECEIVE);
}

static uint8_t *
state_of(struct bmp_peer *p, enum bmp_view view, struct bgp_family family)
{
	for (unsigned i = 0; i < p->addpath_n; i++)
		if (p->addpath[i].view == view && p->addpath[i].family.afi == family.afi &&
		    p->addpath[i].family.safi == family.safi)
			return &p->addpath[i].state;
	if (p->addpath_n == BMP_ADDPATH_STATES)
		return NULL;
	p->addpath[p->addpath_n].view = (uint8_t)view;
	p->addpath[p->addpath_n].family = family;
	p->addpath[p->addpath_n].state = STATE_UNKNOWN;
	return &p->addpath[p->addpath_n++].state;
}

/* Routes for 0/0 read from a field: a path id taken for prefixes shows as a run of them. */
static unsigned
defaults_in(struct rd r, bool addpath)
{
	unsigned n = 0;

	while (rd_left(&r) > 0) {
		uint8_t len;

		if (addpath)
			rd_u32(&r);
		len = rd_u8(&r);
		n += len == 0;
		rd_take(&r, (len + 7U) / 8);
	}
	return n;
}

static bool
plain_family(struct bgp_family f)
{
	return (f.afi == AFI_IPV4 || f.afi == AFI_IPV6) &&
	       (f.safi == SAFI_UNICAST || f.safi == SAFI_MULTICAST);
}

static bool
fits(struct rd field, struct bgp_family family, bool addpath, bool withdraw)
{
	return plain_family(family) ? bgp_nlri_fits(field, family.afi, addpath)
				    : bgp_nlri_count(field, family, addpath, withdraw) >= 0;
}

static bool
path_ids(struct bmp_stream *s, struct bmp_peer *p, enum bmp_view view, struct bgp_family family,
    struct rd field, bool withdraw)
{
	bool said = (p->sent.addpaths_n | p->received.addpaths_n) != 0 &&
		    negotiated(p, view, family),
	     try;
	uint8_t *state;

	/* the common case first: nobody speaks of path ids, and the field reads without them */
	if (!said && p->addpath_n == 0 && fits(field, family, false, withdraw))
		return false;
	state = state_of(p, view, family);
	try = state != NULL && *state != STATE_UNKNOWN ? *state == STATE_WITH : said;
	if (fits(field, family, try, withdraw)) {
		if (plain_family(family) && (state == NULL || *state == STATE_UNKNOWN) && said &&
		    fits(field, family, !try, withdraw) && defaults_in(field, try) > 0 &&
		    defaults_in(field, !try) == 0) {
			stream_quirk(s, p, QUIRK_ADDPATH_AMBIGUOUS);
			return !try;
		}
		if (state != NULL && try == said && plain_family(family) &&
		    !fits(field, family, !try, withdraw))
			*state = try ? STATE_WITH : STATE_WITHOUT;
		return try;
	}
	if (!fits(field, family, !try, withdraw))
		return try; /* malformed either way: the parser will say where */
	stream_quirk(s, p, try ? QUIRK_ADDPATH_ABSENT : QUIRK_ADDPATH_UNEXPECTED);
	if (state != NULL)
		*state = try ? STATE_WITHOUT : STATE_WITH;
	return !try;
}

static bool
four_octet_as(struct bmp_stream *s, struct bmp_peer *p, const struct bgp_update *b, uint8_t flags)
{
	/* Loc-RIB has no A flag: always four (RFC 9069 4.2) */
	bool said = p->key.type == BMP_PEER_LOC_RIB || !(flags & BMP_FLAG_A);
	const struct bgp_attr *path = bgp_update_attr(b, ATTR_AS_PATH);
	struct rd value;

	if (path == NULL || path->len == 0)
		return said;
	value = rd_of(path->value, path->len);
	if (as_path_fits(value, said ? 4 : 2) || !as_path_fits(value, said ? 2 : 4))
		return said;
	stream_quirk(s, p, said ? QUIRK_AS2_UNFLAGGED : QUIRK_AS4_FLAGGED);
	return !said;
}

void
reading_decide(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, uint8_t flags)
{
	static const struct bgp_family classic = { AFI_IPV4, SAFI_UNICAST };
	struct bgp_update *b = u->bgp;

	u->context.as4 = four_octet_as(s, p, b, flags);
	u->context.ebgp = p->key.type != BMP_PEER_LOC_RIB && p->local_as != 0 && p->as != 0 &&
			  p->as != p->local_as && u->view != BMP_VIEW_OUT_PRE &&
			  u->view != BMP_VIEW_IN_POST;
	u->context.lenient_missing = u->view == BMP_VIEW_OUT_PRE;
	u->context.lenient_next_hop = u->view != BMP_VIEW_IN_PRE;
	if (rd_left(&b->nlri) > 0 && u->context.lenient_next_hop &&
	    !(b->known >> ATTR_NEXT_HOP & 1))
		stream_quirk(s, p, QUIRK_NEXT_HOP_ABSENT);
	u->addpath_classic = u->addpath_reach = u->addpath_unreach = false;
	if (rd_left(&b->nlri) > 0)
		u->addpath_classic = path_ids(s, p, u->view, classic, b->nlri, false);
	else if (rd_left(&b->withdrawn) > 0)
		u->addpath_classic = path_ids(s, p, u->view, classic, b->withdrawn, true);
	if (b->reach.present && rd_left(&b->reach.nlri) > 0)
		u->addpath_reach = path_ids(s, p, u->view, b->reach.family, b->reach.nlri, false);
	if (b->unreach.present && rd_left(&b->unreach.nlri) > 0)
		u->addpath_unreach =
		    path_ids(s, p, u->view, b->unreach.family, b->unreach.nlri, true);
}

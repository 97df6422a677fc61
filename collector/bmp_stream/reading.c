/*
 * How to read an UPDATE. The A flag and the OPENs tell the width of AS numbers and the presence of
 * path ids, but several exporters do otherwise than they say. What is said is tried first; when the
 * bytes do not read that way and do read the other way, the bytes are right, the deviation gets its
 * name, and is remembered for that peer, view and family.
 */
#include "collector/bmp_stream/internal.h"
#include "parsers/nlri.h"

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

/* What the peer proved; STATE_UNKNOWN when nothing. */
static unsigned
proved_by(const struct bmp_peer *p, enum bmp_view view, struct bgp_family family)
{
	for (unsigned i = 0; i < p->addpath_n; i++)
		if (p->addpath[i].view == view && p->addpath[i].family.afi == family.afi &&
		    p->addpath[i].family.safi == family.safi)
			return p->addpath[i].state;
	return STATE_UNKNOWN;
}

static void
remember(struct bmp_peer *p, enum bmp_view view, struct bgp_family family, bool with)
{
	unsigned i = 0;

	while (i < p->addpath_n &&
	       !(p->addpath[i].view == view && p->addpath[i].family.afi == family.afi &&
		   p->addpath[i].family.safi == family.safi))
		i++;
	if (i == BMP_ADDPATH_STATES) /* no room: each message is looked at anew */
		return;
	if (i == p->addpath_n)
		p->addpath_n++;
	p->addpath[i].view = (uint8_t)view;
	p->addpath[i].family = family;
	p->addpath[i].state = with ? STATE_WITH : STATE_WITHOUT;
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
				    : bgp_nlri_any_fits(field, family, addpath, withdraw);
}

/* What the OPENs, or the message's own TLVs, say of path ids. */
static bool
path_ids_said(const struct bmp_peer *p, const struct bmp_update *u, struct bgp_family family)
{
	if (u->v4 != NULL && u->v4->stateless)
		return bmp_v4_addpath(u->v4, family);
	return (p->sent.addpaths_n | p->received.addpaths_n) != 0 && negotiated(p, u->view, family);
}

/*
 * A field that reads either way. A prefix is not twice in a field, so a run of 0/0 is path ids read
 * as prefixes; 0/0 that shows only when path ids are taken from it speaks for prefixes alone.
 * Nothing of the kind: what was negotiated, and it is said aloud. What the peer proved before is
 * not asked again.
 */
static bool
either_way(struct bmp_stream *s, struct bmp_peer *p, enum bmp_view view, struct bgp_family family,
    struct rd field, bool try)
{
	unsigned without = defaults_in(field, false), with = defaults_in(field, true);

	if (without > 1 && with < without) {
		if (!try)
			stream_quirk(s, p, QUIRK_ADDPATH_UNEXPECTED);
		remember(p, view, family, true);
		return true;
	}
	stream_quirk(s, p, QUIRK_ADDPATH_AMBIGUOUS);
	return with > 0 && without == 0 ? false : try;
}

/* What is said, what was proved, what the bytes allow. */
static bool
weigh(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, struct rd field, bool withdraw)
{
	bool said = path_ids_said(p, u, family), plain = plain_family(family), try;
	/* what a message says of itself needs no memory, and leaves none */
	bool stateless = u->v4 != NULL && u->v4->stateless;
	unsigned proved = stateless ? STATE_UNKNOWN : proved_by(p, u->view, family);

	try = proved != STATE_UNKNOWN ? proved == STATE_WITH : said;
	if (!fits(field, family, try, withdraw)) {
		if (!fits(field, family, !try, withdraw))
			return try; /* malformed either way: the parser will say where */
		stream_quirk(s, p, try ? QUIRK_ADDPATH_ABSENT : QUIRK_ADDPATH_UNEXPECTED);
		if (!stateless)
			remember(p, u->view, family, !try);
		return !try;
	}
	if (!plain || stateless || proved != STATE_UNKNOWN)
		return try;
	if (fits(field, family, !try, withdraw))
		return either_way(s, p, u->view, family, field, try);
	if (try)
		remember(p, u->view, family, true);
	return try;
}

static bool
path_ids(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    struct bgp_family family, struct rd field, bool withdraw)
{
	/* the common case first: nobody speaks of path ids, the field reads without them, and does
	 * not start as a small path id would */
	if ((p->sent.addpaths_n | p->received.addpaths_n | p->addpath_n) == 0 && u->v4 == NULL &&
	    (field.pos[0] != 0 || !plain_family(family)) && fits(field, family, false, withdraw))
		return false;
	return weigh(s, p, u, family, field, withdraw);
}

/* Is the router's own AS in front of the peer's, in what came from the peer? BGP would have refused
 * such a path; FRR's BMP prepends it to what it reports. */
static bool
own_as_first(const struct bmp_peer *p, enum bmp_view view, struct rd path, unsigned width)
{
	uint8_t type = rd_u8(&path), count = rd_u8(&path);

	/* nearly always the first AS is the peer's, and that is all there is to do */
	if ((width == 4 ? rd_u32(&path) : rd_u16(&path)) != p->local_as || p->local_as == 0)
		return false;
	return view <= BMP_VIEW_IN_POST && p->as != p->local_as && type == AS_SEQUENCE &&
	       count >= 2 && (width == 4 ? rd_u32(&path) : rd_u16(&path)) == p->as && !path.failed;
}

static bool
four_octet_as(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u, uint8_t flags)
{
	/* Loc-RIB has no A flag: always four (RFC 9069 4.2) */
	bool said = p->key.type == BMP_PEER_LOC_RIB || !(flags & BMP_FLAG_A) ||
		    (u->v4 != NULL && u->v4->stateless_as4);
	const struct bgp_attr *path = bgp_update_attr(u->bgp, ATTR_AS_PATH);
	struct rd value;

	if (path == NULL || path->len == 0)
		return said;
	value = rd_of(path->value, path->len);
	if (!as_path_fits(value, said ? 4 : 2) && as_path_fits(value, said ? 2 : 4)) {
		stream_quirk(s, p, said ? QUIRK_AS2_UNFLAGGED : QUIRK_AS4_FLAGGED);
		said = !said;
	}
	if (own_as_first(p, u->view, value, said ? 4 : 2))
		stream_quirk(s, p, QUIRK_OWN_AS_FIRST);
	return said;
}

void
reading_decide(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, uint8_t flags)
{
	static const struct bgp_family classic = { AFI_IPV4, SAFI_UNICAST };
	struct bgp_update *b = u->bgp;

	u->context.as4 = four_octet_as(s, p, u, flags);
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
		u->addpath_classic = path_ids(s, p, u, classic, b->nlri, false);
	else if (rd_left(&b->withdrawn) > 0)
		u->addpath_classic = path_ids(s, p, u, classic, b->withdrawn, true);
	if (b->reach.present && rd_left(&b->reach.nlri) > 0)
		u->addpath_reach = path_ids(s, p, u, b->reach.family, b->reach.nlri, false);
	if (b->unreach.present && rd_left(&b->unreach.nlri) > 0)
		u->addpath_unreach = path_ids(s, p, u, b->unreach.family, b->unreach.nlri, true);
}

/*
 * How an UPDATE is encoded and what its session expects of it: the width of AS numbers
 * (as_width.c), path ids (path_ids.c), labels (labels.c), and whether it came from an external
 * peer.
 */
#include "collector/bmp_stream/encoding_private.h"

static void
decide_nlri(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	const struct bgp_update *b = u->bgp;
	const struct cursor none = { .pos = NULL };
	struct bgp_encoding *e = &u->context.encoding;

	labels_decide(p, u);
	if (cur_left(&b->nlri) > 0 || cur_left(&b->withdrawn) > 0)
		e->path_ids_classic = path_ids_present(s, p, u,
		    &(struct nlri_field){ { AFI_IPV4, SAFI_UNICAST }, b->nlri, b->withdrawn, 0 });
	if (b->reach.present && cur_left(&b->reach.nlri) > 0)
		e->path_ids_reach = path_ids_present(s, p, u,
		    &(struct nlri_field){ b->reach.family, b->reach.nlri, none, e->labels });
	if (b->unreach.present && cur_left(&b->unreach.nlri) > 0)
		e->path_ids_unreach = path_ids_present(s, p, u,
		    &(struct nlri_field){
			b->unreach.family, none, b->unreach.nlri, e->labels_withdrawn });
}

/* Is the router's own AS in front of the peer's, in what came from the peer? BGP would have refused
 * such a path; FRR's BMP prepends the AS to what it reports. */
static bool
own_as_first(const struct bmp_peer *p, enum bmp_view view, const struct bgp_attr *path, bool as4)
{
	struct cursor r = cur_of(path->value, path->len);
	uint8_t type = cur_u8(&r), count = cur_u8(&r);

	/* nearly always the first AS is the peer's, and the answer is no */
	if ((as4 ? cur_u32(&r) : cur_u16(&r)) != p->local_as || p->local_as == 0)
		return false;
	return view <= BMP_VIEW_IN_POST && p->as != p->local_as && type == AS_SEQUENCE &&
	       count >= 2 && (as4 ? cur_u32(&r) : cur_u16(&r)) == p->as && !r.failed;
}

/* Did the UPDATE come from a neighbour in another AS? A path that begins with a segment of a
 * confederation came from inside of ours (RFC 5065). */
static bool
is_external(const struct bmp_peer *p, const struct bmp_update *u, const struct bgp_attr *path)
{
	if (p->key.type == BMP_PEER_LOC_RIB || p->local_as == 0 || p->as == 0 ||
	    p->as == p->local_as || u->view == BMP_VIEW_OUT_PRE || u->view == BMP_VIEW_IN_POST)
		return false;
	return path == NULL || path->len == 0 ||
	       (path->value[0] != AS_CONFED_SEQUENCE && path->value[0] != AS_CONFED_SET);
}

void
encoding_decide(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, uint8_t flags)
{
	const struct bgp_update *b = u->bgp;
	const struct bgp_attr *path = bgp_update_attr(b, ATTR_AS_PATH);
	/* Loc-RIB has no A flag: always four (RFC 9069 4.2) */
	bool four = p->key.type == BMP_PEER_LOC_RIB || !(flags & BMP_FLAG_A) ||
		    (u->v4 != NULL && u->v4->stateless_as4);

	four = as_width_is_four(s, p, u, path, four);
	u->context.encoding.as4 = four;
	if (path != NULL && path->len > 0 && own_as_first(p, u->view, path, four))
		stream_quirk(s, p, QUIRK_OWN_AS_FIRST);
	u->context.ebgp = is_external(p, u, path);
	u->context.lenient_missing = u->view == BMP_VIEW_OUT_PRE;
	u->context.lenient_next_hop = u->view != BMP_VIEW_IN_PRE;
	if (cur_left(&b->nlri) > 0 && u->context.lenient_next_hop &&
	    !(b->known >> ATTR_NEXT_HOP & 1))
		stream_quirk(s, p, QUIRK_NEXT_HOP_ABSENT);
	decide_nlri(s, p, u);
}

void
encoding_decide_mirrored(struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	const struct bgp_attr *path = bgp_update_attr(u->bgp, ATTR_AS_PATH);
	/* RFC 6793 4.1: four octets when both can. A side whose OPEN was not seen counts as
	 * capable. */
	bool four = (p->sent.as4 || !open_known(&p->sent)) &&
		    (p->received.as4 || !open_known(&p->received));

	u->context.encoding.as4 = as_width_is_four(s, p, u, path, four);
	u->context.ebgp = is_external(p, u, path);
	decide_nlri(s, p, u);
}

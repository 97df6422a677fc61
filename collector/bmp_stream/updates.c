/* UPDATEs: the routes of Route Monitoring, and what is mirrored. */
#include "collector/bmp_stream/stream_private.h"
#include "parsers/bgp/message.h"

enum { MIRROR_LOST = 1 }; /* RFC 7854 4.7 */

/* Step through the routes of families that the receiver does not step through: their number, and
 * what their labels show. */
static size_t
walk_opaque(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u,
    const struct bgp_mp *mp, enum bgp_update_field field)
{
	return mp->present && !bgp_family_is_plain(mp->family)
		   ? labels_count(s, p, u, mp, bgp_encoding_of(&u->context.encoding, field))
		   : 0;
}

static void
count_opaque(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	const struct bgp_mp *reach = &u->bgp->reach, *unreach = &u->bgp->unreach;
	size_t announced = walk_opaque(s, p, u, reach, BGP_REACH),
	       withdrawn = walk_opaque(s, p, u, unreach, BGP_UNREACH);

	if (announced > 0)
		bmp_stream_count(s, p, reach->family, announced, 0);
	if (withdrawn > 0)
		bmp_stream_count(s, p, unreach->family, 0, withdrawn);
}

/* The peer of these routes, which comes up if it was down. NULL over the limit. */
static struct bmp_peer *
peer_of_routes(struct bmp_stream *s, const struct bmp_peer_header *h)
{
	struct bmp_peer *p = peer_for(s, h, false);

	if (p == NULL)
		return NULL;
	if (p->as == 0)
		p->as = h->as; /* GoBGP's Peer Up of a Loc-RIB does not say it */
	if (p->up)
		return p;
	stream_quirk(s, p, p->was_up ? QUIRK_ROUTES_AFTER_DOWN : QUIRK_PEER_IMPLICIT);
	if (h->type == BMP_PEER_GLOBAL && is_zero(p->key.octets, 16))
		stream_quirk(s, p, QUIRK_PEER_TYPE_0_NULL);
	p->up = p->implicit = p->was_up = true;
	peer_refresh(p, h);
	/* the router's own AS is in the header of a Loc-RIB peer (RFC 9069 4.1) */
	if (h->type == BMP_PEER_LOC_RIB)
		p->local_as = h->as;
	return p;
}

/* So many messages that hint at another draft than the proved one are believed, if no proof comes
 * between them. */
enum { V4_DOUBTS = 4 };

/* A version 4 message has TLVs beside its UPDATE: learn the draft of the exporter and the name of
 * the peer's table from them. */
static void
apply_v4(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	const struct bmp_v4 *v = u->v4;

	quirks_of_v4(s, p, u);
	if (v->revision_proved) {
		s->v4_revision = v->revision;
		s->v4_doubts = 0;
	} else if (v->revision_doubted && ++s->v4_doubts == V4_DOUBTS) {
		s->v4_revision = BMP_V4_REVISION_UNKNOWN; /* the next hint proves */
		s->v4_doubts = 0;
	}
	if (p->table_name[0] == '\0' && cur_left(&v->table_name) > 0)
		bmp_text(p->table_name, sizeof(p->table_name), v->table_name);
}

/* Decide how an UPDATE of this peer is read, count it, hand it to the owner. */
static void
use_update(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h,
    struct cursor body, const struct bmp_v4 *v4, struct faults *f)
{
	struct bgp_update bgp;
	struct bmp_update u = { .bgp = &bgp, .view = bmp_view_of(h), .faults = f, .v4 = v4 };
	const struct quirk_memory *known = &stream_peer(p)->quirks;
	uint32_t before = f->n;

	if (!bgp_update_split(body, &bgp, f))
		return;
	p->updates++;
	u.router_us = stream_time(s, p, h);
	u.is_end_of_rib = f->n == before && bgp_update_end_of_rib(&bgp, &u.end_of_rib);
	if (u.is_end_of_rib) {
		bmp_stream_count_end_of_rib(s, u.end_of_rib);
	} else {
		encoding_decide(s, p, &u, h->flags);
		/* most routes are of a view that announced before, with flags that were noted */
		if (!(known->views_announcing >> u.view & 1) ||
		    !((known->up_flags | known->flags_noted) & flag_bit(h)))
			quirks_of_routes(s, p, h, &u);
		count_opaque(s, p, &u);
	}
	if (v4 != NULL)
		apply_v4(s, p, &u);
	if (s->ops->update != NULL)
		s->ops->update(s->ctx, s, p, &u);
}

/* Apply the BGP message at r to the peer and view of h. v4: what came with it, or NULL. Offsets of
 * faults in it count from the BMP message. */
static void
apply_update(struct bmp_stream *s, const struct bmp_msg *m, const struct bmp_peer_header *h,
    struct cursor r, const struct bmp_v4 *v4, struct faults *f)
{
	size_t total, at = (size_t)(r.pos - m->start);
	uint32_t before = f->n;
	struct bmp_peer *p;
	struct cursor body;
	unsigned type = bgp_message(&r, &body, &total, f);

	faults_shift(f, before, at);
	if (type != BGP_UPDATE) {
		if (type != 0)
			fault_add(f, FAULT_BGP_TYPE, type, at + 18);
		return;
	}
	p = peer_of_routes(s, h);
	if (cur_left(&r) > 0) {
		fault_add(f, FAULT_BMP_TRAILING, m->type, (size_t)(r.pos - m->start));
		stream_quirk(s, p, QUIRK_TRAILING);
	}
	if (p == NULL)
		return;
	before = f->n;
	use_update(s, p, h, body, v4, f);
	faults_shift(f, before, (size_t)(body.pos - m->start));
}

static void
apply_update_v4(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer_header h = m->peer;
	struct bmp_v4 v4;

	if (!bmp_v4_parse(m, s->v4_revision, &v4, f))
		return;
	h.flags = v4.flags;
	apply_update(s, m, &h, v4.message, &v4, f);
}

void
stream_routes(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	if (m->version == 3)
		apply_update(s, m, &m->peer, m->body, NULL, f);
	else
		apply_update_v4(s, m, f);
}

/* --- mirrored messages */

/* A mirrored OPEN says what the session can do, unless a Peer Up did. */
static void
learn_open(struct bmp_peer *p, const struct bmp_msg *m, struct cursor body, struct faults *f)
{
	struct bgp_open open, *side = m->peer.flags & BMP_FLAG_O ? &p->sent : &p->received;

	bgp_open_parse(body, &open, f);
	if (open.empty)
		fault_add(f, FAULT_OPEN, 0, 0);
	if (p->up && !p->implicit)
		return;
	peer_forget_encoding(p);
	open.fqdn_host = open.software = cur_of("", 0); /* they would outlive the message */
	*side = open;
	if (side == &p->sent)
		p->local_as = open.as;
}

/* One mirrored BGP message, as it was on the wire of the session. */
static void
apply_mirrored(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m,
    struct cursor message, struct faults *f)
{
	struct bgp_update bgp;
	struct bmp_update u = { .bgp = &bgp,
		.view = m->peer.flags & BMP_FLAG_O ? BMP_VIEW_OUT_POST : BMP_VIEW_IN_PRE,
		.faults = f,
		.mirrored = true };
	struct cursor r = message, body;
	uint32_t before = f->n, in_body;
	size_t total;
	unsigned type = bgp_message(&r, &body, &total, f);
	bool split = false;

	faults_shift(f, before, (size_t)(message.pos - m->start));
	in_body = f->n;
	if (type == BGP_OPEN)
		learn_open(p, m, body, f);
	else if (type == BGP_UPDATE)
		split = bgp_update_split(body, &bgp, f);
	else
		bgp_message_check(type, body, f);
	if (split) {
		u.is_end_of_rib = f->n == in_body && bgp_update_end_of_rib(&bgp, &u.end_of_rib);
		if (!u.is_end_of_rib) {
			encoding_decide_mirrored(s, p, &u);
			walk_opaque(s, p, &u, &bgp.reach, BGP_REACH);
			walk_opaque(s, p, &u, &bgp.unreach, BGP_UNREACH);
		}
	}
	if (s->ops->mirrored != NULL)
		s->ops->mirrored(s->ctx, s, p, m, type, message, split ? &u : NULL);
	if (type == 0)
		return;
	if (cur_left(&r) > 0)
		fault_add(f, FAULT_BMP_TRAILING, m->type, (size_t)(r.pos - body.pos));
	faults_shift(f, in_body, (size_t)(body.pos - m->start));
}

void
stream_mirroring(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, false);
	struct cursor r = m->body;
	struct bmp_tlv tlv;

	if (p == NULL)
		return;
	while (bmp_tlv_next(&r, m->start, &tlv, f)) {
		if (tlv.type == BMP_MIRROR_MESSAGE)
			apply_mirrored(s, p, m, tlv.value, f);
		else if (tlv.type == BMP_MIRROR_INFO && cur_left(&tlv.value) == 2 &&
			 be16(tlv.value.pos) == MIRROR_LOST)
			stream_quirk(s, p, QUIRK_MIRROR_LOST);
	}
}

/* What each message does to the conversation: peers come up and go down, routes go to the owner. */
#include "collector/bmp_stream/internal.h"

/* A router's clock further off than a day is no clock. */
static const int64_t clock_off_us = (int64_t)86400 * 1000000;
/* No BMP then: what is before is seconds since the machine started. */
static const uint32_t year_2000 = 946684800;

/* A time that cannot be (bmp.md: zero, uptime and boot times are all seen) is no time: 0. */
static int64_t
stream_time(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h)
{
	int64_t us = (int64_t)h->sec * 1000000 + h->usec;

	if (us == 0) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_ZERO);
		return 0;
	}
	if (h->usec_over)
		stream_quirk(s, p, QUIRK_TIMESTAMP_MICROS);
	if (h->sec < year_2000) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_ANCIENT);
		return 0;
	}
	if (s->now_us != 0 && (us > s->now_us + clock_off_us || us < s->now_us - clock_off_us)) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_OFF);
		return 0;
	}
	return us;
}

static void
take_initiation(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	char name[BMP_TEXT_MAX] = "";
	struct rd r = m->body;
	struct bmp_tlv tlv;

	while (bmp_tlv_next(&r, m->start, &tlv, f)) {
		if (tlv.type == BMP_INIT_SYS_NAME)
			bmp_text(name, sizeof(name), tlv.value);
		else if (tlv.type == BMP_INIT_SYS_DESCR)
			bmp_text(s->sys_descr, sizeof(s->sys_descr), tlv.value);
	}
	if (name[0] == '\0')
		stream_quirk(s, NULL, QUIRK_SYS_NAME_EMPTY);
	else if (s->sys_name[0] != '\0' && strcmp(name, s->sys_name) != 0)
		stream_quirk(s, NULL, QUIRK_SYS_NAME_CHANGED);
	if (name[0] != '\0') /* a name once said stays */
		memcpy(s->sys_name, name, sizeof(name));
	s->initiated = true;
	if (s->ops->initiation != NULL)
		s->ops->initiation(s->ctx, s);
}

static void
take_termination(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct rd r = m->body;
	struct bmp_tlv tlv;
	unsigned reason = 1; /* unspecified */

	while (bmp_tlv_next(&r, m->start, &tlv, f))
		if (tlv.type == BMP_TERM_REASON)
			reason = rd_u16(&tlv.value);
	s->terminated = true;
	if (s->ops->termination != NULL)
		s->ops->termination(s->ctx, s, reason);
}

static void
refresh_peer(struct bmp_peer *p, const struct bmp_peer_header *h)
{
	if (h->as != 0)
		p->as = h->as;
	memcpy(p->bgp_id, h->bgp_id, 4);
}

/* A new session of the peer: what the former one could do is past. */
static void
forget_session(struct bmp_peer *p)
{
	memset(&p->sent, 0, sizeof(p->sent));
	memset(&p->received, 0, sizeof(p->received));
	p->sent.role = p->received.role = BGP_ROLE_NONE;
	p->addpath_n = 0;
	p->up_flags = p->flags_noted = p->views_announcing = 0;
	memset(p->only_withdrawn, 0, sizeof(p->only_withdrawn));
}

static void
take_opens(struct bmp_peer *p, const struct bmp_peer_header *h, const struct bmp_peer_up *up)
{
	peer_merge_open(&p->sent, &up->sent);
	peer_merge_open(&p->received, &up->received);
	p->local_as = p->sent.as;
	if (p->as == 0 && h->type == BMP_PEER_LOC_RIB)
		p->as = p->sent.as;
	p->sent_role = p->sent.role;
	p->received_role = p->received.role;
	p->role_conflict = p->sent.role_conflict || p->received.role_conflict;
	memset(p->local_address, 0, sizeof(p->local_address));
	if (bmp_peer_is_v6(h))
		memcpy(p->local_address, up->local_address, 16);
	else
		memcpy(p->local_address, up->local_address + 12, 4);
}

/* Junos says the name of a Loc-RIB in a String. */
static void
take_table_name(struct bmp_peer *p, const struct bmp_msg *m, struct rd tlvs, struct faults *f)
{
	struct rd name = rd_of(NULL, 0), string = name;
	struct bmp_tlv tlv;

	while (bmp_tlv_next(&tlvs, m->start, &tlv, f)) {
		if (tlv.type == BMP_PEER_TABLE_NAME)
			name = tlv.value;
		else if (tlv.type == BMP_PEER_STRING && p->key.type == BMP_PEER_LOC_RIB)
			string = tlv.value;
	}
	if (rd_left(&name) == 0)
		name = string;
	if (rd_left(&name) > 0)
		bmp_text(p->table_name, sizeof(p->table_name), name);
}

static void
take_peer_up(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, true);
	struct bmp_peer_up up;

	if (p == NULL || !bmp_peer_up_parse(m, &up, f))
		return;
	if (p->up && !p->implicit)
		stream_quirk(s, p, QUIRK_PEER_UP_REPEATED);
	if (!p->up)
		forget_session(p);
	p->up = p->was_up = true;
	p->implicit = false;
	refresh_peer(p, &m->peer);
	take_opens(p, &m->peer, &up);
	take_table_name(p, m, up.tlvs, f);
	suspect_peer_up(s, p, &m->peer, &up);
	if (s->ops->peer_up != NULL)
		s->ops->peer_up(s->ctx, s, p, stream_time(s, p, &m->peer));
}

static void
take_peer_down(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, false);
	struct bmp_peer_down down;

	if (p == NULL || !bmp_peer_down_parse(m, &down, f))
		return;
	if (!p->up)
		stream_quirk(s, p, p->was_up ? QUIRK_PEER_DOWN_REPEATED : QUIRK_PEER_DOWN_UNKNOWN);
	if (down.notification_missing)
		stream_quirk(s, p, QUIRK_NOTIFICATION_MISSING);
	p->up = false;
	refresh_peer(p, &m->peer);
	if (s->ops->peer_down != NULL)
		s->ops->peer_down(s->ctx, s, p, &down, stream_time(s, p, &m->peer));
}

static void
take_statistics(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, false);

	if (p == NULL)
		return;
	suspect_statistics(s, p, m, f);
	if (s->ops->statistics != NULL)
		s->ops->statistics(s->ctx, s, p, m);
}

/* --- routes
 * ----------------------------------------------------------------------------------- */

static bool
stepped_through(struct bgp_family f)
{
	return (f.afi == AFI_IPV4 || f.afi == AFI_IPV6) &&
	       (f.safi == SAFI_UNICAST || f.safi == SAFI_MULTICAST);
}

/* Families whose routes nobody steps through are counted here. */
static void
count_opaque(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	const struct bgp_mp *reach = &u->bgp->reach, *unreach = &u->bgp->unreach;
	int n;

	if (reach->present && !stepped_through(reach->family)) {
		n = bgp_nlri_count(reach->nlri, reach->family, u->addpath_reach, false);
		bmp_stream_count(s, p, reach->family, n > 0 ? (uint64_t)n : 0, 0);
	}
	if (unreach->present && !stepped_through(unreach->family)) {
		n = bgp_nlri_count(unreach->nlri, unreach->family, u->addpath_unreach, true);
		bmp_stream_count(s, p, unreach->family, 0, n > 0 ? (uint64_t)n : 0);
	}
}

static struct bmp_peer *
peer_of_routes(struct bmp_stream *s, const struct bmp_peer_header *h)
{
	struct bmp_peer *p = peer_for(s, h, false);
	static const uint8_t zero[16];

	if (p == NULL || p->up)
		return p;
	stream_quirk(s, p, p->was_up ? QUIRK_ROUTES_AFTER_DOWN : QUIRK_PEER_IMPLICIT);
	if (h->type == BMP_PEER_GLOBAL && memcmp(p->key.address, zero, 16) == 0)
		stream_quirk(s, p, QUIRK_PEER_TYPE_0_NULL);
	p->up = p->implicit = p->was_up = true;
	refresh_peer(p, h);
	/* the router's own AS is in the header of a Loc-RIB peer (RFC 9069 4.1) */
	if (h->type == BMP_PEER_LOC_RIB)
		p->local_as = h->as;
	return p;
}

/* What a version 4 message says beside its UPDATE, of the exporter and of the peer. */
static void
take_v4(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	const struct bmp_v4 *v = u->v4;

	suspect_v4(s, p, u);
	if (v->set_proved)
		s->v4_set = v->set;
	if (p->table_name[0] == '\0' && rd_left(&v->table_name) > 0)
		bmp_text(p->table_name, sizeof(p->table_name), v->table_name);
}

/* An UPDATE of a known peer: how to read it, what it counts as, and on to who wants it. */
static void
use_update(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h,
    struct rd body, const struct bmp_v4 *v4, struct faults *f)
{
	struct bgp_update bgp;
	struct bmp_update u = { .bgp = &bgp, .view = bmp_view_of(h), .faults = f, .v4 = v4 };
	struct bmp_family_count *count;
	uint32_t before = f->n;

	if (!bgp_update_split(body, &bgp, f))
		return;
	p->updates++;
	u.router_us = stream_time(s, p, h);
	u.is_end_of_rib = f->n == before && bgp_update_end_of_rib(&bgp, &u.end_of_rib);
	if (u.is_end_of_rib) {
		count = stream_family(s, u.end_of_rib);
		if (count != NULL)
			count->end_of_rib++;
	} else {
		reading_decide(s, p, &u, h->flags);
		/* most routes are of a view that announced before, with flags that were noted */
		if (!(p->views_announcing >> u.view & 1) ||
		    !((p->up_flags | p->flags_noted) & flag_bit(h)))
			suspect_routes(s, p, h, &u);
		count_opaque(s, p, &u);
	}
	if (v4 != NULL)
		take_v4(s, p, &u);
	if (s->ops->update != NULL)
		s->ops->update(s->ctx, s, p, &u);
}

/* The BGP message at r, for the peer and view of h; v4 is what came with it, or NULL. Faults in it
 * are told by their place in the BMP message. */
static void
take_update(struct bmp_stream *s, const struct bmp_msg *m, const struct bmp_peer_header *h,
    struct rd r, const struct bmp_v4 *v4, struct faults *f)
{
	size_t total, at = (size_t)(r.pos - m->start);
	uint32_t before = f->n;
	struct bmp_peer *p;
	struct rd body;
	unsigned type = bgp_message(&r, &body, &total, f);

	faults_shift(f, before, at);
	if (type != BGP_UPDATE) {
		if (type != 0)
			fault_add(f, FAULT_BGP_TYPE, type, at + 18);
		return;
	}
	p = peer_of_routes(s, h);
	if (rd_left(&r) > 0) {
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
take_update_v4(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer_header h = m->peer;
	struct bmp_v4 v4;

	if (!bmp_v4_parse(m, s->v4_set, &v4, f))
		return;
	h.flags = v4.flags;
	take_update(s, m, &h, v4.message, &v4, f);
}

static void
take_mirror(struct bmp_stream *s, const struct bmp_msg *m)
{
	struct bmp_peer *p = peer_for(s, &m->peer, false);

	if (p != NULL && s->ops->mirror != NULL)
		s->ops->mirror(s->ctx, s, p, m);
}

void
stream_take(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	if (s->terminated)
		stream_quirk(s, NULL, QUIRK_AFTER_TERMINATION);
	if (!s->initiated && m->type != BMP_INITIATION)
		stream_quirk(s, NULL, QUIRK_BEFORE_INITIATION);
	if (m->type == BMP_ROUTE_MONITORING && m->version == 3) {
		take_update(s, m, &m->peer, m->body, NULL, f);
		return;
	}
	switch (m->type) {
	case BMP_ROUTE_MONITORING:
		take_update_v4(s, m, f);
		break;
	case BMP_PEER_UP:
		take_peer_up(s, m, f);
		break;
	case BMP_PEER_DOWN:
		take_peer_down(s, m, f);
		break;
	case BMP_INITIATION:
		take_initiation(s, m, f);
		break;
	case BMP_TERMINATION:
		take_termination(s, m, f);
		break;
	case BMP_STATISTICS:
		take_statistics(s, m, f);
		break;
	case BMP_ROUTE_MIRRORING:
		take_mirror(s, m);
		break;
	default: /* bmp_parse gives no other */
		break;
	}
}

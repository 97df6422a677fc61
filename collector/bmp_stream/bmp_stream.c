#include "collector/bmp_stream/bmp_stream.h"

#include <stdlib.h>

#include "collector/bmp_stream/internal.h"

/* A router's clock further off than a day is no clock. */
static const int64_t clock_off_us = (int64_t)86400 * 1000000;

static const struct {
	const char *name, *text;
} quirks[BMP_QUIRKS] = {
#define QUIRK_ROW(code, name, text) [code] = { name, text },
	BMP_QUIRK_MAP(QUIRK_ROW)
#undef QUIRK_ROW
};

const char *
bmp_quirk_name(enum bmp_quirk q)
{
	return (unsigned)q < BMP_QUIRKS ? quirks[q].name : "unknown";
}

const char *
bmp_quirk_text(enum bmp_quirk q)
{
	return (unsigned)q < BMP_QUIRKS ? quirks[q].text : "unknown quirk";
}

struct bmp_stream *
bmp_stream_new(
    const struct bmp_stream_ops *ops, void *ctx, uint32_t message_max, unsigned peers_max)
{
	struct bmp_stream *s = calloc(1, sizeof(*s));
	unsigned buckets = 16;

	if (s == NULL)
		return NULL;
	while (buckets < peers_max && buckets < 4096)
		buckets *= 2;
	s->buckets = calloc(buckets, sizeof(struct bmp_peer *));
	if (s->buckets == NULL) {
		free(s);
		return NULL;
	}
	s->buckets_n = buckets;
	s->ops = ops;
	s->ctx = ctx;
	s->message_max = message_max;
	s->peers_max = peers_max;
	return s;
}

void
bmp_stream_free(struct bmp_stream *s)
{
	if (s == NULL)
		return;
	peers_free(s);
	free(s->buckets);
	free(s);
}

/* --- counting
 * ----------------------------------------------------------------------------------------------------
 */

static struct bmp_family_count *
family_count(struct bmp_counters *c, struct bgp_family family)
{
	for (unsigned i = 0; i < c->families_n; i++)
		if (c->families[i].family.afi == family.afi &&
		    c->families[i].family.safi == family.safi)
			return &c->families[i];
	if (c->families_n == BMP_FAMILY_COUNTS)
		return NULL;
	c->families[c->families_n] = (struct bmp_family_count){ .family = family };
	return &c->families[c->families_n++];
}

void
bmp_stream_count(struct bmp_stream *s, struct bmp_peer *p, struct bgp_family family,
    uint64_t announced, uint64_t withdrawn)
{
	struct bmp_family_count *f = family_count(&s->counters, family);

	if (f != NULL) {
		f->announced += announced;
		f->withdrawn += withdrawn;
	}
	p->announced += announced;
	p->withdrawn += withdrawn;
}

static void
count_faults(struct bmp_stream *s, struct bmp_peer *p, const struct faults *f)
{
	for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++)
		s->counters.faults[f->v[i].code]++;
	if (p != NULL)
		p->faults += f->n;
	if (f->action >= FAULT_DROP_MESSAGE)
		s->counters.skipped++;
}

/* Families whose routes nobody steps through are counted here. */
static void
count_opaque(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_update *u)
{
	const struct bgp_mp *reach = &u->bgp->reach, *unreach = &u->bgp->unreach;
	int n;

	if (reach->present &&
	    !((reach->family.afi == AFI_IPV4 || reach->family.afi == AFI_IPV6) &&
		(reach->family.safi == SAFI_UNICAST || reach->family.safi == SAFI_MULTICAST))) {
		n = bgp_nlri_count(reach->nlri, reach->family, u->addpath_reach, false);
		bmp_stream_count(s, p, reach->family, n > 0 ? (uint64_t)n : 0, 0);
	}
	if (unreach->present &&
	    !((unreach->family.afi == AFI_IPV4 || unreach->family.afi == AFI_IPV6) &&
		(unreach->family.safi == SAFI_UNICAST || unreach->family.safi == SAFI_MULTICAST))) {
		n = bgp_nlri_count(unreach->nlri, unreach->family, u->addpath_unreach, true);
		bmp_stream_count(s, p, unreach->family, 0, n > 0 ? (uint64_t)n : 0);
	}
}

/* --- time
 * --------------------------------------------------------------------------------------------------------
 */

/* The router's time, 0 when it cannot be used (bmp.md: zero, uptime and boot times are all seen).
 */
static int64_t
router_time(struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_header *h)
{
	int64_t us = (int64_t)h->sec * 1000000 + h->usec;

	if (us == 0) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_ZERO);
		return 0;
	}
	if (s->now_us != 0 && (us > s->now_us + clock_off_us || us < s->now_us - clock_off_us)) {
		stream_quirk(s, p, QUIRK_TIMESTAMP_OFF);
		return 0;
	}
	return us;
}

/* --- messages
 * -----------------------------------------------------------------------------------------------------
 */

static void
take_initiation(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct rd r = m->body;
	struct bmp_tlv tlv;

	while (bmp_tlv_next(&r, m->start, &tlv, f)) {
		if (tlv.type == BMP_INIT_SYS_NAME)
			bmp_text(s->sys_name, sizeof(s->sys_name), tlv.value);
		else if (tlv.type == BMP_INIT_SYS_DESCR)
			bmp_text(s->sys_descr, sizeof(s->sys_descr), tlv.value);
	}
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

static void
take_peer_up(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, true);
	struct bmp_peer_up up;
	struct bmp_tlv tlv;

	if (p == NULL || !bmp_peer_up_parse(m, &up, f))
		return;
	if (p->up && !p->implicit)
		stream_quirk(s, p, QUIRK_PEER_UP_REPEATED);
	if (!p->up) { /* a new session of the peer: what the former one could do is past */
		memset(&p->sent, 0, sizeof(p->sent));
		memset(&p->received, 0, sizeof(p->received));
		p->sent.role = p->received.role = BGP_ROLE_NONE;
		p->addpath_n = 0;
	}
	if (up.sent.empty || up.received.empty)
		stream_quirk(s, p, QUIRK_OPEN_EMPTY);
	p->up = true;
	p->implicit = false;
	refresh_peer(p, &m->peer);
	peer_merge_open(&p->sent, &up.sent);
	peer_merge_open(&p->received, &up.received);
	p->local_as = p->sent.as;
	if (p->as == 0 && m->peer.type == BMP_PEER_LOC_RIB)
		p->as = p->sent.as;
	p->sent_role = p->sent.role;
	p->received_role = p->received.role;
	p->role_conflict = p->sent.role_conflict || p->received.role_conflict;
	memset(p->local_address, 0, sizeof(p->local_address));
	if (bmp_peer_is_v6(&m->peer))
		memcpy(p->local_address, up.local_address, 16);
	else
		memcpy(p->local_address, up.local_address + 12, 4);
	while (bmp_tlv_next(&up.tlvs, m->start, &tlv, f))
		if (tlv.type == BMP_PEER_TABLE_NAME)
			bmp_text(p->table_name, sizeof(p->table_name), tlv.value);
	if (s->ops->peer_up != NULL)
		s->ops->peer_up(s->ctx, s, p, router_time(s, p, &m->peer));
}

static void
take_peer_down(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p = peer_for(s, &m->peer, true);
	struct bmp_peer_down down;

	if (p == NULL || !bmp_peer_down_parse(m, &down, f))
		return;
	if (!p->up)
		stream_quirk(s, p, QUIRK_PEER_DOWN_UNKNOWN);
	p->up = false;
	refresh_peer(p, &m->peer);
	if (s->ops->peer_down != NULL)
		s->ops->peer_down(s->ctx, s, p, &down, router_time(s, p, &m->peer));
}

static struct bmp_peer *
peer_of_routes(struct bmp_stream *s, const struct bmp_peer_header *h)
{
	struct bmp_peer *p = peer_for(s, h, true);
	static const uint8_t zero[16];

	if (p == NULL || p->up)
		return p;
	stream_quirk(s, p, QUIRK_PEER_IMPLICIT);
	if (h->type == BMP_PEER_GLOBAL && memcmp(p->key.address, zero, 16) == 0)
		stream_quirk(s, p, QUIRK_PEER_TYPE_0_NULL);
	p->up = p->implicit = true;
	refresh_peer(p, h);
	/* the router's own AS is in the header of a Loc-RIB peer (RFC 9069 4.1) */
	if (h->type == BMP_PEER_LOC_RIB)
		p->local_as = h->as;
	return p;
}

static void
take_routes(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bgp_update bgp;
	struct bmp_update u = { .bgp = &bgp, .view = bmp_view_of(&m->peer), .faults = f };
	struct bmp_family_count *count;
	struct rd r = m->body, body;
	struct bmp_peer *p;
	size_t total;
	unsigned type = bgp_message(&r, &body, &total, f);

	if (type != BGP_UPDATE) {
		if (type != 0)
			fault_add(f, FAULT_BGP_TYPE, type, (size_t)(m->body.pos - m->start) + 18);
		return;
	}
	if (rd_left(&r) > 0)
		fault_add(f, FAULT_BMP_TRAILING, m->type, (size_t)(r.pos - m->start));
	p = peer_of_routes(s, &m->peer);
	if (p == NULL || !bgp_update_split(body, &bgp, f))
		return;
	p->updates++;
	u.router_us = router_time(s, p, &m->peer);
	u.is_end_of_rib = f->n == 0 && bgp_update_end_of_rib(&bgp, &u.end_of_rib);
	if (u.is_end_of_rib) {
		count = family_count(&s->counters, u.end_of_rib);
		if (count != NULL)
			count->end_of_rib++;
	} else {
		reading_decide(s, p, &u, m->peer.flags);
		count_opaque(s, p, &u);
	}
	if (s->ops->update != NULL)
		s->ops->update(s->ctx, s, p, &u);
}

static void
take_message(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	struct bmp_peer *p;

	if (s->terminated)
		stream_quirk(s, NULL, QUIRK_AFTER_TERMINATION);
	if (!s->initiated && m->type != BMP_INITIATION)
		stream_quirk(s, NULL, QUIRK_BEFORE_INITIATION);
	switch (m->type) {
	case BMP_ROUTE_MONITORING:
		take_routes(s, m, f);
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
		p = peer_for(s, &m->peer, true);
		if (p != NULL && s->ops->statistics != NULL)
			s->ops->statistics(s->ctx, s, p, m);
		break;
	default:
		p = peer_for(s, &m->peer, true);
		if (p != NULL && s->ops->mirror != NULL)
			s->ops->mirror(s->ctx, s, p, m);
	}
}

size_t
bmp_stream_feed(struct bmp_stream *s, const uint8_t *buf, size_t len, int64_t now_us)
{
	size_t at = 0;

	s->now_us = now_us;
	while (!s->broken && !s->stop) {
		struct faults f;
		struct bmp_msg m;
		int64_t n;

		f.n = 0;
		f.action = FAULT_IGNORE;
		n = bmp_frame(buf + at, len - at, s->message_max, &f);
		if (n < 0) {
			s->broken = true;
			s->broken_by = f.v[0];
			count_faults(s, NULL, &f);
			break;
		}
		if (n == 0 || (size_t)n > len - at)
			break;
		if (bmp_parse(buf + at, (size_t)n, &m, &f))
			take_message(s, &m, &f);
		s->counters.messages[m.type < BMP_TYPES ? m.type : BMP_TYPES]++;
		s->counters.bytes += (uint64_t)n;
		if (f.n > 0)
			count_faults(s, m.has_peer && m.type < BMP_TYPES ? s->last : NULL, &f);
		if (s->ops->message != NULL)
			s->ops->message(s->ctx, s, &m, &f);
		at += (size_t)n;
	}
	return at;
}

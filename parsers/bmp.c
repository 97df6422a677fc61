#include "parsers/bmp.h"

int64_t
bmp_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *f)
{
	uint32_t n;

	if (len < BMP_HEADER_LEN)
		return 0;
	if (buf[0] != 3 && buf[0] != 4) {
		fault_add(f, FAULT_BMP_VERSION, buf[0], 0);
		return -1;
	}
	n = be32(buf + 1);
	if (n < BMP_HEADER_LEN || n > max) {
		fault_add(f, FAULT_BMP_LENGTH, buf[5], 1);
		return -1;
	}
	return n;
}

static void
read_peer(struct rd *r, struct bmp_peer_header *p)
{
	const uint8_t *at = rd_take(r, BMP_PEER_HEADER_LEN);

	if (at == NULL)
		return;
	p->type = at[0];
	p->flags = at[1];
	memcpy(p->distinguisher, at + 2, 8);
	memcpy(p->address, at + 10, 16);
	p->as = be32(at + 26);
	memcpy(p->bgp_id, at + 30, 4);
	p->sec = be32(at + 34);
	p->usec = be32(at + 38);
	p->usec_over = p->usec > 999999;
	if (p->usec_over)
		p->usec = 999999;
}

bool
bmp_parse(const uint8_t *frame, size_t len, struct bmp_msg *m, struct faults *f)
{
	struct rd r = rd_of(frame, len);

	m->version = rd_u8(&r);
	m->len = rd_u32(&r);
	m->type = rd_u8(&r);
	m->start = frame;
	m->has_peer = false;
	m->body = r;
	if (m->type >= BMP_TYPES) {
		fault_add(f, FAULT_BMP_TYPE, m->type, 5);
		return false;
	}
	if (m->type != BMP_INITIATION && m->type != BMP_TERMINATION) {
		read_peer(&r, &m->peer);
		m->has_peer = true;
	}
	if (r.failed) {
		m->has_peer = false;
		fault_add(f, FAULT_BMP_SHORT, m->type, len);
		return false;
	}
	m->body = r;
	if (m->has_peer && m->peer.type > BMP_PEER_LOC_RIB) {
		fault_add(f, FAULT_BMP_PEER_TYPE, m->peer.type, 6);
		return false;
	}
	return true;
}

enum bmp_view
bmp_view_of(const struct bmp_peer_header *p)
{
	if (p->type == BMP_PEER_LOC_RIB)
		return BMP_VIEW_LOC_RIB;
	if (p->flags & BMP_FLAG_O)
		return p->flags & BMP_FLAG_L ? BMP_VIEW_OUT_POST : BMP_VIEW_OUT_PRE;
	return p->flags & BMP_FLAG_L ? BMP_VIEW_IN_POST : BMP_VIEW_IN_PRE;
}

bool
bmp_peer_is_v6(const struct bmp_peer_header *p)
{
	return p->type != BMP_PEER_LOC_RIB && (p->flags & BMP_FLAG_V);
}

bool
bmp_tlv_next(struct rd *r, const uint8_t *start, struct bmp_tlv *tlv, struct faults *f)
{
	size_t at = (size_t)(r->pos - start);

	if (rd_left(r) == 0)
		return false;
	tlv->type = rd_u16(r);
	tlv->value = rd_sub(r, rd_u16(r));
	if (r->failed)
		fault_add(f, FAULT_BMP_TLV, tlv->type, at);
	return !r->failed;
}

/* Fault offsets of an inner parser count from its own start: move them to the message's. */
static void
shift_offsets(struct faults *f, uint32_t from, size_t by)
{
	for (uint32_t i = from; i < f->n && i < FAULTS_MAX; i++)
		f->v[i].offset += (uint32_t)by;
}

/* The OPEN at the cursor; what is none is left in `rest`. */
static bool
read_open(struct rd *r, const uint8_t *start, struct bgp_open *open, struct rd *pdu,
    struct rd *rest, struct faults *f)
{
	size_t at = (size_t)(r->pos - start), total;
	uint32_t before = f->n;
	struct rd here = *r, body;
	unsigned type = bgp_message(r, &body, &total, f);

	if (type == BGP_OPEN)
		bgp_open_parse(body, open, f);
	else if (type != 0)
		fault_add(f, FAULT_BGP_TYPE, type, 18);
	shift_offsets(f, before, at + (type == BGP_OPEN ? (size_t)BGP_HEADER_LEN : 0));
	if (type != BGP_OPEN) {
		*rest = here;
		return false;
	}
	*pdu = rd_sub(&here, total);
	return true;
}

bool
bmp_peer_up_parse(const struct bmp_msg *m, struct bmp_peer_up *p, struct faults *f)
{
	struct rd r = m->body;
	const uint8_t *local = rd_take(&r, 16);

	memset(p, 0, sizeof(*p));
	p->sent.role = p->received.role = BGP_ROLE_NONE;
	p->tlvs = p->rest = p->sent_pdu = p->received_pdu = rd_of(r.end, 0);
	p->local_port = rd_u16(&r);
	p->remote_port = rd_u16(&r);
	if (r.failed) {
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
		return false;
	}
	memcpy(p->local_address, local, 16);
	if (!read_open(&r, m->start, &p->sent, &p->sent_pdu, &p->rest, f) ||
	    !read_open(&r, m->start, &p->received, &p->received_pdu, &p->rest, f))
		return true; /* the peer is up all the same; what it can do is not known */
	p->tlvs = r;
	return true;
}

/* The NOTIFICATION at the cursor, which stays where it is when there is none. */
static void
read_notification(struct rd *r, const uint8_t *start, struct bmp_peer_down *p, struct faults *f)
{
	uint32_t before = f->n;
	struct rd here = *r, body;
	size_t total;
	unsigned type;

	p->notification_missing = rd_left(r) == 0; /* old FRR sends none: the reason stands */
	if (p->notification_missing)
		return;
	type = bgp_message(r, &body, &total, f);
	if (type == BGP_NOTIFICATION)
		p->has_notification = bgp_notification_parse(body, &p->notification, f);
	else if (type != 0)
		fault_add(f, FAULT_NOTIFICATION, type, 18);
	shift_offsets(f, before, (size_t)(here.pos - start));
	p->pdu = here;
	if (type != 0)
		p->pdu = rd_sub(&here, total);
}

bool
bmp_peer_down_parse(const struct bmp_msg *m, struct bmp_peer_down *p, struct faults *f)
{
	struct rd r = m->body;

	memset(p, 0, sizeof(*p));
	p->reason = rd_u8(&r);
	p->tlvs = p->pdu = rd_of(r.end, 0);
	if (r.failed) {
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
		return false;
	}
	p->tlvs = r;
	if (p->reason == BMP_DOWN_LOCAL) {
		p->fsm_event = rd_u16(&r);
		if (r.failed) {
			fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
			return true;
		}
	} else if (p->reason == BMP_DOWN_LOCAL_NOTIFICATION ||
		   p->reason == BMP_DOWN_REMOTE_NOTIFICATION) {
		read_notification(&r, m->start, p, f);
	}
	p->tlvs = rd_of(r.pos, rd_left(&r));
	return true;
}

void
bmp_mirror_parse(const struct bmp_msg *m, struct bmp_mirror *out, struct faults *f)
{
	struct rd r = m->body;
	struct bmp_tlv tlv;

	memset(out, 0, sizeof(*out));
	out->pdu = rd_of(r.end, 0);
	while (bmp_tlv_next(&r, m->start, &tlv, f)) {
		struct faults ignored = { .n = 0 };
		struct rd body;
		size_t total;

		if (tlv.type == BMP_MIRROR_INFO && !out->has_info) {
			out->info = rd_u16(&tlv.value);
			out->has_info = !tlv.value.failed;
		} else if (tlv.type == BMP_MIRROR_MESSAGE && out->bgp_type == 0) {
			out->pdu = tlv.value;
			out->bgp_type = bgp_message(&tlv.value, &body, &total, &ignored);
		}
	}
}

enum { V4_STATS_TLV = 1 };

/*
 * In version 4 count and counters are the value of a Stats TLV, type 1. As a count, these first two
 * octets would mean more counters than a message can hold: what starts otherwise is laid out as in
 * version 3, as exporters of the first drafts do.
 */
void
bmp_stats_begin(const struct bmp_msg *m, struct bmp_stats *s, struct faults *f)
{
	struct rd r = m->body;
	struct bmp_tlv tlv;

	memset(s, 0, sizeof(*s));
	s->tlvs = rd_of(r.end, 0);
	s->rest = r;
	if (m->version >= 4 && rd_left(&r) >= 4 && be16(r.pos) == V4_STATS_TLV) {
		s->v4 = true;
		if (!bmp_tlv_next(&r, m->start, &tlv, f)) {
			s->rest = r;
			return;
		}
		s->rest = tlv.value;
		s->tlvs = r;
	}
	s->left = rd_u32(&s->rest);
	if (s->rest.failed)
		fault_add(f, FAULT_BMP_SHORT, m->type, (size_t)(s->rest.end - m->start));
}

bool
bmp_stats_next(const struct bmp_msg *m, struct bmp_stats *s, struct bmp_stat *out, struct faults *f)
{
	size_t at = (size_t)(s->rest.pos - m->start);
	struct rd v;

	if (s->left == 0 || rd_left(&s->rest) == 0) {
		if ((s->left == 0) != (rd_left(&s->rest) == 0) && !s->rest.failed)
			fault_add(f, FAULT_BMP_STATS, m->type, at);
		s->rest.pos = s->rest.end; /* said once */
		s->left = 0;
		return false;
	}
	s->left--;
	memset(out, 0, sizeof(*out));
	out->type = rd_u16(&s->rest);
	v = rd_sub(&s->rest, rd_u16(&s->rest));
	if (s->rest.failed) {
		fault_add(f, FAULT_BMP_TLV, out->type, at);
		return false;
	}
	if (s->v4 && out->type != UINT16_MAX && (out->type & 0x8000)) {
		out->enterprise = true;
		out->type &= 0x7fff;
		out->raw = v;
		out->pen = rd_u32(&v);
		if (v.failed) { /* too short for the enterprise's number: kept as it is */
			fault_add(f, FAULT_BMP_TLV, out->type, at);
			return true;
		}
	}
	out->raw = v;
	/* decided by length: 4 a counter, 8 a gauge, 11 a gauge per family (RFC 7854 4.8) */
	out->has_value = true;
	if (rd_left(&v) == 4) {
		out->value = rd_u32(&v);
	} else if (rd_left(&v) == 8) {
		out->value = rd_u64(&v);
	} else if (rd_left(&v) == 11) {
		out->per_family = true;
		out->family.afi = rd_u16(&v);
		out->family.safi = rd_u8(&v);
		out->value = rd_u64(&v);
	} else {
		out->has_value = false;
	}
	return true;
}

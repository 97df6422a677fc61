#include "parsers/bmp/bmp.h"

#include "parsers/bgp/message.h"
#include "parsers/bmp/v4_revision.h"

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

/* Written in place: this is done once a message, and a copy would have to wait for the octets just
 * written. */
static inline void
put_ipv4(struct ip_addr *out, const uint8_t octets[4])
{
	out->family = IP_V4;
	memcpy(out->b, octets, 4);
	memset(out->b + 4, 0, 12);
}

/*
 * An address field holds IPv6, or IPv4 in its last four octets (RFC 7854 4.2). v6: the V flag says
 * so. Exporters forget the flag, and some write IPv4 in front; then the octets show what it is. No
 * peer has an address in 0.0.0.0/8, or an IPv6 address that ends with 96 zeros.
 */
static inline enum bmp_address_form
parse_address(const uint8_t field[16], bool v6, struct ip_addr *out)
{
	bool v4 = (be64(field) | be32(field + 8)) == 0;

	if (v4 && (!v6 || field[12] != 0)) {
		put_ipv4(out, field + 12);
		return v6 ? BMP_ADDRESS_V_WRONG : BMP_ADDRESS_AS_SAID;
	}
	if (!v6 && (be32(field + 4) | be64(field + 8)) == 0) {
		put_ipv4(out, field);
		return BMP_ADDRESS_LEFT;
	}
	out->family = IP_V6;
	memcpy(out->b, field, 16);
	return v6 ? BMP_ADDRESS_AS_SAID : BMP_ADDRESS_V_WRONG;
}

static void
parse_peer(struct cursor *r, struct bmp_peer_header *p)
{
	const uint8_t *at = cur_take(r, BMP_PEER_HEADER_LEN);

	if (at == NULL)
		return;
	p->type = at[0];
	p->flags = at[1];
	memcpy(p->distinguisher, at + 2, 8);
	p->address_octets = at + 10;
	if (p->type == BMP_PEER_LOC_RIB) { /* zero-filled, and 0x80 is F */
		p->address_form = BMP_ADDRESS_AS_SAID;
		put_ipv4(&p->address, at + 22);
	} else {
		p->address_form =
		    (uint8_t)parse_address(at + 10, p->flags & BMP_FLAG_V, &p->address);
	}
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
	struct cursor r = cur_of(frame, len);

	m->version = cur_u8(&r);
	m->len = cur_u32(&r);
	m->type = cur_u8(&r);
	m->start = frame;
	m->has_peer = false;
	m->body = r;
	if (m->type >= BMP_TYPES) {
		fault_add(f, FAULT_BMP_TYPE, m->type, 5);
		return false;
	}
	if (m->type != BMP_INITIATION && m->type != BMP_TERMINATION) {
		parse_peer(&r, &m->peer);
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
bmp_tlv_next(struct cursor *r, const uint8_t *start, struct bmp_tlv *tlv, struct faults *f)
{
	size_t at = (size_t)(r->pos - start);

	if (cur_left(r) == 0)
		return false;
	tlv->type = cur_u16(r);
	tlv->value = cur_sub(r, cur_u16(r));
	if (r->failed)
		fault_add(f, FAULT_BMP_TLV, tlv->type, at);
	return !r->failed;
}

/* --- Peer Up and Peer Down */

/* The fault of an OPEN or NOTIFICATION inside of a BMP message: only that part is lost. */
static enum fault_code
pdu_fault(uint8_t code)
{
	switch (code) {
	case FAULT_BGP_MARKER:
		return FAULT_PDU_MARKER;
	case FAULT_BGP_LENGTH:
		return FAULT_PDU_LENGTH;
	default:
		return FAULT_PDU_TYPE;
	}
}

/* As bgp_message; offsets count from the BMP message. */
static unsigned
parse_pdu(
    struct cursor *r, const uint8_t *start, struct cursor *body, size_t *total, struct faults *f)
{
	size_t at = (size_t)(r->pos - start);
	struct faults own = { .n = 0 };
	unsigned type = bgp_message(r, body, total, &own);

	for (uint32_t i = 0; i < own.n; i++)
		fault_add(f, pdu_fault(own.v[i].code), own.v[i].item, at + own.v[i].offset);
	return type;
}

/* Parse the OPEN at the cursor. If there is none, `rest` gets the octets. */
static bool
parse_open(struct cursor *r, const uint8_t *start, struct bgp_open *open, struct cursor *pdu,
    struct cursor *rest, struct faults *f)
{
	struct cursor here = *r, body;
	size_t at = (size_t)(r->pos - start), total;
	unsigned type = parse_pdu(r, start, &body, &total, f);
	uint32_t before = f->n;

	if (type != BGP_OPEN) {
		if (type != 0)
			fault_add(f, FAULT_PDU_TYPE, type, at + 18);
		*rest = here;
		return false;
	}
	bgp_open_parse(body, open, f);
	faults_shift(f, before, (size_t)(body.pos - start));
	*pdu = cur_sub(&here, total);
	return true;
}

bool
bmp_peer_up_parse(const struct bmp_msg *m, struct bmp_peer_up *p, struct faults *f)
{
	struct cursor r = m->body;
	const uint8_t *local = cur_take(&r, 16);

	memset(p, 0, sizeof(*p));
	p->sent.role = p->received.role = BGP_ROLE_NONE;
	p->tlvs = p->rest = p->sent_pdu = p->received_pdu = cur_of(r.end, 0);
	p->local_port = cur_u16(&r);
	p->remote_port = cur_u16(&r);
	if (r.failed) {
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
		return false;
	}
	parse_address(local, m->peer.address.family == IP_V6, &p->local_address);
	if (!parse_open(&r, m->start, &p->sent, &p->sent_pdu, &p->rest, f) ||
	    !parse_open(&r, m->start, &p->received, &p->received_pdu, &p->rest, f))
		return true; /* the peer is up all the same; what it can do is not known */
	p->tlvs = r;
	return true;
}

/* Version 4 may have TLVs behind a NOTIFICATION that was left out. */
static bool
only_tlvs(const struct bmp_msg *m, struct cursor r)
{
	struct faults f = { .n = 0 };
	struct bmp_v4_tlv tlv;

	if (m->version < 4 || bmp_v4_has_marker(r))
		return false;
	while (bmp_v4_tlv_next(&r, m->start, false, &tlv, &f)) {
	}
	return f.n == 0;
}

/* The NOTIFICATION at the cursor, which stays where it is when there is none. */
static void
parse_notification(
    struct cursor *r, const struct bmp_msg *m, struct bmp_peer_down *p, struct faults *f)
{
	size_t at = (size_t)(r->pos - m->start), total;
	struct cursor here = *r, body;
	uint32_t before;
	unsigned type;

	/* old FRR sends none: the reason stands */
	p->notification_missing = cur_left(r) == 0 || only_tlvs(m, *r);
	if (p->notification_missing)
		return;
	type = parse_pdu(r, m->start, &body, &total, f);
	before = f->n;
	if (type == BGP_NOTIFICATION) {
		p->has_notification = bgp_notification_parse(body, &p->notification, f);
		faults_shift(f, before, (size_t)(body.pos - m->start));
	} else if (type != 0) {
		fault_add(f, FAULT_NOTIFICATION, type, at + 18);
	}
	p->pdu = here;
	if (type != 0)
		p->pdu = cur_sub(&here, total);
}

bool
bmp_peer_down_parse(const struct bmp_msg *m, struct bmp_peer_down *p, struct faults *f)
{
	struct cursor r = m->body;

	memset(p, 0, sizeof(*p));
	p->reason = cur_u8(&r);
	p->tlvs = p->pdu = cur_of(r.end, 0);
	if (r.failed) {
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
		return false;
	}
	p->tlvs = r;
	if (p->reason == BMP_DOWN_LOCAL) {
		if (cur_left(&r) < 2) {
			fault_add(f, FAULT_BMP_EVENT, p->reason, (size_t)(r.pos - m->start));
			return true;
		}
		p->has_event = true;
		p->fsm_event = cur_u16(&r);
	} else if (p->reason == BMP_DOWN_LOCAL_NOTIFICATION ||
		   p->reason == BMP_DOWN_REMOTE_NOTIFICATION) {
		parse_notification(&r, m, p, f);
	}
	p->tlvs = cur_of(r.pos, cur_left(&r));
	return true;
}

/* --- Termination */

uint16_t
bmp_termination_reason(const struct bmp_msg *m, struct faults *f)
{
	struct cursor r = m->body;
	struct bmp_tlv tlv;
	uint16_t reason = BMP_TERM_UNSPECIFIED;

	while (bmp_tlv_next(&r, m->start, &tlv, f)) {
		if (tlv.type != BMP_TERM_REASON)
			continue;
		if (cur_left(&tlv.value) == 2)
			reason = cur_u16(&tlv.value);
		else
			fault_add(
			    f, FAULT_BMP_REASON, tlv.type, (size_t)(tlv.value.pos - m->start));
	}
	return reason;
}

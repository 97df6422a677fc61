#include "parsers/bmp.h"

#include <stdio.h>

int64_t
bmp_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *f)
{
	uint32_t n;

	if (len < BMP_HEADER_LEN)
		return 0;
	if (buf[0] != 3) {
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
	if (p->usec > 999999)
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
	if (m->type >= BMP_TYPES) {
		fault_add(f, FAULT_BMP_TYPE, m->type, 5);
		return false;
	}
	if (m->type != BMP_INITIATION && m->type != BMP_TERMINATION) {
		read_peer(&r, &m->peer);
		m->has_peer = true;
	}
	if (r.failed) {
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

static bool
read_open(struct rd *r, const uint8_t *start, struct bgp_open *open, struct faults *f)
{
	size_t at = (size_t)(r->pos - start), total;
	uint32_t before = f->n;
	struct rd body;
	unsigned type = bgp_message(r, &body, &total, f);

	if (type == BGP_OPEN)
		bgp_open_parse(body, open, f);
	else if (type != 0)
		fault_add(f, FAULT_BGP_TYPE, type, 18);
	shift_offsets(f, before, at + (type == BGP_OPEN ? (size_t)BGP_HEADER_LEN : 0));
	return type == BGP_OPEN;
}

bool
bmp_peer_up_parse(const struct bmp_msg *m, struct bmp_peer_up *p, struct faults *f)
{
	struct rd r = m->body;
	const uint8_t *local = rd_take(&r, 16);

	memset(p, 0, sizeof(*p));
	p->sent.role = p->received.role = BGP_ROLE_NONE;
	p->tlvs = rd_of(r.end, 0);
	p->local_port = rd_u16(&r);
	p->remote_port = rd_u16(&r);
	if (r.failed) {
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
		return false;
	}
	memcpy(p->local_address, local, 16);
	if (!read_open(&r, m->start, &p->sent, f) || !read_open(&r, m->start, &p->received, f))
		return true; /* the peer is up all the same; what it can do is not known */
	p->tlvs = r;
	return true;
}

enum {
	DOWN_LOCAL_NOTIFICATION = 1,
	DOWN_LOCAL = 2,
	DOWN_REMOTE_NOTIFICATION = 3,
	DOWN_LOCAL_TLVS = 6
};

bool
bmp_peer_down_parse(const struct bmp_msg *m, struct bmp_peer_down *p, struct faults *f)
{
	struct rd r = m->body, body;
	uint32_t before = f->n;
	size_t total, at;

	memset(p, 0, sizeof(*p));
	p->reason = rd_u8(&r);
	p->tlvs = rd_of(r.end, 0);
	if (r.failed) {
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
		return false;
	}
	if (p->reason == DOWN_LOCAL) {
		p->fsm_event = rd_u16(&r);
		if (r.failed)
			fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
	} else if (p->reason == DOWN_LOCAL_NOTIFICATION || p->reason == DOWN_REMOTE_NOTIFICATION) {
		if (rd_left(&r) == 0) /* old FRR sends none: the reason stands */
			return true;
		at = (size_t)(r.pos - m->start);
		if (bgp_message(&r, &body, &total, f) == BGP_NOTIFICATION)
			p->has_notification = bgp_notification_parse(body, &p->notification, f);
		shift_offsets(f, before, at);
	}
	p->tlvs = r;
	return true;
}

void
bmp_stats_begin(const struct bmp_msg *m, struct bmp_stats *s, struct faults *f)
{
	s->rest = m->body;
	s->left = rd_u32(&s->rest);
	if (s->rest.failed)
		fault_add(f, FAULT_BMP_SHORT, m->type, m->len);
}

bool
bmp_stats_next(const struct bmp_msg *m, struct bmp_stats *s, struct bmp_stat *out, struct faults *f)
{
	size_t at = (size_t)(s->rest.pos - m->start);
	struct rd v;

	if (s->left == 0 || rd_left(&s->rest) == 0) {
		if ((s->left == 0) != (rd_left(&s->rest) == 0) && !s->rest.failed)
			fault_add(f, FAULT_BMP_STATS, m->type, at);
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
	out->raw = v;
	/* decided by length: 4 a counter, 8 a gauge, 11 a gauge per family (RFC 7854 4.8) */
	if (rd_left(&v) == 4) {
		out->value = rd_u32(&v);
	} else if (rd_left(&v) == 8) {
		out->value = rd_u64(&v);
	} else if (rd_left(&v) == 11) {
		out->per_family = true;
		out->family.afi = rd_u16(&v);
		out->family.safi = rd_u8(&v);
		out->value = rd_u64(&v);
	}
	return true;
}

/* --- names
 * ---------------------------------------------------------------------------------------------------------
 */

const char *
bmp_type_name(unsigned type)
{
	static const char *const names[BMP_TYPES] = { "route_monitoring", "statistics_report",
		"peer_down", "peer_up", "initiation", "termination", "route_mirroring" };

	return type < BMP_TYPES ? names[type] : "unknown";
}

const char *
bmp_view_name(unsigned view)
{
	static const char *const names[BMP_VIEWS] = { "adj-rib-in-pre", "adj-rib-in-post",
		"loc-rib", "adj-rib-out-pre", "adj-rib-out-post" };

	return view < BMP_VIEWS ? names[view] : "unknown";
}

const char *
bmp_peer_down_reason_name(uint8_t reason)
{
	static const char *const names[] = { "reserved", "local system closed with NOTIFICATION",
		"local system closed", "remote system closed with NOTIFICATION",
		"remote system closed", "peer de-configured", "local system closed, TLVs follow" };

	return reason < sizeof(names) / sizeof(names[0]) ? names[reason] : "unknown reason";
}

const char *
bmp_stat_name(uint16_t type)
{
	static const char *const names[] = {
		"prefixes rejected by inbound policy",
		"duplicate prefix advertisements",
		"duplicate withdraws",
		"updates invalidated by CLUSTER_LIST loop",
		"updates invalidated by AS_PATH loop",
		"updates invalidated by ORIGINATOR_ID",
		"updates invalidated by AS_CONFED loop",
		"routes in Adj-RIBs-In",
		"routes in Loc-RIB",
		"routes in Adj-RIB-In per family",
		"routes in Loc-RIB per family",
		"updates treated as withdraw",
		"prefixes treated as withdraw",
		"duplicate update messages",
		"routes in pre-policy Adj-RIB-Out",
		"routes in post-policy Adj-RIB-Out",
		"routes in pre-policy Adj-RIB-Out per family",
		"routes in post-policy Adj-RIB-Out per family",
		"routes in pre-policy Adj-RIB-In",
		"routes in pre-policy Adj-RIB-In per family",
		"routes in post-policy Adj-RIB-In",
		"routes in post-policy Adj-RIB-In per family",
		"routes rejected by inbound policy per family",
		"routes accepted by inbound policy per family",
		NULL,
		NULL,
		"routes suppressed by damping per family",
		"routes stale by graceful restart per family",
		"routes stale by LLGR per family",
		"routes left before the received-route threshold",
		"routes left before the received-route threshold per family",
		"routes left before a licence threshold",
		"routes left before a licence threshold per family",
		"routes rejected for AS_PATH length",
		"routes rejected for AS_PATH length per family",
		"routes ROV-invalid per family",
		"routes ROV-valid per family",
		"routes ROV-not-found per family",
		"routes rejected by outbound policy per family",
		"routes filtered on export for AS_PATH length",
		"routes filtered on export for AS_PATH length per family",
		"exported routes ROV-invalid per family",
		"exported routes ROV-valid per family",
		"exported routes ROV-not-found per family",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

const char *
bmp_distinguisher_format(const uint8_t rd[8], char *buf, size_t size)
{
	switch (be16(rd)) {
	case 0:
		snprintf(buf, size, "%u:%u", be16(rd + 2), be32(rd + 4));
		break;
	case 1:
		snprintf(buf, size, "%u.%u.%u.%u:%u", rd[2], rd[3], rd[4], rd[5], be16(rd + 6));
		break;
	case 2:
		snprintf(buf, size, "%u:%u", be32(rd + 2), be16(rd + 6));
		break;
	default:
		snprintf(buf, size, "0x%08x%08x", be32(rd), be32(rd + 4));
	}
	return buf;
}

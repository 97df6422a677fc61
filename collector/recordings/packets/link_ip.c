/* IP packets, and the tunnels that carry more of them. */
#include "collector/recordings/packets/link_walk.h"

enum {
	PROTO_HOP_BY_HOP = 0,
	PROTO_IPV4 = 4,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_IPV6 = 41,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_GRE = 47,
	PROTO_ESP = 50,
	PROTO_AH = 51,
	PROTO_IPCOMP = 108,
	PROTO_L2TP = 115,
	PROTO_OPTIONS = 60,
	PROTO_MPLS = 137,
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_VERSION = 0x0007,
	GRE_ERSPAN = 0x88be,
	GRE_ERSPAN_3 = 0x22eb,
	ERSPAN_3_SUBHEADER = 0x0001,
};

static enum walk_step
walk_tcp(struct walk *w)
{
	struct tcp_segment *s = &w->out->tcp;
	struct cursor r = w->r;
	unsigned header;

	s->from_port = cur_u16(&r);
	s->to_port = cur_u16(&r);
	s->seq = cur_u32(&r);
	s->ack = cur_u32(&r);
	header = (cur_u8(&r) >> 4) * 4U;
	s->flags = cur_u8(&r);
	if (r.failed || header < 20)
		return walk_end(w, LINK_SHORT);
	r = w->r;
	cur_take(&r, header);
	if (r.failed)
		return walk_end(w, LINK_SHORT);
	s->payload = r;
	s->missing = w->missing;
	return walk_end(w, LINK_TCP);
}

/* --- tunnels */

/* A mirrored frame behind GRE: type I has no header, type II one of 8 octets, type III one of 12,
 * and 8 more if it says so (draft-foschiano-erspan 4). */
static enum walk_step
walk_erspan(struct walk *w, unsigned proto, bool numbered)
{
	unsigned last;

	if (proto == GRE_ERSPAN) {
		cur_take(&w->r, numbered ? 8 : 0);
	} else {
		cur_take(&w->r, 10);
		last = cur_u16(&w->r);
		cur_take(&w->r, last & ERSPAN_3_SUBHEADER ? 8 : 0);
		if ((last >> 10 & 0x1f) == 2) /* its frame type */
			return w->r.failed ? walk_end(w, LINK_SHORT) : WALK_IP;
	}
	return w->r.failed ? walk_end(w, LINK_SHORT) : WALK_FRAME;
}

/* RFC 2784, RFC 2890. */
static enum walk_step
walk_gre(struct walk *w)
{
	unsigned flags = cur_u16(&w->r), proto = cur_u16(&w->r);

	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	if ((flags & GRE_VERSION) != 0)
		return walk_unread(w, "PPTP");
	if (flags & GRE_ROUTING)
		return walk_unread(w, "GRE with routing");
	cur_take(&w->r, (flags & GRE_CHECKSUM ? 4U : 0U) + (flags & GRE_KEY ? 4U : 0U) +
			    (flags & GRE_SEQUENCE ? 4U : 0U));
	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	if (proto == GRE_ERSPAN || proto == GRE_ERSPAN_3)
		return walk_erspan(w, proto, flags & GRE_SEQUENCE);
	if (proto == ETHER_BRIDGED)
		return WALK_FRAME;
	return walk_on(w, WALK_ETHER, proto);
}

/* VXLAN (RFC 7348 5), by its ports; others that may hold TCP are named. */
static enum walk_step
walk_udp(struct walk *w)
{
	unsigned port, flags;

	cur_u16(&w->r);
	port = cur_u16(&w->r);
	cur_u32(&w->r);
	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	switch (port) {
	case 4789:
	case 8472: /* Linux, before the port was assigned */
		flags = cur_u8(&w->r);
		cur_take(&w->r, 7);
		if (w->r.failed)
			return walk_end(w, LINK_SHORT);
		return flags & 0x08 ? WALK_FRAME : walk_end(w, LINK_OTHER);
	case 6635:
		return WALK_MPLS; /* RFC 7510 */
	case 1701:
		return walk_unread(w, "L2TP");
	case 2152:
		return walk_unread(w, "GTP");
	case 4500:
		return walk_unread(w, "ESP");
	case 4754:
		return walk_unread(w, "GRE in UDP");
	case 6081:
		return walk_unread(w, "Geneve");
	case 37008:
		return walk_unread(w, "TZSP");
	default:
		return walk_end(w, LINK_OTHER);
	}
}

/* --- IP */

/* The IP header says how long the packet is. Octets behind that are padding, octets short of it
 * were not captured. With a length of 0 the packet was captured before the network card cut it into
 * segments: all octets count. */
static void
fit(struct walk *w, const uint8_t *start, size_t total)
{
	size_t there = (size_t)(w->r.end - start);

	if (total == 0)
		return;
	if (total < there) {
		if (start + total < w->r.pos)
			w->r.failed = true;
		else
			w->r.end = start + total;
		w->missing = 0;
	} else {
		w->missing = total - there;
	}
}

/* Might a packet of this protocol hold TCP? */
static bool
may_hold_tcp(unsigned proto)
{
	static const uint8_t protos[] = { PROTO_HOP_BY_HOP, PROTO_IPV4, PROTO_TCP, PROTO_UDP,
		PROTO_IPV6, PROTO_ROUTING, PROTO_GRE, PROTO_AH, PROTO_OPTIONS, PROTO_MPLS };

	return memchr(protos, (int)proto, sizeof(protos)) != NULL;
}

static enum walk_step
fragment(struct walk *w, unsigned proto, uint32_t id, uint32_t offset, bool more)
{
	struct tcp_segment *s = &w->out->tcp;
	struct ip_fragment *f = &w->out->fragment;

	if (!may_hold_tcp(proto))
		return walk_end(w, LINK_OTHER);
	f->v6 = s->v6;
	memcpy(f->from, s->from, sizeof(f->from));
	memcpy(f->to, s->to, sizeof(f->to));
	f->id = id;
	f->proto = (uint8_t)proto;
	f->offset = offset;
	f->more = more;
	f->payload = w->r;
	f->missing = w->missing;
	return walk_end(w, LINK_FRAGMENT);
}

static void
set_addresses(struct tcp_segment *s, const uint8_t *at, size_t width)
{
	s->v6 = width == 16;
	memset(s->from, 0, sizeof(s->from));
	memset(s->to, 0, sizeof(s->to));
	memcpy(s->from, at, width);
	memcpy(s->to, at + width, width);
}

static enum walk_step
walk_ipv4(struct walk *w)
{
	const uint8_t *start = w->r.pos, *at;
	unsigned header = (cur_u8(&w->r) & 0x0f) * 4U, total, id, offset, proto;

	cur_u8(&w->r);
	total = cur_u16(&w->r);
	id = cur_u16(&w->r);
	offset = cur_u16(&w->r);
	cur_u8(&w->r);
	proto = cur_u8(&w->r);
	cur_u16(&w->r);
	at = cur_take(&w->r, 8);
	if (at == NULL || header < 20)
		return walk_end(w, LINK_SHORT);
	cur_take(&w->r, header - 20);
	fit(w, start, total);
	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	set_addresses(&w->out->tcp, at, 4);
	if (offset & 0x3fff) /* an offset, or more to come */
		return fragment(w, proto, id, (offset & 0x1fff) * 8, offset & 0x2000);
	return walk_on(w, WALK_PROTO, proto);
}

static enum walk_step
walk_ipv6(struct walk *w)
{
	const uint8_t *start = w->r.pos, *at;
	unsigned total, next;

	cur_u32(&w->r);
	total = cur_u16(&w->r);
	next = cur_u8(&w->r);
	cur_u8(&w->r);
	at = cur_take(&w->r, 32);
	if (at == NULL)
		return walk_end(w, LINK_SHORT);
	fit(w, start, total != 0 ? total + 40 : 0);
	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	set_addresses(&w->out->tcp, at, 16);
	return walk_on(w, WALK_PROTO, next);
}

enum walk_step
walk_ip(struct walk *w)
{
	if (cur_left(&w->r) == 0)
		return walk_end(w, LINK_SHORT);
	if (w->depth++ == WALK_DEPTH_MAX)
		return walk_unread(w, "deeply nested");
	switch (*w->r.pos >> 4) {
	case 4:
		return walk_ipv4(w);
	case 6:
		return walk_ipv6(w);
	default:
		return walk_end(w, LINK_OTHER);
	}
}

/* Skip an extension header. Returns what follows it; -1 when `proto` is none. */
static int
skip_extension(struct walk *w, unsigned proto)
{
	unsigned next, n;

	if (proto != PROTO_HOP_BY_HOP && proto != PROTO_ROUTING && proto != PROTO_OPTIONS &&
	    proto != PROTO_AH)
		return -1;
	next = cur_u8(&w->r);
	n = cur_u8(&w->r);
	cur_take(&w->r, proto == PROTO_AH ? (n + 2) * 4 - 2 : n * 8 + 6);
	return (int)next;
}

/* A packet of one fragment is whole (RFC 6946). */
static enum walk_step
walk_fragment(struct walk *w)
{
	unsigned next = cur_u8(&w->r), offset;
	uint32_t id;

	cur_u8(&w->r);
	offset = cur_u16(&w->r);
	id = cur_u32(&w->r);
	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	if ((offset & 0xfff9) == 0)
		return walk_on(w, WALK_PROTO, next);
	return fragment(w, next, id, offset & 0xfff8, offset & 1);
}

static enum walk_step
walk_payload(struct walk *w, unsigned proto)
{
	switch (proto) {
	case PROTO_TCP:
		return walk_tcp(w);
	case PROTO_UDP:
		return walk_udp(w);
	case PROTO_IPV4:
	case PROTO_IPV6:
		return WALK_IP;
	case PROTO_GRE:
		return walk_gre(w);
	case PROTO_MPLS:
		return WALK_MPLS; /* RFC 4023 */
	case PROTO_ESP:
		return walk_unread(w, "ESP");
	case PROTO_IPCOMP:
		return walk_unread(w, "IPComp");
	case PROTO_L2TP:
		return walk_unread(w, "L2TPv3");
	default:
		return walk_end(w, LINK_OTHER);
	}
}

enum walk_step
walk_proto(struct walk *w, unsigned proto)
{
	for (int i = 0; i < WALK_TAGS_MAX; i++) {
		int next = skip_extension(w, proto);

		if (w->r.failed)
			return walk_end(w, LINK_SHORT);
		if (next < 0)
			break;
		proto = (unsigned)next;
	}
	if (proto == PROTO_FRAGMENT) {
		if (w->depth++ == WALK_DEPTH_MAX)
			return walk_unread(w, "deeply nested");
		return walk_fragment(w);
	}
	return walk_payload(w, proto);
}

#include "collector/files/link.h"

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	ETHER_VLAN = 0x8100,
	ETHER_QINQ = 0x88a8,
	ETHER_QINQ_OLD = 0x9100,
	ETHER_MPLS = 0x8847,
	ETHER_PPPOE = 0x8864,
	PROTO_TCP = 6,
	V6_HOP_BY_HOP = 0,
	V6_ROUTING = 43,
	V6_FRAGMENT = 44,
	V6_OPTIONS = 60,
	TAGS_MAX = 8,
};

bool
link_known(int type)
{
	switch (type) {
	case LINK_NULL:
	case LINK_ETHERNET:
	case LINK_PPP:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_RAW:
	case LINK_LOOP:
	case LINK_SLL:
	case LINK_IPV4:
	case LINK_IPV6:
	case LINK_JUNIPER_ETHER:
	case LINK_SLL2:
		return true;
	default:
		return false;
	}
}

/* Octets of the packet that were sent and are not in the capture are after the cursor's end. */
struct packet {
	struct rd r;
	size_t missing;
};

static enum link_result
take_tcp(struct packet *p, struct tcp_segment *s)
{
	struct rd r = p->r;
	unsigned header;

	s->from_port = rd_u16(&r);
	s->to_port = rd_u16(&r);
	s->seq = rd_u32(&r);
	s->ack = rd_u32(&r);
	header = (rd_u8(&r) >> 4) * 4U;
	s->flags = rd_u8(&r);
	if (r.failed || header < 20)
		return LINK_SHORT;
	r = p->r;
	rd_take(&r, header);
	if (r.failed)
		return LINK_SHORT;
	s->payload = r;
	s->missing = p->missing;
	return LINK_TCP;
}

/* The IP header tells how long the packet is: what follows is padding, what is not there was not
 * captured. 0: a capture before the segments were cut, all that is there counts. */
static void
fit(struct packet *p, const uint8_t *start, size_t total)
{
	size_t there = (size_t)(p->r.end - start);

	if (total == 0)
		return;
	if (total < there) {
		if (start + total < p->r.pos)
			p->r.failed = true;
		else
			p->r.end = start + total;
		p->missing = 0;
	} else {
		p->missing = total - there;
	}
}

static enum link_result
take_ipv4(struct packet *p, struct tcp_segment *s)
{
	const uint8_t *start = p->r.pos, *at;
	unsigned header = (rd_u8(&p->r) & 0x0f) * 4U, total, fragment, proto;

	rd_u8(&p->r);
	total = rd_u16(&p->r);
	rd_u16(&p->r);
	fragment = rd_u16(&p->r);
	rd_u8(&p->r);
	proto = rd_u8(&p->r);
	rd_u16(&p->r);
	at = rd_take(&p->r, 8);
	if (at == NULL || header < 20)
		return LINK_SHORT;
	rd_take(&p->r, header - 20);
	fit(p, start, total);
	if (p->r.failed)
		return LINK_SHORT;
	if (proto != PROTO_TCP)
		return LINK_OTHER;
	if (fragment & 0x3fff) /* an offset, or more to come */
		return LINK_FRAGMENT;
	s->v6 = false;
	memcpy(s->from, at, 4);
	memcpy(s->to, at + 4, 4);
	return take_tcp(p, s);
}

static enum link_result
take_ipv6(struct packet *p, struct tcp_segment *s)
{
	const uint8_t *start = p->r.pos, *at;
	unsigned total, next;

	rd_u32(&p->r);
	total = rd_u16(&p->r);
	next = rd_u8(&p->r);
	rd_u8(&p->r);
	at = rd_take(&p->r, 32);
	if (at == NULL)
		return LINK_SHORT;
	fit(p, start, total != 0 ? total + 40 : 0);
	s->v6 = true;
	memcpy(s->from, at, 16);
	memcpy(s->to, at + 16, 16);
	for (int i = 0; i < TAGS_MAX; i++) {
		unsigned here = next;

		if (here == PROTO_TCP)
			return p->r.failed ? LINK_SHORT : take_tcp(p, s);
		if (here == V6_FRAGMENT)
			return LINK_FRAGMENT;
		if (here != V6_HOP_BY_HOP && here != V6_ROUTING && here != V6_OPTIONS)
			break;
		next = rd_u8(&p->r);
		rd_take(&p->r, 6 + 8 * (size_t)rd_u8(&p->r));
	}
	return p->r.failed ? LINK_SHORT : LINK_OTHER;
}

static enum link_result
take_ip(struct packet *p, struct tcp_segment *s)
{
	if (rd_left(&p->r) == 0)
		return LINK_SHORT;
	switch (*p->r.pos >> 4) {
	case 4:
		return take_ipv4(p, s);
	case 6:
		return take_ipv6(p, s);
	default:
		return LINK_OTHER;
	}
}

/* The protocol numbers of PPP (RFC 1661 2) as those of Ethernet. */
static unsigned
ether_of_ppp(unsigned proto)
{
	return proto == 0x0021 ? ETHER_IPV4 : proto == 0x0057 ? ETHER_IPV6 : 0;
}

static enum link_result
take_ether(struct packet *p, unsigned type, struct tcp_segment *s)
{
	for (int i = 0; i < TAGS_MAX && !p->r.failed; i++) {
		switch (type) {
		case ETHER_IPV4:
		case ETHER_IPV6:
			return take_ip(p, s);
		case ETHER_VLAN:
		case ETHER_QINQ:
		case ETHER_QINQ_OLD:
			rd_u16(&p->r);
			type = rd_u16(&p->r);
			break;
		case ETHER_MPLS:
			while (!p->r.failed && !(rd_u32(&p->r) & 0x100)) {
			}
			return p->r.failed ? LINK_SHORT : take_ip(p, s);
		case ETHER_PPPOE:
			rd_take(&p->r, 6);
			type = ether_of_ppp(rd_u16(&p->r));
			break;
		default:
			return LINK_OTHER;
		}
	}
	return p->r.failed ? LINK_SHORT : LINK_OTHER;
}

/* A captured Ethernet frame of Junos: "MGC", flags, with 0x80 a length and TLVs, then the frame. */
static enum link_result
take_juniper(struct packet *p, struct tcp_segment *s)
{
	const uint8_t *magic = rd_take(&p->r, 3);
	unsigned flags = rd_u8(&p->r), type;

	if (magic == NULL || memcmp(magic, "MGC", 3) != 0)
		return LINK_OTHER;
	if (flags & 0x80)
		rd_take(&p->r, rd_u16(&p->r));
	rd_take(&p->r, 12);
	type = rd_u16(&p->r);
	return p->r.failed ? LINK_SHORT : take_ether(p, type, s);
}

enum link_result
link_tcp(int type, const uint8_t *frame, size_t captured, size_t sent, struct tcp_segment *s)
{
	struct packet p = { rd_of(frame, captured), sent > captured ? sent - captured : 0 };
	unsigned proto;

	memset(s, 0, sizeof(*s));
	switch (type) {
	case LINK_ETHERNET:
		rd_take(&p.r, 12);
		proto = rd_u16(&p.r);
		return p.r.failed ? LINK_SHORT : take_ether(&p, proto, s);
	case LINK_SLL:
		rd_take(&p.r, 14);
		proto = rd_u16(&p.r);
		return p.r.failed ? LINK_SHORT : take_ether(&p, proto, s);
	case LINK_SLL2:
		proto = rd_u16(&p.r);
		rd_take(&p.r, 18);
		return p.r.failed ? LINK_SHORT : take_ether(&p, proto, s);
	case LINK_PPP:
		if (rd_left(&p.r) > 0 && *p.r.pos == 0xff) /* address and control (RFC 1662 3.1) */
			rd_u16(&p.r);
		proto = rd_u16(&p.r);
		return p.r.failed ? LINK_SHORT : take_ether(&p, ether_of_ppp(proto), s);
	case LINK_JUNIPER_ETHER:
		return take_juniper(&p, s);
	case LINK_NULL:
	case LINK_LOOP:
		rd_u32(&p.r); /* the address family of another machine: IP says itself what it is */
		return p.r.failed ? LINK_SHORT : take_ip(&p, s);
	default:
		return take_ip(&p, s);
	}
}

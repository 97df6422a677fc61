/* Frames: what is around an IP packet. */
#include "collector/recordings/packets/link.h"

#include "collector/recordings/packets/link_walk.h"

bool
link_known(int type)
{
	switch (type) {
	case LINK_NULL:
	case LINK_ETHERNET:
	case LINK_PPP:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_PPP_HDLC:
	case LINK_RAW:
	case LINK_CISCO_HDLC:
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

/* Labels, then an IP packet, or a pseudowire with its control word (RFC 4385 3). */
enum link_result
walk_mpls(struct walk *w)
{
	while (!w->r.failed && !(cur_u32(&w->r) & 0x100)) {
	}
	if (w->r.failed || cur_left(&w->r) == 0)
		return LINK_SHORT;
	switch (*w->r.pos >> 4) {
	case 4:
	case 6:
		return walk_ip(w);
	case 0:
		cur_u32(&w->r);
		return walk_frame(w);
	default:
		return walk_unread(w, "MPLS pseudowire");
	}
}

/* Protocol numbers of PPP (RFC 1661 2), of one octet when compressed (6.5). */
static enum link_result
walk_ppp(struct walk *w)
{
	bool one = cur_left(&w->r) > 0 && (*w->r.pos & 1);
	unsigned proto = one ? cur_u8(&w->r) : cur_u16(&w->r);

	if (w->r.failed)
		return LINK_SHORT;
	switch (proto) {
	case 0x0021:
	case 0x0057:
		return walk_ip(w);
	case 0x0281:
	case 0x0283:
		return walk_mpls(w);
	case 0x003d:
		return walk_unread(w, "PPP multilink");
	case 0x002d:
	case 0x002f:
		return walk_unread(w, "PPP header compression");
	default:
		return LINK_OTHER;
	}
}

/* Address and control come first (RFC 1662 3.1), if they were not left out; Cisco's HDLC has a type
 * of Ethernet there. */
static enum link_result
walk_hdlc(struct walk *w)
{
	uint8_t address = cur_left(&w->r) > 0 ? *w->r.pos : 0;
	unsigned type;

	if (address == 0xff)
		cur_u16(&w->r);
	if (address != 0x0f && address != 0x8f)
		return walk_ppp(w);
	cur_u16(&w->r);
	type = cur_u16(&w->r);
	return w->r.failed ? LINK_SHORT : walk_ether(w, type);
}

/* Behind a length in place of the type: IP has a SNAP header there (RFC 1042). */
static enum link_result
walk_llc(struct walk *w)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 0x03, 0, 0, 0 };
	const uint8_t *llc = cur_take(&w->r, 3);
	unsigned type;

	if (llc == NULL)
		return LINK_SHORT;
	if (memcmp(llc, snap, 3) != 0)
		return LINK_OTHER;
	cur_take(&w->r, 3);
	type = cur_u16(&w->r);
	if (w->r.failed)
		return LINK_SHORT;
	return memcmp(llc, snap, sizeof(snap)) == 0 && type > 1500 ? walk_ether(w, type)
								   : LINK_OTHER;
}

enum link_result
walk_ether(struct walk *w, unsigned type)
{
	for (int i = 0; i < WALK_TAGS_MAX; i++) {
		switch (type) {
		case ETHER_IPV4:
		case ETHER_IPV6:
			return walk_ip(w);
		case ETHER_VLAN:
		case ETHER_QINQ:
		case ETHER_QINQ_OLD:
			cur_u16(&w->r);
			type = cur_u16(&w->r);
			if (w->r.failed)
				return LINK_SHORT;
			break;
		case ETHER_MPLS:
		case ETHER_MPLS_UPSTREAM:
			return walk_mpls(w);
		case ETHER_PPPOE:
			cur_take(&w->r, 6);
			return walk_ppp(w);
		case 0x88e5:
			return walk_unread(w, "MACsec");
		case 0x88e7:
			return walk_unread(w, "802.1ah");
		case 0x894f:
			return walk_unread(w, "NSH");
		default:
			return type <= 1500 ? walk_llc(w) : LINK_OTHER;
		}
	}
	return walk_unread(w, "more tags than are read");
}

enum link_result
walk_frame(struct walk *w)
{
	unsigned type;

	if (w->depth++ == WALK_DEPTH_MAX)
		return walk_unread(w, "deeply nested");
	cur_take(&w->r, 12);
	type = cur_u16(&w->r);
	return w->r.failed ? LINK_SHORT : walk_ether(w, type);
}

/* A captured Ethernet frame of Junos: "MGC", flags, with 0x80 a length and TLVs, then the frame. */
static enum link_result
walk_juniper(struct walk *w)
{
	const uint8_t *magic = cur_take(&w->r, 3);
	unsigned flags = cur_u8(&w->r);

	if (magic == NULL || memcmp(magic, "MGC", 3) != 0)
		return LINK_OTHER;
	if (flags & 0x80)
		cur_take(&w->r, cur_u16(&w->r));
	return walk_frame(w);
}

enum link_result
link_tcp(int type, const uint8_t *frame, size_t captured, size_t sent, struct link_packet *out)
{
	struct walk w = { .r = cur_of(frame, captured),
		.missing = sent > captured ? sent - captured : 0,
		.out = out };
	unsigned proto;

	memset(out, 0, sizeof(*out));
	switch (type) {
	case LINK_ETHERNET:
		return walk_frame(&w);
	case LINK_SLL:
		cur_take(&w.r, 14);
		proto = cur_u16(&w.r);
		return w.r.failed ? LINK_SHORT : walk_ether(&w, proto);
	case LINK_SLL2:
		proto = cur_u16(&w.r);
		cur_take(&w.r, 18);
		return w.r.failed ? LINK_SHORT : walk_ether(&w, proto);
	case LINK_PPP:
	case LINK_PPP_HDLC:
	case LINK_CISCO_HDLC:
		return walk_hdlc(&w);
	case LINK_JUNIPER_ETHER:
		return walk_juniper(&w);
	case LINK_NULL:
	case LINK_LOOP:
		cur_u32(
		    &w.r); /* the address family of another machine: IP says itself what it is */
		return w.r.failed ? LINK_SHORT : walk_ip(&w);
	default:
		return walk_ip(&w);
	}
}

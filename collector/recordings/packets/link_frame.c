/* Frames: what is around an IP packet. */
#include "collector/recordings/packets/link_walk.h"

/* Labels, then an IP packet, or a pseudowire with its control word (RFC 4385 3). */
enum walk_step
walk_mpls(struct walk *w)
{
	while (!w->r.failed && !(cur_u32(&w->r) & 0x100)) {
	}
	if (w->r.failed || cur_left(&w->r) == 0)
		return walk_end(w, LINK_SHORT);
	switch (*w->r.pos >> 4) {
	case 4:
	case 6:
		return WALK_IP;
	case 0:
		cur_u32(&w->r);
		return WALK_FRAME;
	default:
		return walk_unread(w, "MPLS pseudowire");
	}
}

/* Protocol numbers of PPP (RFC 1661 2), of one octet when compressed (6.5). */
static enum walk_step
walk_ppp(struct walk *w)
{
	bool one = cur_left(&w->r) > 0 && (*w->r.pos & 1);
	unsigned proto = one ? cur_u8(&w->r) : cur_u16(&w->r);

	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	switch (proto) {
	case 0x0021:
	case 0x0057:
		return WALK_IP;
	case 0x0281:
	case 0x0283:
		return WALK_MPLS;
	case 0x003d:
		return walk_unread(w, "PPP multilink");
	case 0x002d:
	case 0x002f:
		return walk_unread(w, "PPP header compression");
	default:
		return walk_end(w, LINK_OTHER);
	}
}

/* Address and control come first (RFC 1662 3.1), if they were not left out; Cisco's HDLC has a type
 * of Ethernet there. */
static enum walk_step
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
	return w->r.failed ? walk_end(w, LINK_SHORT) : walk_on(w, WALK_ETHER, type);
}

/* Behind a length in place of the type: IP has a SNAP header there (RFC 1042). */
static enum walk_step
walk_llc(struct walk *w)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 0x03, 0, 0, 0 };
	const uint8_t *llc = cur_take(&w->r, 3);
	unsigned type;

	if (llc == NULL)
		return walk_end(w, LINK_SHORT);
	if (memcmp(llc, snap, 3) != 0)
		return walk_end(w, LINK_OTHER);
	cur_take(&w->r, 3);
	type = cur_u16(&w->r);
	if (w->r.failed)
		return walk_end(w, LINK_SHORT);
	return memcmp(llc, snap, sizeof(snap)) == 0 && type > 1500 ? walk_on(w, WALK_ETHER, type)
								   : walk_end(w, LINK_OTHER);
}

enum walk_step
walk_ether(struct walk *w, unsigned type)
{
	for (int i = 0; i < WALK_TAGS_MAX; i++) {
		switch (type) {
		case ETHER_IPV4:
		case ETHER_IPV6:
			return WALK_IP;
		case ETHER_VLAN:
		case ETHER_QINQ:
		case ETHER_QINQ_OLD:
			cur_u16(&w->r);
			type = cur_u16(&w->r);
			if (w->r.failed)
				return walk_end(w, LINK_SHORT);
			break;
		case ETHER_MPLS:
		case ETHER_MPLS_UPSTREAM:
			return WALK_MPLS;
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
			return type <= 1500 ? walk_llc(w) : walk_end(w, LINK_OTHER);
		}
	}
	return walk_unread(w, "more tags than are read");
}

enum walk_step
walk_frame(struct walk *w)
{
	unsigned type;

	if (w->depth++ == WALK_DEPTH_MAX)
		return walk_unread(w, "deeply nested");
	cur_take(&w->r, 12);
	type = cur_u16(&w->r);
	return w->r.failed ? walk_end(w, LINK_SHORT) : walk_on(w, WALK_ETHER, type);
}

/* A captured Ethernet frame of Junos: "MGC", flags, with 0x80 a length and TLVs, then the frame. */
static enum walk_step
walk_juniper(struct walk *w)
{
	const uint8_t *magic = cur_take(&w->r, 3);
	unsigned flags = cur_u8(&w->r);

	if (magic == NULL || memcmp(magic, "MGC", 3) != 0)
		return walk_end(w, LINK_OTHER);
	if (flags & 0x80)
		cur_take(&w->r, cur_u16(&w->r));
	return WALK_FRAME;
}

enum walk_step
walk_link(struct walk *w, int type)
{
	unsigned proto;

	switch (type) {
	case LINK_ETHERNET:
		return WALK_FRAME;
	case LINK_SLL:
		cur_take(&w->r, 14);
		proto = cur_u16(&w->r);
		return w->r.failed ? walk_end(w, LINK_SHORT) : walk_on(w, WALK_ETHER, proto);
	case LINK_SLL2:
		proto = cur_u16(&w->r);
		cur_take(&w->r, 18);
		return w->r.failed ? walk_end(w, LINK_SHORT) : walk_on(w, WALK_ETHER, proto);
	case LINK_PPP:
	case LINK_PPP_HDLC:
	case LINK_CISCO_HDLC:
		return walk_hdlc(w);
	case LINK_JUNIPER_ETHER:
		return walk_juniper(w);
	case LINK_NULL:
	case LINK_LOOP:
		/* the numbers of address families differ between systems: the IP header shows its
		 * version */
		cur_u32(&w->r);
		return w->r.failed ? walk_end(w, LINK_SHORT) : WALK_IP;
	default:
		return WALK_IP;
	}
}

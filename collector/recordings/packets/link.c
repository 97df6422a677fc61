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

/* Reads header by header, in a loop: the packet decides how deep headers are nested, so there is no
 * recursion. */
static enum link_result
walk(struct walk *w, enum walk_step step)
{
	while (step != WALK_ENDED) {
		switch (step) {
		case WALK_FRAME:
			step = walk_frame(w);
			break;
		case WALK_ETHER:
			step = walk_ether(w, w->type);
			break;
		case WALK_MPLS:
			step = walk_mpls(w);
			break;
		case WALK_IP:
			step = walk_ip(w);
			break;
		default:
			step = walk_proto(w, w->type);
		}
	}
	return w->result;
}

enum link_result
link_tcp(int type, const uint8_t *frame, size_t captured, size_t sent, struct link_packet *out)
{
	struct walk w = { .r = cur_of(frame, captured),
		.missing = sent > captured ? sent - captured : 0,
		.out = out };

	memset(out, 0, sizeof(*out));
	return walk(&w, walk_link(&w, type));
}

enum link_result
link_reassembled(struct cursor payload, const struct ip_fragment *f, struct link_packet *out)
{
	struct walk w = { .r = payload, .out = out };
	const struct ip_fragment of = *f; /* which may be out's own */

	memset(out, 0, sizeof(*out));
	out->tcp.v6 = of.v6;
	memcpy(out->tcp.from, of.from, sizeof(of.from));
	memcpy(out->tcp.to, of.to, sizeof(of.to));
	return walk(&w, walk_on(&w, WALK_PROTO, of.proto));
}

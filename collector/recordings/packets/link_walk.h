/*
 * link_walk: from the outside of a frame inwards; what link.c (frames) and link_ip.c (IP, and what
 * it carries) ask of each other.
 */
#pragma once

#include "collector/recordings/packets/link.h"

enum {
	ETHER_IPV4 = 0x0800,
	ETHER_BRIDGED = 0x6558, /* Ethernet in GRE (RFC 7637 3.2) */
	ETHER_VLAN = 0x8100,
	ETHER_IPV6 = 0x86dd,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_UPSTREAM = 0x8848, /* RFC 5332 */
	ETHER_PPPOE = 0x8864,
	ETHER_QINQ = 0x88a8,
	ETHER_QINQ_OLD = 0x9100,
	WALK_DEPTH_MAX = 6, /* frames and packets in one another */
	WALK_TAGS_MAX = 8,  /* tags of a frame, extension headers of a packet */
};

struct walk {
	struct cursor r; /* what has not been read yet */
	size_t
	    missing; /* octets that were sent behind the cursor's end and are not in the capture */
	unsigned depth;
	struct link_packet *out;
};

/* An Ethernet frame, what follows a type of Ethernet, labels (RFC 3032), an IP packet. */
enum link_result walk_frame(struct walk *);
enum link_result walk_ether(struct walk *, unsigned type);
enum link_result walk_mpls(struct walk *);
enum link_result walk_ip(struct walk *);
/* What follows an IP header that names this protocol. */
enum link_result walk_proto(struct walk *, unsigned proto);

static inline enum link_result
walk_unread(struct walk *w, const char *what)
{
	w->out->unread = what;
	return LINK_UNREAD;
}

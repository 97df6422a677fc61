/*
 * link_walk: from the outside of a frame inwards, one header at a time. link_frame.c and link_ip.c
 * read a header and say what follows it; link.c goes on there until the walk has ended.
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

/* What follows a header. */
enum walk_step {
	WALK_ENDED, /* nothing that is read: the result is known */
	WALK_FRAME, /* an Ethernet frame */
	WALK_ETHER, /* what an Ethernet type (walk.type) stands for */
	WALK_MPLS,  /* labels (RFC 3032) */
	WALK_IP,    /* an IP packet */
	WALK_PROTO, /* what an IP protocol number (walk.type) stands for */
};

struct walk {
	struct cursor r; /* what has not been read yet */
	/* octets that were sent behind the cursor's end and are not in the capture */
	size_t missing;
	unsigned depth;
	unsigned type;		 /* of WALK_ETHER, WALK_PROTO */
	enum link_result result; /* of WALK_ENDED */
	struct link_packet *out;
};

/* link_frame.c. walk_link: the outermost header, by the link type of the capture. */
enum walk_step walk_link(struct walk *, int type);
enum walk_step walk_frame(struct walk *);
enum walk_step walk_ether(struct walk *, unsigned type);
enum walk_step walk_mpls(struct walk *);
/* link_ip.c */
enum walk_step walk_ip(struct walk *);
enum walk_step walk_proto(struct walk *, unsigned proto);

static inline enum walk_step
walk_on(struct walk *w, enum walk_step step, unsigned type)
{
	w->type = type;
	return step;
}

static inline enum walk_step
walk_end(struct walk *w, enum link_result result)
{
	w->result = result;
	return WALK_ENDED;
}

/* It may hold TCP, in a way that is not read. */
static inline enum walk_step
walk_unread(struct walk *w, const char *what)
{
	w->out->unread = what;
	return walk_end(w, LINK_UNREAD);
}

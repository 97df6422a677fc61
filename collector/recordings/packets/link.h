/*
 * link: the TCP segment in a captured frame. Ethernet (with 802.1Q, 802.1ad, LLC/SNAP, MPLS,
 * PPPoE), Linux cooked 1 and 2, BSD loopback, PPP, Cisco HDLC, Ethernet as Junos captures it, raw
 * IP; IPv4 and IPv6; and, as mirrored traffic comes, in GRE, ERSPAN, VXLAN and IP in IP. Reads
 * borrowed octets, keeps nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"

/* As libpcap numbers them in files (LINKTYPE_). */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_HDLC = 50,
	LINK_RAW = 101,
	LINK_CISCO_HDLC = 104,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_JUNIPER_ETHER = 178,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,
};

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

struct tcp_segment {
	bool v6;
	uint8_t from[16], to[16]; /* IPv4 in the FIRST four octets, the rest zero */
	uint16_t from_port, to_port;
	uint32_t seq, ack;
	uint8_t flags;
	struct cursor payload; /* as captured */
	size_t missing;	       /* octets at its end that were sent and not captured */
};

/* Part of an IP packet (RFC 791 3.2, RFC 8200 4.5). */
struct ip_fragment {
	bool v6;
	uint8_t from[16], to[16]; /* as in a segment */
	uint32_t id;
	uint8_t proto;	 /* of what the whole packet holds */
	uint32_t offset; /* octets */
	bool more;	 /* this is not its end */
	struct cursor payload;
	size_t missing;
};

enum link_result {
	LINK_TCP,
	LINK_OTHER,    /* no TCP */
	LINK_FRAGMENT, /* of a packet that may hold TCP */
	LINK_SHORT,    /* ends inside a header */
	LINK_UNREAD,   /* may hold TCP, in a way that is not read: `unread` names it */
};

struct link_packet {
	struct tcp_segment tcp;
	struct ip_fragment fragment;
	const char *unread; /* "ESP"; a constant */
};

/* Can frames of this link type be read? */
bool link_known(int type);
/* captured: octets at hand; sent: octets on the wire, at least as many. */
enum link_result link_tcp(
    int type, const uint8_t *frame, size_t captured, size_t sent, struct link_packet *);
/* The same of an IP packet that was put together: what it holds, and a fragment of it. */
enum link_result link_reassembled(
    struct cursor payload, const struct ip_fragment *, struct link_packet *);

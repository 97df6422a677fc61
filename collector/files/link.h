/*
 * link: the TCP segment in a captured frame. Ethernet (with 802.1Q, 802.1ad, MPLS, PPPoE), Linux
 * cooked 1 and 2, BSD loopback, PPP, Ethernet as Junos captures it, raw IP; IPv4 and IPv6. Reads
 * borrowed octets, keeps nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/rd.h"

/* As libpcap numbers them in files (LINKTYPE_). */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_RAW = 101,
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
	struct rd payload; /* as captured */
	size_t missing;	   /* octets at its end that were sent and not captured */
};

enum link_result {
	LINK_TCP,
	LINK_OTHER,    /* no TCP */
	LINK_FRAGMENT, /* part of an IP packet */
	LINK_SHORT,    /* ends inside a header */
};

bool link_known(int type);
/* captured: octets at hand; sent: octets on the wire, at least as many. */
enum link_result link_tcp(
    int type, const uint8_t *frame, size_t captured, size_t sent, struct tcp_segment *);

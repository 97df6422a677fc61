/*
 * BGP-4 messages as a collector reads them (RFC 4271): header, OPEN with capabilities,
 * NOTIFICATION. UPDATE is in bgp/update.h. Everything borrows from the bytes given; nothing
 * allocates.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/bgp/family.h"
#include "parsers/wire/fault.h"

enum {
	BGP_HEADER_LEN = 19,
	BGP_MESSAGE_MAX = 65535, /* RFC 8654 */
	BGP_AS_TRANS = 23456,	 /* RFC 6793 */
};

enum bgp_type {
	BGP_OPEN = 1,
	BGP_UPDATE = 2,
	BGP_NOTIFICATION = 3,
	BGP_KEEPALIVE = 4,
	BGP_ROUTE_REFRESH = 5
};

/* RFC 9234 section 4.1: the sender's own role on the session. */
enum bgp_role {
	BGP_ROLE_PROVIDER = 0,
	BGP_ROLE_RS = 1,
	BGP_ROLE_RS_CLIENT = 2,
	BGP_ROLE_CUSTOMER = 3,
	BGP_ROLE_PEER = 4,
	BGP_ROLE_NONE = 255, /* not said */
};

/* RFC 7911 section 4, send/receive field. */
enum { BGP_ADDPATH_RECEIVE = 1, BGP_ADDPATH_SEND = 2 };

enum { BGP_FAMILIES_MAX = 32 };

struct bgp_addpath {
	struct bgp_family family;
	uint8_t mode; /* BGP_ADDPATH_ bits */
};

enum { BGP_TUPLES_MAX = 16 };

/* As many labels as may precede a prefix of the family (RFC 8277 2.1); at least 2. */
struct bgp_labels {
	struct bgp_family family;
	uint8_t count;
};

/* NLRI of the family may have a next hop of that AFI (RFC 8950 4). */
struct bgp_next_hop_afi {
	struct bgp_family family;
	uint16_t afi;
};

/* One direction's OPEN: what its sender can do. */
struct bgp_open {
	uint8_t version;
	uint16_t my_as;
	uint16_t hold_time_s;
	uint8_t bgp_id[4];
	bool empty;  /* a bare header without body, as FRR sends when it has no OPEN to show */
	uint32_t as; /* capability 65 when there, else my_as */
	bool as4, route_refresh, enhanced_refresh, extended_message, graceful_restart,
	    extended_next_hop;
	uint8_t role;	    /* enum bgp_role */
	bool role_conflict; /* several Role capabilities with different values (RFC 9234 4.2) */
	uint8_t families_n, addpaths_n;
	struct bgp_family families[BGP_FAMILIES_MAX];
	struct bgp_addpath addpaths[BGP_FAMILIES_MAX];
	uint8_t labels_n, next_hops_n;
	struct bgp_labels labels[BGP_TUPLES_MAX];
	struct bgp_next_hop_afi next_hops[BGP_TUPLES_MAX];
	uint32_t caps_seen[8]; /* bit per capability code */
	struct cursor fqdn_host,
	    software; /* capability 73 host name, 75 version text; empty when absent */
};

/*
 * The BGP message at the cursor (RFC 4271 4.1): checks marker and length, returns its type and a
 * cursor over its body (after the 19-octet header), and moves past it. 0 and a fault when there is
 * none. *total: octets with header.
 */
unsigned bgp_message(struct cursor *, struct cursor *body, size_t *total, struct faults *);

/* Body of an OPEN (RFC 4271 4.2, RFC 5492, RFC 9072 extended length). Malformed capabilities are
 * ignored and noted. */
void bgp_open_parse(struct cursor body, struct bgp_open *, struct faults *);

struct bgp_notification {
	uint8_t code, subcode;
	struct cursor data;
	struct cursor text; /* shutdown communication (RFC 9003) of Cease 2 and 4; empty when none
			   or not valid */
};

/* Body of a NOTIFICATION (RFC 4271 4.5). false when shorter than two octets. */
bool bgp_notification_parse(struct cursor body, struct bgp_notification *, struct faults *);

/* "Cease/Administrative Shutdown" and the like; a number for what is not registered. Static text or
 * buf. */
const char *bgp_notification_name(uint8_t code, uint8_t subcode, char *buf, size_t size);
const char *bgp_role_name(uint8_t role);
const char *bgp_capability_name(uint8_t code);

/* Does this OPEN list the family (capability 1; an OPEN without any means IPv4 unicast, RFC 4760
 * 8)? */
bool bgp_open_has_family(const struct bgp_open *, struct bgp_family);
/* BGP_ADDPATH_ bits of the family, 0 when not listed. */
uint8_t bgp_open_addpath(const struct bgp_open *, struct bgp_family);
/* Labels that may precede a prefix of the family: 1 when not listed (RFC 8277 2.1). */
uint8_t bgp_open_labels(const struct bgp_open *, struct bgp_family);
/* May routes of the family have a next hop of that AFI, besides their own (RFC 8950 4)? */
bool bgp_open_next_hop(const struct bgp_open *, struct bgp_family, uint16_t afi);

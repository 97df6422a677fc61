/*
 * OPEN (RFC 4271 4.2): what its sender can do, by its capabilities (RFC 5492). The capabilities are
 * in bgp/capability_table.h, a row for each. Nothing here allocates.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/bgp/family.h"
#include "parsers/wire/fault.h"

/* The sender's own role on the session (RFC 9234 4.1). */
enum bgp_role {
	BGP_ROLE_PROVIDER = 0,
	BGP_ROLE_RS = 1,
	BGP_ROLE_RS_CLIENT = 2,
	BGP_ROLE_CUSTOMER = 3,
	BGP_ROLE_PEER = 4,
	BGP_ROLE_NONE = 255, /* no Role capability */
};

/* The send/receive field (RFC 7911 4). */
enum { BGP_ADDPATH_RECEIVE = 1, BGP_ADDPATH_SEND = 2 };

enum { BGP_FAMILIES_MAX = 32, BGP_TUPLES_MAX = 16 };

struct bgp_addpath {
	struct bgp_family family;
	uint8_t mode; /* BGP_ADDPATH_ bits */
};

/* As many labels as may precede a prefix of the family (RFC 8277 2.1); at least 2. */
struct bgp_labels {
	struct bgp_family family;
	uint8_t count;
};

/* One direction's OPEN. What is said more often than there is room for is left out. */
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
	uint8_t families_n, addpaths_n, labels_n;
	struct bgp_family families[BGP_FAMILIES_MAX];
	struct bgp_addpath addpaths[BGP_FAMILIES_MAX];
	struct bgp_labels labels[BGP_TUPLES_MAX];
	uint32_t caps_seen[8]; /* a bit for each capability code, malformed ones too */
	/* host name (capability 73) and version text (75), borrowed from the octets given; empty
	 * when absent */
	struct cursor fqdn_host, software;
};

/* Parses the body of an OPEN. A malformed capability is noted and counts for nothing (RFC 5492 5).
 * Parameters that are cut are noted; what precedes them counts. */
void bgp_open_parse(struct cursor body, struct bgp_open *, struct faults *);

/* Does this OPEN list the family (capability 1)? One that lists none means IPv4 unicast (RFC 4760
 * 8). */
bool bgp_open_has_family(const struct bgp_open *, struct bgp_family);
/* BGP_ADDPATH_ bits of the family, 0 when not listed. */
uint8_t bgp_open_addpath(const struct bgp_open *, struct bgp_family);
/* Labels that may precede a prefix of the family: 1 when not listed (RFC 8277 2.1). */
uint8_t bgp_open_labels(const struct bgp_open *, struct bgp_family);

/* "rs-client" and the like; "none", "unknown". */
const char *bgp_role_name(uint8_t role);

/* --- the octets, for parsing and for dissecting */

enum bgp_open_item_kind {
	/* code and value, also of a capability that repeats */
	OPEN_CAPABILITY,
	/* type and value of a parameter that holds no capabilities */
	OPEN_PARAMETER,
	/* a parameter or capability that runs past the end: its type or code, and the octets that
	 * are there, from its header */
	OPEN_CUT,
};

struct bgp_open_item {
	enum bgp_open_item_kind kind;
	uint8_t code;
	struct cursor value;
	const uint8_t *at; /* its header */
};

/* What is left to walk. */
struct bgp_open_walk {
	struct cursor parameters, capabilities;
	bool extended; /* lengths of parameters have two octets (RFC 9072 2) */
};

/* The next item in the order of the octets; false at the end. */
bool bgp_open_next(struct bgp_open_walk *, struct bgp_open_item *);

/* An OPEN taken apart. */
struct bgp_open_parts {
	uint8_t version;
	uint16_t my_as, hold_time_s;
	struct cursor bgp_id;
	struct cursor from_length; /* from the length of the parameters to the end */
	bool overrun;		   /* that length runs past the end: there is nothing to walk */
	struct bgp_open_walk walk;
	struct cursor trailing;
};

/* false: it ends before its parameters; what is not there is zero. */
bool bgp_open_split(struct cursor body, struct bgp_open_parts *);

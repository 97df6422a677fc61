/*
 * nlri: one route of any family, read from the NLRI field of an UPDATE.
 *
 * The row of a family in bgp/family.c names the kind of its NLRI. A kind says how its NLRI are cut
 * out of the field, and how one is read, dissected and written in one line: nlri/labels.c,
 * nlri/fixed.c, nlri/l2vpn.c, nlri/typed.c (EVPN, MCAST-VPN, MUP), nlri/flow.c, nlri/ls.c.
 * nlri/one.c does with one NLRI what all kinds have in common; nlri/walk.c walks over a field. IPv4
 * and IPv6 unicast do not come this way in the collector: they have bgp_prefix_next() of
 * bgp/update.h.
 *
 * There are two kinds of damage (RFC 7606 5.3, 5.4). Where a length cannot be believed, the next
 * NLRI cannot be found: the walk notes a fault at that offset and ends. Where only the inside of an
 * NLRI is wrong, or its route type is not known, the walk says so in the NLRI, keeps its octets,
 * and goes on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "base/pure/text.h"
#include "parsers/bgp/encoding.h"
#include "parsers/bgp/family.h"
#include "parsers/wire/dissect.h"
#include "parsers/wire/fault.h"

enum {
	BGP_KEY_MAX = 160,   /* octets; see `key` */
	BGP_KEY_DIGEST = 32, /* SHA-256 at the end of a key of BGP_KEY_MAX octets */
	BGP_LABELS_MAX = 10, /* as many as a length of 255 bits can hold */
};

struct bgp_nlri {
	bool has_path_id;     /* RFC 7911 3 */
	uint32_t path_id;     /* 0 without ADD-PATH */
	struct cursor octets; /* as sent, after the path id: type and length octets and body */
	struct cursor body;   /* the part of `octets` after type and length */
	uint16_t route_type;  /* EVPN, MCAST-VPN, BGP-LS, MUP; else 0 */
	bool known;	      /* false: a family or route type without a row here */
	bool withdrawn;	      /* read from MP_UNREACH_NLRI, or the withdrawn routes */
	bool malformed;	      /* the body does not follow its RFC: the route is to be ignored */
	bool has_rd;
	uint8_t rd[8]; /* RFC 4364 4.2 */
	/* the IP prefix or host address that the route leads to; of no family when there is none */
	struct ip_prefix prefix;
	bool labels_doubtful;		 /* there may be more of them, or fewer */
	uint8_t labels_n;		 /* label fields present */
	uint32_t labels[BGP_LABELS_MAX]; /* 24 bits each, as sent */
	/*
	 * The octets that identify the route within its family, path id apart. Two encodings of a
	 * route have the same key; two routes have different ones.
	 *
	 * The key is the route type, and then what the RFC calls the key, in the order of the wire,
	 * with unused bits zero. A labelled or VPN prefix has RD, length in bits, and
	 * ceil(length/8) octets. The prefix of EVPN type 5 comes after the number of octets that an
	 * address of its family has, 4 or 16. Labels are no part of the key, nor is what the RFC
	 * calls attributes of the route: ESI and gateway of EVPN types 2 and 5, flags of types 6 to
	 * 8, TEID and endpoints of MUP type 3.
	 *
	 * A key that would be longer than BGP_KEY_MAX - 1 octets (FlowSpec, BGP-LS) is cut, and its
	 * last BGP_KEY_DIGEST octets are a digest of all of it.
	 */
	uint8_t key_len;
	uint8_t key[BGP_KEY_MAX];
};

/*
 * Reads the next NLRI of the field. start: what fault offsets count from. The field of a family
 * without a row is one opaque NLRI, path ids included.
 *
 * Returns false at the end of the field. Where it cannot find the end of an NLRI it returns false,
 * too, with FAULT_NLRI_LENGTH or FAULT_NLRI_OVERRUN at the offset of that NLRI, and fails the
 * cursor. It returns a malformed NLRI, and notes FAULT_NLRI_MALFORMED.
 */
bool bgp_nlri_next(struct cursor *, struct bgp_family, struct bgp_nlri_encoding,
    const uint8_t *start, struct bgp_nlri *, struct faults *);

/*
 * Counts the NLRI of the field that are not malformed, up to the first whose end cannot be found.
 * Notes what is wrong with the others, unless faults is NULL; then start may be NULL, too. Returns
 * 0 for a family without a row.
 */
size_t bgp_nlri_count(struct cursor, struct bgp_family, struct bgp_nlri_encoding,
    const uint8_t *start, struct faults *);

/*
 * Can the field be read to its last octet in this encoding, with no NLRI that is malformed or of an
 * unknown type? False for a family without a row.
 */
bool bgp_nlri_fits(struct cursor, struct bgp_family, struct bgp_nlri_encoding);

/* Dissects every field of the NLRI into the group that the caller has open. */
void bgp_nlri_dissect(struct field_sink *, struct bgp_family, const struct bgp_nlri *);

/*
 * Writes the route's name in one line as routers do, without path id and labels:
 * "64500:100 203.0.113.0/24", "64500:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[192.0.2.77]" (as
 * FRR prints it), "NODE { AS:64500 ISO:0100.0500.5005.00 } ISIS-L2:0" (after Junos),
 * "dst 192.0.2.0/24 proto =6 dport >=1024&<=2047|=80" (the words of BIRD, "&" and "|" between
 * comparisons). What cannot be read: "[12]:unknown 0c03010203".
 */
void bgp_nlri_text(struct txt *, struct bgp_family, const struct bgp_nlri *);

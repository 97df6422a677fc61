/*
 * Typed NLRI as tables: a row per route type, a column per field in the order of the wire. One loop
 * reads, one dissects, one writes. The tables are in nlri/typed.c.
 */
#pragma once

#include "parsers/bgp/nlri/kind.h"

/* Octets on the wire. */
enum nlri_field_kind {
	END,
	RD,
	ESI,		/* 10 */
	NUMBER8,	/* 1 */
	NUMBER32,	/* 4 */
	HEX4,		/* 4, and no number */
	HEX8,		/* 8 */
	MAC,		/* length 1 (48 bits), 6 */
	LABEL,		/* 3 */
	LABEL_2ND,	/* 3, may be left out */
	HOST,		/* length 1 (0, 32, 128 bits), address: what the route leads to */
	ADDRESS,	/* length 1 (32, 128 bits), address */
	WILDCARD,	/* length 1 (0, 32, 128 bits), address; 0 is any (RFC 6625 3) */
	SOURCE,		/* as HOST, may be left out */
	PREFIX,		/* length 1 in bits, as many octets as that takes */
	PREFIX_IN_FULL, /* length 1 in bits, 4 or 16 octets (RFC 9136 3.1) */
	GATEWAY,	/* 4 or 16 octets, as the prefix has */
	REST,		/* an address: 4 or 16 octets to the end */
	REST_BY_AFI,	/* the same, of the family's width */
	ENDPOINT_TEID,	/* length 1 in bits, address and leading bits of a TEID */
	ROUTE_KEY,	/* a whole NLRI of the family, type and length octets included */
};

struct nlri_field {
	enum nlri_field_kind kind;
	bool key; /* part of the route's identity */
	const char *name;
};

enum { NLRI_FIELDS_MAX = 9 };

struct nlri_route_type {
	const char *name;
	struct nlri_field fields[NLRI_FIELDS_MAX + 1];
};

/* The body by its row; NLRI_UNKNOWN when there is none. v6: the family's addresses. */
enum nlri_verdict nlri_fields_read(
    struct bgp_nlri *, const struct nlri_route_type *, bool v6, struct nlri_key *);
/* The fields of an NLRI that was read. The kind is that of the family, for a route key. */
void nlri_fields_dissect(struct field_sink *, const struct nlri_kind *, struct bgp_family,
    const struct nlri_route_type *, const struct bgp_nlri *);
/* RD, route type, and in brackets what is part of the key. */
void nlri_fields_text(struct txt *, const struct nlri_kind *, struct bgp_family,
    const struct nlri_route_type *, const struct bgp_nlri *);

/* BGP-LS NLRI: nlri/ls_tlv.c walks over TLVs, nlri/ls_dissect.c says what they hold, and nlri/ls.c,
 * which reads an NLRI and writes it in one line, knows both. */
#pragma once

#include "parsers/bgp/nlri/kind.h"

enum { LS_HEADER_LEN = 9 }; /* protocol id 1, identifier 8 */

enum { LS_NODE = 1, LS_LINK, LS_PREFIX_V4, LS_PREFIX_V6, LS_TE_POLICY, LS_SRV6_SID };

static inline bool
ls_is_prefix(uint16_t route_type)
{
	return route_type == LS_PREFIX_V4 || route_type == LS_PREFIX_V6;
}

enum ls_kind {
	LS_CONTAINER, /* of TLVs */
	LS_NUMBER,    /* of 1 or 4 octets */
	LS_NUMBER_PAIR,
	LS_NUMBERS16, /* any number of 2 octets each */
	LS_ADDRESS,
	LS_PREFIX, /* length in bits, prefix */
	LS_ROUTER_ID,
	LS_CANDIDATE_PATH,
};

struct ls_row {
	uint16_t type;
	const char *name, *text;
	enum ls_kind kind;
	uint8_t min, max; /* octets; max 0: no limit */
};

struct ls_tlv {
	uint16_t type;
	const struct ls_row *row; /* NULL when unknown, or unexpected where it is */
	struct cursor value;
};

/* Where TLVs are: of an NLRI of that type, or inside node descriptors. */
struct ls_scope {
	uint16_t route_type;
	bool node;
};

/* nlri/ls_tlv.c */

/* The next TLV; false at the end or, with r->failed, when it is short. */
bool ls_next(struct cursor *, const struct ls_scope *, struct ls_tlv *);
/* The TLVs of an NLRI that was read, after protocol and identifier. */
struct cursor ls_tlvs(const struct bgp_nlri *, uint8_t *protocol, uint64_t *identifier);

/* nlri/ls_dissect.c */

/* "ISIS-L2" and the like, "Protocol-17" when unknown. */
void ls_text_protocol(struct txt *, uint8_t protocol);
void ls_text_value(struct txt *, const struct bgp_nlri *, const struct ls_tlv *);
void ls_dissect(struct field_sink *, struct bgp_family, const struct bgp_nlri *);

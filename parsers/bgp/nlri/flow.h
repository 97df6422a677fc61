/* FlowSpec NLRI: nlri/flow_component.c parses components, nlri/flow_dissect.c dissects them, and
 * nlri/flow.c, which makes the key of them, knows both. */
#pragma once

#include "parsers/bgp/nlri/kind.h"

enum flow_kind { FLOW_NONE, FLOW_DESTINATION, FLOW_SOURCE, FLOW_NUMERIC, FLOW_BITMASK, FLOW_MAC };

enum { FLOW_TCP_FLAGS = 9 };

/* Bits of the operator octet (RFC 8955 4.2.1): end of list, and, size of the value, and what the
 * numeric and the bitmask operators compare. */
enum {
	FLOW_OP_END = 0x80,
	FLOW_OP_AND = 0x40,
	FLOW_OP_LT = 0x04,
	FLOW_OP_GT = 0x02,
	FLOW_OP_EQ = 0x01,
	FLOW_NEVER = 0,
	FLOW_ALWAYS = FLOW_OP_LT | FLOW_OP_GT | FLOW_OP_EQ,
	FLOW_OP_NOT = 0x02,
	FLOW_OP_MATCH = 0x01,
	FLOW_OP_SIZES = 0x30,
	FLOW_OP_NUMERIC = FLOW_OP_END | FLOW_OP_AND | FLOW_OP_SIZES | FLOW_OP_LT | FLOW_OP_GT |
			  FLOW_OP_EQ,
	FLOW_OP_BITMASK = FLOW_OP_END | FLOW_OP_AND | FLOW_OP_SIZES | FLOW_OP_NOT | FLOW_OP_MATCH,
};

/* A type of component. */
struct flow_row {
	const char *name, *text;
	enum flow_kind kind;
	bool hex; /* values are written so */
};

/* One comparison of a chain. */
struct flow_op {
	uint8_t op, octets; /* octets of the value: 1, 2, 4, 8 */
	const uint8_t *at;  /* the value */
	uint64_t value;
};

/* Of a prefix, without the first `offset` bits, which do not count (IPv6 only, RFC 8956 3.1). */
struct flow_pattern {
	unsigned bits, offset, octets;
	uint8_t masked[16]; /* as sent: from the first bit that counts */
};

struct flow_mac {
	unsigned bits, octets;
	uint8_t masked[6];
};

struct flow_component {
	uint8_t type;
	const struct flow_row *row;
	struct cursor value; /* after the type */
};

/* False when the value is malformed. */
bool flow_parse_op(struct cursor *, struct flow_op *);
bool flow_parse_pattern(struct cursor *, bool v6, struct flow_pattern *);
/* The length is seen in octets (to 6) and in bits (to 48). */
bool flow_parse_mac(struct cursor *, struct flow_mac *);

/* The next component; false at the end, or, with the cursor failed, where the NLRI is malformed.
 * c->type: that of the one before. */
bool flow_next(struct cursor *, struct bgp_family, struct flow_component *c);

/* nlri/flow_dissect.c */
void flow_dissect(struct field_sink *, struct bgp_family, const struct bgp_nlri *);
void flow_text(struct txt *, struct bgp_family, const struct bgp_nlri *);

/*
 * attr: what the tables of path attributes and the files that know single attributes have in
 * common. The rows are in attr/rows.h. Users of the parsers need bgp/update.h and bgp/dissect.h
 * only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/text.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bgp/update.h"
#include "parsers/wire/dissect.h"
#include "parsers/wire/fault.h"
#include "parsers/wire/tlv.h"

/* An attribute that is being checked. */
struct attr_check {
	const struct bgp_update *u; /* what it came in */
	const struct bgp_context *ctx;
	const struct bgp_attr *attr;
	struct cursor value;
	const uint8_t *at; /* where the fault is: the value, unless the check knows better */
	/* checks attr by its row, for an attribute that holds others; needs u, ctx, attr */
	enum fault_code (*check_one)(struct attr_check *);
};

/* Where an attribute begins, with its flags, and where its length is. */
static inline const uint8_t *
attr_header(const struct bgp_attr *a)
{
	return a->value - (a->flags & ATTR_EXTENDED ? 4 : 3);
}

static inline const uint8_t *
attr_length(const struct bgp_attr *a)
{
	return attr_header(a) + 2;
}

/* Checks a value whose length is allowed. Returns what is wrong with it, or FAULT_NONE. */
typedef enum fault_code attr_check_fn(struct attr_check *);

struct attr_dissect {
	struct field_sink *to;
	const struct bgp_encoding *encoding;
	const char *name, *octets_name; /* "communities", "communities_octets" */
	struct cursor value;
	/* dissects a block of attributes inside of the value; NULL for an attribute that is itself
	 * in such a block */
	void (*dissect_inner)(
	    struct field_sink *, struct cursor attrs, const struct bgp_encoding *);
};

/* Dissects the value under its name; what is malformed as hex. */
typedef void attr_dissect_fn(const struct attr_dissect *);

enum attr_rule {
	/* from an external peer: discarded (RFC 7606 7.5, 7.9, 7.10) */
	ATTR_RULE_INTERNAL = 1,
	/* wrong flags: discarded (RFC 7311 3) */
	ATTR_RULE_DISCARD_FLAGS = 2,
	/* where AS numbers have four octets: discarded (RFC 6793 4.1) */
	ATTR_RULE_AS2 = 4,
};

enum { ATTR_FLAGS_ANY = 0xff }; /* deprecated or private code: anything but well-known */

/* What a check looks at for every attribute of every route. */
struct attr_row {
	attr_check_fn *check;
	uint16_t min, max, step; /* octets; step 0: any */
	uint8_t flags;		 /* optional and transitive bits */
	uint8_t rules;		 /* enum attr_rule */
	uint8_t on_length;	 /* enum fault_code */
	bool known;		 /* there is a row for the code */
};

_Static_assert(sizeof(void *) != 8 || sizeof(struct attr_row) == 24, "a row grew");

/* What is needed to show an attribute. */
struct attr_dissect_row {
	const char *name;     /* NULL: there is no row for the code */
	const char *document; /* NULL: none */
	const char *field, *flags_field, *octets_field;
	attr_dissect_fn *dissect;
	uint8_t flags; /* optional and transitive bits */
};

/* By code, both made of attr/rows.h. */
extern const struct attr_row attr_table[256];
extern const struct attr_dissect_row attr_dissect_table[256];

/* The next attribute: flags, code, length, value; at: where it starts. false at the end or where it
 * is cut. */
static inline bool
attr_next(struct cursor *r, struct bgp_attr *a, const uint8_t **at)
{
	struct cursor value;

	*at = r->pos;
	if (cur_left(r) == 0)
		return false;
	a->flags = cur_u8(r);
	a->code = cur_u8(r);
	value = cur_sub(r, a->flags & ATTR_EXTENDED ? cur_u16(r) : cur_u8(r));
	a->value = value.pos;
	a->len = (uint16_t)cur_left(&value);
	return !r->failed;
}

/* Gives the line to the sink; when it did not fit, as much as does, up to a separator, and all
 * octets. */
void attr_dissect_line(const struct attr_dissect *, struct txt *);
enum { ATTR_LINE_MAX = 4096 };

/* NLRI of a field as a list under a name; nothing when the field is empty. */
void attr_dissect_nlri(struct field_sink *, const char *name, struct cursor, struct bgp_family,
    struct bgp_nlri_encoding);

/* --- the files that know attributes */

/* attr/classic.c: RFC 4271, 4456, 6793, 9234 */
attr_check_fn attr_check_origin, attr_check_as_path, attr_check_as4_path, attr_check_aggregator,
    attr_check_as4_aggregator;
attr_dissect_fn attr_dissect_origin, attr_dissect_as_path, attr_dissect_as4_path,
    attr_dissect_aggregator, attr_dissect_as4_aggregator, attr_dissect_number, attr_dissect_address,
    attr_dissect_set, attr_dissect_addresses, attr_dissect_communities,
    attr_dissect_ext_communities, attr_dissect_ipv6_ext_communities, attr_dissect_large_communities,
    attr_dissect_hex;

/* attr/mp.c: RFC 4760 */
attr_dissect_fn attr_dissect_mp_reach, attr_dissect_mp_unreach;

/* attr/pmsi.c: RFC 6514, RFC 5543 */
attr_check_fn attr_check_pmsi, attr_check_pe_labels;
attr_dissect_fn attr_dissect_pmsi, attr_dissect_pe_labels, attr_dissect_te;

/* attr/tunnel.c, attr/sr_policy.c: RFC 9012, RFC 9830 */
attr_check_fn attr_check_tunnel;
attr_dissect_fn attr_dissect_tunnel;
tlv_dissect_fn sr_dissect_preference, sr_dissect_binding_sid, sr_dissect_srv6_binding_sid,
    sr_dissect_enlp, sr_dissect_priority, sr_dissect_segment_list, sr_dissect_name,
    sr_dissect_label;

/* attr/ls.c: RFC 9552 */
attr_check_fn attr_check_ls;
attr_dissect_fn attr_dissect_ls;

/* attr/prefix_sid.c: RFC 8669, RFC 9252 */
attr_check_fn attr_check_prefix_sid;
attr_dissect_fn attr_dissect_prefix_sid;
tlv_dissect_fn prefix_sid_dissect_tlvs;

/* srv6_behavior.c: "End.DT4 with NEXT-CSID", or the number where it has no name; 2 octets */
tlv_dissect_fn srv6_dissect_behavior;

/* attr/bgpsec.c: RFC 8205, RFC 10039 */
attr_check_fn attr_check_bgpsec, attr_check_d_path;
attr_dissect_fn attr_dissect_bgpsec, attr_dissect_d_path;

/* attr/tlvs.c: RFC 7311, 9015, 9026, 9793 */
attr_check_fn attr_check_aigp, attr_check_sfp, attr_check_bfd, attr_check_bier;
attr_dissect_fn attr_dissect_aigp, attr_dissect_sfp, attr_dissect_bfd, attr_dissect_bier;

/* attr/set.c: RFC 6368 */
attr_check_fn attr_check_set_of;
attr_dissect_fn attr_dissect_set_of;

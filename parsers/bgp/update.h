/*
 * BGP UPDATE (RFC 4271 4.3, RFC 4760, RFC 7606): split, check, walk.
 *
 * - bgp_update_split finds the fields and the attributes, and takes MP_REACH_NLRI and
 *   MP_UNREACH_NLRI out of them. It reads no value of another attribute.
 * - bgp_update_check reads each attribute by its row in attr/rows.h and notes what RFC 7606 says.
 * - bgp_prefix_next walks plain prefixes; nlri/nlri.h has the walk for every family.
 *
 * They are three steps so that a caller who has seen a block of attributes before need not check it
 * again.
 * Everything points into the message: it lives as long as the octets given. Nothing allocates.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/bgp/encoding.h"
#include "parsers/bgp/family.h"
#include "parsers/wire/fault.h"

enum bgp_attr_code {
	ATTR_ORIGIN = 1,
	ATTR_AS_PATH = 2,
	ATTR_NEXT_HOP = 3,
	ATTR_MED = 4,
	ATTR_LOCAL_PREF = 5,
	ATTR_ATOMIC_AGGREGATE = 6,
	ATTR_AGGREGATOR = 7,
	ATTR_COMMUNITIES = 8,
	ATTR_ORIGINATOR_ID = 9,
	ATTR_CLUSTER_LIST = 10,
	ATTR_MP_REACH = 14,
	ATTR_MP_UNREACH = 15,
	ATTR_EXT_COMMUNITIES = 16,
	ATTR_AS4_PATH = 17,
	ATTR_AS4_AGGREGATOR = 18,
	ATTR_LARGE_COMMUNITIES = 32,
	ATTR_BGPSEC_PATH = 33,
	ATTR_OTC = 35,
};

/* Attribute flag bits (RFC 4271 4.3). */
enum { ATTR_OPTIONAL = 0x80, ATTR_TRANSITIVE = 0x40, ATTR_PARTIAL = 0x20, ATTR_EXTENDED = 0x10 };

enum { BGP_ATTRS_MAX = 64 };

struct bgp_attr {
	const uint8_t *value; /* after the TLV header */
	uint16_t len;	      /* of the value */
	uint8_t code, flags;
};

struct bgp_mp {
	struct bgp_family family;
	bool present;
	uint8_t flags;
	const uint8_t *value;	/* of the whole attribute, after its header */
	struct cursor next_hop; /* MP_REACH only */
	struct cursor nlri;
};

struct bgp_update {
	const uint8_t *start;	 /* of the UPDATE body: what fault offsets count from */
	struct cursor withdrawn; /* classic IPv4 unicast */
	struct cursor nlri;	 /* classic IPv4 unicast */
	struct cursor attrs;	 /* the whole path attribute field */
	struct bgp_mp reach, unreach;
	uint32_t known; /* a bit for each code 0-31 that is kept */
	/* the attributes kept, in order: the first of each code, without MP_REACH_NLRI and
	 * MP_UNREACH_NLRI */
	uint8_t attrs_n;
	struct bgp_attr attr[BGP_ATTRS_MAX];
};

/* What is needed to read an UPDATE: its encoding, and what session and view allow. */
struct bgp_context {
	struct bgp_encoding encoding;
	/* from an external peer: LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST are discarded */
	bool ebgp;
	/* a view that the router makes itself (post-policy, Loc-RIB, Adj-RIB-Out): NEXT_HOP may be
	 * left out */
	bool lenient_next_hop;
	/* Adj-RIB-Out pre-policy: it is no fault that mandatory attributes (ORIGIN, AS_PATH,
	 * NEXT_HOP) are absent or empty (RFC 8671 5.2) */
	bool lenient_missing;
};

/* Finds the fields. false when the length fields do not fit (FAULT_UPDATE_LENGTH): then nothing in
 * it can be used. If an attribute is cut, that is noted, and those before it are kept. */
bool bgp_update_split_octets(const uint8_t *body, size_t len, struct bgp_update *, struct faults *);
/* The same. Inline, so that the cursor travels in registers: passed as a struct, it would be stored
 * and loaded again. */
static inline bool
bgp_update_split(struct cursor body, struct bgp_update *u, struct faults *f)
{
	return bgp_update_split_octets(body.pos, cur_left(&body), u, f);
}

/* Checks every attribute kept, and what is missing, by RFC 7606. Removes attributes that are to be
 * discarded. Whatever is wrong with attributes, the withdrawals of the UPDATE are valid. */
void bgp_update_check(struct bgp_update *, const struct bgp_context *, struct faults *);

/* The attribute of that code that is kept, or NULL. */
const struct bgp_attr *bgp_update_attr(const struct bgp_update *, uint8_t code);

/* Is it an End-of-RIB, in any of its forms (RFC 4724 2)? Then *family is that of the RIB. */
bool bgp_update_end_of_rib(const struct bgp_update *, struct bgp_family *);

/* One of the fields that hold NLRI. */
struct bgp_nlri_field {
	enum bgp_update_field which;
	struct bgp_family family;
	struct cursor nlri; /* may be empty in MP_REACH_NLRI and MP_UNREACH_NLRI */
	struct bgp_nlri_encoding encoding;
};

/* The fields that the UPDATE has, in the order of enum bgp_update_field. Returns how many. */
unsigned bgp_update_fields(const struct bgp_update *, const struct bgp_encoding *,
    struct bgp_nlri_field fields[BGP_UPDATE_FIELDS]);

/* --- attribute names */

/* "AS_PATH"; NULL when the code has no row in the table. */
const char *bgp_attr_name(uint8_t code);
/* The document that says when the attribute is malformed, and what to do then: "RFC 7606 7.2". NULL
 * when there is none. */
const char *bgp_attr_document(uint8_t code);

/* --- AS_PATH (RFC 4271 4.3, RFC 5065, RFC 6793) */

enum as_segment_type { AS_SET = 1, AS_SEQUENCE = 2, AS_CONFED_SEQUENCE = 3, AS_CONFED_SET = 4 };

struct as_segment {
	uint8_t type;
	uint8_t count;
	const uint8_t *asns; /* count x width octets */
};

/* Next segment; false at the end or on a malformed one (then r->failed). width: 2 or 4. */
static inline bool
as_path_next(struct cursor *r, unsigned width, struct as_segment *s)
{
	if (cur_left(r) == 0)
		return false;
	s->type = cur_u8(r);
	s->count = cur_u8(r);
	s->asns = cur_take(r, (size_t)s->count * width);
	if (!r->failed && (s->type < AS_SET || s->type > AS_CONFED_SET || s->count == 0)) {
		r->failed = true;
		r->pos = r->end;
	}
	return !r->failed;
}

static inline uint32_t
as_segment_at(const struct as_segment *s, unsigned width, unsigned i)
{
	return width == 4 ? be32(s->asns + 4 * i) : be16(s->asns + 2 * i);
}

/* AS 0 is in it (RFC 7607). */
static inline bool
as_segment_has_zero(const struct as_segment *s, unsigned width)
{
	const uint8_t *p = s->asns;
	bool zero = false;

	if (width == 4) {
		for (unsigned i = 0; i < s->count; i++, p += 4)
			zero |= (p[0] | p[1] | p[2] | p[3]) == 0;
	} else {
		for (unsigned i = 0; i < s->count; i++, p += 2)
			zero |= (p[0] | p[1]) == 0;
	}
	return zero;
}

/* Do segments of legal types and counts fill the value exactly, with AS numbers of this width? */
bool as_path_fits(struct cursor value, unsigned width);

/*
 * Merges an AS_PATH of 2-octet AS numbers with AS4_PATH, which may be empty, into an AS_PATH of
 * 4-octet ones (RFC 6793 4.2.3). out: room for out_max octets. Returns the octets written; 0 for a
 * path that is not empty when out is too small.
 */
size_t as_path_widen(struct cursor path2, struct cursor path4, uint8_t *out, size_t out_max);

/*
 * The AS4_PATH that may take the place of the tail of a 2-octet AS_PATH. NULL when there is none,
 * and when it must not be believed: AGGREGATOR and AS4_AGGREGATOR are both there, but AGGREGATOR
 * has an AS of its own. Then the router that aggregated last knows neither AS4 attribute (RFC 6793
 * 4.2.3).
 */
const struct bgp_attr *bgp_update_as4_path(const struct bgp_update *);

/*
 * The AS_PATH, with ASNs of four octets, that a BGPSEC_PATH stands for: each AS of its Secure_Path
 * pCount times (RFC 8205 4.4). Returns octets written: no more than size, and then cut; 0 also when
 * it cannot be read.
 */
size_t bgpsec_as_path(struct cursor value, uint8_t *out, size_t size);

struct bgp_aggregator {
	uint32_t as;
	uint8_t id[4];
};

/* Who aggregated the route; where AS numbers have two octets, AS4_AGGREGATOR may say (RFC 6793
 * 4.2.3). false when no attribute says it, or its length is wrong. */
bool bgp_update_aggregator(const struct bgp_update *, bool as4, struct bgp_aggregator *);

/* --- NLRI */

struct bgp_prefix {
	uint32_t path_id; /* RFC 7911; 0 without ADD-PATH */
	struct ip_prefix prefix;
};

/* The rest of bgp_prefix_next: IPv6, and whatever is wrong. */
bool bgp_prefix_next_slow(struct cursor *, uint16_t afi, bool path_ids, const uint8_t *start,
    struct bgp_prefix *, struct faults *);

/* The first `octets` (0 to 4) of four as a word; those after them are not read. */
static inline uint32_t
bgp_prefix_word(const uint8_t *p, unsigned octets)
{
	switch (octets) {
	case 4:
		return be32(p);
	case 3:
		return (uint32_t)be16(p) << 16 | (uint32_t)p[2] << 8;
	case 2:
		return (uint32_t)be16(p) << 16;
	case 1:
		return (uint32_t)p[0] << 24;
	default:
		return 0;
	}
}

/*
 * Next IPv4 or IPv6 unicast/multicast prefix. false at the end, or on a malformed one with the
 * fault noted at its offset from `start` (then the cursor is at its end: what follows cannot be
 * found). Here in the header because a table is mostly IPv4 prefixes.
 */
static inline bool
bgp_prefix_next(struct cursor *r, uint16_t afi, bool path_ids, const uint8_t *start,
    struct bgp_prefix *n, struct faults *f)
{
	size_t left = cur_left(r), head = path_ids ? 5 : 1;
	unsigned len, octets;
	uint32_t word;

	if (left == 0)
		return false;
	if (afi != AFI_IPV4 || left < head || (len = r->pos[head - 1]) > 32 ||
	    left < head + (octets = (len + 7) / 8))
		return bgp_prefix_next_slow(r, afi, path_ids, start, n, f);
	word = left >= head + 4 ? be32(r->pos + head) : bgp_prefix_word(r->pos + head, octets);
	word &= (uint32_t)(0xffffffff00000000ULL >> len);
	n->path_id = path_ids ? be32(r->pos) : 0;
	n->prefix.family = IP_V4;
	n->prefix.len = (uint8_t)len;
	memset(n->prefix.b, 0, sizeof(n->prefix.b));
	put_be32(n->prefix.b, word);
	r->pos += head + octets;
	return true;
}

/* Can the field be read to its last octet as prefixes of that family, with or without path ids? */
bool bgp_prefixes_fit(struct cursor, uint16_t afi, bool path_ids);

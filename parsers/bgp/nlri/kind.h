/*
 * What the files of nlri/ have in common: what a kind of NLRI is, one NLRI of a kind, and the
 * making of keys. Everybody else includes nlri.h.
 */
#pragma once

#include "base/pure/sha256.h"
#include "parsers/bgp/nlri/nlri.h"

/* How an NLRI is cut out of the field. */
enum nlri_frame {
	NLRI_OPAQUE,	 /* to the end of the field */
	NLRI_BITS,	 /* length 1, in bits */
	NLRI_TYPE1_LEN1, /* route type 1, length 1 */
	NLRI_ARCH_TYPE2, /* architecture type 1, route type 2, length 1: MUP */
	NLRI_LEN_FLOW,	 /* length 1, or 2 with the top nibble set (RFC 8955 4.1) */
	NLRI_LEN2,	 /* length 2 */
	NLRI_TYPE2_LEN2, /* type 2, length 2 */
};

enum { NLRI_LABEL_WITHDRAWN = 0x800000 }; /* RFC 8277 2.4 */

enum nlri_verdict {
	NLRI_READ,
	NLRI_UNKNOWN, /* route type without a reader */
	NLRI_BAD,     /* malformed inside, but its length can be believed */
	NLRI_LENGTH,  /* a length that no NLRI of the family has: it cannot be believed */
	NLRI_OVERRUN, /* the field ends before the NLRI does */
};

/* A key while it is made. Its octets go straight into the route, and once there are too many of
 * them also into a digest. */
struct nlri_key {
	struct bgp_nlri *n;
	size_t octets; /* so far, all of them */
	struct sha256 sha;
};

struct nlri_kind {
	enum nlri_frame frame;
	/* Reads n->body: RD, prefix and labels into n, and the key. Before, n has none of them. */
	enum nlri_verdict (*read)(struct bgp_nlri *n, struct bgp_family,
	    struct bgp_nlri_encoding encoding, struct nlri_key *);
	/* Both only of an NLRI that was read as NLRI_READ. */
	void (*dissect)(struct field_sink *, struct bgp_family, const struct bgp_nlri *);
	void (*text)(struct txt *, struct bgp_family, const struct bgp_nlri *);
	/* NULL in families without route types. */
	const char *(*type_name)(struct bgp_family, uint16_t route_type);
};

/* The kinds, by the file they live in: nlri/labels.c, nlri/fixed.c, nlri/l2vpn.c,
 * nlri/typed.c, nlri/flow.c, nlri/ls.c. */
extern const struct nlri_kind nlri_unicast, nlri_labelled, nlri_vpn, nlri_vpn_multicast;
extern const struct nlri_kind nlri_rtc, nlri_sr_policy, nlri_mdt;
extern const struct nlri_kind nlri_vpls;
extern const struct nlri_kind nlri_evpn, nlri_mcast_vpn, nlri_mup;
extern const struct nlri_kind nlri_flowspec;
extern const struct nlri_kind nlri_ls;

/* --- one NLRI (nlri/one.c). kind: NULL for a family without a row. */

/* The NLRI at the cursor; after NLRI_LENGTH and NLRI_OVERRUN what follows cannot be found. */
enum nlri_verdict nlri_read(struct cursor *, const struct nlri_kind *, struct bgp_family,
    struct bgp_nlri_encoding, struct bgp_nlri *);
/* As bgp_nlri_dissect and bgp_nlri_text. */
void nlri_dissect(
    struct field_sink *, const struct nlri_kind *, struct bgp_family, const struct bgp_nlri *);
void nlri_text(struct txt *, const struct nlri_kind *, struct bgp_family, const struct bgp_nlri *);

/* --- keys (nlri/kind.c) */

/* Append octets to the key; when it is full, they go into its digest only. */
void nlri_key_put(struct nlri_key *, const void *, size_t n);
void nlri_key_put8(struct nlri_key *, uint8_t);
static inline void
nlri_key_put_cursor(struct nlri_key *k, struct cursor r)
{
	nlri_key_put(k, r.pos, cur_left(&r));
}
/* Adds the route's prefix: length in bits, and the octets that hold it. */
void nlri_key_put_prefix(struct nlri_key *);
/* Ends the key, and sets n->key_len. */
void nlri_key_end(struct nlri_key *);

/* --- what several families hold */

/* The length octet of a kind that is cut out as NLRI_BITS. */
static inline unsigned
nlri_bits(const struct bgp_nlri *n)
{
	return n->octets.pos[0];
}
/* The label field at the cursor: label, experimental bits, bottom of stack. */
static inline uint32_t
nlri_cur_label(struct cursor *r)
{
	uint32_t high = cur_u16(r);

	return high << 8 | cur_u8(r);
}
/* The 8 octets at the cursor become the route's RD, and go into the key. */
void nlri_parse_rd(struct cursor *, struct nlri_key *);
/* The prefix of `len` bits at the cursor becomes the route's. False when len is over the width, or
 * its octets are short. */
bool nlri_parse_prefix(struct cursor *, uint8_t ip_family, unsigned len, struct bgp_nlri *);

/* The RD, and the prefix, of a route as a field; nothing when it has none. */
void nlri_dissect_rd(struct field_sink *, const struct bgp_nlri *);
void nlri_dissect_prefix(struct field_sink *, const struct bgp_nlri *);
/* The label in field i of the route (RFC 8277 2.2). */
void nlri_dissect_label(struct field_sink *, const char *name, const struct bgp_nlri *, unsigned i);
/* The same where all 24 bits may be a VNI, which only a community says (RFC 8365 5.1.3). */
void nlri_dissect_label_or_vni(
    struct field_sink *, const char *name, const struct bgp_nlri *, unsigned i);
/* The RD and a space, where the route has one. */
void nlri_text_rd(struct txt *, const struct bgp_nlri *);

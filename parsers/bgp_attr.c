/*
 * The table of path attributes: a row per code with its flags, its lengths, what RFC 7606 asks for
 * when it is malformed, and a check of its value. Most of RFC 7606 is data here.
 */
#include "parsers/bgp_update.h"

struct check {
	const struct bgp_context *ctx;
	const struct bgp_attr *attr;
	struct rd value;
};

/* What is wrong with a value; FAULT_NONE when nothing is. */
typedef enum fault_code check_fn(const struct check *);

enum {
	W = ATTR_TRANSITIVE,		      /* well-known */
	O = ATTR_OPTIONAL,		      /* optional non-transitive */
	OT = ATTR_OPTIONAL | ATTR_TRANSITIVE, /* optional transitive */
	ANY = 0xff,			      /* not checked: deprecated or private codes */
};

enum { LEN_MAX = 65535 };

struct row {
	const char *name;
	uint8_t flags;
	uint8_t internal_only; /* from an external peer: discarded */
	uint16_t min, max, step;
	uint8_t on_length; /* enum fault_code */
	check_fn *check;
};

static enum fault_code
check_origin(const struct check *c)
{
	return c->attr->value[0] > 2 ? FAULT_ATTR_VALUE : FAULT_NONE;
}

static enum fault_code
check_as_path(const struct check *c)
{
	unsigned width = c->ctx->as4 ? 4 : 2;
	struct rd r = c->value;
	struct as_segment s;
	bool zero = false;

	while (as_path_next(&r, width, &s))
		for (unsigned i = 0; i < s.count; i++)
			zero |= as_segment_at(&s, width, i) == 0;
	return r.failed ? FAULT_AS_PATH : zero ? FAULT_AS_ZERO : FAULT_NONE;
}

/* Malformed, or with AS 0 in it: discarded, not fatal (RFC 6793 6, RFC 7607 2). */
static enum fault_code
check_as4_path(const struct check *c)
{
	struct rd r = c->value;
	struct as_segment s;
	bool zero = false;

	while (as_path_next(&r, 4, &s))
		for (unsigned i = 0; i < s.count; i++)
			zero |= as_segment_at(&s, 4, i) == 0;
	return r.failed || zero ? FAULT_ATTR_DISCARD : FAULT_NONE;
}

static enum fault_code
check_aggregator(const struct check *c)
{
	struct rd r = c->value;
	uint32_t as;

	if (c->attr->len != (c->ctx->as4 ? 8 : 6))
		return FAULT_ATTR_DISCARD;
	as = c->ctx->as4 ? rd_u32(&r) : rd_u16(&r);
	return as == 0 ? FAULT_ATTR_DISCARD : FAULT_NONE;
}

static enum fault_code
check_as4_aggregator(const struct check *c)
{
	struct rd r = c->value;

	return rd_u32(&r) == 0 ? FAULT_ATTR_DISCARD : FAULT_NONE;
}

/* TLVs of type 1 and length 2, the length counting the header of 3 (RFC 7311 3). */
static enum fault_code
check_aigp(const struct check *c)
{
	struct rd r = c->value;

	while (rd_left(&r) > 0) {
		uint8_t type = rd_u8(&r);
		uint16_t len = rd_u16(&r);

		if (len < 3 || (type == 1 && len != 11))
			return FAULT_ATTR_DISCARD;
		rd_take(&r, len - 3U);
	}
	return r.failed ? FAULT_ATTR_DISCARD : FAULT_NONE;
}

/* TLVs of type 2 and length 2 (RFC 9012 2, RFC 9552 5). */
static enum fault_code
check_tlv22(const struct check *c, enum fault_code fault)
{
	struct rd r = c->value;

	while (rd_left(&r) > 0) {
		rd_u16(&r);
		rd_take(&r, rd_u16(&r));
	}
	return r.failed ? fault : FAULT_NONE;
}

static enum fault_code
check_tunnel(const struct check *c)
{
	return check_tlv22(c, FAULT_ATTR_VALUE);
}

static enum fault_code
check_link_state(const struct check *c)
{
	return check_tlv22(c, FAULT_ATTR_DISCARD);
}

/* TLVs of type 1 and length 2 (RFC 8669 3). */
static enum fault_code
check_prefix_sid(const struct check *c)
{
	struct rd r = c->value;

	while (rd_left(&r) > 0) {
		rd_u8(&r);
		rd_take(&r, rd_u16(&r));
	}
	return r.failed ? FAULT_ATTR_DISCARD : FAULT_NONE;
}

#define ROW(name, flags, min, max, step, fault, check)                                             \
	{                                                                                          \
		name, flags, 0, min, max, step, fault, check                                       \
	}
#define INTERNAL(name, flags, min, max, step, fault, check)                                        \
	{                                                                                          \
		name, flags, 1, min, max, step, fault, check                                       \
	}

/* clang-format off */
static const struct row table[256] = {
	/*                              name                flags min max      step on length value
	 */
	[ATTR_ORIGIN] =
	    ROW("ORIGIN", W, 1, 1, 0, FAULT_ATTR_LENGTH, check_origin), /* RFC 7606 7.1 */
	[ATTR_AS_PATH] =
	    ROW("AS_PATH", W, 0, LEN_MAX, 0, FAULT_ATTR_LENGTH, check_as_path),		 /* 7.2 */
	[ATTR_NEXT_HOP] = ROW("NEXT_HOP", W, 4, 4, 0, FAULT_ATTR_LENGTH, NULL),		 /* 7.3 */
	[ATTR_MED] = ROW("MULTI_EXIT_DISC", O, 4, 4, 0, FAULT_ATTR_LENGTH, NULL),	 /* 7.4 */
	[ATTR_LOCAL_PREF] = INTERNAL("LOCAL_PREF", W, 4, 4, 0, FAULT_ATTR_LENGTH, NULL), /* 7.5 */
	[ATTR_ATOMIC_AGGREGATE] =
	    ROW("ATOMIC_AGGREGATE", W, 0, 0, 0, FAULT_ATTR_DISCARD, NULL), /* 7.6 */
	[ATTR_AGGREGATOR] =
	    ROW("AGGREGATOR", OT, 6, 8, 0, FAULT_ATTR_DISCARD, check_aggregator), /* 7.7 */
	[ATTR_COMMUNITIES] =
	    ROW("COMMUNITIES", OT, 4, LEN_MAX, 4, FAULT_ATTR_LENGTH, NULL), /* 7.8 */
	[ATTR_ORIGINATOR_ID] =
	    INTERNAL("ORIGINATOR_ID", O, 4, 4, 0, FAULT_ATTR_LENGTH, NULL), /* 7.9 */
	[ATTR_CLUSTER_LIST] =
	    INTERNAL("CLUSTER_LIST", O, 4, LEN_MAX, 4, FAULT_ATTR_LENGTH, NULL), /* 7.10 */
	[11] = ROW("DPA", ANY, 0, LEN_MAX, 0, FAULT_NONE, NULL),		 /* deprecated */
	[12] = ROW("ADVERTISER", ANY, 0, LEN_MAX, 0, FAULT_NONE, NULL),		 /* deprecated */
	[13] = ROW("RCID_PATH", ANY, 0, LEN_MAX, 0, FAULT_NONE, NULL),		 /* deprecated */
	[ATTR_MP_REACH] = ROW("MP_REACH_NLRI", O, 5, LEN_MAX, 0, FAULT_MP_SHORT, NULL), /* 7.11 */
	[ATTR_MP_UNREACH] =
	    ROW("MP_UNREACH_NLRI", O, 3, LEN_MAX, 0, FAULT_MP_SHORT, NULL), /* 7.12 */
	[ATTR_EXT_COMMUNITIES] =
	    ROW("EXTENDED_COMMUNITIES", OT, 8, LEN_MAX, 8, FAULT_ATTR_LENGTH, NULL), /* 7.14 */
	[ATTR_AS4_PATH] =
	    ROW("AS4_PATH", OT, 6, LEN_MAX, 2, FAULT_ATTR_DISCARD, check_as4_path), /* RFC 6793 6 */
	[ATTR_AS4_AGGREGATOR] = ROW("AS4_AGGREGATOR", OT, 8, 8, 0, FAULT_ATTR_DISCARD,
	    check_as4_aggregator),					       /* RFC 6793 6 */
	[19] = ROW("SSA", ANY, 0, LEN_MAX, 0, FAULT_NONE, NULL),	       /* deprecated */
	[20] = ROW("CONNECTOR", ANY, 0, LEN_MAX, 0, FAULT_NONE, NULL),	       /* deprecated */
	[21] = ROW("AS_PATHLIMIT", ANY, 0, LEN_MAX, 0, FAULT_NONE, NULL),      /* deprecated */
	[22] = ROW("PMSI_TUNNEL", OT, 5, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL), /* RFC 6514 5 */
	[23] = ROW(
	    "TUNNEL_ENCAP", OT, 4, LEN_MAX, 0, FAULT_ATTR_LENGTH, check_tunnel), /* RFC 9012 13 */
	[24] =
	    ROW("TRAFFIC_ENGINEERING", O, 36, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL), /* RFC 5543 */
	[25] = ROW("IPV6_EXT_COMMUNITIES", OT, 20, LEN_MAX, 20, FAULT_ATTR_LENGTH,
	    NULL),							      /* RFC 7606 7.15 */
	[26] = ROW("AIGP", O, 3, LEN_MAX, 0, FAULT_ATTR_DISCARD, check_aigp), /* RFC 7311 3.2 */
	[27] = ROW(
	    "PE_DISTINGUISHER_LABELS", OT, 7, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL), /* RFC 6514 8 */
	[29] = ROW(
	    "BGP_LS", O, 0, LEN_MAX, 0, FAULT_ATTR_DISCARD, check_link_state), /* RFC 9552 8.2.2 */
	[ATTR_LARGE_COMMUNITIES] =
	    ROW("LARGE_COMMUNITY", OT, 12, LEN_MAX, 12, FAULT_ATTR_LENGTH, NULL),   /* RFC 8092 6 */
	[33] = ROW("BGPSEC_PATH", O, 4, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL),	    /* RFC 8205 5 */
	[ATTR_OTC] = ROW("ONLY_TO_CUSTOMER", OT, 4, 4, 0, FAULT_ATTR_LENGTH, NULL), /* RFC 9234 5 */
	[36] = ROW("D_PATH", OT, 8, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL), /* RFC 10039 4 */
	[37] = ROW("SFP", OT, 3, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL),	  /* RFC 9015 3.2.1 */
	[38] = ROW("BFD_DISCRIMINATOR", OT, 5, LEN_MAX, 0, FAULT_ATTR_DISCARD, NULL), /* RFC 9026 */
	[39] = ROW("NEXT_HOP_CHARACTERISTICS", OT, 0, LEN_MAX, 0, FAULT_NONE,
	    NULL), /* draft-ietf-idr-nhc */
	[40] = ROW(
	    "PREFIX_SID", OT, 3, LEN_MAX, 0, FAULT_ATTR_DISCARD, check_prefix_sid), /* RFC 8669 6 */
	[41] =
	    ROW("BIER", OT, 4, LEN_MAX, 0, FAULT_ATTR_DISCARD, check_link_state), /* RFC 9793 4 */
	[128] = ROW("ATTR_SET", OT, 4, LEN_MAX, 0, FAULT_ATTR_LENGTH, NULL), /* RFC 7606 7.16 */
};
/* clang-format on */

const char *
bgp_attr_name(uint8_t code)
{
	return table[code].name;
}

/* What RFC 7606 says of one attribute; FAULT_NONE when it is fine. */
static enum fault_code
check_one(const struct bgp_attr *a, const struct bgp_context *ctx)
{
	const struct row *row = &table[a->code];
	struct check c = { .ctx = ctx, .attr = a };

	if (row->name == NULL) /* unknown: optional ones are passed on, well-known ones cannot be
				  (RFC 4271 6.3) */
		return a->flags & ATTR_OPTIONAL ? FAULT_NONE : FAULT_ATTR_WELL_KNOWN;
	if (row->internal_only && ctx->ebgp)
		return FAULT_ATTR_DISCARD;
	if (row->flags != ANY && (a->flags & OT) != row->flags) {
		/* AIGP with the transitive bit is discarded (RFC 7311 3), everything else withdrawn
		 * (RFC 7606 3 c) */
		return a->code == 26 ? FAULT_ATTR_DISCARD : FAULT_ATTR_FLAGS;
	}
	if (a->len < row->min || a->len > row->max || (row->step != 0 && a->len % row->step != 0))
		return ctx->lenient_missing && a->len == 0 ? FAULT_NONE
							   : (enum fault_code)row->on_length;
	if (row->check == NULL)
		return FAULT_NONE;
	c.value = rd_of(a->value, a->len);
	return row->check(&c);
}

static void
check_missing(const struct bgp_update *u, const struct bgp_context *ctx, struct faults *f)
{
	bool classic = rd_left(&u->nlri) > 0;
	bool mp = u->reach.present && rd_left(&u->reach.nlri) > 0;

	if ((!classic && !mp) || ctx->lenient_missing)
		return;
	if (!(u->known >> ATTR_ORIGIN & 1))
		fault_add(f, FAULT_ATTR_MISSING, ATTR_ORIGIN, 0);
	/* BGPsec_PATH takes its place (RFC 8205 4) */
	if (!(u->known >> ATTR_AS_PATH & 1) && bgp_update_attr(u, 33) == NULL)
		fault_add(f, FAULT_ATTR_MISSING, ATTR_AS_PATH, 0);
	if (classic && !ctx->lenient_next_hop && !(u->known >> ATTR_NEXT_HOP & 1))
		fault_add(f, FAULT_ATTR_MISSING, ATTR_NEXT_HOP, 0);
}

/* Next hop lengths of the families whose routes are kept (RFC 4760 3, RFC 2545 3, RFC 8950 3). */
static bool
next_hop_fits(const struct bgp_mp *mp, const struct bgp_context *ctx)
{
	size_t n = rd_left(&mp->next_hop);

	if (ctx->lenient_missing && n == 0)
		return true;
	if (mp->family.safi != SAFI_UNICAST && mp->family.safi != SAFI_MULTICAST)
		return true;
	if (mp->family.afi == AFI_IPV4)
		return n == 4 || n == 16 || n == 32;
	return mp->family.afi != AFI_IPV6 || n == 16 || n == 32;
}

void
bgp_update_check(struct bgp_update *u, const struct bgp_context *ctx, struct faults *f)
{
	unsigned kept = 0;

	check_missing(u, ctx, f);
	if (u->reach.present && rd_left(&u->reach.nlri) > 0 && !next_hop_fits(&u->reach, ctx))
		fault_add(f, FAULT_MP_NEXT_HOP, (unsigned)rd_left(&u->reach.next_hop),
		    (size_t)(u->reach.next_hop.pos - u->start));
	for (unsigned i = 0; i < u->attrs_n; i++) {
		enum fault_code fault = check_one(&u->attr[i], ctx);

		if (fault != FAULT_NONE)
			fault_add(f, fault, u->attr[i].code, (size_t)(u->attr[i].value - u->start));
		if (fault == FAULT_ATTR_DISCARD) {
			if (u->attr[i].code < 32)
				u->known &= ~(1U << u->attr[i].code);
			continue;
		}
		if (kept != i)
			u->attr[kept] = u->attr[i];
		kept++;
	}
	u->attrs_n = (uint8_t)kept;
}

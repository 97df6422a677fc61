/* NLRI: prefixes one by one (RFC 4271 4.3, RFC 7911 3), and how many there are in fields of other
 * families. */
#include "parsers/bgp_update.h"

static unsigned
width_of(uint16_t afi)
{
	return afi == AFI_IPV4 ? 32 : 128;
}

bool
bgp_nlri_next(struct rd *r, uint16_t afi, bool addpath, const uint8_t *start, struct bgp_nlri *n,
    struct faults *f)
{
	const uint8_t *at = r->pos, *bytes;
	unsigned octets;

	if (rd_left(r) == 0)
		return false;
	n->path_id = addpath ? rd_u32(r) : 0;
	n->len = rd_u8(r);
	octets = (n->len + 7U) / 8;
	if (!r->failed && n->len > width_of(afi)) {
		fault_add(f, FAULT_NLRI_LENGTH, n->len, (size_t)(at - start));
		r->failed = true;
		r->pos = r->end;
		return false;
	}
	bytes = rd_take(r, octets);
	if (r->failed) {
		fault_add(f, FAULT_NLRI_OVERRUN, n->len, (size_t)(at - start));
		return false;
	}
	memset(n->addr, 0, sizeof(n->addr));
	if (octets > 0) {
		memcpy(n->addr, bytes, octets);
		if (n->len % 8 != 0)
			n->addr[octets - 1] &= (uint8_t)(0xff00U >> (n->len % 8));
	}
	return true;
}

bool
bgp_nlri_fits(struct rd r, uint16_t afi, bool addpath)
{
	while (rd_left(&r) > 0) {
		uint8_t len;

		if (addpath)
			rd_u32(&r);
		len = rd_u8(&r);
		if (len > width_of(afi))
			return false;
		rd_take(&r, (len + 7U) / 8);
	}
	return !r.failed;
}

/* How the length of an NLRI of a family is told. */
enum shape {
	SHAPE_UNKNOWN,
	SHAPE_BITS,	  /* one octet, in bits: unicast, labelled, VPN, RTC, SR policy, MDT */
	SHAPE_TYPE_LEN1,  /* type octet, length octet: EVPN, MCAST-VPN */
	SHAPE_MUP,	  /* architecture octet, type 2, length octet */
	SHAPE_FLOW,	  /* one or two octets: FlowSpec */
	SHAPE_LEN2,	  /* two octets: VPLS */
	SHAPE_TYPE2_LEN2, /* type 2, length 2: BGP-LS */
};

static enum shape
shape_of(struct bgp_family f)
{
	switch (f.safi) {
	case SAFI_UNICAST:
	case SAFI_MULTICAST:
	case SAFI_LABELLED:
	case SAFI_VPN:
	case SAFI_VPN_MULTICAST:
	case SAFI_RTC:
	case SAFI_SR_POLICY:
		return f.afi == AFI_IPV4 || f.afi == AFI_IPV6 ? SHAPE_BITS : SHAPE_UNKNOWN;
	case SAFI_EVPN:
		return f.afi == AFI_L2VPN ? SHAPE_TYPE_LEN1 : SHAPE_UNKNOWN;
	case SAFI_MCAST_VPN:
		return SHAPE_TYPE_LEN1;
	case SAFI_VPLS:
		return f.afi == AFI_L2VPN ? SHAPE_LEN2 : SHAPE_UNKNOWN;
	case SAFI_FLOWSPEC:
	case SAFI_FLOWSPEC_VPN:
		return SHAPE_FLOW;
	case SAFI_BGP_LS:
	case SAFI_BGP_LS_VPN:
		return f.afi == AFI_BGP_LS ? SHAPE_TYPE2_LEN2 : SHAPE_UNKNOWN;
	case SAFI_MUP:
		return SHAPE_MUP;
	default:
		return SHAPE_UNKNOWN;
	}
}

static void
skip_one(struct rd *r, enum shape shape)
{
	uint16_t len;

	switch (shape) {
	case SHAPE_BITS:
		rd_take(r, (rd_u8(r) + 7U) / 8);
		break;
	case SHAPE_TYPE_LEN1:
		rd_u8(r);
		rd_take(r, rd_u8(r));
		break;
	case SHAPE_MUP:
		rd_take(r, 3);
		rd_take(r, rd_u8(r));
		break;
	case SHAPE_FLOW:
		len = rd_u8(r);
		if (len >= 0xf0)
			len = (uint16_t)((len & 0x0f) << 8 | rd_u8(r));
		rd_take(r, len);
		break;
	case SHAPE_LEN2:
		rd_take(r, rd_u16(r));
		break;
	case SHAPE_TYPE2_LEN2:
		rd_u16(r);
		rd_take(r, rd_u16(r));
		break;
	default:
		r->failed = true;
	}
}

int
bgp_nlri_count(struct rd r, struct bgp_family family, bool addpath, bool withdraw)
{
	enum shape shape = shape_of(family);
	int n = 0;

	(void)
	    withdraw; /* the length octet counts the withdrawn label field as well (RFC 8277 2.4) */
	if (shape == SHAPE_UNKNOWN)
		return -1;
	for (; rd_left(&r) > 0; n++) {
		if (addpath)
			rd_u32(&r);
		skip_one(&r, shape);
	}
	return r.failed ? -1 : n;
}

/* The table of address families, and their names. */
#include "parsers/bgp/family.h"

#include <stdio.h>

/* Lengths of next hops, a bit for each four octets. */
enum {
	NH_0 = 1 << 0,
	NH_4 = 1 << 1,
	NH_12 = 1 << 3,
	NH_16 = 1 << 4,
	NH_24 = 1 << 6,
	NH_32 = 1 << 8,
	NH_48 = 1 << 12,
	NH_IPV6 = NH_16 | NH_32,
	NH_PLAIN = NH_4 | NH_IPV6,
	/* with a distinguisher; without one as RFC 5549 had it */
	NH_VPN = NH_12 | NH_24 | NH_48 | NH_16 | NH_32,
	NH_ALL = NH_PLAIN | NH_VPN,
	NH_OR_NONE = NH_0 | NH_ALL,
};

enum {
	RD = BGP_FAMILY_RD,
	EVENTS = BGP_FAMILY_EVENTS,
	ENDPOINT = BGP_FAMILY_ENDPOINT,
	RD_ENDPOINT = RD | ENDPOINT,
	NONE = 0,
};

#define PREFIX	 BGP_SHAPE_PREFIX
#define LABELLED BGP_SHAPE_LABELLED
#define KEY	 BGP_SHAPE_KEY

/* The AFIs of families that have a row. */
enum { IPV4, IPV6, L2VPN, BGP_LS, AFIS };

/*
 * Next hops: RFC 4760 3, RFC 2545 3, RFC 4364 4.3.2, RFC 4659 3.2.1, RFC 8950 3, RFC 8955 4; all
 * that somebody uses, not only what the family's own document says.
 */
/* clang-format off */
static const struct bgp_family_row table[AFIS][256] = {
	/* NLRI, shape in the RIB, flags, next hops */

	[IPV4][SAFI_UNICAST] = { BGP_NLRI_UNICAST, PREFIX, ENDPOINT, NH_PLAIN },
	[IPV6][SAFI_UNICAST] = { BGP_NLRI_UNICAST, PREFIX, ENDPOINT, NH_IPV6 },
	[IPV4][SAFI_MULTICAST] = { BGP_NLRI_UNICAST, PREFIX, NONE, NH_PLAIN },
	[IPV6][SAFI_MULTICAST] = { BGP_NLRI_UNICAST, PREFIX, NONE, NH_IPV6 },
	[IPV4][SAFI_LABELLED] = { BGP_NLRI_LABELLED, LABELLED, ENDPOINT, NH_PLAIN },
	[IPV6][SAFI_LABELLED] = { BGP_NLRI_LABELLED, LABELLED, ENDPOINT, NH_IPV6 },
	[IPV4][SAFI_VPN] = { BGP_NLRI_VPN, LABELLED, RD_ENDPOINT, NH_VPN },
	[IPV6][SAFI_VPN] = { BGP_NLRI_VPN, LABELLED, RD_ENDPOINT, NH_VPN },
	[IPV4][SAFI_VPN_MULTICAST] = { BGP_NLRI_VPN_MULTICAST, LABELLED, RD, NH_VPN },
	[IPV6][SAFI_VPN_MULTICAST] = { BGP_NLRI_VPN_MULTICAST, LABELLED, RD, NH_VPN },
	[IPV4][SAFI_CLASSFUL_TRANSPORT] = { BGP_NLRI_VPN, LABELLED, RD, NH_ALL },
	[IPV6][SAFI_CLASSFUL_TRANSPORT] = { BGP_NLRI_VPN, LABELLED, RD, NH_ALL },

	[IPV4][SAFI_MCAST_VPN] = { BGP_NLRI_MCAST_VPN, KEY, EVENTS, NH_PLAIN },
	[IPV6][SAFI_MCAST_VPN] = { BGP_NLRI_MCAST_VPN, KEY, EVENTS, NH_PLAIN },
	[IPV4][SAFI_MDT] = { BGP_NLRI_MDT, KEY, EVENTS, NH_PLAIN },
	[IPV4][SAFI_RTC] = { BGP_NLRI_RTC, KEY, EVENTS, NH_PLAIN },
	[IPV6][SAFI_RTC] = { BGP_NLRI_RTC, KEY, EVENTS, NH_PLAIN },
	[IPV4][SAFI_SR_POLICY] = { BGP_NLRI_SR_POLICY, KEY, EVENTS, NH_PLAIN },
	[IPV6][SAFI_SR_POLICY] = { BGP_NLRI_SR_POLICY, KEY, EVENTS, NH_PLAIN },
	[IPV4][SAFI_MUP] = { BGP_NLRI_MUP, KEY, EVENTS, NH_PLAIN },
	[IPV6][SAFI_MUP] = { BGP_NLRI_MUP, KEY, EVENTS, NH_PLAIN },
	[IPV4][SAFI_FLOWSPEC] = { BGP_NLRI_FLOWSPEC, KEY, EVENTS, NH_OR_NONE },
	[IPV6][SAFI_FLOWSPEC] = { BGP_NLRI_FLOWSPEC, KEY, EVENTS, NH_OR_NONE },
	[L2VPN][SAFI_FLOWSPEC] = { BGP_NLRI_FLOWSPEC, KEY, EVENTS, NH_OR_NONE },
	[IPV4][SAFI_FLOWSPEC_VPN] = { BGP_NLRI_FLOWSPEC, KEY, EVENTS, NH_OR_NONE },
	[IPV6][SAFI_FLOWSPEC_VPN] = { BGP_NLRI_FLOWSPEC, KEY, EVENTS, NH_OR_NONE },
	[L2VPN][SAFI_FLOWSPEC_VPN] = { BGP_NLRI_FLOWSPEC, KEY, EVENTS, NH_OR_NONE },
	[L2VPN][SAFI_VPLS] = { BGP_NLRI_VPLS, KEY, EVENTS, NH_PLAIN },
	[L2VPN][SAFI_EVPN] = { BGP_NLRI_EVPN, KEY, ENDPOINT, NH_PLAIN },
	[BGP_LS][SAFI_BGP_LS] = { BGP_NLRI_LS, KEY, EVENTS, NH_PLAIN },
	[BGP_LS][SAFI_BGP_LS_SPF] = { BGP_NLRI_LS, KEY, EVENTS, NH_PLAIN },
	[BGP_LS][SAFI_BGP_LS_VPN] = { BGP_NLRI_LS, KEY, EVENTS, NH_ALL },
};
/* clang-format on */

const struct bgp_family_row *
bgp_family_row(struct bgp_family f)
{
	const struct bgp_family_row *rows;

	switch (f.afi) {
	case AFI_IPV4:
		rows = table[IPV4];
		break;
	case AFI_IPV6:
		rows = table[IPV6];
		break;
	case AFI_L2VPN:
		rows = table[L2VPN];
		break;
	case AFI_BGP_LS:
		rows = table[BGP_LS];
		break;
	default:
		return NULL;
	}
	return rows[f.safi].nlri != BGP_NLRI_OPAQUE ? &rows[f.safi] : NULL;
}

bool
bgp_family_next_hop_fits(struct bgp_family f, size_t octets)
{
	const struct bgp_family_row *row = bgp_family_row(f);

	return row == NULL ||
	       (octets % 4 == 0 && octets <= 48 && row->next_hops >> (octets / 4) & 1);
}

/* --- names */

#define NAME_CASE(id, number, name)                                                                \
	case id:                                                                                   \
		return name;

static const char *
afi_name(uint16_t afi)
{
	switch (afi) {
		BGP_AFI_MAP(NAME_CASE)
	default:
		return NULL;
	}
}

static const char *
safi_name(uint8_t safi)
{
	switch (safi) {
		BGP_SAFI_MAP(NAME_CASE)
	default:
		return NULL;
	}
}

const char *
bgp_family_name(struct bgp_family family, char *buf, size_t size)
{
	const char *afi = afi_name(family.afi), *safi = safi_name(family.safi);

	if (afi != NULL && safi != NULL)
		snprintf(buf, size, "%s-%s", afi, safi);
	else
		snprintf(buf, size, "%u/%u", family.afi, family.safi);
	return buf;
}

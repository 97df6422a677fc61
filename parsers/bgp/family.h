/*
 * family: the address families that MP-BGP carries (RFC 4760), a row for each that can be read.
 *
 * The row says all that differs from family to family: the kind of its NLRI, the lengths that its
 * next hops may have, and how its routes are kept. A new family is a row in family.c, and, where
 * its NLRI are like no other's, a kind in nlri/. The tests then ask for an example of its NLRI.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"

/* Every number that has a name, whether or not its NLRI can be read. */
#define BGP_AFI_MAP(X)                                                                             \
	X(AFI_IPV4, 1, "ipv4")                                                                     \
	X(AFI_IPV6, 2, "ipv6")                                                                     \
	X(AFI_L2VPN, 25, "l2vpn")                                                                  \
	X(AFI_SFC, 31, "sfc")                                                                      \
	X(AFI_BGP_LS, 16388, "bgp")                                                                \
	X(AFI_UUID, 16397, "uuid")                                                                 \
	X(AFI_ROUTING_POLICY, 16398, "routing-policy")

#define BGP_SAFI_MAP(X)                                                                            \
	X(SAFI_UNICAST, 1, "unicast")                                                              \
	X(SAFI_MULTICAST, 2, "multicast")                                                          \
	X(SAFI_LABELLED, 4, "labelled")                                                            \
	X(SAFI_MCAST_VPN, 5, "mcast-vpn")                                                          \
	X(SAFI_MS_PW, 6, "ms-pw")                                                                  \
	X(SAFI_ENCAPSULATION, 7, "encapsulation")                                                  \
	X(SAFI_MCAST_VPLS, 8, "mcast-vpls")                                                        \
	X(SAFI_SFC, 9, "sfc")                                                                      \
	X(SAFI_TUNNEL, 64, "tunnel")                                                               \
	X(SAFI_VPLS, 65, "vpls")                                                                   \
	X(SAFI_MDT, 66, "mdt")                                                                     \
	X(SAFI_4OVER6, 67, "4over6")                                                               \
	X(SAFI_6OVER4, 68, "6over4")                                                               \
	X(SAFI_L1VPN, 69, "l1vpn")                                                                 \
	X(SAFI_EVPN, 70, "evpn")                                                                   \
	X(SAFI_BGP_LS, 71, "ls")                                                                   \
	X(SAFI_BGP_LS_VPN, 72, "ls-vpn")                                                           \
	X(SAFI_SR_POLICY, 73, "sr-policy")                                                         \
	X(SAFI_SD_WAN, 74, "sd-wan")                                                               \
	X(SAFI_ROUTING_POLICY, 75, "routing-policy")                                               \
	X(SAFI_CLASSFUL_TRANSPORT, 76, "classful-transport") /* RFC 9832 */                        \
	X(SAFI_TUNNELLED_FLOWSPEC, 77, "tunnelled-flowspec")                                       \
	X(SAFI_MCAST_TREE, 78, "mcast-tree")                                                       \
	X(SAFI_DPS, 79, "dps")                                                                     \
	X(SAFI_BGP_LS_SPF, 80, "ls-spf") /* RFC 9815 */                                            \
	X(SAFI_CAR, 83, "car")                                                                     \
	X(SAFI_VPN_CAR, 84, "vpn-car")                                                             \
	X(SAFI_MUP, 85, "mup")                                                                     \
	X(SAFI_VPN, 128, "vpn")                                                                    \
	X(SAFI_VPN_MULTICAST, 129, "vpn-multicast")                                                \
	X(SAFI_RTC, 132, "rtc")                                                                    \
	X(SAFI_FLOWSPEC, 133, "flowspec")                                                          \
	X(SAFI_FLOWSPEC_VPN, 134, "flowspec-vpn")                                                  \
	X(SAFI_VPN_AUTO_DISCOVERY, 140, "vpn-auto-discovery")

#define BGP_FAMILY_NUMBER(id, number, name) id = number,
enum bgp_afi { BGP_AFI_MAP(BGP_FAMILY_NUMBER) };
enum bgp_safi { BGP_SAFI_MAP(BGP_FAMILY_NUMBER) };
#undef BGP_FAMILY_NUMBER

struct bgp_family {
	uint16_t afi;
	uint8_t safi;
};

/* The family of the fields that are older than MP-BGP. */
#define BGP_IPV4_UNICAST ((struct bgp_family){ AFI_IPV4, SAFI_UNICAST })

static inline bool
bgp_family_equal(struct bgp_family a, struct bgp_family b)
{
	return a.afi == b.afi && a.safi == b.safi;
}

/* The family of the addresses that an AFI has, IPv4 for all but IPv6. */
static inline uint8_t
bgp_ip_family(uint16_t afi)
{
	return afi == AFI_IPV6 ? IP_V6 : IP_V4;
}

/* Which reader of nlri/ knows the NLRI of a family; nlri/walk.c has a row for each. */
enum bgp_nlri_kind {
	BGP_NLRI_OPAQUE, /* none: the family has no row */
	BGP_NLRI_UNICAST,
	BGP_NLRI_LABELLED,
	BGP_NLRI_VPN,
	BGP_NLRI_VPN_MULTICAST,
	BGP_NLRI_MCAST_VPN,
	BGP_NLRI_MDT,
	BGP_NLRI_RTC,
	BGP_NLRI_SR_POLICY,
	BGP_NLRI_MUP,
	BGP_NLRI_FLOWSPEC,
	BGP_NLRI_VPLS,
	BGP_NLRI_EVPN,
	BGP_NLRI_LS,
	BGP_NLRI_KINDS
};

/* How a RIB keeps the routes of a family. Those of a family without a row are not kept. */
enum bgp_family_shape {
	/* the NLRI is a prefix and nothing else */
	BGP_SHAPE_PREFIX,
	/* by a key, [RD and] prefix, from which, with the labels, the NLRI can be made again */
	BGP_SHAPE_LABELLED,
	/* by the key of struct bgp_nlri; the NLRI has to be kept beside it */
	BGP_SHAPE_KEY,
};

/* Bits of `flags`. */
enum {
	BGP_FAMILY_RD = 1,	 /* an RD precedes the prefix, and the address of the next hop */
	BGP_FAMILY_EVENTS = 2,	 /* every change of a route is an event */
	BGP_FAMILY_ENDPOINT = 4, /* a tunnel has exactly one endpoint (RFC 9012 6) */
};

struct bgp_family_row {
	uint8_t nlri;	    /* enum bgp_nlri_kind, never BGP_NLRI_OPAQUE */
	uint8_t shape;	    /* enum bgp_family_shape */
	uint8_t flags;	    /* BGP_FAMILY_ bits */
	uint16_t next_hops; /* for bgp_family_next_hop_fits() */
};

/* What is known of the family; NULL when its NLRI cannot be read. Static. */
const struct bgp_family_row *bgp_family_row(struct bgp_family);

/* The bit is set in the family's row; false without a row. */
static inline bool
bgp_family_has(struct bgp_family f, unsigned flag)
{
	const struct bgp_family_row *row = bgp_family_row(f);

	return row != NULL && (row->flags & flag) != 0;
}

/* Can a next hop of that family have so many octets (RFC 4760 3)? True without a row: nothing is
 * known of it. */
bool bgp_family_next_hop_fits(struct bgp_family, size_t octets);

/* Same as the shape BGP_SHAPE_PREFIX: IPv4 or IPv6, unicast or multicast. Inline for the hot path;
 * the tests hold it against the table. */
static inline bool
bgp_family_is_plain(struct bgp_family f)
{
	return (f.afi == AFI_IPV4 || f.afi == AFI_IPV6) &&
	       (f.safi == SAFI_UNICAST || f.safi == SAFI_MULTICAST);
}

/* "ipv4-unicast" and the like, or "AFI/SAFI" in numbers, into buf. */
const char *bgp_family_name(struct bgp_family, char *buf, size_t size);

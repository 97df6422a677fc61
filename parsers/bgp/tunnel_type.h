/*
 * BGP Tunnel Encapsulation Attribute Tunnel Types (RFC 9012 2): the numbers that the attribute
 * TUNNEL_ENCAP and the Encapsulation Extended Community have in common.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"

enum bgp_tunnel_type {
	TUNNEL_L2TPV3 = 1,
	TUNNEL_GRE = 2,
	TUNNEL_VXLAN = 8,
	TUNNEL_NVGRE = 9,
	TUNNEL_MPLS = 10,
	TUNNEL_MPLS_IN_GRE = 11,
	TUNNEL_VXLAN_GPE = 12,
	TUNNEL_SR_POLICY = 15,
	TUNNEL_GENEVE = 19,
};

/* "vxlan" and the like, or the number in buf. */
const char *bgp_tunnel_type_name(uint16_t type, char *buf, size_t size);
/* Does the type have a name here? */
bool bgp_tunnel_type_known(uint16_t type);

/* What the label fields of a route hold (RFC 8365 5.1.3). */
enum bgp_encapsulation {
	BGP_ENCAPSULATION_UNKNOWN, /* no community says it, or two contradict each other */
	BGP_ENCAPSULATION_MPLS,	   /* labels of 20 bits */
	BGP_ENCAPSULATION_VNI,	   /* VXLAN, NVGRE, VXLAN GPE, Geneve: numbers of 24 bits */
};

/*
 * What a value of EXTENDED_COMMUNITIES says about it by its Encapsulation communities (RFC 9012
 * 4.1). Other tunnel types decide nothing, and octets behind the last whole community are ignored.
 */
enum bgp_encapsulation bgp_encapsulation(struct cursor ext_communities);

#include "parsers/bgp/tunnel_type.h"

#include "parsers/wire/tlv.h"

enum { ENCAPSULATION_COMMUNITY = 0x030c };

static const char *const names[] = { NULL, "l2tpv3", "gre", "ipsec-transmit", "ipsec",
	"ip-in-ip-ipsec", "mpls-in-ip-ipsec", "ip-in-ip", "vxlan", "nvgre", "mpls", "mpls-in-gre",
	"vxlan-gpe", "mpls-in-udp", "ipv6-tunnel", "sr-policy", "bare", "sr-tunnel",
	"cloud-security", "geneve", "any", "gtp", "dps" };

enum { NAMES = sizeof(names) / sizeof(names[0]) };

const char *
bgp_tunnel_type_name(uint16_t type, char *buf, size_t size)
{
	return code_name(names, NAMES, type, buf, size);
}

bool
bgp_tunnel_type_known(uint16_t type)
{
	return type < NAMES && names[type] != NULL;
}

/* What one tunnel type says about the label fields. */
static enum bgp_encapsulation
encapsulation_of(uint16_t tunnel)
{
	switch (tunnel) {
	case TUNNEL_VXLAN:
	case TUNNEL_NVGRE:
	case TUNNEL_VXLAN_GPE:
	case TUNNEL_GENEVE:
		return BGP_ENCAPSULATION_VNI;
	case TUNNEL_MPLS:
	case TUNNEL_MPLS_IN_GRE:
		return BGP_ENCAPSULATION_MPLS;
	default:
		return BGP_ENCAPSULATION_UNKNOWN;
	}
}

enum bgp_encapsulation
bgp_encapsulation(struct cursor c)
{
	enum bgp_encapsulation all = BGP_ENCAPSULATION_UNKNOWN;

	while (cur_left(&c) >= 8) {
		const uint8_t *community = cur_take(&c, 8); /* type 2, reserved 4, tunnel type 2 */
		enum bgp_encapsulation one = BGP_ENCAPSULATION_UNKNOWN;

		if (be16(community) == ENCAPSULATION_COMMUNITY)
			one = encapsulation_of(be16(community + 6));
		if (one == BGP_ENCAPSULATION_UNKNOWN)
			continue;
		if (all != BGP_ENCAPSULATION_UNKNOWN && all != one)
			return BGP_ENCAPSULATION_UNKNOWN;
		all = one;
	}
	return all;
}

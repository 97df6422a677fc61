/* Names of what BGP numbers: notifications, roles, families, capabilities. */
#include "parsers/bgp/bgp.h"

#include <stdio.h>

struct name {
	uint16_t key;
	const char *text;
};

static const char *
find_name(const struct name *names, size_t n, unsigned key)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].key == key)
			return names[i].text;
	return NULL;
}

#define NAME_OF(names, key) find_name(names, sizeof(names) / sizeof((names)[0]), key)

static const struct name notification_codes[] = { { 1, "Message Header Error" },
	{ 2, "OPEN Message Error" }, { 3, "UPDATE Message Error" }, { 4, "Hold Timer Expired" },
	{ 5, "FSM Error" }, { 6, "Cease" }, { 7, "ROUTE-REFRESH Message Error" },
	{ 8, "Send Hold Timer Expired" } };

/* code << 8 | subcode */
static const struct name notification_subcodes[] = { { 0x101, "Connection Not Synchronized" },
	{ 0x102, "Bad Message Length" }, { 0x103, "Bad Message Type" },
	{ 0x201, "Unsupported Version" }, { 0x202, "Bad Peer AS" }, { 0x203, "Bad BGP Identifier" },
	{ 0x204, "Unsupported Optional Parameter" }, { 0x206, "Unacceptable Hold Time" },
	{ 0x205, "Authentication Failure (deprecated)" }, { 0x207, "Unsupported Capability" },
	{ 0x208, "AFI/SAFI Not Supported" }, { 0x20b, "Role Mismatch" },
	{ 0x301, "Malformed Attribute List" }, { 0x302, "Unrecognized Well-known Attribute" },
	{ 0x303, "Missing Well-known Attribute" }, { 0x304, "Attribute Flags Error" },
	{ 0x305, "Attribute Length Error" }, { 0x306, "Invalid ORIGIN" },
	{ 0x307, "AS Routing Loop (deprecated)" }, { 0x308, "Invalid NEXT_HOP" },
	{ 0x309, "Optional Attribute Error" }, { 0x30a, "Invalid Network Field" },
	{ 0x30b, "Malformed AS_PATH" }, { 0x501, "in OpenSent" }, { 0x502, "in OpenConfirm" },
	{ 0x503, "in Established" }, { 0x601, "Maximum Number of Prefixes Reached" },
	{ 0x602, "Administrative Shutdown" }, { 0x603, "Peer De-configured" },
	{ 0x604, "Administrative Reset" }, { 0x605, "Connection Rejected" },
	{ 0x606, "Other Configuration Change" }, { 0x607, "Connection Collision Resolution" },
	{ 0x608, "Out of Resources" }, { 0x609, "Hard Reset" }, { 0x60a, "BFD Down" },
	{ 0x701, "Invalid Message Length" } };

const char *
bgp_notification_name(uint8_t code, uint8_t subcode, char *buf, size_t size)
{
	const char *major = NAME_OF(notification_codes, code);
	const char *minor = NAME_OF(notification_subcodes, (unsigned)code << 8 | subcode);

	if (major == NULL)
		snprintf(buf, size, "code %u/%u", code, subcode);
	else if (minor != NULL)
		snprintf(buf, size, "%s/%s", major, minor);
	else if (subcode != 0)
		snprintf(buf, size, "%s/%u", major, subcode);
	else
		snprintf(buf, size, "%s", major);
	return buf;
}

const char *
bgp_role_name(uint8_t role)
{
	static const char *const names[] = { "provider", "rs", "rs-client", "customer", "peer" };

	return role < sizeof(names) / sizeof(names[0]) ? names[role]
	       : role == BGP_ROLE_NONE		       ? "none"
						       : "unknown";
}

static const struct name afi_names[] = { { AFI_IPV4, "ipv4" }, { AFI_IPV6, "ipv6" },
	{ AFI_L2VPN, "l2vpn" }, { 31, "sfc" }, { AFI_BGP_LS, "bgp" }, { 16397, "uuid" },
	{ 16398, "routing-policy" } };
static const struct name safi_names[] = { { SAFI_UNICAST, "unicast" },
	{ SAFI_MULTICAST, "multicast" }, { SAFI_LABELLED, "labelled" },
	{ SAFI_MCAST_VPN, "mcast-vpn" }, { 6, "ms-pw" }, { 7, "encapsulation" },
	{ 8, "mcast-vpls" }, { 9, "sfc" }, { 64, "tunnel" }, { SAFI_VPLS, "vpls" },
	{ SAFI_MDT, "mdt" }, { 67, "4over6" }, { 68, "6over4" }, { 69, "l1vpn" },
	{ SAFI_EVPN, "evpn" }, { SAFI_BGP_LS, "ls" }, { SAFI_BGP_LS_VPN, "ls-vpn" },
	{ SAFI_SR_POLICY, "sr-policy" }, { 74, "sd-wan" }, { 75, "routing-policy" },
	{ SAFI_CLASSFUL_TRANSPORT, "classful-transport" }, { 77, "tunnelled-flowspec" },
	{ 78, "mcast-tree" }, { 79, "dps" }, { SAFI_BGP_LS_SPF, "ls-spf" }, { 83, "car" },
	{ 84, "vpn-car" }, { SAFI_MUP, "mup" }, { SAFI_VPN, "vpn" },
	{ SAFI_VPN_MULTICAST, "vpn-multicast" }, { SAFI_RTC, "rtc" }, { SAFI_FLOWSPEC, "flowspec" },
	{ SAFI_FLOWSPEC_VPN, "flowspec-vpn" }, { 140, "vpn-auto-discovery" } };

const char *
bgp_family_name(struct bgp_family family, char *buf, size_t size)
{
	const char *afi = NAME_OF(afi_names, family.afi), *safi = NAME_OF(safi_names, family.safi);

	if (afi != NULL && safi != NULL)
		snprintf(buf, size, "%s-%s", afi, safi);
	else
		snprintf(buf, size, "%u/%u", family.afi, family.safi);
	return buf;
}

static const struct name capability_names[] = { { 1, "Multiprotocol" }, { 2, "Route Refresh" },
	{ 3, "Outbound Route Filtering" }, { 4, "Multiple Routes (deprecated)" },
	{ 5, "Extended Next Hop" }, { 6, "Extended Message" }, { 7, "BGPsec" },
	{ 8, "Multiple Labels" }, { 9, "Role" }, { 64, "Graceful Restart" }, { 65, "4-octet AS" },
	{ 66, "Deprecated 66" }, { 67, "Dynamic Capability" }, { 68, "Multisession" },
	{ 69, "ADD-PATH" }, { 70, "Enhanced Route Refresh" }, { 71, "Long-Lived Graceful Restart" },
	{ 72, "Routing Policy Distribution" }, { 73, "FQDN" }, { 74, "BFD Strict Mode" },
	{ 75, "Software Version" }, { 76, "Paths Limit" }, { 77, "Link-Local Next Hop" },
	{ 128, "Route Refresh (pre-standard)" }, { 130, "ORF (pre-standard)" },
	{ 131, "Multisession (pre-standard)" } };

const char *
bgp_capability_name(uint8_t code)
{
	const char *name = NAME_OF(capability_names, code);

	return name != NULL ? name : "unknown";
}

/* Names of what BGP numbers: notifications, roles, capabilities; families are named in
 * bgp/family.c. */
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

#include "parsers/bgp.h"

#include <stdio.h>

enum { PARAM_CAPABILITIES = 2, PARAM_EXTENDED = 255 };
enum {
	CAP_MP = 1,
	CAP_ROUTE_REFRESH = 2,
	CAP_EXTENDED_NEXT_HOP = 5,
	CAP_EXTENDED_MESSAGE = 6,
	CAP_ROLE = 9,
	CAP_GRACEFUL_RESTART = 64,
	CAP_AS4 = 65,
	CAP_ADDPATH = 69,
	CAP_ENHANCED_REFRESH = 70,
	CAP_FQDN = 73,
	CAP_SOFTWARE = 75,
};

unsigned
bgp_message(struct rd *r, struct rd *body, size_t *total, struct faults *f)
{
	const uint8_t *start = r->pos, *marker = rd_take(r, 16);
	static const uint8_t ones[16] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255 };
	uint16_t len = rd_u16(r);
	uint8_t type = rd_u8(r);

	*body = rd_of(r->end, 0);
	*total = 0;
	if (r->failed || len < BGP_HEADER_LEN || len - (size_t)BGP_HEADER_LEN > rd_left(r)) {
		fault_add(f, FAULT_BGP_LENGTH, len, 16);
		return 0;
	}
	if (memcmp(marker, ones, sizeof(ones)) != 0) {
		fault_add(f, FAULT_BGP_MARKER, 0, 0);
		return 0;
	}
	if (type == 0) {
		fault_add(f, FAULT_BGP_TYPE, type, 18);
		return 0;
	}
	*body = rd_sub(r, len - (size_t)BGP_HEADER_LEN);
	*total = (size_t)(r->pos - start);
	return type;
}

/* --- OPEN
 * ------------------------------------------------------------------------------------------------------
 */

static bool
same_family(struct bgp_family a, struct bgp_family b)
{
	return a.afi == b.afi && a.safi == b.safi;
}

static void
add_family(struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (same_family(o->families[i], family))
			return;
	if (o->families_n < BGP_FAMILIES_MAX)
		o->families[o->families_n++] = family;
}

static void
add_addpath(struct bgp_open *o, struct bgp_family family, uint8_t mode)
{
	for (unsigned i = 0; i < o->addpaths_n; i++) {
		if (same_family(o->addpaths[i].family, family)) {
			o->addpaths[i].mode = mode;
			return;
		}
	}
	if (o->addpaths_n < BGP_FAMILIES_MAX)
		o->addpaths[o->addpaths_n++] = (struct bgp_addpath){ family, mode };
}

/* false when the value has not the shape it should have. */
static bool
take_capability(struct bgp_open *o, uint8_t code, struct rd v)
{
	struct bgp_family family;
	uint8_t role;

	switch (code) {
	case CAP_MP:
		family.afi = rd_u16(&v);
		rd_u8(&v);
		family.safi = rd_u8(&v);
		if (v.failed || rd_left(&v) > 0)
			return false;
		add_family(o, family);
		return true;
	case CAP_AS4:
		if (rd_left(&v) != 4)
			return false;
		o->as4 = true;
		o->as = rd_u32(&v);
		return true;
	case CAP_ADDPATH:
		if (rd_left(&v) % 4 != 0)
			return false;
		while (rd_left(&v) > 0) {
			uint8_t mode;

			family.afi = rd_u16(&v);
			family.safi = rd_u8(&v);
			mode = rd_u8(&v);
			if (mode >= 1 && mode <= 3) /* others: to be ignored (RFC 7911 4) */
				add_addpath(o, family, mode);
		}
		return true;
	case CAP_ROLE:
		role = rd_u8(&v);
		if (v.failed || rd_left(&v) > 0)
			return false;
		if (o->role != BGP_ROLE_NONE && o->role != role)
			o->role_conflict = true;
		o->role = role;
		return true;
	case CAP_ROUTE_REFRESH:
		o->route_refresh = true;
		return true;
	case CAP_ENHANCED_REFRESH:
		o->enhanced_refresh = true;
		return true;
	case CAP_EXTENDED_MESSAGE:
		o->extended_message = true;
		return true;
	case CAP_EXTENDED_NEXT_HOP:
		o->extended_next_hop = true;
		return rd_left(&v) % 6 == 0;
	case CAP_GRACEFUL_RESTART:
		o->graceful_restart = true;
		return rd_left(&v) >= 2 && (rd_left(&v) - 2) % 4 == 0;
	case CAP_FQDN:
		o->fqdn_host = rd_sub(&v, rd_u8(&v));
		return !o->fqdn_host.failed;
	case CAP_SOFTWARE:
		o->software = rd_sub(&v, rd_u8(&v));
		return !o->software.failed;
	default:
		return true; /* unknown ones are kept as seen, and count for nothing */
	}
}

static void
take_capabilities(struct bgp_open *o, struct rd r, const uint8_t *start, struct faults *f)
{
	while (rd_left(&r) > 0) {
		size_t at = (size_t)(r.pos - start);
		uint8_t code = rd_u8(&r);
		struct rd value = rd_sub(&r, rd_u8(&r));

		if (r.failed) {
			fault_add(f, FAULT_OPEN, code, at);
			return;
		}
		o->caps_seen[code / 32] |= 1U << (code % 32);
		if (!take_capability(o, code, value))
			fault_add(f, FAULT_CAPABILITY, code, at);
	}
}

void
bgp_open_parse(struct rd body, struct bgp_open *o, struct faults *f)
{
	const uint8_t *start = body.pos, *id;
	struct rd params;
	bool extended = false;
	uint8_t len;

	memset(o, 0, sizeof(*o));
	o->role = BGP_ROLE_NONE;
	o->fqdn_host = o->software = rd_of(start, 0);
	if (rd_left(&body) == 0) {
		o->empty = true;
		return;
	}
	o->version = rd_u8(&body);
	o->my_as = rd_u16(&body);
	o->as = o->my_as;
	o->hold_time_s = rd_u16(&body);
	id = rd_take(&body, 4);
	if (id != NULL)
		memcpy(o->bgp_id, id, 4);
	len = rd_u8(&body);
	if (body.failed) {
		fault_add(f, FAULT_OPEN, 0, (size_t)(body.end - start));
		return;
	}
	/* RFC 9072 2: the extended form is told by its first parameter type, whatever the first
	 * length says */
	if (len != 0 && rd_left(&body) >= 3 && body.pos[0] == PARAM_EXTENDED) {
		extended = true;
		rd_u8(&body);
		params = rd_sub(&body, rd_u16(&body));
	} else {
		params = rd_sub(&body, len);
	}
	if (body.failed)
		fault_add(f, FAULT_OPEN, 0, 9);
	while (rd_left(&params) > 0) {
		size_t at = (size_t)(params.pos - start);
		uint8_t type = rd_u8(&params);
		struct rd value = rd_sub(&params, extended ? rd_u16(&params) : rd_u8(&params));

		if (params.failed) {
			fault_add(f, FAULT_OPEN, type, at);
			return;
		}
		if (type == PARAM_CAPABILITIES)
			take_capabilities(o, value, start, f);
	}
}

bool
bgp_open_has_family(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (same_family(o->families[i], family))
			return true;
	return o->families_n == 0 && family.afi == AFI_IPV4 && family.safi == SAFI_UNICAST;
}

uint8_t
bgp_open_addpath(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->addpaths_n; i++)
		if (same_family(o->addpaths[i].family, family))
			return o->addpaths[i].mode;
	return 0;
}

/* --- NOTIFICATION
 * ------------------------------------------------------------------------------------------------
 */

enum { NOTIFY_CEASE = 6, CEASE_SHUTDOWN = 2, CEASE_RESET = 4 };

bool
bgp_notification_parse(struct rd body, struct bgp_notification *n, struct faults *f)
{
	memset(n, 0, sizeof(*n));
	n->code = rd_u8(&body);
	n->subcode = rd_u8(&body);
	n->data = n->text = rd_of(body.end, 0);
	if (body.failed) {
		fault_add(f, FAULT_NOTIFICATION, 0, 0);
		return false;
	}
	n->data = body;
	if (n->code == NOTIFY_CEASE &&
	    (n->subcode == CEASE_SHUTDOWN || n->subcode == CEASE_RESET) && rd_left(&body) > 0) {
		n->text = rd_sub(&body, rd_u8(&body));
		if (body.failed)
			fault_add(
			    f, FAULT_NOTIFICATION, n->subcode, 2); /* RFC 9003: log it as it is */
	}
	return true;
}

/* --- names
 * ----------------------------------------------------------------------------------------------------------
 */

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
	{ 0x207, "Unsupported Capability" }, { 0x20b, "Role Mismatch" },
	{ 0x301, "Malformed Attribute List" }, { 0x302, "Unrecognized Well-known Attribute" },
	{ 0x303, "Missing Well-known Attribute" }, { 0x304, "Attribute Flags Error" },
	{ 0x305, "Attribute Length Error" }, { 0x306, "Invalid ORIGIN" },
	{ 0x308, "Invalid NEXT_HOP" }, { 0x309, "Optional Attribute Error" },
	{ 0x30a, "Invalid Network Field" }, { 0x30b, "Malformed AS_PATH" },
	{ 0x501, "in OpenSent" }, { 0x502, "in OpenConfirm" }, { 0x503, "in Established" },
	{ 0x601, "Maximum Number of Prefixes Reached" }, { 0x602, "Administrative Shutdown" },
	{ 0x603, "Peer De-configured" }, { 0x604, "Administrative Reset" },
	{ 0x605, "Connection Rejected" }, { 0x606, "Other Configuration Change" },
	{ 0x607, "Connection Collision Resolution" }, { 0x608, "Out of Resources" },
	{ 0x609, "Hard Reset" }, { 0x60a, "BFD Down" }, { 0x701, "Invalid Message Length" } };

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
	{ AFI_L2VPN, "l2vpn" }, { AFI_BGP_LS, "bgp-ls" } };
static const struct name safi_names[] = { { SAFI_UNICAST, "unicast" },
	{ SAFI_MULTICAST, "multicast" }, { SAFI_LABELLED, "labelled" },
	{ SAFI_MCAST_VPN, "mcast-vpn" }, { SAFI_VPLS, "vpls" }, { SAFI_EVPN, "evpn" },
	{ SAFI_BGP_LS, "ls" }, { SAFI_BGP_LS_VPN, "ls-vpn" }, { SAFI_SR_POLICY, "sr-policy" },
	{ SAFI_MUP, "mup" }, { SAFI_VPN, "vpn" }, { SAFI_VPN_MULTICAST, "vpn-multicast" },
	{ SAFI_RTC, "rtc" }, { SAFI_FLOWSPEC, "flowspec" }, { SAFI_FLOWSPEC_VPN, "flowspec-vpn" } };

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
	{ 3, "ORF" }, { 5, "Extended Next Hop" }, { 6, "Extended Message" }, { 7, "BGPsec" },
	{ 8, "Multiple Labels" }, { 9, "Role" }, { 64, "Graceful Restart" }, { 65, "4-octet AS" },
	{ 67, "Dynamic Capability" }, { 69, "ADD-PATH" }, { 70, "Enhanced Route Refresh" },
	{ 71, "Long-Lived Graceful Restart" }, { 73, "FQDN" }, { 74, "BFD Strict Mode" },
	{ 75, "Software Version" }, { 76, "Paths Limit" }, { 77, "Link-Local Next Hop" },
	{ 128, "Route Refresh (pre-standard)" } };

const char *
bgp_capability_name(uint8_t code)
{
	const char *name = NAME_OF(capability_names, code);

	return name != NULL ? name : "unknown";
}

/*
 * OPEN told from its bytes, in their order: every parameter and capability, also those that repeat
 * or have no name (RFC 4271 4.2, RFC 5492, RFC 9072).
 */
#include "parsers/bgp/dissect.h"

#include <stdio.h>

#include "parsers/bgp/attr/attr.h"

enum { PARAM_CAPABILITIES = 2, PARAM_EXTENDED = 255 };

/* --- values of capabilities: into the group that is open */

typedef void capability_fn(struct tell *, struct cursor);

static const char *
family_text(uint16_t afi, unsigned safi, char *buf, size_t size)
{
	return bgp_family_name((struct bgp_family){ afi, (uint8_t)safi }, buf, size);
}

static void
tell_value(struct tell *t, struct cursor v)
{
	tell_rest(t, "octets", v);
}

/* Where the value is not a multiple of an entry's size, at least once. */
static bool
odd(struct tell *t, struct cursor v, size_t entry)
{
	bool is_odd = cur_left(&v) % entry != 0;

	if (is_odd)
		tell_value(t, v);
	return is_odd;
}

static void
tell_mp(struct tell *t, struct cursor v)
{
	uint16_t afi;
	uint8_t reserved;
	char buf[32];

	if (cur_left(&v) != 4) {
		tell_value(t, v);
		return;
	}
	afi = cur_u16(&v);
	reserved = cur_u8(&v);
	tell_text(t, "family", family_text(afi, cur_u8(&v), buf, sizeof(buf)));
	if (reserved != 0)
		tell_number(t, "reserved", reserved);
}

/* Families, each with its filter types and whether they are sent, received or both (RFC 5291 5) */
static void
tell_orf_types(struct tell *t, struct cursor v)
{
	static const char *const modes[] = { NULL, "receive", "send", "both" };
	struct cursor before = v;

	tell_list(t, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t reserved = cur_u8(&v), safi = cur_u8(&v);
		struct cursor orfs = cur_sub(&v, 2U * cur_u8(&v));
		char buf[32];

		if (v.failed)
			break;
		tell_open(t, NULL);
		tell_text(t, "family", family_text(afi, safi, buf, sizeof(buf)));
		if (reserved != 0)
			tell_number(t, "reserved", reserved);
		tell_list(t, "orfs");
		while (cur_left(&orfs) > 0) {
			uint8_t type = cur_u8(&orfs), mode = cur_u8(&orfs);
			char type_buf[8], mode_buf[8];

			tell_textf(t, NULL, "%s %s",
			    bgp_orf_type_name(type, type_buf, sizeof(type_buf)),
			    CODE_NAME(modes, mode, mode_buf));
		}
		tell_list_end(t);
		tell_close(t);
		before = v;
	}
	tell_list_end(t);
	if (v.failed)
		tell_value(t, before);
}

/* "ipv4-unicast ipv6" (RFC 8950 4) */
static void
tell_next_hops(struct tell *t, struct cursor v)
{
	if (odd(t, v, 6))
		return;
	tell_list(t, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v), safi = cur_u16(&v), nh = cur_u16(&v);
		char buf[32];

		if (safi > 255)
			snprintf(buf, sizeof(buf), "%u/%u", afi, safi);
		else
			family_text(afi, safi, buf, sizeof(buf));
		if (nh == AFI_IPV4 || nh == AFI_IPV6)
			tell_textf(
			    t, NULL, "%s next hop %s", buf, nh == AFI_IPV4 ? "ipv4" : "ipv6");
		else
			tell_textf(t, NULL, "%s next hop afi %u", buf, nh);
	}
	tell_list_end(t);
}

/* RFC 8205 2.1 */
static void
tell_bgpsec(struct tell *t, struct cursor v)
{
	uint8_t first;

	if (cur_left(&v) != 3) {
		tell_value(t, v);
		return;
	}
	first = cur_u8(&v);
	tell_number(t, "version", first >> 4);
	tell_text(t, "direction", first & 8 ? "send" : "receive");
	if (first & 7)
		tell_number(t, "reserved", first & 7);
	tell_number(t, "afi", cur_u16(&v));
}

/* Families with a number each, of `size` octets. */
static void
tell_counts(struct tell *t, struct cursor v, unsigned size)
{
	if (odd(t, v, 3 + size))
		return;
	tell_list(t, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v);
		char buf[32];

		family_text(afi, safi, buf, sizeof(buf));
		tell_textf(t, NULL, "%s %u", buf, size == 1 ? cur_u8(&v) : cur_u16(&v));
	}
	tell_list_end(t);
}

static void
tell_labels(struct tell *t, struct cursor v)
{
	tell_counts(t, v, 1);
}

static void
tell_paths_limit(struct tell *t, struct cursor v)
{
	tell_counts(t, v, 2);
}

static void
tell_role(struct tell *t, struct cursor v)
{
	uint8_t role;

	if (cur_left(&v) != 1) {
		tell_value(t, v);
		return;
	}
	role = cur_u8(&v);
	if (role <= BGP_ROLE_PEER)
		tell_text(t, "role", bgp_role_name(role));
	else
		tell_number(t, "role", role);
}

/* Flags 4 bits, time 12 bits, families with a flag each (RFC 4724 3, RFC 8538 2) */
static void
tell_restart(struct tell *t, struct cursor v)
{
	uint16_t first;

	if (cur_left(&v) < 2 || cur_left(&v) % 4 != 2) {
		tell_value(t, v);
		return;
	}
	first = cur_u16(&v);
	tell_textf(t, "flags", "0x%x%s%s", first >> 12, first & 0x8000 ? " restarting" : "",
	    first & 0x4000 ? " notification" : "");
	tell_number(t, "restart_time_s", first & 0xfff);
	tell_list(t, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v), flags = cur_u8(&v);
		char buf[32];

		family_text(afi, safi, buf, sizeof(buf));
		tell_textf(
		    t, NULL, "%s flags 0x%02x%s", buf, flags, flags & 0x80 ? " forwarding" : "");
	}
	tell_list_end(t);
}

static void
tell_as4(struct tell *t, struct cursor v)
{
	if (cur_left(&v) != 4)
		tell_value(t, v);
	else
		tell_number(t, "as", cur_u32(&v));
}

static void
tell_addpath(struct tell *t, struct cursor v)
{
	static const char *const modes[] = { NULL, "receive", "send", "both" };

	if (odd(t, v, 4))
		return;
	tell_list(t, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v);
		char buf[32], mode[8];

		family_text(afi, safi, buf, sizeof(buf));
		tell_textf(t, NULL, "%s %s", buf, CODE_NAME(modes, cur_u8(&v), mode));
	}
	tell_list_end(t);
}

/* Family, flag, stale time (RFC 9494 3.1) */
static void
tell_long_lived(struct tell *t, struct cursor v)
{
	if (odd(t, v, 7))
		return;
	tell_list(t, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v), flags = cur_u8(&v);
		uint32_t stale = tlv_u24(&v);
		char buf[32];

		family_text(afi, safi, buf, sizeof(buf));
		tell_textf(t, NULL, "%s flags 0x%02x%s stale_time_s %u", buf, flags,
		    flags & 0x80 ? " forwarding" : "", stale);
	}
	tell_list_end(t);
}

/* Host and domain, a length each. Some leave the domain out. */
static void
tell_fqdn(struct tell *t, struct cursor v)
{
	struct cursor whole = v, host = cur_sub(&v, cur_u8(&v)), domain = cur_of(v.end, 0);

	if (cur_left(&v) > 0)
		domain = cur_sub(&v, cur_u8(&v));
	if (v.failed) {
		tell_value(t, whole);
		return;
	}
	tlv_tell_string(t, "host", host);
	tlv_tell_string(t, "domain", domain);
	tell_value(t, v);
}

static void
tell_software(struct tell *t, struct cursor v)
{
	struct cursor whole = v, text = cur_sub(&v, cur_u8(&v));

	if (v.failed) {
		tell_value(t, whole);
		return;
	}
	tlv_tell_string(t, "version", text);
	tell_value(t, v);
}

static const struct {
	uint8_t code;
	capability_fn *tell;
} capabilities[] = {
	{ 1, tell_mp },
	{ 3, tell_orf_types },
	{ 5, tell_next_hops },
	{ 7, tell_bgpsec },
	{ 8, tell_labels },
	{ 9, tell_role },
	{ 64, tell_restart },
	{ 65, tell_as4 },
	{ 69, tell_addpath },
	{ 71, tell_long_lived },
	{ 73, tell_fqdn },
	{ 75, tell_software },
	{ 76, tell_paths_limit },
	{ 130, tell_orf_types },
};

/* --- parameters */

static void
tell_capability(struct tell *t, uint8_t code, struct cursor v)
{
	capability_fn *tell = tell_value;

	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if (capabilities[i].code == code)
			tell = capabilities[i].tell;
	tell_open(t, NULL);
	tell_text(t, "capability", bgp_capability_name(code));
	tell_number(t, "code", code);
	tell(t, v);
	tell_close(t);
}

static void
tell_capabilities(struct tell *t, struct cursor r)
{
	struct tlv cap;

	while (tlv_next(&r, TLV_1_1, &cap))
		tell_capability(t, (uint8_t)cap.type, cap.value);
	if (r.failed) {
		tell_open(t, NULL);
		tell_hex(t, "cut", cur_of(cap.at, (size_t)(r.end - cap.at)));
		tell_close(t);
	}
}

void
open_tell_capabilities(struct tell *t, struct cursor r)
{
	tell_list(t, "capabilities");
	tell_capabilities(t, r);
	tell_list_end(t);
}

/* One list of all capabilities, whichever parameters they came in; other parameters in between. */
static void
tell_parameters(struct tell *t, struct cursor r, bool extended)
{
	struct tlv param;

	tell_list(t, "capabilities");
	while (tlv_next(&r, extended ? TLV_1_2 : TLV_1_1, &param)) {
		if (param.type == PARAM_CAPABILITIES) {
			tell_capabilities(t, param.value);
			continue;
		}
		tell_open(t, NULL);
		tell_number(t, "parameter", param.type);
		tell_hex(t, "octets", param.value);
		tell_close(t);
	}
	if (r.failed) {
		tell_open(t, NULL);
		tell_hex(t, "cut", cur_of(param.at, (size_t)(r.end - param.at)));
		tell_close(t);
	}
	tell_list_end(t);
}

void
bgp_open_tell(struct tell *t, struct cursor body)
{
	struct cursor whole = body, params;
	uint8_t version = cur_u8(&body);
	uint16_t as = cur_u16(&body), hold = cur_u16(&body);
	struct cursor id = cur_sub(&body, 4), from_length = body;
	uint8_t len = cur_u8(&body);
	bool extended = len != 0 && cur_left(&body) >= 3 && body.pos[0] == PARAM_EXTENDED;

	if (body.failed) {
		tell_rest(t, "cut", whole);
		return;
	}
	tell_number(t, "version", version);
	tell_number(t, "my_as", as);
	tell_number(t, "hold_time_s", hold);
	tlv_tell_address(t, "bgp_id", id);
	if (extended)
		cur_u8(&body);
	params = cur_sub(&body, extended ? cur_u16(&body) : len);
	if (body.failed) {
		tell_hex(t, "cut", from_length);
		return;
	}
	tell_parameters(t, params, extended);
	tell_rest(t, "trailing", body);
}

/*
 * OPEN dissected, in the order of its octets: every parameter and capability, also those that
 * repeat or have no name (RFC 4271 4.2, RFC 5492, RFC 9072).
 */
#include "parsers/bgp/dissect.h"

#include <stdio.h>

#include "parsers/bgp/attr/attr.h"

enum { PARAM_CAPABILITIES = 2, PARAM_EXTENDED = 255 };

/* --- values of capabilities: into the group that is open */

typedef void capability_fn(struct field_sink *, struct cursor);

static const char *
family_text(uint16_t afi, unsigned safi, char *buf, size_t size)
{
	return bgp_family_name((struct bgp_family){ afi, (uint8_t)safi }, buf, size);
}

static void
dissect_value(struct field_sink *to, struct cursor v)
{
	dissect_rest(to, "octets", v);
}

/* Where the value is not a multiple of an entry's size, at least once. */
static bool
odd(struct field_sink *to, struct cursor v, size_t entry)
{
	bool is_odd = cur_left(&v) % entry != 0;

	if (is_odd)
		dissect_value(to, v);
	return is_odd;
}

static void
dissect_mp(struct field_sink *to, struct cursor v)
{
	uint16_t afi;
	uint8_t reserved;
	char buf[32];

	if (cur_left(&v) != 4) {
		dissect_value(to, v);
		return;
	}
	afi = cur_u16(&v);
	reserved = cur_u8(&v);
	field_text(to, "family", family_text(afi, cur_u8(&v), buf, sizeof(buf)));
	if (reserved != 0)
		field_number(to, "reserved", reserved);
}

/* Families, each with its filter types and whether they are sent, received or both (RFC 5291 5) */
static void
dissect_orf_types(struct field_sink *to, struct cursor v)
{
	static const char *const modes[] = { NULL, "receive", "send", "both" };
	struct cursor before = v;

	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t reserved = cur_u8(&v), safi = cur_u8(&v);
		struct cursor orfs = cur_sub(&v, 2U * cur_u8(&v));
		char buf[32];

		if (v.failed)
			break;
		field_group(to, NULL);
		field_text(to, "family", family_text(afi, safi, buf, sizeof(buf)));
		if (reserved != 0)
			field_number(to, "reserved", reserved);
		field_list(to, "orfs");
		while (cur_left(&orfs) > 0) {
			uint8_t type = cur_u8(&orfs), mode = cur_u8(&orfs);
			char type_buf[8], mode_buf[8];

			field_textf(to, NULL, "%s %s",
			    bgp_orf_type_name(type, type_buf, sizeof(type_buf)),
			    CODE_NAME(modes, mode, mode_buf));
		}
		field_list_end(to);
		field_group_end(to);
		before = v;
	}
	field_list_end(to);
	if (v.failed)
		dissect_value(to, before);
}

/* "ipv4-unicast ipv6" (RFC 8950 4) */
static void
dissect_next_hops(struct field_sink *to, struct cursor v)
{
	if (odd(to, v, 6))
		return;
	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v), safi = cur_u16(&v), nh = cur_u16(&v);
		char buf[32];

		if (safi > 255)
			snprintf(buf, sizeof(buf), "%u/%u", afi, safi);
		else
			family_text(afi, safi, buf, sizeof(buf));
		if (nh == AFI_IPV4 || nh == AFI_IPV6)
			field_textf(
			    to, NULL, "%s next hop %s", buf, nh == AFI_IPV4 ? "ipv4" : "ipv6");
		else
			field_textf(to, NULL, "%s next hop afi %u", buf, nh);
	}
	field_list_end(to);
}

/* RFC 8205 2.1 */
static void
dissect_bgpsec(struct field_sink *to, struct cursor v)
{
	uint8_t first;

	if (cur_left(&v) != 3) {
		dissect_value(to, v);
		return;
	}
	first = cur_u8(&v);
	field_number(to, "version", first >> 4);
	field_text(to, "direction", first & 8 ? "send" : "receive");
	if (first & 7)
		field_number(to, "reserved", first & 7);
	field_number(to, "afi", cur_u16(&v));
}

/* Families with a number each, of `size` octets. */
static void
dissect_counts(struct field_sink *to, struct cursor v, unsigned size)
{
	if (odd(to, v, 3 + size))
		return;
	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v);
		char buf[32];

		family_text(afi, safi, buf, sizeof(buf));
		field_textf(to, NULL, "%s %u", buf, size == 1 ? cur_u8(&v) : cur_u16(&v));
	}
	field_list_end(to);
}

static void
dissect_labels(struct field_sink *to, struct cursor v)
{
	dissect_counts(to, v, 1);
}

static void
dissect_paths_limit(struct field_sink *to, struct cursor v)
{
	dissect_counts(to, v, 2);
}

static void
dissect_role(struct field_sink *to, struct cursor v)
{
	uint8_t role;

	if (cur_left(&v) != 1) {
		dissect_value(to, v);
		return;
	}
	role = cur_u8(&v);
	if (role <= BGP_ROLE_PEER)
		field_text(to, "role", bgp_role_name(role));
	else
		field_number(to, "role", role);
}

/* Flags 4 bits, time 12 bits, families with a flag each (RFC 4724 3, RFC 8538 2) */
static void
dissect_restart(struct field_sink *to, struct cursor v)
{
	uint16_t first;

	if (cur_left(&v) < 2 || cur_left(&v) % 4 != 2) {
		dissect_value(to, v);
		return;
	}
	first = cur_u16(&v);
	field_textf(to, "flags", "0x%x%s%s", first >> 12, first & 0x8000 ? " restarting" : "",
	    first & 0x4000 ? " notification" : "");
	field_number(to, "restart_time_s", first & 0xfff);
	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v), flags = cur_u8(&v);
		char buf[32];

		family_text(afi, safi, buf, sizeof(buf));
		field_textf(
		    to, NULL, "%s flags 0x%02x%s", buf, flags, flags & 0x80 ? " forwarding" : "");
	}
	field_list_end(to);
}

static void
dissect_as4(struct field_sink *to, struct cursor v)
{
	if (cur_left(&v) != 4)
		dissect_value(to, v);
	else
		field_number(to, "as", cur_u32(&v));
}

static void
dissect_addpath(struct field_sink *to, struct cursor v)
{
	static const char *const modes[] = { NULL, "receive", "send", "both" };

	if (odd(to, v, 4))
		return;
	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v);
		char buf[32], mode[8];

		family_text(afi, safi, buf, sizeof(buf));
		field_textf(to, NULL, "%s %s", buf, CODE_NAME(modes, cur_u8(&v), mode));
	}
	field_list_end(to);
}

/* Family, flag, stale time (RFC 9494 3.1) */
static void
dissect_long_lived(struct field_sink *to, struct cursor v)
{
	if (odd(to, v, 7))
		return;
	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t safi = cur_u8(&v), flags = cur_u8(&v);
		uint32_t stale = tlv_u24(&v);
		char buf[32];

		family_text(afi, safi, buf, sizeof(buf));
		field_textf(to, NULL, "%s flags 0x%02x%s stale_time_s %u", buf, flags,
		    flags & 0x80 ? " forwarding" : "", stale);
	}
	field_list_end(to);
}

/* Host and domain, a length each. Some leave the domain out. */
static void
dissect_fqdn(struct field_sink *to, struct cursor v)
{
	struct cursor whole = v, host = cur_sub(&v, cur_u8(&v)), domain = cur_of(v.end, 0);

	if (cur_left(&v) > 0)
		domain = cur_sub(&v, cur_u8(&v));
	if (v.failed) {
		dissect_value(to, whole);
		return;
	}
	tlv_dissect_string(to, "host", host);
	tlv_dissect_string(to, "domain", domain);
	dissect_value(to, v);
}

static void
dissect_software(struct field_sink *to, struct cursor v)
{
	struct cursor whole = v, text = cur_sub(&v, cur_u8(&v));

	if (v.failed) {
		dissect_value(to, whole);
		return;
	}
	tlv_dissect_string(to, "version", text);
	dissect_value(to, v);
}

static const struct {
	uint8_t code;
	capability_fn *dissect;
} capabilities[] = {
	{ 1, dissect_mp },
	{ 3, dissect_orf_types },
	{ 5, dissect_next_hops },
	{ 7, dissect_bgpsec },
	{ 8, dissect_labels },
	{ 9, dissect_role },
	{ 64, dissect_restart },
	{ 65, dissect_as4 },
	{ 69, dissect_addpath },
	{ 71, dissect_long_lived },
	{ 73, dissect_fqdn },
	{ 75, dissect_software },
	{ 76, dissect_paths_limit },
	{ 130, dissect_orf_types },
};

/* --- parameters */

static void
dissect_capability(struct field_sink *to, uint8_t code, struct cursor v)
{
	capability_fn *dissect = dissect_value;

	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if (capabilities[i].code == code)
			dissect = capabilities[i].dissect;
	field_group(to, NULL);
	field_text(to, "capability", bgp_capability_name(code));
	field_number(to, "code", code);
	dissect(to, v);
	field_group_end(to);
}

static void
dissect_capabilities(struct field_sink *to, struct cursor r)
{
	struct tlv cap;

	while (tlv_next(&r, TLV_1_1, &cap))
		dissect_capability(to, (uint8_t)cap.type, cap.value);
	if (r.failed) {
		field_group(to, NULL);
		field_hex(to, "cut", cur_of(cap.at, (size_t)(r.end - cap.at)));
		field_group_end(to);
	}
}

void
open_dissect_capabilities(struct field_sink *to, struct cursor r)
{
	field_list(to, "capabilities");
	dissect_capabilities(to, r);
	field_list_end(to);
}

/* One list of all capabilities, whichever parameters they came in; other parameters in between. */
static void
dissect_parameters(struct field_sink *to, struct cursor r, bool extended)
{
	struct tlv param;

	field_list(to, "capabilities");
	while (tlv_next(&r, extended ? TLV_1_2 : TLV_1_1, &param)) {
		if (param.type == PARAM_CAPABILITIES) {
			dissect_capabilities(to, param.value);
			continue;
		}
		field_group(to, NULL);
		field_number(to, "parameter", param.type);
		field_hex(to, "octets", param.value);
		field_group_end(to);
	}
	if (r.failed) {
		field_group(to, NULL);
		field_hex(to, "cut", cur_of(param.at, (size_t)(r.end - param.at)));
		field_group_end(to);
	}
	field_list_end(to);
}

void
bgp_open_dissect(struct field_sink *to, struct cursor body)
{
	struct cursor whole = body, params;
	uint8_t version = cur_u8(&body);
	uint16_t as = cur_u16(&body), hold = cur_u16(&body);
	struct cursor id = cur_sub(&body, 4), from_length = body;
	uint8_t len = cur_u8(&body);
	bool extended = len != 0 && cur_left(&body) >= 3 && body.pos[0] == PARAM_EXTENDED;

	if (body.failed) {
		dissect_rest(to, "cut", whole);
		return;
	}
	field_number(to, "version", version);
	field_number(to, "my_as", as);
	field_number(to, "hold_time_s", hold);
	tlv_dissect_address(to, "bgp_id", id);
	if (extended)
		cur_u8(&body);
	params = cur_sub(&body, extended ? cur_u16(&body) : len);
	if (body.failed) {
		field_hex(to, "cut", from_length);
		return;
	}
	dissect_parameters(to, params, extended);
	dissect_rest(to, "trailing", body);
}

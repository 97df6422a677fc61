/*
 * Values of capabilities dissected, each into the group that is open. The table has checked the
 * length: a function here looks at what a length cannot say.
 */
#include "parsers/bgp/capability_table.h"

#include <stdio.h>

#include "parsers/bgp/dissect.h"
#include "parsers/wire/tlv.h"

static const char *
family_text(uint16_t afi, unsigned safi, char *buf, size_t size)
{
	return bgp_family_name((struct bgp_family){ afi, (uint8_t)safi }, buf, size);
}

void
capability_dissect_mp(struct field_sink *to, struct cursor v)
{
	uint16_t afi = cur_u16(&v);
	uint8_t reserved = cur_u8(&v);

	bgp_family_dissect(to, (struct bgp_family){ afi, cur_u8(&v) });
	if (reserved != 0)
		field_number(to, "reserved", reserved);
}

/* Families, each with its filter types and whether they are sent, received or both (RFC 5291 5) */
void
capability_dissect_orfs(struct field_sink *to, struct cursor v)
{
	static const char *const modes[] = { NULL, "receive", "send", "both" };
	struct cursor before = v;

	field_list(to, "families");
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v);
		uint8_t reserved = cur_u8(&v), safi = cur_u8(&v);
		struct cursor orfs = cur_sub(&v, 2U * cur_u8(&v));

		if (v.failed)
			break;
		field_group(to, NULL);
		bgp_family_dissect(to, (struct bgp_family){ afi, safi });
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
		dissect_rest(to, "octets", before);
}

/* "ipv4-unicast ipv6" (RFC 8950 4) */
void
capability_dissect_next_hops(struct field_sink *to, struct cursor v)
{
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
void
capability_dissect_bgpsec(struct field_sink *to, struct cursor v)
{
	uint8_t first = cur_u8(&v);

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

void
capability_dissect_labels(struct field_sink *to, struct cursor v)
{
	dissect_counts(to, v, 1);
}

void
capability_dissect_paths_limit(struct field_sink *to, struct cursor v)
{
	dissect_counts(to, v, 2);
}

void
capability_dissect_role(struct field_sink *to, struct cursor v)
{
	uint8_t role = cur_u8(&v);

	if (role <= BGP_ROLE_PEER)
		field_text(to, "role", bgp_role_name(role));
	else
		field_number(to, "role", role);
}

/* Flags 4 bits, time 12 bits, families with a flag each (RFC 4724 3, RFC 8538 2) */
void
capability_dissect_restart(struct field_sink *to, struct cursor v)
{
	uint16_t first = cur_u16(&v);

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

void
capability_dissect_as4(struct field_sink *to, struct cursor v)
{
	field_number(to, "as", cur_u32(&v));
}

void
capability_dissect_addpath(struct field_sink *to, struct cursor v)
{
	static const char *const modes[] = { NULL, "receive", "send", "both" };

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
void
capability_dissect_long_lived(struct field_sink *to, struct cursor v)
{
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
void
capability_dissect_fqdn(struct field_sink *to, struct cursor v)
{
	struct cursor whole = v, host = cur_sub(&v, cur_u8(&v)), domain = cur_of(v.end, 0);

	if (cur_left(&v) > 0)
		domain = cur_sub(&v, cur_u8(&v));
	if (v.failed) {
		dissect_rest(to, "octets", whole);
		return;
	}
	tlv_dissect_string(to, "host", host);
	tlv_dissect_string(to, "domain", domain);
	dissect_rest(to, "octets", v);
}

void
capability_dissect_software(struct field_sink *to, struct cursor v)
{
	struct cursor whole = v, text = cur_sub(&v, cur_u8(&v));

	if (v.failed) {
		dissect_rest(to, "octets", whole);
		return;
	}
	tlv_dissect_string(to, "version", text);
	dissect_rest(to, "octets", v);
}

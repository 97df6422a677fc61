/* MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760), and next hops in all their forms. */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bgp/rd.h"

struct next_hop {
	const uint8_t *rd;
	struct cursor address, link_local; /* empty when not there */
};

/* The form is known by its length: an address, or two of IPv6, each with a distinguisher or
 * without (RFC 4760 3, RFC 2545 3, RFC 4364 4.3.2, RFC 4659 3.2.1, RFC 8950 3). false: none of
 * them. */
static bool
next_hop_of(struct cursor r, struct next_hop *nh)
{
	size_t n = cur_left(&r);
	bool vpn = n == 12 || n == 24 || n == 48, pair = n == 32 || n == 48;

	if (n != 4 && n != 16 && n != 32 && !vpn)
		return false;
	nh->rd = vpn ? cur_take(&r, 8) : NULL;
	nh->address = cur_sub(&r, n == 4 || n == 12 ? 4 : 16);
	if (pair && vpn)
		cur_take(&r, 8);
	nh->link_local = r;
	return true;
}

/* A route distinguisher that is there and not zero is shown. */
static bool
has_rd(const struct next_hop *nh)
{
	return nh->rd != NULL && !is_zero(nh->rd, 8);
}

void
bgp_next_hop_dissect(struct field_sink *to, struct cursor next_hop)
{
	struct next_hop nh;

	if (cur_left(&next_hop) == 0) {
		field_text(to, "next_hop", "none");
		return;
	}
	if (!next_hop_of(next_hop, &nh)) {
		field_hex(to, "next_hop", next_hop);
		return;
	}
	if (has_rd(&nh)) {
		char text[64];
		struct txt x = txt_of(text, sizeof(text));

		bgp_rd_text(&x, nh.rd);
		field_text(to, "next_hop_rd", text);
	}
	tlv_dissect_address(to, "next_hop", nh.address);
	if (cur_left(&nh.link_local) > 0)
		tlv_dissect_address(to, "next_hop_link_local", nh.link_local);
}

void
bgp_next_hop_text(struct txt *t, struct cursor next_hop)
{
	struct next_hop nh;

	if (!next_hop_of(next_hop, &nh)) {
		txt_puts(t, cur_left(&next_hop) > 0 ? "0x" : "none");
		txt_hex(t, next_hop);
		return;
	}
	if (has_rd(&nh)) {
		bgp_rd_text(t, nh.rd);
		txt_puts(t, " ");
	}
	txt_address(t, nh.address);
	if (cur_left(&nh.link_local) > 0) {
		txt_puts(t, " ");
		txt_address(t, nh.link_local);
	}
}

struct cursor
bgp_next_hop_address(struct cursor next_hop)
{
	struct next_hop nh;

	return next_hop_of(next_hop, &nh) ? nh.address : cur_of("", 0);
}

void
attr_dissect_nlri(struct field_sink *to, const char *name, struct cursor field,
    struct bgp_family family, struct bgp_nlri_encoding encoding)
{
	struct faults f = { .n = 0 };
	struct cursor before = field;
	struct bgp_nlri n;

	if (cur_left(&field) == 0)
		return;
	field_list(to, name);
	while (bgp_nlri_next(&field, family, encoding, before.pos, &n, &f)) {
		field_group(to, NULL);
		bgp_nlri_dissect(to, family, &n);
		field_group_end(to);
		before = field;
	}
	if (field.failed) {
		field_group(to, NULL);
		field_hex(to, "cut", before);
		field_group_end(to);
	}
	field_list_end(to);
}

/* A RIB entry of MRT says the family elsewhere, so its MP_REACH_NLRI is a length and a next hop
 * (RFC 6396 4.3.4); some writers leave the whole attribute. false: it is not the short form. */
static bool
dissect_short(const struct attr_dissect *a)
{
	struct cursor r = a->value, next_hop = cur_sub(&r, cur_u8(&r));

	if (r.failed || cur_left(&r) > 0)
		return false;
	field_group(a->to, a->name);
	bgp_next_hop_dissect(a->to, next_hop);
	field_group_end(a->to);
	return true;
}

void
attr_dissect_mp_reach(const struct attr_dissect *a)
{
	struct cursor r = a->value, next_hop;
	uint16_t afi = cur_u16(&r);
	uint8_t safi = cur_u8(&r), reserved;

	if (a->encoding->next_hop_alone && dissect_short(a))
		return;
	next_hop = cur_sub(&r, cur_u8(&r));
	reserved = cur_u8(&r);
	if (r.failed) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	bgp_family_dissect(a->to, (struct bgp_family){ afi, safi });
	bgp_next_hop_dissect(a->to, next_hop);
	if (reserved != 0)
		field_number(a->to, "reserved", reserved);
	attr_dissect_nlri(a->to, "nlri", r, (struct bgp_family){ afi, safi },
	    bgp_encoding_of(a->encoding, BGP_REACH));
	field_group_end(a->to);
}

void
attr_dissect_mp_unreach(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	uint16_t afi = cur_u16(&r);
	uint8_t safi = cur_u8(&r);

	if (r.failed) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	bgp_family_dissect(a->to, (struct bgp_family){ afi, safi });
	attr_dissect_nlri(a->to, "withdrawn", r, (struct bgp_family){ afi, safi },
	    bgp_encoding_of(a->encoding, BGP_UNREACH));
	field_group_end(a->to);
}

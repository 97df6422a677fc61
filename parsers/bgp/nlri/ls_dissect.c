/* BGP-LS NLRI: what the TLVs say, as text and field by field. */
#include "parsers/bgp/nlri/ls.h"
#include "parsers/wire/tlv.h"

/* RFC 9552 table 2, RFC 9086, RFC 9857. */
static const char *const protocols[] = {
	[1] = "ISIS-L1",
	[2] = "ISIS-L2",
	[3] = "OSPFv2",
	[4] = "Direct",
	[5] = "Static",
	[6] = "OSPFv3",
	[7] = "BGP",
	[8] = "RSVP-TE",
	[9] = "SR",
};

void
ls_text_protocol(struct txt *x, uint8_t protocol)
{
	if (protocol > 0 && protocol < sizeof(protocols) / sizeof(protocols[0]))
		txt_puts(x, protocols[protocol]);
	else
		txt_putf(x, "Protocol-%u", protocol);
}

/* --- single values */

static uint32_t
number_of(struct cursor value)
{
	return cur_left(&value) == 1 ? cur_u8(&value) : cur_u32(&value);
}

/* "0000.0000.0001.05": system id and pseudonode. */
static void
text_system_id(struct txt *x, struct cursor id)
{
	unsigned pseudonode;

	txt_puts(x, "ISO:");
	for (unsigned i = 0; i < 3; i++)
		txt_putf(x, "%04x.", cur_u16(&id));
	pseudonode = cur_u8(&id);
	txt_putf(x, "%02x", pseudonode);
}

/* RFC 9552 5.2.1.4: IS-IS 6 octets, 7 with a pseudonode; OSPF 4, 8 with the interface to a DR. */
static void
text_router_id(struct txt *x, struct cursor id)
{
	switch (cur_left(&id)) {
	case 6:
	case 7:
		text_system_id(x, id);
		break;
	case 4:
	case 8:
		txt_puts(x, "Router:");
		txt_address(x, cur_sub(&id, 4));
		if (cur_left(&id) > 0) {
			txt_puts(x, "/");
			txt_address(x, id);
		}
		break;
	default:
		txt_puts(x, "Router:");
		txt_hex(x, id);
	}
}

/* RFC 9857 4: the flags give the width of endpoint and originator. */
struct candidate_path {
	uint8_t origin, flags;
	uint32_t color, as, discriminator;
	struct cursor reserved, endpoint, originator;
	bool fits;
};

static struct candidate_path
parse_candidate_path(struct cursor r)
{
	enum { ENDPOINT_V6 = 0x80, ORIGINATOR_V6 = 0x40 };
	struct candidate_path p;

	p.origin = cur_u8(&r);
	p.flags = cur_u8(&r);
	p.reserved = cur_sub(&r, 2);
	p.endpoint = cur_sub(&r, p.flags & ENDPOINT_V6 ? 16 : 4);
	p.color = cur_u32(&r);
	p.as = cur_u32(&r);
	p.originator = cur_sub(&r, p.flags & ORIGINATOR_V6 ? 16 : 4);
	p.discriminator = cur_u32(&r);
	p.fits = !r.failed && cur_left(&r) == 0;
	return p;
}

static void
text_candidate_path(struct txt *x, struct cursor value)
{
	struct candidate_path p = parse_candidate_path(value);

	if (!p.fits) {
		txt_hex(x, value);
		return;
	}
	txt_putf(x, "Origin:%u Endpoint:", p.origin);
	txt_address(x, p.endpoint);
	txt_putf(x, " Color:%u Originator:%u:", p.color, p.as);
	txt_address(x, p.originator);
	txt_putf(x, " Discriminator:%u", p.discriminator);
}

void
ls_text_value(struct txt *x, const struct bgp_nlri *n, const struct ls_tlv *tlv)
{
	struct cursor value = tlv->value;
	unsigned first;

	switch (tlv->row != NULL ? tlv->row->kind : LS_CONTAINER) {
	case LS_NUMBER:
		txt_putf(x, "%u", number_of(value));
		break;
	case LS_NUMBER_PAIR:
		first = cur_u32(&value);
		txt_putf(x, "%u/%u", first, cur_u32(&value));
		break;
	case LS_NUMBERS16:
		for (const char *join = ""; cur_left(&value) > 0; join = ",")
			txt_putf(x, "%s%u", join, cur_u16(&value));
		break;
	case LS_ADDRESS:
		txt_address(x, value);
		break;
	case LS_PREFIX:
		first = cur_u8(&value);
		txt_puts(x, n->route_type == LS_PREFIX_V6 ? "IPv6:" : "IPv4:");
		txt_prefix(x, n->route_type == LS_PREFIX_V6 ? IP_V6 : IP_V4, value.pos, first);
		break;
	case LS_ROUTER_ID:
		text_router_id(x, value);
		break;
	case LS_CANDIDATE_PATH:
		text_candidate_path(x, value);
		break;
	default:
		txt_hex(x, value);
	}
}

/* --- dissect */

static void dissect_tlvs(struct field_sink *, const struct bgp_nlri *, struct cursor, bool node);

static void
dissect_candidate_path(struct field_sink *to, const char *name, struct cursor value)
{
	struct candidate_path p = parse_candidate_path(value);

	if (!p.fits) {
		field_hex(to, name, value);
		return;
	}
	field_group(to, name);
	field_number(to, "protocol_origin", p.origin);
	field_number(to, "flags", p.flags);
	field_hex(to, "reserved", p.reserved);
	tlv_dissect_address(to, "endpoint", p.endpoint);
	field_number(to, "color", p.color);
	field_number(to, "originator_as", p.as);
	tlv_dissect_address(to, "originator_address", p.originator);
	field_number(to, "discriminator", p.discriminator);
	field_group_end(to);
}

static void
dissect_known(struct field_sink *to, const struct bgp_nlri *n, const struct ls_tlv *tlv)
{
	struct cursor value = tlv->value;
	char text[128];
	struct txt x = txt_of(text, sizeof(text));
	unsigned bits;

	switch (tlv->row->kind) {
	case LS_CONTAINER:
		field_group(to, tlv->row->name);
		dissect_tlvs(to, n, value, true);
		field_group_end(to);
		break;
	case LS_NUMBER:
		field_number(to, tlv->row->name, number_of(value));
		break;
	case LS_NUMBER_PAIR:
		field_group(to, tlv->row->name);
		field_number(to, "local", cur_u32(&value));
		field_number(to, "remote", cur_u32(&value));
		field_group_end(to);
		break;
	case LS_NUMBERS16:
		field_list(to, tlv->row->name);
		while (cur_left(&value) > 0)
			field_number(to, NULL, cur_u16(&value));
		field_list_end(to);
		break;
	case LS_PREFIX:
		bits = cur_u8(&value);
		txt_prefix(&x, n->route_type == LS_PREFIX_V6 ? IP_V6 : IP_V4, value.pos, bits);
		field_text(to, tlv->row->name, text);
		break;
	case LS_CANDIDATE_PATH:
		dissect_candidate_path(to, tlv->row->name, value);
		break;
	default:
		ls_text_value(&x, n, tlv);
		field_text(to, tlv->row->name, text);
	}
}

/* Finds the next TLV that can have its own name in the group: it is known, and the first of its
 * type (they are in ascending order). others: finds the next one that cannot. */
static bool
next_of(struct cursor *r, const struct ls_scope *scope, bool others, uint32_t *before,
    struct ls_tlv *tlv)
{
	while (ls_next(r, scope, tlv)) {
		bool other = tlv->row == NULL || tlv->type == *before;

		*before = tlv->type;
		if (other == others)
			return true;
	}
	return false;
}

/* The TLVs under their names; what is not known, or there once more, follows in a list. */
static void
dissect_tlvs(struct field_sink *to, const struct bgp_nlri *n, struct cursor r, bool node)
{
	struct ls_scope scope = { .route_type = n->route_type, .node = node };
	uint32_t before = UINT32_MAX;
	struct cursor others = r;
	struct ls_tlv tlv;

	while (next_of(&r, &scope, false, &before, &tlv))
		dissect_known(to, n, &tlv);
	before = UINT32_MAX;
	if (!next_of(&others, &scope, true, &before, &tlv))
		return;
	field_list(to, "tlvs");
	do {
		field_group(to, NULL);
		if (tlv.row != NULL) {
			dissect_known(to, n, &tlv);
		} else {
			field_number(to, "type", tlv.type);
			field_hex(to, "octets", tlv.value);
		}
		field_group_end(to);
	} while (next_of(&others, &scope, true, &before, &tlv));
	field_list_end(to);
}

void
ls_dissect(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	uint64_t identifier;
	uint8_t protocol;
	struct cursor tlvs = ls_tlvs(n, &protocol, &identifier);
	char text[32];
	struct txt x = txt_of(text, sizeof(text));

	(void)f;
	ls_text_protocol(&x, protocol);
	nlri_dissect_rd(to, n);
	field_number(to, "protocol_id", protocol);
	field_text(to, "protocol", text);
	field_number(to, "identifier", identifier);
	dissect_tlvs(to, n, tlvs, false);
}

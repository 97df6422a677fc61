/*
 * BGP-LS NLRI (RFC 9552, RFC 9514, RFC 9857): what of a topology is described, as TLVs in ascending
 * order, some of them containers. Two NLRI are the same object when their octets are (5.1).
 */
#include "parsers/bgp/nlri/ls.h"

static const char *const type_names[] = {
	[LS_NODE] = "Node",
	[LS_LINK] = "Link",
	[LS_PREFIX_V4] = "IPv4 Topology Prefix",
	[LS_PREFIX_V6] = "IPv6 Topology Prefix",
	[LS_TE_POLICY] = "SR Policy Candidate Path",
	[LS_SRV6_SID] = "SRv6 SID",
};

static const char *
type_name(struct bgp_family f, uint16_t type)
{
	(void)f;
	return type < sizeof(type_names) / sizeof(type_names[0]) ? type_names[type] : NULL;
}

/* --- read: what RFC 9552 8.2.2 asks of syntax */

static bool
value_fits(const struct ls_tlv *tlv, bool v6)
{
	size_t n = cur_left(&tlv->value);
	struct cursor value = tlv->value;

	if (tlv->row == NULL || tlv->row->kind == LS_CONTAINER)
		return true;
	if (n < tlv->row->min || (tlv->row->max > 0 && n > tlv->row->max))
		return false;
	if (tlv->row->kind == LS_NUMBERS16)
		return n % 2 == 0;
	if (tlv->row->kind == LS_PREFIX) {
		unsigned bits = cur_u8(&value);

		return bits <= (v6 ? 128U : 32U) && cur_left(&value) == (bits + 7) / 8;
	}
	return true;
}

static bool
ordered(struct cursor r, const struct ls_scope *scope)
{
	static const struct ls_scope node = { .node = true };
	struct ls_tlv tlv;
	uint16_t before = 0;

	while (ls_next(&r, scope, &tlv)) {
		if (tlv.type < before || !value_fits(&tlv, scope->route_type == LS_PREFIX_V6))
			return false;
		if (tlv.row != NULL && tlv.row->kind == LS_CONTAINER && !ordered(tlv.value, &node))
			return false;
		before = tlv.type;
	}
	return !r.failed;
}

static bool
has(struct cursor r, uint16_t type)
{
	static const struct ls_scope any;
	struct ls_tlv tlv;

	while (ls_next(&r, &any, &tlv))
		if (tlv.type == type)
			return true;
	return false;
}

/* The descriptors without which the NLRI names nothing (RFC 9552 5.2, RFC 9514 6, RFC 9857 4). */
static bool
complete(uint16_t type, struct cursor tlvs)
{
	static const uint16_t needed[] = { [LS_LINK] = 257,
		[LS_PREFIX_V4] = 265,
		[LS_PREFIX_V6] = 265,
		[LS_TE_POLICY] = 554,
		[LS_SRV6_SID] = 518 };

	return has(tlvs, 256) && (type == LS_NODE || has(tlvs, needed[type]));
}

/* The TLVs as sent, except for unused bits of a prefix. */
static void
key_of_tlvs(struct cursor r, const struct ls_scope *scope, struct nlri_key *key)
{
	uint8_t family = scope->route_type == LS_PREFIX_V6 ? IP_V6 : IP_V4;
	const uint8_t *at = r.pos;
	struct ls_tlv tlv;

	while (ls_next(&r, scope, &tlv)) {
		if (tlv.row != NULL && tlv.row->kind == LS_PREFIX) {
			struct cursor value = tlv.value;

			nlri_parse_prefix(&value, family, cur_u8(&value), key->n);
			nlri_key_put(key, at, (size_t)(tlv.value.pos - at));
			nlri_key_put_prefix(key);
		} else {
			nlri_key_put(key, at, (size_t)(r.pos - at));
		}
		at = r.pos;
	}
}

static enum nlri_verdict
read_ls(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	struct ls_scope scope = { .route_type = n->route_type };
	struct cursor body = n->body;

	(void)encoding;
	if (type_name(f, n->route_type) == NULL)
		return NLRI_UNKNOWN;
	nlri_key_put8(key, (uint8_t)n->route_type);
	if (f.safi == SAFI_BGP_LS_VPN)
		nlri_parse_rd(&body, key);
	nlri_key_put_cursor(key, cur_sub(&body, LS_HEADER_LEN));
	if (body.failed || !ordered(body, &scope) || !complete(n->route_type, body))
		return NLRI_BAD;
	key_of_tlvs(body, &scope, key);
	return NLRI_READ;
}

/* --- text */

static void
text_tlv(struct txt *x, const struct bgp_nlri *n, const struct ls_tlv *tlv)
{
	if (tlv->row == NULL)
		txt_putf(x, "TLV%u:", tlv->type);
	else if (tlv->row->text != NULL)
		txt_putf(x, "%s:", tlv->row->text);
	ls_text_value(x, n, tlv);
}

/* " { AS:64500 ISO:0000.0000.0001.00 }" of the first TLV of that type. */
static void
text_node(struct txt *x, const struct bgp_nlri *n, struct cursor r, uint16_t type)
{
	static const struct ls_scope any, node = { .node = true };
	struct ls_tlv tlv, sub;

	while (ls_next(&r, &any, &tlv)) {
		if (tlv.type != type)
			continue;
		txt_puts(x, " {");
		while (ls_next(&tlv.value, &node, &sub)) {
			txt_puts(x, " ");
			text_tlv(x, n, &sub);
		}
		txt_puts(x, " }");
		return;
	}
}

/* A link's near end, its far end, or neither of them. */
static bool
belongs(const struct ls_tlv *tlv, int end)
{
	bool near = tlv->type == 259 || tlv->type == 261,
	     far = tlv->type == 260 || tlv->type == 262;

	if (tlv->row != NULL && tlv->row->kind == LS_CONTAINER)
		return false;
	return end == 0 ? !near && !far : end == 1 ? near : far;
}

/* "SEPARATOR{ IPv4:192.0.2.1 }" of the descriptors of that end; nothing when there is none. */
static void
text_end(struct txt *x, const struct bgp_nlri *n, struct cursor r, int end, const char *separator)
{
	struct ls_scope scope = { .route_type = n->route_type };
	struct ls_tlv tlv;
	bool any = false;

	while (ls_next(&r, &scope, &tlv)) {
		if (!belongs(&tlv, end))
			continue;
		txt_puts(x, any ? " " : separator);
		if (!any)
			txt_puts(x, "{ ");
		text_tlv(x, n, &tlv);
		any = true;
	}
	if (any)
		txt_puts(x, " }");
}

static void
text_ls(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	static const char *const heads[] = { [LS_NODE] = "NODE",
		[LS_LINK] = "LINK",
		[LS_PREFIX_V4] = "PREFIX",
		[LS_PREFIX_V6] = "PREFIX",
		[LS_TE_POLICY] = "TE-POLICY",
		[LS_SRV6_SID] = "SRV6-SID" };
	uint64_t identifier;
	uint8_t protocol;
	struct cursor tlvs = ls_tlvs(n, &protocol, &identifier);

	(void)f;
	nlri_text_rd(x, n);
	txt_puts(x, heads[n->route_type]);
	if (n->route_type == LS_LINK) {
		txt_puts(x, " { Local");
		text_node(x, n, tlvs, 256);
		text_end(x, n, tlvs, 1, ".");
		txt_puts(x, " Remote");
		text_node(x, n, tlvs, 257);
		text_end(x, n, tlvs, 2, ".");
	} else if (n->route_type == LS_NODE) {
		text_node(x, n, tlvs, 256);
	} else {
		txt_puts(x, " { Node");
		text_node(x, n, tlvs, 256);
	}
	text_end(x, n, tlvs, 0, " ");
	txt_puts(x, " ");
	ls_text_protocol(x, protocol);
	txt_putf(x, ":%llu", (unsigned long long)identifier);
	if (n->route_type != LS_NODE)
		txt_puts(x, " }");
}

const struct nlri_kind nlri_ls = { .frame = NLRI_TYPE2_LEN2,
	.read = read_ls,
	.dissect = ls_dissect,
	.text = text_ls,
	.type_name = type_name };

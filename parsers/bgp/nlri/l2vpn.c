/*
 * Three kinds of layer 2 VPN in one family, distinguished by the length alone: VPLS (RFC 4761), its
 * auto-discovery (RFC 6074), and point-to-point circuits, whose NLRI goes on with TLVs (RFC 6624).
 */
#include "parsers/bgp/nlri/kind.h"
#include "parsers/wire/tlv.h"

enum { DISCOVERY_LEN = 12, CIRCUIT_LEN = 15, VPLS_LEN = 17 };

/* Returns the length that the kind has without TLVs; 0 when it is none of the three. */
static size_t
kind_of(const struct bgp_nlri *n)
{
	size_t len = cur_left(&n->body);

	if (len == DISCOVERY_LEN || len == VPLS_LEN)
		return len;
	return len == CIRCUIT_LEN || len > VPLS_LEN ? CIRCUIT_LEN : 0;
}

/* --- TLVs of circuits: type 1, length 2 */

enum { CIRCUIT_STATUS_VECTOR = 1 };

struct circuit_tlv {
	uint8_t type;
	uint16_t length; /* of a status vector in bits, a circuit each (RFC 6624 4.2) */
	struct cursor value;
};

static bool
next_tlv(struct cursor *r, struct circuit_tlv *tlv)
{
	if (cur_left(r) == 0)
		return false;
	tlv->type = cur_u8(r);
	tlv->length = cur_u16(r);
	tlv->value =
	    cur_sub(r, tlv->type == CIRCUIT_STATUS_VECTOR ? (tlv->length + 7U) / 8 : tlv->length);
	return !r->failed;
}

static bool
tlvs_fit(struct cursor r)
{
	struct circuit_tlv tlv;

	while (next_tlv(&r, &tlv)) {
	}
	return !r.failed;
}

static void
dissect_tlvs(struct field_sink *to, struct cursor r)
{
	struct circuit_tlv tlv;

	if (cur_left(&r) == 0)
		return;
	field_list(to, "tlvs");
	while (next_tlv(&r, &tlv)) {
		field_group(to, NULL);
		if (tlv.type == CIRCUIT_STATUS_VECTOR) {
			field_number(to, "circuits", tlv.length);
			field_hex(to, "circuit_status_vector", tlv.value);
		} else {
			field_number(to, "type", tlv.type);
			field_hex(to, "octets", tlv.value);
		}
		field_group_end(to);
	}
	field_list_end(to);
}

/* --- all three */

/* Block size, label base and TLVs describe the block of a VE or CE. They do not name it, and so are
 * not in the key. */
static enum nlri_verdict
read_l2vpn(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	struct cursor body = n->body;
	size_t kind = kind_of(n);

	(void)f, (void)encoding;
	if (kind == 0)
		return NLRI_BAD;
	nlri_key_put8(key, (uint8_t)kind);
	nlri_parse_rd(&body, key);
	nlri_key_put_cursor(key, cur_sub(&body, 4));
	if (kind == DISCOVERY_LEN)
		return NLRI_READ;
	if (kind == VPLS_LEN)
		cur_u16(&body);
	n->labels[n->labels_n++] = nlri_cur_label(&body);
	return tlvs_fit(body) ? NLRI_READ : NLRI_BAD;
}

static void
dissect_l2vpn(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = n->body;
	size_t kind = kind_of(n);

	(void)f;
	nlri_dissect_rd(to, n);
	cur_take(&body, sizeof(n->rd));
	if (kind == DISCOVERY_LEN) {
		tlv_dissect_address(to, "pe_address", body);
		return;
	}
	field_number(to, kind == VPLS_LEN ? "ve_id" : "ce_id", cur_u16(&body));
	field_number(
	    to, kind == VPLS_LEN ? "ve_block_offset" : "label_block_offset", cur_u16(&body));
	if (kind == VPLS_LEN)
		field_number(to, "ve_block_size", cur_u16(&body));
	nlri_dissect_label(to, "label_base", n, 0);
	cur_take(&body, 3);
	dissect_tlvs(to, body);
}

static void
text_l2vpn(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = n->body;

	(void)f;
	nlri_text_rd(x, n);
	cur_take(&body, sizeof(n->rd));
	if (kind_of(n) == DISCOVERY_LEN) {
		txt_puts(x, "[");
		txt_address(x, body);
	} else {
		txt_putf(x, "[%u]:", cur_u16(&body));
		txt_putf(x, "[%u", cur_u16(&body));
	}
	txt_puts(x, "]");
}

const struct nlri_kind nlri_vpls = {
	.frame = NLRI_LEN2, .read = read_l2vpn, .dissect = dissect_l2vpn, .text = text_l2vpn
};

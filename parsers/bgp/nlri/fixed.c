/* Families of few fields: route target constraint (RFC 4684), SR policy (RFC 9830) and MDT (RFC
 * 6037). */
#include "parsers/bgp/nlri/kind.h"
#include "parsers/wire/tlv.h"

/* --- route target constraint: origin AS and route target, of which only the first bits count */

enum { RTC_BITS_MIN = 32, RTC_BITS_MAX = 96 };

static enum nlri_verdict
read_rtc(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	uint8_t bits = (uint8_t)nlri_bits(n), masked[RTC_BITS_MAX / 8] = { 0 };
	size_t octets = (bits + 7U) / 8;

	(void)f, (void)encoding;
	if (bits > RTC_BITS_MAX)
		return NLRI_LENGTH;
	/* part of an AS number names none, but its length can be believed */
	if (bits > 0 && bits < RTC_BITS_MIN)
		return NLRI_BAD;
	if (octets > 0)
		memcpy(masked, n->body.pos, octets);
	if (bits % 8 != 0)
		masked[octets - 1] &= (uint8_t)(0xff00U >> (bits % 8));
	nlri_key_put8(key, bits);
	nlri_key_put(key, masked, octets);
	return NLRI_READ;
}

/* The route target of 8 octets in its usual forms (RFC 4360 4), else hex. */
static void
text_target(struct txt *x, const uint8_t *p)
{
	if (p[1] != 2 || p[0] > 2) {
		txt_hex(x, cur_of(p, 8));
		return;
	}
	txt_puts(x, "rt:");
	if (p[0] == 0) {
		txt_putf(x, "%u:%u", be16(p + 2), be32(p + 4));
	} else if (p[0] == 2) {
		txt_putf(x, "%u:%u", be32(p + 2), be16(p + 6));
	} else {
		txt_ipv4(x, p + 2);
		txt_putf(x, ":%u", be16(p + 6));
	}
}

/* Written from the key, in which unused bits are zero: length in bits, origin AS, route target. */
static void
text_rtc(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	(void)f;
	if (n->key[0] == 0) {
		txt_puts(x, "default");
		return;
	}
	txt_putf(x, n->key[0] > RTC_BITS_MIN ? "%u:" : "%u", be32(n->key + 1));
	if (n->key[0] == RTC_BITS_MAX)
		text_target(x, n->key + 5);
	else
		txt_hex(x, cur_of(n->key + 5, n->key_len - 5U));
	txt_putf(x, "/%u", n->key[0]);
}

static void
dissect_rtc(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	(void)f;
	field_number(to, "prefix_length", n->key[0]);
	if (n->key[0] == 0)
		return;
	field_number(to, "origin_as", be32(n->key + 1));
	if (n->key[0] == RTC_BITS_MAX) {
		text_target(&x, n->key + 5);
		field_text(to, "route_target", text);
	} else if (n->key[0] > RTC_BITS_MIN) {
		field_hex(to, "route_target", cur_of(n->key + 5, n->key_len - 5U));
	}
}

/* --- SR policy: distinguisher, color, endpoint */

static enum nlri_verdict
read_sr_policy(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	(void)encoding;
	if (nlri_bits(n) != (f.afi == AFI_IPV4 ? 96 : 192))
		return NLRI_BAD;
	nlri_key_put_cursor(key, n->body);
	return NLRI_READ;
}

static void
dissect_sr_policy(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = n->body;

	(void)f;
	field_number(to, "distinguisher", cur_u32(&body));
	field_number(to, "color", cur_u32(&body));
	tlv_dissect_address(to, "endpoint", body);
}

static void
text_sr_policy(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = n->body;

	(void)f;
	txt_putf(x, "[%u]:", cur_u32(&body));
	txt_putf(x, "[%u]:[", cur_u32(&body));
	txt_address(x, body);
	txt_puts(x, "]");
}

/* --- MDT: RD, PE address, group */

static enum nlri_verdict
read_mdt(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	struct cursor body = n->body;

	(void)f, (void)encoding;
	if (nlri_bits(n) != 128)
		return NLRI_BAD;
	nlri_parse_rd(&body, key);
	nlri_key_put_cursor(key, body);
	return NLRI_READ;
}

static void
dissect_mdt(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = n->body;

	(void)f;
	nlri_dissect_rd(to, n);
	cur_take(&body, sizeof(n->rd));
	tlv_dissect_address(to, "pe_address", cur_sub(&body, 4));
	tlv_dissect_address(to, "group_address", body);
}

static void
text_mdt(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = n->body;

	(void)f;
	nlri_text_rd(x, n);
	cur_take(&body, sizeof(n->rd));
	txt_puts(x, "[");
	txt_address(x, cur_sub(&body, 4));
	txt_puts(x, "]:[");
	txt_address(x, body);
	txt_puts(x, "]");
}

const struct nlri_kind nlri_rtc = {
	.frame = NLRI_BITS, .read = read_rtc, .dissect = dissect_rtc, .text = text_rtc
};
const struct nlri_kind nlri_sr_policy = { .frame = NLRI_BITS,
	.read = read_sr_policy,
	.dissect = dissect_sr_policy,
	.text = text_sr_policy };
const struct nlri_kind nlri_mdt = {
	.frame = NLRI_BITS, .read = read_mdt, .dissect = dissect_mdt, .text = text_mdt
};

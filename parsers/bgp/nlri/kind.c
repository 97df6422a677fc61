/* What the families have in common: keys, RD and prefix. */
#include "parsers/bgp/nlri/kind.h"

#include "parsers/bgp/rd.h"

enum { KEY_WHOLE = BGP_KEY_MAX - 1 }; /* longest key without a digest */

void
nlri_key_put(struct nlri_key *k, const void *data, size_t n)
{
	if (k->octets + n <= KEY_WHOLE) {
		if (n > 0)
			memcpy(k->n->key + k->octets, data, n);
	} else {
		size_t head = k->octets < KEY_WHOLE ? KEY_WHOLE - k->octets : 0;

		if (k->octets <= KEY_WHOLE) {
			/* the key is full: start the digest with what it holds */
			sha256_init(&k->sha);
			sha256_put(&k->sha, k->n->key, k->octets);
			memcpy(k->n->key + k->octets, data, head);
		}
		sha256_put(&k->sha, data, n);
	}
	k->octets += n;
}

void
nlri_key_put8(struct nlri_key *k, uint8_t v)
{
	nlri_key_put(k, &v, 1);
}

void
nlri_key_put_prefix(struct nlri_key *k)
{
	const struct ip_prefix *p = &k->n->prefix;

	nlri_key_put8(k, p->len);
	nlri_key_put(k, p->b, (p->len + 7U) / 8);
}

void
nlri_key_end(struct nlri_key *k)
{
	if (k->octets <= KEY_WHOLE) {
		k->n->key_len = (uint8_t)k->octets;
		return;
	}
	sha256_end(&k->sha, k->n->key + BGP_KEY_MAX - BGP_KEY_DIGEST);
	k->n->key_len = BGP_KEY_MAX;
}

void
nlri_parse_rd(struct cursor *r, struct nlri_key *k)
{
	const uint8_t *p = cur_take(r, sizeof(k->n->rd));

	if (p == NULL)
		return;
	k->n->has_rd = true;
	memcpy(k->n->rd, p, sizeof(k->n->rd));
	nlri_key_put(k, p, sizeof(k->n->rd));
}

bool
nlri_parse_prefix(struct cursor *r, uint8_t ip_family, unsigned len, struct bgp_nlri *n)
{
	const uint8_t *p = cur_take(r, (len + 7) / 8);

	return p != NULL && ip_prefix_make(&n->prefix, ip_family, p, len);
}

void
nlri_dissect_rd(struct field_sink *to, const struct bgp_nlri *n)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	if (!n->has_rd)
		return;
	bgp_rd_text(&x, n->rd);
	field_text(to, "rd", text);
}

void
nlri_dissect_prefix(struct field_sink *to, const struct bgp_nlri *n)
{
	char text[IP_PREFIX_TEXT_MAX];

	if (n->prefix.family != IP_NONE)
		field_text(to, "prefix", ip_prefix_format(&n->prefix, text));
}

/* In a withdrawal the label field may hold no label: 0x800000 (RFC 8277 2.4), or 0 as some senders
 * write. */
static bool
is_withdrawn(const struct bgp_nlri *n, uint32_t field)
{
	return n->withdrawn && (field == NLRI_LABEL_WITHDRAWN || field == 0);
}

void
nlri_dissect_label(struct field_sink *to, const char *name, const struct bgp_nlri *n, unsigned i)
{
	uint32_t field = n->labels[i];

	field_group(to, name);
	if (is_withdrawn(n, field)) {
		field_text(to, "label", "withdrawn");
	} else {
		field_number(to, "label", field >> 4);
		if ((field >> 1 & 7) != 0)
			field_number(to, "exp", field >> 1 & 7);
		if (field & 1)
			field_number(to, "bottom_of_stack", 1);
	}
	field_group_end(to);
}

void
nlri_dissect_label_or_vni(
    struct field_sink *to, const char *name, const struct bgp_nlri *n, unsigned i)
{
	uint32_t field = n->labels[i];

	field_group(to, name);
	if (is_withdrawn(n, field)) {
		field_text(to, "label", "withdrawn");
	} else {
		field_number(to, "label", field >> 4);
		field_number(to, "vni", field);
	}
	field_group_end(to);
}

void
nlri_text_rd(struct txt *x, const struct bgp_nlri *n)
{
	if (!n->has_rd)
		return;
	bgp_rd_text(x, n->rd);
	txt_puts(x, " ");
}

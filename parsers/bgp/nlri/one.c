/* One NLRI of a known kind: how it is cut out of the field, and what is done with one that cannot
 * be read. */
#include "parsers/bgp/nlri/kind.h"

/* Octets of the body, after the type has been read. */
static size_t
body_length(struct cursor *r, enum nlri_frame frame)
{
	size_t len;

	switch (frame) {
	case NLRI_BITS:
		return (cur_u8(r) + 7U) / 8;
	case NLRI_LEN_FLOW:
		len = cur_u8(r);
		return len >= 0xf0 ? (len & 0x0f) << 8 | cur_u8(r) : len;
	case NLRI_LEN2:
	case NLRI_TYPE2_LEN2:
		return cur_u16(r);
	case NLRI_TYPE1_LEN1:
	case NLRI_ARCH_TYPE2:
		return cur_u8(r);
	default:
		return cur_left(r);
	}
}

static void
cut_out(struct cursor *r, enum nlri_frame frame, struct bgp_nlri *n)
{
	const uint8_t *at = r->pos;

	if (frame == NLRI_ARCH_TYPE2)
		cur_u8(r);
	if (frame == NLRI_TYPE1_LEN1)
		n->route_type = cur_u8(r);
	else if (frame == NLRI_TYPE2_LEN2 || frame == NLRI_ARCH_TYPE2)
		n->route_type = cur_u16(r);
	n->body = cur_sub(r, body_length(r, frame));
	n->octets = (struct cursor){ .pos = at, .end = r->pos };
}

/* Not all of it is cleared: the counts say that the arrays are empty. */
static void
clear(struct bgp_nlri *n)
{
	n->has_path_id = false;
	n->path_id = 0;
	n->route_type = 0;
	n->known = n->malformed = n->has_rd = n->labels_doubtful = false;
	n->prefix = (struct ip_prefix){ .family = IP_NONE };
	n->labels_n = n->key_len = 0;
}

/* An NLRI that cannot be read has its own octets as its key. */
static void
keep_raw(struct bgp_nlri *n)
{
	struct nlri_key key = { .n = n };

	n->has_rd = false;
	n->prefix = (struct ip_prefix){ .family = IP_NONE };
	n->labels_n = 0;
	nlri_key_put_cursor(&key, n->octets);
	nlri_key_end(&key);
}

static enum nlri_verdict
read_body(const struct nlri_kind *kind, struct bgp_nlri *n, struct bgp_family family,
    struct bgp_nlri_encoding encoding)
{
	struct nlri_key key;
	enum nlri_verdict v;

	key.n = n;
	key.octets = 0;
	v = kind->read(n, family, encoding, &key);
	n->known = v != NLRI_UNKNOWN;
	n->malformed = v == NLRI_BAD;
	if (v == NLRI_READ)
		nlri_key_end(&key);
	else
		keep_raw(n);
	return v;
}

enum nlri_verdict
nlri_read(struct cursor *r, const struct nlri_kind *kind, struct bgp_family family,
    struct bgp_nlri_encoding encoding, struct bgp_nlri *n)
{
	clear(n);
	n->withdrawn = encoding.withdrawn;
	if (kind == NULL) {
		cut_out(r, NLRI_OPAQUE, n);
		keep_raw(n);
		return NLRI_UNKNOWN;
	}
	if (encoding.path_ids) {
		n->has_path_id = true;
		n->path_id = cur_u32(r);
	}
	cut_out(r, kind->frame, n);
	return r->failed ? NLRI_OVERRUN : read_body(kind, n, family, encoding);
}

void
nlri_dissect(struct field_sink *to, const struct nlri_kind *kind, struct bgp_family family,
    const struct bgp_nlri *n)
{
	if (n->has_path_id)
		field_number(to, "path_id", n->path_id);
	if (kind != NULL && kind->frame == NLRI_ARCH_TYPE2) {
		struct cursor octets = n->octets;

		field_number(to, "architecture_type", cur_u8(&octets));
	}
	if (kind != NULL && kind->type_name != NULL) {
		const char *name = kind->type_name(family, n->route_type);

		field_number(to, "route_type", n->route_type);
		if (n->known && name != NULL)
			field_text(to, "route_type_name", name);
	}
	if (n->malformed)
		field_text(to, "fault", fault_name(FAULT_NLRI_MALFORMED));
	if (kind != NULL && n->known && !n->malformed)
		kind->dissect(to, family, n);
	else
		field_hex(to, "octets", n->octets);
}

void
nlri_text(
    struct txt *x, const struct nlri_kind *kind, struct bgp_family family, const struct bgp_nlri *n)
{
	if (kind != NULL && n->known && !n->malformed) {
		kind->text(x, family, n);
		return;
	}
	if (kind != NULL && kind->type_name != NULL)
		txt_putf(x, "[%u]:", n->route_type);
	txt_puts(x, n->malformed ? "malformed " : "unknown ");
	txt_hex(x, n->octets);
}

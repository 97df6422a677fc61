/* Fields of typed NLRI: how each kind is read, put into the key, dissected and written. */
#include "parsers/bgp/nlri/fields.h"

/* --- one field */

struct value {
	struct cursor octets; /* without the length octet */
	unsigned bits;	      /* what the length octet says */
	bool absent;	      /* left out at the end */
};

static const uint8_t fixed_size[] = {
	[RD] = 8,
	[ESI] = 10,
	[NUMBER8] = 1,
	[NUMBER32] = 4,
	[HEX4] = 4,
	[HEX8] = 8,
	[LABEL] = 3,
	[LABEL_2ND] = 3,
};

enum { EVPN_PREFIX_V4_LEN = 34 }; /* body of EVPN type 5 with an IPv4 prefix; IPv6: 58 */

static bool
parse_address(struct cursor *r, enum nlri_field_kind kind, struct value *v)
{
	v->bits = cur_u8(r);
	v->octets = cur_sub(r, v->bits / 8);
	return v->bits == 32 || v->bits == 128 || (v->bits == 0 && kind != ADDRESS);
}

static bool
parse_bits(struct cursor *r, unsigned min, unsigned max, struct value *v)
{
	v->bits = cur_u8(r);
	v->octets = cur_sub(r, (v->bits + 7) / 8);
	return v->bits >= min && v->bits <= max;
}

/* The NLRI that a leaf answers, which is no leaf itself (RFC 6514 4.4, RFC 9572 3.3). */
static bool
parse_route_key(struct cursor *r, uint16_t leaf, struct value *v)
{
	const uint8_t *at = r->pos;
	uint8_t type = cur_u8(r);

	cur_take(r, cur_u8(r));
	v->octets = (struct cursor){ .pos = at, .end = r->pos };
	return type != leaf;
}

/* Parses a field of this kind; false when it is malformed. */
static bool
parse_value(
    struct cursor *r, enum nlri_field_kind kind, bool v6, const struct bgp_nlri *n, struct value *v)
{
	unsigned width = v6 ? 128 : 32;
	size_t in_full = cur_left(&n->body) > EVPN_PREFIX_V4_LEN ? 16 : 4;

	switch (kind) {
	case MAC:
		v->bits = cur_u8(r);
		v->octets = cur_sub(r, 6);
		return v->bits == 48;
	case HOST:
	case ADDRESS:
	case WILDCARD:
	case SOURCE:
		return parse_address(r, kind, v);
	case PREFIX:
		return parse_bits(r, 0, width, v);
	case ENDPOINT_TEID:
		return parse_bits(r, width, width + 32, v);
	case PREFIX_IN_FULL:
		v->bits = cur_u8(r);
		v->octets = cur_sub(r, in_full);
		return v->bits <= 8 * in_full;
	case GATEWAY:
		v->octets = cur_sub(r, in_full);
		return true;
	case REST:
	case REST_BY_AFI:
		v->octets = cur_sub(r, cur_left(r));
		return cur_left(&v->octets) == 4 || cur_left(&v->octets) == 16;
	case ROUTE_KEY:
		return parse_route_key(r, n->route_type, v);
	default:
		v->octets = cur_sub(r, fixed_size[kind]);
		return true;
	}
}

/* The field at the cursor, if the NLRI does not end before one that may be left out. */
static bool
parse_field(struct cursor *r, const struct nlri_field *field, bool v6, const struct bgp_nlri *n,
    struct value *v)
{
	bool good;

	v->bits = 0;
	v->absent = (field->kind == LABEL_2ND || field->kind == SOURCE) && cur_left(r) == 0 &&
		    !r->failed;
	v->octets = *r;
	if (v->absent)
		return true;
	good = parse_value(r, field->kind, v6, n, v);
	if (field->kind == REST_BY_AFI && cur_left(&v->octets) != (v6 ? 16 : 4))
		good = false;
	return good && !r->failed;
}

/* --- all fields of a route: read */

static bool
has_length(enum nlri_field_kind kind)
{
	return kind == MAC || kind == HOST || kind == ADDRESS || kind == WILDCARD ||
	       kind == SOURCE || kind == ENDPOINT_TEID;
}

/* The last octet of an endpoint and TEID has bits that do not count. */
static void
put_masked(struct nlri_key *key, const struct value *v)
{
	size_t whole = v->bits / 8;

	nlri_key_put(key, v->octets.pos, whole);
	if (v->bits % 8 != 0)
		nlri_key_put8(key, v->octets.pos[whole] & (uint8_t)(0xff00U >> (v->bits % 8)));
}

/* What the field adds to the route, and to its key. */
static bool
keep_field(struct bgp_nlri *n, const struct nlri_field *field, bool v6, struct value *v,
    struct nlri_key *key)
{
	struct cursor label = v->octets;

	switch (field->kind) {
	case RD:
		nlri_parse_rd(&v->octets, key);
		return true;
	case LABEL:
	case LABEL_2ND:
		n->labels[n->labels_n++] = nlri_cur_label(&label);
		return true;
	case HOST:
		if (v->bits > 0 &&
		    !nlri_parse_prefix(&(struct cursor){ v->octets.pos, v->octets.end, false },
			v->bits == 128 ? IP_V6 : IP_V4, v->bits, n))
			return false;
		break;
	case PREFIX:
	case PREFIX_IN_FULL:
		if (field->kind == PREFIX_IN_FULL) {
			/* IPv4 and IPv6 share a table: the width distinguishes 10.0.0.0/8 from
			 * a00::/8 */
			v6 = cur_left(&v->octets) == 16;
			nlri_key_put8(key, (uint8_t)cur_left(&v->octets));
		}
		if (!nlri_parse_prefix(&v->octets, v6 ? IP_V6 : IP_V4, v->bits, n))
			return false;
		nlri_key_put_prefix(key);
		return true;
	default:
		break;
	}
	if (!field->key)
		return true;
	if (has_length(field->kind))
		nlri_key_put8(key, (uint8_t)v->bits);
	if (field->kind == ENDPOINT_TEID)
		put_masked(key, v);
	else
		nlri_key_put_cursor(key, v->octets);
	return true;
}

enum nlri_verdict
nlri_fields_read(
    struct bgp_nlri *n, const struct nlri_route_type *row, bool v6, struct nlri_key *key)
{
	struct cursor body = n->body;
	struct value v;

	if (row == NULL)
		return NLRI_UNKNOWN;
	for (const struct nlri_field *f = row->fields; f->kind != END; f++) {
		if (!parse_field(&body, f, v6, n, &v))
			return NLRI_BAD;
		if (!v.absent && !keep_field(n, f, v6, &v, key))
			return NLRI_BAD;
	}
	return cur_left(&body) == 0 ? NLRI_READ : NLRI_BAD;
}

/* --- dissect */

/* The NLRI that is the key; false when it cannot be cut out. */
static bool
read_route_key(struct cursor octets, const struct nlri_kind *kind, struct bgp_family family,
    struct bgp_nlri *inner)
{
	enum nlri_verdict v =
	    nlri_read(&octets, kind, family, (struct bgp_nlri_encoding){ 0 }, inner);

	return v != NLRI_OVERRUN && v != NLRI_LENGTH;
}

static void
dissect_route_key(struct field_sink *to, const char *name, const struct nlri_kind *kind,
    struct bgp_family family, struct cursor octets)
{
	struct bgp_nlri inner;

	field_group(to, name);
	if (read_route_key(octets, kind, family, &inner))
		nlri_dissect(to, kind, family, &inner);
	field_group_end(to);
}

static void
dissect_endpoint(struct field_sink *to, const struct value *v, bool v6)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));
	struct cursor octets = v->octets, address = cur_sub(&octets, v6 ? 16 : 4);

	txt_address(&x, address);
	field_number(to, "endpoint_length", v->bits);
	field_text(to, "endpoint", text);
	if (cur_left(&octets) > 0)
		field_hex(to, "teid", octets);
}

static void
dissect_value(struct field_sink *to, const char *name, struct txt *x, struct cursor octets)
{
	if (cur_left(&octets) == 0)
		txt_puts(x, "*");
	else
		txt_address(x, octets);
	field_text(to, name, x->start);
}

static void
dissect_field(struct field_sink *to, const struct nlri_kind *kind, struct bgp_family family,
    const struct nlri_field *f, const struct bgp_nlri *n, struct value *v)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	switch (f->kind) {
	case RD:
		nlri_dissect_rd(to, n);
		break;
	case ESI:
	case MAC:
		txt_colons(&x, v->octets.pos, cur_left(&v->octets));
		field_text(to, f->name, text);
		break;
	case NUMBER8:
		field_number(to, f->name, cur_u8(&v->octets));
		break;
	case NUMBER32:
		field_number(to, f->name, cur_u32(&v->octets));
		break;
	case LABEL:
		nlri_dissect_label_or_vni(to, f->name, n, 0);
		break;
	case LABEL_2ND:
		nlri_dissect_label_or_vni(to, f->name, n, 1);
		break;
	case PREFIX:
	case PREFIX_IN_FULL:
		nlri_dissect_prefix(to, n);
		break;
	case ENDPOINT_TEID:
		dissect_endpoint(to, v, family.afi == AFI_IPV6);
		break;
	case ROUTE_KEY:
		dissect_route_key(to, f->name, kind, family, v->octets);
		break;
	case HEX4:
	case HEX8:
		field_hex(to, f->name, v->octets);
		break;
	default:
		dissect_value(to, f->name, &x, v->octets);
	}
}

void
nlri_fields_dissect(struct field_sink *to, const struct nlri_kind *kind, struct bgp_family family,
    const struct nlri_route_type *row, const struct bgp_nlri *n)
{
	bool v6 = family.afi == AFI_IPV6;
	struct cursor body = n->body;
	struct value v;

	for (const struct nlri_field *f = row->fields; f->kind != END; f++)
		if (parse_field(&body, f, v6, n, &v) && !v.absent)
			dissect_field(to, kind, family, f, n, &v);
}

/* --- text: what is part of the key, each in brackets, the RD in front */

static void
text_route_key(
    struct txt *x, const struct nlri_kind *kind, struct bgp_family family, struct cursor octets)
{
	struct bgp_nlri inner;

	if (read_route_key(octets, kind, family, &inner))
		nlri_text(x, kind, family, &inner);
}

static void
text_endpoint(struct txt *x, const struct value *v, bool v6)
{
	uint8_t masked[20]; /* an IPv6 address and a TEID */
	size_t n = cur_left(&v->octets), address = v6 ? 16 : 4;

	memcpy(masked, v->octets.pos, n);
	if (v->bits % 8 != 0)
		masked[n - 1] &= (uint8_t)(0xff00U >> (v->bits % 8));
	txt_address(x, cur_of(masked, address));
	if (n > address) {
		txt_puts(x, "]:[0x");
		txt_hex(x, cur_of(masked + address, n - address));
	}
}

static void
text_field(struct txt *x, const struct nlri_kind *kind, struct bgp_family family,
    const struct nlri_field *f, const struct bgp_nlri *n, struct value *v)
{
	if (f->kind == HOST && v->bits == 0)
		return; /* a MAC without an IP address */
	txt_puts(x, ":[");
	if (has_length(f->kind))
		txt_putf(x, "%u]:[", v->bits);
	switch (f->kind) {
	case ESI:
	case MAC:
		txt_colons(x, v->octets.pos, cur_left(&v->octets));
		break;
	case NUMBER32:
		txt_putf(x, "%u", cur_u32(&v->octets));
		break;
	case PREFIX:
	case PREFIX_IN_FULL:
		txt_putf(x, "%u]:[", n->prefix.len);
		txt_address(x, cur_of(n->prefix.b, ip_bits(n->prefix.family) / 8));
		break;
	case ENDPOINT_TEID:
		text_endpoint(x, v, family.afi == AFI_IPV6);
		break;
	case ROUTE_KEY:
		text_route_key(x, kind, family, v->octets);
		break;
	default:
		if (cur_left(&v->octets) == 0)
			txt_puts(x, "*");
		else
			txt_address(x, v->octets); /* or hex */
	}
	txt_puts(x, "]");
}

void
nlri_fields_text(struct txt *x, const struct nlri_kind *kind, struct bgp_family family,
    const struct nlri_route_type *row, const struct bgp_nlri *n)
{
	bool v6 = family.afi == AFI_IPV6;
	struct cursor body = n->body;
	struct value v;

	nlri_text_rd(x, n);
	txt_putf(x, "[%u]", n->route_type);
	for (const struct nlri_field *f = row->fields; f->kind != END; f++)
		if (parse_field(&body, f, v6, n, &v) && f->key && f->kind != RD)
			text_field(x, kind, family, f, n, &v);
}

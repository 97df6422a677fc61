/* BGPSEC_PATH (RFC 8205 3) and D_PATH (RFC 10039 4). */
#include "parsers/bgp/attr/attr.h"

enum { SECURE_SEGMENT_LEN = 6, SKI_LEN = 20, DOMAIN_LEN = 7 };
enum { SECURE_CONFED = 0x80 };

/* Fields of a Secure_Path: segments to its end. false: the length is not that of segments. */
static bool
secure_path(struct cursor *r, struct cursor *segments)
{
	uint16_t len = cur_u16(r); /* counts itself */

	*segments = cur_sub(r, len < 2 ? 0 : len - 2U);
	return !r->failed && cur_left(segments) > 0 && cur_left(segments) % SECURE_SEGMENT_LEN == 0;
}

/* Fields of a Signature_Block. */
static bool
signature_block(struct cursor *r, uint8_t *algorithm, struct cursor *segments)
{
	uint16_t len = cur_u16(r); /* counts itself */

	*segments = cur_sub(r, len < 2 ? 0 : len - 2U);
	*algorithm = cur_u8(segments);
	return !r->failed && !segments->failed;
}

static bool
signature_next(struct cursor *r, struct cursor *ski, struct cursor *signature)
{
	if (cur_left(r) == 0)
		return false;
	*ski = cur_sub(r, SKI_LEN);
	*signature = cur_sub(r, cur_u16(r));
	return !r->failed;
}

size_t
bgpsec_as_path(struct cursor value, uint8_t *out, size_t size)
{
	uint8_t *segment = NULL; /* type, count, and the ASNs so far */
	size_t used = 0;
	struct cursor path;

	if (!secure_path(&value, &path))
		return 0;
	while (cur_left(&path) > 0) {
		uint8_t times = cur_u8(&path), flags = cur_u8(&path);
		uint8_t type = flags & SECURE_CONFED ? AS_CONFED_SEQUENCE : AS_SEQUENCE;
		const uint8_t *as = cur_take(&path, 4);

		for (; times > 0; times--) { /* never, for a transparent route server */
			if (size - used < 6)
				return used;
			if (segment == NULL || segment[0] != type || segment[1] == UINT8_MAX) {
				segment = out + used;
				segment[0] = type;
				segment[1] = 0;
				used += 2;
			}
			memcpy(out + used, as, 4);
			used += 4;
			segment[1]++;
		}
	}
	return used;
}

/* The first segment of AS 0, which nobody has (RFC 7607 2); NULL: there is none. */
static const uint8_t *
secure_as_zero(struct cursor path)
{
	while (cur_left(&path) > 0) {
		const uint8_t *as = cur_take(&path, 2) != NULL ? path.pos : NULL;

		if (cur_u32(&path) == 0)
			return as;
	}
	return NULL;
}

/* Instead of AS_PATH (RFC 8205 3); one or two blocks, each with a signature for every segment of
 * the path (RFC 8205 5.2). */
enum fault_code
attr_check_bgpsec(struct attr_check *c)
{
	struct cursor r = c->value, path, block, ski, signature;
	const uint8_t *zero;
	unsigned blocks = 0;

	if (c->u->known >> ATTR_AS_PATH & 1) {
		c->at = attr_header(c->attr);
		return FAULT_ATTR_VALUE;
	}
	if (!secure_path(&r, &path))
		return FAULT_ATTR_VALUE;
	zero = secure_as_zero(path);
	if (zero != NULL) {
		c->at = zero;
		return FAULT_AS_ZERO;
	}
	for (; cur_left(&r) > 0; blocks++) {
		size_t n = 0;
		uint8_t algorithm;

		c->at = r.pos;
		if (blocks == 2 || !signature_block(&r, &algorithm, &block))
			return FAULT_ATTR_VALUE;
		while (signature_next(&block, &ski, &signature))
			n++;
		if (block.failed || n * SECURE_SEGMENT_LEN != cur_left(&path))
			return FAULT_ATTR_VALUE;
	}
	return blocks > 0 ? FAULT_NONE : FAULT_ATTR_VALUE;
}

static void
dissect_secure_path(struct field_sink *to, struct cursor path)
{
	field_list(to, "secure_path");
	while (cur_left(&path) > 0) {
		uint8_t count = cur_u8(&path), flags = cur_u8(&path);

		field_textf(to, NULL, "as %u pcount %u flags 0x%02x%s", cur_u32(&path), count,
		    flags, flags & SECURE_CONFED ? " confed" : "");
	}
	field_list_end(to);
}

static void
dissect_signatures(struct field_sink *to, uint8_t algorithm, struct cursor block)
{
	struct cursor ski, signature, before = block;

	field_group(to, NULL);
	field_number(to, "algorithm", algorithm);
	field_list(to, "signatures");
	while (signature_next(&block, &ski, &signature)) {
		field_group(to, NULL);
		field_hex(to, "ski", ski);
		field_hex(to, "signature", signature);
		field_group_end(to);
		before = block;
	}
	field_list_end(to);
	if (block.failed)
		field_hex(to, "cut", before);
	field_group_end(to);
}

void
attr_dissect_bgpsec(const struct attr_dissect *a)
{
	struct cursor r = a->value, path, block, before;
	uint8_t algorithm;

	if (!secure_path(&r, &path)) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	dissect_secure_path(a->to, path);
	field_list(a->to, "signature_blocks");
	for (before = r; cur_left(&r) > 0 && signature_block(&r, &algorithm, &block); before = r)
		dissect_signatures(a->to, algorithm, block);
	field_list_end(a->to);
	dissect_rest(a->to, "cut", before);
	field_group_end(a->to);
}

/* --- D_PATH: segments, each a count of domains and so many of seven octets */

static bool
domains_next(struct cursor *r, struct cursor *domains)
{
	uint8_t n;

	if (cur_left(r) == 0)
		return false;
	n = cur_u8(r);
	*domains = cur_sub(r, (size_t)n * DOMAIN_LEN);
	if (n == 0)
		r->failed = true;
	return !r->failed;
}

/* Is it for a family in which a D_PATH has a meaning? Where the family is not known: yes. */
static bool
is_for_family(const struct bgp_update *u)
{
	if (!u->reach.present)
		return cur_left(&u->nlri) == 0;
	return u->reach.family.safi == SAFI_VPN || u->reach.family.safi == SAFI_EVPN;
}

enum fault_code
attr_check_d_path(struct attr_check *c)
{
	struct cursor r = c->value, domains;

	while (domains_next(&r, &domains))
		c->at = r.pos;
	if (r.failed)
		return FAULT_ATTR_VALUE;
	c->at = c->attr->value;
	return is_for_family(c->u) ? FAULT_NONE : FAULT_ATTR_VALUE;
}

static void
put_domain(struct txt *t, struct cursor *r)
{
	uint32_t admin = cur_u32(r);
	uint16_t local = cur_u16(r);
	uint8_t safi = cur_u8(r);

	txt_putf(t, "%u:%u:", admin, local);
	if (safi == 0)
		txt_puts(t, "local");
	else if (safi == SAFI_EVPN)
		txt_puts(t, "evpn");
	else if (safi == SAFI_VPN)
		txt_puts(t, "ipvpn");
	else
		txt_putf(t, "%u", safi);
}

/* "64500:1:evpn 64501:2:ipvpn", segments apart by " | " */
void
attr_dissect_d_path(const struct attr_dissect *a)
{
	struct cursor r = a->value, before = r, domains;
	char text[ATTR_LINE_MAX];
	struct txt line = txt_of(text, sizeof(text));

	while (domains_next(&r, &domains) && !line.cut) {
		txt_sep(&line, " | ");
		for (bool first = true; cur_left(&domains) > 0; first = false) {
			txt_puts(&line, first ? "" : " ");
			put_domain(&line, &domains);
		}
		before = r;
	}
	if (r.failed) {
		txt_sep(&line, " ");
		txt_puts(&line, "0x");
		txt_hex(&line, before);
	}
	attr_dissect_line(a, &line);
}

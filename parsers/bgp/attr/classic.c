/* Attributes that hold one value, or a list of values of one kind (RFC 4271 and others). */
#include "parsers/bgp/attr/attr.h"

/* --- checks */

enum fault_code
attr_check_origin(struct attr_check *c)
{
	return c->attr->value[0] > 2 ? FAULT_ATTR_VALUE : FAULT_NONE;
}

/* The segment that cannot be read, or the first AS 0. */
static const uint8_t *
path_fault_at(struct cursor r, unsigned width, bool malformed)
{
	const uint8_t *at = r.pos;
	struct as_segment s;

	for (; as_path_next(&r, width, &s); at = r.pos)
		for (unsigned i = 0; i < s.count && !malformed; i++)
			if (as_segment_at(&s, width, i) == 0)
				return s.asns + (size_t)i * width;
	return at;
}

/* Checks a path, and looks for the place of a fault only when there is one. */
static inline enum fault_code
check_path(struct attr_check *c, unsigned width, enum fault_code malformed, enum fault_code as_zero)
{
	struct cursor r = c->value;
	struct as_segment s;
	bool zero = false;

	while (as_path_next(&r, width, &s))
		zero |= as_segment_has_zero(&s, width);
	if (!r.failed && !zero)
		return FAULT_NONE;
	c->at = path_fault_at(c->value, width, r.failed);
	return r.failed ? malformed : as_zero;
}

enum fault_code
attr_check_as_path(struct attr_check *c)
{
	return check_path(c, c->ctx->encoding.as4 ? 4 : 2, FAULT_AS_PATH, FAULT_AS_ZERO);
}

/* An AS4_PATH that is malformed or holds AS 0 is discarded; the route stands (RFC 6793 6, RFC 7607
 * 2). */
enum fault_code
attr_check_as4_path(struct attr_check *c)
{
	return check_path(c, 4, FAULT_ATTR_DISCARD, FAULT_ATTR_AS_ZERO);
}

enum fault_code
attr_check_aggregator(struct attr_check *c)
{
	struct cursor r = c->value;
	uint32_t as;

	if (c->attr->len != (c->ctx->encoding.as4 ? 8 : 6)) {
		c->at = attr_length(c->attr);
		return FAULT_ATTR_DISCARD;
	}
	as = c->ctx->encoding.as4 ? cur_u32(&r) : cur_u16(&r);
	return as == 0 ? FAULT_ATTR_AS_ZERO : FAULT_NONE;
}

enum fault_code
attr_check_as4_aggregator(struct attr_check *c)
{
	struct cursor r = c->value;

	return cur_u32(&r) == 0 ? FAULT_ATTR_AS_ZERO : FAULT_NONE;
}

/* --- dissecting */

void
attr_dissect_line(const struct attr_dissect *a, struct txt *line)
{
	static const char more[] = " ...";
	char *room, *at;

	if (!line->cut) {
		field_text(a->to, a->name, line->start);
		return;
	}
	/* a part of a number would be another number */
	room = at = line->end - strlen(more);
	while (at > line->start && *at != ' ' && *at != ',')
		at--;
	memcpy(at > line->start ? at : room, more, sizeof(more));
	field_text(a->to, a->name, line->start);
	field_hex(a->to, a->octets_name, a->value);
}

void
attr_dissect_hex(const struct attr_dissect *a)
{
	field_hex(a->to, a->name, a->value);
}

void
attr_dissect_origin(const struct attr_dissect *a)
{
	static const char *const names[] = { "igp", "egp", "incomplete" };

	if (cur_left(&a->value) == 1 && a->value.pos[0] <= 2)
		field_text(a->to, a->name, names[a->value.pos[0]]);
	else
		attr_dissect_hex(a);
}

static void
dissect_path(const struct attr_dissect *a, unsigned width)
{
	char text[ATTR_LINE_MAX];
	struct txt line = txt_of(text, sizeof(text));

	bgp_as_path_text(&line, a->value, width);
	attr_dissect_line(a, &line);
}

void
attr_dissect_as_path(const struct attr_dissect *a)
{
	dissect_path(a, a->encoding->as4 ? 4 : 2);
}

void
attr_dissect_as4_path(const struct attr_dissect *a)
{
	dissect_path(a, 4);
}

void
attr_dissect_number(const struct attr_dissect *a)
{
	if (cur_left(&a->value) == 4)
		field_number(a->to, a->name, be32(a->value.pos));
	else
		attr_dissect_hex(a);
}

void
attr_dissect_address(const struct attr_dissect *a)
{
	if (cur_left(&a->value) == 4)
		tlv_dissect_address(a->to, a->name, a->value);
	else
		attr_dissect_hex(a);
}

/* ATOMIC_AGGREGATE has no value: it is there, or not. */
void
attr_dissect_set(const struct attr_dissect *a)
{
	if (cur_left(&a->value) == 0)
		field_text(a->to, a->name, "set");
	else
		attr_dissect_hex(a);
}

/* "64501 192.0.2.1" */
static void
dissect_aggregator(const struct attr_dissect *a, unsigned width)
{
	struct cursor r = a->value;
	char text[64];
	struct txt line = txt_of(text, sizeof(text));

	if (cur_left(&r) != width + 4) {
		attr_dissect_hex(a);
		return;
	}
	txt_putf(&line, "%u ", width == 4 ? cur_u32(&r) : cur_u16(&r));
	txt_address(&line, r);
	attr_dissect_line(a, &line);
}

void
attr_dissect_aggregator(const struct attr_dissect *a)
{
	dissect_aggregator(a, a->encoding->as4 ? 4 : 2);
}

void
attr_dissect_as4_aggregator(const struct attr_dissect *a)
{
	dissect_aggregator(a, 4);
}

/* "192.0.2.1 192.0.2.2" */
void
attr_dissect_addresses(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	char text[ATTR_LINE_MAX];
	struct txt line = txt_of(text, sizeof(text));

	if (cur_left(&r) % 4 != 0) {
		attr_dissect_hex(a);
		return;
	}
	while (cur_left(&r) > 0 && !line.cut) {
		txt_sep(&line, " ");
		txt_address(&line, cur_sub(&r, 4));
	}
	attr_dissect_line(a, &line);
}

static void
dissect_text_of(const struct attr_dissect *a, void (*write)(struct txt *, struct cursor))
{
	char text[ATTR_LINE_MAX];
	struct txt line = txt_of(text, sizeof(text));

	write(&line, a->value);
	attr_dissect_line(a, &line);
}

void
attr_dissect_communities(const struct attr_dissect *a)
{
	dissect_text_of(a, bgp_communities_text);
}

void
attr_dissect_ext_communities(const struct attr_dissect *a)
{
	dissect_text_of(a, bgp_ext_communities_text);
}

void
attr_dissect_ipv6_ext_communities(const struct attr_dissect *a)
{
	dissect_text_of(a, bgp_ipv6_ext_communities_text);
}

void
attr_dissect_large_communities(const struct attr_dissect *a)
{
	dissect_text_of(a, bgp_large_communities_text);
}

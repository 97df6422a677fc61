/* ATTR_SET (RFC 6368): the attributes of a customer's route, carried whole. One level deep: a set
 * in a set is shown in hex. */
#include "parsers/bgp/attr/attr.h"

/* Flags, code, length, value; at: where it starts. false at the end or where it is cut. */
static bool
attr_next(struct cursor *r, struct bgp_attr *a, const uint8_t **at)
{
	struct cursor value;

	*at = r->pos;
	if (cur_left(r) == 0)
		return false;
	a->flags = cur_u8(r);
	a->code = cur_u8(r);
	value = cur_sub(r, a->flags & ATTR_EXTENDED ? cur_u16(r) : cur_u8(r));
	a->value = value.pos;
	a->len = (uint16_t)cur_left(&value);
	return !r->failed;
}

/*
 * AS numbers have four octets, and what is internal belongs here (RFC 6368 5). Sets from before the
 * RFC have two: the path itself tells, when it can be read in one way only.
 */
static struct bgp_context
context_of(struct cursor attrs)
{
	struct bgp_context ctx = { .as4 = true };
	const uint8_t *at;
	struct bgp_attr a;

	while (attr_next(&attrs, &a, &at)) {
		struct cursor path = cur_of(a.value, a.len);

		if (a.code == ATTR_AS_PATH && !as_path_fits(path, 4) && as_path_fits(path, 2))
			ctx.as4 = false;
	}
	return ctx;
}

/* What would withdraw a route outside withdraws it here; what is discarded outside does no harm to
 * the set (RFC 7606 7.16). */
enum fault_code
attr_check_set_of(struct attr_check *c)
{
	struct bgp_context ctx;
	struct attr_check in = { .u = c->u, .ctx = &ctx };
	struct cursor r = c->value;
	struct bgp_attr a;

	in.attr = &a;
	cur_u32(&r);
	ctx = context_of(r);
	while (attr_next(&r, &a, &c->at)) {
		if (a.code == ATTR_MP_REACH || a.code == ATTR_MP_UNREACH)
			return FAULT_ATTR_VALUE;
		if (a.code == c->attr->code)
			continue;
		if (fault_action(attr_check_one(&in)) >= FAULT_TREAT_AS_WITHDRAW) {
			c->at = in.at;
			return FAULT_ATTR_VALUE;
		}
	}
	return r.failed ? FAULT_ATTR_VALUE : FAULT_NONE;
}

/* --- telling */

static void
dissect_flags(struct field_sink *to, const char *name, uint8_t flags)
{
	char text[80];
	struct txt x = txt_of(text, sizeof(text));

	txt_puts(&x, flags & ATTR_OPTIONAL ? "optional" : "well-known");
	txt_puts(&x, flags & ATTR_TRANSITIVE ? " transitive" : " non-transitive");
	if (flags & ATTR_PARTIAL)
		txt_puts(&x, " partial");
	if (flags & 0x0f)
		txt_putf(&x, " 0x%02x", flags & 0x0f);
	field_text(to, name, text);
}

/* Neither the flags nor the name of it are known: the code, the flags, the octets. */
static void
dissect_unknown(struct field_sink *to, const char *name, const struct bgp_attr *a)
{
	field_group(to, name);
	field_number(to, "code", a->code);
	dissect_flags(to, "flags", a->flags);
	field_hex(to, "octets", cur_of(a->value, a->len));
	field_group_end(to);
}

static void
dissect_one(struct field_sink *to, const struct bgp_attr *a, const struct bgp_context *ctx,
    const struct bgp_dissect_how *how, bool inner)
{
	const struct attr_row *row = &attr_table[a->code];
	struct attr_dissect at = { .to = to,
		.ctx = ctx,
		.how = how,
		.name = row->field,
		.octets_name = row->octets_field,
		.value = cur_of(a->value, a->len),
		.inner = inner };

	if (row->name == NULL) {
		dissect_unknown(to, "unknown_attribute", a);
		return;
	}
	row->dissect(&at);
	if (row->flags == ATTR_FLAGS_ANY || (a->flags & ~ATTR_EXTENDED) != row->flags)
		dissect_flags(to, row->flags_field, a->flags);
}

void
bgp_attr_dissect(struct field_sink *to, const struct bgp_attr *a, const struct bgp_context *ctx)
{
	dissect_one(to, a, ctx, NULL, false);
}

/* Which attributes of a block: what has a name comes first, in the order of the wire; what has
 * none, or is there again, would be a second field of the same name, and so goes into lists behind.
 */
enum pick { PICK_KNOWN, PICK_UNKNOWN, PICK_REPEATED };

static void
dissect_pick(
    struct field_sink *to, struct cursor attrs, const struct attr_dissect *as, enum pick pick)
{
	static const char *const lists[] = { NULL, "unknown_attributes", "repeated_attributes" };
	bool seen[256] = { false }, any = false;
	const uint8_t *at;
	struct bgp_attr a;

	while (attr_next(&attrs, &a, &at)) {
		bool known = attr_table[a.code].name != NULL;
		enum pick is = known && seen[a.code] ? PICK_REPEATED
			       : known		     ? PICK_KNOWN
						     : PICK_UNKNOWN;

		seen[a.code] = true;
		if (is != pick)
			continue;
		if (pick != PICK_KNOWN && !any)
			field_list(to, lists[pick]);
		any = true;
		if (pick == PICK_UNKNOWN) {
			dissect_unknown(to, NULL, &a);
			continue;
		}
		if (pick == PICK_REPEATED)
			field_group(to, NULL);
		dissect_one(to, &a, as->ctx, as->how, as->inner);
		if (pick == PICK_REPEATED)
			field_group_end(to);
	}
	if (pick != PICK_KNOWN && any)
		field_list_end(to);
}

void
attr_dissect_field(struct field_sink *to, struct cursor attrs, const struct bgp_context *ctx,
    const struct bgp_dissect_how *how, bool inner)
{
	struct attr_dissect as = { .to = to, .ctx = ctx, .how = how, .inner = inner };
	const uint8_t *at;
	struct bgp_attr a;

	dissect_pick(to, attrs, &as, PICK_KNOWN);
	dissect_pick(to, attrs, &as, PICK_UNKNOWN);
	dissect_pick(to, attrs, &as, PICK_REPEATED);
	while (attr_next(&attrs, &a, &at)) {
	}
	if (attrs.failed)
		field_hex(to, "cut_attributes", cur_of(at, (size_t)(attrs.end - at)));
}

void
bgp_attrs_dissect(struct field_sink *to, struct cursor attrs, const struct bgp_context *ctx,
    const struct bgp_dissect_how *how)
{
	attr_dissect_field(to, attrs, ctx, how, false);
}

void
attr_dissect_set_of(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	uint32_t origin = cur_u32(&r);
	struct bgp_context ctx = context_of(r);

	if (r.failed || a->inner) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	field_number(a->to, "origin_as", origin);
	field_group(a->to, "attributes");
	attr_dissect_field(a->to, r, &ctx, a->how, true);
	field_group_end(a->to);
	field_group_end(a->to);
}

/* ATTR_SET (RFC 6368): the attributes of a customer's route, carried whole. One level deep: a set
 * in a set is told as hex. */
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
tell_flags(struct tell *t, const char *name, uint8_t flags)
{
	char text[80];
	struct txt x = txt_of(text, sizeof(text));

	txt_puts(&x, flags & ATTR_OPTIONAL ? "optional" : "well-known");
	txt_puts(&x, flags & ATTR_TRANSITIVE ? " transitive" : " non-transitive");
	if (flags & ATTR_PARTIAL)
		txt_puts(&x, " partial");
	if (flags & 0x0f)
		txt_putf(&x, " 0x%02x", flags & 0x0f);
	tell_text(t, name, text);
}

/* Neither the flags nor the name of it are known: the code, the flags, the octets. */
static void
tell_unknown(struct tell *t, const char *name, const struct bgp_attr *a)
{
	tell_open(t, name);
	tell_number(t, "code", a->code);
	tell_flags(t, "flags", a->flags);
	tell_hex(t, "octets", cur_of(a->value, a->len));
	tell_close(t);
}

static void
tell_one(struct tell *t, const struct bgp_attr *a, const struct bgp_context *ctx,
    const struct bgp_tell_how *how, bool inner)
{
	const struct attr_row *row = &attr_table[a->code];
	struct attr_tell at = { .to = t,
		.ctx = ctx,
		.how = how,
		.name = row->told,
		.octets_name = row->octets_told,
		.value = cur_of(a->value, a->len),
		.inner = inner };

	if (row->name == NULL) {
		tell_unknown(t, "unknown_attribute", a);
		return;
	}
	row->tell(&at);
	if (row->flags == ATTR_FLAGS_ANY || (a->flags & ~ATTR_EXTENDED) != row->flags)
		tell_flags(t, row->flags_told, a->flags);
}

void
bgp_attr_tell(struct tell *t, const struct bgp_attr *a, const struct bgp_context *ctx)
{
	tell_one(t, a, ctx, NULL, false);
}

/* Which attributes of a block: what has a name comes first, in the order of the wire; what has
 * none, or is there again, would be a second field of the same name, and so goes into lists behind.
 */
enum pick { PICK_KNOWN, PICK_UNKNOWN, PICK_REPEATED };

static void
tell_pick(struct tell *t, struct cursor attrs, const struct attr_tell *as, enum pick pick)
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
			tell_list(t, lists[pick]);
		any = true;
		if (pick == PICK_UNKNOWN) {
			tell_unknown(t, NULL, &a);
			continue;
		}
		if (pick == PICK_REPEATED)
			tell_open(t, NULL);
		tell_one(t, &a, as->ctx, as->how, as->inner);
		if (pick == PICK_REPEATED)
			tell_close(t);
	}
	if (pick != PICK_KNOWN && any)
		tell_list_end(t);
}

void
attr_tell_field(struct tell *t, struct cursor attrs, const struct bgp_context *ctx,
    const struct bgp_tell_how *how, bool inner)
{
	struct attr_tell as = { .to = t, .ctx = ctx, .how = how, .inner = inner };
	const uint8_t *at;
	struct bgp_attr a;

	tell_pick(t, attrs, &as, PICK_KNOWN);
	tell_pick(t, attrs, &as, PICK_UNKNOWN);
	tell_pick(t, attrs, &as, PICK_REPEATED);
	while (attr_next(&attrs, &a, &at)) {
	}
	if (attrs.failed)
		tell_hex(t, "cut_attributes", cur_of(at, (size_t)(attrs.end - at)));
}

void
bgp_attrs_tell(struct tell *t, struct cursor attrs, const struct bgp_context *ctx,
    const struct bgp_tell_how *how)
{
	attr_tell_field(t, attrs, ctx, how, false);
}

void
attr_tell_set_of(const struct attr_tell *a)
{
	struct cursor r = a->value;
	uint32_t origin = cur_u32(&r);
	struct bgp_context ctx = context_of(r);

	if (r.failed || a->inner) {
		attr_tell_hex(a);
		return;
	}
	tell_open(a->to, a->name);
	tell_number(a->to, "origin_as", origin);
	tell_open(a->to, "attributes");
	attr_tell_field(a->to, r, &ctx, a->how, true);
	tell_close(a->to);
	tell_close(a->to);
}

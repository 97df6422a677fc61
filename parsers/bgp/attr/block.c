/* A block of attributes dissected, in the order of the wire: each by its row of the table. */
#include "parsers/bgp/attr/attr.h"

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

/* An attribute without a row: its code, flags and octets. */
static void
dissect_unknown(struct field_sink *to, const char *name, const struct bgp_attr *a)
{
	field_group(to, name);
	field_number(to, "code", a->code);
	dissect_flags(to, "flags", a->flags);
	field_hex(to, "octets", cur_of(a->value, a->len));
	field_group_end(to);
}

/* What all attributes of a block are dissected with. */
struct block {
	struct field_sink *to;
	const struct bgp_encoding *encoding;
	bool inner; /* within an ATTR_SET */
};

static void dissect_inner(struct field_sink *, struct cursor attrs, const struct bgp_encoding *);

static void
dissect_one(const struct block *b, const struct bgp_attr *a)
{
	const struct attr_dissect_row *row = &attr_dissect_table[a->code];
	struct attr_dissect at = { .to = b->to,
		.encoding = b->encoding,
		.name = row->field,
		.octets_name = row->octets_field,
		.value = cur_of(a->value, a->len),
		.dissect_inner = b->inner ? NULL : dissect_inner };

	if (row->name == NULL) {
		dissect_unknown(b->to, "unknown_attribute", a);
		return;
	}
	row->dissect(&at);
	if (row->flags == ATTR_FLAGS_ANY || (a->flags & ~ATTR_EXTENDED) != row->flags)
		dissect_flags(b->to, row->flags_field, a->flags);
}

void
bgp_attr_dissect(
    struct field_sink *to, const struct bgp_attr *a, const struct bgp_encoding *encoding)
{
	dissect_one(&(struct block){ .to = to, .encoding = encoding }, a);
}

/* Which attributes of a block: what has a name comes first, in the order of the wire; what has
 * none, or is there again, would be a second field of the same name, and so goes into lists behind.
 */
enum pick { PICK_KNOWN, PICK_UNKNOWN, PICK_REPEATED };

static void
dissect_pick(const struct block *b, struct cursor attrs, enum pick pick)
{
	static const char *const lists[] = { NULL, "unknown_attributes", "repeated_attributes" };
	bool seen[256] = { false }, any = false;
	const uint8_t *at;
	struct bgp_attr a;

	while (attr_next(&attrs, &a, &at)) {
		bool known = bgp_attr_name(a.code) != NULL;
		enum pick is = known && seen[a.code] ? PICK_REPEATED
			       : known		     ? PICK_KNOWN
						     : PICK_UNKNOWN;

		seen[a.code] = true;
		if (is != pick)
			continue;
		if (pick != PICK_KNOWN && !any)
			field_list(b->to, lists[pick]);
		any = true;
		if (pick == PICK_UNKNOWN) {
			dissect_unknown(b->to, NULL, &a);
			continue;
		}
		if (pick == PICK_REPEATED)
			field_group(b->to, NULL);
		dissect_one(b, &a);
		if (pick == PICK_REPEATED)
			field_group_end(b->to);
	}
	if (pick != PICK_KNOWN && any)
		field_list_end(b->to);
}

static void
dissect_block(const struct block *b, struct cursor attrs)
{
	const uint8_t *at;
	struct bgp_attr a;

	dissect_pick(b, attrs, PICK_KNOWN);
	dissect_pick(b, attrs, PICK_UNKNOWN);
	dissect_pick(b, attrs, PICK_REPEATED);
	while (attr_next(&attrs, &a, &at)) {
	}
	if (attrs.failed)
		field_hex(b->to, "cut_attributes", cur_of(at, (size_t)(attrs.end - at)));
}

static void
dissect_inner(struct field_sink *to, struct cursor attrs, const struct bgp_encoding *encoding)
{
	dissect_block(&(struct block){ .to = to, .encoding = encoding, .inner = true }, attrs);
}

void
bgp_attrs_dissect(struct field_sink *to, struct cursor attrs, const struct bgp_encoding *encoding)
{
	dissect_block(&(struct block){ .to = to, .encoding = encoding }, attrs);
}

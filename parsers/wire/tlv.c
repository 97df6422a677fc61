#include "parsers/wire/tlv.h"

#include <stdio.h>

#include "base/pure/text.h"

bool
tlv_next(struct cursor *r, enum tlv_form form, struct tlv *tlv)
{
	uint32_t len;

	tlv->at = r->pos;
	if (cur_left(r) == 0)
		return false;
	tlv->type = form == TLV_2_2 ? cur_u16(r) : cur_u8(r);
	if (form == TLV_1_1 || (form == TLV_SPLIT && tlv->type < 128))
		len = cur_u8(r);
	else
		len = cur_u16(r);
	if (form == TLV_1_WHOLE2) {
		if (len < 3) {
			r->failed = true;
			r->pos = r->end;
			return false;
		}
		len -= 3;
	}
	tlv->value = cur_sub(r, len);
	return !r->failed;
}

static const struct tlv_row *
row_of(const struct tlv_table *table, uint16_t type)
{
	for (; table != NULL; table = table->more)
		for (size_t i = 0; i < table->n; i++)
			if (table->rows[i].type == type)
				return &table->rows[i];
	return NULL;
}

void
tlv_dissect_list(struct field_sink *to, const char *name, struct cursor r, enum tlv_form form,
    const struct tlv_table *table)
{
	struct tlv tlv;

	field_list(to, name);
	while (tlv_next(&r, form, &tlv)) {
		const struct tlv_row *row = row_of(table, tlv.type);

		field_group(to, NULL);
		if (row != NULL && row->fields != NULL) {
			tlv_dissect_fields(to, row->name, tlv.value, row->fields);
		} else if (row != NULL) {
			row->dissect(to, row->name, tlv.value);
		} else {
			field_number(to, "type", tlv.type);
			field_hex(to, "octets", tlv.value);
		}
		field_group_end(to);
	}
	if (r.failed) {
		field_group(to, NULL);
		field_hex(to, "cut", cur_of(tlv.at, (size_t)(r.end - tlv.at)));
		field_group_end(to);
	}
	field_list_end(to);
}

void
tlv_dissect_fields(
    struct field_sink *to, const char *name, struct cursor v, const struct tlv_field *f)
{
	struct cursor whole = v;

	for (const struct tlv_field *at = f; at->name != NULL; at++)
		cur_take(&whole, at->size);
	if (whole.failed) {
		field_hex(to, name, v);
		return;
	}
	field_group(to, name);
	for (; f->name != NULL; f++) {
		struct cursor field = cur_sub(&v, f->size == TLV_REST ? cur_left(&v) : f->size);

		if (f->size != TLV_REST || cur_left(&field) > 0)
			f->dissect(to, f->name, field);
	}
	dissect_rest(to, "rest", v);
	field_group_end(to);
}

void
tlv_dissect_hex(struct field_sink *to, const char *name, struct cursor v)
{
	field_hex(to, name, v);
}

void
tlv_dissect_number(struct field_sink *to, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);
	uint64_t number = 0;

	if (n < 1 || n > 8) {
		field_hex(to, name, v);
		return;
	}
	while (cur_left(&v) > 0)
		number = number << 8 | cur_u8(&v);
	field_number(to, name, number);
}

static void
dissect_sized(struct field_sink *to, const char *name, struct cursor v, size_t size)
{
	if (cur_left(&v) == size)
		tlv_dissect_number(to, name, v);
	else
		field_hex(to, name, v);
}

void
tlv_dissect_u8(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_sized(to, name, v, 1);
}

void
tlv_dissect_u16(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_sized(to, name, v, 2);
}

void
tlv_dissect_u32(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_sized(to, name, v, 4);
}

void
tlv_dissect_u64(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_sized(to, name, v, 8);
}

/* n numbers of the same width */
static void
dissect_numbers(struct field_sink *to, const char *name, struct cursor v, size_t width)
{
	if (cur_left(&v) % width != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0)
		field_number(to, NULL,
		    width == 1	 ? cur_u8(&v)
		    : width == 2 ? cur_u16(&v)
				 : cur_u32(&v));
	field_list_end(to);
}

void
tlv_dissect_number_list(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_numbers(to, name, v, 1);
}

void
tlv_dissect_numbers16(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_numbers(to, name, v, 2);
}

void
tlv_dissect_numbers32(struct field_sink *to, const char *name, struct cursor v)
{
	dissect_numbers(to, name, v, 4);
}

void
tlv_dissect_string(struct field_sink *to, const char *name, struct cursor v)
{
	char text[FIELD_TEXT_MAX];
	struct txt x = txt_of(text, sizeof(text));

	txt_string(&x, v);
	if (x.cut)
		field_hex(to, name, v);
	else
		field_text(to, name, text);
}

void
tlv_dissect_address(struct field_sink *to, const char *name, struct cursor v)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	if (cur_left(&v) != 4 && cur_left(&v) != 16) {
		field_hex(to, name, v);
		return;
	}
	txt_address(&x, v);
	field_text(to, name, text);
}

void
tlv_dissect_flags(struct field_sink *to, const char *name, struct cursor v)
{
	char text[FIELD_TEXT_MAX];
	struct txt x = txt_of(text, sizeof(text));

	txt_puts(&x, "0x");
	txt_hex(&x, v);
	field_text(to, name, text);
}

void
tlv_dissect_label_or_index(struct field_sink *to, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);

	if (n == 3 && v.pos[0] < 0x10) /* 20 bits, and nothing above */
		field_textf(to, name, "label %u", tlv_u24(&v));
	else if (n == 4)
		field_textf(to, name, "index %u", be32(v.pos));
	else
		field_hex(to, name, v);
}

void
tlv_dissect_colons(struct field_sink *to, const char *name, struct cursor v)
{
	char text[FIELD_TEXT_MAX];
	struct txt x = txt_of(text, sizeof(text));

	txt_colons(&x, v.pos, cur_left(&v));
	if (x.cut)
		field_hex(to, name, v);
	else
		field_text(to, name, text);
}

double
be_float(const uint8_t *p)
{
	uint32_t bits = be32(p);
	float f;

	memcpy(&f, &bits, sizeof(f));
	return (double)f;
}

void
tlv_dissect_float(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) != 4)
		field_hex(to, name, v);
	else
		field_textf(to, name, "%.9g", be_float(v.pos));
}

void
tlv_dissect_floats(struct field_sink *to, const char *name, struct cursor v)
{
	if (cur_left(&v) % 4 != 0) {
		field_hex(to, name, v);
		return;
	}
	field_list(to, name);
	while (cur_left(&v) > 0)
		tlv_dissect_float(to, NULL, cur_sub(&v, 4));
	field_list_end(to);
}

void
dissect_rest(struct field_sink *to, const char *name, struct cursor r)
{
	if (cur_left(&r) > 0)
		field_hex(to, name, r);
}

const char *
code_name(const char *const *names, size_t n, unsigned code, char *buf, size_t size)
{
	if (code < n && names[code] != NULL)
		return names[code];
	snprintf(buf, size, "%u", code);
	return buf;
}

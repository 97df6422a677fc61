#include "parsers/wire/tlv.h"

#include <stdio.h>

#include "parsers/wire/text.h"

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
row_of(const struct tlv_row *rows, size_t n, uint16_t type)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

void
tlv_tell_list(struct tell *t, const char *name, struct cursor r, enum tlv_form form,
    const struct tlv_row *rows, size_t n)
{
	struct tlv tlv;

	tell_list(t, name);
	while (tlv_next(&r, form, &tlv)) {
		const struct tlv_row *row = row_of(rows, n, tlv.type);

		tell_open(t, NULL);
		if (row != NULL && row->fields != NULL) {
			tlv_tell_fields(t, row->name, tlv.value, row->fields);
		} else if (row != NULL) {
			row->tell(t, row->name, tlv.value);
		} else {
			tell_number(t, "type", tlv.type);
			tell_hex(t, "octets", tlv.value);
		}
		tell_close(t);
	}
	if (r.failed) {
		tell_open(t, NULL);
		tell_hex(t, "cut", cur_of(tlv.at, (size_t)(r.end - tlv.at)));
		tell_close(t);
	}
	tell_list_end(t);
}

void
tlv_tell_fields(struct tell *t, const char *name, struct cursor v, const struct tlv_field *f)
{
	struct cursor whole = v;

	for (const struct tlv_field *at = f; at->name != NULL; at++)
		cur_take(&whole, at->size);
	if (whole.failed) {
		tell_hex(t, name, v);
		return;
	}
	tell_open(t, name);
	for (; f->name != NULL; f++) {
		struct cursor field = cur_sub(&v, f->size == TLV_REST ? cur_left(&v) : f->size);

		if (f->size != TLV_REST || cur_left(&field) > 0)
			f->tell(t, f->name, field);
	}
	tell_rest(t, "rest", v);
	tell_close(t);
}

void
tlv_tell_hex(struct tell *t, const char *name, struct cursor v)
{
	tell_hex(t, name, v);
}

void
tlv_tell_number(struct tell *t, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);
	uint64_t number = 0;

	if (n < 1 || n > 8) {
		tell_hex(t, name, v);
		return;
	}
	while (cur_left(&v) > 0)
		number = number << 8 | cur_u8(&v);
	tell_number(t, name, number);
}

static void
tell_sized(struct tell *t, const char *name, struct cursor v, size_t size)
{
	if (cur_left(&v) == size)
		tlv_tell_number(t, name, v);
	else
		tell_hex(t, name, v);
}

void
tlv_tell_u8(struct tell *t, const char *name, struct cursor v)
{
	tell_sized(t, name, v, 1);
}

void
tlv_tell_u16(struct tell *t, const char *name, struct cursor v)
{
	tell_sized(t, name, v, 2);
}

void
tlv_tell_u32(struct tell *t, const char *name, struct cursor v)
{
	tell_sized(t, name, v, 4);
}

void
tlv_tell_u64(struct tell *t, const char *name, struct cursor v)
{
	tell_sized(t, name, v, 8);
}

/* n numbers of the same width */
static void
tell_numbers(struct tell *t, const char *name, struct cursor v, size_t width)
{
	if (cur_left(&v) % width != 0) {
		tell_hex(t, name, v);
		return;
	}
	tell_list(t, name);
	while (cur_left(&v) > 0)
		tell_number(t, NULL,
		    width == 1	 ? cur_u8(&v)
		    : width == 2 ? cur_u16(&v)
				 : cur_u32(&v));
	tell_list_end(t);
}

void
tlv_tell_number_list(struct tell *t, const char *name, struct cursor v)
{
	tell_numbers(t, name, v, 1);
}

void
tlv_tell_numbers16(struct tell *t, const char *name, struct cursor v)
{
	tell_numbers(t, name, v, 2);
}

void
tlv_tell_numbers32(struct tell *t, const char *name, struct cursor v)
{
	tell_numbers(t, name, v, 4);
}

void
tlv_tell_string(struct tell *t, const char *name, struct cursor v)
{
	char text[TELL_TEXT_MAX];
	struct txt x = txt_of(text, sizeof(text));

	txt_string(&x, v);
	if (x.cut)
		tell_hex(t, name, v);
	else
		tell_text(t, name, text);
}

void
tlv_tell_address(struct tell *t, const char *name, struct cursor v)
{
	char text[64];
	struct txt x = txt_of(text, sizeof(text));

	if (cur_left(&v) != 4 && cur_left(&v) != 16) {
		tell_hex(t, name, v);
		return;
	}
	txt_address(&x, v);
	tell_text(t, name, text);
}

void
tlv_tell_flags(struct tell *t, const char *name, struct cursor v)
{
	char text[TELL_TEXT_MAX];
	struct txt x = txt_of(text, sizeof(text));

	txt_puts(&x, "0x");
	txt_hex(&x, v);
	tell_text(t, name, text);
}

void
tlv_tell_label_or_index(struct tell *t, const char *name, struct cursor v)
{
	size_t n = cur_left(&v);

	if (n == 3 && v.pos[0] < 0x10) /* 20 bits, and nothing above */
		tell_textf(t, name, "label %u", tlv_u24(&v));
	else if (n == 4)
		tell_textf(t, name, "index %u", be32(v.pos));
	else
		tell_hex(t, name, v);
}

void
tlv_tell_colons(struct tell *t, const char *name, struct cursor v)
{
	char text[TELL_TEXT_MAX];
	struct txt x = txt_of(text, sizeof(text));

	txt_colons(&x, v.pos, cur_left(&v));
	if (x.cut)
		tell_hex(t, name, v);
	else
		tell_text(t, name, text);
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
tlv_tell_float(struct tell *t, const char *name, struct cursor v)
{
	if (cur_left(&v) != 4)
		tell_hex(t, name, v);
	else
		tell_textf(t, name, "%.9g", be_float(v.pos));
}

void
tlv_tell_floats(struct tell *t, const char *name, struct cursor v)
{
	if (cur_left(&v) % 4 != 0) {
		tell_hex(t, name, v);
		return;
	}
	tell_list(t, name);
	while (cur_left(&v) > 0)
		tlv_tell_float(t, NULL, cur_sub(&v, 4));
	tell_list_end(t);
}

void
tell_rest(struct tell *t, const char *name, struct cursor r)
{
	if (cur_left(&r) > 0)
		tell_hex(t, name, r);
}

const char *
code_name(const char *const *names, size_t n, unsigned code, char *buf, size_t size)
{
	if (code < n && names[code] != NULL)
		return names[code];
	snprintf(buf, size, "%u", code);
	return buf;
}

/*
 * tlv: types, lengths and values inside attributes and capabilities, in the shapes that BGP uses,
 * and a dissector of them by a table of names. What has no row, or not the shape its row says,
 * is shown in hex.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/wire/dissect.h"

/* Octets of the type and of the length. */
enum tlv_form {
	TLV_1_1,
	TLV_1_2,
	TLV_2_2,
	TLV_1_WHOLE2, /* the length counts its header of 3, too (RFC 7311 3) */
	TLV_SPLIT,    /* length 1 for types below 128, else 2 (RFC 9012 2) */
};

struct tlv {
	uint16_t type;
	struct cursor value;
	const uint8_t *at; /* its header */
};

/* The next TLV; false at the end, or where one is cut (then r->failed, and tlv->at is where). */
bool tlv_next(struct cursor *, enum tlv_form, struct tlv *);

/* Dissects a value under a name. A value of another shape is shown in hex. */
typedef void tlv_dissect_fn(struct field_sink *, const char *name, struct cursor value);

/* A value that is fields one after the other. */
struct tlv_field {
	const char *name; /* NULL: the end of the table */
	uint8_t size;	  /* octets; TLV_REST: all that are left, shown when there are any */
	tlv_dissect_fn *dissect;
};
enum { TLV_REST = 0 };

/* Fields that many values have, and the end of their table. */
#define TLV_FLAGS(size)                                                                            \
	{                                                                                          \
		"flags", size, tlv_dissect_flags                                                   \
	}
#define TLV_NUMBER(name, size)                                                                     \
	{                                                                                          \
		name, size, tlv_dissect_number                                                     \
	}
#define TLV_ADDRESS(name, size)                                                                    \
	{                                                                                          \
		name, size, tlv_dissect_address                                                    \
	}
#define TLV_END                                                                                    \
	{                                                                                          \
		NULL, 0, NULL                                                                      \
	}

struct tlv_row {
	uint16_t type;
	const char *name;
	tlv_dissect_fn *dissect;	/* either this, */
	const struct tlv_field *fields; /* or these */
};

/* Rows, and those of another table for types that have none here. */
struct tlv_table {
	const struct tlv_row *rows;
	size_t n;
	const struct tlv_table *more; /* or NULL */
};
#define TLV_TABLE(rows, more)                                                                      \
	{                                                                                          \
		rows, sizeof(rows) / sizeof((rows)[0]), more                                       \
	}

/*
 * A list under `name`, an item for each TLV in the order of the wire: a group with one field of the
 * row's name, or type and octets. A cut one ends the list with an item "cut".
 */
void tlv_dissect_list(
    struct field_sink *, const char *name, struct cursor, enum tlv_form, const struct tlv_table *);
#define TLV_DISSECT_LIST(t, name, r, form, rows)                                                   \
	tlv_dissect_list(t, name, r, form, &(const struct tlv_table)TLV_TABLE(rows, NULL))

/* A group of fields; as hex when the value is shorter than they are. What is left and in no field
 * follows as "rest". */
void tlv_dissect_fields(
    struct field_sink *, const char *name, struct cursor, const struct tlv_field *);

/* --- shapes of values */

tlv_dissect_fn tlv_dissect_hex;
tlv_dissect_fn tlv_dissect_number; /* 1 to 8 octets: for fields, whose size the table says */
tlv_dissect_fn tlv_dissect_u8, tlv_dissect_u16, tlv_dissect_u32,
    tlv_dissect_u64;			/* so many octets, no others */
tlv_dissect_fn tlv_dissect_numbers16;	/* n x 2 octets, a list */
tlv_dissect_fn tlv_dissect_numbers32;	/* n x 4 octets, a list */
tlv_dissect_fn tlv_dissect_number_list; /* n x 1 octet, a list */
tlv_dissect_fn tlv_dissect_string;
tlv_dissect_fn tlv_dissect_address; /* 4 or 16 octets */
tlv_dissect_fn tlv_dissect_flags;   /* "0x80" of 1 to 4 octets */
tlv_dissect_fn
    tlv_dissect_label_or_index;	   /* 3 octets: "label 16000", 4: "index 5" (RFC 9085 2.1.1) */
tlv_dissect_fn tlv_dissect_colons; /* "02:00:5e:..." */
tlv_dissect_fn tlv_dissect_float;  /* IEEE 754 single, 4 octets */
tlv_dissect_fn tlv_dissect_floats; /* n x 4 octets, a list */

/* What is left at the cursor, as hex, when anything is. */
void dissect_rest(struct field_sink *, const char *name, struct cursor);

/* The next 3 octets as a number. */
static inline uint32_t
tlv_u24(struct cursor *r)
{
	uint32_t high = cur_u8(r);

	return high << 16 | cur_u16(r);
}

/* The number in 4 octets of IEEE 754. */
double be_float(const uint8_t *);

/* The name of a code point, or its number, into buf: "vxlan", "77". names: NULL where there is
 * none. */
const char *code_name(const char *const *names, size_t n, unsigned code, char *buf, size_t size);
#define CODE_NAME(names, code, buf)                                                                \
	code_name(names, sizeof(names) / sizeof((names)[0]), code, buf, sizeof(buf))

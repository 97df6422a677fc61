/*
 * printer: the same rows for people and for programs. A row is a line: aligned columns as text, an
 * object as JSON (RFC 8259). Each value is given once, under its name: JSON has it as a member,
 * text shows it if a column has that name. What only one of the two shows goes through
 * printer_cell, printer_text or printer_json. Whoever wrote a value, it is shown as
 * base/pure/utf8.h allows.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/jw.h"
#include "base/sbuf.h"

enum printer_format { PRINTER_TEXT, PRINTER_COLOUR, PRINTER_JSON };

enum {
	PRINTER_COLUMNS_MAX = 16,
	PRINTER_CELL_MAX = 256, /* with its NUL; the rest of a longer value is not shown */
};

#define PRINTER_RED   "\033[31m"
#define PRINTER_GREEN "\033[32m"

enum column_flags {
	COLUMN_CUT = 1,	  /* a longer value is cut to the width; else it moves what follows */
	COLUMN_APART = 2, /* two spaces in front, not one */
};

/* A table of columns ends with one without a name. */
struct column {
	const char *name, *heading;
	int width;	/* characters of a cell; negative: flush left; 0: as long as it is */
	unsigned flags; /* of enum column_flags */
};

struct printer {
	enum printer_format format;
	struct sbuf *out;
	/* the row that is open */
	const struct column *columns; /* those whose cells are not written yet; NULL: none */
	const char *colour;
	bool line;	/* it has text, and so an end of line */
	size_t text_at; /* where its free text begins in out; SIZE_MAX: it has none */
	struct jw json;
	char cell[PRINTER_COLUMNS_MAX][PRINTER_CELL_MAX];
};

/* out: borrowed; rows are added to it. out->failed says that they became too long. */
void printer_init(struct printer *, struct sbuf *out, enum printer_format);
/* The line above the rows; nothing for JSON. */
void printer_heading(struct printer *, const struct column *);

/* Begin a row. columns: NULL when its text has none; colour: NULL for none. */
void printer_row(struct printer *, const struct column *columns, const char *colour);
void printer_end(struct printer *);

void printer_string(struct printer *, const char *name, const char *value);
void printer_uint(struct printer *, const char *name, uint64_t value);
/* As text its name, or nothing. */
void printer_bool(struct printer *, const char *name, bool value);
/* Microseconds since 1970 as RFC 3339 in UTC: to the second as text, and JSON has null for 0. */
void printer_time(struct printer *, const char *name, int64_t us);
/* As text a line of its own, outside of all columns: name and value. */
void printer_figure(struct printer *, const char *name, uint64_t value);

/* What stands in a column as text, also in the place of a value given before; nothing for JSON. */
void printer_cell(struct printer *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Where free text goes behind the cells, none of which may follow; NULL for JSON. */
struct sbuf *printer_text(struct printer *);
/* Where members of any shape go; NULL for text. */
struct jw *printer_json(struct printer *);

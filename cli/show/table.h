/*
 * table: rows of the daemon (objects) as a table for people, laid out here, where the terminal is.
 * libsmartcols counts the widths of characters; what it cannot decide is decided before: columns
 * that a narrow terminal has no room for are left out, and long names lose their middle, since
 * those of a fleet differ at their ends. What is not a terminal gets every column in full.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/pure/text.h"

enum table_flags {
	TABLE_RIGHT = 1,   /* numbers */
	TABLE_CUT = 2,	   /* may lose its middle, down to `least` */
	TABLE_WRAP = 4,	   /* sentences: the last column, folded */
	TABLE_WIDE = 8,	   /* with -o wide and csv only */
	TABLE_DOMAIN = 16, /* names of a fleet: what domain they share goes first */
	TABLE_MADE = 32,   /* the cell is the value: csv and sorting take it, too */
};

struct table_column {
	const char *heading;
	/* of the row, "prefixes.count" for one in it; the heading of csv, which has the value
	 * itself, of the first column with the key */
	const char *key;
	void (*cell)(const json_t *row, struct txt *); /* for people; NULL: the value of the key */
	unsigned flags;				       /* of enum table_flags */
	unsigned char least; /* TABLE_CUT, TABLE_WRAP: characters that it needs to be of use */
	unsigned char drop;  /* the higher, the sooner it is left out; 0: never */
};

enum table_format { TABLE_TEXT, TABLE_ALL, TABLE_CSV, TABLE_JSON };

/* "text", "wide", "csv", "json". false, and a message of the command, for what is none. */
bool table_format(const char *command, const char *name, enum table_format *);

struct table_look {
	enum table_format format;
	bool colour;
	/* of the row: an ANSI sequence, or NULL */
	const char *(*colour_of)(const json_t *row);
};

/* Print the rows, an array of objects, to stdout. columns: until one without a heading. JSON: an
 * object a line, whatever the columns. */
void table_print(const struct table_column *, const struct table_look *, const json_t *rows);

/* The value in the row, "a.b" for b in a; NULL for none. */
const json_t *table_value(const json_t *row, const char *key);
/* The same as text; numbers too, lists with commas between. */
void table_text(const json_t *value, struct txt *);

/* Sort by the values of a column, by key or else heading, "-" in front: the other way round. false:
 * there is none of that name. Rows that are equal stay in order. */
bool table_sort(const struct table_column *, json_t *rows, const char *by);
/* Sort by a function as of qsort, of `const json_t *`. */
void table_sort_by(json_t *rows, int (*cmp)(const json_t *, const json_t *));

/* --- cells that several tables have */

/* What is wider than so many characters of a terminal loses its middle, or its end, to an ellipsis.
 * *text is of malloc, and may be another afterwards. */
void table_cut_middle(char **text, unsigned width);
void table_cut_end(char **text, unsigned width);

/* "47s", "12m", "3h20m", "5d4h" for a number of seconds. */
void table_age(double seconds, struct txt *);
/* Seconds since the time in RFC 3339; negative when it is none. */
double table_since(const char *time);

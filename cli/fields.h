/* Text for a person: names and values in two columns, folded where the terminal ends. */
#pragma once

#include "base/sbuf.h"

/* Characters of a line of the terminal on stdout; 0: it is none, and nothing is folded. */
unsigned fields_width(void);
/* Add text that somebody else wrote, as base/pure/utf8.h allows. */
void fields_visible(struct sbuf *, const char *text);
/*
 * Add "  name        value", the value folded at blanks, its further lines under the first. name
 * NULL: none, the value goes on under the one before. colour: of the value, NULL for none.
 */
void fields_add(
    struct sbuf *, unsigned width, const char *colour, const char *name, const char *value);
/* The same, as by printf. */
void fields_addf(struct sbuf *, unsigned width, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What the check of an attribute needs of its row, in a third of a cache line. */
#include "parsers/bgp/attr/rows.h"

#define ROW(code, name, document, field, flags, rules, min, max, step, on_length, check, dissect)  \
	[code] = { check, min, max, step, flags, rules, on_length, true },

const struct attr_row attr_table[256] = { ATTR_ROWS(ROW) };

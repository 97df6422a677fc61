/* What is needed to show an attribute: its name, and the function that dissects its value. */
#include "parsers/bgp/attr/rows.h"

#define ROW(code, name, document, field, flags, rules, min, max, step, on_length, check, dissect)  \
	[code] = { name, document, #field, #field "_flags", #field "_octets", dissect, flags },

const struct attr_dissect_row attr_dissect_table[256] = { ATTR_ROWS(ROW) };

const char *
bgp_attr_name(uint8_t code)
{
	return attr_dissect_table[code].name;
}

const char *
bgp_attr_document(uint8_t code)
{
	return attr_dissect_table[code].document;
}

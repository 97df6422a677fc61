#include "parsers/bgp/dissect.h"

void
bgp_family_dissect(struct field_sink *to, struct bgp_family family)
{
	char name[32];

	field_text(to, "family", bgp_family_name(family, name, sizeof(name)));
}

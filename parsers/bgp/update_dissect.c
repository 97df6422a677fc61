/* UPDATE dissected (RFC 4271 4.3); its attributes are in attr/block.c. */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/dissect.h"

void
bgp_update_dissect(struct field_sink *to, struct cursor body, const struct bgp_encoding *encoding)
{
	struct cursor whole = body, withdrawn = cur_sub(&body, cur_u16(&body)),
		      attrs = cur_sub(&body, cur_u16(&body));

	if (body.failed) {
		dissect_rest(to, "cut", whole);
		return;
	}
	attr_dissect_nlri(
	    to, "withdrawn", withdrawn, BGP_IPV4_UNICAST, bgp_encoding_of(encoding, BGP_WITHDRAWN));
	if (cur_left(&attrs) > 0) {
		field_group(to, "attributes");
		bgp_attrs_dissect(to, attrs, encoding);
		field_group_end(to);
	}
	attr_dissect_nlri(
	    to, "nlri", body, BGP_IPV4_UNICAST, bgp_encoding_of(encoding, BGP_ANNOUNCED));
}

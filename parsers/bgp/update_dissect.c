/* UPDATE dissected (RFC 4271 4.3); its attributes are in attr/block.c. */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/dissect.h"

void
bgp_update_dissect(struct field_sink *to, struct cursor body, const struct bgp_context *ctx,
    const struct bgp_dissect_how *how)
{
	static const struct bgp_family classic = { AFI_IPV4, SAFI_UNICAST };
	struct cursor whole = body, withdrawn = cur_sub(&body, cur_u16(&body)),
		      attrs = cur_sub(&body, cur_u16(&body));
	bool path_ids = how != NULL && how->classic;

	if (body.failed) {
		dissect_rest(to, "cut", whole);
		return;
	}
	attr_dissect_nlri(to, "withdrawn", withdrawn, classic,
	    (struct bgp_nlri_how){ .path_ids = path_ids, .withdraw = true });
	if (cur_left(&attrs) > 0) {
		field_group(to, "attributes");
		bgp_attrs_dissect(to, attrs, ctx, how);
		field_group_end(to);
	}
	attr_dissect_nlri(to, "nlri", body, classic, (struct bgp_nlri_how){ .path_ids = path_ids });
}

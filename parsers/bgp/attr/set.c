/* ATTR_SET (RFC 6368): the attributes of a customer's route, carried whole. One level deep: a set
 * in a set is shown in hex. */
#include "parsers/bgp/attr/attr.h"

/*
 * AS numbers have four octets, and what is internal belongs here (RFC 6368 5). Sets from before the
 * RFC have two: the path itself shows it, when it can be read in one way only.
 */
static bool
has_as4(struct cursor attrs)
{
	bool as4 = true;
	const uint8_t *at;
	struct bgp_attr a;

	while (attr_next(&attrs, &a, &at)) {
		struct cursor path = cur_of(a.value, a.len);

		if (a.code == ATTR_AS_PATH && !as_path_fits(path, 4) && as_path_fits(path, 2))
			as4 = false;
	}
	return as4;
}

/* What would withdraw a route outside withdraws it here; what is discarded outside does no harm to
 * the set (RFC 7606 7.16). */
enum fault_code
attr_check_set_of(struct attr_check *c)
{
	struct bgp_context ctx = { .ebgp = false };
	struct attr_check in = { .u = c->u, .ctx = &ctx, .check_one = c->check_one };
	struct cursor r = c->value;
	struct bgp_attr a;

	in.attr = &a;
	cur_u32(&r);
	ctx.encoding.as4 = has_as4(r);
	while (attr_next(&r, &a, &c->at)) {
		if (a.code == ATTR_MP_REACH || a.code == ATTR_MP_UNREACH)
			return FAULT_ATTR_VALUE;
		if (a.code == c->attr->code)
			continue;
		if (fault_action(c->check_one(&in)) >= FAULT_TREAT_AS_WITHDRAW) {
			c->at = in.at;
			return FAULT_ATTR_VALUE;
		}
	}
	return r.failed ? FAULT_ATTR_VALUE : FAULT_NONE;
}

void
attr_dissect_set_of(const struct attr_dissect *a)
{
	struct cursor r = a->value;
	uint32_t origin = cur_u32(&r);
	struct bgp_encoding encoding = *a->encoding;

	encoding.as4 = has_as4(r);
	if (r.failed || a->dissect_inner == NULL) {
		attr_dissect_hex(a);
		return;
	}
	field_group(a->to, a->name);
	field_number(a->to, "origin_as", origin);
	field_group(a->to, "attributes");
	a->dissect_inner(a->to, r, &encoding);
	field_group_end(a->to);
	field_group_end(a->to);
}

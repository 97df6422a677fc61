/* Whose routes a rule is for. It is looked for only when the rule is true. */
#include "collector/detect/detect_private.h"

const char *
whose_name(uint8_t whose)
{
	static const char *const names[WHOSES] = { "all", "customers", "own" };

	return whose < WHOSES ? names[whose] : "";
}

bool
detect_is_own_origin(const struct detect *d, const struct route_facts *f)
{
	return f->has_origin &&
	       (f->local_origin || f->origin == f->local_as || detect_is_ours(d, f->origin));
}

bool
detect_is_outside(const struct route_facts *f)
{
	bool in = bmp_view_is_inbound(f->view);

	return f->view == BMP_VIEW_OUT_POST || (in && f->relation != NEIGHBOR_INTERNAL);
}

/* What is true where a route goes out, and not by what was true where it came in, is our doing. */
static unsigned
leaks_of_ours(const struct route_facts *f)
{
	bool out = f->view == BMP_VIEW_OUT_PRE || f->view == BMP_VIEW_OUT_POST;

	return out ? RULES_LEAK & (unsigned)~f->inherited : 0;
}

bool
detect_is_customers(const struct detect *d, const struct route_facts *f, uint32_t asn)
{
	if (asn == 0)
		return false;
	return detect_is_customer(d, asn) ||
	       (f->has_customer != NULL && f->has_customer(f->routers, asn));
}

bool
detect_is_of_customers(const struct detect *d, const struct route_facts *f, uint32_t sender)
{
	bool in = bmp_view_is_inbound(f->view);

	return (in && relation_is_customer(f->relation)) || detect_is_customers(d, f, sender) ||
	       (f->has_origin && f->origin != sender && detect_is_customers(d, f, f->origin));
}

uint32_t
limits_find(const struct detect *d, const struct route_facts *f, unsigned rules, uint32_t sender)
{
	unsigned limited = rules & (d->for_own | d->for_customers) & ~leaks_of_ours(f);

	if (limited == 0 || detect_is_own_origin(d, f) || detect_own_of(d, f->prefix) != NULL)
		return 0;
	if (limited & d->for_customers && detect_is_of_customers(d, f, sender))
		limited &= d->for_own;
	return limited;
}

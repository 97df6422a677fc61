/* What is ours: own prefixes in other hands, and own routes that only look so. */
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

/* May this AS originate the own prefix? A member of our confederation stands for it. */
static bool
is_allowed(const struct detect *d, const struct detect_own *own, uint32_t origin)
{
	if (detect_in_sorted(d->own_siblings, d->own_siblings_n, origin))
		return true;
	if (own->origins_n == 0)
		return detect_is_ours(d, origin);
	if (detect_in_sorted(d->confederation, d->confederation_n, origin))
		origin = d->seen_as;
	for (size_t i = 0; i < own->origins_n; i++)
		if (own->origins[i] == origin)
			return true;
	return false;
}

/* What all entries of one own prefix say of a route together. */
struct claim {
	bool allowed; /* its origin is */
	bool too_long;
};

static struct claim
claim_of(const struct detect *d, const struct detect_own *own, const struct route_facts *f)
{
	struct claim c = { .too_long = true };

	for (size_t i = (size_t)(own - d->own) + 1;
	     i-- > 0 && ip_prefix_cmp(&d->own[i].prefix, &own->prefix) == 0;) {
		c.allowed |= f->has_origin && is_allowed(d, &d->own[i], f->origin);
		c.too_long &= d->own[i].has_max_length && f->prefix->len > d->own[i].max_length;
	}
	return c;
}

/* By any entry of the same prefix. */
static bool
is_scrubber(const struct detect *d, const struct detect_own *own, uint32_t asn)
{
	for (size_t i = (size_t)(own - d->own) + 1;
	     i-- > 0 && ip_prefix_cmp(&d->own[i].prefix, &own->prefix) == 0;)
		for (size_t k = 0; k < d->own[i].scrubbers_n; k++)
			if (d->own[i].scrubbers[k] == asn)
				return true;
	return false;
}

/* Whose ROA it has may announce it; whoever shares our space with us is no stranger. */
static bool
covers_ours(const struct detect *d, const struct route_facts *f)
{
	return f->covers_gone && f->has_origin && f->rov.state != ROV_VALID &&
	       !detect_is_own_origin(d, f) &&
	       !detect_in_sorted(d->own_siblings, d->own_siblings_n, f->origin);
}

/* A neighbour with a private AS number, which the world sees as ours. */
static bool
is_private_site(const struct detect *d, const struct route_facts *f)
{
	return detect_is_private_as(f->origin) &&
	       detect_path_sender(d, f->as_path, f->local_as) == f->origin;
}

/* Space that is ours by a VRP, and nobody has said who else may be in it: whoever has one, too, a
 * customer, and a site of ours. */
static bool
may_share(const struct detect *d, const struct route_facts *f)
{
	if (f->rov.state == ROV_VALID || !f->has_origin)
		return f->rov.state == ROV_VALID;
	return detect_is_customers(d, f, f->origin) || is_private_site(d, f);
}

uint32_t
own_rules(const struct detect *d, const struct route_facts *f)
{
	const struct detect_own *own = d->own_n > 0 ? detect_own_of(d, f->prefix) : NULL;
	uint32_t rules = 0;
	struct claim c;
	bool scrubbed;

	if (own == NULL)
		return covers_ours(d, f) ? 1U << RULE_COVERING : 0;
	if (f->origin_unknown)
		return 0;
	c = claim_of(d, own, f);
	if (!c.allowed && own->derived && may_share(d, f))
		return 0;
	if (!c.allowed)
		return own->prefix.len == f->prefix->len ? 1U << RULE_HIJACK_EXACT
							 : 1U << RULE_HIJACK_SPECIFIC;
	scrubbed = f->stranger != 0 && is_scrubber(d, own, f->stranger);
	if (f->comes_back && own->prefix.len == f->prefix->len && !scrubbed)
		rules |= 1U << RULE_LEAK_DETOUR;
	if (f->stranger != 0 && !scrubbed)
		rules |= 1U << RULE_FIRST_HOP;
	if (rules != 0)
		return rules;
	if (c.too_long && detect_is_outside(f) && !f->blackhole)
		return 1U << RULE_OWN_SPECIFIC;
	return 0;
}

bool
own_allows(const struct detect *d, const struct route_facts *f)
{
	const struct detect_own *own = detect_own_of(d, f->prefix);

	return own != NULL &&
	       (claim_of(d, own, f).allowed || (own->derived && is_private_site(d, f)));
}

bool
detect_scrubs(const struct detect *d, const struct ip_prefix *p, uint32_t asn)
{
	const struct detect_own *own = d->own_n > 0 ? detect_own_of(d, p) : NULL;

	return own != NULL && is_scrubber(d, own, asn);
}

bool
detect_has_own(const struct detect *d)
{
	return d->own_n > 0;
}

bool
detect_is_own_prefix(const struct detect *d, const struct ip_prefix *p)
{
	const struct detect_own *own = d->own_n > 0 ? detect_own_of(d, p) : NULL;

	return own != NULL && own->prefix.len == p->len;
}

bool
detect_covers_own(const struct detect *d, const struct ip_prefix *p)
{
	size_t lo = 0, hi = d->own_n;

	/* what lies in it comes right behind it */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&d->own[mid].prefix, p) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->own_n && ip_prefix_covers(p, &d->own[lo].prefix);
}

bool
detect_is_of_us(const struct detect *d, uint32_t asn)
{
	return detect_is_ours(d, asn) || detect_in_sorted(d->own_siblings, d->own_siblings_n, asn);
}

bool
detect_may_originate(const struct detect *d, const struct ip_prefix *p, uint32_t origin)
{
	const struct route_facts f = { .prefix = p, .has_origin = true, .origin = origin };

	return own_allows(d, &f);
}

/* --- who stands next to us in a path */

/* A walk along a path, from the AS that sent it to its end. */
struct approach {
	const struct detect *d;
	bool led;	 /* it begins with us: we send it on */
	uint32_t sender; /* the first AS that is none of ours; 0: none yet */
	uint32_t left;	 /* the last one so far */
	uint32_t beside; /* the AS left of the first of ours behind it; 0: we did not come yet */
	bool between;	 /* and behind ours there is somebody else */
};

static void
approach(struct approach *a, uint32_t asn)
{
	if (!detect_is_ours(a->d, asn)) {
		a->sender = a->sender != 0 ? a->sender : asn;
		a->between |= a->beside != 0;
		a->left = asn;
		return;
	}
	a->led |= a->sender == 0;
	if (a->sender == 0)
		return;
	a->beside = a->beside != 0 ? a->beside : a->left;
}

struct first_hop
detect_first_hop(const struct detect *d, struct cursor path)
{
	struct approach a = { .d = d };
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (seg.type == AS_CONFED_SEQUENCE || seg.type == AS_CONFED_SET)
			continue;
		if (seg.type != AS_SEQUENCE) /* who is next to whom in it nobody can say */
			return (struct first_hop){ 0 };
		for (unsigned i = 0; i < seg.count; i++)
			approach(&a, as_segment_at(&seg, 4, i));
	}
	/* who stands between two of ours was put there by us, to keep the route away from him; and
	 * who has the route from us has not got it from a neighbour of a sibling's */
	if (a.beside == 0 || a.between || a.beside == a.sender ||
	    detect_in_sorted(d->own_siblings, d->own_siblings_n, a.beside))
		return (struct first_hop){ 0 };
	return (struct first_hop){ .asn = a.beside, .sender = a.led ? a.sender : 0 };
}

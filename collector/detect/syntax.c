/*
 * Rules on what a route says by itself: bogons, sets, lengths, and communities that ask for
 * something. They judge what comes from another network, what of that is in use, and what goes to
 * another network: inside of ours private space, private AS numbers and more-specifics are
 * ordinary.
 */
#include "collector/detect/bogons.h"
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

enum { AS_TRANS = 23456 }; /* RFC 6793 */

/* Does it come from another network, or go to one? What stays inside is not asked for here. */
static bool
is_between_networks(const struct route_facts *f)
{
	switch (f->view) {
	case BMP_VIEW_IN_PRE:
	case BMP_VIEW_IN_POST:
		return !f->local_origin && f->relation != NEIGHBOR_INTERNAL &&
		       f->relation != NEIGHBOR_COLLECTOR;
	case BMP_VIEW_LOC_RIB:
		return !f->local_origin;
	case BMP_VIEW_OUT_POST:
		return true;
	default:
		return false;
	}
}

static bool
is_example_as(uint32_t asn)
{
	return bogon_as(asn) == BOGON_EXAMPLE;
}

/* Numbers of documentation are at work here: this is a lab, or an example. */
static bool
is_lab(const struct detect *d, const struct route_facts *f)
{
	return d->lab || is_example_as(f->local_as) || is_example_as(f->remote_as);
}

/* Whom we have the route from by its path. */
static uint32_t
sender_of(const struct detect *d, const struct route_facts *f)
{
	return detect_path_sender(d, f->as_path, f->local_as);
}

/* --- address space */

static bool
is_allowed_prefix(const struct detect *d, const struct ip_prefix *p)
{
	for (size_t i = 0; i < d->bogons_allowed_n; i++)
		if (ip_prefix_covers(&d->bogons_allowed[i], p))
			return true;
	return false;
}

/* A neighbour with a private AS number is a site of ours, or part of a fabric (RFC 7938), unless
 * somebody says that it is another network. */
static bool
is_private_neighbor(const struct detect *d, const struct route_facts *f)
{
	const struct ip_addr nowhere = { .family = IP_NONE };
	uint32_t asn = f->remote_as;
	uint8_t relation = f->relation;

	if (f->view == BMP_VIEW_LOC_RIB) {
		asn = sender_of(d, f);
		relation = (uint8_t)detect_relation(d, &nowhere, asn);
	}
	return detect_is_private_as(asn) && relation == NEIGHBOR_UNKNOWN;
}

/* Why what lies in the block is ordinary here; NULL when it is not. */
static const char *
why_ordinary(const struct detect *d, const struct route_facts *f, const struct bogon *block)
{
	if (!is_between_networks(f))
		return "stays inside of our network";
	if (block->use == BOGON_EXAMPLE && is_lab(d, f))
		return "AS numbers or prefixes of documentation are at work here, as in a lab";
	if (block->use == BOGON_PRIVATE && is_private_neighbor(d, f))
		return "the neighbour has a private AS number, and nobody calls it another network";
	if (is_allowed_prefix(d, f->prefix))
		return "rules.bogons_allowed has it";
	return detect_own_of(d, f->prefix) != NULL ? "own.prefixes has it" : NULL;
}

const char *
syntax_bogon_is_ordinary(
    const struct detect *d, const struct route_facts *f, const struct bogon **block)
{
	*block = bogon_of(f->prefix);
	return *block != NULL ? why_ordinary(d, f, *block) : NULL;
}

static const struct bogon left = { .use = BOGON_UNUSED, .name = "not handed out" };

const struct delegated_source *
detect_not_handed_out(const struct detect *d, const struct ip_prefix *p)
{
	return d->delegated != NULL && bogon_of(p) == NULL ? delegated_prefix(d->delegated, p)
							   : NULL;
}

/* A registry has it still, and no ROA speaks against that. */
static bool
is_left(const struct detect *d, const struct route_facts *f)
{
	const struct delegated_source *s;

	if (d->delegated == NULL || f->rov.state == ROV_VALID)
		return false;
	s = delegated_prefix(d->delegated, f->prefix);
	return s != NULL && (!s->stale || f->rules_before & 1U << RULE_BOGON_PREFIX) &&
	       why_ordinary(d, f, &left) == NULL;
}

/* --- paths */

/* Is the neighbour at work with a private number? Then so may be who is behind him, and who gets
 * it from him: a fabric, or a lab. */
static bool
is_among_private(const struct route_facts *f, uint32_t sender)
{
	return detect_is_private_as(f->view == BMP_VIEW_OUT_POST ? f->remote_as : sender);
}

/* A number that nobody has had from a registry, though a ROA may say that somebody does. */
static bool
is_left_as(const struct detect *d, const struct route_facts *f, uint32_t asn)
{
	const struct delegated_source *s = delegated_asn(d->delegated, asn);

	if (f->rov.state == ROV_VALID && f->has_origin && f->origin == asn)
		return false;
	return s != NULL && (!s->stale || f->rules_before & 1U << RULE_BOGON_ASN);
}

const struct delegated_source *
detect_as_not_handed_out(const struct detect *d, struct cursor path, uint32_t *asn)
{
	struct as_segment seg;

	*asn = 0;
	while (d->delegated != NULL && as_path_next(&path, 4, &seg))
		for (unsigned i = 0; i < seg.count; i++) {
			const struct delegated_source *s;

			*asn = as_segment_at(&seg, 4, i);
			s = detect_is_ordinary_as(d, *asn) ? NULL
							   : delegated_asn(d->delegated, *asn);
			if (s != NULL && bogon_as(*asn) == BOGON_NONE)
				return s;
		}
	*asn = 0;
	return NULL;
}

/*
 * The neighbour who sends it may have any number, and private ones behind a customer are ordinary
 * up to where the route goes out, and is to be rid of them.
 */
static bool
is_bogus_here(const struct detect *d, const struct route_facts *f, uint32_t asn, uint32_t sender)
{
	bool is_private = detect_is_private_as(asn);

	if (detect_is_ordinary_as(d, asn) || asn == f->local_as)
		return false;
	if (bogon_as(asn) == BOGON_NONE && !is_left_as(d, f, asn))
		return false;
	if ((is_lab(d, f) || is_among_private(f, sender)) && bogon_as(asn) != BOGON_RESERVED)
		return false;
	if (f->view == BMP_VIEW_OUT_POST)
		return asn != sender || is_private;
	return asn != sender && !(is_private && detect_is_of_customers(d, f, sender));
}

/* The AS number of the path that is a bogon where the route is, the nearest to us; 0: none. */
uint32_t
syntax_bogus_as(const struct detect *d, const struct route_facts *f)
{
	uint32_t sender = sender_of(d, f);
	struct cursor path = f->as_path;
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (seg.type == AS_CONFED_SEQUENCE || seg.type == AS_CONFED_SET)
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (is_bogus_here(d, f, asn, sender))
				return asn;
		}
	}
	return 0;
}

static uint32_t
path_rules(const struct detect *d, const struct route_facts *f)
{
	uint32_t mask = 0;

	if (f->path & PATH_SET)
		mask |= 1U << RULE_AS_SET;
	if (f->path & PATH_LONG)
		mask |= 1U << RULE_LONG_PATH;
	if (f->path & PATH_BOGON_ASN && syntax_bogus_as(d, f) != 0)
		mask |= 1U << RULE_BOGON_ASN;
	return mask;
}

static bool
is_one_organisation(const struct detect *d, uint32_t a, uint32_t b)
{
	const struct network *x = detect_network(d, a), *y = detect_network(d, b);

	return x != NULL && y != NULL && x->group != 0 && x->group == y->group;
}

/* Does the path not begin with who sends it (RFC 4271 6.3)? A route server hides itself (RFC 7947
 * 2.2.2), and FRR shows some routes with our own AS in front. */
static bool
hides_its_sender(const struct detect *d, const struct route_facts *f)
{
	struct cursor path = f->as_path;
	struct as_segment seg;
	uint32_t first;

	/* one sequence that begins with him: nearly every path */
	if (cur_left(&path) >= 6 && path.pos[0] == AS_SEQUENCE && path.pos[1] > 0 &&
	    be32(path.pos + 2) == f->remote_as)
		return false;
	if (f->remote_as == 0 || !as_path_next(&path, 4, &seg) || seg.type != AS_SEQUENCE)
		return false;
	first = as_segment_at(&seg, 4, 0);
	if (first == f->remote_as || (first == AS_TRANS && f->remote_as > UINT16_MAX) ||
	    first == f->local_as || f->relation == NEIGHBOR_RS || f->path & PATH_MEMBERS)
		return false;
	return !detect_is_ours(d, first) && !is_one_organisation(d, first, f->remote_as);
}

/* --- what is asked for */

bool
detect_is_no_export(struct cursor communities)
{
	/* NO_EXPORT, NO_ADVERTISE, NO_EXPORT_SUBCONFED (RFC 1997) */
	while (cur_left(&communities) >= 4) {
		uint32_t v = cur_u32(&communities);

		if (v >= 0xffffff01 && v <= 0xffffff03)
			return true;
	}
	return false;
}

/*
 * May who sends it have the traffic dropped? Ours may, and whom a VRP or the configuration names;
 * and where no VRP says that it is somebody else's a customer may, and who perhaps is one.
 */
static bool
may_blackhole(const struct detect *d, const struct route_facts *f, uint32_t so_far)
{
	if (detect_is_own_origin(d, f) || f->blackhole_allowed)
		return true;
	if (detect_own_of(d, f->prefix) != NULL)
		return !(so_far & RULES_HIJACK);
	if (f->rov.state == ROV_INVALID && f->rov.reason == ROV_REASON_ASN)
		return false;
	return !f->of_no_customer || detect_is_of_customers(d, f, sender_of(d, f));
}

/* Of a prefix that is longer than what is routed between networks. What is ours is a matter of
 * other rules. */
static uint32_t
host_route_rules(
    const struct detect *d, const struct route_facts *f, const struct bogon *block, uint32_t so_far)
{
	if (f->blackhole)
		return f->view != BMP_VIEW_IN_PRE && !may_blackhole(d, f, so_far)
			   ? 1U << RULE_BLACKHOLE
			   : 0;
	if (f->view == BMP_VIEW_LOC_RIB || detect_is_own_origin(d, f) ||
	    detect_own_of(d, f->prefix) != NULL)
		return 0;
	if (block != NULL && block->use == BOGON_EXAMPLE && is_lab(d, f))
		return 0; /* there are no greater ones to make examples of */
	return 1U << RULE_TOO_SPECIFIC;
}

/* --- lists of what neighbours may announce */

static uint32_t
who_announces(const struct detect *d, const struct route_facts *f)
{
	return bmp_view_is_inbound(f->view) ? f->remote_as : sender_of(d, f);
}

enum customer_says
detect_customer_says(const struct detect *d, const struct route_facts *f, uint32_t *sender)
{
	struct customer_route r = { .prefix = f->prefix,
		.has_origin = f->has_origin,
		.origin = f->origin,
		.any_length = f->blackhole };
	enum customer_says says;
	bool stale = false;

	if (d->lists == NULL || !is_between_networks(f))
		return CUSTOMER_NO_LIST;
	r.asn = who_announces(d, f);
	if (sender != NULL)
		*sender = r.asn;
	/* what is sent back to him goes nowhere new */
	if (f->view == BMP_VIEW_OUT_POST && r.asn == f->remote_as)
		return CUSTOMER_NO_LIST;
	says = customer_lists_say(d->lists, &r, &stale);
	return stale && !(f->rules_before >> RULE_UNLISTED & 1) && says > CUSTOMER_LISTED
		   ? CUSTOMER_NO_LIST
		   : says;
}

/* --- all of them */

bool
syntax_is_silent(const struct detect *d, const struct route_facts *f)
{
	return !(f->path & (PATH_SET | PATH_LONG | PATH_BOGON_ASN)) && !f->no_export &&
	       !(bmp_view_is_inbound(f->view) && hides_its_sender(d, f)) &&
	       (d->lists == NULL || !customer_lists_has(d->lists, who_announces(d, f)));
}

uint32_t
syntax_rules(const struct detect *d, const struct route_facts *f, uint32_t so_far)
{
	const struct bogon *block;
	uint32_t mask = 0;

	if (!is_between_networks(f))
		return 0;
	block = bogon_of(f->prefix);
	if (block != NULL ? why_ordinary(d, f, block) == NULL : is_left(d, f))
		mask |= 1U << RULE_BOGON_PREFIX;
	if (f->path & (PATH_SET | PATH_LONG | PATH_BOGON_ASN))
		mask |= path_rules(d, f);
	if (detect_is_host_route(f->prefix))
		mask |= host_route_rules(d, f, block, so_far);
	if (bmp_view_is_inbound(f->view) && hides_its_sender(d, f))
		mask |= 1U << RULE_FIRST_AS;
	if (d->lists != NULL && detect_customer_says(d, f, NULL) > CUSTOMER_LISTED)
		mask |= 1U << RULE_UNLISTED;
	/* towards a receiver the community may have been added for what is ours */
	if (f->no_export && !f->blackhole && f->relation != NEIGHBOR_RS_CLIENT &&
	    !detect_is_own_origin(d, f))
		mask |= 1U << RULE_NO_EXPORT;
	return mask;
}

#include "collector/detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/bgp/update.h"

const struct rule_info rule_info[RULES] = {
	[RULE_ROV_ASN] = { "rov.invalid.asn", "RPKI-invalid origin", SCOPE_ORIGIN, 0,
	    "Action 1: prevent propagation of incorrect routing information" },
	[RULE_ROV_LENGTH] = { "rov.invalid.length", "RPKI-invalid length", SCOPE_ORIGIN, 0,
	    "Action 1: prevent propagation of incorrect routing information" },
	[RULE_LEAK_OTC] = { "leak.otc", "route leak (RFC 9234)", SCOPE_NEIGHBOR, 0,
	    "Action 1: prevent propagation of incorrect routing information" },
	[RULE_LEAK_PEERLOCK] = { "leak.peerlock", "route leak (provider-free AS in the path)",
	    SCOPE_NEIGHBOR, 0, "Action 1: prevent propagation of incorrect routing information" },
	[RULE_HIJACK_EXACT] = { "hijack.exact", "own prefix with a foreign origin",
	    SCOPE_OWN_PREFIX, 2, "Action 3: coordinate with the networks concerned" },
	[RULE_HIJACK_SPECIFIC] = { "hijack.more-specific",
	    "more-specific of an own prefix with a foreign origin", SCOPE_OWN_PREFIX, 2,
	    "Action 3: coordinate with the networks concerned" },
	[RULE_OWN_SPECIFIC] = { "own.more-specific",
	    "own prefix announced longer than it should be", SCOPE_OWN_PREFIX, 0,
	    "Action 1: prevent propagation of incorrect routing information" },
};

struct detect {
	uint16_t generation;
	uint32_t *own_asns, *provider_free; /* sorted; the second without ours */
	size_t own_asns_n, provider_free_n;
	struct detect_own *own; /* sorted by prefix */
	size_t own_n;
	struct detect_neighbor *neighbors;
	size_t neighbors_n;
	/* which first 16 bits lie in or below an own prefix, per family: turns most routes away
	 * with one load */
	uint64_t near4[65536 / 64], near6[65536 / 64];
};

static int
cmp_u32(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static int
cmp_own(const void *x, const void *y)
{
	return ip_prefix_cmp(
	    &((const struct detect_own *)x)->prefix, &((const struct detect_own *)y)->prefix);
}

static bool
in_sorted(const uint32_t *v, size_t n, uint32_t key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (v[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && v[lo] == key;
}

static void *
copy(const void *from, size_t n, size_t size)
{
	void *to = malloc(n * size + 1);

	if (to != NULL && n > 0)
		memcpy(to, from, n * size);
	return to;
}

static void
set_near(struct detect *d, const struct ip_prefix *p)
{
	uint64_t *near = p->family == IP_V4 ? d->near4 : d->near6;
	unsigned first = (unsigned)p->b[0] << 8 | p->b[1];
	unsigned count = p->len >= 16 ? 1 : 1U << (16 - p->len);

	for (unsigned i = first; i < first + count; i++)
		near[i / 64] |= 1ULL << (i % 64);
}

static bool
copy_own(struct detect *d, const struct detect_config *c)
{
	d->own = copy(c->own, c->own_n, sizeof(*c->own));
	if (d->own == NULL)
		return false;
	for (size_t i = 0; i < c->own_n; i++) {
		d->own[i].origins = copy(c->own[i].origins, c->own[i].origins_n, sizeof(uint32_t));
		if (d->own[i].origins == NULL)
			return false;
		d->own_n++;
		set_near(d, &d->own[i].prefix);
	}
	qsort(d->own, d->own_n, sizeof(*d->own), cmp_own);
	return true;
}

struct detect *
detect_new(const struct detect_config *c, uint16_t generation)
{
	struct detect *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->generation = generation;
	d->own_asns = copy(c->own_asns, c->own_asns_n, sizeof(uint32_t));
	d->provider_free = copy(c->provider_free, c->provider_free_n, sizeof(uint32_t));
	d->neighbors = copy(c->neighbors, c->neighbors_n, sizeof(*c->neighbors));
	if (d->own_asns == NULL || d->provider_free == NULL || d->neighbors == NULL ||
	    !copy_own(d, c)) {
		detect_free(d);
		return NULL;
	}
	d->neighbors_n = c->neighbors_n;
	d->own_asns_n = c->own_asns_n;
	qsort(d->own_asns, d->own_asns_n, sizeof(uint32_t), cmp_u32);
	for (size_t i = 0; i < c->provider_free_n; i++)
		if (!in_sorted(d->own_asns, d->own_asns_n, c->provider_free[i]))
			d->provider_free[d->provider_free_n++] = c->provider_free[i];
	qsort(d->provider_free, d->provider_free_n, sizeof(uint32_t), cmp_u32);
	return d;
}

void
detect_free(struct detect *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->own_n; i++)
		free((void *)(uintptr_t)d->own[i].origins);
	free(d->own);
	free(d->own_asns);
	free(d->provider_free);
	free(d->neighbors);
	free(d);
}

uint16_t
detect_generation(const struct detect *d)
{
	return d->generation;
}

/* What the sender of this role takes its neighbour for, seen from us. */
static enum relation
relation_of_own_role(uint8_t role)
{
	switch (role) {
	case BGP_ROLE_PROVIDER:
		return NEIGHBOR_CUSTOMER;
	case BGP_ROLE_CUSTOMER:
		return NEIGHBOR_PROVIDER;
	case BGP_ROLE_PEER:
		return NEIGHBOR_PEER;
	case BGP_ROLE_RS:
		return NEIGHBOR_RS_CLIENT;
	case BGP_ROLE_RS_CLIENT:
		return NEIGHBOR_RS;
	default:
		return NEIGHBOR_UNKNOWN;
	}
}

static enum relation
relation_of_their_role(uint8_t role)
{
	switch (role) {
	case BGP_ROLE_PROVIDER:
		return NEIGHBOR_PROVIDER;
	case BGP_ROLE_CUSTOMER:
		return NEIGHBOR_CUSTOMER;
	case BGP_ROLE_PEER:
		return NEIGHBOR_PEER;
	case BGP_ROLE_RS:
		return NEIGHBOR_RS;
	case BGP_ROLE_RS_CLIENT:
		return NEIGHBOR_RS_CLIENT;
	default:
		return NEIGHBOR_UNKNOWN;
	}
}

enum relation
relation_from_roles(uint8_t sent_role, uint8_t received_role)
{
	enum relation ours = relation_of_own_role(sent_role),
		      theirs = relation_of_their_role(received_role);

	if (ours == NEIGHBOR_UNKNOWN)
		return theirs;
	if (theirs == NEIGHBOR_UNKNOWN || theirs == ours)
		return ours;
	return NEIGHBOR_UNKNOWN; /* roles that contradict each other say nothing */
}

enum relation
detect_relation(const struct detect *d, const struct ip_addr *address, uint32_t asn)
{
	enum relation by_asn = NEIGHBOR_UNKNOWN;

	for (size_t i = 0; i < d->neighbors_n; i++) {
		const struct detect_neighbor *n = &d->neighbors[i];

		if (n->has_address && ip_addr_equal(&n->address, address))
			return n->relation;
		if (!n->has_address && n->has_asn && n->asn == asn)
			by_asn = n->relation;
	}
	return by_asn;
}

/*
 * Find the first provider-free AS of the path, and the provider-free AS that has a stranger between
 * itself and an earlier one. In a valley-free path the neighbours of a provider-free AS are its
 * customers or other such networks, never one below two.
 */
static void
find_provider_free(const struct detect *d, struct cursor path, uint32_t *first, uint32_t *beyond)
{
	struct as_segment seg;
	bool stranger = false;

	*first = *beyond = 0;
	while (as_path_next(&path, 4, &seg)) {
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (!in_sorted(d->provider_free, d->provider_free_n, asn)) {
				stranger = *first != 0;
			} else if (*first == 0) {
				*first = asn;
			} else if (stranger && *beyond == 0) {
				*beyond = asn;
			}
		}
	}
}

uint16_t
detect_path(const struct detect *d, struct cursor path)
{
	uint16_t bits = cur_left(&path) == 0 ? PATH_EMPTY : 0;
	struct cursor walk = path;
	struct as_segment seg;
	uint32_t first, beyond;

	while (as_path_next(&walk, 4, &seg))
		if (seg.type == AS_SET || seg.type == AS_CONFED_SET)
			bits |= PATH_SET;
	find_provider_free(d, path, &first, &beyond);
	if (first != 0)
		bits |= PATH_PROVIDER_FREE;
	if (beyond != 0)
		bits |= PATH_BEYOND_STRANGER;
	return bits;
}

uint32_t
detect_path_provider_free(const struct detect *d, struct cursor path, bool beyond_stranger)
{
	uint32_t first, beyond;

	find_provider_free(d, path, &first, &beyond);
	return beyond_stranger ? beyond : first;
}

const struct detect_own *
detect_own_of(const struct detect *d, const struct ip_prefix *p)
{
	const uint64_t *near = p->family == IP_V4 ? d->near4 : d->near6;
	unsigned at = (unsigned)p->b[0] << 8 | p->b[1];
	size_t lo = 0, hi = d->own_n;

	if (!(near[at / 64] >> (at % 64) & 1))
		return NULL;
	/* the last own prefix not after p; what covers p lies at or before it */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&d->own[mid].prefix, p) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo-- > 0) {
		if (ip_prefix_covers(&d->own[lo].prefix, p))
			return &d->own[lo];
	}
	return NULL;
}

/* RFC 9234 section 5, ingress and egress, for a monitor that sees both. */
static bool
leak_by_otc(const struct route_facts *f)
{
	bool in = f->view == BMP_VIEW_IN_PRE || f->view == BMP_VIEW_IN_POST;

	if (!f->has_otc)
		return false;
	if (in && (f->relation == NEIGHBOR_CUSTOMER || f->relation == NEIGHBOR_RS_CLIENT))
		return true;
	if (in && f->relation == NEIGHBOR_PEER)
		return f->otc != f->remote_as;
	if (f->view != BMP_VIEW_OUT_POST)
		return false;
	if (f->relation == NEIGHBOR_PROVIDER || f->relation == NEIGHBOR_RS)
		return true;
	return f->relation == NEIGHBOR_PEER && f->otc != f->local_as;
}

static bool
leak_by_peerlock(const struct detect *d, const struct route_facts *f)
{
	if (f->view != BMP_VIEW_IN_PRE && f->view != BMP_VIEW_IN_POST)
		return false;
	if (f->path & PATH_BEYOND_STRANGER)
		return true;
	if (!(f->path & PATH_PROVIDER_FREE))
		return false;
	if (f->relation == NEIGHBOR_CUSTOMER)
		return true;
	/* a provider-free peer shows its own AS and its customers' */
	return (f->relation == NEIGHBOR_PEER || f->relation == NEIGHBOR_RS) &&
	       !in_sorted(d->provider_free, d->provider_free_n, f->remote_as);
}

static uint16_t
hijack(const struct detect *d, const struct route_facts *f)
{
	const struct detect_own *own = d->own_n > 0 ? detect_own_of(d, f->prefix) : NULL;

	if (own == NULL)
		return 0;
	if (f->has_origin) {
		for (size_t i = 0; i < own->origins_n; i++)
			if (own->origins[i] == f->origin)
				return 0;
		if (own->origins_n == 0 && in_sorted(d->own_asns, d->own_asns_n, f->origin))
			return 0;
	}
	return own->prefix.len == f->prefix->len ? 1 << RULE_HIJACK_EXACT
						 : 1 << RULE_HIJACK_SPECIFIC;
}

uint16_t
detect_route(const struct detect *d, const struct route_facts *f)
{
	unsigned mask = f->inherited & RULES_LEAK;

	if (f->rov.state == ROV_INVALID)
		mask |= f->rov.reason == ROV_REASON_LENGTH ? 1U << RULE_ROV_LENGTH
							   : 1U << RULE_ROV_ASN;
	if (leak_by_otc(f))
		mask |= 1U << RULE_LEAK_OTC;
	if (leak_by_peerlock(d, f))
		mask |= 1U << RULE_LEAK_PEERLOCK;
	mask |= hijack(d, f);
	return (uint16_t)mask;
}

/* The configuration of the rules, prepared, and what is looked up in it. */
#include <stdlib.h>
#include <string.h>

#include "collector/detect/bogons.h"
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

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

static int
cmp_network(const void *x, const void *y)
{
	return cmp_u32(&((const struct network *)x)->asn, &((const struct network *)y)->asn);
}

bool
detect_in_sorted(const uint32_t *v, size_t n, uint32_t key)
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

/* --- preparing */

static void *
copy(const void *from, size_t n, size_t size)
{
	void *to = malloc(n * size + 1);

	if (to != NULL && n > 0)
		memcpy(to, from, n * size);
	return to;
}

/* a and then b, sorted; NULL when out of memory. */
static uint32_t *
sorted_asns(const uint32_t *a, size_t a_n, const uint32_t *b, size_t b_n)
{
	uint32_t *to = malloc((a_n + b_n) * sizeof(*to) + 1);

	if (to == NULL)
		return NULL;
	if (a_n > 0)
		memcpy(to, a, a_n * sizeof(*to));
	if (b_n > 0)
		memcpy(to + a_n, b, b_n * sizeof(*to));
	qsort(to, a_n + b_n, sizeof(*to), cmp_u32);
	return to;
}

static bool
copy_asns(struct detect *d, const struct detect_config *c)
{
	d->own_asns = sorted_asns(c->own_asns, c->own_asns_n, c->confederation, c->confederation_n);
	d->confederation = sorted_asns(c->confederation, c->confederation_n, NULL, 0);
	d->own_siblings = sorted_asns(c->own_siblings, c->own_siblings_n, NULL, 0);
	d->upstreams = sorted_asns(c->upstreams, c->upstreams_n, NULL, 0);
	if (d->own_asns == NULL || d->confederation == NULL || d->own_siblings == NULL ||
	    d->upstreams == NULL)
		return false;
	d->upstreams_n = c->upstreams_n;
	d->own_asns_n = c->own_asns_n + c->confederation_n;
	d->confederation_n = c->confederation_n;
	d->own_siblings_n = c->own_siblings_n;
	d->seen_as = c->own_asns_n > 0 ? c->own_asns[0] : 0;
	return true;
}

/* Neighbours by AS number whom the configuration calls customers. */
static bool
copy_neighbors(struct detect *d, const struct detect_config *c)
{
	const struct ip_addr nowhere = { .family = IP_NONE };

	d->neighbors = copy(c->neighbors, c->neighbors_n, sizeof(*c->neighbors));
	d->customers = calloc(c->neighbors_n + 1, sizeof(*d->customers));
	if (d->neighbors == NULL || d->customers == NULL)
		return false;
	d->neighbors_n = c->neighbors_n;
	for (size_t i = 0; i < d->neighbors_n; i++) {
		uint32_t asn = d->neighbors[i].asn;

		if (d->neighbors[i].has_asn &&
		    relation_is_customer((uint8_t)detect_relation(d, &nowhere, asn)))
			d->customers[d->customers_n++] = asn;
	}
	qsort(d->customers, d->customers_n, sizeof(*d->customers), cmp_u32);
	return true;
}

static void
add_network(struct detect *d, struct network n)
{
	if (detect_is_ours(d, n.asn))
		return;
	d->networks[d->networks_n++] = n;
	d->perhaps[n.asn / 64 % PERHAPS] |= 1ULL << (n.asn % 64);
}

/* Several rows of one AS as one. */
static void
join_networks(struct detect *d)
{
	size_t n = 0;

	qsort(d->networks, d->networks_n, sizeof(*d->networks), cmp_network);
	for (size_t i = 0; i < d->networks_n; i++) {
		const struct network *from = &d->networks[i];
		struct network *to = n > 0 ? &d->networks[n - 1] : NULL;

		if (to == NULL || to->asn != from->asn) {
			d->networks[n++] = *from;
			continue;
		}
		to->provider_free |= from->provider_free;
		to->no_transit |= from->no_transit;
		to->carrier |= from->carrier;
		to->group = to->group != 0 ? to->group : from->group;
		to->lock = to->lock != NULL ? to->lock : from->lock;
	}
	d->networks_n = n;
}

/* What the configuration calls a neighbour goes before what a list says of it: our customer buys,
 * and our provider gives. */
static void
set_groups(struct detect *d)
{
	const struct ip_addr nowhere = { .family = IP_NONE };

	for (size_t i = 0; i < d->networks_n; i++) {
		struct network *n = &d->networks[i];
		uint8_t relation = (uint8_t)detect_relation(d, &nowhere, n->asn);

		if (relation == NEIGHBOR_CUSTOMER)
			n->provider_free = false;
		if (relation == NEIGHBOR_PROVIDER)
			n->no_transit = false;
	}
	for (size_t i = 0; i < d->networks_n; i++) {
		struct network *n = &d->networks[i];

		n->group_free = n->provider_free;
		for (size_t k = 0; n->group != 0 && k < d->networks_n; k++)
			n->group_free |= d->networks[k].group == n->group &&
					 d->networks[k].provider_free;
	}
}

static bool
copy_locks(struct detect *d, const struct detect_config *c)
{
	d->locks = calloc(c->peerlock_n + 1, sizeof(*d->locks));
	if (d->locks == NULL)
		return false;
	for (size_t i = 0; i < c->peerlock_n; i++) {
		const struct detect_peerlock *from = &c->peerlock[i];
		uint32_t *via = sorted_asns(from->via, from->via_n, NULL, 0);

		if (via == NULL)
			return false;
		d->locks[d->locks_n++] = (struct detect_peerlock){ from->asn, via, from->via_n };
	}
	return true;
}

static bool
copy_networks(struct detect *d, const struct detect_config *c)
{
	size_t max = c->provider_free_n + c->no_transit_n + c->carriers_n + c->peerlock_n;

	for (size_t i = 0; i < c->siblings_n; i++)
		max += c->siblings[i].asns_n;
	d->networks = malloc(max * sizeof(*d->networks) + 1);
	if (d->networks == NULL || !copy_locks(d, c))
		return false;
	for (size_t i = 0; i < c->provider_free_n; i++)
		add_network(
		    d, (struct network){ .asn = c->provider_free[i], .provider_free = true });
	for (size_t i = 0; i < c->no_transit_n; i++)
		add_network(d, (struct network){ .asn = c->no_transit[i], .no_transit = true });
	for (size_t i = 0; i < c->carriers_n; i++)
		add_network(d, (struct network){ .asn = c->carriers[i], .carrier = true });
	for (size_t i = 0; i < d->locks_n; i++)
		add_network(d, (struct network){ .asn = d->locks[i].asn, .lock = &d->locks[i] });
	for (size_t i = 0; i < c->siblings_n; i++)
		for (size_t k = 0; k < c->siblings[i].asns_n; k++)
			add_network(d, (struct network){ .asn = c->siblings[i].asns[k],
					   .group = (uint32_t)i + 1 });
	join_networks(d);
	set_groups(d);
	return true;
}

static bool
copy_vrfs(struct detect *d, const struct detect_config *c)
{
	d->vrfs = calloc(c->vrfs_n + 1, sizeof(*d->vrfs));
	if (d->vrfs == NULL)
		return false;
	for (size_t i = 0; i < c->vrfs_n; i++) {
		d->vrfs[i] = strdup(c->vrfs[i]);
		if (d->vrfs[i] == NULL)
			return false;
		d->vrfs_n++;
	}
	return true;
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

/* What covers one that is sorted behind it comes before it, and covers what is between them or lies
 * beside it. */
static bool
find_above(struct detect *d)
{
	d->own_above = calloc(d->own_n + 1, sizeof(*d->own_above));
	if (d->own_above == NULL)
		return false;
	for (size_t i = 0; i < d->own_n; i++) {
		size_t at = i > 0 ? i - 1 : d->own_n;

		while (at < d->own_n && !ip_prefix_covers(&d->own[at].prefix, &d->own[i].prefix))
			at = d->own_above[at];
		d->own_above[i] = at;
	}
	return true;
}

static bool
copy_own(struct detect *d, const struct detect_config *c)
{
	d->own = copy(c->own, c->own_n, sizeof(*c->own));
	if (d->own == NULL)
		return false;
	for (size_t i = 0; i < c->own_n; i++) {
		const struct detect_own *from = &c->own[i];

		d->own[i].origins = copy(from->origins, from->origins_n, sizeof(uint32_t));
		d->own[i].scrubbers = copy(from->scrubbers, from->scrubbers_n, sizeof(uint32_t));
		d->own_n++;
		if (d->own[i].origins == NULL || d->own[i].scrubbers == NULL)
			return false;
		set_near(d, &d->own[i].prefix);
	}
	qsort(d->own, d->own_n, sizeof(*d->own), cmp_own);
	return find_above(d);
}

static bool
copy_bogons(struct detect *d, const struct detect_config *c)
{
	d->bogons_allowed = copy(c->bogons_allowed, c->bogons_allowed_n, sizeof(struct ip_prefix));
	d->bogon_asns_allowed =
	    sorted_asns(c->bogon_asns_allowed, c->bogon_asns_allowed_n, NULL, 0);
	if (d->bogons_allowed == NULL || d->bogon_asns_allowed == NULL)
		return false;
	d->delegated = delegated_ref(c->delegated);
	d->lists = customer_lists_ref(c->lists);
	d->bogons_allowed_n = c->bogons_allowed_n;
	d->bogon_asns_allowed_n = c->bogon_asns_allowed_n;
	return true;
}

/* Nobody but a lab, or an example, has numbers of documentation. */
static bool
is_lab(const struct detect_config *c)
{
	for (size_t i = 0; i < c->own_asns_n; i++)
		if (bogon_as(c->own_asns[i]) == BOGON_EXAMPLE)
			return true;
	for (size_t i = 0; i < c->neighbors_n; i++)
		if (c->neighbors[i].has_asn && bogon_as(c->neighbors[i].asn) == BOGON_EXAMPLE)
			return true;
	for (size_t i = 0; i < c->own_n; i++) {
		const struct bogon *block = bogon_of(&c->own[i].prefix);

		if (block != NULL && block->use == BOGON_EXAMPLE)
			return true;
	}
	return false;
}

/* Those of the kinds that are rules. */
static uint32_t
rule_bits(const uint8_t *kinds, size_t n)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < n; i++)
		bits |= kinds[i] < RULES ? 1U << kinds[i] : 0;
	return bits;
}

struct detect *
detect_new(const struct detect_config *c, uint16_t generation)
{
	struct detect *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->generation = generation;
	d->on = (1U << RULES) - 1;
	d->burst_at = c->burst_at;
	d->infer = c->infer;
	d->on &= ~rule_bits(c->off, c->off_n);
	d->dry_run = rule_bits(c->dry_run, c->dry_run_n);
	for (unsigned r = 0; r < RULES; r++) {
		d->for_own |= (unsigned)(c->whose[r] == WHOSE_OWN) << r;
		d->for_customers |= (unsigned)(c->whose[r] == WHOSE_CUSTOMERS) << r;
	}
	d->blackholes = copy(c->blackholes, c->blackholes_n, sizeof(*c->blackholes));
	if (d->blackholes == NULL || !copy_neighbors(d, c) || !copy_asns(d, c) ||
	    !copy_networks(d, c) || !copy_vrfs(d, c) || !copy_own(d, c) || !copy_bogons(d, c) ||
	    !exceptions_init(&d->exceptions, c->exceptions, c->exceptions_n, c->today)) {
		detect_free(d);
		return NULL;
	}
	d->blackholes_n = c->blackholes_n;
	d->lab = is_lab(c);
	return d;
}

void
detect_free(struct detect *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->own_n; i++) {
		free((void *)(uintptr_t)d->own[i].origins);
		free((void *)(uintptr_t)d->own[i].scrubbers);
	}
	for (size_t i = 0; i < d->vrfs_n; i++)
		free(d->vrfs[i]);
	for (size_t i = 0; i < d->locks_n; i++)
		free((void *)(uintptr_t)d->locks[i].via);
	exceptions_fini(&d->exceptions);
	free(d->locks);
	free(d->vrfs);
	free(d->own);
	free(d->own_above);
	free(d->own_asns);
	free(d->confederation);
	free(d->own_siblings);
	free(d->upstreams);
	free(d->networks);
	free(d->blackholes);
	free(d->bogons_allowed);
	free(d->bogon_asns_allowed);
	delegated_unref(d->delegated);
	customer_lists_unref(d->lists);
	free(d->customers);
	free(d->neighbors);
	free(d);
}

uint16_t
detect_generation(const struct detect *d)
{
	return d->generation;
}

uint32_t
detect_good_before(const struct detect *d)
{
	return d->exceptions.good_before;
}

const struct detect_infer *
detect_infer(const struct detect *d)
{
	return &d->infer;
}

const char *
infer_name(uint8_t infer)
{
	static const char *const names[INFERS] = { "off", "suggest-only", "on" };

	return infer < INFERS ? names[infer] : "";
}

bool
detect_is_for_customers(const struct detect *d)
{
	return (d->on & d->for_customers) != 0;
}

uint32_t
detect_burst_at(const struct detect *d)
{
	return d->burst_at;
}

uint32_t
detect_dry_run(const struct detect *d)
{
	return d->dry_run;
}

bool
detect_wants_paths(const struct detect *d)
{
	return d->exceptions.name_neighbors || d->for_customers != 0;
}

/* --- networks */

const struct network *
detect_network(const struct detect *d, uint32_t asn)
{
	size_t lo = 0, hi = d->networks_n;

	if (!(d->perhaps[asn / 64 % PERHAPS] >> (asn % 64) & 1))
		return NULL;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->networks[mid].asn < asn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->networks_n && d->networks[lo].asn == asn ? &d->networks[lo] : NULL;
}

/* --- what a neighbour is to us */

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

		if (n->relation == NEIGHBOR_UNKNOWN)
			continue; /* it only has a name */
		if (n->has_address && ip_addr_equal(&n->address, address))
			return n->relation;
		if (!n->has_address && n->has_asn && n->asn == asn)
			by_asn = n->relation;
	}
	return by_asn;
}

bool
detect_is_own_sibling(const struct detect *d, uint32_t asn)
{
	return detect_in_sorted(d->own_siblings, d->own_siblings_n, asn);
}

bool
detect_is_customer(const struct detect *d, uint32_t asn)
{
	return detect_in_sorted(d->customers, d->customers_n, asn);
}

bool
detect_names_neighbor(const struct detect *d, uint32_t asn)
{
	if (detect_in_sorted(d->upstreams, d->upstreams_n, asn))
		return true;
	for (size_t i = 0; i < d->neighbors_n; i++)
		if (d->neighbors[i].has_asn && d->neighbors[i].asn == asn)
			return true;
	return false;
}

bool
detect_is_ours(const struct detect *d, uint32_t asn)
{
	return detect_in_sorted(d->own_asns, d->own_asns_n, asn);
}

enum relation
detect_relation_by_as(const struct detect *d, uint32_t local_as, uint32_t remote_as)
{
	/* RIPE RIS and RouteViews: they peer with everybody, and forward nothing */
	static const uint32_t collectors[] = { 6447, 12654 };

	if (remote_as == 0)
		return NEIGHBOR_UNKNOWN;
	if (remote_as == local_as ||
	    (detect_is_ours(d, remote_as) && (local_as == 0 || detect_is_ours(d, local_as))))
		return NEIGHBOR_INTERNAL;
	if (detect_in_sorted(collectors, sizeof(collectors) / sizeof(*collectors), remote_as))
		return NEIGHBOR_COLLECTOR;
	return NEIGHBOR_UNKNOWN;
}

bool
detect_may_be_member(const struct detect *d, uint32_t asn)
{
	return d->confederation_n == 0 || detect_is_ours(d, asn);
}

bool
detect_judges_vrf(const struct detect *d, const char *table, const char *distinguisher)
{
	for (size_t i = 0; i < d->vrfs_n; i++)
		if (strcmp(d->vrfs[i], table) == 0 || strcmp(d->vrfs[i], distinguisher) == 0)
			return true;
	return false;
}

/* --- what is ours */

bool
detect_is_private_as(uint32_t asn)
{
	return (asn >= 64512 && asn <= 65534) || (asn >= 4200000000 && asn <= 4294967294);
}

bool
detect_is_ordinary_as(const struct detect *d, uint32_t asn)
{
	enum bogon_use use = bogon_as(asn);

	if (use == BOGON_NONE && (d->delegated == NULL || delegated_asn(d->delegated, asn) == NULL))
		return true;
	return (use != BOGON_RESERVED && use != BOGON_NONE && d->lab) || detect_is_ours(d, asn) ||
	       detect_in_sorted(d->bogon_asns_allowed, d->bogon_asns_allowed_n, asn);
}

bool
detect_local_origin(
    const struct detect *d, uint32_t session_as, bool confederation, uint32_t *origin)
{
	bool member = detect_in_sorted(d->confederation, d->confederation_n, session_as);

	*origin = session_as;
	if (!member && detect_is_ours(d, session_as))
		return true;
	/* between members an OPEN has the member's AS, which nobody outside sees */
	if ((member || confederation) && d->seen_as != 0) {
		*origin = d->seen_as;
		return true;
	}
	return session_as != 0 && !detect_is_private_as(session_as);
}

static bool
shares_beginning(const struct detect *d, const struct ip_prefix *p)
{
	const uint64_t *near = p->family == IP_V4 ? d->near4 : d->near6;
	unsigned at = (unsigned)p->b[0] << 8 | p->b[1];

	return near[at / 64] >> (at % 64) & 1;
}

bool
detect_is_near_own(const struct detect *d, const struct ip_prefix *p)
{
	return d->own_n > 0 && (p->len < 16 || shares_beginning(d, p));
}

const struct detect_own *
detect_own_of(const struct detect *d, const struct ip_prefix *p)
{
	size_t lo = 0, hi = d->own_n;

	if (!shares_beginning(d, p))
		return NULL;
	/* the last own prefix not after p; what covers p lies at or before it */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&d->own[mid].prefix, p) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	lo = lo > 0 ? lo - 1 : d->own_n;
	while (lo < d->own_n && !ip_prefix_covers(&d->own[lo].prefix, p))
		lo = d->own_above[lo];
	return lo < d->own_n ? &d->own[lo] : NULL;
}

/* --- communities */

static const uint32_t blackhole = 0xffff029a; /* RFC 7999 5: 65535:666 */

static bool
is_listed(const struct detect *d, uint8_t parts, const uint32_t part[3])
{
	for (size_t i = 0; i < d->blackholes_n; i++)
		if (d->blackholes[i].parts == parts &&
		    memcmp(d->blackholes[i].part, part, parts * sizeof(*part)) == 0)
			return true;
	return false;
}

bool
detect_is_blackhole(const struct detect *d, struct cursor communities, struct cursor large)
{
	while (cur_left(&communities) >= 4) {
		uint32_t v = cur_u32(&communities);
		uint32_t part[3] = { v >> 16, v & 0xffff, 0 };

		if (v == blackhole || is_listed(d, 2, part))
			return true;
	}
	while (cur_left(&large) >= 12) {
		uint32_t part[3] = { cur_u32(&large), cur_u32(&large), cur_u32(&large) };

		if (is_listed(d, 3, part))
			return true;
	}
	return false;
}

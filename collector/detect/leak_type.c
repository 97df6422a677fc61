#include "collector/detect/leak_type.h"

#include <string.h>

static bool
has(const uint32_t *v, size_t n, uint32_t asn)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == asn)
			return true;
	return false;
}

static bool
is_ours(const struct detect_config *c, uint32_t asn)
{
	return has(c->own_asns, c->own_asns_n, asn) ||
	       has(c->confederation, c->confederation_n, asn);
}

static uint8_t
configured(const struct detect_config *c, uint32_t asn)
{
	for (size_t i = 0; i < c->neighbors_n; i++)
		if (c->neighbors[i].has_asn && !c->neighbors[i].has_address &&
		    c->neighbors[i].asn == asn && c->neighbors[i].has_relation)
			return c->neighbors[i].relation;
	return NEIGHBOR_UNKNOWN;
}

/* --- types */

/* What the neighbour is to us. */
static uint8_t
to_us(const struct detect_config *c, const struct leak_parties *p, uint32_t asn)
{
	if (asn == p->peer_as && p->relation != NEIGHBOR_UNKNOWN)
		return p->relation;
	return configured(c, asn);
}

/* What we are to it. */
static uint8_t
turned(uint8_t relation)
{
	return relation == NEIGHBOR_PROVIDER   ? NEIGHBOR_CUSTOMER
	       : relation == NEIGHBOR_CUSTOMER ? NEIGHBOR_PROVIDER
					       : relation;
}

/* What `other` is to the leaker. */
static uint8_t
by_all(const struct detect_config *c, const struct as_rel *r, const struct leak_parties *p,
    uint32_t other)
{
	uint8_t relation = NEIGHBOR_UNKNOWN;

	if (is_ours(c, p->leaker))
		relation = to_us(c, p, other);
	else if (is_ours(c, other))
		relation = turned(to_us(c, p, p->leaker));
	if (relation == NEIGHBOR_UNKNOWN && r != NULL)
		relation = (uint8_t)as_rel_of(r, p->leaker, other);
	return relation == NEIGHBOR_RS ? NEIGHBOR_PEER : relation;
}

struct leak_kind
leak_kind_of(const struct detect_config *c, const struct as_rel *r, const struct leak_parties *p)
{
	struct leak_kind k = { 0 };
	uint8_t from, to;

	if (p->leaker == 0 || p->from == 0 || p->to == 0)
		return k;
	if (r != NULL) {
		k.from = (uint8_t)as_rel_of(r, p->leaker, p->from);
		k.to = (uint8_t)as_rel_of(r, p->leaker, p->to);
	}
	from = by_all(c, r, p, p->from);
	to = by_all(c, r, p, p->to);
	if (from == NEIGHBOR_PROVIDER)
		k.type = to == NEIGHBOR_PROVIDER ? 1 : to == NEIGHBOR_PEER ? 3 : 0;
	else if (from == NEIGHBOR_PEER)
		k.type = to == NEIGHBOR_PEER ? 2 : to == NEIGHBOR_PROVIDER ? 4 : 0;
	return k;
}

/* --- lists */

enum { MARKS = 1 << 14 };
struct doubting {
	const struct detect_config *c;
	struct list_doubt *v;
	size_t n, max;
	bool marked[MARKS]; /* by AS number modulo that: perhaps it is in a list */
};

static bool
is_one_organisation(const struct detect_config *c, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < c->siblings_n; i++)
		if (has(c->siblings[i].asns, c->siblings[i].asns_n, a) &&
		    has(c->siblings[i].asns, c->siblings[i].asns_n, b))
			return true;
	return false;
}

static bool
is_known(const struct detect_config *c, uint32_t asn)
{
	return is_ours(c, asn) || has(c->own_siblings, c->own_siblings_n, asn) ||
	       configured(c, asn) != NEIGHBOR_UNKNOWN;
}

static void
doubt(struct doubting *d, const char *list, uint32_t asn, uint32_t other)
{
	if (is_one_organisation(d->c, asn, other) || is_known(d->c, asn) || is_known(d->c, other))
		return;
	for (size_t i = 0; i < d->n && i < d->max; i++)
		if (d->v[i].asn == asn && d->v[i].list == list) {
			d->v[i].n++;
			return;
		}
	if (d->n < d->max)
		d->v[d->n] = (struct list_doubt){ asn, other, 1, list };
	d->n++;
}

/* Does it list somebody of the same organisation? */
static bool
is_listed(const struct detect_config *c, const struct detect_peerlock *lock, uint32_t asn)
{
	for (size_t i = 0; i < lock->via_n; i++)
		if (lock->via[i] == asn || is_one_organisation(c, lock->via[i], asn))
			return true;
	return false;
}

static void
compare(void *ctx, uint32_t provider, uint32_t customer)
{
	static const char free_list[] = "rules.provider_free", none_list[] = "rules.no_transit",
			  lock_list[] = "rules.peerlock";
	struct doubting *d = ctx;
	const struct detect_config *c = d->c;

	if (!d->marked[provider % MARKS] && !d->marked[customer % MARKS])
		return;
	if (has(c->provider_free, c->provider_free_n, customer))
		doubt(d, free_list, customer, provider);
	if (has(c->no_transit, c->no_transit_n, provider))
		doubt(d, none_list, provider, customer);
	for (size_t i = 0; i < c->peerlock_n; i++)
		if (c->peerlock[i].asn == customer && !is_listed(c, &c->peerlock[i], provider))
			doubt(d, lock_list, customer, provider);
}

/* There are half a million pairs, and a few networks in the lists. */
static void
mark_listed(struct doubting *d)
{
	const struct detect_config *c = d->c;

	for (size_t i = 0; i < c->provider_free_n; i++)
		d->marked[c->provider_free[i] % MARKS] = true;
	for (size_t i = 0; i < c->no_transit_n; i++)
		d->marked[c->no_transit[i] % MARKS] = true;
	for (size_t i = 0; i < c->peerlock_n; i++)
		d->marked[c->peerlock[i].asn % MARKS] = true;
}

size_t
list_doubts(
    const struct detect_config *c, const struct as_rel *r, struct list_doubt *out, size_t max)
{
	struct doubting d = { .c = c, .v = out, .max = max };

	mark_listed(&d);
	as_rel_each_provider(r, compare, &d);
	return d.n;
}

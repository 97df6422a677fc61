/*
 * What an AS is to us, wherever it is a neighbour: by the sessions of all routers, also those of
 * other workers, and by the configuration. A route that came in at one router goes out at another,
 * and there its path still begins with whoever sent it.
 */
#include "collector/engine/engine_private.h"

#include "base/probe.h"

enum { RELATIONS_FIRST = 64 };

static inline uint32_t
asn_hash(uint32_t asn)
{
	return asn * 0x9e3779b1U >> 8;
}

PROBE_DEFINE(relation, struct as_relation, e->asn == 0, asn_hash(e->asn));

static struct as_relation *
find(const struct engine *e, uint32_t asn)
{
	uint32_t mask = e->relations_max - 1;

	if (e->relations_max == 0)
		return NULL;
	for (uint32_t i = asn_hash(asn) & mask; !relation_is_free(&e->relations[i]);
	     i = (i + 1) & mask)
		if (e->relations[i].asn == asn)
			return &e->relations[i];
	return NULL;
}

static struct as_relation *
make(struct engine *e, uint32_t asn)
{
	struct as_relation *a;

	if (e->relations_n >= e->relations_max / 2 &&
	    !relation_grow(&e->relations, &e->relations_max, RELATIONS_FIRST))
		return NULL;
	a = relation_place(e->relations, e->relations_max, asn_hash(asn));
	*a = (struct as_relation){ .asn = asn };
	e->relations_n++;
	return a;
}

/* Which relations say something of the routes of a neighbour; the place of its count. */
static int
place(uint8_t relation)
{
	switch (relation) {
	case NEIGHBOR_CUSTOMER | RELATION_INFERRED:
		return AS_LIKE_CUSTOMER;
	case NEIGHBOR_PEER | RELATION_INFERRED:
		return AS_LIKE_PEER;
	case NEIGHBOR_PROVIDER | RELATION_INFERRED:
		return AS_LIKE_PROVIDER;
	case NEIGHBOR_CUSTOMER:
	case NEIGHBOR_RS_CLIENT:
		return AS_CUSTOMER;
	case NEIGHBOR_PEER:
		return AS_PEER;
	case NEIGHBOR_PROVIDER:
		return AS_PROVIDER;
	case NEIGHBOR_RS:
		return AS_RS;
	default:
		return AS_RELATIONS;
	}
}

static bool
is_over(const struct as_relation *a)
{
	for (int i = 0; i < AS_RELATIONS; i++)
		if (a->here[i] > 0 || a->there[i] > 0)
			return false;
	return true;
}

/* Returns whether it says another thing than before. */
static bool
change(struct engine *e, uint32_t n[AS_RELATIONS], struct as_relation *a, int at, bool begins)
{
	bool before = a->here[at] > 0 || a->there[at] > 0, after;

	if (begins)
		n[at]++;
	else if (n[at] > 0)
		n[at]--;
	after = a->here[at] > 0 || a->there[at] > 0;
	if (is_over(a)) {
		relation_take_out(e->relations, e->relations_max, a);
		e->relations_n--;
	}
	if (before != after)
		e->relations_version++;
	if (before != after && at == AS_CUSTOMER)
		e->customers_us = e->now_us;
	return before != after;
}

bool
relation_count(struct engine *e, uint32_t asn, uint8_t relation, bool begins)
{
	struct engine_shared s = { .type = SHARED_RELATION,
		.asn = asn,
		.relation = relation,
		.begin = begins,
		.cease = !begins };
	int at = place(relation);
	struct as_relation *a;

	if (at == AS_RELATIONS || asn == 0)
		return false;
	a = find(e, asn);
	if (a == NULL && (!begins || (a = make(e, asn)) == NULL))
		return false;
	if (e->share != NULL && a->here[at] == (begins ? 0U : 1U))
		e->share(e->ctx, &s);
	return change(e, a->here, a, at, begins);
}

bool
relation_heard(struct engine *e, const struct engine_shared *s)
{
	int at = place(s->relation);
	struct as_relation *a = find(e, s->asn);

	if (at == AS_RELATIONS || (a == NULL && (a = make(e, s->asn)) == NULL))
		return false;
	return change(e, a->there, a, at, s->begin != 0);
}

static bool
is_there(const struct as_relation *a, int at)
{
	return a->here[at] > 0 || a->there[at] > 0;
}

/* What all sessions of it look like, of which nothing more is known. */
static uint8_t
looks_like(const struct as_relation *a)
{
	bool customer = is_there(a, AS_LIKE_CUSTOMER), provider = is_there(a, AS_LIKE_PROVIDER),
	     peer = is_there(a, AS_LIKE_PEER);

	if (customer + provider + peer != 1 || peer)
		return NEIGHBOR_UNKNOWN;
	return RELATION_INFERRED | (customer ? NEIGHBOR_CUSTOMER : NEIGHBOR_PROVIDER);
}

/* Where sessions of one AS differ, nobody can say by its number which of them a route is from:
 * who provides for it and is provided for is unknown. */
static uint8_t
find_out(const struct engine *e, uint32_t asn)
{
	static const struct ip_addr nowhere = { .family = IP_NONE };
	static const uint8_t relations[AS_KNOWN] = { [AS_CUSTOMER] = NEIGHBOR_CUSTOMER,
		[AS_PEER] = NEIGHBOR_PEER,
		[AS_PROVIDER] = NEIGHBOR_PROVIDER,
		[AS_RS] = NEIGHBOR_RS };
	uint8_t configured = (uint8_t)detect_relation(e->detect, &nowhere, asn);
	const struct as_relation *a = find(e, asn);
	uint8_t found = configured;
	bool customer = relation_is_customer(configured),
	     other = configured != NEIGHBOR_UNKNOWN && !customer;

	if (detect_is_own_sibling(e->detect, asn))
		return NEIGHBOR_UNKNOWN;
	for (int i = 0; a != NULL && i < AS_KNOWN; i++) {
		if (!is_there(a, i))
			continue;
		customer |= i == AS_CUSTOMER;
		other |= i != AS_CUSTOMER;
		if (configured == NEIGHBOR_UNKNOWN)
			found = relations[i];
	}
	if (found == NEIGHBOR_UNKNOWN && a != NULL)
		return looks_like(a);
	return customer && other ? NEIGHBOR_UNKNOWN : found;
}

/* The same, found out once. */
static uint8_t
relation_of(struct engine *e, uint32_t asn)
{
	struct sender *known = &e->senders[asn % SENDERS];

	if (known->asn != asn || known->version != e->relations_version)
		*known = (struct sender){ asn, e->relations_version, find_out(e, asn) };
	return known->relation;
}

uint8_t
relation_of_as(struct engine *e, uint32_t asn)
{
	uint8_t relation = relation_of(e, asn);

	return relation & RELATION_INFERRED ? NEIGHBOR_UNKNOWN : relation;
}

uint8_t
relation_of_sender(struct engine *e, const struct table *t, uint32_t path, bool *inferred)
{
	uint32_t asn;
	uint8_t relation;

	*inferred = false;
	if (path == 0)
		return NEIGHBOR_UNKNOWN;
	asn = detect_path_sender(e->detect, path_value(&e->rib.attrs, path), t->peer->local_as);
	if (asn == 0 || asn == t->peer->as) /* back to whoever sent it: no router uses that */
		return NEIGHBOR_UNKNOWN;
	relation = relation_of(e, asn);
	*inferred = relation & RELATION_INFERRED;
	return relation & (uint8_t)~RELATION_INFERRED;
}

bool
relation_has_customer(void *engine, uint32_t asn)
{
	const struct as_relation *a = asn != 0 ? find(engine, asn) : NULL;

	return a != NULL && is_there(a, AS_CUSTOMER);
}

static bool
is_upstream(void *ctx, uint32_t asn, bool *provider)
{
	uint8_t relation = relation_of(ctx, asn);

	*provider = relation == NEIGHBOR_PROVIDER;
	return *provider || relation == NEIGHBOR_PEER;
}

/* The same with those who look like a provider. */
static bool
is_like_upstream(void *ctx, uint32_t asn, bool *provider)
{
	uint8_t relation = relation_of(ctx, asn) & (uint8_t)~RELATION_INFERRED;

	*provider = relation == NEIGHBOR_PROVIDER;
	return *provider || relation == NEIGHBOR_PEER;
}

bool
relation_upstream(struct engine *e, uint32_t path, uint32_t local_as, struct upstream *u)
{
	struct cursor value, rest;
	struct as_segment seg;
	struct upstream like;
	bool provider, any = false;

	if (path == 0)
		return false;
	value = rest = path_value(&e->rib.attrs, path);
	/* nearly all paths have none, and are not looked at any closer */
	while (!any && as_path_next(&rest, 4, &seg))
		for (unsigned i = 0; i < seg.count && !any; i++)
			any = is_like_upstream(e, as_segment_at(&seg, 4, i), &provider);
	if (!any)
		return false;
	any = detect_path_upstream(e->detect, value, local_as, is_upstream, e, u);
	if ((any && u->provider) ||
	    !detect_path_upstream(e->detect, value, local_as, is_like_upstream, e, &like))
		return any;
	if (!any || like.provider) {
		*u = like;
		u->inferred = true;
	}
	return true;
}

/*
 * A leak is seen where it comes in: the neighbour's role decides. Loc-RIB and Adj-RIB-Out cannot
 * tell by themselves, nor can other routers, who have it by iBGP. So leaked routes are remembered,
 * and the same route is known again wherever it is:
 *
 *   sources   the routes that are leaks by themselves, counted by router, net and path
 *   known     what they are everywhere: a prefix, and the path without what we put in front of it
 *
 * What begins to be known here is told to the engines of other workers, and what begins there is
 * heard: a known leak counts its sources here, and the engines elsewhere that have some. Sums do
 * not depend on the order in which they are made.
 */
#include "collector/engine/engine_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/probe.h"

enum {
	LEAKS_FIRST = 64,
	LEAKS_MAX = 1 << 20,
	LEAKS_DUE_MAX = 1 << 16, /* then all is evaluated again */
};

/* Rules that are true of a route where it comes in. */
static const uint8_t shown_coming_in[] = { RULE_LEAK_OTC, RULE_LEAK_PEERLOCK, RULE_LEAK_NO_TRANSIT,
	RULE_LEAK_UPSTREAM, RULE_LEAK_BURST, RULE_ASPA, RULE_LEAK_DETOUR };
static_assert(sizeof(shown_coming_in) == LEAK_RULES, "a place for each of them");

/* --- tables */

static inline uint32_t
leak_hash(const struct router *r, uint32_t net, uint32_t path)
{
	uint64_t h = ((uint64_t)net << 32 | path) * 0x9e3779b97f4a7c15ULL + r->number * 0x85ebca6bU;

	return (uint32_t)(h >> 33);
}

PROBE_DEFINE(leak, struct leak, e->router == NULL, leak_hash(e->router, e->net, e->path));
PROBE_DEFINE(known, struct known_leak, e->path == 0, (uint32_t)e->prefix);

/* Of each table; what is more is not followed. */
static uint32_t
most(const struct engine *e)
{
	return e->config.leaks_max != 0 ? e->config.leaks_max : LEAKS_MAX;
}

bool
engine_leaks_full(struct engine *e)
{
	if (e->leaks_n <= most(e) / 2 && e->known_n <= most(e) / 2 && detours_have_room(e))
		e->leaks_full = false;
	return e->leaks_full;
}

static struct leak *
leak_find(const struct engine *e, const struct router *r, uint32_t net, uint32_t path)
{
	uint32_t mask = e->leaks_max - 1;

	if (e->leaks_max == 0)
		return NULL;
	for (uint32_t i = leak_hash(r, net, path) & mask; !leak_is_free(&e->leaks[i]);
	     i = (i + 1) & mask) {
		struct leak *l = &e->leaks[i];

		if (l->router == r && l->net == net && l->path == path)
			return l;
	}
	return NULL;
}

static struct known_leak *
known_find(const struct engine *e, uint64_t prefix, uint64_t path)
{
	uint32_t mask = e->known_max - 1;

	if (e->known_max == 0)
		return NULL;
	for (uint32_t i = (uint32_t)prefix & mask; !known_is_free(&e->known[i]); i = (i + 1) & mask)
		if (e->known[i].prefix == prefix && e->known[i].path == path)
			return &e->known[i];
	return NULL;
}

/* Is any path of the prefix known? So most are turned away without a look at their path. */
static bool
known_has_prefix(const struct engine *e, uint64_t prefix)
{
	uint32_t mask = e->known_max - 1;

	for (uint32_t i = (uint32_t)prefix & mask; !known_is_free(&e->known[i]); i = (i + 1) & mask)
		if (e->known[i].prefix == prefix)
			return true;
	return false;
}

static struct known_leak *
known_make(struct engine *e, uint64_t prefix, uint64_t path, uint32_t leaker_as)
{
	struct known_leak *k;

	if (e->known_n >= most(e) || (e->known_n >= e->known_max / 2 &&
					 !known_grow(&e->known, &e->known_max, LEAKS_FIRST))) {
		e->leaks_refused++;
		e->leaks_full = true;
		return NULL;
	}
	k = known_place(e->known, e->known_max, (uint32_t)prefix);
	*k = (struct known_leak){ .prefix = prefix, .path = path, .leaker_as = leaker_as };
	e->known_n++;
	return k;
}

uint32_t
leak_rules(const struct known_leak *k)
{
	uint32_t rules = 0;

	for (int i = 0; i < LEAK_RULES; i++)
		rules |= (uint32_t)(k->here[i] > 0 || k->there[i] > 0) << shown_coming_in[i];
	return rules;
}

static uint32_t
rules_here(const struct known_leak *k)
{
	uint32_t rules = 0;

	for (int i = 0; i < LEAK_RULES; i++)
		rules |= (uint32_t)(k->here[i] > 0) << shown_coming_in[i];
	return rules;
}

static void
count(uint32_t n[LEAK_RULES], uint32_t begin, uint32_t cease)
{
	for (int i = 0; i < LEAK_RULES; i++) {
		uint32_t bit = 1U << shown_coming_in[i];

		if (begin & bit)
			n[i]++;
		if ((cease & bit) && n[i] > 0)
			n[i]--;
	}
}

static void
known_settle(struct engine *e, struct known_leak *k)
{
	if (leak_rules(k) == 0) {
		known_take_out(e->known, e->known_max, k);
		e->known_n--;
	}
}

/* --- the same route */

static uint64_t
mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32;
}

static uint64_t
prefix_name(const struct ip_prefix *p)
{
	uint64_t half[2];

	memcpy(half, p->b, sizeof(half));
	return mix(mix(mix(hash_seed(), (uint64_t)p->family << 8 | p->len), half[0]), half[1]);
}

/*
 * The path as whoever sent it to us wrote it: without our own ASes and our confederation in front,
 * and the neighbour once, however often an import policy repeats it. 0 when nothing is left.
 */
static uint64_t
path_name(const struct engine *e, uint32_t path, uint32_t local_as)
{
	struct cursor rest = path_value(&e->rib.attrs, path);
	struct as_segment seg;
	uint64_t h = hash_seed();
	uint32_t sender = 0;
	bool behind = false; /* the sender and its prepends */

	while (as_path_next(&rest, 4, &seg)) {
		if (seg.type == AS_CONFED_SEQUENCE || seg.type == AS_CONFED_SET)
			continue;
		if (seg.type == AS_SET)
			h = mix(h, (uint64_t)1 << 32 | seg.count);
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (sender == 0 && (asn == local_as || detect_is_ours(e->detect, asn)))
				continue;
			behind |= sender != 0 && asn != sender;
			if (sender == 0 || behind)
				h = mix(h, asn);
			if (sender == 0)
				sender = asn;
		}
	}
	return sender == 0 ? 0 : h | 1;
}

const struct known_leak *
leak_of(const struct engine *e, const struct table *t, const struct ip_prefix *ip, uint32_t path)
{
	uint64_t prefix;

	if (e->known_n == 0 || path == 0 || bmp_view_is_inbound(t->view))
		return NULL;
	prefix = prefix_name(ip);
	if (!known_has_prefix(e, prefix))
		return NULL;
	return known_find(e, prefix, path_name(e, path, t->peer->local_as));
}

/* --- who leaks */

uint32_t
leak_known(const struct engine *e, const struct router *r, uint32_t net, uint32_t path)
{
	const struct leak *l = leak_find(e, r, net, path);

	return l != NULL ? l->leaker_as : 0;
}

uint32_t
leak_leaker(struct engine *e, uint32_t path, bool has_otc, uint32_t otc, uint32_t rules)
{
	struct cursor value;
	struct upstream u;
	uint32_t shown;

	if (path == 0)
		return 0;
	value = path_value(&e->rib.attrs, path);
	if (rules & 1U << RULE_LEAK_OTC && has_otc)
		return detect_path_left_of(value, otc);
	if (rules & 1U << RULE_LEAK_UPSTREAM && relation_upstream(e, path, 0, &u))
		return u.left;
	if ((shown = rules & (1U << RULE_LEAK_PEERLOCK | 1U << RULE_LEAK_NO_TRANSIT)) != 0)
		return detect_path_leak(e->detect, value, rules_primary(shown)).leaker;
	return rules & 1U << RULE_ASPA ? engine_aspa_broken(e, path).other : 0;
}

/* --- what is to be evaluated elsewhere */

static void
put_due(struct engine *e, uint32_t net, uint32_t router, uint8_t cause)
{
	struct leaks_due *d = &e->due;

	if (d->all)
		return;
	if (d->at == d->n)
		d->at = d->n = 0;
	if (d->n == d->max && d->n < LEAKS_DUE_MAX) {
		uint32_t more = d->max == 0 ? LEAKS_FIRST : d->max * 2;
		struct leak_due *v = realloc(d->v, more * sizeof(*v));

		if (v != NULL) {
			d->v = v;
			d->max = more;
		}
	}
	if (d->n < d->max) {
		d->v[d->n++] = (struct leak_due){ net, router, cause };
		return;
	}
	d->at = d->n = 0;
	d->all = true;
	d->cause = cause;
}

static void
tell(struct engine *e, const struct ip_prefix *ip, const struct known_leak *k, uint32_t begin,
    uint32_t cease, uint8_t cause)
{
	const struct engine_shared s = { .type = SHARED_LEAK,
		.cause = cause,
		.prefix = *ip,
		.path = k->path,
		.asn = k->leaker_as,
		.inferred = !k->certain,
		.begin = begin,
		.cease = cease };

	if (e->share != NULL && (begin | cease) != 0)
		e->share(e->ctx, &s);
}

/* --- sources come and go */

/* A source has these rules, or no longer. Returns whether what is known is other than before. */
static bool
change_known(struct engine *e, const struct ip_prefix *ip, const struct leak *l, uint32_t begin,
    uint32_t cease, uint8_t cause)
{
	uint64_t prefix = prefix_name(ip);
	struct known_leak *k = known_find(e, prefix, l->name);
	uint32_t here, all, changed;

	if (k == NULL && (begin == 0 || (k = known_make(e, prefix, l->name, l->leaker_as)) == NULL))
		return false;
	here = rules_here(k);
	all = leak_rules(k);
	k->certain |= begin != 0 && l->certain;
	count(k->here, begin, cease);
	tell(e, ip, k, rules_here(k) & ~here, here & ~rules_here(k), cause);
	changed = all ^ leak_rules(k);
	known_settle(e, k);
	return changed != 0;
}

static uint32_t
rules_of_source(const struct leak *l)
{
	uint32_t rules = 0;

	for (int i = 0; i < LEAK_RULES; i++)
		rules |= (uint32_t)(l->n[i] > 0) << shown_coming_in[i];
	return rules;
}

static struct leak *
source_make(
    struct engine *e, const struct table *t, uint32_t net, uint32_t path, uint32_t leaker_as)
{
	const struct router *r = t->peer->router;
	struct leak *l;

	if (e->leaks_n >= most(e) ||
	    (e->leaks_n >= e->leaks_max / 2 && !leak_grow(&e->leaks, &e->leaks_max, LEAKS_FIRST))) {
		e->leaks_refused++;
		e->leaks_full = true;
		return NULL;
	}
	l = leak_place(e->leaks, e->leaks_max, leak_hash(r, net, path));
	*l = (struct leak){ .router = r,
		.net = net,
		.path = path,
		.leaker_as = leaker_as,
		.local_as = t->peer->local_as,
		.name = path_name(e, path, t->peer->local_as) };
	e->leaks_n++;
	return l;
}

bool
leak_count(struct engine *e, const struct table *t, const struct ip_prefix *ip,
    const struct leak_change *c)
{
	const struct router *r = t->peer->router;
	struct leak *l;
	uint32_t before;
	bool changed;

	if (c->path == 0 || (c->begin | c->cease) == 0)
		return false;
	l = leak_find(e, r, c->net, c->path);
	if (l == NULL &&
	    (c->begin == 0 || (l = source_make(e, t, c->net, c->path, c->leaker_as)) == NULL))
		return false;
	before = rules_of_source(l);
	l->certain |= c->begin != 0 && !c->inferred;
	count(l->n, c->begin, c->cease);
	changed = change_known(
	    e, ip, l, rules_of_source(l) & ~before, before & ~rules_of_source(l), c->cause);
	if (rules_of_source(l) == 0) {
		leak_take_out(e->leaks, e->leaks_max, l);
		e->leaks_n--;
	}
	if (changed && e->routers_n > 1)
		put_due(e, c->net, r->number, c->cause);
	return changed;
}

void
leaks_rename(struct engine *e)
{
	for (uint32_t i = 0; i < e->leaks_max; i++) {
		struct leak *l = &e->leaks[i], as_before = *l;
		struct ip_prefix ip;

		if (leak_is_free(l))
			continue;
		l->name = path_name(e, l->path, l->local_as);
		if (l->name == as_before.name)
			continue;
		net_prefix(&e->rib.nets, l->net, &ip);
		(void)change_known(e, &ip, &as_before, 0, rules_of_source(l), REASON_CONFIG);
		(void)change_known(e, &ip, l, rules_of_source(l), 0, REASON_CONFIG);
	}
}

/* --- what other engines know */

void
leak_heard(struct engine *e, const struct engine_shared *s)
{
	uint64_t prefix = prefix_name(&s->prefix);
	struct known_leak *k = known_find(e, prefix, s->path);
	struct net_probe probe;
	uint32_t before, changed, net;

	if (k == NULL && (s->begin == 0 || (k = known_make(e, prefix, s->path, s->asn)) == NULL))
		return;
	before = leak_rules(k);
	k->certain |= s->begin != 0 && !s->inferred;
	count(k->there, s->begin, s->cease);
	changed = before ^ leak_rules(k);
	known_settle(e, k);
	net_probe_make(&e->rib.nets, &probe, &s->prefix);
	if (changed != 0 && (net = net_find(&e->rib.nets, &probe)) != 0)
		put_due(e, net, UINT32_MAX, s->cause);
}

void
leaks_free(struct engine *e)
{
	free(e->leaks);
	free(e->known);
	free(e->due.v);
}

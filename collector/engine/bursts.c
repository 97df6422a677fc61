/*
 * Who is caught at it does more of the same at that moment. When an AS does what the rules can
 * prove with many prefixes within a minute (origins that VRPs contradict, leaks), its other routes
 * that are new at that time, of which no rule can prove anything, belong to the same event: what it
 * originates and did not before, what goes through it and did not before.
 *
 *   none --first proven route--> open: what is new of it is noted --enough in WINDOW_S--> caught
 *   open --WINDOW_S over--> none
 *   caught: what is new of it joins --LASTS_S after the last proven one--> none; what joined stays
 *
 * What was proven of somebody before is no news when it goes and comes back (proven.c): he is not
 * caught at what he always does, but who was caught is again.
 *
 * What has joined stays while it has that origin, or goes through that leaker; of a leak that is
 * long over, while its path is the same.
 *
 * An offender is one of a router's, so that it is the same with any number of workers. After a
 * restart nobody knows any more what was new: then what can be proved remains.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/probe.h"

enum {
	OFFENDERS_FIRST = 64,
	OFFENDERS_MAX = 65536,
	WINDOW_S = 60,
	LASTS_S = 600,
	/* what came before the first that was proven is of the burst when it came just before, in
	 * one go */
	BEFORE_MS = 3000,
	GAP_MS = 500,
	LEAKS_PROVE = 4,  /* times as much: a stale ROA is commoner than a path that cannot be */
	NOTED_MAX = 4096, /* nets: they are evaluated at once */
};

static uint32_t
offender_hash(const struct router *r, uint32_t asn, uint8_t kind)
{
	uint64_t h = ((uint64_t)asn << 1 | kind) * 0x9e3779b97f4a7c15ULL + r->number * 0x85ebca6bU;

	return (uint32_t)(h >> 33);
}

PROBE_DEFINE(
    offender, struct offender, e->router == NULL, offender_hash(e->router, e->asn, e->kind));

static struct offender *
find(const struct bursts *b, const struct router *r, uint32_t asn, enum burst_kind kind)
{
	uint32_t mask = b->max - 1;

	if (b->n == 0)
		return NULL;
	for (uint32_t i = offender_hash(r, asn, (uint8_t)kind) & mask; !offender_is_free(&b->v[i]);
	     i = (i + 1) & mask) {
		struct offender *o = &b->v[i];

		if (o->router == r && o->asn == asn && o->kind == kind)
			return o;
	}
	return NULL;
}

static struct offender *
make(struct bursts *b, const struct router *r, uint32_t asn, enum burst_kind kind)
{
	struct offender *o;

	if (b->n >= OFFENDERS_MAX ||
	    (b->n >= b->max / 2 && !offender_grow(&b->v, &b->max, OFFENDERS_FIRST)))
		return NULL;
	o = offender_place(b->v, b->max, offender_hash(r, asn, (uint8_t)kind));
	*o = (struct offender){ .router = r, .asn = asn, .kind = (uint8_t)kind };
	b->n++;
	b->leaks_n += kind == BURST_LEAK;
	return o;
}

static bool
is_over(const struct offender *o, uint32_t now_s)
{
	return o->caught ? now_s - o->last_s > LASTS_S : now_s - o->since_s > WINDOW_S;
}

/* --- what is new */

static uint32_t
now_ms(const struct engine *e)
{
	return (uint32_t)(e->now_us / 1000);
}

/* Only what comes behind a table that was whole says that something began. */
static bool
is_news(const struct table *t, const struct change *c)
{
	const struct router *r = t->peer->router;

	return c->before != c->after &&
	       (peer_has_end(t->peer, t->view, t->family) || (r->synced && !r->any_end_of_rib));
}

void
bursts_see(struct engine *e, const struct table *t, const struct change *c)
{
	struct bursts *b = &e->bursts;

	if (detect_burst_at(e->detect) == 0 || !is_news(t, c) ||
	    (c->before != 0 &&
		attrs_path(&e->rib.attrs, c->before) == attrs_path(&e->rib.attrs, c->after)))
		return;
	b->recent[b->recent_at++ % BURSTS_RECENT] =
	    (struct recent){ .router = t->peer->router, .net = c->net, .at_ms = now_ms(e) };
}

static void
note(struct offender *o, uint32_t net)
{
	if (o->noted_n > 0 && o->noted[o->noted_n - 1] == net)
		return;
	if (o->noted_n == o->noted_max) {
		uint32_t max = o->noted_max == 0 ? 64 : o->noted_max * 2;
		uint32_t *v = max <= NOTED_MAX ? realloc(o->noted, max * sizeof(*v)) : NULL;

		if (v == NULL)
			return;
		o->noted = v;
		o->noted_max = max;
	}
	o->noted[o->noted_n++] = net;
}

/* Does the path go through the AS, on from another one? */
static bool
goes_through(const struct engine *e, uint32_t path, uint32_t asn)
{
	struct cursor value = path_value(&e->rib.attrs, path);
	struct as_segment seg;
	bool met = false;

	while (as_path_next(&value, 4, &seg)) {
		for (unsigned i = 0; i < seg.count; i++) {
			if (met && as_segment_at(&seg, 4, i) != asn)
				return true;
			met |= as_segment_at(&seg, 4, i) == asn;
		}
	}
	return false;
}

/* Was the route one of this AS before the change? */
static bool
was_so(const struct engine *e, const struct table *t, const struct change *c, enum burst_kind kind,
    uint32_t asn)
{
	uint32_t path, origin;

	if (c->before == 0)
		return false;
	if (kind == BURST_ORIGIN)
		return engine_origin(e, t, c->before, &origin) && origin == asn;
	path = attrs_path(&e->rib.attrs, c->before);
	return path != 0 && goes_through(e, path, asn);
}

/* A route of an offender. What was there before is none of the burst, but for what has joined. */
static bool
belongs(struct engine *e, const struct table *t, const struct change *c, struct offender *o,
    enum rule rule)
{
	if (is_over(o, engine_seconds(e)))
		return false;
	if (e->bursts.evaluating == o && c->before == c->after)
		return true; /* it was noted */
	if (was_so(e, t, c, (enum burst_kind)o->kind, o->asn))
		return c->rules_true >> rule & 1;
	if (!is_news(t, c))
		return false;
	if (!o->caught)
		note(o, c->net);
	return o->caught;
}

/* The offender that a path goes through, the one nearest to us. */
static struct offender *
on_the_way(const struct engine *e, const struct router *r, uint32_t path)
{
	struct cursor value = path_value(&e->rib.attrs, path);
	struct as_segment seg;
	struct offender *o = NULL;

	while (as_path_next(&value, 4, &seg)) {
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (o != NULL && asn != o->asn)
				return o;
			if (o == NULL)
				o = find(&e->bursts, r, asn, BURST_LEAK);
		}
	}
	return NULL; /* it is the origin */
}

/* It has joined, and its path is as it was: who leaks it is known by that, also when it is over. */
static bool
leak_joined(const struct engine *e, const struct change *c)
{
	return c->rules_true >> RULE_LEAK_BURST & 1 && c->before != 0 &&
	       attrs_path(&e->rib.attrs, c->before) == attrs_path(&e->rib.attrs, c->after);
}

/* It has joined, and its origin is as it was. */
static bool
origin_joined(const struct engine *e, const struct table *t, const struct change *c,
    const struct route_facts *f)
{
	return c->rules_true >> RULE_ORIGIN_BURST & 1 && f->has_origin &&
	       was_so(e, t, c, BURST_ORIGIN, f->origin);
}

uint32_t
bursts_rules(struct engine *e, const struct table *t, const struct change *c,
    const struct route_facts *f, bool valid)
{
	const struct router *r = t->peer->router;
	uint32_t path = attrs_path(&e->rib.attrs, c->after);
	/* where a leak comes in; the other views inherit it */
	bool in = bmp_view_is_inbound(t->view);
	bool origin = origin_joined(e, t, c, f), leak = in && leak_joined(e, c);
	struct offender *o;

	if (!origin && f->has_origin && (o = find(&e->bursts, r, f->origin, BURST_ORIGIN)) != NULL)
		origin = belongs(e, t, c, o, RULE_ORIGIN_BURST);
	if (in && !leak && e->bursts.leaks_n > 0 && path != 0 &&
	    (o = on_the_way(e, r, path)) != NULL)
		leak = belongs(e, t, c, o, RULE_LEAK_BURST);
	return (uint32_t)(origin && !valid) << RULE_ORIGIN_BURST | (uint32_t)leak
								       << RULE_LEAK_BURST;
}

uint32_t
bursts_leaker(const struct engine *e, const struct router *r, uint32_t path)
{
	const struct offender *o = path != 0 ? on_the_way(e, r, path) : NULL;

	return o != NULL ? o->asn : 0;
}

/* --- what is proven */

static void
note_recent(const struct engine *e, struct offender *o)
{
	const struct bursts *b = &e->bursts;
	uint32_t now = now_ms(e), later = now;

	for (uint32_t k = 1; k <= BURSTS_RECENT && k <= b->recent_at; k++) {
		const struct recent *r = &b->recent[(b->recent_at - k) % BURSTS_RECENT];

		if (now - r->at_ms > BEFORE_MS)
			break;
		if (r->router != o->router)
			continue;
		if (later - r->at_ms > GAP_MS)
			break;
		later = r->at_ms;
		note(o, r->net);
	}
}

static void
open_window(struct engine *e, struct offender *o, uint32_t now_s)
{
	o->caught = false;
	o->since_s = now_s;
	o->noted_n = 0;
	memset(o->proven, 0, sizeof(o->proven));
	note_recent(e, o);
}

struct offender *
bursts_prove(struct engine *e, const struct table *t, const struct change *c, enum burst_kind kind,
    uint32_t asn)
{
	uint32_t now_s = engine_seconds(e), at = detect_burst_at(e->detect);
	struct offender *o;
	struct ip_prefix ip;
	bool again;

	net_prefix(&e->rib.nets, c->net, &ip);
	again = proven_again(e, t, &ip, (uint8_t)kind, asn);
	if (!is_news(t, c) || was_so(e, t, c, kind, asn) ||
	    (again && !proven_was_caught(e, t->peer->router, (uint8_t)kind, asn)))
		return NULL;
	proven_note(e, t->peer->router, &ip, asn);
	if (kind == BURST_LEAK)
		at = (at + LEAKS_PROVE - 1) / LEAKS_PROVE;
	if (at == 0)
		return NULL;
	o = find(&e->bursts, t->peer->router, asn, kind);
	if (o == NULL) {
		o = make(&e->bursts, t->peer->router, asn, kind);
		if (o == NULL)
			return NULL;
		open_window(e, o, now_s);
	} else if (is_over(o, now_s)) {
		open_window(e, o, now_s);
	}
	o->last_s = now_s;
	if (o->caught || ++o->proven[t->view] < at)
		return NULL;
	o->caught = true;
	proven_caught(e, t->peer->router, (uint8_t)kind, asn);
	return o->noted_n > 0 ? o : NULL;
}

void
bursts_unprove(struct engine *e, const struct table *t, const struct change *c, uint32_t rules_gone)
{
	uint32_t path = attrs_path(&e->rib.attrs, c->before), otc = 0, asn;
	bool has_otc = attrs_otc(&e->rib.attrs, c->before, &otc);
	struct ip_prefix ip;

	net_prefix(&e->rib.nets, c->net, &ip);
	if (rules_gone & RULES_PROVE_ORIGIN && engine_origin(e, t, c->before, &asn))
		(void)proven_again(e, t, &ip, BURST_ORIGIN, asn);
	if (rules_gone & RULES_PROVE_LEAK && bmp_view_is_inbound(t->view) &&
	    (asn = leak_leaker(e, path, has_otc, otc, rules_gone)) != 0)
		(void)proven_again(e, t, &ip, BURST_LEAK, asn);
}

/* Of a router that is gone nothing is left, nor that an address of it may be another one's. */
static void
forget_recent(struct bursts *b, const struct router *r)
{
	for (uint32_t k = 0; r != NULL && k < BURSTS_RECENT; k++)
		if (b->recent[k].router == r)
			b->recent[k].router = NULL;
}

void
bursts_forget(struct engine *e, const struct router *r)
{
	struct bursts *b = &e->bursts;

	forget_recent(b, r);
	for (uint32_t i = 0; b->n > 0 && i < b->max;) {
		struct offender *o = &b->v[i];

		if (offender_is_free(o) || (o->router != r && !is_over(o, engine_seconds(e)))) {
			i++;
			continue;
		}
		b->leaks_n -= o->kind == BURST_LEAK;
		b->n--;
		free(o->noted);
		offender_take_out(b->v, b->max, o); /* another one may be there now */
	}
}

void
bursts_free(struct engine *e)
{
	for (uint32_t i = 0; i < e->bursts.max; i++)
		free(e->bursts.v[i].noted);
	free(e->bursts.v);
}

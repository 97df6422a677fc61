/* What is lost, and what is back. */
#include "collector/incident/visibility_private.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT4 = 8, SHORT6 = 16, IPV6_BITS = 128, SESSIONS_MAX = 2 };

/* --- what stands for it */

/* Of a prefix, those that are known: its aggregates, its halves and their halves. They are the same
 * at each point, so they are looked up once for all of them, when one is without it. */
struct relatives {
	bool found; /* they have been looked up */
	const struct vis_prefix *above[IPV6_BITS];
	unsigned above_n;
	const struct vis_prefix *half[2], *quarter[2][2]; /* or NULL */
};

/* The half of it, its first bit is that; NULL when it is not known. */
static const struct vis_prefix *
half_of(const struct visibility *v, struct ip_prefix *p, unsigned bit)
{
	if (p->len >= ip_bits(p->family))
		return NULL;
	if (bit)
		p->b[p->len / 8] |= (uint8_t)(0x80U >> (p->len % 8));
	p->len++;
	return vis_find(v, p);
}

static void
find_relatives(const struct visibility *v, const struct ip_prefix *p, struct relatives *r)
{
	struct ip_prefix above = *p;
	unsigned shortest = p->family == IP_V4 ? SHORT4 : SHORT6;

	r->found = true;
	while (above.len > shortest) {
		const struct vis_prefix *x;

		above.len--;
		above.b[above.len / 8] &= (uint8_t)(0xff00U >> (above.len % 8));
		x = vis_find(v, &above);
		if (x != NULL)
			r->above[r->above_n++] = x;
	}
	for (unsigned i = 0; i < 2; i++) {
		struct ip_prefix half = *p;

		r->half[i] = half_of(v, &half, i);
		for (unsigned k = 0; k < 2; k++) {
			struct ip_prefix quarter = half;

			r->quarter[i][k] = half_of(v, &quarter, k);
		}
	}
}

static bool
point_has(const struct visibility *v, const struct vis_prefix *x, uint32_t point)
{
	for (unsigned i = 0; x != NULL && i < x->n; i++)
		if (x->v[i].point == point)
			return vis_is_there(v, &x->v[i]);
	return false;
}

/* An aggregate of ours, or all of its parts. */
static bool
is_stood_for(
    const struct visibility *v, const struct ip_prefix *p, struct relatives *r, uint32_t point)
{
	if (!r->found)
		find_relatives(v, p, r);
	for (unsigned i = 0; i < r->above_n; i++)
		if (point_has(v, r->above[i], point))
			return true;
	for (unsigned i = 0; i < 2; i++)
		if (!point_has(v, r->half[i], point) && !(point_has(v, r->quarter[i][0], point) &&
							    point_has(v, r->quarter[i][1], point)))
			return false;
	return true;
}

/* --- one prefix at one point */

static bool
is_judged(const struct visibility *v, const struct vis_at *a)
{
	const struct vis_point *p = &v->points[a->point];

	return p->loc ? vis_router_of(v, p)->border : vis_class(v, p) != CLASS_NONE;
}

static int64_t
hold_us(const struct visibility *v)
{
	return (int64_t)v->config.hold_s * VIS_SECOND_US;
}

static void
is_back(struct visibility *v, struct vis_prefix *x, struct vis_at *a)
{
	if (a->loss == NULL)
		return;
	a->loss->back++;
	a->loss = NULL;
	v->changed = true;
	vis_keep(v, x, a);
}

/* It is not, or no longer, judged there. */
static void
let_go(struct visibility *v, struct vis_prefix *x, struct vis_at *a)
{
	if (!a->established)
		return;
	a->established = false;
	a->loss = NULL;
	v->changed = true;
	vis_keep(v, x, a);
}

/* Returns whether only what is said changes it from now on. */
static bool
settle(struct visibility *v, struct vis_prefix *x, struct vis_at *a, struct relatives *r,
    int64_t now_us)
{
	bool old = now_us - a->since_us >= hold_us(v);

	if (!x->own || !is_judged(v, a)) {
		let_go(v, x, a);
		return true;
	}
	if (vis_is_there(v, a)) {
		is_back(v, x, a);
		if (!a->established && old && !a->unheard) {
			a->established = true;
			vis_keep(v, x, a);
		}
		return a->established;
	}
	if (!a->established)
		return true;
	if (is_stood_for(v, &x->prefix, r, a->point)) {
		is_back(v, x, a);
		a->since_us = now_us;
		return false;
	}
	return false;
}

/* --- a border router without what all others have */

/* Loc-RIBs of border routers, of the global table. */
static bool
is_border(const struct visibility *v, const struct vis_point *p)
{
	return p->used && p->loc && p->distinguisher[0] == '\0' && !p->unmonitored &&
	       vis_router_of(v, p)->border;
}

static struct vis_at *
entry_at(struct vis_prefix *x, uint32_t point)
{
	for (unsigned i = 0; i < x->n; i++)
		if (x->v[i].point == point)
			return &x->v[i];
	return NULL;
}

/* It belongs there, though it has never been there. */
static void
expect_at(struct visibility *v, struct vis_prefix *x, uint32_t point)
{
	const struct vis_point *p = &v->points[point];
	int64_t complete_us = p->complete_us[x->prefix.family == IP_V6];
	struct vis_at *a = entry_at(x, point), *grown;

	if (complete_us == 0 || (a != NULL && (a->established || vis_is_there(v, a))))
		return;
	if (a == NULL) {
		grown = realloc(x->v, (x->n + 1) * sizeof(*grown));
		if (grown == NULL)
			return;
		x->v = grown;
		x->max = x->n + 1;
		a = &x->v[x->n++];
		*a = (struct vis_at){ .point = point };
	}
	a->established = true;
	a->cause = REASON_NONE;
	a->since_us = complete_us;
	x->settled = false;
}

/* Exactly one of the border routers is without it; nothing of that is expected of one that has none
 * of our prefixes. */
static void
look_for_missing(struct visibility *v, struct vis_prefix *x, unsigned borders)
{
	unsigned have = 0;

	for (unsigned i = 0; i < x->n; i++)
		have += is_border(v, &v->points[x->v[i].point]) && x->v[i].established &&
			vis_is_there(v, &x->v[i]);
	for (unsigned i = 0; i < x->n && have + 1 != borders; i++)
		if (x->v[i].established && x->v[i].cause == REASON_NONE && !x->v[i].unheard)
			let_go(v, x, &x->v[i]); /* others are without it, too */
	if (have < 2 || have + 1 != borders)
		return;
	for (uint32_t p = 0; p < v->points_n; p++)
		if (is_border(v, &v->points[p]))
			expect_at(v, x, p);
}

/* --- what is lost together */

/* Away for certain, and not told yet. */
static bool
is_missing(const struct visibility *v, const struct vis_prefix *x, const struct vis_at *a)
{
	const struct vis_point *p = &v->points[a->point];

	return x->own && a->established && a->loss == NULL && !a->unheard && !p->unmonitored &&
	       vis_router_of(v, p)->away_us == 0 && is_judged(v, a) && !vis_is_there(v, a);
}

/* Is it a loss, though others still carry it? */
static bool
matters(const struct visibility *v, const struct vis_at *a, const struct vis_left *left)
{
	const struct vis_point *p = &v->points[a->point];

	if (p->loc)
		return true;
	return vis_class(v, p) == left->class &&
	       (left->class != CLASS_PEER || left->there + left->unknown == 0);
}

struct lost {
	struct vis_prefix *x;
	struct vis_at *at;
	struct vis_cause cause;
	enum vis_scope scope;
};

/* What began by then. Returns how many; into out, unless it is NULL. */
static size_t
collect(struct visibility *v, int64_t until_us, int64_t now_us, struct lost *out)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		struct vis_prefix *x = &v->v[i];
		struct vis_left left = { .class = CLASS_NONE };

		if (x->settled || !x->own)
			continue;
		for (unsigned k = 0; k < x->n; k++) {
			struct vis_at *a = &x->v[k];

			if (!is_missing(v, x, a) || a->since_us > until_us)
				continue;
			if (left.class == CLASS_NONE)
				left = vis_left_of(v, x, now_us);
			if (!matters(v, a, &left))
				continue;
			if (out != NULL)
				out[n] = (struct lost){ .x = x, .at = a };
			n++;
		}
	}
	return n;
}

/* Withdrawn from several at once it is a matter of the prefix, from one of the session. */
static enum vis_scope
scope_of(const struct lost *all, size_t n, const struct lost *one)
{
	unsigned policies = 0;

	if (one->cause.why != WHY_POLICY)
		return SCOPE_PREFIX;
	for (const struct lost *l = one; l >= all && l->x == one->x; l--)
		policies += l->cause.why == WHY_POLICY;
	for (const struct lost *l = one + 1; l < all + n && l->x == one->x; l++)
		policies += l->cause.why == WHY_POLICY;
	return policies < SESSIONS_MAX ? SCOPE_SESSION : SCOPE_PREFIX;
}

/* More than a few prefixes that are withdrawn at once are told together. */
static void
group(const struct visibility *v, struct lost *all, size_t n)
{
	const struct vis_prefix *last = NULL;
	size_t prefixes = 0;

	for (size_t i = 0; i < n; i++) {
		all[i].scope = scope_of(all, n, &all[i]);
		if (all[i].scope != SCOPE_PREFIX || all[i].cause.why == WHY_DOWN ||
		    all[i].cause.why == WHY_NEVER || all[i].x == last)
			continue;
		last = all[i].x;
		prefixes++;
	}
	for (size_t i = 0; i < n && prefixes > v->config.group_at; i++)
		if (all[i].scope == SCOPE_PREFIX && all[i].cause.why != WHY_DOWN &&
		    all[i].cause.why != WHY_NEVER)
			all[i].scope = all[i].cause.why == WHY_NEIGHBOR && all[i].cause.who->outside
					   ? SCOPE_SESSION
					   : SCOPE_ALL;
}

static void
open_losses(struct visibility *v, struct lost *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct vis_loss made, *l;

		vis_cause_text(v, &all[i].cause, all[i].x, all[i].scope, &made);
		l = vis_loss_about(v, made.about);
		if (l == NULL)
			continue;
		if (l->why[0] == '\0') {
			made.next = l->next;
			*l = made;
		}
		all[i].at->loss = l;
		vis_keep(v, all[i].x, all[i].at);
	}
	v->changed |= n > 0;
}

static struct vis_cause
cause_of(const struct visibility *v, const struct lost *l)
{
	if (l->at->cause == REASON_NONE)
		return (struct vis_cause){ WHY_NEVER, &v->points[l->at->point] };
	return vis_cause_of(v, l->x, l->at);
}

/* What has been away for long enough, and what went with it. */
static void
find_losses(struct visibility *v, int64_t now_us)
{
	int64_t with_us = hold_us(v) / 6, until_us = now_us - hold_us(v);
	size_t n = collect(v, until_us, now_us, NULL);
	struct lost *all;

	if (n == 0)
		return;
	until_us += with_us;
	n = collect(v, until_us, now_us, NULL);
	all = calloc(n, sizeof(*all));
	if (all == NULL)
		return; /* the next time */
	n = collect(v, until_us, now_us, all);
	for (size_t i = 0; i < n; i++)
		all[i].cause = cause_of(v, &all[i]);
	group(v, all, n);
	open_losses(v, all, n);
	free(all);
}

/* --- time */

/* What is ours has changed, or what neighbours are to us. */
static void
look_again(struct visibility *v, const struct detect *d)
{
	for (uint32_t i = 0; i < v->points_n; i++) {
		struct vis_point *p = &v->points[i];
		enum relation r = NEIGHBOR_UNKNOWN;
		struct ip_addr address;

		if (p->used && !p->loc && ip_addr_parse(p->peer, &address))
			r = detect_relation(d, &address, p->peer_as);
		p->relation = r != NEIGHBOR_UNKNOWN ? (uint8_t)r : p->told_relation;
	}
	for (size_t i = 0; i < v->n; i++) {
		v->v[i].own = detect_is_own_prefix(d, &v->v[i].prefix);
		v->v[i].settled = false;
	}
	v->generation = detect_generation(d);
	v->changed = true;
}

/* Routers that were there before the start have told all, or have had their time. */
static bool
is_ready(struct visibility *v, int64_t now_us)
{
	bool all = true;

	for (uint32_t i = 0; i < v->routers_n; i++)
		all &= !v->routers[i].kept || v->routers[i].heard;
	return all || now_us - v->started_us >= (int64_t)v->config.away_s * VIS_SECOND_US;
}

void
visibility_tick(struct visibility *v, const struct detect *d, int64_t now_us)
{
	unsigned borders = 0;

	if (v->started_us == 0)
		v->started_us = now_us;
	if (!v->ready)
		v->ready = is_ready(v, now_us);
	if (!v->ready)
		return;
	if (v->generation != detect_generation(d))
		look_again(v, d);
	for (uint32_t i = 0; i < v->points_n; i++)
		borders += is_border(v, &v->points[i]);
	for (size_t i = 0; i < v->n; i++) {
		struct vis_prefix *x = &v->v[i];
		struct relatives relatives;
		bool settled = true;

		if (x->settled)
			continue;
		relatives.found = false;
		relatives.above_n = 0;
		for (unsigned k = 0; k < x->n; k++)
			settled &= settle(v, x, &x->v[k], &relatives, now_us);
		x->settled = settled;
		if (x->own)
			look_for_missing(v, x, borders);
	}
	find_losses(v, now_us);
	vis_say(v, now_us);
	if (v->unsure)
		vis_end_others(v);
}

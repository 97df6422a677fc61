/*
 * Direct ways that were left for much longer ones (detect/path_detour.c). What shows it is a change
 * of one route: the path of before had two networks next to each other, that of now has strangers
 * in between. So what was before is remembered, as an entry of a router and a prefix:
 *
 *   none --a route changes so, and something speaks for a leak--> known: left, leaker, right
 *   known: RULE_LEAK_DETOUR is true of each route of the prefix, as it comes in at that router,
 *          whose path goes from left over the leaker to right
 *   known --its last route goes the direct way again--> none
 *   known --no route goes so for KEPT_S--> none
 *
 * The rule is a matter of the path and the entry, so evaluating again, a session that begins anew,
 * and a restart change nothing: the collector keeps the entries (daemon/detour_keeper.c), and tells
 * them to all workers, so that a router finds its own wherever it comes back.
 *
 * What speaks for a leak, beside the shape: the network behind the strangers is one that everybody
 * is near to (provider-free, or peers with all); or something else is proven of one of them just
 * now, with the same addresses; or the prefix is ours. That other routes still go the direct way
 * was looked at, too, and proves nothing: of ordinary changes of this shape in public updates two
 * out of three had such.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/probe.h"
#include "base/pure/text.h"

enum {
	DETOURS_FIRST = 64,
	KEPT_S = 86400,
	LOOK_S = 60,
};

static uint32_t
prefix_hash(const struct ip_prefix *p)
{
	return (uint32_t)hash_bytes(hash_seed() + p->len, p->b, sizeof(p->b));
}

PROBE_DEFINE(detour, struct detour, e->leaker == 0, prefix_hash(&e->prefix));

static uint64_t
router_name(const char *name)
{
	return hash_bytes(hash_seed(), name, strlen(name));
}

/* The first of the prefix at or behind that slot; NULL when there is none. */
static struct detour *
next_of(const struct engine *e, const struct ip_prefix *p, uint32_t *at)
{
	uint32_t mask = e->detours.max - 1;

	for (; !detour_is_free(&e->detours.v[*at & mask]); ++*at) {
		struct detour *d = &e->detours.v[*at & mask];

		if (ip_prefix_cmp(&d->prefix, p) == 0)
			return d;
	}
	return NULL;
}

/* The entry by which this path of a route of the prefix is a detour. */
static struct detour *
find(const struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t path)
{
	uint32_t at;
	uint64_t name;
	struct detour *d;

	if (path == 0 || !detours_may(e, p))
		return NULL;
	at = prefix_hash(p);
	if ((d = next_of(e, p, &at)) == NULL)
		return NULL;
	for (name = router_name(r->name); d != NULL; at++, d = next_of(e, p, &at))
		if (d->router == name &&
		    detect_path_goes(path_value(&e->rib.attrs, path), d->left, d->leaker, d->right))
			return d;
	return NULL;
}

static struct detour *
find_same(const struct engine *e, const struct detour *like)
{
	uint32_t at = prefix_hash(&like->prefix);
	struct detour *d;

	if (e->detours.n == 0)
		return NULL;
	while ((d = next_of(e, &like->prefix, &at)) != NULL &&
	       (d->router != like->router || d->left != like->left || d->right != like->right ||
		   d->leaker != like->leaker))
		at++;
	return d;
}

static bool
put(struct engine *e, const struct detour *like)
{
	struct detours *all = &e->detours;
	unsigned at = address_part(&like->prefix);

	if (all->n >= DETOURS_MAX ||
	    (all->n >= all->max / 2 && !detour_grow(&all->v, &all->max, DETOURS_FIRST))) {
		e->leaks_refused++;
		e->leaks_full = true;
		return false;
	}
	*detour_place(all->v, all->max, prefix_hash(&like->prefix)) = *like;
	all->bits[at / 64] |= 1ULL << at % 64;
	all->n++;
	return true;
}

static void
take_out(struct engine *e, struct detour *d)
{
	detour_take_out(e->detours.v, e->detours.max, d);
	e->detours.n--;
}

static void
tell(struct engine *e, const struct detour *d, const char *router, bool there)
{
	struct engine_event ev = { .type = there ? EVENT_DETOUR : EVENT_DETOUR_OVER,
		.prefix = d->prefix,
		.detour = { d->left, d->leaker, d->right },
		.at_us = e->now_us };

	text_copy(ev.router_name, sizeof(ev.router_name), router);
	e->ops->event(e->ctx, &ev);
}

/* --- what begins */

/* Who sends it is another network, and no route collector. */
static bool
is_from_outside(const struct table *t)
{
	return bmp_view_is_inbound(t->view) && t->peer->relation != NEIGHBOR_INTERNAL &&
	       t->peer->relation != NEIGHBOR_COLLECTOR;
}

static bool
speaks_for_leak(const struct engine *e, const struct table *t, const struct ip_prefix *ip,
    const struct path_detour *way)
{
	if (way->right_is_near || detect_is_own_prefix(e->detect, ip))
		return true;
	for (unsigned k = 0; k < way->strangers_n; k++)
		if (proven_is(e, t->peer->router, ip, way->strangers[k]))
			return true;
	return false;
}

bool
detour_look(
    struct engine *e, const struct table *t, const struct change *c, const struct route_facts *f)
{
	uint32_t before, after;
	struct path_detour way;
	struct detour d;

	if (!is_from_outside(t))
		return false;
	before = attrs_path(&e->rib.attrs, c->before);
	after = attrs_path(&e->rib.attrs, c->after);
	if (before == after || before == 0 || after == 0 ||
	    !detect_path_detour(e->detect, path_value(&e->rib.attrs, before),
		path_value(&e->rib.attrs, after), &way) ||
	    !speaks_for_leak(e, t, f->prefix, &way))
		return false;
	d = (struct detour){ .router = router_name(t->peer->router->name),
		.prefix = *f->prefix,
		.left = way.left,
		.right = way.right,
		.leaker = way.leaker,
		.since_s = engine_seconds(e) };
	if (!put(e, &d))
		return false;
	tell(e, &d, t->peer->router->name, true);
	return true;
}

/* --- what is true */

/*
 * What is ours comes back from a network that we have a session with, and that is no provider of
 * ours: he had it of us, and prefers what somebody sells to him. That is as it should be when it
 * comes over a provider of ours; of who next to us is a peer or customer, or nobody that we know,
 * it is a leak.
 */
static bool
comes_back(struct engine *e, const struct route_facts *f, uint32_t path)
{
	struct path_detour way;
	uint8_t sender, next;

	if (!detect_path_back(e->detect, path_value(&e->rib.attrs, path), &way))
		return false;
	sender = relation_of_as(e, way.left);
	if (sender != NEIGHBOR_PEER && !relation_is_customer(sender))
		return false;
	next = relation_of_as(e, way.last);
	if (next == NEIGHBOR_PEER || relation_is_customer(next))
		return way.strangers_n >= 2;
	return f->stranger != 0 && way.strangers_n >= DETOUR_STRANGERS;
}

void
detour_facts(struct engine *e, const struct table *t, uint32_t path, struct route_facts *f)
{
	f->detour = detours_may(e, f->prefix) && is_from_outside(t) &&
		    find(e, t->peer->router, f->prefix, path) != NULL;
	f->comes_back = f->path & PATH_ENDS_WITH_US && path != 0 &&
			detect_is_own_prefix(e->detect, f->prefix) && comes_back(e, f, path);
}

bool
detour_of(struct engine *e, const struct table *t, const struct ip_prefix *ip, uint32_t path,
    struct path_detour *way)
{
	const struct detour *d = find(e, t->peer->router, ip, path);

	if (d != NULL)
		*way =
		    (struct path_detour){ .left = d->left, .leaker = d->leaker, .right = d->right };
	return d != NULL || (path != 0 && detect_is_own_prefix(e->detect, ip) &&
				detect_path_back(e->detect, path_value(&e->rib.attrs, path), way));
}

/* --- what is over */

void
detour_count(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *ip, uint32_t rules_true)
{
	bool was = c->rules_true >> RULE_LEAK_DETOUR & 1, is = rules_true >> RULE_LEAK_DETOUR & 1;
	const struct router *r = t->peer->router;
	uint32_t after = c->after != 0 ? attrs_path(&e->rib.attrs, c->after) : 0;
	struct detour *d;

	if (is && (d = find(e, r, ip, after)) != NULL) {
		d->n++;
		d->used = true;
	}
	if (!was || (d = find(e, r, ip, attrs_path(&e->rib.attrs, c->before))) == NULL || d->n == 0)
		return;
	if (--d->n > 0)
		return;
	d->since_s = engine_seconds(e);
	if (!is && after != 0 &&
	    detect_path_joins(path_value(&e->rib.attrs, after), d->left, d->right)) {
		tell(e, d, r->name, false);
		take_out(e, d);
	}
}

static const struct router *
router_of(const struct engine *e, const struct detour *d)
{
	const struct router *r = e->routers;

	while (r != NULL && router_name(r->name) != d->router)
		r = r->next;
	return r;
}

/* One that another worker's router may use is not ours to forget. */
void
detours_tick(struct engine *e)
{
	struct detours *all = &e->detours;
	uint32_t now_s = engine_seconds(e);

	if (all->n == 0 || now_s - all->looked_s < LOOK_S)
		return;
	all->looked_s = now_s;
	for (uint32_t i = 0; i < all->max;) {
		struct detour *d = &all->v[i];
		const struct router *r;

		if (detour_is_free(d) || d->n > 0 || !d->used || now_s - d->since_s < KEPT_S) {
			i++;
			continue;
		}
		if ((r = router_of(e, d)) != NULL)
			tell(e, d, r->name, false);
		take_out(e, d); /* another one may be there now */
	}
}

/* --- over restarts, and in all workers */

void
engine_know_detour(struct engine *e, const struct engine_detour *from)
{
	const struct detour like = { .router = router_name(from->router),
		.prefix = from->prefix,
		.left = from->way.left,
		.right = from->way.right,
		.leaker = from->way.leaker,
		.since_s = engine_seconds(e) };
	struct detour *d = like.leaker != 0 ? find_same(e, &like) : NULL;

	if (from->there && d == NULL && like.leaker != 0)
		(void)put(e, &like);
	else if (!from->there && d != NULL && d->n == 0)
		take_out(e, d);
	else if (!from->there && d != NULL)
		tell(e, d, from->router, true); /* here it is used */
}

void
detours_rename(struct engine *e, const char *from, const char *to)
{
	uint64_t was = router_name(from), is = router_name(to);

	for (uint32_t i = 0; e->detours.n > 0 && i < e->detours.max; i++) {
		struct detour *d = &e->detours.v[i];

		if (detour_is_free(d) || d->router != was)
			continue;
		tell(e, d, from, false);
		d->router = is;
		tell(e, d, to, true);
	}
}

void
detours_free(struct engine *e)
{
	free(e->detours.v);
}

/*
 * Direct ways that were left for much longer ones (detect/path_detour.c). What shows it is a change
 * of one route: the path of before had two networks next to each other, that of now has strangers
 * in between. So what was before is remembered, as an entry of a router and a prefix:
 *
 *   none --a route changes so, and something speaks for a leak--> known: left, leaker, right
 *   known: RULE_LEAK_DETOUR is true of each route of the prefix, as it comes in at that router,
 *          whose path goes from left over the leaker to right
 *   known --its last route goes the direct way again--> none
 *   known --who sent it last sends the direct way, and no route goes so--> none
 *   known --no route goes so for KEPT_S, and its router is there--> none
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
	OF_THE_ROOM = 4,  /* one part of that many is for one neighbour */
	OF_A_PREFIX = 32, /* at a router, at most: all of them are looked at with each route */
	LOOK_SLOTS = 256, /* with a tick */
	REFUSED_S = 300,  /* that is told for so long after it was so last */
	KEPT_S = 86400,
	TOLD_S = 86400, /* what is used is told again after that */
};

static uint32_t
home(const struct ip_prefix *p, uint64_t router)
{
	return (uint32_t)hash_bytes(hash_seed() + p->len, p->b, sizeof(p->b)) ^ (uint32_t)router;
}

PROBE_DEFINE(detour, struct detour, e->leaker == 0, home(&e->prefix, e->router));

/* The first of the prefix and the router at or behind that slot; NULL when there is none. */
static struct detour *
next_of(const struct engine *e, const struct ip_prefix *p, uint64_t router, uint32_t *at)
{
	uint32_t mask = e->detours.max - 1;

	for (; e->detours.n > 0 && !detour_is_free(&e->detours.v[*at & mask]); ++*at) {
		struct detour *d = &e->detours.v[*at & mask];

		if (d->router == router && ip_prefix_cmp(&d->prefix, p) == 0)
			return d;
	}
	return NULL;
}

/* Does a route with this path, 0 for none, go so? */
static bool
goes_by(const struct engine *e, const struct detour *d, uint32_t path)
{
	return path != 0 &&
	       detect_path_goes(path_value(&e->rib.attrs, path), d->left, d->leaker, d->right);
}

static bool
goes_direct(const struct engine *e, const struct detour *d, uint32_t path)
{
	return path != 0 && detect_path_joins(path_value(&e->rib.attrs, path), d->left, d->right);
}

/* The entry by which this path of a route of the prefix is a detour. */
static struct detour *
find(const struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t path)
{
	uint32_t at;
	struct detour *d;

	if (path == 0 || !detours_may(e, p))
		return NULL;
	at = home(p, r->name_hash);
	while ((d = next_of(e, p, r->name_hash, &at)) != NULL && !goes_by(e, d, path))
		at++;
	return d;
}

static struct detour *
find_same(const struct engine *e, const struct detour *like)
{
	uint32_t at = home(&like->prefix, like->router);
	struct detour *d;

	while ((d = next_of(e, &like->prefix, like->router, &at)) != NULL &&
	       (d->left != like->left || d->right != like->right || d->leaker != like->leaker))
		at++;
	return d;
}

/* NULL: this engine does not know it. */
static struct router *
router_of(const struct engine *e, const struct detour *d)
{
	struct router *r;

	for (uint32_t at = 0;
	     (r = ptrmap_next(&e->routers_by_name, (uint32_t)d->router, &at)) != NULL;)
		if (r->name_hash == d->router)
			return r;
	return NULL;
}

/* The peer of that number at its router; NULL when it is there no more. */
static struct peer *
peer_numbered(const struct engine *e, const struct detour *d, uint32_t number)
{
	const struct router *r = router_of(e, d);
	struct peer *p = r != NULL ? r->peers : NULL;

	while (p != NULL && p->number != number)
		p = p->next;
	return p;
}

static void
take_out(struct engine *e, struct detour *d)
{
	struct peer *p = d->made_by != 0 ? peer_numbered(e, d, d->made_by - 1) : NULL;

	if (p != NULL && p->detours > 0)
		p->detours--;
	detour_take_out(e->detours.v, e->detours.max, d);
	e->detours.n--;
}

static uint32_t
most(const struct engine *e)
{
	return e->config.leaks_max != 0 && e->config.leaks_max < DETOURS_MAX ? e->config.leaks_max
									     : DETOURS_MAX;
}

bool
detours_have_room(const struct engine *e)
{
	return e->detours.n <= most(e) / 2 &&
	       (e->detours.refused_s == 0 || engine_seconds(e) - e->detours.refused_s > REFUSED_S);
}

static bool
put(struct engine *e, const struct detour *like)
{
	struct detours *all = &e->detours;
	unsigned at = address_part(&like->prefix);

	if (all->n >= most(e) ||
	    (all->n >= all->max / 2 && !detour_grow(&all->v, &all->max, DETOURS_FIRST))) {
		e->leaks_refused++;
		e->leaks_full = true;
		return false;
	}
	*detour_place(all->v, all->max, home(&like->prefix, like->router)) = *like;
	all->bits[at / 64] |= 1ULL << at % 64;
	all->n++;
	return true;
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

static void
end(struct engine *e, struct detour *d, const char *router)
{
	tell(e, d, router, false);
	take_out(e, d);
}

/* Is there room for one more of the prefix at the router? Who has not been used for the longest
 * time makes some. */
static bool
make_room(struct engine *e, const struct ip_prefix *p, const struct router *r)
{
	uint32_t at = home(p, r->name_hash), n = 0;
	struct detour *oldest = NULL, *d;

	for (; (d = next_of(e, p, r->name_hash, &at)) != NULL; at++, n++)
		if (d->n == 0 && (oldest == NULL || d->since_s < oldest->since_s))
			oldest = d;
	if (n < OF_A_PREFIX)
		return true;
	if (oldest != NULL)
		end(e, oldest, r->name);
	else
		e->leaks_refused++;
	return oldest != NULL;
}

/* What one neighbour leaves, many or on purpose, takes no more than a part of the room. */
static bool
has_its_part(struct engine *e, const struct peer *p)
{
	if (p->detours < most(e) / OF_THE_ROOM)
		return true;
	e->detours.refused_s = engine_seconds(e);
	e->leaks_refused++;
	e->leaks_full = true;
	return false;
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
	d = (struct detour){ .router = t->peer->router->name_hash,
		.prefix = *f->prefix,
		.left = way.left,
		.right = way.right,
		.leaker = way.leaker,
		.since_s = engine_seconds(e),
		.told_s = engine_seconds(e),
		.peer = t->peer->number,
		.made_by = t->peer->number + 1 };
	if (!has_its_part(e, t->peer) || !make_room(e, f->prefix, t->peer->router) || !put(e, &d))
		return false;
	t->peer->detours++;
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

unsigned
detours_left(const struct engine *e, const char *router, const struct ip_prefix *ip,
    struct cursor path, struct engine_way_left *out, unsigned max)
{
	uint64_t name = router_name_hash(e, router);
	const struct detour *d;
	unsigned n = 0;

	for (unsigned taken = 2; taken-- > 0 && detours_may(e, ip);)
		for (uint32_t at = home(ip, name);
		     n < max && (d = next_of(e, ip, name, &at)) != NULL; at++)
			if (detect_path_goes(path, d->left, d->leaker, d->right) == taken)
				out[n++] = (struct engine_way_left){
					{ d->left, d->leaker, d->right }, taken
				};
	return n;
}

/* --- what is over */

void
detour_direct(struct engine *e, const struct table *t, const struct ip_prefix *ip, uint32_t path)
{
	const struct router *r = t->peer->router;
	uint32_t at = home(ip, r->name_hash);
	struct detour *d;

	/* who sent one, too, may not have told it yet */
	if (!is_from_outside(t) || !r->synced)
		return;
	while ((d = next_of(e, ip, r->name_hash, &at)) != NULL)
		if (d->n == 0 && d->used && d->peer == t->peer->number && goes_direct(e, d, path))
			end(e, d, r->name); /* another one may be there now */
		else
			at++;
}

/* Routes of a table that go so. */
static uint32_t
users_in(const struct engine *e, const struct table *t, uint32_t net, const struct detour *d)
{
	uint32_t ids[ROUTE_PATHS_MAX], found = 0;
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);

	for (unsigned i = 0; i < n; i++) {
		const struct route *r = routes_find(&t->routes, net, ids[i]);

		found += r != NULL &&
			 routes_rules_true(&t->routes, r, net, ids[i]) >> RULE_LEAK_DETOUR & 1 &&
			 goes_by(e, d, attrs_path(&e->rib.attrs, r->attrs));
	}
	return found;
}

/*
 * Routes that go so, of the router of that table. Not all need have been counted: the rule was true
 * of some before there was the entry, since they come back to us, or another router leaks them.
 */
static uint32_t
users(const struct engine *e, const struct table *of, uint32_t net, const struct detour *d)
{
	uint32_t n = 0;

	for (const struct peer *p = of->peer->router->peers; p != NULL; p = p->next)
		for (const struct table *t = p->tables; t != NULL; t = t->next)
			if (t->routes.kind == of->routes.kind)
				n += users_in(e, t, net, d);
	return n;
}

void
detour_count(struct engine *e, const struct table *t, const struct change *c,
    const struct ip_prefix *ip, uint32_t rules_true)
{
	bool was = c->rules_true >> RULE_LEAK_DETOUR & 1, is = rules_true >> RULE_LEAK_DETOUR & 1;
	const struct router *r = t->peer->router;
	uint32_t before = c->before != 0 ? attrs_path(&e->rib.attrs, c->before) : 0;
	uint32_t after = c->after != 0 ? attrs_path(&e->rib.attrs, c->after) : 0;
	uint32_t at = home(ip, r->name_hash);
	struct detour *d;

	/* a path may go over more than one known leaker: it counts with each */
	while ((d = next_of(e, ip, r->name_hash, &at)) != NULL) {
		at++;
		if (is && goes_by(e, d, after)) {
			d->n++;
			d->used = true;
			if (is_from_outside(t))
				d->peer = t->peer->number;
		}
		if (!was || d->n == 0 || !goes_by(e, d, before) || --d->n > 0)
			continue;
		d->since_s = engine_seconds(e);
		if ((d->n = users(e, t, c->net, d)) > 0 || is || !goes_direct(e, d, after))
			continue;
		end(e, d, r->name);
		at--; /* another one may be there now */
	}
}

/* Is who sent it last away? */
static bool
waits_for_peer(const struct engine *e, const struct detour *d)
{
	const struct peer *p = peer_numbered(e, d, d->peer);

	return p != NULL && !p->up;
}

/* One that nobody goes by is over when its router is there, and told all, for KEPT_S; another
 * worker's router may use it, too. Returns whether it is forgotten. */
static bool
look_at(struct engine *e, struct detour *d, uint32_t now_s)
{
	const struct router *r;

	if (d->n > 0 && now_s - d->told_s < TOLD_S)
		return false;
	r = router_of(e, d);
	if (r == NULL || (d->n == 0 && !r->synced)) {
		d->since_s = now_s;
		return false;
	}
	if (d->n > 0) {
		tell(e, d, r->name, true);
		d->told_s = now_s;
		return false;
	}
	if (now_s - d->since_s < KEPT_S)
		return false;
	if (d->used && waits_for_peer(e, d)) {
		d->since_s = now_s;
		return false;
	}
	end(e, d, r->name);
	return true;
}

void
detours_tick(struct engine *e)
{
	struct detours *all = &e->detours;
	uint32_t now_s = engine_seconds(e);

	for (uint32_t k = 0; all->n > 0 && k < LOOK_SLOTS && k < all->max; k++) {
		struct detour *d = &all->v[all->at & (all->max - 1)];

		if (detour_is_free(d) || !look_at(e, d, now_s))
			all->at++; /* else another one may be there now */
	}
}

/* --- over restarts, and in all workers */

void
engine_know_detour(struct engine *e, const struct engine_detour *from)
{
	const struct detour like = { .router = router_name_hash(e, from->router),
		.prefix = from->prefix,
		.left = from->way.left,
		.right = from->way.right,
		.leaker = from->way.leaker,
		.since_s = engine_seconds(e),
		.told_s = engine_seconds(e) - TOLD_S };
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
	uint64_t was = router_name_hash(e, from), is = router_name_hash(e, to);

	for (uint32_t i = 0; e->detours.n > 0 && i < e->detours.max;) {
		struct detour d = e->detours.v[i];

		if (detour_is_free(&d) || d.router != was || was == is) {
			i++;
			continue;
		}
		end(e, &e->detours.v[i], from); /* another one may be there now */
		d.router = is;
		d.made_by = 0;
		(void)put(e, &d); /* there is room */
		tell(e, &d, to, true);
	}
}

void
detours_free(struct engine *e)
{
	free(e->detours.v);
}

/*
 * Who our neighbours are: whom a router has a session with, or has routes from, in this engine, and
 * what the collector knows of others. They are few, and hardly change.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>
#include <string.h>

enum { TOLD_US_HOURS = 6 };
static const int64_t told_for_us = (int64_t)TOLD_US_HOURS * 3600 * 1000000;

/* Where it is, or would be. */
static size_t
place_of(const struct neighbors *all, uint32_t asn)
{
	size_t lo = 0, hi = all->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (all->v[mid].asn < asn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
is_known(const struct neighbors *all, uint32_t asn)
{
	size_t at = place_of(all, asn);

	return at < all->n && all->v[at].asn == asn;
}

/* NULL when out of memory. */
static struct neighbor *
neighbor_of(struct neighbors *all, uint32_t asn, bool *is_new)
{
	size_t at = place_of(all, asn);

	*is_new = at == all->n || all->v[at].asn != asn;
	if (!*is_new)
		return &all->v[at];
	if (all->n == all->max) {
		size_t max = all->max != 0 ? 2 * all->max : 64;
		struct neighbor *v = realloc(all->v, max * sizeof(*v));

		if (v == NULL)
			return NULL;
		all->v = v;
		all->max = max;
	}
	memmove(&all->v[at + 1], &all->v[at], (all->n - at) * sizeof(*all->v));
	all->v[at] = (struct neighbor){ .asn = asn };
	all->n++;
	return &all->v[at];
}

void
neighbor_seen(struct engine *e, uint32_t asn)
{
	struct engine_event ev = { .type = EVENT_NEIGHBOR, .peer_as = asn, .at_us = e->now_us };
	struct neighbor *n;
	bool is_new;

	if (asn == 0 || detect_is_ours(e->detect, asn) ||
	    (n = neighbor_of(&e->neighbors, asn, &is_new)) == NULL || n->told)
		return;
	n->told = true;
	if (is_new && e->neighbors.judged)
		job_evaluate_own(e, REASON_CONFIG);
	e->ops->event(e->ctx, &ev);
}

/* An eBGP session names its neighbour itself; who is known as one cannot put another's AS in front.
 */
static bool
shows_neighbors(const struct table *t)
{
	uint8_t r = t->peer->relation;

	if (!t->peer->judged)
		return false;
	if (t->view == BMP_VIEW_LOC_RIB)
		return true;
	return bmp_view_is_inbound(t->view) &&
	       (r == NEIGHBOR_INTERNAL || r == NEIGHBOR_RS || r == NEIGHBOR_UNKNOWN);
}

void
neighbor_seen_in(struct engine *e, const struct table *t, struct cursor path)
{
	uint32_t sender;

	if (!shows_neighbors(t))
		return;
	sender = detect_path_sender(e->detect, path, t->peer->local_as);
	if (sender != t->peer->as)
		neighbor_seen(e, sender);
}

bool
neighbor_is(const struct engine *e, uint32_t asn)
{
	return is_known(&e->neighbors, asn) || detect_names_neighbor(e->detect, asn);
}

uint32_t
neighbor_stranger(const struct engine *e, struct cursor path)
{
	struct first_hop hop;

	if (!e->neighbors.judged)
		return 0;
	hop = detect_first_hop(e->detect, path);
	if (hop.asn == 0 || neighbor_is(e, hop.asn))
		return 0;
	/* whom we have it from is a neighbour, else we have made up the path ourselves */
	if (hop.sender != 0 && !neighbor_is(e, hop.sender))
		return 0;
	return hop.asn;
}

/* Forget whom the collector no longer names, but not whom it has yet to hear of. */
static void
begin_anew(struct neighbors *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].told)
			all->v[n++] = all->v[i];
	all->n = n;
}

void
engine_set_neighbors(struct engine *e, const struct engine_neighbors *from)
{
	struct neighbors *all = &e->neighbors;
	bool first = !all->judged && from->judged, other = first || from->anew, is_new;

	if (from->anew)
		begin_anew(all);
	for (size_t i = 0; i < from->n; i++) {
		neighbor_of(all, from->asns[i], &is_new);
		other |= is_new;
	}
	all->judged = from->judged;
	if (other && !from->more) /* not to have judged a route before is no reason of its own */
		job_evaluate_own(e, first ? REASON_ANNOUNCED : REASON_CONFIG);
}

void
neighbors_tick(struct engine *e)
{
	struct neighbors *all = &e->neighbors;

	if (e->now_us < all->told_us + told_for_us)
		return;
	if (all->told_us != 0) {
		for (size_t i = 0; i < all->n; i++)
			all->v[i].told = false;
		for (const struct router *r = e->routers; r != NULL; r = r->next)
			for (const struct peer *p = r->peers; p != NULL; p = p->next)
				if (p->up && p->relation != NEIGHBOR_INTERNAL)
					neighbor_seen(e, p->as);
	}
	all->told_us = e->now_us;
}

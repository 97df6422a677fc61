/* Who carries what is ours to the world, and what is left of them. */
#include "collector/incident/visibility_private.h"

unsigned
vis_class(const struct visibility *v, const struct vis_point *p)
{
	(void)v;
	if (p->loc || !p->outside)
		return CLASS_NONE;
	switch (p->relation) {
	case NEIGHBOR_PROVIDER:
		return CLASS_PROVIDER;
	case NEIGHBOR_UNKNOWN:
		return CLASS_UNKNOWN;
	case NEIGHBOR_PEER:
	case NEIGHBOR_RS:
		return CLASS_PEER;
	default:
		return CLASS_NONE;
	}
}

bool
vis_is_unknown(const struct visibility *v, const struct vis_at *a, int64_t now_us)
{
	const struct vis_point *p = &v->points[a->point];
	const struct vis_router *r = vis_router_of(v, p);
	int64_t away_us = (int64_t)v->config.away_s * VIS_SECOND_US;

	return p->unmonitored || (r->away_us != 0 && now_us - r->away_us >= away_us) ||
	       (a->unheard && now_us - v->started_us >= away_us);
}

struct vis_left
vis_left_of(const struct visibility *v, const struct vis_prefix *x, int64_t now_us)
{
	struct vis_left left = { .class = CLASS_NONE };
	unsigned least;

	for (unsigned i = 0; i < x->n; i++) {
		unsigned class = vis_class(v, &v->points[x->v[i].point]);

		if (x->v[i].established && class > left.class)
			left.class = class;
	}
	/* one of whom nobody knows what it is to us may carry it, too */
	least = left.class == CLASS_PROVIDER ? CLASS_UNKNOWN : left.class;
	for (unsigned i = 0; i < x->n && least != CLASS_NONE; i++) {
		const struct vis_at *a = &x->v[i];

		if (vis_class(v, &v->points[a->point]) < least)
			continue;
		if (!vis_is_there(v, a))
			left.pending += a->established && a->loss == NULL;
		else if (vis_is_unknown(v, a, now_us))
			left.unknown++;
		else
			left.there++;
	}
	return left;
}

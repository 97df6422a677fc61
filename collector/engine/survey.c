/*
 * What is worth a number and no incident: prefixes of others with several origins, prepended and
 * long paths, many communities. A slow walk over all prefixes, some lookups with every tick, counts
 * what there is in the tables of what comes in and of Loc-RIB; the numbers are those of the last
 * walk that came to its end. Nothing is kept with a route, and a change costs nothing. What a
 * router says of origins in its routes is counted on the way (rov_states.c).
 */
#include "collector/engine/engine_private.h"

enum {
	LOOKUPS = 4000,	       /* in a tick */
	COMMUNITIES_MANY = 32, /* of four octets, and large ones */
};

/* What one prefix has. */
struct seen {
	uint32_t origin;
	bool any, several, ours;
};

static bool
is_prepended(struct cursor path)
{
	struct as_segment seg;
	uint32_t before = 0;

	while (as_path_next(&path, 4, &seg))
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (asn == before)
				return true;
			before = asn;
		}
	return false;
}

static void
note_origin(const struct engine *e, const struct table *t, attrs_block block, struct seen *s)
{
	uint32_t origin;

	if (!engine_origin(e, t, block, &origin))
		return;
	s->ours |= detect_is_ours(e->detect, origin);
	s->several |= s->any && s->origin != origin;
	s->origin = origin;
	s->any = true;
}

static void
count_route(struct engine *e, const struct table *t, attrs_block block, struct seen *s)
{
	struct survey_counts *c = &e->survey.now;
	const struct attrs *a = &e->rib.attrs;
	uint32_t path = attrs_path(a, block);
	struct cursor small = attrs_value(a, block, ATTR_COMMUNITIES),
		      large = attrs_value(a, block, ATTR_LARGE_COMMUNITIES);

	note_origin(e, t, block, s);
	c->prepended += path != 0 && is_prepended(path_value(a, path));
	c->long_paths += path != 0 && (engine_path_bits(e, path) & PATH_LONG) != 0;
	c->many_communities += cur_left(&small) / 4 + cur_left(&large) / 12 >= COMMUNITIES_MANY;
}

static bool
is_counted(const struct engine *e, const struct table *t, uint32_t net)
{
	return t->routes.kind == (net & NET_KIND) &&
	       (t->view <= BMP_VIEW_LOC_RIB || rov_may_mark(e, t));
}

/* Returns how many tables were looked at. */
static uint32_t
count_net(struct engine *e, uint32_t net)
{
	struct seen s = { .any = false };
	uint32_t lookups = 0;

	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			for (struct table *t = p->judged ? p->tables : NULL; t != NULL;
			     t = t->next) {
				const struct route *route;

				if (!is_counted(e, t, net))
					continue;
				lookups++;
				route = routes_find(&t->routes, net, 0);
				if (route == NULL)
					continue;
				if (rov_may_mark(e, t))
					rov_mark(e, t, net, route->attrs, &t->marks_now);
				if (t->view <= BMP_VIEW_LOC_RIB)
					count_route(e, t, route->attrs, &s);
			}
	e->survey.now.moas += s.several && !s.ours;
	return lookups;
}

/* All were looked at. */
static void
end_walk(struct engine *e)
{
	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			for (struct table *t = p->tables; t != NULL; t = t->next) {
				t->marks = t->marks_now;
				t->marks_now = rov_marks_of(e, t);
			}
	e->survey.last = e->survey.now;
	e->survey.now = (struct survey_counts){ .moas = 0 };
	e->survey.at = 0;
	e->survey.walks++;
}

void
survey_tick(struct engine *e)
{
	uint32_t lookups = 0;

	while (lookups < LOOKUPS) {
		uint32_t budget = LOOKUPS - lookups,
			 net = nets_next(&e->rib.nets, &e->survey.at, &budget);

		if (net == 0 && e->survey.at == NETS_END) {
			end_walk(e);
			return;
		}
		if (net == 0)
			return;
		lookups += 1 + count_net(e, net);
	}
}

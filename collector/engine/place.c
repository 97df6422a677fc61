/* Where a walk over routers and peers is that goes on later. */
#include "collector/engine/engine_private.h"

/* The list is in order of their numbers. */
struct router *
place_router(const struct engine *e, const struct engine_place *at)
{
	struct router *r = e->routers;

	while (r != NULL && r->number < at->router)
		r = r->next;
	return r;
}

/* Newcomers are at the head of the list: counted from its end, the place stays what it is. */
struct peer *
place_peer(const struct router *r, struct engine_place *at)
{
	struct peer *p = r->peers;

	if (at->peers_left == 0 || at->peers_left > r->peers_n)
		at->peers_left = r->peers_n;
	for (uint32_t skip = r->peers_n - at->peers_left; skip > 0 && p != NULL; skip--)
		p = p->next;
	return p;
}

void
place_pass_router(struct engine_place *at, const struct router *r)
{
	*at = (struct engine_place){ .router = r->number + 1, .listed = at->listed };
}

void
place_pass_peer(struct engine_place *at, const struct router *r)
{
	at->tables_done = at->route_at = 0;
	if (--at->peers_left == 0)
		place_pass_router(at, r);
}

/* The nets at or below a VRP that comes or goes. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

static void
touch(struct touched *t, uint32_t net)
{
	if (t->n == t->max) {
		size_t max = t->max == 0 ? 1024 : t->max * 2;
		uint32_t *v = realloc(t->v, max * sizeof(*v));

		if (v == NULL) {
			t->incomplete = true;
			return;
		}
		t->v = v;
		t->max = max;
	}
	t->v[t->n++] = net;
}

bool
touched_find(struct engine *e, struct touched *t, const struct vrp_cover *cover, bool forget,
    uint32_t budget)
{
	struct ip_prefix ip;
	uint32_t net;

	while ((net = t->host_routes ? nets_next(&e->rib.nets, &t->scan_at, &budget)
				     : nets_next_in(&e->rib.nets, vrp_cover_parts(cover),
					   &t->scan_at, &budget)) != 0) {
		net_prefix(&e->rib.nets, net, &ip);
		if (!vrp_cover_touches(cover, &ip) &&
		    !(t->host_routes && detect_is_host_route(&ip)))
			continue;
		if (forget)
			net_cache_clear(&e->rib.nets, net);
		touch(t, net);
	}
	return t->scan_at == NETS_END;
}

void
touched_free(struct touched *t)
{
	free(t->v);
	*t = (struct touched){ .n = 0 };
}

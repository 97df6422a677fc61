/* The tables of a peer, one for each view and family in which it has had routes. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

/* Of the nets that its routes are for. What is labelled is for prefixes all the same: of the
 * Internet, and of IPv6 across a core without it (RFC 4798). */
static uint32_t
kind_of(struct bgp_family family)
{
	if (!bgp_family_is_plain(family) && family.safi != SAFI_LABELLED)
		return NET_KEY;
	return family.afi == AFI_IPV6 ? NET_V6 : 0;
}

struct table *
peer_table(struct peer *p, uint8_t view, struct bgp_family family, bool path_ids)
{
	struct table *t = p->last;

	if (t != NULL && t->view == view && bgp_family_equal(t->family, family) &&
	    t->routes.addpath == path_ids)
		return t;
	for (t = p->tables; t != NULL; t = t->next)
		if (t->view == view && bgp_family_equal(t->family, family) &&
		    t->routes.addpath == path_ids)
			break;
	if (t == NULL) {
		t = calloc(1, sizeof(*t));
		if (t == NULL)
			return NULL;
		routes_init(&t->routes, kind_of(family), path_ids);
		t->peer = p;
		t->view = view;
		t->family = family;
		t->next = p->tables;
		p->tables = t;
	}
	(void)peer_note_view(p, view, family);
	p->last = t;
	return t;
}

void
peer_table_free(struct table *t)
{
	routes_free(&t->routes);
	free(t);
}

/* The VRF of a peer, or the global table: its name, and what the router shows of it. */
#include <string.h>

#include "collector/engine/engine_private.h"

bool
peer_is_global(const struct peer *p)
{
	static const uint8_t zero[8];
	const struct bmp_peer_key *k = &p->key;

	return k->type == BMP_PEER_GLOBAL || memcmp(k->distinguisher, zero, sizeof(zero)) == 0;
}

bool
peers_share_table(const struct peer *a, const struct peer *b)
{
	return peer_is_global(a)
		   ? peer_is_global(b)
		   : !peer_is_global(b) && memcmp(a->key.distinguisher, b->key.distinguisher,
					       sizeof(a->key.distinguisher)) == 0;
}

const char *
peer_distinguisher(const struct peer *p, char buf[BGP_RD_TEXT_MAX])
{
	buf[0] = '\0';
	return peer_is_global(p) ? buf : bgp_rd_format(p->key.distinguisher, buf);
}

const char *
peer_table_name(const struct peer *p)
{
	if (p->table_name[0] != '\0' || peer_is_global(p))
		return p->table_name;
	for (const struct peer *q = p->router->peers; q != NULL; q = q->next)
		if (q->table_name[0] != '\0' && peers_share_table(p, q))
			return q->table_name;
	return "";
}

/* Of a family in `monitored`; not below VIEW_FAMILIES: the rules do not look at it. */
enum { VIEW_FAMILIES = PEER_FAMILIES };
static unsigned
view_family(struct bgp_family f)
{
	if (!bgp_family_is_plain(f) && f.safi != SAFI_LABELLED)
		return VIEW_FAMILIES;
	return (f.safi == SAFI_LABELLED ? 2U : 0U) + (f.afi == AFI_IPV6 ? 1U : 0U);
}

bool
peer_note_view(struct peer *p, uint8_t view, struct bgp_family family)
{
	unsigned i = view_family(family);
	bool was;

	if (i >= VIEW_FAMILIES)
		return false;
	was = p->monitored[i] >> view & 1;
	p->monitored[i] |= (uint8_t)(1U << view);
	return !was;
}

void
peer_note_complete(struct peer *p, uint8_t view, struct bgp_family family)
{
	unsigned i = view_family(family);

	(void)peer_note_view(p, view, family);
	if (i < VIEW_FAMILIES)
		p->complete[i] |= (uint8_t)(1U << view);
}

bool
peer_has_end(const struct peer *p, uint8_t view, struct bgp_family family)
{
	unsigned i = view_family(family);

	return i < VIEW_FAMILIES && p->complete[i] >> view & 1;
}

uint8_t
peer_views(const struct peer *p, struct bgp_family family)
{
	enum { SHARED = 1U << BMP_VIEW_LOC_RIB | 1U << BMP_VIEW_OUT_PRE | 1U << BMP_VIEW_OUT_POST };
	unsigned i = view_family(family);
	uint8_t views = i < VIEW_FAMILIES ? p->monitored[i] : 0;

	for (const struct peer *q = p->router->peers; i < VIEW_FAMILIES && q != NULL; q = q->next)
		if (q->monitored[i] & SHARED & ~views && peers_share_table(p, q))
			views |= q->monitored[i] & SHARED;
	return views;
}

/* How a peer is called in rows, and what it is to us. */
#include "collector/show/show_private.h"

void
show_peer_name(struct printer *p, const struct engine_peer_info *peer)
{
	bool loc_rib = peer->key->type == BMP_PEER_LOC_RIB;
	char addr[IP_ADDR_TEXT_MAX];

	ip_addr_format(&peer->address, addr);
	printer_string(p, "peer", loc_rib ? "loc-rib" : addr);
	if (peer->vrf[0] != '\0' || (loc_rib && peer->table_name[0] != '\0'))
		printer_cell(p, "peer", "%s %s", loc_rib ? "loc-rib" : addr,
		    peer->table_name[0] != '\0' ? peer->table_name : peer->vrf);
}

const char *
show_relation_from(const struct engine_peer_info *peer)
{
	return peer->relation == NEIGHBOR_UNKNOWN    ? ""
	       : peer->relation_configured	     ? "configured"
	       : peer->relation >= NEIGHBOR_INTERNAL ? "as-number"
						     : "roles";
}

void
show_inferred(struct jw *j, const struct engine_peer_info *peer)
{
	const struct engine_inferred *i = &peer->inferred;

	if (i->relation == NEIGHBOR_UNKNOWN)
		return;
	jw_object(j, "relation_inferred");
	jw_string(j, "relation", relation_name(i->relation));
	jw_uint(j, "routes_in", i->in);
	jw_uint(j, "routes_out", i->out);
	jw_uint(j, "largest_table", i->full);
	jw_end_object(j);
}

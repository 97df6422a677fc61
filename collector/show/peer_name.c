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

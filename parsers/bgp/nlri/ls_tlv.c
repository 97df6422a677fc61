/*
 * Descriptors of BGP-LS NLRI (RFC 9552 5.2, RFC 9514 6, RFC 9857 4): which there are, where, and
 * the walk over them.
 */
#include "parsers/bgp/nlri/ls.h"

static const struct ls_row rows[] = {
	{ 256, "local_node_descriptors", "Local", LS_CONTAINER, 0, 0 },
	{ 257, "remote_node_descriptors", "Remote", LS_CONTAINER, 0, 0 },
	{ 258, "link_local_remote_identifiers", "ID", LS_NUMBER_PAIR, 8, 8 },
	{ 259, "ipv4_interface_address", "IPv4", LS_ADDRESS, 4, 4 },
	{ 260, "ipv4_neighbor_address", "IPv4", LS_ADDRESS, 4, 4 },
	{ 261, "ipv6_interface_address", "IPv6", LS_ADDRESS, 16, 16 },
	{ 262, "ipv6_neighbor_address", "IPv6", LS_ADDRESS, 16, 16 },
	{ 263, "multi_topology_identifier", "MT", LS_NUMBERS16, 2, 0 },
	{ 264, "ospf_route_type", "Route", LS_NUMBER, 1, 1 },
	{ 265, "ip_reachability_information", NULL, LS_PREFIX, 1, 17 },
	{ 270, "remote_as_number", "Remote-AS", LS_NUMBER, 4, 4 },
	{ 271, "ipv4_remote_asbr_id", "Remote-ASBR", LS_ADDRESS, 4, 4 },
	{ 272, "ipv6_remote_asbr_id", "Remote-ASBR", LS_ADDRESS, 16, 16 },
	{ 512, "autonomous_system", "AS", LS_NUMBER, 4, 4 },
	{ 513, "bgp_ls_identifier", "BGP-LS-ID", LS_ADDRESS, 4, 4 },
	{ 514, "ospf_area_id", "Area", LS_ADDRESS, 4, 4 },
	{ 515, "igp_router_id", NULL, LS_ROUTER_ID, 4, 8 },
	{ 516, "bgp_router_id", "BGP-Router", LS_ADDRESS, 4, 4 },
	{ 517, "confederation_member_as", "Member-AS", LS_NUMBER, 4, 4 },
	{ 518, "srv6_sid", "SID", LS_ADDRESS, 16, 16 },
	{ 554, "te_policy_candidate_path", NULL, LS_CANDIDATE_PATH, 24, 48 },
};

/* Descriptors of nodes stand only in a node's container, and others only outside of it. */
static const struct ls_row *
row_of(const struct ls_scope *scope, uint16_t type)
{
	bool of_node = type >= 512 && type <= 517;

	if (of_node != scope->node)
		return NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].type != type)
			continue;
		return rows[i].kind == LS_PREFIX && !ls_is_prefix(scope->route_type) ? NULL
										     : &rows[i];
	}
	return NULL;
}

bool
ls_next(struct cursor *r, const struct ls_scope *scope, struct ls_tlv *tlv)
{
	if (cur_left(r) == 0)
		return false;
	tlv->type = cur_u16(r);
	tlv->value = cur_sub(r, cur_u16(r));
	tlv->row = row_of(scope, tlv->type);
	return !r->failed;
}

struct cursor
ls_tlvs(const struct bgp_nlri *n, uint8_t *protocol, uint64_t *identifier)
{
	struct cursor body = n->body;

	if (n->has_rd)
		cur_take(&body, sizeof(n->rd));
	*protocol = cur_u8(&body);
	*identifier = cur_u64(&body);
	return body;
}

/*
 * The families of typed NLRI: EVPN (RFC 7432, 9136, 9251, 9572), MCAST-VPN (RFC 6514), MUP
 * (draft-ietf-bess-mup-safi). What is part of the key is what these say is "part of the prefix".
 */
#include "parsers/bgp/nlri/fields.h"

#define KEY true

static const struct nlri_route_type evpn[] = {
	[1] = { "Ethernet Auto-discovery",
	    { { RD, KEY, "rd" }, { ESI, KEY, "esi" }, { NUMBER32, KEY, "ethernet_tag" },
		{ LABEL, false, "mpls_label" } } },
	[2] = { "MAC/IP Advertisement",
	    { { RD, KEY, "rd" }, { ESI, false, "esi" }, { NUMBER32, KEY, "ethernet_tag" },
		{ MAC, KEY, "mac" }, { HOST, KEY, "ip" }, { LABEL, false, "mpls_label1" },
		{ LABEL_2ND, false, "mpls_label2" } } },
	[3] = { "Inclusive Multicast Ethernet Tag",
	    { { RD, KEY, "rd" }, { NUMBER32, KEY, "ethernet_tag" },
		{ ADDRESS, KEY, "originator" } } },
	[4] = { "Ethernet Segment",
	    { { RD, KEY, "rd" }, { ESI, KEY, "esi" }, { ADDRESS, KEY, "originator" } } },
	[5] = { "IP Prefix",
	    { { RD, KEY, "rd" }, { ESI, false, "esi" }, { NUMBER32, KEY, "ethernet_tag" },
		{ PREFIX_IN_FULL, KEY, "prefix" }, { GATEWAY, false, "gateway" },
		{ LABEL, false, "mpls_label" } } },
	[6] = { "Selective Multicast Ethernet Tag",
	    { { RD, KEY, "rd" }, { NUMBER32, KEY, "ethernet_tag" }, { WILDCARD, KEY, "source" },
		{ WILDCARD, KEY, "group" }, { ADDRESS, KEY, "originator" },
		{ NUMBER8, false, "flags" } } },
	[7] = { "Multicast Membership Report Synch",
	    { { RD, KEY, "rd" }, { ESI, KEY, "esi" }, { NUMBER32, KEY, "ethernet_tag" },
		{ WILDCARD, KEY, "source" }, { WILDCARD, KEY, "group" },
		{ ADDRESS, KEY, "originator" }, { NUMBER8, false, "flags" } } },
	[8] = { "Multicast Leave Synch",
	    { { RD, KEY, "rd" }, { ESI, KEY, "esi" }, { NUMBER32, KEY, "ethernet_tag" },
		{ WILDCARD, KEY, "source" }, { WILDCARD, KEY, "group" },
		{ ADDRESS, KEY, "originator" }, { HEX4, false, "reserved" },
		{ NUMBER8, false, "maximum_response_time" }, { NUMBER8, false, "flags" } } },
	[9] = { "Per-Region I-PMSI A-D",
	    { { RD, KEY, "rd" }, { NUMBER32, KEY, "ethernet_tag" }, { HEX8, KEY, "region_id" } } },
	[10] = { "S-PMSI A-D",
	    { { RD, KEY, "rd" }, { NUMBER32, KEY, "ethernet_tag" }, { WILDCARD, KEY, "source" },
		{ WILDCARD, KEY, "group" }, { ADDRESS, KEY, "originator" } } },
	[11] = { "Leaf A-D", { { ROUTE_KEY, KEY, "route_key" }, { ADDRESS, KEY, "originator" } } },
};

static const struct nlri_route_type mcast_vpn[] = {
	[1] = { "Intra-AS I-PMSI A-D", { { RD, KEY, "rd" }, { REST, KEY, "originator" } } },
	[2] = { "Inter-AS I-PMSI A-D", { { RD, KEY, "rd" }, { NUMBER32, KEY, "source_as" } } },
	[3] = { "S-PMSI A-D", { { RD, KEY, "rd" }, { WILDCARD, KEY, "source" },
				  { WILDCARD, KEY, "group" }, { REST, KEY, "originator" } } },
	[4] = { "Leaf A-D", { { ROUTE_KEY, KEY, "route_key" }, { REST, KEY, "originator" } } },
	[5] = { "Source Active A-D",
	    { { RD, KEY, "rd" }, { ADDRESS, KEY, "source" }, { ADDRESS, KEY, "group" } } },
	[6] = { "Shared Tree Join", { { RD, KEY, "rd" }, { NUMBER32, KEY, "source_as" },
					{ ADDRESS, KEY, "source" }, { ADDRESS, KEY, "group" } } },
	[7] = { "Source Tree Join", { { RD, KEY, "rd" }, { NUMBER32, KEY, "source_as" },
					{ ADDRESS, KEY, "source" }, { ADDRESS, KEY, "group" } } },
};

/* Of architecture 1, 3gpp-5g. */
static const struct nlri_route_type mup[] = {
	[1] = { "Interwork Segment Discovery", { { RD, KEY, "rd" }, { PREFIX, KEY, "prefix" } } },
	[2] = { "Direct Segment Discovery",
	    { { RD, KEY, "rd" }, { REST_BY_AFI, KEY, "address" } } },
	[3] = { "Type 1 Session Transformed",
	    { { RD, KEY, "rd" }, { PREFIX, KEY, "prefix" }, { NUMBER32, false, "teid" },
		{ NUMBER8, false, "qfi" }, { ADDRESS, false, "endpoint" },
		{ SOURCE, false, "source" } } },
	[4] = { "Type 2 Session Transformed",
	    { { RD, KEY, "rd" }, { ENDPOINT_TEID, KEY, "endpoint" } } },
};

#define ROWS(table) table, sizeof(table) / sizeof((table)[0])

/* The route types of a family, by number. */
struct typed {
	const struct nlri_kind *kind;
	const struct nlri_route_type *rows;
	size_t rows_n;
};

static const struct typed *
typed_of(struct bgp_family family)
{
	static const struct typed of_evpn = { &nlri_evpn, ROWS(evpn) },
				  of_mup = { &nlri_mup, ROWS(mup) },
				  of_mcast_vpn = { &nlri_mcast_vpn, ROWS(mcast_vpn) };

	return family.safi == SAFI_EVPN	 ? &of_evpn
	       : family.safi == SAFI_MUP ? &of_mup
					 : &of_mcast_vpn;
}

/* NULL when the family has no such route type here. */
static const struct nlri_route_type *
row_of(struct bgp_family family, uint16_t type)
{
	const struct typed *t = typed_of(family);

	return type < t->rows_n && t->rows[type].name != NULL ? &t->rows[type] : NULL;
}

static enum nlri_verdict
read_type1(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	(void)encoding;
	nlri_key_put8(key, (uint8_t)n->route_type);
	return nlri_fields_read(n, row_of(f, n->route_type), f.afi == AFI_IPV6, key);
}

/* A route type has a meaning within its architecture only. */
static enum nlri_verdict
read_mup(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	enum { ARCHITECTURE_3GPP_5G = 1 };
	struct cursor octets = n->octets;

	(void)encoding;
	if (cur_u8(&octets) != ARCHITECTURE_3GPP_5G)
		return NLRI_UNKNOWN;
	nlri_key_put_cursor(key, (struct cursor){ .pos = n->octets.pos, .end = n->octets.pos + 3 });
	return nlri_fields_read(n, row_of(f, n->route_type), f.afi == AFI_IPV6, key);
}

static void
dissect(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	nlri_fields_dissect(to, typed_of(f)->kind, f, row_of(f, n->route_type), n);
}

static void
text(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	nlri_fields_text(x, typed_of(f)->kind, f, row_of(f, n->route_type), n);
}

static const char *
type_name(struct bgp_family family, uint16_t route_type)
{
	const struct nlri_route_type *row = row_of(family, route_type);

	return row != NULL ? row->name : NULL;
}

const struct nlri_kind nlri_evpn = { .frame = NLRI_TYPE1_LEN1,
	.read = read_type1,
	.dissect = dissect,
	.text = text,
	.type_name = type_name };
const struct nlri_kind nlri_mcast_vpn = { .frame = NLRI_TYPE1_LEN1,
	.read = read_type1,
	.dissect = dissect,
	.text = text,
	.type_name = type_name };
const struct nlri_kind nlri_mup = { .frame = NLRI_ARCH_TYPE2,
	.read = read_mup,
	.dissect = dissect,
	.text = text,
	.type_name = type_name };

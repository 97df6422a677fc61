/*
 * FlowSpec (RFC 8955, RFC 8956; layer 2: draft-ietf-idr-flowspec-l2vpn): a list of components, each
 * a prefix or a chain of comparisons. One out of order or of unknown type spoils the NLRI, whose
 * length still lets it be skipped (RFC 8955 10).
 */
#include "parsers/bgp/nlri/flow.h"

static void
key_of_ops(struct nlri_key *key, struct cursor value, bool bitmask)
{
	uint8_t mask = bitmask ? FLOW_OP_BITMASK : FLOW_OP_NUMERIC;
	bool first = true;
	struct flow_op op;

	while (cur_left(&value) > 0 && flow_parse_op(&value, &op)) {
		/* the first comparison is joined to none before it, whatever its AND bit says */
		nlri_key_put8(key, op.op & mask & (uint8_t)(first ? ~FLOW_OP_AND : 0xff));
		nlri_key_put(key, op.at, op.octets);
		first = false;
	}
}

static void
key_of_mac(struct nlri_key *key, struct cursor value)
{
	struct flow_mac mac;

	if (!flow_parse_mac(&value, &mac))
		return;
	nlri_key_put8(key, (uint8_t)mac.bits);
	nlri_key_put(key, mac.masked, mac.octets);
}

static void
key_of_pattern(struct nlri_key *key, struct flow_component *c, bool v6)
{
	struct bgp_nlri *n = key->n;
	struct flow_pattern p;

	flow_parse_pattern(&c->value, v6, &p);
	nlri_key_put8(key, (uint8_t)p.bits);
	if (v6)
		nlri_key_put8(key, (uint8_t)p.offset);
	nlri_key_put(key, p.masked, p.octets);
	if (c->row->kind != FLOW_DESTINATION || p.offset != 0)
		return;
	ip_prefix_make(&n->prefix, v6 ? IP_V6 : IP_V4, p.masked, p.bits);
}

static enum nlri_verdict
read_components(struct bgp_family f, struct cursor body, struct nlri_key *key)
{
	struct flow_component c = { .type = 0 };

	while (flow_next(&body, f, &c)) {
		nlri_key_put8(key, c.type);
		if (c.row->kind == FLOW_DESTINATION || c.row->kind == FLOW_SOURCE)
			key_of_pattern(key, &c, f.afi == AFI_IPV6);
		else if (c.row->kind == FLOW_MAC)
			key_of_mac(key, c.value);
		else
			key_of_ops(key, c.value, c.row->kind == FLOW_BITMASK);
	}
	return body.failed || c.type == 0 ? NLRI_BAD : NLRI_READ;
}

static enum nlri_verdict
read_flowspec(struct bgp_nlri *n, struct bgp_family f, struct bgp_nlri_encoding encoding,
    struct nlri_key *key)
{
	struct cursor body = n->body;

	(void)encoding;
	if (f.safi == SAFI_FLOWSPEC_VPN)
		nlri_parse_rd(&body, key);
	return read_components(f, body, key);
}

const struct nlri_kind nlri_flowspec = {
	.frame = NLRI_LEN_FLOW, .read = read_flowspec, .dissect = flow_dissect, .text = flow_text
};

/*
 * Components of FlowSpec NLRI (RFC 8955 4.2, RFC 8956 3, draft-ietf-idr-flowspec-l2vpn): which
 * there are, and how their values are parsed.
 */
#include "parsers/bgp/nlri/flow.h"

/* Component types; those of layer 2 have no meaning in an IP family. */
static const struct flow_row rows[] = {
	[1] = { "destination_prefix", "dst", FLOW_DESTINATION, false },
	[2] = { "source_prefix", "src", FLOW_SOURCE, false },
	[3] = { "ip_protocol", "proto", FLOW_NUMERIC, false },
	[4] = { "port", "port", FLOW_NUMERIC, false },
	[5] = { "destination_port", "dport", FLOW_NUMERIC, false },
	[6] = { "source_port", "sport", FLOW_NUMERIC, false },
	[7] = { "icmp_type", "icmp-type", FLOW_NUMERIC, false },
	[8] = { "icmp_code", "icmp-code", FLOW_NUMERIC, false },
	[9] = { "tcp_flags", "tcp-flags", FLOW_BITMASK, true },
	[10] = { "packet_length", "len", FLOW_NUMERIC, false },
	[11] = { "dscp", "dscp", FLOW_NUMERIC, false },
	[12] = { "fragment", "frag", FLOW_BITMASK, true },
	[13] = { "flow_label", "flow-label", FLOW_NUMERIC, false },
	[14] = { "ethernet_type", "ethertype", FLOW_NUMERIC, true },
	[15] = { "source_mac", "src-mac", FLOW_MAC, false },
	[16] = { "destination_mac", "dst-mac", FLOW_MAC, false },
	[17] = { "dsap_in_llc", "dsap", FLOW_NUMERIC, true },
	[18] = { "ssap_in_llc", "ssap", FLOW_NUMERIC, true },
	[19] = { "control_field_in_llc", "control", FLOW_NUMERIC, true },
	[20] = { "snap", "snap", FLOW_NUMERIC, true },
	[21] = { "vlan_id", "vlan", FLOW_NUMERIC, false },
	[22] = { "vlan_cos", "cos", FLOW_NUMERIC, false },
	[23] = { "inner_vlan_id", "inner-vlan", FLOW_NUMERIC, false },
	[24] = { "inner_vlan_cos", "inner-cos", FLOW_NUMERIC, false },
};

enum { TYPE_FLOW_LABEL = 13, TYPE_MAX_IPV4 = 12, TYPE_MAX_L2 = 24 };

static const struct flow_row *
row_of(struct bgp_family f, uint8_t type)
{
	unsigned max = f.afi == AFI_IPV4   ? TYPE_MAX_IPV4
		       : f.afi == AFI_IPV6 ? TYPE_FLOW_LABEL
					   : TYPE_MAX_L2;

	return type > 0 && type <= max ? &rows[type] : NULL;
}

/* --- values */

bool
flow_parse_op(struct cursor *r, struct flow_op *op)
{
	op->op = cur_u8(r);
	op->octets = (uint8_t)(1U << (op->op >> 4 & 3));
	op->at = cur_take(r, op->octets);
	op->value = 0;
	if (op->at == NULL)
		return false;
	for (unsigned i = 0; i < op->octets; i++)
		op->value = op->value << 8 | op->at[i];
	return true;
}

bool
flow_parse_pattern(struct cursor *r, bool v6, struct flow_pattern *p)
{
	const uint8_t *at;
	unsigned n;

	p->bits = cur_u8(r);
	p->offset = v6 ? cur_u8(r) : 0;
	if (p->bits > (v6 ? 128U : 32U) || (p->offset >= p->bits && p->offset + p->bits != 0))
		return false;
	n = p->bits - p->offset;
	p->octets = (n + 7) / 8;
	at = cur_take(r, p->octets);
	memset(p->masked, 0, sizeof(p->masked));
	if (at == NULL)
		return false;
	memcpy(p->masked, at, p->octets);
	if (n % 8 != 0)
		p->masked[p->octets - 1] &= (uint8_t)(0xff00U >> (n % 8));
	return true;
}

bool
flow_parse_mac(struct cursor *r, struct flow_mac *m)
{
	unsigned length = cur_u8(r);
	const uint8_t *at;

	m->bits = length <= 6 ? 8 * length : length;
	m->octets = (m->bits + 7) / 8;
	at = cur_take(r, m->octets);
	if (m->bits > 48 || at == NULL)
		return false;
	memcpy(m->masked, at, m->octets);
	if (m->bits % 8 != 0)
		m->masked[m->octets - 1] &= (uint8_t)(0xff00U >> (m->bits % 8));
	return true;
}

/* --- components */

static bool
skip_value(struct cursor *r, enum flow_kind kind, bool v6)
{
	struct flow_pattern p;
	struct flow_mac mac;
	struct flow_op op;

	switch (kind) {
	case FLOW_DESTINATION:
	case FLOW_SOURCE:
		return flow_parse_pattern(r, v6, &p);
	case FLOW_MAC:
		return flow_parse_mac(r, &mac);
	default:
		do
			if (!flow_parse_op(r, &op))
				return false;
		while (!(op.op & FLOW_OP_END));
		return true;
	}
}

bool
flow_next(struct cursor *r, struct bgp_family f, struct flow_component *c)
{
	const uint8_t *at;
	uint8_t type;

	if (cur_left(r) == 0)
		return false;
	type = cur_u8(r);
	c->row = row_of(f, type);
	at = r->pos;
	if (type <= c->type || c->row == NULL || !skip_value(r, c->row->kind, f.afi == AFI_IPV6)) {
		r->failed = true;
		return false;
	}
	c->type = type;
	c->value = (struct cursor){ .pos = at, .end = r->pos };
	return true;
}

/*
 * FlowSpec (RFC 8955, RFC 8956; layer 2: draft-ietf-idr-flowspec-l2vpn): a list of components, each
 * a prefix or a chain of comparisons. One out of order or of unknown type spoils the NLRI, whose
 * length still lets it be skipped (RFC 8955 10).
 */
#include "parsers/nlri_kind.h"

enum component_kind { NONE, DESTINATION, SOURCE, NUMERIC, BITMASK, MAC };

/* Component types; those of layer 2 have no meaning in an IP family. */
static const struct component_row {
	const char *name, *text;
	enum component_kind kind;
	bool hex; /* values are written so */
} rows[] = {
	[1] = { "destination_prefix", "dst", DESTINATION, false },
	[2] = { "source_prefix", "src", SOURCE, false },
	[3] = { "ip_protocol", "proto", NUMERIC, false },
	[4] = { "port", "port", NUMERIC, false },
	[5] = { "destination_port", "dport", NUMERIC, false },
	[6] = { "source_port", "sport", NUMERIC, false },
	[7] = { "icmp_type", "icmp-type", NUMERIC, false },
	[8] = { "icmp_code", "icmp-code", NUMERIC, false },
	[9] = { "tcp_flags", "tcp-flags", BITMASK, true },
	[10] = { "packet_length", "len", NUMERIC, false },
	[11] = { "dscp", "dscp", NUMERIC, false },
	[12] = { "fragment", "frag", BITMASK, true },
	[13] = { "flow_label", "flow-label", NUMERIC, false },
	[14] = { "ethernet_type", "ethertype", NUMERIC, true },
	[15] = { "source_mac", "src-mac", MAC, false },
	[16] = { "destination_mac", "dst-mac", MAC, false },
	[17] = { "dsap_in_llc", "dsap", NUMERIC, true },
	[18] = { "ssap_in_llc", "ssap", NUMERIC, true },
	[19] = { "control_field_in_llc", "control", NUMERIC, true },
	[20] = { "snap", "snap", NUMERIC, true },
	[21] = { "vlan_id", "vlan", NUMERIC, false },
	[22] = { "vlan_cos", "cos", NUMERIC, false },
	[23] = { "inner_vlan_id", "inner-vlan", NUMERIC, false },
	[24] = { "inner_vlan_cos", "inner-cos", NUMERIC, false },
};

enum { TYPE_FLOW_LABEL = 13, TYPE_MAX_IPV4 = 12, TYPE_MAX_L2 = 24, TYPE_TCP_FLAGS = 9 };

/* Operator octet (RFC 8955 4.2.1): end of list, and, value size; numeric and bitmask comparisons.
 */
enum {
	OP_END = 0x80,
	OP_AND = 0x40,
	OP_LT = 0x04,
	OP_GT = 0x02,
	OP_EQ = 0x01,
	OP_NOT = 0x02,
	OP_MATCH = 0x01,
	OP_SIZES = 0x30,
	OP_NUMERIC = OP_END | OP_AND | OP_SIZES | OP_LT | OP_GT | OP_EQ,
	OP_BITMASK = OP_END | OP_AND | OP_SIZES | OP_NOT | OP_MATCH,
};

static const struct component_row *
row_of(struct bgp_family f, uint8_t type)
{
	unsigned max = f.afi == AFI_IPV4   ? TYPE_MAX_IPV4
		       : f.afi == AFI_IPV6 ? TYPE_FLOW_LABEL
					   : TYPE_MAX_L2;

	return type > 0 && type <= max ? &rows[type] : NULL;
}

/* --- one comparison of a chain */

struct op {
	uint8_t op, octets; /* octets of the value: 1, 2, 4, 8 */
	const uint8_t *at;  /* the value */
	uint64_t value;
};

/* False when it does not fit. */
static bool
take_op(struct rd *r, struct op *op)
{
	op->op = rd_u8(r);
	op->octets = (uint8_t)(1U << (op->op >> 4 & 3));
	op->at = rd_take(r, op->octets);
	op->value = 0;
	if (op->at == NULL)
		return false;
	for (unsigned i = 0; i < op->octets; i++)
		op->value = op->value << 8 | op->at[i];
	return true;
}

/* --- prefixes and MAC addresses */

struct pattern {
	unsigned bits,
	    offset; /* IPv6 only: the pattern starts after `offset` bits (RFC 8956 3.1) */
	unsigned octets;
	uint8_t masked[16]; /* as sent: from the first bit of the pattern on */
};

static bool
take_pattern(struct rd *r, bool v6, struct pattern *p)
{
	const uint8_t *at;
	unsigned n;

	p->bits = rd_u8(r);
	p->offset = v6 ? rd_u8(r) : 0;
	if (p->bits > (v6 ? 128U : 32U) || (p->offset >= p->bits && p->offset + p->bits != 0))
		return false;
	n = p->bits - p->offset;
	p->octets = (n + 7) / 8;
	at = rd_take(r, p->octets);
	memset(p->masked, 0, sizeof(p->masked));
	if (at == NULL)
		return false;
	memcpy(p->masked, at, p->octets);
	if (n % 8 != 0)
		p->masked[p->octets - 1] &= (uint8_t)(0xff00U >> (n % 8));
	return true;
}

/* "2001:db8::/32"; with an offset "::1234:0:0/64-104": bits 64 to 104 of the address. */
static void
text_pattern(struct txt *x, bool v6, const struct pattern *p)
{
	uint8_t addr[16] = { 0 };

	if (p->offset == 0) {
		txt_prefix(x, v6, p->masked, p->bits);
		return;
	}
	for (unsigned i = 0; i < p->bits - p->offset; i++)
		if (p->masked[i / 8] >> (7 - i % 8) & 1)
			addr[(p->offset + i) / 8] |= (uint8_t)(0x80 >> (p->offset + i) % 8);
	txt_ipv6(x, addr);
	txt_putf(x, "/%u-%u", p->offset, p->bits);
}

struct mac {
	unsigned bits, octets;
	uint8_t masked[6];
};

/* Length and address; the length is seen in octets and in bits. */
static bool
take_mac(struct rd *r, struct mac *m)
{
	unsigned length = rd_u8(r);
	const uint8_t *at;

	m->bits = length <= 6 ? 8 * length : length;
	m->octets = (m->bits + 7) / 8;
	at = rd_take(r, m->octets);
	if (m->bits > 48 || at == NULL)
		return false;
	memcpy(m->masked, at, m->octets);
	if (m->bits % 8 != 0)
		m->masked[m->octets - 1] &= (uint8_t)(0xff00U >> (m->bits % 8));
	return true;
}

static void
text_mac(struct txt *x, const struct mac *m)
{
	txt_colons(x, m->masked, m->octets);
	if (m->bits < 48)
		txt_putf(x, "/%u", m->bits);
}

/* --- components */

struct component {
	uint8_t type;
	const struct component_row *row;
	struct rd value; /* after the type */
};

static bool
skip_value(struct rd *r, enum component_kind kind, bool v6)
{
	struct pattern p;
	struct mac mac;
	struct op op;

	switch (kind) {
	case DESTINATION:
	case SOURCE:
		return take_pattern(r, v6, &p);
	case MAC:
		return take_mac(r, &mac);
	default:
		do
			if (!take_op(r, &op))
				return false;
		while (!(op.op & OP_END));
		return true;
	}
}

/* The next component; false at the end, or, with r->failed, where the NLRI is malformed. c->type:
 * that of the one before. */
static bool
next_component(struct rd *r, struct bgp_family f, struct component *c)
{
	const uint8_t *at;
	uint8_t type;

	if (rd_left(r) == 0)
		return false;
	type = rd_u8(r);
	c->row = row_of(f, type);
	at = r->pos;
	if (type <= c->type || c->row == NULL || !skip_value(r, c->row->kind, f.afi == AFI_IPV6)) {
		r->failed = true;
		return false;
	}
	c->type = type;
	c->value = (struct rd){ .pos = at, .end = r->pos };
	return true;
}

/* --- read */

static void
key_of_ops(struct nlri_key *key, struct rd value, bool bitmask)
{
	uint8_t mask = bitmask ? OP_BITMASK : OP_NUMERIC;
	bool first = true;
	struct op op;

	while (rd_left(&value) > 0 && take_op(&value, &op)) {
		/* there is nothing before the first that it could be joined to */
		nlri_key_put8(key, op.op & mask & (uint8_t)(first ? ~OP_AND : 0xff));
		nlri_key_put(key, op.at, op.octets);
		first = false;
	}
}

static void
key_of_mac(struct nlri_key *key, struct rd value)
{
	struct mac mac;

	if (!take_mac(&value, &mac))
		return;
	nlri_key_put8(key, (uint8_t)mac.bits);
	nlri_key_put(key, mac.masked, mac.octets);
}

static void
key_of_pattern(struct nlri_key *key, struct component *c, bool v6)
{
	struct bgp_nlri_any *n = key->n;
	struct pattern p;

	take_pattern(&c->value, v6, &p);
	nlri_key_put8(key, (uint8_t)p.bits);
	if (v6)
		nlri_key_put8(key, (uint8_t)p.offset);
	nlri_key_put(key, p.masked, p.octets);
	if (c->row->kind != DESTINATION || p.offset != 0)
		return;
	n->has_prefix = true;
	n->v6 = v6;
	n->len = (uint8_t)p.bits;
	memcpy(n->addr, p.masked, sizeof(n->addr));
}

static enum nlri_verdict
read_components(struct bgp_family f, struct rd body, struct nlri_key *key)
{
	struct component c = { .type = 0 };

	while (next_component(&body, f, &c)) {
		nlri_key_put8(key, c.type);
		if (c.row->kind == DESTINATION || c.row->kind == SOURCE)
			key_of_pattern(key, &c, f.afi == AFI_IPV6);
		else if (c.row->kind == MAC)
			key_of_mac(key, c.value);
		else
			key_of_ops(key, c.value, c.row->kind == BITMASK);
	}
	return body.failed || c.type == 0 ? NLRI_BAD : NLRI_READ;
}

static enum nlri_verdict
read_flowspec(struct bgp_nlri_any *n, struct bgp_family f, bool withdraw, struct nlri_key *key)
{
	struct rd body = n->body;

	(void)withdraw;
	if (f.safi == SAFI_FLOWSPEC_VPN)
		nlri_take_rd(&body, key);
	return read_components(f, body, key);
}

/* --- text */

static const char *
numeric_sign(uint8_t op)
{
	static const char *const signs[8] = { "false", "=", ">", ">=", "<", "<=", "!=", "true" };

	return signs[op & (OP_LT | OP_GT | OP_EQ)];
}

/* Any of the bits, all of them, and their opposites. */
static const char *
bitmask_sign(uint8_t op)
{
	static const char *const signs[4] = { "", "=", "!", "!=" };

	return signs[op & (OP_NOT | OP_MATCH)];
}

static void
text_bits(struct txt *x, uint8_t type, uint64_t value)
{
	static const char *const tcp[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };
	static const char *const fragment[] = { "df", "isf", "ff", "lf" };
	const char *const *names = type == TYPE_TCP_FLAGS ? tcp : fragment;
	unsigned n = type == TYPE_TCP_FLAGS ? 8 : 4;
	const char *join = "";

	for (unsigned i = 0; i < n; i++) {
		if (!(value >> i & 1))
			continue;
		txt_putf(x, "%s%s", join, names[i]);
		join = "+";
	}
	if (value >> n != 0 || value == 0)
		txt_putf(x, "%s0x%llx", join, (unsigned long long)(value >> n << n));
}

static void
text_value(struct txt *x, const struct component *c, uint64_t value)
{
	if (c->row->kind == BITMASK)
		text_bits(x, c->type, value);
	else
		txt_putf(x, c->row->hex ? "0x%llx" : "%llu", (unsigned long long)value);
}

/* "=6", ">=1024&<=65535|=80". */
static void
text_ops(struct txt *x, const struct component *c)
{
	struct rd r = c->value;
	bool first = true;
	struct op op;

	while (rd_left(&r) > 0 && take_op(&r, &op)) {
		if (!first)
			txt_puts(x, op.op & OP_AND ? "&" : "|");
		first = false;
		txt_puts(x, c->row->kind == BITMASK ? bitmask_sign(op.op) : numeric_sign(op.op));
		text_value(x, c, op.value);
	}
}

/* The value of a component that is not a chain of comparisons. */
static void
text_address(struct txt *x, struct bgp_family f, const struct component *c)
{
	bool v6 = f.afi == AFI_IPV6;
	struct rd r = c->value;
	struct pattern p;
	struct mac mac;

	if (c->row->kind == MAC && take_mac(&r, &mac))
		text_mac(x, &mac);
	else if (c->row->kind != MAC && take_pattern(&r, v6, &p))
		text_pattern(x, v6, &p);
}

static bool
is_chain(const struct component *c)
{
	return c->row->kind == NUMERIC || c->row->kind == BITMASK;
}

static struct rd
components_of(const struct bgp_nlri_any *n)
{
	struct rd body = n->body;

	if (n->has_rd)
		rd_take(&body, sizeof(n->rd));
	return body;
}

static void
text_flowspec(struct txt *x, struct bgp_family f, const struct bgp_nlri_any *n)
{
	struct rd body = components_of(n);
	struct component c = { .type = 0 };

	nlri_text_rd(x, n);
	for (const char *join = ""; next_component(&body, f, &c); join = " ") {
		txt_putf(x, "%s%s ", join, c.row->text);
		if (is_chain(&c))
			text_ops(x, &c);
		else
			text_address(x, f, &c);
	}
}

/* --- tell */

static void
tell_ops(struct tell *t, const struct component *c)
{
	bool bitmask = c->row->kind == BITMASK;
	struct rd r = c->value;
	struct op op;

	tell_list(t, "operations");
	while (rd_left(&r) > 0 && take_op(&r, &op)) {
		char text[128];
		struct txt x = txt_of(text, sizeof(text));

		tell_open(t, NULL);
		tell_number(t, "operator", op.op);
		tell_number(t, "value", op.value);
		txt_puts(&x, bitmask ? bitmask_sign(op.op) : numeric_sign(op.op));
		text_value(&x, c, op.value);
		tell_text(t, "match", text);
		tell_close(t);
	}
	tell_list_end(t);
}

static void
tell_flowspec(struct tell *t, struct bgp_family f, const struct bgp_nlri_any *n)
{
	struct rd body = components_of(n);
	struct component c = { .type = 0 };

	nlri_tell_rd(t, n);
	tell_list(t, "components");
	while (next_component(&body, f, &c)) {
		char text[128];
		struct txt x = txt_of(text, sizeof(text));

		tell_open(t, NULL);
		tell_number(t, "type", c.type);
		if (is_chain(&c)) {
			tell_text(t, "name", c.row->name);
			tell_ops(t, &c);
		} else {
			text_address(&x, f, &c);
			tell_text(t, c.row->name, text);
		}
		tell_close(t);
	}
	tell_list_end(t);
}

const struct nlri_kind nlri_flowspec = {
	.frame = NLRI_LEN_FLOW, .read = read_flowspec, .tell = tell_flowspec, .text = text_flowspec
};
const struct nlri_kind nlri_flowspec_vpn = {
	.frame = NLRI_LEN_FLOW, .read = read_flowspec, .tell = tell_flowspec, .text = text_flowspec
};

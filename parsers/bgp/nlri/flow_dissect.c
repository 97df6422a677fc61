/* FlowSpec NLRI: components in one line, and field by field. */
#include "parsers/bgp/nlri/flow.h"

/* "2001:db8::/32"; with an offset "::1234:0:0/64-104": bits 64 to 104 of the address. */
static void
text_pattern(struct txt *x, bool v6, const struct flow_pattern *p)
{
	uint8_t addr[16] = { 0 };

	if (p->offset == 0) {
		txt_prefix(x, v6 ? IP_V6 : IP_V4, p->masked, p->bits);
		return;
	}
	for (unsigned i = 0; i < p->bits - p->offset; i++)
		if (p->masked[i / 8] >> (7 - i % 8) & 1)
			addr[(p->offset + i) / 8] |= (uint8_t)(0x80 >> (p->offset + i) % 8);
	txt_ipv6(x, addr);
	txt_putf(x, "/%u-%u", p->offset, p->bits);
}

static void
text_mac(struct txt *x, const struct flow_mac *m)
{
	txt_colons(x, m->masked, m->octets);
	if (m->bits < 48)
		txt_putf(x, "/%u", m->bits);
}

/* --- text */

static const char *
numeric_sign(uint8_t op)
{
	static const char *const signs[8] = { "false", "=", ">", ">=", "<", "<=", "!=", "true" };

	return signs[op & (FLOW_OP_LT | FLOW_OP_GT | FLOW_OP_EQ)];
}

/* Any of the bits, all of them, and their opposites. */
static const char *
bitmask_sign(uint8_t op)
{
	static const char *const signs[4] = { "", "=", "!", "!=" };

	return signs[op & (FLOW_OP_NOT | FLOW_OP_MATCH)];
}

static void
text_bits(struct txt *x, uint8_t type, uint64_t value)
{
	static const char *const tcp[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };
	static const char *const fragment[] = { "df", "isf", "ff", "lf" };
	const char *const *names = type == FLOW_TCP_FLAGS ? tcp : fragment;
	unsigned n = type == FLOW_TCP_FLAGS ? 8 : 4;
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

/* A comparison; two of the numeric ones ask nothing of the value. */
static void
text_op(struct txt *x, const struct flow_component *c, const struct flow_op *op)
{
	uint8_t relation = op->op & (FLOW_OP_LT | FLOW_OP_GT | FLOW_OP_EQ);

	if (c->row->kind == FLOW_BITMASK) {
		txt_puts(x, bitmask_sign(op->op));
		text_bits(x, c->type, op->value);
		return;
	}
	txt_puts(x, numeric_sign(op->op));
	if (relation != FLOW_NEVER && relation != FLOW_ALWAYS)
		txt_putf(x, c->row->hex ? "0x%llx" : "%llu", (unsigned long long)op->value);
}

/* "=6", ">=1024&<=65535|=80". */
static void
text_ops(struct txt *x, const struct flow_component *c)
{
	struct cursor r = c->value;
	bool first = true;
	struct flow_op op;

	while (cur_left(&r) > 0 && flow_parse_op(&r, &op)) {
		if (!first)
			txt_puts(x, op.op & FLOW_OP_AND ? "&" : "|");
		first = false;
		text_op(x, c, &op);
	}
}

/* The value of a component that is not a chain of comparisons. */
static void
text_address(struct txt *x, struct bgp_family f, const struct flow_component *c)
{
	bool v6 = f.afi == AFI_IPV6;
	struct cursor r = c->value;
	struct flow_pattern p;
	struct flow_mac mac;

	if (c->row->kind == FLOW_MAC && flow_parse_mac(&r, &mac))
		text_mac(x, &mac);
	else if (c->row->kind != FLOW_MAC && flow_parse_pattern(&r, v6, &p))
		text_pattern(x, v6, &p);
}

static bool
is_chain(const struct flow_component *c)
{
	return c->row->kind == FLOW_NUMERIC || c->row->kind == FLOW_BITMASK;
}

static struct cursor
components_of(const struct bgp_nlri *n)
{
	struct cursor body = n->body;

	if (n->has_rd)
		cur_take(&body, sizeof(n->rd));
	return body;
}

void
flow_text(struct txt *x, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = components_of(n);
	struct flow_component c = { .type = 0 };

	nlri_text_rd(x, n);
	for (const char *join = ""; flow_next(&body, f, &c); join = " ") {
		txt_putf(x, "%s%s ", join, c.row->text);
		if (is_chain(&c))
			text_ops(x, &c);
		else
			text_address(x, f, &c);
	}
}

/* --- dissect */

static void
dissect_ops(struct field_sink *to, const struct flow_component *c)
{
	struct cursor r = c->value;
	struct flow_op op;

	field_list(to, "operations");
	while (cur_left(&r) > 0 && flow_parse_op(&r, &op)) {
		char text[128];
		struct txt x = txt_of(text, sizeof(text));

		field_group(to, NULL);
		field_number(to, "operator", op.op);
		field_number(to, "value", op.value);
		text_op(&x, c, &op);
		field_text(to, "match", text);
		field_group_end(to);
	}
	field_list_end(to);
}

void
flow_dissect(struct field_sink *to, struct bgp_family f, const struct bgp_nlri *n)
{
	struct cursor body = components_of(n);
	struct flow_component c = { .type = 0 };

	nlri_dissect_rd(to, n);
	field_list(to, "components");
	while (flow_next(&body, f, &c)) {
		char text[128];
		struct txt x = txt_of(text, sizeof(text));

		field_group(to, NULL);
		field_number(to, "type", c.type);
		if (is_chain(&c)) {
			field_text(to, "name", c.row->name);
			dissect_ops(to, &c);
		} else {
			text_address(&x, f, &c);
			field_text(to, c.row->name, text);
		}
		field_group_end(to);
	}
	field_list_end(to);
}

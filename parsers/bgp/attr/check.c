/*
 * The checks of RFC 7606 over a split UPDATE: each attribute by its row of the table, what is
 * missing, and the next hop. What a row cannot say is in the file of the attribute.
 */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/message.h"

/* A multiple of step (0: of anything); a division only where it has to be. */
static inline bool
in_steps(unsigned len, unsigned step)
{
	if (step == 0)
		return true;
	return (step & (step - 1)) == 0 ? (len & (step - 1)) == 0 : len % step == 0;
}

/* Applies the rules of a row, which do not look into the attribute. */
static enum fault_code
rule_fault(struct attr_check *c, const struct attr_row *row)
{
	enum fault_code fault = FAULT_NONE;

	if (row->rules & ATTR_RULE_INTERNAL && c->ctx->ebgp)
		fault = FAULT_ATTR_EXTERNAL;
	else if (row->rules & ATTR_RULE_AS2 && c->ctx->encoding.as4)
		fault = FAULT_ATTR_AS4;
	if (fault != FAULT_NONE)
		c->at = attr_header(c->attr);
	return fault;
}

/* The fault of an attribute whose flags are not those of its row. */
static enum fault_code
flags_fault(struct attr_check *c, const struct attr_row *row)
{
	if (!row->known || row->flags == ATTR_FLAGS_ANY) {
		/* an unknown optional attribute is passed on; an unknown well-known one is an error
		 * (RFC 4271 6.3) */
		if (c->attr->flags & ATTR_OPTIONAL)
			return FAULT_NONE;
		c->at = attr_header(c->attr);
		return FAULT_ATTR_WELL_KNOWN;
	}
	c->at = attr_header(c->attr);
	return row->rules & ATTR_RULE_DISCARD_FLAGS ? FAULT_ATTR_FLAGS_DISCARD
						    : FAULT_ATTR_FLAGS; /* RFC 7606 3 c */
}

/* The fault of an attribute whose length its row does not allow. */
static enum fault_code
length_fault(struct attr_check *c, const struct attr_row *row)
{
	if (c->ctx->lenient_missing && c->attr->len == 0 && c->attr->code <= ATTR_NEXT_HOP)
		return FAULT_NONE;
	c->at = attr_length(c->attr);
	return (enum fault_code)row->on_length;
}

/* What RFC 7606 says of one attribute, FAULT_NONE when it is fine; c->at is where. Inline because
 * as a call it costs the hot path one part in twenty. */
static inline enum fault_code
check_one(struct attr_check *c)
{
	const struct bgp_attr *a = c->attr;
	const struct attr_row *row = &attr_table[a->code];

	c->at = a->value;
	if (row->rules != 0) {
		enum fault_code fault = rule_fault(c, row);

		if (fault != FAULT_NONE)
			return fault;
	}
	if ((a->flags & (ATTR_OPTIONAL | ATTR_TRANSITIVE)) != row->flags || !row->known)
		return flags_fault(c, row);
	if (a->len < row->min || a->len > row->max || !in_steps(a->len, row->step))
		return length_fault(c, row);
	if (row->check == NULL)
		return FAULT_NONE;
	c->value = cur_of(a->value, a->len);
	return row->check(c);
}

/* The same as a function, for an attribute that holds others. */
static enum fault_code
check_inner(struct attr_check *c)
{
	return check_one(c);
}

static void
check_missing(const struct bgp_update *u, const struct bgp_context *ctx, struct faults *f)
{
	bool classic = cur_left(&u->nlri) > 0;
	bool mp = u->reach.present && cur_left(&u->reach.nlri) > 0;

	if ((!classic && !mp) || ctx->lenient_missing)
		return;
	if (!(u->known >> ATTR_ORIGIN & 1))
		fault_add(f, FAULT_ATTR_MISSING, ATTR_ORIGIN, 0);
	/* BGPsec_PATH takes its place (RFC 8205 4) */
	if (!(u->known >> ATTR_AS_PATH & 1) && bgp_update_attr(u, ATTR_BGPSEC_PATH) == NULL)
		fault_add(f, FAULT_ATTR_MISSING, ATTR_AS_PATH, 0);
	if (classic && !ctx->lenient_next_hop && !(u->known >> ATTR_NEXT_HOP & 1))
		fault_add(f, FAULT_ATTR_MISSING, ATTR_NEXT_HOP, 0);
}

static bool
next_hop_fits(const struct bgp_mp *mp, const struct bgp_context *ctx)
{
	size_t n = cur_left(&mp->next_hop);

	return (ctx->lenient_missing && n == 0) || bgp_family_next_hop_fits(mp->family, n);
}

/* The flags of MP_REACH_NLRI and MP_UNREACH_NLRI, which are not among the attributes kept. */
static void
check_mp_flags(const struct bgp_update *u, const struct bgp_mp *mp, uint8_t code, struct faults *f)
{
	const struct bgp_attr a = { .value = mp->value, .flags = mp->flags };

	if (mp->present && (mp->flags & (ATTR_OPTIONAL | ATTR_TRANSITIVE)) != ATTR_OPTIONAL)
		fault_add(f, FAULT_ATTR_FLAGS, code, (size_t)(attr_header(&a) - u->start));
}

/*
 * Does the UPDATE announce no route, though it has attributes other than MP_UNREACH_NLRI (RFC 7606
 * 5.2)? Then treating it as a withdrawal would do nothing, and what cannot be read may have been a
 * route.
 */
static bool
reaches_nothing(const struct bgp_update *u)
{
	const struct bgp_attr unreach = { .value = u->unreach.value, .flags = u->unreach.flags };

	if (cur_left(&u->nlri) > 0 || (u->reach.present && cur_left(&u->reach.nlri) > 0))
		return false;
	return !u->unreach.present || attr_header(&unreach) != u->attrs.pos ||
	       u->unreach.nlri.end != u->attrs.end;
}

void
bgp_update_check(struct bgp_update *u, const struct bgp_context *ctx, struct faults *f)
{
	struct attr_check c = { .u = u, .ctx = ctx, .check_one = check_inner };
	unsigned kept = 0;

	check_missing(u, ctx, f);
	check_mp_flags(u, &u->reach, ATTR_MP_REACH, f);
	check_mp_flags(u, &u->unreach, ATTR_MP_UNREACH, f);
	if (u->reach.present && !next_hop_fits(&u->reach, ctx)) /* its length is wrong */
		fault_add(f, FAULT_MP_NEXT_HOP, ATTR_MP_REACH,
		    (size_t)(u->reach.next_hop.pos - 1 - u->start));
	for (unsigned i = 0; i < u->attrs_n; i++) {
		enum fault_code fault;

		c.attr = &u->attr[i];
		fault = check_one(&c);
		if (fault != FAULT_NONE) {
			fault_add(f, fault, u->attr[i].code, (size_t)(c.at - u->start));
			if (fault_action(fault) == FAULT_ATTRIBUTE_DISCARD) {
				if (u->attr[i].code < 32)
					u->known &= ~(1U << u->attr[i].code);
				continue;
			}
		}
		if (kept != i)
			u->attr[kept] = u->attr[i];
		kept++;
	}
	u->attrs_n = (uint8_t)kept;
	if (f->action == FAULT_TREAT_AS_WITHDRAW && reaches_nothing(u))
		fault_add(f, FAULT_NO_NLRI, BGP_UPDATE, (size_t)(u->attrs.pos - 2 - u->start));
}

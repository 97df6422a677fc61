/* Leaks: routes that are handed on to whom they were not for. */
#include "collector/detect/detect_private.h"

/*
 * Of a relation that is no more than inferred only that is used which holds if it is wrong, too:
 *
 *   customer   gets all and sends little: what it may not send (OTC, our provider behind it, a
 *              provider-free network far behind it) is as odd from a peer
 *   provider   sends all and gets little: nobody else does; what another one sent does not go there
 *   peer       little both ways, as a customer with a default route, or who sells us some routes:
 *              only a provider-free network far behind it counts, which it did not show before
 */

/* RFC 9234 section 5, ingress and egress, for a monitor that sees both. */
static bool
leak_by_otc(const struct route_facts *f)
{
	bool in = bmp_view_is_inbound(f->view);

	if (!f->has_otc)
		return false;
	if (in && (relation_is_customer(f->relation) || f->inferred == NEIGHBOR_CUSTOMER))
		return true;
	if (in && f->relation == NEIGHBOR_PEER)
		return f->otc != f->remote_as;
	if (f->view != BMP_VIEW_OUT_POST)
		return false;
	if (f->relation == NEIGHBOR_PROVIDER || f->relation == NEIGHBOR_RS ||
	    f->inferred == NEIGHBOR_PROVIDER)
		return true;
	return f->relation == NEIGHBOR_PEER && f->otc != f->local_as;
}

/* The same by what is known of the sessions: the OTC that would be there. What somebody else leaks
 * to us and we pass on is his. */
static bool
leak_by_us(const struct detect *d, const struct route_facts *f)
{
	return f->view == BMP_VIEW_OUT_POST && detect_gets_no_transit(f->sender_relation) &&
	       (detect_gets_no_transit(f->relation) || f->inferred == NEIGHBOR_PROVIDER) &&
	       f->inherited == 0 && !detect_is_own_sibling(d, f->remote_as) &&
	       !detect_is_own_origin(d, f);
}

/* A neighbour may be provider-free itself, or of an organisation with such a network. */
static bool
leak_by_peerlock(const struct detect *d, const struct route_facts *f)
{
	if (f->path & PATH_BEYOND_STRANGER)
		return true;
	if (!(f->path & PATH_PROVIDER_FREE))
		return false;
	/* the neighbour in the path is a member, or it may be one */
	if (f->relation == NEIGHBOR_RS || f->inferred == NEIGHBOR_CUSTOMER ||
	    f->inferred == NEIGHBOR_PEER)
		return detect_behind_member(d, f->as_path, f->remote_as);
	if (f->relation != NEIGHBOR_CUSTOMER && f->relation != NEIGHBOR_PEER)
		return false;
	return f->path & PATH_PROVIDER_FREE_INSIDE || detect_network(d, f->remote_as) == NULL;
}

/*
 * What the path shows by itself, wherever it comes from. Else the neighbour gives transit that it
 * does not give, which our provider may be paid for; or a customer has of such a network what only
 * its peers have: peers and members of route servers send us what their customers are, and buy it
 * from whom they like.
 */
static bool
leak_by_no_transit(const struct route_facts *f)
{
	if (f->path & PATH_NO_TRANSIT)
		return true;
	if (f->path & PATH_NO_TRANSIT_FIRST)
		return f->relation != NEIGHBOR_PROVIDER && f->inferred != NEIGHBOR_PROVIDER &&
		       f->relation != NEIGHBOR_INTERNAL && f->relation != NEIGHBOR_COLLECTOR;
	return f->path & PATH_NO_TRANSIT_INSIDE && f->relation == NEIGHBOR_CUSTOMER;
}

enum {
	PATH_OF_LEAK = PATH_PROVIDER_FREE | PATH_BEYOND_STRANGER | PATH_NO_TRANSIT |
		       PATH_NO_TRANSIT_FIRST | PATH_NO_TRANSIT_INSIDE,
};

unsigned
leak_rules_of(const struct detect *d, const struct route_facts *f)
{
	unsigned rules = 0;

	if (leak_by_otc(f))
		rules |= 1U << RULE_LEAK_OTC;
	if (leak_by_us(d, f))
		rules |= 1U << RULE_LEAK_OWN;
	if (f->upstream != NEIGHBOR_UNKNOWN)
		rules |= 1U << RULE_LEAK_UPSTREAM;
	if (f->detour)
		rules |= 1U << RULE_LEAK_DETOUR;
	if (!(f->path & PATH_OF_LEAK) || !bmp_view_is_inbound(f->view))
		return rules;
	if (leak_by_peerlock(d, f))
		rules |= 1U << RULE_LEAK_PEERLOCK;
	if (leak_by_no_transit(f))
		rules |= 1U << RULE_LEAK_NO_TRANSIT;
	return rules;
}

uint32_t
detect_proofs_of_leak(const struct route_facts *f, uint32_t rules)
{
	rules &= RULES_PROVE_LEAK;
	if (f->has_origin && f->otc == f->origin && !relation_is_customer(f->relation))
		rules &= ~(1U << RULE_LEAK_OTC);
	if (f->upstream != NEIGHBOR_PROVIDER)
		rules &= ~(1U << RULE_LEAK_UPSTREAM);
	return rules;
}

bool
detect_is_inferred(const struct detect *d, const struct route_facts *f, uint32_t rules)
{
	struct route_facts known = *f;

	if (!(rules & RULES_LEAK) || rules & (RULES_ROV | RULES_HIJACK) ||
	    (f->inferred == NEIGHBOR_UNKNOWN && !f->sender_inferred && !f->upstream_inferred))
		return false;
	known.inferred = NEIGHBOR_UNKNOWN;
	if (f->sender_inferred)
		known.sender_relation = NEIGHBOR_UNKNOWN;
	if (f->upstream_inferred || !relation_is_customer(f->relation))
		known.upstream = NEIGHBOR_UNKNOWN;
	return ((leak_rules_of(d, &known) | f->inherited | detect_aspa(f) | f->burst) & RULES_LEAK &
		   rules) == 0;
}

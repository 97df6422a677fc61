/* The rules: each a truth value of one route. */
#include <assert.h>

#include "collector/detect/detect_private.h"

static const char action1[] = "Action 1: prevent propagation of incorrect routing information";
static const char action3[] = "Action 3: coordinate with the networks concerned";

#define RULE_INFO(rule, name, group, doer, norm)                                                   \
	[RULE_##rule] = { name, group, DOER_##doer, action##norm },

const struct rule_info rule_info[RULES] = { EACH_RULE(RULE_INFO) };

enum rule
rules_primary(uint32_t rules)
{
	static const uint8_t gravest_first[] = { RULE_HIJACK_EXACT, RULE_HIJACK_SPECIFIC,
		RULE_FIRST_HOP, RULE_LEAK_OWN, RULE_LEAK_OTC, RULE_LEAK_UPSTREAM,
		RULE_LEAK_PEERLOCK, RULE_LEAK_NO_TRANSIT, RULE_LEAK_BURST, RULE_ORIGIN_BURST,
		RULE_ROV_ASN, RULE_ROV_LENGTH, RULE_ASPA, RULE_COVERING, RULE_OWN_SPECIFIC,
		RULE_BLACKHOLE, RULE_BOGON_PREFIX, RULE_NO_EXPORT, RULE_FIRST_AS, RULE_TOO_SPECIFIC,
		RULE_BOGON_ASN, RULE_AS_SET, RULE_LONG_PATH };
	static_assert(sizeof(gravest_first) == RULES, "a place for each rule");

	for (unsigned k = 0; k < sizeof(gravest_first); k++)
		if (rules >> gravest_first[k] & 1)
			return (enum rule)gravest_first[k];
	return RULES;
}

static bool
is_inbound(const struct route_facts *f)
{
	return f->view == BMP_VIEW_IN_PRE || f->view == BMP_VIEW_IN_POST;
}

/* Neighbours of our own AS are part of us, and a route collector forwards nothing: what goes to
 * them has not been passed on. */
static bool
goes_nowhere(const struct route_facts *f)
{
	return (f->view == BMP_VIEW_OUT_PRE || f->view == BMP_VIEW_OUT_POST) &&
	       (f->relation == NEIGHBOR_INTERNAL || f->relation == NEIGHBOR_COLLECTOR);
}

/* --- leaks */

/* RFC 9234 section 5, ingress and egress, for a monitor that sees both. */
static bool
leak_by_otc(const struct route_facts *f)
{
	bool in = is_inbound(f);

	if (!f->has_otc)
		return false;
	if (in && relation_is_customer(f->relation))
		return true;
	if (in && f->relation == NEIGHBOR_PEER)
		return f->otc != f->remote_as;
	if (f->view != BMP_VIEW_OUT_POST)
		return false;
	if (f->relation == NEIGHBOR_PROVIDER || f->relation == NEIGHBOR_RS)
		return true;
	return f->relation == NEIGHBOR_PEER && f->otc != f->local_as;
}

/* The same by what is known of the sessions: the OTC that would be there. What somebody else leaks
 * to us and we pass on is his. */
static bool
leak_by_us(const struct detect *d, const struct route_facts *f)
{
	return f->view == BMP_VIEW_OUT_POST && detect_gets_no_transit(f->sender_relation) &&
	       detect_gets_no_transit(f->relation) && f->inherited == 0 &&
	       !detect_is_own_sibling(d, f->remote_as) && !detect_is_own_origin(d, f);
}

/* A neighbour may be provider-free itself, or of an organisation with such a network. */
static bool
leak_by_peerlock(const struct detect *d, const struct route_facts *f)
{
	if (!is_inbound(f))
		return false;
	if (f->path & PATH_BEYOND_STRANGER)
		return true;
	if (!(f->path & PATH_PROVIDER_FREE))
		return false;
	if (f->relation == NEIGHBOR_RS) /* the neighbour in the path is a member */
		return detect_behind_member(d, f->as_path, f->remote_as);
	if (f->relation != NEIGHBOR_CUSTOMER && f->relation != NEIGHBOR_PEER)
		return false;
	return f->path & PATH_PROVIDER_FREE_INSIDE || detect_network(d, f->remote_as) == NULL;
}

/* --- origin validation */

/* A site of ours with a private AS number, which the world sees as ours. */
static bool
is_own_site(const struct detect *d, const struct route_facts *f)
{
	return f->has_origin && detect_is_private_as(f->origin) && own_allows(d, f);
}

/*
 * Inside of our network more-specifics are ordinary: loopbacks, links, customers' statics, under
 * whoever's ROA when they are longer than what is routed. They matter where others see them. And a
 * host route that asks to be dropped is longer than its ROA on purpose; whoever sends it is the one
 * that the ROA names.
 */
static unsigned
rov_rules(const struct detect *d, const struct route_facts *f)
{
	if (f->rov.state != ROV_INVALID)
		return 0;
	if (f->view != BMP_VIEW_OUT_POST && is_own_site(d, f))
		return 0;
	if (!detect_is_outside(f) && detect_is_own_origin(d, f) &&
	    (f->rov.reason == ROV_REASON_LENGTH || detect_is_host_route(f->prefix)))
		return 0;
	if (f->rov.reason != ROV_REASON_LENGTH)
		return 1U << RULE_ROV_ASN;
	return f->blackhole ? 0 : 1U << RULE_ROV_LENGTH;
}

uint32_t
detect_admitted(const struct detect *d, const struct route_facts *f, uint32_t rules)
{
	uint32_t sender = 0;

	rules &= d->on;
	if (rules == 0)
		return 0;
	if (detect_wants_paths(d))
		sender = detect_path_sender(d, f->as_path, f->local_as);
	rules &= ~limits_find(d, f, rules, sender);
	if (d->exceptions.n > 0)
		rules &= ~exceptions_find(&d->exceptions, f, sender);
	return rules;
}

uint32_t
detect_route(const struct detect *d, const struct route_facts *f)
{
	unsigned mask = f->inherited & RULES_LEAK;

	if (goes_nowhere(f))
		return 0;
	mask |= rov_rules(d, f) | f->burst;
	if (leak_by_otc(f))
		mask |= 1U << RULE_LEAK_OTC;
	if (leak_by_us(d, f))
		mask |= 1U << RULE_LEAK_OWN;
	if (leak_by_peerlock(d, f))
		mask |= 1U << RULE_LEAK_PEERLOCK;
	mask |= detect_aspa(f);
	mask |= own_rules(d, f);
	mask |= syntax_rules(d, f, mask);
	return detect_admitted(d, f, mask);
}

/* The rules: each a truth value of one route. */
#include <assert.h>

#include "collector/detect/bogons.h"
#include "collector/detect/detect_private.h"

static const char action1[] = "Action 1: prevent propagation of incorrect routing information";
static const char action3[] = "Action 3: coordinate with the networks concerned";

#define RULE_INFO(rule, name, group, doer, act, norm)                                              \
	[RULE_##rule] = { name, group, DOER_##doer, action##act, NORM_##norm },

const struct rule_info rule_info[RULES] = { EACH_RULE(RULE_INFO) };

enum rule
rules_primary(uint32_t rules)
{
	static const uint8_t gravest_first[] = { RULE_HIJACK_EXACT, RULE_HIJACK_SPECIFIC,
		RULE_FIRST_HOP, RULE_LEAK_OWN, RULE_LEAK_OTC, RULE_LEAK_UPSTREAM,
		RULE_LEAK_PEERLOCK, RULE_LEAK_NO_TRANSIT, RULE_LEAK_DETOUR, RULE_LEAK_BURST,
		RULE_ORIGIN_BURST, RULE_ROV_ASN, RULE_ROV_LENGTH, RULE_ASPA, RULE_COVERING,
		RULE_OWN_SPECIFIC, RULE_BLACKHOLE, RULE_BOGON_PREFIX, RULE_NO_EXPORT, RULE_FIRST_AS,
		RULE_UNLISTED, RULE_TOO_SPECIFIC, RULE_BOGON_ASN, RULE_AS_SET, RULE_LONG_PATH };
	static_assert(sizeof(gravest_first) == RULES, "a place for each rule");

	/* what comes back to us as a leak does: who stands next to us there has it of us, most
	 * likely, though we do not know him */
	if (rules & 1U << RULE_LEAK_DETOUR)
		rules &= ~(1U << RULE_FIRST_HOP);
	for (unsigned k = 0; k < sizeof(gravest_first); k++)
		if (rules >> gravest_first[k] & 1)
			return (enum rule)gravest_first[k];
	return RULES;
}

/* Neighbours of our own AS are part of us, and a route collector forwards nothing: what goes to
 * them has not been passed on. */
static bool
goes_nowhere(const struct route_facts *f)
{
	return (f->view == BMP_VIEW_OUT_PRE || f->view == BMP_VIEW_OUT_POST) &&
	       (f->relation == NEIGHBOR_INTERNAL || f->relation == NEIGHBOR_COLLECTOR);
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

bool
detect_is_plain(const struct detect *d, const struct ip_prefix *p)
{
	return !detect_is_near_own(d, p) && !detect_is_host_route(p) && bogon_of(p) == NULL &&
	       (d->delegated == NULL || delegated_prefix(d->delegated, p) == NULL);
}

bool
detect_is_silent(const struct detect *d, const struct route_facts *f)
{
	return goes_nowhere(f) ||
	       (leak_rules_of(d, f) == 0 && detect_aspa(f) == 0 && syntax_is_silent(d, f));
}

uint32_t
detect_route(const struct detect *d, const struct route_facts *f)
{
	unsigned mask = f->inherited & RULES_LEAK;

	if (goes_nowhere(f))
		return 0;
	mask |= rov_rules(d, f) | f->burst;
	mask |= leak_rules_of(d, f);
	mask |= detect_aspa(f);
	mask |= own_rules(d, f);
	mask |= syntax_rules(d, f, mask);
	return detect_admitted(d, f, mask);
}

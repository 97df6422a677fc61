/*
 * Why a rule is not true of a route: for a person who expected it to be. Nothing is decided here;
 * what the rules look at is looked at once more, and said.
 */
#include <stdarg.h>
#include <stdio.h>

#include "collector/detect/bogons.h"
#include "collector/detect/detect_private.h"

struct reasons {
	const struct detect *d;
	const struct route_facts *f;
	struct cursor as_path;
	uint32_t rules_true, broken;
	struct detect_why *v;
	unsigned n;
};

__attribute__((format(printf, 3, 4))) static void
say(struct reasons *r, enum rule rule, const char *fmt, ...)
{
	struct detect_why *w = &r->v[r->n];
	va_list ap;

	if (r->n == DETECT_WHY_MAX)
		return;
	r->n++;
	w->rule = (uint8_t)rule;
	va_start(ap, fmt);
	vsnprintf(w->text, sizeof(w->text), fmt, ap);
	va_end(ap);
}

/* Views in which a leak is not to be seen, only known again. */
static bool
inherits(const struct route_facts *f)
{
	return f->view == BMP_VIEW_LOC_RIB || f->view == BMP_VIEW_OUT_PRE;
}

/* --- broken, and not true all the same */

/* What would be true, were nothing switched off, limited or excepted. */
static uint32_t
broken_rules(const struct detect *d, const struct route_facts *f)
{
	struct detect strict = *d;

	strict.on = (1U << RULES) - 1;
	strict.for_own = strict.for_customers = 0;
	strict.exceptions.n = 0;
	return detect_route(&strict, f);
}

static void
say_not_admitted(struct reasons *r)
{
	const struct detect *d = r->d;
	uint32_t sender = detect_path_sender(d, r->as_path, r->f->local_as);
	uint32_t rules = r->broken & ~r->rules_true, limited, excepted = 0;

	limited = limits_find(d, r->f, rules, sender);
	if (d->exceptions.n > 0)
		excepted = exceptions_find(&d->exceptions, r->f, sender);
	for (int i = 0; i < RULES; i++) {
		if (!(rules >> i & 1))
			continue;
		if (!(d->on >> i & 1))
			say(r, (enum rule)i,
			    "the route breaks it, but the rule is off (rules.off)");
		else if (limited >> i & 1)
			say(r, (enum rule)i,
			    "the route breaks it, but the rule is for %s only (rules.for)",
			    d->for_own >> i & 1 ? "what is ours"
						: "what is ours or our customers'");
		else if (excepted >> i & 1)
			say(r, (enum rule)i,
			    "the route breaks it, but an exception covers it "
			    "(rules.exceptions)");
		else if (i == RULE_LEAK_OWN)
			say(r, (enum rule)i,
			    "we have it from AS%u, but fewer than %d of its routes go to this %s: "
			    "an exception that somebody made",
			    sender, LEAK_OWN_LEAST,
			    relation_name(r->f->relation != NEIGHBOR_UNKNOWN ? r->f->relation
									     : r->f->inferred));
		else
			say(r, (enum rule)i,
			    "the route breaks it, but has not been evaluated again yet, or "
			    "the RPKI data is frozen");
	}
}

/* --- origin validation */

static void
say_rov(struct reasons *r)
{
	const struct route_facts *f = r->f;

	if (f->origin_unknown)
		say(r, RULE_ROV_ASN,
		    "nobody knows the origin: the path is empty, and the AS of "
		    "the session is unknown or private");
	else if (f->rov.state == ROV_NOT_FOUND)
		say(r, RULE_ROV_ASN, "no VRP covers the prefix");
	else if (f->rov.state == ROV_VALID)
		say(r, RULE_ROV_ASN, "a VRP allows AS%u this prefix and length", f->origin);
	else if (f->blackhole && f->rov.reason == ROV_REASON_LENGTH)
		say(r, RULE_ROV_LENGTH,
		    "invalid, but a host route that asks to be dropped: it is "
		    "longer than its ROA on purpose");
	else
		say(r, f->rov.reason == ROV_REASON_LENGTH ? RULE_ROV_LENGTH : RULE_ROV_ASN,
		    "invalid, but ours, and seen inside of our network only");
}

/* --- leaks */

/* Would it be one if the neighbour were a customer? */
static void
say_no_relation(struct reasons *r, enum rule rule, const char *what, uint32_t asn)
{
	if (r->f->inferred != NEIGHBOR_UNKNOWN)
		say(r, rule,
		    "%s AS%u, but AS%u is no more than like a %s by its tables: `neighbors:` or "
		    "BGP roles would say it (bellman suggest)",
		    what, asn, r->f->remote_as, relation_name(r->f->inferred));
	else
		say(r, rule,
		    "%s AS%u, but nobody says what AS%u is to us: `neighbors:` or BGP roles would "
		    "(bellman suggest)",
		    what, asn, r->f->remote_as);
}

static void
say_otc(struct reasons *r)
{
	const struct route_facts *f = r->f;

	if (!f->has_otc)
		say(r, RULE_LEAK_OTC, "the route has no OTC attribute (RFC 9234)");
	else if (inherits(f))
		say(r, RULE_LEAK_OTC, "it is judged where the route comes in, and was none there");
	else if (f->relation == NEIGHBOR_UNKNOWN)
		say_no_relation(r, RULE_LEAK_OTC, "the route has OTC", f->otc);
	else
		say(r, RULE_LEAK_OTC, "OTC AS%u is as it should be %s %s (AS%u)", f->otc,
		    bmp_view_is_inbound(f->view) ? "from this" : "towards this",
		    relation_name(f->relation), f->remote_as);
}

/* Of a route that goes to who should get only what is ours and our customers'. */
static void
say_own_leak(struct reasons *r)
{
	const struct route_facts *f = r->f;
	uint32_t sender = detect_path_sender(r->d, r->as_path, f->local_as);

	if (f->view != BMP_VIEW_OUT_POST ||
	    (!detect_gets_no_transit(f->relation) && f->inferred != NEIGHBOR_PROVIDER))
		return;
	if (f->inherited != 0)
		say(r, RULE_LEAK_OWN, "it came in as a leak: it is not ours");
	else if (sender == 0 || detect_is_own_origin(r->d, f))
		say(r, RULE_LEAK_OWN, "we originate it");
	else if (detect_is_own_sibling(r->d, f->remote_as))
		say(r, RULE_LEAK_OWN, "AS%u is of our organisation", f->remote_as);
	else if (f->sender_relation == NEIGHBOR_UNKNOWN && sender != f->remote_as)
		say(r, RULE_LEAK_OWN,
		    "we have it from AS%u, but nobody says what AS%u is to us, or its sessions "
		    "differ: `neighbors:` or BGP roles would (bellman suggest)",
		    sender, sender);
	else
		say(r, RULE_LEAK_OWN, "it is from AS%u (%s)", sender,
		    sender == f->remote_as ? "this neighbour itself"
					   : relation_name(f->sender_relation));
}

static void
say_peerlock(struct reasons *r)
{
	const struct route_facts *f = r->f;
	uint32_t asn = detect_path_provider_free(r->d, r->as_path, false);

	if (!(f->path & PATH_PROVIDER_FREE))
		say(r, RULE_LEAK_PEERLOCK, "no provider-free AS in the path");
	else if (inherits(f) || !bmp_view_is_inbound(f->view))
		say(r, RULE_LEAK_PEERLOCK,
		    "it is judged where the route comes in, and was none "
		    "there");
	else if (f->relation == NEIGHBOR_UNKNOWN && f->remote_as != asn)
		say_no_relation(r, RULE_LEAK_PEERLOCK, "the path has the provider-free", asn);
	else if (f->remote_as == asn)
		say(r, RULE_LEAK_PEERLOCK, "the provider-free AS%u is the neighbour itself", asn);
	else
		say(r, RULE_LEAK_PEERLOCK, "AS%u in the path is as it should be from this %s", asn,
		    relation_name(f->relation));
}

/* Of a way around a direct one: the path alone may show that there is none. */
static void
say_detour(struct reasons *r)
{
	const struct route_facts *f = r->f;
	struct steps s;

	if (!bmp_view_is_inbound(f->view) || f->relation == NEIGHBOR_INTERNAL ||
	    f->relation == NEIGHBOR_COLLECTOR) {
		say(r, RULE_LEAK_DETOUR,
		    "it is judged where the route comes in from another network, and was none "
		    "there");
		return;
	}
	path_split(r->d, r->as_path, 0, &s);
	if (f->path & PATH_ENDS_WITH_US && detect_is_own_prefix(r->d, f->prefix))
		say(r, RULE_LEAK_DETOUR,
		    "it is ours and comes back, but not from a peer or customer, or by who sells "
		    "to us, or over too few others");
	else if (s.n < 2 + DETOUR_STRANGERS)
		say(r, RULE_LEAK_DETOUR,
		    "the path has %u network%s; a way around a direct one has %d or more", s.n,
		    s.n == 1 ? "" : "s", 2 + DETOUR_STRANGERS);
	else if (f->path & PATH_FAR)
		say(r, RULE_LEAK_DETOUR,
		    "it leads to a network that everybody is near to, but no route of the prefix "
		    "is known to have left a direct way here for this one");
	else
		say(r, RULE_LEAK_DETOUR,
		    "no route of the prefix is known to have left a direct way here for this one "
		    "while it was ours, led to one that everybody is near to, or more was proven");
}

/* --- own prefixes */

static void
say_first_hop(struct reasons *r)
{
	struct first_hop hop = detect_first_hop(r->d, r->as_path);

	if (hop.asn == 0)
		say(r, RULE_FIRST_HOP,
		    "nobody but who sends it, a sibling or whom we put there "
		    "ourselves is next to us in the path");
	else
		say(r, RULE_FIRST_HOP,
		    "AS%u, next to us in the path, is a neighbour of ours, or "
		    "nobody knows our neighbours yet",
		    hop.asn);
}

static void
say_hijack(struct reasons *r)
{
	const struct detect_own *own = detect_own_of(r->d, r->f->prefix);
	char text[IP_PREFIX_TEXT_MAX];

	if (own == NULL)
		say(r, RULE_HIJACK_EXACT, "no prefix of ours covers it");
	else if (r->f->origin_unknown)
		say(r, RULE_HIJACK_EXACT, "nobody knows the origin");
	else
		say(r, RULE_HIJACK_EXACT, "AS%u may originate our %s", r->f->origin,
		    ip_prefix_format(&own->prefix, text));
	if (own != NULL && r->f->path & PATH_ENDS_WITH_US)
		say_first_hop(r);
}

/* --- what the route says by itself */

static void
say_bogon(struct reasons *r)
{
	const struct bogon *block;
	const char *why = syntax_bogon_is_ordinary(r->d, r->f, &block);

	if (why != NULL)
		say(r, RULE_BOGON_PREFIX, "%s, but %s", block->name, why);
}

static void
say_unlisted(struct reasons *r)
{
	uint32_t sender = 0;

	if (detect_customer_says(r->d, r->f, &sender) == CUSTOMER_LISTED)
		say(r, RULE_UNLISTED, "the list of AS%u (neighbors.lists) has the route", sender);
}

unsigned
detect_why_not(const struct detect *d, const struct route_facts *f, struct cursor as_path,
    uint32_t rules_true, struct detect_why out[DETECT_WHY_MAX])
{
	struct reasons r = { .d = d,
		.f = f,
		.as_path = as_path,
		.rules_true = rules_true,
		.broken = broken_rules(d, f),
		.v = out };
	uint32_t any;

	say_not_admitted(&r);
	any = r.broken | rules_true;
	if (any == 0 && !bmp_view_is_inbound(f->view) && f->view != BMP_VIEW_LOC_RIB &&
	    (f->relation == NEIGHBOR_INTERNAL || f->relation == NEIGHBOR_COLLECTOR)) {
		say(&r, RULE_ROV_ASN,
		    "as every other rule: what goes to %s is not passed on to another network",
		    f->relation == NEIGHBOR_INTERNAL ? "our own network" : "a collector");
		return r.n;
	}
	if (!(any & RULES_ROV))
		say_rov(&r);
	if (!(any & 1U << RULE_LEAK_OTC))
		say_otc(&r);
	if (!(any & 1U << RULE_LEAK_OWN))
		say_own_leak(&r);
	if (!(any & 1U << RULE_LEAK_PEERLOCK))
		say_peerlock(&r);
	if (!(any & 1U << RULE_LEAK_DETOUR))
		say_detour(&r);
	if (!(any & RULES_HIJACK))
		say_hijack(&r);
	if (!(any & 1U << RULE_BOGON_PREFIX))
		say_bogon(&r);
	if (!(any & 1U << RULE_UNLISTED))
		say_unlisted(&r);
	return r.n;
}

/* Two bits with one number do not compile. */
const char *
detect_path_words(uint16_t bit)
{
	switch (bit) {
	case PATH_EMPTY:
		return "it is empty";
	case PATH_CONFED:
		return "it has segments of a confederation only";
	case PATH_MEMBERS:
		return "it has segments of a confederation";
	case PATH_SET:
		return "it has an AS_SET";
	case PATH_PROVIDER_FREE:
		return "it has a provider-free AS";
	case PATH_PROVIDER_FREE_INSIDE:
		return "it has one behind the first AS";
	case PATH_BEYOND_STRANGER:
		return "it has a stranger between two of these";
	case PATH_NO_TRANSIT:
		return "it has a network that gives no transit (rules.no_transit) where it would "
		       "give it";
	case PATH_NO_TRANSIT_FIRST:
		return "its first AS is one that gives no transit, and gives it";
	case PATH_NO_TRANSIT_INSIDE:
		return "it has one that gives no transit behind who sells it none";
	case PATH_FAR:
		return "it has a network that everybody is near to behind many others";
	case PATH_ENDS_WITH_US:
		return "it ends with an AS of ours";
	case PATH_BOGON_ASN:
		return "it may have an AS number that is nobody's to use";
	case PATH_LONG:
		return "it is longer than what is usual (path.long)";
	case PATH_ASPA_UPSTREAM:
	case PATH_ASPA_DOWNSTREAM:
	default:
		return NULL;
	}
}

bool
detect_own_allows(const struct detect *d, const struct route_facts *f)
{
	struct route_facts outside = *f;

	/* where the rules look at it in any case */
	outside.view = BMP_VIEW_IN_PRE;
	outside.relation = NEIGHBOR_PROVIDER;
	return !f->origin_unknown && !(broken_rules(d, &outside) &
					 (1U << RULE_HIJACK_EXACT | 1U << RULE_HIJACK_SPECIFIC));
}

size_t
detect_own_asns(const struct detect *d, const uint32_t **asns)
{
	*asns = d->own_asns;
	return d->own_asns_n;
}

uint32_t
detect_next_provider_free(const struct detect *d, size_t *at)
{
	while (*at < d->networks_n) {
		const struct network *n = &d->networks[(*at)++];

		if (n->provider_free)
			return n->asn;
	}
	return 0;
}

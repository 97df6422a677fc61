/* How grave an incident is: what it is, how far its routes got, and whose doing or loss it is. */
#include "collector/incident/incident_private.h"

/* prefixes that make it graver; steps */
enum { LARGE_AT = 1000, DETOURS_SEVERAL = 5, INFERRED_STEPS = 2 };

/* How far routes got, over all who have them. */
struct reach {
	bool passed_on, to_customers, in_use, accepted, received, unproved;
	bool to_others; /* passed on to somebody of whom it is known that he is no customer */
};

bool
incident_stays_inside(uint8_t relation)
{
	return relation == NEIGHBOR_INTERNAL || relation == NEIGHBOR_COLLECTOR;
}

/* shown: its views are known. */
static void
add_reach(struct reach *r, const struct holding *h, const struct source *s, bool shown)
{
	if (h->n[VIEW_OUT_POST] > 0 && !incident_stays_inside(s->relation)) {
		bool down = relation_is_customer(s->relation);

		r->passed_on |= !down;
		r->to_others |= !down && s->relation != NEIGHBOR_UNKNOWN;
		r->to_customers |= down;
	}
	if (h->n[VIEW_LOC_RIB] + h->n[VIEW_OUT_PRE] + h->n[VIEW_OUT_POST] > 0)
		r->in_use = true;
	if (h->n[VIEW_IN_PRE] + h->n[VIEW_IN_POST] > 0 && s->relation == NEIGHBOR_INTERNAL)
		r->in_use = true; /* another router of ours has chosen it */
	r->accepted |= h->n[VIEW_IN_POST] > 0;
	if (h->n[VIEW_IN_PRE] > 0) {
		r->received = true;
		r->unproved |= shown && !(s->views_monitored & 1U << VIEW_IN_POST);
	}
}

static struct reach
reach_of(const struct incidents *t, const struct incident *i)
{
	struct reach r = { 0 };

	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct source *s = &t->sources[i->holdings[k].source];
		const struct feed *f = feed_of(t, s->router);
		/* who is back shows his views one after the other: until he has, what was told as
		 * filtered is so */
		bool shown = !i->published || i->published_severity >= SEVERITY_WARNING ||
			     f == NULL || f->state != FEED_UP;

		add_reach(&r, &i->holdings[k], s, shown);
	}
	return r;
}

/* Is it about what we originate, and does the world hear it? */
static bool
is_own_announcement(const struct incident *i)
{
	return i->members != NULL && i->members->seen->own_origin && 1U << i->rule & RULES_ROV;
}

const char *
furthest_name(uint8_t furthest)
{
	static const char *const names[FURTHESTS] = { "filtered", "received", "accepted", "in-use",
		"passed-on" };

	return furthest < FURTHESTS ? names[furthest] : "";
}

static enum furthest
furthest_of(const struct reach *r)
{
	return r->passed_on || r->to_customers ? FURTHEST_PASSED_ON
	       : r->in_use		       ? FURTHEST_IN_USE
	       : r->accepted		       ? FURTHEST_ACCEPTED
	       : r->unproved		       ? FURTHEST_RECEIVED
					       : FURTHEST_FILTERED;
}

/*
 * How grave a rule is, by how far the routes got. A route that nobody passes on, of which only the
 * offer is known, is a note when a later view that is monitored does not have it, and graver when
 * nobody looks: silence proves nothing. What is ours is as grave when our own filter drops it: the
 * world has it.
 */
#define EVERYWHERE(s)                                                                              \
	{                                                                                          \
		s, s, s, s, s                                                                      \
	}
#define BY_REACH                                                                                   \
	{                                                                                          \
		SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_MAJOR,                 \
		    SEVERITY_CRITICAL                                                              \
	}

static const uint8_t severities[RULES][FURTHESTS] = {
	[RULE_ROV_ASN] = BY_REACH,
	[RULE_ROV_LENGTH] = BY_REACH,
	[RULE_LEAK_OTC] = BY_REACH,
	[RULE_LEAK_PEERLOCK] = BY_REACH,
	[RULE_HIJACK_EXACT] = EVERYWHERE(SEVERITY_CRITICAL),
	[RULE_HIJACK_SPECIFIC] = EVERYWHERE(SEVERITY_CRITICAL),
	[RULE_OWN_SPECIFIC] = EVERYWHERE(SEVERITY_WARNING),
	[RULE_LEAK_NO_TRANSIT] = BY_REACH,
	[RULE_LEAK_UPSTREAM] = BY_REACH,
	[RULE_LEAK_OWN] = EVERYWHERE(SEVERITY_CRITICAL),
	[RULE_LEAK_BURST] = BY_REACH,
	[RULE_ORIGIN_BURST] = BY_REACH,
	[RULE_ASPA] = BY_REACH,
	/* nothing proves it; many of them, or what is ours, make it graver */
	[RULE_LEAK_DETOUR] = { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_NOTICE, SEVERITY_NOTICE,
	    SEVERITY_WARNING },
	[RULE_FIRST_HOP] = EVERYWHERE(SEVERITY_CRITICAL),
	[RULE_COVERING] = { SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_MAJOR,
	    SEVERITY_MAJOR },
	[RULE_BLACKHOLE] = { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_MAJOR,
	    SEVERITY_CRITICAL },
	[RULE_BOGON_PREFIX] = { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_NOTICE, SEVERITY_WARNING,
	    SEVERITY_MAJOR },
	[RULE_NO_EXPORT] = { SEVERITY_NOTICE, SEVERITY_NOTICE, SEVERITY_NOTICE, SEVERITY_NOTICE,
	    SEVERITY_WARNING },
	/* most are route servers that nobody has named */
	[RULE_FIRST_AS] = { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_NOTICE, SEVERITY_NOTICE,
	    SEVERITY_NOTICE },
	/* many are in no registry, and nobody's harm */
	[RULE_UNLISTED] = { SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_NOTICE, SEVERITY_NOTICE,
	    SEVERITY_WARNING },
	[RULE_TOO_SPECIFIC] = { SEVERITY_INFO, SEVERITY_INFO, SEVERITY_INFO, SEVERITY_NOTICE,
	    SEVERITY_WARNING },
	[RULE_BOGON_ASN] = { SEVERITY_INFO, SEVERITY_INFO, SEVERITY_INFO, SEVERITY_NOTICE,
	    SEVERITY_WARNING },
	[RULE_AS_SET] = { SEVERITY_INFO, SEVERITY_INFO, SEVERITY_INFO, SEVERITY_INFO,
	    SEVERITY_NOTICE },
	[RULE_LONG_PATH] = { SEVERITY_INFO, SEVERITY_INFO, SEVERITY_INFO, SEVERITY_NOTICE,
	    SEVERITY_NOTICE },
};

uint8_t
furthest_severity(uint8_t rule, uint8_t furthest)
{
	return rule < RULES && furthest < FURTHESTS ? severities[rule][furthest]
						    : (uint8_t)SEVERITY_INFO;
}

/* More of what others do wrong is graver. */
enum { RULES_THAT_GROW = RULES_ROV | RULES_LEAK | 1 << RULE_ORIGIN_BURST };

/* What says of a route only that somebody does not keep order. */
enum {
	RULES_OF_HYGIENE = 1 << RULE_BOGON_ASN | 1 << RULE_TOO_SPECIFIC | 1 << RULE_AS_SET |
			   1 << RULE_LONG_PATH
};

/* To customers only: it has not left our part of the world. What is a matter of hygiene is not
 * graver for who may be a customer. */
static enum furthest
graded_as(uint8_t rule, const struct reach *r)
{
	enum furthest f = furthest_of(r);
	bool left = 1U << rule & RULES_OF_HYGIENE ? r->to_others : r->passed_on;

	return f == FURTHEST_PASSED_ON && !left ? FURTHEST_IN_USE : f;
}

uint8_t
incident_benign(const struct incidents *t, const struct incident *i)
{
	if (incident_answers_hijack(t, i))
		return BENIGN_ANSWER;
	return i->members != NULL && i->benign == i->routes ? i->members->seen->benign
							    : BENIGN_NONE;
}

bool
incident_is_inferred(const struct incident *i)
{
	return i->routes > 0 && i->inferred == i->routes;
}

/* What is probably as it should be is milder by two steps; what may well be an everyday route, as
 * a rule in use and passed on, never more than a note, and what is by right no more than that. So
 * is what rests on relations that are only inferred. */
static uint8_t
milder(uint8_t severity, uint8_t benign, bool inferred)
{
	static const uint8_t by[BENIGNS] = { [BENIGN_OTC_OF_ORIGIN] = 2,
		[BENIGN_PEER_MAY_BUY] = 3,
		[BENIGN_CUSTOMER] = 4,
		[BENIGN_SCRUBBER] = 2,
		[BENIGN_ANSWER] = 2 };
	unsigned steps = benign < BENIGNS ? by[benign] : 0;

	if (inferred && steps < INFERRED_STEPS)
		steps = INFERRED_STEPS;

	return (uint8_t)(severity > SEVERITY_INFO + steps ? severity - steps : SEVERITY_INFO);
}

bool
incident_is_large(const struct incidents *t, const struct incident *i)
{
	uint32_t large_at = t->config.large_at != 0 ? t->config.large_at : LARGE_AT;

	return 1U << i->rule & RULES_THAT_GROW && i->prefixes.used >= large_at;
}

enum furthest
incident_furthest(const struct incidents *t, const struct incident *i)
{
	struct reach r = reach_of(t, i);

	return furthest_of(&r);
}

/* A way around a direct one. What is ours goes so whatever our own filters do, and perhaps it is
 * forged; of others several at once are nobody's exception. */
static uint8_t
severity_of_detour(const struct incident *i, uint8_t severity)
{
	if (i->rules_n[RULE_FIRST_HOP] > 0)
		return SEVERITY_CRITICAL;
	if (i->ours > 0)
		return SEVERITY_MAJOR;
	return (uint8_t)(severity + (i->prefixes.used >= DETOURS_SEVERAL));
}

/* As grave as it is by itself. */
static uint8_t
severity_of(const struct incidents *t, const struct incident *i, const struct reach *r)
{
	uint8_t severity = severities[i->rule][graded_as(i->rule, r)];
	bool by_us = i->members != NULL && i->members->seen->by_us;

	if (i->rule == RULE_LEAK_DETOUR)
		severity = severity_of_detour(i, severity);
	if (r->to_customers && ((1U << i->rule & RULES_LEAK && by_us) || is_own_announcement(i)))
		return SEVERITY_CRITICAL;
	if (1U << i->rule & RULES_LEAK && by_us)
		return severity;
	if (incident_is_large(t, i) && severity >= SEVERITY_WARNING && severity < SEVERITY_CRITICAL)
		severity++;
	return severity;
}

/* Is there a router whose Loc-RIB nobody looks at, and that is offered some by a session whose
 * accepted routes nobody sees? */
static bool
is_taken_unseen(const struct incidents *t, const struct incident *i)
{
	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct source *s = &t->sources[i->holdings[k].source];
		const struct feed *f = feed_of(t, s->router);
		unsigned seen = s->views_monitored | (f != NULL ? f->views_monitored : 0);

		if (i->holdings[k].n[VIEW_IN_PRE] > 0 &&
		    !(s->views_monitored & 1U << VIEW_IN_POST) && !(seen & 1U << VIEW_LOC_RIB))
			return true;
	}
	return false;
}

/*
 * The baseline. That third parties do wrong since before we looked is no news and nobody's work: it
 * is a note, as what contradicts it (a list, an ASPA) may be as old. That the network takes what
 * VRPs call invalid is something to do, and a warning.
 */
static uint8_t
most_of_baseline(const struct incidents *t, const struct incident *i)
{
	bool unseen = is_taken_unseen(t, i);

	for (const struct way *w = i->ways; w != NULL; w = w->next)
		if (1U << w->rule & RULES_ROV &&
		    (w->n[WAY_ACCEPTED] + w->n[WAY_USED] + w->n[WAY_SPREAD] > 0 ||
			(unseen && w->n[WAY_SENT] > 0)))
			return SEVERITY_WARNING;
	return SEVERITY_NOTICE;
}

uint8_t
incident_severity(const struct incidents *t, const struct incident *i)
{
	struct reach r = reach_of(t, i);
	uint8_t severity = t->config.severity_by_view[i->rule][furthest_of(&r)],
		most = t->config.severity_max[i->rule];

	if (severity == 0)
		severity =
		    milder(severity_of(t, i, &r), incident_benign(t, i), incident_is_inferred(i));
	if (i->width == WIDTH_BASELINE && severity > most_of_baseline(t, i))
		severity = most_of_baseline(t, i);
	if (i->rec.standing && severity > SEVERITY_WARNING)
		severity = SEVERITY_WARNING;
	return most != 0 && severity > most ? most : severity;
}

uint8_t
incident_views(const struct incident *i)
{
	uint8_t views = 0;

	for (unsigned v = 0; v < VIEWS; v++)
		if (i->view_counts[v] > 0)
			views |= (uint8_t)(1U << v);
	return views;
}

uint8_t
incident_views_missing(const struct incidents *t, const struct incident *i)
{
	unsigned seen = incident_views(i) | 1U << VIEW_IN_PRE | 1U << VIEW_OUT_PRE;
	struct reach r = reach_of(t, i);

	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct source *s = &t->sources[i->holdings[k].source];
		const struct feed *f = feed_of(t, s->router);

		seen |= s->views_monitored;
		if (f != NULL)
			seen |= f->views_monitored & ~(1U << VIEW_IN_POST);
	}
	if (r.unproved) /* of one peer nobody knows whether it is accepted */
		seen &= ~(1U << VIEW_IN_POST);
	else if (r.received)
		seen |= 1U << VIEW_IN_POST;
	return (uint8_t)(~seen & ((1U << VIEWS) - 1));
}

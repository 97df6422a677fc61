/* What an incident is called: a sentence for a person at three in the morning. */
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

/* "203.0.113.0/24" or "12 prefixes, 203.0.113.0/24 among them". */
static void
what_prefixes(const struct record_incident *r, uint32_t others, char *out, size_t size)
{
	char prefix[IP_PREFIX_TEXT_MAX] = "-";
	uint64_t n = r->prefixes_n > 0 ? r->prefixes_n : r->prefixes_peak;

	n = n > others ? n - others : n;
	if (r->examples_n > 0)
		ip_prefix_format(&r->examples[0], prefix);
	if (n <= 1)
		snprintf(out, size, "%s", prefix);
	else
		snprintf(out, size, "%llu prefixes, %s among them", (unsigned long long)n, prefix);
}

/* Who originates: an AS, a set named by its members, which is the end of the path's text, or nobody
 * that the path names. */
static void
who_originates(const struct record_incident *r, char *out, size_t size)
{
	const char *set = strrchr(r->as_path, '{');

	if (r->has_origin)
		snprintf(out, size, "AS%u", r->origin);
	else if (set != NULL)
		snprintf(out, size, "AS_SET %.60s", set);
	else
		snprintf(out, size, "an unknown AS");
}

static bool
is_own_prefix(const struct record_incident *r)
{
	return ip_prefix_cmp(&r->facts.own, &r->facts.prefix) == 0;
}

/* Hijacks. */
static void
hijack_words(const struct incident *i, const struct record_incident *r, const char *who,
    const char *what, char *out, size_t size)
{
	char own[IP_PREFIX_TEXT_MAX], others[48];
	size_t n;

	ip_prefix_format(&r->facts.own, own);
	if (i->rule == RULE_FIRST_HOP || (i->members != NULL && i->members->seen->own_origin)) {
		snprintf(out, size,
		    "forged path: AS%u stands next to AS%u in a path to our %s%s%s, and is no "
		    "neighbour",
		    r->facts.offender_as, r->origin, what, is_own_prefix(r) ? "" : ", inside ",
		    is_own_prefix(r) ? "" : own);
		return;
	}
	if (is_own_prefix(r))
		snprintf(out, size, "%s originates our %s", who, what);
	else
		snprintf(out, size, "%s originates %s, inside our %s", who, what, own);
	if (i->others.used == 0)
		return;
	snprintf(others, sizeof(others), ", and %u prefix%s of others", i->others.used,
	    i->others.used == 1 ? "" : "es");
	n = strlen(out);
	text_copy(out + n, size - n, others);
}

/* What draws our traffic while ours is away. */
static void
covering_words(
    const struct record_incident *r, const char *who, const char *what, char *out, size_t size)
{
	char own[IP_PREFIX_TEXT_MAX];

	snprintf(out, size, "%s originates %s, which covers our %s, and ours is gone", who, what,
	    ip_prefix_format(&r->facts.own, own));
}

/* Of a route that is ours: who has changed what the world takes for right. */
static void
own_rov_words(const struct record_incident *r, const char *what, char *out, size_t size)
{
	const struct record_facts *f = &r->facts;

	if (f->rov == RECORD_ROV_LENGTH)
		snprintf(out, size, "our %s is longer than our ROA allows (RPKI-invalid)", what);
	else if (f->vrps_n > 0)
		snprintf(
		    out, size, "our %s is RPKI-invalid: a ROA names AS%u", what, f->vrps[0].asn);
	else
		snprintf(out, size, "our %s is RPKI-invalid", what);
}

static void
rov_words(const struct incident *i, const struct record_incident *r, const char *who,
    const char *what, char *out, size_t size)
{
	const char *wrong = i->rule == RULE_ROV_LENGTH ? "longer than its ROA allows"
						       : "without authorisation";

	if (i->members != NULL && i->members->seen->own_origin)
		own_rov_words(r, what, out, size);
	else if (i->rules_n[RULE_ORIGIN_BURST] > 0)
		snprintf(out, size,
		    "%s originates %s, all at once, RPKI-invalid where there is a ROA", who, what);
	else
		snprintf(out, size, "%s originates %s %s (RPKI-invalid)", who, what, wrong);
}

/* What it was, and is. */
static void
detour_words(const struct incident *i, const struct record_facts *f, char *out, size_t size)
{
	const struct seen *s = i->members != NULL ? i->members->seen : NULL;

	if (s != NULL && s->own_origin && s->origin == f->direct_to_as)
		snprintf(
		    out, size, " (AS%u, our neighbour, has it by a long way)", f->direct_from_as);
	else
		snprintf(out, size, " (AS%u had it from AS%u, and has it by a long way now)",
		    f->direct_from_as, f->direct_to_as);
}

static void
leak_words(const struct incident *i, const struct record_incident *r, const char *what, char *out,
    size_t size)
{
	const struct record_facts *f = &r->facts;
	const struct seen *s = i->members != NULL ? i->members->seen : NULL;
	bool by_us = s != NULL && s->by_us, in = f->first_view <= VIEW_IN_POST;
	char because[96] = "", from[24] = "";

	if (i->rule == RULE_LEAK_DETOUR && f->direct_from_as != 0)
		detour_words(i, f, because, sizeof(because));
	else if (f->aspa_customer != 0 && i->rule == RULE_ASPA)
		snprintf(because, sizeof(because), " (AS%u is no provider of AS%u by its ASPA)",
		    f->aspa_other, f->aspa_customer);
	else if (f->has_otc)
		snprintf(because, sizeof(because), " (OTC AS%u)", f->otc);
	else if (f->provider_free_as != 0)
		snprintf(because, sizeof(because), " (AS%u in its path)", f->provider_free_as);
	else if (!by_us && f->leaked_from_as != 0 && f->leaked_to_as != 0)
		snprintf(because, sizeof(because), " (from AS%u to AS%u)", f->leaked_from_as,
		    f->leaked_to_as);
	if (i->rule == RULE_LEAK_OWN && by_us)
		snprintf(from, sizeof(from), ", from AS%u", s->via_as);
	if (by_us)
		snprintf(out, size, "we leak %s%s to AS%u (%s)%s", what, from, r->peer_as,
		    relation_name(f->relation), because);
	else if (!in && s != NULL && s->via_as != 0 && s->via_as != f->offender_as)
		snprintf(out, size, "AS%u leaks %s, to us by AS%u%s", f->offender_as, what,
		    s->via_as, because);
	else if (f->offender_as == r->peer_as || f->offender_as == 0)
		snprintf(out, size, "AS%u (%s) leaks %s%s",
		    f->offender_as != 0 ? f->offender_as : r->peer_as, relation_name(f->relation),
		    what, because);
	else if (!in || f->relation == NEIGHBOR_INTERNAL) /* it came to us elsewhere */
		snprintf(out, size, "AS%u leaks %s%s", f->offender_as, what, because);
	else
		snprintf(out, size, "AS%u leaks %s, to us by AS%u (%s)%s", f->offender_as, what,
		    r->peer_as, relation_name(f->relation), because);
}

/* A summary that has no room left stays as it is. */
static void
add_words(const char *words, char *out, size_t size)
{
	size_t used = strlen(out);

	if (used + strlen(words) < size)
		text_copy(out + used, size - used, words);
}

/* Why it is probably as it should be, behind what it is. */
static void
benign_words(uint8_t benign, char *out, size_t size)
{
	static const char *const why[BENIGNS] = {
		[BENIGN_OTC_OF_ORIGIN] = "the mark is the origin's own, who may set it for all",
		[BENIGN_PEER_MAY_BUY] = "the peer behind it may buy from it",
		[BENIGN_CUSTOMER] = "it is a customer's, by a ROA",
		[BENIGN_SCRUBBER] = "it scrubs our traffic",
		[BENIGN_ANSWER] = "it answers a hijack",
	};
	size_t used = strlen(out);

	if (benign < BENIGNS && why[benign] != NULL)
		snprintf(out + used, size - used, "; probably as it should be: %s", why[benign]);
}

/* Two origins of one prefix, and one of them is us. */
static void
moas_words(const struct incidents *t, const struct incident *i, char *out, size_t size)
{
	size_t used = strlen(out);

	if (1U << i->rule & RULES_HIJACK && i->members != NULL &&
	    own_there_has(&t->own_there, &i->members->prefix))
		snprintf(out + used, size - used, "; we announce it, too (MOAS)");
}

/* What is told together. */
static void
together_words(const struct incident *i, const struct record_incident *r, const char *what,
    char *out, size_t size)
{
	const struct record_facts *f = &r->facts;
	const char *routes = 1U << i->rule & RULES_ROV	    ? "RPKI-invalid routes of"
			     : 1U << i->rule & RULES_LEAK   ? "routes leaked by"
			     : 1U << i->rule & RULES_HIJACK ? "our prefixes as announced by"
							    : syntax_routes(i->rule);
	const char *plural = i->doers.used == 1 ? "" : "s";
	char vrp[IP_PREFIX_TEXT_MAX], behind[32];

	snprintf(behind, sizeof(behind), ", all behind AS%u", f->offender_as);
	if (i->width == WIDTH_VRP && f->vrps_n > 0)
		snprintf(out, size, "ROA %s max %u AS%u makes %u origin%s RPKI-invalid: %s",
		    ip_prefix_format(&f->vrps[0].prefix, vrp), f->vrps[0].max_length,
		    f->vrps[0].asn, i->doers.used, plural, what);
	else if (i->width == WIDTH_NEIGHBOR && i->rule == RULE_AS_SET && i->members != NULL)
		snprintf(out, size, "AS%u sends routes with an AS_SET (RFC 9774): %s",
		    i->members->seen->via_as, what); /* sets are no networks to be counted */
	else if (i->width == WIDTH_NEIGHBOR && i->members != NULL)
		snprintf(out, size, "AS%u sends %s %u network%s%s%s: %s", i->members->seen->via_as,
		    routes, i->doers.used, plural, r->facts.offender_as != 0 ? behind : "",
		    i->rec.standing ? ", since before we looked" : "", what);
	else
		snprintf(
		    out, size, "%s %u more network%s: %s", routes, i->doers.used, plural, what);
}

void
incident_words(const struct incidents *t, const struct incident *i, struct record_incident *r)
{
	char what[96], who[72];

	if (i->routes == 0 && r->summary[0] != '\0')
		return; /* it is over, or nobody tells: the last words stay */
	what_prefixes(r, i->others.used, what, sizeof(what));
	who_originates(r, who, sizeof(who));
	if (i->width == WIDTH_BASELINE)
		baseline_words(t, r->summary, sizeof(r->summary));
	else if (i->width != WIDTH_ONE)
		together_words(i, r, what, r->summary, sizeof(r->summary));
	else if (1U << i->rule & RULES_HIJACK)
		hijack_words(i, r, who, what, r->summary, sizeof(r->summary));
	else if (1U << i->rule & RULES_LEAK)
		leak_words(i, r, what, r->summary, sizeof(r->summary));
	else if (i->rule == RULE_COVERING)
		covering_words(r, who, what, r->summary, sizeof(r->summary));
	else if (i->rule == RULE_OWN_SPECIFIC)
		snprintf(r->summary, sizeof(r->summary),
		    "our %s %s announced longer than %s should be", what,
		    r->prefixes_n > 1 ? "are" : "is", r->prefixes_n > 1 ? "they" : "it");
	else if (!syntax_words(i, r, who, what, r->summary, sizeof(r->summary)))
		rov_words(i, r, who, what, r->summary, sizeof(r->summary));
	moas_words(t, i, r->summary, sizeof(r->summary));
	benign_words(incident_benign(t, i), r->summary, sizeof(r->summary));
	if (incident_is_inferred(i))
		add_words("; relation inferred from table sizes", r->summary, sizeof(r->summary));
}

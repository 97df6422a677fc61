/* What an incident says: its id, its severity, its facts and its summary. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"
#include "parsers/bgp/dissect.h"

/*
 * The id is a hash of kind and scope with a fixed seed, so that two collectors that see the same
 * thing give it the same id, today and after a restart.
 */
void
incident_id(const struct finding *f, char id[RECORD_ID_MAX])
{
	char text[256], prefix[IP_PREFIX_TEXT_MAX];
	const struct rule_info *rule = &rule_info[f->rule];
	int n;

	switch (rule->scope) {
	case SCOPE_NEIGHBOR:
		n = snprintf(text, sizeof(text), "%s|%s|AS%u", rule->name,
		    f->outbound ? "out" : "in", f->scope_as);
		break;
	case SCOPE_OWN_PREFIX:
		n = snprintf(text, sizeof(text), "%s|%s|AS%u", rule->name,
		    ip_prefix_format(&f->own, prefix), f->scope_as);
		break;
	default:
		n = snprintf(text, sizeof(text), "%s|AS%u", rule->name, f->scope_as);
	}
	snprintf(id, RECORD_ID_MAX, "%016llx%016llx",
	    (unsigned long long)hash_bytes(1, text, (size_t)n),
	    (unsigned long long)hash_bytes(2, text, (size_t)n));
}

/*
 * Severity is the kind times the furthest view. Only the offer is known: a note when a later view
 * that is monitored does not have it, a warning when nobody looks (silence proves nothing).
 */
uint8_t
incident_severity(const struct incident *i)
{
	uint8_t views = i->rec.views, severity;

	if (views & 1U << VIEW_OUT_POST)
		severity = i->only_customers ? SEVERITY_MAJOR : SEVERITY_CRITICAL;
	else if (views & (1U << VIEW_LOC_RIB | 1U << VIEW_OUT_PRE))
		severity = SEVERITY_MAJOR;
	else if (views & 1U << VIEW_IN_POST)
		severity = SEVERITY_WARNING;
	else
		severity = i->rec.views_missing & 1U << VIEW_IN_POST ? SEVERITY_WARNING
								     : SEVERITY_INFO;
	severity = (uint8_t)(severity + rule_info[i->rule].victim);
	return severity > SEVERITY_CRITICAL ? SEVERITY_CRITICAL : severity;
}

/* Take over the facts of a finding: why the rule is true. */
static void
set_facts(struct record_facts *to, const struct finding *f)
{
	*to = (struct record_facts){ .prefix = f->prefix,
		.first_view = f->view,
		.has_otc = f->has_otc,
		.otc = f->has_otc ? f->otc : 0,
		.provider_free_as = f->provider_free_as,
		.own = f->own,
		.relation = f->relation,
		.relation_configured = f->relation_configured,
		.cause = f->cause };
	if (f->rule != RULE_ROV_ASN && f->rule != RULE_ROV_LENGTH)
		return;
	to->rov = f->rule == RULE_ROV_LENGTH ? RECORD_ROV_LENGTH : RECORD_ROV_ASN;
	for (; to->vrps_n < f->vrps_n && to->vrps_n < RECORD_VRPS_MAX; to->vrps_n++) {
		const struct vrp *v = &f->vrps[to->vrps_n];

		to->vrps[to->vrps_n] = (struct record_vrp){ v->prefix, v->max_len, v->asn };
	}
}

/* Of a path that is too long, the AS numbers that fit and an ellipsis. */
static void
path_text(const struct finding *f, char *out, size_t size)
{
	struct txt t = txt_of(out, size);
	char *at = t.end - 3;

	bgp_as_path_text(&t, cur_of(f->path, f->path_len), 4);
	if (!t.cut)
		return;
	while (at > out && at[-1] != ' ' && at[-1] != ',')
		at--;
	memcpy(at, "...", 4);
}

void
incident_describe(struct incident *i, const struct finding *f)
{
	struct record_incident *r = &i->rec;

	text_copy(r->kind, sizeof(r->kind), rule_info[f->rule].name);
	text_copy(r->manrs_action, sizeof(r->manrs_action), rule_info[f->rule].manrs_action);
	r->has_origin = f->has_origin;
	r->origin = f->origin;
	path_text(f, r->as_path, sizeof(r->as_path));
	/* the leaker is the neighbour that sent the route, not the one we passed it on to */
	if (r->peer[0] == '\0' ||
	    (f->peer.family != IP_NONE && (rule_info[f->rule].scope != SCOPE_NEIGHBOR ||
					      f->view <= VIEW_IN_POST || f->outbound))) {
		if (f->peer.family != IP_NONE)
			ip_addr_format(&f->peer, r->peer);
		else
			text_copy(r->peer, sizeof(r->peer), "loc-rib");
		r->peer_as = f->peer_as;
		i->relation = f->relation;
	}
	if (rule_info[f->rule].scope == SCOPE_NEIGHBOR)
		r->peer_as = f->scope_as;
	set_facts(&r->facts, f);
}

/* "203.0.113.0/24" or "12 prefixes, 203.0.113.0/24 among them". */
static void
what_prefixes(const struct record_incident *r, char *out, size_t size)
{
	char prefix[IP_PREFIX_TEXT_MAX] = "-";
	uint64_t n = r->prefixes_n > 0 ? r->prefixes_n : r->prefixes_peak;

	if (r->examples_n > 0)
		ip_prefix_format(&r->examples[0], prefix);
	if (n <= 1)
		snprintf(out, size, "%s", prefix);
	else
		snprintf(out, size, "%llu prefixes, %s among them", (unsigned long long)n, prefix);
}

void
incident_summarise(struct incident *i)
{
	struct record_incident *r = &i->rec;
	char what[128], who[24], own[IP_PREFIX_TEXT_MAX];

	what_prefixes(r, what, sizeof(what));
	if (r->has_origin)
		snprintf(who, sizeof(who), "AS%u", r->origin);
	else
		snprintf(who, sizeof(who), "an AS_SET");
	switch (i->rule) {
	case RULE_ROV_ASN:
		snprintf(r->summary, sizeof(r->summary),
		    "%s originates %s without authorisation (RPKI-invalid)", who, what);
		break;
	case RULE_ROV_LENGTH:
		snprintf(r->summary, sizeof(r->summary),
		    "%s originates %s longer than its ROA allows (RPKI-invalid)", who, what);
		break;
	case RULE_HIJACK_EXACT:
	case RULE_HIJACK_SPECIFIC:
		snprintf(r->summary, sizeof(r->summary), "%s originates %s, inside our %s", who,
		    what, ip_prefix_format(&r->facts.own, own));
		break;
	case RULE_OWN_SPECIFIC:
		snprintf(r->summary, sizeof(r->summary),
		    "%s originates %s, longer than our %s may be", who, what,
		    ip_prefix_format(&r->facts.own, own));
		break;
	case RULE_LEAK_OTC:
		if (r->views & (1U << VIEW_IN_PRE | 1U << VIEW_IN_POST) ||
		    !(r->views & 1U << VIEW_OUT_POST))
			snprintf(r->summary, sizeof(r->summary),
			    "AS%u (%s) leaks %s (only to customer, AS%u)", r->peer_as,
			    relation_name(i->relation), what, r->facts.otc);
		else
			snprintf(r->summary, sizeof(r->summary), "we leak %s to AS%u (%s)", what,
			    r->peer_as, relation_name(i->relation));
		break;
	default:
		snprintf(r->summary, sizeof(r->summary), "AS%u (%s) leaks %s learnt from AS%u",
		    r->peer_as, relation_name(i->relation), what, r->facts.provider_free_as);
	}
}

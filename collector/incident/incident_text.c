/* What an incident says: its id, its severity, its summary and its evidence. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
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

static void
vrp_evidence(struct incident *i, const struct finding *f)
{
	char text[RECORD_VALUE_MAX], prefix[IP_PREFIX_TEXT_MAX];
	size_t at = 0;

	text[0] = '\0';
	for (unsigned k = 0; k < f->vrps_n && at + 72 < sizeof(text); k++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s max %u AS%u",
		    k > 0 ? ", " : "", ip_prefix_format(&f->vrps[k].prefix, prefix),
		    f->vrps[k].max_len, f->vrps[k].asn);
	record_evidence_add(
	    &i->rec, "rov", "invalid (%s)", f->rule == RULE_ROV_LENGTH ? "length" : "asn");
	if (f->vrps_n > 0)
		record_evidence_add(&i->rec, "vrps", "%s", text);
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

/* Evidence of the member that opened it, or that raised its severity. */
void
incident_describe(struct incident *i, const struct finding *f)
{
	struct record_incident *r = &i->rec;
	char prefix[IP_PREFIX_TEXT_MAX];

	text_copy(r->kind, sizeof(r->kind), rule_info[f->rule].name);
	text_copy(r->manrs_action, sizeof(r->manrs_action), rule_info[f->rule].manrs_action);
	r->has_origin = f->has_origin;
	r->origin = f->origin;
	path_text(f, r->as_path, sizeof(r->as_path));
	/* a leaker is the neighbour that sent it, not whom we passed it on to */
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
	r->evidence_n = 0;
	record_evidence_add(r, "prefix", "%s", ip_prefix_format(&f->prefix, prefix));
	record_evidence_add(r, "first_view", "%s", record_view_name(f->view));
	if (f->rule == RULE_ROV_ASN || f->rule == RULE_ROV_LENGTH)
		vrp_evidence(i, f);
	if (f->has_otc)
		record_evidence_add(r, "otc", "%u", f->otc);
	if (f->provider_free_as != 0)
		record_evidence_add(r, "provider_free_as", "%u", f->provider_free_as);
	if (f->own.family != IP_NONE)
		record_evidence_add(r, "own_prefix", "%s", ip_prefix_format(&f->own, prefix));
	if (f->relation != NEIGHBOR_UNKNOWN)
		record_evidence_add(r, "neighbor", "%s (%s)", relation_name(f->relation),
		    f->relation_configured ? "configured" : "roles of the OPENs");
	record_evidence_add(r, "cause", "%s", finding_cause_name(f->cause));
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

static const char *
evidence_value(const struct record_incident *r, const char *name)
{
	for (unsigned k = 0; k < r->evidence_n; k++)
		if (strcmp(r->evidence[k].name, name) == 0)
			return r->evidence[k].value;
	return "";
}

void
incident_recall(struct incident *i)
{
	const char *said = evidence_value(&i->rec, "neighbor");
	size_t word = strcspn(said, " ");

	for (uint8_t k = NEIGHBOR_UNKNOWN; k <= NEIGHBOR_RS_CLIENT; k++)
		if (strlen(relation_name(k)) == word && strncmp(said, relation_name(k), word) == 0)
			i->relation = k;
}

void
incident_summarise(struct incident *i)
{
	struct record_incident *r = &i->rec;
	char what[128], who[24];

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
		snprintf(r->summary, sizeof(r->summary), "%s originates %s, inside our %.48s", who,
		    what, evidence_value(r, "own_prefix"));
		break;
	case RULE_LEAK_OTC:
		if (r->views & (1U << VIEW_IN_PRE | 1U << VIEW_IN_POST) ||
		    !(r->views & 1U << VIEW_OUT_POST))
			snprintf(r->summary, sizeof(r->summary),
			    "AS%u (%s) leaks %s (only to customer, AS%.12s)", r->peer_as,
			    relation_name(i->relation), what, evidence_value(r, "otc"));
		else
			snprintf(r->summary, sizeof(r->summary), "we leak %s to AS%u (%s)", what,
			    r->peer_as, relation_name(i->relation));
		break;
	default:
		snprintf(r->summary, sizeof(r->summary), "AS%u (%s) leaks %s learnt from AS%.12s",
		    r->peer_as, relation_name(i->relation), what,
		    evidence_value(r, "provider_free_as"));
	}
}

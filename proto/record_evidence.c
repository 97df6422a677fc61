/*
 * The facts of an incident as text, and back.
 *
 * People and JSON consumers read the texts, name by name. They can be read back because a
 * journal of 0.1.0 has nothing else: its open incidents go on after an upgrade with the relation,
 * the prefix of ours and the AS numbers that their summaries name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/record.h"

/* "192.0.2.0/24 max 24 AS64530" */
static size_t
vrp_text(char *out, size_t size, const char *before, const struct record_vrp *v)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	return (size_t)snprintf(out, size, "%s%s max %u AS%u", before,
	    ip_prefix_format(&v->prefix, prefix), v->max_length, v->asn);
}

/* As many VRPs as surely fit into one value. */
enum { ONE_AT_MOST = 80 };

static void
put_vrps(struct record_incident *r)
{
	const struct record_facts *f = &r->facts;
	char text[RECORD_VALUE_MAX];
	size_t at = 0;

	text[0] = '\0';
	for (unsigned k = 0;
	     k < f->vrps_n && k < RECORD_VRPS_MAX && at + ONE_AT_MOST < sizeof(text); k++)
		at += vrp_text(text + at, sizeof(text) - at, k > 0 ? ", " : "", &f->vrps[k]);
	if (f->vrps_n > 0)
		record_evidence_add(r, "vrps", "%s", text);
}

/* "new: 192.0.2.0/24 max 24 AS64530", "gone: ..." */
static void
put_cause_vrps(struct record_incident *r)
{
	const struct record_facts *f = &r->facts;
	char text[RECORD_VALUE_MAX];
	size_t at = 0;

	for (unsigned k = 0;
	     k < f->cause_vrps_n && k < RECORD_VRPS_MAX && at + ONE_AT_MOST < sizeof(text); k++) {
		const struct record_vrp_change *c = &f->cause_vrps[k];
		const char *word = c->went ? "gone: " : "new: ";

		if (k > 0)
			word = c->went ? ", gone: " : ", new: ";
		at += vrp_text(text + at, sizeof(text) - at, word, &c->vrp);
	}
	if (f->cause_vrps_n > 0)
		record_evidence_add(r, "cause_vrps", "%s", text);
}

/* "AS64666 is no provider of AS64511: 64501, 64502" */
static void
put_aspa(struct record_incident *r)
{
	const struct record_facts *f = &r->facts;
	char text[RECORD_ASPA_MAX * 12] = "none";
	size_t used = 0;

	if (f->aspa_customer == 0)
		return;
	for (unsigned k = 0; k < f->aspa_providers_n && k < RECORD_ASPA_MAX; k++)
		if (f->aspa_providers[k] != 0)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u",
			    used > 0 ? ", " : "", f->aspa_providers[k]);
	record_evidence_add(
	    r, "aspa", "AS%u is no provider of AS%u: %s", f->aspa_other, f->aspa_customer, text);
}

/* What its communities ask for, of those that IANA has a name of. */
static void
put_asked_for(struct record_incident *r)
{
	static const struct {
		uint32_t community;
		const char *name;
	} known[] = { { 0xffff0000, "GRACEFUL_SHUTDOWN" }, { 0xffff029a, "BLACKHOLE" },
		{ 0xffffff01, "NO_EXPORT" }, { 0xffffff02, "NO_ADVERTISE" },
		{ 0xffffff03, "NO_EXPORT_SUBCONFED" }, { 0xffffff04, "NOPEER" } };
	const struct record_facts *f = &r->facts;
	char text[160];
	size_t at = 0;

	for (size_t w = 0; w < sizeof(known) / sizeof(*known); w++)
		for (unsigned k = 0; k < f->communities_n && k < RECORD_COMMUNITIES_MAX; k++)
			if (f->communities[k] == known[w].community) {
				at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s",
				    at > 0 ? ", " : "", known[w].name);
				break;
			}
	if (at > 0)
		record_evidence_add(r, "asked_for", "%s", text);
}

const char *
record_date(uint32_t day, char buf[RECORD_DATE_MAX])
{
	time_t at = (time_t)day * 86400;
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL || strftime(buf, RECORD_DATE_MAX, "%Y-%m-%d", &tm) == 0)
		buf[0] = '\0';
	return buf;
}

enum as_rel_says
record_as_rel_says(const struct record_facts *f)
{
	if (f->as_rel_from == NEIGHBOR_CUSTOMER || f->as_rel_to == NEIGHBOR_CUSTOMER)
		return AS_REL_NO_LEAK;
	return f->as_rel_from != NEIGHBOR_UNKNOWN && f->as_rel_to != NEIGHBOR_UNKNOWN
		   ? AS_REL_A_LEAK
		   : AS_REL_TOO_LITTLE;
}

/* "type 4: from a peer to a provider (RFC 7908)", and what as-rel says of it. */
static void
put_leak_type(struct record_incident *r)
{
	static const char *const types[] = { "", "from a provider to another",
		"from a peer to another", "from a provider to a peer", "from a peer to a provider",
		"originated again by another network", "internal more-specifics" };
	static const char *const says[] = { "too little is known of these networks", "a leak by it",
		"no leak by it" };
	const struct record_facts *f = &r->facts;
	char date[RECORD_DATE_MAX];

	if (f->leak_type > 0 && f->leak_type < sizeof(types) / sizeof(types[0]))
		record_evidence_add(
		    r, "leak_type", "%u: %s (RFC 7908)", f->leak_type, types[f->leak_type]);
	if (f->as_rel_day == 0)
		return;
	record_date(f->as_rel_day, date);
	record_evidence_add(r, "as_rel", "%s (of %s; who had it is its %s, who was told its %s)",
	    says[record_as_rel_says(f)], date,
	    f->as_rel_from != NEIGHBOR_UNKNOWN ? relation_name(f->as_rel_from) : "unknown neighbor",
	    f->as_rel_to != NEIGHBOR_UNKNOWN ? relation_name(f->as_rel_to) : "unknown neighbor");
}

static const char *
how_much(uint32_t n, uint32_t full, char *out, size_t size)
{
	if ((uint64_t)n * 2 >= full)
		snprintf(out, size, "full table");
	else
		snprintf(out, size, "%u prefix%s", n, n == 1 ? "" : "es");
	return out;
}

/* "provider (relation inferred from table sizes: full table in, 3 prefixes out)" */
static void
put_inferred(struct record_incident *r)
{
	const struct record_facts *f = &r->facts;
	char in[32], out[32];

	if (f->relation_inferred)
		record_evidence_add(r, "neighbor",
		    "%s (relation inferred from table sizes: %s in, %s out)",
		    relation_name(f->relation),
		    how_much(f->relation_in, f->relation_full, in, sizeof(in)),
		    how_much(f->relation_out, f->relation_full, out, sizeof(out)));
	if (f->inferred_as != 0)
		record_evidence_add(r, "inferred", "AS%u is our %s by table sizes only",
		    f->inferred_as, relation_name(f->inferred_relation));
}

void
record_evidence_of_facts(struct record_incident *r)
{
	const struct record_facts *f = &r->facts;
	char prefix[IP_PREFIX_TEXT_MAX];

	r->evidence_n = 0;
	if (f->prefix.family != IP_NONE) {
		record_evidence_add(r, "prefix", "%s", ip_prefix_format(&f->prefix, prefix));
		record_evidence_add(r, "first_view", "%s", record_view_name(f->first_view));
	}
	if (f->rov != RECORD_ROV_NONE) {
		record_evidence_add(
		    r, "rov", "invalid (%s)", f->rov == RECORD_ROV_LENGTH ? "length" : "asn");
	}
	put_vrps(r);
	if (f->has_otc)
		record_evidence_add(r, "otc", "%u", f->otc);
	if (f->provider_free_as != 0)
		record_evidence_add(r, "provider_free_as", "%u", f->provider_free_as);
	put_aspa(r);
	if (f->leaked_from_as != 0)
		record_evidence_add(r, "leaked_from", "%u", f->leaked_from_as);
	if (f->leaked_to_as != 0)
		record_evidence_add(r, "leaked_to", "%u", f->leaked_to_as);
	if (f->direct_from_as != 0)
		record_evidence_add(r, "direct_from", "%u", f->direct_from_as);
	if (f->direct_to_as != 0)
		record_evidence_add(r, "direct_to", "%u", f->direct_to_as);
	put_leak_type(r);
	if (f->own.family != IP_NONE)
		record_evidence_add(r, "own_prefix", "%s", ip_prefix_format(&f->own, prefix));
	put_inferred(r);
	if (f->relation != NEIGHBOR_UNKNOWN && !f->relation_inferred)
		record_evidence_add(r, "neighbor", "%s (%s)", relation_name(f->relation),
		    f->relation_configured	       ? "configured"
		    : f->relation >= NEIGHBOR_INTERNAL ? "AS number"
						       : "roles of the OPENs");
	if (f->benign != BENIGN_NONE)
		record_evidence_add(r, "benign", "%s", benign_name(f->benign));
	if (f->cause != REASON_NONE)
		record_evidence_add(r, "cause", "%s", reason_name(f->cause));
	put_cause_vrps(r);
	put_asked_for(r);
}

/* --- and back */

static const char *
value_of(const struct record_incident *r, const char *name)
{
	for (unsigned k = 0; k < r->evidence_n && k < RECORD_EVIDENCE_MAX; k++)
		if (strcmp(r->evidence[k].name, name) == 0)
			return r->evidence[k].value;
	return NULL;
}

/* Digits to the end of the text, or to a comma; false when they are no AS number. */
static bool
as_number(const char *text, uint32_t *asn)
{
	unsigned long n;
	char *end;

	if (text == NULL || *text < '0' || *text > '9')
		return false;
	n = strtoul(text, &end, 10);
	if ((*end != '\0' && *end != ',') || n > UINT32_MAX)
		return false;
	*asn = (uint32_t)n;
	return true;
}

/* As put_aspa writes it. */
static void
read_aspa(struct record_facts *f, const char *text)
{
	unsigned other, customer;
	char *at;
	int n = 0;

	if (text == NULL ||
	    sscanf(text, "AS%u is no provider of AS%u:%n", &other, &customer, &n) != 2 || n == 0)
		return;
	f->aspa_other = other;
	f->aspa_customer = customer;
	at = (char *)(uintptr_t)text + n;
	if (strcmp(at, " none") == 0)
		f->aspa_providers_n = 1; /* AS 0 */
	while (
	    *at == ' ' && at[1] >= '0' && at[1] <= '9' && f->aspa_providers_n < RECORD_ASPA_MAX) {
		f->aspa_providers[f->aspa_providers_n++] = (uint32_t)strtoul(at + 1, &at, 10);
		at += *at == ',';
	}
}

/* "192.0.2.0/24 max 24 AS64530, ..." */
static void
read_vrps(struct record_facts *f, const char *text)
{
	while (text != NULL && f->vrps_n < RECORD_VRPS_MAX) {
		char prefix[IP_PREFIX_TEXT_MAX];
		struct record_vrp v = { 0 };
		unsigned max_length;
		int used = 0;

		if (sscanf(text, "%49s max %u AS%n", prefix, &max_length, &used) != 2 ||
		    used == 0 || max_length > 128 || !ip_prefix_parse(prefix, false, &v.prefix) ||
		    !as_number(text + used, &v.asn))
			return;
		v.max_length = (uint8_t)max_length;
		f->vrps[f->vrps_n++] = v;
		text = strstr(text, ", ");
		text = text != NULL ? text + 2 : NULL;
	}
}

/* "customer (configured)" */
static void
read_relation(struct record_facts *f, const char *text)
{
	size_t word = strcspn(text, " ");

	for (uint8_t k = NEIGHBOR_CUSTOMER; k < RELATIONS; k++)
		if (strlen(relation_name(k)) == word && strncmp(text, relation_name(k), word) == 0)
			f->relation = k;
	f->relation_configured = strstr(text, "(configured)") != NULL;
}

static void
read_prefix(struct ip_prefix *to, const char *text)
{
	if (text != NULL && !ip_prefix_parse(text, false, to))
		memset(to, 0, sizeof(*to));
}

void
record_facts_of_evidence(struct record_incident *r)
{
	struct record_facts *f = &r->facts;
	const char *view = value_of(r, "first_view"), *rov = value_of(r, "rov"),
		   *neighbor = value_of(r, "neighbor"), *cause = value_of(r, "cause"),
		   *benign = value_of(r, "benign");

	memset(f, 0, sizeof(*f));
	read_prefix(&f->prefix, value_of(r, "prefix"));
	for (uint8_t v = 0; view != NULL && v < VIEWS; v++)
		if (strcmp(view, record_view_name(v)) == 0)
			f->first_view = v;
	if (rov != NULL)
		f->rov = strcmp(rov, "invalid (length)") == 0 ? RECORD_ROV_LENGTH : RECORD_ROV_ASN;
	read_vrps(f, value_of(r, "vrps"));
	f->has_otc = as_number(value_of(r, "otc"), &f->otc);
	as_number(value_of(r, "provider_free_as"), &f->provider_free_as);
	read_aspa(f, value_of(r, "aspa"));
	as_number(value_of(r, "leaked_from"), &f->leaked_from_as);
	as_number(value_of(r, "leaked_to"), &f->leaked_to_as);
	as_number(value_of(r, "direct_from"), &f->direct_from_as);
	as_number(value_of(r, "direct_to"), &f->direct_to_as);
	read_prefix(&f->own, value_of(r, "own_prefix"));
	if (neighbor != NULL)
		read_relation(f, neighbor);
	if (benign != NULL)
		f->benign = benign_parse(benign);
	if (cause != NULL)
		f->cause = reason_parse(cause);
}

/* Records as one JSON object each; field names are those of the schema, times in RFC 3339. */
#include "base/jw.h"
#include "proto/record.h"

static void
put_views(struct jw *j, const char *key, uint8_t views)
{
	jw_array(j, key);
	for (uint8_t v = 0; v < VIEWS; v++)
		if (views >> v & 1)
			jw_string(j, NULL, record_view_name(v));
	jw_end_array(j);
}

static void
put_facts(struct jw *j, const char *key, const struct record_evidence *v, unsigned n)
{
	jw_object(j, key);
	for (unsigned k = 0; k < n && k < RECORD_EVIDENCE_MAX; k++)
		jw_string(j, v[k].name, v[k].value);
	jw_end_object(j);
}

static void
put_prefix(struct jw *j, const char *key, const struct ip_prefix *p)
{
	char text[IP_PREFIX_TEXT_MAX];

	if (p->family != IP_NONE)
		jw_string(j, key, ip_prefix_format(p, text));
}

/* What is absent is left out. */
static void
put_record_facts(struct jw *j, const struct record_facts *f)
{
	jw_object(j, "facts");
	put_prefix(j, "prefix", &f->prefix);
	if (f->prefix.family != IP_NONE)
		jw_string(j, "first_view", record_view_name(f->first_view));
	if (f->rov != RECORD_ROV_NONE)
		jw_string(j, "rov_invalid", f->rov == RECORD_ROV_LENGTH ? "length" : "asn");
	if (f->vrps_n > 0) {
		jw_array(j, "vrps");
		for (unsigned k = 0; k < f->vrps_n && k < RECORD_VRPS_MAX; k++) {
			jw_object(j, NULL);
			put_prefix(j, "prefix", &f->vrps[k].prefix);
			jw_uint(j, "max_length", f->vrps[k].max_length);
			jw_uint(j, "asn", f->vrps[k].asn);
			jw_end_object(j);
		}
		jw_end_array(j);
	}
	if (f->has_otc)
		jw_uint(j, "otc", f->otc);
	if (f->provider_free_as != 0)
		jw_uint(j, "provider_free_as", f->provider_free_as);
	put_prefix(j, "own_prefix", &f->own);
	if (f->relation != NEIGHBOR_UNKNOWN) {
		jw_string(j, "relation", relation_name(f->relation));
		jw_bool(j, "relation_configured", f->relation_configured);
	}
	if (f->cause != REASON_NONE)
		jw_string(j, "cause", reason_name(f->cause));
	jw_end_object(j);
}

static void
put_incident(struct jw *j, const struct record *r)
{
	const struct record_incident *i = &r->incident;
	char prefix[IP_PREFIX_TEXT_MAX];

	jw_string(j, "id", i->id);
	jw_uint(j, "seq", r->seq);
	jw_uint(j, "revision", i->revision);
	jw_string(j, "transition", transition_name(i->transition));
	jw_string(j, "kind", i->kind);
	jw_string(j, "severity", severity_name(i->severity));
	jw_string(j, "summary", i->summary);
	jw_time_us(j, "at", r->at_us);
	jw_time_us(j, "first_seen", i->first_seen_us);
	jw_time_us(j, "last_seen", i->last_seen_us);
	jw_string(j, "collector", r->collector);
	jw_string(j, "router", i->router);
	jw_uint(j, "routers", i->routers_n);
	jw_string(j, "peer", i->peer);
	jw_uint(j, "peer_as", i->peer_as);
	jw_string(j, "table", i->table);
	jw_string(j, "distinguisher", i->distinguisher);
	jw_string(j, "reason", reason_name(i->reason));
	jw_object(j, "prefixes");
	jw_uint(j, "count", i->prefixes_n);
	jw_uint(j, "peak", i->prefixes_peak);
	jw_array(j, "examples");
	for (unsigned k = 0; k < i->examples_n && k < RECORD_EXAMPLES_MAX; k++)
		jw_string(j, NULL, ip_prefix_format(&i->examples[k], prefix));
	jw_end_array(j);
	jw_end_object(j);
	if (i->has_origin)
		jw_uint(j, "origin", i->origin);
	else
		jw_null(j, "origin");
	jw_string(j, "as_path", i->as_path);
	put_views(j, "views", i->views);
	jw_object(j, "view_counts");
	for (uint8_t v = 0; v < VIEWS; v++)
		if (i->view_counts[v] > 0)
			jw_uint(j, record_view_name(v), i->view_counts[v]);
	jw_end_object(j);
	put_views(j, "views_missing", i->views_missing);
	put_facts(j, "evidence", i->evidence, i->evidence_n);
	jw_string(j, "manrs_action", i->manrs_action);
	put_record_facts(j, &i->facts);
}

static void
put_event(struct jw *j, const struct record *r)
{
	const struct record_event *e = &r->event;

	jw_uint(j, "seq", r->seq);
	jw_time_us(j, "at", r->at_us);
	jw_string(j, "event", e->type);
	jw_string(j, "severity", severity_name(e->severity));
	jw_string(j, "summary", e->summary);
	jw_string(j, "collector", r->collector);
	jw_string(j, "router", e->router);
	jw_string(j, "peer", e->peer);
	jw_uint(j, "peer_as", e->peer_as);
	jw_string(j, "table", e->table);
	jw_string(j, "distinguisher", e->distinguisher);
	put_facts(j, "details", e->details, e->details_n);
}

bool
record_to_json(const struct record *r, struct sbuf *out)
{
	struct jw j = jw_to(out);

	jw_object(&j, NULL);
	if (r->kind == RECORD_INCIDENT)
		put_incident(&j, r);
	else
		put_event(&j, r);
	jw_end_object(&j);
	return !out->failed;
}

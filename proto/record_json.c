/* Records as one JSON object each; field names are those of the schema, times in RFC 3339. */
#include "base/json.h"
#include "proto/record.h"

static void
put_views(struct json *j, const char *key, uint8_t views)
{
	json_array(j, key);
	for (uint8_t v = 0; v < VIEWS; v++)
		if (views >> v & 1)
			json_string(j, NULL, record_view_name(v));
	json_end_array(j);
}

static void
put_facts(struct json *j, const char *key, const struct record_evidence *v, unsigned n)
{
	json_object(j, key);
	for (unsigned k = 0; k < n && k < RECORD_EVIDENCE_MAX; k++)
		json_string(j, v[k].name, v[k].value);
	json_end_object(j);
}

static void
put_incident(struct json *j, const struct record *r)
{
	const struct record_incident *i = &r->incident;
	char prefix[IP_PREFIX_TEXT_MAX];

	json_string(j, "id", i->id);
	json_uint(j, "seq", r->seq);
	json_uint(j, "revision", i->revision);
	json_string(j, "transition", transition_name(i->transition));
	json_string(j, "kind", i->kind);
	json_string(j, "severity", severity_name(i->severity));
	json_string(j, "summary", i->summary);
	json_time_us(j, "at", r->at_us);
	json_time_us(j, "first_seen", i->first_seen_us);
	json_time_us(j, "last_seen", i->last_seen_us);
	json_string(j, "collector", r->collector);
	json_string(j, "router", i->router);
	json_uint(j, "routers", i->routers_n);
	json_string(j, "peer", i->peer);
	json_uint(j, "peer_as", i->peer_as);
	json_string(j, "reason", i->reason);
	json_object(j, "prefixes");
	json_uint(j, "count", i->prefixes_n);
	json_uint(j, "peak", i->prefixes_peak);
	json_array(j, "examples");
	for (unsigned k = 0; k < i->examples_n && k < RECORD_EXAMPLES_MAX; k++)
		json_string(j, NULL, ip_prefix_format(&i->examples[k], prefix));
	json_end_array(j);
	json_end_object(j);
	if (i->has_origin)
		json_uint(j, "origin", i->origin);
	else
		json_null(j, "origin");
	json_string(j, "as_path", i->as_path);
	put_views(j, "views", i->views);
	json_object(j, "view_counts");
	for (uint8_t v = 0; v < VIEWS; v++)
		if (i->view_counts[v] > 0)
			json_uint(j, record_view_name(v), i->view_counts[v]);
	json_end_object(j);
	put_views(j, "views_missing", i->views_missing);
	put_facts(j, "evidence", i->evidence, i->evidence_n);
	json_string(j, "manrs_action", i->manrs_action);
}

static void
put_event(struct json *j, const struct record *r)
{
	const struct record_event *e = &r->event;

	json_uint(j, "seq", r->seq);
	json_time_us(j, "at", r->at_us);
	json_string(j, "event", e->type);
	json_string(j, "severity", severity_name(e->severity));
	json_string(j, "summary", e->summary);
	json_string(j, "collector", r->collector);
	json_string(j, "router", e->router);
	json_string(j, "peer", e->peer);
	json_uint(j, "peer_as", e->peer_as);
	put_facts(j, "details", e->details, e->details_n);
}

bool
record_to_json(const struct record *r, struct sbuf *out)
{
	struct json j = json_to(out);

	json_object(&j, NULL);
	if (r->kind == RECORD_INCIDENT)
		put_incident(&j, r);
	else
		put_event(&j, r);
	json_end_object(&j);
	return !out->failed;
}

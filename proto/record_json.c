/* Records as one JSON object each; field names are those of the schema, times in RFC 3339. */
#include <stdio.h>

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

/* Which leak it is, and what as-rel says of it. */
static void
put_leak_type(struct jw *j, const struct record_facts *f)
{
	static const char *const says[] = { "unknown", "leak", "no-leak" };
	char date[RECORD_DATE_MAX];

	if (f->leak_type != 0)
		jw_uint(j, "leak_type", f->leak_type);
	if (f->as_rel_day == 0)
		return;
	jw_object(j, "as_rel");
	jw_string(j, "date", record_date(f->as_rel_day, date));
	jw_string(j, "leaked_from", relation_name(f->as_rel_from));
	jw_string(j, "leaked_to", relation_name(f->as_rel_to));
	jw_string(j, "says", says[record_as_rel_says(f)]);
	jw_end_object(j);
}

/* What is known of a relation by no more than the sizes of tables. */
static void
put_inferred(struct jw *j, const struct record_facts *f)
{
	if (f->relation_inferred) {
		jw_object(j, "relation_inferred");
		jw_uint(j, "routes_in", f->relation_in);
		jw_uint(j, "routes_out", f->relation_out);
		jw_uint(j, "largest_table", f->relation_full);
		jw_end_object(j);
	}
	if (f->inferred)
		jw_bool(j, "inferred", true);
	if (f->inferred_as == 0)
		return;
	jw_uint(j, "inferred_as", f->inferred_as);
	jw_string(j, "inferred_relation", relation_name(f->inferred_relation));
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

/* When the route came, and when the router says that it came. */
static void
put_times(struct jw *j, const struct record_facts *f)
{
	if (f->seen_us == 0)
		return;
	jw_time_us(j, "seen", f->seen_us);
	if (f->router_us != 0) {
		jw_time_us(j, "router_time", f->router_us);
		jw_int(j, "clock_skew_ms", (f->router_us - f->seen_us) / 1000);
	} else {
		jw_null(j, "router_time"); /* none, or one that is more than a day off */
	}
}

static void
put_vrp(struct jw *j, const struct record_vrp *v, const char *change)
{
	jw_object(j, NULL);
	if (change != NULL)
		jw_string(j, "change", change);
	put_prefix(j, "prefix", &v->prefix);
	jw_uint(j, "max_length", v->max_length);
	jw_uint(j, "asn", v->asn);
	jw_end_object(j);
}

static void
put_cause_vrps(struct jw *j, const struct record_facts *f)
{
	if (f->cause_vrps_n == 0)
		return;
	jw_array(j, "cause_vrps");
	for (unsigned k = 0; k < f->cause_vrps_n && k < RECORD_VRPS_MAX; k++)
		put_vrp(j, &f->cause_vrps[k].vrp, f->cause_vrps[k].went ? "gone" : "new");
	jw_end_array(j);
}

/* What is absent is left out. */
static void
put_record_facts(struct jw *j, const struct record_facts *f)
{
	char address[IP_ADDR_TEXT_MAX];

	jw_object(j, "facts");
	put_prefix(j, "prefix", &f->prefix);
	if (f->prefix.family != IP_NONE)
		jw_string(j, "first_view", record_view_name(f->first_view));
	if (f->rov != RECORD_ROV_NONE)
		jw_string(j, "rov_invalid", f->rov == RECORD_ROV_LENGTH ? "length" : "asn");
	if (f->vrps_n > 0) {
		jw_array(j, "vrps");
		for (unsigned k = 0; k < f->vrps_n && k < RECORD_VRPS_MAX; k++)
			put_vrp(j, &f->vrps[k], NULL);
		jw_end_array(j);
	}
	if (f->has_otc)
		jw_uint(j, "otc", f->otc);
	if (f->provider_free_as != 0)
		jw_uint(j, "provider_free_as", f->provider_free_as);
	if (f->aspa_customer != 0) {
		jw_object(j, "aspa");
		jw_uint(j, "customer", f->aspa_customer);
		jw_uint(j, "no_provider", f->aspa_other);
		jw_array(j, "providers");
		for (unsigned k = 0; k < f->aspa_providers_n && k < RECORD_ASPA_MAX; k++)
			jw_uint(j, NULL, f->aspa_providers[k]);
		jw_end_array(j);
		jw_end_object(j);
	}
	if (f->leaked_from_as != 0)
		jw_uint(j, "leaked_from_as", f->leaked_from_as);
	if (f->leaked_to_as != 0)
		jw_uint(j, "leaked_to_as", f->leaked_to_as);
	if (f->direct_from_as != 0)
		jw_uint(j, "direct_from_as", f->direct_from_as);
	if (f->direct_to_as != 0)
		jw_uint(j, "direct_to_as", f->direct_to_as);
	put_leak_type(j, f);
	put_prefix(j, "own_prefix", &f->own);
	if (f->relation != NEIGHBOR_UNKNOWN) {
		jw_string(j, "relation", relation_name(f->relation));
		jw_bool(j, "relation_configured", f->relation_configured);
	}
	put_inferred(j, f);
	if (f->cause != REASON_NONE)
		jw_string(j, "cause", reason_name(f->cause));
	put_cause_vrps(j, f);
	if (f->offender_as != 0)
		jw_uint(j, "offender_as", f->offender_as);
	if (f->benign != BENIGN_NONE)
		jw_string(j, "benign", benign_name(f->benign));
	if (f->next_hop.family != IP_NONE)
		jw_string(j, "next_hop", ip_addr_format(&f->next_hop, address));
	if (f->communities_n > 0) {
		jw_array(j, "communities");
		for (unsigned k = 0; k < f->communities_n && k < RECORD_COMMUNITIES_MAX; k++) {
			snprintf(address, sizeof(address), "%u:%u", f->communities[k] >> 16,
			    f->communities[k] & 0xffff);
			jw_string(j, NULL, address);
		}
		jw_end_array(j);
	}
	put_times(j, f);
	jw_end_object(j);
}

static void
put_holder(struct jw *j, const struct record_holder *h)
{
	char address[IP_ADDR_TEXT_MAX];

	jw_object(j, NULL);
	jw_string(j, "router", h->router);
	jw_string(
	    j, "peer", h->peer.family != IP_NONE ? ip_addr_format(&h->peer, address) : "loc-rib");
	jw_uint(j, "peer_as", h->peer_as);
	if (h->distinguisher[0] != '\0')
		jw_string(j, "distinguisher", h->distinguisher);
	if (h->family != HOLDER_ANY)
		jw_string(j, "family", holder_family_name(h->family));
	put_views(j, "views", h->views);
	jw_uint(j, "routes", h->routes);
	if (h->since_us != 0)
		jw_time_us(j, "since", h->since_us);
	jw_bool(j, "lost", h->lost);
	jw_end_object(j);
}

/* Whom to call. */
static void
put_calls(struct jw *j, const struct record_incident *i)
{
	jw_array(j, "call");
	for (unsigned k = 0; k < i->calls_n && k < RECORD_CALLS_MAX; k++) {
		const struct record_call *c = &i->calls[k];

		jw_object(j, NULL);
		jw_array(j, "roles");
		for (unsigned r = 0; r < CALL_ROLES; r++)
			if (c->roles >> r & 1)
				jw_string(j, NULL, call_role_name(r));
		jw_end_array(j);
		jw_uint(j, "asn", c->asn);
		jw_string(j, "name", c->name);
		jw_string(j, "contact", c->contact);
		jw_string(j, "registry", c->registry);
		jw_end_object(j);
	}
	jw_end_array(j);
}

/* Where it is, whose it is, and what has changed. */
static void
put_circumstances(struct jw *j, const struct record_incident *i)
{
	jw_array(j, "facets");
	for (unsigned k = 0; k < i->facets_n && k < RECORD_FACETS_MAX; k++)
		jw_string(j, NULL, i->facets[k]);
	jw_end_array(j);
	jw_uint(j, "holder_count", i->holders_n);
	jw_array(j, "holders");
	for (unsigned k = 0; k < i->holders_n && k < RECORD_HOLDERS_MAX; k++)
		put_holder(j, &i->holders[k]);
	jw_end_array(j);
	jw_uint(j, "victim_count", i->victims_n);
	jw_array(j, "victims");
	for (unsigned k = 0; k < i->victims_n && k < RECORD_VICTIMS_MAX; k++)
		jw_uint(j, NULL, i->victims[k]);
	jw_end_array(j);
	jw_uint(j, "own_prefixes", i->own_n);
	jw_array(j, "related");
	for (unsigned k = 0; k < i->related_n && k < RECORD_RELATED_MAX; k++)
		jw_string(j, NULL, i->related[k]);
	jw_end_array(j);
	jw_string(j, "neighbor_name", i->neighbor_name);
	jw_string(j, "neighbor_contact", i->neighbor_contact);
	put_calls(j, i);
	jw_bool(j, "muted", i->muted);
	jw_bool(j, "dry_run", i->dry_run);
	jw_bool(j, "standing", i->standing);
	jw_bool(j, "test", record_is_test(i));
}

static void
put_incident(struct jw *j, const struct record *r)
{
	const struct record_incident *i = &r->incident;
	char prefix[IP_PREFIX_TEXT_MAX], doc[RECORD_DOC_MAX];

	jw_string(j, "id", i->id);
	jw_uint(j, "seq", r->seq);
	jw_uint(j, "occurrence", i->occurrence);
	jw_uint(j, "revision", i->revision);
	jw_string(j, "transition", transition_name(i->transition));
	jw_string(j, "kind", i->kind);
	jw_string(j, "doc", record_doc(i, doc));
	jw_string(j, "scope", i->scope);
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
	jw_uint(j, "added", i->prefixes_added);
	jw_uint(j, "removed", i->prefixes_removed);
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
	jw_uint(j, "flaps", i->flaps);
	jw_bool(j, "flapping", i->flapping);
	put_circumstances(j, i);
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

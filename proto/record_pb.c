/*
 * Records as protobuf (proto/bellman/v1). The one home of the generated code. protobuf-c does not
 * check text, so what comes from routers has been made valid UTF-8 before it got into a record.
 */
#include <string.h>

#include "base/text.h"
#include "proto/record.h"

#include "bellman/v1/event.pb-c.h"
#include "bellman/v1/incident.pb-c.h"

enum { UNPACK_MAX = 65536 };

/* protobuf-c takes pointers to char that it does not write to. */
static char *
unconst(const char *s)
{
	return (char *)(uintptr_t)s;
}

static bool
append(const ProtobufCMessage *m, struct sbuf *out)
{
	size_t n = protobuf_c_message_get_packed_size(m);
	uint8_t *at = sbuf_reserve(out, n);

	if (at == NULL)
		return false;
	protobuf_c_message_pack(m, at);
	out->len += n;
	return true;
}

static bool
incident_to_pb(const struct record *r, struct sbuf *out)
{
	const struct record_incident *i = &r->incident;
	Bellman__V1__Incident m = BELLMAN__V1__INCIDENT__INIT;
	Bellman__V1__ViewCount counts[VIEWS], *views[VIEWS];
	Bellman__V1__View missing[VIEWS];
	Bellman__V1__Evidence facts[RECORD_EVIDENCE_MAX], *evidence[RECORD_EVIDENCE_MAX];
	char prefixes[RECORD_EXAMPLES_MAX][IP_PREFIX_TEXT_MAX], *examples[RECORD_EXAMPLES_MAX];

	m.id = unconst(i->id);
	m.seq = r->seq;
	m.revision = i->revision;
	m.transition = (Bellman__V1__Transition)i->transition;
	m.severity = (Bellman__V1__Severity)i->severity;
	m.kind = unconst(i->kind);
	m.summary = unconst(i->summary);
	m.at_unix_us = r->at_us;
	m.first_seen_unix_us = i->first_seen_us;
	m.last_seen_unix_us = i->last_seen_us;
	m.collector = unconst(r->collector);
	m.router = unconst(i->router);
	m.peer = unconst(i->peer);
	m.peer_as = i->peer_as;
	m.reason = unconst(i->reason);
	m.routers = i->routers_n;
	m.prefix_count = i->prefixes_n;
	m.prefix_peak = i->prefixes_peak;
	m.as_path = unconst(i->as_path);
	m.manrs_action = unconst(i->manrs_action);
	if (i->has_origin) {
		m.origin_presence_case = BELLMAN__V1__INCIDENT__ORIGIN_PRESENCE_ORIGIN;
		m.origin = i->origin;
	}
	for (unsigned k = 0; k < i->examples_n && k < RECORD_EXAMPLES_MAX; k++) {
		ip_prefix_format(&i->examples[k], prefixes[k]);
		examples[m.n_prefix_examples++] = prefixes[k];
	}
	m.prefix_examples = examples;
	for (unsigned v = 0; v < VIEWS; v++) {
		if (i->views >> v & 1) {
			bellman__v1__view_count__init(&counts[v]);
			counts[v].view = (Bellman__V1__View)(v + 1);
			counts[v].routes = i->view_counts[v];
			views[m.n_views++] = &counts[v];
		}
		if (i->views_missing >> v & 1)
			missing[m.n_views_missing++] = (Bellman__V1__View)(v + 1);
	}
	m.views = views;
	m.views_missing = missing;
	for (unsigned k = 0; k < i->evidence_n && k < RECORD_EVIDENCE_MAX; k++) {
		bellman__v1__evidence__init(&facts[k]);
		facts[k].name = unconst(i->evidence[k].name);
		facts[k].value = unconst(i->evidence[k].value);
		evidence[m.n_evidence++] = &facts[k];
	}
	m.evidence = evidence;
	return append(&m.base, out);
}

static bool
event_to_pb(const struct record *r, struct sbuf *out)
{
	const struct record_event *e = &r->event;
	Bellman__V1__Event m = BELLMAN__V1__EVENT__INIT;
	Bellman__V1__Detail facts[RECORD_EVIDENCE_MAX], *details[RECORD_EVIDENCE_MAX];

	m.seq = r->seq;
	m.at_unix_us = r->at_us;
	m.type = unconst(e->type);
	m.severity = e->severity;
	m.summary = unconst(e->summary);
	m.collector = unconst(r->collector);
	m.router = unconst(e->router);
	m.peer = unconst(e->peer);
	m.peer_as = e->peer_as;
	for (unsigned k = 0; k < e->details_n && k < RECORD_EVIDENCE_MAX; k++) {
		bellman__v1__detail__init(&facts[k]);
		facts[k].name = unconst(e->details[k].name);
		facts[k].value = unconst(e->details[k].value);
		details[m.n_details++] = &facts[k];
	}
	m.details = details;
	return append(&m.base, out);
}

bool
record_to_pb(const struct record *r, struct sbuf *out)
{
	return r->kind == RECORD_INCIDENT ? incident_to_pb(r, out) : event_to_pb(r, out);
}

/* --- reading, from a source that is not trusted
 * --------------------------------------------------------------------------- */

static void
evidence_from(struct record_evidence *v, uint8_t *n, const char *name, const char *value)
{
	if (*n >= RECORD_EVIDENCE_MAX)
		return;
	text_copy(v[*n].name, sizeof(v[*n].name), name);
	text_copy(v[*n].value, sizeof(v[*n].value), value);
	(*n)++;
}

static void
incident_from(const Bellman__V1__Incident *m, struct record *r)
{
	struct record_incident *i = &r->incident;

	r->seq = m->seq;
	r->at_us = m->at_unix_us;
	text_copy(r->collector, sizeof(r->collector), m->collector);
	text_copy(i->id, sizeof(i->id), m->id);
	i->revision = m->revision;
	i->transition = m->transition > 0 && (int)m->transition <= (int)TRANSITION_UNKNOWN
			    ? (uint8_t)m->transition
			    : 0;
	i->severity = (int)m->severity > 0 && (int)m->severity <= (int)SEVERITY_CRITICAL
			  ? (uint8_t)m->severity
			  : 0;
	text_copy(i->kind, sizeof(i->kind), m->kind);
	text_copy(i->summary, sizeof(i->summary), m->summary);
	i->first_seen_us = m->first_seen_unix_us;
	i->last_seen_us = m->last_seen_unix_us;
	text_copy(i->router, sizeof(i->router), m->router);
	i->routers_n = m->routers;
	text_copy(i->peer, sizeof(i->peer), m->peer);
	i->peer_as = m->peer_as;
	i->prefixes_n = m->prefix_count;
	i->prefixes_peak = m->prefix_peak;
	for (size_t k = 0; k < m->n_prefix_examples && i->examples_n < RECORD_EXAMPLES_MAX; k++)
		if (ip_prefix_parse(m->prefix_examples[k], false, &i->examples[i->examples_n]))
			i->examples_n++;
	i->has_origin = m->origin_presence_case == BELLMAN__V1__INCIDENT__ORIGIN_PRESENCE_ORIGIN;
	i->origin = i->has_origin ? m->origin : 0;
	text_copy(i->as_path, sizeof(i->as_path), m->as_path);
	for (size_t k = 0; k < m->n_views; k++) {
		unsigned v = (unsigned)m->views[k]->view - 1;

		if (v < VIEWS) {
			i->views |= (uint8_t)(1U << v);
			i->view_counts[v] = m->views[k]->routes;
		}
	}
	for (size_t k = 0; k < m->n_views_missing; k++) {
		unsigned v = (unsigned)m->views_missing[k] - 1;

		if (v < VIEWS)
			i->views_missing |= (uint8_t)(1U << v);
	}
	text_copy(i->reason, sizeof(i->reason), m->reason);
	text_copy(i->manrs_action, sizeof(i->manrs_action), m->manrs_action);
	for (size_t k = 0; k < m->n_evidence; k++)
		evidence_from(
		    i->evidence, &i->evidence_n, m->evidence[k]->name, m->evidence[k]->value);
}

static void
event_from(const Bellman__V1__Event *m, struct record *r)
{
	struct record_event *e = &r->event;

	r->seq = m->seq;
	r->at_us = m->at_unix_us;
	text_copy(r->collector, sizeof(r->collector), m->collector);
	text_copy(e->type, sizeof(e->type), m->type);
	e->severity = m->severity <= SEVERITY_CRITICAL ? (uint8_t)m->severity : 0;
	text_copy(e->summary, sizeof(e->summary), m->summary);
	text_copy(e->router, sizeof(e->router), m->router);
	text_copy(e->peer, sizeof(e->peer), m->peer);
	e->peer_as = m->peer_as;
	for (size_t k = 0; k < m->n_details; k++)
		evidence_from(e->details, &e->details_n, m->details[k]->name, m->details[k]->value);
}

bool
record_from_pb(uint8_t kind, const void *data, size_t len, struct record *out)
{
	memset(out, 0, sizeof(*out));
	out->kind = kind;
	if (len > UNPACK_MAX)
		return false;
	if (kind == RECORD_INCIDENT) {
		Bellman__V1__Incident *m = bellman__v1__incident__unpack(NULL, len, data);

		if (m == NULL)
			return false;
		incident_from(m, out);
		bellman__v1__incident__free_unpacked(m, NULL);
		return true;
	}
	if (kind == RECORD_EVENT) {
		Bellman__V1__Event *m = bellman__v1__event__unpack(NULL, len, data);

		if (m == NULL)
			return false;
		event_from(m, out);
		bellman__v1__event__free_unpacked(m, NULL);
		return true;
	}
	return false;
}

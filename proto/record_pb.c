/*
 * Records as protobuf (proto/bellman/v1). The one home of the generated code.
 *
 * protobuf-c neither checks text nor bounds what it allocates. Consumers in other languages reject
 * a whole message for one octet that is no UTF-8, so text is checked here on its way out; what is
 * read may come from anywhere, so its size is limited and numbers are checked before they are used.
 */
#include <string.h>

#include "base/pure/text.h"
#include "base/pure/utf8.h"
#include "proto/record.h"

#include "bellman/v1/event.pb-c.h"
#include "bellman/v1/incident.pb-c.h"

enum { UNPACK_MAX = 65536 };

/* Room for the copies of the texts that had to be mended: all texts of one record at most. */
struct mended {
	size_t used;
	char room[sizeof(struct record)];
};

/* The text as protobuf-c wants it, which takes pointers to char that it does not write to. It is
 * the record's own, unless that is no UTF-8: then a copy of the same length with question marks. */
static char *
utf8(struct mended *m, const char *s)
{
	size_t len = strlen(s), n;
	char *copy = m->room + m->used;

	if (utf8_valid(s))
		return (char *)(uintptr_t)s;
	for (size_t at = 0; at < len; at += n) {
		n = utf8_len(s + at, len - at);
		if (n == 0) {
			n = 1;
			copy[at] = '?';
		} else {
			memcpy(copy + at, s + at, n);
		}
	}
	copy[len] = '\0';
	m->used += len + 1;
	return copy;
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

/* Room for the facts of one record: a message and what it points to. */
struct facts_pb {
	Bellman__V1__Facts m;
	Bellman__V1__AspaBreach aspa;
	Bellman__V1__InferredRelation inferred;
	Bellman__V1__AsRel as_rel;
	Bellman__V1__Vrp vrp[2 * RECORD_VRPS_MAX], *vrps[RECORD_VRPS_MAX];
	Bellman__V1__VrpChange change[RECORD_VRPS_MAX], *changes[RECORD_VRPS_MAX];
	char prefix[IP_PREFIX_TEXT_MAX], own[IP_PREFIX_TEXT_MAX],
	    vrp_prefix[2 * RECORD_VRPS_MAX][IP_PREFIX_TEXT_MAX], next_hop[IP_ADDR_TEXT_MAX];
};

static Bellman__V1__Vrp *
vrp_to_pb(const struct record_vrp *v, struct facts_pb *p, unsigned k)
{
	bellman__v1__vrp__init(&p->vrp[k]);
	ip_prefix_format(&v->prefix, p->vrp_prefix[k]);
	p->vrp[k].prefix = p->vrp_prefix[k];
	p->vrp[k].max_length = v->max_length;
	p->vrp[k].asn = v->asn;
	return &p->vrp[k];
}

static void
inferred_to_pb(const struct record_facts *f, struct facts_pb *p)
{
	if (f->relation_inferred) {
		bellman__v1__inferred_relation__init(&p->inferred);
		p->inferred.routes_in = f->relation_in;
		p->inferred.routes_out = f->relation_out;
		p->inferred.largest_table = f->relation_full;
		p->m.relation_inferred = &p->inferred;
	}
	if (f->as_rel_day != 0) {
		bellman__v1__as_rel__init(&p->as_rel);
		p->as_rel.day = f->as_rel_day;
		p->as_rel.leaked_from = (Bellman__V1__Relation)f->as_rel_from;
		p->as_rel.leaked_to = (Bellman__V1__Relation)f->as_rel_to;
		p->m.as_rel = &p->as_rel;
	}
	p->m.leak_type = f->leak_type;
	p->m.inferred = f->inferred;
	p->m.inferred_as = f->inferred_as;
	p->m.inferred_relation = (Bellman__V1__Relation)f->inferred_relation;
}

static Bellman__V1__Facts *
facts_to_pb(const struct record_facts *f, struct facts_pb *p)
{
	bellman__v1__facts__init(&p->m);
	if (f->prefix.family != IP_NONE) {
		ip_prefix_format(&f->prefix, p->prefix);
		p->m.prefix = p->prefix;
		p->m.first_view = (Bellman__V1__View)(f->first_view + 1);
	}
	p->m.rov_invalid = (Bellman__V1__RovInvalid)f->rov;
	for (unsigned k = 0; k < f->vrps_n && k < RECORD_VRPS_MAX; k++)
		p->vrps[p->m.n_vrps++] = vrp_to_pb(&f->vrps[k], p, k);
	p->m.vrps = p->vrps;
	for (unsigned k = 0; k < f->cause_vrps_n && k < RECORD_VRPS_MAX; k++) {
		bellman__v1__vrp_change__init(&p->change[k]);
		p->change[k].vrp = vrp_to_pb(&f->cause_vrps[k].vrp, p, RECORD_VRPS_MAX + k);
		p->change[k].went = f->cause_vrps[k].went;
		p->changes[p->m.n_cause_vrps++] = &p->change[k];
	}
	p->m.cause_vrps = p->changes;
	if (f->has_otc) {
		p->m.otc_presence_case = BELLMAN__V1__FACTS__OTC_PRESENCE_OTC;
		p->m.otc = f->otc;
	}
	p->m.provider_free_as = f->provider_free_as;
	p->m.leaked_from_as = f->leaked_from_as;
	p->m.leaked_to_as = f->leaked_to_as;
	p->m.direct_from_as = f->direct_from_as;
	p->m.direct_to_as = f->direct_to_as;
	if (f->aspa_customer != 0) {
		bellman__v1__aspa_breach__init(&p->aspa);
		p->aspa.customer = f->aspa_customer;
		p->aspa.no_provider = f->aspa_other;
		p->aspa.n_providers = f->aspa_providers_n;
		p->aspa.providers = (uint32_t *)(uintptr_t)f->aspa_providers;
		p->m.aspa = &p->aspa;
	}
	if (f->own.family != IP_NONE) {
		ip_prefix_format(&f->own, p->own);
		p->m.own_prefix = p->own;
	}
	p->m.relation = (Bellman__V1__Relation)f->relation;
	p->m.relation_configured = f->relation_configured;
	inferred_to_pb(f, p);
	p->m.cause = (char *)(uintptr_t)reason_name(f->cause);
	p->m.offender_as = f->offender_as;
	p->m.benign = (char *)(uintptr_t)benign_name(f->benign);
	if (f->next_hop.family != IP_NONE)
		p->m.next_hop = (char *)(uintptr_t)ip_addr_format(&f->next_hop, p->next_hop);
	p->m.n_communities = f->communities_n;
	p->m.communities = (uint32_t *)(uintptr_t)f->communities;
	p->m.router_unix_us = f->router_us;
	p->m.seen_unix_us = f->seen_us;
	return &p->m;
}

/* Room for what is around the facts: messages and what they point to. */
struct circumstances_pb {
	Bellman__V1__Holder holder[RECORD_HOLDERS_MAX], *holders[RECORD_HOLDERS_MAX];
	Bellman__V1__View views[RECORD_HOLDERS_MAX][VIEWS];
	char peers[RECORD_HOLDERS_MAX][IP_ADDR_TEXT_MAX];
	char *facets[RECORD_FACETS_MAX], *related[RECORD_RELATED_MAX];
	Bellman__V1__Call call[RECORD_CALLS_MAX], *calls[RECORD_CALLS_MAX];
	Bellman__V1__CallRole roles[RECORD_CALLS_MAX][CALL_ROLES];
	char doc[RECORD_DOC_MAX];
};

static void
holder_to_pb(
    const struct record_holder *h, struct circumstances_pb *p, unsigned k, struct mended *t)
{
	Bellman__V1__Holder *m = &p->holder[k];

	bellman__v1__holder__init(m);
	m->router = utf8(t, h->router);
	if (h->peer.family != IP_NONE)
		m->peer = (char *)(uintptr_t)ip_addr_format(&h->peer, p->peers[k]);
	m->peer_as = h->peer_as;
	m->distinguisher = utf8(t, h->distinguisher);
	m->family = (char *)(uintptr_t)holder_family_name(h->family);
	for (unsigned v = 0; v < VIEWS; v++)
		if (h->views >> v & 1)
			p->views[k][m->n_views++] = (Bellman__V1__View)(v + 1);
	m->views = p->views[k];
	m->lost = h->lost;
	m->routes = h->routes;
	m->since_unix_us = h->since_us;
	p->holders[k] = m;
}

static void
call_to_pb(const struct record_call *c, struct circumstances_pb *p, unsigned k, struct mended *t)
{
	Bellman__V1__Call *m = &p->call[k];

	bellman__v1__call__init(m);
	m->asn = c->asn;
	for (unsigned r = 0; r < CALL_ROLES; r++)
		if (c->roles >> r & 1)
			p->roles[k][m->n_roles++] = (Bellman__V1__CallRole)(r + 1);
	m->roles = p->roles[k];
	m->name = utf8(t, c->name);
	m->contact = utf8(t, c->contact);
	m->registry = utf8(t, c->registry);
	p->calls[k] = m;
}

static void
circumstances_to_pb(const struct record_incident *i, Bellman__V1__Incident *m,
    struct circumstances_pb *p, struct mended *t)
{
	m->occurrence = i->occurrence;
	m->scope = utf8(t, i->scope);
	m->flaps = i->flaps;
	m->flapping = i->flapping;
	m->prefixes_added = i->prefixes_added;
	m->prefixes_removed = i->prefixes_removed;
	for (unsigned k = 0; k < i->facets_n && k < RECORD_FACETS_MAX; k++)
		p->facets[m->n_facets++] = utf8(t, i->facets[k]);
	m->facets = p->facets;
	m->holder_count = i->holders_n;
	for (unsigned k = 0; k < i->holders_n && k < RECORD_HOLDERS_MAX; k++, m->n_holders++)
		holder_to_pb(&i->holders[k], p, k, t);
	m->holders = p->holders;
	m->victim_count = i->victims_n;
	m->n_victims = i->victims_n < RECORD_VICTIMS_MAX ? i->victims_n : RECORD_VICTIMS_MAX;
	m->victims = (uint32_t *)(uintptr_t)i->victims;
	for (unsigned k = 0; k < i->related_n && k < RECORD_RELATED_MAX; k++)
		p->related[m->n_related++] = utf8(t, i->related[k]);
	m->related = p->related;
	m->neighbor_name = utf8(t, i->neighbor_name);
	m->neighbor_contact = utf8(t, i->neighbor_contact);
	for (unsigned k = 0; k < i->calls_n && k < RECORD_CALLS_MAX; k++, m->n_calls++)
		call_to_pb(&i->calls[k], p, k, t);
	m->calls = p->calls;
	m->muted = i->muted;
	m->own_prefixes = i->own_n;
	m->dry_run = i->dry_run;
	m->test = record_is_test(i);
	m->doc = (char *)(uintptr_t)record_doc(i, p->doc);
	m->standing = i->standing;
}

static bool
incident_to_pb(const struct record *r, struct sbuf *out)
{
	const struct record_incident *i = &r->incident;
	Bellman__V1__Incident m;
	Bellman__V1__ViewCount counts[VIEWS], *views[VIEWS];
	Bellman__V1__View missing[VIEWS];
	Bellman__V1__Evidence facts[RECORD_EVIDENCE_MAX], *evidence[RECORD_EVIDENCE_MAX];
	char prefixes[RECORD_EXAMPLES_MAX][IP_PREFIX_TEXT_MAX], *examples[RECORD_EXAMPLES_MAX];
	struct facts_pb known_facts;
	struct circumstances_pb around;
	struct mended t;

	bellman__v1__incident__init(&m);
	t.used = 0; /* and not the whole room */
	m.id = utf8(&t, i->id);
	m.seq = r->seq;
	m.revision = i->revision;
	m.transition = (Bellman__V1__Transition)i->transition;
	m.severity = (Bellman__V1__Severity)i->severity;
	m.kind = utf8(&t, i->kind);
	m.summary = utf8(&t, i->summary);
	m.at_unix_us = r->at_us;
	m.first_seen_unix_us = i->first_seen_us;
	m.last_seen_unix_us = i->last_seen_us;
	m.collector = utf8(&t, r->collector);
	m.router = utf8(&t, i->router);
	m.peer = utf8(&t, i->peer);
	m.peer_as = i->peer_as;
	m.table = utf8(&t, i->table);
	m.distinguisher = utf8(&t, i->distinguisher);
	m.reason = (char *)(uintptr_t)reason_name(i->reason);
	m.routers = i->routers_n;
	m.prefix_count = i->prefixes_n;
	m.prefix_peak = i->prefixes_peak;
	m.as_path = utf8(&t, i->as_path);
	m.manrs_action = utf8(&t, i->manrs_action);
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
		facts[k].name = utf8(&t, i->evidence[k].name);
		facts[k].value = utf8(&t, i->evidence[k].value);
		evidence[m.n_evidence++] = &facts[k];
	}
	m.evidence = evidence;
	m.facts = facts_to_pb(&i->facts, &known_facts);
	circumstances_to_pb(i, &m, &around, &t);
	return append(&m.base, out);
}

static bool
event_to_pb(const struct record *r, struct sbuf *out)
{
	const struct record_event *e = &r->event;
	Bellman__V1__Event m;
	Bellman__V1__Detail facts[RECORD_EVIDENCE_MAX], *details[RECORD_EVIDENCE_MAX];
	struct mended t;

	bellman__v1__event__init(&m);
	t.used = 0;
	m.seq = r->seq;
	m.at_unix_us = r->at_us;
	m.type = utf8(&t, e->type);
	m.severity = (Bellman__V1__EventSeverity)e->severity;
	m.summary = utf8(&t, e->summary);
	m.collector = utf8(&t, r->collector);
	m.router = utf8(&t, e->router);
	m.peer = utf8(&t, e->peer);
	m.peer_as = e->peer_as;
	m.table = utf8(&t, e->table);
	m.distinguisher = utf8(&t, e->distinguisher);
	for (unsigned k = 0; k < e->details_n && k < RECORD_EVIDENCE_MAX; k++) {
		bellman__v1__detail__init(&facts[k]);
		facts[k].name = utf8(&t, e->details[k].name);
		facts[k].value = utf8(&t, e->details[k].value);
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

/* --- reading, from a source that is not trusted */

/* A number of an enum, 0 (unspecified) when we do not know it. */
static uint8_t
known(int number, int last)
{
	return number > 0 && number <= last ? (uint8_t)number : 0;
}

static void
evidence_from(struct record_evidence *v, uint8_t *n, const char *name, const char *value)
{
	if (*n >= RECORD_EVIDENCE_MAX)
		return;
	text_copy(v[*n].name, sizeof(v[*n].name), name);
	text_copy(v[*n].value, sizeof(v[*n].value), value);
	(*n)++;
}

static bool
vrp_from(const Bellman__V1__Vrp *m, struct record_vrp *v)
{
	if (m == NULL || m->max_length > 128 || !ip_prefix_parse(m->prefix, false, &v->prefix))
		return false;
	v->max_length = (uint8_t)m->max_length;
	v->asn = m->asn;
	return true;
}

static void
relations_from(const Bellman__V1__Facts *m, struct record_facts *f)
{
	f->relation_inferred = m->relation_inferred != NULL;
	if (m->relation_inferred != NULL) {
		f->relation_in = m->relation_inferred->routes_in;
		f->relation_out = m->relation_inferred->routes_out;
		f->relation_full = m->relation_inferred->largest_table;
	}
	f->inferred = m->inferred != 0;
	f->inferred_as = m->inferred_as;
	f->inferred_relation = known((int)m->inferred_relation, RELATIONS - 1);
	f->leak_type = m->leak_type <= 6 ? (uint8_t)m->leak_type : 0;
	if (m->as_rel == NULL)
		return;
	f->as_rel_day = m->as_rel->day;
	f->as_rel_from = known((int)m->as_rel->leaked_from, RELATIONS - 1);
	f->as_rel_to = known((int)m->as_rel->leaked_to, RELATIONS - 1);
}

static void
facts_from(const Bellman__V1__Facts *m, struct record_facts *f)
{
	if (ip_prefix_parse(m->prefix, false, &f->prefix))
		f->first_view = (uint8_t)((unsigned)m->first_view - 1 < VIEWS
					      ? (unsigned)m->first_view - 1
					      : 0);
	else
		memset(&f->prefix, 0, sizeof(f->prefix));
	f->rov = known((int)m->rov_invalid, RECORD_ROV_LENGTH);
	for (size_t k = 0; k < m->n_vrps && f->vrps_n < RECORD_VRPS_MAX; k++)
		f->vrps_n += vrp_from(m->vrps[k], &f->vrps[f->vrps_n]);
	for (size_t k = 0; k < m->n_cause_vrps && f->cause_vrps_n < RECORD_VRPS_MAX; k++) {
		struct record_vrp_change *c = &f->cause_vrps[f->cause_vrps_n];

		c->went = m->cause_vrps[k]->went != 0;
		f->cause_vrps_n += vrp_from(m->cause_vrps[k]->vrp, &c->vrp);
	}
	f->has_otc = m->otc_presence_case == BELLMAN__V1__FACTS__OTC_PRESENCE_OTC;
	f->otc = f->has_otc ? m->otc : 0;
	f->provider_free_as = m->provider_free_as;
	f->leaked_from_as = m->leaked_from_as;
	f->leaked_to_as = m->leaked_to_as;
	f->direct_from_as = m->direct_from_as;
	f->direct_to_as = m->direct_to_as;
	if (m->aspa != NULL) {
		f->aspa_customer = m->aspa->customer;
		f->aspa_other = m->aspa->no_provider;
		while (f->aspa_providers_n < m->aspa->n_providers &&
		       f->aspa_providers_n < RECORD_ASPA_MAX) {
			f->aspa_providers[f->aspa_providers_n] =
			    m->aspa->providers[f->aspa_providers_n];
			f->aspa_providers_n++;
		}
	}
	if (!ip_prefix_parse(m->own_prefix, false, &f->own))
		memset(&f->own, 0, sizeof(f->own));
	f->relation = known((int)m->relation, RELATIONS - 1);
	f->relation_configured = m->relation_configured != 0;
	relations_from(m, f);
	f->cause = reason_parse(m->cause);
	f->offender_as = m->offender_as;
	f->benign = benign_parse(m->benign);
	if (!ip_addr_parse(m->next_hop, &f->next_hop))
		memset(&f->next_hop, 0, sizeof(f->next_hop));
	for (size_t k = 0; k < m->n_communities && f->communities_n < RECORD_COMMUNITIES_MAX; k++)
		f->communities[f->communities_n++] = m->communities[k];
	f->router_us = m->router_unix_us;
	f->seen_us = m->seen_unix_us;
}

/* The view of a number, VIEWS when it is none. */
static unsigned
view_from(Bellman__V1__View v)
{
	return (unsigned)v - 1 < VIEWS ? (unsigned)v - 1 : VIEWS;
}

static void
holder_from(const Bellman__V1__Holder *m, struct record_holder *h)
{
	text_copy(h->router, sizeof(h->router), m->router);
	if (!ip_addr_parse(m->peer, &h->peer))
		memset(&h->peer, 0, sizeof(h->peer));
	h->peer_as = m->peer_as;
	text_copy(h->distinguisher, sizeof(h->distinguisher), m->distinguisher);
	h->family = holder_family_parse(m->family);
	for (size_t k = 0; k < m->n_views; k++)
		if (view_from(m->views[k]) < VIEWS)
			h->views |= (uint8_t)(1U << view_from(m->views[k]));
	h->lost = m->lost != 0;
	h->routes = m->routes;
	h->since_us = m->since_unix_us;
}

static void
call_from(const Bellman__V1__Call *m, struct record_call *c)
{
	c->asn = m->asn;
	for (size_t k = 0; k < m->n_roles; k++)
		if (m->roles[k] > 0 && (unsigned)m->roles[k] <= CALL_ROLES)
			c->roles |= (uint8_t)(1U << (m->roles[k] - 1));
	text_copy(c->name, sizeof(c->name), m->name);
	text_copy(c->contact, sizeof(c->contact), m->contact);
	text_copy(c->registry, sizeof(c->registry), m->registry);
}

static void
circumstances_from(const Bellman__V1__Incident *m, struct record_incident *i)
{
	i->occurrence = m->occurrence;
	text_copy(i->scope, sizeof(i->scope), m->scope);
	i->flaps = m->flaps;
	i->flapping = m->flapping != 0;
	i->prefixes_added = m->prefixes_added;
	i->prefixes_removed = m->prefixes_removed;
	for (size_t k = 0; k < m->n_facets && i->facets_n < RECORD_FACETS_MAX; k++)
		text_copy(i->facets[i->facets_n++], sizeof(i->facets[0]), m->facets[k]);
	/* a count above the room says that there are more than are named */
	i->holders_n = m->n_holders < RECORD_HOLDERS_MAX ? (uint32_t)m->n_holders : m->holder_count;
	if (i->holders_n < m->n_holders)
		i->holders_n = RECORD_HOLDERS_MAX;
	for (size_t k = 0; k < m->n_holders && k < RECORD_HOLDERS_MAX; k++)
		holder_from(m->holders[k], &i->holders[k]);
	i->victims_n = m->n_victims < RECORD_VICTIMS_MAX ? (uint32_t)m->n_victims : m->victim_count;
	if (i->victims_n < m->n_victims)
		i->victims_n = RECORD_VICTIMS_MAX;
	for (size_t k = 0; k < m->n_victims && k < RECORD_VICTIMS_MAX; k++)
		i->victims[k] = m->victims[k];
	for (size_t k = 0; k < m->n_related && i->related_n < RECORD_RELATED_MAX; k++)
		text_copy(i->related[i->related_n++], RECORD_ID_MAX, m->related[k]);
	text_copy(i->neighbor_name, sizeof(i->neighbor_name), m->neighbor_name);
	text_copy(i->neighbor_contact, sizeof(i->neighbor_contact), m->neighbor_contact);
	for (size_t k = 0; k < m->n_calls && i->calls_n < RECORD_CALLS_MAX; k++)
		call_from(m->calls[k], &i->calls[i->calls_n++]);
	i->muted = m->muted != 0;
	i->own_n = m->own_prefixes;
	i->dry_run = m->dry_run != 0;
	i->standing = m->standing != 0;
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
	i->transition = known((int)m->transition, TRANSITION_UNKNOWN);
	i->severity = known((int)m->severity, SEVERITY_CRITICAL);
	text_copy(i->kind, sizeof(i->kind), m->kind);
	text_copy(i->summary, sizeof(i->summary), m->summary);
	i->first_seen_us = m->first_seen_unix_us;
	i->last_seen_us = m->last_seen_unix_us;
	text_copy(i->router, sizeof(i->router), m->router);
	i->routers_n = m->routers;
	text_copy(i->peer, sizeof(i->peer), m->peer);
	i->peer_as = m->peer_as;
	text_copy(i->table, sizeof(i->table), m->table);
	text_copy(i->distinguisher, sizeof(i->distinguisher), m->distinguisher);
	i->prefixes_n = m->prefix_count;
	i->prefixes_peak = m->prefix_peak;
	for (size_t k = 0; k < m->n_prefix_examples && i->examples_n < RECORD_EXAMPLES_MAX; k++)
		if (ip_prefix_parse(m->prefix_examples[k], false, &i->examples[i->examples_n]))
			i->examples_n++;
	i->has_origin = m->origin_presence_case == BELLMAN__V1__INCIDENT__ORIGIN_PRESENCE_ORIGIN;
	i->origin = i->has_origin ? m->origin : 0;
	text_copy(i->as_path, sizeof(i->as_path), m->as_path);
	for (size_t k = 0; k < m->n_views; k++) {
		unsigned v = view_from(m->views[k]->view);

		if (v < VIEWS) {
			i->views |= (uint8_t)(1U << v);
			i->view_counts[v] = m->views[k]->routes;
		}
	}
	for (size_t k = 0; k < m->n_views_missing; k++) {
		unsigned v = view_from(m->views_missing[k]);

		if (v < VIEWS)
			i->views_missing |= (uint8_t)(1U << v);
	}
	i->reason = reason_parse(m->reason);
	text_copy(i->manrs_action, sizeof(i->manrs_action), m->manrs_action);
	for (size_t k = 0; k < m->n_evidence; k++)
		evidence_from(
		    i->evidence, &i->evidence_n, m->evidence[k]->name, m->evidence[k]->value);
	circumstances_from(m, i);
	if (m->facts != NULL)
		facts_from(m->facts, &i->facts);
	else
		record_facts_of_evidence(i);
}

static void
event_from(const Bellman__V1__Event *m, struct record *r)
{
	struct record_event *e = &r->event;

	r->seq = m->seq;
	r->at_us = m->at_unix_us;
	text_copy(r->collector, sizeof(r->collector), m->collector);
	text_copy(e->type, sizeof(e->type), m->type);
	e->severity = known((int)m->severity, SEVERITY_CRITICAL);
	text_copy(e->summary, sizeof(e->summary), m->summary);
	text_copy(e->router, sizeof(e->router), m->router);
	text_copy(e->peer, sizeof(e->peer), m->peer);
	e->peer_as = m->peer_as;
	text_copy(e->table, sizeof(e->table), m->table);
	text_copy(e->distinguisher, sizeof(e->distinguisher), m->distinguisher);
	for (size_t k = 0; k < m->n_details; k++)
		evidence_from(e->details, &e->details_n, m->details[k]->name, m->details[k]->value);
}

/* Field number 0 does not exist (protobuf's encoding), and is what octets of zero read as. */
static bool
is_sound(const ProtobufCMessage *m)
{
	for (unsigned k = 0; k < m->n_unknown_fields; k++)
		if (m->unknown_fields[k].tag == 0)
			return false;
	return true;
}

static bool
incident_unpack(size_t len, const void *data, struct record *out)
{
	Bellman__V1__Incident *m = bellman__v1__incident__unpack(NULL, len, data);
	bool sound = m != NULL && is_sound(&m->base);

	if (sound)
		incident_from(m, out);
	if (m != NULL)
		bellman__v1__incident__free_unpacked(m, NULL);
	return sound && out->incident.id[0] != '\0';
}

static bool
event_unpack(size_t len, const void *data, struct record *out)
{
	Bellman__V1__Event *m = bellman__v1__event__unpack(NULL, len, data);
	bool sound = m != NULL && is_sound(&m->base);

	if (sound)
		event_from(m, out);
	if (m != NULL)
		bellman__v1__event__free_unpacked(m, NULL);
	return sound && out->event.type[0] != '\0';
}

bool
record_from_pb(uint8_t kind, const void *data, size_t len, struct record *out)
{
	memset(out, 0, sizeof(*out));
	out->kind = kind;
	if (len > UNPACK_MAX)
		return false;
	return (kind == RECORD_INCIDENT && incident_unpack(len, data, out)) ||
	       (kind == RECORD_EVENT && event_unpack(len, data, out));
}

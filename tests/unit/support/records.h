/* Records for the suites of records, journal and Kafka. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "proto/record.h"

/* Where it is, whose it is, and what has changed. */
static inline void
sample_circumstances(struct record_incident *i)
{
	i->flaps = 4;
	i->flapping = true;
	i->prefixes_added = 5;
	i->prefixes_removed = 1;
	i->facets_n = 1;
	text_copy(i->facets[0], sizeof(i->facets[0]), "rov.invalid.asn");
	i->holders_n = 2;
	for (unsigned k = 0; k < 2; k++) {
		struct record_holder *h = &i->holders[k];

		text_copy(h->router, sizeof(h->router), k == 0 ? "r1" : "r2");
		h->views = k == 0 ? 1U << VIEW_IN_PRE : 1U << VIEW_LOC_RIB;
		h->routes = 12 - 7 * k;
		h->lost = k == 1;
		h->since_us = 1764000000000001;
	}
	ip_addr_parse("192.0.2.1", &i->holders[0].peer);
	i->holders[0].peer_as = 64501;
	i->own_n = 3;
	i->victims_n = 2;
	i->victims[0] = 64500;
	i->victims[1] = 64530;
	i->related_n = 1;
	text_copy(i->related[0], RECORD_ID_MAX, "ffeeddccbbaa99887766554433221100");
	text_copy(i->neighbor_name, sizeof(i->neighbor_name), "Example Transit");
	text_copy(i->neighbor_contact, sizeof(i->neighbor_contact), "noc@example.net");
	i->muted = true;
	i->calls_n = 2;
	i->calls[0] = (struct record_call){ .asn = 64501,
		.roles = CALL_NEIGHBOR | CALL_ORIGIN,
		.name = "Example Transit",
		.contact = "noc@example.net" };
	i->calls[1] =
	    (struct record_call){ .asn = 64530, .roles = CALL_VICTIM, .registry = "ripencc" };
}

/* A full incident: every field says something. */
static inline struct record
sample_incident(void)
{
	static const char *const examples[] = { "203.0.113.0/24", "2001:db8::/32" };
	struct record r = { .seq = 42, .at_us = 1764000000123456, .kind = RECORD_INCIDENT };
	struct record_incident *i = &r.incident;

	text_copy(r.collector, sizeof(r.collector), "ams");
	text_copy(i->id, sizeof(i->id), "00112233445566778899aabbccddeeff");
	i->occurrence = 2;
	i->revision = 3;
	i->transition = TRANSITION_UPDATED;
	i->severity = SEVERITY_CRITICAL;
	text_copy(i->kind, sizeof(i->kind), "hijack.exact");
	text_copy(i->scope, sizeof(i->scope), "hijack|AS666");
	text_copy(i->summary, sizeof(i->summary), "AS666 originates \"203.0.113.0/24\"");
	i->first_seen_us = 1764000000000001;
	i->last_seen_us = 1764000000123455;
	text_copy(i->router, sizeof(i->router), "r1");
	i->routers_n = 2;
	text_copy(i->peer, sizeof(i->peer), "192.0.2.1");
	i->peer_as = 64501;
	text_copy(i->table, sizeof(i->table), "red");
	text_copy(i->distinguisher, sizeof(i->distinguisher), "64500:1");
	i->prefixes_n = 12;
	i->prefixes_peak = 14;
	for (unsigned k = 0; k < 2; k++)
		if (ip_prefix_parse(examples[k], true, &i->examples[i->examples_n]))
			i->examples_n++;
	i->has_origin = true;
	i->origin = 666;
	text_copy(i->as_path, sizeof(i->as_path), "64501 {64502,666}");
	i->views = 1U << VIEW_IN_PRE | 1U << VIEW_LOC_RIB;
	i->view_counts[VIEW_IN_PRE] = 12;
	i->view_counts[VIEW_LOC_RIB] = 5;
	i->views_missing = 1U << VIEW_OUT_PRE;
	i->reason = REASON_ANNOUNCED;
	i->facts = (struct record_facts){ .prefix = i->examples[0],
		.first_view = VIEW_LOC_RIB,
		.rov = RECORD_ROV_LENGTH,
		.vrps_n = 2,
		.vrps = { { i->examples[0], 24, 64500 }, { i->examples[1], 128, 0 } },
		.has_otc = true,
		.otc = 64512,
		.provider_free_as = 174,
		.leaked_from_as = 174,
		.leaked_to_as = 64501,
		.direct_from_as = 64502,
		.direct_to_as = 1299,
		.aspa_customer = 64511,
		.aspa_other = 666,
		.aspa_providers_n = 2,
		.aspa_providers = { 64501, 4200000001 },
		.own = i->examples[1],
		.relation = NEIGHBOR_PEER,
		.relation_configured = true,
		.cause = REASON_RPKI,
		.offender_as = 666,
		.benign = BENIGN_OTC_OF_ORIGIN,
		.next_hop = { .family = IP_V4, .b = { 192, 0, 2, 1 } },
		.communities_n = 2,
		.communities = { 64501U << 16 | 100, 0xffff029a },
		.seen_us = 1764000000000001,
		.router_us = 1764000000500001 };
	sample_circumstances(i);
	record_evidence_add(i, "vrps", "%s max %u", "203.0.113.0/24", 24U);
	record_evidence_add(i, "cause", "announced");
	text_copy(i->manrs_action, sizeof(i->manrs_action), "Action 1: filtering");
	return r;
}

static inline struct record
sample_event(void)
{
	struct record r = { .seq = 7, .at_us = 1764000000000000, .kind = RECORD_EVENT };

	text_copy(r.collector, sizeof(r.collector), "ams");
	text_copy(r.event.type, sizeof(r.event.type), "peer.down");
	r.event.severity = SEVERITY_NOTICE;
	text_copy(r.event.summary, sizeof(r.event.summary), "BGP session is down");
	text_copy(r.event.router, sizeof(r.event.router), "r1");
	text_copy(r.event.peer, sizeof(r.event.peer), "192.0.2.1");
	r.event.peer_as = 64501;
	text_copy(r.event.table, sizeof(r.event.table), "blue");
	text_copy(r.event.distinguisher, sizeof(r.event.distinguisher), "192.0.2.1:2");
	record_detail_add(&r.event, "reason", "hold timer");
	return r;
}

/* The n-th record of a stream of `keys` incidents: transition `seq / keys` of incident `seq %
 * keys`, every eighth an event of a router instead. */
static inline struct record
stream_record(uint64_t seq, unsigned keys)
{
	struct record r = seq % 8 == 7 ? sample_event() : sample_incident();

	r.seq = seq;
	r.at_us = 1764000000000000 + (int64_t)seq * 1000;
	if (r.kind == RECORD_EVENT) {
		snprintf(r.event.router, sizeof(r.event.router), "r%llu",
		    (unsigned long long)(seq / 8 % 3));
		return r;
	}
	snprintf(r.incident.id, sizeof(r.incident.id), "%032llx", (unsigned long long)(seq % keys));
	r.incident.revision = (uint32_t)(seq / keys + 1);
	r.incident.transition = seq < keys ? TRANSITION_OPENED : TRANSITION_UPDATED;
	return r;
}

/* Do they say the same? By what is written of them: what lies between the members of a struct may
 * differ. */
static inline bool
records_equal(const struct record *a, const struct record *b)
{
	struct sbuf x = sbuf_of(1 << 16), y = sbuf_of(1 << 16);
	bool equal = a->kind == b->kind && record_to_pb(a, &x) && record_to_pb(b, &y) &&
		     x.len == y.len && memcmp(x.data, y.data, x.len) == 0;

	sbuf_free(&x);
	sbuf_free(&y);
	return equal;
}

/*
 * Writes an incident in which every field says something, and an event, as JSON lines: for what is
 * held against the schema. usage: record_sample
 */
#include <stdio.h>

#include "tests/unit/support/records.h"

static void
complete(struct record *r)
{
	struct record_facts *f = &r->incident.facts;

	f->leak_type = 1;
	f->as_rel_from = NEIGHBOR_PROVIDER;
	f->as_rel_to = NEIGHBOR_PEER;
	f->as_rel_day = 20000;
	f->relation_inferred = f->inferred = true;
	f->relation_in = 1000000;
	f->relation_out = 10;
	f->relation_full = 1000100;
	f->inferred_as = 64501;
	f->inferred_relation = NEIGHBOR_CUSTOMER;
	f->cause_vrps_n = 1;
	f->cause_vrps[0].vrp = f->vrps[0];
	f->cause_vrps[0].went = true;
	snprintf(r->incident.holders[0].distinguisher, sizeof(r->incident.holders[0].distinguisher),
	    "64500:1");
	r->incident.holders[0].family = HOLDER_V6_LABELLED;
}

int
main(void)
{
	struct record r[2] = { sample_incident(), sample_event() };
	struct sbuf out = sbuf_of(1 << 20);

	complete(&r[0]);
	for (size_t i = 0; i < 2; i++) {
		if (!record_to_json(&r[i], &out))
			return 1;
		sbuf_putc(&out, '\n');
	}
	fputs(sbuf_text(&out), stdout);
	sbuf_free(&out);
	return 0;
}

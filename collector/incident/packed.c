/*
 * The record of an incident as it was told last, which is wanted when it is told again and some of
 * what it says is no longer there to be found out: the end of an incident names routes that are
 * gone. A record is 8 kB, most of it zeros; what is kept are the octets that are not, and what can
 * be said again (the evidence, its kind) is not kept at all.
 *
 * The form: how many zeros, how many other octets, these octets, and so on; numbers of 16 bits.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum { SHORT_RUN = 4, WORD = 8 }; /* zeros that are not worth a run of their own */

static bool
is_zero_word(const uint8_t *at)
{
	uint64_t w;

	memcpy(&w, at, sizeof(w));
	return w == 0;
}

/* The next octet that begins a run of zeros, or the end. */
static size_t
end_of_octets(const uint8_t *at, size_t from, size_t n)
{
	size_t zeros = 0;

	for (size_t k = from; k < n; k++) {
		zeros = at[k] == 0 ? zeros + 1 : 0;
		if (zeros == SHORT_RUN)
			return k + 1 - zeros;
	}
	return n - zeros;
}

size_t
pack_zeros(const void *from, size_t n, uint8_t *to)
{
	const uint8_t *at = from;
	size_t out = 0;

	for (size_t k = 0; k < n;) {
		uint16_t run[2];
		size_t first = k, end;

		while (n - k >= WORD && is_zero_word(at + k))
			k += WORD;
		while (k < n && at[k] == 0)
			k++;
		if (k == n)
			break;
		end = end_of_octets(at, k, n);
		run[0] = (uint16_t)(k - first);
		run[1] = (uint16_t)(end - k);
		memcpy(to + out, run, sizeof(run));
		memcpy(to + out + sizeof(run), at + k, end - k);
		out += sizeof(run) + end - k;
		k = end;
	}
	return out;
}

void
unpack_zeros(const uint8_t *from, size_t n, void *to, size_t size)
{
	uint8_t *at = to;

	memset(to, 0, size);
	while (n > 0) {
		uint16_t run[2];

		memcpy(run, from, sizeof(run));
		memcpy(at + run[0], from + sizeof(run), run[1]);
		at += run[0] + run[1];
		from += sizeof(run) + run[1];
		n -= sizeof(run) + run[1];
	}
}

/* What is in the incident itself, too. */
static void
put_lasting(const struct incident *i, struct record_incident *r)
{
	text_copy(r->id, sizeof(r->id), i->rec.id);
	r->occurrence = i->rec.occurrence;
	r->revision = i->rec.revision;
	r->severity = i->rec.severity;
	r->first_seen_us = i->rec.first_seen_us;
	r->prefixes_peak = i->rec.prefixes_peak;
	r->routers_n = i->rec.routers_n;
	r->flaps = i->rec.flaps;
	r->flapping = i->rec.flapping;
	r->dry_run = i->rec.dry_run;
	r->standing = i->rec.standing;
	text_copy(r->kind, sizeof(r->kind), rule_info[i->rule].name);
	text_copy(r->manrs_action, sizeof(r->manrs_action), rule_info[i->rule].manrs_action);
}

struct record_incident *
incident_record(const struct incidents *t, const struct incident *i)
{
	struct record_incident *r = t->record;

	unpack_zeros(i->packed, i->packed_n, r, sizeof(*r));
	put_lasting(i, r);
	return r;
}

void
incident_keep_record(struct incident *i, const struct record_incident *from)
{
	/* of what is behind that nothing is kept */
	enum { KEPT = offsetof(struct record_incident, evidence_n) };
	_Static_assert(offsetof(struct record_incident, manrs_action) + RECORD_VALUE_MAX + WORD >
			   sizeof(struct record_incident),
	    "something new stands behind the evidence");
	static struct record_incident r;
	static uint8_t packed[2 * KEPT];
	uint8_t *v;
	size_t n;

	i->rec = (struct lasting){ .occurrence = from->occurrence,
		.revision = from->revision,
		.severity = from->severity,
		.first_seen_us = from->first_seen_us,
		.prefixes_peak = from->prefixes_peak,
		.routers_n = from->routers_n,
		.flaps = from->flaps,
		.flapping = from->flapping,
		.dry_run = from->dry_run,
		.standing = from->standing,
		.benign = from->facts.benign };
	text_copy(i->rec.id, sizeof(i->rec.id), from->id);
	memcpy(&r, from, KEPT);
	memset(r.id, 0, sizeof(r.id));
	memset(r.kind, 0, sizeof(r.kind));
	n = pack_zeros(&r, KEPT, packed);
	v = realloc(i->packed, n + 1);
	if (v == NULL)
		return; /* it is told in the words of before */
	memcpy(v, packed, n);
	i->packed = v;
	i->packed_n = (uint32_t)n;
}

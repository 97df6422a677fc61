/*
 * What the scope of an incident is called: a group of rules and the AS whose doing it is, or what
 * many are told together by. Its id is a hash of that with a fixed seed, so that two collectors
 * that see the same thing give it the same id, today and after a restart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"
#include "parsers/bgp/update.h"

enum { SET_MAX = 16 }; /* members of an AS_SET that name it */

void
scope_id(const char *text, char id[RECORD_ID_MAX])
{
	size_t n = strlen(text);

	snprintf(id, RECORD_ID_MAX, "%016llx%016llx", (unsigned long long)hash_bytes(1, text, n),
	    (unsigned long long)hash_bytes(2, text, n));
}

static int
cmp_u32(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* An AS_SET is named by its members, in order: "{64666,64667}". */
static void
set_text(const struct seen *s, char *out, size_t size)
{
	struct cursor path = cur_of(s->path, s->path_len);
	struct as_segment seg;
	uint32_t asns[SET_MAX];
	unsigned n = 0;
	size_t at = 1;

	while (as_path_next(&path, 4, &seg)) {
		n = 0;
		if (seg.type == AS_SET)
			for (; n < seg.count && n < SET_MAX; n++)
				asns[n] = as_segment_at(&seg, 4, n);
	}
	qsort(asns, n, sizeof(asns[0]), cmp_u32);
	snprintf(out, size, "{");
	for (unsigned k = 0; k < n && at < size; k++)
		at += (size_t)snprintf(out + at, size - at, "%s%u", k > 0 ? "," : "", asns[k]);
	if (at < size)
		snprintf(out + at, size - at, "}");
}

uint32_t
scope_doer(const struct member *m, enum rule rule, char *out, size_t size)
{
	const struct seen *s = m->seen;

	if (rule_info[rule].doer == DOER_LEAKER) {
		if (s->by_us)
			snprintf(out, size, "us");
		else
			snprintf(out, size, "AS%u", s->leaker_as);
		return s->leaker_as;
	}
	if (!s->has_origin) {
		set_text(s, out, size);
		return 0;
	}
	snprintf(out, size, "AS%u", s->origin);
	return s->origin;
}

bool
scope_text(const struct member *m, enum width width, char *out, size_t size)
{
	enum rule rule = rules_primary(m->rules);
	const char *group = rule_info[rule].group;
	const char *dry = m->dry_run ? "dry-run " : "";
	const struct seen *s = m->seen;
	char doer[SCOPE_MAX], prefix[IP_PREFIX_TEXT_MAX];

	switch (width) {
	case WIDTH_ONE:
		scope_doer(m, rule, doer, sizeof(doer));
		snprintf(out, size, "%s%s|%s", dry, group, doer);
		return true;
	case WIDTH_VRP:
		if (!(1U << rule & RULES_ROV) || s->vrps_n == 0 || s->own_origin)
			return false;
		snprintf(out, size, "%s%s|vrp %s %u AS%u", dry, group,
		    ip_prefix_format(&s->vrps[0].prefix, prefix), s->vrps[0].max_len,
		    s->vrps[0].asn);
		return true;
	case WIDTH_NEIGHBOR:
		if (s->via_as == 0 || s->by_us || s->own_origin)
			return false;
		snprintf(out, size, "%s%s|via AS%u", dry, group, s->via_as);
		return true;
	case WIDTH_BASELINE:
		text_copy(out, size, BASELINE_SCOPE);
		return true;
	default:
		snprintf(out, size, "%s%s|all", dry, group);
		return true;
	}
}

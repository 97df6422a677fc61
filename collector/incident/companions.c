/*
 * Who originates a prefix of ours often originates those of others at the same time: that is one
 * event, and a hijack first. What is RPKI-invalid of an origin (or new of it, in a burst) belongs
 * to the hijack by the same origin when both begin together; what stands longer is an incident of
 * its own.
 */
#include <stdio.h>
#include <string.h>

#include "collector/incident/incident_private.h"

enum { TOGETHER_US = 60 * SECOND_US };

static bool
may_accompany(const struct member *m)
{
	unsigned primary = 1U << rules_primary(m->rules);

	return primary & (RULES_ROV | 1U << RULE_ORIGIN_BURST) && m->seen->has_origin &&
	       !m->seen->own_origin;
}

static struct incident *
incident_of(const struct incidents *t, bool dry_run, enum rule rule, uint32_t origin)
{
	char text[SCOPE_MAX], id[RECORD_ID_MAX];

	snprintf(text, sizeof(text), "%s%s|AS%u", dry_run ? "dry-run " : "", rule_info[rule].group,
	    origin);
	scope_id(text, id);
	return incident_find(t, id);
}

static uint32_t
hijacked(const struct incident *i)
{
	return i->rules_n[RULE_HIJACK_EXACT] + i->rules_n[RULE_HIJACK_SPECIFIC];
}

struct incident *
companion_find(const struct incidents *t, const struct member *m, int64_t now_us)
{
	struct incident *i;

	if (!may_accompany(m))
		return NULL;
	i = incident_of(t, m->dry_run, RULE_HIJACK_EXACT, m->seen->origin);
	if (i == NULL || (!i->restored && (hijacked(i) == 0 || now_us - i->held_us > TOGETHER_US)))
		return NULL;
	return i;
}

bool
companion_stays(const struct incident *i, const struct member *m)
{
	return 1U << i->rule & RULES_HIJACK && may_accompany(m) && hijacked(i) > 0 &&
	       i->doer_as == m->seen->origin;
}

void
companion_gather(struct incidents *t, struct incident *to, int64_t now_us)
{
	static const uint8_t rules[] = { RULE_ROV_ASN, RULE_ROV_LENGTH };

	if (to->published || hijacked(to) == 0)
		return;
	for (unsigned k = 0; k < sizeof(rules); k++) {
		struct incident *from =
		    incident_of(t, t->dry_run == NULL, (enum rule)rules[k], to->doer_as);
		struct member *m;

		if (from == NULL || from->published || now_us - from->held_us > TOGETHER_US)
			continue;
		while ((m = from->members) != NULL && may_accompany(m)) {
			member_detach(m);
			if (!member_attach(t, to, m))
				member_refuse(t, m);
		}
	}
}

struct member *
companion_left(const struct incident *i)
{
	return 1U << i->rule & RULES_HIJACK && i->width == WIDTH_ONE && i->routes > 0 &&
		       hijacked(i) + i->rules_n[RULE_FIRST_HOP] == 0
		   ? i->members
		   : NULL;
}

/*
 * Which incident a route belongs to, and what is told together: when more than a few incidents of
 * one cause would be told at once, what tells them together has a scope of its own: one VRP, one
 * neighbour, or all of the kind.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum {
	GATHERING = 4, /* held ones from which on the stream of siblings is waited for */
	QUIET_US = SECOND_US,
	GATHER_MAX_US = 10 * SECOND_US,
	RECENT_US = 10 * SECOND_US, /* "at once" */
	STORM_US = 60 * SECOND_US,  /* a storm is over when nothing has joined for so long */
	SWEEP_US = 60 * SECOND_US,
	REOPEN_S = 300,
};

/* --- groups */

static uint32_t
group_hash(const char *id)
{
	return (uint32_t)hash_bytes(hash_seed(), id, strlen(id));
}

static struct group *
group_find(const struct incidents *t, const char *id)
{
	struct group *g;

	for (uint32_t at = 0; (g = ptrmap_next(&t->group_by_id, group_hash(id), &at)) != NULL;)
		if (strcmp(g->id, id) == 0)
			return g;
	return NULL;
}

/* The group of that id, made when it is missing; after a restart its whole is there before it. */
static struct group *
group_of(struct incidents *t, const char *id, enum width width)
{
	struct group *g = group_find(t, id);

	if (g != NULL)
		return g;
	g = calloc(1, sizeof(*g));
	if (g == NULL)
		return NULL;
	text_copy(g->id, sizeof(g->id), id);
	g->width = (uint8_t)width;
	g->whole = incident_find(t, id);
	if (!ptrmap_add(&t->group_by_id, group_hash(id), g)) {
		free(g);
		return NULL;
	}
	g->next = t->groups;
	t->groups = g;
	return g;
}

static void
group_free(struct incidents *t, struct group *g)
{
	ptrmap_remove(&t->group_by_id, group_hash(g->id), g);
	tally_free(&g->known);
	free(g);
}

static uint64_t
known_key(const struct member *m)
{
	return prefix_key(&m->prefix) ^ ((uint64_t)m->seen->origin << 32 | m->seen->leaker_as);
}

/* Does a route that is new go into the whole, or is it news? */
static bool
accepts(const struct group *g, const struct member *m, int64_t now_us)
{
	if (g->whole == NULL)
		return false;
	return g->whole->restored || g->width == WIDTH_VRP || now_us - g->joined_us < STORM_US ||
	       tally_has(&g->known, known_key(m));
}

static void
join(struct group *g, const struct member *m, int64_t now_us)
{
	bool is_new = false;

	if (!tally_has(&g->known, known_key(m)))
		tally_add(&g->known, known_key(m), 0, &is_new);
	if (is_new)
		g->joined_us = now_us;
}

static struct incident *
join_whole(struct incidents *t, const struct member *m, int64_t now_us)
{
	char text[SCOPE_MAX], id[RECORD_ID_MAX];

	for (enum width w = WIDTH_VRP; w <= WIDTH_KIND; w++) {
		struct group *g;

		if (!scope_text(m, w, text, sizeof(text)))
			continue;
		scope_id(text, id);
		g = group_find(t, id);
		if (g == NULL && incident_find(t, id) != NULL)
			g = group_of(t, id, w);
		if (g != NULL && accepts(g, m, now_us)) {
			join(g, m, now_us);
			return g->whole;
		}
	}
	return NULL;
}

/* --- an incident */

/* Numbers go on where an earlier one of this id ended; what comes back soon is the same
 * occurrence. */
static void
continue_numbers(const struct incidents *t, struct incident *i, int64_t now_us)
{
	const struct past *p = past_find(t, i->rec.id);
	int64_t reopen_us =
	    (int64_t)(t->config.reopen_s != 0 ? t->config.reopen_s : REOPEN_S) * SECOND_US;

	i->rec.occurrence = 1;
	i->rec.first_seen_us = now_us + t->wall_us;
	if (p == NULL)
		return;
	i->rec.revision = p->revision;
	i->rec.occurrence = p->occurrence;
	if (now_us - p->closed_us >= reopen_us) {
		i->rec.occurrence++;
		return;
	}
	i->rec.first_seen_us = p->first_seen_us;
	i->rec.flaps = p->flaps + 1;
	i->rec.flapping = i->rec.flaps >= FLAPPING;
	/* also while it is held: what is shorter than that is told sparingly, too */
	i->recent_flaps = i->rec.flaps < FLAPPING ? (uint8_t)i->rec.flaps : FLAPPING;
}

/* VRPs that did it, by the finding that it begins with. */
static void
set_cause_vrps(struct record_facts *to, const struct finding *f)
{
	for (unsigned k = 0; f != NULL && k < f->cause_vrps_n && k < RECORD_VRPS_MAX; k++) {
		const struct vrp *v = &f->cause_vrps[k];

		to->cause_vrps[k].vrp = (struct record_vrp){ v->prefix, v->max_len, v->asn };
		to->cause_vrps[k].went = f->cause_vrps_went >> k & 1;
		to->cause_vrps_n = (uint8_t)(k + 1);
	}
}

/* VRPs that come for the first time since the start change nothing: the route is what happened. */
static uint8_t
cause_told(const struct incidents *t, const struct member *m)
{
	return m->cause == REASON_RPKI && !t->judged ? REASON_ANNOUNCED : m->cause;
}

static struct incident *
begin(struct incidents *t, const struct member *m, enum width width, int64_t now_us)
{
	enum rule rule = rules_primary(m->rules);
	char text[SCOPE_MAX], id[RECORD_ID_MAX], doer[SCOPE_MAX];
	struct record_incident *r;
	struct incident *i;
	bool own = 1U << rule & RULES_HIJACK || m->seen->by_us || m->seen->own_origin ||
		   (rule == RULE_LEAK_DETOUR && m->seen->own.family != IP_NONE);

	if (!scope_text(m, width, text, sizeof(text)))
		return NULL;
	scope_id(text, id);
	i = incident_make(t, id, own || width != WIDTH_ONE);
	if (i == NULL)
		return NULL;
	i->rule = (uint8_t)rule;
	i->width = (uint8_t)width;
	i->cause = cause_told(t, m);
	i->doer_as = width == WIDTH_ONE ? scope_doer(m, rule, doer, sizeof(doer)) : 0;
	i->rec.dry_run = m->dry_run;
	continue_numbers(t, i, now_us);
	r = incident_record(t, i);
	text_copy(r->scope, sizeof(r->scope), text);
	r->facts.cause = i->cause;
	if (i->cause != REASON_ANNOUNCED)
		set_cause_vrps(&r->facts, t->finding);
	incident_keep_record(i, r);
	return i;
}

/* What tells of all that there is no room for. */
static struct incident *
rest(struct incidents *t, const struct member *m, int64_t now_us)
{
	char text[SCOPE_MAX], id[RECORD_ID_MAX];
	struct incident *i;

	scope_text(m, WIDTH_KIND, text, sizeof(text));
	scope_id(text, id);
	i = incident_find(t, id);
	return i != NULL ? i : begin(t, m, WIDTH_KIND, now_us);
}

/* It waits with its siblings. */
static void
hold_in_groups(struct incidents *t, struct incident *i, const struct member *m, int64_t now_us)
{
	char text[SCOPE_MAX], id[RECORD_ID_MAX];

	for (enum width w = WIDTH_VRP; w <= WIDTH_NEIGHBOR; w++) {
		if (!scope_text(m, w, text, sizeof(text)))
			continue;
		scope_id(text, id);
		i->groups[w - WIDTH_VRP] = group_of(t, id, w);
		if (i->groups[w - WIDTH_VRP] == NULL)
			continue;
		i->groups[w - WIDTH_VRP]->held++;
		i->groups[w - WIDTH_VRP]->arrived_us = now_us;
	}
}

struct incident *
scope_incident(struct incidents *t, const struct member *m, int64_t now_us)
{
	char text[SCOPE_MAX], id[RECORD_ID_MAX];
	struct incident *i, *with;

	if (baseline_has(t, m))
		return scope_baseline(t, m, now_us);
	scope_text(m, WIDTH_ONE, text, sizeof(text));
	scope_id(text, id);
	i = incident_find(t, id);
	if ((i == NULL || !i->published) && (with = companion_find(t, m, now_us)) != NULL)
		return with;
	if (i != NULL || (i = join_whole(t, m, now_us)) != NULL)
		return i;
	i = begin(t, m, WIDTH_ONE, now_us);
	if (i == NULL)
		return rest(t, m, now_us);
	i->held_us = now_us;
	hold_in_groups(t, i, m, now_us);
	return i;
}

struct incident *
scope_baseline_find(const struct incidents *t)
{
	char id[RECORD_ID_MAX];

	scope_id(BASELINE_SCOPE, id);
	return incident_find(t, id);
}

struct incident *
scope_baseline(struct incidents *t, const struct member *m, int64_t now_us)
{
	struct incident *i = scope_baseline_find(t);

	if (i == NULL && (i = begin(t, m, WIDTH_BASELINE, now_us)) != NULL) {
		i->rec.standing = true;
		i->hold_until_us = INT64_MAX; /* it is told when it is taken */
	}
	return i;
}

bool
scope_covers(struct incidents *t, const struct incident *i, const struct member *m)
{
	char text[SCOPE_MAX], id[RECORD_ID_MAX];

	if (i->width == WIDTH_BASELINE)
		return baseline_has(t, m);
	if (companion_stays(i, m))
		return true;
	if (!scope_text(m, (enum width)i->width, text, sizeof(text)))
		return false;
	scope_id(text, id);
	return strcmp(id, i->rec.id) == 0 || strcmp(id, i->alias) == 0;
}

/* --- telling together */

static uint32_t
at_once(const struct group *g, int64_t now_us)
{
	return g->held + (now_us - g->recent_us < RECENT_US ? g->recent : 0);
}

static void
leave_groups(struct incident *i)
{
	for (int k = 0; k < 2; k++) {
		if (i->groups[k] != NULL)
			i->groups[k]->held--;
		i->groups[k] = NULL;
	}
}

/* Has none of the routers that tell of it ever been complete? Then it was there before us. */
static bool
first_day(const struct incidents *t, const struct incident *i)
{
	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct feed *f = feed_of(t, t->sources[i->holdings[k].source].router);

		if (f == NULL || f->was_synced)
			return false;
	}
	return true;
}

/* Move the members of one into the other. */
static void
merge(struct incidents *t, struct incident *from, struct group *g, int64_t now_us)
{
	struct member *m;

	while ((m = from->members) != NULL) {
		join(g, m, now_us);
		member_detach(m);
		if (!member_attach(t, g->whole, m))
			member_refuse(t, m);
	}
}

/* Some of the siblings are told together already, of late. */
static bool
is_storm(const struct group *g, int64_t now_us)
{
	return g->whole != NULL && now_us - g->joined_us < STORM_US;
}

bool
scope_gathering(const struct incident *i, int64_t now_us)
{
	for (int k = 0; k < 2; k++) {
		const struct group *g = i->groups[k];

		if (g != NULL && g->held >= GATHERING && now_us - g->arrived_us < QUIET_US &&
		    now_us - i->held_us < GATHER_MAX_US)
			return true;
	}
	return false;
}

/* What the first one says is what all of them say. */
static void
take_facts(const struct incidents *t, struct incident *whole, const struct incident *from)
{
	const struct record_facts facts = incident_record(t, from)->facts;
	struct record_incident *r = incident_record(t, whole);

	r->facts = facts;
	incident_keep_record(whole, r);
}

struct incident *
scope_gather(struct incidents *t, struct incident *i, int64_t now_us)
{
	uint32_t limit = group_limit(t);

	if (i->width != WIDTH_ONE || i->members == NULL)
		return i;
	for (int k = 0; k < 2; k++) {
		struct group *g = i->groups[k];

		if (g == NULL || (at_once(g, now_us) <= limit && !is_storm(g, now_us)))
			continue;
		if (g->whole == NULL) {
			g->whole = begin(t, i->members, (enum width)g->width, now_us);
			if (g->whole == NULL)
				continue;
			take_facts(t, g->whole, i);
			g->whole->rec.standing = g->width == WIDTH_NEIGHBOR &&
						 1U << i->rule & RULES_ROV && first_day(t, i);
		}
		g->joined_us = now_us;
		merge(t, i, g, now_us);
		i = g->whole;
		break;
	}
	return i;
}

void
scope_told(struct incident *i, int64_t now_us)
{
	for (int k = 0; k < 2; k++) {
		struct group *g = i->groups[k];

		if (g == NULL)
			continue;
		if (now_us - g->recent_us >= RECENT_US) {
			g->recent = 0;
			g->recent_us = now_us;
		}
		g->recent++;
	}
	leave_groups(i);
}

void
scope_forget(struct incidents *t, struct incident *i)
{
	struct group *g;

	leave_groups(i);
	if (i->width != WIDTH_ONE && (g = group_find(t, i->rec.id)) != NULL)
		g->whole = NULL;
}

void
scope_tick(struct incidents *t, int64_t now_us)
{
	if (now_us - t->groups_swept_us < SWEEP_US)
		return;
	t->groups_swept_us = now_us;
	for (struct group **at = &t->groups; *at != NULL;) {
		struct group *g = *at;

		if (g->held > 0 || g->whole != NULL || now_us - g->recent_us < RECENT_US) {
			at = &g->next;
			continue;
		}
		*at = g->next;
		group_free(t, g);
	}
}

void
scope_free(struct incidents *t)
{
	while (t->groups != NULL) {
		struct group *g = t->groups;

		t->groups = g->next;
		group_free(t, g);
	}
	ptrmap_free(&t->group_by_id);
}

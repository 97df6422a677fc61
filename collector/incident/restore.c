/*
 * Who is waited for. After a restart, and when the routes of a lost router have been forgotten, the
 * members of an incident are not there, and that says nothing about them: each peer that had some
 * has to come back and say all it has, in the family and the views in which it had them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

static struct awaited *
awaited_add(struct incidents *t, struct incident *i)
{
	struct awaited *v;

	if (i->awaited_n == i->awaited_max) {
		uint32_t max = i->awaited_max == 0 ? 4 : i->awaited_max * 2;

		v = realloc(i->awaited, max * sizeof(*v));
		if (v == NULL)
			return NULL;
		i->awaited = v;
		i->awaited_max = max;
	}
	v = &i->awaited[i->awaited_n++];
	t->awaited++;
	memset(v, 0, sizeof(*v));
	return v;
}

static bool
is_of(const struct awaited *a, const struct complete *c)
{
	if (strcmp(a->router, c->router) != 0 || a->any_peer != (c->peer == NULL))
		return false;
	if (c->peer == NULL)
		return true;
	return (a->family == HOLDER_ANY || a->family == c->family) &&
	       a->peer.family == c->peer->family &&
	       (a->peer.family == IP_NONE || ip_addr_equal(&a->peer, c->peer)) &&
	       strcmp(a->distinguisher, c->distinguisher) == 0;
}

bool
restore_resolve(struct incidents *t, struct incident *i, const struct complete *c)
{
	bool any = false;

	for (uint32_t k = 0; k < i->awaited_n;) {
		struct awaited *a = &i->awaited[k];

		if (is_of(a, c))
			a->views &= (uint8_t)~c->views;
		if (a->views != 0) {
			k++;
			continue;
		}
		*a = i->awaited[--i->awaited_n];
		t->awaited--;
		any = true;
	}
	return any;
}

void
restore_await(struct incidents *t, struct incident *i, const struct member *m)
{
	const struct source *s = &t->sources[m->source];
	const struct feed *f = feed_of(t, s->router);
	struct awaited *a = NULL;
	struct complete who = { .peer = &s->address,
		.distinguisher = s->distinguisher,
		.family = (uint8_t)(HOLDER_V4 + s->family) };

	if (f == NULL)
		return;
	who.router = f->name;
	for (uint32_t k = 0; k < i->awaited_n && a == NULL; k++)
		if (is_of(&i->awaited[k], &who))
			a = &i->awaited[k];
	if (a == NULL) {
		if ((a = awaited_add(t, i)) == NULL)
			return;
		text_copy(a->router, sizeof(a->router), f->name);
		text_copy(a->distinguisher, sizeof(a->distinguisher), s->distinguisher);
		a->peer = s->address;
		a->peer_as = s->as;
		a->family = who.family;
		a->since_us = m->since_us;
	}
	a->views |= (uint8_t)(1U << m->view);
	a->routes++;
}

/* Those who had it when it was told last. A record of 0.1.0 names one router only. */
static void
await_holders(struct incidents *t, struct incident *i, const struct record_incident *r)
{
	uint32_t n = r->holders_n < RECORD_HOLDERS_MAX ? r->holders_n : RECORD_HOLDERS_MAX;
	struct awaited *a;

	for (uint32_t k = 0; k < n; k++) {
		const struct record_holder *h = &r->holders[k];

		if ((a = awaited_add(t, i)) == NULL)
			return;
		text_copy(a->router, sizeof(a->router), h->router);
		text_copy(a->distinguisher, sizeof(a->distinguisher), h->distinguisher);
		a->peer = h->peer;
		a->peer_as = h->peer_as;
		a->family = h->family;
		a->views = h->views;
		a->routes = h->routes;
		a->since_us = h->since_us;
	}
	if (n == 0 && r->router[0] != '\0' && (a = awaited_add(t, i)) != NULL) {
		text_copy(a->router, sizeof(a->router), r->router);
		a->views = r->views != 0 ? r->views : 1U << VIEW_IN_PRE;
		a->any_peer = true;
	}
	i->await_rest = r->holders_n > RECORD_HOLDERS_MAX;
}

static uint8_t
rule_of_kind(const char *kind)
{
	for (uint8_t r = 0; r < RULES; r++)
		if (strcmp(rule_info[r].name, kind) == 0)
			return r;
	return RULES;
}

/* What the id of a record of 0.1.0 is today. */
static void
find_alias(struct incidents *t, struct incident *i, const struct record_incident *r)
{
	const struct rule_info *info = &rule_info[i->rule];
	char text[RECORD_NAME_MAX], id[RECORD_ID_MAX];

	i->doer_as = info->doer == DOER_LEAKER ? r->peer_as : r->has_origin ? r->origin : 0;
	snprintf(text, sizeof(text), "%s|AS%u", info->group, i->doer_as);
	scope_id(text, id);
	if (incident_find(t, id) == NULL)
		incident_alias(t, i, id);
}

/* The words of a scope tell how wide it is (scope.c). */
static void
find_width(struct incident *i, const struct record_incident *r)
{
	const char *who = strchr(r->scope, '|');

	i->doer_as = r->facts.offender_as;
	if (who == NULL)
		return;
	if (strncmp(who, "|vrp ", 5) == 0)
		i->width = WIDTH_VRP;
	else if (strncmp(who, "|via ", 5) == 0)
		i->width = WIDTH_NEIGHBOR;
	else if (strcmp(who, "|all") == 0)
		i->width = WIDTH_KIND;
	else if (strncmp(r->scope, "baseline|", 9) == 0)
		i->width = WIDTH_BASELINE;
}

/* When a record was told, by the clock that is never set. */
static int64_t
told_at(const struct incidents *t, const struct record *rec, int64_t now_us)
{
	int64_t age = now_us + t->wall_us - rec->at_us;

	return now_us - (age > 0 ? age : 0);
}

static void
restore_closed(struct incidents *t, const struct record *rec, int64_t now_us)
{
	const struct record_incident *r = &rec->incident;
	struct past p = { .occurrence = r->occurrence != 0 ? r->occurrence : 1,
		.revision = r->revision,
		.flaps = r->flaps,
		.closed_us = told_at(t, rec, now_us),
		.first_seen_us = r->first_seen_us };

	text_copy(p.id, sizeof(p.id), r->id);
	past_keep(t, &p);
}

void
incidents_restore(
    struct incidents *t, const struct record *rec, const struct record *kept, int64_t now_us)
{
	const struct record_incident *r = &rec->incident;
	struct incident *i;
	uint8_t rule;
	bool old = r->occurrence == 0;

	if (rec->kind == RECORD_INCIDENT && rec->incident.dry_run && t->dry_run != NULL) {
		incidents_restore(t->dry_run, rec, kept, now_us);
		return;
	}
	if (rec->kind != RECORD_INCIDENT || (rule = rule_of_kind(rec->incident.kind)) == RULES ||
	    incident_find(t, rec->incident.id) != NULL)
		return;
	if (rec->incident.transition == TRANSITION_CLOSED) {
		restore_closed(t, rec, now_us);
		return;
	}
	i = incident_make(t, rec->incident.id, true);
	if (i == NULL)
		return;
	i->rule = rule;
	incident_keep_record(i, r);
	i->rec.occurrence = old ? 1 : r->occurrence;
	i->published = i->restored = true;
	/* a restart is no news: an incident that was unknown stays unknown */
	i->unknown = i->unknown_told = r->transition == TRANSITION_UNKNOWN;
	i->await_verdict = 1U << rule & RULES_ON_VRPS && t->verdicts != VERDICTS_WHOLE;
	i->restored_us = now_us;
	i->published_us = told_at(t, rec, now_us); /* a restart makes nothing younger */
	i->published_severity = r->severity;
	i->published_views = r->views;
	i->published_n = (uint32_t)r->prefixes_n;
	i->published_victims = r->victims_n;
	for (unsigned k = 0; k < r->examples_n; k++)
		i->published_set ^= prefix_key(&r->examples[k]);
	i->cause = r->facts.cause;
	await_holders(
	    t, i, kept != NULL && kept->incident.revision >= r->revision ? &kept->incident : r);
	if (kept != NULL && kept->incident.routers_n > i->rec.routers_n)
		i->rec.routers_n = kept->incident.routers_n;
	i->kept_revision = kept != NULL ? kept->incident.revision : 0;
	if (old)
		find_alias(t, i, r);
	else
		find_width(i, r);
}

bool
incidents_restore_part(struct incidents *t, const struct record *kept)
{
	struct incident *i = incident_find(t, kept->incident.id);

	if (i == NULL && t->dry_run != NULL)
		return incidents_restore_part(t->dry_run, kept);
	if (i == NULL || !i->await_rest || kept->incident.revision != i->kept_revision ||
	    kept->incident.holders_n == 0)
		return false;
	await_holders(t, i, &kept->incident);
	return true;
}

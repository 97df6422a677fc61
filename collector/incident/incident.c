/* The inputs, and the life of an incident: what is to be told, and when. */
#include "collector/incident/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum {
	CALM_US = SECOND_US,	       /* what changes back within is no change */
	CALM_BACK_US = 10 * SECOND_US, /* the same of what has come back before */
	CALM_FLAPPING_US = 60 * SECOND_US,
	FLAPS_AGE_US = 600 * SECOND_US, /* returns that far apart are no flapping */
	SLICES_US = 300 * MS_US, /* VRPs and configurations reach the views one after the other */
	SETTLED_US = 2 * SECOND_US, /* growth is over when nothing has come for so long */
	SIZE_US = 10 * SECOND_US,   /* between two sizes that are told */
	LOOK_AT = 256,		    /* members */
	TOKENS = 3,		    /* updates that may be told soon */
	TOKEN_US = 60 * SECOND_US,
	LOOK_US = SECOND_US,	  /* between two looks for those who are lost */
	FILL_US = 30 * SECOND_US, /* a view of a complete feed that begins later is complete then */
};

struct incidents *
incidents_new(const struct incident_config *config, const struct incidents_ops *ops, void *ctx)
{
	struct incidents *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ops = ops;
	t->ctx = ctx;
	t->verdicts = VERDICTS_PENDING;
	incidents_configure(t, config);
	return t;
}

void
incidents_configure(struct incidents *t, const struct incident_config *config)
{
	t->config = *config;
	text_copy(t->collector, sizeof(t->collector), config->collector);
	t->config.collector = t->collector;
}

void
incidents_set_clock(struct incidents *t, int64_t wall_offset_us)
{
	t->wall_us = wall_offset_us;
}

void
incidents_free(struct incidents *t)
{
	if (t == NULL)
		return;
	scope_free(t);
	incident_table_free(t);
	ptrmap_free(&t->members_by_key);
	ptrmap_free(&t->seen_by_hash);
	sources_free(t);
	free(t);
}

/* --- telling */

static bool
is_rov(const struct incident *i)
{
	return 1U << i->rule & RULES_ROV;
}

static void
take_token(struct incident *i, int64_t now_us)
{
	int64_t due = (now_us - i->tokens_us) / TOKEN_US;

	if (due > 0) {
		i->tokens = (uint8_t)(due + i->tokens > TOKENS ? TOKENS : due + i->tokens);
		i->tokens_us += due * TOKEN_US;
	}
	if (i->tokens > 0)
		i->tokens--;
}

static void
tell(struct incidents *t, struct incident *i, enum transition transition, enum reason reason,
    int64_t now_us)
{
	struct record rec = { .kind = RECORD_INCIDENT, .at_us = now_us + t->wall_us };

	incident_describe(t, i);
	i->rec.revision++;
	i->rec.transition = (uint8_t)transition;
	i->rec.reason = (uint8_t)reason;
	i->rec.last_seen_us = rec.at_us;
	text_copy(rec.collector, sizeof(rec.collector), t->collector);
	rec.incident = i->rec;
	if (!i->published)
		i->tokens = TOKENS, i->tokens_us = now_us;
	else
		take_token(i, now_us);
	i->published = true;
	i->published_us = now_us;
	i->published_severity = i->rec.severity;
	i->published_views = i->rec.views;
	i->published_n = (uint32_t)i->rec.prefixes_n;
	i->published_victims = i->victims.used;
	i->published_order = t->orders;
	i->added = i->removed = 0;
	i->update_at_us = 0;
	t->opened += transition == TRANSITION_OPENED;
	t->updated += transition == TRANSITION_UPDATED;
	t->closed += transition == TRANSITION_CLOSED;
	i->holders_news = false;
	t->ops->emit(t->ctx, &rec);
	if (transition == TRANSITION_CLOSED)
		t->ops->keep(t->ctx, &rec);
}

/* Somebody has it who had not when it was told last: after a restart he is to be waited for, too.
 */
static void
keep_holders(struct incidents *t, struct incident *i, int64_t now_us)
{
	struct record rec = { .kind = RECORD_INCIDENT, .at_us = now_us + t->wall_us };

	incident_describe(t, i);
	rec.incident = i->rec;
	i->holders_news = false;
	t->ops->keep(t->ctx, &rec);
}

static void
set_severity(struct incidents *t, struct incident *i)
{
	if (i->routes == 0)
		return;
	i->rec.severity = incident_severity(t, i);
	if (i->restored && i->rec.severity < i->published_severity)
		i->rec.severity = i->published_severity; /* not all have come back yet */
}

/* How long what has got better must stay so before it is told. */
static int64_t
calm_us(const struct incident *i)
{
	return i->recent_flaps == 0	    ? CALM_US
	       : i->recent_flaps < FLAPPING ? CALM_BACK_US
					    : CALM_FLAPPING_US;
}

/* It was better, or gone, and is back. */
static void
count_flap(struct incident *i, int64_t now_us)
{
	if (now_us - i->flapped_us > FLAPS_AGE_US)
		i->recent_flaps = 0;
	i->flapped_us = now_us;
	i->recent_flaps++;
	i->rec.flaps++;
	i->rec.flapping = i->recent_flaps >= FLAPPING;
}

static void
want_update(struct incident *i, enum reason reason, int64_t at_us)
{
	if (i->update_at_us != 0 && i->update_at_us <= at_us)
		return;
	i->update_at_us = at_us;
	i->update_reason = (uint8_t)reason;
}

/* As soon as that, unless much has been told already. */
static int64_t
sparingly(const struct incidents *t, const struct incident *i, int64_t at_us, int64_t now_us)
{
	int64_t next;

	if (i->tokens > 0 || now_us - i->tokens_us >= TOKEN_US)
		return at_us;
	next = i->published_us + (int64_t)t->config.update_s * SECOND_US;
	return next > at_us ? next : at_us;
}

static void
want_size(struct incidents *t, struct incident *i, int64_t now_us)
{
	uint32_t n = i->prefixes.used, was = i->published_n, by = n > was ? n - was : was - n;
	enum reason reason = n > was ? REASON_GROWTH : REASON_SHRUNK;
	int64_t settled = now_us + SETTLED_US;

	if (n >= 2 * was && n > was + 1)
		want_update(i, reason, sparingly(t, i, i->published_us + CALM_US, now_us));
	if (by > was / 10 && n >= 100 && settled < i->published_us + SIZE_US)
		settled = i->published_us + SIZE_US;
	else if (by <= was / 10 || n < 100)
		settled = sparingly(t, i, settled, now_us);
	want_update(i, reason, settled);
}

/* What has changed since it was told last: is it worth a record, and when? cause: of the change. */
static void
consider(struct incidents *t, struct incident *i, enum reason cause, int64_t now_us)
{
	if (!i->published || i->unknown || i->routes == 0)
		return;
	set_severity(t, i);
	i->update_at_us = 0;
	if (i->rec.severity > i->published_severity) {
		if (i->fell_us != 0 && now_us - i->fell_us < FLAPS_AGE_US)
			count_flap(i, now_us);
		i->fell_us = 0;
		if (i->rec.flapping)
			want_update(i, REASON_FLAPPING, i->published_us + CALM_FLAPPING_US);
		else
			tell(t, i, TRANSITION_UPDATED,
			    cause == REASON_RPKI || cause == REASON_CONFIG ? cause
									   : REASON_SEVERITY,
			    now_us);
		return;
	}
	if (i->restored)
		return;
	if (i->rec.severity < i->published_severity)
		want_update(i, REASON_SEVERITY, now_us + calm_us(i));
	if (i->victims.used > i->published_victims)
		want_update(i, REASON_VICTIM, sparingly(t, i, now_us + CALM_US, now_us));
	if (i->prefixes.used != i->published_n)
		want_size(t, i, now_us);
	if (i->flap_due)
		want_update(i, REASON_FLAPPING,
		    i->recent_flaps == FLAPPING ? now_us : i->published_us + CALM_FLAPPING_US);
}

/* --- it becomes true of a route, and ceases */

/* Somebody who knows tells of it again. */
static void
known_again(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	bool told = i->unknown_told;

	i->unknown = i->unknown_told = false;
	set_severity(t, i);
	if (told)
		tell(t, i, TRANSITION_UPDATED, reason, now_us);
	else
		consider(t, i, reason, now_us);
}

static bool
frozen(const struct incidents *t, const struct incident *i)
{
	return is_rov(i) && t->verdicts == VERDICTS_FROZEN;
}

/* It has a member again after it had none for a while. */
static void
returned(struct incident *i, int64_t now_us)
{
	if (i->published && i->gone_us != 0 && now_us - i->gone_us >= CALM_US && !i->unknown &&
	    !i->restored) {
		count_flap(i, now_us);
		i->flap_due = i->rec.flapping;
	}
	i->gone_us = i->close_at_us = 0;
}

/* How long siblings are waited for. What is critical in one view already is not held back, but for
 * the moment that VRPs and configurations take to reach all views. */
static int64_t
hold_us(const struct incidents *t, const struct incident *i, uint8_t cause)
{
	int64_t hold = (int64_t)t->config.hold_ms * MS_US;

	if (i->rec.severity < SEVERITY_CRITICAL)
		return hold;
	if (cause != REASON_RPKI && cause != REASON_CONFIG)
		return 0;
	return hold < SLICES_US ? hold : SLICES_US;
}

/* Does anybody who is there tell of it? What only those told who are lost, or are back and have not
 * told it again, is not opened. */
static bool
is_told_by_living(const struct incidents *t, const struct incident *i)
{
	unsigned looked = 0;

	for (const struct member *m = i->members; m != NULL && looked < LOOK_AT; m = m->next) {
		const struct feed *f = feed_of(t, t->sources[m->source].router);

		looked++;
		if (f != NULL &&
		    (f->state == FEED_SYNCED || (f->state == FEED_UP && m->heard_us >= f->up_us)))
			return true;
	}
	return false;
}

static void
open_it(struct incidents *t, struct incident *i, int64_t now_us)
{
	i = scope_gather(t, i, now_us);
	set_severity(t, i);
	if (i->published) {
		consider(t, i, REASON_ANNOUNCED, now_us);
		return;
	}
	scope_told(i, now_us);
	if (i->rec.flaps > 0)
		i->recent_flaps = i->rec.flaps < FLAPPING ? (uint8_t)i->rec.flaps : FLAPPING;
	i->flapped_us = now_us;
	tell(t, i, TRANSITION_OPENED, i->cause, now_us);
}

static void
joined(struct incidents *t, struct incident *i, const struct member *m, int64_t now_us)
{
	int64_t hold;

	returned(i, now_us);
	if (i->awaited_n > 0)
		restore_heard(t, i, m);
	if (i->published && i->unknown) {
		if (!frozen(t, i))
			known_again(t, i, REASON_FEED_RESTORED, now_us);
		return;
	}
	if (i->published) {
		consider(t, i, m->cause, now_us);
		return;
	}
	set_severity(t, i);
	hold = hold_us(t, i, m->cause);
	if (i->hold_until_us == 0 || now_us + hold < i->hold_until_us)
		i->hold_until_us = now_us + hold;
	if (hold == 0 && is_told_by_living(t, i))
		open_it(t, i, now_us);
}

/* A member has gone from it; cause: why. */
static void
left(struct incidents *t, struct incident *i, enum reason cause, int64_t now_us)
{
	if (i->routes > 0) {
		consider(t, i, cause, now_us);
		return;
	}
	if (cause == REASON_FEED_LOST)
		return; /* one that was not told yet is forgotten, too: nobody knows of it */
	i->gone_us = now_us;
	i->close_cause = (uint8_t)cause;
	i->close_at_us = now_us + calm_us(i);
}

static void
over(struct incidents *t, struct member *m, enum reason cause, int64_t now_us)
{
	struct incident *i = m->incident;

	if (cause == REASON_FEED_LOST && i->published)
		restore_await(t, i, m); /* forgotten, not withdrawn: only the feed can show */
	member_detach(m);
	member_free(t, m);
	left(t, i, cause, now_us);
}

/* The findings of a route that is a member already. */
static void
changed(struct incidents *t, struct member *m, const struct finding *f, int64_t now_us)
{
	struct incident *was = m->incident, *is;
	enum reason cause = f->cause == REASON_ANNOUNCED ? REASON_REPLACED : f->cause;
	uint64_t added = was->added, removed = was->removed;

	if (member_is_as(m, f)) {
		consider(t, was, f->cause, now_us); /* its peer may be another to us */
		return;
	}
	member_detach(m);
	if (!member_update(t, m, f)) {
		/* as it was: out of memory */
		if (!member_attach(t, was, m))
			member_free(t, m);
		return;
	}
	is = scope_covers(was, m) ? was : scope_incident(t, m, now_us);
	if (is == NULL || !member_attach(t, is, m)) {
		t->refused++;
		t->owed = true;
		member_free(t, m);
		left(t, was, cause, now_us);
		return;
	}
	if (is != was) {
		m->cause = f->cause;
		left(t, was, cause, now_us);
		joined(t, is, m, now_us);
		return;
	}
	is->added = added;
	is->removed = removed;
	consider(t, is, f->cause, now_us);
}

static void
appeared(struct incidents *t, const struct finding *f, uint32_t source, int64_t now_us)
{
	struct member *m = source != UINT32_MAX ? member_make(t, f, source) : NULL;
	struct incident *i = m != NULL ? scope_incident(t, m, now_us) : NULL;

	if (i == NULL || !member_attach(t, i, m)) {
		t->refused++;
		t->owed = true;
		if (m != NULL)
			member_free(t, m);
		return;
	}
	if (f->cause == REASON_ANNOUNCED)
		m->heard_us = now_us;
	joined(t, i, m, now_us);
}

void
incidents_finding(struct incidents *t, const struct finding *f, int64_t now_us)
{
	uint32_t source = f->rules != 0
			      ? source_of_finding(t, f)
			      : source_find(t, f->router, f->peer,
				    source_family(f->prefix.family == IP_V6, f->labelled));
	struct member *m = source != UINT32_MAX ? member_find(t, f, source) : NULL;

	if (m != NULL && f->cause == REASON_ANNOUNCED)
		m->heard_us = now_us;
	if (f->rules == 0) {
		if (m != NULL)
			over(t, m, f->cause, now_us);
	} else if (m != NULL) {
		changed(t, m, f, now_us);
	} else {
		appeared(t, f, source, now_us);
	}
}

/* --- feeds, and what origin validation can say */

static bool
holds_any(const struct incidents *t, const struct incident *i, uint32_t router)
{
	for (uint32_t k = 0; k < i->holdings_n; k++)
		if (t->sources[i->holdings[k].source].router == router)
			return true;
	return false;
}

/* All who were waited for have told, or the time for it is over: what is there now counts. */
static void
end_restore(struct incidents *t, struct incident *i, int64_t now_us)
{
	i->restored = false;
	i->published_victims = i->victims.used; /* a restart makes nobody a new one */
	if (i->routes > 0)
		consider(t, i, REASON_SEVERITY, now_us);
}

static bool
waits(const struct incident *i)
{
	return i->awaited_n > 0 || i->await_rest || i->await_verdict;
}

/* Who it waited for has told: without a member it is over. */
static void
resolved(struct incidents *t, struct incident *i, enum reason cause, int64_t now_us)
{
	if (waits(i))
		return;
	if (i->restored)
		end_restore(t, i, now_us);
	if (i->routes == 0 && i->close_at_us == 0) {
		i->close_cause = (uint8_t)cause;
		i->close_at_us = now_us;
	}
}

static void
feed_complete(struct incidents *t, const struct feed *f, uint32_t number, int64_t now_us)
{
	for (struct incident *i = t->list; i != NULL; i = i->next) {
		if (i->awaited_n > 0 && restore_resolve(i, f, now_us))
			resolved(t, i, REASON_WITHDRAWN, now_us);
		if (!holds_any(t, i, number))
			continue;
		if (i->unknown && !frozen(t, i))
			known_again(t, i, REASON_FEED_RESTORED, now_us);
		else
			consider(t, i, REASON_SEVERITY, now_us); /* its views are known now */
	}
}

static void
note_views(struct feed *f, uint8_t views, int64_t now_us)
{
	for (unsigned v = 0; v < VIEWS; v++)
		if (views >> v & 1 && !(f->views_monitored >> v & 1))
			f->monitored_us[v] = now_us;
	f->views_monitored |= views;
}

void
incidents_feed(struct incidents *t, uint32_t number, const char *name, enum feed_state state,
    uint8_t views_monitored, int64_t now_us)
{
	struct feed *f = feed_make(t, number);

	if (f == NULL)
		return;
	if (state == FEED_UP && strcmp(f->name, name) != 0)
		*f = (struct feed){ 0 }; /* the number is another router's now */
	f->known = true;
	text_copy(f->name, sizeof(f->name), name);
	if (state == FEED_DOWN && f->state != FEED_DOWN)
		f->lost_us = now_us;
	if (state != FEED_DOWN)
		f->lost_told = false;
	f->state = (uint8_t)state;
	if (state == FEED_UP) {
		f->up_us = now_us;
		f->views_monitored = 0; /* those of another session say nothing of this one */
	}
	note_views(f, views_monitored, now_us);
	if (state != FEED_SYNCED)
		return;
	f->was_synced = true;
	feed_complete(t, f, number, now_us);
}

void
incidents_rename(struct incidents *t, uint32_t number, const char *name)
{
	struct feed *f = feed_of(t, number);

	if (f == NULL)
		return;
	for (struct incident *i = t->list; i != NULL; i = i->next)
		for (uint32_t k = 0; k < i->awaited_n; k++)
			if (strcmp(i->awaited[k].router, f->name) == 0)
				text_copy(i->awaited[k].router, RECORD_NAME_MAX, name);
	text_copy(f->name, sizeof(f->name), name);
}

void
incidents_monitored(struct incidents *t, uint32_t router, uint32_t peer, enum source_family family,
    uint8_t views_monitored, int64_t now_us)
{
	uint32_t source = source_find(t, router, peer, family);
	struct feed *f = feed_of(t, router);

	if (f != NULL)
		note_views(f, views_monitored, now_us);
	if (source == UINT32_MAX || (t->sources[source].views_monitored | views_monitored) ==
					t->sources[source].views_monitored)
		return;
	t->sources[source].views_monitored |= views_monitored;
	for (struct incident *i = t->list; i != NULL; i = i->next)
		if (holds_any(t, i, router))
			consider(t, i, REASON_SEVERITY, now_us);
}

static void
become_unknown(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	i->unknown = true;
	i->unknown_told = i->published_severity >= SEVERITY_MAJOR;
	i->rec.severity = i->published_severity; /* as bad as it was said to be */
	if (i->unknown_told)
		tell(t, i, TRANSITION_UNKNOWN, reason, now_us);
}

void
incidents_verdicts(struct incidents *t, enum verdicts verdicts, int64_t now_us)
{
	t->verdicts = (uint8_t)verdicts;
	for (struct incident *i = t->list; i != NULL; i = i->next) {
		if (!is_rov(i) || !i->published)
			continue;
		if (verdicts == VERDICTS_FROZEN && !i->unknown)
			become_unknown(t, i, REASON_RPKI_LOST, now_us);
		if (verdicts != VERDICTS_WHOLE)
			continue;
		if (i->await_verdict) {
			i->await_verdict = false;
			resolved(t, i, REASON_RPKI, now_us);
		}
		if (i->unknown && i->routes > 0)
			known_again(t, i, REASON_RPKI, now_us);
	}
}

/* --- time */

/* Does nobody who tells of it live any more? Who has never come back after a restart is waited for
 * until the time to settle is over. */
static bool
is_lost(const struct incidents *t, const struct incident *i, int64_t now_us)
{
	int64_t grace = (int64_t)t->config.feed_grace_s * SECOND_US;

	if (i->routes == 0 && !waits(i))
		return false;
	if (i->restored)
		return false;
	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct feed *f = feed_of(t, t->sources[i->holdings[k].source].router);

		if (f == NULL || f->state != FEED_DOWN || now_us - f->lost_us <= grace)
			return false;
	}
	for (uint32_t k = 0; k < i->awaited_n && i->routes == 0; k++) {
		const struct feed *f = feed_named(t, i->awaited[k].router);

		if (f != NULL && f->state == FEED_UP)
			return false; /* it is about to tell */
	}
	return true;
}

/* As many routers as told of it once are complete: those that no record names are among them. */
static bool
rest_is_here(const struct incidents *t, const struct incident *i)
{
	uint32_t synced = 0;

	for (uint32_t k = 0; k < t->feeds_n; k++) {
		if (t->feeds[k].known && t->feeds[k].state == FEED_UP)
			return false;
		synced += t->feeds[k].known && t->feeds[k].state == FEED_SYNCED;
	}
	return synced >= i->rec.routers_n;
}

/* Views that a feed shows only since it is complete. */
static void
look_for_late_views(struct incidents *t, struct incident *i, int64_t now_us)
{
	bool any = false;

	for (uint32_t k = 0; k < i->awaited_n && !any; k++) {
		const struct feed *f = feed_named(t, i->awaited[k].router);

		any = f != NULL && f->state == FEED_SYNCED &&
		      restore_resolve(i, f, now_us - FILL_US);
	}
	if (any)
		resolved(t, i, REASON_WITHDRAWN, now_us);
}

static void
look_for_lost(struct incidents *t, struct incident *i, int64_t now_us)
{
	look_for_late_views(t, i, now_us);
	if (i->holders_news && i->published)
		keep_holders(t, i, now_us);
	if (i->restored && now_us - i->restored_us > (int64_t)t->config.settle_s * SECOND_US) {
		if (i->await_rest && rest_is_here(t, i))
			i->await_rest = false;
		end_restore(t, i, now_us);
		resolved(t, i, REASON_WITHDRAWN, now_us);
	}
	if (i->published && !i->unknown && i->close_at_us == 0 && is_lost(t, i, now_us))
		become_unknown(
		    t, i, i->await_verdict ? REASON_RPKI_LOST : REASON_FEED_LOST, now_us);
}

static void
tell_lost_feed(struct incidents *t, uint32_t number, int64_t now_us)
{
	struct feed *f = &t->feeds[number];
	struct record r = { .kind = RECORD_EVENT, .at_us = now_us + t->wall_us };
	struct record_event *e = &r.event;
	uint32_t n = 0;

	f->lost_told = true;
	for (const struct incident *i = t->list; i != NULL; i = i->next)
		n += i->published && holds_any(t, i, number);
	text_copy(r.collector, sizeof(r.collector), t->collector);
	text_copy(e->type, sizeof(e->type), "feed.lost");
	text_copy(e->router, sizeof(e->router), f->name);
	e->severity = n > 0 ? SEVERITY_MAJOR : SEVERITY_WARNING;
	snprintf(e->summary, sizeof(e->summary),
	    "%s has been away for %u s: of %u open incidents it no longer tells", f->name,
	    t->config.feed_grace_s, n);
	record_detail_add(e, "open_incidents", "%u", n);
	t->ops->emit(t->ctx, &r);
}

static void
look_at_feeds(struct incidents *t, int64_t now_us)
{
	int64_t grace = (int64_t)t->config.feed_grace_s * SECOND_US;

	for (uint32_t k = 0; k < t->feeds_n; k++) {
		const struct feed *f = &t->feeds[k];

		if (f->known && f->state == FEED_DOWN && !f->lost_told && f->lost_us != 0 &&
		    now_us - f->lost_us > grace)
			tell_lost_feed(t, k, now_us);
	}
}

static void
close_it(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	/* what came and went while it was held is told all the same */
	if (!i->published) {
		scope_told(i, now_us);
		tell(t, i, TRANSITION_OPENED, i->cause, now_us);
	}
	i->rec.severity = i->published_severity; /* as bad as it was said to be */
	tell(t, i, TRANSITION_CLOSED, reason, now_us);
	scope_forget(t, i);
	incident_drop(t, i, now_us);
}

/* Returns whether it is gone. */
static bool
tick_one(struct incidents *t, struct incident *i, int64_t now_us)
{
	if (!i->published && i->routes > 0 && now_us >= i->hold_until_us &&
	    !scope_gathering(i, now_us)) {
		i->unheard = !is_told_by_living(t, i);
		if (!i->unheard)
			open_it(t, i, now_us);
		return false;
	}
	if (i->update_at_us != 0 && now_us >= i->update_at_us && i->routes > 0) {
		if (i->rec.severity < i->published_severity)
			i->fell_us = now_us;
		i->flap_due = false;
		tell(t, i, TRANSITION_UPDATED, i->update_reason, now_us);
	}
	if (i->routes > 0)
		return false;
	if (i->close_at_us != 0 && now_us >= i->close_at_us && !waits(i) && !i->unheard) {
		close_it(t, i, i->close_cause, now_us);
		return true;
	}
	if (i->unknown && now_us - i->published_us > (int64_t)t->config.forget_s * SECOND_US) {
		close_it(t, i, REASON_FEED_GONE, now_us);
		return true;
	}
	return false;
}

/* Held ones whose members have gone into what tells them together, or that nobody who is there ever
 * told of. */
static bool
is_husk(const struct incident *i)
{
	return !i->published && i->routes == 0 && i->seen_views != 0 &&
	       (i->unheard || (i->close_at_us == 0 && i->gone_us == 0));
}

void
incidents_tick(struct incidents *t, int64_t now_us)
{
	bool look = now_us - t->looked_us >= LOOK_US;
	struct incident *next;

	if (look) {
		t->looked_us = now_us;
		look_at_feeds(t, now_us);
		scope_tick(t, now_us);
	}
	for (struct incident *i = t->list; i != NULL; i = next) {
		next = i->next;
		if (look)
			look_for_lost(t, i, now_us);
		if (tick_one(t, i, now_us))
			continue;
		if (is_husk(i)) {
			scope_forget(t, i);
			incident_drop(t, i, now_us);
		}
	}
}

bool
incidents_want_again(struct incidents *t)
{
	uint32_t max = t->config.members_max != 0 ? t->config.members_max : UINT32_MAX;

	if (!t->owed || t->members > max - max / 8)
		return false;
	t->owed = false;
	return true;
}

/* --- to be looked at */

/* What is over and only not told yet, because it flaps, is not there. */
static bool
is_there(const struct incident *i)
{
	return i != NULL && i->published && (i->routes > 0 || i->unknown || waits(i));
}

bool
incidents_next(struct incidents *t, uint64_t *cursor, struct record *out)
{
	uint32_t lo = 0, hi = t->slots_n;
	struct incident *i;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->slots[mid].number <= *cursor)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo < t->slots_n && !is_there(t->slots[lo].incident))
		lo++;
	if (lo == t->slots_n)
		return false;
	i = t->slots[lo].incident;
	*cursor = i->number;
	memset(out, 0, sizeof(*out));
	out->kind = RECORD_INCIDENT;
	out->at_us = i->published_us + t->wall_us;
	text_copy(out->collector, sizeof(out->collector), t->collector);
	set_severity(t, i);
	incident_describe(t, i);
	out->incident = i->rec;
	if (i->unknown)
		out->incident.transition = TRANSITION_UNKNOWN;
	return true;
}

void
incidents_stats(const struct incidents *t, struct incidents_stats *out)
{
	memset(out, 0, sizeof(*out));
	for (const struct incident *i = t->list; i != NULL; i = i->next) {
		out->open += i->published && !i->unknown;
		out->unknown += i->unknown;
		out->held += !i->published;
	}
	out->opened = t->opened;
	out->updated = t->updated;
	out->closed = t->closed;
	out->refused = t->refused;
	out->members = t->members;
}

/*
 * Who knows: feeds come and go, views are monitored or not, VRPs and what registries have not
 * handed out are whole or too old. Whoever is not there says nothing, and what nobody says is
 * unknown.
 */
#include "collector/incident/incident_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/detect/bogons.h"

/* Does nobody who tells of it live any more? Who has never come back after a restart is waited for
 * until the time to settle is over. */
bool
incident_is_lost(const struct incidents *t, const struct incident *i, int64_t now_us)
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

/* Somebody who knows tells of it again. */
void
incident_known_again(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	bool told = i->unknown_told;

	i->unknown = i->unknown_told = false;
	incident_set_severity(t, i);
	if (told)
		incident_tell(t, i, TRANSITION_UPDATED, reason, now_us);
	else
		incident_consider(t, i, reason, now_us);
}

bool
incident_frozen(const struct incidents *t, const struct incident *i)
{
	return rests_on_vrps(i) && t->verdicts == VERDICTS_FROZEN;
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
	/* a restart makes nobody a new one, nor do VRPs that come later than the routes */
	if (i->published_victims < i->victims.used)
		i->published_victims = i->victims.used;
	if (i->routes > 0)
		incident_consider(t, i, REASON_SEVERITY, now_us);
}

/* Is its rule no longer one of those that this table is for? */
static bool
is_taken_out(const struct incidents *t, const struct incident *i)
{
	unsigned out = t->dry_run != NULL ? t->config.off | t->config.dry_run
					  : ~(unsigned)t->config.dry_run;

	return out >> i->rule & 1;
}

/* Is somebody behind the first AS whose number is reserved, whatever registries say? */
static bool
has_reserved_as(const char *path)
{
	for (path += strcspn(path, " "); *path != '\0'; path++)
		if (*path >= '0' && *path <= '9') {
			char *end;

			if (bogon_as((uint32_t)strtoul(path, &end, 10)) != BOGON_NONE)
				return true;
			path = end - 1;
		}
	return false;
}

/* Is it a bogon by the file of a registry? */
static bool
rests_on_registry(const struct incidents *t, const struct incident *i)
{
	const struct record_incident *r = incident_record(t, i);
	bool rests = i->rule == RULE_BOGON_ASN && !has_reserved_as(r->as_path);

	for (unsigned k = 0; i->rule == RULE_BOGON_PREFIX && k < r->examples_n; k++)
		rests |= bogon_of(&r->examples[k]) == NULL;
	return rests;
}

/* Is what it rests on a file that is not there, or too old? */
static bool
lacks_its_file(const struct incidents *t, const struct incident *i)
{
	if (i->rule == RULE_UNLISTED)
		return t->lists_missing;
	return t->registries_missing && rests_on_registry(t, i);
}

/* Who it waited for has told: without a member it is over, if somebody can say so. */
static void
resolved(struct incidents *t, struct incident *i, enum reason cause, int64_t now_us)
{
	i->await_registry |= i->routes == 0 && i->published && !is_taken_out(t, i) &&
			     lacks_its_file(t, i);
	if (waits(i))
		return;
	if (is_taken_out(t, i))
		cause = REASON_CONFIG;
	if (i->restored)
		end_restore(t, i, now_us);
	if (i->routes == 0 && i->close_at_us == 0) {
		i->close_cause = (uint8_t)cause;
		i->close_at_us = now_us;
	} else if (i->routes > 0) {
		incident_consider(t, i, REASON_SEVERITY, now_us);
	}
}

static void
resolve_all(struct incidents *t, const struct complete *c, int64_t now_us)
{
	for (struct incident *i = t->list; i != NULL && t->awaited > 0; i = i->next)
		if (i->awaited_n > 0 && restore_resolve(t, i, c))
			resolved(t, i, REASON_WITHDRAWN, now_us);
}

void
incidents_complete(struct incidents *t, uint32_t router, const struct ip_addr *peer,
    const char *distinguisher, enum source_family family, uint8_t views, int64_t now_us)
{
	const struct feed *f = feed_of(t, router);
	struct complete c = { .peer = peer,
		.distinguisher = distinguisher,
		.family = (uint8_t)(HOLDER_V4 + family),
		.views = views };

	if (t->dry_run != NULL)
		incidents_complete(t->dry_run, router, peer, distinguisher, family, views, now_us);
	if (f == NULL)
		return;
	c.router = f->name;
	resolve_all(t, &c, now_us);
}

static void
feed_complete(struct incidents *t, const struct feed *f, uint32_t number, int64_t now_us)
{
	const struct complete nobody_knows_who = { .router = f->name, .views = f->views_monitored };

	resolve_all(t, &nobody_knows_who, now_us);
	for (struct incident *i = t->list; i != NULL; i = i->next) {
		if (!holds_any(t, i, number))
			continue;
		if (i->unknown && !incident_frozen(t, i))
			incident_known_again(t, i, REASON_FEED_RESTORED, now_us);
		else
			incident_consider(
			    t, i, REASON_SEVERITY, now_us); /* its views are known now */
	}
}

void
incidents_feed(struct incidents *t, uint32_t number, const char *name, enum feed_state state,
    uint8_t views_monitored, int64_t now_us)
{
	struct feed *f = feed_make(t, number);

	if (t->dry_run != NULL)
		incidents_feed(t->dry_run, number, name, state, views_monitored, now_us);
	if (f == NULL)
		return;
	if (state == FEED_UP && strcmp(f->name, name) != 0)
		*f = (struct feed){ 0 }; /* the number is another router's now */
	f->known = true;
	if (f->name[0] == '\0' || strcmp(f->name, name) != 0)
		f->parts = baseline_router(t, name);
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
	f->views_monitored |= views_monitored;
	if (state != FEED_SYNCED)
		return;
	f->synced_order = t->orders;
	f->was_synced = true;
	feed_complete(t, f, number, now_us);
}

void
incidents_full_table(struct incidents *t, uint32_t number, bool full)
{
	struct feed *f = feed_of(t, number);

	if (f != NULL)
		f->full = full;
}

void
incidents_rename(struct incidents *t, uint32_t number, const char *name)
{
	struct feed *f = feed_of(t, number);

	if (t->dry_run != NULL)
		incidents_rename(t->dry_run, number, name);
	if (f == NULL)
		return;
	for (struct incident *i = t->list; i != NULL; i = i->next)
		for (uint32_t k = 0; k < i->awaited_n; k++)
			if (strcmp(i->awaited[k].router, f->name) == 0)
				text_copy(i->awaited[k].router, RECORD_NAME_MAX, name);
	text_copy(f->name, sizeof(f->name), name);
	if (f->parts != 0)
		baseline_router_add(t, name, f->parts);
}

void
incidents_monitored(struct incidents *t, uint32_t router, uint32_t peer, enum source_family family,
    uint8_t views_monitored, int64_t now_us)
{
	uint32_t source = source_find(t, router, peer, family);
	struct feed *f = feed_of(t, router);

	if (t->dry_run != NULL)
		incidents_monitored(t->dry_run, router, peer, family, views_monitored, now_us);
	if (f != NULL)
		f->views_monitored |= views_monitored;
	if (source == UINT32_MAX || (t->sources[source].views_monitored | views_monitored) ==
					t->sources[source].views_monitored)
		return;
	t->sources[source].views_monitored |= views_monitored;
	for (struct incident *i = t->list; i != NULL; i = i->next)
		if (holds_any(t, i, router))
			incident_consider(t, i, REASON_SEVERITY, now_us);
}

static void
become_unknown(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	i->unknown = true;
	i->unknown_told = i->published_severity >= SEVERITY_MAJOR;
	i->rec.severity = i->published_severity; /* as bad as it was said to be */
	if (i->unknown_told)
		incident_tell(t, i, TRANSITION_UNKNOWN, reason, now_us);
}

void
incidents_verdicts(struct incidents *t, enum verdicts verdicts, int64_t now_us)
{
	if (t->dry_run != NULL)
		incidents_verdicts(t->dry_run, verdicts, now_us);
	t->verdicts = (uint8_t)verdicts;
	t->judged |= verdicts == VERDICTS_WHOLE;
	for (struct incident *i = t->list; i != NULL; i = i->next) {
		if (!rests_on_vrps(i) || !i->published)
			continue;
		if (verdicts == VERDICTS_FROZEN && !i->unknown)
			become_unknown(t, i, REASON_RPKI_LOST, now_us);
		if (verdicts != VERDICTS_WHOLE)
			continue;
		if (i->await_verdict) {
			i->await_verdict = false;
			resolved(t, i, REASON_RPKI, now_us);
		}
		/* whole VRPs do not bring back a router */
		if (i->unknown && i->routes > 0 && !incident_is_lost(t, i, now_us))
			incident_known_again(t, i, REASON_RPKI, now_us);
	}
}

/* Files are there again that incidents rest on. */
static void
files_are_here(struct incidents *t, int64_t now_us)
{
	for (struct incident *i = t->list; i != NULL; i = i->next) {
		if (!i->await_registry || lacks_its_file(t, i))
			continue;
		i->await_registry = false;
		resolved(t, i, REASON_WITHDRAWN, now_us);
		if (i->unknown && i->routes > 0 && !incident_is_lost(t, i, now_us))
			incident_known_again(t, i, REASON_FEED_RESTORED, now_us);
	}
}

void
incidents_registries(struct incidents *t, bool whole, int64_t now_us)
{
	if (t->dry_run != NULL)
		incidents_registries(t->dry_run, whole, now_us);
	t->registries_missing = !whole;
	if (whole)
		files_are_here(t, now_us);
}

void
incidents_lists(struct incidents *t, bool whole, int64_t now_us)
{
	if (t->dry_run != NULL)
		incidents_lists(t->dry_run, whole, now_us);
	t->lists_missing = !whole;
	if (whole)
		files_are_here(t, now_us);
}

/* --- who is waited for, and who is lost for long */

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

void
incident_look_for_lost(struct incidents *t, struct incident *i, int64_t now_us)
{
	if (incident_has_news(i))
		incident_keep_holders(t, i, now_us);
	if (i->restored && now_us - i->restored_us > (int64_t)t->config.settle_s * SECOND_US) {
		if (i->await_rest && rest_is_here(t, i))
			i->await_rest = false;
		end_restore(t, i, now_us);
		resolved(t, i, REASON_WITHDRAWN, now_us);
	}
	if (i->published && !i->unknown && (i->close_at_us == 0 || waits(i)) &&
	    incident_is_lost(t, i, now_us))
		become_unknown(t, i,
		    i->await_verdict	? REASON_RPKI_LOST
		    : i->await_registry ? REASON_REGISTRY_LOST
					: REASON_FEED_LOST,
		    now_us);
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

void
feeds_look(struct incidents *t, int64_t now_us)
{
	int64_t grace = (int64_t)t->config.feed_grace_s * SECOND_US;

	for (uint32_t k = 0; k < t->feeds_n; k++) {
		const struct feed *f = &t->feeds[k];

		if (t->dry_run != NULL && f->known && f->state == FEED_DOWN && !f->lost_told &&
		    f->lost_us != 0 && now_us - f->lost_us > grace)
			tell_lost_feed(t, k, now_us);
	}
}

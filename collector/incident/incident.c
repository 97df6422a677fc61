#include "collector/incident/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum {
	CLOSE_HOLD_US = 1000000, /* a route that is replaced is gone for a moment: not a closing */
	CALM_US = 1000000,	 /* lower severity is reported when it has lasted */
};

struct incidents *
incidents_new(
    const struct incident_config *config, void (*emit)(void *ctx, const struct record *), void *ctx)
{
	struct incidents *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->emit = emit;
	t->ctx = ctx;
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

static void
incident_free(struct incident *i)
{
	members_free(i);
	free(i);
}

void
incidents_free(struct incidents *t)
{
	if (t == NULL)
		return;
	while (t->list != NULL) {
		struct incident *i = t->list;

		t->list = i->next;
		incident_free(i);
	}
	ptrmap_free(&t->by_id);
	free(t->feeds);
	free(t);
}

/* --- the table */

/* An id is a hash already. */
static uint32_t
id_hash(const char *id)
{
	uint32_t h = 0;

	for (int k = 0; k < 8; k++)
		h = h * 31 + (unsigned char)id[k];
	return h;
}

static struct incident *
incident_find(struct incidents *t, const char *id)
{
	struct incident *i;

	for (uint32_t at = 0; (i = ptrmap_next(&t->by_id, id_hash(id), &at)) != NULL;)
		if (strcmp(i->rec.id, id) == 0)
			return i;
	return NULL;
}

static struct incident *
incident_new(struct incidents *t, const char *id)
{
	struct incident *i;

	if (t->n >= t->config.max || (i = calloc(1, sizeof(*i))) == NULL) {
		t->refused++;
		return NULL;
	}
	text_copy(i->rec.id, sizeof(i->rec.id), id);
	if (!ptrmap_add(&t->by_id, id_hash(id), i)) {
		free(i);
		t->refused++;
		return NULL;
	}
	if (t->last != NULL)
		t->last->next = i;
	else
		t->list = i;
	t->last = i;
	t->n++;
	return i;
}

/* prev: the one before it in the list, NULL for the first. */
static void
incident_remove(struct incidents *t, struct incident *i, struct incident *prev)
{
	ptrmap_remove(&t->by_id, id_hash(i->rec.id), i);
	if (prev != NULL)
		prev->next = i->next;
	else
		t->list = i->next;
	if (t->last == i)
		t->last = prev;
	t->n--;
	incident_free(i);
}

static const struct feed *
feed_of(const struct incidents *t, uint32_t number)
{
	return number < t->feeds_n && t->feeds[number].known ? &t->feeds[number] : NULL;
}

/* --- what is true now */

/* Views that none of the routers concerned monitors. */
static void
set_missing(struct incidents *t, struct incident *i)
{
	uint8_t monitored = i->rec.views | 1U << VIEW_IN_PRE | 1U << VIEW_OUT_PRE;

	for (uint32_t k = 0; k < i->feeds_n; k++) {
		const struct feed *f = feed_of(t, i->feeds[k].router);

		if (i->feeds[k].n > 0 && f != NULL)
			monitored |= f->views_monitored;
	}
	i->rec.views_missing = (uint8_t)(~monitored & ((1U << VIEWS) - 1));
}

static bool
add_example(struct record_incident *r, const struct ip_prefix *p)
{
	for (unsigned k = 0; k < r->examples_n; k++)
		if (ip_prefix_cmp(&r->examples[k], p) == 0)
			return false;
	if (r->examples_n < RECORD_EXAMPLES_MAX)
		r->examples[r->examples_n++] = *p;
	return true;
}

/* --- publishing */

static void
publish(struct incidents *t, struct incident *i, enum transition transition, enum reason reason,
    int64_t now_us)
{
	struct record rec = { .kind = RECORD_INCIDENT, .at_us = now_us };

	i->rec.revision++;
	i->rec.transition = (uint8_t)transition;
	i->rec.reason = (uint8_t)reason;
	i->rec.last_seen_us = now_us;
	incident_summarise(i);
	text_copy(rec.collector, sizeof(rec.collector), t->collector);
	rec.incident = i->rec;
	record_evidence_of_facts(&rec.incident);
	i->published = true;
	i->published_us = now_us;
	i->published_severity = i->rec.severity;
	i->published_views = i->rec.views;
	i->published_n = i->rec.prefixes_n;
	i->settle_at_us = 0;
	t->opened += transition == TRANSITION_OPENED;
	t->updated += transition == TRANSITION_UPDATED;
	t->closed += transition == TRANSITION_CLOSED;
	t->emit(t->ctx, &rec);
}

static void
set_severity(struct incidents *t, struct incident *i)
{
	set_missing(t, i);
	if (i->routes > 0)
		i->rec.severity = incident_severity(i);
}

/* Is what has changed since the last publication worth a record: at once, later, or not? */
static void
schedule_update(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	int64_t at = 0;

	if (!i->published || i->unknown || i->routes == 0)
		return;
	set_severity(t, i);
	if (i->rec.severity > i->published_severity) {
		publish(t, i, TRANSITION_UPDATED,
		    reason == REASON_ANNOUNCED ? REASON_SEVERITY : reason, now_us);
		return;
	}
	if (i->restored) /* the feed is not complete: less is no evidence yet */
		return;
	if (i->rec.severity != i->published_severity || i->rec.views != i->published_views)
		at = now_us + CALM_US;
	else if (i->rec.prefixes_n >= 2 * i->published_n && i->rec.prefixes_n > i->published_n + 1)
		at = i->published_us + CALM_US;
	else if (i->rec.prefixes_n != i->published_n)
		at = i->published_us + (int64_t)t->config.update_s * 1000000;
	i->settle_at_us = at;
}

/* --- findings */

static void
note_outbound(struct incident *i, const struct finding *f)
{
	if (f->view == VIEW_OUT_POST)
		i->only_customers =
		    (i->rec.view_counts[VIEW_OUT_POST] == 1 || i->only_customers) &&
		    (f->relation == NEIGHBOR_CUSTOMER || f->relation == NEIGHBOR_RS_CLIENT);
}

/* Critical, whatever views that have not reported yet will show: not to be held back. */
static bool
critical_for_sure(struct incident *i)
{
	uint8_t missing = i->rec.views_missing, severity;

	i->rec.views_missing = 0;
	severity = incident_severity(i);
	i->rec.views_missing = missing;
	return severity == SEVERITY_CRITICAL;
}

static void
became_true(struct incidents *t, struct incident *i, const struct finding *f, int64_t now_us)
{
	const struct feed *feed = feed_of(t, f->router);
	bool first = i->routes == 0, raised;
	uint8_t before = i->rec.severity;

	if (feed != NULL)
		t->feeds[f->router].views_monitored |= f->views_monitored;
	if (!members_add(t, i, f)) {
		t->refused++;
		return;
	}
	note_outbound(i, f);
	add_example(&i->rec, &f->prefix);
	i->rec.last_seen_us = now_us;
	i->close_at_us = 0;
	set_severity(t, i);
	raised = i->rec.severity > before;
	if ((first && !i->restored) || (raised && !i->restored)) {
		if (feed != NULL && first)
			text_copy(i->rec.router, sizeof(i->rec.router), feed->name);
		incident_describe(i, f);
	}
	if (i->restored && i->rec.severity < i->published_severity)
		i->rec.severity = i->published_severity;
	if (!i->published) {
		if (first) {
			i->rec.first_seen_us = now_us;
			i->hold_until_us = now_us + (int64_t)t->config.hold_ms * 1000;
		}
		if (critical_for_sure(i))
			publish(t, i, TRANSITION_OPENED, f->cause, now_us);
		return;
	}
	if (i->unknown) {
		i->unknown = false;
		i->awaiting[0] = '\0';
		publish(t, i, TRANSITION_UPDATED, REASON_FEED_RESTORED, now_us);
		return;
	}
	schedule_update(t, i, f->cause, now_us);
}

static void
became_false(struct incidents *t, struct incident *i, const struct finding *f, int64_t now_us)
{
	const struct feed *feed = feed_of(t, f->router);

	if (!members_remove(t, i, f))
		return;
	i->rec.last_seen_us = now_us;
	i->close_reason = f->cause;
	if (i->routes > 0) {
		schedule_update(t, i, f->cause, now_us);
		return;
	}
	if (f->cause == REASON_FEED_LOST) {
		/* forgotten, not withdrawn: only the feed can show */
		text_copy(
		    i->awaiting, sizeof(i->awaiting), feed != NULL ? feed->name : i->rec.router);
		return;
	}
	i->close_at_us = now_us + CLOSE_HOLD_US;
}

void
incidents_finding(struct incidents *t, const struct finding *f, int64_t now_us)
{
	char id[RECORD_ID_MAX];
	struct incident *i;

	incident_id(f, id);
	i = incident_find(t, id);
	if (i == NULL) {
		if (!f->on || (i = incident_new(t, id)) == NULL)
			return;
		i->rule = f->rule;
	}
	if (f->on)
		became_true(t, i, f, now_us);
	else
		became_false(t, i, f, now_us);
}

/* --- feeds */

static bool
feed_slot(struct incidents *t, uint32_t number)
{
	struct feed *v;
	uint32_t n;

	if (number < t->feeds_n)
		return true;
	n = number + number / 2 + 8;
	v = realloc(t->feeds, n * sizeof(*v));
	if (v == NULL)
		return false;
	memset(v + t->feeds_n, 0, (n - t->feeds_n) * sizeof(*v));
	t->feeds = v;
	t->feeds_n = n;
	return true;
}

/* The feed of the awaited router is complete: what has not come is gone. */
static void
feed_complete(struct incidents *t, struct incident *i, int64_t now_us)
{
	i->awaiting[0] = '\0';
	i->restored = false;
	if (i->routes == 0) {
		i->close_reason = REASON_WITHDRAWN;
		i->close_at_us = now_us;
		return;
	}
	if (i->unknown) {
		i->unknown = false;
		set_severity(t, i);
		publish(t, i, TRANSITION_UPDATED, REASON_FEED_RESTORED, now_us);
		return;
	}
	schedule_update(t, i, REASON_SEVERITY, now_us);
}

static bool
has_member_from(const struct incident *i, uint32_t router)
{
	for (uint32_t k = 0; k < i->feeds_n; k++)
		if (i->feeds[k].router == router && i->feeds[k].n > 0)
			return true;
	return false;
}

void
incidents_feed(struct incidents *t, uint32_t number, const char *name, enum feed_state state,
    uint8_t views, int64_t now_us)
{
	struct feed *f;

	if (!feed_slot(t, number))
		return;
	f = &t->feeds[number];
	f->known = true;
	text_copy(f->name, sizeof(f->name), name);
	f->state = (uint8_t)state;
	f->views_monitored |= views;
	f->lost_us = state == FEED_DOWN ? now_us : 0;
	if (state != FEED_SYNCED)
		return;
	for (struct incident *i = t->list; i != NULL; i = i->next) {
		if (strcmp(i->awaiting, name) == 0 || (i->unknown && has_member_from(i, number)))
			feed_complete(t, i, now_us);
		else if (has_member_from(i, number))
			schedule_update(
			    t, i, REASON_SEVERITY, now_us); /* its views are known now */
	}
}

/* Has every feed with a member been down for longer than the grace, or the awaited one not come? */
static bool
feeds_lost(const struct incidents *t, const struct incident *i, int64_t now_us)
{
	int64_t grace = (int64_t)t->config.feed_grace_s * 1000000;

	if (i->awaiting[0] != '\0') {
		for (uint32_t k = 0; k < t->feeds_n; k++)
			if (t->feeds[k].known && t->feeds[k].state != FEED_DOWN &&
			    strcmp(t->feeds[k].name, i->awaiting) == 0)
				return false;
		return now_us - i->restored_us > (int64_t)t->config.settle_s * 1000000;
	}
	if (i->routes == 0)
		return false;
	for (uint32_t k = 0; k < i->feeds_n; k++) {
		const struct feed *f = feed_of(t, i->feeds[k].router);

		if (i->feeds[k].n > 0 &&
		    (f == NULL || f->state != FEED_DOWN || now_us - f->lost_us <= grace))
			return false;
	}
	return true;
}

/* --- restart and time */

void
incidents_restore(struct incidents *t, const struct record *rec, int64_t now_us)
{
	struct incident *i;

	if (rec->kind != RECORD_INCIDENT || rec->incident.transition == TRANSITION_CLOSED ||
	    incident_find(t, rec->incident.id) != NULL ||
	    (i = incident_new(t, rec->incident.id)) == NULL)
		return;
	i->rec = rec->incident;
	for (int r = 0; r < RULES; r++)
		if (strcmp(rule_info[r].name, i->rec.kind) == 0)
			i->rule = (uint8_t)r;
	i->published = i->restored = true;
	i->unknown = rec->incident.transition == TRANSITION_UNKNOWN;
	i->restored_us = now_us;
	/* a restart is no news: an incident that was unknown stays unknown */
	i->published_us = rec->at_us;
	i->published_severity = i->rec.severity;
	i->published_views = i->rec.views;
	i->published_n = i->rec.prefixes_n;
	text_copy(i->awaiting, sizeof(i->awaiting), i->rec.router);
	i->relation = i->rec.facts.relation;
	/* members are counted anew */
	i->rec.prefixes_n = 0;
	i->rec.views = 0;
	memset(i->rec.view_counts, 0, sizeof(i->rec.view_counts));
}

static void
tick_one(struct incidents *t, struct incident *i, int64_t now_us)
{
	if (!i->published && i->routes > 0 && now_us >= i->hold_until_us) {
		set_severity(t, i);
		publish(t, i, TRANSITION_OPENED, REASON_ANNOUNCED, now_us);
	}
	if (i->settle_at_us != 0 && now_us >= i->settle_at_us && i->routes > 0) {
		bool growth = i->rec.severity == i->published_severity &&
			      i->rec.views == i->published_views;

		i->settle_at_us = 0;
		if (i->rec.severity != i->published_severity ||
		    i->rec.views != i->published_views || i->rec.prefixes_n != i->published_n)
			publish(t, i, TRANSITION_UPDATED, growth ? REASON_GROWTH : REASON_SEVERITY,
			    now_us);
	}
	if (i->published && !i->unknown && feeds_lost(t, i, now_us)) {
		i->unknown = true;
		if (i->routes == 0)
			i->rec.views = i->published_views;
		publish(t, i, TRANSITION_UNKNOWN, REASON_FEED_LOST, now_us);
	}
}

/*
 * Last member gone and still gone, or unknown for longer than anybody would wait: the reason.
 * Routes that are kept for a lost router are waited for: if it sent them again, nothing would
 * flip.
 */
static enum reason
over(const struct incidents *t, const struct incident *i, int64_t now_us)
{
	if (i->close_at_us != 0 && now_us >= i->close_at_us && i->routes == 0 &&
	    i->awaiting[0] == '\0')
		return i->close_reason;
	if (i->unknown && i->routes == 0 &&
	    now_us - i->published_us > (int64_t)t->config.forget_s * 1000000)
		return REASON_FEED_GONE;
	return REASON_NONE;
}

void
incidents_tick(struct incidents *t, int64_t now_us)
{
	struct incident *prev = NULL, *next;

	for (struct incident *i = t->list; i != NULL; i = next) {
		enum reason reason;

		next = i->next;
		tick_one(t, i, now_us);
		if ((reason = over(t, i, now_us)) != REASON_NONE) {
			/* what came and went within the hold is reported all the same */
			if (!i->published) {
				i->rec.views = i->seen_views;
				publish(t, i, TRANSITION_OPENED, REASON_ANNOUNCED, now_us);
				i->rec.views = 0;
			}
			i->rec.severity = i->published_severity; /* as bad as it was said to be */
			publish(t, i, TRANSITION_CLOSED, reason, now_us);
			incident_remove(t, i, prev);
			continue;
		}
		prev = i;
	}
}

/* --- to be looked at */

bool
incidents_get(const struct incidents *t, uint32_t index, struct record *out)
{
	const struct incident *i = t->list;

	while (i != NULL && (index > 0 || !i->published)) {
		index -= i->published;
		i = i->next;
	}
	if (i == NULL)
		return false;
	memset(out, 0, sizeof(*out));
	out->kind = RECORD_INCIDENT;
	out->at_us = i->published_us;
	text_copy(out->collector, sizeof(out->collector), t->collector);
	out->incident = i->rec;
	record_evidence_of_facts(&out->incident);
	if (i->restored && i->routes == 0) {
		out->incident.views = i->published_views;
		out->incident.prefixes_n = i->published_n;
	}
	return true;
}

uint32_t
incidents_shown(const struct incidents *t)
{
	uint32_t n = 0;

	for (const struct incident *i = t->list; i != NULL; i = i->next)
		n += i->published;
	return n;
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

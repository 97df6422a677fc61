/* What is told of an incident, and when: at once what is graver, later what has settled. */
#include "collector/incident/incident_private.h"

#include "base/pure/text.h"

enum {
	CALM_US = SECOND_US,	       /* what changes back within is no change */
	CALM_BACK_US = 10 * SECOND_US, /* the same of what has come back before */
	CALM_FLAPPING_US = 60 * SECOND_US,
	FLAPS_AGE_US = 600 * SECOND_US, /* returns that far apart are no flapping */
	SETTLED_US = 2 * SECOND_US,	/* growth is over when nothing has come for so long */
	SIZE_US = 10 * SECOND_US,	/* between two sizes that are told */
	TOKENS = 3,			/* updates that may be told soon */
	TOKEN_US = 60 * SECOND_US,
};

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

void
incident_tell(struct incidents *t, struct incident *i, enum transition transition,
    enum reason reason, int64_t now_us)
{
	struct record rec = { .kind = RECORD_INCIDENT, .at_us = now_us + t->wall_us };
	struct record_incident *r = incident_describe(t, i);

	r->revision++;
	r->transition = (uint8_t)transition;
	r->reason = (uint8_t)reason;
	r->last_seen_us = rec.at_us;
	text_copy(rec.collector, sizeof(rec.collector), t->collector);
	incident_keep_record(i, r);
	rec.incident = *r;
	if (i->published) {
		take_token(i, now_us);
	} else {
		i->tokens = TOKENS;
		i->tokens_us = now_us;
	}
	i->published = true;
	i->published_us = now_us;
	i->published_severity = r->severity;
	i->published_views = r->views;
	i->published_n = (uint32_t)r->prefixes_n;
	i->published_victims = i->victims.used;
	i->published_set = i->prefix_set;
	i->published_order = t->orders;
	i->added = i->removed = 0;
	i->update_at_us = 0;
	t->opened += transition == TRANSITION_OPENED;
	t->updated += transition == TRANSITION_UPDATED;
	t->closed += transition == TRANSITION_CLOSED;
	/* of those for whom it has no room */
	i->holders_news = r->holders_n > RECORD_HOLDERS_MAX;
	t->ops->emit(t->ctx, &rec);
	if (transition == TRANSITION_CLOSED)
		t->ops->keep(t->ctx, &rec, 0);
}

/* Somebody has it who had not when it was told last: after a restart he is to be waited for, too.
 */
void
incident_keep_holders(struct incidents *t, struct incident *i, int64_t now_us)
{
	struct record rec = { .kind = RECORD_INCIDENT, .at_us = now_us + t->wall_us };

	rec.incident = *incident_describe(t, i);
	incident_keep_record(i, &rec.incident);
	i->holders_news = false;
	for (unsigned part = 0; part < KEPT_PARTS_MAX; part++) {
		incident_holders(t, i, part * RECORD_HOLDERS_MAX, &rec.incident);
		t->ops->keep(t->ctx, &rec, part);
		if (rec.incident.holders_n <= RECORD_HOLDERS_MAX)
			return;
	}
}

void
incident_set_severity(struct incidents *t, struct incident *i)
{
	if (i->routes == 0)
		return;
	i->rec.severity = incident_severity(t, i);
	if ((i->restored || i->awaited_n > 0) && i->rec.severity < i->published_severity)
		i->rec.severity = i->published_severity; /* not all have come back yet */
}

/* How long what has got better must stay so before it is told. */
int64_t
incident_calm_us(const struct incident *i)
{
	return i->recent_flaps == 0	    ? CALM_US
	       : i->recent_flaps < FLAPPING ? CALM_BACK_US
					    : CALM_FLAPPING_US;
}

/* It was better, or gone, and is back. */
void
incident_count_flap(struct incident *i, int64_t now_us)
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
void
incident_consider(struct incidents *t, struct incident *i, enum reason cause, int64_t now_us)
{
	if (!i->published || i->unknown || i->routes == 0 || i->width == WIDTH_BASELINE)
		return;
	incident_set_severity(t, i);
	i->update_at_us = 0;
	if (i->rec.severity > i->published_severity) {
		if (i->fell_us != 0 && now_us - i->fell_us < FLAPS_AGE_US)
			incident_count_flap(i, now_us);
		i->fell_us = 0;
		if (i->rec.flapping)
			want_update(i, REASON_FLAPPING, i->published_us + CALM_FLAPPING_US);
		else
			incident_tell(t, i, TRANSITION_UPDATED,
			    cause == REASON_RPKI || cause == REASON_CONFIG ? cause
									   : REASON_SEVERITY,
			    now_us);
		return;
	}
	if (i->restored)
		return;
	if (i->rec.severity < i->published_severity)
		want_update(i, REASON_SEVERITY, now_us + incident_calm_us(i));
	if (i->victims.used > i->published_victims)
		want_update(i, REASON_VICTIM, sparingly(t, i, now_us + CALM_US, now_us));
	if (i->prefixes.used != i->published_n)
		want_size(t, i, now_us);
	else if (i->prefix_set != i->published_set && i->prefixes.used <= RECORD_EXAMPLES_MAX)
		want_update(i, REASON_REPLACED, sparingly(t, i, now_us + CALM_US, now_us));
	if (i->flap_due)
		want_update(i, REASON_FLAPPING,
		    i->recent_flaps == FLAPPING ? now_us : i->published_us + CALM_FLAPPING_US);
}

/*
 * The first day: what third parties do wrong already when a collector starts for the first time is
 * no news, and it is much. It is held until the first tables are complete and VRPs are whole, and
 * then told as one, the baseline. Few are told one by one, as always, but where there is a table of
 * the Internet: of that nobody knows in which year it was the last time without any.
 *
 * It is the first day of a router while its first table comes in, within the time to settle after
 * that of the first of all routers. What a router of later has is compared with the baseline.
 */
#include "collector/incident/incident_private.h"

enum { LOOK_AT = 256 };
static const int64_t SEVERITY_LASTS_US = (int64_t)3600 * SECOND_US;

static int64_t
settle_us(const struct incidents *t)
{
	return (int64_t)t->config.settle_s * SECOND_US;
}

/* May what this router tells be older than we? */
static bool
is_first_table(
    const struct incidents *t, const struct feed *f, enum baseline_part part, int64_t now_us)
{
	int64_t taken_us = t->baseline.taken_us[part];

	return !(f->parts >> part & 1) &&
	       (taken_us == 0 || now_us + t->wall_us - taken_us <= settle_us(t));
}

/* Did it come behind the first table? */
static bool
is_late(const struct incidents *t, const struct member *m)
{
	const struct feed *f = feed_of(t, t->sources[m->source].router);

	if (m->cause != REASON_ANNOUNCED && m->cause != REASON_REPLACED)
		return false;
	return m->behind || (f != NULL && f->state == FEED_SYNCED && m->order > f->synced_order);
}

/* Is it a candidate: not told, of third parties only, and known from first tables only? */
static bool
is_candidate(
    const struct incidents *t, const struct incident *i, enum baseline_part *part, int64_t now_us)
{
	unsigned looked = 0;

	if (!baseline_is_on(t) || i->published || i->width != WIDTH_ONE || i->routes == 0)
		return false;
	for (const struct member *m = i->members; m != NULL && looked < LOOK_AT; m = m->next) {
		if (!baseline_may_have(t, m, part) || is_late(t, m))
			return false;
		looked++;
	}
	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct feed *f = feed_of(t, t->sources[i->holdings[k].source].router);

		if (f == NULL || !is_first_table(t, f, *part, now_us))
			return false;
	}
	return true;
}

bool
first_day_waits(struct incidents *t, const struct incident *i, int64_t now_us)
{
	enum baseline_part part;

	if (!is_candidate(t, i, &part, now_us))
		return false;
	if (part == PART_ROV && t->baseline.rov_held_us == 0)
		t->baseline.rov_held_us = now_us;
	return true;
}

/* Are the first tables complete, and is what they are judged by? Who takes longer than the time to
 * settle is not waited for, nor are VRPs. */
static bool
is_ready(struct incidents *t, enum baseline_part part, int64_t now_us)
{
	struct baseline *b = &t->baseline;
	bool complete = false, comes = false;

	for (uint32_t k = 0; k < t->feeds_n; k++) {
		const struct feed *f = &t->feeds[k];

		if (!f->known || !is_first_table(t, f, part, now_us))
			continue;
		complete |= f->state == FEED_SYNCED;
		comes |= f->state == FEED_UP;
	}
	if (!complete)
		return false;
	if (b->waiting_us[part] == 0)
		b->waiting_us[part] = now_us;
	if (comes && now_us - b->waiting_us[part] <= settle_us(t))
		return false;
	return part != PART_ROV || t->verdicts == VERDICTS_WHOLE ||
	       (b->rov_held_us != 0 && now_us - b->rov_held_us > settle_us(t));
}

/* Is most of it the doing of one VRP? Then that is the news. */
static bool
is_of_one_vrp(const struct incidents *t, const struct incident *i, uint32_t all)
{
	const struct group *g = i->groups[0];

	return g != NULL && g->width == WIDTH_VRP && g->held > group_limit(t) && g->held > all / 2;
}

/* Take over the members of third parties. */
static struct incident *
take_members(struct incidents *t, struct incident *from, int64_t now_us)
{
	struct incident *to = NULL;
	enum baseline_part part;

	for (struct member *m = from->members, *next; m != NULL; m = next) {
		next = m->next;
		if (!baseline_may_have(t, m, &part))
			continue;
		baseline_learn(t, m, now_us + t->wall_us);
		if ((to = scope_baseline(t, m, now_us)) == NULL)
			break;
		member_detach(m);
		if (!member_attach(t, to, m))
			member_refuse(t, m);
	}
	if (from->routes == 0)
		scope_forget(t, from); /* nothing waits with its siblings any more */
	return to;
}

static void
tell(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	if (i == NULL || i->routes == 0 || i->unknown)
		return;
	incident_set_severity(t, i);
	if (!i->published)
		incident_tell(t, i, TRANSITION_OPENED, i->cause, now_us);
	else if (i->prefixes.used != i->published_n)
		incident_tell(t, i, TRANSITION_UPDATED, reason, now_us);
}

/* The routers whose tables are complete: whatever they tell from now on is news. */
static void
end_first_tables(struct incidents *t, enum baseline_part part, int64_t now_us)
{
	for (uint32_t k = 0; k < t->feeds_n; k++) {
		struct feed *f = &t->feeds[k];

		if (!f->known || f->state != FEED_SYNCED || f->parts >> part & 1)
			continue;
		f->parts |= (uint8_t)(1U << part);
		baseline_router_add(t, f->name, f->parts);
	}
	if (t->baseline.taken_us[part] == 0) {
		t->baseline.taken_us[part] = now_us + t->wall_us;
		baseline_keep_state(t);
	}
	t->baseline.waiting_us[part] = 0;
}

/* Is one of them a table of the Internet? */
static bool
has_full_table(struct incidents *t, enum baseline_part part, int64_t now_us)
{
	for (uint32_t k = 0; k < t->feeds_n; k++)
		if (t->feeds[k].known && t->feeds[k].full && t->feeds[k].state == FEED_SYNCED &&
		    is_first_table(t, &t->feeds[k], part, now_us))
			return true;
	return false;
}

/* Returns the baseline when something of the first tables went into it. */
static struct incident *
take(struct incidents *t, enum baseline_part part, int64_t now_us)
{
	struct incident *baseline = NULL, *next;
	enum baseline_part is;
	uint32_t all = 0, n = 0, least = has_full_table(t, part, now_us) ? 0 : group_limit(t);

	for (struct incident *i = t->list; i != NULL; i = i->next)
		all += is_candidate(t, i, &is, now_us) && is == part;
	for (struct incident *i = t->list; i != NULL; i = i->next)
		n += is_candidate(t, i, &is, now_us) && is == part && !is_of_one_vrp(t, i, all);
	for (struct incident *i = n > least ? t->list : NULL; i != NULL; i = next) {
		next = i->next;
		if (is_candidate(t, i, &is, now_us) && is == part && !is_of_one_vrp(t, i, all))
			baseline = take_members(t, i, now_us);
	}
	end_first_tables(t, part, now_us);
	return baseline;
}

/* Those that were complete when nothing was waited for any more. */
static void
look_for_late_tables(struct incidents *t, enum baseline_part part, int64_t now_us)
{
	for (uint32_t k = 0; k < t->feeds_n; k++) {
		struct feed *f = &t->feeds[k];

		if (!f->known || f->state != FEED_SYNCED || f->parts >> part & 1 ||
		    is_first_table(t, f, part, now_us))
			continue;
		f->parts |= (uint8_t)(1U << part);
		baseline_router_add(t, f->name, f->parts);
	}
}

/* A collector that has open incidents of before began earlier than the baseline was invented. */
static void
start(struct incidents *t, int64_t now_us)
{
	bool old = false;

	t->baseline.started_us = now_us;
	if (t->baseline.has_state)
		return;
	for (const struct incident *i = t->list; i != NULL && !old; i = i->next)
		old = i->restored;
	for (unsigned part = 0; old && part < PARTS; part++)
		t->baseline.taken_us[part] = 1;
	baseline_keep_state(t);
}

/* Whoever could say that something is still there, is there. */
static bool
all_are_here(const struct incidents *t, int64_t now_us)
{
	bool any = false;

	for (uint32_t k = 0; k < t->feeds_n; k++) {
		if (t->feeds[k].known && t->feeds[k].state != FEED_SYNCED)
			return false;
		any |= t->feeds[k].known;
	}
	return any && now_us - t->baseline.started_us > settle_us(t) &&
	       t->verdicts == VERDICTS_WHOLE;
}

/* What is in the baseline and no longer belongs there: it has become a customer's, or ours. */
static void
let_go(struct incidents *t, int64_t now_us)
{
	struct incident *b = scope_baseline_find(t), *i;
	struct member *next;

	for (struct member *m = b != NULL ? b->members : NULL; m != NULL; m = next) {
		next = m->next;
		if (baseline_has(t, m))
			continue;
		member_detach(m);
		i = scope_incident(t, m, now_us);
		if (i == NULL || !member_attach(t, i, m)) {
			member_refuse(t, m);
		} else if (i->published) {
			incident_consider(t, i, REASON_CONFIG, now_us);
		} else if (i->hold_until_us == 0) {
			i->hold_until_us = now_us + (int64_t)t->config.hold_ms * MS_US;
		}
	}
	if (b != NULL && b->routes == 0 && b->close_at_us == 0 && b->published) {
		b->close_cause = REASON_CONFIG;
		b->gone_us = b->close_at_us = now_us;
	}
}

/* That the network enforces origin validation now, or no longer, is told when it has been so for a
 * while; what a session takes and brings back is neither. */
static void
look_at_severity(struct incidents *t, struct incident *b, int64_t now_us)
{
	if (b == NULL || !b->published || b->unknown || b->routes == 0 || b->restored || waits(b))
		return;
	incident_set_severity(t, b);
	if (b->rec.severity == b->published_severity) {
		if (b->update_reason == REASON_SEVERITY)
			b->update_at_us = 0;
	} else if (b->update_at_us == 0) {
		b->update_at_us = now_us + SEVERITY_LASTS_US;
		b->update_reason = REASON_SEVERITY;
	}
}

void
first_day_tick(struct incidents *t, bool look, int64_t now_us)
{
	struct incident *baseline = NULL, *took;

	if (t->reconsider)
		let_go(t, now_us);
	if (!baseline_is_on(t))
		return;
	if (t->baseline.started_us == 0)
		start(t, now_us);
	for (enum baseline_part part = 0; part < PARTS; part++) {
		if (is_ready(t, part, now_us) && (took = take(t, part, now_us)) != NULL)
			baseline = took;
		look_for_late_tables(t, part, now_us);
	}
	if (baseline != NULL) {
		tell(t, baseline, REASON_GROWTH, now_us);
		baseline_flush(t, true, now_us);
	}
	if (!look)
		return;
	look_at_severity(t, scope_baseline_find(t), now_us);
	baseline_sweep(t, scope_baseline_find(t), all_are_here(t, now_us), now_us);
	baseline_flush(t, false, now_us);
}

/* What is open becomes part of the baseline; what nobody knows now stays as it is. */
static void
take_open(struct incidents *t, int64_t now_us)
{
	struct incident *next;

	for (struct incident *i = t->list; i != NULL; i = next) {
		next = i->next;
		if (i->width == WIDTH_BASELINE || i->routes == 0 || i->unknown)
			continue;
		take_members(t, i, now_us);
		if (i->routes > 0 && i->published)
			incident_consider(t, i, REASON_BASELINE, now_us);
		if (i->routes > 0 || waits(i))
			continue;
		if (i->published) {
			i->rec.severity = i->published_severity;
			incident_tell(t, i, TRANSITION_CLOSED, REASON_BASELINE, now_us);
		}
		incident_drop(t, i, now_us);
	}
}

void
incidents_baseline_reset(struct incidents *t, int64_t now_us)
{
	struct incident *baseline;

	if (t->baseline.started_us == 0)
		start(t, now_us);
	take_open(t, now_us);
	baseline = scope_baseline_find(t);
	baseline_renew(t, baseline, all_are_here(t, now_us), now_us);
	for (enum baseline_part part = 0; part < PARTS; part++) {
		end_first_tables(t, part, now_us);
		t->baseline.taken_us[part] = now_us + t->wall_us;
	}
	baseline_keep_state(t);
	tell(t, baseline, REASON_BASELINE, now_us);
	baseline_flush(t, true, now_us);
}

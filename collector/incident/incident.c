/* The inputs of the table, and the life of an incident from its first member to its closing. */
#include "collector/incident/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum {
	CALM_US = SECOND_US,		/* gone for longer, it was gone */
	SESSION_BACK_US = 2500 * MS_US, /* a session that is reset is up again by then */
	SLICES_US = 300 * MS_US, /* VRPs and configurations reach the views one after the other */
	LOOK_AT = 256,		 /* members */
	LOOK_US = SECOND_US,	 /* between two looks for those who are lost */
	KEEPS = 200, /* incidents whose new holders are kept at once; more wait for the look */
};

static struct incidents *
table_new(const struct incident_config *config, const struct incidents_ops *ops, void *ctx)
{
	struct incidents *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	if ((t->record = calloc(1, sizeof(*t->record))) == NULL) {
		free(t);
		return NULL;
	}
	t->ops = ops;
	t->ctx = ctx;
	t->verdicts = VERDICTS_PENDING;
	incidents_configure(t, config);
	return t;
}

struct incidents *
incidents_new(const struct incident_config *config, const struct incidents_ops *ops, void *ctx)
{
	struct incidents *t = table_new(config, ops, ctx);

	if (t != NULL && (t->dry_run = table_new(config, ops, ctx)) == NULL) {
		incidents_free(t);
		return NULL;
	}
	return t;
}

void
incidents_configure(struct incidents *t, const struct incident_config *config)
{
	t->reconsider |= memcmp(t->config.severity_max, config->severity_max,
			     sizeof(config->severity_max)) != 0 ||
			 memcmp(t->config.severity_by_view, config->severity_by_view,
			     sizeof(config->severity_by_view)) != 0 ||
			 t->config.large_at != config->large_at ||
			 t->config.baseline != config->baseline;
	if (t->dry_run != NULL)
		incidents_configure(t->dry_run, config);
	t->config = *config;
	text_copy(t->collector, sizeof(t->collector), config->collector);
	t->config.collector = t->collector;
}

void
incidents_set_clock(struct incidents *t, int64_t wall_offset_us)
{
	t->wall_us = wall_offset_us;
	if (t->dry_run != NULL)
		t->dry_run->wall_us = wall_offset_us;
}

void
incidents_free(struct incidents *t)
{
	if (t == NULL)
		return;
	incidents_free(t->dry_run);
	scope_free(t);
	own_there_free(&t->own_there);
	baseline_free(t);
	incident_table_free(t);
	ptrmap_free(&t->members_by_key);
	ptrmap_free(&t->seen_by_hash);
	sources_free(t);
	free(t);
}

/* --- it becomes true of a route, and ceases */

/* It has a member again after it had none for a while. */
static void
returned(struct incident *i, int64_t now_us)
{
	if (i->gone_us != 0 && now_us - i->gone_us >= CALM_US && !i->unknown && !i->restored) {
		incident_count_flap(i, now_us);
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
		if (f == NULL || f->state == FEED_DOWN)
			continue;
		/* one that was never lost has no routes but those of its session */
		if (f->state == FEED_SYNCED || f->lost_us == 0 || m->heard_us >= f->up_us)
			return true;
	}
	return false;
}

static void
open_it(struct incidents *t, struct incident *i, int64_t now_us)
{
	companion_gather(t, i, now_us);
	i = scope_gather(t, i, now_us);
	incident_set_severity(t, i);
	if (i->published) {
		incident_consider(t, i, REASON_ANNOUNCED, now_us);
		return;
	}
	scope_told(i, now_us);
	i->unheard = false;
	i->flapped_us = now_us;
	incident_tell(t, i, TRANSITION_OPENED, i->cause, now_us);
}

static void
joined(struct incidents *t, struct incident *i, const struct member *m, int64_t now_us)
{
	int64_t hold;

	returned(i, now_us);
	if (i->published && i->unknown) {
		if (!incident_frozen(t, i) && !incident_is_lost(t, i, now_us))
			incident_known_again(t, i, REASON_FEED_RESTORED, now_us);
		return;
	}
	if (i->published) {
		incident_consider(t, i, m->cause, now_us);
		return;
	}
	if (i->width == WIDTH_BASELINE)
		return;
	incident_set_severity(t, i);
	hold = hold_us(t, i, m->cause);
	if (i->hold_until_us == 0 || now_us + hold < i->hold_until_us)
		i->hold_until_us = now_us + hold;
	if (hold == 0 && is_told_by_living(t, i) && !first_day_waits(t, i, now_us))
		open_it(t, i, now_us);
}

/* How long it must be gone before that is told. What came over a session that is reset comes back
 * with it. */
static int64_t
calm_us(const struct incident *i, enum reason cause)
{
	int64_t calm = incident_calm_us(i);

	return cause == REASON_PEER_DOWN && calm < SESSION_BACK_US ? SESSION_BACK_US : calm;
}

/* A member has gone from it; cause: why. */
static void
left(struct incidents *t, struct incident *i, enum reason cause, int64_t now_us)
{
	i->close_cause = (uint8_t)cause;
	if (i->routes > 0) {
		incident_consider(t, i, cause, now_us);
		return;
	}
	if (cause == REASON_FEED_LOST)
		return; /* one that was not told yet is forgotten, too: nobody knows of it */
	if (i->width == WIDTH_BASELINE && !i->published)
		return;
	i->gone_us = now_us;
	i->close_at_us = now_us + calm_us(i, cause);
}

/* Before a member goes: what is still held is told when it is over, in the words of its last one,
 * if anybody who is there told of it. A long way that is tried for a moment is none that somebody
 * chose: it is not told. */
static void
keep_words(struct incidents *t, struct incident *i)
{
	if (i->published)
		return;
	i->heard = i->heard || is_told_by_living(t, i);
	if (i->routes > 1)
		return;
	i->unheard = !i->heard || i->rule == RULE_LEAK_DETOUR;
	if (!i->unheard)
		incident_keep_record(i, incident_describe(t, i));
}

static void
over(struct incidents *t, struct member *m, enum reason cause, int64_t now_us)
{
	struct incident *i = m->incident;

	if (cause == REASON_FEED_LOST && i->published)
		restore_await(t, i, m); /* forgotten, not withdrawn: only the feed can show */
	keep_words(t, i);
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
		incident_consider(t, was, f->cause, now_us); /* its peer may be another to us */
		return;
	}
	keep_words(t, was);
	member_detach(m);
	if (!member_update(t, m, f)) {
		/* as it was: out of memory */
		if (!member_attach(t, was, m))
			member_refuse(t, m);
		return;
	}
	is = was;
	if (!scope_covers(t, was, m)) {
		m->cause = f->cause != REASON_NONE ? f->cause : m->cause;
		is = scope_incident(t, m, now_us);
	}
	if (is == NULL || !member_attach(t, is, m)) {
		member_refuse(t, m);
		left(t, was, cause, now_us);
		return;
	}
	if (is != was) {
		if (was->published || was->routes > 0) /* else the other tells of it, alone */
			left(t, was, cause, now_us);
		joined(t, is, m, now_us);
		return;
	}
	is->added = added;
	is->removed = removed;
	incident_consider(t, is, f->cause, now_us);
}

static void
appeared(struct incidents *t, const struct finding *f, uint32_t source, int64_t now_us)
{
	struct member *m = source != UINT32_MAX ? member_make(t, f, source) : NULL;
	struct incident *i = m != NULL ? scope_incident(t, m, now_us) : NULL;

	if (i == NULL || !member_attach(t, i, m)) {
		member_refuse(t, m);
		return;
	}
	if (f->cause == REASON_ANNOUNCED)
		m->heard_us = now_us;
	joined(t, i, m, now_us);
}

static void
take(struct incidents *t, const struct finding *f, int64_t now_us)
{
	uint32_t source = f->rules != 0
			      ? source_of_finding(t, f)
			      : source_find(t, f->router, f->peer,
				    source_family(f->prefix.family == IP_V6, f->labelled));
	struct member *m = source != UINT32_MAX ? member_find(t, f, source) : NULL;

	t->finding = f;
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
	t->finding = NULL;
}

/* What the finding is in one of the tables, where only these of its rules count. */
static void
take_part(struct incidents *t, const struct finding *f, uint32_t rules, int64_t now_us)
{
	struct finding part;

	memcpy(&part, f, finding_size(f));
	part.rules = rules;
	if (rules == 0 && f->rules != 0 && f->cause == REASON_ANNOUNCED)
		part.cause = REASON_REPLACED;
	/* what the other rules saw is not known then */
	if ((rules & RULES_OF_SENDERS) == 0) {
		part.leaker_as = part.leaked_from_as = part.leaked_to_as = 0;
		part.by_us = false;
	}
	if (rules != f->rules)
		part.benign = BENIGN_NONE;
	if ((rules & 1U << RULE_LEAK_PEERLOCK) == 0)
		part.provider_free_as = 0;
	if ((rules & 1U << RULE_LEAK_DETOUR) == 0)
		part.direct_from_as = part.direct_to_as = 0;
	if ((rules & RULES_ON_VRPS) == 0)
		part.vrps_n = 0;
	take(t, &part, now_us);
}

void
incidents_finding(struct incidents *t, const struct finding *f, int64_t now_us)
{
	bool primary = f->rules != 0 && 1U << rules_primary(f->rules) & f->dry_run;

	if (f->dry_run != 0 || t->dry_run->members > 0)
		take_part(t->dry_run, f, primary ? f->rules : 0, now_us);
	if (f->dry_run != 0)
		take_part(t, f, f->rules & ~f->dry_run, now_us);
	else
		take(t, f, now_us);
}

/* --- time */

static void
close_it(struct incidents *t, struct incident *i, enum reason reason, int64_t now_us)
{
	/* what came and went while it was held is told all the same */
	if (!i->published) {
		scope_told(i, now_us);
		incident_tell(t, i, TRANSITION_OPENED, i->cause, now_us);
	}
	i->rec.severity = i->published_severity; /* as bad as it was said to be */
	incident_tell(t, i, TRANSITION_CLOSED, reason, now_us);
	scope_forget(t, i);
	incident_drop(t, i, now_us);
}

/* A hijack is over for a while, and what came with it is not: that goes on by itself. */
static void
part_from_companions(struct incidents *t, struct incident *i, int64_t now_us)
{
	enum reason cause = (enum reason)i->close_cause;
	struct member *m = i->restored ? NULL : companion_left(i);

	if (m == NULL) {
		i->alone_us = 0;
		return;
	}
	if (i->alone_us == 0)
		i->alone_us = now_us;
	if (now_us - i->alone_us < incident_calm_us(i))
		return;
	for (; m != NULL; m = companion_left(i)) {
		struct incident *to;

		keep_words(t, i);
		member_detach(m);
		to = scope_incident(t, m, now_us);
		if (to != NULL && to != i && member_attach(t, to, m)) {
			joined(t, to, m, now_us);
		} else {
			member_refuse(t, m);
		}
	}
	left(t, i, cause, now_us);
}

/* Returns whether it is gone. */
static bool
tick_one(struct incidents *t, struct incident *i, int64_t now_us)
{
	if (!i->published && i->routes > 0 && now_us >= i->hold_until_us &&
	    !scope_gathering(i, now_us) && !first_day_waits(t, i, now_us)) {
		i->unheard = !is_told_by_living(t, i);
		if (!i->unheard)
			open_it(t, i, now_us);
		return false;
	}
	if (i->update_at_us != 0 && now_us >= i->update_at_us && i->routes > 0) {
		if (i->rec.severity < i->published_severity)
			i->fell_us = now_us;
		i->flap_due = false;
		incident_tell(t, i, TRANSITION_UPDATED, i->update_reason, now_us);
	}
	if (i->routes > 0)
		return false;
	if (i->close_at_us != 0 && now_us >= i->close_at_us && !waits(i) && !i->unheard) {
		close_it(t, i, i->close_cause, now_us);
		return true;
	}
	/* a router may be gone for good; what it is judged by is ours to mend, and no evidence */
	if (i->unknown && !i->await_registry && !i->await_verdict &&
	    now_us - i->published_us > (int64_t)t->config.forget_s * SECOND_US) {
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

	if (t->dry_run != NULL)
		incidents_tick(t->dry_run, now_us);
	if (look) {
		t->looked_us = now_us;
		t->keeps = KEEPS;
		feeds_look(t, now_us);
		scope_tick(t, now_us);
	}
	first_day_tick(t, look, now_us);
	for (struct incident *i = t->list; i != NULL; i = next) {
		next = i->next;
		if (t->reconsider)
			incident_consider(t, i, REASON_CONFIG, now_us);
		if (look) {
			incident_look_for_lost(t, i, now_us);
		} else if (incident_has_news(i) && t->keeps > 0) {
			t->keeps--;
			incident_keep_holders(t, i, now_us);
		}
		part_from_companions(t, i, now_us);
		if (tick_one(t, i, now_us))
			continue;
		if (is_husk(i)) {
			scope_forget(t, i);
			incident_drop(t, i, now_us);
		}
	}
	t->reconsider = false;
}

void
incidents_stop(struct incidents *t, int64_t now_us)
{
	if (t->dry_run != NULL)
		incidents_stop(t->dry_run, now_us);
	for (struct incident *i = t->list; i != NULL; i = i->next)
		if (incident_has_news(i))
			incident_keep_holders(t, i, now_us);
}

bool
incidents_want_again(struct incidents *t)
{
	uint32_t max = t->config.members_max != 0 ? t->config.members_max : UINT32_MAX;
	bool again = t->dry_run != NULL && incidents_want_again(t->dry_run);

	if (!t->owed || t->members > max - max / 8)
		return again;
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

/* The next one of a table; false when there is none. */
static bool
next_of(struct incidents *t, uint64_t *cursor, struct record *out)
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
	incident_set_severity(t, i);
	out->incident = *incident_describe(t, i);
	if (i->unknown)
		out->incident.transition = TRANSITION_UNKNOWN;
	return true;
}

bool
incidents_next(struct incidents *t, uint64_t *cursor, struct record *out)
{
	const uint64_t dry = 1ULL << 62; /* no table counts that far */
	uint64_t at = *cursor & ~dry;
	bool found = *cursor < dry && next_of(t, &at, out);

	if (found) {
		*cursor = at;
		return true;
	}
	at = *cursor < dry ? 0 : at;
	found = next_of(t->dry_run, &at, out);
	*cursor = at | dry;
	return found;
}

void
incidents_stats(const struct incidents *t, struct incidents_stats *out)
{
	memset(out, 0, sizeof(*out));
	for (const struct incident *i = t->list; i != NULL; i = i->next) {
		out->open += i->published && !i->unknown;
		out->unknown += i->published && i->unknown;
		out->critical += i->published && i->published_severity == SEVERITY_CRITICAL;
		out->held += !i->published;
	}
	for (const struct incident *i = t->dry_run->list; i != NULL; i = i->next)
		out->dry_run += i->published;
	out->opened = t->opened;
	out->updated = t->updated;
	out->closed = t->closed;
	out->refused = t->refused;
	out->members = t->members;
}

void
incidents_count(
    const struct incidents *t, void (*each)(void *ctx, const struct incident_count *), void *ctx)
{
	uint32_t n[RULES][SEVERITY_CRITICAL + 1][2] = { 0 };

	for (const struct incident *i = t->list; i != NULL; i = i->next)
		if (i->published)
			n[i->rule][i->published_severity][i->unknown]++;
	for (unsigned rule = 0; rule < RULES; rule++)
		for (uint8_t s = 0; s <= SEVERITY_CRITICAL; s++)
			for (unsigned unknown = 0; unknown < 2; unknown++)
				if (n[rule][s][unknown] > 0)
					each(ctx, &(struct incident_count){ rule_info[rule].name, s,
						      unknown != 0, n[rule][s][unknown] });
}

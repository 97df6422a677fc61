#include "collector/daemon/mute_keeper.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "proto/control_request.h"
#include "proto/show_verbs.h"

enum { KEY_MAX = 64 };

static const char room[] = "mute";

struct mute_keeper {
	struct mutes *table;
	struct records *records;
	bool begun; /* one has: what is open is to be looked at */
};

/* Until when. */
static const char *
until_text(const struct mute *m, char buf[CLOCK_TEXT_MAX])
{
	if (m->ack)
		text_copy(buf, CLOCK_TEXT_MAX, "it is closed");
	else
		clock_format_us(m->until_us, 0, buf);
	return buf;
}

/* " from TIME until TIME". */
static void
times_text(const struct mute *m, char buf[2 * CLOCK_TEXT_MAX + 16])
{
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];

	snprintf(buf, 2 * CLOCK_TEXT_MAX + 16, "%s%s until %s", m->from_us != 0 ? " from " : "",
	    m->from_us != 0 ? clock_format_us(m->from_us, 0, from) : "", until_text(m, until));
}

static const char *
sort_of(const struct mute *m)
{
	return m->ack ? "ack" : "mute";
}

/* --- told */

/* happened: "set", "begun" or "ended". */
static void
tell(struct mute_keeper *k, const struct mute *m, const char *happened, const char *incident,
    const char *summary)
{
	struct record r = { .kind = RECORD_EVENT, .at_us = clock_wall_us() };
	struct record_event *e = &r.event;
	char until[CLOCK_TEXT_MAX];

	snprintf(e->type, sizeof(e->type), "%s.%s", sort_of(m), happened);
	e->severity = SEVERITY_NOTICE;
	text_copy(e->summary, sizeof(e->summary), summary);
	record_detail_add(e, "number", "%" PRIu32, m->number);
	record_detail_add(e, "target", "%s", m->target);
	if (incident != NULL)
		record_detail_add(e, "incident", "%s", incident);
	record_detail_add(e, "who", "%s", m->who);
	record_detail_add(e, "why", "%s", m->why);
	if (m->from_us != 0)
		record_detail_add(e, "from", "%s", clock_format_us(m->from_us, 0, until));
	record_detail_add(e, "until", "%s", until_text(m, until));
	records_emit(k->records, &r);
}

static void tell_of(struct mute_keeper *, const struct mute *, const char *happened,
    const char *incident, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
static void
tell_of(struct mute_keeper *k, const struct mute *m, const char *happened, const char *incident,
    const char *fmt, ...)
{
	char text[RECORD_TEXT_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text))
		text_end_with(text, sizeof(text), "…");
	tell(k, m, happened, incident, text);
}

/* --- kept */

/* Keys of a mute come before those of the incidents that it covers. */
static void
key_of(const struct mute *m, const char *incident, char key[KEY_MAX])
{
	snprintf(key, KEY_MAX, "%010" PRIu32 "%s%s", m->number, incident != NULL ? "/" : "",
	    incident != NULL ? incident : "");
}

static void
add_number(struct sbuf *value, const char *name, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, number);
	control_request_word(value, name, text);
}

static void
keep(struct mute_keeper *k, const struct mute *m)
{
	struct sbuf value = sbuf_of(1 << 16);
	char key[KEY_MAX];

	key_of(m, NULL, key);
	control_request_begin(&value, sort_of(m));
	control_request_word(&value, "target", m->target);
	control_request_word(&value, "who", m->who);
	control_request_word(&value, "why", m->why);
	add_number(&value, "set_us", m->set_us);
	add_number(&value, "until_us", m->until_us);
	add_number(&value, "from_us", m->from_us);
	control_request_word(&value, "pending", m->pending ? "1" : "0");
	if (!value.failed)
		records_state_put(k->records, room, key, value.data, value.len);
	sbuf_free(&value);
}

static void
on_begins(void *ctx, const struct mute *m)
{
	struct mute_keeper *k = ctx;
	char until[CLOCK_TEXT_MAX];

	k->begun = true;
	keep(k, m);
	tell_of(k, m, "begun", mute_is_id(m->target) ? m->target : NULL,
	    "%s of %s begins, until %s: %s", sort_of(m), m->target, until_text(m, until), m->why);
}

static void
on_covers(void *ctx, const struct mute *m, const struct mute_member *member)
{
	struct mute_keeper *k = ctx;
	struct sbuf value = sbuf_of(1 << 16);
	char key[KEY_MAX];

	key_of(m, member->id, key);
	control_request_begin(&value, "incident");
	control_request_word(&value, "severity", severity_name(member->severity));
	add_number(&value, "prefixes", (int64_t)member->prefixes);
	add_number(&value, "own", member->own);
	control_request_word(&value, "speaks", member->speaks ? "1" : "0");
	if (!value.failed)
		records_state_put(k->records, room, key, value.data, value.len);
	sbuf_free(&value);
}

static void
on_speaks(void *ctx, const struct mute *m, const struct mute_member *member, const char *why)
{
	tell_of(ctx, m, "ended", member->id, "incident %s is muted no longer, others of %s are: %s",
	    member->id, m->target, why);
}

static void
on_forgets(void *ctx, const struct mute *m, const struct mute_member *member)
{
	struct mute_keeper *k = ctx;
	char key[KEY_MAX];

	key_of(m, member->id, key);
	records_state_put(k->records, room, key, NULL, 0);
}

static void
on_ended(void *ctx, const struct mute *m, const char *why)
{
	struct mute_keeper *k = ctx;
	char key[KEY_MAX];

	key_of(m, NULL, key);
	records_state_put(k->records, room, key, NULL, 0);
	tell_of(k, m, "ended", NULL, "%s of %s %s: %s", sort_of(m), m->target,
	    m->pending ? "will not begin" : "is over", why);
}

static const struct mutes_ops ops = { on_begins, on_covers, on_speaks, on_forgets, on_ended };

/* --- restored */

static void
restore_mute(struct mute_keeper *k, uint32_t number, const struct control_request *r)
{
	struct mute m = { .number = number, .ack = strcmp(r->verb, "ack") == 0 };
	char error[256];

	text_copy(m.target, sizeof(m.target), control_request_value(r, "target", ""));
	text_copy(m.who, sizeof(m.who), control_request_value(r, "who", ""));
	text_copy(m.why, sizeof(m.why), control_request_value(r, "why", ""));
	m.set_us = strtoll(control_request_value(r, "set_us", "0"), NULL, 10);
	m.until_us = strtoll(control_request_value(r, "until_us", "0"), NULL, 10);
	m.from_us = strtoll(control_request_value(r, "from_us", "0"), NULL, 10);
	m.pending = control_request_is(r, "pending", "1");
	if (m.target[0] == '\0' || (m.until_us <= 0) != m.ack)
		log_warning(
		    "mute", "ignored what is kept of mute %" PRIu32 ", which is none", number);
	else if (mutes_set(k->table, &m, error, sizeof(error)) == NULL)
		log_warning("mute", "mute %" PRIu32 " is not restored: %s", number, error);
}

static bool
restore(void *ctx, const char *key, const void *value, size_t len)
{
	struct mute_keeper *k = ctx;
	char line[CONTROL_REQUEST_MAX], *end;
	unsigned long number = strtoul(key, &end, 10);
	struct mute_member m = { 0 };
	struct control_request r;

	if (number == 0 || number >= UINT32_MAX || len >= sizeof(line))
		return true;
	memcpy(line, value, len);
	line[len] = '\0';
	control_request_parse(line, &r);
	if (*end == '\0') {
		restore_mute(k, (uint32_t)number, &r);
		return true;
	}
	text_copy(m.id, sizeof(m.id), end + 1);
	if (!severity_parse(control_request_value(&r, "severity", ""), &m.severity))
		return true;
	m.own = (uint32_t)strtoull(control_request_value(&r, "own", "4294967295"), NULL, 10);
	m.prefixes = strtoull(control_request_value(&r, "prefixes", "0"), NULL, 10);
	m.speaks = control_request_is(&r, "speaks", "1");
	mutes_restore(k->table, (uint32_t)number, &m);
	return true;
}

struct mute_keeper *
mute_keeper_new(struct records *records)
{
	struct mute_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->records = records;
	k->table = mutes_new(&ops, k);
	if (k->table == NULL) {
		free(k);
		return NULL;
	}
	journal_state_each(records_history(records), room, restore, k);
	return k;
}

void
mute_keeper_free(struct mute_keeper *k)
{
	if (k == NULL)
		return;
	mutes_free(k->table);
	free(k);
}

void
mute_keeper_apply(struct mute_keeper *k, struct record *r)
{
	mutes_apply(k->table, r, clock_wall_us());
}

void
mute_keeper_mark(const struct mute_keeper *k, struct record *r)
{
	mutes_mark(k->table, r, clock_wall_us());
}

/* --- what an operator says */

/* Whether an incident of this id is open. */
static bool
is_open(const char *id, bool (*next)(void *, uint64_t *, struct record *), void *ctx)
{
	uint64_t cursor = 0;
	struct record r;

	while (next(ctx, &cursor, &r))
		if (strcmp(r.incident.id, id) == 0)
			return true;
	return false;
}

/* How grave what is open is now is known from here on. Returns how many are muted by anything. */
static unsigned
cover_open(struct mute_keeper *k, bool (*next)(void *, uint64_t *, struct record *), void *ctx)
{
	uint64_t cursor = 0;
	unsigned muted = 0;
	struct record r;

	while (next(ctx, &cursor, &r)) {
		mute_keeper_apply(k, &r);
		muted += r.incident.muted;
	}
	return muted;
}

void
mute_keeper_tick(
    struct mute_keeper *k, bool (*next)(void *ctx, uint64_t *cursor, struct record *), void *ctx)
{
	mutes_tick(k->table, clock_wall_us());
	if (k->begun)
		cover_open(k, next, ctx);
	k->begun = false;
}

static bool
end(struct mute_keeper *k, const struct mute_request *q, char *says, size_t size)
{
	char why[RECORD_TEXT_MAX];
	unsigned n;

	snprintf(why, sizeof(why), "unmuted by %s", q->who);
	n = mutes_end(k->table, q->target, why);
	records_flush(k->records);
	if (n > 0)
		snprintf(says, size, "%u ended", n);
	else
		snprintf(
		    says, size, "nothing is muted by that; `bellman show mutes` lists what is");
	return n > 0;
}

bool
mute_keeper_request(struct mute_keeper *k, const struct mute_request *q,
    bool (*next)(void *ctx, uint64_t *cursor, struct record *), void *ctx, char *says, size_t size)
{
	struct mute m = { .ack = q->verb == MUTE_ACK, .set_us = clock_wall_us() };
	const struct mute *set;
	char times[2 * CLOCK_TEXT_MAX + 16];
	unsigned muted;

	mute_keeper_tick(k, next, ctx);
	if (q->verb == MUTE_END)
		return end(k, q, says, size);
	if (mute_is_id(q->target) && !is_open(q->target, next, ctx)) {
		snprintf(says, size, "no incident with id %s is open", q->target);
		return false;
	}
	text_copy(m.target, sizeof(m.target), q->target);
	text_copy(m.who, sizeof(m.who), q->who);
	text_copy(m.why, sizeof(m.why), q->why);
	m.from_us = q->from_us;
	m.pending = q->from_us != 0;
	if (!m.ack)
		m.until_us = (m.pending ? m.from_us : m.set_us) + q->for_us;
	set = mutes_set(k->table, &m, says, size);
	if (set == NULL)
		return false;
	m.number = set->number;
	keep(k, &m);
	times_text(&m, times);
	tell_of(k, &m, "set", mute_is_id(m.target) ? m.target : NULL, "%s of %s%s by %s: %s",
	    sort_of(&m), m.target, times, m.who, m.why);
	muted = cover_open(k, next, ctx);
	records_flush(k->records); /* what is answered outlives us */
	snprintf(says, size, "%s %" PRIu32 " holds%s; open incidents that are muted now: %u",
	    sort_of(&m), m.number, times, muted);
	return true;
}

void
mute_keeper_show(const struct mute_keeper *k, struct printer *p)
{
	const struct show_verb *verb = &show_verbs[SHOW_MUTES];
	const struct mute *m;
	unsigned covered;

	for (unsigned i = 0; (m = mutes_get(k->table, i, &covered)) != NULL; i++) {
		printer_row(p, verb->columns, NULL);
		printer_uint(p, "number", m->number);
		printer_string(p, "sort", sort_of(m));
		printer_string(p, "state", m->pending ? "pending" : "active");
		printer_time(p, "set", m->set_us);
		printer_time(p, "from", m->from_us != 0 ? m->from_us : m->set_us);
		printer_time(p, "until", m->until_us);
		if (m->ack)
			printer_cell(p, "until", "closed");
		printer_uint(p, "incidents", covered);
		printer_string(p, "who", m->who);
		printer_string(p, "target", m->target);
		printer_string(p, "why", m->why);
		printer_end(p);
	}
}

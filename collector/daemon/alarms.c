#include "collector/daemon/alarms.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"

/* What was emitted so long ago is written, unless something waits for longer. */
static const int64_t WRITTEN_US = 60000000;
enum { ABOUT_MAX = 4096 };
static const int64_t UNHEARD_US = (int64_t)7 * 86400 * 1000000;

struct alarms {
	struct conditions *table;
	struct records *records;
	void (*pass)(void *ctx, struct record *);
	void *ctx;
	int64_t started_us;
	bool heard;	       /* of all routers that are still there */
	uint32_t off, dry_run; /* bit per enum watch */
};

#define WATCH_NAME(watch, name) [WATCH_##watch] = name,
const char *const watch_names[WATCHES] = { EACH_WATCH(WATCH_NAME) };

/* Where numbers of incidents that are over are kept (incident_store.h). */
static const char room[] = "incident";

static void
on_record(void *ctx, const struct record *r)
{
	struct alarms *a = ctx;
	struct record copy = *r;
	struct sbuf value = sbuf_of(1 << 16);

	a->pass(a->ctx, &copy);
	records_emit(a->records, &copy);
	/* the numbers of one that is closed go on after a restart, as those of other incidents */
	if (r->incident.transition == TRANSITION_CLOSED && record_to_pb(r, &value))
		records_state_put(a->records, room, r->incident.id, value.data, value.len);
	sbuf_free(&value);
}

static bool
recall(void *ctx, const char *id, struct record *out)
{
	const struct alarms *a = ctx;
	struct sbuf value = sbuf_of(1 << 16);
	bool found = journal_state_get(records_history(a->records), room, id, &value) &&
		     record_from_pb(RECORD_INCIDENT, value.data, value.len, out);

	sbuf_free(&value);
	return found;
}

static const struct conditions_ops table_ops = { .emit = on_record, .recall = recall };

struct alarms *
alarms_new(struct records *records, void (*pass)(void *ctx, struct record *), void *ctx)
{
	struct alarms *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->records = records;
	a->started_us = clock_mono_us();
	a->pass = pass;
	a->ctx = ctx;
	a->table = conditions_new(&table_ops, a);
	if (a->table == NULL) {
		free(a);
		return NULL;
	}
	return a;
}

void
alarms_free(struct alarms *a)
{
	if (a == NULL)
		return;
	conditions_free(a->table);
	free(a);
}

static void __attribute__((format(printf, 2, 0)))
words(char out[RECORD_TEXT_MAX], const char *fmt, va_list ap)
{
	if (vsnprintf(out, RECORD_TEXT_MAX, fmt, ap) >= RECORD_TEXT_MAX)
		text_end_with(out, RECORD_TEXT_MAX, "…");
}

/* Its bit among the kinds that can be turned off; 0: it is none of them. */
static uint32_t
watch_bit(const char *kind)
{
	for (unsigned k = 0; k < WATCHES; k++)
		if (strcmp(kind, watch_names[k]) == 0)
			return 1U << k;
	return 0;
}

/* In dry-run it is another condition, as incidents about routes are. */
static const char *
about_in_dry_run(const char *about, char out[ABOUT_MAX])
{
	snprintf(out, ABOUT_MAX, "dry-run %s", about);
	return out;
}

static void
say(struct alarms *a, struct condition_said *said)
{
	uint32_t bit = watch_bit(said->kind);
	char about[ABOUT_MAX];

	if (a->off & bit)
		return;
	said->dry_run = (a->dry_run & bit) != 0;
	if (said->dry_run)
		said->about = about_in_dry_run(said->about, about);
	conditions_set(a->table, said, clock_wall_us());
}

void
alarm_on(
    struct alarms *a, const char *kind, const char *about, uint8_t severity, const char *fmt, ...)
{
	char text[RECORD_TEXT_MAX];
	va_list ap;
	struct condition_said said = {
		.kind = kind, .about = about, .severity = severity, .text = text
	};

	va_start(ap, fmt);
	words(text, fmt, ap);
	va_end(ap);
	say(a, &said);
}

void
alarm_on_at(struct alarms *a, const char *kind, const char *about, const struct alarm_place *place,
    uint8_t severity, const char *fmt, ...)
{
	char text[RECORD_TEXT_MAX];
	va_list ap;
	struct condition_said said = { .kind = kind,
		.about = about,
		.severity = severity,
		.text = text,
		.router = place->router,
		.peer = place->peer,
		.peer_as = place->peer_as,
		.related = place->related };

	va_start(ap, fmt);
	words(text, fmt, ap);
	va_end(ap);
	say(a, &said);
}

void
alarm_say(struct alarms *a, const struct condition_said *said)
{
	struct condition_said copy = *said;

	say(a, &copy);
}

/* What the condition is about in the present configuration. */
static const char *
about_now(const struct alarms *a, const char *kind, const char *about, char out[ABOUT_MAX])
{
	return a->dry_run & watch_bit(kind) ? about_in_dry_run(about, out) : about;
}

void
alarm_off(struct alarms *a, const char *kind, const char *about, const char *fmt, ...)
{
	char text[RECORD_TEXT_MAX], dry[ABOUT_MAX];
	va_list ap;

	va_start(ap, fmt);
	words(text, fmt, ap);
	va_end(ap);
	conditions_clear(a->table, kind, about_now(a, kind, about, dry), text, clock_wall_us());
}

void
alarm_unknown(struct alarms *a, const char *kind, const char *about)
{
	char dry[ABOUT_MAX];

	conditions_unknown(a->table, kind, about_now(a, kind, about, dry), clock_wall_us());
}

bool
alarm_holds(const struct alarms *a, const char *kind, const char *about)
{
	char dry[ABOUT_MAX];

	return conditions_holds(a->table, kind, about_now(a, kind, about, dry));
}

/* Would it be told otherwise by the present configuration? */
static bool
is_told_otherwise(const void *ctx, const struct condition_seen *c)
{
	const struct alarms *a = ctx;
	uint32_t bit = watch_bit(c->kind);

	return bit != 0 && (a->off & bit || c->dry_run != ((a->dry_run & bit) != 0));
}

void
alarms_configure(struct alarms *a, uint32_t off, uint32_t dry_run)
{
	a->off = off;
	a->dry_run = dry_run;
	conditions_clear_those(a->table, is_told_otherwise, a,
	    "the configuration has it told otherwise now", clock_wall_us());
}

struct keep_only {
	const char *kinds;
	const char *const *abouts;
	size_t n;
};

static bool
is_about_none(const void *ctx, const struct condition_seen *c)
{
	const struct keep_only *k = ctx;

	if (strncmp(c->kind, k->kinds, strlen(k->kinds)) != 0)
		return false;
	for (size_t i = 0; i < k->n; i++)
		if (conditions_is(c->id, c->kind, k->abouts[i]))
			return false;
	return true;
}

void
alarms_keep_only(
    struct alarms *a, const char *kinds, const char *const *abouts, size_t n, const char *text)
{
	const struct keep_only k = { kinds, abouts, n };

	conditions_clear_those(a->table, is_about_none, &k, text, clock_wall_us());
}

struct of_router {
	const char *kind, *router;
	bool unsaid;
};

static bool
is_of_router(const void *ctx, const struct condition_seen *c)
{
	const struct of_router *o = ctx;

	return strcmp(c->router, o->router) == 0 &&
	       (o->kind == NULL || strcmp(c->kind, o->kind) == 0) && !(o->unsaid && c->said);
}

void
alarms_off_router(
    struct alarms *a, const char *kind, const char *router, bool unsaid, const char *text)
{
	const struct of_router o = { kind, router, unsaid };

	conditions_clear_those(a->table, is_of_router, &o, text, clock_wall_us());
}

bool
alarms_restore(struct alarms *a, const struct record *r)
{
	if (r->kind != RECORD_INCIDENT || !conditions_are_of(r->incident.kind))
		return false;
	conditions_restore(a->table, r);
	return true;
}

/* Restored, about a router that has not been heard of since. */
static bool
is_unheard(const void *ctx, const struct condition_seen *c)
{
	(void)ctx;
	return c->router[0] != '\0' && !c->said;
}

void
alarms_tick(struct alarms *a)
{
	int64_t now = clock_wall_us();
	struct records_stats stats;

	conditions_tick(a->table, now);
	if (!a->heard && clock_mono_us() - a->started_us > UNHEARD_US) {
		a->heard = true;
		conditions_clear_those(
		    a->table, is_unheard, NULL, "the router has not been heard of for a week", now);
	}
	records_stats(a->records, &stats);
	if (stats.journal.waiting_us < WRITTEN_US)
		conditions_forget(a->table, now);
}

void
alarms_count(
    const struct alarms *a, void (*each)(void *ctx, const struct incident_count *), void *ctx)
{
	conditions_count_open(a->table, each, ctx);
}

bool
alarms_get(const struct alarms *a, uint32_t index, struct record *out)
{
	return conditions_get(a->table, index, out);
}

void
alarms_watch_log(struct alarms *a)
{
	if (log_flush() > 0)
		alarm_on(a, "log.dropped", "standard error", SEVERITY_WARNING,
		    "lines of the log are dropped: nobody reads standard error");
	else
		alarm_off(a, "log.dropped", "standard error", "the log is read again");
}

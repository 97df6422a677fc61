#include "collector/daemon/alarms.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/incident/conditions.h"

struct alarms {
	struct conditions *table;
	struct records *records;
	struct mute_keeper *mutes;
};

static void
on_record(void *ctx, const struct record *r)
{
	struct alarms *a = ctx;
	struct record copy = *r;
	struct sbuf value = sbuf_of(1 << 16);

	mute_keeper_apply(a->mutes, &copy);
	records_emit(a->records, &copy);
	/* the numbers of one that is closed go on after a restart, as those of other incidents */
	if (r->incident.transition == TRANSITION_CLOSED && record_to_pb(r, &value))
		records_state_put(a->records, "incident", r->incident.id, value.data, value.len);
	sbuf_free(&value);
}

struct alarms *
alarms_new(struct records *records, struct mute_keeper *mutes)
{
	struct alarms *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->records = records;
	a->mutes = mutes;
	a->table = conditions_new(on_record, a);
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

void
alarm_on(
    struct alarms *a, const char *kind, const char *about, uint8_t severity, const char *fmt, ...)
{
	char text[RECORD_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	words(text, fmt, ap);
	va_end(ap);
	conditions_set(a->table, kind, about, severity, text, clock_wall_us());
}

void
alarm_off(struct alarms *a, const char *kind, const char *about, const char *fmt, ...)
{
	char text[RECORD_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	words(text, fmt, ap);
	va_end(ap);
	conditions_clear(a->table, kind, about, text, clock_wall_us());
}

bool
alarms_restore(struct alarms *a, const struct record *r)
{
	if (r->kind != RECORD_INCIDENT || !conditions_are_of(r->incident.kind))
		return false;
	conditions_restore(a->table, r);
	return true;
}

void
alarms_tick(struct alarms *a)
{
	conditions_tick(a->table, clock_wall_us());
}

bool
alarms_get(const struct alarms *a, uint32_t index, struct record *out)
{
	return conditions_get(a->table, index, out);
}

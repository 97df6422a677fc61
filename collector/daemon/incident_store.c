#include "collector/daemon/incident_store.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* The room of the journal's table of what is kept; keys are ids. */
static const char room[] = "incident";
/* Numbers of one that was closed longer ago are nobody's memory any more. */
static const int64_t memory_us = (int64_t)400 * 86400 * 1000000;

/* The first part has the id itself, the others a number behind it. */
enum { KEY_MAX = RECORD_ID_MAX + 16 };
static const char *
key_of(char key[KEY_MAX], const char *id, unsigned part)
{
	snprintf(key, KEY_MAX, part == 0 ? "%s" : "%s/%u", id, part);
	return key;
}

void
incident_store_keep(struct records *records, const struct record *r, unsigned part)
{
	struct sbuf value = sbuf_of(1 << 16);
	char key[KEY_MAX];

	if (record_to_pb(r, &value))
		records_state_put(
		    records, room, key_of(key, r->incident.id, part), value.data, value.len);
	sbuf_free(&value);
}

/* What was kept of it, if it can be read. */
static bool
get_kept(const struct incident_store *t, const char *id, unsigned part, struct record *out)
{
	struct sbuf value = sbuf_of(1 << 16);
	char key[KEY_MAX];
	bool ok;

	ok = journal_state_get(records_history(t->records), room, key_of(key, id, part), &value) &&
	     record_from_pb(RECORD_INCIDENT, value.data, value.len, out);
	if (ok)
		router_names_follow(t->names, &out->incident);
	sbuf_free(&value);
	return ok;
}

static bool
restore_one(void *ctx, const struct record *r)
{
	const struct incident_store *t = ctx;
	struct record now = *r, kept;
	bool is_kept;

	if (alarms_restore(t->alarms, r))
		return true;
	router_names_follow(t->names, &now.incident);
	is_kept = get_kept(t, r->incident.id, 0, &kept);
	incidents_restore(t->incidents, &now, is_kept ? &kept : NULL, t->now_us);
	for (unsigned part = 1; is_kept && part < KEPT_PARTS_MAX; part++)
		if (!get_kept(t, r->incident.id, part, &kept) ||
		    !incidents_restore_part(t->incidents, &kept))
			break;
	return true;
}

/* A further part of one that is closed is of no use. */
static bool
is_left_over(const struct incident_store *t, const char *key, const struct record *r)
{
	struct record first;

	return strchr(key, '/') != NULL && (!get_kept(t, r->incident.id, 0, &first) ||
					       first.incident.transition == TRANSITION_CLOSED);
}

static bool
restore_numbers(void *ctx, const char *id, const void *value, size_t len)
{
	const struct incident_store *t = ctx;
	struct record r;

	if (!record_from_pb(RECORD_INCIDENT, value, len, &r) ||
	    clock_wall_us() - r.at_us > memory_us || is_left_over(t, id, &r))
		records_state_put(t->records, room, id, NULL, 0);
	else if (r.incident.transition == TRANSITION_CLOSED && !alarms_restore(t->alarms, &r))
		incidents_restore(t->incidents, &r, NULL, t->now_us);
	return true;
}

void
incident_store_restore(const struct incident_store *t)
{
	struct journal *history = records_history(t->records);
	void *ctx = (void *)(uintptr_t)t;
	struct records_stats stats;
	int restored;

	journal_state_each(history, room, restore_numbers, ctx);
	restored = journal_read_open_incidents(history, restore_one, ctx);
	records_stats(t->records, &stats);
	log_info("journal", "path=%s last=%llu open_incidents=%d", t->journal_path,
	    (unsigned long long)stats.seq, restored);
}

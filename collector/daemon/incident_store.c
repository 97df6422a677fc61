#include "collector/daemon/incident_store.h"

#include "base/clock.h"
#include "base/log.h"

/* The room of the journal's table of what is kept; keys are ids. */
static const char room[] = "incident";
/* Numbers of one that was closed longer ago are nobody's memory any more. */
static const int64_t memory_us = (int64_t)400 * 86400 * 1000000;

void
incident_store_keep(struct records *records, const struct record *r)
{
	struct sbuf value = sbuf_of(1 << 16);

	if (record_to_pb(r, &value))
		records_state_put(records, room, r->incident.id, value.data, value.len);
	sbuf_free(&value);
}

static bool
restore_one(void *ctx, const struct record *r)
{
	const struct incident_store *t = ctx;
	struct record now = *r, kept;
	struct sbuf value = sbuf_of(1 << 16);
	bool is_kept;

	if (alarms_restore(t->alarms, r))
		return true;
	router_names_follow(t->names, &now.incident);
	is_kept = journal_state_get(records_history(t->records), room, r->incident.id, &value) &&
		  record_from_pb(RECORD_INCIDENT, value.data, value.len, &kept);
	if (is_kept)
		router_names_follow(t->names, &kept.incident);
	incidents_restore(t->incidents, &now, is_kept ? &kept : NULL, t->now_us);
	sbuf_free(&value);
	return true;
}

static bool
restore_numbers(void *ctx, const char *id, const void *value, size_t len)
{
	const struct incident_store *t = ctx;
	struct record r;

	if (!record_from_pb(RECORD_INCIDENT, value, len, &r) ||
	    clock_wall_us() - r.at_us > memory_us)
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

/*
 * norm_keeper: how we live up to the norms of routing security, kept by day (norms/ledger.h) in the
 * journal's table of days. Once a second the ledger is told what the neighbours' sessions are
 * (neighbor_watch.h), how much of theirs is used and passed on (spread_counts.h), and how far their
 * wrong routes got (incidents_each_way); what has changed is
 * written every minute. The coordinator's thread only.
 */
#pragma once

#include "collector/control/control.h"
#include "collector/daemon/neighbor_watch.h"
#include "collector/daemon/records.h"
#include "collector/daemon/spread_counts.h"

struct norm_keeper;

/* With what was kept of today. All is borrowed. NULL when out of memory. */
struct norm_keeper *norm_keeper_new(struct records *, const struct neighbor_watch *,
    const struct incidents *, const struct spread_counts *);
void norm_keeper_free(struct norm_keeper *); /* NULL is fine */
/* Call about once a second. wall_us: as clock_wall_us(). */
void norm_keeper_tick(struct norm_keeper *, int64_t wall_us);
/* The process ends: what is known is kept. */
void norm_keeper_stop(struct norm_keeper *, int64_t wall_us);
/* The rows of a day, today's as they are now. */
void norm_keeper_rows(struct norm_keeper *, const char *day, control_norm_row each, void *ctx);
/* Is a record of the incident there still, of those that points rest on? As journal_evidence. */
enum journal_evidence norm_keeper_evidence(const struct norm_keeper *, const char *id);
/* The address in the name of a session; "" when there is none. */
void norm_session_address(const char *session, char *out, size_t size);

/*
 * journal_watch: what the journal's writer has met becomes alarms and events: a disk that takes
 * nothing, records that were lost, a file that was damaged, deleted or replaced, a limit that cost
 * somebody records. And the wall clock, when it steps. On the coordinator's thread.
 */
#pragma once

#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"

struct journal_watch;

/* Both borrowed. NULL when out of memory. */
struct journal_watch *journal_watch_new(struct records *, struct alarms *);
void journal_watch_free(struct journal_watch *);
/* Call it some times a second; it looks once a second. */
void journal_watch_tick(struct journal_watch *);

/*
 * own_presence: which of our own prefixes were announced and are in no table of any router any
 * more, over all workers and over restarts. Part of the neighbor_keeper.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"

struct own_prefix_seen {
	struct ip_prefix prefix;
	unsigned workers; /* that have it */
	bool gone;	  /* is told to the workers */
	int64_t left_us;  /* since when none has it; 0: some has, or never one had */
};

struct own_presence {
	struct records *records;
	struct own_prefix_seen *v; /* sorted */
	size_t n, max;
	bool news; /* the workers do not know all of it yet */
};

/* With what is kept; records: borrowed. */
void own_presence_init(struct own_presence *, struct records *);
void own_presence_fini(struct own_presence *);
/* A worker has a route of ours now, or no longer (EVENT_OWN_THERE, EVENT_OWN_GONE). now_us: of a
 * clock that is never set. */
void own_presence_saw(struct own_presence *, const struct engine_event *, int64_t now_us);
/* Tell the workers what is gone, when that is news or anew: they know nothing yet. */
void own_presence_tick(struct own_presence *, struct workers *, bool anew, int64_t now_us);

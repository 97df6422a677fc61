/*
 * incident_store: what a restart has to know of incidents, in the journal: the last record of each
 * that is open, who has it by now, and the numbers of those that are closed.
 */
#pragma once

#include <stdint.h>

#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"
#include "collector/daemon/router_names.h"
#include "collector/incident/incident.h"

/* Whom it concerns; all borrowed for the call. */
struct incident_store {
	struct records *records;
	const struct router_names
	    *names; /* routers may be called otherwise than when it was told */
	struct incidents *incidents;
	struct alarms *alarms;
	const char *journal_path; /* for the log */
	int64_t now_us;		  /* by the clock of the incidents */
};

/* Keep it, in place of what was kept of that id and part. */
void incident_store_keep(struct records *, const struct record *, unsigned part);
/* At start, before anything new is heard: all come back. */
void incident_store_restore(const struct incident_store *);

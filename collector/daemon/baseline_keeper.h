/*
 * baseline_keeper: the baseline of the incident table (what third parties did wrong already when
 * the collector began to look), kept across restarts (room "baseline" of the journal's state),
 * shown, and taken anew when an operator says so, which is the event baseline.reset. Everything
 * here happens on the coordinator's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/printer.h"
#include "collector/daemon/records.h"
#include "collector/incident/incident.h"

/* As keep_baseline of struct incidents_ops. */
void baseline_keeper_keep(struct records *, const char *key, const char *value, size_t len);
/* At start, before the incidents are restored. */
void baseline_keeper_restore(struct records *, struct incidents *);

/* What is there now is the baseline. who, why: told; why "" when nobody said. says: what was done,
 * or, when false, why it was refused. */
bool baseline_keeper_reset(struct records *, struct incidents *, const char *who, const char *why,
    int64_t now_us, char *says, size_t size);
/* One row. */
void baseline_keeper_show(const struct incidents *, struct printer *);

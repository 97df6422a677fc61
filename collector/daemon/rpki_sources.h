/*
 * rpki_sources: where RPKI data comes from: caches, files, local exceptions. Each has an owner that
 * lives as long as the configuration names it. What they say and what becomes of them goes to
 * rpki/rpki_data, which concludes what is in force; that goes to the workers, and each evaluates
 * again just what it touches. A short settling time turns several changes into one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/printer.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"
#include "collector/daemon/rtr_client.h"
#include "collector/daemon/workers.h"
#include "collector/rpki/rpki_data.h"
#include "collector/rpki/vrp.h"

/* Borrowed for the call. */
struct rpki_config {
	const char *const *files;
	size_t files_n;
	const struct rtr_cache *caches;
	size_t caches_n;
	const char *const *slurm;
	size_t slurm_n;
	const char *memory_path; /* a file for what outlives the collector */
	uint32_t max_age_s;	 /* a file whose data is older is stale; 0: never */
	struct rpki_limits limits;
};

/* What the owner does about it. */
struct rpki_sources_ops {
	/* What the data is worth has changed. Before a set that is worth less goes to the workers,
	 * and after one that is worth more. */
	void (*state)(void *ctx, enum rpki_state);
};

struct rpki_sources;

/* Without any source; memory_path as in the configuration. Loop, workers, records, alarms and ops
 * outlive it. NULL when out of memory.
 */
struct rpki_sources *rpki_sources_new(uv_loop_t *, struct workers *, struct records *,
    struct alarms *, const char *memory_path, const struct rpki_sources_ops *, void *ctx);
/* These from now on. A source that is the same as before goes on as it is; what the others said
 * stays in force until the new ones have answered. false when out of memory: then some are missing.
 */
bool rpki_sources_set(struct rpki_sources *, const struct rpki_config *);
/* A worker has counted what VRPs that it was given to try out would turn invalid; taken over. */
void rpki_sources_tried(struct rpki_sources *, struct vrp_trial *);
/* Stop all of them; then the loop has to run. */
void rpki_sources_stop(struct rpki_sources *);
/* After rpki_sources_stop, when the loop has closed its handles. NULL is fine. */
void rpki_sources_free(struct rpki_sources *);

/* In force now, borrowed for the moment; NULL for none. And what it is worth. */
const struct vrp_set *rpki_sources_vrps(const struct rpki_sources *);
const struct aspa_set *rpki_sources_aspas(const struct rpki_sources *);
enum rpki_state rpki_sources_state(const struct rpki_sources *);
/* Caches and files that are configured; local exceptions are no source. */
uint32_t rpki_sources_count(const struct rpki_sources *);
/* When the VRP expires, by the files that say so: Unix time; 0: not soon, or none says it. later: a
 * file says that it is not soon. */
int64_t rpki_sources_expires(const struct rpki_sources *, const struct vrp *, bool *later);
/* A row for each source. */
void rpki_sources_show(const struct rpki_sources *, struct printer *);

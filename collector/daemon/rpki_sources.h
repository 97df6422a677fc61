/*
 * rpki_sources: where VRPs come from, caches and files. When one changes, the union is made, the
 * net difference to what was in force goes to the workers, and each evaluates again just what it
 * touches. A short settling time turns several changes into one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"
#include "collector/rpki/vrp.h"
#include "base/printer.h"

struct rtr_cache {
	const char *name, *host;
	uint16_t port;
	uint8_t version; /* the highest that is asked for */
};

/* Borrowed for the call. */
struct rpki_config {
	const char *const *files;
	size_t files_n;
	const struct rtr_cache *caches;
	size_t caches_n;
};

struct rpki_sources;

/* Without any source. Loop, workers and records outlive it. NULL when out of memory. */
struct rpki_sources *rpki_sources_new(uv_loop_t *, struct workers *, struct records *);
/* These from now on. What the former ones said stays in force until the new ones say something.
 * false when out of memory: then there are none. */
bool rpki_sources_set(struct rpki_sources *, const struct rpki_config *);
/* Stop all of them; then the loop has to run. */
void rpki_sources_stop(struct rpki_sources *);
/* After rpki_sources_stop, when the loop has closed its handles. NULL is fine. */
void rpki_sources_free(struct rpki_sources *);

/* In force now, borrowed for the moment; NULL for none. */
const struct vrp_set *rpki_sources_vrps(const struct rpki_sources *);
/* A row for each source. */
void rpki_sources_show(const struct rpki_sources *, struct printer *);

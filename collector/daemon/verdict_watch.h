/*
 * verdict_watch: what origin validation can say just now. The data has a state, and each worker has
 * evaluated its routes by some generation of it; only when both are there does the silence of the
 * rules say that a route is not invalid.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/incident/incident.h"
#include "collector/rpki/rpki_state.h"

struct verdict_watch;

/* NULL when out of memory. */
struct verdict_watch *verdict_watch_new(unsigned workers);
void verdict_watch_free(struct verdict_watch *);

/* A worker has evaluated all its routes by the VRPs of this generation, unless it was told that
 * they are frozen. */
void verdict_watch_done(struct verdict_watch *, unsigned worker, uint64_t generation, bool frozen);
/* configured: is there any source? generation: of the VRPs in force, 0 for none. */
enum verdicts verdict_watch_state(
    const struct verdict_watch *, enum rpki_state, bool configured, uint64_t generation);

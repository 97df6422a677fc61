/*
 * clock_steps: whether the wall clock may be believed. Both clocks come in as times, so that this
 * runs on any thread and in tests. CLOCK_MONOTONIC is slewed together with the wall clock, so what
 * stands between them changes by steps only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_STEP_MIN_US = 2000000 };

struct clock_steps {
	bool known;
	int64_t offset_us; /* wall clock less monotonic clock */
};

/* How far the wall clock has stepped since the last call, forward or back (negative); 0 for less
 * than CLOCK_STEP_MIN_US. */
int64_t clock_steps_look(struct clock_steps *, int64_t wall_us, int64_t mono_us);

/*
 * The time that things may be deleted by for being old. It never jumps ahead: a step forward is
 * believed when it has stood for a day, a step back at once, and the time of the start when it has
 * stood for an hour.
 */
struct clock_trust {
	bool known;
	int64_t offset_us; /* that is believed */
	bool doubt;
	int64_t doubt_offset_us, doubt_since_us; /* another one, and since when (monotonic) */
};

/* To be called at least once a minute. 0: no time is believed yet. */
int64_t clock_trust_now(struct clock_trust *, int64_t wall_us, int64_t mono_us);

/*
 * load_watch: is the collector behind with its work? Measured is how late things are: how long a
 * question takes to each worker and back, by the way that findings take, and for how long a session
 * has had something that is not read. Later than limits.behind_s is the incident
 * collector.overloaded; it is over when that has been well below for a while.
 * The answers also say whether a worker has more leaks than it follows:
 * collector.leaks-not-followed.
 */
#pragma once

#include "collector/daemon/alarms.h"
#include "collector/daemon/workers.h"

/* With hysteresis; no clock. */
struct load_judge {
	int64_t limit_us;
	bool is_late;
	int64_t calm_since_us; /* 0: it is not calm */
};
enum load_verdict { LOAD_AS_BEFORE, LOAD_LATE, LOAD_CALM };
/* late_us: how late it is now. Call it about once a second. LOAD_LATE all the time that it is,
 * LOAD_CALM all the time that it is not. */
enum load_verdict load_judge(struct load_judge *, int64_t late_us, int64_t now_us);

struct load_watch;

/* alarms: borrowed. NULL when out of memory. */
struct load_watch *load_watch_new(struct alarms *, unsigned workers);
void load_watch_free(struct load_watch *);
void load_watch_configure(struct load_watch *, uint32_t behind_s);
/* The answer of a worker. */
void load_watch_answer(struct load_watch *, unsigned worker, const struct msg_load *);
/* For how long the worker that says nothing for longest has not answered, in microseconds; 0 when
 * all did. */
int64_t load_watch_silent_us(const struct load_watch *, int64_t now_us);
/* Ask, and judge. Call about once a second. */
void load_watch_tick(struct load_watch *, struct workers *);

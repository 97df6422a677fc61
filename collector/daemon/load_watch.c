#include "collector/daemon/load_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
	CALM_PART = 4, /* of the limit: below that is calm */
	WAIT_PART = 2, /* of the limit: so long it has to be */
	GRAVE = 10,    /* limits */
	SECOND_US = 1000000,
};
static const char kind[] = "collector.overloaded", kind_leaks[] = "collector.leaks-not-followed";

enum load_verdict
load_judge(struct load_judge *j, int64_t late_us, int64_t now_us)
{
	int64_t wait_us = j->limit_us / WAIT_PART > SECOND_US ? j->limit_us / WAIT_PART : SECOND_US;

	if (late_us > j->limit_us)
		j->is_late = true;
	if (late_us > j->limit_us / CALM_PART)
		j->calm_since_us = 0;
	else if (j->calm_since_us == 0)
		j->calm_since_us = now_us;
	if (j->is_late && j->calm_since_us != 0 && now_us - j->calm_since_us >= wait_us)
		j->is_late = false;
	if (j->is_late)
		return LOAD_LATE;
	return j->calm_since_us != 0 && now_us - j->calm_since_us >= wait_us ? LOAD_CALM
									     : LOAD_AS_BEFORE;
}

/* Of a worker. */
struct load {
	int64_t asked_us;  /* 0: no question is out */
	int64_t answer_us; /* how long the last one took */
	struct msg_load last;
};

struct load_watch {
	struct alarms *alarms;
	struct load_judge judge;
	unsigned n;
	struct load v[];
};

struct load_watch *
load_watch_new(struct alarms *alarms, unsigned workers)
{
	struct load_watch *w = calloc(1, sizeof(*w) + workers * sizeof(w->v[0]));

	if (w == NULL)
		return NULL;
	w->alarms = alarms;
	w->n = workers;
	return w;
}

void
load_watch_free(struct load_watch *w)
{
	free(w);
}

void
load_watch_configure(struct load_watch *w, uint32_t behind_s)
{
	w->judge.limit_us = (int64_t)behind_s * SECOND_US;
}

void
load_watch_answer(struct load_watch *w, unsigned worker, const struct msg_load *m)
{
	struct load *l = &w->v[worker];

	if (l->asked_us == 0)
		return;
	l->answer_us = clock_mono_us() - l->asked_us;
	l->asked_us = 0;
	l->last = *m;
}

/* How late a worker is: by its answers, the one that is out included, and by its sessions. */
static int64_t
lateness(const struct load *l, int64_t now_us)
{
	int64_t late = l->answer_us, out = l->asked_us != 0 ? now_us - l->asked_us : 0;

	late = out > late ? out : late;
	return l->last.behind_us > late ? l->last.behind_us : late;
}

static void
tell(struct load_watch *w, const struct load *worst, int64_t late_us)
{
	uint8_t severity = late_us > GRAVE * w->judge.limit_us ? SEVERITY_MAJOR : SEVERITY_WARNING;
	unsigned number = (unsigned)(worst - w->v);

	if (worst->last.behind_us >= late_us)
		alarm_on(w->alarms, kind, "workers", severity,
		    "the collector is behind: %u BMP session%s of worker %u waits to be read, "
		    "longest that of %.64s, for %lld s; give it more cores (workers), or fewer "
		    "routers",
		    worst->last.sessions, worst->last.sessions == 1 ? "" : "s", number,
		    worst->last.router, (long long)(late_us / SECOND_US));
	else
		alarm_on(w->alarms, kind, "workers", severity,
		    "the collector is behind: what worker %u finds is told %lld s later; give it "
		    "more cores, or look at what else runs on this machine",
		    number, (long long)(late_us / SECOND_US));
}

/* More leaks than there is room for. */
static void
tell_leaks(struct load_watch *w)
{
	bool full = false;

	for (unsigned k = 0; k < w->n; k++)
		full |= w->v[k].last.leaks_full;
	if (full)
		alarm_on(w->alarms, kind_leaks, "leaks", SEVERITY_MAJOR,
		    "more routes are leaked than can be followed to other views and routers: how "
		    "far the newest of them get is not known");
	else
		alarm_off(w->alarms, kind_leaks, "leaks", "leaked routes can be followed again");
}

int64_t
load_watch_silent_us(const struct load_watch *w, int64_t now_us)
{
	int64_t longest = 0;

	for (unsigned k = 0; k < w->n; k++)
		if (w->v[k].asked_us != 0 && now_us - w->v[k].asked_us > longest)
			longest = now_us - w->v[k].asked_us;
	return longest;
}

void
load_watch_tick(struct load_watch *w, struct workers *workers)
{
	int64_t now_us = clock_mono_us(), late_us = 0;
	const struct load *worst = NULL;
	struct cmd_load cmd = { .type = CMD_LOAD };

	for (unsigned k = 0; k < w->n; k++) {
		struct load *l = &w->v[k];

		if (worst == NULL || lateness(l, now_us) > late_us) {
			worst = l;
			late_us = lateness(l, now_us);
		}
		if (l->asked_us != 0)
			continue;
		l->asked_us = now_us;
		workers_command(workers, k, &cmd, sizeof(cmd));
	}
	if (worst == NULL)
		return;
	tell_leaks(w);
	switch (load_judge(&w->judge, late_us, now_us)) {
	case LOAD_LATE:
		if (late_us > w->judge.limit_us) /* else it is on the mend */
			tell(w, worst, late_us);
		break;
	case LOAD_CALM:
		alarm_off(w->alarms, kind, "workers", "the collector is up to date");
		break;
	default:
		break;
	}
}

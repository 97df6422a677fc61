#include "collector/daemon/verdict_watch.h"

#include <stdlib.h>

struct done {
	uint64_t generation;
	bool frozen;
};

struct verdict_watch {
	unsigned n;
	struct done v[];
};

struct verdict_watch *
verdict_watch_new(unsigned workers)
{
	struct verdict_watch *w = calloc(1, sizeof(*w) + workers * sizeof(w->v[0]));

	if (w != NULL)
		w->n = workers;
	return w;
}

void
verdict_watch_free(struct verdict_watch *w)
{
	free(w);
}

void
verdict_watch_done(struct verdict_watch *w, unsigned worker, uint64_t generation, bool frozen)
{
	w->v[worker] = (struct done){ generation, frozen };
}

enum verdicts
verdict_watch_state(
    const struct verdict_watch *w, enum rpki_state state, bool configured, uint64_t generation)
{
	if (!configured)
		return VERDICTS_WHOLE; /* there is nothing to wait for */
	if (state == RPKI_STALE)
		return VERDICTS_FROZEN;
	if (state != RPKI_WHOLE)
		return VERDICTS_PENDING;
	for (unsigned k = 0; k < w->n; k++)
		if (w->v[k].generation != generation || w->v[k].frozen)
			return VERDICTS_PENDING;
	return VERDICTS_WHOLE;
}

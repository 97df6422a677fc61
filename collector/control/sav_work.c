#include "collector/control/sav_work.h"

#include <stdlib.h>

struct sav_work {
	uv_work_t work;
	struct sav *sav;
	struct vrp_set *vrps;
	struct aspa_set *aspas;
	void (*done)(void *ctx); /* NULL: nobody waits */
	void *ctx;
};

static void
take_in(uv_work_t *work)
{
	struct sav_work *w = work->data;

	sav_walked(w->sav, w->vrps, w->aspas);
}

static void
on_done(uv_work_t *work, int status)
{
	struct sav_work *w = work->data;
	void (*done)(void *ctx) = w->done;
	void *ctx = w->ctx;

	(void)status;
	vrp_set_unref(w->vrps);
	aspa_set_unref(w->aspas);
	if (done == NULL)
		sav_free(w->sav);
	free(w);
	if (done != NULL)
		done(ctx);
}

struct sav_work *
sav_work_start(uv_loop_t *loop, struct sav *sav, const struct vrp_set *vrps,
    const struct aspa_set *aspas, void (*done)(void *ctx), void *ctx)
{
	struct sav_work *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	/* they count who holds them, whatever their owner lets others do with them */
	w->vrps = (struct vrp_set *)(uintptr_t)vrps;
	w->aspas = (struct aspa_set *)(uintptr_t)aspas;
	w->sav = sav;
	w->done = done;
	w->ctx = ctx;
	w->work.data = w;
	if (uv_queue_work(loop, &w->work, take_in, on_done) != 0) {
		free(w);
		return NULL;
	}
	vrp_set_ref(w->vrps);
	aspa_set_ref(w->aspas);
	return w;
}

void
sav_work_drop(struct sav_work *w)
{
	if (w != NULL)
		w->done = NULL;
}

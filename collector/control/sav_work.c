#include "collector/control/sav_work.h"

#include <stdlib.h>

struct sav_work {
	uv_work_t work;
	struct sav *sav;
	struct sbuf facts;
	bool over; /* the walk is */
	struct vrp_set *vrps;
	struct aspa_set *aspas;
	void (*done)(void *ctx); /* NULL: nobody waits */
	void *ctx;
};

static void
take_in(uv_work_t *work)
{
	struct sav_work *w = work->data;

	if (w->over)
		sav_walked(w->sav, w->vrps, w->aspas);
	else
		sav_take(w->sav, w->facts.data, w->facts.len);
}

static void
on_done(uv_work_t *work, int status)
{
	struct sav_work *w = work->data;
	void (*done)(void *ctx) = w->done;
	void *ctx = w->ctx;

	(void)status;
	sbuf_free(&w->facts);
	vrp_set_unref(w->vrps);
	aspa_set_unref(w->aspas);
	if (done == NULL)
		sav_free(w->sav);
	free(w);
	if (done != NULL)
		done(ctx);
}

static struct sav_work *
start(uv_loop_t *loop, const struct sav_work *like)
{
	struct sav_work *w = malloc(sizeof(*w));

	if (w == NULL)
		return NULL;
	*w = *like;
	w->work.data = w;
	if (uv_queue_work(loop, &w->work, take_in, on_done) == 0)
		return w;
	free(w);
	return NULL;
}

struct sav_work *
sav_work_take(
    uv_loop_t *loop, struct sav *sav, struct sbuf *facts, void (*done)(void *ctx), void *ctx)
{
	const struct sav_work like = { .sav = sav, .facts = *facts, .done = done, .ctx = ctx };
	struct sav_work *w = start(loop, &like);

	if (w != NULL)
		*facts = sbuf_of(facts->max);
	return w;
}

struct sav_work *
sav_work_start(uv_loop_t *loop, struct sav *sav, const struct vrp_set *vrps,
    const struct aspa_set *aspas, void (*done)(void *ctx), void *ctx)
{
	/* they count who holds them, whatever their owner lets others do with them */
	const struct sav_work like = { .sav = sav,
		.over = true,
		.vrps = (struct vrp_set *)(uintptr_t)vrps,
		.aspas = (struct aspa_set *)(uintptr_t)aspas,
		.done = done,
		.ctx = ctx };
	struct sav_work *w;

	vrp_set_ref(like.vrps);
	aspa_set_ref(like.aspas);
	w = start(loop, &like);
	if (w == NULL) {
		vrp_set_unref(like.vrps);
		aspa_set_unref(like.aspas);
	}
	return w;
}

void
sav_work_drop(struct sav_work *w)
{
	if (w != NULL)
		w->done = NULL;
}

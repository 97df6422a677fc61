/* The life of an engine, and its inputs other than bytes: VRPs, configurations, time. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

struct engine *
engine_new(const struct engine_config *config, const struct detect *detect,
    const struct engine_ops *ops, void *ctx)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->config = *config;
	e->detect = detect;
	e->path_generation = 1;
	e->ops = ops;
	e->ctx = ctx;
	if (!rib_init(&e->rib, &config->rib, config->seed)) {
		free(e);
		return NULL;
	}
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	e->share = NULL;
	jobs_free(e);
	routers_free(e);
	vrp_set_unref(e->vrps);
	aspa_set_unref(e->aspas);
	leaks_free(e);
	free(e->relations);
	bursts_free(e);
	proven_free(e);
	detours_free(e);
	free(e->neighbors.v);
	own_gone_free(e);
	inferred_free(e);
	free(e->passed_on);
	rib_fini(&e->rib);
	free(e);
}

void
engine_set_rpki(struct engine *e, struct vrp_set *set, struct vrp_cover *cover, uint8_t cause)
{
	struct vrp_set *before = e->vrps;

	e->vrps = vrp_set_ref(set);
	job_revalidate(e, before, cover, cause);
}

void
engine_set_aspas(struct engine *e, struct aspa_set *set)
{
	struct aspa_set *before = e->aspas;

	e->aspas = aspa_set_ref(set);
	engine_forget_paths(e);
	job_verify_paths(e, before);
}

void
engine_try_rpki(struct engine *e, struct vrp_trial *trial)
{
	job_try(e, trial);
}

struct vrp_trial *
engine_tried(struct engine *e)
{
	return job_tried(e);
}

void
engine_set_detect(struct engine *e, const struct detect *d)
{
	e->detect = d;
	engine_forget_paths(e);
	peers_refresh_relations(e);
	leaks_rename(e);
	passed_on_again(e);
	for (struct router *r = e->routers; r != NULL; r = r->next)
		router_tell_feed_again(r); /* what is told of them may be another, too */
	job_reconfigure(e, REASON_CONFIG);
}

void
engine_set_share(struct engine *e, void (*share)(void *ctx, const struct engine_shared *))
{
	e->share = share;
}

void
engine_hear(struct engine *e, const struct engine_shared *s)
{
	if (s->type == SHARED_LEAK)
		leak_heard(e, s);
	else if (relation_heard(e, s))
		peers_evaluate_by_relations(e);
}

void
engine_freeze_rov(struct engine *e, bool frozen)
{
	if (e->rov_frozen == frozen)
		return;
	e->rov_frozen = frozen;
	if (!frozen)
		job_reconfigure(e, REASON_RPKI);
}

void
engine_tell_again(struct engine *e)
{
	job_reconfigure(e, REASON_NONE); /* nothing has changed */
}

bool
engine_work(struct engine *e, uint32_t budget, int64_t now_us)
{
	bool more;

	e->now_us = now_us;
	more = jobs_step(e, budget);
	routers_announce_synced(e);
	return more;
}

void
engine_tick(struct engine *e, int64_t now_us)
{
	e->now_us = now_us;
	routers_tick(e);
	bursts_forget(e, NULL);
	detours_tick(e);
	neighbors_tick(e);
	infer_tick(e);
	peers_customers_tick(e);
	survey_tick(e);
	spread_tick(e);
	routers_announce_synced(e);
}

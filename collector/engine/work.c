/*
 * Work in slices: tables to be emptied or swept, routes that an RPKI delta touches, a new
 * configuration, and the timers. A step is one slot looked at or one route judged.
 */
#include "collector/engine/engine_private.h"

#include <stdlib.h>
#include <string.h>

/* A feed is complete when nothing has come for so long: after an End-of-RIB, and without any. */
enum { QUIET_AFTER_EOR_US = 5 * 1000000, QUIET_US = 30 * 1000000 };

struct sweep {
	struct engine *e;
	struct table *t;
};

static void
swept(void *ctx, struct change *c)
{
	struct sweep *s = ctx;

	engine_evaluate(s->e, s->t, c, s->t->cause, 0);
}

static unsigned
evaluate_paths(struct engine *e, struct table *t, uint32_t net, uint8_t cause)
{
	uint32_t ids[ROUTE_PATHS_MAX];
	unsigned n = routes_paths(&t->routes, net, ids, ROUTE_PATHS_MAX);

	for (unsigned i = 0; i < n; i++)
		engine_reevaluate(e, t, net, ids[i], cause);
	return n;
}

/* By net, since a net keeps its number while routes move in their table. */
static bool
evaluate_table(struct engine *e, struct table *t, uint32_t budget)
{
	uint32_t net;

	while ((net = nets_next(&e->rib.prefixes, &t->evaluate_at, &budget)) != 0 &&
	       (net & NET_KIND) == t->routes.kind)
		evaluate_paths(e, t, net, FINDING_ROLES);
	t->evaluate = (t->evaluate_at & NET_KIND) == t->routes.kind;
	return !t->evaluate;
}

/* One slice of the first queued table; true when it is done with. */
static bool
work_table(struct engine *e, struct table *t, uint32_t budget)
{
	struct sweep s = { e, t };

	if (t->job == JOB_NONE)
		return !t->evaluate || evaluate_table(e, t, budget);
	if (!rib_sweep(
		&e->rib, &t->routes, t->job == JOB_SWEEP_STALE, &t->cursor, budget, swept, &s))
		return false;
	/* a table that grew between two slices is walked again */
	if (t->job == JOB_DROP ? t->routes.n > 0 : routes_stale(&t->routes) > 0)
		return false;
	t->job = JOB_NONE;
	return !t->evaluate || t->routes.n == 0;
}

static void
finish_table(struct engine *e, struct table *t)
{
	e->jobs = t->next_job;
	if (e->jobs == NULL)
		e->jobs_last = NULL;
	e->jobs_n--;
	t->queued = t->evaluate = false;
	if (t->routes.n == 0)
		routes_free(&t->routes);
	if (t->detached)
		free(t);
}

/* --- RPKI */

static bool
touch(struct engine *e, uint32_t prefix)
{
	if (e->touched_n == e->touched_max) {
		size_t max = e->touched_max == 0 ? 1024 : e->touched_max * 2;
		uint32_t *v = realloc(e->touched, max * sizeof(*v));

		if (v == NULL)
			return false;
		e->touched = v;
		e->touched_max = max;
	}
	e->touched[e->touched_n++] = prefix;
	return true;
}

/* Phases 0 and 1: find the prefixes at or below a changed VRP, one pass over each family's table.
 */
static uint32_t
scan_prefixes(struct engine *e, uint32_t budget)
{
	struct nets *p = &e->rib.prefixes;
	bool v6 = e->reval_phase == 1;
	uint32_t top = nets_top(p, v6);

	for (; e->reval_at < top && budget > 0; e->reval_at++, budget--) {
		uint32_t h = (e->reval_at + 1) | (v6 ? NET_V6 : 0);
		struct ip_prefix ip;

		if (!net_in_use(p, h))
			continue;
		net_prefix(p, h, &ip);
		if (vrp_cover_touches(e->reval->cover, &ip)) {
			net_cache_clear(p, h);
			touch(e, h);
		}
	}
	if (e->reval_at >= top) {
		e->reval_at = 0;
		e->reval_phase++;
	}
	return budget;
}

static uint32_t
reevaluate_prefix(struct engine *e, uint32_t prefix, uint8_t cause, uint32_t budget)
{
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		for (struct peer *p = r->peers; p != NULL; p = p->next) {
			for (struct table *t = p->tables; t != NULL; t = t->next) {
				unsigned n;

				if (t->routes.kind != (prefix & NET_KIND))
					continue;
				n = evaluate_paths(e, t, prefix, cause);
				budget = budget > 1 + n ? budget - 1 - n : 0;
			}
		}
	}
	return budget;
}

/* Phase 2: judge the routes for them. */
static uint32_t
revalidate(struct engine *e, uint32_t budget)
{
	while (e->reval_at < e->touched_n && budget > 0) {
		uint32_t h = e->touched[e->reval_at++];

		if (net_in_use(&e->rib.prefixes, h))
			budget = reevaluate_prefix(e, h, FINDING_RPKI, budget);
	}
	if (e->reval_at >= e->touched_n) {
		struct revalidation *done = e->reval;

		e->reval = done->next;
		if (e->reval == NULL)
			e->reval_last = NULL;
		vrp_cover_free(done->cover);
		free(done);
		free(e->touched);
		e->touched = NULL;
		e->touched_n = e->touched_max = 0;
		e->reval_at = 0;
		e->reval_phase = 0;
	}
	return budget;
}

/* --- configuration */

/* Every prefix once: the phases of a revalidation that is touched by everything. */
static uint32_t
reevaluate_all(struct engine *e, uint32_t budget)
{
	struct nets *p = &e->rib.prefixes;

	if (e->reevaluate == 1) {
		e->reevaluate = 2;
		e->reval_at = 0;
	}
	while (e->reevaluate < 4 && budget > 0) {
		bool v6 = e->reevaluate == 3;
		uint32_t h = (e->reval_at + 1) | (v6 ? NET_V6 : 0);

		if (e->reval_at >= nets_top(p, v6)) {
			e->reval_at = 0;
			e->reevaluate++;
			continue;
		}
		e->reval_at++;
		budget--;
		if (net_in_use(p, h))
			budget = reevaluate_prefix(e, h, FINDING_CONFIG, budget);
	}
	if (e->reevaluate == 4) {
		e->reevaluate = 0;
		e->detect_old = NULL;
	}
	return budget;
}

/* --- the two entrances */

static void
announce_synced(struct engine *e)
{
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		if (!r->sync_due)
			continue;
		r->sync_due = false;
		r->synced = true;
		engine_emit_router(e, r, EVENT_ROUTER_SYNCED, "");
	}
}

bool
engine_work(struct engine *e, uint32_t budget, int64_t now_us)
{
	e->now_us = now_us;
	if (e->jobs != NULL) {
		if (work_table(e, e->jobs, budget))
			finish_table(e, e->jobs);
	} else if (e->reevaluate != 0 && e->reval_phase == 0 && e->reval_at == 0) {
		reevaluate_all(e, budget);
	} else if (e->reevaluate > 1) {
		reevaluate_all(e, budget);
	} else if (e->reval != NULL) {
		if (e->reval_phase < 2)
			scan_prefixes(e, budget);
		else
			revalidate(e, budget);
	}
	if (e->jobs == NULL)
		announce_synced(e);
	return e->jobs != NULL || e->reval != NULL || e->reevaluate != 0;
}

/* Every table that holds routes has seen its End-of-RIB. */
static bool
all_complete(const struct router *r)
{
	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		for (const struct table *t = p->tables; t != NULL; t = t->next)
			if (t->routes.n > 0 && !t->end_of_rib)
				return false;
	return r->any_end_of_rib;
}

static bool
complete(const struct engine *e, const struct router *r)
{
	int64_t quiet = e->now_us - r->last_update_us, age = e->now_us - r->since_us;

	if (all_complete(r))
		return quiet > 1000000;
	return (r->any_end_of_rib && quiet > QUIET_AFTER_EOR_US) || quiet > QUIET_US ||
	       age > (int64_t)e->config.settle_s * 1000000;
}

static void
finish_sync(struct engine *e, struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		for (struct table *t = p->tables; t != NULL; t = t->next)
			if (routes_stale(&t->routes) > 0)
				table_queue(e, t, JOB_SWEEP_STALE, FINDING_WITHDRAWN);
		if (p->live == NULL && p->up)
			peer_not_confirmed(e, p);
	}
	r->sync_due = true;
}

/* The feed has been away for too long: its routes are forgotten, which says nothing about them. */
static void
expire(struct engine *e, struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		p->up = false;
		peer_drop_tables(e, p, FINDING_EXPIRED);
	}
	r->expired = true;
}

void
engine_tick(struct engine *e, int64_t now_us)
{
	e->now_us = now_us;
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		if (r->session != NULL && !r->synced && !r->sync_due && complete(e, r))
			finish_sync(e, r);
		if (r->session == NULL && !r->expired &&
		    now_us - r->since_us > (int64_t)e->config.stale_s * 1000000)
			expire(e, r);
		if (r->synced || r->expired)
			peers_forget(e, r, false);
	}
	if (e->jobs == NULL)
		announce_synced(e);
}

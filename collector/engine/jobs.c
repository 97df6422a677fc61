/*
 * Work in slices, so that nothing stalls the feeds. A step is one slot looked at or one route
 * evaluated.
 *
 *   tables         a queue. Each is swept or emptied, and then its routes are evaluated if its
 *                  neighbour has become another.
 *
 *   reconfigure    IDLE --a new configuration--> NETS --every net is evaluated--> IDLE
 *                  A further configuration begins with the first net again. Other neighbours
 *                  of ours are one, too, where only nets near our own prefixes are evaluated.
 *
 *   revalidate     IDLE --VRPs came or went--> SCAN --every net looked at--> ROUTES
 *                  ROUTES --the routes of what they touch are evaluated--> IDLE, and the next
 *
 *   leaks          routes whose leak came in at another router: a queue of nets
 *
 *   verify paths   IDLE --other ASPAs--> every path is verified by those of before and now
 *                  --one is another--> reconfigure --none is--> IDLE
 *
 *   trial          VRPs that are not used yet: what they would turn invalid (trial.c)
 *
 * One of them works at a time. Leaks come first, since they are grave and few; then tables: what
 * they take out need not be evaluated, and a router is synchronised when they are done. A new
 * configuration waits for VRPs that are being worked on, so that what they change is reported with
 * their cause; VRPs that come later wait for the configuration. A trial waits for all of them: it
 * rests on what is known by the VRPs in force.
 */
#include "collector/engine/engine_private.h"

#include <assert.h>
#include <stdlib.h>

/* --- tables */

static void
enqueue(struct jobs *j, struct table *t)
{
	if (t->queued)
		return;
	t->queued = true;
	t->next_queued = NULL;
	if (j->tables_last != NULL)
		j->tables_last->next_queued = t;
	else
		j->tables = t;
	j->tables_last = t;
	j->tables_n++;
}

/* Remove the first table of the queue. */
static void
dequeue(struct jobs *j)
{
	struct table *t = j->tables;

	assert(t->queued && j->tables_n > 0);
	j->tables = t->next_queued;
	if (j->tables == NULL)
		j->tables_last = NULL;
	j->tables_n--;
	t->queued = false;
	if (t->routes.n == 0)
		routes_free(&t->routes);
	if (t->detached)
		peer_table_free(t);
}

void
job_empty(struct engine *e, struct table *t, enum emptying emptying, uint8_t cause)
{
	assert(emptying == EMPTY_STALE || emptying == EMPTY_ALL);
	enqueue(&e->jobs, t);
	if (t->emptying != EMPTY_ALL)
		t->emptying = (uint8_t)emptying;
	t->cause = cause;
	t->emptying_at = 0;
}

void
job_call_off_sweep(struct table *t)
{
	if (t->emptying == EMPTY_STALE)
		t->emptying = EMPTY_NOTHING; /* it stays in the queue and is skipped there */
}

void
job_evaluate(struct engine *e, struct table *t, uint8_t cause)
{
	assert(t->routes.kind != NET_KEY);
	enqueue(&e->jobs, t);
	if (!t->evaluating || cause == REASON_ROLES)
		t->evaluating_cause = cause;
	t->evaluating = true;
	t->evaluating_at = t->routes.kind;
}

struct sweep {
	struct engine *e;
	struct table *t;
};

static void
swept(void *ctx, struct change *c)
{
	struct sweep *s = ctx;

	if (s->t->routes.kind == NET_KEY)
		nlri_route_changed(s->e, s->t, c, s->t->cause, 0);
	else
		engine_evaluate(s->e, s->t, c, s->t->cause, 0);
}

static void
empty_table(struct engine *e, struct table *t, uint32_t budget)
{
	struct sweep s = { e, t };
	bool only_stale = t->emptying == EMPTY_STALE;

	if (!rib_sweep(&e->rib, &t->routes, only_stale, &t->emptying_at, budget, swept, &s))
		return;
	/* a table that grew between two slices is walked again */
	if ((only_stale ? routes_stale(&t->routes) : t->routes.n) == 0)
		t->emptying = EMPTY_NOTHING;
}

/* By net, since a net keeps its number while routes move in their table. */
static void
evaluate_table(struct engine *e, struct table *t, uint32_t budget)
{
	uint32_t net;

	while ((net = nets_next(&e->rib.nets, &t->evaluating_at, &budget)) != 0 &&
	       (net & NET_KIND) == t->routes.kind)
		engine_reevaluate(e, t, net, t->evaluating_cause);
	t->evaluating = (t->evaluating_at & NET_KIND) == t->routes.kind;
}

static void
table_step(struct engine *e, struct table *t, uint32_t budget)
{
	if (t->emptying != EMPTY_NOTHING)
		empty_table(e, t, budget);
	else if (t->evaluating)
		evaluate_table(e, t, budget);
	t->evaluating = t->evaluating && t->routes.n > 0;
	if (t->emptying == EMPTY_NOTHING && !t->evaluating)
		dequeue(&e->jobs);
}

typedef unsigned evaluate_in_table(struct engine *, struct table *, uint32_t net, uint8_t cause);

/* Evaluate the routes for a net in all tables. Returns what is left of the budget. */
static uint32_t
evaluate_net(
    struct engine *e, evaluate_in_table *evaluate, uint32_t net, uint8_t cause, uint32_t budget)
{
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		for (struct peer *p = r->peers; p != NULL; p = p->next) {
			for (struct table *t = p->tables; t != NULL; t = t->next) {
				uint32_t cost;

				if (t->routes.kind != (net & NET_KIND))
					continue;
				cost = 1 + evaluate(e, t, net, cause);
				budget = budget > cost ? budget - cost : 0;
			}
		}
	}
	return budget;
}

/* --- leaks that came in elsewhere */

/* A leak is known in no view in which it comes in: only the others are looked at. */
static uint32_t
evaluate_due(struct engine *e, const struct leak_due *due, uint32_t budget)
{
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		if (r->number == due->router)
			continue;
		for (struct peer *p = r->peers; p != NULL; p = p->next) {
			for (struct table *t = p->tables; t != NULL; t = t->next) {
				if (bmp_view_is_inbound(t->view) ||
				    t->routes.kind != (due->net & NET_KIND))
					continue;
				(void)engine_reevaluate(e, t, due->net, due->cause);
				budget = budget > 1 ? budget - 1 : 0;
			}
		}
	}
	return budget;
}

static void
evaluate_out(struct engine *e, struct peer *p)
{
	for (struct table *t = p->tables; t != NULL; t = t->next)
		if (t->view == BMP_VIEW_OUT_POST && t->routes.kind != NET_KEY && t->routes.n > 0)
			job_evaluate(e, t, p->out_cause);
}

static void
leaks_step(struct engine *e, uint32_t budget)
{
	struct leaks_due *d = &e->due;

	while (d->at < d->n && budget > 0) {
		struct leak_due due = d->v[d->at++];

		if (net_in_use(&e->rib.nets, due.net))
			budget = evaluate_due(e, &due, budget > 1 ? budget - 1 : 0);
	}
	if (d->all)
		job_reconfigure(e, d->cause);
	for (struct router *r = e->routers; r != NULL && d->peers; r = r->next) {
		for (struct peer *p = r->peers; p != NULL; p = p->next) {
			if (p->out_cause != 0)
				evaluate_out(e, p);
			p->out_cause = 0;
		}
	}
	d->all = d->peers = false;
}

static bool
leaks_are_due(const struct leaks_due *d)
{
	return d->at < d->n || d->all || d->peers;
}

/* --- a new configuration */

void
job_reconfigure(struct engine *e, uint8_t cause)
{
	/* one that is not done yet goes on with the graver cause: it begins anew in any case */
	if (e->jobs.reconfigure == RECONFIGURE_IDLE || e->jobs.reconfigure_cause == REASON_NONE)
		e->jobs.reconfigure_cause = cause;
	e->jobs.own_only = false;
	e->jobs.reconfigure = RECONFIGURE_NETS;
	e->jobs.reconfigure_at = 0;
}

static void
begin_own(struct engine *e)
{
	bool only = e->jobs.reconfigure == RECONFIGURE_IDLE || e->jobs.own_only;

	job_reconfigure(e, e->jobs.own_due);
	e->jobs.own_only = only;
	e->jobs.own_due = REASON_NONE;
}

static bool
is_near_own(const struct engine *e, uint32_t net)
{
	struct ip_prefix p;

	net_prefix(&e->rib.nets, net, &p);
	return detect_is_near_own(e->detect, &p);
}

static void
reconfigure_step(struct engine *e, uint32_t budget)
{
	struct jobs *j = &e->jobs;
	uint32_t net;

	while ((net = nets_next(&e->rib.nets, &j->reconfigure_at, &budget)) != 0)
		if (!j->own_only || is_near_own(e, net))
			budget =
			    evaluate_net(e, engine_reevaluate, net, j->reconfigure_cause, budget);
	if (j->reconfigure_at == NETS_END)
		j->reconfigure = RECONFIGURE_IDLE;
}

/* --- VRPs */

void
job_revalidate(struct engine *e, struct vrp_set *before, struct vrp_cover *cover, uint8_t cause)
{
	struct jobs *j = &e->jobs;
	struct vrp_change *v = calloc(1, sizeof(*v));

	if (v == NULL) {
		vrp_set_unref(before);
		vrp_cover_free(cover);
		job_reconfigure(e, cause); /* takes longer, and no memory */
		return;
	}
	v->before = before;
	v->cover = cover;
	v->cause = cause;
	if (j->changes_last != NULL)
		j->changes_last->next = v;
	else
		j->changes = v;
	j->changes_last = v;
}

static void
finish_change(struct jobs *j)
{
	struct vrp_change *done = j->changes;

	j->changes = done->next;
	if (j->changes == NULL)
		j->changes_last = NULL;
	vrp_set_unref(done->before);
	vrp_cover_free(done->cover);
	free(done);
	touched_free(&j->touched);
	j->revalidate = REVALIDATE_IDLE;
}

static void
evaluate_touched(struct engine *e, uint32_t budget)
{
	struct jobs *j = &e->jobs;
	struct touched *nets = &j->touched;

	while (nets->at < nets->n && budget > 0) {
		uint32_t net = nets->v[nets->at++];

		if (net_in_use(&e->rib.nets, net))
			budget = evaluate_net(e, engine_revalidate, net, j->changes->cause, budget);
	}
	if (nets->at < nets->n)
		return;
	if (nets->incomplete)
		job_reconfigure(e, j->changes->cause);
	finish_change(j);
}

static void
revalidate_step(struct engine *e, uint32_t budget)
{
	struct jobs *j = &e->jobs;

	if (j->revalidate == REVALIDATE_IDLE) {
		j->revalidate = REVALIDATE_SCAN;
		/* whose traffic may be dropped nobody knows without any VRPs */
		j->touched.host_routes = vrp_set_is_empty(j->changes->before) ||
					 vrp_set_is_empty(e->vrps);
	}
	if (j->revalidate == REVALIDATE_ROUTES)
		evaluate_touched(e, budget);
	else if (touched_find(e, &j->touched, j->changes->cover, true, budget))
		j->revalidate = REVALIDATE_ROUTES;
}

/* --- ASPAs */

void
job_verify_paths(struct engine *e, struct aspa_set *before)
{
	struct jobs *j = &e->jobs;

	if (j->verifying) /* routes have been evaluated by the ones before those */
		aspa_set_unref(before);
	else
		j->aspas_before = before;
	j->verifying = true;
	j->verify_at = 0;
}

struct verify {
	struct engine *e;
	bool differs;
};

static void
verify_path(void *ctx, uint32_t path)
{
	struct verify *v = ctx;
	struct cursor value = path_value(&v->e->rib.attrs, path);
	struct aspa_broken before, now;

	v->differs = v->differs ||
		     engine_aspa_bits(v->e->jobs.aspas_before, value, &before) !=
			 engine_aspa_bits(v->e->aspas, value, &now) ||
		     before.customer != now.customer || before.other != now.other;
}

static void
verify_step(struct engine *e, uint32_t budget)
{
	struct jobs *j = &e->jobs;
	struct verify v = { .e = e };
	bool all = paths_each(&e->rib.attrs, &j->verify_at, budget, verify_path, &v);

	if (v.differs)
		job_reconfigure(e, REASON_RPKI);
	if (!all && !v.differs)
		return;
	j->verifying = false;
	aspa_set_unref(j->aspas_before);
	j->aspas_before = NULL;
}

/* --- a trial */

void
job_try(struct engine *e, struct vrp_trial *trial)
{
	struct trial *t = &e->jobs.trial;

	trial_free(t); /* nobody waits for two */
	t->trial = trial;
}

struct vrp_trial *
job_tried(struct engine *e)
{
	struct trial *t = &e->jobs.trial;
	struct vrp_trial *done = t->done ? t->trial : NULL;

	if (done != NULL)
		*t = (struct trial){ .trial = NULL };
	return done;
}

/* --- which of them */

bool
jobs_step(struct engine *e, uint32_t budget)
{
	struct jobs *j = &e->jobs;

	if (j->own_due != REASON_NONE)
		begin_own(e);
	if (leaks_are_due(&e->due))
		leaks_step(e, budget);
	else if (j->tables != NULL)
		table_step(e, j->tables, budget);
	else if (j->reconfigure == RECONFIGURE_NETS && j->revalidate == REVALIDATE_IDLE)
		reconfigure_step(e, budget);
	else if (j->changes != NULL)
		revalidate_step(e, budget);
	else if (j->verifying)
		verify_step(e, budget);
	else if (j->trial.trial != NULL && !j->trial.done)
		trial_step(e, &j->trial, budget);
	return leaks_are_due(&e->due) || j->tables != NULL || j->reconfigure != RECONFIGURE_IDLE ||
	       j->changes != NULL || j->verifying || (j->trial.trial != NULL && !j->trial.done);
}

void
jobs_free(struct engine *e)
{
	struct jobs *j = &e->jobs;

	while (j->tables != NULL) {
		struct table *t = j->tables;

		j->tables = t->next_queued;
		if (t->detached)
			peer_table_free(t);
	}
	while (j->changes != NULL)
		finish_change(j);
	trial_free(&j->trial);
	aspa_set_unref(j->aspas_before);
}

#include "collector/engine/engine_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

static void on_initiation(void *, struct bmp_stream *);
static void on_peer_up(void *, struct bmp_stream *, struct bmp_peer *, int64_t);
static void on_peer_down(
    void *, struct bmp_stream *, struct bmp_peer *, const struct bmp_peer_down *, int64_t);
static void on_update(void *, struct bmp_stream *, struct bmp_peer *, struct bmp_update *);
static void on_statistics(void *, struct bmp_stream *, struct bmp_peer *, const struct bmp_msg *);
static void on_encoding_proved(void *, struct bmp_stream *, struct bmp_peer *,
    const struct bmp_update *, struct bgp_family, bool);
static void on_message(void *, struct bmp_stream *, const struct bmp_msg *, const struct faults *);
static void table_queue_evaluation(struct engine *, struct table *);

static const struct bmp_stream_ops stream_ops = {
	.initiation = on_initiation,
	.peer_up = on_peer_up,
	.peer_down = on_peer_down,
	.update = on_update,
	.statistics = on_statistics,
	.encoding_proved = on_encoding_proved,
	.message = on_message,
};

struct engine *
engine_new(const struct engine_config *config, const struct detect *detect,
    const struct engine_ops *ops, void *ctx)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->config = *config;
	e->detect = detect;
	e->ops = ops;
	e->ctx = ctx;
	if (!rib_init(&e->rib, &config->rib, config->seed)) {
		free(e);
		return NULL;
	}
	return e;
}

static void
table_free(struct table *t)
{
	routes_free(&t->routes);
	free(t);
}

static void
peer_free(struct peer *p)
{
	while (p->tables != NULL) {
		struct table *t = p->tables;

		p->tables = t->next;
		table_free(t);
	}
	free(p->statistics);
	free(p);
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	while (e->jobs != NULL) {
		struct table *t = e->jobs;

		e->jobs = t->next_job;
		if (t->detached)
			table_free(t);
	}
	while (e->routers != NULL) {
		struct router *r = e->routers;

		e->routers = r->next;
		while (r->peers != NULL) {
			struct peer *p = r->peers;

			r->peers = p->next;
			peer_free(p);
		}
		free(r);
	}
	while (e->reval != NULL) {
		struct revalidation *v = e->reval;

		e->reval = v->next;
		vrp_cover_free(v->cover);
		free(v);
	}
	vrp_set_unref(e->vrps);
	free(e->touched);
	free(e->leaks);
	rib_fini(&e->rib);
	free(e);
}

/* --- time */

static void
set_now(struct engine *e, int64_t now_us)
{
	if (e->base_s == 0)
		e->base_s = now_us / 1000000 - 1;
	e->now_us = now_us;
}

/* --- routers */

void
engine_emit_router(
    struct engine *e, const struct router *r, enum engine_event_type type, const char *text)
{
	struct engine_event ev = { .type = (uint8_t)type,
		.router = r->number,
		.at_us = e->now_us,
		.views_monitored = r->views_monitored };

	text_copy(ev.router_name, sizeof(ev.router_name), r->name);
	text_copy(ev.address, sizeof(ev.address), r->address);
	text_copy(ev.text, sizeof(ev.text), text);
	e->ops->event(e->ctx, &ev);
}

static struct router *
router_named(struct engine *e, const char *name)
{
	for (struct router *r = e->routers; r != NULL; r = r->next)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

static struct router *
router_new(struct engine *e, const char *name)
{
	struct router *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->engine = e;
	r->number = e->routers_n++;
	text_copy(r->name, sizeof(r->name), name);
	if (e->routers_last != NULL)
		e->routers_last->next = r;
	else
		e->routers = r;
	e->routers_last = r;
	return r;
}

/* The router of that name that has no session, "#2" and so on added while it has. */
static struct router *
router_claim(struct engine *e, const char *name)
{
	char unique[ENGINE_NAME_MAX];
	struct router *r;

	text_copy(unique, sizeof(unique), name);
	for (unsigned n = 2; (r = router_named(e, unique)) != NULL && r->session != NULL; n++)
		snprintf(unique, sizeof(unique), "%.52s#%u", name, n);
	return r != NULL ? r : router_new(e, unique);
}

/* A route that is told anew in this session is fresh; everything else is stale until it is swept. A
 * sweep of the former session is called off: it would take what this one is about to tell. */
static void
make_stale(struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		for (struct table *t = p->tables; t != NULL; t = t->next) {
			t->end_of_rib = false;
			if (t->job == JOB_SWEEP_STALE)
				t->job = JOB_NONE;
			routes_advance(&t->routes);
		}
	}
}

static void
bind_router(struct engine_session *s)
{
	struct engine *e = s->engine;
	const char *sys_name = bmp_stream_sys_name(s->stream);
	const char *name = s->configured[0] != '\0' ? s->configured
			   : sys_name[0] != '\0'    ? sys_name
						    : s->address;
	struct router *r = router_claim(e, name);

	if (r == NULL)
		return;
	s->router = r;
	r->session = s;
	r->sessions++;
	r->since_us = e->now_us;
	r->last_update_us = e->now_us;
	r->synced = r->sync_due = r->any_end_of_rib = r->expired = false;
	text_copy(r->address, sizeof(r->address), s->address);
	make_stale(r);
	if (r->peers_n >= e->config.peers_per_router)
		peers_forget(e, r, true);
	engine_emit_router(e, r, EVENT_ROUTER_UP, bmp_stream_sys_descr(s->stream));
}

/* --- peers */

bool
peer_relation_refresh(const struct engine *e, struct peer *p)
{
	uint8_t before = p->relation;
	enum relation configured = detect_relation(e->detect, &p->address, p->as);

	p->relation_configured = configured != NEIGHBOR_UNKNOWN;
	p->relation = (uint8_t)(p->relation_configured
				    ? configured
				    : relation_from_roles(p->sent_role, p->received_role));
	return p->relation != before;
}

static void
refresh_relation(struct engine *e, struct peer *p)
{
	if (!peer_relation_refresh(e, p))
		return;
	for (struct table *t = p->tables; t != NULL; t = t->next)
		if (t->routes.kind != NET_KEY && t->routes.n > 0) /* no rule is for keys */
			table_queue_evaluation(e, t);
}

static struct peer *
peer_new(struct router *r, const struct bmp_peer_key *key)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->key = *key;
	p->router = r;
	p->address = key->address;
	p->sent_role = p->received_role = BGP_ROLE_NONE;
	p->next = r->peers;
	r->peers = p;
	r->peers_n++;
	return p;
}

/* Ours of the stream's: found again by its key after a reconnect. */
static struct peer *
peer_of(struct engine_session *s, struct bmp_peer *live)
{
	struct peer *p = live->user;

	if (p != NULL)
		return p;
	for (p = s->router->peers; p != NULL; p = p->next)
		if (bmp_peer_key_equal(&p->key, &live->key))
			break;
	if (p == NULL && (p = peer_new(s->router, &live->key)) == NULL)
		return NULL;
	p->live = live;
	p->as = live->as;
	p->local_as = live->local_as;
	live->user = p;
	refresh_relation(s->engine, p);
	return p;
}

struct table *
table_of(struct engine *e, struct peer *p, uint8_t view, struct bgp_family family, bool addpath)
{
	struct table *t = p->last;

	(void)e;
	if (t != NULL && t->view == view && bgp_family_equal(t->family, family) &&
	    t->routes.addpath == addpath)
		return t;
	for (t = p->tables; t != NULL; t = t->next)
		if (t->view == view && bgp_family_equal(t->family, family) &&
		    t->routes.addpath == addpath)
			break;
	if (t == NULL) {
		t = calloc(1, sizeof(*t));
		if (t == NULL)
			return NULL;
		routes_init(&t->routes,
		    other_family_has_keys(family) ? NET_KEY
		    : family.afi == AFI_IPV6	  ? NET_V6
						  : 0,
		    addpath);
		t->peer = p;
		t->view = view;
		t->family = family;
		t->next = p->tables;
		p->tables = t;
	}
	p->last = t;
	return t;
}

static void
enqueue(struct engine *e, struct table *t)
{
	if (t->queued)
		return;
	t->queued = true;
	t->next_job = NULL;
	if (e->jobs_last != NULL)
		e->jobs_last->next_job = t;
	else
		e->jobs = t;
	e->jobs_last = t;
	e->jobs_n++;
}

static void
table_queue_evaluation(struct engine *e, struct table *t)
{
	enqueue(e, t);
	t->evaluate = true;
	t->evaluate_at = t->routes.kind;
}

void
table_queue(struct engine *e, struct table *t, enum table_job job, uint8_t cause)
{
	enqueue(e, t);
	if (job > (enum table_job)t->job)
		t->job = (uint8_t)job;
	t->cause = cause;
	t->cursor = 0;
}

void
peer_drop_tables(struct engine *e, struct peer *p, uint8_t cause)
{
	p->last = NULL;
	while (p->tables != NULL) {
		struct table *t = p->tables;

		p->tables = t->next;
		t->next = NULL;
		t->detached = true;
		table_queue(e, t, JOB_DROP, cause);
	}
}

/* It is proved whether UPDATEs of this view and family have path ids: drop what was read the other
 * way. */
static void
peer_drop_misread(
    struct engine *e, struct peer *p, uint8_t view, struct bgp_family family, bool path_ids)
{
	struct table **at = &p->tables;

	while (*at != NULL) {
		struct table *t = *at;

		if (t->view != view || !bgp_family_equal(t->family, family) ||
		    t->routes.addpath == path_ids) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		p->last = NULL;
		t->next = NULL;
		t->detached = true;
		table_queue(e, t, JOB_DROP, FINDING_WITHDRAWN);
	}
}

static void
emit_peer(struct engine *e, const struct peer *p, enum engine_event_type type, const char *text,
    int64_t router_us)
{
	struct engine_event ev = { .type = (uint8_t)type,
		.router = p->router->number,
		.peer_as = p->as,
		.at_us = e->now_us,
		.router_us = router_us };

	text_copy(ev.router_name, sizeof(ev.router_name), p->router->name);
	if (p->key.type == BMP_PEER_LOC_RIB)
		snprintf(ev.address, sizeof(ev.address), "loc-rib");
	else
		ip_addr_format(&p->address, ev.address);
	text_copy(ev.text, sizeof(ev.text), text);
	e->ops->event(e->ctx, &ev);
}

void
peer_not_confirmed(struct engine *e, struct peer *p)
{
	p->up = false;
	emit_peer(e, p, EVENT_PEER_DOWN, "the router no longer tells of it", 0);
}

void
peers_forget(struct engine *e, struct router *r, bool even_up)
{
	struct peer **at = &r->peers;

	if (e->jobs != NULL) /* tables that are being emptied know their peer */
		return;
	while (*at != NULL) {
		struct peer *p = *at;
		bool wanted = p->live != NULL || (p->up && !even_up);

		for (const struct table *t = p->tables; t != NULL; t = t->next)
			wanted |= t->routes.n > 0;
		if (wanted) {
			at = &p->next;
			continue;
		}
		*at = p->next;
		r->peers_n--;
		peer_free(p);
	}
}

/* --- the stream's callbacks */

static void
on_initiation(void *ctx, struct bmp_stream *st)
{
	struct engine_session *s = ctx;

	if (s->router == NULL)
		bind_router(s);
	if (s->router != NULL) {
		text_copy(
		    s->router->sys_name, sizeof(s->router->sys_name), bmp_stream_sys_name(st));
		text_copy(
		    s->router->sys_descr, sizeof(s->router->sys_descr), bmp_stream_sys_descr(st));
	}
}

static bool
bound(struct engine_session *s)
{
	if (s->router == NULL)
		bind_router(s);
	return s->router != NULL;
}

static void
on_message(void *ctx, struct bmp_stream *st, const struct bmp_msg *m, const struct faults *f)
{
	(void)st;
	(void)m;
	(void)f;
	(void)bound(ctx); /* whatever the first message is, somebody has sent it */
}

static void
on_peer_up(void *ctx, struct bmp_stream *st, struct bmp_peer *live, int64_t router_us)
{
	struct engine_session *s = ctx;
	struct peer *p;
	char text[ENGINE_TEXT_MAX];
	bool reported;

	(void)st;
	if (!bound(s) || (p = peer_of(s, live)) == NULL)
		return;
	p->as = live->as;
	p->local_as = live->local_as;
	reported = p->up && !p->implicit; /* up by its routes alone: nobody has been told */
	p->implicit = live->implicit;
	p->sent_role = live->sent_role;
	p->received_role = live->received_role;
	refresh_relation(s->engine, p);
	s->router->last_update_us = s->engine->now_us;
	if (reported)
		return;
	p->up = true;
	snprintf(text, sizeof(text), "local AS %u, neighbour is %s%s", p->local_as,
	    relation_name(p->relation), live->role_conflict ? ", roles in conflict" : "");
	emit_peer(s->engine, p, EVENT_PEER_UP, text, router_us);
}

static void
on_peer_down(void *ctx, struct bmp_stream *st, struct bmp_peer *live,
    const struct bmp_peer_down *down, int64_t router_us)
{
	struct engine_session *s = ctx;
	struct peer *p;
	char text[ENGINE_TEXT_MAX];

	(void)st;
	if (!bound(s) || (p = peer_of(s, live)) == NULL)
		return;
	peer_drop_tables(s->engine, p, FINDING_PEER_DOWN);
	if (!p->up)
		return;
	p->up = false;
	engine_down_text(text, sizeof(text), down);
	emit_peer(s->engine, p, EVENT_PEER_DOWN, text, router_us);
}

/* End-of-RIB: what this table still has of the former session is gone. */
static void
end_of_rib(struct engine *e, struct peer *p, uint8_t view, struct bgp_family family)
{
	p->router->any_end_of_rib = true;
	for (struct table *t = p->tables; t != NULL; t = t->next) {
		if (t->view != view || !bgp_family_equal(t->family, family))
			continue;
		t->end_of_rib = true;
		if (routes_stale(&t->routes) > 0)
			table_queue(e, t, JOB_SWEEP_STALE, FINDING_WITHDRAWN);
	}
}

static void
on_update(void *ctx, struct bmp_stream *st, struct bmp_peer *live, struct bmp_update *u)
{
	struct engine_session *s = ctx;
	struct router *r;
	struct peer *p;

	(void)st;
	if (!bound(s) || (p = peer_of(s, live)) == NULL)
		return;
	r = s->router;
	r->views_monitored |= (uint8_t)(1U << u->view);
	r->last_update_us = s->engine->now_us;
	if (live->implicit && !p->up)
		p->implicit = p->up = true;
	if (u->is_end_of_rib) {
		end_of_rib(s->engine, p, (uint8_t)u->view, u->end_of_rib);
		return;
	}
	engine_apply(s, p, live, u);
}

static void
on_statistics(void *ctx, struct bmp_stream *st, struct bmp_peer *live, const struct bmp_msg *m)
{
	struct engine_session *s = ctx;

	(void)st;
	/* counters make no peer: it has been told of by a Peer Up or by routes, or it is none */
	if (bound(s) && live->user != NULL)
		engine_statistics_keep(live->user, m, s->engine->now_us);
}

static void
on_encoding_proved(void *ctx, struct bmp_stream *st, struct bmp_peer *live,
    const struct bmp_update *u, struct bgp_family family, bool path_ids)
{
	struct engine_session *s = ctx;
	struct peer *p;

	(void)st;
	if (!u->mirrored && bound(s) && (p = peer_of(s, live)) != NULL)
		peer_drop_misread(s->engine, p, (uint8_t)u->view, family, path_ids);
}

/* --- sessions */

struct engine_session *
engine_session_open(struct engine *e, const char *address, const char *configured, int64_t now_us)
{
	struct engine_session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	set_now(e, now_us);
	s->engine = e;
	s->stream =
	    bmp_stream_new(&stream_ops, s, e->config.message_max, e->config.peers_per_router);
	if (s->stream == NULL) {
		free(s);
		return NULL;
	}
	text_copy(s->address, sizeof(s->address), address);
	if (configured != NULL)
		text_copy(s->configured, sizeof(s->configured), configured);
	return s;
}

size_t
engine_session_feed(struct engine_session *s, const uint8_t *buf, size_t len, int64_t now_us)
{
	set_now(s->engine, now_us);
	return bmp_stream_feed(s->stream, buf, len, now_us);
}

void
engine_session_close(struct engine_session *s, const char *why, int64_t now_us)
{
	struct router *r = s->router;

	set_now(s->engine, now_us);
	if (r != NULL) {
		for (struct peer *p = r->peers; p != NULL; p = p->next) {
			if (p->live == NULL)
				continue;
			p->updates += p->live->updates;
			p->announced += p->live->announced;
			p->withdrawn += p->live->withdrawn;
			p->faults += p->live->faults;
			p->quirks |= p->live->quirks;
			p->live = NULL;
		}
		bmp_counters_add(&r->counters, bmp_stream_counters(s->stream));
		r->peers_refused += bmp_stream_peers_refused(s->stream);
		r->session = NULL;
		r->synced = r->sync_due = false;
		r->since_us = now_us;
		engine_emit_router(s->engine, r, EVENT_ROUTER_DOWN, why);
	}
	bmp_stream_free(s->stream);
	free(s);
}

void
engine_session_pause(struct engine_session *s)
{
	bmp_stream_stop(s->stream);
}

const char *
engine_session_broken(const struct engine_session *s, char *buf, size_t size)
{
	const struct fault *f = bmp_stream_broken(s->stream);

	if (f == NULL)
		return NULL;
	snprintf(buf, size, "%s (%s)", fault_text(f->code), fault_name(f->code));
	return buf;
}

bool
engine_session_terminated(const struct engine_session *s)
{
	return bmp_stream_terminated(s->stream);
}

uint64_t
engine_session_refused(const struct engine_session *s)
{
	return bmp_stream_peers_refused(s->stream);
}

const char *
engine_session_name(const struct engine_session *s)
{
	return s->router != NULL ? s->router->name : "";
}

/* --- inputs other than bytes */

void
engine_set_rpki(struct engine *e, struct vrp_set *set, struct vrp_cover *cover)
{
	struct revalidation *v = calloc(1, sizeof(*v));

	vrp_set_unref(e->vrps);
	e->vrps = vrp_set_ref(set);
	if (v == NULL) {
		vrp_cover_free(cover);
		return;
	}
	v->cover = cover;
	if (e->reval_last != NULL)
		e->reval_last->next = v;
	else
		e->reval = v;
	e->reval_last = v;
}

void
engine_set_detect(struct engine *e, const struct detect *d)
{
	e->detect_old = e->detect;
	e->detect = d;
	e->reevaluate = 1;
	for (struct router *r = e->routers; r != NULL; r = r->next)
		for (struct peer *p = r->peers; p != NULL; p = p->next)
			(void)peer_relation_refresh(e, p); /* all routes are evaluated anyway */
}

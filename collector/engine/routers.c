/*
 * Routers: their names, which session is whose, and when a feed is complete or has been away for
 * too long.
 *
 *   bound --complete--> sync due --stale routes swept--> synced
 *     ^                                                     | session lost, in any of the three
 *     +------- back ------- lost <--------------------------+
 *                            | stale_s, or too many are lost
 *                         expired (its routes are forgotten) --forget_s--> no longer known
 */
#include "collector/engine/engine_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"

/* A feed is complete when nothing has come for so long: the first after every End-of-RIB, the
 * second without any. */
enum { QUIET_AFTER_EOR_US = 1000000, QUIET_US = 30 * 1000000 };

/* A limit is told as long as it has left something out not longer ago. */
static const int64_t OVER_LIMIT_US = (int64_t)300 * 1000000;

static uint32_t
hash_name(const struct engine *e, const char *name)
{
	return (uint32_t)router_name_hash(e, name);
}

static struct router *
router_named(struct engine *e, const char *name)
{
	uint32_t hash = hash_name(e, name);
	struct router *r;

	for (uint32_t at = 0; (r = ptrmap_next(&e->routers_by_name, hash, &at)) != NULL;)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

static void
router_free(struct engine *e, struct router *r)
{
	router_peers_free(e, r);
	free(r->spread.v);
	free(r);
}

static struct router *
router_new(struct engine *e, const char *name)
{
	struct router *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	text_copy(r->name, sizeof(r->name), name);
	r->name_hash = router_name_hash(e, r->name);
	if (!ptrmap_add(&e->routers_by_name, hash_name(e, r->name), r)) {
		free(r);
		return NULL;
	}
	r->account = attrs_account_open(&e->rib.attrs);
	r->number = e->routers_numbered++;
	e->routers_n++;
	if (e->routers_last != NULL)
		e->routers_last->next = r;
	else
		e->routers = r;
	e->routers_last = r;
	return r;
}

void
engine_rename(struct engine *e, const char *from, const char *to)
{
	struct router *r = router_named(e, from);

	if (r == NULL || !ptrmap_add(&e->routers_by_name, hash_name(e, to), r))
		return;
	ptrmap_remove(&e->routers_by_name, hash_name(e, from), r);
	text_copy(r->name, sizeof(r->name), to);
	r->name_hash = router_name_hash(e, r->name);
	detours_rename(e, from, to);
	router_tell_troubles_again(r);
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

/* --- coming and going */

/* It is away from now on. */
static void
lose(struct engine *e, struct router *r)
{
	if (e->lost == NULL)
		e->lost_last = &e->lost;
	r->lost_next = NULL;
	r->lost_prev = e->lost_last;
	*e->lost_last = r;
	e->lost_last = &r->lost_next;
	e->lost_n++;
}

/* It is waited for no longer. */
static void
found_again(struct engine *e, struct router *r)
{
	if (r->lost_prev == NULL)
		return;
	*r->lost_prev = r->lost_next;
	if (r->lost_next != NULL)
		r->lost_next->lost_prev = r->lost_prev;
	else
		e->lost_last = r->lost_prev;
	r->lost_prev = NULL;
	e->lost_n--;
}

void
router_bind(struct engine_session *s)
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
	found_again(e, r);
	r->session = s;
	r->sessions++;
	r->since_us = e->now_us;
	r->last_update_us = e->now_us;
	r->synced = r->sync_due = r->settled = r->any_end_of_rib = r->expired = false;
	r->late_us = 0;
	/* views of a former session say nothing of this one */
	r->views_monitored = 0;
	for (struct peer *p = r->peers; p != NULL; p = p->next)
		memset(p->monitored, 0, sizeof(p->monitored));
	router_begin_look(r);
	text_copy(r->address, sizeof(r->address), s->address);
	router_make_stale(r);
	if (r->peers_n >= e->config.peers_per_router)
		peers_forget(e, r, true);
	emit_router(e, r, EVENT_ROUTER_UP, bmp_stream_sys_descr(s->stream));
}

void
router_unbind(struct engine_session *s, const char *why)
{
	struct engine *e = s->engine;
	struct router *r = s->router;

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
	lose(e, r);
	r->had_peers |= r->peers_n > 0;
	text_copy(r->down_reason, sizeof(r->down_reason), why);
	r->synced = r->sync_due = false;
	r->since_us = e->now_us;
	emit_router(e, r, EVENT_ROUTER_DOWN, why);
}

/* --- time */

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

/* A router that sends End-of-RIBs need not send all of them. */
static bool
time_is_over(const struct engine *e, const struct router *r)
{
	return e->now_us - r->since_us > (int64_t)e->config.settle_s * 1000000;
}

static bool
complete(const struct engine *e, const struct router *r)
{
	int64_t quiet = e->now_us - r->last_update_us;

	return (all_complete(r) && quiet > QUIET_AFTER_EOR_US) ||
	       (!r->any_end_of_rib && quiet > QUIET_US) || time_is_over(e, r);
}

/* What the feed no longer has is gone: stale routes are swept, and a peer that this session
 * has not named is down. */
static void
finish_sync(struct engine *e, struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		uint32_t routes = volume_of_peer(p);

		peer_sweep(e, p);
		if (p->live == NULL && p->up) {
			p->up = false;
			emit_peer_down(e, p, NULL, routes, 0);
		}
	}
	r->sync_due = true;
}

/* The feed has been away for too long: its routes are forgotten, which says nothing about them. */
static void
expire(struct engine *e, struct router *r)
{
	for (struct peer *p = r->peers; p != NULL; p = p->next) {
		p->up = false;
		peer_drop_tables(e, p, REASON_FEED_LOST);
	}
	r->expired = true;
	found_again(e, r);
}

/* So many of them, and lost_max is a limit? */
static bool
too_many(const struct engine *e, uint64_t routers)
{
	return e->config.lost_max > 0 && routers > e->config.lost_max;
}

/* --- limits */

/* Is it over the limit now, or was it a moment ago? */
static bool
is_over_limit(const struct engine *e, struct router *r, enum limit limit)
{
	const struct attrs_account *a = attrs_account(&e->rib.attrs, r->account);
	uint64_t refused;

	if (limit == LIMIT_PEERS)
		return r->session != NULL && bmp_stream_peers_refused(r->session->stream) > 0;
	refused = limit == LIMIT_ATTRIBUTES ? a->refused : a->no_room + r->routes_refused;
	if (refused != r->refused_seen[limit]) {
		r->refused_seen[limit] = refused;
		r->refused_us[limit] = e->now_us;
	}
	return r->refused_us[limit] != 0 && e->now_us - r->refused_us[limit] < OVER_LIMIT_US;
}

/* A limit that is reached leaves something out: that must be told. */
static void
tell_limits(struct engine *e, struct router *r)
{
	static const char *const names[LIMITS] = { "limits.peers_per_router",
		"limits.attributes_mb", "limits.routes" };

	for (enum limit k = 0; k < LIMITS; k++) {
		uint8_t bit = (uint8_t)(1U << k);
		bool over = is_over_limit(e, r, k);

		if (over == ((r->limits_told & bit) != 0))
			continue;
		r->limits_told ^= bit;
		emit_router(e, r, over ? EVENT_LIMIT_REACHED : EVENT_LIMIT_OVER, names[k]);
	}
}

/* --- forgetting */

/* Those that have been away for the longest time, when too many are. */
static void
expire_too_many(struct engine *e)
{
	while (e->lost != NULL && too_many(e, e->lost_n))
		expire(e, e->lost);
}

/* It is away, and nothing of it is shown any longer. */
static bool
is_over(const struct engine *e, const struct router *r)
{
	int64_t away = e->now_us - r->since_us;

	if (r->session != NULL || r->peers_n > 0)
		return false;
	return !r->had_peers || (r->expired && (away > (int64_t)e->config.forget_s * 1000000 ||
						   too_many(e, e->routers_n / 2)));
}

/* Take out those that are over. */
static void
forget_routers(struct engine *e)
{
	struct router **at = &e->routers, *before = NULL;

	while (*at != NULL) {
		struct router *r = *at;

		if (!is_over(e, r)) {
			before = r;
			at = &r->next;
			continue;
		}
		emit_router(e, r, EVENT_ROUTER_FORGOTTEN, "");
		*at = r->next;
		if (e->routers_last == r)
			e->routers_last = before;
		ptrmap_remove(&e->routers_by_name, hash_name(e, r->name), r);
		e->routers_n--;
		found_again(e, r);
		bmp_counters_add(&e->forgotten, &r->counters);
		e->peers_refused += r->peers_refused;
		attrs_account_close(&e->rib.attrs, r->account);
		bursts_forget(e, r);
		router_free(e, r);
	}
}

/* Nothing more is waited for: what has not come by now is not there. */
static void
settle(struct engine *e, struct router *r)
{
	if (r->settled || !r->synced || (r->any_end_of_rib && !time_is_over(e, r)))
		return;
	r->settled = true;
	peers_are_complete(e, r);
}

void
routers_tick(struct engine *e)
{
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		if (r->session != NULL && !r->synced && !r->sync_due && complete(e, r))
			finish_sync(e, r);
		if (r->session != NULL)
			settle(e, r);
		if (r->session == NULL && !r->expired &&
		    e->now_us - r->since_us > (int64_t)e->config.stale_s * 1000000)
			expire(e, r);
		peers_tick(e, r);
		tell_limits(e, r);
		router_look_now_and_then(e, r);
		if (r->synced || r->expired)
			peers_forget(e, r, false);
	}
	expire_too_many(e);
	forget_routers(e);
}

void
routers_announce_synced(struct engine *e)
{
	if (e->jobs.tables != NULL)
		return;
	for (struct router *r = e->routers; r != NULL; r = r->next) {
		if (!r->sync_due)
			continue;
		r->sync_due = false;
		r->synced = true;
		r->full_table = infer_is_full(e, r);
		router_look(e, r); /* what is over is told by what is known then */
		emit_router(e, r, EVENT_ROUTER_SYNCED, "");
	}
}

void
routers_free(struct engine *e)
{
	while (e->routers != NULL) {
		struct router *r = e->routers;

		e->routers = r->next;
		router_free(e, r);
	}
	ptrmap_free(&e->routers_by_name);
}

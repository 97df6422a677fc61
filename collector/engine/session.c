/* A connection: what its stream says goes to the router it belongs to. */
#include "collector/engine/engine_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

static bool
bound(struct engine_session *s)
{
	if (s->router == NULL)
		router_bind(s);
	return s->router != NULL;
}

static void
on_message(void *ctx, struct bmp_stream *st, const struct bmp_msg *m, const struct faults *f)
{
	(void)st;
	(void)m;
	(void)f;
	(void)bound(ctx); /* bind the router whatever the first message is */
}

static void
on_initiation(void *ctx, struct bmp_stream *st)
{
	struct engine_session *s = ctx;

	if (bound(s)) {
		text_copy(
		    s->router->sys_name, sizeof(s->router->sys_name), bmp_stream_sys_name(st));
		text_copy(
		    s->router->sys_descr, sizeof(s->router->sys_descr), bmp_stream_sys_descr(st));
	}
}

/* --- peers */

static void
on_peer_up(void *ctx, struct bmp_stream *st, struct bmp_peer *live, int64_t router_us)
{
	struct engine_session *s = ctx;
	struct peer *p;
	struct txt t;
	char text[ENGINE_TEXT_MAX];
	bool anew = live->last_up == PEER_UP_ANEW || live->last_up == PEER_UP_PERHAPS_ANEW;
	bool named = live->user != NULL, reported;

	(void)st;
	pipeline_flush(s->engine);
	if (!bound(s) || (p = peer_of(s->engine, s->router, live)) == NULL)
		return;
	/* a peer that came up without a Peer Up sent no event then */
	reported = p->up && !p->implicit && !anew;
	p->implicit = live->implicit;
	if (anew)
		peer_begin_anew(s->engine, p, live->last_up == PEER_UP_PERHAPS_ANEW);
	if (!reported || anew)
		p->up_us = s->engine->now_us;
	p->unmonitored = false;
	p->sent_role = live->sent_role;
	p->received_role = live->received_role;
	peer_learn(s->engine, p);
	s->router->last_update_us = s->engine->now_us;
	if (reported && !named)
		emit_peer(s->engine, p, EVENT_PEER_STILL_UP, "", router_us);
	if (reported)
		return;
	p->up = true;
	volumes_begin(p);
	t = txt_of(text, sizeof(text));
	txt_putf(&t, p->local_as != 0 ? "local AS %u" : "local AS not known", p->local_as);
	if (p->key.type != BMP_PEER_LOC_RIB)
		txt_putf(&t, ", relation %s%s", relation_name(p->relation),
		    live->role_conflict ? ", roles in conflict" : "");
	emit_peer(s->engine, p, EVENT_PEER_UP, text, router_us);
}

static void
on_peer_down(void *ctx, struct bmp_stream *st, struct bmp_peer *live,
    const struct bmp_peer_down *down, int64_t router_us)
{
	struct engine_session *s = ctx;
	struct peer *p;
	uint32_t routes;
	bool news;

	(void)st;
	pipeline_flush(s->engine);
	if (!bound(s) || (p = peer_of(s->engine, s->router, live)) == NULL)
		return;
	/* of one that is down already, it is news that nobody waits for it any more */
	news = p->up || (down->reason == BMP_DOWN_DECONFIGURED && !p->unmonitored);
	routes = volume_of_peer(p);
	p->unmonitored = down->reason == BMP_DOWN_DECONFIGURED || p->key.type == BMP_PEER_LOC_RIB;
	peer_drop_tables(s->engine, p, REASON_PEER_DOWN);
	peer_is_complete(s->engine, p, UINT8_MAX);
	if (!news)
		return;
	p->up = false;
	emit_peer_down(s->engine, p, down, routes, router_us);
}

static void
on_statistics(void *ctx, struct bmp_stream *st, struct bmp_peer *live, const struct bmp_msg *m)
{
	struct engine_session *s = ctx;

	(void)st;
	pipeline_flush(s->engine);
	/* counters alone make no peer: a Peer Up or routes do */
	if (!bound(s) || live->user == NULL)
		return;
	engine_statistics_keep(live->user, m, s->engine->now_us);
	counts_compare(s->engine, live->user);
}

/* --- routes */

/* End-of-RIB: what this table still has of the former session is gone. */
static void
end_of_rib(struct engine *e, struct peer *p, uint8_t view, struct bgp_family family)
{
	pipeline_flush(e);
	p->router->any_end_of_rib = true;
	peer_note_complete(p, view, family);
	for (struct table *t = p->tables; t != NULL; t = t->next) {
		if (t->view != view || !bgp_family_equal(t->family, family))
			continue;
		t->end_of_rib = true;
		if (routes_stale(&t->routes) > 0)
			job_empty(e, t, EMPTY_STALE, REASON_WITHDRAWN);
	}
	if (bgp_family_is_plain(family) || family.safi == SAFI_LABELLED)
		emit_complete(e, p, family, (uint8_t)(1U << view));
}

/* There was no Peer Up, and what it sends shows that it is up. */
static void
is_up_all_the_same(struct engine *e, struct peer *p, bool named)
{
	if (p->up && named)
		return;
	pipeline_flush(e);
	if (!p->up) {
		p->implicit = p->up = true;
		p->up_us = e->now_us;
	}
	emit_peer(e, p, EVENT_PEER_STILL_UP, "", 0);
}

/* Another view of the peer is monitored than before: a silence in it says something from now on. */
static void
tell_monitored(struct engine *e, const struct peer *p, const uint8_t before[4])
{
	static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
		{ AFI_IPV6, SAFI_UNICAST }, { AFI_IPV4, SAFI_LABELLED },
		{ AFI_IPV6, SAFI_LABELLED } };

	for (int k = 0; k < 4; k++)
		if (p->monitored[k] != before[k])
			emit_monitored(e, p, families[k]);
}

static void
on_update(void *ctx, struct bmp_stream *st, struct bmp_peer *live, struct bmp_update *u)
{
	struct engine_session *s = ctx;
	uint8_t monitored[4];
	bool named = live->user != NULL;
	struct router *r;
	struct peer *p;

	(void)st;
	if (!bound(s) || (p = peer_of(s->engine, s->router, live)) == NULL)
		return;
	r = s->router;
	if (p->as != live->as || p->local_as != live->local_as ||
	    (p->table_name[0] == '\0' && live->table_name[0] != '\0')) {
		pipeline_flush(s->engine);
		peer_learn(s->engine, p);
	}
	r->views_monitored |= (uint8_t)(1U << u->view);
	r->last_update_us = s->engine->now_us;
	if (live->implicit)
		is_up_all_the_same(s->engine, p, named);
	memcpy(monitored, p->monitored, sizeof(monitored));
	if (u->is_end_of_rib)
		end_of_rib(s->engine, p, (uint8_t)u->view, u->end_of_rib);
	else
		engine_apply(s, p, live, u);
	if (memcmp(monitored, p->monitored, sizeof(monitored)) == 0)
		return;
	pipeline_flush(s->engine);
	peer_begins(s->engine, p);
	tell_monitored(s->engine, p, monitored);
}

static void
on_encoding_proved(void *ctx, struct bmp_stream *st, struct bmp_peer *live,
    const struct bmp_update *u, struct bgp_family family, bool path_ids)
{
	struct engine_session *s = ctx;
	struct peer *p;

	(void)st;
	pipeline_flush(s->engine);
	if (u->mirrored || !bound(s) || (p = peer_of(s->engine, s->router, live)) == NULL)
		return;
	p->doubts_over |= UINT64_C(1) << QUIRK_ADDPATH_AMBIGUOUS;
	peer_drop_misread(s->engine, p, (uint8_t)u->view, family, path_ids);
}

static const struct bmp_stream_ops stream_ops = {
	.initiation = on_initiation,
	.peer_up = on_peer_up,
	.peer_down = on_peer_down,
	.update = on_update,
	.statistics = on_statistics,
	.encoding_proved = on_encoding_proved,
	.message = on_message,
};

/* --- the connection */

static void
set_now(struct engine *e, int64_t now_us)
{
	if (e->base_s == 0)
		e->base_s = now_us / 1000000 - 1;
	e->now_us = now_us;
}

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
	size_t taken;

	set_now(s->engine, now_us);
	taken = bmp_stream_feed(s->stream, buf, len, now_us);
	pipeline_flush(s->engine);
	return taken;
}

void
engine_session_close(struct engine_session *s, const char *why, int64_t now_us)
{
	set_now(s->engine, now_us);
	if (s->router != NULL)
		router_unbind(s, why);
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

const char *
engine_session_terminated(const struct engine_session *s, char *buf, size_t size)
{
	char why[2 * BMP_TEXT_MAX];

	if (!bmp_stream_terminated(s->stream))
		return NULL;
	snprintf(buf, size, "Termination received: %s",
	    bmp_stream_termination(s->stream, why, sizeof(why)));
	return buf;
}

uint64_t
engine_session_refused(const struct engine_session *s)
{
	return bmp_stream_peers_refused(s->stream);
}

unsigned
engine_session_peers(const struct engine_session *s)
{
	return bmp_stream_peers(s->stream);
}

const char *
engine_session_name(const struct engine_session *s)
{
	return s->router != NULL ? s->router->name : "";
}

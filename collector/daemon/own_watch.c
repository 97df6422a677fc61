#include "collector/daemon/own_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

struct own_watch {
	struct records *records;
	struct alarms *alarms;
	struct roa_watch *roas;
	struct visibility *visibility;
	int64_t now_us; /* while it restores */
	uint16_t rules; /* generation of those whose own prefixes roas knows; 0 none */
};

enum { ABOUT_MAX = 256 };
static const char room[] = "visible";

/* The incident of a session, which its loss belongs to. */
static void
relate_session(const struct own_watch *w, const char *about, struct condition_prefixes *p)
{
	static const enum watch kinds[] = { WATCH_DOWN, WATCH_FLAPPING };
	static const char session[] = "session ";

	if (strncmp(about, session, sizeof(session) - 1) != 0)
		return;
	about += sizeof(session) - 1;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (p->related_n == RECORD_RELATED_MAX ||
		    !alarm_holds(w->alarms, watch_names[kinds[k]], about))
			continue;
		p->related_kinds[p->related_n] = watch_names[kinds[k]];
		p->related_abouts[p->related_n++] = about;
	}
}

static void
set(void *ctx, const struct condition_said *from)
{
	struct own_watch *w = ctx;
	struct condition_prefixes prefixes = *from->prefixes;
	struct condition_said said = *from;

	said.prefixes = &prefixes;
	relate_session(w, from->about, &prefixes);
	alarm_say(w->alarms, &said);
}

static void
clear(void *ctx, const char *kind, const char *about, const char *text)
{
	alarm_off(((struct own_watch *)ctx)->alarms, kind, about, "%s", text);
}

static void
unknown(void *ctx, const char *kind, const char *about)
{
	alarm_unknown(((struct own_watch *)ctx)->alarms, kind, about);
}

/* Also of those that were told in dry-run. */
static void
keep_only(void *ctx, const char *const *abouts, size_t n)
{
	char(*texts)[ABOUT_MAX] = calloc(n + 1, sizeof(*texts));
	const char **all = calloc(2 * n + 1, sizeof(*all));

	for (size_t i = 0; texts != NULL && all != NULL && i < n; i++) {
		snprintf(texts[i], sizeof(texts[i]), "dry-run %s", abouts[i]);
		all[2 * i] = abouts[i];
		all[2 * i + 1] = texts[i];
	}
	if (texts != NULL && all != NULL)
		alarms_keep_only(((struct own_watch *)ctx)->alarms, "visibility.", all, 2 * n,
		    "it has not been so since the start");
	free(all);
	free(texts);
}

static void
keep(void *ctx, const char *key, const char *value, size_t len)
{
	records_state_put(((struct own_watch *)ctx)->records, room, key, value, len);
}

static const struct visibility_ops ops = {
	.set = set, .clear = clear, .unknown = unknown, .keep_only = keep_only, .keep = keep
};

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct own_watch *w = ctx;

	visibility_restore(w->visibility, key, value, len, w->now_us);
	return true;
}

struct own_watch *
own_watch_new(struct records *records, struct alarms *alarms, int64_t now_us)
{
	struct own_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->records = records;
	w->alarms = alarms;
	w->now_us = now_us;
	w->roas = roa_watch_new(records, alarms);
	w->visibility = visibility_new(&ops, w);
	if (w->roas == NULL || w->visibility == NULL) {
		own_watch_free(w);
		return NULL;
	}
	journal_state_each(records_history(records), room, restore_one, w);
	return w;
}

void
own_watch_free(struct own_watch *w)
{
	if (w == NULL)
		return;
	roa_watch_free(w->roas);
	visibility_free(w->visibility);
	free(w);
}

void
own_watch_configure(struct own_watch *w, const struct visibility_config *v)
{
	visibility_configure(w->visibility, v);
}

void
own_watch_event(struct own_watch *w, const struct engine_event *ev, int64_t now_us)
{
	struct visibility *v = w->visibility;
	const struct visibility_source s = { .router = ev->router_name,
		.peer = ev->address,
		.distinguisher = ev->distinguisher,
		.peer_as = ev->peer_as,
		.relation = ev->relation,
		.outside = ev->outside,
		.unmonitored = ev->unmonitored };

	switch (ev->type) {
	case EVENT_ROUTER_UP:
		visibility_router(v, ev->router_name, FEED_UP, now_us);
		break;
	case EVENT_ROUTER_DOWN:
		visibility_router(v, ev->router_name, FEED_DOWN, now_us);
		break;
	case EVENT_ROUTER_SYNCED:
		visibility_router(v, ev->router_name, FEED_SYNCED, now_us);
		break;
	case EVENT_ROUTER_FORGOTTEN:
		visibility_router_gone(v, ev->router_name);
		break;
	case EVENT_PEER_UP:
	case EVENT_PEER_DOWN:
		visibility_peer(v, &s, ev->type == EVENT_PEER_UP, ev->text, now_us);
		break;
	case EVENT_PEER_COMPLETE:
		visibility_complete(v, &s, ev->views_monitored, ev->family.afi == AFI_IPV6, now_us);
		break;
	case EVENT_OWN_AT:
		visibility_at(v, &s, &ev->prefix, ev->view, ev->family.safi == SAFI_LABELLED,
		    ev->there, ev->cause, now_us);
		break;
	default:
		break;
	}
}

void
own_watch_rename(struct own_watch *w, const char *from, const char *to)
{
	visibility_rename(w->visibility, from, to);
}

void
own_watch_accept(struct own_watch *w)
{
	visibility_accept(w->visibility);
}

/* What is ours has changed: listed, and derived. */
static void
set_prefixes(struct own_watch *w, const struct rules_keeper *rules)
{
	struct detect_config c = *rules->config;
	struct detect_own *own = own_derived_join(&rules->derived, rules->config, &c.own_n);

	if (own == NULL)
		return; /* the next time */
	c.own = own;
	roa_watch_configure(w->roas, &c);
	free(own);
	w->rules = rules->generation;
}

void
own_watch_tick(struct own_watch *w, const struct rules_keeper *rules, const struct vrp_set *vrps,
    enum rpki_state state, int64_t now_us)
{
	if (w->rules != rules->generation)
		set_prefixes(w, rules);
	roa_watch_tick(w->roas, vrps, state, clock_mono_us());
	visibility_tick(w->visibility, rules->detect, now_us);
}

void
own_watch_sources(struct own_watch *w, const struct rpki_sources *sources)
{
	roa_watch_sources(w->roas, sources);
}

void
own_watch_roas(const struct own_watch *w, const struct vrp_set *vrps,
    void (*each)(void *ctx, const struct own_roa *), void *ctx)
{
	roa_watch_each(w->roas, vrps, each, ctx);
}

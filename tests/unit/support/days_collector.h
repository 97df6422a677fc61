/*
 * The collector of a simulated day: engines, one or two, and the table of incidents, as the daemon
 * has them. It starts, stops, reloads, and is given VRPs.
 */
#pragma once

#include "tests/unit/support/days_oracle.h"

struct hook {
	struct day *day;
	unsigned engine;
};
static struct hook hooks[ENGINES];

static inline void
on_finding(void *ctx, const struct finding *f)
{
	struct hook *h = ctx;
	struct finding copy = *f;

	copy.router += h->engine * 1000;
	if (h->day->aloud) {
		char text[IP_PREFIX_TEXT_MAX];

		fprintf(stderr, "%6.1f route router %u peer %u view %u %s AS%u rules %x (%s)\n",
		    (double)(h->day->now % (100000 * (int64_t)SECOND)) / SECOND, copy.router,
		    f->peer, f->view, ip_prefix_format(&f->prefix, text), f->origin, f->rules,
		    reason_name(f->cause));
	}
	incidents_finding(h->day->table, &copy, h->day->now);
}

static inline void
on_event(void *ctx, const struct engine_event *ev)
{
	struct hook *h = ctx;
	uint32_t number = ev->router + h->engine * 1000;
	enum feed_state state = ev->type == EVENT_ROUTER_UP	? FEED_UP
				: ev->type == EVENT_ROUTER_DOWN ? FEED_DOWN
								: FEED_SYNCED;

	if (h->day->aloud && ev->type <= EVENT_ROUTER_SYNCED)
		fprintf(stderr, "%6.1f router %u %s state %u\n",
		    (double)(h->day->now % (100000 * (int64_t)SECOND)) / SECOND, number,
		    ev->router_name, state);
	if (ev->type == EVENT_ROUTER_UP || ev->type == EVENT_ROUTER_DOWN ||
	    ev->type == EVENT_ROUTER_SYNCED)
		incidents_feed(h->day->table, number, ev->router_name, state, ev->views_monitored,
		    h->day->now);
	else if (ev->type == EVENT_PEER_COMPLETE)
		incidents_complete(h->day->table, number, &ev->neighbor, ev->distinguisher,
		    source_family(ev->family.afi == AFI_IPV6, ev->family.safi == SAFI_LABELLED),
		    ev->views_monitored, h->day->now);
	else if (ev->type == EVENT_PEER_MONITORED)
		incidents_monitored(
		    h->day->table, number, ev->peer, SOURCE_V4, ev->views_monitored, h->day->now);
}

static const struct engine_ops ops = { on_finding, on_event };
static const struct incidents_ops table_ops = { .emit = on_record, .keep = on_kept };

static inline void
work(struct day *d)
{
	for (unsigned k = 0; k < d->engines_n; k++)
		while (engine_work(d->engines[k], 11, d->wall)) {
		}
	incidents_verdicts(d->table,
	    d->set == NULL ? VERDICTS_PENDING
	    : d->stale	   ? VERDICTS_FROZEN
			   : VERDICTS_WHOLE,
	    d->now);
}

static inline struct detect *
rules(uint16_t generation)
{
	static const uint32_t own_as[] = { 64500 };
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as, .own_asns_n = 1, .own = own, .own_n = 1 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	return detect_new(&dc, generation);
}

static inline void
start_collector(struct day *d)
{
	struct engine_config config = { .rib = rib_limits_default(1000),
		.message_max = 1 << 20,
		.peers_per_router = 10,
		.stale_s = STALE_S,
		.settle_s = 20,
		.forget_s = 100000,
		.lost_max = 10,
		.seed = d->random };
	struct incident_config ic = { .collector = "t",
		.hold_ms = 2000,
		.update_s = 300,
		.feed_grace_s = 10,
		.forget_s = 1000000,
		.settle_s = 30,
		.group_at = 1000,
		.max = 1000 };

	d->engines_n = 1 + pick(d, ENGINES);
	d->detect = rules(++d->detect_generation);
	d->table = incidents_new(&ic, &table_ops, d);
	for (unsigned k = 0; k < d->engines_n; k++) {
		hooks[k] = (struct hook){ d, k };
		d->engines[k] = engine_new(&config, d->detect, &ops, &hooks[k]);
	}
	incidents_set_clock(d->table, d->wall - d->now);
	for (unsigned k = 0; k < d->last_n; k++)
		incidents_restore(
		    d->table, &d->last[k], kept_of(d, d->last[k].incident.id), d->now);
}

/* What was held back when the collector stopped was told to nobody. */
static inline void
forget_untold(struct day *d, struct router *r)
{
	uint8_t *believed = &r->believed[0][0][0];

	for (unsigned k = 0; k < sizeof(table); k++)
		if (believed[k] != 0 && !d->scopes[believed[k] - 1].open)
			believed[k] = 0;
}

static inline void
stop_collector(struct day *d)
{
	for (unsigned r = 0; r < ROUTERS; r++) {
		if (d->routers[r].session != NULL)
			engine_session_close(d->routers[r].session, "stop", d->wall);
		d->routers[r].session = NULL;
		d->routers[r].connected = d->routers[r].complete = false;
		memset(d->routers[r].forgotten, 1, sizeof(table));
		forget_untold(d, &d->routers[r]);
	}
	incidents_free(d->table);
	for (unsigned k = 0; k < d->engines_n; k++)
		engine_free(d->engines[k]);
	detect_free(d->detect);
	vrp_set_unref(d->set);
	d->set = NULL;
}

static inline void
judge_all(struct day *d)
{
	for (unsigned r = 0; r < ROUTERS; r++)
		memset(d->routers[r].judged, 1, sizeof(d->routers[r].judged));
}

static inline void
set_vrps(struct day *d)
{
	struct vrp_list l = { 0 };
	struct vrp_set *next;
	struct vrp_delta delta;

	for (unsigned k = 0; k < VRPS; k++) {
		struct vrp v = { .max_len = vrps[k].max_length, .asn = vrps[k].asn };

		if (!(d->vrps_true >> k & 1))
			continue;
		ip_prefix_parse(vrps[k].prefix, true, &v.prefix);
		vrp_list_add(&l, &v);
	}
	vrp_list_sort_unique(&l);
	next = vrp_set_new(&l, ++d->set_generation);
	d->vrps_in_force = d->vrps_true;
	if (!d->stale)
		judge_all(d);
	note_truth(d);
	for (unsigned k = 0; k < d->engines_n; k++) {
		ck_assert(vrp_delta_between(d->set, next, &delta));
		engine_set_rpki(d->engines[k], next, vrp_cover_new(&delta), REASON_RPKI);
		vrp_delta_free(&delta);
	}
	vrp_set_unref(d->set);
	d->set = next;
	vrp_list_free(&l);
	work(d);
}

static inline void
freeze(struct day *d, bool stale)
{
	d->stale = stale;
	if (!stale) {
		judge_all(d);
		note_truth(d);
	}
	for (unsigned k = 0; k < d->engines_n; k++)
		engine_freeze_rov(d->engines[k], stale);
	work(d);
}

static inline void
reload(struct day *d)
{
	struct detect *next = rules(++d->detect_generation);

	for (unsigned k = 0; k < d->engines_n; k++)
		engine_set_detect(d->engines[k], next);
	work(d);
	detect_free(d->detect);
	d->detect = next;
}

/*
 * Days at random, by seed: routers, their peers and tables, VRPs, lost sessions, restarts of the
 * collector, reloads, clocks that step. The collector is engines, one or two, and the table of
 * incidents, as the daemon has them.
 *
 * The oracle knows what each router has, and what it told. It says
 *   - at the end, when everybody is back: what is open is exactly what is true, with the right
 * count;
 *   - at every opening: it was true a moment ago, by what was told;
 *   - at every closing: of nobody who told of it, and has not told otherwise since, is it still
 * true;
 *   - of every record: revisions rise by one, opened and closed alternate.
 *
 * BELLMAN_SEEDS=10000 runs so many, BELLMAN_SEED=n one, aloud.
 */
#include "tests/unit/support/harness.h"

#include <stdlib.h>

#include "collector/engine/engine.h"
#include "collector/incident/incident.h"
#include "parsers/bmp/write.h"

enum {
	SECOND = 1000000,
	ROUTERS = 3,
	PEERS = 2,
	VIEWS_TOLD = 2, /* Adj-RIB-In before and after policy */
	PREFIXES = 7,
	ORIGINS = 4,
	VRPS = 8,
	SCOPES = 64,
	STEPS = 160,
	ENGINES = 2,
	CALM_S = 700, /* at the end: longer than any wait */
#if defined(__SANITIZE_THREAD__)
	SEEDS = 10, /* one thread: there is nothing to find, and much time to lose */
#elif defined(__SANITIZE_ADDRESS__)
	SEEDS = 50,
#else
	SEEDS = 200,
#endif
	STALE_S = 60,
	LATE_S = 25, /* an opening tells of what was true so long ago at most */
};

static const char *const prefixes[PREFIXES] = { "203.0.113.0/24", "203.0.113.128/25",
	"198.51.100.0/24", "198.51.100.128/25", "192.0.2.0/24", "20.1.0.0/16", "20.1.2.0/24" };
static const uint32_t origins[ORIGINS] = { 64500, 64666, 64777, 64888 };
static const uint32_t neighbors[PEERS] = { 64501, 64510 };

/* One of them is in force or not, as the day goes. */
static const struct {
	const char *prefix;
	uint8_t max_length;
	uint32_t asn;
} vrps[VRPS] = { { "203.0.113.0/24", 24, 64500 }, { "198.51.100.0/24", 24, 64777 },
	{ "198.51.100.0/24", 25, 64777 }, { "192.0.2.0/24", 24, 64888 },
	{ "192.0.2.0/24", 24, 64666 }, { "20.1.0.0/16", 16, 64888 }, { "20.0.0.0/8", 8, 0 },
	{ "20.1.2.0/24", 24, 64888 } };

/* Index of origins + 1, 0: no route. */
typedef uint8_t table[PEERS][VIEWS_TOLD][PREFIXES];

struct router {
	table has, told; /* told: what the collector must assume, also while it is away */
	table judged;	 /* origin validation has judged what was told */
	table forgotten; /* by the collector, which waits for it */
	table believed;	 /* number of the scope, + 1, that the collector takes it for */
	int64_t lost_us;
	bool up[PEERS], connected, complete;
	struct engine_session *session;
	unsigned engine;
	int64_t eor_us; /* when its dump ends; 0: it has */
};

struct scope {
	char name[RECORD_SCOPE_MAX], id[RECORD_ID_MAX];
	int64_t true_us; /* last */
	uint32_t revision;
	bool open;
};

struct day {
	uint64_t random;
	bool aloud;
	unsigned seed;
	int64_t now, wall; /* now: never set */
	unsigned engines_n;
	struct engine *engines[ENGINES];
	struct detect *detect;
	uint16_t detect_generation;
	struct incidents *table;
	struct router routers[ROUTERS];
	uint32_t vrps_true, vrps_in_force; /* bits; in force: what the engines judge by */
	struct vrp_set *set;
	uint64_t set_generation;
	bool stale;
	struct scope scopes[SCOPES];
	unsigned scopes_n, opened;
	struct record last[SCOPES], kept[SCOPES];
	unsigned last_n, kept_n;
};

static unsigned
pick(struct day *d, unsigned n)
{
	d->random ^= d->random << 13;
	d->random ^= d->random >> 7;
	d->random ^= d->random << 17;
	return (unsigned)((d->random >> 20) % n);
}

/* --- the oracle */

static struct scope *
scope_of(struct day *d, const char *name)
{
	for (unsigned k = 0; k < d->scopes_n; k++)
		if (strcmp(d->scopes[k].name, name) == 0)
			return &d->scopes[k];
	ck_assert_uint_lt(d->scopes_n, SCOPES);
	snprintf(d->scopes[d->scopes_n].name, RECORD_SCOPE_MAX, "%s", name);
	return &d->scopes[d->scopes_n++];
}

/* What the event is called of which this route is part: by the RFCs, route by route. */
static bool
verdict(const char *prefix, uint32_t origin, uint32_t in_force, char out[RECORD_SCOPE_MAX])
{
	struct ip_prefix p, q, own;
	bool covered = false, named = false;

	ip_prefix_parse(prefix, true, &p);
	ip_prefix_parse("203.0.113.0/24", true, &own);
	if (ip_prefix_covers(&own, &p) && origin != 64500) {
		snprintf(out, RECORD_SCOPE_MAX, "hijack|AS%u", origin);
		return true;
	}
	for (unsigned k = 0; k < VRPS; k++) {
		ip_prefix_parse(vrps[k].prefix, true, &q);
		if (!(in_force >> k & 1) || !ip_prefix_covers(&q, &p))
			continue;
		covered = true;
		named |= vrps[k].asn == origin && vrps[k].asn != 0;
		if (vrps[k].asn == origin && p.len <= vrps[k].max_length)
			return false;
	}
	if (!covered)
		return false;
	snprintf(out, RECORD_SCOPE_MAX, "rov.invalid.%s|AS%u", named ? "length" : "asn", origin);
	return true;
}

/* Is it true of a route of this table? How many prefixes are concerned goes into `concerned`. */
static bool
true_of(table t, const char *name, uint32_t in_force, uint32_t *concerned)
{
	char scope[RECORD_SCOPE_MAX];
	bool any = false;

	for (unsigned p = 0; p < PEERS; p++)
		for (unsigned v = 0; v < VIEWS_TOLD; v++)
			for (unsigned k = 0; k < PREFIXES; k++)
				if (t[p][v][k] != 0 &&
				    verdict(
					prefixes[k], origins[t[p][v][k] - 1], in_force, scope) &&
				    strcmp(scope, name) == 0) {
					any = true;
					*concerned |= 1U << k;
				}
	return any;
}

/* What the collector believes of a route: as it was told, under the VRPs in force; when it has
 * forgotten the route, as it was then. */
static void
believe(struct day *d, struct router *r, unsigned p, unsigned v, unsigned k)
{
	uint8_t o = r->told[p][v][k];
	char scope[RECORD_SCOPE_MAX];
	struct scope *s;

	if (r->forgotten[p][v][k])
		return;
	r->believed[p][v][k] = 0;
	if (o == 0 || !verdict(prefixes[k], origins[o - 1], d->vrps_in_force, scope) ||
	    (scope[0] != 'h' && !r->judged[p][v][k]))
		return;
	s = scope_of(d, scope);
	s->true_us = d->now;
	r->believed[p][v][k] = (uint8_t)(s - d->scopes + 1);
}

static void
note_truth(struct day *d)
{
	for (unsigned r = 0; r < ROUTERS; r++)
		for (unsigned p = 0; p < PEERS; p++)
			for (unsigned v = 0; v < VIEWS_TOLD; v++)
				for (unsigned k = 0; k < PREFIXES; k++)
					believe(d, &d->routers[r], p, v, k);
}

static void
check_closing(struct day *d, const struct record_incident *i)
{
	uint8_t number = (uint8_t)(scope_of(d, i->scope) - d->scopes + 1);

	for (unsigned r = 0; r < ROUTERS; r++)
		ck_assert_msg(memchr(d->routers[r].believed, number, sizeof(table)) == NULL,
		    "seed %u: %s is closed (%s), and r%u told of it", d->seed, i->scope,
		    reason_name(i->reason), r);
}

/* As the journal does, by id. */
static void
keep_in(struct record *v, unsigned *n, const struct record *r)
{
	for (unsigned k = 0; k < *n; k++)
		if (strcmp(v[k].incident.id, r->incident.id) == 0) {
			v[k] = *r;
			return;
		}
	ck_assert_uint_lt(*n, SCOPES);
	v[(*n)++] = *r;
}

static const struct record *
kept_of(const struct day *d, const char *id)
{
	for (unsigned k = 0; k < d->kept_n; k++)
		if (strcmp(d->kept[k].incident.id, id) == 0)
			return &d->kept[k];
	return NULL;
}

static void
on_kept(void *ctx, const struct record *r, unsigned part)
{
	struct day *d = ctx;

	ck_assert_uint_eq(part, 0); /* they are few */
	keep_in(d->kept, &d->kept_n, r);
}

static void
on_record(void *ctx, const struct record *r)
{
	struct day *d = ctx;
	const struct record_incident *i = &r->incident;
	struct scope *s;

	if (r->kind != RECORD_INCIDENT)
		return;
	if (d->aloud)
		fprintf(stderr, "%6.1f %-8s %s (%s) %llu prefixes, occurrence %u\n",
		    (double)(d->now % (100000 * (int64_t)SECOND)) / SECOND,
		    transition_name(i->transition), i->scope, reason_name(i->reason),
		    (unsigned long long)i->prefixes_n, i->occurrence);
	s = scope_of(d, i->scope);
	ck_assert_msg(i->revision == s->revision + 1, "seed %u: revision %u of %s after %u",
	    d->seed, i->revision, i->scope, s->revision);
	s->revision = i->revision;
	if (i->transition == TRANSITION_OPENED) {
		ck_assert_msg(!s->open, "seed %u: %s is opened twice", d->seed, i->scope);
		ck_assert_msg(s->true_us != 0 && d->now - s->true_us <= LATE_S * (int64_t)SECOND,
		    "seed %u: %s is opened, and was not true", d->seed, i->scope);
		d->opened++;
	} else {
		ck_assert_msg(s->open, "seed %u: %s is told, and not open", d->seed, i->scope);
	}
	if (i->transition == TRANSITION_CLOSED)
		check_closing(d, i);
	s->open = i->transition != TRANSITION_CLOSED;
	keep_in(d->last, &d->last_n, r);
}

/* --- the collector */

struct hook {
	struct day *day;
	unsigned engine;
};
static struct hook hooks[ENGINES];

static void
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

static void
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

static void
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

static struct detect *
rules(uint16_t generation)
{
	static const uint32_t own_as[] = { 64500 };
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as, .own_asns_n = 1, .own = own, .own_n = 1 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	return detect_new(&dc, generation);
}

static void
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
static void
forget_untold(struct day *d, struct router *r)
{
	uint8_t *believed = &r->believed[0][0][0];

	for (unsigned k = 0; k < sizeof(table); k++)
		if (believed[k] != 0 && !d->scopes[believed[k] - 1].open)
			believed[k] = 0;
}

static void
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

static void
judge_all(struct day *d)
{
	for (unsigned r = 0; r < ROUTERS; r++)
		memset(d->routers[r].judged, 1, sizeof(d->routers[r].judged));
}

static void
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

static void
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

/* --- the routers */

static struct bmp_peer_spec
peer_spec(unsigned p, unsigned view)
{
	return (struct bmp_peer_spec){ .flags = view == 1 ? BMP_FLAG_L : 0,
		.as = neighbors[p],
		.address = { IP_V4, { 192, 0, 2, (uint8_t)(p + 1) } },
		.sec = 1700000000 };
}

static void
feed(struct day *d, struct router *r, const uint8_t *buf, size_t n)
{
	ck_assert_uint_eq(engine_session_feed(r->session, buf, n, d->wall), n);
}

static void
say(struct day *d, struct router *r, unsigned p, unsigned v, unsigned k, uint8_t origin)
{
	uint32_t path[] = { neighbors[p], origin != 0 ? origins[origin - 1] : 0 };
	struct bgp_route_spec spec = {
		.as_path = path, .as_path_n = 2, .next_hop = { IP_V4, { 192, 0, 2, 1 } }
	};
	struct bgp_prefix_spec x = { .path_id = 0 };
	struct bmp_peer_spec ps = peer_spec(p, v);
	uint8_t bgp[1024], buf[2048];
	size_t n;

	ip_prefix_parse(prefixes[k], true, &x.prefix);
	n = origin != 0 ? bgp_write_update(bgp, sizeof(bgp), &spec, &x, 1, NULL, 0, false)
			: bgp_write_update(bgp, sizeof(bgp), &spec, NULL, 0, &x, 1, false);
	if (r->told[p][v][k] != origin || r->forgotten[p][v][k])
		r->judged[p][v][k] = d->set != NULL && !d->stale;
	r->told[p][v][k] = origin;
	r->forgotten[p][v][k] = 0;
	note_truth(d);
	feed(d, r, buf, bmp_write_route_monitoring(buf, sizeof(buf), &ps, bgp, n));
}

static void
say_up(struct day *d, struct router *r, unsigned p)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
			     received = { .as = neighbors[p], .role = BGP_ROLE_NONE };
	struct bmp_peer_spec ps = peer_spec(p, 0);
	uint8_t buf[512];

	feed(d, r, buf, bmp_write_peer_up(buf, sizeof(buf), &ps, &local, &sent, &received, NULL));
}

static void
say_end(struct day *d, struct router *r, unsigned p)
{
	const struct bgp_family family = { AFI_IPV4, SAFI_UNICAST };
	uint8_t bgp[64], buf[256];

	for (unsigned v = 0; v < VIEWS_TOLD; v++) {
		struct bmp_peer_spec ps = peer_spec(p, v);
		size_t n = bgp_write_end_of_rib(bgp, sizeof(bgp), family);

		feed(d, r, buf, bmp_write_route_monitoring(buf, sizeof(buf), &ps, bgp, n));
	}
}

static void
connect(struct day *d, unsigned which)
{
	struct router *r = &d->routers[which];
	char name[16], address[32];
	uint8_t buf[256];

	if (r->connected)
		return;
	snprintf(name, sizeof(name), "r%u", which);
	snprintf(address, sizeof(address), "192.0.2.%u", 200 + which);
	/* a router's connection lives on one engine, which may be another after a restart */
	r->engine %= d->engines_n;
	r->session = engine_session_open(d->engines[r->engine], address, NULL, d->wall);
	r->connected = true;
	r->complete = false;
	r->eor_us = d->now + pick(d, 15) * (int64_t)SECOND;
	feed(d, r, buf, bmp_write_initiation(buf, sizeof(buf), name, "test"));
	for (unsigned p = 0; p < PEERS; p++) {
		if (!r->up[p])
			continue;
		say_up(d, r, p);
		for (unsigned v = 0; v < VIEWS_TOLD; v++)
			for (unsigned k = 0; k < PREFIXES; k++)
				if (r->has[p][v][k] != 0)
					say(d, r, p, v, k, r->has[p][v][k]);
	}
}

static void
end_dump(struct day *d, struct router *r)
{
	memcpy(r->told, r->has, sizeof(r->told));
	for (unsigned p = 0; p < PEERS; p++) {
		if (!r->up[p])
			memset(r->told[p], 0, sizeof(r->told[p]));
		else
			say_end(d, r, p);
	}
	memset(r->forgotten, 0, sizeof(r->forgotten));
	r->complete = true;
}

static void
lose(struct day *d, unsigned which)
{
	struct router *r = &d->routers[which];

	if (!r->connected)
		return;
	engine_session_close(r->session, "lost", d->wall);
	r->session = NULL;
	r->connected = r->complete = false;
	r->lost_us = d->now;
}

static void
toggle_peer(struct day *d, struct router *r, unsigned p)
{
	struct bmp_peer_spec ps = peer_spec(p, 0);
	uint8_t buf[256];

	r->up[p] = !r->up[p];
	memset(r->has[p], 0, sizeof(r->has[p]));
	if (!r->connected)
		return;
	if (!r->up[p] || r->complete) { /* else only the end of the dump says that they are gone */
		memset(r->told[p], 0, sizeof(r->told[p]));
		memset(r->forgotten[p], 0, sizeof(r->forgotten[p]));
	}
	if (!r->up[p]) {
		feed(d, r, buf, bmp_write_peer_down(buf, sizeof(buf), &ps, 4, 0));
	} else {
		say_up(d, r, p);
		if (r->complete)
			say_end(d, r, p);
	}
}

static void
change_route(struct day *d, struct router *r)
{
	unsigned p = pick(d, PEERS), v = pick(d, VIEWS_TOLD), k = pick(d, PREFIXES);
	uint8_t origin = (uint8_t)(pick(d, 2) == 0 ? 0 : 1 + pick(d, ORIGINS));

	if (!r->up[p])
		return;
	r->has[p][v][k] = origin;
	if (r->connected)
		say(d, r, p, v, k, origin);
}

/* --- a day */

/* The collector forgets what a router told that has been away for so long. */
static void
expire(struct day *d, struct router *r)
{
	if (r->connected || r->lost_us == 0 || d->now - r->lost_us <= STALE_S * (int64_t)SECOND)
		return;
	memset(r->forgotten, 1, sizeof(table));
	forget_untold(d, r);
	r->lost_us = 0;
}

static void
pass(struct day *d, unsigned tenths)
{
	for (; tenths > 0; tenths--) {
		d->now += SECOND / 10;
		d->wall += SECOND / 10;
		for (unsigned r = 0; r < ROUTERS; r++)
			if (d->routers[r].connected && !d->routers[r].complete &&
			    d->now >= d->routers[r].eor_us)
				end_dump(d, &d->routers[r]);
		for (unsigned r = 0; r < ROUTERS; r++)
			expire(d, &d->routers[r]);
		for (unsigned k = 0; k < d->engines_n; k++)
			engine_tick(d->engines[k], d->wall);
		work(d);
		note_truth(d);
		incidents_set_clock(d->table, d->wall - d->now);
		incidents_tick(d->table, d->now);
	}
}

static void
reload(struct day *d)
{
	struct detect *next = rules(++d->detect_generation);

	for (unsigned k = 0; k < d->engines_n; k++)
		engine_set_detect(d->engines[k], next);
	work(d);
	detect_free(d->detect);
	d->detect = next;
}

static void
step(struct day *d)
{
	unsigned r = pick(d, ROUTERS);

	switch (pick(d, 24)) {
	case 0:
		lose(d, r);
		break;
	case 1:
	case 2:
		connect(d, r);
		break;
	case 3:
		toggle_peer(d, &d->routers[r], pick(d, PEERS));
		break;
	case 4:
	case 5:
		d->vrps_true ^= 1U << pick(d, VRPS);
		if (d->set != NULL && !d->stale)
			set_vrps(d);
		break;
	case 6:
		if (d->set != NULL)
			freeze(d, !d->stale);
		break;
	case 7:
		if (pick(d, 3) == 0) {
			stop_collector(d);
			d->stale = false;
			d->now += pick(d, 60) * (int64_t)SECOND;
			d->wall += pick(d, 60) * (int64_t)SECOND;
			start_collector(d);
		}
		break;
	case 8:
		if (d->set == NULL)
			set_vrps(d);
		break;
	case 9:
		reload(d);
		break;
	case 10:
		for (unsigned k = 0; k < d->engines_n; k++)
			engine_tell_again(d->engines[k]);
		work(d);
		break;
	case 11:
		pass(d, pick(d, 900));
		break;
	default:
		change_route(d, &d->routers[r]);
	}
	pass(d, 1 + pick(d, 40));
}

/* Everybody comes back, and time passes: what is open is what is true. */
static void
evening(struct day *d)
{
	uint64_t cursor = 0;
	struct record r;
	unsigned open = 0, truths = 0;

	set_vrps(d);
	if (d->stale)
		freeze(d, false);
	for (unsigned k = 0; k < ROUTERS; k++) {
		/* of a router that shows no peer at all nobody can say anything */
		for (unsigned p = 0; p < PEERS; p++)
			if (!d->routers[k].up[p])
				toggle_peer(d, &d->routers[k], p);
		connect(d, k);
	}
	pass(d, CALM_S * 10);
	while (incidents_next(d->table, &cursor, &r)) {
		uint32_t concerned = 0;

		for (unsigned k = 0; k < ROUTERS; k++)
			true_of(d->routers[k].has, r.incident.scope, d->vrps_true, &concerned);
		for (unsigned k = 0; d->aloud && k < r.incident.holders_n; k++)
			fprintf(stderr, "%s: %s AS%u views %x, %u routes%s\n", r.incident.scope,
			    r.incident.holders[k].router, r.incident.holders[k].peer_as,
			    r.incident.holders[k].views, r.incident.holders[k].routes,
			    r.incident.holders[k].lost ? ", lost" : "");
		ck_assert_msg(r.incident.transition != TRANSITION_UNKNOWN, "seed %u: %s is unknown",
		    d->seed, r.incident.scope);
		ck_assert_msg(r.incident.prefixes_n == (unsigned)__builtin_popcount(concerned),
		    "seed %u: %s has %llu prefixes, not %u", d->seed, r.incident.scope,
		    (unsigned long long)r.incident.prefixes_n,
		    (unsigned)__builtin_popcount(concerned));
		open++;
	}
	for (unsigned k = 0; k < d->scopes_n; k++) {
		uint32_t concerned = 0;
		bool is = false;

		for (unsigned j = 0; j < ROUTERS; j++)
			is |=
			    true_of(d->routers[j].has, d->scopes[k].name, d->vrps_true, &concerned);
		ck_assert_msg(d->scopes[k].open == is, "seed %u: %s is %s, and was told as %s",
		    d->seed, d->scopes[k].name, is ? "true" : "not true",
		    d->scopes[k].open ? "open" : "closed");
		truths += is;
	}
	ck_assert_msg(open == truths, "seed %u: %u are shown, %u are true", d->seed, open, truths);
}

static unsigned
live_a_day(unsigned seed, bool aloud)
{
	static struct day d;

	memset(&d, 0, sizeof(d));
	d.seed = seed;
	d.aloud = aloud;
	d.random = 0x9e3779b97f4a7c15ULL * (seed + 1);
	d.now = d.wall = 1700000000LL * SECOND;
	for (unsigned r = 0; r < ROUTERS; r++) {
		d.routers[r].engine = pick(&d, ENGINES);
		d.routers[r].up[0] = d.routers[r].up[1] = true;
	}
	start_collector(&d);
	d.vrps_true = pick(&d, 1U << VRPS);
	for (unsigned k = 0; k < STEPS; k++)
		step(&d);
	evening(&d);
	stop_collector(&d);
	return d.opened;
}

START_TEST(test_days)
{
	const char *n = getenv("BELLMAN_SEEDS"), *one = getenv("BELLMAN_SEED");
	unsigned seeds = n != NULL ? (unsigned)strtoul(n, NULL, 10) : SEEDS, opened = 0;

	if (one != NULL) {
		live_a_day((unsigned)strtoul(one, NULL, 10), true);
		return;
	}
	for (unsigned seed = 0; seed < seeds; seed++)
		opened += live_a_day(seed, false);
	ck_assert_uint_gt(opened, seeds); /* the days are not empty */
}
END_TEST

HARNESS_MAIN("days")
{
	TIMEOUT(7200);
	TEST(test_days);
}

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
#include "tests/unit/support/days_routers.h"

enum {
	STEPS = 160,
	CALM_S = 700, /* at the end: longer than any wait */
#if defined(__SANITIZE_THREAD__)
	SEEDS = 10, /* one thread: there is nothing to find, and much time to lose */
#elif defined(__SANITIZE_ADDRESS__)
	SEEDS = 50,
#else
	SEEDS = 200,
#endif
};

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
	unsigned open = 0, truths = 0, told = 0, in_all = 0;
	char hijack[RECORD_SCOPE_MAX];

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
		unsigned least = prefixes_of(d, r.incident.scope),
			 most = prefixes_at_most(d, r.incident.scope);
		bool shared = r.incident.scope[0] != 'h' &&
			      scope_of(d, hijack_of(r.incident.scope, hijack))->open;

		for (unsigned k = 0; d->aloud && k < r.incident.holders_n; k++)
			fprintf(stderr, "%s: %s AS%u views %x, %u routes%s\n", r.incident.scope,
			    r.incident.holders[k].router, r.incident.holders[k].peer_as,
			    r.incident.holders[k].views, r.incident.holders[k].routes,
			    r.incident.holders[k].lost ? ", lost" : "");
		ck_assert_msg(r.incident.transition != TRANSITION_UNKNOWN, "seed %u: %s is unknown",
		    d->seed, r.incident.scope);
		ck_assert_msg(
		    r.incident.prefixes_n <= most && (r.incident.prefixes_n >= least || shared),
		    "seed %u: %s has %llu prefixes, not %u to %u", d->seed, r.incident.scope,
		    (unsigned long long)r.incident.prefixes_n, least, most);
		told += (unsigned)r.incident.prefixes_n;
		in_all += least;
		open++;
	}
	for (unsigned k = 0; k < d->scopes_n; k++) {
		const struct scope *s = &d->scopes[k];
		bool is = prefixes_of(d, s->name) > 0,
		     part = s->name[0] != 'h' && scope_of(d, hijack_of(s->name, hijack))->open;

		ck_assert_msg(s->open == is || (is && part),
		    "seed %u: %s is %s, and was told as %s", d->seed, s->name,
		    is ? "true" : "not true", s->open ? "open" : "closed");
		truths += s->open;
		in_all += is && !s->open ? prefixes_of(d, s->name) : 0;
	}
	ck_assert_msg(told >= in_all, "seed %u: %u prefixes are told, %u are concerned", d->seed,
	    told, in_all);
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

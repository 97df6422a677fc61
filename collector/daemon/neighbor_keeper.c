#include "collector/daemon/neighbor_keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/daemon/detour_keeper.h"
#include "collector/daemon/messages.h"
#include "collector/daemon/own_presence.h"

enum { FORGOTTEN_DAYS = 14, SETTLED_US = 1000000 };
static const char room[] = "neighbor", judged_key[] = "judged";

struct known {
	uint32_t asn;
	uint32_t day; /* that it was seen on last, in days since 1970 UTC */
};

struct neighbor_keeper {
	struct records *records;
	struct workers *workers;
	struct known *v; /* sorted */
	size_t n, max;
	bool judged;	 /* they are known well enough */
	bool news;	 /* the workers do not know all of it yet */
	bool any_synced; /* a router has shown all it has */
	int64_t settled_us;
	uint32_t day;
	char (*routers)[ENGINE_NAME_MAX]; /* those that have not shown all they have */
	size_t routers_n, routers_max;
	struct own_presence own;
};

static uint32_t
today(void)
{
	return (uint32_t)(clock_wall_us() / ((int64_t)86400 * 1000000));
}

static size_t
place_of(const struct neighbor_keeper *k, uint32_t asn)
{
	size_t lo = 0, hi = k->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (k->v[mid].asn < asn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The one of that AS, made when missing with day 0; NULL when out of memory. */
static struct known *
known_of(struct neighbor_keeper *k, uint32_t asn)
{
	size_t at = place_of(k, asn);

	if (at < k->n && k->v[at].asn == asn)
		return &k->v[at];
	if (k->n == k->max) {
		size_t max = k->max != 0 ? 2 * k->max : 64;
		struct known *v = realloc(k->v, max * sizeof(*v));

		if (v == NULL)
			return NULL;
		k->v = v;
		k->max = max;
	}
	memmove(&k->v[at + 1], &k->v[at], (k->n - at) * sizeof(*k->v));
	k->v[at] = (struct known){ .asn = asn };
	k->n++;
	return &k->v[at];
}

/* --- kept */

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct neighbor_keeper *k = ctx;
	char text[16] = "";
	uint32_t asn, day;
	struct known *one;

	if (strcmp(key, judged_key) == 0)
		k->judged = true;
	if (len >= sizeof(text))
		return true;
	memcpy(text, value, len);
	if (sscanf(key, "%" SCNu32, &asn) == 1 && sscanf(text, "%" SCNu32, &day) == 1 &&
	    (one = known_of(k, asn)) != NULL)
		one->day = day;
	return true;
}

static void
keep(struct neighbor_keeper *k, uint32_t asn, uint32_t day)
{
	char key[16], value[16];
	int n = snprintf(value, sizeof(value), "%" PRIu32, day);

	snprintf(key, sizeof(key), "%" PRIu32, asn);
	records_state_put(k->records, room, key, day != 0 ? value : NULL, (size_t)n);
}

struct neighbor_keeper *
neighbor_keeper_new(struct records *records)
{
	struct neighbor_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->records = records;
	journal_state_each(records_history(records), room, restore_one, k);
	own_presence_init(&k->own, records);
	return k;
}

void
neighbor_keeper_free(struct neighbor_keeper *k)
{
	if (k == NULL)
		return;
	free(k->v);
	free(k->routers);
	own_presence_fini(&k->own);
	free(k);
}

/* --- what the workers know */

static void
push(struct neighbor_keeper *k, bool anew)
{
	struct cmd_neighbors cmd = { .type = CMD_NEIGHBORS, .anew = anew, .judged = k->judged };
	size_t at = 0;

	do {
		for (cmd.n = 0; cmd.n < NEIGHBORS_PIECE && at < k->n; at++)
			cmd.asns[cmd.n++] = k->v[at].asn;
		cmd.more = at < k->n;
		workers_command_all(
		    k->workers, &cmd, offsetof(struct cmd_neighbors, asns) + 4 * (size_t)cmd.n);
		cmd.anew = false;
	} while (cmd.more);
	k->news = false;
}

/* Those whom nobody has seen for long. A clock that was set back makes nobody old. */
static bool
forget_old(struct neighbor_keeper *k)
{
	size_t n = 0, before = k->n;

	for (size_t i = 0; i < k->n; i++) {
		if (k->v[i].day + FORGOTTEN_DAYS < k->day)
			keep(k, k->v[i].asn, 0);
		else
			k->v[n++] = k->v[i];
	}
	k->n = n;
	return n < before;
}

void
neighbor_keeper_begin(struct neighbor_keeper *k, struct workers *workers)
{
	k->workers = workers;
	k->day = today();
	forget_old(k);
	push(k, true);
	own_presence_tick(&k->own, workers, true, 0);
	detour_keeper_begin(k->records, workers);
}

void
neighbor_keeper_detour(struct neighbor_keeper *k, const struct engine_event *ev)
{
	detour_keeper_saw(k->records, k->workers, ev);
}

void
neighbor_keeper_own(struct neighbor_keeper *k, const struct engine_event *ev)
{
	own_presence_saw(&k->own, ev, clock_mono_us());
}

void
neighbor_keeper_saw(struct neighbor_keeper *k, uint32_t asn)
{
	struct known *one = known_of(k, asn);
	uint32_t day = today();

	if (one == NULL || one->day == day)
		return;
	k->news |= one->day == 0;
	one->day = day;
	keep(k, asn, day);
}

/* --- when they are known well enough */

static bool
wait_for(struct neighbor_keeper *k, const char *router)
{
	if (k->routers_n == k->routers_max) {
		size_t max = k->routers_max != 0 ? 2 * k->routers_max : 16;
		void *v = realloc(k->routers, max * sizeof(*k->routers));

		if (v == NULL)
			return false;
		k->routers = v;
		k->routers_max = max;
	}
	snprintf(k->routers[k->routers_n++], sizeof(*k->routers), "%s", router);
	return true;
}

void
neighbor_keeper_router(struct neighbor_keeper *k, const char *router, enum feed_state state)
{
	size_t i = 0;

	if (k->judged)
		return;
	k->any_synced |= state == FEED_SYNCED;
	while (i < k->routers_n && strcmp(k->routers[i], router) != 0)
		i++;
	if (state == FEED_UP && i == k->routers_n && !wait_for(k, router))
		log_error("neighbors", "out of memory: nobody waits for %s", router);
	if (state != FEED_UP && i < k->routers_n)
		memmove(k->routers[i], k->routers[--k->routers_n], sizeof(*k->routers));
}

/* Those that have come have shown all they have, and for a moment nobody was new. */
static bool
are_known(struct neighbor_keeper *k, int64_t now_us)
{
	if (k->news || k->settled_us == 0)
		k->settled_us = now_us + SETTLED_US;
	return k->any_synced && k->routers_n == 0 && k->n > 0 && now_us >= k->settled_us;
}

void
neighbor_keeper_tick(struct neighbor_keeper *k, int64_t now_us)
{
	uint32_t day = today();

	if (!k->judged && are_known(k, now_us)) {
		k->judged = k->news = true;
		records_state_put(k->records, room, judged_key, "1", 1);
	}
	if (day != k->day) {
		k->day = day;
		if (forget_old(k))
			push(k, true);
	}
	if (k->news)
		push(k, false);
	own_presence_tick(&k->own, k->workers, false, now_us);
}

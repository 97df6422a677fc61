#include "collector/daemon/relation_keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/messages.h"

enum { FORGOTTEN_DAYS = 14, KEY_MAX = 2 * ENGINE_NAME_MAX + BGP_RD_TEXT_MAX + 16 };
static const char room[] = "relation";

struct kept {
	struct cmd_inferred cmd; /* as workers are told */
	uint32_t day;		 /* when it was said last, in days since 1970 UTC */
};

struct relation_keeper {
	struct records *records;
	struct workers *workers;
	struct kept *v;
	size_t n, max;
};

static uint32_t
today(void)
{
	return (uint32_t)(clock_wall_us() / ((int64_t)86400 * 1000000));
}

/* A blank is in none but perhaps the name of the router, which comes last. */
static void
key_of(const struct cmd_inferred *c, char key[KEY_MAX])
{
	snprintf(key, KEY_MAX, "%" PRIu32 " %s %s %s", c->asn, c->address,
	    c->distinguisher[0] != '\0' ? c->distinguisher : "-", c->router);
}

static bool
read_key(const char *key, struct cmd_inferred *c)
{
	int n = 0;

	if (sscanf(key, "%" SCNu32 " %63s %31s %n", &c->asn, c->address, c->distinguisher, &n) !=
		3 ||
	    n == 0)
		return false;
	if (strcmp(c->distinguisher, "-") == 0)
		c->distinguisher[0] = '\0';
	text_copy(c->router, sizeof(c->router), key + n);
	return true;
}

static void
keep(struct relation_keeper *k, const struct kept *one)
{
	const struct engine_inferred *i = &one->cmd.inferred;
	char key[KEY_MAX], value[96];
	int n = snprintf(value, sizeof(value), "%s %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32,
	    relation_name(i->relation), i->in, i->out, i->full, one->day);

	key_of(&one->cmd, key);
	records_state_put(k->records, room, key, one->day != 0 ? value : NULL, (size_t)n);
}

static uint8_t
relation_of(const char *name)
{
	for (uint8_t r = NEIGHBOR_CUSTOMER; r <= NEIGHBOR_PROVIDER; r++)
		if (strcmp(name, relation_name(r)) == 0)
			return r;
	return NEIGHBOR_UNKNOWN;
}

/* NULL when out of memory. */
static struct kept *
kept_of(struct relation_keeper *k, const struct cmd_inferred *c)
{
	for (size_t i = 0; i < k->n; i++) {
		struct cmd_inferred *o = &k->v[i].cmd;

		if (o->asn == c->asn && strcmp(o->address, c->address) == 0 &&
		    strcmp(o->router, c->router) == 0 &&
		    strcmp(o->distinguisher, c->distinguisher) == 0)
			return &k->v[i];
	}
	if (k->n == k->max) {
		size_t max = k->max != 0 ? 2 * k->max : 64;
		struct kept *v = realloc(k->v, max * sizeof(*v));

		if (v == NULL)
			return NULL;
		k->v = v;
		k->max = max;
	}
	k->v[k->n] = (struct kept){ .cmd = *c };
	return &k->v[k->n++];
}

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct relation_keeper *k = ctx;
	struct cmd_inferred c = { .type = CMD_INFERRED };
	char text[96] = "", relation[16];
	uint32_t day;
	struct kept *one;

	if (len >= sizeof(text))
		return true;
	memcpy(text, value, len);
	if (!read_key(key, &c) ||
	    sscanf(text, "%15s %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32, relation,
		&c.inferred.in, &c.inferred.out, &c.inferred.full, &day) != 5)
		return true;
	c.inferred.relation = relation_of(relation);
	if (c.inferred.relation != NEIGHBOR_UNKNOWN && (one = kept_of(k, &c)) != NULL)
		one->day = day;
	return true;
}

struct relation_keeper *
relation_keeper_new(struct records *records)
{
	struct relation_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->records = records;
	journal_state_each(records_history(records), room, restore_one, k);
	return k;
}

void
relation_keeper_free(struct relation_keeper *k)
{
	if (k == NULL)
		return;
	free(k->v);
	free(k);
}

/* Those of whom nobody has heard for long. A clock that was set back makes nobody old. */
static void
forget_old(struct relation_keeper *k)
{
	uint32_t now = today();
	size_t n = 0;

	for (size_t i = 0; i < k->n; i++) {
		if (k->v[i].day + FORGOTTEN_DAYS < now) {
			k->v[i].day = 0;
			keep(k, &k->v[i]);
		} else {
			k->v[n++] = k->v[i];
		}
	}
	k->n = n;
}

void
relation_keeper_begin(struct relation_keeper *k, struct workers *workers)
{
	k->workers = workers;
	forget_old(k);
	for (size_t i = 0; i < k->n; i++)
		workers_command_all(workers, &k->v[i].cmd, sizeof(k->v[i].cmd));
}

void
relation_keeper_saw(struct relation_keeper *k, const struct engine_event *ev)
{
	struct cmd_inferred c = { .type = CMD_INFERRED, .asn = ev->peer_as };
	struct kept *one;
	uint32_t day = today();

	text_copy(c.router, sizeof(c.router), ev->router_name);
	text_copy(c.address, sizeof(c.address), ev->address);
	text_copy(c.distinguisher, sizeof(c.distinguisher), ev->distinguisher);
	c.inferred = ev->inferred;
	one = kept_of(k, &c);
	if (one == NULL || (one->day == day && one->cmd.inferred.relation == c.inferred.relation))
		return;
	if (one->day == 0 || one->cmd.inferred.relation != c.inferred.relation)
		log_info("relations",
		    "AS%" PRIu32 " at %s (%s) is a %s by its tables: %" PRIu32
		    " routes in, %" PRIu32 " out, largest table %" PRIu32,
		    c.asn, c.router, c.address, relation_name(c.inferred.relation), c.inferred.in,
		    c.inferred.out, c.inferred.full);
	one->day = day;
	one->cmd.inferred = c.inferred;
	keep(k, one);
	workers_command_all(k->workers, &one->cmd, sizeof(one->cmd));
}

/*
 * The world of a simulated day: routers with their peers and tables, the VRPs, and what the
 * collector was told of them and told itself.
 */
#pragma once

#include "collector/engine/engine.h"
#include "collector/incident/incident.h"
#include "tests/unit/support/harness.h"

enum {
	SECOND = 1000000,
	ROUTERS = 3,
	PEERS = 2,
	VIEWS_TOLD = 2, /* Adj-RIB-In before and after policy */
	PREFIXES = 7,
	ORIGINS = 4,
	VRPS = 8,
	SCOPES = 64,
	ENGINES = 2,
	STALE_S = 60,
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

static inline unsigned
pick(struct day *d, unsigned n)
{
	d->random ^= d->random << 13;
	d->random ^= d->random >> 7;
	d->random ^= d->random << 17;
	return (unsigned)((d->random >> 20) % n);
}

/*
 * rib: what every router of a worker says, in one place. Nets and attributes are shared by all;
 * a table holds the routes of one peer in one view and family. Announcing and withdrawing give
 * a change: the route before and after.
 *
 * References: a route holds one to its net and one to its block. A change keeps the block it
 * replaced alive until rib_change_done, so that the evaluation can look at both.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/rib/attrs.h"
#include "collector/rib/nets.h"
#include "collector/rib/routes.h"

struct rib_limits {
	uint32_t prefixes_v4, prefixes_v6, keys, blocks; /* keys: of the usual length */
	uint64_t part_octets;
	uint64_t account_octets; /* of attributes, per router; 0: no limit */
	uint64_t routes;
};

struct rib {
	struct nets nets;
	struct attrs attrs;
	uint64_t routes_n, routes_max;
	uint64_t refused; /* announcements not kept: a limit */
};

struct change {
	/* In its place now; NULL after a withdrawal. Valid until the table changes. */
	struct route *route;
	uint32_t net, path_id;
	attrs_block before, after; /* 0 none */
	uint32_t rules_true;	   /* of the route before */
	bool same;		   /* announced again, unchanged */
};

/* The defaults fit a full-size collector; memory is touched as it is used. */
struct rib_limits rib_limits_default(uint64_t routes);
bool rib_init(struct rib *, const struct rib_limits *, uint64_t seed);
void rib_fini(struct rib *);

/*
 * Make the route current (RFC 4271 3.1; implicit withdraw of what it replaces). block: has no
 * reference of the caller's; the route takes one. now_s: seconds since the owner's base. false and
 * nothing changed when over a limit.
 */
bool rib_announce(struct rib *, struct routes *, uint32_t net, uint32_t path_id, attrs_block block,
    uint32_t now_s, struct change *);
/*
 * The same with references that the caller has: one to the block becomes the route's, and that to
 * the net when the route is new (before is 0). slot: as routes_slot has it, or NULL. false: none is
 * taken.
 */
bool rib_announce_held(struct rib *, struct routes *, struct route *slot, uint32_t net,
    uint32_t path_id, attrs_block block, uint32_t now_s, struct change *);
/* false when there was no such route. */
bool rib_withdraw(struct rib *, struct routes *, uint32_t net, uint32_t path_id, struct change *);
/* The change has been evaluated: let go of what it replaced. */
void rib_change_done(struct rib *, struct change *);

/*
 * Withdraw up to `budget` slots' worth of routes: all of the table, or only the stale ones. each()
 * sees every change and must not touch the table. true when the walk has reached the end (*cursor
 * is 0 again).
 */
bool rib_sweep(struct rib *, struct routes *, bool only_stale, uint32_t *cursor, uint32_t budget,
    void (*each)(void *ctx, struct change *), void *ctx);

/* Memory of what all tables share; a table knows its own. */
size_t rib_bytes(const struct rib *);

/*
 * routes: the routes of one peer in one view and family. A route is 12 octets: attribute block,
 * time of last change, epoch, and whether a rule is true of it. Two shapes, chosen by the table
 * itself:
 *
 *   sparse   open addressing keyed by net and path id: small peers, and ADD-PATH
 *   dense    pages indexed by number: peers that carry a good part of all nets; not for keys
 *
 * Stale routes (RFC 7854 has no graceful restart; a lost session's routes are kept until the router
 * sends others): a session that comes back advances the epoch, which makes every route stale at
 * once; what is announced again is fresh; the rest is swept after End-of-RIB.
 *
 * The rules that are true (a bit each, the owner's meaning) live beside the table: few routes have
 * any.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ROUTE_EPOCHS = 4,
	ROUTE_PATHS_MAX = 512, /* ADD-PATH: of one net; they lie in one probe run */
};

struct __attribute__((packed, aligned(4))) route {
	uint64_t attrs;				       /* the block (attrs.h); 0 no route */
	uint32_t epoch : 2, any_rule : 1, seen_s : 29; /* seconds since the owner's base */
};
_Static_assert(sizeof(struct route) == 12, "route grew");

struct route_slot; /* sparse */

struct routes {
	bool addpath, dense;
	uint8_t epoch;
	uint32_t kind;			/* of its nets: NET_V6, NET_KEY or 0 */
	uint32_t n;			/* routes */
	uint32_t epoch_n[ROUTE_EPOCHS]; /* of them, per epoch */
	struct route_slot *slots;	/* sparse */
	uint32_t slots_max;		/* power of two, 0 at first */
	struct route **pages;		/* dense */
	uint32_t pages_n;
	struct route_rules *rules; /* open addressing by net and path id */
	uint32_t rules_n, rules_max;
	size_t bytes;
};

/* addpath: path ids are part of the key. Starts sparse and empty, no memory. */
void routes_init(struct routes *, uint32_t kind, bool addpath);
void routes_free(struct routes *);

/* Bring the slot nearer. */
void routes_prefetch(const struct routes *, uint32_t net);
/*
 * Where the route of a net is, or would be, in a dense table; attrs 0 there: there is none. It
 * stays there until routes_free. NULL in a sparse table, where there is no page for it (make: made
 * when missing), and when out of memory.
 */
struct route *routes_slot(struct routes *, uint32_t net, bool make);
/* The route, or NULL. Valid until the next routes_put. */
struct route *routes_find(const struct routes *, uint32_t net, uint32_t path_id);
/*
 * The slot of a route, made empty (attrs 0) when missing. nets_top: as nets_top() of the
 * family, to choose the shape. NULL when out of memory, or when the net has ROUTE_PATHS_MAX
 * paths already. A slot left with attrs 0 is not a route: call routes_remove on failure.
 */
struct route *routes_put(struct routes *, uint32_t net, uint32_t path_id, uint32_t nets_top);
/* Forget the route, and the rules that are true of it. */
void routes_remove(struct routes *, uint32_t net, uint32_t path_id);
/* Account a route that got its block, or changed epoch. */
void routes_freshen(struct routes *, struct route *, bool is_new);

/* Every route becomes stale, and stays so until it is announced again or swept. */
void routes_advance(struct routes *);
uint32_t routes_stale(const struct routes *);

/*
 * Step through all routes: *cursor starts at 0; up to `budget` slots are looked at. Returns true
 * with a route, false at the end (*cursor = UINT32_MAX) or when the budget is spent. Removing the
 * route just shown is allowed.
 */
bool routes_next(const struct routes *, uint32_t *cursor, uint32_t *budget, uint32_t *net,
    uint32_t *path_id, struct route **);
/* Every path of a net (ADD-PATH): up to max path ids into ids; returns how many. */
unsigned routes_paths(const struct routes *, uint32_t net, uint32_t *ids, unsigned max);

/* The rules that are true of a route, 0 for none. */
uint32_t routes_rules_true(
    const struct routes *, const struct route *, uint32_t net, uint32_t path_id);
/* Step through the routes of which rules are true, as routes_next does. When rules_max is another
 * than at the beginning, some are shown twice, or not at all. */
bool routes_rules_next(const struct routes *, uint32_t *cursor, uint32_t *budget, uint32_t *net,
    uint32_t *path_id, uint32_t *rules_true);
/* false when out of memory: then they are as before. */
bool routes_set_rules_true(
    struct routes *, struct route *, uint32_t net, uint32_t path_id, uint32_t rules_true);

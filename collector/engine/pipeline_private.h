/*
 * The way of routes into the RIB. A read of memory that is in no cache takes longer than all that
 * is done with an UPDATE, and each step of a lookup needs what the step before has read. So UPDATEs
 * wait for those behind them: while one is read, another one's lines of the indexes are on their
 * way, a third one's elements, a fourth one's slots. They are applied in the order in which they
 * came, and before anything else is: the pipeline is empty between two calls of the engine, and
 * whoever looks at routes, or tells of something, during a feed flushes it first.
 */
#pragma once

#include "collector/engine/engine.h"

struct table;

enum {
	PIPELINE_STAGES = 4,
	PIPELINE_ROUTES = 32, /* of an entry; an UPDATE with more takes several */
	PIPELINE_ROOM = 1024, /* for attributes; what has more waits for nobody */
};

struct pipeline_route {
	struct net_probe probe;
	uint32_t path_id;
	uint32_t net;	    /* 0: there is none, or no room for one; else we hold a reference */
	struct route *slot; /* in a dense table; else NULL */
};

/* Routes of one table that an UPDATE announces with the same attributes, or withdraws. */
struct pipeline_entry {
	struct table *table;
	int64_t router_us;
	bool announced;
	unsigned stage, n;
	uint32_t account;
	struct attrs_probe attrs; /* announced */
	attrs_block block; /* the same, once it is interned: with a reference of ours, or 0 */
	struct pipeline_route route[PIPELINE_ROUTES];
	uint8_t room[PIPELINE_ROOM];
};

struct pipeline {
	unsigned first, n;
	struct pipeline_entry ring[PIPELINE_STAGES];
};

/* A new entry, to be filled and then pushed: table, router_us; announced with its attributes, or
 * not. What its attributes borrow lives until it is pushed. */
struct pipeline_entry *pipeline_entry(struct engine *);
/* Take over a prefix; the first step of its lookup. */
void pipeline_add(struct engine *, struct pipeline_entry *, const struct bgp_prefix *);
void pipeline_push(struct engine *, struct pipeline_entry *);
/* Apply all that has been pushed. */
void pipeline_flush(struct engine *);

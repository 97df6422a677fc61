/*
 * The way of routes into the RIB. A read of memory that is in no cache takes longer than all that
 * is done with an UPDATE, and each step of a lookup needs what the step before has read. So UPDATEs
 * wait until there are a few, and go the way together, stage by stage: the lines of the indexes of
 * all of them are fetched, then the elements, then the slots, so that the memory works at many at
 * once. They are applied in the order in which they came, and before anything else is: nothing
 * waits between two calls of the engine, and whoever looks at routes, or tells of something, during
 * a feed flushes first.
 */
#pragma once

#include "collector/engine/engine.h"

struct table;

enum {
	PIPELINE_ENTRIES = 8,
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
	unsigned n;
	uint32_t account;
	struct attrs_probe attrs; /* announced */
	attrs_block block; /* the same, once it is interned: with a reference of ours, or 0 */
	struct pipeline_route route[PIPELINE_ROUTES];
	uint8_t room[PIPELINE_ROOM];
};

struct pipeline {
	unsigned n;
	struct pipeline_entry entry[PIPELINE_ENTRIES];
};

/* A new entry, to be filled and then pushed: table, router_us; announced with its attributes, or
 * not. What its attributes borrow lives until it is pushed. */
struct pipeline_entry *pipeline_entry(struct engine *);
/* Take over a prefix; the first step of its lookup. */
void pipeline_add(struct engine *, struct pipeline_entry *, const struct bgp_prefix *);
void pipeline_push(struct engine *, struct pipeline_entry *);
/* Apply all that has been pushed. */
void pipeline_flush(struct engine *);

/*
 * feeds: one numbering of routers over all workers, which is the incident table's.
 */
#pragma once

#include <stdint.h>

#include "collector/engine/engine.h"
#include "collector/incident/incident.h"

struct feeds;

struct feed {
	unsigned worker;
	uint32_t router; /* the worker's number */
	uint32_t number;
	enum feed_state state; /* the caller's, FEED_DOWN at first */
	uint8_t views;	       /* the caller's, as the state */
	char name[ENGINE_NAME_MAX];
};

/* NULL when out of memory. */
struct feeds *feeds_new(void);
void feeds_free(struct feeds *);
/* Made when there is none. Without memory for it the collector cannot go on: it aborts. */
struct feed *feeds_of(struct feeds *, unsigned worker, uint32_t router);
/* NULL when there is none of that name. */
struct feed *feeds_named(struct feeds *, const char *name);
/* The worker has forgotten the router. reuse: no finding ever came from it, and so the number may
 * be another one's. */
void feeds_forget(struct feeds *, struct feed *, bool reuse);

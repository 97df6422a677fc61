/* show: what an engine knows, as lines ready to be printed: JSON objects, or rows of fixed columns.
 */
#pragma once

#include "base/jw.h"
#include "base/sbuf.h"
#include "collector/engine/engine.h"

enum { SHOW_MAX = 64 * 1024 * 1024 };

enum show_what { SHOW_ROUTERS, SHOW_PEERS, SHOW_ROUTES, SHOW_STATS };

struct show_query {
	uint8_t what; /* enum show_what */
	bool json, colour;
	struct ip_prefix prefix; /* SHOW_ROUTES */
};

/* The rows of one engine, newline after each. */
void show_rows(struct engine *, const struct show_query *, struct sbuf *out);
/* The header above the rows of all engines; nothing for JSON. */
void show_header(const struct show_query *, struct sbuf *out);
/* The sums over all engines: lines, or the members of a JSON object that the caller has opened. */
void show_stats(const struct engine_stats *, struct jw *, struct sbuf *out);
/* Add one engine's sums to another's. */
void show_stats_add(struct engine_stats *to, const struct engine_stats *);

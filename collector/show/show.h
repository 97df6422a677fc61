/*
 * show: what an engine knows, as rows (base/printer.h) whose columns are in proto/show_verbs.
 */
#pragma once

#include "base/printer.h"
#include "base/sbuf.h"
#include "collector/engine/engine.h"
#include "proto/show_verbs.h"

enum {
	SHOW_PIECE = 32 * 1024, /* octets of rows after which a piece ends, at the end of a row */
	SHOW_MAX = 64 * 1024 * 1024, /* more than any piece has */
};

struct show_query {
	uint8_t what;	/* enum show_what, of a verb that workers answer */
	uint8_t format; /* enum printer_format */
	bool octets;	/* SHOW_EXPLAIN, SHOW_ROUTES: the attributes as they are kept */
	/* SHOW_ROUTES: all that are wanted, not those of exactly one prefix; counted only */
	bool walk, count;
	struct engine_wanted wanted;  /* but for the router, which is: */
	char router[ENGINE_NAME_MAX]; /* "" any */
	struct ip_prefix prefix;      /* SHOW_ROUTES, SHOW_EXPLAIN, SHOW_NEAR */
	struct vrp_edits edits;	      /* SHOW_WHAT_IF; without any: */
	struct aspa_edits aspas;
	struct sav_ask sav;	/* SHOW_SAV: its answer is facts, no rows */
	struct engine_place at; /* where its next piece begins; zero for the first */
};

/* Add a piece of the rows of one engine, whole rows, and advance the query. Returns true when there
 * may be more. Of SHOW_STATS there are none: its sums are shown by show_stats. */
bool show_rows(struct engine *, struct show_query *, struct sbuf *out);
/* Figures of the row that the caller has opened: the sums over all engines. */
void show_stats(const struct engine_stats *, struct printer *);
/* Add one engine's sums to another's. */
void show_stats_add(struct engine_stats *to, const struct engine_stats *);

/* What the files of `bellman suggest` share. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/sbuf.h"

/* Text is YAML, for the configuration; JSON is an object for each proposal. */
struct suggestions {
	bool json;
	struct sbuf out;
	unsigned n; /* proposals */
};

/* What is full, and what is little. */
enum {
	SUGGEST_LARGE_AT = 1000,     /* routes of the largest table of a router, at least */
	SUGGEST_FULL_PERCENT = 50,   /* of the largest, at least: full */
	SUGGEST_LITTLE_PERCENT = 10, /* at most: little */
};

/* Relations of neighbours of whom neither configuration nor roles say it. peers: rows of `show
 * peers`. */
void suggest_neighbors(struct suggestions *, const json_t *peers);
/* Own AS numbers and prefixes. own: rows of the daemon's verb "own"; originated: of "originated".
 */
void suggest_own(
    struct suggestions *, const json_t *peers, const json_t *own, const json_t *originated);
/* AS numbers that the sessions of `peers` show to be ours: public ones, most sessions first, "" for
 * none, with blanks between them. */
void suggest_local_asns(const json_t *peers, struct sbuf *out);

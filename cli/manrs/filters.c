/* Action 1: what filters of neighbours can be made of, and how near they are to their limits. */
#include <stdio.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"

enum { SHOWN = 60 };

/* The route that a rule is most often true of, of all families: what of the list was not kept. */
static unsigned long long
unlisted(const json_t *answer, unsigned long long asn, const char *fate)
{
	const json_t *neighbors = json_object_get(answer, "neighbors"), *wrong;
	unsigned long long most = 0;

	for (size_t i = 0; i < json_array_size(neighbors); i++) {
		if (row_number(json_array_get(neighbors, i), "asn") != asn)
			continue;
		wrong = json_object_get(json_array_get(neighbors, i), "wrong");
		for (size_t k = 0; k < json_array_size(wrong); k++) {
			const json_t *w = json_array_get(wrong, k);

			if (strcmp(row_text(w, "rule"), "route.unlisted") == 0)
				most += row_number(json_object_get(w, "most"), fate);
		}
	}
	return most;
}

static const char *
list_of(const json_t *f, char *out, size_t size)
{
	if (strcmp(row_text(f, "list"), "none") == 0 || strcmp(row_text(f, "list"), "missing") == 0)
		snprintf(out, size, "%s", row_text(f, "list"));
	else
		snprintf(out, size, "%s%llu prefixes, %llu AS numbers, of %s",
		    strcmp(row_text(f, "list"), "whole") == 0 ? ""
		    : strcmp(row_text(f, "list"), "old") == 0 ? "old: "
							      : "newest held back: ",
		    row_number(f, "list_prefixes"), row_number(f, "list_asns"),
		    row_text(f, "list_day"));
	return out;
}

static unsigned
rank_of(const json_t *limit)
{
	static const char *const worst[] = { "kept", "none", "near", "over" };
	unsigned k = 0;

	while (k < 3 && strcmp(worst[k], row_text(limit, "state")) != 0)
		k++;
	return k;
}

/* The session that is nearest to its limit. */
static void
put_limit(struct page *p, const json_t *limits)
{
	const json_t *worst = json_array_get(limits, 0);
	char text[WORDS_MAX];

	for (size_t i = 1; i < json_array_size(limits); i++)
		if (rank_of(json_array_get(limits, i)) > rank_of(worst))
			worst = json_array_get(limits, i);
	if (row_number(worst, "limit") == 0) {
		page_cell(p, "no limit");
		return;
	}
	page_cell(p, "%s: %llu of %llu, %s left", row_text(worst, "state"),
	    row_number(worst, "most"), row_number(worst, "limit"),
	    words_percent(row_number(worst, "headroom"), row_number(worst, "limit"), text));
}

void
manrs_filters(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "neighbour", 12, CELL_LEFT },
		{ "list (AS-SET, prefixes)", 50, CELL_LEFT }, { "outside sent", 12, CELL_RIGHT },
		{ "accepted", 8, CELL_RIGHT }, { "used", 8, CELL_RIGHT },
		{ "passed on", 9, CELL_RIGHT }, { "max-prefix", 40, CELL_LEFT },
		{ "evidence", 0, CELL_CODE } };
	static const char *const fates[] = { "sent", "accepted", "used", "spread" };
	const json_t *list = json_object_get(answer, "filters");
	size_t n = json_array_size(list);
	char text[160];

	if (n == 0)
		return;
	page_heading(p, "Action 1: lists and limits of customers");
	page_table(p, columns, 8);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		const json_t *f = json_array_get(list, i);
		bool none = strcmp(row_text(f, "list"), "none") == 0;

		page_cell(p, "AS%llu", row_number(f, "asn"));
		page_cell(p, "%s", list_of(f, text, sizeof(text)));
		for (unsigned k = 0; k < 4; k++)
			if (none)
				page_cell(p, "-");
			else
				page_cell(
				    p, "%llu", unlisted(answer, row_number(f, "asn"), fates[k]));
		put_limit(p, json_object_get(f, "limits"));
		page_cell(p, "%s", row_text(f, "evidence"));
	}
	page_table_end(p);
	if (n > SHOWN)
		page_say(p, "%zu more: bellman manrs -o json has all.", n - SHOWN);
	page_say(p,
	    "Outside: the most routes at once that the list (neighbors.lists) does not have, rule "
	    "route.unlisted. A list that was never read, or is old, says nothing new. Limits are "
	    "neighbors.max_prefix against the most that a session sent; near is 80 %% of it.");
}

/* Of a neighbour: what each router makes of all its routes, right or wrong. */
#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"

static void
put_count(struct page *p, const json_t *r, const char *mean, const char *most)
{
	char text[WORDS_MAX];

	if (json_object_get(r, mean) == NULL) {
		page_cell(p, "not seen");
		page_cell(p, "-");
		return;
	}
	page_cell(p, "%s", words_mean(row_number(r, mean), text));
	page_cell(p, "%llu", row_number(r, most));
}

void
manrs_routers(struct page *p, const json_t *neighbor)
{
	static const struct page_column columns[] = { { "router", 24, CELL_LEFT },
		{ "family", 6, CELL_LEFT }, { "used", 11, CELL_RIGHT },
		{ "most used", 11, CELL_RIGHT }, { "passed on", 11, CELL_RIGHT },
		{ "most passed on", 14, CELL_RIGHT }, { "known", 0, CELL_RIGHT } };
	const json_t *list = json_object_get(neighbor, "routers");
	char text[WORDS_MAX];

	if (json_array_size(list) == 0)
		return;
	page_heading(p, "Where its routes are used, and passed on");
	page_table(p, columns, 7);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *r = json_array_get(list, i);

		page_cell(p, "%s", row_text(r, "router"));
		page_cell(p, "%s", row_text(r, "family"));
		put_count(p, r, "used_x100", "used_most");
		put_count(p, r, "spread_x100", "spread_most");
		page_cell(p, "%s", words_seconds(row_number(r, "known_s"), text));
	}
	page_table_end(p);
	page_say(p,
	    "Prefixes in Loc-RIB whose path begins with the neighbour, and those of them in "
	    "Adj-RIB-Out to another network; one that goes to several counts once.");
}

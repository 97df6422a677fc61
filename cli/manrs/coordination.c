/* Action 3 of the page: whom to call. */
#include <string.h>

#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"

enum { CONTACTS_SHOWN = 60 };

void
manrs_say_of_contacts(struct page *p, const json_t *a)
{
	const char *published = row_text(a, "own_published");

	page_cell(p, "neighbours: %llu; without a contact: %llu; with an old one: %llu%s%s",
	    row_number(a, "neighbors"), row_number(a, "without_contact"), row_number(a, "stale"),
	    strcmp(published, "missing") == 0 ? "; ours is in none of the files"
	    : strcmp(published, "stale") == 0 ? "; what the files have of us is old"
	    : strcmp(published, "known") == 0 ? "; ours is published"
					      : "",
	    row_true(a, "own_configured") ? "" : "; contacts.email is not configured");
}

/* Those of whom somebody has to see to it first. */
static unsigned
rank_of(const json_t *c)
{
	return strcmp(row_text(c, "state"), "missing") == 0 ? 0
	       : strcmp(row_text(c, "state"), "stale") == 0 ? 1
							    : 2;
}

static void
put_contact(struct page *p, const json_t *c)
{
	page_cell(p, "AS%llu", row_number(c, "asn"));
	page_cell(p, "%s", row_true(c, "own") ? "ourselves" : row_text(c, "relation"));
	page_cell(p, "%s", row_text(c, "name"));
	page_cell(p, "%s", row_text(c, "contact"));
	page_cell(p, "%s%s%s", row_text(c, "state"), *row_text(c, "of") != '\0' ? ", of " : "",
	    row_text(c, "of"));
	if (*row_text(c, "contact") == '\0' && *row_text(c, "registry") != '\0')
		page_cell(p, "nobody; the registry is %s", row_text(c, "registry"));
	else
		page_cell(p, "%s", row_text(c, "from"));
}

void
manrs_put_contacts(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "network", 12, CELL_LEFT },
		{ "relation", 10, CELL_LEFT }, { "name", 28, CELL_LEFT },
		{ "whom to call", 32, CELL_LEFT }, { "state", 20, CELL_LEFT },
		{ "who says so", 0, CELL_LEFT } };
	const json_t *list = json_object_get(answer, "contacts");
	size_t n = json_array_size(list), shown = 0;

	page_heading(p, "Action 3: whom to call, now");
	if (n == 0) {
		page_say(p, "No neighbour has been seen.");
		return;
	}
	page_table(p, columns, 6);
	for (unsigned rank = 0; rank <= 2; rank++)
		for (size_t i = 0; i < n && shown < CONTACTS_SHOWN; i++) {
			const json_t *c = json_array_get(list, i);

			if (rank_of(c) != rank)
				continue;
			put_contact(p, c);
			shown++;
		}
	page_table_end(p);
	if (n > shown)
		page_say(p, "%zu more: bellman show contacts has all.", n - shown);
	page_say(p,
	    "Green is a contact of each neighbour that is not old (contacts.max_age_days), and "
	    "ours "
	    "in the files where there are any (MANRS M8); red when of no neighbour one is known.");
}

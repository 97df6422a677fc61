/* Action 4 of the page: what the RPKI says of what is ours, and of what neighbours originate. */
#include <stdio.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/manrs/validation_private.h"

enum { OWN_SHOWN = 60, ROUTES_SHOWN = 40, NEIGHBORS_SHOWN = 40 };

void
manrs_say_of_validation(struct page *p, const json_t *a)
{
	char announced[128];

	if (row_number(a, "prefixes") == 0 && row_number(a, "announced") == 0) {
		page_cell(
		    p, "no own prefixes are configured (own.prefixes), and none is announced");
		return;
	}
	if (row_number(a, "announced") == 0)
		snprintf(announced, sizeof(announced), "no router shows that we announce anything");
	else
		snprintf(announced, sizeof(announced),
		    "%llu announced: others drop %llu, cannot judge %llu",
		    row_number(a, "announced"), row_number(a, "announced_invalid"),
		    row_number(a, "announced_unknown"));
	page_cell(p,
	    "%s; %llu own prefixes: %llu covered "
	    "(%llu loosely, %llu expiring), %llu uncovered, %llu wrong; ASPAs: %llu missing, %llu "
	    "lacking; RPKI data: %s",
	    announced, row_number(a, "prefixes"), row_number(a, "covered"), row_number(a, "loose"),
	    row_number(a, "expiring"), row_number(a, "uncovered"), row_number(a, "wrong"),
	    row_number(a, "asns_without_aspa"), row_number(a, "aspas_lacking"),
	    row_text(a, "rpki_state"));
}

/* --- own prefixes */

static void
put_prefixes(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "own prefix", 28, CELL_LEFT },
		{ "state", 8, CELL_LEFT }, { "ROA", 44, CELL_LEFT }, { "expires", 20, CELL_LEFT },
		{ "evidence", 0, CELL_CODE } };
	const json_t *list = json_object_get(answer, "own_prefixes");
	size_t n = json_array_size(list);

	if (n == 0)
		return;
	page_table(p, columns, 5);
	for (size_t i = 0; i < n && i < OWN_SHOWN; i++) {
		const json_t *o = json_array_get(list, i);

		page_cell(p, "%s", row_text(o, "prefix"));
		page_cell(p, "%s", row_text(o, "state"));
		page_cell(p, "%s", row_text(o, "roa"));
		page_cell(p, "%s", row_text(o, "expires"));
		page_cell(p, "%s", row_text(o, "evidence"));
	}
	page_table_end(p);
	if (n > OWN_SHOWN)
		page_say(p, "%zu more: bellman manrs -o json has all.", n - OWN_SHOWN);
	page_say(p,
	    "covered: a ROA names us; loose: and allows longer prefixes than we announce (RFC "
	    "9319); none: no ROA, nobody can tell our route from another's; others: ROAs name "
	    "others only, our route is invalid. Green is all covered, yellow some loose, none, or "
	    "about to expire, or an ASPA that lacks a provider; red any that others drop (MANRS "
	    "M7RPKI, M7RPKIN; MANRS publishes no limits).");
}

/* --- what is announced */

static void
say_proposed(struct page *p, const json_t *answer)
{
	const json_t *list = json_object_get(answer, "actions"), *a = NULL;

	for (size_t i = 0; i < json_array_size(list); i++)
		if (row_number(json_array_get(list, i), "action") == 4)
			a = json_array_get(list, i);
	if (row_number(a, "roas_proposed") + row_number(a, "roas_too_loose") > 0)
		page_say(p,
		    "%llu ROAs should be published, and %llu that allow longer prefixes than are "
		    "announced be withdrawn: bellman manrs --propose lists them.",
		    row_number(a, "roas_proposed"), row_number(a, "roas_too_loose"));
}

static void
put_announced(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "we announce", 28, CELL_LEFT },
		{ "origin", 12, CELL_LEFT }, { "to others it is", 16, CELL_LEFT },
		{ "evidence", 0, CELL_CODE } };
	const json_t *list = json_object_get(answer, "announced");
	size_t shown = 0, more = 0;

	page_heading(p, "Action 4: what others drop of ours today");
	for (int wanted = 0; wanted < 2; wanted++) /* what they drop first */
		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *a = json_array_get(list, i);
			const char *rov = row_text(a, "rov");

			if (strcmp(rov, "valid") == 0 ||
			    (strncmp(rov, "invalid", 7) == 0) == (wanted == 1))
				continue;
			if (shown == ROUTES_SHOWN) {
				more++;
				continue;
			}
			if (shown++ == 0)
				page_table(p, columns, 4);
			page_cell(p, "%s", row_text(a, "prefix"));
			page_cell(p, "AS%llu", row_number(a, "origin"));
			page_cell(p, "%s", rov);
			page_cell(p, "bellman show rpki %s %llu", row_text(a, "prefix"),
			    row_number(a, "origin"));
		}
	if (json_array_size(list) == 0)
		page_say(p, "No router shows that we announce anything.");
	else if (shown == 0)
		page_say(p, "Each of %zu prefixes that we announce is valid to others.",
		    json_array_size(list));
	else
		page_table_end(p);
	if (more > 0)
		page_say(p, "%zu more: bellman manrs -o json has all.", more);
	say_proposed(p, answer);
}

static void
put_asns(struct page *p, const json_t *answer)
{
	const json_t *asns = json_object_get(answer, "own_asns"),
		     *providers = json_object_get(answer, "providers");

	for (size_t i = 0; i < json_array_size(asns); i++) {
		const json_t *a = json_array_get(asns, i),
			     *list = json_object_get(a, "provider_list");

		if (!row_true(a, "aspa")) {
			page_say(p, "AS%llu has no ASPA.", row_number(a, "asn"));
			continue;
		}
		page_say(p, "AS%llu has an ASPA; providers in it: %llu.", row_number(a, "asn"),
		    row_number(a, "providers"));
		for (size_t k = 0; k < json_array_size(providers); k++) {
			const json_t *s = json_array_get(providers, k);
			bool listed = row_number(s, "asn") != row_number(a, "asn");

			for (size_t n = 0; n < json_array_size(list) && !listed; n++)
				listed = (unsigned long long)json_integer_value(
					     json_array_get(list, n)) == row_number(s, "provider");
			if (!listed)
				page_say(p,
				    "AS%llu is a provider of ours that it does not list: who "
				    "verifies paths drops what goes by it.",
				    row_number(s, "provider"));
		}
	}
}

/* --- a change that is pending */

static void
put_pending(struct page *p, const json_t *pending)
{
	static const struct page_column columns[] = { { "we announce", 28, CELL_LEFT },
		{ "origin", 12, CELL_LEFT }, { "now", 16, CELL_LEFT }, { "then", 0, CELL_LEFT } };
	const json_t *changes = json_object_get(pending, "changes"),
		     *aspas = json_object_get(pending, "aspas");

	if (pending == NULL)
		return;
	page_heading(p, "Action 4: what a change would do");
	page_say(p,
	    "With the %s of %s others would drop %llu more of our prefixes; %zu would be "
	    "another thing to them.",
	    row_text(pending, "kind"), row_text(pending, "file"), row_number(pending, "dropped"),
	    json_array_size(changes));
	if (json_array_size(changes) > 0) {
		page_table(p, columns, 4);
		for (size_t i = 0; i < json_array_size(changes); i++) {
			const json_t *c = json_array_get(changes, i);

			page_cell(p, "%s", row_text(c, "prefix"));
			page_cell(p, "AS%llu", row_number(c, "origin"));
			page_cell(p, "%s", row_text(c, "now"));
			page_cell(p, "%s", row_text(c, "then"));
		}
		page_table_end(p);
	}
	for (size_t i = 0; i < json_array_size(aspas); i++)
		page_say(p,
		    "The ASPA of AS%llu would not list AS%llu, a provider of ours: who verifies "
		    "paths would drop what goes by it.",
		    row_number(json_array_get(aspas, i), "customer"),
		    row_number(json_array_get(aspas, i), "missing"));
}

/* --- neighbours */

static const json_t *
contact_of(const json_t *answer, unsigned long long asn)
{
	const json_t *list = json_object_get(answer, "contacts");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (row_number(json_array_get(list, i), "asn") == asn &&
		    !row_true(json_array_get(list, i), "own"))
			return json_array_get(list, i);
	return NULL;
}

static void
put_coverage(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "neighbour", 12, CELL_LEFT },
		{ "relation", 10, CELL_LEFT }, { "name", 28, CELL_LEFT },
		{ "originates", 10, CELL_RIGHT }, { "valid", 8, CELL_RIGHT },
		{ "no ROA", 8, CELL_RIGHT }, { "invalid", 8, CELL_RIGHT },
		{ "ASPA", 0, CELL_LEFT } };
	const json_t *list = json_object_get(answer, "coverage");
	unsigned long long all = 0, valid = 0;
	size_t n = json_array_size(list);
	char text[WORDS_MAX];

	page_heading(p, "Action 4: neighbours, for comparison");
	if (n == 0) {
		page_say(p, "No neighbour originates anything itself.");
		return;
	}
	page_table(p, columns, 8);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = json_array_get(list, i),
			     *known = contact_of(answer, row_number(c, "asn"));
		unsigned long long prefixes = row_number(c, "prefixes");

		all += prefixes;
		valid += row_number(c, "valid");
		if (i >= NEIGHBORS_SHOWN)
			continue;
		page_cell(p, "AS%llu", row_number(c, "asn"));
		page_cell(p, "%s", row_text(known, "relation"));
		page_cell(p, "%s", row_text(known, "name"));
		page_cell(p, "%llu", prefixes);
		page_cell(p, "%s", words_percent(row_number(c, "valid"), prefixes, text));
		page_cell(p, "%s", words_percent(row_number(c, "not_found"), prefixes, text));
		page_cell(p, "%s", words_percent(row_number(c, "invalid"), prefixes, text));
		if (json_object_get(known, "aspa_providers") != NULL)
			page_cell(p, "%llu providers", row_number(known, "aspa_providers"));
		else
			page_cell(p, "none");
	}
	page_table_end(p);
	if (n > NEIGHBORS_SHOWN)
		page_say(p, "%zu more: bellman manrs -o json has all.", n - NEIGHBORS_SHOWN);
	page_say(p, "Of %llu prefixes that neighbours originate themselves %s are valid.", all,
	    words_percent(valid, all, text));
}

void
manrs_put_validation(struct page *p, const json_t *answer)
{
	page_heading(p, "Action 4: own prefixes and ROAs, now");
	put_prefixes(p, answer);
	put_asns(p, answer);
	put_announced(p, answer);
	put_pending(p, json_object_get(answer, "pending"));
	put_coverage(p, answer);
}

/* bellman show incidents: gravest first, then the youngest. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/show/reach.h"
#include "cli/show/show_private.h"
#include "proto/control_request.h"
#include "proto/record.h"

static void
cell_id(const json_t *row, struct txt *t)
{
	txt_putf(t, "%.8s", row_text(row, "id"));
}

static void
cell_age(const json_t *row, struct txt *t)
{
	table_age(table_since(row_text(row, "first_seen")), t);
}

/* How long it went on, as far as anybody who can say it knows. */
static void
cell_duration(const json_t *row, struct txt *t)
{
	double first = table_since(row_text(row, "first_seen"));
	double last = table_since(row_text(row, "last_seen"));
	bool open = strcmp(row_text(row, "transition"), "unknown") != 0;

	table_age(open || last < 0 ? first : first - last, t);
}

static void
cell_severity(const json_t *row, struct txt *t)
{
	bool dry = row_true(row, "dry_run");

	txt_putf(t, "%s%s", row_text(row, "severity"),
	    dry			     ? " dry-run"
	    : row_true(row, "muted") ? " muted"
				     : "");
}

static void
cell_neighbor(const json_t *row, struct txt *t)
{
	unsigned long long as = row_number(row, "peer_as");
	const char *name = row_text(row, "neighbor_name");

	if (as != 0)
		txt_putf(t, "AS%llu", as);
	if (*name != '\0')
		txt_putf(t, "%s%s", as != 0 ? " " : "", name);
}

static void
cell_prefixes(const json_t *row, struct txt *t)
{
	const json_t *prefixes = json_object_get(row, "prefixes");
	unsigned long long n = row_number(prefixes, "count");
	const json_t *first = json_array_get(json_object_get(prefixes, "examples"), 0);

	if (n == 1 && first != NULL)
		txt_puts(t, json_string_value(first));
	else if (n > 0)
		txt_putf(t, "%llu", n);
}

static void
cell_routers(const json_t *row, struct txt *t)
{
	unsigned long long n = row_number(row, "routers");

	txt_puts(t, row_text(row, "router"));
	if (n > 1)
		txt_putf(t, " +%llu", n - 1);
}

static const struct table_column columns[] = {
	{ "ID", "id", cell_id, 0, 0, 0 },
	{ "SEVERITY", "severity", cell_severity, 0, 0, 0 },
	{ "AGE", "first_seen", cell_age, TABLE_RIGHT, 0, 0 },
	{ "LASTED", "last_seen", cell_duration, TABLE_RIGHT, 0, 8 },
	{ "KIND", "kind", NULL, 0, 0, 0 },
	{ "REACH", "reach", incident_reach, TABLE_MADE, 0, 3 },
	{ "NEIGHBOUR", "peer_as", cell_neighbor, TABLE_CUT, 10, 4 },
	{ "CONTACT", "neighbor_contact", NULL, TABLE_WIDE, 0, 9 },
	{ "PREFIXES", "prefixes.count", cell_prefixes, TABLE_RIGHT, 0, 5 },
	{ "ROUTERS", "router", cell_routers, TABLE_CUT, 8, 6 },
	{ "REASON", "reason", NULL, TABLE_WIDE, 0, 9 },
	{ "FIRST", "first_seen", NULL, TABLE_WIDE, 0, 9 },
	{ "NAME", "neighbor_name", NULL, TABLE_WIDE, 0, 9 },
	{ "EXAMPLES", "prefixes.examples", NULL, TABLE_WIDE, 0, 9 },
	{ "VIEWS", "views", NULL, TABLE_WIDE, 0, 9 },
	{ "ON ROUTERS", "routers", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "MUTED", "muted", NULL, TABLE_WIDE, 0, 9 },
	{ "DRY-RUN", "dry_run", NULL, TABLE_WIDE, 0, 9 },
	{ "WHAT", "summary", NULL, TABLE_WRAP, 28, 0 },
	{ 0 },
};

static const char *
colour_of(const json_t *row)
{
	uint8_t severity = 0;

	if (row_true(row, "dry_run") || !severity_parse(row_text(row, "severity"), &severity))
		return NULL;
	switch (severity) {
	case SEVERITY_CRITICAL:
		return "\033[1;31m";
	case SEVERITY_MAJOR:
		return "\033[31m";
	case SEVERITY_WARNING:
		return "\033[33m";
	case SEVERITY_NOTICE:
		return "\033[36m";
	default:
		return "\033[2m";
	}
}

static int
cmp(const json_t *a, const json_t *b)
{
	uint8_t x = 0, y = 0;

	severity_parse(row_text(a, "severity"), &x);
	severity_parse(row_text(b, "severity"), &y);
	if (row_true(a, "dry_run") != row_true(b, "dry_run"))
		return row_true(a, "dry_run") ? 1 : -1;
	if (x != y)
		return x > y ? -1 : 1;
	return strcmp(row_text(b, "first_seen"), row_text(a, "first_seen"));
}

int
subject_incidents(const struct show_asked *a)
{
	struct sbuf request = sbuf_of(65536);
	json_t *rows = json_array();
	int rc;

	show_begin(&request, "incidents");
	control_arguments_add(&request, "filter", a->argc, a->argv);
	rc = show_ask(a, &request, rows);
	table_sort_by(rows, cmp);
	if (rc == CLI_OK)
		rc = show_sort(a, columns, rows);
	if (rc == CLI_OK)
		rc = show_rows_or(a, columns, colour_of, rows,
		    a->argc > 0 ? "no open incident is like that; without a filter `bellman show "
				  "incidents` has all that are open"
				: "no incident is open");
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

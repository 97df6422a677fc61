/* What the subjects of `bellman show` do alike. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"
#include "cli/show/show_private.h"
#include "proto/control_request.h"

void
show_begin(struct sbuf *request, const char *what)
{
	control_request_begin(request, "show");
	control_request_word(request, "what", what);
	control_request_word(request, "format", "json");
}

int
show_ask(const struct show_asked *a, struct sbuf *request, json_t *rows)
{
	bool more;
	int rc = control_rows(a->control.path, request, rows, SHOW_ROWS_MAX, &more);

	if (rc == CLI_OK && more)
		fprintf(stderr, "bellman show: there are more than %d rows: the rest is left out\n",
		    SHOW_ROWS_MAX);
	return rc;
}

int
show_rows_or(const struct show_asked *a, const struct table_column *columns,
    const char *(*colour_of)(const json_t *), const json_t *rows, const char *nothing)
{
	struct table_look look = { a->format, a->colour, colour_of };

	if (json_array_size(rows) > 0 || a->format == TABLE_CSV)
		table_print(columns, &look, rows);
	if (json_array_size(rows) > 0)
		return CLI_OK;
	fprintf(stderr, "bellman: %s\n", nothing);
	return CLI_NOTHING;
}

void
show_filter(json_t *rows, bool (*keep)(const struct show_asked *, const json_t *),
    const struct show_asked *a)
{
	size_t to = 0, n = json_array_size(rows);

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_array_get(rows, i);

		if (keep(a, row))
			json_array_set(rows, to++, row);
	}
	while (json_array_size(rows) > to)
		json_array_remove(rows, json_array_size(rows) - 1);
}

bool
show_like(const char *wanted, const char *text)
{
	return wanted == NULL || strncasecmp(text, wanted, strlen(wanted)) == 0;
}

bool
show_is_as(const char *wanted, unsigned long long asn)
{
	if (wanted == NULL)
		return true;
	if (strncasecmp(wanted, "AS", 2) == 0)
		wanted += 2;
	return strtoull(wanted, NULL, 10) == asn;
}

int
show_sort(const struct show_asked *a, const struct table_column *columns, json_t *rows)
{
	if (a->sort == NULL || table_sort(columns, rows, a->sort))
		return CLI_OK;
	fprintf(stderr, "bellman show: --sort is one of");
	for (const struct table_column *c = columns; c->heading != NULL; c++)
		fprintf(stderr, " %s", c->key);
	fprintf(stderr, ", not \"%s\"\n", a->sort);
	return CLI_USAGE;
}

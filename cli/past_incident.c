#include "cli/past_incident.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "proto/control_request.h"

enum { LISTED = 20, ID_MAX = 40 };

struct looking {
	const char *id;
	json_t *rows; /* the newest record of each that begins so */
	bool failed;
};

/* Records come with the oldest first. */
static bool
take(void *ctx, const char *line)
{
	struct looking *l = ctx;
	json_t *row = json_loads(line, 0, NULL);
	size_t n = json_array_size(l->rows), i = 0;

	l->failed = row == NULL;
	if (row == NULL || strncmp(row_text(row, "id"), l->id, strlen(l->id)) != 0) {
		json_decref(row);
		return !l->failed;
	}
	while (i < n && strcmp(row_text(json_array_get(l->rows, i), "id"), row_text(row, "id")))
		i++;
	if (i < n)
		json_array_set_new(l->rows, i, row);
	else
		json_array_append_new(l->rows, row);
	return json_array_size(l->rows) <= LISTED;
}

int
past_incident_ambiguous(const char *command, const char *id, const json_t *records)
{
	size_t n = json_array_size(records);

	fprintf(
	    stderr, "bellman %s: %s is the beginning of several ids; which one?\n", command, id);
	for (size_t i = 0; i < n && i < LISTED; i++) {
		const json_t *r = json_array_get(records, i);

		fprintf(stderr, "  %s  %-8s %s\n", row_text(r, "id"), row_text(r, "severity"),
		    row_text(r, "kind"));
	}
	if (n > LISTED)
		fputs("  and more\n", stderr);
	return CLI_USAGE;
}

int
past_incident(const char *command, const char *path, const char *id, json_t **record)
{
	struct looking l = { .id = id, .rows = json_array() };
	struct sbuf request = sbuf_of(4096);
	char filter[96];
	int rc;

	snprintf(filter, sizeof(filter), "id ~ %.*s and (dry_run or not dry_run)", ID_MAX, id);
	control_request_begin(&request, "tail");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "n", "4294967295");
	control_request_word(&request, "filter", filter);
	rc = control_ask(path, &request, take, &l);
	*record = NULL;
	if (l.failed) {
		fputs("bellman: the daemon's answer is not understood; is it of another version?\n",
		    stderr);
		rc = CLI_REFUSED;
	} else if (rc == CLI_OK && json_array_size(l.rows) == 0) {
		fprintf(stderr,
		    "bellman %s: no incident whose id begins with %s is open, and the journal has "
		    "none; `bellman show incidents` and `bellman tail` have the ids\n",
		    command, id);
		rc = CLI_NOTHING;
	} else if (rc == CLI_OK && json_array_size(l.rows) > 1) {
		rc = past_incident_ambiguous(command, id, l.rows);
	} else if (rc == CLI_OK) {
		*record = json_incref(json_array_get(l.rows, 0));
	}
	json_decref(l.rows);
	sbuf_free(&request);
	return rc;
}

#include "cli/control_rows.h"

#include <stdio.h>

#include "cli/cli.h"
#include "proto/control_request.h"

struct taking {
	json_t *rows;
	size_t max;
	bool more, failed;
};

static bool
take(void *ctx, const char *line)
{
	struct taking *t = ctx;
	json_t *row;

	if (json_array_size(t->rows) >= t->max) {
		t->more = true;
		return false;
	}
	row = json_loads(line, 0, NULL);
	t->failed = row == NULL || json_array_append_new(t->rows, row) != 0;
	return !t->failed;
}

int
control_rows(const char *path, struct sbuf *request, json_t *rows, size_t max, bool *more)
{
	struct taking t = { .rows = rows, .max = max };
	int rc = control_ask(path, request, take, &t);

	*more = t.more;
	if (t.failed) {
		fputs("bellman: the daemon's answer is not understood; is it of another version?\n",
		    stderr);
		return CLI_REFUSED;
	}
	return rc;
}

int
control_rows_of(const char *path, const char *command, const char *what, const char *asns,
    json_t *rows, size_t max)
{
	struct sbuf request = sbuf_of(65536);
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", what);
	control_request_word(&request, "format", "json");
	if (asns != NULL)
		control_request_word(&request, "asns", asns);
	rc = control_rows(path, &request, rows, max, &more);
	if (rc == CLI_OK && more)
		fprintf(stderr, "bellman %s: more than %zu %s: the rest is not looked at\n",
		    command, max, what);
	sbuf_free(&request);
	return rc;
}

const char *
row_text(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text != NULL ? text : "";
}

unsigned long long
row_number(const json_t *row, const char *key)
{
	return (unsigned long long)json_integer_value(json_object_get(row, key));
}

bool
row_true(const json_t *row, const char *key)
{
	return json_is_true(json_object_get(row, key));
}

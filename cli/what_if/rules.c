/* Incidents that would close, were rules off: those of which no other rule is true. */
#include <stdio.h>
#include <string.h>

#include "base/jw.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/fields.h"
#include "cli/what_if/what_if_private.h"
#include "proto/control_request.h"

enum { INCIDENTS_MAX = 100000, LISTED_MAX = 1000, TEXT_MAX = 1 << 28 };

static bool
is_off(const char *names, const char *rule)
{
	size_t n = strlen(rule);

	while (*names != '\0') {
		size_t len = strcspn(names, ",");

		if (len == n && strncmp(names, rule, n) == 0)
			return true;
		names += len;
		names += *names == ',';
	}
	return false;
}

/* Is another rule than these true of one of its routes? */
static bool
stays(const json_t *row, const char *off)
{
	const json_t *why = json_object_get(json_object_get(row, "more"), "why"), *rule;
	size_t i;

	json_array_foreach(json_object_get(why, "rules"), i, rule)
		if (!is_off(off, json_string_value(rule)))
			return true;
	return false;
}

static void
put_incident(const struct what_if *w, const json_t *row, bool closes, struct sbuf *out)
{
	const json_t *r = json_object_get(row, "incident");
	struct jw j = jw_to(out);

	if (!w->json) {
		sbuf_printf(out, "  %.8s  %-8s %-7s ", row_text(r, "id"), row_text(r, "severity"),
		    closes ? "closes" : "stays");
		fields_visible(out, row_text(r, "summary"));
		sbuf_puts(out, row_true(r, "dry_run") ? " (dry-run)\n" : "\n");
		return;
	}
	jw_object(&j, NULL);
	jw_string(&j, "id", row_text(r, "id"));
	jw_string(&j, "kind", row_text(r, "kind"));
	jw_string(&j, "severity", row_text(r, "severity"));
	jw_string(&j, "summary", row_text(r, "summary"));
	jw_bool(&j, "dry_run", row_true(r, "dry_run"));
	jw_string(&j, "effect", closes ? "closes" : "stays");
	jw_end_object(&j);
	sbuf_putc(out, '\n');
}

static void
print(const struct what_if *w, const json_t *rows)
{
	const char *off = sbuf_text(&w->rules_off);
	struct sbuf out = sbuf_of(TEXT_MAX);
	size_t i, closing = 0, listed = 0, n = json_array_size(rows);
	const json_t *row;

	json_array_foreach(rows, i, row)
		closing += !stays(row, off);
	if (!w->json)
		sbuf_printf(&out, "Without %s: %zu open incident%s would close, %zu would stay.\n",
		    off, closing, closing == 1 ? "" : "s", n - closing);
	for (int closes = 1; closes >= 0; closes--)
		json_array_foreach(rows, i, row)
			if (stays(row, off) != closes && listed++ < LISTED_MAX)
				put_incident(w, row, closes, &out);
	if (listed > LISTED_MAX && !w->json)
		sbuf_printf(&out, "  and %zu more\n", listed - LISTED_MAX);
	fwrite(sbuf_text(&out), 1, out.len, stdout);
	sbuf_free(&out);
}

int
what_if_rules(const struct what_if *w)
{
	struct sbuf request = sbuf_of(65536);
	json_t *rows = json_array();
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "case");
	control_request_word(&request, "rule", sbuf_text(&w->rules_off));
	rc = control_rows(w->control.path, &request, rows, INCIDENTS_MAX, &more);
	if (rc == CLI_OK)
		print(w, rows);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

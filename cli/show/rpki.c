/* bellman show rpki, mutes, contacts, stats; and what has no table of its own. */
#include <stdio.h>
#include <string.h>

#include "base/pure/ip.h"
#include "cli/cli.h"
#include "cli/show/show_private.h"
#include "cli/stats_said.h"
#include "proto/control_request.h"
#include "proto/show_verbs.h"

/* --- sources */

static void
cell_held(const json_t *row, struct txt *t)
{
	txt_puts(t, row_text(row, "status"));
	if (row_true(row, "held_back"))
		txt_puts(t, ", held back");
}

static void
cell_age(const json_t *row, struct txt *t)
{
	const json_t *age = json_object_get(row, "age_seconds");
	double seconds = age != NULL ? (double)json_integer_value(age)
				     : table_since(row_text(row, "loaded"));

	if (seconds < 0)
		txt_puts(t, "never");
	else
		table_age(seconds, t);
}

static void
cell_use(const json_t *row, struct txt *t)
{
	if (json_object_get(row, "in_use") != NULL)
		txt_puts(t, row_true(row, "in_use") ? "in use" : "standby");
}

static const struct table_column source_columns[] = {
	{ "KIND", "source", NULL, 0, 0, 0 },
	{ "NAME", "name", NULL, TABLE_CUT, 16, 0 },
	{ "STATUS", "status", cell_held, 0, 0, 0 },
	{ "DATA", "rpki_state", NULL, 0, 0, 4 },
	{ "SESSION", "state", NULL, 0, 0, 3 },
	{ "USE", "in_use", cell_use, 0, 0, 5 },
	{ "HELD BACK", "held_back", NULL, TABLE_WIDE, 0, 9 },
	{ "LOADED", "loaded", NULL, TABLE_WIDE, 0, 9 },
	{ "PREF", "preference", NULL, TABLE_RIGHT, 0, 7 },
	{ "BY", "transport", NULL, 0, 0, 8 },
	{ "VRPS", "vrps", NULL, TABLE_RIGHT, 0, 0 },
	{ "ASPAS", "aspas", NULL, TABLE_RIGHT, 0, 2 },
	{ "REJECTED", "rejected", NULL, TABLE_RIGHT, 0, 6 },
	{ "AGE", "age_seconds", cell_age, TABLE_RIGHT, 0, 0 },
	{ "VERSION", "version", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "SERIAL", "serial", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "TLS", "tls_version", NULL, TABLE_WIDE, 0, 9 },
	{ "LAST ERROR", "last_error", NULL, TABLE_WRAP, 20, 1 },
	{ 0 },
};

/* --- a prefix */

static const struct table_column vrp_columns[] = {
	{ "PREFIX", "prefix", NULL, 0, 0, 0 },
	{ "MAX", "max_length", NULL, TABLE_RIGHT, 0, 0 },
	{ "AS", "asn", NULL, TABLE_RIGHT, 0, 0 },
	{ 0 },
};

static int
show_vrps(const struct show_asked *a, const json_t *rows)
{
	char none[256], state[64];
	const json_t *first = json_array_get(rows, 0);
	json_t *vrps = json_object_get(first, "vrps");
	struct table_look look = { a->format, a->colour, NULL };

	snprintf(state, sizeof(state), "%s", row_text(first, "rpki_state"));
	snprintf(none, sizeof(none),
	    "no VRP covers %s: routes of it are not-found, whatever their origin%s%s",
	    row_text(first, "prefix"), strcmp(state, "whole") != 0 ? "; but the RPKI data is " : "",
	    strcmp(state, "whole") != 0 ? state : "");
	if (a->format == TABLE_JSON)
		table_print(vrp_columns, &look, rows);
	if (a->format == TABLE_JSON)
		return json_array_size(vrps) > 0 ? CLI_OK : CLI_NOTHING;
	return show_rows_or(a, vrp_columns, NULL, vrps, none);
}

/* "192.0.2.0/24 AS64500 valid", and the VRPs that cover it. */
static int
show_validation(const struct show_asked *a, const json_t *rows)
{
	const json_t *row = json_array_get(rows, 0), *vrps = json_object_get(row, "vrps");
	struct table_look look = { a->format, a->colour, NULL };
	const char *worth = row_text(row, "rpki_state"), *reason = row_text(row, "reason");

	if (a->format == TABLE_JSON || a->format == TABLE_CSV) {
		table_print(vrp_columns, &look, a->format == TABLE_JSON ? rows : vrps);
		return CLI_OK;
	}
	printf("%s AS%llu %s%s%s%s%s\n", row_text(row, "prefix"), row_number(row, "origin"),
	    row_text(row, "state"), *reason != '\0' ? " " : "", reason,
	    strcmp(worth, "whole") != 0 ? ", RPKI data: " : "",
	    strcmp(worth, "whole") != 0 ? worth : "");
	if (json_array_size(vrps) > 0)
		table_print(vrp_columns, &look, vrps);
	else
		puts("no VRP covers it");
	return CLI_OK;
}

int
subject_rpki(const struct show_asked *a)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array();
	struct ip_prefix p;
	int rc;

	if (a->argc > 2)
		return cli_wrong(
		    "show", "rpki takes nothing, a prefix, or a prefix and an AS number");
	show_begin(&request, "rpki");
	if (a->argc > 0 && !ip_prefix_parse(a->argv[0], false, &p))
		return cli_wrong(
		    "show", "\"%s\" is no prefix; right would be 192.0.2.0/24", a->argv[0]);
	if (a->argc > 0)
		control_request_word(&request, "prefix", a->argv[0]);
	if (a->argc > 1)
		control_request_word(&request, "asn", a->argv[1]);
	rc = show_ask(a, &request, rows);
	if (rc == CLI_OK && a->argc == 0)
		rc = show_rows_or(a, source_columns, NULL, rows,
		    "VRPs come from nowhere: the configuration has neither rpki.files nor "
		    "rpki.caches");
	else if (rc == CLI_OK)
		rc = a->argc == 1 ? show_vrps(a, rows) : show_validation(a, rows);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/* --- mutes */

static void
cell_until(const json_t *row, struct txt *t)
{
	const char *until = row_text(row, "until");

	if (*until != '\0')
		txt_putf(t, "%.19sZ", until);
	else
		txt_puts(t, "closed");
}

static void
cell_from(const json_t *row, struct txt *t)
{
	txt_putf(t, "%.19sZ", row_text(row, "from"));
}

static const struct table_column mute_columns[] = {
	{ "NUMBER", "number", NULL, TABLE_RIGHT, 0, 0 },
	{ "SORT", "sort", NULL, 0, 0, 0 },
	{ "STATE", "state", NULL, 0, 0, 0 },
	{ "FROM", "from", cell_from, TABLE_MADE, 0, 3 },
	{ "UNTIL", "until", cell_until, TABLE_MADE, 0, 0 },
	{ "INCIDENTS", "incidents", NULL, TABLE_RIGHT, 0, 4 },
	{ "WHO", "who", NULL, TABLE_CUT, 8, 2 },
	{ "WHAT", "target", NULL, TABLE_CUT, 16, 0 },
	{ "WHY", "why", NULL, TABLE_WRAP, 16, 0 },
	{ 0 },
};

/* --- contacts */

static void
cell_contact(const json_t *row, struct txt *t)
{
	const char *email = row_text(row, "email"), *phone = row_text(row, "phone");

	txt_puts(t, row_text(row, "contact"));
	txt_puts(t, email);
	if (*phone != '\0')
		txt_putf(t, "%s%s", *email != '\0' ? ", " : "", phone);
}

static const struct table_column contact_columns[] = {
	{ "WHO", "who", NULL, 0, 0, 0 },
	{ "AS", "asn", NULL, TABLE_RIGHT, 0, 0 },
	{ "RELATION", "relation", NULL, 0, 0, 4 },
	{ "NAME", "name", NULL, TABLE_CUT, 16, 2 },
	{ "CONTACT", "contact", cell_contact, TABLE_CUT, 20, 0 },
	{ "STATE", "state", NULL, 0, 0, 0 },
	{ "OF", "of", NULL, 0, 0, 3 },
	{ "FROM", "from", NULL, TABLE_CUT, 12, 5 },
	{ "EMAIL", "email", NULL, TABLE_WIDE, 0, 9 },
	{ "PHONE", "phone", NULL, TABLE_WIDE, 0, 9 },
	{ "REGISTRY", "registry", NULL, TABLE_WIDE, 0, 9 },
	{ 0 },
};

static int
ask_and_print(const struct show_asked *a, const struct table_column *columns, const char *none)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array();
	int rc;

	show_begin(&request, a->subject);
	rc = show_ask(a, &request, rows);
	if (rc == CLI_OK)
		rc = show_sort(a, columns, rows);
	if (rc == CLI_OK)
		rc = show_rows_or(a, columns, NULL, rows, none);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

int
subject_mutes(const struct show_asked *a)
{
	return ask_and_print(a, mute_columns, "nothing is muted and nothing acknowledged");
}

int
subject_contacts(const struct show_asked *a)
{
	return ask_and_print(
	    a, contact_columns, "nobody's contact is known, and no neighbour has come");
}

int
subject_of_verb(const struct show_asked *a)
{
	const struct show_verb *verb = show_verb_find(a->subject);
	struct table_column columns[PRINTER_COLUMNS_MAX + 1] = { 0 };

	for (int i = 0; i < PRINTER_COLUMNS_MAX && verb != NULL && verb->columns != NULL &&
			verb->columns[i].name != NULL;
	     i++)
		columns[i] = (struct table_column){ .heading = verb->columns[i].heading,
			.key = verb->columns[i].name,
			.flags = verb->columns[i].width > 0 ? TABLE_RIGHT : 0 };
	return ask_and_print(a, columns, "there is nothing to show");
}

/* --- stats */

static const struct table_column stats_columns[] = {
	{ "COUNTER", "name", NULL, 0, 0, 0 },
	{ "VALUE", "value", NULL, TABLE_RIGHT, 0, 0 },
	{ 0 },
};

static void spread(const json_t *from, const char *front, json_t *rows);

/* "incidents.hijack.exact.critical.open", "kafka_topics.bmp.alerts.v1.lag": a row or more of each
 * element, called by its texts. */
static void
spread_elements(const json_t *from, const char *front, json_t *rows)
{
	static const char *const names[] = { "topic", "kind", "severity", "state" };
	const json_t *item, *n;
	char name[320];
	size_t i;

	json_array_foreach(from, i, item) {
		struct txt t = txt_of(name, sizeof(name));

		txt_puts(&t, front);
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (json_is_string(json_object_get(item, names[k])))
				txt_putf(&t, ".%s", row_text(item, names[k]));
		n = json_object_get(item, "count");
		if (n != NULL)
			json_array_append_new(
			    rows, json_pack("{s:s, s:O}", "name", name, "value", n));
		else
			spread(item, name, rows);
	}
}

/* Each figure a row; of an object its members, "messages.peer_up". How many took how long is for
 * programs: people get the mean. */
static void
spread(const json_t *from, const char *front, json_t *rows)
{
	char name[400];
	const json_t *v;
	const char *key;
	unsigned long long n;

	json_object_foreach((json_t *)(uintptr_t)from, key, v) {
		snprintf(name, sizeof(name), "%s%s%s", front, *front != '\0' ? "." : "", key);
		n = row_number(v, "count");
		if (json_object_get(v, "buckets") != NULL)
			json_array_append_new(
			    rows, json_pack("{s:s+, s:I}", "name", name, "_mean_us", "value",
				      (json_int_t)(n > 0 ? row_number(v, "sum_us") / n : 0)));
		else if (json_is_object(v))
			spread(v, name, rows);
		else if (json_is_array(v))
			spread_elements(v, name, rows);
		else
			json_array_append_new(
			    rows, json_pack("{s:s, s:O}", "name", name, "value", v));
	}
}

int
subject_stats(const struct show_asked *a)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array(), *figures = json_array();
	struct table_look look = { a->format, a->colour, NULL };
	char incidents[STATS_SAID_MAX];
	int rc;

	show_begin(&request, "stats");
	rc = show_ask(a, &request, rows);
	if (rc == CLI_OK && a->format != TABLE_JSON) {
		json_array_append_new(figures,
		    json_pack("{s:s, s:s}", "name", "incidents", "value",
			stats_incidents(json_array_get(rows, 0), incidents, sizeof(incidents))));
		spread(json_array_get(rows, 0), "", figures);
	}
	if (rc == CLI_OK)
		table_print(stats_columns, &look, a->format == TABLE_JSON ? rows : figures);
	json_decref(figures);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/*
 * bellman show incident ID: the whole story of one, open or closed. What it is comes from the
 * daemon as it is now, what it was from the journal.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/explain/explain_private.h"
#include "cli/fields.h"
#include "cli/past_incident.h"
#include "cli/show/show_private.h"
#include "proto/control_request.h"

enum {
	PREFIXES_SHOWN = 30,
	PREFIXES_MAX = 10000,
	TIMELINE_SHOWN = 20,
	TIMELINE_MAX = 10000,
	TEXT_MAX = 1 << 26
};

struct story {
	const struct show_asked *asked;
	json_t *record;	  /* as it is now, or as it was told last */
	json_t *more;	  /* why it is as grave, its prefixes; NULL: it is not open */
	json_t *timeline; /* records, oldest first */
	json_t *related;  /* records */
};

/* --- asking */

/* The record of this id, if it is open. */
static int
ask_open(const struct show_asked *a, const char *id, json_t *rows)
{
	struct sbuf request = sbuf_of(4096);
	int rc;

	show_begin(&request, "incident");
	control_request_word(&request, "id", id);
	rc = show_ask(a, &request, rows);
	sbuf_free(&request);
	return rc;
}

/* What the journal has of it, oldest first. */
static int
ask_past(const struct show_asked *a, const char *id, const char *n, json_t *rows)
{
	struct sbuf request = sbuf_of(4096);
	char filter[96];
	int rc;

	snprintf(filter, sizeof(filter), "id ~ %.40s and (dry_run or not dry_run)", id);
	control_request_begin(&request, "tail");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "n", n);
	control_request_word(&request, "filter", filter);
	rc = show_ask(a, &request, rows);
	sbuf_free(&request);
	return rc;
}

static int
ask_more(struct story *s)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array();
	char n[16];
	int rc;

	snprintf(n, sizeof(n), "%d", PREFIXES_MAX);
	show_begin(&request, "case");
	control_request_word(&request, "id", row_text(s->record, "id"));
	control_request_word(&request, "prefixes", n);
	rc = show_ask(s->asked, &request, rows);
	if (json_array_size(rows) > 0)
		s->more = json_incref(json_object_get(json_array_get(rows, 0), "more"));
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

static int
ask_related(struct story *s)
{
	const json_t *ids = json_object_get(s->record, "related"), *id;
	int rc = CLI_OK;
	size_t i;

	json_array_foreach(ids, i, id)
		if (rc == CLI_OK)
			rc = ask_open(s->asked, json_string_value(id), s->related);
	return rc;
}

/* Which one: the record in s->record. */
static int
find_one(struct story *s, const char *id)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array(), *open = json_array(), *row;
	size_t i;
	int rc;

	show_begin(&request, "case");
	control_request_word(&request, "id", id);
	rc = show_ask(s->asked, &request, rows);
	json_array_foreach(rows, i, row)
		json_array_append(open, json_object_get(row, "incident"));
	if (rc == CLI_OK && json_array_size(open) == 0)
		rc = past_incident("show", s->asked->control.path, id, &s->record);
	else if (rc == CLI_OK && json_array_size(open) > 1)
		rc = past_incident_ambiguous("show", id, open);
	else if (rc == CLI_OK)
		s->record = json_incref(json_array_get(open, 0));
	json_decref(open);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/* --- words */

static void
say_list(const json_t *list, struct sbuf *out)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
		sbuf_printf(out, "%s%s AS%llu up to /%llu", i > 0 ? ", " : "",
		    row_text(v, "prefix"), row_number(v, "asn"), row_number(v, "max_length"));
}

/* The VRPs and the ASPA that decided, and what changed of them. */
static void
put_rpki(const json_t *facts, unsigned width, struct sbuf *out)
{
	const json_t *aspa = json_object_get(facts, "aspa"),
		     *changes = json_object_get(facts, "cause_vrps"), *v;
	struct sbuf text = sbuf_of(TEXT_MAX);
	size_t i;

	if (json_array_size(json_object_get(facts, "vrps")) > 0) {
		say_list(json_object_get(facts, "vrps"), &text);
		fields_add(out, width, NULL, "VRPs", sbuf_text(&text));
	}
	json_array_foreach(changes, i, v)
		fields_addf(out, width, i == 0 ? "changed" : NULL, "%s: %s AS%llu up to /%llu",
		    row_text(v, "change"), row_text(v, "prefix"), row_number(v, "asn"),
		    row_number(v, "max_length"));
	if (aspa != NULL) {
		const json_t *providers = json_object_get(aspa, "providers");

		sbuf_clear(&text);
		json_array_foreach(providers, i, v)
			sbuf_printf(
			    &text, "%sAS%lld", i > 0 ? ", " : "", (long long)json_integer_value(v));
		fields_addf(out, width, "ASPA", "AS%llu is no provider of AS%llu, whose are %s",
		    row_number(aspa, "no_provider"), row_number(aspa, "customer"),
		    text.len > 0 ? sbuf_text(&text) : "none");
	}
	sbuf_free(&text);
}

/* Now, at first, and what came between. */
static void
put_paths(const struct story *s, unsigned width, struct sbuf *out)
{
	const char *now = row_text(s->record, "as_path"), *last = NULL;
	const json_t *r;
	size_t i;

	if (*now != '\0')
		fields_add(out, width, NULL, s->more != NULL ? "path now" : "path", now);
	json_array_foreach(s->timeline, i, r) {
		const char *path = row_text(r, "as_path");

		if (row_number(r, "occurrence") != row_number(s->record, "occurrence") ||
		    *path == '\0' || (last != NULL && strcmp(path, last) == 0))
			continue;
		if (last == NULL && strcmp(path, now) != 0)
			fields_add(out, width, NULL, "first path", path);
		else if (last != NULL && strcmp(path, now) != 0)
			fields_addf(out, width, "then", "%s (%.19sZ)", path, row_text(r, "at"));
		last = path;
	}
}

static void
put_evidence(const json_t *record, unsigned width, struct sbuf *out)
{
	const json_t *v;
	const char *name;
	bool first = true;

	json_object_foreach(json_object_get(record, "evidence"), name, v) {
		if (strcmp(name, "vrps") == 0) /* said above */
			continue;
		fields_addf(
		    out, width, first ? "evidence" : NULL, "%s: %s", name, json_string_value(v));
		first = false;
	}
}

static void
put_life(const struct story *s, unsigned width, struct sbuf *out)
{
	double first = table_since(row_text(s->record, "first_seen"));
	double last = table_since(row_text(s->record, "at"));
	char text[64];
	struct txt t = txt_of(text, sizeof(text));
	bool over = strcmp(row_text(s->record, "transition"), "closed") == 0;

	table_age(over ? first - last : first, &t);
	fields_addf(out, width, over ? "lasted" : "open for", "%s%s", text,
	    row_true(s->record, "flapping") ? "; it comes and goes" : "");
}

/* --- tables */

static void
cell_peer(const json_t *row, struct txt *t)
{
	txt_puts(t, row_text(row, "peer"));
	if (row_number(row, "peer_as") != 0)
		txt_putf(t, " AS%llu", row_number(row, "peer_as"));
	if (*row_text(row, "distinguisher") != '\0' &&
	    strcmp(row_text(row, "distinguisher"), "0:0") != 0)
		txt_putf(t, " %s", row_text(row, "distinguisher"));
	if (row_true(row, "lost"))
		txt_puts(t, " (away)");
}

static void
put_view(const json_t *row, const char *view, struct txt *t)
{
	const json_t *views = json_object_get(row, "views"), *v;
	size_t i;

	json_array_foreach(views, i, v)
		if (strcmp(json_string_value(v), view) == 0) {
			txt_puts(t, row_true(row, "lost") ? "?" : "yes");
			return;
		}
	txt_puts(t, "-");
}

static void
view_in_pre(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-in-pre", t);
}

static void
view_in_post(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-in-post", t);
}

static void
view_loc(const json_t *row, struct txt *t)
{
	put_view(row, "loc-rib", t);
}

static void
view_out_pre(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-out-pre", t);
}

static void
view_out_post(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-out-post", t);
}

static void
cell_for(const json_t *row, struct txt *t)
{
	table_age(table_since(json_string_value(json_object_get(row, "since"))), t);
}

static const struct table_column holder_columns[] = {
	{ "  ROUTER", "router", NULL, TABLE_CUT | TABLE_DOMAIN, 16, 0 },
	{ "NEIGHBOUR", "peer", cell_peer, TABLE_CUT, 19, 0 },
	{ "IN-PRE", "adj-rib-in-pre", view_in_pre, 0, 0, 0 },
	{ "IN-POST", "adj-rib-in-post", view_in_post, 0, 0, 0 },
	{ "LOC-RIB", "loc-rib", view_loc, 0, 0, 0 },
	{ "OUT-PRE", "adj-rib-out-pre", view_out_pre, 0, 0, 3 },
	{ "OUT-POST", "adj-rib-out-post", view_out_post, 0, 0, 0 },
	{ "ROUTES", "routes", NULL, TABLE_RIGHT, 0, 2 },
	{ "FOR", "since", cell_for, TABLE_RIGHT, 0, 1 },
	{ 0 },
};

static void
cell_at(const json_t *row, struct txt *t)
{
	txt_putf(t, "  %.19sZ", row_text(row, "at"));
}

static const struct table_column timeline_columns[] = {
	{ "  TIME", "at", cell_at, 0, 0, 0 },
	{ "", "transition", NULL, 0, 0, 0 },
	{ "SEVERITY", "severity", NULL, 0, 0, 0 },
	{ "KIND", "kind", NULL, TABLE_CUT, 8, 3 },
	{ "PREFIXES", "prefixes.count", NULL, TABLE_RIGHT, 0, 1 },
	{ "ROUTERS", "routers", NULL, TABLE_RIGHT, 0, 2 },
	{ "REASON", "reason", NULL, 0, 0, 0 },
	{ "VIEWS", "views", NULL, TABLE_CUT, 8, 4 },
	{ 0 },
};

static void
cell_id(const json_t *row, struct txt *t)
{
	txt_putf(t, "  %.8s", row_text(row, "id"));
}

static const struct table_column related_columns[] = {
	{ "  ID", "id", cell_id, 0, 0, 0 },
	{ "SEVERITY", "severity", NULL, 0, 0, 0 },
	{ "KIND", "kind", NULL, 0, 0, 0 },
	{ "WHAT", "summary", NULL, TABLE_WRAP, 30, 0 },
	{ 0 },
};

static void
print_table(const struct story *s, const char *title, const struct table_column *columns,
    const json_t *rows)
{
	struct table_look look = { TABLE_TEXT, s->asked->colour, NULL };

	if (json_array_size(rows) == 0)
		return;
	printf("\n%s\n", title);
	table_print(columns, &look, rows);
}

/* The holders' names are moved in by two, as all below a title. */
static json_t *
moved_in(const json_t *holders)
{
	json_t *rows = json_array(), *row;
	const json_t *h;
	char name[256];
	size_t i;

	json_array_foreach(holders, i, h) {
		row = json_deep_copy(h);
		snprintf(name, sizeof(name), "  %.200s", row_text(h, "router"));
		json_object_set_new(row, "router", json_string(name));
		json_array_append_new(rows, row);
	}
	table_sort(holder_columns, rows, "router");
	return rows;
}

static const json_t *
prefixes_of(const struct story *s)
{
	return s->more != NULL ? json_object_get(s->more, "prefixes")
			       : table_value(s->record, "prefixes.examples");
}

static void
print_holders(const struct story *s)
{
	json_t *rows = moved_in(json_object_get(s->record, "holders"));
	const char *prefix = json_string_value(json_array_get(prefixes_of(s), 0));
	unsigned long long all = row_number(s->record, "holder_count");

	print_table(s, "Who has it, where", holder_columns, rows);
	if (all > json_array_size(rows) && prefix != NULL)
		printf("  and %llu more; `bellman show routes %s` has all of that prefix\n",
		    all - json_array_size(rows), prefix);
	json_decref(rows);
}

static void
print_timeline(const struct story *s)
{
	size_t n = json_array_size(s->timeline);
	json_t *rows = json_array();

	for (size_t i = n > TIMELINE_SHOWN && !s->asked->all ? n - TIMELINE_SHOWN : 0; i < n; i++)
		json_array_append(rows, json_array_get(s->timeline, i));
	print_table(s, "What happened to it (UTC)", timeline_columns, rows);
	if (json_array_size(rows) < n)
		printf(
		    "  %zu earlier ones are left out: --all has them\n", n - json_array_size(rows));
	json_decref(rows);
}

/* In as many columns as there is room for. */
static void
print_prefixes(const struct story *s)
{
	const json_t *list = prefixes_of(s);
	size_t n = json_array_size(list), shown = n, widest = 0, columns;
	unsigned long long all = row_number(json_object_get(s->record, "prefixes"), "count");

	if (n == 0)
		return;
	if (!s->asked->all && shown > PREFIXES_SHOWN)
		shown = PREFIXES_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		size_t w = strlen(json_string_value(json_array_get(list, i)));

		widest = w > widest ? w : widest;
	}
	columns = ((fields_width() > 0 ? fields_width() : 80) - 2) / (widest + 2);
	columns = columns == 0 ? 1 : columns;
	puts("\nPrefixes");
	for (size_t i = 0; i < shown; i++) {
		bool ends = (i + 1) % columns == 0 || i + 1 == shown;

		printf(
		    "  %-*s", ends ? 0 : (int)widest, json_string_value(json_array_get(list, i)));
		if (ends)
			putchar('\n');
	}
	if (s->more == NULL && all > n)
		printf("  some of %llu\n", all);
	else if (shown < n)
		printf("  and %llu more: --all has them\n", all - shown);
	else if (all > n)
		printf("  and %llu more; `bellman show routes --rule %s` has all\n", all - n,
		    row_text(s->record, "kind"));
}

static void
print_story(struct story *s)
{
	struct explain_look look = { .width = fields_width(), .colour = s->asked->colour };
	struct sbuf out = sbuf_of(TEXT_MAX);
	bool closed = strcmp(row_text(s->record, "transition"), "closed") == 0;

	if (s->more == NULL && !closed)
		fputs("bellman: it is not open; this is what was told of it last\n", stderr);
	explain_incident_text(&out, &look, s->record, s->more);
	put_life(s, look.width, &out);
	put_paths(s, look.width, &out);
	put_rpki(json_object_get(s->record, "facts"), look.width, &out);
	put_evidence(s->record, look.width, &out);
	if (!closed)
		fields_add(&out, look.width, NULL, "clears when",
		    show_what_clears(row_text(s->record, "kind")));
	fwrite(sbuf_text(&out), 1, out.len, stdout);
	sbuf_free(&out);
	print_holders(s);
	print_timeline(s);
	print_table(s, "Related", related_columns, s->related);
	print_prefixes(s);
	if (s->more != NULL)
		printf("\nRoute by route, with every fact: bellman explain %.8s\n",
		    row_text(s->record, "id"));
}

/* The record, and what there is beside it. */
static void
print_json(struct story *s)
{
	json_t *row = json_deep_copy(s->record);

	json_object_set(row, "why", json_object_get(s->more, "why"));
	json_object_set(row, "all_prefixes", json_object_get(s->more, "prefixes"));
	json_object_set(row, "timeline", s->timeline);
	json_object_set(row, "related_incidents", s->related);
	json_object_set_new(
	    row, "clears_when", json_string(show_what_clears(row_text(s->record, "kind"))));
	json_dumpf(row, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(row);
}

int
subject_incident(const struct show_asked *a)
{
	struct story s = { .asked = a, .timeline = json_array(), .related = json_array() };
	char n[16];
	int rc;

	snprintf(n, sizeof(n), "%d", TIMELINE_MAX);
	if (a->argc != 1)
		return cli_wrong("show", "which incident? One id, or the front of one, as `bellman "
					 "show incidents` has it");
	if (a->format == TABLE_CSV)
		return cli_wrong("show", "an incident is no table: -o is text, wide or json");
	rc = find_one(&s, a->argv[0]);
	if (rc == CLI_OK)
		rc = ask_more(&s);
	if (rc == CLI_OK)
		rc = ask_past(a, row_text(s.record, "id"), n, s.timeline);
	if (rc == CLI_OK)
		rc = ask_related(&s);
	if (rc == CLI_OK && a->format == TABLE_JSON)
		print_json(&s);
	else if (rc == CLI_OK)
		print_story(&s);
	json_decref(s.record);
	json_decref(s.more);
	json_decref(s.timeline);
	json_decref(s.related);
	return rc;
}

/*
 * bellman show routes. What is chosen by prefix is found out here (the longest match, what covers
 * it), by asking what is near; the rest the daemon chooses.
 */
#include <stdio.h>
#include <string.h>

#include "base/pure/ip.h"
#include "cli/cli.h"
#include "cli/show/show_private.h"
#include "proto/control_request.h"

/* --- cells */

static void
cell_peer(const json_t *row, struct txt *t)
{
	const char *table = row_text(row, "table"), *rd = row_text(row, "distinguisher");

	txt_puts(t, row_text(row, "peer"));
	if ((*table != '\0' && strcmp(table, "global") != 0) ||
	    (*rd != '\0' && strcmp(rd, "0:0") != 0))
		txt_putf(t, " %s", *table != '\0' ? table : rd);
}

static void
cell_as(const json_t *row, struct txt *t)
{
	txt_putf(t, "AS%llu", row_number(row, "peer_as"));
}

/* Of other families than plain ones: with their distinguisher and labels. */
static void
cell_prefix(const json_t *row, struct txt *t)
{
	const char *route = row_text(row, "route");

	txt_puts(t, *route != '\0' ? route : row_text(row, "prefix"));
	if (row_number(row, "path_id") != 0)
		txt_putf(t, " path %llu", row_number(row, "path_id"));
}

static void
cell_rov(const json_t *row, struct txt *t)
{
	const char *rov = row_text(row, "rov"), *reason = row_text(row, "rov_reason");

	if (strncmp(reason, "invalid-", 8) == 0)
		txt_putf(t, "%s (%s)", rov, reason + 8);
	else
		txt_puts(t, *rov != '\0' ? rov : "-");
	if (row_true(row, "stale"))
		txt_puts(t, ", stale");
}

/* Without "adj-rib-", which every reader knows. */
static void
cell_view(const json_t *row, struct txt *t)
{
	const char *view = row_text(row, "view");

	txt_puts(t, strncmp(view, "adj-rib-", 8) == 0 ? view + 8 : view);
}

static void
cell_for(const json_t *row, struct txt *t)
{
	table_age(table_since(row_text(row, "since")), t);
}

static void
cell_communities(const json_t *row, struct txt *t)
{
	const char *text = row_text(row, "communities_text");

	if (*text != '\0')
		txt_puts(t, text);
	else
		table_text(json_object_get(row, "communities"), t);
}

static const struct table_column columns[] = {
	{ "PREFIX", "prefix", cell_prefix, TABLE_CUT, 18, 0 },
	{ "ROUTER", "router", NULL, TABLE_CUT | TABLE_DOMAIN, 12, 0 },
	{ "NEIGHBOUR", "peer", cell_peer, TABLE_CUT, 12, 0 },
	{ "AS", "peer_as", cell_as, TABLE_RIGHT, 0, 5 },
	{ "VIEW", "view", cell_view, 0, 0, 0 },
	{ "ROV", "rov", cell_rov, 0, 0, 2 },
	{ "FOR", "since", cell_for, TABLE_RIGHT, 0, 4 },
	{ "AS PATH", "as_path", NULL, TABLE_CUT, 24, 0 },
	{ "NEXT HOP", "next_hop", NULL, TABLE_CUT, 12, 6 },
	{ "RULES", "rules", NULL, TABLE_CUT, 15, 1 },
	{ "SINCE", "since", NULL, TABLE_WIDE, 0, 9 },
	{ "ROUTE", "route", NULL, TABLE_WIDE, 0, 9 },
	{ "PATH ID", "path_id", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "TABLE", "table", NULL, TABLE_WIDE, 0, 9 },
	{ "PEER RD", "distinguisher", NULL, TABLE_WIDE, 0, 9 },
	{ "ROV REASON", "rov_reason", NULL, TABLE_WIDE, 0, 9 },
	{ "STALE", "stale", NULL, TABLE_WIDE, 0, 9 },
	{ "FAMILY", "family", NULL, TABLE_WIDE, 0, 9 },
	{ "RD", "rd", NULL, TABLE_WIDE, 0, 9 },
	{ "LABELS", "labels", NULL, TABLE_WIDE, 0, 9 },
	{ "ORIGIN AS", "origin", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "ORIGIN", "origin_code", NULL, TABLE_WIDE, 0, 9 },
	{ "MED", "med", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "LOCAL-PREF", "local_pref", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "OTC", "otc", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "COMMUNITIES", "communities", cell_communities, TABLE_WIDE | TABLE_MADE, 0, 9 },
	{ "LARGE", "large_communities", NULL, TABLE_WIDE, 0, 9 },
	{ "EXTENDED", "extended_communities", NULL, TABLE_WIDE, 0, 9 },
	{ "AGGREGATOR", "aggregator", NULL, TABLE_WIDE, 0, 9 },
	{ "ORIGINATOR", "originator_id", NULL, TABLE_WIDE, 0, 9 },
	{ "CLUSTERS", "cluster_list", NULL, TABLE_WIDE, 0, 9 },
	{ 0 },
};

static const char *
colour_of(const json_t *row)
{
	if (json_array_size(json_object_get(row, "rules")) > 0)
		return "\033[31m";
	return strcmp(row_text(row, "rov"), "valid") == 0 ? "\033[32m" : NULL;
}

/* As a route goes through a router. */
static unsigned
view_order(const json_t *row)
{
	static const char *const views[] = { "adj-rib-in-pre", "adj-rib-in-post", "loc-rib",
		"adj-rib-out-pre", "adj-rib-out-post" };
	unsigned i = 0;

	while (i < 5 && strcmp(views[i], row_text(row, "view")) != 0)
		i++;
	return i;
}

static int
cmp(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "prefix", "router", "distinguisher" };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(keys) / sizeof(keys[0]); i++)
		rc = strverscmp(row_text(a, keys[i]), row_text(b, keys[i]));
	if (rc == 0)
		rc = (int)view_order(a) - (int)view_order(b);
	return rc != 0 ? rc : strverscmp(row_text(a, "peer"), row_text(b, "peer"));
}

/* --- what was asked */

struct route_ask {
	const struct show_asked *asked;
	char prefix[IP_PREFIX_TEXT_MAX]; /* "" none */
	char rd[64];			 /* "" any */
	bool address;
};

/* "203.0.113.0/24", "203.0.113.7", "64496:1:203.0.113.0/24". */
static bool
read_prefix(const char *word, struct route_ask *r)
{
	const char *rest = word;
	struct ip_prefix p;

	if (!ip_prefix_parse(word, false, &p)) {
		for (int colons = 0; colons < 2 && rest != NULL; colons++)
			rest = (rest = strchr(rest, ':')) != NULL ? rest + 1 : NULL;
		if (rest == NULL || !ip_prefix_parse(rest, false, &p))
			return false;
		snprintf(r->rd, sizeof(r->rd), "%.*s", (int)(rest - word - 1), word);
	}
	r->address = strchr(rest, '/') == NULL;
	ip_prefix_format(&p, r->prefix);
	return true;
}

static bool
is_view(const char *wanted, const char *view)
{
	const char *brief = strncmp(view, "adj-rib-", 8) == 0 ? view + 8 : view;
	size_t n = strlen(wanted);

	return strcmp(wanted, view) == 0 || strcmp(wanted, brief) == 0 ||
	       (strncmp(brief, wanted, n) == 0 && brief[n] == '-');
}

static bool
has_rule(const char *wanted, const json_t *rules)
{
	const json_t *rule;
	size_t i, n = strlen(wanted);

	json_array_foreach(rules, i, rule) {
		const char *name = json_string_value(rule);

		if (strcmp(wanted, "any") == 0 || strcmp(wanted, name) == 0 ||
		    (strncmp(wanted, name, n) == 0 && (name[n] == '.' || wanted[n - 1] == '.')))
			return true;
	}
	return false;
}

/* What the daemon has not chosen already: of an exact prefix it gives all. */
static bool
keep(const struct show_asked *a, const json_t *row)
{
	return show_like(a->router, row_text(row, "router")) &&
	       (a->peer == NULL || strcmp(a->peer, row_text(row, "peer")) == 0 ||
		   (strcmp(a->peer, "loc-rib") == 0 &&
		       strncmp(row_text(row, "peer"), "loc-rib", 7) == 0)) &&
	       (a->view == NULL || is_view(a->view, row_text(row, "view"))) &&
	       (a->rov == NULL || strcmp(a->rov, row_text(row, "rov")) == 0) &&
	       (a->origin == NULL || (json_is_integer(json_object_get(row, "origin")) &&
					 show_is_as(a->origin, row_number(row, "origin")))) &&
	       (a->rule == NULL || has_rule(a->rule, json_object_get(row, "rules")));
}

static void
keep_rd(const struct route_ask *r, json_t *rows)
{
	for (size_t i = json_array_size(rows); r->rd[0] != '\0' && i-- > 0;) {
		const json_t *row = json_array_get(rows, i);

		if (strcmp(row_text(row, "rd"), r->rd) != 0 &&
		    strcmp(row_text(row, "distinguisher"), r->rd) != 0)
			json_array_remove(rows, i);
	}
}

/* --- asking */

static int
ask_exactly(const struct show_asked *a, const char *prefix, json_t *rows)
{
	struct sbuf request = sbuf_of(4096);
	int rc;

	show_begin(&request, "routes");
	control_request_word(&request, "prefix", prefix);
	rc = show_ask(a, &request, rows);
	sbuf_free(&request);
	return rc;
}

static int
ask_near(const struct show_asked *a, const char *prefix, json_t *rows)
{
	struct sbuf request = sbuf_of(4096);
	int rc;

	show_begin(&request, "near");
	control_request_word(&request, "prefix", prefix);
	rc = show_ask(a, &request, rows);
	sbuf_free(&request);
	return rc;
}

static int
cmp_longest(const json_t *a, const json_t *b)
{
	struct ip_prefix p = { 0 }, q = { 0 };

	ip_prefix_parse(row_text(a, "prefix"), false, &p);
	ip_prefix_parse(row_text(b, "prefix"), false, &q);
	return (q.len > p.len) - (q.len < p.len);
}

/* Prefixes that cover it, each once, the longest first. */
static int
ask_covering(const struct show_asked *a, const char *prefix, json_t *covering)
{
	json_t *rows = json_array();
	const char *last = "";
	int rc = ask_near(a, prefix, rows);

	table_sort_by(rows, cmp_longest);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);

		if (strcmp(row_text(row, "near"), "covering") != 0 ||
		    strcmp(row_text(row, "prefix"), last) == 0)
			continue;
		last = row_text(row, "prefix");
		json_array_append(covering, row);
	}
	json_decref(rows);
	return rc;
}

/* Nothing has exactly this: of an address the longest match; else what is near is said. */
static int
find_longest(const struct route_ask *r, json_t *rows)
{
	json_t *covering = json_array();
	int rc = ask_covering(r->asked, r->prefix, covering);

	if (rc == CLI_OK && json_array_size(covering) > 0) {
		const char *longest = row_text(json_array_get(covering, 0), "prefix");

		fprintf(stderr, "bellman: %s lies in %s\n", r->asked->argv[0], longest);
		rc = ask_exactly(r->asked, longest, rows);
	}
	json_decref(covering);
	return rc;
}

/* All that cover it too. */
static int
find_covering(const struct route_ask *r, json_t *rows)
{
	json_t *covering = json_array();
	int rc = ask_covering(r->asked, r->prefix, covering);

	for (size_t i = 0; rc == CLI_OK && i < json_array_size(covering); i++)
		rc = ask_exactly(r->asked, row_text(json_array_get(covering, i), "prefix"), rows);
	json_decref(covering);
	return rc;
}

static void
say_list(const json_t *rows, const char *kind, const char *words)
{
	const char *last = "";
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (strcmp(row_text(row, "near"), kind) != 0 ||
		    strcmp(row_text(row, "prefix"), last) == 0)
			continue;
		fprintf(stderr, "%s %s", *last == '\0' ? words : "", row_text(row, "prefix"));
		last = row_text(row, "prefix");
	}
	if (*last != '\0')
		fputc('\n', stderr);
}

/* There is no such route: CLI_NOTHING. some: but others of the prefix. */
static int
say_none(const struct route_ask *r, bool some)
{
	json_t *rows = json_array();

	if (some || r->prefix[0] == '\0') {
		fputs(some ? "bellman: there are routes for it, but none is like that\n"
			   : "bellman: no route is like that\n",
		    stderr);
	} else if (ask_near(r->asked, r->prefix, rows) == CLI_OK) {
		fprintf(stderr, "bellman: no router has a route for %s%s\n",
		    r->address ? "" : "exactly ", r->address ? r->asked->argv[0] : r->prefix);
		table_sort_by(rows, cmp_longest);
		say_list(rows, "covering", "  it is covered by:");
		say_list(rows, "more-specific", "  within it there are:");
		if (json_array_size(rows) == 0)
			fputs("  none covers it, and none lies within it\n", stderr);
	}
	json_decref(rows);
	return CLI_NOTHING;
}

static int
show_found(const struct route_ask *r, json_t *rows)
{
	const struct show_asked *a = r->asked;
	bool some;
	int rc;

	keep_rd(r, rows);
	some = json_array_size(rows) > 0;
	show_filter(rows, keep, a);
	table_sort_by(rows, cmp);
	rc = show_sort(a, columns, rows);
	if (rc != CLI_OK)
		return rc;
	return json_array_size(rows) > 0 ? show_rows_or(a, columns, colour_of, rows, "")
					 : say_none(r, some);
}

static int
show_prefix(const struct route_ask *r)
{
	json_t *rows = json_array();
	int rc = ask_exactly(r->asked, r->prefix, rows);

	if (rc == CLI_OK && r->asked->how == SHOW_COVERING)
		rc = find_covering(r, rows);
	else if (rc == CLI_OK && r->address && json_array_size(rows) == 0)
		rc = find_longest(r, rows);
	if (rc == CLI_OK)
		rc = show_found(r, rows);
	json_decref(rows);
	return rc;
}

/* --- walks */

static const struct table_column count_columns[] = {
	{ "ROUTER", "router", NULL, TABLE_CUT | TABLE_DOMAIN, 12, 0 },
	{ "NEIGHBOUR", "peer", cell_peer, TABLE_CUT, 12, 0 },
	{ "AS", "peer_as", cell_as, TABLE_RIGHT, 0, 4 },
	{ "VIEW", "view", cell_view, 0, 0, 0 },
	{ "TABLE", "table", NULL, TABLE_WIDE, 0, 9 },
	{ "PEER RD", "distinguisher", NULL, TABLE_WIDE, 0, 9 },
	{ "FAMILY", "family", NULL, 0, 0, 0 },
	{ "ROUTES", "routes", NULL, TABLE_RIGHT, 0, 0 },
	{ "STALE", "stale", NULL, TABLE_RIGHT, 0, 3 },
	{ "VALID", "valid", NULL, TABLE_RIGHT, 0, 1 },
	{ "INVALID", "invalid", NULL, TABLE_RIGHT, 0, 1 },
	{ "NOT-FOUND", "not_found", NULL, TABLE_RIGHT, 0, 2 },
	{ "MARKED", "marked", NULL, TABLE_RIGHT, 0, 5 },
	{ 0 },
};

static void
begin_walk(const struct route_ask *r, struct sbuf *request)
{
	const struct show_asked *a = r->asked;
	const char *const words[][2] = { { "within", r->prefix }, { "router", a->router },
		{ "peer", a->peer }, { "view", a->view }, { "rov", a->rov }, { "rule", a->rule },
		{ "origin", a->origin } };

	show_begin(request, "routes");
	control_request_word(request, "walk", "1");
	if (a->counts)
		control_request_word(request, "count", "1");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i][1] != NULL && *words[i][1] != '\0')
			control_request_word(request, words[i][0], words[i][1]);
}

static bool
same_table(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "router", "peer", "distinguisher", "view", "family" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(row_text(a, keys[i]), row_text(b, keys[i])) != 0)
			return false;
	return true;
}

/* The daemon counts in pieces; those of one table are one row, and all together another. */
static void
add_up(json_t *rows)
{
	static const char *const keys[] = { "routes", "stale", "valid", "invalid", "not_found",
		"marked" };
	size_t to = 0, n = json_array_size(rows);

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_array_get(rows, i),
		       *last = to > 0 ? json_array_get(rows, to - 1) : NULL;

		if (last == NULL || !same_table(row, last)) {
			json_array_set(rows, to++, row);
			continue;
		}
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			json_object_set_new(last, keys[k],
			    json_integer((
				json_int_t)(row_number(last, keys[k]) + row_number(row, keys[k]))));
	}
	while (json_array_size(rows) > to)
		json_array_remove(rows, json_array_size(rows) - 1);
}

/* As they come: there may be millions. */
static int
stream(struct sbuf *request, const struct route_ask *r)
{
	unsigned long lines;
	int rc = control_run(r->asked->control.path, request, &lines);

	return rc == CLI_OK && lines == 0 ? say_none(r, false) : rc;
}

static int
walk(const struct route_ask *r, unsigned long long limit)
{
	const struct show_asked *a = r->asked;
	struct sbuf request = sbuf_of(8192);
	json_t *rows = json_array();
	size_t max = limit == 0 || a->counts ? SHOW_ROWS_MAX : (size_t)limit;
	bool more = false;
	int rc;

	begin_walk(r, &request);
	if (a->format == TABLE_JSON && !a->counts && r->rd[0] == '\0' && limit == 0) {
		rc = stream(&request, r);
	} else {
		rc = control_rows(a->control.path, &request, rows, max, &more);
		if (a->counts)
			add_up(rows);
		keep_rd(r, rows);
		table_sort_by(rows, cmp);
		if (rc == CLI_OK)
			rc = show_sort(a, a->counts ? count_columns : columns, rows);
		if (rc == CLI_OK)
			rc = json_array_size(rows) == 0
				 ? say_none(r, false)
				 : show_rows_or(a, a->counts ? count_columns : columns,
				       a->counts ? NULL : colour_of, rows, "");
		if (more)
			fprintf(stderr,
			    "bellman: there are more than these %zu; --limit N shows more (0: "
			    "all), --counts counts them\n",
			    json_array_size(rows));
	}
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/* What the daemon would refuse is refused here, where it is said to be wrong usage. */
static int
check_words(const struct show_asked *a)
{
	static const char *const views[] = { "adj-rib-in-pre", "adj-rib-in-post", "loc-rib",
		"adj-rib-out-pre", "adj-rib-out-post" };
	bool view = a->view == NULL;

	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		view |= a->view != NULL && is_view(a->view, views[i]);
	if (!view)
		return cli_wrong("show",
		    "--view is in-pre, in-post, loc-rib, out-pre or out-post, in or out, not "
		    "\"%s\"",
		    a->view);
	if (a->rov != NULL && strcmp(a->rov, "valid") != 0 && strcmp(a->rov, "invalid") != 0 &&
	    strcmp(a->rov, "not-found") != 0)
		return cli_wrong(
		    "show", "--rov is valid, invalid or not-found, not \"%s\"", a->rov);
	return CLI_OK;
}

int
subject_routes(const struct show_asked *a)
{
	struct route_ask r = { .asked = a };
	bool chooses = a->router != NULL || a->peer != NULL || a->view != NULL || a->rov != NULL ||
		       a->rule != NULL || a->origin != NULL || a->counts;
	unsigned long long limit = a->format == TABLE_JSON ? 0 : 1000;

	if (a->argc > 1)
		return cli_wrong("show", "routes of one prefix, or address, at a time");
	if (a->argc == 1 && !read_prefix(a->argv[0], &r))
		return cli_wrong("show",
		    "\"%s\" is no prefix; right would be 203.0.113.0/24, 203.0.113.7 or "
		    "64496:1:203.0.113.0/24",
		    a->argv[0]);
	if (a->limit != NULL && !cli_number(a->limit, 0, SHOW_ROWS_MAX, &limit))
		return cli_wrong("show", "--limit is a number of routes, not \"%s\"", a->limit);
	if (check_words(a) != CLI_OK)
		return CLI_USAGE;
	if (a->argc == 0 && !chooses)
		return cli_wrong("show",
		    "which routes? A prefix, as 203.0.113.0/24, or --router, --peer, --origin and "
		    "so on");
	if (a->argc == 0 && a->how == SHOW_COVERING)
		return cli_wrong("show", "--covering what? A prefix or address");
	if (a->argc == 1 && !a->counts && a->how != SHOW_LONGER)
		return show_prefix(&r);
	return walk(&r, limit);
}

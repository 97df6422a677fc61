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
	{ "FAMILY", "family", NULL, TABLE_WIDE, 0, 9 },
	{ "RD", "rd", NULL, TABLE_WIDE, 0, 9 },
	{ "LABELS", "labels", NULL, TABLE_WIDE, 0, 9 },
	{ "ORIGIN AS", "origin", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "ORIGIN", "origin_code", NULL, TABLE_WIDE, 0, 9 },
	{ "MED", "med", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "LOCAL-PREF", "local_pref", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "OTC", "otc", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "COMMUNITIES", "communities", cell_communities, TABLE_WIDE, 0, 9 },
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

int
subject_routes(const struct show_asked *a)
{
	json_t *rows = json_array();
	char none[128];
	int rc;

	if (a->argc != 1)
		return cli_wrong("show", "routes of which prefix? One, as 203.0.113.0/24");
	rc = ask_exactly(a, a->argv[0], rows);
	snprintf(none, sizeof(none), "no router has a route for exactly %.64s", a->argv[0]);
	table_sort_by(rows, cmp);
	if (rc == CLI_OK)
		rc = show_sort(a, columns, rows);
	if (rc == CLI_OK)
		rc = show_rows_or(a, columns, colour_of, rows, none);
	json_decref(rows);
	return rc;
}

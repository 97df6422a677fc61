/* bellman show routers, show peers. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"
#include "cli/show/show_private.h"

#define GREEN "\033[32m"
#define RED   "\033[31m"

static const char *
colour_of_state(const json_t *row)
{
	return strcmp(row_text(row, "state"), "up") == 0 ? GREEN : RED;
}

/* Any of the words is in the name, the neighbour or its AS. */
static bool
keep_words(const struct show_asked *a, const json_t *row, const char *also)
{
	char as[32];

	snprintf(as, sizeof(as), "AS%llu", row_number(row, "peer_as"));
	for (int i = 0; i < a->argc; i++)
		if (strcasestr(row_text(row, "router"), a->argv[i]) == NULL &&
		    strcasestr(row_text(row, also), a->argv[i]) == NULL &&
		    strcasecmp(as, a->argv[i]) != 0)
			return false;
	return true;
}

/* --- routers */

static void
cell_router_state(const json_t *row, struct txt *t)
{
	const char *state = row_text(row, "state");

	txt_puts(t, strcmp(state, "up") == 0 && !row_true(row, "synced") ? "loading" : state);
}

static void
cell_up(const json_t *row, struct txt *t)
{
	txt_putf(t, "%llu/%llu", row_number(row, "peers_up"), row_number(row, "peers"));
}

static void
cell_messages(const json_t *row, struct txt *t)
{
	const json_t *messages = json_object_get(row, "messages"), *n;
	const char *key;
	long long sum = 0;

	json_object_foreach((json_t *)(uintptr_t)messages, key, n)
		sum += json_integer_value(n);
	txt_putf(t, "%lld", sum);
}

static void
cell_since(const json_t *row, struct txt *t)
{
	table_age(table_since(json_string_value(json_object_get(row, "since"))), t);
}

static void
cell_time(const json_t *row, struct txt *t)
{
	txt_putf(t, "%.19s%s", row_text(row, "since"), *row_text(row, "since") != '\0' ? "Z" : "");
}

static void
cell_why_down(const json_t *row, struct txt *t)
{
	if (strcmp(row_text(row, "state"), "up") != 0)
		txt_puts(t, row_text(row, "down_reason"));
}

static void
cell_quirks(const json_t *row, struct txt *t)
{
	const json_t *quirks = json_object_get(row, "quirks"), *n;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)quirks, key, n) {
		txt_sep(t, ",");
		txt_puts(t, key);
	}
}

static const struct table_column router_columns[] = {
	{ "ROUTER", "router", NULL, TABLE_CUT | TABLE_DOMAIN, 12, 0 },
	{ "STATE", "state", cell_router_state, 0, 0, 0 },
	{ "FOR", "since", cell_since, TABLE_RIGHT, 0, 2 },
	{ "SINCE", "since", cell_time, TABLE_WIDE, 0, 9 },
	{ "ADDRESS", "address", NULL, TABLE_CUT, 12, 4 },
	{ "PEERS", "peers_up", cell_up, TABLE_RIGHT, 0, 0 },
	{ "ROUTES", "routes", NULL, TABLE_RIGHT, 0, 0 },
	{ "STALE", "stale", NULL, TABLE_RIGHT, 0, 3 },
	{ "MESSAGES", "messages", cell_messages, TABLE_RIGHT | TABLE_MADE, 0, 5 },
	{ "SYNCED", "synced", NULL, TABLE_WIDE, 0, 9 },
	{ "ALL PEERS", "peers", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "SESSIONS", "sessions", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "VIEWS", "views", NULL, TABLE_WIDE, 0, 9 },
	{ "SYSNAME", "sys_name", NULL, TABLE_WIDE, 0, 9 },
	{ "SYSDESCR", "sys_descr", NULL, TABLE_WIDE, 0, 9 },
	{ "QUIRKS", "quirks", cell_quirks, TABLE_WIDE | TABLE_MADE, 0, 9 },
	{ "WHY", "down_reason", cell_why_down, TABLE_WRAP | TABLE_MADE, 16, 1 },
	{ 0 },
};

static bool
keep_router(const struct show_asked *a, const json_t *row)
{
	struct txt t;
	char state[32];

	t = txt_of(state, sizeof(state));
	cell_router_state(row, &t);
	return show_like(a->router, row_text(row, "router")) &&
	       (a->state == NULL || strcasecmp(a->state, state) == 0 ||
		   strcasecmp(a->state, row_text(row, "state")) == 0) &&
	       keep_words(a, row, "address");
}

static int
cmp_router(const json_t *a, const json_t *b)
{
	return strverscmp(row_text(a, "router"), row_text(b, "router"));
}

/* One that is connected and has told of no peer yet has come for a worker, and not for whoever
 * waits for it: it is shown once. */
static void
leave_out_twice(json_t *rows)
{
	for (size_t i = json_array_size(rows); i-- > 0;) {
		const json_t *row = json_array_get(rows, i);
		size_t same = 0;

		if (strcmp(row_text(row, "state"), "never-seen") != 0)
			continue;
		for (size_t k = 0; k < json_array_size(rows); k++)
			same += strcmp(row_text(json_array_get(rows, k), "router"),
				    row_text(row, "router")) == 0;
		if (same > 1)
			json_array_remove(rows, i);
	}
}

static int
ask_and_show(const struct show_asked *a, const char *what, const struct table_column *columns,
    int (*cmp)(const json_t *, const json_t *),
    bool (*keep)(const struct show_asked *, const json_t *), const char *none, const char *left_out)
{
	struct sbuf request = sbuf_of(65536);
	json_t *rows = json_array();
	bool some;
	int rc;

	show_begin(&request, what);
	rc = show_ask(a, &request, rows);
	some = json_array_size(rows) > 0;
	leave_out_twice(rows);
	show_filter(rows, keep, a);
	table_sort_by(rows, cmp);
	if (rc == CLI_OK)
		rc = show_sort(a, columns, rows);
	if (rc == CLI_OK)
		rc = show_rows_or(a, columns, colour_of_state, rows, some ? left_out : none);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

int
subject_routers(const struct show_asked *a)
{
	return ask_and_show(a, "routers", router_columns, cmp_router, keep_router,
	    "no router has come, and none is configured (routers in bellman.yaml)",
	    "there are routers, but none is like that; without words `bellman show routers` has "
	    "all");
}

/* --- peers */

static void
put_view(const json_t *row, const char *view, struct txt *t)
{
	const json_t *tables = json_object_get(row, "tables"), *table;
	unsigned long long routes = 0;
	bool seen = false;
	size_t i;

	json_array_foreach(tables, i, table)
		if (strcmp(row_text(table, "view"), view) == 0) {
			routes += row_number(table, "routes");
			seen = true;
		}
	if (seen)
		txt_putf(t, "%llu", routes);
	else
		txt_puts(t, "-");
}

static void
cell_in_pre(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-in-pre", t);
}

static void
cell_in_post(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-in-post", t);
}

static void
cell_loc(const json_t *row, struct txt *t)
{
	put_view(row, "loc-rib", t);
}

static void
cell_out_pre(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-out-pre", t);
}

static void
cell_out_post(const json_t *row, struct txt *t)
{
	put_view(row, "adj-rib-out-post", t);
}

static void
cell_peer(const json_t *row, struct txt *t)
{
	const char *table = row_text(row, "table"), *rd = row_text(row, "distinguisher");
	bool vrf = (*table != '\0' && strcmp(table, "global") != 0) ||
		   (*rd != '\0' && strcmp(rd, "0:0") != 0);

	txt_puts(t, row_text(row, "peer"));
	if (vrf)
		txt_putf(t, " %s", *table != '\0' ? table : rd);
}

static void
cell_relation(const json_t *row, struct txt *t)
{
	const json_t *inferred = json_object_get(row, "relation_inferred");

	if (inferred != NULL)
		txt_putf(t, "%s?", row_text(inferred, "relation"));
	else
		txt_puts(t, row_text(row, "relation"));
}

static const struct table_column peer_columns[] = {
	{ "ROUTER", "router", NULL, TABLE_CUT | TABLE_DOMAIN, 14, 0 },
	{ "PEER", "peer", cell_peer, TABLE_CUT, 15, 0 },
	{ "AS", "peer_as", NULL, TABLE_RIGHT, 0, 0 },
	{ "STATE", "state", NULL, 0, 0, 0 },
	{ "RELATION", "relation", cell_relation, 0, 0, 3 },
	{ "FROM", "relation_from", NULL, TABLE_WIDE, 0, 9 },
	{ "INFERRED", "relation_inferred.relation", NULL, TABLE_WIDE, 0, 9 },
	{ "IN-PRE", "adj-rib-in-pre", cell_in_pre, TABLE_RIGHT | TABLE_MADE, 0, 1 },
	{ "IN-POST", "adj-rib-in-post", cell_in_post, TABLE_RIGHT | TABLE_MADE, 0, 1 },
	{ "LOC-RIB", "loc-rib", cell_loc, TABLE_RIGHT | TABLE_MADE, 0, 2 },
	{ "OUT-PRE", "adj-rib-out-pre", cell_out_pre, TABLE_RIGHT | TABLE_MADE, 0, 5 },
	{ "OUT-POST", "adj-rib-out-post", cell_out_post, TABLE_RIGHT | TABLE_MADE, 0, 4 },
	{ "UPDATES", "updates", NULL, TABLE_RIGHT, 0, 6 },
	{ "ANNOUNCED", "announced", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "WITHDRAWN", "withdrawn", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "FAULTS", "faults", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "LOCAL-AS", "local_as", NULL, TABLE_RIGHT | TABLE_WIDE, 0, 9 },
	{ "TABLE", "table", NULL, TABLE_WIDE, 0, 9 },
	{ "RD", "distinguisher", NULL, TABLE_WIDE, 0, 9 },
	{ "QUIRKS", "quirks", NULL, TABLE_WIDE, 0, 9 },
	{ 0 },
};

static bool
keep_peer(const struct show_asked *a, const json_t *row)
{
	char peer[256], relation[64];
	struct txt p = txt_of(peer, sizeof(peer)), r = txt_of(relation, sizeof(relation));

	cell_peer(row, &p);
	cell_relation(row, &r);
	return show_like(a->router, row_text(row, "router")) && show_like(a->peer, peer) &&
	       show_is_as(a->as, row_number(row, "peer_as")) &&
	       (a->state == NULL || strcasecmp(a->state, row_text(row, "state")) == 0) &&
	       show_like(a->relation, relation) && keep_words(a, row, "peer");
}

static int
cmp_peer(const json_t *a, const json_t *b)
{
	int rc = cmp_router(a, b);

	if (rc == 0)
		rc = strverscmp(row_text(a, "peer"), row_text(b, "peer"));
	return rc != 0 ? rc
		       : strverscmp(row_text(a, "distinguisher"), row_text(b, "distinguisher"));
}

int
subject_peers(const struct show_asked *a)
{
	return ask_and_show(a, "peers", peer_columns, cmp_peer, keep_peer,
	    "no router has told of a neighbour",
	    "there are neighbours, but none is like that; without words `bellman show peers` has "
	    "all");
}

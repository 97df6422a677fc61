/* A route as text, for somebody who was asleep a minute ago: the facts first, then what follows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/explain/explain_private.h"
#include "cli/fields.h"
#include "proto/record.h"

#define RED  "\033[1;31m"
#define BOLD "\033[1m"
enum { TEXT_MAX = 1 << 20 };

/* Items of a list of texts, joined. */
static void
join(struct sbuf *out, const json_t *list, const char *between)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		sbuf_printf(out, "%s%s", i > 0 ? between : "", json_string_value(item));
}

static void
put_list(struct sbuf *out, const struct explain_look *look, const char *name, const json_t *list,
    const char *between)
{
	struct sbuf text = sbuf_of(TEXT_MAX);

	join(&text, list, between);
	if (text.len > 0)
		fields_add(out, look->width, NULL, name, sbuf_text(&text));
	sbuf_free(&text);
}

/* --- facts */

static void
put_path(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const char *path = row_text(r, "as_path"), *via = row_text(r, "next_hop"),
		   *from = row_text(r, "origin_from");

	fields_addf(out, look->width, "path", "%s%s%s", *path != '\0' ? path : "(empty)",
	    *via != '\0' ? ", next hop " : "", via);
	if (json_is_integer(json_object_get(r, "origin_as")))
		fields_addf(out, look->width, "origin", "AS%llu%s%s%s", row_number(r, "origin_as"),
		    strcmp(from, "path") != 0 ? " (" : "", strcmp(from, "path") != 0 ? from : "",
		    strcmp(from, "path") != 0 ? ")" : "");
	else
		fields_addf(out, look->width, "origin", "none: %s", from);
	put_list(out, look, "path says", json_object_get(r, "path_says"), "; ");
}

static void
put_vrps(struct sbuf *out, const struct explain_look *look, const char *name, const json_t *list)
{
	enum { SHOWN = 8 };
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v) {
		if (i == SHOWN) {
			fields_addf(
			    out, look->width, NULL, "and %zu more", json_array_size(list) - SHOWN);
			return;
		}
		fields_addf(out, look->width, i == 0 ? name : NULL, "%s max %llu AS%llu",
		    row_text(v, "prefix"), row_number(v, "max_length"), row_number(v, "asn"));
	}
}

static void
put_rov(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *rov = json_object_get(r, "rov");
	const char *reason = row_text(rov, "reason");

	if (rov == NULL) {
		fields_add(out, look->width, NULL, "judged",
		    "no: a VPN, or a VRF that carries no Internet (rules.vrfs)");
		return;
	}
	fields_addf(out, look->width, "ROV", "%s%s%s%s", row_text(rov, "state"),
	    strcmp(reason, "invalid-asn") == 0 ? ": no VRP names this origin"
	    : *reason != '\0'		       ? ": longer than its VRPs allow"
					       : "",
	    row_number(rov, "vrps") == 0 ? ": no VRP covers it" : "",
	    row_true(rov, "frozen") ? "; the RPKI data is too old to judge by: verdicts are frozen"
				    : "");
	put_vrps(out, look, "  matched", json_object_get(rov, "matched"));
	put_vrps(out, look, "  wrong AS", json_object_get(rov, "wrong_as"));
	put_vrps(out, look, "  too long", json_object_get(rov, "too_long"));
}

static void
put_aspa(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *aspa = json_object_get(r, "aspa"), *broken;

	if (aspa == NULL)
		return;
	fields_addf(out, look->width, "ASPA",
	    "%s as from a customer or peer, %s as from a provider", row_text(aspa, "upstream"),
	    row_text(aspa, "downstream"));
	broken = json_object_get(aspa, "rising");
	if (broken != NULL)
		fields_addf(out, look->width, "  broken", "AS%llu is no provider of AS%llu",
		    row_number(broken, "other"), row_number(broken, "customer"));
}

/* Direct ways that were left for longer ones. */
static void
put_ways(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *way;
	size_t i;

	json_array_foreach(json_object_get(r, "direct_ways"), i, way)
		fields_addf(out, look->width, i == 0 ? "direct way" : NULL,
		    "AS%llu to AS%llu, %s AS%llu", row_number(way, "from"), row_number(way, "to"),
		    row_true(way, "left")
			? "left by this route, which goes over"
			: "left by other routes of the prefix, and not by this one, over",
		    row_number(way, "leaker"));
}

/* What the neighbour is to us. */
static const char *
relation_words(const char *relation)
{
	static const char *const words[][2] = { { "customer", "our customer" },
		{ "peer", "our peer" }, { "provider", "our provider" }, { "rs", "a route server" },
		{ "rs-client", "a client of our route server" }, { "internal", "in our network" },
		{ "collector", "a route collector" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(relation, words[i][0]) == 0)
			return words[i][1];
	return "of unknown relation: neither configuration nor roles say it";
}

static void
put_session(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *like = json_object_get(r, "relation_inferred");
	const char *from = row_text(r, "relation_from");

	if (strcmp(row_text(r, "peer"), "loc-rib") == 0)
		return;
	if (like != NULL) {
		fields_addf(out, look->width, "session",
		    "AS%llu is %s by the sizes of its tables (%llu in, %llu out, the largest table "
		    "%llu), nothing else says it; we are AS%llu",
		    row_number(r, "peer_as"), relation_words(row_text(like, "relation")),
		    row_number(like, "routes_in"), row_number(like, "routes_out"),
		    row_number(like, "largest_table"), row_number(r, "local_as"));
		return;
	}
	fields_addf(out, look->width, "session", "AS%llu is %s%s, we are AS%llu",
	    row_number(r, "peer_as"), relation_words(row_text(r, "relation")),
	    strcmp(from, "configured") == 0  ? " (configured)"
	    : strcmp(from, "roles") == 0     ? " (by the roles of the OPENs)"
	    : strcmp(from, "as-number") == 0 ? " (by the AS numbers)"
					     : "",
	    row_number(r, "local_as"));
}

static void
put_facts(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *own = json_object_get(r, "own"), *otc = json_object_get(r, "otc");
	const char *communities = row_text(r, "communities_text");

	put_path(out, look, r);
	put_rov(out, look, r);
	put_aspa(out, look, r);
	put_ways(out, look, r);
	put_session(out, look, r);
	if (own != NULL)
		fields_addf(out, look->width, "own prefix", "%s%s: its origin %s originate it",
		    row_text(own, "prefix"), row_true(own, "derived") ? " (by a VRP of ours)" : "",
		    row_true(own, "origin_allowed") ? "may" : "may NOT");
	if (otc != NULL)
		fields_addf(out, look->width, "OTC", "AS%llu", row_number(r, "otc"));
	if (*communities != '\0')
		fields_add(out, look->width, NULL, "communities", communities);
	put_list(out, look, "large", json_object_get(r, "large_communities"), " ");
	if (row_true(r, "blackhole"))
		fields_add(out, look->width, NULL, "blackhole",
		    "a host route that asks to be "
		    "dropped (RFC 7999)");
}

/* --- what follows */

static bool
has_text(const json_t *list, const char *text)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(json_string_value(item), text) == 0)
			return true;
	return false;
}

static void
put_verdict(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *rules = json_object_get(r, "rules"), *item;
	struct sbuf text = sbuf_of(TEXT_MAX);
	size_t i;

	json_array_foreach(rules, i, item)
		sbuf_printf(&text, "%s%s%s%s", i > 0 ? ", " : "", json_string_value(item),
		    has_text(json_object_get(r, "rules_inherited"), json_string_value(item))
			? " (as where it came in)"
			: "",
		    has_text(json_object_get(r, "rules_dry_run"), json_string_value(item))
			? " (dry-run)"
			: "");
	fields_add(out, look->width, look->colour && text.len > 0 ? RED : NULL, "TRUE",
	    text.len > 0 ? sbuf_text(&text) : "no rule");
	sbuf_free(&text);
	json_array_foreach(json_object_get(r, "true_because"), i, item)
		fields_addf(out, look->width, i == 0 ? "because" : NULL, "%s: %s",
		    row_text(item, "rule"), row_text(item, "why"));
	json_array_foreach(json_object_get(r, "not_true"), i, item)
		fields_addf(out, look->width, i == 0 ? "not true" : NULL, "%s: %s",
		    row_text(item, "rule"), row_text(item, "why"));
}

/* --- all of them */

static void
put_body(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	put_facts(out, look, r);
	put_verdict(out, look, r);
	if (json_object_get(r, "octets") != NULL)
		explain_octets_text(out, look, row_text(r, "octets"));
}

static int
cmp_peer(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "router", "peer", "distinguisher", "family" };
	int d = 0;

	for (size_t i = 0; d == 0 && i < sizeof(keys) / sizeof(keys[0]); i++)
		d = strcmp(row_text(a, keys[i]), row_text(b, keys[i]));
	return d;
}

/* By its place on the way of a route through a router. */
static unsigned
view_rank(const json_t *r)
{
	unsigned view = 0;

	while (view < VIEWS && strcmp(record_view_name((uint8_t)view), row_text(r, "view")) != 0)
		view++;
	return view;
}

static int
cmp_row(const void *x, const void *y)
{
	const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
	int d = cmp_peer(a, b);

	if (d == 0)
		d = (row_number(a, "path_id") > row_number(b, "path_id")) -
		    (row_number(a, "path_id") < row_number(b, "path_id"));
	return d != 0 ? d : (int)view_rank(a) - (int)view_rank(b);
}

/* The rows in order; yours to free. NULL when out of memory, and for none. */
static json_t **
sorted(const json_t *rows)
{
	size_t n = json_array_size(rows);
	json_t **v = n > 0 ? calloc(n, sizeof(json_t *)) : NULL;

	for (size_t i = 0; v != NULL && i < n; i++)
		v[i] = json_array_get(rows, i);
	if (v != NULL)
		qsort(v, n, sizeof(json_t *), cmp_row);
	return v;
}

/* Whose route it is, as far as the columns go that `bellman show routes` has. */
static void
put_head(struct sbuf *out, const struct explain_look *look, const json_t *r, const char *views)
{
	const char *table = row_text(r, "table");
	bool loc_rib = strcmp(row_text(r, "peer"), "loc-rib") == 0;

	sbuf_puts(out, look->colour ? "\n" BOLD : "\n");
	fields_visible(out, row_text(r, "router"));
	sbuf_puts(out, "  ");
	if (!loc_rib)
		sbuf_printf(out, "%s AS%llu  ", row_text(r, "peer"), row_number(r, "peer_as"));
	sbuf_puts(out, views);
	if (*table != '\0') {
		sbuf_puts(out, "  table ");
		fields_visible(out, table);
	} else if (strcmp(row_text(r, "distinguisher"), "0:0") != 0) {
		sbuf_printf(out, "  VRF %s", row_text(r, "distinguisher"));
	}
	if (strchr(row_text(r, "family"), ' ') != NULL ||
	    strstr(row_text(r, "family"), "unicast") == NULL)
		sbuf_printf(out, "  %s", row_text(r, "family"));
	if (row_number(r, "path_id") != 0)
		sbuf_printf(out, "  path %llu", row_number(r, "path_id"));
	sbuf_puts(out, look->colour ? "\033[0m\n" : "\n");
	fields_addf(out, look->width, "since", "%.19sZ%s", row_text(r, "since"),
	    row_true(r, "stale") ? ", STALE: its session is lost or has begun anew" : "");
}

static void
put_summary(struct sbuf *out, const char *prefix, json_t *const *rows, size_t n)
{
	size_t broken = 0, routers = 0;

	for (size_t i = 0; i < n; i++) {
		broken += json_array_size(json_object_get(rows[i], "rules")) > 0;
		routers += i == 0 || strcmp(row_text(rows[i - 1], "router"),
					 row_text(rows[i], "router")) != 0;
	}
	sbuf_printf(out, "%s: %zu route%s on %zu router%s, a rule is true of %zu\n", prefix, n,
	    n == 1 ? "" : "s", routers, routers == 1 ? "" : "s", broken);
}

/* How many of the rows from the first on are the same but for the view; their views. */
static size_t
take_same(const struct explain_look *look, json_t *const *rows, size_t n, const char *body,
    struct sbuf *views)
{
	struct sbuf next = sbuf_of(TEXT_MAX);
	size_t k = 1;

	sbuf_clear(views);
	sbuf_puts(views, row_text(rows[0], "view"));
	for (; k < n && cmp_peer(rows[0], rows[k]) == 0; k++) {
		sbuf_clear(&next);
		put_body(&next, look, rows[k]);
		if (strcmp(sbuf_text(&next), body) != 0)
			break;
		sbuf_printf(views, ", %s", row_text(rows[k], "view"));
	}
	sbuf_free(&next);
	return k;
}

void
explain_routes_text(
    struct sbuf *out, const struct explain_look *look, const char *prefix, const json_t *rows)
{
	struct sbuf body = sbuf_of(TEXT_MAX), views = sbuf_of(TEXT_MAX);
	size_t n = json_array_size(rows);
	json_t **v = sorted(rows);

	if (v == NULL)
		return;
	put_summary(out, prefix, v, n);
	for (size_t i = 0, same; i < n; i += same) {
		sbuf_clear(&body);
		put_body(&body, look, v[i]);
		same = take_same(look, v + i, n - i, sbuf_text(&body), &views);
		put_head(out, look, v[i], sbuf_text(&views));
		sbuf_puts(out, sbuf_text(&body));
	}
	free(v);
	sbuf_free(&body);
	sbuf_free(&views);
}

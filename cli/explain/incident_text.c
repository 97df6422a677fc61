/* An incident as text: what it is, and why it is as grave as that. */
#include <string.h>

#include "cli/control_rows.h"
#include "cli/explain/explain_private.h"
#include "cli/fields.h"

#define BOLD "\033[1m"
enum { TEXT_MAX = 1 << 20 };

static void
put_kind(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *facets = json_object_get(r, "facets"), *facet;
	struct sbuf text = sbuf_of(TEXT_MAX);
	size_t i;

	sbuf_puts(&text, row_text(r, "kind"));
	if (*row_text(r, "scope") != '\0')
		sbuf_printf(&text, ", scope %s", row_text(r, "scope"));
	json_array_foreach(facets, i, facet)
		sbuf_printf(&text, "%s%s", i == 0 ? "; also " : ", ", json_string_value(facet));
	fields_add(out, look->width, NULL, "kind", sbuf_text(&text));
	sbuf_free(&text);
}

/* Whose it is where it got furthest. */
static void
put_furthest(struct sbuf *out, const struct explain_look *look, const json_t *why)
{
	const char *furthest = row_text(why, "furthest"), *router = row_text(why, "router"),
		   *peer = row_text(why, "peer");

	if (*router == '\0')
		return;
	if (strcmp(peer, "loc-rib") == 0)
		fields_addf(out, look->width, "furthest", "%s: Loc-RIB of %s", furthest, router);
	else
		fields_addf(out, look->width, "furthest", "%s: %s %s %s AS%llu (%s)", furthest,
		    router, strcmp(furthest, "passed-on") == 0 ? "sends it to" : "has it from",
		    peer, row_number(why, "peer_as"), row_text(why, "relation"));
}

static void
put_because(struct sbuf *out, const struct explain_look *look, const json_t *why)
{
	const json_t *list = json_object_get(why, "because"), *sentence;
	size_t i;

	json_array_foreach(list, i, sentence)
		fields_add(out, look->width, NULL, i == 0 ? "  because" : NULL,
		    json_string_value(sentence));
}

/* Whom to call: the neighbour, who did it, whose prefixes they are. */
static void
put_calls(struct sbuf *out, const struct explain_look *look, const json_t *r)
{
	const json_t *list = json_object_get(r, "call"), *c, *role;
	size_t i, k;

	json_array_foreach(list, i, c) {
		struct sbuf text = sbuf_of(TEXT_MAX);
		const json_t *roles = json_object_get(c, "roles");

		json_array_foreach(roles, k, role)
			sbuf_printf(&text, "%s%s", k > 0 ? " and " : "", json_string_value(role));
		sbuf_printf(&text, " AS%llu %s%s", row_number(c, "asn"), row_text(c, "name"),
		    *row_text(c, "name") != '\0' ? ": " : "");
		if (*row_text(c, "contact") != '\0')
			sbuf_puts(&text, row_text(c, "contact"));
		else
			sbuf_printf(&text, "no contact known%s%s",
			    *row_text(c, "registry") != '\0' ? "; ask the registry " : "",
			    row_text(c, "registry"));
		fields_add(out, look->width, NULL, i == 0 ? "call" : NULL, sbuf_text(&text));
		sbuf_free(&text);
	}
	if (json_array_size(list) > 0)
		fields_addf(out, look->width, NULL, "bellman report %.8s writes the message",
		    row_text(r, "id"));
}

void
explain_incident_text(
    struct sbuf *out, const struct explain_look *look, const json_t *r, const json_t *more)
{
	const json_t *why = json_object_get(more, "why"),
		     *prefixes = json_object_get(r, "prefixes");

	sbuf_puts(out, look->colour ? BOLD : "");
	fields_visible(out, row_text(r, "summary"));
	sbuf_puts(out, look->colour ? "\033[0m\n\n" : "\n\n");
	fields_addf(out, look->width, "incident", "%s, %s%s", row_text(r, "id"),
	    row_text(r, "transition"), row_true(r, "muted") ? ", muted" : "");
	put_kind(out, look, r);
	fields_addf(out, look->width, "severity", "%s%s%s", row_text(r, "severity"),
	    row_true(r, "dry_run") ? ", dry-run: nobody is told" : "",
	    row_true(r, "standing") ? ", standing" : "");
	put_because(out, look, why);
	put_furthest(out, look, why);
	fields_addf(out, look->width, "since", "%.19sZ, last told %.19sZ%s%s",
	    row_text(r, "first_seen"), row_text(r, "at"),
	    *row_text(r, "reason") != '\0' ? ", " : "", row_text(r, "reason"));
	if (row_number(r, "occurrence") > 1)
		fields_addf(out, look->width, "before", "it happened %llu times so far",
		    row_number(r, "occurrence"));
	put_calls(out, look, r);
	if (row_number(prefixes, "count") > 0)
		fields_addf(out, look->width, "prefixes", "%llu, at most %llu",
		    row_number(prefixes, "count"), row_number(prefixes, "peak"));
	if (*row_text(r, "manrs_action") != '\0')
		fields_add(out, look->width, NULL, "MANRS", row_text(r, "manrs_action"));
}

/*
 * What a report says, in the words of one NOC to another: who writes, what is seen and since when,
 * the lines that prove it, and what is asked. A neighbour is asked to filter, who did it to stop;
 * whose prefixes they are is told. That it was meant is never said: most of it is a mistake.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "cli/control_rows.h"
#include "cli/fields.h"
#include "cli/report/report_private.h"

enum {
	LINE_MAX_CHARS = 76,
	PARAGRAPH_MAX = 2048,
	ROUTE_MAX = 1 << 20,
	ROUTES_SHOWN = 20,
	PREFIXES_SHOWN = 10
};

enum matter { MATTER_ORIGIN, MATTER_LEAK, MATTER_BOGON, MATTER_SESSION, MATTER_OTHER, MATTERS };

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static enum matter
matter_of(const json_t *record)
{
	const char *kind = row_text(record, "kind");

	if (begins(kind, "hijack.") || begins(kind, "rov.") || begins(kind, "own.") ||
	    begins(kind, "origin."))
		return MATTER_ORIGIN;
	if (begins(kind, "leak.") || begins(kind, "aspa.") || begins(kind, "path."))
		return MATTER_LEAK;
	if (begins(kind, "bogon."))
		return MATTER_BOGON;
	return begins(kind, "peer.") ? MATTER_SESSION : MATTER_OTHER;
}

bool
report_has_role(const json_t *call, const char *role)
{
	const json_t *roles = json_object_get(call, "roles");

	for (size_t i = 0; i < json_array_size(roles); i++)
		if (strcmp(json_string_value(json_array_get(roles, i)), role) == 0)
			return true;
	return false;
}

const char *
report_our_name(const struct report *r, char *buf, size_t size)
{
	if (*row_text(r->us, "name") != '\0')
		snprintf(buf, size, "%s", row_text(r->us, "name"));
	else if (row_number(r->us, "asn") != 0)
		snprintf(buf, size, "AS%llu", row_number(r->us, "asn"));
	else
		snprintf(buf, size, "%s", row_text(r->record, "collector"));
	return buf;
}

/* --- writing */

/* Folded at blanks; what somebody else wrote is fit to be shown. */
static void say(struct sbuf *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
say(struct sbuf *out, const char *fmt, ...)
{
	char text[PARAGRAPH_MAX];
	struct sbuf line = sbuf_of(4 * PARAGRAPH_MAX);
	va_list ap;
	int at = 0;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fields_visible(&line, text);
	for (char *word = (char *)(uintptr_t)sbuf_text(&line), *end; *word != '\0'; word = end) {
		size_t n = strcspn(word, " ");

		end = word + n + strspn(word + n, " ");
		if (at > 0 && at + 1 + (int)n > LINE_MAX_CHARS) {
			sbuf_putc(out, '\n');
			at = 0;
		}
		sbuf_printf(out, "%s%.*s", at > 0 ? " " : "", (int)n, word);
		at += (int)n + (at > 0);
	}
	sbuf_putc(out, '\n');
	sbuf_free(&line);
}

/* A line of evidence: as it is, and not folded. */
static void
put_line(struct sbuf *out, const char *name, const char *value)
{
	sbuf_printf(out, "  %-11s ", name);
	fields_visible(out, value);
	sbuf_putc(out, '\n');
}

/* "2026-11-28 00:31:02 UTC" of RFC 3339. */
static const char *
utc(const char *time, char buf[REPORT_TIME_MAX])
{
	if (strlen(time) < 19)
		snprintf(buf, REPORT_TIME_MAX, "an unknown time");
	else
		snprintf(buf, REPORT_TIME_MAX, "%.10s %.8s UTC", time, time + 11);
	return buf;
}

static bool
is_over(const json_t *record)
{
	return strcmp(row_text(record, "transition"), "closed") == 0;
}

/* Nobody who is there can say whether it still is. */
static bool
is_unknown(const json_t *record)
{
	return strcmp(row_text(record, "transition"), "unknown") == 0;
}

static const char *
prefixes_text(const json_t *record, char *buf, size_t size)
{
	const json_t *prefixes = json_object_get(record, "prefixes"),
		     *examples = json_object_get(prefixes, "examples");
	unsigned long long count = row_number(prefixes, "peak");
	struct txt t = txt_of(buf, size);
	size_t n = json_array_size(examples), i = 0;

	for (; i < n && i < PREFIXES_SHOWN; i++)
		txt_putf(
		    &t, "%s%s", i > 0 ? ", " : "", json_string_value(json_array_get(examples, i)));
	if (count > i && i > 0)
		txt_putf(&t, " and %llu more", count - i);
	return buf;
}

/* --- what it is about */

void
report_subject(const struct report *r, char out[REPORT_SUBJECT_MAX])
{
	static const char *const words[MATTERS] = { "wrong origin of", "route leak of",
		"bogon routes:", "our BGP session with you:", "routing incident:" };
	enum matter m = matter_of(r->record);
	const json_t *examples =
	    json_object_get(json_object_get(r->record, "prefixes"), "examples");
	const char *prefix = json_string_value(json_array_get(examples, 0));
	char what[128];

	if (m == MATTER_SESSION || prefix == NULL)
		snprintf(what, sizeof(what), "%s", row_text(r->record, "kind"));
	else
		snprintf(what, sizeof(what), "%s%s", prefix,
		    row_number(json_object_get(r->record, "prefixes"), "peak") > 1 ? " and others"
										   : "");
	snprintf(out, REPORT_SUBJECT_MAX, "AS%llu: %s %s [%.8s]%s", row_number(r->call, "asn"),
	    words[prefix == NULL && m != MATTER_SESSION ? MATTER_OTHER : m], what,
	    row_text(r->record, "id"), is_over(r->record) ? " (over)" : "");
}

static void
say_what(const struct report *r, struct sbuf *out)
{
	const json_t *facts = json_object_get(r->record, "facts");
	unsigned long long doer = row_number(facts, "offender_as");
	char prefixes[1024], since[REPORT_TIME_MAX];
	const char *of = prefixes_text(r->record, prefixes, sizeof(prefixes));

	utc(row_text(r->record, "first_seen"), since);
	doer = doer != 0 ? doer : row_number(r->record, "origin");
	switch (matter_of(r->record)) {
	case MATTER_ORIGIN:
		say(out, "Since %s we see routes for %s with AS%llu as their origin, which %s.",
		    since, of, doer,
		    row_number(r->record, "own_prefixes") > 0
			? "is not authorised to announce them: they are ours"
			: "as far as we can tell is not authorised to announce them");
		break;
	case MATTER_LEAK:
		say(out,
		    "Since %s we see routes for %s on paths that they should not be on, as far as "
		    "we can tell: they look as a route leak does (RFC 7908)%s.",
		    since, of,
		    report_has_role(r->call, "victim") ? ", by which your traffic may go astray"
						       : "");
		break;
	case MATTER_BOGON:
		say(out,
		    "Since %s we see routes for %s that should not be on the Internet: address "
		    "space or AS numbers that are reserved, or that no registry has handed out.",
		    since, of);
		break;
	case MATTER_SESSION:
		say(out, "Since %s we see this on our BGP session with you:", since);
		break;
	default:
		say(out, "Since %s we see this:", since);
	}
	sbuf_putc(out, '\n');
	put_line(out, "Seen", row_text(r->record, "summary"));
}

/* --- what proves it */

/* Where it is, in words that are not ours alone. */
static const char *
view_words(const char *view)
{
	static const char *const words[][2] = { { "adj-rib-in-pre", "received" },
		{ "adj-rib-in-post", "accepted" }, { "loc-rib", "in use" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], view) == 0)
			return words[i][1];
	return view;
}

/*
 * What goes to somebody is what came to us, and what we use of it: whom we pass it on to is no
 * matter of his. A neighbour that is to filter is told of his own routes.
 */
static bool
is_for_him(const struct report *r, const json_t *route)
{
	unsigned long long asn = row_number(r->call, "asn");

	if (begins(row_text(route, "view"), "adj-rib-out"))
		return false;
	return !report_has_role(r->call, "neighbor") || row_number(route, "peer_as") == asn ||
	       strtoull(row_text(route, "as_path"), NULL, 10) == asn;
}

static void
put_route(struct sbuf *out, const json_t *route)
{
	struct sbuf text = sbuf_of(ROUTE_MAX);
	char time[REPORT_TIME_MAX];

	sbuf_printf(&text, "%s %s %s on %s", utc(row_text(route, "since"), time),
	    row_text(route, "prefix"), view_words(row_text(route, "view")),
	    row_text(route, "router"));
	if (strcmp(row_text(route, "view"), "loc-rib") != 0)
		sbuf_printf(&text, ", from %s AS%llu", row_text(route, "peer"),
		    row_number(route, "peer_as"));
	sbuf_printf(&text, ", path %s", row_text(route, "as_path"));
	put_line(out, "Route", sbuf_text(&text));
	sbuf_free(&text);
}

/* The same of who has it: Adj-RIB-Out alone is what we pass on. */
static bool
held_for_him(const struct report *r, const json_t *holder)
{
	const json_t *views = json_object_get(holder, "views");

	if (report_has_role(r->call, "neighbor") &&
	    row_number(holder, "peer_as") != row_number(r->call, "asn"))
		return false;
	for (size_t i = 0; i < json_array_size(views); i++)
		if (!begins(json_string_value(json_array_get(views, i)), "adj-rib-out"))
			return true;
	return json_array_size(views) == 0;
}

/* Who has it, by the record: where no route is there any more. */
static void
put_holders(const struct report *r, struct sbuf *out)
{
	const json_t *holders = json_object_get(r->record, "holders");
	struct sbuf text = sbuf_of(ROUTE_MAX);
	char time[REPORT_TIME_MAX];

	for (size_t i = 0; i < json_array_size(holders) && i < ROUTES_SHOWN; i++) {
		const json_t *h = json_array_get(holders, i);

		if (!held_for_him(r, h))
			continue;
		sbuf_clear(&text);
		sbuf_printf(&text, "%s on %s from %s AS%llu, %llu routes",
		    utc(row_text(h, "since"), time), row_text(h, "router"), row_text(h, "peer"),
		    row_number(h, "peer_as"), row_number(h, "routes"));
		put_line(out, "Held", sbuf_text(&text));
	}
	sbuf_free(&text);
	if (*row_text(r->record, "as_path") != '\0')
		put_line(out, "AS path", row_text(r->record, "as_path"));
}

static void
put_vrps(struct sbuf *out, const json_t *record)
{
	const json_t *vrps = json_object_get(json_object_get(record, "facts"), "vrps");
	char text[128];

	for (size_t i = 0; i < json_array_size(vrps); i++) {
		const json_t *v = json_array_get(vrps, i);

		snprintf(text, sizeof(text), "%s maximum length %llu AS%llu", row_text(v, "prefix"),
		    row_number(v, "max_length"), row_number(v, "asn"));
		put_line(out, "ROA", text);
	}
}

static void
put_fact(struct sbuf *out, const json_t *record, const char *key, const char *words)
{
	const char *value = row_text(json_object_get(record, "evidence"), key);

	if (*value != '\0')
		put_line(out, words, value);
}

static void
put_evidence(const struct report *r, struct sbuf *out)
{
	static const struct {
		const char *key, *words;
	} facts[] = { { "own_prefix", "Ours" }, { "aspa", "ASPA" }, { "otc", "OTC" },
		{ "provider_free_as", "Behind it" }, { "leaked_from", "Has it of" },
		{ "leaked_to", "Told it" }, { "direct_from", "Before" } };
	size_t shown = 0, more = 0;

	sbuf_puts(out, "Evidence (all times in UTC, by our own routers):\n\n");
	for (size_t i = json_array_size(r->routes); i-- > 0;) { /* the oldest first */
		const json_t *route = json_array_get(r->routes, i);

		if (!is_for_him(r, route))
			continue;
		if (shown < ROUTES_SHOWN)
			put_route(out, route);
		else
			more++;
		shown++;
	}
	if (more > 0)
		sbuf_printf(out, "  and %zu more like these\n", more);
	if (shown == 0)
		put_holders(r, out);
	put_vrps(out, r->record);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		put_fact(out, r->record, facts[i].key, facts[i].words);
}

/* --- what is asked */

static void
say_asked(const struct report *r, struct sbuf *out)
{
	enum matter m = matter_of(r->record);
	bool over = is_over(r->record);

	if (report_has_role(r->call, "origin") && m != MATTER_SESSION)
		say(out,
		    over ? "It has ended as far as we see. Please check what caused it on your "
			   "side, so that it does not come back, and let us know what you found."
			 : "Could you please stop announcing these routes, check the filters "
			   "towards your neighbours, and let us know when it is done? If it is "
			   "meant to be so, please tell us by what authorisation (a ROA, an ASPA, "
			   "a route object).");
	else if (report_has_role(r->call, "neighbor") && m == MATTER_SESSION)
		say(out,
		    "Could you please have a look on your side, and let us know what you find%s?",
		    over ? ", though it has ended" : "");
	else if (report_has_role(r->call, "neighbor"))
		say(out,
		    over ? "It has ended as far as we see. Please check why your filters let it "
			   "pass, and let us know what you found."
			 : "These routes come to us from you. Could you please filter them, ask "
			   "the network behind you that they come from to stop, and let us know "
			   "when it is done?");
	else if (m == MATTER_LEAK)
		say(out,
		    "We tell you since the prefixes are yours, and traffic to you may take ways "
		    "that it should not. %s",
		    over ? "It has ended as far as we see."
			 : "Your upstreams may help to have it stopped.");
	else
		say(out,
		    over ? "It has ended as far as we see. We tell you since the prefixes are "
			   "yours; a ROA for them lets other networks drop such routes."
			 : "We tell you since the prefixes are yours. If you have not authorised "
			   "this, please turn to the network that announces them and to its "
			   "upstreams; a ROA that names you lets other networks drop such "
			   "routes. If you have, please tell us.");
}

/* Until when it was so. */
static void
put_when(const struct report *r, struct sbuf *out)
{
	char time[REPORT_TIME_MAX];

	if (is_unknown(r->record)) {
		put_line(out, "Last seen at", utc(row_text(r->record, "last_seen"), time));
		say(out, strcmp(row_text(r->record, "reason"), "feed-lost") == 0
			     ? "Our router that saw it is not connected now."
			     : "We cannot tell now whether it still is.");
	} else if (is_over(r->record)) {
		put_line(out, "Ended", utc(row_text(r->record, "at"), time));
	} else {
		put_line(out, "Still so at", utc(r->now, time));
	}
}

void
report_text(const struct report *r, struct sbuf *out)
{
	char name[128];
	unsigned long long asn = row_number(r->us, "asn");
	const char *to = row_text(r->call, "name");

	report_our_name(r, name, sizeof(name));
	say(out, "To the NOC of %s%sAS%llu%s", to, *to != '\0' ? " (" : "",
	    row_number(r->call, "asn"), *to != '\0' ? ")" : "");
	sbuf_puts(out, "\nHello,\n\n");
	if (asn != 0 && *row_text(r->us, "name") != '\0')
		say(out, "this is %s (AS%llu).", name, asn);
	else
		say(out, "this is %s.", name);
	sbuf_putc(out, '\n');
	say_what(r, out);
	put_line(out, "Reference", row_text(r->record, "id"));
	put_when(r, out);
	sbuf_putc(out, '\n');
	put_evidence(r, out);
	sbuf_putc(out, '\n');
	say_asked(r, out);
	sbuf_puts(out, "\nThank you, and kind regards\n\n");
	say(out, "%s", name);
	if (*row_text(r->us, "email") != '\0')
		say(out, "%s", row_text(r->us, "email"));
	if (*row_text(r->us, "phone") != '\0')
		say(out, "%s", row_text(r->us, "phone"));
}

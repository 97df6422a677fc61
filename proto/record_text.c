/*
 * Records as a line for a person at three in the morning: when, how bad, what happened to it, which
 * rule, how far it got, who saw it, what it is. In columns, here folded:
 *
 *   03:12:07Z CRITICAL opened   hijack.more-specific passed on  ams1
 *       AS666 originates 203.0.113.128/25, inside our 203.0.113.0/24 (announced)
 *   03:12:09Z info     event    session.up                      ams1
 *       BMP session of ams1 from 192.0.2.1 is up
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/pure/text.h"
#include "base/pure/utf8.h"
#include "proto/record.h"

static const char *
tint(uint8_t severity, bool closed)
{
	if (closed)
		return "\033[32m";
	switch (severity) {
	case SEVERITY_CRITICAL:
		return "\033[1;97;41m";
	case SEVERITY_MAJOR:
		return "\033[1;31m";
	case SEVERITY_WARNING:
		return "\033[33m";
	case SEVERITY_NOTICE:
		return "\033[36m";
	default:
		return "\033[2m";
	}
}

/* How far the routes got, in plain words; "" for what has none. */
static const char *
how_far(const struct record_incident *i)
{
	if (i->transition == TRANSITION_CLOSED)
		return "gone";
	if (i->transition == TRANSITION_UNKNOWN)
		return "not known";
	if (i->views == 0)
		return "";
	if (i->views & 1U << VIEW_OUT_POST)
		return "passed on";
	if (i->views & (1U << VIEW_LOC_RIB | 1U << VIEW_OUT_PRE))
		return "in use";
	if (i->views & 1U << VIEW_IN_POST)
		return "accepted";
	return i->views_missing & 1U << VIEW_IN_POST ? "received" : "filtered";
}

static const char *
severity_word(uint8_t severity)
{
	static const char *const words[] = { "-", "info", "notice", "warning", "MAJOR",
		"CRITICAL" };

	return severity <= SEVERITY_CRITICAL ? words[severity] : words[0];
}

/*
 * Text in a column of `width` characters: padded, and cut when `cut`; width 0 is the rest of the
 * line. What is not fit to be shown, and what is no UTF-8, becomes question marks: the texts are
 * sent by routers, and a terminal obeys.
 */
static void
put_column(struct sbuf *out, const char *text, unsigned width, bool cut)
{
	size_t left = strlen(text), n;
	unsigned used = 0;

	for (; left > 0 && !(cut && used == width); text += n, left -= n, used++) {
		if ((n = utf8_visible_len(text, left)) > 0) {
			sbuf_add(out, text, n);
		} else {
			n = utf8_len(text, left) > 0 ? utf8_len(text, left) : 1;
			sbuf_putc(out, '?');
		}
	}
	for (; used < width; used++)
		sbuf_putc(out, ' ');
	if (width > 0)
		sbuf_putc(out, ' ');
}

/* Time of day in UTC, with the date when it is another than that of `now`. Every number has to give
 * a text: it may come from a file. */
static void
put_clock(struct sbuf *out, int64_t at_us, int64_t now_us)
{
	const int64_t day_us = (int64_t)86400 * 1000000;
	int64_t second = at_us / 1000000 % 86400;
	time_t s = (time_t)(at_us / 1000000);
	char date[32] = "";
	struct tm tm;

	if (second < 0)
		second += 86400;
	if (now_us != 0 && at_us / day_us != now_us / day_us && gmtime_r(&s, &tm) != NULL)
		strftime(date, sizeof(date), "%Y-%m-%dT", &tm);
	sbuf_printf(out, "%s%02d:%02d:%02dZ ", date, (int)(second / 3600), (int)(second / 60 % 60),
	    (int)(second % 60));
}

/* In full, in a column that is as wide as the longest so far: the names of a fleet differ at their
 * ends. */
static void
put_router(struct sbuf *out, const char *name, struct record_look *look)
{
	enum { LEAST = 14 };
	unsigned width = 0;

	for (const char *p = name; *p != '\0'; p++)
		width += ((unsigned char)*p & 0xc0) != 0x80;
	if (look->router_width < LEAST)
		look->router_width = LEAST;
	if (width > look->router_width)
		look->router_width = width;
	put_column(out, name, look->router_width, true);
}

/* Of a route that is not in the global table. */
static void
put_vrf(struct sbuf *out, const char *table, const char *distinguisher)
{
	sbuf_puts(out, ", VRF ");
	put_column(out, table[0] != '\0' ? table : distinguisher, 0, false);
	if (table[0] != '\0')
		sbuf_printf(out, " (%s)", distinguisher);
}

/* Whom to call. */
static void
put_neighbor(struct sbuf *out, const char *name, const char *contact)
{
	sbuf_puts(out, ", neighbour ");
	put_column(out, name, 0, false);
	if (contact[0] != '\0') {
		sbuf_puts(out, name[0] != '\0' ? " (" : "(");
		put_column(out, contact, 0, false);
		sbuf_putc(out, ')');
	}
}

static void
put_incident(struct sbuf *out, const struct record_incident *i, struct record_look *look,
    const char *on, const char *off)
{
	sbuf_puts(out, on);
	put_column(
	    out, i->dry_run ? severity_name(i->severity) : severity_word(i->severity), 8, false);
	sbuf_puts(out, off);
	put_column(out, transition_name(i->transition), 8, false);
	put_column(out, i->kind, 20, false);
	put_column(out, how_far(i), 10, false);
	put_router(out, i->router, look);
	put_column(out, i->summary, 0, false);
	if (i->distinguisher[0] != '\0')
		put_vrf(out, i->table, i->distinguisher);
	if (i->neighbor_name[0] != '\0' || i->neighbor_contact[0] != '\0')
		put_neighbor(out, i->neighbor_name, i->neighbor_contact);
	if (i->routers_n > 1)
		sbuf_printf(out, ", on %u routers", i->routers_n);
	if (i->muted)
		sbuf_puts(out, ", muted");
	if (i->dry_run)
		sbuf_puts(out, ", dry-run");
	if (i->reason != REASON_NONE) {
		sbuf_puts(out, " (");
		put_column(out, reason_name(i->reason), 0, false);
		sbuf_putc(out, ')');
	}
}

/* The whole line is dim, unless it matters. */
static void
put_event(struct sbuf *out, const struct record_event *e, struct record_look *look, const char *on,
    const char *off)
{
	sbuf_puts(out, on);
	put_column(out, severity_word(e->severity), 8, false);
	put_column(out, "event", 8, false);
	put_column(out, e->type, 20, false);
	put_column(out, "", 10, false);
	put_router(out, e->router, look);
	put_column(out, e->summary, 0, false);
	sbuf_puts(out, off);
}

bool
record_to_text(const struct record *r, struct record_look *look, struct sbuf *out)
{
	bool colour = look->colour;
	const char *off = colour ? "\033[0m" : "";

	put_clock(out, r->at_us, look->now_us);
	if (r->kind == RECORD_INCIDENT) {
		const struct record_incident *i = &r->incident;

		put_incident(out, i, look,
		    colour ? tint(i->severity, i->dry_run || i->transition == TRANSITION_CLOSED)
			   : "",
		    off);
	} else {
		put_event(out, &r->event, look, colour ? tint(r->event.severity, false) : "", off);
	}
	return !out->failed;
}

static void
put_detail(struct sbuf *out, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	sbuf_puts(out, "  ");
	put_column(out, name, 16, false);
	put_column(out, value, 0, false);
	sbuf_putc(out, '\n');
}

static void
put_time(struct sbuf *out, const char *name, int64_t us)
{
	char text[32];
	time_t s = (time_t)(us / 1000000);
	struct tm tm;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&s, &tm));
	put_detail(out, name, us != 0 ? text : "");
}

static void
put_prefixes(struct sbuf *out, const struct record_incident *i)
{
	char text[RECORD_EXAMPLES_MAX * (IP_PREFIX_TEXT_MAX + 2) + 64], prefix[IP_PREFIX_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	txt_putf(&t, "%llu, at most %llu:", (unsigned long long)i->prefixes_n,
	    (unsigned long long)i->prefixes_peak);
	for (unsigned k = 0; k < i->examples_n && k < RECORD_EXAMPLES_MAX; k++)
		txt_putf(&t, " %s", ip_prefix_format(&i->examples[k], prefix));
	put_detail(out, "prefixes", text);
}

static void
put_holder(struct sbuf *out, const struct record_holder *h)
{
	char text[RECORD_NAME_MAX + RECORD_RD_MAX + 256], address[IP_ADDR_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	txt_putf(&t, "%s %s", h->router,
	    h->peer.family != IP_NONE ? ip_addr_format(&h->peer, address) : "loc-rib");
	if (h->peer.family != IP_NONE)
		txt_putf(&t, " AS%u", h->peer_as);
	if (h->distinguisher[0] != '\0')
		txt_putf(&t, " VRF %s", h->distinguisher);
	txt_putf(&t, " %u route%s", h->routes, h->routes == 1 ? "" : "s");
	for (uint8_t v = 0; v < VIEWS; v++)
		if (h->views >> v & 1)
			txt_putf(&t, " %s", record_view_name(v));
	if (h->lost)
		txt_puts(&t, " (not there)");
	put_detail(out, "holder", text);
}

static void
put_call(struct sbuf *out, const struct record_call *c)
{
	char text[2 * RECORD_NAME_MAX + 128];
	struct txt t = txt_of(text, sizeof(text));
	const char *before = "";

	for (unsigned r = 0; r < CALL_ROLES; r++)
		if (c->roles >> r & 1) {
			txt_putf(&t, "%s%s", before, call_role_name(r));
			before = " and ";
		}
	txt_putf(&t, " AS%u%s%s: ", c->asn, c->name[0] != '\0' ? " " : "", c->name);
	if (c->contact[0] != '\0')
		txt_puts(&t, c->contact);
	else if (c->registry[0] != '\0')
		txt_putf(&t, "no contact known; ask the registry %s", c->registry);
	else
		txt_puts(&t, "no contact known");
	put_detail(out, "call", text);
}

bool
record_details_to_text(const struct record *r, struct sbuf *out)
{
	const struct record_incident *i = &r->incident;
	char text[64];

	if (r->kind != RECORD_INCIDENT)
		return !out->failed;
	put_detail(out, "id", i->id);
	snprintf(text, sizeof(text), "%u, revision %u", i->occurrence, i->revision);
	put_detail(out, "occurrence", text);
	put_time(out, "first seen", i->first_seen_us);
	put_time(out, "last seen", i->last_seen_us);
	put_prefixes(out, i);
	put_detail(out, "AS path", i->as_path);
	for (unsigned k = 0; k < i->facets_n && k < RECORD_FACETS_MAX; k++)
		put_detail(out, "also", i->facets[k]);
	for (unsigned k = 0; k < i->holders_n && k < RECORD_HOLDERS_MAX; k++)
		put_holder(out, &i->holders[k]);
	for (unsigned k = 0; k < i->evidence_n && k < RECORD_EVIDENCE_MAX; k++)
		put_detail(out, i->evidence[k].name, i->evidence[k].value);
	for (unsigned k = 0; k < i->calls_n && k < RECORD_CALLS_MAX; k++)
		put_call(out, &i->calls[k]);
	for (unsigned k = 0; k < i->related_n && k < RECORD_RELATED_MAX; k++)
		put_detail(out, "related", i->related[k]);
	put_detail(out, "MANRS", i->manrs_action);
	return !out->failed;
}

const char *
incidents_said(char *buf, size_t size, uint64_t open, uint64_t unknown, uint64_t critical)
{
	struct txt t = txt_of(buf, size);

	txt_putf(&t, "%" PRIu64, open + unknown);
	if (unknown > 0)
		txt_putf(&t, " (%" PRIu64 " unknown%s", unknown, critical > 0 ? "" : ")");
	if (critical > 0)
		txt_putf(&t, "%s%" PRIu64 " critical)", unknown > 0 ? ", " : " (", critical);
	return buf;
}

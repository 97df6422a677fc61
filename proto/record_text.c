/*
 * Records as a line for a person at three in the morning: when, how bad, what happened to it, what
 * it is, how far it got.
 *
 *   03:12:07Z CRITICAL opened   hijack.more-specific   passed on   AS666 originates
 * 203.0.113.128/25, inside our ... 03:12:09Z info     event    session.up             ams1 BMP
 * session of ams1 from 192.0.2.1 is up
 */
#include <string.h>

#include "base/clock.h"
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

/* How far the routes got, in plain words. */
static const char *
how_far(const struct record_incident *i)
{
	if (i->transition == TRANSITION_CLOSED)
		return "gone";
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

bool
record_to_text(const struct record *r, bool colour, struct sbuf *out)
{
	char when[CLOCK_TEXT_MAX], clock[12];
	const char *on = "", *off = "";

	clock_format_us(r->at_us, 0, when);
	memcpy(clock, when + 11, 9); /* HH:MM:SSZ */
	clock[9] = '\0';
	if (r->kind == RECORD_INCIDENT) {
		const struct record_incident *i = &r->incident;

		if (colour) {
			on = tint(i->severity, i->transition == TRANSITION_CLOSED);
			off = "\033[0m";
		}
		sbuf_printf(out, "%s %s%-8s%s %-8s %-20s %-10s %-14.14s %s (%s)", clock, on,
		    severity_word(i->severity), off, transition_name(i->transition), i->kind,
		    how_far(i), i->router, i->summary, i->reason);
	} else {
		const struct record_event *e = &r->event;

		if (colour) {
			on = tint(e->severity > SEVERITY_INFO ? e->severity : SEVERITY_INFO, false);
			off = "\033[0m";
		}
		sbuf_printf(out, "%s %s%-8s %-8s %-20s %-10s %-14.14s %s%s", clock, on,
		    severity_word(e->severity), "event", e->type, "", e->router, e->summary, off);
	}
	return !out->failed;
}

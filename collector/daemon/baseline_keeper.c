#include "collector/daemon/baseline_keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"

static const char room[] = "baseline";

void
baseline_keeper_keep(struct records *records, const char *key, const char *value, size_t len)
{
	records_state_put(records, room, key, value, len);
}

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	incidents_baseline_restore(ctx, key, value, len);
	return true;
}

void
baseline_keeper_restore(struct records *records, struct incidents *incidents)
{
	journal_state_each(records_history(records), room, restore_one, incidents);
}

/* --- taken anew */

static void
tell(struct records *records, const struct incidents_baseline *was,
    const struct incidents_baseline *is, const char *who, const char *why)
{
	struct record r = { .kind = RECORD_EVENT, .at_us = clock_wall_us() };
	struct record_event *e = &r.event;
	int n;

	text_copy(e->type, sizeof(e->type), "baseline.reset");
	e->severity = SEVERITY_NOTICE;
	n = snprintf(e->summary, sizeof(e->summary),
	    "what is there now is the baseline: %" PRIu32 " prefixes by %" PRIu32
	    " networks, it was %" PRIu32 ", by %s%s%s",
	    is->known, is->networks, was->known, who, why[0] != '\0' ? ": " : "", why);
	if (n >= (int)sizeof(e->summary))
		text_end_with(e->summary, sizeof(e->summary), "…");
	record_detail_add(e, "prefixes", "%" PRIu32, is->known);
	record_detail_add(e, "networks", "%" PRIu32, is->networks);
	record_detail_add(e, "was", "%" PRIu32, was->known);
	record_detail_add(e, "who", "%s", who);
	record_detail_add(e, "why", "%s", why);
	records_emit(records, &r);
}

bool
baseline_keeper_reset(struct records *records, struct incidents *incidents, const char *who,
    const char *why, int64_t now_us, char *says, size_t size)
{
	struct incidents_baseline was, is;

	incidents_baseline(incidents, &was);
	if (!was.on) {
		snprintf(says, size,
		    "there is no baseline: incidents.baseline is off in the configuration");
		return false;
	}
	incidents_baseline_reset(incidents, now_us);
	incidents_baseline(incidents, &is);
	tell(records, &was, &is, who, why);
	records_flush(records); /* what is answered outlives us */
	snprintf(says, size,
	    "what is there now is the baseline: %" PRIu32 " prefixes by %" PRIu32
	    " networks, it was %" PRIu32,
	    is.known, is.networks, was.known);
	return true;
}

/* --- shown */

static const char *
state_of(const struct incidents_baseline *b)
{
	return !b->on ? "off" : !b->taken ? "warming-up" : "taken";
}

/* As text a line for each, as JSON an array of objects. */
static void
show_top(struct printer *p, const char *name, const struct incidents_top *v, unsigned n)
{
	struct jw *j = printer_json(p);
	struct sbuf *text = j == NULL ? printer_text(p) : NULL;

	if (j != NULL)
		jw_array(j, name);
	for (unsigned k = 0; k < n; k++) {
		if (text != NULL) {
			sbuf_printf(text, "\n  %-10s %-20" PRIu32 " %8" PRIu32, k == 0 ? name : "",
			    v[k].asn, v[k].n);
			continue;
		}
		jw_object(j, NULL);
		jw_uint(j, "as", v[k].asn);
		jw_uint(j, "prefixes", v[k].n);
		jw_end_object(j);
	}
	if (j != NULL)
		jw_end_array(j);
}

static void
show_rules(struct printer *p, const struct incidents_baseline *b)
{
	struct jw *j = printer_json(p);
	struct sbuf *text = j == NULL ? printer_text(p) : NULL;

	if (j != NULL)
		jw_array(j, "rules");
	for (unsigned r = 0; r < RULES; r++) {
		if (b->rules[r] == 0)
			continue;
		if (text != NULL) {
			sbuf_printf(text, "\n  %-10s %-20s %8" PRIu32, "rule", rule_info[r].name,
			    b->rules[r]);
			continue;
		}
		jw_object(j, NULL);
		jw_string(j, "kind", rule_info[r].name);
		jw_uint(j, "prefixes", b->rules[r]);
		jw_end_object(j);
	}
	if (j != NULL)
		jw_end_array(j);
}

static void
show_examples(struct printer *p, const struct incidents_baseline *b)
{
	struct jw *j = printer_json(p);
	struct sbuf *text = j == NULL ? printer_text(p) : NULL;
	char prefix[IP_PREFIX_TEXT_MAX];

	if (j != NULL)
		jw_array(j, "examples");
	if (text != NULL && b->examples_n > 0)
		sbuf_puts(text, "\n  examples  ");
	for (unsigned k = 0; k < b->examples_n; k++) {
		ip_prefix_format(&b->examples[k], prefix);
		if (text != NULL)
			sbuf_printf(text, " %s", prefix);
		else
			jw_string(j, NULL, prefix);
	}
	if (j != NULL)
		jw_end_array(j);
}

void
baseline_keeper_show(const struct incidents *incidents, struct printer *p)
{
	struct incidents_baseline b;
	char since[CLOCK_TEXT_MAX] = "";
	struct sbuf *text;

	incidents_baseline(incidents, &b);
	printer_row(p, NULL, NULL);
	if ((text = printer_text(p)) != NULL) {
		if (b.taken)
			clock_format_us(b.since_us, 0, since);
		sbuf_printf(text,
		    "%s%s%s: %" PRIu32 " prefix%s by %" PRIu32 " network%s, of %" PRIu32
		    " router%s; not there now: %" PRIu32 "; RPKI-invalid: %" PRIu32
		    ", of these accepted: %" PRIu32,
		    state_of(&b), b.taken ? " " : "", since, b.known, b.known == 1 ? "" : "es",
		    b.networks, b.networks == 1 ? "" : "s", b.routers, b.routers == 1 ? "" : "s",
		    b.gone, b.invalid, b.invalid_accepted);
	}
	printer_string(p, "state", state_of(&b));
	printer_time(p, "since", b.since_us);
	printer_uint(p, "prefixes", b.known);
	printer_uint(p, "gone", b.gone);
	printer_uint(p, "invalid", b.invalid);
	printer_uint(p, "invalid_accepted", b.invalid_accepted);
	printer_uint(p, "networks", b.networks);
	printer_uint(p, "neighbor_count", b.neighbors);
	printer_uint(p, "routers", b.routers);
	show_rules(p, &b);
	show_top(p, "neighbors", b.vias, b.vias_n);
	show_top(p, "origins", b.doers, b.doers_n);
	show_examples(p, &b);
	printer_end(p);
}

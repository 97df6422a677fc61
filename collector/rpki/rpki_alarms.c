/* What is wrong with RPKI data, in words: told at every tick, so that whoever listens compares. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "base/sbuf.h"
#include "collector/rpki/rpki_data_private.h"

enum {
	/* Not answered for so long, or for settle_s where that is less: while all attempts fail,
	 * and while nothing has failed yet, or it had answered before a restart of ours. */
	FAILING_S = 13,
	SILENT_S = 30,
	/* A cache that restarts is not told. */
	LOST_CACHE_S = 6,
	LOST_FILE_S = 2,
	NAMED_MAX = 3, /* VRPs, and prefixes of ours, by name */
	TEXT_ROOM = 1024,
	COUNTING_S = 3, /* so long the numbers of what is held back are waited for */
};

void
rpki_note(struct rpki_data *d, const char *fmt, ...)
{
	char text[RPKI_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->ops->note(d->ctx, text);
}

static const char *
kind_name(const struct rpki_source *s)
{
	return s->kind == RPKI_CACHE  ? "RPKI cache"
	       : s->kind == RPKI_FILE ? "VRP file"
				      : "SLURM file";
}

static void __attribute__((format(printf, 5, 6)))
say(const struct rpki_source *s, enum rpki_alarm a, bool holds, bool grave, const char *fmt, ...)
{
	struct rpki_data *d = s->data_of;
	char text[RPKI_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->ops->alarm(d->ctx, a, s->name, holds, grave, text);
}

static void
say_missing(const struct rpki_source *s, int64_t now_us)
{
	const struct rpki_data *d = s->data_of;
	bool known = s->remembered.all > 0;
	uint32_t patience = s->why[0] != '\0' && !known ? FAILING_S : SILENT_S,
		 after = d->limits.settle_s < patience && !known ? d->limits.settle_s : patience;
	bool late = now_us - s->added_us >= rpki_seconds(after),
	     settled = now_us >= d->settle_until_us && rpki_is_of_group(s);

	if (s->answered && s->kind != RPKI_SLURM && s->vrps.n == 0 && d->state == RPKI_NONE)
		say(s, RPKI_ALARM_MISSING, settled, true,
		    "%s %s has no VRPs, and no other source has: origins are not validated",
		    kind_name(s), s->name);
	else if (s->answered)
		say(s, RPKI_ALARM_MISSING, false, false, "%s %s has answered", kind_name(s),
		    s->name);
	else if (s->has_held)
		say(s, RPKI_ALARM_MISSING, late, settled, "%s %s has answered with no VRPs at all",
		    kind_name(s), s->name);
	else
		say(s, RPKI_ALARM_MISSING, late && !s->broken, settled, "%s %s has %s: %s",
		    kind_name(s), s->name,
		    known ? "not answered since the start" : "never answered",
		    s->why[0] != '\0' ? s->why : "no data yet");
}

static void
say_lost(const struct rpki_source *s, int64_t now_us)
{
	int64_t grace = rpki_seconds(s->kind == RPKI_CACHE ? LOST_CACHE_S : LOST_FILE_S);

	if (s->in_step || s->broken)
		say(s, RPKI_ALARM_LOST, false, false, "%s %s is %s", kind_name(s), s->name,
		    s->broken ? "there, and broken" : "back");
	else if (s->answered && now_us - s->left_step_us >= grace)
		say(s, RPKI_ALARM_LOST, true, s->expired, "%s %s is lost: %s; %s", kind_name(s),
		    s->name, s->why[0] != '\0' ? s->why : "it is not there",
		    s->in_use ? "what it said stays" : "others are in use");
}

static void
say_broken(const struct rpki_source *s)
{
	const struct rpki_data *d = s->data_of;

	if (s->kind == RPKI_SLURM && d->slurm_conflict[0] != '\0')
		say(s, RPKI_ALARM_BROKEN, true, true,
		    "no local exceptions are used, since two files contradict each other: %s",
		    d->slurm_conflict);
	else if (s->broken)
		say(s, RPKI_ALARM_BROKEN, true, !s->answered, "%s %s cannot be used, %s: %s",
		    kind_name(s), s->name,
		    s->answered ? "what it said before stays" : "and there is no data of it yet",
		    s->why);
	else if (s->in_step)
		say(s, RPKI_ALARM_BROKEN, false, false, "%s %s can be used", kind_name(s), s->name);
}

/* Of data that is there. */
static void
say_worth(const struct rpki_source *s)
{
	if (s->rejected > 0)
		say(s, RPKI_ALARM_REJECTED, true, false,
		    "%s %s: %zu left out of what it says, the first: %s", kind_name(s), s->name,
		    s->rejected, s->first_rejected);
	else
		say(s, RPKI_ALARM_REJECTED, false, false, "all records of %s %s are usable",
		    kind_name(s), s->name);
	if (!s->expired)
		say(s, RPKI_ALARM_STALE, false, false, "%s %s is up to date", kind_name(s),
		    s->name);
	else if (!s->in_use)
		say(s, RPKI_ALARM_STALE, true, false, "%s %s is past its time; others are in use",
		    kind_name(s), s->name);
	else if (s->redundant)
		say(s, RPKI_ALARM_STALE, true, false,
		    "%s %s is past its time; other sources say the same", kind_name(s), s->name);
	else
		say(s, RPKI_ALARM_STALE, true, true,
		    "%s %s is past its time, its data stays as it was: %s", kind_name(s), s->name,
		    s->why[0] != '\0' ? s->why : "nothing newer");
}

static void
say_held(const struct rpki_source *s)
{
	char text[128];

	if (s->has_held)
		say(s, RPKI_ALARM_SHRUNKEN, true, s->loss.kind == VRP_LOSS_ALL,
		    "%s %s has lost data: %s; held back for %u s, until then what it said before "
		    "stays",
		    kind_name(s), s->name, vrp_loss_text(&s->loss, text, sizeof(text)),
		    s->data_of->limits.hold_s);
	else if (s->doubtful)
		say(s, RPKI_ALARM_SHRUNKEN, true, false,
		    "%s %s says less than before the restart: %s; in doubt for %u s", kind_name(s),
		    s->name, vrp_loss_text(&s->loss, text, sizeof(text)),
		    s->data_of->limits.hold_s);
	else
		say(s, RPKI_ALARM_SHRUNKEN, false, false, "%zu VRPs of %s %s are in force",
		    s->vrps.n, kind_name(s), s->name);
}

/* ", 2 of ours (192.0.2.0/24, 2001:db8::/32)" */
static bool
name_ours(const struct rpki_data *d, enum vrp_aside_kind kind, struct sbuf *out)
{
	struct ip_prefix ours[NAMED_MAX];
	size_t n = vrp_aside_ours(&d->aside, kind, ours, NAMED_MAX);
	char prefix[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < n && i < NAMED_MAX; i++) {
		if (i == 0)
			sbuf_printf(
			    out, ", %zu%s of ours (", n, n == VRP_TRIAL_OURS_MAX ? " or more" : "");
		sbuf_printf(out, "%s%s", i > 0 ? ", " : "", ip_prefix_format(&ours[i], prefix));
	}
	if (n > 0)
		sbuf_printf(out, "%s)", n > NAMED_MAX ? ", ..." : "");
	return n > 0;
}

static void
say_diverging(const struct rpki_source *s, int64_t now_us)
{
	const struct rpki_data *d = s->data_of;
	size_t held = vrp_aside_count(&d->aside, VRP_ASIDE_DISPUTED);
	struct sbuf text;
	bool ours;

	if (s->other == NULL)
		say(s, RPKI_ALARM_DIVERGING, false, false, "%s %s agrees with the others",
		    kind_name(s), s->name);
	if (s->other == NULL ||
	    (held == 0 && now_us - s->diverging_us < rpki_seconds(d->limits.settle_s)))
		return;
	text = sbuf_of(TEXT_ROOM);
	sbuf_printf(&text, "%s %s, with %zu VRPs, and %s, with %zu, differ in %zu", kind_name(s),
	    s->name, s->vrps.n, s->other->name, s->other->vrps.n, s->differences);
	if (held > 0)
		sbuf_printf(&text, "; %zu new ones that one source alone says", held);
	if (vrp_aside_routes(&d->aside, VRP_ASIDE_DISPUTED) > 0)
		sbuf_printf(&text, " would turn %llu routes invalid",
		    (unsigned long long)vrp_aside_routes(&d->aside, VRP_ASIDE_DISPUTED));
	ours = name_ours(d, VRP_ASIDE_DISPUTED, &text);
	if (held > 0)
		sbuf_printf(&text, ": held back for %u s", d->limits.hold_s);
	say(s, RPKI_ALARM_DIVERGING, true, ours, "%s", sbuf_text(&text));
	sbuf_free(&text);
}

/* What was open before a restart is not over before it is known to be. */
static void
say_of_source(const struct rpki_source *s, int64_t now_us)
{
	say_missing(s, now_us);
	say_lost(s, now_us);
	say_broken(s);
	if (!s->answered)
		return;
	say_worth(s);
	say_held(s);
	if (s->joined && (s->in_step || s->other != NULL))
		say_diverging(s, now_us);
}

/* Who says so: the first source that does. */
static const char *
source_of(const struct rpki_data *d, const struct vrp *v, char *buf, size_t size)
{
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		const struct vrp *said = rpki_counts(s) ? vrp_list_find(&s->vrps, v) : NULL;

		if (said == NULL)
			continue;
		snprintf(buf, size, "%s %.100s%s%s", kind_name(s), s->name,
		    said->ta > 0 ? ", trust anchor " : "",
		    said->ta > 0 ? s->tas.name[said->ta - 1] : "");
		return buf;
	}
	return "a source";
}

/* What matters comes first: a record has room for 255 characters. */
static void
say_aside(struct rpki_data *d, enum rpki_alarm a, enum vrp_aside_kind kind, const char *does,
    int64_t now_us)
{
	const struct vrp_held *worst[NAMED_MAX] = { NULL };
	size_t n = vrp_aside_count(&d->aside, kind),
	       named = vrp_aside_worst(&d->aside, kind, worst, NAMED_MAX);
	uint64_t routes = vrp_aside_routes(&d->aside, kind);
	struct sbuf text = sbuf_of(TEXT_ROOM);
	char prefix[IP_PREFIX_TEXT_MAX], from[200], cut[RPKI_TEXT_MAX];
	bool ours;

	if (d->set == NULL) {
		if (d->sources == NULL)
			d->ops->alarm(
			    d->ctx, a, "rpki", false, false, "no RPKI source is configured");
		return;
	}
	if (n == 0) {
		d->ops->alarm(d->ctx, a, "rpki", false, false,
		    d->aside.ended[kind] == VRP_ASIDE_LET_IN
			? "what was held back is in force: its time is over"
			: "what was held back is gone: the sources no longer say it");
		return;
	}
	/* its numbers are being counted: told once, with them */
	if (!worst[0]->tried && d->trying && now_us - worst[0]->since_us < rpki_seconds(COUNTING_S))
		return;
	sbuf_printf(&text, "%s VRP for %s AS%u", worst[0]->gone ? "the end of a" : "a",
	    ip_prefix_format(&worst[0]->vrp.prefix, prefix), worst[0]->vrp.asn);
	if (!worst[0]->gone)
		sbuf_printf(&text, " (%s)", source_of(d, &worst[0]->vrp, from, sizeof(from)));
	if (n > 1)
		sbuf_printf(&text, " and %zu more", n - 1);
	if (routes > 0)
		sbuf_printf(&text, " would turn %llu routes invalid", (unsigned long long)routes);
	else
		sbuf_printf(&text, " %s", does);
	ours = name_ours(d, kind, &text);
	sbuf_printf(&text, ": held back for %u s", d->limits.hold_s);
	for (size_t i = 1; i < named; i++)
		sbuf_printf(&text, "%s%s AS%u", i == 1 ? "; also " : ", ",
		    ip_prefix_format(&worst[i]->vrp.prefix, prefix), worst[i]->vrp.asn);
	text_copy(cut, sizeof(cut), sbuf_text(&text));
	d->ops->alarm(d->ctx, a, "rpki", true, ours, cut);
	sbuf_free(&text);
}

/* About all: less would be in force without those that left the configuration, or with the caches
 * that are to be used. */
static void
say_less(const struct rpki_data *d)
{
	char loss[128], text[RPKI_TEXT_MAX];

	if (d->set == NULL)
		return;
	if (d->leaving_held)
		snprintf(text, sizeof(text),
		    "without the RPKI sources that left the configuration %s: their data is kept "
		    "for %u s at most",
		    vrp_loss_text(&d->leaving_loss, loss, sizeof(loss)), d->limits.hold_s);
	else if (d->groups.wait)
		snprintf(text, sizeof(text),
		    "with the RPKI caches of preference %u in place of %u %s: the data of these is "
		    "kept for %u s at most",
		    d->groups.next, d->groups.now,
		    vrp_loss_text(&d->groups.loss, loss, sizeof(loss)), d->limits.hold_s);
	else
		snprintf(text, sizeof(text), "what is in force is what the sources say");
	d->ops->alarm(
	    d->ctx, RPKI_ALARM_SHRUNKEN, "rpki", d->leaving_held || d->groups.wait, false, text);
}

void
rpki_tell_alarms(struct rpki_data *d, int64_t now_us)
{
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (!s->leaving)
			say_of_source(s, now_us);
	say_less(d);
	say_aside(d, RPKI_ALARM_DEFAULT_VRP, VRP_ASIDE_DEFAULT,
	    "would turn nearly every route without a VRP of its own invalid", now_us);
	say_aside(d, RPKI_ALARM_MASS_CHANGE, VRP_ASIDE_MASS,
	    "would newly cover a great part of the table", now_us);
}

#include "collector/daemon/journal_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/clock_steps.h"
#include "base/pure/text.h"

static const int64_t LOOK_US = 1000000;
static const int64_t FAILING_US = 5000000; /* a record has waited so long for the disk */
/* What has happened, and does not last, stays open for so long. */
static const int64_t LINGER_US = 900000000;

/* A happening: open until its time is over; 0: not open, for all we know. */
struct happening {
	int64_t since_us;
};

struct journal_watch {
	struct records *records;
	struct alarms *alarms;
	int64_t looked_us;
	int64_t failing_us; /* wall clock, since when the disk takes nothing; 0: it does */
	uint64_t refused;   /* records dropped before that */
	uint64_t unread;    /* the figure that was told last */
	struct happening gap, unread_told, changed, stepped;
	char aside[JOURNAL_PATH_MAX]; /* a former journal that lies about; "" none */
	struct clock_steps clock;
	int64_t off_us; /* how far the clock is from where it began to step */
};

struct journal_watch *
journal_watch_new(struct records *records, struct alarms *alarms)
{
	struct journal_watch *w = calloc(1, sizeof(*w));
	struct sbuf aside = sbuf_of(JOURNAL_PATH_MAX - 1);

	if (w == NULL)
		return NULL;
	w->records = records;
	w->alarms = alarms;
	if (journal_state_get(records_history(records), "journal", "aside", &aside)) {
		sbuf_putc(&aside, '\0');
		text_copy(w->aside, sizeof(w->aside), sbuf_text(&aside));
	}
	sbuf_free(&aside);
	return w;
}

void
journal_watch_free(struct journal_watch *w)
{
	free(w);
}

static void
happens(struct happening *h)
{
	h->since_us = clock_mono_us();
}

static bool
is_over(const struct happening *h)
{
	return h->since_us == 0 || clock_mono_us() - h->since_us > LINGER_US;
}

/* --- the disk */

static void
look_at_disk(struct journal_watch *w, const struct journal_writer_stats *s)
{
	char since[CLOCK_TEXT_MAX], dropped[96] = "";

	if (s->stalled_us < FAILING_US) {
		alarm_off(w->alarms, "journal.failing", "journal", "the journal is written again");
		w->failing_us = 0;
		w->refused = s->refused;
		return;
	}
	if (w->failing_us == 0)
		w->failing_us = clock_wall_us() - s->stalled_us;
	if (s->refused > w->refused)
		snprintf(dropped, sizeof(dropped), ", %llu have found no room there and are lost",
		    (unsigned long long)(s->refused - w->refused));
	alarm_on(w->alarms, "journal.failing", "journal",
	    s->refused > w->refused ? SEVERITY_CRITICAL : SEVERITY_MAJOR,
	    "the journal has not been written since %s: %s; %llu records wait in memory%s",
	    clock_format_us(w->failing_us, 0, since),
	    s->error[0] != '\0' ? s->error : "the disk does not answer",
	    (unsigned long long)s->pending, dropped);
}

/* What the collector before this one had in memory when it ended. */
static void
look_for_loss(struct journal_watch *w)
{
	struct journal_writer *writer = records_writer(w->records);
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX], text[RECORD_TEXT_MAX];
	struct journal_loss loss;

	if (!journal_writer_loss(writer, &loss))
		return;
	snprintf(text, sizeof(text),
	    "the collector ended while the disk took nothing: %llu records of the time from %s to "
	    "%s are lost; tail may have shown them, Kafka did not get them",
	    (unsigned long long)loss.records, clock_format_us(loss.from_us, 0, from),
	    clock_format_us(loss.until_us, 0, until));
	records_event(w->records, "journal.gap", SEVERITY_MAJOR, "", "", 0, "%s", text);
	alarm_on(w->alarms, "journal.gap", "journal", SEVERITY_MAJOR, "%s", text);
	happens(&w->gap);
	journal_writer_loss_told(writer);
}

/* What was lost while the disk took nothing, once it does. */
static void
look_for_gap(struct journal_watch *w)
{
	struct journal_writer *writer = records_writer(w->records);
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX], text[RECORD_TEXT_MAX];
	struct journal_gap g;

	if (journal_writer_take_gap(writer, &g)) {
		snprintf(text, sizeof(text),
		    "records were lost between %s and %s, the disk did not take them: %llu events, "
		    "%llu updates of incidents, %llu incidents from beginning to end",
		    clock_format_us(g.from_us, 0, from), clock_format_us(g.until_us, 0, until),
		    (unsigned long long)g.events, (unsigned long long)g.updates,
		    (unsigned long long)g.incidents);
		records_event(w->records, "journal.gap", SEVERITY_MAJOR, "", "", 0, "%s", text);
		alarm_on(w->alarms, "journal.gap", "journal", SEVERITY_MAJOR, "%s", text);
		happens(&w->gap);
	} else if (is_over(&w->gap)) {
		alarm_off(w->alarms, "journal.gap", "journal", "every record since is written");
	}
}

/* --- the file */

static void
tell_change(struct journal_watch *w, const struct journal_change *c)
{
	static const char *const words[] = { "", "was damaged", "was deleted under the collector",
		"was replaced under the collector" };
	char reason[JOURNAL_REASON_MAX + 8] = "", aside[JOURNAL_PATH_MAX + 32] = "", what[96];

	if (c->reason[0] != '\0' && c->fate == JOURNAL_DAMAGED)
		snprintf(reason, sizeof(reason), " (%s)", c->reason);
	if (c->aside[0] != '\0')
		snprintf(aside, sizeof(aside), "; what was found there is now %s", c->aside);
	if (c->whole)
		snprintf(what, sizeof(what), "it was written anew, nothing is lost");
	else
		snprintf(what, sizeof(what),
		    "a new one has the open incidents and %llu records of the former",
		    (unsigned long long)c->records);
	text_copy(w->aside, sizeof(w->aside), c->aside);
	records_state_put(w->records, "journal", "aside", c->aside[0] != '\0' ? c->aside : NULL,
	    strlen(c->aside));
	alarm_on(w->alarms, "journal.replaced", "journal",
	    c->whole ? SEVERITY_WARNING : SEVERITY_CRITICAL, "the journal %s%s: %s%s",
	    words[c->fate], reason, what, aside);
	happens(&w->changed);
}

/* A change is over when the former file has been moved away; when there is none, after some time.
 */
static void
look_at_file(struct journal_watch *w, const struct journal_writer_stats *s)
{
	struct journal_change c;

	if (journal_writer_take_change(records_writer(w->records), &c)) {
		tell_change(w, &c);
	} else if (w->aside[0] != '\0' && access(w->aside, F_OK) != 0) {
		w->aside[0] = '\0';
		w->changed.since_us = 0;
		records_state_put(w->records, "journal", "aside", NULL, 0);
	}
	if (w->aside[0] == '\0' && is_over(&w->changed))
		alarm_off(w->alarms, "journal.replaced", "journal",
		    "the journal is in its place, and no former one is left");
	if (s->lost[0] != '\0')
		alarm_on(w->alarms, "journal.lost", "journal", SEVERITY_CRITICAL,
		    "the journal's file is gone or damaged and a new one cannot be made: %s",
		    s->lost);
	else
		alarm_off(w->alarms, "journal.lost", "journal", "there is a journal again");
}

/* --- the limits */

static void
look_at_limits(struct journal_watch *w, const struct journal_writer_stats *s)
{
	struct journal_retired r;

	if (s->unread > w->unread) {
		w->unread = s->unread;
		happens(&w->unread_told);
		alarm_on(w->alarms, "journal.unread", "kafka", SEVERITY_CRITICAL,
		    "the journal is as large as journal.max_mb allows: %llu records were deleted "
		    "that Kafka had not been given",
		    (unsigned long long)s->unread);
	} else if (is_over(&w->unread_told)) {
		alarm_off(w->alarms, "journal.unread", "kafka",
		    "no record has been deleted lately that Kafka had not been given");
	}
	if (s->held)
		alarm_on(w->alarms, "journal.held", "kafka", SEVERITY_WARNING,
		    "records older than journal.retain_days are kept: Kafka has not been given "
		    "them");
	else
		alarm_off(w->alarms, "journal.held", "kafka",
		    "no record older than journal.retain_days is kept for Kafka");
	if (journal_writer_take_retired(records_writer(w->records), &r))
		records_event(w->records, "journal.reader-gone",
		    r.unread > 0 ? SEVERITY_WARNING : SEVERITY_INFO, "", "", 0,
		    "Kafka is not configured any longer: %llu records that it has not been given "
		    "are kept for it no longer than for others; its position is known",
		    (unsigned long long)r.unread);
}

/* --- the clock */

static const char *
duration(int64_t us, char *out, size_t size)
{
	unsigned long long s = (unsigned long long)(us < 0 ? -us : us) / 1000000;

	if (s >= 86400)
		snprintf(out, size, "%llu d %llu h", s / 86400, s / 3600 % 24);
	else if (s >= 3600)
		snprintf(out, size, "%llu h %llu min", s / 3600, s / 60 % 60);
	else if (s >= 60)
		snprintf(out, size, "%llu min %llu s", s / 60, s % 60);
	else
		snprintf(out, size, "%llu s", s);
	return out;
}

static void
look_at_clock(struct journal_watch *w)
{
	int64_t now = clock_wall_us(), step = clock_steps_look(&w->clock, now, clock_mono_us());
	char by[48], here[CLOCK_TEXT_MAX], there[CLOCK_TEXT_MAX];

	w->off_us += step;
	if (step != 0 && (w->off_us <= -CLOCK_STEP_MIN_US || w->off_us >= CLOCK_STEP_MIN_US)) {
		happens(&w->stepped);
		alarm_on(w->alarms, "clock.stepped", "clock", SEVERITY_WARNING,
		    "the wall clock went %s by %s, from %s to %s: times of records are not to be "
		    "relied on around it",
		    step > 0 ? "ahead" : "back", duration(step, by, sizeof(by)),
		    clock_format_us(now - step, 0, there), clock_format_us(now, 0, here));
	} else if (step != 0) {
		w->off_us = 0;
		w->stepped.since_us = 0;
		alarm_off(w->alarms, "clock.stepped", "clock",
		    "the wall clock went %s by %s and is where it was before it stepped",
		    step > 0 ? "ahead" : "back", duration(step, by, sizeof(by)));
	} else if (is_over(&w->stepped)) {
		w->off_us = 0;
		alarm_off(w->alarms, "clock.stepped", "clock",
		    "the wall clock has not stepped for %s", duration(LINGER_US, by, sizeof(by)));
	}
}

void
journal_watch_tick(struct journal_watch *w)
{
	struct journal_writer_stats s;

	if (clock_mono_us() - w->looked_us < LOOK_US)
		return;
	w->looked_us = clock_mono_us();
	journal_writer_stats(records_writer(w->records), &s);
	look_at_clock(w);
	look_at_disk(w, &s);
	look_for_loss(w);
	look_for_gap(w);
	look_at_file(w, &s);
	look_at_limits(w, &s);
}

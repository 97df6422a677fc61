#include "collector/daemon/kafka_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"

enum {
	SET_ASIDE_MAX = 64, /* told at one tick */
	NAMES_MAX = KAFKA_TOPICS * KAFKA_TOPIC_MAX,
	WATCHED_MAX = 16, /* topics; more than are configured, some may be of before a restart */
};

/* What is said of the brokers is about a name that no topic has. "kafka.failing" is also the room
 * in the journal for what is failing, since it may leave the configuration before the next start.
 */
static const char failing[] = "kafka.failing", brokers[] = "the brokers",
		  set_aside[] = "kafka.set-aside";

/* What was last said. Before anything was, an alarm of before the restart may be open. */
enum said { SAID_NOTHING, SAID_FAILING, SAID_FINE };

struct said_of {
	char topic[KAFKA_TOPIC_MAX];
	enum said said;
	char reason[KAFKA_REASON_MAX];
};

struct kafka_watch {
	struct records *records;
	struct alarms *alarms;
	struct said_of topics[WATCHED_MAX];
	size_t topics_n;
	enum said brokers;
	char unreached[NAMES_MAX], reason[KAFKA_REASON_MAX];
};

/* --- records that are set aside */

static void
tell_set_aside(struct records *records, const struct kafka_set_aside *s)
{
	struct record r = { .kind = RECORD_EVENT, .at_us = clock_wall_us() };
	struct record_event *e = &r.event;
	bool incident = s->revision > 0;

	text_copy(e->type, sizeof(e->type), set_aside);
	e->severity = incident ? SEVERITY_MAJOR : SEVERITY_WARNING;
	if (snprintf(e->summary, sizeof(e->summary),
		"Kafka topic %s does not take record %s (%s), which is set aside: %s", s->topic,
		s->id, s->type, s->reason) >= (int)sizeof(e->summary))
		text_end_with(e->summary, sizeof(e->summary), "…");
	record_detail_add(e, "topic", "%s", s->topic);
	record_detail_add(e, "reason", "%s", s->reason);
	record_detail_add(e, "record", "%s", s->id);
	record_detail_add(e, "number", "%llu", (unsigned long long)s->seq);
	record_detail_add(e, "type", "%s", s->type);
	record_detail_add(e, "key", "%s", s->key);
	if (incident) {
		record_detail_add(e, "occurrence", "%u", s->occurrence);
		record_detail_add(e, "revision", "%u", s->revision);
	}
	records_emit(records, &r);
}

static void
on_set_aside(void *ctx, const struct kafka_set_aside *s)
{
	struct records *records = ctx;
	char key[32];

	if (strcmp(s->type, set_aside) != 0) /* else each would be told by the next */
		tell_set_aside(records, s);
	records_state_put(
	    records, kafka_untold_room, kafka_untold_key(s->seq, key, sizeof(key)), NULL, 0);
}

static void
watch_set_aside(struct records *records)
{
	struct kafka_set_aside s;

	for (int i = 0; i < SET_ASIDE_MAX && records_take_set_aside(records, &s); i++)
		on_set_aside(records, &s);
}

/* --- life */

static bool
remember(void *ctx, const char *about, const void *value, size_t len)
{
	struct kafka_watch *w = ctx;

	(void)value;
	(void)len;
	if (strcmp(about, brokers) == 0) {
		w->brokers = SAID_FAILING;
	} else if (w->topics_n < WATCHED_MAX - KAFKA_TOPICS) {
		text_copy(w->topics[w->topics_n].topic, KAFKA_TOPIC_MAX, about);
		w->topics[w->topics_n++].said = SAID_FAILING;
	}
	return true;
}

struct kafka_watch *
kafka_watch_new(struct records *records, struct alarms *alarms)
{
	struct kafka_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->records = records;
	w->alarms = alarms;
	journal_state_each(records_history(records), failing, remember, w);
	kafka_untold(records_history(records), on_set_aside, records);
	return w;
}

void
kafka_watch_free(struct kafka_watch *w)
{
	free(w);
}

/* Keep whether that holds over a restart. */
static void
keep(struct kafka_watch *w, const char *about, bool holds)
{
	records_state_put(w->records, failing, about, holds ? "" : NULL, 0);
}

/* --- a topic */

static bool
is_configured(const struct kafka_stats *s, const char *topic)
{
	for (size_t i = 0; i < s->topics_n; i++)
		if (strcmp(s->topics[i].topic, topic) == 0)
			return true;
	return false;
}

/* The configuration is another: what it does not name any more is over. */
static void
forget_topics(struct kafka_watch *w, const struct kafka_stats *s)
{
	size_t n = 0;

	for (size_t i = 0; i < w->topics_n; i++) {
		const struct said_of *t = &w->topics[i];

		if (is_configured(s, t->topic)) {
			w->topics[n++] = *t;
		} else if (t->said == SAID_FAILING) {
			alarm_off(w->alarms, failing, t->topic,
			    "Kafka topic %s is no longer configured", t->topic);
			keep(w, t->topic, false);
		}
	}
	w->topics_n = n;
}

/* What was said of it; there is room when the others that are configured were not forgotten. */
static struct said_of *
said_of(struct kafka_watch *w, const char *topic)
{
	struct said_of *t = w->topics;

	for (; t < w->topics + w->topics_n; t++)
		if (strcmp(t->topic, topic) == 0)
			return t;
	*t = (struct said_of){ .said = SAID_NOTHING };
	text_copy(t->topic, sizeof(t->topic), topic);
	w->topics_n++;
	return t;
}

static void
watch_topic(struct kafka_watch *w, struct said_of *t, const struct kafka_topic_stats *s)
{
	if (s->trouble == KAFKA_TOPIC_FAILS &&
	    (t->said != SAID_FAILING || strcmp(t->reason, s->reason) != 0)) {
		alarm_on(w->alarms, failing, s->topic,
		    s->alerts ? SEVERITY_MAJOR : SEVERITY_WARNING,
		    "Kafka topic %s does not get its %s, which wait in the journal: %s", s->topic,
		    s->alerts ? "alerts" : "events", s->reason);
		keep(w, s->topic, true);
		t->said = SAID_FAILING;
		text_copy(t->reason, sizeof(t->reason), s->reason);
	} else if (s->trouble == KAFKA_FINE && s->delivered > 0 && t->said != SAID_FINE) {
		alarm_off(w->alarms, failing, s->topic, "Kafka topic %s gets its %s", s->topic,
		    s->alerts ? "alerts" : "events");
		keep(w, s->topic, false);
		t->said = SAID_FINE;
	}
}

/* --- the brokers */

/* Topics that do not reach them are one event. */
static void
watch_brokers(struct kafka_watch *w, const struct kafka_stats *s)
{
	char names[NAMES_MAX] = "";
	const char *reason = "";
	uint8_t severity = SEVERITY_WARNING;
	bool delivered = false;

	for (size_t i = 0; i < s->topics_n; i++) {
		const struct kafka_topic_stats *t = &s->topics[i];
		size_t n = strlen(names);

		delivered |= t->delivered > 0;
		if (t->trouble != KAFKA_UNREACHABLE)
			continue;
		snprintf(names + n, sizeof(names) - n, "%s%s", n > 0 ? ", " : "", t->topic);
		if (reason[0] == '\0')
			reason = t->reason;
		if (t->alerts)
			severity = SEVERITY_MAJOR;
	}
	if (names[0] == '\0') {
		bool gone = s->topics_n == 0 && w->brokers == SAID_FAILING;

		if ((delivered || gone) && w->brokers != SAID_FINE) {
			alarm_off(w->alarms, failing, brokers,
			    gone ? "Kafka is no longer configured" : "Kafka takes records");
			keep(w, brokers, false);
			w->brokers = SAID_FINE;
		}
	} else if (w->brokers != SAID_FAILING || strcmp(names, w->unreached) != 0 ||
		   strcmp(reason, w->reason) != 0) {
		alarm_on(w->alarms, failing, brokers, severity,
		    "nothing is delivered to Kafka (%s), records wait in the journal: %s", names,
		    reason);
		keep(w, brokers, true);
		w->brokers = SAID_FAILING;
		text_copy(w->unreached, sizeof(w->unreached), names);
		text_copy(w->reason, sizeof(w->reason), reason);
	}
}

void
kafka_watch_tick(struct kafka_watch *w)
{
	struct records_stats s;

	records_stats(w->records, &s);
	watch_set_aside(w->records);
	forget_topics(w, &s.kafka);
	for (size_t i = 0; i < s.kafka.topics_n; i++)
		watch_topic(w, said_of(w, s.kafka.topics[i].topic), &s.kafka.topics[i]);
	watch_brokers(w, &s.kafka);
}

/*
 * The sink as a whole: a copy of the configuration, and a thread for each topic that is on.
 */
#include "sinks/kafka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "sinks/journal.h"
#include "sinks/kafka_positions.h"
#include "sinks/kafka_topic.h"

struct kafka {
	struct kafka_config config; /* all of it is ours */
	struct kafka_positions positions;
	struct kafka_topic *topics[KAFKA_TOPICS];
	size_t topics_n; /* that run */
};

/* --- the configuration, copied */

static void
config_free(struct kafka_config *c)
{
	for (size_t i = 0; i < c->properties_n; i++) {
		free((void *)(uintptr_t)c->properties[i].name);
		free((void *)(uintptr_t)c->properties[i].value);
	}
	free((void *)(uintptr_t)c->properties);
	free((void *)(uintptr_t)c->journal_path);
	free((void *)(uintptr_t)c->reader);
	free((void *)(uintptr_t)c->topic_alerts);
	free((void *)(uintptr_t)c->topic_events);
}

/* false without memory; then, too, it is to be freed. */
static bool
config_copy(struct kafka_config *to, const struct kafka_config *c)
{
	struct kafka_property *properties = calloc(c->properties_n + 1, sizeof(*properties));

	*to = (struct kafka_config){ .format = c->format,
		.journal_path = strdup(c->journal_path),
		.reader = strdup(c->reader),
		.topic_alerts = strdup(c->topic_alerts),
		.topic_events = strdup(c->topic_events),
		.properties = properties };
	if (to->journal_path == NULL || to->reader == NULL || to->topic_alerts == NULL ||
	    to->topic_events == NULL || properties == NULL)
		return false;
	for (size_t i = 0; i < c->properties_n; i++) {
		properties[i] = c->properties[i];
		properties[i].written = NULL; /* the configuration's; nobody shows these */
		properties[i].name = strdup(c->properties[i].name);
		properties[i].value = strdup(c->properties[i].value);
		to->properties_n++;
		if (properties[i].name == NULL || properties[i].value == NULL)
			return false;
	}
	return true;
}

bool
kafka_is_configured(const struct kafka *k, const struct kafka_config *c)
{
	const struct kafka_config *own = &k->config;
	bool same = own->format == c->format && own->properties_n == c->properties_n &&
		    strcmp(own->journal_path, c->journal_path) == 0 &&
		    strcmp(own->reader, c->reader) == 0 &&
		    strcmp(own->topic_alerts, c->topic_alerts) == 0 &&
		    strcmp(own->topic_events, c->topic_events) == 0;

	for (size_t i = 0; same && i < c->properties_n; i++)
		same = strcmp(own->properties[i].name, c->properties[i].name) == 0 &&
		       strcmp(own->properties[i].value, c->properties[i].value) == 0;
	return same;
}

/* --- life */

struct part {
	const char *name, *topic;
	enum record_kind kind;
};

static bool
load_positions(struct kafka *k, const struct part *parts, size_t n, char *error, size_t size)
{
	struct journal *j = journal_open(k->config.journal_path, false, error, size);
	const char *names[KAFKA_TOPICS];
	bool ok;

	if (j == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		names[i] = parts[i].name;
	ok = kafka_positions_load(&k->positions, j, k->config.reader, names, n);
	if (!ok)
		snprintf(error, size, "journal %s: %s", k->config.journal_path, journal_error(j));
	journal_close(j);
	return ok;
}

static bool
start_topic(struct kafka *k, const struct part *part, char *error, size_t size)
{
	struct kafka_topic_config c = { .journal_path = k->config.journal_path,
		.topic = part->topic,
		.kind = part->kind,
		.format = k->config.format,
		.properties = k->config.properties,
		.properties_n = k->config.properties_n,
		.positions = &k->positions,
		.number = k->topics_n };
	struct kafka_topic *t = kafka_topic_start(&c, error, size);

	if (t != NULL)
		k->topics[k->topics_n++] = t;
	return t != NULL;
}

/* The topics that are on. */
static size_t
list_parts(const struct kafka *k, struct part out[KAFKA_TOPICS])
{
	const struct part all[KAFKA_TOPICS] = { { "alerts", k->config.topic_alerts,
						    RECORD_INCIDENT },
		{ "events", k->config.topic_events, RECORD_EVENT } };
	size_t n = 0;

	for (size_t i = 0; i < KAFKA_TOPICS; i++)
		if (all[i].topic[0] != '\0')
			out[n++] = all[i];
	return n;
}

/* Wait for the threads to end. false: one was left behind. */
static bool
end_topics(struct kafka *k)
{
	bool ended = true;

	for (size_t i = 0; i < k->topics_n; i++)
		ended &= kafka_topic_free(k->topics[i]);
	k->topics_n = 0;
	return ended;
}

struct kafka *
kafka_new(const struct kafka_config *c, char *error, size_t size)
{
	struct kafka *k;

	if (!kafka_check(c, NULL, NULL, error, size))
		return NULL;
	snprintf(error, size, "kafka: out of memory");
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return NULL;
	kafka_positions_init(&k->positions);
	if (config_copy(&k->config, c))
		return k;
	kafka_free(k);
	return NULL;
}

bool
kafka_run(struct kafka *k, char *error, size_t size)
{
	struct part parts[KAFKA_TOPICS];
	size_t n = list_parts(k, parts);
	bool ok = load_positions(k, parts, n, error, size);

	for (size_t i = 0; ok && i < n; i++)
		ok = start_topic(k, &parts[i], error, size);
	if (ok)
		return true;
	kafka_stop_begin(k, 0);
	end_topics(k);
	return false;
}

struct kafka *
kafka_start(const struct kafka_config *c, char *error, size_t size)
{
	struct kafka *k = kafka_new(c, error, size);

	if (k == NULL || kafka_run(k, error, size))
		return k;
	kafka_free(k);
	return NULL;
}

void
kafka_wake(struct kafka *k)
{
	for (size_t i = 0; i < k->topics_n; i++)
		kafka_topic_wake(k->topics[i]);
}

void
kafka_stop_begin(struct kafka *k, int deadline_ms)
{
	for (size_t i = 0; i < k->topics_n; i++)
		kafka_topic_stop_begin(k->topics[i], deadline_ms);
}

bool
kafka_stopped(struct kafka *k)
{
	bool stopped = true;

	for (size_t i = 0; i < k->topics_n; i++)
		stopped &= kafka_topic_stopped(k->topics[i]);
	return stopped;
}

void
kafka_free(struct kafka *k)
{
	if (!end_topics(k)) /* it uses what would be freed */
		return;
	kafka_positions_free(&k->positions);
	config_free(&k->config);
	free(k);
}

void
kafka_stop(struct kafka *k, int deadline_ms)
{
	if (k == NULL)
		return;
	kafka_stop_begin(k, deadline_ms);
	kafka_free(k);
}

/* --- what it tells */

static void
add_up(struct kafka_stats *out, const struct kafka_topic_stats *t)
{
	bool first = t == out->topics;

	out->produced += t->produced;
	out->delivered += t->delivered;
	out->failed += t->failed;
	out->set_aside += t->set_aside;
	out->retried_instances += t->retried_instances;
	out->connected = t->connected && (first || out->connected);
	if (first || t->position < out->position)
		out->position = t->position;
	if (t->lag > out->lag)
		out->lag = t->lag;
	if (out->last_error[0] == '\0')
		text_copy(out->last_error, sizeof(out->last_error), t->last_error);
}

void
kafka_stats(struct kafka *k, struct kafka_stats *out)
{
	struct part parts[KAFKA_TOPICS];

	memset(out, 0, sizeof(*out));
	out->topics_n = list_parts(k, parts);
	for (size_t i = 0; i < out->topics_n; i++) {
		struct kafka_topic_stats *t = &out->topics[i];

		if (i < k->topics_n)
			kafka_topic_stats(k->topics[i], t);
		else /* it does not run yet */
			text_copy(t->topic, sizeof(t->topic), parts[i].topic);
		add_up(out, t);
	}
}

bool
kafka_take_set_aside(struct kafka *k, struct kafka_set_aside *out)
{
	for (size_t i = 0; i < k->topics_n; i++)
		if (kafka_topic_take_set_aside(k->topics[i], out))
			return true;
	return false;
}

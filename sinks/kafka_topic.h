/*
 * kafka_topic: the thread that delivers the records of one topic. For the files of the Kafka sink;
 * kafka.c starts one for each topic.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"
#include "sinks/kafka.h"
#include "sinks/kafka_positions.h"

struct kafka_topic;

/* Borrowed until the topic is freed. */
struct kafka_topic_config {
	const char *journal_path;
	const char *topic;
	enum record_kind kind; /* of the records that go there */
	enum kafka_format format;
	const struct kafka_property *properties;
	size_t properties_n;
	struct kafka_positions *positions;
	size_t number; /* of the topic in them */
};

/* NULL with the reason in error. */
struct kafka_topic *kafka_topic_start(const struct kafka_topic_config *, char *error, size_t size);
/* As of kafka.h, for this topic. */
void kafka_topic_wake(struct kafka_topic *);
void kafka_topic_stop_begin(struct kafka_topic *, int deadline_ms);
bool kafka_topic_stopped(struct kafka_topic *);
/* false: the thread does not end, and what it uses is not to be freed. */
bool kafka_topic_free(struct kafka_topic *);
void kafka_topic_stats(struct kafka_topic *, struct kafka_topic_stats *);
bool kafka_topic_take_set_aside(struct kafka_topic *, struct kafka_set_aside *);

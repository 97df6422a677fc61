/*
 * kafka: a reader of the journal that delivers to Kafka. The one home of librdkafka.
 *
 * It runs on a thread of its own: reads the journal from its saved position, produces (idempotent,
 * with record_key as key, partitioned by murmur2), and saves the position up to which everything
 * has been acknowledged. A record is produced again only when its acknowledgement was not seen, and
 * then with the same id. Fatal client errors: the instance is thrown away, a new one made, and
 * reading goes on at the saved position.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kafka_format { KAFKA_PROTOBUF, KAFKA_JSON };

struct kafka_property {
	const char *name, *value;
	unsigned line; /* of the configuration file, for messages */
};

struct kafka_config {
	const char *journal_path;
	const char *reader; /* name of the cursor in the journal: "kafka" */
	enum kafka_format format;
	const char *topic_alerts; /* "" = off */
	const char *topic_events; /* "" = off */
	/* handed to librdkafka as they are, over our defaults */
	const struct kafka_property *properties;
	size_t properties_n;
};

struct kafka_stats {
	uint64_t produced, delivered, failed, retried_instances;
	uint64_t position; /* last acknowledged journal number */
	uint64_t lag;	   /* records in the journal behind the position */
	bool connected;	   /* at least one broker is up */
	char last_error[256];
};

struct kafka;

/* Check the properties without connecting: false, and error names the property, its line and what
 * is wrong. */
bool kafka_check(const struct kafka_config *, char *error, size_t size);

/* Start the thread; works with the broker absent. Copies the configuration. NULL with the reason in
 * error. */
struct kafka *kafka_start(const struct kafka_config *, char *error, size_t size);
/* There is something new in the journal. From any thread, never blocks. */
void kafka_wake(struct kafka *);
/* Flush for at most deadline_ms, save the position, join. */
void kafka_stop(struct kafka *, int deadline_ms);
/* A copy of the counters; from any thread. */
void kafka_stats(struct kafka *, struct kafka_stats *);

/*
 * kafka_positions: how far each topic has come. Kept in the journal: each as state of the reader's
 * room ("kafka": "alerts", "events"), and the least of them as its cursor, which holds retention
 * back and where versions look that know one position only. For the files of the Kafka sink.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sinks/journal.h"
#include "sinks/kafka.h"

struct kafka_positions {
	const char *reader, *names[KAFKA_TOPICS]; /* borrowed */
	uint64_t seq[KAFKA_TOPICS];
	uint64_t cursor; /* as saved */
	pthread_mutex_t lock;
	size_t n;
};

void kafka_positions_init(struct kafka_positions *);
void kafka_positions_free(struct kafka_positions *);
/* Read the positions of n topics, by the names of their records, and save the cursor. A topic
 * without a position begins at the cursor. false with the reason in journal_error. */
bool kafka_positions_load(struct kafka_positions *, struct journal *, const char *reader,
    const char *const *names, size_t n);
/* Save a topic's; from the topic's thread, with its journal. */
bool kafka_positions_save(struct kafka_positions *, struct journal *, size_t topic, uint64_t seq);

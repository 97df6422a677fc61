/*
 * kafka_watch: says what the Kafka sink cannot say itself, being on threads of its own: an alarm
 * "kafka.failing" for a topic that does not get its records, and for brokers that cannot be
 * reached, closed by the next delivery; an event "kafka.set-aside" for each record that the topic
 * does not take. Coordinator's thread only.
 */
#pragma once

#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"

struct kafka_watch;

/* Both are borrowed; what was failing before a restart is read. NULL when out of memory. */
struct kafka_watch *kafka_watch_new(struct records *, struct alarms *);
void kafka_watch_free(struct kafka_watch *);
/* Look at the sink; call it at every tick. */
void kafka_watch_tick(struct kafka_watch *);

/*
 * The properties of the Kafka client: ours, and over them those of the configuration. For the files
 * of the Kafka sink only; kafka_check is in kafka.h.
 */
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sinks/kafka.h"

/*
 * Yours, until a client takes it. connect: with the brokers' names, too. NULL with the place of the
 * property, its name and the reason in error; the value is left out, it may be a secret.
 */
rd_kafka_conf_t *kafka_conf_new(
    const struct kafka_property *, size_t n, bool connect, char *error, size_t size);
/* Cut the values of secrets out of a message. */
void kafka_hide_secrets(const struct kafka_property *, size_t n, char *why);
/* Is it a name of the property that says where the brokers are? */
bool kafka_names_brokers(const char *name);
/* How a client of ours sends, over the properties: one by one, then a record that fails ends
 * nothing; in batches of at most so many octets (0: as they say). */
void kafka_conf_pace(rd_kafka_conf_t *, bool one_by_one, uint32_t batch_octets);
/* Nothing of a key overtakes what failed before it. */
bool kafka_conf_keeps_order(const rd_kafka_conf_t *);

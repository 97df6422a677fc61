/*
 * The properties of the Kafka client: ours, and over them those of the configuration. For the files
 * of the Kafka sink only; kafka_check is in kafka.h.
 */
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>

#include "sinks/kafka.h"

/*
 * Yours, until a client takes it. connect: with the brokers' names, too. NULL with the property,
 * its line and the reason in error; the value is left out, it may be a secret.
 */
rd_kafka_conf_t *kafka_conf_new(
    const struct kafka_property *, size_t n, bool connect, char *error, size_t size);

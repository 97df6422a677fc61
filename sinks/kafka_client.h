/*
 * kafka_client: one librdkafka producer for one topic. For the files of the Kafka sink.
 *
 * A client belongs to one thread; it calls back from kafka_client_poll, _drain and _free only.
 */
#pragma once

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sinks/kafka.h"

struct kafka_client;

/* How a client sends. */
enum kafka_pace {
	KAFKA_PIPELINED, /* what fails ends the client, so that nothing overtakes it */
	KAFKA_ONE_BY_ONE /* the caller waits for each record: what fails fails alone */
};

struct kafka_client_config {
	const struct kafka_property *properties;
	size_t properties_n;
	const char *topic;
	enum kafka_pace pace;
	uint32_t batch_octets; /* no larger batches; 0: as the properties say */
};

struct kafka_client_ops {
	/* Of a record, by the number that it was sent with. err: 0, or why it was not delivered. */
	void (*report)(void *ctx, uint64_t number, rd_kafka_resp_err_t err);
	/* fatal: the client can do nothing more */
	void (*error)(void *ctx, rd_kafka_resp_err_t err, bool fatal, const char *reason);
	void (*up)(void *ctx); /* a broker is connected; said again every second */
};

/* Whose fault an error is. */
enum kafka_blame {
	KAFKA_BLAME_RECORD,  /* this record, or the batch that it was in */
	KAFKA_BLAME_TOPIC,   /* the topic does not take any */
	KAFKA_BLAME_BROKERS, /* they cannot be reached, or do not let us in */
	KAFKA_BLAME_CLIENT   /* this client's own state; another one may do */
};
enum kafka_blame kafka_blame(rd_kafka_resp_err_t);

/* The ops are copied. NULL with the reason in error. */
struct kafka_client *kafka_client_new(const struct kafka_client_config *,
    const struct kafka_client_ops *, void *ctx, char *error, size_t size);
/* Purges what is left, which is reported, and ends the client. NULL is fine. */
void kafka_client_free(struct kafka_client *);
/* Does the broker keep the order of a key, whatever fails? */
bool kafka_client_keeps_order(const struct kafka_client *);

struct kafka_message {
	const char *key, *id, *content_type, *schema;
	const void *payload;
	size_t len;
	int64_t at_ms; /* 0: the time of sending */
};
/* Copies the message. 0, or why it was not taken; QUEUE_FULL: later. */
rd_kafka_resp_err_t kafka_client_send(
    struct kafka_client *, const struct kafka_message *, uint64_t number);
/* Take what is reported, waiting for the first for at most so long. */
void kafka_client_poll(struct kafka_client *, int ms);
/* Send nothing more; wait for what is on its way for at most so long. */
void kafka_client_drain(struct kafka_client *, int ms);

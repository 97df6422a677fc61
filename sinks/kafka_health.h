/*
 * kafka_health: does a topic get its records, and if not, why? What errors, reports and time say
 * becomes one statement that holds until a record is delivered: only that proves the contrary.
 * Pure: times come in. For the files of the Kafka sink.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sinks/kafka.h"

enum {
	KAFKA_GRACE_US = 5 * 1000000,  /* brokers may be away so long before it is said */
	KAFKA_STALL_US = 40 * 1000000, /* records may wait so long for an answer */
};

struct health {
	enum kafka_trouble trouble;
	char reason[KAFKA_REASON_MAX];
	bool stalled; /* the trouble is the oldest record, whatever becomes of others */
	/* what the client says of brokers, not yet stated */
	int64_t suspect_us; /* since when; 0: nothing */
	bool suspect_final; /* we are refused: not only a matter of reaching one */
	char suspicion[KAFKA_REASON_MAX];
	uint64_t oldest;    /* that waits */
	int64_t waiting_us; /* since when; 0: none waits */
};

/* A record was delivered. true: that is news. */
bool health_delivered(struct health *);
/* The topic does not take records. true: that is news. */
bool health_topic_fails(struct health *, const char *reason);
/* Something about a broker; final: it refuses us. The first reason of the gravest kind stays. */
void health_suspect(struct health *, bool final, const char *reason, int64_t now_us);
/* A broker is connected. */
void health_connected(struct health *);
/* Time goes by; waiting: there are records that are not delivered, the oldest of which has this
 * number. true: there is news. */
bool health_look(struct health *, bool waiting, uint64_t oldest, int64_t now_us);

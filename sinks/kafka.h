/*
 * kafka: a reader of the journal that delivers to Kafka. sinks/kafka*.c are the one home of
 * librdkafka.
 *
 * Each topic has a thread, a client and a position of its own, so what is wrong with one holds up
 * nothing of the other. A thread reads the journal from the saved position, produces (idempotent,
 * with record_key as key, partitioned by murmur2), and saves the position up to which everything
 * has been acknowledged. A record is produced again only when its acknowledgement was not seen, and
 * then with the same id. A client that fails is thrown away, and a new one sends what is left.
 *
 * A batch that the broker does not take is sent again one by one, and later batches are half as
 * large. A record that cannot be taken by itself is set aside, aloud, while others are taken: where
 * none is, it is not the record's fault, and all of them wait.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kafka_format { KAFKA_PROTOBUF, KAFKA_JSON };

enum {
	KAFKA_TOPICS = 2,
	KAFKA_TOPIC_MAX = 256, /* Kafka's own limit is 249 */
	KAFKA_REASON_MAX = 192,
	KAFKA_ID_MAX = 128,
};

struct kafka_property {
	const char *name, *value;
	/* What is to be shown instead of the value, which is a secret then; NULL: the value may be
	 * shown, unless its name says otherwise. */
	const char *written;
	unsigned line, column; /* in the configuration file, for messages */
};

/* Is the value not to be shown: by the property's name, or because it is from a file of its own? */
bool kafka_is_secret(const struct kafka_property *);

struct kafka_config {
	const char *journal_path;
	const char *reader; /* name of the position in the journal: "kafka" */
	enum kafka_format format;
	const char *topic_alerts; /* "" = off */
	const char *topic_events; /* "" = off */
	/* handed to librdkafka as they are, over our defaults */
	const struct kafka_property *properties;
	size_t properties_n;
	unsigned line, column; /* where the properties are in the file, or should be */
};

enum kafka_trouble {
	KAFKA_FINE,	   /* or not known to be otherwise */
	KAFKA_TOPIC_FAILS, /* it is missing, forbidden, or takes nothing */
	KAFKA_UNREACHABLE  /* the brokers are away, do not answer, or refuse us */
};

struct kafka_topic_stats {
	char topic[KAFKA_TOPIC_MAX];
	bool alerts; /* the incidents go there; else the events */
	uint64_t produced, delivered, failed, set_aside, retried_instances;
	uint64_t position; /* last journal number up to which all is delivered */
	uint64_t lag;	   /* records in the journal behind the position, of any topic */
	bool connected;	   /* at least one broker is up */
	char last_error[256];
	/* once it is said it stays until a record is delivered */
	enum kafka_trouble trouble;
	char reason[KAFKA_REASON_MAX];
};

struct kafka_stats {
	/* of all topics: sums; the least position; connected if all are */
	uint64_t produced, delivered, failed, set_aside, retried_instances;
	uint64_t position, lag;
	bool connected;
	char last_error[256];
	size_t topics_n;
	struct kafka_topic_stats topics[KAFKA_TOPICS];
};

/* A record that does not go to Kafka: too large, or refused by the broker. It stays in the
 * journal. */
struct kafka_set_aside {
	uint64_t seq;
	char id[KAFKA_ID_MAX];	       /* of the record (record_uid) */
	char key[KAFKA_ID_MAX];	       /* its key (record_key): the incident's id */
	char type[KAFKA_ID_MAX];       /* rule, or type of the event */
	uint32_t occurrence, revision; /* 0 for an event */
	char topic[KAFKA_TOPIC_MAX];
	char reason[KAFKA_REASON_MAX];
};

struct kafka;
struct journal;

/* Told of what works and endangers delivery; the place is that of the property. */
typedef void kafka_warn(void *ctx, unsigned line, unsigned column, const char *text);
/*
 * Check the properties without connecting. false, and error is "LINE:COLUMN: what is wrong" with
 * the place of the property, when no client can be made of them, or one that would lose records in
 * silence. warn may be NULL.
 */
bool kafka_check(
    const struct kafka_config *, kafka_warn *warn, void *ctx, char *error, size_t size);

/* A sink that does nothing yet. Checks and copies the configuration. NULL with the reason in
 * error. */
struct kafka *kafka_new(const struct kafka_config *, char *error, size_t size);
/* Start the threads, at the saved position; works with the broker absent. false with the reason in
 * error: then it may be tried again. */
bool kafka_run(struct kafka *, char *error, size_t size);
/* Both. NULL with the reason in error. */
struct kafka *kafka_start(const struct kafka_config *, char *error, size_t size);
/* Would kafka_new with this configuration make the same? */
bool kafka_is_configured(const struct kafka *, const struct kafka_config *);
/* There is something new in the journal. From any thread, never blocks. */
void kafka_wake(struct kafka *);
/* Begin to stop: flush for at most deadline_ms, less where nothing moves. Never blocks. */
void kafka_stop_begin(struct kafka *, int deadline_ms);
/* kafka_stop_begin was called, and the threads are at their end: kafka_free will not wait. */
bool kafka_stopped(struct kafka *);
/* Wait for the threads to end and free; after kafka_stop_begin, or where none runs. Threads that do
 * not end by their deadline are left behind, which is logged. */
void kafka_free(struct kafka *);
/* Both. NULL is fine. */
void kafka_stop(struct kafka *, int deadline_ms);
/* A copy of the counters; from any thread. */
void kafka_stats(struct kafka *, struct kafka_stats *);
/* Take the oldest record set aside that was not taken yet; from any thread. false: none. */
bool kafka_take_set_aside(struct kafka *, struct kafka_set_aside *);

/*
 * Each record that is set aside is kept in the journal, in this room (journal_state_put) and under
 * this key, until whoever tells it deletes it there. At start: those that were not told.
 */
extern const char kafka_untold_room[];
const char *kafka_untold_key(uint64_t seq, char *buf, size_t size);
void kafka_untold(
    struct journal *, void (*each)(void *ctx, const struct kafka_set_aside *), void *ctx);

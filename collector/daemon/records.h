/*
 * records: where every record of the collector goes, and in which order. It hands each to the
 * journal's writer, and shows what is written to a listener (the control socket). The Kafka sink
 * follows the journal by itself; it is started, woken, exchanged and stopped here.
 *
 * Everything but the wake-ups happens on the coordinator's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/latency.h"
#include "proto/record.h"
#include "sinks/journal.h"
#include "sinks/journal_writer.h"
#include "sinks/kafka.h"

struct records;

/* Borrowed for the call. */
struct records_config {
	const char *collector; /* its name, in every record */
	const char *journal_path;
	uint32_t retain_days;	/* 0: for ever */
	uint64_t retain_octets; /* 0: no limit */
	bool kafka_enabled;
	struct kafka_config kafka;
};

/* Opens the journal, makes it where there is none, and starts the sinks. wake: called from any
 * thread when records_show has something to do. NULL with the reason in error. */
struct records *records_new(
    const struct records_config *, void (*wake)(void *ctx), void *ctx, char *error, size_t size);
/* Another Kafka configuration; the rest cannot change. The sink that runs comes to its end first,
 * for which nobody waits. false with the reason in error: then all is as before. */
bool records_set_kafka(struct records *, const struct records_config *, char *error, size_t size);
/* Call every now and then. */
void records_tick(struct records *);
/* As kafka_take_set_aside. */
bool records_take_set_aside(struct records *, struct kafka_set_aside *);
/*
 * Every record from now on is shown to the listener, once, in order and with its number, during
 * records_show; NULL ends it. It is on the disk then. Where the disk has taken nothing for
 * RECORDS_BLIND_S what waits for it is shown before: a full disk makes nobody blind. written: all
 * records up to that number are on the disk.
 */
enum { RECORDS_BLIND_S = 5 };
void records_listen(struct records *, void (*record)(void *ctx, const struct record *),
    void (*written)(void *ctx, uint64_t seq), void *ctx);
/* To be called when woken, and now and then. */
void records_show(struct records *);
/* Wait until what was emitted is on the disk, but not for long, and show it. */
void records_flush(struct records *);
/* Writes what is pending, waiting for some seconds, and frees. NULL is fine. */
void records_free(struct records *);

/* Send it everywhere. It gets its number when it is written. */
void records_emit(struct records *, struct record *);
/* An event of now. router, peer: "" where it is about none. */
void records_event(struct records *, const char *type, uint8_t severity, const char *router,
    const char *peer, uint32_t peer_as, const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/*
 * What a room keeps across restarts (sinks/journal.h, "State"): read at the start by
 * journal_state_get or journal_state_each of records_history, held in the room's own memory, and
 * put here whenever it changes. A put is written behind the records emitted before it, so what was
 * put is not at once what is read. value NULL: forget it.
 */
void records_state_put(
    struct records *, const char *room, const char *key, const void *value, size_t len);

/* The same for rows of a day (sinks/journal.h, "Days"), which are read by journal_day_each. */
void records_day_put(
    struct records *, const char *day, const char *key, const void *value, size_t len);

/* The collector's name. */
const char *records_collector(const struct records *);
/* The journal's writer, to see how it fares. */
struct journal_writer *records_writer(struct records *);
/* The journal to read from; it is not to be closed. */
struct journal *records_history(struct records *);

struct records_stats {
	uint64_t seq; /* of the newest record that is on the disk */
	struct journal_writer_stats journal;
	struct kafka_stats kafka; /* zero without Kafka */
	/* From when it happened until it is on the disk: of all records, and of openings, from when
	 * the first of their routes came. */
	struct latency disk, opening;
};
/* The figures as they are now. */
void records_stats(struct records *, struct records_stats *);

/*
 * journal_writer: the thread that appends to the journal, so that a slow disk stalls nobody.
 * Records wait in memory (journal_queue.h), get their numbers, and are written in batches, one
 * transaction each, that is on the disk when it is done; only then are they told of
 * (journal_writer_take). A failing disk is tried again until it works; what waits for it can be
 * shown before (journal_writer_unwritten), with the number that it will be written with. For that
 * numbers are reserved: the journal says up to which they may have been given, and whoever begins
 * after one that did not end in good order begins behind it. The thread also looks after the file:
 * what is old or too much is deleted, and a journal that is damaged, deleted or replaced gets a
 * successor.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"
#include "sinks/journal_loss.h"
#include "sinks/journal_queue.h"
#include "sinks/journal_renew.h"

struct journal_writer;

struct journal_writer_config {
	const char *path;
	size_t pending_octets;	    /* held in memory (journal_queue.h) */
	uint32_t retain_days;	    /* 0: for ever */
	uint64_t retain_octets;	    /* 0: no limit */
	bool keep_written;	    /* for journal_writer_take */
	void (*written)(void *ctx); /* from the thread, after each batch */
	void *ctx;
};

/* Makes the journal, or a successor of a damaged one. NULL with the reason in error. */
struct journal_writer *journal_writer_start(
    const struct journal_writer_config *, char *error, size_t size);
/* Copies the record; it gets its number when it is written. */
void journal_writer_add(struct journal_writer *, const struct record *);
/* Copies a value that is to be kept (journal_state_put), or deleted (NULL); it is written in its
 * place among the records, so a reader finds it a moment later. Never refused. */
void journal_writer_state(
    struct journal_writer *, const char *room, const char *key, const void *value, size_t len);
/* The same for a row of a day (journal_day_put). */
void journal_writer_day(
    struct journal_writer *, const char *day, const char *key, const void *value, size_t len);
/* The readers that retention waits for, from now on (journal_keep_readers). At most
 * JOURNAL_READERS_MAX names; copied. */
enum { JOURNAL_READERS_MAX = 8 };
void journal_writer_readers(struct journal_writer *, const char *const *names, size_t n);
/* Wait until all is written that was added, for at most deadline_ms. */
void journal_writer_flush(struct journal_writer *, int deadline_ms);
/* Write what is pending (trying for at most deadline_ms), join. */
void journal_writer_stop(struct journal_writer *, int deadline_ms);

/* --- what becomes of the records; from any one thread */

/* What was written since the last call, in order; yours to free(), each. One that is marked as
 * shown was given by journal_writer_unwritten before. */
struct journal_entry *journal_writer_take(struct journal_writer *);
/* Call `each` for records that are not written and have not been shown, in order and with their
 * numbers, n at most: they are marked. None while something written is not taken. A record for
 * which no number is reserved has to wait. It goes through all that waits, which may be long, so
 * not all the time. `each` must not call the writer. Returns how many there were: with n there may
 * be more. */
size_t journal_writer_unwritten(struct journal_writer *, size_t n,
    void (*each)(void *ctx, const struct journal_entry *), void *ctx);

/* --- how it fares; from any one thread */

struct journal_writer_stats {
	uint64_t written, pending, pending_octets, failures;
	uint64_t refused;	    /* records that were dropped for want of room */
	uint64_t refused_incidents; /* of these, transitions of incidents */
	uint64_t unread;    /* deleted for the size limit before every reader had read them */
	uint64_t seq;	    /* the last number that is written */
	int64_t waiting_us; /* how long the oldest record has been waiting */
	int64_t stalled_us; /* how long the disk has taken nothing, though something waits */
	bool held;	    /* what is old stays, since a reader has yet to read it */
	char error[256];    /* why the last try to write failed; "" when it did not */
	char lost[256]; /* the file is not ours any longer, and why it has no successor; or "" */
};
/* A copy of the figures. */
void journal_writer_stats(struct journal_writer *, struct journal_writer_stats *);
/* Each of these: is there news since the last call? */
bool journal_writer_take_change(struct journal_writer *, struct journal_change *);
bool journal_writer_take_retired(struct journal_writer *, struct journal_retired *);
/* What the collector before this one could not write before it ended; true until
 * journal_writer_loss_told: what tells of it was added. */
bool journal_writer_loss(struct journal_writer *, struct journal_loss *);
void journal_writer_loss_told(struct journal_writer *);
/* What was dropped, once the disk takes records again. */
bool journal_writer_take_gap(struct journal_writer *, struct journal_gap *);

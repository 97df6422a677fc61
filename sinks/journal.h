/*
 * journal: every record in one SQLite file, in order, numbered. The one home of SQLite.
 *
 * One writer (batches, one transaction each), any number of readers on connections of their own.
 * Sinks are readers that keep their position here, so a broker may be away for a day and the
 * collector may be killed: nothing is lost, order is kept, a record delivered twice carries the
 * same id. WAL, synchronous=NORMAL. A handle belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct journal;

/* path: file made when missing (mode 0640). NULL on failure with the reason in error. */
struct journal *journal_open(const char *path, bool writer, char *error, size_t size);
void journal_close(struct journal *);

/* Highest number ever given (also when retention has deleted it); 0 for an empty journal. */
uint64_t journal_last(struct journal *);

/* Append n records, whose seq must be above journal_last and increasing, in one transaction. All or
 * nothing; false on failure with the reason in journal_error, and the batch may be tried again. */
bool journal_append(struct journal *, const struct record *const *, size_t n);

/* Call `each` for up to `limit` records with seq > after, in order; stops when it returns false.
 * Returns how many were given, -1 on failure. */
int journal_read(struct journal *, uint64_t after, int limit,
    bool (*each)(void *ctx, const struct record *), void *ctx);
/* The number before the first record at or after that time; journal_last when there is none. */
uint64_t journal_before_time(struct journal *, int64_t at_us);
/* The number before the last n records that match the filter (NULL: all), for `tail -n`. */
uint64_t journal_before_last(struct journal *, int n, const struct record_filter *);

/* Latest record of each incident that is not closed, in order of seq: to restore the incident table
 * at start. */
int journal_read_open_incidents(
    struct journal *, bool (*each)(void *ctx, const struct record *), void *ctx);

/* Saved position of a named reader; 0 when it never saved one. 0, too, when it cannot be read:
 * journal_error is empty unless that is so. */
uint64_t journal_cursor(struct journal *, const char *reader);
bool journal_cursor_save(struct journal *, const char *reader, uint64_t seq);

/*
 * State: small things that a room keeps across restarts, by room ("mute", "binding", ...) and key.
 * A value is any octets, at most some kilobytes; what a room holds is its own business and may
 * outlive the version that wrote it. Nothing of it is ever deleted but by a put.
 */

/* Put a value in place of the former one; NULL deletes it. false on failure. */
bool journal_state_put(
    struct journal *, const char *room, const char *key, const void *value, size_t len);
/* Append the value to a buffer. false when there is none; also when it cannot be read:
 * journal_error is empty unless that is so. */
bool journal_state_get(struct journal *, const char *room, const char *key, struct sbuf *value);
/* Call `each` for what a room keeps, in order of keys, until it returns false; the value is
 * borrowed for the call. It must not use the same handle. Returns how many were given, -1 on
 * failure. */
int journal_state_each(struct journal *, const char *room,
    bool (*each)(void *ctx, const char *key, const void *value, size_t len), void *ctx);

/* Delete records older than before_us, or the oldest while the file is over max_bytes (0: no
 * limit); never what a reader with a cursor has yet to read, never the latest record of an open
 * incident. In small steps; true when there may be more to delete. */
bool journal_retain(struct journal *, int64_t before_us, uint64_t max_bytes);

/* Why a call failed, valid until the next one. */
const char *journal_error(const struct journal *);

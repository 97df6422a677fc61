/*
 * journal: every record in one SQLite file, in order, numbered. The one home of SQLite.
 *
 * One writer (batches, one transaction each), any number of readers on connections of their own.
 * Sinks are readers that keep their position here, so a broker may be away for a day and the
 * collector may be killed: nothing is lost, order is kept, a record delivered twice carries the
 * same id. What the writer has committed is on the disk (WAL, synchronous=FULL). A handle belongs
 * to one thread. A reader's goes over to the file that has taken the place of its own by itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct journal;

#define JOURNAL_MEMORY ":memory:" /* path of a journal that is no file */

/* path: the writer makes the file when it is missing (mode 0640), and must be able to write. NULL
 * on failure with the reason in error. */
struct journal *journal_open(const char *path, bool writer, char *error, size_t size);
void journal_close(struct journal *);
/* Read all of it: false when it is damaged, with what is wrong in journal_error. Takes seconds for
 * each gigabyte. */
bool journal_check(struct journal *);
/* A number that grows whenever a journal of this process finds its file damaged; from any thread.
 */
unsigned journal_damage_seen(void);

/* Highest number ever given (also when retention has deleted it); 0 for an empty journal. */
uint64_t journal_last(struct journal *);

/* The same, and not below the position of any reader, should the file be older than that. */
uint64_t journal_highest(struct journal *);

/* Append n records, whose seq must be above journal_last and increasing, in one transaction. All or
 * nothing; false on failure with the reason in journal_error, and the batch may be tried again. */
bool journal_append(struct journal *, const struct record *const *, size_t n);

/*
 * The same by hand: begin, put each (body: its record_to_pb), commit with the last number. Between
 * them journal_state_put may be called as well. false on failure; then roll back.
 */
bool journal_begin(struct journal *);
bool journal_put(struct journal *, const struct record *, const void *body, size_t len);
bool journal_commit(struct journal *, uint64_t last);
void journal_rollback(struct journal *);

/* Call `each` for up to `limit` records with seq > after, in order; stops when it returns false.
 * Returns how many were given, -1 on failure. */
int journal_read(struct journal *, uint64_t after, int limit,
    bool (*each)(void *ctx, const struct record *), void *ctx);
/* The number before the first record at or after that time; journal_last when there is none. */
uint64_t journal_before_time(struct journal *, int64_t at_us);
/* As journal_read, but records with seq < before, the newest first. */
int journal_read_back(struct journal *, uint64_t before, int limit,
    bool (*each)(void *ctx, const struct record *), void *ctx);

/* Latest record of each incident that is not closed, in order of seq: to restore the incident table
 * at start. */
int journal_read_open_incidents(
    struct journal *, bool (*each)(void *ctx, const struct record *), void *ctx);

/* Saved position of a named reader; 0 when it never saved one. 0, too, when it cannot be read:
 * journal_error is empty unless that is so. */
uint64_t journal_cursor(struct journal *, const char *reader);
bool journal_cursor_save(struct journal *, const char *reader, uint64_t seq);

struct journal_retired {
	unsigned readers;
	uint64_t unread; /* records that one of them had not read */
};
/* Nobody waits any longer for readers other than these, should they have positions; those stay
 * known for the day that they come back. false on failure. */
bool journal_keep_readers(
    struct journal *, const char *const *names, size_t n, struct journal_retired *);

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

/*
 * Days: rows that are looked at by day, for years: by day ("2026-11-27") and key. Those older than
 * JOURNAL_DAYS are deleted when one of a new day is put.
 */
enum { JOURNAL_DAYS = 3660 };
/* Put a row in place of the former one. false on failure. */
bool journal_day_put(
    struct journal *, const char *day, const char *key, const void *value, size_t len);
/* Call `each` for the rows of a day, in order of keys, as journal_state_each. */
int journal_day_each(struct journal *, const char *day,
    bool (*each)(void *ctx, const char *key, const void *value, size_t len), void *ctx);

/*
 * Evidence: a row of a day whose key is "e " and the id of an incident keeps a record of the
 * incident for as long as rows of days are kept: the last one when the row was put, or the one that
 * closes it. So many of all; and when the file has to be smaller and nothing else is left, they go.
 */
enum journal_evidence {
	EVIDENCE_UNKNOWN, /* no row was put, or it is too old */
	EVIDENCE_THERE,	  /* at least one of its days */
	EVIDENCE_GONE
};
enum journal_evidence journal_evidence(struct journal *, const char *id);

struct journal_cost {
	uint64_t unread; /* records deleted that a reader had yet to read, added */
	bool held;	 /* records stay that are old, since a reader has yet to read them */
};
/*
 * Delete records older than before_us (0: none is), but none that a reader with a position has yet
 * to read; and the oldest, whoever has yet to read them, while the file and its log take more than
 * max_octets (0: no limit). Never the latest record of an open incident, and evidence last and for
 * size only. One step, some
 * milliseconds; true when there may be more to delete.
 */
bool journal_retain(
    struct journal *, int64_t before_us, uint64_t max_octets, struct journal_cost *);

/* Why a call failed, valid until the next one. */
const char *journal_error(const struct journal *);

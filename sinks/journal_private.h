/* What the files of the journal share; nobody else includes it. */
#pragma once

#include <sqlite3.h>

#include "sinks/journal.h"

enum { JOURNAL_PAGES_LOG = 500 }; /* in the log (WAL) before they are merged into the file */

struct journal {
	sqlite3 *db;
	char *path;
	bool writer;
	bool damaged;	/* the last failure was for what is in the file */
	bool leave;	/* close it without merging the log into it */
	char day[16];	/* of the last row of a day that was put */
	unsigned steps; /* of retention */
	int64_t passed; /* by the retention for size: it goes on behind this number */
	sqlite3_stmt *insert, *open_put, *open_del, *carried_put, *carried_del, *last_put,
	    *last_get, *read, *cursor_get, *cursor_put, *state_put, *state_get, *state_each;
	char error[256];
};

/* --- journal.c */

/* As journal_open; *damaged: the file is none that SQLite can read. */
struct journal *journal_open_file(
    const char *path, bool writer, bool *damaged, char *error, size_t size);
/* Open what journal_open_file found damaged, to read of it what can be read, by journal_carry and
 * journal_salvage only. NULL when that is nothing. */
struct journal *journal_open_damaged(const char *path);
/* Set the error from what SQLite says; false. */
bool journal_fail(struct journal *, const char *what);
/* Set the error where SQLite has none; false. */
bool journal_refuse(struct journal *, const char *why);
bool journal_run(struct journal *, const char *sql);
/* One number; `otherwise` when there is no row. */
int64_t journal_number(struct journal *, const char *sql, int64_t otherwise);
/* Step a statement that returns no row, and let go of what is bound to it. */
bool journal_step(struct journal *, sqlite3_stmt *);
/* Its path names another file by now, or none. */
bool journal_is_elsewhere(struct journal *);
/* A reader whose file is no longer the one of its path opens that one. */
void journal_follow(struct journal *);

/* --- journal_evidence.c */

/* An incident, which is open, is to have evidence of that day. */
bool journal_evidence_put(struct journal *, const char *day, const char *id);
/* That record closes it. */
bool journal_evidence_closed(struct journal *, const char *id, uint64_t seq);
/* A day has begun: what is older than that modifier of date() says goes, and what is too much. */
bool journal_evidence_forget(struct journal *, const char *day, const char *days);

/* --- journal_carry.c: what a journal begins with that takes the place of another */

/* Note what a record does to the incidents that are open, for a journal in memory. */
bool journal_remember(struct journal *, const struct record *, const void *body, size_t len);
/* Copy open incidents, state and positions, as far as they can be read. false when not all could
 * be read, or not written: then `to` has the error. */
bool journal_carry(struct journal *from, struct journal *to);
/* Of these what others than the writer may have put there, positions and state, and days that are
 * long past, as far as they can be read. */
void journal_carry_others(struct journal *from, struct journal *to);
/* Copy the records that can be read. Returns how many, -1 when `to` cannot be written. */
int64_t journal_salvage(struct journal *from, struct journal *to);

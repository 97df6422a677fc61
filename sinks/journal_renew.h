/*
 * journal_renew: a journal in place of one that is damaged, deleted or replaced. The former file is
 * set aside under another name, never deleted; what can be read of it is taken over. For the
 * journal's writer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sinks/journal.h"

enum journal_fate { JOURNAL_SOUND, JOURNAL_DAMAGED, JOURNAL_DELETED, JOURNAL_REPLACED };
enum { JOURNAL_PATH_MAX = 1024, JOURNAL_REASON_MAX = 192 };

/* What has become of the file, and what was done about it. */
struct journal_change {
	enum journal_fate fate;
	char aside[JOURNAL_PATH_MAX];	 /* where the former file is; "" when it is no more */
	char reason[JOURNAL_REASON_MAX]; /* of damage: what SQLite says */
	uint64_t records;		 /* in the new journal */
	bool whole;			 /* everything was taken over */
};

/*
 * Open the journal for writing, and keep in memory what a successor would begin with. A damaged
 * file is set aside and succeeded (out->fate); a path that may not be written, or whose file is
 * somebody else's database, is refused: NULL with the reason in error.
 */
struct journal *journal_start(
    const char *path, struct journal *memory, struct journal_change *out, char *error, size_t size);

/* The files of a journal in use, to see whether they are still there. */
struct journal_files {
	struct {
		dev_t dev;
		ino_t ino;
		bool there;
	} file[3]; /* the file, its log, the log's index */
};
void journal_files_note(struct journal_files *, const char *path);
enum journal_fate journal_files_look(const struct journal_files *, const char *path);

/*
 * A successor of a journal whose fate is not to be sound; next: the number that the next record
 * gets. The former one is closed when it works. NULL with the reason in error: then go on with the
 * former one and try again later.
 */
struct journal *journal_renew(struct journal *, enum journal_fate, struct journal *memory,
    uint64_t last, struct journal_change *out, char *error, size_t size);

/* What the files of the journal share; nobody else includes it. */
#pragma once

#include <sqlite3.h>

#include "sinks/journal.h"

struct journal {
	sqlite3 *db;
	bool writer;
	sqlite3_stmt *insert, *open_put, *open_del, *last_put, *last_get, *read, *cursor_get,
	    *cursor_put, *state_put, *state_get, *state_each;
	char error[256];
};

/* Set the error from what SQLite says; false. */
bool journal_fail(struct journal *, const char *what);
/* Step a statement that returns no row, and let go of what is bound to it. */
bool journal_step(struct journal *, sqlite3_stmt *);

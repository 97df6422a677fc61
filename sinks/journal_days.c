/* Rows that rooms keep by day, for years: a table of (day, key, value). */
#include <stdio.h>
#include <string.h>

#include "sinks/journal_private.h"

/* In a journal without a file, which is to begin a successor with, fewer. */
enum { DAYS_IN_MEMORY = 40 };

static sqlite3_stmt *
prepare(struct journal *j, const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(j->db, sql, -1, &s, NULL) == SQLITE_OK)
		return s;
	journal_fail(j, "prepare");
	return NULL;
}

/* A new day: those that are too old go. */
static bool
forget_old(struct journal *j, const char *day)
{
	sqlite3_stmt *s = prepare(j, "DELETE FROM day WHERE day < date(?, ?)");
	char days[32];
	bool ok;

	if (s == NULL)
		return false;
	snprintf(days, sizeof(days), "-%d days",
	    strcmp(j->path, JOURNAL_MEMORY) == 0 ? DAYS_IN_MEMORY : JOURNAL_DAYS);
	sqlite3_bind_text(s, 1, day, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, days, -1, SQLITE_STATIC);
	ok = journal_step(j, s) && journal_evidence_forget(j, day, days);
	sqlite3_finalize(s);
	return ok;
}

bool
journal_day_put(struct journal *j, const char *day, const char *key, const void *value, size_t len)
{
	sqlite3_stmt *s;
	bool ok;

	if (strcmp(j->day, day) != 0) {
		if (!forget_old(j, day))
			return false;
		snprintf(j->day, sizeof(j->day), "%s", day);
	}
	s = prepare(j, "INSERT OR REPLACE INTO day VALUES (?,?,?)");
	if (s == NULL)
		return false;
	sqlite3_bind_text(s, 1, day, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, key, -1, SQLITE_STATIC);
	sqlite3_bind_blob64(s, 3, len > 0 ? value : "", len, SQLITE_STATIC);
	ok = journal_step(j, s) &&
	     (strncmp(key, "e ", 2) != 0 || journal_evidence_put(j, day, key + 2));
	sqlite3_finalize(s);
	return ok;
}

int
journal_day_each(struct journal *j, const char *day,
    bool (*each)(void *ctx, const char *key, const void *value, size_t len), void *ctx)
{
	sqlite3_stmt *s;
	int n = 0, rc;

	journal_follow(j);
	s = prepare(j, "SELECT key, value FROM day WHERE day=? ORDER BY key");
	if (s == NULL)
		return -1;
	sqlite3_bind_text(s, 1, day, -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		n++;
		if (!each(ctx, (const char *)sqlite3_column_text(s, 0), sqlite3_column_blob(s, 1),
			(size_t)sqlite3_column_bytes(s, 1)))
			break;
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		journal_fail(j, "read");
		n = -1;
	}
	sqlite3_finalize(s);
	return n;
}

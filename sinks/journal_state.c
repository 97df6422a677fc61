/* Small things that rooms keep across restarts, a table of (room, key, value). */
#include <string.h>

#include "sinks/journal_private.h"

static void
bind_name(sqlite3_stmt *s, int at, const char *name)
{
	sqlite3_bind_text(s, at, name, -1, SQLITE_STATIC);
}

static bool
drop(struct journal *j, const char *room, const char *key)
{
	sqlite3_stmt *s;
	bool ok;

	if (sqlite3_prepare_v2(j->db, "DELETE FROM state WHERE room=? AND key=?", -1, &s, NULL) !=
	    SQLITE_OK)
		return journal_fail(j, "prepare");
	bind_name(s, 1, room);
	bind_name(s, 2, key);
	ok = journal_step(j, s);
	sqlite3_finalize(s);
	return ok;
}

bool
journal_state_put(
    struct journal *j, const char *room, const char *key, const void *value, size_t len)
{
	if (value == NULL)
		return drop(j, room, key);
	bind_name(j->state_put, 1, room);
	bind_name(j->state_put, 2, key);
	sqlite3_bind_blob64(j->state_put, 3, len > 0 ? value : "", len, SQLITE_STATIC);
	return journal_step(j, j->state_put);
}

bool
journal_state_get(struct journal *j, const char *room, const char *key, struct sbuf *value)
{
	sqlite3_stmt *s;
	int rc;

	journal_follow(j);
	s = j->state_get;
	j->error[0] = '\0';
	bind_name(s, 1, room);
	bind_name(s, 2, key);
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		sbuf_add(value, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
	else if (rc != SQLITE_DONE)
		journal_fail(j, "read");
	sqlite3_reset(s);
	return rc == SQLITE_ROW;
}

int
journal_state_each(struct journal *j, const char *room,
    bool (*each)(void *ctx, const char *key, const void *value, size_t len), void *ctx)
{
	sqlite3_stmt *s;
	int n = 0, rc;

	journal_follow(j);
	s = j->state_each;
	bind_name(s, 1, room);
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
	sqlite3_reset(s);
	return n;
}

/*
 * Evidence: which record shows what an incident was on a day, for as long as rows of days are kept.
 * These records stay when others of their age go: of an incident and a day it is the last one, or
 * the one that closed it; 0 while none has been written. When the file is to be smaller, and
 * nothing else is left, they go, too.
 */
#include <stdio.h>

#include "sinks/journal_private.h"

enum { EVIDENCE_MAX = 20000 };

/* With the texts, in order, NULL behind the last. */
static sqlite3_stmt *
with(struct journal *j, const char *sql, const char *const *texts)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(j->db, sql, -1, &s, NULL) != SQLITE_OK) {
		journal_fail(j, "prepare");
		return NULL;
	}
	for (int i = 0; texts[i] != NULL; i++)
		sqlite3_bind_text(s, i + 1, texts[i], -1, SQLITE_STATIC);
	return s;
}

static bool
run(struct journal *j, sqlite3_stmt *s)
{
	bool ok = s != NULL && journal_step(j, s);

	sqlite3_finalize(s);
	return ok;
}

bool
journal_evidence_put(struct journal *j, const char *day, const char *id)
{
	const char *const texts[] = { id, day, NULL };

	return run(j, with(j,
			  "INSERT OR REPLACE INTO evidence VALUES (?1, ?2, coalesce("
			  " (SELECT seq FROM open_incident WHERE id=?1),"
			  " (SELECT seq FROM evidence WHERE id=?1 AND day=?2), 0))",
			  texts));
}

bool
journal_evidence_closed(struct journal *j, const char *id, uint64_t seq)
{
	const char *const texts[] = { id, NULL };
	sqlite3_stmt *s = with(j,
	    "UPDATE evidence SET seq=?2 WHERE id=?1"
	    " AND day=(SELECT max(day) FROM evidence WHERE id=?1)",
	    texts);

	if (s != NULL)
		sqlite3_bind_int64(s, 2, (sqlite3_int64)seq);
	return run(j, s);
}

bool
journal_evidence_forget(struct journal *j, const char *day, const char *days)
{
	const char *const texts[] = { day, days, NULL };
	char sql[160];

	snprintf(sql, sizeof(sql),
	    "DELETE FROM evidence WHERE (id, day) IN"
	    " (SELECT id, day FROM evidence ORDER BY day DESC LIMIT -1 OFFSET %d)",
	    EVIDENCE_MAX);
	return run(j, with(j, "DELETE FROM evidence WHERE day < date(?, ?)", texts)) &&
	       journal_run(j, sql);
}

enum journal_evidence
journal_evidence(struct journal *j, const char *id)
{
	const char *const texts[] = { id, NULL };
	enum journal_evidence found = EVIDENCE_UNKNOWN;
	sqlite3_stmt *s;

	journal_follow(j);
	s = with(j,
	    "SELECT count(e.id), count(r.seq) FROM evidence e LEFT JOIN record r ON r.seq=e.seq"
	    " WHERE e.id=?1 AND e.seq > 0",
	    texts);
	if (s != NULL && sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int64(s, 0) > 0)
		found = sqlite3_column_int64(s, 1) > 0 ? EVIDENCE_THERE : EVIDENCE_GONE;
	sqlite3_finalize(s);
	return found;
}

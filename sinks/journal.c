/*
 * The file: `record` has each record twice, as columns for people with SQL at hand and as the
 * protobuf body that we read; `open_incident` points at the latest record of each open incident;
 * `carried` has the latest record of an open incident whose records are in a former file; `cursor`
 * has the positions of readers, `idle_reader` those of readers that nobody waits for; `last_seq` is
 * the highest number ever given, so that numbers go on after retention has emptied the table;
 * `state` is what rooms keep, `day` what they keep by day.
 *
 * This file opens it; the others of its name read, write and mend it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sinks/journal_private.h"

enum {
	SCHEMA = 1,		  /* PRAGMA user_version */
	APPLICATION = 0x42454c4c, /* "BELL": distinguishes our file from a foreign one */
	BUSY_MS = 5000,
	MODE_WAIT_MS = 20,
};

static const char schema_sql[] =
    "CREATE TABLE record ("
    " seq INTEGER PRIMARY KEY,"
    " at_us INTEGER NOT NULL,"
    " kind INTEGER NOT NULL,"	 /* 1 incident, 2 event */
    " type TEXT NOT NULL,"	 /* rule or event type */
    " key TEXT NOT NULL,"	 /* incident id, router */
    " transition TEXT NOT NULL," /* '' for events */
    " severity INTEGER NOT NULL,"
    " router TEXT NOT NULL,"
    " summary TEXT NOT NULL,"
    " body BLOB NOT NULL);" /* protobuf, bellman.v1 */
    "CREATE INDEX record_at ON record (at_us);"
    "CREATE TABLE open_incident (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE cursor (reader TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE last_seq (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);"
    "INSERT INTO last_seq VALUES (1, 0);";

/* Tables that came later. A version that does not know them leaves them alone, so the number of the
 * schema stays. */
static const char later_sql[] =
    "CREATE TABLE IF NOT EXISTS state (room TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
    " PRIMARY KEY (room, key)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS carried (id TEXT PRIMARY KEY, seq INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS day (day TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
    " PRIMARY KEY (day, key)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS evidence (id TEXT NOT NULL, day TEXT NOT NULL,"
    " seq INTEGER NOT NULL, PRIMARY KEY (id, day)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS idle_reader (reader TEXT PRIMARY KEY, seq INTEGER NOT NULL)"
    " WITHOUT ROWID;";

/* --- errors */

const char *
journal_error(const struct journal *j)
{
	return j->error;
}

/* Readers and the writer have the file open by themselves: what one of them stumbles over the
 * writer is to look into. */
static atomic_uint damage_seen;

unsigned
journal_damage_seen(void)
{
	return atomic_load(&damage_seen);
}

bool
journal_fail(struct journal *j, const char *what)
{
	int rc = sqlite3_errcode(j->db) & 0xff;

	snprintf(j->error, sizeof(j->error), "%s: %s", what, sqlite3_errmsg(j->db));
	/* a number that is there already: this is not the file that we wrote */
	j->damaged = rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB || rc == SQLITE_CONSTRAINT;
	if (j->damaged)
		atomic_fetch_add(&damage_seen, 1);
	return false;
}

bool
journal_refuse(struct journal *j, const char *why)
{
	snprintf(j->error, sizeof(j->error), "%s", why);
	return false;
}

bool
journal_run(struct journal *j, const char *sql)
{
	return sqlite3_exec(j->db, sql, NULL, NULL, NULL) == SQLITE_OK || journal_fail(j, "SQL");
}

int64_t
journal_number(struct journal *j, const char *sql, int64_t otherwise)
{
	sqlite3_stmt *s;
	int64_t n = otherwise;
	int rc = sqlite3_prepare_v2(j->db, sql, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	else if (rc != SQLITE_DONE)
		journal_fail(j, "read");
	sqlite3_finalize(s);
	return n;
}

bool
journal_step(struct journal *j, sqlite3_stmt *s)
{
	bool ok = sqlite3_step(s) == SQLITE_DONE || journal_fail(j, "write");

	sqlite3_reset(s);
	sqlite3_clear_bindings(s); /* they borrow from the caller */
	return ok;
}

/* --- opening */

/*
 * Two writers may find the file empty at the same moment: the one that gets the lock makes the
 * tables, the other finds them.
 */
static bool
make_schema(struct journal *j)
{
	char sql[128];
	bool ok;

	if (!journal_run(j, "BEGIN IMMEDIATE"))
		return false;
	if (journal_number(j, "PRAGMA application_id", 0) == APPLICATION)
		return journal_run(j, "COMMIT");
	snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION,
	    SCHEMA);
	ok = journal_number(j, "SELECT count(*) FROM sqlite_master", -1) == 0
		 ? journal_run(j, schema_sql) && journal_run(j, sql) && journal_run(j, "COMMIT")
		 : journal_refuse(j, "is a database, but no journal of Bellman");
	if (!ok) /* keep the reason of the failure, not of the rollback */
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}

/* SQLite does not wait for a lock when it changes the mode of a file, so it is done here. */
static bool
set_mode(struct journal *j)
{
	int rc = SQLITE_BUSY;

	for (int i = 0; i < BUSY_MS / MODE_WAIT_MS; i++) {
		rc = sqlite3_exec(j->db, "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;",
		    NULL, NULL, NULL);
		if (rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
			break;
		sqlite3_sleep(MODE_WAIT_MS);
	}
	return rc == SQLITE_OK || journal_fail(j, "SQL");
}

static bool
make_journal(struct journal *j)
{
	if (journal_number(j, "SELECT count(*) FROM sqlite_master", -1) > 0 &&
	    journal_number(j, "PRAGMA application_id", 0) != APPLICATION)
		return journal_refuse(j, "is a database, but no journal of Bellman");
	return set_mode(j) && make_schema(j);
}

static bool
check_schema(struct journal *j)
{
	int64_t application = journal_number(j, "PRAGMA application_id", -1), version;

	if (application < 0)
		return journal_fail(j, "cannot be read");
	if (application != APPLICATION && !j->writer)
		return journal_refuse(j, "is no journal of Bellman");
	if (application != APPLICATION ? !make_journal(j) : j->writer && !set_mode(j))
		return false;
	version = journal_number(j, "PRAGMA user_version", -1);
	if (version != SCHEMA) {
		snprintf(j->error, sizeof(j->error), "has schema %lld, this program knows %d",
		    (long long)version, SCHEMA);
		return false;
	}
	return !j->writer || journal_run(j, later_sql);
}

static bool
prepare(struct journal *j, sqlite3_stmt **s, const char *sql)
{
	return sqlite3_prepare_v3(j->db, sql, -1, SQLITE_PREPARE_PERSISTENT, s, NULL) ==
		   SQLITE_OK ||
	       journal_fail(j, "prepare");
}

static bool
prepare_all(struct journal *j)
{
	const struct {
		sqlite3_stmt **s;
		const char *sql;
	} all[] = {
		{ &j->insert, "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?)" },
		{ &j->open_put, "INSERT OR REPLACE INTO open_incident VALUES (?,?)" },
		{ &j->open_del, "DELETE FROM open_incident WHERE id=?" },
		{ &j->carried_put, "INSERT OR REPLACE INTO carried VALUES (?,?,?,?)" },
		{ &j->carried_del, "DELETE FROM carried WHERE id=?" },
		{ &j->last_put, "UPDATE last_seq SET seq=max(seq, ?) WHERE one=1" },
		{ &j->last_get, "SELECT seq FROM last_seq WHERE one=1" },
		{ &j->read,
		    "SELECT seq, kind, body FROM record WHERE seq > ? ORDER BY seq LIMIT ?" },
		{ &j->cursor_get, "SELECT seq FROM cursor WHERE reader=?1 UNION ALL"
				  " SELECT seq FROM idle_reader WHERE reader=?1 LIMIT 1" },
		{ &j->cursor_put, "INSERT OR REPLACE INTO cursor VALUES (?,?)" },
		{ &j->state_put, "INSERT OR REPLACE INTO state VALUES (?,?,?)" },
		{ &j->state_get, "SELECT value FROM state WHERE room=? AND key=?" },
		{ &j->state_each, "SELECT key, value FROM state WHERE room=? ORDER BY key" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!prepare(j, all[i].s, all[i].sql))
			return false;
	return true;
}

/*
 * A writer that may not write is refused now, not when there is something to write. A full disk is
 * another matter: it may have room later.
 */
static bool
try_to_write(struct journal *j)
{
	int rc;

	if (!j->writer)
		return true;
	if (sqlite3_db_readonly(j->db, "main") == 1)
		return journal_refuse(j, "may not be written by this user");
	rc = sqlite3_exec(
	    j->db, "BEGIN IMMEDIATE; UPDATE last_seq SET seq=seq; COMMIT;", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		journal_fail(j, "cannot be written");
	if (rc == SQLITE_FULL)
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	return rc == SQLITE_OK || rc == SQLITE_FULL;
}

/*
 * A new file gets its mode here: SQLite would take that of the umask, and gives its own files the
 * mode of ours. Only a file that was not there is touched: closing a descriptor of one that another
 * thread has open would drop SQLite's locks (POSIX).
 */
static bool
make_file(struct journal *j)
{
	int fd = open(j->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		return journal_refuse(j, strerror(errno));
	return true;
}

/*
 * What the writer has committed is on the disk, so that a number that was seen is never given
 * again. A reader commits its position only, which may be lost: then a record is delivered twice.
 */
static bool
set_pragmas(struct journal *j)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
	    "PRAGMA synchronous=%s; PRAGMA wal_autocheckpoint=%d; PRAGMA journal_size_limit=%d;",
	    j->writer ? "FULL" : "NORMAL", JOURNAL_PAGES_LOG, JOURNAL_PAGES_LOG * 4096);
	return journal_run(j, sql);
}

static bool
open_file(struct journal *j)
{
	if (j->writer && strcmp(j->path, JOURNAL_MEMORY) != 0 && !make_file(j))
		return false;
	if (sqlite3_open_v2(j->path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return journal_fail(j, "cannot open");
	sqlite3_busy_timeout(j->db, BUSY_MS);
	return check_schema(j) && set_pragmas(j) && prepare_all(j) && try_to_write(j);
}

struct journal *
journal_open_file(const char *path, bool writer, bool *damaged, char *error, size_t size)
{
	struct journal *j = calloc(1, sizeof(*j));

	*damaged = false;
	if (j == NULL || (j->path = strdup(path)) == NULL) {
		snprintf(error, size, "journal: out of memory");
		free(j);
		return NULL;
	}
	j->writer = writer;
	if (open_file(j))
		return j;
	*damaged = j->damaged;
	snprintf(error, size, "journal %s: %s", path, j->error);
	journal_close(j);
	return NULL;
}

struct journal *
journal_open(const char *path, bool writer, char *error, size_t size)
{
	bool damaged;

	return journal_open_file(path, writer, &damaged, error, size);
}

struct journal *
journal_open_damaged(const char *path)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->leave = true;
	j->path = strdup(path);
	/* else a file that was cut off is refused as a whole */
	if (j->path != NULL &&
	    sqlite3_open_v2(path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
		SQLITE_OK &&
	    sqlite3_db_config(j->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL) == SQLITE_OK &&
	    journal_number(j, "PRAGMA application_id", -1) == APPLICATION)
		return j;
	journal_close(j);
	return NULL;
}

bool
journal_is_elsewhere(struct journal *j)
{
	int moved = 0;

	return sqlite3_file_control(j->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
	       moved != 0;
}

/* The last one to close merges the log into the file and deletes it by its name, which may be that
 * of another file's by now. */
static void
close_file(struct journal *j)
{
	sqlite3_stmt *s;

	while ((s = sqlite3_next_stmt(j->db, NULL)) != NULL)
		sqlite3_finalize(s);
	if (j->leave || journal_is_elsewhere(j))
		sqlite3_db_config(j->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(j->db);
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	if (j->db != NULL)
		close_file(j);
	free(j->path);
	free(j);
}

void
journal_follow(struct journal *j)
{
	struct journal *now;
	char error[256];

	if (j->writer || !journal_is_elsewhere(j))
		return;
	now = journal_open(j->path, false, error, sizeof(error));
	if (now != NULL) { /* else the former file is better than none */
		struct journal former = *j;

		*j = *now;
		*now = former;
		journal_close(now);
	}
}

/* What the check says first, behind the line that says of which database. */
static void
note_damage(struct journal *j, const char *answer)
{
	const char *line = answer != NULL ? answer : "";

	if (strncmp(line, "***", 3) == 0 && strchr(line, '\n') != NULL)
		line = strchr(line, '\n') + 1;
	snprintf(j->error, sizeof(j->error), "%.*s", (int)strcspn(line, "\n"), line);
	j->damaged = true;
	atomic_fetch_add(&damage_seen, 1);
}

bool
journal_check(struct journal *j)
{
	sqlite3_stmt *s;
	bool sound = false;

	if (sqlite3_prepare_v2(j->db, "PRAGMA quick_check(1)", -1, &s, NULL) != SQLITE_OK)
		return journal_fail(j, "check");
	if (sqlite3_step(s) == SQLITE_ROW) {
		const char *answer = (const char *)sqlite3_column_text(s, 0);

		sound = answer != NULL && strcmp(answer, "ok") == 0;
		if (!sound)
			note_damage(j, answer);
	} else {
		journal_fail(j, "check");
	}
	sqlite3_finalize(s);
	return sound;
}

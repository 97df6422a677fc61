/*
 * The file: `record` has each record twice, as columns for people with SQL at hand and as the
 * protobuf body that we read; `open_incident` points at the latest record of each open incident;
 * `cursor` has the positions of readers; `last_seq` is the highest number ever given, so that
 * numbers go on after retention has emptied the table; `state` is what rooms keep
 * (journal_state.c).
 */
#include "sinks/journal_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SCHEMA = 1,		  /* PRAGMA user_version */
	APPLICATION = 0x42454c4c, /* "BELL": distinguishes our file from a foreign one */
	BUSY_MS = 5000,
	MODE_WAIT_MS = 20,
	RETAIN_STEP = 500,
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
    " PRIMARY KEY (room, key)) WITHOUT ROWID;";

const char *
journal_error(const struct journal *j)
{
	return j->error;
}

bool
journal_fail(struct journal *j, const char *what)
{
	snprintf(j->error, sizeof(j->error), "%s: %s", what, sqlite3_errmsg(j->db));
	return false;
}

/* The same for failures for which SQLite has no message. */
static bool
refuse(struct journal *j, const char *why)
{
	snprintf(j->error, sizeof(j->error), "%s", why);
	return false;
}

static bool
run(struct journal *j, const char *sql)
{
	return sqlite3_exec(j->db, sql, NULL, NULL, NULL) == SQLITE_OK || journal_fail(j, "SQL");
}

/* One number; `otherwise` when there is no row. */
static int64_t
number(struct journal *j, const char *sql, int64_t otherwise)
{
	sqlite3_stmt *s;
	int64_t n = otherwise;

	if (sqlite3_prepare_v2(j->db, sql, -1, &s, NULL) != SQLITE_OK)
		return otherwise;
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
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

	if (!run(j, "BEGIN IMMEDIATE"))
		return false;
	if (number(j, "PRAGMA application_id", 0) == APPLICATION)
		return run(j, "COMMIT");
	snprintf(sql, sizeof(sql), "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION,
	    SCHEMA);
	ok = number(j, "SELECT count(*) FROM sqlite_master", -1) == 0
		 ? run(j, schema_sql) && run(j, sql) && run(j, "COMMIT")
		 : refuse(j, "is a database, but no journal of Bellman");
	if (!ok) /* keep the reason of the failure, not of the rollback */
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}

/* SQLite does not wait for a lock when it changes the mode of a file, so it is done here. */
static bool
make_journal(struct journal *j)
{
	int rc = SQLITE_BUSY;

	if (number(j, "SELECT count(*) FROM sqlite_master", -1) > 0 &&
	    number(j, "PRAGMA application_id", 0) != APPLICATION)
		return refuse(j, "is a database, but no journal of Bellman");
	for (int i = 0; i < BUSY_MS / MODE_WAIT_MS; i++) {
		rc = sqlite3_exec(j->db, "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;",
		    NULL, NULL, NULL);
		if (rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
			break;
		sqlite3_sleep(MODE_WAIT_MS);
	}
	return rc == SQLITE_OK ? make_schema(j) : journal_fail(j, "SQL");
}

static bool
check_schema(struct journal *j)
{
	int64_t application = number(j, "PRAGMA application_id", -1), version;

	if (application < 0)
		return journal_fail(j, "cannot be read");
	if (application != APPLICATION && !j->writer)
		return refuse(j, "is no journal of Bellman");
	if (application != APPLICATION && !make_journal(j))
		return false;
	version = number(j, "PRAGMA user_version", -1);
	if (version != SCHEMA) {
		snprintf(j->error, sizeof(j->error), "has schema %lld, this program knows %d",
		    (long long)version, SCHEMA);
		return false;
	}
	return !j->writer || run(j, later_sql);
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
	return prepare(j, &j->insert, "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?)") &&
	       prepare(j, &j->open_put, "INSERT OR REPLACE INTO open_incident VALUES (?,?)") &&
	       prepare(j, &j->open_del, "DELETE FROM open_incident WHERE id=?") &&
	       prepare(j, &j->last_put, "UPDATE last_seq SET seq=? WHERE one=1") &&
	       prepare(j, &j->last_get, "SELECT seq FROM last_seq WHERE one=1") &&
	       prepare(j, &j->read,
		   "SELECT seq, kind, body FROM record WHERE seq > ? ORDER BY seq LIMIT ?") &&
	       prepare(j, &j->cursor_get, "SELECT seq FROM cursor WHERE reader=?") &&
	       prepare(j, &j->cursor_put, "INSERT OR REPLACE INTO cursor VALUES (?,?)") &&
	       prepare(j, &j->state_put, "INSERT OR REPLACE INTO state VALUES (?,?,?)") &&
	       prepare(j, &j->state_get, "SELECT value FROM state WHERE room=? AND key=?") &&
	       prepare(j, &j->state_each, "SELECT key, value FROM state WHERE room=? ORDER BY key");
}

/*
 * A new file gets its mode here: SQLite would take that of the umask, and gives its own files the
 * mode of ours. Only a file that was not there is touched: closing a descriptor of one that another
 * thread has open would drop SQLite's locks (POSIX).
 */
static bool
make_file(struct journal *j, const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		return refuse(j, strerror(errno));
	return true;
}

static bool
open_file(struct journal *j, const char *path)
{
	if (j->writer && !make_file(j, path))
		return false;
	if (sqlite3_open_v2(path, &j->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return journal_fail(j, "cannot open");
	sqlite3_busy_timeout(j->db, BUSY_MS);
	return check_schema(j) &&
	       run(j, "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=2000;") &&
	       prepare_all(j);
}

struct journal *
journal_open(const char *path, bool writer, char *error, size_t size)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		snprintf(error, size, "journal: out of memory");
		return NULL;
	}
	j->writer = writer;
	if (open_file(j, path))
		return j;
	snprintf(error, size, "journal %s: %s", path, j->error);
	journal_close(j);
	return NULL;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	sqlite3_finalize(j->insert);
	sqlite3_finalize(j->open_put);
	sqlite3_finalize(j->open_del);
	sqlite3_finalize(j->last_put);
	sqlite3_finalize(j->last_get);
	sqlite3_finalize(j->read);
	sqlite3_finalize(j->cursor_get);
	sqlite3_finalize(j->cursor_put);
	sqlite3_finalize(j->state_put);
	sqlite3_finalize(j->state_get);
	sqlite3_finalize(j->state_each);
	sqlite3_close(j->db);
	free(j);
}

/* The number that a prepared statement answers, 0 when there is no row; the error is empty unless
 * it failed. */
static uint64_t
ask(struct journal *j, sqlite3_stmt *s)
{
	uint64_t n = 0;
	int rc = sqlite3_step(s);

	j->error[0] = '\0';
	if (rc == SQLITE_ROW)
		n = (uint64_t)sqlite3_column_int64(s, 0);
	else if (rc != SQLITE_DONE)
		journal_fail(j, "read");
	sqlite3_reset(s);
	return n;
}

uint64_t
journal_last(struct journal *j)
{
	return ask(j, j->last_get);
}

/* --- writing */

bool
journal_step(struct journal *j, sqlite3_stmt *s)
{
	bool ok = sqlite3_step(s) == SQLITE_DONE;

	if (!ok)
		journal_fail(j, "write");
	sqlite3_reset(s);
	sqlite3_clear_bindings(s); /* they borrow from the caller */
	return ok;
}

static void
bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

static bool
track_open(struct journal *j, const struct record *r)
{
	sqlite3_stmt *s = r->incident.transition == TRANSITION_CLOSED ? j->open_del : j->open_put;

	bind_text(s, 1, r->incident.id);
	if (s == j->open_put)
		sqlite3_bind_int64(s, 2, (sqlite3_int64)r->seq);
	return journal_step(j, s);
}

static bool
insert(struct journal *j, const struct record *r, struct sbuf *body)
{
	bool incident = r->kind == RECORD_INCIDENT;
	char key[RECORD_NAME_MAX];

	sbuf_clear(body);
	if (!record_to_pb(r, body)) {
		snprintf(j->error, sizeof(j->error), "record %llu cannot be encoded",
		    (unsigned long long)r->seq);
		return false;
	}
	sqlite3_bind_int64(j->insert, 1, (sqlite3_int64)r->seq);
	sqlite3_bind_int64(j->insert, 2, r->at_us);
	sqlite3_bind_int(j->insert, 3, r->kind);
	bind_text(j->insert, 4, incident ? r->incident.kind : r->event.type);
	bind_text(j->insert, 5, record_key(r, key, sizeof(key)));
	bind_text(j->insert, 6, incident ? transition_name(r->incident.transition) : "");
	sqlite3_bind_int(j->insert, 7, incident ? r->incident.severity : r->event.severity);
	bind_text(j->insert, 8, incident ? r->incident.router : r->event.router);
	bind_text(j->insert, 9, incident ? r->incident.summary : r->event.summary);
	sqlite3_bind_blob(j->insert, 10, body->data, (int)body->len, SQLITE_STATIC);
	return journal_step(j, j->insert) && (!incident || track_open(j, r));
}

bool
journal_append(struct journal *j, const struct record *const *records, size_t n)
{
	struct sbuf body = sbuf_of(1 << 20);
	uint64_t last;
	bool ok;

	if (n == 0)
		return true;
	ok = run(j, "BEGIN IMMEDIATE");
	last = ok ? journal_last(j) : 0;
	for (size_t i = 0; i < n && ok; last = records[i++]->seq)
		ok = records[i]->seq > last ? insert(j, records[i], &body)
					    : refuse(j, "numbers do not increase");
	if (ok) {
		sqlite3_bind_int64(j->last_put, 1, (sqlite3_int64)records[n - 1]->seq);
		ok = journal_step(j, j->last_put) && run(j, "COMMIT");
	}
	if (!ok) /* keep the reason of the failure, not of the rollback */
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	sbuf_free(&body);
	return ok;
}

/* --- reading */

static bool
give(sqlite3_stmt *s, bool (*each)(void *ctx, const struct record *), void *ctx, bool *more)
{
	struct record r;

	if (!record_from_pb((uint8_t)sqlite3_column_int(s, 1), sqlite3_column_blob(s, 2),
		(size_t)sqlite3_column_bytes(s, 2), &r))
		return false;
	r.seq = (uint64_t)sqlite3_column_int64(s, 0);
	*more = each(ctx, &r);
	return true;
}

/* Rows of (seq, kind, body). */
static int
give_rows(
    struct journal *j, sqlite3_stmt *s, bool (*each)(void *ctx, const struct record *), void *ctx)
{
	bool more = true;
	int n = 0, rc;

	while (more && (rc = sqlite3_step(s)) == SQLITE_ROW)
		n += give(s, each, ctx, &more);
	if (more && rc != SQLITE_DONE) {
		journal_fail(j, "read");
		n = -1;
	}
	sqlite3_reset(s);
	return n;
}

int
journal_read(struct journal *j, uint64_t after, int limit,
    bool (*each)(void *ctx, const struct record *), void *ctx)
{
	sqlite3_bind_int64(j->read, 1, (sqlite3_int64)after);
	sqlite3_bind_int(j->read, 2, limit);
	return give_rows(j, j->read, each, ctx);
}

uint64_t
journal_before_time(struct journal *j, int64_t at_us)
{
	char sql[128];
	int64_t first;

	snprintf(
	    sql, sizeof(sql), "SELECT min(seq) FROM record WHERE at_us >= %lld", (long long)at_us);
	first = number(j, sql, 0);
	return first > 0 ? (uint64_t)first - 1 : journal_last(j);
}

uint64_t
journal_before_last(struct journal *j, int n, const struct record_filter *filter)
{
	sqlite3_stmt *s;
	uint64_t at = journal_last(j);

	if (n <= 0 ||
	    sqlite3_prepare_v2(j->db, "SELECT seq, kind, body FROM record ORDER BY seq DESC", -1,
		&s, NULL) != SQLITE_OK)
		return at;
	while (n > 0 && sqlite3_step(s) == SQLITE_ROW) {
		struct record r;

		if (!record_from_pb((uint8_t)sqlite3_column_int(s, 1), sqlite3_column_blob(s, 2),
			(size_t)sqlite3_column_bytes(s, 2), &r) ||
		    !record_filter_match(filter, &r))
			continue;
		at = (uint64_t)sqlite3_column_int64(s, 0) - 1;
		n--;
	}
	sqlite3_finalize(s);
	return at;
}

int
journal_read_open_incidents(
    struct journal *j, bool (*each)(void *ctx, const struct record *), void *ctx)
{
	sqlite3_stmt *s;
	int n;

	if (sqlite3_prepare_v2(j->db,
		"SELECT r.seq, r.kind, r.body FROM open_incident o JOIN record r ON r.seq = o.seq "
		"ORDER BY r.seq",
		-1, &s, NULL) != SQLITE_OK) {
		journal_fail(j, "read");
		return -1;
	}
	n = give_rows(j, s, each, ctx);
	sqlite3_finalize(s);
	return n;
}

/* --- positions of readers */

uint64_t
journal_cursor(struct journal *j, const char *reader)
{
	bind_text(j->cursor_get, 1, reader);
	return ask(j, j->cursor_get);
}

bool
journal_cursor_save(struct journal *j, const char *reader, uint64_t seq)
{
	bind_text(j->cursor_put, 1, reader);
	sqlite3_bind_int64(j->cursor_put, 2, (sqlite3_int64)seq);
	return journal_step(j, j->cursor_put);
}

/* --- retention */

bool
journal_retain(struct journal *j, int64_t before_us, uint64_t max_bytes)
{
	int64_t pages = number(j, "PRAGMA page_count", 0),
		unused = number(j, "PRAGMA freelist_count", 0);
	int64_t page = number(j, "PRAGMA page_size", 4096);
	bool over = max_bytes > 0 && (uint64_t)((pages - unused) * page) > max_bytes;
	char sql[512];
	int deleted;

	if (over)
		before_us = INT64_MAX;
	if (before_us == 0)
		return false;
	snprintf(sql, sizeof(sql),
	    "DELETE FROM record WHERE seq IN (SELECT seq FROM record WHERE at_us < %lld"
	    " AND seq <= coalesce((SELECT min(seq) FROM cursor), %lld)"
	    " AND seq NOT IN (SELECT seq FROM open_incident) ORDER BY at_us, seq LIMIT %d)",
	    (long long)before_us, (long long)INT64_MAX, RETAIN_STEP);
	if (!run(j, sql))
		return false;
	deleted = sqlite3_changes(j->db);
	if (deleted > 0)
		run(j, "PRAGMA incremental_vacuum(256)");
	return deleted == RETAIN_STEP;
}

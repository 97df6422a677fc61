/* Records go in, in transactions, and come out; readers keep their positions. */
#include <stdio.h>
#include <string.h>

#include "sinks/journal_private.h"

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
	journal_follow(j);
	return ask(j, j->last_get);
}

uint64_t
journal_highest(struct journal *j)
{
	uint64_t last = journal_last(j);
	int64_t read = journal_number(j,
	    "SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM cursor UNION ALL"
	    " SELECT seq FROM idle_reader)",
	    0);

	return read > 0 && (uint64_t)read > last ? (uint64_t)read : last;
}

/* --- writing */

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
	bind_text(j->carried_del, 1, r->incident.id);
	return journal_step(j, s) && journal_step(j, j->carried_del) &&
	       (s != j->open_del || journal_evidence_closed(j, r->incident.id, r->seq));
}

bool
journal_begin(struct journal *j)
{
	return journal_run(j, "BEGIN IMMEDIATE");
}

bool
journal_put(struct journal *j, const struct record *r, const void *body, size_t len)
{
	bool incident = r->kind == RECORD_INCIDENT;
	char key[RECORD_NAME_MAX];

	sqlite3_bind_int64(j->insert, 1, (sqlite3_int64)r->seq);
	sqlite3_bind_int64(j->insert, 2, r->at_us);
	sqlite3_bind_int(j->insert, 3, r->kind);
	bind_text(j->insert, 4, incident ? r->incident.kind : r->event.type);
	bind_text(j->insert, 5, record_key(r, key, sizeof(key)));
	bind_text(j->insert, 6, incident ? transition_name(r->incident.transition) : "");
	sqlite3_bind_int(j->insert, 7, incident ? r->incident.severity : r->event.severity);
	bind_text(j->insert, 8, incident ? r->incident.router : r->event.router);
	bind_text(j->insert, 9, incident ? r->incident.summary : r->event.summary);
	sqlite3_bind_blob64(j->insert, 10, body, len, SQLITE_STATIC);
	return journal_step(j, j->insert) && (!incident || track_open(j, r));
}

bool
journal_commit(struct journal *j, uint64_t last)
{
	sqlite3_bind_int64(j->last_put, 1, (sqlite3_int64)last);
	return journal_step(j, j->last_put) && journal_run(j, "COMMIT");
}

void
journal_rollback(struct journal *j)
{
	/* keep the reason of the failure */
	sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool
encode_and_put(struct journal *j, const struct record *r, struct sbuf *body)
{
	sbuf_clear(body);
	if (record_to_pb(r, body))
		return journal_put(j, r, body->data, body->len);
	snprintf(j->error, sizeof(j->error), "record %llu cannot be encoded",
	    (unsigned long long)r->seq);
	return false;
}

bool
journal_append(struct journal *j, const struct record *const *records, size_t n)
{
	struct sbuf body = sbuf_of(1 << 20);
	uint64_t last;
	bool ok;

	if (n == 0)
		return true;
	ok = journal_begin(j);
	last = ok ? journal_last(j) : 0;
	for (size_t i = 0; i < n && ok; last = records[i++]->seq)
		ok = records[i]->seq > last ? encode_and_put(j, records[i], &body)
					    : journal_refuse(j, "numbers do not increase");
	ok = ok && journal_commit(j, records[n - 1]->seq);
	if (!ok)
		journal_rollback(j);
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
	int n = 0, rc = SQLITE_DONE;

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
	journal_follow(j);
	sqlite3_bind_int64(j->read, 1, (sqlite3_int64)after);
	sqlite3_bind_int(j->read, 2, limit);
	return give_rows(j, j->read, each, ctx);
}

uint64_t
journal_before_time(struct journal *j, int64_t at_us)
{
	char sql[128];
	int64_t first;

	journal_follow(j);
	snprintf(
	    sql, sizeof(sql), "SELECT min(seq) FROM record WHERE at_us >= %lld", (long long)at_us);
	first = journal_number(j, sql, 0);
	return first > 0 ? (uint64_t)first - 1 : journal_last(j);
}

int
journal_read_back(struct journal *j, uint64_t before, int limit,
    bool (*each)(void *ctx, const struct record *), void *ctx)
{
	sqlite3_stmt *s;
	int n;

	journal_follow(j);
	if (sqlite3_prepare_v2(j->db,
		"SELECT seq, kind, body FROM record WHERE seq < ? ORDER BY seq DESC LIMIT ?", -1,
		&s, NULL) != SQLITE_OK) {
		journal_fail(j, "read");
		return -1;
	}
	sqlite3_bind_int64(
	    s, 1, before < INT64_MAX ? (sqlite3_int64)before : (sqlite3_int64)INT64_MAX);
	sqlite3_bind_int(s, 2, limit);
	n = give_rows(j, s, each, ctx);
	sqlite3_finalize(s);
	return n;
}

int
journal_read_open_incidents(
    struct journal *j, bool (*each)(void *ctx, const struct record *), void *ctx)
{
	sqlite3_stmt *s;
	int n;

	journal_follow(j);
	if (sqlite3_prepare_v2(j->db,
		"SELECT r.seq, r.kind, r.body FROM open_incident o JOIN record r ON r.seq = o.seq "
		"UNION ALL SELECT seq, kind, body FROM carried ORDER BY 1",
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
	journal_follow(j);
	bind_text(j->cursor_get, 1, reader);
	return ask(j, j->cursor_get);
}

bool
journal_cursor_save(struct journal *j, const char *reader, uint64_t seq)
{
	journal_follow(j);
	bind_text(j->cursor_put, 1, reader);
	sqlite3_bind_int64(j->cursor_put, 2, (sqlite3_int64)seq);
	return journal_step(j, j->cursor_put);
}

/* SQL for a list of names, each in quotes. */
static void
name_list(struct sbuf *out, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *quoted = sqlite3_mprintf("%s%Q", i > 0 ? "," : "", names[i]);

		sbuf_puts(out, quoted != NULL ? quoted : "");
		sqlite3_free(quoted);
	}
}

static bool
retire(struct journal *j, const char *names)
{
	struct sbuf sql = sbuf_of(8192);
	bool ok;

	sbuf_printf(&sql,
	    "BEGIN IMMEDIATE; INSERT OR REPLACE INTO idle_reader SELECT * FROM cursor"
	    " WHERE reader NOT IN (%s); DELETE FROM cursor WHERE reader NOT IN (%s); COMMIT;",
	    names, names);
	ok = !sql.failed ? journal_run(j, sql.data) : journal_refuse(j, "too many readers");
	if (!ok)
		journal_rollback(j);
	sbuf_free(&sql);
	return ok;
}

bool
journal_keep_readers(
    struct journal *j, const char *const *names, size_t n, struct journal_retired *out)
{
	struct sbuf list = sbuf_of(4096), sql = sbuf_of(8192);
	int64_t at;
	bool ok = true;

	memset(out, 0, sizeof(*out));
	name_list(&list, names, n);
	sbuf_printf(&sql, "SELECT min(seq) FROM cursor WHERE reader NOT IN (%s)", sbuf_text(&list));
	at = journal_number(j, sbuf_text(&sql), -1);
	sbuf_clear(&sql);
	sbuf_printf(&sql, "SELECT count(*) FROM cursor WHERE reader NOT IN (%s)", sbuf_text(&list));
	out->readers = (unsigned)journal_number(j, sbuf_text(&sql), 0);
	if (out->readers > 0) {
		sbuf_clear(&sql);
		sbuf_printf(&sql, "SELECT count(*) FROM record WHERE seq > %lld", (long long)at);
		out->unread = (uint64_t)journal_number(j, sbuf_text(&sql), 0);
		ok = retire(j, sbuf_text(&list));
	}
	sbuf_free(&list);
	sbuf_free(&sql);
	return ok;
}

/*
 * What a journal begins with that takes the place of another: its open incidents, with their latest
 * records, what rooms keep, the positions of readers, the number. The writer has all that in
 * memory, too, as a journal without a file, since the other may be beyond reading.
 */
#include <stdio.h>
#include <string.h>

#include "sinks/journal_private.h"

enum { STRIDE_MAX = 64, STRIDES_MAX = 50000 };
enum { RECORD_KIND = 2, RECORD_BODY = 9 }; /* columns of table record */

bool
journal_remember(struct journal *j, const struct record *r, const void *body, size_t len)
{
	sqlite3_stmt *s = r->incident.transition == TRANSITION_CLOSED ? j->carried_del
								      : j->carried_put;

	sqlite3_bind_text(s, 1, r->incident.id, -1, SQLITE_STATIC);
	if (s == j->carried_put) {
		sqlite3_bind_int64(s, 2, (sqlite3_int64)r->seq);
		sqlite3_bind_int(s, 3, r->kind);
		sqlite3_bind_blob64(s, 4, body, len, SQLITE_STATIC);
	}
	return journal_step(j, s);
}

/* Of a file that ends too early SQLite reads zeros: what is no record is not carried on. */
static bool
is_record(sqlite3_stmt *row)
{
	struct record r;

	return record_from_pb((uint8_t)sqlite3_column_int(row, RECORD_KIND),
	    sqlite3_column_blob(row, RECORD_BODY), (size_t)sqlite3_column_bytes(row, RECORD_BODY),
	    &r);
}

/* Copy rows as they are; sound: which of them, NULL for all. false when not all could be read, or
 * not written. */
static bool
copy(struct journal *from, struct journal *to, const char *select, const char *insert,
    bool (*sound)(sqlite3_stmt *), int64_t *n)
{
	sqlite3_stmt *in = NULL, *out = NULL;
	int rc = SQLITE_ERROR;

	if (sqlite3_prepare_v2(from->db, select, -1, &in, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(to->db, insert, -1, &out, NULL) == SQLITE_OK)
		while ((rc = sqlite3_step(in)) == SQLITE_ROW) {
			if (sound != NULL && !sound(in))
				continue;
			for (int i = 0; i < sqlite3_column_count(in); i++)
				sqlite3_bind_value(out, i + 1, sqlite3_column_value(in, i));
			if (!journal_step(to, out))
				break;
			*n += sqlite3_changes(to->db);
		}
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		journal_fail(from, "read");
	sqlite3_finalize(in);
	sqlite3_finalize(out);
	return rc == SQLITE_DONE;
}

/* A position goes forward only. */
#define PUT_POSITION(table)                                                                        \
	"INSERT INTO " table " VALUES (?,?) ON CONFLICT DO UPDATE SET seq=max(seq, excluded.seq)"

/* In memory, too, but not for years. */
static const char of_days[] =
    "SELECT * FROM day WHERE day >= date((SELECT max(day) FROM day), '-40 days')";

bool
journal_carry(struct journal *from, struct journal *to)
{
	static const char *const rows[][2] = {
		{ "SELECT o.id, r.seq, r.kind, r.body FROM open_incident o"
		  " JOIN record r ON r.seq = o.seq",
		    "INSERT OR REPLACE INTO carried VALUES (?,?,?,?)" },
		{ "SELECT * FROM carried", "INSERT OR REPLACE INTO carried VALUES (?,?,?,?)" },
		{ "SELECT * FROM state", "INSERT OR REPLACE INTO state VALUES (?,?,?)" },
		{ of_days, "INSERT OR REPLACE INTO day VALUES (?,?,?)" },
		{ "SELECT * FROM evidence", "INSERT OR REPLACE INTO evidence VALUES (?,?,?)" },
		{ "SELECT * FROM cursor", PUT_POSITION("cursor") },
		{ "SELECT * FROM idle_reader", PUT_POSITION("idle_reader") },
		{ "SELECT seq FROM last_seq", "UPDATE last_seq SET seq=max(seq, ?)" },
		{ "SELECT coalesce(max(seq), 0) FROM record",
		    "UPDATE last_seq SET seq=max(seq, ?)" },
	};
	bool whole = true;
	int64_t n = 0;

	to->error[0] = '\0';
	if (!journal_begin(to))
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		whole = copy(from, to, rows[i][0], rows[i][1], NULL, &n) && whole;
	if (journal_run(to, "COMMIT"))
		return whole;
	journal_rollback(to);
	return false;
}

void
journal_carry_others(struct journal *from, struct journal *to)
{
	int64_t n = 0;

	copy(from, to, "SELECT * FROM state", "INSERT OR REPLACE INTO state VALUES (?,?,?)", NULL,
	    &n);
	copy(from, to, "SELECT * FROM day", "INSERT OR IGNORE INTO day VALUES (?,?,?)", NULL, &n);
	copy(from, to, "SELECT * FROM cursor", PUT_POSITION("cursor"), NULL, &n);
	copy(from, to, "SELECT * FROM idle_reader", PUT_POSITION("idle_reader"), NULL, &n);
}

/* Copy what lies between two numbers, until that fails. */
static bool
copy_records(struct journal *from, struct journal *to, int64_t above, int64_t below,
    const char *order, int64_t *n)
{
	static const char insert[] = "INSERT OR IGNORE INTO record VALUES (?,?,?,?,?,?,?,?,?,?)";
	char sql[160];

	snprintf(sql, sizeof(sql),
	    "SELECT * FROM record WHERE seq > %lld AND seq < %lld ORDER BY seq %s",
	    (long long)above, (long long)below, order);
	return copy(from, to, sql, insert, is_record, n);
}

static int64_t
next_above(struct journal *j, int64_t seq)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "SELECT min(seq) FROM record WHERE seq > %lld", (long long)seq);
	return journal_number(j, sql, INT64_MAX);
}

/* What lies between damaged pages: numbers are stepped over, more and more. */
static void
copy_middle(struct journal *from, struct journal *to, int64_t above, int64_t below, int64_t *n)
{
	int64_t stride = 1, before;
	char sql[128];

	for (int i = 0; i < STRIDES_MAX && above < below && to->error[0] == '\0'; i++) {
		before = *n;
		if (copy_records(from, to, above, below, "ASC", n))
			return;
		if (*n > before) {
			snprintf(sql, sizeof(sql), "SELECT max(seq) FROM record WHERE seq < %lld",
			    (long long)below);
			above = journal_number(to, sql, below);
			stride = 1;
		} else {
			above += stride;
			stride = stride < STRIDE_MAX ? stride * 2 : STRIDE_MAX;
		}
	}
}

/* From one end up to the damage, from the other down to it, and what is between. */
int64_t
journal_salvage(struct journal *from, struct journal *to)
{
	int64_t n = 0, above, below = INT64_MAX, first;

	to->error[0] = '\0';
	if (!journal_begin(to))
		return -1;
	if (!copy_records(from, to, 0, below, "ASC", &n) && to->error[0] == '\0') {
		first = n;
		above = journal_number(to, "SELECT coalesce(max(seq), 0) FROM record", 0);
		copy_records(from, to, above, below, "DESC", &n);
		if (n > first)
			below = next_above(to, above);
		copy_middle(from, to, above, below, &n);
	}
	if (to->error[0] == '\0' && journal_run(to, "COMMIT"))
		return n;
	journal_rollback(to);
	return -1;
}

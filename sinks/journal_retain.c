/* What is old, or too much, is deleted, and what that costs is counted. */
#include <stdio.h>
#include <sys/stat.h>

#include "sinks/journal_private.h"

enum {
	STEP = 1000,	   /* records deleted in one transaction */
	STEPS_ROUND = 64,  /* after so many steps it begins at the oldest again */
	SPARE_PAGES = 512, /* that may lie free in the file: what comes next takes them */
	SPARE_PART = 8,	   /* and never more than this part of the limit */
	LOG_PART = 4,	   /* a log that a slow reader keeps long is not paid for with history */
};

struct extent {
	int64_t page, used, spare, log; /* octets each */
};

static int64_t
size_of_log(const struct journal *j)
{
	char name[4096];
	struct stat st;
	int n = snprintf(name, sizeof(name), "%s-wal", j->path);

	return n < (int)sizeof(name) && stat(name, &st) == 0 ? st.st_size : 0;
}

static struct extent
measure(struct journal *j)
{
	struct extent e = { .page = journal_number(j, "PRAGMA page_size", 4096),
		.log = size_of_log(j) };
	int64_t pages = journal_number(j, "PRAGMA page_count", 0);

	e.spare = journal_number(j, "PRAGMA freelist_count", 0) * e.page;
	e.used = pages * e.page - e.spare;
	return e;
}

/*
 * Delete what a query gives, none of it the latest record of an open incident, at most STEP
 * records. Returns how many, -1 on failure; *unread: those above the number `from`.
 */
static int
delete_step(struct journal *j, const char *query, int64_t from, uint64_t *unread)
{
	sqlite3_stmt *s;
	char sql[512];
	int n = 0, rc;

	snprintf(sql, sizeof(sql), "DELETE FROM record WHERE seq IN (%s LIMIT %d) RETURNING seq",
	    query, STEP);
	if (sqlite3_prepare_v2(j->db, sql, -1, &s, NULL) != SQLITE_OK) {
		journal_fail(j, "delete");
		return -1;
	}
	for (; (rc = sqlite3_step(s)) == SQLITE_ROW; n++) {
		int64_t seq = sqlite3_column_int64(s, 0);

		*unread += seq > from;
		j->passed = seq > j->passed ? seq : j->passed;
	}
	if (rc != SQLITE_DONE)
		journal_fail(j, "delete");
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? n : -1;
}

/* The pages at the end of the file that are free go back to the disk. */
static void
shrink(struct journal *j, struct extent *e, int64_t spare_max)
{
	char sql[64];

	if (e->spare <= spare_max)
		return;
	snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%lld)",
	    (long long)((e->spare - spare_max) / e->page + 1));
	journal_run(j, sql);
}

/* Those that no reader waits for. */
static bool
delete_old(struct journal *j, int64_t before_us, struct journal_cost *cost)
{
	uint64_t unread = 0;
	char sql[320];
	int n;

	snprintf(sql, sizeof(sql),
	    "SELECT seq FROM record INDEXED BY record_at WHERE at_us < %lld"
	    " AND seq <= coalesce((SELECT min(seq) FROM cursor), %lld)"
	    " AND seq NOT IN (SELECT seq FROM open_incident)"
	    " AND seq NOT IN (SELECT seq FROM evidence) ORDER BY at_us",
	    (long long)before_us, (long long)INT64_MAX);
	n = delete_step(j, sql, INT64_MAX, &unread);
	if (n < STEP) { /* all that may go has gone; is there more that should? */
		snprintf(sql, sizeof(sql),
		    "SELECT EXISTS (SELECT 1 FROM record INDEXED BY record_at WHERE at_us < %lld"
		    " AND seq > (SELECT min(seq) FROM cursor))",
		    (long long)before_us);
		cost->held = journal_number(j, sql, 0) != 0;
	}
	return n == STEP;
}

/*
 * The oldest, whoever has yet to read them: a limit is one. A step begins where the one before
 * ended, since what open incidents keep is not to be passed each time; now and then all over again,
 * since they close.
 */
static bool
delete_most(struct journal *j, struct journal_cost *cost)
{
	int64_t from = journal_number(
	    j, "SELECT coalesce(min(seq), 9223372036854775807) FROM cursor", INT64_MAX);
	bool all = ++j->steps % STEPS_ROUND == 0 || j->passed == 0;
	char sql[240];
	int n;

	if (all)
		j->passed = 0;
	snprintf(sql, sizeof(sql),
	    "SELECT seq FROM record WHERE seq > %lld"
	    " AND seq NOT IN (SELECT seq FROM open_incident)"
	    " AND seq NOT IN (SELECT seq FROM evidence) ORDER BY seq",
	    (long long)j->passed);
	n = delete_step(j, sql, from, &cost->unread);
	if (n == 0 && all) /* nothing else is left */
		n = delete_step(j,
		    "SELECT seq FROM record WHERE seq IN (SELECT seq FROM evidence)"
		    " AND seq NOT IN (SELECT seq FROM open_incident) ORDER BY seq",
		    from, &cost->unread);
	if (n < STEP)
		j->passed = 0;
	return n == STEP || (n >= 0 && !all);
}

bool
journal_retain(struct journal *j, int64_t before_us, uint64_t max_octets, struct journal_cost *cost)
{
	struct extent e = measure(j);
	int64_t max = (int64_t)max_octets, spare_max = SPARE_PAGES * e.page;
	bool more = false;

	if (max > 0 && spare_max > max / SPARE_PART)
		spare_max = max / SPARE_PART;
	if (max > 0 && e.log > max / LOG_PART)
		e.log = max / LOG_PART;
	if (max > 0 && e.used + e.log > max - spare_max)
		more = delete_most(j, cost);
	else if (before_us > 0)
		more = delete_old(j, before_us, cost);
	e = measure(j);
	shrink(j, &e, spare_max);
	return more;
}

/* Rows by day: kept, replaced, carried into a successor, and forgotten after ten years. */
#include <sqlite3.h>
#include <unistd.h>

#include "sinks/journal.h"
#include "sinks/journal_writer.h"
#include "tests/unit/support/harness.h"

static char dir[64], path[96], error[256];

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/bellman-days-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.db", dir);
}

static void
teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static bool
note(void *ctx, const char *key, const void *value, size_t len)
{
	char *text = ctx;

	snprintf(text + strlen(text), 256 - strlen(text), "%s=%.*s;", key, (int)len,
	    (const char *)value);
	return true;
}

static void
must_be(struct journal *j, const char *day, const char *want)
{
	char text[256] = "";

	ck_assert_int_ge(journal_day_each(j, day, note, text), 0);
	ck_assert_str_eq(text, want);
}

static struct journal *
must_open(bool writer)
{
	struct journal *j = journal_open(path, writer, error, sizeof(error));

	ck_assert_msg(j != NULL, "%s", error);
	return j;
}

static bool
put(struct journal *j, const char *day, const char *key, const char *value)
{
	return journal_day_put(j, day, key, value, strlen(value));
}

START_TEST(kept_and_replaced)
{
	struct journal *j;

	setup();
	j = must_open(true);
	ck_assert(put(j, "2026-11-26", "b", "1") && put(j, "2026-11-26", "a", "2"));
	ck_assert(put(j, "2026-11-27", "a", "3") && put(j, "2026-11-26", "b", "4"));
	journal_close(j);
	j = must_open(false);
	must_be(j, "2026-11-26", "a=2;b=4;");
	must_be(j, "2026-11-27", "a=3;");
	must_be(j, "2026-11-28", "");
	journal_close(j);
	teardown();
}
END_TEST

START_TEST(ten_years)
{
	struct journal *j, *memory;

	setup();
	j = must_open(true);
	ck_assert(put(j, "2016-11-01", "a", "1") && put(j, "2026-11-01", "a", "2"));
	must_be(j, "2016-11-01", "a=1;");
	ck_assert(put(j, "2026-11-27", "a", "3"));
	must_be(j, "2016-11-01", "");
	must_be(j, "2026-11-01", "a=2;");
	journal_close(j);
	memory = journal_open(JOURNAL_MEMORY, true, error, sizeof(error));
	ck_assert_ptr_nonnull(memory);
	ck_assert(put(memory, "2026-09-01", "a", "1") && put(memory, "2026-11-27", "a", "2"));
	must_be(memory, "2026-09-01", "");
	must_be(memory, "2026-11-27", "a=2;");
	journal_close(memory);
	teardown();
}
END_TEST

static void
nothing(void *ctx)
{
	(void)ctx;
}

/* The file is deleted under the writer: its successor has what it had. */
START_TEST(in_a_successor)
{
	const struct journal_writer_config c = {
		.path = path, .pending_octets = 1 << 20, .written = nothing
	};
	struct journal_writer *w;
	struct journal_change change;
	struct journal *j;

	setup();
	w = journal_writer_start(&c, error, sizeof(error));
	ck_assert_msg(w != NULL, "%s", error);
	journal_writer_day(w, "2026-11-26", "a", "one", 3);
	journal_writer_flush(w, 5000);
	ck_assert_int_eq(unlink(path), 0);
	for (int i = 0; i < 100 && !journal_writer_take_change(w, &change); i++)
		usleep(100000);
	journal_writer_day(w, "2026-11-27", "a", "two", 3);
	journal_writer_flush(w, 5000);
	journal_writer_stop(w, 5000);
	j = must_open(false);
	must_be(j, "2026-11-26", "a=one;");
	must_be(j, "2026-11-27", "a=two;");
	journal_close(j);
	teardown();
}
END_TEST

START_TEST(in_an_older_journal)
{
	struct journal *j;
	sqlite3 *db;

	setup();
	journal_close(must_open(true));
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "DROP TABLE day", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	j = must_open(true);
	ck_assert(put(j, "2026-11-27", "a", "1"));
	must_be(j, "2026-11-27", "a=1;");
	journal_close(j);
	teardown();
}
END_TEST

HARNESS_MAIN("journal_days")
{
	TEST(kept_and_replaced);
	TEST(ten_years);
	TEST(in_a_successor);
	TEST(in_an_older_journal);
}

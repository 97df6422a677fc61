/* sinks/kafka_positions: a position for each topic, and the least of them for retention. */
#include "sinks/kafka_positions.h"

#include <unistd.h>

#include "tests/unit/support/harness.h"

static const char *const both[] = { "alerts", "events" };
static char dir[64], path[80], error[512];
static struct journal *journal;
static struct kafka_positions p;

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/bellman-positions-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.db", dir);
	journal = journal_open(path, true, error, sizeof(error));
	ck_assert_msg(journal != NULL, "%s", error);
	kafka_positions_init(&p);
}

static void
teardown(void)
{
	char command[128];

	kafka_positions_free(&p);
	journal_close(journal);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void
load(size_t n)
{
	ck_assert_msg(
	    kafka_positions_load(&p, journal, "kafka", both, n), "%s", journal_error(journal));
}

static void
save(size_t topic, uint64_t seq)
{
	ck_assert_msg(kafka_positions_save(&p, journal, topic, seq), "%s", journal_error(journal));
}

static void
cursor_is(uint64_t seq)
{
	ck_assert_uint_eq(journal_cursor(journal, "kafka"), seq);
}

static void
positions_are(uint64_t alerts, uint64_t events)
{
	load(2);
	ck_assert_uint_eq(p.seq[0], alerts);
	ck_assert_uint_eq(p.seq[1], events);
}

START_TEST(least)
{
	positions_are(0, 0);
	save(0, 100);
	cursor_is(0);
	save(1, 40);
	cursor_is(40);
	save(1, 120);
	cursor_is(100);
	positions_are(100, 120);
}
END_TEST

/* A version that knows one position left it, or has moved it since. */
START_TEST(one_position)
{
	ck_assert(journal_cursor_save(journal, "kafka", 70));
	positions_are(70, 70);
	save(0, 90);
	ck_assert(journal_cursor_save(journal, "kafka", 80));
	positions_are(90, 80);
}
END_TEST

/* A topic that is off holds nothing back; on again, it goes on with what is new. */
START_TEST(topic_off)
{
	load(2);
	save(0, 50);
	save(1, 10);
	load(1);
	cursor_is(50);
	save(0, 60);
	cursor_is(60);
	positions_are(60, 60);
}
END_TEST

HARNESS_MAIN("kafka_positions")
{
	FIXTURE(setup, teardown);
	TEST(least);
	TEST(one_position);
	TEST(topic_off);
}

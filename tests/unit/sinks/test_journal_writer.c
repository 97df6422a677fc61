/* sinks/journal_writer: numbers, what is told and when, a disk that is full, a file that is
 * damaged, deleted or replaced under it, limits. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "sinks/journal.h"
#include "sinks/journal_inspector.h"
#include "sinks/journal_writer.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

static char dir[64], path[80], error[256];
static struct journal_writer *writer;

static void
nothing(void *ctx)
{
	(void)ctx;
}

static void
start(size_t pending_octets, uint64_t retain_octets)
{
	struct journal_writer_config c = { .path = path,
		.pending_octets = pending_octets,
		.retain_octets = retain_octets,
		.keep_written = true,
		.written = nothing };

	writer = journal_writer_start(&c, error, sizeof(error));
	ck_assert_msg(writer != NULL, "%s", error);
}

static void
stop(void)
{
	journal_writer_stop(writer, 2000);
	writer = NULL;
}

/* A command, its words one behind the other. */
static void
shell(const char *a, const char *b, const char *c, const char *d)
{
	char command[512];

	snprintf(command, sizeof(command), "%s%s%s%s", a, b, c, d);
	ck_assert_int_eq(system(command), 0);
}

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/bellman-writer-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.sqlite", dir);
}

static void
teardown(void)
{
	journal_writer_stop(writer, 2000);
	writer = NULL;
	shell("rm -rf ", dir, "", "");
}

/* --- what is written */

static void
add(uint64_t first, uint64_t last, unsigned keys)
{
	for (uint64_t seq = first; seq <= last; seq++) {
		struct record r = stream_record(seq, keys);

		r.seq = 0; /* the writer gives numbers */
		journal_writer_add(writer, &r);
	}
}

struct seen {
	uint64_t n, first, last;
};

static bool
see(void *ctx, const struct record *r)
{
	struct seen *s = ctx;

	require(r->seq > s->last, "%llu after %llu", (unsigned long long)r->seq,
	    (unsigned long long)s->last);
	s->first = s->n++ == 0 ? r->seq : s->first;
	s->last = r->seq;
	return true;
}

/* What somebody finds who opens the file now. */
static struct seen
file(void)
{
	struct journal *j = journal_open(path, false, error, sizeof(error));
	struct seen s = { 0 };

	ck_assert_msg(j != NULL, "%s", error);
	ck_assert_int_ge(journal_read(j, 0, 1 << 30, see, &s), 0);
	journal_close(j);
	return s;
}

static int
open_incidents(void)
{
	struct journal *j = journal_open(path, false, error, sizeof(error));
	int n;

	ck_assert_msg(j != NULL, "%s", error);
	n = journal_read_open_incidents(j, see, &(struct seen){ 0 });
	journal_close(j);
	return n;
}

static struct journal_change
must_change(enum journal_fate fate)
{
	struct journal_change c = { 0 };

	for (int i = 0; i < 1000 && !journal_writer_take_change(writer, &c); i++)
		usleep(10000);
	ck_assert_int_eq(c.fate, fate);
	ck_assert(!journal_writer_take_change(writer, &c));
	return c;
}

START_TEST(numbers_and_what_is_told)
{
	struct journal_entry *e, *next;
	uint64_t seq = 0;
	struct record r;

	start(4 << 20, 0);
	ck_assert_ptr_null(journal_writer_take(writer));
	add(1, 1000, 5);
	journal_writer_flush(writer, 5000);
	ck_assert_uint_eq(file().n, 1000);
	for (e = journal_writer_take(writer); e != NULL; e = next) {
		struct record want = stream_record(++seq, 5);

		next = e->next;
		ck_assert(journal_entry_record(e, &r));
		require(records_equal(&r, &want), "record %llu", (unsigned long long)seq);
		free(e);
	}
	ck_assert_uint_eq(seq, 1000);
	stop();
	start(1 << 20, 0); /* and they go on */
	add(1001, 1001, 5);
	stop();
	ck_assert_uint_eq(file().last, 1001);
}
END_TEST

/* --- a file that is not what it was */

START_TEST(deleted_under_it)
{
	struct journal *reader;
	struct journal_change c;
	struct seen s = { 0 };
	struct sbuf value = sbuf_of(64);

	start(1 << 20, 0);
	add(1, 500, 5);
	journal_writer_state(writer, "mute", "a", "one", 3);
	journal_writer_flush(writer, 5000);
	reader = journal_open(path, false, error, sizeof(error));
	ck_assert(journal_cursor_save(reader, "kafka", 300));
	shell("rm ", path, _i == 0 ? "*" : _i == 1 ? "" : "-wal", "");
	c = must_change(JOURNAL_DELETED);
	ck_assert_str_eq(c.aside, "");
	ck_assert(c.whole);
	ck_assert_uint_eq(c.records, 500);
	add(501, 600, 5);
	journal_writer_flush(writer, 5000);
	/* a reader that had the former one open goes over to this one */
	ck_assert_int_eq(journal_read(reader, 0, 10000, see, &s), 600);
	ck_assert_uint_eq(journal_cursor(reader, "kafka"), 300);
	ck_assert(journal_state_get(reader, "mute", "a", &value));
	journal_close(reader);
	sbuf_free(&value);
	stop();
	ck_assert_uint_eq(file().n, 600);
	ck_assert_int_eq(open_incidents(), 5);
}
END_TEST

START_TEST(the_folder_is_deleted)
{
	start(1 << 20, 0);
	add(1, 50, 5);
	journal_writer_flush(writer, 5000);
	shell("rm -r ", dir, "", "");
	ck_assert(must_change(JOURNAL_DELETED).whole);
	add(51, 60, 5);
	stop();
	ck_assert_uint_eq(file().n, 60);
}
END_TEST

START_TEST(replaced_under_it)
{
	struct journal_change c;
	char backup[96];

	snprintf(backup, sizeof(backup), "%s/backup", dir);
	start(1 << 20, 0);
	add(1, 100, 5);
	stop();
	shell("cp ", path, " ", backup);
	start(1 << 20, 0);
	add(101, 200, 5);
	journal_writer_flush(writer, 5000);
	shell("mv ", backup, " ", path);
	c = must_change(JOURNAL_REPLACED);
	ck_assert(c.whole);
	ck_assert_int_eq(access(c.aside, F_OK), 0);
	add(201, 300, 5);
	stop();
	ck_assert_uint_eq(file().n, 300);
	ck_assert_uint_eq(file().last, 300);
}
END_TEST

/* Octets of the file are overwritten by another process. */
static void
damage(unsigned from_page, unsigned pages)
{
	char command[256];

	snprintf(command, sizeof(command),
	    "dd if=/dev/urandom of=%s bs=4096 seek=%u count=%u conv=notrunc status=none", path,
	    from_page, pages);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(damaged_while_it_writes)
{
	struct journal *reader;
	struct journal_change c;
	struct sbuf value = sbuf_of(64);

	start(8 << 20, 0);
	add(1, 3000, 5);
	journal_writer_state(writer, "mute", "a", "one", 3);
	journal_writer_flush(writer, 5000);
	stop(); /* the log is merged */
	start(8 << 20, 0);
	damage(4, 300);
	/* a reader comes across it */
	reader = journal_open(path, false, error, sizeof(error));
	ck_assert_ptr_nonnull(reader);
	ck_assert_int_eq(journal_read(reader, 0, 10000, see, &(struct seen){ 0 }), -1);
	c = must_change(JOURNAL_DAMAGED);
	ck_assert_int_eq(access(c.aside, F_OK), 0);
	ck_assert_str_ne(c.reason, "");
	ck_assert(!c.whole);
	add(3001, 3010, 5);
	journal_writer_flush(writer, 5000);
	ck_assert_uint_eq(journal_last(reader), 3010);
	journal_close(reader);
	stop();
	ck_assert_uint_eq(file().last, 3010);
	ck_assert_uint_eq(file().n, c.records + 10);
	ck_assert_int_eq(open_incidents(), 5);
	reader = journal_open(path, false, error, sizeof(error));
	ck_assert(journal_check(reader));
	ck_assert(journal_state_get(reader, "mute", "a", &value));
	sbuf_free(&value);
	journal_close(reader);
}
END_TEST

/* Cut off by another process, wholly or in part: seen at once. */
START_TEST(cut_off_under_it)
{
	struct journal_change c;
	struct stat st;

	start(8 << 20, 0);
	add(1, 3000, 5);
	stop();
	start(8 << 20, 0);
	add(3001, 3010, 5);
	usleep(1500000); /* it has been looked at */
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(truncate(path, _i == 0 ? 0 : st.st_size / 2), 0);
	c = must_change(JOURNAL_DAMAGED);
	ck_assert(!c.whole);
	add(3011, 3020, 5);
	stop();
	ck_assert_uint_eq(file().last, 3020);
	ck_assert_int_eq(open_incidents(), 5);
}
END_TEST

/* What is read of pages that are not there. */
static void
empty_bodies(void)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db,
			     "UPDATE record SET body=zeroblob(length(body)) WHERE seq IN"
			     " (SELECT seq FROM record LIMIT 10 OFFSET 2000)",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_changes(db), 10);
	sqlite3_close(db);
}

/* Nobody comes across it but who looks. */
START_TEST(damage_is_looked_for)
{
	struct journal_inspector *i;
	unsigned before = journal_damage_seen();

	start(8 << 20, 0);
	add(1, 3000, 5);
	stop();
	start(8 << 20, 0);
	i = journal_inspector_start(path, 1);
	usleep(1500000);
	ck_assert_uint_eq(journal_damage_seen(), before); /* nothing is wrong */
	journal_inspector_stop(i);
	damage(20, 1);
	i = journal_inspector_start(path, 1); /* a new one: it has no long pause to make */
	must_change(JOURNAL_DAMAGED);
	ck_assert_uint_gt(journal_damage_seen(), before);
	journal_inspector_stop(i);
	ck_assert_uint_gt(file().n, 2900);
	ck_assert_int_eq(open_incidents(), 5);
}
END_TEST

/* Pages, the end of the file, its head, all of it: it starts, and says so. Numbers go on above. */
START_TEST(damaged_before_the_start)
{
	struct journal_change c;
	struct stat st;
	uint64_t first;

	start(8 << 20, 0);
	add(1, 3000, 5);
	stop();
	ck_assert_int_eq(stat(path, &st), 0);
	switch (_i) {
	case 0:
		empty_bodies();
		damage(20, 40);
		damage(70, 1);
		damage(120, 100);
		break;
	case 1:
		ck_assert_int_eq(truncate(path, st.st_size / 8 * 7), 0);
		break;
	case 2:
		damage(0, 1);
		break;
	case 3:
		ck_assert_int_eq(truncate(path, 0), 0);
		break;
	default:
		shell("echo 'no journal at all' > ", path, "", "");
	}
	start(8 << 20, 0);
	c = must_change(JOURNAL_DAMAGED);
	ck_assert_int_eq(access(c.aside, F_OK), 0);
	add(1, 1, 5);
	journal_writer_flush(writer, 5000);
	ck_assert_uint_eq(file().n, c.records + 1);
	if (_i == 0) /* what is readable is taken over */
		ck_assert_uint_gt(c.records, 1500);
	first = file().last;
	ck_assert_uint_gt(first, 3000);
	stop();
	start(8 << 20, 0); /* the new one is sound */
	add(2, 2, 5);
	stop();
	ck_assert_uint_eq(file().last, first + 1);
}
END_TEST

/* Killed while it exchanged the files: the new one is complete, and what is left of the log is none
 * of it. */
START_TEST(killed_between_two_names)
{
	char name[96];

	start(1 << 20, 0);
	add(1, 100, 5);
	stop();
	snprintf(name, sizeof(name), "%s.new", path);
	ck_assert_int_eq(rename(path, name), 0);
	snprintf(name, sizeof(name), "%s-wal", path);
	shell("head -c 100000 /dev/urandom > ", name, "", "");
	start(1 << 20, 0);
	add(101, 101, 5);
	stop();
	ck_assert_uint_eq(file().n, 101);
}
END_TEST

START_TEST(somebody_elses_database)
{
	struct journal_writer_config c = {
		.path = path, .pending_octets = 1 << 20, .written = nothing
	};
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE photos (a)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	ck_assert_ptr_null(journal_writer_start(&c, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "no journal of Bellman"));
}
END_TEST

/* --- a disk that is full */

static void
disk_takes(rlim_t octets)
{
	struct rlimit l = { octets, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &l), 0);
}

struct counted {
	size_t n;
	uint64_t seq;
};

static void
count(void *ctx, const struct journal_entry *e)
{
	struct counted *c = ctx;

	c->n++;
	require(e->seq == c->seq + 1, "number %llu", (unsigned long long)e->seq);
	c->seq = e->seq;
}

static void
take_all(void)
{
	struct journal_entry *next;

	for (struct journal_entry *e = journal_writer_take(writer); e != NULL; e = next) {
		next = e->next;
		free(e);
	}
}

START_TEST(full_disk)
{
	struct journal_writer_stats s;
	struct journal_gap gap;
	struct counted first = { .seq = 10 }, rest = { 0 }, none = { 0 };
	struct journal_entry *e;
	int64_t t0 = clock_mono_us();

	start(1 << 20, 0);
	add(1, 10, 5);
	journal_writer_flush(writer, 5000);
	disk_takes(8192);
	add(11, 5000, 5);
	do {
		usleep(10000);
		journal_writer_stats(writer, &s);
	} while (s.failures == 0 && clock_mono_us() - t0 < 5000000);
	ck_assert_uint_gt(s.failures, 0);
	ck_assert_str_ne(s.error, "");
	ck_assert_uint_gt(s.refused, 0);
	ck_assert_uint_le(s.pending_octets, 1 << 20);
	ck_assert_int_gt(s.waiting_us, 0);
	ck_assert_uint_eq(s.seq, 10); /* nobody has been given a number that is not on the disk */
	ck_assert(!journal_writer_take_gap(writer, &gap));
	ck_assert_int_gt(s.stalled_us, 0);
	/* shown little by little in order, nothing twice, with numbers that go on */
	ck_assert_uint_eq(journal_writer_unwritten(writer, 3, count, &first), 0);
	take_all(); /* what is written comes first */
	journal_writer_unwritten(writer, 3, count, &first);
	ck_assert_uint_eq(first.n, 3);
	ck_assert_uint_eq(first.seq, 13);
	rest.seq = first.seq;
	journal_writer_unwritten(writer, SIZE_MAX, count, &rest);
	ck_assert_uint_eq(first.n + rest.n, s.pending);
	journal_writer_unwritten(writer, SIZE_MAX, count, &none);
	ck_assert_uint_eq(none.n, 0);
	disk_takes(RLIM_INFINITY);
	journal_writer_flush(writer, 5000);
	journal_writer_stats(writer, &s);
	ck_assert_str_eq(s.error, "");
	ck_assert_uint_eq(s.written + s.refused, 5000);
	ck_assert(journal_writer_take_gap(writer, &gap));
	ck_assert_uint_gt(gap.events, 0);
	ck_assert_uint_gt(gap.updates, 0);
	ck_assert_uint_eq(gap.incidents, 0);
	ck_assert(!journal_writer_take_gap(writer, &gap));
	/* what was shown has kept its number, and says that it was shown */
	while ((e = journal_writer_take(writer)) != NULL)
		for (struct journal_entry *next; e != NULL; e = next) {
			next = e->next;
			ck_assert_int_eq(e->shown, e->seq > 10);
			free(e);
		}
	stop();
	ck_assert_uint_eq(file().n, s.written);
	ck_assert_uint_eq(file().last, s.written); /* numbers have no hole */
	ck_assert_int_eq(open_incidents(), 5);
}
END_TEST

/* Numbers of records that were shown and never written are given to nothing else: the next writer
 * begins behind them; after one that ended in good order numbers simply go on. */
START_TEST(shown_and_never_written)
{
	struct journal_writer_stats s;
	struct counted shown = { .seq = 10 };
	struct journal_loss loss;

	start(1 << 20, 0);
	add(1, 10, 5);
	journal_writer_flush(writer, 5000);
	disk_takes(8192);
	add(11, 30, 5);
	usleep(50000);
	take_all();
	journal_writer_unwritten(writer, SIZE_MAX, count, &shown);
	ck_assert_uint_eq(shown.n, 20);
	journal_writer_stop(writer, 100);
	disk_takes(RLIM_INFINITY);
	ck_assert_uint_eq(file().last, 10);
	/* what is lost is known to the next one, until it has told it */
	start(1 << 20, 0);
	ck_assert(journal_writer_loss(writer, &loss));
	ck_assert_uint_eq(loss.records, 20);
	ck_assert_int_le(loss.from_us, loss.until_us);
	stop();
	start(1 << 20, 0);
	ck_assert(journal_writer_loss(writer, &loss));
	ck_assert_uint_eq(loss.records, 20);
	add(31, 40, 5);
	journal_writer_loss_told(writer);
	ck_assert(!journal_writer_loss(writer, &loss));
	journal_writer_flush(writer, 5000);
	ck_assert_uint_eq(file().n, 20);
	journal_writer_stats(writer, &s);
	ck_assert_uint_gt(s.seq, shown.seq + 10);
	stop();
	start(1 << 20, 0);
	ck_assert(!journal_writer_loss(writer, &loss));
	add(41, 41, 5);
	stop();
	ck_assert_uint_eq(file().last, s.seq + 1);
}
END_TEST

/* --- limits */

static off_t
size_on_disk(void)
{
	struct dirent *d;
	struct stat st;
	char name[512];
	off_t sum = 0;
	DIR *all = opendir(dir);

	while ((d = readdir(all)) != NULL) {
		snprintf(name, sizeof(name), "%s/%s", dir, d->d_name);
		if (strstr(d->d_name, "-shm") == NULL && stat(name, &st) == 0 &&
		    S_ISREG(st.st_mode))
			sum += st.st_size;
	}
	closedir(all);
	return sum;
}

START_TEST(size_is_a_limit)
{
	enum { LIMIT = 8 << 20 };
	const char *const readers[] = { "kafka" };
	struct journal_writer_stats s;
	struct journal *reader;
	off_t most = 0;
	uint64_t expected;

	start(8 << 20, LIMIT);
	journal_writer_readers(writer, readers, 1);
	reader = journal_open(path, false, error, sizeof(error));
	ck_assert(journal_cursor_save(reader, "kafka", 100));
	for (uint64_t n = 1; n < 40000; n += 500) {
		add(n, n + 499, 3000);
		journal_writer_flush(writer, 10000);
		most = size_on_disk() > most ? size_on_disk() : most;
	}
	usleep(100000);
	journal_writer_stats(writer, &s);
	stop();
	printf("journal: limit %d, most on the disk %ld, kept %llu of 40000, unread %llu\n", LIMIT,
	    (long)most, (unsigned long long)file().n, (unsigned long long)s.unread);
	ck_assert_int_le(most, LIMIT + LIMIT / 16); /* and what comes in between two looks */
	ck_assert_uint_gt(file().n, 3000);	    /* and it is not thrown away for nothing */
	ck_assert_int_eq(open_incidents(), 3000 / 8 * 7); /* an eighth of the stream is events */
	expected = 40000 - file().n - 100;
	ck_assert_uint_ge(s.unread, expected);
	ck_assert_uint_le(s.unread, expected + 100); /* records of open incidents that were kept */
	ck_assert_uint_eq(journal_cursor(reader, "kafka"), 100);
	journal_close(reader);
}
END_TEST

/* A reader that nobody waits for holds nothing, keeps its position, and is told of once. */
START_TEST(retired_reader)
{
	const char *const both[] = { "kafka", "kafka.alerts" };
	struct journal_retired r = { 0 };
	struct journal *reader;

	start(1 << 20, 0);
	add(1, 50, 5);
	journal_writer_flush(writer, 5000);
	reader = journal_open(path, false, error, sizeof(error));
	ck_assert(journal_cursor_save(reader, "kafka", 30));
	ck_assert(journal_cursor_save(reader, "kafka.alerts", 40));
	journal_writer_readers(writer, both, 2);
	usleep(200000);
	ck_assert(!journal_writer_take_retired(writer, &r));
	journal_writer_readers(writer, both, 0);
	for (int i = 0; i < 500 && !journal_writer_take_retired(writer, &r); i++)
		usleep(10000);
	ck_assert_uint_eq(r.readers, 2);
	ck_assert_uint_eq(r.unread, 20);
	ck_assert(!journal_writer_take_retired(writer, &r));
	ck_assert_uint_eq(journal_cursor(reader, "kafka"), 30);
	ck_assert_uint_eq(journal_cursor(reader, "kafka.alerts"), 40);
	stop();
	{ /* retention goes past it */
		struct journal *j = journal_open(path, true, error, sizeof(error));
		struct journal_cost cost = { 0 };

		while (journal_retain(j, INT64_MAX, 0, &cost)) {
		}
		ck_assert_int_eq(journal_read(j, 0, 100, see, &(struct seen){ 0 }), 5);
		ck_assert(!cost.held);
		/* it comes back: there it was, and from now on it counts */
		ck_assert(journal_cursor_save(reader, "kafka", 31));
		ck_assert_uint_eq(journal_cursor(reader, "kafka"), 31);
		journal_retain(j, INT64_MAX, 0, &cost);
		ck_assert(cost.held);
		journal_close(j);
	}
	journal_close(reader);
}
END_TEST

HARNESS_MAIN("journal_writer")
{
	TIMEOUT(120);
	FIXTURE(setup, teardown);
	TEST(numbers_and_what_is_told);
	LOOP(deleted_under_it, 3);
	TEST(the_folder_is_deleted);
	TEST(replaced_under_it);
	TEST(damaged_while_it_writes);
	LOOP(cut_off_under_it, 2);
	TEST(damage_is_looked_for);
	LOOP(damaged_before_the_start, 5);
	TEST(killed_between_two_names);
	TEST(somebody_elses_database);
	TEST(full_disk);
	TEST(shown_and_never_written);
	TEST(size_is_a_limit);
	TEST(retired_reader);
}

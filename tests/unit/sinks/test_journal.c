/* sinks/journal: numbers, order, positions, retention; files that are not ours; a disk that is
 * full; a writer that is killed. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sinks/journal.h"
#include "sinks/journal_writer.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

static char dir[64], path[80], error[256];
static struct journal_cost cost;

static void
setup(void)
{
	cost = (struct journal_cost){ 0 };
	snprintf(dir, sizeof(dir), "/tmp/bellman-journal-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/journal.db", dir);
}

static void
teardown(void)
{
	static const char *const names[] = { "", "-wal", "-shm", "-journal" };
	char name[96];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", path, names[i]);
		unlink(name);
	}
	rmdir(dir);
}

static struct journal *
must_open(bool writer)
{
	struct journal *j = journal_open(path, writer, error, sizeof(error));

	ck_assert_msg(j != NULL, "%s", error);
	return j;
}

/* Records first..last of the stream of `keys` incidents, in one batch. */
static bool
append(struct journal *j, uint64_t first, uint64_t last, unsigned keys)
{
	size_t n = (size_t)(last - first + 1);
	struct record *records = calloc(n, sizeof(*records));
	const struct record **batch = calloc(n, sizeof(struct record *));
	bool ok;

	for (size_t i = 0; i < n; i++) {
		records[i] = stream_record(first + i, keys);
		batch[i] = &records[i];
	}
	ok = journal_append(j, batch, n);
	free(batch);
	free(records);
	return ok;
}

struct seen {
	uint64_t n, last, stop_at;
	unsigned keys;
};

/* In order, and what was written. */
static bool
see(void *ctx, const struct record *r)
{
	struct seen *s = ctx;

	ck_assert_uint_gt(r->seq, s->last);
	if (s->keys > 0) {
		struct record want = stream_record(r->seq, s->keys);

		ck_assert(records_equal(&want, r));
	}
	s->last = r->seq;
	s->n++;
	return s->n != s->stop_at;
}

START_TEST(new_file)
{
	struct journal *j = must_open(true);
	struct stat st;

	ck_assert_uint_eq(journal_last(j), 0);
	ck_assert_int_eq(journal_read(j, 0, 10, see, &(struct seen){ 0 }), 0);
	ck_assert_uint_eq(journal_before_time(j, 0), 0);
	ck_assert_int_eq(journal_read_back(j, UINT64_MAX, 10, see, &(struct seen){ 0 }), 0);
	ck_assert(journal_append(j, NULL, 0));
	journal_close(j);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	journal_close(must_open(true)); /* once more: it is ours */
	journal_close(must_open(false));
}
END_TEST

/* Several writers may be the first at once: each gets a journal that works. */
START_TEST(made_by_several_at_once)
{
	enum { WRITERS = 6 };
	pid_t pids[WRITERS];
	int gate[2], status;
	char c;

	ck_assert_int_eq(pipe(gate), 0);
	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		ck_assert_int_ge(pids[i], 0);
		if (pids[i] == 0) {
			struct journal *j;

			close(gate[1]);
			if (read(gate[0], &c, 1) != 0) /* all at once: when the gate is closed */
				_exit(2);
			j = journal_open(path, true, error, sizeof(error));
			if (j == NULL)
				fprintf(stderr, "%s\n", error);
			_exit(j != NULL && journal_last(j) == 0 ? 0 : 1);
		}
	}
	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < WRITERS; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

START_TEST(read_back)
{
	struct journal *j = must_open(true);
	struct seen s = { .keys = 5 };

	ck_assert(append(j, 1, 100, 5));
	ck_assert(append(j, 101, 250, 5));
	ck_assert_int_eq(journal_read(j, 0, 1000, see, &s), 250);
	s = (struct seen){ .keys = 5, .last = 30 };
	ck_assert_int_eq(journal_read(j, 30, 10, see, &s), 10);
	ck_assert_uint_eq(s.last, 40);
	s = (struct seen){ .keys = 5, .stop_at = 3 };
	ck_assert_int_eq(journal_read(j, 0, 1000, see, &s), 3);
	ck_assert_int_eq(journal_read(j, 250, 1000, see, &s), 0);
	journal_close(j);
}
END_TEST

START_TEST(numbers_increase)
{
	struct journal *j = must_open(true);
	struct record a = stream_record(12, 5), b = stream_record(11, 5);
	const struct record *batch[] = { &a, &b };

	ck_assert(append(j, 1, 10, 5));
	ck_assert(!append(j, 10, 12, 5));
	ck_assert(!journal_append(j, batch, 2));
	ck_assert_ptr_nonnull(strstr(journal_error(j), "increase"));
	ck_assert_uint_eq(journal_last(j), 10); /* nothing of a batch that failed */
	ck_assert(append(j, 11, 12, 5));
	journal_close(j);
}
END_TEST

/* Numbers go on after everything was deleted and the file was closed. */
START_TEST(numbers_survive)
{
	struct journal *j = must_open(true);

	ck_assert(append(j, 1, 1200, 1));
	while (journal_retain(j, INT64_MAX, 0, &cost)) {
	}
	journal_close(j);
	j = must_open(true);
	ck_assert_uint_eq(journal_last(j), 1200);
	ck_assert(!append(j, 1200, 1201, 1));
	ck_assert(append(j, 1201, 1201, 1));
	/* and the last of the incident, which is open, was kept until it was followed by another */
	ck_assert_int_eq(journal_read(j, 0, 10, see, &(struct seen){ 0 }), 2);
	journal_close(j);
}
END_TEST

START_TEST(by_time)
{
	struct journal *j = must_open(true);
	int64_t t40 = stream_record(40, 5).at_us;

	ck_assert(append(j, 1, 100, 5));
	ck_assert_uint_eq(journal_before_time(j, 0), 0);
	ck_assert_uint_eq(journal_before_time(j, t40), 39);
	ck_assert_uint_eq(journal_before_time(j, t40 + 1), 40);
	ck_assert_uint_eq(journal_before_time(j, INT64_MAX), 100);
	journal_close(j);
}
END_TEST

/* Backwards, and what was written. */
static bool
see_back(void *ctx, const struct record *r)
{
	struct seen *s = ctx;
	struct record want = stream_record(r->seq, s->keys);

	ck_assert_uint_eq(r->seq, s->last - 1);
	ck_assert(records_equal(&want, r));
	s->last = r->seq;
	s->n++;
	return s->n != s->stop_at;
}

static const struct {
	uint64_t before;
	int limit, given;
	uint64_t stop_at;
} backs[] = { { 101, 10, 10, 0 }, { 101, 1000, 100, 0 }, { 51, 1000, 50, 0 }, { 51, 1000, 7, 7 },
	{ 1, 10, 0, 0 }, { 0, 10, 0, 0 } };

START_TEST(from_the_end)
{
	struct journal *j = must_open(true);
	struct seen seen = { .keys = 5, .last = backs[_i].before, .stop_at = backs[_i].stop_at };

	ck_assert(append(j, 1, 100, 5));
	ck_assert_int_eq(journal_read_back(j, backs[_i].before, backs[_i].limit, see_back, &seen),
	    backs[_i].given);
	seen = (struct seen){ .keys = 5, .last = 101 };
	ck_assert_int_eq(journal_read_back(j, UINT64_MAX, 3, see_back, &seen), 3);
	journal_close(j);
}
END_TEST

static bool
close_one_of(struct journal *j, uint64_t seq, uint64_t of, unsigned keys)
{
	struct record r = stream_record(of, keys);
	const struct record *batch[] = { &r };

	r.seq = seq;
	r.incident.transition = TRANSITION_CLOSED;
	return journal_append(j, batch, 1);
}

static bool
close_incident(struct journal *j, uint64_t seq, uint64_t of)
{
	return close_one_of(j, seq, of, 5);
}

START_TEST(open_incidents)
{
	struct journal *j = must_open(true);
	struct seen s = { .keys = 5 };

	ck_assert(append(j, 1, 20, 5)); /* the last of each: 16 17 18 19 20 */
	ck_assert_int_eq(journal_read_open_incidents(j, see, &s), 5);
	ck_assert(close_incident(j, 21, 16));
	ck_assert(close_incident(j, 22, 20));
	s = (struct seen){ .keys = 5 };
	ck_assert_int_eq(journal_read_open_incidents(j, see, &s), 3);
	ck_assert_uint_eq(s.last, 19);
	while (journal_retain(j, INT64_MAX, 0, &cost)) {
	}
	s = (struct seen){ .keys = 5 };
	ck_assert_int_eq(journal_read_open_incidents(j, see, &s), 3);
	s = (struct seen){ 0 };
	ck_assert_int_eq(journal_read(j, 0, 100, see, &s), 3);
	journal_close(j);
}
END_TEST

/* What shows what an incident was on a day stays when all else of its age goes. */
START_TEST(evidence_stays)
{
	struct journal *j = must_open(true);
	struct seen s = { 0 };
	struct record r = stream_record(16, 5), other = stream_record(18, 5);
	char key[RECORD_ID_MAX + 2];

	ck_assert(append(j, 1, 20, 5)); /* five incidents, the last of each: 16 17 18 19 20 */
	ck_assert_int_eq(journal_evidence(j, r.incident.id), EVIDENCE_UNKNOWN);
	snprintf(key, sizeof(key), "e %s", r.incident.id);
	ck_assert(journal_day_put(j, "2026-10-31", key, "1", 1)); /* 16 */
	ck_assert(append(j, 21, 25, 5));			  /* 21 22 23 24 25 */
	ck_assert(journal_day_put(j, "2026-11-01", key, "1", 1)); /* 21 */
	ck_assert(journal_day_put(j, "2026-11-01", "s 64501", "1", 1));
	ck_assert(append(j, 26, 30, 5));
	for (uint64_t seq = 26; seq <= 30; seq++)
		ck_assert(close_incident(j, seq + 5, seq)); /* 31 closes what 16 and 21 were of */
	while (journal_retain(j, INT64_MAX, 0, &cost)) {
	}
	ck_assert_int_eq(journal_read(j, 0, 100, see, &s), 2); /* 16 and 31 */
	ck_assert_uint_eq(s.last, 31);
	ck_assert_int_eq(journal_evidence(j, r.incident.id), EVIDENCE_THERE);
	ck_assert_int_eq(journal_evidence(j, other.incident.id), EVIDENCE_UNKNOWN);
	/* as old as days get */
	ck_assert(journal_day_put(j, "2036-12-31", "s 64501", "1", 1));
	while (journal_retain(j, INT64_MAX, 0, &cost)) {
	}
	ck_assert_int_eq(journal_read(j, 0, 100, see, &s), 0);
	ck_assert_int_eq(journal_evidence(j, r.incident.id), EVIDENCE_UNKNOWN);
	journal_close(j);
}
END_TEST

/* A limit is one: when nothing else is left evidence goes, and that it is gone can be seen. */
START_TEST(evidence_is_bounded)
{
	struct journal *j = must_open(true);
	struct seen s = { 0 };
	char key[RECORD_ID_MAX + 2];

	ck_assert(append(j, 1, 4000, 4000));
	for (uint64_t seq = 1; seq <= 4000; seq++) {
		struct record r = stream_record(seq, 4000);

		if (r.kind != RECORD_INCIDENT)
			continue;
		snprintf(key, sizeof(key), "e %s", r.incident.id);
		ck_assert(seq > 3000 || journal_day_put(j, "2026-11-01", key, "1", 1));
		ck_assert(close_one_of(j, 4000 + seq, seq, 4000));
	}
	for (int steps = 0; journal_retain(j, 0, 2000000, &cost); steps++)
		ck_assert_int_lt(steps, 300);
	ck_assert_int_lt(journal_read(j, 0, 10000, see, &s), 2600);
	ck_assert_int_eq(journal_evidence(j, stream_record(1, 4000).incident.id), EVIDENCE_GONE);
	ck_assert_int_eq(
	    journal_evidence(j, stream_record(3000, 4000).incident.id), EVIDENCE_THERE);
	journal_close(j);
}
END_TEST

START_TEST(cursors_hold_retention)
{
	struct journal *j = must_open(true), *reader;
	struct seen s = { .keys = 2 };

	ck_assert(append(j, 1, 3000, 2));
	reader = must_open(false);
	ck_assert_uint_eq(journal_cursor(reader, "kafka"), 0);
	ck_assert_str_eq(journal_error(reader), "");
	ck_assert(journal_cursor_save(reader, "kafka", 1000));
	ck_assert(journal_cursor_save(reader, "other", 2000));
	ck_assert_uint_eq(journal_cursor(j, "kafka"), 1000);
	while (journal_retain(j, INT64_MAX, 0, &cost)) {
	}
	ck_assert_int_eq(journal_read(j, 0, 5000, see, &s), 2000);
	ck_assert(journal_cursor_save(reader, "kafka", 2500));
	while (journal_retain(j, stream_record(2800, 2).at_us, 0, &cost)) {
	}
	s = (struct seen){ .keys = 2 };
	ck_assert_int_eq(journal_read(j, 0, 5000, see, &s), 1000); /* the other one reads slower */
	journal_close(reader);
	reader = must_open(false);
	ck_assert_uint_eq(journal_cursor(reader, "kafka"), 2500);
	journal_close(reader);
	journal_close(j);
}
END_TEST

START_TEST(retention_by_age_and_size)
{
	struct journal *j = must_open(true);
	struct seen s = { .keys = 2 };
	struct stat before, after;

	ck_assert(append(j, 1, 4000, 2));
	ck_assert(!journal_retain(j, 0, 0, &cost)); /* nothing asked for */
	while (journal_retain(j, stream_record(1001, 2).at_us, 0, &cost)) {
	}
	ck_assert_int_eq(journal_read(j, 0, 5000, see, &s), 3000);
	journal_close(j);
	ck_assert_int_eq(stat(path, &before), 0);
	j = must_open(true);
	for (int steps = 0; journal_retain(j, 0, 500000, &cost); steps++)
		ck_assert_int_lt(steps, 100);
	journal_close(j);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_int_lt(after.st_size, 500000 + 500 * 1500);
	ck_assert_int_lt(after.st_size, before.st_size);
}
END_TEST

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 500; i++)
		fputs(text, f);
	fclose(f);
}

static void
run_sql(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
refused(bool writer, const char *why)
{
	error[0] = '\0';
	ck_assert_ptr_null(journal_open(path, writer, error, sizeof(error)));
	ck_assert_msg(strstr(error, why) != NULL && strstr(error, path) != NULL, "%s", error);
}

START_TEST(not_a_journal)
{
	refused(false, "unable to open");
	write_file("listen: here\n");
	refused(true, "not a database");
	refused(false, "not a database");
	unlink(path);
	run_sql("CREATE TABLE photos (a)");
	refused(true, "no journal of Bellman");
	refused(false, "no journal of Bellman");
	unlink(path);
	journal_close(must_open(true));
	run_sql("PRAGMA user_version=99");
	refused(true, "schema 99");
	snprintf(path, sizeof(path), "%s/no/such/dir", dir);
	refused(true, "No such file");
	snprintf(path, sizeof(path), "%s/journal.db", dir);
}
END_TEST

/* Who may read it only is refused as a writer at once, not when there is something to write. */
START_TEST(not_writable)
{
	int status;
	pid_t pid;

	journal_close(must_open(true));
	ck_assert_int_eq(chmod(path, 0444), 0);
	ck_assert_int_eq(chmod(dir, _i == 0 ? 0755 : 0777), 0);
	pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(3);
		_exit(journal_open(path, true, error, sizeof(error)) == NULL &&
			      strstr(error, path) != NULL
			  ? 0
			  : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(chmod(path, 0640), 0);
	journal_close(must_open(true));
}
END_TEST

/* Pages of the file are overwritten: an error, not a crash, and not silence. */
START_TEST(damaged)
{
	struct journal *j = must_open(true);
	char junk[4096];
	int fd, n;

	ck_assert(append(j, 1, 2000, 5));
	journal_close(j); /* the log is merged into the file */
	memset(junk, 0xa5, sizeof(junk));
	fd = open(path, O_WRONLY);
	for (int page = 2; page < 60; page++)
		ck_assert_int_eq(pwrite(fd, junk, sizeof(junk), page * 4096), 4096);
	close(fd);
	j = journal_open(path, true, error, sizeof(error));
	if (j != NULL) {
		n = journal_read(j, 0, 5000, see, &(struct seen){ 0 });
		ck_assert_int_eq(n, -1);
		ck_assert_ptr_nonnull(strstr(journal_error(j), "malformed"));
		journal_close(j);
	}
}
END_TEST

/* The file may not grow: the batch is refused whole, and goes in when there is room again. */
START_TEST(disk_full)
{
	struct journal *j = must_open(true);
	struct rlimit small = { 40000, RLIM_INFINITY }, large = { RLIM_INFINITY, RLIM_INFINITY };
	struct seen s = { .keys = 5 };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert(append(j, 1, 10, 5));
	setrlimit(RLIMIT_FSIZE, &small);
	ck_assert(!append(j, 11, 500, 5));
	ck_assert_str_ne(journal_error(j), "");
	ck_assert(!append(j, 11, 500, 5));
	ck_assert_uint_eq(journal_last(j), 10);
	ck_assert_int_eq(journal_read(j, 0, 1000, see, &s), 10);
	setrlimit(RLIMIT_FSIZE, &large);
	ck_assert(append(j, 11, 500, 5));
	s = (struct seen){ .keys = 5 };
	ck_assert_int_eq(journal_read(j, 0, 1000, see, &s), 500);
	journal_close(j);
}
END_TEST

enum { KILL_BATCH = 40 };

/* Batch after batch, each announced through the pipe when it is committed. */
static void
write_for_ever(int out)
{
	struct journal *j = journal_open(path, true, error, sizeof(error));

	for (uint64_t seq = journal_last(j) + 1;; seq += KILL_BATCH) {
		uint64_t last = seq + KILL_BATCH - 1;

		if (!append(j, seq, last, 7) || write(out, &last, sizeof(last)) != sizeof(last))
			_exit(1);
	}
}

START_TEST(killed_writer)
{
	uint64_t seen_committed = 0, committed;
	struct journal *j = must_open(true);

	journal_close(j);
	for (int round = 0; round < 4; round++) {
		int fds[2];
		pid_t pid;
		struct seen s = { .keys = 7 };

		ck_assert_int_eq(pipe(fds), 0);
		pid = fork();
		if (pid == 0) {
			close(fds[0]);
			write_for_ever(fds[1]);
		}
		close(fds[1]);
		usleep(150000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		while (read(fds[0], &committed, sizeof(committed)) == sizeof(committed))
			seen_committed = committed;
		close(fds[0]);
		j = must_open(true);
		committed = journal_last(j);
		ck_assert_uint_ge(committed, seen_committed);
		ck_assert_uint_gt(committed, 0);
		ck_assert_uint_eq(committed % KILL_BATCH, 0);
		ck_assert_int_eq(journal_read(j, 0, 1 << 30, see, &s), (int)committed);
		journal_close(j);
	}
}
END_TEST

static void *
read_to(void *arg)
{
	struct journal *j = journal_open(path, false, error, sizeof(error));
	struct seen s = { .keys = 5 };
	uint64_t *reached = arg;

	for (int tries = 0; j != NULL && s.last < 4000 && tries < 20000; tries++) {
		if (journal_read(j, s.last, 64, see, &s) < 0)
			break;
		journal_cursor_save(j, "reader", s.last);
	}
	journal_close(j);
	*reached = s.n;
	return NULL;
}

START_TEST(two_readers)
{
	struct journal *j = must_open(true);
	uint64_t reached[2] = { 0 };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, read_to, &reached[i]);
	for (uint64_t seq = 1; seq < 4000; seq += 100)
		ck_assert(append(j, seq, seq + 99, 5));
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(reached[0], 4000);
	ck_assert_uint_eq(reached[1], 4000);
	journal_close(j);
}
END_TEST

struct states {
	char text[256];
};

static bool
note_state(void *ctx, const char *key, const void *value, size_t len)
{
	struct states *s = ctx;
	size_t n = strlen(s->text);

	snprintf(s->text + n, sizeof(s->text) - n, "%s=%.*s ", key, (int)len, (const char *)value);
	return true;
}

static void
rooms_hold(struct journal *j, const char *room, const char *want)
{
	struct states s = { "" };

	ck_assert_int_ge(journal_state_each(j, room, note_state, &s), 0);
	ck_assert_str_eq(s.text, want);
}

START_TEST(state)
{
	struct journal *j = must_open(true);
	struct sbuf value = sbuf_of(64);

	ck_assert(journal_state_put(j, "mute", "b", "two", 3));
	ck_assert(journal_state_put(j, "mute", "a", "one", 3));
	ck_assert(journal_state_put(j, "mute", "none", "", 0));
	ck_assert(journal_state_put(j, "binding", "a", "\0\1", 2));
	ck_assert(journal_state_put(j, "mute", "b", "more", 4));
	journal_close(j);
	j = must_open(false);
	rooms_hold(j, "mute", "a=one b=more none= ");
	rooms_hold(j, "nobody", "");
	ck_assert(journal_state_get(j, "binding", "a", &value));
	ck_assert_uint_eq(value.len, 2);
	ck_assert_int_eq(memcmp(value.data, "\0\1", 2), 0);
	sbuf_clear(&value);
	ck_assert(journal_state_get(j, "mute", "none", &value));
	ck_assert_uint_eq(value.len, 0);
	ck_assert(!journal_state_get(j, "mute", "c", &value));
	ck_assert_str_eq(journal_error(j), "");
	ck_assert(journal_state_put(j, "mute", "b", NULL, 0));
	ck_assert(journal_state_put(j, "mute", "never", NULL, 0));
	rooms_hold(j, "mute", "a=one none= ");
	sbuf_free(&value);
	journal_close(j);
}
END_TEST

static void
nothing(void *ctx)
{
	(void)ctx;
}

/* Through the writer's thread: in its place among the records. */
START_TEST(state_by_the_writer)
{
	struct journal_writer_config c = {
		.path = path, .pending_octets = 1 << 20, .written = nothing
	};
	struct journal_writer *w = journal_writer_start(&c, error, sizeof(error));
	struct record r = stream_record(1, 5);
	struct journal *j;

	ck_assert_ptr_nonnull(w);
	journal_writer_state(w, "mute", "a", "one", 3);
	journal_writer_add(w, &r);
	journal_writer_state(w, "mute", "b", "two", 3);
	journal_writer_state(w, "mute", "a", NULL, 0);
	journal_writer_stop(w, 1000);
	j = must_open(false);
	ck_assert_uint_eq(journal_last(j), 1);
	rooms_hold(j, "mute", "b=two ");
	journal_close(j);
}
END_TEST

/* A journal of 0.1.0 has no such table: it gets one, and what it has stays readable. */
START_TEST(state_in_an_older_journal)
{
	struct journal *j;
	char command[256];

	snprintf(command, sizeof(command), "cp tests/fixtures/journal-0.1.0.sqlite %s", path);
	ck_assert_int_eq(system(command), 0);
	j = must_open(true);
	rooms_hold(j, "mute", "");
	ck_assert(journal_state_put(j, "mute", "a", "one", 3));
	rooms_hold(j, "mute", "a=one ");
	ck_assert_int_eq(journal_read_open_incidents(j, see, &(struct seen){ 0 }), 7);
	journal_close(j);
}
END_TEST

HARNESS_MAIN("journal")
{
	TIMEOUT(60);
	FIXTURE(setup, teardown);
	TEST(new_file);
	LOOP(made_by_several_at_once, 20);
	TEST(read_back);
	TEST(numbers_increase);
	TEST(numbers_survive);
	TEST(by_time);
	ROWS(from_the_end, backs);
	TEST(open_incidents);
	TEST(evidence_stays);
	TEST(evidence_is_bounded);
	TEST(cursors_hold_retention);
	TEST(retention_by_age_and_size);
	TEST(not_a_journal);
	LOOP(not_writable, 2);
	TEST(damaged);
	TEST(disk_full);
	TEST(killed_writer);
	TEST(two_readers);
	TEST(state);
	TEST(state_by_the_writer);
	TEST(state_in_an_older_journal);
}

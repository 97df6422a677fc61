/* Tails of the records: what is in the journal and what waits for it, each once and in order, and
 * what becomes of readers that are slow. */
#include "tests/unit/support/control_fixture.h"

/* A record that the disk has not taken yet. */
static void
waiting(uint64_t seq)
{
	struct record r = sample_incident();

	r.seq = seq;
	control_record(control, &r);
}

static void
record(uint64_t seq)
{
	control_written(control, seq);
	waiting(seq);
}

/* Records that are in the journal, on their way there, or both: each once, in order. */
START_TEST(control_tail)
{
	struct record written[2] = { sample_incident(), sample_incident() };
	const struct record *batch[2] = { &written[0], &written[1] };
	int fd, counted;

	written[0].seq = 1;
	written[1].seq = 2;
	ck_assert(journal_append(journal, batch, 2));
	for (uint64_t seq = 2; seq <= 4; seq++)
		record(seq);
	fd = request("tail\tn=10\tfollow=1\tformat=json\n");
	ck_assert_uint_eq(lines(receive(fd)), 1 + 4);
	ck_assert(!ended);
	counted = request("tail\tn=0\tfollow=1\tcount=1\tfilter=kind = hijack.exact\n");
	ck_assert_str_eq(receive(counted), "ok\n");
	record(5);
	ck_assert_uint_eq(lines(receive(fd)), 1);
	ck_assert_uint_eq(lines(receive(counted)), 1);
	ck_assert(ended);
	close(counted);
	close(fd);
	turn();
	record(6);
}
END_TEST

/* Written at once: records of these numbers. */
static void
write_journal(uint64_t first, uint64_t last)
{
	enum { AT_ONCE = 500 };
	struct record *r = calloc(AT_ONCE, sizeof(*r));
	const struct record *batch[AT_ONCE];

	while (first <= last) {
		size_t n = 0;

		for (; n < AT_ONCE && first <= last; n++, first++) {
			r[n] = sample_incident();
			r[n].seq = first;
			r[n].at_us = (int64_t)first * 1000000;
			snprintf(r[n].incident.id, sizeof(r[n].incident.id), "%032llx",
			    (unsigned long long)first);
			snprintf(r[n].incident.router, sizeof(r[n].incident.router), "r%llu",
			    (unsigned long long)first % 1000);
			batch[n] = &r[n];
		}
		ck_assert(journal_append(journal, batch, n));
	}
	free(r);
}

/* The answer is JSON lines of records with these numbers, step by step, and none else. Line by
 * line: sscanf() and a sanitizer's strstr() measure all of the rest each time. */
static void
check_numbers(const char *text, uint64_t first, uint64_t last, uint64_t step)
{
	static const char name[] = "\"seq\":";

	ck_assert_int_eq(strncmp(text, CONTROL_OK, strlen(CONTROL_OK)), 0);
	text = strchr(text, '\n') + 1;
	for (uint64_t want = first; want <= last; want += step) {
		const char *end = strchr(text, '\n'), *at;

		ck_assert_ptr_nonnull(end);
		at = memmem(text, (size_t)(end - text), name, strlen(name));
		require(at != NULL && strtoull(at + strlen(name), NULL, 10) == want,
		    "record %llu: %.60s", (unsigned long long)want, text);
		text = end + 1;
	}
	ck_assert_str_eq(text, "");
}

/* "1 2 3? 4?": numbers of the answer's JSON lines, and which are not written. */
static const char *
seen(const char *text)
{
	static char out[8192];
	size_t n = 0;
	unsigned long long seq;

	out[0] = '\0';
	for (; (text = strstr(text, "\"seq\":")) != NULL; text++) {
		const char *end = strchr(text, '\n');
		bool waits = strncmp(end - 17, ",\"written\":false}", 17) == 0;

		ck_assert_int_eq(sscanf(text, "\"seq\":%llu", &seq), 1);
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%llu%s ", seq, waits ? "?" : "");
	}
	return out;
}

static const char *
ask(const char *text)
{
	int fd = request(text);
	const char *got = seen(receive_end(fd));

	close(fd);
	return got;
}

/* While the disk takes nothing, what waits for it is shown, marked, with its number; once. */
START_TEST(control_unwritten)
{
	int fd, text, all;

	write_journal(1, 5);
	record(5);
	fd = request("tail\tn=1\tfollow=1\tformat=json\n");
	ck_assert_str_eq(seen(receive(fd)), "5 ");
	for (uint64_t seq = 6; seq <= 8; seq++)
		waiting(seq);
	ck_assert_str_eq(seen(receive(fd)), "6? 7? 8? ");
	ck_assert_str_eq(ask("tail\tn=2\tformat=json\n"), "7? 8? ");
	ck_assert_str_eq(ask("tail\tn=4\tformat=json\n"), "5 6? 7? 8? ");
	ck_assert_str_eq(ask("tail\tn=0\tformat=json\n"), "");
	ck_assert_str_eq(ask("tail\tsince=1e10\tformat=json\n"), "1 2 3 4 5 6? 7? 8? ");
	ck_assert_str_eq(ask("tail\tn=9\tcount=6\tformat=json\n"), "1 2 3 4 5 6? ");
	text = request("tail\tn=1\n");
	ck_assert_ptr_nonnull(strstr(receive_end(text), "  (not written yet)\n"));
	close(text);
	write_journal(6, 9); /* the disk takes them: they are not told again */
	record(9);
	ck_assert_str_eq(seen(receive(fd)), "9 ");
	ck_assert_str_eq(ask("tail\tn=3\tformat=json\n"), "7 8 9 ");
	/* of very many the newest are kept, and how many are not is told */
	for (uint64_t seq = 10; seq < 3000; seq++)
		waiting(seq);
	all = request("tail\tn=9999\tformat=json\n");
	ck_assert_ptr_nonnull(strstr(receive_end(all), "{\"dropped\":"));
	close(all);
	ck_assert_str_eq(ask("tail\tn=1\tformat=json\n"), "2999? ");
	close(fd);
}
END_TEST

/* Who goes on behind a record that is gone is told how many are. */
START_TEST(control_after)
{
	int fd;

	write_journal(5, 9);
	record(9);
	fd = request("tail\tafter=1\tformat=json\n");
	ck_assert_ptr_nonnull(strstr(receive_end(fd), "ok\n{\"dropped\":3}\n"));
	ck_assert_str_eq(seen(sbuf_text(&answer)), "5 6 7 8 9 ");
	close(fd);
	ck_assert_str_eq(ask("tail\tafter=4\tformat=json\n"), "5 6 7 8 9 ");
	ck_assert_str_eq(ask("tail\tafter=9\tformat=json\n"), "");
}
END_TEST

/* However long it is, the past is told whole. */
static const struct {
	const char *words;
	uint64_t first, last, step;
} pasts[] = {
	{ "since=1e9", 1, 0, 1 }, /* the records are of 1970 */
	{ "since=1e10", 1, MANY, 1 },
	{ "n=99999", 1, MANY, 1 },
	{ "after=0", 1, MANY, 1 },
	{ "after=11990", 11991, MANY, 1 },
	{ "after=99999999", 1, 0, 1 },
	{ "after=7\tfilter=router = r7", 1007, 11007, 1000 },
	{ "n=7000", MANY - 6999, MANY, 1 },
	{ "n=1", MANY, MANY, 1 },
	{ "n=0", 1, 0, 1 },
	{ "n=3\tfilter=router = r7", 9007, 11007, 1000 },
	{ "n=99\tfilter=router = r7", 7, 11007, 1000 },
	{ "n=5\tfilter=router = nobody", 1, 0, 1 },
	{ "since=1e10\tn=2", MANY - 1, MANY, 1 },
	{ "since=1e10\tcount=7000", 1, 7000, 1 },
	{ "since=1e10\tfilter=router = r7\tcount=2", 7, 1007, 1000 },
};

START_TEST(control_past)
{
	struct record newest = sample_incident();
	char text[128];
	int fd;

	write_journal(1, MANY);
	/* some of these are in memory, too, and the newest only there */
	for (newest.seq = MANY - 100; newest.seq < MANY; newest.seq++) {
		snprintf(newest.incident.router, sizeof(newest.incident.router), "r%llu",
		    (unsigned long long)newest.seq % 1000);
		control_record(control, &newest);
	}
	newest.seq = MANY;
	control_record(control, &newest);
	snprintf(text, sizeof(text), "tail\tformat=json\t%s\n", pasts[_i].words);
	fd = request(text);
	check_numbers(receive_end(fd), pasts[_i].first, pasts[_i].last, pasts[_i].step);
	close(fd);
}
END_TEST

/* A reader who stops costs nothing, and when it goes on it gets all that the journal has. */
START_TEST(control_slow_reader)
{
	int fd = request("tail\tn=0\tfollow=1\tformat=json\n");

	ck_assert_str_eq(receive(fd), "ok\n");
	for (uint64_t seq = 1; seq <= MANY; seq += 500) {
		write_journal(seq, seq + 499);
		for (uint64_t i = seq; i < seq + 500; i++)
			record(i);
		turn();
	}
	sbuf_clear(&answer);
	ck_assert_uint_eq(lines(receive_lines(fd, MANY, 10000)), MANY);
	record(MANY + 1);
	ck_assert_uint_eq(lines(receive(fd)), 1);
	ck_assert_ptr_null(strstr(sbuf_text(&answer), "dropped"));
	close(fd);
}
END_TEST

/* What the journal does not have (any more) is told. */
START_TEST(control_missing)
{
	int json = request("tail\tn=0\tfollow=1\tformat=json\n"),
	    text = request("tail\tn=0\tfollow=1\tfilter=severity = critical\n");
	unsigned long dropped = 0;
	const char *at;
	unsigned n = 0;

	receive(json);
	receive(text);
	for (uint64_t seq = 1; seq <= MANY; seq++)
		record(seq);
	for (int i = 0; i < 100 && n + dropped < MANY; i++) {
		n += lines(receive(json));
		at = strstr(sbuf_text(&answer), "{\"dropped\":");
		for (; at != NULL; at = strstr(at + 1, "{\"dropped\":")) {
			unsigned long one = 0;

			ck_assert_int_eq(sscanf(at, "{\"dropped\":%lu}\n", &one), 1);
			dropped += one;
			n--;
		}
	}
	ck_assert_uint_gt(dropped, 0);
	ck_assert_uint_eq(n + dropped, MANY);
	for (int i = 0; i < 100 && strstr(sbuf_text(&answer), " records are missing here") == NULL;
	     i++)
		receive(text);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&answer), " records are missing here"));
	close(json);
	close(text);
}
END_TEST

/* The journal was set aside, and another is in its place: readers go over to it. */
START_TEST(control_other_journal)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	int fd = request("tail\tn=0\tfollow=1\tformat=json\n");
	char name[104];

	receive(fd);
	write_journal(1, 100);
	for (uint64_t seq = 1; seq <= 100; seq++)
		record(seq);
	ck_assert_uint_eq(lines(receive_lines(fd, 100, 10000)), 100);
	journal_close(journal);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", journal_path, names[i]);
		unlink(name);
	}
	journal = journal_open(journal_path, true, error, sizeof(error));
	ck_assert_ptr_nonnull(journal);
	write_journal(101, 5000);
	for (uint64_t seq = 101; seq <= 5000; seq++)
		record(seq); /* more than memory holds */
	ck_assert_uint_eq(lines(receive_lines(fd, 4900, 10000)), 4900);
	ck_assert_ptr_null(strstr(sbuf_text(&answer), "dropped"));
	close(fd);
}
END_TEST

HARNESS_MAIN("tail")
{
	TIMEOUT(120);
	FIXTURE(setup, teardown);
	TEST(control_tail);
	TEST(control_after);
	TEST(control_unwritten);
	ROWS(control_past, pasts);
	TEST(control_slow_reader);
	TEST(control_missing);
	TEST(control_other_journal);
}

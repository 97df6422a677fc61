/* collector/control over its socket, with an owner that is the test's: what it answers, whom it
 * asks, and what becomes of readers that are slow or gone. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/control/control.h"
#include "proto/control_request.h"
#include "sinks/journal.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

enum { WORKERS = 2, TURNS = 50, MANY = 12000 };

static char dir[64], socket_path[96], journal_path[96], error[256];
static uv_loop_t loop;
static struct journal *journal;
static struct control *control;
static struct sbuf answer;
static bool ended; /* the answer in `answer` is complete */

/* --- the owner */

static uint32_t asked_id;
static unsigned asked_worker, asked_n;
static struct show_query asked;
static uint64_t open_incidents; /* how many there are */

static bool
ask_worker(void *ctx, unsigned worker, uint32_t id, const struct show_query *q)
{
	(void)ctx;
	if (worker >= WORKERS)
		return false;
	asked_worker = worker;
	asked_id = id;
	asked = *q;
	asked_n++;
	return true;
}

static bool
next_incident(void *ctx, uint64_t *cursor, struct record *out)
{
	(void)ctx;
	*out = sample_incident();
	out->seq = *cursor;
	return (*cursor)++ < open_incidents;
}

static void
rpki_sources(void *ctx, struct printer *p)
{
	(void)ctx;
	printer_row(p, NULL, NULL);
	printer_figure(p, "caches", 1);
	printer_end(p);
}

static const struct vrp_set *
vrps(void *ctx)
{
	(void)ctx;
	return NULL;
}

static enum rpki_state
rpki_state(void *ctx)
{
	(void)ctx;
	return RPKI_NONE;
}

static void
figures(void *ctx, struct control_figures *out)
{
	(void)ctx;
	out->collector = "here";
	out->sessions = 17;
}

static bool
mute(void *ctx, const struct mute_request *q, char *says, size_t size)
{
	char ann[64];

	(void)ctx;
	snprintf(says, size, "%u|%s|%lld|%s", q->verb, q->target, (long long)q->for_us,
	    q->verb == MUTE_END ? "" : q->why);
	snprintf(ann, sizeof(ann), "ann (uid %ld)", (long)getuid());
	if (strcmp(q->who, ann) == 0)
		snprintf(says, size, "ann");
	return strcmp(q->target, "nothing") != 0;
}

static void
mutes(void *ctx, struct printer *p)
{
	(void)ctx;
	printer_row(p, show_verbs[SHOW_MUTES].columns, NULL);
	printer_uint(p, "number", 7);
	printer_end(p);
}

static void
baseline(void *ctx, struct printer *p)
{
	(void)ctx;
	printer_row(p, NULL, NULL);
	printer_uint(p, "prefixes", 4000);
	printer_end(p);
}

static bool
baseline_reset(void *ctx, const char *who, const char *why, char *says, size_t size)
{
	(void)ctx;
	snprintf(says, size, "%s %s", strncmp(who, "ann (uid ", 9) == 0 ? "ann" : "?", why);
	return strcmp(why, "no") != 0;
}

static const struct control_ops ops = { ask_worker, next_incident, rpki_sources, vrps, rpki_state,
	figures, mute, mutes, baseline, baseline_reset };

static void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/bellman-control-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(socket_path, sizeof(socket_path), "%s/s", dir);
	snprintf(journal_path, sizeof(journal_path), "%s/j", dir);
	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
	uv_loop_init(&loop);
	journal = journal_open(journal_path, true, error, sizeof(error));
	ck_assert_msg(journal != NULL, "%s", error);
	control = control_new(&loop, socket_path, journal_path, &ops, NULL, error, sizeof(error));
	asked_n = 0;
	open_incidents = 3;
	ck_assert_msg(control != NULL, "%s", error);
	answer = sbuf_of(64 * 1024 * 1024);
}

static void
teardown(void)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	char name[104];

	control_close(control);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	ck_assert_int_ne(access(socket_path, F_OK), 0);
	journal_close(journal);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", journal_path, names[i]);
		unlink(name);
	}
	rmdir(dir);
	sbuf_free(&answer);
}

/* --- the reader */

/* The loop runs, and the thread that reads records gets its time. */
static void
turn(void)
{
	for (int i = 0; i < TURNS; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	uv_sleep(1);
	uv_run(&loop, UV_RUN_NOWAIT);
}

/* A connection that has sent these octets. */
static int
request(const char *text)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t n = strlen(text);

	text_copy(un.sun_path, sizeof(un.sun_path), socket_path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(send(fd, text, n, MSG_NOSIGNAL), (ssize_t)n);
	turn();
	return fd;
}

static unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

/* Read into `answer` until it has so many lines, or ends, or nothing comes for too long. */
static const char *
receive_lines(int fd, unsigned wanted, int idle_turns)
{
	char buf[65536];
	ssize_t n;

	sbuf_clear(&answer);
	ended = false;
	for (int idle = 0;
	     idle < idle_turns && !ended && (wanted == 0 || lines(sbuf_text(&answer)) < wanted);
	     idle++) {
		turn();
		while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
			sbuf_add(&answer, buf, (size_t)n);
			idle = 0;
			uv_run(&loop, UV_RUN_NOWAIT);
		}
		ended = n == 0;
	}
	ck_assert(!answer.failed);
	return sbuf_text(&answer);
}

/* What there is, and what comes while reading. */
static const char *
receive(int fd)
{
	return receive_lines(fd, 0, 100);
}

/* All of an answer that has an end. */
static const char *
receive_end(int fd)
{
	receive_lines(fd, 0, 10000);
	ck_assert(ended);
	return sbuf_text(&answer);
}

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

/* --- answers */

#define PREFIX_WANTED  "error\tnot a prefix; right would be 192.0.2.0/24 or 2001:db8::/32\n"

#define SECONDS_WANTED "error\tsince is no number of seconds; right would be 3600\n"

#define TARGET_WANTED                                                                              \
	"error\tof what? right would be the id of an incident, or a filter as kind ~ leak\n"
#define FOR_WANTED "error\tfor is from a second to 366 days; right would be 7200\n"
#define FROM_WANTED                                                                                \
	"error\tfrom is a time to come within 366 days; right would be 2030-01-31T02:00Z or "      \
	"+30m, or nothing for now\n"
#define WHY_WANTED "error\tsay why, in less than 160 octets\n"

static const struct {
	const char *request, *answer;
} answers[] = {
	{ "nothing\n", "error\tunknown request; right would be tail, show, mute, ack, "
		       "unmute or baseline\n" },
	{ "\n", "error\tunknown request; right would be tail, show, mute, ack, "
		"unmute or baseline\n" },
	{ "show\n", "error\tshow what? routers, peers, incidents, incident, routes, rpki, mutes or "
		    "stats\n" },
	{ "show\twhat=route\n", "error\tshow what? routers, peers, incidents, incident, routes, "
				"rpki, mutes or stats\n" },
	{ "show\twhat=routes\n", PREFIX_WANTED },
	{ "show\twhat=routes\tprefix=10.0.0.0/33\n", PREFIX_WANTED },
	{ "show\twhat=rpki\tprefix=\n", PREFIX_WANTED },
	{ "show\twhat=rpki\tprefix=192.0.2.0/24\tasn=AS64500\n",
	    "ok\n192.0.2.0/24 AS64500 not-found, RPKI data: no-data\n" },
	{ "show\twhat=rpki\tprefix=192.0.2.0/24\tasn=64500\tformat=json\n",
	    "ok\n{\"prefix\":\"192.0.2.0/24\",\"origin\":64500,\"state\":\"not-found\","
	    "\"rpki_state\":\"no-data\",\"vrps\":[]}\n" },
	{ "show\twhat=rpki\tformat=json\n", "ok\n{\"caches\":1}\n" },
	{ "show\twhat=incidents\tfilter=severity = info\n", "ok\n" },
	{ "show\twhat=incidents\tfilter=severity\n", NULL },
	{ "tail\tfilter=severity\n", NULL },
	{ "tail\tfilter=\033[31m\n", "error\tfilter, column 1: \"?[31m\" is no field; right would "
				     "be severity, kind, router, "
				     "peer, table, as, origin, prefix, transition, type, "
				     "reason, id, muted or dry_run\n" },
	{ "tail\tsince=nan\n", SECONDS_WANTED },
	{ "tail\tsince=inf\n", SECONDS_WANTED },
	{ "tail\tsince=-1\n", SECONDS_WANTED },
	{ "tail\tsince=1h\n", SECONDS_WANTED },
	{ "tail\tsince=\n", SECONDS_WANTED },
	{ "tail\tsince=1e308\n", "ok\n" },
	{ "tail\tsince=1e308\tend=1\n", "ok\tend\n\004\n" },
	{ "tail\tn=ten\n", "error\tn is no number of records; right would be 10, or 0 for none\n" },
	{ "tail\tn=-1\n", "error\tn is no number of records; right would be 10, or 0 for none\n" },
	{ "tail\tn=99999999999999999999\n", "ok\n" },
	{ "tail\tcount=x\n",
	    "error\tcount is no number of records; right would be 10, or 0 for any number\n" },
	{ "show\twhat=rpki\tformat=json\tend=1\n", "ok\tend\n{\"caches\":1}\n\004\n" },
	{ "show\twhat=route\tend=1\n", "error\tshow what? routers, peers, incidents, incident, "
				       "routes, rpki, mutes or stats\n" },
	{ "tail\n", "ok\n" },
	{ "baseline\tdo=show\tformat=json\n", "ok\n{\"prefixes\":4000}\n" },
	{ "baseline\tdo=reset\twho=ann\twhy=migration\n", "ok\nann migration\n" },
	{ "baseline\tdo=reset\twho=ann\twhy=no\n", "error\tann no\n" },
	{ "baseline\n", "error\tdo what with the baseline? right would be show or reset\n" },
	{ "mute\ttarget=kind ~ leak\tfor=7200\twhy=known\n",
	    "ok\n0|kind ~ leak|7200000000|known\n" },
	{ "mute\ttarget=as 7\tfor=1\twhy=w\tformat=json\n",
	    "ok\n{\"said\":\"0|as 7|1000000|w\"}\n" },
	{ "ack\ttarget=0123456789abcdef0123456789abcdef\twhy=seen\n",
	    "ok\n1|0123456789abcdef0123456789abcdef|0|seen\n" },
	{ "unmute\ttarget=all\twho=ann\n", "ok\nann\n" },
	{ "unmute\ttarget=all\n", "ok\n2|all|0|\n" },
	{ "unmute\ttarget=nothing\n", "error\t2|nothing|0|\n" },
	{ "unmute\n", TARGET_WANTED },
	{ "mute\tfor=1\twhy=w\n", TARGET_WANTED },
	{ "mute\ttarget=as 7\twhy=w\n", FOR_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=0\n", FOR_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=nan\n", FOR_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1e9\n", FOR_WANTED },
	{ "mute\ttarget=as 7\tfor=1\n", WHY_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=1700000000\n", FROM_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=1e11\n", FROM_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=\n", FROM_WANTED },
	{ "mute\ttarget=as 7\twhy=w\tfor=1\tfrom=soon\n", FROM_WANTED },
	{ "ack\ttarget=as 7\twhy=w\n",
	    "error\tan ack is of one incident; right would be its id, 32 hexadecimal digits\n" },
};

START_TEST(control_answers)
{
	int fd = request(answers[_i].request);
	const char *got = receive_end(fd);

	if (answers[_i].answer != NULL)
		ck_assert_str_eq(got, answers[_i].answer);
	else
		ck_assert_int_eq(strncmp(got, CONTROL_ERROR, strlen(CONTROL_ERROR)), 0);
	close(fd);
}
END_TEST

static const char *
right_value(const char *key)
{
	static const struct {
		const char *key, *value;
	} values[] = {
		{ "filter", "severity = info" },
		{ "prefix", "192.0.2.0/24" },
		{ "asn", "64500" },
		{ "id", "00112233445566778899aabbccddeeff" },
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].key, key) == 0)
			return values[i].value;
	ck_abort_msg("no right value of %s in values[]", key);
	return NULL;
}

/* Every verb with all its arguments: somebody answers it. */
START_TEST(control_every_verb)
{
	const struct show_verb *v = &show_verbs[_i];
	char text[CONTROL_REQUEST_MAX];
	struct txt t = txt_of(text, sizeof(text));
	const char *got;
	int fd;

	ck_assert_msg(v->name != NULL, "verb %d has no name", _i);
	txt_putf(&t, "show\twhat=%s", v->name);
	for (int k = 0; k < SHOW_KEYS_MAX && v->keys[k] != NULL; k++)
		txt_putf(&t, "\t%s=%s", v->keys[k], right_value(v->keys[k]));
	txt_puts(&t, "\n");
	asked_id = 0;
	fd = request(text);
	got = receive(fd);
	ck_assert_msg(
	    strncmp(got, CONTROL_OK, strlen(CONTROL_OK)) == 0, "show %s: %s", v->name, got);
	ck_assert_msg((asked_id != 0) == v->by_workers, "show %s: id %u", v->name, asked_id);
	ck_assert(ended != v->by_workers);
	if (v->by_workers)
		ck_assert_int_eq(asked.what, _i);
	for (unsigned w = 0; v->by_workers && w < WORKERS; w++) {
		ck_assert_uint_eq(asked_worker, w);
		control_reply_end(control, asked_id, NULL);
		receive(fd);
	}
	ck_assert(ended);
	close(fd);
}
END_TEST

/* Any number of them, while the loop goes on. */
START_TEST(control_incidents)
{
	int fd;

	open_incidents = _i == 0 ? 3 : MANY;
	fd = request("show\twhat=incidents\tfilter=severity = critical\n");
	ck_assert_uint_eq(lines(receive_end(fd)), 1 + open_incidents);
	close(fd);
}
END_TEST

/* Whether the line comes at once, octet by octet, or not at all. */
START_TEST(control_request_pieces)
{
	char much[2 * CONTROL_REQUEST_MAX];
	int fd = request("show\twhat=rp");

	ck_assert_str_eq(receive(fd), "");
	ck_assert(!ended);
	ck_assert_int_eq(send(fd, "ki\n", 3, MSG_NOSIGNAL), 3);
	ck_assert_uint_eq(lines(receive(fd)), 2);
	ck_assert(ended);
	close(fd);
	memset(much, 'x', sizeof(much) - 1);
	much[sizeof(much) - 1] = '\0';
	fd = request(much);
	ck_assert_str_eq(receive(fd), "error\trequest too long\n");
	close(fd);
}
END_TEST

/* --- workers */

/* One after the other, a piece at a time, the next when the reader has taken the last. */
START_TEST(control_asks_every_worker)
{
	int fd = request("show\twhat=peers\tformat=json\n");
	const struct engine_place place = { .router = 3, .peers_left = 4 };
	uint32_t id = asked_id;

	ck_assert_uint_eq(asked.what, SHOW_PEERS);
	ck_assert_uint_eq(asked.format, PRINTER_JSON);
	ck_assert_uint_eq(asked.at.router, 0);
	control_reply(control, id, "on", 2);
	control_reply(control, id, "e\n", 2);
	control_reply_end(control, id, &place);
	ck_assert_str_eq(receive(fd), "ok\none\n");
	ck_assert(!ended);
	ck_assert_uint_eq(asked_worker, 0);
	ck_assert_uint_ne(asked_id, id);
	ck_assert_int_eq(memcmp(&asked.at, &place, sizeof(place)), 0);
	control_reply(control, id, "late\n", 5);
	control_reply(control, asked_id, "two\n", 4);
	control_reply_end(control, asked_id, NULL);
	ck_assert_str_eq(receive(fd), "two\n");
	ck_assert_uint_eq(asked_worker, 1);
	ck_assert_uint_eq(asked.at.router, 0);
	control_reply_end(control, asked_id, NULL);
	ck_assert_str_eq(receive(fd), "");
	ck_assert(ended);
	close(fd);
}
END_TEST

START_TEST(control_heading)
{
	int fd = request("show\twhat=routes\tprefix=192.0.2.0/24\tcolour=1\n");
	char text[IP_PREFIX_TEXT_MAX];

	ck_assert_uint_eq(asked.format, PRINTER_COLOUR);
	ck_assert_str_eq(ip_prefix_format(&asked.prefix, text), "192.0.2.0/24");
	ck_assert_int_eq(strncmp(receive(fd), "ok\nROUTER ", 10), 0);
	ck_assert_uint_eq(lines(sbuf_text(&answer)), 2);
	close(fd);
}
END_TEST

/* A reader that is gone is asked for no longer; one that has only said all it has to say is. */
START_TEST(control_reader_leaves)
{
	int fd = request("show\twhat=peers\n"), polite;
	const struct engine_place place = { .router = 1 };

	close(fd);
	turn();
	ck_assert_uint_eq(asked_n, 1);
	control_reply(control, asked_id, "nobody reads this\n", 18);
	control_reply_end(control, asked_id, &place);
	turn();
	ck_assert_uint_eq(asked_n, 1);
	polite = request("show\twhat=peers\n");
	shutdown(polite, SHUT_WR);
	turn();
	control_reply(control, asked_id, "a row\n", 6);
	control_reply_end(control, asked_id, &place);
	ck_assert_ptr_nonnull(strstr(receive(polite), "a row\n"));
	ck_assert_uint_eq(asked_n, 3);
	control_reply_end(control, asked_id, NULL);
	close(polite);
}
END_TEST

/* However many ask, few queries are out, and who does not read gets no second piece. */
START_TEST(control_few_queries)
{
	enum { READERS = 100 };
	const struct engine_place place = { .router = 1 };
	int fd[READERS];
	char *much = calloc(1, 1 << 20);
	unsigned before;

	memset(much, 'x', 1 << 20);
	for (int i = 0; i < READERS; i++)
		fd[i] = request("show\twhat=peers\n");
	before = asked_n;
	ck_assert_uint_gt(before, 0);
	ck_assert_uint_lt(before, 10);
	for (unsigned done = 0; done < READERS; done++) {
		/* what is out is answered, whoever it is for, and each asks once */
		uint32_t id = asked_id - (asked_n - done - 1);

		control_reply(control, id, much, 1 << 20);
		control_reply_end(control, id, &place);
		turn();
	}
	ck_assert_uint_eq(asked_n, READERS);
	receive(fd[7]);
	ck_assert_uint_gt(answer.len, 1 << 20);
	ck_assert_uint_eq(asked_n, READERS + 1);
	for (int i = 0; i < READERS; i++)
		close(fd[i]);
	free(much);
}
END_TEST

START_TEST(control_sums)
{
	int fd = request("show\twhat=stats\tformat=json\n");
	struct engine_stats one = { .routers = 2, .routes = 40 };
	const char *got;

	for (int w = 0; w < WORKERS; w++) {
		control_reply(control, asked_id, &one, sizeof(one));
		control_reply_end(control, asked_id, NULL);
		turn();
	}
	got = receive(fd);
	ck_assert(ended);
	ck_assert_ptr_nonnull(strstr(got, "{\"collector\":\"here\","));
	ck_assert_ptr_nonnull(strstr(got, "\"sessions\":17,"));
	ck_assert_ptr_nonnull(strstr(got, "\"routers\":4,"));
	ck_assert_ptr_nonnull(strstr(got, "\"routes\":80,"));
	close(fd);
}
END_TEST

/* --- tail */

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

/* The answer is JSON lines of records with these numbers, step by step, and none else. */
static void
check_numbers(const char *text, uint64_t first, uint64_t last, uint64_t step)
{
	unsigned long long seq;

	ck_assert_int_eq(strncmp(text, CONTROL_OK, strlen(CONTROL_OK)), 0);
	text = strchr(text, '\n') + 1;
	for (uint64_t want = first; want <= last; want += step) {
		const char *at = strstr(text, "\"seq\":");

		require(at != NULL && sscanf(at, "\"seq\":%llu", &seq) == 1 && seq == want,
		    "record %llu: %.60s", (unsigned long long)want, text);
		text = strchr(text, '\n') + 1;
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

/* However long it is, the past is told whole. */
static const struct {
	const char *words;
	uint64_t first, last, step;
} pasts[] = {
	{ "since=1e9", 1, 0, 1 }, /* the records are of 1970 */
	{ "since=1e10", 1, MANY, 1 },
	{ "n=99999", 1, MANY, 1 },
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

/* --- the socket */

START_TEST(control_second_listener)
{
	struct control *other =
	    control_new(&loop, socket_path, journal_path, &ops, NULL, error, sizeof(error));
	char path[150]; /* longer than a socket may have */

	ck_assert_ptr_null(other);
	ck_assert_ptr_nonnull(strstr(error, "belongs to a running collector"));
	turn();
	ck_assert_int_eq(access(socket_path, F_OK), 0);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_ptr_null(
	    control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "is longer than"));
}
END_TEST

/* Whoever takes the places, there is one for the next who asks something. */
START_TEST(control_full)
{
	enum { SILENT = 300, FOLLOWERS = 250 };
	int silent[SILENT], follower[FOLLOWERS], fd;
	unsigned following = 0;

	for (int i = 0; i < SILENT; i++)
		silent[i] = request(i % 2 ? "" : "show\twhat=rp");
	for (int i = 0; i < FOLLOWERS; i++)
		follower[i] = request("tail\tfollow=1\tn=0\n");
	fd = request("show\twhat=rpki\n");
	ck_assert_uint_eq(lines(receive_end(fd)), 2);
	close(fd);
	for (int i = 0; i < FOLLOWERS; i++) {
		char buf[256] = "";
		ssize_t n = recv(follower[i], buf, sizeof(buf) - 1, MSG_DONTWAIT);

		require(n > 0, "follower %d is closed without a word", i);
		following += strcmp(buf, CONTROL_OK) == 0;
		require(
		    strcmp(buf, CONTROL_OK) == 0 || strstr(buf, "readers follow already") != NULL,
		    "%s", buf);
		close(follower[i]);
	}
	ck_assert_uint_eq(following, 192);
	for (int i = 0; i < SILENT; i++)
		close(silent[i]);
}
END_TEST

/* The folder is made; what is no socket is left alone; what is not ours any more, too. */
START_TEST(control_path)
{
	struct control *other;
	char path[128], folder[104];
	struct stat st;
	FILE *f;

	snprintf(folder, sizeof(folder), "%s/made", dir);
	snprintf(path, sizeof(path), "%s/s", folder);
	other = control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error));
	ck_assert_msg(other != NULL, "%s", error);
	ck_assert(stat(path, &st) == 0 && S_ISSOCK(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 0777, 0660);
	/* somebody else has the name now */
	unlink(path);
	f = fopen(path, "w");
	ck_assert(f != NULL && fputs("precious\n", f) > 0 && fclose(f) == 0);
	control_close(other);
	turn();
	ck_assert(stat(path, &st) == 0 && S_ISREG(st.st_mode));
	ck_assert_ptr_null(
	    control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, path));
	ck_assert_ptr_nonnull(strstr(error, "left alone"));
	ck_assert(stat(path, &st) == 0 && st.st_size == 9);
	turn();
	unlink(path);
	rmdir(folder);
	snprintf(path, sizeof(path), "%s/none/either/s", dir);
	ck_assert_ptr_null(
	    control_new(&loop, path, journal_path, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "/none/either cannot be made: No such file"));
}
END_TEST

HARNESS_MAIN("control")
{
	TIMEOUT(120);
	FIXTURE(setup, teardown);
	ROWS(control_answers, answers);
	LOOP(control_every_verb, SHOW_VERBS);
	LOOP(control_incidents, 2);
	TEST(control_request_pieces);
	TEST(control_asks_every_worker);
	TEST(control_heading);
	TEST(control_reader_leaves);
	TEST(control_few_queries);
	TEST(control_sums);
	TEST(control_tail);
	TEST(control_unwritten);
	ROWS(control_past, pasts);
	TEST(control_slow_reader);
	TEST(control_missing);
	TEST(control_other_journal);
	TEST(control_full);
	TEST(control_path);
	TEST(control_second_listener);
}

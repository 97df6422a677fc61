/* collector/control over its socket, with an owner that is the test's: what it answers, whom it
 * asks, and what becomes of readers that are slow or gone. */
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/control/control.h"
#include "proto/control_request.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

enum { WORKERS = 2, TURNS = 50, SLOW_RECORDS = 12000 };

static char dir[64], socket_path[96], journal_path[96], error[256];
static uv_loop_t loop;
static struct journal *journal;
static struct control *control;
static struct sbuf answer;
static bool ended; /* the answer in `answer` is complete */

/* --- the owner */

static uint32_t asked_id;
static struct show_query asked;

static unsigned
ask_workers(void *ctx, uint32_t id, const struct show_query *q)
{
	(void)ctx;
	asked_id = id;
	asked = *q;
	return WORKERS;
}

static bool
incident(void *ctx, uint32_t index, struct record *out)
{
	(void)ctx;
	*out = sample_incident();
	return index < 3;
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

static void
figures(void *ctx, struct control_figures *out)
{
	(void)ctx;
	out->collector = "here";
	out->sessions = 17;
}

static const struct control_ops ops = { ask_workers, incident, rpki_sources, vrps, figures };

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
	control = control_new(&loop, socket_path, journal, &ops, NULL, error, sizeof(error));
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

static void
turn(void)
{
	for (int i = 0; i < TURNS; i++)
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

/* Read what there is, and what comes while reading, into `answer`. */
static const char *
receive(int fd)
{
	char buf[65536];
	ssize_t n;

	sbuf_clear(&answer);
	ended = false;
	for (int idle = 0; idle < 3 && !ended; idle++) {
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

static unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

static void
record(uint64_t seq)
{
	struct record r = sample_incident();

	r.seq = seq;
	control_record(control, &r);
}

/* --- answers */

#define PREFIX_WANTED "error\tnot a prefix; right would be 192.0.2.0/24 or 2001:db8::/32\n"

static const struct {
	const char *request, *answer;
} answers[] = {
	{ "nothing\n", "error\tunknown request; right would be tail or show\n" },
	{ "\n", "error\tunknown request; right would be tail or show\n" },
	{ "show\n", "error\tshow what? routers, peers, incidents, routes, rpki or stats\n" },
	{ "show\twhat=route\n",
	    "error\tshow what? routers, peers, incidents, routes, rpki or stats\n" },
	{ "show\twhat=routes\n", PREFIX_WANTED },
	{ "show\twhat=routes\tprefix=10.0.0.0/33\n", PREFIX_WANTED },
	{ "show\twhat=rpki\tprefix=\n", PREFIX_WANTED },
	{ "show\twhat=rpki\tprefix=192.0.2.0/24\tasn=AS64500\n",
	    "ok\n192.0.2.0/24 AS64500 not-found\n" },
	{ "show\twhat=rpki\tprefix=192.0.2.0/24\tasn=64500\tformat=json\n",
	    "ok\n{\"prefix\":\"192.0.2.0/24\",\"origin\":64500,\"state\":\"not-found\","
	    "\"vrps\":[]}\n" },
	{ "show\twhat=rpki\tformat=json\n", "ok\n{\"caches\":1}\n" },
	{ "show\twhat=incidents\tfilter=severity = info\n", "ok\n" },
	{ "show\twhat=incidents\tfilter=severity\n", NULL },
	{ "tail\tfilter=severity\n", NULL },
	{ "tail\n", "ok\n" },
};

START_TEST(control_answers)
{
	int fd = request(answers[_i].request);
	const char *got = receive(fd);

	ck_assert(ended);
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
	for (int w = 0; v->by_workers && w < WORKERS; w++)
		control_reply_end(control, asked_id);
	receive(fd);
	ck_assert(ended);
	close(fd);
}
END_TEST

START_TEST(control_incidents)
{
	int fd = request("show\twhat=incidents\tfilter=severity = critical\n");

	ck_assert_uint_eq(lines(receive(fd)), 1 + 3);
	ck_assert(ended);
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

START_TEST(control_asks_every_worker)
{
	int fd = request("show\twhat=peers\tformat=json\n");
	uint32_t id = asked_id;

	ck_assert_uint_eq(asked.what, SHOW_PEERS);
	ck_assert_uint_eq(asked.format, PRINTER_JSON);
	control_reply(control, id, "one\n", 4);
	control_reply_end(control, id);
	ck_assert_str_eq(receive(fd), "ok\none\n");
	ck_assert(!ended);
	control_reply(control, id + 1, "of another\n", 11);
	control_reply(control, id, "two\n", 4);
	control_reply_end(control, id);
	ck_assert_str_eq(receive(fd), "two\n");
	ck_assert(ended);
	close(fd);
	/* late answers find nobody */
	control_reply(control, id, "late\n", 5);
	control_reply_end(control, id);
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
	turn();
	control_reply(control, asked_id, "nobody reads this\n", 18);
	control_reply_end(control, asked_id);
}
END_TEST

START_TEST(control_sums)
{
	int fd = request("show\twhat=stats\tformat=json\n");
	struct engine_stats one = { .routers = 2, .routes = 40 };
	const char *got;

	for (int w = 0; w < WORKERS; w++) {
		control_reply(control, asked_id, &one, sizeof(one));
		control_reply_end(control, asked_id);
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

/* A reader that does not keep up loses lines and reads how many; nobody waits for it. */
START_TEST(control_slow_reader)
{
	int fd = request("tail\tn=0\tfollow=1\tformat=json\n");
	unsigned long dropped;
	const char *got;
	unsigned n;

	ck_assert_str_eq(receive(fd), "ok\n");
	for (uint64_t seq = 1; seq <= SLOW_RECORDS; seq++)
		record(seq);
	n = lines(receive(fd));
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(n, SLOW_RECORDS);
	record(SLOW_RECORDS + 1);
	got = receive(fd);
	ck_assert_uint_eq(lines(got), 2);
	ck_assert_int_eq(sscanf(got, "{\"dropped\":%lu}\n", &dropped), 1);
	ck_assert_uint_eq(n + dropped, SLOW_RECORDS);
	close(fd);
}
END_TEST

/* --- the socket */

START_TEST(control_second_listener)
{
	struct control *other =
	    control_new(&loop, socket_path, journal, &ops, NULL, error, sizeof(error));
	char path[150]; /* longer than a socket may have */

	ck_assert_ptr_null(other);
	ck_assert_ptr_nonnull(strstr(error, "belongs to a running collector"));
	turn();
	ck_assert_int_eq(access(socket_path, F_OK), 0);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_ptr_null(control_new(&loop, path, journal, &ops, NULL, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "is longer than"));
	ck_assert_ptr_null(
	    control_new(&loop, "/nowhere/s", journal, &ops, NULL, error, sizeof(error)));
}
END_TEST

HARNESS_MAIN("control")
{
	FIXTURE(setup, teardown);
	ROWS(control_answers, answers);
	LOOP(control_every_verb, SHOW_VERBS);
	TEST(control_incidents);
	TEST(control_request_pieces);
	TEST(control_asks_every_worker);
	TEST(control_heading);
	TEST(control_sums);
	TEST(control_tail);
	TEST(control_slow_reader);
	TEST(control_second_listener);
}

/* The log: levels, limits, lines. */
#include "base/log.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/sbuf.h"
#include "tests/unit/support/harness.h"

START_TEST(log_allowed_counts_what_it_holds_back)
{
	struct log_limit l = { .burst = 2, .period_us = 1000 };
	static const struct {
		int64_t now_us;
		bool allowed;
		uint32_t suppressed;
	} steps[] = {
		{ 5000, true, 0 },
		{ 5001, true, 0 },
		{ 5002, false, 0 },
		{ 5999, false, 0 },
		{ 6000, true, 2 }, /* a new period, and it says what was held back */
		{ 6001, true, 0 },
		{ 6002, false, 0 },
		{ 99000, true, 1 },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		uint32_t suppressed = 77;

		ck_assert_msg(log_allowed(&l, steps[i].now_us, &suppressed) == steps[i].allowed,
		    "step %zu", i);
		ck_assert_msg(suppressed == steps[i].suppressed, "step %zu: %u", i, suppressed);
	}
}
END_TEST

/* What a call of log_msg writes to standard error. */
static void
logged(enum log_format format, const char *text, char *out, size_t size)
{
	char name[] = "/tmp/test_log_XXXXXX";
	int file = mkstemp(name), saved = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert(file >= 0 && saved >= 0);
	unlink(name);
	fflush(stderr);
	dup2(file, STDERR_FILENO);
	log_setup(LOG_INFO, format);
	log_debug("router", "not at this level");
	log_info("router", "%s", text);
	dup2(saved, STDERR_FILENO);
	n = pread(file, out, size - 1, 0);
	ck_assert_int_ge(n, 0);
	out[n] = '\0';
	close(file);
	close(saved);
}

/* Whatever a router says, a line is one whole line, and in JSON one whole object. */
START_TEST(log_lines_stay_lines)
{
	static const char fill[] = { 'a', '"', '\\', '\n', '\x7f', '\xe9' };
	char *text = malloc(6001), *out = malloc(40000);

	unsetenv("JOURNAL_STREAM");
	for (size_t i = 0; i < sizeof(fill); i++) {
		for (size_t n = 10; n <= 6000; n += 5990) {
			json_t *back;

			memset(text, fill[i], n);
			text[n] = '\0';
			logged(LOG_JSON, text, out, 40000);
			ck_assert_msg(strchr(out, '\n') == out + strlen(out) - 1,
			    "fill %02x, %zu: not one line", (uint8_t)fill[i], n);
			back = json_loads(out, 0, NULL);
			ck_assert_msg(back != NULL, "fill %02x, %zu", (uint8_t)fill[i], n);
			ck_assert_str_eq(json_string_value(json_object_get(back, "level")), "info");
			json_decref(back);
			logged(LOG_TEXT, text, out, 40000);
			ck_assert(strchr(out, '\n') == out + strlen(out) - 1);
			ck_assert_ptr_nonnull(strstr(out, " info    router: "));
		}
	}
	free(text);
	free(out);
}
END_TEST

/* --- who reads standard error has stopped */

enum { LINES = 20000, LINE_OCTETS = 100 }; /* more than pipe and memory hold */

static void
pipe_ends(int fd[2])
{
	ck_assert_int_eq(pipe(fd), 0);
}

static void
socket_ends(int fd[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
}

static void
terminal_ends(int fd[2])
{
	struct termios raw;

	fd[0] = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert(fd[0] >= 0 && grantpt(fd[0]) == 0 && unlockpt(fd[0]) == 0);
	fd[1] = open(ptsname(fd[0]), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(fd[1], 0);
	ck_assert_int_eq(tcgetattr(fd[1], &raw), 0);
	cfmakeraw(&raw);
	ck_assert_int_eq(tcsetattr(fd[1], TCSANOW, &raw), 0);
}

static void (*const ends[])(int fd[2]) = { pipe_ends, socket_ends, terminal_ends };

/* Take all there is. */
static void
drain(int fd, struct sbuf *to)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		sbuf_add(to, buf, (size_t)n);
}

/* No line waits for it; what there is no room for is counted, and told when there is. */
START_TEST(log_waits_for_nobody)
{
	int fd[2], saved = dup(STDERR_FILENO);
	struct sbuf all = sbuf_of(64 * 1024 * 1024);
	unsigned long whole = 0, dropped = 0, n;
	char fill[LINE_OCTETS];

	memset(fill, 'x', sizeof(fill) - 1);
	fill[sizeof(fill) - 1] = '\0';
	unsetenv("JOURNAL_STREAM");
	ends[_i](fd);
	dup2(fd[1], STDERR_FILENO);
	log_setup(LOG_INFO, LOG_TEXT);
	for (int i = 0; i < LINES; i++)
		log_info("router", "%s", fill);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 1000; i++) {
		drain(fd[0], &all);
		log_flush();
	}
	log_info("router", "%s", fill);
	log_finish(1000);
	dup2(saved, STDERR_FILENO);
	drain(fd[0], &all);
	for (char *line = strtok(all.data, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (sscanf(line,
			"%*s warning log: lines were dropped: nobody read standard error "
			"dropped=%lu",
			&n) == 1)
			dropped += n;
		else
			whole += strstr(line, "info    router: ") != NULL &&
				 strlen(strstr(line, "xxx")) == sizeof(fill) - 1;
	}
	ck_assert_uint_gt(dropped, 0);
	ck_assert_uint_eq(whole + dropped, LINES + 1);
	close(fd[0]);
	close(fd[1]);
	close(saved);
	sbuf_free(&all);
}
END_TEST

/* Nor does the end of the program, and nobody reads is no reason to die. */
START_TEST(log_without_reader)
{
	int fd[2], saved = dup(STDERR_FILENO);

	signal(SIGPIPE, SIG_IGN);
	pipe_ends(fd);
	dup2(fd[1], STDERR_FILENO);
	close(fd[1]);
	log_setup(LOG_INFO, LOG_TEXT);
	for (int i = 0; i < LINES; i++)
		log_info("router", "the reader is asleep");
	log_finish(20);
	close(fd[0]);
	for (int i = 0; i < LINES; i++)
		log_info("router", "the reader is gone");
	log_finish(20);
	dup2(saved, STDERR_FILENO);
	close(saved);
}
END_TEST

HARNESS_MAIN("log")
{
	TIMEOUT(120);
	TEST(log_allowed_counts_what_it_holds_back);
	TEST(log_lines_stay_lines);
	LOOP(log_waits_for_nobody, sizeof(ends) / sizeof(ends[0]));
	TEST(log_without_reader);
}

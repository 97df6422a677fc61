/* The log: levels, limits, lines. */
#include "base/log.h"

#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

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

HARNESS_MAIN("log")
{
	TIMEOUT(120);
	TEST(log_allowed_counts_what_it_holds_back);
	TEST(log_lines_stay_lines);
}

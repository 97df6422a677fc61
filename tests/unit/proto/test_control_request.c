/* proto/control_request: what one end writes, the other reads, and what neither may break. */
#include "tests/unit/support/harness.h"

#include "proto/control_request.h"

/* The line that an encoder makes: these octets are what other versions send and read. */
START_TEST(test_octets)
{
	struct sbuf line = sbuf_of(1024);

	control_request_begin(&line, "tail");
	control_request_word(&line, "filter", "router ~ \"100%\"\tand\r\nkind = a=b");
	control_request_word(&line, "n", "");
	control_request_end(&line);
	ck_assert_str_eq(
	    sbuf_text(&line), "tail\tfilter=router ~ \"100%25\"%09and%0d%0akind = a=b\tn=\n");
	control_request_begin(&line, "show");
	control_request_end(&line);
	ck_assert_str_eq(sbuf_text(&line), "show\n");
	sbuf_free(&line);
}
END_TEST

START_TEST(test_round)
{
	const char *value = "%41 \t\r\n = % %zz \xc3\xa9";
	struct sbuf text = sbuf_of(1024);
	struct control_request r;

	control_request_begin(&text, "show");
	control_request_word(&text, "filter", value);
	control_request_word(&text, "format", "json");
	control_request_end(&text);
	control_request_parse(text.data, &r);
	ck_assert_str_eq(r.verb, "show");
	ck_assert_uint_eq(r.n, 2);
	ck_assert_str_eq(control_request_value(&r, "filter", ""), value);
	ck_assert(control_request_is(&r, "format", "json"));
	ck_assert(!control_request_is(&r, "format", "text"));
	ck_assert(!control_request_is(&r, "colour", "1"));
	ck_assert_ptr_null(control_request_value(&r, "colour", NULL));
	sbuf_free(&text);
}
END_TEST

/* Whatever a stranger writes: the verb, how many words, the value of "k". */
static const struct {
	const char *line, *verb, *k;
	unsigned n;
} lines[] = {
	{ "", "", NULL, 0 },
	{ "\n", "", NULL, 0 },
	{ "\t\t\n", "", NULL, 0 },
	{ "show", "show", NULL, 0 },
	{ "show\r\n", "show", NULL, 0 },
	{ "show\tk\n", "show", NULL, 0 },
	{ "show\tk=\n", "show", "", 1 },
	{ "show\t\t\tk=v\n", "show", "v", 1 },
	{ "\tshow\tk=v\n", "show", "v", 1 },
	{ "show\tk=1\tk=2\n", "show", "1", 2 },
	{ "show\t=x\tk=y\n", "show", "y", 2 },
	{ "show\tk=%\n", "show", "%", 1 },
	{ "show\tk=%4\n", "show", "%4", 1 },
	{ "show\tk=%4A%4a\n", "show", "JJ", 1 },
	{ "show\tk=a%00b\n", "show", "a", 1 },
	{ "show\tk=a\nshow\tk=b\n", "show", "a", 1 },
};

START_TEST(test_lines)
{
	char *line = (char *)exact_copy(lines[_i].line, strlen(lines[_i].line) + 1);
	const char *k;
	struct control_request r;

	control_request_parse(line, &r);
	k = control_request_value(&r, "k", NULL);
	ck_assert_str_eq(r.verb, lines[_i].verb);
	ck_assert_uint_eq(r.n, lines[_i].n);
	ck_assert((k == NULL) == (lines[_i].k == NULL));
	if (k != NULL)
		ck_assert_str_eq(k, lines[_i].k);
	free(line);
}
END_TEST

START_TEST(test_too_many_words)
{
	struct sbuf text = sbuf_of(CONTROL_REQUEST_MAX);
	struct control_request r;

	control_request_begin(&text, "show");
	for (int i = 0; i < 2 * CONTROL_WORDS_MAX; i++)
		control_request_word(&text, i < CONTROL_WORDS_MAX ? "k" : "late", "v");
	control_request_end(&text);
	control_request_parse(text.data, &r);
	ck_assert_uint_eq(r.n, CONTROL_WORDS_MAX);
	ck_assert_ptr_null(control_request_value(&r, "late", NULL));
	sbuf_free(&text);
}
END_TEST

HARNESS_MAIN("control_request")
{
	TEST(test_octets);
	TEST(test_round);
	ROWS(test_lines, lines);
	TEST(test_too_many_words);
}

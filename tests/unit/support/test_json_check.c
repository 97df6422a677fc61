/* The JSON checker of the fuzz target for `decode`: what it accepts and what it does not. */
#include "tests/unit/support/harness.h"

#include "tests/fuzz/json_check.h"

static const struct {
	const char *text;
	bool good;
} cases[] = {
	{ "{}", true },
	{ "{\"a\":1,\"b\":[],\"c\":{\"a\":-0.5e+3,\"b\":\"\\u00e9\\n\"}}", true },
	{ "{\"a\":[{\"a\":true},{\"a\":null},{\"a\":false}]}", true },
	{ "{\"a\":\"\xc3\xa9\xf0\x9f\x90\x84\"}", true },
	{ "", false },
	{ "[]", false },
	{ "{", false },
	{ "{}}", false },
	{ "{\"a\"}", false },
	{ "{\"a\":}", false },
	{ "{\"a\":1,}", false },
	{ "{\"a\":01}", false },
	{ "{\"a\":1.}", false },
	{ "{\"a\":1e}", false },
	{ "{\"a\":-}", false },
	{ "{\"a\":tru}", false },
	{ "{\"a\":[1 2]}", false },
	{ "{\"a\":\"\n\"}", false },
	{ "{\"a\":\"\\x\"}", false },
	{ "{\"a\":\"\\u00g0\"}", false },
	{ "{\"a\":\"\xc3\"}", false },
	{ "{\"a\":\"\xff\"}", false },
	{ "{\"a\":\"", false },
	{ "{\"a\":1,\"a\":2}", false },
	{ "{\"a\":1,\"b\":{\"a\":1},\"a\":2}", false },
};

START_TEST(test_case)
{
	const char *text = cases[_i].text;

	ck_assert_msg(json_is_object(text, strlen(text)) == cases[_i].good, "%s", text);
}
END_TEST

HARNESS_MAIN("json_check")
{
	ROWS(test_case, cases);
}

/* JSON: shapes, strings of any octets. */
#include "base/jw.h"

#include <jansson.h>

#include "base/pure/utf8.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 20 };

static const struct {
	const char *name, *in, *json; /* as written between the quotes */
	bool utf8;
} strings[] = {
	{ "plain", "AS64511", "AS64511", true },
	{ "empty", "", "", true },
	{ "quotes", "a\"b\\c/", "a\\\"b\\\\c/", true },
	{ "controls", "\n\t\r\x01\x1f\x7f", "\\n\\t\\r\\u0001\\u001f\\u007f", true },
	{ "two octets", "\xc3\xa9", "\xc3\xa9", true },
	{ "three octets", "\xe2\x82\xac", "\xe2\x82\xac", true },
	{ "four octets", "\xf0\x9f\x94\x94", "\xf0\x9f\x94\x94", true },
	{ "last character", "\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd", true },
	{ "last code point", "\xf4\x8f\xbf\xbf", "\\udbff\\udfff", true },
	{ "a turn of direction", "\xe2\x80\xae", "\\u202e", true },
	{ "a tag", "\xf3\xa0\x81\x81", "\\udb40\\udc41", true },
	{ "past the last", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
	    false },
	{ "overlong slash", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "overlong in three", "\xe0\x9f\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "overlong in four", "\xf0\x8f\xbf\xbf",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "before the surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf", true },
	{ "lone continuation", "a\x80z", "a\xef\xbf\xbdz", false },
	{ "cut at the end", "a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "cut by a letter", "\xe2\x82x", "\xef\xbf\xbd\xef\xbf\xbdx", false },
	{ "latin-1", "caf\xe9", "caf\xef\xbf\xbd", false },
	{ "ff", "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", false },
};

START_TEST(json_string_rows)
{
	struct sbuf b = sbuf_of(1000);
	struct jw j = jw_to(&b);
	size_t n = strlen(strings[_i].in);
	char *exact = (char *)exact_copy(strings[_i].in, n);
	char want[100];

	jw_string_n(&j, NULL, exact, n);
	snprintf(want, sizeof(want), "\"%s\"", strings[_i].json);
	ck_assert_msg(strcmp(sbuf_text(&b), want) == 0, "%s: %s", strings[_i].name, sbuf_text(&b));
	ck_assert_msg(utf8_valid(strings[_i].in) == strings[_i].utf8, "%s", strings[_i].name);
	ck_assert(utf8_valid(sbuf_text(&b)));
	free(exact);
	sbuf_free(&b);
}
END_TEST

START_TEST(json_shapes)
{
	struct sbuf b = sbuf_of(1000);
	struct jw j = jw_to(&b);

	jw_object(&j, NULL);
	jw_array(&j, "a");
	jw_uint(&j, NULL, UINT64_MAX);
	jw_int(&j, NULL, INT64_MIN);
	jw_object(&j, NULL);
	jw_end_object(&j);
	jw_array(&j, NULL);
	jw_end_array(&j);
	jw_end_array(&j);
	jw_object(&j, "o\"");
	jw_bool(&j, "t", true);
	jw_bool(&j, "f", false);
	jw_null(&j, "n");
	jw_end_object(&j);
	jw_stringf(&j, "s", "%d%%", 5);
	jw_string_n(&j, "z", "a\0b", 3);
	jw_time_us(&j, "no", 0);
	jw_time_us(&j, "at", 1);
	jw_end_object(&j);
	ck_assert_str_eq(sbuf_text(&b), "{\"a\":[18446744073709551615,-9223372036854775808,{},[]],"
					"\"o\\\"\":{\"t\":true,\"f\":false,\"n\":null},"
					"\"s\":\"5%\",\"z\":\"a\\u0000b\",\"no\":null,"
					"\"at\":\"1970-01-01T00:00:00.000001Z\"}");
	sbuf_free(&b);
}
END_TEST

/* Any octets make a string that a stranger's parser takes, and valid UTF-8 comes back unchanged. */
START_TEST(json_takes_any_octets)
{
	uint64_t rng = seed_of(_i);

	for (int round = 0; round < 300; round++) {
		struct sbuf b = sbuf_of(4000);
		struct jw j = jw_to(&b);
		char in[201];
		size_t n = rnd(&rng) % sizeof(in);
		json_t *back;

		for (size_t i = 0; i < n; i++)
			in[i] = (char)(rnd(&rng) % 3 ? 1 + rnd(&rng) % 127 : 1 + rnd(&rng) % 255);
		if (n == sizeof(in))
			n--;
		in[n] = '\0';
		jw_string(&j, NULL, in);
		ck_assert(!b.failed);
		back = json_loadb(b.data, b.len, JSON_DECODE_ANY, NULL);
		ck_assert_msg(json_is_string(back), "%s", b.data);
		if (utf8_valid(in))
			ck_assert_str_eq(json_string_value(back), in);
		json_decref(back);
		sbuf_free(&b);
	}
}
END_TEST

HARNESS_MAIN("jw")
{
	TIMEOUT(120);
	ROWS(json_string_rows, strings);
	TEST(json_shapes);
	LOOP(json_takes_any_octets, SEEDS);
}

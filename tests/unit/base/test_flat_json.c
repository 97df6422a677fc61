/* Plain JSON objects: what is read is what a parser of all of JSON reads, and the rest is left. */
#include "base/pure/flat_json.h"

#include <jansson.h>

#include "tests/unit/support/harness.h"

enum { SEEDS = 10, CASES = 100000 };

static const struct {
	const char *text;
	bool plain;
} rows[] = {
	{ "{}", true },
	{ "{ }", true },
	{ "{\"a\":1}", true },
	{ "{\"a\" : -7 , \"b\":\"x y\",\r\n\t\"c\":null}", true },
	{ "{\"a\":0}", true },
	{ "{\"a\":999999999999999999}", true },
	{ "{\"a\":\"\"}", true },
	{ "", false },
	{ "[]", false },
	{ "{", false },
	{ "{\"a\":1", false },
	{ "{\"a\":1,}", false },
	{ "{\"a\"}", false },
	{ "{\"a\":01}", false },
	{ "{\"a\":-}", false },
	{ "{\"a\":1.0}", false },
	{ "{\"a\":1e3}", false },
	{ "{\"a\":9999999999999999999}", false },
	{ "{\"a\":true}", false },
	{ "{\"a\":nul}", false },
	{ "{\"a\":[]}", false },
	{ "{\"a\":{}}", false },
	{ "{\"a\":1,\"a\":2}", false },
	{ "{\"\":1}", false },
	{ "{\"a\":\"\\n\"}", false },
	{ "{\"a\":\"\xc3\xa4\"}", false },
	{ "{\"a\":\"\x7f\"}", false },
	{ "{\"a\":\"x", false },
};

START_TEST(plain_or_not)
{
	const char *text = rows[_i].text, *end;
	size_t len = strlen(text);
	char *exact = (char *)exact_copy(text, len);
	struct flat_object o;

	end = flat_json_object(exact, exact + len, &o);
	ck_assert_msg((end != NULL) == rows[_i].plain, "%s", text);
	ck_assert(end == NULL || end == exact + len);
	free(exact);
}
END_TEST

START_TEST(values_by_name)
{
	static const char text[] = "{\"a\":-12,\"bc\":\"x\",\"d\":null} ,";
	struct flat_object o;
	struct flat_value v;

	ck_assert_ptr_eq(flat_json_object(text, text + strlen(text), &o), text + strlen(text) - 2);
	v = flat_json_get(&o, "a");
	ck_assert(v.type == FLAT_INTEGER && v.number == -12 && v.len == 3);
	v = flat_json_get(&o, "bc");
	ck_assert(v.type == FLAT_STRING && v.len == 1 && v.text[0] == 'x');
	ck_assert(flat_json_get(&o, "d").type == FLAT_NULL);
	ck_assert(flat_json_get(&o, "b").type == FLAT_NONE);
}
END_TEST

static bool
is_same(const struct flat_value *v, const json_t *is)
{
	switch (v->type) {
	case FLAT_NULL:
		return json_is_null(is);
	case FLAT_INTEGER:
		return json_is_integer(is) && json_integer_value(is) == v->number;
	case FLAT_STRING:
		return json_is_string(is) && json_string_length(is) == v->len &&
		       memcmp(json_string_value(is), v->text, v->len) == 0;
	default:
		return false;
	}
}

/* Pieces of objects, put together at random. */
static size_t
random_text(uint64_t *rng, char *text)
{
	static const char *const pieces[] = { "{", "}", "\"a\"", "\"bb\"", ":", ",", "1", "-5",
		"\"x\"", "null", " ", "0", "\"\\u0041\"", "1.5", "true", "[]" };
	size_t n = 0;

	text[n++] = '{';
	if (rnd(rng) % 2 == 0) /* a good beginning */
		n += (size_t)sprintf(text + n, "\"k\":%s,", pieces[6 + rnd(rng) % 4]);
	for (unsigned left = rnd(rng) % 8; left > 0; left--)
		n += (size_t)sprintf(text + n, "%s", pieces[rnd(rng) % 16]);
	if (rnd(rng) % 2 == 0)
		n += (size_t)sprintf(text + n, "\"z\":7}");
	return n;
}

START_TEST(as_a_whole_parser_reads_it)
{
	uint64_t rng = seed_of(_i);
	unsigned plain = 0;

	for (unsigned i = 0; i < random_cases(CASES) / SEEDS; i++) {
		char text[256];
		size_t len = random_text(&rng, text);
		struct flat_object o;
		const char *end = flat_json_object(text, text + len, &o);
		json_t *whole;

		if (end == NULL)
			continue;
		plain++;
		whole = json_loadb(text, (size_t)(end - text), JSON_REJECT_DUPLICATES, NULL);
		require(json_is_object(whole) && json_object_size(whole) == o.n, "%.*s", (int)len,
		    text);
		for (unsigned k = 0; k < o.n; k++) {
			char name[16];

			snprintf(
			    name, sizeof(name), "%.*s", (int)o.member[k].len, o.member[k].name);
			require(is_same(&o.member[k].value, json_object_get(whole, name)),
			    "%.*s: %s", (int)len, text, name);
		}
		json_decref(whole);
	}
	ck_assert_uint_gt(plain, 100);
}
END_TEST

HARNESS_MAIN("flat_json")
{
	ROWS(plain_or_not, rows);
	TEST(values_by_name);
	LOOP(as_a_whole_parser_reads_it, SEEDS);
}

/* Files of what neighbours may announce: as bgpq4 writes them, and what is no list. */
#include "tests/unit/support/harness.h"

#include "collector/daemon/customer_file.h"

static char error[192];

static struct customer_entries *
parsed(const char *text)
{
	char *copy = (char *)exact_copy(text, strlen(text));
	struct customer_entries *e;

	error[0] = '\0';
	e = customer_file_parse(copy, strlen(text), NULL, error, sizeof(error));
	free(copy);
	return e;
}

static void
is(const struct customer_prefix *p, const char *text, unsigned least, unsigned most)
{
	char got[IP_PREFIX_TEXT_MAX];

	ck_assert_str_eq(ip_prefix_format(&p->prefix, got), text);
	ck_assert_uint_eq(p->least, least);
	ck_assert_uint_eq(p->most, most);
}

START_TEST(as_bgpq4_writes_it)
{
	struct customer_entries *e = parsed(
	    "{ \"NN\": [\n    { \"prefix\": \"20.0.0.0\\/24\", \"exact\": true },\n"
	    "    { \"prefix\": \"20.1.0.0\\/16\", \"exact\": false, \"less-equal\": 24 },\n"
	    "    { \"prefix\": \"20.2.0.0\\/15\", \"exact\": false,\n"
	    "      \"greater-equal\": 17, \"less-equal\": 18 },\n"
	    "    { \"prefix\": \"2a00::\\/32\", \"exact\": false, \"greater-equal\": 48 }\n"
	    "] }\n");

	ck_assert_msg(e != NULL, "%s", error);
	ck_assert_uint_eq(e->prefixes_n, 4);
	ck_assert_uint_eq(e->asns_n, 0);
	is(&e->prefixes[0], "20.0.0.0/24", 24, 24);
	is(&e->prefixes[1], "20.1.0.0/16", 16, 24);
	is(&e->prefixes[2], "20.2.0.0/15", 17, 18);
	is(&e->prefixes[3], "2a00::/32", 48, 128);
	customer_entries_free(e);
}
END_TEST

START_TEST(origins_and_lists_by_hand)
{
	struct customer_entries *e = parsed("{\"NN\": [\n  64501,64502\n]}\n");

	ck_assert_msg(e != NULL, "%s", error);
	ck_assert_uint_eq(e->asns_n, 2);
	ck_assert_uint_eq(e->asns[1], 64502);
	customer_entries_free(e);
	e = parsed("[\"20.0.0.0/24\", \"2a00::/32\", \"as64501\", 4200000000]");
	ck_assert_msg(e != NULL, "%s", error);
	ck_assert_uint_eq(e->prefixes_n, 2);
	is(&e->prefixes[1], "2a00::/32", 32, 32);
	ck_assert_uint_eq(e->asns_n, 2);
	customer_entries_free(e);
	e = parsed("{\"prefixes\": [\"20.0.0.0/24\"], \"more\": [], \"origins\": [1]}");
	ck_assert_msg(e != NULL && e->prefixes_n == 1 && e->asns_n == 1, "%s", error);
	customer_entries_free(e);
}
END_TEST

/* What is none, and what is said of it. */
static const struct {
	const char *text, *says;
} wrong[] = {
	{ "", "the file is empty" },
	{ " \n", "the file is empty" },
	{ "{ \"NN\": [\n] }", "no prefix and no AS number in it, which is no list" },
	{ "[]", "no prefix and no AS number in it, which is no list" },
	{ "{}", "no prefix and no AS number in it, which is no list" },
	{ "no ip prefix-list NN", "line 1: not JSON; right would be what bgpq4 -j writes" },
	{ "{ \"NN\": [\n { \"prefix\": \"20.0.0.0/24\", \"exact\": true },\n", "line 3: " },
	{ "[\"20.0.0.0/24\"", "the text ends where ','" },
	{ "[\"20.0.0.0/24\"] x", "something is behind the list" },
	{ "[\"20.0.0.1/24\"]", "\"20.0.0.1/24\" is no prefix and no AS number" },
	{ "[\"AS-EXAMPLE\"]", "an AS-SET is to be expanded (bgpq4 -jt)" },
	{ "[\"AS4294967296\"]", "from 1 to 4294967295" },
	{ "[0]", "from 1 to 4294967295" },
	{ "[1.5]", "a prefix, an AS number or" },
	{ "{\"NN\": {}}", "'[' should be here" },
	{ "[{\"exact\": true}]", "\"prefix\" should be a prefix" },
	{ "[{\"prefix\": \"20.0.0.0/24\", \"exact\": true, \"less-equal\": 25}]", "is \"exact\"" },
	{ "[{\"prefix\": \"20.0.0.0/24\", \"less-equal\": 33}]", "from 24 to 32" },
	{ "[{\"prefix\": \"20.0.0.0/24\", \"greater-equal\": 23}]", "from 24 to 32" },
	{ "[{\"prefix\": \"20.0.0.0/24\", \"greater-equal\": 26, \"less-equal\": 25}]",
	    "from 24 to 32" },
	{ "[{\"prefix\": \"20.0.0.0/24\", \"less-equal\": \"25\"}]", "from 24 to 32" },
};

START_TEST(what_is_no_list)
{
	ck_assert_ptr_null(parsed(wrong[_i].text));
	ck_assert_msg(strstr(error, wrong[_i].says) != NULL, "\"%s\": %s", wrong[_i].text, error);
}
END_TEST

/* A file that is cut is none, wherever it is. */
START_TEST(cut_anywhere)
{
	static const char text[] = "{\"NN\": [{\"prefix\": \"20.0.0.0/24\", \"exact\": true}, 1]}";

	for (size_t n = 0; n + 1 < sizeof(text); n++) {
		char *copy = (char *)exact_copy(text, n);

		ck_assert_ptr_null(customer_file_parse(copy, n, NULL, error, sizeof(error)));
		ck_assert_str_ne(error, "");
		free(copy);
	}
}
END_TEST

HARNESS_MAIN("customer_file")
{
	TEST(as_bgpq4_writes_it);
	TEST(origins_and_lists_by_hand);
	ROWS(what_is_no_list, wrong);
	TEST(cut_anywhere);
}

/* Names and values in two columns: folded at blanks, counted in characters, and fit to be shown. */
#include "tests/unit/support/harness.h"

#include "cli/fields.h"

static const struct {
	unsigned width;
	const char *name, *value, *text;
} fields[] = {
	{ 0, "path", "64500 64501", "  path         64500 64501\n" },
	{ 0, NULL, "and more", "               and more\n" },
	{ 0, "a-name-that-is-long", "x", "  a-name-that-is-long x\n" },
	{ 0, "empty", "", "  empty        \n" },
	{ 26, "path", "64500 64501 64502", "  path         64500 64501\n               64502\n" },
	{ 25, "path", "64500 64501", "  path         64500\n               64501\n" },
	{ 20, "word", "longer-than-the-line x",
	    "  word         longer-than-the-line\n"
	    "               x\n" },
	/* two octets a character */
	{ 26, "name",
	    "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9 \xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9",
	    "  name         \xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9 "
	    "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9\n" },
	/* a terminal obeys nobody who is shown */
	{ 0, "name", "a\033[31mb\nc\xff", "  name         a?[31mb?c?\n" },
};

START_TEST(field_row)
{
	struct sbuf out = sbuf_of(4096);

	fields_add(&out, fields[_i].width, NULL, fields[_i].name, fields[_i].value);
	ck_assert_str_eq(sbuf_text(&out), fields[_i].text);
	sbuf_free(&out);
}
END_TEST

START_TEST(field_colour)
{
	struct sbuf out = sbuf_of(4096);

	fields_add(&out, 0, "\033[31m", "TRUE", "leak.otc");
	ck_assert_str_eq(sbuf_text(&out), "  TRUE         \033[31mleak.otc\033[0m\n");
	sbuf_clear(&out);
	fields_addf(&out, 0, "OTC", "AS%d", 174);
	ck_assert_str_eq(sbuf_text(&out), "  OTC          AS174\n");
	sbuf_free(&out);
}
END_TEST

HARNESS_MAIN("fields")
{
	ROWS(field_row, fields);
	TEST(field_colour);
}

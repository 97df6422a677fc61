/* Addresses and words in the header of mail, of text that others wrote. */
#include "tests/unit/support/harness.h"

#include "base/pure/mail.h"

static const char *const addresses[] = { "noc@example.net", "a+b.c@x-1.example.net", "o'hara@e.org",
	"x@localhost" };
static const char *const others[] = { "", "noc", "@example.net", "noc@", "noc@@example.net",
	"a b@example.net", ".a@example.net", "a.@example.net", "a..b@example.net", "a@.example.net",
	"a@example..net", "a@-example.net", "a@example.net-", "a@[192.0.2.1]", "\"a\"@example.net",
	"a@example.net\r\nBcc: b@example.net", "a@example.net, b@example.net", "<a@example.net>",
	"a@ex\xc3\xa4mple.net", "+31 20 1234567",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.net" };

START_TEST(what_is_an_address)
{
	ck_assert(mail_address_ok(addresses[_i]));
}
END_TEST

START_TEST(what_is_none)
{
	ck_assert_msg(!mail_address_ok(others[_i]), "%s", others[_i]);
}
END_TEST

static const struct {
	const char *text, *unstructured, *phrase;
} words[] = {
	{ "Example Transit", "Example Transit", "\"Example Transit\"" },
	{ "a \"b\" \\c", "a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"" },
	{ "x\r\nBcc: y@example.net", "x  Bcc: y@example.net", "\"x  Bcc: y@example.net\"" },
	{ "M\xc3\xbcller", "=?UTF-8?B?TcO8bGxlcg==?=", "=?UTF-8?B?TcO8bGxlcg==?=" },
	{ "=?utf-8?q?x?=", "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=", "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=" },
	{ "a\xff\xe2\x80\xae", "a    ", "\"a    \"" },
	{ "", "", "\"\"" },
	/* 45 letters of two octets: two words, neither of which cuts one */
	{ "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	  "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
	  "\xa4",
	    "=?UTF-8?B?w6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOk?=\r\n "
	    "=?UTF-8?B?w6Q=?=",
	    NULL },
};

START_TEST(words_of_others)
{
	char buf[MAIL_WORDS_MAX];

	ck_assert_str_eq(mail_unstructured(words[_i].text, buf), words[_i].unstructured);
	if (words[_i].phrase != NULL)
		ck_assert_str_eq(mail_phrase(words[_i].text, buf), words[_i].phrase);
}
END_TEST

/* Whatever is in it, no line of it begins with anything but a blank, and none is too long. */
START_TEST(no_line_of_its_own)
{
	char text[300], buf[MAIL_WORDS_MAX];

	for (unsigned seed = 0; seed < 2000; seed++) {
		unsigned n = 0, x = seed * 2654435761U;

		for (; n < seed % sizeof(text); n++) {
			x = x * 1664525 + 1013904223;
			text[n] = (char)(x >> 24 != 0 ? x >> 24 : 1);
		}
		text[n] = '\0';
		for (int phrase = 0; phrase < 2; phrase++) {
			const char *line = phrase ? mail_phrase(text, buf)
						  : mail_unstructured(text, buf);

			for (const char *next; (next = strpbrk(line, "\r\n")) != NULL;
			     line = next + 3) {
				ck_assert_int_eq(strncmp(next, "\r\n ", 3), 0);
				ck_assert_int_lt(next - line, 76);
			}
			ck_assert_uint_lt(strlen(line), 700);
		}
	}
}
END_TEST

HARNESS_MAIN("mail")
{
	LOOP(what_is_an_address, sizeof(addresses) / sizeof(addresses[0]));
	LOOP(what_is_none, sizeof(others) / sizeof(others[0]));
	LOOP(words_of_others, sizeof(words) / sizeof(words[0]));
	TEST(no_line_of_its_own);
}

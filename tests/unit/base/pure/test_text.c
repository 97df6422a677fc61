/* How what is on the wire is written: addresses, prefixes, text of routers. */
#include "base/pure/text.h"

#include <arpa/inet.h>

#include "tests/unit/support/hex.h"

static const struct {
	const char *wire, *text; /* wire: 16 octets in hex */
} addresses[] = {
	{ "00000000000000000000000000000000", "::" },
	{ "00000000000000000000000000000001", "::1" },
	{ "20010db8000000000000000000000000", "2001:db8::" },
	{ "20010db8000000010000000000000001", "2001:db8:0:1::1" },	/* the longer run */
	{ "20010db8000000000001000000000001", "2001:db8::1:0:0:1" },	/* the first of equals */
	{ "20010db8000100000001000100010001", "2001:db8:1:0:1:1:1:1" }, /* one group is none */
	{ "00010002000300040005000600070000", "1:2:3:4:5:6:7:0" },
	{ "00000002000300040005000600070008", "0:2:3:4:5:6:7:8" },
	{ "00000000000300040005000600070008", "::3:4:5:6:7:8" },
	{ "00010002000300040005000600000000", "1:2:3:4:5:6::" },
	{ "00000000000000000000ffffc0000201", "::ffff:192.0.2.1" },
	{ "000000000000000000000000c0000201", "::192.0.2.1" },
	{ "fe800000000000000200abcdfffe0001", "fe80::200:abcd:fffe:1" },
};

START_TEST(test_ipv6)
{
	uint8_t a[16];
	char text[64];
	struct txt t = txt_of(text, sizeof(text));

	ck_assert_uint_eq(hex_octets(addresses[_i].wire, a, sizeof(a)), 16);
	txt_ipv6(&t, a);
	ck_assert_str_eq(text, addresses[_i].text);
	ck_assert(!t.cut);
}
END_TEST

/* Whatever the address, what we write is read back as the same. */
START_TEST(test_ipv6_read_back)
{
	uint64_t random = seed_of(1);

	for (int i = 0; i < 20000; i++) {
		uint8_t a[16], back[16];
		char text[64];
		struct txt t = txt_of(text, sizeof(text));

		for (int k = 0; k < 16; k++)
			a[k] = rnd(&random) % 3 != 0 ? 0 : (uint8_t)rnd(&random);
		txt_ipv6(&t, a);
		require(inet_pton(AF_INET6, text, back) == 1, "%s is an address", text);
		require(memcmp(a, back, 16) == 0, "%s is the same", text);
	}
}
END_TEST

START_TEST(test_prefixes)
{
	static const uint8_t v4[] = { 203, 0, 113, 255 }, v6[] = { 0x20, 1, 0xd, 0xb8, 0xff };
	char text[64];
	struct txt t = txt_of(text, sizeof(text));

	txt_prefix(&t, IP_V4, v4, 25);
	ck_assert_str_eq(text, "203.0.113.128/25");
	t = txt_of(text, sizeof(text));
	txt_prefix(&t, IP_V4, v4, 0);
	ck_assert_str_eq(text, "0.0.0.0/0");
	t = txt_of(text, sizeof(text));
	txt_prefix(&t, IP_V6, v6, 33);
	ck_assert_str_eq(text, "2001:db8:8000::/33");
	t = txt_of(text, sizeof(text));
	txt_prefix(&t, IP_V4, v4, 33); /* no octet past the four is read */
	ck_assert_str_eq(text, "bad length 33");
}
END_TEST

/* Text of a router goes to a terminal: nothing in it may be more than text. */
static const struct {
	const char *wire;
	size_t n;
	const char *text;
} strings[] = {
	{ "edge1", 5, "edge1" },
	{ "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x91", 16,
	    "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x91" },
	{ "a\x1b[31m\n", 7, "a\\x1b[31m\\x0a" },
	{ "\x7f\xc2\x9b", 3, "\\x7f\\xc2\\x9b" },	   /* DEL, and CSI as one character */
	{ "\xc0\xaf", 2, "\\xc0\\xaf" },		   /* longer than it need be */
	{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },	   /* a surrogate */
	{ "\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80" }, /* above U+10FFFF */
	{ "\xe2\x82", 2, "\\xe2\\x82" },		   /* cut */
	{ "a\0b", 3, "a\\x00b" }, { "back\\slash", 10, "back\\x5cslash" },
	/* what turns the line around, breaks it, or is not seen */
	{ "a\xe2\x80\xae", 4, "a\\xe2\\x80\\xae" }, { "\xe2\x80\x8b", 3, "\\xe2\\x80\\x8b" },
	{ "\xe2\x80\xa8", 3, "\\xe2\\x80\\xa8" }, { "\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6" },
	{ "\xd8\x9c", 2, "\\xd8\\x9c" }, { "\xef\xbb\xbf", 3, "\\xef\\xbb\\xbf" },
	{ "\xe2\x80\x90\xe2\x80\xaf\xe2\x81\x9f\xe2\x81\xb0", 12,
	    "\xe2\x80\x90\xe2\x80\xaf\xe2\x81\x9f\xe2\x81\xb0" }, /* their neighbours */
};

START_TEST(test_strings)
{
	uint8_t *wire = exact_copy(strings[_i].wire, strings[_i].n);
	char text[128];
	struct txt t = txt_of(text, sizeof(text));

	txt_string(&t, cur_of(wire, strings[_i].n));
	ck_assert_str_eq(text, strings[_i].text);
	free(wire);
}
END_TEST

/* Whatever the room: terminated, never past the end, and cut is said. */
START_TEST(test_no_room)
{
	static const uint8_t octets[] = { 1, 2, 0xff };

	for (size_t size = 1; size < 24; size++) {
		char *text = malloc(size);
		struct txt t = txt_of(text, size);

		txt_puts(&t, "abc");
		txt_sep(&t, ", ");
		txt_putf(&t, "%d", 12345);
		txt_hex(&t, cur_of(octets, 3));
		txt_string(&t, cur_of("\xc3\xbc!", 3));
		require(strlen(text) < size, "terminated within %zu", size);
		require(t.cut == (size < 20), "cut is said at %zu", size);
		if (size >= 20)
			ck_assert_str_eq(text, "abc, 123450102ff\xc3\xbc!");
		free(text);
	}
}
END_TEST

static const struct {
	const char *from;
	size_t size;
	const char *want;
} copies[] = {
	{ "abc", 10, "abc" },
	{ "abc", 4, "abc" },
	{ "abc", 3, "ab" },
	{ "abc", 1, "" },
	{ "", 1, "" },
	{ "a\xc3\xa9", 4, "a\xc3\xa9" },
	{ "a\xc3\xa9", 3, "a" },
	{ "\xf0\x9f\x94\x94", 5, "\xf0\x9f\x94\x94" },
	{ "\xf0\x9f\x94\x94", 4, "" },
	{ "x\xf0\x9f\x94\x94y", 6, "x\xf0\x9f\x94\x94" },
	{ "x\xf0\x9f\x94\x94y", 5, "x" },
};

START_TEST(text_copy_rows)
{
	char *to = malloc(copies[_i].size);

	text_copy(to, copies[_i].size, copies[_i].from);
	ck_assert_msg(strcmp(to, copies[_i].want) == 0, "row %d: %s", _i, to);
	free(to);
}
END_TEST

HARNESS_MAIN("text")
{
	ROWS(test_ipv6, addresses);
	TEST(test_ipv6_read_back);
	TEST(test_prefixes);
	ROWS(test_strings, strings);
	TEST(test_no_room);
	ROWS(text_copy_rows, copies);
}

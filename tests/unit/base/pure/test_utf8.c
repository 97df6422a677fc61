/* UTF-8: every code point, and everything else of up to four octets. */
#include "base/pure/utf8.h"

#include "tests/unit/support/harness.h"

/* The octets of a code point as RFC 3629 3 has them; n: how many to use. */
static void
encode(uint32_t code, size_t n, uint8_t out[4])
{
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; code >>= 6)
		out[i] = (uint8_t)(0x80 | (code & 0x3f));
	out[0] = (uint8_t)(lead[n] | code);
}

static size_t
octets_for(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* Default_Ignorable_Code_Point of Unicode 15, and what else deceives. */
static bool
is_invisible(uint32_t code)
{
	static const uint32_t blocks[][2] = { { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff } };
	static const uint32_t single[] = { 0xad, 0x34f, 0x61c, 0x3164, 0xfeff, 0xffa0 };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (code >= blocks[i][0] && code <= blocks[i][1])
			return true;
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (code == single[i])
			return true;
	return code % 0x10000 >= 0xfffe;
}

static bool
is_visible(uint32_t code)
{
	return code >= 0x20 && (code < 0x7f || code > 0x9f) && !is_invisible(code);
}

START_TEST(every_code_point)
{
	for (uint32_t code = 0; code <= 0x1fffff; code++) {
		size_t n = octets_for(code), want = n;
		uint8_t c[4] = { 0 };

		if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
			want = 0;
		encode(code, n, c);
		require(utf8_len(c, n) == want, "U+%04X", code);
		require(utf8_len(c, 4) == want, "U+%04X with more behind it", code);
		require(utf8_visible_len(c, n) == (is_visible(code) ? want : 0), "U+%04X", code);
		if (want > 0)
			require(utf8_code(c) == code, "U+%04X", code);
		if (want > 0)
			require(
			    utf8_is_control(c) == (code < 0x20 || (code >= 0x7f && code < 0xa0)),
			    "U+%04X", code);
		for (size_t left = 1; left < n; left++)
			require(utf8_len(c, left) == 0, "U+%04X cut to %zu", code, left);
		for (size_t longer = n + 1; longer <= 4; longer++) {
			encode(code, longer, c);
			require(utf8_len(c, 4) == 0, "U+%04X in %zu octets", code, longer);
		}
	}
}
END_TEST

/* No octet past the character is read, and an octet that continues nothing is none. */
START_TEST(broken_characters)
{
	for (unsigned first = 0x80; first < 0x100; first++) {
		for (unsigned next = 0; next < 0x100; next++) {
			const uint8_t pair[2] = { (uint8_t)first, (uint8_t)next };
			uint8_t *exact = exact_copy(pair, 2);
			bool good = first >= 0xc2 && first < 0xe0 && next >= 0x80 && next < 0xc0;

			require(utf8_len(exact, 2) == (good ? 2 : 0), "%02x %02x", first, next);
			require(utf8_len(exact, 1) == 0, "%02x", first);
			free(exact);
		}
	}
	ck_assert(utf8_valid(""));
	ck_assert(utf8_valid("Z\xc3\xbcrich"));
	ck_assert(!utf8_valid("Z\xfcrich"));
	ck_assert(!utf8_valid("Z\xc3"));
}
END_TEST

static const struct {
	const char *from, *to;
} shown[] = {
	{ "", "" },
	{ "edge1", "edge1" },
	{ "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x92\xa9",
	    "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x92\xa9" },
	{ "a\033[2Jb\nc", "a?[2Jb?c" },
	{ "\xff\xc3(\xc3", "?\?(?" },
	{ "a\xf3\xa0\x81\x81\xef\xbf\xbe"
	  "b",
	    "a??b" }, /* U+E0041, U+FFFE */
	{ "\xe2\x80\xaegnp", "?gnp" },
};

START_TEST(made_visible)
{
	char *text = (char *)exact_copy(shown[_i].from, strlen(shown[_i].from) + 1);

	utf8_make_visible(text);
	ck_assert_str_eq(text, shown[_i].to);
	free(text);
}
END_TEST

HARNESS_MAIN("utf8")
{
	TIMEOUT(120);
	TEST(every_code_point);
	TEST(broken_characters);
	ROWS(made_visible, shown);
}

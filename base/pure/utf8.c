#include "base/pure/utf8.h"

#include <string.h>

size_t
utf8_len(const void *s, size_t left)
{
	const uint8_t *p = s;
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

bool
utf8_is_control(const void *s)
{
	const uint8_t *p = s;

	return p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0);
}

uint32_t
utf8_code(const void *s)
{
	const uint8_t *p = s;

	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xe0)
		return (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
	if (p[0] < 0xf0)
		return (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
	return (p[0] & 0x07U) << 18 | (p[1] & 0x3fU) << 12 | (p[2] & 0x3fU) << 6 | (p[3] & 0x3fU);
}

/*
 * Characters that change the direction of text (UAX 9), break a line, or stay invisible
 * (Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, and the annotation marks):
 * a name with one of them is not the name that it looks like.
 */
static const struct {
	uint32_t first, last;
} deceiving[] = {
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x034f, 0x034f },   /* combining grapheme joiner */
	{ 0x061c, 0x061c },   /* Arabic letter mark */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f },   /* Mongolian variation selectors */
	{ 0x200b, 0x200f },   /* zero width, left-to-right and right-to-left marks */
	{ 0x2028, 0x202e },   /* line and paragraph separators, embeddings */
	{ 0x2060, 0x206f },   /* invisible operators, isolates */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* halfwidth Hangul filler */
	{ 0xfff0, 0xfffb },   /* unassigned specials, interlinear annotation */
	{ 0x1bca0, 0x1bca3 }, /* shorthand format controls */
	{ 0x1d173, 0x1d17a }, /* musical format controls */
	{ 0xe0000, 0xe0fff }, /* tags, variation selectors supplement */
};

static bool
deceives(uint32_t code)
{
	for (size_t i = 0; i < sizeof(deceiving) / sizeof(deceiving[0]); i++)
		if (code >= deceiving[i].first && code <= deceiving[i].last)
			return true;
	return false;
}

/* No character is ever assigned to these (Unicode 23.7). */
static bool
is_noncharacter(uint32_t code)
{
	return (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

size_t
utf8_visible_len(const void *s, size_t left)
{
	size_t n = utf8_len(s, left);
	uint32_t code;

	if (n == 0 || utf8_is_control(s))
		return 0;
	code = utf8_code(s);
	return code < 0x80 || (!deceives(code) && !is_noncharacter(code)) ? n : 0;
}

void
utf8_make_visible(char *s)
{
	size_t left = strlen(s), n;
	char *to = s;

	for (; left > 0; s += n, left -= n) {
		if ((n = utf8_visible_len(s, left)) > 0) {
			memmove(to, s, n);
			to += n;
		} else {
			n = utf8_len(s, left) > 0 ? utf8_len(s, left) : 1;
			*to++ = '?';
		}
	}
	*to = '\0';
}

bool
utf8_valid(const char *s)
{
	size_t left = strlen(s), n;

	for (; left > 0; s += n, left -= n)
		if ((n = utf8_len(s, left)) == 0)
			return false;
	return true;
}

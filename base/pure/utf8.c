#include "base/pure/utf8.h"

#include <stdint.h>
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

/* Does the character change the direction of text (UAX 9), break a line, or stay invisible? A name
 * with such a character is not the name that it looks like. U+061C, U+200B to 200F, U+2028 to 202E,
 * U+2060 to 206F, U+FEFF. */
static bool
deceives(const uint8_t *p)
{
	if (p[0] == 0xe2)
		return (p[1] == 0x80 &&
			   ((p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae))) ||
		       (p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf);
	return (p[0] == 0xd8 && p[1] == 0x9c) || (p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf);
}

size_t
utf8_visible_len(const void *s, size_t left)
{
	size_t n = utf8_len(s, left);

	return n == 0 || utf8_is_control(s) || deceives(s) ? 0 : n;
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

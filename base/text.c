#include "base/text.h"

#include <string.h>

size_t
text_utf8_len(const char *s, size_t left)
{
	const unsigned char *p = (const unsigned char *)s;
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
text_is_utf8(const char *s)
{
	size_t left = strlen(s), n;

	for (; left > 0; s += n, left -= n)
		if ((n = text_utf8_len(s, left)) == 0)
			return false;
	return true;
}

void
text_copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size);

	if (n == size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(to, from, n);
	to[n] = '\0';
}

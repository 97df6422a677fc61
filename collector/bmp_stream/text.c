/* Text from routers: valid UTF-8 without control characters, or a question mark in its place. */
#include "collector/bmp_stream/internal.h"

/* Octets of the well-formed UTF-8 character at p (RFC 3629), 0 when there is none. */
static size_t
character(const uint8_t *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n == 2 && p[0] == 0xc2 && p[1] < 0xa0 ? 0 : n; /* C1 controls */
}

void
bmp_text(char *to, size_t size, struct rd from)
{
	size_t at = 0;

	while (rd_left(&from) > 0) {
		size_t n = character(from.pos, rd_left(&from));

		if (at + (n > 0 ? n : 1) >= size)
			break;
		if (n > 0) {
			memcpy(to + at, from.pos, n);
			at += n;
			from.pos += n;
		} else {
			/* NUL padding at the end is common and says nothing */
			to[at++] = from.pos[0] == '\0' ? '\0' : '?';
			from.pos++;
		}
	}
	while (at > 0 && (to[at - 1] == '\0' || to[at - 1] == ' '))
		at--;
	to[at] = '\0';
	for (size_t i = 0; i < at; i++)
		if (to[i] == '\0')
			to[i] = '?';
}

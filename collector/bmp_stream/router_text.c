/* Text from routers, made valid UTF-8. A question mark replaces what is not, and what is
 * not fit to be shown. */
#include "collector/bmp_stream/stream_private.h"
#include "base/pure/utf8.h"

void
bmp_text(char *to, size_t size, struct cursor from)
{
	size_t at = 0;

	while (cur_left(&from) > 0) {
		size_t n = utf8_visible_len(from.pos, cur_left(&from));

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

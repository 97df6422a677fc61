#include "cli/bmp_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 18 };

bool
bmp_file_read(const char *path, struct bmp_stream *s, uint64_t *tail)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	size_t cap = (size_t)s->message_max + CHUNK, held = 0, n, used;
	uint8_t *buf = malloc(cap);
	bool ok = true;

	*tail = 0;
	if (f == NULL || buf == NULL) {
		perror(path);
		free(buf);
		return false;
	}
	while ((n = fread(buf + held, 1, cap - held, f)) > 0) {
		held += n;
		used = bmp_stream_feed(s, buf, held, 0);
		held -= used;
		memmove(buf, buf + used, held);
		if (s->broken) {
			*tail = held;
			held = 0;
			while ((n = fread(buf, 1, cap, f)) > 0)
				*tail += n;
			break;
		}
	}
	if (ferror(f)) {
		perror(path);
		ok = false;
	}
	*tail += held;
	if (f != stdin)
		fclose(f);
	free(buf);
	return ok;
}

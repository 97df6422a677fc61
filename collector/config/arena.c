#include "collector/config/arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_piece {
	struct arena_piece *before;
	max_align_t octets[];
};

void *
arena_take(struct arena *a, size_t n)
{
	struct arena_piece *p = calloc(1, sizeof(*p) + n);

	if (p == NULL)
		abort();
	p->before = a->last;
	a->last = p;
	return p->octets;
}

char *
arena_text(struct arena *a, const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(arena_take(a, n), text, n);
}

void
arena_free(struct arena *a)
{
	struct arena_piece *p, *before;

	for (p = a->last; p != NULL; p = before) {
		before = p->before;
		free(p);
	}
	a->last = NULL;
}

/*
 * arena: the memory of one configuration. Everything that a configuration points to is taken from
 * here and freed at once.
 */
#pragma once

#include <stddef.h>

struct arena {
	struct arena_piece *last;
};

/* n zeroed octets, aligned for any type; they live until arena_free. Aborts when out of memory. */
void *arena_take(struct arena *, size_t n);
/* A copy of the text. */
char *arena_text(struct arena *, const char *text);
void arena_free(struct arena *);

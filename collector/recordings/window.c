#include "collector/recordings/window.h"

#include <stdlib.h>
#include <string.h>

bool
window_init(struct window *w, struct source *source, size_t max)
{
	*w = (struct window){ .source = source, .cap = SOURCE_CHUNK, .max = max };
	w->buf = malloc(w->cap);
	return w->buf != NULL;
}

void
window_fini(struct window *w)
{
	free(w->buf);
}

void
window_done(struct window *w, size_t n)
{
	w->at += n;
	w->n -= n;
}

/* By doubling: who looks ahead octet by octet asks for one more each time. */
static bool
grow(struct window *w, size_t n)
{
	size_t cap = 2 * w->cap < w->max ? 2 * w->cap : w->max;
	uint8_t *bigger;

	if (cap < n)
		cap = n;
	bigger = realloc(w->buf, cap);
	if (bigger == NULL)
		return false;
	w->buf = bigger;
	w->cap = cap;
	return true;
}

bool
window_need(struct window *w, size_t n)
{
	if (n > w->max)
		return false;
	if (w->at + n > w->cap) { /* no room behind */
		if (w->at > 0)
			memmove(w->buf, w->buf + w->at, w->n);
		w->at = 0;
		if (n > w->cap && !grow(w, n))
			return false;
	}
	while (w->n < n && !w->ended) {
		size_t used = w->at + w->n;
		ssize_t got = source_read(w->source, w->buf + used, w->cap - used);

		if (got <= 0)
			w->ended = true;
		else
			w->n += (size_t)got;
	}
	return w->n >= n;
}

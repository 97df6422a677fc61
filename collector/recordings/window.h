/*
 * window: a source read record by record. More octets are put behind those held, those done with
 * are dropped. Memory is one buffer, at most twice as long as the longest record was.
 */
#pragma once

#include "collector/recordings/source.h"

/* at .. at + n are held; NULL buf when out of memory. */
struct window {
	struct source *source;
	uint8_t *buf;
	size_t cap, max, at, n;
	bool ended;
};

/* max: octets of the longest record. false when out of memory. */
bool window_init(struct window *, struct source *, size_t max);
void window_fini(struct window *);
/* Make at least n octets be there: false when the file ends before, cannot be read, or n > max. */
bool window_need(struct window *, size_t n);
static inline const uint8_t *
window_at(const struct window *w)
{
	return w->buf + w->at;
}
/* The first n of them are not needed any more. */
void window_done(struct window *, size_t n);

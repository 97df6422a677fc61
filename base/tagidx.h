/*
 * tagidx: a hash index over elements that live elsewhere, made for what exists in millions. A
 * bucket is a cache line: ten handles, and ten tags of 16 bits of their hashes, compared at once.
 * So a lookup of what is there costs a line of the index and one of the element, a lookup of what
 * is not there the former alone, and an element has neither a link nor a hash for the index.
 *
 * It grows by linear hashing, a line per few insertions, so there is never a rehash that stalls.
 * The bits by which lines are split are in the tags: a split touches no element. What does not fit
 * in a line goes to further ones behind it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/pool.h"

enum {
	TAGIDX_LINE = 10, /* elements in a line */
	TAGIDX_BITS_FIRST =
	    10,		 /* lines at first, as a power of two; tags begin with the bit behind */
	TAGIDX_FILL = 7, /* elements per line, on the average, before it grows */
};

/* Used places are the first ones; handle 0 is a free one. */
struct tagidx_line {
	uint16_t tag[TAGIDX_LINE];
	uint32_t handle[TAGIDX_LINE];
	uint32_t more; /* of the further lines; 0: none */
};
_Static_assert(sizeof(struct tagidx_line) == 64, "a line of the index is a cache line");

struct tagidx {
	struct tagidx_line *lines; /* address space for max, touched on use */
	struct pool further;
	uint32_t max;
	uint32_t mask;	/* lines of the completed level - 1 */
	uint32_t split; /* next line to split: those below it have the wider mask already */
	uint32_t n;	/* elements */
};

/* Reserves address space for max_elements. false when it cannot be had. */
bool tagidx_init(struct tagidx *, uint32_t max_elements);
void tagidx_fini(struct tagidx *);

/* How many first lines there are. */
static inline uint32_t
tagidx_lines(const struct tagidx *x)
{
	return x->mask + 1 + x->split;
}

/* The first line of a hash. To fetch it write __builtin_prefetch(tagidx_line(..)) where it is
 * meant: gcc takes an inline function that does nothing else for one that does nothing, and drops
 * the call. */
static inline struct tagidx_line *
tagidx_line(const struct tagidx *x, uint32_t hash)
{
	uint32_t b = hash & x->mask;

	if (b < x->split)
		b = hash & (x->mask * 2 + 1);
	return &x->lines[b];
}

/* The line behind it, or NULL. */
static inline struct tagidx_line *
tagidx_behind(const struct tagidx *x, const struct tagidx_line *line)
{
	return line->more != 0 ? pool_at(&x->further, line->more) : NULL;
}

static inline uint16_t
tagidx_tag(uint32_t hash)
{
	return (uint16_t)(hash >> TAGIDX_BITS_FIRST);
}

/* The places in a line whose tag is that of the hash, a bit each; free ones may be among them. */
static inline unsigned
tagidx_match(const struct tagidx_line *line, uint32_t hash)
{
#ifdef __SSE2__
	/* the first eight, and the last eight, of which two are not among the first */
	__m128i tag = _mm_set1_epi16((short)tagidx_tag(hash));
	__m128i a = _mm_cmpeq_epi16(_mm_loadu_si128((const void *)line->tag), tag);
	__m128i b = _mm_cmpeq_epi16(_mm_loadu_si128((const void *)(line->tag + 2)), tag);
	unsigned m = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(a, b));

	return (m & 0xff) | (m >> 14 << 8);
#else
	unsigned m = 0;

	for (unsigned i = 0; i < TAGIDX_LINE; i++)
		m |= (unsigned)(line->tag[i] == tagidx_tag(hash)) << i;
	return m;
#endif
}

/* A walk over the elements that may have a hash: most of them do, the owner compares. */
struct tagidx_walk {
	const struct tagidx_line *line;
	unsigned match;
};

/* The next one, 0 at the end. */
static inline uint32_t
tagidx_next(const struct tagidx *x, uint32_t hash, struct tagidx_walk *w)
{
	for (;;) {
		while (w->match != 0) {
			uint32_t h = w->line->handle[__builtin_ctz(w->match)];

			w->match &= w->match - 1;
			if (h != 0)
				return h;
		}
		if (w->line->more == 0)
			return 0;
		w->line = tagidx_behind(x, w->line);
		w->match = tagidx_match(w->line, hash);
	}
}

/* The first one. */
static inline uint32_t
tagidx_first(const struct tagidx *x, uint32_t hash, struct tagidx_walk *w)
{
	w->line = tagidx_line(x, hash);
	w->match = tagidx_match(w->line, hash);
	return tagidx_next(x, hash, w);
}

/* The first element that may have the hash, to be prefetched; 0: none in the first line. */
static inline uint32_t
tagidx_likely(const struct tagidx *x, uint32_t hash)
{
	const struct tagidx_line *line = tagidx_line(x, hash);
	unsigned m = tagidx_match(line, hash);

	return m != 0 ? line->handle[__builtin_ctz(m)] : 0;
}

/* At most max_elements are in it at once. */
void tagidx_insert(struct tagidx *, uint32_t hash, uint32_t handle);
/* It must be there, with this hash. */
void tagidx_remove(struct tagidx *, uint32_t hash, uint32_t handle);
/* Octets of memory touched at most. */
static inline size_t
tagidx_bytes(const struct tagidx *x)
{
	return (size_t)tagidx_lines(x) * sizeof(struct tagidx_line) + pool_bytes(&x->further);
}

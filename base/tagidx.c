#include "base/tagidx.h"

#include <assert.h>
#include <string.h>

/* Lines that will be split soon are fetched. */
enum { LINES_FIRST = 1 << TAGIDX_BITS_FIRST, TAG_BITS = 16, AHEAD = 2 };

bool
tagidx_init(struct tagidx *x, uint32_t max_elements)
{
	uint64_t max = (uint64_t)max_elements / TAGIDX_FILL + 1,
		 most = (uint64_t)LINES_FIRST << TAG_BITS;

	/* A line behind another is there when that one is full: of those that are full there are at
	 * most a tenth of the elements, and of those that are not as many. */
	if (max < LINES_FIRST)
		max = LINES_FIRST;
	if (max > most)
		max = most;
	*x = (struct tagidx){ .max = (uint32_t)max, .mask = LINES_FIRST - 1 };
	x->lines = pool_reserve((size_t)max * sizeof(struct tagidx_line));
	if (x->lines != NULL && pool_init(&x->further, sizeof(struct tagidx_line),
				    max_elements / (TAGIDX_LINE / 2) + 2))
		return true;
	tagidx_fini(x);
	return false;
}

void
tagidx_fini(struct tagidx *x)
{
	if (x->lines != NULL)
		pool_release(x->lines, (size_t)x->max * sizeof(struct tagidx_line));
	pool_fini(&x->further);
	*x = (struct tagidx){ 0 };
}

/* How many places are used. Added up, because nobody can guess where a loop would end. */
static unsigned
used(const struct tagidx_line *line)
{
	unsigned n = 0;

	for (unsigned i = 0; i < TAGIDX_LINE; i++)
		n += line->handle[i] != 0;
	return n;
}

/* Put it in the first free place from the line on. */
static void
put(struct tagidx *x, struct tagidx_line *line, uint16_t tag, uint32_t handle)
{
	uint32_t h;
	unsigned i;

	for (;; line = pool_at(&x->further, line->more)) {
		if ((i = used(line)) < TAGIDX_LINE) {
			line->handle[i] = handle;
			line->tag[i] = tag;
			return;
		}
		if (line->more != 0)
			continue;
		h = pool_get(&x->further);
		assert(h != 0);
		memset(pool_at(&x->further, h), 0, sizeof(*line));
		line->more = h;
	}
}

/* Move half of the line at `split`, and of those behind it, to its sibling in the upper half. */
static void
split_one(struct tagidx *x)
{
	struct tagidx_line *low = &x->lines[x->split], *high = low + x->mask + 1, old = *low;
	unsigned bit = (unsigned)__builtin_ctz(x->mask + 1) - TAGIDX_BITS_FIRST;
	uint32_t more;

	memset(low, 0, sizeof(*low));
	for (;;) {
		for (unsigned i = 0; i < TAGIDX_LINE && old.handle[i] != 0; i++)
			put(x, old.tag[i] >> bit & 1 ? high : low, old.tag[i], old.handle[i]);
		if ((more = old.more) == 0)
			break;
		old = *(struct tagidx_line *)pool_at(&x->further, more);
		pool_put(&x->further, more);
	}
	if (++x->split > x->mask) {
		x->mask = x->mask * 2 + 1;
		x->split = 0;
	}
}

void
tagidx_insert(struct tagidx *x, uint32_t hash, uint32_t handle)
{
	uint32_t lines = tagidx_lines(x), ahead;

	put(x, tagidx_line(x, hash), tagidx_tag(hash), handle);
	if (++x->n <= (uint64_t)lines * TAGIDX_FILL || lines >= x->max)
		return;
	split_one(x);
	ahead = x->split + AHEAD;
	if (ahead > x->mask)
		return;
	__builtin_prefetch(&x->lines[ahead], 1);
	if (ahead + x->mask + 1 < x->max)
		__builtin_prefetch(&x->lines[ahead + x->mask + 1], 1);
}

void
tagidx_remove(struct tagidx *x, uint32_t hash, uint32_t handle)
{
	struct tagidx_line *line = tagidx_line(x, hash), *at = NULL, *before = NULL;
	unsigned place = 0, last;

	/* the last element of all lines takes its place */
	for (;;) {
		for (unsigned i = 0; i < TAGIDX_LINE && at == NULL; i++)
			if (line->handle[i] == handle) {
				at = line;
				place = i;
			}
		if (line->more == 0)
			break;
		before = line;
		line = pool_at(&x->further, line->more);
	}
	assert(at != NULL);
	last = used(line);
	at->handle[place] = line->handle[last - 1];
	at->tag[place] = line->tag[last - 1];
	line->handle[last - 1] = 0;
	if (last == 1 && before != NULL) {
		pool_put(&x->further, before->more);
		before->more = 0;
	}
	x->n--;
}

#include "base/hashidx.h"

#include <assert.h>

#include "base/pool.h"

enum { BUCKETS_FIRST = 256, AHEAD = 4 };

bool
hashidx_init(struct hashidx *x, uint32_t max_elements)
{
	uint32_t max = BUCKETS_FIRST;

	while (max < max_elements && max < 1U << 31)
		max *= 2;
	*x = (struct hashidx){ .max = max, .mask = BUCKETS_FIRST - 1 };
	x->heads = pool_reserve((size_t)max * sizeof(uint32_t));
	return x->heads != NULL;
}

void
hashidx_fini(struct hashidx *x)
{
	if (x->heads != NULL)
		pool_release(x->heads, (size_t)x->max * sizeof(uint32_t));
	*x = (struct hashidx){ 0 };
}

/* Move half of the bucket at `split` to its sibling in the upper half. */
static void
split_one(struct hashidx *x, const struct hashidx_ops *ops, void *owner)
{
	uint32_t low = x->split, high = x->split + x->mask + 1, wide = x->mask * 2 + 1;
	uint32_t at = x->heads[low];
	uint32_t *low_tail = &x->heads[low], *high_tail = &x->heads[high];

	while (at != 0) {
		uint32_t *next = ops->next(owner, at);
		uint32_t **tail = (ops->hash(owner, at) & wide) == low ? &low_tail : &high_tail;

		**tail = at;
		*tail = next;
		at = *next;
	}
	*low_tail = 0;
	*high_tail = 0;
	if (++x->split > x->mask) {
		x->mask = wide;
		x->split = 0;
	}
}

void
hashidx_insert(
    struct hashidx *x, uint32_t hash, uint32_t handle, const struct hashidx_ops *ops, void *owner)
{
	uint32_t *head = hashidx_head(x, hash), ahead;

	*ops->next(owner, handle) = *head;
	*head = handle;
	x->n++;
	if (x->n > x->mask + 1 + x->split && x->mask + 1 + x->split < x->max)
		split_one(x, ops, owner);
	/* the element that a split soon will look at; heads next to each other share a line */
	if ((ahead = x->heads[(x->split + AHEAD) & x->mask]) != 0)
		__builtin_prefetch(ops->next(owner, ahead));
}

void
hashidx_remove(
    struct hashidx *x, uint32_t hash, uint32_t handle, const struct hashidx_ops *ops, void *owner)
{
	uint32_t *at = hashidx_head(x, hash);

	while (*at != handle) {
		assert(*at != 0);
		at = ops->next(owner, *at);
	}
	*at = *ops->next(owner, handle);
	x->n--;
}

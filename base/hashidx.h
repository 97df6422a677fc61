/*
 * hashidx: a hash index over elements that live elsewhere, by linear hashing: it grows by one
 * bucket per insertion, so there is never a rehash that stalls. Buckets are chains of 32-bit
 * handles through a `next` word in each element; the owner walks a chain itself, which keeps the
 * compare inlined.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashidx {
	uint32_t *heads; /* address space for max buckets, touched on use */
	uint32_t max;	 /* power of two */
	uint32_t mask;	 /* buckets of the completed level - 1 */
	uint32_t split;	 /* next bucket to split: those below it have the wider mask already */
	uint32_t n;	 /* elements */
};

/* How the index reaches an element when it splits a bucket. */
struct hashidx_ops {
	uint32_t *(*next)(void *owner, uint32_t handle);
	uint32_t (*hash)(void *owner, uint32_t handle);
};

/* Reserves address space for max_elements. false when it cannot be had. */
bool hashidx_init(struct hashidx *, uint32_t max_elements);
void hashidx_fini(struct hashidx *);

/* Where the chain of a hash begins; 0 there: the chain is empty. */
static inline uint32_t *
hashidx_head(const struct hashidx *x, uint32_t hash)
{
	uint32_t b = hash & x->mask;

	if (b < x->split)
		b = hash & (x->mask * 2 + 1);
	return &x->heads[b];
}

/* Put the element first in its chain and grow by a bucket when there are more elements than
 * buckets. */
void hashidx_insert(
    struct hashidx *, uint32_t hash, uint32_t handle, const struct hashidx_ops *, void *owner);
/* Take it out of its chain; it must be there. */
void hashidx_remove(
    struct hashidx *, uint32_t hash, uint32_t handle, const struct hashidx_ops *, void *owner);
/* Octets of memory touched at most. */
static inline size_t
hashidx_bytes(const struct hashidx *x)
{
	return ((size_t)x->mask + 1 + x->split) * sizeof(uint32_t);
}

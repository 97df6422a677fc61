/*
 * pool: fixed-size elements with 32-bit handles instead of pointers, for what exists in millions.
 *
 * A pool is bounded at birth: it reserves address space for `max` elements and touches pages as
 * they are used, so it never moves, never copies on growth, and its memory is what was used at
 * most. Handle 0 is none. Not thread-safe.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool {
	uint8_t *base;
	uint32_t size; /* of an element, octets, a multiple of 4 */
	uint32_t max;
	uint32_t used; /* handles 1..used were given out once */
	uint32_t free; /* list of returned ones */
	uint32_t live;
};

/* false when the address space cannot be had. */
bool pool_init(struct pool *, size_t size, uint32_t max);
void pool_fini(struct pool *);
/* A handle, its element not initialised; 0 when `max` are live. */
uint32_t pool_get(struct pool *);
/* Give it back; the handle may be given out again. */
void pool_put(struct pool *, uint32_t handle);
/* Octets of memory touched at most. */
static inline size_t
pool_bytes(const struct pool *p)
{
	return (size_t)p->used * p->size;
}

/* The element of a handle, which is not 0. */
static inline void *
pool_at(const struct pool *p, uint32_t handle)
{
	assert(handle != 0 && handle <= p->used);
	return __builtin_assume_aligned(p->base + (size_t)(handle - 1) * p->size, 4);
}

/* Reserve `octets` of zeroed address space that is touched on use; NULL when refused. */
void *pool_reserve(size_t octets);
/* Give back what pool_reserve returned. octets: as there. */
void pool_release(void *, size_t octets);

/*
 * slab: blocks of any size with 32-bit handles, for interned bytes. Bounded at birth like a pool;
 * sizes are rounded up to 4 octets (up to 512) or to a power of two, and each size has its list of
 * returned blocks. Handle 0 is none. The caller remembers the size. Not thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLAB_UNIT = 4, SLAB_EXACT = 128, SLAB_CLASSES = SLAB_EXACT + 16 };

struct slab {
	uint8_t *base;
	uint32_t max;  /* units */
	uint32_t used; /* units given out once */
	uint64_t live; /* octets in use, rounded */
	uint32_t free[SLAB_CLASSES];
};

/* max_octets: at most 16 GiB. false when the address space cannot be had. */
bool slab_init(struct slab *, uint64_t max_octets);
void slab_fini(struct slab *);
/* A block of `size` octets, not initialised; 0 when full. size: 1 to 128 KiB. */
uint32_t slab_get(struct slab *, size_t size);
/* Give it back. size: as in slab_get. */
void slab_put(struct slab *, uint32_t handle, size_t size);

static inline void *
slab_at(const struct slab *s, uint32_t handle)
{
	return __builtin_assume_aligned(s->base + (size_t)handle * SLAB_UNIT, SLAB_UNIT);
}

/* Octets of memory touched at most. */
static inline size_t
slab_bytes(const struct slab *s)
{
	return (size_t)s->used * SLAB_UNIT;
}

#include "base/slab.h"

#include <assert.h>
#include <string.h>

#include "base/pool.h"

/* Class of a size, and the units a block of that class takes. */
static unsigned
class_of(size_t size, uint32_t *units)
{
	uint32_t n = (uint32_t)((size + SLAB_UNIT - 1) / SLAB_UNIT);
	unsigned class = SLAB_EXACT;
	uint32_t width = SLAB_EXACT;

	if (n <= SLAB_EXACT) {
		*units = n;
		return n - 1;
	}
	while (width < n) {
		width *= 2;
		class ++;
	}
	assert(class < SLAB_CLASSES);
	*units = width;
	return class;
}

bool
slab_init(struct slab *s, uint64_t max_octets)
{
	*s = (struct slab){ .used = 1 }; /* unit 0 is never given out */
	s->max = max_octets / SLAB_UNIT > UINT32_MAX ? UINT32_MAX
						     : (uint32_t)(max_octets / SLAB_UNIT);
	s->base = pool_reserve((size_t)s->max * SLAB_UNIT);
	return s->base != NULL;
}

void
slab_fini(struct slab *s)
{
	if (s->base != NULL)
		pool_release(s->base, (size_t)s->max * SLAB_UNIT);
	*s = (struct slab){ 0 };
}

uint32_t
slab_get(struct slab *s, size_t size)
{
	uint32_t units, handle;
	unsigned class = class_of(size, &units);

	handle = s->free[class];
	if (handle != 0) {
		memcpy(&s->free[class], slab_at(s, handle), sizeof(handle));
	} else {
		if (units > s->max - s->used)
			return 0;
		handle = s->used;
		s->used += units;
	}
	s->live += (uint64_t)units * SLAB_UNIT;
	return handle;
}

void
slab_put(struct slab *s, uint32_t handle, size_t size)
{
	uint32_t units;
	unsigned class = class_of(size, &units);

	memcpy(slab_at(s, handle), &s->free[class], sizeof(handle));
	s->free[class] = handle;
	s->live -= (uint64_t)units * SLAB_UNIT;
}

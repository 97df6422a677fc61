#include "base/pool.h"

#include <string.h>

bool
pool_init(struct pool *p, size_t size, uint32_t max)
{
	assert(size >= 4 && size % 4 == 0);
	*p = (struct pool){ .size = (uint32_t)size, .max = max };
	p->base = pool_reserve(size * max);
	return p->base != NULL;
}

void
pool_fini(struct pool *p)
{
	if (p->base != NULL)
		pool_release(p->base, (size_t)p->size * p->max);
	*p = (struct pool){ 0 };
}

uint32_t
pool_get(struct pool *p)
{
	uint32_t handle = p->free;

	if (handle != 0) {
		memcpy(&p->free, pool_at(p, handle), sizeof(p->free));
	} else {
		if (p->used == p->max)
			return 0;
		handle = ++p->used;
	}
	p->live++;
	return handle;
}

void
pool_put(struct pool *p, uint32_t handle)
{
	memcpy(pool_at(p, handle), &p->free, sizeof(p->free));
	p->free = handle;
	p->live--;
}

#include "base/pool.h"

#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 * 1024 * 1024 };

void *
pool_reserve(size_t octets)
{
	void *at = mmap(NULL, octets, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

void
pool_release(void *at, size_t octets)
{
	if (at != NULL)
		munmap(at, octets);
}

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

/* Where the memory of pools, slabs and indexes comes from: the one place a test can replace. */
#include <sys/mman.h>

#include "base/pool.h"

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

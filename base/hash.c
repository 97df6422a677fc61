#include "base/hash.h"

#include <sys/random.h>

#include "base/clock.h"

uint64_t hash_process_seed;

/* Before main: no thread reads it while it is written. */
__attribute__((constructor)) static void
draw_seed(void)
{
	if (getrandom(&hash_process_seed, sizeof(hash_process_seed), 0) !=
	    sizeof(hash_process_seed))
		hash_process_seed = (uint64_t)clock_mono_us() * 0x9e3779b97f4a7c15ULL;
}

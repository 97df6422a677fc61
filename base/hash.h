/*
 * Hashes of bytes: XXH3, inlined. A table whose keys others choose takes a seed that they cannot
 * know, so that nobody who sends us routes can aim at its buckets: hash_seed(), or one that its
 * owner was given. The one home of xxHash.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wpedantic"
#endif
#define XXH_INLINE_ALL
#include <xxhash.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* Drawn once per process. Nothing that is shown or stored may depend on it. */
extern uint64_t hash_process_seed;

static inline uint64_t
hash_seed(void)
{
	return hash_process_seed;
}

static inline uint64_t
hash_bytes(uint64_t seed, const void *data, size_t len)
{
	return XXH3_64bits_withSeed(data, len, seed);
}

/* A good mix of two words for small keys (multiply and fold, as in wyhash and XXH3). */
static inline uint32_t
hash_u64(uint64_t seed, uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ seed) * 0x9e3779b97f4a7c15ULL ^
		     (b + 0x632be59bd9b4e019ULL) * 0xd6e8feb86659fd93ULL;

	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	return (uint32_t)(x >> 32 ^ x);
}

/* sha256 (FIPS 180-4), for keys of routes that are too long to be kept whole. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SHA256_LEN = 32 };

struct sha256 {
	uint32_t h[8];
	uint64_t octets; /* digested so far */
	uint8_t block[64];
};

/* Begin; add octets, as often as wanted; end, which writes the digest. */
void sha256_init(struct sha256 *);
void sha256_put(struct sha256 *, const void *, size_t n);
void sha256_end(struct sha256 *, uint8_t digest[SHA256_LEN]);

/* Octets written as hex, blanks where they please. */
#pragma once

#include "tests/unit/support/harness.h"

/* Into out, which has room for size octets; how many they are. */
static inline size_t
hex_octets(const char *hex, uint8_t *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t half = 0;

	for (; *hex != '\0'; hex++) {
		const char *at = strchr(digits, *hex);

		if (*hex == ' ')
			continue;
		require(at != NULL, "not a hex digit: %c", *hex);
		require(half / 2 < size, "more than %zu octets", size);
		if (half % 2 == 0)
			out[half / 2] = (uint8_t)((at - digits) << 4);
		else
			out[half / 2] |= (uint8_t)(at - digits);
		half++;
	}
	require(half % 2 == 0, "half an octet");
	return half / 2;
}

/* Yours: an exact allocation, so that a sanitizer sees the first octet read past it. */
static inline uint8_t *
unhex(const char *hex, size_t *n)
{
	size_t room = strlen(hex) / 2 + 1;
	uint8_t *out = malloc(room), *exact;

	ck_assert_ptr_nonnull(out);
	*n = hex_octets(hex, out, room);
	exact = exact_copy(out, *n);
	free(out);
	return exact;
}

struct bytes {
	uint8_t b[4096];
	size_t n;
};

static inline struct bytes
bytes_of(const char *hex)
{
	struct bytes v;

	v.n = hex_octets(hex, v.b, sizeof(v.b));
	return v;
}

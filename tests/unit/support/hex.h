/* Octets written as hex, blanks where they please. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t b[4096];
	size_t n;
};

static inline struct bytes
bytes_of(const char *hex)
{
	struct bytes v = { .n = 0 };
	int high = -1;

	for (; *hex != '\0'; hex++) {
		int d = *hex >= '0' && *hex <= '9'   ? *hex - '0'
			: *hex >= 'a' && *hex <= 'f' ? *hex - 'a' + 10
						     : -1;

		if (d < 0)
			continue;
		if (high < 0) {
			high = d;
		} else {
			v.b[v.n++] = (uint8_t)(high << 4 | d);
			high = -1;
		}
	}
	return v;
}

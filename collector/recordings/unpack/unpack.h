/*
 * An unpacker: one per library, each in a file of its own. unpack reads octets of `in` (and moves
 * past them) and fills `out`. It returns octets written, 0 when it needs more input (at
 * the end of which `in` being empty means: the file is cut short), -1 with the reason in error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct unpack {
	ssize_t (*unpack)(struct unpack *, const uint8_t **in, size_t *in_n, uint8_t *out,
	    size_t out_n, char *error, size_t error_n);
	bool (*whole)(const struct unpack *); /* nothing has begun that has not ended */
	void (*free)(struct unpack *);
};
/* NULL when out of memory. */
struct unpack *unpack_gzip(void);
struct unpack *unpack_bzip2(void);
struct unpack *unpack_zstd(void);

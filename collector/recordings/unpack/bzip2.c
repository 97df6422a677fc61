/* bzip2: the one home of libbz2. */
#include <bzlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recordings/unpack/unpack.h"

struct bzip2 {
	struct unpack base;
	bz_stream z;
	bool open, begun;
};

static ssize_t
unpack(struct unpack *u, const uint8_t **in, size_t *in_n, uint8_t *out, size_t out_n, char *error,
    size_t error_n)
{
	struct bzip2 *b = (struct bzip2 *)(void *)u;
	int rc;

	if (*in_n == 0 && !b->open)
		return 0;
	if (!b->open) { /* several streams may follow one another */
		memset(&b->z, 0, sizeof(b->z));
		if (BZ2_bzDecompressInit(&b->z, 0, 0) != BZ_OK) {
			snprintf(error, error_n, "out of memory");
			return -1;
		}
		b->open = true;
		b->begun = false;
	}
	b->begun |= *in_n > 0;
	b->z.next_in = (char *)(uintptr_t)*in;
	b->z.avail_in = (unsigned)*in_n;
	b->z.next_out = (char *)out;
	b->z.avail_out = (unsigned)out_n;
	rc = BZ2_bzDecompress(&b->z);
	*in += *in_n - b->z.avail_in;
	*in_n = b->z.avail_in;
	if (rc == BZ_STREAM_END) {
		BZ2_bzDecompressEnd(&b->z);
		b->open = false;
	} else if (rc != BZ_OK) {
		snprintf(error, error_n, "the data is damaged (%d)", rc);
		return -1;
	}
	return (ssize_t)(out_n - b->z.avail_out);
}

static bool
whole(const struct unpack *u)
{
	const struct bzip2 *b = (const struct bzip2 *)(const void *)u;

	return !b->open || !b->begun;
}

static void
bzip2_free(struct unpack *u)
{
	struct bzip2 *b = (struct bzip2 *)(void *)u;

	if (b->open)
		BZ2_bzDecompressEnd(&b->z);
	free(b);
}

struct unpack *
unpack_bzip2(void)
{
	struct bzip2 *b = calloc(1, sizeof(*b));

	if (b != NULL)
		b->base = (struct unpack){ unpack, whole, bzip2_free };
	return b != NULL ? &b->base : NULL;
}

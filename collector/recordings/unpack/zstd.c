/* Zstandard (RFC 8878): the one home of libzstd. */
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "collector/recordings/unpack/unpack.h"

/* Window of at most 128 MiB, as the zstd command has it: memory stays bounded whatever a frame asks
 * for. */
enum { WINDOW_LOG_MAX = 27 };

struct zstd {
	struct unpack base;
	ZSTD_DStream *z;
	bool whole;
};

static ssize_t
unpack(struct unpack *u, const uint8_t **in, size_t *in_n, uint8_t *out, size_t out_n, char *error,
    size_t error_n)
{
	struct zstd *s = (struct zstd *)(void *)u;
	ZSTD_inBuffer from = { *in, *in_n, 0 };
	ZSTD_outBuffer to = { out, out_n, 0 };
	size_t rc;

	if (*in_n == 0 && s->whole)
		return 0;
	rc = ZSTD_decompressStream(s->z, &to, &from);
	*in += from.pos;
	*in_n -= from.pos;
	if (ZSTD_isError(rc)) {
		snprintf(error, error_n, "%s", ZSTD_getErrorName(rc));
		return -1;
	}
	s->whole = rc == 0;
	return (ssize_t)to.pos;
}

static bool
whole(const struct unpack *u)
{
	return ((const struct zstd *)(const void *)u)->whole;
}

static void
zstd_free(struct unpack *u)
{
	struct zstd *s = (struct zstd *)(void *)u;

	ZSTD_freeDStream(s->z);
	free(s);
}

struct unpack *
unpack_zstd(void)
{
	struct zstd *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->base = (struct unpack){ unpack, whole, zstd_free };
	s->z = ZSTD_createDStream();
	s->whole = true;
	if (s->z != NULL &&
	    !ZSTD_isError(ZSTD_DCtx_setParameter(s->z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
		return &s->base;
	zstd_free(&s->base);
	return NULL;
}

/* gzip (RFC 1952) by zlib: the one home of zlib. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "collector/recordings/unpack/unpack.h"

struct gzip {
	struct unpack base;
	z_stream z;
	bool ended, begun; /* a member has ended; something of one has been read */
};

enum { GZIP_ONLY = 16 };

static ssize_t
unpack(struct unpack *u, const uint8_t **in, size_t *in_n, uint8_t *out, size_t out_n, char *error,
    size_t error_n)
{
	struct gzip *g = (struct gzip *)(void *)u;
	int rc;

	if (*in_n == 0 && (g->ended || !g->begun))
		return 0;
	if (g->ended) { /* another member, or zeros that a tape left */
		while (*in_n > 0 && **in == 0) {
			(*in)++;
			(*in_n)--;
		}
		if (*in_n == 0)
			return 0;
		inflateReset(&g->z);
		g->ended = g->begun = false;
	}
	g->begun = true;
	g->z.next_in = (Bytef *)(uintptr_t)*in;
	g->z.avail_in = (uInt)*in_n;
	g->z.next_out = out;
	g->z.avail_out = (uInt)out_n;
	rc = inflate(&g->z, Z_NO_FLUSH);
	*in += *in_n - g->z.avail_in;
	*in_n = g->z.avail_in;
	g->ended = rc == Z_STREAM_END;
	if (rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR)
		return (ssize_t)(out_n - g->z.avail_out);
	snprintf(error, error_n, "%s", g->z.msg != NULL ? g->z.msg : "not gzip");
	return -1;
}

static bool
whole(const struct unpack *u)
{
	const struct gzip *g = (const struct gzip *)(const void *)u;

	return g->ended || !g->begun;
}

static void
gzip_free(struct unpack *u)
{
	struct gzip *g = (struct gzip *)(void *)u;

	inflateEnd(&g->z);
	free(g);
}

struct unpack *
unpack_gzip(void)
{
	struct gzip *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->base = (struct unpack){ unpack, whole, gzip_free };
	if (inflateInit2(&g->z, GZIP_ONLY + MAX_WBITS) == Z_OK)
		return &g->base;
	free(g);
	return NULL;
}

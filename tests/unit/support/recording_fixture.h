/* What the suites of recordings share: a reader that keeps every stream, a scratch file, a stream
 * to hide in it, and what packs it. */
#pragma once

#include <bzlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/sbuf.h"
#include "collector/recordings/recordings.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/harness.h"

/* --- all that a recording gave */

enum { STREAMS = 64 };

struct received {
	unsigned n, ended, closed, warnings;
	char name[STREAMS][256], address[STREAMS][64];
	struct sbuf bytes[STREAMS];
	int64_t first_us[STREAMS], last_us[STREAMS];
	char words[8192];
	char faults[8192];   /* a line each: record, code, where, and how many octets were given
				before */
	uint64_t stop_after; /* octets; 0 never */
	uint64_t octets;
	struct recording_counts counts;
};

static inline void *
on_begin(void *ctx, const struct recording_stream *s)
{
	struct received *g = ctx;

	ck_assert_uint_lt(g->n, STREAMS);
	snprintf(g->name[g->n], sizeof(g->name[0]), "%s", s->name);
	snprintf(g->address[g->n], sizeof(g->address[0]), "%s", s->address);
	g->bytes[g->n] = sbuf_of(256 * 1024 * 1024);
	return &g->bytes[g->n++];
}

static inline bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t us)
{
	struct received *g = ctx;
	long i = (struct sbuf *)stream - g->bytes;

	if (g->bytes[i].len == 0)
		g->first_us[i] = us;
	g->last_us[i] = us;
	sbuf_add(stream, data, n);
	g->octets += n;
	return g->stop_after == 0 || g->octets < g->stop_after;
}

static inline void
on_end(void *ctx, void *stream, bool closed)
{
	struct received *g = ctx;

	(void)stream;
	g->ended++;
	g->closed += closed;
}

static inline void
on_warn(void *ctx, const char *text)
{
	struct received *g = ctx;
	size_t n = strlen(g->words);

	g->warnings++;
	snprintf(g->words + n, sizeof(g->words) - n, "%s\n", text);
}

static inline void
on_fault(void *ctx, void *stream, const struct recording_fault *fault)
{
	struct received *g = ctx;
	size_t n = strlen(g->faults);

	(void)stream;
	snprintf(g->faults + n, sizeof(g->faults) - n, "%llu %s at %llu +%u of %zu after %zu\n",
	    (unsigned long long)fault->number,
	    fault_name((enum fault_code)fault->faults->v[0].code),
	    (unsigned long long)fault->offset, fault->faults->v[0].offset, fault->n,
	    g->bytes[0].len);
}

static inline struct received *
read_all(const char *path, int want)
{
	static const struct recording_ops ops = { on_begin, on_bytes, on_end, on_warn, on_fault };
	struct received *g = calloc(1, sizeof(*g));
	int rc = recording_read(path, &ops, g, &g->counts);

	ck_assert_msg(rc == want, "%s: %d, %s", path, rc, g->words);
	ck_assert_uint_eq(g->ended, g->n);
	ck_assert_uint_eq(g->counts.streams, g->n);
	return g;
}

static inline void
received_free(struct received *g)
{
	for (unsigned i = 0; i < g->n; i++)
		sbuf_free(&g->bytes[i]);
	free(g);
}

static inline void
same(const struct received *g, unsigned i, const void *want, size_t n)
{
	ck_assert_uint_gt(g->n, i);
	ck_assert_msg(g->bytes[i].len == n && memcmp(g->bytes[i].data, want, n) == 0,
	    "stream %u: %zu octets, not %zu as sent; %s", i, g->bytes[i].len, n, g->words);
}

/* --- material */

static char path[64];

static inline FILE *
scratch(void)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/bellman-files-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	return fdopen(fd, "w+b");
}

static inline void
forget(void)
{
	unlink(path);
}

/* Initiation, then n statistics reports of 60 and more octets; returns the octets. */
static inline size_t
make_stream(uint8_t *buf, size_t size, const char *name, unsigned n)
{
	struct bmp_peer_spec p = {
		.address = { IP_V4, { 192, 0, 2, 9 } }, .as = 64501, .sec = 1700000000
	};
	size_t len = bmp_write_initiation(buf, size, name, "made for a test");

	for (unsigned i = 0; i < n; i++) {
		struct bmp_stat_spec s[3] = { { .type = 1, .value = i }, { .type = 7, .value = i },
			{ .type = 8, .value = i * 7 } };

		len += bmp_write_statistics(buf + len, size - len, &p, s, 1 + i % 3);
	}
	return len;
}

static inline size_t
gzip(const void *data, size_t n, uint8_t *out, size_t size)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		.avail_in = (uInt)n,
		.next_out = out,
		.avail_out = (uInt)size };

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return size - z.avail_out;
}

static inline size_t
bzip2(const void *data, size_t n, uint8_t *out, size_t size)
{
	unsigned len = (unsigned)size;

	ck_assert_int_eq(BZ2_bzBuffToBuffCompress(
			     (char *)out, &len, (char *)(uintptr_t)data, (unsigned)n, 1, 0, 0),
	    BZ_OK);
	return len;
}

static inline size_t
zstd(const void *data, size_t n, uint8_t *out, size_t size)
{
	size_t len = ZSTD_compress(out, size, data, n, 3);

	ck_assert(!ZSTD_isError(len));
	return len;
}

static const struct packer {
	const char *name;
	size_t (*pack)(const void *, size_t, uint8_t *, size_t);
} packers[] = { { "gzip", gzip }, { "bzip2", bzip2 }, { "zstd", zstd } };

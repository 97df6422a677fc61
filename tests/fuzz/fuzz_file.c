/*
 * Any octets as a file: what it is packed with, what it is, and the streams in it. Every stream
 * that begins ends, and what is found is counted.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/recordings/recordings.h"
#include "tests/fuzz/fuzz.h"

enum { ENOUGH = 4096 }; /* octets: a packed file may hold any number of them */

struct received {
	unsigned begun, open;
	uint64_t octets, odd;
};

static void *
on_begin(void *ctx, const struct recording_stream *s)
{
	struct received *g = ctx;

	assert(s->name[0] != '\0' && s->format < RECORDING_FORMATS);
	g->begun++;
	g->open++;
	return g;
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct received *g = stream;

	assert(g == ctx && g->open > 0 && n > 0 && time_us >= 0);
	for (size_t i = 0; i < n; i += 64)
		g->odd += data[i] & 1;
	g->odd += data[n - 1] & 1;
	g->octets += n;
	return g->octets < ENOUGH;
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct received *g = stream;

	(void)closed;
	assert(g == ctx && g->open > 0);
	g->open--;
}

static void
on_warn(void *ctx, const char *text)
{
	(void)ctx;
	assert(text[0] != '\0');
}

/* The octets as a file that is nowhere. */
static const char *
file_of(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		assert(fd >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	assert(ftruncate(fd, (off_t)size) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct recording_ops ops = {
		.stream_begin = on_begin, .bytes = on_bytes, .stream_end = on_end, .warn = on_warn
	};
	struct received g = { .begun = 0 };
	struct recording_counts counts;
	int rc = recording_read(file_of(data, size), &ops, &g, &counts);

	assert(rc == 0 || rc == -1 || (rc == 1 && g.octets >= ENOUGH));
	assert(g.open == 0 && g.begun == counts.streams);
	return 0;
}

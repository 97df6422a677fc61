#include "cli/bmp_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sbuf.h"

/* One router's stream: what is not a whole message yet is held. */
struct feed {
	struct bmp_stream *stream;
	struct sbuf held;
	uint64_t tail; /* after framing was lost */
};

struct reading {
	const struct bmp_file_ops *ops;
	void *ctx;
	bool no_memory;
};

static void *
on_begin(void *ctx, const struct files_stream *from)
{
	struct reading *r = ctx;
	struct feed *f = calloc(1, sizeof(*f));

	if (f != NULL)
		f->stream = r->ops->begin(r->ctx, from);
	if (f == NULL || f->stream == NULL) {
		free(f);
		return NULL;
	}
	f->held = sbuf_of((size_t)f->stream->message_max + 2 * (size_t)FILES_BYTES_MAX);
	return f;
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct feed *f = stream;
	struct reading *r = ctx;

	(void)time_us;
	if (f == NULL)
		return false;
	if (f->stream->broken) {
		f->tail += n;
		return true;
	}
	if (f->held.len == 0) {
		size_t used = bmp_stream_feed(f->stream, data, n, 0);

		sbuf_add(&f->held, data + used, n - used);
	} else {
		sbuf_add(&f->held, data, n);
		sbuf_drop(&f->held,
		    bmp_stream_feed(f->stream, (const uint8_t *)f->held.data, f->held.len, 0));
	}
	r->no_memory |= f->held.failed;
	return !f->held.failed && !f->stream->stop;
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct reading *r = ctx;
	struct feed *f = stream;

	(void)closed;
	if (f == NULL)
		return;
	if (r->ops->end != NULL)
		r->ops->end(r->ctx, f->stream, f->tail + f->held.len);
	sbuf_free(&f->held);
	free(f);
}

static void
on_warn(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s\n", text);
}

bool
bmp_file_each(
    const char *path, const struct bmp_file_ops *ops, void *ctx, struct files_counts *counts)
{
	static const struct files_ops files = { on_begin, on_bytes, on_end, on_warn };
	struct reading r = { .ops = ops, .ctx = ctx };
	int rc = files_read(path, &files, &r, counts);

	if (r.no_memory)
		fprintf(stderr, "%s: out of memory\n", path);
	return rc >= 0 && !r.no_memory;
}

/* --- all in one ----------------------------------------------------------------------------------
 */

struct one {
	struct bmp_stream *stream;
	uint64_t *tail;
};

static struct bmp_stream *
one_begin(void *ctx, const struct files_stream *from)
{
	struct one *o = ctx;

	(void)from;
	return o->stream;
}

static void
one_end(void *ctx, struct bmp_stream *s, uint64_t tail)
{
	struct one *o = ctx;

	(void)s;
	*o->tail += tail;
}

bool
bmp_file_read(const char *path, struct bmp_stream *s, uint64_t *tail)
{
	static const struct bmp_file_ops ops = { one_begin, one_end };
	struct one o = { s, tail };

	*tail = 0;
	return bmp_file_each(path, &ops, &o, NULL);
}

/*
 * Any octets as MRT records, and as OpenBMP messages: told, and turned into BMP. What our writers
 * make of them is always whole messages that frame.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/bmp_stream/bmp_stream.h"
#include "collector/files/mrt_bmp.h"
#include "parsers/openbmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A listener that reads everything it is told, and checks that what is opened is closed. */
struct reader {
	struct tell tell;
	int depth;
	size_t octets;
};

static void
on_open(struct tell *t, const char *name)
{
	struct reader *r = (struct reader *)(void *)t;

	(void)name;
	r->depth++;
}

static void
on_close(struct tell *t)
{
	struct reader *r = (struct reader *)(void *)t;

	assert(--r->depth >= 0);
}

static void
on_text(struct tell *t, const char *name, const char *value)
{
	(void)name;
	((struct reader *)(void *)t)->octets += strlen(value);
}

static void
on_number(struct tell *t, const char *name, uint64_t value)
{
	(void)name;
	((struct reader *)(void *)t)->octets += value & 1;
}

static void
on_hex(struct tell *t, const char *name, struct rd r)
{
	(void)name;
	while (rd_left(&r) > 0)
		((struct reader *)(void *)t)->octets += rd_u8(&r);
}

static const struct reader listener = {
	{ on_open, on_close, on_open, on_close, on_text, on_number, on_hex }, 0, 0
};

static bool
on_messages(void *ctx, const uint8_t *data, size_t n, int64_t at_us)
{
	struct bmp_stream *s = ctx;

	assert(at_us >= 0);
	assert(bmp_stream_feed(s, data, n, 0) == n);
	assert(!s->broken);
	return true;
}

static void
as_mrt(const uint8_t *data, size_t size)
{
	static const struct bmp_stream_ops ops = { 0 };
	struct bmp_stream *s = bmp_stream_new(&ops, NULL, 1 << 20, 1000);
	struct mrt_bmp *b = mrt_bmp_new("fuzz", on_messages, s);

	assert(s != NULL && b != NULL);
	for (size_t at = 0; at < size;) {
		struct faults f = { .n = 0 };
		int64_t n = mrt_frame(data + at, size - at, 1 << 20, &f);
		struct reader r = listener;
		struct mrt_record m;
		uint8_t *exact;

		if (n <= 0)
			break;
		if ((size_t)n > size - at)
			n = (int64_t)(size - at); /* cut short: said so, and no more */
		exact = malloc((size_t)n);
		assert(exact != NULL);
		memcpy(exact, data + at, (size_t)n);
		mrt_parse(exact, (size_t)n, &m, &f);
		if (m.body.pos != NULL)
			mrt_tell(&r.tell, &m, &f);
		assert(r.depth == 0);
		mrt_bmp_take(b, exact, (size_t)n);
		free(exact);
		at += (size_t)n;
	}
	assert(mrt_bmp_end(b));
	mrt_bmp_free(b);
	bmp_stream_free(s);
}

static void
as_openbmp(const uint8_t *data, size_t size)
{
	for (size_t at = 0; at < size;) {
		struct faults f = { .n = 0 };
		int64_t n = openbmp_frame(data + at, size - at, 1 << 20, &f);
		struct reader r = listener;
		struct openbmp m;
		uint8_t *exact;

		if (n <= 0 || (size_t)n > size - at)
			return;
		exact = malloc((size_t)n);
		assert(exact != NULL);
		memcpy(exact, data + at, (size_t)n);
		openbmp_parse(exact, (size_t)n, &m, &f);
		openbmp_tell(&r.tell, &m);
		assert(r.depth == 0);
		free(exact);
		at += (size_t)n;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_mrt(data, size);
	as_openbmp(data, size);
	return 0;
}

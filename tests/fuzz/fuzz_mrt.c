/*
 * Any octets as MRT records, and as OpenBMP messages: dissected, and turned into BMP. What our
 * writers make of them is always whole messages that frame.
 */
#include "collector/bmp_stream/bmp_stream.h"
#include "collector/recordings/mrt/to_bmp.h"
#include "parsers/openbmp/openbmp.h"
#include "tests/fuzz/fuzz.h"

static bool
on_messages(void *ctx, const uint8_t *data, size_t n, int64_t at_us)
{
	struct bmp_stream *s = ctx;

	assert(at_us >= 0);
	assert(bmp_stream_feed(s, data, n, 0) == n);
	assert(bmp_stream_broken(s) == NULL);
	return true;
}

static void
as_mrt(const uint8_t *data, size_t size)
{
	static const struct bmp_stream_ops ops = { 0 };
	struct bmp_stream *s = bmp_stream_new(&ops, NULL, 1 << 20, 1000);
	struct mrt_to_bmp *b = mrt_to_bmp_new("fuzz", on_messages, s);

	assert(s != NULL && b != NULL);
	for (size_t at = 0; at < size;) {
		struct faults f = { .n = 0 };
		int64_t n = mrt_frame(data + at, size - at, 1 << 20, &f);
		struct fuzz_sink l;
		struct mrt_record m;
		uint8_t *exact;

		if (n <= 0)
			break;
		if ((size_t)n > size - at)
			n = (int64_t)(size - at); /* cut short: the rest is left */
		exact = fuzz_exact(data + at, (size_t)n);
		l = fuzz_sink();
		mrt_parse(exact, (size_t)n, &m, &f);
		if (m.body.pos != NULL)
			mrt_dissect(&l.sink, &m, &f);
		assert(l.depth == 0);
		mrt_to_bmp_record(b, exact, (size_t)n);
		fuzz_exact_free(exact);
		at += (size_t)n;
	}
	assert(mrt_to_bmp_end(b));
	mrt_to_bmp_free(b);
	bmp_stream_free(s);
}

static void
as_openbmp(const uint8_t *data, size_t size)
{
	for (size_t at = 0; at < size;) {
		struct faults f = { .n = 0 };
		int64_t n = openbmp_frame(data + at, size - at, 1 << 20, &f);
		struct fuzz_sink l;
		struct openbmp m;
		uint8_t *exact;

		if (n <= 0 || (size_t)n > size - at)
			return;
		exact = fuzz_exact(data + at, (size_t)n);
		l = fuzz_sink();
		openbmp_parse(exact, (size_t)n, &m, &f);
		openbmp_dissect(&l.sink, &m);
		assert(l.depth == 0);
		fuzz_exact_free(exact);
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

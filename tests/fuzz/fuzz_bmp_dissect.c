/*
 * Every message found in the octets is dissected to a sink that checks: groups and lists close as
 * they opened, text is text, and hex lies in the message.
 */
#include "parsers/bmp/dissect.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t at = 0;

	while (at < size) {
		struct faults f = { .n = 0 };
		int64_t n = bmp_frame(data + at, size - at, 65583, &f);
		size_t len = n > 0 && (size_t)n <= size - at ? (size_t)n : 0;
		struct fuzz_sink l;
		struct bmp_msg m;
		uint8_t *exact;

		if (len == 0)
			return 0;
		exact = fuzz_exact(data + at, len);
		l = fuzz_sink();
		l.start = exact;
		l.end = exact + len;
		bmp_parse(exact, len, &m, &f);
		bmp_message_dissect(&l.sink, &m, NULL);
		assert(l.depth == 0);
		fuzz_exact_free(exact);
		at += len;
	}
	return 0;
}

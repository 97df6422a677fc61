/* Raw BMP, as it came over TCP: the file is one stream. */
#include <stdlib.h>

#include "collector/recordings/reader.h"
#include "collector/recordings/source.h"

static bool
read_raw(struct reader *r)
{
	uint8_t *buf = malloc(SOURCE_CHUNK);
	void *stream;
	ssize_t n = 0;

	if (buf == NULL)
		return false;
	stream = reader_begin(r, r->path, "");
	while (!r->stopped && (n = source_read(r->source, buf, SOURCE_CHUNK)) > 0) {
		r->counts.octets += (uint64_t)n;
		reader_bytes(r, stream, buf, (size_t)n, 0);
	}
	reader_end(r, stream, false);
	free(buf);
	return n >= 0;
}

/* Any file of no other format: whoever reads the stream reports what is wrong with it. */
static bool
detect_raw(const uint8_t *at, size_t n)
{
	(void)at;
	(void)n;
	return true;
}

const struct recording_reader raw_reader = {
	.name = "BMP", .detect = detect_raw, .read = read_raw
};

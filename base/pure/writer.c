#include "base/pure/writer.h"

#include <string.h>

#include "base/pure/bytes.h"

struct writer
wr_of(void *buf, size_t size)
{
	uint8_t *at = buf;

	return (struct writer){ .start = at, .pos = at, .end = at + size };
}

size_t
wr_len(const struct writer *w)
{
	return w->failed ? 0 : (size_t)(w->pos - w->start);
}

void
wr_bytes(struct writer *w, const void *data, size_t n)
{
	if (n > (size_t)(w->end - w->pos)) {
		w->failed = true;
		return;
	}
	if (n > 0)
		memcpy(w->pos, data, n);
	w->pos += n;
}

void
wr_u8(struct writer *w, uint8_t v)
{
	wr_bytes(w, &v, 1);
}

void
wr_u16(struct writer *w, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, 2);
}

void
wr_u64(struct writer *w, uint64_t v)
{
	wr_u32(w, (uint32_t)(v >> 32));
	wr_u32(w, (uint32_t)v);
}

void
wr_u32(struct writer *w, uint32_t v)
{
	uint8_t b[4];

	put_be32(b, v);
	wr_bytes(w, b, 4);
}

void
wr_patch_u16(struct writer *w, size_t at, size_t from)
{
	size_t n;

	if (w->failed)
		return;
	n = (size_t)(w->pos - w->start) - from;
	w->start[at] = (uint8_t)(n >> 8);
	w->start[at + 1] = (uint8_t)n;
}

size_t
wr_here(const struct writer *w)
{
	return (size_t)(w->pos - w->start);
}

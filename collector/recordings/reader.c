#include "collector/recordings/reader.h"

#include <stdarg.h>
#include <stdio.h>

void
reader_warn(struct reader *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (r->ops->warn == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->ops->warn(r->ctx, text);
}

void
reader_note(struct reader *r, struct note *note, uint64_t amount, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	note->sum += amount;
	if (note->n++ >= NOTES_GIVEN)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	reader_warn(r, "%s: %s", r->path, text);
}

void
reader_note_end(struct reader *r, const struct note *note, const char *what)
{
	if (note->n > NOTES_GIVEN)
		reader_warn(r, "%s: and %llu times more: in all %llu %s", r->path,
		    (unsigned long long)note->n - NOTES_GIVEN, (unsigned long long)note->sum, what);
}

void *
reader_begin(struct reader *r, const char *name, const char *address)
{
	struct recording_stream s = { name, address, r->counts.format, r->mrt_type };

	r->counts.streams++;
	return r->ops->stream_begin != NULL ? r->ops->stream_begin(r->ctx, &s) : NULL;
}

bool
reader_bytes(struct reader *r, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	if (n > 0 && !r->stopped && !r->ops->bytes(r->ctx, stream, data, n, time_us))
		r->stopped = true;
	return !r->stopped;
}

void
reader_end(struct reader *r, void *stream, bool closed)
{
	if (r->ops->stream_end != NULL)
		r->ops->stream_end(r->ctx, stream, closed);
}

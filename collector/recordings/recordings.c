#include "collector/recordings/recordings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recordings/framer.h"
#include "collector/recordings/reader.h"
#include "parsers/mrt/mrt.h"
#include "parsers/openbmp/openbmp.h"

const char *
recording_format_name(enum recording_format f)
{
	static const char *const names[RECORDING_FORMATS] = { "BMP", "pcap", "pcapng", "MRT",
		"OpenBMP" };

	return (unsigned)f < RECORDING_FORMATS ? names[f] : "unknown";
}

/* --- what readers share */

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
	struct recording_stream s = { name, address, r->counts.format };

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

bool
window_init(struct window *w, struct source *source, size_t max)
{
	*w = (struct window){ .source = source, .cap = SOURCE_CHUNK, .max = max };
	w->buf = malloc(w->cap);
	return w->buf != NULL;
}

void
window_fini(struct window *w)
{
	free(w->buf);
}

void
window_done(struct window *w, size_t n)
{
	w->at += n;
	w->n -= n;
}

bool
window_need(struct window *w, size_t n)
{
	uint8_t *bigger;

	if (n > w->max)
		return false;
	if (w->at + n > w->cap) { /* no room behind */
		if (w->at > 0)
			memmove(w->buf, w->buf + w->at, w->n);
		w->at = 0;
		if (n > w->cap) {
			bigger = realloc(w->buf, n);
			if (bigger == NULL)
				return false;
			w->buf = bigger;
			w->cap = n;
		}
	}
	while (w->n < n && !w->ended) {
		size_t used = w->at + w->n;
		ssize_t got = source_read(w->source, w->buf + used, w->cap - used);

		if (got <= 0)
			w->ended = true;
		else
			w->n += (size_t)got;
	}
	return w->n >= n;
}

/* --- raw BMP */

bool
read_bmp(struct reader *r)
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

/* --- which format */

enum { LOOK = 64 };

static bool
looks_like_mrt(const uint8_t *at, size_t n)
{
	static const uint16_t types[] = { MRT_OSPFV2, MRT_TABLE_DUMP, MRT_TABLE_DUMP_V2, MRT_BGP4MP,
		MRT_BGP4MP_ET, MRT_ISIS, MRT_ISIS_ET, MRT_OSPFV3, MRT_OSPFV3_ET };

	if (n < MRT_HEADER_LEN || be32(at + 8) > MRT_RECORD_MAX)
		return false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (be16(at + 4) == types[i])
			return true;
	return false;
}

enum recording_format
recording_detect(const uint8_t *at, size_t n)
{
	static const uint8_t pcap[][4] = { { 0xa1, 0xb2, 0xc3, 0xd4 }, { 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d }, { 0x4d, 0x3c, 0xb2, 0xa1 } };
	static const uint8_t pcapng[4] = { 0x0a, 0x0d, 0x0d, 0x0a };

	for (size_t i = 0; i < sizeof(pcap) / sizeof(pcap[0]); i++)
		if (n >= 4 && memcmp(at, pcap[i], 4) == 0)
			return RECORDING_PCAP;
	if (n >= 4 && memcmp(at, pcapng, 4) == 0)
		return RECORDING_PCAPNG;
	if (openbmp_begins(at, n))
		return RECORDING_OPENBMP;
	/* BMP's version would be a time in the 1970s to MRT; and what is neither is for the reader
	 * of BMP to complain about */
	if (n > 0 && at[0] != 3 && at[0] != 4 && looks_like_mrt(at, n))
		return RECORDING_MRT;
	return RECORDING_BMP;
}

int
recording_read(
    const char *path, const struct recording_ops *ops, void *ctx, struct recording_counts *counts)
{
	static bool (*const readers[RECORDING_FORMATS])(
	    struct reader *) = { read_bmp, read_pcap, read_pcapng, read_mrt, read_openbmp };
	const char *slash = strrchr(path, '/');
	struct reader r = {
		.path = path, .name = slash != NULL ? slash + 1 : path, .ops = ops, .ctx = ctx
	};
	char error[SOURCE_ERROR_MAX];
	const uint8_t *at;
	ssize_t n;
	bool ok;

	if (counts != NULL)
		memset(counts, 0, sizeof(*counts));
	r.source = source_open(path, error, sizeof(error));
	if (r.source == NULL) {
		reader_warn(&r, "%s", error);
		return -1;
	}
	n = source_peek(r.source, &at, LOOK);
	r.counts.format = recording_detect(at, n > 0 ? (size_t)n : 0);
	r.counts.packing = source_packing(r.source);
	ok = readers[r.counts.format](&r);
	if (source_error(r.source)[0] != '\0') {
		reader_warn(&r, "%s", source_error(r.source));
		ok = false;
	}
	source_close(r.source);
	if (counts != NULL)
		*counts = r.counts;
	return r.stopped ? 1 : ok ? 0 : -1;
}

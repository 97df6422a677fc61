/* What the readers share; nobody else includes it. */
#pragma once

#include "collector/recordings/recordings.h"

struct reader {
	const char *path, *name; /* name: the last part of the path */
	struct source *source;
	const struct recording_ops *ops;
	void *ctx;
	struct recording_counts counts;
	bool stopped; /* by the receiver */
};

/* What a file is, by its first octets (64 are enough). */
enum recording_format recording_detect(const uint8_t *at, size_t n);

/* Each reads the source to its end. false: it cannot be read; the reason has been told. */
bool read_bmp(struct reader *);
bool read_pcap(struct reader *);
bool read_pcapng(struct reader *);
bool read_mrt(struct reader *);
bool read_openbmp(struct reader *);

void reader_warn(struct reader *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Something that may be found with every packet: the first few are told, at the end the sum. */
enum { NOTES_GIVEN = 3 };
struct note {
	uint64_t n, sum;
};
/* amount: what is added to the sum. */
void reader_note(struct reader *, struct note *, uint64_t amount, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* what: the sum is so many of it. Nothing is said when all of them were told. */
void reader_note_end(struct reader *, const struct note *, const char *what);

/* A stream through the receiver's operations. */
void *reader_begin(struct reader *, const char *name, const char *address);
bool reader_bytes(struct reader *, void *stream, const uint8_t *, size_t n, int64_t time_us);
void reader_end(struct reader *, void *stream, bool closed);

/*
 * A source read record by record: more octets are put behind those held, those done with are
 * dropped. at .. at + n are held; NULL buf when out of memory.
 */
struct window {
	struct source *source;
	uint8_t *buf;
	size_t cap, max, at, n;
	bool ended;
};
bool window_init(struct window *, struct source *, size_t max);
void window_fini(struct window *);
/* Make at least n octets be there: false when the file ends before, cannot be read, or n > max. */
bool window_need(struct window *, size_t n);
static inline const uint8_t *
window_at(const struct window *w)
{
	return w->buf + w->at;
}
void window_done(struct window *, size_t n);

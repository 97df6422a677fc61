/*
 * What the readers of the formats share; nobody outside of this room includes it. A reader is a row
 * (struct recording_reader) that recordings.c finds and calls; what it needs is in struct reader.
 */
#pragma once

#include "collector/recordings/recordings.h"

/* One file that is being read. */
struct reader {
	const char *path, *name; /* name: the last part of the path */
	struct source *source;
	const struct recording_ops *ops;
	void *ctx;
	struct recording_counts counts;
	bool stopped;	   /* by the receiver */
	uint16_t mrt_type; /* struct recording_stream */
};

/* The first are enough for a file that is as it should be. More are looked at when they are of no
 * format: damage may be in front. */
enum { DETECT_OCTETS = 64, DETECT_DAMAGED_OCTETS = 64 * 1024 };

struct recording_reader {
	const char *name; /* of the format */
	/* Do these first octets of a file begin this format? */
	bool (*detect)(const uint8_t *at, size_t n);
	/* May be NULL. Asked when they are of no format: is this one behind them? n: up to
	 * DETECT_DAMAGED_OCTETS. */
	bool (*detect_behind)(const uint8_t *at, size_t n);
	/* Reads the source to its end. false: it cannot be read; the receiver got the reason. */
	bool (*read)(struct reader *);
};
extern const struct recording_reader raw_reader, pcap_reader, pcapng_reader, mrt_reader,
    openbmp_reader;

/* recordings.c: which format a file has, by its first octets. *n: how many there are of
 * DETECT_OCTETS. */
enum recording_format recording_detect(struct source *, size_t *n);

/* reader.c: a text for the receiver. */
void reader_warn(struct reader *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Something that may be found with every packet: the first few are reported, at the end the sum. */
enum { NOTES_GIVEN = 3 };
struct note {
	uint64_t n, sum;
};
/* amount: what is added to the sum. */
void reader_note(struct reader *, struct note *, uint64_t amount, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* what: the unit of the sum. Reports nothing when every note was reported on its own. */
void reader_note_end(struct reader *, const struct note *, const char *what);

/* A stream through the receiver's operations. reader_bytes: false when the receiver has had enough,
 * now or before. */
void *reader_begin(struct reader *, const char *name, const char *address);
bool reader_bytes(struct reader *, void *stream, const uint8_t *, size_t n, int64_t time_us);
void reader_end(struct reader *, void *stream, bool closed);

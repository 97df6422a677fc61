/* One message of a stream, explained: as text for the eye or as a JSON object. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "collector/bmp_stream/bmp_stream.h"

/* An UPDATE, and how it is written as far as the stream could decide. */
struct decode_update {
	struct bgp_encoding encoding;
	bool is_end_of_rib;
	struct bgp_family end_of_rib;
	struct cursor body;
};

/* A Route Mirroring may hold many messages; those after so many are read as the last of these. */
enum { DECODE_MIRRORED_MAX = 16 };

struct decode_message {
	uint64_t number;     /* from 1 */
	uint64_t offset;     /* in the stream */
	int64_t recorded_us; /* when it was recorded, microseconds since 1970; 0 not known */
	const char *stream;  /* whose, when the file may hold several; else NULL */
	bool captured;	     /* a BGP message of a capture; the BMP around it was made here */
	const struct bmp_msg *msg;
	enum bmp_v4_revision v4_revision; /* proved by the stream so far */
	/* the UPDATE, when it could be split */
	bool has_update;
	enum bmp_view view;
	struct decode_update update;
	/* BGP messages in a Route Mirroring */
	unsigned mirrored_n;
	uint32_t mirrored_types; /* bit per enum bgp_type, bit 0: what is none */
	struct decode_update mirrored[DECODE_MIRRORED_MAX];
	/* what is wrong with it */
	const struct faults *faults;
	uint64_t quirks;    /* bit per enum bmp_quirk */
	uint64_t explained; /* quirks that were explained before: their names are enough */
};

/* Forgets the UPDATE and what was mirrored, before the next message. */
void decode_message_next(struct decode_message *);
/* The message has this UPDATE. It borrows the octets. */
void decode_message_update(struct decode_message *, const struct bmp_update *);
/* The message mirrors a BGP message of this type. update: NULL when it is no UPDATE. */
void decode_message_mirrored(struct decode_message *, unsigned type, const struct bmp_update *);

/* Adds a block of lines, or a line of JSON, to out. */
void decode_message_put(const struct decode_message *, bool json, bool colour, struct sbuf *out);

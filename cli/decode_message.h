/* One message of a stream, explained: as text for the eye or as a JSON object. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "collector/bmp_stream/bmp_stream.h"

struct decode_message {
	uint64_t number;    /* from 1 */
	uint64_t offset;    /* in the stream */
	const char *stream; /* whose, when the file may hold several; else NULL */
	const struct bmp_msg *msg;
	/* the UPDATE, when it could be split */
	bool has_update;
	struct bgp_context context;
	bool addpath_classic, addpath_reach, addpath_unreach;
	uint8_t labels_reach;
	bool is_end_of_rib;
	struct bgp_family end_of_rib;
	struct rd update; /* its body */
	/* what is wrong with it */
	const struct faults *faults;
	uint64_t quirks; /* bit per enum bmp_quirk */
};

/* The message has this UPDATE, read as the stream decided; borrowed with it. */
void decode_message_update(struct decode_message *, const struct bmp_update *);

/* Adds a block of lines, or a line of JSON, to out. */
void decode_message_put(const struct decode_message *, bool json, bool colour, struct sbuf *out);

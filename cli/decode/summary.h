/* bellman decode --summary: what is in a file, counted. */
#pragma once

#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"

/* Which routes are counted. The others are walked over only for their faults. */
enum decode_count {
	DECODE_COUNT_NONE,  /* mirrored routes: Route Monitoring has them, too */
	DECODE_COUNT_PLAIN, /* the stream counts other families and End-of-RIB itself */
	DECODE_COUNT_ALL,   /* a captured session: nothing else has its routes */
};

/* Walks over every NLRI of an UPDATE, counts them, and adds what is wrong with them to the faults
 * of the UPDATE. */
void decode_count_update(
    struct bmp_stream *, struct bmp_peer *, struct bmp_update *, enum decode_count);

/* Prints one JSON object on a line. tail: octets at the end that are no whole message. file: its
 * name where there are several files, else NULL. */
void decode_summary_print(const struct bmp_counters *, uint64_t tail, const char *file);

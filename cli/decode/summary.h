/* bellman decode --summary: what is in a file, counted. */
#pragma once

#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"

/* Which routes are counted: what else is stepped through only for its faults. */
enum decode_count {
	DECODE_COUNT_NONE,  /* mirrored: they come by Route Monitoring, too */
	DECODE_COUNT_PLAIN, /* the stream has counted those of other families, and End-of-RIB */
	DECODE_COUNT_ALL,   /* of a captured session: they come by nothing else */
};

/* Step through every NLRI of an UPDATE, and count: what is wrong with them is added to its faults.
 */
void decode_count_update(
    struct bmp_stream *, struct bmp_peer *, struct bmp_update *, enum decode_count);

/* One JSON object on a line. tail: octets at the end that are no whole message. file: its name,
 * when there are several; else NULL. */
void decode_summary_print(const struct bmp_counters *, uint64_t tail, const char *file);

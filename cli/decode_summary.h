/* bellman decode --summary: what is in a file, counted. */
#pragma once

#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"

/*
 * Step through every NLRI of an UPDATE: what is wrong with them is added to its faults. Routes of
 * IPv4 and IPv6 unicast and multicast are counted; the stream has counted those of other families.
 */
void decode_count_update(struct bmp_stream *, struct bmp_peer *, struct bmp_update *);

/* One JSON object on a line. tail: octets at the end that are no whole message. file: its name,
 * when there are several; else NULL. */
void decode_summary_print(const struct bmp_counters *, uint64_t tail, const char *file);

/*
 * packets: the readers of captures hand their packets to it. It takes off the link layers (link.h),
 * and puts together fragments (fragments.h) and TCP streams (tcp.h). What it cannot read it names
 * and counts, once, at the end. It knows no file format.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/recordings/reader.h"

struct packets;

/* Streams go out through the reader. NULL when out of memory. */
struct packets *packets_new(struct reader *);
/* One packet. link: LINKTYPE_; captured: octets at hand; sent: octets on the wire; time_us: when,
 * 0 when not known. */
void packets_add(struct packets *, int link, const uint8_t *frame, size_t captured, size_t sent,
    int64_t time_us);
/* One that cannot be had; it is counted. */
void packets_skip(struct packets *);
/* The capture ends: streams end, sums are reported. */
void packets_end(struct packets *);
void packets_free(struct packets *);

/* Microseconds since 1970 of seconds and microseconds; 0 (not known) when that overflows or is
 * negative. */
static inline int64_t
packets_time(int64_t sec, int64_t usec)
{
	int64_t us;

	if (__builtin_mul_overflow(sec, 1000000, &us) || __builtin_add_overflow(us, usec, &us) ||
	    us < 0)
		return 0;
	return us;
}

/*
 * tcp: the BMP streams among the TCP connections of a capture. Each direction with octets is looked
 * at: what begins like BMP, or goes to a port of BMP, is put together in the order of its sequence
 * numbers and handed out; BGP is handed out as the Route Mirroring of the router that receives it
 * (bgp_mirror.h); the rest is nobody's business here.
 *
 *   - a segment that comes too early waits, one that comes again is dropped, overlaps are cut;
 *   - what never comes is a gap: reported, counted, and the stream goes on with the next whole
 * message;
 *   - captures rewritten by tools may have octets in the SYN and not count the SYN: understood.
 *
 * Bounded: so many connections, so many octets waiting per connection. Knows no file and no
 * libpcap.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/recordings/packets/link.h"
#include "collector/recordings/reader.h"

enum {
	TCP_CONNECTIONS_MAX = 16384,
	TCP_WAITING_MAX = 1024 * 1024, /* octets that came too early, per connection */
	TCP_SEGMENTS_MAX = 4096,       /* likewise */
};

struct tcp;

/* Streams go out through the reader. NULL when out of memory. */
struct tcp *tcp_new(struct reader *);
/* One segment, in the order of the capture. time_us: when it was captured. */
void tcp_add(struct tcp *, const struct tcp_segment *, int64_t time_us);
/* The capture ends: what waits is handed out, streams end. */
void tcp_end(struct tcp *);
void tcp_free(struct tcp *);

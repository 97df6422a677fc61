/*
 * fragments: IP packets put together of their fragments (RFC 791 3.2, RFC 8200 4.5), in bounded
 * memory. A packet is given up when a minute has passed, after which its number may be another's
 * (RFC 8200 4.5), or when others need its place.
 *
 * The same fragment twice is one; fragments that overlap otherwise make their packet worthless
 * (RFC 5722 3).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/recordings/packets/link.h"

enum { FRAGMENTS_PACKETS_MAX = 64, FRAGMENTS_OCTETS_MAX = 65535 };

struct fragments;

/* What is not in the capture as a whole. UDP does not count: most of it is nobody's business. */
struct fragments_lost {
	uint64_t packets, fragments;
};

/* NULL when out of memory. */
struct fragments *fragments_new(void);
void fragments_free(struct fragments *);
/* time_us: when it was captured, microseconds since 1970; 0 not known. true: it was the last one
 * missing; what the packet holds is at *payload until the next call. */
bool fragments_add(
    struct fragments *, const struct ip_fragment *, int64_t time_us, struct cursor *payload);
/* So far, with those that wait. */
struct fragments_lost fragments_lost(const struct fragments *);

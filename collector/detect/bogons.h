/*
 * Address space and AS numbers that nobody may announce to other networks: IANA's special-purpose
 * registries (RFC 6890, RFC 8190) and what is reserved. A function of the prefix or
 * number alone; where such a route is ordinary all the same, its caller knows.
 */
#pragma once

#include <stdbool.h>

#include <stdint.h>

#include "base/pure/ip.h"

enum bogon_use {
	BOGON_NONE,
	BOGON_RESERVED,
	BOGON_PRIVATE, /* ordinary inside of a network */
	BOGON_EXAMPLE, /* documentation and benchmarks: ordinary in a lab */
	BOGON_UNUSED,  /* not handed out yet */
};

struct bogon {
	uint64_t first;	  /* the first eight octets of the prefix */
	uint8_t len, use; /* enum bogon_use */
	const char *name; /* "private (RFC 1918)" */
};

/* The block that the prefix is equal to, or lies in; NULL when it lies in none. What contains one
 * is none, nor is the default route; neither are services of all in such a block (PCP, TURN,
 * NAT64). Never freed. */
const struct bogon *bogon_of(const struct ip_prefix *);
/* What the AS number is for: BOGON_NONE when it may be anybody's. */
enum bogon_use bogon_as(uint32_t asn);
/* Is it one of those that are handed out? Nearly all are, and this is quick. */
static inline bool
bogon_as_is_handed_out(uint32_t asn)
{
	return (asn > 131071 && asn < 4200000000) || (asn > 23456 && asn < 64496) ||
	       (asn > 0 && asn < 23456);
}
/* "private (RFC 6996)"; "" when it may be anybody's. */
const char *bogon_as_name(uint32_t asn);

/*
 * IP addresses and prefixes: the value types everybody shares, their text forms (RFC 4632, RFC
 * 5952), order and containment. Knows no BGP.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum ip_family { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 };

enum {
	IP_ADDR_TEXT_MAX = 46,	 /* with the terminating NUL */
	IP_PREFIX_TEXT_MAX = 50, /* address, '/', three digits */
};

struct ip_addr {
	uint8_t family; /* enum ip_family */
	uint8_t b[16];	/* network order; IPv4 in the first four octets, the rest zero */
};

/* Host bits are always zero: every maker of a prefix masks. */
struct ip_prefix {
	uint8_t family; /* enum ip_family */
	uint8_t len;	/* bits */
	uint8_t b[16];
};

/* 32, 128, or 0 for no family. */
static inline unsigned
ip_bits(uint8_t family)
{
	return family == IP_V4 ? 32 : family == IP_V6 ? 128 : 0;
}

static inline struct ip_addr
ip_addr_v4(const uint8_t octets[4])
{
	struct ip_addr a = { .family = IP_V4 };

	memcpy(a.b, octets, 4);
	return a;
}

static inline struct ip_addr
ip_addr_v6(const uint8_t octets[16])
{
	struct ip_addr a = { .family = IP_V6 };

	memcpy(a.b, octets, 16);
	return a;
}

/* Makes a prefix of the first ceil(len/8) octets at `octets`; host bits are cleared.
 * false when len exceeds the family's width. */
bool ip_prefix_make(struct ip_prefix *out, uint8_t family, const uint8_t *octets, unsigned len);

/* "192.0.2.1", "2001:db8::1". false when it is neither. */
bool ip_addr_parse(const char *text, struct ip_addr *out);

/* "192.0.2.0/24"; a bare address is a host prefix. false on syntax, a length past the width, or
 * host bits that are not zero (strict = true); with strict = false host bits are cleared instead.
 */
bool ip_prefix_parse(const char *text, bool strict, struct ip_prefix *out);

/* Write the text form into buf (IP_ADDR_TEXT_MAX, IP_PREFIX_TEXT_MAX) and return buf. "-" for no
 * family. */
const char *ip_addr_format(const struct ip_addr *, char *buf);
const char *ip_prefix_format(const struct ip_prefix *, char *buf);

/* true when `inner` is equal to or more specific than `outer`. */
bool ip_prefix_covers(const struct ip_prefix *outer, const struct ip_prefix *inner);

/* Orders by family, address, length: <0, 0, >0. A covering prefix comes before what it covers. */
int ip_prefix_cmp(const struct ip_prefix *, const struct ip_prefix *);
bool ip_addr_equal(const struct ip_addr *, const struct ip_addr *);

/*
 * A set of parts of the address space: what the first 16 bits of IPv4 are, and a hash of the first
 * 32 of IPv6. `first`: the first 32 bits of an address. A prefix that is shorter than a part is not
 * found by it.
 */
enum { IP_PART_LEN4 = 16, IP_PART_LEN6 = 32, IP_PARTS = 1 << 16 };
struct ip_parts {
	uint8_t v4[IP_PARTS / 8], v6[IP_PARTS / 8];
};

static inline uint32_t
ip_part(uint8_t family, uint32_t first)
{
	return (family == IP_V4 ? first : first * 0x9e3779b1U) >> 16;
}

static inline void
ip_parts_add(struct ip_parts *s, uint8_t family, uint32_t first)
{
	uint32_t at = ip_part(family, first);
	uint8_t *bits = family == IP_V4 ? s->v4 : s->v6;

	bits[at / 8] = (uint8_t)(bits[at / 8] | 1U << at % 8);
}

static inline bool
ip_parts_have(const struct ip_parts *s, uint8_t family, uint32_t first)
{
	uint32_t at = ip_part(family, first);

	return (family == IP_V4 ? s->v4 : s->v6)[at / 8] >> at % 8 & 1;
}

/* false: what is added has nothing at or above the prefix. */
static inline bool
ip_parts_may_have(const struct ip_parts *s, const struct ip_prefix *p)
{
	uint32_t first = (uint32_t)p->b[0] << 24 | (uint32_t)p->b[1] << 16 |
			 (uint32_t)p->b[2] << 8 | p->b[3];

	return p->len < (p->family == IP_V4 ? IP_PART_LEN4 : IP_PART_LEN6) ||
	       ip_parts_have(s, p->family, first);
}

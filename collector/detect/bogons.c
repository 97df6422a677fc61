/* Bogons, as IANA's registries have them, with the wording of the NLNOG filter guide. */
#include "collector/detect/bogons.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/pure/bytes.h"

#define V4(a, b, c) ((uint64_t)(a) << 56 | (uint64_t)(b) << 48 | (uint64_t)(c) << 40)
#define V6(a, b, c) ((uint64_t)(a) << 48 | (uint64_t)(b) << 32 | (uint64_t)(c) << 16)

static const struct bogon blocks4[] = {
	{ V4(0, 0, 0), 8, BOGON_RESERVED, "this network (RFC 791)" },
	{ V4(10, 0, 0), 8, BOGON_PRIVATE, "private (RFC 1918)" },
	{ V4(100, 64, 0), 10, BOGON_PRIVATE, "shared by carriers (RFC 6598)" },
	{ V4(127, 0, 0), 8, BOGON_RESERVED, "loopback (RFC 1122)" },
	{ V4(169, 254, 0), 16, BOGON_RESERVED, "link-local (RFC 3927)" },
	{ V4(172, 16, 0), 12, BOGON_PRIVATE, "private (RFC 1918)" },
	{ V4(192, 0, 0), 24, BOGON_RESERVED, "IETF protocols (RFC 6890)" },
	{ V4(192, 0, 2), 24, BOGON_EXAMPLE, "documentation (RFC 5737)" },
	{ V4(192, 88, 99), 24, BOGON_RESERVED, "6to4 relays, deprecated (RFC 7526)" },
	{ V4(192, 168, 0), 16, BOGON_PRIVATE, "private (RFC 1918)" },
	{ V4(198, 18, 0), 15, BOGON_EXAMPLE, "benchmarks (RFC 2544)" },
	{ V4(198, 51, 100), 24, BOGON_EXAMPLE, "documentation (RFC 5737)" },
	{ V4(203, 0, 113), 24, BOGON_EXAMPLE, "documentation (RFC 5737)" },
	{ V4(224, 0, 0), 4, BOGON_RESERVED, "multicast (RFC 5771)" },
	{ V4(240, 0, 0), 4, BOGON_RESERVED, "reserved (RFC 1112)" },
	{ V4(224, 0, 0), 3, BOGON_RESERVED, "multicast and reserved (RFC 5771, RFC 1112)" },
};

/* What of IPv6 lies in 2000::/3, which is all that is handed out, and names for the rest. */
static const struct bogon blocks6[] = {
	{ V6(0x2001, 2, 0), 48, BOGON_EXAMPLE, "benchmarks (RFC 5180)" },
	{ V6(0x2001, 0x10, 0), 28, BOGON_RESERVED, "ORCHID, deprecated (RFC 4843)" },
	{ V6(0x2001, 0xdb8, 0), 32, BOGON_EXAMPLE, "documentation (RFC 3849)" },
	{ V6(0x2002, 0, 0), 16, BOGON_RESERVED, "6to4, deprecated (RFC 7526)" },
	{ V6(0x3ffe, 0, 0), 16, BOGON_RESERVED, "6bone, returned (RFC 3701)" },
	{ V6(0x3fff, 0, 0), 20, BOGON_EXAMPLE, "documentation (RFC 9637)" },
};
static const struct bogon outside6[] = {
	{ V6(0, 0, 0), 8, BOGON_RESERVED, "loopback, mapped IPv4 (RFC 4291)" },
	{ V6(0x64, 0xff9b, 1), 48, BOGON_RESERVED, "NAT64 of a network (RFC 8215)" },
	{ V6(0x100, 0, 0), 64, BOGON_RESERVED, "discard-only (RFC 6666)" },
	{ V6(0x100, 0, 0) | 1, 64, BOGON_RESERVED, "dummy (RFC 9780)" },
	{ V6(0x5f00, 0, 0), 16, BOGON_RESERVED, "segment identifiers (RFC 9602)" },
	{ V6(0xfc00, 0, 0), 7, BOGON_PRIVATE, "unique local (RFC 4193)" },
	{ V6(0xfe80, 0, 0), 10, BOGON_RESERVED, "link-local (RFC 4291)" },
	{ V6(0xfec0, 0, 0), 10, BOGON_RESERVED, "site-local, deprecated (RFC 3879)" },
	{ V6(0xff00, 0, 0), 8, BOGON_RESERVED, "multicast (RFC 4291)" },
	{ V6(0, 0, 0), 0, BOGON_RESERVED, "outside of 2000::/3 (RFC 4291)" },
};

/* Services of all that lie in such blocks: PCP and TURN anycast (RFC 7723, RFC 8155), NAT64 (RFC
 * 6052). */
static const struct ip_prefix services[] = {
	{ IP_V4, 32, { 192, 0, 0, 9 } },
	{ IP_V4, 32, { 192, 0, 0, 10 } },
	{ IP_V6, 96, { 0, 0x64, 0xff, 0x9b } },
};

/* First octets that a block of IPv4 begins with. */
#define BIT(octet) (1ULL << ((octet) % 64))
static const uint64_t octets4[4] = { BIT(0) | BIT(10), BIT(100) | BIT(127), BIT(169) | BIT(172),
	BIT(192) | BIT(198) | BIT(203) | 0xffffffff00000000 };

static bool
is_service(const struct ip_prefix *p)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (ip_prefix_covers(&services[i], p))
			return true;
	return false;
}

static const struct bogon *
find(const struct bogon *blocks, size_t n, const struct ip_prefix *p)
{
	uint64_t first = be64(p->b);

	for (size_t i = 0; i < n; i++) {
		const struct bogon *b = &blocks[i];

		if (p->len >= b->len && (b->len == 0 || (first ^ b->first) >> (64 - b->len) == 0))
			return is_service(p) ? NULL : b;
	}
	return NULL;
}

/* Has it nothing of 2000::/3? */
static bool
is_outside(const struct ip_prefix *p)
{
	unsigned mask = p->len >= 3 ? 0xe0 : p->len == 2 ? 0xc0 : p->len == 1 ? 0x80 : 0;

	return (p->b[0] & mask) != (0x20 & mask);
}

const struct bogon *
bogon_of(const struct ip_prefix *p)
{
	if (p->family == IP_V4) {
		if (!(octets4[p->b[0] / 64] >> (p->b[0] % 64) & 1))
			return NULL;
		return find(blocks4, sizeof(blocks4) / sizeof(*blocks4), p);
	}
	if (p->family != IP_V6)
		return NULL;
	if (is_outside(p))
		return find(outside6, sizeof(outside6) / sizeof(*outside6), p);
	if (p->b[0] != 0x20 && p->b[0] != 0x3f)
		return NULL;
	return find(blocks6, sizeof(blocks6) / sizeof(*blocks6), p);
}

/* --- AS numbers */

static const struct {
	uint32_t first, last;
	uint8_t use;
	const char *name;
} numbers[] = {
	{ 0, 0, BOGON_RESERVED, "nobody's (RFC 7607)" },
	{ 23456, 23456, BOGON_RESERVED, "AS_TRANS (RFC 6793)" },
	{ 64496, 64511, BOGON_EXAMPLE, "documentation (RFC 5398)" },
	{ 64512, 65534, BOGON_PRIVATE, "private (RFC 6996)" },
	{ 65535, 65535, BOGON_RESERVED, "reserved (RFC 7300)" },
	{ 65536, 65551, BOGON_EXAMPLE, "documentation (RFC 5398)" },
	{ 65552, 131071, BOGON_UNUSED, "reserved by IANA" },
	{ 4200000000, 4294967294, BOGON_PRIVATE, "private (RFC 6996)" },
	{ 4294967295, 4294967295, BOGON_RESERVED, "reserved (RFC 7300)" },
};
enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

static size_t
number_of(uint32_t asn)
{
	size_t i = 0;

	if (bogon_as_is_handed_out(asn)) /* in the wide gaps */
		return NUMBERS;
	while (i < NUMBERS && (asn < numbers[i].first || asn > numbers[i].last))
		i++;
	return i;
}

enum bogon_use
bogon_as(uint32_t asn)
{
	size_t i = number_of(asn);

	return i < NUMBERS ? (enum bogon_use)numbers[i].use : BOGON_NONE;
}

const char *
bogon_as_name(uint32_t asn)
{
	size_t i = number_of(asn);

	return i < NUMBERS ? numbers[i].name : "";
}

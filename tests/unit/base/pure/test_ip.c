/* Addresses and prefixes: text, order, containment. */
#include "base/pure/ip.h"

#include <arpa/inet.h>

#include "tests/unit/support/harness.h"

enum { SEEDS = 20 };

static const struct {
	const char *text, *want; /* NULL: not an address */
	uint8_t family;
} addrs[] = {
	{ "192.0.2.1", "192.0.2.1", IP_V4 },
	{ "0.0.0.0", "0.0.0.0", IP_V4 },
	{ "255.255.255.255", "255.255.255.255", IP_V4 },
	{ "256.0.0.1", NULL, IP_NONE },
	{ "192.0.2", NULL, IP_NONE },
	{ "192.0.2.1.", NULL, IP_NONE },
	{ "192.0.2.01", NULL, IP_NONE },
	{ " 192.0.2.1", NULL, IP_NONE },
	{ "192.0.2.1 ", NULL, IP_NONE },
	{ "", NULL, IP_NONE },
	{ "::", "::", IP_V6 },
	{ "2001:DB8::1", "2001:db8::1", IP_V6 },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", IP_V6 },	   /* RFC 5952 4.2.3 */
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", IP_V6 }, /* 4.2.2 */
	{ "2001:0db8::0001", "2001:db8::1", IP_V6 },		   /* 4.1 */
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", IP_V6 },	   /* 5 */
	{ "2001:db8::1::2", NULL, IP_NONE },
	{ "2001:db8:::1", NULL, IP_NONE },
	{ "1:2:3:4:5:6:7", NULL, IP_NONE },
	{ "1:2:3:4:5:6:7:8:9", NULL, IP_NONE },
	{ "fe80::1%eth0", NULL, IP_NONE },
	{ "::192.0.2.1", "::192.0.2.1", IP_V6 },
	{ "::c000:201", "::192.0.2.1", IP_V6 },
	{ "::1", "::1", IP_V6 },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", IP_V6 },
	{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8", IP_V6 },
	{ "1:2:3:4:5:6:7:8::", NULL, IP_NONE },
	{ "1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201", IP_V6 },
	{ "1:2:3:4:5:6:7:192.0.2.1", NULL, IP_NONE },
	{ "1:2:3:4:5:6::192.0.2.1", NULL, IP_NONE },
	{ "::192.0.2.1:1", NULL, IP_NONE },
	{ "::192.0.2", NULL, IP_NONE },
	{ ":1::", NULL, IP_NONE },
	{ "1::2:", NULL, IP_NONE },
	{ "::12345", NULL, IP_NONE },
	{ "::g", NULL, IP_NONE },
	{ ":", NULL, IP_NONE },
	{ "1", NULL, IP_NONE },
};

START_TEST(ip_addr_rows)
{
	struct ip_addr a;
	char buf[IP_ADDR_TEXT_MAX];
	bool ok = ip_addr_parse(addrs[_i].text, &a);

	ck_assert_msg(ok == (addrs[_i].want != NULL), "\"%s\"", addrs[_i].text);
	if (!ok)
		return;
	ck_assert_uint_eq(a.family, addrs[_i].family);
	ck_assert_str_eq(ip_addr_format(&a, buf), addrs[_i].want);
}
END_TEST

static const struct {
	const char *text, *strict, *loose; /* NULL: refused */
} prefixes[] = {
	{ "192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24" },
	{ "192.0.2.1/24", NULL, "192.0.2.0/24" },
	{ "192.0.2.1", "192.0.2.1/32", "192.0.2.1/32" },
	{ "192.0.2.129/25", NULL, "192.0.2.128/25" },
	{ "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0" },
	{ "10.0.0.0/0", NULL, "0.0.0.0/0" },
	{ "10.0.0.0/33", NULL, NULL },
	{ "10.0.0.0/256", NULL, NULL },
	{ "10.0.0.0/", NULL, NULL },
	{ "10.0.0.0/-1", NULL, NULL },
	{ "10.0.0.0/+8", NULL, NULL },
	{ "10.0.0.0/8 ", NULL, NULL },
	{ "10.0.0.0/ 8", NULL, NULL },
	{ "10.0.0.0/8/8", NULL, NULL },
	{ "10.0.0.0/4294967304", NULL, NULL },
	{ "/8", NULL, NULL },
	{ "", NULL, NULL },
	{ "10/8", NULL, NULL },
	{ "::/0", "::/0", "::/0" },
	{ "2001:db8::/32", "2001:db8::/32", "2001:db8::/32" },
	{ "2001:db8::1/127", NULL, "2001:db8::/127" },
	{ "2001:db8::1", "2001:db8::1/128", "2001:db8::1/128" },
	{ "2001:db8::/129", NULL, NULL },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128" },
	{ "00000000000000000000000000000000000000000000000000000::/8", NULL, NULL },
};

START_TEST(ip_prefix_rows)
{
	struct ip_prefix p;
	char buf[IP_PREFIX_TEXT_MAX];

	for (int strict = 0; strict < 2; strict++) {
		const char *want = strict ? prefixes[_i].strict : prefixes[_i].loose;
		bool ok = ip_prefix_parse(prefixes[_i].text, strict, &p);

		ck_assert_msg(ok == (want != NULL), "\"%s\" strict %d", prefixes[_i].text, strict);
		if (ok)
			ck_assert_str_eq(ip_prefix_format(&p, buf), want);
	}
}
END_TEST

START_TEST(ip_none_is_a_dash)
{
	struct ip_addr a = { .family = IP_NONE };
	struct ip_prefix p = { .family = IP_NONE };
	char buf[IP_PREFIX_TEXT_MAX];

	ck_assert_str_eq(ip_addr_format(&a, buf), "-");
	ck_assert_str_eq(ip_prefix_format(&p, buf), "-");
}
END_TEST

/* ip_prefix_make reads no octet past the prefix, and clears the host bits of the last. */
START_TEST(ip_prefix_make_reads_what_it_needs)
{
	for (int v6 = 0; v6 < 2; v6++) {
		uint8_t family = v6 ? IP_V6 : IP_V4;
		struct ip_prefix p;

		for (unsigned len = 0; len <= ip_bits(family); len++) {
			uint8_t ones[16];
			uint8_t *exact;

			memset(ones, 0xff, sizeof(ones));
			exact = exact_copy(ones, (len + 7) / 8);
			ck_assert(ip_prefix_make(&p, family, exact, len));
			free(exact);
			for (unsigned bit = 0; bit < 128; bit++)
				require((p.b[bit / 8] >> (7 - bit % 8) & 1) == (bit < len),
				    "/%u bit %u", len, bit);
		}
		ck_assert(
		    !ip_prefix_make(&p, family, (const uint8_t[16]){ 0 }, ip_bits(family) + 1));
	}
}
END_TEST

static bool
bit_at(const struct ip_prefix *p, unsigned bit)
{
	return p->b[bit / 8] >> (7 - bit % 8) & 1;
}

static bool
covers_by_bits(const struct ip_prefix *outer, const struct ip_prefix *inner)
{
	if (outer->family != inner->family || outer->len > inner->len)
		return false;
	for (unsigned bit = 0; bit < outer->len; bit++)
		if (bit_at(outer, bit) != bit_at(inner, bit))
			return false;
	return true;
}

/* Few distinct octets, so that prefixes nest. */
static struct ip_prefix
random_prefix(uint64_t *rng)
{
	uint8_t b[16], family = rnd(rng) % 2 ? IP_V4 : IP_V6;
	struct ip_prefix p;

	for (int i = 0; i < 16; i++)
		b[i] = rnd(rng) % 4 ? 0 : (uint8_t)(0x81 + rnd(rng) % 2);
	ip_prefix_make(&p, family, b, rnd(rng) % (ip_bits(family) + 1));
	return p;
}

START_TEST(ip_covers_and_order)
{
	uint64_t rng = seed_of(_i);

	for (int i = 0; i < 20000; i++) {
		struct ip_prefix a = random_prefix(&rng), b = random_prefix(&rng), back;
		int ab = ip_prefix_cmp(&a, &b), ba = ip_prefix_cmp(&b, &a);
		bool equal = memcmp(&a, &b, sizeof(a)) == 0;
		char buf[IP_PREFIX_TEXT_MAX];

		require(ip_prefix_covers(&a, &b) == covers_by_bits(&a, &b), "%d", i);
		require(ip_prefix_covers(&a, &a), "%d", i);
		require((ab < 0) == (ba > 0) && (ab == 0) == equal && (ba == 0) == equal, "%d", i);
		if (ip_prefix_covers(&a, &b) && !equal)
			require(ab < 0, "%d", i);
		require(ip_prefix_parse(ip_prefix_format(&a, buf), true, &back), "%d", i);
		require(memcmp(&a, &back, sizeof(a)) == 0, "%s", buf);
	}
}
END_TEST

START_TEST(ip_addr_equal_knows_the_family)
{
	static const uint8_t octets[16] = { 1, 2, 3, 4 };
	struct ip_addr a = ip_addr_v4(octets), b = ip_addr_v6(octets);

	ck_assert(ip_addr_equal(&a, &a) && ip_addr_equal(&b, &b));
	ck_assert(!ip_addr_equal(&a, &b));
	b = ip_addr_v4((const uint8_t[4]){ 1, 2, 3, 5 });
	ck_assert(!ip_addr_equal(&a, &b));
}
END_TEST

/* --- against inet_pton and inet_ntop */

/* Few distinct octets and many zeros, so that there are runs of every length at every place; some
 * are IPv4-mapped or IPv4-compatible. */
static void
random_octets(uint64_t *rng, uint8_t b[16])
{
	unsigned zeros = rnd(rng) % 4;

	for (int i = 0; i < 16; i++)
		b[i] = rnd(rng) % 4 < zeros ? 0
					    : (uint8_t)(rnd(rng) % 3 ? rnd(rng) % 16 : rnd(rng));
	if (rnd(rng) % 4 == 0)
		memset(b, 0, 12);
	if (rnd(rng) % 8 == 0)
		b[10] = b[11] = 0xff;
}

START_TEST(ip_format_is_inet_ntop)
{
	uint64_t rng = seed_of(_i);

	for (int i = 0; i < 20000; i++) {
		char ours[IP_ADDR_TEXT_MAX], theirs[INET6_ADDRSTRLEN];
		struct ip_addr v4, v6, back;
		uint8_t b[16];

		random_octets(&rng, b);
		v4 = ip_addr_v4(b);
		v6 = ip_addr_v6(b);
		inet_ntop(AF_INET, b, theirs, sizeof(theirs));
		require(strcmp(ip_addr_format(&v4, ours), theirs) == 0, "%s %s", ours, theirs);
		require(ip_addr_parse(ours, &back) && ip_addr_equal(&back, &v4), "%s", ours);
		inet_ntop(AF_INET6, b, theirs, sizeof(theirs));
		require(strcmp(ip_addr_format(&v6, ours), theirs) == 0, "%s %s", ours, theirs);
		require(ip_addr_parse(ours, &back) && ip_addr_equal(&back, &v6), "%s", ours);
	}
}
END_TEST

static void
parses_as_inet_pton(const char *text)
{
	struct ip_addr ours, want = { .family = IP_NONE };

	if (inet_pton(AF_INET, text, want.b) == 1)
		want.family = IP_V4;
	else if (inet_pton(AF_INET6, text, want.b) == 1)
		want.family = IP_V6;
	require(ip_addr_parse(text, &ours) == (want.family != IP_NONE), "\"%s\"", text);
	if (want.family != IP_NONE)
		require(ip_addr_equal(&ours, &want), "\"%s\"", text);
}

/* Put together from pieces of addresses: many are addresses, many are nearly some. */
START_TEST(ip_parse_is_inet_pton)
{
	static const char *const pieces[] = { ":", ":", ":", "::", ".", ".", "0", "1", "f", "00",
		"255", "256", "ffff", "10000", "01", "db8", "G", " ", "192.0.2.1", "1:2:3", "%",
		"/", "1.2.3", "ffff:1.2.3.4", "1:2:3:4:5:6:", "1:2:3:4:5:6:7", "A", "x", "-", "+" };
	enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };
	uint64_t rng = seed_of(_i);

	for (int i = 0; i < 50000; i++) {
		char text[200] = "", *exact;

		for (uint64_t n = rnd(&rng) % 14; n > 0; n--)
			strcat(text, pieces[rnd(&rng) % PIECES]);
		exact = (char *)exact_copy(text, strlen(text) + 1);
		parses_as_inet_pton(exact);
		free(exact);
	}
}
END_TEST

/* Addresses with one character changed, put in, or taken out. */
START_TEST(ip_parse_of_misprints_is_inet_pton)
{
	static const char letters[] = "0123456789abcdefABCDEF:::...gx %/-";
	uint64_t rng = seed_of(_i);

	for (int i = 0; i < 50000; i++) {
		char text[64];
		uint8_t b[16];
		size_t n, at;

		random_octets(&rng, b);
		inet_ntop(rnd(&rng) % 3 ? AF_INET6 : AF_INET, b, text, sizeof(text));
		n = strlen(text);
		at = rnd(&rng) % (n + 1);
		switch (rnd(&rng) % 4) {
		case 0:
			memmove(text + at + 1, text + at, n - at + 1);
			text[at] = letters[rnd(&rng) % (sizeof(letters) - 1)];
			break;
		case 1:
			if (at < n)
				memmove(text + at, text + at + 1, n - at);
			break;
		case 2:
			if (at < n)
				text[at] = letters[rnd(&rng) % (sizeof(letters) - 1)];
			break;
		default:
			break;
		}
		parses_as_inet_pton(text);
	}
}
END_TEST

HARNESS_MAIN("ip")
{
	TIMEOUT(120);
	ROWS(ip_addr_rows, addrs);
	ROWS(ip_prefix_rows, prefixes);
	TEST(ip_none_is_a_dash);
	TEST(ip_prefix_make_reads_what_it_needs);
	LOOP(ip_covers_and_order, SEEDS);
	TEST(ip_addr_equal_knows_the_family);
	LOOP(ip_format_is_inet_ntop, SEEDS);
	LOOP(ip_parse_is_inet_pton, SEEDS);
	LOOP(ip_parse_of_misprints_is_inet_pton, SEEDS);
}

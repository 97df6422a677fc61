/* Keys of routes: two encodings of a route have the same, two routes different ones. */
#include "tests/unit/support/nlri_log.h"

#include "base/pure/sha256.h"

static bool
read_one(
    struct bgp_family family, bool withdraw, const uint8_t *octets, size_t len, struct bgp_nlri *n)
{
	struct cursor r = cur_of(octets, len);
	struct faults f = { .n = 0 };

	return bgp_nlri_next(&r, family, written(false, withdraw), octets, n, &f) && f.n == 0 &&
	       cur_left(&r) == 0;
}

static bool
same_key(const struct bgp_nlri *a, const struct bgp_nlri *b)
{
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

/* --- every bit of every example: in the key, or named here */

/* Bits of an example that are not part of the route's identity. */
static const struct free_bits {
	const char *name;
	size_t at, octets;
	uint8_t mask; /* of each of the octets */
} free_bits[] = {
	{ "ipv4 multicast", 4, 1, 0x7f }, /* past the prefix */
	{ "ipv4 labelled", 1, 3, 0xff },
	{ "ipv4 two labels", 1, 6, 0xff },
	{ "ipv4 labelled, exp", 1, 3, 0xff },
	{ "ipv4 labelled withdrawn with its label", 1, 3, 0xff },
	{ "ipv6 labelled", 1, 3, 0xff },
	{ "ipv4 labelled withdrawn", 1, 3, 0xff },
	{ "ipv4 labelled withdrawn, field 0", 1, 3, 0xff },
	{ "vpnv4", 1, 3, 0xff },
	{ "vpnv4 withdrawn", 1, 3, 0xff },
	{ "vpnv4 label without bottom", 1, 3, 0xff },
	{ "vpnv4 two labels", 1, 6, 0xff },
	{ "vpnv6", 1, 3, 0xff },
	{ "vpnv4 multicast with a label", 1, 3, 0xff },
	{ "ipv4 classful transport", 1, 3, 0xff },
	{ "ipv6 classful transport withdrawn", 1, 3, 0xff },
	{ "evpn 1", 24, 3, 0xff },
	{ "evpn 2", 10, 10, 0xff },
	{ "evpn 2", 36, 3, 0xff },
	{ "evpn 2 withdrawn", 10, 10, 0xff },
	{ "evpn 2 withdrawn", 36, 3, 0xff },
	{ "evpn 2 without ip", 10, 10, 0xff },
	{ "evpn 2 without ip", 32, 3, 0xff },
	{ "evpn 2 ipv6, two labels", 10, 10, 0xff },
	{ "evpn 2 ipv6, two labels", 48, 6, 0xff },
	{ "evpn 5", 10, 10, 0xff },
	{ "evpn 5", 28, 1, 0xff },
	{ "evpn 5", 29, 7, 0xff },
	{ "evpn 5 ipv6", 10, 10, 0xff },
	{ "evpn 5 ipv6", 31, 29, 0xff },
	{ "evpn 6", 29, 1, 0xff },
	{ "evpn 6 any source", 25, 1, 0xff },
	{ "evpn 7", 39, 1, 0xff },
	{ "evpn 8", 39, 6, 0xff },
	{ "mup 3", 17, 15, 0xff },
	{ "mup 3 without source", 17, 10, 0xff },
	{ "mup 4, part of a teid", 17, 1, 0x0f },
	{ "vpls", 14, 5, 0xff },
	{ "l2vpn circuits", 14, 3, 0xff },
	{ "l2vpn circuits", 20, 1, 0xff },
	{ "l2vpn circuits, without a status", 14, 3, 0xff },
	{ "l2vpn circuits, two tlvs", 14, 3, 0xff },
	{ "l2vpn circuits, two tlvs", 17, 1, 0xff },
	{ "l2vpn circuits, two tlvs", 18, 2, 0xff },
	{ "l2vpn circuits, two tlvs", 20, 3, 0xff },
	{ "l2vpn circuits, two tlvs", 23, 1, 0xff },
	{ "l2vpn circuits, two tlvs", 26, 3, 0xff },
	{ "flowspec", 7, 1, 0x48 },
	{ "flowspec", 10, 1, 0x48 },
	{ "flowspec vpn", 15, 1, 0x48 },
	{ "flowspec, length in two octets", 8, 1, 0x48 },
	{ "flowspec, bits without a name", 2, 1, 0x4c },
	{ "flowspec, bits without a name", 5, 1, 0x0c },
	{ "flowspec, bits without a name", 8, 1, 0x4c },
	{ "flowspec, true and false", 2, 1, 0x48 },
	{ "flowspec, true and false", 4, 1, 0x08 },
	{ "flowspec ipv6", 9, 1, 0x48 },
	{ "flowspec layer 2", 2, 1, 0x48 },
	{ "flowspec layer 2", 14, 1, 0x48 },
	{ "flowspec layer 2, part of a mac", 4, 1, 0x0f },
	{ "flowspec vpn ipv6", 18, 1, 0x48 },
	{ "flowspec vpn layer 2", 10, 1, 0x48 },
	{ "flowspec ranges and bits", 6, 1, 0x48 }, /* first operator: AND, and the unused bit */
	{ "flowspec ranges and bits", 9, 1, 0x08 },
	{ "flowspec ranges and bits", 13, 1, 0x48 },
	{ "flowspec ranges and bits", 15, 1, 0x08 },
	{ "flowspec ranges and bits", 18, 1, 0x48 },
	{ "flowspec ranges and bits", 21, 1, 0x48 },
	{ "flowspec ranges and bits", 24, 1, 0x4c },
	{ "flowspec ranges and bits", 27, 1, 0x48 },
	{ "flowspec ranges and bits", 31, 1, 0x48 },
	{ "flowspec ranges and bits", 34, 1, 0x4c },
	{ "flowspec ranges and bits", 36, 1, 0x0c },
};

static bool
is_free(const char *name, size_t at, uint8_t bit)
{
	for (size_t i = 0; i < sizeof(free_bits) / sizeof(free_bits[0]); i++) {
		const struct free_bits *b = &free_bits[i];

		if (strcmp(b->name, name) == 0 && at >= b->at && at < b->at + b->octets &&
		    b->mask & bit)
			return true;
	}
	return false;
}

START_TEST(test_every_bit)
{
	const struct nlri_example *e = &examples[_i];
	uint8_t octets[FIELD_MAX], *copy;
	size_t len = hex_octets(e->octets, octets, sizeof(octets)), read = 0;
	struct bgp_nlri n, m;

	ck_assert(read_one(family_of(e), e->withdraw, octets, len, &n));
	copy = exact_copy(octets, len);
	for (size_t i = 0; i < 8 * len; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		copy[i / 8] ^= bit;
		if (read_one(family_of(e), e->withdraw, copy, len, &m) && m.known &&
		    m.labels_n == n.labels_n) {
			require(same_key(&n, &m) == is_free(e->name, i / 8, bit),
			    "%s: octet %zu, bit %02x", e->name, i / 8, bit);
			read++;
		}
		copy[i / 8] ^= bit;
	}
	require(read > 0 || len == 1, "%s: no bit could be another", e->name);
	free(copy);
}
END_TEST

/* --- examples against each other, and announcements against withdrawals */

START_TEST(test_pairs)
{
	const struct nlri_example *e = &examples[_i];
	uint8_t a[FIELD_MAX], b[FIELD_MAX];
	size_t a_n = hex_octets(e->octets, a, sizeof(a));
	struct bgp_nlri n, m;

	ck_assert(read_one(family_of(e), e->withdraw, a, a_n, &n));
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct nlri_example *o = &examples[i];

		if (o->afi != e->afi || o->safi != e->safi)
			continue;
		ck_assert(read_one(
		    family_of(o), o->withdraw, b, hex_octets(o->octets, b, sizeof(b)), &m));
		require(same_key(&n, &m) == (strcmp(e->text, o->text) == 0), "%s, %s", e->name,
		    o->name);
	}
}
END_TEST

/* A withdrawal has the key of the announcement, also with the labels of the announcement. */
START_TEST(test_withdrawn)
{
	const struct nlri_example *e = &examples[_i];
	uint8_t octets[FIELD_MAX];
	size_t len = hex_octets(e->octets, octets, sizeof(octets));
	struct bgp_nlri n, m;

	if (e->withdraw || strstr(e->name, "two labels") != NULL)
		return; /* a stack of labels is not withdrawn as such (RFC 8277 2.4) */
	ck_assert(read_one(family_of(e), false, octets, len, &n));
	ck_assert(read_one(family_of(e), true, octets, len, &m));
	ck_assert(same_key(&n, &m));
}
END_TEST

/* --- two encodings of one route, beyond single bits */

static const struct same_route {
	const char *name;
	uint16_t afi;
	uint8_t safi;
	const char *a, *b;
	bool same;
} same_routes[] = {
	{ "unused bits", 1, 1, "09 ff80", "09 ffff", true },
	{ "length", 1, 1, "09 ff80", "0a ff80", false },
	{ "one label, two", 1, 4, "30 000641 cb0071", "48 000640 000c81 cb0071", true },
	{ "rtc, unused bits", 1, 132, "21 0000fbf4 80", "21 0000fbf4 ff", true },
	{ "rtc, length", 1, 132, "21 0000fbf4 80", "22 0000fbf4 80", false },
	{ "flowspec, unused bits", 1, 133, "04 01 09 ff80", "04 01 09 ffff", true },
	{ "flowspec, length of the length", 1, 133, "03 03 81 06", "f003 03 81 06", true },
	{ "flowspec, or and and", 1, 133, "05 04 01 19 81 1a", "05 04 01 19 c1 1a", false },
	{ "flowspec ipv6, unused bits", 2, 133, "05 01 09 00 ff80", "05 01 09 00 ffff", true },
	{ "flowspec ipv6, offset", 2, 133, "05 01 10 01 8000", "05 01 0f 00 8000", false },
	{ "flowspec mac, in octets and bits", 25, 133, "08 0f 06 020000000001",
	    "08 0f 30 020000000001", true },
	{ "flowspec mac, unused bits", 25, 133, "04 0f 0c 0200", "04 0f 0c 020f", true },
	{ "mup 1, unused bits", 1, 85, "01 0001 0b " RD1 "09 ff80", "01 0001 0b " RD1 "09 ffff",
	    true },
	{ "mup 4, unused bits", 1, 85, "01 0004 0e " RD1 "24 c6336401 10",
	    "01 0004 0e " RD1 "24 c6336401 1f", true },
	{ "mup 4, part of a teid", 1, 85, "01 0004 0e " RD1 "24 c6336401 10",
	    "01 0004 0e " RD1 "23 c6336401 10", false },
	{ "evpn 5, unused bits", 25, 70, "05 22 " RD1 ESI0 "00000000 18 cb007100 c0000209 002710",
	    "05 22 " RD1 ESI1 "00000000 18 cb0071ff c0000208 002711", true },
	{ "evpn 5, length", 25, 70, "05 22 " RD1 ESI0 "00000000 18 cb007100 c0000209 002710",
	    "05 22 " RD1 ESI0 "00000000 19 cb007100 c0000209 002710", false },
	{ "evpn 5, default of ipv4 and ipv6", 25, 70,
	    "05 22 " RD1 ESI0 "00000000 00 00000000 00000000 002710",
	    "05 3a " RD1 ESI0 "00000000 00 00000000000000000000000000000000 "
	    "00000000000000000000000000000000 002710",
	    false },
	{ "evpn 5, prefix of ipv4 and ipv6", 25, 70,
	    "05 22 " RD1 ESI0 "00000000 10 20010000 00000000 002710",
	    "05 3a " RD1 ESI0 "00000000 10 20010000000000000000000000000000 "
	    "00000000000000000000000000000000 002710",
	    false },
	{ "bgp-ls prefix, unused bits", 16388, 71,
	    "0003 0014 03 0000000000000000 0100 0000 0109 0003 09 ff80",
	    "0003 0014 03 0000000000000000 0100 0000 0109 0003 09 ffff", true },
	{ "vpls and auto-discovery", 25, 65, "0011 " RD1 "c000 0209 0008 0c3501",
	    "000c " RD1 "c0000209", false },
	{ "vpls and circuits", 25, 65, "0011 " RD1 "0001 0001 0008 0c3501",
	    "000f " RD1 "0001 0001 0c3501", false },
	{ "circuits, another status", 25, 65, "0013 " RD1 "0001 0001 0c3501 01 0008 00",
	    "000f " RD1 "0001 0001 0c3511", true },
};

START_TEST(test_same_route)
{
	const struct same_route *s = &same_routes[_i];
	struct bgp_family family = { s->afi, s->safi };
	uint8_t a[FIELD_MAX], b[FIELD_MAX];
	struct bgp_nlri n, m;

	ck_assert(read_one(family, false, a, hex_octets(s->a, a, sizeof(a)), &n));
	ck_assert(read_one(family, false, b, hex_octets(s->b, b, sizeof(b)), &m));
	ck_assert(same_key(&n, &m) == s->same);
}
END_TEST

/* --- keys that are too long */

/* One component, "port", of so many canonical octets: comparisons of 2, one of 3 where the number
 * is even. Returns the octets of the NLRI. */
static size_t
long_flow(size_t whole, uint8_t last, uint8_t *out)
{
	size_t at = 0, end;

	if (whole < 240) {
		out[at++] = (uint8_t)whole;
	} else {
		out[at++] = (uint8_t)(0xf0 | whole >> 8);
		out[at++] = (uint8_t)whole;
	}
	end = at + whole;
	out[at++] = 4;
	if (whole % 2 == 0) {
		out[at++] = 0x11;
		out[at++] = 9;
		out[at++] = 9;
	}
	while (at < end) {
		out[at] = at + 2 == end ? 0x81 : 0x01;
		out[at + 1] = at + 2 == end ? last : (uint8_t)at;
		at += 2;
	}
	return at;
}

START_TEST(test_long_keys)
{
	struct bgp_family family = { AFI_IPV4, SAFI_FLOWSPEC };
	uint8_t a[FIELD_MAX], b[FIELD_MAX], digest[SHA256_LEN];
	struct bgp_nlri n, m;
	struct sha256 sha;

	for (size_t whole = 6; whole <= 4095; whole += whole < 200 ? 1 : 95) {
		size_t len = long_flow(whole, 7, a), head = len - whole;

		require(read_one(family, false, a, len, &n), "%zu octets", whole);
		require(read_one(family, false, b, long_flow(whole, 8, b), &m), "%zu", whole);
		require(!same_key(&n, &m), "two routes of %zu octets", whole);
		if (whole < BGP_KEY_MAX) {
			require(n.key_len == whole && memcmp(n.key, a + head, whole) == 0,
			    "whole with %zu octets", whole);
			continue;
		}
		sha256_init(&sha);
		sha256_put(&sha, a + head, whole);
		sha256_end(&sha, digest);
		require(n.key_len == BGP_KEY_MAX, "%zu octets", whole);
		require(memcmp(n.key, a + head, BGP_KEY_MAX - BGP_KEY_DIGEST) == 0, "head");
		require(memcmp(n.key + BGP_KEY_MAX - BGP_KEY_DIGEST, digest, BGP_KEY_DIGEST) == 0,
		    "digest of %zu octets", whole);
	}
}
END_TEST

/* FIPS 180-4, examples of its authors. */
static const struct {
	const char *text, *digest;
} digests[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
	  "lmnopqrsmnopqrstnopqrstu",
	    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

START_TEST(test_sha256)
{
	size_t len = strlen(digests[_i].text);
	uint8_t expected[FIELD_MAX], got[SHA256_LEN];
	struct sha256 s;

	ck_assert_uint_eq(hex_octets(digests[_i].digest, expected, sizeof(expected)), SHA256_LEN);
	for (size_t cut = 0; cut <= len; cut++) {
		sha256_init(&s);
		sha256_put(&s, digests[_i].text, cut);
		sha256_put(&s, digests[_i].text + cut, len - cut);
		sha256_end(&s, got);
		require(memcmp(got, expected, SHA256_LEN) == 0, "in two parts, at %zu", cut);
	}
}
END_TEST

HARNESS_MAIN("nlri_keys")
{
	ROWS(test_every_bit, examples);
	ROWS(test_pairs, examples);
	ROWS(test_withdrawn, examples);
	ROWS(test_same_route, same_routes);
	TEST(test_long_keys);
	ROWS(test_sha256, digests);
}

/* NLRI that are damaged: what costs one route, what costs the rest of the field (RFC
 * 7606 5.3, 5.4); and stacks of labels, which may be read in more than one way. */
#include "tests/unit/support/nlri_log.h"

#include "parsers/bgp/update.h"

/* --- bodies of the wrong length, in an NLRI that says so */

/* Octets of type and length before the body, and the length rewritten. */
static size_t
set_length(const struct nlri_example *e, uint8_t *octets, size_t body)
{
	switch (e->safi) {
	case SAFI_EVPN:
	case SAFI_MCAST_VPN:
		octets[1] = (uint8_t)body;
		return 2;
	case SAFI_MUP:
		octets[3] = (uint8_t)body;
		return 4;
	case SAFI_VPLS:
		octets[1] = (uint8_t)body;
		return 2;
	case SAFI_BGP_LS:
	case SAFI_BGP_LS_VPN:
	case SAFI_BGP_LS_SPF:
		octets[3] = (uint8_t)body;
		return 4;
	case SAFI_FLOWSPEC:
	case SAFI_FLOWSPEC_VPN:
		if (octets[0] >= 0xf0) {
			octets[1] = (uint8_t)body;
			return 2;
		}
		octets[0] = (uint8_t)body;
		return 1;
	default: /* bits */
		octets[0] = (uint8_t)(8 * body);
		return 1;
	}
}

/* Bodies that are good although shorter: what may be left out, and lists that end earlier. */
static const struct {
	const char *name;
	size_t body;
} shorter[] = {
	{ "evpn 2 ipv6, two labels", 49 },
	{ "mcast-vpn 1 ipv6", 12 },
	{ "mup 3", 23 },
	{ "vpls", 12 },
	{ "vpls", 15 },
	{ "l2vpn circuits", 12 },
	{ "l2vpn circuits", 15 },
	{ "l2vpn circuits", 17 },
	{ "l2vpn circuits, without a status", 12 },
	{ "l2vpn circuits, two tlvs", 12 },
	{ "l2vpn circuits, two tlvs", 15 },
	{ "l2vpn circuits, two tlvs", 17 },
	{ "l2vpn circuits, two tlvs", 21 },
	{ "flowspec", 5 },
	{ "flowspec", 8 },
	{ "flowspec, length in two octets", 5 },
	{ "flowspec ranges and bits", 4 },
	{ "flowspec ranges and bits", 11 },
	{ "flowspec ranges and bits", 16 },
	{ "flowspec ranges and bits", 19 },
	{ "flowspec ranges and bits", 22 },
	{ "flowspec ranges and bits", 25 },
	{ "flowspec ranges and bits", 29 },
	{ "flowspec ranges and bits", 32 },
	{ "flowspec, bits without a name", 6 },
	{ "flowspec ipv6", 7 },
	{ "flowspec vpn", 13 },
	{ "flowspec vpn ipv6", 16 },
	{ "flowspec layer 2", 4 },
	{ "flowspec layer 2", 12 },
	{ "bgp-ls link", 65 },
	{ "bgp-ls link", 73 },
	{ "bgp-ls link", 81 },
	{ "bgp-ls link, unnumbered, ipv6", 83 },
	{ "bgp-ls link, unnumbered, ipv6", 95 },
	{ "bgp-ls link, unnumbered, ipv6", 115 },
	{ "bgp-ls link, unnumbered, ipv6", 135 },
	{ "bgp-ls link, unnumbered, ipv6", 143 },
	{ "bgp-ls link, descriptors of a kind", 33 },
	{ "bgp-ls link, descriptors of a kind", 41 },
	{ "bgp-ls link, descriptors of a kind", 49 },
	{ "bgp-ls link, descriptors of a kind", 57 },
	{ "bgp-ls link, descriptors of a kind", 62 },
	{ "bgp-ls node, descriptors where they mean nothing", 23 },
	{ "bgp-ls node, descriptors where they mean nothing", 29 },
	{ "bgp-ls link between ASes", 27 },
	{ "bgp-ls link between ASes", 35 },
	{ "bgp-ls link between ASes", 43 },
	{ "bgp-ls srv6 sid", 51 },
};

static bool
is_shorter(const char *name, size_t body)
{
	for (size_t i = 0; i < sizeof(shorter) / sizeof(shorter[0]); i++)
		if (strcmp(shorter[i].name, name) == 0 && shorter[i].body == body)
			return true;
	return false;
}

/* Every shorter body costs that route, and the one after it is read. */
START_TEST(test_short_body)
{
	const struct nlri_example *e = &examples[_i];
	uint8_t whole[FIELD_MAX], octets[2 * FIELD_MAX], *copy;
	size_t len = hex_octets(e->octets, whole, sizeof(whole)), head = set_length(e, whole, 0);
	bool bits = head == 1 && e->safi != SAFI_FLOWSPEC && e->safi != SAFI_FLOWSPEC_VPN;
	struct bgp_nlri n, good;
	char text[DISSECTED_MAX];
	struct line line;

	if (bits && e->safi != SAFI_SR_POLICY && e->safi != SAFI_MDT)
		return; /* any number of bits is a prefix */
	for (size_t body = 0; body < len - head; body++) {
		struct faults f = { .n = 0 };
		struct cursor r;
		size_t n_octets = 0;

		memcpy(octets, whole, len);
		set_length(e, octets, body);
		n_octets = head + body;
		n_octets += hex_octets(e->octets, octets + n_octets, sizeof(octets) - n_octets);
		copy = exact_copy(octets, n_octets);
		r = cur_of(copy, n_octets);
		require(
		    bgp_nlri_next(&r, family_of(e), written(false, false), copy, &n, &f), "one");
		require(n.known && n.malformed != is_shorter(e->name, body), "%s: body of %zu",
		    e->name, body);
		require(f.n == (n.malformed ? 1 : 0), "%s: faults of %zu", e->name, body);
		require(cur_left(&n.octets) == head + body, "stepped over");
		dissected(&line, family_of(e), &n);
		text_of(text, sizeof(text), family_of(e), &n);
		if (n.malformed) {
			require(f.v[0].code == FAULT_NLRI_MALFORMED && f.v[0].offset == 0, "code");
			require(f.action == FAULT_IGNORE, "the others stand");
			require(!n.has_rd && n.prefix.family == IP_NONE && n.labels_n == 0,
			    "nothing of it");
			require(strstr(text, "malformed ") != NULL, "%s", text);
			require(strstr(line.text, "fault=nlri-malformed octets=0x") != NULL, "%s",
			    line.text);
		}
		require(bgp_nlri_next(&r, family_of(e), written(false, false), copy, &good, &f),
		    "the one after");
		text_of(text, sizeof(text), family_of(e), &good);
		require(strcmp(text, e->text) == 0, "%s after a body of %zu", text, body);
		free(copy);
	}
}
END_TEST

/* --- lengths of prefixes in bits: all of them, over zero octets */

enum outcome { GOOD, MALFORMED, LENGTH };

static enum outcome
read_bits(struct bgp_family family, bool withdraw, unsigned bits, uint8_t first)
{
	uint8_t octets[33] = { (uint8_t)bits, 0, 0, first }, *copy;
	size_t len = 1 + (bits + 7) / 8;
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	struct cursor r;
	bool got;

	copy = exact_copy(octets, len);
	r = cur_of(copy, len);
	got = bgp_nlri_next(&r, family, written(false, withdraw), copy, &n, &f);
	free(copy);
	if (!got) {
		require(f.n == 1 && f.v[0].code == FAULT_NLRI_LENGTH && r.failed, "code");
		return LENGTH;
	}
	require(f.n == (n.malformed ? 1 : 0), "a fault for what is malformed");
	return n.malformed ? MALFORMED : GOOD;
}

/* Bits from which an NLRI is good, and up to which. */
static const struct {
	const char *name;
	uint16_t afi;
	uint8_t safi;
	unsigned min, max;
} widths[] = {
	{ "ipv4 unicast", 1, 1, 0, 32 },
	{ "ipv6 unicast", 2, 1, 0, 128 },
	{ "ipv6 multicast", 2, 2, 0, 128 },
	{ "ipv4 labelled", 1, 4, 24, 56 },
	{ "ipv6 labelled", 2, 4, 24, 152 },
	{ "vpnv4", 1, 128, 88, 120 },
	{ "vpnv6", 2, 128, 88, 216 },
};

START_TEST(test_bits)
{
	struct bgp_family family = { widths[_i].afi, widths[_i].safi };

	for (unsigned bits = 0; bits <= 255; bits++) {
		bool good = bits >= widths[_i].min && bits <= widths[_i].max;

		/* a first label at the bottom of its stack */
		require(
		    read_bits(family, false, bits, 1) == (good ? GOOD : LENGTH), "%u bits", bits);
	}
}
END_TEST

static const struct {
	const char *name;
	uint8_t safi;
	unsigned good; /* only this number of bits */
} exact_widths[] = { { "sr policy", 73, 96 }, { "mdt", 66, 128 } };

START_TEST(test_exact_bits)
{
	struct bgp_family family = { AFI_IPV4, exact_widths[_i].safi };

	for (unsigned bits = 0; bits <= 255; bits++)
		require(
		    (read_bits(family, false, bits, 0) == GOOD) == (bits == exact_widths[_i].good),
		    "%u bits", bits);
}
END_TEST

START_TEST(test_rtc_bits)
{
	struct bgp_family family = { AFI_IPV4, SAFI_RTC };

	for (unsigned bits = 0; bits <= 255; bits++)
		require(read_bits(family, false, bits, 0) == (bits > 96			 ? LENGTH
								 : bits > 0 && bits < 32 ? MALFORMED
											 : GOOD),
		    "%u bits", bits);
}
END_TEST

/* --- labels */

static const struct label_case {
	const char *name;
	uint16_t afi;
	uint8_t safi;
	bool withdraw;
	const char *octets;
	unsigned labels; /* 0: a fault instead */
	const char *text;
} label_cases[] = {
	{ "bottom", 1, 4, false, "30 000641 cb0071", 1, "203.0.113.0/24" },
	{ "no bottom, prefix too long with one", 1, 4, false, "48 000640 000c80 cb0071", 2,
	    "203.0.113.0/24" },
	{ "no bottom, one is enough", 1, 4, false, "28 000640 cb00", 1, "203.0.0.0/16" },
	{ "no bottom, and all octets are odd", 1, 4, false, "30 000640 cb0071", 1,
	    "203.0.113.0/24" },
	{ "three", 1, 4, false, "60 000640 000c80 0012c1 cb0071", 3, "203.0.113.0/24" },
	{ "nine", 1, 4, false,
	    "f8 000640 000640 000640 000640 000640 000640 000640 000640 000641 cb00713f", 9,
	    "203.0.113.63/32" },
	{ "ten", 1, 4, false,
	    "f8 000640 000640 000640 000640 000640 000640 000640 000640 000640 000641 cb", 10,
	    "203.0.0.0/8" },
	{ "bottom, and then too much", 1, 4, false, "48 000641 000c81 cb0071", 0, "" },
	{ "withdrawal, any field is one", 1, 4, true, "30 000640 cb0071", 1, "203.0.113.0/24" },
	{ "withdrawal, bottom bit", 1, 4, true, "30 000641 cb0071", 1, "203.0.113.0/24" },
	{ "withdrawal with its stack", 1, 4, true, "48 000640 000c81 cb0071", 2, "203.0.113.0/24" },
	{ "withdrawal, two compatibility fields", 1, 4, true, "48 800000 000c81 cb0071", 0, "" },
	{ "vpn, distinguisher of type 1", 1, 128, false, "70 000640 0001c00002010064 cb0071", 1,
	    "192.0.2.1:100 203.0.113.0/24" },
	{ "vpn, stack", 1, 128, false, "88 000640 000c81 0001c00002010064 cb0071", 2,
	    "192.0.2.1:100 203.0.113.0/24" },
	{ "vpn, stack, no prefix bits", 1, 128, false, "70 000640 000c81 0001c00002010064", 2,
	    "192.0.2.1:100 0.0.0.0/0" },
	{ "vpn, srv6 function in the label", 2, 128, false,
	    "88 e00000 0000fbf400000064 20010db80001", 1, "64500:100 2001:db8:1::/48" },
	{ "vpn withdrawal", 1, 128, true, "70 000000 0000fbf400000064 cb0071", 1,
	    "64500:100 203.0.113.0/24" },
	{ "withdrawal repeats the stack, ipv6", 2, 4, true, "60 000640 000c81 20010db80001", 2,
	    "2001:db8:1::/48" },
	{ "withdrawal repeats the stack, vpn", 2, 128, true,
	    "a0 000640 000c81 0000fbf400000064 "
	    "20010db80001",
	    2, "64500:100 2001:db8:1::/48" },
	{ "withdrawal with a label without bottom", 2, 4, true, "48 000064 20010db80001", 1,
	    "2001:db8:1::/48" },
	{ "withdrawal as it is to be, odd prefix", 2, 4, true, "48 800000 000c81200001", 1,
	    "c:8120:1::/48" },
	{ "multicast vpn, no label", 1, 129, false, "78 0000fbf400000064 cb007101 ffffff", 0, "" },
	{ "multicast vpn, host", 1, 129, false, "60 0000fbf400000064 cb007101", 0,
	    "64500:100 203.0.113.1/32" },
};

/* --- labels whose number is known */

static const struct {
	const char *name;
	uint16_t afi;
	uint8_t safi, labels;
	const char *octets;
	unsigned labels_n;
	const char *text;
} labels_known[] = {
	{ "one, no bottom", 1, 4, 1, "38 000640 0a010101", 1, "10.1.1.1/32" },
	{ "one, no bottom, the prefix looks like one", 1, 4, 1, "30 000640 cb0071", 1,
	    "203.0.113.0/24" },
	{ "one, bottom", 1, 4, 1, "38 000641 0a010101", 1, "10.1.1.1/32" },
	{ "one, no bottom, default", 1, 4, 1, "18 000640", 1, "0.0.0.0/0" },
	{ "one, no bottom, ipv6", 2, 4, 1, "48 000640 20010db80001", 1, "2001:db8:1::/48" },
	{ "one was said, the length says two", 1, 4, 1, "48 000640 000c81 cb0071", 2,
	    "203.0.113.0/24" },
	{ "one was said, the length says two, no bottom", 1, 4, 1, "48 000640 000c80 cb0070", 2,
	    "203.0.112.0/24" },
	{ "one, bottom, and then too much", 1, 4, 1, "48 000641 000c81 cb0071", 0, "" },
	{ "one, vpn", 1, 128, 1, "70 000640 " RD1 "cb0071", 1, "64500:100 203.0.113.0/24" },
	{ "one, vpn, distinguisher of no known type", 1, 128, 1,
	    "70 000640 0003fbf500000064 cb0071", 1, "00:03:fb:f5:00:00:00:64 203.0.113.0/24" },
	/* what was agreed on, and what the octets show */
	{ "one was said, vpn with two", 1, 128, BGP_LABELS_ONE, "88 000640 000c81 " RD1 "cb0071", 2,
	    "64500:100 203.0.113.0/24" },
	{ "one was said, ipv6 with two", 2, 4, BGP_LABELS_ONE, "60 000640 000c81 20010db80001", 2,
	    "2001:db8:1::/48" },
	{ "one was said, ipv6 vpn with three", 2, 128, BGP_LABELS_ONE,
	    "b8 000640 05dc00 000c81 " RD1 "20010db80001", 3, "64500:100 2001:db8:1::/48" },
	{ "one was said, ipv4 host with two", 1, 4, BGP_LABELS_ONE, "50 000640 000c81 c0000201", 2,
	    "192.0.2.1/32" },
	{ "one was said, short prefix with two", 1, 4, BGP_LABELS_ONE, "38 000640 000c81 0a", 2,
	    "10.0.0.0/8" },
	{ "one, no bottom, the prefix ends as one", 1, 4, BGP_LABELS_ONE, "30 000640 cb0071", 1,
	    "203.0.113.0/24" },
	{ "one, no bottom, vpn", 2, 128, BGP_LABELS_ONE, "88 000640 " RD1 "20010db80001", 1,
	    "64500:100 2001:db8:1::/48" },
	{ "one, bottom, odd prefix", 2, 4, BGP_LABELS_ONE, "30 000641 0c8120", 1, "c81:2000::/24" },
	{ "one was said, two without a bottom, vpn", 1, 128, BGP_LABELS_ONE,
	    "88 000640 000c80 0000fa0400000000 ca0070", 2, "64004:0 202.0.112.0/24" },
	{ "stack of two without a bottom, ipv6", 2, 4, BGP_LABELS_STACK,
	    "58 000640 000c80 2a020600 00", 2, "2a02:600::/40" },
	{ "stack, vpn, bottom missing", 1, 128, BGP_LABELS_STACK, "70 000640 " RD1 "cb0071", 1,
	    "64500:100 203.0.113.0/24" },
	{ "stack, ipv6, bottom missing", 2, 4, BGP_LABELS_STACK, "48 000640 20010db80001", 1,
	    "2001:db8:1::/48" },
	{ "stack, ipv4, bottom missing", 1, 4, BGP_LABELS_STACK, "30 000640 0a0101", 1,
	    "10.1.1.0/24" },
	{ "stack, ipv4, bottom missing, second may be one", 1, 4, BGP_LABELS_STACK,
	    "38 000640 0a010101", 1, "10.1.1.1/32" },
	{ "two, no bottom", 1, 4, 2, "38 000640 000c80 0a", 2, "10.0.0.0/8" },
	{ "two, bottom in the first", 1, 4, 2, "38 000641 000c80 0a", 2, "10.0.0.0/8" },
	{ "two were said, there is room for one", 1, 4, 2, "28 000641 0a01", 1, "10.1.0.0/16" },
	{ "stack", 1, 4, BGP_LABELS_STACK, "38 000640 000c81 0a", 2, "10.0.0.0/8" },
	{ "stack of one", 1, 4, BGP_LABELS_STACK, "38 000641 0a010101", 1, "10.1.1.1/32" },
	{ "stack of three, default", 1, 4, BGP_LABELS_STACK, "48 000640 000c80 0012c1", 3,
	    "0.0.0.0/0" },
	{ "stack without a bottom", 1, 4, BGP_LABELS_STACK, "30 000640 cb0070", 1,
	    "203.0.112.0/24" },
	{ "stack, vpn, second label below 48", 2, 128, BGP_LABELS_STACK,
	    "a0 000640 000101 " RD1 "20010db80001", 2, "64500:100 2001:db8:1::/48" },
	{ "stack, multicast vpn without", 1, 129, BGP_LABELS_STACK, "58 " RD1 "cb0071", 0,
	    "64500:100 203.0.113.0/24" },
};

START_TEST(test_labels_known)
{
	struct bgp_family family = { labels_known[_i].afi, labels_known[_i].safi };
	struct bgp_nlri_encoding encoding = { .labels = labels_known[_i].labels };
	uint8_t octets[FIELD_MAX], *copy;
	size_t len = hex_octets(labels_known[_i].octets, octets, sizeof(octets));
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	char text[DISSECTED_MAX];
	struct cursor r;
	bool got;

	copy = exact_copy(octets, len);
	r = cur_of(copy, len);
	got = bgp_nlri_next(&r, family, encoding, copy, &n, &f);
	ck_assert(got == (labels_known[_i].text[0] != '\0'));
	ck_assert_uint_eq(f.n, got ? 0 : 1);
	if (got) {
		ck_assert_uint_eq(n.labels_n, labels_known[_i].labels_n);
		ck_assert_uint_eq(cur_left(&r), 0);
		ck_assert_str_eq(text_of(text, sizeof(text), family, &n), labels_known[_i].text);
	}
	free(copy);
}
END_TEST

START_TEST(test_labels)
{
	const struct label_case *c = &label_cases[_i];
	struct bgp_family family = { c->afi, c->safi };
	uint8_t octets[FIELD_MAX], *copy;
	size_t len = hex_octets(c->octets, octets, sizeof(octets));
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	char text[DISSECTED_MAX];
	struct cursor r;
	bool got;

	copy = exact_copy(octets, len);
	r = cur_of(copy, len);
	got = bgp_nlri_next(&r, family, written(false, c->withdraw), copy, &n, &f);
	ck_assert(got == (c->text[0] != '\0'));
	if (got) {
		ck_assert_uint_eq(n.labels_n, c->labels);
		ck_assert_uint_eq(cur_left(&r), 0);
		ck_assert_str_eq(text_of(text, sizeof(text), family, &n), c->text);
	} else {
		ck_assert_uint_eq(f.v[0].code, FAULT_NLRI_LENGTH);
	}
	free(copy);
}
END_TEST

/* --- what is wrong inside */

static const struct {
	const char *name;
	uint16_t afi;
	uint8_t safi;
	const char *octets;
} inside[] = {
	{ "evpn 1, an octet too many", 25, 70, "01 1a " RD1 ESI0 "00000000 000641 00" },
	{ "evpn 2, mac of 47 bits", 25, 70,
	    "02 21 " RD1 ESI0 "00000000 2f 020000000001 00 002710" },
	{ "evpn 2, ip of 24 bits", 25, 70,
	    "02 24 " RD1 ESI0 "00000000 30 020000000001 18 c00002 002710" },
	{ "evpn 2, two octets of a second label", 25, 70,
	    "02 23 " RD1 ESI0 "00000000 30 020000000001 00 002710 0027" },
	{ "evpn 3, no originator", 25, 70, "03 0d " RD1 "00000000 00" },
	{ "evpn 5, 33 bits", 25, 70, "05 22 " RD1 ESI0 "00000000 21 cb007100 c0000209 002710" },
	{ "evpn 5, 129 bits", 25, 70,
	    "05 3a " RD1 ESI0 "00000000 81 20010db8000100000000000000000000 "
	    "00000000000000000000000000000000 002710" },
	{ "evpn 11, a leaf of a leaf", 25, 70, "0b 07 0b 00 20 c000020a" },
	{ "evpn 11, key too long", 25, 70, "0b 08 03 11 0000fbf40000" },
	{ "mcast-vpn 4, a leaf of a leaf", 1, 5, "04 06 04 00 c000020a" },
	{ "mcast-vpn 5, any source", 1, 5, "05 0e " RD1 "00 20 e9fc0001" },
	{ "mup 1, 33 bits", 1, 85, "01 0001 0e " RD1 "21 cb00710100" },
	{ "mup 2, ipv6 address in ipv4", 1, 85,
	    "01 0002 18 " RD1 "20010db8000000000000000000000009" },
	{ "mup 4, endpoint of 31 bits", 1, 85, "01 0004 0d " RD1 "1f c6336401" },
	{ "mup 4, teid of 33 bits", 1, 85, "01 0004 12 " RD1 "41 c6336401 0000303900" },
	{ "vpls, 16 octets", 25, 65, "0010 " RD1 "0001 0001 0008 0c35" },
	{ "l2vpn, 14 octets", 25, 65, "000e " RD1 "0001 0001 0c35" },
	{ "l2vpn, half a tlv", 25, 65, "0012 " RD1 "0001 0001 0c3500 01 0008" },
	{ "l2vpn, more circuits than octets", 25, 65, "0013 " RD1 "0001 0001 0c3500 01 0009 00" },
	{ "flowspec, empty", 1, 133, "00" },
	{ "flowspec, no rd", 1, 134, "03 03 81 06" },
	{ "flowspec, rd and nothing", 1, 134, "08 " RD1 },
	{ "flowspec, type 0", 1, 133, "03 00 81 06" },
	{ "flowspec, unknown component", 1, 133, "03 fe 81 06" },
	{ "flowspec, flow label in ipv4", 1, 133, "03 0d 81 06" },
	{ "flowspec, layer 2 in ipv6", 2, 133, "03 15 81 06" },
	{ "flowspec, wrong order", 1, 133, "06 04 81 19 03 81 06" },
	{ "flowspec, twice", 1, 133, "06 04 81 19 04 81 1a" },
	{ "flowspec, no end of list", 1, 133, "03 03 01 06" },
	{ "flowspec, value cut", 1, 133, "03 03 91 06" },
	{ "flowspec, 33 bits", 1, 133, "07 01 21 c000020000" },
	{ "flowspec ipv6, 129 bits", 2, 133, "14 01 81 00 20010db800000000000000000000000000" },
	{ "flowspec ipv6, offset beyond", 2, 133, "03 01 10 10" },
	{ "flowspec ipv6, offset without bits", 2, 133, "03 01 00 01" },
	{ "flowspec, mac of 49 bits", 25, 133, "09 0f 31 02000000000100" },
	{ "bgp-ls, no local node", 16388, 71, "0001 0009 02 0000000000000000" },
	{ "bgp-ls, no remote node", 16388, 71, "0002 000d 02 0000000000000000 0100 0000" },
	{ "bgp-ls, no prefix", 16388, 71, "0003 000d 02 0000000000000000 0100 0000" },
	{ "bgp-ls, no sid", 16388, 71, "0006 000d 02 0000000000000000 0100 0000" },
	{ "bgp-ls, no candidate path", 16388, 71, "0005 000d 02 0000000000000000 0100 0000" },
	{ "bgp-ls, wrong order", 16388, 71, "0002 0011 02 0000000000000000 0101 0000 0100 0000" },
	{ "bgp-ls, wrong order in a node", 16388, 71,
	    "0001 001d 02 0000000000000000 0100 0010 0203 0004 c0000201 0200 0004 0000fbf4" },
	{ "bgp-ls, as of 2 octets", 16388, 71,
	    "0001 0013 02 0000000000000000 0100 0006 0200 0002 fbf4" },
	{ "bgp-ls, node overruns", 16388, 71, "0001 0011 02 0000000000000000 0100 0004 0200 0004" },
	{ "bgp-ls, prefix of 33 bits", 16388, 71,
	    "0003 0017 03 0000000000000000 0100 0000 0109 0006 21 cb00710000" },
	{ "bgp-ls, prefix octets missing", 16388, 71,
	    "0003 0014 03 0000000000000000 0100 0000 0109 0003 18 cb00" },
	{ "bgp-ls, topology of 3 octets", 16388, 71,
	    "0001 0014 03 0000000000000000 0100 0000 0107 0003 000000" },
	{ "bgp-ls vpn, no rd", 16388, 72, "0001 0004 00000000" },
};

START_TEST(test_inside)
{
	struct bgp_family family = { inside[_i].afi, inside[_i].safi };
	uint8_t octets[FIELD_MAX], *copy;
	size_t len = hex_octets(inside[_i].octets, octets, sizeof(octets));
	struct faults f = { .n = 0 };
	struct bgp_nlri n;
	struct cursor r;

	copy = exact_copy(octets, len);
	r = cur_of(copy, len);
	ck_assert(bgp_nlri_next(&r, family, written(false, false), copy, &n, &f));
	ck_assert(n.known && n.malformed);
	ck_assert_uint_eq(cur_left(&r), 0);
	ck_assert(!r.failed);
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].code, FAULT_NLRI_MALFORMED);
	ck_assert_uint_eq(f.v[0].item, family.safi);
	ck_assert_uint_eq(n.key_len, len);
	ck_assert_mem_eq(n.key, octets, len);
	ck_assert(!bgp_nlri_fits(cur_of(copy, len), family, written(false, false)));
	ck_assert_uint_eq(
	    bgp_nlri_count(cur_of(copy, len), family, written(false, false), NULL, NULL), 0);
	free(copy);
}
END_TEST

/* Offsets of faults count from where the caller says. */
START_TEST(test_offset)
{
	static const uint8_t octets[] = { 9, 9, 9, 3, 3, 0x81, 6, 3, 0xfe, 0x81, 6, 4, 3 };
	struct bgp_family family = { AFI_IPV4, SAFI_FLOWSPEC };
	struct cursor r = cur_of(octets + 3, sizeof(octets) - 3);
	struct faults f = { .n = 0 };
	struct bgp_nlri n;

	while (bgp_nlri_next(&r, family, written(false, false), octets, &n, &f)) {
	}
	ck_assert_uint_eq(f.n, 2);
	ck_assert_uint_eq(f.v[0].code, FAULT_NLRI_MALFORMED);
	ck_assert_uint_eq(f.v[0].offset, 7);
	ck_assert_uint_eq(f.v[1].code, FAULT_NLRI_OVERRUN);
	ck_assert_uint_eq(f.v[1].offset, 11);
	ck_assert_uint_eq(f.action, FAULT_DROP_REST);
}
END_TEST

/* Those that are good count, whatever is between and after them. */
START_TEST(test_count)
{
	static const uint8_t octets[] = { 9, 3, 3, 0x81, 6, 3, 0xfe, 0x81, 6, 3, 3, 0x81, 17, 4,
		3 };
	struct bgp_family family = { AFI_IPV4, SAFI_FLOWSPEC };
	struct cursor field = cur_of(octets + 1, sizeof(octets) - 1);
	struct faults f = { .n = 0 };

	ck_assert_uint_eq(bgp_nlri_count(field, family, written(false, false), NULL, NULL), 2);
	ck_assert_uint_eq(bgp_nlri_count(field, family, written(false, false), octets, &f), 2);
	ck_assert_uint_eq(f.n, 2);
	ck_assert_uint_eq(f.v[0].offset, 5);
	ck_assert_uint_eq(f.v[1].offset, 13);
}
END_TEST

HARNESS_MAIN("nlri_damage")
{
	ROWS(test_short_body, examples);
	ROWS(test_bits, widths);
	ROWS(test_exact_bits, exact_widths);
	TEST(test_rtc_bits);
	ROWS(test_labels, label_cases);
	ROWS(test_labels_known, labels_known);
	ROWS(test_inside, inside);
	TEST(test_offset);
	TEST(test_count);
}

/* Frames and tunnels around a TCP segment, and packets that came in fragments. */
#include "collector/recordings/packets/link.h"

#include "collector/recordings/packets/fragments.h"
#include "parsers/bmp/write.h"
#include "tests/unit/support/harness.h"

/* --- frames from text */

struct frame {
	uint8_t b[4096];
	struct writer w;
	bool v6; /* of the innermost packet */
};

/* An IPv4 or IPv6 header for the n octets that follow. */
static void
put_ip(struct writer *w, bool v6, unsigned proto, size_t n, unsigned offset)
{
	static const uint8_t net6[15] = { 0x20, 0x01, 0x0d, 0xb8 };

	if (v6) {
		wr_u32(w, 0x60000000);
		wr_u16(w, (uint16_t)n);
		wr_u8(w, (uint8_t)proto);
		wr_u8(w, 64);
		wr_bytes(w, net6, 15);
		wr_u8(w, 1);
		wr_bytes(w, net6, 15);
		wr_u8(w, 254);
		return;
	}
	wr_u16(w, 0x4500);
	wr_u16(w, (uint16_t)(20 + n));
	wr_u16(w, 0x1234);
	wr_u16(w, (uint16_t)offset);
	wr_u8(w, 64);
	wr_u8(w, (uint8_t)proto);
	wr_u16(w, 0);
	wr_u32(w, 0xc0000201);
	wr_u32(w, 0xc00002fe);
}

static void
put_tcp(struct writer *w)
{
	wr_u16(w, 40000);
	wr_u16(w, 1790);
	wr_u32(w, 1000);
	wr_u32(w, 0);
	wr_u16(w, 0x5010);
	wr_u32(w, 0x04000000);
	wr_u16(w, 0);
	wr_bytes(w, "payload", 7);
}

enum { TCP_LEN = 27, HEAD4 = 20, HEAD6 = 40 };

static void
put_hex(struct writer *w, const char *hex, size_t len)
{
	unsigned digit;

	for (size_t i = 0; i < len; i++)
		if (hex[i] != ' ' && sscanf(hex + i++, "%2x", &digit) == 1)
			wr_u8(w, (uint8_t)digit);
}

/*
 * Hex, and between it: "4:PP" and "6:PP", a header of IPv4 or IPv6 with protocol PP, its length
 * that of all that follows; "T", the TCP segment, which ends it. Written from the back.
 */
static struct frame
frame_of(const char *text)
{
	struct frame f = { .v6 = false };
	const char *end = text + strlen(text), *at;
	uint8_t part[2048], all[4096];
	size_t n = 0;
	bool inner = true;

	for (; end > text; end = at) {
		struct writer w = wr_of(part, sizeof(part));
		unsigned proto;

		for (at = end; at > text && at[-1] != '|';)
			at--;
		if (*at == 'T') {
			put_tcp(&w);
		} else if (at[1] == ':') {
			sscanf(at + 2, "%2x", &proto);
			put_ip(&w, *at == '6', proto, n, 0);
			if (inner)
				f.v6 = *at == '6';
			inner = false;
		} else {
			put_hex(&w, at, (size_t)(end - at));
		}
		memcpy(all, part, wr_len(&w));
		memcpy(all + wr_len(&w), f.b, n);
		n += wr_len(&w);
		memcpy(f.b, all, n);
		if (at > text)
			at--;
	}
	f.w = wr_of(f.b, sizeof(f.b));
	f.w.pos += n;
	return f;
}

#define ETHER "010101010101 020202020202"

static const struct {
	const char *name;
	int link;
	const char *frame;
} rows[] = {
	{ "raw", LINK_RAW, "4:06|T" },
	{ "raw, IPv6", LINK_RAW, "6:06|T" },
	{ "Ethernet", LINK_ETHERNET, ETHER "0800|4:06|T" },
	{ "LLC/SNAP", LINK_ETHERNET, ETHER "0037 aaaa03 000000 0800|4:06|T" },
	{ "VLAN and LLC/SNAP", LINK_ETHERNET, ETHER "8100 0005 0037 aaaa03 000000 0800|4:06|T" },
	{ "MPLS", LINK_ETHERNET, ETHER "8847 00010040 00020140|4:06|T" },
	{ "MPLS, 0x8848", LINK_ETHERNET, ETHER "8848 00020140|6:06|T" },
	{ "pseudowire", LINK_ETHERNET, ETHER "8847 00020140 00000000" ETHER "0800|4:06|T" },
	{ "PPPoE", LINK_ETHERNET, ETHER "8864 1100 0001 0031 0021|4:06|T" },
	{ "PPPoE, short", LINK_ETHERNET, ETHER "8864 1100 0001 0030 21|4:06|T" },
	{ "PPP", LINK_PPP, "ff03 0021|4:06|T" },
	{ "PPP, no address", LINK_PPP, "0057|6:06|T" },
	{ "PPP, short", LINK_PPP, "21|4:06|T" },
	{ "PPP, address, short", LINK_PPP, "ff03 57|6:06|T" },
	{ "PPP, MPLS", LINK_PPP, "ff03 0281 00020140|4:06|T" },
	{ "PPP in HDLC", LINK_PPP_HDLC, "ff03 0021|4:06|T" },
	{ "Cisco HDLC", LINK_CISCO_HDLC, "0f00 0800|4:06|T" },
	{ "cooked, LLC", LINK_SLL,
	    "0000 0001 0006 020202020202 0000 0004 aaaa03 000000 0800|4:06|T" },
	{ "AH, IPv4", LINK_RAW, "4:33|06 04 0000 00000001 00000001 000000000000000000000000|T" },
	{ "AH, IPv6", LINK_RAW, "6:33|06 04 0000 00000001 00000001 000000000000000000000000|T" },
	{ "hop by hop and options", LINK_RAW, "6:00|3c00 000000000000 0600 000000000000|T" },
	{ "atomic fragment", LINK_RAW, "6:2c|0600 0000 00000001|T" },
	{ "IP in IP", LINK_RAW, "4:04|4:06|T" },
	{ "6in4", LINK_RAW, "4:29|6:06|T" },
	{ "4in6", LINK_RAW, "6:04|4:06|T" },
	{ "GRE", LINK_RAW, "4:2f|0000 0800|4:06|T" },
	{ "GRE, everything", LINK_RAW, "6:2f|b000 86dd 00000000 00000001 00000002|6:06|T" },
	{ "GRE, Ethernet", LINK_RAW, "4:2f|2000 6558 00000001" ETHER "0800|4:06|T" },
	{ "GRE, MPLS", LINK_RAW, "4:2f|0000 8847 00020140|4:06|T" },
	{ "ERSPAN I", LINK_RAW, "4:2f|0000 88be" ETHER "0800|4:06|T" },
	{ "ERSPAN II", LINK_RAW, "4:2f|1000 88be 00000001 1005 0001 00000000" ETHER "0800|4:06|T" },
	{ "ERSPAN III", LINK_RAW,
	    "4:2f|1000 22eb 00000001 2005 0001 00000000 0000 0000" ETHER "0800|4:06|T" },
	{ "ERSPAN III, subheader", LINK_RAW,
	    "4:2f|1000 22eb 00000001 2005 0001 00000000 0000 0001 0000000000000000" ETHER
	    "0800|4:06|T" },
	{ "ERSPAN III, IP", LINK_RAW,
	    "4:2f|1000 22eb 00000001 2005 0001 00000000 0000 0800|4:06|T" },
	{ "VXLAN", LINK_RAW, "4:11|c000 12b5 0000 0000 08000000 00000500" ETHER "0800|4:06|T" },
	{ "VXLAN, IPv6, old port", LINK_RAW,
	    "6:11|c000 2118 0000 0000 08000000 00000500" ETHER "8100 0005 86dd|6:06|T" },
	{ "MPLS in IP", LINK_RAW, "4:89|00020140|4:06|T" },
	{ "MPLS in UDP", LINK_RAW, "4:11|c000 19eb 0000 0000 00020140|4:06|T" },
};

START_TEST(is_found)
{
	struct frame f = frame_of(rows[_i].frame);
	size_t n = wr_len(&f.w);
	struct link_packet p;

	ck_assert(link_known(rows[_i].link));
	for (size_t k = 0; k <= n; k++) { /* cut anywhere: short, or octets missing */
		uint8_t *exact = exact_copy(f.b, k);
		enum link_result is = link_tcp(rows[_i].link, exact, k, n, &p);

		if (k < n - 7)
			require(is == LINK_SHORT, "%s: %zu of %zu: %d", rows[_i].name, k, n, is);
		else
			require(is == LINK_TCP && cur_left(&p.tcp.payload) == 7 - (n - k) &&
				    p.tcp.missing == n - k && p.tcp.seq == 1000 &&
				    p.tcp.to_port == 1790 && p.tcp.v6 == f.v6 &&
				    p.tcp.from[0] == (f.v6 ? 0x20 : 0xc0) &&
				    p.tcp.to[f.v6 ? 15 : 3] == 254,
			    "%s: %zu of %zu: %d", rows[_i].name, k, n, is);
		free(exact);
	}
}
END_TEST

static const struct {
	const char *frame, *unread; /* NULL: nobody's business */
} others[] = {
	{ ETHER "88e5 00000000", "MACsec" },
	{ ETHER "88e7 00000000", "802.1ah" },
	{ ETHER "894f 00000000", "NSH" },
	{ ETHER "0806 0001", NULL },
	{ ETHER "0026 424203 00000000", NULL },
	{ ETHER "0026 aaaa03 00000c 2000", NULL },
	{ ETHER "8847 00020140 f0000000", "MPLS pseudowire" },
	{ ETHER "8864 1100 0001 0031 c021", NULL },
	{ ETHER "8864 1100 0001 0031 003d", "PPP multilink" },
	{ ETHER "0800|4:32|00000001 00000001", "ESP" },
	{ ETHER "0800|4:6c|00000001", "IPComp" },
	{ ETHER "0800|4:73|00000001", "L2TPv3" },
	{ ETHER "0800|4:01|08000000", NULL },
	{ ETHER "0800|4:2f|3001 880b 00000000 00000000", "PPTP" },
	{ ETHER "0800|4:2f|4000 0800 00000000", "GRE with routing" },
	{ ETHER "0800|4:2f|0000 0806 00000000", NULL },
	{ ETHER "0800|4:11|c000 1194 0000 0000 00000001", "ESP" },
	{ ETHER "0800|4:11|c000 17c1 0000 0000 00000001", "Geneve" },
	{ ETHER "0800|4:11|c000 0035 0000 0000 00000001", NULL },
	/* VXLAN without a valid VNI is to be dropped (RFC 7348 5), whatever is in it */
	{ ETHER "0800|4:11|c000 12b5 0000 0000 00000000 00000500" ETHER "0800|4:06|T", NULL },
	{ ETHER "0800|4:04|4:04|4:04|4:04|4:04|4:04|4:06|T", "deeply nested" },
	{ ETHER "8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 "
		"0800",
	    "more tags than are read" },
};

START_TEST(is_not)
{
	struct frame f = frame_of(others[_i].frame);
	struct link_packet p;
	enum link_result is = link_tcp(LINK_ETHERNET, f.b, wr_len(&f.w), wr_len(&f.w), &p);

	ck_assert_msg(is == (others[_i].unread != NULL ? LINK_UNREAD : LINK_OTHER), "%s: %d",
	    others[_i].frame, is);
	if (others[_i].unread != NULL)
		ck_assert_str_eq(p.unread, others[_i].unread);
}
END_TEST

/* --- fragments */

static uint8_t octets[65536];

static struct ip_fragment
piece(uint32_t id, uint32_t offset, size_t n, bool more)
{
	return (struct ip_fragment){ .from = { 192, 0, 2, 1 },
		.to = { 192, 0, 2, 254 },
		.id = id,
		.proto = 6,
		.offset = offset,
		.more = more,
		.payload = cur_of(octets + offset, n) };
}

static void
fill(void)
{
	uint64_t random = 1;

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)rnd(&random);
}

/* In any order, some of them twice, packets between one another. */
START_TEST(put_together)
{
	enum { PIECES = 37, PACKETS = 5, LEN = PIECES * 64 - 11 };
	struct fragments *f = fragments_new();
	uint64_t random = seed_of(_i);
	unsigned order[PIECES * PACKETS], whole = 0;
	struct cursor payload;

	fill();
	for (unsigned i = 0; i < PIECES * PACKETS; i++) {
		unsigned k = (unsigned)(rnd(&random) % (i + 1));

		order[i] = order[k];
		order[k] = i;
	}
	for (unsigned i = 0; i < PIECES * PACKETS; i++) {
		unsigned at = order[i] / PACKETS * 64, n = LEN - at < 64 ? LEN - at : 64;
		struct ip_fragment p = piece(order[i] % PACKETS, at, n, at + n < LEN);
		bool is_whole = fragments_add(f, &p, 0, &payload);

		if (is_whole) {
			whole++;
			ck_assert_uint_eq(cur_left(&payload), LEN);
			ck_assert_mem_eq(payload.pos, octets, LEN);
		} else if (rnd(&random) % 4 == 0) {
			ck_assert(!fragments_add(f, &p, 0, &payload));
		}
	}
	ck_assert_uint_eq(whole, PACKETS);
	ck_assert_uint_eq(fragments_lost(f).packets, 0);
	fragments_free(f);
}
END_TEST

/* Fragments that do not fit together: whatever follows, there is no packet. */
START_TEST(do_not_fit)
{
	static const struct {
		uint32_t offset[3];
		size_t n[3];
		bool more[3];
	} bad[] = {
		{ { 0, 8, 16 }, { 16, 16, 8 }, { true, true, false } },	 /* an overlap */
		{ { 8, 8, 0 }, { 8, 16, 8 }, { false, false, true } },	 /* two ends */
		{ { 16, 0, 8 }, { 8, 8, 8 }, { true, true, false } },	 /* behind its end */
		{ { 8, 16, 0 }, { 8, 8, 8 }, { false, true, true } },	 /* likewise */
		{ { 0, 8, 16 }, { 8, 7, 8 }, { true, true, false } },	 /* no multiple of 8 */
		{ { 0, 8, 16 }, { 8, 0, 8 }, { true, true, false } },	 /* nothing in it */
		{ { 65528, 0, 8 }, { 8, 8, 8 }, { false, true, true } }, /* too long */
	};
	struct fragments *f = fragments_new();
	struct cursor payload;

	fill();
	for (int i = 0; i < 3; i++) {
		struct ip_fragment p = piece(1, bad[_i].offset[i], bad[_i].n[i], bad[_i].more[i]);

		ck_assert(!fragments_add(f, &p, 0, &payload));
	}
	ck_assert_uint_eq(fragments_lost(f).packets, 1);
	ck_assert_uint_eq(fragments_lost(f).fragments, 3);
	fragments_free(f);
}
END_TEST
enum { BAD_FITS = 7 };

/* The same octets twice, but not the same. */
START_TEST(differs)
{
	static uint8_t other[8];
	struct fragments *f = fragments_new();
	struct ip_fragment p = piece(1, 0, 8, true);
	struct cursor payload;

	fill();
	ck_assert(!fragments_add(f, &p, 0, &payload));
	p.payload = cur_of(other, 8);
	ck_assert(!fragments_add(f, &p, 0, &payload));
	p = piece(1, 8, 8, false);
	ck_assert(!fragments_add(f, &p, 0, &payload));
	fragments_free(f);
}
END_TEST

/* A number comes again: after a minute it is another packet's. */
START_TEST(grows_old)
{
	const int64_t second = 1000000, start = 1700000000 * second;
	struct fragments *f = fragments_new();
	struct ip_fragment head = piece(7, 0, 8, true), tail = piece(7, 8, 8, false);
	struct cursor payload;

	fill();
	ck_assert(!fragments_add(f, &head, start, &payload));
	ck_assert(!fragments_add(f, &tail, start + 61 * second, &payload));
	ck_assert_uint_eq(fragments_lost(f).packets, 2);
	ck_assert(fragments_add(f, &head, start + 100 * second, &payload));
	ck_assert_uint_eq(fragments_lost(f).packets, 1);
	fragments_free(f);
}
END_TEST

/* Addresses, number, and for IPv4 the protocol distinguish packets; the oldest is given up. */
START_TEST(bounded)
{
	struct fragments *f = fragments_new();
	struct ip_fragment p = piece(0, 0, 8, true);
	struct cursor payload;

	fill();
	for (uint32_t id = 0; id < FRAGMENTS_PACKETS_MAX; id++) {
		p = piece(id, 0, 8, true);
		ck_assert(!fragments_add(f, &p, 0, &payload));
	}
	ck_assert_uint_eq(fragments_lost(f).packets, 64);
	p = piece(1, 8, 8, false);
	p.proto = 47; /* another packet, though of the number of one that waits: 0 goes for it */
	ck_assert(!fragments_add(f, &p, 0, &payload));
	ck_assert_uint_eq(fragments_lost(f).packets, 65);
	p = piece(0, 8, 8, false); /* alone now, and 1 goes for it */
	ck_assert(!fragments_add(f, &p, 0, &payload));
	ck_assert_uint_eq(fragments_lost(f).packets, 66);
	p = piece(63, 8, 8, false);
	ck_assert(fragments_add(f, &p, 0, &payload));
	p = piece(5000, 0, 8, true);
	p.proto = 17; /* UDP is not missed */
	ck_assert(!fragments_add(f, &p, 0, &payload));
	ck_assert_uint_eq(fragments_lost(f).packets, 65);
	fragments_free(f);
}
END_TEST

HARNESS_MAIN("link")
{
	CASE("frames");
	ROWS(is_found, rows);
	ROWS(is_not, others);
	CASE("fragments");
	LOOP(put_together, 6);
	LOOP(do_not_fit, BAD_FITS);
	TEST(differs);
	TEST(grows_old);
	TEST(bounded);
}

/* pcapng: sections, interfaces and packets in every form, and what is wrong with them. */
#include "collector/recordings/recordings.h"
#include "collector/recordings/packets/link.h"
#include "tests/unit/support/capture.h"
#include "tests/unit/support/recording_fixture.h"

static uint8_t plain[65536];

/* --- blocks */

struct ng {
	FILE *f;
	bool big;
};

static void
put(const struct ng *g, uint64_t v, unsigned octets)
{
	for (unsigned i = 0; i < octets; i++)
		putc((int)(v >> 8 * (g->big ? octets - 1 - i : i) & 0xff), g->f);
}

/* Its length first and last; body is written between the two. */
static void
block_begin(const struct ng *g, uint32_t type, uint32_t body)
{
	put(g, type, 4);
	put(g, 12 + ((body + 3) & ~3U), 4);
}

static void
block_end(const struct ng *g, uint32_t body)
{
	for (uint32_t n = body; n % 4 != 0; n++)
		putc(0, g->f);
	put(g, 12 + ((body + 3) & ~3U), 4);
}

static void
section(const struct ng *g)
{
	block_begin(g, 0x0a0d0d0a, 16);
	put(g, 0x1a2b3c4d, 4);
	put(g, 1, 2);
	put(g, 0, 2);
	put(g, UINT64_MAX, 8);
	block_end(g, 16);
}

/* resolution: if_tsresol, 0 for none of the options. */
static void
interface(const struct ng *g, uint16_t link, uint32_t snap, uint8_t resolution, int64_t offset)
{
	uint32_t body = resolution != 0 ? 8 + 8 + 12 + 8 + 4 : 8;

	block_begin(g, 1, body);
	put(g, link, 2);
	put(g, 0, 2);
	put(g, snap, 4);
	if (resolution != 0) {
		put(g, 2, 2); /* if_name, padded */
		put(g, 3, 2);
		fwrite("lo0", 1, 4, g->f);
		put(g, 9, 2);
		put(g, 1, 2);
		put(g, g->big ? (uint32_t)resolution << 24 : resolution, 4);
		put(g, 14, 2);
		put(g, 8, 2);
		put(g, (uint64_t)offset, 8);
		put(g, 0, 4); /* opt_endofopt */
	}
	block_end(g, body);
}

/* type: 6 enhanced, 2 obsolete, 3 simple. */
static void
packet(const struct ng *g, unsigned type, unsigned interface_id, uint64_t time,
    const uint8_t *frame, uint32_t held, uint32_t len)
{
	uint32_t body = (type == 3 ? 4 : 20) + held;

	block_begin(g, type, body);
	if (type == 6) {
		put(g, interface_id, 4);
	} else if (type == 2) {
		put(g, interface_id, 2);
		put(g, 0xffff, 2);
	}
	if (type != 3) {
		put(g, time >> 32, 4);
		put(g, time & UINT32_MAX, 4);
		put(g, held, 4);
	}
	put(g, len, 4);
	fwrite(frame, 1, held, g->f);
	block_end(g, body);
}

static struct cap
frames_of(enum cap_kind kind)
{
	return (struct cap){ .kind = kind, .host = 1, .from_port = 40000, .to_port = 1790 };
}

/* A segment of the stream in plain. */
static void
segment(const struct ng *g, unsigned type, enum cap_kind kind, unsigned interface_id, size_t at,
    size_t n)
{
	struct cap c = frames_of(kind);
	uint8_t frame[4096];
	uint32_t len = cap_make(&c, frame, sizeof(frame), (uint32_t)at, TCP_ACK, plain + at, n);

	packet(g, type, interface_id, 1700000000500000, frame, len, len);
}

/* --- what is read */

/* Two interfaces of different links, snap lengths and clocks; blocks of all kinds; two sections,
 * the second with other interfaces and in the other byte order. */
START_TEST(sections_and_interfaces)
{
	static const uint16_t links[] = { [CAP_ETHER] = 1, [CAP_SLL2] = 276, [CAP_RAW] = 101 };
	static const unsigned types[] = { 6, 2, 6, 3 };
	size_t n = make_stream(plain, sizeof(plain), "r1", 100), at = 0;
	struct ng g = { scratch(), _i % 2 };
	unsigned k = 0;
	struct received *got;

	for (int s = 0; s < 2; s++, g.big = !g.big) {
		enum cap_kind kinds[2] = { s == 0 ? CAP_ETHER : CAP_RAW, CAP_SLL2 };
		size_t end = s == 0 ? n / 2 : n;

		section(&g);
		interface(&g, links[kinds[0]], s == 0 ? 0 : 65535, 0, 0);
		interface(&g, links[kinds[1]], 262144, 6, 0);
		interface(&g, 999, 0, 0, 0); /* of a kind not read, and not used */
		for (; at < end; k++) {
			size_t some = end - at < 301 ? end - at : 301;
			unsigned type = types[k % 4], i = type == 3 ? 0 : k % 2;

			segment(&g, type, kinds[i], i, at, some);
			at += some;
			block_begin(&g, 0xbad, 5); /* of nobody's interest */
			fwrite("hello", 1, 5, g.f);
			block_end(&g, 5);
		}
	}
	fclose(g.f);
	got = read_all(path, 0);
	ck_assert_uint_eq(got->counts.format, RECORDING_PCAPNG);
	ck_assert_uint_eq(got->n, 1);
	same(got, 0, plain, n);
	ck_assert_int_eq(got->first_us[0], 1700000000500000);
	ck_assert_uint_eq(got->warnings, 0);
	ck_assert_uint_eq(got->counts.records, k);
	received_free(got);
	forget();
}
END_TEST

static const struct {
	uint8_t resolution;
	int64_t offset;
	uint64_t units;
	int64_t us;
} times[] = {
	{ 6, 0, 1700000000500000, 1700000000500000 },
	{ 9, 0, 1700000000500000999, 1700000000500000 },
	{ 3, 0, 1700000000500, 1700000000500000 },
	{ 6, -3600, 1700003600500000, 1700000000500000 },
	{ 6, 1700000000, 500000, 1700000000500000 },
	{ 0x80 | 10, 0, 1700000000ULL << 10 | 512, 1700000000500000 },
	{ 0x80 | 32, 0, 1700000000ULL << 32 | 1ULL << 31, 1700000000500000 },
	{ 0x80 | 63, 1700000000, 1ULL << 62, 1700000000500000 },
	{ 19, 1700000000, 5000000000000000000, 1700000000500000 },
	{ 0x80, 0, 1700000000, 1700000000000000 },
	/* no such time */
	{ 20, 0, 1, 0 },
	{ 0x80 | 64, 0, 1, 0 },
	{ 6, INT64_MAX, 1700000000500000, 0 },
	{ 6, INT64_MIN, 1700000000500000, 0 },
	{ 6, 9223372036854, 1700000000500000, 0 },
	{ 0x80, 0, UINT64_MAX, 0 },
};

START_TEST(clocks)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 3);
	struct ng g = { scratch(), false };
	struct cap c = frames_of(CAP_RAW);
	uint8_t frame[4096];
	uint32_t len = cap_make(&c, frame, sizeof(frame), 1, TCP_ACK, plain, n);
	struct received *got;

	section(&g);
	interface(&g, 101, 0, times[_i].resolution, times[_i].offset);
	packet(&g, 6, 0, times[_i].units, frame, len, len);
	fclose(g.f);
	got = read_all(path, 0);
	same(got, 0, plain, n);
	ck_assert_int_eq(got->first_us[0], times[_i].us);
	ck_assert_uint_eq(got->warnings, 0);
	received_free(got);
	forget();
}
END_TEST

/* A block longer than any that is held; and a snap length, said by the block or the interface. */
START_TEST(long_and_short)
{
	static const uint8_t zero[4096];
	size_t n = make_stream(plain, sizeof(plain), "r1", 3);
	struct ng g = { scratch(), false };
	struct cap c = frames_of(CAP_RAW);
	uint8_t frame[4096];
	uint32_t len = cap_make(&c, frame, sizeof(frame), 1, TCP_ACK, plain, n);
	struct received *got;

	section(&g);
	block_begin(&g, 0xbad, 20 * 1024 * 1024);
	for (int i = 0; i < 20 * 256; i++)
		fwrite(zero, 1, sizeof(zero), g.f);
	block_end(&g, 20 * 1024 * 1024);
	interface(&g, 101, len - 7, 0, 0);
	packet(&g, _i == 0 ? 6 : 3, 0, 1700000000500000, frame, len - 7, len);
	fclose(g.f);
	got = read_all(path, 0);
	ck_assert_uint_eq(got->counts.gap_octets, 7);
	ck_assert_uint_eq(got->counts.octets, 28 + 20 * 1024 * 1024 + 12 + 20 + len - 7 + 3 -
						  (len - 7 + 3) % 4 + (_i == 0 ? 32 : 16));
	received_free(got);
	forget();
}
END_TEST

/* --- what is wrong */

#define SHB "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
#define IDB "00000001 00000014 0065 0000 00000000 00000014"

static const struct {
	const char *hex, *words;
	int rc;
} wrong[] = {
	{ "0a0d0d0a 0000001c 1a2b3c4e", "byte order is 0x4e3c2b1a: 0x1a2b3c4d", -1 },
	{ "0a0d0d0a 00000010 1a2b3c4d 00000010", "of 16 octets: 28 are the least", -1 },
	{ "0a0d0d0a 0000001c 1a2b3c4d 0002 0001 ffffffffffffffff 0000001c",
	    "pcapng 2.1: 1.0 can be read", -1 },
	{ "0a0d0d0a 00000a", "ends inside a block, 7 octets left", 0 },
	{ SHB "00000001 00000010 00000000 00000010", "of 16 octets: 20 are the least", -1 },
	{ SHB "00000006 0000000b 00000000", "type 6 and 11 octets: the length is at least 12", -1 },
	{ SHB "00000006 0000000e 00000000", "type 6 and 14 octets: the length is at least 12", -1 },
	{ SHB "00000006 7ffffffc 00000000", "16777216 are the most", -1 },
	{ SHB "00000bad 7ffffffc 00000000", "ends inside a block, 2147483632 octets short", 0 },
	{ SHB "00000001 00000014 0065 0000 00000000 00000018",
	    "begins with a length of 20 and ends with 24", -1 },
	{ SHB IDB "00000006 00000010 00000000 00000010", "packet 1: a block of 16 octets: 32 are",
	    0 },
	{ SHB IDB "00000006 00000020 00000001 00000000 00000000 00000000 00000000 00000020",
	    "packet 1: of interface 1: its section describes 1 before it", 0 },
	{ SHB "00000003 00000010 00000004 00000010", "packet 1: of interface 0: its section", 0 },
	{ SHB IDB "00000006 00000020 00000000 00000000 00000000 00000004 00000004 00000020",
	    "packet 1: says to hold 4 octets: its block has 0", 0 },
	{ SHB "00000001 00000014 00bd 0000 00000000 00000014"
	      "00000006 00000020 00000000 00000000 00000000 00000000 00000000 00000020",
	    "interface 0: link type 189", -1 },
};

START_TEST(words)
{
	FILE *f = scratch();
	unsigned digit;
	struct received *got;

	for (const char *at = wrong[_i].hex; *at != '\0'; at++)
		if (*at != ' ' && sscanf(at++, "%2x", &digit) == 1)
			putc((int)digit, f);
	fclose(f);
	got = read_all(path, wrong[_i].rc);
	require(
	    strstr(got->words, wrong[_i].words) != NULL, "\"%s\": %s", wrong[_i].words, got->words);
	ck_assert_uint_eq(got->warnings, 1);
	received_free(got);
	forget();
}
END_TEST

/* Cut anywhere: what was there before is read. */
START_TEST(cut_anywhere)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 8), size;
	struct ng g = { scratch(), false };
	struct received *got;

	section(&g);
	interface(&g, 101, 0, 6, 0);
	segment(&g, 6, CAP_RAW, 0, 0, n / 2);
	fflush(g.f);
	size = (size_t)ftell(g.f);
	segment(&g, 6, CAP_RAW, 0, n / 2, n - n / 2);
	fflush(g.f);
	for (size_t k = (size_t)ftell(g.f); k-- > 4;) {
		ck_assert_int_eq(ftruncate(fileno(g.f), (off_t)k), 0);
		got = read_all(path, 0);
		ck_assert_uint_eq(got->bytes[0].len, k >= size ? n / 2 : 0);
		received_free(got);
	}
	fclose(g.f);
	forget();
}
END_TEST

HARNESS_MAIN("pcapng")
{
	CASE("read");
	LOOP(sections_and_interfaces, 2);
	ROWS(clocks, times);
	LOOP(long_and_short, 2);
	CASE("wrong");
	ROWS(words, wrong);
	TEST(cut_anywhere);
}

/* Recorded BMP of every kind comes out as the streams that went in. */
#include "collector/recordings/recordings.h"

#include <unistd.h>

#include "base/sbuf.h"
#include "collector/recordings/framer.h"
#include "collector/recordings/packets/link.h"
#include "parsers/openbmp/openbmp.h"
#include "tests/unit/support/capture.h"
#include "tests/unit/support/recording_fixture.h"

/* --- sources */

enum { BIG = 3 * 1024 * 1024 };
static uint8_t plain[BIG], packed[2 * BIG];

/* Two members one after the other, larger than any buffer; then cut short, then damaged. */
START_TEST(packings)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 30000), half = n / 2, p;
	struct received *g;
	FILE *f = scratch();

	p = packers[_i].pack(plain, half, packed, sizeof(packed));
	p += packers[_i].pack(plain + half, n - half, packed + p, sizeof(packed) - p);
	fwrite(packed, 1, p, f);
	fflush(f);
	g = read_all(path, 0);
	ck_assert_str_eq(g->counts.packing, packers[_i].name);
	ck_assert_uint_eq(g->counts.octets, n);
	same(g, 0, plain, n);
	ck_assert_uint_eq(g->warnings, 0);
	received_free(g);
	ck_assert_int_eq(ftruncate(fileno(f), (off_t)(p - 5)), 0);
	g = read_all(path, -1);
	ck_assert_ptr_nonnull(strstr(g->words, "cut short"));
	ck_assert_uint_gt(g->bytes[0].len, half - 1);
	received_free(g);
	fseek(f, (long)(p / 4), SEEK_SET);
	fwrite("damaged damaged damaged", 1, 23, f);
	fflush(f);
	g = read_all(path, -1);
	ck_assert_ptr_nonnull(strstr(g->words, packers[_i].name));
	received_free(g);
	fclose(f);
	forget();
}
END_TEST

START_TEST(plain_and_empty)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 20000);
	FILE *f = scratch();
	struct received *g;

	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	ck_assert_uint_eq(g->bytes[0].len, 0);
	received_free(g);
	fwrite(plain, 1, n, f);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_str_eq(g->counts.packing, "plain");
	ck_assert_uint_eq(g->counts.format, RECORDING_BMP);
	same(g, 0, plain, n);
	received_free(g);
	forget();
	g = read_all("/nowhere/at/all", -1);
	ck_assert_ptr_nonnull(strstr(g->words, "/nowhere/at/all: No such file"));
	received_free(g);
}
END_TEST

START_TEST(stops_when_asked)
{
	static const struct recording_ops ops = {
		.stream_begin = on_begin, .bytes = on_bytes, .stream_end = on_end, .warn = on_warn
	};
	size_t n = make_stream(plain, sizeof(plain), "r1", 30000);
	struct received *g = calloc(1, sizeof(*g));
	FILE *f = scratch();

	fwrite(plain, 1, n, f);
	fclose(f);
	g->stop_after = 10;
	ck_assert_int_eq(recording_read(path, &ops, g, NULL), 1);
	ck_assert_uint_lt(g->octets, n);
	ck_assert_uint_eq(g->ended, 1);
	received_free(g);
	forget();
}
END_TEST

/* --- framer */

static bool
keep(void *ctx, const uint8_t *data, size_t n)
{
	sbuf_add(ctx, data, n);
	return true;
}

START_TEST(framer_any_pieces)
{
	uint64_t random = seed_of(_i);
	size_t n = make_stream(plain, sizeof(plain), "r1", 300), at = 0;
	struct sbuf out = sbuf_of(BIG);
	struct framer f;

	framer_init(&f, keep, &out);
	while (at < n) {
		size_t piece = 1 + rnd(&random) % (_i % 2 ? 7 : 900);
		uint8_t *exact;

		if (piece > n - at)
			piece = n - at;
		exact = exact_copy(plain + at, piece);
		ck_assert(framer_feed(&f, exact, piece));
		free(exact);
		at += piece;
	}
	ck_assert_uint_eq(f.messages, 301);
	ck_assert(framer_end(&f));
	ck_assert_uint_eq(out.len, n);
	ck_assert_mem_eq(out.data, plain, n);
	framer_fini(&f);
	sbuf_free(&out);
}
END_TEST

/* Octets are lost anywhere: only the messages they were of are missing afterwards. */
START_TEST(framer_finds_its_way)
{
	uint64_t random = seed_of(_i);
	size_t n = make_stream(plain, sizeof(plain), "r1", 300);
	size_t from = 1 + rnd(&random) % (n / 2), to = from + 1 + rnd(&random) % 500, before = 0,
	       after = 0;
	struct sbuf out = sbuf_of(BIG);
	struct framer f;

	while (before + be32(plain + before + 1) <= from)
		before += be32(plain + before + 1);
	while (after < to)
		after += be32(plain + after + 1);
	framer_init(&f, keep, &out);
	framer_feed(&f, plain, from);
	framer_lost(&f);
	framer_feed(&f, plain + to, n - to);
	framer_end(&f);
	ck_assert_uint_eq(out.len, before + n - after);
	ck_assert_mem_eq(out.data, plain, before);
	ck_assert_mem_eq(out.data + before, plain + after, n - after);
	ck_assert_uint_eq(f.dropped, from - before + after - to);
	framer_fini(&f);
	sbuf_free(&out);
}
END_TEST

/* A header that promises much and small pieces after it: what is held is not searched with each. */
START_TEST(framer_many_small_pieces)
{
	static const uint8_t promise[] = { 3, 0, 0x0f, 0xff, 0xf0, 4 };
	static const uint8_t message[] = { 3, 0, 0, 0, 12, 4, 0, 2, 0, 2, 'r', '1' };
	static const uint8_t piece[10] = { 3, 0 };
	struct sbuf out = sbuf_of(BIG);
	struct framer f;

	framer_init(&f, keep, &out);
	framer_lost(&f);
	framer_feed(&f, promise, sizeof(promise));
	for (int i = 0; i < 60000; i++)
		framer_feed(&f, piece, sizeof(piece));
	framer_feed(&f, message, sizeof(message));
	framer_feed(&f, message, sizeof(message));
	framer_end(&f);
	/* searched with each, it were 18,000 million octets */
	ck_assert_uint_lt(f.searched, 64 * 1024 * 1024);
	ck_assert_uint_eq(out.len, 2 * sizeof(message));
	ck_assert_mem_eq(out.data, message, sizeof(message));
	framer_fini(&f);
	sbuf_free(&out);
}
END_TEST

START_TEST(framer_passes_what_is_none)
{
	struct sbuf out = sbuf_of(BIG);
	struct framer f;

	framer_init(&f, keep, &out);
	framer_feed(&f, (const uint8_t *)"GET / HTTP/1.0\r\n", 16);
	framer_feed(&f, (const uint8_t *)"\r\n", 2);
	framer_end(&f);
	ck_assert_uint_eq(out.len, 18);
	ck_assert_uint_eq(f.messages, 0);
	sbuf_free(&out);
	framer_fini(&f);
}
END_TEST

/* --- OpenBMP */

START_TEST(openbmp_frames)
{
	static uint8_t a[65536], b[65536], head[256];
	size_t na = make_stream(a, sizeof(a), "r1", 100), nb = make_stream(b, sizeof(b), "r2", 90),
	       at[2] = { 0, 0 };
	FILE *f = scratch();
	struct received *g;

	while (at[0] < na || at[1] < nb) {
		for (int i = 0; i < 2; i++) {
			const uint8_t *s = i == 0 ? a : b;
			size_t len = at[i] < (i == 0 ? na : nb) ? be32(s + at[i] + 1) : 0, h;
			struct openbmp m = { .sec = 1700000000,
				.usec = 9,
				.router_hash = { (uint8_t)i },
				.router_ip = { i == 1 ? IP_V6 : IP_V4, { 192, 0, 2, 7 } },
				.collector_admin_id = cur_of("c1", 2),
				.router_group = cur_of("core", i == 0 ? 4 : 0) };

			if (len == 0)
				continue;
			h = openbmp_write_header(head, sizeof(head), &m, (uint32_t)len);
			ck_assert_uint_eq(h, 80 + (i == 0 ? 4U : 0U));
			fwrite(head, 1, h, f);
			fwrite(s + at[i], 1, len, f);
			at[i] += len;
		}
	}
	fflush(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.format, RECORDING_OPENBMP);
	ck_assert_uint_eq(g->n, 2);
	same(g, 0, a, na);
	same(g, 1, b, nb);
	ck_assert_str_eq(g->address[0], "192.0.2.7");
	ck_assert_str_eq(g->address[1], "c000:207::");
	ck_assert_int_eq(g->last_us[0], 1700000000000009);
	ck_assert_ptr_nonnull(strstr(g->name[0], "core"));
	ck_assert_uint_eq(g->warnings, 0);
	received_free(g);
	/* cut short, then broken */
	ck_assert_int_eq(ftruncate(fileno(f), ftell(f) - 3), 0);
	g = read_all(path, 0);
	ck_assert_ptr_nonnull(strstr(g->words, "ends inside a message"));
	received_free(g);
	fseek(f, 80 + 4 + (long)be32(a + 1), SEEK_SET);
	fwrite("XXXX", 1, 4, f);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->warnings, 2);
	ck_assert_ptr_nonnull(
	    strstr(g->words, "octets are no OpenBMP message of version 1: passed over"));
	ck_assert_ptr_nonnull(strstr(g->words, "ends inside a message"));
	for (at[0] = 0; at[0] + be32(a + at[0] + 1) < na;) /* the last is cut */
		at[0] += be32(a + at[0] + 1);
	same(g, 0, a, at[0]);
	same(g, 1, b + be32(b + 1), nb - be32(b + 1));
	received_free(g);
	forget();
}
END_TEST

/* What is wrong in one place costs what is in that place. */
static const struct {
	const char *name;
	unsigned cut;	     /* octets of the 10th BMP message left out in its OpenBMP message */
	unsigned unfinished; /* octets of the 10th OpenBMP message that were not written */
	const char *between; /* after the 10th */
	unsigned pieces;     /* BMP messages are in so many OpenBMP messages */
	bool lost;	     /* the 10th is */
	const char *words;
} damages[] = {
	{ "garbage", 0, 0, "garbage OBMP OBM", 1, false, "16 octets are no OpenBMP message" },
	{ "cut BMP message", 20, 0, "", 1, true, "octets are of no whole BMP message" },
	{ "nothing of it", 60, 0, "", 1, true, NULL },
	{ "cut message", 0, 20, "", 1, true, "octets are no OpenBMP message" },
	{ "cut message, shortly", 0, 1, "", 1, true, "octets are no OpenBMP message" },
	{ "cut in the header", 0, 130, "", 1, true, "octets are no OpenBMP message" },
	{ "in pieces", 0, 0, "", 3, false, NULL },
};

static void
put_openbmp(FILE *f, const uint8_t *bmp, size_t n, size_t unfinished)
{
	struct openbmp m = { .sec = 1700000000, .router_ip = { IP_V4, { 192, 0, 2, 7 } } };
	uint8_t out[512];
	size_t len = openbmp_write_header(out, sizeof(out), &m, (uint32_t)n);

	memcpy(out + len, bmp, n);
	fwrite(out, 1, len + n - unfinished, f);
}

START_TEST(openbmp_damaged)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 30), want = 0, at = 0;
	FILE *f = scratch();
	struct received *g;

	for (unsigned i = 0; at < n; i++) {
		size_t len = be32(plain + at + 1), piece = len / damages[_i].pieces + 1;
		bool here = i == 10;

		for (size_t k = 0; k < len; k += piece) {
			size_t some = len - k < piece ? len - k : piece;

			if (here && k + some == len)
				some -= damages[_i].cut;
			put_openbmp(f, plain + at + k, some, here ? damages[_i].unfinished : 0);
		}
		if (here)
			fputs(damages[_i].between, f);
		if (!here || !damages[_i].lost) {
			memcpy(packed + want, plain + at, len);
			want += len;
		}
		at += len;
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, packed, want);
	ck_assert_uint_eq(g->warnings, damages[_i].words != NULL);
	if (damages[_i].words != NULL)
		require(strstr(g->words, damages[_i].words) != NULL, "%s: %s", damages[_i].name,
		    g->words);
	received_free(g);
	forget();
}
END_TEST

START_TEST(openbmp_text_form)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 3);
	FILE *f = scratch();
	struct received *g;

	for (int i = 0; i < 2; i++) {
		fprintf(f,
		    "V: 1.%d\nC_HASH_ID: 00112233445566778899aabbccddeeff\n%s: "
		    "ffeeddccbbaa99887766554433221100\nR_IP: 192.0.2.7\nL: %zu\n\n",
		    i, i == 0 ? "R_HASH" : "R_HASH_ID", n);
		fwrite(plain, 1, n, f);
	}
	fclose(f);
	memcpy(plain + n, plain, n);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, plain, 2 * n);
	ck_assert_str_eq(g->address[0], "192.0.2.7");
	received_free(g);
	forget();
}
END_TEST

/* Without a hash, and with words that are no IPv4 address, the words tell routers apart. */
START_TEST(openbmp_routers_by_words)
{
	static const char *const names[] = { "edge1", "edge2", "10.0.0.1 ", "10.0.0.2 ", "edge1" };
	size_t n = make_stream(plain, sizeof(plain), "r1", 3);
	FILE *f = scratch();
	struct received *g;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fprintf(f, "V: 1.6\nR_IP: %s\nL: %zu\n\n", names[i], n);
		fwrite(plain, 1, n, f);
	}
	fclose(f);
	memcpy(plain + n, plain, n);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 4);
	same(g, 0, plain, 2 * n);
	for (unsigned i = 1; i < 4; i++)
		same(g, i, plain, n);
	received_free(g);
	forget();
}
END_TEST

/* --- what others recorded */

static const char *const captures[] = {
	"akvorado-vmx/bmp-eor.pcap akvorado-vmx/bmp-eor.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-init.pcap akvorado-vmx/bmp-init.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-l3vpn.pcap akvorado-vmx/bmp-l3vpn.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-peer-down.pcap akvorado-vmx/bmp-peer-down.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-peer-up.pcap akvorado-vmx/bmp-peer-up.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-peers-up.pcap akvorado-vmx/bmp-peers-up.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-reach.pcap akvorado-vmx/bmp-reach.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-terminate.pcap akvorado-vmx/bmp-terminate.conn00.203.0.113.0.bmp",
	"akvorado-vmx/bmp-unreach.pcap akvorado-vmx/bmp-unreach.conn00.203.0.113.0.bmp",
	"pmacct/200-BMP-HUAWEI-locrib_instance/traffic-00.pcap "
	"pmacct/200-BMP-HUAWEI-locrib_instance/traffic-00.conn00.192.0.2.61.bmp",
	"pmacct/201-BMP-CISCO-rd_instance/traffic-00.pcap "
	"pmacct/201-BMP-CISCO-rd_instance/traffic-00.conn00.192.0.2.55.bmp",
	"pmacct/202-BMP-CISCO-HUAWEI-multiple-sources/traffic-02.pcap "
	"pmacct/202-BMP-CISCO-HUAWEI-multiple-sources/traffic-02.conn00.198.51.100.44.bmp",
	"pmacct/204-BMP-CISCO-peer_down/traffic-00.pcap "
	"pmacct/204-BMP-CISCO-peer_down/traffic-00.conn00.2001_db8_90__1.bmp",
	"pmacct/205-BMP-6wind-FRR-peer_down/traffic-00.pcap "
	"pmacct/205-BMP-6wind-FRR-peer_down/traffic-00.conn00.203.0.113.58.bmp",
	"pmacct/206-BMP-high-availability/traffic-00.pcap "
	"pmacct/206-BMP-high-availability/traffic-00.conn00.203.0.113.58.bmp",
	"pmacct/400-IPFIXv10-BMP-CISCO-SRv6-multiple-sources/traffic-01.pcap "
	"pmacct/400-IPFIXv10-BMP-CISCO-SRv6-multiple-sources/traffic-01.conn00.203.0.113.91.bmp",
	"pmacct/401-IPFIXv10-BMP-IPv6-CISCO-MPLS-multiple-sources/traffic-00.pcap "
	"pmacct/401-IPFIXv10-BMP-IPv6-CISCO-MPLS-multiple-sources/"
	"traffic-00.conn00.2001_db8_90__1.bmp",
};

/* Octet for octet the stream that the data set holds beside the capture, which was put together by
 * other means. It holds whole messages only: an incomplete last one is ours alone. */
START_TEST(captures_of_others)
{
	char what[512], *bmp, keep_path[1024];
	struct received *g, *want;
	const char *file;

	snprintf(what, sizeof(what), "bmp/%s", captures[_i]);
	bmp = strchr(what, ' ');
	*bmp++ = '\0';
	file = shared_data(what);
	if (file == NULL)
		return;
	snprintf(keep_path, sizeof(keep_path), "%s", file);
	snprintf(what, sizeof(what), "bmp/%s", strchr(captures[_i], ' ') + 1);
	g = read_all(keep_path, 0);
	want = read_all(shared_data(what), 0);
	ck_assert_uint_eq(g->n, 1);
	ck_assert_uint_ge(g->bytes[0].len, want->bytes[0].len);
	ck_assert_mem_eq(g->bytes[0].data, want->bytes[0].data, want->bytes[0].len);
	/* the one that ends inside a message: the manifest's incomplete_tail_bytes */
	ck_assert_uint_eq(
	    g->bytes[0].len - want->bytes[0].len, strstr(keep_path, "/202-BMP") != NULL ? 156 : 0);
	ck_assert_uint_eq(g->counts.gaps, 0);
	ck_assert_uint_eq(g->warnings, 0);
	received_free(g);
	received_free(want);
}
END_TEST

HARNESS_MAIN("recordings")
{
	CASE("sources");
	ROWS(packings, packers);
	TEST(plain_and_empty);
	TEST(stops_when_asked);
	LOOP(framer_any_pieces, 6);
	LOOP(framer_finds_its_way, 60);
	TEST(framer_many_small_pieces);
	TEST(framer_passes_what_is_none);
	CASE("others' formats");
	TEST(openbmp_frames);
	ROWS(openbmp_damaged, damages);
	TEST(openbmp_text_form);
	TEST(openbmp_routers_by_words);
	CASE("recorded by others");
	TIMEOUT(30);
	ROWS(captures_of_others, captures);
}

/* Recorded BMP of every kind comes out as the streams that went in. */
#include "collector/files/files.h"

#include <bzlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/sbuf.h"
#include "collector/bmp_stream/bmp_stream.h"
#include "collector/files/framer.h"
#include "collector/files/link.h"
#include "parsers/mrt_write.h"
#include "parsers/openbmp.h"
#include "tests/unit/capture.h"
#include "tests/unit/harness.h"

/* --- a receiver that keeps everything
 * ------------------------------------------------------------- */

enum { STREAMS = 64 };

struct got {
	unsigned n, ended, closed, warnings;
	char name[STREAMS][256], address[STREAMS][64];
	struct sbuf bytes[STREAMS];
	int64_t first_us[STREAMS], last_us[STREAMS];
	char words[8192];
	uint64_t stop_after; /* octets; 0 never */
	uint64_t octets;
	struct files_counts counts;
};

static void *
on_begin(void *ctx, const struct files_stream *s)
{
	struct got *g = ctx;

	ck_assert_uint_lt(g->n, STREAMS);
	snprintf(g->name[g->n], sizeof(g->name[0]), "%s", s->name);
	snprintf(g->address[g->n], sizeof(g->address[0]), "%s", s->address);
	g->bytes[g->n] = sbuf_of(256 * 1024 * 1024);
	return &g->bytes[g->n++];
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t us)
{
	struct got *g = ctx;
	long i = (struct sbuf *)stream - g->bytes;

	if (g->bytes[i].len == 0)
		g->first_us[i] = us;
	g->last_us[i] = us;
	sbuf_add(stream, data, n);
	g->octets += n;
	return g->stop_after == 0 || g->octets < g->stop_after;
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct got *g = ctx;

	(void)stream;
	g->ended++;
	g->closed += closed;
}

static void
on_warn(void *ctx, const char *text)
{
	struct got *g = ctx;
	size_t n = strlen(g->words);

	g->warnings++;
	snprintf(g->words + n, sizeof(g->words) - n, "%s\n", text);
}

static struct got *
read_all(const char *path, int want)
{
	static const struct files_ops ops = { on_begin, on_bytes, on_end, on_warn };
	struct got *g = calloc(1, sizeof(*g));
	int rc = files_read(path, &ops, g, &g->counts);

	ck_assert_msg(rc == want, "%s: %d, %s", path, rc, g->words);
	ck_assert_uint_eq(g->ended, g->n);
	ck_assert_uint_eq(g->counts.streams, g->n);
	return g;
}

static void
got_free(struct got *g)
{
	for (unsigned i = 0; i < g->n; i++)
		sbuf_free(&g->bytes[i]);
	free(g);
}

static void
same(const struct got *g, unsigned i, const void *want, size_t n)
{
	ck_assert_uint_gt(g->n, i);
	ck_assert_msg(g->bytes[i].len == n && memcmp(g->bytes[i].data, want, n) == 0,
	    "stream %u: %zu octets, not %zu as sent; %s", i, g->bytes[i].len, n, g->words);
}

/* --- material
 * ------------------------------------------------------------------------------------- */

static char path[64];

static FILE *
scratch(void)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/bellman-files-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	return fdopen(fd, "w+b");
}

static void
forget(void)
{
	unlink(path);
}

/* Initiation, then n statistics reports of 60 and more octets; returns the octets. */
static size_t
make_stream(uint8_t *buf, size_t size, const char *name, unsigned n)
{
	struct bmp_peer_spec p = { .address = { 192, 0, 2, 9 }, .as = 64501, .sec = 1700000000 };
	size_t len = bmp_write_initiation(buf, size, name, "made for a test");

	for (unsigned i = 0; i < n; i++) {
		struct bmp_stat_spec s[3] = { { .type = 1, .value = i }, { .type = 7, .value = i },
			{ .type = 8, .value = i * 7 } };

		len += bmp_write_statistics(buf + len, size - len, &p, s, 1 + i % 3);
	}
	return len;
}

static size_t
gzip(const void *data, size_t n, uint8_t *out, size_t size)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		.avail_in = (uInt)n,
		.next_out = out,
		.avail_out = (uInt)size };

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return size - z.avail_out;
}

static size_t
bzip2(const void *data, size_t n, uint8_t *out, size_t size)
{
	unsigned len = (unsigned)size;

	ck_assert_int_eq(BZ2_bzBuffToBuffCompress(
			     (char *)out, &len, (char *)(uintptr_t)data, (unsigned)n, 1, 0, 0),
	    BZ_OK);
	return len;
}

static size_t
zstd(const void *data, size_t n, uint8_t *out, size_t size)
{
	size_t len = ZSTD_compress(out, size, data, n, 3);

	ck_assert(!ZSTD_isError(len));
	return len;
}

static const struct packer {
	const char *name;
	size_t (*pack)(const void *, size_t, uint8_t *, size_t);
} packers[] = { { "gzip", gzip }, { "bzip2", bzip2 }, { "zstd", zstd } };

/* --- sources
 * ---------------------------------------------------------------------------------------- */

enum { BIG = 3 * 1024 * 1024 };
static uint8_t plain[BIG], packed[2 * BIG];

/* Two members one after the other, larger than any buffer; then cut short, then damaged. */
START_TEST(packings)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 30000), half = n / 2, p;
	struct got *g;
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
	got_free(g);
	ck_assert_int_eq(ftruncate(fileno(f), (off_t)(p - 5)), 0);
	g = read_all(path, -1);
	ck_assert_ptr_nonnull(strstr(g->words, "cut short"));
	ck_assert_uint_gt(g->bytes[0].len, half - 1);
	got_free(g);
	fseek(f, (long)(p / 4), SEEK_SET);
	fwrite("damaged damaged damaged", 1, 23, f);
	fflush(f);
	g = read_all(path, -1);
	ck_assert_ptr_nonnull(strstr(g->words, packers[_i].name));
	got_free(g);
	fclose(f);
	forget();
}
END_TEST

START_TEST(plain_and_empty)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 20000);
	FILE *f = scratch();
	struct got *g;

	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	ck_assert_uint_eq(g->bytes[0].len, 0);
	got_free(g);
	fwrite(plain, 1, n, f);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_str_eq(g->counts.packing, "plain");
	ck_assert_uint_eq(g->counts.format, FILES_BMP);
	same(g, 0, plain, n);
	got_free(g);
	forget();
	g = read_all("/nowhere/at/all", -1);
	ck_assert_ptr_nonnull(strstr(g->words, "/nowhere/at/all: No such file"));
	got_free(g);
}
END_TEST

START_TEST(stops_when_told)
{
	static const struct files_ops ops = { on_begin, on_bytes, on_end, on_warn };
	size_t n = make_stream(plain, sizeof(plain), "r1", 30000);
	struct got *g = calloc(1, sizeof(*g));
	FILE *f = scratch();

	fwrite(plain, 1, n, f);
	fclose(f);
	g->stop_after = 10;
	ck_assert_int_eq(files_read(path, &ops, g, NULL), 1);
	ck_assert_uint_lt(g->octets, n);
	ck_assert_uint_eq(g->ended, 1);
	got_free(g);
	forget();
}
END_TEST

/* --- framer
 * ----------------------------------------------------------------------------------------- */

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

/* --- captures
 * --------------------------------------------------------------------------------------- */

enum { PIECES = 400 };

struct piece {
	uint32_t at;
	size_t n;
};

/* Cut a stream of n octets into segments. */
static unsigned
cut_up(size_t n, struct piece *v, uint64_t *random)
{
	unsigned count = 0;

	for (size_t at = 0; at < n; count++) {
		size_t len = 1 + rnd(random) % 1400;

		ck_assert_uint_lt(count, PIECES);
		v[count] = (struct piece){ (uint32_t)at, len < n - at ? len : n - at };
		at += v[count].n;
	}
	return count;
}

START_TEST(link_kinds)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 50);
	FILE *f = scratch();
	struct cap c = cap_open(f, (enum cap_kind)(_i / 2), _i % 2);
	struct got *g;

	c.padding = true;
	cap_segment(&c, 999, TCP_SYN, NULL, 0);
	cap_segment(&c, 1000, TCP_ACK, plain, 3); /* shorter than what Ethernet carries */
	cap_segment(&c, 1003, TCP_ACK, plain + 3, n - 3);
	cap_segment(&c, (uint32_t)(1000 + n), TCP_ACK | TCP_FIN, NULL, 0);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, plain, n);
	ck_assert_str_eq(g->address[0], _i % 2 ? "2001:db8::1" : "192.0.2.1");
	ck_assert_uint_eq(g->closed, 1);
	ck_assert_int_eq(g->first_us[0], 1700000000500000);
	ck_assert_uint_eq(g->warnings, 0);
	got_free(g);
	forget();
}
END_TEST

/* pcapng; pcap with nanoseconds; both packed. */
START_TEST(capture_formats)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 50), size, p;
	FILE *f = scratch();
	struct cap c = _i == 0 ? cap_open_ng(f, CAP_ETHER) : cap_open(f, CAP_SLL, false);
	uint8_t *file;
	struct got *g;

	if (_i == 1) {
		rewind(f);
		cap_u32(f, 0xa1b23c4d);
		fseek(f, 0, SEEK_END);
		c.nano = true;
	}
	for (size_t at = 0; at < n; at += 333)
		cap_segment(&c, (uint32_t)at, TCP_ACK, plain + at, n - at < 333 ? n - at : 333);
	size = (size_t)ftell(f);
	file = malloc(size);
	rewind(f);
	ck_assert_uint_eq(fread(file, 1, size, f), size);
	for (unsigned k = 0; k <= 3; k++) {
		if (k > 0) {
			p = packers[k - 1].pack(file, size, packed, sizeof(packed));
			rewind(f);
			ck_assert_int_eq(ftruncate(fileno(f), 0), 0);
			fwrite(packed, 1, p, f);
		}
		fflush(f);
		g = read_all(path, 0);
		ck_assert_uint_eq(g->counts.format, _i == 0 ? FILES_PCAPNG : FILES_PCAP);
		ck_assert_str_eq(g->counts.packing, k == 0 ? "plain" : packers[k - 1].name);
		same(g, 0, plain, n);
		ck_assert_int_eq(g->first_us[0], 1700000000500000);
		got_free(g);
	}
	free(file);
	fclose(f);
	forget();
}
END_TEST

/* Each frame cut at each length: short or nothing, and no octet past it is read. */
START_TEST(link_cut)
{
	static const int types[] = { LINK_ETHERNET, LINK_ETHERNET, LINK_ETHERNET, LINK_ETHERNET,
		LINK_SLL, LINK_SLL2, LINK_RAW, LINK_NULL };
	uint8_t frame[256];
	FILE *f = scratch();
	struct cap c = cap_open(f, (enum cap_kind)(_i / 2), _i % 2);
	struct tcp_segment s;
	size_t n;

	cap_segment(&c, 1000, TCP_ACK, "payload", 7);
	fflush(f);
	fseek(f, 24 + 16, SEEK_SET);
	n = fread(frame, 1, sizeof(frame), f);
	fclose(f);
	forget();
	for (size_t k = 0; k <= n; k++) {
		uint8_t *exact = exact_copy(frame, k);
		enum link_result is = link_tcp(types[_i / 2], exact, k, n, &s);

		if (k < n - 7)
			require(is == LINK_SHORT, "%zu of %zu: %d", k, n, is);
		else
			require(is == LINK_TCP && rd_left(&s.payload) == 7 - (n - k) &&
				    s.missing == n - k && s.seq == 1000 && s.to_port == 1790 &&
				    s.v6 == (_i % 2),
			    "%zu of %zu", k, n);
		free(exact);
	}
}
END_TEST

/* Shuffled within a window, doubled, overlapping, over the wrap of sequence numbers. */
START_TEST(reordered)
{
	uint64_t random = seed_of(_i);
	size_t n = make_stream(plain, sizeof(plain), "r1", 2000);
	struct piece v[PIECES];
	unsigned count = cut_up(n, v, &random);
	uint32_t isn = _i % 2 ? 0xffffff00U : rnd(&random);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, _i % 3 == 0);
	struct got *g;

	for (unsigned i = 1; i + 1 < count; i++) { /* the first stays first */
		unsigned k = i + rnd(&random) % 6;
		struct piece tmp = v[i];

		if (k >= count || rnd(&random) % 3 == 0)
			continue;
		v[i] = v[k];
		v[k] = tmp;
	}
	cap_segment(&c, isn, TCP_SYN, NULL, 0);
	for (unsigned i = 0; i < count; i++) {
		size_t more = rnd(&random) % 4 == 0 ? rnd(&random) % 300 : 0;

		if (v[i].at + v[i].n + more > n)
			more = 0;
		cap_segment(&c, isn + 1 + v[i].at, TCP_ACK, plain + v[i].at, v[i].n + more);
		if (rnd(&random) % 5 == 0)
			cap_segment(&c, isn + 1 + v[i].at, TCP_ACK, plain + v[i].at, v[i].n);
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, plain, n);
	ck_assert_uint_eq(g->counts.gaps, 0);
	ck_assert_uint_gt(g->counts.retransmitted, 0);
	ck_assert_uint_gt(g->counts.reordered, 0);
	ck_assert_uint_eq(g->closed, 0);
	got_free(g);
	forget();
}
END_TEST

/* A segment is lost: the gap is told, and what comes out is the stream without the messages that
 * touched it. */
START_TEST(gaps)
{
	uint64_t random = seed_of(_i);
	size_t n = make_stream(plain, sizeof(plain), "r1", 2000), before = 0, after = 0;
	struct piece v[PIECES];
	unsigned count = cut_up(n, v, &random), lost = 1 + rnd(&random) % (count - 2);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_VLAN, false);
	struct got *g;

	for (unsigned i = 0; i < count; i++)
		if (i != lost)
			cap_segment(&c, 5 + v[i].at, TCP_ACK, plain + v[i].at, v[i].n);
	fclose(f);
	while (before + be32(plain + before + 1) <= v[lost].at)
		before += be32(plain + before + 1);
	while (after < v[lost].at + v[lost].n)
		after += be32(plain + after + 1);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	ck_assert_uint_eq(g->counts.gaps, 1);
	ck_assert_uint_eq(g->counts.gap_octets, v[lost].n);
	ck_assert_ptr_nonnull(strstr(g->words, "octets are missing"));
	ck_assert_uint_eq(g->bytes[0].len, before + n - after);
	ck_assert_mem_eq(g->bytes[0].data, plain, before);
	ck_assert_mem_eq(g->bytes[0].data + before, plain + after, n - after);
	got_free(g);
	forget();
}
END_TEST

/* A capture that cut its packets short says so, and goes on. */
START_TEST(snapped)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40), at = 0;
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct got *g;
	unsigned segments = 0;

	for (; at < n; segments++) {
		size_t len = be32(plain + at + 1);

		c.snap = segments == 5 ? 54 + 10 : 0;
		cap_segment(&c, (uint32_t)at, TCP_ACK, plain + at, len);
		at += len;
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.gaps, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "cut off by the capture"));
	ck_assert_uint_lt(g->bytes[0].len, n);
	ck_assert_uint_gt(g->bytes[0].len, n - 100);
	got_free(g);
	forget();
}
END_TEST

/* Several routers at once, BGP and HTTP between them, ports used again. */
START_TEST(interleaved)
{
	static uint8_t streams[4][65536];
	uint64_t random = seed_of(_i);
	size_t n[4], at[4] = { 0 };
	uint8_t bgp[19];
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, _i % 2);
	struct got *g;
	bool more = true;

	memset(bgp, 0xff, 16);
	for (int i = 0; i < 4; i++) {
		char name[16];

		snprintf(name, sizeof(name), "r%d", i);
		n[i] = make_stream(streams[i], sizeof(streams[i]), name, 100);
	}
	while (more) {
		more = false;
		for (int i = 0; i < 4; i++) {
			size_t len = 1 + rnd(&random) % 500;

			if (len > n[i] - at[i])
				len = n[i] - at[i];
			c.host = (uint8_t)(1 + i / 2);
			c.from_port = (uint16_t)(40000 + i % 2);
			c.to_port = i == 3 ? 12345 : 1790; /* known by its octets, not its port */
			if (at[i] == 0)
				cap_segment(&c, 99, TCP_SYN, NULL, 0);
			cap_segment(&c, (uint32_t)(100 + at[i]), TCP_ACK, streams[i] + at[i], len);
			at[i] += len;
			more |= at[i] < n[i];
		}
		c.from_port = 179;
		cap_segment(&c, 7, TCP_ACK, bgp, sizeof(bgp));
		c.from_port = 80;
		c.to_port = 30000;
		cap_segment(&c, 7, TCP_ACK, "HTTP/1.0 200 OK", 15);
	}
	/* the first again, from the same port, with a new connection */
	c.host = 1;
	c.from_port = 40000;
	c.to_port = 1790;
	cap_segment(&c, 77777, TCP_SYN, NULL, 0);
	cap_segment(&c, 77778, TCP_ACK, streams[1], n[1]);
	cap_segment(&c, (uint32_t)(77778 + n[1]), TCP_RST, NULL, 0);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 5);
	for (unsigned i = 0; i < 4; i++) { /* they begin when their first message is whole */
		unsigned k = 0;

		while (k < 4 &&
		       (g->bytes[k].len != n[i] || memcmp(g->bytes[k].data, streams[i], n[i]) != 0))
			k++;
		ck_assert_uint_lt(k, 4);
	}
	same(g, 4, streams[1], n[1]);
	ck_assert_uint_eq(g->closed, 2);
	ck_assert_uint_ge(g->counts.bgp_sessions, 1); /* but not one whole message in them */
	ck_assert_uint_eq(g->warnings, 0);
	got_free(g);
	forget();
}
END_TEST

/* A capture that begins in the middle of a message to a port of BMP. */
START_TEST(begins_in_the_middle)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40), first = be32(plain + 1);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct got *g;

	cap_segment(&c, 1, TCP_ACK, plain + 9, 8);
	cap_segment(&c, 9, TCP_ACK, plain + 17, n - 17);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, plain + first, n - first);
	ck_assert_uint_eq(g->counts.dropped, first - 9);
	got_free(g);
	forget();
}
END_TEST

/* What is sent again after the end is no new stream. */
START_TEST(again_after_the_end)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct got *g;

	cap_segment(&c, 99, TCP_SYN, NULL, 0);
	cap_segment(&c, 100, TCP_ACK, plain, n);
	cap_segment(&c, (uint32_t)(100 + n), _i == 0 ? TCP_FIN | TCP_ACK : TCP_RST, NULL, 0);
	cap_segment(&c, 100, TCP_ACK, plain, n);
	cap_segment(&c, (uint32_t)(100 + n), TCP_FIN | TCP_ACK, NULL, 0);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, plain, n);
	ck_assert_uint_eq(g->counts.retransmitted, n);
	ck_assert_uint_eq(g->closed, 1);
	got_free(g);
	forget();
}
END_TEST

/* Any number of connections that are nobody's business leave room for a router. */
START_TEST(among_many)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_RAW, false);
	struct got *g;

	c.to_port = 80;
	for (unsigned i = 0; i < 40000; i++) {
		c.from_port = (uint16_t)(1024 + i % 60000);
		c.host = (uint8_t)(1 + i / 60000);
		if (i == 100) {
			c.to_port = 1790;
			cap_segment(&c, 1, TCP_ACK, plain, n / 2);
			c.to_port = 80;
		}
		cap_segment(&c, 1, TCP_ACK, "GET / HTTP/1.0", 14);
	}
	c.from_port = 1024 + 100;
	c.to_port = 1790;
	cap_segment(&c, (uint32_t)(1 + n / 2), TCP_ACK, plain + n / 2, n - n / 2);
	c.from_port = 500;
	cap_segment(&c, 1, TCP_ACK, plain, n);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 2);
	same(g, 0, plain, n);
	same(g, 1, plain, n);
	ck_assert_uint_eq(g->warnings, 0);
	got_free(g);
	forget();
}
END_TEST

/* A segment half the sequence space away is of the past: found by fuzzing. */
START_TEST(as_far_away_as_can_be)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct got *g;

	cap_segment(&c, 0, TCP_ACK, plain, 100);
	cap_segment(&c, 100 + 0x80000000U, TCP_ACK, plain, 50);
	cap_segment(&c, 100, TCP_ACK, plain + 100, n - 100);
	fclose(f);
	g = read_all(path, 0);
	same(g, 0, plain, n);
	ck_assert_uint_eq(g->counts.retransmitted, 50);
	got_free(g);
	forget();
}
END_TEST

/* Bounded: a hole that is never filled does not hold back more than it may. */
START_TEST(hole_is_given_up)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 30000);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct got *g;

	for (size_t at = 0; at < n; at += 1000)
		if (at != 5000)
			cap_segment(
			    &c, (uint32_t)at, TCP_ACK, plain + at, n - at < 1000 ? n - at : 1000);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.gaps, 1);
	ck_assert_uint_eq(g->counts.gap_octets, 1000);
	ck_assert_uint_gt(g->bytes[0].len, n - 1300);
	got_free(g);
	forget();
}
END_TEST

/* --- OpenBMP
 * ---------------------------------------------------------------------------------------- */

START_TEST(openbmp_frames)
{
	static uint8_t a[65536], b[65536], head[256];
	size_t na = make_stream(a, sizeof(a), "r1", 100), nb = make_stream(b, sizeof(b), "r2", 90),
	       at[2] = { 0, 0 };
	FILE *f = scratch();
	struct got *g;

	while (at[0] < na || at[1] < nb) {
		for (int i = 0; i < 2; i++) {
			const uint8_t *s = i == 0 ? a : b;
			size_t len = at[i] < (i == 0 ? na : nb) ? be32(s + at[i] + 1) : 0, h;
			struct openbmp m = { .router_v6 = i == 1,
				.sec = 1700000000,
				.usec = 9,
				.router_hash = { (uint8_t)i },
				.router_ip = { 192, 0, 2, 7 },
				.collector_admin_id = rd_of("c1", 2),
				.router_group = rd_of("core", i == 0 ? 4 : 0) };

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
	ck_assert_uint_eq(g->counts.format, FILES_OPENBMP);
	ck_assert_uint_eq(g->n, 2);
	same(g, 0, a, na);
	same(g, 1, b, nb);
	ck_assert_str_eq(g->address[0], "192.0.2.7");
	ck_assert_str_eq(g->address[1], "c000:207::");
	ck_assert_int_eq(g->last_us[0], 1700000000000009);
	ck_assert_ptr_nonnull(strstr(g->name[0], "core"));
	ck_assert_uint_eq(g->warnings, 0);
	got_free(g);
	/* cut short, then broken */
	ck_assert_int_eq(ftruncate(fileno(f), ftell(f) - 3), 0);
	g = read_all(path, 0);
	ck_assert_ptr_nonnull(strstr(g->words, "ends inside a message"));
	got_free(g);
	fseek(f, 80 + 4 + (long)be32(a + 1), SEEK_SET);
	fwrite("XXXX", 1, 4, f);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_ptr_nonnull(strstr(g->words, "no OpenBMP header"));
	same(g, 0, a, be32(a + 1));
	got_free(g);
	forget();
}
END_TEST

START_TEST(openbmp_text_form)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 3);
	FILE *f = scratch();
	struct got *g;

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
	got_free(g);
	forget();
}
END_TEST

/* --- MRT
 * -------------------------------------------------------------------------------------------- */

/* What a stream of BMP says, in short. */
struct facts {
	unsigned up, down;
	uint64_t announced, withdrawn, end_of_rib, faults, quirks;
	unsigned peers;
	char last_reason[64], last_quirk[64];
	uint8_t view, flags_as4;
	uint32_t path_id;
	int64_t router_us;
};

static void
fact_up(void *ctx, struct bmp_stream *s, struct bmp_peer *p, int64_t us)
{
	(void)s;
	(void)p;
	(void)us;
	((struct facts *)ctx)->up++;
}

static void
fact_down(
    void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_down *d, int64_t us)
{
	struct facts *x = ctx;

	(void)s;
	(void)p;
	(void)us;
	x->down++;
	snprintf(x->last_reason, sizeof(x->last_reason), "%u%s", d->reason,
	    d->has_notification ? " with NOTIFICATION" : "");
}

static void
fact_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct facts *x = ctx;
	const struct bgp_mp *reach = &u->bgp->reach, *unreach = &u->bgp->unreach;
	struct rd none = rd_of(NULL, 0);
	struct rd fields[4] = { u->bgp->nlri, reach->present ? reach->nlri : none,
		u->bgp->withdrawn, unreach->present ? unreach->nlri : none };
	uint16_t afis[4] = { AFI_IPV4, reach->family.afi, AFI_IPV4, unreach->family.afi };
	bool ids[4] = { u->addpath_classic, u->addpath_reach, u->addpath_classic,
		u->addpath_unreach };
	struct bgp_nlri n;

	(void)s;
	(void)p;
	x->view = (uint8_t)u->view;
	x->flags_as4 = u->context.as4;
	x->router_us = u->router_us;
	x->end_of_rib += u->is_end_of_rib;
	for (int i = 0; i < 4; i++) {
		while (bgp_nlri_next(&fields[i], afis[i], ids[i], u->bgp->start, &n, u->faults)) {
			if (i < 2)
				x->announced++;
			else
				x->withdrawn++;
			x->path_id = n.path_id;
		}
	}
}

static struct facts
facts_of(const struct got *g, unsigned i, char *sys_name)
{
	static const struct bmp_stream_ops ops = {
		.peer_up = fact_up, .peer_down = fact_down, .update = fact_update
	};
	struct facts x = { .up = 0 };
	struct bmp_stream *s = bmp_stream_new(&ops, &x, 1 << 24, 100000);

	ck_assert_uint_eq(bmp_stream_feed(s, (const uint8_t *)g->bytes[i].data, g->bytes[i].len, 0),
	    g->bytes[i].len);
	ck_assert(!s->broken);
	for (int k = 0; k < FAULT_CODES; k++)
		x.faults += s->counters.faults[k];
	for (int k = 0; k < BMP_QUIRKS; k++)
		if (s->counters.quirks[k] > 0) {
			x.quirks += s->counters.quirks[k];
			snprintf(x.last_quirk, sizeof(x.last_quirk), "%s",
			    bmp_quirk_name((enum bmp_quirk)k));
		}
	x.peers = s->peers_n;
	if (sys_name != NULL)
		snprintf(sys_name, 256, "%s", s->sys_name);
	bmp_stream_free(s);
	return x;
}

static void
put_bgp4mp(FILE *f, struct mrt_record m, struct mrt_bgp4mp t, const void *bgp, size_t n)
{
	uint8_t buf[8192];

	t.message = rd_of(bgp, n);
	n = mrt_write_bgp4mp(buf, sizeof(buf), &m, &t);
	ck_assert_uint_gt(n, 0);
	fwrite(buf, 1, n, f);
}

/* A session's whole life: up, routes both ways, NOTIFICATION, up by its first route, down by state.
 */
START_TEST(mrt_life)
{
	static const uint32_t as_path[] = { 64501, 64510 };
	struct bgp_route_spec route = { .as_path = as_path, .as_path_n = 2, .as2 = _i == 1 };
	struct bgp_prefix_spec prefix = {
		.family = 4, .len = 24, .addr = { 198, 51, 100 }, .path_id = 77
	};
	struct mrt_record m = { .sec = 1700000000, .usec = 7, .as4 = _i != 1 };
	struct mrt_bgp4mp t = { .peer_as = 64501,
		.local_as = 64500,
		.peer_address = { 192, 0, 2, 1 },
		.local_address = { 192, 0, 2, 254 },
		.old_state = 5,
		.new_state = 6 };
	uint8_t bgp[512], notification[21] = { 0 };
	bool addpath = _i == 2;
	FILE *f = scratch();
	struct facts x;
	struct got *g;
	char name[256];
	size_t n;

	memset(notification, 0xff, 16);
	notification[17] = 21;
	notification[18] = BGP_NOTIFICATION;
	notification[19] = 6;
	notification[20] = 2;
	m.kind = MRT_KIND_STATE_CHANGE;
	put_bgp4mp(f, m, t, NULL, 0);
	m.kind = MRT_KIND_MESSAGE;
	m.addpath = addpath;
	n = bgp_write_update(bgp, sizeof(bgp), &route, &prefix, 1, NULL, 0, addpath);
	put_bgp4mp(f, m, t, bgp, n);
	m.local = true;
	put_bgp4mp(f, m, t, bgp, n);
	m.local = m.addpath = false;
	put_bgp4mp(f, m, t, notification, sizeof(notification));
	t.old_state = 6;
	t.new_state = 1;
	m.kind = MRT_KIND_STATE_CHANGE;
	put_bgp4mp(f, m, t, NULL, 0); /* down already */
	m.kind = MRT_KIND_MESSAGE;
	m.addpath = addpath;
	n = bgp_write_update(bgp, sizeof(bgp), &route, NULL, 0, &prefix, 1, addpath);
	put_bgp4mp(f, m, t, bgp, n);
	fflush(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.format, FILES_MRT);
	x = facts_of(g, 0, name);
	ck_assert_str_eq(name, strrchr(path, '/') + 1);
	/* path ids are a surprise after the state change: Peer Up is said again */
	ck_assert_uint_eq(x.up, addpath ? 3 : 2);
	ck_assert_uint_eq(x.down, 1);
	ck_assert_str_eq(x.last_reason, "3 with NOTIFICATION");
	ck_assert_uint_eq(x.announced, 2);
	ck_assert_uint_eq(x.withdrawn, 1);
	ck_assert_uint_eq(x.faults, 0);
	/* Adj-RIB-Out post-policy after a Peer Up without L, which says nothing of it */
	ck_assert_msg(x.quirks == (addpath ? 2 : 1), "%s", x.last_quirk);
	ck_assert_str_eq(x.last_quirk, "peer-flags-differ");
	ck_assert_uint_eq(x.path_id, addpath ? 77 : 0);
	ck_assert_int_eq(x.router_us, 1700000000000007);
	ck_assert_uint_eq(x.flags_as4, _i != 1);
	ck_assert_int_eq(g->first_us[0], 1700000000000007);
	got_free(g);
	m.kind = MRT_KIND_STATE_CHANGE;
	m.addpath = false;
	put_bgp4mp(f, m, t, NULL, 0);
	fclose(f);
	g = read_all(path, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.down, 2);
	ck_assert_str_eq(x.last_reason, "2");
	got_free(g);
	forget();
}
END_TEST

/* A dump: every peer up, routes with their own times, End-of-RIB at the end; peers of one address.
 */
START_TEST(mrt_dump)
{
	static const uint8_t id[4] = { 10, 0, 0, 1 };
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb, 0xf5, 0x40, 3,
		4, 192, 0, 2, 1 };
	bool addpath = _i == 1;
	struct mrt_peer peers[3] = { { .address = { 192, 0, 2, 1 }, .as = 64501 },
		{ .address = { 192, 0, 2, 1 }, .as = 64502 },
		{ .v6 = true, .address = { 0x20, 1 }, .as = 64503 } };
	uint8_t buf[4096], nlri[4] = { 24, 198, 51, 100 };
	struct mrt_rib_writer w;
	FILE *f = scratch();
	struct facts x;
	struct got *g;

	fwrite(buf, 1, mrt_write_peer_index(buf, sizeof(buf), 1700000100, id, "v", peers, 3), f);
	for (uint8_t i = 0; i < 10; i++) {
		nlri[3] = i;
		mrt_rib_begin(&w, buf, sizeof(buf), 1700000100, i,
		    (struct bgp_family){ AFI_IPV4, SAFI_UNICAST }, addpath, 0, rd_of(nlri, 4));
		for (uint16_t p = 0; p < 4; p++) { /* one of a peer that is not there */
			struct mrt_entry e = { p, 1699999999, 5, rd_of(attrs, sizeof(attrs)) };

			ck_assert(mrt_rib_put(&w, &e));
		}
		fwrite(buf, 1, mrt_rib_finish(&w), f);
	}
	fclose(f);
	g = read_all(path, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.up, 3);
	ck_assert_uint_eq(x.peers, 3);
	ck_assert_uint_eq(x.announced, 30);
	ck_assert_uint_eq(x.end_of_rib, 3);
	ck_assert_uint_eq(x.faults, 0);
	ck_assert_uint_eq(x.quirks, 0);
	ck_assert_uint_eq(x.path_id, addpath ? 5 : 0);
	ck_assert_int_eq(g->last_us[0], 1700000100000000);
	ck_assert_uint_eq(g->counts.skipped, 10);
	ck_assert_ptr_nonnull(strstr(g->words, "10 RIB entries refer to a peer that no table has"));
	got_free(g);
	forget();
}
END_TEST

/* --- what others recorded
 * --------------------------------------------------------------------------- */

static const struct {
	const char *file;
	uint64_t announced, withdrawn;
	unsigned peers; /* 0: not compared, a dump has peers without routes */
} recorded[] = {
	/* mrt/expected.json: lines of bgpdump -m by kind */
	{ "bview.20020722.2337.gz", 115521, 0, 36 },
	{ "bview.64k_stream_overflow.gz", 23, 0, 0 },
	{ "bview.ipv4_unicast_add_path.gz", 62, 0, 3 },
	{ "bview.ipv6_unicast_add_path.gz", 62, 0, 3 },
	{ "updates.20020722.2238.gz", 825, 2419, 3 },
	{ "updates.20070211.0141.gz", 51329, 2328, 31 },
	{ "updates.20071015.1505.gz", 10111, 385, 14 },
	{ "updates.20100722.2015.gz", 5067, 547, 14 },
	{ "updates.20160811.1600.gz", 39256, 1956, 35 },
	{ "updates.et-header.2015.gz", 577737, 3, 1 },
	{ "updates.long_withdrawal.gz", 0, 4096, 1 },
	{ "updates.nlri_mask_trailing_bits.gz", 1, 0, 1 },
};

START_TEST(mrt_of_others)
{
	char what[256];
	const char *file;
	struct facts x;
	struct got *g;

	snprintf(what, sizeof(what), "mrt/ripe-bgpdump/test_data/%s", recorded[_i].file);
	file = shared_data(what);
	if (file == NULL)
		return;
	g = read_all(file, 0);
	x = facts_of(g, 0, NULL);
	ck_assert_uint_eq(x.announced, recorded[_i].announced);
	ck_assert_uint_eq(x.withdrawn, recorded[_i].withdrawn);
	if (recorded[_i].peers != 0)
		ck_assert_uint_eq(x.peers, recorded[_i].peers);
	ck_assert_str_eq(g->counts.packing, "gzip");
	got_free(g);
}
END_TEST

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
	struct got *g, *want;
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
	got_free(g);
	got_free(want);
}
END_TEST

/* The BGP messages that a stream of Route Mirroring holds, one after the other. */
static size_t
unmirror(const uint8_t *at, size_t n, uint8_t *out, unsigned *messages)
{
	size_t used = 0, total = 0;

	*messages = 0;
	while (used < n) {
		struct faults f = { .n = 0 };
		struct bmp_mirror mirror;
		struct bmp_msg m;
		int64_t len = bmp_frame(at + used, n - used, 1 << 20, &f);

		ck_assert_int_gt(len, 0);
		ck_assert(bmp_parse(at + used, (size_t)len, &m, &f));
		if (m.type == BMP_ROUTE_MIRRORING) {
			bmp_mirror_parse(&m, &mirror, &f);
			memcpy(out + total, mirror.pdu.pos, rd_left(&mirror.pdu));
			total += rd_left(&mirror.pdu);
			(*messages)++;
		}
		used += (size_t)len;
	}
	return total;
}

/* BGP is handed out message by message as it was captured, in pieces and with octets lost. */
START_TEST(bgp_is_mirrored)
{
	static uint8_t bgp[40000], back[40000];
	static const uint32_t as[] = { 64501, 64502, 64503 };
	struct bgp_route_spec route = { .as_path = as, .as_path_n = 3, .next_hop = { 1 } };
	uint64_t random = seed_of(_i);
	size_t n = 0, starts[64], lost = 0;
	unsigned messages;
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, _i % 2);
	struct got *g;

	for (unsigned i = 0; i < 60; i++) {
		struct bgp_prefix_spec x = {
			.family = 4, .len = 24, .addr = { 10, 0, (uint8_t)i }
		};

		starts[i] = n;
		n += bgp_write_update(bgp + n, sizeof(bgp) - n, &route, &x, 1, NULL, 0, false);
	}
	c.from_port = 179;
	c.to_port = 50000;
	cap_segment(&c, 99, TCP_SYN, NULL, 0);
	for (size_t at = 0, len; at < n; at += len) {
		len = 1 + rnd(&random) % 90;
		if (len > n - at)
			len = n - at;
		if (_i % 3 == 2 && lost == 0 && at > starts[20] + 19) { /* once */
			lost = at;
			continue;
		}
		cap_segment(&c, (uint32_t)(100 + at), TCP_ACK, bgp + at, len);
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	ck_assert_uint_eq(g->counts.bgp_sessions, 1);
	n -= unmirror((const uint8_t *)g->bytes[0].data, g->bytes[0].len, back, &messages);
	if (lost == 0) {
		ck_assert_uint_eq(n, 0);
		ck_assert_uint_eq(messages, 60);
		ck_assert_mem_eq(back, bgp, starts[59]);
	} else { /* the messages that the gap touched, no more */
		ck_assert_uint_ge(messages, 56);
		ck_assert_uint_lt(messages, 60);
	}
	got_free(g);
	forget();
}
END_TEST

/* Captures of real sessions: an OPEN with its AS in the per-peer header, pcapng, PPP, Junos. */
START_TEST(bgp_captures)
{
	static const struct {
		const char *file;
		unsigned messages;
	} rows[] = { { "bgp/tcpdump/bgp-addpath.pcap", 1 }, { "bgp/tcpdump/bgp-role.pcapng", 12 },
		{ "bgp/tcpdump/bgp_vpn_attrset.pcap", 1 }, { "bgp/tcpdump/bgp-aigp.pcap", 2 },
		{ "bgp/pmacct/300-BGP-IPv6-CISCO-extNH_enc.traffic-00.pcap", 47 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *file = shared_data(rows[i].file);
		static uint8_t back[1 << 20];
		unsigned messages = 0, n;
		struct got *g;

		if (file == NULL)
			return;
		g = read_all(file, 0);
		for (unsigned k = 0; k < g->n; k++) {
			unmirror((const uint8_t *)g->bytes[k].data, g->bytes[k].len, back, &n);
			messages += n;
		}
		ck_assert_uint_eq(messages, rows[i].messages);
		got_free(g);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("files");
	TCase *t = tcase_create("sources");

	harness_add_rows(t, packings, packers);
	tcase_add_test(t, plain_and_empty);
	tcase_add_test(t, stops_when_told);
	tcase_add_loop_test(t, framer_any_pieces, 0, 6);
	tcase_add_loop_test(t, framer_finds_its_way, 0, 60);
	tcase_add_test(t, framer_many_small_pieces);
	tcase_add_test(t, framer_passes_what_is_none);
	suite_add_tcase(s, t);
	t = tcase_create("captures");
	tcase_add_loop_test(t, link_kinds, 0, 16);
	tcase_add_loop_test(t, capture_formats, 0, 2);
	tcase_add_loop_test(t, link_cut, 0, 16);
	tcase_add_loop_test(t, reordered, 0, 12);
	tcase_add_loop_test(t, gaps, 0, 20);
	tcase_add_test(t, snapped);
	tcase_add_loop_test(t, interleaved, 0, 4);
	tcase_add_test(t, begins_in_the_middle);
	tcase_add_test(t, as_far_away_as_can_be);
	tcase_add_test(t, hole_is_given_up);
	tcase_add_loop_test(t, again_after_the_end, 0, 2);
	tcase_add_test(t, among_many);
	suite_add_tcase(s, t);
	t = tcase_create("others' formats");
	tcase_add_test(t, openbmp_frames);
	tcase_add_test(t, openbmp_text_form);
	tcase_add_loop_test(t, mrt_life, 0, 3);
	tcase_add_loop_test(t, mrt_dump, 0, 2);
	suite_add_tcase(s, t);
	t = tcase_create("recorded by others");
	tcase_set_timeout(t, 30);
	harness_add_rows(t, mrt_of_others, recorded);
	harness_add_rows(t, captures_of_others, captures);
	tcase_add_test(t, bgp_captures);
	tcase_add_loop_test(t, bgp_is_mirrored, 0, 9);
	suite_add_tcase(s, t);
	return harness_run(s);
}

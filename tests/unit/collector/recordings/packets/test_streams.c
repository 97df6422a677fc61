/* Captures: the streams in them, whatever order and gaps they come in. */
#include "collector/bmp_stream/bmp_stream.h"
#include "collector/recordings/packets/link.h"
#include "tests/unit/support/capture.h"
#include "tests/unit/support/recording_fixture.h"

enum { BIG = 3 * 1024 * 1024 };
static uint8_t plain[BIG];

/* --- captures */

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
	struct received *g;

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
	received_free(g);
	forget();
}
END_TEST

/* A segment is lost: the gap is reported, and what comes out is the stream without the messages
 * that touched it. */
START_TEST(gaps)
{
	uint64_t random = seed_of(_i);
	size_t n = make_stream(plain, sizeof(plain), "r1", 2000), before = 0, after = 0;
	struct piece v[PIECES];
	unsigned count = cut_up(n, v, &random), lost = 1 + rnd(&random) % (count - 2);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_VLAN, false);
	struct received *g;

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
	received_free(g);
	forget();
}
END_TEST

/* A capture that cut its packets short says so, and goes on. */
START_TEST(snapped)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40), at = 0;
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;
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
	received_free(g);
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
	struct received *g;
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
	ck_assert_uint_eq(g->warnings, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "no whole message in"));
	received_free(g);
	forget();
}
END_TEST

/* Packets without end that were cut short: a few are reported, the others summed up. */
START_TEST(snapped_all)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 400);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;

	c.snap = 54 + 10;
	for (size_t at = 0, len; at < n; at += len) {
		len = be32(plain + at + 1);
		cap_segment(&c, (uint32_t)at, TCP_ACK, plain + at, len);
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.gaps, 401);
	ck_assert_uint_eq(g->warnings, 5);
	ck_assert_ptr_nonnull(strstr(g->words, "and 398 times more: in all"));
	ck_assert_ptr_nonnull(strstr(g->words, "no whole message in"));
	received_free(g);
	forget();
}
END_TEST

/* A capture that begins in the middle of a message to a port of BMP, or from it: a router that
 * waits to be called. */
START_TEST(begins_in_the_middle)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40), first = be32(plain + 1);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;

	if (_i == 1) {
		c.from_port = 11019;
		c.to_port = 44444;
	}
	cap_segment(&c, 1, TCP_ACK, plain + 9, 8);
	cap_segment(&c, 9, TCP_ACK, plain + 17, n - 17);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 1);
	same(g, 0, plain + first, n - first);
	ck_assert_uint_eq(g->counts.dropped, first - 9);
	ck_assert_uint_eq(g->warnings, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "octets are of no whole message and left out"));
	received_free(g);
	forget();
}
END_TEST

/* What is sent again after the end is no new stream. */
START_TEST(again_after_the_end)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;

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
	received_free(g);
	forget();
}
END_TEST

/* Any number of connections that are nobody's business leave room for a router. */
START_TEST(among_many)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_RAW, false);
	struct received *g;

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
	received_free(g);
	forget();
}
END_TEST

/* A segment half the sequence space away is of the past: found by fuzzing. */
START_TEST(as_far_away_as_can_be)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;

	cap_segment(&c, 0, TCP_ACK, plain, 100);
	cap_segment(&c, 100 + 0x80000000U, TCP_ACK, plain, 50);
	cap_segment(&c, 100, TCP_ACK, plain + 100, n - 100);
	fclose(f);
	g = read_all(path, 0);
	same(g, 0, plain, n);
	ck_assert_uint_eq(g->counts.retransmitted, 50);
	received_free(g);
	forget();
}
END_TEST

/* The ports are used again, with numbers far below, and the SYN is not in the capture: another
 * stream, in whatever order and however many segments it has. */
START_TEST(begins_anew)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 40), half = n / 2;
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;

	cap_segment(&c, 1000, TCP_SYN, NULL, 0);
	cap_segment(&c, 1001, TCP_ACK, plain, n);
	if (_i == 0)
		cap_segment(&c, 3000000000U, TCP_ACK, plain, n);
	if (_i == 1)
		cap_segment(&c, 3000000000U, TCP_ACK, plain, half);
	if (_i > 0)
		cap_segment(&c, (uint32_t)(3000000000U + half), TCP_ACK, plain + half, n - half);
	if (_i == 2)
		cap_segment(&c, 3000000000U, TCP_ACK, plain, half);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->n, 2);
	same(g, 0, plain, n);
	same(g, 1, plain, n);
	ck_assert_uint_eq(g->counts.retransmitted, 0);
	ck_assert_uint_eq(g->closed, 1);
	ck_assert_uint_eq(g->warnings, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "begin anew without a SYN"));
	received_free(g);
	forget();
}
END_TEST

/* Bounded: a hole that is never filled does not hold back more than it may. */
START_TEST(hole_is_given_up)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 30000);
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, false);
	struct received *g;

	for (size_t at = 0; at < n; at += 1000)
		if (at != 5000)
			cap_segment(
			    &c, (uint32_t)at, TCP_ACK, plain + at, n - at < 1000 ? n - at : 1000);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->counts.gaps, 1);
	ck_assert_uint_eq(g->counts.gap_octets, 1000);
	ck_assert_uint_gt(g->bytes[0].len, n - 1300);
	received_free(g);
	forget();
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
		struct bmp_tlv tlv;
		struct bmp_msg m;
		int64_t len = bmp_frame(at + used, n - used, 1 << 20, &f);

		ck_assert_int_gt(len, 0);
		ck_assert(bmp_parse(at + used, (size_t)len, &m, &f));
		if (m.type == BMP_ROUTE_MIRRORING) {
			ck_assert(bmp_tlv_next(&m.body, m.start, &tlv, &f));
			ck_assert_uint_eq(tlv.type, BMP_MIRROR_MESSAGE);
			memcpy(out + total, tlv.value.pos, cur_left(&tlv.value));
			total += cur_left(&tlv.value);
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
	struct bgp_route_spec route = {
		.as_path = as, .as_path_n = 3, .next_hop = { IP_V4, { 1 } }
	};
	uint64_t random = seed_of(_i);
	size_t n = 0, starts[64], lost = 0;
	unsigned messages;
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_ETHER, _i % 2);
	struct received *g;

	for (unsigned i = 0; i < 60; i++) {
		struct bgp_prefix_spec x = { .prefix = { IP_V4, 24, { 10, 0, (uint8_t)i } } };

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
	received_free(g);
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
		struct received *g;

		if (file == NULL)
			return;
		g = read_all(file, 0);
		for (unsigned k = 0; k < g->n; k++) {
			unmirror((const uint8_t *)g->bytes[k].data, g->bytes[k].len, back, &n);
			messages += n;
		}
		ck_assert_uint_eq(messages, rows[i].messages);
		received_free(g);
	}
}
END_TEST

HARNESS_MAIN("streams")
{
	CASE("captures");
	LOOP(reordered, 12);
	LOOP(gaps, 20);
	TEST(snapped);
	LOOP(interleaved, 4);
	TEST(snapped_all);
	LOOP(begins_in_the_middle, 2);
	LOOP(begins_anew, 3);
	TEST(as_far_away_as_can_be);
	TEST(hole_is_given_up);
	LOOP(again_after_the_end, 2);
	TEST(among_many);
	CASE("BGP");
	TEST(bgp_captures);
	LOOP(bgp_is_mirrored, 9);
}

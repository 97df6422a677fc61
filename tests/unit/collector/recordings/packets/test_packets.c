/* Captures: packets in frames of every kind, and files of every kind, whole and in fragments. */
#include "collector/recordings/recordings.h"

#include "collector/recordings/packets/link.h"
#include "tests/unit/support/capture.h"
#include "tests/unit/support/recording_fixture.h"

enum { BIG = 65536 };
static uint8_t plain[BIG], packed[2 * BIG];

START_TEST(link_kinds)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 50);
	FILE *f = scratch();
	struct cap c = cap_open(f, (enum cap_kind)(_i / 2), _i % 2);
	struct received *g;

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
	received_free(g);
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
	struct received *g;

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
		ck_assert_uint_eq(g->counts.format, _i == 0 ? RECORDING_PCAPNG : RECORDING_PCAP);
		ck_assert_str_eq(g->counts.packing, k == 0 ? "plain" : packers[k - 1].name);
		same(g, 0, plain, n);
		ck_assert_int_eq(g->first_us[0], 1700000000500000);
		received_free(g);
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
	struct link_packet p;
	size_t n;

	cap_segment(&c, 1000, TCP_ACK, "payload", 7);
	fflush(f);
	fseek(f, 24 + 16, SEEK_SET);
	n = fread(frame, 1, sizeof(frame), f);
	fclose(f);
	forget();
	for (size_t k = 0; k <= n; k++) {
		uint8_t *exact = exact_copy(frame, k);
		enum link_result is = link_tcp(types[_i / 2], exact, k, n, &p);

		if (k < n - 7)
			require(is == LINK_SHORT, "%zu of %zu: %d", k, n, is);
		else
			require(is == LINK_TCP && cur_left(&p.tcp.payload) == 7 - (n - k) &&
				    p.tcp.missing == n - k && p.tcp.seq == 1000 &&
				    p.tcp.to_port == 1790 && p.tcp.v6 == (_i % 2),
			    "%zu of %zu", k, n);
		free(exact);
	}
}
END_TEST

/* Segments that came in fragments of IP; one fragment of the last is not in the capture. */
START_TEST(in_fragments)
{
	size_t n = make_stream(plain, sizeof(plain), "r1", 60), at = 0, lost_at = 0;
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_RAW, false);
	uint16_t id = 0;
	struct received *g;

	for (size_t some; at < n; at += some) {
		uint8_t frame[4096];
		uint32_t len;

		some = n - at < 500 ? n - at : 500;
		if (some < 500)
			lost_at = at;
		len = cap_make(&c, frame, sizeof(frame), (uint32_t)at, TCP_ACK, plain + at, some) -
		      20;
		id++;
		for (uint32_t k = 0; k < len; k += 104) { /* the header, and a part of the rest */
			uint8_t part[20 + 104];
			uint32_t held = len - k < 104 ? len - k : 104;
			uint32_t field = k / 8 | (k + held < len ? 0x2000 : 0);

			memcpy(part, frame, 20);
			memcpy(part + 20, frame + 20 + k, held);
			part[2] = 0;
			part[3] = (uint8_t)(20 + held);
			part[4] = (uint8_t)(id >> 8);
			part[5] = (uint8_t)id;
			part[6] = (uint8_t)(field >> 8);
			part[7] = (uint8_t)field;
			if (k == 0 || lost_at == 0)
				cap_frame(&c, part, 20 + held, 20 + held);
		}
	}
	fclose(f);
	g = read_all(path, 0);
	same(g, 0, plain, lost_at);
	ck_assert_uint_eq(g->warnings, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "IP packets that are not whole: 1 (1 fragments"));
	ck_assert_uint_eq(g->counts.skipped, 1);
	received_free(g);
	forget();
}
END_TEST

/* What may hold TCP and is not looked into is named once, with its number. */
START_TEST(named_when_not_read)
{
	static const uint8_t esp[28] = { 0x45, [3] = 28, [8] = 64, 50, [19] = 1 };
	static const uint8_t dns[28] = { 0x45, [3] = 28, [8] = 64, 17, [23] = 53 };
	FILE *f = scratch();
	struct cap c = cap_open(f, CAP_RAW, false);
	struct received *g;

	for (int i = 0; i < 12; i++) {
		cap_frame(&c, esp, sizeof(esp), sizeof(esp));
		cap_frame(&c, dns, sizeof(dns), sizeof(dns));
	}
	fclose(f);
	g = read_all(path, 0);
	ck_assert_uint_eq(g->warnings, 1);
	ck_assert_ptr_nonnull(strstr(g->words, "packets not looked into: 12 of ESP"));
	ck_assert_uint_eq(g->counts.skipped, 24);
	received_free(g);
	forget();
}
END_TEST

HARNESS_MAIN("packets")
{
	LOOP(link_kinds, 16);
	LOOP(capture_formats, 2);
	LOOP(link_cut, 16);
	TEST(in_fragments);
	TEST(named_when_not_read);
}

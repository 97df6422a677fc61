/* An MRT file with damage, record by record: what is whole comes out as it was written. */
#include "collector/recordings/records.h"

#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"
#include "tests/unit/support/hex.h"
#include "tests/unit/support/recording_fixture.h"

enum { RECORDS = 40, FILE_MAX = 64 * 1024, T = 1700000000 };

/* A file as it was written, and where its records begin; the last place is its end. */
struct written {
	uint8_t b[FILE_MAX];
	size_t at[RECORDS + 1], n;
};

/* What was read of it. */
struct read {
	const struct written *w;
	bool whole[RECORDS]; /* by what it was when it was written */
	unsigned records, torn;
	size_t octets, lost;
};

static size_t
put_message(uint8_t *buf, size_t size, unsigned i)
{
	static const uint32_t as_path[] = { 64501, 64510 };
	struct bgp_route_spec route = { .as_path = as_path, .as_path_n = 2 };
	struct bgp_prefix_spec prefixes[40];
	struct mrt_record m = { .kind = MRT_KIND_MESSAGE, .sec = T + i, .as4 = true };
	struct mrt_bgp4mp t = { .peer_as = 64501,
		.local_as = 64500,
		.peer_address = { IP_V4, { 192, 0, 2, 1 } },
		.local_address = { IP_V4, { 192, 0, 2, 254 } } };
	unsigned prefixes_n = 1 + i * 7 % 40;
	uint8_t bgp[1024];

	for (unsigned k = 0; k < prefixes_n; k++)
		prefixes[k] = (struct bgp_prefix_spec){ .prefix = { IP_V4, 24,
							    { 10, (uint8_t)i, (uint8_t)k } } };
	t.message = cur_of(
	    bgp, bgp_write_update(bgp, sizeof(bgp), &route, prefixes, prefixes_n, NULL, 0, false));
	return mrt_write_bgp4mp(buf, size, &m, &t);
}

static size_t
put_rib(uint8_t *buf, size_t size, unsigned i)
{
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb, 0xf5, 0x40, 3,
		4, 192, 0, 2, 1 };
	uint8_t nlri[] = { 24, 10, (uint8_t)i, 1 };
	struct mrt_rib_writer w;

	mrt_rib_begin(&w, buf, size, T + i, i, BGP_IPV4_UNICAST, false, 0, cur_of(nlri, 4));
	for (uint16_t p = 0; p < 1 + i % 3; p++)
		mrt_rib_put(&w,
		    &(struct mrt_entry){
			.peer_index = p, .originated = T, .attrs = cur_of(attrs, sizeof(attrs)) });
	return mrt_rib_finish(&w);
}

/* Messages, entries of a table, records that are not read here (OSPF), one of an unknown type. */
static void
write_all(struct written *w)
{
	static const uint8_t other[] = { 0x65, 0x53, 0xf1, 0, 0, 11, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4,
		5 };

	w->n = 0;
	for (unsigned i = 0; i < RECORDS; i++) {
		uint8_t *to = w->b + w->n;
		size_t room = sizeof(w->b) - w->n, n;

		w->at[i] = w->n;
		if (i % 10 == 8) {
			n = sizeof(other);
			memcpy(to, other, n);
			to[5] = i == 18 ? 99 : 11;
		} else {
			n = i % 3 == 1 ? put_rib(to, room, i) : put_message(to, room, i);
		}
		ck_assert_uint_gt(n, 0);
		w->n += n;
	}
	w->at[RECORDS] = w->n;
}

static bool
on_record(void *ctx, enum recording_format format, const uint8_t *at, size_t n, uint64_t offset)
{
	struct read *r = ctx;
	bool found = false;

	ck_assert_uint_eq(format, RECORDING_MRT);
	ck_assert_uint_eq(offset, r->octets);
	r->octets += n;
	r->records++;
	for (unsigned i = 0; i < RECORDS && !found; i++) {
		found = !r->whole[i] && n == r->w->at[i + 1] - r->w->at[i] &&
			memcmp(at, r->w->b + r->w->at[i], n) == 0;
		r->whole[i] |= found;
	}
	r->torn += !found;
	return true;
}

static bool
on_lost(void *ctx, const uint8_t *at, size_t n, uint64_t offset)
{
	struct read *r = ctx;

	(void)at;
	ck_assert_uint_eq(offset, r->octets);
	r->octets += n;
	r->lost += n;
	return true;
}

static void
no_words(void *ctx, const char *text)
{
	(void)ctx;
	ck_abort_msg("%s", text);
}

/* Reads a file of these pieces. */
static struct read
read_pieces(const struct written *w, const struct cursor *pieces, unsigned pieces_n)
{
	static const struct recording_records_ops ops = { on_record, on_lost, no_words };
	struct read r = { .w = w };
	size_t n = 0;
	FILE *f = scratch();

	for (unsigned i = 0; i < pieces_n; i++) {
		fwrite(pieces[i].pos, 1, cur_left(&pieces[i]), f);
		n += cur_left(&pieces[i]);
	}
	fclose(f);
	ck_assert_int_eq(recording_records(path, &ops, &r), 0);
	ck_assert_uint_eq(r.octets, n);
	forget();
	return r;
}

static unsigned
wholes(const struct read *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < RECORDS; i++)
		n += r->whole[i];
	return n;
}

START_TEST(test_undamaged)
{
	struct written *w = malloc(sizeof(*w));
	struct read r;

	write_all(w);
	r = read_pieces(w, &(struct cursor){ w->b, w->b + w->n, false }, 1);
	ck_assert_uint_eq(wholes(&r), RECORDS);
	ck_assert_uint_eq(r.records, RECORDS);
	ck_assert_uint_eq(r.lost, 0);
	free(w);
}
END_TEST

/* Octets are missing, at any place: every record that has all of its own is there. */
START_TEST(test_missing)
{
	struct written *w = malloc(sizeof(*w));
	size_t gap = (size_t[]){ 1, 2, 7, 14, 60, 300 }[_i];

	write_all(w);
	for (size_t at = 0; at + gap < w->n; at += 3) {
		struct cursor pieces[2] = { cur_of(w->b, at),
			cur_of(w->b + at + gap, w->n - at - gap) };
		struct read r = read_pieces(w, pieces, 2);

		for (unsigned i = 0; i < RECORDS; i++) {
			bool ours = w->at[i + 1] <= at || w->at[i] >= at + gap;

			/* a record of an unknown type is known by its neighbours */
			if (ours && i % 10 != 8)
				require(
				    r.whole[i], "%zu octets missing at %zu: record %u", gap, at, i);
		}
		require(r.torn <= 2, "%u torn", r.torn);
	}
	free(w);
}
END_TEST

/* Octets that belong to nothing, between two records: every record is there, and they are told. */
START_TEST(test_orphans)
{
	static const uint8_t noise[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
			     text[] = "an interrupted write",
			     high[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
				     0xff, 0xff, 0xff, 0xff };
	struct cursor orphans[] = { cur_of(noise, 14), cur_of(text, 20), cur_of(high, 14),
		cur_of(high, 3), cur_of(text, 11) };
	struct written *w = malloc(sizeof(*w));

	write_all(w);
	for (unsigned i = 0; i <= RECORDS; i++) {
		struct cursor pieces[3] = { cur_of(w->b, w->at[i]), orphans[_i],
			cur_of(w->b + w->at[i], w->n - w->at[i]) };
		struct read r = read_pieces(w, pieces, 3);
		unsigned doubtful = i % 10 == 9 || i % 10 == 8;

		require(
		    wholes(&r) + doubtful >= RECORDS, "in front of %u: %u whole", i, wholes(&r));
		require(r.lost > 0 || r.torn > 0, "in front of %u: not told", i);
	}
	free(w);
}
END_TEST

/* The file ends inside a record, or begins inside one. */
START_TEST(test_ends)
{
	struct written *w = malloc(sizeof(*w));

	write_all(w);
	for (size_t n = w->at[3]; n < w->n; n += 3) {
		struct cursor front = cur_of(w->b, n), back = cur_of(w->b + w->n - n, n);
		struct read r = read_pieces(w, &front, 1), s = read_pieces(w, &back, 1);

		for (unsigned i = 0; i < RECORDS; i++) {
			require(w->at[i + 1] > n || i % 10 == 8 || r.whole[i],
			    "%zu octets: record %u", n, i);
			require(w->at[i] < w->n - n || i % 10 == 8 || s.whole[i],
			    "the last %zu octets: record %u", n, i);
		}
	}
	free(w);
}
END_TEST

/* A file that is nothing but headers that lead nowhere is read in a time that grows with its size.
 */
START_TEST(test_no_way_on)
{
	static const struct recording_records_ops ops = { on_record, on_lost, no_words };
	static const uint8_t header[] = { 0x65, 0x53, 0xf1, 0, 0, 16, 0, 4, 0, 0, 0, 1, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct written *w = calloc(1, sizeof(*w));
	struct read r = { .w = w };
	FILE *f = scratch();

	for (unsigned i = 0; i < 400000; i++)
		fwrite(header, 1, sizeof(header), f);
	fclose(f);
	ck_assert_int_eq(recording_records(path, &ops, &r), 0);
	ck_assert_uint_eq(r.octets, 400000 * sizeof(header));
	forget();
	free(w);
}
END_TEST

/* A file without any BGP is MRT all the same, but for one that might be anything. */
START_TEST(test_of_no_bgp)
{
	static const struct {
		const char *hex;
		enum recording_format format;
	} files[] = { { "37bbe000 0006 0001 00000004 01020304 37bbe001 0008 0001 00000000",
			  RECORDING_MRT },
		{ "37bbe000 0006 0001 00000004 01020304", RECORDING_MRT },
		{ "37bbe000 0006 0001 00000004 010203", RECORDING_BMP },
		{ "504b0304 0000 0000 00000000 000000000000000000000000", RECORDING_BMP },
		{ "00000000 0000 0000 00000000 00000000 0000 0000 00000000", RECORDING_BMP } };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *f = scratch();
		struct received *g;
		uint8_t b[64];

		fwrite(b, 1, hex_octets(files[i].hex, b, sizeof(b)), f);
		fclose(f);
		g = read_all(path, 0);
		ck_assert_str_eq(recording_format_name(g->counts.format),
		    recording_format_name(files[i].format));
		received_free(g);
		forget();
	}
}
END_TEST

/* What a file may begin with, in front of a message. */
START_TEST(test_recognised)
{
	static const char *const fronts[] = { "", "37bbe000 0005 0001 00000002 fbf5",
		"37bbe000 0000 0000 00000000", "37bbe000 0001 0000 00000001 00",
		"37bbe000 0003 0000 00000000", "37bbe000 0006 0001 00000001 00",
		"37bbe000 0009 0000 00000000", "37bbe000 000a 0001 00000001 00",
		"37bbe000 0007 0001 00000000 37bbe000 0008 0001 00000000",
		"37bbe000 0008 0001 00000000 37bbe000 0004 0001 00000000",
		"6553f100 000b 0000 00000001 00", "6553f100 0020 0000 00000001 00",
		"6553f100 0031 0000 00000005 0000000000", "6553f100 0063 0009 00000003 010203",
		"6553f100 ff00 0000 00000000 6553f100 ff01 0000 00000000",
		"00000000 0010 0004 00000000", "0000", "0304050607",
		"ffffffffffffffffffffffffffffffffffffff" };
	uint8_t front[64], message[1024];
	FILE *f = scratch();
	struct received *g;
	char *found;

	fwrite(front, 1, hex_octets(fronts[_i], front, sizeof(front)), f);
	fwrite(message, 1, put_message(message, sizeof(message), 3), f);
	fclose(f);
	g = read_all(path, 0);
	ck_assert_str_eq(recording_format_name(g->counts.format), "MRT");
	found = memmem(g->bytes[0].data, g->bytes[0].len, "\x18\x0a\x03\x00", 4);
	ck_assert_msg(found != NULL, "the message is not there: %s", g->words);
	received_free(g);
	forget();
}
END_TEST

HARNESS_MAIN("mrt_walk")
{
	TEST(test_undamaged);
	TIMEOUT(60);
	LOOP(test_missing, 6);
	LOOP(test_orphans, 5);
	TEST(test_ends);
	TEST(test_no_way_on);
	LOOP(test_recognised, 18);
	TEST(test_of_no_bgp);
}

/* OpenBMP's raw messages: both headers, read, dissected, written, cut at each length. */
#include "base/pure/md5.h"
#include "base/pure/text.h"
#include "parsers/openbmp/openbmp.h"
#include "tests/unit/support/harness.h"

static size_t
bytes_of(const char *hex, uint8_t *out)
{
	size_t n = 0;

	for (; hex[0] != '\0'; hex++) {
		unsigned v;

		if (*hex == ' ')
			continue;
		ck_assert_int_eq(sscanf(hex, "%2x", &v), 1);
		out[n++] = (uint8_t)v;
		hex++;
	}
	return n;
}

#define BMP	    "03 0000000c 05 0001 0002 0000"
#define ADMIN_HASH  "a9f7e97965d6cf799a529102a973b8b9"
#define ROUTER_HASH "2cd07e89b78e30188626410cc2a252bd"
#define ZEROS	    "000000000000000000000000"

static const char binary[] = "4f424d50 01 07 0050 0000000c 80 0c 6553f100 0003d090 " ADMIN_HASH
			     " 0002 6331 " ROUTER_HASH " c00002fe " ZEROS " 0000 00000001 " BMP;
static const char with_group[] = "4f424d50 01 07 0054 0000000c c0 0c 6553f100 0003d090 " ADMIN_HASH
				 " 0002 6331 " ROUTER_HASH " 20010db8 000000000000000000000001"
				 " 0004 636f7265 00000001 " BMP;
/* a later version: four octets more, which say nothing to us */
static const char longer[] = "4f424d50 01 08 0054 0000000c 80 0c 6553f100 0003d090 " ADMIN_HASH
			     " 0002 6331 " ROUTER_HASH " c00002fe " ZEROS
			     " 0000 00000001 aabbccdd " BMP;

static const char text_form[] = "V: 1.6\nC_HASH_ID: a9f7e97965d6cf799a529102a973b8b9\nR_HASH: "
				"2CD07E89B78E30188626410CC2A252BD\nR_IP: 192.0.2.254\nL: 12\n\n";

/* --- a listener of one line */

struct line {
	struct field_sink sink;
	char text[4096];
};

static void
on_text(struct field_sink *to, const char *name, const char *value)
{
	struct line *l = (struct line *)(void *)to;
	size_t n = strlen(l->text);

	snprintf(l->text + n, sizeof(l->text) - n, "%s=%s ", name, value);
}
static void
on_number(struct field_sink *to, const char *name, uint64_t v)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	on_text(to, name, text);
}
static void
on_hex(struct field_sink *to, const char *name, struct cursor r)
{
	char text[256];
	struct txt w = txt_of(text, sizeof(text));

	txt_hex(&w, r);
	on_text(to, name, text);
}

static const char *
dissected(const struct openbmp *m)
{
	static struct line l;

	l = (struct line){ .sink = { .text = on_text, .number = on_number, .hex = on_hex },
		.text = "" };
	openbmp_dissect(&l.sink, m);
	return l.text;
}

static const struct {
	const char *hex, *fields;
} messages[] = {
	{ binary,
	    "version=1.7 flags=0x80 object_type=12 collector_timestamp=2023-11-14T22:13:20.250000Z "
	    "collector_hash=" ADMIN_HASH " collector_admin_id=c1 router_hash=" ROUTER_HASH
	    " router_ip=192.0.2.254 router_group= row_count=1 data=030000000c05000100020000 " },
	{ with_group,
	    "version=1.7 flags=0xc0 object_type=12 collector_timestamp=2023-11-14T22:13:20.250000Z "
	    "collector_hash=" ADMIN_HASH " collector_admin_id=c1 router_hash=" ROUTER_HASH
	    " router_ip=2001:db8::1 router_group=core row_count=1 data=030000000c05000100020000 " },
	{ longer,
	    "version=1.8 flags=0x80 object_type=12 collector_timestamp=2023-11-14T22:13:20.250000Z "
	    "collector_hash=" ADMIN_HASH " collector_admin_id=c1 router_hash=" ROUTER_HASH
	    " router_ip=192.0.2.254 router_group= row_count=1 data=030000000c05000100020000 " },
};

START_TEST(dissects)
{
	uint8_t b[256], *exact;
	size_t n = bytes_of(messages[_i].hex, b);
	struct faults f = { .n = 0 };
	struct openbmp m;

	exact = exact_copy(b, n);
	ck_assert(openbmp_begins(exact, n));
	ck_assert_int_eq(openbmp_frame(exact, n, 4096, &f), (int64_t)n);
	ck_assert(openbmp_parse(exact, n, &m, &f));
	ck_assert_str_eq(dissected(&m), messages[_i].fields);
	ck_assert_uint_eq(f.n, 0);
	ck_assert_int_eq(openbmp_frame(exact, n, (uint32_t)n - 1, &f), -1);
	free(exact);
}
END_TEST

START_TEST(cut)
{
	uint8_t b[256];
	size_t n = bytes_of(messages[_i].hex, b);

	for (size_t k = 0; k < n; k++) {
		uint8_t *exact = exact_copy(b, k);
		struct faults f = { .n = 0 };
		struct openbmp m;

		require(openbmp_frame(exact, k, 4096, &f) == (k < 12 ? 0 : (int64_t)n), "%zu", k);
		require(!openbmp_parse(exact, k, &m, &f), "whole at %zu", k);
		require(f.n == 1 && f.v[0].code == FAULT_OPENBMP_HEADER, "%zu", k);
		dissected(&m);
		free(exact);
	}
}
END_TEST

START_TEST(round_trip)
{
	uint8_t b[256], out[256];
	size_t n = bytes_of(_i == 0 ? binary : with_group, b), head = n - 12;
	struct faults f = { .n = 0 };
	struct openbmp m;

	ck_assert(openbmp_parse(b, n, &m, &f));
	for (size_t size = 0; size < head; size++)
		require(openbmp_write_header(out, size, &m, 12) == 0, "fits into %zu", size);
	ck_assert_uint_eq(openbmp_write_header(out, head, &m, 12), head);
	ck_assert_mem_eq(out, b, head);
}
END_TEST

START_TEST(bad_headers)
{
	static const struct {
		size_t at;
		uint8_t value;
		bool frames;
		enum fault_code code;
	} rows[] = {
		{ 0, 'X', false, FAULT_OPENBMP_HEADER },  /* magic */
		{ 4, 2, false, FAULT_OPENBMP_HEADER },	  /* major version */
		{ 7, 0x4d, false, FAULT_OPENBMP_HEADER }, /* header shorter than its fields */
		{ 7, 0x4f, true, FAULT_OPENBMP_HEADER },  /* likewise, by its admin id */
		{ 11, 0x0d, true, FAULT_OPENBMP_HEADER }, /* more data than there is */
		{ 12, 0, true, FAULT_OPENBMP_OBJECT },	  /* not of a router */
		{ 13, 11, true, FAULT_OPENBMP_OBJECT },	  /* statistics in text */
		{ 39, 0xff, true, FAULT_OPENBMP_HEADER }, /* admin id past the header */
	};
	uint8_t b[256];
	size_t n = bytes_of(binary, b);
	struct faults f = { .n = 0 };
	struct openbmp m;

	b[rows[_i].at] = rows[_i].value;
	ck_assert((openbmp_frame(b, n, 4096, &f) > 0) == rows[_i].frames);
	if (!rows[_i].frames)
		return;
	ck_assert(!openbmp_parse(b, n, &m, &f));
	ck_assert_uint_eq(f.v[0].code, rows[_i].code);
	/* what could be read in front of the fault is there to be shown */
	if (rows[_i].at == 11)
		ck_assert(m.router_ip.family == IP_V4 && m.router_ip.b[0] == 192);
}
END_TEST

START_TEST(text_header)
{
	uint8_t b[512], *exact;
	size_t head = sizeof(text_form) - 1, n = head;
	struct faults f = { .n = 0 };
	struct openbmp m;

	memcpy(b, text_form, head);
	n += bytes_of(BMP, b + head);
	for (size_t k = 0; k < n; k++) {
		exact = exact_copy(b, k);
		require(openbmp_frame(exact, k, 4096, &f) == (k < head ? 0 : (int64_t)n), "%zu", k);
		if (k >= 2)
			require(!openbmp_parse(exact, k, &m, &f), "whole at %zu", k);
		free(exact);
	}
	f.n = 0;
	ck_assert(openbmp_parse(b, n, &m, &f));
	ck_assert_str_eq(dissected(&m),
	    "version=1.6 collector_hash=" ADMIN_HASH " router_hash=" ROUTER_HASH
	    " router_ip=192.0.2.254 router_group= row_count=1 "
	    "data=030000000c05000100020000 ");
}
END_TEST

START_TEST(bad_text_headers)
{
	static const char *const heads[] = { "V: 1.6\nR_IP: 1.2.3.4\n\n", /* no length */
		"V: 1.6\nL: 12x\n\n", "V: 1.6\nL: 99999999999\n\n", "V: 1.6\nL: \n\n" };
	struct faults f = { .n = 0 };

	ck_assert_int_eq(
	    openbmp_frame((const uint8_t *)heads[_i], strlen(heads[_i]), 4096, &f), -1);
	ck_assert_uint_eq(f.v[0].code, FAULT_OPENBMP_HEADER);
}
END_TEST

START_TEST(text_header_without_end)
{
	static uint8_t b[OPENBMP_TEXT_MAX];
	struct faults f = { .n = 0 };

	memset(b, 'x', sizeof(b));
	b[0] = 'V';
	b[1] = ':';
	ck_assert_int_eq(openbmp_frame(b, sizeof(b) - 1, UINT32_MAX, &f), 0);
	ck_assert_int_eq(openbmp_frame(b, sizeof(b), UINT32_MAX, &f), -1);
}
END_TEST

/* An address that is none of IPv4 stays as words. */
START_TEST(text_router_address)
{
	static const struct {
		const char *ip;
		bool known;
	} rows[] = { { "192.0.2.1", true }, { "192.0.2.256", false }, { "192.0.2", false },
		{ "192.0.2.1.5", false }, { "2001:db8::1", false }, { "192.0.2.0001", false } };
	char b[256];
	struct faults f = { .n = 0 };
	struct openbmp m;
	int n = snprintf(b, sizeof(b), "V: 1.0\nR_IP: %s\nL: 0\n\n", rows[_i].ip);

	ck_assert(openbmp_parse((const uint8_t *)b, (size_t)n, &m, &f));
	ck_assert((m.router_ip.family != IP_NONE) == rows[_i].known);
	if (!rows[_i].known)
		ck_assert_mem_eq(m.router_group.pos, rows[_i].ip, strlen(rows[_i].ip));
}
END_TEST

/* RFC 1321 A.5, and lengths around the blocks' edges against themselves in hexadecimal. */
START_TEST(md5_vectors)
{
	static const struct {
		const char *text, *digest;
	} rows[] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "a", "0cc175b9c0f1b6a831c399e269772661" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
		{ "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		    "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ "123456789012345678901234567890123456789012345678901234567890123456789012345678"
		  "90",
		    "57edf4a22be3c955ac49da2e2107b67a" },
		{ "c1", ADMIN_HASH },
		{ "192.0.2.254", ROUTER_HASH },
	};
	uint8_t want[16], got[16];

	bytes_of(rows[_i].digest, want);
	md5(rows[_i].text, strlen(rows[_i].text), got);
	ck_assert_mem_eq(got, want, 16);
}
END_TEST

HARNESS_MAIN("openbmp")
{
	ROWS(dissects, messages);
	ROWS(cut, messages);
	LOOP(round_trip, 2);
	LOOP(bad_headers, 8);
	TEST(text_header);
	LOOP(bad_text_headers, 4);
	TEST(text_header_without_end);
	LOOP(text_router_address, 6);
	LOOP(md5_vectors, 9);
}

/* RTR PDUs (RFC 6810, RFC 8210 section 5): every type, every wrong length, every cut. */
#include "parsers/rtr/rtr.h"

#include "tests/unit/support/harness.h"
#include "tests/unit/support/rtr_pdus.h"

static const struct row {
	const char *name;
	uint8_t octets[40];
	size_t len;
	uint8_t fault; /* FAULT_NONE: it is fine */
} rows[] = {
	{ "notify", { 1, 0, 0x12, 0x34, 0, 0, 0, 12, 0, 0, 0, 7 }, 12, FAULT_NONE },
	{ "serial query", { 1, 1, 0x12, 0x34, 0, 0, 0, 12, 0, 0, 0, 7 }, 12, FAULT_NONE },
	{ "reset query", { 1, 2, 0, 0, 0, 0, 0, 8 }, 8, FAULT_NONE },
	{ "response", { 1, 3, 0x12, 0x34, 0, 0, 0, 8 }, 8, FAULT_NONE },
	{ "ipv4", { 1, 4, 0, 0, 0, 0, 0, 20, 1, 24, 24, 0, 192, 0, 2, 0, 0, 0, 0xfb, 0xf0 }, 20,
	    FAULT_NONE },
	{ "ipv6", { 1, 6, 0, 0, 0, 0, 0, 32, 1, 32, 48, 0, 0x20, 1, 0xd, 0xb8 }, 32, FAULT_NONE },
	{ "end v0", { 0, 7, 0, 1, 0, 0, 0, 12, 0, 0, 0, 9 }, 12, FAULT_NONE },
	{ "end v1",
	    { 1, 7, 0, 1, 0, 0, 0, 24, 0, 0, 0, 9, 0, 0, 14, 16, 0, 0, 2, 88, 0, 0, 28, 32 }, 24,
	    FAULT_NONE },
	{ "reset", { 1, 8, 0, 0, 0, 0, 0, 8 }, 8, FAULT_NONE },
	{ "key", { 1, 9, 1, 0, 0, 0, 0, 34 }, 34, FAULT_NONE },
	{ "error", { 1, 10, 0, 2, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 4, 'w', 'a', 'i', 't' }, 20,
	    FAULT_NONE },
	{ "aspa",
	    { 2, 11, 1, 0, 0, 0, 0, 20, 0, 0, 0xfb, 0xf0, 0, 0, 0xfb, 0xf1, 0, 0, 0xfb, 0xf2 }, 20,
	    FAULT_NONE },
	{ "aspa: no provider", { 2, 11, 1, 0, 0, 0, 0, 16, 0, 0, 0xfb, 0xf0, 0, 0, 0, 0 }, 16,
	    FAULT_NONE },
	{ "aspa: withdrawal", { 2, 11, 0, 0, 0, 0, 0, 12, 0, 0, 0xfb, 0xf0 }, 12, FAULT_NONE },
	{ "aspa of IPv6",
	    { 2, 11, 0, 0, 0, 0, 0, 20, 1, 1, 0, 1, 0, 0, 0xfd, 0xea, 0, 0, 0xfd, 0xe9 }, 20,
	    FAULT_NONE },
	{ "aspa in v1", { 1, 11, 0, 0, 0, 0, 0, 12, 0, 0, 0xfb, 0xf0 }, 12, FAULT_RTR_TYPE },
	{ "aspa: no list", { 2, 11, 1, 0, 0, 0, 0, 12, 0, 0, 0xfb, 0xf0 }, 12,
	    FAULT_RTR_PROVIDERS },
	{ "aspa: withdrawal with a list",
	    { 2, 11, 0, 0, 0, 0, 0, 16, 0, 0, 0xfb, 0xf0, 0, 0, 0xfb, 0xf1 }, 16,
	    FAULT_RTR_PROVIDERS },
	{ "aspa: twice the same",
	    { 2, 11, 1, 0, 0, 0, 0, 20, 0, 0, 0xfb, 0xf0, 0, 0, 0xfb, 0xf1, 0, 0, 0xfb, 0xf1 }, 20,
	    FAULT_RTR_PROVIDERS },
	{ "aspa: not in order",
	    { 2, 11, 1, 0, 0, 0, 0, 20, 0, 0, 0xfb, 0xf0, 0, 0, 0xfb, 0xf2, 0, 0, 0xfb, 0xf1 }, 20,
	    FAULT_RTR_PROVIDERS },
	{ "aspa: AS 0 not alone",
	    { 2, 11, 1, 0, 0, 0, 0, 20, 0, 0, 0xfb, 0xf0, 0, 0, 0, 0, 0, 0, 0xfb, 0xf1 }, 20,
	    FAULT_RTR_PROVIDERS },
	{ "aspa of nobody", { 2, 11, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0 }, 12, FAULT_RTR_VALUE },
	{ "aspa: half a provider", { 2, 11, 1, 0, 0, 0, 0, 14, 0, 0, 0xfb, 0xf0, 0, 0 }, 14,
	    FAULT_RTR_LENGTH },
	{ "end v0 with timers", { 0, 7, 0, 1, 0, 0, 0, 24 }, 24, FAULT_RTR_LENGTH },
	{ "end v1 without", { 1, 7, 0, 1, 0, 0, 0, 12 }, 12, FAULT_RTR_LENGTH },
	{ "key in v0", { 0, 9, 1, 0, 0, 0, 0, 34 }, 34, FAULT_RTR_TYPE },
	{ "type 5", { 1, 5, 0, 0, 0, 0, 0, 8 }, 8, FAULT_RTR_TYPE },
	{ "type 255", { 1, 255, 0, 0, 0, 0, 0, 8 }, 8, FAULT_RTR_TYPE },
	{ "len over max", { 1, 4, 0, 0, 0, 0, 0, 20, 1, 25, 24, 0 }, 20, FAULT_RTR_VALUE },
	{ "max over 32", { 1, 4, 0, 0, 0, 0, 0, 20, 1, 24, 33, 0 }, 20, FAULT_RTR_VALUE },
	{ "max over 128", { 1, 6, 0, 0, 0, 0, 0, 32, 1, 24, 129, 0 }, 32, FAULT_RTR_VALUE },
	{ "error: PDU past the end",
	    { 1, 10, 0, 2, 0, 0, 0, 20, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0 }, 20,
	    FAULT_RTR_LENGTH },
	{ "error: length of 2^32-1", { 1, 10, 0, 2, 0, 0, 0, 16, 255, 255, 255, 255 }, 16,
	    FAULT_RTR_LENGTH },
	{ "error: octets left", { 1, 10, 0, 2, 0, 0, 0, 18 }, 18, FAULT_RTR_LENGTH },
};

START_TEST(row_by_row)
{
	const struct row *row = &rows[_i];

	for (size_t n = 0; n <= row->len; n++) {
		uint8_t *exact = malloc(n + (n == 0));
		struct faults f = { .n = 0 };
		struct rtr_pdu p;
		int64_t framed;
		bool ok;

		memcpy(exact, row->octets, n);
		framed = rtr_frame(exact, n, &f);
		ck_assert_msg(
		    framed == (n < 8 ? 0 : (int64_t)row->len), "%s cut at %zu", row->name, n);
		ck_assert_uint_eq(f.n, 0);
		ok = rtr_parse(exact, n, &p, &f);
		ck_assert_msg(ok == (n == row->len && row->fault == FAULT_NONE), "%s cut at %zu",
		    row->name, n);
		if (!ok)
			ck_assert_uint_eq(
			    f.v[0].code, n < row->len ? FAULT_RTR_LENGTH : row->fault);
		/* the same octets that say they are as long as the cut is */
		if (n >= 8 && n < row->len && row->fault == FAULT_NONE) {
			exact[7] = (uint8_t)n;
			memset(&f, 0, sizeof(f));
			ck_assert_msg(!rtr_parse(exact, n, &p, &f) ||
					  (row->octets[1] == RTR_ROUTER_KEY && n >= 32) ||
					  (row->octets[1] == RTR_ASPA && n % 4 == 0),
			    "%s as %zu", row->name, n);
		}
		free(exact);
	}
}
END_TEST

START_TEST(fields)
{
	struct faults f = { .n = 0 };
	struct rtr_pdu p;

	ck_assert(rtr_parse(rows[4].octets, 20, &p, &f));
	ck_assert(p.prefix.announce && p.prefix.ip.family == IP_V4 && p.prefix.ip.len == 24 &&
		  p.prefix.asn == 64496);
	ck_assert(rtr_parse(rows[5].octets, 32, &p, &f));
	ck_assert(p.prefix.ip.family == IP_V6 && p.prefix.max_len == 48 &&
		  p.prefix.ip.b[0] == 0x20 && !p.prefix.host_bits);
	ck_assert(rtr_parse(rows[7].octets, 24, &p, &f));
	ck_assert(p.end_of_data.serial == 9 && p.end_of_data.refresh_s == 3600 &&
		  p.end_of_data.retry_s == 600 && p.end_of_data.expire_s == 7200);
	ck_assert(rtr_parse(rows[10].octets, 20, &p, &f));
	ck_assert(cur_left(&p.error.pdu) == 0 && cur_left(&p.error.text) == 4);
}
END_TEST

START_TEST(frames_out_of_range)
{
	static const uint32_t lens[] = { 0, 7, 65536, UINT32_MAX };

	for (size_t i = 0; i < 4; i++) {
		struct sbuf b = sbuf_of(64);
		struct faults f = { .n = 0 };

		pdu_header(&b, 1, RTR_CACHE_RESET, 0, lens[i]);
		ck_assert_int_eq(rtr_frame((uint8_t *)b.data, 8, &f), -1);
		ck_assert_uint_eq(f.v[0].code, FAULT_RTR_LENGTH);
		sbuf_free(&b);
	}
}
END_TEST

START_TEST(written_is_read)
{
	uint8_t buf[64], pdu[100] = { 1, 4 };
	struct faults f = { .n = 0 };
	struct rtr_pdu p;
	size_t n;

	ck_assert_uint_eq(rtr_write_reset_query(buf, 1), 8);
	ck_assert(rtr_parse(buf, 8, &p, &f) && p.type == RTR_RESET_QUERY && p.version == 1);
	ck_assert_uint_eq(rtr_write_serial_query(buf, 0, 0xabcd, 0xfffffffe), 12);
	ck_assert(rtr_parse(buf, 12, &p, &f) && p.session_id == 0xabcd && p.serial == 0xfffffffe);
	for (size_t size = 0; size <= sizeof(buf);
	     size++) { /* the PDU is cut to fit, never the text */
		n = rtr_write_error(buf, size, 1, RTR_ERR_DUPLICATE, pdu, sizeof(pdu), "twice");
		ck_assert_uint_eq(n, size < 21 ? 0 : size);
		if (n > 0)
			ck_assert(rtr_parse(buf, n, &p, &f) && p.session_id == RTR_ERR_DUPLICATE &&
				  cur_left(&p.error.text) == 5 && cur_left(&p.error.pdu) == n - 21);
	}
	ck_assert_uint_eq(rtr_error_for(FAULT_RTR_TYPE), RTR_ERR_UNSUPPORTED_PDU);
	ck_assert_uint_eq(rtr_error_for(FAULT_RTR_LENGTH), RTR_ERR_CORRUPT_DATA);
	for (unsigned i = 0; i < 256; i++)
		ck_assert(
		    rtr_type_name((uint8_t)i)[0] != '\0' && rtr_error_name((uint16_t)i)[0] != '\0');
}
END_TEST

HARNESS_MAIN("rtr")
{
	ROWS(row_by_row, rows);
	TEST(fields);
	TEST(frames_out_of_range);
	TEST(written_is_read);
}

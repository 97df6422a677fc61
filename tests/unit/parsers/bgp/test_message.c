/* Messages of types that have little to be read: what their length, or filters, may not be. */
#include "parsers/bgp/message.h"
#include "tests/unit/support/hex.h"

static const struct {
	unsigned type;
	const char *body;
	enum fault_code code; /* FAULT_NONE: none */
	size_t offset;
} cases[] = { { BGP_KEEPALIVE, "", FAULT_NONE, 0 }, { BGP_KEEPALIVE, "00", FAULT_KEEPALIVE, 0 },
	{ BGP_NOTIFICATION, "0602", FAULT_NONE, 0 },
	{ BGP_NOTIFICATION, "06", FAULT_NOTIFICATION, 0 },
	{ BGP_NOTIFICATION, "", FAULT_NOTIFICATION, 0 },
	{ BGP_NOTIFICATION, "0602 05 61", FAULT_SHUTDOWN, 2 },
	{ BGP_ROUTE_REFRESH, "00010001", FAULT_NONE, 0 },
	{ BGP_ROUTE_REFRESH, "00010101", FAULT_NONE, 0 },
	{ BGP_ROUTE_REFRESH, "000100", FAULT_REFRESH, 3 },
	{ BGP_ROUTE_REFRESH, "", FAULT_REFRESH, 0 },
	{ BGP_ROUTE_REFRESH, "00010101 00", FAULT_REFRESH, 4 },
	{ BGP_ROUTE_REFRESH, "00010201 01 40 0001 80", FAULT_REFRESH, 4 },
	{ BGP_ROUTE_REFRESH, "00010001 01 40 0001 80", FAULT_NONE, 0 },
	{ BGP_ROUTE_REFRESH, "00010001 01", FAULT_NONE, 0 }, /* a refresh that changes no filter */
	{ BGP_ROUTE_REFRESH, "00010001 01 40 0002 80", FAULT_REFRESH, 5 },
	{ BGP_ROUTE_REFRESH, "00010001 01 40 0001 80 41", FAULT_REFRESH, 9 },
	{ 6, "00", FAULT_NONE, 0 } };

START_TEST(test_check)
{
	struct faults f = { .n = 0 };
	size_t n;
	uint8_t *body = unhex(cases[_i].body, &n);

	bgp_message_check(cases[_i].type, cur_of(body, n), &f);
	ck_assert_uint_eq(f.n, cases[_i].code != FAULT_NONE);
	if (f.n > 0) {
		ck_assert_str_eq(
		    fault_name((enum fault_code)f.v[0].code), fault_name(cases[_i].code));
		ck_assert_uint_eq(f.v[0].offset, cases[_i].offset);
	}
	free(body);
}
END_TEST

HARNESS_MAIN("bgp_message")
{
	ROWS(test_check, cases);
}

/* Plain prefixes: what is wrong with one, host bits, path ids (RFC 4271 4.3, RFC 7911 3). */
#include "tests/unit/support/harness.h"

#include "parsers/bgp/update.h"

START_TEST(test_nlri_bad)
{
	static const uint8_t over[] = { 33, 1, 2, 3, 4, 5 }, shrt[] = { 24, 1, 2 };
	struct faults f = { .n = 0 };
	struct bgp_prefix n;
	struct cursor r = cur_of(over, sizeof(over));

	ck_assert(!bgp_prefix_next(&r, AFI_IPV4, false, over, &n, &f));
	ck_assert_uint_eq(f.v[0].code, FAULT_NLRI_LENGTH);
	ck_assert_uint_eq(cur_left(&r), 0);
	r = cur_of(shrt, sizeof(shrt));
	ck_assert(!bgp_prefix_next(&r, AFI_IPV4, false, shrt, &n, &f));
	ck_assert_uint_eq(f.v[1].code, FAULT_NLRI_OVERRUN);
}
END_TEST

START_TEST(test_nlri_host_bits_and_path_id)
{
	static const uint8_t octets[] = { 0, 0, 0, 7, 20, 10, 1, 0xff };
	struct faults f = { .n = 0 };
	struct bgp_prefix n;
	struct cursor r = cur_of(octets, sizeof(octets));

	ck_assert(bgp_prefix_next(&r, AFI_IPV4, true, octets, &n, &f));
	ck_assert_uint_eq(n.path_id, 7);
	ck_assert_uint_eq(n.prefix.len, 20);
	ck_assert_uint_eq(n.prefix.b[2], 0xf0);
}
END_TEST

HARNESS_MAIN("prefix")
{
	TEST(test_nlri_bad);
	TEST(test_nlri_host_bits_and_path_id);
}

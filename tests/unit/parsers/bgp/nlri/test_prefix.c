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

/* Cut anywhere, in an exact-size copy: no prefix comes of it, and one fault says where it began. */
START_TEST(test_nlri_cut_anywhere)
{
	static const uint8_t octets[] = { 0, 0, 0, 7, 24, 192, 0, 2, 0, 0, 0, 8, 24, 198, 51, 100 };
	const uint16_t afi = _i / 2 == 0 ? AFI_IPV4 : AFI_IPV6;
	const bool path_ids = _i % 2 == 0;
	const size_t one = path_ids ? 8 : 4, from = path_ids ? 0 : 4;

	for (size_t n = 0; n <= one; n++) {
		struct faults f = { .n = 0 };
		uint8_t *copy = exact_copy(octets + from, n);
		struct cursor r = cur_of(copy, n);
		struct bgp_prefix p;
		bool whole = n == one, is = bgp_prefix_next(&r, afi, path_ids, copy, &p, &f);

		require(is == whole && cur_left(&r) == 0, "%zu octets: %d", n, is);
		require(f.n == (n > 0 && !whole), "%zu octets: %u faults", n, (unsigned)f.n);
		require(f.n == 0 || (f.v[0].code == FAULT_NLRI_OVERRUN && f.v[0].offset == 0),
		    "%zu octets: fault %d at %u", n, f.v[0].code, (unsigned)f.v[0].offset);
		require(n == 0 || bgp_prefixes_fit(cur_of(copy, n), afi, path_ids) == whole,
		    "%zu octets fit", n);
		free(copy);
	}
}
END_TEST

HARNESS_MAIN("prefix")
{
	TEST(test_nlri_bad);
	TEST(test_nlri_host_bits_and_path_id);
	LOOP(test_nlri_cut_anywhere, 4);
}

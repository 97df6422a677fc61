/* The check of attributes by their rows: a value each, and what RFC 7606 asks for. */
#include "tests/unit/support/harness.h"

#include "parsers/bgp/update.h"
#include "tests/unit/support/updates.h"

enum { D = FAULT_ATTRIBUTE_DISCARD, T = FAULT_TREAT_AS_WITHDRAW, OK = FAULT_IGNORE };

static const struct attr_case {
	const char *name;
	uint8_t flags, code;
	uint8_t len;
	uint8_t value[24];
	int action;
	bool ebgp, as2;
} attr_cases[] = {
	{ "origin fine", 0x40, 1, 1, { 2 }, OK, false, false },
	{ "origin value 9", 0x40, 1, 1, { 9 }, T, false, false },
	{ "origin 5 octets", 0x40, 1, 5, { 0 }, T, false, false },
	{ "origin empty", 0x40, 1, 0, { 0 }, T, false, false },
	{ "origin optional", 0xc0, 1, 1, { 0 }, T, false, false },
	{ "as_path empty", 0x40, 2, 0, { 0 }, OK, false, false },
	{ "as_path one as", 0x40, 2, 6, { 2, 1, 0, 0, 0xfb, 0xf5 }, OK, false, false },
	{ "as_path segment type 5", 0x40, 2, 6, { 5, 1, 0, 0, 0xfb, 0xf5 }, T, false, false },
	{ "as_path count 0", 0x40, 2, 2, { 2, 0 }, T, false, false },
	{ "as_path overrun", 0x40, 2, 6, { 2, 2, 0, 0, 0xfb, 0xf5 }, T, false, false },
	{ "as_path one octet left", 0x40, 2, 7, { 2, 1, 0, 0, 0xfb, 0xf5, 2 }, T, false, false },
	{ "as_path as 0", 0x40, 2, 6, { 2, 1, 0, 0, 0, 0 }, T, false, false },
	{ "as_path 2-octet", 0x40, 2, 4, { 2, 1, 0xfb, 0xf5 }, OK, false, true },
	{ "next_hop 3 octets", 0x40, 3, 3, { 1, 2, 3 }, T, false, false },
	{ "med 3 octets", 0x80, 4, 3, { 0 }, T, false, false },
	{ "med transitive", 0xc0, 4, 4, { 0 }, T, false, false },
	{ "local_pref 4", 0x40, 5, 4, { 0 }, OK, false, false },
	{ "local_pref 3", 0x40, 5, 3, { 0 }, T, false, false },
	{ "local_pref external", 0x40, 5, 4, { 0 }, D, true, false },
	{ "atomic with octets", 0x40, 6, 1, { 0 }, D, false, false },
	{ "aggregator 8", 0xc0, 7, 8, { 0, 0, 0, 1, 1, 1, 1, 1 }, OK, false, false },
	{ "aggregator 6 at 4-octet", 0xc0, 7, 6, { 0, 1, 1, 1, 1, 1 }, D, false, false },
	{ "aggregator 6 at 2-octet", 0xc0, 7, 6, { 0, 1, 1, 1, 1, 1 }, OK, false, true },
	{ "aggregator as 0", 0xc0, 7, 8, { 0, 0, 0, 0, 1, 1, 1, 1 }, D, false, false },
	{ "communities 4", 0xc0, 8, 4, { 0 }, OK, false, false },
	{ "communities empty", 0xc0, 8, 0, { 0 }, T, false, false },
	{ "communities 6", 0xc0, 8, 6, { 0 }, T, false, false },
	{ "originator external", 0x80, 9, 4, { 0 }, D, true, false },
	{ "originator 5", 0x80, 9, 5, { 0 }, T, false, false },
	{ "cluster empty", 0x80, 10, 0, { 0 }, T, false, false },
	{ "ext communities 8", 0xc0, 16, 8, { 0 }, OK, false, false },
	{ "ext communities 9", 0xc0, 16, 9, { 0 }, T, false, false },
	{ "as4_path bad", 0xc0, 17, 6, { 9, 1, 0, 0, 0, 1 }, D, false, false },
	{ "as4_aggregator 7", 0xc0, 18, 7, { 0 }, D, false, false },
	{ "aigp fine", 0x80, 26, 11, { 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9 }, OK, false, false },
	{ "aigp transitive", 0xc0, 26, 11, { 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9 }, D, false, false },
	{ "aigp short tlv", 0x80, 26, 11, { 1, 0, 12, 0, 0, 0, 0, 0, 0, 0, 9 }, D, false, false },
	{ "large 12", 0xc0, 32, 12, { 0 }, OK, false, false },
	{ "large 13", 0xc0, 32, 13, { 0 }, T, false, false },
	{ "otc 4", 0xc0, 35, 4, { 0, 0, 0xfb, 0xf5 }, OK, false, false },
	{ "otc 5", 0xc0, 35, 5, { 0 }, T, false, false },
	{ "otc flags", 0x80, 35, 4, { 0, 0, 0xfb, 0xf5 }, T, false, false },
	{ "prefix_sid tlv over", 0xc0, 40, 4, { 1, 0, 7, 0 }, D, false, false },
	{ "unknown optional", 0xc0, 99, 3, { 1, 2, 3 }, OK, false, false },
	{ "unknown well-known", 0x40, 99, 3, { 1, 2, 3 }, FAULT_DROP_REST, false, false },
};

START_TEST(test_attribute_row)
{
	const struct attr_case *c = &attr_cases[_i];
	struct bgp_context ctx = { .encoding.as4 = !c->as2, .ebgp = c->ebgp };
	struct faults f = { .n = 0 };
	struct bgp_update u;
	size_t n;
	uint8_t *body = route_of(c->flags, c->code, c->value, c->len, &n);
	uint8_t *copy = exact_copy(body, n);

	ck_assert(bgp_update_split(cur_of(copy, n), &u, &f));
	bgp_update_check(&u, &ctx, &f);
	ck_assert_msg(f.action == c->action, "%s: action %d, not %d (%s)", c->name, f.action,
	    c->action, f.n > 0 ? fault_name((enum fault_code)f.v[0].code) : "no fault");
	if (c->action == OK)
		ck_assert_ptr_nonnull(bgp_update_attr(&u, c->code));
	if (c->action == D)
		ck_assert_msg(bgp_update_attr(&u, c->code) == NULL, "%s: still there", c->name);
	if (f.n > 0)
		ck_assert_uint_eq(f.v[0].item, c->code);
	free(copy);
	free(body);
}
END_TEST

HARNESS_MAIN("attr_check")
{
	ROWS(test_attribute_row, attr_cases);
}

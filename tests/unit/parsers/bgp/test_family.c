/* The table of address families, every number looked up: a row is complete, and what does not ask
 * the table agrees with it. */
#include "tests/unit/support/nlri_log.h"

#include "parsers/bgp/family.h"

enum { NEXT_HOP_MAX = 64 };

/* --- what a row holds */

static const struct nlri_example *
example_of(struct bgp_family f)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		if (bgp_family_equal(family_of(&examples[i]), f))
			return &examples[i];
	return NULL;
}

static void
has_name(struct bgp_family f)
{
	char name[64];

	bgp_family_name(f, name, sizeof(name));
	require(strchr(name, '/') == NULL, "%u/%u has no name", f.afi, f.safi);
}

/* Some lengths, none that no address has. */
static void
has_next_hops(struct bgp_family f)
{
	unsigned fit = 0;

	for (size_t n = 0; n <= NEXT_HOP_MAX; n++) {
		bool fits = bgp_family_next_hop_fits(f, n);

		fit += fits;
		require(!fits || n == 0 || n == 4 || n == 12 || n == 16 || n == 24 || n == 32 ||
			    n == 48,
		    "next hop of %zu, %u/%u", n, f.afi, f.safi);
	}
	require(fit > 0 && bgp_family_next_hop_fits(f, 16), "next hops of %u/%u", f.afi, f.safi);
}

/* The reader reads an example, and finds an RD where the row says that there is one. */
static void
reads_example(struct bgp_family f, const struct bgp_family_row *row)
{
	const struct nlri_example *e = example_of(f);
	uint8_t octets[FIELD_MAX];
	struct faults faults = { .n = 0 };
	struct bgp_nlri n;
	struct cursor r;

	require(e != NULL, "no example of %u/%u", f.afi, f.safi);
	r = cur_of(octets, hex_octets(e->octets, octets, sizeof(octets)));
	require(bgp_nlri_next(&r, f, written(false, e->withdraw), octets, &n, &faults) && n.known &&
		    !n.malformed,
	    "%s", e->name);
	if (row->shape == BGP_SHAPE_KEY)
		return;
	require(n.prefix.family != IP_NONE, "%s", e->name);
	require(n.has_rd == ((row->flags & BGP_FAMILY_RD) != 0), "%s", e->name);
	require((row->flags & BGP_FAMILY_EVENTS) == 0, "%s is shown as a table", e->name);
}

START_TEST(test_rows)
{
	unsigned of_kind[BGP_NLRI_KINDS] = { 0 };

	for (unsigned afi = 0; afi <= UINT16_MAX; afi++) {
		for (unsigned safi = 0; safi <= UINT8_MAX; safi++) {
			struct bgp_family f = { (uint16_t)afi, (uint8_t)safi };
			const struct bgp_family_row *row = bgp_family_row(f);

			if (bgp_family_is_plain(f) !=
			    (row != NULL && row->shape == BGP_SHAPE_PREFIX))
				ck_abort_msg("plain, and not in the table: %u/%u", afi, safi);
			if (row == NULL)
				continue;
			ck_assert_uint_gt(row->nlri, BGP_NLRI_OPAQUE);
			ck_assert_uint_lt(row->nlri, BGP_NLRI_KINDS);
			of_kind[row->nlri]++;
			has_name(f);
			has_next_hops(f);
			reads_example(f, row);
		}
	}
	for (unsigned i = BGP_NLRI_OPAQUE + 1; i < BGP_NLRI_KINDS; i++)
		require(of_kind[i] > 0, "kind %u is of no family", i);
}
END_TEST

/* Every example is of a family that has a row. */
START_TEST(test_example)
{
	ck_assert_ptr_nonnull(bgp_family_row(family_of(&examples[_i])));
}
END_TEST

/* --- single rows */

static const struct next_hops {
	const char *name;
	struct bgp_family family;
	const char *lengths; /* of those that fit */
	bool events, endpoint;
} next_hops[] = {
	{ "ipv4-unicast", { 1, 1 }, "4 16 32 ", false, true },
	{ "ipv6-unicast", { 2, 1 }, "16 32 ", false, true },
	{ "ipv4-multicast", { 1, 2 }, "4 16 32 ", false, false },
	{ "ipv6-labelled", { 2, 4 }, "16 32 ", false, true },
	{ "ipv4-vpn", { 1, 128 }, "12 16 24 32 48 ", false, true },
	{ "ipv6-vpn-multicast", { 2, 129 }, "12 16 24 32 48 ", false, false },
	{ "ipv4-classful-transport", { 1, 76 }, "4 12 16 24 32 48 ", false, false },
	{ "l2vpn-evpn", { 25, 70 }, "4 16 32 ", false, true },
	{ "l2vpn-vpls", { 25, 65 }, "4 16 32 ", true, false },
	{ "ipv4-rtc", { 1, 132 }, "4 16 32 ", true, false },
	{ "bgp-ls-vpn", { 16388, 72 }, "4 12 16 24 32 48 ", true, false },
	{ "ipv6-flowspec", { 2, 133 }, "0 4 12 16 24 32 48 ", true, false },
};

START_TEST(test_next_hops)
{
	const struct next_hops *t = &next_hops[_i];
	char text[128], name[64];
	struct txt x = txt_of(text, sizeof(text));

	for (unsigned n = 0; n <= NEXT_HOP_MAX; n++)
		if (bgp_family_next_hop_fits(t->family, n))
			txt_putf(&x, "%u ", n);
	ck_assert_str_eq(text, t->lengths);
	ck_assert_str_eq(bgp_family_name(t->family, name, sizeof(name)), t->name);
	ck_assert(bgp_family_has(t->family, BGP_FAMILY_EVENTS) == t->events);
	ck_assert(bgp_family_has(t->family, BGP_FAMILY_ENDPOINT) == t->endpoint);
}
END_TEST

static const struct stranger {
	struct bgp_family family;
	const char *name;
} strangers[] = { { { 1, 83 }, "ipv4-car" }, { { 25, 1 }, "l2vpn-unicast" },
	{ { 1, 200 }, "1/200" }, { { 3, 1 }, "3/1" }, { { 16397, 75 }, "uuid-routing-policy" },
	{ { 0, 0 }, "0/0" } };

/* Without a row nothing is known, and so nothing is wrong. */
START_TEST(test_stranger)
{
	struct bgp_family f = strangers[_i].family;
	char name[64];

	ck_assert_ptr_null(bgp_family_row(f));
	ck_assert_str_eq(bgp_family_name(f, name, sizeof(name)), strangers[_i].name);
	for (size_t n = 0; n <= NEXT_HOP_MAX; n++)
		ck_assert(bgp_family_next_hop_fits(f, n));
	ck_assert(!bgp_family_has(f, 0xff));
}
END_TEST

HARNESS_MAIN("family")
{
	TEST(test_rows);
	ROWS(test_example, examples);
	ROWS(test_next_hops, next_hops);
	ROWS(test_stranger, strangers);
}

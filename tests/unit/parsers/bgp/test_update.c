/* UPDATE: round trips with the writer, cut at every octet, and what is missing, twice, or the end
 * of a RIB. */
#include "tests/unit/support/harness.h"

#include "parsers/bgp/message.h"
#include "parsers/bgp/update.h"
#include "parsers/bgp/write.h"

static const uint32_t path[] = { 64501, 64510, 4200000001 };
static const uint32_t communities[] = { 64501U << 16 | 1, 0xffffff01 };
static const uint32_t large[] = { 64501, 1, 2 };

static struct bgp_route_spec
base_route(void)
{
	struct bgp_route_spec r = { .as_path = path,
		.as_path_n = 3,
		.next_hop = { IP_V4, { 192, 0, 2, 1 } },
		.has_med = true,
		.med = 0,
		.communities = communities,
		.communities_n = 2,
		.large = large,
		.large_n = 1,
		.has_otc = true,
		.otc = 64510 };

	return r;
}

static const struct bgp_prefix_spec v4_prefixes[] = { { .prefix = { IP_V4, 24, { 203, 0, 113 } } },
	{ .prefix = { IP_V4, 25, { 198, 51, 100, 128 } } },
	{ .prefix = { .family = IP_V4, .len = 0 } } };
static const struct bgp_prefix_spec v6_prefixes[] = {
	{ .prefix = { IP_V6, 48, { 0x20, 1, 0xd, 0xb8, 0, 1 } } }
};

static bool
parse_update(const uint8_t *msg, size_t n, struct bgp_update *u, const struct bgp_context *ctx,
    struct faults *f)
{
	struct cursor r = cur_of(msg, n), body;
	size_t total;

	f->n = 0;
	f->action = FAULT_IGNORE;
	if (bgp_message(&r, &body, &total, f) != BGP_UPDATE || !bgp_update_split(body, u, f))
		return false;
	bgp_update_check(u, ctx, f);
	return true;
}

START_TEST(test_update_round_trip)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .encoding.as4 = true };
	struct bgp_update u;
	struct bgp_prefix n;
	struct faults f;
	uint8_t buf[1024];
	size_t len = bgp_write_update(buf, sizeof(buf), &r, v4_prefixes, 3, NULL, 0, false);
	const struct bgp_attr *a;

	ck_assert_uint_gt(len, 0);
	ck_assert(parse_update(buf, len, &u, &ctx, &f));
	ck_assert_uint_eq(f.n, 0);
	a = bgp_update_attr(&u, ATTR_OTC);
	ck_assert_ptr_nonnull(a);
	ck_assert_uint_eq(be32(a->value), 64510);
	a = bgp_update_attr(&u, ATTR_MED); /* MED 0 is not "no MED" */
	ck_assert_ptr_nonnull(a);
	for (int i = 0; i < 3; i++) {
		ck_assert(bgp_prefix_next(&u.nlri, AFI_IPV4, false, u.start, &n, &f));
		ck_assert_uint_eq(n.prefix.len, v4_prefixes[i].prefix.len);
		ck_assert_mem_eq(n.prefix.b, v4_prefixes[i].prefix.b, 4);
	}
	ck_assert(!bgp_prefix_next(&u.nlri, AFI_IPV4, false, u.start, &n, &f));
	ck_assert_uint_eq(f.n, 0);
}
END_TEST

START_TEST(test_both_encodings_in_one)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .encoding.as4 = true };
	struct bgp_update u;
	struct faults f;
	uint8_t buf[1024];
	size_t len;

	r.next_hop.family = IP_V6;
	len = bgp_write_update(buf, sizeof(buf), &r, v6_prefixes, 1, v6_prefixes, 1, false);

	ck_assert(parse_update(buf, len, &u, &ctx, &f));
	ck_assert_uint_eq(f.n, 0);
	ck_assert(u.reach.present && u.unreach.present);
	ck_assert_uint_eq(cur_left(&u.reach.next_hop), 16);
}
END_TEST

/* Every prefix of every valid message is short, and never read past. */
START_TEST(test_update_cut)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .encoding.as4 = true };
	uint8_t buf[1024];
	size_t len = bgp_write_update(buf, sizeof(buf), &r, v4_prefixes, 3, NULL, 0, false);

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = exact_copy(buf, cut);
		struct bgp_update u;
		struct faults f;

		ck_assert_msg(!parse_update(copy, cut, &u, &ctx, &f), "cut at %zu", cut);
		ck_assert_uint_gt(f.n, 0);
		free(copy);
	}
}
END_TEST

/* The same with the lengths made to fit: the body is cut, the header says so. */
START_TEST(test_update_body_cut)
{
	struct bgp_route_spec r = base_route();
	struct bgp_context ctx = { .encoding.as4 = true };
	uint8_t buf[1024];
	size_t len = bgp_write_update(buf, sizeof(buf), &r, v4_prefixes, 3, NULL, 0, false);

	for (size_t cut = BGP_HEADER_LEN; cut < len; cut++) {
		uint8_t *copy = exact_copy(buf, cut);
		struct bgp_update u;
		struct bgp_prefix n;
		struct faults f;

		copy[16] = (uint8_t)(cut >> 8);
		copy[17] = (uint8_t)cut;
		if (parse_update(copy, cut, &u, &ctx, &f))
			while (bgp_prefix_next(&u.nlri, AFI_IPV4, false, u.start, &n, &f)) {
			}
		free(copy);
	}
}
END_TEST

START_TEST(test_missing_and_duplicates)
{
	struct bgp_context ctx = { .encoding.as4 = true };
	/* ORIGIN twice, no AS_PATH, no NEXT_HOP, one prefix */
	static const uint8_t body[] = { 0, 0, 0, 8, 0x40, 1, 1, 0, 0x40, 1, 1, 2, 8, 10 };
	struct faults f = { .n = 0 };
	struct bgp_update u;

	ck_assert(bgp_update_split(cur_of(body, sizeof(body)), &u, &f));
	ck_assert_uint_eq(f.n, 1);
	ck_assert_uint_eq(f.v[0].code, FAULT_ATTR_DUPLICATE);
	ck_assert_uint_eq(bgp_update_attr(&u, ATTR_ORIGIN)->value[0], 0); /* the first is kept */
	bgp_update_check(&u, &ctx, &f);
	ck_assert_uint_eq(f.action, FAULT_TREAT_AS_WITHDRAW);
	ck_assert_uint_eq(f.n, 3);
}
END_TEST

START_TEST(test_end_of_rib)
{
	static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
		{ AFI_IPV6, SAFI_UNICAST }, { AFI_L2VPN, SAFI_EVPN } };
	struct bgp_context ctx = { .encoding.as4 = true };

	for (int i = 0; i < 3; i++) {
		struct bgp_family got;
		struct bgp_update u;
		struct faults f;
		uint8_t buf[64];
		size_t n = bgp_write_end_of_rib(buf, sizeof(buf), families[i]);

		ck_assert(parse_update(buf, n, &u, &ctx, &f));
		ck_assert(bgp_update_end_of_rib(&u, &got));
		ck_assert_uint_eq(got.afi, families[i].afi);
		ck_assert_uint_eq(got.safi, families[i].safi);
	}
	{ /* a withdrawal alone is none */
		struct bgp_route_spec r = { .origin = 0 };
		struct bgp_family got;
		struct bgp_update u;
		struct faults f;
		uint8_t buf[64];
		size_t n = bgp_write_update(buf, sizeof(buf), &r, NULL, 0, v4_prefixes, 1, false);

		ck_assert(parse_update(buf, n, &u, &ctx, &f));
		ck_assert(!bgp_update_end_of_rib(&u, &got));
	}
}
END_TEST

HARNESS_MAIN("update")
{
	TEST(test_update_round_trip);
	TEST(test_both_encodings_in_one);
	TEST(test_update_cut);
	TEST(test_update_body_cut);
	TEST(test_missing_and_duplicates);
	TEST(test_end_of_rib);
}

/* What networks are to each other, read from files of CAIDA's form. */
#include "tests/unit/support/harness.h"

#include "collector/detect/as_rel.h"

static struct as_rel *
parse(const char *text)
{
	char error[192] = "";
	struct as_rel *r = as_rel_parse(text, strlen(text), NULL, error, sizeof(error));

	ck_assert_msg(r != NULL, "%s", error);
	return r;
}

START_TEST(both_forms)
{
	static const char text[] = "# source:topology|BGP|20260901|ripe|rrc00\n"
				   "# source:topology|BGP|20260905|ripe|rrc00\n"
				   "# input clique: 174 3356\n"
				   "64510|64501|-1\n64501|64509|0\r\n64502|64510|-1|bgp\n"
				   "64503|64504|0|mlp\n4200000001|64500|-1\n64500|64499|1\n";
	static const struct {
		uint32_t asn, other;
		enum relation is;
	} cases[] = {
		{ 64501, 64510, NEIGHBOR_PROVIDER },
		{ 64510, 64501, NEIGHBOR_CUSTOMER },
		{ 64501, 64509, NEIGHBOR_PEER },
		{ 64509, 64501, NEIGHBOR_PEER },
		{ 64510, 64502, NEIGHBOR_PROVIDER },
		{ 64502, 64510, NEIGHBOR_CUSTOMER },
		{ 64503, 64504, NEIGHBOR_PEER },
		{ 64500, 4200000001, NEIGHBOR_PROVIDER },
		{ 4200000001, 64500, NEIGHBOR_CUSTOMER },
		{ 64500, 64499, NEIGHBOR_UNKNOWN }, /* another relation */
		{ 64501, 64502, NEIGHBOR_UNKNOWN },
		{ 1, 2, NEIGHBOR_UNKNOWN },
		{ 64501, 64501, NEIGHBOR_UNKNOWN },
	};
	struct as_rel *r = parse(text);

	ck_assert_uint_eq(as_rel_pairs(r), 5);
	ck_assert_uint_eq(as_rel_day(r), 20701); /* 2026-09-05 */
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		ck_assert_msg(as_rel_of(r, cases[k].asn, cases[k].other) == cases[k].is, "%zu", k);
	as_rel_free(r);
}
END_TEST

START_TEST(twice_and_disputed)
{
	struct as_rel *r = parse("1|2|-1\n2|1|0\n3|4|0\n4|3|0\n5|6|-1\n5|6|-1");

	ck_assert_uint_eq(as_rel_pairs(r), 3);
	ck_assert_uint_eq(as_rel_of(r, 1, 2), NEIGHBOR_UNKNOWN);
	ck_assert_uint_eq(as_rel_of(r, 3, 4), NEIGHBOR_PEER);
	ck_assert_uint_eq(as_rel_of(r, 6, 5), NEIGHBOR_PROVIDER);
	ck_assert_uint_eq(as_rel_day(r), 0);
	as_rel_free(r);
}
END_TEST

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "it has no pair of networks" },
	{ "# 20260101\n\n", "it has no pair of networks" },
	{ "1|2|-1\n<html>\n",
	    "line 2: \"<html>\" is no pair of networks; right would be 64500|64501|-1 or "
	    "64500|64501|0" },
	{ "1|2\n", "line 1: \"1|2\" is no" },
	{ "1|2|3\n", "line 1: \"1|2|3\" is no" },
	{ "1|2|-1x\n", "line 1: \"1|2|-1x\" is no" },
	{ "1|1|0\n", "line 1: \"1|1|0\" is no" },
	{ "0|1|0\n", "line 1: \"0|1|0\" is no" },
	{ "4294967296|1|0\n", "line 1: \"4294967296|1|0\" is no" },
	{ "99999999999999999999|1|0\n", "line 1: \"99999999999999999999|1|0\" is no" },
};

START_TEST(bad_is_refused)
{
	char error[192] = "";

	ck_assert_ptr_null(
	    as_rel_parse(bad[_i].text, strlen(bad[_i].text), NULL, error, sizeof(error)));
	ck_assert_msg(strncmp(error, bad[_i].error, strlen(bad[_i].error)) == 0, "%s", error);
}
END_TEST

START_TEST(dates)
{
	ck_assert_uint_eq(as_rel_date_in("20180101.as-rel.txt.gz", 22), 17532);
	ck_assert_uint_eq(as_rel_date_in("x-20240229", 10), 19782);
	ck_assert_uint_eq(as_rel_date_in("201801011", 9), 0);
	ck_assert_uint_eq(as_rel_date_in("20181301", 8), 0);
	ck_assert_uint_eq(as_rel_date_in("19700101", 8), 0);
}
END_TEST

static void
add_up(void *ctx, uint32_t provider, uint32_t customer)
{
	*(uint64_t *)ctx += (uint64_t)provider * 1000 + customer;
}

/* As many pairs as the Internet has: each is found again, and others are not. */
START_TEST(as_many_as_there_are)
{
	enum { PAIRS = 200000 };
	char *text = malloc(PAIRS * 24), error[192];
	size_t len = 0;
	uint64_t sum = 0, want = 0;
	struct as_rel *r;

	for (unsigned k = 0; k < PAIRS; k++) {
		unsigned n = (unsigned)((uint64_t)k * 7919 % PAIRS); /* in no order */

		len += (size_t)sprintf(
		    text + len, "%u|%u|%s\n", 2 * n + 1, 2 * n + 500001, n % 2 ? "-1" : "0");
		want += n % 2 ? (uint64_t)(2 * n + 1) * 1000 + 2 * n + 500001 : 0;
	}
	r = as_rel_parse(text, len, NULL, error, sizeof(error));
	ck_assert_ptr_nonnull(r);
	for (unsigned n = 0; n < PAIRS; n++) {
		ck_assert_uint_eq(as_rel_of(r, 2 * n + 500001, 2 * n + 1),
		    n % 2 ? NEIGHBOR_PROVIDER : NEIGHBOR_PEER);
		ck_assert_uint_eq(as_rel_of(r, 2 * n + 2, 2 * n + 500001), NEIGHBOR_UNKNOWN);
	}
	as_rel_each_provider(r, add_up, &sum);
	ck_assert_uint_eq(sum, want);
	as_rel_free(r);
	free(text);
}
END_TEST

HARNESS_MAIN("relations of networks")
{
	TEST(both_forms);
	TEST(twice_and_disputed);
	LOOP(bad_is_refused, sizeof(bad) / sizeof(bad[0]));
	TEST(dates);
	TEST(as_many_as_there_are);
}

/* Which leak of RFC 7908 it is, by whom the leaker has it of and whom it told; and lists of
 * networks that relations of networks contradict. */
#include "tests/unit/support/harness.h"

#include "collector/detect/leak_type.h"

/* 10 and 11 provide for 3, 20 and 21 are its peers, 30 its customer. */
static const char relations[] = "10|3|-1\n11|3|-1\n3|20|0\n3|21|0\n3|30|-1\n";

static const uint32_t own_asns[] = { 64500 };
static const struct detect_neighbor neighbors[] = {
	{ .has_asn = true, .asn = 40, .has_relation = true, .relation = NEIGHBOR_PROVIDER },
	{ .has_asn = true, .asn = 41, .has_relation = true, .relation = NEIGHBOR_PEER },
	{ .has_asn = true, .asn = 42, .has_relation = true, .relation = NEIGHBOR_CUSTOMER },
	{ .has_asn = true, .asn = 10, .has_relation = true, .relation = NEIGHBOR_PEER },
};

static struct as_rel *
parse(const char *text)
{
	char error[192] = "";
	struct as_rel *r = as_rel_parse(text, strlen(text), NULL, error, sizeof(error));

	ck_assert_msg(r != NULL, "%s", error);
	return r;
}

static const struct {
	struct leak_parties parties;
	struct leak_kind kind;
} cases[] = {
	{ { 3, 10, 11, 0, 0 }, { 1, NEIGHBOR_PROVIDER, NEIGHBOR_PROVIDER } },
	{ { 3, 20, 21, 0, 0 }, { 2, NEIGHBOR_PEER, NEIGHBOR_PEER } },
	{ { 3, 10, 20, 0, 0 }, { 3, NEIGHBOR_PROVIDER, NEIGHBOR_PEER } },
	{ { 3, 20, 10, 0, 0 }, { 4, NEIGHBOR_PEER, NEIGHBOR_PROVIDER } },
	{ { 3, 30, 10, 0, 0 }, { 0, NEIGHBOR_CUSTOMER, NEIGHBOR_PROVIDER } },
	{ { 3, 10, 30, 0, 0 }, { 0, NEIGHBOR_PROVIDER, NEIGHBOR_CUSTOMER } },
	{ { 3, 10, 99, 0, 0 }, { 0, NEIGHBOR_PROVIDER, 0 } },
	{ { 3, 0, 10, 0, 0 }, { 0, 0, 0 } },
	{ { 0, 20, 10, 0, 0 }, { 0, 0, 0 } },
	/* told us: as our customer, by the session, by the configuration */
	{ { 3, 20, 64500, 3, NEIGHBOR_CUSTOMER }, { 4, NEIGHBOR_PEER, 0 } },
	{ { 3, 10, 64500, 3, NEIGHBOR_PEER }, { 3, NEIGHBOR_PROVIDER, 0 } },
	{ { 3, 10, 64500, 3, NEIGHBOR_PROVIDER }, { 0, NEIGHBOR_PROVIDER, 0 } },
	{ { 3, 10, 64500, 50, NEIGHBOR_CUSTOMER }, { 0, NEIGHBOR_PROVIDER, 0 } },
	/* ours */
	{ { 64500, 40, 7, 7, NEIGHBOR_PEER }, { 3, 0, 0 } },
	{ { 64500, 41, 40, 40, NEIGHBOR_PROVIDER }, { 4, 0, 0 } },
	{ { 64500, 41, 7, 7, NEIGHBOR_RS }, { 2, 0, 0 } },
	{ { 64500, 42, 7, 7, NEIGHBOR_PEER }, { 0, 0, 0 } },
	/* the configuration before the file: 10 is our peer, whatever else it is */
	{ { 64500, 10, 40, 40, NEIGHBOR_PROVIDER }, { 4, 0, 0 } },
};

START_TEST(types)
{
	const struct detect_config c = {
		.own_asns = own_asns, .own_asns_n = 1, .neighbors = neighbors, .neighbors_n = 4
	};
	struct as_rel *r = parse(relations);
	struct leak_kind k = leak_kind_of(&c, r, &cases[_i].parties);

	ck_assert_uint_eq(k.type, cases[_i].kind.type);
	ck_assert_uint_eq(k.from, cases[_i].kind.from);
	ck_assert_uint_eq(k.to, cases[_i].kind.to);
	k = leak_kind_of(&c, NULL, &cases[_i].parties); /* by what we know ourselves */
	ck_assert_uint_eq(k.from + k.to, 0);
	ck_assert(k.type == 0 || cases[_i].parties.leaker == 64500);
	as_rel_free(r);
}
END_TEST

static const uint32_t free_list[] = { 1, 2, 5, 42 }, no_transit[] = { 3 }, via[] = { 10 },
		      group[] = { 3, 30 }, second[] = { 2, 9 };
static const struct detect_siblings siblings[] = { { group, 2 }, { second, 2 } };
static const struct detect_peerlock locks[] = { { 3, via, 1 } };

START_TEST(lists)
{
	static const char text[] =
	    "10|3|-1\n11|3|-1\n3|30|-1\n3|31|-1\n3|32|-1\n1|2|0\n9|2|-1\n7|5|-1\n8|5|-1\n7|42|-1\n"
	    "7|16389|-1\n16387|31|-1\n"; /* their numbers modulo 2^14 are in the lists */
	const struct detect_config c = { .own_asns = own_asns,
		.own_asns_n = 1,
		.neighbors = neighbors,
		.neighbors_n = 3,
		.provider_free = free_list,
		.provider_free_n = 4,
		.no_transit = no_transit,
		.no_transit_n = 1,
		.peerlock = locks,
		.peerlock_n = 1,
		.siblings = siblings,
		.siblings_n = 2 };
	struct as_rel *r = parse(text);
	struct list_doubt v[8];

	ck_assert_uint_eq(list_doubts(&c, r, v, 8), 3);
	ck_assert_str_eq(v[1].list, "rules.no_transit");
	ck_assert_uint_eq(v[1].asn, 3);
	ck_assert_uint_eq(v[1].other, 31); /* 30 is of its organisation */
	ck_assert_uint_eq(v[1].n, 2);
	ck_assert_str_eq(v[0].list, "rules.peerlock");
	ck_assert_uint_eq(v[0].other, 11);
	ck_assert_uint_eq(v[0].n, 1);
	ck_assert_str_eq(v[2].list, "rules.provider_free");
	ck_assert_uint_eq(
	    v[2].asn, 5); /* 9 is of one organisation with 2; 42 is a customer of ours */
	ck_assert_uint_eq(v[2].n, 2);
	ck_assert_uint_eq(list_doubts(&c, r, v, 0), 5); /* there is room for none */
	as_rel_free(r);
}
END_TEST

HARNESS_MAIN("types of leaks")
{
	LOOP(types, sizeof(cases) / sizeof(cases[0]));
	TEST(lists);
}

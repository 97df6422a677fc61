/* The fields of an UPDATE that hold NLRI: which there are, and how each is written. */
#include "tests/unit/support/harness.h"

#include "base/pure/text.h"
#include "parsers/bgp/update.h"
#include "tests/unit/support/hex.h"

#define WITHDRAWN "0002 080a "
#define ALL_ATTRS "002b " REACH UNREACH
#define REACH	  "800e20 0001 80 0c 0000000000000000c0000201 00 70 000641 0000fbf400000064 cb0071 "
#define UNREACH	  "800f05 0002 01 0820 "

/* WHICH FAMILY OCTETS [ids] [withdrawn] [LABELS] */
static const struct fields_case {
	const char *name, *body, *fields;
} cases[] = {
	{ "all", WITHDRAWN ALL_ATTRS "080b",
	    "0 ipv4-unicast 080a ids withdrawn|1 ipv6-unicast 0820 withdrawn|"
	    "2 ipv4-vpn 700006410000fbf400000064cb0071 ids 2|3 ipv4-unicast 080b ids|" },
	{ "nothing", "0000 0000", "" },
	{ "classic", "0000 0000 080b", "3 ipv4-unicast 080b ids|" },
	{ "mp of no routes", "0000 0006 800f03 0002 85", "1 ipv6-flowspec  withdrawn|" },
};

START_TEST(test_fields)
{
	static const struct bgp_encoding encoding = {
		.path_ids_classic = true, .path_ids_reach = true, .labels = 2
	};
	struct bytes body = bytes_of(cases[_i].body);
	struct bgp_nlri_field fields[BGP_UPDATE_FIELDS];
	struct faults f = { .n = 0 };
	struct bgp_update u;
	char text[512], name[64];
	struct txt x = txt_of(text, sizeof(text));
	unsigned n;

	ck_assert(bgp_update_split(cur_of(body.b, body.n), &u, &f));
	ck_assert_uint_eq(f.n, 0);
	n = bgp_update_fields(&u, &encoding, fields);
	for (unsigned i = 0; i < n; i++) {
		const struct bgp_nlri_encoding *e = &fields[i].encoding;

		txt_putf(&x, "%d %s ", (int)fields[i].which,
		    bgp_family_name(fields[i].family, name, sizeof(name)));
		txt_hex(&x, fields[i].nlri);
		txt_puts(&x, e->path_ids ? " ids" : "");
		txt_puts(&x, e->withdrawn ? " withdrawn" : "");
		if (e->labels != BGP_LABELS_UNKNOWN)
			txt_putf(&x, " %u", e->labels);
		txt_puts(&x, "|");
	}
	ck_assert_str_eq(text, cases[_i].fields);
}
END_TEST

/* Path ids are asked of one field at a time. */
START_TEST(test_path_ids)
{
	static const struct {
		struct bgp_encoding encoding;
		bool has[BGP_UPDATE_FIELDS];
	} rows[] = {
		{ { .as4 = true, .labels = 1, .next_hop_alone = true }, { false } },
		{ { .path_ids_classic = true },
		    { [BGP_WITHDRAWN] = true, [BGP_ANNOUNCED] = true } },
		{ { .path_ids_reach = true }, { [BGP_REACH] = true } },
		{ { .path_ids_unreach = true }, { [BGP_UNREACH] = true } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool any = false;

		for (int f = 0; f < BGP_UPDATE_FIELDS; f++) {
			struct bgp_nlri_encoding e =
			    bgp_encoding_of(&rows[i].encoding, (enum bgp_update_field)f);

			ck_assert(e.path_ids == rows[i].has[f]);
			ck_assert(e.withdrawn == (f == BGP_WITHDRAWN || f == BGP_UNREACH));
			any |= e.path_ids;
		}
		ck_assert(bgp_encoding_has_path_ids(&rows[i].encoding) == any);
	}
}
END_TEST

HARNESS_MAIN("update_fields")
{
	ROWS(test_fields, cases);
	TEST(test_path_ids);
}

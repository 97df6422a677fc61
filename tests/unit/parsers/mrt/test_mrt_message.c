/* The BGP message of a record whose end is missing: what is whole of it, and nothing else. */
#include "parsers/bgp/message.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bgp/update.h"
#include "parsers/mrt/mrt.h"
#include "tests/unit/support/hex.h"

#define HEADER "6553f100 0010 0004 00000000 0000fbf5 0000fbf4 0000 0001 c0000201 c00002fe"
#define MARKER "ffffffffffffffffffffffffffffffff 0000 02"
#define ATTRS  "400101 00 400206 0201 0000fbf5 400304 c0000201"
#define V6_HOP "10 20010db8000000000000000000000001 00"

enum { MESSAGE_AT = MRT_HEADER_LEN + 20 };

/* Each has two or three prefixes in front of a long tail that is cut away octet by octet. */
static const struct {
	const char *name, *body;
	bool path_ids;
	/* octets of the message from which on so many routes are whole */
	struct {
		size_t from;
		unsigned announced, withdrawn;
	} steps[5];
} rows[] = {
	{ "announced", "0000 0014" ATTRS "18 0a0001 10 0a02 20 c0000207", false,
	    { { 47, 1, 0 }, { 50, 2, 0 }, { 55, 3, 0 } } },
	{ "withdrawn, then announced", "0007 18 0a0001 10 0a02 0014" ATTRS "18 0a0003", false,
	    { { 25, 0, 1 }, { 28, 0, 2 }, { 54, 1, 2 } } },
	{ "with path ids", "0000 0014" ATTRS "00000001 18 0a0001 00000002 18 0a0001", true,
	    { { 51, 1, 0 }, { 59, 2, 0 } } },
	{ "with path ids that are not there", "0000 0014" ATTRS "10 0a01 18 0a0203", true,
	    { { 50, 2, 0 } } },
	{ "MP_REACH_NLRI at the end",
	    "0000 0034 400101 00 400206 0201 0000fbf5 900e 0023 0002 01" V6_HOP
	    "20 20010db8 30 20010db80001 00",
	    false, { { 66, 1, 0 }, { 73, 2, 0 }, { 74, 3, 0 } } },
	{ "MP_REACH_NLRI in front",
	    "0000 002a 800e 1a 0002 01" V6_HOP "20 20010db8 400101 00 400206 "
	    "0201 0000fbf5",
	    false, { { 65, 1, 0 } } },
	{ "MP_UNREACH_NLRI", "0000 000e 800f 0b 0002 01 20 20010db8 10 2001", false,
	    { { 34, 0, 1 }, { 37, 0, 2 } } },
	{ "an NLRI that cannot be", "0000 0014" ATTRS "18 0a0001 ff", false, { { 47, 1, 0 } } },
};

/* Counts; every route is one of ours, so it begins as they do. */
static unsigned
count(struct cursor r, uint16_t afi, bool path_ids)
{
	struct faults f = { .n = 0 };
	struct bgp_prefix p;
	unsigned n = 0;

	for (; bgp_prefix_next(&r, afi, path_ids, r.pos, &p, &f); n++)
		require(p.prefix.len == 0 || p.prefix.b[0] == 10 || p.prefix.b[0] == 0x20 ||
			    p.prefix.b[0] == 0xc0,
		    "a prefix that nobody sent");
	require(f.n == 0, "a prefix that is cut");
	return n;
}

static void
check(struct cursor message, bool path_ids, unsigned announced, unsigned withdrawn, size_t cut)
{
	struct faults f = { .n = 0 };
	struct bgp_family family;
	struct bgp_update u;
	struct cursor body;
	size_t total;
	unsigned a, w;

	if (announced + withdrawn == 0) {
		require(cur_left(&message) == 0, "%zu: a message of nothing", cut);
		return;
	}
	require(bgp_message(&message, &body, &total, &f) == BGP_UPDATE, "%zu: no UPDATE", cut);
	require(bgp_update_split(body, &u, &f) && f.n == 0, "%zu: UPDATE does not split", cut);
	require(!bgp_update_end_of_rib(&u, &family), "%zu: End-of-RIB", cut);
	a = count(u.nlri, AFI_IPV4, path_ids) +
	    (u.reach.present ? count(u.reach.nlri, AFI_IPV6, path_ids) : 0);
	w = count(u.withdrawn, AFI_IPV4, path_ids) +
	    (u.unreach.present ? count(u.unreach.nlri, AFI_IPV6, path_ids) : 0);
	require(a == announced && w == withdrawn, "%zu: %u announced, %u withdrawn, not %u and %u",
	    cut, a, w, announced, withdrawn);
}

START_TEST(test_cut)
{
	bool path_ids = rows[_i].path_ids && strstr(rows[_i].name, "not there") == NULL;
	uint8_t record[512], buf[BGP_MESSAGE_MAX];
	size_t n = hex_octets(HEADER, record, sizeof(record));

	n += hex_octets(MARKER, record + n, sizeof(record) - n);
	n += hex_octets(rows[_i].body, record + n, sizeof(record) - n);
	record[7] = rows[_i].path_ids ? 9 : 4;
	put_be32(record + 8, (uint32_t)(n - MRT_HEADER_LEN));
	record[MESSAGE_AT + 17] = (uint8_t)(n + 20 - MESSAGE_AT); /* longer than it can be */
	for (size_t cut = MESSAGE_AT + 19; cut <= n; cut++) {
		uint8_t *exact = exact_copy(record, cut);
		unsigned announced = 0, withdrawn = 0;
		struct faults f = { .n = 0 };
		struct mrt_record m;
		struct mrt_bgp4mp t;

		for (int i = 0; i < 5 && rows[_i].steps[i].from > 0; i++)
			if (cut - MESSAGE_AT >= rows[_i].steps[i].from) {
				announced = rows[_i].steps[i].announced;
				withdrawn = rows[_i].steps[i].withdrawn;
			}
		ck_assert(mrt_parse(exact, cut, &m, &f));
		ck_assert(mrt_bgp4mp_parse(&m, &t, &f));
		check(
		    mrt_bgp4mp_message(&m, &t, buf, NULL, &f), path_ids, announced, withdrawn, cut);
		require(faults_have(&f, FAULT_MRT_MESSAGE), "%zu: not told", cut);
		require(
		    m.cut == (cut < n) && m.cut == faults_have(&f, FAULT_MRT_CUT), "%zu: cut", cut);
		free(exact);
	}
}
END_TEST

/* Where the header was left out, it is there. */
START_TEST(test_bare)
{
	static const struct {
		const char *hex;
		unsigned type, total;
	} bare[] = { { "37bbe000 0005 0007 0000000c fbf5 c0000201 fbf4 c00002fe", BGP_KEEPALIVE,
			 19 },
		{ "37bbe000 0005 0006 0000000e fbf5 c0000201 fbf4 c00002fe 0602", BGP_NOTIFICATION,
		    21 },
		{ "37bbe000 000a 0001 00000028 fbf5 20010db8000000000000000000000001 fbf4 "
		  "20010db8000000000000000000000002 0000 0000",
		    BGP_UPDATE, 23 } };

	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
		uint8_t buf[BGP_MESSAGE_MAX];
		struct faults f = { .n = 0 };
		struct cursor whole, body;
		struct mrt_record m;
		struct mrt_bgp4mp t;
		size_t n, total;
		uint8_t *record = unhex(bare[i].hex, &n);

		ck_assert(mrt_is_exact(record, n));
		ck_assert(mrt_parse(record, n, &m, &f));
		ck_assert(mrt_bgp4mp_parse(&m, &t, &f));
		ck_assert_uint_eq(t.peer_as, 64501);
		ck_assert_uint_eq(t.local_as, 64500);
		whole = mrt_bgp4mp_message(&m, &t, buf, NULL, &f);
		ck_assert_uint_eq(bgp_message(&whole, &body, &total, &f), bare[i].type);
		ck_assert_uint_eq(total, bare[i].total);
		ck_assert_uint_eq(cur_left(&whole), 0);
		ck_assert_uint_eq(f.n, 0);
		free(record);
	}
}
END_TEST

HARNESS_MAIN("mrt_message")
{
	ROWS(test_cut, rows);
	TEST(test_bare);
}

/* The converter's table against a naive one. */
#include "cli/convert/table.h"
#include "tests/unit/support/harness.h"

enum { PEERS = 5, PREFIXES = 60, IDS = 3, STEPS = 6000, BLOCKS = 7 };

struct naive {
	bool there;
	uint8_t block;
	uint32_t sec;
};

static struct bgp_nlri
nlri_of(unsigned prefix, uint32_t id, uint8_t octets[4])
{
	struct bgp_nlri n;
	struct faults f = { .n = 0 };
	struct cursor r;

	octets[0] = 24;
	octets[1] = 10;
	octets[2] = (uint8_t)(prefix * 7);
	octets[3] = (uint8_t)prefix;
	r = cur_of(octets, 4);
	ck_assert(bgp_nlri_next(&r, (struct bgp_family){ AFI_IPV4, SAFI_UNICAST },
	    (struct bgp_nlri_encoding){ 0 }, octets, &n, &f));
	n.path_id = id;
	n.has_path_id = id != 0;
	return n;
}

/* Attributes of a block: its number, so many times. */
static size_t
block_of(unsigned block, uint8_t out[16])
{
	memset(out, (int)block, 16);
	return block * 2;
}

static void
compare(const struct table *t, struct naive v[PEERS][2][PREFIXES][IDS])
{
	for (uint8_t view = 0; view < 2; view++) {
		size_t n, want = 0;
		struct table_route **all = table_sorted(t, view, &n);

		for (unsigned p = 0; p < PEERS; p++)
			for (unsigned x = 0; x < PREFIXES; x++)
				for (unsigned id = 0; id < IDS; id++)
					want += v[p][view][x][id].there;
		require(n == want && table_count(t, view) == want, "%zu routes, not %zu", n, want);
		for (size_t i = 0; i < n; i++) {
			struct table_route *r = all[i];
			struct cursor a = table_attrs_of(r), x = table_nlri_of(r);
			const struct naive *w = &v[r->peer][view][x.pos[3]][r->path_id];
			uint8_t block[16];

			require(w->there && w->sec == r->sec, "route %zu", i);
			require(cur_left(&a) == block_of(w->block, block) &&
				    memcmp(a.pos, block, cur_left(&a)) == 0,
			    "attributes of %zu", i);
			require(
			    i == 0 || !table_same_nlri(all[i - 1], r) ||
				all[i - 1]->path_id < r->path_id ||
				(all[i - 1]->path_id == r->path_id && all[i - 1]->peer < r->peer),
			    "order at %zu", i);
			require(i == 0 || memcmp(all[i - 1]->octets, r->octets, 4) <= 0,
			    "prefix at %zu", i);
		}
		free(all);
	}
}

START_TEST(against_a_naive_one)
{
	static struct naive v[PEERS][2][PREFIXES][IDS];
	const struct bgp_family family = { AFI_IPV4, SAFI_UNICAST };
	uint64_t random = seed_of(_i);
	struct table *t = table_new();

	memset(v, 0, sizeof(v));
	for (unsigned step = 1; step <= STEPS; step++) {
		uint32_t peer = rnd(&random) % PEERS, id = rnd(&random) % IDS;
		uint8_t view = rnd(&random) % 2, octets[4], block[16];
		unsigned x = rnd(&random) % PREFIXES, b = rnd(&random) % BLOCKS;
		struct bgp_nlri n = nlri_of(x, id, octets);
		size_t len = block_of(b, block);

		if (rnd(&random) % 500 == 0) {
			table_drop_peer(t, peer);
			memset(v[peer], 0, sizeof(v[peer]));
		} else if (rnd(&random) % 3 == 0) {
			require(table_set(t, peer, view, family, &n, 1, NULL, step), "withdraw");
			v[peer][view][x][id].there = false;
		} else {
			require(table_set(t, peer, view, family, &n, 1,
				    table_attrs_get(t, block, len), step),
			    "set");
			v[peer][view][x][id] = (struct naive){ true, (uint8_t)b, step };
		}
		if (step % 500 == 0)
			compare(t, v);
	}
	for (uint32_t peer = 0; peer < PEERS; peer++)
		table_drop_peer(t, peer);
	ck_assert_uint_eq(table_count(t, 0) + table_count(t, 1), 0);
	table_free(t);
}
END_TEST

/* Two routes of one key, each of its own peer: one NLRI or two? Octets begin with their number. */
static const struct two {
	const char *name;
	struct bgp_family family;
	uint8_t a[32], b[32];
	bool same;
} two[] = {
	{ "bits past the prefix", { AFI_IPV4, SAFI_UNICAST }, { 4, 20, 10, 1, 0x20 },
	    { 4, 20, 10, 1, 0x2f }, true },
	{ "labels of VPN", { AFI_IPV4, SAFI_VPN },
	    { 15, 112, 0, 6, 0x41, 0, 0, 0xfb, 0xf4, 0, 0, 0, 100, 203, 0, 113 },
	    { 15, 112, 0, 12, 0x81, 0, 0, 0xfb, 0xf4, 0, 0, 0, 100, 203, 0, 113 }, false },
	{ "the same label", { AFI_IPV4, SAFI_VPN },
	    { 15, 112, 0, 6, 0x41, 0, 0, 0xfb, 0xf4, 0, 0, 0, 100, 203, 0, 113 },
	    { 15, 112, 0, 6, 0x41, 0, 0, 0xfb, 0xf4, 0, 0, 0, 100, 203, 0, 113 }, true },
	{ "one label, two labels", { AFI_IPV4, SAFI_LABELLED }, { 7, 48, 0, 6, 0x41, 203, 0, 113 },
	    { 10, 72, 0, 6, 0x40, 0, 12, 0x81, 203, 0, 113 }, false },
};

START_TEST(nlri_of_one_key)
{
	const struct two *w = &two[_i];
	const uint8_t *octets[2] = { w->a, w->b };
	struct table *t = table_new();
	struct table_route **all;
	size_t n;

	for (uint32_t peer = 0; peer < 2; peer++) {
		struct cursor r = cur_of(octets[peer] + 1, octets[peer][0]);
		struct faults f = { .n = 0 };
		struct bgp_nlri x;

		ck_assert(bgp_nlri_next(&r, w->family,
		    (struct bgp_nlri_encoding){ .withdrawn = false }, r.pos, &x, &f));
		require(f.n == 0 && !x.malformed, "%s: %u is malformed", w->name, peer);
		require(
		    table_set(t, peer, 0, w->family, &x, 1, table_attrs_get(t, octets[peer], 1), 1),
		    "set");
	}
	all = table_sorted(t, 0, &n);
	ck_assert_uint_eq(n, 2);
	require(table_same_nlri(all[0], all[1]) == w->same, "%s", w->name);
	free(all);
	table_free(t);
}
END_TEST

/* Families and lengths of any kind, in the order of their octets: nothing before a shorter one that
 * it begins with. */
START_TEST(in_order)
{
	static const struct {
		struct bgp_family family;
		uint8_t octets[24]; /* the first is how many */
	} rows[] = {
		{ { AFI_IPV4, SAFI_UNICAST }, { 1, 0 } },
		{ { AFI_IPV4, SAFI_UNICAST }, { 3, 16, 10, 0 } },
		{ { AFI_IPV4, SAFI_UNICAST }, { 3, 16, 10, 1 } },
		{ { AFI_IPV4, SAFI_UNICAST }, { 4, 24, 10, 0, 0 } },
		{ { AFI_IPV4, SAFI_UNICAST }, { 5, 32, 10, 0, 0, 0 } },
		{ { AFI_IPV4, SAFI_UNICAST }, { 5, 32, 10, 0, 0, 1 } },
		{ { AFI_IPV6, SAFI_UNICAST }, { 5, 32, 0x20, 1, 0, 1 } },
		{ { AFI_IPV6, SAFI_UNICAST }, { 10, 72, 0x20, 1, 0, 1, 0, 0, 0, 0, 0 } },
		{ { AFI_IPV6, SAFI_UNICAST }, { 10, 72, 0x20, 1, 0, 1, 0, 0, 0, 0, 1 } },
		{ { AFI_IPV6, SAFI_UNICAST }, { 10, 72, 0x20, 1, 0, 1, 0, 0, 0, 1, 0 } },
	};
	enum { N = sizeof(rows) / sizeof(*rows) };
	struct table *t = table_new();
	struct table_route **all;
	size_t n;

	for (unsigned i = 0; i < N; i++) {
		unsigned at = (i * 7 + (unsigned)_i) % N; /* in another order */
		struct cursor r = cur_of(rows[at].octets + 1, rows[at].octets[0]);
		struct faults f = { .n = 0 };
		struct bgp_nlri x;

		ck_assert(bgp_nlri_next(&r, rows[at].family,
		    (struct bgp_nlri_encoding){ .withdrawn = false }, r.pos, &x, &f));
		ck_assert(table_set(
		    t, 0, 0, rows[at].family, &x, 1, table_attrs_get(t, rows[at].octets, 1), at));
	}
	all = table_sorted(t, 0, &n);
	ck_assert_uint_eq(n, N);
	for (uint32_t i = 0; i < n; i++)
		ck_assert_uint_eq(all[i]->sec, i);
	free(all);
	table_free(t);
}
END_TEST

HARNESS_MAIN("convert")
{
	LOOP(in_order, 10);
	LOOP(against_a_naive_one, 5);
	ROWS(nlri_of_one_key, two);
}

/*
 * What nearly every route is let pass by: a plain prefix, and a route that shows nothing. Whatever
 * passes so no rule is true of; and what is ordinary does pass. BELLMAN_CASES: how many random
 * routes.
 */
#include "collector/detect/detect_private.h"

#include "base/pure/bytes.h"
#include "base/pure/writer.h"
#include "parsers/bgp/update.h"
#include "tests/unit/support/as_paths.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 20, CASES = 200000, US = 3320, NEIGHBOR = 1299 };

static struct detect *
made(void)
{
	static const uint32_t own_asns[] = { US }, free[] = { 1299, 3356, 174 },
			      no_transit[] = { 15169 };
	struct detect_own own = { 0 };
	/* AS6939 may announce one prefix */
	struct customer_prefix listed = { .least = 24, .most = 24 };
	struct customer_entries entries = { .prefixes = &listed, .prefixes_n = 1 };
	struct customer_part part = { .asn = 6939, .entries = &entries };
	struct detect *d;
	struct detect_config c = { .own_asns = own_asns,
		.own_asns_n = 1,
		.provider_free = free,
		.provider_free_n = 3,
		.no_transit = no_transit,
		.no_transit_n = 1,
		.own = &own,
		.own_n = 1 };

	ck_assert(ip_prefix_parse("80.1.0.0/16", true, &own.prefix));
	ck_assert(ip_prefix_parse("20.0.0.0/24", true, &listed.prefix));
	c.lists = customer_lists_new(&part, 1);
	d = detect_new(&c, 1);
	customer_lists_unref(c.lists);
	return d;
}

static struct ip_prefix
prefix_of(const char *text)
{
	struct ip_prefix p;

	ck_assert(ip_prefix_parse(text, true, &p));
	return p;
}

static bool
is_plain(const char *text)
{
	struct detect *d = made();
	struct ip_prefix p = prefix_of(text);
	bool plain = detect_is_plain(d, &p);

	detect_free(d);
	return plain;
}

START_TEST(prefix_of_others_is_plain)
{
	ck_assert(is_plain("8.8.8.0/24"));
	ck_assert(is_plain("80.2.0.0/16"));
	ck_assert(is_plain("2a00:1450::/32"));
}
END_TEST

START_TEST(prefix_that_a_rule_is_about_is_not_plain)
{
	ck_assert_msg(!is_plain("80.1.0.0/16"), "ours");
	ck_assert_msg(!is_plain("80.1.7.0/24"), "within ours");
	ck_assert_msg(!is_plain("80.0.0.0/8"), "above ours");
	ck_assert_msg(!is_plain("10.1.0.0/16"), "private");
	ck_assert_msg(!is_plain("8.8.8.8/32"), "a host");
	ck_assert_msg(!is_plain("fc00::/48"), "unique local");
}
END_TEST

/* A route from a provider, of an ordinary path. */
static bool
is_silent(const char *path, uint8_t view, uint8_t relation)
{
	struct detect *d = made();
	uint8_t room[256];
	struct route_facts f = { .view = view,
		.relation = relation,
		.local_as = US,
		.remote_as = NEIGHBOR,
		.has_origin = true };
	bool silent;

	f.as_path = path_of(path, room, sizeof(room));
	f.path = detect_path(d, f.as_path);
	silent = detect_is_silent(d, &f);
	detect_free(d);
	return silent;
}

START_TEST(ordinary_route_is_silent)
{
	ck_assert(is_silent("1299 8881 47598", BMP_VIEW_IN_PRE, NEIGHBOR_PROVIDER));
	ck_assert(is_silent("1299 3356 47598", BMP_VIEW_LOC_RIB, NEIGHBOR_UNKNOWN));
}
END_TEST

START_TEST(route_that_shows_something_is_not_silent)
{
	ck_assert_msg(!is_silent("1299 8881 3356", BMP_VIEW_IN_PRE, NEIGHBOR_CUSTOMER), "leak");
	ck_assert_msg(!is_silent("1299 8881 {1,2}", BMP_VIEW_IN_PRE, NEIGHBOR_PROVIDER), "set");
	ck_assert_msg(!is_silent("8881 47598", BMP_VIEW_IN_PRE, NEIGHBOR_PROVIDER), "first AS");
	ck_assert_msg(!is_silent("6939 8881", BMP_VIEW_LOC_RIB, NEIGHBOR_UNKNOWN), "of a list");
	ck_assert_msg(!is_silent("1299 64512", BMP_VIEW_IN_PRE, NEIGHBOR_PROVIDER), "bogon AS");
}
END_TEST

static uint32_t
random_as(uint64_t *rng)
{
	static const uint32_t some[] = { US, NEIGHBOR, 3356, 174, 15169, 8881, 47598, 64512, 23456,
		6939 };

	return some[rnd(rng) % (sizeof(some) / sizeof(*some))];
}

static void
random_path(uint64_t *rng, char *text, size_t size)
{
	int n = snprintf(text, size, "%u", rnd(rng) % 8 == 0 ? random_as(rng) : NEIGHBOR);

	for (unsigned left = rnd(rng) % 5; left > 0; left--)
		n += snprintf(text + n, size - (size_t)n, rnd(rng) % 30 == 0 ? " {%u}" : " %u",
		    random_as(rng));
}

static struct ip_prefix
random_prefix(uint64_t *rng)
{
	static const char *const some[] = { "8.8.8.0/24", "8.8.8.8/32", "80.1.0.0/16",
		"80.1.2.0/24", "10.0.0.0/8", "80.0.0.0/8", "2a00::/32", "2001:db8::/48",
		"2a00::1/128", "192.0.2.0/24", "0.0.0.0/0" };

	return prefix_of(some[rnd(rng) % (sizeof(some) / sizeof(*some))]);
}

START_TEST(of_what_passes_no_rule_is_true)
{
	unsigned cases = random_cases(CASES) / SEEDS, passed = 0, broken = 0;
	struct detect *d = made();
	uint64_t rng = seed_of(_i);

	for (unsigned i = 0; i < cases; i++) {
		struct ip_prefix p = random_prefix(&rng);
		uint8_t room[256];
		char text[128];
		struct route_facts f = { .prefix = &p,
			.view = (uint8_t)(rnd(&rng) % BMP_VIEWS),
			.relation = (uint8_t)(rnd(&rng) % (NEIGHBOR_COLLECTOR + 1)),
			.inferred = rnd(&rng) % 8 == 0 ? NEIGHBOR_CUSTOMER : NEIGHBOR_UNKNOWN,
			.sender_relation = rnd(&rng) % 8 == 0 ? NEIGHBOR_PROVIDER
							      : NEIGHBOR_UNKNOWN,
			.upstream = rnd(&rng) % 16 == 0 ? NEIGHBOR_PROVIDER : NEIGHBOR_UNKNOWN,
			.local_as = US,
			.remote_as = NEIGHBOR,
			.has_otc = rnd(&rng) % 8 == 0,
			.otc = random_as(&rng),
			.no_export = rnd(&rng) % 8 == 0,
			.stranger = rnd(&rng) % 8 == 0 ? 6939 : 0,
			.local_origin = rnd(&rng) % 16 == 0 };
		uint32_t rules;
		bool passes;

		random_path(&rng, text, sizeof(text));
		f.as_path = path_of(text, room, sizeof(room));
		f.path = (uint16_t)(detect_path(d, f.as_path) |
				    (rnd(&rng) % 8 == 0 ? PATH_ASPA_DOWNSTREAM : 0));
		f.has_origin = !(f.path & PATH_SET);
		f.origin = random_as(&rng);
		f.rov.state = rnd(&rng) % 2 ? ROV_VALID : ROV_NOT_FOUND;
		passes = detect_is_silent(d, &f) && detect_is_plain(d, &p);
		f.blackhole = detect_is_host_route(&p) && rnd(&rng) % 2; /* by the prefix */
		rules = detect_route(d, &f);
		require(!passes || rules == 0, "%s passes, with rules %x", text, rules);
		passed += passes;
		broken += rules != 0;
	}
	ck_assert_msg(
	    passed > cases / 50 && broken > cases / 10, "%u pass, %u break", passed, broken);
	detect_free(d);
}
END_TEST

/* One walk says of a path what the walks of each say. */
START_TEST(one_walk_sees_the_same)
{
	unsigned cases = random_cases(CASES) / SEEDS, seen = 0;
	struct detect *d = made();
	uint64_t rng = seed_of(_i);

	for (unsigned i = 0; i < cases; i++) {
		uint8_t room[2 + 4 * 255];
		unsigned n = 1 + rnd(&rng) % (rnd(&rng) % 50 == 0 ? 255 : 9);
		uint16_t one, any;
		struct cursor path;

		room[0] = AS_SEQUENCE;
		room[1] = (uint8_t)n;
		for (unsigned k = 0; k < n; k++) {
			uint32_t asn = rnd(&rng) % 20 == 0 ? rnd(&rng) % 3 : random_as(&rng);

			asn = k > 0 && rnd(&rng) % 3 == 0 ? be32(room + 4 * k - 2) : asn;
			asn = rnd(&rng) % 2 == 0 ? asn : 200000 + rnd(&rng) % 1000;
			put_be32(room + 2 + 4 * (size_t)k, asn);
		}
		path = cur_of(room, 2 + 4 * (size_t)n);
		one = detect_path(d, path);
		any = path_bits_of_any(d, path);
		require(one == any, "%x, not %x", one, any);
		seen |= one;
	}
	ck_assert_msg((seen & (PATH_BOGON_ASN | PATH_ENDS_WITH_US | PATH_PROVIDER_FREE |
				  PATH_NO_TRANSIT | PATH_BEYOND_STRANGER | PATH_FAR)) != 0,
	    "%x", seen);
	detect_free(d);
}
END_TEST

HARNESS_MAIN("silent")
{
	TIMEOUT(240);
	TEST(prefix_of_others_is_plain);
	TEST(prefix_that_a_rule_is_about_is_not_plain);
	TEST(ordinary_route_is_silent);
	TEST(route_that_shows_something_is_not_silent);
	LOOP(of_what_passes_no_rule_is_true, SEEDS);
	LOOP(one_walk_sees_the_same, SEEDS);
}

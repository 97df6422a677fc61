/* Leaks that an AS path shows by the networks in it, and on which sessions they are leaks. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"
#include "tests/unit/support/as_paths.h"

static const uint32_t own_as[] = { 64500 },
		      provider_free[] = { 174, 701, 703, 1299, 2914, 3356, 4134 },
		      no_transit[] = { 15169, 8075 }, carriers[] = { 9498 },
		      lumen[] = { 3356, 3549, 209 }, ntt[] = { 2914, 4713 },
		      verizon[] = { 701, 703 }, telecom[] = { 4134, 4809 },
		      google[] = { 15169, 36040, 16591 }, via[] = { 1299, 4713 };
static const struct detect_siblings siblings[] = { { lumen, 3 }, { ntt, 2 }, { verizon, 2 },
	{ telecom, 2 }, { google, 3 } };
static const struct detect_peerlock locks[] = { { 64600, via, 2 }, { 64601, NULL, 0 } };

static struct detect *
made(const struct detect_neighbor *neighbors, size_t n)
{
	return detect_new(&(struct detect_config){ .own_asns = own_as,
			      .own_asns_n = 1,
			      .provider_free = provider_free,
			      .provider_free_n = 7,
			      .no_transit = no_transit,
			      .no_transit_n = 2,
			      .carriers = carriers,
			      .carriers_n = 1,
			      .peerlock = locks,
			      .peerlock_n = 2,
			      .siblings = siblings,
			      .siblings_n = 5,
			      .neighbors = neighbors,
			      .neighbors_n = n },
	    1);
}

/* --- by itself */

enum {
	FREE = PATH_PROVIDER_FREE,
	INSIDE = PATH_PROVIDER_FREE | PATH_PROVIDER_FREE_INSIDE,
	BEYOND = INSIDE | PATH_BEYOND_STRANGER,
	LOCKED = PATH_BEYOND_STRANGER,
	GIVES = PATH_NO_TRANSIT,
	GIVES_FIRST = PATH_NO_TRANSIT_FIRST,
	BOUGHT = PATH_NO_TRANSIT | PATH_NO_TRANSIT_INSIDE,
	BOUGHT_INSIDE = PATH_NO_TRANSIT_INSIDE,
};
enum { LOCK = RULE_LEAK_PEERLOCK, NONE_GIVEN = RULE_LEAK_NO_TRANSIT };

/* leaker, shown_by: by the rule. */
static const struct {
	const char *path;
	unsigned bits, rule;
	uint32_t leaker, shown_by;
} paths[] = {
	{ "", PATH_EMPTY, LOCK, 0, 0 },
	{ "64510 64511", 0, LOCK, 0, 0 },
	{ "64510 64500", PATH_ENDS_WITH_US, LOCK, 0, 0 },
	{ "64510 {64511,64512}", PATH_SET, LOCK, 0, 0 },
	{ "(65001 65002)", PATH_CONFED | PATH_MEMBERS, LOCK, 0, 0 },
	{ "(65001) [65002,65003]", PATH_CONFED | PATH_MEMBERS | PATH_SET, LOCK, 0, 0 },
	{ "(65001) 64510", PATH_MEMBERS, LOCK, 0, 0 },
	/* a network without providers shows its customers */
	{ "1299 64511", FREE, LOCK, 0, 1299 },
	{ "1299 1299 64511", FREE, LOCK, 0, 1299 },
	{ "64510 1299 64511", INSIDE, LOCK, 64510, 1299 },
	{ "1299 3356 64511", INSIDE, LOCK, 1299, 3356 },
	{ "64510 1299 64666 3356 64511", BEYOND, LOCK, 64666, 3356 },
	{ "(65001) 64510 1299 64666 3356", BEYOND | PATH_MEMBERS, LOCK, 64666, 3356 },
	{ "4134 21217 21217 21217 3356 64511", BEYOND, LOCK, 21217, 3356 },
	{ "1299 64666 64667 3356 64511", BEYOND, LOCK, 64667, 3356 },
	/* of one organisation: one step, named by its nearest AS */
	{ "209 3356 64511", 0, LOCK, 0, 0 },
	{ "3356 209 64511", FREE, LOCK, 0, 3356 },
	{ "3356 3549 209 3356 64511", FREE, LOCK, 0, 3356 },
	{ "1299 3549 3356 64511", FREE, LOCK, 0, 1299 },
	/* KDDI and OCN: who is reached by a sibling that buys is no sign */
	{ "1299 64520 4713 2914 64511", FREE, LOCK, 0, 1299 },
	{ "1299 3549 64520 3356 64511", BEYOND, LOCK, 64520, 3356 },
	{ "209 64520 3356 64511", BEYOND, LOCK, 64520, 3356 },
	{ "209 64520 1299 64511", BEYOND, LOCK, 64520, 1299 },
	{ "1299 64520 4713 3356 64511", BEYOND, LOCK, 64520, 3356 },
	{ "1299 4134 9318 703", BEYOND, LOCK, 9318, 703 },
	{ "4134 9318 703", BEYOND, LOCK, 9318, 703 },
	{ "6453 4134 9318 703", BEYOND, LOCK, 9318, 703 },
	/* what is behind an AS that comes again is written by it, to keep the route away */
	{ "64510 3356 64500 1299 64500", INSIDE | PATH_ENDS_WITH_US, LOCK, 64510, 3356 },
	{ "64510 3356 64511 1299 64511", INSIDE, LOCK, 64510, 3356 },
	{ "64510 3356 64511 1299 64511 64512", INSIDE, LOCK, 64510, 3356 },
	{ "64501 1299 64501", 0, LOCK, 0, 0 },
	{ "64510 3356 64500 1299 64511", BEYOND, LOCK, 64500, 1299 },
	/* a set has no order */
	{ "64510 1299 64511 {64512,3356}", INSIDE | PATH_SET, LOCK, 64510, 1299 },
	/* behind whom a network may be */
	{ "64600 64511", 0, LOCK, 0, 0 },
	{ "64510 1299 64600", INSIDE, LOCK, 64510, 1299 },
	{ "64510 2914 64600 64600", INSIDE, LOCK, 64510, 2914 },
	{ "64510 64511 64600 64512", LOCKED, LOCK, 64511, 64600 },
	{ "64510 64601", LOCKED, LOCK, 64510, 64601 },
	{ "64510 64500 64600", 0, LOCK, 0, 0 },
	/* gives transit, and should not */
	{ "701 15169 4713", FREE | GIVES, NONE_GIVEN, 15169, 15169 },
	{ "701 15169 15169 9121 64511", FREE | GIVES, NONE_GIVEN, 15169, 15169 },
	{ "64510 36040 15169 9121", GIVES, NONE_GIVEN, 15169, 15169 },
	{ "15169 4713", GIVES_FIRST, NONE_GIVEN, 15169, 15169 },
	{ "701 15169", FREE, NONE_GIVEN, 701, 701 },
	{ "701 15169 36040", FREE, NONE_GIVEN, 701, 701 },
	{ "701 15169 16591 64511", FREE, NONE_GIVEN, 701, 701 },
	{ "701 15169 65010", FREE, NONE_GIVEN, 701, 701 },
	{ "701 64511 15169 64511", FREE, NONE_GIVEN, 701, 701 },
	{ "701 15169 8075", FREE | GIVES, NONE_GIVEN, 15169, 15169 },
	{ "64500 15169 4713", 0, NONE_GIVEN, 64500, 64500 },
	/* is given transit by who does not sell it to such ones */
	{ "197068 1299 9583 55644 8075", INSIDE | BOUGHT, NONE_GIVEN, 55644, 8075 },
	{ "9583 55644 8075", BOUGHT_INSIDE, NONE_GIVEN, 55644, 8075 },
	{ "20485 4809 37282 15169", BOUGHT, NONE_GIVEN, 37282, 15169 },
	{ "1299 37282 15169 15169 36040", FREE | BOUGHT, NONE_GIVEN, 37282, 15169 },
	{ "64510 15169", BOUGHT_INSIDE, NONE_GIVEN, 64510, 15169 },
	{ "1299 9498 15169", FREE, NONE_GIVEN, 1299, 1299 },
	{ "1299 64511 3356 15169", BEYOND, LOCK, 64511, 3356 },
	{ "1299 64511 36040 15169", FREE, NONE_GIVEN, 1299, 1299 },
	{ "1299 64500 15169", FREE, NONE_GIVEN, 1299, 1299 },
	/* both: the one nearer to the origin did it */
	{ "1299 64511 15169 4713", FREE | GIVES | BOUGHT_INSIDE, NONE_GIVEN, 15169, 15169 },
};

START_TEST(what_a_path_shows)
{
	struct detect *d = made(NULL, 0);
	uint8_t buf[256];
	struct cursor path = path_of(paths[_i].path, buf, sizeof(buf));
	struct path_leak l = detect_path_leak(d, path, (enum rule)paths[_i].rule);

	unsigned bits = detect_path(d, path) & (unsigned)~PATH_FAR; /* of detours */

	ck_assert_msg(bits == paths[_i].bits, "%s: %x", paths[_i].path, bits);
	ck_assert_msg(l.leaker == paths[_i].leaker, "%s: AS%u leaks", paths[_i].path, l.leaker);
	ck_assert_uint_eq(l.shown_by, paths[_i].shown_by);
	detect_free(d);
}
END_TEST

/* More steps than are looked at: what is behind is not seen, and nothing breaks. */
START_TEST(long_path)
{
	struct detect *d = made(NULL, 0);
	uint8_t buf[1024];
	struct writer w = wr_of(buf, sizeof(buf));

	wr_u8(&w, AS_SEQUENCE);
	wr_u8(&w, 200);
	for (uint32_t k = 0; k < 200; k++)
		wr_u32(&w, k == 198 ? 1299 : 70000 + k);
	ck_assert_uint_eq(detect_path(d, cur_of(buf, wr_len(&w))), PATH_LONG);
	detect_free(d);
}
END_TEST

/* A neighbour is to us what the configuration calls it, whatever a list says. */
START_TEST(configuration_before_lists)
{
	static const struct detect_neighbor neighbors[] = {
		{ .has_asn = true, .asn = 3356, .relation = NEIGHBOR_CUSTOMER },
		{ .has_asn = true, .asn = 15169, .relation = NEIGHBOR_PROVIDER },
	};
	struct detect *d = made(neighbors, 2);
	uint8_t buf[256];

	ck_assert_uint_eq(detect_path(d, path_of("1299 64511 3356 64512", buf, sizeof(buf))), FREE);
	ck_assert_uint_eq(detect_path(d, path_of("15169 64512", buf, sizeof(buf))), 0);
	detect_free(d);
}
END_TEST

/* --- by the session */

enum {
	PEERLOCK = 1 << RULE_LEAK_PEERLOCK,
	NO_TRANSIT = 1 << RULE_LEAK_NO_TRANSIT,
};

/* What is true on a session with a customer, a peer, a provider, a route server, its client, with
 * somebody unknown, and by iBGP. */
static const struct {
	const char *path;
	unsigned customer, peer, provider, rs, client, unknown, internal;
} sessions[] = {
	{ "64501 15169", NO_TRANSIT, 0, 0, 0, 0, 0, 0 },
	{ "64501 64511 8075", NO_TRANSIT, 0, 0, 0, 0, 0, 0 },
	{ "9498 15169", 0, 0, 0, 0, 0, 0, 0 },
	{ "15169", 0, 0, 0, 0, 0, 0, 0 },
	{ "15169 36040", 0, 0, 0, 0, 0, 0, 0 },
	{ "15169 4713", NO_TRANSIT, NO_TRANSIT, 0, NO_TRANSIT, NO_TRANSIT, NO_TRANSIT, 0 },
	{ "701 15169 4713", NO_TRANSIT, NO_TRANSIT, NO_TRANSIT, NO_TRANSIT, NO_TRANSIT, NO_TRANSIT,
	    NO_TRANSIT },
	{ "1299 64511 15169", NO_TRANSIT, NO_TRANSIT, NO_TRANSIT, NO_TRANSIT, NO_TRANSIT,
	    NO_TRANSIT, NO_TRANSIT },
	{ "64501 64601", PEERLOCK, PEERLOCK, PEERLOCK, PEERLOCK, PEERLOCK, PEERLOCK, PEERLOCK },
	{ "64501 701 64511", PEERLOCK, PEERLOCK, 0, PEERLOCK, 0, 0, 0 },
	{ "64501 701 15169", PEERLOCK, PEERLOCK, 0, PEERLOCK, 0, 0, 0 },
};

START_TEST(on_which_sessions)
{
	static const uint8_t relations[] = { NEIGHBOR_CUSTOMER, NEIGHBOR_PEER, NEIGHBOR_PROVIDER,
		NEIGHBOR_RS, NEIGHBOR_RS_CLIENT, NEIGHBOR_UNKNOWN, NEIGHBOR_INTERNAL };
	const unsigned expected[] = { sessions[_i].customer, sessions[_i].peer,
		sessions[_i].provider, sessions[_i].rs, sessions[_i].client, sessions[_i].unknown,
		sessions[_i].internal };
	struct detect *d = made(NULL, 0);
	struct ip_prefix prefix = { .family = IP_V4, .len = 24, .b = { 20 } };
	uint8_t buf[256];
	struct cursor path = path_of(sessions[_i].path, buf, sizeof(buf)), rest = path;
	struct as_segment seg;

	ck_assert(as_path_next(&rest, 4, &seg));
	for (size_t k = 0; k < sizeof(relations); k++) {
		struct route_facts f = { .prefix = &prefix,
			.view = BMP_VIEW_IN_POST,
			.relation = relations[k],
			.local_as = 64500,
			.remote_as = relations[k] == NEIGHBOR_RS ? 64700
								 : as_segment_at(&seg, 4, 0),
			.path = detect_path(d, path),
			.as_path = path };

		ck_assert_msg(detect_route(d, &f) == expected[k], "%s from %s: %x",
		    sessions[_i].path, relation_name(relations[k]), detect_route(d, &f));
	}
	detect_free(d);
}
END_TEST

/* Paths are taken apart when they have something to show only: what is known of the others is what
 * taking them apart says. */
START_TEST(taken_apart_or_not)
{
	static const uint32_t ases[] = { 64510, 64511, 64512, 64513, 65551, 1299, 3356, 3549, 4713,
		15169, 9498, 64600, 64500 };
	struct detect *d = made(NULL, 0);
	uint64_t rng = seed_of(_i);

	for (unsigned k = 0; k < 2000; k++) {
		unsigned n = 1 + rnd(&rng) % 7, few = rnd(&rng) % 2 ? 6 : sizeof(ases) / 4;
		char text[128];
		uint8_t buf[128];
		struct cursor path;
		size_t at = 0;
		unsigned bits;
		uint32_t free;

		for (unsigned i = 0; i < n; i++)
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u",
			    i > 0 ? " " : "", ases[rnd(&rng) % few]);
		path = path_of(text, buf, sizeof(buf));
		bits = detect_path(d, path);
		free = detect_path_provider_free(d, path, false);
		require(!(bits & PATH_PROVIDER_FREE) == (free == 0), "%s: %x", text, bits);
		require(!(bits & PATH_PROVIDER_FREE_INSIDE) ==
			    (free == 0 || free == strtoul(text, NULL, 10)),
		    "%s: %x", text, bits);
		require(
		    bits & PATH_BEYOND_STRANGER || detect_path_provider_free(d, path, true) == 0,
		    "%s: %x", text, bits);
	}
	detect_free(d);
}
END_TEST

HARNESS_MAIN("leaks by the path")
{
	ROWS(what_a_path_shows, paths);
	TEST(long_path);
	TEST(configuration_before_lists);
	ROWS(on_which_sessions, sessions);
	LOOP(taken_apart_or_not, 20);
}

/*
 * Leaks by roles against a naive second judge, which does to a route what RFC 9234 section 5 has a
 * speaker do, step by step, with the attribute or with the one that would be there; and the
 * published vectors, where they are there. BELLMAN_CASES: how many random routes.
 */
#include "collector/detect/detect.h"

#include <jansson.h>

#include "parsers/bgp/open.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 20, CASES = 100000, US = 64500, SIBLING = 64499 };

static struct detect *
made(void)
{
	static const uint32_t own[] = { US }, siblings[] = { SIBLING };
	struct detect_config c = {
		.own_asns = own, .own_asns_n = 1, .own_siblings = siblings, .own_siblings_n = 1
	};

	return detect_new(&c, 1);
}

/* The role that we have on a session with a neighbour that is this to us; RFC 9234 4.1. */
static int
our_role(uint8_t relation)
{
	switch (relation) {
	case NEIGHBOR_PROVIDER:
		return BGP_ROLE_CUSTOMER;
	case NEIGHBOR_CUSTOMER:
		return BGP_ROLE_PROVIDER;
	case NEIGHBOR_PEER:
		return BGP_ROLE_PEER;
	case NEIGHBOR_RS:
		return BGP_ROLE_RS_CLIENT;
	case NEIGHBOR_RS_CLIENT:
		return BGP_ROLE_RS;
	default:
		return BGP_ROLE_NONE;
	}
}

/* "Ingress": is it a leak? */
static bool
leaks_in(int role, bool marked, uint32_t otc, uint32_t remote_as)
{
	if (marked && (role == BGP_ROLE_PROVIDER || role == BGP_ROLE_RS))
		return true;
	return marked && role == BGP_ROLE_PEER && otc != remote_as;
}

/* "Egress": was it to be sent? What an egress step adds for a peer is our own AS. */
static bool
leaks_out(int role, bool marked, uint32_t otc, uint32_t local_as)
{
	if (marked && (role == BGP_ROLE_CUSTOMER || role == BGP_ROLE_RS_CLIENT))
		return true;
	return marked && role == BGP_ROLE_PEER && otc != local_as;
}

/* Would a speaker that does what the RFC says have marked it when it came in? */
static bool
would_be_marked(int role)
{
	return role == BGP_ROLE_CUSTOMER || role == BGP_ROLE_PEER || role == BGP_ROLE_RS_CLIENT;
}

static unsigned
meant(const struct route_facts *f)
{
	bool in = f->view == BMP_VIEW_IN_PRE || f->view == BMP_VIEW_IN_POST,
	     out = f->view == BMP_VIEW_OUT_POST, ours = f->origin == US;
	int role = our_role(f->relation), from = our_role(f->sender_relation);
	unsigned rules = 0;

	if ((in && leaks_in(role, f->has_otc, f->otc, f->remote_as)) ||
	    (out && leaks_out(role, f->has_otc, f->otc, f->local_as)))
		rules |= 1U << RULE_LEAK_OTC;
	if (out && !ours && f->remote_as != SIBLING && f->inherited == 0 && would_be_marked(from) &&
	    leaks_out(role, true, 0, f->local_as))
		rules |= 1U << RULE_LEAK_OWN;
	return rules;
}

static const uint8_t relations[] = { NEIGHBOR_UNKNOWN, NEIGHBOR_CUSTOMER, NEIGHBOR_PROVIDER,
	NEIGHBOR_PEER, NEIGHBOR_RS, NEIGHBOR_RS_CLIENT, NEIGHBOR_INTERNAL, NEIGHBOR_COLLECTOR };
static const uint8_t views[] = { BMP_VIEW_IN_PRE, BMP_VIEW_IN_POST, BMP_VIEW_LOC_RIB,
	BMP_VIEW_OUT_PRE, BMP_VIEW_OUT_POST };

START_TEST(roles_against_a_naive_judge)
{
	static const uint32_t ases[] = { US, SIBLING, 64501, 64510, 1299, 4200000000 };
	static const struct ip_prefix prefix = { .family = IP_V4, .len = 24, .b = { 20 } };
	const unsigned look = 1U << RULE_LEAK_OTC | 1U << RULE_LEAK_OWN;
	struct detect *d = made();
	uint64_t rng = seed_of(_i);
	unsigned seen[3] = { 0 }, n = random_cases(CASES) / SEEDS;

	for (unsigned k = 0; k < n; k++) {
		struct route_facts f = { .prefix = &prefix,
			.view = views[rnd(&rng) % sizeof(views)],
			.relation = relations[rnd(&rng) % sizeof(relations)],
			.sender_relation = relations[rnd(&rng) % sizeof(relations)],
			.has_otc = rnd(&rng) % 2,
			.otc = ases[rnd(&rng) % 6],
			.local_as = rnd(&rng) % 8 != 0 ? US : 64498,
			.remote_as = ases[1 + rnd(&rng) % 5],
			.has_origin = true,
			.origin = ases[rnd(&rng) % 6],
			.inherited = rnd(&rng) % 8 != 0 ? 0 : 1U << RULE_LEAK_UPSTREAM };
		unsigned got = detect_route(d, &f) & look, want = meant(&f);

		require(got == want,
		    "view %u, neighbour AS%u is %u, from %u, OTC %d %u, origin AS%u: %x, not %x",
		    f.view, f.remote_as, f.relation, f.sender_relation, f.has_otc, f.otc, f.origin,
		    got, want);
		seen[0] += got == 0;
		seen[1] += got >> RULE_LEAK_OTC & 1;
		seen[2] += got >> RULE_LEAK_OWN & 1;
	}
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_gt(seen[i], n / 100);
	detect_free(d);
}
END_TEST

/* --- published vectors */

static json_t *
vectors(void)
{
	const char *path = shared_data("vectors/detection.json");

	return path != NULL ? json_load_file(path, 0, NULL) : NULL;
}

static const char *
word(const json_t *c, const char *key)
{
	const char *text = json_string_value(json_object_get(c, key));

	return text != NULL ? text : "";
}

static uint8_t
role_of(const char *name)
{
	static const char *const names[] = { [BGP_ROLE_PROVIDER] = "provider",
		[BGP_ROLE_RS] = "rs",
		[BGP_ROLE_RS_CLIENT] = "rs-client",
		[BGP_ROLE_CUSTOMER] = "customer",
		[BGP_ROLE_PEER] = "peer" };

	for (uint8_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (strcmp(names[k], name) == 0)
			return k;
	return BGP_ROLE_NONE;
}

START_TEST(published_marks)
{
	static const struct ip_prefix prefix = { .family = IP_V4, .len = 24, .b = { 20 } };
	json_t *root = vectors(), *list;
	struct detect *d = made();

	list = json_object_get(root, "otc");
	ck_assert(root == NULL || json_array_size(list) > 10);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i), *otc = json_object_get(c, "otc");
		const char *want = word(c, "expect");
		struct route_facts f = { .prefix = &prefix,
			.view = strcmp(word(c, "view"), "in-pre") == 0 ? BMP_VIEW_IN_PRE
								       : BMP_VIEW_OUT_POST,
			.relation = (uint8_t)relation_from_roles(
			    role_of(word(c, "local_role")), BGP_ROLE_NONE),
			.has_otc = json_is_integer(otc),
			.otc = (uint32_t)json_integer_value(otc),
			.local_as = (uint32_t)json_integer_value(json_object_get(c, "local_as")),
			.remote_as = (uint32_t)json_integer_value(json_object_get(c, "remote_as")),
			.has_origin = true,
			.origin = 64999 };
		bool leak = strcmp(want, "leak") == 0 || strcmp(want, "own-leak") == 0;

		ck_assert_msg((detect_route(d, &f) >> RULE_LEAK_OTC & 1) == leak, "%s: not %s",
		    word(c, "id"), want);
	}
	json_decref(root);
	detect_free(d);
}
END_TEST

/* Roles that do not go together say nothing of the neighbour. */
START_TEST(published_roles)
{
	json_t *root = vectors(), *list;

	list = json_object_get(root, "roles");
	ck_assert(root == NULL || json_array_size(list) > 10);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		enum relation r =
		    relation_from_roles(role_of(word(c, "local")), role_of(word(c, "remote")));

		ck_assert_msg((r != NEIGHBOR_UNKNOWN) == (strcmp(word(c, "expect"), "ok") == 0),
		    "%s to %s: %d", word(c, "local"), word(c, "remote"), r);
	}
	json_decref(root);
}
END_TEST

static uint8_t
neighbour_of(const char *name)
{
	for (uint8_t k = 0; k < RELATIONS; k++)
		if (strcmp(relation_name(k), name) == 0)
			return k;
	ck_assert_str_eq(name, "sibling");
	return NEIGHBOR_INTERNAL;
}

/* The types of RFC 7908 that two sessions of one network show: from whom, to whom. */
START_TEST(published_types)
{
	static const struct ip_prefix prefix = { .family = IP_V4, .len = 24, .b = { 20 } };
	json_t *root = vectors(), *list;
	struct detect *d = made();

	list = json_object_get(root, "rfc7908_triplets");
	ck_assert(root == NULL || json_array_size(list) > 10);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		const char *from = word(c, "learnt_from_is"), *to = word(c, "sent_to_is");
		bool leak = strncmp(word(c, "expect"), "type-", 5) == 0;
		uint8_t what[2];
		struct route_facts f = { .prefix = &prefix, .view = BMP_VIEW_OUT_POST };

		for (unsigned k = 0; k < 2; k++)
			what[k] = neighbour_of(k == 0 ? from : to);
		f.sender_relation = what[0];
		f.relation = what[1];
		f.local_as = US;
		f.remote_as = 64510;
		f.has_origin = true;
		f.origin = 64999;
		ck_assert_msg((detect_route(d, &f) >> RULE_LEAK_OWN & 1) == leak,
		    "from a %s to a %s: not %s", from, to, word(c, "expect"));
	}
	json_decref(root);
	detect_free(d);
}
END_TEST

HARNESS_MAIN("leak_oracle")
{
	TIMEOUT(240);
	LOOP(roles_against_a_naive_judge, SEEDS);
	TEST(published_marks);
	TEST(published_roles);
	TEST(published_types);
}

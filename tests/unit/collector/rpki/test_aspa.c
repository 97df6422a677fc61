/*
 * AS paths against ASPAs: a table of cases, the published vectors where they are there, and random
 * paths against the meaning of the draft put otherwise: is there one hop of the path such that all
 * right of it go up and all left of it go down? BELLMAN_CASES: how many random paths.
 */
#include "collector/rpki/aspa.h"

#include <jansson.h>

#include "tests/unit/support/harness.h"

enum { SEEDS = 20, PATHS = 40000, LONGEST = 9, WORLD = 9 };

/* "1:2,3 4:0": customers and their providers. */
static struct aspa_set *
set_of(const char *text)
{
	struct aspa_list l = { 0 };
	struct aspa_set *s;
	char *p = (char *)(uintptr_t)text;

	while (*p != '\0') {
		uint32_t customer = (uint32_t)strtoul(p, &p, 10);

		ck_assert_int_eq(*p, ':');
		do
			ck_assert(aspa_list_add(&l, customer, (uint32_t)strtoul(p + 1, &p, 10)));
		while (*p == ',');
		p += *p == ' ';
	}
	aspa_list_sort_unique(&l);
	s = aspa_set_new(&l, 7);
	ck_assert_ptr_nonnull(s);
	aspa_list_free(&l);
	return s;
}

static size_t
path_of(const char *text, uint32_t out[32])
{
	char *p = (char *)(uintptr_t)text;
	size_t n = 0;

	for (; *p != '\0'; p += *p == ' ')
		out[n++] = (uint32_t)strtoul(p, &p, 10);
	return n;
}

static const struct {
	const char *aspas, *path, *up, *down;
	struct aspa_broken rising; /* where upstream is invalid */
} cases[] = {
	{ "", "5", "valid", "valid", { 0, 0 } },
	{ "", "4 5", "unknown", "valid", { 0, 0 } },
	{ "", "3 4 5", "unknown", "unknown", { 0, 0 } },
	{ "5:4 4:3", "3 4 5", "valid", "valid", { 0, 0 } },
	{ "5:4", "3 4 5", "unknown", "valid", { 0, 0 } },
	{ "5:4 4:3", "3 3 4 4 4 5", "valid", "valid", { 0, 0 } },
	/* one that is no provider: right next to us it may be a peer of theirs, seen from above */
	{ "5:4", "9 5", "invalid", "valid", { 5, 9 } },
	{ "5:4", "3 9 5", "invalid", "unknown", { 5, 9 } },
	{ "3:2 5:4", "3 9 5", "invalid", "invalid", { 5, 9 } },
	/* the one in the middle leaked from provider to provider */
	{ "6:5 3:0", "3 4 9 5 6", "unknown", "unknown", { 0, 0 } },
	{ "6:5 5:8 3:0", "3 4 9 5 6", "invalid", "invalid", { 5, 9 } },
	/* down and up again */
	{ "5:4 3:4 3:2", "2 3 4 5", "unknown", "unknown", { 0, 0 } },
	{ "5:4 4:0 3:4,2", "2 3 4 5", "invalid", "unknown", { 4, 3 } },
	{ "5:4 4:0 3:4,1 2:0", "1 2 3 4 5", "invalid", "invalid", { 4, 3 } },
	/* a lateral hop at the top is nobody's leak, two are */
	{ "2:3 3:0 4:0 5:4", "2 3 4 5", "invalid", "valid", { 4, 3 } },
	{ "1:2 2:0 3:0 4:0 5:4", "1 2 3 4 5", "invalid", "invalid", { 4, 3 } },
	/* each other's providers: the ramps may overlap */
	{ "4:5 5:4 3:4 4:3", "3 4 5", "valid", "valid", { 0, 0 } },
	/* no provider at all; with others AS 0 has no effect */
	{ "5:0", "4 5", "invalid", "valid", { 5, 4 } },
	{ "5:0,4", "4 5", "valid", "valid", { 0, 0 } },
	{ "5:0,4", "0 5", "invalid", "valid", { 5, 0 } },
	/* the origin next to the customer is named, not the one next to us */
	{ "5:4 4:3 3:2", "1 9 3 8 4 7 5", "invalid", "invalid", { 5, 7 } },
	{ "4200000010:4294967295", "4294967295 4200000010", "valid", "valid", { 0, 0 } },
	/* a loop is no prepending */
	{ "5:4 4:5", "4 5 4 5", "valid", "valid", { 0, 0 } },
};

START_TEST(table)
{
	struct aspa_set *s = set_of(cases[_i].aspas);
	uint32_t path[32];
	struct aspa_verdict v = aspa_verify(s, path, path_of(cases[_i].path, path));

	ck_assert_str_eq(aspa_state_name(v.up), cases[_i].up);
	ck_assert_str_eq(aspa_state_name(v.down), cases[_i].down);
	if (v.up == ASPA_INVALID) {
		ck_assert_uint_eq(v.rising.customer, cases[_i].rising.customer);
		ck_assert_uint_eq(v.rising.other, cases[_i].rising.other);
	}
	aspa_set_unref(s);
}
END_TEST

START_TEST(gates)
{
	const uint32_t four = 4, five = 5;
	struct aspa_walk w;

	aspa_walk_start(&w, NULL);
	ck_assert_int_eq(aspa_walk_gate(&w, NULL), ASPA_GATE_EMPTY);
	aspa_walk_as(&w, 4);
	aspa_walk_as(&w, 5);
	ck_assert_int_eq(aspa_walk_gate(&w, NULL), ASPA_GATE_NONE);
	ck_assert_int_eq(aspa_walk_gate(&w, &four), ASPA_GATE_NONE);
	ck_assert_int_eq(aspa_walk_gate(&w, &five), ASPA_GATE_FIRST_AS);
	aspa_walk_set(&w);
	ck_assert_int_eq(aspa_walk_gate(&w, &five), ASPA_GATE_SET);
	ck_assert_uint_eq(aspa_walk_end(&w).up, ASPA_UNKNOWN);
}
END_TEST

START_TEST(the_set)
{
	struct aspa_set *s = set_of("5:0,4,9 7:0 3000000000:1");
	const uint32_t *p;
	size_t n;

	ck_assert_uint_eq(aspa_set_count(s), 3);
	ck_assert_uint_eq(aspa_set_generation(s), 7);
	p = aspa_providers(s, 5, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(p[0], 4);
	ck_assert_uint_eq(p[1], 9);
	p = aspa_providers(s, 7, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(p[0], 0);
	ck_assert_ptr_null(aspa_providers(s, 6, &n));
	ck_assert_ptr_null(aspa_providers(NULL, 6, &n));
	ck_assert_int_eq(aspa_hop(s, 5, 9), ASPA_PROVIDER);
	ck_assert_int_eq(aspa_hop(s, 5, 8), ASPA_NOT_PROVIDER);
	ck_assert_int_eq(aspa_hop(s, 7, 8), ASPA_NOT_PROVIDER);
	ck_assert_int_eq(aspa_hop(s, 8, 5), ASPA_NO_ATTESTATION);
	ck_assert_int_eq(aspa_hop(NULL, 5, 9), ASPA_NO_ATTESTATION);
	aspa_set_unref(aspa_set_ref(s));
	aspa_set_unref(s);
}
END_TEST

static const struct {
	const char *before, *after, *changed;
} changes[] = {
	{ "", "", "" },
	{ "", "5:4 7:0", "5 7" },
	{ "5:4 7:0", "", "5 7" },
	{ "5:4 7:0", "5:4 7:0", "" },
	{ "5:4 6:1 7:0", "4:1 5:4,8 7:0", "4 5 6" },
	{ "5:4,8 7:0", "5:4 7:1", "5 7" },
	{ "5:4", "5:0,4", "" },
};

START_TEST(what_changed)
{
	struct aspa_set *a = set_of(changes[_i].before), *b = set_of(changes[_i].after);
	uint32_t want[32], *got;
	size_t n, want_n = path_of(changes[_i].changed, want);

	ck_assert(aspa_changed(a, b, &got, &n));
	ck_assert_uint_eq(n, want_n);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(got[i], want[i]);
	free(got);
	aspa_set_unref(a);
	aspa_set_unref(b);
}
END_TEST

/* --- the meaning, put otherwise */

static uint64_t rng;

/* world[c][p]: customer c lists p; world[c][0]: it has an ASPA. */
static bool world[WORLD][WORLD];

static enum aspa_hop
says(uint32_t customer, uint32_t other)
{
	if (!world[customer][0])
		return ASPA_NO_ATTESTATION;
	return world[customer][other] ? ASPA_PROVIDER : ASPA_NOT_PROVIDER;
}

/* allowed: a hop that goes the way it should, by `says`, as far as it must be proven. */
static bool
allowed(uint32_t customer, uint32_t other, bool proven)
{
	enum aspa_hop hop = says(customer, other);

	return proven ? hop == ASPA_PROVIDER : hop != ASPA_NOT_PROVIDER;
}

/* Could (proven: must) the route have come this way without a leak? */
static bool
could_be(const uint32_t *path, size_t n, bool from_above, bool proven)
{
	if (n == 1)
		return true;
	for (size_t top = 0; top + 1 < n; top++) {
		bool fits = true;

		for (size_t i = 0; i + 1 < n; i++)
			if (!from_above)
				fits = fits && allowed(path[i + 1], path[i], proven);
			else if (i < top)
				fits = fits && allowed(path[i], path[i + 1], proven);
			else if (i > top)
				fits = fits && allowed(path[i + 1], path[i], proven);
		if (fits)
			return true;
	}
	return false;
}

static enum aspa_state
meant(const uint32_t *path, size_t n, bool from_above)
{
	return could_be(path, n, from_above, true)    ? ASPA_VALID
	       : could_be(path, n, from_above, false) ? ASPA_UNKNOWN
						      : ASPA_INVALID;
}

/* ASes 1 to 8 in three layers, with mistakes: paths then have ramps and gaps. */
static struct aspa_set *
random_world(void)
{
	struct aspa_list l = { 0 };
	struct aspa_set *s;

	memset(world, 0, sizeof(world));
	for (uint32_t c = 1; c < WORLD; c++) {
		world[c][0] = rnd(&rng) % 4 > 0;
		for (uint32_t p = 1; p < WORLD && world[c][0]; p++)
			world[c][p] = p != c && rnd(&rng) % 8 < (p / 3 > c / 3	    ? 5U
								    : p / 3 < c / 3 ? 1
										    : 2);
		for (uint32_t p = 0; p < WORLD && world[c][0]; p++)
			if (p == 0 || world[c][p])
				ck_assert(aspa_list_add(&l, c, p));
	}
	aspa_list_sort_unique(&l);
	s = aspa_set_new(&l, 1);
	ck_assert_ptr_nonnull(s);
	aspa_list_free(&l);
	return s;
}

static void
check_broken(const struct aspa_verdict *v)
{
	if (v->up == ASPA_INVALID)
		require(says(v->rising.customer, v->rising.other) == ASPA_NOT_PROVIDER,
		    "AS%u lists AS%u", v->rising.customer, v->rising.other);
	if (v->down == ASPA_INVALID)
		require(says(v->rising.customer, v->rising.other) == ASPA_NOT_PROVIDER &&
			    says(v->descending.customer, v->descending.other) == ASPA_NOT_PROVIDER,
		    "downstream invalid without two broken hops");
}

START_TEST(random_paths)
{
	unsigned paths = random_cases(PATHS);
	unsigned seen[3] = { 0 };

	rng = seed_of(_i);
	for (unsigned k = 0; k < paths / SEEDS; k += 20) {
		struct aspa_set *s = random_world();

		for (unsigned r = 0; r < 20; r++) {
			uint32_t path[LONGEST], once[LONGEST];
			size_t n = 1 + rnd(&rng) % LONGEST, m = 0;
			struct aspa_verdict v;

			for (size_t i = 0; i < n; i++) {
				path[i] = 1 + rnd(&rng) % (WORLD - 1);
				if (m == 0 || once[m - 1] != path[i])
					once[m++] = path[i];
			}
			v = aspa_verify(s, path, n);
			require(v.up == meant(once, m, false), "upstream %s of %zu",
			    aspa_state_name(v.up), n);
			require(v.down == meant(once, m, true), "downstream %s of %zu",
			    aspa_state_name(v.down), n);
			/* what is invalid from above is so from below */
			require(v.down != ASPA_INVALID || v.up == ASPA_INVALID, "down only");
			check_broken(&v);
			seen[v.down]++;
		}
		aspa_set_unref(s);
	}
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_gt(seen[i], paths / SEEDS / 50);
}
END_TEST

/* --- published vectors */

static struct aspa_set *
set_of_json(const json_t *aspas)
{
	struct aspa_list l = { 0 };
	struct aspa_set *s;

	for (size_t i = 0; i < json_array_size(aspas); i++) {
		const json_t *a = json_array_get(aspas, i),
			     *providers = json_object_get(a, "providers");
		uint32_t customer = (uint32_t)json_integer_value(json_object_get(a, "customer"));

		ck_assert(aspa_list_add(&l, customer, 0));
		for (size_t k = 0; k < json_array_size(providers); k++)
			ck_assert(aspa_list_add(&l, customer,
			    (uint32_t)json_integer_value(json_array_get(providers, k))));
	}
	aspa_list_sort_unique(&l);
	s = aspa_set_new(&l, 1);
	aspa_list_free(&l);
	return s;
}

static enum aspa_state
state_of_json(const json_t *c, const struct aspa_set *s)
{
	const json_t *path = json_object_get(c, "path"),
		     *neighbour = json_object_get(c, "neighbor_as");
	bool checked = json_is_true(json_object_get(c, "first_as_check"));
	uint32_t asn = (uint32_t)json_integer_value(neighbour);
	struct aspa_verdict v;
	struct aspa_walk w;

	aspa_walk_start(&w, s);
	for (size_t i = 0; i < json_array_size(path); i++) {
		const json_t *segment = json_array_get(path, i),
			     *asns = json_object_get(segment, "asns");

		if (strcmp(json_string_value(json_object_get(segment, "type")), "seq") != 0)
			aspa_walk_set(&w);
		else
			for (size_t k = 0; k < json_array_size(asns); k++)
				aspa_walk_as(
				    &w, (uint32_t)json_integer_value(json_array_get(asns, k)));
	}
	if (aspa_walk_gate(&w, checked ? &asn : NULL) != ASPA_GATE_NONE)
		return ASPA_INVALID;
	v = aspa_walk_end(&w);
	return strcmp(json_string_value(json_object_get(c, "direction")), "upstream") == 0 ? v.up
											   : v.down;
}

START_TEST(published_vectors)
{
	const char *path = shared_data("vectors/detection.json");
	json_t *root = path != NULL ? json_load_file(path, 0, NULL) : NULL, *list;

	if (root == NULL)
		return;
	list = json_object_get(root, "aspa");
	ck_assert_uint_gt(json_array_size(list), 150);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		struct aspa_set *s = set_of_json(
		    json_object_get(json_object_get(json_object_get(root, "aspa_sets"),
					json_string_value(json_object_get(c, "aspa_set"))),
			"aspas"));

		ck_assert_msg(strcmp(aspa_state_name((uint8_t)state_of_json(c, s)),
				  json_string_value(json_object_get(c, "expect"))) == 0,
		    "%s: %s", json_string_value(json_object_get(c, "id")),
		    aspa_state_name((uint8_t)state_of_json(c, s)));
		aspa_set_unref(s);
	}
	json_decref(root);
}
END_TEST

/* The set that the hops are of is not published with them: whoever is a provider by one of them is
 * listed, and who has an ASPA at all. */
static struct aspa_set *
set_of_hops(const json_t *hops)
{
	struct aspa_list l = { 0 };
	struct aspa_set *s;

	for (size_t i = 0; i < json_array_size(hops); i++) {
		const json_t *c = json_array_get(hops, i);
		const char *says = json_string_value(json_object_get(c, "expect"));
		uint32_t customer = (uint32_t)json_integer_value(json_object_get(c, "customer")),
			 provider = (uint32_t)json_integer_value(json_object_get(c, "provider"));

		if (strcmp(says, "no-attestation") != 0)
			ck_assert(aspa_list_add(
			    &l, customer, strcmp(says, "provider+") == 0 ? provider : 0));
	}
	aspa_list_sort_unique(&l);
	s = aspa_set_new(&l, 1);
	aspa_list_free(&l);
	return s;
}

/* What the customer says of a neighbour. */
START_TEST(published_hops)
{
	static const char *const words[] = { [ASPA_NO_ATTESTATION] = "no-attestation",
		[ASPA_PROVIDER] = "provider+",
		[ASPA_NOT_PROVIDER] = "not-provider+" };
	const char *path = shared_data("vectors/detection.json");
	json_t *root = path != NULL ? json_load_file(path, 0, NULL) : NULL, *list;
	struct aspa_set *s;

	if (root == NULL)
		return;
	list = json_object_get(root, "aspa_hops");
	ck_assert_uint_gt(json_array_size(list), 30);
	s = set_of_hops(list);
	ck_assert_uint_gt(json_array_size(list), 30);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		uint32_t customer = (uint32_t)json_integer_value(json_object_get(c, "customer")),
			 provider = (uint32_t)json_integer_value(json_object_get(c, "provider"));
		const char *got = words[aspa_hop(s, customer, provider)];

		ck_assert_msg(strcmp(got, json_string_value(json_object_get(c, "expect"))) == 0,
		    "AS%u to AS%u: %s", customer, provider, got);
	}
	aspa_set_unref(s);
	json_decref(root);
}
END_TEST

HARNESS_MAIN("aspa")
{
	TIMEOUT(240);
	ROWS(table, cases);
	TEST(gates);
	TEST(the_set);
	ROWS(what_changed, changes);
	LOOP(random_paths, SEEDS);
	TEST(published_vectors);
	TEST(published_hops);
}

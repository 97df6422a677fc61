/*
 * VRP snapshots against a naive second implementation: a plain array that is searched from end to
 * end. One seed drives everything; a failure names it. The published vectors and the real snapshot
 * are read where they are there. BELLMAN_CASES: how many random routes.
 */
#include "collector/rpki/vrp.h"

#include <jansson.h>

#include "collector/rpki/vrp_union.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 60, VRPS = 400, ROUTES = 600, CASES = SEEDS * ROUTES };

static uint64_t rng;

static uint32_t
below(uint32_t n)
{
	return rnd(&rng) % n;
}

static struct vrp
vrp_of(const char *prefix, uint8_t max_len, uint32_t asn)
{
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert_msg(ip_prefix_parse(prefix, true, &v.prefix), "%s", prefix);
	v.max_len = max_len;
	v.asn = asn;
	return v;
}

/* Few distinct octets, so that prefixes nest, repeat and touch the edges of the index. */
static struct ip_prefix
random_prefix(void)
{
	static const uint8_t octets[] = { 0, 1, 10, 32, 63, 64, 127, 128, 254, 255 };
	static const uint8_t v6_first[] = { 0, 0x1f, 0x20, 0x2a, 0x3f, 0x40, 0xff };
	uint8_t family = below(2) ? IP_V4 : IP_V6, b[16];
	unsigned len = below(ip_bits(family) + 1);
	struct ip_prefix p;

	if (family == IP_V6 && below(2))
		len = 16 + below(33);
	for (int i = 0; i < 16; i++)
		b[i] = octets[below(below(4) ? 3 : sizeof(octets))];
	if (family == IP_V6)
		b[0] = v6_first[below(sizeof(v6_first))];
	ck_assert(ip_prefix_make(&p, family, b, len));
	return p;
}

static void
random_list(struct vrp_list *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct vrp v;

		memset(&v, 0, sizeof(v));
		v.prefix = random_prefix();
		v.max_len =
		    (uint8_t)(v.prefix.len + below(ip_bits(v.prefix.family) - v.prefix.len + 1));
		v.asn = below(6);
		ck_assert(vrp_ok(&v));
		ck_assert(vrp_list_add(l, &v));
	}
}

/* RFC 6811 section 2, word for word. */
static struct rov_result
naive_validate(const struct vrp_list *l, const struct ip_prefix *p, bool has_origin, uint32_t as)
{
	bool covered = false, named = false, matched = false;

	for (size_t i = 0; i < l->n; i++) {
		const struct vrp *v = &l->v[i];

		if (!ip_prefix_covers(&v->prefix, p))
			continue;
		covered = true;
		if (!has_origin || as == 0 || v->asn != as)
			continue;
		named = true;
		matched |= p->len <= v->max_len;
	}
	if (!covered)
		return (struct rov_result){ ROV_NOT_FOUND, ROV_REASON_NONE };
	if (matched)
		return (struct rov_result){ ROV_VALID, ROV_REASON_NONE };
	return (struct rov_result){ ROV_INVALID, named ? ROV_REASON_LENGTH : ROV_REASON_ASN };
}

static bool
naive_has(const struct vrp_list *l, const struct vrp *v)
{
	for (size_t i = 0; i < l->n; i++)
		if (vrp_cmp(&l->v[i], v) == 0)
			return true;
	return false;
}

static void
check_covering(const struct vrp_set *s, const struct vrp_list *l, const struct ip_prefix *p)
{
	struct vrp got[VRPS];
	size_t n = vrp_covering(s, p, got, VRPS), want = 0;

	for (size_t i = 0; i < l->n; i++)
		want += ip_prefix_covers(&l->v[i].prefix, p);
	ck_assert_uint_eq(n, want);
	ck_assert_uint_eq(vrp_covering(s, p, NULL, 0), want);
	for (size_t i = 0; i < n; i++) {
		ck_assert(ip_prefix_covers(&got[i].prefix, p) && naive_has(l, &got[i]));
		ck_assert(i == 0 || got[i - 1].prefix.len >= got[i].prefix.len);
	}
}

START_TEST(validate_equals_naive)
{
	struct vrp_list l = { 0 };
	struct vrp_set *s;
	unsigned seen[3] = { 0 }, routes = random_cases(CASES) / SEEDS;

	rng = 0x9e3779b97f4a7c15ULL + (uint64_t)_i * 7919;
	random_list(&l, _i == 0 ? 0 : 1 + below(VRPS));
	vrp_list_sort_unique(&l);
	s = vrp_set_new(&l, 7);
	ck_assert_uint_eq(vrp_set_count(s, IP_V4) + vrp_set_count(s, IP_V6), l.n);
	for (unsigned i = 0; i < routes; i++) {
		struct ip_prefix p = l.n > 0 && below(3) == 0 ? l.v[below((uint32_t)l.n)].prefix
							      : random_prefix();
		bool has = below(8) != 0;
		uint32_t as = below(7);
		struct rov_result a = vrp_validate(s, &p, has, as),
				  b = naive_validate(&l, &p, has, as);
		char text[IP_PREFIX_TEXT_MAX];

		ck_assert_msg(a.state == b.state && a.reason == b.reason,
		    "seed %d: %s AS%u (%d): %s %s, naive %s %s", _i, ip_prefix_format(&p, text), as,
		    has, rov_state_name(a.state), rov_reason_name(a.reason),
		    rov_state_name(b.state), rov_reason_name(b.reason));
		seen[a.state]++;
		check_covering(s, &l, &p);
	}
	if (_i > 10) /* the generator reaches all answers, or the test proves little */
		ck_assert(seen[ROV_NOT_FOUND] + seen[ROV_VALID] > 0 && seen[ROV_INVALID] > 0);
	vrp_set_unref(s);
	vrp_list_free(&l);
}
END_TEST

static struct vrp_list
thinned(const struct vrp_list *l, unsigned keep_of_8, size_t more)
{
	struct vrp_list out = { 0 };

	for (size_t i = 0; i < l->n; i++)
		if (below(8) < keep_of_8)
			ck_assert(vrp_list_add(&out, &l->v[i]));
	random_list(&out, more);
	vrp_list_sort_unique(&out);
	return out;
}

/* The delta is the set difference both ways, and a route it does not touch keeps its verdict. */
START_TEST(delta_is_net_and_cover_is_complete)
{
	struct vrp_list a = { 0 }, b;
	struct vrp_set *sa, *sb;
	struct vrp_delta d;
	struct vrp_cover *c;
	size_t added = 0, removed = 0;

	rng = 0xd1b54a32d192ed03ULL + (uint64_t)_i * 104729;
	random_list(&a, below(VRPS / 4));
	vrp_list_sort_unique(&a);
	b = thinned(&a, _i % 4 == 0 ? 8 : 7, _i % 5 == 0 ? 0 : below(12));
	sa = _i % 7 == 0 ? NULL : vrp_set_new(&a, 1);
	if (sa == NULL)
		a.n = 0;
	sb = vrp_set_new(&b, 2);
	ck_assert(vrp_delta_between(sa, sb, &d));
	ck_assert_uint_eq(d.generation, 2);
	for (size_t i = 0; i < a.n; i++)
		removed += !naive_has(&b, &a.v[i]);
	for (size_t i = 0; i < b.n; i++)
		added += !naive_has(&a, &b.v[i]);
	ck_assert_uint_eq(d.added.n, added);
	ck_assert_uint_eq(d.removed.n, removed);
	for (size_t i = 0; i < added; i++)
		ck_assert(naive_has(&b, &d.added.v[i]) && !naive_has(&a, &d.added.v[i]));
	for (size_t i = 1; i < removed; i++)
		ck_assert_int_lt(vrp_cmp(&d.removed.v[i - 1], &d.removed.v[i]), 0);
	c = vrp_cover_new(&d);
	for (int i = 0; i < ROUTES; i++) {
		struct ip_prefix p = random_prefix();
		bool touched = false;

		for (size_t k = 0; k < added; k++)
			touched |= ip_prefix_covers(&d.added.v[k].prefix, &p);
		for (size_t k = 0; k < removed; k++)
			touched |= ip_prefix_covers(&d.removed.v[k].prefix, &p);
		ck_assert_int_eq(vrp_cover_touches(c, &p), touched);
		for (uint32_t as = 0; !touched && as < 7; as++) {
			struct rov_result x = vrp_validate(sa, &p, true, as),
					  y = vrp_validate(sb, &p, true, as);

			ck_assert(x.state == y.state && x.reason == y.reason);
		}
	}
	vrp_cover_free(c);
	vrp_delta_free(&d);
	vrp_set_unref(sa);
	vrp_set_unref(sb);
	vrp_list_free(&a);
	vrp_list_free(&b);
}
END_TEST

START_TEST(has_exactly_this_one)
{
	struct vrp_list l = { 0 }, copy;
	struct vrp_set *s;

	rng = 77 + (uint64_t)_i;
	random_list(&l, 200);
	vrp_list_sort_unique(&l);
	s = vrp_set_new(&l, 1);
	ck_assert(vrp_list_copy(&copy, &l) && copy.n == l.n);
	for (size_t i = 0; i < l.n; i++) {
		struct vrp v = l.v[i];

		ck_assert((vrp_list_find(&copy, &v) != NULL) && vrp_set_has(s, &v));
		v.ta = 9; /* no part of it */
		ck_assert((vrp_list_find(&copy, &v) != NULL) && vrp_set_has(s, &v));
		v.asn += below(3);
		v.max_len = (uint8_t)(v.prefix.len + below(2));
		ck_assert((vrp_list_find(&copy, &v) != NULL) == naive_has(&l, &v));
		ck_assert(vrp_set_has(s, &v) == naive_has(&l, &v));
		v.prefix = random_prefix();
		v.max_len = v.prefix.len;
		ck_assert(vrp_set_has(s, &v) == naive_has(&l, &v));
	}
	ck_assert(l.n == 0 || !vrp_set_has(NULL, &l.v[0]));
	vrp_set_unref(s);
	vrp_list_free(&copy);
	vrp_list_free(&l);
}
END_TEST

START_TEST(union_counts_once)
{
	struct vrp_list l[3] = { { 0 }, { 0 }, { 0 } }, all = { 0 };
	const struct vrp_list *lists[] = { &l[0], &l[1], &l[2] };
	struct vrp_list sum;

	rng = 4242;
	for (int i = 0; i < 3; i++) {
		random_list(&l[i], 80);
		random_list(&all, 0);
		for (size_t k = 0; k < l[i].n; k++)
			ck_assert(vrp_list_add(&all, &l[i].v[k]));
		if (i > 0) /* what two sources say counts once */
			ck_assert(vrp_list_add(&l[i], &l[0].v[0]));
		vrp_list_sort_unique(&l[i]);
	}
	vrp_list_sort_unique(&all);
	for (size_t n = 0; n <= 3; n++) {
		ck_assert(vrp_union(lists, n, &sum));
		for (size_t k = 1; k < sum.n; k++)
			ck_assert_int_lt(vrp_cmp(&sum.v[k - 1], &sum.v[k]), 0);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < l[i].n; k++)
				ck_assert_ptr_nonnull(vrp_list_find(&sum, &l[i].v[k]));
		if (n == 3)
			ck_assert_uint_eq(sum.n, all.n);
		vrp_list_free(&sum);
	}
	for (int i = 0; i < 3; i++)
		vrp_list_free(&l[i]);
	vrp_list_free(&all);
}
END_TEST

START_TEST(limits_of_a_vrp)
{
	static const struct {
		const char *prefix;
		uint8_t max_len;
		bool ok;
	} rows[] = { { "0.0.0.0/0", 0, true }, { "0.0.0.0/0", 32, true },
		{ "10.0.0.0/8", 7, false }, { "10.0.0.0/8", 33, false },
		{ "10.0.0.1/32", 32, true }, { "::/0", 128, true }, { "::/0", 129, false },
		{ "2001:db8::/32", 31, false }, { "2001:db8::1/128", 128, true } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vrp v = vrp_of(rows[i].prefix, rows[i].max_len, 1);

		ck_assert_msg(vrp_ok(&v) == rows[i].ok, "%s-%u", rows[i].prefix, rows[i].max_len);
	}
	ck_assert_int_eq(vrp_validate(NULL, &(struct ip_prefix){ .family = IP_V4 }, true, 1).state,
	    ROV_NOT_FOUND);
	vrp_set_unref(NULL);
}
END_TEST

/* --- vectors */

static struct vrp_set *
set_of_json(const json_t *vrps)
{
	struct vrp_list l = { 0 };
	struct vrp_set *s;

	for (size_t i = 0; i < json_array_size(vrps); i++) {
		const json_t *o = json_array_get(vrps, i);
		struct vrp v = vrp_of(json_string_value(json_object_get(o, "prefix")),
		    (uint8_t)json_integer_value(json_object_get(o, "maxlen")),
		    (uint32_t)json_integer_value(json_object_get(o, "asn")));

		ck_assert(vrp_list_add(&l, &v));
	}
	vrp_list_sort_unique(&l);
	s = vrp_set_new(&l, 1);
	vrp_list_free(&l);
	return s;
}

START_TEST(published_vectors)
{
	const char *shared = getenv("BELLMAN_SHARED");
	char path[512];
	json_t *root, *cases, *sets;

	snprintf(path, sizeof(path), "%s/data/vectors/detection.json",
	    shared != NULL ? shared : "../shared");
	root = json_load_file(path, 0, NULL);
	if (root == NULL) {
		printf("SKIPPED: published vectors: no %s\n", path);
		return;
	}
	cases = json_object_get(root, "rov");
	sets = json_object_get(root, "vrp_sets");
	ck_assert_uint_gt(json_array_size(cases), 50);
	for (size_t i = 0; i < json_array_size(cases); i++) {
		const json_t *c = json_array_get(cases, i), *as = json_object_get(c, "origin"),
			     *reason = json_object_get(c, "invalid_reason");
		struct vrp_set *s = set_of_json(json_object_get(
		    json_object_get(sets, json_string_value(json_object_get(c, "vrp_set"))),
		    "vrps"));
		const char *id = json_string_value(json_object_get(c, "id")),
			   *want = json_string_value(json_object_get(c, "own_result"));
		struct ip_prefix p;
		struct rov_result r;

		ck_assert_msg(
		    ip_prefix_parse(json_string_value(json_object_get(c, "prefix")), false, &p),
		    "%s", id);
		r = vrp_validate(s, &p, json_is_integer(as), (uint32_t)json_integer_value(as));
		ck_assert_msg(strcmp(rov_state_name(r.state), want) == 0, "%s: %s, want %s", id,
		    rov_state_name(r.state), want);
		/* a third word of the vectors, "as-set-origin", is our "invalid-asn" */
		if (json_is_string(reason))
			ck_assert_msg(strcmp(rov_reason_name(r.reason),
					  strcmp(json_string_value(reason), "as-set-origin") == 0
					      ? "invalid-asn"
					      : json_string_value(reason)) == 0,
			    "%s: %s", id, rov_reason_name(r.reason));
		vrp_set_unref(s);
	}
	printf("published vectors: %zu cases\n", json_array_size(cases));
	json_decref(root);
}
END_TEST

HARNESS_MAIN("vrp")
{
	TIMEOUT(120);
	LOOP(validate_equals_naive, SEEDS);
	LOOP(delta_is_net_and_cover_is_complete, SEEDS);
	LOOP(has_exactly_this_one, 20);
	TEST(union_counts_once);
	TEST(limits_of_a_vrp);
	TEST(published_vectors);
}

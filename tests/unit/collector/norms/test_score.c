/* The scores of MANRS: weights, what is one incident, months. */
#include <jansson.h>

#include "tests/unit/support/harness.h"

#include "collector/norms/score.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, SPANS_MAX = 64 };

START_TEST(weights)
{
	static const struct {
		int64_t seconds;
		uint32_t halves;
	} rows[] = {
		{ -5, 0 },
		{ 0, 0 },
		{ 1, 1 },
		{ 29 * MINUTE, 1 },
		{ 30 * MINUTE - 1, 1 },
		{ 30 * MINUTE, 2 },
		{ 13 * HOUR, 2 },
		{ DAY - 1, 2 },
		{ DAY, 4 },
		{ 25 * HOUR, 4 },
		{ 2 * DAY - 1, 4 },
		{ 2 * DAY, 6 },
		{ 31 * DAY, 64 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(norm_halves(rows[i].seconds) == rows[i].halves, "%lld s: %u",
		    (long long)rows[i].seconds, norm_halves(rows[i].seconds));
}
END_TEST

START_TEST(published_example)
{
	struct norm_span v[] = { { 0, 29 * MINUTE }, { 2 * DAY, 2 * DAY + 13 * HOUR },
		{ 5 * DAY, 5 * DAY + 25 * HOUR } };
	size_t n = norm_merge(v, 3);

	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(norm_score(v, n), 7); /* 3.5 */
}
END_TEST

START_TEST(what_touches_is_one)
{
	struct norm_span v[] = { { 90, 100 }, { 50, 60 }, { 0, 10 }, { 10, 20 }, { 15, 30 },
		{ 16, 17 }, { 31, 40 }, { 55, 55 }, { 70, 70 } };
	size_t n = norm_merge(v, 9);

	ck_assert_uint_eq(n, 4);
	ck_assert_int_eq(v[0].from_s, 0);
	ck_assert_int_eq(v[0].to_s, 30);
	ck_assert_int_eq(v[1].from_s, 31);
	ck_assert_int_eq(v[2].from_s, 50);
	ck_assert_int_eq(v[3].from_s, 90);
	ck_assert_uint_eq(norm_merge(NULL, 0), 0);
}
END_TEST

/* Whatever the order, and as often as each is told. */
START_TEST(order_changes_nothing)
{
	uint64_t seed = seed_of(_i);
	struct norm_span v[SPANS_MAX], once[SPANS_MAX];
	bool there[2000] = { false };
	uint32_t runs = 0;
	size_t n = 8 + rnd(&seed) % 24, m;

	for (size_t i = 0; i < n; i++) {
		v[i].from_s = rnd(&seed) % 1900;
		v[i].to_s = v[i].from_s + rnd(&seed) % 60;
		v[n + i] = v[i]; /* told twice */
		for (int64_t t = v[i].from_s; t < v[i].to_s; t++)
			there[t] = true;
	}
	memcpy(once, v, n * sizeof(*v));
	for (size_t i = n - 1; i > 0; i--) {
		size_t k = rnd(&seed) % (i + 1);
		struct norm_span swap = once[i];

		once[i] = once[k];
		once[k] = swap;
	}
	m = norm_merge(v, 2 * n);
	ck_assert_uint_eq(norm_merge(once, n), m);
	ck_assert_mem_eq(v, once, m * sizeof(*v));
	for (size_t t = 0; t < 2000; t++)
		runs += there[t] && (t == 0 || !there[t - 1]);
	ck_assert_uint_eq(runs, m);
	for (size_t i = 0; i < m; i++)
		for (int64_t t = v[i].from_s; t < v[i].to_s; t++)
			ck_assert(there[t]);
}
END_TEST

START_TEST(months)
{
	static const struct {
		const char *month, *from, *last;
		int days;
	} rows[] = {
		{ "2026-10", "2026-10-01", "2026-10-31", 31 },
		{ "2026-12", "2026-12-01", "2026-12-31", 31 },
		{ "2026-02", "2026-02-01", "2026-02-28", 28 },
		{ "2028-02", "2028-02-01", "2028-02-29", 29 },
		{ "2000-02", "2000-02-01", "2000-02-29", 29 },
		{ "1970-01", "1970-01-01", "1970-01-31", 31 },
	};
	static const char *const wrong[] = { "", "2026", "2026-13", "2026-00", "2026-1", "26-10",
		"2026-10-01", "2026-1a", "-026-10", "1969-12", "202610-" };
	struct norm_span s;
	char text[NORM_DAY_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert(norm_month(rows[i].month, &s));
		ck_assert_int_eq(s.to_s - s.from_s, rows[i].days * DAY);
		ck_assert_str_eq(norm_day_text(s.from_s, text), rows[i].from);
		ck_assert_str_eq(norm_day_text(s.to_s - 1, text), rows[i].last);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!norm_month(wrong[i], &s), "%s", wrong[i]);
	ck_assert(norm_month("2026-11", &s));
	ck_assert_int_eq(s.from_s, 1793491200);
}
END_TEST

START_TEST(over_the_end_of_a_month)
{
	struct norm_span oct, nov, v[1], w[1];

	ck_assert(norm_month("2026-10", &oct) && norm_month("2026-11", &nov));
	v[0] = w[0] = (struct norm_span){ oct.to_s - 10 * MINUTE, nov.from_s + 2 * DAY };
	ck_assert_uint_eq(norm_cut(v, 1, oct), 1);
	ck_assert_uint_eq(norm_score(v, 1), 1);
	ck_assert_uint_eq(norm_cut(w, 1, nov), 1);
	ck_assert_uint_eq(norm_score(w, 1), 6);
	v[0] = (struct norm_span){ nov.from_s, nov.to_s };
	ck_assert_uint_eq(norm_cut(v, 1, oct), 0);
}
END_TEST

START_TEST(each_rule_has_its_metric)
{
	static const struct {
		enum rule rule;
		enum norm_metric culprit, accomplice;
	} rows[] = {
		{ RULE_LEAK_OWN, METRIC_M1, METRIC_M1C },
		{ RULE_LEAK_OTC, METRIC_M1, METRIC_M1C },
		{ RULE_ASPA, METRIC_M1, METRIC_M1C },
		{ RULE_HIJACK_EXACT, METRIC_M2, METRIC_M2C },
		{ RULE_ROV_ASN, METRIC_M2, METRIC_M2C },
		{ RULE_BOGON_PREFIX, METRIC_M3, METRIC_M3C },
		{ RULE_BOGON_ASN, METRIC_M4, METRIC_M4C },
		{ RULE_ROV_LENGTH, METRICS, METRICS },
		{ RULE_LONG_PATH, METRICS, METRICS },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t norm = rule_info[rows[i].rule].norm;

		ck_assert_int_eq(norm_metric_of(norm, true), rows[i].culprit);
		ck_assert_int_eq(norm_metric_of(norm, false), rows[i].accomplice);
	}
	for (int r = 0; r < RULES; r++)
		ck_assert_int_eq(rule_info[r].norm == NORM_LEAK, RULES_LEAK >> r & 1);
	ck_assert_str_eq(norm_metric_info[METRIC_M4C].name, "M4C");
}
END_TEST

/* --- vectors that are not ours */

static size_t
spans_in(const json_t *list, struct norm_span *out)
{
	size_t n = json_array_size(list);

	ck_assert_uint_le(n, SPANS_MAX);
	for (size_t i = 0; i < n; i++) {
		const json_t *s = json_array_get(list, i);

		out[i].from_s = json_integer_value(json_array_get(s, 0));
		out[i].to_s = json_integer_value(json_array_get(s, 1));
	}
	return n;
}

START_TEST(published_vectors)
{
	const char *path = shared_data("vectors/detection.json");
	json_t *root = path != NULL ? json_load_file(path, 0, NULL) : NULL, *list;

	if (path == NULL)
		return;
	ck_assert_ptr_nonnull(root);
	list = json_object_get(root, "manrs_scores");
	ck_assert_uint_gt(json_array_size(list), 5);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i),
			     *seconds = json_object_get(c, "incident_seconds");
		struct norm_span v[SPANS_MAX];
		size_t n = json_array_size(seconds);

		for (size_t k = 0; k < n; k++) {
			v[k].from_s = (int64_t)k * 365 * DAY;
			v[k].to_s = v[k].from_s + json_integer_value(json_array_get(seconds, k));
		}
		n = norm_merge(v, n);
		ck_assert_msg(
		    (double)norm_score(v, n) / 2 == json_number_value(json_object_get(c, "expect")),
		    "%s", json_string_value(json_object_get(c, "id")));
	}
	list = json_object_get(root, "manrs_merge");
	ck_assert_uint_gt(json_array_size(list), 3);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		struct norm_span v[SPANS_MAX], want[SPANS_MAX];
		size_t n = spans_in(json_object_get(c, "events"), v),
		       wanted = spans_in(json_object_get(c, "incidents"), want);

		ck_assert_uint_eq(norm_merge(v, n), wanted);
		ck_assert_mem_eq(v, want, wanted * sizeof(*v));
	}
	json_decref(root);
}
END_TEST

HARNESS_MAIN("score")
{
	TEST(weights);
	TEST(published_example);
	TEST(what_touches_is_one);
	LOOP(order_changes_nothing, 200);
	TEST(months);
	TEST(over_the_end_of_a_month);
	TEST(each_rule_has_its_metric);
	TEST(published_vectors);
}

/* How much less is too much, with three VRPs, with hundreds, and with as many as there are. */
#include "collector/rpki/vrp_loss.h"

#include "collector/rpki/vrp_aside.h"
#include "tests/unit/support/harness.h"

static const struct vrp_loss_limits limits = { .percent = 10, .least = 50 };

/* n VRPs of a trust anchor, the first of them number `from`. */
static void
add(struct vrp_list *l, uint32_t from, size_t n, uint8_t ta)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = from + i;
		uint8_t b[16] = { (uint8_t)(1 + (k >> 16)), (uint8_t)(k >> 8), (uint8_t)k };
		struct vrp v;

		memset(&v, 0, sizeof(v));
		ck_assert(ip_prefix_make(&v.prefix, IP_V4, b, 24));
		v.max_len = 24;
		v.asn = 64500;
		v.ta = ta;
		ck_assert(vrp_list_add(l, &v));
	}
}

static const struct vrp_tas tas = { .n = 2, .name = { "ripe", "arin" } },
			    turned = { .n = 2, .name = { "arin", "ripe" } }, untold = { .n = 0 };

static const struct {
	const char *name;
	size_t ripe, arin, ripe_left, arin_left;
	enum vrp_loss_kind kind;
	const char *says;
} rows[] = {
	{ "one of three", 3, 0, 2, 0, VRP_LOSS_ORDINARY, "" },
	{ "two of three", 3, 0, 1, 0, VRP_LOSS_ORDINARY, "" },
	{ "three of three", 3, 0, 0, 0, VRP_LOSS_ALL, "of 3 VRPs none is left" },
	{ "the only one", 1, 0, 0, 0, VRP_LOSS_ALL, "none" },
	{ "nothing of nothing", 0, 0, 0, 0, VRP_LOSS_ORDINARY, "" },
	{ "49 of 200", 200, 0, 151, 0, VRP_LOSS_ORDINARY, "" },
	{ "50 of 200", 200, 0, 150, 0, VRP_LOSS_SHARE,
	    "of 200 VRPs of the trust anchor ripe 150 are left" },
	{ "a small trust anchor", 3, 200, 0, 200, VRP_LOSS_ORDINARY, "" },
	{ "a trust anchor", 6, 200, 0, 200, VRP_LOSS_ANCHOR,
	    "of 6 VRPs of the trust anchor ripe none is left" },
	{ "a tenth of many", 60000, 0, 54000, 0, VRP_LOSS_ORDINARY, "" },
	{ "more than a tenth of many", 60000, 0, 53999, 0, VRP_LOSS_SHARE, "53999 are left" },
	{ "half of a small part", 60000, 400, 60000, 200, VRP_LOSS_SHARE,
	    "of 400 VRPs of the trust anchor arin 200 are left" },
	{ "more than there was", 100, 0, 200, 0, VRP_LOSS_ORDINARY, "" },
};

START_TEST(limits_with_few_and_with_many)
{
	struct vrp_list before = { 0 }, after = { 0 };
	struct vrp_loss loss;
	char text[128] = "";

	add(&before, 0, rows[_i].ripe, 1);
	add(&before, 100000, rows[_i].arin, 2);
	add(&after, 0, rows[_i].ripe_left, 2); /* numbered in another order */
	add(&after, 100000, rows[_i].arin_left, 1);
	loss = vrp_loss_between(&before, &tas, &after, &turned, &limits);
	ck_assert_msg(loss.kind == rows[_i].kind, "%s: %d", rows[_i].name, loss.kind);
	if (loss.kind != VRP_LOSS_ORDINARY)
		vrp_loss_text(&loss, text, sizeof(text));
	ck_assert_msg(strstr(text, rows[_i].says) != NULL, "%s: %s", rows[_i].name, text);
	vrp_list_free(&before);
	vrp_list_free(&after);
}
END_TEST

/* The names of the trust anchors went, the VRPs did not; and others in the place of all. */
START_TEST(no_loss_at_all)
{
	struct vrp_list before = { 0 }, after = { 0 };

	add(&before, 0, 200, 1);
	add(&after, _i == 0 ? 0 : 5000, 200, 0);
	ck_assert_int_eq(vrp_loss_between(&before, &tas, &after, &untold, &limits).kind,
	    _i == 0 ? VRP_LOSS_ORDINARY : VRP_LOSS_ANCHOR);
	ck_assert_int_eq(
	    vrp_loss_between(&before, &untold, &after, &untold, &limits).kind, VRP_LOSS_ORDINARY);
	vrp_list_free(&before);
	vrp_list_free(&after);
}
END_TEST

/* --- too wide */

static struct vrp
vrp_of(const char *prefix, uint32_t asn)
{
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert_msg(ip_prefix_parse(prefix, true, &v.prefix), "%s", prefix);
	v.max_len = v.prefix.len;
	v.asn = asn;
	return v;
}

static const struct {
	const char *prefix;
	uint32_t asn;
	bool at_first, later; /* is it held, in the first data, and when it is new */
	enum vrp_aside_kind kind;
} wide[] = {
	{ "0.0.0.0/0", 64666, true, true, VRP_ASIDE_DEFAULT },
	{ "::/0", 0, true, true, VRP_ASIDE_DEFAULT },
	{ "128.0.0.0/1", 64666, true, true, VRP_ASIDE_DEFAULT },
	{ "2000::/3", 0, true, true, VRP_ASIDE_DEFAULT },
	{ "64.0.0.0/7", 64666, true, true, VRP_ASIDE_DEFAULT },
	{ "224.0.0.0/3", 0, false, false, 0 }, /* no route of the Internet's is there */
	{ "fc00::/7", 0, false, false, 0 }, { "53.0.0.0/8", 64510, false, true, VRP_ASIDE_MASS },
	{ "2003::/19", 64510, false, true, VRP_ASIDE_MASS },
	{ "53.0.0.0/9", 64510, false, false, 0 }, { "2003::/20", 64510, false, false, 0 },
	{ "53.0.0.0/9", 0, false, false, 0 }, { "198.51.0.0/16", 0, false, false, 0 },
	{ "9.0.0.0/8", 64510, false, false, 0 }, /* covered by what is in force */
};

static bool
apply_all(struct vrp_aside *a, struct vrp_list *l, const struct vrp_set *in_force, bool growth,
    int64_t now)
{
	const struct vrp_aside_with w = {
		.in_force = in_force, .growth = growth, .hold_us = 3600, .now_us = now
	};

	return vrp_aside_apply(a, l, &w);
}

static void
apply(struct vrp_aside *a, const struct vrp *v, const struct vrp_set *in_force, int64_t now,
    size_t left)
{
	struct vrp_list l = { 0 };

	ck_assert(vrp_list_add(&l, v));
	ck_assert(apply_all(a, &l, in_force, true, now));
	ck_assert_msg(l.n == left, "%zu left at %lld", l.n, (long long)now);
	vrp_list_free(&l);
}

START_TEST(too_wide)
{
	struct vrp v = vrp_of(wide[_i].prefix, wide[_i].asn), other = vrp_of("8.0.0.0/7", 64501);
	struct vrp_list l = { 0 };
	const struct vrp_held *held;
	struct vrp_aside a = { 0 };
	struct vrp_set *in_force;

	apply(&a, &v, NULL, 1, wide[_i].at_first ? 0 : 1);
	vrp_aside_free(&a);
	ck_assert(vrp_list_add(&l, &other));
	in_force = vrp_set_new(&l, 1);
	apply(&a, &v, in_force, 1, wide[_i].later ? 0 : 1);
	if (wide[_i].later) {
		ck_assert_uint_eq(vrp_aside_count(&a, wide[_i].kind), 1);
		ck_assert_uint_eq(vrp_aside_worst(&a, wide[_i].kind, &held, 1), 1);
		ck_assert_int_eq(vrp_cmp(&held->vrp, &v), 0);
		ck_assert_int_eq(vrp_aside_due(&a, 3600), 3601);
		apply(&a, &v, in_force, 3600, 0);
		apply(&a, &v, in_force, 3601, 1); /* long enough */
	}
	ck_assert_int_eq(vrp_aside_due(&a, 3600), 0);
	vrp_set_unref(in_force);
	/* in force is in force */
	l.v[0] = v;
	in_force = vrp_set_new(&l, 1);
	apply(&a, &v, in_force, 1, 1);
	vrp_set_unref(in_force);
	vrp_list_free(&l);
	vrp_aside_free(&a);
}
END_TEST

/* A list of AS 0: small blocks that together are as much as a /8. */
START_TEST(many_small_ones)
{
	enum { N = 256 };
	struct vrp_list all = { 0 }, l = { 0 };
	struct vrp_aside a = { 0 };
	struct vrp one = vrp_of("203.0.113.0/24", 64500);
	struct vrp_set *in_force;
	size_t n = _i == 0 ? N : N - 1;

	ck_assert(vrp_list_add(&all, &one));
	in_force = vrp_set_new(&all, 1);
	for (uint32_t i = 0; i < n; i++) {
		char text[32];
		struct vrp v;

		snprintf(text, sizeof(text), "5.%u.0.0/16", i);
		v = vrp_of(text, 0);
		ck_assert(vrp_list_add(&l, &v));
	}
	ck_assert(vrp_list_add(&l, &one));
	ck_assert(apply_all(&a, &l, in_force, true, 1));
	ck_assert_uint_eq(l.n, _i == 0 ? 1 : n + 1);
	ck_assert_uint_eq(vrp_aside_count(&a, VRP_ASIDE_MASS), _i == 0 ? n : 0);
	/* gone from the data, gone from what is held */
	l.n = 0;
	ck_assert(vrp_list_add(&l, &one));
	ck_assert(apply_all(&a, &l, in_force, true, 2));
	ck_assert_uint_eq(vrp_aside_count(&a, VRP_ASIDE_MASS), 0);
	vrp_set_unref(in_force);
	vrp_list_free(&all);
	vrp_list_free(&l);
	vrp_aside_free(&a);
}
END_TEST

/* What comes with a source that has just been added is no growth. */
START_TEST(of_a_new_source)
{
	struct vrp v = vrp_of("53.0.0.0/8", 64510);
	struct vrp_list l = { 0 }, none = { 0 };
	struct vrp_aside a = { 0 };
	struct vrp_set *in_force = vrp_set_new(&none, 1);

	ck_assert(vrp_list_add(&l, &v));
	ck_assert(apply_all(&a, &l, in_force, false, 1));
	ck_assert_uint_eq(l.n, 1);
	ck_assert(apply_all(&a, &l, in_force, true, 1));
	ck_assert_uint_eq(l.n, 0);
	ck_assert(vrp_list_add(&l, &v));
	ck_assert_msg(
	    apply_all(&a, &l, in_force, false, 2) && l.n == 0, "what is held already stays so");
	vrp_set_unref(in_force);
	vrp_list_free(&l);
	vrp_aside_free(&a);
}
END_TEST

HARNESS_MAIN("vrp_loss")
{
	ROWS(limits_with_few_and_with_many, rows);
	LOOP(no_loss_at_all, 2);
	ROWS(too_wide, wide);
	LOOP(many_small_ones, 2);
	TEST(of_a_new_source);
}

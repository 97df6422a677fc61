/* Own prefixes by VRPs, and by those of the last days. */
#include "collector/daemon/own_derived.h"

#include <stdio.h>

#include "base/pure/text.h"
#include "tests/unit/support/harness.h"

enum { TODAY = 20000, KEPT_MAX = 16 };

static struct {
	char key[64], value[32];
} kept[KEPT_MAX];
static unsigned kept_n;
static const uint32_t asns[] = { 64500, 64501 };

static void
keep(void *ctx, const char *key, const char *value, size_t len)
{
	unsigned i = 0;

	(void)ctx;
	while (i < kept_n && strcmp(kept[i].key, key) != 0)
		i++;
	if (value == NULL) {
		ck_assert_uint_lt(i, kept_n);
		kept[i] = kept[--kept_n];
		return;
	}
	ck_assert_uint_lt(i, KEPT_MAX);
	kept_n += i == kept_n;
	text_copy(kept[i].key, sizeof(kept[i].key), key);
	snprintf(kept[i].value, sizeof(kept[i].value), "%.*s", (int)len, value);
}

static const struct own_derived_keeper keeper = { keep, NULL };

static struct vrp
vrp(const char *prefix, uint32_t asn)
{
	struct vrp v = { .asn = asn };

	ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
	v.max_len = v.prefix.len;
	return v;
}

static struct vrp_set *
set_of(const struct vrp *v, size_t n)
{
	struct vrp_list list = { .v = NULL };
	struct vrp_set *set;

	for (size_t i = 0; i < n; i++)
		ck_assert(vrp_list_add(&list, &v[i]));
	vrp_list_sort_unique(&list);
	set = vrp_set_new(&list, 1);
	vrp_list_free(&list);
	ck_assert_ptr_nonnull(set);
	return set;
}

/* Returns whether something else is ours. */
static bool
update(struct own_derived *o, const struct vrp *v, size_t n, uint32_t day)
{
	const struct detect_config c = { .own_asns = asns, .own_asns_n = 1, .derive = 1 };
	struct vrp_set *set = set_of(v, n);
	bool other = own_derived_update(o, &keeper, &c, set, day);

	vrp_set_unref(set);
	return other;
}

START_TEST(ours_for_some_days_more)
{
	const struct vrp ours[] = { vrp("203.0.113.0/24", 64500), vrp("198.51.100.0/24", 64496) };
	struct own_derived o = { .v = NULL };

	kept_n = 0;
	ck_assert(update(&o, ours, 2, TODAY));
	ck_assert_uint_eq(o.n, 1);
	ck_assert_uint_eq(o.v[0].gone, 0);
	ck_assert(!update(&o, ours + 1, 1, TODAY));
	ck_assert_uint_eq(o.n, 1);
	ck_assert_uint_eq(o.v[0].gone, TODAY);
	ck_assert(!update(&o, ours, 2, TODAY + 3)); /* it is back */
	ck_assert_uint_eq(o.v[0].gone, 0);
	ck_assert(!update(&o, ours + 1, 1, TODAY + 4));
	ck_assert(!update(&o, ours + 1, 1, TODAY + 4 + OWN_DERIVED_DAYS));
	ck_assert_uint_eq(o.n, 1);
	ck_assert(update(&o, ours + 1, 1, TODAY + 5 + OWN_DERIVED_DAYS));
	ck_assert_uint_eq(o.n, 0);
	ck_assert_uint_eq(kept_n, 0);
	own_derived_free(&o);
}
END_TEST

START_TEST(somebody_elses)
{
	const struct vrp ours = vrp("203.0.113.0/24", 64500), theirs = vrp("203.0.112.0/23", 64496),
			 nobodys = vrp("203.0.112.0/22", 0);
	struct own_derived o = { .v = NULL };

	kept_n = 0;
	ck_assert(update(&o, &ours, 1, TODAY));
	ck_assert(!update(&o, &nobodys, 1, TODAY));
	ck_assert_uint_eq(o.n, 1);
	ck_assert(update(&o, &theirs, 1, TODAY));
	ck_assert_uint_eq(o.n, 0);
	own_derived_free(&o);
}
END_TEST

/* Another configuration is no ROA that is gone. */
START_TEST(ours_no_more)
{
	const struct vrp v[] = { vrp("192.0.2.0/24", 64501), vrp("203.0.113.0/24", 64500) };
	struct detect_config c = { .own_asns = asns, .own_asns_n = 2, .derive = 1 };
	struct vrp_set *set = set_of(v, 2);
	struct own_derived o = { .v = NULL };

	kept_n = 0;
	ck_assert(own_derived_update(&o, &keeper, &c, set, TODAY));
	ck_assert_uint_eq(o.n, 2);
	c.own_asns_n = 1;
	ck_assert(own_derived_update(&o, &keeper, &c, set, TODAY));
	ck_assert_uint_eq(o.n, 1);
	c.derive = 0;
	ck_assert(own_derived_update(&o, &keeper, &c, set, TODAY));
	ck_assert_uint_eq(o.n, 0);
	vrp_set_unref(set);
	own_derived_free(&o);
}
END_TEST

START_TEST(over_a_restart)
{
	const struct vrp ours = vrp("203.0.113.0/24", 64500), other = vrp("192.0.2.0/24", 64496);
	struct own_derived o = { .v = NULL }, again = { .v = NULL };

	kept_n = 0;
	update(&o, &ours, 1, TODAY);
	update(&o, &other, 1, TODAY);
	ck_assert_uint_eq(kept_n, 1);
	ck_assert(
	    own_derived_restore_one(&again, kept[0].key, kept[0].value, strlen(kept[0].value)));
	ck_assert_uint_eq(again.v[0].gone, TODAY);
	ck_assert_uint_eq(again.v[0].asn, 64500);
	own_derived_free(&again);
	/* as it was kept once, and what cannot be read */
	ck_assert(own_derived_restore_one(&again, "203.0.113.0/24", "1", 1));
	ck_assert(own_derived_restore_one(&again, "nonsense", "1", 1));
	ck_assert_uint_eq(again.n, 1);
	ck_assert(!update(&again, &other, 1, TODAY));
	ck_assert_uint_eq(again.v[0].gone, TODAY);
	own_derived_free(&again);
	own_derived_free(&o);
}
END_TEST

HARNESS_MAIN("own_derived")
{
	TEST(ours_for_some_days_more);
	TEST(somebody_elses);
	TEST(ours_no_more);
	TEST(over_a_restart);
}

/* ASPAs that nobody has published: those of some customers are others, the rest is as it was. */
#include "tests/unit/support/harness.h"

#include "collector/rpki/aspa_edit.h"

static struct aspa_set *
in_force(void)
{
	struct aspa_list l = { 0 };
	struct aspa_set *set;

	for (uint32_t customer = 1; customer <= 9; customer++)
		for (uint32_t provider = 100; provider < 100 + customer; provider++)
			ck_assert(aspa_list_add(&l, customer, provider));
	aspa_list_sort_unique(&l);
	set = aspa_set_new(&l, 7);
	aspa_list_free(&l);
	ck_assert_ptr_nonnull(set);
	return set;
}

START_TEST(edited_aspas)
{
	static const struct aspa_edits edits = { .n = 3,
		.v = { { .customer = 3, .providers_n = 2, .providers = { 500, 400 } },
		    { .customer = 5 }, { .customer = 77, .providers_n = 1, .providers = { 0 } } } };
	struct aspa_set *before = in_force(), *after = aspa_set_edited(before, &edits), *alone;
	const uint32_t *was, *is;
	size_t was_n, is_n;

	ck_assert_ptr_nonnull(after);
	ck_assert_uint_eq(aspa_set_count(after), 9); /* one is gone, one is new */
	for (uint32_t customer = 1; customer <= 9; customer++) {
		ck_assert(aspa_edits_touch(&edits, customer) == (customer == 3 || customer == 5));
		if (aspa_edits_touch(&edits, customer))
			continue;
		was = aspa_providers(before, customer, &was_n);
		is = aspa_providers(after, customer, &is_n);
		ck_assert_uint_eq(is_n, was_n);
		ck_assert_int_eq(memcmp(is, was, is_n * sizeof(*is)), 0);
	}
	is = aspa_providers(after, 3, &is_n);
	ck_assert_uint_eq(is_n, 2);
	ck_assert_uint_eq(is[0], 400);
	ck_assert_ptr_null(aspa_providers(after, 5, &is_n));
	ck_assert_int_eq(aspa_hop(after, 77, 1), ASPA_NOT_PROVIDER);
	ck_assert_int_eq(aspa_hop(before, 3, 100), ASPA_PROVIDER);
	alone = aspa_set_edited(NULL, &edits);
	ck_assert_uint_eq(aspa_set_count(alone), 2);
	aspa_set_unref(alone);
	aspa_set_unref(after);
	aspa_set_unref(before);
}
END_TEST

HARNESS_MAIN("aspa_edit")
{
	TEST(edited_aspas);
}

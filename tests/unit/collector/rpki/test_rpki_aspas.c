/* ASPAs of all sources: when they count, their union, what is held back, local exceptions. */
#include "tests/unit/support/rpki_data_fixture.h"

static size_t told, told_changed;

static void
on_aspas(void *ctx, struct aspa_set *set, size_t changed)
{
	(void)ctx;
	ck_assert_uint_gt(aspa_set_generation(set), 0);
	told++;
	told_changed = changed;
}

static void
setup_aspas(void)
{
	static struct rpki_data_ops with;

	setup();
	rpki_data_free(d);
	with = ops;
	with.aspas = on_aspas;
	d = rpki_data_new(&with, NULL);
	told = told_changed = 0;
}

/* Customers from..from+n-1, each with this provider, beside VRPs. */
static void
say_aspas(struct rpki_source *s, uint32_t from, uint32_t n, uint32_t provider)
{
	struct aspa_list l = { 0 };

	for (uint32_t i = from; i < from + n; i++)
		ck_assert(aspa_list_add(&l, i, provider));
	rpki_source_said_aspas(s, &l, now);
	ck_assert_ptr_null(l.v);
	say(s, 0, 100);
}

static const char *
all_now(void)
{
	static char text[400];
	struct aspa_list l;

	text[0] = '\0';
	ck_assert(aspa_set_list(rpki_data_aspas(d), &l));
	for (size_t i = 0; i < l.n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u:%u ",
		    l.v[i].customer, l.v[i].provider);
	aspa_list_free(&l);
	return text;
}

START_TEST(union_of_sources)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_FILE, "b");

	configured();
	say_aspas(a, 5, 2, 9);
	ck_assert_ptr_null(rpki_data_aspas(d)); /* not before all have answered */
	say_aspas(b, 6, 2, 8);
	ck_assert_str_eq(all_now(), "5:9 6:8 6:9 7:8 ");
	ck_assert(told == 1 && told_changed == 3);
	say_aspas(b, 6, 2, 8);
	ck_assert_uint_eq(told, 1); /* no news */
	say_aspas(a, 5, 1, 9);
	ck_assert_str_eq(all_now(), "5:9 6:8 7:8 ");
	ck_assert(told == 2 && told_changed == 1);
	ck_assert(rpki_source_aspas(a) == 1 && rpki_source_aspas(b) == 2);
	report(a, false, false, false); /* lost: what it said stays */
	after(1);
	ck_assert_str_eq(all_now(), "5:9 6:8 7:8 ");
	rpki_data_remove(d, b);
	configured();
	after(1);
	ck_assert_str_eq(all_now(), "5:9 ");
	ck_assert_uint_eq(told, 3);
}
END_TEST

/* A validator that no longer knows of ASPAs, and one that lost most of them. */
START_TEST(much_less_is_held_back)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say_aspas(a, 5, 300, 9);
	say_aspas(a, 5, 0, 9);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 300);
	say_aspas(a, 5, 200, 9);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 300);
	after(3599);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 300);
	after(1);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 200);
	say_aspas(a, 5, 0, 9);
	say_aspas(a, 5, 199, 9); /* back: what was held back is forgotten */
	after(3600);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 199);
}
END_TEST

/* Of a few all may go. */
START_TEST(a_few_may_go)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say_aspas(a, 5, 3, 9);
	say_aspas(a, 5, 0, 9);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 0);
	ck_assert(told == 2 && told_changed == 3);
}
END_TEST

START_TEST(local_exceptions)
{
	static const char text[] =
	    "{\"slurmVersion\":2,\"validationOutputFilters\":{\"prefixFilters\":[],"
	    "\"bgpsecFilters\":[],\"aspaFilters\":[{\"customerAsid\":5},{\"customerAsn\":7}]},"
	    "\"locallyAddedAssertions\":{\"prefixAssertions\":[],\"bgpsecAssertions\":[],"
	    "\"aspaAssertions\":[{\"customerAsn\":7,\"providerAsns\":[1,2],\"comment\":\"x\"},"
	    "{\"customerAsn\":6,\"providerAsns\":[3]}]}}";
	struct rpki_source *a = source(RPKI_FILE, "a"), *b = source(RPKI_SLURM, "b");
	struct slurm s;
	char error[200];

	configured();
	ck_assert_msg(slurm_parse(text, strlen(text), &s, error, sizeof(error)), "%s", error);
	rpki_source_said_slurm(b, &s);
	report(b, true, false, false);
	say_aspas(a, 5, 3, 9);
	ck_assert_str_eq(all_now(), "6:3 6:9 7:1 7:2 ");
	ck_assert_uint_eq(rpki_source_aspas(b), 2);
}
END_TEST

HARNESS_MAIN("rpki_aspas")
{
	FIXTURE(setup_aspas, teardown);
	TEST(union_of_sources);
	TEST(much_less_is_held_back);
	TEST(a_few_may_go);
	TEST(local_exceptions);
}

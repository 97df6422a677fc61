/* What the operator does to the RPKI data: sources that come and go, and local exceptions. */
#include "tests/unit/support/rpki_data_fixture.h"

/* --- the configuration changes */

START_TEST(a_reload_that_changes_nothing)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 10);
	report(a, false, false, false);
	configured();
	after(1000);
	ck_assert(seen.sets == 1 && seen.state == RPKI_WHOLE);
	ck_assert_str_eq(seen.order, "s2");
}
END_TEST

START_TEST(a_source_is_added)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b, *c;

	configured();
	say(a, 1, 10);
	b = source(RPKI_CACHE, "b");
	c = source(RPKI_CACHE, "c");
	configured();
	say(b, 20, 10);
	after(10);
	ck_assert_msg(
	    seen.in_force.n == 10 && seen.state == RPKI_WHOLE, "not before all are there");
	say(a, 1, 11);
	ck_assert_msg(seen.in_force.n == 11, "but news of the former ones are taken");
	say(c, 40, 10);
	ck_assert(seen.in_force.n == 31 && seen.state == RPKI_WHOLE);
}
END_TEST

START_TEST(a_source_is_removed)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_FILE, "b");

	configured();
	say(a, 1, 300);
	say(b, 301, 300);
	report(a, false, false, false);
	after(10);
	ck_assert(open(RPKI_ALARM_LOST, "a"));
	rpki_data_remove(d, a);
	configured();
	ck_assert_msg(seen.in_force.n == 300, "who takes out a source means it");
	ck_assert_uint_eq(open_alarms(), 0);
	ck_assert(seen.by_config);
	say(b, 301, 299);
	ck_assert_msg(seen.in_force.n == 299 && !seen.by_config, "the next is what a source says");
	rpki_data_remove(d, b);
	configured();
	ck_assert(seen.in_force.n == 0 && seen.state == RPKI_NONE);
	ck_assert(seen.by_config);
	ck_assert_str_eq(seen.order, "s2ss0s");
}
END_TEST

START_TEST(a_source_is_replaced)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b;

	configured();
	say(a, 1, 300);
	rpki_data_remove(d, a);
	b = source(RPKI_CACHE, "b");
	configured();
	after(60);
	ck_assert_msg(seen.sets == 1, "the former data stays meanwhile");
	if (_i == 0) {
		say(b, 1, 299);
		ck_assert(seen.in_force.n == 299 && seen.state == RPKI_WHOLE);
	} else if (_i == 1) { /* with much less */
		say(b, 1, 10);
		ck_assert(seen.in_force.n == 300 && open(RPKI_ALARM_SHRUNKEN, "rpki"));
		after(3600);
		ck_assert(seen.in_force.n == 10 && open_alarms() == 0);
	} else { /* with nothing */
		after(120);
		ck_assert(seen.in_force.n == 300 && seen.state == RPKI_PARTIAL);
		ck_assert(open(RPKI_ALARM_SHRUNKEN, "rpki") && open(RPKI_ALARM_MISSING, "b"));
		after(3600);
		ck_assert(seen.in_force.n == 0 && seen.state == RPKI_NONE);
	}
}
END_TEST

/* --- local exceptions */

static void
say_slurm(struct rpki_source *s, const char *filter, const char *assertion)
{
	char text[512], error[200];
	struct slurm slurm;

	snprintf(text, sizeof(text),
	    "{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[%s],"
	    "\"bgpsecFilters\":[]},\"locallyAddedAssertions\":{\"prefixAssertions\":[%s],"
	    "\"bgpsecAssertions\":[]}}",
	    filter, assertion);
	ck_assert_msg(slurm_parse(text, strlen(text), &slurm, error, sizeof(error)), "%s", error);
	rpki_source_said_slurm(s, &slurm);
	report(s, true, false, false);
	rpki_data_tick(d, now);
}

START_TEST(local_exceptions)
{
	struct rpki_source *a = source(RPKI_FILE, "a"), *s = source(RPKI_SLURM, "s");
	struct vrp kept;

	configured();
	say_one(a, "0.0.0.0/0", 64666, NULL);
	after(10);
	ck_assert_msg(seen.sets == 0, "a local exception is waited for like any source");
	/* what is filtered is not held back; what is added is neither filtered nor held back */
	say_slurm(s, "{\"asn\":64666},{\"asn\":0}", "{\"prefix\":\"53.0.0.0/8\",\"asn\":0}");
	ck_assert(seen.in_force.n == 2 && seen.state == RPKI_WHOLE && open_alarms() == 0);
	kept = vrp_n(1);
	ck_assert_ptr_nonnull(vrp_list_find(&seen.in_force, &kept));
	say_slurm(s, "", "");
	ck_assert(seen.in_force.n == 1 && open(RPKI_ALARM_DEFAULT_VRP, "rpki"));
	say_slurm(s, "{\"asn\":64666}", "");
	ck_assert_uint_eq(open_alarms(), 0);
	report(s, false, true, false);
	after(10);
	ck_assert(seen.in_force.n == 1 && open(RPKI_ALARM_BROKEN, "s"));
	ck_assert_msg(!open(RPKI_ALARM_DEFAULT_VRP, "rpki"), "what it said before stays");
	rpki_data_remove(d, s);
	configured();
	ck_assert(open(RPKI_ALARM_DEFAULT_VRP, "rpki"));
}
END_TEST

START_TEST(local_exceptions_that_contradict)
{
	struct rpki_source *a = source(RPKI_FILE, "a"), *s = source(RPKI_SLURM, "s"),
			   *t = source(RPKI_SLURM, "t");

	configured();
	say(a, 1, 3);
	say_slurm(s, "{\"prefix\":\"10.0.0.0/16\"}", "");
	say_slurm(t, "", "{\"prefix\":\"10.0.1.0/24\",\"asn\":1}");
	ck_assert_msg(seen.in_force.n == 3, "neither is used");
	ck_assert(open(RPKI_ALARM_BROKEN, "s") && open(RPKI_ALARM_BROKEN, "t"));
	say_slurm(t, "", "{\"prefix\":\"192.0.2.0/24\",\"asn\":1}");
	ck_assert(seen.in_force.n == 1 && open_alarms() == 0);
}
END_TEST

HARNESS_MAIN("rpki_config")
{
	FIXTURE(setup, teardown);
	TEST(a_reload_that_changes_nothing);
	TEST(a_source_is_added);
	TEST(a_source_is_removed);
	LOOP(a_source_is_replaced, 3);
	TEST(local_exceptions);
	TEST(local_exceptions_that_contradict);
}

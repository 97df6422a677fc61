/* VRPs are tried out before they are used: what turns too much is held back, whether it comes or
 * goes, and nothing else is; what is ours is named. */
#include "tests/unit/support/rpki_force_fixture.h"

/* --- one VRP */

START_TEST(too_much_by_one)
{
	some_routes(4, 0);
	say("");
	say("10.0.0.0/16 24 64499");
	ck_assert(!in_force("10.0.0.0/16", 24, 64499));
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "10.0.0.0/16 AS64499 (VRP file f)"));
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "4 routes") && !seen.grave[RPKI_ALARM_MASS_CHANGE]);
	if (_i == 0) {
		say("");
		ck_assert(strstr(seen.closed[RPKI_ALARM_MASS_CHANGE], "no longer say it"));
	} else {
		after(HOLD_S - 1);
		ck_assert(!in_force("10.0.0.0/16", 24, 64499));
		after(1);
		ck_assert(in_force("10.0.0.0/16", 24, 64499));
		ck_assert(strstr(seen.closed[RPKI_ALARM_MASS_CHANGE], "in force"));
	}
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
}
END_TEST

START_TEST(as_much_as_may_be)
{
	some_routes(3, 0);
	route("10.0.9.0/24", 64499, false); /* valid by it */
	say("");
	say("10.0.0.0/16 24 64499");
	ck_assert(in_force("10.0.0.0/16", 24, 64499) && !seen.open[RPKI_ALARM_MASS_CHANGE]);
	ck_assert_uint_eq(seen.trials, 1);
}
END_TEST

/* The first data of all, and what the operator adds: nothing to hold it against. */
START_TEST(what_is_not_tried_out)
{
	some_routes(4, 0);
	say("10.0.0.0/16 24 64499");
	ck_assert(in_force("10.0.0.0/16", 24, 64499) && seen.trials == 0);
	limits.max_invalid = 0;
	rpki_data_configured(d, &limits, now);
	say("10.0.0.0/15 24 64499");
	ck_assert(in_force("10.0.0.0/15", 24, 64499) && seen.trials == 0);
}
END_TEST

START_TEST(an_end_that_turns_too_much)
{
	some_routes(4, 64500);
	say("10.0.0.0/16 24 64500");
	if (_i == 0)
		say("10.0.0.0/16 16 64500"); /* a shorter maximal length */
	else
		say("10.0.0.0/12 12 64499"); /* and what covers it is another's */
	ck_assert(in_force("10.0.0.0/16", 24, 64500));
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE,
	    "the end of a VRP for 10.0.0.0/16 AS64500 would turn 4 routes"));
	ck_assert_msg(_i == 1 || in_force("10.0.0.0/16", 16, 64500), "what comes with it may");
	if (_i == 0) {
		after(HOLD_S);
		ck_assert(!in_force("10.0.0.0/16", 24, 64500));
	} else {
		say("10.0.0.0/16 24 64500");
		after(2 * HOLD_S);
		ck_assert(in_force("10.0.0.0/16", 24, 64500));
	}
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
}
END_TEST

/* It stays held while others change, and its time is not stretched. */
START_TEST(news_meanwhile)
{
	some_routes(4, 0);
	say("");
	say("10.0.0.0/16 24 64499");
	after(HOLD_S / 2);
	say("10.0.0.0/16 24 64499, 10.0.1.0/24 24 64498");
	ck_assert_msg(in_force("10.0.1.0/24", 24, 64498), "one route: at once");
	ck_assert(!in_force("10.0.0.0/16", 24, 64499));
	after(HOLD_S / 2);
	ck_assert(in_force("10.0.0.0/16", 24, 64499));
}
END_TEST

/* The answer comes late, and the sources have said something else meanwhile. */
START_TEST(a_late_answer)
{
	some_routes(4, 0);
	say("");
	seen.late = true;
	say("10.0.0.0/16 24 64499");
	ck_assert_ptr_nonnull(seen.trial);
	say("");
	say("10.0.1.0/24 24 64498");
	after(100);
	ck_assert_msg(seen.sets == 1 && seen.trials == 1, "one at a time");
	answer();
	ck_assert_msg(seen.trials == 2, "and then what is said now");
	answer();
	ck_assert(in_force("10.0.1.0/24", 24, 64498) && !in_force("10.0.0.0/16", 24, 64499));
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
}
END_TEST

/* What the operator excepts is meant so, whatever it turns; also together with news. */
START_TEST(local_exceptions_are_not_tried_out)
{
	static const char *const texts[] = {
		"{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[],"
		"\"bgpsecFilters\":[]},\"locallyAddedAssertions\":{\"prefixAssertions\":["
		"{\"prefix\":\"10.0.0.0/16\",\"asn\":64499,\"maxPrefixLength\":24}],"
		"\"bgpsecAssertions\":[]}}",
		"{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":["
		"{\"asn\":64500,\"prefix\":\"10.0.0.0/16\"}],\"bgpsecFilters\":[]},"
		"\"locallyAddedAssertions\":{\"prefixAssertions\":[],\"bgpsecAssertions\":[]}}",
	};
	struct rpki_source *s = rpki_data_add(d, RPKI_SLURM, "s", now);
	struct slurm slurm = { .keys = 0 };
	char error[200];

	some_routes(4, _i == 0 ? 0 : 64500);
	rpki_data_configured(d, &limits, now);
	rpki_source_said_slurm(s, &slurm);
	in_step(s);
	say("10.0.0.0/16 24 64500, 10.0.0.0/12 12 64499");
	ck_assert(slurm_parse(texts[_i], strlen(texts[_i]), &slurm, error, sizeof(error)));
	rpki_source_said_slurm(s, &slurm);
	tick();
	ck_assert(in_force("10.0.0.0/16", 24, 64499) == (_i == 0));
	ck_assert(in_force("10.0.0.0/16", 24, 64500) == (_i == 0));
	ck_assert(seen.trials == 0 && !seen.open[RPKI_ALARM_MASS_CHANGE]);
}
END_TEST

/* --- several */

START_TEST(those_that_turn_most_are_held)
{
	some_routes(10, 0);
	say("");
	say("10.0.0.0/21 24 64499, 10.0.8.0/24 24 64498, 10.0.9.0/24 24 64497, 10.9.0.0/16 16 1");
	ck_assert(!in_force("10.0.0.0/21", 24, 64499)); /* 8 of 10 */
	ck_assert(in_force("10.0.8.0/24", 24, 64498) && in_force("10.0.9.0/24", 24, 64497));
	ck_assert(in_force("10.9.0.0/16", 16, 1));
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "8 routes"));
}
END_TEST

START_TEST(many_small_ones_are_a_mass)
{
	some_routes(4, 0);
	say("");
	say("10.0.0.0/24 24 0, 10.0.1.0/24 24 0, 10.0.2.0/24 24 0, 10.0.3.0/24 24 0, 10.1.0.0/24 "
	    "24 "
	    "0");
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "3 more would turn 4 routes invalid"));
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "; also 10.0.1.0/24 AS0, 10.0.2.0/24 AS0"));
	ck_assert_msg(in_force("10.1.0.0/24", 24, 0), "it turns nothing");
}
END_TEST

/* --- ours */

START_TEST(ours_are_named)
{
	some_routes(4, 0);
	route("10.0.7.0/24", 64500, true);
	route("10.0.5.0/24", 64500, true);
	say("");
	say(_i == 0 ? "10.0.0.0/16 24 64499" : "0.0.0.0/0 0 64499");
	if (_i == 0)
		ck_assert(tells(RPKI_ALARM_MASS_CHANGE,
		    " would turn 6 routes invalid, 2 of ours (10.0.5.0/24, 10.0.7.0/24): held back "
		    "for 3600 s"));
	else
		ck_assert(tells(RPKI_ALARM_DEFAULT_VRP,
		    " would turn 6 routes invalid, 2 of ours (10.0.5.0/24, 10.0.7.0/24): held"));
	ck_assert(seen.grave[_i == 0 ? RPKI_ALARM_MASS_CHANGE : RPKI_ALARM_DEFAULT_VRP]);
}
END_TEST

/* Held for what it is: told with its numbers, or without them when they are long in coming. */
START_TEST(numbers_are_waited_for)
{
	some_routes(4, 0);
	say("");
	seen.late = true;
	say("53.0.0.0/8 8 64499, 10.0.0.0/8 8 64498");
	ck_assert(seen.trial != NULL && !seen.open[RPKI_ALARM_MASS_CHANGE]);
	if (_i == 1) {
		after(3);
		ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "great part of the table"));
	}
	answer();
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "10.0.0.0/8 AS64498"));
	ck_assert(tells(RPKI_ALARM_MASS_CHANGE, "1 more would turn 4 routes invalid"));
}
END_TEST

/* A prefix that goes into two VRPs is one prefix; the numbers of several routers are not summed. */
START_TEST(a_trial_of_two_routers)
{
	struct vrp_delta delta = { .generation = 2 };
	struct vrp_trial *a, *b;
	struct vrp_set *set;
	struct vrp v;

	memset(&v, 0, sizeof(v));
	some_routes(5, 0);
	routes[1].ours = routes[2].ours = true;
	v.max_len = 24;
	for (uint32_t k = 0; k < 2; k++) {
		ip_prefix_parse(k == 0 ? "10.0.0.0/16" : "10.0.0.0/22", true, &v.prefix);
		ck_assert(vrp_list_add(&delta.added, &v));
	}
	vrp_list_sort_unique(&delta.added);
	set = vrp_set_new(&delta.added, 2);
	a = vrp_trial_new(set, &delta);
	b = vrp_trial_new(set, &delta);
	count_routes(a);
	routes_n = 2;
	count_routes(a); /* another router, which has less */
	ck_assert(a->all == 5 && a->routes[0] == 5 && a->routes[1] == 4);
	routes_n = 0;
	route("10.0.7.0/24", 1, true);
	count_routes(b);
	vrp_trial_join(a, b);
	ck_assert(a->all == 5 && a->routes[0] == 5 && a->routes[1] == 4 && b->all == 1);
	ck_assert_uint_eq(a->ours_n, 5); /* two through two VRPs each, one through one */
	ck_assert_uint_eq(vrp_trial_limit(a, 5), 0);
	ck_assert_uint_eq(vrp_trial_limit(a, 4), 5);
	ck_assert_uint_eq(vrp_trial_limit(a, 0), 4);
	vrp_trial_free(a);
	vrp_trial_free(b);
	vrp_set_unref(set);
	vrp_delta_free(&delta);
}
END_TEST

/* --- a source that is back */

/* Half of it is lost for so long that it is believed, or since before a restart, and is back: no
 * news of ROAs, and not tried out. What comes later is. */
START_TEST(what_is_back_is_no_mass)
{
	some_routes(10, 0);
	limits.loss = (struct vrp_loss_limits){ .percent = 10, .least = 5 };
	rpki_data_configured(d, &limits, now);
	if (_i == 0) {
		say_many(source, 40, 10);
		say_many(source, 40, 0);
		ck_assert(seen.sets == 1 && seen.open[RPKI_ALARM_SHRUNKEN]);
		after(HOLD_S);
	} else {
		rpki_source_remember(source, 50);
		say_many(source, 40, 0);
	}
	ck_assert(!in_force("10.0.0.0/24", 24, 0));
	say_many(source, 40, 10);
	ck_assert(in_force("10.0.0.0/24", 24, 0) && in_force("10.0.9.0/24", 24, 0));
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE] && seen.trials == 0);
	say_many(source, 40, 0);
	after(2);
	say_many(source, 40, 10);
	ck_assert_msg(!seen.open[RPKI_ALARM_MASS_CHANGE], "it never went");
	say_many(source, 40, 0);
	after(HOLD_S / 2);
	routes_n = 0;
	some_routes(40, 0);
	limits.loss.percent = 100; /* nothing is a loss any more */
	rpki_data_configured(d, &limits, now);
	say_many(source, 40, 0);
	say_many(source, 40, 30);
	ck_assert_msg(seen.open[RPKI_ALARM_MASS_CHANGE], "what comes later is tried out");
}
END_TEST

/* A source that was past its time is back, and what it says now is tried out: before that is in
 * force the data is worth no more than it was. */
START_TEST(whole_when_it_is_in_force)
{
	struct rpki_source_report r = { .in_step = true, .why = "", .first_rejected = "" };

	say("10.0.0.0/24 24 1");
	r.expired = true;
	rpki_source_report(source, &r, now);
	after(1);
	ck_assert_int_eq(seen.state, RPKI_STALE);
	seen.late = true;
	r.expired = false;
	rpki_source_report(source, &r, now);
	say("10.0.0.0/24 24 1, 10.0.1.0/24 24 1");
	ck_assert_ptr_nonnull(seen.trial);
	ck_assert_int_eq(seen.state, RPKI_STALE);
	after(1);
	ck_assert_int_eq(seen.state, RPKI_STALE);
	answer();
	ck_assert(in_force("10.0.1.0/24", 24, 1));
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
}
END_TEST

HARNESS_MAIN("rpki_force")
{
	FIXTURE(setup, teardown);
	LOOP(too_much_by_one, 2);
	TEST(as_much_as_may_be);
	TEST(what_is_not_tried_out);
	LOOP(an_end_that_turns_too_much, 2);
	TEST(news_meanwhile);
	TEST(a_late_answer);
	LOOP(local_exceptions_are_not_tried_out, 2);
	TEST(those_that_turn_most_are_held);
	TEST(many_small_ones_are_a_mass);
	LOOP(ours_are_named, 2);
	LOOP(numbers_are_waited_for, 2);
	TEST(a_trial_of_two_routers);
	LOOP(what_is_back_is_no_mass, 2);
	TEST(whole_when_it_is_in_force);
}

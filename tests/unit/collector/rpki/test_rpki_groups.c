/* Caches in groups by preference: which are in use, when others are, and what stays meanwhile. */
#include "tests/unit/support/rpki_data_fixture.h"

enum { SWITCH_S = 30 };

static struct rpki_source *a, *b;

static struct rpki_source *
cache(const char *name, uint32_t preference)
{
	struct rpki_source *s = source(RPKI_CACHE, name);

	rpki_source_prefer(s, preference);
	return s;
}

static void
begin(void)
{
	setup();
	limits.switch_s = SWITCH_S;
	a = cache("a", 0);
	b = cache("b", 10);
	configured();
}

static void
lose(struct rpki_source *s)
{
	report(s, false, false, false);
	rpki_data_tick(d, now);
}

static void
back(struct rpki_source *s)
{
	report(s, true, false, false);
	rpki_data_tick(d, now);
}

/* In force is n VRPs from this one on. */
static void
in_force(uint32_t from, size_t n)
{
	ck_assert_uint_eq(seen.in_force.n, n);
	for (uint32_t i = from; i < from + n; i++) {
		struct vrp v = vrp_n(i);

		ck_assert_ptr_nonnull(vrp_list_find(&seen.in_force, &v));
	}
}

START_TEST(the_preferred_alone)
{
	say(a, 1, 100);
	in_force(1, 100); /* nobody waits for the other one */
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
	say(b, 3, 100);
	after(200);
	in_force(1, 100);
	ck_assert(rpki_source_in_use(a) && !rpki_source_in_use(b));
	ck_assert(seen.sets == 1 && open_alarms() == 0);
	say(b, 5, 100); /* what is not in use is no news */
	ck_assert_uint_eq(seen.sets, 1);
	say(a, 2, 100);
	in_force(2, 100);
}
END_TEST

/* Who is first does not matter, before all had their time. */
START_TEST(the_other_one_first)
{
	say(b, 3, 100);
	after(60);
	ck_assert_uint_eq(seen.sets, 0);
	say(a, 1, 100);
	in_force(1, 100);
	after(300);
	ck_assert_uint_eq(seen.sets, 1);
}
END_TEST

START_TEST(the_preferred_never_answers)
{
	say(b, 3, 100);
	after(119);
	ck_assert_uint_eq(seen.sets, 0);
	after(1);
	in_force(3, 100);
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
	after(10);
	ck_assert(open(RPKI_ALARM_MISSING, "a") && !seen.grave[RPKI_ALARM_MISSING]);
	say(a, 1, 100);
	after(SWITCH_S - 1);
	in_force(3, 100);
	after(1);
	in_force(1, 100);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(a_standby_that_never_answers)
{
	say(a, 1, 100);
	after(200);
	ck_assert(seen.state == RPKI_WHOLE && seen.sets == 1);
	ck_assert(open(RPKI_ALARM_MISSING, "b") && !seen.grave[RPKI_ALARM_MISSING]);
	lose(a);
	after(1000);
	ck_assert(seen.state == RPKI_WHOLE && seen.sets == 1); /* nothing better is there */
	ck_assert(open(RPKI_ALARM_LOST, "a"));
}
END_TEST

START_TEST(lost_and_back)
{
	say(a, 1, 100);
	say(b, 3, 100);
	lose(a);
	after(SWITCH_S - 1);
	in_force(1, 100);
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_LOST], "what it said stays"));
	after(1);
	in_force(3, 100);
	ck_assert(!rpki_source_in_use(a) && rpki_source_in_use(b));
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_LOST], "others are in use"));
	ck_assert(open(RPKI_ALARM_LOST, "a") && open_alarms() == 1);
	after(1000);
	say(b, 4, 100); /* it is judged by */
	in_force(4, 100);
	back(a);
	after(SWITCH_S - 1);
	in_force(4, 100);
	after(1);
	in_force(1, 100);
	ck_assert(open_alarms() == 0 && seen.state == RPKI_WHOLE);
	ck_assert_str_eq(seen.order, "s2sss");
}
END_TEST

START_TEST(a_short_loss)
{
	say(a, 1, 100);
	say(b, 3, 100);
	for (int i = 0; i < 20; i++) {
		lose(a);
		after(SWITCH_S - 1);
		back(a);
		after(1);
	}
	ck_assert_uint_eq(seen.sets, 1);
}
END_TEST

/* What comes and goes for hours is followed less and less often. */
START_TEST(flapping)
{
	say(a, 1, 100);
	say(b, 3, 100);
	for (int i = 0; i < 200; i++) {
		lose(a);
		after(SWITCH_S);
		after(SWITCH_S);
		back(a);
		after(SWITCH_S);
		after(SWITCH_S);
	}
	ck_assert_uint_le(seen.sets, 8);
	in_force(3, 100);
	for (int i = 0; i < 64; i++)
		after(SWITCH_S);
	in_force(1, 100);
}
END_TEST

/* A group is used as long as one of it works, and what the others of it said counts. */
START_TEST(two_in_a_group)
{
	struct rpki_source *c = cache("c", 0);

	configured();
	say(a, 1, 100);
	say(b, 1000, 100);
	ck_assert_uint_eq(seen.sets, 0);
	say(c, 11, 100);
	in_force(1, 110);
	lose(a);
	after(1000);
	in_force(1, 110);
	lose(c);
	after(SWITCH_S);
	in_force(1000, 100);
	back(c);
	after(SWITCH_S);
	in_force(1, 110); /* one that works is enough */
}
END_TEST

/* Files are of no group. */
START_TEST(files_count_always)
{
	struct rpki_source *f = source(RPKI_FILE, "f");

	configured();
	say(f, 101, 10);
	say(a, 1, 100);
	say(b, 11, 90);
	in_force(1, 110);
	lose(a);
	after(SWITCH_S);
	in_force(11, 100);
}
END_TEST

START_TEST(both_lost)
{
	say(a, 1, 100);
	say(b, 3, 100);
	lose(a);
	after(SWITCH_S);
	lose(b);
	after(1000);
	in_force(3, 100); /* what was heard last */
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
	report(a, false, false, true);
	after(1);
	ck_assert_int_eq(seen.state, RPKI_WHOLE); /* it is not in use */
	ck_assert(open(RPKI_ALARM_STALE, "a") && !seen.grave[RPKI_ALARM_STALE]);
	report(b, false, false, true);
	after(1);
	ck_assert_int_eq(seen.state, RPKI_STALE);
	ck_assert(open(RPKI_ALARM_STALE, "b") && seen.grave[RPKI_ALARM_STALE]);
	in_force(3, 100);
	say(a, 1, 100);
	in_force(1, 100); /* nobody who works is left for it: at once */
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
	ck_assert_uint_eq(seen.sets, 3);
}
END_TEST

/* --- a group that is not whole */

START_TEST(the_next_one_says_much_less)
{
	say(a, 1, 1000);
	say(b, 1, 400);
	lose(a);
	after(SWITCH_S);
	in_force(1, 1000);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "rpki"));
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_SHRUNKEN], "of 1000 VRPs 400 are left"));
	report(a, false, false, true);
	after(100);
	ck_assert(seen.state == RPKI_STALE && seen.in_force.n == 1000); /* unknown, not another */
	if (_i == 0) {
		say(b, 1, 990); /* now it has all */
		in_force(1, 990);
	} else if (_i == 1) {
		after(3500); /* it means so */
		in_force(1, 400);
	} else {
		say(a, 1, 1000);
		in_force(1, 1000);
	}
	ck_assert(!open(RPKI_ALARM_SHRUNKEN, "rpki") && seen.state == RPKI_WHOLE);
}
END_TEST

START_TEST(the_preferred_comes_back_with_little)
{
	say(a, 1, 1000);
	say(b, 3, 1000);
	lose(a);
	after(SWITCH_S);
	in_force(3, 1000);
	say(a, 1, 300);
	after(1000);
	in_force(3, 1000);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a"));
	say(a, 1, 1001);
	after(SWITCH_S - 1);
	in_force(3, 1000);
	after(1);
	in_force(1, 1001);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

/* What the one in use says now is held back: the other one has everything. */
START_TEST(the_preferred_loses_much)
{
	say(a, 1, 1000);
	say(b, 3, 1000);
	say(a, 1, 300);
	in_force(1, 1000);
	after(SWITCH_S);
	after(SWITCH_S);
	in_force(3, 1000);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a"));
}
END_TEST

/* After a restart the preferred one has less than it had, and another one all. */
START_TEST(in_doubt_after_a_restart)
{
	rpki_source_remember(a, 1000);
	rpki_source_remember(b, 1000);
	say(a, 1, 300);
	ck_assert_uint_eq(seen.sets, 0);
	say(b, 3, 1000);
	in_force(3, 1000);
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
	say(a, 1, 1000);
	after(SWITCH_S);
	in_force(1, 1000);
}
END_TEST

/* --- configuration */

START_TEST(preferences_are_exchanged)
{
	say(a, 1, 100);
	say(b, 3, 100);
	rpki_source_prefer(a, 10);
	rpki_source_prefer(b, 0);
	configured();
	in_force(3, 100);
	after(1000);
	in_force(3, 100);
	lose(b);
	after(SWITCH_S);
	in_force(1, 100);
}
END_TEST

START_TEST(exchanged_for_one_that_is_not_there)
{
	say(a, 1, 100);
	after(200);
	rpki_source_prefer(a, 10);
	rpki_source_prefer(b, 0);
	configured();
	after(1000);
	in_force(1, 100);
	say(b, 3, 100);
	after(SWITCH_S);
	in_force(3, 100);
}
END_TEST

START_TEST(put_into_one_group)
{
	say(a, 1, 100);
	say(b, 21, 100);
	rpki_source_prefer(b, 0);
	configured();
	in_force(1, 120);
	rpki_source_prefer(b, 10); /* and apart again */
	configured();
	in_force(1, 100);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(the_one_in_use_leaves)
{
	say(a, 1, 100);
	say(b, 3, 100);
	rpki_data_remove(d, a);
	configured();
	in_force(3, 100);
	ck_assert(rpki_source_in_use(b) && seen.state == RPKI_WHOLE);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(the_one_in_use_is_replaced)
{
	struct rpki_source *c;

	say(a, 1, 100);
	lose(b);
	rpki_data_remove(d, a);
	c = cache("c", 0);
	configured();
	after(60);
	in_force(1, 100); /* until the new one has answered */
	say(c, 5, 100);
	in_force(5, 100);
	ck_assert_int_eq(seen.state, RPKI_WHOLE);
}
END_TEST

/* --- that is told, and nothing more */

START_TEST(a_standby_that_disagrees)
{
	say(a, 1, 1000);
	say(b, 1, 800);
	after(121);
	ck_assert(open(RPKI_ALARM_DIVERGING, "b"));
	say(a, 1, 1001); /* nothing is held back for it */
	in_force(1, 1001);
	say(b, 1, 1001);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

/* --- ASPAs */

static void
say_aspas(struct rpki_source *s, uint32_t n)
{
	struct aspa_list l = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		uint32_t provider = 64500 + i;

		ck_assert(aspa_list_add(&l, 65000 + i, provider));
	}
	aspa_list_sort_unique(&l);
	rpki_source_said_aspas(s, &l, now);
	rpki_data_tick(d, now);
}

/* One that speaks a version without them says nothing of them. */
START_TEST(a_group_without_aspas)
{
	say(a, 1, 100);
	say_aspas(a, 5);
	say(b, 3, 100);
	after(1);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 5);
	lose(a);
	after(SWITCH_S);
	in_force(3, 100);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 5);
	if (_i == 0) {
		after(3600);
		ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 0);
		back(a);
		after(SWITCH_S);
		ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 5);
		return;
	}
	say_aspas(b, 6);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 6);
	back(a);
	after(SWITCH_S);
	ck_assert_uint_eq(aspa_set_count(rpki_data_aspas(d)), 5);
}
END_TEST

/* --- any order */

/* Three caches in two groups, lost, back, with other data, past their time: in force is always what
 * one group said last, whole, and never nothing. */
START_TEST(always_one_group)
{
	struct rpki_source *c = cache("c", 10), *all[] = { a, b, c };
	uint32_t said[3] = { 1, 1001, 1001 }, last[3];
	uint64_t seed = seed_of(_i);
	bool is_there[3] = { true, true, true };

	configured();
	for (int k = 0; k < 3; k++)
		say(all[k], said[k], 100);
	for (int step = 0; step < 300; step++) {
		unsigned k = rnd(&seed) % 3, first = rpki_source_in_use(a) ? 0 : 1;
		size_t n;

		memcpy(last, said, sizeof(last));
		switch (rnd(&seed) % 4) {
		case 0:
			lose(all[k]);
			is_there[k] = false;
			break;
		case 1:
			said[k] = (k == 0 ? 1 : 1001) + rnd(&seed) % 5;
			say(all[k], said[k], 100);
			is_there[k] = true;
			break;
		case 2:
			report(all[k], is_there[k], false, !is_there[k] && rnd(&seed) % 4 == 0);
			break;
		default:
			after((int)(rnd(&seed) % 50));
		}
		first = rpki_source_in_use(a) ? 0 : 1;
		require(rpki_source_in_use(b) == (first == 1) &&
			    rpki_source_in_use(c) == rpki_source_in_use(b),
		    "step %d: two groups in use", step);
		n = first == 0 ? 100
			       : 100 + (said[1] > said[2] ? said[1] - said[2] : said[2] - said[1]);
		/* one past its time that others say counts no longer */
		require(seen.in_force.n <= n && seen.in_force.n >= 100, "step %d: %zu of %zu", step,
		    seen.in_force.n, n);
		for (size_t i = 0; i < seen.in_force.n; i++)
			require((seen.in_force.v[i].prefix.b[1] >= 3) == (first == 1),
			    "step %d: a VRP of another group", step);
	}
}
END_TEST

HARNESS_MAIN("rpki_groups")
{
	CASE("all");
	FIXTURE(begin, teardown);
	TEST(the_preferred_alone);
	TEST(the_other_one_first);
	TEST(the_preferred_never_answers);
	TEST(a_standby_that_never_answers);
	TEST(lost_and_back);
	TEST(a_short_loss);
	TEST(flapping);
	TEST(two_in_a_group);
	TEST(files_count_always);
	TEST(both_lost);
	LOOP(the_next_one_says_much_less, 3);
	TEST(the_preferred_comes_back_with_little);
	TEST(the_preferred_loses_much);
	TEST(in_doubt_after_a_restart);
	TEST(preferences_are_exchanged);
	TEST(exchanged_for_one_that_is_not_there);
	TEST(put_into_one_group);
	TEST(the_one_in_use_leaves);
	TEST(the_one_in_use_is_replaced);
	TEST(a_standby_that_disagrees);
	LOOP(a_group_without_aspas, 2);
	LOOP(always_one_group, 100);
}

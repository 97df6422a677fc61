/*
 * The RPKI data as a whole, with sources made of calls and a clock made of numbers: when something
 * is put in force, what stays when a source is in trouble, what is held back and what is told. And
 * a property: whatever befalls three sources, in any order, what is in force never becomes smaller
 * than what they said last.
 */
#include "collector/rpki/rpki_data.h"

#include "tests/unit/support/harness.h"

enum { SEEDS = 200 };

/* What the owner saw. */
static struct {
	struct vrp_list in_force;
	size_t sets;
	bool by_config; /* the last of them */
	enum rpki_state state;
	char order[64]; /* of sets and states: "s" a set, "0" to "3" a state */
	bool open[RPKI_ALARMS][8];
	bool grave[RPKI_ALARMS];
	char about[8][32], text[RPKI_ALARMS][400];
	unsigned abouts;
} seen;

static struct rpki_data *d;
static int64_t now;
static struct rpki_limits limits;

static void
on_in_force(void *ctx, struct vrp_set *set, const struct vrp_delta *delta, bool by_config)
{
	struct vrp_delta all;

	(void)ctx;
	(void)delta;
	vrp_list_free(&seen.in_force);
	ck_assert(vrp_delta_between(NULL, set, &all));
	seen.in_force = all.added;
	seen.sets++;
	seen.by_config = by_config;
	strncat(seen.order, "s", sizeof(seen.order) - strlen(seen.order) - 1);
}

static void
on_state(void *ctx, enum rpki_state state)
{
	char digit[2] = { (char)('0' + state) };

	(void)ctx;
	ck_assert_int_ne(state, seen.state);
	seen.state = state;
	strncat(seen.order, digit, sizeof(seen.order) - strlen(seen.order) - 1);
}

static unsigned
about_number(const char *about)
{
	unsigned i = 0;

	while (i < seen.abouts && strcmp(seen.about[i], about) != 0)
		i++;
	if (i == seen.abouts) {
		ck_assert_uint_lt(i, 8);
		snprintf(seen.about[seen.abouts++], sizeof(seen.about[0]), "%.31s", about);
	}
	return i;
}

static void
on_alarm(void *ctx, enum rpki_alarm a, const char *about, bool holds, bool grave, const char *text)
{
	(void)ctx;
	ck_assert_msg(text[0] != '\0' && strlen(text) < 400, "%s", text);
	seen.open[a][about_number(about)] = holds;
	if (holds) {
		seen.grave[a] = grave;
		snprintf(seen.text[a], sizeof(seen.text[a]), "%.399s", text);
	}
}

static void
on_note(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static const struct rpki_data_ops ops = {
	.in_force = on_in_force, .state = on_state, .alarm = on_alarm, .note = on_note
};

static void
setup(void)
{
	memset(&seen, 0, sizeof(seen));
	now = 1000000000;
	limits = (struct rpki_limits){
		.settle_s = 120, .hold_s = 3600, .loss = { .percent = 10, .least = 50 }
	};
	d = rpki_data_new(&ops, NULL);
	ck_assert_ptr_nonnull(d);
}

static void
teardown(void)
{
	rpki_data_free(d);
	vrp_list_free(&seen.in_force);
}

/* --- words */

static bool
open(enum rpki_alarm a, const char *about)
{
	return seen.open[a][about_number(about)];
}

static unsigned
open_alarms(void)
{
	unsigned n = 0;

	for (int a = 0; a < RPKI_ALARMS; a++)
		for (unsigned i = 0; i < seen.abouts; i++)
			n += seen.open[a][i];
	return n;
}

static struct rpki_source *
source(enum rpki_source_kind kind, const char *name)
{
	struct rpki_source *s = rpki_data_add(d, kind, name, now);

	ck_assert_ptr_nonnull(s);
	return s;
}

static void
configured(void)
{
	rpki_data_configured(d, &limits, now);
	rpki_data_tick(d, now);
}

static void
after(int s)
{
	now += (int64_t)s * 1000000;
	rpki_data_tick(d, now);
}

static struct vrp
vrp_n(uint32_t n)
{
	uint8_t b[16] = { (uint8_t)(10 + (n >> 16)), (uint8_t)(n >> 8), (uint8_t)n };
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert(ip_prefix_make(&v.prefix, IP_V4, b, 24));
	v.max_len = 24;
	v.asn = 64500;
	return v;
}

static void
report(struct rpki_source *s, bool in_step, bool broken, bool expired)
{
	struct rpki_source_report r = { .in_step = in_step,
		.broken = broken,
		.expired = expired,
		.why = in_step ? "" : "hung up",
		.first_rejected = "" };

	rpki_source_report(s, &r, now);
}

/* The source says VRPs from..from+n-1. */
static void
say(struct rpki_source *s, uint32_t from, uint32_t n)
{
	struct vrp_list l = { 0 };

	for (uint32_t i = from; i < from + n; i++) {
		struct vrp v = vrp_n(i);

		ck_assert(vrp_list_add(&l, &v));
	}
	rpki_source_said(s, &l, NULL, now);
	ck_assert_ptr_null(l.v);
	report(s, true, false, false);
	rpki_data_tick(d, now);
}

static void
say_one(struct rpki_source *s, const char *prefix, uint32_t asn, const char *ta)
{
	struct vrp_tas tas = { .n = ta != NULL };
	struct vrp_list l = { 0 };
	struct vrp v = vrp_n(1);

	ck_assert(vrp_list_add(&l, &v));
	ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
	v.max_len = v.prefix.len;
	v.asn = asn;
	v.ta = ta != NULL;
	ck_assert(vrp_list_add(&l, &v));
	vrp_list_sort_unique(&l);
	if (ta != NULL)
		snprintf(tas.name[0], sizeof(tas.name[0]), "%s", ta);
	rpki_source_said(s, &l, &tas, now);
	report(s, true, false, false);
	rpki_data_tick(d, now);
}

/* --- when something is put in force */

START_TEST(nothing_before_all_have_answered)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_FILE, "b");

	configured();
	say(a, 1, 10);
	after(119);
	ck_assert(seen.sets == 0 && seen.state == RPKI_NONE);
	say(b, 11, 3);
	ck_assert_msg(seen.in_force.n == 13 && seen.state == RPKI_WHOLE, "%zu", seen.in_force.n);
	ck_assert_str_eq(seen.order, "s2"); /* the set, and then judgement may go on */
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(what_there_is_after_the_time)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b");

	configured();
	say(a, 1, 10);
	after(29);
	ck_assert(!open(RPKI_ALARM_MISSING, "b"));
	after(1);
	ck_assert(open(RPKI_ALARM_MISSING, "b") && !seen.grave[RPKI_ALARM_MISSING]);
	ck_assert_int_eq(rpki_source_state(b), RPKI_SOURCE_WAITING);
	after(90);
	ck_assert(seen.in_force.n == 10 && seen.state == RPKI_PARTIAL);
	ck_assert(open(RPKI_ALARM_MISSING, "b") && seen.grave[RPKI_ALARM_MISSING]);
	ck_assert_int_eq(rpki_source_state(b), RPKI_SOURCE_NEVER);
	after(1000);
	say(b, 11, 10);
	ck_assert(seen.in_force.n == 20 && seen.state == RPKI_WHOLE);
	ck_assert_uint_eq(open_alarms(), 0);
	ck_assert_str_eq(seen.order, "s1s2");
}
END_TEST

START_TEST(no_source_and_none_that_answers)
{
	struct rpki_source *a;

	configured();
	after(1000);
	ck_assert(seen.sets == 0 && seen.state == RPKI_NONE && open_alarms() == 0);
	a = source(RPKI_CACHE, "a");
	configured();
	report(a, false, false, false); /* refused */
	after(12);
	ck_assert_uint_eq(open_alarms(), 0);
	after(1);
	ck_assert(open(RPKI_ALARM_MISSING, "a") && !seen.grave[RPKI_ALARM_MISSING]);
	after(1000);
	ck_assert(seen.sets == 0 && seen.state == RPKI_NONE);
	ck_assert(open(RPKI_ALARM_MISSING, "a") && strstr(seen.text[RPKI_ALARM_MISSING], "a"));
}
END_TEST

/* One that answered before a restart is given the time to be back. */
START_TEST(known_before_and_not_there)
{
	struct rpki_source *a;

	limits.settle_s = 5;
	a = source(RPKI_CACHE, "a");
	rpki_source_remember(a, 10);
	configured();
	report(a, false, false, false);
	after(29);
	ck_assert_uint_eq(open_alarms(), 0);
	after(1);
	ck_assert(open(RPKI_ALARM_MISSING, "a"));
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_MISSING], "since the start"));
}
END_TEST

/* A cache that has not validated yet; a file without VRPs beside another source, and alone. */
START_TEST(an_empty_answer_at_first)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *f = source(RPKI_FILE, "f");

	configured();
	say(f, 1, 0);
	say(a, 1, 0);
	after(10);
	ck_assert(seen.sets == 0 && rpki_source_state(a) == RPKI_SOURCE_WAITING);
	say(a, 1, 5);
	ck_assert(seen.in_force.n == 5 && seen.state == RPKI_WHOLE && open_alarms() == 0);
	rpki_data_remove(d, a);
	configured();
	ck_assert_msg(seen.state == RPKI_NONE, "no VRP at all is no data");
	after(300);
	ck_assert(open(RPKI_ALARM_MISSING, "f"));
}
END_TEST

/* --- sources in trouble */

static const struct {
	const char *name;
	bool in_step, broken, expired;
	enum rpki_source_state state;
	enum rpki_state all;
	enum rpki_alarm alarm;
} troubles[] = {
	{ "lost", false, false, false, RPKI_SOURCE_LOST, RPKI_WHOLE, RPKI_ALARM_LOST },
	{ "garbage", false, true, false, RPKI_SOURCE_BROKEN, RPKI_WHOLE, RPKI_ALARM_BROKEN },
	{ "expired", false, false, true, RPKI_SOURCE_EXPIRED, RPKI_STALE, RPKI_ALARM_STALE },
	{ "garbage for long", false, true, true, RPKI_SOURCE_EXPIRED, RPKI_STALE,
	    RPKI_ALARM_STALE },
	{ "old data in a file", true, false, true, RPKI_SOURCE_EXPIRED, RPKI_STALE,
	    RPKI_ALARM_STALE },
};

START_TEST(trouble_is_no_statement_about_a_roa)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b");

	configured();
	say(a, 1, 3);
	say(b, 4, 3);
	report(a, troubles[_i].in_step, troubles[_i].broken, troubles[_i].expired);
	after(6);
	ck_assert_int_eq(rpki_source_state(a), troubles[_i].state);
	ck_assert_msg(seen.state == troubles[_i].all, "%s", troubles[_i].name);
	ck_assert(open(troubles[_i].alarm, "a") && seen.sets == 1 && seen.in_force.n == 6);
	after(100000);
	ck_assert(seen.sets == 1 && open(troubles[_i].alarm, "a"));
	report(a, true, false, false);
	after(1);
	ck_assert(seen.state == RPKI_WHOLE && seen.sets == 1 && open_alarms() == 0);
}
END_TEST

START_TEST(a_short_loss_is_not_told)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 3);
	report(a, false, false, false);
	after(5);
	ck_assert_uint_eq(open_alarms(), 0);
	report(a, true, false, false);
	after(10);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

/* The collector restarts while a source has lost half: what it says is in force, and in doubt. */
START_TEST(much_less_than_before_a_restart)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	rpki_source_remember(a, 1000);
	configured();
	ck_assert_uint_eq(rpki_source_to_remember(a), 1000);
	say(a, 1, 500);
	ck_assert(seen.in_force.n == 500 && seen.state == RPKI_PARTIAL);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a") && strstr(seen.text[RPKI_ALARM_SHRUNKEN], "1000"));
	ck_assert_uint_eq(rpki_source_to_remember(a), 1000);
	if (_i == 0)
		say(a, 1, 990);
	else
		after(3600);
	ck_assert(seen.state == RPKI_WHOLE && open_alarms() == 0);
	ck_assert_uint_eq(rpki_source_to_remember(a), _i == 0 ? 990 : 500);
}
END_TEST

START_TEST(about_as_much_as_before_a_restart)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	rpki_source_remember(a, 1000);
	configured();
	say(a, 1, 960);
	ck_assert(seen.state == RPKI_WHOLE && open_alarms() == 0);
	say(a, 1, 920); /* the limits are for what was said last */
	ck_assert(seen.state == RPKI_WHOLE && seen.in_force.n == 920);
}
END_TEST

/* Two caches of the same data, one away for long: the other can be relied on, and what it takes
 * back is taken back. */
START_TEST(expired_but_others_say_the_same)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b");

	configured();
	say(a, 1, 300);
	say(b, 1, 299);
	report(a, false, false, true);
	after(5);
	ck_assert(seen.state == RPKI_WHOLE && seen.in_force.n == 299);
	ck_assert(open(RPKI_ALARM_STALE, "a") && !seen.grave[RPKI_ALARM_STALE]);
	say(b, 1, 290);
	ck_assert_uint_eq(seen.in_force.n, 290);
	report(b, false, false, true);
	after(5);
	ck_assert_msg(seen.state == RPKI_STALE && seen.in_force.n == 290, "nobody is left");
	say(a, 1, 300);
	ck_assert_msg(seen.in_force.n == 300 && seen.state == RPKI_WHOLE, "%zu %d", seen.in_force.n,
	    seen.state);
}
END_TEST

/* An alarm that was open before a restart: nobody may say that it is over before that is known. */
START_TEST(nothing_is_over_before_it_is_known)
{
	static const enum rpki_alarm of_source[] = { RPKI_ALARM_MISSING, RPKI_ALARM_LOST,
		RPKI_ALARM_BROKEN, RPKI_ALARM_REJECTED, RPKI_ALARM_STALE, RPKI_ALARM_SHRUNKEN,
		RPKI_ALARM_DIVERGING };
	struct rpki_source *a = source(RPKI_CACHE, "a");

	for (size_t i = 0; i < sizeof(of_source) / sizeof(of_source[0]); i++)
		seen.open[of_source[i]][about_number("a")] = true;
	seen.open[RPKI_ALARM_DEFAULT_VRP][about_number("rpki")] = true;
	seen.open[RPKI_ALARM_MASS_CHANGE][about_number("rpki")] = true;
	seen.open[RPKI_ALARM_SHRUNKEN][about_number("rpki")] = true;
	configured();
	report(a, false, false, false);
	after(100);
	ck_assert_uint_eq(open_alarms(), 10);
	say(a, 1, 100);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

/* --- held back */

START_TEST(a_shrunken_source)
{
	static const uint32_t left[] = { 0, 100, 899 };
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 1000);
	say(a, 1, left[_i]);
	ck_assert(seen.sets == 1 && rpki_source_is_held(a) && seen.state == RPKI_WHOLE);
	ck_assert(open(RPKI_ALARM_SHRUNKEN, "a"));
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_SHRUNKEN], "of 1000 VRPs"));
	after(3599);
	ck_assert_uint_eq(seen.sets, 1);
	after(1); /* so it means it */
	ck_assert(seen.in_force.n == left[_i] && !rpki_source_is_held(a));
	ck_assert(!open(RPKI_ALARM_SHRUNKEN, "a"));
	ck_assert_int_eq(seen.state, left[_i] == 0 ? RPKI_NONE : RPKI_WHOLE);
	if (left[_i] == 0)
		ck_assert_str_eq(seen.order, "s20s"); /* no judgement by an empty set */
}
END_TEST

START_TEST(whole_again)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 200);
	say(a, 1, 0);
	after(600);
	say(a, 1, 20);
	after(600);
	ck_assert(seen.sets == 1 && open(RPKI_ALARM_SHRUNKEN, "a"));
	say(a, 1, 195); /* five went meanwhile: ordinary */
	ck_assert(seen.sets == 2 && seen.in_force.n == 195 && open_alarms() == 0);
	after(10000);
	ck_assert_uint_eq(seen.sets, 2);
}
END_TEST

/* It fell silent after it had said less: nobody confirms that. */
START_TEST(held_and_lost)
{
	struct rpki_source *a = source(RPKI_CACHE, "a");

	configured();
	say(a, 1, 200);
	say(a, 1, 0);
	report(a, false, false, false);
	after(5000);
	ck_assert_uint_eq(seen.in_force.n, 200);
	report(a, true, false, false);
	after(1);
	ck_assert_uint_eq(seen.in_force.n, 0);
}
END_TEST

START_TEST(ordinary_changes_are_taken_at_once)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 3);
	say(a, 1, 2);
	ck_assert_uint_eq(seen.in_force.n, 2);
	say(a, 7, 1);
	ck_assert_uint_eq(seen.in_force.n, 1);
	say(a, 100, 3000);
	ck_assert_uint_eq(seen.in_force.n, 3000);
	ck_assert_uint_eq(open_alarms(), 0);
}
END_TEST

START_TEST(a_reload_lets_in_what_is_held)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 200);
	say(a, 1, 0);
	after(60);
	ck_assert_uint_eq(seen.sets, 1);
	limits.hold_s = 0;
	configured();
	ck_assert(seen.in_force.n == 0 && open_alarms() == 0);
	say(a, 1, 200);
	say(a, 1, 5);
	ck_assert_msg(seen.in_force.n == 5, "nothing is held back any more");
}
END_TEST

START_TEST(a_vrp_for_everything)
{
	struct rpki_source *a = source(RPKI_FILE, "a");

	configured();
	say(a, 1, 1);
	say_one(a, _i == 0 ? "0.0.0.0/0" : "53.0.0.0/8", 64666, "ripe");
	ck_assert(seen.sets == 1 && seen.in_force.n == 1);
	ck_assert(open(_i == 0 ? RPKI_ALARM_DEFAULT_VRP : RPKI_ALARM_MASS_CHANGE, "rpki"));
	ck_assert_ptr_nonnull(
	    strstr(seen.text[_i == 0 ? RPKI_ALARM_DEFAULT_VRP : RPKI_ALARM_MASS_CHANGE],
		"AS64666 (VRP file a, trust anchor ripe)"));
	if (_i == 0)
		say(a, 1, 2); /* gone, with other news */
	else
		after(3600);
	ck_assert(seen.in_force.n == 2 && open_alarms() == 0);
}
END_TEST

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

/* --- sources that disagree */

START_TEST(diverging)
{
	struct rpki_source *a = source(RPKI_CACHE, "a"), *b = source(RPKI_CACHE, "b"),
			   *own = source(RPKI_FILE, "own");

	configured();
	say(a, 1, 1000);
	say(b, 1, 800);
	say(own, 5000, 60); /* no copy of the RPKI: that is no disagreement */
	after(60);
	ck_assert_uint_eq(open_alarms(), 0);
	after(61);
	ck_assert(open(RPKI_ALARM_DIVERGING, "b") && open_alarms() == 1);
	ck_assert_ptr_nonnull(strstr(seen.text[RPKI_ALARM_DIVERGING], "differ in 200"));
	say(b, 1, 990);
	ck_assert_uint_eq(open_alarms(), 0);
	say(b, 1, 900);
	after(1000);
	ck_assert_msg(open_alarms() == 0, "a tenth is within the limits");
}
END_TEST

/* --- any order of anything */

enum { SOURCES = 3, UNIVERSE = 40 };

static uint64_t rng;

static uint32_t
below(uint32_t n)
{
	return rnd(&rng) % n;
}

/* What a source said last, and how it is. spared: past its time, and others say the same. */
struct model {
	bool said[UNIVERSE];
	bool answered, in_step, expired, held, spared;
};

/* One that is past its time may go when every VRP of it is said by one that is alive. */
static void
spare(struct model *m)
{
	for (int s = 0; s < SOURCES; s++) {
		bool all = m[s].expired;

		for (uint32_t i = 0; i < UNIVERSE && all; i++) {
			bool others = !m[s].said[i];

			for (int o = 0; o < SOURCES; o++)
				others |= o != s && m[o].said[i] && m[o].in_step && !m[o].expired &&
					  !m[o].held;
			all &= others;
		}
		m[s].spared |= all;
	}
}

static void
check_all_said_is_in_force(struct model *m, int step)
{
	bool all = true;

	for (int s = 0; s < SOURCES; s++)
		all &= m[s].answered;
	if (all)
		spare(m);
	for (uint32_t i = 0; i < UNIVERSE && all; i++) {
		struct vrp v = vrp_n(i);
		bool said = false;

		for (int s = 0; s < SOURCES; s++)
			said |= m[s].said[i] && !m[s].spared;
		require((vrp_list_find(&seen.in_force, &v) != NULL) == said,
		    "step %d: VRP %u %s in force", step, i, said ? "is not" : "is");
	}
	require(all || seen.in_force.n == 0, "step %d: in force before all answered", step);
}

/* A new End of Data: some come, some go, at times all go (which is held back, so the model stays).
 */
static void
speak(struct rpki_source *s, struct model *m)
{
	struct vrp_list l = { 0 };
	bool next[UNIVERSE];
	size_t n = 0;

	memcpy(next, m->said, sizeof(next));
	for (uint32_t k = below(8); k > 0; k--)
		next[below(UNIVERSE)] ^= true;
	if (below(4) == 0)
		memset(next, 0, sizeof(next));
	for (uint32_t i = 0; i < UNIVERSE; i++) {
		struct vrp v = vrp_n(i);

		n += next[i];
		if (next[i])
			ck_assert(vrp_list_add(&l, &v));
	}
	rpki_source_said(s, &l, NULL, now);
	m->held = n == 0;
	if (n > 0) {
		memcpy(m->said, next, sizeof(next));
		m->answered = true;
	}
}

static void
become(struct rpki_source *s, struct model *m, bool in_step, bool broken, bool expired)
{
	report(s, in_step, broken, expired);
	m->in_step = in_step;
	m->expired = expired;
	m->spared &= expired;
}

START_TEST(loss_return_and_reset_in_any_order)
{
	struct model m[SOURCES] = { { .answered = false } };
	struct rpki_source *s[SOURCES];

	rng = seed_of(_i);
	limits.settle_s = 86400;
	limits.hold_s = 86400;
	for (int i = 0; i < SOURCES; i++) {
		char name[2] = { (char)('a' + i) };

		s[i] = source(RPKI_CACHE, name);
	}
	configured();
	for (int step = 0; step < 120; step++) {
		uint32_t i = below(SOURCES);

		switch (below(6)) {
		case 0: /* lost, or flushed: the session says nothing new */
			become(s[i], &m[i], false, false, false);
			break;
		case 1: /* garbage */
			become(s[i], &m[i], false, true, below(2));
			break;
		case 2: /* past its time */
			become(s[i], &m[i], false, false, true);
			break;
		case 3:
			configured();
			break;
		default:
			speak(s[i], &m[i]);
			become(s[i], &m[i], true, false, false);
		}
		after((int)below(30));
		check_all_said_is_in_force(m, step);
	}
}
END_TEST

HARNESS_MAIN("rpki_data")
{
	FIXTURE(setup, teardown);
	TEST(nothing_before_all_have_answered);
	TEST(what_there_is_after_the_time);
	TEST(no_source_and_none_that_answers);
	TEST(known_before_and_not_there);
	TEST(an_empty_answer_at_first);
	ROWS(trouble_is_no_statement_about_a_roa, troubles);
	TEST(a_short_loss_is_not_told);
	LOOP(much_less_than_before_a_restart, 2);
	TEST(about_as_much_as_before_a_restart);
	TEST(expired_but_others_say_the_same);
	TEST(nothing_is_over_before_it_is_known);
	LOOP(a_shrunken_source, 3);
	TEST(whole_again);
	TEST(held_and_lost);
	TEST(ordinary_changes_are_taken_at_once);
	TEST(a_reload_lets_in_what_is_held);
	LOOP(a_vrp_for_everything, 2);
	TEST(a_reload_that_changes_nothing);
	TEST(a_source_is_added);
	TEST(a_source_is_removed);
	LOOP(a_source_is_replaced, 3);
	TEST(local_exceptions);
	TEST(local_exceptions_that_contradict);
	TEST(diverging);
	LOOP(loss_return_and_reset_in_any_order, SEEDS);
}

/*
 * VRPs that are tried out before they are used: a table of routes stands for the workers. What
 * turns too much is held back, whether it comes or goes, and nothing else is; what is ours is
 * named. And a property: in any order of changes no more than the limit turns invalid at once, and
 * what is said for long enough is in force.
 */
#include "collector/rpki/rpki_data.h"

#include "tests/unit/support/harness.h"

enum { SEEDS = 60, ROUTES = 64, HOLD_S = 3600 };

/* A route of a router's table. */
static struct {
	struct ip_prefix prefix;
	uint32_t origin;
	bool ours;
} routes[ROUTES];
static unsigned routes_n;

static struct rpki_data *d;
static struct rpki_source *source;
static int64_t now;
static struct rpki_limits limits;
static uint64_t rng;

/* What the owner saw. */
static struct {
	struct vrp_set *set; /* in force */
	struct vrp_trial *trial;
	size_t trials, sets;
	bool late; /* answers come when the test gives them */
	/* about the sources f and b, and all: 1 open, 2 and grave; about any */
	int about[RPKI_ALARMS][3];
	enum rpki_state state;
	bool open[RPKI_ALARMS], grave[RPKI_ALARMS];
	char text[RPKI_ALARMS][400], closed[RPKI_ALARMS][400];
} seen;

/* As a worker does it. */
static void
count_routes(struct vrp_trial *t)
{
	for (unsigned i = 0; i < routes_n; i++) {
		uint32_t blamed[VRP_TRIAL_BLAMED_MAX], origin = routes[i].origin;
		const struct ip_prefix *p = &routes[i].prefix;
		unsigned n = 0;

		if (vrp_trial_turns(t, seen.set, vrp_validate(seen.set, p, true, origin), p, true,
			origin, blamed, &n))
			vrp_trial_add(t, p, routes[i].ours, blamed, n);
	}
	vrp_trial_end_router(t);
}

static void
answer(void)
{
	struct vrp_trial *t = seen.trial;

	seen.trial = NULL;
	if (t == NULL)
		return;
	count_routes(t);
	rpki_data_tried(d, t, now);
	vrp_trial_free(t);
}

static bool
on_try_out(void *ctx, struct vrp_set *set, const struct vrp_delta *delta)
{
	(void)ctx;
	ck_assert_ptr_null(seen.trial);
	seen.trial = vrp_trial_new(set, delta);
	ck_assert_ptr_nonnull(seen.trial);
	seen.trials++;
	return true;
}

static void
on_in_force(void *ctx, struct vrp_set *set, const struct vrp_delta *delta, bool by_config)
{
	(void)ctx;
	(void)delta;
	(void)by_config;
	vrp_set_unref(seen.set);
	seen.set = vrp_set_ref(set);
	seen.sets++;
}

static void
on_alarm(void *ctx, enum rpki_alarm a, const char *about, bool holds, bool grave, const char *text)
{
	unsigned k = strcmp(about, "f") == 0 ? 0 : strcmp(about, "b") == 0 ? 1 : 2;

	(void)ctx;
	ck_assert_uint_lt(strlen(text), 400);
	snprintf(holds ? seen.text[a] : seen.closed[a], sizeof(seen.text[a]), "%.399s", text);
	seen.about[a][k] = holds ? 1 + grave : 0;
	seen.open[a] = seen.grave[a] = false;
	for (k = 0; k < 3; k++) {
		seen.open[a] |= seen.about[a][k] > 0;
		seen.grave[a] |= seen.about[a][k] > 1;
	}
}

static void
on_state(void *ctx, enum rpki_state state)
{
	(void)ctx;
	seen.state = state;
}

static void
on_note(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static const struct rpki_data_ops ops = { .in_force = on_in_force,
	.state = on_state,
	.try_out = on_try_out,
	.alarm = on_alarm,
	.note = on_note };

/* --- words */

static void
tick(void)
{
	rpki_data_tick(d, now);
	for (int i = 0; i < 10 && !seen.late && seen.trial != NULL; i++)
		answer();
	ck_assert_msg(seen.late || seen.trial == NULL, "trials come to an end");
}

static void
after(int s)
{
	now += (int64_t)s * 1000000;
	tick();
}

static void
setup(void)
{
	struct rpki_source_report r = { .in_step = true, .why = "", .first_rejected = "" };

	memset(&seen, 0, sizeof(seen));
	routes_n = 0;
	now = 1000000000;
	limits = (struct rpki_limits){ .settle_s = 120,
		.hold_s = HOLD_S,
		.loss = { .percent = 100, .least = 1000 },
		.max_invalid = 3 };
	d = rpki_data_new(&ops, NULL);
	ck_assert_ptr_nonnull(d);
	source = rpki_data_add(d, RPKI_FILE, "f", now);
	rpki_source_report(source, &r, now);
	rpki_data_configured(d, &limits, now);
}

static void
teardown(void)
{
	rpki_data_free(d);
	vrp_set_unref(seen.set);
	vrp_trial_free(seen.trial);
}

static void
route(const char *prefix, uint32_t origin, bool ours)
{
	ck_assert_uint_lt(routes_n, ROUTES);
	ck_assert(ip_prefix_parse(prefix, true, &routes[routes_n].prefix));
	routes[routes_n].origin = origin;
	routes[routes_n++].ours = ours;
}

/* n routes of 10.0.k.0/24, of AS 1000 + k or of one AS. */
static void
some_routes(unsigned n, uint32_t origin)
{
	char text[32];

	for (unsigned k = 0; k < n; k++) {
		snprintf(text, sizeof(text), "10.0.%u.0/24", k);
		route(text, origin != 0 ? origin : 1000 + k, false);
	}
}

/* "10.0.0.0/16 24 64500, ..." beside one that is always there. */
static void
say(const char *vrps)
{
	struct vrp_list l = { 0 };
	char prefix[64];
	unsigned max_len, asn;
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ip_prefix_parse("203.0.113.0/24", true, &v.prefix);
	v.max_len = 24;
	v.asn = 64500;
	ck_assert(vrp_list_add(&l, &v));
	while (vrps != NULL && sscanf(vrps, "%63s %u %u", prefix, &max_len, &asn) == 3) {
		ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
		v.max_len = (uint8_t)max_len;
		v.asn = asn;
		ck_assert(vrp_list_add(&l, &v));
		vrps = strchr(vrps, ',');
		vrps = vrps != NULL ? vrps + 1 : NULL;
	}
	vrp_list_sort_unique(&l);
	rpki_source_said(source, &l, NULL, now);
	tick();
}

static bool
in_force(const char *prefix, uint8_t max_len, uint32_t asn)
{
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
	v.max_len = max_len;
	v.asn = asn;
	return vrp_set_has(seen.set, &v);
}

static bool
tells(enum rpki_alarm a, const char *words)
{
	return seen.open[a] && strstr(seen.text[a], words) != NULL;
}

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
	struct rpki_source_report r = { .in_step = true, .why = "", .first_rejected = "" };
	struct slurm slurm = { .keys = 0 };
	char error[200];

	some_routes(4, _i == 0 ? 0 : 64500);
	rpki_data_configured(d, &limits, now);
	rpki_source_said_slurm(s, &slurm);
	rpki_source_report(s, &r, now);
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

/* --- two sources that disagree */

/* VRPs 100.0.k.0/24 of AS 64500, then `more` for the first routes, of AS 0. */
static void
say_many(struct rpki_source *s, unsigned n, unsigned more)
{
	struct rpki_source_report r = { .in_step = true, .why = "", .first_rejected = "" };
	struct vrp_list l = { 0 };
	struct vrp v;

	memset(&v, 0, sizeof(v));
	v.max_len = 24;
	for (unsigned k = 0; k < n + more; k++) {
		uint8_t b[16] = { k < n ? 100 : 10, 0, (uint8_t)(k < n ? k : k - n) };

		ip_prefix_make(&v.prefix, IP_V4, b, 24);
		v.asn = k < n ? 64500 : 0;
		ck_assert(vrp_list_add(&l, &v));
	}
	vrp_list_sort_unique(&l);
	rpki_source_said(s, &l, NULL, now);
	rpki_source_report(s, &r, now);
	tick();
}

static struct rpki_source *
two_sources(void)
{
	struct rpki_source *b = rpki_data_add(d, RPKI_CACHE, "b", now);

	limits.loss = (struct vrp_loss_limits){ .percent = 10, .least = 5 };
	limits.max_invalid = 20;
	rpki_data_configured(d, &limits, now);
	return b;
}

static void
lose(struct rpki_source *s)
{
	struct rpki_source_report r = { .why = "hung up", .first_rejected = "" };

	rpki_source_report(s, &r, now);
	tick();
}

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

/* One says what the other does not: both orders, and all ends. */
START_TEST(what_one_alone_says_is_held)
{
	struct rpki_source *b = two_sources(), *first = _i % 2 == 0 ? source : b,
			   *second = _i % 2 == 0 ? b : source;

	some_routes(10, 0);
	routes[3].ours = true;
	say_many(first, 40, 0);
	say_many(second, 40, 0);
	ck_assert(seen.sets == 1 && !seen.open[RPKI_ALARM_DIVERGING]);
	say_many(first, 40, 10);
	ck_assert_msg(seen.sets == 1, "nothing of it is in force");
	ck_assert(
	    tells(RPKI_ALARM_DIVERGING, "10 new ones that one source alone says would turn 10 "
					"routes invalid, 1 of ours (10.0.3.0/24)"));
	ck_assert(seen.grave[RPKI_ALARM_DIVERGING] && !seen.open[RPKI_ALARM_MASS_CHANGE]);
	switch (_i / 2) {
	case 0: /* the other says so, too */
		say_many(second, 40, 10);
		ck_assert(in_force("10.0.0.0/24", 24, 0) && in_force("10.0.9.0/24", 24, 0));
		break;
	case 1: /* taken back */
		say_many(first, 40, 0);
		ck_assert(seen.sets == 1);
		break;
	case 2: /* its time is over: told on, but in force */
		after(HOLD_S);
		ck_assert(in_force("10.0.0.0/24", 24, 0) && seen.open[RPKI_ALARM_DIVERGING]);
		ck_assert(!seen.grave[RPKI_ALARM_DIVERGING]);
		return;
	case 3: /* the other says nearly all of it: no more than they may differ */
		say_many(second, 40, 7);
		ck_assert(in_force("10.0.9.0/24", 24, 0));
		break;
	default: /* the other is lost: that is no agreement; then it is back, and agrees */
		lose(_i % 4 == 0 ? second : first);
		after(100);
		say_many(_i % 4 == 0 ? first : second, 40, _i % 4 == 0 ? 10 : 0);
		ck_assert(seen.sets == 1 && seen.open[RPKI_ALARM_DIVERGING]);
		say_many(second, 40, 10);
		if (_i % 4 != 0)
			say_many(first, 40, 10);
		ck_assert(in_force("10.0.0.0/24", 24, 0));
	}
	ck_assert(!seen.open[RPKI_ALARM_DIVERGING]);
}
END_TEST

/* The operator adds a source that disagrees with the one there is: both orders of names. */
START_TEST(an_added_source_that_disagrees)
{
	struct rpki_source *b;

	some_routes(10, 0);
	say_many(source, 40, 0);
	b = two_sources();
	say_many(b, 40, 10);
	ck_assert(in_force("100.0.0.0/24", 24, 64500) && !in_force("10.0.0.0/24", 24, 0));
	ck_assert(tells(RPKI_ALARM_DIVERGING, "10 new ones"));
	rpki_data_remove(d, _i == 0 ? source : b);
	rpki_data_configured(d, &limits, now);
	tick();
	ck_assert_msg(in_force("10.0.0.0/24", 24, 0) == (_i == 0), "the one that is left is right");
}
END_TEST

/* From the start they disagree: what either says is in force, as nothing tells who is right. */
START_TEST(disagreed_from_the_start)
{
	struct rpki_source *b = two_sources();

	some_routes(10, 0);
	say_many(_i == 0 ? source : b, 40, 0);
	ck_assert_uint_eq(seen.sets, 0);
	say_many(_i == 0 ? b : source, 40, 10);
	ck_assert(seen.sets == 1 && in_force("10.0.0.0/24", 24, 0));
	ck_assert(in_force("100.0.0.0/24", 24, 64500) && !seen.open[RPKI_ALARM_DIVERGING]);
	after(120);
	ck_assert(
	    seen.open[RPKI_ALARM_DIVERGING] && !strstr(seen.text[RPKI_ALARM_DIVERGING], "held"));
}
END_TEST

/* --- a restart */

/* The collector is gone for some seconds; what it was told to remember comes back. */
static void
restart(int away_s)
{
	static const int64_t epoch = 1700000000LL * 1000000;
	struct rpki_source_report r = { .in_step = true, .why = "", .first_rejected = "" };
	struct sbuf text = sbuf_of(1 << 20);

	sbuf_puts(
	    &text, "7 f\nheld\nheld x\nheld 1 new mass 1 10.0.0.0/99 24 1\nheld 1 new what 1 ");
	sbuf_puts(&text, "10.0.0.0/8 24 1\n\n");
	rpki_data_remember(d, now, epoch + now, &text);
	sbuf_puts(&text, "held 1700000000 new mass 4 10.0.0.0/16");
	rpki_data_free(d);
	vrp_set_unref(seen.set);
	seen.set = NULL;
	seen.sets = seen.trials = 0;
	now += (int64_t)away_s * 1000000;
	d = rpki_data_new(&ops, NULL);
	rpki_data_recall(d, sbuf_text(&text), 1000 + now % 1000, epoch + now);
	now = 1000 + now % 1000; /* the other clock begins anew */
	source = rpki_data_add(d, RPKI_FILE, "f", now);
	rpki_source_report(source, &r, now);
	rpki_data_configured(d, &limits, now);
	sbuf_free(&text);
}

/* Two sources disagree before and after. */
START_TEST(disputed_over_a_restart)
{
	struct rpki_source *b = two_sources();

	some_routes(10, 0);
	say_many(source, 40, 0);
	say_many(b, 40, 0);
	say_many(b, 40, 10);
	ck_assert(tells(RPKI_ALARM_DIVERGING, "10 new ones"));
	after(600);
	restart(100);
	b = two_sources();
	say_many(_i == 0 ? source : b, 40, _i == 0 ? 0 : 10);
	say_many(_i == 0 ? b : source, 40, _i == 0 ? 10 : 0);
	ck_assert(in_force("100.0.0.0/24", 24, 64500) && !in_force("10.0.0.0/24", 24, 0));
	ck_assert(tells(RPKI_ALARM_DIVERGING, "10 new ones"));
	say_many(source, 40, 10);
	ck_assert(in_force("10.0.0.0/24", 24, 0) && !seen.open[RPKI_ALARM_DIVERGING]);
}
END_TEST

START_TEST(held_over_a_restart)
{
	char text[400];

	some_routes(4, _i < 2 ? 0 : 64500);
	route("10.0.7.0/24", 64500, true);
	say(_i < 2 ? "" : "10.0.0.0/16 24 64500");
	say(_i < 2 ? "10.0.0.0/16 24 64499" : "10.0.0.0/16 16 64500");
	snprintf(text, sizeof(text), "%s", seen.text[RPKI_ALARM_MASS_CHANGE]);
	after(600);
	restart(100);
	ck_assert(seen.open[RPKI_ALARM_MASS_CHANGE]);
	say(_i < 2 ? "10.0.0.0/16 24 64499" : "10.0.0.0/16 16 64500");
	ck_assert(in_force("10.0.0.0/16", 24, 64499) == false);
	ck_assert(in_force("10.0.0.0/16", 24, 64500) == (_i == 2));
	ck_assert_str_eq(seen.text[RPKI_ALARM_MASS_CHANGE], text);
	ck_assert(seen.open[RPKI_ALARM_MASS_CHANGE] && seen.grave[RPKI_ALARM_MASS_CHANGE]);
	if (_i == 1) {
		say("");
	} else {
		after(HOLD_S - 701);
		ck_assert(seen.open[RPKI_ALARM_MASS_CHANGE]);
		after(1);
		ck_assert(in_force("10.0.0.0/16", 24, 64499) == (_i == 0));
		ck_assert(!in_force("10.0.0.0/16", 24, 64500));
	}
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
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

/* --- any order of anything */

static unsigned
newly_invalid(const struct vrp_set *before)
{
	unsigned n = 0;

	for (unsigned i = 0; i < routes_n; i++)
		n += vrp_validate(before, &routes[i].prefix, true, routes[i].origin).state !=
			 ROV_INVALID &&
		     vrp_validate(seen.set, &routes[i].prefix, true, routes[i].origin).state ==
			 ROV_INVALID;
	return n;
}

static void
random_vrps(char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (uint32_t k = rnd(&rng) % 6; k > 0; k--) {
		unsigned len = 17 + rnd(&rng) % 8,
			 third = (rnd(&rng) % 24) & (0xff00 >> (len - 16));

		at += (size_t)snprintf(out + at, size - at, "%s10.0.%u.0/%u %u %u",
		    at > 0 ? ", " : "", third & 0xff, len, len + rnd(&rng) % (25 - len),
		    1000 + rnd(&rng) % 4);
	}
}

static void
check_all_said_is_in_force(const char *vrps)
{
	char prefix[64];
	unsigned max_len, asn, n = 1;

	for (; vrps != NULL && sscanf(vrps, "%63s %u %u", prefix, &max_len, &asn) == 3; n++) {
		require(in_force(prefix, (uint8_t)max_len, asn), "%s is not in force", prefix);
		vrps = strchr(vrps, ',');
		vrps = vrps != NULL ? vrps + 1 : NULL;
	}
	require(vrp_set_count(seen.set, IP_V4) <= n, "more is in force than is said");
}

START_TEST(no_mass_at_once)
{
	char vrps[400];

	rng = seed_of(_i);
	for (unsigned k = 0; k < 24; k++) {
		char text[32];

		snprintf(text, sizeof(text), "10.0.%u.0/24", k);
		route(text, 1000 + rnd(&rng) % 4, false);
	}
	say("");
	for (int step = 0; step < 40; step++) {
		struct vrp_set *before = vrp_set_ref(seen.set);

		now += 1000000;
		random_vrps(vrps, sizeof(vrps));
		say(vrps);
		require(newly_invalid(before) <= limits.max_invalid, "step %d: %u at once", step,
		    newly_invalid(before));
		vrp_set_unref(before);
	}
	after(HOLD_S);
	check_all_said_is_in_force(vrps);
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
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
	LOOP(what_one_alone_says_is_held, 10);
	LOOP(an_added_source_that_disagrees, 2);
	LOOP(disagreed_from_the_start, 2);
	LOOP(held_over_a_restart, 3);
	LOOP(disputed_over_a_restart, 2);
	TEST(whole_when_it_is_in_force);
	LOOP(no_mass_at_once, SEEDS);
}

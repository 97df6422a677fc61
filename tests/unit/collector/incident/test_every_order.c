/*
 * A property of every rule: in whatever order the views of two routers tell of a route and withdraw
 * it, to two neighbours it is sent on to as well, nothing is left: no rule is true, no leak is
 * known, no incident is open and none has a member. A new rule does not compile before it has a
 * row. BELLMAN_CASES: how many random orders of both routers, in all.
 */
#include "tests/unit/support/every_order_world.h"

enum { PARTS = 2, ORDERS = 120 /* of STEPS */, CASES = 20000 };

/* Who sends what. A burst is what proves it, and what comes with it; a detour what was before. */
struct row {
	uint32_t from;
	struct told_routes parts[PARTS];
};

#define FROM_PROVIDER(...)                                                                         \
	{                                                                                          \
		64510,                                                                             \
		{                                                                                  \
			{                                                                          \
				__VA_ARGS__                                                        \
			}                                                                          \
		}                                                                                  \
	}
#define FROM_CUSTOMER(...)                                                                         \
	{                                                                                          \
		64501,                                                                             \
		{                                                                                  \
			{                                                                          \
				__VA_ARGS__                                                        \
			}                                                                          \
		}                                                                                  \
	}
#define NO_EXPORT	    0xffffff01
#define BLACKHOLE	    0xffff029a
#define TEN		    "1 2 3 4 5 6 7 8 9 10 "

#define ROW_ROV_ASN	    FROM_PROVIDER("20.1.0.0/24", 1, "64510 64666", 0, 0)
#define ROW_ROV_LENGTH	    FROM_PROVIDER("20.2.0.0/24", 1, "64510 64998", 0, 0)
#define ROW_LEAK_OTC	    FROM_CUSTOMER("20.9.0.0/24", 1, "64501 64995", 64995, 0)
#define ROW_LEAK_PEERLOCK   FROM_PROVIDER("20.9.0.0/24", 1, "64510 174 65551 1299 64995", 0, 0)
#define ROW_HIJACK_EXACT    FROM_PROVIDER("203.0.113.0/24", 1, "64510 64666", 0, 0)
#define ROW_HIJACK_SPECIFIC FROM_PROVIDER("203.0.113.128/25", 1, "64510 64666", 0, 0)
#define ROW_OWN_SPECIFIC    FROM_PROVIDER("203.0.113.64/26", 1, "64510 64500", 0, 0)
#define ROW_LEAK_NO_TRANSIT FROM_CUSTOMER("20.9.0.0/24", 1, "64501 15169 64995", 0, 0)
#define ROW_LEAK_UPSTREAM   FROM_CUSTOMER("20.9.0.0/24", 1, "64501 64510 64995", 0, 0)
#define ROW_LEAK_OWN	    FROM_PROVIDER("20.9.0.0/24", 6, "64510 64995", 0, 0)
#define ROW_LEAK_BURST                                                                             \
	{                                                                                          \
		64510,                                                                             \
		{                                                                                  \
			{ "20.9.0.0/24", 2, "64510 174 65551 1299 64995", 0, 0 },                  \
			    { "20.10.0.0/24", 3, "64510 174 65551 64994", 0, 0 },                  \
		}                                                                                  \
	}
#define ROW_ORIGIN_BURST                                                                           \
	{                                                                                          \
		64510,                                                                             \
		{                                                                                  \
			{ "20.1.0.0/24", CAUGHT_AT, "64510 64666", 0, 0 },                         \
			    { "20.10.0.0/24", 3, "64510 64666", 0, 0 },                            \
		}                                                                                  \
	}
#define ROW_ASPA	 FROM_CUSTOMER("20.9.0.0/24", 1, "64501 64997", 0, 0)
#define ROW_FIRST_HOP	 FROM_PROVIDER("203.0.113.0/24", 1, "64510 64666 64500", 0, 0)
#define ROW_COVERING	 FROM_PROVIDER("198.51.100.0/23", 1, "64510 64666", 0, 0)
#define ROW_BLACKHOLE	 FROM_PROVIDER("20.1.0.1/32", 1, "64510 64995", 0, BLACKHOLE)
#define ROW_BOGON_PREFIX FROM_PROVIDER("10.1.0.0/16", 1, "64510 64995", 0, 0)
#define ROW_NO_EXPORT	 FROM_PROVIDER("20.9.0.0/24", 1, "64510 64995", 0, NO_EXPORT)
#define ROW_FIRST_AS	 FROM_PROVIDER("20.9.0.0/24", 1, "64511 64995", 0, 0)
#define ROW_TOO_SPECIFIC FROM_PROVIDER("20.9.0.0/25", 1, "64510 64995", 0, 0)
#define ROW_BOGON_ASN	 FROM_PROVIDER("20.9.0.0/24", 1, "64510 23456 64995", 0, 0)
#define ROW_AS_SET	 FROM_PROVIDER("20.9.0.0/24", 1, "64510 {64994,64995}", 0, 0)
#define ROW_LONG_PATH                                                                              \
	FROM_PROVIDER("20.9.0.0/24", 1, "64510 " TEN TEN TEN TEN TEN TEN "64995", 0, 0)
#define ROW_UNLISTED FROM_CUSTOMER("21.9.0.0/24", 1, "64501 64995", 0, 0)

/* the direct way, which is left at once */
#define ROW_LEAK_DETOUR                                                                            \
	{                                                                                          \
		64510,                                                                             \
		{                                                                                  \
			{ "20.9.0.0/24", 1, "64510 1299 64995", 0, 0 },                            \
			    { "20.9.0.0/24", 1, "64510 65551 65552 65553 1299 64995", 0, 0 },      \
		}                                                                                  \
	}

#define ROW(rule, ...) [RULE_##rule] = ROW_##rule,
static const struct row rows[RULES] = { EACH_RULE(ROW) };

/* --- one order after the other */

struct told {
	uint8_t router, step;
};

/* Permutation number n of what is in v. */
static void
permute(struct told *v, unsigned size, unsigned n)
{
	for (; size > 1; size--) {
		unsigned at = n % size;
		struct told x = v[at];

		n /= size;
		v[at] = v[size - 1];
		v[size - 1] = x;
	}
}

static void
shuffle(struct told *v, unsigned size, uint64_t *rng)
{
	for (; size > 1; size--) {
		unsigned at = rnd(rng) % size;
		struct told x = v[at];

		v[at] = v[size - 1];
		v[size - 1] = x;
	}
}

static void
tell(struct world *w, const struct row *row, struct told t, bool announce)
{
	for (unsigned k = 0; k < PARTS; k++)
		if (row->parts[k].n > 0)
			say(w, t.router, row->from, (enum step)t.step, &row->parts[k], announce);
	work(w);
}

static void
nothing_is_left(
    struct world *w, const char *rule, const struct told *come, const struct told *go, unsigned n)
{
	struct incidents_stats incidents;
	struct engine_stats engine;
	char text[256];
	size_t at = 0;

	engine_stats(w->engine, &engine);
	incidents_stats(w->table, &incidents);
	if (engine.rules_broken == 0 && engine.leaks == 0 && incidents.open == 0 &&
	    incidents.unknown == 0 && incidents.held == 0 && incidents.members == 0)
		return;
	for (unsigned k = 0; k < 2 * n; k++) {
		const struct told *t = k < n ? &come[k] : &go[k - n];

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%c%u", k == n ? " |" : "",
		    "ab"[t->router], t -> step);
	}
	ck_abort_msg("%s, %s: %llu routes, %llu leaks, %u open, %u unknown, %u held, %llu members",
	    rule, text, (unsigned long long)engine.rules_broken, (unsigned long long)engine.leaks,
	    incidents.open, incidents.unknown, incidents.held,
	    (unsigned long long)incidents.members);
}

/* come and go: n of them; and an hour passes. */
static void
play(struct world *w, enum rule rule, const struct told *come, const struct told *go, unsigned n)
{
	for (unsigned k = 0; k < n; k++)
		tell(w, &rows[rule], come[k], true);
	pass(w, 5);
	for (unsigned k = 0; k < n; k++)
		tell(w, &rows[rule], go[k], false);
	pass(w, 3600);
	pass(w, 5);
	nothing_is_left(w, rule_info[rule].name, come, go, n);
}

/* Every order of the views of one router, each with some of the orders in which they withdraw. */
START_TEST(of_one_router)
{
	enum { STRIDE = 7 }; /* and no divisor of ORDERS */
	struct told come[STEPS], go[STEPS];
	struct world w;

	begin(&w);
	for (unsigned a = 0; a < ORDERS; a++)
		for (unsigned b = a % STRIDE; b < ORDERS; b += STRIDE) {
			for (uint8_t k = 0; k < STEPS; k++)
				come[k] = go[k] = (struct told){ 0, k };
			permute(come, STEPS, a);
			permute(go, STEPS, b);
			play(&w, (enum rule)_i, come, go, STEPS);
		}
	ck_assert_msg(w.seen >> _i & 1, "%s is true of nothing here", rule_info[_i].name);
	ck_assert_uint_gt(w.told, 0);
	end(&w);
}
END_TEST

START_TEST(of_two_routers)
{
	enum { ALL = ROUTERS * STEPS };
	unsigned n = random_cases(CASES) / RULES;
	struct told come[ALL], go[ALL];
	uint64_t rng = seed_of(_i);
	struct world w;

	begin(&w);
	for (unsigned c = 0; c < n; c++) {
		for (uint8_t k = 0; k < ALL; k++)
			come[k] = go[k] = (struct told){ k / STEPS, k % STEPS };
		shuffle(come, ALL, &rng);
		shuffle(go, ALL, &rng);
		play(&w, (enum rule)_i, come, go, ALL);
	}
	ck_assert(w.seen >> _i & 1);
	end(&w);
}
END_TEST

HARNESS_MAIN("every_order")
{
	TIMEOUT(240);
	LOOP(of_one_router, RULES);
	LOOP(of_two_routers, RULES);
}

/*
 * Which incident a route belongs to, against a naive second judge: of the rules that are true of it
 * the gravest names the group, and who does it is the origin or who leaks; what an AS does to
 * others' prefixes while it takes ours is part of that. Random routes come, change and go;
 * afterwards the incidents that are open, and how many prefixes each has, are what the judge says.
 * BELLMAN_CASES: how many random sets of routes.
 */
#include "tests/unit/support/incident_fixture.h"

enum { SEEDS = 20, CASES = 20000, ROUTES = 6, NAME = 64 };

/* Rules by name, gravest first; the word a scope has for them, and whose doing they are. Written
 * down once more on purpose. */
static const struct {
	const char *rule, *group;
	bool of_leaker;
} gravest_first[] = {
	{ "hijack.exact", "hijack", false },
	{ "hijack.more-specific", "hijack", false },
	{ "hijack.first-hop", "hijack", true },
	{ "leak.own", "leak", true },
	{ "leak.otc", "leak", true },
	{ "leak.upstream", "leak", true },
	{ "leak.peerlock", "leak", true },
	{ "leak.no-transit", "leak", true },
	{ "leak.detour", "leak", true },
	{ "leak.burst", "leak", true },
	{ "origin.burst", "rov.invalid.asn", false },
	{ "rov.invalid.asn", "rov.invalid.asn", false },
	{ "rov.invalid.length", "rov.invalid.length", false },
	{ "aspa.invalid", "leak", true },
	{ "hijack.less-specific", "hijack.less-specific", false },
	{ "own.more-specific", "own.more-specific", false },
	{ "blackhole.accepted", "blackhole.accepted", false },
	{ "bogon.prefix", "bogon.prefix", false },
	{ "route.no-export", "route.no-export", true },
	{ "path.first-as", "path.first-as", true },
	{ "route.unlisted", "route.unlisted", true },
	{ "route.too-specific", "route.too-specific", false },
	{ "bogon.asn", "bogon.asn", false },
	{ "path.as-set", "path.as-set", false },
	{ "path.long", "path.long", false },
};
enum { KNOWN = sizeof(gravest_first) / sizeof(gravest_first[0]) };

static bool
is_true(const struct finding *f, const char *rule)
{
	for (unsigned k = 0; k < RULES; k++)
		if (strcmp(rule_info[k].name, rule) == 0)
			return f->rules >> k & 1;
	return false;
}

static unsigned
gravest(const struct finding *f)
{
	unsigned k = 0;

	/* what comes back to us as a leak does is no forgery, most likely */
	while (k < KNOWN && (!is_true(f, gravest_first[k].rule) ||
				(strcmp(gravest_first[k].rule, "hijack.first-hop") == 0 &&
				    is_true(f, "leak.detour"))))
		k++;
	return k;
}

static bool
takes_ours(const struct finding *f)
{
	return f->rules != 0 && (is_true(f, "hijack.exact") || is_true(f, "hijack.more-specific"));
}

/* The incident of route n, by name. */
static void
meant(const struct finding *all, unsigned n, char name[NAME])
{
	const struct finding *f = &all[n];
	unsigned g = gravest(f);
	const char *rule = gravest_first[g].rule;

	if (strncmp(rule, "rov.", 4) == 0 || strcmp(rule, "origin.burst") == 0)
		for (unsigned k = 0; k < ROUTES; k++)
			if (takes_ours(&all[k]) && all[k].origin == f->origin) {
				snprintf(name, NAME, "hijack|AS%u", f->origin);
				return;
			}
	if (gravest_first[g].of_leaker && f->by_us)
		snprintf(name, NAME, "%s|us", gravest_first[g].group);
	else
		snprintf(name, NAME, "%s|AS%u", gravest_first[g].group,
		    gravest_first[g].of_leaker ? f->leaker_as : f->origin);
}

static unsigned
members_meant(const struct finding *all, const char *name)
{
	char other[NAME];
	unsigned n = 0;

	for (unsigned k = 0; k < ROUTES; k++)
		if (all[k].rules != 0) {
			meant(all, k, other);
			n += strcmp(other, name) == 0;
		}
	return n;
}

/* Of the incidents that are open: how many prefixes this one has; 0: it is none of them. */
static unsigned
members_told(struct fixture *w, const char *name)
{
	uint64_t cursor = 0;
	struct record r;

	while (incidents_next(w->table, &cursor, &r))
		if (strcmp(r.incident.scope, name) == 0)
			return (unsigned)r.incident.prefixes_n;
	return 0;
}

static void
compare(struct fixture *w, const struct finding *all, int run, unsigned number)
{
	char name[NAME], text[IP_PREFIX_TEXT_MAX];
	uint64_t cursor = 0;
	struct record r;

	for (unsigned k = 0; k < ROUTES; k++) {
		meant(all, k, name);
		require(members_told(w, name) == members_meant(all, name),
		    "run %d, case %u: %s, of which %s with rules %x is, has %u prefixes, not %u",
		    run, number, name, ip_prefix_format(&all[k].prefix, text), all[k].rules,
		    members_told(w, name), members_meant(all, name));
	}
	while (incidents_next(w->table, &cursor, &r))
		require(members_meant(all, r.incident.scope) > 0, "run %d, case %u: %s is open",
		    run, number, r.incident.scope);
}

/* A route of its own prefix; few rules are true of it, by few networks. Nothing so grave that it is
 * told at once: what is told is not gathered any more. */
static struct finding
random_route(uint64_t *rng, unsigned k)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "20.0.0.0/24", 64600 + rnd(rng) % 2);

	f.prefix.b[2] = (uint8_t)k;
	f.path_id = 0;
	f.leaker_as = 64602 + rnd(rng) % 2;
	f.relation = NEIGHBOR_PROVIDER;
	f.rules = 1U << rnd(rng) % RULES;
	if (rnd(rng) % 2)
		f.rules |= 1U << rnd(rng) % RULES;
	f.by_us = f.rules >> RULE_LEAK_OWN & 1;
	return f;
}

START_TEST(scopes_against_a_naive_judge)
{
	unsigned n = random_cases(CASES) / SEEDS;
	struct finding all[ROUTES];
	uint64_t rng = seed_of(_i);
	struct incidents_stats st;
	struct fixture w;

	setup(&w);
	for (unsigned c = 0; c < n; c++) {
		memset(all, 0, sizeof(all));
		w.n = 0;
		for (unsigned step = 0; step < ROUTES + 3; step++) {
			unsigned k = step < ROUTES ? step : rnd(&rng) % ROUTES;

			if (takes_ours(&all[k]))
				continue; /* who comes while that is over for a moment is alone */
			all[k] = random_route(&rng, k);
			on(&w, all[k]);
		}
		for (unsigned k = 0; k < 15; k++) { /* what is over, and what is held, is told */
			w.now += 5 * SECOND;
			incidents_tick(w.table, w.now);
		}
		compare(&w, all, _i, c);
		for (unsigned k = 0; k < ROUTES; k++)
			off(&w, all[k], REASON_WITHDRAWN);
		for (unsigned k = 0; k < 4; k++) {
			w.now += 3600 * (int64_t)SECOND;
			incidents_tick(w.table, w.now);
		}
		incidents_stats(w.table, &st);
		require(st.open + st.held + st.unknown == 0 && st.members == 0,
		    "run %d, case %u: %u open, %u held at the end", _i, c, st.open, st.held);
	}
	incidents_free(w.table);
}
END_TEST

START_TEST(every_rule_is_judged)
{
	ck_assert_uint_eq(KNOWN, RULES);
}
END_TEST

HARNESS_MAIN("scopes")
{
	TIMEOUT(240);
	TEST(every_rule_is_judged);
	LOOP(scopes_against_a_naive_judge, SEEDS);
}

/*
 * Rules in dry-run: what would be told of them is told marked, and what is told of the others is
 * what it would be without them.
 */
#include "base/pure/text.h"
#include "tests/unit/support/incident_fixture.h"

enum { ROUNDS = 40, STEPS = 400 };

static const char ours[] = "203.0.113.0/24", theirs[] = "198.51.100.0/24";

enum { asn = 1 << RULE_ROV_ASN, exact = 1 << RULE_HIJACK_EXACT };

/* A route of which these rules are true, of which those are in dry-run. */
static struct finding
route(uint32_t rules, uint32_t dry_run)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, ours, 64666);

	f.rules = rules;
	f.dry_run = rules & dry_run;
	return f;
}

/* The open ones: how many, and how many of them in dry-run. */
static unsigned
open_now(struct fixture *w, unsigned *dry)
{
	struct record r;
	unsigned n = 0;

	for (*dry = 0; nth(w, n, &r); n++)
		*dry += r.incident.dry_run;
	return n;
}

static void
check_last(
    struct fixture *w, uint8_t transition, const char *kind, bool dry_run, const char *reason)
{
	ck_assert_str_eq(transition_name(last(w)->transition), transition_name(transition));
	ck_assert_str_eq(last(w)->kind, kind);
	ck_assert(last(w)->dry_run == dry_run);
	ck_assert_str_eq(reason_name(last(w)->reason), reason);
}

/* Opened, updated and closed as any other, marked, and under another id. */
START_TEST(life)
{
	struct fixture w, on_w;
	struct incidents_stats st;
	unsigned dry;

	setup(&w);
	on(&w, route(exact, exact));
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	check_last(&w, TRANSITION_OPENED, "hijack.exact", true, "announced");
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
	ck_assert_uint_eq(open_now(&w, &dry), 1);
	ck_assert_uint_eq(dry, 1);
	incidents_stats(w.table, &st);
	ck_assert_uint_eq(st.open + st.held + st.opened + st.members, 0);
	ck_assert_uint_eq(st.dry_run, 1);
	setup(&on_w);
	on(&on_w, route(exact, 0));
	ck_assert_str_eq(last(&on_w)->summary, last(&w)->summary);
	ck_assert_str_ne(last(&on_w)->id, last(&w)->id);
	incidents_free(on_w.table);
	off(&w, route(exact, exact), REASON_WITHDRAWN);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	check_last(&w, TRANSITION_CLOSED, "hijack.exact", true, "withdrawn");
	ck_assert_uint_eq(open_now(&w, &dry), 0);
	incidents_free(w.table);
}
END_TEST

/* A route of which two rules are true: the one in dry-run is no facet of the other, and gives it
 * neither its kind nor its severity. */
START_TEST(facets)
{
	struct fixture w;
	struct record r;
	unsigned dry;

	setup(&w);
	on(&w, route(asn | exact, exact));
	pass(&w, 3);
	ck_assert_uint_eq(open_now(&w, &dry), 2);
	ck_assert_uint_eq(dry, 1);
	ck_assert(nth(&w, 0, &r));
	ck_assert_str_eq(r.incident.kind, "rov.invalid.asn");
	ck_assert_uint_eq(r.incident.severity, SEVERITY_MAJOR);
	ck_assert_uint_eq(r.incident.facets_n, 0);
	ck_assert_uint_eq(r.incident.facts.own.family, IP_NONE);
	/* what would be told were it on */
	ck_assert(nth(&w, 1, &r));
	ck_assert_str_eq(r.incident.kind, "hijack.exact");
	ck_assert_uint_eq(r.incident.severity, SEVERITY_CRITICAL);
	ck_assert_str_eq(r.incident.facets[0], "rov.invalid.asn");
	/* it would be a facet only: then nothing is told of it */
	on(&w, route(asn | exact, asn));
	pass(&w, 3);
	ck_assert_uint_eq(open_now(&w, &dry), 1);
	ck_assert_uint_eq(dry, 0);
	ck_assert(nth(&w, 0, &r));
	ck_assert_str_eq(r.incident.kind, "hijack.exact");
	ck_assert_uint_eq(r.incident.facets_n, 0);
	ck_assert_uint_eq(r.incident.facts.rov, RECORD_ROV_NONE);
	incidents_free(w.table);
}
END_TEST

/* A reload: what is open then is told, or ends, for the configuration. */
START_TEST(on_and_off)
{
	struct fixture w;
	struct finding f = route(exact, exact);
	unsigned dry;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	f.cause = REASON_CONFIG;
	f.dry_run = 0;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(open_now(&w, &dry), 1);
	ck_assert_uint_eq(dry, 0);
	for (unsigned k = 1; k < 3; k++) {
		const struct record_incident *i = &w.log[k].incident;

		ck_assert_str_eq(reason_name(i->reason), "config");
		ck_assert_uint_eq(
		    i->transition, i->dry_run ? TRANSITION_CLOSED : TRANSITION_OPENED);
		ck_assert_uint_eq(i->revision, i->dry_run ? 2 : 1);
	}
	f.dry_run = exact;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 5);
	ck_assert_uint_eq(open_now(&w, &dry), 1);
	ck_assert_uint_eq(dry, 1);
	incidents_free(w.table);
}
END_TEST

/* It comes back from the journal as what it was, and closes when the router shows that it is over,
 * or for the configuration when the rule is another now. */
static const struct {
	bool was_dry, there;
	uint32_t off, dry_run;
	const char *reason; /* of its end; NULL: it stays */
} restarts[] = {
	{ true, true, 0, exact, NULL },
	{ true, false, 0, exact, "withdrawn" },
	{ true, true, 0, 0, "config" },
	{ true, false, 0, 0, "config" },
	{ true, false, exact, 0, "config" },
	{ false, true, 0, 0, NULL },
	{ false, false, 0, 0, "withdrawn" },
	{ false, false, 0, asn, "withdrawn" },
	{ false, true, 0, exact, "config" },
	{ false, false, exact, 0, "config" },
};

/* What is told after the restart: the end of what was, and what takes its place. */
static void
check_restarted(const struct fixture *w, unsigned row)
{
	const char *reason = restarts[row].reason;

	ck_assert_uint_eq(w->events, 0);
	ck_assert_uint_eq(w->n, reason == NULL ? 0 : restarts[row].there ? 2 : 1);
	for (unsigned n = 0; n < w->n; n++) {
		const struct record_incident *i = &w->log[n].incident;
		bool former = i->dry_run == restarts[row].was_dry;

		ck_assert_uint_eq(i->transition, former ? TRANSITION_CLOSED : TRANSITION_OPENED);
		if (former)
			ck_assert_str_eq(reason_name(i->reason), reason);
	}
}

START_TEST(restart)
{
	struct incident_config c = usual;
	struct fixture w, again;
	unsigned dry;

	setup(&w);
	on(&w, route(exact, restarts[_i].was_dry ? exact : 0));
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	memset(&again, 0, sizeof(again));
	again.now = w.now;
	c.off = restarts[_i].off;
	c.dry_run = restarts[_i].dry_run;
	again.table = incidents_new(&c, &ops, &again);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	ck_assert_uint_eq(open_now(&again, &dry), 1);
	ck_assert_uint_eq(dry, restarts[_i].was_dry);
	incidents_feed(again.table, 0, "r1", FEED_UP, 0xff, again.now);
	if (restarts[_i].there)
		on(&again, route(exact, restarts[_i].dry_run));
	told_all(&again);
	pass(&again, 5);
	check_restarted(&again, (unsigned)_i);
	incidents_free(again.table);
	incidents_free(w.table);
}
END_TEST

/* A router that is lost is told once. */
START_TEST(lost_router)
{
	struct fixture w;

	setup(&w);
	on(&w, route(exact, exact));
	pass(&w, 3);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 60);
	ck_assert_uint_eq(w.events, 1);
	check_last(&w, TRANSITION_UNKNOWN, "hijack.exact", true, "feed-lost");
	incidents_free(w.table);
}
END_TEST

/* --- by chance: a table with rules in dry-run against two, of what is told and of what would be */

struct three {
	struct fixture both, told, would;
};

static void
begin(struct fixture *w)
{
	setup(w);
	incidents_feed(w->table, 1, "r2", FEED_UP, 0xff, w->now);
	incidents_feed(w->table, 1, "r2", FEED_SYNCED, 0xff, w->now);
}

static struct finding
any_route(uint64_t *seed)
{
	static const uint32_t sets[] = { 0, 0, 1U << RULE_ROV_ASN, 1U << RULE_HIJACK_EXACT,
		1U << RULE_ROV_ASN | 1U << RULE_HIJACK_EXACT,
		1U << RULE_LEAK_OTC | 1U << RULE_ROV_ASN, 1U << RULE_LEAK_OTC,
		1U << RULE_LEAK_OTC | 1U << RULE_LEAK_PEERLOCK, 1U << RULE_ROV_LENGTH };
	uint32_t as = 64666 + rnd(seed) % 12;
	struct finding f =
	    make(RULE_ROV_ASN, (uint8_t)(rnd(seed) % VIEWS), rnd(seed) % 2 ? ours : theirs, as);

	f.router = rnd(seed) % 2;
	f.views_monitored = 1U << VIEW_IN_PRE;
	f.rules = sets[rnd(seed) % (sizeof(sets) / sizeof(*sets))];
	f.cause = f.rules == 0 && rnd(seed) % 4 == 0 ? REASON_FEED_LOST
		  : rnd(seed) % 4 == 0		     ? REASON_CONFIG
		  : f.rules == 0		     ? REASON_WITHDRAWN
						     : REASON_ANNOUNCED;
	return f;
}

/* As the table of them takes it: what ceases while others are true is replaced. */
static void
tell_part(struct fixture *w, struct finding f, uint32_t rules)
{
	if (rules == 0 && f.rules != 0 && f.cause == REASON_ANNOUNCED)
		f.cause = REASON_REPLACED;
	f.rules = rules;
	if ((rules & RULES_LEAK) == 0)
		f.leaker_as = 0;
	f.dry_run = 0;
	f.at_us = w->now;
	incidents_finding(w->table, &f, w->now);
}

static void
tell(struct three *t, struct finding f, uint32_t dry)
{
	bool primary = f.rules != 0 && 1U << rules_primary(f.rules) & dry;

	tell_part(&t->told, f, f.rules & (uint32_t)~dry);
	tell_part(&t->would, f, primary ? f.rules : 0);
	f.dry_run = f.rules & dry;
	if ((f.rules & RULES_LEAK) == 0)
		f.leaker_as = 0;
	on(&t->both, f);
}

static void
feed(struct three *t, uint32_t router, enum feed_state state)
{
	struct fixture *all[] = { &t->both, &t->told, &t->would };

	for (unsigned k = 0; k < 3; k++)
		incidents_feed(all[k]->table, router, router == 0 ? "r1" : "r2", state,
		    state == FEED_DOWN ? 0 : 0xff, all[k]->now);
}

/* Any other input than findings and feeds. */
static void
other_input(struct three *t, uint64_t *seed)
{
	struct fixture *all[] = { &t->both, &t->told, &t->would };
	uint32_t what = rnd(seed) % 4, router = rnd(seed) % 2, value = rnd(seed);
	struct ip_addr peer;

	ip_addr_parse("192.0.2.1", &peer);
	for (unsigned k = 0; k < 3; k++) {
		struct fixture *w = all[k];

		if (what == 0)
			incidents_verdicts(w->table, (enum verdicts)(value % 3), w->now);
		else if (what == 1)
			incidents_monitored(w->table, router, 0, SOURCE_V4,
			    (uint8_t)(value % (1U << VIEWS)), w->now);
		else if (what == 2)
			incidents_complete(w->table, router, &peer, "", SOURCE_V4,
			    (uint8_t)(value % (1U << VIEWS)), w->now);
		else
			incidents_set_clock(w->table, (int64_t)(value % 1000) * SECOND);
	}
}

static void
let_pass(struct three *t, double seconds)
{
	pass(&t->both, seconds);
	pass(&t->told, seconds);
	pass(&t->would, seconds);
}

/* What both says is what the two say, apart from how it is called; the logs begin again. */
static void
compare(struct three *t)
{
	unsigned told = 0, would = 0;

	for (unsigned k = 0; k < t->both.n; k++) {
		struct record *r = &t->both.log[k], *other;

		other = r->incident.dry_run ? &t->would.log[would++] : &t->told.log[told++];
		if (r->incident.dry_run) {
			require(strncmp(r->incident.scope, "dry-run ", 8) == 0, "%s",
			    r->incident.scope);
			require(strcmp(r->incident.scope + 8, other->incident.scope) == 0, "%s",
			    r->incident.scope);
			require(strcmp(r->incident.id, other->incident.id) != 0, "one id");
			require(r->incident.related_n == other->incident.related_n, "related");
			r->incident.dry_run = false;
			memcpy(r->incident.scope, other->incident.scope, sizeof(r->incident.scope));
			memcpy(r->incident.id, other->incident.id, sizeof(r->incident.id));
			memcpy(r->incident.related, other->incident.related,
			    sizeof(r->incident.related));
		}
		require(memcmp(r, other, sizeof(*r)) == 0, "record %u: \"%s\", \"%s\"", k,
		    r->incident.summary, other->incident.summary);
	}
	require(told == t->told.n && would == t->would.n, "%u of %u, %u of %u records", told,
	    t->told.n, would, t->would.n);
	t->both.n = t->told.n = t->would.n = 0;
}

START_TEST(by_chance)
{
	uint64_t seed = seed_of(_i);
	static struct three t;
	uint32_t dry = (uint32_t)(rnd(&seed) % (1U << RULES));
	struct incident_config c = usual;

	c.dry_run = dry;
	begin(&t.both);
	incidents_configure(t.both.table, &c);
	begin(&t.told);
	begin(&t.would);
	for (int step = 0; step < STEPS; step++) {
		switch (rnd(&seed) % 16) {
		case 0:
			let_pass(&t, 1 + rnd(&seed) % 40);
			break;
		case 1:
			feed(&t, rnd(&seed) % 2, FEED_DOWN);
			break;
		case 2:
			feed(&t, rnd(&seed) % 2, FEED_UP);
			break;
		case 3:
			feed(&t, rnd(&seed) % 2, FEED_SYNCED);
			break;
		case 4:
			other_input(&t, &seed);
			break;
		default:
			tell(&t, any_route(&seed), dry);
		}
		let_pass(&t, 0.1);
		compare(&t);
		require(t.both.events == t.told.events, "%u events", t.both.events);
	}
	incidents_free(t.both.table);
	incidents_free(t.told.table);
	incidents_free(t.would.table);
}
END_TEST

HARNESS_MAIN("dry-run")
{
	TIMEOUT(60);
	TEST(life);
	TEST(facets);
	TEST(on_and_off);
	ROWS(restart, restarts);
	TEST(lost_router);
	LOOP(by_chance, ROUNDS);
}

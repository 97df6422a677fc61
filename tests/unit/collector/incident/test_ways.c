/* How far what each neighbour sends got, against a naive count. */
#include "tests/unit/support/incident_fixture.h"

struct sum {
	unsigned ways;
	uint32_t asn, n[WAY_STAGES], unproved, of_rule[RULES], doubtful, ours;
};

static void
add(void *ctx, const struct incidents_way *w)
{
	struct sum *s = ctx;
	uint32_t any = 0;

	for (unsigned k = 0; k < WAY_STAGES; k++) {
		s->n[k] += w->n[k];
		s->of_rule[w->rule] += w->n[k];
		any += w->n[k];
	}
	ck_assert_uint_gt(any, 0);
	s->asn = w->asn;
	s->unproved += w->unproved;
	s->doubtful += w->doubtful ? any : 0;
	s->ours += w->ours ? any : 0;
	s->ways++;
}

static struct sum
count(const struct fixture *w)
{
	struct sum s = { 0 };

	incidents_each_way(w->table, add, &s);
	return s;
}

/* What goes out to a peer of ours, of a route that a customer sends. */
static struct finding
out_of(struct finding f, uint8_t relation)
{
	f.view = VIEW_OUT_POST;
	f.peer = 7;
	f.peer_as = 64530;
	f.relation = relation;
	ip_addr_parse("192.0.2.7", &f.address);
	return f;
}

static struct finding
loc_of(struct finding f)
{
	f.view = VIEW_LOC_RIB;
	f.peer = 8;
	f.peer_as = 64500;
	f.address.family = IP_NONE;
	f.relation = NEIGHBOR_INTERNAL;
	return f;
}

START_TEST(from_the_neighbour_to_others)
{
	struct fixture w;
	struct finding f = make(RULE_LEAK_OTC, VIEW_IN_PRE, "20.1.0.0/24", 64666);
	struct sum s;

	setup(&w);
	on(&w, f);
	s = count(&w);
	ck_assert_uint_eq(s.ways, 1);
	ck_assert_uint_eq(s.asn, 64501);
	ck_assert_uint_eq(s.n[WAY_SENT], 1);
	ck_assert_uint_eq(s.unproved, 0);
	on(&w, make(RULE_LEAK_OTC, VIEW_IN_POST, "20.1.0.0/24", 64666));
	on(&w, loc_of(f));
	on(&w, out_of(f, NEIGHBOR_PEER));
	s = count(&w);
	ck_assert_uint_eq(s.ways, 1);
	for (unsigned k = 0; k < WAY_STAGES; k++)
		ck_assert_uint_eq(s.n[k], 1);
	ck_assert_uint_eq(s.of_rule[RULE_LEAK_OTC], 4);
	off(&w, out_of(f, NEIGHBOR_PEER), REASON_WITHDRAWN);
	ck_assert_uint_eq(count(&w).n[WAY_SPREAD], 0);
	incidents_free(w.table);
}
END_TEST

START_TEST(what_stays_inside_is_not_spread)
{
	struct fixture w;
	struct finding f = make(RULE_LEAK_OTC, VIEW_IN_PRE, "20.1.0.0/24", 64666);

	setup(&w);
	on(&w, out_of(f, NEIGHBOR_INTERNAL));
	ck_assert_uint_eq(count(&w).ways, 0);
	/* its session turns out to be another: it was not counted, and is not taken away */
	off(&w, out_of(f, NEIGHBOR_PEER), REASON_WITHDRAWN);
	ck_assert_uint_eq(count(&w).ways, 0);
	incidents_free(w.table);
}
END_TEST

START_TEST(nobody_looks_behind_the_filter)
{
	struct fixture w;
	struct finding f = make(RULE_BOGON_PREFIX, VIEW_IN_PRE, "10.1.0.0/16", 64666);

	setup(&w);
	f.views_monitored = 1U << VIEW_IN_PRE;
	on(&w, f);
	ck_assert_uint_eq(count(&w).unproved, 1);
	f = make(RULE_BOGON_PREFIX, VIEW_IN_PRE, "10.2.0.0/16", 64666);
	on(&w, f);
	ck_assert_uint_eq(count(&w).unproved, 0);
	incidents_free(w.table);
}
END_TEST

enum { SENDERS = 7, SESSIONS = 60 };
struct senders {
	uint32_t sent[SENDERS], unproved[SENDERS], seen;
};

static void
check_sender(void *ctx, const struct incidents_way *w)
{
	struct senders *s = ctx;
	uint32_t a = w->asn - 64501;

	ck_assert_uint_lt(a, SENDERS);
	ck_assert_uint_eq(w->n[WAY_SENT], s->sent[a]);
	ck_assert_uint_eq(w->unproved, s->unproved[a]);
	s->seen++;
}

/* Some of the sessions of an AS show what is behind the filter, and others do not. */
START_TEST(many_sessions)
{
	struct finding f = make(RULE_BOGON_PREFIX, VIEW_IN_PRE, "10.1.0.0/16", 64666);
	struct senders s = { .seen = 0 };
	uint64_t seed = seed_of(_i);
	struct fixture w;

	setup(&w);
	for (uint32_t p = 0; p < SESSIONS; p++) {
		uint32_t a = rnd(&seed) % SENDERS;
		unsigned behind = rnd(&seed) % 2;

		f.peer = 10 + p;
		f.peer_as = f.via_as = 64501 + a;
		f.views_monitored = (uint8_t)(1U << VIEW_IN_PRE | behind << VIEW_IN_POST);
		on(&w, f);
		s.sent[a]++;
		s.unproved[a] += 1 - behind;
	}
	incidents_each_way(w.table, check_sender, &s);
	ck_assert_uint_gt(s.seen, 1);
	incidents_free(w.table);
}
END_TEST

START_TEST(our_own_doing)
{
	struct fixture w;
	struct finding f =
	    out_of(make(RULE_LEAK_OWN, VIEW_OUT_POST, "20.1.0.0/24", 64666), NEIGHBOR_PROVIDER);
	struct sum s;

	setup(&w);
	f.by_us = true;
	on(&w, f);
	s = count(&w);
	ck_assert_uint_eq(s.ours, 1);
	ck_assert_uint_eq(s.asn, 0);
	f.benign = BENIGN_CUSTOMER;
	on(&w, f);
	s = count(&w);
	ck_assert_uint_eq(s.ways, 1);
	ck_assert_uint_eq(s.doubtful, 1);
	incidents_free(w.table);
}
END_TEST

/* Routes come, change their rule and go; what is counted is what is there. */
START_TEST(as_a_naive_count)
{
	enum { ROUTES = 24, STEPS = 400 };
	static const enum rule rules[] = { RULE_LEAK_OTC, RULE_ROV_ASN, RULE_BOGON_PREFIX,
		RULE_HIJACK_SPECIFIC };
	uint64_t seed = seed_of(_i);
	int is[ROUTES][WAY_STAGES];
	struct fixture w;

	memset(is, -1, sizeof(is));
	setup(&w);
	for (int step = 0; step < STEPS; step++) {
		unsigned r = rnd(&seed) % ROUTES, k = rnd(&seed) % WAY_STAGES, naive = 0;
		uint32_t by_rule[RULES] = { 0 };
		int rule = (int)(rnd(&seed) % 5) - 1;
		char prefix[32];
		struct finding f;
		struct sum s;

		snprintf(prefix, sizeof(prefix), "20.%u.0.0/24", r);
		f = make(rules[rule < 0 ? 0 : rule], k == WAY_ACCEPTED ? VIEW_IN_POST : VIEW_IN_PRE,
		    prefix, 64600 + r % 3);
		f = k == WAY_USED ? loc_of(f) : k == WAY_SPREAD ? out_of(f, NEIGHBOR_PEER) : f;
		if (rule >= 0)
			on(&w, f);
		else
			off(&w, f, REASON_WITHDRAWN);
		is[r][k] = rule;
		w.n = 0;
		pass(&w, 0.3);
		s = count(&w);
		for (r = 0; r < ROUTES; r++)
			for (k = 0; k < WAY_STAGES; k++)
				if (is[r][k] >= 0) {
					naive++;
					by_rule[rules[is[r][k]]]++;
				}
		ck_assert_uint_eq(s.n[0] + s.n[1] + s.n[2] + s.n[3], naive);
		ck_assert_mem_eq(s.of_rule, by_rule, sizeof(by_rule));
	}
	incidents_free(w.table);
}
END_TEST

HARNESS_MAIN("ways")
{
	TEST(from_the_neighbour_to_others);
	TEST(what_stays_inside_is_not_spread);
	TEST(nobody_looks_behind_the_filter);
	LOOP(many_sessions, 20);
	TEST(our_own_doing);
	LOOP(as_a_naive_count, 20);
}

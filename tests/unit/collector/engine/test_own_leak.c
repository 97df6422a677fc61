/* Our own leak, by what is known of the sessions alone: what a provider, peer or route server told
 * us goes out to another one. */
#include "tests/unit/support/findings_fixture.h"

enum {
	MANY = 5, /* as many as are no exception any more */
	OUT_PRE = BMP_FLAG_O,
	OUT_POST = BMP_FLAG_O | BMP_FLAG_L,
};

/* A customer 64501, providers 64510 and 64511, peers 64509 and 64508, a route server 64520 and its
 * client 64521, one of our organisation 64530, one of whom nothing is known 64540, and one that is
 * a customer and a peer 64550. */
static void
begin(struct fixture *w)
{
	static const uint32_t siblings[] = { 64530 };
	struct detect_config dc = {
		.own_asns = own_as, .own_asns_n = 1, .own_siblings = siblings, .own_siblings_n = 1
	};
	struct bmp_peer_spec other = peer(64550, 0);

	setup(w);
	detect_free(w->detect);
	w->detect = detect_new(&dc, 1);
	engine_set_detect(w->engine, w->detect);
	start(w);
	up(w, peer(64511, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	up(w, peer(64509, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	up(w, peer(64508, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	up(w, peer(64520, 0), BGP_ROLE_RS_CLIENT, BGP_ROLE_RS);
	up(w, peer(64521, 0), BGP_ROLE_RS, BGP_ROLE_RS_CLIENT);
	up(w, peer(64530, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	up(w, peer(64540, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	up(w, peer(64500, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	up(w, other, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	other.address.b[3]++;
	up(w, other, BGP_ROLE_PEER, BGP_ROLE_PEER);
}

/* Some prefixes with that path go out, or no longer. */
static void
tell(struct fixture *w, uint32_t to, uint8_t view, const struct update_run *path, unsigned n,
    bool announce)
{
	char prefix[32];
	struct update_run r = *path;

	r.prefix = prefix;
	for (unsigned k = 0; k < n; k++) {
		snprintf(prefix, sizeof(prefix), "20.7.%u.0/24", k);
		say(w, peer(to, view), &r, announce);
	}
	work(w);
}

static const struct {
	const char *what;
	uint32_t to;
	uint8_t view;
	struct update_run path;
	bool ours;
} cases[] = {
	{ "peer to provider", 64510, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, true },
	{ "its own prefixes", 64510, OUT_POST, { "", { 64500, 64509 }, 0 }, true },
	{ "peer to peer", 64508, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, true },
	{ "provider to provider", 64511, OUT_POST, { "", { 64500, 64510, 64999 }, 0 }, true },
	{ "provider to peer, prepended", 64508, OUT_POST,
	    { "", { 64500, 64500, 64510, 64510, 64999 }, 0 }, true },
	{ "route server to peer", 64508, OUT_POST, { "", { 64500, 64520, 64999 }, 0 }, true },
	{ "peer to route server", 64520, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, true },
	{ "before our AS is put in front", 64510, OUT_POST, { "", { 64509, 64999 }, 0 }, true },
	{ "not what goes out", 64510, OUT_PRE, { "", { 64500, 64509, 64999 }, 0 }, false },
	{ "customer to provider", 64510, OUT_POST, { "", { 64500, 64501, 64999 }, 0 }, false },
	{ "customer, and a peer behind it", 64510, OUT_POST,
	    { "", { 64500, 64501, 64509, 64999 }, 0 }, false },
	{ "client of our route server", 64510, OUT_POST, { "", { 64500, 64521 }, 0 }, false },
	{ "peer to customer", 64501, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, false },
	{ "peer to client", 64521, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, false },
	{ "by iBGP", 64500, OUT_POST, { "", { 64509, 64999 }, 0 }, false },
	{ "to who knows whom", 64540, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, false },
	{ "from who knows whom", 64510, OUT_POST, { "", { 64500, 64540, 64999 }, 0 }, false },
	{ "from no neighbour", 64510, OUT_POST, { "", { 64500, 64666, 64999 }, 0 }, false },
	{ "of our organisation", 64510, OUT_POST, { "", { 64500, 64530, 64999 }, 0 }, false },
	{ "to our organisation", 64530, OUT_POST, { "", { 64500, 64510, 64999 }, 0 }, false },
	{ "customer and peer", 64510, OUT_POST, { "", { 64500, 64550, 64999 }, 0 }, false },
	{ "back to who sent it", 64509, OUT_POST, { "", { 64500, 64509, 64999 }, 0 }, false },
	{ "ours", 64510, OUT_POST, { "", { 64500 }, 0 }, false },
	{ "ours, kept away from a peer", 64510, OUT_POST, { "", { 64500, 64509, 64500 }, 0 },
	    false },
};

START_TEST(test_from_whom_to_whom)
{
	for (unsigned k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		struct fixture w;

		begin(&w);
		tell(&w, cases[k].to, cases[k].view, &cases[k].path, MANY, true);
		ck_assert_msg(w.on == (cases[k].ours ? MANY : 0), "%s: %u", cases[k].what, w.on);
		for (unsigned i = 0; i < w.findings_n; i++) {
			ck_assert_uint_eq(w.findings[i].rules, 1U << RULE_LEAK_OWN);
			ck_assert(w.findings[i].by_us);
			ck_assert_uint_eq(w.findings[i].leaker_as, 64500);
		}
		tell(&w, cases[k].to, cases[k].view, &cases[k].path, MANY, false);
		ck_assert_uint_eq(w.on, w.off);
		teardown(&w);
	}
}
END_TEST

static const struct update_run others = { "", { 64500, 64508, 64999 }, 0 };
static const struct update_run passed = { "", { 64500, 64509, 64999 }, 0 },
			       marked = { "", { 64500, 64509, 64999 }, 64509 };

/* A few are somebody's exception; then they are too many, and all are told, until no more than one
 * is left. */
START_TEST(test_exceptions)
{
	struct engine_stats st;
	struct fixture w;

	begin(&w);
	tell(&w, 64510, OUT_POST, &passed, MANY - 1, true);
	tell(&w, 64511, OUT_POST, &passed, MANY - 1, true); /* counted by itself */
	tell(&w, 64509, OUT_POST, &others, MANY - 1, true);
	ck_assert_uint_eq(w.findings_n, 0);
	tell(&w, 64510, OUT_POST, &passed, MANY, true);
	ck_assert_uint_eq(w.on, MANY);
	tell(&w, 64510, OUT_POST, &passed, MANY - 2, false);
	ck_assert_uint_eq(w.off, MANY - 2); /* it is not over while some are left */
	tell(&w, 64510, OUT_POST, &passed, MANY - 1, false);
	ck_assert_uint_eq(w.off, MANY);
	for (unsigned k = 0; k < w.findings_n; k++)
		ck_assert_uint_eq(w.findings[k].cause,
		    w.findings[k].rules != 0 ? REASON_ANNOUNCED : REASON_WITHDRAWN);
	tell(&w, 64510, OUT_POST, &passed, MANY, false);
	ck_assert_uint_eq(w.off, MANY);
	tell(&w, 64510, OUT_POST, &passed, MANY - 1, true);
	ck_assert_uint_eq(w.on, MANY); /* and then it is as before */
	tell(&w, 64510, OUT_POST, &passed, MANY - 1, false);
	tell(&w, 64511, OUT_POST, &passed, MANY - 1, false);
	tell(&w, 64509, OUT_POST, &others, MANY - 1, false);
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.rules_broken, 0);
	teardown(&w);
}
END_TEST

/* The same prefixes from another sender: what there is from each is counted. */
START_TEST(test_sender_replaced)
{
	struct fixture w;

	begin(&w);
	tell(&w, 64510, OUT_POST, &passed, MANY, true);
	tell(&w, 64510, OUT_POST, &others, MANY - 2, true);
	ck_assert_uint_eq(w.on - w.off, 2);
	tell(&w, 64510, OUT_POST, &others, MANY, true);
	ck_assert_uint_eq(w.on - w.off, MANY);
	tell(&w, 64510, OUT_POST, &others, MANY, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

/* A reload counts again, and what was told stays told. */
START_TEST(test_other_configuration)
{
	static const uint32_t more[] = { 64500, 64509 };
	struct detect_config dc = { .own_asns = more, .own_asns_n = 1 };
	struct detect *same = detect_new(&dc, 2), *ours;
	struct engine_stats st;
	struct fixture w;

	dc.own_asns_n = 2;
	ours = detect_new(&dc, 3);
	begin(&w);
	tell(&w, 64510, OUT_POST, &passed, MANY, true);
	engine_set_detect(w.engine, same);
	work(&w);
	ck_assert_uint_eq(w.on, MANY);
	ck_assert_uint_eq(w.off, 0);
	engine_set_detect(w.engine, ours); /* the peer is one of us */
	work(&w);
	ck_assert_uint_eq(w.off, MANY);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].cause, REASON_CONFIG);
	engine_set_detect(w.engine, same);
	work(&w);
	ck_assert_uint_eq(w.on, 2 * MANY);
	tell(&w, 64510, OUT_POST, &passed, MANY, false);
	ck_assert_uint_eq(w.on, w.off);
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.rules_broken, 0);
	teardown(&w);
	detect_free(same);
	detect_free(ours);
}
END_TEST

/* One that bears the mark is enough, and both rules are one doing. */
START_TEST(test_marked)
{
	struct fixture w;

	begin(&w);
	tell(&w, 64510, OUT_POST, &marked, 1, true);
	ck_assert_uint_eq(w.on, 1);
	ck_assert_uint_eq(w.findings[0].rules, 1U << RULE_LEAK_OTC);
	ck_assert(w.findings[0].by_us);
	tell(&w, 64510, OUT_POST, &marked, MANY, true);
	ck_assert_uint_eq(
	    w.findings[w.findings_n - 1].rules, 1U << RULE_LEAK_OTC | 1U << RULE_LEAK_OWN);
	ck_assert(w.findings[w.findings_n - 1].by_us);
	tell(&w, 64510, OUT_POST, &marked, MANY, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

/* What a customer leaks and we pass on is his doing, whichever view tells it first. */
START_TEST(test_mark_behind_a_customer)
{
	static const struct update_run customers = { "", { 64500, 64501, 64509, 64999 }, 64509 };
	struct fixture w;

	begin(&w);
	tell(&w, 64510, OUT_POST, &customers, 1, true);
	ck_assert_uint_eq(w.on, 1);
	ck_assert(!w.findings[0].by_us);
	ck_assert_uint_eq(w.findings[0].leaker_as, 64501);
	tell(&w, 64510, OUT_POST, &customers, 1, false);
	teardown(&w);
}
END_TEST

/* --- against an oracle that counts from scratch */

enum { PREFIXES = 12, SENDERS = 3, RECEIVERS = 2, RANDOM_STEPS = 3000 };
static const uint32_t senders[SENDERS + 1] = { 0, 64508, 64509, 64501 }; /* the last: a customer */
static const uint32_t receivers[RECEIVERS] = { 64510, 64511 };

struct world {
	unsigned from[RECEIVERS][PREFIXES]; /* index of senders; 0: it is not there */
	bool leak[RECEIVERS][SENDERS + 1];
};

static void
judge(struct world *o, unsigned r)
{
	unsigned n[SENDERS + 1] = { 0 };

	for (unsigned k = 0; k < PREFIXES; k++)
		n[o->from[r][k]]++;
	for (unsigned s = 1; s < SENDERS; s++)
		o->leak[r][s] = n[s] >= MANY || (n[s] > 1 && o->leak[r][s]);
}

static void
assert_as(const struct fixture *w, const struct world *o)
{
	unsigned is[RECEIVERS][PREFIXES] = { { 0 } };

	for (unsigned k = 0; k < w->findings_n; k++) {
		const struct finding *f = &w->findings[k];

		is[f->address.b[3] == (uint8_t)receivers[1]][f->prefix.b[2]] = f->rules;
	}
	for (unsigned r = 0; r < RECEIVERS; r++)
		for (unsigned k = 0; k < PREFIXES; k++)
			ck_assert_uint_eq(
			    is[r][k] != 0, o->leak[r][o->from[r][k]] && o->from[r][k] != 0);
}

/* Routes come, change their sender and go; the configuration is read again now and then. */
START_TEST(test_any_order)
{
	struct world o;
	struct detect *again[2] = { detect_as_ever(2), detect_as_ever(3) };
	unsigned x = 7;
	struct fixture w;

	memset(&o, 0, sizeof(o));
	begin(&w);
	for (unsigned step = 0; step < RANDOM_STEPS; step++) {
		struct update_run u = { "", { 64500, 0, 64999 }, 0 };
		unsigned r, k, from;
		char prefix[32];

		x = x * 1103515245 + 12345;
		r = (x >> 8) % RECEIVERS;
		k = (x >> 12) % PREFIXES;
		from = (x >> 20) % 5 % (SENDERS + 1);
		snprintf(prefix, sizeof(prefix), "20.7.%u.0/24", k);
		u.prefix = prefix;
		u.path[1] = from != 0 ? senders[from] : 64508;
		say(&w, peer(receivers[r], OUT_POST), &u, from != 0);
		o.from[r][k] = from;
		judge(&o, r);
		if (step % 97 == 0)
			engine_set_detect(w.engine, again[step % 2]);
		work(&w);
		assert_as(&w, &o);
		if (w.findings_n > LOG_MAX - 200)
			break;
	}
	ck_assert_uint_gt(w.on, 300);
	teardown(&w);
	detect_free(again[0]);
	detect_free(again[1]);
}
END_TEST

/* Who the neighbour is is known later, or otherwise, or by the engine of another worker. */
START_TEST(test_relation_later)
{
	struct engine_shared other = {
		.type = SHARED_RELATION, .relation = NEIGHBOR_PEER, .asn = 64541, .begin = 1
	};
	static const struct update_run unknown = { "", { 64500, 64540, 64999 }, 0 },
				       elsewhere = { "", { 64500, 64541, 64999 }, 0 };
	struct fixture w;

	begin(&w);
	tell(&w, 64510, OUT_POST, &unknown, MANY, true);
	tell(&w, 64511, OUT_POST, &elsewhere, MANY, true);
	ck_assert_uint_eq(w.on, 0);
	up(&w, peer(64540, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	work(&w);
	ck_assert_uint_eq(w.on, MANY);
	up(&w, peer(64540, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.off, MANY);
	engine_hear(w.engine, &other);
	work(&w);
	ck_assert_uint_eq(w.on, 2 * MANY);
	other.begin = 0;
	other.cease = 1;
	engine_hear(w.engine, &other);
	work(&w);
	ck_assert_uint_eq(w.off, 2 * MANY);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("own leak")
{
	TEST(test_from_whom_to_whom);
	TEST(test_exceptions);
	TEST(test_sender_replaced);
	TEST(test_other_configuration);
	TEST(test_marked);
	TEST(test_mark_behind_a_customer);
	TEST(test_any_order);
	TEST(test_relation_later);
}

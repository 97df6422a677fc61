/* What neighbours are to us by the sizes of their tables, and what the rules make of it. */
#include "tests/unit/support/findings_fixture.h"

enum { FULL = 200, TABLE_AT = 100, AFTER_S = 60, OUT_POST = BMP_FLAG_O | BMP_FLAG_L };

/* Two who look like providers, a customer, a peer, and a route server that looks like a peer. */
enum { PROVIDER = 64510, OTHER_PROVIDER = 64511, CUSTOMER = 64501, PEER = 64509, SERVER = 64508 };

static struct detect *
rules(enum infer mode, uint16_t generation)
{
	static const uint8_t off[] = { RULE_FIRST_AS };
	struct detect_config dc = { .own_asns = own_as,
		.own_asns_n = 1,
		.off = off,
		.off_n = 1,
		.provider_free = provider_free,
		.provider_free_n = 3,
		.burst_at = 16,
		.infer = { (uint8_t)mode, AFTER_S, TABLE_AT } };

	return detect_new(&dc, generation);
}

static void
reload(struct fixture *w, enum infer mode)
{
	struct detect *before = w->detect;

	w->detect = rules(mode, (uint16_t)(detect_generation(before) + 1));
	engine_set_detect(w->engine, w->detect);
	work(w);
	detect_free(before);
}

/* n routes of a block of prefixes, 20.BLOCK.k.0/24. */
static void
some(struct fixture *w, struct bmp_peer_spec p, unsigned block, unsigned n,
    const struct update_run *path, bool announce)
{
	char prefix[32];
	struct update_run r = *path;

	r.prefix = prefix;
	for (unsigned k = 0; k < n; k++) {
		snprintf(prefix, sizeof(prefix), "20.%u.%u.0/24", block, k);
		say(w, p, &r, announce);
	}
	work(w);
}

static void
session(struct fixture *w, uint32_t as, unsigned in, unsigned out)
{
	const struct update_run from = { "", { as, 64999 }, 0 }, to = { "", { 64500 }, 0 };

	up(w, peer(as, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	some(w, peer(as, 0), as & 0xff, in, &from, true);
	some(w, peer(as, OUT_POST), 100, out, &to, true);
}

static void
end_of_rib(struct fixture *w, uint32_t as)
{
	eor(w, peer(as, 0));
	eor(w, peer(as, OUT_POST));
}

static void
connect(struct fixture *w)
{
	uint8_t buf[256];

	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, w->now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up(w, loc_rib(), BGP_ROLE_NONE, BGP_ROLE_NONE);
	session(w, PROVIDER, FULL, 3);
	session(w, OTHER_PROVIDER, FULL, 3);
	session(w, CUSTOMER, 5, FULL);
	session(w, PEER, 5, 4);
	eor(w, loc_rib());
}

static void
complete(struct fixture *w)
{
	end_of_rib(w, PROVIDER);
	end_of_rib(w, OTHER_PROVIDER);
	end_of_rib(w, CUSTOMER);
	end_of_rib(w, PEER);
}

static void
begin(struct fixture *w, enum infer mode)
{
	setup(w);
	detect_free(w->detect);
	w->detect = rules(mode, 1);
	engine_set_detect(w->engine, w->detect);
	work(w);
	connect(w);
}

/* What was inferred of who has that AS. */
struct wanted {
	uint32_t as;
	struct engine_inferred found;
};

static bool
is_it(void *ctx, const char *router, const struct engine_peer_info *p)
{
	struct wanted *w = ctx;

	(void)router;
	if (p->as == w->as && p->key->type != BMP_PEER_LOC_RIB)
		w->found = p->inferred;
	return true;
}

static struct engine_inferred
inferred(struct fixture *w, uint32_t as)
{
	struct engine_place at = { 0 };
	struct wanted wanted = { .as = as };

	engine_peers(w->engine, &at, is_it, &wanted);
	return wanted.found;
}

START_TEST(sizes_say_it_after_a_time)
{
	struct fixture w;

	begin(&w, INFER_ON);
	wait_s(&w, AFTER_S + 30);
	ck_assert_uint_eq(inferred(&w, PROVIDER).relation, NEIGHBOR_UNKNOWN); /* not complete */
	complete(&w);
	wait_s(&w, AFTER_S - 10);
	ck_assert_uint_eq(inferred(&w, PROVIDER).relation, NEIGHBOR_UNKNOWN);
	wait_s(&w, 40);
	ck_assert_uint_eq(inferred(&w, PROVIDER).relation, NEIGHBOR_PROVIDER);
	ck_assert_uint_eq(inferred(&w, PROVIDER).in, FULL);
	ck_assert_uint_eq(inferred(&w, PROVIDER).out, 3);
	ck_assert_uint_eq(inferred(&w, PROVIDER).full, FULL);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_CUSTOMER);
	ck_assert_uint_eq(inferred(&w, PEER).relation, NEIGHBOR_PEER);
	ck_assert_uint_eq(w.findings_n, 0);
	teardown(&w);
}
END_TEST

static void
begin_inferred(struct fixture *w)
{
	begin(w, INFER_ON);
	complete(w);
	wait_s(w, AFTER_S + 30);
	ck_assert_uint_eq(inferred(w, CUSTOMER).relation, NEIGHBOR_CUSTOMER);
	ck_assert_uint_eq(w->findings_n, 0);
}

static const struct update_run upstream = { "20.7.0.0/24", { CUSTOMER, PROVIDER, 64999 }, 0 },
			       chosen = { "20.7.0.0/24", { CUSTOMER, PROVIDER, 64999 }, 0 },
			       passed = { "", { 64500, PROVIDER, 64999 }, 0 };

START_TEST(a_customer_sends_what_is_our_providers)
{
	struct fixture w;

	begin_inferred(&w);
	say(&w, peer(CUSTOMER, 0), &upstream, true);
	say(&w, loc_rib(), &chosen, true);
	ck_assert_uint_eq(w.findings_n, 2);
	for (unsigned k = 0; k < 2; k++) {
		ck_assert_uint_eq(w.findings[k].rules, 1U << RULE_LEAK_UPSTREAM);
		ck_assert(w.findings[k].inferred);
		ck_assert_uint_eq(w.findings[k].relation, NEIGHBOR_UNKNOWN);
		ck_assert_uint_eq(w.findings[k].leaker_as, CUSTOMER);
		ck_assert(!w.findings[k].of_customers); /* nobody has said that */
		ck_assert_uint_eq(w.findings[k].inferred_as, PROVIDER);
		ck_assert_uint_eq(w.findings[k].inferred_relation, NEIGHBOR_PROVIDER);
	}
	ck_assert_uint_eq(w.findings[0].like, NEIGHBOR_CUSTOMER);
	ck_assert_uint_eq(w.findings[0].like_in, 5);
	ck_assert_uint_eq(w.findings[0].like_out, FULL);
	say(&w, peer(CUSTOMER, 0), &upstream, false);
	say(&w, loc_rib(), &chosen, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

START_TEST(what_a_provider_sent_goes_to_the_other)
{
	struct fixture w;

	begin_inferred(&w);
	some(&w, peer(OTHER_PROVIDER, OUT_POST), 7, LEAK_OWN_LEAST, &passed, true);
	ck_assert_uint_eq(w.on, LEAK_OWN_LEAST);
	for (unsigned k = 0; k < w.findings_n; k++) {
		ck_assert_uint_eq(w.findings[k].rules, 1U << RULE_LEAK_OWN);
		ck_assert(w.findings[k].inferred && w.findings[k].by_us);
		ck_assert_uint_eq(w.findings[k].like, NEIGHBOR_PROVIDER);
		ck_assert_uint_eq(w.findings[k].inferred_as, PROVIDER);
	}
	/* of who is but a peer by his tables it may be sold */
	some(&w, peer(PEER, OUT_POST), 7, LEAK_OWN_LEAST, &passed, true);
	ck_assert_uint_eq(w.on, LEAK_OWN_LEAST);
	some(&w, peer(OTHER_PROVIDER, OUT_POST), 7, LEAK_OWN_LEAST, &passed, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

/* Nobody is caught at it by a relation that is no more than inferred. */
START_TEST(it_proves_no_burst)
{
	const struct update_run all = { "", { CUSTOMER, PROVIDER, 64999 }, 0 },
				other = { "20.8.0.0/24", { CUSTOMER, 64998 }, 0 };
	struct fixture w;

	begin_inferred(&w);
	some(&w, peer(CUSTOMER, 0), 7, 40, &all, true);
	say(&w, peer(CUSTOMER, 0), &other, true);
	work(&w);
	ck_assert_uint_eq(w.on, 40);
	/* now it is known: of the others it is one, too */
	some(&w, peer(CUSTOMER, 0), 7, 40, &all, false);
	up(&w, peer(CUSTOMER, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	up(&w, peer(PROVIDER, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	end_of_rib(&w, CUSTOMER);
	work(&w);
	w.findings_n = w.on = 0;
	some(&w, peer(CUSTOMER, 0), 9, 40, &all, true);
	ck_assert(!w.findings[0].inferred);
	say(&w, peer(CUSTOMER, 0), &(struct update_run){ "20.8.1.0/24", { CUSTOMER, 64998 }, 0 },
	    true);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].rules, 1U << RULE_LEAK_BURST);
	teardown(&w);
}
END_TEST

/* The table of who leaks grows, and it is what it was; what comes and goes changes nothing. */
START_TEST(a_leak_changes_nothing)
{
	const struct update_run all = { "", { CUSTOMER, PROVIDER, 64999 }, 0 };
	struct fixture w;

	begin_inferred(&w);
	some(&w, peer(CUSTOMER, 0), 7, FULL, &all, true);
	ck_assert_uint_eq(w.on, FULL);
	wait_s(&w, 4000);
	for (unsigned k = 0; k < 5; k++) {
		some(&w, peer(CUSTOMER, OUT_POST), 100, FULL, &all, false);
		wait_s(&w, AFTER_S + 30);
		some(&w, peer(CUSTOMER, OUT_POST), 100, FULL,
		    &(struct update_run){ "", { 64500 }, 0 }, true);
		wait_s(&w, AFTER_S + 30);
	}
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_CUSTOMER);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).in, 5); /* as it was then */
	ck_assert_uint_eq(w.on, FULL);
	ck_assert_uint_eq(w.off, 0);
	some(&w, peer(CUSTOMER, 0), 7, FULL, &all, false);
	ck_assert_uint_eq(w.off, FULL);
	teardown(&w);
}
END_TEST

/* Clearly another for a week. */
START_TEST(another_guess_takes_a_week)
{
	const struct update_run from = { "", { CUSTOMER, 64999 }, 0 }, to = { "", { 64500 }, 0 };
	struct fixture w;

	begin_inferred(&w);
	some(&w, peer(CUSTOMER, OUT_POST), 100, FULL, &to, false);
	some(&w, peer(CUSTOMER, OUT_POST), 100, 3, &to, true);
	some(&w, peer(CUSTOMER, 0), 11, FULL, &from, true);
	wait_s(&w, 100);
	w.now += (int64_t)6 * 86400 * 1000000;
	wait_s(&w, 100);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_CUSTOMER);
	w.now += (int64_t)86400 * 1000000;
	wait_s(&w, 100);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_PROVIDER);
	ck_assert_uint_eq(w.findings_n, 0);
	teardown(&w);
}
END_TEST

START_TEST(the_configuration_decides_whether)
{
	struct fixture w;

	begin_inferred(&w);
	say(&w, peer(CUSTOMER, 0), &upstream, true);
	ck_assert_uint_eq(w.on, 1);
	reload(&w, INFER_SUGGEST_ONLY);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_CUSTOMER); /* shown */
	reload(&w, INFER_ON);
	ck_assert_uint_eq(w.on, 2);
	up(&w, peer(CUSTOMER, 0), BGP_ROLE_PEER, BGP_ROLE_PEER); /* roles say more */
	work(&w);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].rules, 0);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_UNKNOWN);
	teardown(&w);
	begin(&w, INFER_OFF);
	complete(&w);
	wait_s(&w, AFTER_S + 30);
	ck_assert_uint_eq(inferred(&w, CUSTOMER).relation, NEIGHBOR_UNKNOWN);
	teardown(&w);
}
END_TEST

/* A table that is looked through in parts: what does not fit is found also in the last one. */
START_TEST(large_tables_take_some_ticks)
{
	enum { LARGE = 64507, BLOCKS = 12, OF_BLOCK = 250 };
	const struct update_run from = { "", { LARGE, 64999 }, 0 },
				of_others = { "", { 64999 }, 0 }, to = { "", { 64500 }, 0 };
	struct fixture w;

	begin(&w, INFER_ON);
	up(&w, peer(LARGE, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	some(&w, peer(LARGE, OUT_POST), 100, 3, &to, true);
	for (unsigned k = 0; k < BLOCKS; k++)
		some(&w, peer(LARGE, 0), 20 + k, OF_BLOCK, &from, true);
	some(&w, peer(LARGE, 0), 20 + BLOCKS, _i == 0 ? 25 : 40, &of_others, true);
	end_of_rib(&w, LARGE);
	complete(&w);
	wait_s(&w, AFTER_S + 60);
	ck_assert_uint_eq(
	    inferred(&w, LARGE).relation, _i == 0 ? NEIGHBOR_PROVIDER : NEIGHBOR_UNKNOWN);
	ck_assert_uint_eq(
	    inferred(&w, CUSTOMER).relation, NEIGHBOR_PEER); /* others had their turn */
	teardown(&w);
}
END_TEST

/* What was found out before a restart holds from the first route on. */
START_TEST(it_is_known_again)
{
	const struct engine_inference of_customer = { "r1", "192.0.2.245", "", CUSTOMER,
		{ NEIGHBOR_CUSTOMER, 5, FULL, FULL } },
				      of_provider = { "r1", "192.0.2.254", "", PROVIDER,
					      { NEIGHBOR_PROVIDER, FULL, 3, FULL } },
				      of_another = { "r1", "192.0.2.253", "", 64998,
					      { NEIGHBOR_PROVIDER, FULL, 3, FULL } };
	struct engine_inference soon_forgotten = { "r1", "192.0.2.255", "", OTHER_PROVIDER,
		{ NEIGHBOR_PROVIDER, FULL, 3, FULL } },
				forgotten = soon_forgotten;
	struct fixture w;

	forgotten.inferred.relation = NEIGHBOR_UNKNOWN;
	begin(&w, INFER_OFF);
	reload(&w, INFER_ON);
	engine_set_inferred(w.engine, &of_customer);
	engine_set_inferred(w.engine, &of_provider);
	engine_set_inferred(w.engine, &of_another);
	engine_set_inferred(w.engine, &soon_forgotten);
	engine_set_inferred(w.engine, &forgotten);
	lose(&w);
	connect(&w);
	say(&w, peer(CUSTOMER, 0), &upstream, true);
	ck_assert_uint_eq(w.on, 1);
	ck_assert(w.findings[0].inferred);
	ck_assert_uint_eq(inferred(&w, PEER).relation, NEIGHBOR_UNKNOWN); /* another AS had it */
	engine_set_inferred(w.engine, &forgotten);
	up(&w, peer(OTHER_PROVIDER, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	ck_assert_uint_eq(inferred(&w, OTHER_PROVIDER).relation, NEIGHBOR_UNKNOWN);
	teardown(&w);
}
END_TEST

/* Nobody is taken for what the routes that are there speak against: who passes on what others
 * sent, and through whom we have always had what is our provider's. */
START_TEST(routes_that_do_not_fit_speak_against_it)
{
	const struct update_run of_others = { "", { 64999 }, 0 };
	struct fixture w;

	begin(&w, INFER_ON);
	up(&w, peer(SERVER, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	some(&w, peer(SERVER, 0), 8, 5, &of_others, true);
	some(&w, peer(SERVER, OUT_POST), 100, 4, &(struct update_run){ "", { 64500 }, 0 }, true);
	end_of_rib(&w, SERVER);
	/* from the provider to the other one, and that is how it is */
	some(&w, peer(OTHER_PROVIDER, OUT_POST), 7, LEAK_OWN_LEAST, &passed, true);
	complete(&w);
	wait_s(&w, 3 * (AFTER_S + 30));
	ck_assert_uint_eq(inferred(&w, SERVER).relation, NEIGHBOR_UNKNOWN);
	ck_assert(inferred(&w, PROVIDER).relation == NEIGHBOR_UNKNOWN ||
		  inferred(&w, OTHER_PROVIDER).relation == NEIGHBOR_UNKNOWN);
	ck_assert_uint_eq(w.findings_n, 0);
	teardown(&w);
}
END_TEST

/* No table of the Internet's size, a neighbour with a private AS number, one who sends nothing. */
START_TEST(some_are_never_judged_by_size)
{
	struct fixture w;

	begin(&w, INFER_ON);
	session(&w, 64600, 5, FULL);
	session(&w, 64507, 0, FULL);
	end_of_rib(&w, 64600);
	end_of_rib(&w, 64507);
	complete(&w);
	wait_s(&w, AFTER_S + 30);
	ck_assert_uint_eq(inferred(&w, 64600).relation, NEIGHBOR_UNKNOWN);
	ck_assert_uint_eq(inferred(&w, 64507).relation, NEIGHBOR_UNKNOWN);
	teardown(&w);

	setup(&w);
	detect_free(w.detect);
	w.detect = rules(INFER_ON, 1);
	engine_set_detect(w.engine, w.detect);
	start(&w);
	session(&w, PEER, TABLE_AT - 1, 3);
	end_of_rib(&w, PEER);
	eor(&w, loc_rib());
	wait_s(&w, AFTER_S + 300);
	ck_assert_uint_eq(inferred(&w, PEER).relation, NEIGHBOR_UNKNOWN);
	teardown(&w);
}
END_TEST

/* Known by roles in one session, by sizes in another: what is known counts. */
START_TEST(what_is_known_counts)
{
	struct bmp_peer_spec second = peer(PROVIDER, 0);
	struct fixture w;

	begin_inferred(&w);
	second.address.b[3] = 77;
	up(&w, second, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER); /* it is a customer there */
	say(&w, peer(CUSTOMER, 0), &upstream, true);
	ck_assert_uint_eq(w.findings_n, 0);
	teardown(&w);
}
END_TEST

/* Every order of coming and going over the views ends with nothing. */
START_TEST(in_any_order)
{
	enum { VIEWS_N = 4 };
	const struct bmp_peer_spec at[VIEWS_N] = { peer(CUSTOMER, 0), peer(CUSTOMER, BMP_FLAG_L),
		loc_rib(), peer(OTHER_PROVIDER, OUT_POST) };
	const struct update_run out = { "20.7.0.0/24", { 64500, CUSTOMER, PROVIDER, 64999 }, 0 };
	struct fixture w;

	begin_inferred(&w);
	for (unsigned order = 0; order < 256; order++) {
		unsigned seen = 0;

		for (unsigned k = 0; k < VIEWS_N; k++)
			seen |= 1U << (order >> 2 * k & 3);
		if (seen != 15)
			continue;
		w.findings_n = w.on = w.off = 0;
		for (unsigned k = 0; k < VIEWS_N; k++) {
			unsigned v = order >> 2 * k & 3;

			say(&w, at[v], v == 3 ? &out : &upstream, true);
		}
		work(&w);
		ck_assert_uint_eq(w.on, VIEWS_N);
		for (unsigned k = 0; k < VIEWS_N; k++) {
			unsigned v = order >> 2 * (VIEWS_N - 1 - k) & 3;

			ck_assert(w.findings[w.findings_n - 1].inferred || k > 0);
			say(&w, at[(v + order) % VIEWS_N],
			    (v + order) % VIEWS_N == 3 ? &out : &upstream, false);
		}
		work(&w);
		ck_assert_uint_eq(w.off, w.on);
	}
	teardown(&w);
}
END_TEST

HARNESS_MAIN("relations inferred from table sizes")
{
	TEST(sizes_say_it_after_a_time);
	TEST(a_customer_sends_what_is_our_providers);
	TEST(what_a_provider_sent_goes_to_the_other);
	TEST(it_proves_no_burst);
	TEST(a_leak_changes_nothing);
	TEST(another_guess_takes_a_week);
	LOOP(large_tables_take_some_ticks, 2);
	TEST(the_configuration_decides_whether);
	TEST(it_is_known_again);
	TEST(routes_that_do_not_fit_speak_against_it);
	TEST(some_are_never_judged_by_size);
	TEST(what_is_known_counts);
	TEST(in_any_order);
}

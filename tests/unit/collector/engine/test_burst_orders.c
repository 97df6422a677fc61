/* What joins a burst is told in every view, in whatever order it comes and goes, before what proves
 * it or behind, and nothing is left of it. */
#include "tests/unit/support/findings_fixture.h"
#include "tests/unit/support/orders.h"

/* Five views of a route, and what proves it, which comes as one. */
enum { PLACES = 5, STEPS = 6, PROOFS = 4, OUT_POST = BMP_FLAG_O | BMP_FLAG_L };

struct burst {
	struct update_run joins, proofs[PROOFS];
	uint32_t rule, offender;
};

static const struct burst origin = {
	.joins = { "20.2.0.0/24", { 64510, 64666 }, 0 },
	.proofs = { { "203.0.113.0/28", { 64510, 64666 }, 0 },
	    { "203.0.113.16/28", { 64510, 64666 }, 0 }, { "203.0.113.32/28", { 64510, 64666 }, 0 },
	    { "203.0.113.48/28", { 64510, 64666 }, 0 } },
	.rule = RULE_ORIGIN_BURST,
}, leak_burst = {
	.joins = { "20.3.0.0/24", { 64510, 174, 65551, 64997 }, 0 },
	.proofs = { { "20.1.0.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	    { "20.1.1.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	    { "20.1.2.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	    { "20.1.3.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 } },
	.rule = RULE_LEAK_BURST,
	.offender = 65551,
};
static const struct burst *const bursts[] = { &origin, &leak_burst };

static void
begin(struct fixture *w, bool of_leak)
{
	static const uint32_t cust[] = { 64501, 64509 };
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as,
		.own_asns_n = 1,
		.provider_free = provider_free,
		.provider_free_n = 3,
		.burst_at = of_leak ? 4 * PROOFS : PROOFS,
		.own = own,
		.own_n = 1 };
	struct detect *before;

	setup(w);
	before = w->detect;
	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	w->detect = detect_new(&dc, 2);
	ck_assert_ptr_nonnull(w->detect);
	engine_set_detect(w->engine, w->detect);
	detect_free(before);
	start(w);
	up(w, peer(64509, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	eor(w, peer(64510, 0));
	eor(w, peer(64510, BMP_FLAG_L));
	eor(w, loc_rib());
	for (unsigned k = 0; k < 2; k++)
		eor(w, peer(cust[k], OUT_POST));
}

static void
play(struct fixture *w, const struct burst *b, unsigned step, bool announce)
{
	struct update_run out = b->joins;

	memmove(&out.path[1], &b->joins.path[0], 7 * sizeof(out.path[0]));
	out.path[0] = 64500;
	if (step == PLACES) {
		for (unsigned k = 0; k < PROOFS; k++)
			say(w, peer(64510, 0), &b->proofs[k], announce);
	} else if (step < 2) {
		say(w, peer(64510, step == 0 ? 0 : BMP_FLAG_L), &b->joins, announce);
	} else if (step == 2) {
		say(w, loc_rib(), &b->joins, announce);
	} else {
		say(w, peer(step == 3 ? 64501 : 64509, OUT_POST), &out, announce);
	}
	work(w);
}

/* Of the route that joins: how many have that rule by what was told of them last. */
static unsigned
joined(const struct fixture *w, const struct burst *b)
{
	struct ip_prefix p;
	unsigned n = 0;

	ip_prefix_parse(b->joins.prefix, true, &p);
	for (unsigned k = 0; k < w->findings_n; k++) {
		const struct finding *f = &w->findings[k];
		bool is_last = ip_prefix_cmp(&f->prefix, &p) == 0;

		for (unsigned i = k + 1; i < w->findings_n; i++)
			is_last &= w->findings[i].peer != f->peer ||
				   w->findings[i].view != f->view ||
				   ip_prefix_cmp(&w->findings[i].prefix, &p) != 0;
		n += is_last && f->rules == 1U << b->rule &&
		     (b->offender == 0 || f->leaker_as == b->offender);
	}
	return n;
}

static void
nothing_left(struct fixture *w)
{
	struct engine_stats st;

	engine_stats(w->engine, &st);
	ck_assert_uint_eq(st.leaks, 0);
	ck_assert_uint_eq(st.rules_broken, 0);
	ck_assert_uint_eq(st.routes, 0);
	ck_assert_uint_eq(w->on, w->off);
	w->findings_n = w->on = w->off = 0;
	w->now += 1000LL * 1000000; /* long over */
	engine_tick(w->engine, w->now);
	work(w);
}

/* Every order in which it comes, and of each another one in which it goes. */
START_TEST(every_order)
{
	const struct burst *b = bursts[_i];
	unsigned all = orders_of(STEPS), at[ORDERS_MAX], go[ORDERS_MAX];
	struct fixture w;

	begin(&w, b->rule == RULE_LEAK_BURST);
	for (unsigned k = 0; k < all; k++) {
		order_of(k, STEPS, at);
		order_of((k * 271 + 5) % all, STEPS, go);
		for (unsigned i = 0; i < STEPS; i++)
			play(&w, b, at[i], true);
		ck_assert_uint_eq(joined(&w, b), PLACES);
		for (unsigned i = 0; i < STEPS; i++)
			play(&w, b, go[i], false);
		nothing_left(&w);
	}
	teardown(&w);
}
END_TEST

/* Announced and withdrawn in turns: what is there at the end is told as what it is. */
START_TEST(in_and_out)
{
	const struct burst *b = bursts[_i];
	unsigned x = 1, n;
	bool is[PLACES];
	struct fixture w;

	begin(&w, b->rule == RULE_LEAK_BURST);
	for (unsigned k = 0; k < 200; k++) {
		memset(is, 0, sizeof(is));
		play(&w, b, PLACES, true);
		for (unsigned i = 0; i < 20; i++) {
			unsigned place = (x = x * 1103515245 + 12345) >> 16 & 7;

			if (place >= PLACES)
				continue;
			is[place] = !is[place];
			play(&w, b, place, is[place]);
		}
		for (unsigned i = n = 0; i < PLACES; i++)
			n += is[i];
		/* what is inherited is so while it is where it came in */
		if (b->rule == RULE_LEAK_BURST && !is[0] && !is[1])
			n = 0;
		ck_assert_uint_eq(joined(&w, b), n);
		for (unsigned i = 0; i < PLACES; i++)
			play(&w, b, i, false);
		play(&w, b, PLACES, false);
		nothing_left(&w);
	}
	teardown(&w);
}
END_TEST

HARNESS_MAIN("burst_orders")
{
	LOOP(every_order, 2);
	LOOP(in_and_out, 2);
}

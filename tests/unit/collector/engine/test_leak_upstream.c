/* A customer that sends us what it has of a provider or peer of ours. */
#include "tests/unit/support/findings_fixture.h"

/* A customer 64501 and a client of our route server 64521; a provider 64512, which comes first or
 * last; a peer 64509; 64550, a customer and a peer; 64511, a sibling of the customer and a peer. */
static void
begin(struct fixture *w)
{
	static const uint32_t asns[] = { 64501, 64511 };
	static const struct detect_siblings siblings[] = { { asns, 2 } };
	struct detect_config dc = {
		.own_asns = own_as, .own_asns_n = 1, .siblings = siblings, .siblings_n = 1
	};
	struct bmp_peer_spec other = peer(64550, 0);

	setup(w);
	detect_free(w->detect);
	w->detect = detect_new(&dc, 1);
	engine_set_detect(w->engine, w->detect);
	start(w);
	up(w, peer(64509, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	up(w, peer(64511, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	up(w, peer(64521, 0), BGP_ROLE_RS, BGP_ROLE_RS_CLIENT);
	up(w, other, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	other.address.b[3]++;
	up(w, other, BGP_ROLE_PEER, BGP_ROLE_PEER);
}

static const struct {
	const char *what;
	uint32_t from;
	struct update_run run;
	uint32_t leaker; /* 0: no leak */
	bool benign;
} cases[] = {
	{ "of our provider", 64501, { "20.8.0.0/24", { 64501, 64512, 64999 }, 0 }, 64501, false },
	{ "its own", 64501, { "20.8.0.0/24", { 64501 }, 0 }, 0, false },
	{ "of somebody else", 64501, { "20.8.0.0/24", { 64501, 64540, 64999 }, 0 }, 0, false },
	{ "of a customer of it", 64501, { "20.8.0.0/24", { 64501, 64777, 64512, 64999 }, 0 }, 64777,
	    false },
	{ "with prepends", 64501, { "20.8.0.0/24", { 64501, 64501, 64512, 64512, 64999 }, 0 },
	    64501, false },
	{ "of a client", 64521, { "20.8.0.0/24", { 64521, 64512, 64999 }, 0 }, 64521, false },
	{ "of our peer", 64501, { "20.8.0.0/24", { 64501, 64509, 64999 }, 0 }, 64501, true },
	{ "of our peer, and behind it our provider", 64501,
	    { "20.8.0.0/24", { 64501, 64509, 64512, 64999 }, 0 }, 64501, false },
	{ "of another customer, a peer elsewhere", 64501,
	    { "20.8.0.0/24", { 64501, 64550, 64999 }, 0 }, 0, false },
	{ "of its sibling, our peer", 64501, { "20.8.0.0/24", { 64501, 64511, 64999 }, 0 }, 0,
	    false },
	{ "kept away from our provider", 64501, { "20.8.0.0/24", { 64501, 64512, 64501 }, 0 }, 0,
	    false },
	{ "of a peer", 64509, { "20.8.0.0/24", { 64509, 64512, 64999 }, 0 }, 0, false },
};

static void
check(const struct fixture *w, unsigned k)
{
	const struct finding *f;

	ck_assert_msg(w->on == (cases[k].leaker != 0), "%s: %u", cases[k].what, w->on);
	if (w->on == 0)
		return;
	f = &w->findings[w->findings_n - 1];
	ck_assert_uint_eq(f->rules, 1U << RULE_LEAK_UPSTREAM);
	ck_assert_msg(f->leaker_as == cases[k].leaker, "%s: AS%u", cases[k].what, f->leaker_as);
	ck_assert(!f->by_us);
	ck_assert_uint_eq(f->benign, cases[k].benign ? BENIGN_PEER_MAY_BUY : BENIGN_NONE);
}

/* Whether the route or the session with the provider comes first. */
START_TEST(test_of_whom)
{
	for (unsigned k = 0; k < 2 * sizeof(cases) / sizeof(cases[0]); k++) {
		struct fixture w;

		begin(&w);
		if (k % 2 == 0)
			up(&w, peer(64512, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
		say(&w, peer(cases[k / 2].from, 0), &cases[k / 2].run, true);
		if (k % 2 != 0)
			up(&w, peer(64512, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
		work(&w);
		check(&w, k / 2);
		say(&w, peer(cases[k / 2].from, 0), &cases[k / 2].run, false);
		work(&w);
		ck_assert_uint_eq(w.on, w.off);
		teardown(&w);
	}
}
END_TEST

/* What the neighbour turns out to be ends it. */
START_TEST(test_other_roles)
{
	static const struct update_run run = { "20.8.0.0/24", { 64501, 64512, 64999 }, 0 };
	struct fixture w;

	begin(&w);
	up(&w, peer(64512, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	say(&w, peer(64501, 0), &run, true);
	ck_assert_uint_eq(w.on, 1);
	up(&w, peer(64512, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.off, 1);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("upstreams in customers' paths")
{
	TEST(test_of_whom);
	TEST(test_other_roles);
}

/* Who is a customer at one router is one for all, of whatever worker: rules that are for routes of
 * customers only look again when one comes or goes. */
#include "tests/unit/support/findings_fixture.h"

enum { FAR_CUSTOMER = 64577 };

static void
begin(struct fixture *w)
{
	struct detect_config dc = {
		.own_asns = own_as, .own_asns_n = 1, .whose[RULE_FIRST_AS] = WHOSE_CUSTOMERS
	};

	setup(w);
	detect_free(w->detect);
	w->detect = detect_new(&dc, 1);
	engine_set_detect(w->engine, w->detect);
	work(w);
	start(w);
}

/* The path does not begin with the neighbour. */
static const struct update_run odd = { "20.9.0.0/24", { 64999, FAR_CUSTOMER }, 0 };

static void
hear(struct fixture *w, bool begins)
{
	const struct engine_shared s = { .type = SHARED_RELATION,
		.asn = FAR_CUSTOMER,
		.relation = NEIGHBOR_CUSTOMER,
		.begin = begins,
		.cease = !begins };

	engine_hear(w->engine, &s);
}

START_TEST(of_another_worker)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &odd, true);
	ck_assert_uint_eq(w.on, 0);
	hear(&w, true);
	wait_s(&w, 5);
	hear(&w, true); /* others tell, too: quiet first */
	wait_s(&w, 8);
	ck_assert_uint_eq(w.on, 1);
	ck_assert(w.findings[0].of_customers);
	ck_assert_uint_eq(w.findings[0].cause, REASON_ROLES);
	hear(&w, false);
	wait_s(&w, 15);
	ck_assert_uint_eq(w.off, 0); /* one is left */
	hear(&w, false);
	wait_s(&w, 15);
	ck_assert_uint_eq(w.off, 1);
	teardown(&w);
}
END_TEST

START_TEST(of_another_session)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &odd, true);
	up(&w, peer(FAR_CUSTOMER, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	wait_s(&w, 15);
	ck_assert_uint_eq(w.on, 1);
	say(&w, peer(64510, 0), &odd, false);
	ck_assert_uint_eq(w.off, 1);
	teardown(&w);
}
END_TEST

/* In a VRF that the rules do not judge it is nobody's customer. */
START_TEST(of_a_vrf)
{
	struct bmp_peer_spec p = peer(FAR_CUSTOMER, 0);
	struct fixture w;

	begin(&w);
	p.type = BMP_PEER_RD;
	p.distinguisher[7] = 1;
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	say(&w, peer(64510, 0), &odd, true);
	wait_s(&w, 15);
	ck_assert_uint_eq(w.on, 0);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("customers")
{
	TEST(of_another_worker);
	TEST(of_another_session);
	TEST(of_a_vrf);
}

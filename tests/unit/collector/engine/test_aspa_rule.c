/* Paths that ASPAs contradict, from bytes to findings: by who sends them, over the views, when
 * ASPAs change; and at random against an engine that has seen only how it ended. */
#include "tests/unit/support/findings_fixture.h"

/* "1:2,3 4:0": customers and their providers. */
static void
set_aspas(struct fixture *w, const char *text)
{
	static uint64_t generation;
	struct aspa_list l = { 0 };
	struct aspa_set *s;
	char *p = (char *)(uintptr_t)text;

	while (*p != '\0') {
		uint32_t customer = (uint32_t)strtoul(p, &p, 10);

		do
			ck_assert(aspa_list_add(&l, customer, (uint32_t)strtoul(p + 1, &p, 10)));
		while (*p == ',');
		p += *p == ' ';
	}
	aspa_list_sort_unique(&l);
	s = aspa_set_new(&l, ++generation);
	engine_set_aspas(w->engine, s);
	aspa_set_unref(s);
	aspa_list_free(&l);
	work(w);
}

enum { ASPA = 1 << RULE_ASPA };

static const struct by_sender {
	uint8_t sent, received; /* roles of the OPENs: ours, theirs */
	const char *aspas;
	uint32_t path[8];
	bool invalid;
	uint32_t leaker;
} by_sender[] = {
	/* a customer passes on what it has from a peer of its own, or a provider */
	{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, "64999:64998", { 64520, 64999 }, true, 64520 },
	{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, "64999:64520", { 64520, 64999 }, false, 0 },
	{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, "64998:64520", { 64520, 64999 }, false, 0 },
	{ BGP_ROLE_PEER, BGP_ROLE_PEER, "64999:64998", { 64520, 64999 }, true, 64520 },
	{ BGP_ROLE_RS_CLIENT, BGP_ROLE_RS, "64999:64998", { 64521, 64999 }, true, 64521 },
	{ BGP_ROLE_RS, BGP_ROLE_RS_CLIENT, "64999:64998", { 64520, 64999 }, true, 64520 },
	/* a provider may have it of a peer; but not what came down already */
	{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, "64999:64998", { 64520, 64999 }, false, 0 },
	{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, "64999:64998 64520:64521",
	    { 64520, 64521, 64666, 64999 }, false, 0 },
	{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, "64999:64998 64521:64520",
	    { 64520, 64521, 64666, 64666, 64999 }, true, 64666 },
	{ BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER, "64999:64998 64520:0",
	    { 64520, 64521, 64666, 64999 }, true, 64666 },
	/* who it is nobody knows: what is wrong from everybody */
	{ BGP_ROLE_NONE, BGP_ROLE_NONE, "64999:64998", { 64520, 64999 }, false, 0 },
	{ BGP_ROLE_NONE, BGP_ROLE_NONE, "64999:64998 64520:0", { 64520, 64666, 64999 }, true,
	    64666 },
	{ BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER, "64520:0", { 64520 }, false, 0 },
};

START_TEST(test_by_sender)
{
	const struct by_sender *row = &by_sender[_i];
	struct update_run r = { "20.0.1.0/24", { 0 }, 0 };
	struct fixture w;

	setup(&w);
	start(&w);
	memcpy(r.path, row->path, sizeof(r.path));
	up(&w, peer(64520, 0), row->sent, row->received);
	set_aspas(&w, row->aspas);
	say(&w, peer(64520, 0), &r, true);
	ck_assert_uint_eq(w.findings_n, row->invalid ? 1 : 0);
	if (row->invalid) {
		const struct finding *f = &w.findings[0];

		ck_assert_uint_eq(f->rules, ASPA);
		ck_assert_uint_eq(f->leaker_as, row->leaker);
		ck_assert(!f->by_us);
		ck_assert_uint_eq(f->aspa_customer, 64999);
		ck_assert_uint_eq(f->aspa_other, row->leaker);
		ck_assert_uint_eq(f->aspa_providers_n, 1);
		ck_assert_uint_eq(f->aspa_providers[0], 64998);
	}
	say(&w, peer(64520, 0), &r, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

static const struct update_run passed_on = { "20.0.1.0/24", { 64501, 64999 }, 0 },
			       sent_on = { "20.0.1.0/24", { 64500, 64501, 64999 }, 0 };

START_TEST(test_over_views)
{
	struct bmp_peer_spec to_provider = peer(64510, BMP_FLAG_O | BMP_FLAG_L);
	struct fixture w;

	setup(&w);
	start(&w);
	set_aspas(&w, "64999:64998");
	say(&w, loc_rib(), &passed_on, true);
	ck_assert_uint_eq(w.findings_n, 0);
	say(&w, peer(64501, 0), &passed_on, true);
	ck_assert_uint_eq(w.on, 2);
	say(&w, to_provider, &sent_on, true);
	ck_assert_uint_eq(w.on, 3);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_uint_eq(w.findings[i].leaker_as, 64501);
		ck_assert(!w.findings[i].by_us);
		ck_assert_uint_eq(w.findings[i].aspa_customer, 64999);
	}
	set_aspas(&w, "64999:64501,64998");
	ck_assert_uint_eq(w.off, 3);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].cause, REASON_RPKI);
	teardown(&w);
}
END_TEST

/* A customer's ASPA lacks us: nobody sees it but who gets the route from us. */
START_TEST(test_what_our_provider_will_see)
{
	static const struct update_run in = { "20.0.1.0/24", { 64501 }, 0 },
				       out = { "20.0.1.0/24", { 64500, 64501 }, 0 };
	struct bmp_peer_spec to_provider = peer(64510, BMP_FLAG_O | BMP_FLAG_L),
			     to_customer = peer(64501, BMP_FLAG_O | BMP_FLAG_L);
	struct fixture w;

	setup(&w);
	start(&w);
	set_aspas(&w, "64501:64998");
	say(&w, peer(64501, 0), &in, true);
	say(&w, loc_rib(), &in, true);
	say(&w, to_customer, &out, true);
	ck_assert_uint_eq(w.findings_n, 0);
	say(&w, to_provider, &out, true);
	ck_assert_uint_eq(w.on, 1);
	ck_assert(w.findings[0].by_us);
	ck_assert_uint_eq(w.findings[0].leaker_as, 64500);
	ck_assert_uint_eq(w.findings[0].aspa_customer, 64501);
	/* what came in elsewhere is not our doing */
	say(&w, to_provider, &sent_on, true);
	set_aspas(&w, "64999:64998");
	ck_assert(w.on == 1 && w.off == 0); /* true all the time, but another's doing */
	ck_assert(!w.findings[w.findings_n - 1].by_us);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].leaker_as, 64501);
	teardown(&w);
}
END_TEST

START_TEST(test_changes)
{
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64501, 0), &passed_on, true);
	set_aspas(&w, "64999:64998");
	ck_assert(w.on == 1 && w.findings[0].cause == REASON_RPKI);
	set_aspas(&w, "64999:64998 64997:1"); /* concerns nobody */
	ck_assert_uint_eq(w.findings_n, 1);
	engine_set_detect(w.engine, w.detect);
	work(&w);
	ck_assert_uint_eq(w.off, 0);
	set_aspas(&w, "");
	ck_assert(w.off == 1 && w.findings[w.findings_n - 1].cause == REASON_RPKI);
	teardown(&w);
}
END_TEST

/* Too old to judge by: what is true stays, and nothing becomes so. */
START_TEST(test_frozen)
{
	static const struct update_run other = { "20.0.2.0/24", { 64501, 64999 }, 0 },
				       better = { "20.0.1.0/24", { 64501, 64998 }, 0 };
	struct fixture w;

	setup(&w);
	start(&w);
	set_aspas(&w, "64999:64998");
	say(&w, loc_rib(), &passed_on, true);
	say(&w, peer(64501, 0), &passed_on, true);
	ck_assert_uint_eq(w.on, 2);
	engine_freeze_rov(w.engine, true);
	work(&w);
	say(&w, peer(64501, 0), &other, true);
	ck_assert(w.on == 2 && w.off == 0);
	say(&w, peer(64501, 0), &passed_on, true);
	ck_assert(w.on == 2 && w.off == 0);
	engine_freeze_rov(w.engine, false);
	work(&w);
	ck_assert_uint_eq(w.on, 3);
	engine_freeze_rov(w.engine, true);
	say(&w, peer(64501, 0), &better, true);
	ck_assert_uint_eq(w.off, 2); /* there and in Loc-RIB */
	teardown(&w);
}
END_TEST

/* --- at random */

enum { SEEDS = 40, STEPS = 60, NETS = 3, SLOTS = 5 };

/* Where a route may be, and the paths that it may have there; the last has our AS in front. */
static const uint32_t tails[][4] = { { 64999 }, { 64998, 64999 }, { 64510, 64999 },
	{ 64998, 64510 }, { 64999, 64998, 64997 } };
static const char *const worlds[] = { "", "64999:64998", "64999:64998 64998:64501",
	"64999:0 64998:64510", "64501:64510 64999:64998,64510", "64501:64500 64999:64501 64997:0" };

struct end {
	int path[SLOTS][NETS]; /* -1: none */
	const char *aspas;
};

static struct bmp_peer_spec
spec_of(unsigned slot)
{
	return slot == 0   ? peer(64501, 0)
	       : slot == 1 ? peer(64501, BMP_FLAG_L)
	       : slot == 2 ? loc_rib()
	       : slot == 3 ? peer(64510, BMP_FLAG_O | BMP_FLAG_L)
			   : peer(64510, 0);
}

static void
put(struct fixture *w, unsigned slot, unsigned net, unsigned path, bool announce)
{
	static const char *const nets[NETS] = { "20.0.1.0/24", "20.0.2.0/24", "2001:db8:1::/48" };
	struct update_run r = { nets[net], { 0 }, 0 };
	unsigned n = 0;

	if (slot == 3)
		r.path[n++] = 64500;
	r.path[n++] = slot == 4 ? 64510 : 64501;
	memcpy(r.path + n, tails[path], sizeof(tails[path]));
	say(w, spec_of(slot), &r, announce);
}

/* The rules that are true of each route by the last finding of it. */
static void
conclude(const struct fixture *w, uint32_t out[SLOTS][NETS], uint32_t leaker[SLOTS][NETS])
{
	memset(out, 0, SLOTS * NETS * sizeof(out[0][0]));
	memset(leaker, 0, SLOTS * NETS * sizeof(leaker[0][0]));
	for (unsigned k = 0; k < w->findings_n; k++) {
		const struct finding *f = &w->findings[k];
		unsigned net = f->prefix.family == IP_V6 ? 2 : f->prefix.b[2] - 1U,
			 slot = f->view == BMP_VIEW_LOC_RIB    ? 2
				: f->view == BMP_VIEW_OUT_POST ? 3
				: f->peer_as == 64510	       ? 4
				: f->view == BMP_VIEW_IN_POST  ? 1
							       : 0;

		out[slot][net] = f->rules;
		leaker[slot][net] = f->rules != 0 ? f->leaker_as : 0;
	}
}

static void
play_end(struct fixture *w, const struct end *e)
{
	setup(w);
	start(w);
	set_aspas(w, e->aspas);
	for (unsigned slot = 0; slot < SLOTS; slot++)
		for (unsigned net = 0; net < NETS; net++)
			if (e->path[slot][net] >= 0)
				put(w, slot, net, (unsigned)e->path[slot][net], true);
}

START_TEST(test_as_if_new)
{
	uint64_t rng = seed_of(_i);
	uint32_t got[SLOTS][NETS], want[SLOTS][NETS], got_as[SLOTS][NETS], want_as[SLOTS][NETS];
	struct end e = { .aspas = "" };
	static struct fixture w, fresh;

	memset(e.path, -1, sizeof(e.path));
	setup(&w);
	start(&w);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned slot = rnd(&rng) % SLOTS, net = rnd(&rng) % NETS, path = rnd(&rng) % 5;
		int *at = &e.path[slot][net];

		if (rnd(&rng) % 5 == 0) {
			e.aspas = worlds[rnd(&rng) % 6];
			set_aspas(&w, e.aspas);
		} else if (*at >= 0 && rnd(&rng) % 2) {
			put(&w, slot, net, (unsigned)*at, false);
			*at = -1;
		} else {
			*at = (int)path;
			put(&w, slot, net, path, true);
		}
		play_end(&fresh, &e);
		conclude(&w, got, got_as);
		conclude(&fresh, want, want_as);
		for (unsigned k = 0; k < SLOTS * NETS; k++)
			require(got[k / NETS][k % NETS] == want[k / NETS][k % NETS],
			    "step %u slot %u net %u: %x, want %x by \"%s\"", step, k / NETS,
			    k % NETS, got[k / NETS][k % NETS], want[k / NETS][k % NETS], e.aspas);
		teardown(&fresh);
	}
	for (unsigned k = 0; k < SLOTS * NETS; k++)
		if (e.path[k / NETS][k % NETS] >= 0)
			put(&w, k / NETS, k % NETS, (unsigned)e.path[k / NETS][k % NETS], false);
	ck_assert_uint_eq(w.on, w.off);
	ck_assert_uint_gt(w.on, 0);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("aspa_rule")
{
	TIMEOUT(120);
	ROWS(test_by_sender, by_sender);
	TEST(test_over_views);
	TEST(test_what_our_provider_will_see);
	TEST(test_changes);
	TEST(test_frozen);
	LOOP(test_as_if_new, SEEDS);
}

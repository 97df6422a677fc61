/* Who our neighbours are, and who stands next to us in a path and is none. */
#include "tests/unit/support/findings_fixture.h"

static const struct update_run forged = { "203.0.113.64/26", { 64510, 64666, 64500 }, 0 },
			       forged_out = { "203.0.113.64/26", { 64500, 64510, 64666, 64500 },
				       0 },
			       back = { "203.0.113.0/24", { 64510, 64500 }, 0 },
			       of_64666 = { "20.0.0.0/24", { 64666, 64999 }, 0 };

static void
know(struct fixture *w, const uint32_t *asns, uint32_t n)
{
	engine_set_neighbors(w->engine,
	    &(struct engine_neighbors){ .anew = true, .judged = true, .n = n, .asns = asns });
	work(w);
}

static bool
is_forged(const struct fixture *w)
{
	const struct finding *f = w->findings_n > 0 ? &w->findings[w->findings_n - 1] : NULL;

	return f != NULL && f->rules == 1U << RULE_FIRST_HOP && f->leaker_as == 64666;
}

START_TEST(nobody_is_a_stranger_before_neighbors_are_known)
{
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &forged, true);
	ck_assert_uint_eq(w.findings_n, 0);
	know(&w, NULL, 0);
	ck_assert_uint_eq(w.on, 1);
	ck_assert(is_forged(&w));
	say(&w, peer(64510, 0), &back, true);
	ck_assert_uint_eq(w.on, 1);
	say(&w, peer(64510, 0), &forged, false);
	ck_assert_uint_eq(w.off, 1);
	teardown(&w);
}
END_TEST

START_TEST(known_elsewhere_or_seen_here)
{
	static const uint32_t known[] = { 64666 };
	struct fixture w;

	setup(&w);
	start(&w);
	know(&w, known, 1);
	say(&w, peer(64510, 0), &forged, true);
	ck_assert_uint_eq(w.findings_n, 0);
	know(&w, NULL, 0); /* it is a neighbour no more */
	ck_assert(is_forged(&w));
	up(&w, peer(64666, 0), BGP_ROLE_NONE, BGP_ROLE_NONE); /* it is one now */
	work(&w);
	ck_assert_uint_eq(w.on, 1);
	ck_assert_uint_eq(w.off, 1);
	know(&w, NULL, 0); /* of which the collector has yet to hear */
	ck_assert_uint_eq(w.on, 1);
	teardown(&w);
}
END_TEST

/* Routers that nobody monitors have neighbours, too: what is chosen from them shows it, and a
 * neighbour's word for another does not. */
START_TEST(seen_where_a_route_has_come_from)
{
	struct fixture w;

	setup(&w);
	start(&w);
	know(&w, NULL, 0);
	say(&w, peer(64510, 0), &of_64666, true); /* RULE_FIRST_AS */
	say(&w, peer(64510, 0), &forged, true);
	ck_assert_uint_eq(w.on, 2);
	say(&w, peer(64510, 0), &of_64666, false);
	ck_assert_uint_eq(w.off, 1);
	say(&w, loc_rib(), &of_64666, true);
	work(&w);
	ck_assert_uint_eq(w.off, 2);
	teardown(&w);
}
END_TEST

/* --- every order */

static void
say_in(struct fixture *w, unsigned view, bool announce)
{
	struct bmp_peer_spec out = peer(64501, BMP_FLAG_O | BMP_FLAG_L);

	if (view == 0)
		say(w, peer(64510, 0), &forged, announce);
	else if (view == 1)
		say(w, peer(64510, BMP_FLAG_L), &forged, announce);
	else if (view == 2)
		say(w, loc_rib(), &forged, announce);
	else
		say(w, out, &forged_out, announce);
}

static void
in_order(struct fixture *w, unsigned order, bool announce)
{
	unsigned left[] = { 0, 1, 2, 3 };

	for (unsigned n = 4; n > 0; n--) {
		unsigned k = order % n;

		order /= n;
		say_in(w, left[k], announce);
		left[k] = left[n - 1];
	}
}

START_TEST(every_order_ends_empty)
{
	struct fixture w;

	for (unsigned withdraw = 0; withdraw < 24; withdraw++) {
		setup(&w);
		start(&w);
		know(&w, NULL, 0);
		in_order(&w, (unsigned)_i, true);
		ck_assert_uint_eq(w.on, 4);
		in_order(&w, withdraw, false);
		ck_assert_uint_eq(w.off, 4);
		teardown(&w);
	}
}
END_TEST

HARNESS_MAIN("neighbors")
{
	TEST(nobody_is_a_stranger_before_neighbors_are_known);
	TEST(known_elsewhere_or_seen_here);
	TEST(seen_where_a_route_has_come_from);
	LOOP(every_order_ends_empty, 24);
}

/* How much a neighbour sends, against what it sent before. */
#include "tests/unit/support/harness.h"

#include "collector/incident/volume.h"

enum { SECOND = 1000000 };

static const struct volume_limits limits = { .surge_least = 1000,
	.surge_percent = 20,
	.loss_least = 100,
	.loss_percent = 50,
	.within_s = 300,
	.warm_up_s = 300,
	.hold_s = 60 };

struct neighbor {
	struct volume v;
	int64_t now;
	unsigned changes;
};

static void
pass(struct neighbor *n, unsigned seconds)
{
	for (; seconds > 0; seconds--) {
		n->now += SECOND;
		n->changes += volume_judge(&n->v, &limits, n->now);
	}
}

static void
says(struct neighbor *n, uint32_t routes)
{
	volume_says(&n->v, routes, true, false, n->now);
	pass(n, 2);
}

/* A neighbour that has sent so many for a while. */
static struct neighbor
usual(uint32_t routes)
{
	struct neighbor n = { .now = 1000 * (int64_t)SECOND };

	volume_says(&n.v, routes, true, true, n.now);
	pass(&n, 700);
	ck_assert(n.v.warm);
	return n;
}

START_TEST(surge_is_much_more_than_ever)
{
	struct neighbor n = usual(900);

	says(&n, 1899);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
	says(&n, 1900);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	ck_assert_uint_eq(n.v.usual, 900);
	says(&n, 1401);
	pass(&n, 600);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	says(&n, 1400);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	pass(&n, 60);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
	ck_assert_uint_eq(n.changes, 2);
}
END_TEST

START_TEST(percent_counts_in_large_tables)
{
	struct neighbor n = usual(900000);

	says(&n, 1079999);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
	says(&n, 1080000);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
}
END_TEST

START_TEST(in_pieces_it_is_one_all_the_same)
{
	struct neighbor n = usual(900);

	for (uint32_t routes = 900; routes < 2000; routes += 10)
		says(&n, routes);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	ck_assert_uint_eq(n.changes, 1);
}
END_TEST

START_TEST(slow_growth_is_usual)
{
	struct neighbor n = usual(900);

	for (uint32_t routes = 900; routes < 20000; routes += 300) {
		says(&n, routes);
		pass(&n, 300);
	}
	ck_assert_uint_eq(n.changes, 0);
}
END_TEST

START_TEST(what_comes_back_is_no_surge)
{
	struct neighbor n = usual(10000);

	says(&n, 5500); /* not enough for a loss */
	pass(&n, 3600);
	says(&n, 10100);
	ck_assert_uint_eq(n.changes, 0);
	says(&n, 12100);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	ck_assert_uint_eq(n.v.usual, 10000);
}
END_TEST

START_TEST(loss_lasts)
{
	struct neighbor n = usual(900);

	says(&n, 400);
	pass(&n, 57);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
	says(&n, 900); /* path hunting */
	pass(&n, 600);
	ck_assert_uint_eq(n.changes, 0);
	says(&n, 450);
	pass(&n, 59);
	ck_assert_uint_eq(n.v.state, VOLUME_LOSS);
	ck_assert_uint_eq(n.v.usual, 900);
	says(&n, 600);
	pass(&n, 600);
	ck_assert_uint_eq(n.v.state, VOLUME_LOSS);
	says(&n, 675);
	pass(&n, 60);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
}
END_TEST

START_TEST(few_routes_are_no_loss)
{
	struct neighbor n = usual(99);

	says(&n, 0);
	pass(&n, 600);
	ck_assert_uint_eq(n.changes, 0);
}
END_TEST

START_TEST(slow_shrinking_is_usual)
{
	struct neighbor n = usual(10000);

	for (uint32_t routes = 10000; routes > 1000; routes -= routes / 4) {
		says(&n, routes);
		pass(&n, 700);
	}
	ck_assert_uint_eq(n.changes, 0);
}
END_TEST

START_TEST(what_lasts_a_day_is_usual)
{
	struct neighbor n = usual(900);

	says(&n, 5000);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	pass(&n, 86400);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
	says(&n, 5900);
	pass(&n, 900);
	ck_assert_uint_eq(n.changes, 2);
}
END_TEST

START_TEST(first_table_is_usual)
{
	struct neighbor n = { .now = 1000 * (int64_t)SECOND };

	for (uint32_t routes = 0; routes < 1000000; routes += 2000) {
		volume_says(&n.v, routes, false, routes == 0, n.now);
		pass(&n, 2);
	}
	says(&n, 1000000);
	pass(&n, 3600);
	ck_assert_uint_eq(n.changes, 0);
	ck_assert(n.v.warm);
}
END_TEST

START_TEST(who_still_tells_is_waited_for)
{
	struct neighbor n = { .now = 1000 * (int64_t)SECOND };

	/* no End-of-RIB, taken for whole too early */
	for (uint32_t routes = 1000; routes < 1000000; routes += 2000)
		says(&n, routes);
	pass(&n, 3600);
	ck_assert_uint_eq(n.changes, 0);
	ck_assert(n.v.warm);
	ck_assert_uint_ge(n.v.most, 999000);
}
END_TEST

START_TEST(session_anew_says_nothing)
{
	struct neighbor n = usual(10000);

	volume_begins(&n.v);
	pass(&n, 60);
	volume_says(&n.v, 10, true, true, n.now);
	pass(&n, 400);
	says(&n, 10000);
	pass(&n, 400);
	ck_assert_uint_eq(n.changes, 0);
	says(&n, 30000); /* while nobody looked it was no more than before */
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
}
END_TEST

/* Its session was up all the time, the router's was not; or it told all of it again. */
START_TEST(what_was_lost_while_nobody_looked_is_lost)
{
	struct neighbor n = usual(1000);

	says(&n, 1200);
	for (int refresh = 0; refresh < 2; refresh++) {
		if (refresh)
			volume_says(&n.v, 1200, false, false, n.now);
		else
			volume_lost(&n.v);
		pass(&n, 60);
		volume_says(&n.v, 120, true, !refresh, n.now);
		pass(&n, 355);
		ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
		pass(&n, 10);
		ck_assert_uint_eq(n.v.state, VOLUME_LOSS);
		ck_assert_uint_eq(n.v.usual, 1200);
		says(&n, 1200);
		pass(&n, 600);
		ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
	}
	ck_assert_uint_eq(n.changes, 4);
}
END_TEST

START_TEST(lost_session_ends_nothing)
{
	struct neighbor n = usual(900);

	says(&n, 30000);
	volume_lost(&n.v);
	pass(&n, 3600);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	volume_says(&n.v, 30000, true, true, n.now);
	pass(&n, 3600);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	volume_lost(&n.v);
	volume_says(&n.v, 900, true, true, n.now);
	pass(&n, 299);
	ck_assert_uint_eq(n.v.state, VOLUME_SURGE);
	pass(&n, 70);
	ck_assert_uint_eq(n.v.state, VOLUME_USUAL);
}
END_TEST

HARNESS_MAIN("volume")
{
	TEST(surge_is_much_more_than_ever);
	TEST(percent_counts_in_large_tables);
	TEST(in_pieces_it_is_one_all_the_same);
	TEST(slow_growth_is_usual);
	TEST(what_comes_back_is_no_surge);
	TEST(loss_lasts);
	TEST(few_routes_are_no_loss);
	TEST(slow_shrinking_is_usual);
	TEST(what_lasts_a_day_is_usual);
	TEST(first_table_is_usual);
	TEST(who_still_tells_is_waited_for);
	TEST(session_anew_says_nothing);
	TEST(what_was_lost_while_nobody_looked_is_lost);
	TEST(lost_session_ends_nothing);
}

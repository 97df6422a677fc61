/* Who is caught at it: what the rules cannot prove of an AS counts when it comes with what they
 * can, and nothing that was there before does. */
#include "tests/unit/support/findings_fixture.h"

enum { CAUGHT_AT = 4, PROOFS = 12, LEAKS_FROM = 4, MORE_FROM = 8 };

static const struct update_run proofs[PROOFS] = {
	{ "203.0.113.0/28", { 64510, 64666 }, 0 },
	{ "203.0.113.16/28", { 64510, 64666 }, 0 },
	{ "203.0.113.32/28", { 64510, 64666 }, 0 },
	{ "203.0.113.48/28", { 64510, 64666 }, 0 },
	/* a stranger between two provider-free networks */
	{ "20.1.0.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	{ "20.1.1.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	{ "20.1.2.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	{ "20.1.3.0/24", { 64510, 174, 65551, 1299, 64999 }, 0 },
	/* as the first ones */
	{ "203.0.113.64/28", { 64510, 64666 }, 0 },
	{ "203.0.113.80/28", { 64510, 64666 }, 0 },
	{ "203.0.113.96/28", { 64510, 64666 }, 0 },
	{ "203.0.113.112/28", { 64510, 64666 }, 0 },
};
static const struct update_run first = { "20.2.0.0/24", { 64510, 64666 }, 0 },
			       second = { "20.2.1.0/24", { 64510, 64777, 64666 }, 0 },
			       others = { "20.2.1.0/24", { 64510, 64998 }, 0 },
			       through = { "20.3.0.0/24", { 64510, 174, 65551, 64997 }, 0 },
			       of_leaker = { "20.3.1.0/24", { 64510, 174, 65551 }, 0 };

static void
begin_at(struct fixture *w, uint32_t burst_at)
{
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as,
		.own_asns_n = 1,
		.provider_free = provider_free,
		.provider_free_n = 3,
		.burst_at = burst_at,
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
}

static void
begin(struct fixture *w)
{
	begin_at(w, CAUGHT_AT);
}

static void
tell_proofs(struct fixture *w, unsigned from, unsigned n)
{
	for (unsigned k = from; k < from + n; k++)
		say(w, peer(64510, 0), &proofs[k], true);
}

/* The rules that were told last of the prefix in the view. */
static uint32_t
told(const struct fixture *w, const struct update_run *r, uint8_t view)
{
	struct ip_prefix p;
	uint32_t rules = 0;

	ip_prefix_parse(r->prefix, true, &p);
	for (unsigned k = 0; k < w->findings_n; k++)
		if (ip_prefix_cmp(&w->findings[k].prefix, &p) == 0 && w->findings[k].view == view)
			rules = w->findings[k].rules;
	return rules;
}

START_TEST(what_comes_with_it_counts)
{
	struct fixture w;

	begin(&w);
	eor(&w, peer(64510, 0));
	say(&w, peer(64510, 0), &others, true);
	wait_s(&w, 10);
	say(&w, peer(64510, 0), &first, true); /* at once with the proofs, and before them */
	tell_proofs(&w, 0, CAUGHT_AT - 1);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	tell_proofs(&w, CAUGHT_AT - 1, 1);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	say(&w, peer(64510, 0), &second, true); /* of another one until now */
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	say(&w, peer(64510, 0), &others, true);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 0);
	say(&w, peer(64510, 0), &first, false);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

/* What it had before stays its own, also when it is told again in another way. */
START_TEST(what_was_there_does_not)
{
	static const struct update_run prepended = { "20.2.0.0/24", { 64510, 64666, 64666 }, 0 };
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &first, true);
	eor(&w, peer(64510, 0));
	wait_s(&w, 5);
	tell_proofs(&w, 0, CAUGHT_AT);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	say(&w, peer(64510, 0), &prepended, true);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

/* What is probably as it should be proves nothing: marks of the origin's own from a peer, and a
 * peer that may buy from a customer. */
START_TEST(what_is_benign_does_not)
{
	static const struct update_run marked[CAUGHT_AT] = {
		{ "20.4.0.0/24", { 64509, 64996 }, 64996 },
		{ "20.4.1.0/24", { 64509, 64996 }, 64996 },
		{ "20.4.2.0/24", { 64509, 64996 }, 64996 },
		{ "20.4.3.0/24", { 64509, 64996 }, 64996 },
	}, bought[CAUGHT_AT] = {
		{ "20.5.0.0/24", { 64501, 64509 }, 0 },
		{ "20.5.1.0/24", { 64501, 64509 }, 0 },
		{ "20.5.2.0/24", { 64501, 64509 }, 0 },
		{ "20.5.3.0/24", { 64501, 64509 }, 0 },
	}, of_peer = { "20.4.9.0/24", { 64509, 64995 }, 0 },
	  of_customer = { "20.5.9.0/24", { 64501, 64995 }, 0 };
	struct fixture w;

	begin_at(&w, 4 * CAUGHT_AT);
	up(&w, peer(64509, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	eor(&w, peer(64509, 0));
	eor(&w, peer(64501, 0));
	wait_s(&w, 10);
	for (unsigned k = 0; k < CAUGHT_AT; k++) {
		say(&w, peer(64509, 0), &marked[k], true);
		say(&w, peer(64501, 0), &bought[k], true);
	}
	ck_assert_uint_eq(told(&w, &marked[0], VIEW_IN_PRE), 1U << RULE_LEAK_OTC);
	ck_assert_uint_eq(told(&w, &bought[0], VIEW_IN_PRE), 1U << RULE_LEAK_UPSTREAM);
	say(&w, peer(64509, 0), &of_peer, true);
	say(&w, peer(64501, 0), &of_customer, true);
	ck_assert_uint_eq(told(&w, &of_peer, VIEW_IN_PRE), 0);
	ck_assert_uint_eq(told(&w, &of_customer, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

/* A table that is still coming in says nothing of when it began. */
START_TEST(not_before_the_table_is_whole)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(64510, 0), &first, true);
	tell_proofs(&w, 0, CAUGHT_AT);
	say(&w, peer(64510, 0), &second, true);
	eor(&w, peer(64510, 0));
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

/* Few in a minute are no burst; and one that is long over takes in nothing more. */
START_TEST(in_time_only)
{
	struct fixture w;

	begin(&w);
	eor(&w, peer(64510, 0));
	tell_proofs(&w, 0, CAUGHT_AT - 1);
	wait_s(&w, 62);
	tell_proofs(&w, CAUGHT_AT - 1, 1);
	say(&w, peer(64510, 0), &first, true);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	tell_proofs(&w, MORE_FROM, CAUGHT_AT);
	say(&w, peer(64510, 0), &second, true);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	wait_s(&w, 700);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	say(&w, peer(64510, 0), &first, false);
	say(&w, peer(64510, 0), &first, true);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

static void
flap(struct fixture *w, unsigned from, unsigned n)
{
	for (unsigned k = from; k < from + n; k++)
		say(w, peer(64510, 0), &proofs[k], false);
	tell_proofs(w, from, n);
}

/* What somebody always does is no news when it goes and comes back, however much at once, nor is
 * what else is new of him then. More of it is. */
START_TEST(what_comes_back_proves_nothing)
{
	struct fixture w;

	begin(&w);
	tell_proofs(&w, 0, MORE_FROM);
	eor(&w, peer(64510, 0));
	wait_s(&w, 3600);
	flap(&w, 0, MORE_FROM);
	say(&w, peer(64510, 0), &first, true);
	say(&w, peer(64510, 0), &through, true);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 0);
	ck_assert_uint_eq(told(&w, &through, VIEW_IN_PRE), 0);
	wait_s(&w, 86400 * 3); /* that it was there is known by its end */
	flap(&w, 0, MORE_FROM);
	say(&w, peer(64510, 0), &second, true);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 0);
	tell_proofs(&w, MORE_FROM, CAUGHT_AT);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	teardown(&w);
}
END_TEST

/* By another session it is the same; a day after it was there, it is not. */
START_TEST(by_whomever_it_comes)
{
	static const struct update_run other_way = { "20.2.0.0/24", { 64509, 64666 }, 0 };
	struct fixture w;

	begin(&w);
	tell_proofs(&w, 0, CAUGHT_AT);
	eor(&w, peer(64510, 0));
	eor(&w, peer(64509, 0));
	for (unsigned k = 0; k < CAUGHT_AT; k++)
		say(&w, peer(64509, 0), &proofs[k], true);
	say(&w, peer(64509, 0), &other_way, true);
	ck_assert_uint_eq(told(&w, &other_way, VIEW_IN_PRE), 0);
	for (unsigned k = 0; k < CAUGHT_AT; k++) {
		say(&w, peer(64510, 0), &proofs[k], false);
		say(&w, peer(64509, 0), &proofs[k], false);
	}
	wait_s(&w, 86400 + 60);
	tell_proofs(&w, 0, CAUGHT_AT);
	say(&w, peer(64510, 0), &second, true);
	ck_assert_uint_eq(told(&w, &second, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	teardown(&w);
}
END_TEST

/* A leak that is over and begins again is one again, with all that comes with it. */
START_TEST(who_was_caught_is_caught_again)
{
	struct fixture w;

	begin(&w);
	eor(&w, peer(64510, 0));
	tell_proofs(&w, 0, CAUGHT_AT);
	say(&w, peer(64510, 0), &first, true);
	wait_s(&w, 3600);
	say(&w, peer(64510, 0), &first, false);
	flap(&w, 0, CAUGHT_AT);
	say(&w, peer(64510, 0), &first, true);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	teardown(&w);
}
END_TEST

START_TEST(a_leaker_is_named)
{
	struct fixture w;

	begin_at(&w, 4 * CAUGHT_AT);
	eor(&w, peer(64510, 0));
	tell_proofs(&w, LEAKS_FROM, CAUGHT_AT);
	say(&w, peer(64510, 0), &through, true);
	ck_assert_uint_eq(told(&w, &through, VIEW_IN_PRE), 1U << RULE_LEAK_BURST);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].leaker_as, 65551);
	say(&w, loc_rib(), &through, true);
	ck_assert_uint_eq(told(&w, &through, VIEW_LOC_RIB), 1U << RULE_LEAK_BURST);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].leaker_as, 65551);
	say(&w, peer(64510, 0), &of_leaker, true); /* what is its own it may tell everybody */
	ck_assert_uint_eq(told(&w, &of_leaker, VIEW_IN_PRE), 0);
	wait_s(&w, 700);
	say(&w, peer(64510, 0), &through, false);
	ck_assert_uint_eq(told(&w, &through, VIEW_IN_PRE), 0);
	ck_assert_uint_eq(told(&w, &through, VIEW_LOC_RIB), 0);
	teardown(&w);
}
END_TEST

/* Who has joined stays, also when its path becomes another one, while it is of the same AS. */
START_TEST(joined_stays)
{
	static const struct update_run prepended = { "20.2.0.0/24", { 64510, 64666, 64666 }, 0 },
				       longer = { "20.3.0.0/24",
					       { 64510, 174, 65551, 65551, 64997 }, 0 };
	struct fixture w;

	begin(&w);
	eor(&w, peer(64510, 0));
	tell_proofs(&w, 0, PROOFS);
	say(&w, peer(64510, 0), &first, true);
	say(&w, peer(64510, 0), &through, true);
	say(&w, peer(64510, 0), &prepended, true);
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	say(&w, peer(64510, 0), &longer, true);
	ck_assert_uint_eq(told(&w, &through, VIEW_IN_PRE), 1U << RULE_LEAK_BURST);
	ck_assert_uint_eq(w.findings[w.findings_n - 1].leaker_as, 65551);
	wait_s(&w, 700);
	say(&w, peer(64510, 0), &first, true); /* of an origin, also when it is long ago */
	ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
	teardown(&w);
}
END_TEST

/* Evaluating again changes nothing, whenever it is. */
START_TEST(evaluated_again)
{
	struct fixture w;
	unsigned n;

	begin(&w);
	say(&w, peer(64510, 0), &others, true);
	eor(&w, peer(64510, 0));
	tell_proofs(&w, 0, PROOFS);
	say(&w, peer(64510, 0), &first, true);
	say(&w, peer(64510, 0), &through, true);
	for (int late = 0; late < 2; late++) {
		n = w.on + w.off;
		engine_tell_again(w.engine);
		work(&w);
		ck_assert_uint_eq(w.on + w.off, n);
		ck_assert_uint_eq(told(&w, &first, VIEW_IN_PRE), 1U << RULE_ORIGIN_BURST);
		ck_assert_uint_eq(told(&w, &through, VIEW_IN_PRE), 1U << RULE_LEAK_BURST);
		ck_assert_uint_eq(w.findings[w.findings_n - 1].leaker_as, 65551);
		wait_s(&w, 700);
	}
	teardown(&w);
}
END_TEST

HARNESS_MAIN("bursts")
{
	TEST(what_comes_with_it_counts);
	TEST(what_was_there_does_not);
	TEST(what_is_benign_does_not);
	TEST(not_before_the_table_is_whole);
	TEST(in_time_only);
	TEST(what_comes_back_proves_nothing);
	TEST(by_whomever_it_comes);
	TEST(who_was_caught_is_caught_again);
	TEST(a_leaker_is_named);
	TEST(joined_stays);
	TEST(evaluated_again);
}

/* Whether own prefixes are where they were: what is told, about what, and when it is over. */
#include "tests/unit/support/visibility_world.h"

START_TEST(hold_on_both_sides)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	begin(&w, 1);
	session(&w, 0, OUT, true);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, HOLD - 1);
	say(&w, 0, OUT, &p, false); /* it did not belong there yet */
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.kept_n, 1);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD - 1);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.changes, 0);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	end(&w);
}
END_TEST

START_TEST(one_session_is_one_incident)
{
	struct fixture w;

	settled(&w, MANY);
	session(&w, 0, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].kind, "visibility.out");
	ck_assert_str_eq(w.open[0].about, "session edge1 192.0.2.1");
	ck_assert_uint_eq(w.open[0].prefixes, MANY);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "hold timer expired"));
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "still to 192.0.2.2 AS64511 of edge2"));
	/* the other one, too: now nobody has them, which is told of that session */
	session(&w, 1, OUT, false);
	wait_s(&w, HOLD - 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	wait_s(&w, 2);
	ck_assert_uint_eq(w.open_n, 2);
	ck_assert_uint_eq(of(&w, "session edge1 192.0.2.1").severity, SEVERITY_WARNING);
	ck_assert_uint_eq(of(&w, "session edge2 192.0.2.2").severity, SEVERITY_CRITICAL);
	ck_assert_uint_eq(of(&w, "session edge2 192.0.2.2").related, 1);
	for (unsigned r = 0; r < 2; r++) {
		session(&w, r, OUT, true);
		for (unsigned i = 0; i < MANY; i++) {
			struct ip_prefix p = prefix_at(i);

			say(&w, r, OUT, &p, true);
		}
		wait_s(&w, 1);
		ck_assert_uint_eq(w.open_n, 1 - r);
	}
	end(&w);
}
END_TEST

START_TEST(withdrawn_is_of_the_prefix)
{
	struct ip_prefix p = prefix_at(3);
	struct fixture w;

	settled(&w, MANY);
	everywhere(&w, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "203.0.3.0/24");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "withdrawn by 10.0.0.1"));
	everywhere(&w, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	/* all of them at once are one */
	for (unsigned i = 0; i < MANY; i++) {
		p = prefix_at(i);
		everywhere(&w, &p, false);
	}
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "own prefixes");
	ck_assert_uint_eq(w.open[0].prefixes, MANY);
	end(&w);
}
END_TEST

/* The router still has it, and one provider does not get it: a policy, of that session. */
START_TEST(a_policy_is_of_the_session)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "session edge1 192.0.2.1");
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "edge1 has withdrawn it from 192.0.2.1"));
	say(&w, 0, OUT, &p, true);
	wait_s(&w, 1);
	say(&w, 0, OUT, &p, false);
	say(&w, 1, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "203.0.0.0/24");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	end(&w);
}
END_TEST

START_TEST(loc_rib_of_a_border_router)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	session(&w, 1, IN, false);
	w.now += SECOND;
	say(&w, 1, LOC, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].kind, "visibility.loc-rib");
	ck_assert_str_eq(w.open[0].about, "session edge2 10.0.0.1");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "still in that of edge1"));
	/* it goes out no longer, either: the same cause, and one incident */
	say(&w, 1, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].kind, "visibility.out");
	ck_assert_str_eq(w.open[0].about, "session edge2 10.0.0.1");
	end(&w);
}
END_TEST

START_TEST(what_stands_for_it)
{
	struct ip_prefix p = prefix_at(4), q, quarters[4];
	struct fixture w;

	settled(&w, 5);
	ck_assert(ip_prefix_parse("203.0.4.0/22", true, &q));
	everywhere(&w, &q, true);
	everywhere(&w, &p, false);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	/* one half, and both quarters of the other */
	for (unsigned i = 0; i < 3; i++) {
		static const char *const texts[] = { "203.0.4.0/25", "203.0.4.128/26",
			"203.0.4.192/26" };

		ck_assert(ip_prefix_parse(texts[i], true, &quarters[i]));
		everywhere(&w, &quarters[i], true);
	}
	everywhere(&w, &q, false);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	everywhere(&w, &quarters[2], false);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 1);
	everywhere(&w, &q, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

START_TEST(names_and_ends)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 2);
	session(&w, 0, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	/* another name: the same, of that */
	visibility_rename(w.v, "edge1", "ams1");
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "session ams1 192.0.2.1");
	/* one of them is ours no more */
	detect_free(w.detect);
	w.detect = rules(1, 2);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open[0].prefixes, 1);
	/* and the other is meant to be so */
	visibility_accept(w.v);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.open_n, 0);
	say(&w, 1, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	visibility_router_gone(w.v, "edge2");
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
	ck_assert_uint_eq(w.kept_n, 1); /* Loc-RIB of the other */
}
END_TEST

/* Where nobody is known to be a provider: who is not known, else peers; all of them. */
START_TEST(without_providers)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source peer = at(0, OUT), other = at(1, OUT);
	struct fixture w;

	begin(&w, 1);
	peer.relation = other.relation = NEIGHBOR_PEER;
	visibility_at(w.v, &peer, &p, VIEW_OUT_POST, false, true, REASON_ANNOUNCED, w.now);
	visibility_at(w.v, &other, &p, VIEW_OUT_POST, false, true, REASON_ANNOUNCED, w.now);
	wait_s(&w, HOLD + 1);
	visibility_peer(w.v, &peer, false, "", w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 0);
	visibility_peer(w.v, &other, false, "", w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_ge(w.open_n, 1);
	for (unsigned i = 0; i < w.open_n; i++)
		ck_assert_uint_le(w.open[i].severity, SEVERITY_MAJOR);
	end(&w);
}
END_TEST

START_TEST(the_one_without_what_all_others_have)
{
	struct ip_prefix p = prefix_at(0), q = prefix_at(1);
	struct fixture w;

	settled(&w, 2);
	for (unsigned r = 0; r < 3; r++) {
		struct visibility_source s = at(r, LOC);

		visibility_complete(w.v, &s, 1U << VIEW_LOC_RIB, false, w.now);
		visibility_router(w.v, s.router, FEED_SYNCED, w.now);
	}
	say(&w, 2, OUT, &q, true);
	say(&w, 2, LOC, &q, true);
	{
		struct visibility_source s = at(2, LOC);

		visibility_complete(w.v, &s, 1U << VIEW_LOC_RIB, false, w.now);
	}
	wait_s(&w, HOLD + 2);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "router edge3 loc-rib");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_NOTICE);
	say(&w, 2, LOC, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

/* However many there are, each is counted, and once. */
START_TEST(many_sessions)
{
	enum { SESSIONS = 60, LOST = 40 };
	struct fixture w;

	begin(&w, 2);
	for (unsigned there = 0; there < 2; there++) {
		for (unsigned k = 0; k < (there == 0 ? SESSIONS : LOST); k++) {
			struct visibility_source s = at(0, OUT);
			char peer[32];

			snprintf(peer, sizeof(peer), "192.0.2.%u", 100 + k);
			s.peer = peer;
			for (unsigned i = 0; i < 2; i++) {
				struct ip_prefix p = prefix_at(i);

				visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, there == 0,
				    there == 0 ? REASON_ANNOUNCED : REASON_WITHDRAWN, w.now);
			}
		}
		wait_s(&w, HOLD + 1);
	}
	ck_assert_uint_ge(w.open_n, 1);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "to 40 transit sessions less"));
	ck_assert_ptr_nonnull(strstr(w.open[0].text,
	    "still to 192.0.2.140 AS64510 of edge1, 192.0.2.141 AS64510 of edge1 and 18 more"));
	end(&w);
}
END_TEST

/* --- every order in which it goes and comes back */

static void
step(struct fixture *w, unsigned what, bool back)
{
	struct ip_prefix p = prefix_at(0);
	unsigned router = what % 2;

	if (what < 2) {
		session(w, router, OUT, back);
		if (back)
			say(w, router, OUT, &p, true);
	} else {
		say(w, router, LOC, &p, back);
	}
}

static void
in_order(struct fixture *w, unsigned order, bool back, unsigned seconds)
{
	unsigned left[] = { 0, 1, 2, 3 };

	for (unsigned n = 4; n > 0; n--) {
		unsigned k = order % n;

		order /= n;
		step(w, left[k], back);
		left[k] = left[n - 1];
		wait_s(w, seconds);
	}
}

START_TEST(every_order_ends_empty)
{
	static const unsigned apart[] = { 0, 1, HOLD + 1 };

	for (unsigned k = 0; k < 3; k++)
		for (unsigned back = 0; back < 24; back++) {
			struct fixture w;
			bool critical = false;

			settled(&w, 1);
			in_order(&w, (unsigned)_i, false, apart[k]);
			wait_s(&w, HOLD + 1);
			for (unsigned i = 0; i < w.open_n; i++)
				critical |= w.open[i].severity == SEVERITY_CRITICAL;
			ck_assert(critical);
			in_order(&w, back, true, apart[k]);
			wait_s(&w, 1);
			ck_assert_uint_eq(w.open_n, 0);
			wait_s(&w, 2 * HOLD);
			ck_assert_uint_eq(w.open_n, 0);
			end(&w);
		}
}
END_TEST

HARNESS_MAIN("visibility")
{
	TEST(hold_on_both_sides);
	TEST(one_session_is_one_incident);
	TEST(withdrawn_is_of_the_prefix);
	TEST(a_policy_is_of_the_session);
	TEST(loc_rib_of_a_border_router);
	TEST(what_stands_for_it);
	TEST(names_and_ends);
	TEST(without_providers);
	TEST(the_one_without_what_all_others_have);
	TEST(many_sessions);
	LOOP(every_order_ends_empty, 24);
}

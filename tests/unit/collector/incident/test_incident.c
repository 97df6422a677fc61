/* The life of incidents: what opens, updates, closes and becomes unknown, and what says nothing. */
#include "parsers/bgp/update.h"
#include "tests/unit/support/incident_fixture.h"

/* An AS_PATH of one segment with n equal AS numbers. */
static size_t
path_of(uint8_t *out, uint8_t type, unsigned n, uint32_t as)
{
	out[0] = type;
	out[1] = (uint8_t)n;
	for (unsigned i = 0; i < n; i++) {
		uint8_t *at = out + 2 + 4 * i;

		at[0] = (uint8_t)(as >> 24);
		at[1] = (uint8_t)(as >> 16);
		at[2] = (uint8_t)(as >> 8);
		at[3] = (uint8_t)as;
	}
	return 2 + 4 * (size_t)n;
}

static const char *
path_text(struct fixture *w, const uint8_t *path, size_t len)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666);

	setup(w);
	finding_set_path(&f, cur_of(path, len));
	on(w, f);
	pass(w, 15);
	incidents_free(w->table);
	return last(w)->as_path;
}

/* The segments of a path are written as everywhere else. */
START_TEST(test_path_in_words)
{
	static const uint8_t path[] = { 2, 2, 0, 0, 0xfb, 0xf5, 0, 0, 0xfc, 0, 1, 2, 0, 0, 0, 1, 0,
		0, 0, 2, 3, 2, 0, 0, 0, 3, 0, 0, 0, 4, 4, 2, 0, 0, 0, 5, 0, 0, 0, 6 };
	struct fixture w;

	ck_assert_str_eq(path_text(&w, path, sizeof(path)), "64501 64512 {1,2} (3 4) [5,6]");
	ck_assert_str_eq(path_text(&w, path, 0), "");
}
END_TEST

/* One as long as the record's room is reported whole, a longer one ends with an ellipsis, however
 * its octets are divided into segments. */
START_TEST(test_long_path)
{
	uint8_t path[6 * 2000];
	struct fixture w;
	const char *text;
	size_t n = 0;

	for (unsigned i = 0; i < 160; i++)
		n += path_of(path + n, AS_SEQUENCE, 1, 1);
	text = path_text(&w, path, n);
	ck_assert_uint_eq(strlen(text), RECORD_PATH_MAX - 1);
	ck_assert_str_eq(text + RECORD_PATH_MAX - 4, "1 1");

	n += path_of(path + n, AS_SEQUENCE, 1, 1);
	text = path_text(&w, path, n);
	ck_assert_str_eq(text + strlen(text) - 5, "1 ...");

	while (n + 6 <= sizeof(path))
		n += path_of(path + n, AS_SEQUENCE, 1, 1);
	text = path_text(&w, path, n);
	ck_assert_str_eq(text + strlen(text) - 5, "1 ...");

	n = path_of(path, AS_SEQUENCE, 255, 4200000000);
	n += path_of(path + n, AS_SEQUENCE, 255, 4200000000);
	text = path_text(&w, path, n);
	ck_assert_uint_eq(strlen(text), 28 * 11 + 3);
	ck_assert_str_eq(text + strlen(text) - 14, "4200000000 ...");
}
END_TEST

START_TEST(test_opens_after_hold_and_closes)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 1);
	ck_assert_uint_eq(w.n, 0);
	pass(&w, 2);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_OPENED);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_INFO);
	ck_assert_uint_eq(last(&w)->revision, 1);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	ck_assert_str_eq(reason_name(last(&w)->reason), "withdrawn");
	ck_assert_uint_eq(last(&w)->prefixes_n, 0);
	ck_assert_uint_eq(last(&w)->prefixes_peak, 1);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_severity_by_view)
{
	static const uint8_t views[] = { VIEW_IN_PRE, VIEW_IN_POST, VIEW_LOC_RIB, VIEW_OUT_POST };
	static const uint8_t plain[] = { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_MAJOR,
		SEVERITY_MAJOR }; /* out: to a customer */
	struct fixture w;

	for (int v = 0; v < 4; v++) {
		struct finding f = make(RULE_ROV_ASN, views[v], "198.51.100.0/24", 64666),
			       h = make(RULE_HIJACK_EXACT, views[v], "203.0.113.0/24", 64666);

		setup(&w);
		on(&w, f);
		pass(&w, 3);
		ck_assert_uint_eq(last(&w)->severity, plain[v]);
		on(&w, h);
		pass(&w, 3);
		/* whatever our filters do: the world has it */
		ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
		incidents_free(w.table);
	}
	{ /* to a peer it is worse */
		struct finding f = make(RULE_ROV_ASN, VIEW_OUT_POST, "198.51.100.0/24", 64666);

		setup(&w);
		f.relation = NEIGHBOR_PEER;
		on(&w, f);
		ck_assert_uint_eq(w.n, 1); /* critical: not held back */
		ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
		incidents_free(w.table);
	}
}
END_TEST

/* What comes by iBGP another router of ours has in use, and it is no neighbour's doing. */
START_TEST(test_by_ibgp)
{
	struct finding f = make(RULE_LEAK_PEERLOCK, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	f.relation = NEIGHBOR_INTERNAL;
	f.peer_as = f.local_as = 64500;
	f.provider_free_as = 64505;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "AS64666 leaks 198.51.100.0/24"));
	ck_assert_ptr_null(strstr(last(&w)->summary, "64500"));
	incidents_free(w.table);
}
END_TEST

/* Nobody monitors the view after policy: silence proves no filter. */
START_TEST(test_views_missing)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 1, "r2", FEED_UP, 1 << VIEW_IN_PRE, w.now);
	f.router = 1;
	f.views_monitored = 1 << VIEW_IN_PRE;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	ck_assert(last(&w)->views_missing & 1 << VIEW_IN_POST);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_escalates_at_once_and_calms_later)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666), post = pre;
	struct fixture w;

	setup(&w);
	post.view = VIEW_LOC_RIB;
	on(&w, pre);
	pass(&w, 3);
	on(&w, post);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	off(&w, post, REASON_WITHDRAWN);
	ck_assert_uint_eq(w.n, 2);
	pass(&w, 2);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UPDATED);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_INFO);
	incidents_free(w.table);
}
END_TEST

/* Replaced for a moment: neither closed nor opened. */
START_TEST(test_blink)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	for (int i = 0; i < 20; i++) {
		off(&w, f, REASON_REPLACED);
		pass(&w, 0.3);
		on(&w, f);
		pass(&w, 0.3);
	}
	ck_assert_uint_eq(w.n, 1);
	incidents_free(w.table);
}
END_TEST

/* What comes and goes within the hold is reported all the same. */
START_TEST(test_short_lived)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(w.log[0].incident.transition, TRANSITION_OPENED);
	ck_assert_uint_eq(w.log[0].incident.views, 1 << VIEW_LOC_RIB);
	ck_assert_str_eq(w.log[0].incident.summary,
	    "AS64666 originates 198.51.100.0/24 without authorisation (RPKI-invalid)");
	ck_assert_uint_eq(w.log[0].incident.origin, 64666);
	ck_assert_uint_eq(w.log[0].incident.examples_n, 1);
	ck_assert_uint_eq(w.log[1].incident.transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

/* What was held and is taken for something else meanwhile is told as that, and as nothing else. */
/* What comes and goes within the time that it is held is rationed like any other. */
START_TEST(test_blinks)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	for (int k = 0; k < 60; k++) {
		on(&w, f);
		pass(&w, 1.5);
		off(&w, f, REASON_WITHDRAWN);
		pass(&w, 2.5);
	}
	ck_assert(last(&w)->flapping);
	ck_assert_uint_ge(last(&w)->flaps, 10);
	ck_assert_uint_le(w.n, 10);
	pass(&w, 70);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	ck_assert_uint_eq(last(&w)->flaps, 59);
	ck_assert_uint_eq(last(&w)->occurrence, 1);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_held_and_seen_otherwise)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	f.rules = 1U << RULE_HIJACK_EXACT;
	f.cause = REASON_CONFIG;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(w.log[0].incident.transition, TRANSITION_OPENED);
	ck_assert_str_eq(w.log[0].incident.kind, "hijack.exact");
	incidents_free(w.table);
}
END_TEST

/* 30,000 prefixes of one leak are one incident, and a handful of records. */
START_TEST(test_mass)
{
	struct incidents_stats st;
	struct record open;
	struct fixture w;

	setup(&w);
	for (unsigned i = 0; i < 30000; i++) {
		char text[32];
		struct finding f;

		snprintf(text, sizeof(text), "20.%u.%u.0/24", i >> 8, i & 255);
		f = make(RULE_LEAK_OTC, VIEW_IN_PRE, text, 64501);
		on(&w, f);
		if (i % 1000 == 0)
			pass(&w, 0.1);
	}
	pass(&w, 3);
	ck_assert_uint_le(w.n, 8);
	ck_assert(nth(&w, 0, &open));
	ck_assert(!nth(&w, 1, &open));
	incidents_stats(w.table, &st);
	ck_assert_uint_eq(st.members, 30000);
	ck_assert(nth(&w, 0, &open));
	ck_assert_uint_eq(open.incident.prefixes_n, 30000);
	ck_assert_uint_eq(open.incident.examples_n, RECORD_EXAMPLES_MAX);
	for (unsigned i = 0; i < 30000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "20.%u.%u.0/24", i >> 8, i & 255);
		off(&w, make(RULE_LEAK_OTC, VIEW_IN_PRE, text, 64501), REASON_WITHDRAWN);
	}
	pass(&w, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_stats(w.table, &st);
	ck_assert_uint_eq(st.members, 0);
	ck_assert_uint_eq(st.open, 0);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_unknown_on_feed_loss)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 1);
	ck_assert_uint_eq(w.n, 1);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 20);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now); /* back within the grace: nothing */
	pass(&w, 5);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0xff, w.now);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 1);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 35);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UNKNOWN);
	off(&w, f, REASON_FEED_LOST); /* its routes are forgotten: no evidence */
	pass(&w, 600);
	ck_assert_uint_eq(w.n, 2);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now);
	pass(&w, 5);
	told_all(&w); /* and it does not have it */
	pass(&w, 1);
	ck_assert_uint_eq(w.n, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

/* VRPs that are whole again say nothing of a router that is away. */
START_TEST(test_verdicts_bring_back_no_router)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 35);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UNKNOWN);
	ck_assert_uint_eq(w.n, 2);
	incidents_verdicts(w.table, VERDICTS_PENDING, w.now);
	incidents_verdicts(w.table, VERDICTS_WHOLE, w.now);
	pass(&w, 5);
	ck_assert_uint_eq(w.n, 2);
	incidents_free(w.table);
}
END_TEST

/* VRPs that come for the first time change nothing: the route is what happened, however late they
 * are. */
START_TEST(test_first_vrps_are_no_change)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct finding other = make(RULE_ROV_ASN, VIEW_IN_PRE, "192.0.2.0/24", 64777);
	struct fixture w;

	setup_unjudged(&w);
	f.cause = other.cause = REASON_RPKI;
	on(&w, f);
	pass(&w, 3);
	ck_assert_str_eq(reason_name(last(&w)->reason), "announced");
	ck_assert_str_eq(reason_name(last(&w)->facts.cause), "announced");
	incidents_verdicts(w.table, VERDICTS_WHOLE, w.now);
	incidents_verdicts(w.table, VERDICTS_PENDING, w.now);
	on(&w, other);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_str_eq(reason_name(last(&w)->reason), "rpki");
	ck_assert_str_eq(reason_name(last(&w)->facts.cause), "rpki");
	off(&w, f, REASON_RPKI);
	pass(&w, 3);
	ck_assert_str_eq(reason_name(last(&w)->reason), "rpki");
	ck_assert_str_eq(reason_name(last(&w)->facts.cause), "announced");
	incidents_free(w.table);
}
END_TEST

/* A router that never says that its table is complete: what VRPs make of its routes is told all the
 * same. */
START_TEST(test_vrps_before_the_table_is_complete)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 1, "r2", FEED_UP, 1 << VIEW_LOC_RIB, w.now);
	f.router = 1;
	f.cause = REASON_RPKI;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	off(&w, f, REASON_RPKI);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	/* back after it was away: what it has not told again is not known */
	incidents_feed(w.table, 1, "r2", FEED_DOWN, 0, w.now);
	incidents_feed(w.table, 1, "r2", FEED_UP, 1 << VIEW_LOC_RIB, w.now);
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	incidents_feed(w.table, 1, "r2", FEED_SYNCED, 0, w.now);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 3);
	incidents_free(w.table);
}
END_TEST

/* What VRPs make of routes of another session, which the router does not tell again, never was. */
START_TEST(test_stale_routes_are_no_blink)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	incidents_feed(w.table, 0, "r1", FEED_UP, 1 << VIEW_LOC_RIB, w.now);
	f.cause = REASON_RPKI;
	on(&w, f);
	pass(&w, 1);
	off(&w, f, REASON_WITHDRAWN);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0, w.now);
	pass(&w, 10);
	ck_assert_uint_eq(w.n, 0);
	/* one that it tells, and takes back at once, is told */
	f.cause = REASON_ANNOUNCED;
	on(&w, f);
	pass(&w, 1);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 10);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

START_TEST(test_one_feed_of_two_is_enough)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666), g = f;
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 1, "r2", FEED_SYNCED, 0xff, w.now);
	g.router = 1;
	on(&w, f);
	on(&w, g);
	pass(&w, 3);
	ck_assert_uint_eq(w.log[w.n - 1].incident.prefixes_n, 1);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 60);
	for (unsigned i = 0; i < w.n; i++)
		ck_assert_uint_ne(w.log[i].incident.transition, TRANSITION_UNKNOWN);
	incidents_free(w.table);
}
END_TEST

/* Restored from the journal: silent while the table comes in again, whatever the order of the
 * views. */
START_TEST(test_restart)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666), loc = pre,
		       other = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64667);
	struct fixture w, again;

	setup(&w);
	loc.view = VIEW_LOC_RIB;
	on(&w, pre);
	on(&w, loc);
	on(&w, other);
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 2);
	setup(&again);
	incidents_feed(again.table, 0, "r1", FEED_DOWN, 0, again.now);
	for (unsigned i = 0; i < w.n; i++)
		incidents_restore(again.table, &w.log[i], NULL, again.now);
	pass(&again, 5);
	incidents_feed(again.table, 0, "r1", FEED_UP, 0, again.now);
	on(&again, pre);
	pass(&again, 5);
	on(&again, loc);
	pass(&again, 5);
	ck_assert_uint_eq(again.n, 0);
	told_all(&again);
	pass(&again, 2);
	ck_assert_uint_eq(again.n, 1); /* 64667 is gone */
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_uint_eq(last(&again)->origin, 64667);
	ck_assert_uint_eq(last(&again)->revision, 2);
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

/* A filtered route is told after a restart before the router has shown that it tells the views in
 * which the route is not: it is as filtered as it was. */
START_TEST(test_restart_of_what_is_filtered)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup(&w);
	on(&w, pre);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_INFO);
	setup(&again);
	incidents_feed(again.table, 0, "r1", FEED_DOWN, 0, again.now);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	incidents_feed(again.table, 0, "r1", FEED_UP, 1 << VIEW_IN_PRE, again.now);
	pre.views_monitored = 1 << VIEW_IN_PRE;
	on(&again, pre);
	pass(&again, 5);
	incidents_monitored(
	    again.table, 0, pre.peer, SOURCE_V4, 1 << VIEW_IN_PRE | 1 << VIEW_IN_POST, again.now);
	incidents_feed(
	    again.table, 0, "r1", FEED_SYNCED, 1 << VIEW_IN_PRE | 1 << VIEW_IN_POST, again.now);
	pass(&again, 5);
	ck_assert_uint_eq(again.n, 0);
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

/* The view is told no more: nobody knows whether the route is accepted. */
START_TEST(test_restart_without_the_view)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup(&w);
	on(&w, pre);
	pass(&w, 3);
	setup(&again);
	incidents_feed(again.table, 0, "r1", FEED_DOWN, 0, again.now);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	incidents_feed(again.table, 0, "r1", FEED_UP, 1 << VIEW_IN_PRE, again.now);
	pre.views_monitored = 1 << VIEW_IN_PRE;
	on(&again, pre);
	incidents_feed(again.table, 0, "r1", FEED_SYNCED, 1 << VIEW_IN_PRE, again.now);
	pass(&again, usual.settle_s + 5);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_uint_eq(last(&again)->severity, SEVERITY_WARNING);
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

/* Opened before the view is shown: nobody knows whether it is accepted, and no other route says so.
 */
START_TEST(test_unproved_until_it_is_shown)
{
	struct finding pre = make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666);
	struct fixture w;

	setup(&w);
	incidents_feed(w.table, 0, "r1", FEED_UP, 1 << VIEW_IN_PRE, w.now);
	pre.views_monitored = 1 << VIEW_IN_PRE;
	on(&w, pre);
	pass(&w, 3);
	ip_prefix_parse("198.51.101.0/24", true, &pre.prefix);
	on(&w, pre);
	pass(&w, 30);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	incidents_monitored(
	    w.table, 0, pre.peer, SOURCE_V4, 1 << VIEW_IN_PRE | 1 << VIEW_IN_POST, w.now);
	pass(&w, 30);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_INFO);
	incidents_free(w.table);
}
END_TEST

/* After a restart an incident has the same texts. */
/* A router that is gone for good does not leave its incidents behind for ever; a restart in between
 * does not make them younger. */
START_TEST(test_forgotten)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 40);
	ck_assert_int_eq(last(&w)->transition, TRANSITION_UNKNOWN);
	setup(&again);
	incidents_feed(again.table, 0, "r1", FEED_DOWN, 0, again.now);
	again.now = w.now;
	pass(&again, 1800);
	incidents_restore(again.table, &w.log[w.n - 1], NULL, again.now);
	pass(&again, 1700);
	ck_assert_uint_eq(again.n, 0);
	pass(&again, 110);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_int_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_str_eq(reason_name(last(&again)->reason), "feed-gone");
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

START_TEST(test_restart_keeps_the_words)
{
	struct finding f = make(RULE_LEAK_OTC, VIEW_LOC_RIB, "198.51.100.0/24", 64501);
	struct fixture w, again;

	f.has_otc = true;
	f.otc = 64510;
	setup(&w);
	on(&w, f);
	pass(&w, 3);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "AS64501 (customer) leaks"));
	setup(&again);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	told_all(&again);
	pass(&again, 2);
	ck_assert_int_eq(last(&again)->transition, TRANSITION_CLOSED);
	ck_assert_str_eq(last(&again)->summary, last(&w)->summary);
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

/* Who had it is waited for by itself: neither another peer, family, view or VRF, nor the feed as a
 * whole says that it is over. */
START_TEST(test_each_is_waited_for)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_IN_POST, "203.0.113.0/24", 64666);
	struct ip_addr peer, other, none = { 0 };
	struct fixture w, again;

	ip_addr_parse("192.0.2.1", &peer);
	ip_addr_parse("192.0.2.2", &other);
	setup(&w);
	on(&w, f);
	pass(&w, 1);
	setup(&again);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	incidents_feed(again.table, 0, "r1", FEED_SYNCED, 0xff, again.now);
	incidents_feed(again.table, 1, "r2", FEED_SYNCED, 0xff, again.now);
	incidents_complete(again.table, 0, &peer, "", SOURCE_V6, 0xff, again.now);
	incidents_complete(again.table, 0, &peer, "64500:1", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 0, &other, "", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 0, &none, "", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 1, &peer, "", SOURCE_V4, 0xff, again.now);
	incidents_complete(again.table, 0, &peer, "", SOURCE_V4, 1 << VIEW_IN_PRE, again.now);
	pass(&again, 10);
	ck_assert_uint_eq(again.n, 0);
	incidents_complete(again.table, 0, &peer, "", SOURCE_V4, 1 << VIEW_IN_POST, again.now);
	pass(&again, 2);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

/* The routes of a peer were forgotten, and one of two is told again: of the other nobody knows. */
START_TEST(test_one_of_two_is_told_again)
{
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_IN_PRE, "203.0.113.0/24", 64666),
		       g = make(RULE_HIJACK_SPECIFIC, VIEW_IN_PRE, "203.0.113.128/25", 64666);
	struct fixture w;

	setup(&w);
	on(&w, f);
	on(&w, g);
	incidents_feed(w.table, 0, "r1", FEED_DOWN, 0, w.now);
	pass(&w, 35);
	off(&w, f, REASON_FEED_LOST);
	off(&w, g, REASON_FEED_LOST);
	incidents_feed(w.table, 0, "r1", FEED_UP, 0, w.now);
	on(&w, f);
	pass(&w, 3);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 20);
	for (unsigned i = 0; i < w.n; i++)
		ck_assert_uint_ne(w.log[i].incident.transition, TRANSITION_CLOSED);
	told_all(&w);
	pass(&w, 20);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

enum { PARTS = 3 };
static struct record parts[PARTS];

static void
keep_part(void *ctx, const struct record *r, unsigned part)
{
	(void)ctx;
	ck_assert_uint_lt(part, PARTS);
	parts[part] = *r;
}

/* Forty neighbours have it, of whom a record names sixteen: what is kept names all, and each is
 * waited for. */
START_TEST(test_more_holders_than_a_record_names)
{
	const struct incidents_ops keeping = { .emit = on_record, .keep = keep_part };
	struct finding f = make(RULE_HIJACK_EXACT, VIEW_IN_PRE, "203.0.113.0/24", 64666);
	struct fixture w, again;

	setup(&w);
	incidents_free(w.table);
	w.table = incidents_new(&usual, &keeping, &w);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0xff, w.now);
	for (uint8_t k = 0; k < 40; k++) {
		f.peer = k;
		f.address.b[3] = k;
		on(&w, f);
	}
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_OPENED);
	for (int broken = 0; broken < 2; broken++) {
		setup(&again);
		parts[2].incident.revision += (uint32_t)broken; /* of another time */
		incidents_restore(again.table, &w.log[w.n - 1], &parts[0], again.now);
		ck_assert(incidents_restore_part(again.table, &parts[1]));
		ck_assert(incidents_restore_part(again.table, &parts[2]) == !broken);
		if (!broken) /* none is missing */
			ck_assert(!incidents_restore_part(again.table, &w.log[0]));
		for (uint8_t k = 0; k < 40; k++) {
			ck_assert_uint_eq(again.n, 0);
			f.address.b[3] = k;
			incidents_complete(
			    again.table, 0, &f.address, "", SOURCE_V4, 0xff, again.now);
			pass(&again, 1);
		}
		pass(&again, 2);
		ck_assert_uint_eq(again.n, !broken);
		incidents_free(again.table);
	}
	incidents_free(w.table);
}
END_TEST

START_TEST(test_restart_without_the_router)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64666);
	struct fixture w, again;

	setup(&w);
	on(&w, f);
	pass(&w, 3);
	setup(&again);
	incidents_feed(again.table, 0, "another", FEED_SYNCED, 0xff, again.now);
	incidents_restore(again.table, &w.log[0], NULL, again.now);
	pass(&again, 100);
	ck_assert_uint_eq(again.n, 0);
	pass(&again, 30);
	ck_assert_uint_eq(again.n, 1);
	ck_assert_uint_eq(last(&again)->transition, TRANSITION_UNKNOWN);
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

/* The same on every collector: an id is kind and scope. */
START_TEST(test_ids)
{
	struct fixture a, b;

	setup(&a);
	setup(&b);
	b.now += 77 * SECOND;
	on(&a, make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666));
	on(&b, make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666));
	on(&b, make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64667));
	ck_assert_str_eq(a.log[0].incident.id, b.log[0].incident.id);
	ck_assert_str_ne(b.log[0].incident.id, b.log[1].incident.id);
	ck_assert_uint_eq(strlen(a.log[0].incident.id), 32);
	incidents_free(a.table);
	incidents_free(b.table);
}
END_TEST

/* What there is no room for is told all the same, together. */
START_TEST(test_limit)
{
	struct incident_config c = { .collector = "t", .max = 10, .group_at = 100 };
	struct incidents_stats st;
	struct record open;
	struct fixture w = { .now = 1 };

	w.table = incidents_new(&c, &ops, &w);
	incidents_feed(w.table, 0, "r1", FEED_SYNCED, 0xff, w.now);
	for (uint32_t i = 0; i < 25; i++)
		on(&w, make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666 + i));
	pass(&w, 1);
	incidents_stats(w.table, &st);
	ck_assert_uint_eq(st.refused, 0);
	ck_assert_uint_eq(st.open, 11);
	ck_assert_uint_eq(st.members, 25);
	ck_assert(nth(&w, 10, &open));
	ck_assert_ptr_nonnull(strstr(open.incident.summary, "15 more networks"));
	/* what is ours has a reserve */
	on(&w, make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666));
	ck_assert_str_eq(last(&w)->kind, "hijack.exact");
	off(&w, make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666), REASON_WITHDRAWN);
	for (uint32_t i = 0; i < 25; i++)
		off(&w, make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666 + i),
		    REASON_WITHDRAWN);
	pass(&w, 5);
	incidents_stats(w.table, &st);
	ck_assert_uint_eq(st.open, 0);
	ck_assert_uint_eq(st.members, 0);
	incidents_free(w.table);
}
END_TEST

/* A kind is as grave as the operator lets it be, and what is open follows a reload both ways. */
START_TEST(test_severity_is_capped)
{
	struct incident_config capped = usual;
	struct fixture w;

	capped.severity_max[RULE_HIJACK_EXACT] = SEVERITY_WARNING;
	setup(&w);
	on(&w, make(RULE_HIJACK_EXACT, VIEW_LOC_RIB, "203.0.113.0/24", 64666));
	pass(&w, 3);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
	incidents_configure(w.table, &capped);
	pass(&w, 60);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_UPDATED);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	incidents_configure(w.table, &capped);
	pass(&w, 60);
	ck_assert_uint_eq(w.n, 2);
	on(&w, make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64667));
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	incidents_configure(w.table, &usual);
	pass(&w, 1);
	ck_assert_uint_eq(w.n, 4);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
	ck_assert_str_eq(reason_name(last(&w)->reason), "config");
	incidents_free(w.table);
}
END_TEST

HARNESS_MAIN("incident")
{
	TIMEOUT(30);
	TEST(test_severity_is_capped);
	TEST(test_opens_after_hold_and_closes);
	TEST(test_severity_by_view);
	TEST(test_by_ibgp);
	TEST(test_views_missing);
	TEST(test_escalates_at_once_and_calms_later);
	TEST(test_blink);
	TEST(test_short_lived);
	TEST(test_blinks);
	TEST(test_held_and_seen_otherwise);
	TEST(test_mass);
	TEST(test_unknown_on_feed_loss);
	TEST(test_verdicts_bring_back_no_router);
	TEST(test_first_vrps_are_no_change);
	TEST(test_vrps_before_the_table_is_complete);
	TEST(test_stale_routes_are_no_blink);
	TEST(test_one_feed_of_two_is_enough);
	TEST(test_restart);
	TEST(test_restart_of_what_is_filtered);
	TEST(test_restart_without_the_view);
	TEST(test_unproved_until_it_is_shown);
	TEST(test_forgotten);
	TEST(test_restart_keeps_the_words);
	TEST(test_each_is_waited_for);
	TEST(test_one_of_two_is_told_again);
	TEST(test_more_holders_than_a_record_names);
	TEST(test_restart_without_the_router);
	TEST(test_ids);
	TEST(test_limit);
	TEST(test_path_in_words);
	TEST(test_long_path);
}

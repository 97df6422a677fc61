/* The life of an incident: what opens, updates and closes it, and how grave it is. */
#include "tests/unit/support/incident_fixture.h"

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

/* What is probably as it should be is milder, and that is said; not when a route is beside it of
 * which nothing says so. */
START_TEST(test_benign)
{
	struct finding f = make(RULE_LEAK_OTC, VIEW_LOC_RIB, "198.51.100.0/24", 64666), g = f;
	struct fixture w;

	setup(&w);
	f.benign = BENIGN_OTC_OF_ORIGIN;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_NOTICE);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "probably as it should be"));
	ck_assert_uint_eq(last(&w)->facts.benign, BENIGN_OTC_OF_ORIGIN);
	ip_prefix_parse("198.51.101.0/24", true, &g.prefix);
	on(&w, g);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	ck_assert_ptr_null(strstr(last(&w)->summary, "probably"));
	off(&w, g, REASON_WITHDRAWN);
	pass(&w, 40);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_NOTICE);
	g.benign = BENIGN_PEER_MAY_BUY; /* the newest route says why */
	g.view = VIEW_OUT_POST;
	g.relation = NEIGHBOR_PEER;
	on(&w, g);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_NOTICE);
	off(&w, f, REASON_WITHDRAWN);
	off(&w, g, REASON_WITHDRAWN);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
}
END_TEST

/* What rests on no more than an inferred relation is two steps milder, and says so; not when
 * another route of it is certain. */
START_TEST(test_inferred)
{
	struct finding f = make(RULE_LEAK_UPSTREAM, VIEW_LOC_RIB, "198.51.100.0/24", 64666), g = f;
	struct fixture w;

	setup(&w);
	f.relation = NEIGHBOR_UNKNOWN;
	f.inferred = true;
	f.like = NEIGHBOR_CUSTOMER;
	f.like_in = 3;
	f.like_out = f.like_full = 900000;
	on(&w, f);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_NOTICE);
	ck_assert_ptr_nonnull(strstr(last(&w)->summary, "; relation inferred from table sizes"));
	ck_assert(last(&w)->facts.inferred && last(&w)->facts.relation_inferred);
	ck_assert_uint_eq(last(&w)->facts.relation, NEIGHBOR_CUSTOMER);
	ck_assert_uint_eq(last(&w)->facts.relation_in, 3);
	ip_prefix_parse("198.51.101.0/24", true, &g.prefix);
	on(&w, g);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	ck_assert_ptr_null(strstr(last(&w)->summary, "inferred"));
	off(&w, g, REASON_WITHDRAWN);
	off(&w, f, REASON_WITHDRAWN);
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->transition, TRANSITION_CLOSED);
	incidents_free(w.table);
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

/* Where it came in it is old news; of what has it in use the path says who sent it. */
START_TEST(test_seen_in_use_only)
{
	static const uint8_t views[] = { VIEW_LOC_RIB, VIEW_OUT_POST };
	struct fixture w;

	for (unsigned k = 0; k < 2; k++) {
		struct finding f = make(RULE_LEAK_PEERLOCK, views[k], "198.51.100.0/24", 64666);

		setup(&w);
		f.via_as = 64510;
		f.peer_as = k == 0 ? 64500 : 64501;
		f.relation = k == 0 ? NEIGHBOR_UNKNOWN : NEIGHBOR_CUSTOMER;
		f.provider_free_as = 64505;
		on(&w, f);
		pass(&w, 3);
		ck_assert_str_eq(last(&w)->summary,
		    "AS64666 leaks 198.51.100.0/24, to us by AS64510 (AS64505 in its path)");
		incidents_free(w.table);
	}
}
END_TEST

START_TEST(test_bogons_in_words)
{
	struct fixture w;

	setup(&w);
	on(&w, make(RULE_BOGON_PREFIX, VIEW_LOC_RIB, "10.1.0.0/16", 64666));
	pass(&w, 3);
	ck_assert_str_eq(
	    last(&w)->summary, "AS64666 originates the bogon 10.1.0.0/16: private (RFC 1918)");
	on(&w, make(RULE_BOGON_PREFIX, VIEW_LOC_RIB, "10.2.0.0/16", 64666));
	pass(&w, 400);
	ck_assert_str_eq(last(&w)->summary, "AS64666 originates bogons, 2 prefixes, 10.2.0.0/16 "
					    "among them: private (RFC 1918)");
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

/* What is a matter of hygiene is not graver for who may be a customer; a leak is. */
START_TEST(unknown_receivers_are_no_peers_to_hygiene)
{
	static const struct {
		enum rule rule;
		uint8_t relation, severity;
	} cases[] = {
		{ RULE_BOGON_ASN, NEIGHBOR_UNKNOWN, SEVERITY_NOTICE },
		{ RULE_BOGON_ASN, NEIGHBOR_PEER, SEVERITY_WARNING },
		{ RULE_TOO_SPECIFIC, NEIGHBOR_UNKNOWN, SEVERITY_NOTICE },
		{ RULE_TOO_SPECIFIC, NEIGHBOR_PROVIDER, SEVERITY_WARNING },
		{ RULE_LEAK_PEERLOCK, NEIGHBOR_UNKNOWN, SEVERITY_CRITICAL },
		{ RULE_BOGON_PREFIX, NEIGHBOR_UNKNOWN, SEVERITY_MAJOR },
	};
	struct fixture w;
	struct finding f = make(cases[_i].rule, VIEW_OUT_POST, "198.51.100.0/24", 64999);

	setup(&w);
	f.own = (struct ip_prefix){ 0 };
	f.relation = cases[_i].relation;
	on(&w, f);
	pass(&w, 5);
	ck_assert_uint_eq(last(&w)->severity, cases[_i].severity);
	incidents_free(w.table);
}
END_TEST

HARNESS_MAIN("incident")
{
	TIMEOUT(30);
	TEST(test_opens_after_hold_and_closes);
	TEST(test_severity_by_view);
	LOOP(unknown_receivers_are_no_peers_to_hygiene, 6);
	TEST(test_benign);
	TEST(test_inferred);
	TEST(test_by_ibgp);
	TEST(test_seen_in_use_only);
	TEST(test_bogons_in_words);
	TEST(test_views_missing);
	TEST(test_unproved_until_it_is_shown);
	TEST(test_escalates_at_once_and_calms_later);
	TEST(test_severity_is_capped);
	TEST(test_ids);
}

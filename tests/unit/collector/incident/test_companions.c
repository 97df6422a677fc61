/* One event, one incident: what a hijacker of ours does to others at the same time. */
#include "tests/unit/support/incident_fixture.h"

static const char ours[] = "203.0.113.0/24", theirs[] = "198.51.100.0/24", third[] = "192.0.2.0/24";

static struct finding
hijack(void)
{
	return make(RULE_HIJACK_EXACT, VIEW_IN_PRE, ours, 64666);
}

static struct finding
invalid(const char *prefix)
{
	struct finding f = make(RULE_ROV_ASN, VIEW_IN_PRE, prefix, 64666);

	f.own.family = IP_NONE;
	return f;
}

static unsigned
open_now(struct fixture *w)
{
	struct record r;
	unsigned n = 0;

	while (nth(w, n, &r))
		n++;
	return n;
}

/* Whatever of it is heard of first. */
START_TEST(one_event)
{
	struct fixture w;

	setup(&w);
	told_all(&w);
	if (_i == 0)
		on(&w, invalid(theirs));
	on(&w, hijack());
	on(&w, invalid(third));
	if (_i == 1)
		on(&w, invalid(theirs));
	pass(&w, 10);
	ck_assert_uint_eq(open_now(&w), 1);
	ck_assert_str_eq(last(&w)->kind, "hijack.exact");
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_CRITICAL);
	ck_assert_str_eq(
	    last(&w)->summary, "AS64666 originates our 203.0.113.0/24, and 2 prefixes of others");
	ck_assert_uint_eq(last(&w)->own_n, 1);
	ck_assert_uint_eq(last(&w)->prefixes_n, 3);
	ck_assert_str_eq(last(&w)->facets[0], "rov.invalid.asn");
	off(&w, hijack(), REASON_WITHDRAWN);
	off(&w, invalid(theirs), REASON_WITHDRAWN);
	off(&w, invalid(third), REASON_WITHDRAWN);
	pass(&w, 10);
	ck_assert_uint_eq(open_now(&w), 0);
	incidents_free(w.table);
}
END_TEST

/* What stands for long is an incident of its own, and does not hide that ours is taken. */
START_TEST(standing_invalids_are_another)
{
	struct fixture w;

	setup(&w);
	told_all(&w);
	on(&w, invalid(theirs));
	pass(&w, 100);
	ck_assert_uint_eq(open_now(&w), 1);
	on(&w, hijack());
	pass(&w, 10);
	ck_assert_uint_eq(open_now(&w), 2);
	ck_assert_str_eq(last(&w)->kind, "hijack.exact");
	ck_assert_str_eq(last(&w)->summary, "AS64666 originates our 203.0.113.0/24");
	incidents_free(w.table);
}
END_TEST

/* Ours is free again, others' are not: that goes on by itself, and what we lost is over. */
START_TEST(what_is_left_goes_on)
{
	struct fixture w;
	struct record r;

	setup(&w);
	told_all(&w);
	on(&w, hijack());
	on(&w, invalid(theirs));
	on(&w, invalid(third));
	pass(&w, 10);
	off(&w, hijack(), REASON_WITHDRAWN);
	pass(&w, 30);
	ck_assert_uint_eq(open_now(&w), 1);
	ck_assert(nth(&w, 0, &r));
	ck_assert_str_eq(r.incident.kind, "rov.invalid.asn");
	ck_assert_uint_eq(r.incident.prefixes_n, 2);
	incidents_free(w.table);
}
END_TEST

/* It is back at once: nothing has parted. */
START_TEST(a_flap_parts_nothing)
{
	struct fixture w;
	struct record r;

	setup(&w);
	told_all(&w);
	on(&w, hijack());
	on(&w, invalid(theirs));
	pass(&w, 10);
	off(&w, hijack(), REASON_WITHDRAWN);
	pass(&w, 0.3);
	on(&w, hijack());
	pass(&w, 10);
	ck_assert_uint_eq(open_now(&w), 1);
	ck_assert(nth(&w, 0, &r));
	ck_assert_str_eq(r.incident.kind, "hijack.exact");
	incidents_free(w.table);
}
END_TEST

/* After a restart, whichever comes back first. */
START_TEST(restart)
{
	struct fixture w, again;
	struct record r;

	setup(&w);
	told_all(&w);
	on(&w, hijack());
	on(&w, invalid(theirs));
	pass(&w, 10);
	setup(&again);
	again.now = w.now;
	incidents_restore(again.table, &w.log[w.n - 1], NULL, again.now);
	incidents_feed(again.table, 0, "r1", FEED_UP, 0xff, again.now);
	on(&again, _i == 0 ? invalid(theirs) : hijack());
	on(&again, _i == 0 ? hijack() : invalid(theirs));
	told_all(&again);
	pass(&again, 60);
	ck_assert_uint_eq(again.n, 0);
	ck_assert_uint_eq(open_now(&again), 1);
	ck_assert(nth(&again, 0, &r));
	ck_assert_str_eq(r.incident.kind, "hijack.exact");
	incidents_free(w.table);
	incidents_free(again.table);
}
END_TEST

HARNESS_MAIN("companions")
{
	LOOP(one_event, 2);
	TEST(standing_invalids_are_another);
	TEST(what_is_left_goes_on);
	TEST(a_flap_parts_nothing);
	LOOP(restart, 2);
}

/* What the operator says about incidents: how grave they are, and when many are told as one. */
#include "tests/unit/support/incident_fixture.h"

static const char ours[] = "203.0.113.0/24", theirs[] = "198.51.100.0/24";

/* Severity of an incident of that rule and view under a configuration; it is over afterwards. */
static uint8_t
severity_under(const struct incident_config *c, enum rule rule, uint8_t view, uint8_t monitored)
{
	struct finding f = make(rule, view, ours, 64666);
	struct fixture w;
	uint8_t severity;

	setup(&w);
	incidents_configure(w.table, c);
	f.views_monitored = monitored;
	if (view == VIEW_OUT_POST)
		f.relation = NEIGHBOR_PEER;
	on(&w, f);
	pass(&w, 3);
	severity = last(&w)->severity;
	incidents_free(w.table);
	return severity;
}

/* The furthest view says the severity; the kind says the most. */
START_TEST(severity_by_view)
{
	static const struct {
		uint8_t view, monitored, furthest;
	} rows[] = {
		{ VIEW_IN_PRE, 0xff, FURTHEST_FILTERED },
		{ VIEW_IN_PRE, 1 << VIEW_IN_PRE, FURTHEST_RECEIVED },
		{ VIEW_IN_POST, 0xff, FURTHEST_ACCEPTED },
		{ VIEW_LOC_RIB, 0xff, FURTHEST_IN_USE },
		{ VIEW_OUT_PRE, 0xff, FURTHEST_IN_USE },
		{ VIEW_OUT_POST, 0xff, FURTHEST_PASSED_ON },
	};

	for (unsigned k = 0; k < sizeof(rows) / sizeof(*rows); k++)
		for (enum rule r = 0; r < RULES; r++) {
			struct incident_config c = usual;

			for (unsigned f = 0; f < FURTHESTS; f++)
				if (f != rows[k].furthest)
					c.severity_by_view[r][f] = SEVERITY_MAJOR;
			ck_assert_uint_eq(severity_under(&c, r, rows[k].view, rows[k].monitored),
			    severity_under(&usual, r, rows[k].view, rows[k].monitored));
			c.severity_by_view[r][rows[k].furthest] = SEVERITY_NOTICE;
			ck_assert_uint_eq(severity_under(&c, r, rows[k].view, rows[k].monitored),
			    SEVERITY_NOTICE);
			c.severity_by_view[r][rows[k].furthest] = SEVERITY_CRITICAL;
			ck_assert_uint_eq(severity_under(&c, r, rows[k].view, rows[k].monitored),
			    SEVERITY_CRITICAL);
			c.severity_max[r] = SEVERITY_INFO;
			ck_assert_uint_eq(
			    severity_under(&c, r, rows[k].view, rows[k].monitored), SEVERITY_INFO);
		}
}
END_TEST

/* What is open follows a reload, and its own way through the views. */
START_TEST(severity_by_view_follows)
{
	struct incident_config c = usual;
	struct fixture w;

	c.severity_by_view[RULE_ROV_ASN][FURTHEST_IN_USE] = SEVERITY_NOTICE;
	setup(&w);
	on(&w, make(RULE_ROV_ASN, VIEW_LOC_RIB, theirs, 64666));
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
	incidents_configure(w.table, &c);
	pass(&w, 60);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_NOTICE);
	off(&w, make(RULE_ROV_ASN, VIEW_LOC_RIB, theirs, 64666), REASON_WITHDRAWN);
	on(&w, make(RULE_ROV_ASN, VIEW_IN_POST, theirs, 64666));
	pass(&w, 3);
	ck_assert_uint_eq(last(&w)->severity, SEVERITY_WARNING);
	incidents_free(w.table);
}
END_TEST

/* From so many prefixes on it is a step graver. */
START_TEST(large)
{
	static const uint32_t large_at[] = { 2, 5, 6, 0 };

	for (unsigned k = 0; k < 4; k++) {
		struct incident_config c = usual;
		struct fixture w;

		c.large_at = large_at[k];
		setup(&w);
		incidents_configure(w.table, &c);
		for (unsigned n = 0; n < 5; n++) {
			char prefix[32];

			snprintf(prefix, sizeof(prefix), "198.51.%u.0/24", n);
			on(&w, make(RULE_ROV_ASN, VIEW_IN_POST, prefix, 64666));
		}
		pass(&w, 5);
		ck_assert_uint_eq(w.n, 1);
		ck_assert_uint_eq(last(&w)->severity, k < 2 ? SEVERITY_MAJOR : SEVERITY_WARNING);
		c.large_at = 5; /* by a reload */
		incidents_configure(w.table, &c);
		pass(&w, 60);
		ck_assert_uint_eq(last(&w)->severity, SEVERITY_MAJOR);
		incidents_free(w.table);
	}
}
END_TEST

/* More than so many at once by one neighbour are told as one, and all of them are in it. */
START_TEST(grouped)
{
	static const struct {
		uint32_t group_at, n;
		bool together;
	} rows[] = { { 1, 1, false }, { 1, 2, true }, { 5, 5, false }, { 5, 6, true },
		{ 0, 8, false }, { 0, 9, true }, { 50, 40, false }, { 50, 51, true } };

	for (unsigned k = 0; k < sizeof(rows) / sizeof(*rows); k++) {
		struct incident_config c = usual;
		struct incidents_stats st;
		struct fixture w;

		c.group_at = rows[k].group_at;
		setup(&w);
		incidents_configure(w.table, &c);
		for (uint32_t n = 0; n < rows[k].n; n++)
			on(&w, make(RULE_ROV_ASN, VIEW_LOC_RIB, theirs, 64600 + n));
		pass(&w, 15);
		incidents_stats(w.table, &st);
		ck_assert_uint_eq(st.open, rows[k].together ? 1 : rows[k].n);
		ck_assert_uint_eq(st.members, rows[k].n);
		incidents_free(w.table);
	}
}
END_TEST

HARNESS_MAIN("controls of incidents")
{
	TIMEOUT(30);
	TEST(severity_by_view);
	TEST(severity_by_view_follows);
	TEST(large);
	TEST(grouped);
}

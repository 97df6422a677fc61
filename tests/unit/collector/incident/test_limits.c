/* What there is room for: many prefixes, many incidents, long paths and how these are written. */
#include "parsers/bgp/update.h"
#include "tests/unit/support/incident_fixture.h"

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

HARNESS_MAIN("limits")
{
	TIMEOUT(30);
	TEST(test_mass);
	TEST(test_limit);
	TEST(test_path_in_words);
	TEST(test_long_path);
}

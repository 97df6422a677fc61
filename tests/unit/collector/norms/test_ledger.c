/* A ledger: what is a gap, what is bridged, what is restored, what is no row. */
#include "tests/unit/support/harness.h"

#include "collector/norms/ledger.h"
#include "proto/record.h"

enum { MAX = 64 };

struct kept {
	unsigned n;
	char day[MAX][NORM_DAY_MAX], key[MAX][LEDGER_KEY_MAX], value[MAX][2048];
};

static void
keep(void *ctx, const char *day, const char *key, const char *value, size_t len)
{
	struct kept *k = ctx;
	unsigned i = 0;

	while (i < k->n && (strcmp(k->key[i], key) != 0 || strcmp(k->day[i], day) != 0))
		i++;
	ck_assert_uint_lt(i, MAX);
	ck_assert_uint_lt(len, 2048);
	k->n += i == k->n;
	strcpy(k->day[i], day);
	strcpy(k->key[i], key);
	strcpy(k->value[i], value);
}

/* All but of the collector itself. */
static void
ignore(void *ctx, const char *of, const char *key, const char *value, size_t len)
{
	if (strcmp(key, "c") == 0)
		keep(ctx, of, key, value, len);
}

static const char *
value_of(const struct kept *k, const char *day, const char *key)
{
	for (unsigned i = 0; i < k->n; i++)
		if (strcmp(k->key[i], key) == 0 && strcmp(k->day[i], day) == 0)
			return k->value[i];
	return "";
}

static const int64_t NOON = 1795780800; /* 2026-11-27T12:00:00Z */
static const char day[] = "2026-11-27";
static const char way_key[] = "i 64501 4 bogon.prefix -- abc 1";

static void
spread(struct ledger *l, bool there, bool unknown)
{
	struct ledger_way w = { .id = "abc",
		.occurrence = 1,
		.asn = 64501,
		.rule = RULE_BOGON_PREFIX,
		.unknown = unknown,
		.n = { 2, 2, 1, 1 } };

	ledger_begin(l);
	if (there)
		ledger_way(l, &w);
	ledger_end(l);
}

static void
pass(struct ledger *l, int64_t from_s, int seconds)
{
	for (int s = 30; s <= seconds; s += 30)
		ledger_advance(l, from_s + s);
}

START_TEST(times_without_anybody)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);

	ledger_advance(l, NOON);
	spread(l, true, false);
	pass(l, NOON, 60);
	ledger_advance(l, NOON + 600); /* asleep */
	spread(l, true, false);
	pass(l, NOON + 600, 60);
	ledger_put(l);
	ck_assert_str_eq(value_of(&k, day, "c"), "1 120 0");
	/* it was there before and after: one */
	ck_assert_str_eq(value_of(&k, day, way_key), "1 0 0 0 0 120 0 0 1795780800 1795781460");
	ledger_advance(l, NOON + 660 + LEDGER_BRIDGE_S + 100);
	spread(l, true, false);
	pass(l, NOON + 660 + LEDGER_BRIDGE_S + 100, 30);
	ledger_put(l);
	/* for too long to say that it is the same */
	ck_assert_str_eq(value_of(&k, day, way_key),
	    "1 0 0 0 0 150 0 0 1795780800 1795781460 1795783360 1795783390");
	ledger_free(l);
}
END_TEST

START_TEST(clock_set_back)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);

	ledger_advance(l, NOON);
	pass(l, NOON, 60);
	ledger_advance(l, NOON - 3600);
	pass(l, NOON - 3600, 3600);
	pass(l, NOON, 120);
	ledger_put(l);
	ck_assert_str_eq(value_of(&k, day, "c"), "1 120 0");
	ledger_free(l);
}
END_TEST

START_TEST(nobody_can_say)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);

	ledger_advance(l, NOON);
	spread(l, true, false);
	pass(l, NOON, 60);
	spread(l, true, true);
	pass(l, NOON + 60, 60);
	spread(l, true, false);
	pass(l, NOON + 120, 60);
	spread(l, false, false);
	pass(l, NOON + 180, 60);
	spread(l, true, false);
	pass(l, NOON + 240, 60);
	ledger_put(l);
	ck_assert_str_eq(value_of(&k, day, way_key),
	    "1 0 0 0 0 180 60 0 1795780800 1795780980 1795781040 1795781100");
	ck_assert_str_eq(
	    value_of(&k, day, "w 64501 4 bogon.prefix"), "1 360 360 180 180 0 0 2 2 1 1 0 0");
	ledger_free(l);
}
END_TEST

/* Wrong routes and all routes of a neighbour are counted in one and the same time; of who has no
 * session, being behind a route server, wrong ones always. */
START_TEST(wrong_as_long_as_known)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);
	struct ledger_session s = {
		.name = "r 192.0.2.1", .asn = 64501, .has = { true }, .n = { 2 }
	};
	struct ledger_way w = {
		.id = "abc", .occurrence = 1, .rule = RULE_BOGON_PREFIX, .n = { 2 }
	};

	for (int round = 0; round < 4; round++) {
		ledger_advance(l, NOON + 60 * round);
		ledger_begin(l);
		s.state = round == 0 ? LEDGER_UNKNOWN : round < 3 ? LEDGER_KNOWN : LEDGER_DOWN;
		ledger_session(l, &s);
		for (w.asn = 64501; w.asn <= 64502; w.asn++)
			ledger_way(l, &w);
		ledger_end(l);
	}
	ledger_advance(l, NOON + 240);
	ledger_put(l);
	ck_assert_str_eq(
	    value_of(&k, day, "s 64501 4 r 192.0.2.1"), "1 0 0 120 60 120 240 2 0 0 0 0 0 0");
	ck_assert_str_eq(
	    value_of(&k, day, "w 64501 4 bogon.prefix"), "1 240 0 0 0 240 0 2 0 0 0 2 0");
	ck_assert_str_eq(
	    value_of(&k, day, "w 64502 4 bogon.prefix"), "1 480 0 0 0 480 0 2 0 0 0 2 0");
	ledger_free(l);
}
END_TEST

START_TEST(restored)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);
	struct ledger_session s = { .name = "a router 192.0.2.1",
		.asn = 64501,
		.ipv6 = true,
		.state = LEDGER_KNOWN,
		.relation = NEIGHBOR_PEER,
		.limit = 100,
		.has = { true, false, true },
		.n = { 7, 0, 3 } };

	for (int run = 0; run < 2; run++) {
		for (unsigned i = 0; i < k.n; i++)
			ledger_restore(l, NOON + 60, k.key[i], k.value[i], strlen(k.value[i]));
		ledger_advance(l, NOON + 60 * run);
		ledger_begin(l);
		ledger_session(l, &s);
		ledger_end(l);
		pass(l, NOON + 60 * run, 60);
		ledger_put(l);
		ledger_free(l);
		l = ledger_new(keep, &k);
	}
	ledger_free(l);
	ck_assert_str_eq(value_of(&k, day, "c"), "1 120 0");
	ck_assert_str_eq(value_of(&k, day, "s 64501 6 a router 192.0.2.1"),
	    "1 2 100 120 0 120 840 7 0 0 0 120 360 3");
}
END_TEST

START_TEST(more_than_it_has_room_for)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);
	struct ledger_row_read row;

	ledger_advance(l, NOON);
	for (int i = 0; i < LEDGER_SPANS_MAX + 5; i++) {
		for (int s = 0; s < 5; s++) { /* in each second, one of which nobody knows */
			spread(l, true, s == 2);
			ledger_advance(l, NOON + 6 * i + s + 1);
		}
		spread(l, false, false);
		ledger_advance(l, NOON + 6 * i + 6);
	}
	ledger_put(l);
	ck_assert(ledger_row_parse(
	    way_key, value_of(&k, day, way_key), strlen(value_of(&k, day, way_key)), &row));
	ck_assert_uint_eq(row.v[REACHES], 5);
	ck_assert_uint_eq(row.n, REACHES + 1 + 2 * LEDGER_SPANS_MAX);
	ledger_free(l);
}
END_TEST

/* What has no row is told as how many there are, however often one looks. */
START_TEST(left_out)
{
	struct kept k = { 0 };
	struct ledger *l = ledger_new(ignore, &k);
	struct ledger_session s = { .name = "r", .state = LEDGER_KNOWN };

	ledger_advance(l, NOON);
	for (int look = 0; look < 3; look++) {
		ledger_begin(l);
		for (s.asn = 1; s.asn <= LEDGER_ITEMS_MAX + 7; s.asn++)
			ledger_session(l, &s);
		ledger_end(l);
		ledger_advance(l, NOON + look + 1);
	}
	ledger_put(l);
	ck_assert_str_eq(value_of(&k, day, "c"), "1 3 7");
	ledger_free(l);
}
END_TEST

START_TEST(no_rows)
{
	static const char *const rows[][2] = { { "", "1 2 3" }, { "c", "" }, { "c", "2 1 1" },
		{ "c", "1 1" }, { "c", "1 -1 1" }, { "c", "1 x 1" }, { "s 1 4", "1 1" },
		{ "w 1 4 no.rule", "1 0 0 0 0 0 0 0 0 0 0 0 0" },
		{ "w 99999999999 4 bogon.prefix", "1 0 0 0 0 0 0 0 0 0 0 0 0" },
		{ "i 1 4 bogon.prefix -- abc 1", "1 0 0 0 0 0 0 0 5" },
		{ "i 1 4 bogon.prefix - abc 1", "1 0 0 0 0 0 0 0" }, { "z", "1 1 1" } };
	struct ledger_row_read row;
	struct kept k = { 0 };
	struct ledger *l = ledger_new(keep, &k);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(!ledger_row_parse(rows[i][0], rows[i][1], strlen(rows[i][1]), &row),
		    "%s", rows[i][0]);
		ledger_restore(l, NOON, rows[i][0], rows[i][1], strlen(rows[i][1]));
	}
	ck_assert(ledger_row_parse("c", "1 5 0", 5, &row));
	ledger_advance(l, NOON);
	ledger_put(l);
	ledger_free(l);
}
END_TEST

HARNESS_MAIN("ledger")
{
	TEST(times_without_anybody);
	TEST(clock_set_back);
	TEST(nobody_can_say);
	TEST(wrong_as_long_as_known);
	TEST(restored);
	TEST(more_than_it_has_room_for);
	TEST(left_out);
	TEST(no_rows);
}

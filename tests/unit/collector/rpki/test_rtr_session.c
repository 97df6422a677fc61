/*
 * The RTR session (RFC 6810, RFC 8210) against caches made of bytes and a clock made of numbers:
 * scenarios, and a random cache by seed whose model is a plain set.
 */
#include "collector/rpki/rtr_session.h"

#include "tests/unit/support/harness.h"
#include "tests/unit/support/rtr_pdus.h"

enum { SESSION = 0x1234, SEEDS = 150 };

static struct rtr_session s;
static struct sbuf in;
static int64_t now;

static void
setup(void)
{
	now = 1000000000;
	in = sbuf_of(1 << 20);
	rtr_session_init(&s, "cache", 1, now);
}

static void
teardown(void)
{
	rtr_session_fini(&s);
	sbuf_free(&in);
}

static struct vrp
vrp_n(uint32_t n)
{
	struct vrp v;
	uint8_t b[16] = { 10, (uint8_t)(n >> 8), (uint8_t)n };

	memset(&v, 0, sizeof(v));
	ip_prefix_make(&v.prefix, n % 3 == 0 ? IP_V6 : IP_V4, b, 24);
	v.max_len = (uint8_t)(24 + n % 2);
	v.asn = 64500 + n % 5;
	return v;
}

static void
say(uint32_t n, bool announce)
{
	struct vrp v = vrp_n(n);

	pdu_prefix(&in, s.version, &v, announce);
}

/* Give the session what the cache said. */
static void
deliver(void)
{
	uint8_t *exact = malloc(in.len + 1);

	memcpy(exact, sbuf_text(&in), in.len);
	rtr_session_feed(&s, exact, in.len, now);
	free(exact);
	sbuf_clear(&in);
}

/* The next PDU that the session sent; type 255 when there is none. */
static struct rtr_pdu
sent(void)
{
	struct faults f = { .n = 0 };
	struct rtr_pdu p = { .type = 255 };
	int64_t n = rtr_frame((const uint8_t *)sbuf_text(&s.out), s.out.len, &f);

	if (n <= 0)
		return p;
	ck_assert_int_le(n, (int64_t)s.out.len);
	ck_assert(rtr_parse((const uint8_t *)s.out.data, (size_t)n, &p, &f));
	sbuf_drop(&s.out, (size_t)n);
	return p;
}

static void
expect_query(uint8_t version, uint8_t type)
{
	struct rtr_pdu p = sent();

	ck_assert_msg(p.type == type && p.version == version, "sent %s in version %u",
	    rtr_type_name(p.type), p.version);
	ck_assert_uint_eq(s.out.len, 0);
}

static void
expect_error(uint16_t code)
{
	struct rtr_pdu p = sent();

	ck_assert_msg(p.type == RTR_ERROR_REPORT && p.session_id == code, "sent %s %s",
	    rtr_type_name(p.type), rtr_error_name(p.session_id));
	ck_assert(s.want_close);
	ck_assert_int_eq(s.state, RTR_IDLE);
	ck_assert_msg(!s.in_step && !s.has_session, "the next time from the start");
	ck_assert_uint_eq(s.out.len, 0);
}

/* Let the time come at which it wants to connect, and connect. */
static void
come_up(void)
{
	s.want_close = false;
	ck_assert_int_eq(s.state, RTR_IDLE);
	if (s.next_us > now)
		now = s.next_us;
	rtr_session_tick(&s, now);
	ck_assert(s.want_connect);
	s.want_connect = false;
	rtr_session_connected(&s, now);
}

/* Up to synced with VRPs 1..n. */
static void
synced(uint32_t n)
{
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	pdu_response(&in, 1, SESSION);
	for (uint32_t i = 1; i <= n; i++)
		say(i, true);
	pdu_end(&in, 1, SESSION, 5, 100, 50, 1000);
	deliver();
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert(s.has_data && s.in_step && s.changed && s.data.n == n);
	s.changed = false;
}

START_TEST(full_then_delta)
{
	synced(4);
	now += 100 * 1000000LL;
	rtr_session_tick(&s, now);
	expect_query(1, RTR_SERIAL_QUERY);
	pdu_response(&in, 1, SESSION);
	say(9, true);
	say(2, false);
	deliver();
	ck_assert_msg(s.data.n == 4 && !s.changed, "nothing counts before End of Data");
	say(3, false);
	pdu_end(&in, 1, SESSION, 6, 100, 50, 1000);
	deliver();
	ck_assert(s.changed && s.data.n == 3 && s.serial == 6);
	s.changed = false;
	rtr_session_tick(&s, now += 100 * 1000000LL);
	pdu_response(&in, 1, SESSION);
	pdu_end(&in, 1, SESSION, 6, 100, 50, 1000);
	deliver();
	ck_assert_msg(!s.changed, "an empty delta changes nothing");
}
END_TEST

START_TEST(withdrawn_and_announced_again)
{
	synced(3);
	pdu_notify(&in, 1, SESSION, 6);
	deliver();
	expect_query(1, RTR_SERIAL_QUERY);
	pdu_response(&in, 1, SESSION);
	say(1, false);
	say(1, true); /* there, gone, there */
	say(8, true);
	say(8, false); /* not there, there, gone */
	pdu_end(&in, 1, SESSION, 6, 100, 50, 1000);
	deliver();
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert_uint_eq(s.data.n, 3);
}
END_TEST

static const struct {
	const char *name;
	bool delta;
	uint32_t first, second;
	bool announce_first, announce_second;
	size_t then; /* VRPs in a full answer */
} misfits[] = {
	{ "announced twice in a full answer", false, 7, 7, true, true, 4 },
	{ "withdrawn in a full answer", false, 7, 9, true, false, 4 },
	{ "known, announced", true, 7, 1, true, true, 0 },
	{ "unknown, announced twice", true, 7, 7, true, true, 0 },
	{ "unknown, withdrawn", true, 7, 9, true, false, 0 },
	{ "withdrawn twice", true, 1, 1, false, false, 0 },
};

/* In a full answer a record too many changes nothing; in a delta everything is asked for again, on
 * this connection, and what was known is kept meanwhile. */
START_TEST(records_that_do_not_fit)
{
	if (misfits[_i].delta) {
		synced(3);
		pdu_notify(&in, 1, SESSION, 6);
		deliver();
		expect_query(1, RTR_SERIAL_QUERY);
	} else {
		come_up();
		expect_query(1, RTR_RESET_QUERY);
	}
	pdu_response(&in, 1, SESSION);
	for (uint32_t i = 11; i < 14 && !misfits[_i].delta; i++)
		say(i, true);
	say(misfits[_i].first, misfits[_i].announce_first);
	say(misfits[_i].second, misfits[_i].announce_second);
	pdu_end(&in, 1, SESSION, 6, 100, 50, 1000);
	deliver();
	ck_assert_msg(!s.want_close && s.counters.misfits == 1, "%s", misfits[_i].name);
	if (!misfits[_i].delta) {
		ck_assert_int_eq(s.state, RTR_SYNCED);
		ck_assert_uint_eq(s.data.n, misfits[_i].then);
		ck_assert_msg(s.rejected == 1 && s.first_rejected[0] != '\0', "counted and told");
		return;
	}
	expect_query(1, RTR_RESET_QUERY);
	ck_assert(s.has_data && s.data.n == 3 && !s.changed);
	pdu_response(&in, 1, SESSION);
	say(1, true);
	pdu_end(&in, 1, SESSION, 7, 100, 50, 1000);
	deliver();
	ck_assert(s.state == RTR_SYNCED && s.data.n == 1 && s.rejected == 0 && !s.broken);
}
END_TEST

/* Host bits, or a length that cannot be: the record alone; a tenth of such records: the answer. */
START_TEST(records_that_cannot_be_used)
{
	static const uint8_t bad[2][20] = {
		{ 1, 4, 0, 0, 0, 0, 0, 20, 1, 8, 8, 0, 10, 0, 0, 1 },
		{ 1, 4, 0, 0, 0, 0, 0, 20, 1, 24, 8, 0, 10, 0, 0, 0 },
	};

	synced(3);
	pdu_header(&in, 1, RTR_CACHE_RESET, 0, 8);
	deliver();
	expect_query(1, RTR_RESET_QUERY);
	pdu_response(&in, 1, SESSION);
	for (uint32_t i = 1; i <= 10; i++)
		say(i, true);
	for (int i = 0; i <= _i % 2; i++)
		sbuf_add(&in, bad[_i / 2], 20);
	pdu_end(&in, 1, SESSION, 6, 100, 50, 1000);
	deliver();
	if (_i % 2 == 0) {
		ck_assert(s.state == RTR_SYNCED && s.data.n == 10 && s.rejected == 1);
	} else {
		expect_error(RTR_ERR_CORRUPT_DATA);
		ck_assert(s.data.n == 3 && !s.changed);
		ck_assert_ptr_nonnull(strstr(s.last_error, "2 records"));
	}
}
END_TEST

static const struct {
	const char *name;
	uint8_t octets[24];
	size_t len;
	uint16_t code;
} wrong_pdu[] = {
	{ "payload out of an answer", { 1, 4, 0, 0, 0, 0, 0, 20, 1, 8, 8, 0, 10 }, 20,
	    RTR_ERR_CORRUPT_DATA },
	{ "length 7", { 1, 3, 0, 0, 0, 0, 0, 7 }, 8, RTR_ERR_CORRUPT_DATA },
	{ "length 65536", { 1, 10, 0, 0, 0, 1, 0, 0 }, 8, RTR_ERR_CORRUPT_DATA },
	{ "type 5", { 1, 5, 0, 0, 0, 0, 0, 8 }, 8, RTR_ERR_UNSUPPORTED_PDU },
	{ "a query to the router", { 1, 2, 0, 0, 0, 0, 0, 8 }, 8, RTR_ERR_INVALID_REQUEST },
	{ "End of Data alone", { 1, 7, 0x12, 0x34, 0, 0, 0, 24 }, 24, RTR_ERR_CORRUPT_DATA },
	{ "version 2", { 2, 3, 0, 0, 0, 0, 0, 8 }, 8, RTR_ERR_UNEXPECTED_VERSION },
};

START_TEST(pdu_errors)
{
	come_up();
	(void)sent();
	sbuf_add(&in, wrong_pdu[_i].octets, wrong_pdu[_i].len);
	deliver();
	expect_error(wrong_pdu[_i].code);
	ck_assert(s.broken);
}
END_TEST

/* A cache that has started anew, and says so in a wrong place. */
START_TEST(session_id_mismatch)
{
	synced(3);
	now = s.next_us;
	rtr_session_tick(&s, now);
	expect_query(1, RTR_SERIAL_QUERY);
	pdu_response(&in, 1, SESSION + (_i == 0));
	pdu_end(&in, 1, SESSION + 1, 6, 100, 50, 1000);
	deliver();
	expect_error(RTR_ERR_CORRUPT_DATA);
	ck_assert_msg(s.has_data && s.data.n == 3 && !s.changed, "it is no statement about a ROA");
	ck_assert(s.broken == (_i == 1));
	come_up();
	expect_query(1, RTR_RESET_QUERY);
}
END_TEST

START_TEST(notify_of_another_session)
{
	synced(3);
	pdu_notify(&in, 1, SESSION + 1, 9);
	deliver();
	expect_query(1, RTR_RESET_QUERY);
	ck_assert(!s.want_close && s.data.n == 3 && !s.changed);
	pdu_response(&in, 1, SESSION + 1);
	say(1, true);
	pdu_end(&in, 1, SESSION + 1, 9, 100, 50, 1000);
	deliver();
	ck_assert(s.state == RTR_SYNCED && s.data.n == 1 && s.session_id == SESSION + 1);
}
END_TEST

START_TEST(reset_to_a_reset_query)
{
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	pdu_header(&in, 1, RTR_CACHE_RESET, 0, 8);
	deliver();
	expect_error(RTR_ERR_CORRUPT_DATA);
}
END_TEST

START_TEST(downgrade_by_error_4)
{
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	pdu_error(&in, 0, RTR_ERR_UNSUPPORTED_VERSION, "no");
	deliver();
	ck_assert(s.want_close && s.version == 0 && s.counters.downgrades == 1);
	ck_assert_int_le(s.next_us, now);
	come_up();
	expect_query(0, RTR_RESET_QUERY);
	pdu_response(&in, 0, SESSION);
	say(1, true);
	pdu_end(&in, 0, SESSION, 1, 0, 0, 0);
	deliver();
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert(s.refresh_s == 3600 && s.retry_s == 600 && s.expire_s == 7200);
}
END_TEST

START_TEST(downgrade_by_close)
{
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect_query(0, RTR_RESET_QUERY);
	rtr_session_closed(&s, now, "end of file"); /* it was not the version: start over */
	come_up();
	expect_query(1, RTR_RESET_QUERY);
}
END_TEST

/* What is below RTR, as TLS, says nothing of a version; and what is mended is tried at once. */
START_TEST(a_failure_below)
{
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	rtr_session_failed(&s, now, "the peer refuses us");
	ck_assert(s.state == RTR_IDLE && s.version == 1 && !s.broken && s.next_us > now);
	ck_assert_str_eq(s.last_error, "the peer refuses us");
	rtr_session_failed(&s, now, "again"); /* it is over already */
	ck_assert_str_eq(s.last_error, "the peer refuses us");
	rtr_session_hurry(&s, now);
	come_up();
	expect_query(1, RTR_RESET_QUERY);
}
END_TEST

START_TEST(downgrade_by_answer)
{
	come_up();
	(void)sent();
	pdu_notify(&in, 0, 9, 9); /* ignored before the version is settled */
	pdu_response(&in, 0, SESSION);
	deliver();
	ck_assert(s.version == 0 && s.negotiated && s.state == RTR_RECEIVING);
	say(1, true);
	pdu_end(&in, 0, SESSION, 1, 0, 0, 0);
	deliver();
	ck_assert_int_eq(s.state, RTR_SYNCED);
	pdu_notify(&in, 1, SESSION, 2); /* and now it is settled */
	deliver();
	expect_error(RTR_ERR_UNEXPECTED_VERSION);
}
END_TEST

START_TEST(a_lost_connection_is_no_downgrade)
{
	synced(2);
	rtr_session_closed(&s, now, "end of file");
	ck_assert(s.has_data && s.data.n == 2 && !s.changed);
	ck_assert_msg(s.next_us - now <= 2000000, "asked again soon, not after the retry interval");
	come_up();
	expect_query(1, RTR_SERIAL_QUERY);
	rtr_session_closed(&s, now, "end of file"); /* restarting, or it does not like the serial */
	ck_assert(s.has_data && s.data.n == 2 && !s.changed);
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	pdu_response(&in, 1, SESSION);
	say(1, true);
	say(2, true);
	pdu_end(&in, 1, SESSION, 5, 100, 50, 1000);
	deliver();
	ck_assert(s.state == RTR_SYNCED && s.data.n == 2 && !s.changed);
}
END_TEST

/* It was another program, of an older version, that came back. */
START_TEST(a_cache_that_hangs_up_again_and_again)
{
	synced(2);
	rtr_session_closed(&s, now, "end of file");
	come_up();
	expect_query(1, RTR_SERIAL_QUERY);
	rtr_session_closed(&s, now, "end of file");
	for (int i = 0; i < 3; i++) {
		come_up();
		expect_query(1, RTR_RESET_QUERY);
		rtr_session_closed(&s, now, "end of file");
	}
	come_up();
	expect_query(0, RTR_RESET_QUERY);
	ck_assert(s.has_data && s.data.n == 2);
}
END_TEST

START_TEST(cache_reset_keeps_until_replaced)
{
	synced(3);
	now = s.next_us;
	rtr_session_tick(&s, now);
	expect_query(1, RTR_SERIAL_QUERY);
	pdu_header(&in, 1, RTR_CACHE_RESET, 0, 8);
	deliver();
	expect_query(1, RTR_RESET_QUERY);
	ck_assert(s.has_data && s.data.n == 3);
	pdu_response(&in, 1, SESSION + 9);
	say(1, true);
	say(2, true);
	say(3, true);
	pdu_end(&in, 1, SESSION + 9, 1, 100, 50, 1000);
	deliver();
	ck_assert_msg(s.data.n == 3 && !s.changed, "the same data is no change");
	ck_assert_uint_eq(s.session_id, SESSION + 9);
}
END_TEST

/* What is past its time is of less worth; it does not say that the ROAs are gone. */
START_TEST(no_data_and_expiry)
{
	synced(3);
	now = s.next_us;
	rtr_session_tick(&s, now);
	(void)sent();
	pdu_error(&in, 1, RTR_ERR_NO_DATA, "wait");
	deliver();
	ck_assert_msg(s.out.len == 0, "an Error Report is never answered with one");
	ck_assert(s.has_data && s.data.n == 3 && !s.changed && !s.broken);
	now = s.synced_us + 1000 * 1000000LL;
	rtr_session_tick(&s, now);
	ck_assert(!s.expired);
	now += 1000000;
	rtr_session_tick(&s, now);
	ck_assert(s.expired && s.counters.expiries == 1);
	ck_assert(s.has_data && s.data.n == 3 && !s.changed);
	rtr_session_closed(&s, now, "not now");
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	pdu_response(&in, 1, SESSION);
	say(1, true);
	pdu_end(&in, 1, SESSION, 9, 100, 50, 1000);
	deliver();
	ck_assert(!s.expired && s.changed && s.data.n == 1);
}
END_TEST

START_TEST(fatal_error_from_the_cache)
{
	synced(2);
	pdu_error(&in, 1, RTR_ERR_INTERNAL, "broken");
	deliver();
	ck_assert(s.out.len == 0 && s.want_close && s.broken && s.data.n == 2 && !s.changed);
	ck_assert_ptr_nonnull(strstr(s.last_error, "broken"));
	come_up();
	expect_query(1, RTR_RESET_QUERY);
	pdu_header(&in, 1, RTR_ERROR_REPORT, 0, 8); /* not even a whole one */
	deliver();
	ck_assert(s.out.len == 0 && s.want_close && s.state == RTR_IDLE && s.data.n == 2);
}
END_TEST

/* The text is the cache's; it goes to terminals and logs. */
START_TEST(text_of_an_error_is_cleaned)
{
	come_up();
	(void)sent();
	pdu_error(&in, 1, RTR_ERR_NO_DATA, "\x1b[31mred\nforged: line\xff\xc3");
	deliver();
	for (const char *c = s.last_error; *c != '\0'; c++)
		ck_assert_msg(*c >= ' ' && *c < 0x7f, "%s", s.last_error);
	ck_assert_ptr_nonnull(strstr(s.last_error, "forged: line"));
}
END_TEST

/* A cache that started anew objects to the Serial Query, not to the data (StayRTR). */
START_TEST(objection_to_a_serial_query)
{
	synced(2);
	now = s.next_us;
	rtr_session_tick(&s, now);
	expect_query(1, RTR_SERIAL_QUERY);
	pdu_error(&in, 1, RTR_ERR_CORRUPT_DATA, "other session");
	deliver();
	ck_assert(s.out.len == 0 && s.has_data && s.data.n == 2 && !s.changed);
	come_up();
	expect_query(1, RTR_RESET_QUERY);
}
END_TEST

START_TEST(timers_are_clamped)
{
	static const struct {
		uint32_t in[3], out[3];
	} rows[] = {
		{ { 0, 0, 0 }, { 1, 1, 600 } },
		{ { UINT32_MAX, UINT32_MAX, UINT32_MAX }, { 86400, 7200, 172800 } },
		{ { 3600, 600, 7200 }, { 3600, 600, 7200 } },
	};

	come_up();
	(void)sent();
	pdu_response(&in, 1, SESSION);
	pdu_end(&in, 1, SESSION, 5, rows[_i].in[0], rows[_i].in[1], rows[_i].in[2]);
	deliver();
	ck_assert_uint_eq(s.refresh_s, rows[_i].out[0]);
	ck_assert_uint_eq(s.retry_s, rows[_i].out[1]);
	ck_assert_uint_eq(s.expire_s, rows[_i].out[2]);
}
END_TEST

/* Expire must exceed refresh and retry (RFC 8210 section 6): data may not lapse between polls. */
START_TEST(expire_below_refresh)
{
	come_up();
	(void)sent();
	pdu_response(&in, 1, SESSION);
	pdu_end(&in, 1, SESSION, 5, 86400, 7200, 600);
	deliver();
	ck_assert_uint_lt(s.refresh_s, s.expire_s);
	ck_assert_uint_lt(s.retry_s, s.expire_s);
}
END_TEST

START_TEST(silence_is_left_and_retries_grow)
{
	int64_t before = 0, wait;

	come_up();
	(void)sent();
	now = s.next_us;
	rtr_session_tick(&s, now);
	ck_assert(s.want_close && s.state == RTR_IDLE);
	for (int i = 0; i < 20; i++) {
		come_up();
		sbuf_clear(&s.out);
		s.version = 0; /* no downgrade in the way */
		rtr_session_closed(&s, now, "refused");
		wait = s.next_us - now;
		ck_assert_int_ge(wait, before);
		ck_assert_int_le(wait, 600 * 1000000LL);
		before = wait;
	}
	ck_assert_int_gt(before, 10 * 1000000LL);
}
END_TEST

START_TEST(one_octet_at_a_time_and_all_at_once)
{
	struct sbuf all = sbuf_of(1 << 23);

	come_up();
	(void)sent();
	pdu_response(&all, 1, SESSION);
	for (uint32_t i = 1; i <= 30000; i++) {
		struct vrp v = vrp_n(i);

		pdu_prefix(&all, 1, &v, true);
	}
	pdu_end(&all, 1, SESSION, 5, 100, 50, 1000);
	if (_i == 0)
		rtr_session_feed(&s, (uint8_t *)all.data, all.len, now);
	for (size_t i = 0; _i == 1 && i < all.len; i++)
		rtr_session_feed(&s, (uint8_t *)all.data + i, 1, now);
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert_uint_eq(s.data.n, 30000);
	sbuf_free(&all);
}
END_TEST

/* --- a random cache */

static uint64_t rng;

static uint32_t
below(uint32_t n)
{
	return rnd(&rng) % n;
}

enum { UNIVERSE = 40 };

static void
feed_in_pieces(void)
{
	for (size_t at = 0; at < in.len;) {
		size_t n = 1 + below(60);

		if (n > in.len - at)
			n = in.len - at;
		rtr_session_feed(&s, (uint8_t *)in.data + at, n, now);
		at += n;
	}
	sbuf_clear(&in);
}

static void
check_model(const bool model[UNIVERSE], int step)
{
	size_t n = 0;

	for (uint32_t i = 0; i < UNIVERSE; i++)
		n += model[i];
	ck_assert_msg(s.data.n == n, "step %d: %zu, model %zu", step, s.data.n, n);
	for (size_t k = 1; k < s.data.n; k++)
		ck_assert_int_lt(vrp_cmp(&s.data.v[k - 1], &s.data.v[k]), 0);
	for (uint32_t i = 0; i < UNIVERSE; i++) {
		struct vrp v = vrp_n(i);
		bool has = false;

		for (size_t k = 0; k < s.data.n; k++)
			has |= vrp_cmp(&s.data.v[k], &v) == 0;
		ck_assert_int_eq(has, model[i]);
	}
}

/* Answer the query on the wire: the cache is at `cache`, the router at `known`. */
static void
answer(bool known[UNIVERSE], bool cache[UNIVERSE], uint32_t *serial)
{
	struct rtr_pdu q = sent();
	bool full = q.type == RTR_RESET_QUERY;

	ck_assert(full || (q.type == RTR_SERIAL_QUERY && q.serial == *serial));
	for (int k = (int)below(6); k > 0; k--)
		cache[below(UNIVERSE)] ^= true;
	*serial += below(2) ? 1 : 0x7fffffff; /* serials wrap */
	pdu_response(&in, 1, SESSION);
	for (uint32_t i = 0; i < UNIVERSE; i++) {
		if (full ? cache[i] : cache[i] && !known[i])
			say(i, true);
		else if (!full && !cache[i] && known[i])
			say(i, false);
		else if (!full && below(15) == 0) { /* there and back within one answer */
			say(i, !cache[i]);
			say(i, cache[i]);
		}
	}
	pdu_end(&in, 1, SESSION, *serial, 100, 50, 1000);
}

START_TEST(random_cache)
{
	bool known[UNIVERSE] = { false }, cache[UNIVERSE] = { false };
	uint32_t serial = 0;

	rng = 0x9e3779b97f4a7c15ULL + (uint64_t)_i * 7919;
	come_up();
	for (int step = 0; step < 40; step++) {
		bool whole = below(6) != 0;

		answer(known, cache, &serial);
		if (!whole) { /* the connection breaks on the way */
			in.len = below((uint32_t)in.len - 23);
			feed_in_pieces();
			rtr_session_closed(&s, now, "reset");
			memcpy(cache, known, sizeof(known));
			serial = s.serial;
			check_model(known, step);
			s.version = s.version_max; /* never answered: it may have tried another */
			come_up();
			continue;
		}
		feed_in_pieces();
		memcpy(known, cache, sizeof(known));
		ck_assert_int_eq(s.state, RTR_SYNCED);
		check_model(known, step);
		now = s.next_us;
		if (below(2))
			rtr_session_tick(&s, now);
		else
			pdu_notify(&in, 1, SESSION, serial + 1);
		feed_in_pieces();
		ck_assert_int_eq(s.state, RTR_SYNC);
	}
}
END_TEST

/* What a real cache sent (StayRTR 0.5.1). */
START_TEST(capture)
{
	const char *shared = getenv("BELLMAN_SHARED");
	uint8_t buf[4096];
	char path[512];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/data/lab/stayrtr-v1.rtr",
	    shared != NULL ? shared : "../shared");
	f = fopen(path, "rb");
	if (f == NULL) {
		printf("SKIPPED: capture: no %s\n", path);
		return;
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	come_up();
	(void)sent();
	rtr_session_feed(&s, buf, n, now);
	ck_assert_int_eq(s.state, RTR_SYNCED);
	ck_assert_uint_eq(s.data.n, 26);
	ck_assert_uint_eq(s.counters.pdus, 28);
}
END_TEST

HARNESS_MAIN("rtr_session")
{
	FIXTURE(setup, teardown);
	TIMEOUT(60);
	TEST(full_then_delta);
	TEST(withdrawn_and_announced_again);
	ROWS(records_that_do_not_fit, misfits);
	LOOP(records_that_cannot_be_used, 4);
	ROWS(pdu_errors, wrong_pdu);
	LOOP(session_id_mismatch, 2);
	TEST(notify_of_another_session);
	TEST(reset_to_a_reset_query);
	TEST(downgrade_by_error_4);
	TEST(downgrade_by_close);
	TEST(a_failure_below);
	TEST(downgrade_by_answer);
	TEST(a_lost_connection_is_no_downgrade);
	TEST(cache_reset_keeps_until_replaced);
	TEST(a_cache_that_hangs_up_again_and_again);
	TEST(no_data_and_expiry);
	TEST(fatal_error_from_the_cache);
	TEST(text_of_an_error_is_cleaned);
	TEST(objection_to_a_serial_query);
	LOOP(timers_are_clamped, 3);
	TEST(expire_below_refresh);
	TEST(silence_is_left_and_retries_grow);
	LOOP(one_octet_at_a_time_and_all_at_once, 2);
	LOOP(random_cache, SEEDS);
	TEST(capture);
}

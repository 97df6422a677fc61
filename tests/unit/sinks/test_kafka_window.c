/*
 * sinks/kafka_window: what is sent, sent again, passed over and done with. The cases play reader
 * and client; the last one by chance, against a list of what was taken.
 */
#include "sinks/kafka_window.h"

#include "tests/unit/support/harness.h"

static struct window w;

/* Offer a record of ours: its number, or UINT64_MAX when it is not to be sent. */
static uint64_t
offer(uint64_t seq)
{
	uint64_t number;

	return window_offer(&w, seq, true, &number) == WINDOW_SEND ? number : UINT64_MAX;
}

static uint64_t
send(uint64_t seq)
{
	uint64_t number = offer(seq);

	ck_assert_uint_ne(number, UINT64_MAX);
	window_sent(&w, number);
	return number;
}

static void
pass(uint64_t seq)
{
	uint64_t number;

	ck_assert_int_eq(window_offer(&w, seq, false, &number), WINDOW_PASS);
}

START_TEST(position)
{
	uint64_t a, b;

	window_start(&w, 10);
	ck_assert_uint_eq(window_position(&w), 10);
	pass(11);
	ck_assert_uint_eq(window_position(&w), 11); /* another topic's does not hold it back */
	a = send(12);
	pass(13);
	b = send(14);
	pass(15);
	ck_assert_uint_eq(window_position(&w), 11);
	window_acknowledge(&w, b);
	ck_assert_uint_eq(window_position(&w), 11);
	window_acknowledge(&w, a);
	ck_assert_uint_eq(window_position(&w), 15);
	ck_assert(window_is_empty(&w));
}
END_TEST

/* A client fails: the next one is given what was not acknowledged, and nothing else. */
START_TEST(another_client)
{
	uint64_t n[6];

	window_start(&w, 0);
	for (uint64_t i = 1; i <= 5; i++)
		n[i] = send(i);
	window_acknowledge(&w, n[1]);
	window_acknowledge(&w, n[3]);
	window_return(&w, n[2]);
	window_return_all(&w);
	ck_assert_uint_eq(w.read_seq, 1);
	ck_assert_uint_eq(w.sent_n, 0);
	ck_assert_uint_eq(offer(2), n[2]);
	ck_assert_uint_eq(offer(2), n[2]); /* the client was full, it is offered again */
	window_sent(&w, n[2]);
	ck_assert_uint_eq(offer(3), UINT64_MAX);
	ck_assert_uint_eq(send(4), n[4]);
	ck_assert_uint_eq(send(5), n[5]);
	send(6);
	window_acknowledge(&w, n[2]);
	ck_assert_uint_eq(window_position(&w), 3);
	/* nothing kept the order: what is acknowledged behind a failure counts for nothing */
	window_acknowledge(&w, n[5]);
	window_forget_done(&w);
	window_return_all(&w);
	ck_assert_uint_eq(offer(4), n[4]);
	window_sent(&w, n[4]);
	ck_assert_uint_eq(offer(5), n[5]);
}
END_TEST

START_TEST(refused)
{
	uint64_t n[5], found;

	window_start(&w, 0);
	for (uint64_t i = 1; i <= 3; i++)
		n[i] = send(i);
	window_refuse(&w, n[1], 7, false);
	window_refuse(&w, n[2], 7, false);
	ck_assert_uint_eq(w.refused_n, 2);
	ck_assert_uint_eq(window_position(&w), 0);
	ck_assert(!window_find_refused(&w, true, &found));
	ck_assert(window_find_refused(&w, false, &found));
	ck_assert_uint_eq(found, n[1]);
	/* read again: it is passed over, until all are tried again */
	window_rewind(&w);
	ck_assert_uint_eq(offer(1), UINT64_MAX);
	window_retry_refused(&w);
	ck_assert_uint_eq(w.refused_n, 0);
	ck_assert_uint_eq(send(1), n[1]);
	window_refuse(&w, n[1], 7, false);
	ck_assert_uint_eq(send(2), n[2]);
	/* another one is taken: it is the fault of what was refused before, not of what comes */
	window_blame_refused(&w);
	window_acknowledge(&w, n[3]);
	window_refuse(&w, n[2], 8, false);
	ck_assert(window_find_refused(&w, true, &found));
	ck_assert_uint_eq(found, n[1]);
	window_set_aside(&w, n[1]);
	ck_assert(!window_find_refused(&w, true, &found));
	ck_assert_uint_eq(window_position(&w), 1);
	window_blame_refused(&w);
	window_retry_refused(&w); /* not that one: it is decided */
	ck_assert(window_find_refused(&w, true, &found));
	ck_assert_int_eq(window_flight(&w, found)->err, 8);
	window_set_aside(&w, found);
	ck_assert_uint_eq(window_position(&w), 3);
	ck_assert_uint_eq(w.refused_n, 0);
}
END_TEST

/* What is decided while the journal is read again must not mix up numbers. */
START_TEST(decided_after_a_rewind)
{
	uint64_t first, second;

	window_start(&w, 0);
	first = send(1);
	window_refuse(&w, first, 7, true);
	second = offer(2);
	window_rewind(&w);
	window_set_aside(&w, first);
	ck_assert_uint_eq(offer(1), UINT64_MAX); /* done with, and no longer known */
	ck_assert_uint_eq(offer(2), second);
	window_sent(&w, second);
	window_acknowledge(&w, second);
	window_rewind(&w);
	ck_assert_uint_eq(offer(2), UINT64_MAX);
	ck_assert_uint_eq(window_position(&w), 2);
}
END_TEST

/* A record that retention took away is waited for by nobody. */
START_TEST(deleted)
{
	uint64_t n[5];

	window_start(&w, 0);
	for (uint64_t i = 1; i <= 4; i++)
		n[i] = send(i);
	window_acknowledge(&w, n[2]);
	window_return_all(&w);
	ck_assert_uint_eq(send(4), n[4]);
	ck_assert_uint_eq(window_position(&w), 3);
	window_acknowledge(&w, n[4]);
	ck_assert_uint_eq(window_position(&w), 4);
}
END_TEST

START_TEST(full)
{
	uint64_t number;

	window_start(&w, 0);
	for (uint64_t i = 1; i <= KAFKA_WINDOW; i++)
		send(i);
	ck_assert_int_eq(window_offer(&w, KAFKA_WINDOW + 1, true, &number), WINDOW_FULL);
	ck_assert_uint_eq(w.read_seq, KAFKA_WINDOW);
	window_acknowledge(&w, 0);
	ck_assert_uint_eq(send(KAFKA_WINDOW + 1), KAFKA_WINDOW);
}
END_TEST

/* Clients that fail at any time: in the end each record was taken once, or set aside. */
START_TEST(by_chance)
{
	enum { RECORDS = 400 };
	static uint8_t taken[RECORDS + 1];
	unsigned seed = (unsigned)_i * 7919 + 1;

	memset(taken, 0, sizeof(taken));
	window_start(&w, 0);
	for (unsigned step = 0; window_position(&w) < RECORDS; step++) {
		uint64_t number, at = w.head + (uint64_t)(rand_r(&seed) % 8);
		int what = rand_r(&seed) % 16;

		ck_assert_uint_lt(step, 1000000);
		if (what == 0) {
			window_return_all(&w);
		} else if (what < 9 && w.read_seq < RECORDS) {
			uint64_t seq = w.read_seq + 1;

			if (window_offer(&w, seq, seq % 3 != 0, &number) == WINDOW_SEND) {
				ck_assert_uint_eq(window_flight(&w, number)->seq, seq);
				window_sent(&w, number);
			}
		} else if (window_has(&w, at) && window_flight(&w, at)->state == FLIGHT_SENT) {
			uint64_t seq = window_flight(&w, at)->seq;

			if (what == 15) {
				window_refuse(&w, at, 1, true);
			} else {
				taken[seq]++;
				window_acknowledge(&w, at);
			}
		} else if (what == 14 && window_find_refused(&w, true, &number)) {
			taken[window_flight(&w, number)->seq]++;
			window_set_aside(&w, number);
		}
	}
	for (unsigned i = 1; i <= RECORDS; i++)
		ck_assert_uint_eq(taken[i], i % 3 != 0);
}
END_TEST

HARNESS_MAIN("kafka_window")
{
	TEST(position);
	TEST(another_client);
	TEST(refused);
	TEST(decided_after_a_rewind);
	TEST(deleted);
	TEST(full);
	LOOP(by_chance, 50);
}

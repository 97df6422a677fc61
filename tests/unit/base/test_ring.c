/* ring: records whole and in order, at every border, in one thread and in two. */
#include "base/ring.h"

#include <pthread.h>
#include <sched.h>

#include "tests/unit/support/harness.h"

enum { SEEDS = 20, STEPS = 20000, RECORDS = 1000000, HEAD = 8 };

/* The octets of record number n: everything about it follows from n. */
static size_t
record_make(uint64_t n, size_t len_max, uint8_t *out)
{
	uint64_t rng = (n + 1) * 0x9e3779b97f4a7c15ULL;
	size_t len = rnd(&rng) % (len_max + 1);

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(n * 31 + i * 7);
	return len;
}

START_TEST(ring_capacities)
{
	static const struct {
		size_t asked, got;
	} rows[] = { { 0, 4096 }, { 1, 4096 }, { 4096, 4096 }, { 4097, 8192 }, { 100000, 131072 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ring *r = ring_new(rows[i].asked);
		size_t len;

		ck_assert_ptr_nonnull(r);
		ck_assert_uint_eq(ring_capacity(r), rows[i].got);
		ck_assert_uint_eq(ring_used(r), 0);
		ck_assert_ptr_null(ring_peek(r, &len));
		ring_free(r);
	}
	ring_free(NULL);
}
END_TEST

/* A record of any length the header allows fits into an empty ring wherever its position is. */
START_TEST(ring_longest_record_fits_when_empty)
{
	struct ring *r = ring_new(4096);
	size_t longest = ring_capacity(r) / 2 - HEAD, len;
	uint8_t *data = malloc(longest);

	memset(data, 0xa5, longest);
	for (size_t shift = 0; shift < 4096; shift += 8) {
		const uint8_t *got;

		ck_assert_msg(ring_put(r, data, longest), "after %zu", shift);
		got = ring_peek(r, &len);
		ck_assert(got != NULL && len == longest);
		ck_assert_mem_eq(got, data, len);
		ring_done(r);
		ck_assert_uint_eq(ring_used(r), 0);
		ck_assert(ring_put(r, data, 0)); /* moves the position by 8 */
		ck_assert(ring_peek(r, &len) != NULL && len == 0);
		ring_done(r);
	}
	free(data);
	ring_free(r);
}
END_TEST

/* Full: refused whole, nothing of it seen, and room again after one is done. */
START_TEST(ring_full_and_room_again)
{
	struct ring *r = ring_new(4096);
	uint8_t data[24] = { 1 };
	size_t n = 0, len;

	while (ring_put(r, data, sizeof(data)))
		n++;
	ck_assert_uint_eq(n, 4096 / 32);
	ck_assert_uint_eq(ring_used(r), 4096);
	ck_assert(!ring_put(r, data, 0));
	ck_assert_ptr_nonnull(ring_peek(r, &len));
	ck_assert_ptr_nonnull(ring_peek(r, &len)); /* looking twice takes nothing */
	ck_assert(!ring_put(r, data, 0));
	ring_done(r);
	ck_assert(ring_put(r, data, sizeof(data)));
	ck_assert(!ring_put(r, data, sizeof(data)));
	for (size_t i = 0; i < n; i++) {
		ck_assert_ptr_nonnull(ring_peek(r, &len));
		ck_assert_uint_eq(len, sizeof(data));
		ring_done(r);
	}
	ck_assert_ptr_null(ring_peek(r, &len));
	ring_free(r);
}
END_TEST

START_TEST(ring_against_a_queue)
{
	uint64_t rng = seed_of(_i), put = 0, got = 0;
	struct ring *r = ring_new(4096);
	size_t len_max = _i % 4 == 0 ? 2040 : _i % 4 == 1 ? 16 : 200, used = 0;
	uint8_t want[2048], *exact;
	unsigned refused = 0;

	for (int step = 0; step < STEPS; step++) {
		size_t len;

		if (rnd(&rng) % 8 < (step / 1000 % 2 ? 2U : 6U)) {
			size_t n = record_make(put, len_max, want);

			exact = exact_copy(want, n);
			if (ring_put(r, exact, n))
				put++;
			else
				refused++;
			free(exact);
		} else {
			const uint8_t *data = ring_peek(r, &len);

			ck_assert((data == NULL) == (put == got));
			if (data == NULL)
				continue;
			ck_assert_uint_eq((uintptr_t)data % 8, 0);
			ck_assert_uint_eq(len, record_make(got, len_max, want));
			if (len > 0)
				ck_assert_mem_eq(data, want, len);
			ring_done(r);
			got++;
		}
		used = ring_used(r);
		ck_assert_uint_le(used, ring_capacity(r));
		ck_assert((used == 0) == (put == got));
	}
	ck_assert_uint_gt(refused, 0);
	ring_free(r);
}
END_TEST

/* --- two threads */

static void *
producer(void *ctx)
{
	struct ring *r = ctx;
	uint8_t data[128];

	for (uint64_t n = 0; n < RECORDS; n++) {
		size_t len = record_make(n, sizeof(data), data);

		while (!ring_put(r, data, len))
			sched_yield();
	}
	return NULL;
}

static uint64_t
sum_of(uint64_t sum, const uint8_t *data, size_t len)
{
	sum = sum * 1099511628211ULL + len;
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ data[i]) * 1099511628211ULL;
	return sum;
}

START_TEST(ring_two_threads)
{
	struct ring *r = ring_new(4096);
	uint64_t sum = 0, want = 0;
	uint8_t data[128];
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, producer, r), 0);
	for (uint64_t n = 0; n < RECORDS;) {
		size_t len;
		const uint8_t *got = ring_peek(r, &len);

		if (got == NULL) {
			sched_yield();
			continue;
		}
		sum = sum_of(sum, got, len);
		ring_done(r);
		n++;
	}
	pthread_join(thread, NULL);
	for (uint64_t n = 0; n < RECORDS; n++)
		want = sum_of(want, data, record_make(n, sizeof(data), data));
	ck_assert_uint_eq(sum, want);
	ck_assert_uint_eq(ring_used(r), 0);
	ring_free(r);
}
END_TEST

HARNESS_MAIN("ring")
{
	TIMEOUT(240);
	TEST(ring_capacities);
	TEST(ring_longest_record_fits_when_empty);
	TEST(ring_full_and_room_again);
	LOOP(ring_against_a_queue, SEEDS);
	TEST(ring_two_threads);
}

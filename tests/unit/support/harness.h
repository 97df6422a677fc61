/* What the Check suites share: main, random numbers, exact-size copies, data that is not ours. */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A copy of exactly this size on the heap: a sanitizer sees the first octet read past its end.
 * Yours to free. */
static inline uint8_t *
exact_copy(const void *data, size_t n)
{
	uint8_t *copy = malloc(n > 0 ? n : 1);

	ck_assert_ptr_nonnull(copy);
	if (n > 0)
		memcpy(copy, data, n);
	return copy;
}

/* Folder of captures that the project may not hold (licences): BELLMAN_SHARED, else ../shared.
 * NULL, said aloud, when absent. */
static inline const char *
shared_data(const char *what)
{
	static char path[1024];
	const char *root = getenv("BELLMAN_SHARED");
	struct stat st;

	snprintf(path, sizeof(path), "%s/data/%s", root != NULL ? root : "../shared", what);
	if (stat(path, &st) == 0)
		return path;
	printf("SKIPPED: %s is not here\n", path);
	return NULL;
}

/* xorshift: a test's own random numbers, the same on every machine. */
static inline uint32_t
rnd(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 16);
}

/* The seed of run i of a loop test; Check names i when the run fails. */
static inline uint64_t
seed_of(int i)
{
	return 0x9e3779b97f4a7c15ULL * ((unsigned)i + 1U);
}

/* How many random cases a naive second judge is asked, over all runs of a loop: BELLMAN_CASES, else
 * as many as are played every time. */
static inline unsigned
random_cases(unsigned usual)
{
	const char *many = getenv("BELLMAN_CASES");

	return many != NULL ? (unsigned)strtoul(many, NULL, 10) : usual;
}

/* For the insides of loops: ck_assert leaves a note in a file at every call, this only when it
 * fails. */
#define require(condition, ...)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg("not so: " __VA_ARGS__);                                      \
	} while (0)

/* A suite while its lines are read: the case that tests are added to, and what was chosen. */
struct harness {
	Suite *suite;
	TCase *tcase;
	const char *only; /* BELLMAN_TEST=NAME runs one test, BELLMAN_TEST=NAME:I its run I */
	unsigned added;
};

static inline TCase *
harness_case(struct harness *h, const char *name)
{
	h->tcase = tcase_create(name);
	suite_add_tcase(h->suite, h->tcase);
	return h->tcase;
}

static inline TCase *
harness_case_now(struct harness *h)
{
	return h->tcase != NULL ? h->tcase : harness_case(h, "all");
}

static inline void
harness_add(struct harness *h, const TTest *test, const char *name, int runs)
{
	size_t len = strlen(name);
	int from = 0, to = runs;

	if (h->only != NULL && strncmp(h->only, name, len) == 0 && h->only[len] == ':') {
		from = atoi(h->only + len + 1);
		to = from >= 0 && from < runs ? from + 1 : from;
	} else if (h->only != NULL && strcmp(h->only, name) != 0) {
		return;
	}
	h->added += to > from;
	tcase_add_loop_test(harness_case_now(h), test, from, to);
}

/* Run the suite; the exit code of main. */
static inline int
harness_run(const char *name, void (*add_tests)(struct harness *))
{
	struct harness h = { .suite = suite_create(name), .only = getenv("BELLMAN_TEST") };
	SRunner *runner = srunner_create(h.suite);
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0); /* or each child says again what was said before it */
	add_tests(&h);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	if (h.only != NULL && h.added == 0)
		fprintf(stderr, "%s: no test %s\n", name, h.only);
	return failed == 0 && (h.only == NULL || h.added > 0) ? 0 : 1;
}

/*
 * The end of every suite, in place of main:
 *
 *	HARNESS_MAIN("ring")
 *	{
 *		TIMEOUT(240);
 *		TEST(ring_capacities);
 *		ROWS(ring_sizes, sizes);
 *		LOOP(ring_against_a_queue, SEEDS);
 *	}
 *
 * The body is a function: it may leave out what cannot run here, if it says so aloud.
 */
#define HARNESS_MAIN(name)                                                                         \
	static void harness_add_tests(struct harness *);                                           \
                                                                                                   \
	int main(void)                                                                             \
	{                                                                                          \
		return harness_run(name, harness_add_tests);                                       \
	}                                                                                          \
                                                                                                   \
	static void harness_add_tests(struct harness *harness)

/* Begin a case: tests with a time limit or a fixture of their own, or what CK_RUN_CASE may choose.
 * A suite without one has the case "all". */
#define CASE(name)	 harness_case(harness, name)
/* Seconds that each test of the case may take; Check's default is 4. */
#define TIMEOUT(seconds) tcase_set_timeout(harness_case_now(harness), seconds)
/* What runs before and after each test of the case, in the test's own process. */
#define FIXTURE(setup, teardown)                                                                   \
	tcase_add_checked_fixture(harness_case_now(harness), setup, teardown)
/* A test that runs once; n times, _i being 0 to n - 1; once for each row of a table, rows[_i]. */
#define TEST(test)	 LOOP(test, 1)
#define LOOP(test, n)	 harness_add(harness, test, #test, n)
#define ROWS(test, rows) LOOP(test, (int)(sizeof(rows) / sizeof((rows)[0])))

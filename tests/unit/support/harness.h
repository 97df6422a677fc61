/* What the Check suites share: runner, exact-size copies, the place of data that is not ours. */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Run the suite; the exit code of main. */
static inline int
harness_run(Suite *s)
{
	SRunner *sr = srunner_create(s);
	int failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}

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

/* A loop test over the rows of a table. */
#define harness_add_rows(tcase, test, rows)                                                        \
	tcase_add_loop_test(tcase, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

/* For the insides of loops: ck_assert leaves a note in a file at every call, this only when it
 * fails. */
#define require(condition, ...)                                                                    \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg("not so: " __VA_ARGS__);                                      \
	} while (0)

/*
 * What the bench programs share: a file in memory, CPU seconds, medians, one JSON line per result.
 */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"

enum { BENCH_RUNS_MAX = 99 };

struct bench_file {
	const uint8_t *data;
	size_t len;
};

static inline void __attribute__((noreturn)) bench_fail(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Mapped and touched: reading it costs no page fault later. Stays until the process ends. */
static inline struct bench_file
bench_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *at;

	if (fd < 0 || fstat(fd, &st) != 0)
		bench_fail(path);
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (at == MAP_FAILED)
		bench_fail(path);
	close(fd);
	return (struct bench_file){ .data = at, .len = (size_t)st.st_size };
}

/* Resident memory of this process, octets, without the files that are mapped. */
static inline uint64_t
bench_rss(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long pages = 0, of_files = 0;

	if (f == NULL || fscanf(f, "%*u %lu %lu", &pages, &of_files) != 2)
		bench_fail("/proc/self/statm");
	fclose(f);
	return (uint64_t)(pages - of_files) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static inline int
bench_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts the values; the middle one. */
static inline double
bench_median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, bench_cmp);
	return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

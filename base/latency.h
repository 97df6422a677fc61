/* latency: how long something took, counted by so much and less. One thread's. */
#pragma once

#include <stdint.h>

enum { LATENCY_BOUNDS = 12 };
/* Microseconds, rising. */
extern const int64_t latency_bounds[LATENCY_BOUNDS];

struct latency {
	uint64_t n[LATENCY_BOUNDS + 1]; /* above the bound before, up to this one; then the rest */
	uint64_t sum_us;
};

/* A clock that was set back is taken for no time at all. */
void latency_add(struct latency *, int64_t us);
uint64_t latency_count(const struct latency *);

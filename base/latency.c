#include "base/latency.h"

const int64_t latency_bounds[LATENCY_BOUNDS] = { 500, 1000, 5000, 10000, 50000, 100000, 500000,
	1000000, 2500000, 5000000, 10000000, 60000000 };

void
latency_add(struct latency *l, int64_t us)
{
	unsigned i = 0;

	while (i < LATENCY_BOUNDS && us > latency_bounds[i])
		i++;
	l->n[i]++;
	l->sum_us += us > 0 ? (uint64_t)us : 0;
}

uint64_t
latency_count(const struct latency *l)
{
	uint64_t n = 0;

	for (unsigned i = 0; i <= LATENCY_BOUNDS; i++)
		n += l->n[i];
	return n;
}

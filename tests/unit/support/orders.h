/* All orders of a few things. */
#pragma once

#include <string.h>

enum { ORDERS_MAX = 8 };

static inline unsigned
orders_of(unsigned n)
{
	return n < 2 ? 1 : n * orders_of(n - 1);
}

/* The k-th order of n things. */
static inline void
order_of(unsigned k, unsigned n, unsigned out[ORDERS_MAX])
{
	unsigned left[ORDERS_MAX];

	for (unsigned i = 0; i < n; i++)
		left[i] = i;
	for (unsigned i = 0; i < n; i++) {
		unsigned pick = k % (n - i);

		k /= n - i;
		out[i] = left[pick];
		memmove(left + pick, left + pick + 1, (n - i - 1 - pick) * sizeof(left[0]));
	}
}

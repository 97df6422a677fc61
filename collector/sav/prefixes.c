/* The smallest list of prefixes for the same addresses. */
#include "collector/sav/sav.h"

#include <stdlib.h>

static int
compare(const void *a, const void *b)
{
	return ip_prefix_cmp(a, b);
}

/* Do the two make one that is a bit shorter? Both sorted, of one length. */
static bool
are_halves(const struct ip_prefix *a, const struct ip_prefix *b)
{
	struct ip_prefix parent = *a;

	if (a->family != b->family || a->len != b->len || a->len == 0)
		return false;
	return ip_prefix_make(&parent, a->family, a->b, a->len - 1U) &&
	       memcmp(a->b, parent.b, sizeof(parent.b)) == 0 && ip_prefix_covers(&parent, b) &&
	       memcmp(a->b, b->b, sizeof(a->b)) != 0;
}

/* A stack: what is on it is the smallest list so far, and the next prefix lies behind all of it or
 * in its last. */
size_t
sav_smallest(struct ip_prefix *v, size_t n)
{
	size_t top = 0;

	qsort(v, n, sizeof(*v), compare);
	for (size_t i = 0; i < n; i++) {
		if (top > 0 && ip_prefix_covers(&v[top - 1], &v[i]))
			continue;
		v[top++] = v[i];
		while (top > 1 && are_halves(&v[top - 2], &v[top - 1])) {
			v[top - 2].len--;
			top--;
		}
	}
	return top;
}

bool
sav_permits(const struct ip_prefix *list, size_t n, const struct ip_prefix *p)
{
	size_t low = 0, high = n;

	/* the last one that is not behind it is the only one that can cover it */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ip_prefix_cmp(&list[mid], p) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 && ip_prefix_covers(&list[low - 1], p);
}

#include "collector/rpki/vrp_expiry.h"

#include <stdlib.h>

bool
vrp_expiries_add(struct vrp_expiries *l, const struct vrp *v, int64_t at_s, int64_t now_s)
{
	if (at_s - now_s > VRP_EXPIRY_KEPT_S)
		return true;
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 64 : 2 * l->cap;
		struct vrp_expiry *bigger = realloc(l->v, cap * sizeof(*bigger));

		if (bigger == NULL)
			return false;
		l->v = bigger;
		l->cap = cap;
	}
	l->v[l->n++] = (struct vrp_expiry){ *v, at_s };
	return true;
}

/* The last first. */
static int
cmp(const void *x, const void *y)
{
	const struct vrp_expiry *a = x, *b = y;
	int c = vrp_cmp(&a->vrp, &b->vrp);

	return c != 0 ? c : (a->at_s < b->at_s) - (a->at_s > b->at_s);
}

void
vrp_expiries_sort(struct vrp_expiries *l)
{
	if (l->n > 0)
		qsort(l->v, l->n, sizeof(*l->v), cmp);
}

int64_t
vrp_expiries_find(const struct vrp_expiries *l, const struct vrp *v)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (vrp_cmp(&l->v[middle].vrp, v) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->n && vrp_cmp(&l->v[low].vrp, v) == 0 ? l->v[low].at_s : 0;
}

void
vrp_expiries_free(struct vrp_expiries *l)
{
	free(l->v);
	*l = (struct vrp_expiries){ .n = 0 };
}

#include "collector/rpki/vrp_union.h"

#include <stdlib.h>

/* Both sorted and unique; room for all is there. */
static void
merge(const struct vrp_list *a, const struct vrp_list *b, struct vrp_list *out)
{
	size_t i = 0, k = 0;

	while (i < a->n || k < b->n) {
		int c = i == a->n ? 1 : k == b->n ? -1 : vrp_cmp(&a->v[i], &b->v[k]);

		out->v[out->n++] = c <= 0 ? a->v[i] : b->v[k];
		i += c <= 0;
		k += c >= 0;
	}
}

bool
vrp_union(const struct vrp_list *const *lists, size_t n, struct vrp_list *out)
{
	*out = (struct vrp_list){ 0 };
	if (n > 0 && !vrp_list_copy(out, lists[0]))
		return false;
	for (size_t i = 1; i < n; i++) {
		struct vrp_list both = { .cap = out->n + lists[i]->n };

		if (lists[i]->n == 0)
			continue;
		both.v = malloc(both.cap * sizeof(*both.v));
		if (both.v == NULL) {
			vrp_list_free(out);
			return false;
		}
		merge(out, lists[i], &both);
		vrp_list_free(out);
		*out = both;
	}
	return true;
}

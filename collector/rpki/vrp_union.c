#include "collector/rpki/vrp_union.h"

#include <stdlib.h>
#include <string.h>

struct vrp_set *
vrp_union(const struct vrp_list *const *lists, size_t n, uint64_t generation)
{
	struct vrp_list all = { 0 };
	struct vrp_set *set;
	size_t total = 0;

	if (n == 1)
		return vrp_set_new(lists[0], generation);
	for (size_t i = 0; i < n; i++)
		total += lists[i]->n;
	all.v = calloc(total + 1, sizeof(*all.v));
	if (all.v == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (lists[i]->n > 0)
			memcpy(all.v + all.n, lists[i]->v, lists[i]->n * sizeof(*all.v));
		all.n += lists[i]->n;
	}
	all.cap = total + 1;
	vrp_list_sort_unique(&all);
	set = vrp_set_new(&all, generation);
	vrp_list_free(&all);
	return set;
}

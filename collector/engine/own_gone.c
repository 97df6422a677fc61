/* Own prefixes that no router of the collector has any more, and sets of prefixes. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT4 = 8, SHORT6 = 16 };

size_t
prefixes_place(const struct prefixes *all, const struct ip_prefix *p)
{
	size_t lo = 0, hi = all->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&all->v[mid], p) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
prefixes_have(const struct prefixes *all, const struct ip_prefix *p)
{
	size_t at = prefixes_place(all, p);

	return at < all->n && ip_prefix_cmp(&all->v[at], p) == 0;
}

bool
prefixes_add(struct prefixes *all, const struct ip_prefix *p)
{
	size_t at = prefixes_place(all, p);

	if (all->n == all->max) {
		size_t max = all->max != 0 ? 2 * all->max : 16;
		struct ip_prefix *v = realloc(all->v, max * sizeof(*v));

		if (v == NULL)
			return false;
		all->v = v;
		all->max = max;
	}
	memmove(&all->v[at + 1], &all->v[at], (all->n - at) * sizeof(*all->v));
	all->v[at] = *p;
	all->n++;
	return true;
}

void
prefixes_take_out(struct prefixes *all, const struct ip_prefix *p)
{
	size_t at = prefixes_place(all, p);

	all->n--;
	memmove(&all->v[at], &all->v[at + 1], (all->n - at) * sizeof(*all->v));
}

const struct ip_prefix *
own_gone_in(const struct engine *e, const struct ip_prefix *p)
{
	const struct prefixes *all = &e->own_gone;

	if (all->n == 0 || p->len < (p->family == IP_V4 ? SHORT4 : SHORT6))
		return NULL;
	for (size_t at = prefixes_place(all, p); at < all->n && ip_prefix_covers(p, &all->v[at]);
	     at++)
		if (all->v[at].len > p->len && detect_is_own_prefix(e->detect, &all->v[at]))
			return &all->v[at];
	return NULL;
}

void
engine_set_own_gone(struct engine *e, const struct engine_own_gone *from)
{
	struct prefixes *all = &e->own_gone;

	if (from->anew)
		all->n = 0;
	for (size_t i = 0; i < from->n; i++)
		if (!prefixes_have(all, &from->prefixes[i]))
			prefixes_add(all, &from->prefixes[i]);
	if (!from->more)
		job_evaluate_own(e, REASON_ANNOUNCED);
}

void
own_gone_free(struct engine *e)
{
	free(e->own_there.v);
	free(e->own_gone.v);
}

#include "collector/rpki/rtr_aspas.h"

#include <stdlib.h>

static bool
grow(void **v, size_t *cap, size_t want, size_t size)
{
	size_t n = *cap == 0 ? 64 : *cap;
	void *bigger;

	if (want <= *cap)
		return true;
	while (n < want)
		n *= 2;
	bigger = realloc(*v, n * size);
	if (bigger == NULL)
		return false;
	*v = bigger;
	*cap = n;
	return true;
}

bool
rtr_aspas_add(
    struct rtr_aspas *p, uint32_t customer, struct cursor providers, bool of_family, size_t max)
{
	size_t n = cur_left(&providers) / 4;
	void *v = p->v, *pool = p->providers;
	bool ok = n <= max && p->providers_n <= max - n && p->n < max &&
		  grow(&v, &p->cap, p->n + 1, sizeof(*p->v));

	p->v = v;
	ok = ok && grow(&pool, &p->providers_cap, p->providers_n + n, sizeof(*p->providers));
	p->providers = pool;
	if (!ok)
		return false;
	p->v[p->n] = (struct rtr_aspa){ customer, (uint32_t)p->n, (uint32_t)p->providers_n,
		(uint32_t)n, of_family };
	p->n++;
	p->of_family |= of_family;
	while (n-- > 0)
		p->providers[p->providers_n++] = cur_u32(&providers);
	return true;
}

void
rtr_aspas_free(struct rtr_aspas *p)
{
	free(p->v);
	free(p->providers);
	*p = (struct rtr_aspas){ 0 };
}

static int
cmp_aspa(const void *a, const void *b)
{
	const struct rtr_aspa *x = a, *y = b;

	if (x->customer != y->customer)
		return x->customer < y->customer ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* All that was sent of one customer, in order: the last of it counts. */
static const struct rtr_aspa *
last_of(const struct rtr_aspas *p, size_t from, bool there, size_t *end, size_t *misfits)
{
	size_t i = from;

	for (; i < p->n && p->v[i].customer == p->v[from].customer; i++) {
		*misfits += p->v[i].n == 0 && !there;
		there = p->v[i].n > 0;
	}
	*end = i;
	return &p->v[i - 1];
}

bool
rtr_aspas_apply(struct rtr_aspas *p, const struct aspa_list *base, struct aspa_list *next,
    size_t *misfits, uint32_t *customer)
{
	size_t base_n = base != NULL ? base->n : 0, b = 0, i = 0;
	bool ok = true;

	*next = (struct aspa_list){ 0 };
	*misfits = 0;
	if (p->n > 0)
		qsort(p->v, p->n, sizeof(*p->v), cmp_aspa);
	while (ok && (b < base_n || i < p->n)) {
		const struct rtr_aspa *first, *last;
		size_t before = *misfits, from = b;
		uint32_t who;

		if (i == p->n || (b < base_n && base->v[b].customer < p->v[i].customer)) {
			ok = aspa_list_add(next, base->v[b].customer, base->v[b].provider);
			b++;
			continue;
		}
		who = p->v[i].customer;
		while (b < base_n && base->v[b].customer == who)
			b++;
		first = &p->v[i];
		last = last_of(p, i, b > from, &i, misfits);
		if (*misfits > 0 && before == 0)
			*customer = who;
		for (const struct rtr_aspa *x = last->of_family ? first : last; x <= last; x++)
			for (uint32_t k = 0; k < x->n && ok; k++)
				ok = aspa_list_add(next, who, p->providers[x->first + k]);
	}
	if (p->of_family) /* both families may name a provider, in any order */
		aspa_list_sort_unique(next);
	if (!ok)
		aspa_list_free(next);
	return ok;
}

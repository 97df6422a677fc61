#include "collector/rpki/rtr_pending.h"

#include <stdlib.h>

bool
rtr_pending_add(struct rtr_pending *p, const struct vrp *v, bool announce)
{
	if (p->n == p->cap) {
		size_t cap = p->cap == 0 ? 256 : p->cap * 2;
		struct rtr_entry *bigger = realloc(p->v, cap * sizeof(*bigger));

		if (bigger == NULL)
			return false;
		p->v = bigger;
		p->cap = cap;
	}
	p->v[p->n] = (struct rtr_entry){ .vrp = *v, .at = (uint32_t)p->n, .announce = announce };
	p->n++;
	return true;
}

void
rtr_pending_free(struct rtr_pending *p)
{
	free(p->v);
	*p = (struct rtr_pending){ 0 };
}

static int
cmp_entry(const void *a, const void *b)
{
	const struct rtr_entry *x = a, *y = b;
	int d = vrp_cmp(&x->vrp, &y->vrp);

	return d != 0 ? d : x->at < y->at ? -1 : x->at > y->at;
}

/* What becomes of one record, there or not, by all that was sent about it, in order. */
static bool
follow(const struct rtr_entry *t, size_t n, bool there, struct rtr_misfits *misfits)
{
	for (size_t i = 0; i < n; i++) {
		if (t[i].announce == there && misfits->n++ == 0) {
			misfits->first = t[i].vrp;
			misfits->first_announced = there;
		}
		there = t[i].announce;
	}
	return there;
}

static size_t
same_record(const struct rtr_entry *t, size_t left)
{
	size_t n = 1;

	while (n < left && vrp_cmp(&t[n].vrp, &t[0].vrp) == 0)
		n++;
	return n;
}

bool
rtr_pending_apply(struct rtr_pending *p, const struct vrp_list *base, struct vrp_list *next,
    struct rtr_misfits *misfits)
{
	size_t base_n = base != NULL ? base->n : 0, b = 0, i = 0;

	*next = (struct vrp_list){ 0 };
	*misfits = (struct rtr_misfits){ 0 };
	if (p->n > 0)
		qsort(p->v, p->n, sizeof(*p->v), cmp_entry);
	while (b < base_n || i < p->n) {
		int c = b == base_n ? 1 : i == p->n ? -1 : vrp_cmp(&base->v[b], &p->v[i].vrp);
		const struct vrp *v = c <= 0 ? &base->v[b] : &p->v[i].vrp;
		bool there = c <= 0;

		if (c >= 0) {
			size_t n = same_record(&p->v[i], p->n - i);

			there = follow(&p->v[i], n, there, misfits);
			i += n;
		}
		b += c <= 0;
		if (there && !vrp_list_add(next, v)) {
			vrp_list_free(next);
			return false;
		}
	}
	return true;
}

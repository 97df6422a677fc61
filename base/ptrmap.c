#include "base/ptrmap.h"

#include <assert.h>

#include "base/probe.h"

enum { SLOTS_FIRST = 16 };

struct ptrmap_slot {
	void *p;
	uint32_t hash;
};

PROBE_DEFINE(slot, struct ptrmap_slot, e->p == NULL, e->hash);

bool
ptrmap_add(struct ptrmap *m, uint32_t hash, void *p)
{
	assert(p != NULL);
	if (m->n >= m->max - m->max / 4 && !slot_grow(&m->slots, &m->max, SLOTS_FIRST))
		return false;
	*slot_place(m->slots, m->max, hash) = (struct ptrmap_slot){ .p = p, .hash = hash };
	m->n++;
	return true;
}

void
ptrmap_remove(struct ptrmap *m, uint32_t hash, const void *p)
{
	uint32_t i = hash & (m->max - 1);

	assert(m->n > 0);
	while (m->slots[i].p != p) {
		assert(m->slots[i].p != NULL);
		i = (i + 1) & (m->max - 1);
	}
	slot_take_out(m->slots, m->max, &m->slots[i]);
	m->n--;
}

void *
ptrmap_next(const struct ptrmap *m, uint32_t hash, uint32_t *at)
{
	if (m->n == 0)
		return NULL;
	for (;;) {
		const struct ptrmap_slot *s = &m->slots[(hash + *at) & (m->max - 1)];

		if (s->p == NULL)
			return NULL;
		(*at)++;
		if (s->hash == hash)
			return s->p;
	}
}

void
ptrmap_prefetch(const struct ptrmap *m, uint32_t hash)
{
	if (m->max > 0)
		__builtin_prefetch(&m->slots[hash & (m->max - 1)], 1);
}

void
ptrmap_free(struct ptrmap *m)
{
	free(m->slots);
	*m = (struct ptrmap){ 0 };
}

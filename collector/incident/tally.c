#include "collector/incident/tally.h"

#include "base/probe.h"

enum { TALLY_FIRST = 4 }; /* of most incidents one is used */

PROBE_DEFINE(slot, struct tally_slot, e->key == 0, (uint32_t)(e->key ^ e->key >> 32));

static uint64_t
key_of(uint64_t key)
{
	return key != 0 ? key : 1;
}

static struct tally_slot *
find(const struct tally *t, uint64_t key)
{
	uint32_t mask = t->max - 1;

	if (t->max == 0)
		return NULL;
	for (uint32_t i = (uint32_t)(key ^ key >> 32) & mask; t->slots[i].key != 0;
	     i = (i + 1) & mask)
		if (t->slots[i].key == key)
			return &t->slots[i];
	return NULL;
}

bool
tally_add(struct tally *t, uint64_t key, uint32_t value, bool *is_new)
{
	struct tally_slot *s;

	key = key_of(key);
	s = find(t, key);
	*is_new = s == NULL;
	if (s == NULL) {
		if (t->used >= t->max - t->max / 4 && !slot_grow(&t->slots, &t->max, TALLY_FIRST))
			return false;
		s = slot_place(t->slots, t->max, (uint32_t)(key ^ key >> 32));
		s->key = key;
		s->value = value;
		t->used++;
	}
	s->n++;
	return true;
}

bool
tally_remove(struct tally *t, uint64_t key)
{
	struct tally_slot *s = find(t, key_of(key));

	if (s == NULL || --s->n > 0)
		return false;
	slot_take_out(t->slots, t->max, s);
	t->used--;
	return true;
}

bool
tally_has(const struct tally *t, uint64_t key)
{
	return find(t, key_of(key)) != NULL;
}

unsigned
tally_values(const struct tally *t, uint32_t *values, unsigned max)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < t->max; i++) {
		uint32_t v = t->slots[i].value;
		unsigned at;

		if (t->slots[i].key == 0 || (n == max && (max == 0 || v >= values[n - 1])))
			continue;
		at = n < max ? n++ : n - 1;
		for (; at > 0 && values[at - 1] > v; at--)
			values[at] = values[at - 1];
		values[at] = v;
	}
	return n;
}

static bool
is_before(const struct tally_slot *a, const struct tally_slot *b)
{
	return a->n != b->n ? a->n > b->n : a->value < b->value;
}

unsigned
tally_top(const struct tally *t, struct tally_slot *top, unsigned max)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < t->max; i++) {
		const struct tally_slot *s = &t->slots[i];
		unsigned at;

		if (s->key == 0 || (n == max && (max == 0 || !is_before(s, &top[n - 1]))))
			continue;
		at = n < max ? n++ : n - 1;
		for (; at > 0 && is_before(s, &top[at - 1]); at--)
			top[at] = top[at - 1];
		top[at] = *s;
	}
	return n;
}

void
tally_free(struct tally *t)
{
	free(t->slots);
	*t = (struct tally){ 0 };
}

/* The incidents by id, and the numbers of those of the past. */
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum { PAST_MAX = 65536, SLOTS_FIRST = 64 };

/* An id is a hash already. */
static uint32_t
id_hash(const char *id)
{
	uint32_t h = 0;

	for (int k = 0; k < 8; k++)
		h = h * 31 + (unsigned char)id[k];
	return h;
}

struct incident *
incident_find(const struct incidents *t, const char *id)
{
	struct incident *i;

	for (uint32_t at = 0; (i = ptrmap_next(&t->by_id, id_hash(id), &at)) != NULL;)
		if (strcmp(i->rec.id, id) == 0 || strcmp(i->alias, id) == 0)
			return i;
	return NULL;
}

void
incident_alias(struct incidents *t, struct incident *i, const char *id)
{
	if (strcmp(i->rec.id, id) == 0 || !ptrmap_add(&t->by_id, id_hash(id), i))
		return;
	text_copy(i->alias, sizeof(i->alias), id);
}

/* --- those of the past */

static struct past *
find_past(const struct incidents *t, const char *id)
{
	struct past *p;

	for (uint32_t at = 0; (p = ptrmap_next(&t->past_by_id, id_hash(id), &at)) != NULL;)
		if (strcmp(p->id, id) == 0)
			return p;
	return NULL;
}

const struct past *
past_find(const struct incidents *t, const char *id)
{
	return find_past(t, id);
}

static void
forget_oldest(struct incidents *t)
{
	struct past *p = t->past_oldest;

	t->past_oldest = p->newer;
	if (t->past_oldest == NULL)
		t->past_newest = NULL;
	ptrmap_remove(&t->past_by_id, id_hash(p->id), p);
	free(p);
	t->past_n--;
}

void
past_keep(struct incidents *t, const struct past *numbers)
{
	struct past *p = find_past(t, numbers->id), *newer;

	if (p != NULL) {
		newer = p->newer;
		*p = *numbers;
		p->newer = newer;
		return;
	}
	if (t->past_n == PAST_MAX)
		forget_oldest(t);
	p = malloc(sizeof(*p));
	if (p == NULL)
		return;
	*p = *numbers;
	p->newer = NULL;
	if (!ptrmap_add(&t->past_by_id, id_hash(p->id), p)) {
		free(p);
		return;
	}
	if (t->past_newest != NULL)
		t->past_newest->newer = p;
	else
		t->past_oldest = p;
	t->past_newest = p;
	t->past_n++;
}

/* --- coming and going */

/* Close the gaps of incidents that are gone. */
static void
compact(struct incidents *t)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < t->slots_n; k++)
		if (t->slots[k].incident != NULL)
			t->slots[n++] = t->slots[k];
	t->slots_n = n;
	t->slots_free = 0;
}

static bool
slot_add(struct incidents *t, struct incident *i)
{
	if (t->slots_n == t->slots_max && t->slots_free > t->slots_n / 2)
		compact(t);
	if (t->slots_n == t->slots_max) {
		uint32_t max = t->slots_max == 0 ? SLOTS_FIRST : t->slots_max * 2;
		struct slot *v = realloc(t->slots, max * sizeof(*v));

		if (v == NULL)
			return false;
		t->slots = v;
		t->slots_max = max;
	}
	t->slots[t->slots_n++] = (struct slot){ i->number, i };
	return true;
}

static void
slot_remove(struct incidents *t, const struct incident *i)
{
	uint32_t lo = 0, hi = t->slots_n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->slots[mid].number < i->number)
			lo = mid + 1;
		else
			hi = mid;
	}
	t->slots[lo].incident = NULL;
	t->slots_free++;
}

/* What is ours finds a reserve of a quarter. */
static bool
room(const struct incidents *t, bool own)
{
	return t->n < t->config.max + (own ? t->config.max / 4 + 1 : 0);
}

struct incident *
incident_make(struct incidents *t, const char *id, bool own)
{
	struct incident *i;

	if (!room(t, own) || (i = calloc(1, sizeof(*i))) == NULL)
		return NULL;
	text_copy(i->rec.id, sizeof(i->rec.id), id);
	i->number = ++t->numbers;
	i->own = own;
	if (!ptrmap_add(&t->by_id, id_hash(id), i)) {
		free(i);
		return NULL;
	}
	if (!slot_add(t, i)) {
		ptrmap_remove(&t->by_id, id_hash(id), i);
		free(i);
		return NULL;
	}
	i->prev = t->last;
	if (t->last != NULL)
		t->last->next = i;
	else
		t->list = i;
	t->last = i;
	t->n++;
	return i;
}

static void
incident_free(struct incident *i)
{
	incident_free_members(i);
	free(i->awaited);
	free(i->packed);
	free(i);
}

void
incident_drop(struct incidents *t, struct incident *i, int64_t now_us)
{
	struct past p = { .occurrence = i->rec.occurrence,
		.revision = i->rec.revision,
		.flaps = i->rec.flaps,
		.closed_us = now_us,
		.first_seen_us = i->rec.first_seen_us };

	text_copy(p.id, sizeof(p.id), i->rec.id);
	if (i->rec.revision > 0)
		past_keep(t, &p);
	ptrmap_remove(&t->by_id, id_hash(i->rec.id), i);
	if (i->alias[0] != '\0')
		ptrmap_remove(&t->by_id, id_hash(i->alias), i);
	slot_remove(t, i);
	if (i->prev != NULL)
		i->prev->next = i->next;
	else
		t->list = i->next;
	if (i->next != NULL)
		i->next->prev = i->prev;
	else
		t->last = i->prev;
	t->n--;
	t->awaited -= i->awaited_n;
	incident_free(i);
}

void
incident_table_free(struct incidents *t)
{
	while (t->list != NULL) {
		struct incident *i = t->list;

		t->list = i->next;
		incident_free(i);
	}
	while (t->past_oldest != NULL)
		forget_oldest(t);
	ptrmap_free(&t->by_id);
	ptrmap_free(&t->past_by_id);
	free(t->slots);
	free(t->record);
}

/* Routers and their peers: who tells, what is monitored there, and whether it is there. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

static uint64_t
source_key(uint32_t router, uint32_t peer, enum source_family family)
{
	/* the numbers are our own: no seed is needed */
	return ((uint64_t)router << 32 | (uint64_t)peer << 2 | family) + 1;
}

/* Numbers are values of a tally, which counts them once. */
uint32_t
source_find(const struct incidents *t, uint32_t router, uint32_t peer, enum source_family family)
{
	uint32_t mask = t->source_by_key.max - 1;
	uint64_t key = source_key(router, peer, family);

	if (t->source_by_key.max == 0)
		return UINT32_MAX;
	for (uint32_t i = (uint32_t)(key ^ key >> 32) & mask; t->source_by_key.slots[i].key != 0;
	     i = (i + 1) & mask)
		if (t->source_by_key.slots[i].key == key)
			return t->source_by_key.slots[i].value;
	return UINT32_MAX;
}

static uint32_t
source_make(struct incidents *t, uint32_t router, uint32_t peer, enum source_family family)
{
	bool is_new;

	if (t->sources_n == t->sources_max) {
		uint32_t max = t->sources_max == 0 ? 16 : t->sources_max * 2;
		struct source *v = realloc(t->sources, max * sizeof(*v));

		if (v == NULL)
			return UINT32_MAX;
		t->sources = v;
		t->sources_max = max;
	}
	if (!tally_add(&t->source_by_key, source_key(router, peer, family), t->sources_n, &is_new))
		return UINT32_MAX;
	t->sources[t->sources_n] =
	    (struct source){ .router = router, .peer = peer, .family = family };
	return t->sources_n++;
}

uint32_t
source_of_finding(struct incidents *t, const struct finding *f)
{
	enum source_family family = source_family(f->prefix.family == IP_V6, f->labelled);
	uint32_t number = source_find(t, f->router, f->peer, family);
	struct source *s;

	if (number == UINT32_MAX)
		number = source_make(t, f->router, f->peer, family);
	if (number == UINT32_MAX)
		return UINT32_MAX;
	s = &t->sources[number];
	s->address = f->address;
	s->as = f->peer_as;
	s->relation = f->relation;
	s->relation_configured = f->relation_configured;
	s->like = f->like;
	s->like_in = f->like_in;
	s->like_out = f->like_out;
	s->like_full = f->like_full;
	s->views_monitored |= (uint8_t)(f->views_monitored | 1U << f->view);
	text_copy(s->table, sizeof(s->table), f->table);
	text_copy(s->distinguisher, sizeof(s->distinguisher), f->distinguisher);
	return number;
}

struct feed *
feed_of(const struct incidents *t, uint32_t number)
{
	return number < t->feeds_n && t->feeds[number].known ? &t->feeds[number] : NULL;
}

struct feed *
feed_make(struct incidents *t, uint32_t number)
{
	struct feed *v;
	uint32_t n;

	if (number >= t->feeds_n) {
		n = number + number / 2 + 8;
		v = realloc(t->feeds, n * sizeof(*v));
		if (v == NULL)
			return NULL;
		memset(v + t->feeds_n, 0, (n - t->feeds_n) * sizeof(*v));
		t->feeds = v;
		t->feeds_n = n;
	}
	return &t->feeds[number];
}

const struct feed *
feed_named(const struct incidents *t, const char *name)
{
	const struct feed *found = NULL;

	for (uint32_t k = 0; k < t->feeds_n; k++) {
		const struct feed *f = &t->feeds[k];

		if (!f->known || strcmp(f->name, name) != 0)
			continue;
		if (found == NULL || f->state > found->state)
			found = f;
	}
	return found;
}

void
sources_free(struct incidents *t)
{
	free(t->feeds);
	free(t->sources);
	tally_free(&t->source_by_key);
}

/* Who is behind a customer: by what ASes say themselves, else by paths. */
#include "collector/sav/sav_private.h"

#include <stdlib.h>

struct sav_as *
sav_as_find(const struct sav_as_set *s, uint32_t asn)
{
	uint32_t mask = s->max - 1;

	if (s->max == 0)
		return NULL;
	for (uint32_t i = sav_hash(asn) & mask; !known_as_is_free(&s->v[i]); i = (i + 1) & mask)
		if (s->v[i].asn == asn)
			return &s->v[i];
	return NULL;
}

struct sav_as *
sav_as_make(struct sav_as_set *s, uint32_t asn)
{
	struct sav_as *a = sav_as_find(s, asn);

	if (a != NULL)
		return a;
	if (s->n >= s->max / 2 && !known_as_grow(&s->v, &s->max, SAV_FIRST))
		return NULL;
	a = known_as_place(s->v, s->max, sav_hash(asn));
	*a = (struct sav_as){ .asn = asn };
	s->n++;
	return a;
}

static int
by_above(const void *a, const void *b)
{
	const struct sav_edge *x = a, *y = b;

	if (x->above != y->above)
		return x->above < y->above ? -1 : 1;
	return x->below < y->below ? -1 : x->below > y->below;
}

/* Edges, by who is above. */
struct sorted {
	struct sav_edge *v;
	size_t n;
};

static size_t
first_of(const struct sorted *s, uint32_t above)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->v[mid].above < above)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
by_paths(const struct sav *s, struct sorted *out)
{
	out->v = malloc((s->edges_n + 1) * sizeof(*out->v));
	if (out->v == NULL)
		return false;
	for (uint32_t i = 0; i < s->edges_max; i++)
		if (!edge_is_free(&s->edges[i]))
			out->v[out->n++] = s->edges[i];
	qsort(out->v, out->n, sizeof(*out->v), by_above);
	return true;
}

static bool
by_aspas(const struct aspa_set *aspas, struct sorted *out)
{
	struct aspa_list l = { 0 };

	if (aspas == NULL)
		return true;
	if (!aspa_set_list(aspas, &l) || (out->v = malloc((l.n + 1) * sizeof(*out->v))) == NULL) {
		aspa_list_free(&l);
		return false;
	}
	for (size_t i = 0; i < l.n; i++)
		if (l.v[i].provider != 0)
			out->v[out->n++] = (struct sav_edge){ l.v[i].provider, l.v[i].customer };
	qsort(out->v, out->n, sizeof(*out->v), by_above);
	aspa_list_free(&l);
	return true;
}

struct growing {
	struct sav *s;
	uint32_t *queue;
	size_t n, max;
};

static bool
add(struct growing *g, uint32_t asn, uint32_t provider, uint8_t why)
{
	struct sav_as *a = sav_as_make(&g->s->cone, asn);

	if (a == NULL)
		return false;
	if (a->in)
		return true;
	a->in = true;
	a->provider = provider;
	a->why = why;
	if (g->n == g->max) {
		size_t more = g->max == 0 ? SAV_FIRST : g->max * 2;
		uint32_t *q = realloc(g->queue, more * sizeof(*q));

		if (q == NULL)
			return false;
		g->queue = q;
		g->max = more;
	}
	g->queue[g->n++] = asn;
	return true;
}

/* All customers of one member. */
static bool
add_behind(struct growing *g, const struct sorted *said, const struct sorted *shown,
    const struct aspa_set *aspas, uint32_t asn)
{
	bool good = true;
	size_t n;

	for (size_t i = first_of(said, asn); good && i < said->n && said->v[i].above == asn; i++)
		good = add(g, said->v[i].below, asn, SAV_BY_ASPA);
	for (size_t i = first_of(shown, asn); good && i < shown->n && shown->v[i].above == asn;
	     i++) {
		uint32_t below = shown->v[i].below;

		if (aspa_providers(aspas, below, &n) == NULL &&
		    sav_as_find(&g->s->never, below) == NULL)
			good = add(g, below, asn, SAV_BY_PATH);
	}
	return good;
}

/* Rounds, as the draft has them, and a queue end at the same set: whoever is added is so by what
 * holds of one member, whatever else is in it. */
bool
sav_cone(struct sav *s, const struct aspa_set *aspas)
{
	struct sorted said = { .v = NULL }, shown = { .v = NULL };
	struct growing g = { .s = s };
	bool good = by_aspas(aspas, &said) && by_paths(s, &shown) &&
		    (s->asn == 0 || add(&g, s->asn, 0, SAV_IS_TARGET));

	for (size_t i = 0; good && i < g.n; i++)
		good = add_behind(&g, &said, &shown, aspas, g.queue[i]);
	free(said.v);
	free(shown.v);
	free(g.queue);
	return good;
}

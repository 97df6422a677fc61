#include "collector/rpki/vrp_trial.h"

#include <stdlib.h>
#include <string.h>

struct vrp_trial *
vrp_trial_new(struct vrp_set *after, const struct vrp_delta *delta)
{
	struct vrp_trial *t = calloc(1, sizeof(*t));
	size_t n = delta->added.n + delta->removed.n;

	if (t == NULL)
		return NULL;
	t->after = vrp_set_ref(after);
	t->cover = vrp_cover_new(delta);
	t->routes = calloc(n + 1, sizeof(*t->routes));
	t->of_router = calloc(n + 1, sizeof(*t->of_router));
	t->delta.generation = delta->generation;
	if (t->cover != NULL && t->routes != NULL && t->of_router != NULL &&
	    vrp_list_copy(&t->delta.added, &delta->added) &&
	    vrp_list_copy(&t->delta.removed, &delta->removed))
		return t;
	vrp_trial_free(t);
	return NULL;
}

void
vrp_trial_free(struct vrp_trial *t)
{
	if (t == NULL)
		return;
	vrp_set_unref(t->after);
	vrp_cover_free(t->cover);
	vrp_delta_free(&t->delta);
	free(t->routes);
	free(t->of_router);
	free(t);
}

const struct vrp *
vrp_trial_vrp(const struct vrp_trial *t, uint32_t number, bool *gone)
{
	size_t added = t->delta.added.n;

	*gone = number >= added;
	return *gone ? &t->delta.removed.v[number - added] : &t->delta.added.v[number];
}

/* --- one route */

static void
blame(uint32_t blamed[VRP_TRIAL_BLAMED_MAX], unsigned *n, uint32_t number)
{
	unsigned i = 0;

	while (i < *n && blamed[i] != number)
		i++;
	if (i == *n && *n < VRP_TRIAL_BLAMED_MAX)
		blamed[(*n)++] = number;
}

bool
vrp_trial_turns(const struct vrp_trial *t, const struct vrp_set *before, struct rov_result now,
    const struct ip_prefix *p, bool has_origin, uint32_t origin,
    uint32_t blamed[VRP_TRIAL_BLAMED_MAX], unsigned *n)
{
	struct vrp all[VRP_TRIAL_BLAMED_MAX];
	bool valid = now.state == ROV_VALID;
	const struct vrp_list *list = valid ? &t->delta.removed : &t->delta.added;
	size_t first = valid ? t->delta.added.n : 0, all_n;

	if (now.state == ROV_INVALID ||
	    vrp_validate(t->after, p, has_origin, origin).state != ROV_INVALID)
		return false;
	all_n = vrp_covering(valid ? before : t->after, p, all, VRP_TRIAL_BLAMED_MAX);
	for (size_t i = 0; i < all_n && i < VRP_TRIAL_BLAMED_MAX; i++) {
		const struct vrp *v = &all[i];

		if (valid && (v->asn != origin || v->max_len < p->len))
			continue;
		v = vrp_list_find(list, v);
		if (v != NULL)
			blame(blamed, n, (uint32_t)(first + (size_t)(v - list->v)));
	}
	return true;
}

/* --- sums */

static int
cmp_ours(const struct vrp_trial_ours *a, const struct vrp_trial_ours *b)
{
	int d = ip_prefix_cmp(&a->prefix, &b->prefix);

	return d != 0 ? d : (a->vrp > b->vrp) - (a->vrp < b->vrp);
}

/* Of too many the first stay, whoever came first. */
static void
add_ours(struct vrp_trial *t, const struct vrp_trial_ours *o)
{
	unsigned at = 0;

	while (at < t->ours_n && cmp_ours(&t->ours[at], o) < 0)
		at++;
	if (at == VRP_TRIAL_OURS_MAX || (at < t->ours_n && cmp_ours(&t->ours[at], o) == 0))
		return;
	if (t->ours_n < VRP_TRIAL_OURS_MAX)
		t->ours_n++;
	memmove(&t->ours[at + 1], &t->ours[at], (t->ours_n - 1 - at) * sizeof(t->ours[0]));
	t->ours[at] = *o;
}

void
vrp_trial_add(
    struct vrp_trial *t, const struct ip_prefix *p, bool ours, const uint32_t *blamed, unsigned n)
{
	t->all_of_router++;
	for (unsigned i = 0; i < n; i++) {
		struct vrp_trial_ours o = { .prefix = *p, .vrp = blamed[i] };

		t->of_router[blamed[i]]++;
		if (ours)
			add_ours(t, &o);
	}
}

static void
take_more(uint32_t *n, uint32_t other)
{
	if (*n < other)
		*n = other;
}

void
vrp_trial_end_router(struct vrp_trial *t)
{
	uint32_t n = vrp_trial_count(t);

	take_more(&t->all, t->all_of_router);
	for (uint32_t i = 0; i < n; i++)
		take_more(&t->routes[i], t->of_router[i]);
	memset(t->of_router, 0, n * sizeof(*t->of_router));
	t->all_of_router = 0;
}

void
vrp_trial_join(struct vrp_trial *t, const struct vrp_trial *o)
{
	uint32_t n = vrp_trial_count(t);

	take_more(&t->all, o->all);
	for (uint32_t i = 0; i < n; i++)
		take_more(&t->routes[i], o->routes[i]);
	for (unsigned i = 0; i < o->ours_n; i++)
		add_ours(t, &o->ours[i]);
}

static int
cmp_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Those that turn little are let in as long as their sum is within the limit. */
uint32_t
vrp_trial_limit(const struct vrp_trial *t, uint32_t most)
{
	uint32_t n = vrp_trial_count(t), *sorted, limit = 1;
	uint64_t sum = 0;

	if (t->all <= most || n == 0)
		return 0;
	sorted = malloc(n * sizeof(*sorted));
	if (sorted == NULL)
		return 1;
	memcpy(sorted, t->routes, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), cmp_u32);
	for (uint32_t i = 0; i < n && sum <= most; i++) {
		limit = sorted[i] > 0 ? sorted[i] : 1;
		sum += sorted[i];
	}
	free(sorted);
	return limit;
}

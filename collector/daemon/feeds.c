#include "collector/daemon/feeds.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"

struct node {
	struct feed feed;
	struct node *next, **prev;
};

struct feeds {
	struct ptrmap by_router;
	struct node *all;
	uint32_t numbered;
	uint32_t *unused; /* numbers that may be given again */
	size_t unused_n, unused_max;
};

static uint32_t
hash_of(unsigned worker, uint32_t router)
{
	return hash_u64(0, worker, router);
}

static uint32_t
next_number(struct feeds *t)
{
	return t->unused_n > 0 ? t->unused[--t->unused_n] : t->numbered++;
}

struct feed *
feeds_of(struct feeds *t, unsigned worker, uint32_t router)
{
	uint32_t hash = hash_of(worker, router);
	struct node *n;

	for (uint32_t at = 0; (n = ptrmap_next(&t->by_router, hash, &at)) != NULL;)
		if (n->feed.worker == worker && n->feed.router == router)
			return &n->feed;
	n = calloc(1, sizeof(*n));
	if (n == NULL || !ptrmap_add(&t->by_router, hash, n))
		abort();
	n->feed = (struct feed){ .worker = worker, .router = router, .number = next_number(t) };
	n->next = t->all;
	n->prev = &t->all;
	if (n->next != NULL)
		n->next->prev = &n->next;
	t->all = n;
	return &n->feed;
}

struct feed *
feeds_named(struct feeds *t, const char *name)
{
	for (struct node *n = t->all; n != NULL; n = n->next)
		if (strcmp(n->feed.name, name) == 0)
			return &n->feed;
	return NULL;
}

static void
keep_number(struct feeds *t, uint32_t number)
{
	if (t->unused_n == t->unused_max) {
		size_t max = t->unused_max == 0 ? 64 : 2 * t->unused_max;
		uint32_t *v = realloc(t->unused, max * sizeof(*v));

		if (v == NULL)
			return;
		t->unused = v;
		t->unused_max = max;
	}
	t->unused[t->unused_n++] = number;
}

void
feeds_forget(struct feeds *t, struct feed *f, bool reuse)
{
	struct node *n = (struct node *)(void *)f; /* its first member */

	if (reuse)
		keep_number(t, f->number);
	ptrmap_remove(&t->by_router, hash_of(f->worker, f->router), n);
	*n->prev = n->next;
	if (n->next != NULL)
		n->next->prev = n->prev;
	free(n);
}

struct feeds *
feeds_new(void)
{
	return calloc(1, sizeof(struct feeds));
}

void
feeds_free(struct feeds *t)
{
	if (t == NULL)
		return;
	while (t->all != NULL)
		feeds_forget(t, &t->all->feed, false);
	ptrmap_free(&t->by_router);
	free(t->unused);
	free(t);
}

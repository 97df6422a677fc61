#include "collector/daemon/spread_counts.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/probe.h"
#include "base/ptrmap.h"
#include "base/pure/text.h"

enum { FIRST = 16 };

struct one {
	uint32_t asn; /* 0: empty slot */
	bool ipv6;
	struct engine_spread counts;
};
static inline uint32_t
hash_of(uint32_t asn, bool ipv6)
{
	return (uint32_t)(((uint64_t)asn << 1 | ipv6) * 0x9e3779b97f4a7c15U >> 32);
}
PROBE_DEFINE(one, struct one, e->asn == 0, hash_of(e->asn, e->ipv6));

struct router {
	char name[ENGINE_NAME_MAX];
	struct one *v;
	uint32_t n, max;
	struct router *next;
};

struct spread_counts {
	struct router *routers;
	struct ptrmap by_name;
};

struct spread_counts *
spread_counts_new(void)
{
	return calloc(1, sizeof(struct spread_counts));
}

void
spread_counts_free(struct spread_counts *s)
{
	while (s != NULL && s->routers != NULL)
		spread_counts_gone(s, s->routers->name);
	if (s != NULL)
		ptrmap_free(&s->by_name);
	free(s);
}

static uint32_t
hash_name(const char *name)
{
	return (uint32_t)hash_bytes(hash_seed(), name, strlen(name));
}

static struct router *
find(const struct spread_counts *s, const char *name)
{
	struct router *r;

	for (uint32_t at = 0; (r = ptrmap_next(&s->by_name, hash_name(name), &at)) != NULL;)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

static struct router *
find_or_make(struct spread_counts *s, const char *name)
{
	struct router *r = find(s, name);

	if (r != NULL || (r = calloc(1, sizeof(*r))) == NULL)
		return r;
	text_copy(r->name, sizeof(r->name), name);
	if (!ptrmap_add(&s->by_name, hash_name(r->name), r)) {
		free(r);
		return NULL;
	}
	r->next = s->routers;
	return s->routers = r;
}

void
spread_counts_event(struct spread_counts *s, const struct engine_event *ev)
{
	struct router *r = find_or_make(s, ev->router_name);
	bool ipv6 = ev->family.afi == AFI_IPV6;
	uint32_t hash = hash_of(ev->peer_as, ipv6), i;

	if (r == NULL || ev->peer_as == 0 ||
	    (r->n >= r->max / 2 && !one_grow(&r->v, &r->max, FIRST)))
		return;
	for (i = hash & (r->max - 1); r->v[i].asn != 0; i = (i + 1) & (r->max - 1))
		if (r->v[i].asn == ev->peer_as && r->v[i].ipv6 == ipv6)
			break;
	r->n += r->v[i].asn == 0;
	r->v[i] = (struct one){ ev->peer_as, ipv6, ev->spread };
}

void
spread_counts_router(struct spread_counts *s, const char *router, enum feed_state state)
{
	if (state != FEED_SYNCED)
		spread_counts_gone(s, router);
}

void
spread_counts_gone(struct spread_counts *s, const char *router)
{
	struct router *r = find(s, router), **at = &s->routers;

	if (r == NULL)
		return;
	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	ptrmap_remove(&s->by_name, hash_name(r->name), r);
	free(r->v);
	free(r);
}

void
spread_counts_each(const struct spread_counts *s,
    void (*each)(
	void *ctx, const char *router, uint32_t asn, bool ipv6, const struct engine_spread *),
    void *ctx)
{
	for (const struct router *r = s->routers; r != NULL; r = r->next)
		for (uint32_t i = 0; i < r->max; i++)
			if (r->v[i].asn != 0)
				each(ctx, r->name, r->v[i].asn, r->v[i].ipv6, &r->v[i].counts);
}

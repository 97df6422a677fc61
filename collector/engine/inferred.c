/* What was inferred of neighbours (infer.c), in this process and before: by name, since numbers
 * mean nothing after a restart. */
#include "collector/engine/engine_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/probe.h"

enum { KNOWN_FIRST = 64 };

PROBE_DEFINE(inferred, struct inferred_known, e->name == 0, (uint32_t)e->name);

static uint64_t
name_of(const char *router, const char *address, const char *distinguisher, uint32_t asn)
{
	char text[2 * ENGINE_NAME_MAX + BGP_RD_TEXT_MAX + 16];
	int n = snprintf(text, sizeof(text), "%s\n%s\n%s\n%u", router, address, distinguisher, asn);

	return hash_bytes(hash_seed(), text, (size_t)n) | 1;
}

static struct inferred_known *
find(const struct engine *e, uint64_t name)
{
	uint32_t mask = e->inferred_max - 1;

	if (e->inferred_max == 0)
		return NULL;
	for (uint32_t i = (uint32_t)name & mask; !inferred_is_free(&e->inferred[i]);
	     i = (i + 1) & mask)
		if (e->inferred[i].name == name)
			return &e->inferred[i];
	return NULL;
}

void
engine_set_inferred(struct engine *e, const struct engine_inference *from)
{
	uint64_t name = name_of(from->router, from->address, from->distinguisher, from->asn);
	struct inferred_known *k = find(e, name);

	if (from->inferred.relation == NEIGHBOR_UNKNOWN) {
		if (k != NULL) {
			inferred_take_out(e->inferred, e->inferred_max, k);
			e->inferred_n--;
		}
		return;
	}
	if (k == NULL) {
		if (e->inferred_n >= e->inferred_max / 2 &&
		    !inferred_grow(&e->inferred, &e->inferred_max, KNOWN_FIRST))
			return;
		k = inferred_place(e->inferred, e->inferred_max, (uint32_t)name);
		e->inferred_n++;
	}
	*k = (struct inferred_known){ name, from->inferred };
}

void
inferred_recall(struct engine *e, struct peer *p)
{
	char address[IP_ADDR_TEXT_MAX], distinguisher[BGP_RD_TEXT_MAX];
	const struct inferred_known *k;

	if (p->as != p->inferred_as) { /* another network */
		p->inferred = (struct engine_inferred){ 0 };
		p->inferred_as = p->as;
		p->looks_like = NEIGHBOR_UNKNOWN;
	}
	if (e->inferred_n == 0 || p->as == 0 || p->inferred.relation != NEIGHBOR_UNKNOWN ||
	    p->key.type == BMP_PEER_LOC_RIB)
		return;
	ip_addr_format(&p->address, address);
	k = find(e, name_of(p->router->name, address, peer_distinguisher(p, distinguisher), p->as));
	if (k != NULL)
		p->inferred = k->inferred;
}

void
inferred_free(struct engine *e)
{
	free(e->inferred);
}

/* What is open of what one neighbour sends. */
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

/* Routes that come in: the same one is counted in a view once. */
static uint32_t
inbound(const struct holding *h)
{
	return h->n[VIEW_IN_PRE] > h->n[VIEW_IN_POST] ? h->n[VIEW_IN_PRE] : h->n[VIEW_IN_POST];
}

/* Does it say who does what, and not only that routes are not as they should be? */
static bool
tells_of_doer(const struct incident *i)
{
	enum { DOINGS = RULES_LEAK | RULES_HIJACK | RULES_ROV | RULES_BURST };

	return DOINGS >> i->rule & 1 || i->published_severity >= SEVERITY_WARNING;
}

void
incidents_of_neighbor(const struct incidents *t, uint32_t router, uint32_t peer,
    enum source_family family, struct incidents_share *out)
{
	uint32_t source = source_find(t, router, peer, family);

	*out = (struct incidents_share){ .incidents = 0 };
	for (const struct incident *i = source != UINT32_MAX ? t->list : NULL; i != NULL;
	     i = i->next)
		for (uint32_t k = 0; k < i->holdings_n; k++) {
			const struct holding *h = &i->holdings[k];

			if (h->source != source || h->routes == 0)
				continue;
			if (!i->published)
				continue;
			out->incidents++;
			if (!tells_of_doer(i) || inbound(h) <= out->routes)
				continue;
			out->routes = inbound(h);
			text_copy(out->id, sizeof(out->id), i->rec.id);
		}
}

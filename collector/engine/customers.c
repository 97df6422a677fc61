/* Which AS numbers are a customer's by the sessions of a router: asked for every finding, so kept
 * sorted, until a session changes. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

static int
cmp_asn(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

static bool
find_customers(struct router *r)
{
	uint32_t *v = calloc(r->peers_n + 1, sizeof(*v)), n = 0;

	if (v == NULL)
		return false;
	for (const struct peer *p = r->peers; p != NULL && n < r->peers_n; p = p->next)
		if (relation_is_customer(p->relation))
			v[n++] = p->as;
	qsort(v, n, sizeof(*v), cmp_asn);
	free(r->customers);
	r->customers = v;
	r->customers_n = n;
	r->customers_known = true;
	return true;
}

/* Takes longer, and no memory. */
static bool
has_customer_peer(const struct router *r, uint32_t asn)
{
	for (const struct peer *p = r->peers; p != NULL; p = p->next)
		if (p->as == asn && relation_is_customer(p->relation))
			return true;
	return false;
}

bool
router_has_customer(void *router, uint32_t asn)
{
	struct router *r = router;

	if (!r->customers_known && !find_customers(r))
		return has_customer_peer(r, asn);
	return r->customers_n > 0 &&
	       bsearch(&asn, r->customers, r->customers_n, sizeof(asn), cmp_asn) != NULL;
}

void
router_customers_free(struct router *r)
{
	free(r->customers);
	r->customers = NULL;
	r->customers_n = 0;
	r->customers_known = false;
}

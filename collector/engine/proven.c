/* Who did of late, with which address space, what the rules can prove: the latest of each part of
 * it. */
#include "collector/engine/engine_private.h"

enum { PROVEN_S = 600 };

void
proven_note(struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t asn)
{
	unsigned at = address_part(p);

	_Static_assert(PROVEN == 1024, "the places that ten bits have");
	e->proven_bits[at / 64] |= 1ULL << at % 64;
	e->proven[at] = (struct proven){ r->number, asn, engine_seconds(e), *p };
}

bool
proven_is(const struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t asn)
{
	const struct proven *is = &e->proven[address_part(p)];

	return is->asn == asn && is->router == r->number &&
	       engine_seconds(e) - is->at_s <= PROVEN_S &&
	       (ip_prefix_covers(&is->prefix, p) || ip_prefix_covers(p, &is->prefix));
}

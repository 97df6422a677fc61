/* Who did of late, with which address space, what the rules can prove: the latest of each part of
 * it, which is what the first 16 bits are (IPv6: 32). */
#include "collector/engine/engine_private.h"

#include <string.h>

enum { PROVEN_S = 600 };

static unsigned
place_of(const struct ip_prefix *p)
{
	uint32_t first;

	memcpy(&first, p->b, sizeof(first));
	if (p->family == IP_V4)
		memset((uint8_t *)&first + 2, 0, 2);
	return first * 0x9e3779b1U >> 22;
}

void
proven_note(struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t asn)
{
	_Static_assert(PROVEN == 1024, "the places that ten bits have");
	e->proven[place_of(p)] = (struct proven){ r->number, asn, engine_seconds(e), *p };
}

bool
proven_is(const struct engine *e, const struct router *r, const struct ip_prefix *p, uint32_t asn)
{
	const struct proven *is = &e->proven[place_of(p)];

	return is->asn == asn && is->router == r->number &&
	       engine_seconds(e) - is->at_s <= PROVEN_S &&
	       (ip_prefix_covers(&is->prefix, p) || ip_prefix_covers(p, &is->prefix));
}

/* The attributes of a route as they are kept, in hex. */
#include <stdlib.h>

#include "collector/show/show_private.h"

static void
put_hex(struct jw *j, const char *key, const uint8_t *octets, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = malloc(2 * n + 1);

	for (size_t i = 0; hex != NULL && i < n; i++) {
		hex[2 * i] = digits[octets[i] >> 4];
		hex[2 * i + 1] = digits[octets[i] & 15];
	}
	if (hex != NULL)
		jw_string_n(j, key, hex, 2 * n);
	free(hex);
}

void
show_octets(struct jw *j, const struct engine *e, const struct engine_route *r)
{
	uint8_t *octets = malloc(EXPLAIN_OCTETS_MAX), hop[64];
	struct cursor next_hop = r->next_hop;
	size_t n = 0;

	if (octets != NULL)
		n = engine_route_octets(e, r, octets, EXPLAIN_OCTETS_MAX);
	if (octets != NULL)
		put_hex(j, "octets", octets, n);
	for (n = 0; n < sizeof(hop) && cur_left(&next_hop) > 0; n++)
		hop[n] = cur_u8(&next_hop);
	put_hex(j, "next_hop_octets", hop, n);
	free(octets);
}

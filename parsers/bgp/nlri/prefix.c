/* NLRI of IPv4 and IPv6 unicast, the hot path: prefixes one by one (RFC 4271 4.3, RFC 7911 3). Any
 * family: nlri/walk.c. */
#include "parsers/bgp/update.h"

static unsigned
width_of(uint16_t afi)
{
	return afi == AFI_IPV4 ? 32 : 128;
}

bool
bgp_prefix_next_slow(struct cursor *r, uint16_t afi, bool path_ids, const uint8_t *start,
    struct bgp_prefix *n, struct faults *f)
{
	const uint8_t *at = r->pos, *bytes;
	unsigned octets;

	if (cur_left(r) == 0)
		return false;
	n->path_id = path_ids ? cur_u32(r) : 0;
	n->len = cur_u8(r);
	octets = (n->len + 7U) / 8;
	if (!r->failed && n->len > width_of(afi)) {
		fault_add(f, FAULT_NLRI_LENGTH, n->len, (size_t)(at - start));
		r->failed = true;
		r->pos = r->end;
		return false;
	}
	bytes = cur_take(r, octets);
	if (r->failed) {
		fault_add(f, FAULT_NLRI_OVERRUN, n->len, (size_t)(at - start));
		return false;
	}
	memset(n->addr, 0, sizeof(n->addr));
	if (octets > 0) {
		memcpy(n->addr, bytes, octets);
		if (n->len % 8 != 0)
			n->addr[octets - 1] &= (uint8_t)(0xff00U >> (n->len % 8));
	}
	return true;
}

bool
bgp_prefixes_fit(struct cursor r, uint16_t afi, bool path_ids)
{
	while (cur_left(&r) > 0) {
		uint8_t len;

		if (path_ids)
			cur_u32(&r);
		len = cur_u8(&r);
		if (len > width_of(afi))
			return false;
		cur_take(&r, (len + 7U) / 8);
	}
	return !r.failed;
}

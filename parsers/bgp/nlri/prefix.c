/* NLRI of IPv4 and IPv6 unicast, the hot path: prefixes one by one (RFC 4271 4.3, RFC 7911 3). Any
 * family: nlri/walk.c. */
#include "parsers/bgp/update.h"

bool
bgp_prefix_next_slow(struct cursor *r, uint16_t afi, bool path_ids, const uint8_t *start,
    struct bgp_prefix *n, struct faults *f)
{
	const uint8_t *at = r->pos, *bytes;
	uint8_t len;

	if (cur_left(r) == 0)
		return false;
	n->path_id = path_ids ? cur_u32(r) : 0;
	len = cur_u8(r);
	if (!r->failed && len > ip_bits(bgp_ip_family(afi))) {
		fault_add(f, FAULT_NLRI_LENGTH, len, (size_t)(at - start));
		r->failed = true;
		r->pos = r->end;
		return false;
	}
	bytes = cur_take(r, (len + 7U) / 8);
	if (r->failed) { /* asked, not bytes: of no octets there are always enough */
		fault_add(f, FAULT_NLRI_OVERRUN, len, (size_t)(at - start));
		return false;
	}
	return ip_prefix_make(&n->prefix, bgp_ip_family(afi), bytes, len);
}

bool
bgp_prefixes_fit(struct cursor r, uint16_t afi, bool path_ids)
{
	while (cur_left(&r) > 0) {
		uint8_t len;

		if (path_ids)
			cur_u32(&r);
		len = cur_u8(&r);
		if (len > ip_bits(bgp_ip_family(afi)))
			return false;
		cur_take(&r, (len + 7U) / 8);
	}
	return !r.failed;
}

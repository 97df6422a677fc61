/* The walk over NLRI of any family: the readers by kind, and the faults of a field. */
#include "parsers/bgp/update.h"
#include "parsers/bgp/nlri/kind.h"

static const struct nlri_kind *const kinds[BGP_NLRI_KINDS] = {
	[BGP_NLRI_OPAQUE] = NULL,
	[BGP_NLRI_UNICAST] = &nlri_unicast,
	[BGP_NLRI_LABELLED] = &nlri_labelled,
	[BGP_NLRI_VPN] = &nlri_vpn,
	[BGP_NLRI_VPN_MULTICAST] = &nlri_vpn_multicast,
	[BGP_NLRI_MCAST_VPN] = &nlri_mcast_vpn,
	[BGP_NLRI_MDT] = &nlri_mdt,
	[BGP_NLRI_RTC] = &nlri_rtc,
	[BGP_NLRI_SR_POLICY] = &nlri_sr_policy,
	[BGP_NLRI_MUP] = &nlri_mup,
	[BGP_NLRI_FLOWSPEC] = &nlri_flowspec,
	[BGP_NLRI_VPLS] = &nlri_vpls,
	[BGP_NLRI_EVPN] = &nlri_evpn,
	[BGP_NLRI_LS] = &nlri_ls,
};

static const struct nlri_kind *
kind_of(struct bgp_family f)
{
	const struct bgp_family_row *row = bgp_family_row(f);

	return row != NULL ? kinds[row->nlri] : NULL;
}

static bool
stop(struct cursor *r, struct faults *f, enum fault_code code, unsigned item, size_t offset)
{
	fault_add(f, code, item, offset);
	r->failed = true;
	r->pos = r->end;
	return false;
}

bool
bgp_nlri_next(struct cursor *r, struct bgp_family family, struct bgp_nlri_encoding encoding,
    const uint8_t *start, struct bgp_nlri *n, struct faults *f)
{
	size_t at = (size_t)(r->pos - start);

	if (cur_left(r) == 0)
		return false;
	switch (nlri_read(r, kind_of(family), family, encoding, n)) {
	case NLRI_OVERRUN:
		return stop(r, f, FAULT_NLRI_OVERRUN, family.safi, at);
	case NLRI_LENGTH:
		return stop(r, f, FAULT_NLRI_LENGTH, family.safi, at);
	case NLRI_BAD:
		fault_add(f, FAULT_NLRI_MALFORMED, family.safi, at);
		return true;
	default:
		return true;
	}
}

bool
bgp_nlri_fits(struct cursor r, struct bgp_family family, struct bgp_nlri_encoding encoding)
{
	struct faults f = { .n = 0 };
	struct bgp_nlri n;

	if (bgp_family_is_plain(family))
		return bgp_prefixes_fit(r, family.afi, encoding.path_ids);
	while (bgp_nlri_next(&r, family, encoding, r.pos, &n, &f))
		if (!n.known || n.malformed)
			return false;
	return !r.failed && bgp_family_row(family) != NULL;
}

size_t
bgp_nlri_count(struct cursor r, struct bgp_family family, struct bgp_nlri_encoding encoding,
    const uint8_t *start, struct faults *f)
{
	struct faults ignored = { .n = 0 };
	struct bgp_nlri n;
	size_t count = 0;

	if (bgp_family_row(family) == NULL)
		return 0;
	if (f == NULL) {
		f = &ignored;
		start = r.pos;
	}
	while (bgp_nlri_next(&r, family, encoding, start, &n, f))
		count += !n.malformed;
	return count;
}

void
bgp_nlri_dissect(struct field_sink *to, struct bgp_family family, const struct bgp_nlri *n)
{
	nlri_dissect(to, kind_of(family), family, n);
}

void
bgp_nlri_text(struct txt *x, struct bgp_family family, const struct bgp_nlri *n)
{
	nlri_text(x, kind_of(family), family, n);
}
